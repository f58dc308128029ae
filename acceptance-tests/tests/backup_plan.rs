//! `dynamodb_backup_plan` through the real terraform: one plan in place, selections one by one, and what goes wrong with
//! plans and selections of hashicorp/aws, each thread by its number. Applies that are cut off are in
//! `backup_plan/cut_off.rs`.

#[path = "backup_plan/cut_off.rs"]
mod cut_off;
#[path = "backup_plan/selections.rs"]
mod selections;

use acceptance_tests::{Backend, backend};
use serde_json::{Value, json};

const ADDRESS: &str = "dynamodb_backup_plan.orders";
const ROLE: &str = "arn:aws:iam::111122223333:role/backup";

/// A plan with one rule and one selection, and more of each.
fn plan(rules: &str, selections: &str, more: &str) -> String {
    format!(
        r#"resource "dynamodb_backup_plan" "orders" {{
  name = "orders"
  rules = {{
    daily = {{
      target_vault_name = "orders"
      lifecycle         = {{ delete_after_days = 35 }}
    }}
    {rules}
  }}
  selections = {{
    orders = {{
      role_arn  = "{ROLE}"
      resources = ["arn:aws:dynamodb:us-east-1:111122223333:table/orders"]
    }}
    {selections}
  }}
  {more}
}}
"#
    )
}

/// The plans of the account and Region, as AWS lists them.
fn plans(backend: &Backend) -> Vec<Value> {
    let listed = backend.aws().aws_backup("GET", "/backup/plans/", Value::Null);
    listed["BackupPlansList"].as_array().cloned().unwrap_or_default()
}

fn only_plan(backend: &Backend) -> String {
    match plans(backend).as_slice() {
        [plan] => plan["BackupPlanId"]
            .as_str()
            .expect("a plan has an id")
            .to_owned(),
        plans => panic!("not one plan: {plans:?}"),
    }
}

/// What AWS says of a plan.
fn document(backend: &Backend, id: &str) -> Value {
    let path = format!("/backup/plans/{id}/");
    backend.aws().aws_backup("GET", &path, Value::Null)["BackupPlan"].clone()
}

