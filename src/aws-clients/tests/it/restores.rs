//! Restores: what is sent, and what a lost answer comes to.

use aws_clients::{
    BillingMode, EncryptionChoice, ErrorKind, GlobalIndexOverride, KeyElement, KeyType, OnDemandThroughput,
    PointInTime, Projection, ProjectionType, Restore, RestoreOverrides, RestoreSource, TableStatus,
    Throughput,
};
use serde_json::{Value, json};

use crate::stub::{BACKUP_ARN, Reply, Stub, TABLE_ARN, World, at, ok, refuse, said};

fn from_backup(overrides: RestoreOverrides) -> Restore {
    Restore {
        target: "Restored".parse().unwrap(),
        source: RestoreSource::Backup(BACKUP_ARN.parse().unwrap()),
        overrides,
    }
}

fn to_point_in_time(table: &str, at: PointInTime) -> Restore {
    Restore {
        target: "Restored".parse().unwrap(),
        source: RestoreSource::PointInTime {
            table: table.parse().unwrap(),
            at,
        },
        overrides: RestoreOverrides::default(),
    }
}

fn restoring(summary: Value) -> Value {
    json!({
        "TableName": "Restored",
        "TableArn": "arn:aws:dynamodb:eu-west-1:111122223333:table/Restored",
        "TableStatus": "CREATING",
        "RestoreSummary": summary,
    })
}

fn from_the_backup() -> Value {
    restoring(
        json!({ "SourceBackupArn": BACKUP_ARN, "SourceTableArn": TABLE_ARN, "RestoreDateTime": 1, "RestoreInProgress": true }),
    )
}

async fn sent(restore: Restore) -> (String, Value) {
    let stub = Stub::script([ok(json!({ "TableDescription": from_the_backup() }))]).await;
    let world = World::new(&stub).await;
    let table = world.db().restore_table(&world.cx, &restore).await.unwrap();
    assert_eq!(table.status, TableStatus::Creating);
    let request = stub.requests().pop().unwrap();
    (request.operation, request.body)
}

#[tokio::test]
async fn nothing_is_overridden_unless_asked() {
    let (operation, body) = sent(from_backup(RestoreOverrides::default())).await;
    assert_eq!(operation, "RestoreTableFromBackup");
    assert_eq!(
        body,
        json!({ "TargetTableName": "Restored", "BackupArn": BACKUP_ARN })
    );
}

#[tokio::test]
async fn an_empty_on_demand_override_is_never_sent() {
    let overrides = RestoreOverrides {
        on_demand: Some(OnDemandThroughput::default()),
        ..RestoreOverrides::default()
    };
    let (_, body) = sent(from_backup(overrides)).await;
    assert_eq!(
        body,
        json!({ "TargetTableName": "Restored", "BackupArn": BACKUP_ARN })
    );
}

#[tokio::test]
async fn no_indexes_is_not_the_same_as_all_indexes() {
    let overrides = RestoreOverrides {
        global_indexes: Some(vec![]),
        local_indexes: Some(vec![]),
        ..RestoreOverrides::default()
    };
    let (_, body) = sent(from_backup(overrides)).await;
    assert_eq!(body["GlobalSecondaryIndexOverride"], json!([]));
    assert_eq!(body["LocalSecondaryIndexOverride"], json!([]));
}

#[tokio::test]
async fn overrides_are_sent() {
    let overrides = RestoreOverrides {
        billing_mode: Some(BillingMode::Provisioned),
        throughput: Some(Throughput { read: 1, write: 2 }),
        on_demand: None,
        encryption: Some(EncryptionChoice::Key(
            "arn:aws:kms:eu-west-1:111122223333:key/1".into(),
        )),
        global_indexes: Some(vec![GlobalIndexOverride {
            name: "ByDate".into(),
            key_schema: vec![KeyElement {
                attribute: "Date".into(),
                key_type: KeyType::Hash,
            }],
            projection: Projection {
                projection_type: ProjectionType::Include,
                non_key_attributes: vec!["Sum".into()],
            },
            throughput: Some(Throughput { read: 3, write: 4 }),
            on_demand: None,
        }]),
        local_indexes: None,
    };
    let (_, body) = sent(from_backup(overrides)).await;
    assert_eq!(
        body,
        json!({
            "TargetTableName": "Restored",
            "BackupArn": BACKUP_ARN,
            "BillingModeOverride": "PROVISIONED",
            "ProvisionedThroughputOverride": { "ReadCapacityUnits": 1, "WriteCapacityUnits": 2 },
            "SSESpecificationOverride": {
                "Enabled": true, "SSEType": "KMS", "KMSMasterKeyId": "arn:aws:kms:eu-west-1:111122223333:key/1",
            },
            "GlobalSecondaryIndexOverride": [{
                "IndexName": "ByDate",
                "KeySchema": [{ "AttributeName": "Date", "KeyType": "HASH" }],
                "Projection": { "ProjectionType": "INCLUDE", "NonKeyAttributes": ["Sum"] },
                "ProvisionedThroughput": { "ReadCapacityUnits": 3, "WriteCapacityUnits": 4 },
            }],
        })
    );
}

#[tokio::test]
async fn a_point_in_time_is_a_second_or_the_latest_and_the_table_a_name_or_an_arn() {
    let time = at("2026-03-01T11:00:00.9Z");
    let (operation, body) = sent(to_point_in_time("Orders", PointInTime::At(time))).await;
    assert_eq!(operation, "RestoreTableToPointInTime");
    assert_eq!(
        body,
        json!({ "TargetTableName": "Restored", "SourceTableName": "Orders", "RestoreDateTime": 1_772_362_800 })
    );
    let elsewhere = "arn:aws:dynamodb:eu-west-2:111122223333:table/Orders";
    let (_, body) = sent(to_point_in_time(elsewhere, PointInTime::Latest)).await;
    assert_eq!(
        body,
        json!({ "TargetTableName": "Restored", "SourceTableArn": elsewhere, "UseLatestRestorableTime": true })
    );
}

