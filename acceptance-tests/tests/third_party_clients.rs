//! Clients of other people against the simulator: it must not be shaped to our provider.

#[path = "third_party_clients/aws_backup.rs"]
mod aws_backup;

use std::path::Path;
use std::time::Duration;

use acceptance_tests::{
    AwsCli, Backend, HASHICORP_AWS_VERSION, Mirrors, Python, Workdir, backend, hashicorp_aws_mirror, tool,
    wait_until,
};
use serde_json::json;

#[test]
fn boto3() {
    let backend = backend!(Control);
    let python = tool!(Python::with_boto3());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/backup_and_restore.py");
    assert_eq!(python.run(&script, &backend).trim(), "done");
    let agents = backend.simulator().calls().user_agents();
    assert!(
        agents
            .iter()
            .any(|agent| agent.contains("Boto3") || agent.contains("Botocore")),
        "{agents:?}"
    );
}

#[test]
fn aws_cli() {
    let backend = backend!(Control);
    let cli = tool!(AwsCli::find());
    let aws = |arguments: &[&str]| cli.dynamodb(&backend, arguments);
    aws(&[
        "create-table",
        "--table-name=orders",
        "--billing-mode=PAY_PER_REQUEST",
        "--attribute-definitions=AttributeName=pk,AttributeType=S",
        "--key-schema=AttributeName=pk,KeyType=HASH",
    ]);
    wait_until("continuous backups", Duration::from_secs(60), || {
        let table = backend.aws().table("orders")?;
        if table["TableStatus"] != "ACTIVE" {
            return None;
        }
        let answer = aws(&["describe-continuous-backups", "--table-name=orders"]);
        (answer["ContinuousBackupsDescription"]["ContinuousBackupsStatus"] == "ENABLED").then_some(())
    });
    aws(&["put-item", "--table-name=orders", r#"--item={"pk": {"S": "a"}}"#]);
    let made = aws(&["create-backup", "--table-name=orders", "--backup-name=nightly"]);
    let arn = made["BackupDetails"]["BackupArn"]
        .as_str()
        .expect("a backup has an ARN")
        .to_owned();
    let backup_arn = format!("--backup-arn={arn}");
    wait_until("the backup", Duration::from_secs(60), || {
        let answer = aws(&["describe-backup", &backup_arn]);
        (answer["BackupDescription"]["BackupDetails"]["BackupStatus"] == "AVAILABLE").then_some(())
    });
    let listed = aws(&["list-backups", "--table-name=orders"]);
    assert_eq!(listed["BackupSummaries"][0]["BackupArn"], json!(arn));
    aws(&[
        "restore-table-from-backup",
        "--target-table-name=orders-restored",
        &backup_arn,
    ]);
    wait_until("the restore", Duration::from_secs(60), || {
        let answer = aws(&["describe-table", "--table-name=orders-restored"]);
        (answer["Table"]["TableStatus"] == "ACTIVE").then_some(())
    });
    let items = aws(&["scan", "--table-name=orders-restored"]);
    assert_eq!(items["Items"], json!([{"pk": {"S": "a"}}]));
    let deleted = aws(&["delete-backup", &backup_arn]);
    assert_eq!(
        deleted["BackupDescription"]["BackupDetails"]["BackupStatus"],
        "DELETED"
    );
    assert_eq!(aws(&["list-backups"])["BackupSummaries"], json!([]));
}

/// A provider of other people reads and writes the same setting as ours.
#[test]
fn hashicorp_aws() {
    let backend = backend!(Control);
    let mirror = tool!(hashicorp_aws_mirror());
    let config = with_hashicorp_aws(&backend, mirror);
    config.write(
        "main.tf",
        &table("enabled                 = true\n    recovery_period_in_days = 7"),
    );
    config.init();
    config.apply();
    let recovery = backend.aws().recovery("orders");
    assert_eq!(
        (
            &recovery["PointInTimeRecoveryStatus"],
            &recovery["RecoveryPeriodInDays"]
        ),
        (&json!("ENABLED"), &json!(7))
    );
    config.assert_empty_plan();
    config.destroy();
    assert_eq!(backend.aws().table("orders"), None);
}

fn with_hashicorp_aws(backend: &Backend, mirror: std::path::PathBuf) -> Workdir {
    Workdir::new(&Mirrors::only_hashicorp_aws(mirror), backend.variables())
}

fn table(recovery: &str) -> String {
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

resource "aws_dynamodb_table" "orders" {{
  name         = "orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "pk"

  attribute {{
    name = "pk"
    type = "S"
  }}

  point_in_time_recovery {{
    {recovery}
  }}
}}
"#
    )
}
