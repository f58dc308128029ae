//! Point-in-time recovery: its window, and restores to a second.

use serde_json::{Value, json};

use crate::client::{Sim, plain_table, table_arn};

const DAY: i64 = 86_400;

fn switch(enabled: bool, days: Option<i64>) -> Value {
    let mut specification = json!({"PointInTimeRecoveryEnabled": enabled});
    if let Some(days) = days {
        specification["RecoveryPeriodInDays"] = json!(days);
    }
    json!({"TableName": "Music", "PointInTimeRecoverySpecification": specification})
}

fn restore_to(target: &str, second: i64) -> Value {
    json!({"SourceTableName": "Music", "TargetTableName": target, "RestoreDateTime": second})
}

fn seconds(value: &Value) -> i64 {
    value.as_f64().expect("a time") as i64
}

#[tokio::test]
async fn continuous_backups_take_a_while_to_be_ready() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    let music = json!({"TableName": "Music"});
    aws.ok("CreateTable", plain_table("Music")).await;
    aws.refuses(
        "DescribeContinuousBackups",
        music.clone(),
        "TableNotFoundException: Table not found: Music",
    )
    .await;
    sim.advance(60).await;
    let status = |answer: &Value| answer["ContinuousBackupsDescription"]["ContinuousBackupsStatus"].clone();
    assert_eq!(
        status(&aws.ok("DescribeContinuousBackups", music.clone()).await),
        "DISABLED"
    );
    aws.refuses(
        "UpdateContinuousBackups",
        switch(true, None),
        "ContinuousBackupsUnavailableException",
    )
    .await;
    sim.advance(60).await;
    assert_eq!(
        status(&aws.ok("DescribeContinuousBackups", music).await),
        "ENABLED"
    );
    assert_eq!(
        aws.window("Music").await,
        json!({"PointInTimeRecoveryStatus": "DISABLED"})
    );
}

#[tokio::test]
async fn the_window_follows_the_clock_and_the_period() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    let start = sim.now().await;
    aws.ok("UpdateContinuousBackups", switch(true, Some(7))).await;
    let window = aws.window("Music").await;
    assert_eq!(window["RecoveryPeriodInDays"], 7);
    assert_eq!(seconds(&window["EarliestRestorableDateTime"]), start);
    assert_eq!(
        seconds(&window["LatestRestorableDateTime"]),
        start,
        "pinned to the start at first"
    );

    sim.advance(3600).await;
    let now = sim.now().await;
    let window = aws.window("Music").await;
    assert_eq!(seconds(&window["EarliestRestorableDateTime"]), start);
    assert_eq!(now - seconds(&window["LatestRestorableDateTime"]), 300);

    sim.advance(10 * DAY).await;
    let now = sim.now().await;
    let earliest = seconds(&aws.window("Music").await["EarliestRestorableDateTime"]);
    assert_eq!(now - earliest, 7 * DAY, "a full window moves on");

    aws.ok("UpdateContinuousBackups", switch(true, Some(2))).await;
    let short = seconds(&aws.window("Music").await["EarliestRestorableDateTime"]);
    assert_eq!(now - short, 2 * DAY, "a shorter period cuts at once");
    aws.ok("UpdateContinuousBackups", switch(true, None)).await;
    let window = aws.window("Music").await;
    assert_eq!(
        window["RecoveryPeriodInDays"], 35,
        "a period that is not sent is 35 days"
    );
    let long = seconds(&window["EarliestRestorableDateTime"]);
    assert_eq!(long, short, "a longer one brings nothing back");

    aws.ok("UpdateContinuousBackups", switch(false, None)).await;
    assert_eq!(
        aws.window("Music").await,
        json!({"PointInTimeRecoveryStatus": "DISABLED"})
    );
    let again = sim.now().await;
    aws.ok("UpdateContinuousBackups", switch(true, None)).await;
    let window = aws.window("Music").await;
    assert_eq!(window["RecoveryPeriodInDays"], 35, "the old period is forgotten");
    assert_eq!(seconds(&window["EarliestRestorableDateTime"]), again);
}

#[tokio::test]
async fn periods_that_are_refused() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    let constraint = "ValidationException: 1 validation error detected: Value '36' at \
                      'pointInTimeRecoverySpecification.recoveryPeriodInDays' failed to satisfy constraint: Member must \
                      have value less than or equal to 35";
    aws.refuses("UpdateContinuousBackups", switch(true, Some(36)), constraint)
        .await;
    aws.refuses(
        "UpdateContinuousBackups",
        switch(true, Some(0)),
        "ValidationException: 1 validation error",
    )
    .await;
    let exclusive =
        "ValidationException: Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery.";
    aws.refuses("UpdateContinuousBackups", switch(false, Some(7)), exclusive)
        .await;
    assert_eq!(aws.window("Music").await["PointInTimeRecoveryStatus"], "DISABLED");
}

