//! Plans as data, and the lifecycle against the simulator.

use expect_test::{Expect, expect};
use rules::Fact;
use rules::facts::RegionSettings;
use serde_json::{Value as Json, json};
use tfsdk::{Change, ImportTarget, Model as _, Resource as _};

use super::{BackupSettings, Model, Observed};
use crate::facts::Planner;
use crate::testing::{self, Action, Aws, Terraform, summaries};

const TYPE: &str = "dynamodb_backup_settings";
const ACCOUNT: &str = "111122223333";
const REGION: &str = "eu-west-1";

fn model(given: &Json) -> Model {
    Model::from_value(&testing::value(&super::schema::schema().ty(), given)).expect("it fits the schema")
}

/// A configuration, and what Terraform and the schema make of it after what was there before.
fn proposed(given: &Json, prior: Option<&Json>) -> Json {
    let mut proposed = given.clone();
    for name in [
        "opt_in",
        "advanced_features",
        "cross_account_backup",
        "region",
        "account_id",
        "previous",
    ] {
        if given[name].is_null() {
            proposed[name] = prior.map_or(json!("(unknown)"), |prior| prior[name].clone());
        }
    }
    if given["on_destroy"].is_null() {
        proposed["on_destroy"] = json!("retain");
    }
    proposed
}

fn create(given: Json) -> Change<Model> {
    Change::Create {
        proposed: model(&proposed(&given, None)),
        config: model(&given),
    }
}

fn update(prior: Json, given: Json) -> Change<Model> {
    let mut whole = json!({"on_destroy": "retain", "region": REGION, "account_id": ACCOUNT, "previous": {}});
    whole
        .as_object_mut()
        .expect("an object")
        .extend(prior.as_object().cloned().expect("an object"));
    Change::Update {
        proposed: model(&proposed(&given, Some(&whole))),
        config: model(&given),
        prior: model(&whole),
    }
}

fn seen() -> Observed {
    Observed {
        planner: Planner {
            region: Some(REGION.to_owned()),
            account: Some(ACCOUNT.to_owned()),
            ..Planner::default()
        },
        ..Observed::default()
    }
}

fn check(change: Change<Model>, seen: Observed, expected: Expect) {
    let planned = BackupSettings::plan(change, seen);
    let mut lines = Vec::new();
    for (name, value) in testing::json(&planned.model.to_value())
        .as_object()
        .expect("an object")
    {
        if !value.is_null() && !["region", "account_id"].contains(&name.as_str()) {
            lines.push(format!("{name} = {value}"));
        }
    }
    lines.extend(summaries(&planned.diagnostics));
    expected.assert_eq(&lines.join("\n"));
}

