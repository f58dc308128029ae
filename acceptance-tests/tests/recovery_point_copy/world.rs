//! Two accounts of one organization and a recovery point in one of them: all that a copy into the other one needs.

use acceptance_tests::{Backend, Client, Credentials, Run, Workdir, normalise_ids};
use expect_test::Expect;
use regex::Regex;
use serde_json::{Value, json};

pub(crate) const ADDRESS: &str = "dynamodb_recovery_point_copy.orders";
/// The account of the destination, and the one that manages the organization.
pub(crate) const THERE: &str = "444455556666";
pub(crate) const MANAGER: &str = "999988887777";
/// The Region of the destination.
pub(crate) const IRELAND: &str = "eu-west-1";
/// The role with which the destination is reached.
pub(crate) const WITH_ROLE: &str = "destination = { role_arn = \"arn:aws:iam::444455556666:role/copies\" }";
/// The state of the key of the destination vault is changed under this id.
pub(crate) const KEY_THERE: &str = "4444abcd-12ab-34cd-56ef-1234567890ab";
/// The key of the vault of the recovery point.
pub(crate) const KEY_HERE: &str = "1111abcd-12ab-34cd-56ef-1234567890ab";

/// When the recovery point is made, and what time it is afterwards: in the future, so that the age of the machine does
/// not matter.
const MADE: &str = "2040-11-20T08:00:00Z";
const NOW: &str = "2040-11-20T09:00:05Z";

pub(crate) struct World {
    pub(crate) backend: Backend,
    /// The recovery point.
    pub(crate) point: String,
    /// The vault that takes the copy.
    pub(crate) vault: String,
}

impl World {
    pub(crate) fn on(backend: Backend) -> Self {
        let simulator = backend.simulator();
        simulator.set_clock(MADE);
        simulator.organize(MANAGER, &[backend.account(), THERE]);
        for (account, region, key) in [
            (backend.account(), Backend::REGION, KEY_HERE),
            (THERE, IRELAND, KEY_THERE),
            (backend.account(), IRELAND, KEY_HERE),
        ] {
            make_key(&backend, account, region, key, "Enabled");
        }
        let aws = backend.aws();
        aws.create_table("orders");
        aws.create_vault_with(
            "orders",
            json!({"EncryptionKeyArn": key_arn(backend.account(), Backend::REGION, KEY_HERE)}),
        );
        let point = aws.make_recovery_point("orders", "orders");
        simulator.set_clock(NOW);
        let world = Self {
            vault: format!("arn:aws:backup:{IRELAND}:{THERE}:backup-vault:copies"),
            backend,
            point,
        };
        world.manager().set_cross_account_backup(true);
        world.there().create_vault_with(
            "copies",
            json!({"EncryptionKeyArn": key_arn(THERE, IRELAND, KEY_THERE)}),
        );
        world.open("copies");
        world
    }

    /// The account and the Region of the destination.
    pub(crate) fn there(&self) -> Client {
        let aws = self.backend.aws().in_region(IRELAND);
        aws.with_credentials(Credentials::of_account(THERE))
    }

    pub(crate) fn manager(&self) -> Client {
        self.backend
            .aws()
            .with_credentials(Credentials::of_account(MANAGER))
    }

    /// Lets the account of the recovery point copy into a vault.
    pub(crate) fn open(&self, vault: &str) {
        let principal = json!({"AWS": format!("arn:aws:iam::{}:root", self.backend.account())});
        self.set_policy(vault, &principal);
    }

    /// Lets somebody copy into a vault.
    pub(crate) fn set_policy(&self, vault: &str, principal: &Value) {
        let policy = json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": principal, "Action": "backup:CopyIntoBackupVault", "Resource": "*",
        }]});
        let path = format!("/backup-vaults/{vault}/access-policy");
        self.there()
            .aws_backup("PUT", &path, json!({"Policy": policy.to_string()}));
    }

    /// Locks the vault of the copies in governance mode.
    pub(crate) fn lock(&self, lock: Value) {
        self.there()
            .aws_backup("PUT", "/backup-vaults/copies/vault-lock", lock);
    }

    /// The copy of the recovery point into the vault, with more arguments.
    pub(crate) fn copy(&self, more: &str) -> String {
        copy_into(&self.vault, &self.point, more)
    }

    pub(crate) fn workdir(&self, more: &str) -> Workdir {
        self.backend.workdir(&self.copy(more))
    }

    /// The copies in the vault.
    pub(crate) fn copies(&self) -> Vec<Value> {
        self.there().recovery_points("copies")
    }

    /// The copy jobs, newest first.
    pub(crate) fn jobs(&self) -> Vec<Value> {
        let page = self.backend.aws().aws_backup("GET", "/copy-jobs/", Value::Null);
        page["CopyJobs"].as_array().cloned().unwrap_or_default()
    }

    /// From now on it is the same time in every run.
    pub(crate) fn stop_the_clock(&self) {
        self.backend.simulator().freeze(NOW);
    }

    /// Insists that no job was ever asked for.
    #[track_caller]
    pub(crate) fn started_nothing(&self) {
        assert_eq!(self.backend.simulator().calls().count("StartCopyJob"), 0);
    }

    /// Insists on what a run printed as errors.
    #[track_caller]
    pub(crate) fn refused(&self, run: &Run, expected: &Expect) {
        expected.assert_eq(&self.readable(&run.stderr));
    }

    /// Insists on what a run warned of.
    #[track_caller]
    pub(crate) fn warned(&self, run: &Run, expected: &Expect) {
        let (_, warnings) = run
            .stdout
            .split_once("\nWarning: ")
            .unwrap_or_else(|| panic!("nothing is warned of:\n{run}"));
        // Terraform draws a line below what it says.
        let warnings = warnings.split('─').next().unwrap_or_default();
        expected.assert_eq(&self.readable(&format!("Warning: {warnings}")));
    }

    /// Without ids, and without the seconds that the provider's clock goes on while that of AWS stands still.
    fn readable(&self, text: &str) -> String {
        let seconds = Regex::new(r":0\d(\.\d+)?Z").expect("the pattern is right");
        seconds.replace_all(&normalise_ids(text), ":00Z").into_owned()
    }
}

pub(crate) fn copy_into(vault: &str, point: &str, more: &str) -> String {
    format!(
        r#"resource "dynamodb_recovery_point_copy" "orders" {{
  recovery_point_arn    = "{point}"
  source_vault_name     = "orders"
  destination_vault_arn = "{vault}"
  role_arn              = "arn:aws:iam::111122223333:role/backup"
  {more}
}}
"#
    )
}

pub(crate) fn key_arn(account: &str, region: &str, key: &str) -> String {
    format!("arn:aws:kms:{region}:{account}:key/{key}")
}

pub(crate) fn make_key(backend: &Backend, account: &str, region: &str, key: &str, state: &str) {
    backend.simulator().make_key(json!({
        "account": account, "region": region, "key_id": key, "state": state,
        "key_spec": "SYMMETRIC_DEFAULT", "key_usage": "ENCRYPT_DECRYPT", "aliases": [],
    }));
}
