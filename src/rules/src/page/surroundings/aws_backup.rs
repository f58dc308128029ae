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
    if let Fact::Known(key) = &vault.key {
        say(
            &format!("The key of the {whose} has the state"),
            &key.state,
            sentences,
        );
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
                sentences.push(format!("The policy of the {whose} {effect} {whom} {what}."));
            }
        }
        Fact::Absent => sentences.push(format!("The {whose} has no access policy.")),
        Fact::Unknown => {}
    }
}

fn observed_recovery_point(it: &Fact<ObservedRecoveryPoint>, sentences: &mut Vec<String>) {
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
