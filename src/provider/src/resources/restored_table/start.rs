//! Starts a restore, or takes up one that an earlier attempt has started. Ends when there is a table of ours.

use std::time::Duration;

use aws_clients::{
    BillingMode, ErrorKind, RecoveryPointRestore, Restore, RestoreOverrides, RestoreSource, Seen, Table,
    TableStatus,
};
use tfsdk::{Diagnostic, Path};

use super::attempt;
use super::converge::choice;
use super::model::Model;
use super::settings::{encryption, on_demand, throughput};
use super::source::{Origin, Restorer, definitions, global_indexes, local_indexes, names_indexes};
use super::work::{Failure, Work};
use crate::journal::{Attempt, Hold, Operation, Record, Stage};

pub(super) const FIRST_PAUSE: Duration = Duration::from_secs(1);
pub(super) const LONGEST_PAUSE: Duration = Duration::from_secs(20);

/// What is asked of AWS.
pub(super) enum Order {
    /// DynamoDB restores.
    Table(Restore),
    /// AWS Backup restores.
    Job(RecoveryPointRestore),
}

/// What AWS has answered.
pub(super) enum Made {
    /// A table, which is being restored.
    Table(Box<Table>),
    /// The id of a job of AWS Backup, which will make the table.
    Job(String),
}

/// A table of ours on its way.
pub(super) struct Started {
    pub(super) attempt: Attempt,
    pub(super) made: Made,
    /// Whether an earlier attempt began it, so that more may have been done already.
    pub(super) taken_up: bool,
}

