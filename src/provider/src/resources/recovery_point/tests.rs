//! The lifecycle against the simulator: above all that one wish starts one job, and that nothing goes in silence.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value as Json, json};
use tfsdk::ImportTarget;

use crate::testing::{Action, Aws, Terraform};

const TYPE: &str = "dynamodb_recovery_point";
const ROLE: &str = "arn:aws:iam::111122223333:role/backup";

fn config() -> Json {
    json!({"table_name": "orders", "vault_name": "nightly", "role_arn": ROLE})
}

fn with(more: Json) -> Json {
    let mut config = config();
    let members = config.as_object_mut().expect("an object");
    members.extend(more.as_object().cloned().expect("an object"));
    config
}

async fn start() -> (Aws, Terraform) {
    let aws = Aws::start().await;
    aws.set(json!({"backup_job_ms": 0, "recovery_point_deleting_ms": 0}))
        .await;
    aws.create_table("orders").await;
    aws.aws_backup(Method::PUT, "/backup-vaults/nightly", json!({}))
        .await;
    let terraform = Terraform::with(&aws, TYPE);
    (aws, terraform)
}

async fn points(aws: &Aws) -> Vec<Json> {
    let path = "/backup-vaults/nightly/recovery-points/";
    let listed = aws.aws_backup(Method::GET, path, Json::Null).await;
    listed["RecoveryPoints"].as_array().cloned().unwrap_or_default()
}

/// What went wrong, and what was warned of besides the rules that have pages of their own.
fn said(outcome: &crate::testing::Outcome) -> Vec<String> {
    let mut said = outcome.said();
    said.retain(|it| it.contains("ecovery point") || it.contains("Backup job") || it.starts_with("error"));
    said
}

#[tokio::test]
async fn apply_then_nothing_then_destroy() {
    let (aws, mut terraform) = start().await;
    let config =
        with(json!({"recovery_point_lifecycle": {"delete_after_days": 30}, "tags": {"team": "shop"}}));
    let outcome = terraform.apply(&config).await;
    assert_eq!(said(&outcome), [""; 0], "{}", outcome.details());
    let state = terraform.state();
    let made = points(&aws).await;
    assert_eq!((made.len(), &made[0]["RecoveryPointArn"]), (1, &state["arn"]));
    for (name, value) in [
        ("status", json!("COMPLETED")),
        ("storage_class", json!("WARM")),
        ("unfinished", json!(false)),
        ("region", json!("eu-west-1")),
        ("moves_to_cold_storage_at", Json::Null),
        (
            "table_arn",
            json!("arn:aws:dynamodb:eu-west-1:111122223333:table/orders"),
        ),
        (
            "vault_arn",
            json!("arn:aws:backup:eu-west-1:111122223333:backup-vault:nightly"),
        ),
        ("tags_all", json!({"team": "shop"})),
    ] {
        assert_eq!(state[name], value, "{name}");
    }
    assert!(
        state["deletes_at"].is_string() && state["backup_job_id"].is_string(),
        "{state}"
    );
    assert_eq!(terraform.attempts(), 0);

    aws.forget_calls().await;
    assert_eq!(terraform.plan(&config).await.action, Action::Nothing);
    assert_eq!(
        (
            aws.count("DescribeRecoveryPoint").await,
            aws.count("DescribeBackupJob").await
        ),
        (1, 0)
    );

    let outcome = terraform.destroy().await;
    assert!(!outcome.diagnostics.has_error(), "{}", outcome.details());
    assert!(points(&aws).await.is_empty() && terraform.object.is_none());
}

