//! Facts about the objects of AWS Backup: its settings, vaults, plans, recovery points and their copies.

mod access_policy;
mod copies;
mod deletions;
mod lifecycles;
mod observed;
mod plan;
mod recovery_point;
mod settings;
mod vault;
mod vault_uses;
mod windows;

pub use access_policy::{
    AccessPolicy, PolicyActions, PolicyEffect, PolicyPrincipals, PolicyStatement, PolicyVerdict, Requester,
};
pub(crate) use copies::ConfiguredCopy;
pub(crate) use lifecycles::LifecyclePlace;
pub use observed::{
    ObservedAccount, ObservedDestination, ObservedRecoveryPoint, ObservedVault, Organization,
    RecoveryPointStatus, RegionSettings, StorageClass, VaultType,
};
pub use plan::{
    BackupPlan, CopyAction, PlanObserved, PlanRule, PriorBackupPlan, Selection, SelectionCondition,
    SelectionTag,
};
pub use recovery_point::{
    CopyObserved, LifecycleDays, PriorRecoveryPoint, RecoveryPoint, RecoveryPointCopy, RecoveryPointObserved,
};
pub use settings::BackupSettings;
pub(crate) use vault::differ;
pub use vault::{BackupVault, PriorBackupVault, VaultLock, VaultObserved};
pub(crate) use vault_uses::{Retention, RetentionBounds, VaultRole, VaultUse};

#[cfg(test)]
mod tests {
    use super::{
        BackupPlan, BackupSettings, BackupVault, CopyAction, PlanRule, RecoveryPoint, RecoveryPointCopy,
        Selection,
    };
    use crate::examples::aws_backup::{copy, plan, recovery_point, settings, vault};
    use crate::facts::Facts;

    #[test]
    fn what_is_unset_is_absent_and_what_was_not_seen_is_unknown() {
        let it = BackupSettings::unset();
        assert!(it.region.is_absent() && it.opt_in.is_absent() && it.cross_account_backup.is_absent());
        assert!(it.observed.settings.is_unknown());
        let it = BackupVault::unset();
        assert!(it.name.is_absent() && it.policy.is_absent() && it.lock.is_absent());
        assert!(it.observed.vault.is_unknown());
        let it = BackupPlan::unset();
        assert!(it.rules.is_absent() && it.selections.is_absent() && it.prior.is_absent());
        assert!(it.observed.account.organization.is_unknown());
        let it = PlanRule::unset();
        assert!(it.target_vault_name.is_absent() && it.copy_actions.is_absent());
        let it = CopyAction::to("arn");
        assert!(it.destination_vault_arn.is_known() && it.lifecycle.is_absent());
        let it = Selection::unset();
        assert!(it.role_arn.is_absent() && it.conditions.is_absent());
        let it = RecoveryPoint::unset();
        assert!(it.table_name.is_absent() && it.prior.is_absent() && it.observed.table.is_unknown());
        let it = RecoveryPointCopy::unset();
        assert!(it.destination_vault_arn.is_absent() && it.prior.is_absent());
        assert!(it.observed.destination.vault.is_unknown());
    }

    #[test]
    fn each_object_is_found_as_what_it_is_and_lives_in_its_region() {
        let kinds = |facts: &Facts| {
            [
                facts.backup_settings().is_some(),
                facts.backup_vault().is_some(),
                facts.backup_plan().is_some(),
                facts.recovery_point().is_some(),
                facts.recovery_point_copy().is_some(),
                facts.backup().is_some()
                    || facts.point_in_time_recovery().is_some()
                    || facts.restored_table().is_some(),
            ]
        };
        let region = "eu-west-1";
        for (index, facts) in [
            settings(|it| it.region = region.into()),
            vault(|it| it.region = region.into()),
            plan(|it| it.region = region.into()),
            recovery_point(|it| it.region = region.into()),
            copy(|it| it.region = region.into()),
        ]
        .iter()
        .enumerate()
        {
            let mut expected = [false; 6];
            expected[index] = true;
            assert_eq!(kinds(facts), expected);
            assert!(facts.region().is_known_and(|it| it.as_str() == region));
        }
    }
}
