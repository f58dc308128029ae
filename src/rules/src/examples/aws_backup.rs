//! Faultless facts about the objects of AWS Backup. Copies go from the account of the examples to a second one of the
//! same organization.

use std::collections::BTreeMap;

use super::{KEY_ARN, TABLE_ARN, at, created, key, table};
use crate::fact::Fact;
use crate::facts::{
    AccessPolicy, Action, BackupPlan, BackupSettings, BackupVault, CopyAction, CopyObserved, Facts,
    LifecycleDays, ObservedAccount, ObservedDestination, ObservedRecoveryPoint, ObservedVault, Organization,
    PlanObserved, PlanRule, PolicyActions, PolicyEffect, PolicyPrincipals, PolicyStatement, PriorBackupPlan,
    PriorBackupVault, PriorRecoveryPoint, RecoveryPoint, RecoveryPointCopy, RecoveryPointObserved,
    RecoveryPointStatus, RegionSettings, RestoredTable, Selection, Source, StorageClass, VaultLock,
    VaultObserved, VaultType,
};
use crate::syntax::{AccountId, Region};

/// A recovery point of the table, made with the advanced features.
pub(crate) const RECOVERY_POINT_ARN: &str =
    "arn:aws:backup:us-east-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45";
/// The role that AWS Backup assumes.
pub(crate) const ROLE_ARN: &str = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole";
/// A vault of the second account.
pub(crate) const FAR_VAULT_ARN: &str = "arn:aws:backup:us-east-1:444455556666:backup-vault:orders-copies";

fn account(text: &str) -> Fact<AccountId> {
    AccountId::parse(text).map_or(Fact::Unknown, Fact::Known)
}

/// The organization of both accounts, managed by a third.
pub(crate) fn organization() -> Organization {
    Organization {
        id: "o-exampleorgid".into(),
        management_account: account("999988887777"),
    }
}

/// Settings with everything switched on.
pub(crate) fn region_settings() -> RegionSettings {
    RegionSettings {
        opt_in: Fact::Known(true),
        advanced_features: Fact::Known(true),
        advanced_features_since: Fact::Absent,
    }
}

/// An account with everything switched on.
pub(crate) fn observed_account() -> ObservedAccount {
    ObservedAccount {
        organization: Fact::Known(organization()),
        cross_account_backup: Fact::Known(true),
        settings: Fact::Known(region_settings()),
    }
}

/// A vault with a key of the user's own and without an access policy.
pub(crate) fn observed_vault() -> ObservedVault {
    ObservedVault {
        vault_type: Fact::Known(VaultType::Standard),
        key_arn: KEY_ARN.into(),
        has_aws_managed_key: Fact::Known(false),
        key: Fact::Known(key()),
        state: "AVAILABLE".into(),
        locked: Fact::Known(false),
        min_retention_days: Fact::Absent,
        max_retention_days: Fact::Absent,
        lock_date: Fact::Absent,
        recovery_points: Fact::Known(3),
        emptied_at: Fact::Unknown,
        access_policy: Fact::Absent,
    }
}

/// A statement about everyone and one action.
pub(crate) fn statement(effect: PolicyEffect, action: &str) -> PolicyStatement {
    PolicyStatement {
        effect,
        principals: PolicyPrincipals::Everyone,
        actions: PolicyActions::Only(vec![action.to_owned()]),
        organization_ids: Vec::new(),
        is_narrowed: false,
    }
}

/// A policy by which the accounts of the organization may copy into a vault.
pub(crate) fn copy_policy() -> AccessPolicy {
    AccessPolicy {
        statements: vec![PolicyStatement {
            organization_ids: vec!["o-exampleorgid".to_owned()],
            ..statement(PolicyEffect::Allow, "backup:CopyIntoBackupVault")
        }],
    }
}

/// A destination in the second account that takes copies.
pub(crate) fn destination() -> ObservedDestination {
    ObservedDestination {
        organization: Fact::Known(organization()),
        settings: Fact::Known(region_settings()),
        vault: Fact::Known(ObservedVault {
            access_policy: Fact::Known(copy_policy()),
            ..observed_vault()
        }),
    }
}

/// A recovery point that was made with the advanced features.
pub(crate) fn observed_recovery_point() -> ObservedRecoveryPoint {
    ObservedRecoveryPoint {
        status: Fact::Known(RecoveryPointStatus::Completed),
        storage_class: Fact::Known(StorageClass::Warm),
        is_fully_managed: Fact::Known(true),
        created_at: Fact::Known(at("2025-11-20T08:00:00Z")),
        size_bytes: Fact::Known(52_428_800),
        vault_name: "orders".into(),
        account: account("111122223333"),
        region: Region::parse("us-east-1").map_or(Fact::Unknown, Fact::Known),
    }
}

