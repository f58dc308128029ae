//! How long AWS Backup keeps a recovery point, and when it moves it to cold storage.

use jiff::{SignedDuration, Timestamp};

use crate::limits::{
    COLD_STORAGE_AFTER_DAYS_MIN, COLD_STORAGE_DAYS_MIN, CONTINUOUS_DELETE_AFTER_DAYS_MAX,
    CONTINUOUS_DELETE_AFTER_DAYS_MIN, DELETE_AFTER_DAYS_MAX, DELETE_AFTER_DAYS_MIN, LIFECYCLE_NEVER,
};
use crate::prose::days;

/// When a recovery point moves to cold storage and when it is deleted, in days after it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Lifecycle {
    cold_storage_after: Option<i64>,
    delete_after: Option<i64>,
}

/// One of the two numbers of a lifecycle, by its name in the arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LifecycleSetting {
    /// `move_to_cold_storage_after_days`, in the API `MoveToColdStorageAfterDays`.
    ColdStorageAfter,
    /// `delete_after_days`, in the API `DeleteAfterDays`.
    DeleteAfter,
}

impl LifecycleSetting {
    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ColdStorageAfter => "move_to_cold_storage_after_days",
            Self::DeleteAfter => "delete_after_days",
        }
    }
}

impl std::fmt::Display for LifecycleSetting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why two numbers of days are not a lifecycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LifecycleError {
    /// Zero, which some tools read as never and AWS refuses.
    #[error("{setting} is 0, and AWS takes 1 at least; \"never\" is said by leaving it out (null), not by 0")]
    Zero {
        /// Which of the two.
        setting: LifecycleSetting,
    },
    /// Kept shorter or longer than AWS allows.
    #[error(
        "delete_after_days is {days}, and AWS takes {DELETE_AFTER_DAYS_MIN} to {DELETE_AFTER_DAYS_MAX} days, or \
         {LIFECYCLE_NEVER} for never"
    )]
    DeleteOutOfRange {
        /// The number of days.
        days: i64,
    },
    /// Moved to cold storage before it is made.
    #[error(
        "move_to_cold_storage_after_days is {days}, and AWS takes {COLD_STORAGE_AFTER_DAYS_MIN} day at least"
    )]
    ColdStorageOutOfRange {
        /// The number of days.
        days: i64,
    },
    /// Deleted too soon after the move to cold storage.
    #[error(
        "a recovery point moved to cold storage after {} and deleted after {} would stay there for {}, and AWS \
         requires {COLD_STORAGE_DAYS_MIN} days there at least",
        days(*cold_storage_after), days(*delete_after), stay(*cold_storage_after, *delete_after)
    )]
    ColdStorageTooShort {
        /// When it moves, in days.
        cold_storage_after: i64,
        /// When it is deleted, in days.
        delete_after: i64,
    },
    /// A continuous rule that does not say when its recovery points are deleted.
    #[error("a rule with continuous backups has no delete_after_days, and AWS requires one")]
    ContinuousWithoutDelete,
    /// A continuous rule that keeps shorter or longer than point-in-time recovery can go back.
    #[error(
        "delete_after_days is {days} in a rule with continuous backups, and there AWS takes \
         {CONTINUOUS_DELETE_AFTER_DAYS_MIN} to {CONTINUOUS_DELETE_AFTER_DAYS_MAX} days"
    )]
    ContinuousDelete {
        /// The number of days.
        days: i64,
    },
    /// A continuous rule with cold storage.
    #[error(
        "move_to_cold_storage_after_days is {days} in a rule with continuous backups, which have no cold storage"
    )]
    ContinuousColdStorage {
        /// The number of days.
        days: i64,
    },
}

/// For how long a recovery point would stay in cold storage. What leaves before it comes stays for no day.
fn stay(cold_storage_after: i64, delete_after: i64) -> String {
    days(delete_after.saturating_sub(cold_storage_after).max(0))
}

