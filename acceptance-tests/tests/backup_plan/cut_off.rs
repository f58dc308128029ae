//! Applies that are cut off: one plan, whatever happened.

use std::time::Duration;

use acceptance_tests::{Backend, Running, Workdir, backend};
use serde_json::json;

use super::{ADDRESS, ROLE, document, names, only_plan, plan, plans, with_scene};

/// No interrupted run may take longer.
const LIMIT: Duration = Duration::from_secs(60);

fn two_selections() -> String {
    plan(
        "",
        &format!(
            "tagged = {{\n role_arn = \"{ROLE}\"\n tags = [{{ key = \"backup\", value = \"yes\" }}]\n }}"
        ),
        "",
    )
}

fn start_apply(config: &Workdir) -> Running {
    config.start(&["apply", "-auto-approve", "-no-color"])
}

fn is_whole(backend: &Backend, config: &Workdir, id: &str) {
    config.assert_empty_plan();
    assert_eq!(only_plan(backend), id);
    assert_eq!(names(backend, id), ["orders", "tagged"]);
    let state = config.state();
    assert_eq!(state.text(ADDRESS, "id"), id);
    assert_eq!(state.values(ADDRESS)["unfinished"], json!(false));
    config.destroy();
    assert!(plans(backend).is_empty());
}

/// The plan is made and its second selection is refused: the state has what there is, and the next apply goes on.
#[test]
fn the_second_selection_fails() {
    let backend = backend!(Control);
    with_scene(&backend);
    backend.simulator().fault(json!({
        "service": "backup", "operation": "CreateBackupSelection", "skip": 1, "kind": "error", "status": 400,
        "code": "InvalidParameterValueException", "message": "Not this time.",
    }));
    let config = backend.workdir(&two_selections());
    config
        .try_apply()
        .fails()
        .says("Backup plan is not finished")
        .says("Not this time.")
        .says("of its selections \"orders\"")
        .says("no second plan is made");
    let id = only_plan(&backend);
    assert_eq!(names(&backend, &id), ["orders"]);
    let state = config.state();
    assert_eq!(state.values(ADDRESS)["unfinished"], json!(true));
    assert_eq!(
        state.values(ADDRESS)["selections"]
            .as_object()
            .map(serde_json::Map::len),
        Some(1)
    );
    config.apply().says("Unfinished backup plan is kept");
    is_whole(&backend, &config, &id);
}

/// The answer to CreateBackupPlan never comes, and the provider is killed: the next apply finds the same plan, also where
/// the rules were edited meanwhile.
#[test]
fn killed_while_the_answer_to_create_backup_plan_hangs() {
    let backend = backend!(Control);
    with_scene(&backend);
    backend
        .simulator()
        .fault(json!({"service": "backup", "operation": "CreateBackupPlan", "kind": "hang"}));
    let config = backend.workdir(&two_selections());
    let running = start_apply(&config);
    backend.simulator().wait_for_calls("CreateBackupPlan", 1);
    running.kill_provider();
    running.finish(LIMIT).fails();
    assert!(
        config.state().find(ADDRESS).is_none(),
        "terraform was told nothing"
    );
    let id = only_plan(&backend);
    assert_eq!(config.plan().actions(ADDRESS), ["create"]);
    config.configure(&two_selections().replace("delete_after_days = 35", "delete_after_days = 40"));
    config.apply();
    assert_eq!(
        document(&backend, &id)["Rules"][0]["Lifecycle"]["DeleteAfterDays"],
        40
    );
    is_whole(&backend, &config, &id);
}

#[test]
fn killed_while_the_selections_are_made() {
    let backend = backend!(Control);
    with_scene(&backend);
    backend.simulator().fault(json!({
        "service": "backup", "operation": "CreateBackupSelection", "skip": 1, "kind": "hang",
    }));
    let config = backend.workdir(&two_selections());
    let running = start_apply(&config);
    backend.simulator().wait_for_calls("CreateBackupSelection", 2);
    running.kill_provider();
    running.finish(LIMIT).fails();
    let id = only_plan(&backend);
    config.apply();
    is_whole(&backend, &config, &id);
}

/// A broken connection is no reason for a second plan: the token tells AWS that it is the same call.
#[test]
fn answers_that_are_lost_make_no_second_plan() {
    let backend = backend!(Control);
    with_scene(&backend);
    for operation in ["CreateBackupPlan", "CreateBackupSelection"] {
        backend
            .simulator()
            .fault(json!({"service": "backup", "operation": operation, "kind": "reset_after"}));
    }
    let config = backend.workdir(&two_selections());
    config.apply();
    assert_eq!(backend.simulator().calls().count("CreateBackupPlan"), 2);
    let id = only_plan(&backend);
    is_whole(&backend, &config, &id);
}

#[test]
fn ctrl_c_while_a_role_is_waited_for() {
    let backend = backend!(Control);
    with_scene(&backend);
    backend.simulator().fault(json!({
        "service": "backup", "operation": "CreateBackupSelection", "skip": 1, "times": null, "kind": "error", "status": 400,
        "code": "InvalidParameterValueException", "message": "IAM Role cannot be assumed by AWS Backup",
    }));
    let config = backend.workdir(&two_selections());
    let running = start_apply(&config);
    backend.simulator().wait_for_calls("CreateBackupSelection", 3);
    running.interrupt();
    running.finish(LIMIT).says("Backup plan is not finished yet");
    let id = only_plan(&backend);
    let state = config.state();
    assert_eq!(state.values(ADDRESS)["unfinished"], json!(true));
    assert!(!state.is_tainted(ADDRESS));
    backend.simulator().clear_faults();
    assert_eq!(config.plan().actions(ADDRESS), ["update"]);
    config.apply();
    is_whole(&backend, &config, &id);
}
