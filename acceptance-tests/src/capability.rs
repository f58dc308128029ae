//! What a backend can do beyond plain tables and items, as tests ask for it.

use std::fmt;

/// Something that tests need and not every backend has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Capability {
    /// On-demand backups: create, describe, list, delete.
    Backups,
    /// ListBackups filters by type and time and pages by its limit.
    BackupFilters,
    /// Backups pass through CREATING, restores through CREATING with a RestoreSummary.
    Transitions,
    /// Point-in-time recovery can be switched on and off.
    PitrSwitch,
    /// Point-in-time recovery of a table that does not exist is refused.
    MissingTables,
    /// Point-in-time recovery takes the ARN of a table for its name.
    TableArns,
    /// The recovery period is kept as it was sent.
    RecoveryPeriod,
    /// The recovery window has an earliest and a latest moment that move as AWS's do.
    PitrWindow,
    /// A restore from a backup or to the latest moment makes a table with the items.
    Restores,
    /// A restore honours the overrides of billing, throughput, indexes and encryption.
    RestoreOverrides,
    /// A restore to a moment brings the items of that moment back.
    RestoreTime,
    /// A restore from another Region.
    CrossRegionRestore,
    /// Deleting a table that has point-in-time recovery leaves a SYSTEM backup.
    SystemBackups,
    /// Tags of tables.
    Tags,
    /// The value of a tag can be changed.
    TagChanges,
    /// Time to live of tables.
    TimeToLive,
    /// Streams of tables.
    Streams,
    /// A stream can be switched off and on again.
    StreamChanges,
    /// Table classes.
    TableClass,
    /// Deletion protection.
    DeletionProtection,
    /// Resource policies of tables.
    ResourcePolicies,
    /// Kinesis streaming destinations of tables.
    KinesisStreams,
    /// Contributor Insights of tables.
    ContributorInsights,
    /// Scalable targets and scaling policies of tables.
    AutoScaling,
    /// KMS keys that can be described.
    Keys,
    /// Roles of other accounts can be assumed.
    AssumeRole,
    /// Faults, delays, denied actions, the clock and the call log are ours to command.
    Control,
}

impl Capability {
    /// Every capability, in the order of the documentation.
    pub const ALL: &[Self] = &[
        Self::Backups,
        Self::BackupFilters,
        Self::Transitions,
        Self::PitrSwitch,
        Self::MissingTables,
        Self::TableArns,
        Self::RecoveryPeriod,
        Self::PitrWindow,
        Self::Restores,
        Self::RestoreOverrides,
        Self::RestoreTime,
        Self::CrossRegionRestore,
        Self::SystemBackups,
        Self::Tags,
        Self::TagChanges,
        Self::TimeToLive,
        Self::Streams,
        Self::StreamChanges,
        Self::TableClass,
        Self::DeletionProtection,
        Self::ResourcePolicies,
        Self::KinesisStreams,
        Self::ContributorInsights,
        Self::AutoScaling,
        Self::Keys,
        Self::AssumeRole,
        Self::Control,
    ];
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Backups => "on-demand backups",
            Self::BackupFilters => "filters and pages of ListBackups",
            Self::Transitions => "states that take time",
            Self::PitrSwitch => "the point-in-time recovery switch",
            Self::MissingTables => "refusals of tables that do not exist",
            Self::TableArns => "ARNs of tables in place of names",
            Self::RecoveryPeriod => "the recovery period",
            Self::PitrWindow => "the recovery window",
            Self::Restores => "restores",
            Self::RestoreOverrides => "overrides of a restore",
            Self::RestoreTime => "restores to a given moment",
            Self::CrossRegionRestore => "restores from another Region",
            Self::SystemBackups => "system backups of deleted tables",
            Self::Tags => "tags",
            Self::TagChanges => "changed tags",
            Self::TimeToLive => "time to live",
            Self::Streams => "streams",
            Self::StreamChanges => "streams that are switched on again",
            Self::TableClass => "table classes",
            Self::DeletionProtection => "deletion protection",
            Self::ResourcePolicies => "resource policies",
            Self::KinesisStreams => "Kinesis streaming destinations",
            Self::ContributorInsights => "Contributor Insights",
            Self::AutoScaling => "auto scaling",
            Self::Keys => "KMS keys",
            Self::AssumeRole => "roles of other accounts",
            Self::Control => "faults, clock and call log",
        })
    }
}
