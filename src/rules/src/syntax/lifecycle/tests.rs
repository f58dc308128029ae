//! The bounds of lifecycles, and what is said beyond them.

use expect_test::expect;
use jiff::Timestamp;

use super::{Lifecycle, LifecycleError, LifecycleSetting};

const ZERO_COLD: LifecycleError = LifecycleError::Zero {
    setting: LifecycleSetting::ColdStorageAfter,
};
const ZERO_DELETE: LifecycleError = LifecycleError::Zero {
    setting: LifecycleSetting::DeleteAfter,
};

fn too_short(cold_storage_after: i64, delete_after: i64) -> LifecycleError {
    LifecycleError::ColdStorageTooShort {
        cold_storage_after,
        delete_after,
    }
}

#[test]
fn each_bound_is_where_aws_has_it() {
    let deleted = |days| Lifecycle::faults(None, Some(days));
    for days in [-1, 1, 36_500] {
        assert_eq!(deleted(days), [], "{days}");
    }
    assert_eq!(deleted(0), [ZERO_DELETE]);
    for days in [i64::MIN, -2, 36_501, i64::MAX] {
        assert_eq!(deleted(days), [LifecycleError::DeleteOutOfRange { days }]);
    }
    let moved = |days| Lifecycle::faults(Some(days), None);
    for days in [-1, 1, i64::MAX] {
        assert_eq!(moved(days), [], "{days}");
    }
    assert_eq!(moved(0), [ZERO_COLD]);
    for days in [i64::MIN, -2] {
        assert_eq!(moved(days), [LifecycleError::ColdStorageOutOfRange { days }]);
    }
    let both = |cold, delete| Lifecycle::faults(Some(cold), Some(delete));
    assert_eq!(both(1, 91), []);
    assert_eq!(both(1, 90), [too_short(1, 90)]);
    assert_eq!(both(36_410, 36_500), []);
    assert_eq!(both(i64::MAX, 1), [too_short(i64::MAX, 1)]);
    assert_eq!(both(-1, 1), []);
    assert_eq!(both(1, -1), []);
}

#[test]
fn all_faults_are_found_at_once_and_none_twice() {
    assert_eq!(Lifecycle::faults(Some(0), Some(0)), [ZERO_COLD, ZERO_DELETE]);
    assert_eq!(
        Lifecycle::faults(Some(-2), Some(36_501)),
        [
            LifecycleError::ColdStorageOutOfRange { days: -2 },
            LifecycleError::DeleteOutOfRange { days: 36_501 }
        ]
    );
    assert_eq!(
        Lifecycle::continuous_faults(Some(1), Some(36)),
        [
            LifecycleError::ContinuousColdStorage { days: 1 },
            LifecycleError::ContinuousDelete { days: 36 }
        ]
    );
    assert_eq!(Lifecycle::from_days(Some(0), Some(0)), Err(ZERO_COLD));
}

#[test]
fn continuous_backups_are_kept_for_one_to_thirty_five_days() {
    for days in [1, 35] {
        let lifecycle = Lifecycle::continuous_from_days(Some(-1), Some(days)).expect("it is one");
        assert_eq!(lifecycle.delete_after(), Some(days));
        assert_eq!(lifecycle.cold_storage_after(), None);
    }
    for days in [0, 36, -2] {
        let fault = LifecycleError::ContinuousDelete { days };
        assert_eq!(Lifecycle::continuous_from_days(None, Some(days)), Err(fault));
    }
    for days in [None, Some(-1)] {
        assert_eq!(
            Lifecycle::continuous_from_days(None, days),
            Err(LifecycleError::ContinuousWithoutDelete)
        );
    }
}

#[test]
fn dates_are_days_of_24_hours_later() {
    let created: Timestamp = "2026-03-01T02:30:00.5Z".parse().expect("a moment");
    let lifecycle = Lifecycle::from_days(Some(30), Some(120)).expect("it is one");
    let text =
        |moment: Result<Option<Timestamp>, jiff::Error>| moment.expect("in range").map(|it| it.to_string());
    assert_eq!(
        text(lifecycle.cold_storage_at(created)).as_deref(),
        Some("2026-03-31T02:30:00.5Z")
    );
    assert_eq!(
        text(lifecycle.delete_at(created)).as_deref(),
        Some("2026-06-29T02:30:00.5Z")
    );
    let never = Lifecycle::from_days(Some(-1), None).expect("it is one");
    assert_eq!(text(never.cold_storage_at(created)), None);
    assert_eq!(text(never.delete_at(created)), None);
    let far = Lifecycle::from_days(Some(i64::MAX), None).expect("it is one");
    assert!(far.cold_storage_at(created).is_err());
}

