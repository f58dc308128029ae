//! Applies that are cut off, with real processes and real signals: Ctrl-C, SIGTERM, SIGKILL of the provider or of
//! terraform, answers that never come, waits that time out. Whatever was cut off, the next apply must finish the same
//! object, and AWS must have been asked for exactly one.
//!
//! The last part is about restores; the settings of a table that a restore leaves out are part of its create.

use std::time::Duration;

use acceptance_tests::{Backend, Running, Workdir, backend, wait_until};
use serde_json::{Value, json};

const BACKUP: &str = "dynamodb_backup.orders";
const TABLE: &str = "dynamodb_restored_table.copy";
/// Stands behind the object that is cut off, and must not be touched before it is finished.
const DEPENDENT: &str = "dynamodb_point_in_time_recovery.dependent";

/// So long that no wait ends by itself; the clock of the simulator is moved instead.
const FOR_EVER: u64 = 3_600_000;
/// No interrupted run may take longer.
const LIMIT: Duration = Duration::from_secs(60);

// Backups.

#[test]
fn ctrl_c_while_a_backup_is_made() {
    interrupted_backup(&backend!(Backups, Control), Running::interrupt);
}

#[test]
fn sigterm_while_a_backup_is_made() {
    interrupted_backup(&backend!(Backups, Control), Running::terminate);
}

#[test]
fn sigterm_to_terraform_and_provider_while_a_backup_is_made() {
    interrupted_backup(&backend!(Backups, Control), Running::terminate_group);
}

fn interrupted_backup(backend: &Backend, signal: fn(&Running)) {
    backend.aws().create_table("orders");
    backend.simulator().set(json!({"backup_creating_ms": FOR_EVER}));
    let config = backend.workdir(&(backup("") + &dependent(BACKUP)));
    let running = start_apply(&config);
    backend.simulator().wait_for_calls("DescribeBackup", 1);
    signal(&running);
    let run = running.finish(LIMIT).says("Backup is not finished yet");

    let state = config.state();
    let arn = state.text(BACKUP, "arn").to_owned();
    assert!(
        run.says(&arn)
            .says("no second backup is made")
            .stdout
            .contains("Warning")
    );
    assert_eq!(state.values(BACKUP)["unfinished"], json!(true));
    assert!(!state.is_tainted(BACKUP));
    assert!(
        state.find(DEPENDENT).is_none(),
        "what depends on an unfinished object must wait"
    );
    assert_eq!(backend.simulator().calls().count("UpdateContinuousBackups"), 0);

    let plan = config.plan();
    assert_eq!(plan.actions(BACKUP), ["update"], "{}", plan.output);
    assert_eq!(plan.actions(DEPENDENT), ["create"]);
    backend.simulator().advance(3600);
    config.apply();
    is_finished_backup(backend, &config, &arn);
    assert!(config.state().find(DEPENDENT).is_some());
}

#[test]
fn ctrl_c_twice_while_the_answer_to_create_backup_hangs() {
    let backend = backend!(Backups, Control);
    backend.aws().create_table("orders");
    backend
        .simulator()
        .fault(json!({"operation": "CreateBackup", "kind": "hang"}));
    let config = backend.workdir(&backup(""));
    let running = start_apply(&config);
    backend.simulator().wait_for_calls("CreateBackup", 1);
    running.interrupt();
    running.wait_for_output("Interrupt received.");
    // The user has lost patience: terraform leaves at once, and takes the provider along.
    running.interrupt();
    let run = running.finish(LIMIT).fails();
    assert!(run.took < Duration::from_secs(30), "{run}");
    let arn = only_backup(&backend);
    config.apply();
    is_finished_backup(&backend, &config, &arn);
}

#[test]
fn provider_killed_while_a_backup_is_made() {
    let backend = backend!(Backups, Control);
    backend.aws().create_table("orders");
    backend.simulator().set(json!({"backup_creating_ms": FOR_EVER}));
    let config = backend.workdir(&backup(""));
    let running = start_apply(&config);
    backend.simulator().wait_for_calls("DescribeBackup", 1);
    running.kill_provider();
    running.finish(LIMIT).fails();
    assert!(
        config.state().find(BACKUP).is_none(),
        "terraform was told nothing"
    );

    let arn = only_backup(&backend);
    assert_eq!(config.plan().actions(BACKUP), ["create"]);
    backend.simulator().advance(3600);
    config
        .apply()
        .says("Backup of an earlier apply was taken over")
        .says(&arn);
    is_finished_backup(&backend, &config, &arn);
}

