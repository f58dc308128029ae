//! `changeable_for_days` in the state, which AWS never tells: it only says from when on the lock is final.
//!
//! Terraform lets a provider take two values of an argument for the same only where the state has one. So a lock with a
//! date that was not put by this resource, as after an import, gets an *inferred* number: the days from the vault's
//! creation to the lock date. Where the lock was put on right after the vault was made, that is the very number that was
//! given. Where it was put on later, it is more. Which one it was cannot be found out, so that an inferred number is equal
//! to any that is configured, as long as nothing else of the lock changes. Otherwise an import of a locked vault would
//! plan a new lock, which moves the lock date, or is refused once that has passed
//! (<https://github.com/hashicorp/terraform-provider-aws/issues/46876>).
//!
//! That a number is inferred is kept in the private state. It ends when this resource puts the lock anew. In a plan with
//! a provider block that is not fully known the private state is not asked, and the configured number counts.
//!
//! A number that is not inferred is compared as any other: 3 -> 7 puts the lock anew while that is still possible, and
//! moves the lock date to seven days from that apply.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;
use tfsdk::{Attr, Cx};

use super::model::Lock;

/// Key of the private state: true while `changeable_for_days` is inferred.
const INFERRED: &str = "changeable_for_days_inferred";

/// AWS's own bounds, in days (AWS Backup API, `ChangeableForDays`).
const BOUNDS: std::ops::RangeInclusive<i64> = 3..=36_500;

/// AWS's times are rounded to the second, and its clock runs on between two calls.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(10);

/// Days for which a lock can be changed, as the state has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Grace {
    pub(super) days: i64,
    pub(super) inferred: bool,
}

/// What the state said, and when the lock became final by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Recorded {
    pub(super) grace: Grace,
    pub(super) lock_date: Option<Timestamp>,
}

/// Whether `changeable_for_days` of the state is inferred.
pub(super) fn is_inferred(cx: &Cx) -> bool {
    cx.private(INFERRED).is_some_and(|it| it == true)
}

/// Keeps in the private state whether it is.
pub(super) fn set_inferred(cx: &Cx, inferred: bool) {
    if inferred {
        cx.set_private(INFERRED, Json::Bool(true));
    } else {
        cx.remove_private(INFERRED);
    }
}

/// What the state is to say of a lock with this date.
///
/// A date that has moved means that somebody else has put the lock anew. Where that can have been done with the number that
/// is recorded, the lock is as it was wanted. Otherwise it is a change of which the plan must tell, as long as it can be
/// undone: then the state shows the days that are left.
pub(super) fn of_lock(
    recorded: Option<Recorded>,
    lock_date: Timestamp,
    created_at: Option<Timestamp>,
    now: Timestamp,
) -> Grace {
    let Some(Recorded {
        grace,
        lock_date: before,
    }) = recorded
    else {
        return inferred(lock_date, created_at, now);
    };
    // Times in the state are whole seconds.
    let moved =
        before.is_none_or(|before| lock_date.duration_since(before).abs() > SignedDuration::from_secs(1));
    if !moved {
        return grace;
    }
    if grace.inferred {
        return inferred(lock_date, created_at, now);
    }
    if lock_date <= now {
        return Grace {
            inferred: true,
            ..grace
        };
    }
    let put_at = lock_date.checked_sub(days(grace.days)).unwrap_or(Timestamp::MIN);
    let earliest = created_at.unwrap_or(Timestamp::MIN);
    let can_be_so = put_at.duration_since(now) <= TOLERANCE && earliest.duration_since(put_at) <= TOLERANCE;
    if can_be_so {
        grace
    } else {
        Grace {
            days: rounded_days(lock_date.duration_since(now)),
            inferred: false,
        }
    }
}

/// The best guess: the days from the vault's creation, or from now.
fn inferred(lock_date: Timestamp, created_at: Option<Timestamp>, now: Timestamp) -> Grace {
    Grace {
        days: rounded_days(lock_date.duration_since(created_at.unwrap_or(now))),
        inferred: true,
    }
}

/// Whole days, within AWS's bounds.
fn rounded_days(time: SignedDuration) -> i64 {
    const DAY: i64 = 24 * 60 * 60;
    let days = (time.as_secs() + DAY / 2).div_euclid(DAY);
    days.clamp(*BOUNDS.start(), *BOUNDS.end())
}

fn days(number: i64) -> SignedDuration {
    SignedDuration::from_hours(number.saturating_mul(24).clamp(0, 24 * 36_500))
}

