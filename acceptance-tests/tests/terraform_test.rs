//! `terraform test` with our provider: with mocks, which need no AWS, and without.

use std::fs;
use std::path::Path;

use acceptance_tests::{Mirrors, Workdir, backend};

const MODULE: &str = r#"
variable "table_name" {
  type = string
}

variable "days" {
  type    = number
  default = 35
}

resource "dynamodb_point_in_time_recovery" "this" {
  table_name              = var.table_name
  recovery_period_in_days = var.days
}

resource "dynamodb_backup" "this" {
  table_name = var.table_name
}

output "backup_arn" {
  value = dynamodb_backup.this.arn
}
"#;

const MOCKED: &str = r#"
mock_provider "dynamodb" {
  mock_resource "dynamodb_backup" {
    defaults = {
      arn = "arn:aws:dynamodb:us-east-1:111122223333:table/mock/backup/01700000000000-0a1b2c3d"
    }
  }
}

variables {
  table_name = "mock"
}

run "plan" {
  command = plan

  assert {
    condition     = dynamodb_point_in_time_recovery.this.recovery_period_in_days == 35
    error_message = "the default is 35 days"
  }
}

run "apply" {
  assert {
    condition     = endswith(output.backup_arn, "0a1b2c3d")
    error_message = "the mock gives the ARN"
  }
}
"#;

const REAL: &str = r#"
variables {
  table_name = "orders"
}

run "apply" {
  assert {
    condition     = dynamodb_backup.this.status == "AVAILABLE"
    error_message = "the backup is waited for"
  }

  assert {
    condition     = dynamodb_point_in_time_recovery.this.enabled
    error_message = "recovery is on"
  }
}

run "longer_than_aws_keeps" {
  command = plan

  variables {
    days = 36
  }

  expect_failures = [dynamodb_point_in_time_recovery.this]
}
"#;

