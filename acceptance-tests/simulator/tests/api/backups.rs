//! On-demand and SYSTEM backups.

use serde_json::{Value, json};

use crate::client::{ACCOUNT, Sim, column, plain_table, table_arn};

fn by_arn(arn: &str) -> Value {
    json!({"BackupArn": arn})
}

#[tokio::test]
async fn a_backup_lives_through_its_states() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    let request = json!({"TableName": "Music", "BackupName": "nightly"});
    aws.refuses(
        "CreateBackup",
        request.clone(),
        "TableNotFoundException: Table not found: Music",
    )
    .await;
    aws.ok("CreateTable", plain_table("Music")).await;
    aws.refuses(
        "CreateBackup",
        request.clone(),
        "TableNotFoundException: Table not found: Music",
    )
    .await;
    sim.advance(60).await;
    let setting_up = "ContinuousBackupsUnavailableException: Backups are being enabled for the table: Music. Please retry later";
    aws.refuses("CreateBackup", request.clone(), setting_up).await;
    sim.advance(60).await;
    aws.put("Music", "a").await;

    let made = aws.ok("CreateBackup", request).await["BackupDetails"].clone();
    assert_eq!(
        (&made["BackupStatus"], &made["BackupType"]),
        (&json!("CREATING"), &json!("USER"))
    );
    let arn = made["BackupArn"].as_str().expect("an ARN").to_owned();
    let id = arn
        .strip_prefix(&format!("{}/backup/", table_arn("Music")))
        .expect("below the table");
    assert!(id.len() == 23 && id.as_bytes()[14] == b'-', "{id}");
    aws.refuses("DeleteBackup", by_arn(&arn), "BackupInUseException")
        .await;
    let restore = json!({"TargetTableName": "Copy", "BackupArn": arn});
    aws.refuses("RestoreTableFromBackup", restore, "BackupInUseException")
        .await;

    sim.advance(60).await;
    aws.put("Music", "later").await;
    let described = aws.ok("DescribeBackup", by_arn(&arn)).await["BackupDescription"].clone();
    assert_eq!(described["BackupDetails"]["BackupStatus"], "AVAILABLE");
    assert_eq!(described["BackupDetails"].get("BackupExpiryDateTime"), None);
    assert_eq!(described["SourceTableDetails"]["ItemCount"], 1);

    let deleted = aws.ok("DeleteBackup", by_arn(&arn)).await;
    assert_eq!(
        deleted["BackupDescription"]["BackupDetails"]["BackupStatus"],
        "DELETED"
    );
    for operation in ["DescribeBackup", "DeleteBackup"] {
        aws.refuses(
            operation,
            by_arn(&arn),
            &format!("BackupNotFoundException: Backup not found: {arn}"),
        )
        .await;
    }
}

#[tokio::test]
async fn a_backup_records_the_design_of_its_moment() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    let key = |name: &str, kind: &str| json!({"AttributeName": name, "KeyType": kind});
    let projection = json!({"ProjectionType": "INCLUDE", "NonKeyAttributes": ["x"]});
    let units = json!({"ReadCapacityUnits": 2, "WriteCapacityUnits": 3});
    let global = json!({"IndexName": "by_a", "KeySchema": [key("a", "HASH")], "Projection": projection,
        "ProvisionedThroughput": units});
    let local = json!({"IndexName": "by_b", "KeySchema": [key("pk", "HASH"), key("a", "RANGE")],
        "Projection": {"ProjectionType": "ALL"}});
    let names = ["pk", "sk", "a"].map(|name| json!({"AttributeName": name, "AttributeType": "S"}));
    aws.ok("CreateTable", json!({
        "TableName": "Music", "AttributeDefinitions": names, "KeySchema": [key("pk", "HASH"), key("sk", "RANGE")],
        "ProvisionedThroughput": units, "GlobalSecondaryIndexes": [global], "LocalSecondaryIndexes": [local],
        "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"},
        "SSESpecification": {"Enabled": true},
    }))
    .await;
    sim.advance(120).await;
    let ttl = json!({"Enabled": true, "AttributeName": "expires"});
    aws.ok(
        "UpdateTimeToLive",
        json!({"TableName": "Music", "TimeToLiveSpecification": ttl}),
    )
    .await;
    let arn = aws.backup("Music", "full").await;
    let backup = aws.ok("DescribeBackup", by_arn(&arn)).await["BackupDescription"].clone();
    let (source, features) = (
        &backup["SourceTableDetails"],
        &backup["SourceTableFeatureDetails"],
    );
    assert_eq!(source["ProvisionedThroughput"], units);
    assert_eq!(source["BillingMode"], "PROVISIONED");
    assert_eq!(features["GlobalSecondaryIndexes"], json!([global]));
    assert_eq!(features["LocalSecondaryIndexes"], json!([local]));
    assert_eq!(
        features["StreamDescription"],
        json!({"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"})
    );
    assert_eq!(features["TimeToLiveDescription"]["AttributeName"], "expires");
    assert_eq!(features["SSEDescription"]["SSEType"], "KMS");
}

