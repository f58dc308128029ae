//! `schedule_next`.

use expect_test::expect;

use crate::{gives, refuses};

/// A call of `schedule_next` in UTC for one run after a moment of 2025.
fn next(schedule: &str) -> String {
    format!("schedule_next({schedule:?}, null, \"2025-11-20T09:00:00Z\", 1)")
}

#[test]
fn schedule_next_in_time_zones() {
    gives(
        r#"
output "hourly_as_clocks_are_put_forward" {
  value = provider::dynamodb::schedule_next("cron(30 0-4 ? * * *)", "Europe/Berlin", "2026-03-28T23:00:00Z", 4)
}
output "hourly_as_clocks_are_put_back" {
  value = provider::dynamodb::schedule_next("cron(30 1-3 ? * * *)", "America/New_York", "2026-11-01T04:00:00Z", 3)
}
output "last_friday_of_the_month" {
  value = provider::dynamodb::schedule_next("cron(0 18 ? * 6L *)", "Asia/Kolkata", "2026-01-01T00:00:00Z", 2)
}
output "as_long_as_its_years_last" {
  value = provider::dynamodb::schedule_next("cron(0 5 1 1,7 ? 2027)", null, "2026-01-01T00:00:00Z", 1000)
}
"#,
        &expect![[r#"
            as_long_as_its_years_last = tolist([
              "2027-01-01T05:00:00Z",
              "2027-07-01T05:00:00Z",
            ])
            hourly_as_clocks_are_put_back = tolist([
              "2026-11-01T01:30:00-04:00",
              "2026-11-01T02:30:00-05:00",
              "2026-11-01T03:30:00-05:00",
            ])
            hourly_as_clocks_are_put_forward = tolist([
              "2026-03-29T00:30:00+01:00",
              "2026-03-29T01:30:00+01:00",
              "2026-03-29T03:30:00+02:00",
              "2026-03-29T04:30:00+02:00",
            ])
            last_friday_of_the_month = tolist([
              "2026-01-30T18:00:00+05:30",
              "2026-02-27T18:00:00+05:30",
            ])
        "#]],
    );
}

#[test]
fn schedule_next_refuses_what_aws_backup_refuses() {
    refuses(
        &[
            &next("0 5 * * *"),
            &next("30 8 1 * 1-5"),
            &next("rate(12 hours)"),
            &next("cron(0 5 ? * ? *)"),
            &next("cron(0 5 * * * *)"),
            &next("cron(0/30 * * * ? *)"),
            &next("cron(0 5 ? * 0 *)"),
            &next("cron(0 5 ? * 6#6 *)"),
        ],
        &expect![[r#"
            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::schedule_next("0 5 * * *", null, "2025-11-20T09:00:00Z", 1)
                ├────────────────
                │ while calling provider::dynamodb::schedule_next(schedule, timezone, after, count)

            Invalid value for "schedule" parameter: "0 5 * * *" is not a schedule of AWS
            Backup: it has 5 fields, as the cron of Unix has, and AWS has six: minute,
            hour, day-of-month, month, day-of-week and year.

            Write "cron(0 5 * * ? *)".

            Rule DBK-SCH-001 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SCH-001.md.

            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::schedule_next("30 8 1 * 1-5", null, "2025-11-20T09:00:00Z", 1)
                ├────────────────
                │ while calling provider::dynamodb::schedule_next(schedule, timezone, after, count)

            Invalid value for "schedule" parameter: "30 8 1 * 1-5" is not a schedule of
            AWS Backup: it has 5 fields, as the cron of Unix has, and AWS has six:
            minute, hour, day-of-month, month, day-of-week and year.

            Make a rule for each of "cron(30 8 1 * ? *)" and "cron(30 8 ? * MON-FRI *)":
            one expression cannot say that either day will do.

            Rule DBK-SCH-001 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SCH-001.md.

            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::schedule_next("rate(12 hours)", null, "2025-11-20T09:00:00Z", 1)
                ├────────────────
                │ while calling provider::dynamodb::schedule_next(schedule, timezone, after, count)

            Invalid value for "schedule" parameter: "rate(12 hours)" is not a schedule of
            AWS Backup: rate(...) is a form of Amazon EventBridge, and AWS Backup takes
            cron(...) alone.

            Write "cron(0 0/12 * * ? *)".

            Rule DBK-SCH-003 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SCH-003.md.

            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::schedule_next("cron(0 5 ? * ? *)", null, "2025-11-20T09:00:00Z", 1)
                ├────────────────
                │ while calling provider::dynamodb::schedule_next(schedule, timezone, after, count)

            Invalid value for "schedule" parameter: "cron(0 5 ? * ? *)" is not a schedule
            of AWS Backup: the day-of-month and the day-of-week field are both "?", and
            exactly one of them must be.

            Write "cron(0 5 * * ? *)".

            Rule DBK-SCH-002 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SCH-002.md.

            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::schedule_next("cron(0 5 * * * *)", null, "2025-11-20T09:00:00Z", 1)
                ├────────────────
                │ while calling provider::dynamodb::schedule_next(schedule, timezone, after, count)

            Invalid value for "schedule" parameter: "cron(0 5 * * * *)" is not a schedule
            of AWS Backup: neither the day-of-month field, "*", nor the day-of-week
            field, "*", is "?", and exactly one of them must be.

            Write "cron(0 5 * * ? *)".

            Rule DBK-SCH-002 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SCH-002.md.

            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::schedule_next("cron(0/30 * * * ? *)", null, "2025-11-20T09:00:00Z", 1)
                ├────────────────
                │ while calling provider::dynamodb::schedule_next(schedule, timezone, after, count)

            Invalid value for "schedule" parameter: "cron(0/30 * * * ? *)" is not a
            schedule of AWS Backup: its minute field, "0/30", names 2 minutes of the
            hour, and AWS Backup starts a rule once an hour at most.

            Write "cron(0 * * * ? *)".

            Rule DBK-SCH-004 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SCH-004.md.

            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::schedule_next("cron(0 5 ? * 0 *)", null, "2025-11-20T09:00:00Z", 1)
                ├────────────────
                │ while calling provider::dynamodb::schedule_next(schedule, timezone, after, count)

            Invalid value for "schedule" parameter: "cron(0 5 ? * 0 *)" is not a schedule
            of AWS Backup: the day-of-week field has the value 0, and its values are 1 to
            7 or SUN to SAT.

            Give the day-of-week field values from 1 to 7 or SUN to SAT, or * for all of
            them.

            Rule DBK-SCH-005 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SCH-005.md.

            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::schedule_next("cron(0 5 ? * 6#6 *)", null, "2025-11-20T09:00:00Z", 1)
                ├────────────────
                │ while calling provider::dynamodb::schedule_next(schedule, timezone, after, count)

            Invalid value for "schedule" parameter: "cron(0 5 ? * 6#6 *)" is not a
            schedule of AWS Backup: the day-of-week field has "6#6", and # is written
            between a day and a number from 1 to 5, like 3#2 for the second Tuesday of
            the month.

            Write one day, # and a number, like 3#2.

            Rule DBK-SCH-005 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SCH-005.md.
        "#]],
    );
}

#[test]
fn schedule_next_refuses_what_never_runs() {
    refuses(
        &[&next("cron(0 5 31 2 ? *)"), &next("cron(0 5 * * ? 2024)")],
        &expect![[r#"
            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::schedule_next("cron(0 5 31 2 ? *)", null, "2025-11-20T09:00:00Z", 1)
                ├────────────────
                │ while calling provider::dynamodb::schedule_next(schedule, timezone, after, count)

            Invalid value for "schedule" parameter: "cron(0 5 31 2 ? *)" never runs after
            2025-11-20T09:00:00Z: no day from 1970 to 2199 is one of its days.

            Give a day that its months have; L in the day-of-month field is the last day
            of each month.

            Rule DBK-SCH-006 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SCH-006.md.

            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::schedule_next("cron(0 5 * * ? 2024)", null, "2025-11-20T09:00:00Z", 1)
                ├────────────────
                │ while calling provider::dynamodb::schedule_next(schedule, timezone, after, count)

            Invalid value for "schedule" parameter: "cron(0 5 * * ? 2024)" never runs
            after 2025-11-20T09:00:00Z: its last run is at 2024-12-31T05:00:00+00:00.

            Let the year field reach further, or make it * for every year.

            Rule DBK-SCH-006 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SCH-006.md.
        "#]],
    );
}

#[test]
fn schedule_next_refuses_other_arguments() {
    let daily = "schedule_next(\"cron(0 5 * * ? *)\"";
    refuses(
        &[
            &format!("{daily}, \"CET+1\", \"2025-11-20T09:00:00Z\", 1)"),
            &format!("{daily}, \"Berlin\", \"2025-11-20T09:00:00Z\", 1)"),
            &format!("{daily}, null, \"2025-11-20 09:00\", 1)"),
            &format!("{daily}, null, \"2025-11-20T09:00:00\", 1)"),
            &format!("{daily}, null, \"2025-11-20T09:00:00Z\", 0)"),
            &format!("{daily}, null, \"2025-11-20T09:00:00Z\", 1.5)"),
            "schedule_next(null, null, \"2025-11-20T09:00:00Z\", 1)",
        ],
        &expect![[r#"
            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::schedule_next("cron(0 5 * * ? *)", "CET+1", "2025-11-20T09:00:00Z", 1)
                ├────────────────
                │ while calling provider::dynamodb::schedule_next(schedule, timezone, after, count)

            Invalid value for "timezone" parameter: "CET+1" is not the IANA name of a
            time zone.

            Write the name of a place, like "Europe/Berlin", or "UTC"; an offset or an
            abbreviation does not tell when clocks change.

            Rule DBK-SCH-007 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SCH-007.md.

            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::schedule_next("cron(0 5 * * ? *)", "Berlin", "2025-11-20T09:00:00Z", 1)
                ├────────────────
                │ while calling provider::dynamodb::schedule_next(schedule, timezone, after, count)

            Invalid value for "timezone" parameter: "Berlin" is not the IANA name of a
            time zone.

            Write "Europe/Berlin", if that is what is meant.

            Rule DBK-SCH-007 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SCH-007.md.

            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::schedule_next("cron(0 5 * * ? *)", null, "2025-11-20 09:00", 1)
                ├────────────────
                │ while calling provider::dynamodb::schedule_next(schedule, timezone, after, count)

            Invalid value for "after" parameter: "2025-11-20 09:00" is not a moment: it
            does not have the form 2026-01-31T08:30:00Z.

            Write a date and time of RFC 3339, like "2026-01-31T08:30:00Z" or
            "2026-01-31T09:30:00+01:00".

            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::schedule_next("cron(0 5 * * ? *)", null, "2025-11-20T09:00:00", 1)
                ├────────────────
                │ while calling provider::dynamodb::schedule_next(schedule, timezone, after, count)

            Invalid value for "after" parameter: "2025-11-20T09:00:00" is not a moment:
            it has no time zone.

            Write "2025-11-20T09:00:00Z" if it is meant in UTC.

            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::schedule_next("cron(0 5 * * ? *)", null, "2025-11-20T09:00:00Z", 0)
                ├────────────────
                │ while calling provider::dynamodb::schedule_next(schedule, timezone, after, count)

            Invalid value for "count" parameter: 0 runs cannot be asked for at once, only
            1 to 1000.

            Give a number from 1 to 1000.

            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::schedule_next("cron(0 5 * * ? *)", null, "2025-11-20T09:00:00Z", 1.5)
                ├────────────────
                │ while calling provider::dynamodb::schedule_next(schedule, timezone, after, count)

            Invalid value for "count" parameter: 1.5 is not a whole number of runs.

            Give a whole number of runs, without a fraction.

            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::schedule_next(null, null, "2025-11-20T09:00:00Z", 1)
                ├────────────────
                │ while calling provider::dynamodb::schedule_next(schedule, timezone, after, count)

            Invalid value for "schedule" parameter: argument must not be null.
        "#]],
    );
}
