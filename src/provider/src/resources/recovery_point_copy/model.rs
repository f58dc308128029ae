//! The typed object, the one mapping from what AWS says to it, and what the rules are told of it. Calls nothing.

use std::collections::BTreeMap;

use aws_clients::{CopyJob, LifecycleDays, RecoveryPoint};
use rules::Fact;
use rules::facts::{PriorRecoveryPoint, RecoveryPointCopy};
use tfsdk::{Attr, Timeouts, model};

use crate::facts::fact;
use crate::rfc3339::rfc3339;

model! {
    /// A copy as configuration, plan and state show it.
    pub(crate) struct Model {
        /// Region of the recovery point that is copied.
        region: String,
        /// What is copied.
        recovery_point_arn: String,
        /// The vault that holds it, by name.
        source_vault_name: String,
        /// The vault that takes the copy.
        destination_vault_arn: String,
        /// The role that AWS Backup assumes.
        role_arn: String,
        /// How long the copy stays; null for ever.
        recovery_point_lifecycle: Lifecycle,
        /// A change makes a new copy.
        triggers: BTreeMap<String, Attr<String>>,
        /// Whether the copy outlives its object.
        retain_on_destroy: bool,
        /// How the copy is got at in another account.
        destination: Destination,
        /// How long operations may wait.
        timeouts: Timeouts,
        /// ARN of the copy; null before there is one.
        arn: String,
        /// Id of the job; null after an import without one.
        copy_job_id: String,
        /// AWS's word: of the copy, or of the job while the copy cannot be read.
        status: String,
        /// Whether the copy can be read.
        visible: bool,
        /// When what is copied was made, RFC 3339.
        created_at: String,
        /// When the copy was finished, RFC 3339.
        completed_at: String,
        /// Bytes.
        size_bytes: i64,
        /// RFC 3339; null for never, and where the copy cannot be read.
        moves_to_cold_storage_at: String,
        /// RFC 3339; null for never, and where the copy cannot be read.
        deletes_at: String,
        /// Account of the recovery point that is copied.
        account_id: String,
        /// Whether the wait is still to be finished.
        unfinished: bool,
    }
}

model! {
    /// How long a copy stays, in days after its original was made.
    pub(crate) struct Lifecycle {
        /// Null or -1 for never.
        move_to_cold_storage_after_days: i64,
        /// Null or -1 for never.
        delete_after_days: i64,
    }
}

model! {
    /// The role that reads and deletes the copy.
    pub(crate) struct Destination {
        /// In the account of the destination.
        role_arn: String,
        /// What its trust policy may ask for.
        external_id: String,
        /// For CloudTrail.
        session_name: String,
    }
}

impl Lifecycle {
    /// As AWS is told. Nothing while a number is not known.
    pub(super) fn days(lifecycle: &Attr<Self>) -> Option<LifecycleDays> {
        let lifecycle = match lifecycle {
            Attr::Null => return Some(LifecycleDays::default()),
            Attr::Unknown => return None,
            Attr::Known(lifecycle) => lifecycle,
        };
        Some(LifecycleDays {
            move_to_cold_storage_after: given(&lifecycle.move_to_cold_storage_after_days)?,
            delete_after: given(&lifecycle.delete_after_days)?,
        })
    }

    /// What the state says of what AWS says: what was written, where it means the same.
    pub(super) fn of(days: LifecycleDays, written: &Attr<Self>) -> Attr<Self> {
        if Self::days(written) == Some(days) {
            return written.clone();
        }
        if days == LifecycleDays::default() {
            return Attr::Null;
        }
        Attr::Known(Self {
            move_to_cold_storage_after_days: days.move_to_cold_storage_after.into(),
            delete_after_days: days.delete_after.into(),
        })
    }
}

/// Nothing while the number is not known; inside, nothing for never.
fn given(days: &Attr<i64>) -> Option<Option<i64>> {
    match days {
        Attr::Unknown => None,
        Attr::Null => Some(None),
        Attr::Known(days) => Some(Some(*days).filter(|days| *days > 0)),
    }
}

