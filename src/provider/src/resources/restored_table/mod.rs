//! A table made by a restore, and kept to specification afterwards.
//!
//! Create is RestoreTableFromBackup, RestoreTableToPointInTime or a job of AWS Backup (StartRestoreJob), a wait of minutes to hours for ACTIVE, and then, one
//! after the other, everything that a restore drops: tags, resource policy, point-in-time recovery, deletion protection,
//! stream, table class, Kinesis stream, Contributor Insights, auto scaling, time to live. Update changes settings in place, one UpdateTable at a time. Delete is DeleteTable, which takes
//! the items along. Where the data came from is recorded and never acted on again: editing `source` changes nothing.
//!
//! A create that came to no end leaves `unfinished = true` in the state, or a record in the journal, or both. The next
//! apply goes on with the same table: in `update` when Terraform kept the object, and in `create` when it did not, or
//! tainted it; then `delete` hands the table over instead of deleting it. A table is taken up only with a proof that
//! it is ours (`attempt`): AWS shows the origin of a table only while the restore runs.
//!
//! In the order in which Terraform calls: `schema`, `plan::validate`, `observe`, `plan`, `refresh`, `finish` (create and
//! update, over `start` and `converge`), `removal`.
//!
//! A job of AWS Backup takes neither capacity nor a choice of indexes: `converge` puts the one on and deletes the others
//! when the job is over. State is saved when the job is accepted, before there is a table; a job that fails leaves
//! nothing in it.
//!
//! Not done here: tags of a recovery point, replicas, Contributor Insights of indexes; and items are never read or
//! written.
//!
//! IAM: `dynamodb:RestoreTableFromBackup` on the backup and the target, or `dynamodb:RestoreTableToPointInTime` on source
//! and target; `BatchWriteItem PutItem UpdateItem DeleteItem GetItem Query Scan` on the target, in whose name DynamoDB
//! writes; for a recovery point `backup:StartRestoreJob DescribeRestoreJob ListRestoreJobs DescribeRecoveryPoint` and
//! `iam:PassRole` instead; `DescribeTable DescribeBackup DescribeContinuousBackups DescribeTimeToLive ListTagsOfResource
//! GetResourcePolicy DescribeKinesisStreamingDestination DescribeContributorInsights` for plan and refresh, `ListTables`
//! for the plan of a restore, `ListBackups` for that of a deletion; `UpdateTable UpdateTimeToLive
//! UpdateContinuousBackups TagResource UntagResource DeleteTable` on the target, and, where the setting is managed,
//! `PutResourcePolicy DeleteResourcePolicy`, `EnableKinesisStreamingDestination
//! UpdateKinesisStreamingDestination DisableKinesisStreamingDestination` with `kinesis:DescribeStream PutRecords` on the
//! stream, `UpdateContributorInsights` with `cloudwatch:PutInsightRule DeleteInsightRules`, and for auto scaling
//! `application-autoscaling:DescribeScalableTargets DescribeScalingPolicies RegisterScalableTarget PutScalingPolicy
//! DeregisterScalableTarget` with `iam:CreateServiceLinkedRole` once in an account;
//! `kms:DescribeKey`, and `Encrypt Decrypt ReEncrypt* GenerateDataKey* CreateGrant` on the keys of source and target.
//! Limits: 50 restores at once per account, one per backup at a time, ten calls per second. A refresh is one
//! DescribeTable, and one call each for the settings that it does not show, where they are managed.

mod attempt;
mod autoscaling;
mod carry;
mod checks;
mod converge;
mod description;
mod facts;
mod finish;
mod going;
mod job;
mod model;
mod neighbours;
mod observe;
mod outside;
mod plan;
mod proposal;
mod recovery_point;
mod refresh;
mod removal;
mod resource_policy;
mod schema;
mod service_checks;
mod settings;
mod source;
mod start;
mod steps;
pub(super) mod tags;
mod work;

#[cfg(test)]
mod tests;

use aws_clients::TableArn;
use rules::facts::Neighbours;
use tfsdk::{
    Change, Create, Cx, Delete, Diagnostics, IdentitySchema, ImportTarget, Planned, Resource, Saved, Schema,
    Update, Value,
};

use crate::Client;
use crate::table_name::{Place, table_ref};
pub(crate) use model::Model;
pub(crate) use plan::Observed;

/// See the module.
pub(crate) struct RestoredTable;

impl Resource for RestoredTable {
    const NAME: &'static str = "restored_table";
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
        let arn: TableArn = state.arn.known()?.parse().ok()?;
        Some(Value::object([
            ("name", Value::string(arn.table_name().as_str())),
            ("region", Value::string(arn.region().as_str())),
            ("account_id", Value::string(arn.account())),
        ]))
    }

    fn validate(config: &Model) -> Diagnostics {
        plan::validate(config)
    }

    async fn observe(client: &Client, change: &Change<Model>, cx: &Cx) -> Result<Observed, Diagnostics> {
        let mut seen = Box::pin(observe::observe(client, change, cx)).await?;
        let made = change.config().map_or_else(Neighbours::default, |config| {
            let region = observe::region_of(client, config);
            let table = facts::object(config, None, seen.observed.clone());
            neighbours::made(change, region.as_ref(), &table)
        });
        // What is destroyed makes nothing, and is told what the others make all the same.
        seen.planner.neighbours = client.ledger.note(cx.plan_id(), made);
        Ok(seen)
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
        Box::pin(finish::create(client, create, saved, cx)).await
    }

    async fn update(
        client: &Client,
        update: Update<Model>,
        saved: &mut Saved<'_, Model>,
        cx: &Cx,
    ) -> Result<Model, Diagnostics> {
        Box::pin(finish::update(client, update, saved, cx)).await
    }

    async fn delete(client: &Client, delete: Delete<Model>, cx: &Cx) -> Result<(), Diagnostics> {
        removal::delete(client, delete, cx).await
    }

    const IMPORT: Option<fn(ImportTarget) -> Result<Model, Diagnostics>> = Some(import);
}

fn import(target: ImportTarget) -> Result<Model, Diagnostics> {
    let form = "the name of the table, as in orders-restored, with @eu-west-1 behind it where it is in another Region than \
                the provider's; or its ARN";
    let place = Place::of_import(target, "name", form, |text| {
        Ok(match table_ref(text)? {
            aws_clients::TableRef::Name(_) => None,
            aws_clients::TableRef::Arn(arn) => Some(arn.region().to_string()),
        })
    })?;
    // The form was read a moment ago.
    let name = table_ref(&place.id)
        .map(|table| table.table_name().to_string())
        .unwrap_or(place.id);
    Ok(Model {
        name: name.into(),
        region: place.region.into(),
        ..Model::default()
    })
}
