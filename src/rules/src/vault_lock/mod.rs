//! Rules about the locks of vaults.

pub(crate) mod deletion_in_locked_vault;
pub(crate) mod governance_called_compliance;
pub(crate) mod kept_for_ever_under_lock;
pub(crate) mod lock_already_final;
pub(crate) mod lock_becomes_final;
pub(crate) mod lock_changeable_out_of_range;
pub(crate) mod lock_maximum_out_of_range;
pub(crate) mod lock_minimum_out_of_range;
pub(crate) mod retention_outside_lock;

use crate::fact::Fact;
use crate::facts::{Action, BackupVault, Facts, VaultLock};

/// The vault and its lock as configured, unless the vault is only destroyed.
fn configured(facts: &Facts) -> Option<(&BackupVault, &VaultLock)> {
    let vault = facts.backup_vault().filter(|_| !facts.is_destroyed_for_good())?;
    Some((vault, vault.lock.known()?))
}

/// The same of a vault of the ordinary kind: the bounds of logically air-gapped ones have a rule of their own.
fn configured_on_standard(facts: &Facts) -> Option<&VaultLock> {
    let (vault, lock) = configured(facts)?;
    (!vault.is_air_gapped()).then_some(lock)
}

/// Whether an apply certainly puts this lock on the vault, anew or in place of another one.
fn is_put(facts: &Facts, vault: &BackupVault, lock: &VaultLock) -> bool {
    match facts.action {
        Fact::Known(Action::Create | Action::Replace) => true,
        Fact::Known(Action::Update) => match &vault.prior {
            Fact::Known(prior) => match &prior.lock {
                Fact::Known(recorded) => recorded.differs(lock),
                Fact::Absent => true,
                Fact::Unknown => false,
            },
            Fact::Absent | Fact::Unknown => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{configured, configured_on_standard, is_put};
    use crate::examples::aws_backup::{air_gapped, lock, recovery_point, vault, vault_changed};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, PriorBackupVault, VaultLock};

    #[test]
    fn the_lock_of_a_vault_that_stays_is_judged() {
        let locked = vault(|it| it.lock = Fact::Known(lock(Some(7), None, None)));
        assert!(configured(&locked).is_some() && configured_on_standard(&locked).is_some());
        let destroyed = Facts {
            action: Fact::Known(Action::Destroy),
            ..locked
        };
        assert!(configured(&destroyed).is_none());
        assert!(configured(&vault(|_| ())).is_none());
        assert!(configured(&recovery_point(|_| ())).is_none());
        let air_gapped = air_gapped(|_| ());
        assert!(configured(&air_gapped).is_some() && configured_on_standard(&air_gapped).is_none());
    }

    #[test]
    fn a_lock_is_put_when_it_is_new_or_other_than_before() {
        let put = |action: Action, before: Fact<Fact<VaultLock>>| {
            let facts = Facts {
                action: Fact::Known(action),
                ..vault_changed(|it| {
                    it.lock = Fact::Known(lock(Some(7), None, Some(3)));
                    it.prior = before.map(|lock| PriorBackupVault {
                        name: "orders".into(),
                        lock,
                    });
                })
            };
            let (vault, lock) = configured(&facts).expect("a lock");
            is_put(&facts, vault, lock)
        };
        let same = || Fact::Known(Fact::Known(lock(Some(7), None, Some(3))));
        let other = || Fact::Known(Fact::Known(lock(Some(7), None, None)));
        assert!(put(Action::Create, Fact::Absent) && put(Action::Replace, same()));
        assert!(put(Action::Update, other()) && put(Action::Update, Fact::Known(Fact::Absent)));
        assert!(!put(Action::Update, same()));
        assert!(!put(Action::Update, Fact::Known(Fact::Unknown)));
        assert!(!put(Action::Update, Fact::Unknown) && !put(Action::Update, Fact::Absent));
        assert!(!put(Action::Keep, other()));
    }
}
