//! A table as DescribeTable shows it, reduced to what this provider reads or carries over.

use aws_sdk_dynamodb::types;
use aws_smithy_types::error::operation::BuildError;
use jiff::Timestamp;

use crate::names::{BackupArn, Region, TableArn, TableName};
use crate::words::{
    AttributeType, BillingMode, EncryptionStatus, IndexStatus, KeyType, ProjectionType, ReplicaStatus,
    StreamViewType, TableClass, TableStatus,
};

/// A table.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Name.
    pub name: TableName,
    /// ARN.
    pub arn: TableArn,
    /// Id, which tells tables apart that had the same name one after the other.
    pub id: Option<String>,
    /// Status.
    pub status: TableStatus,
    /// When it was created.
    pub created_at: Option<Timestamp>,
    /// How it is paid.
    pub billing_mode: BillingMode,
    /// Provisioned capacity; zero when paid per request.
    pub throughput: Throughput,
    /// Limits of a table that is paid per request.
    pub on_demand: OnDemandThroughput,
    /// Key.
    pub key_schema: Vec<KeyElement>,
    /// Types of all attributes that stand in some key.
    pub attributes: Vec<AttributeDefinition>,
    /// Global secondary indexes.
    pub global_indexes: Vec<GlobalIndex>,
    /// Local secondary indexes.
    pub local_indexes: Vec<LocalIndex>,
    /// The stream, if it is on.
    pub stream: Option<StreamViewType>,
    /// ARN of the latest stream, which outlives its being switched off by a day.
    pub latest_stream_arn: Option<String>,
    /// Encryption.
    pub encryption: Encryption,
    /// Storage class.
    pub class: TableClass,
    /// Whether it is protected from deletion.
    pub deletion_protection: bool,
    /// Number of items, up to six hours old.
    pub item_count: i64,
    /// Size in bytes, up to six hours old.
    pub size_bytes: i64,
    /// Where it is being restored from. AWS shows this only while the restore runs.
    pub restore: Option<RestoreSummary>,
    /// Replicas in other Regions.
    pub replicas: Vec<Replica>,
    /// What it takes at once, without growing first. `None` from emulators that do not know it.
    pub warm_throughput: Option<WarmThroughput>,
    /// The backup that is left of an archived table.
    pub archival_backup_arn: Option<BackupArn>,
}

/// Provisioned capacity units per second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Throughput {
    /// Read capacity units.
    pub read: i64,
    /// Write capacity units.
    pub write: i64,
}

/// Upper limits of a table or index that is paid per request; `None` where there is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OnDemandThroughput {
    /// Read request units per second.
    pub max_read: Option<i64>,
    /// Write request units per second.
    pub max_write: Option<i64>,
}

impl OnDemandThroughput {
    /// Whether neither limit is set.
    pub fn is_empty(&self) -> bool {
        self.max_read.is_none() && self.max_write.is_none()
    }
}

/// What a table takes at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WarmThroughput {
    /// Read units per second.
    pub read: Option<i64>,
    /// Write units per second.
    pub write: Option<i64>,
}

/// One attribute of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyElement {
    /// Attribute name.
    pub attribute: String,
    /// Place in the key.
    pub key_type: KeyType,
}

/// Name and type of a key attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeDefinition {
    /// Attribute name.
    pub name: String,
    /// Type.
    pub attribute_type: AttributeType,
}

/// What an index holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Projection {
    /// Which attributes.
    pub projection_type: ProjectionType,
    /// The attributes besides the keys, for `INCLUDE`.
    pub non_key_attributes: Vec<String>,
}

/// A global secondary index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GlobalIndex {
    /// Name.
    pub name: String,
    /// Key.
    pub key_schema: Vec<KeyElement>,
    /// What it holds.
    pub projection: Projection,
    /// Status; backups do not record it.
    pub status: Option<IndexStatus>,
    /// Provisioned capacity.
    pub throughput: Throughput,
    /// Limits when paid per request.
    pub on_demand: OnDemandThroughput,
}

/// A local secondary index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalIndex {
    /// Name.
    pub name: String,
    /// Key.
    pub key_schema: Vec<KeyElement>,
    /// What it holds.
    pub projection: Projection,
}

/// How a table or a backup is encrypted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encryption {
    /// `None` where the key is one that AWS owns.
    pub status: Option<EncryptionStatus>,
    /// The KMS key.
    pub kms_key_arn: Option<String>,
}

impl Encryption {
    /// Whether a KMS key, not one that AWS owns, encrypts the data.
    pub fn uses_kms(&self) -> bool {
        matches!(
            self.status,
            Some(EncryptionStatus::Enabled | EncryptionStatus::Enabling | EncryptionStatus::Updating)
        )
    }
}

