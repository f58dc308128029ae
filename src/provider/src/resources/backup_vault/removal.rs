//! Delete: refused while anything is in the vault, emptied first with `force_destroy`, or handed over to the create that
//! goes on with an unfinished vault.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use aws_clients::{
    Error, ErrorKind, Gone, ListedRecoveryPoint, RecoveryPointFilter, RecoveryPointStatus, Vault, VaultState,
    Wait, retry_until, wait,
};
use tfsdk::{Attr, Cx, Delete, Diagnostic, Diagnostics, Operation, Path, Removal};
use tokio::task::JoinSet;

use super::contents::{self, count};
use super::making;
use super::model::Model;
use super::work::{Work, is_recorded, seconds};
use crate::Client;
use crate::diagnostics;
use crate::journal::Stage;

const NOT_DELETED: &str = "Backup vault was not deleted";

/// How many recovery points AWS is asked to delete at once. Its rate is undocumented; the pace is learned from throttles.
const AT_ONCE: usize = 16;

/// How many looks a recovery point gets that AWS agreed to delete and shows as EXPIRED: the first may be old.
const LOOKS_AT_EXPIRED: u32 = 3;

/// How many recovery points a message names.
const NAMED: usize = 5;

pub(super) async fn delete(client: &Client, delete: Delete<Model>, cx: &Cx) -> Result<(), Diagnostics> {
    let Delete { state, reason } = delete;
    let arn = state.arn.known().cloned().unwrap_or_default();
    if state.unfinished == Attr::Known(true) {
        if client.journal.is_taken_over(&arn) {
            tracing::info!(%arn, "vault is kept: another object has taken it over");
            return Ok(());
        }
        if reason == Removal::Tainted {
            hand_over(client, &state, cx);
            return Ok(());
        }
    }
    let work = Work::on(client, &state, cx, Some(Operation::Delete)).await?;
    let Some(vault) = settled(&work).await? else {
        client.journal.forget(&arn);
        return Ok(());
    };
    if !is_recorded(&state, &vault) {
        cx.warn(spared(&work, &vault));
        return Ok(());
    }
    if vault.recovery_points > 0 || state.force_destroy == Attr::Known(true) {
        empty(&work, &state, &vault).await?;
    }
    match work.backup.delete_vault(&work.cx, &work.name).await {
        Ok(()) => {}
        // Something came in since, or AWS's count lags behind.
        Err(err) if err.kind() == ErrorKind::Invalid => {
            let points = list(&work).await.map_err(|err| failed(&err))?;
            let held = contents::told(&vault, &points).unwrap_or_default();
            let aftermath = format!("{held} {}", how_to_go_on(&work, &state))
                .trim_start()
                .to_owned();
            return Err(diagnostics::aws_after(NOT_DELETED, &err, &aftermath).into());
        }
        Err(err) => return Err(failed(&err)),
    }
    // AWS answers before the name is free (hashicorp/terraform-provider-aws#49647).
    work.backup
        .wait_vault_gone(&work.cx, &work.name)
        .await
        .map_err(|err| {
            let aftermath =
                "AWS has agreed to delete the vault. Run the same command again: it waits until it is gone.";
            Diagnostics::from(diagnostics::aws_after(NOT_DELETED, &err, aftermath))
        })?;
    client.journal.forget(&arn);
    Ok(())
}

fn failed(err: &Error) -> Diagnostics {
    diagnostics::aws(NOT_DELETED, err).into()
}

/// The vault, once AWS has made it: one in the making cannot be deleted.
async fn settled(work: &Work<'_>) -> Result<Option<Vault>, Diagnostics> {
    let found = work.backup.find_vault(&work.cx, &work.name).await;
    let Some(vault) = found.map_err(|err| failed(&err))? else {
        return Ok(None);
    };
    if vault.state != VaultState::Creating {
        return Ok(Some(vault));
    }
    match work.backup.wait_vault_available(&work.cx, &work.name).await {
        Ok(vault) => Ok(Some(vault)),
        Err(err) if err.is_not_found() => Ok(None),
        // One that could not be made can be deleted.
        Err(err) if err.kind() == ErrorKind::UnexpectedStatus => Ok(Some(vault)),
        Err(err) => Err(failed(&err)),
    }
}