/// The selections of a plan: name and id, by name.
fn listed(backend: &Backend, id: &str) -> Vec<(String, String)> {
    let path = format!("/backup/plans/{id}/selections/");
    let answer = backend.aws().aws_backup("GET", &path, Value::Null);
    let text = |it: &Value, name: &str| it[name].as_str().unwrap_or_default().to_owned();
    let selections = answer["BackupSelectionsList"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let mut selections: Vec<_> = selections
        .iter()
        .map(|it| (text(it, "SelectionName"), text(it, "SelectionId")))
        .collect();
    selections.sort();
    selections
}

fn names(backend: &Backend, id: &str) -> Vec<String> {
    listed(backend, id).into_iter().map(|(name, _)| name).collect()
}

fn selection(backend: &Backend, plan: &str, name: &str) -> Value {
    let found = listed(backend, plan).into_iter().find(|(it, _)| it == name);
    let (_, id) = found.unwrap_or_else(|| panic!("no selection {name}"));
    let path = format!("/backup/plans/{plan}/selections/{id}");
    backend.aws().aws_backup("GET", &path, Value::Null)["BackupSelection"].clone()
}

/// The table and the vault.
fn with_scene(backend: &Backend) {
    backend.aws().create_table("orders");
    backend.aws().create_vault("orders");
}

#[test]
fn basic() {
    let backend = backend!(Control);
    with_scene(&backend);
    let config = backend.workdir(&plan("", "", "tags = { team = \"orders\" }"));
    let planned = config.plan();
    assert_eq!(planned.actions(ADDRESS), ["create"]);
    config.apply();
    config.assert_empty_plan();
    let id = only_plan(&backend);
    let state = config.state();
    assert_eq!(state.text(ADDRESS, "id"), id);
    assert_eq!(
        state.text(ADDRESS, "arn"),
        format!("arn:aws:backup:us-east-1:{}:backup-plan:{id}", backend.account())
    );
    assert_eq!(state.values(ADDRESS)["unfinished"], json!(false));
    assert_eq!(state.values(ADDRESS)["tags_all"], json!({"team": "orders"}));
    let [(name, selection_id)] = &listed(&backend, &id)[..] else {
        panic!("not one selection")
    };
    assert_eq!(name, "orders");
    assert_eq!(
        state.values(ADDRESS)["selection_ids"],
        json!({"orders": selection_id})
    );
    let rule = &document(&backend, &id)["Rules"][0];
    assert_eq!(rule["Lifecycle"], json!({"DeleteAfterDays": 35}));
    assert_eq!(rule["StartWindowMinutes"], 480);

    config.assert_import(ADDRESS, &id, &[]);
    config.assert_import(ADDRESS, &format!("{id}@us-east-1"), &[]);
    config.assert_import(ADDRESS, state.text(ADDRESS, "arn"), &[]);

    config.destroy();
    assert_eq!(plans(&backend), Vec::<Value>::new());
    assert!(backend.aws().vault("orders").is_some());
}

#[test]
fn a_plan_with_everything_is_imported_and_plans_empty() {
    let backend = backend!(Control);
    with_scene(&backend);
    backend.aws().in_region("eu-west-1").create_vault("copies");
    let config = backend.workdir(&everything());
    config.apply();
    config.assert_empty_plan();
    let id = only_plan(&backend);
    // AWS answers conditions in an order of its own, which is no change.
    let other = backend.workdir(&everything());
    other.write(
        "import.tf",
        &format!("import {{\n  to = {ADDRESS}\n  id = \"{id}\"\n}}\n"),
    );
    let planned = other.plan();
    assert_eq!(planned.actions(ADDRESS), ["no-op"], "{}", planned.output);
    other.apply();
    other.assert_empty_plan();
}

fn everything() -> String {
    plan(
        r#"monthly = {
      target_vault_name         = "orders"
      schedule                  = "cron(0 4 1 * ? *)"
      schedule_timezone         = "Europe/Berlin"
      start_window_minutes      = 120
      completion_window_minutes = 600
      lifecycle                 = { move_to_cold_storage_after_days = 30, delete_after_days = 365 }
      recovery_point_tags       = { kept = "a year" }
      copy_actions = [
        { destination_vault_arn = "arn:aws:backup:eu-west-1:111122223333:backup-vault:copies", lifecycle = { delete_after_days = 365 } },
      ]
    }"#,
        &format!(
            r#"tagged = {{
      role_arn      = "{ROLE}"
      not_resources = ["arn:aws:dynamodb:us-east-1:111122223333:table/logs"]
      tags          = [{{ key = "backup", value = "yes" }}, {{ key = "backup", value = "daily" }}]
      conditions = [
        {{ operator = "StringNotLike", key = "aws:ResourceTag/team", value = "test-*" }},
        {{ operator = "StringEquals", key = "aws:ResourceTag/stage", value = "prod" }},
        {{ operator = "StringEquals", key = "aws:ResourceTag/kind", value = "table" }},
      ]
    }}"#
        ),
        "tags = { team = \"orders\" }",
    )
}

#[test]
fn disappears() {
    let backend = backend!(Control);
    with_scene(&backend);
    let config = backend.workdir(&plan("", "", ""));
    config.apply();
    let id = only_plan(&backend);
    for (_, selection) in listed(&backend, &id) {
        let path = format!("/backup/plans/{id}/selections/{selection}");
        backend.aws().aws_backup("DELETE", &path, Value::Null);
    }
    backend
        .aws()
        .aws_backup("DELETE", &format!("/backup/plans/{id}"), Value::Null);
    assert_eq!(config.plan().actions(ADDRESS), ["create"]);
    config.apply();
    config.assert_empty_plan();
    assert_ne!(only_plan(&backend), id);
}

/// One changed rule is one call in place, and touches no selection.
#[test]
fn rules_change_in_place() {
    let backend = backend!(Control);
    with_scene(&backend);
    let config = backend.workdir(&plan("", "", ""));
    config.apply();
    let id = only_plan(&backend);
    let before = (listed(&backend, &id), config.state());
    backend.simulator().clear_calls();

    let hourly = "hourly = {\n target_vault_name = \"orders\"\n schedule = \"cron(0 * ? * * *)\"\n lifecycle = { delete_after_days = 7 }\n }";
    config.configure(&plan(hourly, "", ""));
    let planned = config.plan();
    assert_eq!(planned.actions(ADDRESS), ["update"]);
    config.apply();
    config.assert_empty_plan();
    let calls = backend.simulator().calls();
    assert_eq!(calls.effective("UpdateBackupPlan"), 1);
    assert_eq!(
        calls.count("CreateBackupSelection") + calls.count("DeleteBackupSelection"),
        0
    );
    assert_eq!(only_plan(&backend), id);
    assert_eq!(listed(&backend, &id), before.0);
    let state = config.state();
    assert_ne!(
        state.text(ADDRESS, "version_id"),
        before.1.text(ADDRESS, "version_id")
    );
    assert_eq!(document(&backend, &id)["Rules"].as_array().map(Vec::len), Some(2));

    config.configure(&plan("", "", ""));
    config.apply();
    config.assert_empty_plan();
    assert_eq!(document(&backend, &id)["Rules"].as_array().map(Vec::len), Some(1));
}

