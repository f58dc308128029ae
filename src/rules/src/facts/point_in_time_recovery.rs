//! Facts about the point-in-time recovery setting of one table in one Region.

use crate::fact::Fact;
use crate::facts::{ObservedRecovery, ObservedTable};

/// Point-in-time recovery of one table, as configured, as it was, and as AWS sees it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PointInTimeRecovery {
    /// The Region, if the object names one.
    pub region: Fact<String>,
    /// The table: a name or an ARN.
    pub table_name: Fact<String>,
    /// Whether recovery is to be on. Absent means the default, on.
    pub enabled: Fact<bool>,
    /// The recovery period, in days, as written. Leave it absent when it only stems from a default.
    pub recovery_period_in_days: Fact<i64>,
    /// What happens on destroy: `retain` (the default) or `disable`. When the object is destroyed, the
    /// recorded value.
    pub on_destroy: Fact<String>,
    /// Whether restorable history may be given up. Absent means no.
    pub allow_window_loss: Fact<bool>,
    /// What was recorded about the setting. Absent before the creation.
    pub prior: Fact<PriorRecovery>,
    /// What AWS says.
    pub observed: RecoveryObserved,
}

/// The setting as the caller recorded it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PriorRecovery {
    /// The table: a name or an ARN, as it was written.
    pub table_name: Fact<String>,
    /// Whether recovery was on.
    pub enabled: Fact<bool>,
    /// The recovery period, in days.
    pub recovery_period_in_days: Fact<i64>,
    /// What was to happen on destroy: `retain` or `disable`.
    pub on_destroy: Fact<String>,
}

/// What AWS says about the surroundings of a point-in-time recovery setting.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RecoveryObserved {
    /// The table; absent when AWS says that there is none.
    pub table: Fact<ObservedTable>,
    /// Its point-in-time recovery, from DescribeContinuousBackups; absent when AWS says that there is no such
    /// table.
    pub recovery: Fact<ObservedRecovery>,
}

/// The recovery period that AWS uses when none is sent, in days.
const DEFAULT_PERIOD: i64 = crate::limits::RECOVERY_PERIOD_DAYS_DEFAULT;

impl PointInTimeRecovery {
    /// A setting of which every argument is left out, that does not exist, and about which nothing was
    /// observed.
    pub fn unset() -> Self {
        Self {
            region: Fact::Absent,
            table_name: Fact::Absent,
            enabled: Fact::Absent,
            recovery_period_in_days: Fact::Absent,
            on_destroy: Fact::Absent,
            allow_window_loss: Fact::Absent,
            prior: Fact::Absent,
            observed: RecoveryObserved::default(),
        }
    }

    /// Whether recovery will be on, the default included.
    pub fn planned_enabled(&self) -> Fact<bool> {
        self.enabled.or(Fact::Known(true))
    }

    /// The recovery period that will hold, in days, the default included.
    pub fn planned_period(&self) -> Fact<i64> {
        self.recovery_period_in_days.or(Fact::Known(DEFAULT_PERIOD))
    }

    /// Whether recovery is on today: what AWS says, or else what was recorded about the same table.
    pub fn current_enabled(&self) -> Fact<bool> {
        match &self.observed.recovery {
            Fact::Known(seen) if seen.enabled.is_known() => seen.enabled,
            Fact::Absent => Fact::Absent,
            _ => self.recorded().and_then(|it| it.enabled),
        }
    }

    /// The recovery period that holds today, in days: what AWS says, or else what was recorded about the same
    /// table.
    pub fn current_period(&self) -> Fact<i64> {
        match &self.observed.recovery {
            Fact::Known(seen) if seen.recovery_period_in_days.is_known() => seen.recovery_period_in_days,
            Fact::Absent => Fact::Absent,
            _ => self.recorded().and_then(|it| it.recovery_period_in_days),
        }
    }

    /// What was recorded, if it is about the table that is configured now.
    fn recorded(&self) -> Fact<&PriorRecovery> {
        match self.prior.as_ref() {
            Fact::Known(prior) if prior.table_name != self.table_name => Fact::Unknown,
            prior => prior,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{PointInTimeRecovery, PriorRecovery};
    use crate::examples::{recovery_off, recovery_on};
    use crate::fact::Fact;
    use crate::facts::ObservedRecovery;

    /// Recovery of "orders", recorded as on with seven days.
    fn recorded() -> PointInTimeRecovery {
        PointInTimeRecovery {
            table_name: "orders".into(),
            prior: Fact::Known(PriorRecovery {
                table_name: "orders".into(),
                enabled: Fact::Known(true),
                recovery_period_in_days: Fact::Known(7),
                ..PriorRecovery::default()
            }),
            ..PointInTimeRecovery::unset()
        }
    }

    fn current(it: &PointInTimeRecovery) -> (Fact<bool>, Fact<i64>) {
        (it.current_enabled(), it.current_period())
    }

    #[test]
    fn what_is_left_out_is_the_default() {
        let mut it = PointInTimeRecovery::unset();
        assert_eq!(
            (it.planned_enabled(), it.planned_period()),
            (Fact::Known(true), Fact::Known(35))
        );
        it.enabled = Fact::Known(false);
        it.recovery_period_in_days = Fact::Known(7);
        assert_eq!(
            (it.planned_enabled(), it.planned_period()),
            (Fact::Known(false), Fact::Known(7))
        );
        it.enabled = Fact::Unknown;
        it.recovery_period_in_days = Fact::Unknown;
        assert_eq!(
            (it.planned_enabled(), it.planned_period()),
            (Fact::Unknown, Fact::Unknown)
        );
    }

    #[test]
    fn what_aws_says_counts_more_than_what_was_recorded() {
        let mut it = recorded();
        it.observed.recovery = Fact::Known(recovery_on());
        assert_eq!(current(&it), (Fact::Known(true), Fact::Known(35)));
        it.observed.recovery = Fact::Known(recovery_off());
        assert_eq!(it.current_enabled(), Fact::Known(false));
        // There is no such table: what was recorded about it is over.
        it.observed.recovery = Fact::Absent;
        assert_eq!(current(&it), (Fact::Absent, Fact::Absent));
    }

    #[test]
    fn what_aws_did_not_say_was_recorded() {
        let mut it = recorded();
        assert_eq!(current(&it), (Fact::Known(true), Fact::Known(7)));
        it.observed.recovery = Fact::Known(ObservedRecovery::default());
        assert_eq!(current(&it), (Fact::Known(true), Fact::Known(7)));
    }

    #[test]
    fn what_was_recorded_about_another_table_says_nothing() {
        let mut it = recorded();
        it.table_name = "customers".into();
        assert_eq!(current(&it), (Fact::Unknown, Fact::Unknown));
        assert_eq!(
            current(&PointInTimeRecovery::unset()),
            (Fact::Absent, Fact::Absent)
        );
    }
}
