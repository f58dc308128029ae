//! The functions, called by the real terraform: what they give, and what the user reads when an argument is wrong.
//!
//! No AWS is there, no Region and no credentials: functions need none.

#[path = "functions/arns.rs"]
mod arns;
#[path = "functions/lifecycles.rs"]
mod lifecycles;
#[path = "functions/schedules.rs"]
mod schedules;

use std::fs;
use std::path::Path;

use acceptance_tests::{Mirrors, Workdir, normalise_ids};
use expect_test::{Expect, expect};

/// A folder without anything of AWS in its environment.
fn folder(configuration: &str) -> Workdir {
    let config = Workdir::new(&Mirrors::ours(), Vec::new());
    config.configure(configuration);
    config.init();
    config
}

/// The example in the folder of a function, as the documentation shows it.
fn example(function: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../src/provider/src/functions")
        .join(function)
        .join("example.tf");
    fs::read_to_string(&path).unwrap_or_else(|err| panic!("reading {}: {err}", path.display()))
}

/// Insists on the outputs of a configuration, and that a second plan changes none.
#[track_caller]
pub(crate) fn gives(configuration: &str, expected: &Expect) {
    let config = folder(configuration);
    let run = config.apply();
    let (_, outputs) = run
        .stdout
        .split_once("\nOutputs:\n")
        .unwrap_or_else(|| panic!("there are no outputs:\n{run}"));
    expected.assert_eq(&normalised(outputs));
    config.assert_empty_plan();
}

fn normalised(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    format!("{}\n", lines.join("\n").trim())
}

/// Insists that calls are refused in these words, each in a plan of its own.
#[track_caller]
pub(crate) fn refuses(calls: &[&str], expected: &Expect) {
    let config = folder("");
    let said: Vec<String> = calls
        .iter()
        .map(|call| {
            config.configure(&format!(
                "output \"it\" {{\n  value = provider::dynamodb::{call}\n}}\n"
            ));
            let run = config.plan_fails();
            assert_eq!(run.stderr.matches("Error: ").count(), 1, "{run}");
            normalise_ids(&run.stderr)
        })
        .collect();
    expected.assert_eq(&said.join("\n"));
}

#[test]
fn examples_give_what_they_say() {
    gives(
        &example("parse_arn"),
        &expect![[r#"
        is_backup = true
        table_name = "orders"
    "#]],
    );
    gives(
        &example("backup_created_at"),
        &expect![[r#"
        created_at = "2025-11-20T08:00:00Z"
    "#]],
    );
    gives(
        &example("schedule_next"),
        &expect![[r#"
        first_backup_starts_before = "2026-03-27T13:00:00Z"
        next_backups = tolist([
          "2026-03-27T05:00:00+01:00",
          "2026-03-30T05:00:00+02:00",
          "2026-03-31T05:00:00+02:00",
        ])
    "#]],
    );
    gives(
        &example("lifecycle_dates"),
        &expect![[r#"
        is_deleted_at = "2027-01-31T05:00:00Z"
        moves_to_cold_storage_at = "2026-03-02T05:00:00Z"
    "#]],
    );
}

#[test]
fn what_is_not_known_yet_stays_unknown() {
    let config = folder(
        r#"
resource "terraform_data" "schedule" {
  input = "cron(0 5 * * ? *)"
}
resource "terraform_data" "wrong" {
  input = 60
}
output "runs" {
  value = provider::dynamodb::schedule_next(terraform_data.schedule.output, null, "2025-11-20T09:00:00Z", 2)
}
output "dates" {
  value = provider::dynamodb::lifecycle_dates("2025-11-20T09:00:00Z", 30, terraform_data.wrong.output)
}
"#,
    );
    let run = config.terraform(&["plan", "-no-color"]).ok();
    let (_, outputs) = run
        .stdout
        .split_once("Changes to Outputs:")
        .expect("outputs change");
    expect![[r#"
        + dates = (known after apply)
          + runs  = (known after apply)
    "#]]
    .assert_eq(&normalised(outputs.split('─').next().unwrap_or_default()));
    // Known at last, it is judged.
    let run = config.try_apply().fails();
    assert!(run.stderr.contains("DBK-LFC-002"), "{run}");
}

/// A wrong argument is found by `terraform validate`, before anything is asked for.
#[test]
fn validate_finds_it() {
    let config = folder(
        "locals {\n  runs = provider::dynamodb::schedule_next(\"0 5 * * *\", null, \"2025-11-20T09:00:00Z\", 1)\n}\n",
    );
    let run = config.terraform(&["validate", "-no-color"]).fails();
    assert!(run.stderr.contains("cron(0 5 * * ? *)"), "{run}");
}
