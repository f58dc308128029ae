//! Applies that are cut off: the next one goes on with the same vault.

use serde_json::{Value as Json, json};

use super::{ARN, TYPE, assert_empty, config, is_done, make_vault, outside, vault};
use crate::testing::{Action, Aws, Terraform};

fn air_gapped() -> Json {
    config(&json!({"vault_type": "LOGICALLY_AIR_GAPPED_BACKUP_VAULT",
        "lock": {"min_retention_days": 7, "max_retention_days": 30}}))
}

fn full() -> Json {
    config(
        &json!({"policy": "{\"Statement\": []}", "lock": {"min_retention_days": 7, "changeable_for_days": 3}}),
    )
}

async fn request_id(aws: &Aws) -> Option<String> {
    vault(aws).await.and_then(|vault| vault.creator_request_id)
}

/// Ends an apply as SIGKILL does, when an operation is called.
async fn kill_when_called(terraform: &mut Terraform, aws: &Aws, given: &Json, operation: &str) {
    let before = aws.count(operation).await;
    tokio::select! {
        outcome = terraform.apply(given) => panic!("it was to be killed: {outcome:?}"),
        () = aws.until_called(operation, before + 1) => {}
    }
    assert_eq!(terraform.attempts(), 2, "a record and its lock");
}

#[tokio::test]
async fn a_killed_apply_leaves_a_vault_that_the_next_one_takes_over() {
    let aws = Aws::start().await;
    let mut terraform = Terraform::with(&aws, TYPE);
    aws.fault(json!({"service": "backup", "operation": "CreateBackupVault", "times": 1, "kind": "hang"}))
        .await;
    kill_when_called(&mut terraform, &aws, &full(), "CreateBackupVault").await;
    assert!(terraform.object.is_none());
    let id = request_id(&aws).await;
    assert!(id.is_some());
    let outcome = terraform.apply(&full()).await;
    assert_eq!(outcome.action, Action::Create);
    assert!(is_done(&outcome), "{}", outcome.details());
    assert_eq!(request_id(&aws).await, id, "the same vault");
    assert_eq!(aws.count("CreateBackupVault").await, 1);
    assert_eq!(terraform.attempts(), 0);
    assert_empty(&mut terraform, &full()).await;
}

#[tokio::test]
async fn a_lost_answer_is_repeated_and_makes_one_vault() {
    let aws = Aws::start().await;
    let mut terraform = Terraform::with(&aws, TYPE);
    aws.fault(
        json!({"service": "backup", "operation": "CreateBackupVault", "times": 1, "kind": "reset_after"}),
    )
    .await;
    let outcome = terraform.apply(&full()).await;
    assert!(is_done(&outcome), "{}", outcome.details());
    assert_eq!(aws.count("CreateBackupVault").await, 2);
}

#[tokio::test]
async fn a_vault_that_somebody_else_made_since_is_not_taken_over() {
    let aws = Aws::start().await;
    let mut terraform = Terraform::with(&aws, TYPE);
    let given = full();
    aws.fault(json!({"service": "backup", "operation": "CreateBackupVault", "times": 1, "kind": "hang"}))
        .await;
    kill_when_called(&mut terraform, &aws, &given, "CreateBackupVault").await;
    let backup = outside(&aws).await;
    backup
        .delete_vault(&aws_clients::Cx::default(), "orders")
        .await
        .expect("it is empty");
    make_vault(&aws, "somebody-else").await;
    let outcome = terraform.plan(&given).await;
    let exists = "error at name: Backup vault exists already".to_owned();
    assert!(outcome.said().contains(&exists), "{:?}", outcome.said());
    assert_eq!(request_id(&aws).await.as_deref(), Some("somebody-else"));
    assert_eq!(
        vault(&aws).await.expect("it is there").lock,
        None,
        "it is left alone"
    );
}

