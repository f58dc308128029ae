//! The test vectors of the rule catalogue (section J), one test for each of its lists.

use rules::facts::{Action, Caller, PointInTime, PointInTimeRecovery, RestoredTable, Source};
use rules::syntax::{
    AccountId, Arn, ArnKind, BackupArn, BackupWindow, Lifecycle, Region, Regions, Schedule, TableArn,
};
use rules::{Fact, Facts, Severity, check};

#[test]
fn arns_have_their_kinds() {
    for (text, kind) in [
        (
            "arn:aws:dynamodb:us-east-1:123456789012:table/Music",
            ArnKind::Table,
        ),
        (
            "arn:aws:dynamodb:us-east-1:123456789012:table/Music/index/ByYear",
            ArnKind::Index,
        ),
        (
            "arn:aws:dynamodb:us-east-1:123456789012:table/Music/stream/2026-01-02T03:04:05.678",
            ArnKind::Stream,
        ),
        (
            "arn:aws:dynamodb:us-east-1:123456789012:table/Music/backup/01489602797149-73d8d5bc",
            ArnKind::Backup,
        ),
        (
            "arn:aws-cn:dynamodb:cn-north-1:123456789012:table/Music/backup/01547087347000-c8b6kdk3",
            ArnKind::Backup,
        ),
        (
            "arn:aws:backup:us-east-1:123456789012:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45",
            ArnKind::RecoveryPoint,
        ),
        (
            "arn:aws:backup:us-east-1:123456789012:backup-vault:my_vault-1",
            ArnKind::BackupVault,
        ),
        (
            "arn:aws:backup:us-east-2:123456789012:backup-plan:orgs/e4548665-3dfc-36a2-92ab-9a6477109903",
            ArnKind::BackupPlan,
        ),
        (
            "arn:aws:kms:eu-west-1:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab",
            ArnKind::KmsKey,
        ),
        (
            "arn:aws-us-gov:dynamodb:us-gov-east-1:123456789012:table/Music",
            ArnKind::Table,
        ),
        (
            "arn:aws-eusc:dynamodb:eusc-de-east-1:123456789012:table/Music",
            ArnKind::Table,
        ),
        (
            "arn:aws-iso-b:dynamodb:us-isob-east-1:123456789012:table/Music",
            ArnKind::Table,
        ),
    ] {
        let arn = Arn::parse(text).unwrap_or_else(|err| panic!("{text}: {err}"));
        assert_eq!((arn.kind(), arn.to_string().as_str()), (kind, text));
        let region = arn.region.expect("each of them has a Region");
        assert_eq!(
            Regions::default().partition_of(&region),
            Some(arn.partition),
            "{text}"
        );
        if kind == ArnKind::Backup {
            let backup = BackupArn::parse(text).expect("a backup");
            assert!(backup.has_usual_id() && backup.created_at().is_some(), "{text}");
        }
    }
}

#[test]
fn what_is_no_arn_is_refused() {
    for text in [
        "arn:aws:backup:us-east-1:123456789012:backup-vault:my.vault",
        "arn:aws:dynamodb:us-east-1:12345678901:table/Music",
        "arn:aws:dynamodb:us-east-1:123456789012:table/ab",
        "arn:aws:dynamodb::123456789012:table/Music",
        "arn:aws:dynamodb:us-east-1:123456789012:Table/Music",
        "arn:aws:dynamodb:us-east-1:123456789012:table/Music/backup/",
    ] {
        assert!(Arn::parse(text).is_err(), "{text}");
    }
}

#[test]
fn a_region_of_another_partition_is_told_by_its_rule() {
    for text in [
        "arn:aws:dynamodb:cn-north-1:123456789012:table/Music",
        "arn:aws:dynamodb:us-gov-east-1:123456789012:table/Music",
    ] {
        let arn = TableArn::parse(text).expect("well formed");
        assert_ne!(
            Regions::default().partition_of(&arn.region),
            Some(arn.partition),
            "{text}"
        );
        let source = from(|it| (it.table_arn, it.latest) = (text.into(), true.into()));
        assert!(errors(&restore(source)).contains(&"DBK-ARN-006"), "{text}");
    }
}

