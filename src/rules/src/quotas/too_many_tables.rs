//! DBK-RST-015: a restore into a Region that has no room for one more table.

use crate::examples;
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::limits::{TABLES_DEFAULT, TABLES_MAX};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-RST-015"),
    name: "too_many_tables",
    also: &["DBK-QTA-001"],
    area: Area::Quotas,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["dynamodb:ListTables"],
    title: "Region is at its quota of tables",
    why: "An account has 2,500 tables in a Region, or up to 10,000 where AWS has raised the quota. Whether it has is not \
          known here, so from 2,500 on it is a warning, and from 10,000 on an error.",
    aws_error: Some(
        "LimitExceededException: Subscriber limit exceeded: There is a limit of 2500 tables per subscriber",
    ),
    source: "DynamoDB developer guide, quotas",
    firing: || with_tables(TABLES_MAX),
    silent: || with_tables(TABLES_DEFAULT - 1),
    check,
};

/// A restore into a Region with so many tables.
fn with_tables(number: u64) -> Facts {
    examples::restore(|it| it.observed.tables_in_region = Fact::Known(number))
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table().filter(|_| facts.is_made()) else {
        return;
    };
    // A table that has the name already makes room, is taken up, or is reported by a rule of its own.
    let (Fact::Known(number), false) = (table.observed.tables_in_region, table.observed.target.is_known())
    else {
        return;
    };
    let region = facts.region().into_known();
    let place = region
        .as_ref()
        .map_or("The Region".to_owned(), ToString::to_string);
    if number >= TABLES_MAX {
        report.add(
            Subject::TargetName,
            format!(
                "{place} has {number} tables of this account, and AWS allows {TABLES_MAX} at most, however far the quota \
                 is raised."
            ),
            "Restore into another Region with region = \"…\", or delete tables that are not needed any more.",
        );
    } else if number >= TABLES_DEFAULT {
        report.add_warning(
            Subject::TargetName,
            format!(
                "{place} has {number} tables of this account, and AWS allows {TABLES_DEFAULT} unless it has raised the \
                 quota. Where it has not, the restore is refused."
            ),
            "Compare the quota that you have: aws service-quotas list-service-quotas --service-code dynamodb",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, with_tables};
    use crate::examples::{restore, table};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts};
    use crate::finding::Severity;

    fn severities(facts: &Facts) -> Vec<Severity> {
        RULE.findings(facts).into_iter().map(|it| it.severity).collect()
    }

    #[test]
    fn both_bounds_are_exact() {
        for (number, expected) in [
            (2_499, None),
            (2_500, Some(Severity::Warning)),
            (9_999, Some(Severity::Warning)),
            (10_000, Some(Severity::Error)),
        ] {
            assert_eq!(
                severities(&with_tables(number)),
                Vec::from_iter(expected),
                "{number}"
            );
        }
    }

    #[test]
    fn a_table_that_has_the_name_already_takes_no_further_room() {
        let facts = restore(|it| {
            it.observed.tables_in_region = Fact::Known(10_000);
            it.observed.target = Fact::Known(table());
        });
        assert_eq!(severities(&facts), []);
        let unseen = restore(|it| {
            it.observed.tables_in_region = Fact::Known(10_000);
            it.observed.target = Fact::Unknown;
        });
        assert_eq!(severities(&unseen), [Severity::Error]);
        let kept = Facts {
            action: Fact::Known(Action::Update),
            ..with_tables(10_000)
        };
        assert_eq!(severities(&kept), []);
    }
}