impl Lifecycle {
    /// Takes two numbers of days. -1 means never, as leaving a number out does.
    ///
    /// # Errors
    /// The first of the [`faults`](Self::faults).
    pub fn from_days(
        cold_storage_after: Option<i64>,
        delete_after: Option<i64>,
    ) -> Result<Self, LifecycleError> {
        match Self::faults(cold_storage_after, delete_after).first() {
            Some(fault) => Err(*fault),
            None => Ok(Self {
                cold_storage_after: unless_never(cold_storage_after),
                delete_after: unless_never(delete_after),
            }),
        }
    }

    /// Everything that is wrong with two numbers of days in a rule that makes snapshots.
    pub fn faults(cold_storage_after: Option<i64>, delete_after: Option<i64>) -> Vec<LifecycleError> {
        let cold_storage_after = unless_never(cold_storage_after);
        let delete_after = unless_never(delete_after);
        let mut faults = Vec::new();
        match cold_storage_after {
            Some(0) => faults.push(LifecycleError::Zero {
                setting: LifecycleSetting::ColdStorageAfter,
            }),
            Some(days) if days < COLD_STORAGE_AFTER_DAYS_MIN => {
                faults.push(LifecycleError::ColdStorageOutOfRange { days });
            }
            _ => {}
        }
        match delete_after {
            Some(0) => faults.push(LifecycleError::Zero {
                setting: LifecycleSetting::DeleteAfter,
            }),
            Some(days) if !(DELETE_AFTER_DAYS_MIN..=DELETE_AFTER_DAYS_MAX).contains(&days) => {
                faults.push(LifecycleError::DeleteOutOfRange { days });
            }
            _ => {}
        }
        // What is already wrong by itself has no distance.
        if let (true, Some(cold_storage_after), Some(delete_after)) =
            (faults.is_empty(), cold_storage_after, delete_after)
            && delete_after.saturating_sub(cold_storage_after) < COLD_STORAGE_DAYS_MIN
        {
            faults.push(LifecycleError::ColdStorageTooShort {
                cold_storage_after,
                delete_after,
            });
        }
        faults
    }

    /// Takes two numbers of days in a rule that makes continuous backups.
    ///
    /// # Errors
    /// The first of the [`continuous_faults`](Self::continuous_faults).
    pub fn continuous_from_days(
        cold_storage_after: Option<i64>,
        delete_after: Option<i64>,
    ) -> Result<Self, LifecycleError> {
        match Self::continuous_faults(cold_storage_after, delete_after).first() {
            Some(fault) => Err(*fault),
            None => Ok(Self {
                cold_storage_after: None,
                delete_after,
            }),
        }
    }

    /// Everything that is wrong with two numbers of days in a rule that makes continuous backups.
    pub fn continuous_faults(
        cold_storage_after: Option<i64>,
        delete_after: Option<i64>,
    ) -> Vec<LifecycleError> {
        let bounds = CONTINUOUS_DELETE_AFTER_DAYS_MIN..=CONTINUOUS_DELETE_AFTER_DAYS_MAX;
        let cold_storage =
            unless_never(cold_storage_after).map(|days| LifecycleError::ContinuousColdStorage { days });
        let delete = match unless_never(delete_after) {
            None => Some(LifecycleError::ContinuousWithoutDelete),
            Some(days) if !bounds.contains(&days) => Some(LifecycleError::ContinuousDelete { days }),
            Some(_) => None,
        };
        cold_storage.into_iter().chain(delete).collect()
    }

    /// After how many days a recovery point moves to cold storage; none if never.
    pub fn cold_storage_after(self) -> Option<i64> {
        self.cold_storage_after
    }

    /// After how many days a recovery point is deleted; none if never.
    pub fn delete_after(self) -> Option<i64> {
        self.delete_after
    }

    /// When a recovery point that was made at this moment moves to cold storage; none if never. A day is 24 hours.
    ///
    /// # Errors
    /// When that is after the year 9999.
    pub fn cold_storage_at(self, created: Timestamp) -> Result<Option<Timestamp>, jiff::Error> {
        days_after(self.cold_storage_after, created)
    }