#[test]
fn schedules_are_schedules() {
    for text in [
        "cron(0 5 ? * * *)",
        "cron(0 12 * * ? *)",
        "cron(30 8 ? * MON-FRI *)",
        "cron(0 4 1 * ? *)",
        "cron(0 4 L * ? *)",
        "cron(0 10 ? * 6L 2026-2030)",
        "cron(15 3 ? * 3#2 *)",
        "cron(0 0/12 * * ? *)",
        "cron(45 23 15W 1,7 ? *)",
        "cron(0 * * * ? *)",
    ] {
        let schedule = Schedule::parse(text).unwrap_or_else(|err| panic!("{text}: {err}"));
        assert_eq!(schedule.to_string(), text);
    }
}

#[test]
fn what_is_no_schedule_breaks_its_rule() {
    for (text, rule) in [
        ("rate(1 day)", "DBK-SCH-003"),
        ("0 5 * * *", "DBK-SCH-001"),
        ("cron(0 5 * * *)", "DBK-SCH-001"),
        ("cron(0 5 * * * *)", "DBK-SCH-002"),
        ("cron(0 5 ? * ? *)", "DBK-SCH-002"),
        ("cron(0/30 * * * ? *)", "DBK-SCH-004"),
        ("cron(0,30 1 * * ? *)", "DBK-SCH-004"),
        ("cron(* 1 * * ? *)", "DBK-SCH-004"),
        ("cron(60 5 ? * * *)", "DBK-SCH-005"),
        ("cron(0 24 ? * * *)", "DBK-SCH-005"),
        ("cron(0 1 ? * 0 *)", "DBK-SCH-005"),
        ("cron(0 1 32 * ? *)", "DBK-SCH-005"),
        ("cron(0 1 1 13 ? *)", "DBK-SCH-005"),
        ("cron(0 1 1 1 ? 2200)", "DBK-SCH-005"),
        ("cron(? 1 1 1 ? *)", "DBK-SCH-005"),
        ("cron(0 1 ? * 3#1,6#3 *)", "DBK-SCH-005"),
    ] {
        let error = Schedule::parse(text).expect_err(text);
        assert_eq!(error.rule(), rule, "{text}: {error}");
    }
}

#[test]
fn lifecycles_are_lifecycles() {
    for (cold, delete) in [
        (Some(30), Some(120)),
        (Some(1), Some(91)),
        (Some(8), Some(-1)),
        (Some(8), None),
    ] {
        let lifecycle = Lifecycle::from_days(cold, delete).unwrap_or_else(|err| panic!("{err}"));
        assert_eq!(lifecycle.cold_storage_after(), cold);
        assert_eq!(lifecycle.delete_after(), delete.filter(|it| *it != -1));
    }
    let continuous = Lifecycle::continuous_from_days(None, Some(35)).expect("it is one");
    assert_eq!(continuous.delete_after(), Some(35));
}

#[test]
fn what_is_no_lifecycle_breaks_its_rule() {
    // The catalogue counts a zero to its bound as well; one id is said.
    for (cold, delete, rule) in [
        (Some(30), Some(119), "DBK-LFC-002"),
        (Some(0), Some(90), "DBK-LFC-010"),
        (None, Some(0), "DBK-LFC-010"),
        (None, Some(36_501), "DBK-LFC-001"),
    ] {
        let error = Lifecycle::from_days(cold, delete).expect_err("it is none");
        assert_eq!(error.rule(), rule, "{error}");
    }
    for (cold, delete) in [(None, Some(36)), (Some(1), None), (None, None)] {
        let error = Lifecycle::continuous_from_days(cold, delete).expect_err("it is none");
        assert_eq!(error.rule(), "DBK-LFC-008", "{error}");
    }
}

#[test]
fn windows_are_windows_or_break_their_rule() {
    assert!(BackupWindow::from_minutes(Some(60), Some(120)).is_ok());
    assert!(BackupWindow::from_minutes(None, None).is_ok());
    for (start, completion, rule) in [(59, None, "DBK-SCH-010"), (60, Some(119), "DBK-SCH-011")] {
        let error = BackupWindow::from_minutes(Some(start), completion).expect_err("it is none");
        assert_eq!(error.rule(), rule, "{error}");
    }
}