/// Settings about to be made, by an account that does not manage its organization.
pub(crate) fn settings(change: impl FnOnce(&mut BackupSettings)) -> Facts {
    let mut it = BackupSettings {
        opt_in: Fact::Known(true),
        advanced_features: Fact::Known(true),
        observed: observed_account(),
        ..BackupSettings::unset()
    };
    change(&mut it);
    created(it)
}

/// A vault about to be made, into which the organization may copy.
pub(crate) fn vault(change: impl FnOnce(&mut BackupVault)) -> Facts {
    let mut it = BackupVault {
        name: "orders".into(),
        kms_key_arn: KEY_ARN.into(),
        policy: Fact::Known(copy_policy()),
        observed: VaultObserved {
            vault: Fact::Absent,
            kms_key: Fact::Known(key()),
            settings: Fact::Known(region_settings()),
        },
        ..BackupVault::unset()
    };
    change(&mut it);
    created(it)
}

/// A lifecycle without cold storage.
pub(crate) fn deleted_after(days: i64) -> Fact<LifecycleDays> {
    Fact::Known(LifecycleDays {
        move_to_cold_storage_after_days: Fact::Absent,
        delete_after_days: Fact::Known(days),
    })
}

/// A lifecycle with both numbers.
pub(crate) fn lifecycle(move_to_cold_storage_after_days: i64, delete_after_days: i64) -> Fact<LifecycleDays> {
    Fact::Known(LifecycleDays {
        move_to_cold_storage_after_days: Fact::Known(move_to_cold_storage_after_days),
        delete_after_days: Fact::Known(delete_after_days),
    })
}

/// A lock of a vault, as written.
pub(crate) fn lock(min: Option<i64>, max: Option<i64>, changeable: Option<i64>) -> VaultLock {
    VaultLock {
        min_retention_days: Fact::from_option(min),
        max_retention_days: Fact::from_option(max),
        changeable_for_days: Fact::from_option(changeable),
    }
}

/// A vault that is locked, in governance mode.
pub(crate) fn locked_vault(min: Option<i64>, max: Option<i64>) -> ObservedVault {
    ObservedVault {
        locked: Fact::Known(true),
        min_retention_days: Fact::from_option(min),
        max_retention_days: Fact::from_option(max),
        ..observed_vault()
    }
}

/// A logically air-gapped vault, with a key of the user's own.
pub(crate) fn air_gapped_vault() -> ObservedVault {
    ObservedVault {
        vault_type: Fact::Known(VaultType::LogicallyAirGapped),
        lock_date: Fact::Known(at("2025-10-01T00:00:00Z")),
        ..locked_vault(Some(7), Some(365))
    }
}

/// A logically air-gapped vault about to be made.
pub(crate) fn air_gapped(change: impl FnOnce(&mut BackupVault)) -> Facts {
    vault(|it| {
        it.vault_type = "LOGICALLY_AIR_GAPPED_BACKUP_VAULT".into();
        it.lock = Fact::Known(lock(Some(7), Some(365), None));
        change(it);
    })
}

/// A vault with three recovery points and without a lock, about to be changed.
pub(crate) fn vault_changed(change: impl FnOnce(&mut BackupVault)) -> Facts {
    let facts = vault(|it| {
        it.prior = Fact::Known(PriorBackupVault {
            name: "orders".into(),
            lock: Fact::Absent,
        });
        it.observed.vault = Fact::Known(ObservedVault {
            access_policy: Fact::Known(copy_policy()),
            ..observed_vault()
        });
        change(it);
    });
    Facts {
        action: Fact::Known(Action::Update),
        ..facts
    }
}

/// An empty vault about to be destroyed.
pub(crate) fn vault_destroyed(change: impl FnOnce(&mut BackupVault)) -> Facts {
    let facts = vault_changed(|it| {
        if let Fact::Known(vault) = &mut it.observed.vault {
            vault.recovery_points = Fact::Known(0);
        }
        change(it);
    });
    Facts {
        action: Fact::Known(Action::Destroy),
        ..facts
    }
}

/// A rule that backs up daily, keeps for five weeks, and copies nothing.
pub(crate) fn rule() -> PlanRule {
    PlanRule {
        target_vault_name: "orders".into(),
        schedule: "cron(0 5 ? * * *)".into(),
        lifecycle: deleted_after(35),
        ..PlanRule::unset()
    }
}

/// A copy into a vault, kept for five weeks.
pub(crate) fn copy_action(destination: &str) -> CopyAction {
    CopyAction {
        lifecycle: deleted_after(35),
        ..CopyAction::to(destination)
    }
}

/// The one rule of a plan, with another retention; without days, for ever.
pub(crate) fn retained(days: Option<i64>) -> Fact<BTreeMap<String, PlanRule>> {
    let lifecycle = LifecycleDays {
        move_to_cold_storage_after_days: Fact::Absent,
        delete_after_days: Fact::from_option(days),
    };
    named([(
        "daily",
        PlanRule {
            lifecycle: Fact::Known(lifecycle),
            ..rule()
        },
    )])
}

