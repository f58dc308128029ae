//! Application Auto Scaling of DynamoDB tables and their global secondary indexes: scalable targets and the policy that
//! keeps each at a utilization. Step scaling does not exist for DynamoDB; scheduled actions are left alone.

use std::fmt;
use std::sync::Arc;

use aws_config::retry::RetryConfig;
use aws_sdk_applicationautoscaling::Client;
use aws_sdk_applicationautoscaling::types;
use tokio::sync::OnceCell;

use crate::call::{Call, Caller};
use crate::clients::Shared;
use crate::cx::Cx;
use crate::error::{Error, ErrorKind};
use crate::names::{Region, TableName};
use crate::operation::Operation;

/// Resource ids that one DescribeScalableTargets asks about. AWS documents no bound; fifty is a page.
const IDS_PER_CALL: usize = 50;

/// Application Auto Scaling in one Region. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AutoScaling {
    shared: Arc<Shared>,
    regional: Arc<Regional>,
}

/// What all clones of a Region's client share.
#[derive(Debug)]
pub(crate) struct Regional {
    caller: Caller,
    client: OnceCell<Client>,
}

impl Regional {
    pub(crate) fn new(caller: Caller) -> Self {
        Self {
            caller,
            client: OnceCell::new(),
        }
    }
}

/// What is scaled: the reads or the writes of a table or of one of its indexes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScaledDimension {
    /// A global secondary index; `None` means the table itself.
    pub index: Option<String>,
    /// Reads or writes.
    pub capacity: Capacity,
}

/// Reads or writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Capacity {
    /// Read capacity units.
    Read,
    /// Write capacity units.
    Write,
}

/// How one dimension is scaled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scaling {
    /// Least capacity units.
    pub min_capacity: i64,
    /// Most capacity units.
    pub max_capacity: i64,
    /// The utilization that is aimed at, in percent. `None` where no policy keeps to one.
    pub target_utilization: Option<f64>,
}

/// Scaling that is there.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundScaling {
    /// What is scaled.
    pub dimension: ScaledDimension,
    /// How.
    pub scaling: Scaling,
    /// The name of its policy: AWS takes only one per dimension that tracks its utilization.
    pub policy: Option<String>,
}

impl fmt::Display for ScaledDimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.capacity {
            Capacity::Read => "reads",
            Capacity::Write => "writes",
        };
        match &self.index {
            Some(index) => write!(f, "{what} of index {index}"),
            None => write!(f, "{what} of the table"),
        }
    }
}

impl ScaledDimension {
    fn resource_id(&self, table: &TableName) -> String {
        match &self.index {
            Some(index) => format!("table/{table}/index/{index}"),
            None => format!("table/{table}"),
        }
    }

    fn dimension(&self) -> types::ScalableDimension {
        match (&self.index, self.capacity) {
            (None, Capacity::Read) => types::ScalableDimension::DynamoDbTableReadCapacityUnits,
            (None, Capacity::Write) => types::ScalableDimension::DynamoDbTableWriteCapacityUnits,
            (Some(_), Capacity::Read) => types::ScalableDimension::DynamoDbIndexReadCapacityUnits,
            (Some(_), Capacity::Write) => types::ScalableDimension::DynamoDbIndexWriteCapacityUnits,
        }
    }

    fn metric(&self) -> types::MetricType {
        match self.capacity {
            Capacity::Read => types::MetricType::DynamoDbReadCapacityUtilization,
            Capacity::Write => types::MetricType::DynamoDbWriteCapacityUtilization,
        }
    }

    /// Reads the resource id and the dimension of a target of this table.
    fn from_aws(table: &TableName, resource_id: &str, dimension: &types::ScalableDimension) -> Option<Self> {
        let rest = resource_id.strip_prefix("table/")?.strip_prefix(table.as_str())?;
        let index = match rest {
            "" => None,
            rest => Some(rest.strip_prefix("/index/")?.to_owned()),
        };
        let capacity = match dimension {
            types::ScalableDimension::DynamoDbTableReadCapacityUnits
            | types::ScalableDimension::DynamoDbIndexReadCapacityUnits => Capacity::Read,
            types::ScalableDimension::DynamoDbTableWriteCapacityUnits
            | types::ScalableDimension::DynamoDbIndexWriteCapacityUnits => Capacity::Write,
            _ => return None,
        };
        Some(Self { index, capacity })
    }
}

impl AutoScaling {
    pub(crate) fn new(shared: Arc<Shared>, regional: Arc<Regional>) -> Self {
        Self { shared, regional }
    }

    /// The Region that is asked.
    pub fn region(&self) -> &Region {
        &self.regional.caller.region
    }

