//! Faults on demand, as a client meets them.

use std::time::Duration;

use serde_json::{Value, json};

use crate::client::{Sim, column};

async fn arm(sim: &Sim, fault: Value) {
    let mut armed = json!({"service": "dynamodb", "operation": "CreateBackup"});
    for (member, value) in fault.as_object().expect("an object") {
        armed[member] = value.clone();
    }
    sim.control("POST", "faults", armed).await;
}

fn request() -> Value {
    json!({"TableName": "Music", "BackupName": "one"})
}

async fn backups(sim: &Sim) -> usize {
    column(
        &sim.caller().ok("ListBackups", json!({})).await["BackupSummaries"],
        "BackupArn",
    )
    .len()
}

#[tokio::test]
async fn an_error_hits_before_or_after_the_effect() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    arm(
        &sim,
        json!({"kind": "error", "code": "ThrottlingException", "message": "Rate exceeded", "skip": 1}),
    )
    .await;
    aws.ok("CreateBackup", request()).await;
    aws.refuses("CreateBackup", request(), "ThrottlingException: Rate exceeded")
        .await;
    assert_eq!(backups(&sim).await, 1);
    arm(
        &sim,
        json!({"kind": "error_after", "status": 503, "code": "ServiceUnavailableException"}),
    )
    .await;
    let (status, answer) = aws.raw("CreateBackup", request()).await;
    assert_eq!(
        (status, answer["__type"].as_str()),
        (503, Some("com.amazon.coral.service#ServiceUnavailableException"))
    );
    assert_eq!(backups(&sim).await, 2, "the call took effect");
    let log = sim
        .control("GET", "calls?operation=CreateBackup", json!({}))
        .await;
    assert_eq!(log["throttled"], 1);
    assert_eq!(column(&log["calls"], "fault"), ["", "error", "error_after"]);
    assert_eq!(
        sim.control("GET", "faults", json!({})).await["faults"],
        json!([]),
        "both are spent"
    );
}

#[tokio::test]
async fn a_connection_is_reset_before_or_after_the_effect() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    for (kind, made) in [("reset_before", 0), ("reset_after", 1)] {
        arm(&sim, json!({"kind": kind})).await;
        let request = aws.request("dynamodb", "DynamoDB_20120810.CreateBackup", &request());
        let error = request.send().await.expect_err("the connection is dropped");
        assert!(error.is_request(), "{error:?}");
        assert_eq!(backups(&sim).await, made, "{kind}");
    }
    let calls = sim.calls("CreateBackup").await;
    assert_eq!(calls.len(), 2, "a client's own retry would show here");
    assert!(calls.iter().all(|call| call["status"] == 0));
}

#[tokio::test]
async fn an_answer_is_cut_off_or_never_comes() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    arm(&sim, json!({"kind": "truncate"})).await;
    let call = aws.request("dynamodb", "DynamoDB_20120810.CreateBackup", &request());
    let response = call.send().await.expect("the head is sent");
    assert_eq!(response.status(), 200);
    assert!(response.bytes().await.is_err(), "the body ends early");
    assert_eq!(backups(&sim).await, 1);

    arm(&sim, json!({"kind": "hang"})).await;
    let call = aws.request("dynamodb", "DynamoDB_20120810.CreateBackup", &request());
    let error = call
        .timeout(Duration::from_millis(300))
        .send()
        .await
        .expect_err("nothing comes");
    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(backups(&sim).await, 2);
}

#[tokio::test]
async fn a_delay_only_delays() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    arm(&sim, json!({"kind": "delay", "delay_ms": 5_000, "times": null})).await;
    let call = aws.request("dynamodb", "DynamoDB_20120810.CreateBackup", &request());
    let error = call
        .timeout(Duration::from_millis(300))
        .send()
        .await
        .expect_err("not yet");
    assert!(error.is_timeout());
    assert_eq!(backups(&sim).await, 0, "the client left before the effect");
    sim.control("DELETE", "faults", json!({})).await;
    arm(&sim, json!({"kind": "delay", "delay_ms": 1})).await;
    aws.ok("CreateBackup", request()).await;
}

#[tokio::test]
async fn faults_that_could_never_hit_are_refused() {
    let sim = Sim::start().await;
    for fault in [
        json!({"operation": "CreateBakcup", "kind": "error"}),
        json!({"service": "kms", "operation": "CreateBackup", "kind": "error"}),
        json!({"operation": "CreateBackup", "kind": "explode"}),
        json!({"operation": "CreateBackup", "kind": "error", "times": 0}),
        json!({"operation": "CreateBackup", "kind": "error", "status": 200}),
        json!({"operation": "CreateBackup", "kind": "error", "tiems": 1}),
    ] {
        let (status, answer) = sim.control_raw("POST", "faults", fault.clone()).await;
        assert_eq!(status, 400, "{fault}: {answer}");
    }
}
