//! Resource policy, Kinesis stream, Contributor Insights and auto scaling: put on, changed, taken off, copied, resumed.

use serde_json::{Value as Json, json};
use tfsdk::ImportTarget;

use super::{Scene, TABLE_ARN, TYPE, creation, lines, state, update, with};
use crate::testing::{Action, Terraform};

const SOURCE_ARN: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders";
const STREAM: &str = "arn:aws:kinesis:eu-west-1:111122223333:stream/changes";
const OTHER_STREAM: &str = "arn:aws:kinesis:eu-west-1:111122223333:stream/more-changes";

fn policy(action: &str, table: &str) -> String {
    format!(
        "{{\"Version\":\"2012-10-17\",\"Statement\":[{{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"{action}\",\
         \"Resource\":[\"{table}\",\"{table}/index/by_day\"]}}]}}"
    )
}

/// Arguments of a table with provisioned capacity.
fn provisioned() -> Json {
    let units = json!({"read_capacity_units": 5, "write_capacity_units": 5});
    json!({
        "billing_mode": "PROVISIONED", "provisioned_throughput": units,
        "global_secondary_indexes": {"by_day": {"provisioned_throughput": units}},
    })
}

impl Scene {
    async fn policy(&self) -> String {
        let found = self
            .aws
            .dynamodb("GetResourcePolicy", json!({"ResourceArn": TABLE_ARN}))
            .await;
        found["Policy"].as_str().expect("a document").to_owned()
    }

    /// ARN, status and precision of the destinations that are not off.
    async fn streams(&self) -> Vec<String> {
        let found = self
            .aws
            .dynamodb(
                "DescribeKinesisStreamingDestination",
                json!({"TableName": "orders-restored"}),
            )
            .await;
        let text = |it: &Json, member: &str| it[member].as_str().unwrap_or_default().to_owned();
        found["KinesisDataStreamDestinations"]
            .as_array()
            .expect("a list")
            .iter()
            .filter(|it| it["DestinationStatus"] != "DISABLED")
            .map(|it| {
                let arn = text(it, "StreamArn");
                let name = arn.rsplit('/').next().unwrap_or_default().to_owned();
                format!(
                    "{name} {} {}",
                    text(it, "DestinationStatus"),
                    text(it, "ApproximateCreationDateTimePrecision")
                )
            })
            .collect()
    }

    async fn insights(&self) -> String {
        let found = self
            .aws
            .dynamodb(
                "DescribeContributorInsights",
                json!({"TableName": "orders-restored"}),
            )
            .await;
        let mode = found["ContributorInsightsMode"].as_str().unwrap_or_default();
        format!(
            "{} {mode}",
            found["ContributorInsightsStatus"].as_str().unwrap_or_default()
        )
    }

    /// What is scaled, with bounds and utilization.
    async fn scaling(&self) -> Vec<String> {
        let targets = self.aws.autoscaling("DescribeScalableTargets", json!({})).await;
        let policies = self.aws.autoscaling("DescribeScalingPolicies", json!({})).await;
        let policies = policies["ScalingPolicies"].as_array().expect("a list").clone();
        let of = |target: &Json| {
            policies
                .iter()
                .find(|it| {
                    it["ResourceId"] == target["ResourceId"]
                        && it["ScalableDimension"] == target["ScalableDimension"]
                })
                .map(|it| it["TargetTrackingScalingPolicyConfiguration"]["TargetValue"].to_string())
        };
        targets["ScalableTargets"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|it| {
                let dimension = it["ScalableDimension"].as_str().unwrap_or_default();
                let capacity = if dimension.contains("Read") {
                    "read"
                } else {
                    "write"
                };
                format!(
                    "{} {capacity} {}-{} {}",
                    it["ResourceId"].as_str().unwrap_or_default(),
                    it["MinCapacity"],
                    it["MaxCapacity"],
                    of(it).unwrap_or_default()
                )
            })
            .collect()
    }

