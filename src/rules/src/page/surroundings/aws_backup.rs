//! What surrounds the objects of AWS Backup, in sentences.

use super::{key, say, table};
use crate::fact::Fact;
use crate::facts::{
    BackupPlan, BackupSettings, BackupVault, LifecycleDays, ObservedAccount, ObservedDestination,
    ObservedRecoveryPoint, ObservedVault, Organization, PlannedBackupSettings, PolicyActions, PolicyEffect,
    PolicyPrincipals, RecoveryPoint, RecoveryPointCopy, RegionSettings, VaultType,
};
use crate::prose;

pub(super) fn backup_settings(it: &BackupSettings, sentences: &mut Vec<String>) {
    account(&it.observed, sentences);
}

pub(super) fn planned_settings(it: &PlannedBackupSettings, sentences: &mut Vec<String>) {
    for (name, setting) in [
        ("opt_in", it.opt_in),
        ("advanced_features", it.advanced_features),
        ("cross_account_backup", it.cross_account_backup),
    ] {
        if let Fact::Known(is_on) = setting {
            sentences.push(format!(
                "Another object of the same plan sets {name} = {is_on} in {}.",
                it.region
            ));
        }
    }
}

pub(super) fn backup_vault(it: &BackupVault, sentences: &mut Vec<String>) {
    if let Fact::Known(prior) = &it.prior {
        say("The vault was made with the name", &prior.name, sentences);
        match &prior.lock {
            Fact::Known(lock) => {
                sentences.push(format!("It was given a lock {}.", mode(lock.changeable_for_days)))
            }
            Fact::Absent => sentences.push("It was given no lock.".to_owned()),
            Fact::Unknown => {}
        }
    }
    vault("vault", &it.observed.vault, sentences);
    key("key", &it.observed.kms_key, sentences);
    settings("here", &it.observed.settings, sentences);
}

/// In which mode a lock is that was given so many days.
fn mode(changeable_for_days: Fact<i64>) -> String {
    match changeable_for_days {
        Fact::Known(days) => format!("that can be changed for {}", prose::days(days)),
        Fact::Absent => "in governance mode".to_owned(),
        Fact::Unknown => "in a mode that is not recorded".to_owned(),
    }
}

pub(super) fn backup_plan(it: &BackupPlan, sentences: &mut Vec<String>) {
    if let Fact::Known(prior) = &it.prior {
        say("The plan was made with the name", &prior.name, sentences);
        say("The ARN of the plan is", &prior.arn, sentences);
        for (name, rule) in prior.rules.known().into_iter().flatten() {
            lifecycle(&format!("rule {name:?}"), &rule.lifecycle, sentences);
        }
    }
    account(&it.observed.account, sentences);
    for (name, seen) in &it.observed.vaults {
        vault(&format!("vault {name:?}"), seen, sentences);
    }
    for seen in it.observed.destinations.values() {
        destination(seen, sentences);
    }
}

pub(super) fn recovery_point(it: &RecoveryPoint, sentences: &mut Vec<String>) {
    table("table", &it.observed.table, sentences);
    settings("here", &it.observed.settings, sentences);
    vault("vault", &it.observed.vault, sentences);
    if let Fact::Known(prior) = &it.prior {
        say("The recovery point is", &prior.arn, sentences);
        lifecycle("recovery point", &prior.lifecycle, sentences);
    }
    observed_recovery_point(&it.observed.recovery_point, sentences);
}

pub(super) fn copy(it: &RecoveryPointCopy, sentences: &mut Vec<String>) {
    account(&it.observed.account, sentences);
    vault(
        "vault of the recovery point",
        &it.observed.source_vault,
        sentences,
    );
    observed_recovery_point(&it.observed.recovery_point, sentences);
    destination(&it.observed.destination, sentences);
    if let Fact::Known(prior) = &it.prior {
        say("The copy is", &prior.arn, sentences);
    }
}

