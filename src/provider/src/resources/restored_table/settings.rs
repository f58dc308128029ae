//! What a table is to have beside its data, in the terms of the AWS clients. Pure.

use std::collections::{BTreeMap, BTreeSet};

use aws_clients::{
    BillingMode, ContributorInsightsMode, KinesisPrecision, OnDemandThroughput, ScaledDimension, Scaling,
    StreamViewType, TableClass, Throughput,
};
use rules::facts::Setting;
use tfsdk::Attr;

use super::autoscaling;
use super::carry::Carried;
use super::model;
use super::model::Model;
use crate::resources::tags::WantedTags;

/// What is wanted. `None` leaves a setting alone.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Wanted {
    /// All tags, those of the provider's `default_tags` among them.
    pub(super) tags: Option<WantedTags>,
    pub(super) recovery: Option<Recovery>,
    pub(super) deletion_protection: Option<bool>,
    pub(super) billing_mode: Option<BillingMode>,
    pub(super) throughput: Option<Throughput>,
    pub(super) on_demand: Option<OnDemandThroughput>,
    /// Throughputs of global secondary indexes.
    pub(super) indexes: BTreeMap<String, WantedIndex>,
    /// Indexes that are to go.
    pub(super) dropped: Dropped,
    /// Indexes that are to be made where they are missing.
    pub(super) added: BTreeSet<String>,
    pub(super) encryption: Option<Encryption>,
    pub(super) class: Option<TableClass>,
    pub(super) stream: Option<WantedStream>,
    /// The document; empty means none.
    pub(super) resource_policy: Option<String>,
    pub(super) kinesis_stream: Option<WantedKinesis>,
    pub(super) insights: Option<WantedInsights>,
    /// Everything that is to be scaled; the rest is not.
    pub(super) autoscaling: Option<BTreeMap<ScaledDimension, Scaling>>,
    pub(super) time_to_live: Option<WantedTimeToLive>,
}

/// Global secondary indexes that are to go. One that somebody else has made since the plan is not among them.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Dropped {
    /// These.
    Named(BTreeSet<String>),
    /// All but these.
    AllBut(BTreeSet<String>),
}

impl Default for Dropped {
    fn default() -> Self {
        Self::Named(BTreeSet::new())
    }
}

/// A global secondary index that is to be there.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct WantedIndex {
    pub(super) throughput: Option<Throughput>,
    pub(super) on_demand: Option<OnDemandThroughput>,
}

/// Point-in-time recovery as wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Recovery {
    Off,
    On { days: i64 },
}

/// Encryption as wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Encryption {
    /// With the key that AWS owns.
    AwsOwned,
    /// With a KMS key; `None` means the one that AWS manages for DynamoDB.
    Kms { key: Option<WantedKey> },
}

/// A KMS key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WantedKey {
    /// As the user wrote it: ARN, id or alias.
    pub(super) text: String,
    /// What that is, where it could be found out.
    pub(super) arn: Option<String>,
}

/// The stream as wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum WantedStream {
    Off,
    On(StreamViewType),
}

/// The Kinesis streaming destination as wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum WantedKinesis {
    Off,
    On {
        stream_arn: String,
        precision: Option<KinesisPrecision>,
    },
}

/// Contributor Insights as wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum WantedInsights {
    Off,
    On(ContributorInsightsMode),
}

/// Time to live as wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum WantedTimeToLive {
    Off,
    On { attribute: String },
}