#[tokio::test]
async fn a_restore_brings_back_exactly_the_items_of_that_second() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    aws.put("Music", "before").await;
    aws.recovery("Music", 35).await;
    let first = sim.now().await;
    // Later in the same second: still part of what that second left behind.
    sim.control("POST", "clock", json!({"advance_seconds": 0.4}))
        .await;
    aws.put("Music", "first").await;
    sim.advance(10).await;
    let second = sim.now().await;
    aws.put("Music", "second").await;
    aws.ok(
        "DeleteItem",
        json!({"TableName": "Music", "Key": {"pk": {"S": "first"}}}),
    )
    .await;
    sim.advance(600).await;
    for (target, at, expected) in [
        ("AtFirst", first, vec!["before", "first"]),
        ("BeforeSecond", second - 1, vec!["before", "first"]),
        ("AtSecond", second, vec!["before", "second"]),
    ] {
        aws.ok("RestoreTableToPointInTime", restore_to(target, at)).await;
        sim.advance(60).await;
        assert_eq!(aws.keys(target).await, expected, "{target}");
    }
    let before_enabling =
        json!({"SourceTableName": "Music", "TargetTableName": "Latest", "UseLatestRestorableTime": true});
    aws.ok("RestoreTableToPointInTime", before_enabling).await;
    sim.advance(60).await;
    assert_eq!(aws.keys("Latest").await, ["before", "second"]);
}

#[tokio::test]
async fn the_window_is_inclusive_and_second_exact() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    let start = sim.now().await;
    aws.recovery("Music", 35).await;
    let outside = "InvalidRestoreTimeException: Restore time";
    aws.refuses(
        "RestoreTableToPointInTime",
        restore_to("Copy", start + 1),
        outside,
    )
    .await;
    sim.advance(3600).await;
    aws.refuses(
        "RestoreTableToPointInTime",
        restore_to("Copy", start - 1),
        outside,
    )
    .await;
    let now = sim.now().await;
    aws.refuses("RestoreTableToPointInTime", restore_to("Copy", now + 60), outside)
        .await;
    aws.refuses(
        "RestoreTableToPointInTime",
        restore_to("Copy", now - 200),
        outside,
    )
    .await;
    // A fraction of a second is dropped, so this is the first second of the window.
    let body =
        json!({"SourceTableName": "Music", "TargetTableName": "Copy", "RestoreDateTime": start as f64 + 0.9});
    let restored = aws.ok("RestoreTableToPointInTime", body).await;
    let summary = &restored["TableDescription"]["RestoreSummary"];
    assert_eq!(seconds(&summary["RestoreDateTime"]), start);
    assert_eq!(summary["SourceTableArn"], table_arn("Music"));
    assert_eq!(summary.get("SourceBackupArn"), None);
}

#[tokio::test]
async fn arguments_that_are_refused() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    aws.recovery("Music", 35).await;
    let foreign = table_arn("Music").replace("111122223333", "999988887777");
    for (body, expected) in [
        (
            json!({"SourceTableName": "Music", "TargetTableName": "Copy"}),
            "ValidationException: Either one of RestoreDateTime or UseLatestRestorableTime must be specified",
        ),
        (
            json!({"SourceTableName": "Music", "TargetTableName": "Copy", "UseLatestRestorableTime": false}),
            "ValidationException: Either one of RestoreDateTime or UseLatestRestorableTime must be specified",
        ),
        (
            json!({"SourceTableName": "Music", "TargetTableName": "Copy", "UseLatestRestorableTime": true,
                "RestoreDateTime": 1}),
            "ValidationException: Both RestoreDateTime and UseLatestRestorableTime cannot be set",
        ),
        (
            json!({"SourceTableName": "Music", "SourceTableArn": table_arn("Music"), "TargetTableName": "Copy",
                "UseLatestRestorableTime": true}),
            "ValidationException: Must provide exactly one of: sourceTableArn, sourceTableName",
        ),
        (
            json!({"TargetTableName": "Copy", "UseLatestRestorableTime": true}),
            "ValidationException: The parameter 'TableName' is required",
        ),
        (
            json!({"SourceTableName": table_arn("Music"), "TargetTableName": "Copy", "UseLatestRestorableTime": true}),
            "ValidationException: 1 validation error detected",
        ),
        (
            json!({"SourceTableArn": foreign, "TargetTableName": "Copy", "UseLatestRestorableTime": true}),
            "ValidationException: This action is only supported by accounts that match the resource owner's account",
        ),
        (
            json!({"SourceTableArn": format!("{}/index/by_a", table_arn("Music")), "TargetTableName": "Copy",
                "UseLatestRestorableTime": true}),
            "ValidationException: SourceTableArn",
        ),
        (
            json!({"SourceTableName": "Gone", "TargetTableName": "Copy", "UseLatestRestorableTime": true}),
            "TableNotFoundException: Table not found: Gone",
        ),
    ] {
        aws.refuses("RestoreTableToPointInTime", body, expected).await;
    }
}

