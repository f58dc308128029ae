//! What a plan knows and says about a backup. Reads AWS in `observe` only.

use aws_clients::{Error, ErrorKind, Region, Table};
use rules::facts::{Action, Backup, ObservedBackup, ObservedTable, PriorBackup, Stage};
use rules::{Fact, Facts, Policy};
use tfsdk::{Attr, Change, Cx, Diagnostics, Path, Planned};

use super::Model;
use crate::Client;
use crate::diagnostics;
use crate::facts::{self, Planner, fact};
use crate::table_name::{is_same_table, table_ref};

/// What a plan knows of AWS.
#[derive(Debug, Default)]
pub(crate) struct Observed {
    pub(super) planner: Planner,
    /// The table to be backed up.
    pub(super) table: Fact<ObservedTable>,
    /// The table of the backup that goes.
    pub(super) prior_table: Fact<ObservedTable>,
    /// The backup that goes.
    pub(super) backup: Fact<ObservedBackup>,
    /// Checks that were not made.
    pub(super) unread: Diagnostics,
}

pub(super) fn validate(config: &Model) -> Diagnostics {
    let found = rules::check(&Facts::about(config_facts(config)));
    diagnostics::from_findings(found, diagnostics::path_of_subject).collect()
}

pub(super) async fn observe(
    client: &Client,
    change: &Change<Model>,
    cx: &Cx,
) -> Result<Observed, Diagnostics> {
    let (made, goes) = match change {
        Change::Create { config, proposed } => (Some((config, proposed)), None),
        Change::Update {
            prior,
            config,
            proposed,
        } => {
            let replaces = !replaced(prior, proposed).is_empty();
            (replaces.then_some((config, proposed)), replaces.then_some(prior))
        }
        Change::Destroy { prior } => (None, Some(prior)),
    };
    // A backup that stays is not lost.
    let goes =
        goes.filter(|prior| prior.retain_on_destroy != Attr::Known(true) && !is_taken_over(client, prior));
    let mut seen = Observed::default();
    let place = made
        .map(|(_, proposed)| &proposed.region)
        .or(goes.map(|prior| &prior.region));
    let Some(place) = place else { return Ok(seen) };
    let region = client.region(place.known());
    let aws = client.cx(cx);
    seen.planner = client.planner(&aws, &region).await?;
    if !client.validation.observe {
        return Ok(seen);
    }
    if let Some((config, _)) = made {
        let check = "the table can be backed up";
        seen.table = observe_table(client, &aws, config, &region, check, &mut seen.unread).await?;
    }
    if let Some(prior) = goes {
        let check = "a backup would be lost for good";
        let region = client.region(prior.region.known());
        let arn = prior.arn.known().and_then(|arn| arn.parse().ok());
        if let Some(arn) = arn {
            match client.aws.dynamodb(&region).find_backup_listed(&aws, &arn).await {
                Ok(found) => {
                    seen.backup = found.map_or(Fact::Absent, |it| Fact::Known(facts::listed_backup(&it)))
                }
                Err(err) => read_failed(client, &err, check, "Backup cannot be read", &mut seen.unread)?,
            }
        }
        seen.prior_table = observe_table(client, &aws, prior, &region, check, &mut seen.unread).await?;
    }
    Ok(seen)
}

pub(super) fn plan(change: Change<Model>, seen: Observed) -> Planned<Model> {
    let (mut planned, config, prior) = match change {
        Change::Destroy { prior } => {
            let facts = destroyed_facts(&prior, Action::Destroy, &seen);
            let found = diagnostics::from_findings(rules::check(&facts), diagnostics::path_of_subject);
            return Planned::new(prior.clone()).with(found).with(seen.unread);
        }
        Change::Create { config, proposed } => (proposed, config, None),
        Change::Update {
            prior,
            config,
            proposed,
        } => (proposed, config, Some(prior)),
    };
    planned.region = seen.planner.region(&planned.region, &config.region);
    let mut found = Diagnostics::new();
    let mut replace = Vec::new();
    match &prior {
        Some(prior) => {
            replace = replaced(prior, &planned);
            if replace.is_empty() {
                take_up_wait(&mut planned, prior);
            } else {
                let facts = destroyed_facts(prior, Action::Replace, &seen);
                found.extend(diagnostics::from_findings(
                    rules::check(&facts),
                    diagnostics::path_of_subject,
                ));
            }
        }
        // What a new object looks like is for AWS to say.
        None => planned.unfinished = Attr::Unknown,
    }
    if prior.is_none() || !replace.is_empty() {
        let mut object = config_facts(&config);
        object.table = seen.table.clone();
        let facts = seen.planner.facts(object, Action::Create);
        let config_facts = Facts::about(config_facts(&config));
        found.extend(diagnostics::beyond_config(
            &facts,
            &config_facts,
            diagnostics::path_of_subject,
        ));
    }
    found.extend(seen.unread);
    Planned {
        model: planned,
        replace,
        diagnostics: found,
    }
}

