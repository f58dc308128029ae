//! The only crate that names the AWS SDK: find, status and wait operations, pacing, error kinds.
//!
//! It does not know Terraform, nor AWS's validation rules: it calls what it is told to call, at the
//! pace that AWS documents, and says what came of it. No type of the SDK is part of its interface.
//!
//! * [`Clients::connect`] takes the provider block and the environment; nothing is asked of AWS.
//! * [`Clients::dynamodb`], [`Clients::aws_backup`], [`Clients::kms`], [`Clients::autoscaling`] and
//!   [`Clients::organizations`] give the clients of a Region.
//! * Each call takes a [`Cx`]: cancellation, and the deadline of the user's `timeouts`.
//! * Each failure is an [`Error`] with an [`ErrorKind`]; AWS's codes are read nowhere else.

mod autoscaling;
mod aws_backup;
mod backup;
mod call;
mod classify;
mod clients;
mod clock;
mod config;
mod contributor_insights;
mod credentials;
mod cx;
mod dynamodb;
mod environment;
mod error;
mod headers;
mod http;
mod identity;
mod kinesis_stream;
mod kms;
mod names;
mod operation;
mod organizations;
mod pacing;
mod remembered;
mod resource_policy;
mod sensitive;
mod server_time;
mod settings;
mod table;
mod time_to_live;
mod unverified;
mod wait;
mod words;

pub use autoscaling::{AutoScaling, Capacity, FoundScaling, ScaledDimension, Scaling};
pub use aws_backup::{
    AwsBackup, BackupJob, BackupJobFilter, BackupJobOrder, Copy, CopyJob, GlobalSettings, LifecycleDays,
    ListedRecoveryPoint, LockChoice, NewVault, Plan, PlanCopy, PlanDocument, PlanRule, PlanVersion,
    RecoveryPoint, RecoveryPointFilter, RecoveryPointRestore, RegionPreferences, RegionSettings,
    RegionSettingsChange, RestoreJob, RetentionDays, Selection, SelectionCondition, SelectionSummary,
    StartedBackupJob, Vault, VaultLock,
};
pub use backup::{Backup, BackupSummary, ContinuousBackups, PointInTimeRecovery, SourceTable};
pub use clients::Clients;
pub use clock::{Clock, JumpingClock, SystemClock};
pub use config::{
    AssumeRole, AssumeRoleWithWebIdentity, AttemptTimeout, Config, Endpoints, IgnoreTags, RetryMode,
    UserAgent,
};
pub use contributor_insights::ContributorInsights;
pub use cx::{Cx, Deadline};
pub use dynamodb::{
    BackupAttempt, BackupFilter, DynamoDb, EncryptionChoice, GlobalIndexOverride, KinesisChange, PointInTime,
    PointInTimeRecoveryChange, Restore, RestoreOverrides, RestoreSource, Seen, TableChange,
};
pub use environment::Environment;
pub use error::{Error, ErrorKind};
pub use identity::CallerIdentity;
pub use kinesis_stream::KinesisDestination;
pub use kms::{Key, Kms};
pub use names::{BackupArn, RecoveryPointArn, Region, TableArn, TableName, TableRef, VaultArn};
pub use organizations::{Organization, Organizations};
pub use resource_policy::ResourcePolicy;
pub use sensitive::Sensitive;
pub use table::{
    AttributeDefinition, Encryption, GlobalIndex, KeyElement, LocalIndex, OnDemandThroughput, Projection,
    Replica, RestoreSummary, Table, Throughput, WarmThroughput,
};
pub use time_to_live::TimeToLive;
pub use wait::{Gone, NOT_FOUND_GRACE, Wait, retry_until, wait};
pub use words::{
    AttributeType, BackupStatus, BackupType, BillingMode, ContributorInsightsMode, ContributorInsightsStatus,
    CopyJobState, EncryptionStatus, IndexStatus, JobState, KeyState, KeyType, KinesisPrecision,
    KinesisStatus, ProjectionType, RecoveryPointStatus, ReplicaStatus, RestoreJobStatus, StorageClass,
    StreamViewType, TableClass, TableStatus, TimeToLiveStatus, VaultState, VaultType,
};
