//! Checks that are about this resource rather than about AWS: what its arguments mean together, and what an update
//! cannot do. AWS's own rules are in the `rules` crate. Pure.

use std::collections::BTreeSet;

use aws_clients::{BackupArn, TableArn};
use jiff::Timestamp;
use rules::Fact;
use rules::facts::{ObservedTable, RestoreObserved, Setting};
use tfsdk::{Attr, Diagnostic, Path, SetOf};

use super::facts::{carried, object};
use super::model::{Model, PointInTimeRecovery};
use super::service_checks;
use super::settings::is_spelled_out;

/// Faults of the arguments alone.
pub(super) fn arguments(config: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if let Attr::Known(it) = &config.time_to_live
        && is_on(&it.enabled)
        && it.attribute_name.is_null()
    {
        found.push(
            Diagnostic::error(
                "Time to live without its attribute",
                "time_to_live switches the expiry of items on, and does not say which attribute holds the moment of \
                 expiry.\n\nName it, for example attribute_name = \"expires_at\"; or set enabled = false.",
            )
            .at(Path::of("time_to_live").attribute("attribute_name")),
        );
    }
    if let Attr::Known(it) = &config.stream
        && is_on(&it.enabled)
        && it.view_type.is_null()
    {
        found.push(
            Diagnostic::error(
                "Stream without its view type",
                "stream switches the stream on, and does not say what its records show; DynamoDB has no default.\n\n\
                 Set view_type to \"NEW_AND_OLD_IMAGES\", \"NEW_IMAGE\", \"OLD_IMAGE\" or \"KEYS_ONLY\"; or set \
                 enabled = false.",
            )
            .at(Path::of("stream").attribute("view_type")),
        );
    }
    if let Attr::Known(PointInTimeRecovery {
        enabled: Attr::Known(false),
        recovery_period_in_days,
    }) = &config.point_in_time_recovery
        && !recovery_period_in_days.is_null()
    {
        found.push(
            Diagnostic::error(
                "Recovery period without point-in-time recovery",
                "point_in_time_recovery gives a recovery period and is switched off; AWS forgets the period of a table \
                 whose point-in-time recovery is off.\n\nRemove recovery_period_in_days, or set enabled = true.",
            )
            .at(Path::of("point_in_time_recovery").attribute("recovery_period_in_days")),
        );
    }
    found.extend(recovery_point(config));
    found.extend(service_checks::arguments(config));
    for setting in carried(config) {
        if is_spelled_out(config, setting) {
            found.push(
                Diagnostic::warning(
                    "Setting is spelled out and carried over",
                    format!(
                        "carry_over names \"{setting}\", and the argument {setting} is given as well. The argument \
                         wins, and nothing of that setting is copied from the source.\n\nRemove one of the two.",
                    ),
                )
                .at(Path::of("carry_over")),
            );
        }
    }
    found
}

/// What belongs to a recovery point, and only to one.
fn recovery_point(config: &Model) -> Vec<Diagnostic> {
    let Attr::Known(source) = &config.source else {
        return Vec::new();
    };
    let at = |name: &str| Path::of("source").attribute(name);
    if !source.recovery_point_arn.is_null() {
        let without_role = source.role_arn.is_null().then(|| {
            Diagnostic::error(
                "Restore by AWS Backup without a role",
                "source names a recovery point, which AWS Backup restores in the name of a role, and gives none. The role \
                 must trust backup.amazonaws.com and have what the AWS managed policy \
                 AWSBackupServiceRolePolicyForRestores has; whoever applies needs iam:PassRole for it.\n\nAdd role_arn, \
                 for example role_arn = \"arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole\".",
            )
            .at(at("role_arn"))
        });
        return without_role.into_iter().collect();
    }
    let alone = [("role_arn", &source.role_arn), ("vault_name", &source.vault_name)];
    alone
        .into_iter()
        .filter(|(_, given)| !given.is_null())
        .map(|(name, _)| {
            Diagnostic::error(
                "Argument belongs to a recovery point",
                format!(
                    "source gives {name}, which only a restore by AWS Backup uses, and names no recovery point.\n\nRemove \
                     {name}, or name the recovery point: recovery_point_arn = \"arn:…\"."
                ),
            )
            .at(at(name))
        })
        .collect()
}

