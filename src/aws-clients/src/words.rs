//! AWS's enumerations, spelled as AWS spells them; a word that is new to us is kept, not lost.

use std::fmt;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
            /// A word that AWS has added since.
            Other(Box<str>),
        }

        impl $name {
            /// AWS's word.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other(word) => word,
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)+
                    other => Self::Other(other.into()),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )+};
}

words! {
    /// Status of a table.
    TableStatus {
        /// Being created or restored.
        Creating = "CREATING",
        /// Being changed.
        Updating = "UPDATING",
        /// Being deleted.
        Deleting = "DELETING",
        /// Usable.
        Active = "ACTIVE",
        /// Its key cannot be used.
        InaccessibleEncryptionCredentials = "INACCESSIBLE_ENCRYPTION_CREDENTIALS",
        /// Being archived, seven days after its key became unusable.
        Archiving = "ARCHIVING",
        /// Archived: only its archival backup is left.
        Archived = "ARCHIVED",
        /// A replica of another account that lacks permission.
        ReplicationNotAuthorized = "REPLICATION_NOT_AUTHORIZED",
    }
    /// Status of a secondary index.
    IndexStatus {
        /// Being created.
        Creating = "CREATING",
        /// Being changed.
        Updating = "UPDATING",
        /// Being deleted.
        Deleting = "DELETING",
        /// Usable.
        Active = "ACTIVE",
    }
    /// How reads and writes are paid.
    BillingMode {
        /// By capacity that was set aside.
        Provisioned = "PROVISIONED",
        /// By request.
        PayPerRequest = "PAY_PER_REQUEST",
    }
    /// Storage class of a table.
    TableClass {
        /// The default.
        Standard = "STANDARD",
        /// Cheaper to store, dearer to access.
        StandardInfrequentAccess = "STANDARD_INFREQUENT_ACCESS",
    }
    /// What a stream record shows.
    StreamViewType {
        /// The item after the change.
        NewImage = "NEW_IMAGE",
        /// The item before the change.
        OldImage = "OLD_IMAGE",
        /// Both.
        NewAndOldImages = "NEW_AND_OLD_IMAGES",
        /// The keys only.
        KeysOnly = "KEYS_ONLY",
    }
    /// Status of encryption with a KMS key.
    EncryptionStatus {
        /// Being switched on.
        Enabling = "ENABLING",
        /// On.
        Enabled = "ENABLED",
        /// Being switched off.
        Disabling = "DISABLING",
        /// Off: the table is encrypted with a key that AWS owns.
        Disabled = "DISABLED",
        /// The key is being changed.
        Updating = "UPDATING",
    }
    /// Place of an attribute in a key.
    KeyType {
        /// Partition key.
        Hash = "HASH",
        /// Sort key.
        Range = "RANGE",
    }
    /// Type of a key attribute.
    AttributeType {
        /// String.
        String = "S",
        /// Number.
        Number = "N",
        /// Binary.
        Binary = "B",
    }
    /// Which attributes an index holds.
    ProjectionType {
        /// All.
        All = "ALL",
        /// The keys of table and index.
        KeysOnly = "KEYS_ONLY",
        /// The keys and those listed.
        Include = "INCLUDE",
    }
    /// Status of a replica.
    ReplicaStatus {
        /// Being created.
        Creating = "CREATING",
        /// Could not be created.
        CreationFailed = "CREATION_FAILED",
        /// Being changed.
        Updating = "UPDATING",
        /// Being deleted.
        Deleting = "DELETING",
        /// Usable.
        Active = "ACTIVE",
        /// Its Region is switched off in the account.
        RegionDisabled = "REGION_DISABLED",
    }
    /// Status of a backup.
    BackupStatus {
        /// Being made.
        Creating = "CREATING",
        /// Can be restored.
        Available = "AVAILABLE",
        /// Deleted; only seen in the answer to the deletion.
        Deleted = "DELETED",
    }
    /// Kind of a backup vault.
    VaultType {
        /// Of the ordinary kind.
        Standard = "BACKUP_VAULT",
        /// Logically air-gapped.
        LogicallyAirGapped = "LOGICALLY_AIR_GAPPED_BACKUP_VAULT",
        /// A view of a logically air-gapped vault, for restores.
        RestoreAccess = "RESTORE_ACCESS_BACKUP_VAULT",
    }
    /// State of a backup vault.
    VaultState {
        /// Being made.
        Creating = "CREATING",
        /// Usable.
        Available = "AVAILABLE",
        /// Could not be made.
        Failed = "FAILED",
    }
    /// Status of a recovery point.
    RecoveryPointStatus {
        /// Being made.
        Creating = "CREATING",
        /// Can be restored.
        Completed = "COMPLETED",
        /// Can be restored, as newer answers call it.
        Available = "AVAILABLE",
        /// Made, but not of everything.
        Partial = "PARTIAL",
        /// Past its life, and AWS Backup could not delete it.
        Expired = "EXPIRED",
        /// Being deleted.
        Deleting = "DELETING",
        /// No longer kept up to date.
        Stopped = "STOPPED",
    }
    /// State of a backup, copy or restore job of AWS Backup.
    JobState {
        /// Accepted.
        Created = "CREATED",
        /// Waits for its turn.
        Pending = "PENDING",
        /// Works.
        Running = "RUNNING",
        /// Is being cancelled.
        Aborting = "ABORTING",
        /// Was cancelled.
        Aborted = "ABORTED",
        /// Done.
        Completed = "COMPLETED",
        /// Could not be done.
        Failed = "FAILED",
        /// Did not start within its start window.
        Expired = "EXPIRED",
        /// Done, but not of everything.
        Partial = "PARTIAL",
    }
    /// State of a copy job.
    CopyJobState {
        /// Accepted; AWS Backup may try for two hours to begin.
        Created = "CREATED",
        /// Being copied.
        Running = "RUNNING",
        /// The copy is there.
        Completed = "COMPLETED",
        /// Not all of it is there.
        Partial = "PARTIAL",
        /// There is no copy.
        Failed = "FAILED",
    }
    /// How a recovery point is stored.
    StorageClass {
        /// Ready at once.
        Warm = "WARM",
        /// Cheaper, and hours away.
        Cold = "COLD",
        /// Gone.
        Deleted = "DELETED",
    }
    /// Status of a restore job of AWS Backup.
    RestoreJobStatus {
        /// Accepted, and not begun.
        Pending = "PENDING",
        /// Restoring.
        Running = "RUNNING",
        /// Done.
        Completed = "COMPLETED",
        /// Ended by AWS.
        Aborted = "ABORTED",
        /// Failed.
        Failed = "FAILED",
    }
    /// Who made a backup.
    BackupType {
        /// A user, by CreateBackup.
        User = "USER",
        /// DynamoDB, when a table with point-in-time recovery was deleted.
        System = "SYSTEM",
        /// AWS Backup.
        AwsBackup = "AWS_BACKUP",
    }
    /// Status of time to live.
    TimeToLiveStatus {
        /// Being switched on.
        Enabling = "ENABLING",
        /// On.
        Enabled = "ENABLED",
        /// Being switched off.
        Disabling = "DISABLING",
        /// Off.
        Disabled = "DISABLED",
    }
    /// Status of a Kinesis streaming destination.
    KinesisStatus {
        /// Being switched on.
        Enabling = "ENABLING",
        /// On.
        Active = "ACTIVE",
        /// Being switched off.
        Disabling = "DISABLING",
        /// Off.
        Disabled = "DISABLED",
        /// AWS could not switch it on.
        EnableFailed = "ENABLE_FAILED",
        /// Its precision is being changed.
        Updating = "UPDATING",
    }
    /// How exact the times in the records of a Kinesis stream are.
    KinesisPrecision {
        /// To the millisecond.
        Millisecond = "MILLISECOND",
        /// To the microsecond.
        Microsecond = "MICROSECOND",
    }
    /// Status of Contributor Insights.
    ContributorInsightsStatus {
        /// Being switched on.
        Enabling = "ENABLING",
        /// On.
        Enabled = "ENABLED",
        /// Being switched off.
        Disabling = "DISABLING",
        /// Off.
        Disabled = "DISABLED",
        /// AWS could not switch them on or off.
        Failed = "FAILED",
    }
    /// Which keys Contributor Insights follow.
    ContributorInsightsMode {
        /// Those that are accessed most and those that are throttled.
        AccessedAndThrottledKeys = "ACCESSED_AND_THROTTLED_KEYS",
        /// Only those that are throttled.
        ThrottledKeys = "THROTTLED_KEYS",
    }
    /// State of a KMS key.
    KeyState {
        /// Usable.
        Enabled = "Enabled",
        /// Switched off.
        Disabled = "Disabled",
        /// To be deleted after its waiting period.
        PendingDeletion = "PendingDeletion",
        /// Waits for its key material.
        PendingImport = "PendingImport",
        /// Cannot be used at the moment.
        Unavailable = "Unavailable",
    }
}

#[cfg(test)]
mod tests {
    use super::TableStatus;

    #[test]
    fn a_new_word_is_kept() {
        assert_eq!(TableStatus::from("ACTIVE"), TableStatus::Active);
        assert_eq!(TableStatus::from("DREAMING").as_str(), "DREAMING");
    }
}
