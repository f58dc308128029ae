//! The recovery period of point-in-time recovery.

use std::fmt;

use jiff::SignedDuration;

use crate::limits::{RECOVERY_PERIOD_DAYS_MAX, RECOVERY_PERIOD_DAYS_MIN};

/// How far back a table can be restored, in whole days from 1 to 35.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecoveryPeriod(i64);

/// Why a number of days is not a recovery period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{days} days is not between {RECOVERY_PERIOD_DAYS_MIN} and {RECOVERY_PERIOD_DAYS_MAX}")]
pub struct RecoveryPeriodError {
    days: i64,
}

impl RecoveryPeriod {
    /// Takes a number of days.
    ///
    /// # Errors
    /// When it is not between 1 and 35.
    pub fn from_days(days: i64) -> Result<Self, RecoveryPeriodError> {
        if (RECOVERY_PERIOD_DAYS_MIN..=RECOVERY_PERIOD_DAYS_MAX).contains(&days) {
            Ok(Self(days))
        } else {
            Err(RecoveryPeriodError { days })
        }
    }

    /// The number of days.
    pub fn days(self) -> i64 {
        self.0
    }

    /// The period as a duration; a day is 24 hours.
    pub fn duration(self) -> SignedDuration {
        SignedDuration::from_hours(self.0 * 24)
    }
}

impl fmt::Display for RecoveryPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", crate::prose::days(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::RecoveryPeriod;

    #[test]
    fn a_period_is_between_one_and_thirty_five_days() {
        for days in [1, 7, 35] {
            assert_eq!(RecoveryPeriod::from_days(days).expect("a period").days(), days);
        }
        for days in [i64::MIN, -1, 0, 36, i64::MAX] {
            assert!(RecoveryPeriod::from_days(days).is_err(), "{days}");
        }
        assert_eq!(
            RecoveryPeriod::from_days(1).expect("a period").to_string(),
            "1 day"
        );
        assert_eq!(
            RecoveryPeriod::from_days(35).expect("a period").to_string(),
            "35 days"
        );
        assert_eq!(
            RecoveryPeriod::from_days(2)
                .expect("a period")
                .duration()
                .as_secs(),
            172_800
        );
    }
}
