//! Reads the table again: one DescribeTable, and one call for each setting that is managed and that needs its own.

use std::time::Duration;

use aws_clients::{BillingMode, ErrorKind, KinesisDestination, Region, Table, TableStatus};
use tfsdk::{Attr, Cx, Diagnostic, Diagnostics, Path};

use super::attempt::note_in_state;
use super::autoscaling::by_dimension;
use super::description::{Outside, Reading, Shown, described};
use super::finish::{KEY_ALIAS, WHY_RESTORES_FAIL};
use super::job::Look;
use super::model::Model;
use super::outside::index_names;
use super::tags::are_copied;
use super::work::{Failure, Work};
use crate::client::Client;
use crate::diagnostics;

const NOT_READ: &str = "Restored table cannot be read";

/// A refresh has no time limit of its own.
const NO_LIMIT: Duration = Duration::from_secs(60 * 60);

/// How often AWS is asked again for a table that it may not show yet, and how long between.
const LOOKS: u32 = 5;
const BETWEEN_LOOKS: Duration = Duration::from_secs(2);

pub(super) async fn read(client: &Client, state: Model, cx: &Cx) -> Result<Option<Model>, Diagnostics> {
    let failed = |failure: Failure| Diagnostics::from(failure.told(NOT_READ, None));
    let work = Work::on(client, &state, cx, NO_LIMIT).map_err(failed)?;
    work.check_account(&state).await?;
    note_in_state(client, &state);
    if let (Attr::Known(true), Attr::Known(id)) = (&state.unfinished, &state.restore_job_id) {
        match work.look_at_job(id, &state).await.map_err(failed)? {
            Look::Table => {}
            Look::NoTableYet => return Ok(Some(state)),
            Look::Nothing(warning) => {
                cx.warn(*warning);
                return Ok(None);
            }
        }
    }
    let Some(table) = look(&work, &state).await.map_err(failed)? else {
        match state.unfinished {
            Attr::Known(true) => cx.warn(restore_failed(&work)),
            Attr::Known(false) => cx.warn(gone(&work, &state)),
            // Nobody has seen an object that is being imported.
            Attr::Null | Attr::Unknown => {}
        }
        return Ok(None);
    };
    if is_another(&state, &table) {
        cx.warn(another(&work, &state, &table));
        return Ok(None);
    }
    if table.status == TableStatus::Deleting {
        return Ok(None);
    }
    if let Some(warning) = unusable(&work, &table) {
        cx.warn(warning);
    }
    let imported = state.arn.is_null();
    let calls = Calls {
        work: &work,
        imported,
        answers: table.status != TableStatus::Creating,
        cx,
    };
    let (time_to_live, recovery, tags, outside) = tokio::join!(
        calls.time_to_live(&state),
        calls.recovery(&state),
        calls.tags(&state, &table),
        calls.outside(&state, &table),
    );
    let (time_to_live, recovery, tags, outside) = (
        time_to_live.map_err(failed)?,
        recovery.map_err(failed)?,
        tags.map_err(failed)?,
        outside.map_err(failed)?,
    );
    let region: &Region = work.region();
    let shown = Shown {
        region,
        table: &table,
        time_to_live,
        recovery,
        outside,
        key_alias: key_alias(cx),
    };
    let mut model = described(&state, &shown);
    match tags {
        Some(actual) => {
            model.tags_all = work.tags.shown_all(&model.tags, &actual);
            if !are_copied(&state, cx) {
                model.tags = work.tags.shown_own(&model.tags, actual);
            }
        }
        None if imported => model.tags_all = Attr::Known(Default::default()),
        None => {}
    }
    note_in_state(client, &model);
    Ok(Some(model))
}

/// Looks for the table. AWS may not show one yet whose restore has just been accepted.
async fn look(work: &Work<'_>, state: &Model) -> Result<Option<Table>, Failure> {
    let found = work.find().await?;
    let accepted = state
        .restored_at
        .known()
        .and_then(|time| time.parse::<jiff::Timestamp>().ok());
    let is_young =
        accepted.is_some_and(|accepted| work.dynamodb.now().duration_since(accepted).as_secs() < 60);
    if found.is_some() || state.unfinished != Attr::Known(true) || !is_young {
        return Ok(found);
    }
    for _ in 0..LOOKS {
        work.pause(BETWEEN_LOOKS, None).await?;
        if let Some(table) = work.find().await? {
            return Ok(Some(table));
        }
    }
    Ok(None)
}

/// The calls for settings that DescribeTable does not show. Each is made only where the setting is managed here: it was
/// configured or copied once, or an import asks for everything.
struct Calls<'a> {
    work: &'a Work<'a>,
    imported: bool,
    /// AWS answers "not found" about the settings of a table that is being restored.
    answers: bool,
    cx: &'a Cx,
}