impl Model {
    /// Takes over what the job says. What the copy itself says comes with [`update_from_copy`](Self::update_from_copy).
    pub(super) fn update_from_job(&mut self, job: &CopyJob) {
        fn fill<T>(place: &mut Attr<T>, value: Option<T>) {
            if place.known().is_none() {
                *place = value.into();
            }
        }
        self.copy_job_id = job.id.clone().into();
        fill(
            &mut self.recovery_point_arn,
            job.source.as_ref().map(ToString::to_string),
        );
        fill(
            &mut self.source_vault_name,
            job.source_vault
                .as_ref()
                .map(|vault| vault.vault_name().to_owned()),
        );
        fill(
            &mut self.destination_vault_arn,
            job.destination_vault.as_ref().map(ToString::to_string),
        );
        fill(&mut self.role_arn, job.role_arn.clone());
        self.arn = job.copy.as_ref().map(ToString::to_string).into();
        self.status = job.state.to_string().into();
        self.completed_at = rfc3339(job.completed_at);
        self.size_bytes = job.size_bytes.into();
        self.created_at = Attr::Null;
        self.moves_to_cold_storage_at = Attr::Null;
        self.deletes_at = Attr::Null;
        self.visible = false.into();
    }

    /// Takes over what the copy says.
    pub(super) fn update_from_copy(&mut self, copy: &RecoveryPoint) {
        self.arn = copy.arn.to_string().into();
        self.status = copy.status.to_string().into();
        self.visible = true.into();
        self.created_at = rfc3339(copy.created_at);
        self.completed_at = rfc3339(copy.completed_at);
        self.size_bytes = copy.size_bytes.into();
        self.moves_to_cold_storage_at = rfc3339(copy.moves_to_cold_storage_at);
        self.deletes_at = rfc3339(copy.deletes_at);
        self.recovery_point_lifecycle = Lifecycle::of(copy.lifecycle, &self.recovery_point_lifecycle);
        if self.role_arn.known().is_none() {
            self.role_arn = copy.role_arn.clone().into();
        }
    }

    /// After how many days the copy is deleted, as it was written; nothing for never.
    pub(super) fn delete_after_days(state: &Self) -> Option<i64> {
        Lifecycle::days(&state.recovery_point_lifecycle)?.delete_after
    }

    /// Fills what only Terraform knows, after an import.
    pub(super) fn with_defaults(mut self) -> Self {
        for flag in [
            &mut self.retain_on_destroy,
            &mut self.unfinished,
            &mut self.visible,
        ] {
            if flag.known().is_none() {
                *flag = false.into();
            }
        }
        self
    }

    /// What the rules are told of the configuration.
    pub(super) fn facts(&self) -> RecoveryPointCopy {
        RecoveryPointCopy {
            region: fact(&self.region),
            recovery_point_arn: fact(&self.recovery_point_arn),
            source_vault_name: fact(&self.source_vault_name),
            destination_vault_arn: fact(&self.destination_vault_arn),
            role_arn: fact(&self.role_arn),
            lifecycle: self.lifecycle_fact(),
            retain_on_destroy: fact(&self.retain_on_destroy),
            ..RecoveryPointCopy::unset()
        }
    }

    fn lifecycle_fact(&self) -> Fact<rules::facts::LifecycleDays> {
        fact(&self.recovery_point_lifecycle).map(|days| rules::facts::LifecycleDays {
            move_to_cold_storage_after_days: fact(&days.move_to_cold_storage_after_days),
            delete_after_days: fact(&days.delete_after_days),
        })
    }

    /// The same of a copy that exists.
    pub(super) fn existing_facts(&self) -> RecoveryPointCopy {
        RecoveryPointCopy {
            prior: Fact::Known(PriorRecoveryPoint {
                arn: fact(&self.arn),
                lifecycle: self.lifecycle_fact(),
                deletes_at: crate::facts::moment(&self.deletes_at),
            }),
            ..self.facts()
        }
    }
}
