//! DBK-RST-009: restores in one plan that are larger together than AWS takes at once.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, ObservedBackup, PlannedRestore};
use crate::finding::{Report, Severity, Subject};
use crate::limits::{CONCURRENT_RESTORE_BYTES_MAX, RECOVERY_POINT_RESTORE_BYTES_MAX};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::Region;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-RST-009"),
    name: "restores_too_large",
    also: &["DBK-ABR-014"],
    area: Area::Quotas,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &[
        "backup:DescribeRecoveryPoint",
        "dynamodb:DescribeBackup",
        "dynamodb:DescribeTable",
    ],
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
        is_from_recovery_point: false,
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
    let sum = |counts: fn(&PlannedRestore) -> bool| {
        let others = facts.neighbours.restores.iter().filter(|it| counts(it));
        let known = others.filter_map(|it| it.size_bytes.into_known());
        known.fold(own, u64::saturating_add)
    };
    let by_job = table.is_from_recovery_point();
    let of_jobs = sum(|it| it.is_from_recovery_point);
    let (all, (whose, by_whom), bound) = if by_job && of_jobs > RECOVERY_POINT_RESTORE_BYTES_MAX {
        (
            of_jobs,
            ("restores of this plan by AWS Backup", "AWS Backup"),
            RECOVERY_POINT_RESTORE_BYTES_MAX,
        )
    } else {
        (
            sum(|_| true),
            ("restores of this plan", "AWS"),
            CONCURRENT_RESTORE_BYTES_MAX,
        )
    };
    if all <= bound {
        return;
    }
    report.add(
        Subject::Source,
        format!(
            "This restore reads {}, and all {whose} as far as they are seen {}. {by_whom} takes {} at once in an \
             account.",
            prose::terabytes(own),
            prose::terabytes(all),
            prose::terabytes(bound)
        ),
        if own > bound {
            "Ask AWS to raise the quota (Service Quotas, Amazon DynamoDB) before the apply."
        } else {
            "Restore the largest ones one after the other: add depends_on between them, or apply with -parallelism=1."
        },
    );
}

#[cfg(test)]
mod tests {
    use super::{RULE, together};
    use crate::examples::aws_backup::{RECOVERY_POINT_ARN, observed_recovery_point};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, Object, ObservedRecoveryPoint, Source};

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

    /// A recovery point of so many bytes beside another one.
    fn jobs(own: u64, other: u64) -> Facts {
        let mut facts = together(own, other);
        facts.neighbours.restores[0].is_from_recovery_point = true;
        if let Object::RestoredTable(it) = &mut facts.object {
            it.source = Fact::Known(Source {
                recovery_point_arn: RECOVERY_POINT_ARN.into(),
                ..Source::unset()
            });
            it.observed.backup = Fact::Unknown;
            it.observed.recovery_point = Fact::Known(ObservedRecoveryPoint {
                size_bytes: Fact::Known(own),
                ..observed_recovery_point()
            });
        }
        facts
    }

    #[test]
    fn aws_backup_takes_half_as_much() {
        let found = |facts: &Facts| RULE.findings(facts).pop().map(|it| it.detail);
        assert_eq!(found(&jobs(15 * TB, 10 * TB)), None);
        let detail = found(&jobs(15 * TB, 10 * TB + 1)).expect("a finding");
        assert!(detail.contains("AWS Backup takes 25.0 TB at once"), "{detail}");
        // What DynamoDB restores beside it counts only towards the whole.
        let mut mixed = jobs(15 * TB, 35 * TB);
        mixed.neighbours.restores[0].is_from_recovery_point = false;
        assert_eq!(found(&mixed), None);
        mixed.neighbours.restores[0].size_bytes = Fact::Known(36 * TB);
        let detail = found(&mixed).expect("a finding");
        assert!(detail.contains(" AWS takes 50.0 TB at once"), "{detail}");
        // A restore by DynamoDB does not count to those of AWS Backup.
        let mut native = together(20 * TB, 10 * TB);
        native.neighbours.restores[0].is_from_recovery_point = true;
        assert_eq!(found(&native), None);
        let fix = |own: u64| RULE.findings(&jobs(own, TB)).remove(0).fix;
        assert!(fix(25 * TB).contains("depends_on"));
        assert!(fix(25 * TB + 1).contains("raise the quota"));
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