/// A selection of one table.
pub(crate) fn selection() -> Selection {
    Selection {
        role_arn: ROLE_ARN.into(),
        resources: Fact::Known(vec![TABLE_ARN.into()]),
        ..Selection::unset()
    }
}

/// The rules of a plan, or its selections, by name.
pub(crate) fn named<T>(
    entries: impl IntoIterator<Item = (impl Into<String>, T)>,
) -> Fact<BTreeMap<String, T>> {
    Fact::Known(
        entries
            .into_iter()
            .map(|(name, entry)| (name.into(), entry))
            .collect(),
    )
}

/// A plan about to be made: one rule, which copies nothing, and one selection.
pub(crate) fn plan(change: impl FnOnce(&mut BackupPlan)) -> Facts {
    let mut it = BackupPlan {
        name: "orders".into(),
        rules: named([("daily", rule())]),
        selections: named([("orders", selection())]),
        observed: PlanObserved {
            account: observed_account(),
            vaults: [("orders".to_owned(), Fact::Known(observed_vault()))].into(),
            destinations: [(FAR_VAULT_ARN.to_owned(), destination())].into(),
        },
        ..BackupPlan::unset()
    };
    change(&mut it);
    created(it)
}

/// A plan about to be made, which copies into a vault, of the second account if it is not said otherwise.
pub(crate) fn copying_plan(destination: &str, change: impl FnOnce(&mut BackupPlan)) -> Facts {
    plan(|it| {
        it.rules = named([(
            "daily",
            PlanRule {
                copy_actions: Fact::Known(vec![copy_action(destination)]),
                ..rule()
            },
        )]);
        change(it);
    })
}

/// A plan that exists, about to be changed.
pub(crate) fn plan_changed(change: impl FnOnce(&mut BackupPlan)) -> Facts {
    let facts = plan(|it| {
        it.prior = Fact::Known(PriorBackupPlan {
            name: "orders".into(),
            arn: "arn:aws:backup:us-east-1:111122223333:backup-plan:0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
                .into(),
            rules: it.rules.clone(),
        });
        change(it);
    });
    Facts {
        action: Fact::Known(Action::Update),
        ..facts
    }
}

/// A recovery point about to be made.
pub(crate) fn recovery_point(change: impl FnOnce(&mut RecoveryPoint)) -> Facts {
    let mut it = RecoveryPoint {
        table_name: "orders".into(),
        vault_name: "orders".into(),
        role_arn: ROLE_ARN.into(),
        observed: RecoveryPointObserved {
            table: Fact::Known(table()),
            settings: Fact::Known(region_settings()),
            vault: Fact::Known(observed_vault()),
            recovery_point: Fact::Unknown,
        },
        ..RecoveryPoint::unset()
    };
    change(&mut it);
    created(it)
}

/// A recovery point that exists, about to be changed.
pub(crate) fn recovery_point_changed(change: impl FnOnce(&mut RecoveryPoint)) -> Facts {
    Facts {
        action: Fact::Known(Action::Update),
        ..recovery_point_destroyed(change)
    }
}

/// A recovery point about to be destroyed.
pub(crate) fn recovery_point_destroyed(change: impl FnOnce(&mut RecoveryPoint)) -> Facts {
    let facts = recovery_point(|it| {
        it.prior = Fact::Known(PriorRecoveryPoint {
            arn: RECOVERY_POINT_ARN.into(),
            lifecycle: Fact::Absent,
            deletes_at: Fact::Absent,
        });
        it.observed.recovery_point = Fact::Known(observed_recovery_point());
        change(it);
    });
    Facts {
        action: Fact::Known(Action::Destroy),
        ..facts
    }
}

/// A copy into the second account, about to be made.
pub(crate) fn copy(change: impl FnOnce(&mut RecoveryPointCopy)) -> Facts {
    let mut it = RecoveryPointCopy {
        recovery_point_arn: RECOVERY_POINT_ARN.into(),
        source_vault_name: "orders".into(),
        destination_vault_arn: FAR_VAULT_ARN.into(),
        role_arn: ROLE_ARN.into(),
        observed: CopyObserved {
            account: observed_account(),
            source_vault: Fact::Known(observed_vault()),
            recovery_point: Fact::Known(observed_recovery_point()),
            destination: destination(),
        },
        ..RecoveryPointCopy::unset()
    };
    change(&mut it);
    created(it)
}

/// A restore of a recovery point about to be made.
pub(crate) fn restore_recovery_point(change: impl FnOnce(&mut RestoredTable)) -> Facts {
    super::restore(|it| {
        it.source = Fact::Known(Source {
            recovery_point_arn: RECOVERY_POINT_ARN.into(),
            role_arn: ROLE_ARN.into(),
            vault_name: "orders".into(),
            ..Source::unset()
        });
        it.observed.backup = Fact::Unknown;
        it.observed.source_table = Fact::Unknown;
        it.observed.recovery_point = Fact::Known(observed_recovery_point());
        change(it);
    })
}