/// Where a table is being restored from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestoreSummary {
    /// The backup, for a restore from a backup.
    pub source_backup_arn: Option<BackupArn>,
    /// The table, for a restore to a point in time.
    pub source_table_arn: Option<TableArn>,
    /// The moment whose data are being restored.
    pub restore_time: Option<Timestamp>,
    /// Whether it still runs.
    pub in_progress: bool,
}

/// A replica of a global table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replica {
    /// Its Region.
    pub region: Region,
    /// Its status.
    pub status: Option<ReplicaStatus>,
    /// Its KMS key.
    pub kms_key_arn: Option<String>,
}

impl Table {
    /// Takes AWS's description over; `None` when it lacks name, ARN or status.
    pub(crate) fn from_aws(table: types::TableDescription) -> Option<Self> {
        let throughput = table
            .provisioned_throughput
            .as_ref()
            .map(Throughput::from_description);
        let stream = table.stream_specification.filter(|stream| stream.stream_enabled);
        let arn: TableArn = table.table_arn?.parse().ok()?;
        let home = arn.region();
        Some(Self {
            name: table.table_name?.parse().ok()?,
            arn,
            id: table.table_id,
            status: table.table_status?.as_str().into(),
            created_at: table.creation_date_time.as_ref().and_then(timestamp),
            // AWS leaves the summary out of a table that was always provisioned.
            billing_mode: table
                .billing_mode_summary
                .and_then(|summary| summary.billing_mode)
                .map_or(BillingMode::Provisioned, |mode| mode.as_str().into()),
            throughput: throughput.unwrap_or_default(),
            on_demand: OnDemandThroughput::from_aws(table.on_demand_throughput),
            key_schema: key_schema(table.key_schema.unwrap_or_default()),
            attributes: table
                .attribute_definitions
                .unwrap_or_default()
                .into_iter()
                .map(|attribute| AttributeDefinition {
                    attribute_type: attribute.attribute_type.as_str().into(),
                    name: attribute.attribute_name,
                })
                .collect(),
            global_indexes: table
                .global_secondary_indexes
                .unwrap_or_default()
                .into_iter()
                .filter_map(GlobalIndex::from_description)
                .collect(),
            local_indexes: table
                .local_secondary_indexes
                .unwrap_or_default()
                .into_iter()
                .filter_map(|index| {
                    LocalIndex::from_parts(index.index_name, index.key_schema, index.projection)
                })
                .collect(),
            stream: stream
                .and_then(|stream| stream.stream_view_type)
                .map(|view_type| view_type.as_str().into()),
            latest_stream_arn: table.latest_stream_arn,
            encryption: Encryption::from_aws(table.sse_description),
            class: table
                .table_class_summary
                .and_then(|summary| summary.table_class)
                .map_or(TableClass::Standard, |class| class.as_str().into()),
            deletion_protection: table.deletion_protection_enabled.unwrap_or(false),
            item_count: table.item_count.unwrap_or(0),
            size_bytes: table.table_size_bytes.unwrap_or(0),
            restore: table.restore_summary.map(|restore| RestoreSummary {
                source_backup_arn: restore.source_backup_arn.and_then(|arn| arn.parse().ok()),
                source_table_arn: restore.source_table_arn.and_then(|arn| arn.parse().ok()),
                restore_time: timestamp(&restore.restore_date_time),
                in_progress: restore.restore_in_progress,
            }),
            replicas: table
                .replicas
                .unwrap_or_default()
                .into_iter()
                .filter_map(|replica| {
                    Some(Replica {
                        region: Region::new(replica.region_name?),
                        status: replica.replica_status.map(|status| status.as_str().into()),
                        kms_key_arn: replica.kms_master_key_id,
                    })
                })
                // Some answers list the table itself as well.
                .filter(|replica| replica.region != home)
                .collect(),
            warm_throughput: table.warm_throughput.map(|warm| WarmThroughput {
                read: warm.read_units_per_second,
                write: warm.write_units_per_second,
            }),
            archival_backup_arn: table
                .archival_summary
                .and_then(|summary| summary.archival_backup_arn)
                .and_then(|arn| arn.parse().ok()),
        })
    }
}

impl Throughput {
    fn from_description(throughput: &types::ProvisionedThroughputDescription) -> Self {
        Self {
            read: throughput.read_capacity_units.unwrap_or(0),
            write: throughput.write_capacity_units.unwrap_or(0),
        }
    }

    pub(crate) fn from_aws(throughput: Option<types::ProvisionedThroughput>) -> Self {
        throughput.map_or_else(Self::default, |throughput| Self {
            read: throughput.read_capacity_units,
            write: throughput.write_capacity_units,
        })
    }
}

