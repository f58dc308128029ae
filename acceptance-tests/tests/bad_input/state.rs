//! Files that were damaged: the state, and the provider's own records of attempts.

use std::fs;

use acceptance_tests::{Workdir, backend};
use serde_json::{Value, json};

use crate::orderly::run;

const ADDRESS: &str = "dynamodb_backup.orders";
const CONFIGURATION: &str = "resource \"dynamodb_backup\" \"orders\" {\n  table_name = \"orders\"\n}\n";

#[test]
fn a_state_that_somebody_has_edited() {
    let backend = backend!(Backups, Control);
    backend.aws().create_table("orders");
    let config = backend.workdir(CONFIGURATION);
    config.apply();
    let whole = state(&config);
    for (member, value, says) in [
        ("arn", json!("nonsense"), "nonsense"),
        ("arn", json!(null), "arn"),
        ("arn", json!({"a": "b"}), "arn"),
        (
            "arn",
            json!("arn:aws:dynamodb:us-east-1:444455556666:table/orders/backup/01700000000000-0a1b2c3d"),
            "444455556666",
        ),
        ("source_table", json!("orders"), "source_table"),
        ("size_bytes", json!("many"), "size_bytes"),
        ("triggers", json!([1, [2, [3]]]), "triggers"),
    ] {
        let mut damaged = whole.clone();
        instance(&mut damaged)["attributes"][member] = value.clone();
        write_state(&config, &damaged);
        let run = run(&config, &["plan", "-no-color"]).fails().says(says);
        assert!(run.stderr.contains("Error:"), "{member} = {value}: {run}");
    }

    let mut newer = whole.clone();
    instance(&mut newer)["schema_version"] = json!(99);
    write_state(&config, &newer);
    run(&config, &["plan", "-no-color"]).fails().says("newer");

    let mut private = whole.clone();
    instance(&mut private)["private"] = json!("bm90IEpTT04=");
    write_state(&config, &private);
    run(&config, &["plan", "-no-color"]);
    assert_eq!(backend.aws().backups("orders").len(), 1);

    write_state(&config, &whole);
    config.assert_empty_plan();
}

#[test]
fn a_backup_of_another_region_than_its_own_is_not_deleted() {
    let backend = backend!(Backups, Control);
    let ireland = backend.aws().in_region("eu-west-1");
    backend.aws().create_table("orders");
    ireland.create_table("orders");
    let config = backend.workdir(CONFIGURATION);
    config.apply();
    let mut damaged = state(&config);
    instance(&mut damaged)["attributes"]["region"] = json!("eu-west-1");
    write_state(&config, &damaged);
    run(&config, &["plan", "-destroy", "-refresh=false", "-no-color"])
        .fails()
        .says("DBK-ARN-012");
    run(
        &config,
        &[
            "apply",
            "-destroy",
            "-auto-approve",
            "-refresh=false",
            "-no-color",
        ],
    )
    .fails();
    assert_eq!(backend.aws().backups("orders").len(), 1);
}

#[test]
fn records_of_attempts_that_are_none() {
    let backend = backend!(Backups, Control);
    backend.aws().create_table("orders");
    let config = backend.workdir(CONFIGURATION);
    // The name of a record begins with its key, which a kill shows.
    backend.simulator().fault(
        json!({"operation": "CreateBackup", "kind": "error", "times": null, "status": 400,
        "code": "LimitExceededException", "message": "There is a limit of 50 simultaneous operations"}),
    );
    let running = config.start(&["apply", "-auto-approve", "-no-color"]);
    backend.simulator().wait_for_calls("CreateBackup", 1);
    running.kill_provider();
    running.finish(std::time::Duration::from_secs(60)).fails();
    backend.simulator().clear_faults();
    let folder = config.path().join(".terraform/dynamodb/attempts");
    let record = fs::read_dir(&folder)
        .expect("the folder of the records")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|extension| extension == "json"))
        .expect("an attempt is recorded");
    let text = fs::read_to_string(&record).expect("a record");
    let mut newer: Value = serde_json::from_str(&text).expect("a record is JSON");
    newer["version"] = json!(99);
    for damaged in [
        String::new(),
        "{".to_owned(),
        "[".repeat(100_000),
        newer.to_string(),
    ] {
        fs::write(&record, damaged).expect("the record is ours");
        run(&config, &["apply", "-auto-approve", "-no-color"]).ok();
        run(&config, &["destroy", "-auto-approve", "-no-color"]).ok();
    }
    fs::remove_file(&record).expect("what cannot be read is left alone");
    fs::create_dir(&record).expect("the folder is ours");
    config.apply();
    config.assert_empty_plan();
    assert_eq!(backend.aws().backups("orders").len(), 1);
}

#[test]
fn a_folder_for_records_that_cannot_be_made() {
    let backend = backend!(Backups, Control);
    backend.aws().create_table("orders");
    let config = backend.workdir(CONFIGURATION);
    config.write(".terraform/dynamodb", "a file stands where the folder should be");
    run(&config, &["apply", "-auto-approve", "-no-color"])
        .ok()
        .says("Attempts cannot be recorded")
        .says("TF_DATA_DIR");
    config.assert_empty_plan();
}

fn state(config: &Workdir) -> Value {
    let text = fs::read_to_string(config.path().join("terraform.tfstate")).expect("there is a state");
    serde_json::from_str(&text).expect("a state is JSON")
}

fn write_state(config: &Workdir, state: &Value) {
    config.write("terraform.tfstate", &state.to_string());
}

fn instance(state: &mut Value) -> &mut Value {
    let resource = format!(
        "{}.{}",
        state["resources"][0]["type"].as_str().unwrap_or_default(),
        "orders"
    );
    assert_eq!(resource, ADDRESS);
    &mut state["resources"][0]["instances"][0]
}
