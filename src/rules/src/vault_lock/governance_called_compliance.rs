//! DBK-LCK-012: a lock that can be taken away, on a vault that is called unchangeable.

use super::{configured_on_standard, is_put};
use crate::examples::aws_backup::{lock, vault};
use crate::fact::Fact;
use crate::facts::{BackupVault, Facts};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-LCK-012"),
    name: "governance_called_compliance",
    also: &[],
    area: Area::VaultLock,
    severity: Severity::Warning,
    when: When::Static,
    reads: &[],
    title: "Lock can be removed, and the vault is called unchangeable",
    why: "Without changeable_for_days a lock is in governance mode, and whoever is allowed \
          backup:DeleteBackupVaultLockConfiguration takes it away. That is no WORM storage. It is said only where \
          the name or the tags of the vault call it \"worm\" or \"immutable\", or a tag has the value \
          \"compliance\".",
    aws_error: None,
    source: "AWS Backup developer guide, Vault Lock modes",
    firing: || called("orders-worm"),
    silent: || called("orders-archive"),
    check,
};

/// A vault of such a name, with a lock in governance mode.
fn called(name: &str) -> Facts {
    vault(|it| {
        it.name = name.into();
        it.lock = Fact::Known(lock(Some(30), None, None));
    })
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let (Some(vault), Some(lock)) = (facts.backup_vault(), configured_on_standard(facts)) else {
        return;
    };
    if !lock.changeable_for_days.is_absent() || !is_put(facts, vault, lock) {
        return;
    }
    let Some(claim) = claim(vault) else { return };
    report.add(
        Subject::VaultLock,
        format!(
            "{claim}, and its lock is in governance mode: whoever is allowed \
             backup:DeleteBackupVaultLockConfiguration can remove it, and then delete every recovery point."
        ),
        "If nobody may ever do that, add changeable_for_days, of 3 at least: after so many days the lock is for \
         ever. Otherwise go on, and keep that permission from all but a few.",
    );
}

/// What calls the vault unchangeable.
fn claim(vault: &BackupVault) -> Option<String> {
    let says = |text: &str| {
        let text = text.to_ascii_lowercase();
        text.contains("worm") || text.contains("immutable")
    };
    if let Fact::Known(name) = &vault.name
        && says(name)
    {
        return Some(format!("The vault is called {name:?}"));
    }
    vault.tags.known()?.iter().find_map(|(key, value)| {
        let value = value.known()?;
        let claims = says(key) || says(value) || value.eq_ignore_ascii_case("compliance");
        claims.then(|| format!("The vault has the tag {key} = {value:?}"))
    })
}

#[cfg(test)]
mod tests {
    use super::{RULE, called, lock, vault};
    use crate::examples::aws_backup::{air_gapped, named, vault_changed};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, PriorBackupVault, VaultLock};

    fn is_warned(facts: &Facts) -> bool {
        !RULE.findings(facts).is_empty()
    }

    #[test]
    fn names_and_tags_make_the_claim() {
        assert!(is_warned(&called("orders-WORM")) && is_warned(&called("ImmutableOrders")));
        assert!(!is_warned(&called("orders")));
        let tagged = |key: &str, value: &str| {
            is_warned(&vault(|it| {
                it.lock = Fact::Known(lock(Some(30), None, None));
                it.tags = named([(key, Fact::from(value))]);
            }))
        };
        assert!(tagged("worm", "yes") && tagged("storage", "immutable") && tagged("lock", "Compliance"));
        assert!(!tagged("compliance", "pci") && !tagged("team", "compliance-office"));
        let unknown = vault(|it| {
            it.lock = Fact::Known(lock(Some(30), None, None));
            it.tags = named([("worm", Fact::Unknown)]);
        });
        assert!(!is_warned(&unknown));
    }

    #[test]
    fn only_a_lock_that_is_put_in_governance_mode() {
        let with = |lock: VaultLock| {
            is_warned(&vault(|it| {
                it.name = "orders-worm".into();
                it.lock = Fact::Known(lock);
            }))
        };
        assert!(with(lock(None, None, None)));
        assert!(!with(lock(Some(30), None, Some(3))));
        assert!(!with(VaultLock {
            changeable_for_days: Fact::Unknown,
            ..lock(Some(30), None, None)
        }));
        assert!(!is_warned(&air_gapped(|it| it.name = "orders-worm".into())));
        let kept = Facts {
            action: Fact::Known(Action::Keep),
            ..called("orders-worm")
        };
        assert!(!is_warned(&kept));
        let same = vault_changed(|it| {
            it.name = "orders-worm".into();
            it.lock = Fact::Known(lock(Some(30), None, None));
            it.prior = Fact::Known(PriorBackupVault {
                name: "orders-worm".into(),
                lock: Fact::Known(lock(Some(30), None, None)),
            });
        });
        assert!(!is_warned(&same));
    }
}