/// Looks once more, right before the backup is made, at a table that the plan may not have seen.
pub(super) fn check_table(
    planned: &Model,
    region: &Region,
    table: Option<&Table>,
    policy: &Policy,
) -> Result<(), Diagnostics> {
    let Some(table) = table else { return Ok(()) };
    let mut object = config_facts(planned);
    object.region = region.to_string().into();
    object.table = Fact::Known(facts::table(table));
    let facts = Facts {
        action: Fact::Known(Action::Create),
        stage: Stage::Apply,
        ..Facts::about(object)
    };
    diagnostics::refuse(policy, &facts, diagnostics::path_of_subject)
}

/// The arguments whose change needs a new backup. What the schema says by itself is among them.
fn replaced(prior: &Model, planned: &Model) -> Vec<Path> {
    let mut paths = Vec::new();
    if !is_same_table(&prior.table_name, &planned.table_name) {
        paths.push(Path::of("table_name"));
    }
    for (name, same) in [
        ("name", prior.name == planned.name),
        ("region", prior.region == planned.region),
        ("triggers", prior.triggers == planned.triggers),
    ] {
        if !same {
            paths.push(Path::of(name));
        }
    }
    paths
}

/// Plans an update that ends an unfinished create.
fn take_up_wait(planned: &mut Model, prior: &Model) {
    if prior.unfinished != Attr::Known(true) {
        return;
    }
    planned.unfinished = Attr::Unknown;
    planned.status = Attr::Unknown;
    planned.size_bytes = Attr::Unknown;
    if prior.source_table.is_null() {
        planned.source_table = Attr::Unknown;
    }
}

/// Whether Terraform holds the backup twice, and the other object keeps it.
fn is_taken_over(client: &Client, prior: &Model) -> bool {
    let arn = prior
        .arn
        .known()
        .filter(|_| prior.unfinished == Attr::Known(true));
    arn.is_some_and(|arn| client.journal.is_known_as_taken_over(arn))
}

async fn observe_table(
    client: &Client,
    aws: &aws_clients::Cx,
    model: &Model,
    region: &Region,
    check: &str,
    unread: &mut Diagnostics,
) -> Result<Fact<ObservedTable>, Diagnostics> {
    let table = model.table_name.known().and_then(|table| table_ref(table).ok());
    let Some(table) = table else {
        return Ok(Fact::Unknown);
    };
    match client.aws.dynamodb(region).find_table(aws, &table).await {
        Ok(found) => Ok(found.map_or(Fact::Absent, |table| Fact::Known(facts::table(&table)))),
        Err(err) => {
            read_failed(client, &err, check, "Table cannot be read", unread)?;
            Ok(Fact::Unknown)
        }
    }
}

/// A read that AWS denies leaves a check unmade; one that fails ends the plan.
fn read_failed(
    client: &Client,
    err: &Error,
    check: &str,
    act: &str,
    unread: &mut Diagnostics,
) -> Result<(), Diagnostics> {
    match err.kind() {
        ErrorKind::Denied => {
            unread.push(diagnostics::unreadable(client.validation, check, err).at(Path::of("table_name")));
            Ok(())
        }
        // The rules say it, with the fix.
        ErrorKind::OtherRegion => Ok(()),
        _ => Err(diagnostics::aws(act, err).into()),
    }
}

fn config_facts(model: &Model) -> Backup {
    Backup {
        region: fact(&model.region),
        table_name: fact(&model.table_name),
        name: fact(&model.name),
        retain_on_destroy: fact(&model.retain_on_destroy),
        ..Backup::unset()
    }
}

fn destroyed_facts(prior: &Model, action: Action, seen: &Observed) -> Facts {
    let object = Backup {
        prior: Fact::Known(PriorBackup {
            arn: fact(&prior.arn),
            table_name: fact(&prior.table_name),
            name: fact(&prior.name),
        }),
        table: if action == Action::Destroy {
            seen.prior_table.clone()
        } else {
            Fact::Unknown
        },
        backup: seen.backup.clone(),
        ..config_facts(prior)
    };
    seen.planner.facts(object, action)
}
