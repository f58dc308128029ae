//! The whole story that AWS Backup is used for, through the real terraform: tables of one account are protected by the
//! example module, copied into the locked vault of a second account in another Region, lost, and restored there.

use std::fs;
use std::path::Path;
use std::time::Duration;

use acceptance_tests::{Backend, Client, Credentials, Workdir, backend, wait_until};
use serde_json::json;

const OTHER_ACCOUNT: &str = "444455556666";
const MANAGEMENT: &str = "999900001111";
const OTHER_REGION: &str = "eu-central-1";
const KEY_ID: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";
const DAY: u64 = 86_400;
const LIMIT: Duration = Duration::from_secs(60);

/// Two accounts of one organization, a key in each, and a table with items in the first.
struct Scene {
    backend: Backend,
    config: Workdir,
}

impl Scene {
    fn new(backend: Backend) -> Self {
        let simulator = backend.simulator();
        simulator.organize(MANAGEMENT, &[backend.account(), OTHER_ACCOUNT]);
        for (account, region) in [
            (backend.account(), Backend::REGION),
            (OTHER_ACCOUNT, OTHER_REGION),
        ] {
            simulator.make_key(json!({
                "account": account, "region": region, "key_id": KEY_ID, "state": "Enabled", "aliases": [],
            }));
        }
        backend.aws().create_table("orders");
        backend.aws().put_items("orders", ["a", "b", "c"]);
        let config = backend.workdir("");
        copy_folder(&module(), &config.path().join("modules/protected-tables"));
        Self { backend, config }
    }

    fn providers(&self) -> String {
        let account = self.backend.account();
        format!(
            r#"
provider "dynamodb" {{
  region     = "{}"
  access_key = "{account}"
  secret_key = "test"
}}

provider "dynamodb" {{
  alias      = "copies"
  region     = "{OTHER_REGION}"
  access_key = "{OTHER_ACCOUNT}"
  secret_key = "test"
}}

provider "dynamodb" {{
  alias      = "management"
  region     = "{}"
  access_key = "{MANAGEMENT}"
  secret_key = "test"
}}
"#,
            Backend::REGION,
            Backend::REGION,
        )
    }

    fn protection(&self) -> String {
        let account = self.backend.account();
        let region = Backend::REGION;
        format!(
            r#"
resource "dynamodb_backup_settings" "organization" {{
  provider             = dynamodb.management
  cross_account_backup = true
}}

module "protected_tables" {{
  source = "./modules/protected-tables"

  providers = {{
    dynamodb        = dynamodb
    dynamodb.copies = dynamodb.copies
  }}

  table_arns         = ["arn:aws:dynamodb:{region}:{account}:table/orders"]
  backup_role_arn    = "arn:aws:iam::{account}:role/backup"
  kms_key_arn        = "arn:aws:kms:{region}:{account}:key/{KEY_ID}"
  copies_kms_key_arn = "arn:aws:kms:{OTHER_REGION}:{OTHER_ACCOUNT}:key/{KEY_ID}"

  lock = {{
    min_retention_days  = 7
    max_retention_days  = 365
    changeable_for_days = 3
  }}

  depends_on = [dynamodb_backup_settings.organization]
}}

output "protected" {{
  value = module.protected_tables
}}
"#
        )
    }

    fn second_account(&self) -> Client {
        self.backend
            .aws()
            .with_credentials(Credentials::of_account(OTHER_ACCOUNT))
            .in_region(OTHER_REGION)
    }
}

const RESTORE: &str = r#"
data "dynamodb_recovery_points" "orders" {
  provider   = dynamodb.copies
  vault_name = "protected-tables-copies"
}

resource "dynamodb_restored_table" "orders" {
  provider = dynamodb.copies
  name     = "orders"

  source = {
    recovery_point_arn = data.dynamodb_recovery_points.orders.newest.arn
    role_arn           = "arn:aws:iam::444455556666:role/restore"
  }
}
"#;

#[test]
fn a_table_that_was_lost_with_its_account_comes_back_from_the_copy() {
    let scene = Scene::new(backend!(Control));
    let simulator = scene.backend.simulator();
    let protected = format!("{}{}", scene.providers(), scene.protection());
    scene.config.configure(&protected);
    scene.config.init();
    let plan = scene.config.plan();
    assert!(
        plan.output.contains("compliance mode"),
        "the plan warns of a lock for good: {}",
        plan.output
    );
    scene.config.apply();
    scene.config.assert_empty_plan();
    let next = scene.config.terraform(&["output", "-json", "protected"]).ok();
    let outputs: serde_json::Value = serde_json::from_str(&next.stdout).expect("outputs are JSON");
    let run = outputs["next_backups"][0].as_str().expect("there is a next run");
    assert!(run.ends_with("T03:00:00Z"), "{run}");

    // A night passes: the plan backs up and copies.
    simulator.advance(DAY);
    let there = scene.second_account();
    let copies = wait_until("the copy", LIMIT, || {
        let copies = there.recovery_points("protected-tables-copies");
        let is_done = copies.first().is_some_and(|copy| copy["Status"] == "COMPLETED");
        is_done.then_some(copies)
    });
    assert_eq!(copies.len(), 1, "{copies:?}");

    // The account of the tables is lost, as far as the table goes.
    let items = scene.backend.aws().keys("orders");
    assert_eq!(items, ["a", "b", "c"]);
    scene.backend.aws().delete_table("orders");

    // All that is left is the second account.
    let restore = scene.backend.workdir("");
    restore.configure(&format!("{}{RESTORE}", scene.providers()));
    restore.init();
    restore.apply();
    restore.assert_empty_plan();
    assert_eq!(there.keys("orders"), items);

    // The lock is for good by now.
    simulator.advance(3 * DAY);
    restore.destroy();
    let refused = scene
        .config
        .terraform(&["destroy", "-auto-approve", "-no-color"])
        .fails();
    refused
        .says("protected-tables-copies")
        .says("By their lifecycles AWS Backup deletes the last of them at");
    assert!(there.vault("protected-tables-copies").is_some());
    assert_eq!(
        there.recovery_points("protected-tables-copies").len(),
        1,
        "no copy is lost"
    );
}

fn module() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/modules/protected-tables")
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder in a temporary folder");
    for entry in fs::read_dir(from).expect("the module is there") {
        let entry = entry.expect("the module can be read");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file can be copied");
        }
    }
}
