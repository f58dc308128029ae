//! What is written down about one attempt.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Key;

/// One attempt to make an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// Counts up when a field changes its meaning.
    #[serde(default)]
    pub(crate) version: u32,
    /// What was asked of AWS.
    pub(crate) operation: Operation,
    /// Identifies the configuration that asked for it.
    pub(crate) key: Key,
    /// The account, where it is known.
    #[serde(default)]
    pub(crate) account: Option<String>,
    /// The Region of the call.
    pub(crate) region: String,
    /// The table that is backed up, or the one that a restore makes. Of a copy, the recovery point. Empty for an object
    /// that is not about one table.
    pub(crate) table_name: String,
    /// ARN of that table, where it is known.
    #[serde(default)]
    pub(crate) table_arn: Option<String>,
    /// Id of that table, where it is known. Tells tables apart that had the same name.
    #[serde(default)]
    pub(crate) table_id: Option<String>,
    /// Name of the object that is made. Of a job that takes one, its idempotency token.
    pub(crate) name: String,
    /// What is restored, in words that a resource can compare with what it wants.
    #[serde(default)]
    pub(crate) source: Option<String>,
    /// When the attempt began, just before AWS was asked for the first time.
    pub(crate) started_at: Timestamp,
    /// When AWS was asked last, within a minute. An object that was made much later is somebody else's.
    #[serde(default)]
    pub(crate) asked_at: Option<Timestamp>,
    /// The object, once AWS has answered: an ARN, or the id of a job.
    #[serde(default)]
    pub(crate) arn: Option<String>,
    /// The job of AWS Backup that makes the object, once AWS has accepted it.
    #[serde(default)]
    pub(crate) job: Option<String>,
    /// How far it came.
    #[serde(default)]
    pub(crate) stage: Stage,
    /// The run that wrote the record last.
    #[serde(default)]
    pub(crate) run: String,
}

/// What is asked of AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Operation {
    /// An on-demand backup.
    CreateBackup,
    /// A backup plan of AWS Backup.
    CreateBackupPlan,
    /// A restore, from a backup or to a point in time.
    RestoreTable,
    /// An on-demand backup job of AWS Backup. The object is the job, by its id, and the name is its idempotency token.
    StartBackupJob,
    /// A copy of a recovery point.
    CopyRecoveryPoint,
    /// A vault of AWS Backup. The name is the request id that AWS keeps with the vault.
    CreateVault,
}

/// How far an attempt came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Stage {
    /// AWS is asked or works, and Terraform knows nothing yet.
    #[default]
    Open,
    /// The wait has failed, and Terraform holds the object as a tainted one.
    InState,
    /// Terraform wanted the unfinished object deleted to make a new one; it was kept for that.
    HandedOver,
    /// Another resource has taken the object over, while Terraform may still hold it as one to be deleted.
    Adopted,
}

impl Record {
    /// The current version.
    pub(crate) const VERSION: u32 = 1;

    /// A call is accepted, if at all, within this of being made: that is how long it is repeated while AWS throttles
    /// it, and more.
    const ACCEPTED_WITHIN: SignedDuration = SignedDuration::from_mins(10);

    /// The last moment at which AWS can have made the object, where that is known.
    pub(crate) fn made_before(&self) -> Option<Timestamp> {
        self.asked_at?.checked_add(Self::ACCEPTED_WITHIN).ok()
    }

    /// Whether this is no record of another account. Where one of the two is unknown, it may be.
    pub(crate) fn is_of_account(&self, account: Option<&str>) -> bool {
        match (self.account.as_deref(), account) {
            (Some(recorded), Some(account)) => recorded == account,
            _ => true,
        }
    }
}