impl Wanted {
    /// Everything that the plan knows: for a new table, and for one whose restore is being finished. What is copied
    /// from the source stands where the plan says nothing.
    pub(super) fn all(planned: &Model, tags: WantedTags, carried: &Carried) -> Self {
        let copied = carried.wanted();
        let spelled = Self::of(planned);
        let chosen: Option<BTreeSet<String>> = planned
            .global_secondary_indexes
            .known()
            .map(|indexes| indexes.keys().cloned().collect());
        Self {
            tags: Some(tags),
            dropped: chosen.clone().map_or_else(Dropped::default, Dropped::AllBut),
            added: chosen.unwrap_or_default(),
            recovery: spelled.recovery.or(copied.recovery),
            deletion_protection: spelled.deletion_protection.or(copied.deletion_protection),
            class: spelled.class.or(copied.class),
            stream: spelled.stream.or(copied.stream),
            resource_policy: spelled.resource_policy.or(copied.resource_policy),
            kinesis_stream: spelled.kinesis_stream.or(copied.kinesis_stream),
            insights: spelled.insights.or(copied.insights),
            autoscaling: spelled.autoscaling.or(copied.autoscaling),
            time_to_live: spelled.time_to_live.or(copied.time_to_live),
            ..spelled
        }
    }

    /// What differs between the object before and the plan. What does not is left alone: somebody else may have changed
    /// it since, an auto scaler for example.
    pub(super) fn changes(prior: &Model, planned: &Model, tags: WantedTags) -> Self {
        fn new<T: PartialEq>(before: &Option<T>, after: Option<T>) -> Option<T> {
            if *before == after { None } else { after }
        }
        let (before, after) = (Self::of(prior), Self::of(planned));
        let tags_differ = prior.tags != planned.tags || prior.tags_all != planned.tags_all;
        // A throughput belongs to a billing mode, and is given together with it.
        let billing_changes = before.billing_mode != after.billing_mode;
        let names = |wanted: &Self| wanted.indexes.keys().cloned().collect::<BTreeSet<_>>();
        let (names_before, names_after) = (names(&before), names(&after));
        let is_chosen = planned.global_secondary_indexes.known().is_some();
        Self {
            tags: tags_differ.then_some(tags),
            recovery: new(&before.recovery, after.recovery),
            deletion_protection: new(&before.deletion_protection, after.deletion_protection),
            throughput: after
                .throughput
                .filter(|it| billing_changes || before.throughput != Some(*it)),
            on_demand: after
                .on_demand
                .filter(|it| billing_changes || before.on_demand != Some(*it)),
            indexes: after
                .indexes
                .into_iter()
                .filter(|(name, index)| billing_changes || before.indexes.get(name) != Some(index))
                .collect(),
            dropped: Dropped::Named(
                names_before
                    .difference(&names_after)
                    .filter(|_| is_chosen)
                    .cloned()
                    .collect(),
            ),
            added: names_after.difference(&names_before).cloned().collect(),
            billing_mode: new(&before.billing_mode, after.billing_mode),
            encryption: new(&before.encryption, after.encryption),
            class: new(&before.class, after.class),
            stream: new(&before.stream, after.stream),
            resource_policy: new(&before.resource_policy, after.resource_policy),
            kinesis_stream: new(&before.kinesis_stream, after.kinesis_stream),
            insights: new(&before.insights, after.insights),
            autoscaling: new(&before.autoscaling, after.autoscaling),
            time_to_live: new(&before.time_to_live, after.time_to_live),
        }
    }

    /// What a model says, without tags, which need the provider's defaults.
    fn of(model: &Model) -> Self {
        Self {
            tags: None,
            recovery: model.point_in_time_recovery.known().and_then(recovery),
            deletion_protection: model.deletion_protection_enabled.known().copied(),
            billing_mode: model.billing_mode.known().map(|mode| mode.as_str().into()),
            throughput: throughput(&model.provisioned_throughput),
            on_demand: model.on_demand_throughput.known().map(on_demand),
            indexes: model
                .global_secondary_indexes
                .known()
                .into_iter()
                .flatten()
                .map(|(name, index)| (name.clone(), wanted_index(index)))
                .collect(),
            dropped: Dropped::default(),
            added: BTreeSet::new(),
            encryption: model.server_side_encryption.known().and_then(encryption),
            class: model.table_class.known().map(|class| class.as_str().into()),
            stream: model.stream.known().and_then(stream),
            resource_policy: model.resource_policy.known().cloned(),
            kinesis_stream: model.kinesis_stream.known().and_then(kinesis_stream),
            insights: model.contributor_insights.known().and_then(insights),
            autoscaling: model.autoscaling.known().and_then(autoscaling::wanted),
            time_to_live: model.time_to_live.known().and_then(time_to_live),
        }
    }
}