impl Work<'_> {
    /// What a plan asks for.
    pub(super) async fn order_of(&self, planned: &Model) -> Result<Order, Failure> {
        let origin = self.origin()?;
        Ok(match &origin.restorer {
            Restorer::DynamoDb(source) => Order::Table(self.restore_of(origin, source, planned).await?),
            Restorer::AwsBackup(point) => Order::Job(self.job_of(point, planned).await),
        })
    }

    /// The restore by DynamoDB that a plan asks for, with the definitions of the chosen indexes.
    async fn restore_of(
        &self,
        origin: &Origin,
        source: &RestoreSource,
        planned: &Model,
    ) -> Result<Restore, Failure> {
        let mut overrides = RestoreOverrides {
            billing_mode: planned.billing_mode.known().map(|mode| mode.as_str().into()),
            throughput: throughput(&planned.provisioned_throughput),
            on_demand: planned
                .on_demand_throughput
                .known()
                .map(on_demand)
                .filter(|it| !it.is_empty()),
            encryption: planned
                .server_side_encryption
                .known()
                .and_then(encryption)
                .as_ref()
                .map(choice),
            ..RestoreOverrides::default()
        };
        if names_indexes(planned) {
            let defined = definitions(&self.client.aws, &self.cx, source, &origin.region).await?;
            let defined = defined.ok_or_else(|| Failure::NoSource(origin.spoken()))?;
            let provisioned =
                *overrides.billing_mode.as_ref().unwrap_or(&defined.billing_mode) == BillingMode::Provisioned;
            overrides.global_indexes =
                global_indexes(planned, &defined, provisioned).map_err(Failure::UnknownIndexes)?;
            overrides.local_indexes = local_indexes(planned, &defined).map_err(Failure::UnknownIndexes)?;
        }
        Ok(Restore {
            target: self.name.clone(),
            source: source.clone(),
            overrides,
        })
    }

    /// Starts the restore, unless an earlier attempt has.
    pub(super) async fn start(&self, order: &Order) -> Result<Started, Failure> {
        let account = self.client.account(&self.cx).await?.map(|account| account.id);
        let key = attempt::key(self.region(), self.name.as_str());
        let record = attempt::record(
            self.region(),
            self.name.as_str(),
            Some(self.origin()?.words()),
            account.clone(),
            self.client.now(self.region()),
        );
        let claimed = self
            .client
            .journal
            .claim(Operation::RestoreTable, &key, account.as_deref());
        let mut attempt = match claimed {
            None => self.client.journal.begin(record),
            Some(attempt) => match self.take_up(attempt, record, order).await? {
                Claim::Resumed(started) => return Ok(*started),
                Claim::Anew(attempt) => *attempt,
            },
        };
        let (asked, is_repeatable) = match order {
            Order::Table(restore) => (self.ask(restore, &mut attempt).await, false),
            Order::Job(restore) => (self.ask_for_job(restore, &mut attempt).await, true),
        };
        match asked {
            Ok((made, taken_up)) => Ok(Started {
                attempt,
                made,
                taken_up,
            }),
            // Whether AWS makes the table is not known: the record stays, and the next apply looks, or asks again.
            Err(failure) if failure.is_ambiguous() || (is_repeatable && failure.may_be_accepted()) => {
                Err(failure)
            }
            Err(failure) => {
                attempt.discard();
                Err(failure)
            }
        }
    }

    /// Goes on with what an earlier attempt began, or clears the way for a new one.
    async fn take_up(&self, mut attempt: Attempt, record: Record, order: &Order) -> Result<Claim, Failure> {
        let is_wanted = attempt::is_from(attempt.record(), self.origin.as_ref());
        if let Some(id) = attempt.record().job.clone() {
            return self.take_up_job(attempt, record, id).await;
        }
        if let (Order::Job(restore), true) = (order, is_wanted) {
            return self.ask_again(restore, attempt, record).await;
        }
        let Some(table) = self.find().await? else {
            // AWS never did it, or the restore failed and the table disappeared.
            attempt.restart(record);
            return Ok(Claim::Anew(Box::new(attempt)));
        };
        let shown = attempt::is_being_restored_from(&table, self.origin.as_ref(), self.region());
        if !shown && !attempt::proves(attempt.record(), &table) {
            attempt.discard();
            return Err(self.occupied(&table, None).into());
        }
        if is_wanted {
            tracing::info!(table = %self.name, status = %table.status, "taking up the restore of an earlier apply");
            if attempt.record().arn.is_none() {
                attempt.identify(table.id.as_deref());
                if attempt.found(table.arn.as_str()) == Hold::Taken {
                    return Err(self.occupied(&table, None).into());
                }
            }
            return Ok(Claim::Resumed(Box::new(Started {
                attempt,
                made: Made::Table(Box::new(table)),
                taken_up: true,
            })));
        }
        if attempt.record().stage != Stage::HandedOver {
            return Err(self.of_another_source(attempt.record(), &table).into());
        }
        // The plan showed that this table is replaced, and its source has been edited since.
        self.remove(&table).await?;
        attempt.restart(record);
        Ok(Claim::Anew(Box::new(attempt)))
    }

    /// Asks AWS for the restore until it takes it, or refuses it for good. Says whether the table was there already.
    async fn ask(&self, restore: &Restore, attempt: &mut Attempt) -> Result<(Made, bool), Failure> {
        let mut pause = FIRST_PAUSE;
        loop {
            attempt.asks(self.client.now(self.region()));
            let refusal = match self.dynamodb.restore_table(&self.cx, restore).await {
                Ok(table) => {
                    attempt.identify(table.id.as_deref());
                    attempt.made(table.arn.as_str());
                    return Ok((Made::Table(Box::new(table)), false));
                }
                Err(refusal) => refusal,
            };
            let is_about_name = matches!(refusal.kind(), ErrorKind::AlreadyExists | ErrorKind::Conflict);
            let there = if is_about_name { self.find().await? } else { None };
            match there {
                Some(table) if table.status == TableStatus::Deleting => {
                    tracing::info!(table = %self.name, "waiting until the old table of that name is gone");
                    self.dynamodb.wait_table_gone(&self.cx, &self.name).await?;
                    continue;
                }
                Some(table)
                    if attempt::is_being_restored_from(&table, self.origin.as_ref(), self.region()) =>
                {
                    attempt.identify(table.id.as_deref());
                    if attempt.found(table.arn.as_str()) == Hold::Taken {
                        return Err(self.occupied(&table, Some(&refusal)).into());
                    }
                    return Ok((Made::Table(Box::new(table)), true));
                }
                Some(table) => return Err(self.occupied(&table, Some(&refusal)).into()),
                // A table of that name has just gone, the backup is in use, or there are too many restores.
                None if refusal.kind() == ErrorKind::AlreadyExists || refusal.is_not_now() => {
                    tracing::info!(table = %self.name, code = refusal.code(), "the restore has to wait");
                }
                None => return Err(refusal.into()),
            }
            self.pause(pause, Some(refusal)).await?;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Deletes a table of ours that is in the way. A running restore cannot be cancelled.
    pub(super) async fn remove(&self, table: &Table) -> Result<(), Failure> {
        if matches!(table.status, TableStatus::Creating | TableStatus::Updating) {
            self.dynamodb
                .wait_table_active(&self.cx, &self.name, Seen::Before)
                .await?;
        }
        self.dynamodb.delete_table(&self.cx, &self.name).await?;
        Ok(self.dynamodb.wait_table_gone(&self.cx, &self.name).await?)
    }

    pub(super) fn origin(&self) -> Result<&Origin, Failure> {
        self.origin.as_ref().ok_or_else(|| {
            Diagnostic::error(
                "Source of the restore is not usable",
                "source must name one backup by its ARN, one table with a moment, or one recovery point with a role.\n\n\
                 Give source = { backup_arn = \"arn:…\" }, source = { point_in_time = { table_name = \"…\", latest = true \
                 } }, or source = { recovery_point_arn = \"arn:…\", role_arn = \"arn:…\" }.",
            )
            .at(Path::of("source"))
            .into()
        })
    }

    /// The name is somebody else's.
    pub(super) fn occupied(&self, table: &Table, refusal: Option<&aws_clients::Error>) -> Diagnostic {
        let (name, region) = (&self.name, self.region());
        let origin = match &table.restore {
            Some(restore) => match (&restore.source_backup_arn, &restore.source_table_arn) {
                (Some(backup), _) => format!(", being restored from backup {backup}"),
                (None, Some(source)) => format!(", being restored from table {source}"),
                (None, None) => ", being restored".to_owned(),
            },
            None => String::new(),
        };
        let reference = match refusal.map(|err| (err.code(), err.request_id())) {
            Some((Some(code), Some(id))) => format!("\n\nAWS error {code}, request id {id}"),
            _ => String::new(),
        };
        Diagnostic::error(
            "Table to restore into already exists",
            format!(
                "DynamoDB restores only into a new table, and table {name} exists in {region} ({status}{origin}). \
                 Nothing shows that this configuration made it, so it is left alone.\n\nChoose another name. If it is \
                 the table that you want here, import it: terraform import ADDRESS {name}@{region}, where ADDRESS is \
                 the address of this resource, for example dynamodb_restored_table.example.{reference}",
                status = table.status,
            ),
        )
        .at(Path::of("name"))
    }

    /// An earlier apply was killed, and the configuration has another source since.
    fn of_another_source(&self, record: &Record, table: &Table) -> Diagnostic {
        let (name, region) = (&self.name, self.region());
        let recorded = record.source.as_deref().unwrap_or("another source");
        let wanted = self.origin.as_ref().map(Origin::spoken).unwrap_or_default();
        Diagnostic::error(
            "Table was restored from another source by an earlier apply",
            format!(
                "Table {name} in {region} ({status}) was begun at {started} from {recorded}, by an apply that was cut \
                 off before Terraform knew of it. The configuration now wants {wanted}. The table is left alone.\n\n\
                 Put the old source back and apply, which takes the table up; or delete the table (aws dynamodb \
                 delete-table --region {region} --table-name {name}) and apply.",
                status = table.status,
                started = record.started_at,
            ),
        )
        .at(Path::of("source"))
    }
}

/// What comes of a record of an earlier attempt.
pub(super) enum Claim {
    Resumed(Box<Started>),
    Anew(Box<Attempt>),
}
