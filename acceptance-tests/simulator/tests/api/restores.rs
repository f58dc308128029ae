//! Restores: states, overrides, Regions, limits.

use serde_json::{Value, json};

use crate::client::{Caller, Sim, column, plain_table, table_arn};

fn from_backup(target: &str, arn: &str) -> Value {
    json!({"TargetTableName": target, "BackupArn": arn})
}

fn with(mut body: Value, change: Value) -> Value {
    for (member, value) in change.as_object().expect("an object") {
        body[member] = value.clone();
    }
    body
}

/// A provisioned table with a global index, and its backup.
async fn provisioned(sim: &Sim, aws: Caller<'_>) -> String {
    let units = json!({"ReadCapacityUnits": 5, "WriteCapacityUnits": 6});
    let body = with(
        plain_table("Orders"),
        json!({
            "BillingMode": "PROVISIONED", "ProvisionedThroughput": units,
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "a", "AttributeType": "S"}],
            "GlobalSecondaryIndexes": [{"IndexName": "by_a", "Projection": {"ProjectionType": "ALL"},
                "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}], "ProvisionedThroughput": units}],
        }),
    );
    aws.ok("CreateTable", body).await;
    sim.advance(120).await;
    aws.backup("Orders", "full").await
}

#[tokio::test]
async fn a_restored_table_is_busy_until_it_is_active() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    aws.put("Music", "a").await;
    let arn = aws.backup("Music", "one").await;
    aws.put("Music", "later").await;
    let restored =
        aws.ok("RestoreTableFromBackup", from_backup("Copy", &arn)).await["TableDescription"].clone();
    assert_eq!(restored["TableStatus"], "CREATING");
    assert_eq!(restored["RestoreSummary"]["SourceBackupArn"], arn);
    assert_eq!(restored["RestoreSummary"]["RestoreInProgress"], true);
    let target = json!({"TableName": "Copy"});
    let described = aws.ok("DescribeTable", target.clone()).await["Table"].clone();
    assert_eq!(described["RestoreSummary"], restored["RestoreSummary"]);

    let tag = json!({"ResourceArn": table_arn("Copy"), "Tags": [{"Key": "k", "Value": "v"}]});
    let ttl =
        json!({"TableName": "Copy", "TimeToLiveSpecification": {"Enabled": true, "AttributeName": "x"}});
    let recovery = json!({"TableName": "Copy", "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": true}});
    let policy = json!({"ResourceArn": table_arn("Copy"), "Policy": "{}"});
    for (operation, body, expected) in [
        ("TagResource", tag, "ResourceNotFoundException"),
        ("UpdateTimeToLive", ttl, "ResourceNotFoundException"),
        (
            "UpdateTable",
            with(target.clone(), json!({"TableClass": "STANDARD"})),
            "ResourceNotFoundException",
        ),
        ("PutResourcePolicy", policy, "ResourceNotFoundException"),
        (
            "Scan",
            target.clone(),
            "ResourceNotFoundException: Requested resource not found",
        ),
        ("UpdateContinuousBackups", recovery, "TableNotFoundException"),
        (
            "DescribeContinuousBackups",
            target.clone(),
            "TableNotFoundException",
        ),
        (
            "CreateBackup",
            with(target.clone(), json!({"BackupName": "two"})),
            "TableNotFoundException",
        ),
        ("DeleteTable", target.clone(), "ResourceInUseException"),
        ("CreateTable", plain_table("Copy"), "ResourceInUseException"),
        (
            "RestoreTableFromBackup",
            from_backup("Copy", &arn),
            "TableInUseException: Table: Copy is already being restored from backup: arn:",
        ),
        (
            "RestoreTableFromBackup",
            from_backup("Other", &arn),
            "BackupInUseException: Backup is being used to restore another table",
        ),
        (
            "DeleteBackup",
            json!({"BackupArn": arn}),
            "BackupInUseException: Backup is being used to restore table",
        ),
    ] {
        aws.refuses(operation, body, expected).await;
    }

    sim.advance(60).await;
    let described = aws.ok("DescribeTable", target).await["Table"].clone();
    assert_eq!(described["TableStatus"], "ACTIVE");
    assert_eq!(described.get("RestoreSummary"), None);
    assert_eq!(aws.keys("Copy").await, ["a"]);
    let taken = "TableAlreadyExistsException: Table already exists: Copy";
    aws.refuses("RestoreTableFromBackup", from_backup("Copy", &arn), taken)
        .await;
    aws.ok("DeleteTable", json!({"TableName": "Copy"})).await;
    aws.refuses("RestoreTableFromBackup", from_backup("Copy", &arn), taken)
        .await;
    sim.advance(60).await;
    aws.ok("RestoreTableFromBackup", from_backup("Copy", &arn)).await;
}