#[test]
fn provider_killed_while_the_answer_to_create_backup_hangs() {
    let backend = backend!(Backups, Control);
    backend.aws().create_table("orders");
    backend
        .simulator()
        .fault(json!({"operation": "CreateBackup", "kind": "hang"}));
    let config = backend.workdir(&backup("name = \"nightly\""));
    let running = start_apply(&config);
    backend.simulator().wait_for_calls("CreateBackup", 1);
    running.kill_provider();
    running.finish(LIMIT).fails();
    let arn = only_backup(&backend);
    config
        .apply()
        .says("Backup of an earlier apply was taken over")
        .says(&arn);
    is_finished_backup(&backend, &config, &arn);
}

#[test]
fn provider_killed_before_aws_took_the_backup() {
    let backend = backend!(Backups, Control);
    backend.aws().create_table("orders");
    backend.simulator().fault(json!({
        "operation": "CreateBackup", "kind": "error", "code": "LimitExceededException", "times": null,
        "message": "There is a limit of 50 simultaneous operations",
    }));
    let config = backend.workdir(&backup(""));
    let running = start_apply(&config);
    backend.simulator().wait_for_calls("CreateBackup", 1);
    running.kill_provider();
    running.finish(LIMIT).fails();
    assert_eq!(backend.aws().backups("orders"), Vec::<Value>::new());
    backend.simulator().clear_faults();
    config.apply();
    is_finished_backup(&backend, &config, &only_backup(&backend));
}

/// A backup of the same name that somebody else has taken since is not ours to manage, and later to delete.
#[test]
fn somebody_elses_backup_is_not_taken_over_after_a_kill() {
    let backend = backend!(Backups, Control);
    backend.aws().create_table("orders");
    backend.simulator().fault(json!({
        "operation": "CreateBackup", "kind": "error", "code": "LimitExceededException", "times": null,
        "message": "There is a limit of 50 simultaneous operations",
    }));
    let config = backend.workdir(&backup("name = \"nightly\""));
    let running = start_apply(&config);
    backend.simulator().wait_for_calls("CreateBackup", 1);
    running.kill_provider();
    running.finish(LIMIT).fails();
    backend.simulator().clear_faults();
    backend.simulator().advance(3600);
    let theirs = backend.aws().create_backup("orders", "nightly");
    config.apply();
    assert_ne!(config.state().text(BACKUP, "arn"), theirs);
    config.destroy();
    assert_eq!(only_backup(&backend), theirs);
}

#[test]
fn terraform_itself_killed_while_a_backup_is_made() {
    let backend = backend!(Backups, Control);
    backend.aws().create_table("orders");
    backend.simulator().set(json!({"backup_creating_ms": FOR_EVER}));
    let config = backend.workdir(&backup(""));
    let running = start_apply(&config);
    backend.simulator().wait_for_calls("DescribeBackup", 1);
    running.kill_terraform();
    running.finish(LIMIT);
    let arn = only_backup(&backend);
    backend.simulator().advance(3600);
    config.apply();
    is_finished_backup(&backend, &config, &arn);
}

#[test]
fn backup_that_takes_longer_than_its_timeout() {
    let backend = backend!(Backups, Control);
    backend.aws().create_table("orders");
    backend.simulator().set(json!({"backup_creating_ms": FOR_EVER}));
    let config = backend.workdir(&backup("timeouts = { create = \"2s\" }"));
    let run = config.try_apply().fails();
    let arn = only_backup(&backend);
    run.says("Backup is not finished")
        .says(&arn)
        .says("The next apply takes up the wait");
    is_tainted_and_unfinished(&config, BACKUP);

    backend.simulator().advance(3600);
    let plan = config.plan();
    assert_eq!(plan.actions(BACKUP), ["delete", "create"], "{}", plan.output);
    config.apply();
    is_finished_backup(&backend, &config, &arn);
    assert_eq!(backend.simulator().calls().count("DeleteBackup"), 0);
}