/// Settings that are to be copied from a source table that is not there any more, or that nobody knows.
///
/// `foreign` is the table of a recovery point, where it is in another account.
pub(super) fn cannot_be_carried(
    config: &Model,
    observed: &RestoreObserved,
    foreign: Option<&TableArn>,
) -> Vec<Diagnostic> {
    if let Some(diagnostic) = table_not_known(config, foreign) {
        return vec![diagnostic];
    }
    let recorded = observed.backup.known();
    let is_another = |table: &ObservedTable| match (
        recorded.and_then(|it| it.table_id.known()),
        table.table_id.known(),
    ) {
        (Some(recorded), Some(id)) => recorded != id,
        _ => false,
    };
    let why = match &observed.source_table {
        Fact::Absent => "does not exist any more",
        Fact::Known(table) if is_another(table) => {
            "is another one now, which took the name of the one backed up"
        }
        Fact::Known(_) | Fact::Unknown => return Vec::new(),
    };
    let remembered =
        |setting: &Setting| recorded.is_some() && matches!(setting, Setting::TimeToLive | Setting::Stream);
    carried(config)
        .into_iter()
        .filter(|setting| !is_spelled_out(config, *setting) && !remembered(setting))
        .map(|setting| {
            Diagnostic::error(
                "Setting cannot be carried over",
                format!(
                    "carry_over names {name:?}, which is copied from the live source table, and that {why}. A backup \
                     records only the time to live and the stream.\n\nRemove {name:?} from carry_over, and spell {name} out \
                     where the restored table shall have it.",
                    name = setting.as_str(),
                ),
            )
            .at(Path::of("carry_over"))
        })
        .collect()
}

/// What `carry_over` copies is on the table that was backed up: it must be known, and of this account.
fn table_not_known(config: &Model, foreign: Option<&TableArn>) -> Option<Diagnostic> {
    let source = config.source.known()?;
    let arn = source.recovery_point_arn.known()?;
    let settings: Vec<String> = carried(config)
        .into_iter()
        .filter(|setting| !is_spelled_out(config, *setting))
        .map(|setting| format!("{:?}", setting.as_str()))
        .collect();
    if settings.is_empty() {
        return None;
    }
    let list = settings.join(", ");
    if let Some(table) = foreign {
        return Some(
            Diagnostic::error(
                "Setting cannot be carried over",
                format!(
                    "carry_over names {list}, which is copied from the live source table. Recovery point {arn} is a copy, \
                     and the table that was backed up, {table}, is in account {account}, out of reach of this one.\n\n\
                     Remove carry_over, and spell the settings out on this resource.",
                    account = table.account(),
                ),
            )
            .at(Path::of("carry_over")),
        );
    }
    let names_table = arn.parse::<BackupArn>().is_ok();
    if names_table || !source.vault_name.is_null() {
        return None;
    }
    Some(
        Diagnostic::error(
            "Setting cannot be carried over",
            format!(
                "carry_over names {list}, which is copied from the live source table. The ARN of recovery point {arn} does \
                 not say which table that is; AWS Backup does, where the vault is known.\n\nAdd the vault that holds it: \
                 vault_name = \"…\".",
            ),
        )
        .at(Path::of("source").attribute("vault_name")),
    )
}

/// What AWS shows of the surroundings of an update.
#[derive(Debug, Clone, Default)]
pub(super) struct UpdateObserved {
    /// The global secondary indexes that the source table has now. `None` where it was not looked at.
    pub(super) source_indexes: Option<SourceIndexes>,
    /// The oldest moment that the table itself can be restored to now.
    pub(super) earliest_restorable: Option<Timestamp>,
    /// AWS's time.
    pub(super) now: Option<Timestamp>,
}

/// Where the definition of a further index is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SourceIndexes {
    /// The source table has these.
    Of { table: String, names: BTreeSet<String> },
    /// There is no source table any more.
    NoTable { table: String },
    /// Nobody knows what the table was made from.
    NoSource,
}

/// Faults of a change in place.
pub(super) fn update(
    config: &Model,
    prior: &Model,
    planned: &Model,
    seen: &UpdateObserved,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    found.extend(local_indexes(prior, planned));
    found.extend(global_indexes(prior, planned, seen));
    found.extend(indexes_without_capacity(prior, planned));
    found.extend(late_carry_over(config, prior));
    found.extend(window_loss(prior, planned, seen));
    found.extend(another_expiry(prior, planned));
    found
}