/// Shape, then point-in-time recovery, then the window, then the target's name.
#[tokio::test]
async fn faults_are_found_in_the_order_of_aws() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    let mut body = json!({"SourceTableName": "Music", "TargetTableName": "Music", "RestoreDateTime": 1,
        "UseLatestRestorableTime": true});
    aws.refuses(
        "RestoreTableToPointInTime",
        body.clone(),
        "ValidationException: Both",
    )
    .await;
    body["UseLatestRestorableTime"] = Value::Null;
    let off =
        "PointInTimeRecoveryUnavailableException: Point in time recovery is not enabled for table 'Music'";
    aws.refuses("RestoreTableToPointInTime", body.clone(), off).await;
    aws.recovery("Music", 35).await;
    aws.refuses(
        "RestoreTableToPointInTime",
        body.clone(),
        "InvalidRestoreTimeException",
    )
    .await;
    body["RestoreDateTime"] = json!(sim.now().await);
    sim.advance(600).await;
    aws.refuses(
        "RestoreTableToPointInTime",
        body,
        "TableAlreadyExistsException: Table already exists: Music",
    )
    .await;
}

#[tokio::test]
async fn indexes_are_of_then_and_capacity_is_of_now() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    let units = |units: i64| json!({"ReadCapacityUnits": units, "WriteCapacityUnits": units});
    let mut table = plain_table("Music");
    table["BillingMode"] = json!("PROVISIONED");
    table["ProvisionedThroughput"] = units(1);
    aws.ok("CreateTable", table).await;
    sim.advance(120).await;
    aws.recovery("Music", 35).await;
    sim.advance(600).await;
    let before = sim.now().await;
    sim.advance(10).await;
    let index = json!({"IndexName": "by_a", "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"}, "ProvisionedThroughput": units(1)});
    aws.ok(
        "UpdateTable",
        json!({"TableName": "Music",
        "AttributeDefinitions": [{"AttributeName": "a", "AttributeType": "S"}],
        "GlobalSecondaryIndexUpdates": [{"Create": index}]}),
    )
    .await;
    sim.advance(600).await;
    let after = sim.now().await;
    aws.ok(
        "UpdateTable",
        json!({"TableName": "Music", "ProvisionedThroughput": units(9)}),
    )
    .await;
    sim.advance(600).await;
    for (target, at, indexes) in [("Before", before, 0), ("After", after, 1)] {
        let restored =
            aws.ok("RestoreTableToPointInTime", restore_to(target, at)).await["TableDescription"].clone();
        assert_eq!(
            restored["GlobalSecondaryIndexes"].as_array().map_or(0, Vec::len),
            indexes,
            "{target}"
        );
        assert_eq!(
            restored["AttributeDefinitions"].as_array().map(Vec::len),
            Some(indexes + 1),
            "{target}"
        );
        assert_eq!(
            restored["ProvisionedThroughput"]["ReadCapacityUnits"], 9,
            "{target}"
        );
    }
}

#[tokio::test]
async fn switching_off_and_on_loses_the_window() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    aws.recovery("Music", 35).await;
    sim.advance(3600).await;
    let old = sim.now().await - 1800;
    aws.ok("UpdateContinuousBackups", switch(false, None)).await;
    aws.recovery("Music", 35).await;
    aws.refuses(
        "RestoreTableToPointInTime",
        restore_to("Copy", old),
        "InvalidRestoreTimeException",
    )
    .await;
    let latest =
        json!({"SourceTableName": "Music", "TargetTableName": "Copy", "UseLatestRestorableTime": true});
    aws.ok("RestoreTableToPointInTime", latest).await;
}
