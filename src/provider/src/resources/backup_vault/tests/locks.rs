//! What a lock does to plans: `changeable_for_days`, which AWS never tells, the lock date, and what comes after it.

use std::time::Duration;

use serde_json::{Value as Json, json};
use tfsdk::ImportTarget;

use super::{TYPE, assert_empty, config, is_done, make_vault, put_lock, vault};
use crate::testing::{Action, Aws, Terraform};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn locked(min: i64, changeable_for_days: Option<i64>) -> Json {
    config(&json!({"lock": {"min_retention_days": min, "changeable_for_days": changeable_for_days}}))
}

async fn imported(aws: &Aws) -> Terraform {
    let mut terraform = Terraform::with(aws, TYPE);
    let found = terraform.import(ImportTarget::Id("orders".to_owned())).await;
    assert!(found.is_empty(), "{found:?}");
    terraform
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/46876>
#[tokio::test]
async fn import_of_a_locked_vault_plans_empty_46876() {
    // Locked as it was made, or ten days later; looked at in the time of grace, or past the lock date.
    for (later, then, shown) in [(0, 1, 3), (0, 30, 3), (10, 1, 13), (10, 30, 13)] {
        let aws = Aws::start().await;
        make_vault(&aws, "somebody-else").await;
        aws.advance(DAY * later).await;
        put_lock(&aws, 7, Some(3)).await;
        aws.advance(DAY * then).await;
        let mut terraform = imported(&aws).await;
        let state = terraform.state();
        assert_eq!(state["lock"]["changeable_for_days"], shown, "{later} {then}");
        assert_eq!(state["lock_mode"], "COMPLIANCE");
        let date = state["lock_date"].clone();
        // Whatever the configuration says, and as often as it is asked.
        for days in [3, 7, 3] {
            assert_empty(&mut terraform, &locked(7, Some(days))).await;
        }
        // A change of something else keeps it so, and does not touch the lock.
        let mut given = locked(7, Some(3));
        given["tags"] = json!({"a": "1"});
        let outcome = terraform.apply(&given).await;
        assert!(is_done(&outcome), "{}", outcome.details());
        assert_empty(&mut terraform, &given).await;
        assert_eq!(terraform.state()["lock_date"], date);
        assert_eq!(aws.count("PutBackupVaultLockConfiguration").await, 1);
    }
}

#[tokio::test]
async fn a_lock_of_this_resource_is_compared_by_its_number_and_a_change_moves_the_lock_date() {
    let aws = Aws::start().await;
    let mut terraform = Terraform::with(&aws, TYPE);
    let outcome = terraform.apply(&locked(7, Some(3))).await;
    assert!(is_done(&outcome), "{}", outcome.details());
    let before = terraform.state()["lock_date"].clone();
    assert!(before.is_string());
    aws.advance(DAY).await;
    assert_empty(&mut terraform, &locked(7, Some(3))).await;

    let outcome = terraform.plan(&locked(7, Some(7))).await;
    assert_eq!(outcome.action, Action::Update);
    let planned = crate::testing::json(&outcome.planned);
    assert_eq!(
        (&planned["lock_date"], &planned["lock_mode"]),
        (&json!("(unknown)"), &json!("COMPLIANCE"))
    );
    let outcome = terraform.apply(&locked(7, Some(7))).await;
    assert!(is_done(&outcome), "{}", outcome.details());
    let state = terraform.state();
    let time = |text: &Json| {
        text.as_str()
            .expect("a time")
            .parse::<jiff::Timestamp>()
            .expect("a time")
    };
    let moved = time(&state["lock_date"]).duration_since(time(&before));
    assert!(
        (moved.as_hours() - 5 * 24).abs() <= 1,
        "a day later, and for four days more: {moved}"
    );
    assert_empty(&mut terraform, &locked(7, Some(7))).await;

    // A plan that leaves the lock alone knows the lock date.
    let mut given = locked(7, Some(7));
    given["tags"] = json!({"a": "1"});
    let planned = crate::testing::json(&terraform.plan(&given).await.planned);
    assert_eq!(planned["lock_date"], state["lock_date"]);
}

#[tokio::test]
async fn a_lock_in_grace_is_changed_lowered_to_governance_and_removed() {
    let aws = Aws::start().await;
    make_vault(&aws, "somebody-else").await;
    put_lock(&aws, 7, Some(30)).await;
    let mut terraform = imported(&aws).await;
    // Something else of the lock changes: then the number counts, and is inferred no longer.
    let outcome = terraform.apply(&locked(8, Some(5))).await;
    assert!(is_done(&outcome), "{}", outcome.details());
    assert_empty(&mut terraform, &locked(8, Some(5))).await;
    assert_eq!(terraform.plan(&locked(8, Some(6))).await.action, Action::Update);

    let outcome = terraform.apply(&locked(8, None)).await;
    assert!(is_done(&outcome), "{}", outcome.details());
    assert_eq!(terraform.state()["lock_mode"], "GOVERNANCE");
    assert_eq!(
        vault(&aws)
            .await
            .expect("a vault")
            .lock
            .expect("a lock")
            .lock_date,
        None
    );
    assert_empty(&mut terraform, &locked(8, None)).await;
    terraform.apply(&locked(8, Some(3))).await;
    let outcome = terraform.apply(&config(&json!({}))).await;
    assert!(is_done(&outcome), "{}", outcome.details());
    assert_eq!(vault(&aws).await.expect("a vault").lock, None);
}

#[tokio::test]
async fn what_others_do_to_the_lock_is_seen() {
    let aws = Aws::start().await;
    let mut terraform = Terraform::with(&aws, TYPE);
    let given = locked(7, Some(3));
    terraform.apply(&given).await;
    // Put anew with the same number: as it was wanted.
    aws.advance(DAY).await;
    put_lock(&aws, 7, Some(3)).await;
    assert_empty(&mut terraform, &given).await;
    // With another number: a change.
    put_lock(&aws, 7, Some(100)).await;
    assert_eq!(terraform.plan(&given).await.action, Action::Update);
    assert_eq!(terraform.state()["lock"]["changeable_for_days"], 100);
    terraform.apply(&given).await;
    assert_empty(&mut terraform, &given).await;
    // Lowered to governance mode.
    put_lock(&aws, 7, None).await;
    assert_eq!(terraform.plan(&given).await.action, Action::Update);
}

#[tokio::test]
async fn a_final_lock_is_refused_by_the_apply_itself_with_its_date() {
    let aws = Aws::start().await;
    let mut terraform = Terraform::with(&aws, TYPE);
    terraform.apply(&locked(7, Some(3))).await;
    let date = terraform.state()["lock_date"]
        .as_str()
        .expect("a time")
        .to_owned();
    aws.advance(DAY * 4).await;
    // Where plans must not read AWS, nothing but the apply can say it.
    terraform.provider = json!({"validation": {"observe": false}});
    for given in [locked(8, Some(3)), locked(7, Some(9)), config(&json!({}))] {
        let outcome = terraform.apply(&given).await;
        assert_eq!(
            outcome.said(),
            ["error at lock: Lock of the backup vault is final"]
        );
        assert!(outcome.details().contains(&date), "{}", outcome.details());
    }
    assert_eq!(aws.count("PutBackupVaultLockConfiguration").await, 1);
    assert_eq!(aws.count("DeleteBackupVaultLockConfiguration").await, 0);
    assert_empty(&mut terraform, &locked(7, Some(3))).await;
}
