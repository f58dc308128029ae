//! DBK-ABS-005: two objects of one plan that set the same setting of AWS Backup.

use crate::examples::aws_backup::{observed_account, settings};
use crate::fact::Fact;
use crate::facts::{Facts, PlannedBackupSettings};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::Region;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-ABS-005"),
    name: "settings_planned_twice",
    also: &[],
    area: Area::BackupSettings,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Setting of AWS Backup is managed twice",
    why: "There is one opt-in and one switch for the advanced features of DynamoDB in each account and Region, and \
          one cross-account backup in each organization. Two objects that set the same one overwrite each other, \
          and each puts back what it found. Objects that set different ones do not disturb each other, and neither \
          touches other kinds of resources.",
    aws_error: None,
    source: "AWS Backup API reference, UpdateRegionSettings",
    firing: || beside(Fact::Known(false)),
    silent: || beside(Fact::Absent),
    check,
};

/// Settings beside others of the same Region.
fn beside(opt_in: Fact<bool>) -> Facts {
    let mut facts = settings(|it| it.observed = observed_account());
    facts.neighbours.settings =
        Vec::from_iter(Region::parse("us-east-1").map(|region| PlannedBackupSettings {
            region,
            opt_in,
            advanced_features: Fact::Absent,
            cross_account_backup: Fact::Absent,
        }));
    facts
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(settings) = facts.backup_settings().filter(|_| !facts.is_destroyed_for_good()) else {
        return;
    };
    let region = facts.region().into_known();
    for other in &facts.neighbours.settings {
        let is_same_region = region.as_ref() == Some(&other.region);
        let here = other.region.as_str();
        for (subject, own, others, is_shared, place) in [
            (
                Subject::OptIn,
                settings.opt_in,
                other.opt_in,
                is_same_region,
                here,
            ),
            (
                Subject::AdvancedFeatures,
                settings.advanced_features,
                other.advanced_features,
                is_same_region,
                here,
            ),
            // The organization has one, whatever the Region.
            (
                Subject::CrossAccountBackup,
                settings.cross_account_backup,
                other.cross_account_backup,
                true,
                "the organization",
            ),
        ] {
            let (true, Fact::Known(own), Fact::Known(others)) = (is_shared, own, others) else {
                continue;
            };
            let fix = format!("Set {subject} in one of the two objects, and leave it out of the other.");
            if own == others {
                report.add_warning(
                    subject.clone(),
                    format!(
                        "Another dynamodb_backup_settings of the same plan sets {subject} of {place} to {others}, too. \
                         As long as they agree nothing happens; when one is changed, or destroyed with on_destroy = \
                         \"restore\", it overwrites the other."
                    ),
                    fix,
                );
            } else {
                report.add(
                    subject.clone(),
                    format!(
                        "{subject} = {own} here, and another dynamodb_backup_settings of the same plan sets {subject} \
                         of {place} to {others}. Each apply would undo the other's."
                    ),
                    fix,
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Fact, Facts, PlannedBackupSettings, RULE, Region, Severity, Subject, beside, settings};
    use crate::facts::{Action, BackupSettings};

    /// What is found about settings that set one thing beside others that set one.
    fn found(
        region: &str,
        own: impl FnOnce(&mut BackupSettings),
        others: impl FnOnce(&mut PlannedBackupSettings),
    ) -> Vec<(Severity, Subject)> {
        let mut facts = settings(|it| {
            *it = BackupSettings::unset();
            own(it);
        });
        let mut other = PlannedBackupSettings {
            region: Region::parse(region).expect("a Region"),
            opt_in: Fact::Absent,
            advanced_features: Fact::Absent,
            cross_account_backup: Fact::Absent,
        };
        others(&mut other);
        facts.neighbours.settings.push(other);
        let found = RULE.findings(&facts);
        found.into_iter().map(|it| (it.severity, it.subject)).collect()
    }

    const ON: Fact<bool> = Fact::Known(true);
    const OFF: Fact<bool> = Fact::Known(false);

    #[test]
    fn the_same_setting_of_the_same_region_is_set_once() {
        let home = "us-east-1";
        assert_eq!(
            found(home, |it| it.opt_in = ON, |it| it.opt_in = OFF),
            [(Severity::Error, Subject::OptIn)]
        );
        assert_eq!(
            found(home, |it| it.opt_in = ON, |it| it.opt_in = ON),
            [(Severity::Warning, Subject::OptIn)]
        );
        assert_eq!(
            found(
                home,
                |it| it.advanced_features = OFF,
                |it| it.advanced_features = ON
            ),
            [(Severity::Error, Subject::AdvancedFeatures)]
        );
        assert_eq!(
            found(home, |it| it.opt_in = ON, |it| it.advanced_features = OFF),
            []
        );
        assert_eq!(found("eu-west-1", |it| it.opt_in = ON, |it| it.opt_in = OFF), []);
        assert_eq!(
            found(
                "eu-west-1",
                |it| it.advanced_features = ON,
                |it| it.advanced_features = OFF
            ),
            []
        );
        assert_eq!(
            found(
                "eu-west-1",
                |it| it.region = "eu-west-1".into(),
                |it| it.advanced_features = OFF
            ),
            []
        );
        assert_eq!(
            found(
                "eu-west-1",
                |it| {
                    it.region = "eu-west-1".into();
                    it.opt_in = ON;
                },
                |it| it.opt_in = OFF
            ),
            [(Severity::Error, Subject::OptIn)]
        );
    }

    #[test]
    fn cross_account_backup_is_one_for_all_regions() {
        assert_eq!(
            found(
                "eu-west-1",
                |it| it.cross_account_backup = ON,
                |it| it.cross_account_backup = OFF
            ),
            [(Severity::Error, Subject::CrossAccountBackup)]
        );
        assert_eq!(
            found(
                "us-east-1",
                |it| it.cross_account_backup = ON,
                |it| it.cross_account_backup = ON
            ),
            [(Severity::Warning, Subject::CrossAccountBackup)]
        );
    }

    #[test]
    fn what_is_left_alone_not_known_or_going_is_no_fight() {
        for open in [Fact::Absent, Fact::Unknown] {
            assert_eq!(
                found("us-east-1", |it| it.opt_in = open, |it| it.opt_in = OFF),
                []
            );
            assert_eq!(found("us-east-1", |it| it.opt_in = ON, |it| it.opt_in = open), []);
        }
        let going = Facts {
            action: Fact::Known(Action::Destroy),
            ..beside(Fact::Known(false))
        };
        assert_eq!(RULE.findings(&going), []);
        let nowhere = Facts {
            caller: crate::facts::Caller::default(),
            ..beside(Fact::Known(false))
        };
        assert_eq!(RULE.findings(&nowhere), []);
    }
}