#[test]
fn backup_that_takes_longer_than_its_timeout_with_create_before_destroy() {
    let backend = backend!(Backups, Control);
    backend.aws().create_table("orders");
    backend.simulator().set(json!({"backup_creating_ms": FOR_EVER}));
    let config = backend.workdir(&backup(
        "timeouts = { create = \"2s\" }\n  lifecycle {\n    create_before_destroy = true\n  }",
    ));
    config.try_apply().fails();
    let arn = only_backup(&backend);
    is_tainted_and_unfinished(&config, BACKUP);

    backend.simulator().advance(3600);
    assert_eq!(config.plan().actions(BACKUP), ["create", "delete"]);
    config.apply();
    is_finished_backup(&backend, &config, &arn);
    assert_eq!(backend.simulator().calls().count("DeleteBackup"), 0);
}

#[test]
fn two_alike_backups_killed_are_both_taken_over() {
    let backend = backend!(Backups, Control);
    backend.aws().create_table("orders");
    backend
        .simulator()
        .fault(json!({"operation": "CreateBackup", "kind": "hang", "times": 2}));
    let config = backend.workdir(&backup("name  = \"twin\"\n  count = 2"));
    let running = start_apply(&config);
    backend.simulator().wait_for_calls("CreateBackup", 2);
    running.kill_provider();
    running.finish(LIMIT).fails();
    assert_eq!(backend.aws().backups("orders").len(), 2);

    config.apply();
    assert_eq!(backend.simulator().calls().count("CreateBackup"), 2);
    let state = config.state();
    let arns = [0, 1].map(|index| state.text(&format!("{BACKUP}[{index}]"), "arn").to_owned());
    assert_ne!(arns[0], arns[1], "each has one of its own");
    config.assert_empty_plan();
    assert_eq!(records(&config), 0);
}

#[test]
fn provider_killed_while_a_backup_is_destroyed() {
    let backend = backend!(Backups, Control);
    backend.aws().create_table("orders");
    let config = backend.workdir(&backup(""));
    config.apply();
    backend
        .simulator()
        .fault(json!({"operation": "DeleteBackup", "kind": "hang"}));
    let running = config.start(&["destroy", "-auto-approve", "-no-color"]);
    backend.simulator().wait_for_calls("DeleteBackup", 1);
    running.kill_provider();
    running.finish(LIMIT).fails();
    assert!(config.state().find(BACKUP).is_some());
    config.destroy();
    assert_eq!(config.state().addresses(), Vec::<&str>::new());
    assert_eq!(backend.aws().backups("orders").len(), 0);
}

// Restores.

#[test]
fn ctrl_c_while_a_table_is_restored() {
    let Restore { backend, source, .. } = &Restore::from_backup(backend!(Restores, Control));
    backend.simulator().set(json!({"restore_ms": FOR_EVER}));
    let config = backend.workdir(&(restored(source, SETTINGS) + &dependent(TABLE)));
    let running = start_apply(&config);
    is_being_restored(backend);
    running.interrupt();
    running
        .finish(LIMIT)
        .says("Restore goes on in AWS")
        .says("Run terraform apply again");

    let state = config.state();
    assert_eq!(state.values(TABLE)["unfinished"], json!(true));
    assert_eq!(state.text(TABLE, "status"), "CREATING");
    assert!(!state.is_tainted(TABLE));
    assert!(
        state.find(DEPENDENT).is_none(),
        "what depends on an unfinished object must wait"
    );

    let plan = config.plan();
    assert_eq!(plan.actions(TABLE), ["update"], "{}", plan.output);
    backend.simulator().advance(3600);
    config.apply();
    is_finished_table(backend, &config);
    assert!(config.state().find(DEPENDENT).is_some());
}

#[test]
fn provider_killed_while_a_backup_is_restored() {
    let Restore { backend, source, .. } = &Restore::from_backup(backend!(Restores, Control));
    killed_while_restoring(backend, source);
}

#[test]
fn provider_killed_while_a_moment_is_restored() {
    let Restore { backend, source, .. } = &Restore::to_latest(backend!(Restores, Control));
    killed_while_restoring(backend, source);
}

fn killed_while_restoring(backend: &Backend, source: &str) {
    backend.simulator().set(json!({"restore_ms": FOR_EVER}));
    let config = backend.workdir(&restored(source, SETTINGS));
    let running = start_apply(&config);
    is_being_restored(backend);
    running.kill_provider();
    running.finish(LIMIT).fails();
    assert!(config.state().find(TABLE).is_none(), "terraform was told nothing");

    let plan = config.plan();
    assert_eq!(
        plan.actions(TABLE),
        ["create"],
        "its own table is not in its way: {}",
        plan.output
    );
    backend.simulator().advance(3600);
    config.apply();
    is_finished_table(backend, &config);
}

