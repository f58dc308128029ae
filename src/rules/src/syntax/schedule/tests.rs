//! What schedules mean, and what is said of what is none.

use expect_test::{Expect, expect};
use jiff::Timestamp;

use super::{NeverRuns, Schedule, ScheduleError, ScheduleField, ScheduleTimeZone};

fn schedule(text: &str) -> Schedule {
    Schedule::parse(text).unwrap_or_else(|err| panic!("{text}: {err}"))
}

fn zone(name: &str) -> ScheduleTimeZone {
    ScheduleTimeZone::parse(name).unwrap_or_else(|err| panic!("{err}"))
}

/// The first runs after a moment.
fn runs(text: &str, in_zone: &str, after: &str, count: usize) -> Vec<String> {
    let after: Timestamp = after.parse().expect("a moment");
    schedule(text)
        .runs_after(after, &zone(in_zone))
        .take(count)
        .map(|it| it.strftime("%a %Y-%m-%dT%H:%M%:z").to_string())
        .collect()
}

fn error(text: &str) -> ScheduleError {
    Schedule::parse(text).expect_err(text)
}

/// What is said of texts: the fault, and below it the fix.
#[track_caller]
fn said(texts: &[&str], expected: &Expect) {
    let said = |text: &&str| {
        let error = error(text);
        format!("{text}: {error}.\n  {} {}\n", error.fix(), error.rule())
    };
    expected.assert_eq(&texts.iter().map(said).collect::<String>());
}