/// What the lifecycle has been, where there was one.
fn lifecycle(whose: &str, lifecycle: &Fact<LifecycleDays>, sentences: &mut Vec<String>) {
    let Fact::Known(days) = lifecycle else { return };
    for (what, number) in [
        ("moved recovery points to cold storage", days.cold_storage_after()),
        ("deleted recovery points", days.delete_after()),
    ] {
        if let Fact::Known(number) = number {
            let after = prose::days(number);
            sentences.push(format!(
                "So far, the lifecycle of the {whose} {what} after {after}."
            ));
        }
    }
}

fn account(it: &ObservedAccount, sentences: &mut Vec<String>) {
    organization("account", &it.organization, sentences);
    if let Fact::Known(is_on) = it.cross_account_backup {
        sentences.push(format!("Cross-account backup is switched {}.", on_or_off(is_on)));
    }
    settings("here", &it.settings, sentences);
}

fn destination(it: &ObservedDestination, sentences: &mut Vec<String>) {
    organization("account of the destination", &it.organization, sentences);
    settings("at the destination", &it.settings, sentences);
    vault("destination vault", &it.vault, sentences);
}

fn organization(whose: &str, organization: &Fact<Organization>, sentences: &mut Vec<String>) {
    match organization {
        Fact::Known(organization) => {
            say(
                &format!("The {whose} is in the organization"),
                &organization.id,
                sentences,
            );
            say(
                "The organization is managed by the account",
                &organization.management_account,
                sentences,
            );
        }
        Fact::Absent => sentences.push(format!("The {whose} is in no organization.")),
        Fact::Unknown => {}
    }
}

fn settings(place: &str, settings: &Fact<RegionSettings>, sentences: &mut Vec<String>) {
    let Fact::Known(settings) = settings else { return };
    for (what, setting) in [
        (
            "DynamoDB is opted",
            settings.opt_in.map(|it| if it { "in" } else { "out" }),
        ),
        (
            "The advanced features for DynamoDB are switched",
            settings.advanced_features.map(on_or_off),
        ),
    ] {
        if let Fact::Known(setting) = setting {
            sentences.push(format!("{what} {setting} {place}."));
        }
    }
}

fn vault(whose: &str, vault: &Fact<ObservedVault>, sentences: &mut Vec<String>) {
    let vault = match vault {
        Fact::Known(vault) => vault,
        Fact::Absent => return sentences.push(format!("The {whose} does not exist.")),
        Fact::Unknown => return,
    };
    match &vault.vault_type {
        Fact::Known(VaultType::Standard) | Fact::Absent | Fact::Unknown => {}
        Fact::Known(other) => sentences.push(format!("The {whose} has the type {other}.")),
    }
    say(&format!("The {whose} has the state"), &vault.state, sentences);
    lock(whose, vault, sentences);
    if let Fact::Known(number) = vault.recovery_points {
        let points = prose::count(number, "recovery point");
        sentences.push(format!("The {whose} holds {points}."));
    }
    if let Fact::Known(is_managed) = vault.has_aws_managed_key {
        let whom = if is_managed { "AWS manages" } else { "you manage" };
        sentences.push(format!("The {whose} has a key that {whom}."));
    }
    match &vault.key {
        Fact::Known(key) => say(
            &format!("The key of the {whose} has the state"),
            &key.state,
            sentences,
        ),
        Fact::Absent => sentences.push(format!("The key of the {whose} does not exist.")),
        Fact::Unknown => {}
    }
    for (bound, days) in [
        ("at least", vault.min_retention_days),
        ("at most", vault.max_retention_days),
    ] {
        if let Fact::Known(days) = days {
            sentences.push(format!(
                "The lock of the {whose} demands {} {bound}.",
                prose::days(days)
            ));
        }
    }
    match &vault.access_policy {
        Fact::Known(policy) => {
            for statement in &policy.statements {
                let effect = match statement.effect {
                    PolicyEffect::Allow => "allows",
                    PolicyEffect::Deny => "denies",
                };
                let whom = match &statement.principals {
                    PolicyPrincipals::Everyone => "everyone".to_owned(),
                    PolicyPrincipals::Only(principals) => {
                        prose::quoted(principals.iter().map(String::as_str), "and")
                    }
                    PolicyPrincipals::Except(principals) => {
                        let principals = prose::quoted(principals.iter().map(String::as_str), "and");
                        format!("everyone but {principals}")
                    }
                };
                let what = match &statement.actions {
                    PolicyActions::Only(actions) => prose::quoted(actions.iter().map(String::as_str), "and"),
                    PolicyActions::Except(actions) => {
                        let actions = prose::quoted(actions.iter().map(String::as_str), "and");
                        format!("everything but {actions}")
                    }
                };
                let organizations = match statement.organization_ids.as_slice() {
                    [] => String::new(),
                    ids => format!(" in {}", prose::quoted(ids.iter().map(String::as_str), "or")),
                };
                sentences.push(format!(
                    "The policy of the {whose} {effect} {what} to {whom}{organizations}."
                ));
            }
        }
        Fact::Absent => sentences.push(format!("The {whose} has no access policy.")),
        Fact::Unknown => {}
    }
}

