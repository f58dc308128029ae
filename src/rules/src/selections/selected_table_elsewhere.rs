//! DBK-SEL-013: a table of another Region or account in a selection.

use super::entries::entries;
use crate::examples::TABLE_ARN;
use crate::examples::aws_backup::{named, plan, selection};
use crate::fact::Fact;
use crate::facts::{Facts, Selection};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-SEL-013"),
    name: "selected_table_elsewhere",
    also: &[],
    area: Area::Selections,
    severity: Severity::Error,
    when: When::Identity,
    reads: &[],
    title: "Selected table is in another Region or account",
    why: "A plan acts in one Region of one account. AWS takes the ARN of a table elsewhere, never backs it up, and \
          says nothing.",
    aws_error: None,
    source: "AWS Backup developer guide, assigning resources; measured on AWS",
    firing: || selecting(&TABLE_ARN.replace("us-east-1", "eu-west-1")),
    silent: || selecting(TABLE_ARN),
    check,
};

fn selecting(text: &str) -> Facts {
    plan(|it| {
        it.selections = named([(
            "orders",
            Selection {
                resources: Fact::Known(vec![text.into()]),
                ..selection()
            },
        )]);
    })
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    for entry in entries(facts) {
        // What is left out does no harm elsewhere.
        let Subject::SelectionResources(_) = &entry.subject else {
            continue;
        };
        let Some(arn) = entry.arn.filter(|arn| arn.table().is_some()) else {
            continue;
        };
        let region = facts.region();
        let region = region.known().map(ToString::to_string);
        let account = facts.caller.account.known().map(ToString::to_string);
        let differs = |part: &str, here: &Option<String>| {
            !part.contains('*') && here.as_deref().is_some_and(|here| here != part)
        };
        let (there, here) = if differs(arn.account, &account) {
            (
                format!("account {}", arn.account),
                format!("account {}", account.unwrap_or_default()),
            )
        } else if differs(arn.region, &region) {
            (arn.region.to_owned(), region.unwrap_or_default())
        } else {
            continue;
        };
        report.add(
            entry.subject,
            format!("{:?} is in {there}, and this plan acts in {here}: the table would never be backed up.", entry.text),
            format!(
                "Make a plan of its own in {there}, and copy its recovery points here with copy_actions if they are to be \
                 kept in {here}."
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{Fact, RULE, Selection, TABLE_ARN, named, plan, selecting, selection};
    use crate::facts::{Caller, Facts};

    fn detail(facts: &Facts) -> Option<String> {
        RULE.findings(facts).pop().map(|it| it.detail)
    }

    #[test]
    fn region_and_account_must_be_those_of_the_plan() {
        let elsewhere = detail(&selecting(&TABLE_ARN.replace("us-east-1", "eu-west-1"))).expect("a finding");
        assert!(
            elsewhere.contains("is in eu-west-1, and this plan acts in us-east-1"),
            "{elsewhere}"
        );
        let foreign =
            detail(&selecting(&TABLE_ARN.replace("111122223333", "444455556666"))).expect("a finding");
        assert!(
            foreign.contains("is in account 444455556666, and this plan acts in account 111122223333"),
            "{foreign}"
        );
        for text in [
            TABLE_ARN,
            "arn:aws:dynamodb:*:*:table/orders",
            "arn:aws:ec2:eu-west-1:111122223333:volume/vol-1",
            "*",
        ] {
            assert_eq!(detail(&selecting(text)), None, "{text}");
        }
    }

    #[test]
    fn nobody_knows_without_the_caller_and_exclusions_may_be_anywhere() {
        let far = TABLE_ARN
            .replace("us-east-1", "eu-west-1")
            .replace("111122223333", "444455556666");
        let stranger = Facts {
            caller: Caller::default(),
            ..selecting(&far)
        };
        assert_eq!(detail(&stranger), None);
        let excluded = plan(|it| {
            it.selections = named([(
                "orders",
                Selection {
                    not_resources: Fact::Known(vec![Fact::Known(far)]),
                    ..selection()
                },
            )]);
        });
        assert_eq!(detail(&excluded), None);
    }
}
