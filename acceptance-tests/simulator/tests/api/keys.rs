//! KMS keys, and what DynamoDB says about them.

use serde_json::{Value, json};

use crate::client::{Sim, plain_table};

const ENABLED: &str = "11111111-2222-3333-4444-555555555555";

fn encrypted(name: &str, specification: Value) -> Value {
    let mut table = plain_table(name);
    table["SSESpecification"] = specification;
    table
}

fn key_arn(id: &str) -> String {
    format!("arn:aws:kms:us-east-1:111122223333:key/{id}")
}

async fn add_key(sim: &Sim, id: &str, change: Value) {
    let mut key = json!({"account": "111122223333", "region": "us-east-1", "key_id": id});
    for (member, value) in change.as_object().expect("an object") {
        key[member] = value.clone();
    }
    sim.control("POST", "kms/keys", key).await;
}

#[tokio::test]
async fn a_table_takes_any_reference_to_a_usable_key() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    add_key(&sim, ENABLED, json!({"aliases": ["alias/music"]})).await;
    let references = [
        ENABLED.to_owned(),
        key_arn(ENABLED),
        "alias/music".to_owned(),
        "arn:aws:kms:us-east-1:111122223333:alias/music".to_owned(),
    ];
    for (number, reference) in references.iter().enumerate() {
        let specification = json!({"Enabled": true, "SSEType": "KMS", "KMSMasterKeyId": reference});
        let table = aws
            .ok("CreateTable", encrypted(&format!("table{number}"), specification))
            .await;
        let shown = &table["TableDescription"]["SSEDescription"];
        assert_eq!(
            *shown,
            json!({"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": key_arn(ENABLED)})
        );
    }
}

#[tokio::test]
async fn keys_that_cannot_be_used() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    add_key(&sim, "disabled", json!({"state": "Disabled"})).await;
    add_key(&sim, "doomed", json!({"state": "PendingDeletion"})).await;
    add_key(&sim, "rsa", json!({"key_spec": "RSA_2048"})).await;
    let with_key = |key: &str| {
        encrypted(
            "Music",
            json!({"Enabled": true, "SSEType": "KMS", "KMSMasterKeyId": key}),
        )
    };
    for (key, expected) in [
        (
            "disabled",
            format!(
                "ValidationException: KMS key disabled error: {} is disabled",
                key_arn("disabled")
            ),
        ),
        (
            "doomed",
            format!(
                "ValidationException: KMS invalid state error: {} is pending",
                key_arn("doomed")
            ),
        ),
        (
            "nokey",
            format!(
                "ValidationException: KMS validation error: Key '{}' does not exist",
                key_arn("nokey")
            ),
        ),
        (
            "alias/none",
            "ValidationException: KMS validation error: Alias arn:aws:kms:us-east-1:".to_owned(),
        ),
        (
            "alias/aws/s3",
            "AccessDeniedException: User: arn:aws:iam::111122223333:user/simulated".to_owned(),
        ),
        (
            &key_arn("x").replace("us-east-1", "eu-west-1"),
            "ValidationException: Invalid arn eu-west-1".to_owned(),
        ),
    ] {
        aws.refuses("CreateTable", with_key(key), &expected).await;
    }
    let (status, answer) = aws.raw("CreateTable", with_key("rsa")).await;
    assert_eq!(
        status, 500,
        "an asymmetric key makes AWS fail, each time: {answer}"
    );
    assert_eq!(
        answer["__type"],
        "com.amazonaws.dynamodb.v20120810#InternalServerError"
    );
    let without_type = encrypted("Music", json!({"Enabled": true, "KMSMasterKeyId": "disabled"}));
    let expected = "ValidationException: One or more parameter values were invalid: SSEType KMS is required";
    aws.refuses("CreateTable", without_type, expected).await;
    sim.settings(json!({"denied_actions": ["kms:CreateGrant"]})).await;
    add_key(&sim, ENABLED, json!({})).await;
    aws.refuses("CreateTable", with_key(ENABLED), "AccessDeniedException")
        .await;
}

#[tokio::test]
async fn the_key_of_a_backup_must_still_be_usable() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    add_key(&sim, ENABLED, json!({})).await;
    let specification = json!({"Enabled": true, "SSEType": "KMS", "KMSMasterKeyId": ENABLED});
    aws.ok("CreateTable", encrypted("Music", specification)).await;
    sim.advance(120).await;
    let arn = aws.backup("Music", "one").await;
    add_key(&sim, ENABLED, json!({"state": "Disabled"})).await;
    assert_eq!(aws.status("Music").await, "INACCESSIBLE_ENCRYPTION_CREDENTIALS");
    aws.refuses(
        "Scan",
        json!({"TableName": "Music"}),
        "AccessDeniedException: KMS key access denied",
    )
    .await;
    let body = json!({"TargetTableName": "Copy", "BackupArn": arn});
    aws.refuses(
        "RestoreTableFromBackup",
        body.clone(),
        "ValidationException: KMS key disabled error",
    )
    .await;
    add_key(&sim, ENABLED, json!({"state": "Enabled"})).await;
    assert_eq!(aws.status("Music").await, "ACTIVE");
    aws.ok("RestoreTableFromBackup", body).await;
}

