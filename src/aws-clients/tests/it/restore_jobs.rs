//! Restore jobs of AWS Backup: what is sent, what a lost answer comes to, and how their ends are told.

use aws_clients::{AwsBackup, EncryptionChoice, ErrorKind, RecoveryPointRestore, RestoreJobStatus};
use serde_json::{Value, json};

use crate::stub::{Reply, START, Stub, World, at, ok, refuse, said};

const POINT_ARN: &str =
    "arn:aws:backup:eu-west-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45";
const ROLE_ARN: &str = "arn:aws:iam::111122223333:role/backup";
const KEY_ARN: &str = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

fn restore(encryption: EncryptionChoice) -> RecoveryPointRestore {
    RecoveryPointRestore {
        target: "Restored".parse().unwrap(),
        recovery_point: POINT_ARN.parse().unwrap(),
        role_arn: ROLE_ARN.to_owned(),
        encryption,
        token: "token-1".to_owned(),
    }
}

fn backup(world: &World) -> AwsBackup {
    world.clients.aws_backup(world.clients.region())
}

fn job(id: &str, status: &str, more: Value) -> Value {
    let mut job = json!({
        "RestoreJobId": id, "Status": status, "RecoveryPointArn": POINT_ARN, "CreationDate": 1_772_366_400,
    });
    job.as_object_mut()
        .unwrap()
        .extend(more.as_object().cloned().unwrap());
    job
}

async fn sent(encryption: EncryptionChoice) -> Value {
    let stub = Stub::script([ok(json!({ "RestoreJobId": "job-1" }))]).await;
    let world = World::new(&stub).await;
    let id = backup(&world)
        .start_restore_job(&world.cx, &restore(encryption))
        .await
        .unwrap();
    assert_eq!(id, "job-1");
    let request = stub.requests().pop().unwrap();
    assert!(request.head.starts_with("PUT /restore-jobs"), "{}", request.head);
    request.body
}

#[tokio::test]
async fn the_encryption_is_always_said() {
    let with = |metadata: Value| {
        json!({
            "RecoveryPointArn": POINT_ARN, "IamRoleArn": ROLE_ARN, "ResourceType": "DynamoDB",
            "IdempotencyToken": "token-1", "Metadata": metadata,
        })
    };
    assert_eq!(
        sent(EncryptionChoice::AwsOwned).await,
        with(json!({ "targetTableName": "Restored", "encryptionType": "Default" }))
    );
    assert_eq!(
        sent(EncryptionChoice::AwsManaged).await,
        with(json!({ "targetTableName": "Restored", "encryptionType": "KMS" }))
    );
    assert_eq!(
        sent(EncryptionChoice::Key(KEY_ARN.to_owned())).await,
        with(json!({ "targetTableName": "Restored", "encryptionType": "KMS", "kmsMasterKeyArn": KEY_ARN }))
    );
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_with_the_same_token() {
    let stub = Stub::script([Reply::Cut, ok(json!({ "RestoreJobId": "job-1" }))]).await;
    let world = World::new(&stub).await;
    let id = backup(&world)
        .start_restore_job(&world.cx, &restore(EncryptionChoice::AwsOwned))
        .await
        .unwrap();
    assert_eq!(id, "job-1");
    let tokens: Vec<Value> = stub
        .requests()
        .iter()
        .map(|request| request.body["IdempotencyToken"].clone())
        .collect();
    assert_eq!(tokens, ["token-1", "token-1"]);
}

#[tokio::test]
async fn a_recovery_point_of_another_region_is_not_asked_for() {
    let stub = Stub::script([ok(json!({ "RestoreJobId": "job-1" }))]).await;
    let world = World::new(&stub).await;
    let far = RecoveryPointRestore {
        recovery_point: POINT_ARN.replace("eu-west-1", "us-east-1").parse().unwrap(),
        ..restore(EncryptionChoice::AwsOwned)
    };
    let error = backup(&world)
        .start_restore_job(&world.cx, &far)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OtherRegion);
    assert_eq!(stub.requests().len(), 0);
}

#[tokio::test]
async fn a_refusal_and_an_empty_answer_are_told() {
    let stub = Stub::script([
        refuse(
            "InvalidParameterValueException",
            "IAM Role cannot be assumed by AWS Backup",
        ),
        ok(json!({})),
    ])
    .await;
    let world = World::new(&stub).await;
    let start = || async {
        let wanted = restore(EncryptionChoice::AwsOwned);
        backup(&world)
            .start_restore_job(&world.cx, &wanted)
            .await
            .unwrap_err()
    };
    let refused = start().await;
    assert_eq!(refused.kind(), ErrorKind::Invalid);
    assert!(said(&refused).contains("cannot be assumed"), "{}", said(&refused));
    let empty = start().await;
    assert!(
        said(&empty).contains("the id of the restore job"),
        "{}",
        said(&empty)
    );
}

