//! Restores by AWS Backup: what proves that a table is that of a job, and that one wish starts one job.

use std::time::Duration;

use aws_clients::{Region, RestoreJob, RestoreJobStatus};
use serde_json::{Value as Json, json};

use super::super::attempt::{proves, record, token};
use super::super::job::is_made_by;
use super::Scene;
use crate::testing::{Action, Aws};

const ACCOUNT: &str = "111122223333";
const REGION: &str = "eu-west-1";
const ROLE_ARN: &str = "arn:aws:iam::111122223333:role/backup";

/// Calls AWS Backup by the method and the path of an operation; panics when it refuses.
async fn aws_backup(aws: &Aws, method: reqwest::Method, path: &str, input: Json) -> Json {
    let scope = format!("{ACCOUNT}/20260101/{REGION}/backup/aws4_request");
    let mut request = reqwest::Client::new()
        .request(method, format!("{}{path}", aws.url()))
        .header(
            "authorization",
            format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"),
        );
    if !input.is_null() {
        request = request
            .header("content-type", "application/json")
            .body(input.to_string());
    }
    let answer = request.send().await.expect("the simulator answers");
    let status = answer.status();
    let text = answer.text().await.expect("the answer has a body");
    assert!(status.is_success(), "{path}: {text}");
    serde_json::from_str(&text).unwrap_or(Json::Null)
}

