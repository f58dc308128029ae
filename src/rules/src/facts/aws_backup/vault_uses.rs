//! Every vault that the configuration names to put recovery points in or to take them out, whether a plan does so again
//! and again or an object once. A rule about vaults goes through these instead of knowing the objects.

use crate::fact::Fact;
use crate::facts::{
    BackupPlan, Facts, LifecycleDays, Object, ObservedVault, PlannedVault, RecoveryPoint, RecoveryPointCopy,
    RegionSettings, VaultLock, VaultType,
};
use crate::finding::Subject;
use crate::limits::{DELETE_AFTER_DAYS_MAX, DELETE_AFTER_DAYS_MIN, LIFECYCLE_NEVER};
use crate::syntax::{AccountId, Region, VaultArn};

/// What a vault is named for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum VaultRole {
    /// It takes the recovery points.
    Target,
    /// It is named as the target, and a logically air-gapped one takes the recovery points instead.
    Bypassed,
    /// It takes the recovery points, given as a logically air-gapped vault.
    AirGappedTarget,
    /// It takes copies.
    Destination,
    /// It holds what is copied.
    Source,
}

/// For how long a recovery point stays in a vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Retention {
    /// For so many days.
    Days(i64),
    /// For ever, because it says so or says nothing.
    Forever,
}

/// The bounds that a locked vault sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RetentionBounds {
    /// The shortest retention, in days.
    pub(crate) min: Fact<i64>,
    /// The longest retention, in days.
    pub(crate) max: Fact<i64>,
    /// Whether nobody can take the lock away, now or from some day on.
    pub(crate) is_compliance: bool,
    /// Whether they are those of the same plan, not yet in AWS.
    pub(crate) is_planned: bool,
}

/// A vault that is named, and still to be used.
#[derive(Debug, Clone)]
pub(crate) struct VaultUse<'a> {
    /// Where it is named.
    pub(crate) subject: Subject,
    /// What for.
    pub(crate) role: VaultRole,
    /// Its name.
    pub(crate) name: String,
    /// Its account.
    pub(crate) account: Fact<AccountId>,
    /// Its Region.
    pub(crate) region: Fact<Region>,
    /// What AWS says of it; absent when there is none.
    pub(crate) seen: Fact<&'a ObservedVault>,
    /// What the same plan makes of it.
    pub(crate) planned: Option<&'a PlannedVault>,
    /// What to point at when the retention is wrong.
    pub(crate) retention_subject: Subject,
    /// For how long what comes into it is to stay.
    pub(crate) retention: Fact<Retention>,
    /// The settings of the Region out of which recovery points come.
    pub(crate) settings: &'a Fact<RegionSettings>,
    /// Whether a plan uses it again and again. Otherwise one job does, at once.
    pub(crate) repeats: bool,
}