/// hashicorp/aws drops what is zero: there "never" and "nothing said" look like a lifecycle that was lost. Here each
/// argument is set, changed and cleared, and AWS has what is written.
#[test]
fn lifecycles_are_set_changed_and_cleared() {
    let backend = backend!(Control);
    with_scene(&backend);
    let with = |lifecycle: &str| {
        plan("", "", "").replace("lifecycle         = { delete_after_days = 35 }", lifecycle)
    };
    let config = backend.workdir(&with(
        "lifecycle = { move_to_cold_storage_after_days = 1, delete_after_days = 91 }",
    ));
    config.apply();
    config.assert_empty_plan();
    let id = only_plan(&backend);
    let lifecycle = || document(&backend, &id)["Rules"][0]["Lifecycle"].clone();
    assert_eq!(
        lifecycle(),
        json!({"MoveToColdStorageAfterDays": 1, "DeleteAfterDays": 91})
    );
    for (written, expected) in [
        (
            "lifecycle = { delete_after_days = 1 }",
            json!({"DeleteAfterDays": 1}),
        ),
        ("lifecycle = { delete_after_days = -1 }", Value::Null),
        (
            "lifecycle = { move_to_cold_storage_after_days = 5 }",
            json!({"MoveToColdStorageAfterDays": 5}),
        ),
        ("", Value::Null),
        ("lifecycle = {}", Value::Null),
    ] {
        config.configure(&with(written));
        config.apply();
        config.assert_empty_plan();
        assert_eq!(lifecycle(), expected, "{written}");
    }
    config.configure(&with("lifecycle = { delete_after_days = 0 }"));
    config.try_apply().fails();
    assert_eq!(lifecycle(), Value::Null);
}

/// The clock passes the first of the times that are shown, and there is a recovery point, made at that very time.
#[test]
fn recovery_points_are_made_at_the_times_that_are_shown() {
    let backend = backend!(Control);
    backend.simulator().set_clock("2026-03-28T12:00:00Z");
    with_scene(&backend);
    let zone = "target_vault_name = \"orders\"\n schedule = \"cron(30 3 ? * * *)\"\n schedule_timezone = \"Europe/Berlin\"";
    let config = backend.workdir(&plan("", "", "").replace("target_vault_name = \"orders\"", zone));
    config.apply();
    let state = config.state();
    let runs = state.values(ADDRESS)["next_runs"]["daily"].clone();
    // Clocks are put forward on the 29th.
    assert_eq!(
        runs,
        json!([
            "2026-03-29T01:30:00Z",
            "2026-03-30T01:30:00Z",
            "2026-03-31T01:30:00Z"
        ])
    );
    assert_eq!(backend.aws().recovery_points("orders"), Vec::<Value>::new());

    backend.simulator().set_clock("2026-03-29T01:29:59Z");
    assert_eq!(backend.aws().recovery_points("orders"), Vec::<Value>::new());
    backend.simulator().set_clock("2026-03-29T02:30:00Z");
    let points = backend.aws().recovery_points("orders");
    assert_eq!(points.len(), 1, "{points:?}");
    let created = acceptance_tests::moment(&points[0]["CreationDate"]);
    assert_eq!(json!(created.to_string()), runs[0]);
    assert_eq!(points[0]["CreatedBy"]["BackupPlanId"], state.text(ADDRESS, "id"));
}

