//! `dynamodb_backup_settings` through the real terraform.

use acceptance_tests::{Backend, Client, Credentials, Workdir, backend, normalise_ids};
use expect_test::{Expect, expect};
use serde_json::{Value, json};

const ADDRESS: &str = "dynamodb_backup_settings.here";
/// The account that manages the organization.
const MANAGEMENT: &str = "999988887777";

fn settings(arguments: &str) -> String {
    named("here", arguments)
}

fn named(name: &str, arguments: &str) -> String {
    format!("resource \"dynamodb_backup_settings\" \"{name}\" {{\n  {arguments}\n}}\n")
}

/// All settings of the Region, of every kind of resource.
fn region_settings(aws: &Client) -> Value {
    aws.aws_backup("GET", "/account-settings", Value::Null)
}

fn switches(aws: &Client) -> (bool, bool) {
    let found = region_settings(aws);
    let is_on = |map: &str| found[map]["DynamoDB"].as_bool().expect("DynamoDB is named");
    (
        is_on("ResourceTypeOptInPreference"),
        is_on("ResourceTypeManagementPreference"),
    )
}

fn set_opt_in(aws: &Client, preferences: Value) {
    aws.aws_backup(
        "PUT",
        "/account-settings",
        json!({"ResourceTypeOptInPreference": preferences}),
    );
}

#[test]
fn basic() {
    let backend = backend!(Control);
    backend.aws().set_backup_settings(false, false);
    let config = backend.workdir(&settings("opt_in = true\n  timeouts = { create = \"5m\" }"));
    let plan = config.plan();
    assert_eq!(plan.actions(ADDRESS), ["create"]);
    assert_eq!(switches(backend.aws()), (false, false), "a plan changes nothing");
    config.apply();
    config.assert_empty_plan();
    assert_eq!(switches(backend.aws()), (true, false));
    let state = config.state();
    assert_eq!(state.values(ADDRESS)["advanced_features"], json!(false));
    assert_eq!(state.values(ADDRESS)["cross_account_backup"], json!(null));
    assert_eq!(state.values(ADDRESS)["previous"]["opt_in"], json!(false));
    assert_eq!(state.text(ADDRESS, "region"), Backend::REGION);
    assert_eq!(state.text(ADDRESS, "account_id"), backend.account());

    config.configure(&settings("opt_in = true\n  advanced_features = true"));
    assert_eq!(config.plan().actions(ADDRESS), ["update"]);
    config.apply();
    config.assert_empty_plan();
    assert_eq!(switches(backend.aws()), (true, true));
    // What was before, AWS does not say.
    config.assert_import(ADDRESS, Backend::REGION, &["previous"]);
    config.assert_empty_plan();

    config.destroy();
    assert_eq!(
        switches(backend.aws()),
        (true, true),
        "destroy retains by default"
    );
}

/// hashicorp/terraform-provider-aws#21801: `aws_backup_region_settings` owns the whole map of a Region, with a key for each
/// kind of resource that the Region may not even know.
#[test]
fn issue_21801_the_rest_of_the_map_is_nobodys_business_here() {
    let backend = backend!(Control);
    let aws = backend.aws();
    aws.set_backup_settings(false, false);
    set_opt_in(aws, json!({"EBS": false, "S3": false}));
    let mut expected = region_settings(aws);
    let config = backend.workdir(&settings("opt_in = true\n  advanced_features = true"));
    config.apply();
    expected["ResourceTypeOptInPreference"]["DynamoDB"] = json!(true);
    expected["ResourceTypeManagementPreference"]["DynamoDB"] = json!(true);
    assert_eq!(region_settings(aws), expected);

    // What others change there is no drift, and it stays when this object changes something and goes.
    set_opt_in(aws, json!({"RDS": false}));
    config.assert_empty_plan();
    config.configure(&settings("opt_in = false\n  on_destroy = \"restore\""));
    config.apply();
    config.destroy();
    expected["ResourceTypeOptInPreference"]["RDS"] = json!(false);
    expected["ResourceTypeOptInPreference"]["DynamoDB"] = json!(false);
    // It was given up, and given up under "restore" it is put back.
    expected["ResourceTypeManagementPreference"]["DynamoDB"] = json!(false);
    assert_eq!(region_settings(aws), expected);
}