#[tokio::test]
async fn the_key_of_a_backup_is_needed_whatever_key_the_copy_gets() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    add_key(&sim, ENABLED, json!({})).await;
    let specification = json!({"Enabled": true, "SSEType": "KMS", "KMSMasterKeyId": ENABLED});
    aws.ok("CreateTable", encrypted("Music", specification)).await;
    sim.advance(120).await;
    let arn = aws.backup("Music", "one").await;
    add_key(&sim, ENABLED, json!({"state": "Disabled"})).await;
    let body = json!({
        "TargetTableName": "Copy", "BackupArn": arn, "SSESpecificationOverride": {"Enabled": true, "SSEType": "KMS"},
    });
    for caller in [aws, sim.caller_in("eu-west-1")] {
        caller
            .refuses(
                "RestoreTableFromBackup",
                body.clone(),
                "ValidationException: KMS key disabled error",
            )
            .await;
    }
}

#[tokio::test]
async fn a_table_without_its_key_is_archived_after_seven_days() {
    const DAY: i64 = 86_400;
    let sim = Sim::start().await;
    let aws = sim.caller();
    add_key(&sim, ENABLED, json!({})).await;
    let specification = json!({"Enabled": true, "SSEType": "KMS", "KMSMasterKeyId": ENABLED});
    aws.ok("CreateTable", encrypted("Music", specification)).await;
    sim.advance(120).await;
    add_key(&sim, ENABLED, json!({"state": "Disabled"})).await;
    assert_eq!(aws.status("Music").await, "INACCESSIBLE_ENCRYPTION_CREDENTIALS");
    sim.advance(7 * DAY - 1).await;
    assert_eq!(aws.status("Music").await, "INACCESSIBLE_ENCRYPTION_CREDENTIALS");
    sim.advance(1).await;
    let table = aws.ok("DescribeTable", json!({"TableName": "Music"})).await["Table"].clone();
    assert_eq!(table["TableStatus"], "ARCHIVED");
    let backup = &table["ArchivalSummary"]["ArchivalBackupArn"];
    let body = json!({"TargetTableName": "Copy", "BackupArn": backup});
    aws.refuses(
        "RestoreTableFromBackup",
        body.clone(),
        "ValidationException: KMS key disabled error",
    )
    .await;
    let missing = "TableNotFoundException: Table not found: Music";
    aws.refuses(
        "CreateBackup",
        json!({"TableName": "Music", "BackupName": "late"}),
        missing,
    )
    .await;
    // The key alone does not bring the table back, but its backup.
    add_key(&sim, ENABLED, json!({"state": "Enabled"})).await;
    assert_eq!(aws.status("Music").await, "ARCHIVED");
    aws.ok("RestoreTableFromBackup", body).await;
    aws.ok("DeleteTable", json!({"TableName": "Music"})).await;
}

#[tokio::test]
async fn describe_key_tells_what_a_caller_checks() {
    let sim = Sim::start().await;
    add_key(
        &sim,
        "mrk-1",
        json!({"state": "Disabled", "aliases": ["alias/m"]}),
    )
    .await;
    let describe = |key: &'static str| {
        let request = sim
            .caller()
            .request("kms", "TrentService.DescribeKey", &json!({"KeyId": key}));
        async move {
            let response = request.send().await.expect("the simulator answers");
            (
                response.status().as_u16(),
                response.json::<Value>().await.expect("KMS answers JSON"),
            )
        }
    };
    let (status, answer) = describe("alias/m").await;
    assert_eq!(status, 200, "{answer}");
    let metadata = &answer["KeyMetadata"];
    assert_eq!(metadata["Arn"], key_arn("mrk-1"));
    assert_eq!(
        (&metadata["KeyState"], &metadata["Enabled"]),
        (&json!("Disabled"), &json!(false))
    );
    assert_eq!(metadata["MultiRegion"], true);
    let (_, answer) = describe("alias/aws/dynamodb").await;
    assert_eq!(answer["KeyMetadata"]["KeyManager"], "AWS");
    let (status, answer) = describe("alias/none").await;
    assert_eq!(
        (status, answer["__type"].as_str()),
        (400, Some("com.amazonaws.kms#NotFoundException"))
    );
}