/// Time goes on, and nothing is planned, also with an output that shows the times; and a plan that was made days ago can
/// still be applied.
#[test]
fn days_that_pass_are_no_change() {
    let backend = backend!(Control);
    backend.simulator().set_clock("2026-03-01T12:00:00Z");
    with_scene(&backend);
    let output = "\noutput \"next\" {\n  value = dynamodb_backup_plan.orders.next_runs\n}\n";
    let config = backend.workdir(&(plan("", "", "") + output));
    config.terraform(&["plan", "-no-color", "-out=days-ago"]).ok();
    backend.simulator().advance(3 * 24 * 3600);
    config.terraform(&["apply", "-no-color", "days-ago"]).ok();
    let shown = config.state().output("next").clone();
    assert_eq!(shown["daily"][0], "2026-03-05T05:00:00Z");
    for _ in 0..2 {
        backend.simulator().advance(2 * 24 * 3600);
        config.assert_empty_plan();
        config
            .terraform(&["plan", "-no-color", "-detailed-exitcode"])
            .ok()
            .says("No changes");
    }
    // What changes the rules counts anew.
    config
        .configure(&(plan("", "", "").replace("delete_after_days = 35", "delete_after_days = 36") + output));
    config.apply();
    assert_eq!(config.state().output("next")["daily"][0], "2026-03-09T05:00:00Z");
    config.assert_empty_plan();
}

/// What others change in AWS shows in the next plan, and an apply puts it right.
#[test]
fn changes_of_others_show() {
    let backend = backend!(Control);
    with_scene(&backend);
    let config = backend.workdir(&plan("", "", ""));
    config.apply();
    let id = only_plan(&backend);
    let mut changed = document(&backend, &id);
    changed["AdvancedBackupSettings"] =
        json!([{"ResourceType": "EC2", "BackupOptions": {"WindowsVSS": "enabled"}}]);
    let added = json!({"RuleName": "by-hand", "TargetBackupVaultName": "orders"});
    let rules = changed["Rules"].as_array_mut().expect("rules");
    for rule in rules.iter_mut() {
        rule.as_object_mut().expect("a rule").remove("RuleId");
    }
    rules.push(added);
    backend.aws().aws_backup(
        "POST",
        &format!("/backup/plans/{id}"),
        json!({"BackupPlan": changed}),
    );

    let planned = config.plan();
    assert_eq!(planned.actions(ADDRESS), ["update"]);
    assert!(planned.output.contains("- \"by-hand\""), "{}", planned.output);
    config.apply();
    config.assert_empty_plan();
    let after = document(&backend, &id);
    assert_eq!(after["Rules"].as_array().map(Vec::len), Some(1));
    // What is not managed here stays.
    assert_eq!(after["AdvancedBackupSettings"][0]["ResourceType"], "EC2");
}

/// AWS Backup refuses to delete a plan for some minutes after its last selection has gone; hashicorp/aws gives up after two.
#[test]
fn a_delete_waits_until_aws_forgets_the_selections() {
    let backend = backend!(Control);
    with_scene(&backend);
    let config = backend.workdir(&plan("", "", ""));
    config.apply();
    let refusal = json!({
        "service": "backup", "operation": "DeleteBackupPlan", "times": 4, "kind": "error", "code": "InvalidRequestException",
        "message": "Related backup plan selections must be deleted prior to backup plan deletion.",
    });
    backend.simulator().fault(refusal.clone());
    config.destroy();
    assert_eq!(backend.simulator().calls().count("DeleteBackupPlan"), 5);
    assert_eq!(plans(&backend), Vec::<Value>::new());

    config.configure(&plan("", "", "timeouts = { delete = \"3s\" }"));
    config.apply();
    let mut for_ever = refusal;
    for_ever["times"] = Value::Null;
    backend.simulator().fault(for_ever);
    config
        .terraform(&["destroy", "-auto-approve", "-no-color"])
        .fails()
        .says("Backup plan cannot be deleted")
        .says("3 s")
        .says("selections must be deleted prior");
    assert_eq!(config.state().addresses(), [ADDRESS]);
    backend.simulator().clear_faults();
    config.destroy();
}

/// hashicorp/aws takes whatever error it is given while it reads for "it is gone", and loses what it manages.
#[test]
fn a_read_that_fails_loses_nothing() {
    let backend = backend!(Control);
    with_scene(&backend);
    let config = backend.workdir(&plan("", "", ""));
    config.apply();
    for action in [
        "GetBackupPlan",
        "ListBackupSelections",
        "GetBackupSelection",
        "ListTags",
    ] {
        backend.simulator().deny(&[&format!("backup:{action}")]);
        config
            .terraform(&["plan", "-no-color"])
            .fails()
            .says("Backup plan cannot be read")
            .says(&format!("backup:{action}"));
        config
            .terraform(&["apply", "-auto-approve", "-no-color", "-refresh-only"])
            .fails();
        assert_eq!(config.state().addresses(), [ADDRESS]);
    }
    backend.simulator().deny(&[]);
    backend.simulator().fault(json!({
        "service": "backup", "operation": "GetBackupSelection", "times": null, "kind": "error", "status": 400,
        "code": "InvalidParameterValueException", "message": "Something is wrong.",
    }));
    config
        .terraform(&["plan", "-no-color"])
        .fails()
        .says("Something is wrong.");
    assert_eq!(
        config.state().values(ADDRESS)["selections"]
            .as_object()
            .map(serde_json::Map::len),
        Some(1)
    );
    backend.simulator().clear_faults();
    config.assert_empty_plan();
}