fn lock(whose: &str, vault: &ObservedVault, sentences: &mut Vec<String>) {
    match vault.locked {
        Fact::Known(true) => {}
        Fact::Known(false) => return sentences.push(format!("The {whose} is not locked.")),
        Fact::Absent | Fact::Unknown => return,
    }
    let least = vault
        .min_retention_days
        .known()
        .map(|it| format!(" of {} at least", prose::days(*it)));
    let most = vault
        .max_retention_days
        .known()
        .map(|it| format!(" of {} at most", prose::days(*it)));
    let bounds = match (least, most) {
        (None, None) => ", without bounds".to_owned(),
        (Some(bound), None) | (None, Some(bound)) => format!(" for a retention{bound}"),
        (Some(least), Some(most)) => format!(" for a retention{least} and{most}"),
    };
    sentences.push(format!("The {whose} is locked{bounds}."));
    match vault.lock_date {
        Fact::Known(date) => sentences.push(format!(
            "Its lock cannot be changed from {} on.",
            prose::moment(date)
        )),
        Fact::Absent => sentences.push("Its lock is in governance mode.".to_owned()),
        Fact::Unknown => {}
    }
}

pub(super) fn observed_recovery_point(it: &Fact<ObservedRecoveryPoint>, sentences: &mut Vec<String>) {
    match it {
        Fact::Known(it) => {
            say("The recovery point has the status", &it.status, sentences);
            say(
                "The recovery point has the storage class",
                &it.storage_class,
                sentences,
            );
            if let Fact::Known(created) = it.created_at {
                sentences.push(format!(
                    "The recovery point was made at {}.",
                    prose::moment(created)
                ));
            }
        }
        Fact::Absent => sentences.push("The recovery point does not exist.".to_owned()),
        Fact::Unknown => {}
    }
}

