//! DBK-ABS-004: what needs the advanced features for DynamoDB where they are off, or are about to be switched off.

use super::{in_region, is_switched_off};
use crate::examples::aws_backup::{FAR_VAULT_ARN, copying_plan, region_settings};
use crate::fact::Fact;
use crate::facts::{Facts, PlannedBackupSettings, RegionSettings};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-ABS-004"),
    name: "advanced_features_off",
    also: &["DBK-ABS-002"],
    area: Area::BackupSettings,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["backup:DescribeRegionSettings"],
    title: "Advanced features for DynamoDB are off in AWS Backup",
    why: "The opt-in lets AWS Backup back tables up; a second switch, also per account and Region, lets it manage \
          the backups wholly. Only then can they be copied to another vault, move to cold storage, lie in a \
          logically air-gapped vault, be encrypted with the key of their vault, and get the tags of their table. \
          Copies to another account are the business of DBK-XAC-006.",
    aws_error: Some("copy job FAILED"),
    source: "AWS Backup developer guide, advanced DynamoDB backup",
    firing: || copying(Fact::Known(false)),
    silent: || copying(Fact::Known(true)),
    check,
};

/// A plan that copies into another Region of its own account, with the advanced features on or off.
fn copying(advanced_features: Fact<bool>) -> Facts {
    let own = FAR_VAULT_ARN
        .replace("444455556666", "111122223333")
        .replace("us-east-1", "eu-west-1");
    copying_plan(&own, |it| {
        it.observed.account.settings = Fact::Known(RegionSettings {
            advanced_features,
            ..region_settings()
        });
    })
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    check_copies(facts, report);
    let Some(settings) = facts.backup_settings() else {
        return;
    };
    let seen = settings
        .observed
        .settings
        .known()
        .map_or(Fact::Unknown, |it| it.advanced_features);
    if is_switched_off(settings.advanced_features, seen) {
        report.add(
            Subject::AdvancedFeatures,
            format!(
                "The advanced features for DynamoDB are on{} and are about to be switched off. What is backed up from \
                 then on, DynamoDB keeps: it cannot be copied to another Region or account, does not move to cold \
                 storage, and has neither the key of its vault nor tags. Recovery points that exist stay as they are.",
                in_region(facts)
            ),
            "Set advanced_features = true, or leave advanced_features out, unless no backup plan of the account needs \
             any of that for its tables.",
        );
    }
}

/// Copies within the account, by a plan. What a single copy copies exists already, and how it was made decides.
fn check_copies(facts: &Facts, report: &mut Report<'_>) {
    for copy in facts.copies() {
        let stays = copy.account.is_known_and(|it| *it == copy.destination.account);
        let is_off = copy
            .at_source
            .settings
            .is_known_and(|it| it.advanced_features == Fact::Known(false));
        if copy.single.is_some() || !stays || !is_off {
            continue;
        }
        if facts.region_switched_on_beside(|it: &PlannedBackupSettings| it.advanced_features) {
            continue;
        }
        report.add(
            copy.subject.clone(),
            format!(
                "The rule copies to {}, and the advanced features for DynamoDB are switched off{}: what the rule \
                 backs up, DynamoDB keeps, and it cannot be copied. AWS Backup takes the plan all the same, and its \
                 copy jobs fail, each time; the backups themselves are made.",
                copy.text,
                in_region(facts)
            ),
            format!(
                "Set advanced_features = true in a dynamodb_backup_settings of this Region, and have this plan depend \
                 on it; only what is backed up afterwards can be copied. By hand: aws backup update-region-settings{} \
                 --resource-type-management-preference DynamoDB=true",
                facts
                    .region()
                    .into_known()
                    .map_or(String::new(), |it| format!(" --region {it}"))
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{Fact, Facts, PlannedBackupSettings, RULE, RegionSettings, copying, region_settings};
    use crate::examples::BACKUP_ARN;
    use crate::examples::aws_backup::{FAR_VAULT_ARN, copy, copying_plan, settings};
    use crate::facts::{Action, Caller};
    use crate::finding::Subject;
    use crate::syntax::Region;

    fn count(facts: &Facts) -> usize {
        RULE.findings(facts).len()
    }

    fn off() -> Fact<RegionSettings> {
        Fact::Known(RegionSettings {
            advanced_features: Fact::Known(false),
            ..region_settings()
        })
    }

    #[test]
    fn copies_of_a_plan_within_the_account_need_them() {
        let found = RULE.findings(&copying(Fact::Known(false)));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].subject, Subject::CopyDestination("daily".to_owned(), 0));
        assert!(
            found[0].detail.contains("switched off in us-east-1:"),
            "{}",
            found[0].detail
        );
        assert!(found[0].fix.contains("--region us-east-1 "), "{}", found[0].fix);
        for seen in [Fact::Known(true), Fact::Absent, Fact::Unknown] {
            assert_eq!(count(&copying(seen)), 0);
        }
        let destroyed = Facts {
            action: Fact::Known(Action::Destroy),
            ..copying(Fact::Known(false))
        };
        assert_eq!(count(&destroyed), 0);
        let by_a_stranger = Facts {
            caller: Caller::default(),
            ..copying(Fact::Known(false))
        };
        assert_eq!(count(&by_a_stranger), 0);
    }

    #[test]
    fn copies_to_another_account_and_of_what_exists_are_left_to_other_rules() {
        let far = copying_plan(FAR_VAULT_ARN, |it| it.observed.account.settings = off());
        assert_eq!(count(&far), 0);
        let single = copy(|it| {
            it.recovery_point_arn = BACKUP_ARN.into();
            it.destination_vault_arn = FAR_VAULT_ARN
                .replace("444455556666", "111122223333")
                .as_str()
                .into();
            it.observed.account.settings = off();
        });
        assert_eq!(count(&single), 0);
    }

    #[test]
    fn what_the_same_plan_switches_on_is_on() {
        let beside = |region: &str, opt_in, advanced_features| {
            let mut facts = copying(Fact::Known(false));
            facts.neighbours.settings.push(PlannedBackupSettings {
                region: Region::parse(region).expect("a Region"),
                opt_in,
                advanced_features,
                cross_account_backup: Fact::Absent,
            });
            count(&facts)
        };
        assert_eq!(beside("us-east-1", Fact::Absent, Fact::Known(true)), 0);
        assert_eq!(beside("us-east-1", Fact::Known(true), Fact::Absent), 1);
        assert_eq!(beside("eu-west-1", Fact::Absent, Fact::Known(true)), 1);
    }

    #[test]
    fn switching_off_what_is_on_is_told() {
        let of = |wanted: Fact<bool>, seen: Fact<bool>| {
            let facts = settings(|it| {
                it.advanced_features = wanted;
                it.observed.settings = Fact::Known(RegionSettings {
                    advanced_features: seen,
                    ..region_settings()
                });
            });
            RULE.findings(&facts).pop().map(|it| it.subject)
        };
        let (on, off) = (Fact::Known(true), Fact::Known(false));
        assert_eq!(of(off, on), Some(Subject::AdvancedFeatures));
        for (wanted, seen) in [
            (off, off),
            (on, on),
            (on, off),
            (off, Fact::Unknown),
            (Fact::Absent, on),
        ] {
            assert_eq!(of(wanted, seen), None, "{wanted:?} {seen:?}");
        }
        let unseen = settings(|it| {
            it.advanced_features = Fact::Known(false);
            it.observed.settings = Fact::Unknown;
        });
        assert_eq!(count(&unseen), 0);
    }
}
