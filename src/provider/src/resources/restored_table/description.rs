//! The one mapping from what DynamoDB shows to the typed object. Calls nothing.
//!
//! A model that was written or stored before says how things are put where AWS does not care: `{ enabled = false }`
//! and nothing both mean off. Without that, a plan would find a change where there is none.

use std::collections::BTreeMap;

use aws_clients::{
    IndexStatus, KinesisDestination, OnDemandThroughput, Region, ScaledDimension, Scaling, Table, Throughput,
    TimeToLiveStatus,
};
use tfsdk::{Attr, SetOf};

use super::autoscaling;
use super::model::{
    self, ContributorInsights, GlobalIndex, KinesisStream, Model, PointInTimeRecovery, ProvisionedThroughput,
    ServerSideEncryption, Stream, TimeToLive,
};
use crate::resources::policy_document::is_same;
use crate::rfc3339::rfc3339;

/// What one read brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading<T> {
    /// Nobody looked.
    NotMade,
    /// What was found; `None` means off.
    Made(Option<T>),
}

/// What was read of other services' dealings with a table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Outside {
    /// The document.
    pub(super) resource_policy: Reading<String>,
    pub(super) kinesis_stream: Reading<KinesisDestination>,
    pub(super) insights: Reading<aws_clients::ContributorInsights>,
    pub(super) scaling: Reading<BTreeMap<ScaledDimension, Scaling>>,
}

/// What DynamoDB shows of a table.
#[derive(Debug, Clone)]
pub(super) struct Shown<'a> {
    pub(super) region: &'a Region,
    pub(super) table: &'a Table,
    pub(super) time_to_live: Reading<aws_clients::TimeToLive>,
    pub(super) recovery: Reading<aws_clients::PointInTimeRecovery>,
    pub(super) outside: Outside,
    /// The key as the user wrote it, and the ARN that it stood for when it was set.
    pub(super) key_alias: Option<(String, String)>,
}

/// Shows a table over what was known of it. Tags are shown by [`super::tags`].
pub(super) fn described(known: &Model, shown: &Shown<'_>) -> Model {
    let table = shown.table;
    Model {
        name: table.name.as_str().into(),
        region: shown.region.as_str().into(),
        billing_mode: table.billing_mode.as_str().into(),
        provisioned_throughput: provisioned(table.throughput),
        on_demand_throughput: on_demand(&known.on_demand_throughput, table.on_demand),
        server_side_encryption: encryption(&known.server_side_encryption, shown),
        global_secondary_indexes: global_indexes(&known.global_secondary_indexes, table),
        local_secondary_indexes: SetOf::of_strings(
            table.local_indexes.iter().map(|index| index.name.as_str()),
        )
        .into(),
        time_to_live: time_to_live(&known.time_to_live, &shown.time_to_live),
        stream: stream(&known.stream, table),
        point_in_time_recovery: recovery(&known.point_in_time_recovery, &shown.recovery),
        deletion_protection_enabled: table.deletion_protection.into(),
        table_class: table.class.as_str().into(),
        resource_policy: resource_policy(&known.resource_policy, &shown.outside.resource_policy),
        kinesis_stream: kinesis_stream(&known.kinesis_stream, &shown.outside.kinesis_stream),
        contributor_insights: insights(&known.contributor_insights, &shown.outside.insights),
        autoscaling: match &shown.outside.scaling {
            Reading::NotMade => known.autoscaling.clone(),
            Reading::Made(found) => {
                autoscaling::shown(&known.autoscaling, &found.clone().unwrap_or_default())
            }
        },
        arn: table.arn.as_str().into(),
        table_id: table.id.clone().into(),
        status: table.status.as_str().into(),
        stream_arn: table
            .latest_stream_arn
            .clone()
            .filter(|_| table.stream.is_some())
            .into(),
        item_count: table.item_count.into(),
        restored_at: or(&known.restored_at, rfc3339(table.created_at)),
        restore_time: or(
            &known.restore_time,
            rfc3339(table.restore.as_ref().and_then(|restore| restore.restore_time)),
        ),
        restore_duration_seconds: or(&known.restore_duration_seconds, Attr::Null),
        unfinished: or(&known.unfinished, Attr::Known(false)),
        ..known.clone()
    }
}