/// A scene with a recovery point of the source table. Gives a source that names it.
async fn scene() -> (Scene, Json) {
    let scene = Scene::start().await;
    scene.aws.set(json!({"backup_job_ms": 0})).await;
    let put = reqwest::Method::PUT;
    aws_backup(&scene.aws, put.clone(), "/backup-vaults/nightly", json!({})).await;
    let table = scene
        .aws
        .dynamodb("DescribeTable", json!({"TableName": "orders"}))
        .await;
    let arn = table["Table"]["TableArn"].clone();
    let tags = json!([{"Key": "team", "Value": "shop"}]);
    scene
        .aws
        .dynamodb("TagResource", json!({"ResourceArn": arn, "Tags": tags}))
        .await;
    let job = json!({"BackupVaultName": "nightly", "ResourceArn": arn, "IamRoleArn": ROLE_ARN});
    aws_backup(&scene.aws, put, "/backup-jobs", job).await;
    let path = "/backup-vaults/nightly/recovery-points/";
    let mut points = Json::Null;
    for _ in 0..100 {
        let page = aws_backup(&scene.aws, reqwest::Method::GET, path, Json::Null).await;
        points = page["RecoveryPoints"].clone();
        if points[0]["Status"] == "COMPLETED" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let source = json!({
        "recovery_point_arn": points[0]["RecoveryPointArn"], "role_arn": ROLE_ARN, "vault_name": "nightly",
    });
    scene.aws.forget_calls().await;
    (scene, source)
}

async fn jobs(scene: &Scene) -> Vec<Json> {
    let page = aws_backup(&scene.aws, reqwest::Method::GET, "/restore-jobs/", Json::Null).await;
    page["RestoreJobs"].as_array().cloned().expect("a list")
}

#[tokio::test]
async fn settings_of_the_live_source_are_carried_over_and_a_trigger_starts_another_job() {
    let (mut scene, source) = scene().await;
    let config = |trigger: &str| {
        scene.config(json!({"source": source, "carry_over": ["tags"], "triggers": {"run": trigger}}))
    };
    let (first, second) = (config("1"), config("2"));
    let outcome = scene.terraform.apply(&first).await;
    assert!(!outcome.diagnostics.has_error(), "{}", outcome.details());
    let state = scene.terraform.state();
    assert_eq!(state["tags_all"], json!({"team": "shop"}));
    assert_eq!(state["table_id"], scene.table().await["TableId"]);
    assert!(state["restore_job_id"].is_string() && state["restore_duration_seconds"].is_u64());
    assert_eq!(scene.terraform.attempts(), 0);
    assert_eq!(scene.terraform.plan(&first).await.action, Action::Nothing);

    let outcome = scene.terraform.apply(&second).await;
    assert_eq!(outcome.action, Action::Replace);
    assert!(!outcome.diagnostics.has_error(), "{}", outcome.details());
    assert_ne!(scene.terraform.state()["restore_job_id"], state["restore_job_id"]);
    assert_eq!(jobs(&scene).await.len(), 2);
    assert_eq!(scene.aws.count("RestoreTableFromBackup").await, 0);
}

#[tokio::test]
async fn an_interrupted_resumption_is_resumed_again() {
    let (mut scene, source) = scene().await;
    scene.aws.set(json!({"backup_job_ms": 3_600_000})).await;
    let config = scene.config(json!({"source": source, "tags": {"a": "1"}}));
    for expected in [Action::Create, Action::Update, Action::Update] {
        scene.aws.forget_calls().await;
        let interrupt = scene.terraform.interrupter();
        let (outcome, ()) = tokio::join!(scene.terraform.apply(&config), async {
            // A refresh looks once; then the wait does.
            scene.aws.until_called("DescribeRestoreJob", 3).await;
            interrupt();
        });
        assert_eq!(
            (outcome.action, outcome.said()),
            (expected, vec!["warning: Restore goes on in AWS".to_owned()])
        );
        let state = scene.terraform.state();
        assert_eq!(
            (&state["unfinished"], &state["table_id"]),
            (&json!(true), &Json::Null)
        );
    }
    scene.aws.set(json!({"backup_job_ms": 0})).await;
    let outcome = scene.terraform.apply(&config).await;
    assert_eq!((outcome.action, outcome.said()), (Action::Update, Vec::new()));
    assert_eq!(scene.terraform.state()["tags_all"], json!({"a": "1"}));
    assert_eq!(scene.terraform.plan(&config).await.action, Action::Nothing);
    assert_eq!(jobs(&scene).await.len(), 1);
}

#[tokio::test]
async fn a_job_of_another_source_that_still_runs_is_left_alone() {
    let (mut scene, source) = scene().await;
    scene.aws.set(json!({"backup_job_ms": 3_600_000})).await;
    let by_job = scene.config(json!({"source": source}));
    scene.kill_when_called(&by_job, "DescribeRestoreJob").await;
    assert!(scene.terraform.object.is_none());

    let by_backup = scene.config(json!({}));
    let outcome = scene.terraform.apply(&by_backup).await;
    assert_eq!(
        outcome.said(),
        ["error at source: Table is restored from another source by an earlier apply"]
    );
    assert_eq!(scene.aws.count("RestoreTableFromBackup").await, 0);

    // The old source again takes the job up.
    scene.aws.set(json!({"backup_job_ms": 0})).await;
    let outcome = scene.terraform.apply(&by_job).await;
    assert_eq!(
        outcome.said(),
        ["warning: Restore of an earlier apply was taken up"]
    );
    assert_eq!((jobs(&scene).await.len(), scene.terraform.attempts()), (1, 0));
}

#[tokio::test]
async fn a_recorded_job_that_has_failed_since_is_asked_for_anew() {
    let (mut scene, source) = scene().await;
    scene.aws.set(json!({"backup_job_ms": 500})).await;
    let failure =
        json!({"region": REGION, "kind": "restore", "state": "ABORTED", "message": "stopped by AWS"});
    scene
        .aws
        .control(reqwest::Method::POST, "backup/fail_next_job", failure)
        .await;
    let config = scene.config(json!({"source": source}));
    scene.kill_when_called(&config, "DescribeRestoreJob").await;
    scene.aws.advance(Duration::from_secs(60)).await;
    let outcome = scene.terraform.apply(&config).await;
    assert_eq!(outcome.said(), [""; 0], "{}", outcome.details());
    let statuses: Vec<Json> = jobs(&scene)
        .await
        .iter()
        .map(|job| job["Status"].clone())
        .collect();
    assert_eq!(statuses, ["COMPLETED", "ABORTED"]);
}

#[tokio::test]
async fn a_lost_answer_whose_job_has_failed_since_is_no_dead_end() {
    let (mut scene, source) = scene().await;
    let failure = json!({"region": REGION, "kind": "restore", "state": "FAILED", "message": "no key"});
    scene
        .aws
        .control(reqwest::Method::POST, "backup/fail_next_job", failure)
        .await;
    scene
        .aws
        .fault(json!({"service": "backup", "operation": "StartRestoreJob", "kind": "hang"}))
        .await;
    let config = scene.config(json!({"source": source}));
    scene.kill_when_called(&config, "StartRestoreJob").await;
    scene.aws.advance(Duration::from_secs(60)).await;
    // The same token is answered with the job that has failed; another attempt has another token.
    let outcome = scene.terraform.apply(&config).await;
    assert_eq!(outcome.said(), [""; 0], "{}", outcome.details());
    assert_eq!(jobs(&scene).await.len(), 2);
}

#[test]
fn a_table_is_that_of_a_job_when_it_is_named_and_was_made_while_the_job_ran() {
    let at = |time: &str| Some(time.parse().expect("a time"));
    let job = RestoreJob {
        id: "job".to_owned(),
        status: RestoreJobStatus::Completed,
        status_message: None,
        recovery_point: None,
        created_table: Some(super::TABLE_ARN.parse().expect("an ARN")),
        created_at: at("2026-11-20T09:00:00Z"),
        completed_at: at("2026-11-20T10:00:00Z"),
        recovery_point_created_at: None,
    };
    let made = |time: &str| super::walks::table(|table| table.created_at = at(time));
    assert!(is_made_by(&job, &made("2026-11-20T09:30:00Z")));
    assert!(is_made_by(&job, &made("2026-11-20T08:59:00Z")), "clocks differ");
    assert!(
        !is_made_by(&job, &made("2026-11-20T08:58:59Z")),
        "it was there before"
    );
    assert!(is_made_by(&job, &made("2026-11-20T10:01:00Z")));
    assert!(
        !is_made_by(&job, &made("2026-11-20T10:01:01Z")),
        "somebody made it later"
    );
    let running = RestoreJob {
        completed_at: None,
        ..job.clone()
    };
    assert!(is_made_by(&running, &made("2026-11-20T12:00:00Z")));
    for created_table in [
        None,
        "arn:aws:dynamodb:eu-west-1:111122223333:table/other".parse().ok(),
    ] {
        let other = RestoreJob {
            created_table,
            ..job.clone()
        };
        assert!(!is_made_by(&other, &made("2026-11-20T09:30:00Z")));
    }
}

#[test]
fn a_token_is_that_of_one_attempt() {
    let record = |name: &str, source: &str, second: i64| {
        let started = jiff::Timestamp::from_second(1_795_000_000 + second).expect("a time");
        record(
            &Region::new("eu-west-1"),
            name,
            Some(source.to_owned()),
            Some(ACCOUNT.to_owned()),
            started,
        )
    };
    let first = record("orders", "recovery point a", 0);
    assert_eq!(token(&first), token(&first.clone()));
    for other in [
        record("orders", "recovery point a", 1),
        record("orders", "recovery point b", 0),
        record("customers", "recovery point a", 0),
    ] {
        assert_ne!(token(&first), token(&other));
    }
    // AWS takes fifty characters of some kinds.
    let text = token(&first);
    assert!(
        text.len() <= 50 && text.chars().all(|it| it.is_ascii_alphanumeric()),
        "{text}"
    );

    // A job may make its table long after it was asked for: that time proves nothing.
    let table = super::walks::table(|table| table.created_at = Some(first.started_at));
    assert!(!proves(&first, &table));
    assert!(proves(&record("orders", "backup a", 0), &table));
}
