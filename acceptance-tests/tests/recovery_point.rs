//! `dynamodb_recovery_point`, and the data sources about recovery points and backup jobs, through the real terraform.

use std::time::Duration;

use acceptance_tests::{Backend, Running, Workdir, backend};
use serde_json::{Value, json};

const ADDRESS: &str = "dynamodb_recovery_point.orders";
/// What AWS Backup does not keep of a recovery point's configuration.
const UNKNOWN_TO_AWS: &[&str] = &[
    "triggers",
    "retain_on_destroy",
    "timeouts",
    "start_window_minutes",
    "completion_window_minutes",
    "backup_job_id",
];
/// So long that no job ends by itself; the clock of the simulator is moved instead.
const FOR_EVER: u64 = 3_600_000;
/// No interrupted run may take longer.
const LIMIT: Duration = Duration::from_secs(60);

#[test]
fn basic() {
    let backend = seeded(backend!(Backups, Control));
    let config = backend.workdir(&point(
        &backend,
        "recovery_point_lifecycle = { delete_after_days = 30 }\n  tags = { team = \"shop\" }",
    ));
    assert_eq!(config.plan().actions(ADDRESS), ["create"]);
    config.apply();
    config.assert_empty_plan();
    let state = config.state();
    let arn = state.text(ADDRESS, "arn").to_owned();
    let made = points(&backend);
    assert_eq!((made.len(), &made[0]["RecoveryPointArn"]), (1, &json!(arn)));
    assert_eq!(state.text(ADDRESS, "status"), "COMPLETED");
    assert_eq!(state.values(ADDRESS)["tags_all"], json!({"team": "shop"}));
    config.assert_import(ADDRESS, &format!("nightly,{arn}"), UNKNOWN_TO_AWS);

    config.destroy();
    assert_eq!(points(&backend), Vec::<Value>::new());
}

#[test]
fn region() {
    let backend = seeded(backend!(Backups, Control));
    let ireland = backend.aws().in_region("eu-west-1");
    ireland.create_table("orders");
    ireland.create_vault("nightly");
    let config = backend.workdir(&point(&backend, "region = \"eu-west-1\""));
    config.apply();
    config.assert_empty_plan();
    assert_eq!(ireland.recovery_points("nightly").len(), 1);
    assert_eq!(points(&backend), Vec::<Value>::new());
}

#[test]
fn lifecycle_and_tags_change_in_place() {
    let backend = seeded(backend!(Backups, Control));
    let config = backend.workdir(&point(
        &backend,
        "recovery_point_lifecycle = { delete_after_days = 30 }",
    ));
    config.apply();
    let arn = config.state().text(ADDRESS, "arn").to_owned();
    for lifecycle in [
        "recovery_point_lifecycle = { move_to_cold_storage_after_days = 8, delete_after_days = 98 }\n  tags = { a = \"1\" }",
        "tags = { a = \"2\" }",
    ] {
        config.configure(&point(&backend, lifecycle));
        assert_eq!(config.plan().actions(ADDRESS), ["update"], "{lifecycle}");
        config.apply();
        config.assert_empty_plan();
    }
    let kept = backend
        .aws()
        .recovery_point("nightly", &arn)
        .expect("it is there");
    assert!(
        kept["Lifecycle"]["DeleteAfterDays"].is_null(),
        "what is left out is cleared: {kept}"
    );
    assert_eq!(config.state().text(ADDRESS, "arn"), arn);
}

#[test]
fn triggers_take_a_new_one_and_retained_ones_stay() {
    let backend = seeded(backend!(Backups, Control));
    let arguments =
        |release: u8| format!("triggers = {{ release = \"{release}\" }}\n  retain_on_destroy = true");
    let config = backend.workdir(&point(&backend, &arguments(1)));
    config.apply();
    config.configure(&point(&backend, &arguments(2)));
    let plan = config.plan();
    assert_eq!(plan.actions(ADDRESS), ["delete", "create"]);
    assert!(
        plan.output.contains("Recovery point stays in its vault"),
        "{}",
        plan.output
    );
    config.apply();
    assert_eq!(points(&backend).len(), 2);
    config.destroy().says("Recovery point stays in its vault");
    assert_eq!(points(&backend).len(), 2);
}

