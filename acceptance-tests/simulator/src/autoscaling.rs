//! Application Auto Scaling of DynamoDB: scalable targets of tables and indexes, and the policies that track their
//! utilization. The settings only: no capacity is ever changed. As on AWS, deleting a table leaves its targets.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock::Moment;
use crate::dynamodb::BillingMode;
use crate::failure::Failure;
use crate::naming::unknown;
use crate::place::Place;
use crate::world::{Context, read};

/// AWS: utilization that a policy for DynamoDB may aim at, in percent.
const UTILIZATION: std::ops::RangeInclusive<f64> = 20.0..=90.0;

/// AWS: results per page.
const PAGE: usize = 50;

/// What is scaled, by place, resource id and dimension.
pub(crate) type Targets = BTreeMap<(Place, String, String), Target>;

/// One scalable target.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    least: i64,
    most: i64,
    id: String,
    created_at: Moment,
    policies: BTreeMap<String, Policy>,
}

/// One policy of a target.
#[derive(Clone, Debug)]
struct Policy {
    tracking: Value,
    id: String,
    created_at: Moment,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    service_namespace: String,
    resource_id: Option<String>,
    resource_ids: Option<Vec<String>>,
    scalable_dimension: Option<String>,
    min_capacity: Option<i64>,
    max_capacity: Option<i64>,
    policy_name: Option<String>,
    policy_names: Option<Vec<String>>,
    policy_type: Option<String>,
    target_tracking_scaling_policy_configuration: Option<Value>,
    max_results: Option<usize>,
    next_token: Option<String>,
}

/// Serves one operation whose request has passed the wire check.
pub(crate) fn serve(cx: &mut Context<'_>, operation: &str, input: Value) -> Result<Value, Failure> {
    let input: Input = read(input)?;
    if input.service_namespace != "dynamodb" {
        return Err(unsupported());
    }
    match operation {
        "DeleteScalingPolicy" => delete_policy(cx, &input),
        "DeregisterScalableTarget" => deregister(cx, &input),
        "DescribeScalableTargets" => describe_targets(cx, &input),
        "DescribeScalingPolicies" => describe_policies(cx, &input),
        "PutScalingPolicy" => put_policy(cx, input),
        "RegisterScalableTarget" => register(cx, &input),
        _ => Err(unknown(operation)),
    }
}

fn unsupported() -> Failure {
    Failure::validation("Unsupported service namespace, resource type or scalable dimension")
}

fn not_registered(input: &Input) -> Failure {
    Failure::new(
        "ObjectNotFoundException",
        format!(
            "No scalable target registered for service namespace: dynamodb, resource ID: {}, scalable dimension: {}",
            input.resource_id.as_deref().unwrap_or("null"),
            input.scalable_dimension.as_deref().unwrap_or("null"),
        ),
    )
}

impl Input {
    fn key(&self, place: &Place) -> (Place, String, String) {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        (
            place.clone(),
            text(&self.resource_id),
            text(&self.scalable_dimension),
        )
    }
}

/// The table and the index that a resource id names, where the dimension is one of such a resource.
fn parts<'a>(id: &'a str, dimension: &str) -> Option<(&'a str, Option<&'a str>)> {
    let rest = id.strip_prefix("table/")?;
    let (table, index) = match rest.split_once("/index/") {
        Some((table, index)) => (table, Some(index)),
        None => (rest, None),
    };
    let kind = if index.is_some() { "index" } else { "table" };
    let fits = ["Read", "Write"]
        .iter()
        .any(|capacity| dimension == format!("dynamodb:{kind}:{capacity}CapacityUnits"));
    (fits && !table.is_empty() && !table.contains('/')).then_some((table, index))
}