/// hashicorp/terraform-provider-aws#25150 and #35080: nobody finds where the advanced features are switched on, which AWS
/// calls the management preference of a resource type.
#[test]
fn issues_25150_and_35080_the_advanced_features_are_an_argument() {
    let backend = backend!(Control);
    let aws = backend.aws();
    aws.set_backup_settings(true, false);
    aws.create_table("orders");
    aws.create_vault("nightly");
    let before = aws.make_recovery_point("orders", "nightly");
    assert!(before.starts_with("arn:aws:dynamodb:"), "{before}");
    let config = backend.workdir(&settings("advanced_features = true"));
    config.apply();
    config.assert_empty_plan();
    let after = aws.make_recovery_point("orders", "nightly");
    assert!(after.starts_with("arn:aws:backup:"), "{after}");
}

#[test]
fn on_destroy_restore_puts_each_setting_back() {
    let backend = backend!(Control);
    let aws = backend.aws();
    aws.set_backup_settings(true, false);
    let both = "opt_in = false\n  advanced_features = true\n  on_destroy = \"restore\"";
    let config = backend.workdir(&settings(both));
    config.apply().says("AWS Backup would skip DynamoDB tables");
    assert_eq!(switches(aws), (false, true));
    config.assert_empty_plan();

    // Left out again, it is put back and no longer managed.
    config.configure(&settings("advanced_features = true\n  on_destroy = \"restore\""));
    let plan = config.plan();
    assert_eq!(plan.actions(ADDRESS), ["update"]);
    assert_eq!(plan.after(ADDRESS, "opt_in"), &json!(true));
    config.apply();
    config.assert_empty_plan();
    assert_eq!(switches(aws), (true, true));
    set_opt_in(aws, json!({"DynamoDB": false}));

    config.destroy();
    assert_eq!(switches(aws), (false, false), "only what it managed is put back");
}

#[test]
fn changed_outside_terraform() {
    let backend = backend!(Control);
    let config = backend.workdir(&settings("opt_in = true\n  advanced_features = true"));
    config.apply();
    backend.aws().set_backup_settings(true, false);
    let plan = config.plan();
    assert_eq!(plan.actions(ADDRESS), ["update"]);
    assert_eq!(plan.change(ADDRESS)["before"]["advanced_features"], json!(false));
    config.apply();
    config.assert_empty_plan();
    assert_eq!(switches(backend.aws()), (true, true));
}

#[test]
fn region_has_settings_of_its_own() {
    let backend = backend!(Control);
    let there = backend.aws().in_region("eu-west-1");
    there.set_backup_settings(true, false);
    backend.aws().set_backup_settings(true, false);
    let config = backend.workdir(&settings("region = \"eu-west-1\"\n  advanced_features = true"));
    config.apply();
    config.assert_empty_plan();
    assert_eq!(switches(&there), (true, true));
    assert_eq!(switches(backend.aws()), (true, false));
    config.assert_import(ADDRESS, "eu-west-1", &["previous"]);
    config.assert_empty_plan();
    config.configure(&settings("region = \"us-east-1\"\n  advanced_features = true"));
    assert_eq!(config.plan().actions(ADDRESS), ["delete", "create"]);
    config.apply();
    assert_eq!(switches(backend.aws()), (true, true));
}

/// The words of a failed plan, as people read them.
fn refused(config: &Workdir, expected: &Expect) {
    let run = config.terraform(&["plan", "-no-color"]).fails();
    let lines: Vec<&str> = run.stderr.trim().lines().map(str::trim_end).collect();
    expected.assert_eq(&format!("{}\n", normalise_ids(&lines.join("\n"))));
}