impl Calls<'_> {
    async fn time_to_live(&self, state: &Model) -> Result<Reading<aws_clients::TimeToLive>, Failure> {
        if !self.answers || (state.time_to_live.is_null() && !self.imported) {
            return Ok(Reading::NotMade);
        }
        let found = self
            .work
            .dynamodb
            .find_time_to_live(&self.work.cx, &self.work.table_ref())
            .await;
        Ok(self
            .or_denied("time_to_live", found)?
            .map_or(Reading::NotMade, Reading::Made))
    }

    async fn recovery(&self, state: &Model) -> Result<Reading<aws_clients::PointInTimeRecovery>, Failure> {
        if !self.answers || (state.point_in_time_recovery.is_null() && !self.imported) {
            return Ok(Reading::NotMade);
        }
        let found = self
            .work
            .dynamodb
            .find_continuous_backups(&self.work.cx, &self.work.table_ref())
            .await;
        let found = self.or_denied("point_in_time_recovery", found)?.flatten();
        Ok(found.map_or(Reading::NotMade, |backups| {
            Reading::Made(backups.point_in_time_recovery)
        }))
    }

    async fn tags(
        &self,
        state: &Model,
        table: &Table,
    ) -> Result<Option<std::collections::BTreeMap<String, String>>, Failure> {
        let any = |attr: &Attr<std::collections::BTreeMap<String, Attr<String>>>| {
            attr.known().is_some_and(|tags| !tags.is_empty())
        };
        let managed = any(&state.tags)
            || any(&state.tags_all)
            || state.tags_all.is_null()
            || !self.work.tags.defaults.is_empty();
        if !self.answers || !(managed || self.imported) {
            return Ok(None);
        }
        let found = self.work.dynamodb.tags(&self.work.cx, &table.arn).await;
        Ok(self.or_denied("tags", found)?.flatten())
    }

    async fn outside(&self, state: &Model, table: &Table) -> Result<Outside, Failure> {
        let (aws, cx) = (&self.work.dynamodb, &self.work.cx);
        let table_ref = self.work.table_ref();
        let is_asked = |is_null: bool| self.answers && (!is_null || self.imported);
        let resource_policy = async {
            if !is_asked(state.resource_policy.is_null()) {
                return Ok(Reading::NotMade);
            }
            let found = aws.find_resource_policy(cx, &table.arn).await;
            let found = found.map(|found| found.map(|it| it.document));
            self.reading("resource_policy", found)
        };
        let kinesis_stream = async {
            if !is_asked(state.kinesis_stream.is_null()) {
                return Ok(Reading::NotMade);
            }
            let found = aws.find_kinesis_destinations(cx, &table_ref).await;
            let before = state.kinesis_stream.known().and_then(|it| it.stream_arn.known());
            let found = found.map(|found| {
                let mut on: Vec<_> = found
                    .into_iter()
                    .flatten()
                    .filter(KinesisDestination::is_on)
                    .collect();
                // Where there are several, the one that is known comes first.
                on.sort_by_key(|it| Some(&it.stream_arn) != before);
                on.into_iter().next()
            });
            self.reading("kinesis_stream", found)
        };
        let insights = async {
            if !is_asked(state.contributor_insights.is_null()) {
                return Ok(Reading::NotMade);
            }
            let found = aws.find_contributor_insights(cx, &table_ref).await;
            self.reading("contributor_insights", found)
        };
        let scaling = async {
            // An imported table that is paid per request has nothing to scale.
            let provisioned = table.billing_mode == BillingMode::Provisioned;
            if !is_asked(state.autoscaling.is_null()) || (self.imported && !provisioned) {
                return Ok(Reading::NotMade);
            }
            let scaler = self.work.client.aws.autoscaling(self.work.region());
            let found = scaler
                .find_scaling(cx, &self.work.name, &index_names(table))
                .await;
            self.reading("autoscaling", found.map(|found| Some(by_dimension(found))))
        };
        let (resource_policy, kinesis_stream, insights, scaling) =
            tokio::join!(resource_policy, kinesis_stream, insights, scaling);
        Ok(Outside {
            resource_policy: resource_policy?,
            kinesis_stream: kinesis_stream?,
            insights: insights?,
            scaling: scaling?,
        })
    }

    /// What a read brought. What an import cannot read for whatever reason stays open, so that the table itself can be
    /// imported.
    fn reading<T>(
        &self,
        attribute: &str,
        read: Result<Option<T>, aws_clients::Error>,
    ) -> Result<Reading<T>, Failure> {
        if let (true, Err(err)) = (self.imported, &read)
            && matches!(
                err.kind(),
                ErrorKind::Invalid | ErrorKind::Unavailable | ErrorKind::Other
            )
        {
            let check = format!("table {} has {attribute}", self.work.name);
            let notice = diagnostics::unreadable(self.work.client.validation, &check, err);
            self.cx.warn(notice.at(Path::of(attribute)));
            return Ok(Reading::NotMade);
        }
        Ok(self
            .or_denied(attribute, read)?
            .map_or(Reading::NotMade, Reading::Made))
    }

    /// What a read brought; `None` where it is denied, which leaves the state as it was.
    fn or_denied<T>(
        &self,
        attribute: &str,
        read: Result<T, aws_clients::Error>,
    ) -> Result<Option<T>, Failure> {
        match read {
            Ok(found) => Ok(Some(found)),
            Err(err) if err.denied_action().is_some() => {
                let check = format!(
                    "{attribute} of table {} is still as Terraform has it",
                    self.work.name
                );
                let notice = diagnostics::unreadable(self.work.client.validation, &check, &err);
                self.cx.warn(notice.at(Path::of(attribute)));
                Ok(None)
            }
            Err(err) => Err(err.into()),
        }
    }
}

