//! Restores: from a backup or to a point in time, always into a new table.

use std::time::Duration;

use aws_sdk_dynamodb::types;
use aws_smithy_types::error::operation::BuildError;
use jiff::Timestamp;

use super::DynamoDb;
use crate::call::{Call, incomplete, stopped};
use crate::cx::Cx;
use crate::error::{Error, ErrorKind};
use crate::names::{BackupArn, Region, TableName, TableRef};
use crate::operation::Operation;
use crate::pacing::pause;
use crate::table::{KeyElement, LocalIndex, OnDemandThroughput, Projection, Table, Throughput};
use crate::wait::NOT_FOUND_GRACE;
use crate::words::BillingMode;

/// A restore to be started. The call goes to the Region of the new table.
#[derive(Clone, Debug, PartialEq)]
pub struct Restore {
    /// The new table.
    pub target: TableName,
    /// Where its data come from.
    pub source: RestoreSource,
    /// What is to be different from the source.
    pub overrides: RestoreOverrides,
}

/// Where the data of a restored table come from.
#[derive(Clone, Debug, PartialEq)]
pub enum RestoreSource {
    /// A backup, of this Region or another.
    Backup(BackupArn),
    /// The continuous backups of a table; of another Region only by ARN.
    PointInTime {
        /// The table.
        table: TableRef,
        /// The moment.
        at: PointInTime,
    },
}

/// A moment of continuous backups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointInTime {
    /// This second; a fraction is cut off, as AWS does.
    At(Timestamp),
    /// The latest that can be restored.
    Latest,
}

/// What is to be different from the source; `None` takes it over.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RestoreOverrides {
    /// How the new table is paid.
    pub billing_mode: Option<BillingMode>,
    /// Its provisioned capacity.
    pub throughput: Option<Throughput>,
    /// Its limits when paid per request. An empty one is not sent: AWS would answer with an error
    /// and start the restore nevertheless.
    pub on_demand: Option<OnDemandThroughput>,
    /// Its encryption; must be given when the source is in another Region.
    pub encryption: Option<EncryptionChoice>,
    /// Its global indexes: `None` for all of the source, an empty list for none.
    pub global_indexes: Option<Vec<GlobalIndexOverride>>,
    /// Its local indexes: `None` for all of the source, an empty list for none.
    pub local_indexes: Option<Vec<LocalIndex>>,
}

/// A global index to be restored: key and projection as in the source.
#[derive(Clone, Debug, PartialEq)]
pub struct GlobalIndexOverride {
    /// Name.
    pub name: String,
    /// Key.
    pub key_schema: Vec<KeyElement>,
    /// What it holds.
    pub projection: Projection,
    /// Capacity, exactly when the new table is `PROVISIONED`.
    pub throughput: Option<Throughput>,
    /// Limits, only when it is `PAY_PER_REQUEST`.
    pub on_demand: Option<OnDemandThroughput>,
}

/// Which key encrypts a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EncryptionChoice {
    /// One that AWS owns.
    AwsOwned,
    /// `alias/aws/dynamodb` of the account.
    AwsManaged,
    /// This one, by ARN, id or alias.
    Key(String),
}

impl EncryptionChoice {
    pub(super) fn to_aws(&self) -> types::SseSpecification {
        let builder = types::SseSpecification::builder();
        match self {
            Self::AwsOwned => builder.enabled(false).build(),
            Self::AwsManaged => builder.enabled(true).sse_type(types::SseType::Kms).build(),
            Self::Key(key) => builder
                .enabled(true)
                .sse_type(types::SseType::Kms)
                .kms_master_key_id(key)
                .build(),
        }
    }
}

impl RestoreSource {
    /// Whether a table is the one that a restore from this source makes, as far as AWS shows it.
    ///
    /// Only while the restore runs: AWS forgets the origin when the table becomes ACTIVE.
    /// `region` is that of the table.
    pub fn is_origin_of(&self, table: &Table, region: &Region) -> bool {
        let Some(restore) = &table.restore else {
            return false;
        };
        match self {
            Self::Backup(backup) => restore.source_backup_arn.as_ref() == Some(backup),
            Self::PointInTime { table, at } => {
                let same_table = restore
                    .source_table_arn
                    .as_ref()
                    .is_some_and(|source| match table {
                        TableRef::Name(name) => source.table_name() == *name && source.region() == *region,
                        TableRef::Arn(arn) => source == arn,
                    });
                let same_time = match at {
                    PointInTime::Latest => true,
                    PointInTime::At(time) => restore
                        .restore_time
                        .is_none_or(|restored| restored.as_second() == time.as_second()),
                };
                same_table && same_time && restore.source_backup_arn.is_none()
            }
        }
    }
}