    /// Applies a change in place, after which nothing is left to do.
    async fn change(&mut self, more: Json) {
        let given = self.config(with(provisioned(), more.clone()));
        let outcome = self.terraform.apply(&given).await;
        assert_eq!(
            (outcome.action, outcome.said()),
            (Action::Update, Vec::new()),
            "{more}"
        );
        assert_eq!(
            self.terraform.plan(&given).await.action,
            Action::Nothing,
            "{more}"
        );
    }
}

#[tokio::test]
async fn a_policy_is_attached_changed_and_detached() {
    let mut scene = Scene::start().await;
    let (read, write) = (
        policy("dynamodb:GetItem", TABLE_ARN),
        policy("dynamodb:PutItem", TABLE_ARN),
    );
    let config = scene.config(with(provisioned(), json!({"resource_policy": read})));
    assert_eq!(scene.terraform.apply(&config).await.said(), [""; 0]);
    assert_eq!(scene.policy().await, read);
    assert_eq!(scene.terraform.state()["resource_policy"], read);
    assert_eq!(scene.terraform.plan(&config).await.action, Action::Nothing);

    // The same in other words is no change; the words of the state stay.
    let spaced = read.replace("\":", "\" : ").replace(",\"", ",\n  \"");
    assert_ne!(spaced, read);
    let respelled = scene.config(with(provisioned(), json!({"resource_policy": spaced})));
    assert_eq!(scene.terraform.plan(&respelled).await.action, Action::Nothing);

    scene.change(json!({"resource_policy": write})).await;
    assert_eq!(scene.policy().await, write);
    // Left out, it stays.
    let config = scene.config(provisioned());
    assert_eq!(scene.terraform.plan(&config).await.action, Action::Nothing);
    // What others change is shown and put back.
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    scene
        .aws
        .dynamodb(
            "PutResourcePolicy",
            json!({"ResourceArn": TABLE_ARN, "Policy": read}),
        )
        .await;
    scene.change(json!({"resource_policy": write})).await;
    assert_eq!(scene.policy().await, write);
    scene.change(json!({"resource_policy": ""})).await;
    assert_eq!(scene.terraform.state()["resource_policy"], "");
    let left = scene.aws.control(reqwest::Method::GET, "state", json!({})).await;
    let restored = left["tables"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|it| it["name"] == "orders-restored");
    assert_eq!(
        restored.expect("the table")["has_resource_policy"],
        false,
        "{restored:?}"
    );
}

#[tokio::test]
async fn a_kinesis_stream_is_switched_on_changed_and_off() {
    let mut scene = Scene::start().await;
    let config = scene.config(with(
        provisioned(),
        json!({"kinesis_stream": {"stream_arn": STREAM}}),
    ));
    assert_eq!(scene.terraform.apply(&config).await.said(), [""; 0]);
    assert_eq!(scene.streams().await, ["changes ACTIVE MILLISECOND"]);
    assert_eq!(scene.terraform.plan(&config).await.action, Action::Nothing);
    let precise = json!({"stream_arn": STREAM, "approximate_creation_date_time_precision": "MICROSECOND"});
    scene.change(json!({"kinesis_stream": precise})).await;
    assert_eq!(scene.streams().await, ["changes ACTIVE MICROSECOND"]);
    assert_eq!(
        scene.aws.count("EnableKinesisStreamingDestination").await,
        1,
        "changed in place"
    );
    scene
        .change(json!({"kinesis_stream": {"stream_arn": OTHER_STREAM}}))
        .await;
    assert_eq!(scene.streams().await, ["more-changes ACTIVE MILLISECOND"]);
    scene.change(json!({"kinesis_stream": {"enabled": false}})).await;
    assert_eq!(scene.streams().await, [""; 0]);
    let config = scene.config(provisioned());
    assert_eq!(scene.terraform.plan(&config).await.action, Action::Nothing);
}

#[tokio::test]
async fn contributor_insights_are_switched_on_changed_and_off() {
    let mut scene = Scene::start().await;
    let config = scene.config(with(provisioned(), json!({"contributor_insights": {}})));
    assert_eq!(scene.terraform.apply(&config).await.said(), [""; 0]);
    assert_eq!(scene.insights().await, "ENABLED ACCESSED_AND_THROTTLED_KEYS");
    assert_eq!(scene.terraform.plan(&config).await.action, Action::Nothing);
    scene
        .change(json!({"contributor_insights": {"mode": "THROTTLED_KEYS"}}))
        .await;
    assert_eq!(scene.insights().await, "ENABLED THROTTLED_KEYS");
    scene
        .change(json!({"contributor_insights": {"enabled": false}}))
        .await;
    assert_eq!(scene.insights().await, "DISABLED ");
}

