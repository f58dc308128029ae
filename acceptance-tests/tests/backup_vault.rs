//! `dynamodb_backup_vault` through the real terraform.

use std::time::Duration;

use acceptance_tests::{Backend, Workdir, backend};
use serde_json::{Value, json};

#[path = "backup_vault/cut_off.rs"]
mod cut_off;
#[path = "backup_vault/deletion.rs"]
mod deletion;
#[path = "backup_vault/locks.rs"]
mod locks;

const ADDRESS: &str = "dynamodb_backup_vault.orders";
const DAY: u64 = 24 * 60 * 60;
/// No interrupted run may take longer.
const LIMIT: Duration = Duration::from_secs(60);
/// What AWS does not keep of a vault's configuration.
const UNKNOWN_TO_AWS: &[&str] = &["force_destroy", "timeouts"];

fn configuration(arguments: &str) -> String {
    format!("resource \"dynamodb_backup_vault\" \"orders\" {{\n  name = \"orders\"\n  {arguments}\n}}\n")
}

/// The vault as AWS shows it.
fn vault(backend: &Backend) -> Value {
    backend.aws().vault("orders").expect("the vault is there")
}

/// A folder whose configuration has been applied.
fn applied(backend: &Backend, arguments: &str) -> Workdir {
    let config = backend.workdir(&configuration(arguments));
    config.apply();
    config
}

#[test]
fn basic() {
    let backend = backend!(Control);
    let config = backend.workdir(&configuration("tags = { team = \"orders\" }"));
    assert_eq!(config.plan().actions(ADDRESS), ["create"]);
    config.apply();
    config.assert_empty_plan();
    let state = config.state();
    let arn = state.text(ADDRESS, "arn").to_owned();
    assert_eq!(vault(&backend)["BackupVaultArn"], json!(arn));
    assert_eq!(state.text(ADDRESS, "vault_type"), "BACKUP_VAULT");
    assert_eq!(state.text(ADDRESS, "region"), Backend::REGION);
    assert_eq!(state.values(ADDRESS)["lock"], Value::Null);
    config.assert_import(ADDRESS, &format!("orders@{}", Backend::REGION), &[]);
    config.assert_import(ADDRESS, &arn, &[]);
    config.destroy();
    assert_eq!(backend.aws().vault("orders"), None);
}

#[test]
fn disappears() {
    let backend = backend!(Control);
    let config = applied(&backend, "");
    backend
        .aws()
        .aws_backup("DELETE", "/backup-vaults/orders", Value::Null);
    assert_eq!(config.plan().actions(ADDRESS), ["create"]);
    config.apply();
    config.assert_empty_plan();
}

#[test]
fn policy() {
    let backend = backend!(Control);
    let policy = |account: &str| {
        format!(
            "policy = jsonencode({{\n Version = \"2012-10-17\"\n Statement = [{{\n Effect = \"Allow\"\n Principal = {{ AWS \
             = \"{account}\" }}\n Action = \"backup:CopyIntoBackupVault\"\n Resource = \"*\"\n }}]\n }})"
        )
    };
    let config = applied(&backend, &policy("444455556666"));
    config.assert_empty_plan();
    // AWS keeps the meaning and not the text.
    let kept = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": ["*"],
        "Principal": {"AWS": "arn:aws:iam::444455556666:root"}, "Action": ["backup:CopyIntoBackupVault"]}]});
    let path = "/backup-vaults/orders/access-policy";
    backend
        .aws()
        .aws_backup("PUT", path, json!({"Policy": kept.to_string()}));
    config.assert_empty_plan();

    config.configure(&configuration(&policy("777788889999")));
    assert_eq!(config.plan().actions(ADDRESS), ["update"]);
    config.apply();
    config.assert_empty_plan();
    config.configure(&configuration(""));
    assert_eq!(config.plan().actions(ADDRESS), ["update"]);
    config.apply();
    config.assert_empty_plan();
    assert!(backend.aws().try_aws_backup("GET", path, &Value::Null).is_err());
}

#[test]
fn a_policy_that_is_no_json_is_refused_when_it_is_validated() {
    let backend = backend!(Control);
    let config = backend.workdir(&configuration("policy = \"allow all\""));
    config.plan_fails().says("policy").says("The value is not JSON");
    assert_eq!(backend.simulator().calls().count("CreateBackupVault"), 0);
}

