//! Whatever is cut off, the next apply goes on with the same table, and never with somebody else's.

use serde_json::{Value as Json, json};
use std::time::Duration;

use super::Scene;
use crate::testing::Action;

/// A scene with a restore that takes its time.
async fn slow() -> Scene {
    let scene = Scene::start().await;
    scene.aws.set(json!({"restore_ms": 1500})).await;
    scene
}

fn tagged(scene: &Scene) -> Json {
    scene.config(json!({"tags": {"a": "1"}, "time_to_live": {"attribute_name": "expires"}}))
}

/// The table is finished, and it is the one of the one restore.
async fn assert_finished(scene: &mut Scene, config: &Json, deletes: u64) {
    let state = scene.terraform.state();
    assert_eq!(
        (&state["unfinished"], &state["status"]),
        (&json!(false), &json!("ACTIVE"))
    );
    assert_eq!(state["table_id"], scene.table().await["TableId"]);
    assert_eq!(scene.terraform.plan(config).await.action, Action::Nothing);
    assert_eq!(scene.restores_and_deletes().await.1, deletes);
    assert_eq!(scene.terraform.attempts(), 0, "no record is left");
}

#[tokio::test]
async fn ctrl_c_leaves_an_unfinished_table_that_the_next_apply_finishes() {
    let mut scene = slow().await;
    let config = tagged(&scene);
    let interrupt = scene.terraform.interrupter();
    let (outcome, ()) = tokio::join!(scene.terraform.apply(&config), async {
        scene.aws.until_called("RestoreTableFromBackup", 1).await;
        interrupt();
    });
    assert_eq!(outcome.said(), ["warning: Restore goes on in AWS"]);
    assert_eq!(scene.terraform.state()["unfinished"], true);
    assert!(
        !scene
            .terraform
            .object
            .as_ref()
            .is_some_and(|object| object.tainted)
    );
    assert_eq!(scene.terraform.attempts(), 0, "Terraform has it");

    let outcome = scene.terraform.apply(&config).await;
    assert_eq!((outcome.action, outcome.said()), (Action::Update, Vec::new()));
    assert_finished(&mut scene, &config, 0).await;
    assert_eq!(scene.aws.count("RestoreTableFromBackup").await, 1);
    assert!(scene.terraform.state()["restore_duration_seconds"].is_u64());
}

#[tokio::test]
async fn an_interrupted_resumption_is_resumed_again() {
    let mut scene = slow().await;
    let config = tagged(&scene);
    for _ in 0..2 {
        scene.aws.forget_calls().await;
        let interrupt = scene.terraform.interrupter();
        let (outcome, ()) = tokio::join!(scene.terraform.apply(&config), async {
            // The refresh, the plans and the apply look at the table; then the wait does.
            scene.aws.until_called("DescribeTable", 5).await;
            interrupt();
        });
        assert_eq!(outcome.said(), ["warning: Restore goes on in AWS"]);
        assert_eq!(scene.terraform.state()["unfinished"], true);
    }
    scene.terraform.apply(&config).await;
    assert_finished(&mut scene, &config, 0).await;
}

#[tokio::test]
async fn a_wait_that_runs_out_of_time_is_taken_up_by_the_replacement() {
    for create_before_destroy in [false, true] {
        let mut scene = slow().await;
        scene.terraform.create_before_destroy = create_before_destroy;
        let config = tagged(&scene);
        let hasty = super::with(config.clone(), json!({"timeouts": {"create": "700ms"}}));
        let outcome = scene.terraform.apply(&hasty).await;
        assert_eq!(outcome.said(), ["error: Restored table is not finished"]);
        assert!(
            outcome.details().contains("does not delete it"),
            "{}",
            outcome.details()
        );
        assert!(
            scene
                .terraform
                .object
                .as_ref()
                .is_some_and(|object| object.tainted)
        );

        let outcome = scene.terraform.apply(&config).await;
        assert_eq!(outcome.action, Action::Replace);
        assert!(
            !outcome.diagnostics.has_error(),
            "{:?}\n{}",
            outcome.said(),
            outcome.details()
        );
        assert_finished(&mut scene, &config, 0).await;
        assert_eq!(
            scene.aws.count("RestoreTableFromBackup").await,
            1,
            "{create_before_destroy}"
        );
    }
}

#[tokio::test]
async fn a_setting_that_is_denied_is_set_by_the_next_apply() {
    let mut scene = Scene::start().await;
    let config = tagged(&scene);
    scene
        .aws
        .set(json!({"denied_actions": ["dynamodb:TagResource"]}))
        .await;
    let outcome = scene.terraform.apply(&config).await;
    assert_eq!(outcome.said(), ["error: Restored table is not finished"]);
    scene.aws.set(json!({"denied_actions": []})).await;
    scene.terraform.apply(&config).await;
    assert_finished(&mut scene, &config, 0).await;
    assert_eq!(scene.aws.count("RestoreTableFromBackup").await, 1);
}

