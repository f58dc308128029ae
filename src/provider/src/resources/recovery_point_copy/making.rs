//! From the order to a copy that is there: one job, whatever was cut off before or goes wrong now.
//!
//! StartCopyJob takes an idempotency token. It belongs to the attempt, and is recorded before the call: an apply that
//! finds the record of an attempt that was cut off repeats the call with that token, and AWS answers with the job that is
//! there, or starts the one that never was. A token of the configuration would not do: a copy that was deleted and is
//! wanted again is another one.

use std::sync::atomic::{AtomicU64, Ordering};

use aws_clients::{
    Copy, CopyJob, CopyJobState, Error, ErrorKind, Gone, RecoveryPoint, RecoveryPointArn, Region, VaultArn,
    Wait, wait,
};
use tfsdk::{Attr, Create, Cx, Diagnostic, Diagnostics, Operation, Path, Saved, Timeouts, Update};

use super::model::{Lifecycle, Model};
use super::reach::{Place, Reach};
use super::{CREATE_TIMEOUT, plan};
use crate::Client;
use crate::diagnostics;
use crate::journal::{self, Attempt, Hold, Key, Record, Stage};

const CANNOT_COPY: &str = "Recovery point cannot be copied";
const NOT_FINISHED: &str = "Copy is not finished";

pub(super) async fn create(
    client: &Client,
    create: Create<Model>,
    saved: &mut Saved<'_, Model>,
    cx: &Cx,
) -> Result<Model, Diagnostics> {
    let mut state = create.planned;
    let region = client.region(state.region.known());
    let aws = client.cx_with_timeout(cx, create_timeout(&state));
    let account = client.account_of(&aws, None).await?.map(|account| account.id);
    let reach = Reach::of(client, &state).await;
    state.region = region.to_string().into();
    state.account_id = account.clone().into();

    let Accepted { attempt, job } =
        Box::pin(accepted(client, &aws, &state, &region, &reach, account, cx)).await?;
    let job_id = job.id.clone();
    state.update_from_job(&job);
    state.unfinished = true.into();
    saved.save(&state);

    match client.aws.aws_backup(&region).wait_copy_job(&aws, &job_id).await {
        Ok(job) if job.state == CopyJobState::Completed => {
            Box::pin(finish(&aws, &mut state, &job, &reach, cx)).await;
            attempt.finish();
            Ok(state)
        }
        Ok(job) => {
            attempt.discard();
            give_up(&mut state, &job);
            saved.save(&state);
            Err(failed(&state, &job).into())
        }
        Err(err) => wait_ended(&err, attempt, state, cx),
    }
}

/// Takes up a wait that was cut off, and changes how long the copy stays.
pub(super) async fn update(
    client: &Client,
    update: Update<Model>,
    saved: &mut Saved<'_, Model>,
    cx: &Cx,
) -> Result<Model, Diagnostics> {
    let Update { prior, planned, .. } = update;
    let mut state = Model {
        role_arn: planned.role_arn,
        recovery_point_lifecycle: planned.recovery_point_lifecycle,
        retain_on_destroy: planned.retain_on_destroy,
        destination: planned.destination,
        timeouts: planned.timeouts,
        ..prior.clone()
    };
    let region = client.region(state.region.known());
    let aws = client.cx_with_timeout(cx, create_timeout(&state));
    client
        .account_of(&aws, state.account_id.known().map(String::as_str))
        .await?;
    let reach = Reach::of(client, &state).await;
    if state.unfinished == Attr::Known(true) {
        let job_id = state.copy_job_id.known().cloned().unwrap_or_default();
        if client.journal.hold(&job_id) == Hold::Taken {
            return Err(taken_by_another(&job_id).into());
        }
        return match client.aws.aws_backup(&region).wait_copy_job(&aws, &job_id).await {
            Ok(job) if job.state == CopyJobState::Completed => {
                Box::pin(finish(&aws, &mut state, &job, &reach, cx)).await;
                client.journal.forget(&job_id);
                Ok(state)
            }
            Ok(job) => {
                client.journal.forget(&job_id);
                give_up(&mut state, &job);
                saved.save(&state);
                Err(failed(&state, &job).into())
            }
            Err(err) if err.kind() == ErrorKind::Cancelled => {
                cx.warn(interrupted(&state));
                Ok(state)
            }
            Err(err) => {
                let aftermath = format!(
                    "AWS goes on with copy job {job_id}. It stays in the state as it is, and the next apply takes up the \
                     wait."
                );
                Err(diagnostics::aws_after(NOT_FINISHED, &err, &aftermath).into())
            }
        };
    }
    let Some(place) = reach.place() else {
        state.visible = false.into();
        return Ok(state);
    };
    let Some(arn) = copy_arn(&state) else {
        return Ok(state);
    };
    let wanted = Lifecycle::days(&state.recovery_point_lifecycle);
    let backup = place.aws_backup();
    let vault = place.vault.vault_name();
    if let Some(wanted) = wanted.filter(|_| wanted != Lifecycle::days(&prior.recovery_point_lifecycle)) {
        backup
            .set_copy_lifecycle(&aws, vault, &arn, wanted)
            .await
            .map_err(|err| unreached(place, "Lifecycle of the copy cannot be changed", &err))?;
    }
    let found = backup
        .find_recovery_point(&aws, vault, &arn)
        .await
        .map_err(|err| unreached(place, "Copy cannot be read", &err))?;
    if let Some(copy) = found {
        take_over(&mut state, &copy);
    }
    Ok(state)
}