impl Facts {
    /// Lists every vault that is named and still to be used. Names and ARNs that say nothing are left to the rules about
    /// their form.
    pub(crate) fn vault_uses(&self) -> Vec<VaultUse<'_>> {
        let is_single_due = self.action.is_unknown() || self.is_made();
        match &self.object {
            Object::BackupPlan(plan) if !self.is_destroyed_for_good() => self.uses_of_plan(plan),
            Object::RecoveryPoint(point) if is_single_due => self.use_of_point(point).into_iter().collect(),
            Object::RecoveryPointCopy(copy) if is_single_due => self.uses_of_copy(copy),
            _ => Vec::new(),
        }
    }

    fn uses_of_plan<'a>(&'a self, plan: &'a BackupPlan) -> Vec<VaultUse<'a>> {
        let mut uses = Vec::new();
        let settings = &plan.observed.account.settings;
        let seen = |name: &str| plan.observed.vaults.get(name).map_or(Fact::Unknown, Fact::as_ref);
        for (rule_name, rule) in plan.rules.known().into_iter().flatten() {
            let retention = (
                Subject::PlanRuleDeleteAfter(rule_name.clone()),
                retention(&rule.lifecycle),
            );
            let air_gapped = &rule.target_logically_air_gapped_vault_arn;
            if let Fact::Known(name) = &rule.target_vault_name {
                let role = if air_gapped.is_absent() {
                    VaultRole::Target
                } else {
                    VaultRole::Bypassed
                };
                let subject = Subject::TargetVaultName(rule_name.clone());
                let named = self.vault_here(subject, role, name, seen(name));
                uses.push(
                    named
                        .keeping(retention.clone())
                        .with_settings(settings)
                        .repeated(),
                );
            }
            if let Some(arn) = vault_arn(air_gapped) {
                let subject = Subject::TargetAirGappedVault(rule_name.clone());
                let is_here = self.is_here(&arn);
                let seen = if is_here {
                    seen(arn.vault.as_str())
                } else {
                    Fact::Unknown
                };
                let named = self.vault_of(subject, VaultRole::AirGappedTarget, &arn, seen);
                uses.push(
                    named
                        .keeping(retention.clone())
                        .with_settings(settings)
                        .repeated(),
                );
            }
            for (index, action) in rule.copy_actions.known().into_iter().flatten().enumerate() {
                let Some(arn) = vault_arn(&action.destination_vault_arn) else {
                    continue;
                };
                let text = action.destination_vault_arn.known().map_or("", String::as_str);
                let seen = plan
                    .observed
                    .destinations
                    .get(text)
                    .map_or(Fact::Unknown, |it| it.vault.as_ref());
                let subject = Subject::CopyDestination(rule_name.clone(), index);
                let named = self.vault_of(subject, VaultRole::Destination, &arn, seen);
                let retention = (
                    Subject::CopyDeleteAfter(rule_name.clone(), index),
                    self::retention(&action.lifecycle),
                );
                uses.push(named.keeping(retention).with_settings(settings).repeated());
            }
        }
        uses
    }

    fn use_of_point<'a>(&'a self, point: &'a RecoveryPoint) -> Option<VaultUse<'a>> {
        let name = point.vault_name.known()?;
        let seen = point.observed.vault.as_ref();
        let named = self.vault_here(Subject::VaultName, VaultRole::Target, name, seen);
        let retention = (Subject::DeleteAfter, retention(&point.lifecycle));
        Some(named.keeping(retention).with_settings(&point.observed.settings))
    }

    fn uses_of_copy<'a>(&'a self, copy: &'a RecoveryPointCopy) -> Vec<VaultUse<'a>> {
        let mut uses = Vec::new();
        let settings = &copy.observed.account.settings;
        if let Fact::Known(name) = &copy.source_vault_name {
            let seen = copy.observed.source_vault.as_ref();
            let named = self.vault_here(Subject::SourceVaultName, VaultRole::Source, name, seen);
            uses.push(named.with_settings(settings));
        }
        if let Some(arn) = vault_arn(&copy.destination_vault_arn) {
            let seen = copy.observed.destination.vault.as_ref();
            let named = self.vault_of(Subject::DestinationVaultArn, VaultRole::Destination, &arn, seen);
            let retention = (Subject::DeleteAfter, retention(&copy.lifecycle));
            uses.push(named.keeping(retention).with_settings(settings));
        }
        uses
    }

    /// A vault of the account and the Region of the object.
    fn vault_here<'a>(
        &'a self,
        subject: Subject,
        role: VaultRole,
        name: &str,
        seen: Fact<&'a ObservedVault>,
    ) -> VaultUse<'a> {
        let (account, region) = (self.caller.account.clone(), self.region());
        let planned = region.known().and_then(|it| self.planned_vault(it, name));
        VaultUse {
            subject,
            role,
            name: name.to_owned(),
            account,
            region,
            seen,
            planned,
            retention_subject: Subject::Object,
            retention: Fact::Unknown,
            settings: &Fact::Unknown,
            repeats: false,
        }
    }

    /// A vault that may be anywhere.
    fn vault_of<'a>(
        &'a self,
        subject: Subject,
        role: VaultRole,
        arn: &VaultArn,
        seen: Fact<&'a ObservedVault>,
    ) -> VaultUse<'a> {
        let planned = match &self.caller.account {
            Fact::Known(account) if *account == arn.account => {
                self.planned_vault(&arn.region, arn.vault.as_str())
            }
            _ => None,
        };
        VaultUse {
            account: Fact::Known(arn.account.clone()),
            region: Fact::Known(arn.region.clone()),
            planned,
            ..self.vault_here(subject, role, arn.vault.as_str(), seen)
        }
    }

    fn planned_vault(&self, region: &Region, name: &str) -> Option<&PlannedVault> {
        self.neighbours
            .vaults
            .iter()
            .find(|it| it.region == *region && it.name == name)
    }

    /// Whether an ARN is of the account and the Region of the object, as far as both are known.
    fn is_here(&self, arn: &VaultArn) -> bool {
        self.caller.account.is_known_and(|it| *it == arn.account)
            && self.region().is_known_and(|it| *it == arn.region)
    }
}

