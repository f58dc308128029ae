//! DBK-XAC-006: a copy to another account of what was not made with the advanced features for DynamoDB.

use super::report_mendable;
use crate::examples::BACKUP_ARN;
use crate::examples::aws_backup::{RECOVERY_POINT_ARN, copy};
use crate::fact::Fact;
use crate::facts::{ConfiguredCopy, Facts, RecoveryPointCopy};
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::{Arn, ArnKind};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-XAC-006"),
    name: "copy_without_advanced_features",
    also: &["DBK-ABS-003"],
    area: Area::CrossAccount,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["backup:DescribeRecoveryPoint", "backup:DescribeRegionSettings"],
    title: "Backup was not made with the advanced features, and cannot be copied",
    why: "Without the advanced features of AWS Backup for DynamoDB, a backup stays with DynamoDB, and its ARN \
          is that of a DynamoDB backup. Such a backup can be restored where it is, and never leaves its \
          account. The advanced features make a difference only to backups that are made after they were \
          switched on.",
    aws_error: Some("copy job FAILED"),
    source: "AWS Backup developer guide, advanced DynamoDB backup",
    firing: || {
        copy(|it| {
            it.recovery_point_arn = BACKUP_ARN.into();
            it.observed.recovery_point = Fact::Unknown;
        })
    },
    silent: || copy(|it| it.recovery_point_arn = RECOVERY_POINT_ARN.into()),
    check,
};

/// The command that switches the advanced features on where the copy starts.
fn switch_on(copy: &ConfiguredCopy<'_>) -> String {
    let region = copy
        .region
        .known()
        .map_or(String::new(), |it| format!(" --region {it}"));
    format!("aws backup update-region-settings{region} --resource-type-management-preference DynamoDB=true")
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    for copy in facts.cross_account_copies() {
        match copy.single {
            Some(single) => check_single(single, &copy, report),
            None => check_plan(facts, &copy, report),
        }
    }
}

fn check_single(single: &RecoveryPointCopy, copy: &ConfiguredCopy<'_>, report: &mut Report<'_>) {
    let Fact::Known(text) = &single.recovery_point_arn else {
        return;
    };
    let is_backup = Arn::parse(text).is_ok_and(|it| it.kind() == ArnKind::Backup);
    let seen = single.observed.recovery_point.known();
    if !is_backup && !seen.is_some_and(|it| it.is_fully_managed == Fact::Known(false)) {
        return;
    }
    let since = copy
        .at_source
        .settings
        .known()
        .and_then(|it| it.advanced_features_since.known());
    let history = match (since, seen.and_then(|it| it.created_at.known())) {
        (Some(since), Some(made)) if made < since => format!(
            " It was made at {}, and the advanced features are on since {}.",
            prose::moment(*made),
            prose::moment(*since)
        ),
        _ => String::new(),
    };
    report.add(
        Subject::RecoveryPointArn,
        format!(
            "{text:?} is a backup that DynamoDB keeps, made without the advanced features of AWS Backup.{history} \
             Such a backup cannot be copied to account {}, nor to any other.",
            copy.destination.account
        ),
        format!(
            "Switch the advanced features on ({}), make a new recovery point of the table with AWS Backup, and \
             copy that one.",
            switch_on(copy)
        ),
    );
}

