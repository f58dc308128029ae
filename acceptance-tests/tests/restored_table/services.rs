//! What other services do with a restored table, put on in the same apply and changed in place later.

use std::time::Duration;

use acceptance_tests::{Backend, backend, wait_until};
use serde_json::{Value, json};

use super::{ADDRESS, Scene};

const STREAM: &str = "arn:aws:kinesis:us-east-1:111122223333:stream/changes";
/// Capacity that can be scaled, of the table and of the index that `with_capacity` makes.
const PROVISIONED: &str = "billing_mode = \"PROVISIONED\"\n  provisioned_throughput = { read_capacity_units = 5, \
                           write_capacity_units = 5 }";

/// A policy as HCL, for the table with this ARN.
fn policy(action: &str, table: &str) -> String {
    format!(
        "jsonencode({{ Version = \"2012-10-17\", Statement = [{{ Effect = \"Allow\", Principal = {{ AWS = \"111122223333\" \
         }}, Action = \"{action}\", Resource = \"{table}\" }}] }})"
    )
}

fn policy_of(backend: &Backend, arn: &str) -> Option<Value> {
    let found = backend
        .aws()
        .try_call("GetResourcePolicy", json!({"ResourceArn": arn}));
    let document = found.ok()?["Policy"].as_str()?.to_owned();
    Some(serde_json::from_str(&document).expect("AWS keeps JSON"))
}

fn arn_of(backend: &Backend, table: &str) -> String {
    format!("arn:aws:dynamodb:us-east-1:{}:table/{table}", backend.account())
}

impl Scene {
    fn streams(&self) -> Vec<String> {
        let input = json!({"TableName": "orders-restored"});
        let found = self
            .backend
            .aws()
            .call("DescribeKinesisStreamingDestination", input);
        let text = |it: &Value, member: &str| it[member].as_str().unwrap_or_default().to_owned();
        found["KinesisDataStreamDestinations"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|it| {
                let precision = text(it, "ApproximateCreationDateTimePrecision");
                format!("{} {precision}", text(it, "DestinationStatus"))
            })
            .collect()
    }

    fn insights(&self) -> Value {
        let input = json!({"TableName": "orders-restored"});
        self.backend.aws().call("DescribeContributorInsights", input)
    }

    /// Reads or writes with their bounds, of the restored table.
    fn scaling(&self) -> Vec<String> {
        let input = json!({"ResourceIds": ["table/orders-restored"]});
        let found = self
            .backend
            .aws()
            .try_autoscaling("DescribeScalableTargets", input);
        found.expect("it is served")["ScalableTargets"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|it| {
                let dimension = it["ScalableDimension"].as_str().unwrap_or_default();
                format!("{dimension} {}-{}", it["MinCapacity"], it["MaxCapacity"])
            })
            .collect()
    }
}

#[test]
fn resource_policy() {
    let scene = Scene::new(backend!(Backups, Restores, ResourcePolicies));
    let arn = arn_of(&scene.backend, "orders-restored");
    let argument = |action: &str| format!("resource_policy = {}", policy(action, &arn));
    let config = scene.workdir(&argument("dynamodb:GetItem"));
    config.apply();
    config.assert_empty_plan();
    let action =
        |scene: &Scene| policy_of(&scene.backend, &arn).expect("a policy")["Statement"][0]["Action"].clone();
    assert_eq!(action(&scene), "dynamodb:GetItem");
    // White space and the order of keys are no change.
    let document = policy_of(&scene.backend, &arn).expect("a policy");
    let spelled = format!("resource_policy = <<-JSON\n{document:#}\nJSON\n");
    scene.change(&config, &spelled, &["no-op"]);
    scene.change(&config, &argument("dynamodb:PutItem"), &["update"]);
    assert_eq!(action(&scene), "dynamodb:PutItem");
    scene.change(&config, "", &["no-op"]);
    assert_eq!(action(&scene), "dynamodb:PutItem", "left out, it stays");
    scene.change(&config, "resource_policy = \"\"", &["update"]);
    assert_eq!(policy_of(&scene.backend, &arn), None);
}

#[test]
fn kinesis_stream() {
    let scene = Scene::new(backend!(Backups, Restores, KinesisStreams));
    let config = scene.workdir(&format!("kinesis_stream = {{ stream_arn = {STREAM:?} }}"));
    config.apply();
    config.assert_empty_plan();
    assert_eq!(scene.streams(), ["ACTIVE MILLISECOND"]);
    let precise = format!(
        "kinesis_stream = {{ stream_arn = {STREAM:?}, approximate_creation_date_time_precision = \"MICROSECOND\" }}"
    );
    scene.change(&config, &precise, &["update"]);
    assert_eq!(scene.streams(), ["ACTIVE MICROSECOND"]);
    scene.change(&config, "", &["no-op"]);
    scene.change(&config, "kinesis_stream = { enabled = false }", &["update"]);
    assert_eq!(scene.streams(), ["DISABLED MICROSECOND"]);
}

