//! DBK-VLT-006: a key for a vault that does not encrypt what comes into it.

use crate::examples::aws_backup::{region_settings, vault};
use crate::fact::Fact;
use crate::facts::{BackupVault, Facts, RegionSettings};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-VLT-006"),
    name: "unencrypted_by_vault_key",
    also: &[],
    area: Area::Vaults,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["backup:DescribeRegionSettings"],
    title: "Key of the vault will not encrypt backups of DynamoDB",
    why: "The key of a vault encrypts only what AWS Backup manages wholly. Of DynamoDB, these are recovery points \
          that are made with the advanced features; without them a backup is encrypted by the key of its table, \
          and whoever loses that key loses the backup as well.",
    aws_error: None,
    source: "AWS Backup developer guide, encryption for backups; advanced DynamoDB backup",
    firing: || vault(|it| advanced_features(it, false)),
    silent: || vault(|it| advanced_features(it, true)),
    check,
};

/// Switches the advanced features on or off where the vault is.
fn advanced_features(vault: &mut BackupVault, on: bool) {
    vault.observed.settings = Fact::Known(RegionSettings {
        advanced_features: Fact::Known(on),
        ..region_settings()
    });
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(vault) = facts.backup_vault().filter(|_| facts.is_made()) else {
        return;
    };
    let Fact::Known(key) = &vault.kms_key_arn else {
        return;
    };
    let is_off = vault
        .observed
        .settings
        .is_known_and(|it| it.advanced_features == Fact::Known(false));
    // Nothing of DynamoDB gets into a logically air-gapped vault without them, which has a rule of its own.
    if !is_off || vault.is_air_gapped() {
        return;
    }
    let place = facts
        .region()
        .into_known()
        .map_or("here".to_owned(), |it| format!("in {it}"));
    report.add(
        Subject::VaultKey,
        format!(
            "kms_key_arn is {key:?}, and the advanced features of AWS Backup for DynamoDB are switched off {place}. \
             Backups of DynamoDB tables in this vault are encrypted by the keys of the tables then, and not by that \
             one."
        ),
        "Switch them on before the first backup, since they make a difference only to backups that are made \
         afterwards: resource \"dynamodb_backup_settings\" \"example\" { advanced_features = true }.",
    );
}

#[cfg(test)]
mod tests {
    use super::{RULE, advanced_features, vault};
    use crate::examples::aws_backup::{air_gapped, vault_changed};
    use crate::fact::Fact;
    use crate::facts::{Action, BackupVault, Facts};

    fn is_warned(facts: &Facts) -> bool {
        !RULE.findings(facts).is_empty()
    }

    #[test]
    fn only_a_key_of_ones_own_disappoints() {
        let off = |change: fn(&mut BackupVault)| {
            is_warned(&vault(|it| {
                advanced_features(it, false);
                change(it);
            }))
        };
        assert!(off(|_| ()));
        assert!(!off(|it| it.kms_key_arn = Fact::Absent));
        assert!(!off(|it| it.kms_key_arn = Fact::Unknown));
        assert!(!off(|it| it.observed.settings = Fact::Unknown));
        assert!(!off(|it| advanced_features(it, true)));
        assert!(!is_warned(&air_gapped(|it| advanced_features(it, false))));
    }

    #[test]
    fn it_is_said_when_the_vault_is_made() {
        for (action, said) in [
            (Action::Create, true),
            (Action::Replace, true),
            (Action::Update, false),
            (Action::Keep, false),
            (Action::Destroy, false),
        ] {
            let facts = Facts {
                action: Fact::Known(action),
                ..vault_changed(|it| advanced_features(it, false))
            };
            assert_eq!(is_warned(&facts), said, "{action:?}");
        }
    }
}
