//! Application Auto Scaling of tables and indexes.

use serde_json::{Value, json};

use crate::client::{Sim, column, plain_table};

/// The answer of a call, as `Code: message` where it is refused.
async fn call(sim: &Sim, operation: &str, change: Value) -> Result<Value, String> {
    let mut body = json!({"ServiceNamespace": "dynamodb"});
    for (member, value) in change.as_object().expect("an object") {
        body[member] = value.clone();
    }
    let target = format!("AnyScaleFrontendService.{operation}");
    let request = sim.caller().request("application-autoscaling", &target, &body);
    let response = request.send().await.expect("the simulator answers");
    let status = response.status().as_u16();
    let value: Value = response.json().await.expect("JSON");
    if status == 200 {
        return Ok(value);
    }
    let kind = value["__type"].as_str().unwrap_or_default();
    let code = kind.rsplit('#').next().unwrap_or_default();
    Err(format!(
        "{code}: {}",
        value["message"].as_str().unwrap_or_default()
    ))
}

fn reads(change: Value) -> Value {
    let mut body =
        json!({"ResourceId": "table/Music", "ScalableDimension": "dynamodb:table:ReadCapacityUnits"});
    for (member, value) in change.as_object().expect("an object") {
        body[member] = value.clone();
    }
    body
}

fn policy(name: &str, aim: f64) -> Value {
    reads(json!({
        "PolicyName": name,
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": {
            "TargetValue": aim,
            "PredefinedMetricSpecification": {"PredefinedMetricType": "DynamoDBReadCapacityUtilization"},
        },
    }))
}

async fn provisioned(sim: &Sim) {
    let mut table = plain_table("Music");
    table["BillingMode"] = json!("PROVISIONED");
    table["ProvisionedThroughput"] = json!({"ReadCapacityUnits": 5, "WriteCapacityUnits": 5});
    sim.caller().ok("CreateTable", table).await;
    sim.advance(120).await;
}

#[tokio::test]
async fn a_target_is_registered_changed_and_deregistered() {
    let sim = Sim::start().await;
    provisioned(&sim).await;
    let register = |change| call(&sim, "RegisterScalableTarget", reads(change));
    let refused = register(json!({})).await.unwrap_err();
    assert!(
        refused.starts_with("ValidationException: Minimum and maximum"),
        "{refused}"
    );
    let refused = register(json!({"MinCapacity": 6, "MaxCapacity": 5}))
        .await
        .unwrap_err();
    assert!(
        refused.starts_with("ValidationException: Maximum capacity 5"),
        "{refused}"
    );
    register(json!({"MinCapacity": 5, "MaxCapacity": 100}))
        .await
        .unwrap();
    register(json!({"MaxCapacity": 200})).await.unwrap();
    let listed = call(
        &sim,
        "DescribeScalableTargets",
        json!({"ResourceIds": ["table/Music"]}),
    )
    .await;
    let targets = &listed.unwrap()["ScalableTargets"];
    assert_eq!(targets[0]["MinCapacity"], 5);
    assert_eq!(targets[0]["MaxCapacity"], 200);
    let others = call(
        &sim,
        "DescribeScalableTargets",
        json!({"ResourceIds": ["table/Other"]}),
    )
    .await;
    assert_eq!(others.unwrap()["ScalableTargets"], json!([]));
    sim.caller()
        .ok("DeleteTable", json!({"TableName": "Music"}))
        .await;
    sim.advance(60).await;
    let left = call(&sim, "DescribeScalableTargets", json!({})).await;
    assert_eq!(
        column(&left.unwrap()["ScalableTargets"], "ResourceId"),
        ["table/Music"]
    );
    call(&sim, "DeregisterScalableTarget", reads(json!({})))
        .await
        .unwrap();
    let refused = call(&sim, "DeregisterScalableTarget", reads(json!({})))
        .await
        .unwrap_err();
    assert!(
        refused.starts_with("ObjectNotFoundException: No scalable target"),
        "{refused}"
    );
}

#[tokio::test]
async fn one_policy_tracks_the_utilization() {
    let sim = Sim::start().await;
    provisioned(&sim).await;
    let put = |name, aim| call(&sim, "PutScalingPolicy", policy(name, aim));
    let refused = put("a", 70.0).await.unwrap_err();
    assert!(refused.starts_with("ObjectNotFoundException"), "{refused}");
    let bounds = reads(json!({"MinCapacity": 5, "MaxCapacity": 100}));
    call(&sim, "RegisterScalableTarget", bounds).await.unwrap();
    for (aim, is_taken) in [(19.9, false), (20.0, true), (90.0, true), (90.1, false)] {
        assert_eq!(put("a", aim).await.is_ok(), is_taken, "{aim}");
    }
    let refused = put("b", 70.0).await.unwrap_err();
    assert!(
        refused.contains("Only one TargetTrackingScaling policy"),
        "{refused}"
    );
    let listed = call(
        &sim,
        "DescribeScalingPolicies",
        json!({"ResourceId": "table/Music"}),
    )
    .await
    .unwrap();
    assert_eq!(column(&listed["ScalingPolicies"], "PolicyName"), ["a"]);
    let tracking = &listed["ScalingPolicies"][0]["TargetTrackingScalingPolicyConfiguration"];
    assert_eq!(tracking["TargetValue"], 90.0);
}

#[tokio::test]
async fn only_provisioned_capacity_that_exists_is_scaled() {
    let sim = Sim::start().await;
    sim.caller().table("Music").await;
    let bounds = json!({"MinCapacity": 5, "MaxCapacity": 100});
    let refused = call(&sim, "RegisterScalableTarget", reads(bounds))
        .await
        .unwrap_err();
    assert!(refused.contains("PAY_PER_REQUEST"), "{refused}");
    let other = json!({"ResourceId": "table/Other", "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
        "MinCapacity": 5, "MaxCapacity": 100});
    let refused = call(&sim, "RegisterScalableTarget", other).await.unwrap_err();
    assert_eq!(
        refused,
        "ValidationException: DynamoDB table does not exist: table/Other"
    );
    let mixed = json!({"ResourceId": "table/Music", "ScalableDimension": "dynamodb:index:ReadCapacityUnits",
        "MinCapacity": 5, "MaxCapacity": 100});
    let refused = call(&sim, "RegisterScalableTarget", mixed).await.unwrap_err();
    assert!(refused.contains("Unsupported service namespace"), "{refused}");
}
