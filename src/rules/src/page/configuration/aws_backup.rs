//! The objects of AWS Backup as HCL.

use std::collections::BTreeMap;

use super::{Arguments, Hcl, key};
use crate::fact::Fact;
use crate::facts::{
    AccessPolicy, BackupPlan, BackupSettings, BackupVault, CopyAction, LifecycleDays, PlanRule,
    PolicyActions, PolicyEffect, PolicyPrincipals, PolicyStatement, RecoveryPoint, RecoveryPointCopy,
    Selection, VaultLock,
};

pub(super) fn settings(it: &BackupSettings) -> Vec<(String, Hcl)> {
    let mut arguments = Arguments::default();
    arguments.text("region", &it.region);
    arguments.plain("opt_in", &it.opt_in);
    arguments.plain("advanced_features", &it.advanced_features);
    arguments.plain("cross_account_backup", &it.cross_account_backup);
    arguments.0
}

pub(super) fn vault(it: &BackupVault) -> Vec<(String, Hcl)> {
    let mut arguments = Arguments::default();
    arguments.text("region", &it.region);
    arguments.text("name", &it.name);
    arguments.text("kms_key_arn", &it.kms_key_arn);
    arguments.put("policy", &it.policy, policy);
    arguments.put("lock", &it.lock, lock);
    arguments.0
}

pub(super) fn plan(it: &BackupPlan) -> Vec<(String, Hcl)> {
    let mut arguments = Arguments::default();
    arguments.text("region", &it.region);
    arguments.text("name", &it.name);
    arguments.put("rules", &it.rules, |rules| map(rules, rule));
    arguments.put("selections", &it.selections, |selections| {
        map(selections, selection)
    });
    arguments.0
}

pub(super) fn recovery_point(it: &RecoveryPoint) -> Vec<(String, Hcl)> {
    let mut arguments = Arguments::default();
    arguments.text("region", &it.region);
    arguments.text("table_name", &it.table_name);
    arguments.text("vault_name", &it.vault_name);
    arguments.text("role_arn", &it.role_arn);
    arguments.put("lifecycle", &it.lifecycle, lifecycle);
    arguments.put("tags", &it.tags, tags);
    arguments.plain("retain_on_destroy", &it.retain_on_destroy);
    arguments.0
}

pub(super) fn copy(it: &RecoveryPointCopy) -> Vec<(String, Hcl)> {
    let mut arguments = Arguments::default();
    arguments.text("region", &it.region);
    arguments.text("recovery_point_arn", &it.recovery_point_arn);
    arguments.text("source_vault_name", &it.source_vault_name);
    arguments.text("destination_vault_arn", &it.destination_vault_arn);
    arguments.text("role_arn", &it.role_arn);
    arguments.put("lifecycle", &it.lifecycle, lifecycle);
    arguments.plain("retain_on_destroy", &it.retain_on_destroy);
    arguments.0
}

fn rule(it: &PlanRule) -> Hcl {
    let mut arguments = Arguments::default();
    arguments.text("target_vault_name", &it.target_vault_name);
    arguments.text("schedule", &it.schedule);
    arguments.text("schedule_timezone", &it.schedule_timezone);
    arguments.put("lifecycle", &it.lifecycle, lifecycle);
    arguments.put("copy_actions", &it.copy_actions, |actions| {
        Hcl::List(actions.iter().map(copy_action).collect())
    });
    arguments.put("recovery_point_tags", &it.recovery_point_tags, tags);
    Hcl::Object(arguments.0)
}

fn copy_action(it: &CopyAction) -> Hcl {
    let mut arguments = Arguments::default();
    arguments.text("destination_vault_arn", &it.destination_vault_arn);
    arguments.put("lifecycle", &it.lifecycle, lifecycle);
    Hcl::Object(arguments.0)
}