/// The restore is over when the next apply comes, so AWS no longer shows where the table came from.
#[test]
fn provider_killed_and_the_restore_over_before_the_next_apply() {
    let Restore {
        backend,
        source,
        operation,
    } = &Restore::to_latest(backend!(Restores, Control));
    backend
        .simulator()
        .fault(json!({"operation": operation, "kind": "hang"}));
    let config = backend.workdir(&restored(source, SETTINGS));
    let running = start_apply(&config);
    backend.simulator().wait_for_calls(operation, 1);
    running.kill_provider();
    running.finish(LIMIT).fails();
    backend.simulator().advance(3600);
    assert_eq!(
        backend
            .aws()
            .table("copy")
            .map(|table| table["TableStatus"].clone()),
        Some(json!("ACTIVE"))
    );
    config.apply();
    is_finished_table(backend, &config);
}

// What can happen to a call that nobody may send twice.

#[test]
fn connection_reset_before_aws_reads_the_restore() {
    an_ambiguous_answer(&Restore::from_backup(backend!(Restores, Control)), "reset_before");
}

#[test]
fn connection_reset_after_aws_took_the_restore() {
    an_ambiguous_answer(&Restore::from_backup(backend!(Restores, Control)), "reset_after");
}

#[test]
fn half_an_answer_to_the_restore() {
    an_ambiguous_answer(&Restore::to_latest(backend!(Restores, Control)), "truncate");
}

#[test]
fn internal_error_instead_of_the_restore() {
    an_ambiguous_answer(&Restore::to_latest(backend!(Restores, Control)), "error");
}

#[test]
fn internal_error_although_aws_took_the_restore() {
    an_ambiguous_answer(&Restore::from_backup(backend!(Restores, Control)), "error_after");
}

fn an_ambiguous_answer(scene: &Restore, kind: &str) {
    let Restore {
        backend,
        source,
        operation,
    } = scene;
    backend.simulator().fault(json!({
        "operation": operation, "kind": kind, "status": 500, "code": "InternalServerError",
        "message": "Internal server error",
    }));
    let config = backend.workdir(&restored(source, SETTINGS));
    let run = config.try_apply();
    if run.code != Some(0) {
        // Where it cannot be told whether AWS acted, an error is right, if the next apply settles it.
        run.says("looks before it acts");
        config.apply();
    }
    is_finished_table(backend, &config);
}

#[test]
fn restore_that_takes_longer_than_its_timeout() {
    restore_times_out(backend!(Restores, Control), "", ["delete", "create"]);
}

#[test]
fn restore_that_takes_longer_than_its_timeout_with_create_before_destroy() {
    let lifecycle = "\n  lifecycle {\n    create_before_destroy = true\n  }";
    restore_times_out(backend!(Restores, Control), lifecycle, ["create", "delete"]);
}

fn restore_times_out(backend: Backend, lifecycle: &str, replacement: [&str; 2]) {
    let Restore { backend, source, .. } = &Restore::from_backup(backend);
    backend.simulator().set(json!({"restore_ms": FOR_EVER}));
    let short = format!("{SETTINGS}\n  timeouts = {{ create = \"2s\" }}{lifecycle}");
    let config = backend.workdir(&restored(source, &short));
    let run = config.try_apply().fails();
    run.says("Restored table is not finished")
        .says("copy")
        .says("does not delete it")
        .says("takes it up");
    is_tainted_and_unfinished(&config, TABLE);

    backend.simulator().advance(3600);
    let plan = config.plan();
    assert_eq!(plan.actions(TABLE), replacement, "{}", plan.output);
    config.apply();
    is_finished_table(backend, &config);
    assert_eq!(backend.simulator().calls().count("DeleteTable"), 0);
}

#[test]
fn provider_killed_while_settings_are_put_on_the_restored_table() {
    let Restore { backend, source, .. } = &Restore::from_backup(backend!(Restores, Control));
    backend
        .simulator()
        .fault(json!({"operation": "UpdateTimeToLive", "kind": "hang"}));
    let config = backend.workdir(&restored(source, SETTINGS));
    let running = start_apply(&config);
    backend.simulator().wait_for_calls("UpdateTimeToLive", 1);
    running.kill_provider();
    running.finish(LIMIT).fails();
    config.apply();
    is_finished_table(backend, &config);
}

