//! `lifecycle_dates`.

use expect_test::expect;

use crate::{gives, refuses};

#[test]
fn lifecycle_dates_of_what_is_never() {
    gives(
        r#"
output "all" {
  value = [
    for it in [[30, 120], [1, 91], [8, -1], [8, null], [null, 35], [null, null]] :
    provider::dynamodb::lifecycle_dates("2026-01-31T06:00:00+01:00", it[0], it[1])
  ]
}
"#,
        &expect![[r#"
            all = [
              {
                "cold_storage_at" = "2026-03-02T05:00:00Z"
                "delete_at" = "2026-05-31T05:00:00Z"
              },
              {
                "cold_storage_at" = "2026-02-01T05:00:00Z"
                "delete_at" = "2026-05-02T05:00:00Z"
              },
              {
                "cold_storage_at" = "2026-02-08T05:00:00Z"
                "delete_at" = tostring(null)
              },
              {
                "cold_storage_at" = "2026-02-08T05:00:00Z"
                "delete_at" = tostring(null)
              },
              {
                "cold_storage_at" = tostring(null)
                "delete_at" = "2026-03-07T05:00:00Z"
              },
              {
                "cold_storage_at" = tostring(null)
                "delete_at" = tostring(null)
              },
            ]
        "#]],
    );
}

#[test]
fn lifecycle_dates_refuses() {
    let of = |days: &str| format!("lifecycle_dates(\"2026-01-31T05:00:00Z\", {days})");
    refuses(
        &[
            &of("30, 60"),
            &of("30, 119"),
            &of("null, 0"),
            &of("0, null"),
            &of("null, 36501"),
            "lifecycle_dates(null, 30, 120)",
        ],
        &expect![[r#"
            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::lifecycle_dates("2026-01-31T05:00:00Z", 30, 60)
                ├────────────────
                │ while calling provider::dynamodb::lifecycle_dates(created_at, move_to_cold_storage_after_days, delete_after_days)

            Invalid value for "delete_after_days" parameter: a recovery point moved to
            cold storage after 30 days and deleted after 60 days would stay there for 30
            days, and AWS requires 90 days there at least.

            Set delete_after_days to 120 or more, or leave
            move_to_cold_storage_after_days out (null) to keep the recovery points in
            warm storage.

            Rule DBK-LFC-002 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-LFC-002.md.

            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::lifecycle_dates("2026-01-31T05:00:00Z", 30, 119)
                ├────────────────
                │ while calling provider::dynamodb::lifecycle_dates(created_at, move_to_cold_storage_after_days, delete_after_days)

            Invalid value for "delete_after_days" parameter: a recovery point moved to
            cold storage after 30 days and deleted after 119 days would stay there for 89
            days, and AWS requires 90 days there at least.

            Set delete_after_days to 120 or more, or set move_to_cold_storage_after_days
            to 29 or less, or leave move_to_cold_storage_after_days out (null) to keep
            the recovery points in warm storage.

            Rule DBK-LFC-002 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-LFC-002.md.

            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::lifecycle_dates("2026-01-31T05:00:00Z", null, 0)
                ├────────────────
                │ while calling provider::dynamodb::lifecycle_dates(created_at, move_to_cold_storage_after_days, delete_after_days)

            Invalid value for "delete_after_days" parameter: delete_after_days is 0, and
            AWS takes 1 at least; "never" is said by leaving it out (null), not by 0.

            Set delete_after_days to 1 to 36500, or leave it out (null) to keep the
            recovery points until somebody deletes them.

            Rule DBK-LFC-010 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-LFC-010.md.

            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::lifecycle_dates("2026-01-31T05:00:00Z", 0, null)
                ├────────────────
                │ while calling provider::dynamodb::lifecycle_dates(created_at, move_to_cold_storage_after_days, delete_after_days)

            Invalid value for "move_to_cold_storage_after_days" parameter:
            move_to_cold_storage_after_days is 0, and AWS takes 1 at least; "never" is
            said by leaving it out (null), not by 0.

            Set move_to_cold_storage_after_days to 1 or more, or leave it out (null) to
            keep the recovery points in warm storage.

            Rule DBK-LFC-010 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-LFC-010.md.

            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::lifecycle_dates("2026-01-31T05:00:00Z", null, 36501)
                ├────────────────
                │ while calling provider::dynamodb::lifecycle_dates(created_at, move_to_cold_storage_after_days, delete_after_days)

            Invalid value for "delete_after_days" parameter: delete_after_days is 36501,
            and AWS takes 1 to 36500 days, or -1 for never.

            Set delete_after_days to 1 to 36500, or leave it out (null) to keep the
            recovery points until somebody deletes them.

            Rule DBK-LFC-001 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-LFC-001.md.

            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::lifecycle_dates(null, 30, 120)
                ├────────────────
                │ while calling provider::dynamodb::lifecycle_dates(created_at, move_to_cold_storage_after_days, delete_after_days)

            Invalid value for "created_at" parameter: argument must not be null.
        "#]],
    );
}
