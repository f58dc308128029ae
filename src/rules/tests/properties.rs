//! Properties of the parsed types on any input: what prints parses again, no text makes a parser panic, and runs of a
//! schedule are those that stepping through every minute finds.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZoneDatabase;
use jiff::{Span, Timestamp};
use proptest::prelude::*;
use rules::syntax::{
    Arn, ArnKind, BackupArn, BackupName, BackupWindow, IndexName, Lifecycle, LifecycleError, Schedule,
    ScheduleTimeZone, TableArn, TableName,
};

/// Texts of any kind, and texts that are nearly something.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        ".*",
        "cron\\(.*\\)",
        "cron\\(([0-9A-Z*?,/#LW-]{0,5} ?){4,7}\\)",
        "([0-9*,/-]{1,4} ){4}[0-7*,/-]{1,4}",
        "rate\\([0-9]{0,22} ?(minute|hour|day)s?\\)",
        "arn:.*",
        "arn:aws:(dynamodb|backup|kms|iam):[a-z0-9-]{0,12}:[0-9]{0,12}:[a-z/:0-9-]{0,30}",
        "[A-Z][a-z]{1,8}/[A-Z][a-z]{1,8}",
    ]
}

/// ARNs of every kind.
fn arn() -> impl Strategy<Value = (ArnKind, String)> {
    let place = "(us|eu|ap)-(east|central)-[1-9]:[0-9]{12}";
    let table = "[a-zA-Z0-9_.-]{3,255}";
    let id = "[A-Za-z0-9._-]{1,40}";
    let uuid = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    let of = |kind: ArnKind, pattern: String| {
        proptest::string::string_regex(&pattern)
            .expect("the pattern is right")
            .prop_map(move |text| (kind, text))
            .boxed()
    };
    proptest::strategy::Union::new([
        of(ArnKind::Table, format!("arn:aws:dynamodb:{place}:table/{table}")),
        of(
            ArnKind::Index,
            format!("arn:aws:dynamodb:{place}:table/{table}/index/{table}"),
        ),
        of(
            ArnKind::Stream,
            format!("arn:aws:dynamodb:{place}:table/{table}/stream/[0-9T:.-]{{1,30}}"),
        ),
        of(
            ArnKind::Backup,
            format!("arn:aws:dynamodb:{place}:table/{table}/backup/{id}"),
        ),
        of(
            ArnKind::Export,
            format!("arn:aws:dynamodb:{place}:table/{table}/export/{id}"),
        ),
        of(
            ArnKind::Import,
            format!("arn:aws:dynamodb:{place}:table/{table}/import/{id}"),
        ),
        of(
            ArnKind::GlobalTable,
            format!("arn:aws:dynamodb::[0-9]{{12}}:global-table/{table}"),
        ),
        of(
            ArnKind::RecoveryPoint,
            format!("arn:aws:backup:{place}:recovery-point:[A-Za-z0-9][A-Za-z0-9_-]{{0,40}}"),
        ),
        of(
            ArnKind::BackupVault,
            format!("arn:aws:backup:{place}:backup-vault:[A-Za-z0-9_-]{{2,50}}"),
        ),
        of(
            ArnKind::BackupPlan,
            format!("arn:aws:backup:{place}:backup-plan:(orgs/)?{uuid}"),
        ),
        of(
            ArnKind::KmsKey,
            format!("arn:aws:kms:{place}:key/({uuid}|mrk-[0-9a-f]{{32}})"),
        ),
        of(
            ArnKind::KmsAlias,
            format!("arn:aws:kms:{place}:alias/[A-Za-z0-9/_-]{{1,40}}"),
        ),
        of(
            ArnKind::Role,
            "arn:aws:iam::[0-9]{12}:role/([!-~]{1,20}/)?[A-Za-z0-9_+=,.@-]{1,64}".to_owned(),
        ),
        of(
            ArnKind::Other,
            "arn:aws:(s3|sqs|ec2):(us-east-1)?:([0-9]{12})?:[ -~]{0,30}".to_owned(),
        ),
    ])
}