/// A read that is denied while a plan is made leaves a check unmade, and says which.
#[test]
fn denied_reads_are_warnings() {
    let backend = backend!(Control);
    with_scene(&backend);
    backend
        .simulator()
        .deny(&["backup:DescribeBackupVault", "backup:DescribeRegionSettings"]);
    let config = backend.workdir(&plan("", "", ""));
    let planned = config.plan();
    for text in [
        "Check was not made: backup:DescribeBackupVault is denied",
        "Check was not made: backup:DescribeRegionSettings is denied",
    ] {
        assert_eq!(planned.output.matches(text).count(), 1, "{}", planned.output);
    }
    config.apply();
}

#[test]
fn a_plan_of_an_organizations_policy_is_never_changed() {
    let backend = backend!(Control);
    with_scene(&backend);
    let config = backend.workdir(&plan("", "", ""));
    config.apply();
    let id = only_plan(&backend);
    // As AWS names a plan that a policy of the organization made.
    let state = std::fs::read_to_string(config.path().join("terraform.tfstate")).expect("a state");
    let theirs = state.replace(&format!(":backup-plan:{id}"), &format!(":backup-plan:orgs/{id}"));
    config.write("terraform.tfstate", &theirs);
    backend.simulator().clear_calls();
    config.configure(&plan("", "", "").replace("= 35", "= 36"));
    config
        .terraform(&["apply", "-auto-approve", "-no-color", "-refresh=false"])
        .fails()
        .says("rganization");
    config
        .terraform(&["destroy", "-auto-approve", "-no-color", "-refresh=false"])
        .fails()
        .says("rganization");
    let calls = backend.simulator().calls();
    for operation in [
        "UpdateBackupPlan",
        "DeleteBackupPlan",
        "DeleteBackupSelection",
        "CreateBackupSelection",
    ] {
        assert_eq!(calls.count(operation), 0, "{operation}");
    }
}

#[test]
fn a_plan_that_says_the_same_as_another_is_refused_and_can_be_imported() {
    let backend = backend!(Control);
    with_scene(&backend);
    backend.workdir(&plan("", "", "")).apply();
    let id = only_plan(&backend);
    let config = backend.workdir(&plan("", "", ""));
    config
        .try_apply()
        .fails()
        .says("Backup plan exists already")
        .says(&id)
        .says("terraform import");
    assert_eq!(config.state().addresses(), Vec::<&str>::new());
    config.terraform(&["import", "-no-color", ADDRESS, &id]).ok();
    config.assert_empty_plan();
}

#[test]
fn tags() {
    let backend = backend!(Control);
    with_scene(&backend);
    let provider = "provider \"dynamodb\" {\n  default_tags {\n    tags = { team = \"data\" }\n  }\n}\n";
    let config = backend.workdir(&(plan("", "", "tags = { stage = \"prod\" }") + provider));
    config.apply();
    config.assert_empty_plan();
    let arn = config.state().text(ADDRESS, "arn").to_owned();
    let path = format!("/tags/{}/", arn.replace(':', "%3A"));
    let tags = || backend.aws().aws_backup("GET", &path, Value::Null)["Tags"].clone();
    assert_eq!(tags(), json!({"team": "data", "stage": "prod"}));
    backend.simulator().clear_calls();
    config.configure(&(plan("", "", "tags = { stage = \"test\" }") + provider));
    config.apply();
    config.assert_empty_plan();
    assert_eq!(tags(), json!({"team": "data", "stage": "test"}));
    config.configure(&plan("", "", ""));
    config.apply();
    config.assert_empty_plan();
    assert_eq!(tags(), json!({}));
    assert_eq!(backend.simulator().calls().count("UpdateBackupPlan"), 0);
}
