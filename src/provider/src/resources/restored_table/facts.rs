//! What the rules are told about a restored table: its configuration, word for word, and what was observed.
//! Judges nothing itself.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use rules::Fact;
use rules::facts::{self, PriorRestoredTable, RestoreObserved, RestoredTable, Setting};
use tfsdk::{Attr, SetOf, parse_duration};

use super::autoscaling::float;
use super::model;
use super::model::Model;
use crate::facts::fact;

/// The object of this configuration. `prior` is the object as it is recorded, where there is one.
pub(super) fn object(config: &Model, prior: Option<&Model>, observed: RestoreObserved) -> RestoredTable {
    RestoredTable {
        region: fact(&config.region),
        name: fact(&config.name),
        source: fact(&config.source).map(|it| source(&it)),
        billing_mode: fact(&config.billing_mode),
        provisioned_throughput: fact(&config.provisioned_throughput).map(|it| provisioned(&it)),
        on_demand_throughput: fact(&config.on_demand_throughput).map(|it| on_demand(&it)),
        server_side_encryption: fact(&config.server_side_encryption).map(|it| encryption(&it)),
        global_secondary_indexes: fact(&config.global_secondary_indexes).map(global_indexes),
        local_secondary_indexes: fact(&config.local_secondary_indexes)
            .map(|SetOf(names)| names.iter().map(fact).collect()),
        carry_over: carry_over(&config.carry_over),
        tags: fact(&config.tags)
            .map(|tags| tags.into_iter().map(|(key, value)| (key, fact(&value))).collect()),
        resource_policy: fact(&config.resource_policy),
        autoscaling: fact(&config.autoscaling).map(|it| autoscaling(&it)),
        given: given(config),
        create_timeout: create_timeout(config),
        prior: match prior {
            Some(prior) => Fact::Known(PriorRestoredTable {
                name: fact(&prior.name),
                region: fact(&prior.region),
                // An imported table has a source that nobody knows, which is not the same as none.
                source: match &prior.source {
                    Attr::Known(it) => Fact::Known(source(it)),
                    Attr::Null | Attr::Unknown => Fact::Unknown,
                },
                deletion_protection_enabled: fact(&prior.deletion_protection_enabled),
            }),
            None => Fact::Absent,
        },
        observed,
    }
}

/// The settings that `carry_over` names, as far as they are known.
pub(super) fn carried(model: &Model) -> BTreeSet<Setting> {
    let Attr::Known(SetOf(words)) = &model.carry_over else {
        return BTreeSet::new();
    };
    words
        .iter()
        .filter_map(|word| Setting::parse(word.known()?))
        .collect()
}

/// Whether `carry_over` names the setting, or may do so when it is known.
pub(super) fn may_be_carried(model: &Model, setting: Setting) -> bool {
    match &model.carry_over {
        Attr::Known(SetOf(words)) => words.iter().any(Attr::is_unknown) || carried(model).contains(&setting),
        Attr::Unknown => true,
        Attr::Null => false,
    }
}

fn is_given<T>(attr: &Attr<T>) -> Fact<()> {
    match attr {
        Attr::Null => Fact::Absent,
        Attr::Unknown => Fact::Unknown,
        Attr::Known(_) => Fact::Known(()),
    }
}

fn source(it: &model::Source) -> facts::Source {
    facts::Source {
        backup_arn: fact(&it.backup_arn),
        recovery_point_arn: fact(&it.recovery_point_arn),
        role_arn: fact(&it.role_arn),
        vault_name: fact(&it.vault_name),
        point_in_time: fact(&it.point_in_time).map(|it| facts::PointInTime {
            table_name: fact(&it.table_name),
            table_arn: fact(&it.table_arn),
            time: fact(&it.time),
            latest: fact(&it.latest),
        }),
    }
}

fn provisioned(it: &model::ProvisionedThroughput) -> facts::ProvisionedThroughput {
    facts::ProvisionedThroughput {
        read_capacity_units: fact(&it.read_capacity_units),
        write_capacity_units: fact(&it.write_capacity_units),
    }
}