#[tokio::test]
async fn arns_are_checked_before_they_are_looked_up() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    let arn = aws.backup("Music", "one").await;
    for (text, expected) in [
        (table_arn("Music"), "ValidationException: Invalid Backup ARN"),
        (
            "arn:aws:backup:us-east-1:111122223333:recovery-point:1EB3B5E7".to_owned(),
            "ValidationException: BackupArn is not valid",
        ),
        (
            arn.replace("us-east-1", "xx-east-1"),
            "ValidationException: BackupArn is not valid",
        ),
        (
            arn.replace("arn:aws:", "arn:aws-cn:"),
            "ValidationException: BackupArn is not valid",
        ),
        (
            "arn:short".to_owned(),
            "ValidationException: 1 validation error detected: Value 'arn:short' at 'backupArn'",
        ),
        (format!("{arn}0"), "BackupNotFoundException"),
    ] {
        for operation in ["DescribeBackup", "DeleteBackup"] {
            aws.refuses(operation, by_arn(&text), expected).await;
        }
    }
    for operation in ["DescribeBackup", "DeleteBackup"] {
        sim.caller_of("999988887777")
            .refuses(operation, by_arn(&arn), "AccessDeniedException")
            .await;
    }
}

#[tokio::test]
async fn a_rewritten_region_still_deletes_the_backup_here() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    let arn = aws.backup("Music", "one").await;
    let rewritten = by_arn(&arn.replace("us-east-1", "eu-west-1"));
    sim.caller_in("eu-west-1")
        .refuses("DescribeBackup", by_arn(&arn), "BackupNotFoundException")
        .await;
    let found = aws.ok("DescribeBackup", rewritten.clone()).await;
    assert_eq!(found["BackupDescription"]["BackupDetails"]["BackupArn"], arn);
    aws.ok("DeleteBackup", rewritten).await;
    aws.refuses("DescribeBackup", by_arn(&arn), "BackupNotFoundException")
        .await;
}

#[tokio::test]
async fn backups_are_filtered_and_listed_in_pages() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    aws.table("Films").await;
    let start = sim.now().await;
    let mut music = Vec::new();
    for name in ["one", "two", "three", "two"] {
        music.push(aws.backup("Music", name).await);
    }
    let films = aws.backup("Films", "one").await;
    let list = |filter: Value| async move { aws.ok("ListBackups", filter).await };
    let names = |page: &Value| column(&page["BackupSummaries"], "BackupName");

    let all = list(json!({})).await;
    assert_eq!(
        column(&all["BackupSummaries"], "BackupArn")[0],
        films,
        "by table, then by time"
    );
    assert_eq!(all["BackupSummaries"].as_array().map(Vec::len), Some(5));
    assert_eq!(all.get("LastEvaluatedBackupArn"), None);
    assert_eq!(
        names(&list(json!({"TableName": "Music"})).await),
        ["one", "two", "three", "two"]
    );
    assert_eq!(
        names(&list(json!({"TableName": table_arn("Films")})).await),
        ["one"]
    );
    assert!(names(&list(json!({"TableName": "Never"})).await).is_empty());

    let mut seen = Vec::new();
    let mut page = list(json!({"TableName": "Music", "Limit": 3})).await;
    loop {
        seen.extend(column(&page["BackupSummaries"], "BackupArn"));
        let Some(last) = page["LastEvaluatedBackupArn"].as_str() else {
            break;
        };
        page = list(json!({"TableName": "Music", "Limit": 3, "ExclusiveStartBackupArn": last})).await;
    }
    assert_eq!(seen, music);

    // The lower bound is inside, the upper one is not: the backups were made at start, +60, +120 and +180.
    let within = |lower: i64, upper: i64| json!({"TableName": "Music", "TimeRangeLowerBound": lower, "TimeRangeUpperBound": upper});
    assert_eq!(names(&list(within(start, start + 60)).await), ["one"]);
    assert_eq!(
        names(&list(within(start + 60, start + 180)).await),
        ["two", "three"]
    );

    for (filter, expected) in [
        (
            json!({"Limit": 101}),
            "ValidationException: 1 validation error detected: Value '101' at 'limit'",
        ),
        (
            json!({"Limit": 0}),
            "ValidationException: 1 validation error detected: Value '0' at 'limit'",
        ),
        (
            json!({"BackupType": "MINE"}),
            "ValidationException: 1 validation error detected: Value 'MINE'",
        ),
        (within(start, start), "ValidationException: TimeRangeLowerBound"),
        (
            json!({"ExclusiveStartBackupArn": films.replace("us-east-1", "eu-west-1")}),
            "ValidationException: The region of ExclusiveStartBackupArn",
        ),
    ] {
        aws.refuses("ListBackups", filter, expected).await;
    }
}

