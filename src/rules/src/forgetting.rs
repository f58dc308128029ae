//! A test over all rules: what is forgotten is never held against anybody. Each fact of each example is made unknown, one
//! at a time, and no new error may appear.

use std::collections::BTreeSet;

use crate::fact::Fact;
use crate::facts::{
    Facts, LifecycleDays, Object, ObservedRecoveryPoint, ObservedVault, PlanRule, PointInTime,
    PriorBackupVault, RestoredTable, Selection, Source, VaultLock,
};
use crate::registry::{RULES, check};
use crate::{RuleId, Severity};

/// Makes one fact unknown, where the object has it.
type Forget = fn(&mut Facts);

macro_rules! forget {
    ($($object:ident: $($field:ident).+;)*) => {
        &[$((stringify!($object $($field).+), |facts| {
            if let Object::$object(it) = &mut facts.object {
                it.$($field).+ = Fact::Unknown;
            }
        })),*]
    };
}

const FACTS: &[(&str, Forget)] = &[
    ("account", |facts| facts.caller.account = Fact::Unknown),
    ("caller region", |facts| facts.caller.region = Fact::Unknown),
    ("now", |facts| facts.now = Fact::Unknown),
    ("action", |facts| facts.action = Fact::Unknown),
    ("backup_arn", |facts| {
        source(facts, |it| it.backup_arn = Fact::Unknown)
    }),
    ("recovery_point_arn", |facts| {
        source(facts, |it| it.recovery_point_arn = Fact::Unknown)
    }),
    ("vault_name", |facts| {
        source(facts, |it| it.vault_name = Fact::Unknown)
    }),
    ("point_in_time", |facts| {
        source(facts, |it| it.point_in_time = Fact::Unknown)
    }),
    ("point table_name", |facts| {
        point(facts, |it| it.table_name = Fact::Unknown)
    }),
    ("point table_arn", |facts| {
        point(facts, |it| it.table_arn = Fact::Unknown)
    }),
    ("point time", |facts| point(facts, |it| it.time = Fact::Unknown)),
    ("point latest", |facts| {
        point(facts, |it| it.latest = Fact::Unknown)
    }),
];

/// All but `observed.target_is_own_attempt`, which excuses only when it is shown to be true.
const FIELDS: &[(&str, Forget)] = forget![
    Backup: region;
    Backup: table_name;
    Backup: name;
    Backup: retain_on_destroy;
    Backup: prior;
    Backup: table;
    Backup: backup;
    PointInTimeRecovery: region;
    PointInTimeRecovery: table_name;
    PointInTimeRecovery: enabled;
    PointInTimeRecovery: recovery_period_in_days;
    PointInTimeRecovery: on_destroy;
    PointInTimeRecovery: allow_window_loss;
    PointInTimeRecovery: prior;
    PointInTimeRecovery: observed.table;
    PointInTimeRecovery: observed.recovery;
    RestoredTable: region;
    RestoredTable: name;
    RestoredTable: source;
    RestoredTable: billing_mode;
    RestoredTable: provisioned_throughput;
    RestoredTable: on_demand_throughput;
    RestoredTable: server_side_encryption;
    RestoredTable: global_secondary_indexes;
    RestoredTable: local_secondary_indexes;
    RestoredTable: carry_over;
    RestoredTable: tags;
    RestoredTable: resource_policy;
    RestoredTable: autoscaling;
    RestoredTable: create_timeout;
    RestoredTable: prior;
    RestoredTable: observed.target;
    RestoredTable: observed.backup;
    RestoredTable: observed.recovery_point;
    RestoredTable: observed.source_table;
    RestoredTable: observed.source_recovery;
    RestoredTable: observed.kms_key;
    BackupSettings: region;
    BackupSettings: opt_in;
    BackupSettings: advanced_features;
    BackupSettings: cross_account_backup;
    BackupSettings: observed.organization;
    BackupSettings: observed.cross_account_backup;
    BackupSettings: observed.settings;
    BackupVault: region;
    BackupVault: name;
    BackupVault: kms_key_arn;
    BackupVault: policy;
    BackupVault: lock;
    BackupVault: vault_type;
    BackupVault: tags;
    BackupVault: force_destroy;
    BackupVault: prior;
    BackupVault: observed.vault;
    BackupVault: observed.kms_key;
    BackupVault: observed.settings;
    BackupPlan: region;
    BackupPlan: name;
    BackupPlan: rules;
    BackupPlan: selections;
    BackupPlan: prior;
    BackupPlan: observed.account.organization;
    BackupPlan: observed.account.cross_account_backup;
    BackupPlan: observed.account.settings;
    RecoveryPoint: region;
    RecoveryPoint: table_name;
    RecoveryPoint: vault_name;
    RecoveryPoint: role_arn;
    RecoveryPoint: start_window_minutes;
    RecoveryPoint: completion_window_minutes;
    RecoveryPoint: lifecycle;
    RecoveryPoint: tags;
    RecoveryPoint: retain_on_destroy;
    RecoveryPoint: create_timeout;
    RecoveryPoint: prior;
    RecoveryPoint: observed.table;
    RecoveryPoint: observed.settings;
    RecoveryPoint: observed.vault;
    RecoveryPoint: observed.recovery_point;
    RecoveryPointCopy: region;
    RecoveryPointCopy: recovery_point_arn;
    RecoveryPointCopy: source_vault_name;
    RecoveryPointCopy: destination_vault_arn;
    RecoveryPointCopy: role_arn;
    RecoveryPointCopy: lifecycle;
    RecoveryPointCopy: retain_on_destroy;
    RecoveryPointCopy: prior;
    RecoveryPointCopy: observed.account.organization;
    RecoveryPointCopy: observed.account.cross_account_backup;
    RecoveryPointCopy: observed.account.settings;
    RecoveryPointCopy: observed.source_vault;
    RecoveryPointCopy: observed.recovery_point;
    RecoveryPointCopy: observed.destination.organization;
    RecoveryPointCopy: observed.destination.settings;
    RecoveryPointCopy: observed.destination.vault;
    RestoredTable: observed.source_key;
    RestoredTable: observed.tables_in_region;
    RestoredTable: observed.own_recovery;
    RestoredTable: observed.newest_backup;
];

