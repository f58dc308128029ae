//! Replicas of a table in other Regions: made, shown, and removed, each with settings of its own.

use serde_json::{Value, json};

use crate::client::{Caller, Sim, plain_table};

/// Makes "Music" with a replica in Ireland, and waits until both are there.
async fn with_replica(sim: &Sim) {
    let aws = sim.caller();
    let mut table = plain_table("Music");
    table["StreamSpecification"] = json!({"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"});
    aws.ok("CreateTable", table).await;
    sim.advance(120).await;
    aws.ok("UpdateTable", change("Create", "eu-west-1")).await;
    sim.advance(120).await;
}

fn change(what: &str, region: &str) -> Value {
    json!({"TableName": "Music", "ReplicaUpdates": [{what: {"RegionName": region}}]})
}

async fn described(aws: Caller<'_>) -> Value {
    aws.ok("DescribeTable", json!({"TableName": "Music"})).await["Table"].clone()
}

async fn recovery(aws: Caller<'_>) -> Value {
    let answer = aws
        .ok("DescribeContinuousBackups", json!({"TableName": "Music"}))
        .await;
    answer["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
        .clone()
}

#[tokio::test]
async fn each_replica_shows_the_others_and_has_recovery_of_its_own() {
    let sim = Sim::start().await;
    with_replica(&sim).await;
    let (home, there) = (sim.caller(), sim.caller_in("eu-west-1"));
    let shown = |region: &str| json!([{"RegionName": region, "ReplicaStatus": "ACTIVE"}]);
    assert_eq!(described(home).await["Replicas"], shown("eu-west-1"));
    assert_eq!(described(there).await["Replicas"], shown("us-east-1"));
    assert_eq!(described(home).await["GlobalTableVersion"], "2019.11.21");
    let on = json!({"TableName": "Music", "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": true}});
    home.ok("UpdateContinuousBackups", on).await;
    assert_eq!(
        (recovery(home).await, recovery(there).await),
        (json!("ENABLED"), json!("DISABLED"))
    );
}

#[tokio::test]
async fn a_replica_goes_by_an_update_or_by_its_own_deletion() {
    let sim = Sim::start().await;
    with_replica(&sim).await;
    let (home, there) = (sim.caller(), sim.caller_in("eu-west-1"));
    home.ok("UpdateTable", change("Delete", "eu-west-1")).await;
    assert_eq!(described(home).await["Replicas"], Value::Null);
    assert_eq!(described(there).await["TableStatus"], "DELETING");
    sim.advance(120).await;
    home.ok("UpdateTable", change("Create", "eu-west-1")).await;
    sim.advance(120).await;
    there.ok("DeleteTable", json!({"TableName": "Music"})).await;
    assert_eq!(described(home).await["Replicas"], Value::Null);
}

#[tokio::test]
async fn replicas_that_cannot_be() {
    let sim = Sim::start().await;
    with_replica(&sim).await;
    let home = sim.caller();
    for (region, text) in [
        ("eu-west-1", "Failed to create a replica"),
        ("us-east-1", "Failed to create a replica"),
    ] {
        let expected = format!("ValidationException: {text}");
        home.refuses("UpdateTable", change("Create", region), &expected)
            .await;
    }
    let missing = "ValidationException: Replica not found";
    home.refuses("UpdateTable", change("Delete", "eu-west-2"), missing)
        .await;
}
