//! From the model to what AWS is told and back, and what of it means the same. Pure.
//!
//! AWS answers lists that were never given as empty ones, conditions in another order, and "never" as nothing at all.
//! What means the same stays as it was written: so nothing is planned because AWS spells it otherwise.

use std::collections::BTreeMap;

use aws_clients::{LifecycleDays, PlanCopy, PlanDocument, PlanRule, Selection as AwsSelection};
use rules::limits::{COMPLETION_WINDOW_MINUTES_DEFAULT, LIFECYCLE_NEVER, START_WINDOW_MINUTES_DEFAULT};
use tfsdk::{Attr, SetOf};

use super::model::{CopyAction, Lifecycle, Model, Rule, Selection, SelectionCondition, SelectionTag};

/// What AWS Backup takes where no schedule is given (AWS Backup API, `ScheduleExpression`). It is sent, so that the plan
/// can show it.
pub(super) const SCHEDULE_DEFAULT: &str = "cron(0 5 ? * * *)";
/// What AWS Backup takes where no time zone is given, as it answers it.
pub(super) const TIMEZONE_DEFAULT: &str = "Etc/UTC";

type Texts = BTreeMap<String, Attr<String>>;

/// The document of a plan whose rules are all known.
pub(super) fn document(model: &Model) -> Option<PlanDocument> {
    let rules = model.rules.known()?.iter();
    Some(PlanDocument {
        name: model.name.known()?.clone(),
        rules: rules
            .map(|(name, rule)| rule.known().map(|rule| to_rule(name, rule)))
            .collect::<Option<_>>()?,
    })
}

/// Whether two plans have the same rules, however they are written and in whatever order.
pub(super) fn same_rules(one: &PlanDocument, other: &PlanDocument) -> bool {
    let sorted = |document: &PlanDocument| {
        let mut rules: Vec<PlanRule> = document.rules.iter().cloned().map(with_defaults).collect();
        rules.sort_by(|one, other| one.name.cmp(&other.name));
        rules
    };
    sorted(one) == sorted(other)
}

fn with_defaults(rule: PlanRule) -> PlanRule {
    // AWS's own name of the zone, and the one that its documentation uses.
    let zone = rule.schedule_timezone.filter(|zone| zone != "UTC");
    PlanRule {
        schedule: Some(rule.schedule.unwrap_or_else(|| SCHEDULE_DEFAULT.to_owned())),
        schedule_timezone: Some(zone.unwrap_or_else(|| TIMEZONE_DEFAULT.to_owned())),
        start_window_minutes: Some(rule.start_window_minutes.unwrap_or(START_WINDOW_MINUTES_DEFAULT)),
        completion_window_minutes: Some(
            rule.completion_window_minutes
                .unwrap_or(COMPLETION_WINDOW_MINUTES_DEFAULT),
        ),
        ..rule
    }
}

fn to_rule(name: &str, rule: &Rule) -> PlanRule {
    PlanRule {
        name: name.to_owned(),
        target_vault_name: rule.target_vault_name.known().cloned().unwrap_or_default(),
        target_logically_air_gapped_vault_arn: rule.target_logically_air_gapped_vault_arn.known().cloned(),
        schedule: rule.schedule.known().cloned(),
        schedule_timezone: rule.schedule_timezone.known().cloned(),
        start_window_minutes: rule.start_window_minutes.known().copied(),
        completion_window_minutes: rule.completion_window_minutes.known().copied(),
        lifecycle: to_days(&rule.lifecycle),
        copy_actions: known_items(&rule.copy_actions)
            .map(|copy| PlanCopy {
                destination_vault_arn: copy.destination_vault_arn.known().cloned().unwrap_or_default(),
                lifecycle: to_days(&copy.lifecycle),
            })
            .collect(),
        recovery_point_tags: texts(&rule.recovery_point_tags),
    }
}

/// Zero is sent as it is, for AWS to refuse: it does not mean never (LFC-010).
fn to_days(lifecycle: &Attr<Lifecycle>) -> LifecycleDays {
    let days = |days: &Attr<i64>| days.known().copied().filter(|days| *days != LIFECYCLE_NEVER);
    lifecycle
        .known()
        .map_or_else(LifecycleDays::default, |it| LifecycleDays {
            move_to_cold_storage_after: days(&it.move_to_cold_storage_after_days),
            delete_after: days(&it.delete_after_days),
        })
}

