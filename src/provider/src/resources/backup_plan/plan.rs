//! What is planned. Pure.

use std::collections::BTreeMap;

use rules::Facts;
use rules::facts::Action;
use tfsdk::{Attr, Change, Diagnostics, Planned};

use super::document::{self, same_rules, same_selection, to_selection};
use super::facts::{configured, recorded};
use super::model::{Model, Selection};
use super::observe::Observed;
use crate::diagnostics;
use crate::resources::tags::attrs;

pub(super) fn validate(config: &Model) -> Diagnostics {
    let found = rules::check(&Facts::about(configured(config)));
    diagnostics::from_findings(found, diagnostics::path_of_subject).collect()
}

pub(super) fn plan(change: Change<Model>, seen: Observed) -> Planned<Model> {
    let (mut planned, config, prior) = match change {
        Change::Destroy { prior } => {
            let object = recorded(&prior, &prior);
            let found = rules::check(&seen.planner.facts(object, Action::Destroy));
            return Planned::new(prior)
                .with(diagnostics::from_findings(found, diagnostics::path_of_subject))
                .with(seen.unread);
        }
        Change::Create { config, proposed } => (proposed, config, None),
        Change::Update {
            prior,
            config,
            proposed,
        } => (proposed, config, Some(prior)),
    };
    planned.region = seen.planner.region(&planned.region, &config.region);
    match &prior {
        None => propose_create(&mut planned),
        Some(prior) => propose_update(&mut planned, prior),
    }
    if planned.tags_all.is_unknown()
        && let Some(all) = seen.tags.as_ref().and_then(|tags| tags.merged(&planned.tags))
    {
        planned.tags_all = Attr::Known(attrs(all));
    }
    let is_replaced = prior.as_ref().is_some_and(|prior| prior.region != planned.region);
    let changes = prior.as_ref().is_none_or(|prior| *prior != planned);
    let mut found = Diagnostics::new();
    if changes {
        let (object, action) = match &prior {
            Some(prior) if !is_replaced => (recorded(&config, prior), Action::Update),
            Some(_) | None => (configured(&config), Action::Create),
        };
        let object = rules::facts::BackupPlan {
            observed: seen.observed,
            ..object
        };
        let facts = seen.planner.facts(object, action);
        let config = Facts::about(configured(&config));
        found.extend(diagnostics::beyond_config(
            &facts,
            &config,
            diagnostics::path_of_subject,
        ));
        found.extend(seen.unread);
    }
    Planned::new(planned).with(found)
}

fn propose_create(planned: &mut Model) {
    planned.unfinished = Attr::Unknown;
    planned.next_runs = unknown_for(&planned.rules);
    planned.selection_ids = unknown_for(&planned.selections);
}

fn propose_update(planned: &mut Model, prior: &Model) {
    keep_spelling(planned, prior);
    let resumes = prior.unfinished == Attr::Known(true);
    planned.unfinished = if resumes {
        Attr::Unknown
    } else {
        prior.unfinished.clone()
    };
    let same_rules = match (document::document(planned), document::document(prior)) {
        (Some(planned_document), Some(document)) => {
            is_wholly_known(planned) && planned.name == prior.name && same_rules(&planned_document, &document)
        }
        _ => false,
    };
    if same_rules && !resumes {
        planned.version_id = prior.version_id.clone();
        planned.next_runs = prior.next_runs.clone();
    } else {
        planned.version_id = Attr::Unknown;
        planned.next_runs = unknown_for(&planned.rules);
    }
    planned.selection_ids = selection_ids(planned, prior, resumes);
    let tags_stay = planned.tags == prior.tags && !prior.tags_all.is_null() && !resumes;
    planned.tags_all = if tags_stay {
        prior.tags_all.clone()
    } else {
        Attr::Unknown
    };
}

/// Ids of selections that stay; those of others are AWS's to give.
fn selection_ids(planned: &Model, prior: &Model, resumes: bool) -> Attr<BTreeMap<String, Attr<String>>> {
    let selections = match &planned.selections {
        Attr::Unknown => return Attr::Unknown,
        Attr::Null => return Attr::Known(BTreeMap::new()),
        Attr::Known(selections) => selections,
    };
    let ids = selections.iter().map(|(name, selection)| {
        let stays = !resumes && stays(name, selection, prior);
        let id = prior.selection_ids.known().and_then(|ids| ids.get(name));
        (
            name.clone(),
            id.filter(|_| stays).cloned().unwrap_or(Attr::Unknown),
        )
    });
    Attr::Known(ids.collect())
}

fn stays(name: &str, planned: &Attr<Selection>, prior: &Model) -> bool {
    let before = prior
        .selections
        .known()
        .and_then(|selections| selections.get(name));
    let told = |selection: Option<&Attr<Selection>>| to_selection(name, selection?.known()?);
    match (told(Some(planned)), told(before)) {
        (Some(planned), Some(before)) => same_selection(&planned, &before),
        _ => false,
    }
}

/// Takes the prior spelling of what means the same, so that the order of conditions is no change. Terraform allows it where
/// both are written.
fn keep_spelling(planned: &mut Model, prior: &Model) {
    let (Attr::Known(selections), Some(before)) = (&mut planned.selections, prior.selections.known()) else {
        return;
    };
    for (name, selection) in selections {
        let (Attr::Known(selection), Some(before)) = (selection, before.get(name).and_then(Attr::known))
        else {
            continue;
        };
        let told = |selection: &Selection| {
            let selection = Selection {
                role_arn: "role".into(),
                ..selection.clone()
            };
            to_selection(name, &selection)
        };
        let (Some(now), Some(then)) = (told(selection), told(before)) else {
            continue;
        };
        let both = |one: bool, other: bool| one && other;
        if both(selection.tags.known().is_some(), before.tags.known().is_some())
            && same_items(&now.tags, &then.tags)
        {
            selection.tags = before.tags.clone();
        }
        if both(
            selection.conditions.known().is_some(),
            before.conditions.known().is_some(),
        ) && same_items(&now.conditions, &then.conditions)
        {
            selection.conditions = before.conditions.clone();
        }
    }
}

fn same_items<T: Ord + Clone>(one: &[T], other: &[T]) -> bool {
    let sorted = |items: &[T]| {
        let mut items = items.to_vec();
        items.sort();
        items
    };
    sorted(one) == sorted(other)
}

/// Whether the rules are known down to their last argument.
fn is_wholly_known(model: &Model) -> bool {
    !has_unknown(&model.rules.to_value())
}

fn has_unknown(value: &tfsdk::Value) -> bool {
    use tfsdk::Value;
    match value {
        Value::Unknown => true,
        Value::List(items) | Value::Set(items) | Value::Tuple(items) => items.iter().any(has_unknown),
        Value::Map(entries) => entries.values().any(has_unknown),
        Value::Object(attributes) => attributes.values().any(has_unknown),
        _ => false,
    }
}

/// A map with the keys of another, and nothing known of its values.
fn unknown_for<T, U>(map: &Attr<BTreeMap<String, Attr<T>>>) -> Attr<BTreeMap<String, Attr<U>>> {
    match map {
        Attr::Unknown => Attr::Unknown,
        Attr::Null => Attr::Known(BTreeMap::new()),
        Attr::Known(map) => Attr::Known(map.keys().map(|key| (key.clone(), Attr::Unknown)).collect()),
    }
}
