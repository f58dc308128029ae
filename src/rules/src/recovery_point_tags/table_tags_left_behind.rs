//! DBK-TAG-004: tags of a table that its recovery point will lack.

use super::{is_off, off};
use crate::examples::aws_backup::{recovery_point, region_settings};
use crate::fact::Fact;
use crate::facts::{Facts, RecoveryPoint};
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-TAG-004"),
    name: "table_tags_left_behind",
    also: &[],
    area: Area::RecoveryPointTags,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["backup:DescribeRegionSettings", "dynamodb:ListTagsOfResource"],
    title: "Recovery point will lack the tags of its table",
    why: "AWS Backup gives a recovery point the tags of its table only with the advanced features. Without them cost \
          reports and permissions that go by tags do not see the recovery point.",
    aws_error: None,
    source: "AWS Backup developer guide, advanced DynamoDB backup",
    firing: || {
        recovery_point(|it| {
            it.observed.settings = off();
            tag_table(it);
        })
    },
    silent: || {
        recovery_point(|it| {
            it.observed.settings = Fact::Known(region_settings());
            tag_table(it);
        })
    },
    check,
};

/// Gives the table two tags.
fn tag_table(point: &mut RecoveryPoint) {
    if let Fact::Known(table) = &mut point.observed.table {
        table.settings.tags = Fact::Known(vec!["team".to_owned(), "cost-center".to_owned()]);
    }
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(point) = facts
        .recovery_point()
        .filter(|it| facts.is_made() && is_off(&it.observed.settings))
    else {
        return;
    };
    let tags = point
        .observed
        .table
        .known()
        .and_then(|it| it.settings.tags.known());
    let Some(tags) = tags.filter(|it| !it.is_empty()) else {
        return;
    };
    report.add(
        Subject::Tags,
        format!(
            "The table has the {} {}, and the advanced features of AWS Backup for DynamoDB are switched off: the \
             recovery point gets none of them.",
            if tags.len() == 1 { "tag" } else { "tags" },
            prose::quoted(tags.iter().map(String::as_str), "and")
        ),
        "Go on if nothing goes by these tags. To have them come along, switch the features on first: resource \
         \"dynamodb_backup_settings\" \"example\" { advanced_features = true }.",
    );
}

#[cfg(test)]
mod tests {
    use super::{RULE, off, recovery_point, tag_table};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, RecoveryPoint};

    fn detail(change: fn(&mut RecoveryPoint), action: Action) -> Option<String> {
        let facts = recovery_point(|it| {
            it.observed.settings = off();
            tag_table(it);
            change(it);
        });
        let facts = Facts {
            action: Fact::Known(action),
            ..facts
        };
        RULE.findings(&facts).pop().map(|it| it.detail)
    }

    fn set(point: &mut RecoveryPoint, tags: Fact<Vec<String>>) {
        if let Fact::Known(table) = &mut point.observed.table {
            table.settings.tags = tags;
        }
    }

    #[test]
    fn it_is_said_when_a_recovery_point_is_made() {
        let found = detail(|_| (), Action::Create).expect("a finding");
        assert!(
            found.contains("the tags \"team\" and \"cost-center\","),
            "{found}"
        );
        let found = detail(
            |it| set(it, Fact::Known(vec!["team".to_owned()])),
            Action::Replace,
        );
        assert!(found.expect("a finding").contains("the tag \"team\","));
        for action in [Action::Update, Action::Keep, Action::Destroy] {
            assert_eq!(detail(|_| (), action), None, "{action:?}");
        }
    }

    #[test]
    fn no_tags_and_no_knowledge_are_no_loss() {
        assert_eq!(
            detail(|it| set(it, Fact::Known(Vec::new())), Action::Create),
            None
        );
        assert_eq!(detail(|it| set(it, Fact::Absent), Action::Create), None);
        assert_eq!(detail(|it| set(it, Fact::Unknown), Action::Create), None);
        assert_eq!(
            detail(|it| it.observed.table = Fact::Unknown, Action::Create),
            None
        );
        assert_eq!(
            detail(|it| it.observed.settings = Fact::Unknown, Action::Create),
            None
        );
    }
}
