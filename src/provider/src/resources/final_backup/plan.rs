//! What a plan knows and says about a final backup. Reads AWS in `observe` only.

use aws_clients::{ErrorKind, Table, TableStatus};
use jiff::Timestamp;
use rules::facts::{Action, Neighbours, PlannedFinalBackup};
use rules::{Fact, Facts};
use tfsdk::{Change, Cx, Diagnostic, Diagnostics, Path, Planned};

use super::{Model, OLDEST, parse_table, taking};
use crate::Client;
use crate::diagnostics;
use crate::facts::{self, Planner};
use crate::journal::Operation;
use crate::ledger;
use crate::table_name::is_same_table;

/// What a plan knows of AWS.
#[derive(Debug, Default)]
pub(crate) struct Observed {
    pub(super) planner: Planner,
    /// The table whose final backup is to be taken.
    pub(super) table: Fact<Table>,
    /// When an earlier destroy that was cut off began to take it.
    pub(super) begun_at: Option<Timestamp>,
    /// Checks that were not made.
    pub(super) unread: Diagnostics,
}

pub(super) fn validate(config: &Model) -> Diagnostics {
    let found = rules::check(&Facts::about(config.facts()));
    diagnostics::from_findings(found, diagnostics::path_of_subject).collect()
}

pub(super) async fn observe(
    client: &Client,
    change: &Change<Model>,
    cx: &Cx,
) -> Result<Observed, Diagnostics> {
    let (place, goes) = match change {
        Change::Create { proposed, .. } => (Some(&proposed.region), None),
        Change::Update { prior, proposed, .. } if !replaced(prior, proposed).is_empty() => {
            (Some(&proposed.region), Some(prior))
        }
        Change::Update { .. } => (None, None),
        Change::Destroy { prior } => (Some(&prior.region), Some(prior)),
    };
    let mut seen = Observed::default();
    let Some(place) = place else { return Ok(seen) };
    let aws = client.cx(cx);
    seen.planner = client.planner(&aws, &client.region(place.known())).await?;
    let Some(prior) = goes.filter(|prior| prior.takes_backup()) else {
        return Ok(seen);
    };
    // A table that goes in the same plan is not lost for good.
    let region = client.region(prior.region.known());
    let table = prior.table_name.known();
    let table = table.and_then(|table| ledger::named_table(table, &region));
    let final_backups = table.map(|(region, table_name)| PlannedFinalBackup { region, table_name });
    let noted = Neighbours {
        final_backups: Vec::from_iter(final_backups),
        ..Neighbours::default()
    };
    seen.planner.neighbours = client.ledger.note(cx.plan_id(), noted);
    if !client.validation.observe {
        return Ok(seen);
    }

    let table = parse_table(prior)?;
    let account = seen.planner.account.as_deref();
    seen.begun_at = client
        .journal
        .find(Operation::CreateBackup, &taking::key(&region, &table), account)
        .map(|record| record.started_at);
    match client.aws.dynamodb(&region).find_table(&aws, &table).await {
        Ok(found) => seen.table = Fact::from_option(found),
        Err(err) if err.kind() == ErrorKind::Denied => {
            let check = "the table can be backed up";
            seen.unread
                .push(diagnostics::unreadable(client.validation, check, &err).at(Path::of("table_name")));
        }
        // The rules say it, with the fix.
        Err(err) if err.kind() == ErrorKind::OtherRegion => {}
        Err(err) => return Err(diagnostics::aws("Table cannot be read", &err).into()),
    }
    Ok(seen)
}

