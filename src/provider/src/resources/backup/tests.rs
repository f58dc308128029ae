//! Plans as data, and the lifecycle against the simulator: above all that one wish makes one backup.

use std::time::Duration;

use expect_test::{Expect, expect};
use rules::Fact;
use rules::facts::{BackupStatus, BackupType, ObservedBackup, ObservedTable, TableStatus};
use serde_json::{Value as Json, json};
use tfsdk::{Attr, Change, Cx, ImportTarget, Model as _, Resource as _};

use super::{Backup, Model, Observed};
use crate::facts::Planner;
use crate::testing::{self, Action, Aws, Terraform, summaries};

const TYPE: &str = "dynamodb_backup";
const ARN: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/backup/01700000000000-0a1b2c3d";

fn model(given: &Json) -> Model {
    Model::from_value(&testing::value(&super::schema::schema().ty(), given)).expect("it fits the schema")
}

fn state(more: Json) -> Model {
    let mut given = json!({
        "table_name": "orders", "name": "before", "retain_on_destroy": false, "region": "eu-west-1", "arn": ARN,
        "status": "AVAILABLE", "type": "USER", "size_bytes": 1, "created_at": "2026-11-20T09:00:00Z",
        "unfinished": false,
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
    let mut proposed = Model {
        table_name: config.table_name.clone(),
        triggers: config.triggers.clone(),
        timeouts: config.timeouts.clone(),
        ..prior.clone()
    };
    for (written, planned) in [
        (&config.name, &mut proposed.name),
        (&config.region, &mut proposed.region),
    ] {
        if !written.is_null() {
            *planned = written.clone();
        }
    }
    if !config.retain_on_destroy.is_null() {
        proposed.retain_on_destroy = config.retain_on_destroy.clone();
    }
    Change::Update {
        prior: prior.clone(),
        config,
        proposed,
    }
}

fn observed() -> Observed {
    let at = |text: &str| Fact::Known(text.parse().expect("a time"));
    let table = Fact::Known(ObservedTable {
        status: Fact::Known(TableStatus::Active),
        ..ObservedTable::default()
    });
    Observed {
        planner: Planner {
            now: at("2026-11-20T09:30:00Z"),
            region: Some("eu-west-1".to_owned()),
            account: Some("111122223333".to_owned()),
            ..Planner::default()
        },
        table: table.clone(),
        prior_table: table,
        backup: Fact::Known(ObservedBackup {
            status: Fact::Known(BackupStatus::Available),
            backup_type: Fact::Known(BackupType::User),
            created_at: at("2026-11-20T09:00:00Z"),
            ..ObservedBackup::default()
        }),
        ..Observed::default()
    }
}

/// What changes, what replaces, and what is said.
fn check(change: Change<Model>, seen: Observed, expected: Expect) {
    let before = change.prior().map(|prior| testing::json(&prior.to_value()));
    let planned = Backup::plan(change, seen);
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

fn create(given: &Json) -> Change<Model> {
    let config = model(given);
    let proposed = Model {
        region: Attr::Unknown,
        name: Attr::Unknown,
        ..config.clone()
    };
    Change::Create { config, proposed }
}

#[test]
fn a_new_backup_gets_its_name_at_apply() {
    check(
        create(&json!({"table_name": "orders"})),
        observed(),
        expect![[r#"
        name = "(unknown)"
        region = "eu-west-1"
        table_name = "orders"
        unfinished = "(unknown)""#]],
    );
}

#[tokio::test]
async fn a_plan_tells_the_rules_what_was_planned_before_it() {
    let aws = Aws::start().await;
    aws.create_table("orders").await;
    let client = testing::client(&aws).await;
    let names = async |cx: &Cx| {
        let change = create(&json!({"table_name": "orders", "name": "before"}));
        let seen = Backup::observe(&client, &change, cx)
            .await
            .expect("it is observed");
        let facts = seen
            .planner
            .facts(rules::facts::Backup::unset(), rules::facts::Action::Create);
        facts
            .neighbours
            .backups
            .into_iter()
            .map(|it| it.name)
            .collect::<Vec<_>>()
    };
    let first = Cx::default();
    assert_eq!(names(&first).await, [""; 0]);
    assert_eq!(names(&Cx::default()).await, ["before"]);
    assert_eq!(names(&first).await, ["before"], "the other one, not itself");
}

#[test]
fn a_table_that_the_same_plan_may_make_is_a_warning() {
    let seen = Observed {
        table: Fact::Absent,
        ..observed()
    };
    check(
        create(&json!({"table_name": "orders"})),
        seen,
        expect![[r#"
        name = "(unknown)"
        region = "eu-west-1"
        table_name = "orders"
        unfinished = "(unknown)"
        warning at table_name: Table cannot be backed up"#]],
    );
}

#[test]
fn only_what_says_so_takes_a_new_backup() {
    let prior = state(json!({"triggers": {"release": "1"}}));
    let same = json!({"table_name": "orders", "triggers": {"release": "1"}});
    check(update(&prior, &same), Observed::default(), expect![""]);
    let arn = json!({"table_name": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders", "triggers": {"release": "1"}});
    check(
        update(&prior, &arn),
        Observed::default(),
        expect![[r#"table_name = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders""#]],
    );
    let kept = json!({"table_name": "orders", "triggers": {"release": "1"}, "retain_on_destroy": true});
    check(
        update(&prior, &kept),
        Observed::default(),
        expect!["retain_on_destroy = true"],
    );
}

#[test]
fn a_new_trigger_replaces_and_says_that_the_old_backup_goes_or_stays() {
    let prior = state(json!({"triggers": {"release": "1"}}));
    let next = json!({"table_name": "orders", "triggers": {"release": "2"}});
    check(
        update(&prior, &next),
        observed(),
        expect![[r#"
        triggers = {"release":"2"}
        replaces at triggers
        warning at retain_on_destroy: Backup will be deleted for good"#]],
    );
    let kept = state(json!({"triggers": {"release": "1"}, "retain_on_destroy": true}));
    check(
        update(&kept, &next),
        observed(),
        expect![[r#"
        triggers = {"release":"2"}
        replaces at triggers
        warning at retain_on_destroy: Replaced backup stays in AWS, and nothing deletes it"#]],
    );
}

#[test]
fn an_unfinished_backup_is_taken_up_in_place() {
    let prior = state(json!({"unfinished": true, "status": "CREATING"}));
    check(
        update(&prior, &json!({"table_name": "orders"})),
        Observed::default(),
        expect![[r#"
        size_bytes = "(unknown)"
        source_table = "(unknown)"
        status = "(unknown)"
        unfinished = "(unknown)""#]],
    );
}

#[test]
fn what_only_aws_may_delete_is_not_planned_away() {
    let said = |kind: BackupType| {
        let mut seen = observed();
        if let Fact::Known(backup) = &mut seen.backup {
            backup.backup_type = Fact::Known(kind);
        }
        summaries(
            &Backup::plan(
                Change::Destroy {
                    prior: state(json!({})),
                },
                seen,
            )
            .diagnostics,
        )
    };
    assert_eq!(
        said(BackupType::System),
        ["error at retain_on_destroy: System backup cannot be deleted"]
    );
    assert_eq!(
        said(BackupType::AwsBackup),
        ["error at retain_on_destroy: Backup of AWS Backup cannot be deleted through DynamoDB"]
    );
}

#[test]
fn a_backup_of_another_region_is_not_deleted_from_here() {
    let prior = state(json!({"region": "us-east-1"}));
    let planned = Backup::plan(Change::Destroy { prior }, observed());
    assert!(
        summaries(&planned.diagnostics)
            .contains(&"error at region: Backup would be deleted in another Region than its own".to_owned()),
        "{:?}",
        summaries(&planned.diagnostics)
    );
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

#[tokio::test]
async fn apply_then_nothing_then_destroy() {
    let (aws, mut terraform) = start().await;
    let outcome = terraform.apply(&config()).await;
    assert_eq!(outcome.said(), [""; 0]);
    let state = terraform.state();
    assert_eq!(
        aws.backups("orders").await,
        [state["arn"].as_str().expect("an ARN")]
    );
    assert!(
        state["name"]
            .as_str()
            .is_some_and(|name| crate::resources::backup_name::is_generated(name, "orders"))
    );
    for (name, value) in [
        ("status", json!("AVAILABLE")),
        ("type", json!("USER")),
        ("unfinished", json!(false)),
        ("region", json!("eu-west-1")),
        ("expires_at", Json::Null),
    ] {
        assert_eq!(state[name], value, "{name}");
    }
    assert_eq!(state["source_table"]["name"], "orders");
    assert_eq!(terraform.attempts(), 0);

    // AWS corrects sizes for hours.
    aws.forget_calls().await;
    aws.advance(Duration::from_secs(12 * 3600)).await;
    assert_eq!(terraform.plan(&config()).await.action, Action::Nothing);
    assert_eq!(
        (aws.count("ListBackups").await, aws.count("DescribeBackup").await),
        (1, 0)
    );

    let outcome = terraform.destroy().await;
    assert_eq!(
        outcome.said(),
        ["warning at retain_on_destroy: Backup will be deleted for good"]
    );
    assert!(aws.backups("orders").await.is_empty() && terraform.object.is_none());
}

#[tokio::test]
async fn a_backup_that_is_retained_outlives_destroy_and_replacement() {
    let (aws, mut terraform) = start().await;
    let config = |release: &str| json!({"table_name": "orders", "retain_on_destroy": true, "triggers": {"release": release}});
    terraform.apply(&config("1")).await;
    let outcome = terraform.apply(&config("2")).await;
    assert_eq!((outcome.action, outcome.said()), (Action::Replace, Vec::new()));
    assert_eq!(aws.backups("orders").await.len(), 2);
    terraform.destroy().await;
    assert_eq!(aws.backups("orders").await.len(), 2);
    assert_eq!(aws.count("DeleteBackup").await, 0);
}

#[tokio::test]
async fn a_deletion_behind_terraforms_back_is_told_and_planned_anew() {
    let (aws, mut terraform) = start().await;
    terraform.apply(&config()).await;
    let arn = terraform.state()["arn"].clone();
    aws.dynamodb("DeleteBackup", json!({"BackupArn": arn})).await;
    let plan = terraform.plan(&config()).await;
    assert_eq!(plan.action, Action::Create);
    assert_eq!(plan.said(), ["warning: Backup was deleted outside Terraform"]);
    assert!(plan.details().contains("the data of today"), "{}", plan.details());
}

#[tokio::test]
async fn an_interrupted_wait_is_taken_up_in_place() {
    let (aws, mut terraform) = start().await;
    aws.set(json!({"backup_creating_ms": 1500})).await;
    let interrupt = terraform.interrupter();
    let config = config();
    let (outcome, ()) = tokio::join!(terraform.apply(&config), async {
        aws.until_called("DescribeBackup", 1).await;
        interrupt();
    });
    assert_eq!(outcome.said(), ["warning: Backup is not finished yet"]);
    assert_eq!(terraform.state()["unfinished"], true);
    assert!(!terraform.object.as_ref().is_some_and(|object| object.tainted));
    assert_eq!(terraform.attempts(), 0, "Terraform has it");

    let outcome = terraform.apply(&config).await;
    assert_eq!((outcome.action, outcome.said()), (Action::Update, Vec::new()));
    assert_eq!(
        (
            terraform.state()["unfinished"].clone(),
            terraform.state()["status"].clone()
        ),
        (json!(false), json!("AVAILABLE"))
    );
    assert_eq!(terraform.plan(&config).await.action, Action::Nothing);
    assert_eq!(aws.count("CreateBackup").await, 1);
}

#[tokio::test]
async fn a_wait_that_runs_out_of_time_is_taken_up_by_the_replacement() {
    for create_before_destroy in [false, true] {
        let (aws, mut terraform) = start().await;
        terraform.create_before_destroy = create_before_destroy;
        aws.set(json!({"backup_creating_ms": 1500})).await;
        let outcome = terraform
            .apply(&json!({"table_name": "orders", "timeouts": {"create": "700ms"}}))
            .await;
        assert_eq!(outcome.said(), ["error: Backup is not finished"]);
        let arn = terraform.state()["arn"].clone();
        assert!(
            outcome.details().contains(arn.as_str().expect("an ARN")),
            "{}",
            outcome.details()
        );
        assert!(terraform.object.as_ref().is_some_and(|object| object.tainted));

        let outcome = terraform.apply(&config()).await;
        assert_eq!(outcome.action, Action::Replace);
        assert!(!outcome.diagnostics.has_error(), "{:?}", outcome.said());
        assert!(
            outcome
                .said()
                .contains(&"warning: Backup of an earlier apply was taken over".to_owned())
        );
        assert!(
            !outcome.details().contains("will be deleted"),
            "{}",
            outcome.details()
        );
        assert_eq!(
            (
                terraform.state()["arn"].clone(),
                terraform.state()["unfinished"].clone()
            ),
            (arn, json!(false))
        );
        assert_eq!(
            (aws.count("CreateBackup").await, aws.count("DeleteBackup").await),
            (1, 0)
        );
        assert_eq!(terraform.plan(&config()).await.action, Action::Nothing);
        assert_eq!(
            terraform.attempts(),
            0,
            "create_before_destroy = {create_before_destroy}"
        );
    }
}

#[tokio::test]
async fn an_apply_that_is_killed_while_it_waits_is_gone_on_with() {
    let (aws, mut terraform) = start().await;
    aws.set(json!({"backup_creating_ms": 1500})).await;
    kill_when_called(&mut terraform, &aws, "DescribeBackup").await;
    assert!(terraform.object.is_none());
    let outcome = terraform.apply(&config()).await;
    assert_eq!(
        outcome.said(),
        ["warning: Backup of an earlier apply was taken over"]
    );
    assert_eq!(aws.backups("orders").await.len(), 1);
    assert_eq!(aws.count("CreateBackup").await, 1);
    assert_eq!(terraform.attempts(), 0);
}

#[tokio::test]
async fn an_apply_that_is_killed_before_aws_answers_finds_its_backup() {
    let (aws, mut terraform) = start().await;
    aws.fault(json!({"service": "dynamodb", "operation": "CreateBackup", "times": 1, "kind": "hang"}))
        .await;
    kill_when_called(&mut terraform, &aws, "CreateBackup").await;
    let outcome = terraform.apply(&config()).await;
    assert_eq!(
        outcome.said(),
        ["warning: Backup of an earlier apply was taken over"]
    );
    assert_eq!(aws.backups("orders").await.len(), 1);
    assert_eq!(aws.count("CreateBackup").await, 1);
}

#[tokio::test]
async fn an_answer_that_is_lost_does_not_make_a_second_backup() {
    for kind in ["reset_after", "truncate"] {
        let (aws, mut terraform) = start().await;
        aws.fault(json!({"service": "dynamodb", "operation": "CreateBackup", "times": 1, "kind": kind}))
            .await;
        let outcome = terraform.apply(&config()).await;
        assert_eq!(outcome.said(), [""; 0], "{kind}");
        assert_eq!(
            (aws.count("CreateBackup").await, aws.backups("orders").await.len()),
            (1, 1),
            "{kind}"
        );
    }
}

#[tokio::test]
async fn two_alike_objects_take_one_attempt_over_once() {
    let (aws, mut terraform) = start().await;
    aws.set(json!({"backup_creating_ms": 1500})).await;
    kill_when_called(&mut terraform, &aws, "DescribeBackup").await;
    terraform.apply(&config()).await;
    let first = terraform.state()["arn"].clone();
    // A second object with the same arguments finds no attempt left.
    terraform.object = None;
    assert_eq!(terraform.apply(&config()).await.said(), [""; 0]);
    assert_ne!(terraform.state()["arn"], first);
    assert_eq!(aws.backups("orders").await.len(), 2);
}

#[tokio::test]
async fn other_triggers_are_another_wish() {
    let (aws, mut terraform) = start().await;
    aws.set(json!({"backup_creating_ms": 1500})).await;
    kill_when_called(&mut terraform, &aws, "DescribeBackup").await;
    let outcome = terraform
        .apply(&json!({"table_name": "orders", "triggers": {"release": "2"}}))
        .await;
    assert_eq!(outcome.said(), [""; 0]);
    assert_eq!(aws.backups("orders").await.len(), 2);
}

#[tokio::test]
async fn an_attempt_that_aws_never_did_is_made_now() {
    let (aws, mut terraform) = start().await;
    terraform.apply(&config()).await;
    let arn = terraform.state()["arn"].clone();
    aws.set(json!({"backup_creating_ms": 1500})).await;
    terraform.object = None;
    kill_when_called(&mut terraform, &aws, "DescribeBackup").await;
    // Both are deleted: what the record names is gone.
    aws.set(json!({"backup_creating_ms": 0})).await;
    tokio::time::sleep(Duration::from_millis(1600)).await;
    for arn in aws.backups("orders").await {
        aws.dynamodb("DeleteBackup", json!({"BackupArn": arn})).await;
    }
    let outcome = terraform.apply(&config()).await;
    assert_eq!(outcome.said(), [""; 0]);
    assert_ne!(terraform.state()["arn"], arn);
    assert_eq!((aws.backups("orders").await.len(), terraform.attempts()), (1, 0));
}

#[tokio::test]
async fn not_now_is_waited_for_and_never_is_said() {
    let (aws, mut terraform) = start().await;
    for code in [
        "ContinuousBackupsUnavailableException",
        "BackupInUseException",
        "TableInUseException",
    ] {
        aws.fault(json!({
            "service": "dynamodb", "operation": "CreateBackup", "times": 1, "kind": "error", "status": 400,
            "code": code, "message": "Backups are being enabled for the table: orders. Please retry later",
        }))
        .await;
    }
    let outcome = terraform.apply(&config()).await;
    assert_eq!(outcome.said(), [""; 0]);
    assert_eq!(aws.backups("orders").await.len(), 1);

    let mut nowhere = Terraform::with(&aws, TYPE);
    let outcome = nowhere.apply(&json!({"table_name": "invoices"})).await;
    assert_eq!(outcome.said(), ["error at table_name: Backup cannot be created"]);
    let details = outcome.details();
    assert!(
        details.contains("no table \"invoices\" in eu-west-1 of account 111122223333"),
        "{details}"
    );
    assert_eq!(nowhere.attempts(), 0);
}

#[tokio::test]
async fn an_order_that_aws_never_took_leaves_nothing() {
    let not_now = json!({
        "service": "dynamodb", "operation": "CreateBackup", "times": null, "kind": "error", "status": 400,
        "code": "ContinuousBackupsUnavailableException",
        "message": "Backups are being enabled for the table: orders. Please retry later",
    });
    let (aws, mut terraform) = start().await;
    aws.fault(not_now.clone()).await;
    let interrupt = terraform.interrupter();
    let config = config();
    let (outcome, ()) = tokio::join!(terraform.apply(&config), async {
        aws.until_called("CreateBackup", 1).await;
        interrupt();
    });
    assert_eq!(outcome.said(), ["error: Backup cannot be created"]);
    assert!(
        outcome.details().contains("The run was interrupted"),
        "{}",
        outcome.details()
    );
    assert!(terraform.object.is_none());
    assert_eq!(terraform.attempts(), 0);

    let started = std::time::Instant::now();
    let outcome = terraform
        .apply(&json!({"table_name": "orders", "timeouts": {"create": "1200ms"}}))
        .await;
    assert_eq!(outcome.said(), ["error: Backup cannot be created"]);
    assert!(
        outcome.details().contains("Backups are being enabled"),
        "{}",
        outcome.details()
    );
    let took = started.elapsed();
    assert!(
        took >= Duration::from_millis(1200) && took < Duration::from_secs(5),
        "{took:?}"
    );
    assert_eq!(terraform.attempts(), 0);
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_told_and_stops_nothing() {
    let (_aws, mut terraform) = start().await;
    std::fs::write(terraform.data_folder().join("dynamodb"), "in the way").expect("the folder is ours");
    let outcome = terraform.apply(&config()).await;
    assert_eq!(outcome.said(), ["warning: Attempts cannot be recorded"]);
    assert_eq!(terraform.state()["status"], "AVAILABLE");
}

#[tokio::test]
async fn a_denied_call_names_the_action_and_leaves_no_attempt() {
    let (aws, mut terraform) = start().await;
    aws.set(json!({"denied_actions": ["dynamodb:CreateBackup"]}))
        .await;
    let outcome = terraform.apply(&config()).await;
    assert_eq!(outcome.said(), ["error: Backup cannot be created"]);
    assert!(
        outcome.details().contains("Allow dynamodb:CreateBackup"),
        "{}",
        outcome.details()
    );
    assert!(terraform.object.is_none());
    assert_eq!(terraform.attempts(), 0);
}

#[tokio::test]
async fn whoever_may_not_describe_the_table_still_gets_a_backup() {
    let (aws, mut terraform) = start().await;
    aws.set(json!({"denied_actions": ["dynamodb:DescribeTable"]}))
        .await;
    let plan = terraform.plan(&config()).await;
    assert_eq!(
        plan.said(),
        ["warning at table_name: Check was not made: dynamodb:DescribeTable is denied"]
    );
    let outcome = terraform.apply(&config()).await;
    assert!(!outcome.diagnostics.has_error(), "{:?}", outcome.said());
    assert_eq!(terraform.state()["status"], "AVAILABLE");
}

#[tokio::test]
async fn an_imported_backup_needs_no_change() {
    let (aws, mut terraform) = start().await;
    let config = json!({"table_name": "orders", "name": "before-release"});
    terraform.apply(&config).await;
    let arn = terraform.state()["arn"].as_str().expect("an ARN").to_owned();
    let mut imported = Terraform::with(&aws, TYPE);
    let found = imported.import(ImportTarget::Id(arn.clone())).await;
    assert_eq!(summaries(&found), [""; 0]);
    assert_eq!(imported.state(), terraform.state());
    let plan = imported.plan(&config).await;
    assert_eq!((plan.action, plan.said()), (Action::Nothing, Vec::new()));

    let found = imported
        .import(ImportTarget::Id(format!("{arn}@us-east-1")))
        .await;
    assert_eq!(summaries(&found), ["error: Import id has another form"]);
}

#[tokio::test]
async fn an_imported_system_backup_is_read_and_never_deleted() {
    let (aws, _) = start().await;
    aws.set(json!({"table_deleting_ms": 0, "system_backup_ms": 0}))
        .await;
    let specification = json!({"PointInTimeRecoveryEnabled": true});
    let input = json!({"TableName": "orders", "PointInTimeRecoverySpecification": specification});
    aws.dynamodb("UpdateContinuousBackups", input).await;
    aws.dynamodb("DeleteTable", json!({"TableName": "orders"})).await;
    let listed = aws.dynamodb("ListBackups", json!({"BackupType": "SYSTEM"})).await;
    let arn = listed["BackupSummaries"][0]["BackupArn"]
        .as_str()
        .expect("a system backup")
        .to_owned();
    let mut terraform = Terraform::with(&aws, TYPE);
    assert_eq!(summaries(&terraform.import(ImportTarget::Id(arn)).await), [""; 0]);
    assert_eq!(terraform.state()["type"], "SYSTEM");
    assert!(!terraform.state()["expires_at"].is_null());
    let outcome = terraform.destroy().await;
    assert!(outcome.diagnostics.has_error(), "{:?}", outcome.said());
    assert!(terraform.object.is_some());
    assert_eq!(aws.count("DeleteBackup").await, 0);
}

#[tokio::test]
async fn a_backup_that_is_gone_already_is_destroyed() {
    let (aws, mut terraform) = start().await;
    terraform.apply(&config()).await;
    let arn = terraform.state()["arn"].clone();
    aws.dynamodb("DeleteBackup", json!({"BackupArn": arn})).await;
    let outcome = terraform.destroy_without_refresh().await;
    assert!(
        !outcome.diagnostics.has_error() && terraform.object.is_none(),
        "{:?}",
        outcome.said()
    );
}

#[tokio::test]
async fn the_backups_of_a_table_are_refreshed_with_one_list() {
    let (aws, mut terraform) = start().await;
    terraform.apply(&config()).await;
    let object = terraform.object.clone();
    aws.forget_calls().await;
    let server = terraform.start().await;
    let object = object.expect("an object");
    for _ in 0..20 {
        let read = server
            .read(tfsdk::server::ReadRequest {
                type_name: TYPE.to_owned(),
                state: object.state.clone(),
                private: Vec::new(),
                identity: None,
            })
            .await;
        assert!(read.diagnostics.is_empty(), "{:?}", read.diagnostics);
    }
    assert_eq!(
        (aws.count("ListBackups").await, aws.count("DescribeBackup").await),
        (1, 0)
    );
}

/// Kills the provider in the middle of an apply: what it holds is gone, what it wrote stays.
async fn kill_when_called(terraform: &mut Terraform, aws: &Aws, operation: &str) {
    let before = aws.count(operation).await;
    let config = config();
    tokio::select! {
        outcome = terraform.apply(&config) => panic!("it was to be killed: {outcome:?}"),
        () = aws.until_called(operation, before + 1) => {}
    }
    assert_eq!(terraform.attempts(), 2, "a record and its lock");
}
