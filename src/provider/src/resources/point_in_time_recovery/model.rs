//! The typed object, and the one mapping from DynamoDB's description to it. Calls nothing.

use aws_clients::{ContinuousBackups, PointInTimeRecoveryChange};
use rules::Fact;
use rules::facts::{PointInTimeRecovery, PriorRecovery, RecoveryObserved};
use rules::limits::RECOVERY_PERIOD_DAYS_DEFAULT;
use tfsdk::{Attr, Timeouts, model};

use super::RETAIN;
use crate::facts::fact;

model! {
    /// Point-in-time recovery of one table, as configuration, plan and state show it.
    pub(crate) struct Model {
        /// Name or ARN of the table, as it was written.
        table_name: String,
        /// Whether it is on.
        enabled: bool,
        /// 1 to 35; null while it is off.
        recovery_period_in_days: i64,
        /// `retain` or `disable`.
        on_destroy: String,
        /// Whether restorable history may be given away.
        allow_window_loss: bool,
        /// Region of the table.
        region: String,
        /// Account of the table.
        account_id: String,
        /// How long operations may wait.
        timeouts: Timeouts,
    }
}

impl Model {
    /// Takes over what DynamoDB says. After an import, the arguments that only Terraform knows get their defaults.
    pub(super) fn update_from(&mut self, backups: &ContinuousBackups) {
        match &backups.point_in_time_recovery {
            None => {
                self.enabled = false.into();
                self.recovery_period_in_days = Attr::Null;
            }
            Some(recovery) => {
                self.enabled = true.into();
                // Emulators leave the period out: then it is what was sent.
                let sent = self.recovery_period_in_days.known().copied();
                let period = recovery.recovery_period_in_days.map(i64::from).or(sent);
                self.recovery_period_in_days = period.unwrap_or(RECOVERY_PERIOD_DAYS_DEFAULT).into();
            }
        }
        if self.on_destroy.known().is_none() {
            self.on_destroy = RETAIN.into();
        }
        if self.allow_window_loss.known().is_none() {
            self.allow_window_loss = false.into();
        }
    }

    /// What the plan asks of AWS.
    pub(super) fn wanted(&self) -> PointInTimeRecoveryChange {
        if self.enabled == Attr::Known(false) {
            return PointInTimeRecoveryChange::Disable;
        }
        let period = self
            .recovery_period_in_days
            .known()
            .copied()
            .unwrap_or(RECOVERY_PERIOD_DAYS_DEFAULT);
        // The rules have checked the range.
        PointInTimeRecoveryChange::Enable {
            recovery_period_in_days: i32::try_from(period).unwrap_or(i32::MAX),
        }
    }

    /// The recovery period that follows from the configuration: the default where it says nothing, none while off.
    pub(super) fn planned_period(config: &Self, enabled: &Attr<bool>) -> Attr<i64> {
        match (&config.recovery_period_in_days, enabled) {
            (Attr::Null, Attr::Known(true)) => Attr::Known(RECOVERY_PERIOD_DAYS_DEFAULT),
            (Attr::Null, Attr::Known(false)) => Attr::Null,
            (Attr::Null, Attr::Null | Attr::Unknown) => Attr::Unknown,
            (written, _) => written.clone(),
        }
    }

    /// What the rules are told of this model: as it was written, not as it was planned.
    pub(super) fn facts(&self) -> PointInTimeRecovery {
        PointInTimeRecovery {
            region: fact(&self.region),
            table_name: fact(&self.table_name),
            enabled: fact(&self.enabled),
            recovery_period_in_days: fact(&self.recovery_period_in_days),
            on_destroy: fact(&self.on_destroy),
            allow_window_loss: fact(&self.allow_window_loss),
            prior: Fact::Absent,
            observed: RecoveryObserved::default(),
        }
    }

    /// What the rules are told of this model where it is the state.
    pub(super) fn prior_facts(&self) -> PriorRecovery {
        PriorRecovery {
            table_name: fact(&self.table_name),
            enabled: fact(&self.enabled),
            recovery_period_in_days: fact(&self.recovery_period_in_days),
            on_destroy: fact(&self.on_destroy),
        }
    }
}
