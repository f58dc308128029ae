//! What the table is to be like: the configuration, with the defaults filled in, over what is there already.
//! Unknown is what only AWS can say. Pure; says nothing to the user.
//!
//! An argument that is left out leaves the table as it is (tags excepted, as everywhere in AWS providers). So a
//! setting can be handed to another resource, and clearing an argument by mistake changes nothing.

use std::collections::BTreeMap;

use rules::facts::Setting;
use tfsdk::{Attr, Model as _, Value};

use super::autoscaling;
use super::facts::may_be_carried;
use super::model::{
    Autoscaling, ContributorInsights, GlobalIndex, KinesisStream, Model, PointInTimeRecovery,
    ProvisionedThroughput, ServerSideEncryption, Source, Stream, TimeToLive,
};
use crate::resources::policy_document;

const DEFAULT_PERIOD: i64 = rules::limits::RECOVERY_PERIOD_DAYS_DEFAULT;

/// A new table.
pub(super) fn for_create(config: &Model) -> Model {
    let mut planned = merge(config, &Model::default(), &unknown());
    planned.source = config.source.clone();
    planned.tags_all = Attr::Unknown;
    if config
        .source
        .known()
        .is_some_and(|it| it.recovery_point_arn.is_null())
    {
        planned.restore_job_id = Attr::Null;
    }
    planned
}

/// A table that is there. Equal to `prior` when nothing is to be done.
pub(super) fn for_update(config: &Model, prior: &Model) -> Model {
    // While a restore is unfinished, what AWS showed so far is not yet what the table will be.
    let resumed = prior.unfinished == Attr::Known(true);
    let fallback = if resumed {
        resumed_from(prior)
    } else {
        prior.clone()
    };
    let mut planned = merge(config, prior, &fallback);
    planned.source = source(&config.source, &prior.source);
    if !resumed && billing_changes(prior, &planned) {
        forget_throughput(config, &mut planned);
    } else if !resumed {
        autoscaling::leave_to_scaling(prior, &mut planned);
    }
    // A read leaves `tags_all` null where the provider's tags are not all there.
    let tags_stay = planned.tags == prior.tags && !prior.tags_all.is_null() && !resumed;
    planned.tags_all = if tags_stay {
        prior.tags_all.clone()
    } else {
        Attr::Unknown
    };
    if resumed || changes_table(prior, &planned) {
        planned.status = Attr::Unknown;
        planned.unfinished = Attr::Unknown;
    }
    if planned.stream != prior.stream {
        planned.stream_arn = Attr::Unknown;
    }
    planned
}

/// Whether AWS must be called for this plan. What is only kept in the state needs no call.
pub(super) fn changes_table(prior: &Model, planned: &Model) -> bool {
    let on_paper_only = Model {
        source: prior.source.clone(),
        carry_over: prior.carry_over.clone(),
        triggers: prior.triggers.clone(),
        timeouts: prior.timeouts.clone(),
        ..planned.clone()
    };
    on_paper_only != *prior
}

/// Whether the change needs a new table because of `triggers`. An imported table has none recorded: those that the
/// configuration gives are taken over. Removing the argument is no reason to delete a table.
pub(super) fn is_triggered(config: &Model, prior: &Model) -> bool {
    let imported = prior.source.is_null() && prior.triggers.is_null();
    !imported && !config.triggers.is_null() && config.triggers != prior.triggers
}

/// Whether the change needs a new table.
pub(super) fn is_replacement(config: &Model, prior: &Model) -> bool {
    config.name != prior.name
        || (!config.region.is_null() && config.region != prior.region)
        || is_triggered(config, prior)
}