impl DynamoDb {
    /// Starts a restore into a new table of this Region; wait for it with
    /// [`DynamoDb::wait_table_active`].
    ///
    /// When the answer is lost, the target is looked at: a table that is being restored from the
    /// same source is taken as ours, and where there is none the call is repeated, since a second
    /// one into the same name cannot make a second table.
    ///
    /// # Errors
    /// [`ErrorKind::AlreadyExists`] and [`ErrorKind::Conflict`] when the name is taken, or another
    /// restore uses the backup; [`ErrorKind::RestoreTimeOutsideWindow`],
    /// [`ErrorKind::PointInTimeRecoveryOff`], [`ErrorKind::NotFound`] about the source;
    /// [`ErrorKind::Ambiguous`] when even looking at the target failed.
    pub async fn restore_table(&self, cx: &Cx, restore: &Restore) -> Result<Table, Error> {
        let lost = match self.start_restore(cx, restore).await {
            Err(error) if error.kind() == ErrorKind::Ambiguous => error,
            other => return other,
        };
        tracing::debug!(target = %restore.target, "the answer to the restore was lost: looking at the target");
        if let Some(table) = self.look_for_target(cx, restore, &lost).await? {
            return self.adopt(restore, table);
        }
        match self.start_restore(cx, restore).await {
            // The first call had come through after all.
            Err(error) if matches!(error.kind(), ErrorKind::AlreadyExists | ErrorKind::Conflict) => {
                match self.find_table(cx, &restore.target.clone().into()).await? {
                    Some(table) => self.adopt(restore, table),
                    None => Err(error),
                }
            }
            other => other,
        }
    }

    async fn start_restore(&self, cx: &Cx, restore: &Restore) -> Result<Table, Error> {
        match &restore.source {
            RestoreSource::Backup(backup) => self.restore_from_backup(cx, restore, backup).await,
            RestoreSource::PointInTime { table, at } => {
                self.restore_to_point_in_time(cx, restore, table, *at).await
            }
        }
    }

    async fn restore_from_backup(
        &self,
        cx: &Cx,
        restore: &Restore,
        backup: &BackupArn,
    ) -> Result<Table, Error> {
        let client = self.client(cx).await?;
        let doing = format!(
            "restoring table {} in {} from backup {backup}",
            restore.target,
            self.region()
        );
        let call = Call::new(Operation::RestoreTableFromBackup, doing, backup.as_str());
        let overrides = restore
            .overrides
            .to_aws()
            .map_err(|error| not_sendable(&call, error))?;
        let request = client
            .restore_table_from_backup()
            .target_table_name(restore.target.as_str())
            .backup_arn(backup.as_str())
            .set_billing_mode_override(overrides.billing_mode)
            .set_provisioned_throughput_override(overrides.throughput)
            .set_on_demand_throughput_override(overrides.on_demand)
            .set_sse_specification_override(overrides.encryption)
            .set_global_secondary_index_override(overrides.global_indexes)
            .set_local_secondary_index_override(overrides.local_indexes);
        let answer = self.call(cx, &call, || request.clone().send()).await?;
        accepted(&call, answer.table_description)
    }

    async fn restore_to_point_in_time(
        &self,
        cx: &Cx,
        restore: &Restore,
        table: &TableRef,
        at: PointInTime,
    ) -> Result<Table, Error> {
        let client = self.client(cx).await?;
        let moment = match at {
            PointInTime::At(time) => time.to_string(),
            PointInTime::Latest => "the latest restorable time".to_owned(),
        };
        let doing = format!(
            "restoring table {} in {} from table {table} as of {moment}",
            restore.target,
            self.region()
        );
        let call = Call::new(Operation::RestoreTableToPointInTime, doing, table.as_str());
        let overrides = restore
            .overrides
            .to_aws()
            .map_err(|error| not_sendable(&call, error))?;
        let request = client
            .restore_table_to_point_in_time()
            .target_table_name(restore.target.as_str());
        let request = match table {
            TableRef::Name(name) => request.source_table_name(name.as_str()),
            TableRef::Arn(arn) => request.source_table_arn(arn.as_str()),
        };
        let request = match at {
            PointInTime::At(time) => {
                request.restore_date_time(aws_smithy_types::DateTime::from_secs(time.as_second()))
            }
            PointInTime::Latest => request.use_latest_restorable_time(true),
        };
        let request = request
            .set_billing_mode_override(overrides.billing_mode)
            .set_provisioned_throughput_override(overrides.throughput)
            .set_on_demand_throughput_override(overrides.on_demand)
            .set_sse_specification_override(overrides.encryption)
            .set_global_secondary_index_override(overrides.global_indexes)
            .set_local_secondary_index_override(overrides.local_indexes);
        let answer = self.call(cx, &call, || request.clone().send()).await?;
        accepted(&call, answer.table_description)
    }