#[test]
fn ctrl_c_while_settings_are_put_on_the_restored_table() {
    let Restore { backend, source, .. } = &Restore::from_backup(backend!(Restores, Control));
    let protected = format!("{SETTINGS}\n  deletion_protection_enabled = true");
    let config = backend.workdir(&restored(source, &protected));
    backend.simulator().set(json!({"table_updating_ms": FOR_EVER}));
    let running = start_apply(&config);
    backend.simulator().wait_for_calls("UpdateTable", 1);
    running.interrupt();
    running.finish(LIMIT);
    let state = config.state();
    assert_eq!(state.values(TABLE)["unfinished"], json!(true));
    assert!(!state.is_tainted(TABLE));
    assert_eq!(config.plan().actions(TABLE), ["update"]);
    backend.simulator().set(json!({"table_updating_ms": 200}));
    backend.simulator().advance(3600);
    config.apply();
    is_finished_table(backend, &config);
    assert_eq!(
        backend.simulator().calls().effective("UpdateTable"),
        1,
        "what was done is not done again"
    );
}

#[test]
fn restore_that_fails_in_aws_leaves_nothing_in_the_state() {
    let Restore {
        backend,
        source,
        operation,
    } = &Restore::from_backup(backend!(Restores, Control));
    backend.simulator().set(json!({"restore_ms": FOR_EVER}));
    let config = backend.workdir(&(restored(source, "") + &dependent(TABLE)));
    let running = start_apply(&config);
    is_being_restored(backend);
    backend
        .simulator()
        .fail_restore(backend.account(), Backend::REGION, "copy");
    running
        .finish(LIMIT)
        .fails()
        .says("Restore failed in AWS")
        .says("copy")
        .says("restores anew");
    assert!(config.state().find(DEPENDENT).is_none());

    backend.simulator().set(json!({"restore_ms": 500}));
    assert_eq!(config.plan().actions(TABLE), ["create"]);
    config.apply();
    assert_eq!(
        backend.simulator().calls().effective(operation),
        2,
        "the first one is lost"
    );
    assert_eq!(backend.aws().keys("copy"), ["a", "b"]);
    config.assert_empty_plan();
    assert_eq!(records(&config), 0);
}

#[test]
fn restore_that_fails_while_nobody_looks_is_noticed_by_the_next_plan() {
    let Restore { backend, source, .. } = &Restore::from_backup(backend!(Restores, Control));
    backend.simulator().set(json!({"restore_ms": FOR_EVER}));
    let config = backend.workdir(&restored(source, ""));
    let running = start_apply(&config);
    is_being_restored(backend);
    running.interrupt();
    running.finish(LIMIT);
    backend
        .simulator()
        .fail_restore(backend.account(), Backend::REGION, "copy");
    backend.simulator().set(json!({"restore_ms": 500}));
    let plan = config.plan();
    assert_eq!(plan.actions(TABLE), ["create"]);
    assert!(
        plan.output.contains("Warning: "),
        "a table does not vanish in silence: {}",
        plan.output
    );
    config.apply();
    assert_eq!(backend.aws().keys("copy"), ["a", "b"]);
    config.assert_empty_plan();
}

#[test]
fn provider_killed_while_a_restored_table_is_destroyed() {
    let Restore { backend, source, .. } = &Restore::from_backup(backend!(Restores, Control));
    let config = backend.workdir(&restored(source, ""));
    config.apply();
    backend.simulator().set(json!({"table_deleting_ms": FOR_EVER}));
    let running = config.start(&["destroy", "-auto-approve", "-no-color"]);
    backend.simulator().wait_for_calls("DeleteTable", 1);
    running.kill_provider();
    running.finish(LIMIT).fails();
    backend.simulator().advance(3600);
    config.destroy();
    assert_eq!(config.state().addresses(), Vec::<&str>::new());
    assert!(backend.aws().table("copy").is_none());
}