fn register(cx: &mut Context<'_>, input: &Input) -> Result<Value, Failure> {
    let key = input.key(cx.place);
    let (name, index) = parts(&key.1, &key.2).ok_or_else(unsupported)?;
    let table = cx.world.dynamodb.region(cx.place).tables.get(name);
    let Some(table) = table.filter(|table| !table.is_deleting()) else {
        return Err(Failure::validation(format!(
            "DynamoDB table does not exist: {}",
            key.1
        )));
    };
    let design = &table.design;
    let knows = |index: &str| design.global_indexes.iter().any(|it| it.name == index);
    if index.is_some_and(|index| !knows(index)) {
        return Err(Failure::validation(format!(
            "DynamoDB index does not exist: {}",
            key.1
        )));
    }
    if design.billing_mode == BillingMode::PayPerRequest {
        return Err(Failure::validation(format!(
            "The billing mode of {} is PAY_PER_REQUEST, and only provisioned capacity is scaled",
            key.1
        )));
    }
    let known = cx.world.scaling.get(&key);
    let bounds = (
        input.min_capacity.or(known.map(|target| target.least)),
        input.max_capacity.or(known.map(|target| target.most)),
    );
    let (Some(least), Some(most)) = bounds else {
        return Err(Failure::validation(
            "Minimum and maximum capacity must be given when a scalable target is registered",
        ));
    };
    if least < 1 || most < least {
        return Err(Failure::validation(format!(
            "Maximum capacity {most} cannot be less than minimum capacity {least}, which is at least 1"
        )));
    }
    let id = cx.world.ids.uuid();
    let now = cx.now;
    let target = cx.world.scaling.entry(key).or_insert_with(|| Target {
        least,
        most,
        id,
        created_at: now,
        policies: BTreeMap::new(),
    });
    (target.least, target.most) = (least, most);
    Ok(json!({"ScalableTargetARN": target_arn(cx.place, &target.id)}))
}

fn target_arn(place: &Place, id: &str) -> String {
    let (partition, region, account) = (place.partition(), &place.region, &place.account);
    format!("arn:{partition}:application-autoscaling:{region}:{account}:scalable-target/{id}")
}

fn policy_arn(place: &Place, id: &str, resource: &str, name: &str) -> String {
    let (partition, region, account) = (place.partition(), &place.region, &place.account);
    format!(
        "arn:{partition}:autoscaling:{region}:{account}:scalingPolicy:{id}:resource/dynamodb/{resource}:policyName/{name}"
    )
}

fn put_policy(cx: &mut Context<'_>, input: Input) -> Result<Value, Failure> {
    let key = input.key(cx.place);
    let id = cx.world.ids.uuid();
    let (now, place) = (cx.now, cx.place);
    let target = cx
        .world
        .scaling
        .get_mut(&key)
        .ok_or_else(|| not_registered(&input))?;
    let Some(tracking) = input
        .target_tracking_scaling_policy_configuration
        .filter(|_| input.policy_type.as_deref() == Some("TargetTrackingScaling"))
    else {
        return Err(Failure::validation(
            "DynamoDB supports only policies of the type TargetTrackingScaling",
        ));
    };
    let aim = tracking["TargetValue"].as_f64().unwrap_or_default();
    if !UTILIZATION.contains(&aim) {
        return Err(Failure::validation(format!(
            "Target value {aim} is outside of the range from {} to {}",
            UTILIZATION.start(),
            UTILIZATION.end()
        )));
    }
    let metric = metric_of(&tracking);
    let capacity = if key.2.contains(":Read") { "Read" } else { "Write" };
    if metric.is_some_and(|metric| metric != format!("DynamoDB{capacity}CapacityUtilization")) {
        return Err(Failure::validation(format!(
            "The metric does not fit the scalable dimension {}",
            key.2
        )));
    }
    let name = input.policy_name.unwrap_or_default();
    if target
        .policies
        .iter()
        .any(|(other, policy)| *other != name && metric_of(&policy.tracking) == metric)
    {
        return Err(Failure::validation(
            "Only one TargetTrackingScaling policy for a given metric specification is allowed.",
        ));
    }
    let policy = target.policies.entry(name.clone()).or_insert_with(|| Policy {
        tracking: Value::Null,
        id,
        created_at: now,
    });
    policy.tracking = tracking;
    Ok(json!({"PolicyARN": policy_arn(place, &policy.id, &key.1, &name), "Alarms": []}))
}

fn metric_of(tracking: &Value) -> Option<&str> {
    tracking["PredefinedMetricSpecification"]["PredefinedMetricType"].as_str()
}

