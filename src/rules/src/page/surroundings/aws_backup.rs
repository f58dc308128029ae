//! What surrounds the objects of AWS Backup, in sentences.

use super::{say, table};
use crate::fact::Fact;
use crate::facts::{
    BackupPlan, BackupSettings, BackupVault, ObservedAccount, ObservedDestination, ObservedRecoveryPoint,
    ObservedVault, Organization, PolicyActions, PolicyEffect, PolicyPrincipals, RecoveryPoint,
    RecoveryPointCopy, RegionSettings,
};
use crate::prose;

pub(super) fn backup_settings(it: &BackupSettings, sentences: &mut Vec<String>) {
    account(&it.observed, sentences);
}

pub(super) fn backup_vault(it: &BackupVault, sentences: &mut Vec<String>) {
    vault("vault", &it.observed.vault, sentences);
    settings("here", &it.observed.settings, sentences);
}

pub(super) fn backup_plan(it: &BackupPlan, sentences: &mut Vec<String>) {
    if let Fact::Known(prior) = &it.prior {
        say("The plan was made with the name", &prior.name, sentences);
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

    use crate::examples::aws_backup::{
        FAR_VAULT_ARN, RECOVERY_POINT_ARN, copy, copying_plan, observed_vault, plan_changed,
        recovery_point_destroyed, settings, statement, vault,
    };
    use crate::fact::Fact;
    use crate::facts::{
        AccessPolicy, Facts, ObservedVault, PolicyActions, PolicyEffect, PolicyPrincipals, PolicyStatement,
        PriorRecoveryPoint, RegionSettings,
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
                The vault has a key that AWS manages.
                The key of the vault does not exist.
                The policy of the vault allows "backup:*" to "444455556666".
                The policy of the vault denies everything but "backup:List*" to everyone but "111122223333".
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
                The account is in the organization o-exampleorgid.
                The organization is managed by the account 999988887777.
                Cross-account backup is switched on.
                DynamoDB is opted in here.
                The advanced features for DynamoDB are switched on here.
                The vault "orders" has a key that you manage.
                The key of the vault "orders" has the state Enabled.
                The vault "orders" has no access policy.
                The account of the destination is in the organization o-exampleorgid.
                The organization is managed by the account 999988887777.
                DynamoDB is opted in at the destination.
                The advanced features for DynamoDB are switched on at the destination.
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
                The vault of the recovery point has a key that you manage.
                The key of the vault of the recovery point has the state Enabled.
                The vault of the recovery point has no access policy.
                The recovery point does not exist.
                The account of the destination is in the organization o-exampleorgid.
                The organization is managed by the account 999988887777.
                DynamoDB is opted in at the destination.
                The advanced features for DynamoDB are switched on at the destination.
                The destination vault has a key that you manage.
                The key of the destination vault has the state Enabled.
                The policy of the destination vault allows "backup:CopyIntoBackupVault" to everyone in "o-exampleorgid"."#]],
        );
    }
}
