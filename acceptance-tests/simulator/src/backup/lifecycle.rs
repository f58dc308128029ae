//! The lifecycle of recovery points: when they turn cold and when they go.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::invalid;
use crate::clock::Moment;
use crate::failure::Failure;

/// A lifecycle as a request gives it and as replies repeat it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Lifecycle {
    /// Minus one means never, here and below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) move_to_cold_storage_after_days: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) delete_after_days: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    opt_in_to_archive_for_supported_resources: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    delete_after_event: Option<String>,
}

impl Lifecycle {
    /// How many days a recovery point is kept; `None` means for ever.
    pub(super) fn kept_days(&self) -> Option<i64> {
        self.delete_after_days.filter(|days| *days >= 0)
    }

    /// After how many days a recovery point turns cold; `None` means never.
    fn cold_days(&self) -> Option<i64> {
        self.move_to_cold_storage_after_days.filter(|days| *days != -1)
    }

    /// Refuses what AWS refuses. `prefix` says where the lifecycle stands, as "Error in rule nightly : ".
    pub(super) fn check(&self, prefix: &str) -> Result<(), Failure> {
        if let Some(days) = self.delete_after_days
            && days != -1
            && !(1..=36_500).contains(&days)
        {
            return Err(invalid(format!(
                "{prefix}Invalid lifecycle. DeleteAfterDays cannot be less than 1 or more than 36500 days"
            )));
        }
        let Some(cold) = self.cold_days() else {
            return Ok(());
        };
        if cold < 1 {
            return Err(invalid(format!(
                "{prefix}Invalid lifecycle. MoveToColdStorageAfterDays cannot be less than 1 day"
            )));
        }
        match self.kept_days() {
            Some(days) if days < cold + 90 => Err(invalid(format!(
                "{prefix}Invalid lifecycle. DeleteAfterDays cannot be less than 90 days apart from \
                 MoveToColdStorageAfterDays"
            ))),
            _ => Ok(()),
        }
    }

    /// Whether a recovery point made at `created` is in cold storage.
    pub(super) fn is_cold(&self, created: Moment, now: Moment) -> bool {
        self.cold_days()
            .is_some_and(|days| created.plus_days(days) <= now)
    }

    /// When a recovery point made at `created` goes.
    pub(super) fn deleted_at(&self, created: Moment) -> Option<Moment> {
        self.kept_days().map(|days| created.plus_days(days))
    }

    /// The dates that follow for a recovery point made at `created`.
    pub(super) fn calculated(&self, created: Moment) -> Value {
        let mut dates = json!({});
        if let Some(days) = self.cold_days() {
            dates["MoveToColdStorageAt"] = created.plus_days(days).to_epoch_seconds();
        }
        if let Some(at) = self.deleted_at(created) {
            dates["DeleteAt"] = at.to_epoch_seconds();
        }
        dates
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lifecycle(cold: Option<i64>, delete: Option<i64>) -> Lifecycle {
        Lifecycle {
            move_to_cold_storage_after_days: cold,
            delete_after_days: delete,
            ..Lifecycle::default()
        }
    }

    #[test]
    fn cold_storage_lasts_ninety_days() {
        for (cold, delete, fits) in [
            (Some(30), Some(120), true),
            (Some(30), Some(119), false),
            (Some(1), Some(91), true),
            (Some(0), Some(90), false),
            (Some(-1), Some(-1), true),
            (Some(-2), None, false),
            (Some(8), Some(-1), true),
            (Some(8), None, true),
            (None, Some(0), false),
            (None, Some(36_500), true),
            (None, Some(36_501), false),
        ] {
            assert_eq!(
                lifecycle(cold, delete).check("").is_ok(),
                fits,
                "{cold:?} {delete:?}"
            );
        }
    }

    #[test]
    fn dates_count_from_the_making() {
        let (created, day) = (Moment::from_millis(0), 86_400_000);
        let it = lifecycle(Some(2), Some(100));
        assert!(!it.is_cold(created, Moment::from_millis(2 * day - 1)));
        assert!(it.is_cold(created, Moment::from_millis(2 * day)));
        assert_eq!(it.deleted_at(created), Some(Moment::from_millis(100 * day)));
        let never = lifecycle(Some(-1), Some(-1));
        assert_eq!(never.deleted_at(created), None);
        assert!(!never.is_cold(created, Moment::from_millis(100 * day)));
        assert_eq!(never.calculated(created), json!({}));
    }
}
