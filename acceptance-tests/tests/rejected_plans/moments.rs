//! The moment that a restore goes back to. `orders` has been recoverable since 2040-11-10T09:00:00Z, and it is
//! 2040-11-20T09:00:00Z.

use acceptance_tests::backend;
use expect_test::expect;

use crate::scene::{Scene, restored};

#[test]
fn exactly_one() {
    let scene = Scene::with_orders(backend!(PitrWindow, Restores, Control));
    scene.refuses(
        &at(""),
        &expect![[r#"
        Error: Restore to a point in time needs exactly one moment

          with dynamodb_restored_table.copy,
          on main.tf line 4, in resource "dynamodb_restored_table" "copy":
           4:     point_in_time = {

        point_in_time says which table, but not when: it has neither time nor latest.

        Add time = "2025-11-19T09:00:00Z" for that very second, or latest = true for
        the latest moment that can be restored, about five minutes before the apply.

        Rule DBK-RPT-001 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RPT-001.md
    "#]],
    );
    scene.refuses(
        &at("latest     = false"),
        &expect![[r#"
        Error: Restore to a point in time needs exactly one moment

          with dynamodb_restored_table.copy,
          on main.tf line 4, in resource "dynamodb_restored_table" "copy":
           4:     point_in_time = {

        point_in_time has latest = false and no time, so it names no moment.

        Write time = "2025-11-19T09:00:00Z" for that very second, or latest = true
        for the latest moment that can be restored, about five minutes before the
        apply.

        Rule DBK-RPT-001 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RPT-001.md
    "#]],
    );
    scene.refuses(
        &at("time       = \"2040-11-19T09:00:00Z\"\n      latest     = true"),
        &expect![[r#"
        Error: Restore to a point in time needs exactly one moment

          with dynamodb_restored_table.copy,
          on main.tf line 4, in resource "dynamodb_restored_table" "copy":
           4:     point_in_time = {

        point_in_time asks for the time "2040-11-19T09:00:00Z" and, with latest =
        true, for the latest moment as well.

        Keep one of them: time = "2025-11-19T09:00:00Z" for that very second, or
        latest = true for the latest moment that can be restored, about five minutes
        before the apply.

        Rule DBK-RPT-001 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RPT-001.md
    "#]],
    );
}

#[test]
fn inside_the_window() {
    let scene = Scene::with_orders(backend!(PitrWindow, Restores, Control));
    let to = |time: &str| at(&format!("time       = {time:?}"));
    scene.refuses(
        &to("2040-11-01T09:00:00Z"),
        &expect![[r#"
        Error: Moment to restore lies outside the restorable window

          with dynamodb_restored_table.copy,
          on main.tf line 4, in resource "dynamodb_restored_table" "copy":
           4:     point_in_time = {

        time is 2040-11-01T09:00:00Z. The table can be restored to any second from
        2040-11-10T09:00:00Z to 2040-11-20T08:55:00Z: the time is 9 days too early.
        The history before was never kept, or is gone.

        Set time = "2040-11-10T09:00:00Z" or later, or restore a backup of that time:
        source = { backup_arn = "arn:…" }.

        Rule DBK-RPT-007 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RPT-007.md
    "#]],
    );
    scene.refuses(
        &to("2040-11-20T08:57:30Z"),
        &expect![[r#"
            Error: Moment to restore lies outside the restorable window

              with dynamodb_restored_table.copy,
              on main.tf line 4, in resource "dynamodb_restored_table" "copy":
               4:     point_in_time = {

            time is 2040-11-20T08:57:30Z. The table can be restored to any second from
            2040-11-10T09:00:00Z to 2040-11-20T08:55:00Z: the time is 2 minutes 25
            seconds too late. The window trails the present by about five minutes.

            Plan again after 2040-11-20T09:02:30Z, set time = "2040-11-20T08:55:00Z" or
            earlier, or write latest = true instead.

            Rule DBK-RPT-007 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RPT-007.md
        "#]],
    );
    scene.refuses(
        &to("2040-11-20T10:30:30Z"),
        &expect![[r#"
            Error: Moment to restore is in the future

              with dynamodb_restored_table.copy,
              on main.tf line 4, in resource "dynamodb_restored_table" "copy":
               4:     point_in_time = {

            time is 2040-11-20T10:30:30Z, and it is 2040-11-20T09:00:00Z now: that moment
            comes in 1 hour 30 minutes. Only the past can be restored.

            Correct time, its zone above all, or write latest = true instead.

            Rule DBK-RPT-003 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RPT-003.md
        "#]],
    );
    scene.refuses(
        &to("2040-09-20T09:00:00Z"),
        &expect![[r#"
        Error: Moment to restore is too long ago

          with dynamodb_restored_table.copy,
          on main.tf line 4, in resource "dynamodb_restored_table" "copy":
           4:     point_in_time = {

        time is 2040-09-20T09:00:00Z, 61 days ago. DynamoDB keeps the history of a
        table for 35 days at most, so today nothing before 2040-10-16T09:00:00Z can
        be restored.

        Look for a backup of that time and write source = { backup_arn = "arn:…" }:
        aws dynamodb list-backups --table-name orders --backup-type ALL

        Rule DBK-RPT-004 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RPT-004.md
    "#]],
    );
}

#[test]
fn a_time_with_a_zone() {
    let scene = Scene::with_orders(backend!(PitrWindow, Restores, Control));
    let to = |time: &str| at(&format!("time       = {time:?}"));
    scene.refuses(
        &to("2040-11-19T09:00:00"),
        &expect![[r#"
        Error: Moment to restore is not a time in whole seconds with a zone

          with dynamodb_restored_table.copy,
          on main.tf line 4, in resource "dynamodb_restored_table" "copy":
           4:     point_in_time = {

        time is "2040-11-19T09:00:00", which has no time zone: it means another
        moment on every machine.

        Write time = "2040-11-19T09:00:00Z" if UTC is meant, or end it with an offset
        such as +01:00.

        Rule DBK-RPT-002 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RPT-002.md
    "#]],
    );
    scene.refuses(
        &to("yesterday"),
        &expect![[r#"
        Error: Moment to restore is not a time in whole seconds with a zone

          with dynamodb_restored_table.copy,
          on main.tf line 4, in resource "dynamodb_restored_table" "copy":
           4:     point_in_time = {

        time is "yesterday", which is not a moment: it does not have the form
        2026-01-31T08:30:00Z.

        Write it as date, "T", time and zone, for example time =
        "2025-11-19T09:00:00Z".

        Rule DBK-RPT-002 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RPT-002.md
    "#]],
    );
    scene.refuses(
        &to("2040-02-30T09:00:00Z"),
        &expect![[r#"
        Error: Moment to restore is not a time in whole seconds with a zone

          with dynamodb_restored_table.copy,
          on main.tf line 4, in resource "dynamodb_restored_table" "copy":
           4:     point_in_time = {

        time is "2040-02-30T09:00:00Z", which is not a moment: there is no such
        moment.

        Write it as date, "T", time and zone, for example time =
        "2025-11-19T09:00:00Z".

        Rule DBK-RPT-002 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RPT-002.md
    "#]],
    );
    scene.warns(
        &to("2040-11-19T09:30:15.5Z"),
        &expect![[r#"
        Warning: Moment to restore is not a time in whole seconds with a zone

          with dynamodb_restored_table.copy,
          on main.tf line 4, in resource "dynamodb_restored_table" "copy":
           4:     point_in_time = {

        time is "2040-11-19T09:30:15.5Z". DynamoDB restores whole seconds and drops
        the fraction.

        Write time = "2040-11-19T09:30:15Z".

        Rule DBK-RPT-002 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RPT-002.md

        (and one more similar warning elsewhere)
    "#]],
    );
}

fn at(moment: &str) -> String {
    restored(
        &format!("{{\n    point_in_time = {{\n      table_name = \"orders\"\n      {moment}\n    }}\n  }}"),
        "  carry_over = [\"point_in_time_recovery\"]\n",
    )
}
