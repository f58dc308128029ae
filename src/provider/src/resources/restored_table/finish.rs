//! Create and update: from a planned object to one that is there, in the face of interruptions.

use std::collections::BTreeMap;

use aws_clients::{Seen, Table, TableStatus, TimeToLiveStatus};
use tfsdk::{Attr, Create, Cx, Diagnostic, Diagnostics, Operation, Path, Saved, Update};

use super::carry::{Carried, Target};
use super::converge::{Before, Brought, is_key_arn};
use super::description::{Outside, Reading, Shown, described};
use super::facts::carried;
use super::job::with_job;
use super::model::Model;
use super::proposal::{changes_table, filled};
use super::settings::{Wanted, is_spelled_out};
use super::source::Origin;
use super::start::{Made, Started};
use super::tags::{COPIED, are_copied};
use super::work::{Failure, Work, timeout};
use crate::client::Client;
use crate::journal::Hold;
use crate::resources::tags::{Others, WantedTags, attrs};
use crate::rfc3339::rfc3339;

/// Under this key of the private state stands what the user's way to name the key meant when it was set.
pub(super) const KEY_ALIAS: &str = "kms_key";

const NOT_STARTED: &str = "Table was not restored";
const NOT_FINISHED: &str = "Restored table is not finished";
const NOT_CHANGED: &str = "Restored table was not changed";
const RESTORE_FAILED: &str = "Restore failed in AWS";
/// What is known of restores that fail while they run.
pub(super) const WHY_RESTORES_FAIL: &str = "A restore that fails makes its table disappear, and AWS does not say why. Known \
     reasons: a key that was disabled, a changed policy of the role, a deny of item actions on the new table, and a \
     policy that asks for aws:SourceIp without letting DynamoDB act for you (condition aws:ViaAWSService). Look into \
     CloudTrail.";

/// Makes the table.
pub(super) async fn create(
    client: &Client,
    create: Create<Model>,
    saved: &mut Saved<'_, Model>,
    cx: &Cx,
) -> Result<Model, Diagnostics> {
    let planned = create.planned;
    let failed = |failure: Failure| Diagnostics::from(failure.told(NOT_STARTED, None));
    let time = timeout(&planned.timeouts, Operation::Create);
    let work = Work::on(client, &planned, cx, time).map_err(failed)?;
    // What the source must tell is read before anything is made, so that a denied read leaves nothing behind.
    let carried = work.carried(&planned, cx).await.map_err(failed)?;
    let order = work.order_of(&planned).await.map_err(failed)?;
    let started = work.start(&order).await;
    if let Some(warning) = client.journal.warning() {
        cx.warn(warning);
    }
    let Started {
        mut attempt,
        made,
        taken_up,
    } = started.map_err(failed)?;
    let mut state = match &made {
        Made::Table(table) => work.state(&planned, table, &carried, Finished::No),
        Made::Job(id) => work.promised(&planned, id, attempt.record()),
    };
    saved.save(&state);
    if taken_up {
        cx.warn(work.resumed());
    }

    let before = if taken_up {
        Before::Anything
    } else {
        Before::Restored
    };
    let finished = async {
        let (planned, table) = match made {
            Made::Table(table) => (planned.clone(), *table),
            Made::Job(id) => {
                let (job, table) = work.follow_job(&id).await?;
                attempt.identify(table.id.as_deref());
                attempt.made(table.arn.as_str());
                let planned = with_job(&planned, &job);
                state = work.state(&planned, &table, &carried, Finished::No);
                saved.save(&state);
                (planned, table)
            }
        };
        work.finish(&state, &planned, table, &carried, before, cx).await
    };
    match Box::pin(finished).await {
        Ok(model) => {
            attempt.finish();
            Ok(model)
        }
        Err(failure) if failure.is_interruption() => {
            attempt.discard();
            cx.warn(work.goes_on());
            Ok(state)
        }
        Err(failure @ Failure::Nothing(_)) => {
            attempt.discard();
            saved.forget();
            Err(failed(failure))
        }
        Err(failure) if failure.is_gone() && matches!(work.find().await, Ok(None)) => {
            attempt.discard();
            Err(restore_failed(&failure).into())
        }
        Err(failure) => {
            attempt.leave();
            Err(failure.told(NOT_FINISHED, Some(what_stays(&state))).into())
        }
    }
}

