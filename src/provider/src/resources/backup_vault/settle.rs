//! Brings policy, tags and lock of a vault to what is planned, one after the other, each recorded as soon as AWS has
//! accepted it. The lock comes last: only it cannot be taken back.

use aws_clients::{Error, ErrorKind, Vault, VaultLock};
use tfsdk::{Attr, Cx, Diagnostic, Diagnostics, Operation, Path, Saved, Update};

use super::grace::{self, Grace, Recorded};
use super::model::{Lock, Model};
use super::work::Work;
use crate::Client;
use crate::diagnostics;
use crate::journal::Hold;
use crate::resources::policy_document::is_same;
use crate::resources::tags::{Others, WantedTags, attrs, difference};

/// Why a step failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// A call failed; what could not be done.
    Aws(&'static str, Error),
    /// Anything that has a diagnostic of its own.
    Told(Box<Diagnostic>),
}

impl Failure {
    /// Whether the user interrupted.
    pub(super) fn is_interruption(&self) -> bool {
        matches!(self, Self::Aws(_, err) if err.kind() == ErrorKind::Cancelled)
    }

    /// Whether the vault has gone.
    pub(super) fn is_gone(&self) -> bool {
        matches!(self, Self::Aws(_, err) if err.is_not_found())
    }

    /// The failure for the user, with what has happened already and how it goes on.
    pub(super) fn told(self, aftermath: &str) -> Diagnostic {
        match self {
            Self::Aws(act, err) => diagnostics::aws_after(act, &err, aftermath),
            Self::Told(diagnostic) => {
                let detail = format!("{}\n\n{aftermath}", diagnostic.detail);
                Diagnostic {
                    detail,
                    ..*diagnostic
                }
            }
        }
    }
}

/// Changes a vault in place, and ends an unfinished create.
pub(super) async fn update(
    client: &Client,
    update: Update<Model>,
    saved: &mut Saved<'_, Model>,
    cx: &Cx,
) -> Result<Model, Diagnostics> {
    let Update { prior, planned, .. } = update;
    let is_unfinished = prior.unfinished == Attr::Known(true);
    let changes_vault = is_unfinished
        || prior.policy != planned.policy
        || prior.lock != planned.lock
        || prior.tags != planned.tags
        || prior.tags_all != planned.tags_all;
    let mut state = Model {
        force_destroy: planned.force_destroy.clone(),
        timeouts: planned.timeouts.clone(),
        ..prior
    };
    if !changes_vault {
        return Ok(state);
    }
    let arn = state.arn.known().cloned().unwrap_or_default();
    if is_unfinished && client.journal.hold(&arn) == Hold::Taken {
        return Err(Diagnostic::error(
            "Backup vault is managed by another object",
            format!(
                "{arn} was not finished, and another object of this configuration with the same name has taken it over in \
                 this apply.\n\nRemove this object from the state (terraform state rm)."
            ),
        )
        .into());
    }
    let work = Work::on(client, &state, cx, Some(Operation::Update)).await?;
    match settle(&work, &mut state, &planned, saved, cx).await {
        Ok(()) => {
            state.unfinished = false.into();
            client.journal.forget(&arn);
            Ok(state)
        }
        Err(failure) => {
            let aftermath =
                "What was changed before is in the state, and the rest is as it was. The next apply goes on.";
            Err(failure.told(aftermath).into())
        }
    }
}

/// Brings the vault of `state` to what is planned, and the state with it.
pub(super) async fn settle(
    work: &Work<'_>,
    state: &mut Model,
    planned: &Model,
    saved: &mut Saved<'_, Model>,
    cx: &Cx,
) -> Result<(), Failure> {
    let vault = work
        .backup
        .wait_vault_available(&work.cx, &work.name)
        .await
        .map_err(|err| Failure::Aws("Backup vault is not available", err))?;
    show(state, &vault);
    saved.save(state);

    settle_policy(work, state, planned).await?;
    state.policy = planned.policy.clone();
    saved.save(state);

    settle_tags(work, state, planned, &vault).await?;
    state.tags = planned.tags.clone();
    state.tags_all = work
        .tags
        .merged(&planned.tags)
        .map_or(Attr::Null, |all| Attr::Known(attrs(all)));
    saved.save(state);

    let locked = settle_lock(work, state, planned, &vault, cx).await?;
    state.lock = planned.lock.clone();
    saved.save(state);
    if locked == Change::Made {
        // When the lock becomes final, only AWS can say.
        let found = work.backup.find_vault(&work.cx, &work.name).await;
        match found.map_err(|err| Failure::Aws("Lock of the backup vault cannot be read", err))? {
            Some(vault) => show(state, &vault),
            None => {
                return Err(Failure::Told(Box::new(Diagnostic::error(
                    "Backup vault has gone",
                    format!("Vault {:?} was deleted while its lock was put on.", work.name),
                ))));
            }
        }
    }
    Ok(())
}