#[tokio::test]
async fn a_table_with_recovery_leaves_a_system_backup() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    for name in ["Kept", "Lost"] {
        aws.table(name).await;
        aws.put(name, "a").await;
    }
    aws.recovery("Kept", 1).await;
    for name in ["Kept", "Lost"] {
        aws.ok("DeleteTable", json!({"TableName": name})).await;
    }
    let system = json!({"BackupType": "SYSTEM"});
    assert_eq!(
        aws.ok("ListBackups", system.clone()).await["BackupSummaries"],
        json!([]),
        "it takes a while"
    );
    sim.advance(60).await;
    let listed = aws.ok("ListBackups", system).await["BackupSummaries"].clone();
    assert_eq!(column(&listed, "BackupName"), ["Kept$DeletedTableBackup"]);
    assert_eq!(
        aws.ok("ListBackups", json!({})).await["BackupSummaries"],
        json!([]),
        "USER is the default"
    );
    let arn = column(&listed, "BackupArn").remove(0);
    assert!(arn.ends_with("-00000000"), "{arn}");
    let (made, expires) = (
        &listed[0]["BackupCreationDateTime"],
        &listed[0]["BackupExpiryDateTime"],
    );
    let days = (expires.as_f64().expect("a time") - made.as_f64().expect("a time")) / 86_400.0;
    assert!((days - 35.0).abs() < 1e-6, "{days}");
    aws.refuses(
        "DeleteBackup",
        by_arn(&arn),
        "ValidationException: User is not allowed to delete the system backup",
    )
    .await;

    aws.ok(
        "RestoreTableFromBackup",
        json!({"TargetTableName": "Kept", "BackupArn": arn}),
    )
    .await;
    sim.advance(60).await;
    assert_eq!(aws.keys("Kept").await, ["a"]);
    sim.advance(35 * 86_400).await;
    aws.refuses("DescribeBackup", by_arn(&arn), "BackupNotFoundException")
        .await;
}

#[tokio::test]
async fn backups_outlive_tables_and_tell_namesakes_apart() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    let mut ids = Vec::new();
    for name in ["first", "second"] {
        let table = aws.table("Music").await;
        ids.push(table["TableId"].as_str().expect("an id").to_owned());
        aws.backup("Music", name).await;
        aws.ok("DeleteTable", json!({"TableName": "Music"})).await;
        sim.advance(60).await;
    }
    let listed = aws.ok("ListBackups", json!({"TableName": "Music"})).await["BackupSummaries"].clone();
    assert_eq!(column(&listed, "BackupName"), ["first", "second"]);
    assert_eq!(column(&listed, "TableId"), ids);
    assert_ne!(ids[0], ids[1]);
    sim.advance(400 * 86_400).await;
    let listed = aws.ok("ListBackups", json!({"TableName": "Music"})).await["BackupSummaries"].clone();
    assert_eq!(
        listed.as_array().map(Vec::len),
        Some(2),
        "nothing expires a backup of the user's"
    );
}

#[tokio::test]
async fn backups_of_aws_backup_are_not_dynamodbs_to_delete() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    let plant = json!({"account": ACCOUNT, "region": "us-east-1", "table": "Music", "name": "awsbackup_1"});
    let arn = sim.control("POST", "backups", plant).await["backup_arn"]
        .as_str()
        .expect("an ARN")
        .to_owned();
    let described = aws.ok("DescribeBackup", by_arn(&arn)).await;
    assert_eq!(
        described["BackupDescription"]["BackupDetails"]["BackupType"],
        "AWS_BACKUP"
    );
    aws.refuses("DeleteBackup", by_arn(&arn), "ValidationException")
        .await;
    assert_eq!(
        aws.ok("ListBackups", json!({"BackupType": "ALL"})).await["BackupSummaries"],
        json!([])
    );
}
