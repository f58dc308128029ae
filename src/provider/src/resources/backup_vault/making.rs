//! Create: at most one vault, whatever was cut off before or goes wrong now.
//!
//! The request id that AWS keeps with a vault is written down before the call. A vault that carries it is ours, whatever
//! became of the answer; one of the same name with another id, or none, is somebody else's and is never taken over.

use std::hash::{BuildHasher, RandomState};

use aws_clients::{Error, ErrorKind, NewVault, Region, Vault, VaultArn};
use tfsdk::{Attr, Create, Cx, Diagnostic, Diagnostics, Operation, Path, Saved};

use super::model::Model;
use super::settle::{Failure, settle};
use super::work::{Work, seconds};
use crate::Client;
use crate::diagnostics;
use crate::journal::{self, Attempt, Key, Record, Stage};

const CANNOT_CREATE: &str = "Backup vault cannot be created";

/// What makes two attempts one: a vault's name is its natural key. The key and the kind may have been edited since.
fn key(region: &Region, name: &str) -> Key {
    Key::of([Some("backup_vault"), Some(region.as_str()), Some(name)])
}

/// A record of an attempt to make a vault. Its name is the request id.
pub(super) fn record(
    region: &Region,
    vault_name: &str,
    request_id: String,
    account: Option<String>,
    now: jiff::Timestamp,
) -> Record {
    Record {
        version: Record::VERSION,
        operation: journal::Operation::CreateVault,
        key: key(region, vault_name),
        account,
        region: region.to_string(),
        table_name: String::new(),
        table_arn: None,
        table_id: None,
        name: request_id,
        source: None,
        started_at: now,
        asked_at: Some(now),
        arn: None,
        job: None,
        stage: Stage::Open,
        run: String::new(),
    }
}

/// An id that no other creation has. AWS takes up to 50 letters, digits and `-_.`.
fn new_request_id() -> String {
    // The standard library's hasher is seeded at random: enough to tell two creations of one name apart.
    let random = || RandomState::new().hash_one(0);
    format!("dynamodb-backup-{:016x}{:016x}", random(), random())
}

/// Key of the private state: the request id of the vault, which proves that it is ours when it is handed over.
const REQUEST_ID: &str = "creator_request_id";

/// The request id with which this object's vault was made, where that is known.
pub(super) fn request_id(cx: &Cx) -> Option<String> {
    cx.private(REQUEST_ID)?.as_str().map(str::to_owned)
}

/// Whether a vault that stands in the way was made by an attempt that was cut off, or is about to be handed over.
pub(super) fn is_of_attempt(client: &Client, region: &Region, vault: &Vault, account: Option<&str>) -> bool {
    client
        .journal
        .find(
            journal::Operation::CreateVault,
            &key(region, &vault.name),
            account,
        )
        .is_some_and(|record| proves(&record, vault))
}

/// Whether a record proves that this vault was made by the attempt. One that was handed over was in Terraform's state,
/// which may not have known the id, as after an import.
fn proves(record: &Record, vault: &Vault) -> bool {
    if vault.creator_request_id.as_deref() == Some(&record.name) {
        return true;
    }
    let was_in_state = matches!(record.stage, Stage::InState | Stage::HandedOver);
    let is_as_old = vault
        .created_at
        .is_some_and(|created| created.as_second() == record.started_at.as_second());
    was_in_state && is_as_old && record.arn.as_deref() == Some(vault.arn.as_str())
}

pub(super) async fn create(
    client: &Client,
    create: Create<Model>,
    saved: &mut Saved<'_, Model>,
    cx: &Cx,
) -> Result<Model, Diagnostics> {
    let planned = create.planned;
    let work = Work::on(client, &planned, cx, Some(Operation::Create)).await?;
    let (attempt, arn) = accepted(&work, &planned, cx).await?;
    cx.set_private(REQUEST_ID, attempt.record().name.clone().into());
    let mut state = Model {
        arn: arn.to_string().into(),
        region: work.region().to_string().into(),
        policy: Attr::Null,
        // That of an air-gapped vault is there from the beginning.
        lock: if planned.is_air_gapped() {
            planned.lock.clone()
        } else {
            Attr::Null
        },
        lock_mode: Attr::Null,
        lock_date: Attr::Null,
        created_at: Attr::Null,
        kms_key_arn: null_if_unknown(planned.kms_key_arn.clone()),
        unfinished: true.into(),
        tags_all: Attr::Null,
        ..planned.clone()
    };
    saved.save(&state);
    match settle(&work, &mut state, &planned, saved, cx).await {
        Ok(()) => {
            state.unfinished = false.into();
            attempt.finish();
            Ok(state)
        }
        Err(failure) => ended(failure, attempt, state, planned, cx),
    }
}