fn on_or_off(is_on: bool) -> &'static str {
    if is_on { "on" } else { "off" }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::examples::at;
    use crate::examples::aws_backup::{
        FAR_VAULT_ARN, RECOVERY_POINT_ARN, air_gapped_vault, copy, copying_plan, lock, locked_vault,
        observed_vault, plan_changed, recovery_point_destroyed, settings, statement, vault, vault_changed,
    };
    use crate::fact::Fact;
    use crate::facts::{
        AccessPolicy, Facts, ObservedVault, PolicyActions, PolicyEffect, PolicyPrincipals, PolicyStatement,
        PriorBackupVault, PriorRecoveryPoint, RegionSettings, VaultLock,
    };

    fn check(facts: &Facts, expected: &Expect) {
        expected.assert_eq(&super::super::sentences(facts).join("\n"));
    }

    #[test]
    fn an_account_and_its_settings_are_described() {
        check(
            &settings(|_| ()),
            &expect![[r#"
            The object is to be made.
            It is 2025-11-20T09:00:00Z.
            The account is in the organization o-exampleorgid.
            The organization is managed by the account 999988887777.
            Cross-account backup is switched on.
            DynamoDB is opted in here.
            The advanced features for DynamoDB are switched on here."#]],
        );
        let off = settings(|it| {
            it.observed.organization = Fact::Absent;
            it.observed.cross_account_backup = Fact::Known(false);
            it.observed.settings = Fact::Known(RegionSettings {
                opt_in: Fact::Known(false),
                advanced_features: Fact::Known(false),
                advanced_features_since: Fact::Unknown,
            });
        });
        check(
            &off,
            &expect![[r#"
            The object is to be made.
            It is 2025-11-20T09:00:00Z.
            The account is in no organization.
            Cross-account backup is switched off.
            DynamoDB is opted out here.
            The advanced features for DynamoDB are switched off here."#]],
        );
    }

    #[test]
    fn vaults_are_described_with_their_policies() {
        check(
            &vault(|_| ()),
            &expect![[r#"
                The object is to be made.
                It is 2025-11-20T09:00:00Z.
                The vault does not exist.
                The key has the state Enabled.
                The key has the spec SYMMETRIC_DEFAULT.
                The key has the usage ENCRYPT_DECRYPT.
                DynamoDB is opted in here.
                The advanced features for DynamoDB are switched on here."#]],
        );
        let seen = vault(|it| {
            let policy = AccessPolicy {
                statements: vec![
                    PolicyStatement {
                        principals: PolicyPrincipals::Only(vec!["444455556666".to_owned()]),
                        ..statement(PolicyEffect::Allow, "backup:*")
                    },
                    PolicyStatement {
                        principals: PolicyPrincipals::Except(vec!["111122223333".to_owned()]),
                        actions: PolicyActions::Except(vec!["backup:List*".to_owned()]),
                        ..statement(PolicyEffect::Deny, "")
                    },
                ],
            };
            it.observed.vault = Fact::Known(ObservedVault {
                has_aws_managed_key: Fact::Known(true),
                key: Fact::Absent,
                access_policy: Fact::Known(policy),
                ..observed_vault()
            });
        });
        check(
            &seen,
            &expect![[r#"
                The object is to be made.
                It is 2025-11-20T09:00:00Z.
                The vault has the state AVAILABLE.
                The vault is not locked.
                The vault holds 3 recovery points.
                The vault has a key that AWS manages.
                The key of the vault does not exist.
                The policy of the vault allows "backup:*" to "444455556666".
                The policy of the vault denies everything but "backup:List*" to everyone but "111122223333".
                The key has the state Enabled.
                The key has the spec SYMMETRIC_DEFAULT.
                The key has the usage ENCRYPT_DECRYPT.
                DynamoDB is opted in here.
                The advanced features for DynamoDB are switched on here."#]],
        );
    }

    #[test]
    fn plans_recovery_points_and_copies_are_described() {
        check(
            &plan_changed(|_| ()),
            &expect![[r#"
                The object exists and is to be changed.
                It is 2025-11-20T09:00:00Z.
                The plan was made with the name orders.
                The ARN of the plan is arn:aws:backup:us-east-1:111122223333:backup-plan:0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9.
                So far, the lifecycle of the rule "daily" deleted recovery points after 35 days.
                The account is in the organization o-exampleorgid.
                The organization is managed by the account 999988887777.
                Cross-account backup is switched on.
                DynamoDB is opted in here.
                The advanced features for DynamoDB are switched on here.
                The vault "orders" has the state AVAILABLE.
                The vault "orders" is not locked.
                The vault "orders" holds 3 recovery points.
                The vault "orders" has a key that you manage.
                The key of the vault "orders" has the state Enabled.
                The vault "orders" has no access policy.
                The account of the destination is in the organization o-exampleorgid.
                The organization is managed by the account 999988887777.
                DynamoDB is opted in at the destination.
                The advanced features for DynamoDB are switched on at the destination.
                The destination vault has the state AVAILABLE.
                The destination vault is not locked.
                The destination vault holds 3 recovery points.
                The destination vault has a key that you manage.
                The key of the destination vault has the state Enabled.
                The policy of the destination vault allows "backup:CopyIntoBackupVault" to everyone in "o-exampleorgid"."#]],
        );
        let unseen = copying_plan(FAR_VAULT_ARN, |it| {
            it.observed.vaults = [("orders".to_owned(), Fact::Absent)].into();
            it.observed.destinations.clear();
        });
        check(
            &unseen,
            &expect![[r#"
            The object is to be made.
            It is 2025-11-20T09:00:00Z.
            The account is in the organization o-exampleorgid.
            The organization is managed by the account 999988887777.
            Cross-account backup is switched on.
            DynamoDB is opted in here.
            The advanced features for DynamoDB are switched on here.
            The vault "orders" does not exist."#]],
        );
        check(
            &recovery_point_destroyed(|_| ()),
            &expect![[r#"
                The object is to be destroyed.
                It is 2025-11-20T09:00:00Z.
                The table has the status ACTIVE.
                The table has the billing mode PAY_PER_REQUEST.
                The table has the global secondary indexes "by-customer" and "by-status".
                The table has the local secondary indexes "by-date".
                The table has the warm throughput 12000 read and 4000 write units per second.
                DynamoDB is opted in here.
                The advanced features for DynamoDB are switched on here.
                The vault has the state AVAILABLE.
                The vault is not locked.
                The vault holds 3 recovery points.
                The vault has a key that you manage.
                The key of the vault has the state Enabled.
                The vault has no access policy.
                The recovery point is arn:aws:backup:us-east-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45.
                The recovery point has the status COMPLETED.
                The recovery point has the storage class WARM.
                The recovery point was made at 2025-11-20T08:00:00Z."#]],
        );
        let copied = copy(|it| {
            it.prior = Fact::Known(PriorRecoveryPoint {
                arn: RECOVERY_POINT_ARN.into(),
                lifecycle: Fact::Absent,
                deletes_at: Fact::Absent,
            });
        });
        check(
            &copied,
            &expect![[r#"
                The object is to be made.
                It is 2025-11-20T09:00:00Z.
                The account is in the organization o-exampleorgid.
                The organization is managed by the account 999988887777.
                Cross-account backup is switched on.
                DynamoDB is opted in here.
                The advanced features for DynamoDB are switched on here.
                The vault of the recovery point has the state AVAILABLE.
                The vault of the recovery point is not locked.
                The vault of the recovery point holds 3 recovery points.
                The vault of the recovery point has a key that you manage.
                The key of the vault of the recovery point has the state Enabled.
                The vault of the recovery point has no access policy.
                The recovery point has the status COMPLETED.
                The recovery point has the storage class WARM.
                The recovery point was made at 2025-11-20T08:00:00Z.
                The account of the destination is in the organization o-exampleorgid.
                The organization is managed by the account 999988887777.
                DynamoDB is opted in at the destination.
                The advanced features for DynamoDB are switched on at the destination.
                The destination vault has the state AVAILABLE.
                The destination vault is not locked.
                The destination vault holds 3 recovery points.
                The destination vault has a key that you manage.
                The key of the destination vault has the state Enabled.
                The policy of the destination vault allows "backup:CopyIntoBackupVault" to everyone in "o-exampleorgid".
                The copy is arn:aws:backup:us-east-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45."#]],
        );
        check(
            &copy(|it| it.observed.recovery_point = Fact::Absent),
            &expect![[r#"
                The object is to be made.
                It is 2025-11-20T09:00:00Z.
                The account is in the organization o-exampleorgid.
                The organization is managed by the account 999988887777.
                Cross-account backup is switched on.
                DynamoDB is opted in here.
                The advanced features for DynamoDB are switched on here.
                The vault of the recovery point has the state AVAILABLE.
                The vault of the recovery point is not locked.
                The vault of the recovery point holds 3 recovery points.
                The vault of the recovery point has a key that you manage.
                The key of the vault of the recovery point has the state Enabled.
                The vault of the recovery point has no access policy.
                The recovery point does not exist.
                The account of the destination is in the organization o-exampleorgid.
                The organization is managed by the account 999988887777.
                DynamoDB is opted in at the destination.
                The advanced features for DynamoDB are switched on at the destination.
                The destination vault has the state AVAILABLE.
                The destination vault is not locked.
                The destination vault holds 3 recovery points.
                The destination vault has a key that you manage.
                The key of the destination vault has the state Enabled.
                The policy of the destination vault allows "backup:CopyIntoBackupVault" to everyone in "o-exampleorgid"."#]],
        );
    }

    #[test]
    fn locks_are_described() {
        let said = |seen: ObservedVault| {
            let facts = vault_changed(|it| it.observed.vault = Fact::Known(seen));
            let sentences = super::super::sentences(&facts);
            let about = |it: &String| it.contains("lock") || it.contains("type");
            sentences.into_iter().filter(about).collect::<Vec<_>>().join("\n")
        };
        let check = |seen: ObservedVault, expected: Expect| expected.assert_eq(&said(seen));
        check(
            locked_vault(Some(7), Some(1)),
            expect![[r#"
                It was given no lock.
                The vault is locked for a retention of 7 days at least and of 1 day at most.
                Its lock is in governance mode.
                The lock of the vault demands 7 days at least.
                The lock of the vault demands 1 day at most."#]],
        );
        check(
            ObservedVault {
                lock_date: Fact::Known(at("2025-12-01T00:00:00Z")),
                ..locked_vault(None, Some(365))
            },
            expect![[r#"
                It was given no lock.
                The vault is locked for a retention of 365 days at most.
                Its lock cannot be changed from 2025-12-01T00:00:00Z on.
                The lock of the vault demands 365 days at most."#]],
        );
        check(
            ObservedVault {
                lock_date: Fact::Unknown,
                ..locked_vault(Some(7), None)
            },
            expect![[r#"
                It was given no lock.
                The vault is locked for a retention of 7 days at least.
                The lock of the vault demands 7 days at least."#]],
        );
        check(
            locked_vault(None, None),
            expect![[r#"
            It was given no lock.
            The vault is locked, without bounds.
            Its lock is in governance mode."#]],
        );
        check(
            ObservedVault {
                locked: Fact::Unknown,
                ..air_gapped_vault()
            },
            expect![[r#"
                It was given no lock.
                The vault has the type LOGICALLY_AIR_GAPPED_BACKUP_VAULT.
                The lock of the vault demands 7 days at least.
                The lock of the vault demands 365 days at most."#]],
        );
        let recorded = |changeable: Fact<i64>| {
            let facts = vault_changed(|it| {
                it.prior = Fact::Known(PriorBackupVault {
                    name: "orders".into(),
                    lock: Fact::Known(VaultLock {
                        changeable_for_days: changeable,
                        ..lock(Some(7), None, None)
                    }),
                });
            });
            super::super::sentences(&facts)[3].clone()
        };
        assert_eq!(
            recorded(Fact::Known(3)),
            "It was given a lock that can be changed for 3 days."
        );
        assert_eq!(recorded(Fact::Absent), "It was given a lock in governance mode.");
        assert_eq!(
            recorded(Fact::Unknown),
            "It was given a lock in a mode that is not recorded."
        );
    }
}
