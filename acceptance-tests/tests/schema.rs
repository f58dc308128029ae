//! What Terraform makes of our schemas, and of every example in the work tree.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use acceptance_tests::{Backend, Credentials, Workdir, backend, wait_until};
use serde_json::{Value, json};

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
            "dynamodb_backup_plan",
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
        let seeds = needs_aws_backup(&folder).then(|| Seeds::of_aws_backup(&backend));
        // The example of a vault makes the vault that the others use.
        make_key(&backend, IRELAND);
        let config = copied(&backend, &folder, seeds.as_ref(), |name| {
            !name.starts_with("import-by")
        });
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
        for region in [Backend::REGION, IRELAND] {
            backend.aws().in_region(region).create_table("orders-restored");
        }
        let is_vault = folder.ends_with("dynamodb_backup_vault");
        let seeds = (is_vault || needs_aws_backup(&folder)).then(|| Seeds::of_aws_backup(&backend));
        let config = copied(&backend, &folder, seeds.as_ref(), |_| true);
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

/// Whether an example speaks of vaults and recovery points that are there.
fn needs_aws_backup(folder: &Path) -> bool {
    let speaks = [
        "backup_plan",
        "backup_job",
        "recovery_point",
        "recovery_points",
        "recovery_point_copy",
        "restored_table",
    ];
    speaks
        .iter()
        .any(|name| folder.ends_with(format!("dynamodb_{name}")))
}

/// The Region of the examples about AWS Backup.
const IRELAND: &str = "eu-west-1";
/// The account that takes copies in the examples.
const COPIES_ACCOUNT: &str = "444455556666";
const COPIES_REGION: &str = "eu-central-1";

/// What the examples about AWS Backup speak of, by the ids that it has got here.
struct Seeds {
    /// Text of the examples, and what stands for it here.
    replacements: Vec<(&'static str, String)>,
}

impl Seeds {
    fn of_aws_backup(backend: &Backend) -> Self {
        const POINT: &str = "1EB3B5E7-9EB0-435A-A80B-108B488B0D45";
        let simulator = backend.simulator();
        simulator.organize(backend.account(), &[COPIES_ACCOUNT]);
        backend.aws().set_cross_account_backup(true);
        for region in [Backend::REGION, IRELAND, COPIES_REGION] {
            let aws = backend.aws().in_region(region);
            aws.set_backup_settings(true, true);
            let key = make_key(backend, region);
            aws.create_vault_with("orders", json!({"EncryptionKeyArn": key}));
            aws.create_vault("nightly");
        }
        let copies = backend
            .aws()
            .with_credentials(Credentials::of_account(COPIES_ACCOUNT))
            .in_region(COPIES_REGION);
        copies.set_backup_settings(true, true);
        simulator.make_key(json!({
            "account": COPIES_ACCOUNT, "region": COPIES_REGION, "key_id": KEY_ID, "state": "Enabled", "aliases": [],
        }));
        let key = format!("arn:aws:kms:{COPIES_REGION}:{COPIES_ACCOUNT}:key/{KEY_ID}");
        let destination = copies.create_vault_with("copies", json!({"EncryptionKeyArn": key}));
        let policy = json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": {"AWS": format!("arn:aws:iam::{}:root", backend.account())},
            "Action": "backup:CopyIntoBackupVault", "Resource": "*",
        }]});
        copies.aws_backup(
            "PUT",
            "/backup-vaults/copies/access-policy",
            json!({"Policy": policy.to_string()}),
        );

        backend.aws().make_recovery_point("orders", "nightly");
        let aws = backend.aws().in_region(IRELAND);
        let in_orders = aws.make_recovery_point("orders", "orders");
        let in_nightly = aws.make_recovery_point("orders", "nightly");
        let copy = aws.aws_backup(
            "PUT",
            "/copy-jobs",
            json!({
                "RecoveryPointArn": in_orders, "SourceBackupVaultName": "orders",
                "DestinationBackupVaultArn": destination, "IamRoleArn": aws.backup_role(),
            }),
        );
        let job = copy["CopyJobId"].as_str().expect("a job has an id").to_owned();
        wait_until("the copy", Duration::from_secs(30), || {
            let answer = aws.aws_backup("GET", &format!("/copy-jobs/{job}"), Value::Null);
            (answer["CopyJob"]["State"] == "COMPLETED").then_some(())
        });
        let plan = aws.aws_backup(
            "PUT",
            "/backup/plans/",
            json!({"BackupPlan": {"BackupPlanName": "orders", "Rules": [
                {"RuleName": "daily", "TargetBackupVaultName": "orders"},
            ]}}),
        );
        let plan = plan["BackupPlanId"]
            .as_str()
            .expect("a plan has an id")
            .to_owned();
        Self {
            replacements: vec![
                (
                    "nightly,arn:aws:backup:eu-west-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45",
                    format!("nightly,{in_nightly}"),
                ),
                (
                    "arn:aws:backup:eu-west-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45",
                    in_orders,
                ),
                (POINT, job),
                ("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9", plan),
            ],
        }
    }
}

const KEY_ID: &str = "0a1b2c3d-0000-4000-8000-000000000000";

/// The key of the examples in a Region. Returns its ARN.
fn make_key(backend: &Backend, region: &str) -> String {
    backend.simulator().make_key(json!({
        "account": backend.account(), "region": region, "key_id": KEY_ID, "state": "Enabled", "aliases": [],
    }));
    format!("arn:aws:kms:{region}:{}:key/{KEY_ID}", backend.account())
}

/// Every folder below `examples/` that has a configuration of its own. Modules want providers from who calls them, and
/// have tests of their own.
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
        todo.extend(
            entries
                .into_iter()
                .filter(|path| path.is_dir() && !path.ends_with("modules")),
        );
    }
    folders.sort();
    folders
}

/// The example in a folder of its own, with our endpoint where it names one.
fn copied(backend: &Backend, folder: &Path, seeds: Option<&Seeds>, wanted: impl Fn(&str) -> bool) -> Workdir {
    let mut config = backend.workdir("");
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
            let is_of_ireland = [
                "arn:aws:backup:eu-west-1",
                "arn:aws:kms:eu-west-1",
                "table/orders\"]",
            ];
            if is_of_ireland.iter().any(|it| text.contains(it)) {
                config.set_variable("AWS_REGION", IRELAND);
            }
            let mut here = text.replace("http://localhost:4566", backend.endpoint());
            for (example, seeded) in seeds.iter().flat_map(|seeds| &seeds.replacements) {
                here = here.replace(example, seeded);
            }
            config.write(name, &here);
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