#[test]
fn somebody_elses_table_is_not_taken_over_after_a_kill() {
    let Restore {
        backend,
        source,
        operation,
    } = &Restore::from_backup(backend!(Restores, Control));
    // Ours is never started: AWS has too much to do.
    backend.simulator().fault(json!({
        "operation": operation, "kind": "error", "code": "LimitExceededException", "times": null,
        "message": "Too many restores",
    }));
    let config = backend.workdir(&restored(source, ""));
    let running = start_apply(&config);
    backend.simulator().wait_for_calls(operation, 1);
    running.kill_provider();
    running.finish(LIMIT).fails();
    backend.simulator().clear_faults();
    backend.simulator().advance(3600);
    backend.aws().create_table("copy");
    backend.aws().put_items("copy", ["theirs"]);
    config.plan_fails().says("Table to restore into already exists");
    config
        .try_apply()
        .fails()
        .says("Table to restore into already exists");
    is_left_alone(backend, &config);
}

/// The name of the table that was restored before the kill is given to another one.
#[test]
fn somebody_elses_table_is_not_taken_over_where_ours_was_deleted() {
    let Restore { backend, source, .. } = &Restore::from_backup(backend!(Restores, Control));
    backend.simulator().set(json!({"restore_ms": 2000}));
    let config = backend.workdir(&restored(source, ""));
    let running = start_apply(&config);
    is_being_restored(backend);
    running.kill_provider();
    running.finish(LIMIT).fails();
    backend.aws().wait_for_table("copy");
    backend.aws().delete_table("copy");
    backend.aws().create_table("copy");
    backend.aws().put_items("copy", ["theirs"]);
    backend.simulator().clear_calls();
    config.plan_fails().says("Table to restore into already exists");
    is_left_alone(backend, &config);
}

#[test]
fn somebody_elses_table_is_not_taken_over_between_plan_and_apply() {
    let Restore { backend, source, .. } = &Restore::from_backup(backend!(Restores, Control));
    let config = backend.workdir(&restored(source, ""));
    config.plan();
    backend.aws().create_table("copy");
    backend.aws().put_items("copy", ["theirs"]);
    let run = config.terraform(&["apply", "-no-color", "plan.out"]).fails();
    run.says("Table to restore into already exists");
    is_left_alone(backend, &config);
}

/// Terraform plans once more in the apply, so this table comes after that.
#[test]
fn somebody_elses_table_that_comes_a_moment_before_ours_is_not_taken_over() {
    let Restore {
        backend,
        source,
        operation,
    } = &Restore::from_backup(backend!(Restores, Control));
    backend.simulator().fault(json!({
        "operation": operation, "kind": "error", "code": "LimitExceededException", "times": 2,
        "message": "Too many restores",
    }));
    let config = backend.workdir(&restored(source, ""));
    let running = start_apply(&config);
    backend.simulator().wait_for_calls(operation, 1);
    backend.aws().create_table("copy");
    backend.aws().put_items("copy", ["theirs"]);
    running
        .finish(LIMIT)
        .fails()
        .says("Table to restore into already exists")
        .says("left alone");
    is_left_alone(backend, &config);
}

fn is_left_alone(backend: &Backend, config: &Workdir) {
    assert_eq!(backend.aws().keys("copy"), ["theirs"]);
    assert_eq!(config.state().addresses(), Vec::<&str>::new());
    assert_eq!(backend.simulator().calls().count("DeleteTable"), 0);
}

/// A backend with a table of two items and something to restore it from.
struct Restore {
    backend: Backend,
    /// What goes into `source`.
    source: String,
    /// What restores it.
    operation: &'static str,
}

impl Restore {
    fn from_backup(backend: Backend) -> Self {
        backend.aws().create_table("orders");
        backend.aws().put_items("orders", ["a", "b"]);
        let arn = backend.aws().create_backup("orders", "nightly");
        let source = format!("{{ backup_arn = \"{arn}\" }}");
        backend.simulator().clear_calls();
        Self {
            backend,
            source,
            operation: "RestoreTableFromBackup",
        }
    }

    fn to_latest(backend: Backend) -> Self {
        backend.aws().create_table("orders");
        backend.aws().enable_recovery("orders", 35);
        backend.aws().put_items("orders", ["a", "b"]);
        backend.simulator().advance(3600);
        let source = "{ point_in_time = { table_name = \"orders\", latest = true } }".to_owned();
        backend.simulator().clear_calls();
        Self {
            backend,
            source,
            operation: "RestoreTableToPointInTime",
        }
    }
}