/// What was known, if it was.
fn or<T: Clone>(known: &Attr<T>, shown: Attr<T>) -> Attr<T> {
    match known {
        Attr::Known(_) => known.clone(),
        Attr::Null | Attr::Unknown => shown,
    }
}

/// A table that is paid per request has zero units.
fn provisioned(throughput: Throughput) -> Attr<ProvisionedThroughput> {
    let Throughput { read, write } = throughput;
    let units = ProvisionedThroughput {
        read_capacity_units: read.into(),
        write_capacity_units: write.into(),
    };
    Some(units).filter(|_| throughput != Throughput::default()).into()
}

fn on_demand(
    known: &Attr<model::OnDemandThroughput>,
    throughput: OnDemandThroughput,
) -> Attr<model::OnDemandThroughput> {
    let written_empty = known
        .known()
        .is_some_and(|it| *it == model::OnDemandThroughput::default());
    if throughput.is_empty() && !written_empty {
        return Attr::Null;
    }
    Attr::Known(model::OnDemandThroughput {
        max_read_request_units: throughput.max_read.into(),
        max_write_request_units: throughput.max_write.into(),
    })
}

fn encryption(known: &Attr<ServerSideEncryption>, shown: &Shown<'_>) -> Attr<ServerSideEncryption> {
    let encryption = &shown.table.encryption;
    let kms_key_arn = match (&encryption.kms_key_arn, known.known()) {
        (Some(arn), Some(known)) if encryption.uses_kms() => {
            match (&shown.key_alias, known.kms_key_arn.known()) {
                (Some((text, was)), Some(written)) if text == written && was == arn => {
                    written.as_str().into()
                }
                _ => arn.as_str().into(),
            }
        }
        (arn, _) if encryption.uses_kms() => arn.clone().into(),
        _ => Attr::Null,
    };
    Attr::Known(ServerSideEncryption {
        enabled: encryption.uses_kms().into(),
        kms_key_arn,
    })
}

fn global_indexes(
    known: &Attr<BTreeMap<String, Attr<GlobalIndex>>>,
    table: &Table,
) -> Attr<BTreeMap<String, Attr<GlobalIndex>>> {
    let indexes = table
        .global_indexes
        .iter()
        .filter(|index| index.status != Some(IndexStatus::Deleting))
        .map(|index| {
            let before = known.known().and_then(|known| known.get(&index.name));
            let shown = match before {
                Some(Attr::Null) => Attr::Null,
                _ => {
                    let maxima = before
                        .and_then(Attr::known)
                        .map_or(Attr::Null, |before| before.on_demand_throughput.clone());
                    Attr::Known(GlobalIndex {
                        provisioned_throughput: provisioned(index.throughput),
                        on_demand_throughput: on_demand(&maxima, index.on_demand),
                    })
                }
            };
            (index.name.clone(), shown)
        });
    Attr::Known(indexes.collect())
}

fn stream(known: &Attr<Stream>, table: &Table) -> Attr<Stream> {
    match (&table.stream, known) {
        (Some(view_type), _) => Attr::Known(Stream {
            enabled: true.into(),
            view_type: view_type.as_str().into(),
        }),
        (None, Attr::Known(before)) => Attr::Known(Stream {
            enabled: false.into(),
            view_type: before
                .view_type
                .clone()
                .kept_if(before.enabled == Attr::Known(false)),
        }),
        (None, Attr::Null | Attr::Unknown) => Attr::Null,
    }
}

fn time_to_live(known: &Attr<TimeToLive>, read: &Reading<aws_clients::TimeToLive>) -> Attr<TimeToLive> {
    let on = match read {
        Reading::NotMade => return known.clone(),
        Reading::Made(found) => found
            .as_ref()
            .filter(|it| matches!(it.status, TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling)),
    };
    match (on, known) {
        (Some(it), _) => Attr::Known(TimeToLive {
            enabled: true.into(),
            attribute_name: it.attribute.as_str().into(),
        }),
        (None, Attr::Known(before)) => Attr::Known(TimeToLive {
            enabled: false.into(),
            attribute_name: before
                .attribute_name
                .clone()
                .kept_if(before.enabled == Attr::Known(false)),
        }),
        (None, Attr::Null | Attr::Unknown) => Attr::Null,
    }
}

