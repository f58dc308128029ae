//! Restores that come to no end: waits that fail, answers that are lost, restores that fail in AWS, tables of others.

use std::time::Duration;

use acceptance_tests::{Backend, backend, wait_until};
use serde_json::json;

use super::{ADDRESS, Scene};

#[test]
fn wait_fails_keeps_state() {
    let scene = Scene::new(backend!(Backups, Restores, Control));
    scene.backend.simulator().set(json!({"restore_ms": 3_600_000}));
    let config = scene.workdir("timeouts = { create = \"2s\" }\n  tags = { team = \"shop\" }");
    let run = config.try_apply().fails();
    assert!(
        run.took < Duration::from_secs(30),
        "the user's timeout holds: {run}"
    );
    assert!(config.state().find(ADDRESS).is_some(), "{run}");
    let id = scene.table()["TableId"].clone();

    scene.backend.simulator().advance(3600);
    config.apply();
    config.assert_empty_plan();
    assert_eq!(
        scene.table()["TableId"],
        id,
        "the next apply takes up the same table"
    );
    assert_eq!(scene.tags(), ["team=shop"]);
    assert_eq!(
        scene
            .backend
            .simulator()
            .calls()
            .effective("RestoreTableFromBackup"),
        1
    );
}

#[test]
fn a_restore_that_fails_in_aws_says_so() {
    let scene = Scene::new(backend!(Backups, Restores, Control));
    scene.backend.simulator().set(json!({"restore_ms": 3_600_000}));
    let config = scene.workdir("");
    let running = config.start(&["apply", "-auto-approve", "-no-color"]);
    wait_until("the restore", Duration::from_secs(60), || {
        scene.backend.aws().table("orders-restored")
    });
    scene
        .backend
        .simulator()
        .fail_restore(scene.backend.account(), Backend::REGION, "orders-restored");
    running
        .finish(Duration::from_secs(90))
        .fails()
        .says("orders-restored");
    scene.backend.simulator().set(json!({"restore_ms": 500}));
    config.apply();
    assert_eq!(scene.table()["TableStatus"], "ACTIVE");
}

#[test]
fn a_setting_that_fails_is_finished_by_the_next_apply() {
    let scene = Scene::new(backend!(Backups, Restores, Tags, Control));
    scene.backend.simulator().deny(&["dynamodb:TagResource"]);
    let config = scene.workdir("tags = { team = \"shop\" }");
    config.try_apply().fails().says("dynamodb:TagResource");
    let id = scene.table()["TableId"].clone();
    scene.backend.simulator().deny(&[]);
    config.apply();
    config.assert_empty_plan();
    assert_eq!(scene.table()["TableId"], id);
    assert_eq!(scene.tags(), ["team=shop"]);
}

/// Whatever happens to the answer, one table is restored and no more.
mod lost_answers {
    use super::*;

    #[test]
    fn reset_before() {
        one_table(Scene::new(backend!(Backups, Restores, Control)), "reset_before");
    }

    #[test]
    fn reset_after() {
        one_table(Scene::new(backend!(Backups, Restores, Control)), "reset_after");
    }

    #[test]
    fn error() {
        one_table(Scene::new(backend!(Backups, Restores, Control)), "error");
    }

    #[test]
    fn error_after() {
        one_table(Scene::new(backend!(Backups, Restores, Control)), "error_after");
    }

    #[test]
    fn truncate() {
        one_table(Scene::new(backend!(Backups, Restores, Control)), "truncate");
    }

    fn one_table(scene: Scene, kind: &str) {
        scene.backend.simulator().fault(json!({
            "operation": "RestoreTableFromBackup", "kind": kind, "status": 500, "code": "InternalServerError",
        }));
        let config = scene.workdir("");
        let run = config.try_apply();
        if run.code != Some(0) {
            config.apply();
        }
        config.assert_empty_plan();
        assert_eq!(scene.table()["TableStatus"], "ACTIVE", "{run}");
        let calls = scene.backend.simulator().calls();
        assert!(
            calls.count("RestoreTableFromBackup") <= 2,
            "{:?}",
            calls.by_operation()
        );
    }
}

#[test]
fn someone_elses_table_is_never_adopted() {
    let scene = Scene::new(backend!(Backups, Restores, Control));
    let config = scene.workdir("");
    // Between plan and apply, somebody makes a table of that name.
    config.terraform(&["plan", "-no-color", "-out=saved"]).ok();
    scene.backend.aws().create_table("orders-restored");
    config
        .terraform(&["apply", "-no-color", "saved"])
        .fails()
        .says("orders-restored");
    assert_eq!(config.state().find(ADDRESS), None);
}
