//! Reads the vault again, with its policy and its tags.

use aws_clients::{Error, ErrorKind, Vault};
use jiff::Timestamp;
use tfsdk::{Attr, Cx, Diagnostics};

use super::grace::{self, Grace, Recorded};
use super::model::{Lock, Model};
use super::observe::note_in_state;
use super::work::Work;
use crate::Client;
use crate::diagnostics;
use crate::resources::policy_document::is_same;

pub(super) async fn read(client: &Client, state: Model, cx: &Cx) -> Result<Option<Model>, Diagnostics> {
    let work = Work::on(client, &state, cx, None).await?;
    let cannot_read = |err: Error| Diagnostics::from(diagnostics::aws("Backup vault cannot be read", &err));
    let (backup, aws, name) = (&work.backup, &work.cx, &*work.name);
    note_in_state(client, &state);
    let Some(vault) = backup.find_vault(aws, name).await.map_err(cannot_read)? else {
        return Ok(None);
    };
    let is_imported = state.arn.is_null();
    let (policy, tags) = tokio::join!(
        backup.find_vault_policy(aws, name),
        backup.find_tags(aws, vault.arn.as_str()),
    );
    // Who manages neither policy nor tags of the vault needs no permission to read them.
    let has_policy = is_imported || !state.policy.is_null();
    let has_tags = is_imported || !state.tags.is_null() || !work.tags.defaults.is_empty();
    let policy = or_denied(has_policy, policy).map_err(cannot_read)?;
    let tags = or_denied(has_tags, tags).map_err(cannot_read)?.flatten();

    let mut model = state.clone();
    show_lock(&mut model, &state, &vault, work.backup.now(), cx);
    model.update_from(&vault);
    if let Some(found) = policy {
        model.policy = match (found, &state.policy) {
            (Some(found), Attr::Known(before)) if is_same(&found, before) => state.policy,
            (found, _) => found.into(),
        };
    }
    if let Some(actual) = tags {
        model.tags_all = work.tags.shown_all(&model.tags, &actual);
        model.tags = work.tags.shown_own(&model.tags, actual);
    }
    if is_imported {
        model.force_destroy = false.into();
        model.unfinished = false.into();
    }
    note_in_state(client, &model);
    Ok(Some(model))
}

/// `None` for a read that is denied and that nobody needs.
fn or_denied<T>(is_needed: bool, read: Result<T, Error>) -> Result<Option<T>, Error> {
    match read {
        Err(err) if err.kind() == ErrorKind::Denied && !is_needed => Ok(None),
        read => read.map(Some),
    }
}

/// Shows the lock that the vault has, in a model that said something else before.
pub(super) fn show_lock(model: &mut Model, before: &Model, vault: &Vault, now: Timestamp, cx: &Cx) {
    let Some(lock) = vault.lock else {
        model.lock = Attr::Null;
        grace::set_inferred(cx, false);
        return;
    };
    let date = lock
        .lock_date
        .filter(|_| vault.vault_type != aws_clients::VaultType::LogicallyAirGapped);
    let grace = date.map(|date| {
        let days = before.lock.known().and_then(|it| it.changeable_for_days.known());
        let recorded = days.map(|days| Recorded {
            grace: Grace {
                days: *days,
                inferred: grace::is_inferred(cx),
            },
            lock_date: before.lock_date.known().and_then(|it| it.parse().ok()),
        });
        grace::of_lock(recorded, date, vault.created_at, now)
    });
    grace::set_inferred(cx, grace.is_some_and(|it| it.inferred));
    model.lock = Attr::Known(Lock {
        min_retention_days: lock.min_retention_days.into(),
        max_retention_days: lock.max_retention_days.into(),
        changeable_for_days: grace.map(|it| it.days).into(),
    });
}