/// A read or change at the destination that failed.
pub(super) fn unreached(place: &Place, act: &str, err: &Error) -> Diagnostics {
    if place.is_barred_by(err) {
        place
            .cannot_assume(err, "The object stays in the state as it is.")
            .into()
    } else {
        diagnostics::aws(act, err).into()
    }
}

/// A job that AWS has accepted.
struct Accepted {
    attempt: Attempt,
    job: CopyJob,
}

/// Goes on with the job of an attempt that was cut off, or starts one.
async fn accepted(
    client: &Client,
    aws: &aws_clients::Cx,
    state: &Model,
    region: &Region,
    reach: &Reach,
    account: Option<String>,
    cx: &Cx,
) -> Result<Accepted, Diagnostics> {
    let backup = client.aws.aws_backup(region);
    let (point, vault) = ends(state)?;
    let key = key(state, region);
    let mut claimed = client
        .journal
        .claim(journal::Operation::CopyRecoveryPoint, &key, account.as_deref());
    if let Some(attempt) = &mut claimed
        && let Some(job_id) = attempt.record().arn.clone()
    {
        let found = backup.find_copy_job(aws, &job_id).await.map_err(|err| {
            let why = format!(
                "An earlier apply started copy job {job_id} and was cut off. Before another one is started, it must be \
                 known what became of that one; nothing was copied in this apply."
            );
            diagnostics::aws_after("Copy of an earlier apply cannot be looked for", &err, &why)
        })?;
        match found {
            Some(job) if !matches!(job.state, CopyJobState::Failed | CopyJobState::Partial) => {
                cx.warn(taken_over(&job));
                let attempt = claimed.expect("it was looked at a moment ago");
                return Ok(Accepted { attempt, job });
            }
            // It has come to nothing: another job needs another token.
            _ => attempt.restart(record(state, region, &key, account.clone(), client)),
        }
    }
    let is_repeated = claimed.is_some();
    // Where an earlier call may have had its effect, a refusal leaves its record.
    plan::check(client, aws, state, region, reach).await?;
    let mut attempt =
        claimed.unwrap_or_else(|| client.journal.begin(record(state, region, &key, account, client)));
    if let Some(warning) = client.journal.warning() {
        cx.warn(warning);
    }
    let token = attempt.record().name.clone();
    let copy = Copy {
        recovery_point: &point,
        source_vault_name: state.source_vault_name.known().map_or("", String::as_str),
        destination_vault: &vault,
        role_arn: state.role_arn.known().map_or("", String::as_str),
        lifecycle: Lifecycle::days(&state.recovery_point_lifecycle)
            .filter(|_| state.recovery_point_lifecycle.known().is_some()),
        token: &token,
    };
    attempt.asks(client.now(region));
    let job_id = match backup.start_copy_job(aws, &copy).await {
        Ok(job_id) => job_id,
        Err(err) => return Err(not_started(attempt, &err, is_repeated)),
    };
    attempt.made(&job_id);
    // AWS may not know the job at once. What it says of it comes with the wait.
    let started = CopyJob {
        id: job_id.clone(),
        state: CopyJobState::Created,
        status_message: None,
        source: Some(point),
        source_vault: None,
        destination_vault: Some(vault),
        copy: None,
        lifecycle: Lifecycle::days(&state.recovery_point_lifecycle).unwrap_or_default(),
        role_arn: None,
        created_at: None,
        completed_at: None,
        size_bytes: None,
    };
    if is_repeated && let Ok(Some(job)) = backup.find_copy_job(aws, &job_id).await {
        cx.warn(taken_over(&job));
        return Ok(Accepted { attempt, job });
    }
    Ok(Accepted {
        attempt,
        job: started,
    })
}

