//! Where the data come from, in the terms of the AWS clients, and the definitions of the indexes that are restored.

use std::collections::BTreeSet;

use aws_clients::{
    Backup, BackupArn, BillingMode, Clients, Cx, Error, GlobalIndex, GlobalIndexOverride, LocalIndex,
    PointInTime, RecoveryPointArn, Region, RestoreSource, Table, TableRef, Throughput,
};
use jiff::Timestamp;
use tfsdk::{Attr, SetOf};

use super::model::{Model, Source};
use super::recovery_point::at_home;
use super::settings::{on_demand, throughput};

/// How the words of a source begin that AWS Backup restores.
pub(super) const RECOVERY_POINT: &str = "recovery point ";

/// A source whose every part is known.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Origin {
    /// Who restores it, and what.
    pub(super) restorer: Restorer,
    /// The Region that the source is in: reads about it go there.
    pub(super) region: Region,
    /// The table that the data were in, as far as the configuration tells. It may not exist any more when a backup is
    /// restored.
    table: Option<TableRef>,
}

/// Who restores.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Restorer {
    /// DynamoDB itself, by a call that goes to the Region of the new table.
    DynamoDb(RestoreSource),
    /// AWS Backup, by a job in the Region of the recovery point.
    AwsBackup(RecoveryPointSource),
}

/// A recovery point to be restored by AWS Backup.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RecoveryPointSource {
    pub(super) arn: RecoveryPointArn,
    /// The role that AWS Backup assumes.
    pub(super) role_arn: String,
    /// The vault that holds it. A restore needs none.
    pub(super) vault_name: Option<String>,
}

impl Origin {
    /// Reads a source. `None` while a part is unknown, and where the rules have found a fault in it.
    ///
    /// `region` is that of the new table; unknown, a table that is given by name cannot be looked for.
    pub(super) fn of(source: &Source, region: Option<&Region>) -> Option<Self> {
        match (
            &source.backup_arn,
            &source.point_in_time,
            &source.recovery_point_arn,
        ) {
            (Attr::Known(arn), Attr::Null, Attr::Null) => {
                let arn: BackupArn = arn.parse().ok()?;
                Some(Self {
                    region: arn.region(),
                    table: Some(arn.table_name().into()),
                    restorer: Restorer::DynamoDb(RestoreSource::Backup(arn)),
                })
            }
            (Attr::Null, Attr::Known(point), Attr::Null) => {
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
                    restorer: Restorer::DynamoDb(RestoreSource::PointInTime {
                        table: table.clone(),
                        at,
                    }),
                    region,
                    table: Some(table),
                })
            }
            (Attr::Null, Attr::Null, Attr::Known(arn)) => {
                let arn: RecoveryPointArn = arn.parse().ok()?;
                // One that DynamoDB keeps names its table.
                let backup: Option<BackupArn> = arn.as_str().parse().ok();
                Some(Self {
                    region: arn.region(),
                    table: backup.map(|backup| backup.table_name().into()),
                    restorer: Restorer::AwsBackup(RecoveryPointSource {
                        arn,
                        role_arn: source.role_arn.known()?.clone(),
                        vault_name: source.vault_name.known().cloned(),
                    }),
                })
            }
            _ => None,
        }
    }

    /// The backup that DynamoDB keeps of the data. A recovery point may be one.
    pub(super) fn backup_arn(&self) -> Option<BackupArn> {
        match &self.restorer {
            Restorer::DynamoDb(RestoreSource::Backup(arn)) => Some(arn.clone()),
            Restorer::DynamoDb(RestoreSource::PointInTime { .. }) => None,
            Restorer::AwsBackup(point) => point.arn.as_str().parse().ok(),
        }
    }

    /// The recovery point, where AWS Backup restores.
    pub(super) fn recovery_point(&self) -> Option<&RecoveryPointSource> {
        match &self.restorer {
            Restorer::DynamoDb(_) => None,
            Restorer::AwsBackup(point) => Some(point),
        }
    }

    /// Whether a table is the one that DynamoDB makes from this source, as far as it shows that. Of AWS Backup's doing
    /// it shows nothing.
    pub(super) fn is_shown_by(&self, table: &Table, region: &Region) -> bool {
        match &self.restorer {
            Restorer::DynamoDb(source) => source.is_origin_of(table, region),
            Restorer::AwsBackup(_) => false,
        }
    }

    /// The table that the data were in, and its Region, as far as the configuration tells.
    pub(super) fn table(&self) -> Option<(TableRef, Region)> {
        Some((self.table.clone()?, self.region.clone()))
    }

    /// The same. What the configuration does not tell, AWS Backup is asked:
    /// `None` where that needs a vault that is not given, or there is no such recovery point.
    ///
    /// # Errors
    /// The recovery point cannot be read.
    pub(super) async fn find_table_ref(
        &self,
        aws: &Clients,
        cx: &Cx,
    ) -> Result<Option<(TableRef, Region)>, Error> {
        if let Some(table) = self.table() {
            return Ok(Some(table));
        }
        let found = match self.recovery_point() {
            Some(point) => point.find(aws, cx).await?,
            None => None,
        };
        Ok(found.and_then(|point| point.table_arn).map(at_home))
    }

    /// The account that owns the source, where the configuration tells.
    pub(super) fn account(&self) -> Option<&str> {
        match &self.restorer {
            Restorer::DynamoDb(RestoreSource::Backup(arn)) => Some(arn.account()),
            Restorer::DynamoDb(RestoreSource::PointInTime {
                table: TableRef::Arn(arn),
                ..
            }) => Some(arn.account()),
            Restorer::DynamoDb(RestoreSource::PointInTime {
                table: TableRef::Name(_),
                ..
            }) => None,
            Restorer::AwsBackup(point) => Some(point.arn.account()),
        }
    }

    /// The source in words that tell it from every other one, for the attempt journal.
    pub(super) fn words(&self) -> String {
        match &self.restorer {
            Restorer::DynamoDb(RestoreSource::Backup(arn)) => format!("backup {arn}"),
            Restorer::DynamoDb(RestoreSource::PointInTime { table, at }) => {
                let table = format!("table {} in {}", table.table_name(), self.region);
                match at {
                    PointInTime::At(time) => format!("{table} as of {}", time.as_second()),
                    PointInTime::Latest => format!("{table}, latest"),
                }
            }
            Restorer::AwsBackup(point) => format!("{RECOVERY_POINT}{}", point.arn),
        }
    }

    /// The moment whose data are restored, where the configuration names it.
    pub(super) fn moment(&self) -> Option<Timestamp> {
        match &self.restorer {
            Restorer::DynamoDb(RestoreSource::PointInTime {
                at: PointInTime::At(time),
                ..
            }) => Some(*time),
            _ => None,
        }
    }

    /// The source for people.
    pub(super) fn spoken(&self) -> String {
        match &self.restorer {
            Restorer::DynamoDb(RestoreSource::Backup(arn)) => format!("backup {arn}"),
            Restorer::DynamoDb(RestoreSource::PointInTime { table, at }) => match at {
                PointInTime::At(time) => format!("table {table} as of {time}"),
                PointInTime::Latest => format!("table {table} as of the latest restorable moment"),
            },
            Restorer::AwsBackup(point) => format!("recovery point {}", point.arn),
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

/// Reads the indexes of a source that DynamoDB restores. `None` when there is no such backup or table.
pub(super) async fn definitions(
    aws: &Clients,
    cx: &Cx,
    source: &RestoreSource,
    region: &Region,
) -> Result<Option<Definitions>, Error> {
    let dynamodb = aws.dynamodb(region);
    Ok(match source {
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