#[test]
fn disappears() {
    let backend = seeded(backend!(Backups, Control));
    let config = backend.workdir(&point(
        &backend,
        "recovery_point_lifecycle = { delete_after_days = 1 }",
    ));
    config.apply();
    let first = config.state().text(ADDRESS, "arn").to_owned();
    backend.aws().delete_recovery_point("nightly", &first);
    let plan = config.plan();
    assert_eq!(plan.actions(ADDRESS), ["create"]);
    assert!(
        plan.output
            .contains("Recovery point was deleted outside Terraform"),
        "{}",
        plan.output
    );
    config.apply();
    config.assert_empty_plan();

    backend.simulator().advance(25 * 3600);
    let plan = config.plan();
    assert!(
        plan.output
            .contains("Recovery point has reached the end of its lifecycle"),
        "{}",
        plan.output
    );
}

#[test]
fn a_job_that_failed_says_why_and_the_next_apply_starts_another() {
    let backend = seeded(backend!(Backups, Control));
    let failure = json!({"kind": "backup", "state": "FAILED", "message": "The role may not back up orders."});
    backend
        .simulator()
        .fail_next_job(backend.account(), Backend::REGION, failure);
    let config = backend.workdir(&point(&backend, ""));
    config
        .try_apply()
        .fails()
        .says("Recovery point cannot be made")
        .says("The role may not back up orders")
        .says("starts a new job");
    assert_eq!(points(&backend).len(), 0);
    assert_eq!(config.plan().actions(ADDRESS), ["create"]);
    config.apply();
    config.assert_empty_plan();
    assert_eq!(points(&backend).len(), 1);
}

#[test]
fn a_locked_vault_keeps_it_and_says_until_when() {
    let backend = seeded(backend!(Backups, Control));
    let config = backend.workdir(&point(
        &backend,
        "recovery_point_lifecycle = { delete_after_days = 30 }",
    ));
    config.apply();
    let deletes_at = config.state().text(ADDRESS, "deletes_at").to_owned();
    backend.aws().aws_backup(
        "PUT",
        "/backup-vaults/nightly/vault-lock",
        json!({"MinRetentionDays": 1}),
    );
    config
        .terraform(&["destroy", "-auto-approve", "-no-color"])
        .fails()
        .says("is locked")
        .says(&deletes_at)
        .says("retain_on_destroy = true");
    assert_eq!((points(&backend).len(), config.state().addresses().len()), (1, 1));
}

#[test]
fn ctrl_c_while_the_job_runs() {
    let backend = seeded(backend!(Backups, Control));
    let config = cut_off(&backend, Running::interrupt);
    let state = config.state();
    assert_eq!(state.values(ADDRESS)["unfinished"], json!(true));
    assert!(!state.is_tainted(ADDRESS));
    let id = state.text(ADDRESS, "backup_job_id").to_owned();
    backend.simulator().advance(3 * 3600);
    assert_eq!(config.plan().actions(ADDRESS), ["update"]);
    config.apply();
    assert_eq!(config.state().text(ADDRESS, "backup_job_id"), id);
    is_finished(&backend, &config);
}

#[test]
fn sigkill_of_the_provider_while_the_job_runs() {
    let backend = seeded(backend!(Backups, Control));
    let config = cut_off(&backend, Running::kill_provider);
    assert!(
        config.state().find(ADDRESS).is_none(),
        "terraform never heard of it"
    );
    backend.simulator().advance(3 * 3600);
    config
        .apply()
        .says("Backup job of an earlier apply was taken over");
    is_finished(&backend, &config);
}