/// The settings that a plan spells out, which `carry_over` then does not copy.
pub(super) fn is_spelled_out(planned: &Model, setting: Setting) -> bool {
    match setting {
        Setting::Tags => !planned.tags.is_null(),
        Setting::TimeToLive => planned.time_to_live.known().is_some(),
        Setting::Stream => planned.stream.known().is_some(),
        Setting::PointInTimeRecovery => planned.point_in_time_recovery.known().is_some(),
        Setting::DeletionProtection => planned.deletion_protection_enabled.known().is_some(),
        Setting::TableClass => planned.table_class.known().is_some(),
        Setting::ResourcePolicy => planned.resource_policy.known().is_some(),
        Setting::KinesisStream => planned.kinesis_stream.known().is_some(),
        Setting::ContributorInsights => planned.contributor_insights.known().is_some(),
        Setting::Autoscaling => planned.autoscaling.known().is_some(),
    }
}

/// Both units, where both are known: a table that is paid per request has none.
pub(super) fn throughput(attr: &Attr<model::ProvisionedThroughput>) -> Option<Throughput> {
    let it = attr.known()?;
    Some(Throughput {
        read: *it.read_capacity_units.known()?,
        write: *it.write_capacity_units.known()?,
    })
}

pub(super) fn on_demand(it: &model::OnDemandThroughput) -> OnDemandThroughput {
    OnDemandThroughput {
        max_read: it.max_read_request_units.known().copied(),
        max_write: it.max_write_request_units.known().copied(),
    }
}

fn wanted_index(index: &Attr<model::GlobalIndex>) -> WantedIndex {
    let Attr::Known(index) = index else {
        return WantedIndex::default();
    };
    WantedIndex {
        throughput: throughput(&index.provisioned_throughput),
        on_demand: index.on_demand_throughput.known().map(on_demand),
    }
}

fn recovery(it: &model::PointInTimeRecovery) -> Option<Recovery> {
    match it.enabled.known()? {
        false => Some(Recovery::Off),
        true => Some(Recovery::On {
            days: *it.recovery_period_in_days.known()?,
        }),
    }
}

pub(super) fn encryption(it: &model::ServerSideEncryption) -> Option<Encryption> {
    match it.enabled.known()? {
        false => Some(Encryption::AwsOwned),
        true => Some(Encryption::Kms {
            key: it.kms_key_arn.known().map(|text| WantedKey {
                text: text.clone(),
                arn: None,
            }),
        }),
    }
}

fn stream(it: &model::Stream) -> Option<WantedStream> {
    match it.enabled.known()? {
        false => Some(WantedStream::Off),
        true => Some(WantedStream::On(it.view_type.known()?.as_str().into())),
    }
}

fn kinesis_stream(it: &model::KinesisStream) -> Option<WantedKinesis> {
    match it.enabled.known()? {
        false => Some(WantedKinesis::Off),
        true => Some(WantedKinesis::On {
            stream_arn: it.stream_arn.known()?.clone(),
            precision: it
                .approximate_creation_date_time_precision
                .known()
                .map(|precision| precision.as_str().into()),
        }),
    }
}

fn insights(it: &model::ContributorInsights) -> Option<WantedInsights> {
    match it.enabled.known()? {
        false => Some(WantedInsights::Off),
        true => Some(WantedInsights::On(it.mode.known()?.as_str().into())),
    }
}

fn time_to_live(it: &model::TimeToLive) -> Option<WantedTimeToLive> {
    match it.enabled.known()? {
        false => Some(WantedTimeToLive::Off),
        true => Some(WantedTimeToLive::On {
            attribute: it.attribute_name.known()?.clone(),
        }),
    }
}