#[test]
fn recovery_is_in_order_or_breaks_its_rule() {
    let errors_of = |enabled: bool, days: Option<i64>| {
        errors(&Facts::about(PointInTimeRecovery {
            table_name: "orders".into(),
            enabled: enabled.into(),
            recovery_period_in_days: days.map_or(Fact::Absent, Fact::Known),
            ..PointInTimeRecovery::unset()
        }))
    };
    for days in [Some(1), Some(35), None] {
        assert_eq!(errors_of(true, days), [""; 0], "{days:?}");
    }
    for days in [0, 36] {
        assert_eq!(errors_of(true, Some(days)), ["DBK-PITR-001"], "{days}");
    }
    assert_eq!(errors_of(false, Some(7)), ["DBK-PITR-003"]);
}

#[test]
fn restores_are_in_order_or_break_their_rule() {
    const BACKUP: &str =
        "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/01763625600000-a1b2c3d4";
    const TABLE: &str = "arn:aws:dynamodb:us-east-1:111122223333:table/orders";
    const FAR_TABLE: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders";
    const TIME: &str = "2025-11-19T09:00:00Z";
    let with_backup = |change: fn(&mut PointInTime)| Source {
        point_in_time: from(change).point_in_time,
        ..Source::backup(BACKUP)
    };
    for (source, expected) in [
        // Valid.
        (Source::backup(BACKUP), &[][..]),
        (
            from(|it| (it.table_name, it.latest) = ("orders".into(), true.into())),
            &[],
        ),
        (
            from(|it| (it.table_arn, it.time) = (TABLE.into(), TIME.into())),
            &[],
        ),
        // No source; two names of the table; a backup and a table.
        (Source::unset(), &["DBK-RST-001"]),
        (
            from(|it| {
                (it.table_name, it.table_arn) = ("orders".into(), TABLE.into());
                it.latest = true.into();
            }),
            &["DBK-RST-001"],
        ),
        (
            with_backup(|it| (it.table_name, it.latest) = ("orders".into(), true.into())),
            &["DBK-RST-001"],
        ),
        // A backup and a time.
        (with_backup(|it| it.time = TIME.into()), &["DBK-RST-002"]),
        // A table without a moment, or with two.
        (from(|it| it.table_name = "orders".into()), &["DBK-RPT-001"]),
        (
            from(|it| (it.table_name, it.latest) = ("orders".into(), false.into())),
            &["DBK-RPT-001"],
        ),
        (
            from(|it| {
                (it.table_name, it.latest, it.time) = ("orders".into(), true.into(), TIME.into());
            }),
            &["DBK-RPT-001"],
        ),
        // A table of another Region without encryption; an ARN as a name.
        (
            from(|it| (it.table_arn, it.latest) = (FAR_TABLE.into(), true.into())),
            &["DBK-SSE-012"],
        ),
        (
            from(|it| (it.table_name, it.latest) = (TABLE.into(), true.into())),
            &["DBK-ARN-011"],
        ),
    ] {
        let facts = restore(source);
        assert_eq!(errors(&facts), expected, "{:?}", facts.restored_table());
    }
}

/// A point in time as a source.
fn from(change: impl FnOnce(&mut PointInTime)) -> Source {
    let mut point = PointInTime::unset();
    change(&mut point);
    Source::point_in_time(point)
}

/// A new table, restored in us-east-1 from this source. Nothing was read.
fn restore(source: Source) -> Facts {
    Facts {
        caller: Caller {
            account: AccountId::parse("111122223333").map_or(Fact::Unknown, Fact::Known),
            region: Region::parse("us-east-1").map_or(Fact::Unknown, Fact::Known),
            ..Caller::default()
        },
        action: Fact::Known(Action::Create),
        ..Facts::about(RestoredTable {
            name: "restored".into(),
            source: Fact::Known(source),
            ..RestoredTable::unset()
        })
    }
}

/// The rules whose breach is an error.
fn errors(facts: &Facts) -> Vec<&'static str> {
    let findings = check(facts).into_iter();
    findings
        .filter(|it| it.severity == Severity::Error)
        .map(|it| it.rule.as_str())
        .collect()
}
