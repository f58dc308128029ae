//! The control interface: clock, rates, denied actions, the log, the state, settings.

use serde_json::{Value, json};

use crate::client::{Sim, column, plain_table, table_arn};

#[tokio::test]
async fn the_clock_moves_and_dates_the_replies() {
    let sim = Sim::start().await;
    assert_eq!(sim.control("GET", "health", json!({})).await, json!({"ok": true}));
    sim.control("POST", "clock", json!({"set": "2030-05-06T07:08:09Z"}))
        .await;
    let request = sim
        .caller()
        .request("dynamodb", "DynamoDB_20120810.ListTables", &json!({}));
    let response = request.send().await.expect("the simulator answers");
    let header = |name: &str| response.headers()[name].to_str().expect("text").to_owned();
    assert_eq!(header("date"), "Mon, 06 May 2030 07:08:09 GMT");
    assert_eq!(header("x-amzn-requestid").len(), 52);
    assert_eq!(header("content-type"), "application/x-amz-json-1.0");
    let thawed = sim.control("POST", "clock", json!({"freeze": false})).await;
    assert!(
        thawed["now"]
            .as_str()
            .is_some_and(|now| now.starts_with("2030-05-06T07:0")),
        "{thawed}"
    );
    for body in [
        json!({}),
        json!({"set": "soon"}),
        json!({"set": "2030-05-06T07:08:09Z", "advance_seconds": 1}),
    ] {
        let (status, answer) = sim.control_raw("POST", "clock", body).await;
        assert_eq!(status, 400, "{answer}");
    }
}

#[tokio::test]
async fn calls_beyond_the_rate_are_throttled() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    sim.settings(json!({"enforce_rates": true, "rates": {"ListBackups": 0.001}}))
        .await;
    aws.ok("ListBackups", json!({})).await;
    aws.refuses("ListBackups", json!({}), "ThrottlingException: Rate exceeded")
        .await;
    sim.caller_in("eu-west-1").ok("ListBackups", json!({})).await;
    sim.caller_of("999988887777").ok("ListBackups", json!({})).await;
    aws.ok("ListTables", json!({})).await;
    sim.advance(100_000).await;
    aws.refuses("ListBackups", json!({}), "ThrottlingException").await;
    assert_eq!(sim.control("GET", "calls", json!({})).await["throttled"], 2);
    sim.settings(json!({"enforce_rates": false})).await;
    aws.ok("ListBackups", json!({})).await;
}

#[tokio::test]
async fn denied_actions_name_action_and_resource() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    sim.settings(json!({"denied_actions": ["dynamodb:DescribeTable", "dynamodb:ListBackups"]}))
        .await;
    let expected = |action: &str, resource: &str| {
        format!(
            "AccessDeniedException: User: arn:aws:iam::111122223333:user/simulated is not authorized to perform: \
             dynamodb:{action} on resource: {resource} because no identity-based policy allows the dynamodb:{action} \
             action"
        )
    };
    let music = json!({"TableName": "Music"});
    aws.refuses(
        "DescribeTable",
        music,
        &expected("DescribeTable", &table_arn("Music")),
    )
    .await;
    aws.refuses(
        "ListBackups",
        json!({}),
        &expected("ListBackups", &table_arn("*")),
    )
    .await;
    aws.ok("ListTables", json!({})).await;
}

#[tokio::test]
async fn calls_are_logged_and_counted() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    aws.refused("DescribeTable", json!({"TableName": "Gone"})).await;
    sim.caller_in("eu-west-1").ok("ListTables", json!({})).await;
    let log = sim.control("GET", "calls", json!({})).await;
    assert_eq!(
        log["counts"],
        json!({"dynamodb.CreateTable": 1, "dynamodb.DescribeTable": 2, "dynamodb.ListTables": 1})
    );
    let last = sim.calls("DescribeTable").await[1].clone();
    for (member, expected) in [
        ("service", json!("dynamodb")),
        ("account", json!("111122223333")),
        ("region", json!("us-east-1")),
        ("status", json!(400)),
        ("error", json!("ResourceNotFoundException")),
        ("user_agent", json!("raw-client/1")),
        ("target", json!("Gone")),
        ("seq", json!(3)),
    ] {
        assert_eq!(last[member], expected, "{member}");
    }
    let there = sim
        .control(
            "GET",
            "calls?region=eu-west-1&account=111122223333&service=dynamodb",
            json!({}),
        )
        .await;
    assert_eq!(column(&there["calls"], "operation"), ["ListTables"]);
    sim.control("DELETE", "calls", json!({})).await;
    assert_eq!(sim.control("GET", "calls", json!({})).await["calls"], json!([]));
}

#[tokio::test]
async fn the_state_is_dumped_and_reset() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    aws.put("Music", "a").await;
    aws.recovery("Music", 7).await;
    aws.backup("Music", "one").await;
    let state = sim.control("GET", "state?region=us-east-1", json!({})).await;
    let (table, backup) = (&state["tables"][0], &state["backups"][0]);
    assert_eq!(
        (&table["name"], &table["status"], &table["item_count"]),
        (&json!("Music"), &json!("ACTIVE"), &json!(1))
    );
    assert_eq!(table["point_in_time_recovery"]["recovery_period_in_days"], 7);
    assert_eq!(
        (&backup["name"], &backup["status"], &backup["type"]),
        (&json!("one"), &json!("AVAILABLE"), &json!("USER"))
    );
    assert_eq!(
        sim.control("GET", "state?account=999988887777", json!({})).await,
        json!({"tables": [], "backups": [], "vaults": []})
    );
    sim.control("POST", "reset", json!({})).await;
    assert_eq!(
        sim.control("GET", "state", json!({})).await,
        json!({"tables": [], "backups": [], "vaults": []})
    );
    let settings = sim.control("GET", "settings", json!({})).await;
    assert_eq!(
        settings["table_creating_ms"], 300,
        "reset brings the defaults back"
    );
}

#[tokio::test]
async fn settings_are_merged_and_checked() {
    let sim = Sim::start().await;
    sim.settings(json!({"table_creating_ms": 0})).await;
    let made = sim.caller().ok("CreateTable", plain_table("Music")).await;
    assert_eq!(
        made["TableDescription"]["TableStatus"], "CREATING",
        "the answer to the call itself never says ACTIVE"
    );
    assert_eq!(sim.caller().status("Music").await, "ACTIVE");
    for change in [
        json!({"table_creation_ms": 1}),
        json!({"rates": {"ListBackup": 1}}),
        json!({"rates": {"ListBackups": -1}}),
        json!({"enforce_rates": "yes"}),
        json!([]),
    ] {
        let (status, answer): (u16, Value) = sim.control_raw("PUT", "settings", change.clone()).await;
        assert_eq!(status, 400, "{change}: {answer}");
    }
    let (status, _) = sim.control_raw("GET", "nonsense", json!({})).await;
    assert_eq!(status, 404);
}
