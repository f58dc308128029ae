//! The typed object, and the one mapping from what AWS Backup says of a recovery point to it. Calls nothing.

use std::collections::BTreeMap;

use aws_clients::{LifecycleDays, RecoveryPoint, RecoveryPointArn};
use tfsdk::{Attr, Timeouts, model};

use crate::rfc3339::rfc3339;

model! {
    /// A recovery point as configuration, plan and state show it.
    pub(crate) struct Model {
        /// Name or ARN of the table, as it was written.
        table_name: String,
        /// Name of the vault that holds it.
        vault_name: String,
        /// Role that AWS Backup assumes.
        role_arn: String,
        /// By when the job has to start.
        start_window_minutes: i64,
        /// By when the job has to be done.
        completion_window_minutes: i64,
        /// How long it stays.
        recovery_point_lifecycle: Lifecycle,
        /// Its own tags.
        tags: BTreeMap<String, Attr<String>>,
        /// Those and the provider's.
        tags_all: BTreeMap<String, Attr<String>>,
        /// A change takes a new one.
        triggers: BTreeMap<String, Attr<String>>,
        /// Whether it outlives its object.
        retain_on_destroy: bool,
        /// Region of the table and the vault.
        region: String,
        /// How long operations may wait.
        timeouts: Timeouts,
        /// ARN; null while only the job is known.
        arn: String,
        /// Id of the job that makes it; null for an imported one.
        backup_job_id: String,
        /// AWS's word.
        status: String,
        /// As AWS counts.
        size_bytes: i64,
        /// RFC 3339.
        created_at: String,
        /// RFC 3339.
        completed_at: String,
        /// AWS's word.
        storage_class: String,
        /// RFC 3339; null for never.
        moves_to_cold_storage_at: String,
        /// RFC 3339; null for never.
        deletes_at: String,
        /// ARN of the table.
        table_arn: String,
        /// ARN of the vault.
        vault_arn: String,
        /// Whether the wait is still to be finished.
        unfinished: bool,
    }
}

model! {
    /// How long a recovery point stays.
    pub(crate) struct Lifecycle {
        /// Days; null for never.
        move_to_cold_storage_after_days: i64,
        /// Days; null for never.
        delete_after_days: i64,
    }
}

impl Lifecycle {
    /// The numbers as AWS takes them. It also reads -1 as "never".
    pub(super) fn days(lifecycle: &Attr<Self>) -> LifecycleDays {
        let given = |days: &Attr<i64>| days.known().copied().filter(|days| *days != -1);
        lifecycle
            .known()
            .map_or_else(LifecycleDays::default, |it| LifecycleDays {
                move_to_cold_storage_after: given(&it.move_to_cold_storage_after_days),
                delete_after: given(&it.delete_after_days),
            })
    }

    fn of(days: LifecycleDays) -> Attr<Self> {
        if days == LifecycleDays::default() {
            return Attr::Null;
        }
        Attr::Known(Self {
            move_to_cold_storage_after_days: days.move_to_cold_storage_after.into(),
            delete_after_days: days.delete_after.into(),
        })
    }
}

/// Whether a recovery point stays as long as is wanted. Only a fully managed one has a cold storage (LFC-004): what AWS
/// keeps of that number for others is no matter.
pub(super) fn is_kept_as_wanted(point: &RecoveryPoint, wanted: LifecycleDays) -> bool {
    let same_cold = point.lifecycle.move_to_cold_storage_after == wanted.move_to_cold_storage_after;
    point.lifecycle.delete_after == wanted.delete_after && (same_cold || !point.arn.is_fully_managed())
}

impl Model {
    /// Whether the last apply ended before the recovery point was there.
    pub(super) fn is_unfinished(&self) -> bool {
        self.unfinished == Attr::Known(true)
    }

    /// The recovery point, where its ARN is known.
    pub(super) fn point(&self) -> Option<RecoveryPointArn> {
        self.arn.known()?.parse().ok()
    }

    /// The account, where the state tells it.
    pub(super) fn account(&self) -> Option<String> {
        let of_table = || self.table_arn.known()?.parse::<aws_clients::TableArn>().ok();
        self.point()
            .map(|arn| arn.account().to_owned())
            .or_else(|| of_table().map(|arn| arn.account().to_owned()))
    }

    /// Whether it is known that AWS Backup manages it wholly: only such ones have tags (TAG-003).
    pub(super) fn is_fully_managed(&self) -> Option<bool> {
        self.point().map(|arn| arn.is_fully_managed())
    }

    /// Shows a job that AWS has accepted, as far as anything is known.
    pub(super) fn update_from_job(&mut self, job: &super::taking::Job) {
        self.backup_job_id = job.id.clone().into();
        self.arn = job.recovery_point.as_ref().map(ToString::to_string).into();
        self.created_at = rfc3339(job.created_at);
        self.region = job.table.region().to_string().into();
        self.table_arn = job.table.to_string().into();
        self.status = "CREATING".into();
        self.unfinished = true.into();
        self.size_bytes = Attr::Null;
        self.completed_at = Attr::Null;
        self.storage_class = Attr::Null;
        self.moves_to_cold_storage_at = Attr::Null;
        self.deletes_at = Attr::Null;
        self.vault_arn = Attr::Null;
    }

    /// Takes over a description. What was written stays as it was written where it means the same.
    pub(super) fn update_from_point(&mut self, point: &RecoveryPoint) {
        self.arn = point.arn.to_string().into();
        self.region = point.arn.region().to_string().into();
        self.status = point.status.to_string().into();
        self.size_bytes = point.size_bytes.into();
        self.created_at = rfc3339(point.created_at);
        self.completed_at = rfc3339(point.completed_at);
        self.storage_class = point.storage_class.to_string().into();
        self.moves_to_cold_storage_at = rfc3339(point.moves_to_cold_storage_at);
        self.deletes_at = rfc3339(point.deletes_at);
        self.table_arn = point.table_arn.as_ref().map(ToString::to_string).into();
        self.vault_arn = point.vault_arn.as_ref().map(ToString::to_string).into();
        if !is_kept_as_wanted(point, Lifecycle::days(&self.recovery_point_lifecycle)) {
            self.recovery_point_lifecycle = Lifecycle::of(point.lifecycle);
        }
        let fill = |attr: &mut Attr<String>, value: Option<String>| {
            if attr.known().is_none() {
                *attr = value.into();
            }
        };
        fill(&mut self.vault_name, Some(point.vault_name.clone()));
        let table = point.table_arn.as_ref();
        fill(
            &mut self.table_name,
            table.map(|arn| arn.table_name().to_string()),
        );
        fill(&mut self.role_arn, point.role_arn.clone());
        fill(&mut self.backup_job_id, None);
        if self.retain_on_destroy.known().is_none() {
            self.retain_on_destroy = false.into();
        }
        if self.unfinished.known().is_none() {
            self.unfinished = false.into();
        }
    }
}