#[test]
fn cross_account_backup_is_refused_to_a_member() {
    let backend = backend!(Control);
    backend.simulator().organize(MANAGEMENT, &[backend.account()]);
    let config = backend.workdir(&settings("cross_account_backup = true"));
    backend.simulator().clear_calls();
    refused(
        &config,
        &expect![[r#"
            Error: Cross-account backup is set outside the management account

              with dynamodb_backup_settings.here,
              on main.tf line 2, in resource "dynamodb_backup_settings" "here":
               2:   cross_account_backup = true

            cross_account_backup is given, but you work in account 111122223333, and only
            the management account 999988887777 may touch that switch of the
            organization.

            Remove cross_account_backup here, and give it in a dynamodb_backup_settings
            of account 999988887777, or run there: aws backup update-global-settings
            --global-settings isCrossAccountBackupEnabled=true

            Rule DBK-XAC-005 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-XAC-005.md

        "#]],
    );
    assert_eq!(backend.simulator().calls().count("UpdateGlobalSettings"), 0);
}

#[test]
fn cross_account_backup_is_refused_without_an_organization() {
    let backend = backend!(Control);
    let config = backend.workdir(&settings("cross_account_backup = true"));
    config
        .plan_fails()
        .says("this account is in no organization, so that there are no other accounts to copy to");
}

#[test]
fn cross_account_backup_is_switched_by_the_management_account_and_put_back() {
    let backend = backend!(Control);
    backend.simulator().organize(MANAGEMENT, &[backend.account()]);
    let mut config = backend.workdir(&settings(
        "cross_account_backup = true\n  on_destroy = \"restore\"",
    ));
    for (name, value) in Credentials::of_account(MANAGEMENT).variables() {
        config.set_variable(&name, &value);
    }
    config.apply();
    config.assert_empty_plan();
    let is_on = || {
        let found = backend.aws().aws_backup("GET", "/global-settings", Value::Null);
        found["GlobalSettings"]["isCrossAccountBackupEnabled"].clone()
    };
    assert_eq!(is_on(), "true");
    assert_eq!(
        backend.simulator().calls().count("UpdateRegionSettings"),
        0,
        "the settings of the Region are not touched"
    );
    backend
        .aws()
        .with_credentials(Credentials::of_account(MANAGEMENT))
        .set_cross_account_backup(false);
    assert_eq!(config.plan().actions(ADDRESS), ["update"]);
    config.apply();
    assert_eq!(is_on(), "true");
    config.destroy();
    assert_eq!(is_on(), "false");
}

#[test]
fn two_objects_must_not_set_the_same_setting() {
    let backend = backend!(Control);
    let config = backend.workdir(&format!(
        "{}{}",
        settings("opt_in = true"),
        named(
            "again",
            "opt_in = false\n  depends_on = [dynamodb_backup_settings.here]"
        )
    ));
    refused(
        &config,
        &expect![[r#"
        Error: Setting of AWS Backup is managed twice

          with dynamodb_backup_settings.again,
          on main.tf line 5, in resource "dynamodb_backup_settings" "again":
           5:   opt_in = false

        opt_in = false here, and another dynamodb_backup_settings of the same plan
        sets opt_in of us-east-1 to true. Each apply would undo the other's.

        Set opt_in in one of the two objects, and leave it out of the other.

        Rule DBK-ABS-005 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ABS-005.md

    "#]],
    );
    // Those that agree are warned of, in the plan that makes them and in each one after that.
    config.configure(&format!(
        "{}{}",
        settings("opt_in = true"),
        named(
            "again",
            "opt_in = true\n  depends_on = [dynamodb_backup_settings.here]"
        )
    ));
    let twice = "Setting of AWS Backup is managed twice";
    config
        .apply()
        .says(twice)
        .says("As long as they agree nothing happens");
    let plan = config.plan();
    assert!(plan.is_empty() && plan.output.contains(twice), "{}", plan.output);
    config.configure(&format!(
        "{}{}{}",
        settings("opt_in = true"),
        named("features", "advanced_features = true"),
        named("elsewhere", "opt_in = false\n  region = \"eu-west-1\"")
    ));
    config.apply();
    config.assert_empty_plan();
    let plan = config.plan();
    assert!(!plan.output.contains(twice), "{}", plan.output);
}

#[test]
fn reads_that_are_denied_warn_once_and_lose_nothing() {
    let backend = backend!(Control);
    backend.simulator().deny(&["backup:DescribeRegionSettings"]);
    let config = backend.workdir(&settings("advanced_features = true"));
    let plan = config.plan();
    let said = "Check was not made: backup:DescribeRegionSettings is denied";
    assert_eq!(plan.output.matches(said).count(), 1, "{}", plan.output);
    backend.simulator().deny(&[]);
    config.apply();
    backend.simulator().deny(&["backup:DescribeRegionSettings"]);
    config
        .plan_fails()
        .says("Settings of AWS Backup cannot be read")
        .says("Allow backup:DescribeRegionSettings");
    assert!(
        config.state().find(ADDRESS).is_some(),
        "hashicorp/aws forgets such objects"
    );
    backend.simulator().deny(&[]);
    config.assert_empty_plan();
}

#[test]
fn something_must_be_given() {
    let backend = backend!(Control);
    let config = backend.workdir(&settings("on_destroy = \"restore\""));
    config.plan_fails().says("No setting is given");
}

#[test]
fn a_change_whose_answer_is_lost_is_made_once_more_and_the_time_before_is_known() {
    let backend = backend!(Control);
    backend.aws().set_backup_settings(true, false);
    let config = backend.workdir(&settings("advanced_features = true\n  on_destroy = \"restore\""));
    backend.simulator().fault(json!({
        "service": "backup", "operation": "UpdateRegionSettings", "kind": "reset_after",
    }));
    config.apply();
    assert_eq!(
        config.state().values(ADDRESS)["previous"]["advanced_features"],
        json!(false)
    );
    config.assert_empty_plan();
    config.destroy();
    assert_eq!(switches(backend.aws()), (true, false));
}