/// The lock to plan: the recorded one where it means the same as the configured one.
pub(super) fn planned(config: &Attr<Lock>, prior: &Attr<Lock>, is_inferred: bool) -> Attr<Lock> {
    match (config, prior) {
        (Attr::Known(wanted), Attr::Known(there))
            if is_inferred
                && wanted.has_bounds_of(there)
                && wanted.changeable_for_days.known().is_some()
                && there.changeable_for_days.known().is_some() =>
        {
            prior.clone()
        }
        _ => config.clone(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use tfsdk::Attr;

    use super::{Grace, Recorded, of_lock, planned};
    use crate::resources::backup_vault::model::Lock;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    const CREATED: &str = "2026-01-01T00:00:00Z";

    fn grace(days: i64, inferred: bool) -> Grace {
        Grace { days, inferred }
    }

    fn imported(lock_date: &str, now: &str) -> Grace {
        of_lock(None, at(lock_date), Some(at(CREATED)), at(now))
    }

    fn refreshed(days: i64, inferred: bool, before: &str, lock_date: &str, now: &str) -> Grace {
        let recorded = Recorded {
            grace: grace(days, inferred),
            lock_date: Some(at(before)),
        };
        of_lock(Some(recorded), at(lock_date), Some(at(CREATED)), at(now))
    }

    #[test]
    fn a_lock_of_which_nothing_is_recorded_is_inferred_from_the_creation() {
        // Made with the vault, a few seconds after it: the very number.
        assert_eq!(
            imported("2026-01-04T00:00:07Z", "2026-01-02T00:00:00Z"),
            grace(3, true)
        );
        // Put later.
        assert_eq!(
            imported("2026-02-10T00:00:00Z", "2026-02-08T00:00:00Z"),
            grace(40, true)
        );
        // Long past.
        assert_eq!(
            imported("2026-01-08T00:00:00Z", "2027-01-01T00:00:00Z"),
            grace(7, true)
        );
        // Never out of AWS's bounds, whatever AWS's times are.
        assert_eq!(
            imported("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"),
            grace(3, true)
        );
        let unknown = of_lock(None, at("2026-01-08T00:00:00Z"), None, at("2026-01-03T00:00:00Z"));
        assert_eq!(unknown, grace(5, true));
    }

    #[test]
    fn a_lock_that_did_not_move_stays_as_recorded() {
        let (date, now) = ("2026-01-08T00:00:00Z", "2026-01-05T00:00:00Z");
        assert_eq!(refreshed(4, false, date, date, now), grace(4, false));
        assert_eq!(refreshed(40, true, date, date, now), grace(40, true));
        assert_eq!(
            refreshed(4, false, date, "2026-01-08T00:00:00.9Z", now),
            grace(4, false)
        );
        assert_eq!(
            refreshed(4, false, date, date, "2027-01-01T00:00:00Z"),
            grace(4, false)
        );
    }

    #[test]
    fn a_lock_that_somebody_else_put_anew_is_a_change_only_if_its_number_is_another() {
        let before = "2026-01-08T00:00:00Z";
        // Three days again, put yesterday.
        let again = refreshed(3, false, before, "2026-01-11T00:00:00Z", "2026-01-09T00:00:00Z");
        assert_eq!(again, grace(3, false));
        // Thirty days, put now: more than three can give.
        let longer = refreshed(3, false, before, "2026-02-08T00:00:00Z", "2026-01-09T00:00:00Z");
        assert_eq!(longer, grace(30, false));
        // Fewer than were wanted: with those it would have been put before there was a vault.
        let shorter = refreshed(30, false, before, "2026-01-12T00:00:00Z", "2026-01-09T00:00:00Z");
        assert_eq!(shorter, grace(3, false));
        // Nothing can be done about it any more.
        let past = refreshed(30, false, before, "2026-01-12T00:00:00Z", "2026-01-13T00:00:00Z");
        assert_eq!(past, grace(30, true));
        // What was a guess is guessed again.
        let guessed = refreshed(7, true, before, "2026-01-31T00:00:00Z", "2026-01-09T00:00:00Z");
        assert_eq!(guessed, grace(30, true));
    }

    fn lock(min: i64, changeable: Attr<i64>) -> Attr<Lock> {
        Attr::Known(Lock {
            min_retention_days: min.into(),
            max_retention_days: Attr::Null,
            changeable_for_days: changeable,
        })
    }

    #[test]
    fn an_inferred_number_is_equal_to_any_as_long_as_nothing_else_changes() {
        let there = lock(7, 40.into());
        assert_eq!(planned(&lock(7, 3.into()), &there, true), there);
        for (config, is_inferred) in [
            (lock(7, 3.into()), false),
            (lock(8, 3.into()), true),
            // No number is governance mode, an unknown one may be none.
            (lock(7, Attr::Null), true),
            (lock(7, Attr::Unknown), true),
            (Attr::Null, true),
        ] {
            assert_eq!(planned(&config, &there, is_inferred), config);
        }
        let governed = lock(7, Attr::Null);
        assert_eq!(planned(&lock(7, 3.into()), &governed, true), lock(7, 3.into()));
        assert_eq!(planned(&lock(7, 3.into()), &Attr::Null, true), lock(7, 3.into()));
    }
}