fn known_items<T>(items: &Attr<Vec<Attr<T>>>) -> impl Iterator<Item = &T> {
    items.known().into_iter().flatten().filter_map(Attr::known)
}

fn texts(map: &Attr<Texts>) -> BTreeMap<String, String> {
    let entries = map.known().into_iter().flatten();
    entries
        .filter_map(|(key, value)| Some((key.clone(), value.known()?.clone())))
        .collect()
}

/// Shows the rules that AWS has, each as it was said before where that means the same.
pub(super) fn show_rules(
    actual: &PlanDocument,
    said: &Attr<BTreeMap<String, Attr<Rule>>>,
) -> BTreeMap<String, Attr<Rule>> {
    let rules = actual.rules.iter().map(|rule| {
        let before = said.known().and_then(|said| said.get(&rule.name)?.known());
        (rule.name.clone(), Attr::Known(show_rule(rule, before)))
    });
    rules.collect()
}

fn show_rule(actual: &PlanRule, said: Option<&Rule>) -> Rule {
    let actual = with_defaults(actual.clone());
    let nothing = Rule::default();
    let said = said.unwrap_or(&nothing);
    let before = with_defaults(to_rule(&actual.name, said));
    Rule {
        target_vault_name: actual.target_vault_name.into(),
        target_logically_air_gapped_vault_arn: actual.target_logically_air_gapped_vault_arn.into(),
        schedule: actual.schedule.into(),
        schedule_timezone: if before.schedule_timezone == actual.schedule_timezone
            && said.schedule_timezone.known().is_some()
        {
            said.schedule_timezone.clone()
        } else {
            actual.schedule_timezone.into()
        },
        start_window_minutes: actual.start_window_minutes.into(),
        completion_window_minutes: actual.completion_window_minutes.into(),
        lifecycle: show_days(actual.lifecycle, &said.lifecycle),
        copy_actions: if before.copy_actions == actual.copy_actions {
            said.copy_actions.clone()
        } else {
            show_copies(&actual.copy_actions, &said.copy_actions)
        },
        recovery_point_tags: if before.recovery_point_tags == actual.recovery_point_tags {
            said.recovery_point_tags.clone()
        } else {
            Attr::Known(
                actual
                    .recovery_point_tags
                    .into_iter()
                    .map(|(key, value)| (key, value.into()))
                    .collect(),
            )
        },
    }
}

fn show_copies(actual: &[PlanCopy], said: &Attr<Vec<Attr<CopyAction>>>) -> Attr<Vec<Attr<CopyAction>>> {
    let said: Vec<&CopyAction> = known_items(said).collect();
    let shown = actual.iter().map(|copy| {
        let destination = Attr::Known(copy.destination_vault_arn.clone());
        let before = said.iter().find(|it| it.destination_vault_arn == destination);
        Attr::Known(CopyAction {
            lifecycle: show_days(copy.lifecycle, before.map_or(&Attr::Null, |it| &it.lifecycle)),
            destination_vault_arn: destination,
        })
    });
    Attr::Known(shown.collect())
}

fn show_days(actual: LifecycleDays, said: &Attr<Lifecycle>) -> Attr<Lifecycle> {
    if to_days(said) == actual {
        return said.clone();
    }
    if actual == LifecycleDays::default() {
        return Attr::Null;
    }
    Attr::Known(Lifecycle {
        move_to_cold_storage_after_days: actual.move_to_cold_storage_after.into(),
        delete_after_days: actual.delete_after.into(),
    })
}