/// A field out of values between two bounds: any, one, a range, a step, a list.
fn field(least: i16, most: i16) -> impl Strategy<Value = String> {
    let value = least..=most;
    prop_oneof![
        Just("*".to_owned()),
        value.clone().prop_map(|it| it.to_string()),
        (value.clone(), value.clone()).prop_map(|(a, b)| format!("{}-{}", a.min(b), a.max(b))),
        (value.clone(), 1..=12_i16).prop_map(|(from, step)| format!("{from}/{step}")),
        proptest::collection::vec(value, 1..4).prop_map(|it| it
            .iter()
            .map(i16::to_string)
            .collect::<Vec<_>>()
            .join(",")),
    ]
}

/// The two day fields, one of them open.
fn day_fields() -> impl Strategy<Value = (String, String)> {
    let of_month = prop_oneof![
        3 => field(1, 31),
        1 => Just("L".to_owned()),
        1 => Just("LW".to_owned()),
        1 => (1..=31_i16).prop_map(|it| format!("{it}W")),
    ];
    let names = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
    let of_week = prop_oneof![
        Just("*".to_owned()),
        Just("L".to_owned()),
        (0..7_usize).prop_map(move |it| names[it].to_owned()),
        (1..=7_i16, 1..=7_i16).prop_map(|(a, b)| format!("{a}-{b}")),
        (0..7_usize, 0..7_usize).prop_map(move |(a, b)| format!("{},{}", names[a], b + 1)),
        (1..=7_i16).prop_map(|it| format!("{it}L")),
        (1..=7_i16, 1..=5_i16).prop_map(|(day, nth)| format!("{day}#{nth}")),
    ];
    prop_oneof![
        of_month.prop_map(|it| (it, "?".to_owned())),
        of_week.prop_map(|it| ("?".to_owned(), it)),
    ]
}

/// Schedules of every form, as text.
fn schedule(months: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let years = prop_oneof![2 => Just("*".to_owned()), 1 => field(2020, 2030)];
    (0..=59_i16, field(0, 23), day_fields(), months, years).prop_map(
        |(minute, hours, (of_month, of_week), months, years)| {
            format!("cron({minute} {hours} {of_month} {months} {of_week} {years})")
        },
    )
}

/// Whether a field of a schedule names a value, by another reading than the library's.
fn names(field: &str, value: i16, least: i16, most: i16) -> bool {
    field.split(',').any(|item| {
        let (base, step) = item.split_once('/').unwrap_or((item, ""));
        let step: i16 = step.parse().unwrap_or(1);
        let ends = if base == "*" {
            (least, most)
        } else if let Some((from, to)) = base.split_once('-') {
            (number(from), number(to))
        } else if item.contains('/') {
            (number(base), most)
        } else {
            (number(base), number(base))
        };
        match ends {
            (from, to) if from <= to => (from..=to).contains(&value) && (value - from) % step == 0,
            (from, to) => value >= from || value <= to,
        }
    })
}

fn number(text: &str) -> i16 {
    let names = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
    let by_name = names.iter().position(|it| *it == text);
    by_name.map_or_else(|| text.parse().expect("a number"), |it| it as i16 + 1)
}