fn local_indexes(prior: &Model, planned: &Model) -> Option<Diagnostic> {
    let (before, after) = (
        names(&prior.local_secondary_indexes)?,
        names(&planned.local_secondary_indexes)?,
    );
    if before == after || prior.unfinished == Attr::Known(true) {
        return None;
    }
    let list = |names: &BTreeSet<&str>| match names.len() {
        0 => "none".to_owned(),
        _ => names.iter().copied().collect::<Vec<_>>().join(", "),
    };
    Some(
        Diagnostic::error(
            "Local secondary indexes cannot be changed",
            format!(
                "Table {name} has these local secondary indexes: {before}. The configuration wants: {after}. DynamoDB \
                 makes local secondary indexes together with the table, and can neither add nor remove one later.\n\n\
                 Set local_secondary_indexes back to what the table has. To get another choice, restore anew: change \
                 triggers as well, which deletes the table and its items and restores them from the source.",
                name = name_of(prior),
                before = list(&before),
                after = list(&after),
            ),
        )
        .at(Path::of("local_secondary_indexes")),
    )
}

fn global_indexes(prior: &Model, planned: &Model, seen: &UpdateObserved) -> Vec<Diagnostic> {
    let Some(source) = &seen.source_indexes else {
        return Vec::new();
    };
    added_indexes(prior, planned)
        .into_iter()
        .filter_map(|name| {
            let why = match source {
                SourceIndexes::Of { names, .. } if names.contains(&name) => return None,
                SourceIndexes::Of { table, names } => {
                    let has = match names.len() {
                        0 => "no global secondary index".to_owned(),
                        _ => names.iter().cloned().collect::<Vec<_>>().join(", "),
                    };
                    format!("The definition of an index comes from the source table {table}, which has {has}.")
                }
                SourceIndexes::NoTable { table } => format!(
                    "The definition of an index comes from the source table {table}, which does not exist any more; a \
                     backup does not record the types of the key attributes."
                ),
                SourceIndexes::NoSource => {
                    "The definition of an index comes from the source table, and nobody knows which one that was."
                        .to_owned()
                }
            };
            Some(
                Diagnostic::error(
                    "Definition of a global secondary index is not known",
                    format!(
                        "global_secondary_indexes names {name:?}, which table {table} does not have. {why}\n\nRemove \
                         {name:?} from global_secondary_indexes and create the index by other means, for example \
                         aws_dynamodb_global_secondary_index or the AWS CLI; this resource then shows it.",
                        table = name_of(prior),
                    ),
                )
                .at(Path::of("global_secondary_indexes").key(name)),
            )
        })
        .collect()
}

/// A restore to PROVISIONED takes all indexes of the source along, and those of a source on demand have no capacity.
/// Indexes that the configuration names are the business of a rule.
pub(super) fn restored_without_capacity(config: &Model, observed: &RestoreObserved) -> Option<Diagnostic> {
    if config.billing_mode.known()? != "PROVISIONED" || !config.global_secondary_indexes.is_null() {
        return None;
    }
    let indexes = object(config, None, observed.clone())
        .source_global_indexes()
        .into_known()?;
    let names: Vec<String> = indexes
        .into_iter()
        .filter(|index| index.provisioned_throughput.is_absent())
        .map(|index| index.name)
        .collect();
    let why = format!(
        "Table {} is restored as PROVISIONED, and all global secondary indexes of the source with it",
        name_of(config)
    );
    without_capacity(&why, &names)
}

/// A table that becomes PROVISIONED takes each of its indexes along, and no index has a capacity before.
fn indexes_without_capacity(prior: &Model, planned: &Model) -> Option<Diagnostic> {
    let is_provisioned = |model: &Model| model.billing_mode.known().map(|mode| mode == "PROVISIONED");
    let (Some(false), Some(true)) = (is_provisioned(prior), is_provisioned(planned)) else {
        return None;
    };
    let before = prior.global_secondary_indexes.known();
    let names: Vec<String> = planned
        .global_secondary_indexes
        .known()?
        .iter()
        .filter(|(name, _)| before.is_some_and(|before| before.contains_key(*name)))
        .filter(|(_, index)| {
            index
                .known()
                .is_none_or(|index| index.provisioned_throughput.known().is_none())
        })
        .map(|(name, _)| name.clone())
        .collect();
    let why = format!(
        "Table {} becomes PROVISIONED, and its global secondary indexes with it",
        name_of(prior)
    );
    without_capacity(&why, &names)
}

fn without_capacity(why: &str, names: &[String]) -> Option<Diagnostic> {
    if names.is_empty() {
        return None;
    }
    let list = names
        .iter()
        .map(|name| format!("{name:?}"))
        .collect::<Vec<_>>()
        .join(", ");
    let units = "{ provisioned_throughput = { read_capacity_units = 5, write_capacity_units = 5 } }";
    let fix = names
        .iter()
        .map(|name| format!("{name} = {units}"))
        .collect::<Vec<_>>()
        .join(", ");
    Some(
        Diagnostic::error(
            "Index has no capacity for its billing mode",
            format!(
                "{why}. None is given and none is recorded for: {list}. AWS wants the capacity of the table and of \
                 every index in the same call.\n\nWrite global_secondary_indexes = {{ {fix} }}, with numbers that fit.",
            ),
        )
        .at(Path::of("global_secondary_indexes")),
    )
}