#[tokio::test]
async fn a_job_is_waited_for_to_its_end_whatever_that_is() {
    let table = "arn:aws:dynamodb:eu-west-1:111122223333:table/Restored";
    let stub = Stub::script([
        ok(job("job-1", "PENDING", json!({}))),
        ok(job("job-1", "RUNNING", json!({ "CreatedResourceArn": table }))),
        ok(job(
            "job-1",
            "COMPLETED",
            json!({
                "CreatedResourceArn": table, "CompletionDate": 1_772_366_460, "RecoveryPointCreationDate": 1_772_280_000,
                "StatusMessage": "",
            }),
        )),
    ])
    .await;
    let world = World::new(&stub).await;
    let ended = backup(&world)
        .wait_restore_job(&world.seconds(3600), "job-1")
        .await
        .unwrap();
    assert_eq!(
        (ended.status.clone(), ended.is_over()),
        (RestoreJobStatus::Completed, true)
    );
    assert_eq!(
        ended.created_table.map(|arn| arn.to_string()).as_deref(),
        Some(table)
    );
    assert_eq!(ended.created_at, Some(at(START)));
    assert_eq!(ended.completed_at, Some(at("2026-03-01T12:01:00Z")));
    assert_eq!(ended.recovery_point_created_at, Some(at("2026-02-28T12:00:00Z")));
    assert_eq!(ended.status_message, None);

    for status in ["FAILED", "ABORTED"] {
        let stub = Stub::script([ok(job("job-1", status, json!({ "StatusMessage": "no key" })))]).await;
        let world = World::new(&stub).await;
        let ended = backup(&world)
            .wait_restore_job(&world.seconds(3600), "job-1")
            .await
            .unwrap();
        assert!(ended.is_over());
        assert_eq!(ended.status.as_str(), status);
        assert_eq!(ended.status_message.as_deref(), Some("no key"));
    }
}

#[tokio::test]
async fn a_job_that_is_not_there_and_a_wait_that_is_over() {
    let stub = Stub::script([refuse("ResourceNotFoundException", "no such job")]).await;
    let world = World::new(&stub).await;
    assert_eq!(
        backup(&world).find_restore_job(&world.cx, "job-1").await.unwrap(),
        None
    );
    let gone = backup(&world)
        .wait_restore_job(&world.seconds(3600), "job-1")
        .await
        .unwrap_err();
    assert_eq!(gone.kind(), ErrorKind::NotFound);

    let stub = Stub::script([ok(job("job-1", "PENDING", json!({})))]).await;
    let world = World::new(&stub).await;
    let error = backup(&world)
        .wait_restore_job(&world.seconds(60), "job-1")
        .await
        .unwrap_err();
    assert_eq!((error.kind(), world.spent()), (ErrorKind::TimedOut, 60.0));
    assert!(
        said(&error).contains("PENDING") && said(&error).contains("AWS Backup goes on"),
        "{}",
        said(&error)
    );
}

#[tokio::test]
async fn all_pages_of_the_jobs_since_a_moment_are_listed() {
    let old = json!({ "CreationDate": 1_772_366_399 });
    let stub = Stub::script([
        ok(json!({ "RestoreJobs": [job("job-2", "RUNNING", json!({})), job("old", "COMPLETED", old)], "NextToken": "more" })),
        ok(json!({ "RestoreJobs": [job("job-1", "COMPLETED", json!({}))] })),
    ])
    .await;
    let world = World::new(&stub).await;
    let jobs = backup(&world)
        .list_restore_jobs(&world.cx, at(START))
        .await
        .unwrap();
    let ids: Vec<&str> = jobs.iter().map(|job| job.id.as_str()).collect();
    assert_eq!(ids, ["job-2", "job-1"]);
    let heads: Vec<String> = stub.requests().into_iter().map(|request| request.head).collect();
    assert!(heads[0].contains("resourceType=DynamoDB"), "{}", heads[0]);
    assert!(
        heads[0].contains("createdAfter=2026-03-01T11%3A59%3A59Z"),
        "{}",
        heads[0]
    );
    assert!(heads[1].contains("nextToken=more"), "{}", heads[1]);
}