/// Facts that stand inside others, for every entry of a map and for what was seen.
const INNER: &[(&str, Forget)] = &[
    ("role_arn", |facts| {
        source(facts, |it| it.role_arn = Fact::Unknown)
    }),
    ("target_vault_name", |facts| {
        rules(facts, |it| it.target_vault_name = Fact::Unknown)
    }),
    ("schedule", |facts| rules(facts, |it| it.schedule = Fact::Unknown)),
    ("schedule_timezone", |facts| {
        rules(facts, |it| it.schedule_timezone = Fact::Unknown)
    }),
    ("start_window_minutes", |facts| {
        rules(facts, |it| it.start_window_minutes = Fact::Unknown)
    }),
    ("completion_window_minutes", |facts| {
        rules(facts, |it| it.completion_window_minutes = Fact::Unknown)
    }),
    ("target_logically_air_gapped_vault_arn", |facts| {
        rules(facts, |it| {
            it.target_logically_air_gapped_vault_arn = Fact::Unknown
        })
    }),
    ("rule lifecycle", |facts| {
        rules(facts, |it| it.lifecycle = Fact::Unknown)
    }),
    ("delete_after_days", |facts| {
        lifecycle(facts, |it| it.delete_after_days = Fact::Unknown)
    }),
    ("move_to_cold_storage_after_days", |facts| {
        lifecycle(facts, |it| it.move_to_cold_storage_after_days = Fact::Unknown)
    }),
    ("vault_type", |facts| {
        vaults(facts, |it| it.vault_type = Fact::Unknown)
    }),
    ("state", |facts| vaults(facts, |it| it.state = Fact::Unknown)),
    ("locked", |facts| vaults(facts, |it| it.locked = Fact::Unknown)),
    ("seen min_retention_days", |facts| {
        vaults(facts, |it| it.min_retention_days = Fact::Unknown)
    }),
    ("seen max_retention_days", |facts| {
        vaults(facts, |it| it.max_retention_days = Fact::Unknown)
    }),
    ("lock_date", |facts| {
        vaults(facts, |it| it.lock_date = Fact::Unknown)
    }),
    ("recovery_points", |facts| {
        vaults(facts, |it| it.recovery_points = Fact::Unknown)
    }),
    ("min_retention_days", |facts| {
        lock(facts, |it| it.min_retention_days = Fact::Unknown)
    }),
    ("max_retention_days", |facts| {
        lock(facts, |it| it.max_retention_days = Fact::Unknown)
    }),
    ("changeable_for_days", |facts| {
        lock(facts, |it| it.changeable_for_days = Fact::Unknown)
    }),
    ("recorded name of the vault", |facts| {
        recorded(facts, |it| it.name = Fact::Unknown)
    }),
    ("recorded lock", |facts| {
        recorded(facts, |it| it.lock = Fact::Unknown)
    }),
    ("copy_actions", |facts| {
        rules(facts, |it| it.copy_actions = Fact::Unknown)
    }),
    ("recovery_point_tags", |facts| {
        rules(facts, |it| it.recovery_point_tags = Fact::Unknown)
    }),
    ("selection role_arn", |facts| {
        selections(facts, |it| it.role_arn = Fact::Unknown)
    }),
    ("selection tags", |facts| {
        selections(facts, |it| it.tags = Fact::Unknown)
    }),
    ("selection conditions", |facts| {
        selections(facts, |it| it.conditions = Fact::Unknown)
    }),
    ("source key", |facts| {
        source_vault(facts, |it| it.key = Fact::Unknown)
    }),
    ("source key_arn", |facts| {
        source_vault(facts, |it| it.key_arn = Fact::Unknown)
    }),
    ("destination key", |facts| {
        destination_vault(facts, |it| it.has_aws_managed_key = Fact::Unknown)
    }),
    ("destination policy", |facts| {
        destination_vault(facts, |it| it.access_policy = Fact::Unknown)
    }),
    ("is_fully_managed", |facts| {
        recovery_point(facts, |it| it.is_fully_managed = Fact::Unknown)
    }),
    ("storage_class", |facts| {
        recovery_point(facts, |it| it.storage_class = Fact::Unknown)
    }),
];

