//! DBK-TAG-003: tags for a recovery point that cannot have any.

use std::collections::BTreeMap;

use super::is_off;
use crate::examples::BACKUP_ARN;
use crate::examples::aws_backup::{RECOVERY_POINT_ARN, named, recovery_point};
use crate::fact::Fact;
use crate::facts::{Action, Facts, Object, PriorRecoveryPoint, RecoveryPoint};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::{Arn, ArnKind};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-TAG-003"),
    name: "native_recovery_point_tagged",
    also: &[],
    area: Area::RecoveryPointTags,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["backup:DescribeRegionSettings"],
    title: "Recovery point cannot have tags",
    why: "AWS Backup tags only recovery points that it manages wholly, whose ARNs begin with arn:aws:backup. Without the \
          advanced features a recovery point is a backup that DynamoDB keeps, and DynamoDB does not tag backups. Where \
          it is still to be made this is a warning, because the same plan may switch the features on.",
    aws_error: Some("InvalidParameterValueException"),
    source: "AWS Backup API reference, TagResource and ListTags; advanced DynamoDB backup; measured on AWS",
    firing: || tagged(BACKUP_ARN),
    silent: || tagged(RECOVERY_POINT_ARN),
    check,
};

/// A recovery point that is to be given a tag.
fn tagged(arn: &str) -> Facts {
    let facts = recovery_point(|it| {
        it.prior = Fact::Known(PriorRecoveryPoint {
            arn: arn.into(),
            lifecycle: Fact::Absent,
            deletes_at: Fact::Absent,
        });
        it.tags = named([("team", Fact::from("orders"))]);
    });
    Facts {
        action: Fact::Known(Action::Update),
        ..facts
    }
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    if facts.is_destroyed_for_good() {
        return;
    }
    match &facts.object {
        Object::RecoveryPoint(point) => check_point(facts, point, report),
        Object::BackupPlan(plan) if is_off(&plan.observed.account.settings) => {
            for (name, rule) in plan.rules.known().into_iter().flatten() {
                if has_any(&rule.recovery_point_tags) {
                    report.add_warning(
                        Subject::RecoveryPointTags(name.clone()),
                        format!("The rule gives tags, and {OFF} They stay without those tags."),
                        FIX,
                    );
                }
            }
        }
        _ => {}
    }
}

const OFF: &str = "the advanced features of AWS Backup for DynamoDB are switched off: recovery points of tables are \
                   backups that DynamoDB keeps, and cannot be tagged.";
const FIX: &str = "Switch them on before the next backup, resource \"dynamodb_backup_settings\" \"example\" { \
                   advanced_features = true }, or take the tags out.";

fn check_point(facts: &Facts, point: &RecoveryPoint, report: &mut Report<'_>) {
    if !has_any(&point.tags) {
        return;
    }
    let recorded = point.prior.known().and_then(|it| it.arn.known());
    match facts.action {
        Fact::Known(Action::Create | Action::Replace) if is_off(&point.observed.settings) => report
            .add_warning(
                Subject::Tags,
                format!("The recovery point is to have tags, and {OFF}"),
                FIX,
            ),
        Fact::Known(Action::Update) => {
            let Some(arn) = recorded.filter(|it| is_native(it)) else {
                return;
            };
            report.add(
                Subject::Tags,
                format!("{arn} is a backup that DynamoDB keeps, made without the advanced features, and cannot be tagged."),
                "Take the tags out. A recovery point that is made anew, with the advanced features, can have them.",
            );
        }
        _ => {}
    }
}

fn has_any(tags: &Fact<BTreeMap<String, Fact<String>>>) -> bool {
    tags.is_known_and(|it| !it.is_empty())
}

fn is_native(arn: &str) -> bool {
    Arn::parse(arn).is_ok_and(|it| it.kind() == ArnKind::Backup)
}

#[cfg(test)]
mod tests {
    use super::{RULE, tagged};
    use crate::examples::BACKUP_ARN;
    use crate::examples::aws_backup::{RECOVERY_POINT_ARN, named, plan, recovery_point, rule};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, PlanRule, RecoveryPoint};
    use crate::finding::{Finding, Severity, Subject};
    use crate::recovery_point_tags::off;

    fn finding(facts: &Facts) -> Option<Finding> {
        RULE.findings(facts).pop()
    }

    #[test]
    fn the_arn_tells_who_keeps_a_recovery_point() {
        let found = finding(&tagged(BACKUP_ARN)).expect("a finding");
        assert_eq!(found.severity, Severity::Error);
        assert!(found.detail.starts_with(BACKUP_ARN), "{}", found.detail);
        assert_eq!(finding(&tagged(RECOVERY_POINT_ARN)), None);
        for action in [Action::Keep, Action::Destroy] {
            let facts = Facts {
                action: Fact::Known(action),
                ..tagged(BACKUP_ARN)
            };
            assert_eq!(finding(&facts), None, "{action:?}");
        }
    }

    #[test]
    fn one_that_is_still_to_be_made_is_warned_of() {
        let made = |change: fn(&mut RecoveryPoint)| {
            finding(&recovery_point(|it| {
                it.tags = named([("team", Fact::Unknown)]);
                it.observed.settings = off();
                change(it);
            }))
        };
        assert_eq!(made(|_| ()).expect("a finding").severity, Severity::Warning);
        assert_eq!(made(|it| it.tags = Fact::Known([].into())), None);
        assert_eq!(made(|it| it.tags = Fact::Absent), None);
        assert_eq!(made(|it| it.tags = Fact::Unknown), None);
        assert_eq!(made(|it| it.observed.settings = Fact::Unknown), None);
    }

    #[test]
    fn rules_of_plans_are_judged() {
        let planned = |settings, tags| {
            finding(&plan(|it| {
                it.observed.account.settings = settings;
                it.rules = named([(
                    "daily",
                    PlanRule {
                        recovery_point_tags: tags,
                        ..rule()
                    },
                )]);
            }))
        };
        let tags = || named([("team", Fact::from("orders"))]);
        let found = planned(off(), tags()).expect("a finding");
        assert_eq!(found.severity, Severity::Warning);
        assert_eq!(found.subject, Subject::RecoveryPointTags("daily".to_owned()));
        assert_eq!(planned(off(), Fact::Absent), None);
        assert_eq!(planned(Fact::Unknown, tags()), None);
    }
}
