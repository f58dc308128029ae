//! DBK-LAG-008: a copy out of a logically air-gapped vault whose key is one of AWS.

use crate::examples::aws_backup::{air_gapped_vault, copy};
use crate::fact::Fact;
use crate::facts::{Facts, ObservedVault, VaultType};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-LAG-008"),
    name: "copy_under_owned_key",
    also: &[],
    area: Area::AirGappedVaults,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["backup:DescribeBackupVault", "kms:DescribeKey"],
    title: "Nothing can be copied out of this logically air-gapped vault",
    why: "Recovery points can be copied out of a logically air-gapped vault only if it was made with a KMS key of your \
          own. Under the key that AWS owns, which is taken where none is given, they can be restored and shared, and \
          not copied. A vault keeps its key.",
    aws_error: Some("copy job FAILED"),
    source: "AWS Backup developer guide, logically air-gapped vaults",
    firing: || out_of(true),
    silent: || out_of(false),
    check,
};

/// A copy out of a logically air-gapped vault, with a key of AWS or one of the user's own.
fn out_of(is_managed: bool) -> Facts {
    copy(|it| {
        it.observed.source_vault = Fact::Known(ObservedVault {
            has_aws_managed_key: Fact::Known(is_managed),
            ..air_gapped_vault()
        });
    })
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    for copy in facts.copies() {
        let Some(vault) = copy.source_vault else { continue };
        if vault.vault_type != Fact::Known(VaultType::LogicallyAirGapped)
            || vault.has_aws_managed_key != Fact::Known(true)
        {
            continue;
        }
        let name = copy.source_vault_name.unwrap_or("VAULT");
        let detail = format!(
            "The vault {name:?}, out of which the copy comes, is logically air-gapped and encrypted by a key of AWS. \
             AWS Backup copies nothing out of it."
        );
        let fix = "Make another logically air-gapped vault with a KMS key of your own, kms_key_arn, and back up into \
                   that one; or restore here, and back up what was restored.";
        if copy.single.is_some() {
            report.add(copy.subject.clone(), detail, fix);
        } else {
            report.add_warning(
                copy.subject.clone(),
                format!("{detail} The backups themselves are made, and each copy job fails."),
                fix,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, air_gapped_vault, out_of};
    use crate::air_gapped_vaults::{SAFE_ARN, filling};
    use crate::examples::aws_backup::{FAR_VAULT_ARN, copy, named, observed_vault, rule};
    use crate::fact::Fact;
    use crate::facts::{CopyAction, Facts, ObservedVault, PlanRule};
    use crate::finding::{Finding, Severity};

    fn finding(facts: &Facts) -> Option<Finding> {
        RULE.findings(facts).pop()
    }

    fn managed(vault: ObservedVault) -> ObservedVault {
        ObservedVault {
            has_aws_managed_key: Fact::Known(true),
            ..vault
        }
    }

    #[test]
    fn kind_and_key_count() {
        assert!(finding(&out_of(true)).is_some() && finding(&out_of(false)).is_none());
        let ordinary = copy(|it| it.observed.source_vault = Fact::Known(managed(observed_vault())));
        assert_eq!(finding(&ordinary), None);
        let untold = copy(|it| {
            it.observed.source_vault = Fact::Known(ObservedVault {
                has_aws_managed_key: Fact::Unknown,
                ..air_gapped_vault()
            });
        });
        assert_eq!(finding(&untold), None);
        assert_eq!(finding(&copy(|it| it.observed.source_vault = Fact::Absent)), None);
    }

    #[test]
    fn a_plan_copies_out_of_the_air_gapped_vault_that_it_fills() {
        let plan = |arn: Fact<String>| {
            filling(SAFE_ARN, |it| {
                it.rules = named([(
                    "daily",
                    PlanRule {
                        target_logically_air_gapped_vault_arn: arn,
                        copy_actions: Fact::Known(vec![CopyAction::to(FAR_VAULT_ARN)]),
                        ..rule()
                    },
                )]);
                it.observed
                    .vaults
                    .insert("safe".to_owned(), Fact::Known(managed(air_gapped_vault())));
            })
        };
        let found = finding(&plan(SAFE_ARN.into())).expect("a finding");
        assert_eq!(found.severity, Severity::Warning);
        assert!(found.detail.contains("The vault \"safe\""), "{}", found.detail);
        for arn in [Fact::Absent, Fact::Unknown, "no ARN".into()] {
            assert_eq!(finding(&plan(arn)), None);
        }
    }

    #[test]
    fn the_key_is_said_once() {
        let ids: Vec<_> = crate::check(&out_of(true))
            .into_iter()
            .map(|it| it.rule)
            .collect();
        assert_eq!(ids, [RULE.id]);
    }
}