/// A planned object with what AWS says in place of each unknown; null where AWS says nothing either.
pub(super) fn filled(planned: &Model, actual: &Model) -> Model {
    fn fill(planned: Value, actual: &Value) -> Value {
        match (planned, actual) {
            (Value::Unknown, actual) => without_unknown(actual.clone()),
            (Value::Object(planned), actual) => Value::Object(
                planned
                    .into_iter()
                    .map(|(name, value)| {
                        let value = fill(value, actual.attribute(&name));
                        (name, value)
                    })
                    .collect(),
            ),
            (Value::Map(planned), Value::Map(actual)) => Value::Map(
                planned
                    .into_iter()
                    .map(|(key, value)| {
                        let value = fill(value, actual.get(&key).unwrap_or(&Value::Null));
                        (key, value)
                    })
                    .collect(),
            ),
            (planned, _) => without_unknown(planned),
        }
    }
    fn without_unknown(value: Value) -> Value {
        match value {
            Value::Unknown => Value::Null,
            Value::Map(entries) => Value::Map(
                entries
                    .into_iter()
                    .map(|(key, item)| (key, without_unknown(item)))
                    .collect(),
            ),
            Value::Object(attributes) => Value::Object(
                attributes
                    .into_iter()
                    .map(|(name, item)| (name, without_unknown(item)))
                    .collect(),
            ),
            other => other,
        }
    }
    let filled = fill(planned.to_value(), &actual.to_value());
    Model::from_value(&filled).expect("made of parts of two models of the same shape")
}

/// The one merge. `prior` tells what the user wrote last; `fallback` is what an argument that is left out becomes.
fn merge(config: &Model, prior: &Model, fallback: &Model) -> Model {
    Model {
        region: or(&config.region, &fallback.region),
        billing_mode: or(&config.billing_mode, &fallback.billing_mode),
        provisioned_throughput: object(
            &config.provisioned_throughput,
            &fallback.provisioned_throughput,
            provisioned,
        ),
        on_demand_throughput: object(
            &config.on_demand_throughput,
            &fallback.on_demand_throughput,
            |it, _| it.clone(),
        ),
        server_side_encryption: object(
            &config.server_side_encryption,
            &fallback.server_side_encryption,
            encryption,
        ),
        global_secondary_indexes: global_indexes(&config.global_secondary_indexes, fallback),
        local_secondary_indexes: or(&config.local_secondary_indexes, &fallback.local_secondary_indexes),
        time_to_live: object(
            &config.time_to_live,
            &managed(config, prior, fallback, Setting::TimeToLive).time_to_live,
            |it, _| TimeToLive {
                enabled: on_by_default(&it.enabled),
                attribute_name: it.attribute_name.clone(),
            },
        ),
        stream: object(&config.stream, &fallback.stream, |it, _| Stream {
            enabled: on_by_default(&it.enabled),
            view_type: it.view_type.clone(),
        }),
        point_in_time_recovery: object(
            &config.point_in_time_recovery,
            &managed(config, prior, fallback, Setting::PointInTimeRecovery).point_in_time_recovery,
            recovery,
        ),
        deletion_protection_enabled: or(
            &config.deletion_protection_enabled,
            &fallback.deletion_protection_enabled,
        ),
        table_class: or(&config.table_class, &fallback.table_class),
        resource_policy: resource_policy(config, prior, fallback),
        kinesis_stream: object(
            &config.kinesis_stream,
            &managed(config, prior, fallback, Setting::KinesisStream).kinesis_stream,
            |it, _| kinesis_stream(it),
        ),
        contributor_insights: object(
            &config.contributor_insights,
            &managed(config, prior, fallback, Setting::ContributorInsights).contributor_insights,
            |it, _| insights(it),
        ),
        autoscaling: object(
            &config.autoscaling,
            &managed(config, prior, fallback, Setting::Autoscaling).autoscaling,
            |it, _| autoscaling::planned(it),
        ),
        name: config.name.clone(),
        tags: config.tags.clone(),
        carry_over: config.carry_over.clone(),
        triggers: config.triggers.clone(),
        timeouts: config.timeouts.clone(),
        ..fallback.clone()
    }
}

/// Settings that take calls of their own are read only where they are managed: left out at first, they are null. What
/// `carry_over` is going to copy is the exception.
fn managed<'a>(config: &Model, prior: &'a Model, fallback: &'a Model, setting: Setting) -> &'a Model {
    if may_be_carried(config, setting) {
        fallback
    } else {
        prior
    }
}

fn or<T: Clone>(config: &Attr<T>, fallback: &Attr<T>) -> Attr<T> {
    if config.is_null() {
        fallback.clone()
    } else {
        config.clone()
    }
}

/// A nested object: configured with its defaults, or the fallback as a whole.
fn object<T: Clone>(
    config: &Attr<T>,
    fallback: &Attr<T>,
    with_defaults: impl Fn(&T, Option<&T>) -> T,
) -> Attr<T> {
    match config {
        Attr::Null => fallback.clone(),
        Attr::Unknown => Attr::Unknown,
        Attr::Known(config) => Attr::Known(with_defaults(config, fallback.known())),
    }
}

