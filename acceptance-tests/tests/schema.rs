//! What Terraform makes of our schemas, and of every example in the work tree.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use acceptance_tests::{Backend, Workdir, backend, wait_until};
use serde_json::Value;

#[test]
fn terraform_accepts_every_schema() {
    let backend = backend!();
    let config = backend.workdir("");
    let json = config.terraform(&["providers", "schema", "-json"]).ok().stdout;
    let schemas: Value = serde_json::from_str(&json).expect("terraform prints JSON");
    let ours = &schemas["provider_schemas"]["registry.terraform.io/dynamodb-backup/dynamodb"];
    let names = |kind: &str| -> Vec<String> {
        ours[kind]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect()
    };
    assert_eq!(
        names("resource_schemas"),
        [
            "dynamodb_backup",
            "dynamodb_backup_settings",
            "dynamodb_backup_vault",
            "dynamodb_final_backup",
            "dynamodb_point_in_time_recovery",
            "dynamodb_recovery_point",
            "dynamodb_recovery_point_copy",
            "dynamodb_restored_table"
        ]
    );
    assert_eq!(
        names("data_source_schemas"),
        [
            "dynamodb_backup",
            "dynamodb_backup_job",
            "dynamodb_backups",
            "dynamodb_recovery_points",
            "dynamodb_restore_window"
        ]
    );
    assert_eq!(
        names("functions"),
        [
            "backup_created_at",
            "lifecycle_dates",
            "parse_arn",
            "schedule_next"
        ]
    );
    for kind in ["resource_schemas", "data_source_schemas"] {
        for (name, schema) in ours[kind].as_object().into_iter().flatten() {
            assert!(
                schema["block"]["description"].is_string(),
                "{name} is not documented"
            );
            assert_attributes_are_documented(name, &schema["block"]);
        }
    }
    assert_attributes_are_documented("provider", &ours["provider"]["block"]);
}

fn assert_attributes_are_documented(path: &str, block: &Value) {
    for (name, attribute) in block["attributes"].as_object().into_iter().flatten() {
        let path = format!("{path}.{name}");
        let description = attribute["description"].as_str().unwrap_or_default();
        assert!(
            description.ends_with('.'),
            "{path} has no description that is a sentence: {description:?}"
        );
        assert_attributes_are_documented(&path, &attribute["nested_type"]);
    }
    for (name, nested) in block["block_types"].as_object().into_iter().flatten() {
        assert_attributes_are_documented(&format!("{path}.{name}"), &nested["block"]);
    }
}

#[test]
fn every_example_is_planned() {
    let folders = example_folders();
    assert!(folders.len() >= 9, "{folders:?}");
    for folder in folders {
        let backend = backend!(Control, Backups, PitrSwitch, SystemBackups);
        seed(&backend);
        let config = copied(&backend, &folder, |name| !name.starts_with("import-by"));
        config.terraform(&["validate", "-no-color"]).ok();
        config.terraform(&["fmt", "-check", "-diff"]).ok();
        config.plan();
    }
}

#[test]
fn every_import_example_is_planned() {
    for folder in example_folders()
        .into_iter()
        .filter(|folder| folder.join("import-by-string-id.tf").is_file())
    {
        let backend = backend!(Control, Backups, PitrSwitch, SystemBackups);
        seed(&backend);
        backend.aws().create_table("orders-restored");
        let config = copied(&backend, &folder, |_| true);
        let backup = backend.aws().backups("orders")[0]["BackupArn"]
            .as_str()
            .expect("an ARN")
            .to_owned();
        let import = fs::read_to_string(config.path().join("import-by-string-id.tf")).expect("it was copied");
        // The ARN in the example is that of nobody's backup.
        let example_arn =
            "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/backup/01700000000000-0a1b2c3d";
        config.write("import-by-string-id.tf", &import.replace(example_arn, &backup));
        let plan = config.plan();
        assert!(
            plan.output.contains("to import"),
            "{}: {}",
            folder.display(),
            plan.output
        );
    }
}

/// What the examples speak of.
fn seed(backend: &Backend) {
    for region in ["us-east-1", "eu-west-1"] {
        let aws = backend.aws().in_region(region);
        aws.create_table("orders");
        aws.enable_recovery("orders", 35);
        aws.create_backup("orders", "orders-nightly");
    }
    let aws = backend.aws();
    aws.create_table("carts");
    aws.enable_recovery("carts", 35);
    aws.delete_table("carts");
    wait_until("the system backup", Duration::from_secs(10), || {
        (!aws.backups("carts").is_empty()).then_some(())
    });
}

/// Every folder below `examples/` that has a configuration.
fn example_folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let mut folders = Vec::new();
    let mut todo = vec![root];
    while let Some(folder) = todo.pop() {
        let entries: Vec<PathBuf> = fs::read_dir(&folder)
            .unwrap_or_else(|err| panic!("reading {}: {err}", folder.display()))
            .map(|entry| entry.expect("a folder can be read to its end").path())
            .collect();
        if entries
            .iter()
            .any(|path| path.extension().is_some_and(|extension| extension == "tf"))
        {
            folders.push(folder);
        }
        todo.extend(entries.into_iter().filter(|path| path.is_dir()));
    }
    folders.sort();
    folders
}

/// The example in a folder of its own, with our endpoint where it names one.
fn copied(backend: &Backend, folder: &Path, wanted: impl Fn(&str) -> bool) -> Workdir {
    let config = backend.workdir("");
    for entry in fs::read_dir(folder).expect("it was listed") {
        let path = entry.expect("a folder can be read to its end").path();
        let Some(name) = path
            .file_name()
            .and_then(|name| name.to_str())
            .filter(|name| name.ends_with(".tf"))
        else {
            continue;
        };
        if wanted(name) {
            let text =
                fs::read_to_string(&path).unwrap_or_else(|err| panic!("reading {}: {err}", path.display()));
            config.write(name, &text.replace("http://localhost:4566", backend.endpoint()));
            if text.contains("required_providers") {
                // The example says it itself.
                fs::remove_file(config.path().join("providers.tf")).ok();
            }
        }
    }
    // `test`, the access key of the LocalStack example, is an account of its own elsewhere; here it is the default one.
    config.init();
    config
}