    /// Finds what is scaled of a table and of these indexes of it, in the order of the dimensions.
    ///
    /// # Errors
    /// [`ErrorKind::Denied`] where the caller may not `application-autoscaling:DescribeScalableTargets` or
    /// `application-autoscaling:DescribeScalingPolicies`.
    pub async fn find_scaling(
        &self,
        cx: &Cx,
        table: &TableName,
        indexes: &[String],
    ) -> Result<Vec<FoundScaling>, Error> {
        let mut found = self.targets(cx, table, indexes).await?;
        let mut ids: Vec<String> = found.iter().map(|it| it.dimension.resource_id(table)).collect();
        ids.dedup();
        for id in ids {
            for (policy, dimension, target_utilization) in self.policies(cx, table, &id).await? {
                if let Some(it) = found.iter_mut().find(|it| it.dimension == dimension) {
                    it.scaling.target_utilization = Some(target_utilization);
                    it.policy = Some(policy);
                }
            }
        }
        Ok(found)
    }

    /// Which dimensions of a table and of these indexes of it are scaled, without how: one call.
    ///
    /// # Errors
    /// [`ErrorKind::Denied`] where the caller may not `application-autoscaling:DescribeScalableTargets`.
    pub async fn find_scaled_dimensions(
        &self,
        cx: &Cx,
        table: &TableName,
        indexes: &[String],
    ) -> Result<Vec<ScaledDimension>, Error> {
        let found = self.targets(cx, table, indexes).await?;
        Ok(found.into_iter().map(|it| it.dimension).collect())
    }

    async fn targets(
        &self,
        cx: &Cx,
        table: &TableName,
        indexes: &[String],
    ) -> Result<Vec<FoundScaling>, Error> {
        let client = self.client(cx).await?;
        let doing = format!(
            "describing the auto scaling of table {table} in {}",
            self.region()
        );
        let call = Call::new(Operation::DescribeScalableTargets, doing, table.as_str());
        let of_indexes = indexes.iter().map(|index| format!("table/{table}/index/{index}"));
        let ids: Vec<String> = std::iter::once(format!("table/{table}"))
            .chain(of_indexes)
            .collect();
        let mut found = Vec::new();
        for ids in ids.chunks(IDS_PER_CALL) {
            let mut token: Option<String> = None;
            loop {
                let send = || {
                    client
                        .describe_scalable_targets()
                        .service_namespace(types::ServiceNamespace::Dynamodb)
                        .set_resource_ids(Some(ids.to_vec()))
                        .set_next_token(token.clone())
                        .send()
                };
                let page = self.regional.caller.call(cx, &call, send).await?;
                for target in page.scalable_targets.unwrap_or_default() {
                    let dimension =
                        ScaledDimension::from_aws(table, &target.resource_id, &target.scalable_dimension);
                    found.extend(dimension.map(|dimension| FoundScaling {
                        dimension,
                        scaling: Scaling {
                            min_capacity: target.min_capacity.into(),
                            max_capacity: target.max_capacity.into(),
                            target_utilization: None,
                        },
                        policy: None,
                    }));
                }
                match page.next_token.filter(|next| !next.is_empty()) {
                    Some(next) if Some(&next) != token.as_ref() => token = Some(next),
                    _ => break,
                }
            }
        }
        found.sort_by(|a, b| a.dimension.cmp(&b.dimension));
        Ok(found)
    }

    /// The policies of a resource that keep to a utilization: name, dimension and utilization.
    async fn policies(
        &self,
        cx: &Cx,
        table: &TableName,
        resource_id: &str,
    ) -> Result<Vec<(String, ScaledDimension, f64)>, Error> {
        let client = self.client(cx).await?;
        let doing = format!(
            "describing the scaling policies of {resource_id} in {}",
            self.region()
        );
        let call = Call::new(Operation::DescribeScalingPolicies, doing, resource_id);
        let mut found = Vec::new();
        let mut token: Option<String> = None;
        loop {
            let send = || {
                client
                    .describe_scaling_policies()
                    .service_namespace(types::ServiceNamespace::Dynamodb)
                    .resource_id(resource_id)
                    .set_next_token(token.clone())
                    .send()
            };
            let page = self.regional.caller.call(cx, &call, send).await?;
            for policy in page.scaling_policies.unwrap_or_default() {
                let Some(dimension) =
                    ScaledDimension::from_aws(table, &policy.resource_id, &policy.scalable_dimension)
                else {
                    continue;
                };
                let tracking = policy.target_tracking_scaling_policy_configuration;
                let of_utilization = tracking.filter(|it| {
                    it.predefined_metric_specification()
                        .is_some_and(|metric| *metric.predefined_metric_type() == dimension.metric())
                });
                found.extend(of_utilization.map(|it| (policy.policy_name, dimension, it.target_value)));
            }
            match page.next_token.filter(|next| !next.is_empty()) {
                Some(next) if Some(&next) != token.as_ref() => token = Some(next),
                _ => return Ok(found),
            }
        }
    }

