//! DBK-RST-009: restores in one plan that are larger together than AWS takes at once.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, ObservedBackup, PlannedRestore};
use crate::finding::{Report, Severity, Subject};
use crate::limits::CONCURRENT_RESTORE_BYTES_MAX;
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::Region;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-RST-009"),
    name: "restores_too_large",
    also: &[],
    area: Area::Quotas,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["dynamodb:DescribeBackup", "dynamodb:DescribeTable"],
    title: "More data are planned to be restored than AWS takes at once",
    why: "The restores that run at once in an account may read 50 TB together, and 25 TB those of AWS Backup. One that \
          would go beyond is refused. AWS's figures of sizes are up to six hours old.",
    aws_error: Some("LimitExceededException"),
    source: "DynamoDB developer guide, quotas",
    firing: || together(30_000_000_000_000, 21_000_000_000_000),
    silent: || together(30_000_000_000_000, 20_000_000_000_000),
    check,
};

/// A restore of so many bytes beside another of so many.
fn together(own: u64, other: u64) -> Facts {
    let mut facts = examples::restore(|it| {
        it.observed.backup = Fact::Known(ObservedBackup {
            size_bytes: Fact::Known(own),
            ..examples::observed_backup()
        });
    });
    facts.neighbours.restores = Vec::from_iter(Region::parse("us-east-1").map(|region| PlannedRestore {
        region,
        name: "customers-restored".to_owned(),
        size_bytes: Fact::Known(other),
    }));
    facts
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table().filter(|_| facts.is_made()) else {
        return;
    };
    let Fact::Known(own) = table.source_size_bytes() else {
        return;
    };
    let others = facts.neighbours.restores.iter();
    let known = others.filter_map(|it| it.size_bytes.into_known());
    let all = known.fold(own, u64::saturating_add);
    if all <= CONCURRENT_RESTORE_BYTES_MAX {
        return;
    }
    let most = prose::terabytes(CONCURRENT_RESTORE_BYTES_MAX);
    report.add(
        Subject::Source,
        format!(
            "This restore reads {}, and all restores of this plan as far as they are seen {}. AWS takes {most} at once \
             in an account.",
            prose::terabytes(own),
            prose::terabytes(all)
        ),
        if own > CONCURRENT_RESTORE_BYTES_MAX {
            "Ask AWS to raise the quota (Service Quotas, Amazon DynamoDB) before the apply."
        } else {
            "Restore the largest ones one after the other: add depends_on between them, or apply with -parallelism=1."
        },
    );
}

#[cfg(test)]
mod tests {
    use super::{RULE, together};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, Object};

    const TB: u64 = 1_000_000_000_000;

    #[test]
    fn fifty_terabytes_are_the_most() {
        assert!(RULE.findings(&together(30 * TB, 20 * TB)).is_empty());
        let finding = RULE
            .findings(&together(30 * TB, 20 * TB + 1))
            .pop()
            .expect("a finding");
        assert!(finding.fix.contains("depends_on"), "{}", finding.fix);
        assert_eq!(RULE.findings(&together(u64::MAX, u64::MAX)).len(), 1);
    }

    #[test]
    fn one_that_is_too_large_alone_needs_a_larger_quota() {
        let fix = |own: u64| RULE.findings(&together(own, TB)).pop().expect("a finding").fix;
        assert!(fix(50 * TB).contains("depends_on"));
        assert!(fix(50 * TB + 1).contains("raise the quota"));
    }

    #[test]
    fn sizes_that_are_not_known_do_not_count() {
        let mut facts = together(30 * TB, 30 * TB);
        facts.neighbours.restores[0].size_bytes = Fact::Unknown;
        assert!(RULE.findings(&facts).is_empty());
        let mut facts = together(30 * TB, 60 * TB);
        if let Object::RestoredTable(it) = &mut facts.object {
            it.observed.backup = Fact::Unknown;
        }
        assert!(RULE.findings(&facts).is_empty());
    }

    #[test]
    fn a_table_that_is_there_already_reads_nothing() {
        let facts = Facts {
            action: Fact::Known(Action::Keep),
            ..together(60 * TB, 0)
        };
        assert!(RULE.findings(&facts).is_empty());
    }
}