#[test]
fn forms_that_are_not_awss() {
    said(
        &[
            "",
            "daily",
            "cron()",
            "cron(0 5 ? * * *) ",
            "CRON(0 5 ? * * *)",
            "cron(0 5 ? * * *",
            "Cron(0 5 * * 1)",
            "0 5 ? * * *",
            "0 5 * * * *",
            "cron(0 0 5 * * ? *)",
            "cron(15 0 5 * * ? *)",
            "cron(60 0 5 * * ? *)",
            "cron(0 0 5 * * ?)",
            "0 0/10 5 * * ?",
            "cron(0-5 0 5 * * ?)",
            "cron(0 0 25 * * ?)",
            "cron(0 5 ? *)",
        ],
        &expect![[r#"
            : it does not have the form cron(minute hour day-of-month month day-of-week year).
              Write it like "cron(0 5 ? * * *)", which is 05:00 of every day. DBK-SCH-001
            daily: it does not have the form cron(minute hour day-of-month month day-of-week year).
              Write it like "cron(0 5 ? * * *)", which is 05:00 of every day. DBK-SCH-001
            cron(): it has 0 fields, and AWS has six: minute, hour, day-of-month, month, day-of-week and year.
              Write it like "cron(0 5 ? * * *)", which is 05:00 of every day. DBK-SCH-001
            cron(0 5 ? * * *) : it does not begin with "cron(" and end with ")".
              Write "cron(0 5 ? * * *)". DBK-SCH-001
            CRON(0 5 ? * * *): it does not begin with "cron(" and end with ")".
              Write "cron(0 5 ? * * *)". DBK-SCH-001
            cron(0 5 ? * * *: it does not begin with "cron(" and end with ")".
              Write "cron(0 5 ? * * *)". DBK-SCH-001
            Cron(0 5 * * 1): it has 5 fields, as the cron of Unix has, and AWS has six: minute, hour, day-of-month, month, day-of-week and year.
              Write "cron(0 5 ? * MON *)". DBK-SCH-001
            0 5 ? * * *: it does not begin with "cron(" and end with ")".
              Write "cron(0 5 ? * * *)". DBK-SCH-001
            0 5 * * * *: it does not begin with "cron(" and end with ")".
              Write "cron(0 5 * * ? *)". DBK-SCH-001
            cron(0 0 5 * * ? *): it has 7 fields, as a cron with seconds has, and AWS has six: minute, hour, day-of-month, month, day-of-week and year.
              Write "cron(0 5 * * ? *)". DBK-SCH-001
            cron(15 0 5 * * ? *): it has 7 fields, as a cron with seconds has, and AWS has six: minute, hour, day-of-month, month, day-of-week and year.
              Write "cron(0 5 * * ? *)". DBK-SCH-001
            cron(60 0 5 * * ? *): it has 7 fields, as a cron with seconds has, and AWS has six: minute, hour, day-of-month, month, day-of-week and year.
              Write it like "cron(0 5 ? * * *)", which is 05:00 of every day. DBK-SCH-001
            cron(0 0 5 * * ?): its fields are second, minute, hour, day-of-month, month and day-of-week, and AWS has a year and no second.
              Write "cron(0 5 * * ? *)". DBK-SCH-001
            0 0/10 5 * * ?: it does not begin with "cron(" and end with ")".
              Write "cron(0 5 * * ? *)", because AWS Backup starts a rule once an hour at most. DBK-SCH-001
            cron(0-5 0 5 * * ?): the year field has "?", and it does not take ?; its wildcards are , - * /.
              Give the year field values from 1970 to 2199, or * for all of them. DBK-SCH-005
            cron(0 0 25 * * ?): the year field has "?", and it does not take ?; its wildcards are , - * /.
              Give the year field values from 1970 to 2199, or * for all of them. DBK-SCH-005
            cron(0 5 ? *): it has 4 fields, and AWS has six: minute, hour, day-of-month, month, day-of-week and year.
              Write it like "cron(0 5 ? * * *)", which is 05:00 of every day. DBK-SCH-001
        "#]],
    );
}

#[test]
fn the_five_fields_of_unix() {
    said(
        &[
            "0 5 * * *",
            "cron(0 5 * * *)",
            "30 8 * * 1-5",
            "0 5 * * 0",
            "0 5 * * 7",
            "0 5 * * sun,wed",
            "0 5 * * 5-7",
            "0 5 * * */2",
            "0 5 * * 4/2",
            "0 5 * * 0-6",
            "0 5 1 * *",
            "0 5 1 * 1",
            "cron(0 5 ? * 6L)",
            "*/15 * * * *",
            "*/15 * 1 * 1",
            "0 25 * * *",
            "0 5 * * 8",
            "0 5 * * */0",
            "0 5 1 * MONDAY",
        ],
        &expect![[r#"
            0 5 * * *: it has 5 fields, as the cron of Unix has, and AWS has six: minute, hour, day-of-month, month, day-of-week and year.
              Write "cron(0 5 * * ? *)". DBK-SCH-001
            cron(0 5 * * *): it has 5 fields, as the cron of Unix has, and AWS has six: minute, hour, day-of-month, month, day-of-week and year.
              Write "cron(0 5 * * ? *)". DBK-SCH-001
            30 8 * * 1-5: it has 5 fields, as the cron of Unix has, and AWS has six: minute, hour, day-of-month, month, day-of-week and year.
              Write "cron(30 8 ? * MON-FRI *)". DBK-SCH-001
            0 5 * * 0: it has 5 fields, as the cron of Unix has, and AWS has six: minute, hour, day-of-month, month, day-of-week and year.
              Write "cron(0 5 ? * SUN *)". DBK-SCH-001
            0 5 * * 7: it has 5 fields, as the cron of Unix has, and AWS has six: minute, hour, day-of-month, month, day-of-week and year.
              Write "cron(0 5 ? * SUN *)". DBK-SCH-001
            0 5 * * sun,wed: it has 5 fields, as the cron of Unix has, and AWS has six: minute, hour, day-of-month, month, day-of-week and year.
              Write "cron(0 5 ? * SUN,WED *)". DBK-SCH-001
            0 5 * * 5-7: it has 5 fields, as the cron of Unix has, and AWS has six: minute, hour, day-of-month, month, day-of-week and year.
              Write "cron(0 5 ? * SUN,FRI,SAT *)". DBK-SCH-001
            0 5 * * */2: it has 5 fields, as the cron of Unix has, and AWS has six: minute, hour, day-of-month, month, day-of-week and year.
              Write "cron(0 5 ? * SUN,TUE,THU,SAT *)". DBK-SCH-001
            0 5 * * 4/2: it has 5 fields, as the cron of Unix has, and AWS has six: minute, hour, day-of-month, month, day-of-week and year.
              Write "cron(0 5 ? * THU,SAT *)". DBK-SCH-001
            0 5 * * 0-6: it has 5 fields, as the cron of Unix has, and AWS has six: minute, hour, day-of-month, month, day-of-week and year.
              Write "cron(0 5 * * ? *)". DBK-SCH-001
            0 5 1 * *: it has 5 fields, as the cron of Unix has, and AWS has six: minute, hour, day-of-month, month, day-of-week and year.
              Write "cron(0 5 1 * ? *)". DBK-SCH-001
            0 5 1 * 1: it has 5 fields, as the cron of Unix has, and AWS has six: minute, hour, day-of-month, month, day-of-week and year.
              Make a rule for each of "cron(0 5 1 * ? *)" and "cron(0 5 ? * MON *)": one expression cannot say that either day will do. DBK-SCH-001
            cron(0 5 ? * 6L): it has 5 fields, as the cron of Unix has, and AWS has six: minute, hour, day-of-month, month, day-of-week and year.
              Write "cron(0 5 ? * 6L *)". DBK-SCH-001
            */15 * * * *: it has 5 fields, as the cron of Unix has, and AWS has six: minute, hour, day-of-month, month, day-of-week and year.
              Write "cron(0 * * * ? *)", because AWS Backup starts a rule once an hour at most. DBK-SCH-001
            */15 * 1 * 1: it has 5 fields, as the cron of Unix has, and AWS has six: minute, hour, day-of-month, month, day-of-week and year.
              Make a rule for each of "cron(0 * 1 * ? *)" and "cron(0 * ? * MON *)", because AWS Backup starts a rule once an hour at most: one expression cannot say that either day will do. DBK-SCH-001
            0 25 * * *: it has 5 fields, as the cron of Unix has, and AWS has six: minute, hour, day-of-month, month, day-of-week and year.
              Write it like "cron(0 5 ? * * *)", which is 05:00 of every day. DBK-SCH-001
            0 5 * * 8: it has 5 fields, as the cron of Unix has, and AWS has six: minute, hour, day-of-month, month, day-of-week and year.
              Write it like "cron(0 5 ? * * *)", which is 05:00 of every day. DBK-SCH-001
            0 5 * * */0: it has 5 fields, as the cron of Unix has, and AWS has six: minute, hour, day-of-month, month, day-of-week and year.
              Write it like "cron(0 5 ? * * *)", which is 05:00 of every day. DBK-SCH-001
            0 5 1 * MONDAY: it has 5 fields, as the cron of Unix has, and AWS has six: minute, hour, day-of-month, month, day-of-week and year.
              Write it like "cron(0 5 ? * * *)", which is 05:00 of every day. DBK-SCH-001
        "#]],
    );
}

#[test]
fn rates() {
    said(
        &[
            "rate(1 day)",
            "rate(7 days)",
            "rate(2 days)",
            "rate(27 days)",
            "rate(28 days)",
            "rate(364 days)",
            "rate(365 days)",
            "rate(1 hour)",
            "rate(2 hours)",
            "rate(5 hours)",
            "rate(23 hours)",
            "rate(24 hours)",
            "rate(25 hours)",
            "rate(30 minutes)",
            "rate(59 minutes)",
            "rate(60 minutes)",
            "rate(90 minutes)",
            "rate(0 days)",
            "rate(1 week)",
            "rate(day)",
        ],
        &expect![[r#"
            rate(1 day): rate(...) is a form of Amazon EventBridge, and AWS Backup takes cron(...) alone.
              Write "cron(0 5 ? * * *)", at the time of day that suits you. DBK-SCH-003
            rate(7 days): rate(...) is a form of Amazon EventBridge, and AWS Backup takes cron(...) alone.
              Write "cron(0 5 ? * SUN *)", on the day and at the time that suit you. DBK-SCH-003
            rate(2 days): rate(...) is a form of Amazon EventBridge, and AWS Backup takes cron(...) alone.
              Write "cron(0 5 1/2 * ? *)", which counts from the first of each month. DBK-SCH-003
            rate(27 days): rate(...) is a form of Amazon EventBridge, and AWS Backup takes cron(...) alone.
              Write "cron(0 5 1/27 * ? *)", which counts from the first of each month. DBK-SCH-003
            rate(28 days): rate(...) is a form of Amazon EventBridge, and AWS Backup takes cron(...) alone.
              Write "cron(0 5 1 * ? *)", which is once a month. DBK-SCH-003
            rate(364 days): rate(...) is a form of Amazon EventBridge, and AWS Backup takes cron(...) alone.
              Write "cron(0 5 1 * ? *)", which is once a month. DBK-SCH-003
            rate(365 days): rate(...) is a form of Amazon EventBridge, and AWS Backup takes cron(...) alone.
              Write "cron(0 5 1 1 ? *)", which is once a year. DBK-SCH-003
            rate(1 hour): rate(...) is a form of Amazon EventBridge, and AWS Backup takes cron(...) alone.
              Write "cron(0 * * * ? *)". DBK-SCH-003
            rate(2 hours): rate(...) is a form of Amazon EventBridge, and AWS Backup takes cron(...) alone.
              Write "cron(0 0/2 * * ? *)". DBK-SCH-003
            rate(5 hours): rate(...) is a form of Amazon EventBridge, and AWS Backup takes cron(...) alone.
              Write "cron(0 0/5 * * ? *)", which counts from midnight of each day. DBK-SCH-003
            rate(23 hours): rate(...) is a form of Amazon EventBridge, and AWS Backup takes cron(...) alone.
              Write "cron(0 0/23 * * ? *)", which counts from midnight of each day. DBK-SCH-003
            rate(24 hours): rate(...) is a form of Amazon EventBridge, and AWS Backup takes cron(...) alone.
              Write "cron(0 5 ? * * *)", at the time of day that suits you. DBK-SCH-003
            rate(25 hours): rate(...) is a form of Amazon EventBridge, and AWS Backup takes cron(...) alone.
              Write "cron(0 5 1/2 * ? *)", the nearest that whole days allow. DBK-SCH-003
            rate(30 minutes): rate(...) is a form of Amazon EventBridge, and AWS Backup takes cron(...) alone.
              Write "cron(0 * * * ? *)", because AWS Backup starts a rule once an hour at most. DBK-SCH-003
            rate(59 minutes): rate(...) is a form of Amazon EventBridge, and AWS Backup takes cron(...) alone.
              Write "cron(0 * * * ? *)", because AWS Backup starts a rule once an hour at most. DBK-SCH-003
            rate(60 minutes): rate(...) is a form of Amazon EventBridge, and AWS Backup takes cron(...) alone.
              Write "cron(0 * * * ? *)". DBK-SCH-003
            rate(90 minutes): rate(...) is a form of Amazon EventBridge, and AWS Backup takes cron(...) alone.
              Write "cron(0 0/2 * * ? *)", the nearest that whole hours allow. DBK-SCH-003
            rate(0 days): rate(...) is a form of Amazon EventBridge, and AWS Backup takes cron(...) alone.
              Write it like "cron(0 5 ? * * *)", which is 05:00 of every day. DBK-SCH-003
            rate(1 week): rate(...) is a form of Amazon EventBridge, and AWS Backup takes cron(...) alone.
              Write it like "cron(0 5 ? * * *)", which is 05:00 of every day. DBK-SCH-003
            rate(day): rate(...) is a form of Amazon EventBridge, and AWS Backup takes cron(...) alone.
              Write it like "cron(0 5 ? * * *)", which is 05:00 of every day. DBK-SCH-003
        "#]],
    );
}

#[test]
fn day_fields() {
    said(
        &[
            "cron(0 5 * * * *)",
            "cron(0 5 1 * * *)",
            "cron(0 5 * * MON *)",
            "cron(0 5 1 * MON *)",
            "cron(0 5 ? * ? *)",
            "cron(0/10 5 ? * ? *)",
            "cron(0/10 5 * * * *)",
        ],
        &expect![[r#"
            cron(0 5 * * * *): neither the day-of-month field, "*", nor the day-of-week field, "*", is "?", and exactly one of them must be.
              Write "cron(0 5 * * ? *)". DBK-SCH-002
            cron(0 5 1 * * *): neither the day-of-month field, "1", nor the day-of-week field, "*", is "?", and exactly one of them must be.
              Write "cron(0 5 1 * ? *)". DBK-SCH-002
            cron(0 5 * * MON *): neither the day-of-month field, "*", nor the day-of-week field, "MON", is "?", and exactly one of them must be.
              Write "cron(0 5 ? * MON *)". DBK-SCH-002
            cron(0 5 1 * MON *): neither the day-of-month field, "1", nor the day-of-week field, "MON", is "?", and exactly one of them must be.
              Make a rule for each of "cron(0 5 1 * ? *)" and "cron(0 5 ? * MON *)": one expression cannot say that either day will do. DBK-SCH-002
            cron(0 5 ? * ? *): the day-of-month and the day-of-week field are both "?", and exactly one of them must be.
              Write "cron(0 5 * * ? *)". DBK-SCH-002
            cron(0/10 5 ? * ? *): the day-of-month and the day-of-week field are both "?", and exactly one of them must be.
              Write "cron(0 5 * * ? *)", because AWS Backup starts a rule once an hour at most. DBK-SCH-002
            cron(0/10 5 * * * *): neither the day-of-month field, "*", nor the day-of-week field, "*", is "?", and exactly one of them must be.
              Write "cron(0 5 * * ? *)", because AWS Backup starts a rule once an hour at most. DBK-SCH-002
        "#]],
    );
}

#[test]
fn more_often_than_hourly() {
    said(
        &[
            "cron(0/30 * * * ? *)",
            "cron(15,45 1 * * ? *)",
            "cron(* 1 * * ? *)",
            "cron(58-59 1 * * ? *)",
        ],
        &expect![[r#"
            cron(0/30 * * * ? *): its minute field, "0/30", names 2 minutes of the hour, and AWS Backup starts a rule once an hour at most.
              Write "cron(0 * * * ? *)". DBK-SCH-004
            cron(15,45 1 * * ? *): its minute field, "15,45", names 2 minutes of the hour, and AWS Backup starts a rule once an hour at most.
              Write "cron(15 1 * * ? *)". DBK-SCH-004
            cron(* 1 * * ? *): its minute field, "*", names 60 minutes of the hour, and AWS Backup starts a rule once an hour at most.
              Write "cron(0 1 * * ? *)". DBK-SCH-004
            cron(58-59 1 * * ? *): its minute field, "58-59", names 2 minutes of the hour, and AWS Backup starts a rule once an hour at most.
              Write "cron(58 1 * * ? *)". DBK-SCH-004
        "#]],
    );
    // These name one minute.
    for minute in ["0", "59", "59/2", "30-30", "05", "7,7"] {
        schedule(&format!("cron({minute} * * * ? *)"));
    }
}

#[test]
fn fields_that_are_wrong() {
    said(
        &[
            "cron(60 5 ? * * *)",
            "cron(0 24 ? * * *)",
            "cron(0 5 0 * ? *)",
            "cron(0 5 1-32 * ? *)",
            "cron(0 5 1 13 ? *)",
            "cron(0 5 ? * 8 *)",
            "cron(0 5 ? * * 1969)",
            "cron(0 5 ? * * 2200)",
            "cron(99999999999999999999 5 ? * * *)",
            "cron(0 5 ? JULY * *)",
            "cron(0 five ? * * *)",
            "cron(0 1,,2 ? * * *)",
            "cron(0 -1 ? * * *)",
            "cron(0 +1 ? * * *)",
            "cron(0 0/0 ? * * *)",
            "cron(0 0/24 ? * * *)",
            "cron(0 0/x ? * * *)",
            "cron(0 5 1/+3 * ? *)",
            "cron(0 5 ? * * 2030-2026)",
            "cron(0 5 ? * * 2026/230)",
        ],
        &expect![[r#"
            cron(60 5 ? * * *): the minute field has the value 60, and its values are 0 to 59.
              Give the minute field one value from 0 to 59. DBK-SCH-005
            cron(0 24 ? * * *): the hour field has the value 24, and its values are 0 to 23.
              Give the hour field values from 0 to 23, or * for all of them. DBK-SCH-005
            cron(0 5 0 * ? *): the day-of-month field has the value 0, and its values are 1 to 31.
              Give the day-of-month field values from 1 to 31, or * for all of them. DBK-SCH-005
            cron(0 5 1-32 * ? *): the day-of-month field has the value 32, and its values are 1 to 31.
              Give the day-of-month field values from 1 to 31, or * for all of them. DBK-SCH-005
            cron(0 5 1 13 ? *): the month field has the value 13, and its values are 1 to 12 or JAN to DEC.
              Give the month field values from 1 to 12 or JAN to DEC, or * for all of them. DBK-SCH-005
            cron(0 5 ? * 8 *): the day-of-week field has the value 8, and its values are 1 to 7 or SUN to SAT.
              Give the day-of-week field values from 1 to 7 or SUN to SAT, or * for all of them. DBK-SCH-005
            cron(0 5 ? * * 1969): the year field has the value 1969, and its values are 1970 to 2199.
              Give the year field values from 1970 to 2199, or * for all of them. DBK-SCH-005
            cron(0 5 ? * * 2200): the year field has the value 2200, and its values are 1970 to 2199.
              Give the year field values from 1970 to 2199, or * for all of them. DBK-SCH-005
            cron(99999999999999999999 5 ? * * *): the minute field has the value 99999999999999999999, and its values are 0 to 59.
              Give the minute field one value from 0 to 59. DBK-SCH-005
            cron(0 5 ? JULY * *): the month field has "JULY", which is no value of it; its values are 1 to 12 or JAN to DEC.
              Give the month field values from 1 to 12 or JAN to DEC, or * for all of them. DBK-SCH-005
            cron(0 five ? * * *): the hour field has "five", which is no value of it; its values are 0 to 23.
              Give the hour field values from 0 to 23, or * for all of them. DBK-SCH-005
            cron(0 1,,2 ? * * *): the hour field has "", which is no value of it; its values are 0 to 23.
              Give the hour field values from 0 to 23, or * for all of them. DBK-SCH-005
            cron(0 -1 ? * * *): the hour field has "-1", which is no value of it; its values are 0 to 23.
              Give the hour field values from 0 to 23, or * for all of them. DBK-SCH-005
            cron(0 +1 ? * * *): the hour field has "+1", which is no value of it; its values are 0 to 23.
              Give the hour field values from 0 to 23, or * for all of them. DBK-SCH-005
            cron(0 0/0 ? * * *): the hour field has the step "0", and steps are 1 to 23.
              Write the start, a slash and a step from 1 to 23, like 0/2. DBK-SCH-005
            cron(0 0/24 ? * * *): the hour field has the step "24", and steps are 1 to 23.
              Write the start, a slash and a step from 1 to 23, like 0/2. DBK-SCH-005
            cron(0 0/x ? * * *): the hour field has the step "x", and steps are 1 to 23.
              Write the start, a slash and a step from 1 to 23, like 0/2. DBK-SCH-005
            cron(0 5 1/+3 * ? *): the day-of-month field has the step "+3", and steps are 1 to 31.
              Write the start, a slash and a step from 1 to 31, like 1/2. DBK-SCH-005
            cron(0 5 ? * * 2030-2026): the year field goes from 2030 to 2026, which is earlier.
              Write 2026-2030. DBK-SCH-005
            cron(0 5 ? * * 2026/230): the year field has the step "230", and steps are 1 to 229.
              Write the start, a slash and a step from 1 to 229, like 1970/2. DBK-SCH-005
        "#]],
    );
}

#[test]
fn wildcards_that_are_wrong() {
    said(
        &[
            "cron(? 1 1 1 ? *)",
            "cron(0 L ? * * *)",
            "cron(0 5 1,? * ? *)",
            "cron(0 5 1-* * ? *)",
            "cron(0 5 3#2 * ? *)",
            "cron(0 5 ? * MON/2 *)",
            "cron(0 5 ? * 2/2 *)",
            "cron(0 5 ? * 5W *)",
            "cron(0 5 * * MON ?)",
        ],
        &expect![[r#"
            cron(? 1 1 1 ? *): the minute field has "?", and it does not take ?; its wildcards are , - * /.
              Give the minute field one value from 0 to 59. DBK-SCH-005
            cron(0 L ? * * *): the hour field has "L", and it does not take L; its wildcards are , - * /.
              Give the hour field values from 0 to 23, or * for all of them. DBK-SCH-005
            cron(0 5 1,? * ? *): the day-of-month field has "?", and ? stands alone; its wildcards are , - * ? / L W.
              Give the day-of-month field values from 1 to 31, or * for all of them. DBK-SCH-005
            cron(0 5 1-* * ? *): the day-of-month field has "*", and * stands alone; its wildcards are , - * ? / L W.
              Give the day-of-month field values from 1 to 31, or * for all of them. DBK-SCH-005
            cron(0 5 3#2 * ? *): the day-of-month field has "3#2", and it does not take #; its wildcards are , - * ? / L W.
              Give the day-of-month field values from 1 to 31, or * for all of them. DBK-SCH-005
            cron(0 5 ? * MON/2 *): the day-of-week field has "MON/2", and it does not take /; its wildcards are , - * ? L #.
              Give the day-of-week field values from 1 to 7 or SUN to SAT, or * for all of them. DBK-SCH-005
            cron(0 5 ? * 2/2 *): the day-of-week field has "2/2", and it does not take /; its wildcards are , - * ? L #.
              Give the day-of-week field values from 1 to 7 or SUN to SAT, or * for all of them. DBK-SCH-005
            cron(0 5 ? * 5W *): the day-of-week field has "5W", and it does not take W; its wildcards are , - * ? L #.
              Give the day-of-week field values from 1 to 7 or SUN to SAT, or * for all of them. DBK-SCH-005
            cron(0 5 * * MON ?): the year field has "?", and it does not take ?; its wildcards are , - * /.
              Give the year field values from 1970 to 2199, or * for all of them. DBK-SCH-005
        "#]],
    );
}

#[test]
fn days_that_are_wrong() {
    said(
        &[
            "cron(0 5 3L * ? *)",
            "cron(0 5 L-3 * ? *)",
            "cron(0 5 W * ? *)",
            "cron(0 5 1-5W * ? *)",
            "cron(0 5 5WW * ? *)",
            "cron(0 5 WL * ? *)",
            "cron(0 5 32W * ? *)",
            "cron(0 5 ? * L6 *)",
            "cron(0 5 ? * 8L *)",
            "cron(0 5 ? * XL *)",
            "cron(0 5 ? * 3#0 *)",
            "cron(0 5 ? * 3#6 *)",
            "cron(0 5 ? * 3# *)",
            "cron(0 5 ? * #2 *)",
            "cron(0 5 ? * 8#2 *)",
            "cron(0 5 ? * 3#2#1 *)",
            "cron(0 5 ? * 3#+2 *)",
            "cron(0 5 ? * 3#1,6#3 *)",
            "cron(0 5 ? * MON,6#3 *)",
        ],
        &expect![[r##"
            cron(0 5 3L * ? *): the day-of-month field has "3L", and L is written alone, for the last day of the month, or as LW, for its last weekday.
              Write L or LW, or the days by their numbers. DBK-SCH-005
            cron(0 5 L-3 * ? *): the day-of-month field has "L-3", and L is written alone, for the last day of the month, or as LW, for its last weekday.
              Write L or LW, or the days by their numbers. DBK-SCH-005
            cron(0 5 W * ? *): the day-of-month field has "W", and W is written behind one day, like 15W for the weekday nearest to the 15th, or as LW for the last weekday of the month.
              Write one day and W, like 15W, or LW. DBK-SCH-005
            cron(0 5 1-5W * ? *): the day-of-month field has "1-5W", and W is written behind one day, like 15W for the weekday nearest to the 15th, or as LW for the last weekday of the month.
              Write one day and W, like 15W, or LW. DBK-SCH-005
            cron(0 5 5WW * ? *): the day-of-month field has "5WW", and W is written behind one day, like 15W for the weekday nearest to the 15th, or as LW for the last weekday of the month.
              Write one day and W, like 15W, or LW. DBK-SCH-005
            cron(0 5 WL * ? *): the day-of-month field has "WL", and W cannot stand there; its wildcards are , - * ? / L W.
              Give the day-of-month field values from 1 to 31, or * for all of them. DBK-SCH-005
            cron(0 5 32W * ? *): the day-of-month field has the value 32, and its values are 1 to 31.
              Give the day-of-month field values from 1 to 31, or * for all of them. DBK-SCH-005
            cron(0 5 ? * L6 *): the day-of-week field has "L6", and L is written behind one day, like 6L for the last Friday of the month, or alone for Saturday.
              Write one day and L, like 6L, or SAT for every Saturday. DBK-SCH-005
            cron(0 5 ? * 8L *): the day-of-week field has the value 8, and its values are 1 to 7 or SUN to SAT.
              Give the day-of-week field values from 1 to 7 or SUN to SAT, or * for all of them. DBK-SCH-005
            cron(0 5 ? * XL *): the day-of-week field has "XL", and L is written behind one day, like 6L for the last Friday of the month, or alone for Saturday.
              Write one day and L, like 6L, or SAT for every Saturday. DBK-SCH-005
            cron(0 5 ? * 3#0 *): the day-of-week field has "3#0", and # is written between a day and a number from 1 to 5, like 3#2 for the second Tuesday of the month.
              Write one day, # and a number, like 3#2. DBK-SCH-005
            cron(0 5 ? * 3#6 *): the day-of-week field has "3#6", and # is written between a day and a number from 1 to 5, like 3#2 for the second Tuesday of the month.
              Write one day, # and a number, like 3#2. DBK-SCH-005
            cron(0 5 ? * 3# *): the day-of-week field has "3#", and # is written between a day and a number from 1 to 5, like 3#2 for the second Tuesday of the month.
              Write one day, # and a number, like 3#2. DBK-SCH-005
            cron(0 5 ? * #2 *): the day-of-week field has "#2", and # is written between a day and a number from 1 to 5, like 3#2 for the second Tuesday of the month.
              Write one day, # and a number, like 3#2. DBK-SCH-005
            cron(0 5 ? * 8#2 *): the day-of-week field has the value 8, and its values are 1 to 7 or SUN to SAT.
              Give the day-of-week field values from 1 to 7 or SUN to SAT, or * for all of them. DBK-SCH-005
            cron(0 5 ? * 3#2#1 *): the day-of-week field has "3#2#1", and # is written between a day and a number from 1 to 5, like 3#2 for the second Tuesday of the month.
              Write one day, # and a number, like 3#2. DBK-SCH-005
            cron(0 5 ? * 3#+2 *): the day-of-week field has "3#+2", and # is written between a day and a number from 1 to 5, like 3#2 for the second Tuesday of the month.
              Write one day, # and a number, like 3#2. DBK-SCH-005
            cron(0 5 ? * 3#1,6#3 *): the day-of-week field has the list "3#1,6#3", and a day with # stands alone.
              Make a rule for each of them. DBK-SCH-005
            cron(0 5 ? * MON,6#3 *): the day-of-week field has the list "MON,6#3", and a day with # stands alone.
              Make a rule for each of them. DBK-SCH-005
        "##]],
    );
}

#[test]
fn every_id_is_given_by_its_faults_alone() {
    let field = ScheduleField::Hour;
    let value = || "24".to_owned();
    for (error, rule) in [
        (ScheduleError::NotCron, "DBK-SCH-001"),
        (
            ScheduleError::OutOfRange {
                field,
                value: value(),
            },
            "DBK-SCH-005",
        ),
        (
            ScheduleError::NotAValue {
                field,
                value: value(),
            },
            "DBK-SCH-005",
        ),
        (ScheduleError::BackwardYears { from: 2, to: 1 }, "DBK-SCH-005"),
    ] {
        assert_eq!(error.rule(), rule);
        assert_eq!(error.equivalent(), None);
    }
}

#[test]
fn lists_ranges_and_steps() {
    let hours = |field: &str| -> Vec<i16> {
        schedule(&format!("cron(0 {field} * * ? *)"))
            .hours
            .iter()
            .collect()
    };
    assert_eq!(hours("*"), (0..=23).collect::<Vec<_>>());
    assert_eq!(hours("7,3,07"), [3, 7]);
    assert_eq!(hours("22-1"), [0, 1, 22, 23]);
    assert_eq!(hours("9-17/4"), [9, 13, 17]);
    assert_eq!(hours("9-16/4"), [9, 13]);
    assert_eq!(hours("20-3/3"), [2, 20, 23]);
    assert_eq!(hours("5/9"), [5, 14, 23]);
    assert_eq!(hours("5/23"), [5]);
    assert_eq!(hours("*/12"), [0, 12]);
    assert_eq!(hours("5-5"), [5]);
    let months = |field: &str| -> Vec<i16> {
        schedule(&format!("cron(0 5 * {field} ? *)"))
            .months
            .iter()
            .collect()
    };
    assert_eq!(months("nov-Feb"), [1, 2, 11, 12]);
    assert_eq!(months("JAN,6,dec"), [1, 6, 12]);
    assert_eq!(months("1/12"), [1]);
    let years = |field: &str| -> Vec<i16> {
        schedule(&format!("cron(0 5 * * ? {field})"))
            .years
            .iter()
            .collect()
    };
    assert_eq!(years("2199,1970"), [1970, 2199]);
    assert_eq!(years("1970/229"), [1970, 2199]);
    assert_eq!(years("2030-2030"), [2030]);
    assert_eq!(years("*").len(), 230);
}

#[test]
fn spaces_of_any_length_separate_fields() {
    let spaced = schedule("cron( 0  5 \t? * * * )");
    assert_eq!(spaced.to_string(), "cron( 0  5 \t? * * * )");
    assert_eq!(spaced.as_str(), spaced.to_string());
    assert_eq!(spaced.hours, schedule("cron(0 5 ? * * *)").hours);
}

/// The days of a year on which a schedule runs, as `month-day`.
fn days(fields: &str, year: i16) -> Vec<String> {
    let text = format!("cron(0 5 {fields} {year})");
    let start = format!("{}-12-31T12:00:00Z", year - 1);
    let all = runs(&text, "UTC", &start, 400);
    all.iter().map(|it| it[9..14].to_owned()).collect()
}

#[test]
fn the_last_day_and_the_nearest_weekday_of_a_month() {
    // In 2026 the first is a Sunday in February, March and November, a Saturday in August.
    assert_eq!(days("L 1-3 ?", 2026), ["01-31", "02-28", "03-31"]);
    assert_eq!(days("L 2 ?", 2028), ["02-29"]);
    assert_eq!(
        days("LW * ?", 2026)[..5],
        ["01-30", "02-27", "03-31", "04-30", "05-29"]
    );
    assert_eq!(
        days("1W 7-12 ?", 2026),
        ["07-01", "08-03", "09-01", "10-01", "11-02", "12-01"]
    );
    // The 15th is a Sunday in February, March and November, a Saturday in August.
    assert_eq!(days("15W 2,8 ?", 2026), ["02-16", "08-14"]);
    // The 31st is a Saturday in January and October, a Sunday in May; other months have none or a weekday.
    assert_eq!(
        days("31W * ?", 2026),
        ["01-30", "03-31", "05-29", "07-31", "08-31", "10-30", "12-31"]
    );
    // The 28th of February 2027 is a Sunday at the end of its month; the 30th is in no February.
    assert_eq!(days("28W 2 ?", 2027), ["02-26"]);
    assert_eq!(days("30W 2 ?", 2027), [""; 0]);
    assert_eq!(days("1,L,15W 2 ?", 2026), ["02-01", "02-16", "02-28"]);
    assert_eq!(days("lw,l 2 ?", 2026), ["02-27", "02-28"]);
}

#[test]
fn days_of_the_week() {
    let january = |field: &str| days(&format!("? 1 {field}"), 2026);
    // The first of January 2026 is a Thursday.
    assert_eq!(january("1"), ["01-04", "01-11", "01-18", "01-25"]);
    assert_eq!(january("THU"), ["01-01", "01-08", "01-15", "01-22", "01-29"]);
    assert_eq!(january("SAT-MON")[..4], ["01-03", "01-04", "01-05", "01-10"]);
    assert_eq!(january("l"), january("SAT"));
    assert_eq!(january("6L"), ["01-30"]);
    assert_eq!(january("ThuL"), ["01-29"]);
    assert_eq!(january("SATL,SUN"), ["01-04", "01-11", "01-18", "01-25", "01-31"]);
    assert_eq!(january("3#2"), ["01-13"]);
    assert_eq!(january("thu#1"), ["01-01"]);
    assert_eq!(january("5#5"), ["01-29"]);
    assert_eq!(january("WED#1"), ["01-07"]);
    assert_eq!(january("SUN#5"), [""; 0]);
}

#[test]
fn a_run_comes_after_the_moment_and_not_at_it() {
    let daily = "cron(0 5 * * ? *)";
    assert_eq!(
        runs(daily, "UTC", "2025-11-20T05:00:00Z", 2),
        ["Fri 2025-11-21T05:00+00:00", "Sat 2025-11-22T05:00+00:00"]
    );
    assert_eq!(
        runs(daily, "UTC", "2025-11-20T04:59:59.999Z", 1),
        ["Thu 2025-11-20T05:00+00:00"]
    );
    // It is another day elsewhere.
    assert_eq!(
        runs(daily, "Pacific/Auckland", "2025-11-20T15:59:59Z", 2),
        ["Fri 2025-11-21T05:00+13:00", "Sat 2025-11-22T05:00+13:00"]
    );
    assert_eq!(
        runs(
            "cron(30 20,22 L 12 ? 2026/2)",
            "America/New_York",
            "2026-12-31T00:00:00Z",
            3
        ),
        [
            "Thu 2026-12-31T20:30-05:00",
            "Thu 2026-12-31T22:30-05:00",
            "Sun 2028-12-31T20:30-05:00"
        ]
    );
}

#[test]
fn where_clocks_are_put_forward_a_run_shifts_and_none_comes_twice() {
    // In Berlin 02:00 becomes 03:00 on 2026-03-29.
    assert_eq!(
        runs("cron(30 2 * * ? *)", "Europe/Berlin", "2026-03-28T00:00:00Z", 3),
        [
            "Sat 2026-03-28T02:30+01:00",
            "Sun 2026-03-29T03:30+02:00",
            "Mon 2026-03-30T02:30+02:00"
        ]
    );
    assert_eq!(
        runs("cron(30 1-4 * * ? *)", "Europe/Berlin", "2026-03-29T00:00:00Z", 3),
        [
            "Sun 2026-03-29T01:30+01:00",
            "Sun 2026-03-29T03:30+02:00",
            "Sun 2026-03-29T04:30+02:00"
        ]
    );
    // At Troll it is two hours, so that a shifted run may pass another.
    assert_eq!(
        runs(
            "cron(30 2,3 * * ? *)",
            "Antarctica/Troll",
            "2026-03-29T00:00:00Z",
            2
        ),
        ["Sun 2026-03-29T03:30+02:00", "Sun 2026-03-29T04:30+02:00"]
    );
    // In Samoa there was no 2011-12-30; its run shifts into the next day, on which the next one falls.
    assert_eq!(
        runs("cron(0 5 * * ? *)", "Pacific/Apia", "2011-12-29T00:00:00Z", 3),
        [
            "Thu 2011-12-29T05:00-10:00",
            "Sat 2011-12-31T05:00+14:00",
            "Sun 2012-01-01T05:00+14:00"
        ]
    );
    assert_eq!(
        runs("cron(0 5 30 * ? *)", "Pacific/Apia", "2011-12-30T12:00:00Z", 1),
        ["Sat 2011-12-31T05:00+14:00"]
    );
}

#[test]
fn where_clocks_are_put_back_the_first_of_two_counts() {
    // In Berlin 03:00 becomes 02:00 on 2026-10-25.
    assert_eq!(
        runs("cron(30 * * * ? *)", "Europe/Berlin", "2026-10-24T23:00:00Z", 4),
        [
            "Sun 2026-10-25T01:30+02:00",
            "Sun 2026-10-25T02:30+02:00",
            "Sun 2026-10-25T03:30+01:00",
            "Sun 2026-10-25T04:30+01:00"
        ]
    );
    // Between the two 02:30, the next run is on the next day.
    assert_eq!(
        runs("cron(30 2 * * ? *)", "Europe/Berlin", "2026-10-25T01:00:00Z", 1),
        ["Mon 2026-10-26T02:30+01:00"]
    );
}

#[test]
fn what_never_runs_is_told() {
    let after: Timestamp = "2025-11-20T09:00:00Z".parse().expect("a moment");
    let never = |text: &str| {
        let error = schedule(text)
            .check_runs_after(after, &zone("Europe/Berlin"))
            .expect_err(text);
        assert_eq!(error.rule(), "DBK-SCH-006");
        format!("{error}. {}", error.fix())
    };
    let no_day = "no day from 1970 to 2199 is one of its days. Give a day that its months have; L in the \
                  day-of-month field is the last day of each month.";
    for fields in [
        "31 2 ? *",
        "30 FEB ? *",
        "31 4,6,9,11 ? *",
        "30W 2 ? *",
        "29 2 ? 2100",
    ] {
        assert_eq!(never(&format!("cron(0 5 {fields})")), no_day);
    }
    assert_eq!(
        never("cron(0 5,23 * * ? 2020-2024)"),
        "its last run is at 2024-12-31T23:00:00+01:00. Let the year field reach further, or make it * for every year."
    );
    assert_eq!(
        never("cron(0 10 20 11 ? 2025)"),
        "its last run is at 2025-11-20T10:00:00+01:00. Let the year field reach further, or make it * for every year."
    );
    assert_eq!(
        schedule("cron(1 10 20 11 ? 2025)").check_runs_after(after, &zone("Europe/Berlin")),
        Ok(())
    );
    let end: Timestamp = "2199-12-31T05:00:00Z".parse().expect("a moment");
    let over = schedule("cron(0 5 * * ? *)").check_runs_after(end, &zone("UTC"));
    assert!(matches!(over, Err(NeverRuns::Over { .. })), "{over:?}");
}

#[test]
fn rare_days_are_found() {
    assert_eq!(
        runs("cron(0 5 29 2 ? *)", "UTC", "2096-03-01T00:00:00Z", 2),
        ["Fri 2104-02-29T05:00+00:00", "Wed 2108-02-29T05:00+00:00"]
    );
    assert_eq!(
        runs("cron(0 5 ? 2 6#5 *)", "UTC", "2025-01-01T00:00:00Z", 1),
        ["Fri 2036-02-29T05:00+00:00"]
    );
    assert_eq!(
        runs("cron(59 23 31 12 ? 2199)", "UTC", "1970-01-01T00:00:00Z", 5),
        ["Tue 2199-12-31T23:59+00:00"]
    );
    for (after, count) in [(Timestamp::MIN, 1), (Timestamp::MAX, 0)] {
        let kiribati = zone("Pacific/Kiritimati");
        let found = schedule("cron(0 5 * * ? *)")
            .runs_after(after, &kiribati)
            .take(1)
            .count();
        assert_eq!(found, count, "{after}");
    }
}

#[test]
fn a_time_zone_is_named_letter_for_letter() {
    for name in [
        "UTC",
        "Europe/Berlin",
        "America/Argentina/Ushuaia",
        "Etc/GMT+5",
        "CET",
    ] {
        let zone = zone(name);
        assert_eq!((zone.as_str(), zone.to_string()), (name, name.to_owned()));
    }
    assert_eq!(ScheduleTimeZone::default(), zone("UTC"));
    let said = |name: &str| {
        let error = ScheduleTimeZone::parse(name).expect_err(name);
        assert_eq!(error.rule(), "DBK-SCH-007");
        format!("{error}. {}", error.fix())
    };
    let general = "Write the name of a place, like \"Europe/Berlin\", or \"UTC\"; an offset or an abbreviation does \
                   not tell when clocks change.";
    for name in [
        "",
        "CET+1",
        "+01:00",
        "UTC+1",
        "CEST",
        "Mars/Olympus_Mons",
        "America/Argentina/ComodRivadaviaxxxxxxxxx",
        &"x".repeat(1000),
    ] {
        assert_eq!(
            said(name),
            format!("{name:?} is not the IANA name of a time zone. {general}")
        );
    }
    for (name, meant) in [
        ("europe/berlin", "Europe/Berlin"),
        ("Europe/Berln", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("utc", "UTC"),
        ("Europe/Berlin ", "Europe/Berlin"),
        // As long as a name may be that is compared with all others.
        (
            "America/Argentina/ComodRivadaviaxxxxxxxx",
            "America/Argentina/ComodRivadavia",
        ),
    ] {
        assert_eq!(
            said(name),
            format!(
                "{name:?} is not the IANA name of a time zone. Write {meant:?}, if that is what is meant."
            )
        );
    }
}