/// Restores with a first answer that is lost, and what DescribeTable says then.
async fn lost(
    restore: Restore,
    looks: Vec<Reply>,
    second: Reply,
) -> (Result<TableStatus, String>, Vec<String>) {
    let (mut looks, mut restores) = (looks.into_iter(), [Reply::Cut, second].into_iter());
    let stub = Stub::start(move |request| match request.operation.as_str() {
        "DescribeTable" => looks
            .next()
            .unwrap_or(refuse("ResourceNotFoundException", "not found")),
        _ => restores.next().unwrap(),
    })
    .await;
    let world = World::new(&stub).await;
    let result = world.db().restore_table(&world.cx, &restore).await;
    let result = result
        .map(|table| table.status)
        .map_err(|error| format!("{:?}: {}", error.kind(), said(&error)));
    (result, stub.operations())
}

fn shown(table: Value) -> Reply {
    ok(json!({ "Table": table }))
}

fn not_found() -> Reply {
    refuse("ResourceNotFoundException", "not found")
}

#[tokio::test]
async fn a_restore_whose_answer_was_lost_is_recognised_and_not_repeated() {
    let looks = vec![not_found(), not_found(), shown(from_the_backup())];
    let (result, operations) = lost(from_backup(RestoreOverrides::default()), looks, Reply::Cut).await;
    assert_eq!(result, Ok(TableStatus::Creating));
    assert_eq!(
        operations
            .iter()
            .filter(|name| name.starts_with("Restore"))
            .count(),
        1
    );
}

#[tokio::test]
async fn somebody_elses_table_is_not_adopted() {
    let other = restoring(json!({
        "SourceBackupArn": BACKUP_ARN.replace("0a1b", "ffff"), "RestoreDateTime": 1, "RestoreInProgress": true,
    }));
    let (result, _) = lost(
        from_backup(RestoreOverrides::default()),
        vec![shown(other)],
        Reply::Cut,
    )
    .await;
    let said = result.unwrap_err();
    assert!(
        said.starts_with("AlreadyExists") && said.contains("does not show that it was restored"),
        "{said}"
    );
    let mut active = restoring(Value::Null);
    active["TableStatus"] = "ACTIVE".into();
    let (result, _) = lost(
        from_backup(RestoreOverrides::default()),
        vec![shown(active)],
        Reply::Cut,
    )
    .await;
    assert!(result.unwrap_err().starts_with("AlreadyExists"));
}

#[tokio::test]
async fn a_restore_that_never_began_is_started_again() {
    let again = ok(json!({ "TableDescription": from_the_backup() }));
    let (result, operations) = lost(from_backup(RestoreOverrides::default()), vec![], again).await;
    assert_eq!(result, Ok(TableStatus::Creating));
    assert_eq!(
        operations
            .iter()
            .filter(|name| name.starts_with("Restore"))
            .count(),
        2
    );
}

#[tokio::test]
async fn a_restore_that_shows_only_by_refusing_the_second_is_recognised() {
    let refused = refuse(
        "TableInUseException",
        "Table: Restored is already being restored from backup",
    );
    let mut looks = vec![not_found(); 6];
    looks.push(shown(from_the_backup()));
    let (result, operations) = lost(from_backup(RestoreOverrides::default()), looks, refused).await;
    assert_eq!(result, Ok(TableStatus::Creating), "{operations:?}");
}

#[tokio::test]
async fn the_origin_is_compared_by_backup_table_and_time() {
    let summary = |time: i64| {
        restoring(json!({ "SourceTableArn": TABLE_ARN, "RestoreDateTime": time, "RestoreInProgress": true }))
    };
    let wanted = to_point_in_time("Orders", PointInTime::At(at("2026-03-01T11:00:00Z")));
    let looks = vec![shown(summary(1_772_362_800))];
    assert!(lost(wanted.clone(), looks, Reply::Cut).await.0.is_ok());
    let looks = vec![shown(summary(1_772_362_801))];
    assert!(
        lost(wanted, looks, Reply::Cut)
            .await
            .0
            .unwrap_err()
            .starts_with("AlreadyExists")
    );
    let latest = to_point_in_time(TABLE_ARN, PointInTime::Latest);
    assert!(lost(latest, vec![shown(summary(5))], Reply::Cut).await.0.is_ok());
    let latest = to_point_in_time("Orders", PointInTime::Latest);
    let looks = vec![shown(from_the_backup())];
    assert!(
        lost(latest, looks, Reply::Cut)
            .await
            .0
            .unwrap_err()
            .starts_with("AlreadyExists")
    );
}

#[tokio::test]
async fn a_refusal_is_handed_on() {
    let stub = Stub::script([refuse(
        "TableAlreadyExistsException",
        "Table already exists: Restored",
    )])
    .await;
    let world = World::new(&stub).await;
    let restore = from_backup(RestoreOverrides::default());
    let error = world.db().restore_table(&world.cx, &restore).await.unwrap_err();
    assert_eq!(
        (error.kind(), stub.requests().len()),
        (ErrorKind::AlreadyExists, 1)
    );
    assert!(
        error
            .to_string()
            .starts_with("restoring table Restored in eu-west-1 from backup arn:"),
        "{error}"
    );
}