#[test]
fn an_error_says_both_values_the_bound_and_the_ways_out() {
    let all = [
        ZERO_COLD,
        ZERO_DELETE,
        LifecycleError::DeleteOutOfRange { days: 36_501 },
        LifecycleError::ColdStorageOutOfRange { days: -2 },
        too_short(30, 60),
        too_short(30, 119),
        too_short(30, 91),
        too_short(30, 90),
        too_short(100, 30),
        too_short(36_410, 36_499),
        too_short(36_411, 36_500),
        LifecycleError::ContinuousWithoutDelete,
        LifecycleError::ContinuousDelete { days: 36 },
        LifecycleError::ContinuousColdStorage { days: 1 },
    ];
    let said = |error: &LifecycleError| {
        format!(
            "{error}.\n  {} {} at {}\n",
            error.fix(),
            error.rule(),
            error.setting()
        )
    };
    expect![[r#"
        move_to_cold_storage_after_days is 0, and AWS takes 1 at least; "never" is said by leaving it out (null), not by 0.
          Set move_to_cold_storage_after_days to 1 or more, or leave it out (null) to keep the recovery points in warm storage. DBK-LFC-010 at move_to_cold_storage_after_days
        delete_after_days is 0, and AWS takes 1 at least; "never" is said by leaving it out (null), not by 0.
          Set delete_after_days to 1 to 36500, or leave it out (null) to keep the recovery points until somebody deletes them. DBK-LFC-010 at delete_after_days
        delete_after_days is 36501, and AWS takes 1 to 36500 days, or -1 for never.
          Set delete_after_days to 1 to 36500, or leave it out (null) to keep the recovery points until somebody deletes them. DBK-LFC-001 at delete_after_days
        move_to_cold_storage_after_days is -2, and AWS takes 1 day at least.
          Set move_to_cold_storage_after_days to 1 or more, or leave it out (null) to keep the recovery points in warm storage. DBK-LFC-003 at move_to_cold_storage_after_days
        a recovery point moved to cold storage after 30 days and deleted after 60 days would stay there for 30 days, and AWS requires 90 days there at least.
          Set delete_after_days to 120 or more, or leave move_to_cold_storage_after_days out (null) to keep the recovery points in warm storage. DBK-LFC-002 at delete_after_days
        a recovery point moved to cold storage after 30 days and deleted after 119 days would stay there for 89 days, and AWS requires 90 days there at least.
          Set delete_after_days to 120 or more, or set move_to_cold_storage_after_days to 29 or less, or leave move_to_cold_storage_after_days out (null) to keep the recovery points in warm storage. DBK-LFC-002 at delete_after_days
        a recovery point moved to cold storage after 30 days and deleted after 91 days would stay there for 61 days, and AWS requires 90 days there at least.
          Set delete_after_days to 120 or more, or set move_to_cold_storage_after_days to 1 or less, or leave move_to_cold_storage_after_days out (null) to keep the recovery points in warm storage. DBK-LFC-002 at delete_after_days
        a recovery point moved to cold storage after 30 days and deleted after 90 days would stay there for 60 days, and AWS requires 90 days there at least.
          Set delete_after_days to 120 or more, or leave move_to_cold_storage_after_days out (null) to keep the recovery points in warm storage. DBK-LFC-002 at delete_after_days
        a recovery point moved to cold storage after 100 days and deleted after 30 days would stay there for 0 days, and AWS requires 90 days there at least.
          Set delete_after_days to 190 or more, or leave move_to_cold_storage_after_days out (null) to keep the recovery points in warm storage. DBK-LFC-002 at delete_after_days
        a recovery point moved to cold storage after 36410 days and deleted after 36499 days would stay there for 89 days, and AWS requires 90 days there at least.
          Set delete_after_days to 36500 or more, or set move_to_cold_storage_after_days to 36409 or less, or leave move_to_cold_storage_after_days out (null) to keep the recovery points in warm storage. DBK-LFC-002 at delete_after_days
        a recovery point moved to cold storage after 36411 days and deleted after 36500 days would stay there for 89 days, and AWS requires 90 days there at least.
          Set move_to_cold_storage_after_days to 36410 or less, or leave move_to_cold_storage_after_days out (null) to keep the recovery points in warm storage. DBK-LFC-002 at delete_after_days
        a rule with continuous backups has no delete_after_days, and AWS requires one.
          Set delete_after_days to 1 to 35. DBK-LFC-008 at delete_after_days
        delete_after_days is 36 in a rule with continuous backups, and there AWS takes 1 to 35 days.
          Set delete_after_days to 1 to 35. DBK-LFC-008 at delete_after_days
        move_to_cold_storage_after_days is 1 in a rule with continuous backups, which have no cold storage.
          Leave move_to_cold_storage_after_days out, or make a second rule without continuous backups for cold storage. DBK-LFC-008 at move_to_cold_storage_after_days
    "#]].assert_eq(&all.iter().map(said).collect::<String>());
}