fn recovery(
    known: &Attr<PointInTimeRecovery>,
    read: &Reading<aws_clients::PointInTimeRecovery>,
) -> Attr<PointInTimeRecovery> {
    let on = match read {
        Reading::NotMade => return known.clone(),
        Reading::Made(found) => found,
    };
    match (on, known) {
        (Some(it), known) => {
            // Emulators answer without a period at times.
            let before = known
                .known()
                .and_then(|it| it.recovery_period_in_days.known().copied());
            let days = it.recovery_period_in_days.map(i64::from).or(before);
            Attr::Known(PointInTimeRecovery {
                enabled: true.into(),
                recovery_period_in_days: days.unwrap_or(rules::limits::RECOVERY_PERIOD_DAYS_DEFAULT).into(),
            })
        }
        (None, Attr::Known(_)) => Attr::Known(PointInTimeRecovery {
            enabled: false.into(),
            recovery_period_in_days: Attr::Null,
        }),
        (None, Attr::Null | Attr::Unknown) => Attr::Null,
    }
}

/// The text as it was written, while AWS has the same in another form.
fn resource_policy(known: &Attr<String>, read: &Reading<String>) -> Attr<String> {
    match (read, known) {
        (Reading::NotMade, known) => known.clone(),
        (Reading::Made(Some(found)), Attr::Known(before)) if is_same(found, before) => known.clone(),
        (Reading::Made(Some(found)), _) => found.as_str().into(),
        (Reading::Made(None), Attr::Known(_)) => "".into(),
        (Reading::Made(None), Attr::Null | Attr::Unknown) => Attr::Null,
    }
}

fn kinesis_stream(known: &Attr<KinesisStream>, read: &Reading<KinesisDestination>) -> Attr<KinesisStream> {
    let on = match read {
        Reading::NotMade => return known.clone(),
        Reading::Made(found) => found,
    };
    match (on, known) {
        (Some(it), known) => {
            // Emulators answer without a precision at times.
            let before = known
                .known()
                .and_then(|before| before.approximate_creation_date_time_precision.known())
                .map_or("MILLISECOND", String::as_str);
            let precision = it
                .precision
                .as_ref()
                .map_or(before, |precision| precision.as_str());
            Attr::Known(KinesisStream {
                enabled: true.into(),
                stream_arn: it.stream_arn.as_str().into(),
                approximate_creation_date_time_precision: precision.into(),
            })
        }
        (None, Attr::Known(before)) => {
            let was_off = before.enabled == Attr::Known(false);
            let precision = &before.approximate_creation_date_time_precision;
            Attr::Known(KinesisStream {
                enabled: false.into(),
                stream_arn: before.stream_arn.clone().kept_if(was_off),
                approximate_creation_date_time_precision: precision.clone().kept_if(was_off),
            })
        }
        (None, Attr::Null | Attr::Unknown) => Attr::Null,
    }
}

fn insights(
    known: &Attr<ContributorInsights>,
    read: &Reading<aws_clients::ContributorInsights>,
) -> Attr<ContributorInsights> {
    let on = match read {
        Reading::NotMade => return known.clone(),
        Reading::Made(found) => found.as_ref().filter(|it| it.is_on()),
    };
    match (on, known) {
        (Some(it), _) => Attr::Known(ContributorInsights {
            enabled: true.into(),
            mode: it.mode().as_str().into(),
        }),
        (None, Attr::Known(before)) => Attr::Known(ContributorInsights {
            enabled: false.into(),
            mode: before.mode.clone().kept_if(before.enabled == Attr::Known(false)),
        }),
        (None, Attr::Null | Attr::Unknown) => Attr::Null,
    }
}

/// Keeps a value under a condition.
trait KeptIf {
    fn kept_if(self, condition: bool) -> Self;
}

impl<T> KeptIf for Attr<T> {
    fn kept_if(self, condition: bool) -> Self {
        if condition { self } else { Attr::Null }
    }
}
