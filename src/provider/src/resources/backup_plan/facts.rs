//! What the rules are told of a plan, and where the argument stands that a rule speaks of. Decides nothing.

use std::collections::BTreeMap;

use rules::Fact;
use rules::facts::{
    BackupPlan, CopyAction as CopyFact, LifecycleDays, PlanRule, PriorBackupPlan, Selection as SelectionFact,
    SelectionCondition as ConditionFact, SelectionTag as TagFact,
};
use tfsdk::{Attr, SetOf};

use super::model::{CopyAction, Lifecycle, Model, Rule, Selection, SelectionCondition, SelectionTag};
use crate::facts::fact;

/// The plan as it is configured, before anything was observed.
pub(super) fn configured(model: &Model) -> BackupPlan {
    BackupPlan {
        region: fact(&model.region),
        name: fact(&model.name),
        rules: entries(&model.rules, rule),
        selections: entries(&model.selections, selection),
        tags: texts(&model.tags),
        ..BackupPlan::unset()
    }
}

/// The same with what was recorded of it.
pub(super) fn recorded(model: &Model, prior: &Model) -> BackupPlan {
    BackupPlan {
        prior: Fact::Known(PriorBackupPlan {
            name: fact(&prior.name),
            arn: fact(&prior.arn),
            rules: entries(&prior.rules, rule),
        }),
        ..configured(model)
    }
}

fn entries<T, U>(map: &Attr<BTreeMap<String, Attr<T>>>, entry: fn(&T) -> U) -> Fact<BTreeMap<String, U>> {
    match map {
        Attr::Null => Fact::Absent,
        Attr::Unknown => Fact::Unknown,
        // How many there are says something too: one that is not known is no reason to forget the others, but then
        // nothing can be said of all of them.
        Attr::Known(map) if map.values().any(Attr::is_unknown) => Fact::Unknown,
        Attr::Known(map) => Fact::Known(
            map.iter()
                .filter_map(|(name, it)| Some((name.clone(), entry(it.known()?))))
                .collect(),
        ),
    }
}

fn items<T, U>(list: &Attr<Vec<Attr<T>>>, item: fn(&T) -> U) -> Fact<Vec<U>> {
    match list {
        Attr::Null => Fact::Absent,
        Attr::Unknown => Fact::Unknown,
        Attr::Known(list) if list.iter().any(Attr::is_unknown) => Fact::Unknown,
        Attr::Known(list) => Fact::Known(list.iter().filter_map(Attr::known).map(item).collect()),
    }
}

fn texts(map: &Attr<BTreeMap<String, Attr<String>>>) -> Fact<BTreeMap<String, Fact<String>>> {
    match map {
        Attr::Null => Fact::Absent,
        Attr::Unknown => Fact::Unknown,
        Attr::Known(map) => Fact::Known(
            map.iter()
                .map(|(key, value)| (key.clone(), fact(value)))
                .collect(),
        ),
    }
}

fn set(set: &Attr<SetOf<String>>) -> Fact<Vec<Fact<String>>> {
    match set {
        Attr::Null => Fact::Absent,
        Attr::Unknown => Fact::Unknown,
        Attr::Known(SetOf(items)) => Fact::Known(items.iter().map(fact).collect()),
    }
}

fn rule(rule: &Rule) -> PlanRule {
    PlanRule {
        target_vault_name: fact(&rule.target_vault_name),
        target_logically_air_gapped_vault_arn: fact(&rule.target_logically_air_gapped_vault_arn),
        schedule: fact(&rule.schedule),
        schedule_timezone: fact(&rule.schedule_timezone),
        start_window_minutes: fact(&rule.start_window_minutes),
        completion_window_minutes: fact(&rule.completion_window_minutes),
        lifecycle: lifecycle(&rule.lifecycle),
        copy_actions: items(&rule.copy_actions, copy),
        recovery_point_tags: texts(&rule.recovery_point_tags),
    }
}

fn lifecycle(lifecycle: &Attr<Lifecycle>) -> Fact<LifecycleDays> {
    fact(lifecycle).map(|it| LifecycleDays {
        move_to_cold_storage_after_days: fact(&it.move_to_cold_storage_after_days),
        delete_after_days: fact(&it.delete_after_days),
    })
}

fn copy(copy: &CopyAction) -> CopyFact {
    CopyFact {
        destination_vault_arn: fact(&copy.destination_vault_arn),
        lifecycle: lifecycle(&copy.lifecycle),
    }
}

fn selection(selection: &Selection) -> SelectionFact {
    let tag = |tag: &SelectionTag| TagFact {
        key: fact(&tag.key),
        value: fact(&tag.value),
    };
    let condition = |it: &SelectionCondition| ConditionFact {
        operator: fact(&it.operator),
        key: fact(&it.key),
        value: fact(&it.value),
    };
    SelectionFact {
        role_arn: fact(&selection.role_arn),
        resources: set(&selection.resources),
        not_resources: set(&selection.not_resources),
        tags: items(&selection.tags, tag),
        conditions: items(&selection.conditions, condition),
    }
}