fn delete_policy(cx: &mut Context<'_>, input: &Input) -> Result<Value, Failure> {
    let target = cx.world.scaling.get_mut(&input.key(cx.place));
    let name = input.policy_name.as_deref().unwrap_or_default();
    match target.and_then(|target| target.policies.remove(name)) {
        Some(_) => Ok(json!({})),
        None => Err(Failure::new(
            "ObjectNotFoundException",
            format!("No scaling policy found with the name {name}"),
        )),
    }
}

fn deregister(cx: &mut Context<'_>, input: &Input) -> Result<Value, Failure> {
    match cx.world.scaling.remove(&input.key(cx.place)) {
        Some(_) => Ok(json!({})),
        None => Err(not_registered(input)),
    }
}

fn describe_targets(cx: &Context<'_>, input: &Input) -> Result<Value, Failure> {
    let wanted = |id: &String| input.resource_ids.as_ref().is_none_or(|ids| ids.contains(id));
    let targets = cx.world.scaling.iter().filter(|((place, id, dimension), _)| {
        place == cx.place && wanted(id) && is(input.scalable_dimension.as_ref(), dimension)
    });
    let described = targets.map(|((place, id, dimension), target)| {
        json!({
            "ServiceNamespace": "dynamodb",
            "ResourceId": id,
            "ScalableDimension": dimension,
            "MinCapacity": target.least,
            "MaxCapacity": target.most,
            "RoleARN": format!(
                "arn:{}:iam::{}:role/aws-service-role/dynamodb.application-autoscaling.amazonaws.com/\
                 AWSServiceRoleForApplicationAutoScaling_DynamoDBTable",
                place.partition(),
                place.account
            ),
            "CreationTime": target.created_at.to_epoch_seconds(),
            "ScalableTargetARN": target_arn(place, &target.id),
        })
    });
    Ok(page("ScalableTargets", described.collect(), input))
}

fn describe_policies(cx: &Context<'_>, input: &Input) -> Result<Value, Failure> {
    let mut described = Vec::new();
    for ((place, id, dimension), target) in &cx.world.scaling {
        let is_meant = place == cx.place
            && is(input.resource_id.as_ref(), id)
            && is(input.scalable_dimension.as_ref(), dimension);
        let named = |name: &String| {
            input
                .policy_names
                .as_ref()
                .is_none_or(|names| names.contains(name))
        };
        for (name, policy) in target.policies.iter().filter(|(name, _)| is_meant && named(name)) {
            described.push(json!({
                "PolicyARN": policy_arn(place, &policy.id, id, name),
                "PolicyName": name,
                "ServiceNamespace": "dynamodb",
                "ResourceId": id,
                "ScalableDimension": dimension,
                "PolicyType": "TargetTrackingScaling",
                "TargetTrackingScalingPolicyConfiguration": policy.tracking,
                "Alarms": [],
                "CreationTime": policy.created_at.to_epoch_seconds(),
            }));
        }
    }
    Ok(page("ScalingPolicies", described, input))
}

fn is(wanted: Option<&String>, value: &String) -> bool {
    wanted.is_none_or(|wanted| wanted == value)
}

/// The token is how many results were listed before.
fn page(member: &str, all: Vec<Value>, input: &Input) -> Value {
    let skip = input
        .next_token
        .as_ref()
        .and_then(|token| token.parse().ok())
        .unwrap_or(0);
    let most = input.max_results.unwrap_or(PAGE).clamp(1, PAGE);
    let next = skip + most;
    let more = all.len() > next;
    let listed: Vec<Value> = all.into_iter().skip(skip).take(most).collect();
    let mut output = json!({ member: listed });
    if more {
        output["NextToken"] = json!(next.to_string());
    }
    output
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn a_dimension_fits_its_resource() {
        let read = "dynamodb:table:ReadCapacityUnits";
        let index = "dynamodb:index:WriteCapacityUnits";
        assert_eq!(parts("table/orders", read), Some(("orders", None)));
        assert_eq!(
            parts("table/orders/index/by-date", index),
            Some(("orders", Some("by-date")))
        );
        assert_eq!(parts("table/orders", index), None);
        assert_eq!(parts("table/orders/index/by-date", read), None);
        assert_eq!(parts("orders", read), None);
        assert_eq!(parts("table/orders", "dynamodb:table:Capacity"), None);
    }
}