/// Sees to it that nothing is in the vault, or refuses before anything is deleted.
async fn empty(work: &Work<'_>, state: &Model, vault: &Vault) -> Result<(), Diagnostics> {
    let points = list(work).await.map_err(|err| failed(&err))?;
    let Some(held) = contents::told(vault, &points) else {
        return Ok(());
    };
    if let Some(lock) = vault.lock {
        return Err(locked(work, vault, lock.lock_date, &held).into());
    }
    if state.force_destroy != Attr::Known(true) {
        let text = format!(
            "AWS deletes only an empty vault, and force_destroy is not true for vault {:?} in {}. {held} Nothing was \
             deleted.\n\n{}",
            work.name,
            work.region(),
            how_to_go_on(work, state),
        );
        return Err(Diagnostic::error("Backup vault is not empty", text)
            .at(Path::of("force_destroy"))
            .into());
    }
    delete_points(work, points).await
}

fn how_to_go_on(work: &Work<'_>, state: &Model) -> String {
    let forget = "To keep the vault and all that is in it, let Terraform forget it: removed { from = \
                  dynamodb_backup_vault.NAME, lifecycle { destroy = false } }.";
    if state.force_destroy == Attr::Known(true) {
        return format!(
            "Stop what fills the vault, and run the same command again. {forget} See what is in it: aws backup \
             list-recovery-points-by-backup-vault --backup-vault-name {} --region {}",
            work.name,
            work.region(),
        );
    }
    format!(
        "{forget} To delete the recovery points with it, for good, set force_destroy = true and apply, then destroy."
    )
}

fn locked(work: &Work<'_>, vault: &Vault, lock_date: Option<jiff::Timestamp>, held: &str) -> Diagnostic {
    let is_air_gapped = vault.vault_type == aws_clients::VaultType::LogicallyAirGapped;
    let (why, fix) = match lock_date {
        _ if is_air_gapped => (
            "It is a logically air-gapped vault, which is locked for good".to_owned(),
            WAIT,
        ),
        Some(date) if date <= work.backup.now() => (
            format!(
                "Its lock is in compliance mode, and final since {}: nobody can remove it",
                seconds(date)
            ),
            WAIT,
        ),
        Some(date) => (
            format!("Its lock can still be removed until {}", seconds(date)),
            "Remove lock from the configuration and apply before then, and destroy after that.",
        ),
        None => (
            "Its lock is in governance mode".to_owned(),
            "Remove lock from the configuration and apply, then destroy.",
        ),
    };
    Diagnostic::error(
        "Backup vault is locked",
        format!(
            "No recovery point can be deleted from vault {:?} in {}, also with force_destroy, and AWS deletes only an \
             empty vault. {why}. {held} Nothing was deleted.\n\n{fix}",
            work.name,
            work.region(),
        ),
    )
    .at(Path::of("lock"))
}

const WAIT: &str = "Stop what fills the vault, and destroy it when AWS has deleted the last recovery point. Until then, let \
                    Terraform forget it: removed { from = dynamodb_backup_vault.NAME, lifecycle { destroy = false } }.";

/// Lists what is in the vault; nothing for a vault that has gone.
async fn list(work: &Work<'_>) -> Result<Vec<ListedRecoveryPoint>, Error> {
    let filter = RecoveryPointFilter::of_vault(&work.name);
    match work.backup.list_recovery_points(&work.cx, &filter).await {
        Err(err) if err.is_not_found() => Ok(Vec::new()),
        listed => listed,
    }
}

