//! Make, change, read, import.

use serde_json::json;
use tfsdk::ImportTarget;

use super::{ARN, TYPE, assert_empty, config, is_done, make_vault, outside, put_lock, vault};
use crate::testing::{Action, Aws, Terraform};

#[tokio::test]
async fn a_vault_is_made_kept_and_deleted() {
    let aws = Aws::start().await;
    let mut terraform = Terraform::with(&aws, TYPE);
    let given = config(&json!({"tags": {"team": "orders"}}));
    let outcome = terraform.apply(&given).await;
    assert!(is_done(&outcome), "{}", outcome.details());
    let state = terraform.state();
    assert_eq!(state["arn"], ARN);
    assert_eq!(state["vault_type"], "BACKUP_VAULT");
    assert_eq!(state["force_destroy"], false);
    assert_eq!(state["unfinished"], false);
    assert!(
        state["kms_key_arn"]
            .as_str()
            .expect("a key")
            .starts_with("arn:aws:kms:")
    );
    assert!(state["lock"].is_null() && state["lock_mode"].is_null() && state["lock_date"].is_null());
    assert_eq!(state["tags_all"], json!({"team": "orders"}));
    assert!(state["created_at"].as_str().expect("a time").ends_with('Z'));
    assert!(
        state.get("recovery_points").is_none(),
        "every job would change it"
    );
    assert_eq!(terraform.attempts(), 0);
    assert_empty(&mut terraform, &given).await;

    let outcome = terraform.destroy().await;
    assert!(is_done(&outcome), "{}", outcome.details());
    assert_eq!(vault(&aws).await, None);
}

#[tokio::test]
async fn policy_lock_and_tags_are_changed_in_place() {
    let aws = Aws::start().await;
    let mut terraform = Terraform::with(&aws, TYPE);
    terraform.apply(&config(&json!({}))).await;
    let policy = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "444455556666"},
        "Action": "backup:CopyIntoBackupVault", "Resource": "*"}]});
    let given =
        config(&json!({"policy": policy.to_string(), "lock": {"min_retention_days": 7}, "tags": {"a": "1"}}));
    let outcome = terraform.apply(&given).await;
    assert_eq!(outcome.action, Action::Update);
    assert!(is_done(&outcome), "{}", outcome.details());
    let state = terraform.state();
    assert_eq!(
        (&state["lock_mode"], &state["lock_date"]),
        (&json!("GOVERNANCE"), &json!(null))
    );
    assert_empty(&mut terraform, &given).await;

    // The same said in other words, by somebody else: no difference.
    let same = json!({"Statement": [{"Resource": ["*"], "Action": ["backup:CopyIntoBackupVault"], "Effect": "Allow",
        "Principal": {"AWS": ["arn:aws:iam::444455556666:root"]}}], "Version": "2012-10-17"});
    let backup = outside(&aws).await;
    let cx = aws_clients::Cx::default();
    backup
        .put_vault_policy(&cx, "orders", &same.to_string())
        .await
        .expect("a policy");
    assert_empty(&mut terraform, &given).await;

    let outcome = terraform
        .apply(&config(
            &json!({"lock": {"min_retention_days": 8, "max_retention_days": 9}}),
        ))
        .await;
    assert_eq!(outcome.action, Action::Update);
    assert!(is_done(&outcome), "{}", outcome.details());
    let found = vault(&aws).await.expect("it is there").lock.expect("a lock");
    assert_eq!(
        (found.min_retention_days, found.max_retention_days),
        (Some(8), Some(9))
    );
    assert_eq!(
        backup.find_vault_policy(&cx, "orders").await.expect("an answer"),
        None
    );
    assert_eq!(
        backup.find_tags(&cx, ARN).await.expect("an answer"),
        Some([].into())
    );

    terraform.apply(&config(&json!({}))).await;
    assert_eq!(vault(&aws).await.expect("it is there").lock, None);
    assert_empty(&mut terraform, &config(&json!({}))).await;
}

