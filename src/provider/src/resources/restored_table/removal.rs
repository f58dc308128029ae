//! Delete: really, or handed over to the create that goes on with an unfinished table.

use aws_clients::{Seen, Table, TableArn, TableStatus, retry_until};
use tfsdk::{Attr, Cx, Delete, Diagnostic, Diagnostics, Operation, Path, Removal};

use super::attempt;
use super::model::{Autoscaling, Model};
use super::outside::index_names;
use super::refresh::is_another;
use super::source::Origin;
use super::work::{Failure, Work, timeout};
use crate::client::Client;
use crate::diagnostics;
use crate::journal::Stage;

const NOT_DELETED: &str = "Restored table was not deleted";

pub(super) async fn delete(client: &Client, delete: Delete<Model>, cx: &Cx) -> Result<(), Diagnostics> {
    let Delete { state, reason } = delete;
    let failed = |failure: Failure| {
        let aftermath = failure.is_interruption().then_some(
            "AWS goes on deleting the table if it has accepted that. Run the same command again: it waits until the \
             table is gone.",
        );
        Diagnostics::from(failure.told(NOT_DELETED, aftermath))
    };
    let time = timeout(&state.timeouts, Operation::Delete);
    let work = Work::on(client, &state, cx, time).map_err(failed)?;
    work.check_account(&state).await?;
    if state.unfinished == Attr::Known(true) && is_wanted_by_another(&work, &state, reason, cx) {
        return Ok(());
    }
    if let (Attr::Known(true), Attr::Known(id)) = (&state.unfinished, &state.restore_job_id)
        && !work.wait_job_over(id).await.map_err(failed)?
    {
        if let Attr::Known(arn) = &state.arn {
            client.journal.forget(arn);
        }
        return Ok(());
    }
    match work.find().await.map_err(failed)? {
        None => {}
        Some(table) if is_another(&state, &table) => cx.warn(spared(&work)),
        Some(table) => {
            let indexes = index_names(&table);
            work.delete(table).await.map_err(failed)?;
            work.forget_scaling(&state, &indexes, cx).await;
        }
    }
    if let Attr::Known(arn) = &state.arn {
        client.journal.forget(arn);
    }
    Ok(())
}

/// Whether an unfinished table is not to be deleted, because a create goes on with it.
fn is_wanted_by_another(work: &Work<'_>, state: &Model, reason: Removal, cx: &Cx) -> bool {
    let Attr::Known(arn) = &state.arn else {
        return false;
    };
    let journal = &work.client.journal;
    if journal.is_taken_over(arn) {
        return true;
    }
    if reason != Removal::Tainted {
        return false;
    }
    let mut record = attempt::record(
        work.region(),
        work.name.as_str(),
        work.origin.as_ref().map(Origin::words),
        arn.parse::<TableArn>().ok().map(|arn| arn.account().to_owned()),
        started_at(work, state),
    );
    record.arn = Some(arn.clone());
    record.table_id = state.table_id.known().cloned();
    record.job = state.restore_job_id.known().cloned();
    record.stage = Stage::HandedOver;
    if journal.hand_over(record) {
        cx.warn(kept(work));
    }
    if let Some(warning) = journal.warning() {
        cx.warn(warning);
    }
    true
}

/// When the restore was accepted, or now where the state does not tell.
fn started_at(work: &Work<'_>, state: &Model) -> jiff::Timestamp {
    state
        .restored_at
        .known()
        .and_then(|time| time.parse().ok())
        .unwrap_or_else(|| work.dynamodb.now())
}

impl Work<'_> {
    /// Ends the auto scaling that this resource has set: AWS leaves it when the table goes, and would scale the next
    /// table of that name by it. The table is gone already, so that a failure is only told.
    async fn forget_scaling(&self, state: &Model, indexes: &[String], cx: &Cx) {
        let is_scaled = state
            .autoscaling
            .known()
            .is_some_and(|it| *it != Autoscaling::default());
        if !is_scaled {
            return;
        }
        let scaler = self.client.aws.autoscaling(self.region());
        let end = async {
            for dimension in scaler
                .find_scaled_dimensions(&self.cx, &self.name, indexes)
                .await?
            {
                scaler.unscale(&self.cx, &self.name, &dimension).await?;
            }
            Ok(())
        };
        if let Err(err) = end.await {
            let left = format!(
                "Table {name} in {region} is deleted, and its auto scaling is left: a table that gets its name is scaled \
                 by it. End it by hand: aws application-autoscaling deregister-scalable-target --region {region} \
                 --service-namespace dynamodb --resource-id table/{name} --scalable-dimension \
                 dynamodb:table:ReadCapacityUnits, and likewise for WriteCapacityUnits.",
                name = self.name,
                region = self.region(),
            );
            let mut notice = diagnostics::aws_after("Auto scaling of the deleted table is left", &err, &left);
            notice.severity = tfsdk::Severity::Warning;
            cx.warn(notice);
        }
    }

    async fn delete(&self, table: Table) -> Result<(), Failure> {
        let table = match table.status {
            // A running restore cannot be cancelled, and a table that is being changed cannot be deleted.
            TableStatus::Creating | TableStatus::Updating => {
                tracing::info!(table = %self.name, status = %table.status, "waiting until the table can be deleted");
                match self
                    .dynamodb
                    .wait_table_active(&self.cx, &self.name, Seen::Before)
                    .await
                {
                    Ok(table) => table,
                    Err(err) if err.is_not_found() => return Ok(()),
                    Err(err) => return Err(err.into()),
                }
            }
            _ => table,
        };
        if table.deletion_protection {
            return Err(self.protected().into());
        }
        if table.status != TableStatus::Deleting {
            let doing = format!("deleting table {}", self.name);
            let clock = self.client.aws.clock();
            retry_until(&self.cx, &**clock, &doing, || {
                self.dynamodb.delete_table(&self.cx, &self.name)
            })
            .await?;
        }
        Ok(self.dynamodb.wait_table_gone(&self.cx, &self.name).await?)
    }

    fn protected(&self) -> Diagnostic {
        Diagnostic::error(
            "Table is protected from deletion",
            format!(
                "Table {name} in {region} has deletion protection, so AWS would refuse to delete it.\n\nSet \
                 deletion_protection_enabled = false and apply, then destroy. If the table shall stay and only \
                 Terraform shall forget it, use a removed block with destroy = false, or terraform state rm.",
                name = self.name,
                region = self.region(),
            ),
        )
        .at(Path::of("deletion_protection_enabled"))
    }
}

fn kept(work: &Work<'_>) -> Diagnostic {
    Diagnostic::warning(
        "Unfinished table is kept for the new object",
        format!(
            "The restore of table {name} in {region} was not finished when an earlier apply ended. The table is not \
             deleted: the object that replaces this one takes it up where it stands. If the source has been edited \
             since, the table is deleted then, and restored from the new source.",
            name = work.name,
            region = work.region(),
        ),
    )
}

fn spared(work: &Work<'_>) -> Diagnostic {
    Diagnostic::warning(
        "Another table has the name of the restored one",
        format!(
            "The restored table {name} in {region} was deleted outside Terraform, and another table has its name now. \
             That one was not deleted.",
            name = work.name,
            region = work.region(),
        ),
    )
}