/// A call that AWS refused, or of which nobody knows.
fn not_started(attempt: Attempt, err: &Error, is_repeated: bool) -> Diagnostics {
    let is_refused = !matches!(
        err.kind(),
        ErrorKind::Unavailable
            | ErrorKind::Throttled
            | ErrorKind::Ambiguous
            | ErrorKind::Cancelled
            | ErrorKind::TimedOut
            | ErrorKind::NotAws
            | ErrorKind::Other
    );
    if is_refused {
        attempt.discard();
        return diagnostics::aws(CANNOT_COPY, err).into();
    }
    drop(attempt);
    let earlier = if is_repeated {
        "this and an earlier apply"
    } else {
        "this apply"
    };
    let why = format!(
        "Whether AWS has started a copy job is not known. The next apply asks again with the token of {earlier}: it goes on \
         with that job, or starts it, and no second one is made."
    );
    diagnostics::aws_after(CANNOT_COPY, err, &why).into()
}

/// Looks at the copy, where that can be done, and sees to its lifecycle. Whatever fails here, the copy is there: so it is
/// said and does not taint the object.
async fn finish(aws: &aws_clients::Cx, state: &mut Model, job: &CopyJob, reach: &Reach, cx: &Cx) {
    let lifecycle = state.recovery_point_lifecycle.clone();
    state.update_from_job(job);
    state.unfinished = false.into();
    let (Some(place), Some(arn)) = (reach.place(), copy_arn(state)) else {
        return;
    };
    match Box::pin(settled(aws, place, &arn, &lifecycle)).await {
        Ok(copy) => take_over(state, &copy),
        Err(err) => {
            let arn = arn.as_str();
            let told = if place.is_barred_by(&err) {
                place.cannot_assume(&err, &format!("The copy was made: {arn}."))
            } else {
                let why = format!(
                    "The copy was made and is in the state: {arn}. What could not be read or set is read and set by the \
                     next apply."
                );
                diagnostics::aws_after("Copy was made, and cannot be looked at", &err, &why)
            };
            cx.warn(Diagnostic::warning(told.summary.clone(), told.detail.clone()));
        }
    }
}

/// The copy, once it can be read, with the lifecycle that was asked for: what AWS does where none was sent is not
/// documented well (CPY-010), and a job that an earlier apply started may have been given another one.
async fn settled(
    aws: &aws_clients::Cx,
    place: &Place,
    arn: &RecoveryPointArn,
    lifecycle: &Attr<Lifecycle>,
) -> Result<RecoveryPoint, Error> {
    let backup = place.aws_backup();
    let vault = place.vault.vault_name();
    let doing = format!("waiting for recovery point {arn} to be COMPLETED");
    let plan = Wait {
        doing: &doing,
        pending: &["CREATING"],
        target: &["COMPLETED", "AVAILABLE"],
        gone: Gone::FailureOnceSeen("there is no such recovery point in the vault"),
        longest_pause: std::time::Duration::from_secs(10),
        goes_on: "the copy is made",
    };
    let find = || async {
        let found = backup.find_recovery_point(aws, vault, arn).await?;
        Ok(found.map(|copy| (copy.status.to_string(), copy)))
    };
    let clock = place.clients.clock();
    let mut copy = loop {
        if let Some(copy) = wait(aws, &**clock, &plan, find).await? {
            break copy;
        }
    };
    if let Some(wanted) = Lifecycle::days(lifecycle).filter(|wanted| *wanted != copy.lifecycle) {
        backup.set_copy_lifecycle(aws, vault, arn, wanted).await?;
        if let Some(changed) = backup.find_recovery_point(aws, vault, arn).await? {
            copy = changed;
        }
    }
    Ok(copy)
}

/// Takes over what the copy says, but for the arguments: in an apply they are what was planned.
fn take_over(state: &mut Model, copy: &RecoveryPoint) {
    let (lifecycle, role_arn) = (state.recovery_point_lifecycle.clone(), state.role_arn.clone());
    state.update_from_copy(copy);
    state.recovery_point_lifecycle = lifecycle;
    state.role_arn = role_arn;
}

