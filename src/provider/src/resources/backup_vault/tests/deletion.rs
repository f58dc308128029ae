//! The end of a vault: refused, emptied, taken up again.

use std::time::Duration;

use serde_json::json;

use super::{TYPE, assert_empty, config, fill, is_done, make_vault, outside, vault};
use crate::testing::{Aws, Terraform};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn points(aws: &Aws) -> Vec<aws_clients::ListedRecoveryPoint> {
    let filter = aws_clients::RecoveryPointFilter::Vault {
        name: "orders".to_owned(),
        table: None,
        created_from: None,
        created_before: None,
    };
    let listed = outside(aws)
        .await
        .list_recovery_points(&aws_clients::Cx::default(), &filter)
        .await;
    listed.expect("the vault is there")
}

#[tokio::test]
async fn a_vault_with_recovery_points_is_refused_and_told_what_is_in_it() {
    let aws = Aws::start().await;
    let mut terraform = Terraform::with(&aws, TYPE);
    terraform.apply(&config(&json!({}))).await;
    fill(&aws, "orders", 2, Some(30)).await;
    aws.advance(DAY).await;
    fill(&aws, "invoices", 1, None).await;
    let outcome = terraform.destroy().await;
    let details = outcome.details();
    assert!(
        outcome
            .said()
            .contains(&"error at force_destroy: Backup vault is not empty".to_owned()),
        "{:?}",
        outcome.said()
    );
    assert!(
        details.contains("It holds 3 recovery points of tables invoices and orders, the oldest of 20"),
        "{details}"
    );
    assert!(
        details.contains("1 of them have no end") && details.contains("Nothing was deleted"),
        "{details}"
    );
    assert!(
        details.contains("set force_destroy = true and apply, then destroy"),
        "{details}"
    );
    assert_eq!(points(&aws).await.len(), 3);
    assert_eq!(aws.count("DeleteRecoveryPoint").await, 0);
    assert!(terraform.object.is_some());
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/37774>
#[tokio::test]
async fn force_destroy_deletes_all_at_the_first_try_37774() {
    let aws = Aws::start().await;
    let mut terraform = Terraform::with(&aws, TYPE);
    terraform.apply(&config(&json!({"force_destroy": true}))).await;
    fill(&aws, "orders", 20, None).await;
    aws.set(json!({"recovery_point_deleting_ms": 700})).await;
    // One that AWS Backup could not delete by itself is deleted by hand.
    let expired = points(&aws).await[3].arn.to_string();
    let place = json!({"region": "eu-west-1", "account": "111122223333", "recovery_point_arn": expired});
    aws.control(reqwest::Method::POST, "backup/expire", place).await;
    aws.fault(
        json!({"service": "backup", "operation": "DeleteRecoveryPoint", "times": 3, "kind": "error",
        "code": "ThrottlingException", "status": 400}),
    )
    .await;
    let outcome = terraform.destroy().await;
    assert!(is_done(&outcome), "{}", outcome.details());
    assert_eq!(vault(&aws).await, None);
    assert!(
        aws.count("DescribeRecoveryPoint").await == 0,
        "the list tells of all at once"
    );
}

#[tokio::test]
async fn an_interrupted_force_destroy_goes_on_with_what_is_left() {
    let aws = Aws::start().await;
    let mut terraform = Terraform::with(&aws, TYPE);
    terraform.apply(&config(&json!({"force_destroy": true}))).await;
    fill(&aws, "orders", 6, None).await;
    aws.set(json!({"recovery_point_deleting_ms": 3_600_000})).await;
    let interrupt = terraform.interrupter();
    let (outcome, ()) = tokio::join!(terraform.destroy(), async {
        aws.until_called("DeleteRecoveryPoint", 6).await;
        // The second look is over when the third begins.
        aws.until_called("ListRecoveryPointsByBackupVault", 3).await;
        interrupt();
    });
    assert!(
        outcome
            .said()
            .iter()
            .any(|it| it == "error: Backup vault was not deleted"),
        "{:?}",
        outcome.said()
    );
    assert!(
        outcome.details().contains("goes on with what is left"),
        "{}",
        outcome.details()
    );
    assert!(outcome.details().contains("6 of 6 left"), "{}", outcome.details());
    assert!(terraform.object.is_some());
    aws.forget_calls().await;
    let (outcome, ()) = tokio::join!(terraform.destroy(), async {
        aws.until_called("ListRecoveryPointsByBackupVault", 2).await;
        aws.advance(Duration::from_secs(3600)).await;
    });
    assert!(is_done(&outcome), "{}", outcome.details());
    assert_eq!(aws.count("DeleteRecoveryPoint").await, 0, "AWS is at it already");
    assert_eq!(vault(&aws).await, None);
}

#[tokio::test]
async fn a_refused_recovery_point_is_named_and_the_others_are_deleted() {
    let aws = Aws::start().await;
    let mut terraform = Terraform::with(&aws, TYPE);
    terraform.apply(&config(&json!({"force_destroy": true}))).await;
    fill(&aws, "orders", 3, None).await;
    aws.fault(json!({"service": "backup", "operation": "DeleteRecoveryPoint", "times": 1, "kind": "error",
        "code": "InvalidRequestException", "message": "The recovery point is under a legal hold", "status": 400}))
        .await;
    let outcome = terraform.destroy().await;
    let details = outcome.details();
    assert!(
        details.contains("AWS refused to delete 1 of 3 recovery points"),
        "{details}"
    );
    assert!(
        details.contains("legal hold") && details.contains("agreed to delete 2"),
        "{details}"
    );
    let outcome = terraform.destroy().await;
    assert!(is_done(&outcome), "{}", outcome.details());
}

#[tokio::test]
async fn recovery_points_that_cannot_be_deleted_are_named_with_the_reason() {
    let aws = Aws::start().await;
    let mut terraform = Terraform::with(&aws, TYPE);
    terraform.apply(&config(&json!({"force_destroy": true}))).await;
    fill(&aws, "orders", 2, None).await;
    aws.set(json!({"recovery_point_deleting_ms": 3_600_000})).await;
    let stuck = points(&aws).await[1].arn.to_string();
    let (outcome, ()) = tokio::join!(terraform.destroy(), async {
        aws.until_called("DeleteRecoveryPoint", 2).await;
        aws.until_called("ListRecoveryPointsByBackupVault", 2).await;
        // AWS gives up on one of them, and deletes the other.
        let place = json!({"region": "eu-west-1", "account": "111122223333", "recovery_point_arn": stuck});
        aws.control(reqwest::Method::POST, "backup/expire", place).await;
        aws.advance(Duration::from_secs(3600)).await;
    });
    assert!(
        outcome
            .said()
            .iter()
            .any(|it| it == "error: Recovery points cannot be deleted"),
        "{:?} {}",
        outcome.said(),
        outcome.details()
    );
    let details = outcome.details();
    assert!(
        details.contains(&format!("{stuck}: The recovery point could not be deleted")),
        "{details}"
    );
}

#[tokio::test]
async fn under_a_lock_nothing_is_deleted_and_the_end_is_told() {
    let lock = |changeable: Option<i64>| {
        config(&json!({"force_destroy": true,
            "lock": {"min_retention_days": 7, "changeable_for_days": changeable}}))
    };
    for (given, pass, why) in [
        (lock(None), 0, "Its lock is in governance mode"),
        (lock(Some(3)), 0, "Its lock can still be removed until 20"),
        (
            lock(Some(3)),
            4,
            "Its lock is in compliance mode, and final since 20",
        ),
    ] {
        let aws = Aws::start().await;
        let mut terraform = Terraform::with(&aws, TYPE);
        terraform.apply(&given).await;
        fill(&aws, "orders", 2, Some(30)).await;
        aws.advance(DAY * pass).await;
        let until = points(&aws).await[0].deletes_at.expect("a lifecycle");
        let outcome = terraform.destroy_without_refresh().await;
        let details = outcome.details();
        assert!(outcome.diagnostics.has_error());
        if outcome
            .said()
            .contains(&"error at lock: Backup vault is locked".to_owned())
        {
            assert!(details.contains(why), "{details}");
            let until = until.strftime("%Y-%m-%d").to_string();
            assert!(
                details.contains(&format!("AWS deletes the last of them at {until}")),
                "{details}"
            );
        }
        assert_eq!(points(&aws).await.len(), 2);
        assert_eq!(aws.count("DeleteRecoveryPoint").await, 0);
    }
}

#[tokio::test]
async fn an_empty_locked_vault_is_deleted() {
    let aws = Aws::start().await;
    let mut terraform = Terraform::with(&aws, TYPE);
    let given = config(&json!({"lock": {"min_retention_days": 7, "changeable_for_days": 3}}));
    terraform.apply(&given).await;
    aws.advance(DAY * 4).await;
    let outcome = terraform.destroy().await;
    assert!(is_done(&outcome), "{}", outcome.details());
    assert_eq!(vault(&aws).await, None);
}

#[tokio::test]
async fn another_vault_that_has_the_name_now_is_spared() {
    let aws = Aws::start().await;
    let mut terraform = Terraform::with(&aws, TYPE);
    terraform.apply(&config(&json!({}))).await;
    let backup = outside(&aws).await;
    backup
        .delete_vault(&aws_clients::Cx::default(), "orders")
        .await
        .expect("it is empty");
    aws.advance(DAY).await;
    make_vault(&aws, "somebody-else").await;
    let outcome = terraform.destroy_without_refresh().await;
    assert_eq!(outcome.said(), ["warning: Another backup vault has the name"]);
    assert!(vault(&aws).await.is_some());
}

#[tokio::test]
async fn a_taint_by_hand_deletes_and_makes_anew() {
    let aws = Aws::start().await;
    let mut terraform = Terraform::with(&aws, TYPE);
    terraform.apply(&config(&json!({}))).await;
    let before = vault(&aws).await.and_then(|it| it.creator_request_id);
    terraform.taint();
    let outcome = terraform.apply(&config(&json!({}))).await;
    assert!(is_done(&outcome), "{}", outcome.details());
    let after = vault(&aws).await.and_then(|it| it.creator_request_id);
    assert!(after.is_some() && after != before);
    assert_empty(&mut terraform, &config(&json!({}))).await;
}