fn on_by_default(enabled: &Attr<bool>) -> Attr<bool> {
    or(enabled, &Attr::Known(true))
}

fn provisioned(
    config: &ProvisionedThroughput,
    before: Option<&ProvisionedThroughput>,
) -> ProvisionedThroughput {
    let before = before.cloned().unwrap_or(ProvisionedThroughput {
        read_capacity_units: Attr::Unknown,
        write_capacity_units: Attr::Unknown,
    });
    ProvisionedThroughput {
        read_capacity_units: or(&config.read_capacity_units, &before.read_capacity_units),
        write_capacity_units: or(&config.write_capacity_units, &before.write_capacity_units),
    }
}

fn encryption(config: &ServerSideEncryption, before: Option<&ServerSideEncryption>) -> ServerSideEncryption {
    let enabled = on_by_default(&config.enabled);
    let key_before = before
        .filter(|before| before.enabled == Attr::Known(true))
        .map_or(Attr::Unknown, |before| before.kms_key_arn.clone());
    let kms_key_arn = match enabled {
        // The key that AWS owns has no ARN.
        Attr::Known(false) => config.kms_key_arn.clone(),
        Attr::Known(true) | Attr::Unknown | Attr::Null => or(&config.kms_key_arn, &key_before),
    };
    ServerSideEncryption { enabled, kms_key_arn }
}

fn recovery(config: &PointInTimeRecovery, _: Option<&PointInTimeRecovery>) -> PointInTimeRecovery {
    let enabled = on_by_default(&config.enabled);
    let recovery_period_in_days = match enabled {
        Attr::Known(false) => config.recovery_period_in_days.clone(),
        Attr::Unknown => or(&config.recovery_period_in_days, &Attr::Unknown),
        Attr::Known(true) | Attr::Null => or(&config.recovery_period_in_days, &Attr::Known(DEFAULT_PERIOD)),
    };
    PointInTimeRecovery {
        enabled,
        recovery_period_in_days,
    }
}

/// A document that says the same as the one that is there gives way to it.
fn resource_policy(config: &Model, prior: &Model, fallback: &Model) -> Attr<String> {
    match (&config.resource_policy, &prior.resource_policy) {
        (Attr::Known(wanted), Attr::Known(there)) if policy_document::is_same(wanted, there) => {
            prior.resource_policy.clone()
        }
        (wanted, _) => or(
            wanted,
            &managed(config, prior, fallback, Setting::ResourcePolicy).resource_policy,
        ),
    }
}

fn kinesis_stream(config: &KinesisStream) -> KinesisStream {
    let enabled = on_by_default(&config.enabled);
    KinesisStream {
        stream_arn: config.stream_arn.clone(),
        approximate_creation_date_time_precision: where_on(
            &enabled,
            &config.approximate_creation_date_time_precision,
            "MILLISECOND",
        ),
        enabled,
    }
}

fn insights(config: &ContributorInsights) -> ContributorInsights {
    let enabled = on_by_default(&config.enabled);
    ContributorInsights {
        mode: where_on(&enabled, &config.mode, "ACCESSED_AND_THROTTLED_KEYS"),
        enabled,
    }
}

/// AWS's default for a word that is left out, of a setting that is on.
fn where_on(enabled: &Attr<bool>, word: &Attr<String>, default: &str) -> Attr<String> {
    match enabled {
        Attr::Known(false) => word.clone(),
        Attr::Unknown => or(word, &Attr::Unknown),
        Attr::Known(true) | Attr::Null => or(word, &default.into()),
    }
}

fn global_indexes(
    config: &Attr<BTreeMap<String, Attr<GlobalIndex>>>,
    fallback: &Model,
) -> Attr<BTreeMap<String, Attr<GlobalIndex>>> {
    let Attr::Known(config) = config else {
        return or(config, &fallback.global_secondary_indexes);
    };
    let before = fallback.global_secondary_indexes.known();
    let indexes = config.iter().map(|(name, index)| {
        let before = before.and_then(|before| before.get(name)).and_then(Attr::known);
        (name.clone(), global_index(index, before))
    });
    Attr::Known(indexes.collect())
}