fn selection(it: &Selection) -> Hcl {
    let mut arguments = Arguments::default();
    arguments.text("role_arn", &it.role_arn);
    arguments.put("resources", &it.resources, |texts| list(texts));
    arguments.put("not_resources", &it.not_resources, |texts| list(texts));
    arguments.put("tags", &it.tags, |tags| {
        let tag = |tag: &crate::facts::SelectionTag| {
            let mut arguments = Arguments::default();
            arguments.text("key", &tag.key);
            arguments.text("value", &tag.value);
            Hcl::Object(arguments.0)
        };
        Hcl::List(tags.iter().map(tag).collect())
    });
    arguments.put("conditions", &it.conditions, |conditions| {
        let condition = |condition: &crate::facts::SelectionCondition| {
            let mut arguments = Arguments::default();
            arguments.text("operator", &condition.operator);
            arguments.text("key", &condition.key);
            arguments.text("value", &condition.value);
            Hcl::Object(arguments.0)
        };
        Hcl::List(conditions.iter().map(condition).collect())
    });
    Hcl::Object(arguments.0)
}

fn lifecycle(it: &LifecycleDays) -> Hcl {
    let mut arguments = Arguments::default();
    arguments.plain(
        "move_to_cold_storage_after_days",
        &it.move_to_cold_storage_after_days,
    );
    arguments.plain("delete_after_days", &it.delete_after_days);
    Hcl::Object(arguments.0)
}

fn lock(it: &VaultLock) -> Hcl {
    let mut arguments = Arguments::default();
    arguments.plain("min_retention_days", &it.min_retention_days);
    arguments.plain("max_retention_days", &it.max_retention_days);
    arguments.plain("changeable_for_days", &it.changeable_for_days);
    Hcl::Object(arguments.0)
}

fn policy(it: &AccessPolicy) -> Hcl {
    let statements = Hcl::List(it.statements.iter().map(statement).collect());
    let version = ("Version".to_owned(), Hcl::text("2012-10-17"));
    let document = Hcl::Object(vec![version, ("Statement".to_owned(), statements)]);
    Hcl::Plain(format!("jsonencode({document})"))
}

fn statement(it: &PolicyStatement) -> Hcl {
    let aws = |principals: &[String]| Hcl::Object(vec![("AWS".to_owned(), texts(principals))]);
    let effect = match it.effect {
        PolicyEffect::Allow => "Allow",
        PolicyEffect::Deny => "Deny",
    };
    let principals = match &it.principals {
        PolicyPrincipals::Everyone => ("Principal", Hcl::text("*")),
        PolicyPrincipals::Only(principals) => ("Principal", aws(principals)),
        PolicyPrincipals::Except(principals) => ("NotPrincipal", aws(principals)),
    };
    let actions = match &it.actions {
        PolicyActions::Only(actions) => ("Action", texts(actions)),
        PolicyActions::Except(actions) => ("NotAction", texts(actions)),
    };
    let mut entries = vec![("Effect", Hcl::text(effect)), principals, actions];
    if !it.is_narrowed {
        entries.push(("Resource", Hcl::text("*")));
    }
    if !it.organization_ids.is_empty() {
        let ids = Hcl::Object(vec![(key("aws:PrincipalOrgID"), texts(&it.organization_ids))]);
        entries.push(("Condition", Hcl::Object(vec![("StringEquals".to_owned(), ids)])));
    }
    Hcl::Object(
        entries
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    )
}

fn map<T>(entries: &BTreeMap<String, T>, render: impl Fn(&T) -> Hcl) -> Hcl {
    Hcl::Object(
        entries
            .iter()
            .map(|(name, value)| (key(name), render(value)))
            .collect(),
    )
}

fn tags(tags: &BTreeMap<String, Fact<String>>) -> Hcl {
    let known = tags
        .iter()
        .filter_map(|(name, value)| Some((key(name), Hcl::text(value.known()?))));
    Hcl::Object(known.collect())
}

fn list(items: &[Fact<String>]) -> Hcl {
    let known = items.iter().filter_map(Fact::known);
    Hcl::List(known.map(|it| Hcl::text(it)).collect())
}

fn texts(items: &[String]) -> Hcl {
    Hcl::List(items.iter().map(|it| Hcl::text(it)).collect())
}