pub(super) fn plan(change: Change<Model>, seen: Observed) -> Planned<Model> {
    let (mut planned, config, prior) = match change {
        Change::Destroy { prior } => {
            let found = farewell(&prior, &seen);
            return Planned::new(prior).with(found).with(seen.unread);
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
            if !replace.is_empty() {
                found.extend(farewell(prior, &seen));
            }
        }
        None => {
            if let (true, Some(account)) = (planned.account_id.known().is_none(), &seen.planner.account) {
                planned.account_id = account.clone().into();
            }
        }
    }
    if prior.is_none() || !replace.is_empty() {
        // The table may still be to be made; whether it is there is asked at apply.
        let facts = seen.planner.facts(config.facts(), Action::Create);
        found.extend(diagnostics::beyond_config(
            &facts,
            &Facts::about(config.facts()),
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

/// The arguments whose change ends the promise for one table and makes it for another.
fn replaced(prior: &Model, planned: &Model) -> Vec<Path> {
    let mut paths = Vec::new();
    if !is_same_table(&prior.table_name, &planned.table_name) {
        paths.push(Path::of("table_name"));
    }
    if prior.region != planned.region {
        paths.push(Path::of("region"));
    }
    paths
}

/// What the destruction of this object means, whether or not another one takes its place.
fn farewell(prior: &Model, seen: &Observed) -> Diagnostics {
    let mut said = Diagnostics::new();
    if !prior.takes_backup() {
        said.push(no_backup(prior));
        return said;
    }
    let mut object = prior.facts();
    let table = match &seen.table {
        Fact::Absent => {
            said.push(taking::too_late(prior, "There is no"));
            return said;
        }
        Fact::Known(table) if table.status == TableStatus::Deleting => {
            said.push(taking::too_late(prior, "AWS is deleting"));
            return said;
        }
        Fact::Known(table) => {
            object.table = Fact::Known(facts::table(table));
            Some(table)
        }
        Fact::Unknown => None,
    };
    // The backup is made now, and not when the object was.
    let facts = seen.planner.facts(object, Action::Create);
    said.extend(diagnostics::from_findings(
        rules::check(&facts),
        diagnostics::path_of_subject,
    ));
    said.push(to_be_taken(prior, table, seen.begun_at));
    if table.is_some_and(|table| table.deletion_protection) {
        said.push(protected(prior));
    }
    said
}

fn to_be_taken(prior: &Model, table: Option<&Table>, begun_at: Option<Timestamp>) -> Diagnostic {
    let name = match prior.name.known() {
        Some(name) => format!("named {name:?}"),
        None => "named after the table and the time".to_owned(),
    };
    let mut text = format!(
        "Destroying this object takes a backup of {}, {name}, and waits until it is AVAILABLE.",
        taking::in_words(prior),
    );
    if let Some(table) = table {
        text += &format!(
            " DynamoDB last counted {} items and {} bytes in the table.",
            table.item_count, table.size_bytes
        );
    }
    text += " The backup stays in AWS and in no state: nothing expires it, and AWS bills it by size until it is deleted.";
    if let Some(key) = table.and_then(|table| table.encryption.kms_key_arn.as_deref()) {
        text += &format!(" It can be restored only as long as its KMS key can be used: {key}.");
    }
    if let Some(begun_at) = begun_at {
        text += &format!(
            " An earlier destroy was cut off after it had asked for the backup, at {}: that one is taken over, if it is \
             at most {} old or AWS is still making it.",
            begun_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            tfsdk::format_duration(OLDEST.unsigned_abs()),
        );
    }
    text += "\n\nIf no backup is wanted, set enabled = false and apply first, then destroy. To make Terraform forget this \
             object, use a removed block with destroy = false.";
    Diagnostic::warning("Final backup will be taken", text)
}

fn no_backup(prior: &Model) -> Diagnostic {
    Diagnostic::warning(
        "No final backup will be taken",
        format!(
            "Destroying this object takes no backup of {}, because enabled is false. If the table goes as well, so do its \
             data.\n\nIf a backup is wanted, set enabled = true and apply first, then destroy.",
            taking::in_words(prior),
        ),
    )
    .at(Path::of("enabled"))
}

/// AWS would refuse to delete the table, but only after its backup was taken and this object has gone.
fn protected(prior: &Model) -> Diagnostic {
    Diagnostic::warning(
        "Table is protected from deletion",
        format!(
            "There is deletion protection on {}. If this plan destroys the table too, AWS refuses to delete it when its \
             final backup has been taken already, and this object with it.\n\nIf the table is to go, switch the \
             protection off (deletion_protection_enabled = false) and apply first, then destroy.",
            taking::in_words(prior),
        ),
    )
    .at(Path::of("table_name"))
}
