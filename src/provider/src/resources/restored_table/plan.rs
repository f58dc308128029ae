//! The plan: what is wanted, and everything that can be said against it, all at once. Pure.

use aws_clients::TableArn;
use rules::facts::{Action, RestoreObserved, Setting};
use rules::{Facts, Finding, Subject};
use tfsdk::{Attr, Change, Diagnostics, Path, Planned};

use super::checks::{self, UpdateObserved};
use super::facts::{may_be_carried, object};
use super::model::Model;
use super::proposal;
use super::service_checks;
use crate::diagnostics::{from_findings, path_of_subject};
use crate::facts::Planner;
use crate::resources::tags::{Tags, attrs};

/// What a plan knows of AWS. The default: nothing was asked.
#[derive(Debug, Default)]
pub(crate) struct Observed {
    /// Who plans, where and when.
    pub(super) planner: Planner,
    /// For the rules.
    pub(super) observed: RestoreObserved,
    /// For the checks of a change in place.
    pub(super) update: UpdateObserved,
    /// What the provider block says about tags.
    pub(super) tags: Option<Tags>,
    /// The table of a recovery point, where it is in another account.
    pub(super) foreign_table: Option<TableArn>,
    /// Whether the tags that the table has were copied from its source.
    pub(super) tags_copied: bool,
    /// Reads that were not possible.
    pub(super) notices: Diagnostics,
}

/// Checks a configuration alone.
pub(super) fn validate(config: &Model) -> Diagnostics {
    let found = rules::check(&config_facts(config));
    from_findings(found, path)
        .chain(checks::arguments(config))
        .collect()
}

/// Plans a change.
pub(super) fn plan(change: Change<Model>, seen: Observed) -> Planned<Model> {
    match change {
        Change::Create { config, .. } => create(&config, None, seen),
        Change::Update { prior, config, .. } if proposal::is_replacement(&config, &prior) => {
            let mut planned = create(&config, Some(&prior), seen);
            if proposal::is_triggered(&config, &prior) {
                planned.replace.push(Path::of("triggers"));
            }
            planned
        }
        Change::Update { prior, config, .. } => update(&config, &prior, seen),
        Change::Destroy { prior } => destroy(prior, seen),
    }
}

/// A new table, also where it takes the place of `prior`.
fn create(config: &Model, prior: Option<&Model>, seen: Observed) -> Planned<Model> {
    let mut planned = proposal::for_create(config);
    if planned.region.is_unknown() && config.region.is_null() {
        planned.region = seen.planner.region.clone().map_or(Attr::Unknown, Attr::Known);
    }
    predict_tags(&mut planned, &seen);
    let action = if prior.is_some() {
        Action::Replace
    } else {
        Action::Create
    };
    // A replacement is planned in two halves, and Terraform keeps the warnings of the first alone. So the first says
    // everything, also of the new table; where it has an error, there is no second.
    let mut checks = checks::cannot_be_carried(config, &seen.observed, seen.foreign_table.as_ref());
    checks.extend(service_checks::kinesis_stream_of_another_region(
        config,
        &seen.observed,
        planned.region.known().map(String::as_str),
    ));
    checks.extend(checks::restored_without_capacity(config, &seen.observed));
    let findings = findings(config, prior, action, &seen);
    Planned::new(planned)
        .with(from_findings(findings, path))
        .with(checks)
        .with(seen.notices)
}

fn update(config: &Model, prior: &Model, seen: Observed) -> Planned<Model> {
    let mut planned = proposal::for_update(config, prior);
    predict_tags(&mut planned, &seen);
    let action = if planned == *prior {
        Action::Keep
    } else {
        Action::Update
    };
    let findings = findings(config, Some(prior), action, &seen);
    let checks = checks::update(config, prior, &planned, &seen.update);
    Planned::new(planned)
        .with(from_findings(findings, path))
        .with(checks)
        .with(seen.notices)
}

/// An unfinished table is not held back here: it may be on its way to the create that goes on with it.
fn destroy(prior: Model, seen: Observed) -> Planned<Model> {
    let mut found = Vec::new();
    if prior.unfinished != Attr::Known(true) {
        let object = object(&prior, Some(&prior), seen.observed);
        found = rules::check(&seen.planner.facts(object, Action::Destroy));
    }
    Planned::new(prior)
        .with(from_findings(found, path))
        .with(seen.notices)
}

/// What the rules find, without what the validation of the same configuration has said a moment ago.
fn findings(config: &Model, prior: Option<&Model>, action: Action, seen: &Observed) -> Vec<Finding> {
    let said = rules::check(&config_facts(config));
    let facts = seen
        .planner
        .facts(object(config, prior, seen.observed.clone()), action);
    let mut findings = rules::check(&facts);
    findings.retain(|finding| !said.contains(finding));
    findings
}

fn config_facts(config: &Model) -> Facts {
    Facts::about(object(config, None, RestoreObserved::default()))
}

/// The tags that the table will have, where they change and are known by now.
fn predict_tags(planned: &mut Model, seen: &Observed) {
    let may_be_copied =
        planned.tags.is_null() && (seen.tags_copied || may_be_carried(planned, Setting::Tags));
    let Some(tags) = seen.tags.as_ref().filter(|_| !may_be_copied) else {
        return;
    };
    if planned.tags_all.is_unknown()
        && let Some(all) = tags.merged(&planned.tags)
    {
        planned.tags_all = Attr::Known(attrs(all));
    }
}

/// Where the thing stands that a rule speaks of.
pub(super) fn path(subject: &Subject) -> Path {
    match subject {
        // The resource has no argument for the type.
        Subject::EncryptionType => Path::of("server_side_encryption").attribute("enabled"),
        // A path cannot point into a set.
        Subject::LocalIndex(_) => Path::of("local_secondary_indexes"),
        named => path_of_subject(named),
    }
}