fn on_demand(it: &model::OnDemandThroughput) -> facts::OnDemandThroughput {
    facts::OnDemandThroughput {
        max_read_request_units: fact(&it.max_read_request_units),
        max_write_request_units: fact(&it.max_write_request_units),
    }
}

fn encryption(it: &model::ServerSideEncryption) -> facts::ServerSideEncryption {
    facts::ServerSideEncryption {
        enabled: fact(&it.enabled).or(Fact::Known(true)),
        sse_type: Fact::Absent,
        kms_key: fact(&it.kms_key_arn),
    }
}

fn global_indexes(
    indexes: BTreeMap<String, Attr<model::GlobalIndex>>,
) -> BTreeMap<String, facts::GlobalIndex> {
    indexes
        .into_iter()
        .map(|(name, index)| {
            let index = match index {
                Attr::Null => facts::GlobalIndex::unset(),
                Attr::Unknown => facts::GlobalIndex::default(),
                Attr::Known(index) => facts::GlobalIndex {
                    provisioned_throughput: fact(&index.provisioned_throughput).map(|it| provisioned(&it)),
                    on_demand_throughput: fact(&index.on_demand_throughput).map(|it| on_demand(&it)),
                },
            };
            (name, index)
        })
        .collect()
}

fn autoscaling(it: &model::Autoscaling) -> facts::Autoscaling {
    facts::Autoscaling {
        read: fact(&it.read).map(|it| scaled(&it)),
        write: fact(&it.write).map(|it| scaled(&it)),
        indexes: fact(&it.indexes).map(|indexes| {
            let indexes = indexes.into_iter().map(|(name, index)| {
                let index = match index {
                    Attr::Null => facts::ScaledIndex {
                        read: Fact::Absent,
                        write: Fact::Absent,
                    },
                    Attr::Unknown => facts::ScaledIndex::default(),
                    Attr::Known(index) => facts::ScaledIndex {
                        read: fact(&index.read).map(|it| scaled(&it)),
                        write: fact(&index.write).map(|it| scaled(&it)),
                    },
                };
                (name, index)
            });
            indexes.collect()
        }),
    }
}

fn scaled(it: &model::ScaledCapacity) -> facts::ScaledCapacity {
    facts::ScaledCapacity {
        min_capacity: fact(&it.min_capacity),
        max_capacity: fact(&it.max_capacity),
        target_utilization: fact(&it.target_utilization)
            .and_then(|percent| float(&percent).map_or(Fact::Unknown, Fact::Known)),
    }
}

/// A set with an unknown word in it may name any setting.
fn carry_over(attr: &Attr<SetOf<String>>) -> Fact<BTreeSet<Setting>> {
    fact(attr).and_then(|SetOf(words)| {
        if words.iter().any(Attr::is_unknown) {
            return Fact::Unknown;
        }
        Fact::Known(
            words
                .iter()
                .filter_map(|word| Setting::parse(word.known()?))
                .collect(),
        )
    })
}

fn given(config: &Model) -> BTreeMap<Setting, Fact<()>> {
    Setting::ALL
        .iter()
        .map(|setting| {
            let given = match setting {
                Setting::Tags => is_given(&config.tags),
                Setting::TimeToLive => is_given(&config.time_to_live),
                Setting::Stream => is_given(&config.stream),
                Setting::PointInTimeRecovery => is_given(&config.point_in_time_recovery),
                Setting::DeletionProtection => is_given(&config.deletion_protection_enabled),
                Setting::TableClass => is_given(&config.table_class),
                Setting::ResourcePolicy => is_given(&config.resource_policy),
                Setting::KinesisStream => is_given(&config.kinesis_stream),
                Setting::ContributorInsights => is_given(&config.contributor_insights),
                Setting::Autoscaling => is_given(&config.autoscaling),
            };
            (*setting, given)
        })
        .collect()
}

fn create_timeout(config: &Model) -> Fact<SignedDuration> {
    fact(&config.timeouts)
        .and_then(|timeouts| fact(&timeouts.create))
        .and_then(|text| {
            match parse_duration(&text)
                .ok()
                .and_then(|it| SignedDuration::try_from(it).ok())
            {
                Some(timeout) => Fact::Known(timeout),
                // The schema has said what is wrong with it.
                None => Fact::Unknown,
            }
        })
}
