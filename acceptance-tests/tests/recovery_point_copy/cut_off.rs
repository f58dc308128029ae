//! Applies and destroys that are cut off: AWS is asked for one job, and the next run goes on with it.

use std::time::Duration;

use acceptance_tests::{Running, Workdir, backend};
use serde_json::{Value, json};

use super::world::{ADDRESS, WITH_ROLE, World};

/// So long that no wait ends by itself; the clock of the simulator is moved instead.
const FOR_EVER: u64 = 3_600_000;
/// No command may take longer.
const LIMIT: Duration = Duration::from_secs(60);

fn slow(world: &World) {
    world.backend.simulator().set(json!({"backup_job_ms": FOR_EVER}));
}

/// Lets the running jobs end.
fn move_on(world: &World) {
    world.backend.simulator().advance(2 * FOR_EVER / 1000 + 1);
}

fn start(config: &Workdir) -> Running {
    config.start(&["apply", "-auto-approve", "-no-color"])
}

#[track_caller]
fn is_the_one(world: &World, config: &Workdir) {
    config.assert_empty_plan();
    let jobs = world.jobs();
    assert_eq!(jobs.len(), 1, "{jobs:?}");
    assert_eq!(world.copies().len(), 1);
    let state = config.state();
    assert_eq!(state.text(ADDRESS, "copy_job_id"), jobs[0]["CopyJobId"]);
    assert_eq!(state.values(ADDRESS)["unfinished"], json!(false));
    assert!(!state.is_tainted(ADDRESS));
}

#[test]
fn ctrl_c_while_the_job_runs() {
    let world = World::on(backend!(AssumeRole, Keys, Control));
    let config = world.workdir(WITH_ROLE);
    slow(&world);
    let running = start(&config);
    world.backend.simulator().wait_for_calls("DescribeCopyJob", 1);
    running.interrupt();
    running
        .finish(LIMIT)
        .says("Copy is not finished yet")
        .says("no second copy is made");
    let state = config.state();
    assert_eq!(state.values(ADDRESS)["unfinished"], json!(true));
    assert_eq!(state.values(ADDRESS)["arn"], Value::Null);
    assert!(!state.is_tainted(ADDRESS));
    assert_eq!(config.plan().actions(ADDRESS), ["update"]);
    move_on(&world);
    assert_eq!(config.plan().actions(ADDRESS), ["update"]);
    config.apply();
    is_the_one(&world, &config);
}

#[test]
fn provider_killed_while_the_job_runs() {
    let world = World::on(backend!(AssumeRole, Keys, Control));
    let config = world.workdir(WITH_ROLE);
    slow(&world);
    let running = start(&config);
    world.backend.simulator().wait_for_calls("DescribeCopyJob", 1);
    running.kill_provider();
    running.finish(LIMIT).fails();
    assert!(
        config.state().find(ADDRESS).is_none(),
        "terraform was told nothing"
    );
    move_on(&world);
    config.apply().says("Copy of an earlier apply was taken over");
    is_the_one(&world, &config);
}

#[test]
fn provider_killed_while_the_answer_hangs() {
    let world = World::on(backend!(AssumeRole, Keys, Control));
    let config = world.workdir(WITH_ROLE);
    world
        .backend
        .simulator()
        .fault(json!({"service": "backup", "operation": "StartCopyJob", "kind": "hang"}));
    let running = start(&config);
    world.backend.simulator().wait_for_calls("StartCopyJob", 1);
    running.kill_provider();
    running.finish(LIMIT).fails();
    // The same call with the same token finds the job.
    config.apply().says("Copy of an earlier apply was taken over");
    assert_eq!(world.backend.simulator().calls().count("StartCopyJob"), 2);
    is_the_one(&world, &config);
}

#[test]
fn answer_lost_on_the_way() {
    let world = World::on(backend!(AssumeRole, Keys, Control));
    let config = world.workdir(WITH_ROLE);
    world
        .backend
        .simulator()
        .fault(json!({"service": "backup", "operation": "StartCopyJob", "kind": "reset_after"}));
    config.apply();
    is_the_one(&world, &config);
}

#[test]
fn wait_fails_keeps_state() {
    let world = World::on(backend!(AssumeRole, Keys, Control));
    let config = world.workdir(&format!("{WITH_ROLE}\n  timeouts = {{ create = \"3s\" }}"));
    slow(&world);
    let run = config
        .try_apply()
        .fails()
        .says("Copy is not finished")
        .says("no second copy is made");
    assert!(run.took < LIMIT / 2, "the user's timeout holds: {run}");
    assert!(config.state().is_tainted(ADDRESS));
    move_on(&world);
    config.apply().says("Copy of an earlier apply was taken over");
    is_the_one(&world, &config);
}

#[test]
fn a_job_that_fails_after_the_run_was_interrupted() {
    let world = World::on(backend!(AssumeRole, Keys, Control));
    let config = world.workdir(WITH_ROLE);
    slow(&world);
    let running = start(&config);
    world.backend.simulator().wait_for_calls("DescribeCopyJob", 1);
    running.interrupt();
    running.finish(LIMIT);
    world.manager().set_cross_account_backup(false);
    move_on(&world);
    let plan = config.plan();
    assert_eq!(plan.actions(ADDRESS), ["create"]);
    for part in ["Warning: Copy job failed", "are not enabled for the organization"] {
        let words = plan.output.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(part), "{part}: {}", plan.output);
    }
}

#[test]
fn destroy_of_a_copy_that_is_being_made() {
    let world = World::on(backend!(AssumeRole, Keys, Control));
    let config = world.workdir(&format!("{WITH_ROLE}\n  timeouts = {{ delete = \"3s\" }}"));
    slow(&world);
    let running = start(&config);
    world.backend.simulator().wait_for_calls("DescribeCopyJob", 1);
    running.interrupt();
    running.finish(LIMIT);
    let destroy = ["destroy", "-auto-approve", "-no-color"];
    config
        .terraform(&destroy)
        .fails()
        .says("Copy cannot be deleted yet")
        .says("the next destroy waits on");
    assert!(config.state().find(ADDRESS).is_some());
    move_on(&world);
    config.terraform(&destroy).ok();
    assert_eq!(world.copies(), Vec::<Value>::new());
    assert_eq!(world.jobs().len(), 1);
}
