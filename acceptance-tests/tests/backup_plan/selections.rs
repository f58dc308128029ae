//! Selections: one at a time, and never without.

use acceptance_tests::backend;
use serde_json::{Value, json};

use super::{ADDRESS, ROLE, listed, names, only_plan, plan, selection, with_scene};

fn named(name: &str, more: &str) -> String {
    format!("{name} = {{\n role_arn = \"{ROLE}\"\n {more}\n }}")
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/38114>: two condition blocks overwrite one another.
#[test]
fn issue_38114_conditions_of_one_operator_do_not_overwrite_one_another() {
    let backend = backend!(Control);
    with_scene(&backend);
    let tagged = named(
        "tagged",
        r#"resources = ["arn:aws:dynamodb:*:*:table/*"]
        conditions = [
          { operator = "StringEquals", key = "aws:ResourceTag/stage", value = "prod" },
          { operator = "StringLike", key = "aws:ResourceTag/team", value = "o*" },
          { operator = "StringEquals", key = "aws:ResourceTag/kind", value = "table" },
        ]"#,
    );
    let config = backend.workdir(&plan("", &tagged, ""));
    config.apply();
    config.assert_empty_plan();
    let plan_id = only_plan(&backend);
    let conditions = selection(&backend, &plan_id, "tagged")["Conditions"].clone();
    assert_eq!(
        conditions["StringEquals"],
        json!([
            {"ConditionKey": "aws:ResourceTag/stage", "ConditionValue": "prod"},
            {"ConditionKey": "aws:ResourceTag/kind", "ConditionValue": "table"},
        ])
    );
    assert_eq!(conditions["StringLike"].as_array().map(Vec::len), Some(1));
    // In another order they are the same.
    let mut lines: Vec<&str> = tagged.lines().collect();
    lines.swap(4, 6);
    config.configure(&plan("", &lines.join("\n"), ""));
    config.assert_empty_plan();
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/22595>: a selection is made again by every plan, because
/// AWS answers empty lists that nobody wrote.
#[test]
fn issue_22595_a_selection_is_not_made_again_by_every_plan() {
    let backend = backend!(Control);
    with_scene(&backend);
    let by_tag = r#"tags = [{ key = "backup", value = "yes" }]"#;
    for more in [
        by_tag.to_owned(),
        format!("{by_tag}\n resources = []\n not_resources = []\n conditions = []"),
    ] {
        let config = backend.workdir(
            &plan("", &named("tagged", &more), "").replace("\"orders\"\n  rules", "\"two\"\n  rules"),
        );
        config.apply();
        config.assert_empty_plan();
        config.assert_empty_plan();
        config.destroy();
    }
    assert_eq!(backend.simulator().calls().count("CreateBackupSelection"), 4);
}

/// A changed selection is made before the old one goes: AWS takes a name once, so another one stands in for it. The others
/// are not touched.
#[test]
fn changing_a_selection_replaces_that_one_only_and_leaves_no_gap() {
    let backend = backend!(Control);
    with_scene(&backend);
    let by_tag = |value: &str| {
        named(
            "tagged",
            &format!("tags = [{{ key = \"backup\", value = \"{value}\" }}]"),
        )
    };
    let config = backend.workdir(&plan("", &by_tag("yes"), ""));
    config.apply();
    let id = only_plan(&backend);
    let before = listed(&backend, &id);
    backend.simulator().clear_calls();

    config.configure(&plan("", &by_tag("daily"), ""));
    let planned = config.plan();
    assert_eq!(planned.actions(ADDRESS), ["update"]);
    let ids = &planned.change(ADDRESS)["after"]["selection_ids"];
    assert_eq!(
        ids["orders"],
        json!(before[0].1),
        "the one that stays keeps its id"
    );
    config.apply();
    config.assert_empty_plan();
    let after = listed(&backend, &id);
    assert_eq!(after[0], before[0]);
    assert_eq!(after[1].0, "tagged");
    assert_ne!(after[1].1, before[1].1);
    assert_eq!(after.len(), 2);
    let tags = selection(&backend, &id, "tagged")["ListOfTags"].clone();
    assert_eq!(tags[0]["ConditionValue"], "daily");
    let calls = backend.simulator().calls();
    assert_eq!(calls.count("UpdateBackupPlan"), 0);
    let order: Vec<(String, bool)> = calls
        .all()
        .filter(|call| {
            let operation = call["operation"].as_str().unwrap_or_default();
            operation.ends_with("BackupSelection") && !operation.starts_with("Get")
        })
        .map(|call| {
            (
                call["operation"].as_str().unwrap_or_default().to_owned(),
                call["status"] == 200,
            )
        })
        .collect();
    let order: Vec<(&str, bool)> = order.iter().map(|(name, ok)| (name.as_str(), *ok)).collect();
    let (create, delete) = ("CreateBackupSelection", "DeleteBackupSelection");
    assert_eq!(
        order,
        [
            (create, false),
            (create, true),
            (delete, true),
            (create, true),
            (delete, true)
        ]
    );

    // Added and removed.
    config.configure(&plan(
        "",
        &(by_tag("daily") + "\n" + &named("more", "tags = [{ key = \"a\", value = \"b\" }]")),
        "",
    ));
    config.apply();
    config.assert_empty_plan();
    assert_eq!(names(&backend, &id), ["more", "orders", "tagged"]);
    config.configure(&plan("", "", ""));
    config.apply();
    config.assert_empty_plan();
    assert_eq!(listed(&backend, &id), [before[0].clone()]);
}

/// A replacement that is cut off in the middle leaves a stand-in behind, which protects until the next apply is done.
#[test]
fn a_replacement_that_fails_half_way_is_taken_up_and_leaves_nothing_behind() {
    let backend = backend!(Control);
    with_scene(&backend);
    let config = backend.workdir(&plan("", "", ""));
    config.apply();
    let id = only_plan(&backend);
    let changed = plan("", "", "").replace(
        "table/orders\"",
        "table/orders\", \"arn:aws:dynamodb:us-east-1:111122223333:table/carts\"",
    );
    config.configure(&changed);
    // The first attempt meets the name, the second is the stand-in.
    backend.simulator().fault(json!({
        "service": "backup", "operation": "CreateBackupSelection", "skip": 2, "kind": "error", "status": 400,
        "code": "InvalidParameterValueException", "message": "Not this time.",
    }));
    config
        .try_apply()
        .fails()
        .says("Not this time.")
        .says("Run terraform apply again");
    assert_eq!(names(&backend, &id), ["orders.new"]);
    assert_eq!(
        config.state().values(ADDRESS)["selections"]
            .as_object()
            .map(|it| it.keys().cloned().collect::<Vec<_>>()),
        Some(vec!["orders.new".to_owned()])
    );
    backend.simulator().clear_faults();
    config.apply();
    config.assert_empty_plan();
    assert_eq!(names(&backend, &id), ["orders"]);
    let resources = selection(&backend, &id, "orders")["Resources"].clone();
    assert_eq!(resources.as_array().map(Vec::len), Some(2));
}

/// A selection that somebody deletes or adds shows in the next plan.
#[test]
fn changes_of_others_show() {
    let backend = backend!(Control);
    with_scene(&backend);
    let config = backend.workdir(&plan("", "", ""));
    config.apply();
    let id = only_plan(&backend);
    let [(_, selection_id)] = &listed(&backend, &id)[..] else {
        panic!("not one selection")
    };
    let path = format!("/backup/plans/{id}/selections/");
    backend
        .aws()
        .aws_backup("DELETE", &format!("{path}{selection_id}"), Value::Null);
    let planned = config.plan();
    assert_eq!(planned.actions(ADDRESS), ["update"]);
    assert!(planned.output.contains("+ \"orders\""), "{}", planned.output);
    config.apply();
    config.assert_empty_plan();
    assert_eq!(names(&backend, &id), ["orders"]);

    let by_hand =
        json!({"BackupSelection": {"SelectionName": "by-hand", "IamRoleArn": ROLE, "Resources": ["*"]}});
    backend.aws().aws_backup("PUT", &path, by_hand);
    let planned = config.plan();
    assert!(planned.output.contains("- \"by-hand\""), "{}", planned.output);
    config.apply();
    config.assert_empty_plan();
    assert_eq!(names(&backend, &id), ["orders"]);
}

/// A new role cannot be assumed for a while: that alone is tried again.
#[test]
fn a_role_that_aws_does_not_know_yet_is_waited_for() {
    let backend = backend!(Control);
    with_scene(&backend);
    let refusal = |message: &str, times: Value| {
        json!({
            "service": "backup", "operation": "CreateBackupSelection", "times": times, "kind": "error", "status": 400,
            "code": "InvalidParameterValueException", "message": message,
        })
    };
    let cannot = format!("IAM Role {ROLE} cannot be assumed by AWS Backup");
    backend.simulator().fault(refusal(&cannot, json!(2)));
    backend.simulator().fault(refusal(
        &format!("{ROLE} is not authorized to call tag:GetResources"),
        json!(2),
    ));
    let config = backend.workdir(&plan("", "", ""));
    config.apply();
    config.assert_empty_plan();
    assert_eq!(backend.simulator().calls().count("CreateBackupSelection"), 5);
    config.destroy();

    // Up to the timeout, and then it is said.
    backend.simulator().fault(refusal(&cannot, Value::Null));
    config.configure(&plan("", "", "timeouts = { create = \"3s\" }"));
    config
        .try_apply()
        .fails()
        .says("Backup plan is not finished")
        .says("3 s")
        .says("cannot be assumed by AWS Backup");
    backend.simulator().clear_faults();
    config.configure(&plan("", "", ""));
    config.apply();
    config.assert_empty_plan();

    // Another refusal is final.
    backend
        .simulator()
        .fault(refusal("Invalid role ARN", Value::Null));
    backend.simulator().clear_calls();
    config.configure(&plan("", "", "").replace("role/backup", "role/other"));
    config.try_apply().fails().says("Invalid role ARN");
    assert_eq!(backend.simulator().calls().count("CreateBackupSelection"), 1);
    assert_eq!(
        names(&backend, &only_plan(&backend)),
        ["orders"],
        "the old one is not given up"
    );
}
