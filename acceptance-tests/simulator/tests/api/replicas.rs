//! Replicas of global tables, and what a restore makes of them.

use serde_json::{Value, json};

use crate::client::{Caller, REGION, Sim, plain_table};

const ELSEWHERE: &str = "eu-west-1";

fn replica_in(region: &str) -> Value {
    json!({"TableName": "Music", "ReplicaUpdates": [{"Create": {"RegionName": region}}]})
}

async fn described(aws: Caller<'_>, table: &str) -> Value {
    aws.ok("DescribeTable", json!({"TableName": table})).await["Table"].clone()
}

/// The Regions of the replicas that a table shows, with their status.
async fn shown(aws: Caller<'_>) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let table = described(aws, "Music").await;
    let replicas = table["Replicas"].as_array().cloned().unwrap_or_default();
    replicas
        .iter()
        .map(|it| (text(&it["RegionName"]), text(&it["ReplicaStatus"])))
        .collect()
}

fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
    pairs
        .map(|(region, status)| (region.to_owned(), status.to_owned()))
        .into()
}

/// A table with a stream and an item.
async fn music(sim: &Sim) {
    let aws = sim.caller();
    let mut table = plain_table("Music");
    table["StreamSpecification"] = json!({"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"});
    aws.ok("CreateTable", table).await;
    sim.advance(60).await;
    aws.put("Music", "a").await;
}

#[tokio::test]
async fn a_replica_begins_with_the_items_and_every_member_shows_the_others() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    music(&sim).await;
    assert_eq!(shown(aws).await, []);
    aws.ok("UpdateTable", replica_in(ELSEWHERE)).await;
    assert_eq!(shown(aws).await, pairs([(ELSEWHERE, "CREATING")]));
    assert_eq!(aws.status("Music").await, "UPDATING");
    assert_eq!(sim.caller_in(ELSEWHERE).status("Music").await, "CREATING");
    sim.advance(60).await;
    assert_eq!(aws.status("Music").await, "ACTIVE");
    assert_eq!(described(aws, "Music").await["GlobalTableVersion"], "2019.11.21");
    aws.ok("UpdateTable", replica_in("us-west-2")).await;
    sim.advance(60).await;
    let active = "ACTIVE";
    assert_eq!(
        shown(aws).await,
        pairs([(ELSEWHERE, active), ("us-west-2", active)])
    );
    let there = sim.caller_in(ELSEWHERE);
    assert_eq!(
        shown(there).await,
        pairs([(REGION, active), ("us-west-2", active)])
    );
    assert_eq!(
        shown(sim.caller_in("us-west-2")).await,
        pairs([(ELSEWHERE, active), (REGION, active)])
    );
    assert_eq!(there.keys("Music").await, ["a"]);
    // Point-in-time recovery is a setting of each.
    aws.recovery("Music", 35).await;
    let described = there
        .ok("DescribeContinuousBackups", json!({"TableName": "Music"}))
        .await;
    let recovery = &described["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"];
    assert_eq!(recovery["PointInTimeRecoveryStatus"], "DISABLED");
}

#[tokio::test]
async fn a_restore_makes_a_table_of_one_region() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    music(&sim).await;
    aws.ok("UpdateTable", replica_in(ELSEWHERE)).await;
    sim.advance(120).await;
    let arn = aws.backup("Music", "nightly").await;
    sim.advance(60).await;
    let restore = json!({"TargetTableName": "Copy", "BackupArn": arn});
    aws.ok("RestoreTableFromBackup", restore).await;
    sim.advance(60).await;
    let copy = described(aws, "Copy").await;
    assert_eq!(copy["Replicas"], Value::Null);
    assert_eq!(copy["GlobalTableVersion"], Value::Null);
}

#[tokio::test]
async fn replicas_that_are_refused_and_tables_that_stay() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.ok("CreateTable", plain_table("Music")).await;
    sim.advance(60).await;
    aws.refuses(
        "UpdateTable",
        replica_in(ELSEWHERE),
        "ValidationException: One or more",
    )
    .await;
    let stream = json!({"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"});
    aws.ok(
        "UpdateTable",
        json!({"TableName": "Music", "StreamSpecification": stream}),
    )
    .await;
    sim.advance(60).await;
    let not_played = "ValidationException: The simulator does not play";
    let delete = json!({"TableName": "Music", "ReplicaUpdates": [{"Delete": {"RegionName": ELSEWHERE}}]});
    aws.refuses("UpdateTable", delete, not_played).await;
    let mut classed = replica_in(ELSEWHERE);
    classed["ReplicaUpdates"][0]["Create"]["TableClassOverride"] = json!("STANDARD");
    aws.refuses("UpdateTable", classed, not_played).await;
    let mut both = replica_in(ELSEWHERE);
    both["TableClass"] = json!("STANDARD");
    aws.refuses("UpdateTable", both, "ValidationException: One or more")
        .await;
    let taken = "ValidationException: Failed to create a the new replica";
    aws.refuses("UpdateTable", replica_in(REGION), taken).await;

    aws.ok("UpdateTable", replica_in(ELSEWHERE)).await;
    sim.advance(60).await;
    aws.refuses("UpdateTable", replica_in(ELSEWHERE), taken).await;
    let music = json!({"TableName": "Music"});
    aws.refuses(
        "DeleteTable",
        music.clone(),
        "ValidationException: Replica cannot be deleted",
    )
    .await;
    // A replica can go at once, and the others forget it.
    sim.caller_in(ELSEWHERE).ok("DeleteTable", music.clone()).await;
    assert_eq!(shown(aws).await, []);
    sim.advance(24 * 3_600).await;
    aws.ok("DeleteTable", music).await;
}

#[tokio::test]
async fn a_replica_is_under_a_key_of_its_own_region() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    music(&sim).await;
    aws.ok(
        "UpdateTable",
        json!({"TableName": "Music", "SSESpecification": {"Enabled": true}}),
    )
    .await;
    sim.advance(60).await;
    aws.ok("UpdateTable", replica_in(ELSEWHERE)).await;
    sim.advance(60).await;
    let table = described(sim.caller_in(ELSEWHERE), "Music").await;
    let key = table["SSEDescription"]["KMSMasterKeyArn"]
        .as_str()
        .expect("a key");
    assert!(key.starts_with("arn:aws:kms:eu-west-1:"), "{key}");
}

#[tokio::test]
async fn warm_throughput_follows_the_capacity_and_stays_when_it_was_raised() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    music(&sim).await;
    let warm = |table: Value| {
        let warm = &table["WarmThroughput"];
        (
            warm["ReadUnitsPerSecond"].as_i64(),
            warm["WriteUnitsPerSecond"].as_i64(),
        )
    };
    let update = |mut change: Value| {
        change["TableName"] = json!("Music");
        change
    };
    assert_eq!(warm(described(aws, "Music").await), (Some(12_000), Some(4_000)));
    aws.ok(
        "UpdateTable",
        update(json!({"WarmThroughput": {"ReadUnitsPerSecond": 30_000}})),
    )
    .await;
    sim.advance(60).await;
    assert_eq!(warm(described(aws, "Music").await), (Some(30_000), Some(4_000)));
    let units = json!({"ReadCapacityUnits": 40_000, "WriteCapacityUnits": 5});
    aws.ok(
        "UpdateTable",
        update(json!({"BillingMode": "PROVISIONED", "ProvisionedThroughput": units})),
    )
    .await;
    sim.advance(60).await;
    assert_eq!(warm(described(aws, "Music").await), (Some(40_000), Some(5)));
}