#[test]
fn contributor_insights() {
    let scene = Scene::new(backend!(Backups, Restores, ContributorInsights));
    let config = scene.workdir("contributor_insights = {}");
    config.apply();
    config.assert_empty_plan();
    assert_eq!(scene.insights()["ContributorInsightsStatus"], "ENABLED");
    scene.change(
        &config,
        "contributor_insights = { mode = \"THROTTLED_KEYS\" }",
        &["update"],
    );
    assert_eq!(scene.insights()["ContributorInsightsMode"], "THROTTLED_KEYS");
    scene.change(&config, "", &["no-op"]);
    scene.change(&config, "contributor_insights = { enabled = false }", &["update"]);
    assert_eq!(scene.insights()["ContributorInsightsStatus"], "DISABLED");
}

#[test]
fn autoscaling() {
    let scene = Scene::new(backend!(Backups, Restores, RestoreOverrides, AutoScaling));
    let scaled = |scaling: &str| format!("{PROVISIONED}\n  autoscaling = {{ {scaling} }}");
    let config = scene.workdir(&scaled("read = { min_capacity = 5, max_capacity = 50 }"));
    config.apply();
    config.assert_empty_plan();
    assert_eq!(scene.scaling(), ["dynamodb:table:ReadCapacityUnits 5-50"]);
    // What the scaling does is no drift, although the configuration gives the capacity to begin with.
    let units = json!({"ReadCapacityUnits": 20, "WriteCapacityUnits": 5});
    scene.backend.aws().call(
        "UpdateTable",
        json!({"TableName": "orders-restored", "ProvisionedThroughput": units}),
    );
    scene.backend.aws().wait_for_table("orders-restored");
    config.assert_empty_plan();

    let writes = "write = { min_capacity = 5, max_capacity = 9, target_utilization = 50 }";
    scene.change(&config, &scaled(writes), &["update"]);
    assert_eq!(scene.scaling(), ["dynamodb:table:WriteCapacityUnits 5-9"]);
    scene.change(&config, PROVISIONED, &["no-op"]);
    assert_eq!(
        scene.scaling(),
        ["dynamodb:table:WriteCapacityUnits 5-9"],
        "left out, it stays"
    );
    scene.change(&config, &scaled(""), &["update"]);
    assert_eq!(scene.scaling(), Vec::<String>::new());
    scene.change(&config, &scaled(writes), &["update"]);
    config.destroy();
    assert_eq!(scene.scaling(), Vec::<String>::new());
}

#[test]
fn carry_over_of_services() {
    let backend = backend!(
        Backups,
        Restores,
        ResourcePolicies,
        KinesisStreams,
        ContributorInsights,
        AutoScaling
    );
    let units = json!({"ReadCapacityUnits": 5, "WriteCapacityUnits": 5});
    let arn = backend.aws().create_table_with(
        "orders",
        json!({"BillingMode": "PROVISIONED", "ProvisionedThroughput": units}),
    );
    let document = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "dynamodb:GetItem", "Resource": arn,
    }]});
    for (operation, input) in [
        (
            "PutResourcePolicy",
            json!({"ResourceArn": arn, "Policy": document.to_string()}),
        ),
        (
            "EnableKinesisStreamingDestination",
            json!({"TableName": "orders", "StreamArn": STREAM}),
        ),
        (
            "UpdateContributorInsights",
            json!({"TableName": "orders", "ContributorInsightsAction": "ENABLE"}),
        ),
    ] {
        backend.aws().call(operation, input);
    }
    let target = json!({
        "ResourceId": "table/orders", "ScalableDimension": "dynamodb:table:WriteCapacityUnits",
        "MinCapacity": 5, "MaxCapacity": 50,
    });
    let registered = backend.aws().try_autoscaling("RegisterScalableTarget", target);
    registered.expect("it is served");
    wait_until("the policy", Duration::from_secs(20), || {
        policy_of(&backend, &arn)
    });
    let backup_arn = backend.aws().create_backup("orders", "nightly");
    let scene = Scene { backend, backup_arn };
    let config = scene.workdir(
        "carry_over = [\"resource_policy\", \"kinesis_stream\", \"contributor_insights\", \"autoscaling\"]",
    );
    config.apply();
    config.assert_empty_plan();
    let restored = arn_of(&scene.backend, "orders-restored");
    let copied = policy_of(&scene.backend, &restored).expect("a policy");
    assert_eq!(copied["Statement"][0]["Resource"], restored.as_str(), "{copied}");
    assert_eq!(scene.streams(), ["ACTIVE MILLISECOND"]);
    assert_eq!(scene.insights()["ContributorInsightsStatus"], "ENABLED");
    assert_eq!(scene.scaling(), ["dynamodb:table:WriteCapacityUnits 5-50"]);

    // Once the table is made, what was copied is kept; a setting that is spelled out takes over.
    scene.change(&config, "", &["update"]);
    assert_eq!(scene.streams(), ["ACTIVE MILLISECOND"]);
    assert_eq!(
        config.state().values(ADDRESS)["kinesis_stream"]["stream_arn"],
        STREAM
    );
    scene.change(&config, "kinesis_stream = { enabled = false }", &["update"]);
    assert_eq!(scene.streams(), ["DISABLED MILLISECOND"]);
}
