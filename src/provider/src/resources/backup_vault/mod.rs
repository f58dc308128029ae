//! A vault of AWS Backup with its access policy and its lock.
//!
//! Create is CreateBackupVault or CreateLogicallyAirGappedBackupVault, a wait for AVAILABLE (minutes for an air-gapped
//! one), then policy and lock, each recorded as soon as AWS has accepted it. Update puts or removes policy, lock and tags
//! in place. Delete is DeleteBackupVault, which takes an empty vault only, and a wait until it is gone; with
//! `force_destroy` the recovery points are deleted first, and under a lock nothing is.
//!
//! A create that came to no end leaves `unfinished = true` in the state, or a record in the journal, or both. The next
//! apply goes on with the same vault: in `update` when Terraform kept the object, and in `create` when it did not, or
//! tainted it; then `delete` hands the vault over instead of deleting it. A vault is ours if it carries the request id
//! that the record names, or if Terraform's state had it; any other of the same name is somebody else's.
//!
//! In the order in which Terraform calls: `schema`, `observe`, `plan` (with `grace`, on what AWS does not tell of a lock),
//! `refresh`, `making`, `settle` (create and update), `removal` (with `contents`).
//!
//! Not done here: notifications, restore access vaults, legal holds; and the number of recovery points is not in the
//! state, since every job changes it.
//!
//! IAM: see the schema. Plans that make a vault read `backup:DescribeRegionSettings` and `kms:DescribeKey`, where a key of
//! one's own is given.
//! Limits: 300 vaults per account and Region. A refresh is one DescribeBackupVault, one GetBackupVaultAccessPolicy and
//! one ListTags.

mod contents;
mod grace;
mod making;
mod model;
mod observe;
mod plan;
mod refresh;
mod removal;
mod schema;
mod settle;
#[cfg(test)]
mod tests;
mod work;

use aws_clients::VaultArn;
use tfsdk::{
    Change, Create, Cx, Delete, Diagnostics, IdentitySchema, ImportTarget, Planned, Resource, Saved, Schema,
    Update, Value,
};

use crate::Client;
use crate::table_name::Place;
pub(crate) use model::Model;
pub(crate) use observe::Observed;

/// See the module.
pub(crate) struct BackupVault;

/// A logically air-gapped vault takes one to three minutes (LAG-007).
const CREATE_TIMEOUT: &str = "15m";
/// Nothing is waited for but AWS's answers.
const UPDATE_TIMEOUT: &str = "10m";
/// With `force_destroy` AWS deletes what may be thousands of recovery points.
const DELETE_TIMEOUT: &str = "1h";

impl Resource for BackupVault {
    const NAME: &'static str = "backup_vault";
    type Model = Model;
    type Client = Client;
    type Observed = Observed;

    fn schema() -> Schema {
        schema::schema()
    }

    fn identity_schema() -> Option<IdentitySchema> {
        Some(schema::identity())
    }

    fn identity(state: &Model) -> Option<Value> {
        let arn = state.vault_arn()?;
        Some(Value::object([
            ("name", Value::string(arn.vault_name())),
            ("region", Value::string(arn.region().as_str())),
            ("account_id", Value::string(arn.account())),
        ]))
    }

    fn validate(config: &Model) -> Diagnostics {
        plan::validate(config)
    }

    async fn observe(client: &Client, change: &Change<Model>, cx: &Cx) -> Result<Observed, Diagnostics> {
        Box::pin(observe::observe(client, change, cx)).await
    }

    fn plan(change: Change<Model>, seen: Observed) -> Planned<Model> {
        plan::plan(change, seen)
    }

    async fn read(client: &Client, state: Model, cx: &Cx) -> Result<Option<Model>, Diagnostics> {
        refresh::read(client, state, cx).await
    }

    async fn create(
        client: &Client,
        create: Create<Model>,
        saved: &mut Saved<'_, Model>,
        cx: &Cx,
    ) -> Result<Model, Diagnostics> {
        Box::pin(making::create(client, create, saved, cx)).await
    }

    async fn update(
        client: &Client,
        update: Update<Model>,
        saved: &mut Saved<'_, Model>,
        cx: &Cx,
    ) -> Result<Model, Diagnostics> {
        Box::pin(settle::update(client, update, saved, cx)).await
    }

    async fn delete(client: &Client, delete: Delete<Model>, cx: &Cx) -> Result<(), Diagnostics> {
        Box::pin(removal::delete(client, delete, cx)).await
    }

    const IMPORT: Option<fn(ImportTarget) -> Result<Model, Diagnostics>> = Some(import);
}

fn import(target: ImportTarget) -> Result<Model, Diagnostics> {
    let form = "the name of the vault, as in orders, with @eu-west-1 behind it where it is in another Region than the \
                provider's; or its ARN";
    let place = Place::of_import(target, "name", form, |text| {
        if text.starts_with("arn:") {
            return text.parse::<VaultArn>().map(|arn| Some(arn.region().to_string()));
        }
        Ok(None)
    })?;
    let name = match place.id.parse::<VaultArn>() {
        Ok(arn) => arn.vault_name().to_owned(),
        Err(_) => place.id,
    };
    Ok(Model {
        name: name.into(),
        region: place.region.into(),
        ..Model::default()
    })
}
