//! Where the data come from, in the terms of the AWS clients, and the definitions of the indexes that are restored.

use std::collections::BTreeSet;

use aws_clients::{
    Backup, BackupArn, BillingMode, Clients, Cx, Error, GlobalIndex, GlobalIndexOverride, LocalIndex,
    PointInTime, Region, RestoreSource, Table, TableRef, Throughput,
};
use jiff::Timestamp;
use tfsdk::{Attr, SetOf};

use super::model::{Model, Source};
use super::settings::{on_demand, throughput};

/// A source whose every part is known.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Origin {
    /// For the restore call, which goes to the Region of the new table.
    pub(super) restore: RestoreSource,
    /// The Region that the source is in: reads about it go there.
    pub(super) region: Region,
    /// The table that the data were in. It may not exist any more when a backup is restored.
    pub(super) table: TableRef,
}

impl Origin {
    /// Reads a source. `None` while a part is unknown, and where the rules have found a fault in it.
    ///
    /// `region` is that of the new table; unknown, a table that is given by name cannot be looked for.
    pub(super) fn of(source: &Source, region: Option<&Region>) -> Option<Self> {
        match (&source.backup_arn, &source.point_in_time) {
            (Attr::Known(arn), Attr::Null) => {
                let arn: BackupArn = arn.parse().ok()?;
                Some(Self {
                    region: arn.region(),
                    table: arn.table_name().into(),
                    restore: RestoreSource::Backup(arn),
                })
            }
            (Attr::Null, Attr::Known(point)) => {
                let table: TableRef = match (&point.table_name, &point.table_arn) {
                    (Attr::Known(name), Attr::Null) => TableRef::Name(name.parse().ok()?),
                    (Attr::Null, Attr::Known(arn)) => TableRef::Arn(arn.parse().ok()?),
                    _ => return None,
                };
                let at = match (&point.time, &point.latest) {
                    (Attr::Known(time), Attr::Null | Attr::Known(false)) => {
                        PointInTime::At(time.parse::<Timestamp>().ok()?)
                    }
                    (Attr::Null, Attr::Known(true)) => PointInTime::Latest,
                    _ => return None,
                };
                let region = match &table {
                    TableRef::Name(_) => region?.clone(),
                    TableRef::Arn(arn) => arn.region(),
                };
                Some(Self {
                    restore: RestoreSource::PointInTime {
                        table: table.clone(),
                        at,
                    },
                    region,
                    table,
                })
            }
            _ => None,
        }
    }

    /// The source in words that tell it from every other one, for the attempt journal.
    pub(super) fn words(&self) -> String {
        match &self.restore {
            RestoreSource::Backup(arn) => format!("backup {arn}"),
            RestoreSource::PointInTime { at, .. } => {
                let table = format!("table {} in {}", self.table.table_name(), self.region);
                match at {
                    PointInTime::At(time) => format!("{table} as of {}", time.as_second()),
                    PointInTime::Latest => format!("{table}, latest"),
                }
            }
        }
    }

    /// The moment whose data are restored, where the configuration names it.
    pub(super) fn moment(&self) -> Option<Timestamp> {
        match &self.restore {
            RestoreSource::PointInTime {
                at: PointInTime::At(time),
                ..
            } => Some(*time),
            RestoreSource::PointInTime {
                at: PointInTime::Latest,
                ..
            }
            | RestoreSource::Backup(_) => None,
        }
    }

    /// The source for people.
    pub(super) fn spoken(&self) -> String {
        match &self.restore {
            RestoreSource::Backup(arn) => format!("backup {arn}"),
            RestoreSource::PointInTime {
                table,
                at: PointInTime::At(time),
            } => format!("table {table} as of {time}"),
            RestoreSource::PointInTime {
                table,
                at: PointInTime::Latest,
            } => {
                format!("table {table} as of the latest restorable moment")
            }
        }
    }
}

/// What a restore call must repeat of its source.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Definitions {
    pub(super) billing_mode: BillingMode,
    pub(super) global: Vec<GlobalIndex>,
    pub(super) local: Vec<LocalIndex>,
}