/// Waits for a job that nobody wants any more, since it cannot be stopped.
pub(super) async fn finish_before_delete(
    client: &Client,
    aws: &aws_clients::Cx,
    state: &mut Model,
) -> Result<(), Diagnostics> {
    let region = client.region(state.region.known());
    let Some(job_id) = state.copy_job_id.known().cloned() else {
        return Ok(());
    };
    match client.aws.aws_backup(&region).wait_copy_job(aws, &job_id).await {
        Ok(job) => {
            state.update_from_job(&job);
            Ok(())
        }
        Err(err) if err.is_not_found() => Ok(()),
        Err(err) => {
            let why = format!(
                "Copy job {job_id} is still running, and AWS Backup cannot stop it. Nothing was deleted, and the object \
                 stays in the state: the next destroy waits on."
            );
            Err(diagnostics::aws_after("Copy cannot be deleted yet", &err, &why).into())
        }
    }
}

/// Keeps an unfinished copy for the create that follows.
pub(super) fn hand_over(client: &Client, state: &Model, job: &str, cx: &Cx) -> Result<(), Diagnostics> {
    let region = client.region(state.region.known());
    let account = state.account_id.known().cloned();
    let record = Record {
        arn: Some(job.to_owned()),
        stage: Stage::HandedOver,
        ..record(state, &region, &key(state, &region), account, client)
    };
    if client.journal.hand_over(record) {
        cx.warn(Diagnostic::warning(
            "Unfinished copy is kept for the new object",
            format!(
                "Copy job {job} was not finished when an earlier apply ended. Its copy is not deleted: the object that \
                 replaces this one takes it over. If the replacement has other arguments, it makes a copy of its own, and \
                 this one stays in AWS; find it then with aws backup describe-copy-job --region {region} --copy-job-id \
                 {job}"
            ),
        ));
    }
    if let Some(warning) = client.journal.warning() {
        cx.warn(warning);
    }
    Ok(())
}

/// A wait that ended before the job did: with an unfinished object when the user interrupted, otherwise with an error,
/// after which Terraform taints the object.
fn wait_ended(err: &Error, attempt: Attempt, state: Model, cx: &Cx) -> Result<Model, Diagnostics> {
    if err.kind() == ErrorKind::Cancelled {
        attempt.discard();
        cx.warn(interrupted(&state));
        return Ok(state);
    }
    let job = state.copy_job_id.known().map(String::as_str).unwrap_or_default();
    let aftermath = format!(
        "AWS has accepted copy job {job} and goes on with it. Terraform has it in its state. The next apply takes up the \
         wait with this same job, although its plan will show a replacement: nothing is deleted, and no second copy is made."
    );
    attempt.leave();
    Err(diagnostics::aws_after(NOT_FINISHED, err, &aftermath).into())
}

fn interrupted(state: &Model) -> Diagnostic {
    let job = state.copy_job_id.known().map(String::as_str).unwrap_or_default();
    Diagnostic::warning(
        "Copy is not finished yet",
        format!(
            "The run was interrupted. AWS goes on with copy job {job}, and it is in the state with unfinished = true. The \
             next apply takes up the wait; no second copy is made."
        ),
    )
}

fn taken_over(job: &CopyJob) -> Diagnostic {
    Diagnostic::warning(
        "Copy of an earlier apply was taken over",
        format!(
            "An earlier apply was cut off after it had asked AWS for this copy, so no second one was made. Copy job {} is \
             {}, and its copy is now managed by this object.",
            job.id, job.state
        ),
    )
}

fn taken_by_another(job: &str) -> Diagnostic {
    Diagnostic::error(
        "Copy is managed by another object",
        format!(
            "Copy job {job} was not finished, and another object of this configuration with the same arguments has taken it \
             over in this apply.\n\nRemove this object from the state (terraform state rm), then apply again: it gets a copy \
             of its own."
        ),
    )
}

/// The object of a job that made nothing: the next refresh drops it.
fn give_up(state: &mut Model, job: &CopyJob) {
    state.update_from_job(job);
    state.unfinished = false.into();
}

/// Tells why a job failed, in AWS's words, and what to do.
pub(super) fn failed(state: &Model, job: &CopyJob) -> Diagnostic {
    let text = |attr: &Attr<String>| attr.known().cloned().unwrap_or_else(|| "?".to_owned());
    let said = match &job.status_message {
        Some(message) => format!("AWS Backup says: {}", message.trim_end_matches('.')),
        None => "AWS Backup gives no reason".to_owned(),
    };
    let left = match (&job.state, &job.copy) {
        (CopyJobState::Partial, Some(copy)) => {
            format!("A copy of a part is there, and is in no state: {copy}. Delete it if you do not need it.")
        }
        _ => "No copy was made.".to_owned(),
    };
    Diagnostic::error(
        "Copy job failed",
        format!(
            "Copy job {} of {} into {} ended as {}. {said}.\n\n{left} {} Then run terraform apply again: it starts another \
             job.",
            job.id,
            text(&state.recovery_point_arn),
            text(&state.destination_vault_arn),
            job.state,
            advice(job.status_message.as_deref().unwrap_or_default(), state)
        ),
    )
    .at(Path::of("destination_vault_arn"))
}