/// The indexes that the plan adds to a table that is there.
pub(super) fn added_indexes(prior: &Model, planned: &Model) -> Vec<String> {
    let (Attr::Known(before), Attr::Known(after)) =
        (&prior.global_secondary_indexes, &planned.global_secondary_indexes)
    else {
        return Vec::new();
    };
    after
        .keys()
        .filter(|name| !before.contains_key(*name))
        .cloned()
        .collect()
}

/// Carrying over happens once, when the table is made.
fn late_carry_over(config: &Model, prior: &Model) -> Option<Diagnostic> {
    // Nobody knows what an imported table was told.
    if prior.source.is_null() || prior.unfinished == Attr::Known(true) {
        return None;
    }
    let before = carried(prior);
    let late: Vec<_> = carried(config)
        .into_iter()
        .filter(|setting| !before.contains(setting) && !is_spelled_out(config, *setting))
        .map(|setting| format!("{:?}", setting.as_str()))
        .collect();
    if late.is_empty() {
        return None;
    }
    Some(
        Diagnostic::warning(
            "Settings are carried over only when the table is made",
            format!(
                "carry_over now names {list} as well. Table {name} exists already, so nothing is copied.\n\nSpell the \
                 setting out on this resource instead; it is then set in place.",
                list = late.join(", "),
                name = name_of(prior),
            ),
        )
        .at(Path::of("carry_over")),
    )
}

fn window_loss(prior: &Model, planned: &Model, seen: &UpdateObserved) -> Option<Diagnostic> {
    let days = |model: &Model| match &model.point_in_time_recovery {
        Attr::Known(PointInTimeRecovery {
            enabled: Attr::Known(false),
            ..
        }) => Some(0),
        Attr::Known(it) => it.recovery_period_in_days.known().copied(),
        Attr::Null | Attr::Unknown => None,
    };
    let (before, after) = (days(prior)?, days(planned)?);
    if after >= before {
        return None;
    }
    let (what, remains) = if after == 0 {
        (
            "switched off".to_owned(),
            "Every moment of it is lost, also if it is switched on again at once.".to_owned(),
        )
    } else {
        (
            format!("shortened from {before} to {after} days"),
            "What is older than the new period is lost, also if it is made longer again at once.".to_owned(),
        )
    };
    let window = match (seen.earliest_restorable, seen.now) {
        (Some(earliest), Some(now)) => {
            format!(" Now ({now:.0}) the table can be restored to moments since {earliest:.0}.")
        }
        _ => String::new(),
    };
    Some(
        Diagnostic::warning(
            "Restorable history will be lost",
            format!(
                "Point-in-time recovery of table {name} is {what}.{window} {remains}\n\nSet point_in_time_recovery back, \
                 unless that is meant. An on-demand backup (dynamodb_backup) keeps today's data.",
                name = name_of(prior),
            ),
        )
        .at(Path::of("point_in_time_recovery")),
    )
}

/// AWS takes one change of time to live in about an hour, and another attribute takes two.
fn another_expiry(prior: &Model, planned: &Model) -> Option<Diagnostic> {
    let attribute = |model: &Model| {
        let it = model.time_to_live.known()?;
        it.enabled.known().copied().filter(|on| *on)?;
        it.attribute_name.known().cloned()
    };
    let (before, after) = (attribute(prior)?, attribute(planned)?);
    if before == after {
        return None;
    }
    Some(
        Diagnostic::warning(
            "Another time-to-live attribute takes more than an hour",
            format!(
                "Time to live is on with {before:?} and is to use {after:?}. It must be switched off and on again, and \
                 AWS allows one change in about an hour; until then no item expires.\n\nSet timeouts = {{ update = \
                 \"3h\" }} for this apply, so that it can wait.",
            ),
        )
        .at(Path::of("time_to_live").attribute("attribute_name")),
    )
}

/// Whether a setting is written as on, which it is by default.
pub(super) fn is_on(enabled: &Attr<bool>) -> bool {
    matches!(enabled, Attr::Null | Attr::Known(true))
}

fn names(attr: &Attr<SetOf<String>>) -> Option<BTreeSet<&str>> {
    let SetOf(names) = attr.known()?;
    names
        .iter()
        .map(|name| name.known().map(String::as_str))
        .collect()
}

fn name_of(model: &Model) -> &str {
    model.name.known().map_or("(not known yet)", String::as_str)
}
