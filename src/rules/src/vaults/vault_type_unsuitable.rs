//! DBK-VLT-011: a kind of vault that cannot be made, locked or filled in this way.

use crate::examples::aws_backup::vault;
use crate::fact::Fact;
use crate::facts::{BackupVault, Facts, VaultRole, VaultType};
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-VLT-011"),
    name: "vault_type_unsuitable",
    also: &[],
    area: Area::Vaults,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["backup:DescribeBackupVault"],
    title: "Kind of backup vault does not allow this",
    why: "Vaults are BACKUP_VAULT, the ordinary kind, or LOGICALLY_AIR_GAPPED_BACKUP_VAULT, which is locked from \
          its making on and has no time in which its lock can be changed. RESTORE_ACCESS_BACKUP_VAULT is a view of \
          somebody's logically air-gapped vault, out of which one only restores.",
    aws_error: Some("InvalidRequestException or InvalidParameterValueException"),
    source: "AWS Backup API model, VaultType; developer guide, logically air-gapped vaults",
    firing: || vault(|it| it.vault_type = "RESTORE_ACCESS_BACKUP_VAULT".into()),
    silent: || vault(|it| it.vault_type = "BACKUP_VAULT".into()),
    check,
};

/// The kinds that this object makes.
const KINDS: [&str; 2] = ["BACKUP_VAULT", "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"];

fn check(facts: &Facts, report: &mut Report<'_>) {
    if let Some(vault) = facts.backup_vault().filter(|_| !facts.is_destroyed_for_good()) {
        configured(vault, report);
    }
    for used in facts.vault_uses() {
        if used.role == VaultRole::Source || used.vault_type() != Fact::Known(VaultType::RestoreAccess) {
            continue;
        }
        report.add(
            used.subject.clone(),
            format!(
                "The vault {:?} has the type {}: it shows what is in somebody's logically air-gapped vault, and takes \
                 no recovery points of its own.",
                used.name,
                VaultType::RestoreAccess
            ),
            "Give a vault of the type BACKUP_VAULT: aws backup list-backup-vaults --by-vault-type BACKUP_VAULT",
        );
    }
}

fn configured(vault: &BackupVault, report: &mut Report<'_>) {
    if let Fact::Known(text) = &vault.vault_type
        && !KINDS.contains(&text.as_str())
    {
        let hint = match prose::nearest(text, KINDS) {
            Some(kind) => format!("Write vault_type = {kind:?}."),
            None if *text == *VaultType::RestoreAccess.as_str() => {
                "Have it made where the logically air-gapped vault is shared: aws backup \
                 create-restore-access-backup-vault --source-backup-vault-arn VAULT_ARN"
                    .to_owned()
            }
            None => format!("Write {}.", prose::quoted(KINDS, "or")),
        };
        report.add(
            Subject::VaultType,
            format!(
                "vault_type is {text:?}, and this object makes vaults of the types {}.",
                prose::quoted(KINDS, "and")
            ),
            hint,
        );
    }
    if let Fact::Known(lock) = &vault.lock
        && let Fact::Known(days) = lock.changeable_for_days
        && vault.is_air_gapped()
    {
        report.add(
            Subject::LockChangeable,
            format!(
                "changeable_for_days is {days}, and a logically air-gapped vault is locked for ever from its making \
                 on: there is no time in which its lock can be changed."
            ),
            "Leave changeable_for_days out. To try the bounds first, make a vault of the type BACKUP_VAULT with \
             them.",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, vault};
    use crate::examples::aws_backup::{air_gapped, copy, lock, observed_vault, recovery_point};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, ObservedVault, VaultType};
    use crate::finding::{Finding, Subject};

    fn finding(facts: &Facts) -> Option<Finding> {
        RULE.findings(facts).pop()
    }

    #[test]
    fn two_kinds_can_be_made() {
        let fix = |text: &str| finding(&vault(|it| it.vault_type = text.into())).map(|it| it.fix);
        assert_eq!(fix("BACKUP_VAULT"), None);
        assert_eq!(
            fix("BACKUP_VALT").as_deref(),
            Some("Write vault_type = \"BACKUP_VAULT\".")
        );
        assert!(
            fix("RESTORE_ACCESS_BACKUP_VAULT")
                .expect("a finding")
                .contains("create-restore-access-backup-vault")
        );
        assert_eq!(
            fix("x").as_deref(),
            Some("Write \"BACKUP_VAULT\" or \"LOGICALLY_AIR_GAPPED_BACKUP_VAULT\".")
        );
        assert_eq!(finding(&vault(|it| it.vault_type = Fact::Unknown)), None);
        assert_eq!(finding(&air_gapped(|_| ())), None);
        let destroyed = Facts {
            action: Fact::Known(Action::Destroy),
            ..vault(|it| it.vault_type = "x".into())
        };
        assert_eq!(finding(&destroyed), None);
    }

    #[test]
    fn a_logically_air_gapped_vault_has_no_grace_time() {
        let days = |days| Fact::Known(lock(Some(7), Some(365), days));
        let found = finding(&air_gapped(|it| it.lock = days(Some(3)))).expect("a finding");
        assert_eq!(found.subject, Subject::LockChangeable);
        assert_eq!(finding(&air_gapped(|it| it.lock = days(None))), None);
        assert_eq!(finding(&air_gapped(|it| it.lock = Fact::Unknown)), None);
        assert_eq!(finding(&vault(|it| it.lock = days(Some(3)))), None);
    }

    #[test]
    fn nothing_goes_into_a_view() {
        let view = || {
            Fact::Known(ObservedVault {
                vault_type: Fact::Known(VaultType::RestoreAccess),
                ..observed_vault()
            })
        };
        let found = finding(&recovery_point(|it| it.observed.vault = view())).expect("a finding");
        assert_eq!(found.subject, Subject::VaultName);
        assert!(finding(&copy(|it| it.observed.destination.vault = view())).is_some());
        assert_eq!(finding(&copy(|it| it.observed.source_vault = view())), None);
    }
}