#[tokio::test]
async fn what_only_terraform_knows_is_changed_without_a_call() {
    let aws = Aws::start().await;
    let mut terraform = Terraform::with(&aws, TYPE);
    terraform
        .apply(&config(&json!({"policy": "{\"Statement\": []}"})))
        .await;
    aws.forget_calls().await;
    let given = config(&json!({"policy": "{\"Statement\":[]}", "force_destroy": true}));
    let outcome = terraform.apply(&given).await;
    assert_eq!((outcome.action, outcome.said()), (Action::Update, Vec::new()));
    assert_eq!(terraform.state()["force_destroy"], true);
    for operation in [
        "PutBackupVaultAccessPolicy",
        "PutBackupVaultLockConfiguration",
        "TagResource",
    ] {
        assert_eq!(aws.count(operation).await, 0, "{operation}");
    }
}

#[tokio::test]
async fn default_tags_are_put_on_and_ignored_ones_left_alone() {
    let aws = Aws::start().await;
    let mut terraform = Terraform::with(&aws, TYPE);
    terraform.provider =
        json!({"default_tags": [{"tags": {"team": "x"}}], "ignore_tags": [{"keys": ["seen"]}]});
    let given = config(&json!({"tags": {"a": "1"}}));
    let outcome = terraform.apply(&given).await;
    assert!(is_done(&outcome), "{}", outcome.details());
    let backup = outside(&aws).await;
    let cx = aws_clients::Cx::default();
    let seen = [("seen".to_owned(), "today".to_owned())].into();
    backup.change_tags(&cx, ARN, &seen, &[]).await.expect("a tag");
    assert_empty(&mut terraform, &given).await;
    assert_eq!(terraform.state()["tags_all"], json!({"a": "1", "team": "x"}));
    let given = config(&json!({}));
    terraform.apply(&given).await;
    assert_empty(&mut terraform, &given).await;
    let tags = backup
        .find_tags(&cx, ARN)
        .await
        .expect("an answer")
        .expect("a vault");
    let tags: Vec<_> = tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
    assert_eq!(tags, ["seen=today", "team=x"]);
}

#[tokio::test]
async fn an_air_gapped_vault_is_waited_for_and_its_retention_replaces() {
    let aws = Aws::start().await;
    let mut terraform = Terraform::with(&aws, TYPE);
    let given = |min: i64| {
        config(&json!({"vault_type": "LOGICALLY_AIR_GAPPED_BACKUP_VAULT",
            "lock": {"min_retention_days": min, "max_retention_days": 30}}))
    };
    let outcome = terraform.apply(&given(7)).await;
    assert!(is_done(&outcome), "{}", outcome.details());
    let found = vault(&aws).await.expect("it is there");
    assert_eq!(found.state.to_string(), "AVAILABLE");
    let state = terraform.state();
    assert_eq!(state["lock_mode"], "COMPLIANCE");
    assert!(state["lock"]["changeable_for_days"].is_null());
    assert_empty(&mut terraform, &given(7)).await;
    assert_eq!(aws.count("PutBackupVaultLockConfiguration").await, 0);

    let id = ImportTarget::Id("orders".to_owned());
    let mut elsewhere = Terraform::with(&aws, TYPE);
    let found = elsewhere.import(id).await;
    assert!(found.is_empty(), "{found:?}");
    assert_empty(&mut elsewhere, &given(7)).await;

    let outcome = terraform.plan(&given(8)).await;
    assert_eq!(outcome.action, Action::Replace);
}

#[tokio::test]
async fn a_read_that_is_denied_is_an_error_and_never_means_gone() {
    let aws = Aws::start().await;
    let mut terraform = Terraform::with(&aws, TYPE);
    let given = config(&json!({"policy": "{\"Statement\": []}"}));
    terraform.apply(&given).await;
    for action in ["backup:DescribeBackupVault", "backup:GetBackupVaultAccessPolicy"] {
        aws.set(json!({"denied_actions": [action]})).await;
        let outcome = terraform.plan(&given).await;
        assert_eq!(outcome.said(), ["error: Backup vault cannot be read"], "{action}");
        assert!(
            outcome.details().contains(&format!("Allow {action}")),
            "{}",
            outcome.details()
        );
        assert_eq!(terraform.state()["arn"], ARN, "it is still in the state");
    }
    // Nor is one whose policy may not be removed.
    aws.set(json!({"denied_actions": ["backup:DeleteBackupVaultAccessPolicy"]}))
        .await;
    let outcome = terraform.apply(&config(&json!({}))).await;
    assert_eq!(
        outcome.said(),
        ["error: Access policy of the backup vault cannot be changed"]
    );
    assert_eq!(terraform.state()["policy"], "{\"Statement\": []}");
    // Who manages no policy needs no permission to read one.
    aws.set(json!({"denied_actions": []})).await;
    terraform.apply(&config(&json!({}))).await;
    let denied = json!({"denied_actions": ["backup:GetBackupVaultAccessPolicy", "backup:ListTags"]});
    aws.set(denied).await;
    assert_empty(&mut terraform, &config(&json!({}))).await;
}