#[test]
fn what_is_left_out_of_a_new_object_is_looked_at_but_for_the_organization() {
    check(
        create(json!({"advanced_features": true})),
        seen(),
        expect![[r#"
            advanced_features = true
            on_destroy = "retain"
            opt_in = "(unknown)"
            previous = {"advanced_features":"(unknown)","cross_account_backup":null,"opt_in":null}"#]],
    );
}

#[test]
fn what_becomes_known_only_at_apply_stays_open() {
    check(
        create(json!({"opt_in": "(unknown)", "cross_account_backup": "(unknown)"})),
        Observed::default(),
        expect![[r#"
            advanced_features = "(unknown)"
            cross_account_backup = "(unknown)"
            on_destroy = "retain"
            opt_in = "(unknown)"
            previous = {"advanced_features":null,"cross_account_backup":"(unknown)","opt_in":"(unknown)"}"#]],
    );
}

#[test]
fn drift_is_mended_and_the_time_before_is_not_forgotten() {
    check(
        update(
            json!({"opt_in": true, "advanced_features": false, "previous": {"advanced_features": true}}),
            json!({"advanced_features": true}),
        ),
        seen(),
        expect![[r#"
            advanced_features = true
            on_destroy = "retain"
            opt_in = true
            previous = {"advanced_features":true,"cross_account_backup":null,"opt_in":null}"#]],
    );
}

#[test]
fn a_setting_that_is_so_already_is_not_taken_over() {
    // As after an import.
    check(
        update(
            json!({"opt_in": true, "advanced_features": true, "cross_account_backup": false}),
            json!({"opt_in": true}),
        ),
        seen(),
        expect![[r#"
            advanced_features = true
            cross_account_backup = false
            on_destroy = "retain"
            opt_in = true
            previous = {"advanced_features":null,"cross_account_backup":null,"opt_in":null}"#]],
    );
    check(
        update(
            json!({"opt_in": true, "advanced_features": true}),
            json!({"opt_in": false}),
        ),
        seen(),
        expect![[r#"
            advanced_features = true
            on_destroy = "retain"
            opt_in = false
            previous = {"advanced_features":null,"cross_account_backup":null,"opt_in":"(unknown)"}
            warning at opt_in: AWS Backup would skip DynamoDB tables"#]],
    );
}

#[test]
fn a_setting_that_is_given_up_stays_or_is_put_back() {
    let prior = |on_destroy: &str| {
        json!({
            "opt_in": true, "advanced_features": true, "on_destroy": on_destroy,
            "previous": {"opt_in": false, "advanced_features": true},
        })
    };
    check(
        update(prior("retain"), json!({"advanced_features": true})),
        seen(),
        expect![[r#"
            advanced_features = true
            on_destroy = "retain"
            opt_in = true
            previous = {"advanced_features":true,"cross_account_backup":null,"opt_in":null}"#]],
    );
    check(
        update(
            prior("restore"),
            json!({"advanced_features": true, "on_destroy": "restore"}),
        ),
        seen(),
        expect![[r#"
            advanced_features = true
            on_destroy = "restore"
            opt_in = false
            previous = {"advanced_features":true,"cross_account_backup":null,"opt_in":null}
            warning at opt_in: AWS Backup would skip DynamoDB tables"#]],
    );
}

#[test]
fn another_region_has_another_past() {
    check(
        update(
            json!({"opt_in": true, "advanced_features": true, "previous": {"opt_in": false}}),
            json!({"opt_in": true, "region": "us-east-1"}),
        ),
        seen(),
        expect![[r#"
            advanced_features = "(unknown)"
            on_destroy = "retain"
            opt_in = true
            previous = {"advanced_features":null,"cross_account_backup":null,"opt_in":"(unknown)"}"#]],
    );
}

#[test]
fn switching_off_is_told_for_new_objects_too_and_for_what_a_destroy_puts_back() {
    let on = RegionSettings {
        opt_in: Fact::Known(true),
        advanced_features: Fact::Known(true),
        advanced_features_since: Fact::Unknown,
    };
    let mut both_on = seen();
    both_on.account.settings = Fact::Known(on);
    check(
        create(json!({"opt_in": false, "advanced_features": false})),
        both_on,
        expect![[r#"
            advanced_features = false
            on_destroy = "retain"
            opt_in = false
            previous = {"advanced_features":"(unknown)","cross_account_backup":null,"opt_in":"(unknown)"}
            warning at opt_in: AWS Backup would skip DynamoDB tables
            warning at advanced_features: Advanced features for DynamoDB are off in AWS Backup"#]],
    );
    let destroyed = |on_destroy: &str| {
        let prior = model(&json!({
            "opt_in": true, "advanced_features": true, "on_destroy": on_destroy, "region": REGION,
            "previous": {"advanced_features": false},
        }));
        summaries(&BackupSettings::plan(Change::Destroy { prior }, seen()).diagnostics)
    };
    assert_eq!(
        destroyed("restore"),
        ["warning at advanced_features: Advanced features for DynamoDB are off in AWS Backup"]
    );
    assert_eq!(destroyed("retain"), [""; 0]);
}

#[test]
fn something_must_be_given() {
    let said = |given: Json| summaries(&BackupSettings::validate(&model(&given)));
    assert_eq!(
        said(json!({"on_destroy": "restore"})),
        ["error: No setting is given"]
    );
    for name in ["opt_in", "advanced_features", "cross_account_backup"] {
        assert_eq!(said(json!({name: false})), [""; 0]);
        assert_eq!(said(json!({name: "(unknown)"})), [""; 0]);
    }
}

#[test]
fn an_import_names_a_region() {
    let imported = |id: &str| {
        let import = BackupSettings::IMPORT.expect("it can be imported");
        import(ImportTarget::Id(id.to_owned())).map(|it| it.region.into_known())
    };
    assert_eq!(imported("eu-west-1"), Ok(Some("eu-west-1".to_owned())));
    for id in ["", "here", "eu-west-1@orders"] {
        let said = imported(id).expect_err("no Region");
        assert!(
            summaries(&said)[0].ends_with("Import id has another form"),
            "{said:?}"
        );
    }
}

/// What AWS Backup does in a Region besides, by the call that any client makes.
async fn call(aws: &Aws, method: reqwest::Method, path: &str, body: Json) -> Json {
    let answer = reqwest::Client::new()
        .request(method, format!("{}{path}", aws.url()))
        .header(
            "authorization",
            format!(
                "AWS4-HMAC-SHA256 Credential={ACCOUNT}/20260101/{REGION}/backup/aws4_request, SignedHeaders=host, \
                 Signature=0"
            ),
        )
        .header("content-type", "application/json")
        .body(if body.is_null() { String::new() } else { body.to_string() })
        .send()
        .await
        .expect("the simulator answers");
    let status = answer.status();
    let text = answer.text().await.expect("the answer has a body");
    assert!(status.is_success(), "{path}: {text}");
    serde_json::from_str(&text).unwrap_or(Json::Null)
}

async fn set(aws: &Aws, opt_in: Json, management: Json) {
    let body = json!({"ResourceTypeOptInPreference": opt_in, "ResourceTypeManagementPreference": management});
    call(aws, reqwest::Method::PUT, "/account-settings", body).await;
}

async fn settings(aws: &Aws) -> Json {
    call(aws, reqwest::Method::GET, "/account-settings", Json::Null).await
}

/// The opt-in and the advanced features.
async fn switches(aws: &Aws) -> (Json, Json) {
    let found = settings(aws).await;
    (
        found["ResourceTypeOptInPreference"]["DynamoDB"].clone(),
        found["ResourceTypeManagementPreference"]["DynamoDB"].clone(),
    )
}

async fn organize(aws: &Aws, management_account: &str, members: &[&str]) {
    let body = json!({"management_account": management_account, "members": members});
    aws.control(reqwest::Method::PUT, "organization", body).await;
}

async fn cross_account(aws: &Aws) -> Json {
    let found = call(aws, reqwest::Method::GET, "/global-settings", Json::Null).await;
    found["GlobalSettings"]["isCrossAccountBackupEnabled"].clone()
}

fn errors(said: &[String]) -> Vec<&String> {
    said.iter().filter(|it| it.starts_with("error")).collect()
}

#[tokio::test]
async fn only_what_is_given_is_set_and_only_where_it_differs() {
    let aws = Aws::start().await;
    set(
        &aws,
        json!({"EBS": false}),
        json!({"DynamoDB": false, "EFS": false}),
    )
    .await;
    let others = settings(&aws).await;
    let mut terraform = Terraform::with(&aws, TYPE);
    let made = terraform
        .apply(&json!({"opt_in": true, "advanced_features": true}))
        .await;
    assert_eq!((made.action, made.said()), (Action::Create, vec![]));
    assert_eq!(
        aws.count("UpdateRegionSettings").await,
        2,
        "one was the test's own"
    );
    assert_eq!(aws.count("DescribeGlobalSettings").await, 0);
    assert_eq!(aws.count("DescribeOrganization").await, 0);
    let mut expected = others;
    expected["ResourceTypeManagementPreference"]["DynamoDB"] = json!(true);
    assert_eq!(settings(&aws).await, expected);
    let state = terraform.state();
    assert_eq!(
        state["previous"],
        json!({"opt_in": true, "advanced_features": false, "cross_account_backup": null})
    );
    assert_eq!(state["cross_account_backup"], json!(null));
    assert_eq!(
        (&state["region"], &state["account_id"]),
        (&json!(REGION), &json!(ACCOUNT))
    );
    let again = terraform
        .plan(&json!({"opt_in": true, "advanced_features": true}))
        .await;
    assert_eq!((again.action, again.said()), (Action::Nothing, vec![]));

    let gone = terraform.destroy().await;
    assert_eq!(gone.said(), [""; 0]);
    assert_eq!(settings(&aws).await, expected, "destroy retains");
    assert_eq!(aws.count("UpdateRegionSettings").await, 2);
}

#[tokio::test]
async fn what_was_before_is_put_back_setting_by_setting() {
    let aws = Aws::start().await;
    set(&aws, json!({"DynamoDB": false}), json!({"DynamoDB": false})).await;
    let mut terraform = Terraform::with(&aws, TYPE);
    terraform
        .apply(&json!({"opt_in": true, "advanced_features": true, "on_destroy": "restore"}))
        .await;
    assert_eq!(switches(&aws).await, (json!(true), json!(true)));

    // One is given up, and is put back at once.
    let less = terraform
        .apply(&json!({"advanced_features": true, "on_destroy": "restore"}))
        .await;
    assert_eq!(less.action, Action::Update);
    assert_eq!(switches(&aws).await, (json!(false), json!(true)));
    assert_eq!(terraform.state()["previous"]["opt_in"], json!(null));

    // Nobody's business any more.
    set(&aws, json!({"DynamoDB": true}), json!({})).await;
    let gone = terraform.destroy().await;
    assert_eq!(
        gone.said(),
        ["warning at advanced_features: Advanced features for DynamoDB are off in AWS Backup"]
    );
    assert_eq!(switches(&aws).await, (json!(true), json!(false)));
}

#[tokio::test]
async fn a_setting_that_is_taken_over_later_is_recorded_then() {
    let aws = Aws::start().await;
    set(&aws, json!({}), json!({"DynamoDB": false})).await;
    let mut terraform = Terraform::with(&aws, TYPE);
    terraform.apply(&json!({"opt_in": true})).await;
    assert_eq!(terraform.state()["advanced_features"], json!(false));
    let more = terraform
        .apply(&json!({"opt_in": true, "advanced_features": true}))
        .await;
    assert_eq!((more.action, more.said()), (Action::Update, vec![]));
    assert_eq!(
        terraform.state()["previous"],
        json!({"opt_in": true, "advanced_features": false, "cross_account_backup": null})
    );
    let same = json!({"opt_in": true, "advanced_features": true, "on_destroy": "restore"});
    let calls = aws.count("UpdateRegionSettings").await;
    terraform.apply(&same).await;
    assert_eq!(
        aws.count("UpdateRegionSettings").await,
        calls,
        "only Terraform cares"
    );
    assert_eq!(terraform.plan(&same).await.action, Action::Nothing);
    terraform.destroy().await;
    assert_eq!(switches(&aws).await, (json!(true), json!(false)));
}

#[tokio::test]
async fn drift_shows_and_is_mended() {
    let aws = Aws::start().await;
    let mut terraform = Terraform::with(&aws, TYPE);
    let config = json!({"opt_in": true, "advanced_features": true});
    terraform.apply(&config).await;
    set(&aws, json!({"DynamoDB": false}), json!({})).await;
    let plan = terraform.plan(&config).await;
    assert_eq!((plan.action, plan.said()), (Action::Update, vec![]));
    assert_eq!(terraform.state()["opt_in"], json!(false));
    terraform.apply(&config).await;
    assert_eq!(switches(&aws).await, (json!(true), json!(true)));
    assert_eq!(terraform.state()["previous"]["opt_in"], json!(true));
}

#[tokio::test]
async fn an_import_plans_nothing_and_puts_nothing_back() {
    let aws = Aws::start().await;
    set(&aws, json!({}), json!({"DynamoDB": false})).await;
    let mut terraform = Terraform::with(&aws, TYPE);
    let imported = terraform.import(ImportTarget::Id(REGION.to_owned())).await;
    assert_eq!(summaries(&imported), [""; 0]);
    assert_eq!(
        terraform.state()["cross_account_backup"],
        json!(null),
        "no organization"
    );
    for config in [
        json!({"opt_in": true}),
        json!({"advanced_features": false}),
        json!({"opt_in": true, "advanced_features": false}),
    ] {
        let plan = terraform.plan(&config).await;
        assert_eq!((plan.action, plan.said()), (Action::Nothing, vec![]), "{config}");
    }
    let config = json!({"opt_in": true, "advanced_features": true, "on_destroy": "restore"});
    terraform.apply(&config).await;
    assert_eq!(
        terraform.state()["previous"],
        json!({"opt_in": null, "advanced_features": false, "cross_account_backup": null})
    );
    // What it never changed is not put back.
    set(&aws, json!({"DynamoDB": false}), json!({})).await;
    terraform.destroy().await;
    assert_eq!(switches(&aws).await, (json!(false), json!(false)));
}

#[tokio::test]
async fn an_import_by_a_member_shows_the_organization_if_it_may_be_seen() {
    let aws = Aws::start().await;
    organize(&aws, "999988887777", &[ACCOUNT]).await;
    let mut terraform = Terraform::with(&aws, TYPE);
    terraform.import(ImportTarget::Id(REGION.to_owned())).await;
    assert_eq!(terraform.state()["cross_account_backup"], json!(false));
    let plan = terraform.plan(&json!({"opt_in": true})).await;
    assert_eq!((plan.action, plan.said()), (Action::Nothing, vec![]));

    aws.set(json!({"denied_actions": ["backup:DescribeGlobalSettings"]}))
        .await;
    let mut terraform = Terraform::with(&aws, TYPE);
    let imported = terraform.import(ImportTarget::Id(REGION.to_owned())).await;
    assert_eq!(summaries(&imported), [""; 0]);
    assert_eq!(terraform.state()["cross_account_backup"], json!(null));
}

#[tokio::test]
async fn the_organization_is_switched_by_the_account_that_manages_it_alone() {
    let aws = Aws::start().await;
    let mut terraform = Terraform::with(&aws, TYPE);
    let config = json!({"cross_account_backup": true, "on_destroy": "restore"});
    let refused = |said: Vec<String>, details: String, with: &[&str]| {
        assert_eq!(
            said,
            ["error at cross_account_backup: Cross-account backup is set outside the management account"]
        );
        for text in with {
            assert!(details.contains(text), "{details}");
        }
    };
    let plan = terraform.plan(&config).await;
    refused(plan.said(), plan.details(), &["in no organization"]);
    organize(&aws, "999988887777", &[ACCOUNT]).await;
    let plan = terraform.plan(&config).await;
    refused(plan.said(), plan.details(), &[ACCOUNT, "999988887777"]);

    organize(&aws, ACCOUNT, &["999988887777"]).await;
    let made = terraform.apply(&config).await;
    assert_eq!((made.action, made.said()), (Action::Create, vec![]));
    assert_eq!(cross_account(&aws).await, json!("true"));
    assert_eq!(
        terraform.state()["previous"],
        json!({"opt_in": null, "advanced_features": null, "cross_account_backup": false})
    );
    assert_eq!(aws.count("UpdateRegionSettings").await, 0);
    assert_eq!(terraform.plan(&config).await.action, Action::Nothing);
    terraform.destroy().await;
    assert_eq!(cross_account(&aws).await, json!("false"));
}

#[tokio::test]
async fn an_account_that_left_its_organization_is_told_so() {
    let aws = Aws::start().await;
    organize(&aws, ACCOUNT, &[]).await;
    let mut terraform = Terraform::with(&aws, TYPE);
    terraform.apply(&json!({"cross_account_backup": true})).await;
    organize(&aws, "999988887777", &[]).await;
    let plan = terraform.plan(&json!({"cross_account_backup": true})).await;
    assert_eq!(
        plan.said(),
        ["error at cross_account_backup: Cross-account backup is set outside the management account"]
    );
    // The way out that the message tells.
    let plan = terraform.plan(&json!({"opt_in": true})).await;
    assert_eq!(errors(&plan.said()), [""; 0]);
}

#[tokio::test]
async fn reads_that_are_denied_are_warnings_of_a_plan_and_errors_of_a_refresh() {
    let aws = Aws::start().await;
    organize(&aws, ACCOUNT, &[]).await;
    let denied = [
        "backup:DescribeRegionSettings",
        "organizations:DescribeOrganization",
    ];
    aws.set(json!({"denied_actions": denied})).await;
    let mut terraform = Terraform::with(&aws, TYPE);
    let config = json!({"advanced_features": true, "cross_account_backup": true});
    let plan = terraform.plan(&config).await;
    assert_eq!(
        plan.said(),
        [
            "warning at cross_account_backup: Check was not made: organizations:DescribeOrganization is denied",
            "warning: Check was not made: backup:DescribeRegionSettings is denied",
        ]
    );
    aws.set(json!({"denied_actions": []})).await;
    terraform.apply(&config).await;
    let state = terraform.state();
    for action in ["backup:DescribeRegionSettings", "backup:DescribeGlobalSettings"] {
        aws.set(json!({"denied_actions": [action]})).await;
        let said = terraform.refresh().await;
        assert_eq!(summaries(&said), ["error: Settings of AWS Backup cannot be read"]);
        assert!(format!("{said:?}").contains(action), "{said:?}");
        assert_eq!(terraform.state(), state, "nothing is forgotten");
    }
}

#[tokio::test]
async fn plans_that_must_not_read_ask_nothing() {
    let aws = Aws::start().await;
    let mut terraform = Terraform::with(&aws, TYPE);
    terraform.provider = json!({"validation": {"observe": false}, "skip_requesting_account_id": true});
    let plan = terraform
        .plan(&json!({"opt_in": false, "cross_account_backup": true}))
        .await;
    assert_eq!((plan.action, plan.said()), (Action::Create, vec![]));
    assert_eq!(aws.count_all().await, 0);
}

#[tokio::test]
async fn a_change_that_is_refused_half_way_says_what_is_done_and_is_finished_by_the_next_apply() {
    let aws = Aws::start().await;
    organize(&aws, ACCOUNT, &[]).await;
    set(&aws, json!({}), json!({"DynamoDB": false})).await;
    let mut terraform = Terraform::with(&aws, TYPE);
    let config = json!({"advanced_features": true, "cross_account_backup": true, "on_destroy": "restore"});
    aws.fault(json!({
        "service": "backup", "operation": "UpdateRegionSettings", "kind": "error", "code": "InvalidParameterValueException",
        "message": "not today",
    }))
    .await;
    let failed = terraform.apply(&config).await;
    assert_eq!(failed.said(), ["error: Settings of AWS Backup cannot be changed"]);
    assert!(
        failed
            .details()
            .contains("Cross-account backup has been switched on before that"),
        "{}",
        failed.details()
    );
    assert_eq!(cross_account(&aws).await, json!("true"));
    let again = terraform.apply(&config).await;
    assert_eq!(errors(&again.said()), [""; 0]);
    assert_eq!(switches(&aws).await, (json!(true), json!(true)));
    let before = json!({"opt_in": null, "advanced_features": false, "cross_account_backup": false});
    assert_eq!(terraform.state()["previous"], before);
}

#[tokio::test]
async fn what_others_change_in_the_same_moment_is_told() {
    let aws = Aws::start().await;
    set(&aws, json!({}), json!({"DynamoDB": false})).await;
    // The look after the change comes late: both plans and the look before it were in time.
    aws.fault(json!({
        "service": "backup", "operation": "DescribeRegionSettings", "kind": "delay", "delay_ms": 500, "skip": 3,
    }))
    .await;
    let mut terraform = Terraform::with(&aws, TYPE);
    let meanwhile = async {
        aws.until_called("UpdateRegionSettings", 2).await;
        set(&aws, json!({"EBS": false}), json!({})).await;
    };
    let config = json!({"advanced_features": true});
    let (made, ()) = tokio::join!(terraform.apply(&config), meanwhile);
    assert_eq!(
        made.said(),
        ["warning: Other settings of AWS Backup changed at the same time"]
    );
    assert!(
        made.details().contains("opt-in of EBS: true, then false"),
        "{}",
        made.details()
    );
    assert_eq!(switches(&aws).await, (json!(true), json!(true)));
}

#[tokio::test]
async fn another_region_is_another_object_and_the_old_one_is_put_back() {
    let aws = Aws::start().await;
    set(&aws, json!({}), json!({"DynamoDB": false})).await;
    for create_before_destroy in [false, true] {
        let mut terraform = Terraform::with(&aws, TYPE);
        terraform.create_before_destroy = create_before_destroy;
        terraform
            .apply(&json!({"advanced_features": true, "on_destroy": "restore"}))
            .await;
        let moved = terraform
            .apply(&json!({"advanced_features": true, "on_destroy": "restore", "region": "us-east-1"}))
            .await;
        assert_eq!(moved.action, Action::Replace);
        assert_eq!(errors(&moved.said()), [""; 0]);
        assert_eq!(switches(&aws).await, (json!(true), json!(false)));
    }
}

#[tokio::test]
async fn a_new_object_of_the_same_region_is_not_undone_by_the_old_one() {
    let aws = Aws::start().await;
    set(&aws, json!({}), json!({"DynamoDB": false})).await;
    let mut terraform = Terraform::with(&aws, TYPE);
    terraform.create_before_destroy = true;
    let config = json!({"advanced_features": true, "on_destroy": "restore"});
    terraform.apply(&config).await;
    terraform.taint();
    let replaced = terraform.apply(&config).await;
    assert_eq!(replaced.action, Action::Replace);
    assert!(
        replaced
            .said()
            .contains(&"warning at advanced_features: Setting of AWS Backup was not put back".to_owned()),
        "{:?}",
        replaced.said()
    );
    assert_eq!(switches(&aws).await, (json!(true), json!(true)));
    assert_eq!(terraform.plan(&config).await.action, Action::Nothing);
}
