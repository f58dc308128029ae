//! A copy in a locked vault stays until its time has come, and so does its lifecycle.

use aws_clients::VaultArn;
use rules::Fact;
use rules::facts::ObservedVault;
use tfsdk::Diagnostic;

use super::model::Model;

/// What a lock is in the way of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    Delete,
    Change,
}

/// Tells that the vault of a copy is locked, until when, and who could open it.
pub(super) fn refusal(copy: &Model, vault: &Fact<ObservedVault>, wish: Wish) -> Option<Diagnostic> {
    let Fact::Known(seen) = vault else { return None };
    if seen.locked != Fact::Known(true) {
        return None;
    }
    let vault: VaultArn = copy.destination_vault_arn.known()?.parse().ok()?;
    let arn = copy.arn.known().map_or("The copy", String::as_str);
    let end = match copy.deletes_at.known() {
        Some(at) => format!("AWS deletes it at {at}"),
        None => "its lifecycle never deletes it".to_owned(),
    };
    let key = match seen.lock_date {
        Fact::Known(date) => format!(
            "From {} on nobody can change or remove the lock, AWS included.",
            date.strftime("%Y-%m-%dT%H:%M:%SZ")
        ),
        Fact::Absent => format!(
            "The lock is in governance mode: whoever may backup:DeleteBackupVaultLockConfiguration can remove it (aws \
             backup delete-backup-vault-lock-configuration --region {} --backup-vault-name {}).",
            vault.region(),
            vault.vault_name()
        ),
        Fact::Unknown => String::new(),
    };
    let place = format!(
        "the vault {:?} of account {} in {}",
        vault.vault_name(),
        vault.account(),
        vault.region()
    );
    Some(match wish {
        Wish::Delete => Diagnostic::error(
            "Copy is in a locked vault, and cannot be deleted",
            format!(
                "{arn} is in {place}, which is locked: nobody deletes a recovery point there before its time, and {end}. \
                 {key}\n\nTo make Terraform forget the copy, set retain_on_destroy = true and apply, then destroy: it \
                 stays in AWS until then."
            ),
        ),
        Wish::Change => Diagnostic::error(
            "Copy is in a locked vault, and its lifecycle cannot be changed",
            format!(
                "{arn} is in {place}, which is locked: the lifecycle of what it holds stays as it is, and {end}. \
                 {key}\n\nLeave recovery_point_lifecycle as it was."
            ),
        ),
    })
}
