//! DBK-SEL-012: a selection that finds no table, because AWS Backup is not to look for tables.

use super::entries::{is_wild, selections};
use crate::examples::TABLE_ARN;
use crate::examples::aws_backup::{named, plan, region_settings, selection};
use crate::fact::Fact;
use crate::facts::{BackupPlan, Facts, RegionSettings, Selection};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-SEL-012"),
    name: "selection_closed_by_opt_out",
    also: &[],
    area: Area::Selections,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["backup:DescribeRegionSettings"],
    title: "Selection finds no tables: DynamoDB is not opted in",
    why: "AWS Backup has a switch for each kind of resource, per account and Region. Where the one for DynamoDB is \
          off, tables are not found by tags, conditions or wildcards; only a table that is named by its whole ARN is \
          backed up.",
    aws_error: None,
    source: "AWS Backup developer guide, service opt-in and assigning resources",
    firing: || closed("arn:aws:dynamodb:*:*:table/*"),
    silent: || closed(TABLE_ARN),
    check,
};

fn opted_out(it: &mut BackupPlan) {
    it.observed.account.settings = Fact::Known(RegionSettings {
        opt_in: Fact::Known(false),
        ..region_settings()
    });
}

fn closed(resource: &str) -> Facts {
    plan(|it| {
        opted_out(it);
        it.selections = named([(
            "orders",
            Selection {
                resources: Fact::Known(vec![resource.into()]),
                ..selection()
            },
        )]);
    })
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let settings = facts
        .backup_plan()
        .and_then(|plan| plan.observed.account.settings.known());
    if !settings.is_some_and(|settings| settings.opt_in == Fact::Known(false)) {
        return;
    }
    for (name, selection) in selections(facts) {
        let (subject, how) = match (&selection.resources, &selection.tags) {
            (Fact::Known(resources), _) if resources.iter().any(|it| it.is_known_and(|it| is_wild(it))) => {
                (Subject::SelectionResources(name.clone()), "by wildcards")
            }
            (_, Fact::Known(tags)) if !tags.is_empty() => (Subject::SelectionTags(name.clone()), "by tags"),
            _ => continue,
        };
        let place = facts
            .region()
            .known()
            .map_or_else(String::new, |region| format!(" in {region}"));
        report.add(
            subject,
            format!(
                "{name:?} looks for tables {how}, and AWS Backup is not opted in for DynamoDB{place}: it finds none, and \
                 says nothing."
            ),
            "Opt in: resource \"dynamodb_backup_settings\" with opt_in = true, or aws backup update-region-settings \
             --resource-type-opt-in-preference DynamoDB=true. Or name each table by its whole ARN.",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{Fact, RULE, Selection, TABLE_ARN, closed, named, opted_out, plan, selection};
    use crate::facts::SelectionTag;
    use crate::finding::Subject;

    fn subject(change: impl FnOnce(&mut Selection)) -> Option<Subject> {
        let mut it = selection();
        change(&mut it);
        let facts = plan(|plan| {
            opted_out(plan);
            plan.selections = named([("orders", it)]);
        });
        RULE.findings(&facts).pop().map(|it| it.subject)
    }

    #[test]
    fn a_whole_arn_needs_no_opt_in() {
        let tags = || {
            Fact::Known(vec![SelectionTag {
                key: "backup".into(),
                value: "yes".into(),
            }])
        };
        let name = || "orders".to_owned();
        assert_eq!(subject(|_| ()), None);
        assert_eq!(
            subject(|it| it.tags = tags()),
            Some(Subject::SelectionTags(name()))
        );
        assert_eq!(subject(|it| it.tags = Fact::Known(Vec::new())), None);
        assert_eq!(
            subject(|it| it.resources =
                Fact::Known(vec![TABLE_ARN.into(), "arn:aws:dynamodb:*:*:table/*".into()])),
            Some(Subject::SelectionResources(name()))
        );
    }

    #[test]
    fn only_what_is_certainly_off_is_off() {
        for settings in [
            Fact::Unknown,
            Fact::Known(crate::examples::aws_backup::region_settings()),
        ] {
            let mut facts = closed("arn:aws:dynamodb:*:*:table/*");
            let crate::facts::Object::BackupPlan(plan) = &mut facts.object else {
                panic!("not a plan")
            };
            plan.observed.account.settings = settings;
            assert_eq!(RULE.findings(&facts), []);
        }
    }
}