impl<'a> VaultUse<'a> {
    fn keeping(self, (retention_subject, retention): (Subject, Fact<Retention>)) -> Self {
        Self {
            retention_subject,
            retention,
            ..self
        }
    }

    fn with_settings(self, settings: &'a Fact<RegionSettings>) -> Self {
        Self { settings, ..self }
    }

    fn repeated(self) -> Self {
        Self {
            repeats: true,
            ..self
        }
    }

    /// The kind of the vault: as the same plan makes it, or as AWS says.
    pub(crate) fn vault_type(&self) -> Fact<VaultType> {
        match (self.planned, &self.seen) {
            (Some(planned), _) if planned.vault_type.is_known() => planned.vault_type.clone(),
            (_, Fact::Known(seen)) => seen.vault_type.clone(),
            _ => Fact::Unknown,
        }
    }

    /// The bounds that the lock of the vault sets, if it certainly has one.
    pub(crate) fn bounds(&self) -> Option<RetentionBounds> {
        if let Some(planned) = self.planned {
            let lock = planned.lock.known().filter(|_| !planned.is_destroyed)?;
            let is_air_gapped = planned.vault_type == Fact::Known(VaultType::LogicallyAirGapped);
            return Some(RetentionBounds::of_plan(lock, is_air_gapped));
        }
        let seen = self.seen.known()?;
        (seen.locked == Fact::Known(true)).then(|| RetentionBounds {
            min: seen.min_retention_days,
            max: seen.max_retention_days,
            is_compliance: seen.lock_date.is_known()
                || seen.vault_type == Fact::Known(VaultType::LogicallyAirGapped),
            is_planned: false,
        })
    }

    /// The vault in words: `the vault "orders"`, with the account if it is another one.
    pub(crate) fn words(&self, caller: &Fact<AccountId>) -> String {
        let name = &self.name;
        match &self.account {
            Fact::Known(account) if caller.is_known_and(|it| it != account) => {
                format!("the vault {name:?} of account {account}")
            }
            _ => format!("the vault {name:?}"),
        }
    }
}

impl RetentionBounds {
    fn of_plan(lock: &VaultLock, is_air_gapped: bool) -> Self {
        Self {
            min: lock.min_retention_days,
            max: lock.max_retention_days,
            is_compliance: is_air_gapped || lock.changeable_for_days.is_known(),
            is_planned: true,
        }
    }
}

/// A vault's ARN, if it is one.
fn vault_arn(text: &Fact<String>) -> Option<VaultArn> {
    VaultArn::parse(text.known()?).ok()
}

/// How long something stays by its lifecycle. A number of days that AWS takes in no vault is left to the rules about
/// lifecycles.
fn retention(lifecycle: &Fact<LifecycleDays>) -> Fact<Retention> {
    let days = match lifecycle {
        Fact::Known(lifecycle) => lifecycle.delete_after_days,
        Fact::Absent => Fact::Absent,
        Fact::Unknown => Fact::Unknown,
    };
    match days {
        Fact::Known(LIFECYCLE_NEVER) | Fact::Absent => Fact::Known(Retention::Forever),
        Fact::Known(days) if (DELETE_AFTER_DAYS_MIN..=DELETE_AFTER_DAYS_MAX).contains(&days) => {
            Fact::Known(Retention::Days(days))
        }
        Fact::Known(_) | Fact::Unknown => Fact::Unknown,
    }
}

#[cfg(test)]
mod tests;
