//! The plan: what is wanted, and everything that can be said against it, all at once. Pure.

use rules::Facts;
use rules::facts::Action;
use tfsdk::{Attr, Change, Diagnostics, Path, Planned};

use super::grace;
use super::model::{Lock, Model};
use super::observe::Observed;
use crate::diagnostics;
use crate::resources::policy_document::is_same;
use crate::resources::tags::attrs;

/// Checks a configuration alone.
pub(super) fn validate(config: &Model) -> Diagnostics {
    let found = rules::check(&Facts::about(config.facts()));
    diagnostics::from_findings(found, diagnostics::path_of_subject).collect()
}

/// Plans a change.
pub(super) fn plan(change: Change<Model>, seen: Observed) -> Planned<Model> {
    let (mut planned, config, prior) = match change {
        Change::Destroy { prior } => return destroy(prior, seen),
        Change::Create { config, proposed } => (proposed, config, None),
        Change::Update {
            prior,
            config,
            proposed,
        } => (proposed, config, Some(prior)),
    };
    planned.region = seen.planner.region(&planned.region, &config.region);
    let (action, replace) = match &prior {
        None => {
            shown_lock(&mut planned, None);
            planned.unfinished = Attr::Unknown;
            (Action::Create, Vec::new())
        }
        Some(prior) => {
            keep_what_is_the_same(&mut planned, prior, seen.is_grace_inferred);
            let replace = replaced(prior, &planned);
            shown_lock(&mut planned, Some(prior));
            take_up(&mut planned, prior);
            let action = match (replace.is_empty(), planned == *prior) {
                (false, _) => Action::Replace,
                (true, false) => Action::Update,
                (true, true) => Action::Keep,
            };
            (action, replace)
        }
    };
    predict_tags(&mut planned, prior.as_ref(), &seen);
    // A lock that means the same as the recorded one is no change: the rules are told of the planned one.
    let mut object = Model {
        lock: planned.lock.clone(),
        ..config.clone()
    }
    .facts();
    if action == Action::Replace
        && let Some(prior) = &prior
    {
        // What was applied is what counts for the vault that goes.
        object.force_destroy = prior.facts().force_destroy;
    }
    object.prior = prior
        .as_ref()
        .map_or(rules::Fact::Absent, |it| rules::Fact::Known(it.prior_facts()));
    object.observed = seen.observed;
    let facts = seen.planner.facts(object, action);
    let found = diagnostics::beyond_config(
        &facts,
        &Facts::about(config.facts()),
        diagnostics::path_of_subject,
    );
    let mut planned = Planned::new(planned)
        .with(Diagnostics::from_iter(found))
        .with(seen.unread);
    planned.replace = replace;
    planned
}

/// An unfinished vault is not held back here: it may be on its way to the create that goes on with it.
fn destroy(prior: Model, seen: Observed) -> Planned<Model> {
    let mut found = Vec::new();
    if prior.unfinished != Attr::Known(true) {
        let mut object = prior.facts();
        object.prior = rules::Fact::Known(prior.prior_facts());
        object.observed = seen.observed;
        found = rules::check(&seen.planner.facts(object, Action::Destroy));
    }
    Planned::new(prior)
        .with(diagnostics::from_findings(found, diagnostics::path_of_subject).collect::<Diagnostics>())
        .with(seen.unread)
}

/// The arguments whose change needs another vault. What the schema says by itself is among them.
pub(super) fn replaced(prior: &Model, planned: &Model) -> Vec<Path> {
    let mut paths = Vec::new();
    for (name, same) in [
        ("name", prior.name == planned.name),
        ("vault_type", prior.vault_type == planned.vault_type),
        ("kms_key_arn", prior.kms_key_arn == planned.kms_key_arn),
        ("region", prior.region == planned.region),
        // The retention of an air-gapped vault is part of it.
        ("lock", !prior.is_air_gapped() || prior.lock == planned.lock),
    ] {
        if !same {
            paths.push(Path::of(name));
        }
    }
    paths
}

/// What is written differently and means the same stays as it is recorded.
fn keep_what_is_the_same(planned: &mut Model, prior: &Model, is_grace_inferred: bool) {
    planned.lock = grace::planned(&planned.lock, &prior.lock, is_grace_inferred);
    if let (Attr::Known(wanted), Attr::Known(there)) = (&planned.policy, &prior.policy)
        && is_same(wanted, there)
    {
        planned.policy = prior.policy.clone();
    }
}

/// Plans what is shown of the lock. When a lock becomes final is for AWS to say; that it stays as it is, is known.
fn shown_lock(planned: &mut Model, prior: Option<&Model>) {
    let kept = prior.filter(|prior| prior.lock == planned.lock && !prior.lock_mode.is_null());
    if let Some(prior) = kept {
        planned.lock_mode = prior.lock_mode.clone();
        planned.lock_date = prior.lock_date.clone();
        return;
    }
    let is_air_gapped = planned.is_air_gapped();
    (planned.lock_mode, planned.lock_date) = match &planned.lock {
        _ if is_air_gapped => ("COMPLIANCE".into(), Attr::Unknown),
        Attr::Null => (Attr::Null, Attr::Null),
        Attr::Unknown => (Attr::Unknown, Attr::Unknown),
        Attr::Known(Lock {
            changeable_for_days, ..
        }) => match changeable_for_days {
            Attr::Null => ("GOVERNANCE".into(), Attr::Null),
            Attr::Unknown => (Attr::Unknown, Attr::Unknown),
            Attr::Known(_) => ("COMPLIANCE".into(), Attr::Unknown),
        },
    };
    // Whether the kind is known decides whether the lock is.
    if planned.vault_type.is_unknown() {
        (planned.lock_mode, planned.lock_date) = (Attr::Unknown, Attr::Unknown);
    }
}

/// Plans an update that ends an unfinished create.
fn take_up(planned: &mut Model, prior: &Model) {
    if prior.unfinished != Attr::Known(true) {
        return;
    }
    planned.unfinished = Attr::Unknown;
    for (shown, recorded) in [
        (&mut planned.kms_key_arn, &prior.kms_key_arn),
        (&mut planned.created_at, &prior.created_at),
    ] {
        if recorded.is_null() && shown.is_null() {
            *shown = Attr::Unknown;
        }
    }
    if planned.lock_mode == Attr::Known("COMPLIANCE".to_owned()) && prior.lock_date.is_null() {
        planned.lock_date = Attr::Unknown;
    }
}

/// The tags that the vault will have, as far as they change and are known by now.
fn predict_tags(planned: &mut Model, prior: Option<&Model>, seen: &Observed) {
    let recorded = prior.map(|prior| (&prior.tags, &prior.tags_all));
    let merged = seen.tags.as_ref().map(|tags| tags.merged(&planned.tags));
    planned.tags_all = match (merged, recorded) {
        (Some(Some(all)), _) => Attr::Known(attrs(all)),
        (None, Some((tags, all))) if *tags == planned.tags && !all.is_null() => all.clone(),
        _ => Attr::Unknown,
    };
}
