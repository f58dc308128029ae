//! Delete: the copy goes where it can be reached, and is left where it cannot, which is said.

use aws_clients::{ErrorKind, RecoveryPointArn, VaultArn};
use rules::facts::Action;
use tfsdk::{Attr, Cx, Delete, Diagnostic, Diagnostics, Operation, Removal, Timeouts};

use super::model::Model;
use super::reach::{Place, Reach};
use super::{DELETE_TIMEOUT, making, observe, plan};
use crate::Client;
use crate::diagnostics;

const CANNOT_DELETE: &str = "Copy cannot be deleted";

/// Whether a destroy means to delete something.
pub(super) fn deletes(state: &Model) -> bool {
    let is_there = state.arn.known().is_some() || state.unfinished == Attr::Known(true);
    is_there && state.retain_on_destroy != Attr::Known(true)
}

pub(super) async fn delete(client: &Client, delete: Delete<Model>, cx: &Cx) -> Result<(), Diagnostics> {
    let Delete { mut state, reason } = delete;
    let job = state.copy_job_id.known().cloned();
    let is_unfinished = state.unfinished == Attr::Known(true);
    if let (true, Some(job)) = (is_unfinished, &job) {
        if client.journal.is_taken_over(job) {
            // Terraform holds the copy twice: as this object, and as the one that has taken it over.
            tracing::info!(job, "copy is kept: another object has taken it over");
            return Ok(());
        }
        if reason == Removal::Tainted {
            return making::hand_over(client, &state, job, cx);
        }
    }
    let forget = || {
        if let Some(job) = &job {
            client.journal.forget(job);
        }
    };
    if !deletes(&state) {
        forget();
        return Ok(());
    }
    let default = tfsdk::parse_duration(DELETE_TIMEOUT).expect("the constant is a duration");
    let aws = client.cx_with_timeout(cx, Timeouts::of(&state.timeouts, Operation::Delete, default));
    client
        .account_of(&aws, state.account_id.known().map(String::as_str))
        .await?;
    if is_unfinished {
        // A copy job cannot be stopped.
        making::finish_before_delete(client, &aws, &mut state).await?;
    }
    let arn = state
        .arn
        .known()
        .and_then(|arn| arn.parse::<RecoveryPointArn>().ok());
    let Some(arn) = arn else {
        forget();
        return Ok(());
    };
    match Reach::of(client, &state).await {
        Reach::Open(place) => {
            let deleting = place
                .aws_backup()
                .delete_copy(&aws, place.vault.vault_name(), &arn)
                .await;
            if let Err(err) = deleting {
                return Err(refused(client, &aws, &state, &place, &err).await);
            }
        }
        Reach::Barred(vault) => cx.warn(stays(&state, &vault)),
        Reach::Unknown => {
            return Err(Diagnostic::error(
                CANNOT_DELETE,
                format!("The state does not say in which vault {arn} is. Nothing was deleted."),
            )
            .into());
        }
    }
    forget();
    Ok(())
}

/// What a refusal means. Of a lock, AWS says only that there is one.
async fn refused(
    client: &Client,
    aws: &aws_clients::Cx,
    state: &Model,
    place: &Place,
    err: &aws_clients::Error,
) -> Diagnostics {
    if place.is_barred_by(err) {
        return place
            .cannot_assume(err, "Nothing was deleted, and the object stays in the state.")
            .into();
    }
    if err.kind() == ErrorKind::Invalid
        && let Ok(seen) = Box::pin(observe::vault_of_copy(client, aws, place)).await
    {
        let mut object = state.existing_facts();
        object.observed.destination.vault = seen.copy.destination.vault;
        // What a lock of the vault is in the way of, the rules say.
        if let Ok(planner) = client.planner(aws, &client.region(state.region.known())).await
            && let Err(refused) = diagnostics::refuse(
                &client.policy,
                &planner.facts(object, Action::Destroy),
                diagnostics::path_of_subject,
            )
        {
            return refused;
        }
    }
    let aftermath = "The object stays in the state. To leave the copy in AWS, set retain_on_destroy = true and apply, \
                     then destroy.";
    diagnostics::aws_after(CANNOT_DELETE, err, aftermath).into()
}

/// Tells that a copy outlives its object, and where.
pub(super) fn stays(state: &Model, vault: &VaultArn) -> Diagnostic {
    let (account, region, name) = (vault.account(), vault.region(), vault.vault_name());
    let copy = match state.arn.known() {
        Some(arn) => arn.clone(),
        None => format!(
            "The copy of {}",
            state.recovery_point_arn.known().map_or("?", String::as_str)
        ),
    };
    let arn = state.arn.known().map_or("ARN", String::as_str);
    let end = match Model::delete_after_days(state) {
        Some(days) => {
            format!("AWS deletes it {days} days after its original was made, and bills it until then")
        }
        None => "nothing expires it, and AWS bills it until somebody deletes it".to_owned(),
    };
    Diagnostic::warning(
        "Copy stays in the other account",
        format!(
            "{copy} is in the vault {name:?} of account {account} in {region}, which cannot be reached from here: \
             this object leaves the state, and the copy stays; {end}.\n\nTo have it deleted, give {} and apply before you destroy. By \
             hand, in account {account}: aws backup delete-recovery-point --region {region} --backup-vault-name {name} \
             --recovery-point-arn {arn}",
            plan::role_to_give(vault)
        ),
    )
}