/// Shows what a description says, in a state that may name the key in another way.
fn show(state: &mut Model, vault: &Vault) {
    let key = state.kms_key_arn.clone();
    state.update_from(vault);
    if !key.is_null() && !key.is_unknown() {
        state.kms_key_arn = key;
    }
}

async fn settle_policy(work: &Work<'_>, state: &Model, planned: &Model) -> Result<(), Failure> {
    const ACT: &str = "Access policy of the backup vault cannot be changed";
    let is_managed = !planned.policy.is_null() || !state.policy.is_null();
    if !is_managed && state.unfinished != Attr::Known(true) {
        return Ok(());
    }
    let failed = |err: Error| match err.kind() {
        // The document is the user's.
        ErrorKind::Invalid => Failure::Told(Box::new(diagnostics::aws(ACT, &err).at(Path::of("policy")))),
        _ => Failure::Aws(ACT, err),
    };
    let there = match work.backup.find_vault_policy(&work.cx, &work.name).await {
        Ok(there) => there,
        // A new vault has none, and who manages none needs no permission to read it.
        Err(err) if err.kind() == ErrorKind::Denied && !is_managed => None,
        Err(err) => return Err(failed(err)),
    };
    match (planned.policy.known(), there) {
        (Some(wanted), Some(there)) if is_same(wanted, &there) => Ok(()),
        (Some(wanted), _) => work.backup.put_vault_policy(&work.cx, &work.name, wanted).await,
        (None, Some(_)) => work.backup.delete_vault_policy(&work.cx, &work.name).await,
        (None, None) => Ok(()),
    }
    .map_err(failed)
}

async fn settle_tags(work: &Work<'_>, state: &Model, planned: &Model, vault: &Vault) -> Result<(), Failure> {
    let failed = |err| Failure::Aws("Tags of the backup vault cannot be changed", err);
    let same = state.tags == planned.tags && state.tags_all == planned.tags_all;
    let Some(tags) = work.tags.merged(&planned.tags).filter(|_| !same) else {
        return Ok(());
    };
    let arn = vault.arn.as_str();
    let actual = work.backup.find_tags(&work.cx, arn).await.map_err(failed)?;
    let actual = work.tags.visible(actual.unwrap_or_default());
    let wanted = WantedTags {
        tags,
        others: Others::Go,
    };
    let (set, remove) = difference(&actual, &wanted);
    work.backup
        .change_tags(&work.cx, arn, &set, &remove)
        .await
        .map_err(failed)
}

/// Whether a call changed anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    Made,
    Unneeded,
}

/// Puts or removes the lock, unless the vault has the planned one. A logically air-gapped vault is made with its own.
async fn settle_lock(
    work: &Work<'_>,
    state: &Model,
    planned: &Model,
    vault: &Vault,
    cx: &Cx,
) -> Result<Change, Failure> {
    if planned.is_air_gapped() {
        return Ok(Change::Unneeded);
    }
    let failed = |err: Error| Failure::Aws("Lock of the backup vault cannot be changed", err);
    let told = |diagnostic| Failure::Told(Box::new(diagnostic));
    match (planned.lock.known(), &vault.lock) {
        (None, None) => return Ok(Change::Unneeded),
        (None, Some(_)) => {
            work.check_lock_changeable(vault).map_err(told)?;
            work.backup
                .delete_vault_lock(&work.cx, &work.name)
                .await
                .map_err(failed)?;
        }
        (Some(wanted), Some(there)) if is_there(work, state, wanted, there, vault) => {
            return Ok(Change::Unneeded);
        }
        (Some(wanted), _) => {
            work.check_lock_changeable(vault).map_err(told)?;
            work.backup
                .put_vault_lock(&work.cx, &work.name, wanted.choice())
                .await
                .map_err(failed)?;
        }
    }
    grace::set_inferred(cx, false);
    Ok(Change::Made)
}

/// Whether the vault has this lock already: by the state, or, where that knows of none, put by an attempt that was cut off.
fn is_there(work: &Work<'_>, state: &Model, wanted: &Lock, there: &VaultLock, vault: &Vault) -> bool {
    let shown = Lock {
        min_retention_days: there.min_retention_days.into(),
        max_retention_days: there.max_retention_days.into(),
        changeable_for_days: Attr::Null,
    };
    if !wanted.has_bounds_of(&shown) {
        return false;
    }
    match (&wanted.changeable_for_days, there.lock_date) {
        (Attr::Null, None) => true,
        (Attr::Known(days), Some(date)) => match state.lock.known() {
            Some(recorded) => recorded.changeable_for_days == wanted.changeable_for_days,
            None => {
                let wanted = Recorded {
                    grace: Grace {
                        days: *days,
                        inferred: false,
                    },
                    lock_date: None,
                };
                grace::of_lock(Some(wanted), date, vault.created_at, work.backup.now()).days == *days
            }
        },
        _ => false,
    }
}