/// Whether a schedule names a time, by another reading than the library's.
fn is_due(schedule: &str, time: DateTime) -> bool {
    let inside = &schedule["cron(".len()..schedule.len() - 1];
    let fields: Vec<&str> = inside.split(' ').collect();
    // What is quickly told comes first: this is asked of every minute of weeks.
    if i16::from(time.minute()) != number(fields[0]) || !names(fields[1], time.hour().into(), 0, 23) {
        return false;
    }
    let date = time.date();
    let weekday = i16::from(date.weekday().to_sunday_one_offset());
    let is_weekend = |date: Date| [1, 7].contains(&date.weekday().to_sunday_one_offset());
    // The weekday nearest to a day: of all weekdays of the month, the one at the least distance. A Saturday is nearer
    // to its Friday and a Sunday to its Monday.
    let nearest = |day: i8| {
        let days = (1..=date.days_in_month())
            .map(|it| date.first_of_month().with().day(it).build().expect("it exists"));
        let weekdays = days.filter(|it| !is_weekend(*it));
        (day <= date.days_in_month()).then(|| weekdays.min_by_key(|it| (it.day() - day).abs()))?
    };
    let day_matches = match (fields[2], fields[4]) {
        ("L", "?") => date == date.last_of_month(),
        ("LW", "?") => nearest(date.days_in_month()) == Some(date),
        (day, "?") if day.ends_with('W') => {
            let day = day.trim_end_matches('W').parse().expect("a day");
            nearest(day) == Some(date)
        }
        (days, "?") => names(days, date.day().into(), 1, 31),
        ("?", "L") => weekday == 7,
        ("?", day) if day.ends_with('L') => {
            weekday == number(day.trim_end_matches('L'))
                && date.checked_add(Span::new().days(7)).expect("in range").month() != date.month()
        }
        ("?", day) if day.contains('#') => {
            let (day, nth) = day.split_once('#').expect("it was seen");
            let same = (1..=date.day()).filter(|it| (date.day() - it) % 7 == 0).count();
            weekday == number(day) && same == usize::from(nth.parse::<u8>().expect("a number"))
        }
        (_, days) => names(days, weekday, 1, 7),
    };
    day_matches && names(fields[3], date.month().into(), 1, 12) && names(fields[5], date.year(), 1970, 2199)
}

/// Zones whose clocks change in the weeks that are stepped through, and one whose never do.
const ZONES: &[&str] = &[
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Antarctica/Troll",
];

/// Every run in the twelve days after a moment, found by stepping through the minutes that clocks of the zone show.
fn stepped(schedule: &str, zone: &str, after: Timestamp) -> Vec<Timestamp> {
    let zone = TimeZoneDatabase::bundled().get(zone).expect("a zone");
    let first = zone
        .to_datetime(after)
        .with()
        .second(0)
        .subsec_nanosecond(0)
        .build()
        .expect("it exists");
    let first = first.checked_sub(Span::new().hours(30)).expect("in range");
    let mut runs: Vec<Timestamp> = (0..60 * 24 * 14)
        .map(|minute| first.checked_add(Span::new().minutes(minute)).expect("in range"))
        .filter(|time| is_due(schedule, *time))
        .map(|time| zone.to_ambiguous_timestamp(time).compatible().expect("in range"))
        .filter(|run| *run > after && *run <= end_of(after))
        .collect();
    runs.sort();
    runs.dedup();
    runs
}