#[tokio::test]
async fn capacity_is_scaled_changed_and_left_to_the_scaling() {
    let mut scene = Scene::start().await;
    let bounds = |least: i64, most: i64| json!({"min_capacity": least, "max_capacity": most});
    let index = json!({"by_day": {"write": bounds(1, 10)}});
    let scaling = json!({"autoscaling": {"read": bounds(5, 100), "indexes": index}});
    let config = scene.config(with(provisioned(), scaling));
    assert_eq!(scene.terraform.apply(&config).await.said(), [""; 0]);
    let table = "table/orders-restored";
    assert_eq!(
        scene.scaling().await,
        [
            format!("{table} read 5-100 70.0"),
            format!("{table}/index/by_day write 1-10 70.0")
        ]
    );
    assert_eq!(scene.terraform.plan(&config).await.action, Action::Nothing);

    // What the scaling does is no drift.
    let units = |read: i64, write: i64| json!({"ReadCapacityUnits": read, "WriteCapacityUnits": write});
    let scaled = json!({
        "TableName": "orders-restored", "ProvisionedThroughput": units(50, 5),
        "GlobalSecondaryIndexUpdates": [{"Update": {"IndexName": "by_day", "ProvisionedThroughput": units(5, 9)}}],
    });
    scene.aws.dynamodb("UpdateTable", scaled).await;
    assert_eq!(scene.terraform.plan(&config).await.action, Action::Nothing);
    assert_eq!(
        scene.terraform.state()["provisioned_throughput"]["read_capacity_units"],
        50
    );

    let aimed = with(bounds(5, 200), json!({"target_utilization": 72.5}));
    scene
        .change(json!({"autoscaling": {"read": aimed, "write": bounds(1, 2)}}))
        .await;
    let expected = [
        format!("{table} read 5-200 72.5"),
        format!("{table} write 1-2 70.0"),
    ];
    assert_eq!(scene.scaling().await, expected);
    assert_eq!(
        scene.table().await["ProvisionedThroughput"]["ReadCapacityUnits"],
        50
    );
    // Left out, it stays; empty, it ends.
    let config = scene.config(provisioned());
    assert_eq!(scene.terraform.plan(&config).await.action, Action::Nothing);
    scene.change(json!({"autoscaling": {}})).await;
    assert_eq!(scene.scaling().await, [""; 0]);
}

#[tokio::test]
async fn scaling_ends_with_the_billing_mode_and_with_the_table() {
    let mut scene = Scene::start().await;
    let scaling = json!({"autoscaling": {"write": {"min_capacity": 5, "max_capacity": 9}}});
    let config = scene.config(with(provisioned(), scaling.clone()));
    scene.terraform.apply(&config).await;
    let on_demand = scene.config(json!({"billing_mode": "PAY_PER_REQUEST"}));
    assert_eq!(scene.terraform.apply(&on_demand).await.said(), [""; 0]);
    assert_eq!(scene.scaling().await, [""; 0]);
    assert_eq!(scene.terraform.plan(&on_demand).await.action, Action::Nothing);

    scene.terraform.apply(&config).await;
    assert_eq!(scene.scaling().await.len(), 1);
    assert_eq!(
        scene.terraform.destroy().await.said(),
        ["warning: Table would be deleted for good"]
    );
    assert_eq!(scene.scaling().await, [""; 0]);
}