#[tokio::test]
async fn an_apply_that_is_killed_is_gone_on_with() {
    let mut scene = slow().await;
    let config = tagged(&scene);
    scene.kill_when_called(&config, "RestoreTableFromBackup").await;
    assert!(scene.terraform.object.is_none());
    let outcome = scene.terraform.apply(&config).await;
    assert_eq!(
        (outcome.action, outcome.said()),
        (
            Action::Create,
            vec!["warning: Restore of an earlier apply was taken up".to_owned()]
        )
    );
    assert_finished(&mut scene, &config, 0).await;
    assert_eq!(scene.aws.count("RestoreTableFromBackup").await, 1);
}

#[tokio::test]
async fn an_apply_that_is_killed_is_gone_on_with_when_the_table_is_active_by_then() {
    let mut scene = slow().await;
    let config = tagged(&scene);
    scene.kill_when_called(&config, "RestoreTableFromBackup").await;
    tokio::time::sleep(Duration::from_millis(1600)).await;
    assert_eq!(scene.table().await["TableStatus"], "ACTIVE");
    let outcome = scene.terraform.apply(&config).await;
    assert!(!outcome.diagnostics.has_error(), "{:?}", outcome.said());
    assert_finished(&mut scene, &config, 0).await;
    assert_eq!(
        scene.terraform.state()["restore_duration_seconds"],
        Json::Null,
        "nobody saw the end"
    );
    assert_eq!(scene.aws.count("RestoreTableFromBackup").await, 1);
}

#[tokio::test]
async fn an_attempt_from_another_source_is_not_taken_for_this_one() {
    let mut scene = slow().await;
    let config = tagged(&scene);
    scene.kill_when_called(&config, "RestoreTableFromBackup").await;
    let made = scene
        .aws
        .dynamodb(
            "CreateBackup",
            json!({"TableName": "orders", "BackupName": "weekly"}),
        )
        .await;
    let other = super::with(
        config.clone(),
        json!({"source": {"backup_arn": made["BackupDetails"]["BackupArn"]}}),
    );
    let refused = scene.terraform.plan(&other).await;
    assert_eq!(
        refused.said(),
        ["error at name: Table to restore into is being made already"]
    );
    // The old source takes it up.
    scene.terraform.apply(&config).await;
    assert_finished(&mut scene, &config, 0).await;
}

#[tokio::test]
async fn an_unfinished_table_of_an_edited_source_makes_room() {
    let mut scene = slow().await;
    let config = tagged(&scene);
    scene
        .terraform
        .apply(&super::with(
            config.clone(),
            json!({"timeouts": {"create": "500ms"}}),
        ))
        .await;
    let made = scene
        .aws
        .dynamodb(
            "CreateBackup",
            json!({"TableName": "orders", "BackupName": "weekly"}),
        )
        .await;
    let other = super::with(
        config,
        json!({"source": {"backup_arn": made["BackupDetails"]["BackupArn"]}}),
    );
    let outcome = scene.terraform.apply(&other).await;
    assert_eq!(outcome.action, Action::Replace);
    assert!(
        !outcome.diagnostics.has_error(),
        "{:?}\n{}",
        outcome.said(),
        outcome.details()
    );
    assert_finished(&mut scene, &other, 1).await;
    assert_eq!(scene.aws.count("RestoreTableFromBackup").await, 2);
}

#[tokio::test]
async fn a_lost_record_does_not_hinder_what_aws_shows() {
    let mut scene = slow().await;
    let config = tagged(&scene);
    scene.kill_when_called(&config, "RestoreTableFromBackup").await;
    // Another machine: no journal. AWS shows where the table comes from while the restore runs.
    let mut elsewhere = crate::testing::Terraform::with(&scene.aws, super::TYPE);
    std::mem::swap(&mut scene.terraform, &mut elsewhere);
    let outcome = scene.terraform.apply(&config).await;
    assert!(
        !outcome.diagnostics.has_error(),
        "{:?}\n{}",
        outcome.said(),
        outcome.details()
    );
    assert_finished(&mut scene, &config, 0).await;
    assert_eq!(
        scene.aws.count("RestoreTableFromBackup").await,
        2,
        "the second was refused"
    );
}

