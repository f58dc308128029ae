//! One table and its state machine. States follow from the clock: `settle` is called before every call and finishes
//! what is due, at the time at which it was due.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::archival::Archival;
use super::change_limit::ChangeLimit;
use super::continuous_backups::Window;
use super::design::{Design, IndexStatus};
use super::items::store::Store;
use super::settings::contributor_insights::Insights;
use super::settings::kinesis::Destination;
use super::settings::resource_policy::Attached;
use super::settings::time_to_live::TimeToLive;
use crate::clock::Moment;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Creating {
        until: Moment,
    },
    Active,
    Updating {
        until: Moment,
    },
    Deleting {
        until: Moment,
    },
    /// For want of its key. It keeps its name until it is deleted.
    Archived,
}

/// Where a table that is being restored comes from. AWS shows it only while the restore runs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RestoreOrigin {
    pub(crate) backup_arn: Option<String>,
    pub(crate) table_arn: String,
    pub(crate) at: Moment,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stream {
    pub(crate) view_type: String,
    pub(crate) enabled: bool,
    /// The time at which it was enabled, which names it.
    pub(crate) label: String,
}

pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) id: String,
    pub(crate) created_at: Moment,
    pub(crate) phase: Phase,
    pub(crate) design: Design,
    /// The design as it was from each of these moments on, oldest first.
    pub(crate) designs: Vec<(Moment, Design)>,
    /// When billing was last switched to on-demand.
    pub(crate) on_demand_since: Option<Moment>,
    pub(crate) restore: Option<RestoreOrigin>,
    /// When continuous backups are set up; until then neither backups nor point-in-time recovery are available.
    pub(crate) continuous_backups_at: Option<Moment>,
    pub(crate) recovery: Option<Window>,
    /// The Regions of its replicas.
    pub(crate) replicas: BTreeSet<String>,
    /// Since when its key cannot be used.
    pub(crate) key_lost_at: Option<Moment>,
    pub(crate) archival: Option<Archival>,
    pub(crate) stream: Option<Stream>,
    pub(crate) deletion_protection: bool,
    pub(crate) table_class: Option<String>,
    pub(crate) table_class_changed_at: Option<Moment>,
    pub(crate) class_changes: ChangeLimit,
    pub(crate) on_demand_switches: ChangeLimit,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) time_to_live: TimeToLive,
    pub(crate) policy: Attached,
    pub(crate) stream_policy: Attached,
    pub(crate) insights: BTreeMap<Option<String>, Insights>,
    pub(crate) kinesis: Vec<Destination>,
    pub(crate) warm_throughput: Option<Value>,
    pub(crate) items: Store,
}

/// A table to make, as CreateTable and the restores describe it.
pub(crate) struct NewTable {
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) id: String,
    pub(crate) design: Design,
    pub(crate) ready_at: Moment,
    pub(crate) continuous_backups_at: Moment,
}

impl Table {
    /// A table in CREATING, with every setting at AWS's default.
    pub(crate) fn new(new: NewTable, now: Moment) -> Self {
        let on_demand = new.design.billing_mode == super::design::BillingMode::PayPerRequest;
        Self {
            name: new.name,
            arn: new.arn,
            id: new.id,
            created_at: now,
            phase: Phase::Creating { until: new.ready_at },
            designs: vec![(now, new.design.clone())],
            design: new.design,
            on_demand_since: on_demand.then_some(now),
            restore: None,
            continuous_backups_at: Some(new.continuous_backups_at),
            recovery: None,
            replicas: BTreeSet::new(),
            key_lost_at: None,
            archival: None,
            stream: None,
            deletion_protection: false,
            table_class: None,
            table_class_changed_at: None,
            class_changes: ChangeLimit::table_class(),
            on_demand_switches: ChangeLimit::to_on_demand(),
            tags: BTreeMap::new(),
            time_to_live: TimeToLive::default(),
            policy: Attached::default(),
            stream_policy: Attached::default(),
            insights: BTreeMap::new(),
            kinesis: Vec::new(),
            warm_throughput: None,
            items: Store::default(),
        }
    }

    /// Finishes what is due. Answers whether the table still exists.
    pub(crate) fn settle(&mut self, now: Moment) -> bool {
        match self.phase {
            Phase::Creating { until } if until <= now => {
                self.phase = Phase::Active;
                self.restore = None;
                self.settle_indexes(until);
            }
            Phase::Updating { until } if until <= now => {
                self.phase = Phase::Active;
                self.settle_indexes(until);
            }
            Phase::Deleting { until } if until <= now => return false,
            _ => {}
        }
        true
    }

    fn settle_indexes(&mut self, at: Moment) {
        self.design
            .global_indexes
            .retain(|index| index.status != IndexStatus::Deleting);
        self.design.prune_attributes();
        for index in &mut self.design.global_indexes {
            index.status = IndexStatus::Active;
        }
        self.remember_design(at);
    }

    /// Notes the design as it is from `at` on, so that a restore to an earlier time finds the indexes of that time.
    pub(crate) fn remember_design(&mut self, at: Moment) {
        self.designs.push((at, self.design.clone()));
    }

    /// The design that the table had at a moment.
    pub(crate) fn design_at(&self, moment: Moment) -> &Design {
        let before = self.designs.iter().rev().find(|(since, _)| *since <= moment);
        before.map_or(&self.design, |(_, design)| design)
    }

    pub(crate) fn is_creating(&self) -> bool {
        matches!(self.phase, Phase::Creating { .. })
    }

    pub(crate) fn is_deleting(&self) -> bool {
        matches!(self.phase, Phase::Deleting { .. })
    }

    /// Whether continuous backups are set up on the table.
    pub(crate) fn has_continuous_backups(&self, now: Moment) -> bool {
        self.continuous_backups_at.is_some_and(|at| at <= now)
    }

    /// The oldest moment that a restore may still ask for: older versions of items need not be kept.
    pub(crate) fn horizon(&self, now: Moment) -> Moment {
        self.recovery.as_ref().map_or(now, |window| window.earliest(now))
    }
}