/// A source that has everything.
async fn rich() -> Scene {
    let mut scene = Scene::start().await;
    let units = json!({"ReadCapacityUnits": 5, "WriteCapacityUnits": 5});
    let index = |name: &str| json!({"Update": {"IndexName": name, "ProvisionedThroughput": units}});
    let update = json!({
        "TableName": "orders", "BillingMode": "PROVISIONED", "ProvisionedThroughput": units,
        "GlobalSecondaryIndexUpdates": [index("by_day"), index("by_city")],
    });
    scene.aws.dynamodb("UpdateTable", update).await;
    let document = policy("dynamodb:GetItem", SOURCE_ARN);
    let put = json!({"ResourceArn": SOURCE_ARN, "Policy": document});
    scene.aws.dynamodb("PutResourcePolicy", put).await;
    let precision = json!({"ApproximateCreationDateTimePrecision": "MICROSECOND"});
    let stream =
        json!({"TableName": "orders", "StreamArn": STREAM, "EnableKinesisStreamingConfiguration": precision});
    scene
        .aws
        .dynamodb("EnableKinesisStreamingDestination", stream)
        .await;
    let insights = json!({
        "TableName": "orders", "ContributorInsightsAction": "ENABLE", "ContributorInsightsMode": "THROTTLED_KEYS",
    });
    scene.aws.dynamodb("UpdateContributorInsights", insights).await;
    for (id, dimension, metric) in [
        (
            "table/orders",
            "dynamodb:table:ReadCapacityUnits",
            "DynamoDBReadCapacityUtilization",
        ),
        (
            "table/orders/index/by_day",
            "dynamodb:index:WriteCapacityUnits",
            "DynamoDBWriteCapacityUtilization",
        ),
        (
            "table/orders/index/by_city",
            "dynamodb:index:WriteCapacityUnits",
            "DynamoDBWriteCapacityUtilization",
        ),
    ] {
        let target =
            json!({"ResourceId": id, "ScalableDimension": dimension, "MinCapacity": 5, "MaxCapacity": 50});
        scene.aws.autoscaling("RegisterScalableTarget", target).await;
        let tracking = json!({
            "TargetValue": 60, "PredefinedMetricSpecification": {"PredefinedMetricType": metric},
        });
        let policy = json!({
            "ResourceId": id, "ScalableDimension": dimension, "PolicyName": "mine",
            "PolicyType": "TargetTrackingScaling", "TargetTrackingScalingPolicyConfiguration": tracking,
        });
        scene.aws.autoscaling("PutScalingPolicy", policy).await;
    }
    let made = scene
        .aws
        .dynamodb(
            "CreateBackup",
            json!({"TableName": "orders", "BackupName": "rich"}),
        )
        .await;
    scene.backup_arn = made["BackupDetails"]["BackupArn"]
        .as_str()
        .expect("an ARN")
        .to_owned();
    scene.aws.forget_calls().await;
    scene
}

const ALL: [&str; 4] = [
    "resource_policy",
    "kinesis_stream",
    "contributor_insights",
    "autoscaling",
];

#[tokio::test]
async fn everything_is_copied_and_stays() {
    let mut scene = rich().await;
    let config = scene.config(json!({"carry_over": ALL, "global_secondary_indexes": {"by_day": {}}}));
    assert_eq!(scene.terraform.apply(&config).await.said(), [""; 0]);
    assert_eq!(scene.policy().await, policy("dynamodb:GetItem", TABLE_ARN));
    assert_eq!(scene.streams().await, ["changes ACTIVE MICROSECOND"]);
    assert_eq!(scene.insights().await, "ENABLED THROTTLED_KEYS");
    let of_copy = |scaling: Vec<String>| -> Vec<String> {
        scaling.into_iter().filter(|it| it.contains("restored")).collect()
    };
    let expected = [
        "table/orders-restored read 5-50 60.0",
        "table/orders-restored/index/by_day write 5-50 60.0",
    ];
    assert_eq!(of_copy(scene.scaling().await), expected);
    assert_eq!(scene.terraform.plan(&config).await.action, Action::Nothing);
    assert_eq!(
        scene.terraform.state()["contributor_insights"]["mode"],
        "THROTTLED_KEYS"
    );
    assert_eq!(
        scene.terraform.state()["autoscaling"]["read"]["target_utilization"],
        60
    );

    // Without carry_over it is still there, and still looked after.
    let config = scene.config(json!({"global_secondary_indexes": {"by_day": {}}}));
    assert_eq!(scene.terraform.apply(&config).await.action, Action::Update);
    assert_eq!(scene.terraform.plan(&config).await.action, Action::Nothing);
    assert_eq!(of_copy(scene.scaling().await), expected);
    assert_eq!(scene.streams().await, ["changes ACTIVE MICROSECOND"]);
}

