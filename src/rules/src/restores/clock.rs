//! What the rules about the moment to restore have in common: the moment, the time, and the bounds that hold
//! anyway.

use jiff::{SignedDuration, Timestamp};

use crate::fact::Fact;
use crate::facts::{Facts, ObservedRecovery};
use crate::limits::{CLOCK_TOLERANCE_SECONDS, LATEST_RESTORABLE_LAG_SECONDS, RECOVERY_PERIOD_DAYS_MAX};
use crate::prose;

/// A moment to restore, judged by the clock alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asked {
    /// The moment.
    pub(super) time: Timestamp,
    /// The time of the check.
    pub(super) now: Timestamp,
}

/// Where a moment lies by the clock alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Placement {
    /// After now.
    Future,
    /// In the last minutes, which cannot be restored yet.
    TooRecent,
    /// Within the longest recovery period that there is.
    Possible,
    /// Before the longest recovery period that there is.
    TooOld,
}

impl Asked {
    /// The moment that a restore which is about to be made asks for.
    pub(super) fn of(facts: &Facts) -> Option<Self> {
        let table = facts.restored_table().filter(|_| facts.is_made())?;
        Some(Self {
            time: table.restore_time()?.timestamp(),
            now: *facts.now.known()?,
        })
    }

    /// Places the moment.
    pub(super) fn placement(self) -> Placement {
        let age = self.age();
        if age < SignedDuration::from_secs(-CLOCK_TOLERANCE_SECONDS) {
            Placement::Future
        } else if age < SignedDuration::from_secs(LATEST_RESTORABLE_LAG_SECONDS) {
            Placement::TooRecent
        } else if age > days(RECOVERY_PERIOD_DAYS_MAX) + SignedDuration::from_secs(CLOCK_TOLERANCE_SECONDS) {
            Placement::TooOld
        } else {
            Placement::Possible
        }
    }

    /// How long ago the moment is; negative in the future.
    pub(super) fn age(self) -> SignedDuration {
        self.now.duration_since(self.time)
    }
}

/// The moment to restore as it was written, with its meaning in UTC where that looks otherwise.
pub(super) fn written(facts: &Facts, asked: Asked) -> String {
    let moment = prose::moment(asked.time);
    let text = facts
        .restored_table()
        .and_then(|it| it.point_in_time()?.time.known());
    match text {
        Some(text) if *text != moment => format!("{text:?} ({moment})"),
        _ => moment,
    }
}

/// A number of days; a day is 24 hours.
pub(super) fn days(number: i64) -> SignedDuration {
    SignedDuration::from_hours(number.saturating_mul(24))
}

/// The window of the source as AWS says, if it is known.
pub(super) fn window(facts: &Facts) -> Option<(Timestamp, Timestamp)> {
    match &facts.restored_table()?.observed.source_recovery {
        Fact::Known(ObservedRecovery {
            earliest: Fact::Known(earliest),
            latest: Fact::Known(latest),
            ..
        }) => Some((*earliest, *latest)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Asked, Placement, written};
    use crate::examples::{at, now, restore_to};

    #[test]
    fn moments_are_placed_by_the_clock() {
        // Now is 2025-11-20T09:00:00Z; 35 days before is 2025-10-16T09:00:00Z.
        for (text, placement) in [
            ("2025-11-20T09:01:01Z", Placement::Future),
            ("2025-11-20T09:01:00Z", Placement::TooRecent),
            ("2025-11-20T08:55:01Z", Placement::TooRecent),
            ("2025-11-20T08:55:00Z", Placement::Possible),
            ("2025-10-16T09:00:00Z", Placement::Possible),
            ("2025-10-16T08:59:00Z", Placement::Possible),
            ("2025-10-16T08:58:59Z", Placement::TooOld),
        ] {
            assert_eq!(
                Asked {
                    time: at(text),
                    now: now()
                }
                .placement(),
                placement,
                "{text}"
            );
        }
    }

    #[test]
    fn a_moment_is_shown_as_it_was_written() {
        let shown = |text: &str| {
            let facts = restore_to(|_, point| point.time = text.into());
            written(&facts, Asked::of(&facts).expect("a moment"))
        };
        assert_eq!(shown("2025-11-19T09:00:00Z"), "2025-11-19T09:00:00Z");
        assert_eq!(
            shown("2025-11-19T09:00:00+01:00"),
            "\"2025-11-19T09:00:00+01:00\" (2025-11-19T08:00:00Z)"
        );
    }
}
