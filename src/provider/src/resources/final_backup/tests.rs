//! Plans as data, and the lifecycle against the simulator: above all that one destroy leaves one backup, and that the
//! object outlives every destroy without one.

use std::time::Duration;

use expect_test::{Expect, expect};
use rules::Fact;
use serde_json::{Value as Json, json};
use tfsdk::{Attr, Change, ImportTarget, Model as _, Resource as _};

use super::{FinalBackup, Model, Observed};
use crate::facts::Planner;
use crate::testing::{self, Action, Aws, Terraform, summaries};

const TYPE: &str = "dynamodb_final_backup";
const ARN: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders";

fn model(given: &Json) -> Model {
    Model::from_value(&testing::value(&super::schema::schema().ty(), given)).expect("it fits the schema")
}

fn state(more: Json) -> Model {
    let mut given = json!({
        "table_name": "orders", "enabled": true, "region": "eu-west-1", "account_id": "111122223333",
    });
    given
        .as_object_mut()
        .expect("an object")
        .extend(more.as_object().cloned().expect("an object"));
    model(&given)
}

/// A plan from this state to this configuration; what the schema keeps is kept.
fn update(prior: &Model, given: &Json) -> Change<Model> {
    let config = model(given);
    let or = |written: &Attr<String>, kept: &Attr<String>| match written {
        Attr::Null => kept.clone(),
        written => written.clone(),
    };
    let proposed = Model {
        enabled: match config.enabled {
            Attr::Null => true.into(),
            ref written => written.clone(),
        },
        region: or(&config.region, &prior.region),
        account_id: prior.account_id.clone(),
        ..config.clone()
    };
    Change::Update {
        prior: prior.clone(),
        config,
        proposed,
    }
}

fn observed() -> Observed {
    Observed {
        planner: Planner {
            now: Fact::Known("2026-11-20T09:30:00Z".parse().expect("a time")),
            region: Some("eu-west-1".to_owned()),
            account: Some("111122223333".to_owned()),
            ..Planner::default()
        },
        ..Observed::default()
    }
}

/// What changes, what replaces, and what is said.
fn check(change: Change<Model>, seen: Observed, expected: Expect) {
    let before = change.prior().map(|prior| testing::json(&prior.to_value()));
    let planned = FinalBackup::plan(change, seen);
    let mut lines = Vec::new();
    for (name, value) in testing::json(&planned.model.to_value())
        .as_object()
        .expect("an object")
    {
        let same = before
            .as_ref()
            .map_or(value.is_null(), |before| before[name] == *value);
        if !same {
            lines.push(format!("{name} = {value}"));
        }
    }
    lines.extend(planned.replace.iter().map(|path| format!("replaces at {path}")));
    lines.extend(summaries(&planned.diagnostics));
    expected.assert_eq(&lines.join("\n"));
}