/// Whether a table is not the one that the state speaks of, but another one that got its name.
pub(super) fn is_another(state: &Model, table: &Table) -> bool {
    matches!((&state.table_id, &table.id), (Attr::Known(was), Some(is)) if was != is)
}

fn key_alias(cx: &Cx) -> Option<(String, String)> {
    let remembered = cx.private(KEY_ALIAS)?;
    let part = |name: &str| remembered.get(name)?.as_str().map(str::to_owned);
    Some((part("text")?, part("arn")?))
}

fn restore_failed(work: &Work<'_>) -> Diagnostic {
    Diagnostic::warning(
        "Restore failed in AWS",
        format!(
            "The restore of table {name} in {region} was unfinished, and the table does not exist any more. \
             {WHY_RESTORES_FAIL}\n\nThe plan restores the table anew.",
            name = work.name,
            region = work.region(),
        ),
    )
}

fn gone(work: &Work<'_>, state: &Model) -> Diagnostic {
    let (name, region) = (&work.name, work.region());
    let left = match &state.point_in_time_recovery {
        Attr::Known(it) if it.enabled == Attr::Known(true) => format!(
            " Point-in-time recovery was on, so DynamoDB keeps a system backup of its last state for 35 days: aws \
             dynamodb list-backups --region {region} --table-name {name} --backup-type SYSTEM shows it."
        ),
        _ => String::new(),
    };
    Diagnostic::warning(
        "Restored table was deleted outside Terraform",
        format!(
            "Table {name} in {region} is gone, with all that was written to it.{left}\n\nIf this object is still in the \
             configuration, the plan restores the table anew from its source, as it was before anything was written to \
             it. To get the last state instead, make that backup the source. If no table is wanted, remove the object \
             from the configuration.",
        ),
    )
}

fn another(work: &Work<'_>, state: &Model, table: &Table) -> Diagnostic {
    Diagnostic::warning(
        "Another table has the name of the restored one",
        format!(
            "Table {name} in {region} has the id {is}, and the restored table had {was}: that one was deleted, and \
             another table was made with its name, outside Terraform. Terraform forgets the old one and leaves the new \
             one alone.\n\nGive this resource another name, or import the new table: terraform state rm, then terraform \
             import.",
            name = work.name,
            region = work.region(),
            is = table.id.as_deref().unwrap_or_default(),
            was = state.table_id.known().map(String::as_str).unwrap_or_default(),
        ),
    )
}

fn unusable(work: &Work<'_>, table: &Table) -> Option<Diagnostic> {
    let (name, region) = (&work.name, work.region());
    let (summary, detail) = match table.status {
        TableStatus::InaccessibleEncryptionCredentials => (
            "Table cannot be used because of its key",
            format!(
                "DynamoDB cannot use the KMS key of table {name} in {region}{key}. It archives the table when that \
                 lasts seven days.\n\nEnable the key again, or cancel its deletion, and see to it that the key's policy \
                 lets DynamoDB use it.",
                key = table
                    .encryption
                    .kms_key_arn
                    .as_ref()
                    .map(|arn| format!(" ({arn})"))
                    .unwrap_or_default(),
            ),
        ),
        TableStatus::Archiving | TableStatus::Archived => (
            "Table is archived",
            format!(
                "Table {name} in {region} is {status}: its KMS key could not be used for seven days. Its data are in {}.\
                 \n\nRestore that backup into another table, once the key can be used again.",
                table
                    .archival_backup_arn
                    .as_ref()
                    .map_or_else(|| "an archival backup".to_owned(), |arn| format!("backup {arn}")),
                status = table.status,
            ),
        ),
        _ => return None,
    };
    Some(Diagnostic::warning(summary, detail))
}