/// Changes the table in place, or finishes one that an interrupted apply has left.
pub(super) async fn update(
    client: &Client,
    update: Update<Model>,
    saved: &mut Saved<'_, Model>,
    cx: &Cx,
) -> Result<Model, Diagnostics> {
    let Update { prior, planned, .. } = update;
    let resumes = prior.unfinished == Attr::Known(true);
    if !resumes && !changes_table(&prior, &planned) {
        return Ok(filled(&planned, &prior));
    }
    let act = if resumes { NOT_FINISHED } else { NOT_CHANGED };
    let failed = |failure: Failure| {
        Diagnostics::from(failure.told(
            act,
            Some("Run terraform apply again: it goes on where it stopped."),
        ))
    };
    // The wait for a restore is that of the create that was interrupted.
    let operation = if resumes {
        Operation::Create
    } else {
        Operation::Update
    };
    let work = Work::on(client, &planned, cx, timeout(&planned.timeouts, operation)).map_err(failed)?;
    work.check_account(&prior).await?;
    let job = prior.restore_job_id.known().filter(|_| resumes);
    let (planned, table) = match job {
        None => {
            let table = work.find().await.map_err(failed)?;
            (planned, table.ok_or_else(|| work.missing())?)
        }
        Some(id) => match work.follow_job(id).await {
            Ok((job, table)) => (with_job(&planned, &job), table),
            Err(failure) if failure.is_interruption() => {
                cx.warn(work.goes_on());
                return Ok(prior_waiting(&planned, &prior));
            }
            Err(failure) => return Err(failed(failure)),
        },
    };
    if resumes && client.journal.hold(table.arn.as_str()) == Hold::Taken {
        return Err(work.taken().into());
    }
    let carried = match resumes {
        true => work.carried(&planned, cx).await.map_err(failed)?,
        false => Carried::default(),
    };
    let state = work.state(&planned, &table, &carried, Finished::No);
    let finished = match resumes {
        true => {
            work.finish(&state, &planned, table, &carried, Before::Anything, cx)
                .await
        }
        false => work.change(&prior, &planned, table, cx).await,
    };
    match finished {
        Ok(model) => {
            if let Attr::Known(arn) = &model.arn {
                client.journal.forget(arn);
            }
            Ok(model)
        }
        Err(failure) if failure.is_interruption() => {
            saved.save(&state);
            cx.warn(if resumes {
                work.goes_on()
            } else {
                work.change_goes_on()
            });
            Ok(state)
        }
        Err(failure) if resumes && failure.is_gone() && matches!(work.find().await, Ok(None)) => {
            Err(restore_failed(&failure).into())
        }
        Err(failure) => Err(failed(failure)),
    }
}

/// The object of a plan whose restore job is still waited for.
fn prior_waiting(planned: &Model, prior: &Model) -> Model {
    let mut state = filled(planned, prior);
    state.unfinished = true.into();
    state.status = prior.status.clone();
    state
}

/// Whether everything is as planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Finished {
    Yes,
    No,
}

