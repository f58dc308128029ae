//! The typed object, and what the rules are told of it. Calls nothing.

use rules::facts::Backup;
use tfsdk::{Attr, Timeouts, model};

use crate::facts::fact;

model! {
    /// The promise of a last backup, as configuration, plan and state show it.
    pub(crate) struct Model {
        /// Name or ARN of the table, as it was written.
        table_name: String,
        /// Name that the backup gets; null for one that is made up when it is taken.
        name: String,
        /// Whether a destroy takes the backup.
        enabled: bool,
        /// Region of the table.
        region: String,
        /// Account of the table.
        account_id: String,
        /// How long operations may wait.
        timeouts: Timeouts,
    }
}

impl Model {
    /// Fills what only Terraform knows, after an import.
    pub(super) fn with_defaults(mut self) -> Self {
        if self.enabled.known().is_none() {
            self.enabled = true.into();
        }
        self
    }

    /// Whether a destroy takes a backup.
    pub(super) fn takes_backup(&self) -> bool {
        self.enabled != Attr::Known(false)
    }

    /// What the rules are told: the backup to come, before anything was observed.
    pub(super) fn facts(&self) -> Backup {
        Backup {
            region: fact(&self.region),
            table_name: fact(&self.table_name),
            name: fact(&self.name),
            ..Backup::unset()
        }
    }
}