#[tokio::test]
async fn a_table_without_advanced_features_has_a_backup_arn_and_no_tags() {
    let (aws, mut terraform) = start().await;
    let off = json!({"ResourceTypeManagementPreference": {"DynamoDB": false}});
    aws.aws_backup(Method::PUT, "/account-settings", off).await;
    let config = with(json!({"tags": {"team": "shop"}}));
    let outcome = terraform.apply(&config).await;
    assert!(
        outcome
            .said()
            .contains(&"warning: Recovery point has no tags".to_owned()),
        "{:?}",
        outcome.said()
    );
    let state = terraform.state();
    assert!(
        state["arn"]
            .as_str()
            .is_some_and(|arn| arn.contains(":dynamodb:") && arn.contains("/backup/")),
        "{state}"
    );
    assert_eq!(
        (&state["tags"], &state["tags_all"]),
        (&json!({"team": "shop"}), &json!({}))
    );
    assert_eq!(terraform.plan(&config).await.action, Action::Nothing);
    assert_eq!(aws.count("ListTags").await, 0, "AWS refuses it");
    terraform.destroy().await;
    assert!(points(&aws).await.is_empty());
}

#[tokio::test]
async fn lifecycle_and_tags_change_in_place_and_drift_is_seen() {
    let (aws, mut terraform) = start().await;
    let tag = json!({"ResourceArn": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders", "Tags": [{"Key": "cost", "Value": "7"}]});
    aws.dynamodb("TagResource", tag).await;
    terraform.provider = json!({"default_tags": [{"tags": {"owner": "us"}}]});
    terraform
        .apply(&with(json!({"recovery_point_lifecycle": {"delete_after_days": 30}, "tags": {"team": "shop", "old": "1"}})))
        .await;
    let first = terraform.state();
    let next = with(json!({
        "recovery_point_lifecycle": {"move_to_cold_storage_after_days": 8, "delete_after_days": 98},
        "tags": {"team": "till"},
    }));
    let outcome = terraform.apply(&next).await;
    assert_eq!(outcome.action, Action::Update);
    let state = terraform.state();
    assert_eq!(state["arn"], first["arn"]);
    assert!(state["moves_to_cold_storage_at"].is_string(), "{state}");
    assert_ne!(state["deletes_at"], first["deletes_at"]);
    assert_eq!(state["tags_all"], json!({"team": "till", "owner": "us"}));
    let arn = state["arn"].as_str().expect("an ARN").replace(':', "%3A");
    let tags = aws
        .aws_backup(Method::GET, &format!("/tags/{arn}/"), Json::Null)
        .await;
    assert_eq!(
        tags["Tags"],
        json!({"team": "till", "owner": "us", "cost": "7"}),
        "the table's stays"
    );
    let plan = terraform.plan(&next).await;
    let planned = crate::testing::json(&plan.planned);
    assert_eq!((plan.action, planned), (Action::Nothing, terraform.state()));

    // What is left out is cleared; somebody else's change is seen.
    let forever = with(json!({"tags": {"team": "till"}}));
    assert_eq!(terraform.apply(&forever).await.action, Action::Update);
    assert_eq!(terraform.state()["deletes_at"], Json::Null);
    let path = format!("/backup-vaults/nightly/recovery-points/{arn}");
    aws.aws_backup(Method::POST, &path, json!({"Lifecycle": {"DeleteAfterDays": 5}}))
        .await;
    assert_eq!(terraform.plan(&forever).await.action, Action::Update);
    terraform.apply(&forever).await;
    assert_eq!(terraform.plan(&forever).await.action, Action::Nothing);

    // The provider's tags alone change.
    terraform.provider = json!({"default_tags": [{"tags": {"owner": "them"}}]});
    assert_eq!(terraform.apply(&forever).await.action, Action::Update);
    let all = json!({"team": "till", "owner": "them"});
    assert_eq!(terraform.state()["tags_all"], all);
    assert_eq!(terraform.plan(&forever).await.action, Action::Nothing);
    assert_eq!(aws.count("StartBackupJob").await, 1);
}

#[tokio::test]
async fn what_is_for_the_next_job_changes_nothing_in_aws() {
    let (aws, mut terraform) = start().await;
    terraform.apply(&config()).await;
    let arn = terraform.state()["arn"].clone();
    aws.forget_calls().await;
    let other =
        with(json!({"role_arn": "arn:aws:iam::111122223333:role/other", "start_window_minutes": 120}));
    assert_eq!(terraform.apply(&other).await.action, Action::Update);
    assert_eq!(terraform.state()["arn"], arn);
    assert_eq!(
        (
            aws.count("StartBackupJob").await,
            aws.count("UpdateRecoveryPointLifecycle").await
        ),
        (0, 0)
    );
}

#[tokio::test]
async fn a_recovery_point_that_is_retained_outlives_destroy_and_replacement() {
    let (aws, mut terraform) = start().await;
    let config = |release: &str| with(json!({"retain_on_destroy": true, "triggers": {"release": release}}));
    terraform.apply(&config("1")).await;
    let planned = terraform.plan(&config("2")).await;
    assert_eq!(
        said(&planned),
        [
            "warning at recovery_point_lifecycle.delete_after_days: Recovery points are kept for ever",
            "warning at retain_on_destroy: Recovery point stays in its vault"
        ]
    );
    assert_eq!(terraform.apply(&config("2")).await.action, Action::Replace);
    assert_eq!(points(&aws).await.len(), 2);
    let outcome = terraform.destroy().await;
    assert_eq!(
        said(&outcome),
        ["warning at retain_on_destroy: Recovery point stays in its vault"]
    );
    assert_eq!(
        (points(&aws).await.len(), aws.count("DeleteRecoveryPoint").await),
        (2, 0)
    );
}

#[tokio::test]
async fn a_recovery_point_that_has_gone_is_told_and_planned_anew() {
    let (aws, mut terraform) = start().await;
    let config = with(json!({"recovery_point_lifecycle": {"delete_after_days": 30}}));
    terraform.apply(&config).await;
    let arn = terraform.state()["arn"]
        .as_str()
        .expect("an ARN")
        .replace(':', "%3A");
    aws.aws_backup(
        Method::DELETE,
        &format!("/backup-vaults/nightly/recovery-points/{arn}"),
        Json::Null,
    )
    .await;
    let plan = terraform.plan(&config).await;
    assert_eq!(plan.action, Action::Create);
    assert!(
        plan.said()
            .contains(&"warning: Recovery point was deleted outside Terraform".to_owned()),
        "{:?}",
        plan.said()
    );
    assert!(plan.details().contains("the data of today"), "{}", plan.details());
}

#[tokio::test]
async fn a_recovery_point_at_the_end_of_its_lifecycle_is_told_as_such() {
    let (aws, mut terraform) = start().await;
    let config = with(json!({"recovery_point_lifecycle": {"delete_after_days": 1}}));
    terraform.apply(&config).await;
    aws.advance(Duration::from_secs(25 * 3600)).await;
    let plan = terraform.plan(&config).await;
    assert_eq!(plan.action, Action::Create);
    assert!(
        plan.said()
            .contains(&"warning: Recovery point has reached the end of its lifecycle".to_owned()),
        "{:?}",
        plan.said()
    );
}

#[tokio::test]
async fn an_interrupted_wait_is_taken_up_in_place() {
    for advanced in [true, false] {
        let (aws, mut terraform) = start().await;
        let setting = json!({"ResourceTypeManagementPreference": {"DynamoDB": advanced}});
        aws.aws_backup(Method::PUT, "/account-settings", setting).await;
        aws.set(json!({"backup_job_ms": 3_600_000})).await;
        let interrupt = terraform.interrupter();
        let config = config();
        let (outcome, ()) = tokio::join!(terraform.apply(&config), async {
            aws.until_called("DescribeBackupJob", 1).await;
            interrupt();
        });
        assert!(
            outcome
                .said()
                .contains(&"warning: Recovery point is not finished yet".to_owned()),
            "{:?} {}",
            outcome.said(),
            outcome.details()
        );
        let state = terraform.state();
        assert_eq!(
            (&state["unfinished"], &state["status"]),
            (&json!(true), &json!("CREATING"))
        );
        assert_eq!(
            state["arn"].is_string(),
            advanced,
            "the ARN comes with the end of the job: {state}"
        );
        assert!(!terraform.object.as_ref().is_some_and(|object| object.tainted));
        assert_eq!(terraform.attempts(), 0, "Terraform has it");
        assert_eq!(terraform.plan(&config).await.action, Action::Update);

        aws.advance(Duration::from_secs(3 * 3600)).await;
        // Meanwhile another wish for what can be changed afterwards.
        let other = with(json!({"recovery_point_lifecycle": {"delete_after_days": 30}}));
        let outcome = terraform.apply(&other).await;
        assert_eq!(
            (outcome.action, said(&outcome)),
            (Action::Update, Vec::new()),
            "{}",
            outcome.details()
        );
        let state = terraform.state();
        assert_eq!(
            (&state["unfinished"], &state["status"]),
            (&json!(false), &json!("COMPLETED"))
        );
        assert!(state["deletes_at"].is_string(), "{state}");
        assert_eq!(terraform.plan(&other).await.action, Action::Nothing);
        assert_eq!(
            (aws.count("StartBackupJob").await, points(&aws).await.len()),
            (1, 1)
        );
    }
}

#[tokio::test]
async fn a_wait_that_runs_out_of_time_is_taken_up_by_the_replacement() {
    for create_before_destroy in [false, true] {
        let (aws, mut terraform) = start().await;
        terraform.create_before_destroy = create_before_destroy;
        aws.set(json!({"backup_job_ms": 3_600_000})).await;
        let outcome = terraform
            .apply(&with(json!({"timeouts": {"create": "700ms"}})))
            .await;
        assert_eq!(said(&outcome), ["error: Recovery point is not finished"]);
        let id = terraform.state()["backup_job_id"].clone();
        assert!(
            outcome.details().contains(id.as_str().expect("an id")),
            "{}",
            outcome.details()
        );
        assert!(terraform.object.as_ref().is_some_and(|object| object.tainted));

        aws.advance(Duration::from_secs(3 * 3600)).await;
        let outcome = terraform.apply(&config()).await;
        assert_eq!(outcome.action, Action::Replace);
        assert!(
            !outcome.diagnostics.has_error(),
            "{:?} {}",
            outcome.said(),
            outcome.details()
        );
        assert!(
            outcome
                .said()
                .contains(&"warning: Backup job of an earlier apply was taken over".to_owned()),
            "{:?}",
            outcome.said()
        );
        let state = terraform.state();
        assert_eq!(
            (&state["backup_job_id"], &state["unfinished"]),
            (&id, &json!(false))
        );
        assert_eq!(
            (aws.count("StartBackupJob").await, points(&aws).await.len()),
            (1, 1)
        );
        assert_eq!(
            (
                aws.count("StopBackupJob").await,
                aws.count("DeleteRecoveryPoint").await
            ),
            (0, 0)
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
async fn an_apply_that_is_killed_finds_its_job_by_id_or_by_token() {
    for (killed_at, fault) in [("DescribeBackupJob", None), ("StartBackupJob", Some("hang"))] {
        let (aws, mut terraform) = start().await;
        aws.set(json!({"backup_job_ms": 3_600_000})).await;
        if let Some(kind) = fault {
            aws.fault(json!({"service": "backup", "operation": "StartBackupJob", "times": 1, "kind": kind}))
                .await;
        }
        kill_when_called(&mut terraform, &aws, killed_at).await;
        assert!(terraform.object.is_none());
        aws.advance(Duration::from_secs(3 * 3600)).await;
        let outcome = terraform.apply(&config()).await;
        assert_eq!(
            said(&outcome),
            ["warning: Backup job of an earlier apply was taken over"],
            "{killed_at}: {}",
            outcome.details()
        );
        assert_eq!(points(&aws).await.len(), 1, "{killed_at}");
        assert_eq!(terraform.plan(&config()).await.action, Action::Nothing);
        assert_eq!(terraform.attempts(), 0);
    }
}

#[tokio::test]
async fn an_answer_that_is_lost_does_not_start_a_second_job() {
    for kind in ["reset_before", "reset_after", "truncate", "error_after"] {
        let (aws, mut terraform) = start().await;
        aws.fault(json!({
            "service": "backup", "operation": "StartBackupJob", "times": 1, "kind": kind, "status": 500,
            "code": "ServiceUnavailableException", "message": "busy",
        }))
        .await;
        let outcome = terraform.apply(&config()).await;
        assert_eq!(said(&outcome), [""; 0], "{kind}: {}", outcome.details());
        assert_eq!(points(&aws).await.len(), 1, "{kind}");
    }
}

#[tokio::test]
async fn a_job_that_failed_says_why_and_the_next_apply_starts_another() {
    for state in ["FAILED", "EXPIRED", "ABORTED", "PARTIAL"] {
        let (aws, mut terraform) = start().await;
        let failure = json!({
            "region": "eu-west-1", "account": "111122223333", "kind": "backup", "state": state,
            "message": "The role lacks dynamodb:StartAwsBackupJob.",
        });
        aws.control(Method::POST, "backup/fail_next_job", failure).await;
        let outcome = terraform.apply(&config()).await;
        assert_eq!(
            said(&outcome),
            ["error: Recovery point cannot be made"],
            "{state}"
        );
        for part in [state, "dynamodb:StartAwsBackupJob", "starts a new job"] {
            assert!(
                outcome.details().contains(part),
                "{state} {part}: {}",
                outcome.details()
            );
        }
        assert_eq!(terraform.attempts(), 0);
        let plan = terraform.plan(&config()).await;
        assert_eq!(plan.action, Action::Create, "nothing is left in the state");
        assert!(
            plan.said()
                .contains(&"warning: Backup job of an earlier apply has failed".to_owned()),
            "{:?}",
            plan.said()
        );
        let outcome = terraform.apply(&config()).await;
        assert!(!outcome.diagnostics.has_error(), "{}", outcome.details());
        assert_eq!(
            (aws.count("StartBackupJob").await, points(&aws).await.len()),
            (2, 1)
        );
    }
}

#[tokio::test]
async fn a_job_that_fails_after_the_kill_is_told_and_another_is_started() {
    let (aws, mut terraform) = start().await;
    aws.set(json!({"backup_job_ms": 3_600_000})).await;
    let failure = json!({
        "region": "eu-west-1", "account": "111122223333", "kind": "backup", "state": "FAILED", "message": "No luck.",
    });
    aws.control(Method::POST, "backup/fail_next_job", failure).await;
    kill_when_called(&mut terraform, &aws, "DescribeBackupJob").await;
    aws.advance(Duration::from_secs(3 * 3600)).await;
    aws.set(json!({"backup_job_ms": 0})).await;
    let outcome = terraform.apply(&config()).await;
    assert_eq!(
        said(&outcome),
        ["warning: Backup job of an earlier apply has failed"]
    );
    assert!(outcome.details().contains("No luck"), "{}", outcome.details());
    assert_eq!(
        (aws.count("StartBackupJob").await, points(&aws).await.len()),
        (2, 1)
    );
}

#[tokio::test]
async fn a_destroy_of_an_unfinished_one_stops_its_job() {
    let (aws, mut terraform) = start().await;
    aws.set(json!({"backup_job_ms": 3_600_000})).await;
    let interrupt = terraform.interrupter();
    let config = config();
    let (_, ()) = tokio::join!(terraform.apply(&config), async {
        aws.until_called("DescribeBackupJob", 1).await;
        interrupt();
    });
    let outcome = terraform.destroy().await;
    assert!(!outcome.diagnostics.has_error(), "{}", outcome.details());
    assert!(terraform.object.is_none());
    assert_eq!(
        (aws.count("StopBackupJob").await, points(&aws).await.len()),
        (1, 0)
    );
}

#[tokio::test]
async fn a_locked_vault_keeps_it_and_says_until_when() {
    let (aws, mut terraform) = start().await;
    let config = with(json!({"recovery_point_lifecycle": {"delete_after_days": 30}}));
    terraform.apply(&config).await;
    let deletes_at = terraform.state()["deletes_at"].clone();
    aws.aws_backup(
        Method::PUT,
        "/backup-vaults/nightly/vault-lock",
        json!({"MinRetentionDays": 1}),
    )
    .await;
    let outcome = terraform.destroy().await;
    assert!(outcome.diagnostics.has_error());
    assert!(terraform.object.is_some());
    assert_eq!(points(&aws).await.len(), 1);
    let details = outcome.details();
    for part in [
        deletes_at.as_str().expect("a date"),
        "is locked",
        "governance",
        "retain_on_destroy = true",
    ] {
        assert!(details.contains(part), "{part}: {details}");
    }
}

#[tokio::test]
async fn a_deletion_that_aws_does_not_carry_out_is_no_success() {
    let (aws, mut terraform) = start().await;
    terraform.apply(&config()).await;
    let arn = terraform.state()["arn"].clone();
    aws.set(json!({"recovery_point_deleting_ms": 3_600_000})).await;
    let (outcome, ()) = tokio::join!(terraform.destroy(), async {
        aws.until_called("DeleteRecoveryPoint", 1).await;
        let expire = json!({"region": "eu-west-1", "account": "111122223333", "recovery_point_arn": arn});
        aws.control(Method::POST, "backup/expire", expire).await;
        aws.advance(Duration::from_secs(7200)).await;
    });
    assert!(outcome.diagnostics.has_error(), "{:?}", outcome.said());
    assert!(outcome.details().contains("EXPIRED"), "{}", outcome.details());
    assert!(terraform.object.is_some());
}

#[tokio::test]
async fn an_imported_recovery_point_needs_no_change() {
    for advanced in [true, false] {
        let (aws, mut terraform) = start().await;
        let setting = json!({"ResourceTypeManagementPreference": {"DynamoDB": advanced}});
        aws.aws_backup(Method::PUT, "/account-settings", setting).await;
        let tag = json!({"ResourceArn": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders", "Tags": [{"Key": "cost", "Value": "7"}]});
        aws.dynamodb("TagResource", tag).await;
        let tags = if advanced {
            json!({"team": "shop"})
        } else {
            Json::Null
        };
        let config = with(json!({"recovery_point_lifecycle": {"delete_after_days": 30}, "tags": tags}));
        terraform.apply(&config).await;
        let arn = terraform.state()["arn"].as_str().expect("an ARN").to_owned();
        terraform.object = None;
        let found = terraform.import(ImportTarget::Id(format!("nightly,{arn}"))).await;
        assert!(found.is_empty(), "{found:?}");
        let plan = terraform.plan(&config).await;
        assert_eq!(
            plan.action,
            Action::Nothing,
            "advanced = {advanced}: {:?}",
            terraform.state()
        );
    }
}

#[test]
fn an_import_id_says_what_is_wrong_with_it() {
    for (id, why) in [
        ("nightly", "it has no comma"),
        (
            ",arn:aws:backup:eu-west-1:111122223333:recovery-point:1",
            "\"\" is not the name of a vault",
        ),
        ("nightly,orders", "is not the ARN of a recovery point"),
        (
            "arn:aws:backup:eu-west-1:111122223333:backup-vault:a,b",
            "is not the name of a vault",
        ),
    ] {
        let found = super::refresh::import(ImportTarget::Id(id.to_owned())).expect_err("another form");
        let text: String = found.iter().map(|it| it.detail.clone()).collect();
        assert!(
            text.contains(why) && text.contains("with a comma between"),
            "{id}: {text}"
        );
    }
}

#[tokio::test]
async fn a_read_that_is_denied_is_an_error_and_never_gone() {
    let (aws, mut terraform) = start().await;
    terraform.apply(&config()).await;
    aws.set(json!({"denied_actions": ["backup:DescribeRecoveryPoint"]}))
        .await;
    let plan = terraform.plan(&config()).await;
    assert_eq!(said(&plan), ["error: Recovery point cannot be read"]);
    assert!(
        plan.details().contains("backup:DescribeRecoveryPoint"),
        "{}",
        plan.details()
    );
    assert!(terraform.object.is_none() || terraform.state()["arn"].is_string());
}

/// Applies, and ends the process without another word once AWS was called.
async fn kill_when_called(terraform: &mut Terraform, aws: &Aws, operation: &str) {
    let config = config();
    tokio::select! {
        _ = terraform.apply(&config) => panic!("it was to be killed"),
        () = aws.until_called(operation, 1) => {}
    }
}
