//! Facts about a backup plan: its rules, their copy actions, and its selections.

use std::collections::BTreeMap;

use crate::fact::Fact;
use crate::facts::{Facts, LifecycleDays, ObservedAccount, ObservedDestination, ObservedVault};
use crate::syntax::{Schedule, ScheduleTimeZone};

/// A backup plan with its selections, as configured, as it was, and as AWS sees its surroundings.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BackupPlan {
    /// The Region, if the object names one.
    pub region: Fact<String>,
    /// The name of the plan.
    pub name: Fact<String>,
    /// The rules, by name.
    pub rules: Fact<BTreeMap<String, PlanRule>>,
    /// The selections, by name.
    pub selections: Fact<BTreeMap<String, Selection>>,
    /// The tags of the plan.
    pub tags: Fact<BTreeMap<String, Fact<String>>>,
    /// What was recorded about the plan. Absent before the creation.
    pub prior: Fact<PriorBackupPlan>,
    /// What AWS says.
    pub observed: PlanObserved,
}

/// A rule of a plan: when to back up, into which vault, for how long, and where to copy.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlanRule {
    /// The vault that takes the recovery points, by name.
    pub target_vault_name: Fact<String>,
    /// The logically air-gapped vault that takes the recovery points at once, by ARN.
    pub target_logically_air_gapped_vault_arn: Fact<String>,
    /// When to back up, as written.
    pub schedule: Fact<String>,
    /// The time zone of the schedule, as written.
    pub schedule_timezone: Fact<String>,
    /// For how long after the scheduled time a job may start, in minutes. Absent means eight hours.
    pub start_window_minutes: Fact<i64>,
    /// For how long after the scheduled time a job may run, in minutes. Absent means seven days.
    pub completion_window_minutes: Fact<i64>,
    /// How long recovery points stay. Absent means for ever.
    pub lifecycle: Fact<LifecycleDays>,
    /// Where to copy each recovery point.
    pub copy_actions: Fact<Vec<CopyAction>>,
    /// The tags that each recovery point is given.
    pub recovery_point_tags: Fact<BTreeMap<String, Fact<String>>>,
}

/// A copy of each recovery point that a rule makes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CopyAction {
    /// The vault that takes the copy, by ARN.
    pub destination_vault_arn: Fact<String>,
    /// How long the copy stays.
    pub lifecycle: Fact<LifecycleDays>,
}

/// A selection of a plan: what to back up, and as whom.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    /// The role that AWS Backup assumes.
    pub role_arn: Fact<String>,
    /// What to back up, by ARN, with wildcards.
    pub resources: Fact<Vec<Fact<String>>>,
    /// What to leave out, by ARN, with wildcards.
    pub not_resources: Fact<Vec<Fact<String>>>,
    /// Tags of which a resource must have one: `ListOfTags`.
    pub tags: Fact<Vec<SelectionTag>>,
    /// Conditions that a resource must meet all.
    pub conditions: Fact<Vec<SelectionCondition>>,
}

/// A tag by which a selection chooses.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SelectionTag {
    /// The key.
    pub key: Fact<String>,
    /// The value.
    pub value: Fact<String>,
}

/// A condition of a selection.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SelectionCondition {
    /// How to compare: `StringEquals`, `StringLike`, `StringNotEquals` or `StringNotLike`.
    pub operator: Fact<String>,
    /// What to compare: `aws:ResourceTag/` and the key of a tag.
    pub key: Fact<String>,
    /// With what to compare.
    pub value: Fact<String>,
}

/// A plan as the caller recorded it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PriorBackupPlan {
    /// Its name.
    pub name: Fact<String>,
    /// Its ARN.
    pub arn: Fact<String>,
    /// Its rules, by name.
    pub rules: Fact<BTreeMap<String, PlanRule>>,
}

/// What AWS says about the surroundings of a plan.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PlanObserved {
    /// The account and the Region in which the plan acts.
    pub account: ObservedAccount,
    /// The vaults that its rules fill, by name, whether they are given by name or by ARN; absent when AWS says that there is none. One that is missing from
    /// the map is unknown.
    pub vaults: BTreeMap<String, Fact<ObservedVault>>,
    /// Where its copies go, by the ARN of the vault as written. One that is missing from the map is unknown.
    pub destinations: BTreeMap<String, ObservedDestination>,
}

impl Facts {
    /// Lists the rules of a plan, by name. Empty when the object is only destroyed, or no plan.
    pub(crate) fn plan_rules(&self) -> impl Iterator<Item = (&String, &PlanRule)> {
        let plan = self.backup_plan().filter(|_| !self.is_destroyed_for_good());
        plan.and_then(|it| it.rules.known()).into_iter().flatten()
    }
}

impl BackupPlan {
    /// A plan of which every argument is left out, that does not exist, and about which nothing was observed.
    pub fn unset() -> Self {
        Self {
            region: Fact::Absent,
            name: Fact::Absent,
            rules: Fact::Absent,
            selections: Fact::Absent,
            tags: Fact::Absent,
            prior: Fact::Absent,
            observed: PlanObserved::default(),
        }
    }
}

impl PlanRule {
    /// The schedule that AWS Backup goes by, with its time zone, if both are known and well formed.
    pub(crate) fn timetable(&self) -> Option<(Schedule, ScheduleTimeZone)> {
        let schedule = match &self.schedule {
            Fact::Known(text) => text.as_str(),
            Fact::Absent => Schedule::DEFAULT,
            Fact::Unknown => return None,
        };
        Some((Schedule::parse(schedule).ok()?, self.zone()?))
    }

    /// The time zone that AWS Backup goes by, if it is known and exists.
    pub(crate) fn zone(&self) -> Option<ScheduleTimeZone> {
        match &self.schedule_timezone {
            Fact::Known(name) => ScheduleTimeZone::parse(name).ok(),
            Fact::Absent => Some(ScheduleTimeZone::default()),
            Fact::Unknown => None,
        }
    }

    /// A rule of which nothing is given.
    pub fn unset() -> Self {
        Self {
            target_vault_name: Fact::Absent,
            target_logically_air_gapped_vault_arn: Fact::Absent,
            schedule: Fact::Absent,
            schedule_timezone: Fact::Absent,
            start_window_minutes: Fact::Absent,
            completion_window_minutes: Fact::Absent,
            lifecycle: Fact::Absent,
            copy_actions: Fact::Absent,
            recovery_point_tags: Fact::Absent,
        }
    }
}

impl CopyAction {
    /// A copy into a vault, with nothing else given.
    pub fn to(destination_vault_arn: impl Into<Fact<String>>) -> Self {
        Self {
            destination_vault_arn: destination_vault_arn.into(),
            lifecycle: Fact::Absent,
        }
    }
}

impl Selection {
    /// A selection of which nothing is given.
    pub fn unset() -> Self {
        Self {
            role_arn: Fact::Absent,
            resources: Fact::Absent,
            not_resources: Fact::Absent,
            tags: Fact::Absent,
            conditions: Fact::Absent,
        }
    }
}