impl Throughput {
    pub(crate) fn to_aws(self) -> Result<types::ProvisionedThroughput, BuildError> {
        types::ProvisionedThroughput::builder()
            .read_capacity_units(self.read)
            .write_capacity_units(self.write)
            .build()
    }
}

impl OnDemandThroughput {
    /// `None` when it is empty, which must never be sent with a restore.
    pub(crate) fn to_aws(self) -> Option<types::OnDemandThroughput> {
        (!self.is_empty()).then(|| {
            types::OnDemandThroughput::builder()
                .set_max_read_request_units(self.max_read)
                .set_max_write_request_units(self.max_write)
                .build()
        })
    }

    /// AWS answers -1 where there is no limit.
    pub(crate) fn from_aws(throughput: Option<types::OnDemandThroughput>) -> Self {
        throughput.map_or_else(Self::default, |throughput| Self {
            max_read: throughput.max_read_request_units.filter(|units| *units > 0),
            max_write: throughput.max_write_request_units.filter(|units| *units > 0),
        })
    }
}

impl Projection {
    pub(crate) fn to_aws(&self) -> types::Projection {
        types::Projection::builder()
            .projection_type(types::ProjectionType::from(self.projection_type.as_str()))
            .set_non_key_attributes(
                (!self.non_key_attributes.is_empty()).then(|| self.non_key_attributes.clone()),
            )
            .build()
    }

    fn from_aws(projection: Option<types::Projection>) -> Self {
        let (projection_type, non_key_attributes) = projection
            .map(|projection| (projection.projection_type, projection.non_key_attributes))
            .unwrap_or_default();
        Self {
            projection_type: projection_type.map_or(ProjectionType::All, |word| word.as_str().into()),
            non_key_attributes: non_key_attributes.unwrap_or_default(),
        }
    }
}

impl GlobalIndex {
    fn from_description(index: types::GlobalSecondaryIndexDescription) -> Option<Self> {
        let throughput = index
            .provisioned_throughput
            .as_ref()
            .map(Throughput::from_description);
        Some(Self {
            name: index.index_name?,
            key_schema: key_schema(index.key_schema.unwrap_or_default()),
            projection: Projection::from_aws(index.projection),
            status: index.index_status.map(|status| status.as_str().into()),
            throughput: throughput.unwrap_or_default(),
            on_demand: OnDemandThroughput::from_aws(index.on_demand_throughput),
        })
    }

    pub(crate) fn from_info(index: types::GlobalSecondaryIndexInfo) -> Option<Self> {
        Some(Self {
            name: index.index_name?,
            key_schema: key_schema(index.key_schema.unwrap_or_default()),
            projection: Projection::from_aws(index.projection),
            status: None,
            throughput: Throughput::from_aws(index.provisioned_throughput),
            on_demand: OnDemandThroughput::from_aws(index.on_demand_throughput),
        })
    }
}

impl LocalIndex {
    pub(crate) fn from_parts(
        name: Option<String>,
        keys: Option<Vec<types::KeySchemaElement>>,
        projection: Option<types::Projection>,
    ) -> Option<Self> {
        Some(Self {
            name: name?,
            key_schema: key_schema(keys.unwrap_or_default()),
            projection: Projection::from_aws(projection),
        })
    }
}

impl Encryption {
    pub(crate) fn from_aws(description: Option<types::SseDescription>) -> Self {
        description.map_or_else(Self::default, |description| Self {
            status: description.status.map(|status| status.as_str().into()),
            kms_key_arn: description.kms_master_key_arn,
        })
    }
}

pub(crate) fn key_schema(elements: Vec<types::KeySchemaElement>) -> Vec<KeyElement> {
    elements
        .into_iter()
        .map(|element| KeyElement {
            key_type: element.key_type.as_str().into(),
            attribute: element.attribute_name,
        })
        .collect()
}

/// AWS's time as ours. Out of range only in garbage.
pub(crate) fn timestamp(time: &aws_smithy_types::DateTime) -> Option<Timestamp> {
    let nanos = i32::try_from(time.subsec_nanos()).ok()?;
    Timestamp::new(time.secs(), nanos).ok()
}

/// Our time as AWS's.
pub(crate) fn date_time(time: Timestamp) -> aws_smithy_types::DateTime {
    let (second, nanos) = (time.as_second(), time.subsec_nanosecond());
    // A Timestamp before 1970 has a negative fraction; AWS wants a fraction that counts upwards.
    let (second, nanos) = if nanos < 0 {
        (second - 1, nanos + 1_000_000_000)
    } else {
        (second, nanos)
    };
    aws_smithy_types::DateTime::from_secs_and_nanos(second, u32::try_from(nanos).unwrap_or(0))
}