    /// Looks at the target until it shows, or until it should have.
    async fn look_for_target(
        &self,
        cx: &Cx,
        restore: &Restore,
        lost: &Error,
    ) -> Result<Option<Table>, Error> {
        let target = TableRef::from(restore.target.clone());
        let started = self.clock().elapsed();
        let mut next_pause = Duration::from_secs(1);
        loop {
            if let Some(table) = self.find_table(cx, &target).await? {
                return Ok(Some(table));
            }
            if self.clock().elapsed().saturating_sub(started) >= NOT_FOUND_GRACE {
                return Ok(None);
            }
            if let Err(stop) = pause(cx, self.clock(), next_pause).await {
                let stopped = stopped(cx, self.clock(), &lost.to_string(), stop);
                let why = format!("{stopped}, while it was unknown whether AWS had taken it");
                return Err(Error::new(ErrorKind::Ambiguous, lost.to_string()).because(why));
            }
            next_pause *= 2;
        }
    }

    fn adopt(&self, restore: &Restore, table: Table) -> Result<Table, Error> {
        if restore.source.is_origin_of(&table, self.region()) {
            return Ok(table);
        }
        Err(Error::new(
            ErrorKind::AlreadyExists,
            format!("restoring table {} in {}", restore.target, self.region()),
        )
        .because(format!(
            "the answer to the call was lost, and a table of that name is there ({}), but AWS does not \
                 show that it was restored from the same source",
            table.status
        ))
        .with_resource(table.arn.as_str()))
    }
}

fn not_sendable(call: &Call, error: BuildError) -> Error {
    Error::new(ErrorKind::Invalid, &*call.doing).with_source(error)
}

/// Accepted; without a description it has to be looked for like a lost answer.
fn accepted(call: &Call, table: Option<types::TableDescription>) -> Result<Table, Error> {
    table
        .and_then(Table::from_aws)
        .ok_or_else(|| incomplete(call, "the table's name, ARN or status").into_ambiguous())
}

/// The overrides in the SDK's types.
struct AwsOverrides {
    billing_mode: Option<types::BillingMode>,
    throughput: Option<types::ProvisionedThroughput>,
    on_demand: Option<types::OnDemandThroughput>,
    encryption: Option<types::SseSpecification>,
    global_indexes: Option<Vec<types::GlobalSecondaryIndex>>,
    local_indexes: Option<Vec<types::LocalSecondaryIndex>>,
}

impl RestoreOverrides {
    fn to_aws(&self) -> Result<AwsOverrides, BuildError> {
        Ok(AwsOverrides {
            billing_mode: self.billing_mode.as_ref().map(|mode| mode.as_str().into()),
            throughput: self.throughput.map(Throughput::to_aws).transpose()?,
            on_demand: self.on_demand.and_then(OnDemandThroughput::to_aws),
            encryption: self.encryption.as_ref().map(EncryptionChoice::to_aws),
            global_indexes: self
                .global_indexes
                .as_ref()
                .map(|indexes| indexes.iter().map(GlobalIndexOverride::to_aws).collect())
                .transpose()?,
            local_indexes: self
                .local_indexes
                .as_ref()
                .map(|indexes| indexes.iter().map(local_to_aws).collect())
                .transpose()?,
        })
    }
}

impl GlobalIndexOverride {
    /// The same index, to be created on a table that is there.
    pub(super) fn to_aws_creation(&self) -> Result<types::CreateGlobalSecondaryIndexAction, BuildError> {
        types::CreateGlobalSecondaryIndexAction::builder()
            .index_name(&self.name)
            .set_key_schema(Some(keys_to_aws(&self.key_schema)?))
            .projection(self.projection.to_aws())
            .set_provisioned_throughput(self.throughput.map(Throughput::to_aws).transpose()?)
            .set_on_demand_throughput(self.on_demand.and_then(OnDemandThroughput::to_aws))
            .build()
    }

    fn to_aws(&self) -> Result<types::GlobalSecondaryIndex, BuildError> {
        types::GlobalSecondaryIndex::builder()
            .index_name(&self.name)
            .set_key_schema(Some(keys_to_aws(&self.key_schema)?))
            .projection(self.projection.to_aws())
            .set_provisioned_throughput(self.throughput.map(Throughput::to_aws).transpose()?)
            .set_on_demand_throughput(self.on_demand.and_then(OnDemandThroughput::to_aws))
            .build()
    }
}

fn local_to_aws(index: &LocalIndex) -> Result<types::LocalSecondaryIndex, BuildError> {
    types::LocalSecondaryIndex::builder()
        .index_name(&index.name)
        .set_key_schema(Some(keys_to_aws(&index.key_schema)?))
        .projection(index.projection.to_aws())
        .build()
}

fn keys_to_aws(keys: &[KeyElement]) -> Result<Vec<types::KeySchemaElement>, BuildError> {
    keys.iter()
        .map(|key| {
            types::KeySchemaElement::builder()
                .attribute_name(&key.attribute)
                .key_type(types::KeyType::from(key.key_type.as_str()))
                .build()
        })
        .collect()
}