#[tokio::test]
async fn without_a_proof_a_table_is_somebody_elses() {
    let mut scene = Scene::start().await;
    let config = tagged(&scene);
    let aws = &scene.aws;
    aws.dynamodb(
        "RestoreTableFromBackup",
        json!({"TargetTableName": "orders-restored", "BackupArn": scene.backup_arn}),
    )
    .await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(scene.table().await["TableStatus"], "ACTIVE");
    let refused = scene.terraform.plan(&config).await;
    assert_eq!(
        refused.said(),
        ["error at name: Table to restore into already exists"]
    );
    // Nor where the plan could not see it.
    scene.terraform.provider = json!({"validation": {"observe": false}});
    let outcome = scene.terraform.apply(&config).await;
    assert_eq!(
        outcome.said(),
        ["error at name: Table to restore into already exists"]
    );
    assert!(
        outcome.details().contains("terraform import"),
        "{}",
        outcome.details()
    );
    assert!(scene.terraform.object.is_none());
    assert_eq!(scene.terraform.attempts(), 0);
}

#[tokio::test]
async fn a_restore_that_aws_never_took_is_no_proof() {
    let mut scene = Scene::start().await;
    let config = tagged(&scene);
    let busy = json!({
        "service": "dynamodb", "operation": "RestoreTableFromBackup", "times": null, "kind": "error", "status": 400,
        "code": "LimitExceededException", "message": "Only 50 restore operations can be running at a time",
    });
    scene.aws.fault(busy).await;
    scene.kill_when_called(&config, "RestoreTableFromBackup").await;
    scene
        .aws
        .control(reqwest::Method::DELETE, "faults", Json::Null)
        .await;
    scene.aws.advance(Duration::from_secs(120)).await;
    scene.aws.create_table("orders-restored").await;
    let refused = scene.terraform.plan(&config).await;
    assert_eq!(
        refused.said(),
        ["error at name: Table to restore into already exists"]
    );
    scene.terraform.provider = json!({"validation": {"observe": false}});
    let outcome = scene.terraform.apply(&config).await;
    assert_eq!(
        outcome.said(),
        ["error at name: Table to restore into already exists"]
    );
    assert!(scene.terraform.object.is_none());
    assert_eq!(scene.table().await["TableStatus"], "ACTIVE");
}

#[tokio::test]
async fn an_apply_that_is_killed_before_aws_answers_finds_its_table() {
    let mut scene = Scene::start().await;
    let config = tagged(&scene);
    scene
        .aws
        .fault(
            json!({"service": "dynamodb", "operation": "RestoreTableFromBackup", "times": 1, "kind": "hang"}),
        )
        .await;
    scene.kill_when_called(&config, "RestoreTableFromBackup").await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(scene.table().await["TableStatus"], "ACTIVE");
    let outcome = scene.terraform.apply(&config).await;
    assert_eq!(
        outcome.said(),
        ["warning: Restore of an earlier apply was taken up"]
    );
    assert_finished(&mut scene, &config, 0).await;
    assert_eq!(scene.aws.count("RestoreTableFromBackup").await, 1);
}

#[tokio::test]
async fn a_restore_that_fails_in_aws_says_so_and_is_made_anew() {
    let mut scene = slow().await;
    let config = tagged(&scene);
    let failing = json!({"region": "eu-west-1", "account": "111122223333", "table": "orders-restored"});
    let (outcome, ()) = tokio::join!(scene.terraform.apply(&config), async {
        scene.aws.until_called("RestoreTableFromBackup", 1).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        scene
            .aws
            .control(reqwest::Method::POST, "tables/fail_restore", failing)
            .await;
    });
    assert_eq!(outcome.said(), ["error: Restore failed in AWS"]);
    scene.aws.set(json!({"restore_ms": 100})).await;
    let outcome = scene.terraform.apply(&config).await;
    assert!(!outcome.diagnostics.has_error(), "{:?}", outcome.said());
    assert_finished(&mut scene, &config, 0).await;
    assert_eq!(scene.aws.count("RestoreTableFromBackup").await, 2);
}

#[tokio::test]
async fn a_table_that_is_still_restoring_is_waited_for_and_destroyed() {
    let mut scene = slow().await;
    let config = tagged(&scene);
    let interrupt = scene.terraform.interrupter();
    tokio::join!(scene.terraform.apply(&config), async {
        scene.aws.until_called("RestoreTableFromBackup", 1).await;
        interrupt();
    });
    assert_eq!(scene.terraform.destroy().await.said(), [""; 0]);
    assert_eq!(scene.restores_and_deletes().await, (1, 1));
    assert!(scene.terraform.object.is_none());
}