#[tokio::test]
async fn scaling_is_not_copied_to_a_table_on_demand() {
    let mut scene = rich().await;
    let config = scene.config(json!({"billing_mode": "PAY_PER_REQUEST", "carry_over": ["autoscaling"]}));
    assert!(!scene.terraform.apply(&config).await.diagnostics.has_error());
    assert_eq!(scene.terraform.plan(&config).await.action, Action::Nothing);
    assert_eq!(scene.terraform.state()["autoscaling"], Json::Null);
}

#[tokio::test]
async fn what_would_be_dropped_is_told_and_denied_reads_are_told() {
    let mut scene = rich().await;
    let config = scene.config(json!({}));
    let said = scene.terraform.plan(&config).await;
    assert_eq!(
        said.said(),
        [
            "warning at autoscaling: Restored table will lack the auto scaling of its source",
            "warning at resource_policy: Restored table will lack the resource policy of its source",
            "warning at kinesis_stream: Restored table will lack the Kinesis stream of its source",
            "warning at contributor_insights: Restored table will lack Contributor Insights",
        ]
    );
    let details = said.details();
    assert!(
        details.contains("the reads of the table, writes of index by_city and the writes of index by_day"),
        "{details}"
    );
    let config = scene.config(json!({"carry_over": ALL}));
    assert_eq!(scene.terraform.plan(&config).await.said(), [""; 0]);
    let actions = [
        "dynamodb:GetResourcePolicy",
        "dynamodb:DescribeKinesisStreamingDestination",
        "dynamodb:DescribeContributorInsights",
        "application-autoscaling:DescribeScalableTargets",
    ];
    scene.aws.set(json!({"denied_actions": actions})).await;
    let said = scene.terraform.plan(&scene.config(json!({}))).await;
    assert_eq!(
        said.said(),
        actions.map(|action| format!("warning: Check was not made: {action} is denied"))
    );
    for action in actions {
        let allow = format!("Allow {action} for the identity");
        assert!(said.details().contains(&allow), "{action}: {}", said.details());
    }
}

#[tokio::test]
async fn whatever_is_cut_off_the_next_apply_finishes() {
    for operation in [
        "PutResourcePolicy",
        "EnableKinesisStreamingDestination",
        "UpdateContributorInsights",
        "RegisterScalableTarget",
        "PutScalingPolicy",
    ] {
        let mut scene = Scene::start().await;
        let config = scene.config(with(
            provisioned(),
            json!({
                "resource_policy": policy("dynamodb:GetItem", TABLE_ARN), "kinesis_stream": {"stream_arn": STREAM},
                "contributor_insights": {}, "autoscaling": {"read": {"min_capacity": 5, "max_capacity": 9}},
                "time_to_live": {"attribute_name": "expires"},
            }),
        ));
        // The call has its effect, and its answer does not come before the end.
        let hang = json!({"operation": operation, "kind": "hang"});
        scene.aws.fault(hang).await;
        scene.kill_when_called(&config, operation).await;
        let outcome = scene.terraform.apply(&config).await;
        assert!(
            !outcome.diagnostics.has_error(),
            "{operation}: {:?}",
            outcome.said()
        );
        assert_eq!(
            scene.terraform.plan(&config).await.action,
            Action::Nothing,
            "{operation}"
        );
        assert_eq!(scene.restores_and_deletes().await, (1, 0), "{operation}");
        assert_eq!(
            scene.streams().await,
            ["changes ACTIVE MILLISECOND"],
            "{operation}"
        );
        assert_eq!(
            scene.scaling().await,
            ["table/orders-restored read 5-9 70.0"],
            "{operation}"
        );
    }
}

