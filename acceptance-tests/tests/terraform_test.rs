//! `terraform test` with our provider: with mocks, which need no AWS, and without.

use acceptance_tests::backend;

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
