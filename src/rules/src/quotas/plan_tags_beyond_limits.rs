//! DBK-QTA-010: more tags or conditions in a backup plan than AWS Backup takes.

use crate::examples::aws_backup::{named, plan, rule};
use crate::fact::Fact;
use crate::facts::{BackupPlan, Facts, PlanRule, SelectionCondition, SelectionTag};
use crate::finding::{Report, Severity, Subject};
use crate::limits::{
    CONDITIONS_PER_SELECTION_MAX, RECOVERY_POINT_TAGS_MAX, TAG_SELECTIONS_PER_PLAN_MAX,
    TAGS_PER_SELECTION_MAX,
};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-QTA-010"),
    name: "plan_tags_beyond_limits",
    also: &["DBK-SEL-008", "DBK-TAG-002"],
    area: Area::Quotas,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Backup plan has too many tags or conditions",
    why: "A rule gives its recovery points at most 10 tags. A selection chooses by at most 30 tags and 30 \
          conditions, and at most 10 selections of a plan choose by tags. AWS does not raise these numbers.",
    aws_error: Some("InvalidParameterValueException or LimitExceededException"),
    source: "AWS Backup developer guide, quotas",
    firing: || plan(|it| tag_recovery_points(it, 11)),
    silent: || plan(|it| tag_recovery_points(it, 10)),
    check,
};

/// Gives the recovery points of the one rule so many tags.
fn tag_recovery_points(plan: &mut BackupPlan, number: usize) {
    let tags = (0..number).map(|number| (format!("tag-{number}"), Fact::from("orders")));
    let tagging = PlanRule {
        recovery_point_tags: Fact::Known(tags.collect()),
        ..rule()
    };
    plan.rules = named([("daily", tagging)]);
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(plan) = facts.backup_plan().filter(|_| !facts.is_destroyed_for_good()) else {
        return;
    };
    let mut judge = |subject: Subject, count: usize, max: usize, what: &str, fix: &str| {
        if count > max {
            report.add(
                subject.clone(),
                format!("{subject} has {count} entries, and {what} {max} at most."),
                format!("Remove {} of them{fix}.", count - max),
            );
        }
    };
    for (name, rule) in plan.rules.known().into_iter().flatten() {
        let count = rule
            .recovery_point_tags
            .known()
            .map_or(0, std::collections::BTreeMap::<String, Fact<String>>::len);
        judge(
            Subject::RecoveryPointTags(name.clone()),
            count,
            RECOVERY_POINT_TAGS_MAX,
            "AWS Backup gives a recovery point",
            "; with the advanced features, tags of the table itself come along without being listed here",
        );
    }
    let mut choosing_by_tags = 0;
    for (name, selection) in plan.selections.known().into_iter().flatten() {
        let tags = selection.tags.known().map_or(0, Vec::<SelectionTag>::len);
        let conditions = selection
            .conditions
            .known()
            .map_or(0, Vec::<SelectionCondition>::len);
        choosing_by_tags += usize::from(tags > 0);
        judge(
            Subject::SelectionTags(name.clone()),
            tags,
            TAGS_PER_SELECTION_MAX,
            "a selection chooses by",
            ", or spread them over several selections",
        );
        judge(
            Subject::SelectionConditions(name.clone()),
            conditions,
            CONDITIONS_PER_SELECTION_MAX,
            "a selection has",
            ", for example by giving the tables one tag to choose by",
        );
    }
    if choosing_by_tags > TAG_SELECTIONS_PER_PLAN_MAX {
        report.add(
            Subject::Selections,
            format!(
                "{choosing_by_tags} selections of the plan choose by tags, and AWS Backup takes \
                 {TAG_SELECTIONS_PER_PLAN_MAX} of that kind at most."
            ),
            format!(
                "Join {} of them with others, since a selection takes several tags, or put them into another \
                 plan.",
                choosing_by_tags - TAG_SELECTIONS_PER_PLAN_MAX
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, SelectionCondition, SelectionTag, named, plan, tag_recovery_points};
    use crate::examples::aws_backup::selection;
    use crate::fact::Fact;
    use crate::facts::{Action, BackupPlan, Facts, Selection};
    use crate::finding::Subject;

    /// A selection by so many tags and conditions.
    fn choosing(tags: usize, conditions: usize) -> Selection {
        Selection {
            tags: Fact::Known(vec![SelectionTag::default(); tags]),
            conditions: Fact::Known(vec![SelectionCondition::default(); conditions]),
            ..selection()
        }
    }

    fn found(change: impl FnOnce(&mut BackupPlan)) -> Vec<(Subject, String)> {
        RULE.findings(&plan(change))
            .into_iter()
            .map(|it| (it.subject, it.fix))
            .collect()
    }

    fn one(selection: Selection) -> Vec<(Subject, String)> {
        found(|it| it.selections = named([("orders", selection)]))
    }

    fn many(number: usize, selection: &Selection) -> Vec<(Subject, String)> {
        found(|it| {
            it.selections = named((0..number).map(|number| (format!("s{number}"), selection.clone())));
        })
    }

    #[test]
    fn each_number_has_its_bound() {
        assert_eq!(found(|it| tag_recovery_points(it, 10)), []);
        let [(Subject::RecoveryPointTags(rule), fix)] = &found(|it| tag_recovery_points(it, 12))[..] else {
            panic!("not one finding")
        };
        assert_eq!(rule, "daily");
        assert!(fix.starts_with("Remove 2 of them;"), "{fix}");
        assert_eq!(one(choosing(30, 30)), []);
        assert_eq!(
            one(choosing(31, 30))[0].0,
            Subject::SelectionTags("orders".to_owned())
        );
        assert_eq!(
            one(choosing(30, 31))[0].0,
            Subject::SelectionConditions("orders".to_owned())
        );
        assert_eq!(one(choosing(31, 31)).len(), 2);
    }

    #[test]
    fn ten_selections_may_choose_by_tags() {
        assert_eq!(many(10, &choosing(1, 0)), []);
        let [(Subject::Selections, fix)] = &many(12, &choosing(1, 0))[..] else {
            panic!("not one finding")
        };
        assert!(fix.starts_with("Join 2 of them"), "{fix}");
        assert_eq!(many(12, &choosing(0, 1)), []);
        assert_eq!(many(12, &selection()), []);
    }

    #[test]
    fn a_plan_that_goes_is_left_alone() {
        let facts = Facts {
            action: Fact::Known(Action::Destroy),
            ..plan(|it| tag_recovery_points(it, 11))
        };
        assert_eq!(RULE.findings(&facts), []);
    }
}