#[tokio::test]
async fn a_finished_table_that_is_tainted_is_really_replaced() {
    let mut scene = Scene::start().await;
    let config = tagged(&scene);
    scene.terraform.apply(&config).await;
    let id = scene.table().await["TableId"].clone();
    scene.terraform.taint();
    let outcome = scene.terraform.apply(&config).await;
    assert_eq!((outcome.action, outcome.said()), (Action::Replace, Vec::new()));
    assert_finished(&mut scene, &config, 1).await;
    assert_ne!(scene.table().await["TableId"], id);
    assert_eq!(scene.restores_and_deletes().await, (2, 1));
}

#[tokio::test]
async fn triggers_and_a_name_restore_anew() {
    let mut scene = Scene::start().await;
    let config = tagged(&scene);
    scene.terraform.apply(&config).await;
    let drill = super::with(config.clone(), json!({"triggers": {"drill": "1"}}));
    assert_eq!(scene.terraform.apply(&drill).await.action, Action::Replace);
    assert_finished(&mut scene, &drill, 1).await;
    let renamed = super::with(drill, json!({"name": "orders-again"}));
    let outcome = scene.terraform.apply(&renamed).await;
    assert_eq!((outcome.action, outcome.said()), (Action::Replace, Vec::new()));
    assert_eq!(scene.restores_and_deletes().await, (3, 2));
    let taken = super::with(renamed, json!({"name": "orders"}));
    assert!(
        scene
            .terraform
            .plan(&taken)
            .await
            .said()
            .contains(&"error at name: Table to restore into already exists".to_owned())
    );
}

#[tokio::test]
async fn whatever_happens_to_an_answer_there_is_one_table() {
    for (operation, kind) in [
        ("RestoreTableFromBackup", "reset_after"),
        ("RestoreTableFromBackup", "truncate"),
        ("RestoreTableFromBackup", "error_after"),
        ("UpdateTable", "reset_after"),
        ("UpdateTimeToLive", "reset_after"),
        ("TagResource", "reset_after"),
    ] {
        let mut scene = Scene::start().await;
        scene
            .aws
            .fault(json!({
                "service": "dynamodb", "operation": operation, "times": 1, "kind": kind, "status": 500,
                "code": "InternalServerError", "message": "lost",
            }))
            .await;
        let config = super::with(tagged(&scene), json!({"stream": {"view_type": "KEYS_ONLY"}}));
        let outcome = scene.terraform.apply(&config).await;
        assert_eq!(outcome.said(), [""; 0], "{operation} {kind}");
        assert_finished(&mut scene, &config, 0).await;
        assert_eq!(
            scene.aws.count("RestoreTableFromBackup").await,
            1,
            "{operation} {kind}"
        );
    }
}

#[tokio::test]
async fn not_now_is_waited_for() {
    let mut scene = Scene::start().await;
    for (operation, code, message) in [
        (
            "RestoreTableFromBackup",
            "BackupInUseException",
            "Backup is being used to restore another table",
        ),
        (
            "RestoreTableFromBackup",
            "LimitExceededException",
            "Only 50 restore operations can be running at a time",
        ),
        (
            "TagResource",
            "ResourceInUseException",
            "Attempt to change a resource which is still in use",
        ),
        (
            "TagResource",
            "ResourceNotFoundException",
            "Requested resource not found",
        ),
        (
            "UpdateTable",
            "ResourceInUseException",
            "Attempt to change a resource which is still in use",
        ),
        (
            "UpdateTable",
            "LimitExceededException",
            "Subscriber limit exceeded: Only 10 tables at a time",
        ),
        (
            "UpdateTimeToLive",
            "ValidationException",
            "Time to live has been modified multiple times within a fixed interval",
        ),
    ] {
        scene
            .aws
            .fault(json!({
                "service": "dynamodb", "operation": operation, "times": 1, "kind": "error", "status": 400,
                "code": code, "message": message,
            }))
            .await;
    }
    let config = super::with(tagged(&scene), json!({"deletion_protection_enabled": true}));
    assert_eq!(scene.terraform.apply(&config).await.said(), [""; 0]);
    assert_finished(&mut scene, &config, 0).await;
}

#[tokio::test]
async fn a_name_that_is_being_freed_is_waited_for() {
    let mut scene = Scene::start().await;
    let config = tagged(&scene);
    scene.aws.create_table("orders-restored").await;
    scene.aws.set(json!({"table_deleting_ms": 1200})).await;
    scene
        .aws
        .dynamodb("DeleteTable", json!({"TableName": "orders-restored"}))
        .await;
    let outcome = scene.terraform.apply(&config).await;
    assert!(
        !outcome.diagnostics.has_error(),
        "{:?}\n{}",
        outcome.said(),
        outcome.details()
    );
    assert_eq!(scene.terraform.state()["status"], "ACTIVE");
}