fn rules(facts: &mut Facts, change: impl Fn(&mut PlanRule)) {
    if let Object::BackupPlan(it) = &mut facts.object
        && let Fact::Known(rules) = &mut it.rules
    {
        rules.values_mut().for_each(change);
    }
}

fn lifecycle(facts: &mut Facts, change: fn(&mut LifecycleDays)) {
    let of_object = match &mut facts.object {
        Object::RecoveryPoint(it) => Some(&mut it.lifecycle),
        Object::RecoveryPointCopy(it) => Some(&mut it.lifecycle),
        _ => None,
    };
    if let Some(Fact::Known(days)) = of_object {
        change(days);
    }
    rules(facts, |it| {
        if let Fact::Known(days) = &mut it.lifecycle {
            change(days);
        }
    });
}

fn selections(facts: &mut Facts, change: impl Fn(&mut Selection)) {
    if let Object::BackupPlan(it) = &mut facts.object
        && let Fact::Known(selections) = &mut it.selections
    {
        selections.values_mut().for_each(change);
    }
}

/// Every vault that was seen.
fn vaults(facts: &mut Facts, change: impl Fn(&mut ObservedVault)) {
    let seen: Vec<&mut Fact<ObservedVault>> = match &mut facts.object {
        Object::BackupVault(it) => vec![&mut it.observed.vault],
        Object::BackupPlan(it) => it
            .observed
            .vaults
            .values_mut()
            .chain(it.observed.destinations.values_mut().map(|it| &mut it.vault))
            .collect(),
        Object::RecoveryPoint(it) => vec![&mut it.observed.vault],
        Object::RecoveryPointCopy(it) => {
            vec![&mut it.observed.source_vault, &mut it.observed.destination.vault]
        }
        _ => Vec::new(),
    };
    for vault in seen {
        if let Fact::Known(vault) = vault {
            change(vault);
        }
    }
}

fn lock(facts: &mut Facts, change: impl FnOnce(&mut VaultLock)) {
    if let Object::BackupVault(it) = &mut facts.object
        && let Fact::Known(lock) = &mut it.lock
    {
        change(lock);
    }
}

fn recorded(facts: &mut Facts, change: impl FnOnce(&mut PriorBackupVault)) {
    if let Object::BackupVault(it) = &mut facts.object
        && let Fact::Known(prior) = &mut it.prior
    {
        change(prior);
    }
}

fn source_vault(facts: &mut Facts, change: impl FnOnce(&mut ObservedVault)) {
    if let Object::RecoveryPointCopy(it) = &mut facts.object
        && let Fact::Known(vault) = &mut it.observed.source_vault
    {
        change(vault);
    }
}

fn destination_vault(facts: &mut Facts, change: impl FnOnce(&mut ObservedVault)) {
    if let Object::RecoveryPointCopy(it) = &mut facts.object
        && let Fact::Known(vault) = &mut it.observed.destination.vault
    {
        change(vault);
    }
}

fn recovery_point(facts: &mut Facts, change: impl FnOnce(&mut ObservedRecoveryPoint)) {
    if let Object::RecoveryPointCopy(it) = &mut facts.object
        && let Fact::Known(seen) = &mut it.observed.recovery_point
    {
        change(seen);
    }
}

fn restored(facts: &mut Facts, change: impl FnOnce(&mut RestoredTable)) {
    if let Object::RestoredTable(it) = &mut facts.object {
        change(it);
    }
}

fn source(facts: &mut Facts, change: impl FnOnce(&mut Source)) {
    restored(facts, |it| {
        if let Fact::Known(source) = &mut it.source {
            change(source);
        }
    });
}

fn point(facts: &mut Facts, change: impl FnOnce(&mut PointInTime)) {
    source(facts, |it| {
        if let Fact::Known(point) = &mut it.point_in_time {
            change(point);
        }
    });
}

fn errors(facts: &Facts) -> BTreeSet<RuleId> {
    check(facts)
        .into_iter()
        .filter(|it| it.severity == Severity::Error)
        .map(|it| it.rule)
        .collect()
}

#[test]
fn forgetting_a_fact_never_makes_an_error() {
    for rule in RULES {
        for facts in [(rule.firing)(), (rule.silent)()] {
            let before = errors(&facts);
            for (name, forget) in FACTS.iter().chain(FIELDS).chain(INNER) {
                let mut facts = facts.clone();
                let remembered = facts.clone();
                forget(&mut facts);
                if facts == remembered {
                    continue;
                }
                let after = errors(&facts);
                assert!(
                    after.is_subset(&before),
                    "{}: without {name} there are {after:?}",
                    rule.id
                );
            }
        }
    }
}