#[test]
fn with_mocks() {
    let backend = backend!();
    let mut config = backend.workdir(MODULE);
    config.set_variable("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
    config.write("tests/mocked.tftest.hcl", MOCKED);
    config.init();
    config
        .terraform(&["test", "-no-color"])
        .ok()
        .says("2 passed, 0 failed");
}

#[test]
fn without_mocks() {
    let backend = backend!(Backups, PitrSwitch);
    backend.aws().create_table("orders");
    let config = backend.workdir(MODULE);
    config.write(
        "tests/real.tftest.hcl",
        &REAL[..REAL.find("run \"longer").expect("it is there")],
    );
    config.init();
    config
        .terraform(&["test", "-no-color"])
        .ok()
        .says("1 passed, 0 failed");
    assert_eq!(
        backend.aws().backups("orders").len(),
        0,
        "terraform test cleans up"
    );
}

#[test]
fn a_rule_that_is_broken_fails_the_run() {
    let backend = backend!(Backups, PitrSwitch);
    backend.aws().create_table("orders");
    let config = backend.workdir(MODULE);
    config.write("tests/real.tftest.hcl", REAL);
    config.init();
    // Terraform's expect_failures is about conditions of the configuration; what a provider refuses always fails a run.
    config
        .terraform(&["test", "-no-color"])
        .fails()
        .says("36")
        .says("1 passed, 1 failed");
    assert_eq!(
        backend.aws().backups("orders").len(),
        0,
        "terraform test cleans up"
    );
}

/// As it is checked in, with its own tests.
#[test]
fn the_quickstart_has_a_test_that_needs_no_aws() {
    let backend = backend!();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/quickstart");
    let read =
        |name: &str| fs::read_to_string(example.join(name)).unwrap_or_else(|err| panic!("{name}: {err}"));
    let mut config = backend.workdir(&read("main.tf"));
    config.write("tests/mocked.tftest.hcl", &read("tests/mocked.tftest.hcl"));
    for (name, _) in backend.variables() {
        config.unset_variable(&name);
    }
    config.init();
    config
        .terraform(&["test", "-no-color"])
        .ok()
        .says("2 passed, 0 failed");
}

/// The same for the module, which is called by others.
#[test]
fn the_module_for_protected_tables_has_a_test_that_needs_no_aws() {
    let backend = backend!();
    let module = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/modules/protected-tables");
    let mut config = Workdir::new(&Mirrors::ours(), backend.variables());
    for name in [
        "main.tf",
        "variables.tf",
        "outputs.tf",
        "versions.tf",
        "tests/protected_tables.tftest.hcl",
    ] {
        let text = fs::read_to_string(module.join(name)).unwrap_or_else(|err| panic!("{name}: {err}"));
        config.write(name, &text);
    }
    fs::remove_file(config.path().join("providers.tf")).expect("the module says itself what it needs");
    config.set_variable("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
    config.init();
    config.terraform(&["fmt", "-check", "-diff", "-recursive"]).ok();
    config
        .terraform(&["test", "-no-color"])
        .ok()
        .says("3 passed, 0 failed");
}

/// What is mocked without a word about it gets made-up values that fit the schema. The provider still judges what one
/// object takes from another, so that an ARN must look like one.
#[test]
fn mocks_of_what_other_objects_refer_to() {
    let backend = backend!();
    let mut config = backend.workdir(RESTORE);
    config.set_variable("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
    config.write("tests/mocked.tftest.hcl", MOCKED_REFERENCES);
    config.init();
    config
        .terraform(&["test", "-no-color"])
        .ok()
        .says("2 passed, 0 failed");
}

/// A backup in one run and a restore of it in the next; all of it is gone afterwards.
#[test]
fn a_restore_drill() {
    let backend = backend!(Backups, Restores);
    backend.aws().create_table("orders");
    backend.aws().put_items("orders", ["a", "b"]);
    let config = backend.workdir(RESTORE);
    config.write("tests/drill.tftest.hcl", DRILL);
    config.init();
    config
        .terraform(&["test", "-no-color"])
        .ok()
        .says("2 passed, 0 failed");
    assert_eq!(
        backend.aws().backups("orders").len(),
        0,
        "terraform test cleans up"
    );
    assert_eq!(
        backend.aws().table("orders-drill"),
        None,
        "terraform test cleans up"
    );
    assert_eq!(backend.aws().keys("orders"), ["a", "b"]);
}

const RESTORE: &str = r#"
variable "restore" {
  type    = bool
  default = false
}

resource "dynamodb_backup" "this" {
  table_name = "orders"
}

resource "dynamodb_restored_table" "drill" {
  count  = var.restore ? 1 : 0
  name   = "orders-drill"
  source = { backup_arn = dynamodb_backup.this.arn }
  tags   = { Purpose = "drill" }
}

data "dynamodb_backups" "all" {
  table_name = "orders"
  depends_on = [dynamodb_backup.this]
}
"#;

const MOCKED_REFERENCES: &str = r#"
mock_provider "dynamodb" {
  mock_resource "dynamodb_backup" {
    defaults = {
      arn = "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/01700000000000-0a1b2c3d"
    }
  }

  mock_data "dynamodb_backups" {
    defaults = {
      arns = ["arn:of-the-mock"]
    }
  }
}

run "backup" {
  assert {
    condition     = data.dynamodb_backups.all.arns[0] == "arn:of-the-mock"
    error_message = "the mocked data source gives what it was told"
  }
}

run "restore" {
  variables {
    restore = true
  }

  override_resource {
    target = dynamodb_restored_table.drill[0]
    values = {
      status = "ACTIVE"
    }
  }

  assert {
    condition     = dynamodb_restored_table.drill[0].status == "ACTIVE"
    error_message = "an override wins over a made-up value"
  }

  assert {
    condition     = dynamodb_restored_table.drill[0].arn != ""
    error_message = "what is not said is made up"
  }
}
"#;

const DRILL: &str = r#"
run "backup" {
  assert {
    condition     = contains(data.dynamodb_backups.all.backups[*].arn, dynamodb_backup.this.arn)
    error_message = "the backup is listed"
  }
}

run "restore" {
  variables {
    restore = true
  }

  assert {
    condition     = dynamodb_restored_table.drill[0].status == "ACTIVE"
    error_message = "the restore is waited for"
  }

  assert {
    condition     = dynamodb_restored_table.drill[0].tags_all["Purpose"] == "drill"
    error_message = "what a restore drops is put on in the same run"
  }
}
"#;