#[test]
fn sigkill_of_the_provider_before_aws_answers() {
    let backend = seeded(backend!(Backups, Control));
    backend
        .simulator()
        .fault(json!({"service": "backup", "operation": "StartBackupJob", "kind": "hang"}));
    let config = backend.workdir(&point(&backend, ""));
    let running = config.start(&["apply", "-auto-approve", "-no-color"]);
    backend.simulator().wait_for_calls("StartBackupJob", 1);
    running.kill_provider();
    running.finish(LIMIT).fails();
    config.apply();
    // The call was made twice, with one token.
    assert_eq!(backend.simulator().calls().count("StartBackupJob"), 2);
    is_finished(&backend, &config);
}

#[test]
fn a_timeout_is_taken_up_by_the_next_apply() {
    let backend = seeded(backend!(Backups, Control));
    backend.simulator().set(json!({"backup_job_ms": FOR_EVER}));
    let config = backend.workdir(&point(&backend, "timeouts = { create = \"2s\" }"));
    let run = config.try_apply().fails();
    run.says("Recovery point is not finished")
        .says("no second job is started");
    assert!(config.state().is_tainted(ADDRESS));
    backend.simulator().advance(3 * 3600);
    config.apply();
    is_finished(&backend, &config);
}

#[test]
fn data_sources() {
    let backend = seeded(backend!(Backups, Control));
    let made = backend.aws().make_recovery_point("orders", "nightly");
    let config = backend.workdir(
        "data \"dynamodb_recovery_points\" \"orders\" {\n  table_name = \"orders\"\n}\n\
         data \"dynamodb_recovery_points\" \"none\" {\n  vault_name = \"nightly\"\n  status     = \"EXPIRED\"\n}\n\
         data \"dynamodb_backup_job\" \"orders\" {\n  table_name = \"orders\"\n}\n\
         output \"newest\" {\n  value = data.dynamodb_recovery_points.orders.newest.arn\n}\n\
         output \"none\" {\n  value = length(data.dynamodb_recovery_points.none.arns)\n}\n\
         output \"job\" {\n  value = \"${data.dynamodb_backup_job.orders.state} \
         ${data.dynamodb_backup_job.orders.recovery_point_arn}\"\n}\n",
    );
    config.apply();
    let state = config.state();
    assert_eq!(state.output("newest"), &json!(made));
    assert_eq!(state.output("none"), &json!(0));
    assert_eq!(state.output("job"), &json!(format!("COMPLETED {made}")));
}

/// A table and a vault, and jobs that are quick.
fn seeded(backend: Backend) -> Backend {
    backend.aws().create_table("orders");
    backend.aws().create_vault("nightly");
    backend.simulator().set(json!({"backup_job_ms": 50}));
    backend
}

fn point(backend: &Backend, arguments: &str) -> String {
    format!(
        "resource \"dynamodb_recovery_point\" \"orders\" {{\n  table_name = \"orders\"\n  vault_name = \"nightly\"\n  \
         role_arn   = \"{}\"\n  {arguments}\n}}\n",
        backend.aws().backup_role()
    )
}

fn points(backend: &Backend) -> Vec<Value> {
    backend.aws().recovery_points("nightly")
}

/// An apply that got a signal while it waited for its job.
fn cut_off(backend: &Backend, signal: fn(&Running)) -> Workdir {
    backend.simulator().set(json!({"backup_job_ms": FOR_EVER}));
    let config = backend.workdir(&point(backend, ""));
    let running = config.start(&["apply", "-auto-approve", "-no-color"]);
    backend.simulator().wait_for_calls("DescribeBackupJob", 1);
    signal(&running);
    running.finish(LIMIT);
    config
}

/// The one recovery point that was ever asked for is in the state, and there is nothing left to do.
fn is_finished(backend: &Backend, config: &Workdir) {
    let state = config.state();
    assert_eq!(state.values(ADDRESS)["unfinished"], json!(false));
    assert!(!state.is_tainted(ADDRESS));
    let made = points(backend);
    assert_eq!(
        (made.len(), &made[0]["RecoveryPointArn"]),
        (1, &json!(state.text(ADDRESS, "arn")))
    );
    config.assert_empty_plan();
}
