//! DBK-LAG-003: a logically air-gapped vault for backups that are made without the advanced features.

use super::{SAFE_ARN, filling};
use crate::examples::aws_backup::region_settings;
use crate::fact::Fact;
use crate::facts::{Facts, RegionSettings, VaultRole, VaultType, VaultUse};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};
use crate::vaults::report_mendable;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-LAG-003"),
    name: "air_gapped_without_advanced_features",
    also: &[],
    area: Area::AirGappedVaults,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["backup:DescribeBackupVault", "backup:DescribeRegionSettings"],
    title: "Logically air-gapped vault gets no backups of DynamoDB",
    why: "A logically air-gapped vault holds only what AWS Backup manages wholly. Of DynamoDB, these are recovery \
          points that are made with the advanced features; they are switched on in each account and Region. While a \
          plan is made this is a warning, because the same plan may switch them on.",
    aws_error: Some("backup or copy job FAILED"),
    source: "AWS Backup developer guide, logically air-gapped vaults; advanced DynamoDB backup",
    firing: || advanced_features(false),
    silent: || advanced_features(true),
    check,
};

/// A plan that fills a logically air-gapped vault, with the advanced features on or off.
fn advanced_features(on: bool) -> Facts {
    filling(SAFE_ARN, |it| {
        it.observed.account.settings = Fact::Known(RegionSettings {
            advanced_features: Fact::Known(on),
            ..region_settings()
        });
    })
}

/// Whether the settings certainly have the advanced features off.
fn is_off(settings: &Fact<RegionSettings>) -> bool {
    settings.is_known_and(|it| it.advanced_features == Fact::Known(false))
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let region = facts.region();
    let place = region.known().map_or("here".to_owned(), |it| format!("in {it}"));
    let fault = format!("the advanced features of AWS Backup for DynamoDB are switched off {place}");
    let fix = "Switch them on, and let what depends on them refer to that object: resource \
               \"dynamodb_backup_settings\" \"example\" { advanced_features = true }.";
    for used in facts.vault_uses() {
        // What is made without the advanced features is copied nowhere, which the rules about copies say.
        let takes = matches!(used.role, VaultRole::AirGappedTarget | VaultRole::Target);
        if !takes || !is_off(used.settings) || !is_air_gapped(&used) {
            continue;
        }
        let vault = used.words(&facts.caller.account);
        let detail = format!(
            "Backups are to get into {vault}, which is logically air-gapped, and {fault}. It takes none that are made \
             without them."
        );
        report_mendable(facts, &used, report, &detail, fix.to_owned());
    }
    if let Some(vault) = facts
        .backup_vault()
        .filter(|it| it.is_air_gapped() && facts.is_made())
        && is_off(&vault.observed.settings)
    {
        report.add_warning(
            Subject::VaultType,
            format!(
                "The vault is to be logically air-gapped, and {fault}: no backup of a DynamoDB table of this Region \
                 gets into it until they are switched on."
            ),
            fix,
        );
    }
}

fn is_air_gapped(used: &VaultUse<'_>) -> bool {
    used.role == VaultRole::AirGappedTarget || used.vault_type() == Fact::Known(VaultType::LogicallyAirGapped)
}

#[cfg(test)]
mod tests {
    use super::{RULE, SAFE_ARN, advanced_features, filling, region_settings};
    use crate::examples::aws_backup::{
        FAR_VAULT_ARN, air_gapped, air_gapped_vault, copy, observed_vault, recovery_point,
    };
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, ObservedVault, PlannedVault, RegionSettings, Stage, VaultType};
    use crate::finding::{Finding, Severity, Subject};
    use crate::syntax::Region;

    fn finding(facts: &Facts) -> Option<Finding> {
        RULE.findings(facts).pop()
    }

    fn off() -> Fact<RegionSettings> {
        Fact::Known(RegionSettings {
            advanced_features: Fact::Known(false),
            ..region_settings()
        })
    }

    #[test]
    fn a_plan_that_fills_one_is_warned_of() {
        let found = finding(&advanced_features(false)).expect("a finding");
        assert_eq!(found.severity, Severity::Warning);
        assert_eq!(found.subject, Subject::TargetAirGappedVault("daily".to_owned()));
        assert_eq!(
            finding(&filling(SAFE_ARN, |it| it.observed.account.settings = Fact::Unknown)),
            None
        );
        // The vault that is named besides is not air-gapped.
        assert_eq!(RULE.findings(&advanced_features(false)).len(), 1);
    }

    #[test]
    fn a_job_that_is_about_to_start_fails() {
        let point = |vault: ObservedVault, stage: Stage| {
            let facts = recovery_point(|it| {
                it.observed.settings = off();
                it.observed.vault = Fact::Known(vault);
            });
            finding(&Facts { stage, ..facts }).map(|it| it.detail)
        };
        assert!(
            point(air_gapped_vault(), Stage::Apply)
                .expect("a finding")
                .ends_with("would fail.")
        );
        assert!(point(air_gapped_vault(), Stage::Plan).is_some());
        assert_eq!(point(observed_vault(), Stage::Plan), None);
    }

    #[test]
    fn copies_are_left_to_their_rules() {
        let near = FAR_VAULT_ARN.replace("444455556666", "111122223333");
        let facts = copy(|it| {
            it.destination_vault_arn = Fact::Known(near);
            it.observed.account.settings = off();
            it.observed.source_vault = Fact::Known(air_gapped_vault());
            it.observed.destination.vault = Fact::Known(air_gapped_vault());
        });
        assert_eq!(finding(&facts), None);
    }

    #[test]
    fn a_vault_of_the_same_plan_may_be_air_gapped() {
        let with = |vault_type: VaultType| {
            let mut facts = recovery_point(|it| {
                it.observed.settings = off();
                it.observed.vault = Fact::Absent;
            });
            facts.neighbours.vaults = vec![PlannedVault {
                region: Region::parse("us-east-1").expect("a Region"),
                name: "orders".to_owned(),
                vault_type: Fact::Known(vault_type),
                lock: Fact::Unknown,
                is_destroyed: false,
            }];
            finding(&facts).is_some()
        };
        assert!(with(VaultType::LogicallyAirGapped) && !with(VaultType::Standard));
    }

    #[test]
    fn a_vault_that_is_made_is_warned_of() {
        let made = |action: Action| {
            let facts = air_gapped(|it| it.observed.settings = off());
            finding(&Facts {
                action: Fact::Known(action),
                ..facts
            })
        };
        assert_eq!(
            made(Action::Create).expect("a finding").subject,
            Subject::VaultType
        );
        assert_eq!(made(Action::Update), None);
        assert_eq!(finding(&air_gapped(|_| ())), None);
        assert_eq!(
            finding(&crate::examples::aws_backup::vault(
                |it| it.observed.settings = off()
            )),
            None
        );
    }
}