impl Work<'_> {
    /// Reads what `carry_over` copies. Warns of what cannot be copied any more.
    async fn carried(&self, planned: &Model, cx: &Cx) -> Result<Carried, Failure> {
        let mut settings = carried(planned);
        settings.retain(|setting| !is_spelled_out(planned, *setting));
        if settings.is_empty() {
            return Ok(Carried::default());
        }
        let origin = self.origin()?;
        let spoken = origin.spoken();
        let target = Target {
            region: self.region(),
            name: &self.name,
        };
        let carried = Carried::read(&self.client.aws, &self.cx, origin, &settings, &target).await?;
        for setting in &carried.lost {
            cx.warn(
                Diagnostic::warning(
                    "Setting cannot be carried over",
                    format!(
                        "carry_over names {name:?}, and the table of {spoken} does not exist any more, so nothing can be \
                         copied. The restored table is left without.\n\nSpell {name} out on this resource.",
                        name = setting.as_str(),
                    ),
                )
                .at(Path::of("carry_over")),
            );
        }
        Ok(carried)
    }

    /// Waits until the table is ACTIVE, then puts everything on it that is planned.
    async fn finish(
        &self,
        state: &Model,
        planned: &Model,
        table: Table,
        carried: &Carried,
        before: Before,
        cx: &Cx,
    ) -> Result<Model, Failure> {
        let watched = table.status == TableStatus::Creating;
        let table = self
            .dynamodb
            .wait_table_active(&self.cx, &self.name, Seen::NotYet)
            .await?;
        let took = table
            .created_at
            .filter(|_| watched)
            .map(|created| self.dynamodb.now().duration_since(created).as_secs().max(0));
        let carried = &carried.fitting(&table);
        let wanted = Wanted::all(planned, self.wanted_tags(planned, carried, cx), carried);
        let brought = self.bring_to(table, &wanted, before).await?;
        self.remember(planned, &brought.table, cx);
        let mut known = state.clone();
        known.restore_duration_seconds = or(&state.restore_duration_seconds, took.into());
        let mut planned = planned.clone();
        // What was seen while the restore ran is shown no more.
        if planned.restore_time.is_unknown() && !known.restore_time.is_null() {
            planned.restore_time = known.restore_time.clone();
        }
        if planned.restore_time.is_unknown() {
            planned.restore_time = rfc3339(self.origin.as_ref().and_then(Origin::moment));
        }
        if planned.restore_duration_seconds.is_unknown() {
            planned.restore_duration_seconds = known.restore_duration_seconds;
        }
        Ok(self.finished(&planned, &brought, carried))
    }

    /// Changes what differs between the object before and the plan.
    async fn change(&self, prior: &Model, planned: &Model, table: Table, cx: &Cx) -> Result<Model, Failure> {
        let nothing = Carried::default();
        let wanted = Wanted::changes(prior, planned, self.wanted_tags(planned, &nothing, cx));
        let is_settled = table.status == TableStatus::Active;
        let table = match is_settled {
            true => table,
            false => {
                self.dynamodb
                    .wait_table_active(&self.cx, &self.name, Seen::Before)
                    .await?
            }
        };
        let brought = self.bring_to(table, &wanted, Before::Anything).await?;
        self.remember(planned, &brought.table, cx);
        Ok(self.finished(planned, &brought, &nothing))
    }

    /// The tags that are to be set. Those that were copied from the source are left alone.
    fn wanted_tags(&self, planned: &Model, carried: &Carried, cx: &Cx) -> WantedTags {
        WantedTags {
            tags: self.all_tags(planned, carried),
            others: if are_copied(planned, cx) {
                Others::Stay
            } else {
                Others::Go
            },
        }
    }

    /// All tags that the table is to have.
    fn all_tags(&self, planned: &Model, carried: &Carried) -> BTreeMap<String, String> {
        match &carried.tags {
            Some(copied) => self.tags.over_defaults(copied.clone()),
            None => self.tags.merged(&planned.tags).unwrap_or_default(),
        }
    }

    /// The object as it is to be kept: the plan, with what AWS shows in place of what was unknown.
    fn state(&self, planned: &Model, table: &Table, carried: &Carried, finished: Finished) -> Model {
        let days = |days: i64| i32::try_from(days).ok();
        let shown = Shown {
            region: self.region(),
            table,
            time_to_live: Reading::Made(carried.time_to_live.clone().map(|attribute| {
                aws_clients::TimeToLive {
                    attribute,
                    status: TimeToLiveStatus::Enabled,
                }
            })),
            recovery: Reading::Made(carried.recovery_days.map(|it| aws_clients::PointInTimeRecovery {
                recovery_period_in_days: days(it),
                earliest_restorable_time: None,
                latest_restorable_time: None,
            })),
            outside: Outside {
                resource_policy: Reading::Made(carried.resource_policy.clone()),
                kinesis_stream: Reading::Made(carried.kinesis_stream.clone()),
                insights: Reading::Made(carried.insights.clone()),
                scaling: Reading::Made(carried.scaling.clone()),
            },
            key_alias: None,
        };
        let mut actual = described(planned, &shown);
        actual.tags_all = Attr::Known(attrs(self.all_tags(planned, carried)));
        actual.unfinished = Attr::Known(finished == Finished::No);
        let mut state = filled(planned, &actual);
        // A plan of a table that needs no finishing has known this already.
        state.unfinished = actual.unfinished;
        state
    }

    /// The object when everything is as planned.
    fn finished(&self, planned: &Model, brought: &Brought, carried: &Carried) -> Model {
        let mut planned = planned.clone();
        if let (Attr::Unknown, Some(tags)) = (&planned.tags_all, &brought.tags) {
            planned.tags_all = Attr::Known(attrs(tags.clone()));
        }
        self.state(&planned, &brought.table, carried, Finished::Yes)
    }

    /// Keeps what a later read cannot tell: which key an alias stood for when it was set, and that the tags are not ours.
    fn remember(&self, planned: &Model, table: &Table, cx: &Cx) {
        let text = planned
            .server_side_encryption
            .known()
            .and_then(|it| it.kms_key_arn.known());
        match (text, &table.encryption.kms_key_arn) {
            (Some(text), Some(arn)) if !is_key_arn(text) => {
                cx.set_private(KEY_ALIAS, serde_json::json!({ "text": text, "arn": arn }));
            }
            _ => cx.remove_private(KEY_ALIAS),
        }
        if are_copied(planned, cx) {
            cx.set_private(COPIED, true.into());
        } else {
            cx.remove_private(COPIED);
        }
    }

    fn resumed(&self) -> Diagnostic {
        Diagnostic::warning(
            "Restore of an earlier apply was taken up",
            format!(
                "Table {name} in {region} was begun by an apply that was cut off. This one goes on with the same table; \
                 nothing is restored a second time.",
                name = self.name,
                region = self.region(),
            ),
        )
    }

    fn goes_on(&self) -> Diagnostic {
        let (name, region) = (&self.name, self.region());
        Diagnostic::warning(
            "Restore goes on in AWS",
            format!(
                "The run was interrupted. AWS goes on restoring table {name} in {region}, which cannot be cancelled and \
                 is billed. The table is in the state as unfinished.\n\nRun terraform apply again: it waits for the \
                 same restore and then puts the settings on. To get rid of the table, run terraform destroy, which \
                 waits until it can be deleted.",
            ),
        )
    }

    fn change_goes_on(&self) -> Diagnostic {
        Diagnostic::warning(
            "Change was interrupted",
            format!(
                "Some settings of table {name} in {region} may not be changed yet; AWS goes on with the change that it \
                 has accepted.\n\nRun terraform apply again: it does what is left.",
                name = self.name,
                region = self.region(),
            ),
        )
    }

    fn missing(&self) -> Diagnostic {
        Diagnostic::error(
            "Restored table is gone",
            format!(
                "Table {name} does not exist in {region} any more: it was deleted since the plan was made, or its \
                 restore failed, which makes a table disappear.\n\nRun terraform apply again: it plans to restore anew.",
                name = self.name,
                region = self.region(),
            ),
        )
    }

    fn taken(&self) -> Diagnostic {
        Diagnostic::error(
            "Restored table is managed twice",
            format!(
                "Another resource of this configuration has taken up table {name} in {region}.\n\nKeep one resource for \
                 the table, and remove this one from the state: terraform state rm ADDRESS.",
                name = self.name,
                region = self.region(),
            ),
        )
    }
}

/// What there is after a wait that has failed, and how it goes on.
fn what_stays(state: &Model) -> &'static str {
    if state.table_id.known().is_some() {
        "The table stays, with all that was restored so far. Terraform marks it as tainted and will plan to replace it; \
         the next terraform apply does not delete it, but takes it up where it stands and finishes it."
    } else {
        "AWS Backup goes on with the restore job, which cannot be stopped. Terraform marks the object as tainted and will \
         plan to replace it; the next terraform apply does not start another job, but takes this one up and finishes its \
         table."
    }
}

fn restore_failed(failure: &Failure) -> Diagnostic {
    let aftermath = format!("{WHY_RESTORES_FAIL} Then run terraform apply again: it restores anew.");
    failure.told(RESTORE_FAILED, Some(&aftermath))
}

fn or<T: Clone>(known: &Attr<T>, other: Attr<T>) -> Attr<T> {
    if known.is_null() { other } else { known.clone() }
}