#[tokio::test]
async fn a_step_that_fails_is_taken_up_with_the_same_vault() {
    let aws = Aws::start().await;
    for (action, summary) in [
        (
            "backup:PutBackupVaultAccessPolicy",
            "error: Access policy of the backup vault cannot be changed",
        ),
        (
            "backup:PutBackupVaultLockConfiguration",
            "error: Lock of the backup vault cannot be changed",
        ),
    ] {
        let mut terraform = Terraform::with(&aws, TYPE);
        aws.set(json!({"denied_actions": [action]})).await;
        let outcome = terraform.apply(&full()).await;
        assert_eq!(outcome.said(), [summary]);
        assert!(
            outcome.details().contains("it is not deleted"),
            "{}",
            outcome.details()
        );
        assert!(terraform.object.as_ref().is_some_and(|it| it.tainted));
        assert_eq!(
            (&terraform.state()["arn"], &terraform.state()["unfinished"]),
            (&json!(ARN), &json!(true))
        );
        let id = request_id(&aws).await;
        aws.set(json!({"denied_actions": []})).await;
        let outcome = terraform.apply(&full()).await;
        assert_eq!(outcome.action, Action::Replace);
        assert_eq!(
            outcome.said(),
            ["warning: Unfinished backup vault is kept for the new object"]
        );
        assert_eq!(request_id(&aws).await, id);
        assert_eq!(terraform.state()["unfinished"], false);
        assert_eq!(terraform.attempts(), 0);
        assert_empty(&mut terraform, &full()).await;
        terraform.destroy().await;
        assert_eq!(vault(&aws).await, None);
    }
}

#[tokio::test]
async fn an_unfinished_vault_of_another_kind_makes_room() {
    let aws = Aws::start().await;
    let mut terraform = Terraform::with(&aws, TYPE);
    aws.set(json!({"denied_actions": ["backup:PutBackupVaultLockConfiguration"]}))
        .await;
    terraform.apply(&full()).await;
    let id = request_id(&aws).await;
    aws.set(json!({"denied_actions": []})).await;
    let outcome = terraform.apply(&air_gapped()).await;
    assert!(is_done(&outcome), "{}", outcome.details());
    assert_ne!(request_id(&aws).await, id);
    assert_empty(&mut terraform, &air_gapped()).await;
}

#[tokio::test]
async fn an_interrupted_apply_goes_on_without_a_replacement() {
    let aws = Aws::start().await;
    let mut terraform = Terraform::with(&aws, TYPE);
    aws.set(json!({"air_gapped_vault_ms": 3_600_000})).await;
    let interrupt = terraform.interrupter();
    let given = air_gapped();
    let (outcome, ()) = tokio::join!(terraform.apply(&given), async {
        aws.until_called("CreateLogicallyAirGappedBackupVault", 1).await;
        let looks = aws.count("DescribeBackupVault").await;
        aws.until_called("DescribeBackupVault", looks + 2).await;
        interrupt();
    });
    assert_eq!(outcome.said(), ["warning: Backup vault is not finished yet"]);
    assert!(!terraform.object.as_ref().is_some_and(|it| it.tainted));
    assert_eq!(terraform.state()["unfinished"], true);
    assert_eq!(terraform.attempts(), 0, "Terraform has it");
    let id = request_id(&aws).await;
    aws.advance(std::time::Duration::from_secs(3600)).await;
    let outcome = terraform.apply(&given).await;
    assert_eq!((outcome.action, outcome.said()), (Action::Update, Vec::new()));
    assert_eq!(request_id(&aws).await, id);
    assert_eq!(terraform.state()["unfinished"], false);
    assert_empty(&mut terraform, &given).await;
}

#[tokio::test]
async fn a_wait_that_ran_out_is_taken_up() {
    let aws = Aws::start().await;
    let mut terraform = Terraform::with(&aws, TYPE);
    aws.set(json!({"air_gapped_vault_ms": 3_600_000})).await;
    let mut given = air_gapped();
    given["timeouts"] = json!({"create": "1s"});
    let outcome = terraform.apply(&given).await;
    assert_eq!(outcome.said(), ["error: Backup vault is not available"]);
    let id = request_id(&aws).await;
    aws.advance(std::time::Duration::from_secs(3600)).await;
    let outcome = terraform.apply(&given).await;
    assert!(is_done(&outcome), "{}", outcome.details());
    assert_eq!(request_id(&aws).await, id);
    assert_eq!(aws.count("CreateLogicallyAirGappedBackupVault").await, 1);
}