/// A creation that ended before all was done: with an unfinished object when the user interrupted, otherwise with an
/// error, after which Terraform taints the object.
fn ended(
    failure: Failure,
    attempt: Attempt,
    state: Model,
    planned: Model,
    cx: &Cx,
) -> Result<Model, Diagnostics> {
    let arn = state.arn.known().cloned().unwrap_or_default();
    if failure.is_interruption() {
        attempt.discard();
        cx.warn(Diagnostic::warning(
            "Backup vault is not finished yet",
            format!(
                "The run was interrupted. {arn} was made, and is in the state with unfinished = true; its policy and its \
                 lock may not be there yet. The next apply goes on with it."
            ),
        ));
        // What is promised and not done yet shows when the vault is read again.
        return Ok(Model {
            policy: planned.policy,
            lock: planned.lock,
            lock_mode: planned.lock_mode,
            tags_all: null_if_unknown(planned.tags_all),
            ..state
        });
    }
    if failure.is_gone() {
        attempt.discard();
        let aftermath = "No vault is left. Run terraform apply again to make another one.";
        return Err(failure.told(aftermath).into());
    }
    attempt.leave();
    let aftermath = format!(
        "{arn} was made, and Terraform has it in its state. The next apply goes on with this same vault, although its plan \
         will show a replacement: it is not deleted, unless its name, kind or key is changed before."
    );
    Err(failure.told(&aftermath).into())
}

/// What AWS has not told yet is not in the state.
fn null_if_unknown<T>(attr: Attr<T>) -> Attr<T> {
    match attr {
        Attr::Unknown => Attr::Null,
        told => told,
    }
}

/// Takes over the vault of an attempt that was cut off, or has AWS make one.
async fn accepted(work: &Work<'_>, planned: &Model, cx: &Cx) -> Result<(Attempt, VaultArn), Diagnostics> {
    let journal = &work.client.journal;
    let key = key(work.region(), &work.name);
    let fresh = || {
        record(
            work.region(),
            &work.name,
            new_request_id(),
            work.account.clone(),
            work.backup.now(),
        )
    };
    let claimed = journal.claim(journal::Operation::CreateVault, &key, work.account.as_deref());
    let mut attempt = match claimed {
        None => journal.begin(fresh()),
        Some(mut attempt) => match find(work).await {
            Err(err) => return Err(diagnostics::aws(CANNOT_CREATE, &err).into()),
            // AWS never made it.
            Ok(None) => {
                attempt.restart(fresh());
                attempt
            }
            Ok(Some(vault)) if !proves(attempt.record(), &vault) => {
                attempt.discard();
                return Err(occupied(work, &vault, None).into());
            }
            Ok(Some(vault)) if is_wanted(planned, &vault) => {
                tracing::info!(arn = %vault.arn, "going on with the vault of an earlier apply");
                attempt.made(vault.arn.as_str());
                return Ok((attempt, vault.arn));
            }
            // Its kind or key has been edited since.
            Ok(Some(vault)) => {
                remove(work, &vault).await?;
                attempt.restart(fresh());
                attempt
            }
        },
    };
    if let Some(warning) = journal.warning() {
        cx.warn(warning);
    }
    let vault = NewVault {
        name: work.name.clone(),
        creator_request_id: attempt.record().name.clone(),
        key_arn: planned.kms_key_arn.known().cloned(),
        tags: work.tags.merged(&planned.tags).unwrap_or_default(),
        air_gapped: planned.retention(),
    };
    attempt.asks(work.backup.now());
    match work.backup.create_vault(&work.cx, &vault).await {
        Ok(arn) => {
            attempt.made(arn.as_str());
            Ok((attempt, arn))
        }
        Err(err) if err.kind() == ErrorKind::AlreadyExists => match find(work).await {
            Ok(Some(vault)) if proves(attempt.record(), &vault) => {
                attempt.made(vault.arn.as_str());
                Ok((attempt, vault.arn))
            }
            found => {
                attempt.discard();
                Err(match found {
                    Ok(Some(vault)) => occupied(work, &vault, Some(&err)).into(),
                    Ok(None) => diagnostics::aws(CANNOT_CREATE, &err).into(),
                    Err(err) => diagnostics::aws(CANNOT_CREATE, &err).into(),
                })
            }
        },
        // Whether AWS has made it is not known: the record stays, and the next apply looks.
        Err(err) if may_have_been_made(&err) => Err(diagnostics::aws(CANNOT_CREATE, &err).into()),
        Err(err) => {
            attempt.discard();
            Err(diagnostics::aws(CANNOT_CREATE, &err).into())
        }
    }
}