fn end_of(after: Timestamp) -> Timestamp {
    after.checked_add(Span::new().hours(24 * 12)).expect("in range")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_text_makes_a_parser_panic(text in any_text()) {
        let _ = Arn::parse(&text).map_err(|it| it.explain());
        let _ = TableArn::parse(&text);
        let _ = BackupArn::parse(&text).map(|it| it.created_at());
        let _ = ScheduleTimeZone::parse(&text).map_err(|it| it.fix());
        if let Err(error) = Schedule::parse(&text) {
            prop_assert!(error.rule().starts_with("DBK-SCH-00"));
            prop_assert!(error.fix().ends_with('.'));
            prop_assert!(!error.to_string().ends_with('.'));
            for equivalent in error.equivalent().into_iter().flat_map(|it| it.expressions()) {
                prop_assert!(Schedule::parse(equivalent).is_ok(), "{} for {:?}", equivalent, text);
            }
        }
    }

    #[test]
    fn arns_of_every_kind_print_as_they_were_written((kind, text) in arn()) {
        let arn = Arn::parse(&text);
        // Two names of 255 characters may be more than an ARN holds.
        prop_assume!(text.len() <= rules::limits::ARN_LENGTH_MAX);
        let arn = arn.map_err(|err| TestCaseError::fail(format!("{text}: {err}")))?;
        prop_assert_eq!(arn.kind(), kind);
        prop_assert_eq!(arn.to_string(), text.clone());
        prop_assert_eq!(TableArn::parse(&text).map(|it| it.to_string()).ok(), (kind == ArnKind::Table).then(|| text.clone()));
        prop_assert_eq!(BackupArn::parse(&text).map(|it| it.to_string()).ok(), (kind == ArnKind::Backup).then_some(text));
    }

    #[test]
    fn names_print_as_they_were_written(text in "[a-zA-Z0-9_.-]{3,255}", other in ".*") {
        prop_assert_eq!(TableName::parse(&text).map(|it| it.to_string()), Ok(text.clone()));
        prop_assert_eq!(BackupName::parse(&text).map(|it| it.to_string()), Ok(text.clone()));
        prop_assert_eq!(IndexName::parse(&text).map(|it| it.to_string()), Ok(text));
        for parsed in [
            TableName::parse(&other).map(|it| it.to_string()),
            BackupName::parse(&other).map(|it| it.to_string()),
            IndexName::parse(&other).map(|it| it.to_string()),
        ] {
            prop_assert!(parsed.is_err() || parsed == Ok(other.clone()));
        }
    }

    #[test]
    fn schedules_print_as_they_were_written(text in schedule(field(1, 12))) {
        let parsed = Schedule::parse(&text).map_err(|err| TestCaseError::fail(format!("{text}: {err}")))?;
        prop_assert_eq!(parsed.to_string(), text.clone());
        prop_assert_eq!(Schedule::parse(&parsed.to_string()), Ok(parsed));
    }

    #[test]
    fn lifecycles_keep_their_bounds_and_what_they_were_given(
        cold in proptest::option::of(prop_oneof![-3..130_i64, any::<i64>()]),
        delete in proptest::option::of(prop_oneof![-3..230_i64, 36_400..36_600_i64, any::<i64>()]),
    ) {
        let given = |days: Option<i64>| days.filter(|it| *it != -1);
        let (cold_days, delete_days) = (given(cold), given(delete));
        let good = cold_days.is_none_or(|it| it >= 1)
            && delete_days.is_none_or(|it| (1..=36_500).contains(&it))
            && !matches!((cold_days, delete_days), (Some(cold), Some(delete)) if i128::from(delete) - i128::from(cold) < 90);
        match Lifecycle::from_days(cold, delete) {
            Ok(lifecycle) => {
                prop_assert!(good);
                prop_assert_eq!(lifecycle.cold_storage_after(), cold_days);
                prop_assert_eq!(lifecycle.delete_after(), delete_days);
                let (moved, deleted) = (
                    lifecycle.cold_storage_at(Timestamp::UNIX_EPOCH),
                    lifecycle.delete_at(Timestamp::UNIX_EPOCH),
                );
                prop_assert_eq!(deleted.map(|it| it.is_some()).ok(), Some(delete_days.is_some()));
                if let Ok(moved) = moved {
                    prop_assert_eq!(moved.map(|it| it.as_second()), cold_days.map(|it| it * 86_400));
                }
            }
            Err(error) => {
                prop_assert!(!good);
                prop_assert!(error.rule().starts_with("DBK-LFC-0"));
                if let LifecycleError::ColdStorageTooShort { cold_storage_after, .. } = error {
                    // What the fix says is true.
                    let least = cold_storage_after.saturating_add(90);
                    prop_assert_eq!(Lifecycle::from_days(cold, Some(least)).is_ok(), least <= 36_500);
                }
            }
        }
        let continuous = cold_days.is_none() && delete_days.is_some_and(|it| (1..=35).contains(&it));
        prop_assert_eq!(Lifecycle::continuous_from_days(cold, delete).is_ok(), continuous);
    }

    #[test]
    fn windows_keep_their_bounds(start in prop_oneof![0..200_i64, any::<i64>()], more in 0..120_i64) {
        let completion = start.saturating_add(more);
        let good = (60..=52_560_000).contains(&start) && more >= 60;
        prop_assert_eq!(BackupWindow::from_minutes(Some(start), Some(completion)).is_ok(), good);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Most of the moments lie before a change of clocks, and most of the hours are those that it touches.
    #[test]
    fn runs_are_those_that_stepping_through_the_minutes_finds(
        minute in 0..=59_i16,
        hours in prop_oneof![Just("*".to_owned()), Just("0-4".to_owned()), (0..=4_i16).prop_map(|it| it.to_string()), field(0, 23)],
        days in prop_oneof![Just(("*".to_owned(), "?".to_owned())), day_fields()],
        zone in proptest::sample::select(ZONES),
        after in prop_oneof![
            3 => proptest::sample::select(&[1_772_323_200_i64, 1_774_396_800, 1_790_553_600, 1_792_713_600][..]),
            1 => 1_577_836_800..1_893_456_000_i64,
        ],
        more in 0..86_400_i64,
    ) {
        let text = format!("cron({minute} {hours} {} * {} *)", days.0, days.1);
        let after = Timestamp::from_second(after + more).expect("in range");
        let schedule = Schedule::parse(&text).map_err(|err| TestCaseError::fail(format!("{text}: {err}")))?;
        let in_zone = ScheduleTimeZone::parse(zone).expect("a zone");
        let runs: Vec<Timestamp> = schedule
            .runs_after(after, &in_zone)
            .map(|it| it.timestamp())
            .take_while(|it| *it <= end_of(after))
            .collect();
        prop_assert!(runs.is_sorted_by(|a, b| a < b), "{:?}", runs);
        prop_assert_eq!(runs, stepped(&text, zone, after), "{} in {} after {}", text, zone, after);
    }

    #[test]
    fn days_are_those_that_stepping_through_years_finds(days in day_fields(), months in field(1, 12), years in prop_oneof![Just("*".to_owned()), field(2026, 2029)]) {
        let text = format!("cron(0 5 {} {months} {} {years})", days.0, days.1);
        let schedule = Schedule::parse(&text).map_err(|err| TestCaseError::fail(format!("{text}: {err}")))?;
        let first = Date::constant(2026, 1, 1);
        let last = Date::constant(2029, 12, 31);
        let dates: Vec<Date> = first
            .series(Span::new().days(1))
            .take_while(|it| *it <= last)
            .filter(|it| is_due(&text, it.at(5, 0, 0, 0)))
            .collect();
        let runs: Vec<Date> = schedule
            .runs_after("2026-01-01T00:00:00Z".parse().expect("a moment"), &ScheduleTimeZone::default())
            .map(|it| it.date())
            .take_while(|it| *it <= last)
            .collect();
        prop_assert_eq!(runs, dates, "{}", text);
    }

    #[test]
    fn each_run_is_the_first_after_the_one_before(
        text in schedule(field(1, 12)),
        zone in proptest::sample::select(ZONES),
        second in 0..7_000_000_000_i64,
    ) {
        let schedule = Schedule::parse(&text).map_err(|err| TestCaseError::fail(format!("{text}: {err}")))?;
        let in_zone = ScheduleTimeZone::parse(zone).expect("a zone");
        let mut after = Timestamp::from_second(second).expect("in range");
        let runs: Vec<Timestamp> = schedule.runs_after(after, &in_zone).take(5).map(|it| it.timestamp()).collect();
        prop_assert_eq!(schedule.check_runs_after(after, &in_zone).is_ok(), !runs.is_empty());
        for run in runs {
            prop_assert!(run > after);
            let next = schedule.runs_after(after, &in_zone).next().map(|it| it.timestamp());
            prop_assert_eq!(next, Some(run));
            after = run;
        }
    }
}