fn global_index(config: &Attr<GlobalIndex>, before: Option<&GlobalIndex>) -> Attr<GlobalIndex> {
    let Attr::Known(config) = config else {
        return config.clone();
    };
    let open = GlobalIndex {
        provisioned_throughput: Attr::Unknown,
        on_demand_throughput: Attr::Unknown,
    };
    let before = before.unwrap_or(&open);
    Attr::Known(GlobalIndex {
        provisioned_throughput: object(
            &config.provisioned_throughput,
            &before.provisioned_throughput,
            provisioned,
        ),
        on_demand_throughput: object(
            &config.on_demand_throughput,
            &before.on_demand_throughput,
            |it, _| it.clone(),
        ),
    })
}

/// The source that the data came from stays, whatever the configuration says now. One that nobody knows, after an
/// import, is taken from the configuration.
fn source(config: &Attr<Source>, prior: &Attr<Source>) -> Attr<Source> {
    if prior.is_null() {
        config.clone()
    } else {
        prior.clone()
    }
}

fn billing_changes(prior: &Model, planned: &Model) -> bool {
    !prior.billing_mode.is_null() && planned.billing_mode != prior.billing_mode
}

/// A throughput that the user did not write belongs to the billing mode that goes.
fn forget_throughput(config: &Model, planned: &mut Model) {
    if config.provisioned_throughput.is_null() {
        planned.provisioned_throughput = Attr::Unknown;
    }
    // Only capacity units are scaled: what scales them ends with them.
    let is_on_demand = planned
        .billing_mode
        .known()
        .is_some_and(|mode| mode == "PAY_PER_REQUEST");
    if is_on_demand && config.autoscaling.is_null() && planned.autoscaling.known().is_some() {
        planned.autoscaling = Attr::Known(Autoscaling::default());
    }
    if config.on_demand_throughput.is_null() {
        planned.on_demand_throughput = Attr::Unknown;
    }
    let written = |name: &str| {
        config
            .global_secondary_indexes
            .known()
            .and_then(|config| config.get(name)?.known())
    };
    let Attr::Known(indexes) = &mut planned.global_secondary_indexes else {
        return;
    };
    for (name, index) in indexes {
        let Attr::Known(index) = index else { continue };
        if written(name).is_none_or(|it| it.provisioned_throughput.is_null()) {
            index.provisioned_throughput = Attr::Unknown;
        }
        if written(name).is_none_or(|it| it.on_demand_throughput.is_null()) {
            index.on_demand_throughput = Attr::Unknown;
        }
    }
}

/// What an unfinished restore is known to keep.
fn resumed_from(prior: &Model) -> Model {
    let keep = |attr: &Attr<String>| {
        if attr.is_null() {
            Attr::Unknown
        } else {
            attr.clone()
        }
    };
    Model {
        region: prior.region.clone(),
        arn: keep(&prior.arn),
        table_id: keep(&prior.table_id),
        restored_at: keep(&prior.restored_at),
        restore_time: keep(&prior.restore_time),
        restore_job_id: prior.restore_job_id.clone(),
        ..unknown()
    }
}

/// A model of which nothing is known.
fn unknown() -> Model {
    Model {
        name: Attr::Unknown,
        region: Attr::Unknown,
        source: Attr::Unknown,
        billing_mode: Attr::Unknown,
        provisioned_throughput: Attr::Unknown,
        on_demand_throughput: Attr::Unknown,
        server_side_encryption: Attr::Unknown,
        global_secondary_indexes: Attr::Unknown,
        local_secondary_indexes: Attr::Unknown,
        tags: Attr::Unknown,
        tags_all: Attr::Unknown,
        time_to_live: Attr::Unknown,
        stream: Attr::Unknown,
        point_in_time_recovery: Attr::Unknown,
        deletion_protection_enabled: Attr::Unknown,
        table_class: Attr::Unknown,
        resource_policy: Attr::Unknown,
        kinesis_stream: Attr::Unknown,
        contributor_insights: Attr::Unknown,
        autoscaling: Attr::Unknown,
        carry_over: Attr::Unknown,
        triggers: Attr::Unknown,
        timeouts: Attr::Unknown,
        arn: Attr::Unknown,
        table_id: Attr::Unknown,
        status: Attr::Unknown,
        stream_arn: Attr::Unknown,
        item_count: Attr::Unknown,
        restored_at: Attr::Unknown,
        restore_time: Attr::Unknown,
        restore_duration_seconds: Attr::Unknown,
        restore_job_id: Attr::Unknown,
        unfinished: Attr::Unknown,
    }
}