fn check_plan(facts: &Facts, copy: &ConfiguredCopy<'_>, report: &mut Report<'_>) {
    let is_off = copy
        .at_source
        .settings
        .is_known_and(|it| it.advanced_features == Fact::Known(false));
    if !is_off || facts.region_switched_on_beside(|it| it.advanced_features) {
        return;
    }
    let place = facts
        .region()
        .into_known()
        .map_or(String::new(), |it| format!(" in {it}"));
    report_mendable(
        facts,
        copy,
        report,
        &format!(
            "The rule copies to account {}, and the advanced features for DynamoDB are switched off{place}: \
             what the rule backs up, DynamoDB keeps, and it cannot be copied.",
            copy.destination.account
        ),
        format!(
            "Set advanced_features = true in a dynamodb_backup_settings of this Region; only what is backed up \
             afterwards can be copied. By hand: {}",
            switch_on(copy)
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::{BACKUP_ARN, RULE, copy};
    use crate::examples::at;
    use crate::examples::aws_backup::{FAR_VAULT_ARN, copying_plan, region_settings};
    use crate::fact::Fact;
    use crate::facts::{
        Facts, ObservedRecoveryPoint, PlannedBackupSettings, RecoveryPointCopy, RegionSettings,
    };
    use crate::finding::{Finding, Severity, Subject};
    use crate::syntax::Region;

    fn finding(facts: &Facts) -> Option<Finding> {
        RULE.findings(facts).pop()
    }

    #[test]
    fn the_arn_or_the_description_tells() {
        let of = |change: fn(&mut ObservedRecoveryPoint)| {
            finding(&copy(|it| {
                if let Fact::Known(seen) = &mut it.observed.recovery_point {
                    change(seen);
                }
            }))
        };
        assert_eq!(of(|_| ()), None);
        assert_eq!(of(|it| it.is_fully_managed = Fact::Unknown), None);
        let found = of(|it| it.is_fully_managed = Fact::Known(false)).expect("a finding");
        assert_eq!(
            (found.severity, found.subject),
            (Severity::Error, Subject::RecoveryPointArn)
        );
        // That the features are off today does not matter to a recovery point that was made with them.
        let off = RegionSettings {
            advanced_features: Fact::Known(false),
            ..region_settings()
        };
        assert_eq!(
            finding(&copy(|it| it.observed.account.settings = Fact::Known(off))),
            None
        );
        let unknown = copy(|it| {
            it.recovery_point_arn = Fact::Unknown;
            it.observed.recovery_point = Fact::Unknown;
        });
        assert_eq!(finding(&unknown), None);
    }

    #[test]
    fn within_the_account_this_rule_keeps_silent() {
        let near = FAR_VAULT_ARN.replace("444455556666", "111122223333");
        let facts = copy(|it| {
            it.recovery_point_arn = BACKUP_ARN.into();
            it.destination_vault_arn = Fact::Known(near);
        });
        assert_eq!(finding(&facts), None);
    }

    #[test]
    fn a_backup_from_before_is_called_so() {
        let at_times = |made: &str, since: Fact<jiff::Timestamp>| {
            let facts = copy(|it: &mut RecoveryPointCopy| {
                it.recovery_point_arn = BACKUP_ARN.into();
                if let Fact::Known(seen) = &mut it.observed.recovery_point {
                    seen.created_at = Fact::Known(at(made));
                }
                it.observed.account.settings = Fact::Known(RegionSettings {
                    advanced_features_since: since,
                    ..region_settings()
                });
            });
            finding(&facts).expect("a finding").detail
        };
        let since = || Fact::Known(at("2025-11-10T00:00:00Z"));
        let early = at_times("2025-11-09T23:59:59Z", since());
        assert!(
            early.contains("made at 2025-11-09T23:59:59Z, and the advanced features are on since 2025-11-10")
        );
        assert!(!at_times("2025-11-10T00:00:00Z", since()).contains("since 2025"));
        assert!(!at_times("2025-11-09T23:59:59Z", Fact::Unknown).contains("since 2025"));
    }

    #[test]
    fn a_plan_depends_on_what_is_switched_on_here() {
        let of = |setting: Fact<bool>| {
            let settings = RegionSettings {
                advanced_features: setting,
                ..region_settings()
            };
            finding(&copying_plan(FAR_VAULT_ARN, |it| {
                it.observed.account.settings = Fact::Known(settings);
            }))
        };
        let found = of(Fact::Known(false)).expect("a finding");
        assert_eq!(found.severity, Severity::Warning);
        assert!(
            found.detail.contains("switched off in us-east-1"),
            "{}",
            found.detail
        );
        assert_eq!(of(Fact::Known(true)), None);
        assert_eq!(of(Fact::Unknown), None);
    }

    #[test]
    fn what_the_same_plan_switches_on_is_no_fault_of_a_plan() {
        let off = RegionSettings {
            advanced_features: Fact::Known(false),
            ..region_settings()
        };
        let mut facts = copying_plan(FAR_VAULT_ARN, |it| {
            it.observed.account.settings = Fact::Known(off);
        });
        facts.neighbours.settings.push(PlannedBackupSettings {
            region: Region::parse("us-east-1").expect("a Region"),
            opt_in: Fact::Absent,
            advanced_features: Fact::Known(true),
            cross_account_backup: Fact::Absent,
        });
        assert_eq!(finding(&facts), None);
        facts.neighbours.settings[0].advanced_features = Fact::Absent;
        assert!(finding(&facts).is_some());
    }
}