#[test]
fn a_denied_read_of_the_policy_never_means_gone() {
    let backend = backend!(Control);
    let config = applied(&backend, "policy = jsonencode({ Statement = [] })");
    backend.simulator().deny(&["backup:GetBackupVaultAccessPolicy"]);
    config
        .plan_fails()
        .says("Backup vault cannot be read")
        .says("Allow backup:GetBackupVaultAccessPolicy");
    backend.simulator().deny(&[]);
    config.assert_empty_plan();
}

#[test]
fn tags() {
    let backend = backend!(Control);
    let config = applied(&backend, "tags = { a = \"1\", b = \"2\" }");
    config.assert_empty_plan();
    config.configure(&configuration("tags = { b = \"3\" }"));
    let plan = config.plan();
    assert_eq!(plan.actions(ADDRESS), ["update"]);
    assert_eq!(plan.after(ADDRESS, "tags_all"), &json!({"b": "3"}));
    config.apply();
    config.assert_empty_plan();
    let arn = config.state().text(ADDRESS, "arn").replace(':', "%3A");
    let tags = backend
        .aws()
        .aws_backup("GET", &format!("/tags/{arn}/"), Value::Null);
    assert_eq!(tags["Tags"], json!({"b": "3"}));
}

#[test]
fn name_kind_and_key_replace() {
    let backend = backend!(Control);
    let config = applied(&backend, "");
    config.configure(&configuration("").replace("\"orders\"\n ", "\"invoices\"\n "));
    assert_eq!(config.plan().actions(ADDRESS), ["delete", "create"]);
    config.apply();
    config.assert_empty_plan();
    assert_eq!(backend.aws().vault("orders"), None);
    assert!(backend.aws().vault("invoices").is_some());

    let key_id = "1234abcd-12ab-34cd-56ef-1234567890ab";
    backend.simulator().make_key(json!({
        "account": backend.account(), "region": Backend::REGION, "key_id": key_id, "state": "Enabled", "aliases": [],
    }));
    let key = format!(
        "arn:aws:kms:{}:{}:key/{key_id}",
        Backend::REGION,
        backend.account()
    );
    config.configure(&configuration(&format!("kms_key_arn = \"{key}\"")));
    assert_eq!(config.plan().actions(ADDRESS), ["delete", "create"]);
    config.apply();
    config.assert_empty_plan();
    assert_eq!(vault(&backend)["EncryptionKeyArn"], json!(key));
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/49647>
#[test]
fn a_replacement_under_the_same_name_waits_until_the_old_vault_is_gone_49647() {
    let backend = backend!(Control);
    let config = applied(&backend, "");
    let air_gapped = "vault_type = \"LOGICALLY_AIR_GAPPED_BACKUP_VAULT\"\n  lock = { min_retention_days = 7, \
                      max_retention_days = 30 }";
    config.configure(&configuration(air_gapped));
    assert_eq!(config.plan().actions(ADDRESS), ["delete", "create"]);
    config.apply();
    config.assert_empty_plan();
    assert_eq!(vault(&backend)["VaultType"], "LOGICALLY_AIR_GAPPED_BACKUP_VAULT");
    config.assert_import(ADDRESS, "orders", &[]);

    // Its retention is part of it.
    config.configure(&configuration(&air_gapped.replace("30", "40")));
    assert_eq!(config.plan().actions(ADDRESS), ["delete", "create"]);
    config.apply();
    config.assert_empty_plan();
    assert_eq!(vault(&backend)["MaxRetentionDays"], 40);
    config.destroy();
}

/// <https://github.com/cloudposse/terraform-aws-backup/issues/48>
#[test]
fn a_recovery_point_more_is_no_change_48() {
    let backend = backend!(Control);
    let config = applied(&backend, "");
    backend.aws().create_table("orders");
    backend.aws().make_recovery_point("orders", "orders");
    let plan = config.plan();
    assert!(
        plan.is_empty() && !plan.output.contains("Objects have changed"),
        "{}",
        plan.output
    );
}

#[test]
fn a_vault_of_somebody_else_is_left_alone() {
    let backend = backend!(Control);
    backend.aws().create_vault("orders");
    let config = backend.workdir(&configuration(""));
    config
        .terraform(&["apply", "-auto-approve", "-no-color"])
        .fails()
        .says("Backup vault exists already");
    assert!(vault(&backend)["CreatorRequestId"].is_null());
    config.terraform(&["import", "-no-color", ADDRESS, "orders"]).ok();
    config.assert_empty_plan();
}