/// What a restore drops and the same apply puts on.
const SETTINGS: &str = r#"tags                   = { team = "shop" }
  time_to_live           = { attribute_name = "expires_at" }
  point_in_time_recovery = { recovery_period_in_days = 7 }"#;

fn backup(arguments: &str) -> String {
    format!("resource \"dynamodb_backup\" \"orders\" {{\n  table_name = \"orders\"\n  {arguments}\n}}\n")
}

fn restored(source: &str, arguments: &str) -> String {
    format!(
        "resource \"dynamodb_restored_table\" \"copy\" {{\n  name   = \"copy\"\n  source = {source}\n  {arguments}\n}}\n"
    )
}

fn dependent(on: &str) -> String {
    format!(
        "resource \"dynamodb_point_in_time_recovery\" \"dependent\" {{\n  table_name = \"orders\"\n  depends_on = [{on}]\n}}\n"
    )
}

fn start_apply(config: &Workdir) -> Running {
    config.start(&["apply", "-auto-approve", "-no-color"])
}

/// Waits until AWS has accepted the restore and the provider knows.
fn is_being_restored(backend: &Backend) {
    let simulator = backend.simulator();
    wait_until("the restore to be watched", LIMIT, || {
        let calls = simulator.calls();
        let restore = calls.all().position(|call| {
            call["operation"]
                .as_str()
                .is_some_and(|operation| operation.starts_with("RestoreTable"))
        })?;
        calls
            .all()
            .skip(restore + 1)
            .any(|call| call["operation"] == "DescribeTable")
            .then_some(())
    });
}

fn only_backup(backend: &Backend) -> String {
    let made = backend.aws().backups("orders");
    assert_eq!(made.len(), 1, "{made:?}");
    made[0]["BackupArn"]
        .as_str()
        .expect("a backup has an ARN")
        .to_owned()
}

fn is_tainted_and_unfinished(config: &Workdir, address: &str) {
    let state = config.state();
    assert!(
        state.is_tainted(address),
        "terraform runs nothing that depends on a tainted object"
    );
    assert_eq!(state.values(address)["unfinished"], json!(true));
}

/// The one backup that was ever asked for is whole and in the state, and there is nothing left to do.
fn is_finished_backup(backend: &Backend, config: &Workdir, arn: &str) {
    assert_eq!(only_backup(backend), arn);
    let state = config.state();
    assert_eq!(state.text(BACKUP, "arn"), arn);
    assert_eq!(state.text(BACKUP, "status"), "AVAILABLE");
    is_finished(backend, config, BACKUP, "");
}

/// The one table that was ever restored has its items and its settings.
fn is_finished_table(backend: &Backend, config: &Workdir) {
    let state = config.state();
    assert_eq!(state.text(TABLE, "status"), "ACTIVE");
    assert_eq!(backend.aws().keys("copy"), ["a", "b"]);
    assert_eq!(backend.aws().tags(state.text(TABLE, "arn")), ["team=shop"]);
    assert_eq!(
        backend.aws().time_to_live("copy").1.as_deref(),
        Some("expires_at")
    );
    assert_eq!(backend.aws().recovery("copy")["RecoveryPeriodInDays"], json!(7));
    is_finished(backend, config, TABLE, "");
}

fn is_finished(backend: &Backend, config: &Workdir, address: &str, note: &str) {
    let state = config.state();
    assert_eq!(state.values(address)["unfinished"], json!(false), "{note}");
    assert!(!state.is_tainted(address), "{note}");
    config.assert_empty_plan();
    assert_eq!(records(config), 0, "{note}: no attempt is open any more");
    let calls = backend.simulator().calls();
    let operations: &[&str] = if address == BACKUP {
        &["CreateBackup"]
    } else {
        &["RestoreTableFromBackup", "RestoreTableToPointInTime"]
    };
    let effective: usize = operations
        .iter()
        .map(|operation| calls.effective(operation))
        .sum();
    assert_eq!(effective, 1, "{note}: {:?}", calls.by_operation());
}

/// How many attempts the provider holds as open.
fn records(config: &Workdir) -> usize {
    let folder = config.path().join(".terraform/dynamodb/attempts");
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter(|entry| {
            entry
                .path()
                .extension()
                .is_some_and(|extension| extension == "json")
        })
        .count()
}