impl From<&Backup> for Definitions {
    fn from(backup: &Backup) -> Self {
        let table = &backup.table;
        Self {
            billing_mode: table.billing_mode.clone(),
            global: table.global_indexes.clone(),
            local: table.local_indexes.clone(),
        }
    }
}

impl From<&Table> for Definitions {
    fn from(table: &Table) -> Self {
        Self {
            billing_mode: table.billing_mode.clone(),
            global: table.global_indexes.clone(),
            local: table.local_indexes.clone(),
        }
    }
}

/// Reads the indexes of a source. `None` when there is no such backup or table.
pub(super) async fn definitions(
    aws: &Clients,
    cx: &Cx,
    origin: &Origin,
) -> Result<Option<Definitions>, Error> {
    let dynamodb = aws.dynamodb(&origin.region);
    Ok(match &origin.restore {
        RestoreSource::Backup(arn) => dynamodb
            .find_backup(cx, arn)
            .await?
            .as_ref()
            .map(Definitions::from),
        RestoreSource::PointInTime { table, .. } => dynamodb
            .find_table(cx, table)
            .await?
            .as_ref()
            .map(Definitions::from),
    })
}

/// Whether a restore of this plan must name the indexes: for a choice of them, and for throughputs of their own.
pub(super) fn names_indexes(planned: &Model) -> bool {
    planned.global_secondary_indexes.known().is_some() || planned.local_secondary_indexes.known().is_some()
}

/// The chosen global indexes, as the restore call wants them.
///
/// # Errors
/// The names of those that the source lacks.
pub(super) fn global_indexes(
    planned: &Model,
    definitions: &Definitions,
    provisioned: bool,
) -> Result<Option<Vec<GlobalIndexOverride>>, Vec<String>> {
    let Attr::Known(wanted) = &planned.global_secondary_indexes else {
        return Ok(None);
    };
    let mut missing = Vec::new();
    let mut overrides = Vec::new();
    for (name, index) in wanted {
        let Some(definition) = definitions.global.iter().find(|it| it.name == *name) else {
            missing.push(name.clone());
            continue;
        };
        let (units, maxima) = match index {
            Attr::Known(index) => (
                throughput(&index.provisioned_throughput),
                index.on_demand_throughput.known().map(on_demand),
            ),
            Attr::Null | Attr::Unknown => (None, None),
        };
        let recorded = Some(definition.throughput).filter(|it| *it != Throughput::default());
        overrides.push(GlobalIndexOverride {
            name: name.clone(),
            key_schema: definition.key_schema.clone(),
            projection: definition.projection.clone(),
            throughput: units.or(recorded).filter(|_| provisioned),
            on_demand: maxima
                .or(Some(definition.on_demand))
                .filter(|it| !provisioned && !it.is_empty()),
        });
    }
    if missing.is_empty() {
        Ok(Some(overrides))
    } else {
        Err(missing)
    }
}

/// The chosen local indexes, as the restore call wants them.
///
/// # Errors
/// The names of those that the source lacks.
pub(super) fn local_indexes(
    planned: &Model,
    definitions: &Definitions,
) -> Result<Option<Vec<LocalIndex>>, Vec<String>> {
    let Attr::Known(SetOf(wanted)) = &planned.local_secondary_indexes else {
        return Ok(None);
    };
    let wanted: BTreeSet<&str> = wanted
        .iter()
        .filter_map(|name| Some(name.known()?.as_str()))
        .collect();
    let found: Vec<LocalIndex> = definitions
        .local
        .iter()
        .filter(|it| wanted.contains(it.name.as_str()))
        .cloned()
        .collect();
    let missing: Vec<String> = wanted
        .into_iter()
        .filter(|name| !found.iter().any(|it| it.name == **name))
        .map(str::to_owned)
        .collect();
    if missing.is_empty() {
        Ok(Some(found))
    } else {
        Err(missing)
    }
}