    /// From when on a recovery point that was made at this moment is deleted; none if never. A day is 24 hours.
    ///
    /// # Errors
    /// When that is after the year 9999.
    ///
    /// # Caveats
    /// AWS deletes within some hours after it (rule DBK-LFC-012).
    pub fn delete_at(self, created: Timestamp) -> Result<Option<Timestamp>, jiff::Error> {
        days_after(self.delete_after, created)
    }
}

/// The moment a number of days after another; a day is 24 hours.
fn days_after(days: Option<i64>, moment: Timestamp) -> Result<Option<Timestamp>, jiff::Error> {
    let duration = |days: i64| SignedDuration::from_secs(days.saturating_mul(24 * 60 * 60));
    days.map(|it| moment.checked_add(duration(it))).transpose()
}

fn unless_never(days: Option<i64>) -> Option<i64> {
    days.filter(|it| *it != LIFECYCLE_NEVER)
}

impl LifecycleError {
    /// The catalogue id of the rule that is broken.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Zero { .. } => "DBK-LFC-010",
            Self::DeleteOutOfRange { .. } => "DBK-LFC-001",
            Self::ColdStorageTooShort { .. } => "DBK-LFC-002",
            Self::ColdStorageOutOfRange { .. } => "DBK-LFC-003",
            Self::ContinuousWithoutDelete
            | Self::ContinuousDelete { .. }
            | Self::ContinuousColdStorage { .. } => "DBK-LFC-008",
        }
    }

    /// The number that is at fault. Of a distance that is too short it is the later one: AWS names that, too.
    pub fn setting(&self) -> LifecycleSetting {
        match self {
            Self::Zero { setting } => *setting,
            Self::ColdStorageOutOfRange { .. } | Self::ContinuousColdStorage { .. } => {
                LifecycleSetting::ColdStorageAfter
            }
            Self::DeleteOutOfRange { .. }
            | Self::ColdStorageTooShort { .. }
            | Self::ContinuousWithoutDelete
            | Self::ContinuousDelete { .. } => LifecycleSetting::DeleteAfter,
        }
    }

    /// What to do, in a sentence that names the bound.
    pub fn fix(&self) -> String {
        match self {
            Self::Zero {
                setting: LifecycleSetting::DeleteAfter,
            }
            | Self::DeleteOutOfRange { .. } => format!(
                "Set delete_after_days to {DELETE_AFTER_DAYS_MIN} to {DELETE_AFTER_DAYS_MAX}, or leave it out (null) to keep the \
                 recovery points until somebody deletes them."
            ),
            Self::Zero {
                setting: LifecycleSetting::ColdStorageAfter,
            }
            | Self::ColdStorageOutOfRange { .. } => format!(
                "Set move_to_cold_storage_after_days to {COLD_STORAGE_AFTER_DAYS_MIN} or more, or leave it out (null) to keep the \
                 recovery points in warm storage."
            ),
            Self::ColdStorageTooShort {
                cold_storage_after,
                delete_after,
            } => {
                let least = cold_storage_after.saturating_add(COLD_STORAGE_DAYS_MIN);
                let latest = delete_after.saturating_sub(COLD_STORAGE_DAYS_MIN);
                let mut ways = Vec::new();
                if least <= DELETE_AFTER_DAYS_MAX {
                    ways.push(format!("set delete_after_days to {least} or more"));
                }
                if latest >= COLD_STORAGE_AFTER_DAYS_MIN {
                    ways.push(format!("set move_to_cold_storage_after_days to {latest} or less"));
                }
                ways.push("leave move_to_cold_storage_after_days out (null) to keep the recovery points in warm storage".to_owned());
                let ways = ways.join(", or ");
                let (first, rest) = ways.split_at(1);
                format!("{}{rest}.", first.to_uppercase())
            }
            Self::ContinuousWithoutDelete | Self::ContinuousDelete { .. } => format!(
                "Set delete_after_days to {CONTINUOUS_DELETE_AFTER_DAYS_MIN} to {CONTINUOUS_DELETE_AFTER_DAYS_MAX}."
            ),
            Self::ContinuousColdStorage { .. } => {
                "Leave move_to_cold_storage_after_days out, or make a second rule without continuous backups for cold storage."
                    .to_owned()
            }
        }
    }
}

#[cfg(test)]
mod tests;