/// Deletes all recovery points, many at once, and waits until they are gone. One that is being deleted already, by a run
/// that was interrupted, is only waited for.
async fn delete_points(work: &Work<'_>, mut points: Vec<ListedRecoveryPoint>) -> Result<(), Diagnostics> {
    let mut total = points.len();
    let mut asked = BTreeSet::new();
    loop {
        let new: Vec<_> = points
            .into_iter()
            .filter(|point| asked.insert(point.arn.to_string()))
            .filter(|point| point.status != RecoveryPointStatus::Deleting)
            .collect();
        ask(work, new, total).await?;
        match left(work, &asked, total).await? {
            Left::Nothing => return Ok(()),
            Left::Expired(stuck) => return Err(expired(work, &stuck, total).into()),
            Left::New(more) => {
                total += more.iter().filter(|it| !asked.contains(it.arn.as_str())).count();
                points = more;
            }
        }
    }
}

/// Asks AWS to delete recovery points.
async fn ask(work: &Work<'_>, points: Vec<ListedRecoveryPoint>, total: usize) -> Result<(), Diagnostics> {
    let mut queue = points.into_iter();
    let mut asking = JoinSet::new();
    let mut refused: Vec<(String, Error)> = Vec::new();
    let mut taken = 0_usize;
    loop {
        while asking.len() < AT_ONCE
            && let Some(point) = queue.next()
        {
            let (backup, aws, name) = (work.backup.clone(), work.cx.clone(), work.name.clone());
            let clock = work.client.aws.clock().clone();
            asking.spawn(async move {
                let doing = format!("deleting recovery point {}", point.arn);
                // Not yet while it is being made, copied or restored.
                let done = retry_until(&aws, &*clock, &doing, || {
                    backup.delete_recovery_point(&aws, &name, &point.arn)
                })
                .await;
                (point.arn, done)
            });
        }
        let Some(joined) = asking.join_next().await else {
            break;
        };
        match joined {
            Ok((_, Ok(()))) => taken += 1,
            Ok((_, Err(err))) if is_stop(&err) => {
                let aftermath = format!(
                    "AWS has agreed to delete {taken} of {}; the others are still in vault {:?}. Run the same command \
                     again: it goes on with them.",
                    count(i64::try_from(total).unwrap_or(i64::MAX), "recovery point"),
                    work.name,
                );
                return Err(diagnostics::aws_after(NOT_DELETED, &err, &aftermath).into());
            }
            Ok((arn, Err(err))) => refused.push((arn.to_string(), err)),
            Err(panic) => std::panic::resume_unwind(panic.into_panic()),
        }
    }
    let Some((_, first)) = refused.first() else {
        return Ok(());
    };
    let named: Vec<&str> = refused.iter().take(NAMED).map(|(arn, _)| arn.as_str()).collect();
    let aftermath = format!(
        "AWS refused to delete {} of {} in vault {:?} ({}{}), and agreed to delete {taken}. The vault stays.\n\nA legal hold, \
         an access policy of the vault that denies backup:DeleteRecoveryPoint, or a missing permission is the usual cause. \
         Run the same command again when it is gone.",
        refused.len(),
        count(i64::try_from(total).unwrap_or(i64::MAX), "recovery point"),
        work.name,
        named.join(", "),
        if refused.len() > named.len() { ", …" } else { "" },
    );
    Err(diagnostics::aws_after(NOT_DELETED, first, &aftermath).into())
}

fn is_stop(err: &Error) -> bool {
    matches!(err.kind(), ErrorKind::Cancelled | ErrorKind::TimedOut)
}

/// What is left in the vault when a wait ends.
enum Left {
    Nothing,
    /// AWS agreed to delete these, and could not (TAG-006).
    Expired(Vec<ListedRecoveryPoint>),
    /// Some came in since.
    New(Vec<ListedRecoveryPoint>),
}