fn may_have_been_made(err: &Error) -> bool {
    matches!(
        err.kind(),
        ErrorKind::Ambiguous
            | ErrorKind::Unavailable
            | ErrorKind::NotAws
            | ErrorKind::Cancelled
            | ErrorKind::TimedOut
            | ErrorKind::Other
    )
}

async fn find(work: &Work<'_>) -> Result<Option<Vault>, Error> {
    work.backup.find_vault(&work.cx, &work.name).await
}

/// Whether a vault of ours is the one that is wanted now: of the same kind, with the same key, and the same retention
/// where that is part of it.
fn is_wanted(planned: &Model, vault: &Vault) -> bool {
    let key = planned.kms_key_arn.known().filter(|it| !it.contains("alias/"));
    let bounds = planned.retention().map(|it| (Some(it.min), Some(it.max)));
    let has = vault
        .lock
        .map(|it| (it.min_retention_days, it.max_retention_days));
    planned.vault_type.known().map(String::as_str) == Some(vault.vault_type.as_str())
        && key.is_none_or(|key| vault.key_arn.as_ref() == Some(key))
        && (bounds.is_none() || bounds == has)
}

/// Deletes an unfinished vault of ours that is in the way. AWS refuses if anything is in it.
async fn remove(work: &Work<'_>, vault: &Vault) -> Result<(), Diagnostics> {
    let failed = |err: Error| {
        let aftermath = format!(
            "{} was made by an earlier apply that came to no end, with another kind or key than is configured now. It has \
             to go first. Put kind and key back and apply, which goes on with it; or empty and delete it (aws backup \
             delete-backup-vault --backup-vault-name {} --region {}) and apply.",
            vault.arn,
            work.name,
            work.region(),
        );
        Diagnostics::from(diagnostics::aws_after(CANNOT_CREATE, &err, &aftermath))
    };
    work.backup
        .delete_vault(&work.cx, &work.name)
        .await
        .map_err(failed)?;
    work.backup
        .wait_vault_gone(&work.cx, &work.name)
        .await
        .map_err(failed)
}

/// The name is somebody else's.
fn occupied(work: &Work<'_>, vault: &Vault, refusal: Option<&Error>) -> Diagnostic {
    let (name, region) = (&work.name, work.region());
    let made = vault
        .created_at
        .map(|at| format!(", made at {}", seconds(at)))
        .unwrap_or_default();
    let reference = match refusal.map(|err| (err.code(), err.request_id())) {
        Some((Some(code), Some(id))) => format!("\n\nAWS error {code}, request id {id}"),
        _ => String::new(),
    };
    Diagnostic::error(
        "Backup vault already exists",
        format!(
            "There is a vault {name:?} in {region}{made}. Nothing shows that this configuration made it, so it is left \
             alone.\n\nChoose another name. If it is the vault that you want here, import it: terraform import ADDRESS \
             {name}@{region}, where ADDRESS is the address of this resource, for example \
             dynamodb_backup_vault.example.{reference}"
        ),
    )
    .at(Path::of("name"))
}