/// What to do about a job that failed with this message.
fn advice(message: &str, state: &Model) -> String {
    let vault = state.destination_vault_arn.known();
    let account = vault
        .and_then(|vault| vault.parse::<VaultArn>().ok())
        .map_or_else(|| "of the vault".to_owned(), |vault| vault.account().to_owned());
    let message = message.to_ascii_lowercase();
    let has = |word: &str| message.contains(word);
    if has("kms") || has("key") {
        format!(
            "Let the role use the key of the destination vault and that of the source vault (kms:CreateGrant, \
             kms:GenerateDataKey, kms:Decrypt, kms:DescribeKey), in its own policy and in the key policies; the key that \
             AWS manages, aws/backup, cannot be shared with account {account}."
        )
    } else if has("access denied") || has("not authorized") {
        format!(
            "Let the access policy of the vault in account {account} allow this account backup:CopyIntoBackupVault, and the \
             role backup:CopyFromBackupVault and backup:CopyIntoBackupVault. A vault of another account that does not exist \
             looks the same."
        )
    } else if has("organization") {
        "Both accounts must be in one organization, with cross-account backup switched on by its management account."
            .to_owned()
    } else if has("retention") || has("lock") {
        "Give the copy a lifecycle that the lock of the vault allows.".to_owned()
    } else {
        "Mend what AWS names.".to_owned()
    }
}

/// What makes two attempts one: the same recovery point, the same vaults, and the same wish for a copy.
fn key(state: &Model, region: &Region) -> Key {
    let parts = [
        Some("recovery_point_copy"),
        Some(region.as_str()),
        state.recovery_point_arn.known().map(String::as_str),
        state.source_vault_name.known().map(String::as_str),
        state.destination_vault_arn.known().map(String::as_str),
    ];
    let triggers = state.triggers.known().into_iter().flatten();
    let triggers = triggers.flat_map(|(key, value)| [Some(key.as_str()), value.known().map(String::as_str)]);
    Key::of(parts.into_iter().chain(triggers))
}

/// A record of an attempt that begins now, with a token that no other attempt has.
fn record(state: &Model, region: &Region, key: &Key, account: Option<String>, client: &Client) -> Record {
    static ATTEMPTS: AtomicU64 = AtomicU64::new(0);
    let now = client.now(region);
    let parts = [
        key.to_string(),
        now.to_string(),
        std::process::id().to_string(),
        ATTEMPTS.fetch_add(1, Ordering::Relaxed).to_string(),
    ];
    let token = Key::of(parts.iter().map(|part| Some(part.as_str())));
    Record {
        version: Record::VERSION,
        operation: journal::Operation::CopyRecoveryPoint,
        key: key.clone(),
        account,
        region: region.to_string(),
        table_name: state.recovery_point_arn.known().cloned().unwrap_or_default(),
        table_arn: None,
        table_id: None,
        name: token.to_string(),
        source: None,
        started_at: now,
        asked_at: None,
        arn: None,
        job: None,
        stage: Stage::Open,
        run: String::new(),
    }
}

fn ends(state: &Model) -> Result<(RecoveryPointArn, VaultArn), Diagnostics> {
    let text = |attr: &Attr<String>| attr.known().cloned().unwrap_or_default();
    let wrong = |path: &str, err: &Error| diagnostics::aws(CANNOT_COPY, err).at(Path::of(path));
    let point = text(&state.recovery_point_arn)
        .parse()
        .map_err(|err| wrong("recovery_point_arn", &err))?;
    let vault = text(&state.destination_vault_arn)
        .parse()
        .map_err(|err| wrong("destination_vault_arn", &err))?;
    Ok((point, vault))
}

fn copy_arn(state: &Model) -> Option<RecoveryPointArn> {
    state.arn.known()?.parse().ok()
}

fn create_timeout(state: &Model) -> std::time::Duration {
    let default = tfsdk::parse_duration(CREATE_TIMEOUT).expect("the constant is a duration");
    Timeouts::of(&state.timeouts, Operation::Create, default)
}