#[tokio::test]
async fn settings_are_dropped_and_the_design_is_carried() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    let body = with(
        plain_table("Music"),
        json!({
            "Tags": [{"Key": "team", "Value": "a"}], "DeletionProtectionEnabled": true,
            "TableClass": "STANDARD_INFREQUENT_ACCESS", "SSESpecification": {"Enabled": true},
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"},
            "OnDemandThroughput": {"MaxWriteRequestUnits": 7},
            "ResourcePolicy": "{\"Version\":\"2012-10-17\",\"Statement\":[]}",
        }),
    );
    let source = aws.ok("CreateTable", body).await["TableDescription"].clone();
    sim.advance(120).await;
    aws.recovery("Music", 35).await;
    let ttl =
        json!({"TableName": "Music", "TimeToLiveSpecification": {"Enabled": true, "AttributeName": "x"}});
    aws.ok("UpdateTimeToLive", ttl).await;
    aws.ok(
        "UpdateContributorInsights",
        json!({"TableName": "Music", "ContributorInsightsAction": "ENABLE"}),
    )
    .await;
    let stream = "arn:aws:kinesis:us-east-1:111122223333:stream/s-one-two-three-four";
    aws.ok(
        "EnableKinesisStreamingDestination",
        json!({"TableName": "Music", "StreamArn": stream}),
    )
    .await;
    let arn = aws.backup("Music", "one").await;
    aws.ok("RestoreTableFromBackup", from_backup("Copy", &arn)).await;
    sim.advance(120).await;

    let target = json!({"TableName": "Copy"});
    let copy = aws.ok("DescribeTable", target.clone()).await["Table"].clone();
    for member in ["KeySchema", "SSEDescription", "OnDemandThroughput"] {
        assert_eq!(copy[member], source[member], "{member} is carried");
    }
    assert_eq!(copy["BillingModeSummary"]["BillingMode"], "PAY_PER_REQUEST");
    for member in ["StreamSpecification", "LatestStreamArn", "TableClassSummary"] {
        assert_eq!(copy.get(member), None, "{member} is dropped");
    }
    assert_eq!(copy["DeletionProtectionEnabled"], false);
    assert_ne!(copy["TableId"], source["TableId"]);
    let arn = json!({"ResourceArn": table_arn("Copy")});
    assert_eq!(aws.ok("ListTagsOfResource", arn.clone()).await["Tags"], json!([]));
    aws.refuses("GetResourcePolicy", arn, "PolicyNotFoundException")
        .await;
    let ttl = aws.ok("DescribeTimeToLive", target.clone()).await;
    assert_eq!(ttl["TimeToLiveDescription"]["TimeToLiveStatus"], "DISABLED");
    assert_eq!(aws.window("Copy").await["PointInTimeRecoveryStatus"], "DISABLED");
    let insights = aws.ok("DescribeContributorInsights", target.clone()).await;
    assert_eq!(insights["ContributorInsightsStatus"], "DISABLED");
    let kinesis = aws.ok("DescribeKinesisStreamingDestination", target).await;
    assert_eq!(kinesis["KinesisDataStreamDestinations"], json!([]));
}