#[tokio::test]
async fn a_lost_answer_is_looked_after() {
    let mut scene = Scene::start().await;
    scene
        .aws
        .fault(json!({"service": "dynamodb", "operation": "EnableKinesisStreamingDestination", "kind": "reset_after"}))
        .await;
    let config = scene.config(json!({"kinesis_stream": {"stream_arn": STREAM}}));
    assert_eq!(scene.terraform.apply(&config).await.said(), [""; 0]);
    assert_eq!(scene.streams().await, ["changes ACTIVE MILLISECOND"]);
    assert_eq!(scene.aws.count("EnableKinesisStreamingDestination").await, 1);
}

#[tokio::test]
async fn an_import_takes_everything_over() {
    let mut scene = rich().await;
    let config = scene.config(json!({"carry_over": ALL}));
    scene.terraform.apply(&config).await;
    let before = scene.terraform.state();
    let mut importer = Terraform::with(&scene.aws, TYPE);
    let said = importer
        .import(ImportTarget::Id("orders-restored".to_owned()))
        .await;
    assert!(!said.has_error(), "{said:?}");
    let imported = importer.state();
    for name in ALL {
        assert_eq!(imported[name], before[name], "{name}");
    }
    // Another table that has nothing of all that.
    scene.aws.create_table("plain").await;
    let mut importer = Terraform::with(&scene.aws, TYPE);
    importer.import(ImportTarget::Id("plain".to_owned())).await;
    for name in ALL {
        assert_eq!(importer.state()[name], Json::Null, "{name}");
    }
}

#[tokio::test]
async fn arguments_that_lack_something_are_refused() {
    let scene = Scene::start().await;
    let said = |more: Json| {
        let mut said = crate::testing::summaries(&scene.terraform.validate(&scene.config(more)));
        said.sort();
        said
    };
    assert_eq!(
        said(json!({"kinesis_stream": {}})),
        ["error at kinesis_stream.stream_arn: Kinesis stream is not named"]
    );
    assert_eq!(said(json!({"kinesis_stream": {"enabled": false}})), [""; 0]);
    assert_eq!(
        said(json!({"autoscaling": {"read": {}, "indexes": {"by_day": {"write": {"min_capacity": 5}}}}})),
        [
            "error at autoscaling.indexes[\"by_day\"].write.max_capacity: Auto scaling without its bounds",
            "error at autoscaling.read.max_capacity: Auto scaling without its bounds",
            "error at autoscaling.read.min_capacity: Auto scaling without its bounds",
        ]
    );
    assert_eq!(
        said(
            json!({"autoscaling": {"indexes": {"by_day": {"read": {"min_capacity": 5, "max_capacity": 4}}}}})
        ),
        ["error at autoscaling.indexes[\"by_day\"]: Auto scaling has a number that AWS does not take"]
    );
    assert_eq!(said(json!({"resource_policy": "[]"})).len(), 1);
    assert_eq!(
        said(json!({"resource_policy": format!("{{{}}}", " ".repeat(20_479))})),
        ["error at resource_policy: Resource policy is too large"]
    );
}

#[test]
fn plans_show_the_defaults() {
    let config = super::config(json!({
        "kinesis_stream": {"stream_arn": STREAM}, "contributor_insights": {},
        "autoscaling": {"read": {"min_capacity": 1, "max_capacity": 2}},
    }));
    let shown = lines(creation(&config), super::Observed::default());
    for line in [
        &*format!(
            "kinesis_stream = {{\"enabled\":true,\"stream_arn\":\"{STREAM}\",\"approximate_creation_date_time_precision\":\"MILLISECOND\"}}"
        ),
        "contributor_insights = {\"enabled\":true,\"mode\":\"ACCESSED_AND_THROTTLED_KEYS\"}",
    ] {
        let same = |shown: &&String| {
            let json =
                |text: &str| serde_json::from_str::<Json>(text.split_once(" = ").map_or("", |it| it.1)).ok();
            shown.split(' ').next() == line.split(' ').next() && json(shown) == json(line)
        };
        assert!(shown.iter().any(|it| same(&it)), "{line}: {shown:#?}");
    }
    // Null settings that nobody manages stay null.
    for name in ["resource_policy", "kinesis_stream", "autoscaling"] {
        let planned = lines(
            update(&state(json!({})), &super::config(json!({}))),
            super::Observed::default(),
        );
        assert!(planned.iter().all(|it| !it.starts_with(name)), "{planned:?}");
    }
}