#[test]
fn a_new_promise_needs_nothing_of_its_table_yet() {
    let config = model(&json!({"table_name": "(unknown)"}));
    let proposed = Model {
        region: Attr::Unknown,
        account_id: Attr::Unknown,
        enabled: true.into(),
        ..config.clone()
    };
    check(
        Change::Create { config, proposed },
        observed(),
        expect![[r#"
            account_id = "111122223333"
            enabled = true
            region = "eu-west-1"
            table_name = "(unknown)""#]],
    );
}

#[test]
fn what_the_configuration_shows_is_said_at_once() {
    let said = |given: Json| summaries(&FinalBackup::validate(&model(&given)));
    assert_eq!(said(json!({"table_name": "orders", "name": "last"})), [""; 0]);
    assert_eq!(
        said(json!({"table_name": "or ders", "name": "x"})),
        [
            "error at table_name: Table name is not valid",
            "error at name: Backup name is not valid",
        ]
    );
}

#[test]
fn only_another_table_is_another_promise() {
    let prior = state(json!({}));
    let config = json!({"table_name": ARN, "name": "last", "enabled": false, "timeouts": {"delete": "1h"}});
    check(
        update(&prior, &config),
        Observed::default(),
        expect![[r#"
            enabled = false
            name = "last"
            table_name = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"
            timeouts = {"create":null,"delete":"1h","update":null}"#]],
    );
    check(
        update(&prior, &json!({"table_name": "invoices"})),
        observed(),
        expect![[r#"
            table_name = "invoices"
            replaces at table_name
            warning: Final backup will be taken"#]],
    );
    check(
        update(&prior, &json!({"table_name": "orders", "region": "us-east-1"})),
        observed(),
        expect![[r#"
            region = "us-east-1"
            replaces at region
            warning: Final backup will be taken"#]],
    );
}

/// An ARN is unknown in the plan that replaces its table.
#[test]
fn a_table_that_is_replaced_is_backed_up_before() {
    let prior = state(json!({"table_name": ARN}));
    check(
        update(&prior, &json!({"table_name": "(unknown)"})),
        observed(),
        expect![[r#"
            table_name = "(unknown)"
            replaces at table_name
            warning: Final backup will be taken"#]],
    );
    let prior = state(json!({"table_name": ARN, "enabled": false}));
    check(
        update(&prior, &json!({"table_name": "(unknown)"})),
        observed(),
        expect![[r#"
            enabled = true
            table_name = "(unknown)"
            replaces at table_name
            warning at enabled: No final backup will be taken"#]],
    );
}

#[test]
fn a_destroy_says_what_it_will_do() {
    let destroy =
        |prior: Model, seen: Observed| FinalBackup::plan(Change::Destroy { prior }, seen).diagnostics;
    let details = |prior: Model, seen: Observed| {
        let said: Vec<_> = destroy(prior, seen)
            .iter()
            .map(|it| format!("{}\n\n{}", it.summary, it.detail))
            .collect();
        said.join("\n---\n")
    };
    expect![[r#"
        Final backup will be taken

        Destroying this object takes a backup of table "orders" in eu-west-1, named after the table and the time, and waits until it is AVAILABLE. The backup stays in AWS and in no state: nothing expires it, and AWS bills it by size until it is deleted.

        If no backup is wanted, set enabled = false and apply first, then destroy. To make Terraform forget this object, use a removed block with destroy = false."#]]
    .assert_eq(&details(state(json!({})), observed()));
    expect![[r#"
        No final backup will be taken

        Destroying this object takes no backup of table "orders" in eu-west-1, because enabled is false. If the table goes as well, so do its data.

        If a backup is wanted, set enabled = true and apply first, then destroy."#]]
    .assert_eq(&details(state(json!({"enabled": false})), observed()));
    let gone = Observed {
        table: Fact::Absent,
        ..observed()
    };
    expect![[r#"
        Final backup comes too late

        There is no table "orders" in eu-west-1. Destroying this object takes no backup, and only removes it from the state.

        If table_name or region is wrong, correct it and apply, then destroy. If the table is another resource of this configuration, refer to it (table_name = aws_dynamodb_table.NAME.arn), so that it goes last."#]]
    .assert_eq(&details(state(json!({})), gone));
    let begun = Observed {
        begun_at: Some("2026-11-20T09:00:00Z".parse().expect("a time")),
        ..observed()
    };
    let said = details(state(json!({"name": "last"})), begun);
    for part in [
        "named \"last\"",
        "at 2026-11-20T09:00:00Z: that one is taken over",
        "at most 1h old",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

fn config() -> Json {
    json!({"table_name": "orders"})
}

async fn start() -> (Aws, Terraform) {
    let aws = Aws::start().await;
    aws.create_table("orders").await;
    let terraform = Terraform::with(&aws, TYPE);
    (aws, terraform)
}

async fn applied(config: &Json) -> (Aws, Terraform) {
    let (aws, mut terraform) = start().await;
    let outcome = terraform.apply(config).await;
    assert_eq!(outcome.said(), [""; 0]);
    (aws, terraform)
}

#[tokio::test]
async fn nothing_until_it_is_destroyed_then_a_backup_that_stays() {
    let (aws, mut terraform) = applied(&config()).await;
    assert_eq!(
        terraform.state(),
        json!({
            "table_name": "orders", "name": null, "enabled": true, "region": "eu-west-1",
            "account_id": "111122223333", "timeouts": null,
        })
    );
    assert_eq!(terraform.plan(&config()).await.action, Action::Nothing);
    assert_eq!(aws.backups("orders").await, [""; 0]);
    aws.forget_calls().await;
    assert_eq!(terraform.plan(&config()).await.said(), [""; 0]);
    assert_eq!(
        (aws.count("DescribeTable").await, aws.count_all().await),
        (1, 2),
        "and one of STS"
    );

    let outcome = terraform.destroy().await;
    assert_eq!(
        outcome.said(),
        [
            "warning: Final backup will be taken",
            "warning: Final backup was taken"
        ]
    );
    assert!(terraform.object.is_none());
    let made = aws.backups("orders").await;
    assert_eq!(made.len(), 1);
    assert!(outcome.details().contains(&made[0]), "{}", outcome.details());
    let described = aws
        .dynamodb("DescribeBackup", json!({"BackupArn": made[0]}))
        .await;
    let details = &described["BackupDescription"]["BackupDetails"];
    assert_eq!(details["BackupStatus"], "AVAILABLE");
    let name = details["BackupName"].as_str().expect("a name");
    assert!(
        crate::resources::backup_name::is_generated(name, "orders"),
        "{name}"
    );
    assert_eq!(terraform.attempts(), 0);
}

#[tokio::test]
async fn a_name_that_was_given_is_kept_and_what_is_disabled_takes_none() {
    let (aws, mut terraform) = applied(&json!({"table_name": ARN, "name": "last"})).await;
    terraform.destroy().await;
    let listed = aws.dynamodb("ListBackups", json!({"TableName": "orders"})).await;
    assert_eq!(listed["BackupSummaries"][0]["BackupName"], "last");

    let outcome = terraform.apply(&config()).await;
    assert_eq!(outcome.action, Action::Create);
    let outcome = terraform
        .apply(&json!({"table_name": "orders", "enabled": false}))
        .await;
    assert_eq!((outcome.action, outcome.said()), (Action::Update, Vec::new()));
    let outcome = terraform.destroy().await;
    assert_eq!(
        outcome.said(),
        ["warning at enabled: No final backup will be taken"]
    );
    assert!(terraform.object.is_none());
    assert_eq!(aws.backups("orders").await.len(), 1);
}

#[tokio::test]
async fn another_table_takes_a_final_backup_of_the_one_before() {
    for create_before_destroy in [false, true] {
        let (aws, mut terraform) = applied(&config()).await;
        aws.create_table("invoices").await;
        terraform.create_before_destroy = create_before_destroy;
        let outcome = terraform.apply(&json!({"table_name": "invoices"})).await;
        assert_eq!(outcome.action, Action::Replace);
        assert!(!outcome.diagnostics.has_error(), "{:?}", outcome.said());
        assert_eq!(
            (
                aws.backups("orders").await.len(),
                aws.backups("invoices").await.len()
            ),
            (1, 0),
            "create_before_destroy = {create_before_destroy}"
        );
        assert_eq!(terraform.state()["table_name"], "invoices");
    }
}

/// The table may go in the same apply, whatever has tainted the object.
#[tokio::test]
async fn a_tainted_promise_is_kept_before_it_is_made_anew() {
    let (aws, mut terraform) = applied(&config()).await;
    terraform.taint();
    let outcome = terraform.apply(&config()).await;
    assert_eq!(outcome.action, Action::Replace);
    assert!(!outcome.diagnostics.has_error(), "{:?}", outcome.said());
    assert_eq!(aws.backups("orders").await.len(), 1);
    assert!(terraform.object.is_some());
}

#[tokio::test]
async fn a_table_that_is_not_there_is_promised_nothing() {
    let (_aws, mut terraform) = start().await;
    let outcome = terraform.apply(&json!({"table_name": "invoices"})).await;
    assert_eq!(
        outcome.said(),
        ["error at table_name: Table to take a final backup of does not exist"]
    );
    assert!(
        outcome
            .details()
            .contains("no table \"invoices\" in eu-west-1 of account 111122223333"),
        "{}",
        outcome.details()
    );
    assert!(terraform.object.is_none());
}

#[tokio::test]
async fn a_table_that_has_gone_is_told_with_what_aws_has_kept() {
    for recovery in [false, true] {
        let (aws, mut terraform) = applied(&config()).await;
        aws.set(json!({"table_deleting_ms": 0, "system_backup_ms": 0}))
            .await;
        let specification = json!({"PointInTimeRecoveryEnabled": recovery});
        let input = json!({"TableName": "orders", "PointInTimeRecoverySpecification": specification});
        aws.dynamodb("UpdateContinuousBackups", input).await;
        aws.dynamodb("DeleteTable", json!({"TableName": "orders"})).await;
        let object = terraform.object.clone();

        let plan = terraform.plan(&config()).await;
        assert_eq!(plan.action, Action::Create);
        assert_eq!(
            plan.said(),
            ["warning at table_name: Table has gone without a final backup"]
        );
        let kept = if recovery {
            "/backup/"
        } else {
            "If point-in-time recovery was on"
        };
        assert!(plan.details().contains(kept), "{}", plan.details());

        terraform.object = object;
        let outcome = terraform.destroy_without_refresh().await;
        assert_eq!(
            outcome.said(),
            [
                "warning at table_name: Final backup comes too late",
                "warning at table_name: Table has gone without a final backup",
            ]
        );
        assert!(terraform.object.is_none(), "there is nothing to wait for");
        assert_eq!(aws.count("CreateBackup").await, 0);
    }
}

#[tokio::test]
async fn a_table_on_its_way_out_is_as_good_as_gone() {
    let (aws, mut terraform) = applied(&config()).await;
    aws.set(json!({"table_deleting_ms": 60_000})).await;
    aws.dynamodb("DeleteTable", json!({"TableName": "orders"})).await;
    let outcome = terraform.destroy().await;
    assert!(!outcome.diagnostics.has_error(), "{:?}", outcome.said());
    assert_eq!(
        outcome.said()[0],
        "warning at table_name: Final backup comes too late"
    );
    assert!(terraform.object.is_none());
    assert_eq!(aws.count("CreateBackup").await, 0);
}

#[tokio::test]
async fn a_table_that_is_being_changed_is_waited_for() {
    let (aws, mut terraform) = applied(&config()).await;
    aws.set(json!({"table_updating_ms": 1500})).await;
    aws.dynamodb(
        "UpdateTable",
        json!({"TableName": "orders", "DeletionProtectionEnabled": true}),
    )
    .await;
    let started = std::time::Instant::now();
    let outcome = terraform.destroy().await;
    assert!(!outcome.diagnostics.has_error(), "{:?}", outcome.said());
    assert!(
        started.elapsed() >= Duration::from_millis(1200),
        "it was waited for"
    );
    assert_eq!(aws.backups("orders").await.len(), 1);
    assert!(
        outcome
            .said()
            .contains(&"warning at table_name: Table is protected from deletion".to_owned()),
        "{:?}",
        outcome.said()
    );
}

#[tokio::test]
async fn a_denied_call_names_the_action_and_keeps_the_object() {
    let (aws, mut terraform) = applied(&config()).await;
    aws.set(json!({"denied_actions": ["dynamodb:CreateBackup"]}))
        .await;
    let outcome = terraform.destroy().await;
    assert_eq!(
        outcome.said(),
        [
            "warning: Final backup will be taken",
            "error: Final backup cannot be taken"
        ]
    );
    for part in ["Allow dynamodb:CreateBackup", "Nothing was deleted"] {
        assert!(outcome.details().contains(part), "{part}: {}", outcome.details());
    }
    assert!(terraform.object.is_some());
    assert_eq!(terraform.attempts(), 0);

    aws.set(json!({"denied_actions": []})).await;
    terraform.destroy().await;
    assert!(terraform.object.is_none());
    assert_eq!(aws.backups("orders").await.len(), 1);
}

#[tokio::test]
async fn whoever_may_not_describe_the_table_still_gets_the_backup() {
    let (aws, mut terraform) = start().await;
    aws.set(json!({"denied_actions": ["dynamodb:DescribeTable"]}))
        .await;
    let outcome = terraform.apply(&config()).await;
    assert_eq!(
        outcome.said(),
        ["warning at table_name: Check was not made: dynamodb:DescribeTable is denied"]
    );
    let outcome = terraform.destroy().await;
    assert!(!outcome.diagnostics.has_error(), "{:?}", outcome.said());
    assert_eq!(aws.backups("orders").await.len(), 1);
}

/// Where the table cannot be described, AWS's "not found" may also be a table in the making: that is no reason to let
/// go of the promise.
#[tokio::test]
async fn not_found_without_a_look_at_the_table_keeps_the_object() {
    let (aws, mut terraform) = applied(&config()).await;
    aws.set(json!({"denied_actions": ["dynamodb:DescribeTable"], "table_deleting_ms": 0}))
        .await;
    aws.dynamodb("DeleteTable", json!({"TableName": "orders"})).await;
    let outcome = terraform.destroy().await;
    assert!(
        outcome
            .said()
            .contains(&"error: Final backup cannot be taken".to_owned()),
        "{:?}",
        outcome.said()
    );
    assert!(terraform.object.is_some());
}

#[tokio::test]
async fn a_table_that_aws_cannot_read_is_not_let_go() {
    let (aws, mut terraform) = applied(&config()).await;
    aws.fault(json!({
        "service": "dynamodb", "operation": "CreateBackup", "times": null, "kind": "error", "status": 400,
        "code": "ValidationException", "message": "Table is not in a valid state",
    }))
    .await;
    let outcome = terraform.destroy().await;
    assert!(outcome.diagnostics.has_error() && terraform.object.is_some());
    assert!(
        outcome.details().contains("enabled = false"),
        "{}",
        outcome.details()
    );
}

#[tokio::test]
async fn an_interrupted_destroy_is_gone_on_with_on_the_same_backup() {
    let (aws, mut terraform) = applied(&config()).await;
    aws.set(json!({"backup_creating_ms": 1500})).await;
    let interrupt = terraform.interrupter();
    let (outcome, ()) = tokio::join!(terraform.destroy(), async {
        aws.until_called("DescribeBackup", 1).await;
        interrupt();
    });
    assert_eq!(
        outcome.said(),
        [
            "warning: Final backup will be taken",
            "error: Final backup is not finished"
        ]
    );
    assert!(
        outcome.details().contains("The run was interrupted"),
        "{}",
        outcome.details()
    );
    assert!(terraform.object.is_some());
    let made = aws.backups("orders").await;

    let outcome = terraform.destroy().await;
    assert_eq!(
        outcome.said(),
        [
            "warning: Final backup will be taken",
            "warning: Backup of an earlier destroy was taken over",
            "warning: Final backup was taken",
        ]
    );
    assert!(
        outcome.details().contains("that one is taken over"),
        "{}",
        outcome.details()
    );
    is_the_one_backup(&aws, &terraform, &made).await;
}

/// A fresh checkout has no journal; the state has it all.
#[tokio::test]
async fn a_destroy_that_ran_out_of_time_is_gone_on_with_without_the_journal() {
    let (aws, mut terraform) =
        applied(&json!({"table_name": "orders", "timeouts": {"delete": "700ms"}})).await;
    aws.set(json!({"backup_creating_ms": 1500})).await;
    let outcome = terraform.destroy().await;
    assert_eq!(outcome.said()[1..], ["error: Final backup is not finished"]);
    let made = aws.backups("orders").await;
    assert_eq!(terraform.attempts(), 2, "a record and its lock");
    std::fs::remove_dir_all(terraform.data_folder().join("dynamodb")).expect("the folder is ours");

    tokio::time::sleep(Duration::from_millis(1000)).await;
    let outcome = terraform.destroy().await;
    assert!(!outcome.diagnostics.has_error(), "{:?}", outcome.said());
    is_the_one_backup(&aws, &terraform, &made).await;
}

#[tokio::test]
async fn a_wait_that_is_denied_names_the_action_and_is_gone_on_with() {
    let (aws, mut terraform) = applied(&config()).await;
    aws.set(json!({"denied_actions": ["dynamodb:DescribeBackup"]}))
        .await;
    let outcome = terraform.destroy().await;
    assert_eq!(outcome.said()[1..], ["error: Final backup is not finished"]);
    for part in [
        "Allow dynamodb:DescribeBackup",
        "Nothing was deleted",
        "within 1h",
    ] {
        assert!(outcome.details().contains(part), "{part}: {}", outcome.details());
    }
    let made = aws.backups("orders").await;
    aws.set(json!({"denied_actions": []})).await;
    terraform.destroy().await;
    is_the_one_backup(&aws, &terraform, &made).await;
}

#[tokio::test]
async fn a_destroy_that_is_killed_is_gone_on_with() {
    for operation in ["CreateBackup", "DescribeBackup"] {
        let (aws, mut terraform) = applied(&config()).await;
        aws.set(json!({"backup_creating_ms": 1500})).await;
        if operation == "CreateBackup" {
            aws.fault(json!({"service": "dynamodb", "operation": operation, "times": 1, "kind": "hang"}))
                .await;
        }
        kill_when_called(&mut terraform, &aws, operation).await;
        let made = aws.backups("orders").await;
        assert_eq!(made.len(), 1);
        let outcome = terraform.destroy().await;
        assert!(
            outcome
                .said()
                .contains(&"warning: Backup of an earlier destroy was taken over".to_owned()),
            "{operation}: {:?}",
            outcome.said()
        );
        is_the_one_backup(&aws, &terraform, &made).await;
    }
}

#[tokio::test]
async fn an_answer_that_is_lost_does_not_make_a_second_backup() {
    for kind in ["reset_after", "truncate"] {
        let (aws, mut terraform) = applied(&config()).await;
        aws.fault(json!({"service": "dynamodb", "operation": "CreateBackup", "times": 1, "kind": kind}))
            .await;
        let outcome = terraform.destroy().await;
        assert!(!outcome.diagnostics.has_error(), "{kind}: {:?}", outcome.said());
        let made = aws.backups("orders").await;
        is_the_one_backup(&aws, &terraform, &made).await;
    }
}

/// What was written in the hour would be lost with the table.
#[tokio::test]
async fn a_backup_that_is_too_old_is_not_the_last_one() {
    for (age, backups) in [(3500, 1), (3700, 2)] {
        let (aws, mut terraform) = applied(&config()).await;
        aws.set(json!({"backup_creating_ms": 1000})).await;
        kill_when_called(&mut terraform, &aws, "DescribeBackup").await;
        let first = aws.backups("orders").await;
        aws.advance(Duration::from_secs(age)).await;
        let outcome = terraform.destroy().await;
        assert!(!outcome.diagnostics.has_error(), "{:?}", outcome.said());
        assert_eq!(aws.backups("orders").await.len(), backups, "after {age} s");
        let told = "warning: Backup of an earlier destroy is left as it is".to_owned();
        assert_eq!(
            outcome.said().contains(&told),
            backups == 2,
            "{:?}",
            outcome.said()
        );
        assert!(outcome.details().contains(&first[0]), "{}", outcome.details());
        assert_eq!(terraform.attempts(), 0);
    }
}

/// As long as AWS makes it, no other one can be made.
#[tokio::test]
async fn a_backup_that_is_still_being_made_is_not_too_old() {
    let (aws, mut terraform) =
        applied(&json!({"table_name": "orders", "timeouts": {"delete": "700ms"}})).await;
    aws.set(json!({"backup_creating_ms": 10_000_000})).await;
    kill_when_called(&mut terraform, &aws, "DescribeBackup").await;
    aws.advance(Duration::from_secs(7200)).await;
    let outcome = terraform.destroy().await;
    assert!(
        outcome
            .said()
            .contains(&"error: Final backup is not finished".to_owned()),
        "{:?}",
        outcome.said()
    );
    assert!(terraform.object.is_some());
    assert_eq!(aws.count("CreateBackup").await, 1);
}

#[tokio::test]
async fn the_backup_of_a_table_of_the_same_name_is_not_taken_over() {
    let (aws, mut terraform) = applied(&config()).await;
    aws.set(json!({"backup_creating_ms": 1000, "table_deleting_ms": 0}))
        .await;
    kill_when_called(&mut terraform, &aws, "DescribeBackup").await;
    aws.dynamodb("DeleteTable", json!({"TableName": "orders"})).await;
    aws.create_table("orders").await;
    let outcome = terraform.destroy().await;
    assert!(!outcome.diagnostics.has_error(), "{:?}", outcome.said());
    assert_eq!(aws.count("CreateBackup").await, 2);
    assert!(
        outcome.details().contains("of another table"),
        "{}",
        outcome.details()
    );
}

#[tokio::test]
async fn an_imported_promise_needs_no_change() {
    let (aws, mut terraform) = applied(&config()).await;
    for id in ["orders", "orders@eu-west-1", ARN] {
        let mut imported = Terraform::with(&aws, TYPE);
        let found = imported.import(ImportTarget::Id(id.to_owned())).await;
        assert_eq!(summaries(&found), [""; 0], "{id}");
        let plan = imported
            .plan(&json!({"table_name": id.trim_end_matches("@eu-west-1")}))
            .await;
        assert_eq!((plan.action, plan.said()), (Action::Nothing, Vec::new()), "{id}");
    }
    let mut imported = Terraform::with(&aws, TYPE);
    imported.import(ImportTarget::Id("invoices".to_owned())).await;
    assert!(imported.object.is_none(), "there is no such table");
    terraform.destroy().await;
}

/// The one backup that was ever asked for is the final one, and nothing is left to do.
async fn is_the_one_backup(aws: &Aws, terraform: &Terraform, made: &[String]) {
    assert!(terraform.object.is_none());
    assert_eq!(made.len(), 1);
    assert_eq!(aws.backups("orders").await, made);
    assert_eq!(aws.count("CreateBackup").await, 1);
    let described = aws
        .dynamodb("DescribeBackup", json!({"BackupArn": made[0]}))
        .await;
    assert_eq!(
        described["BackupDescription"]["BackupDetails"]["BackupStatus"],
        "AVAILABLE"
    );
    assert_eq!(terraform.attempts(), 0);
}

/// Kills the provider in the middle of a destroy: what it holds is gone, what it wrote stays, and so does the state.
async fn kill_when_called(terraform: &mut Terraform, aws: &Aws, operation: &str) {
    let before = aws.count(operation).await;
    let object = terraform.object.clone();
    tokio::select! {
        outcome = terraform.destroy() => panic!("it was to be killed: {outcome:?}"),
        () = aws.until_called(operation, before + 1) => {}
    }
    terraform.object = object;
    assert_eq!(terraform.attempts(), 2, "a record and its lock");
}
