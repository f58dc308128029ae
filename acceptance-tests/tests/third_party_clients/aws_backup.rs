//! AWS Backup with clients of other people.

use std::path::Path;

use acceptance_tests::{HASHICORP_AWS_VERSION, Python, backend, hashicorp_aws_mirror, tool};

use super::with_hashicorp_aws;

#[test]
fn boto3_backs_up_copies_and_restores() {
    let backend = backend!(Control);
    let python = tool!(Python::with_boto3());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/vaults_and_jobs.py");
    assert_eq!(python.run(&script, &backend).trim(), "done");
}

#[test]
fn hashicorp_aws_keeps_vault_lock_policy_plan_selection_and_settings() {
    let backend = backend!(Control);
    let mirror = tool!(hashicorp_aws_mirror());
    let config = with_hashicorp_aws(&backend, mirror);
    config.write("main.tf", &nightly());
    config.init();
    config.apply();
    config.assert_empty_plan();
    config.destroy();
    let state = backend.simulator().state();
    assert_eq!(state["vaults"], serde_json::json!([]));
}

fn nightly() -> String {
    format!(
        r#"terraform {{
  required_providers {{
    aws = {{
      source  = "hashicorp/aws"
      version = "{HASHICORP_AWS_VERSION}"
    }}
  }}
}}

provider "aws" {{
  region = "us-east-1"
}}

resource "aws_backup_region_settings" "this" {{
  resource_type_opt_in_preference = {{
    "Aurora"          = true
    "CloudFormation"  = true
    "DocumentDB"      = true
    "DynamoDB"        = true
    "EBS"             = true
    "EC2"             = true
    "EFS"             = true
    "FSx"             = true
    "Neptune"         = true
    "RDS"             = true
    "Redshift"        = true
    "S3"              = true
    "VirtualMachine"  = true
  }}
  resource_type_management_preference = {{
    "DynamoDB" = true
    "EFS"      = true
  }}
}}

resource "aws_backup_vault" "nightly" {{
  name = "nightly"
  tags = {{ team = "data" }}
}}

resource "aws_backup_vault_lock_configuration" "nightly" {{
  backup_vault_name  = aws_backup_vault.nightly.name
  min_retention_days = 7
  max_retention_days = 365
}}

resource "aws_backup_vault_policy" "nightly" {{
  backup_vault_name = aws_backup_vault.nightly.name
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect    = "Allow"
      Principal = {{ AWS = "arn:aws:iam::999988887777:root" }}
      Action    = ["backup:CopyIntoBackupVault"]
      Resource  = "*"
    }}]
  }})
}}

resource "aws_backup_plan" "nightly" {{
  name = "nightly"

  rule {{
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.nightly.name
    schedule          = "cron(0 5 ? * * *)"

    lifecycle {{
      cold_storage_after = 30
      delete_after       = 120
    }}
  }}
}}

resource "aws_backup_selection" "tables" {{
  plan_id      = aws_backup_plan.nightly.id
  name         = "tables"
  iam_role_arn = "arn:aws:iam::111122223333:role/backup"

  selection_tag {{
    type  = "STRINGEQUALS"
    key   = "backup"
    value = "nightly"
  }}
}}
"#
    )
}
