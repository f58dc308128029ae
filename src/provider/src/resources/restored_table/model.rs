//! The typed object. How a table is shown in it, says `description`.

use std::collections::BTreeMap;

use tfsdk::{Number, SetOf, Timeouts, model};

model! {
    /// A restored table as configuration, plan and state show it.
    pub(crate) struct Model {
        /// The name of the table.
        name: String,
        /// The Region that the restore runs in.
        region: String,
        /// Where the data came from. Null after an import: AWS forgets it.
        source: Source,
        /// How capacity is paid for.
        billing_mode: String,
        /// Null while the table is paid per request.
        provisioned_throughput: ProvisionedThroughput,
        /// Null while there is no maximum.
        on_demand_throughput: OnDemandThroughput,
        /// Encryption at rest.
        server_side_encryption: ServerSideEncryption,
        /// By index name.
        global_secondary_indexes: BTreeMap<String, tfsdk::Attr<GlobalIndex>>,
        /// Index names.
        local_secondary_indexes: SetOf<String>,
        /// The tags that the resource block gives.
        tags: BTreeMap<String, tfsdk::Attr<String>>,
        /// The tags of the table, as far as they are not ignored.
        tags_all: BTreeMap<String, tfsdk::Attr<String>>,
        /// Null while it is not managed here.
        time_to_live: TimeToLive,
        /// Null while it is not managed here and off.
        stream: Stream,
        /// Null while it is not managed here.
        point_in_time_recovery: PointInTimeRecovery,
        /// Always read: DescribeTable tells it.
        deletion_protection_enabled: bool,
        /// Always read: DescribeTable tells it.
        table_class: String,
        /// JSON. Null while it is not managed here; empty means none.
        resource_policy: String,
        /// Null while it is not managed here.
        kinesis_stream: KinesisStream,
        /// Null while they are not managed here.
        contributor_insights: ContributorInsights,
        /// Null while it is not managed here.
        autoscaling: Autoscaling,
        /// Words of [`rules::facts::Setting`].
        carry_over: SetOf<String>,
        /// A change restores anew.
        triggers: BTreeMap<String, tfsdk::Attr<String>>,
        /// How long operations may wait.
        timeouts: Timeouts,
        /// ARN.
        arn: String,
        /// Tells tables apart that had the same name one after the other.
        table_id: String,
        /// DynamoDB's word.
        status: String,
        /// Null while the stream is off.
        stream_arn: String,
        /// Up to six hours old.
        item_count: i64,
        /// When AWS accepted the restore, RFC 3339.
        restored_at: String,
        /// The moment whose data the table got, RFC 3339.
        restore_time: String,
        /// From acceptance to ACTIVE, where a run of the provider saw both.
        restore_duration_seconds: i64,
        /// Null where DynamoDB restored, and after an import.
        restore_job_id: String,
        /// Whether the restore or its settings are still to be finished.
        unfinished: bool,
    }
}

model! {
    /// Where the data come from: exactly one of the three.
    pub(crate) struct Source {
        /// A backup that DynamoDB keeps.
        backup_arn: String,
        /// A recovery point that AWS Backup restores.
        recovery_point_arn: String,
        /// The role that it assumes for that.
        role_arn: String,
        /// The vault that holds the recovery point.
        vault_name: String,
        /// A table and a moment.
        point_in_time: PointInTime,
    }
}

model! {
    /// A table and a moment.
    pub(crate) struct PointInTime {
        /// In the Region of the restore.
        table_name: String,
        /// Also in another Region.
        table_arn: String,
        /// RFC 3339.
        time: String,
        /// The latest moment that can be restored.
        latest: bool,
    }
}

model! {
    /// Capacity units per second.
    pub(crate) struct ProvisionedThroughput {
        /// For reads.
        read_capacity_units: i64,
        /// For writes.
        write_capacity_units: i64,
    }
}

model! {
    /// Request units per second; null means no maximum.
    pub(crate) struct OnDemandThroughput {
        /// For reads.
        max_read_request_units: i64,
        /// For writes.
        max_write_request_units: i64,
    }
}

model! {
    /// Encryption at rest.
    pub(crate) struct ServerSideEncryption {
        /// Whether a KMS key is used; false means the key that AWS owns.
        enabled: bool,
        /// The key.
        kms_key_arn: String,
    }
}

model! {
    /// A global secondary index. Its definition is the source's.
    pub(crate) struct GlobalIndex {
        /// Null while the table is paid per request.
        provisioned_throughput: ProvisionedThroughput,
        /// Null while there is no maximum.
        on_demand_throughput: OnDemandThroughput,
    }
}

model! {
    /// Time to live.
    pub(crate) struct TimeToLive {
        /// Whether items expire.
        enabled: bool,
        /// The attribute with the moment of expiry.
        attribute_name: String,
    }
}

model! {
    /// The stream.
    pub(crate) struct Stream {
        /// Whether it is on.
        enabled: bool,
        /// What its records show.
        view_type: String,
    }
}

model! {
    /// Point-in-time recovery of the restored table.
    pub(crate) struct PointInTimeRecovery {
        /// Whether it is on.
        enabled: bool,
        /// 1 to 35.
        recovery_period_in_days: i64,
    }
}

model! {
    /// The Kinesis streaming destination.
    pub(crate) struct KinesisStream {
        /// Whether it is on.
        enabled: bool,
        /// The Kinesis data stream.
        stream_arn: String,
        /// How exact the times in the records are.
        approximate_creation_date_time_precision: String,
    }
}

model! {
    /// CloudWatch Contributor Insights of the table.
    pub(crate) struct ContributorInsights {
        /// Whether they are on.
        enabled: bool,
        /// Which keys they follow.
        mode: String,
    }
}

model! {
    /// Auto scaling. What is null in it is not scaled.
    pub(crate) struct Autoscaling {
        /// The reads of the table.
        read: ScaledCapacity,
        /// The writes of the table.
        write: ScaledCapacity,
        /// Global secondary indexes, by name.
        indexes: BTreeMap<String, tfsdk::Attr<ScaledIndex>>,
    }
}

model! {
    /// Auto scaling of a global secondary index.
    pub(crate) struct ScaledIndex {
        /// The reads of the index.
        read: ScaledCapacity,
        /// The writes of the index.
        write: ScaledCapacity,
    }
}

model! {
    /// Auto scaling of one capacity.
    pub(crate) struct ScaledCapacity {
        /// Least units.
        min_capacity: i64,
        /// Most units.
        max_capacity: i64,
        /// In percent.
        target_utilization: Number,
    }
}