/// What AWS is told of a selection. `None` while something of it is unknown.
pub(super) fn to_selection(name: &str, selection: &Selection) -> Option<AwsSelection> {
    let set = |set: &Attr<SetOf<String>>| match set {
        Attr::Unknown => None,
        Attr::Null => Some(Vec::new()),
        Attr::Known(SetOf(items)) => items.iter().map(|it| it.known().cloned()).collect(),
    };
    let tags = match &selection.tags {
        Attr::Unknown => return None,
        Attr::Null => Vec::new(),
        Attr::Known(tags) => {
            let tag = |tag: &SelectionTag| Some((tag.key.known()?.clone(), tag.value.known()?.clone()));
            tags.iter()
                .map(|it| it.known().and_then(tag))
                .collect::<Option<_>>()?
        }
    };
    let conditions = match &selection.conditions {
        Attr::Unknown => return None,
        Attr::Null => Vec::new(),
        Attr::Known(conditions) => {
            let condition = |it: &SelectionCondition| {
                Some(aws_clients::SelectionCondition {
                    operator: it.operator.known()?.clone(),
                    key: it.key.known()?.clone(),
                    value: it.value.known()?.clone(),
                })
            };
            conditions
                .iter()
                .map(|it| it.known().and_then(condition))
                .collect::<Option<_>>()?
        }
    };
    Some(AwsSelection {
        name: name.to_owned(),
        role_arn: selection.role_arn.known()?.clone(),
        resources: set(&selection.resources)?,
        not_resources: set(&selection.not_resources)?,
        tags,
        conditions,
    })
}

/// Whether two selections choose the same: in none of their lists does the order matter.
pub(super) fn same_selection(one: &AwsSelection, other: &AwsSelection) -> bool {
    sorted(one) == sorted(other)
}

fn sorted(selection: &AwsSelection) -> AwsSelection {
    fn set<T: Ord + Clone>(items: &[T]) -> Vec<T> {
        let mut items = items.to_vec();
        items.sort();
        items.dedup();
        items
    }
    AwsSelection {
        name: selection.name.clone(),
        role_arn: selection.role_arn.clone(),
        resources: set(&selection.resources),
        not_resources: set(&selection.not_resources),
        tags: set(&selection.tags),
        conditions: set(&selection.conditions),
    }
}

/// Shows a selection that AWS has, each argument as it was said before where that means the same.
pub(super) fn show_selection(actual: &AwsSelection, said: Option<&Selection>) -> Selection {
    let nothing = Selection::default();
    let said = said.unwrap_or(&nothing);
    let actual = sorted(actual);
    // What was said may lack the role, and is compared by its lists alone.
    let before = Selection {
        role_arn: actual.role_arn.as_str().into(),
        ..said.clone()
    };
    let before = to_selection(&actual.name, &before).map(|it| sorted(&it));
    let same = |what: fn(&AwsSelection, &AwsSelection) -> bool| {
        before.as_ref().is_some_and(|before| what(before, &actual))
    };
    let set = |texts: &[String]| {
        if texts.is_empty() {
            Attr::Null
        } else {
            Attr::Known(SetOf::of_strings(texts.iter().cloned()))
        }
    };
    let tags = actual.tags.iter().map(|(key, value)| {
        Attr::Known(SelectionTag {
            key: key.as_str().into(),
            value: value.as_str().into(),
        })
    });
    let conditions = actual.conditions.iter().map(|it| {
        Attr::Known(SelectionCondition {
            operator: it.operator.as_str().into(),
            key: it.key.as_str().into(),
            value: it.value.as_str().into(),
        })
    });
    Selection {
        role_arn: actual.role_arn.as_str().into(),
        resources: if same(|one, other| one.resources == other.resources) {
            said.resources.clone()
        } else {
            set(&actual.resources)
        },
        not_resources: if same(|one, other| one.not_resources == other.not_resources) {
            said.not_resources.clone()
        } else {
            set(&actual.not_resources)
        },
        tags: if same(|one, other| one.tags == other.tags) {
            said.tags.clone()
        } else {
            list(tags.collect())
        },
        conditions: if same(|one, other| one.conditions == other.conditions) {
            said.conditions.clone()
        } else {
            list(conditions.collect())
        },
    }
}

fn list<T>(items: Vec<T>) -> Attr<Vec<T>> {
    if items.is_empty() {
        Attr::Null
    } else {
        Attr::Known(items)
    }
}

/// The selections of a plan, as AWS is told of them. Those of which something is unknown are left out.
pub(super) fn selections(model: &Model) -> BTreeMap<String, AwsSelection> {
    let selections = model.selections.known().into_iter().flatten();
    selections
        .filter_map(|(name, selection)| Some((name.clone(), to_selection(name, selection.known()?)?)))
        .collect()
}