#[tokio::test]
async fn a_vault_of_somebody_else_is_not_taken_over() {
    let aws = Aws::start().await;
    make_vault(&aws, "somebody-else").await;
    let mut terraform = Terraform::with(&aws, TYPE);
    let outcome = terraform.plan(&config(&json!({}))).await;
    assert_eq!(outcome.said(), ["error at name: Backup vault exists already"]);
    assert!(
        outcome.details().contains("terraform import"),
        "{}",
        outcome.details()
    );
    assert!(terraform.object.is_none());
    assert_eq!(terraform.attempts(), 0);
    let found = terraform
        .import(ImportTarget::Id("orders@eu-west-1".to_owned()))
        .await;
    assert!(found.is_empty(), "{found:?}");
    assert_empty(&mut terraform, &config(&json!({}))).await;
}

#[tokio::test]
async fn it_is_imported_by_name_arn_or_identity() {
    let aws = Aws::start().await;
    make_vault(&aws, "somebody-else").await;
    put_lock(&aws, 7, None).await;
    for id in ["orders", "orders@eu-west-1", ARN] {
        let mut terraform = Terraform::with(&aws, TYPE);
        let found = terraform.import(ImportTarget::Id(id.to_owned())).await;
        assert!(found.is_empty(), "{id}: {found:?}");
        assert_empty(
            &mut terraform,
            &config(&json!({"lock": {"min_retention_days": 7}})),
        )
        .await;
    }
    let identity = tfsdk::Value::object([
        ("name", tfsdk::Value::string("orders")),
        ("region", tfsdk::Value::Null),
        ("account_id", tfsdk::Value::Null),
    ]);
    let mut terraform = Terraform::with(&aws, TYPE);
    let found = terraform.import(ImportTarget::Identity(identity)).await;
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(terraform.state()["arn"], ARN);
    let mut terraform = Terraform::with(&aws, TYPE);
    let found = terraform
        .import(ImportTarget::Id("arn:aws:s3:::orders".to_owned()))
        .await;
    assert!(found.has_error());
}

#[tokio::test]
async fn a_vault_that_has_gone_is_planned_anew() {
    let aws = Aws::start().await;
    let mut terraform = Terraform::with(&aws, TYPE);
    terraform.apply(&config(&json!({}))).await;
    let backup = outside(&aws).await;
    backup
        .delete_vault(&aws_clients::Cx::default(), "orders")
        .await
        .expect("it is empty");
    assert_eq!(terraform.plan(&config(&json!({}))).await.action, Action::Create);
}

#[tokio::test]
async fn a_vault_is_replaced_under_its_own_name() {
    let aws = Aws::start().await;
    let mut terraform = Terraform::with(&aws, TYPE);
    terraform.apply(&config(&json!({}))).await;
    aws.control(
        reqwest::Method::POST,
        "kms/keys",
        json!({"region": "eu-west-1", "account": "111122223333", "key_id": "0a1b2c3d-0000-4000-8000-000000000000"}),
    )
    .await;
    let key = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000000";
    let given = config(&json!({"kms_key_arn": key}));
    let outcome = terraform.apply(&given).await;
    assert_eq!(outcome.action, Action::Replace);
    assert!(is_done(&outcome), "{}", outcome.details());
    assert_eq!(
        vault(&aws).await.expect("it is there").key_arn.as_deref(),
        Some(key)
    );
    assert_empty(&mut terraform, &given).await;
}