#[tokio::test]
async fn overrides_change_the_restored_design() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    let arn = provisioned(&sim, aws).await;
    let carried = aws
        .ok("RestoreTableFromBackup", from_backup("Carried", &arn))
        .await["TableDescription"]
        .clone();
    assert_eq!(carried["ProvisionedThroughput"]["WriteCapacityUnits"], 6);
    assert_eq!(
        column(&carried["GlobalSecondaryIndexes"], "IndexStatus"),
        ["CREATING"]
    );
    sim.advance(60).await;
    let carried = aws.ok("DescribeTable", json!({"TableName": "Carried"})).await["Table"].clone();
    assert_eq!(
        column(&carried["GlobalSecondaryIndexes"], "IndexStatus"),
        ["ACTIVE"]
    );

    let change = json!({"BillingModeOverride": "PAY_PER_REQUEST", "GlobalSecondaryIndexOverride": [],
        "OnDemandThroughputOverride": {"MaxReadRequestUnits": 3}, "SSESpecificationOverride": {"Enabled": true}});
    let body = with(from_backup("Changed", &arn), change);
    let changed = aws.ok("RestoreTableFromBackup", body).await["TableDescription"].clone();
    assert_eq!(changed["BillingModeSummary"]["BillingMode"], "PAY_PER_REQUEST");
    assert_eq!(changed.get("GlobalSecondaryIndexes"), None);
    assert_eq!(changed["AttributeDefinitions"].as_array().map(Vec::len), Some(1));
    assert_eq!(changed["OnDemandThroughput"]["MaxReadRequestUnits"], 3);
    assert_eq!(changed["SSEDescription"]["Status"], "ENABLED");
    sim.advance(60).await;

    for (change, expected) in [
        (
            json!({"BillingModeOverride": "PROVISIONED"}),
            "ValidationException: Must override ProvisionedThroughput",
        ),
        (
            json!({"OnDemandThroughputOverride": {"MaxReadRequestUnits": 3}}),
            "ValidationException: Cannot override MaxReadRequestUnits for OnDemandThroughput unless",
        ),
        (
            json!({"LocalSecondaryIndexOverride": [{"IndexName": "by_b", "Projection": {"ProjectionType": "ALL"},
                "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "b", "KeyType": "RANGE"}]}]}),
            "ValidationException: Index by_b does not match a secondary index that existed in the source table",
        ),
        (
            json!({"ProvisionedThroughputOverride": {"ReadCapacityUnits": 0, "WriteCapacityUnits": 1}}),
            "ValidationException: 1 validation error detected",
        ),
    ] {
        aws.refuses(
            "RestoreTableFromBackup",
            with(from_backup("Refused", &arn), change),
            expected,
        )
        .await;
    }
    aws.refuses(
        "DescribeTable",
        json!({"TableName": "Refused"}),
        "ResourceNotFoundException",
    )
    .await;
}

#[tokio::test]
async fn an_empty_on_demand_override_answers_an_error_and_starts_the_restore() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    aws.put("Music", "a").await;
    let arn = aws.backup("Music", "one").await;
    let body = with(
        from_backup("Orphan", &arn),
        json!({"OnDemandThroughputOverride": {}}),
    );
    aws.refuses("RestoreTableFromBackup", body, "TableInUseException")
        .await;
    assert_eq!(aws.status("Orphan").await, "CREATING");
    sim.advance(60).await;
    assert_eq!(aws.keys("Orphan").await, ["a"]);
}

#[tokio::test]
async fn a_backup_is_restored_into_another_region() {
    let sim = Sim::start().await;
    let (here, there) = (sim.caller(), sim.caller_in("eu-west-1"));
    here.table("Music").await;
    here.put("Music", "a").await;
    here.recovery("Music", 35).await;
    let arn = here.backup("Music", "one").await;
    let needs_key =
        "ValidationException: sseSpecificationOverride must be provided for cross-region restores";
    there
        .refuses("RestoreTableFromBackup", from_backup("Copy", &arn), needs_key)
        .await;
    let sse = json!({"SSESpecificationOverride": {"Enabled": true}});
    let rewritten = from_backup("Copy", &arn.replace("us-east-1", "eu-west-1"));
    there
        .refuses("RestoreTableFromBackup", rewritten, "BackupNotFoundException")
        .await;
    for excluded in ["ap-east-1", "me-south-1"] {
        let body = with(from_backup("Copy", &arn), sse.clone());
        let expected = "ValidationException: Cross-region restore is not supported";
        sim.caller_in(excluded)
            .refuses("RestoreTableFromBackup", body, expected)
            .await;
    }
    let body = with(from_backup("Copy", &arn), sse.clone());
    sim.caller_in("cn-north-1")
        .refuses(
            "RestoreTableFromBackup",
            body.clone(),
            "ValidationException: BackupArn",
        )
        .await;
    let copy = there.ok("RestoreTableFromBackup", body).await["TableDescription"].clone();
    assert!(
        copy["SSEDescription"]["KMSMasterKeyArn"]
            .as_str()
            .is_some_and(|key| key.starts_with("arn:aws:kms:eu-west-1:"))
    );
    here.refuses(
        "RestoreTableFromBackup",
        from_backup("Second", &arn),
        "BackupInUseException",
    )
    .await;
    here.refuses("DeleteBackup", json!({"BackupArn": arn}), "BackupInUseException")
        .await;
    sim.advance(60).await;
    assert_eq!(there.keys("Copy").await, ["a"]);

    sim.advance(600).await;
    let by_name =
        json!({"SourceTableName": "Music", "TargetTableName": "Pit", "UseLatestRestorableTime": true});
    there
        .refuses(
            "RestoreTableToPointInTime",
            by_name,
            "TableNotFoundException: Table not found: Music",
        )
        .await;
    let by_arn = json!({"SourceTableArn": table_arn("Music"), "TargetTableName": "Pit", "UseLatestRestorableTime": true});
    there
        .refuses("RestoreTableToPointInTime", by_arn.clone(), needs_key)
        .await;
    let off = json!({"SSESpecificationOverride": {"Enabled": false}});
    let pit = there.ok("RestoreTableToPointInTime", with(by_arn, off)).await["TableDescription"].clone();
    assert_eq!(pit.get("SSEDescription"), None);
    sim.advance(60).await;
    assert_eq!(there.keys("Pit").await, ["a"]);
}

#[tokio::test]
async fn an_account_has_so_many_restores_at_a_time() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    let mut arns = Vec::new();
    for number in 0..3 {
        arns.push(aws.backup("Music", &format!("backup-{number}")).await);
    }
    sim.settings(json!({"max_concurrent_restores": 2})).await;
    aws.ok("RestoreTableFromBackup", from_backup("Copy0", &arns[0]))
        .await;
    let sse = json!({"SSESpecificationOverride": {"Enabled": false}});
    let elsewhere = with(from_backup("Copy1", &arns[1]), sse);
    sim.caller_in("eu-west-1")
        .ok("RestoreTableFromBackup", elsewhere)
        .await;
    let expected = "LimitExceededException: Only 2 restore operations";
    aws.refuses("RestoreTableFromBackup", from_backup("Copy2", &arns[2]), expected)
        .await;
    sim.advance(60).await;
    aws.ok("RestoreTableFromBackup", from_backup("Copy2", &arns[2]))
        .await;
}

#[tokio::test]
async fn a_restore_may_fail_after_it_was_accepted() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    let arn = aws.backup("Music", "one").await;
    aws.ok("RestoreTableFromBackup", from_backup("Copy", &arn)).await;
    let target = json!({"region": "us-east-1", "account": "111122223333", "table": "Copy"});
    sim.control("POST", "tables/fail_restore", target.clone()).await;
    aws.refuses(
        "DescribeTable",
        json!({"TableName": "Copy"}),
        "ResourceNotFoundException",
    )
    .await;
    let (status, answer) = sim.control_raw("POST", "tables/fail_restore", target).await;
    assert_eq!(status, 404, "{answer}");
    aws.ok("RestoreTableFromBackup", from_backup("Copy", &arn)).await;
}

#[tokio::test]
async fn the_caller_needs_the_item_actions_on_the_target() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    let arn = aws.backup("Music", "one").await;
    sim.settings(json!({"denied_actions": ["dynamodb:BatchWriteItem"]}))
        .await;
    let expected = format!(
        "AccessDeniedException: User: arn:aws:iam::111122223333:user/simulated is not authorized to perform: \
         dynamodb:BatchWriteItem on resource: {} because no identity-based policy allows the dynamodb:BatchWriteItem \
         action",
        table_arn("Copy")
    );
    aws.refuses("RestoreTableFromBackup", from_backup("Copy", &arn), &expected)
        .await;
}