/// Waits until the recovery points are gone; a success of DeleteRecoveryPoint says nothing.
async fn left(work: &Work<'_>, asked: &BTreeSet<String>, total: usize) -> Result<Left, Diagnostics> {
    let doing = format!(
        "waiting until the recovery points of backup vault {} are deleted",
        work.name
    );
    let what = Wait {
        doing: &doing,
        pending: &["DELETING"],
        target: &["EXPIRED", "NEW"],
        gone: Gone::Target,
        longest_pause: Duration::from_secs(15),
        goes_on: "AWS goes on deleting those that it has agreed to delete",
    };
    let looks = AtomicU32::new(0);
    let look = || async {
        let points = list(work).await?;
        let is_expired = |point: &ListedRecoveryPoint| point.status == RecoveryPointStatus::Expired;
        let status = if points.is_empty() {
            return Ok(None);
        } else if points.iter().any(|point| !asked.contains(point.arn.as_str())) {
            "NEW"
        } else if points.iter().all(is_expired)
            && looks.fetch_add(1, Ordering::Relaxed) + 1 >= LOOKS_AT_EXPIRED
        {
            "EXPIRED"
        } else {
            "DELETING"
        };
        Ok(Some((
            format!("{status} ({} of {total} left)", points.len()),
            (status, points),
        )))
    };
    let clock = work.client.aws.clock();
    let found = wait(&work.cx, &**clock, &what, look).await.map_err(|err| {
        let aftermath = "Run the same command again: it goes on with what is left.";
        Diagnostics::from(diagnostics::aws_after(NOT_DELETED, &err, aftermath))
    })?;
    Ok(match found {
        None => Left::Nothing,
        Some(("EXPIRED", points)) => Left::Expired(points),
        Some((_, points)) => Left::New(points),
    })
}

fn expired(work: &Work<'_>, stuck: &[ListedRecoveryPoint], total: usize) -> Diagnostic {
    let named: Vec<String> = stuck
        .iter()
        .take(NAMED)
        .map(|point| match &point.status_message {
            Some(message) => format!("{}: {message}", point.arn),
            None => format!("{}: AWS gives no reason", point.arn),
        })
        .collect();
    let more = match stuck.len() - named.len() {
        0 => String::new(),
        more => format!("\nand {more} more"),
    };
    Diagnostic::error(
        "Recovery points cannot be deleted",
        format!(
            "AWS agreed to delete all {} of vault {:?} in {}, and could not delete {}, which are EXPIRED now:\n{}{more}\n\n\
             The vault stays. AWS Backup deletes with the role that made a recovery point: give that role \
             dynamodb:DeleteBackup and backup:DeleteRecoveryPoint back, or make it anew under its name, then run the same \
             command again.",
            count(i64::try_from(total).unwrap_or(i64::MAX), "recovery point"),
            work.name,
            work.region(),
            stuck.len(),
            named.join("\n"),
        ),
    )
}

/// Keeps an unfinished vault for the create that follows.
fn hand_over(client: &Client, state: &Model, cx: &Cx) {
    let Some(arn) = state.vault_arn() else { return };
    let region = arn.region();
    let created = state.created_at.known().and_then(|it| it.parse().ok());
    let mut record = making::record(
        &region,
        arn.vault_name(),
        making::request_id(cx).unwrap_or_default(),
        Some(arn.account().to_owned()),
        created.unwrap_or_else(|| client.now(&region)),
    );
    record.arn = Some(arn.to_string());
    record.stage = Stage::HandedOver;
    if client.journal.hand_over(record) {
        cx.warn(Diagnostic::warning(
            "Unfinished backup vault is kept for the new object",
            format!(
                "{arn} was not finished when an earlier apply ended. It is not deleted: the object that replaces this one \
                 goes on with it. If the replacement has another name, this one stays in AWS; delete it then with aws \
                 backup delete-backup-vault --backup-vault-name {} --region {region}",
                arn.vault_name(),
            ),
        ));
    }
    if let Some(warning) = client.journal.warning() {
        cx.warn(warning);
    }
}

fn spared(work: &Work<'_>, vault: &Vault) -> Diagnostic {
    let made = vault.created_at.map(seconds).unwrap_or_default();
    Diagnostic::warning(
        "Another backup vault has the name",
        format!(
            "The vault {:?} in {} that the state knows was deleted outside Terraform, and another one has its name, made at \
             {made}. That one was not deleted.",
            work.name,
            work.region(),
        ),
    )
}
