//! The typed object, its three switches, and what the rules are told of them. Calls nothing.

use aws_clients::RegionSettings;
use rules::Fact;
use rules::facts::{self, BackupSettings, ObservedAccount};
use tfsdk::{Attr, Timeouts, model};

use super::{RESTORE, RETAIN};
use crate::facts::fact;

model! {
    /// The settings of AWS Backup for DynamoDB, as configuration, plan and state show them.
    pub(crate) struct Model {
        /// Whether AWS Backup backs up DynamoDB tables, in the Region.
        opt_in: bool,
        /// Whether it manages their backups wholly, in the Region.
        advanced_features: bool,
        /// Whether recovery points may be copied between the accounts of the organization; null where it was not
        /// looked at.
        cross_account_backup: bool,
        /// `retain` or `restore`.
        on_destroy: String,
        /// Region of the first two.
        region: String,
        /// Account of the first two.
        account_id: String,
        /// How long operations may wait.
        timeouts: Timeouts,
        /// What was there before this object set it.
        previous: Previous,
    }
}

model! {
    /// What each switch was before this object set it; null where it has set nothing.
    pub(crate) struct Previous {
        /// As in the model.
        opt_in: bool,
        /// As in the model.
        advanced_features: bool,
        /// As in the model.
        cross_account_backup: bool,
    }
}

/// One of the settings, each of which is managed for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Switch {
    OptIn,
    AdvancedFeatures,
    CrossAccountBackup,
}

impl Switch {
    pub(super) const ALL: [Self; 3] = [Self::OptIn, Self::AdvancedFeatures, Self::CrossAccountBackup];

    /// The name of its argument.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::OptIn => "opt_in",
            Self::AdvancedFeatures => "advanced_features",
            Self::CrossAccountBackup => "cross_account_backup",
        }
    }

    /// Its state in an object.
    pub(super) fn of(self, model: &Model) -> &Attr<bool> {
        match self {
            Self::OptIn => &model.opt_in,
            Self::AdvancedFeatures => &model.advanced_features,
            Self::CrossAccountBackup => &model.cross_account_backup,
        }
    }

    /// The same, to be written.
    pub(super) fn of_mut(self, model: &mut Model) -> &mut Attr<bool> {
        match self {
            Self::OptIn => &mut model.opt_in,
            Self::AdvancedFeatures => &mut model.advanced_features,
            Self::CrossAccountBackup => &mut model.cross_account_backup,
        }
    }

    /// What it was before the object set it. Null where it did not, unknown where that is not known yet.
    pub(super) fn before(self, model: &Model) -> Attr<bool> {
        match &model.previous {
            Attr::Null => Attr::Null,
            Attr::Unknown => Attr::Unknown,
            Attr::Known(previous) => match self {
                Self::OptIn => previous.opt_in.clone(),
                Self::AdvancedFeatures => previous.advanced_features.clone(),
                Self::CrossAccountBackup => previous.cross_account_backup.clone(),
            },
        }
    }

    /// Its place among what was there before, to be written.
    pub(super) fn before_mut(self, previous: &mut Previous) -> &mut Attr<bool> {
        match self {
            Self::OptIn => &mut previous.opt_in,
            Self::AdvancedFeatures => &mut previous.advanced_features,
            Self::CrossAccountBackup => &mut previous.cross_account_backup,
        }
    }
}

impl Model {
    /// Takes over what AWS says of the Region. What it does not name is null.
    pub(super) fn update_from(&mut self, settings: RegionSettings) {
        self.opt_in = settings.opt_in.into();
        self.advanced_features = settings.advanced_features.into();
    }

    /// Whether destroying this object puts back what was there before.
    pub(super) fn restores(&self) -> bool {
        self.on_destroy.known().is_some_and(|it| it == RESTORE)
    }

    /// After an import, what only Terraform knows gets its default: this object has set nothing yet.
    pub(super) fn with_defaults(mut self) -> Self {
        if self.on_destroy.known().is_none() {
            self.on_destroy = RETAIN.into();
        }
        if self.previous.known().is_none() {
            self.previous = Previous::default().into();
        }
        self
    }

    /// What the rules are told of this model: as it was written, not as it was planned.
    pub(super) fn facts(&self) -> BackupSettings {
        BackupSettings {
            region: fact(&self.region),
            opt_in: fact(&self.opt_in),
            advanced_features: fact(&self.advanced_features),
            cross_account_backup: fact(&self.cross_account_backup),
            observed: ObservedAccount::default(),
        }
    }

    /// What the rules are told of this model where it is the state that is destroyed: what is put back.
    pub(super) fn facts_of_destroy(&self) -> BackupSettings {
        let back = |switch: Switch| {
            if self.restores() {
                fact(&switch.before(self))
            } else {
                Fact::Absent
            }
        };
        BackupSettings {
            region: fact(&self.region),
            opt_in: back(Switch::OptIn),
            advanced_features: back(Switch::AdvancedFeatures),
            cross_account_backup: back(Switch::CrossAccountBackup),
            observed: ObservedAccount::default(),
        }
    }

    /// What this model, where it is the state, says of AWS: it was just refreshed.
    pub(super) fn observed(&self) -> facts::RegionSettings {
        facts::RegionSettings {
            opt_in: fact(&self.opt_in),
            advanced_features: fact(&self.advanced_features),
            advanced_features_since: Fact::Unknown,
        }
    }
}