    /// Registers a dimension, or changes its bounds, and puts its policy. Safe to repeat.
    ///
    /// `policy` is the name of the policy that the dimension has already. AWS uses its service-linked role, which it
    /// makes at the first call in an account.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] for a table that does not exist or is paid per request.
    pub async fn scale(
        &self,
        cx: &Cx,
        table: &TableName,
        dimension: &ScaledDimension,
        scaling: Scaling,
        policy: Option<&str>,
    ) -> Result<(), Error> {
        let client = self.client(cx).await?;
        let id = dimension.resource_id(table);
        let doing = format!(
            "registering {dimension} of {id} for auto scaling in {}",
            self.region()
        );
        let call = Call::new(Operation::RegisterScalableTarget, doing, &*id);
        let bound = |units: i64| {
            i32::try_from(units).map_err(|error| {
                Error::new(ErrorKind::Invalid, &*call.doing)
                    .because(format!("{units} capacity units: {error}"))
            })
        };
        let (least, most) = (bound(scaling.min_capacity)?, bound(scaling.max_capacity)?);
        let send = || {
            client
                .register_scalable_target()
                .service_namespace(types::ServiceNamespace::Dynamodb)
                .resource_id(&id)
                .scalable_dimension(dimension.dimension())
                .min_capacity(least)
                .max_capacity(most)
                .send()
        };
        self.regional.caller.call(cx, &call, send).await?;
        let Some(target_utilization) = scaling.target_utilization else {
            return Ok(());
        };
        let doing = format!(
            "putting the scaling policy of {dimension} of {id} in {}",
            self.region()
        );
        let call = Call::new(Operation::PutScalingPolicy, doing, &*id);
        let invalid = |error| Error::new(ErrorKind::Invalid, &*call.doing).with_source(error);
        let metric = types::PredefinedMetricSpecification::builder()
            .predefined_metric_type(dimension.metric())
            .build()
            .map_err(invalid)?;
        let tracking = types::TargetTrackingScalingPolicyConfiguration::builder()
            .target_value(target_utilization)
            .predefined_metric_specification(metric)
            .build()
            .map_err(invalid)?;
        let name = policy.map_or_else(|| format!("{}:{id}", dimension.metric().as_str()), str::to_owned);
        let send = || {
            client
                .put_scaling_policy()
                .policy_name(&name)
                .service_namespace(types::ServiceNamespace::Dynamodb)
                .resource_id(&id)
                .scalable_dimension(dimension.dimension())
                .policy_type(types::PolicyType::TargetTrackingScaling)
                .target_tracking_scaling_policy_configuration(tracking.clone())
                .send()
        };
        self.regional.caller.call(cx, &call, send).await?;
        Ok(())
    }

    /// Deregisters a dimension, with its policies; it may not be registered. Safe to repeat.
    ///
    /// # Errors
    /// [`ErrorKind::Denied`] where the caller may not `application-autoscaling:DeregisterScalableTarget`.
    pub async fn unscale(
        &self,
        cx: &Cx,
        table: &TableName,
        dimension: &ScaledDimension,
    ) -> Result<(), Error> {
        let client = self.client(cx).await?;
        let id = dimension.resource_id(table);
        let doing = format!(
            "ending the auto scaling of {dimension} of {id} in {}",
            self.region()
        );
        let call = Call::new(Operation::DeregisterScalableTarget, doing, &*id);
        let send = || {
            client
                .deregister_scalable_target()
                .service_namespace(types::ServiceNamespace::Dynamodb)
                .resource_id(&id)
                .scalable_dimension(dimension.dimension())
                .send()
        };
        match self.regional.caller.call(cx, &call, send).await {
            Err(error) if !error.is_not_found() => Err(error),
            _ => Ok(()),
        }
    }

    async fn client(&self, cx: &Cx) -> Result<&Client, Error> {
        let shared = &self.shared;
        shared.check_region(self.region())?;
        shared.check_account(cx).await?;
        let client = self.regional.client.get_or_init(|| async {
            let region = self.region();
            let mut builder =
                aws_sdk_applicationautoscaling::config::Builder::from(shared.sdk_config().await)
                    .region(aws_types::region::Region::new(region.as_str().to_owned()))
                    .retry_config(RetryConfig::disabled())
                    .interceptor(shared.headers(region));
            if let Some(url) = &shared.settings.endpoints.appautoscaling {
                builder = builder.endpoint_url(url);
            }
            Client::from_conf(builder.build())
        });
        Ok(client.await)
    }
}

#[cfg(test)]
mod tests {
    use super::{Capacity, ScaledDimension, types};

    #[test]
    fn resource_ids_come_apart() {
        let table = "orders".parse().unwrap();
        for (index, id) in [
            (None, "table/orders"),
            (Some("by-date"), "table/orders/index/by-date"),
        ] {
            for capacity in [Capacity::Read, Capacity::Write] {
                let dimension = ScaledDimension {
                    index: index.map(str::to_owned),
                    capacity,
                };
                assert_eq!(dimension.resource_id(&table), id);
                let back = ScaledDimension::from_aws(&table, id, &dimension.dimension());
                assert_eq!(back, Some(dimension));
            }
        }
        let reads = types::ScalableDimension::DynamoDbTableReadCapacityUnits;
        for other in [
            "table/orders2",
            "table/order",
            "service/orders",
            "table/orders/by-date",
        ] {
            assert_eq!(ScaledDimension::from_aws(&table, other, &reads), None, "{other}");
        }
    }
}
