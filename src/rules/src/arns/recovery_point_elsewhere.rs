//! DBK-ARN-022: a recovery point that is not in the Region of the object, or that is none.

use crate::examples::aws_backup::{RECOVERY_POINT_ARN, copy};
use crate::fact::Fact;
use crate::facts::{Accepts, Facts, Object};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::{Arn, ArnError, ArnKind};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-ARN-022"),
    name: "recovery_point_elsewhere",
    also: &["DBK-ABR-005"],
    area: Area::Arns,
    severity: Severity::Error,
    when: When::Identity,
    reads: &[],
    title: "No recovery point of this Region has this ARN",
    why: "A recovery point is in the Region of its vault. A job that copies or restores it runs there: AWS \
          Backup looks for the vault and the recovery point in the Region of the call and nowhere else.",
    aws_error: Some("ResourceNotFoundException or InvalidParameterValueException"),
    source: "AWS Backup API reference, StartCopyJob, StartRestoreJob; the error is inferred",
    firing: || copy(|it| it.region = "eu-west-1".into()),
    silent: || copy(|it| it.region = "us-east-1".into()),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    if !facts.source_matters() {
        return;
    }
    for place in facts
        .places()
        .into_iter()
        .filter(|it| it.accepts == Accepts::RecoveryPointArn)
    {
        let arn = match Arn::parse(place.text) {
            Ok(arn) if matches!(arn.kind(), ArnKind::RecoveryPoint | ArnKind::Backup) => arn,
            Ok(arn) => {
                let error = ArnError::Kind {
                    wanted: ArnKind::RecoveryPoint,
                    given: arn.kind(),
                };
                report.add(place.subject, no_recovery_point(place.text, &error), LIST);
                continue;
            }
            Err(error) => {
                report.add(place.subject, no_recovery_point(place.text, &error), LIST);
                continue;
            }
        };
        let (Fact::Known(here), Some(there)) = (facts.region(), &arn.region) else {
            continue;
        };
        // An ARN whose Region and partition do not belong together is reported as such.
        let belongs = facts
            .regions
            .partition_of(there)
            .is_none_or(|it| it == arn.partition);
        if *there == here || !belongs {
            continue;
        }
        let (work, fix) = match facts.object {
            Object::RestoredTable(_) => (
                "restored",
                format!(
                    "Restore it in {there}: set region = \"{there}\". For a table in {here}, copy the recovery \
                     point to a vault there first and restore the copy."
                ),
            ),
            _ => (
                "copied",
                format!(
                    "Set region = \"{there}\" on this object. That is where the copy starts; where it goes, \
                     destination_vault_arn says."
                ),
            ),
        };
        report.add(
            place.subject,
            format!(
                "{:?} is in {there}, and would be {work} by a job in {here}. AWS Backup looks for it in {here} \
                 only.",
                place.text
            ),
            fix,
        );
    }
}

const LIST: &str = "Give the ARN of a recovery point, as this command lists them: aws backup \
                    list-recovery-points-by-backup-vault --backup-vault-name VAULT --query \
                    'RecoveryPoints[].RecoveryPointArn'";

fn no_recovery_point(text: &str, error: &ArnError) -> String {
    format!(
        "{text:?} is not the ARN of a recovery point: {}. One made with the advanced features looks like \
         {RECOVERY_POINT_ARN:?}; one made without them has the ARN of a DynamoDB backup.",
        error.explain()
    )
}

#[cfg(test)]
mod tests {
    use super::{RECOVERY_POINT_ARN, RULE, copy};
    use crate::examples::aws_backup::restore_recovery_point;
    use crate::examples::{BACKUP_ARN, TABLE_ARN};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts};
    use crate::finding::Subject;

    fn found(facts: &Facts) -> Option<(Subject, String)> {
        RULE.findings(facts).pop().map(|it| (it.subject, it.fix))
    }

    fn of(arn: &str) -> Option<(Subject, String)> {
        found(&copy(|it| it.recovery_point_arn = arn.into()))
    }

    #[test]
    fn recovery_points_have_two_kinds_of_arns() {
        for arn in [RECOVERY_POINT_ARN, BACKUP_ARN] {
            assert_eq!(of(arn), None);
            let (subject, fix) = of(&arn.replace("us-east-1", "eu-west-1")).expect("a finding");
            assert_eq!(subject, Subject::RecoveryPointArn);
            assert!(fix.contains("region = \"eu-west-1\""), "{fix}");
        }
        for arn in ["orders", TABLE_ARN] {
            let (_, fix) = of(arn).expect("a finding");
            assert!(fix.contains("list-recovery-points-by-backup-vault"), "{fix}");
        }
        let detail = |arn: &str| {
            RULE.findings(&copy(|it| it.recovery_point_arn = arn.into()))
                .remove(0)
                .detail
        };
        assert!(
            detail("orders").starts_with("\"orders\" is not the ARN of a recovery point: it does not begin")
        );
        assert!(detail(TABLE_ARN).contains("it is the ARN of a table, not of an AWS Backup recovery point."));
        // Partition and Region that do not belong together have their own rule.
        assert_eq!(of(&RECOVERY_POINT_ARN.replace("us-east-1", "cn-north-1")), None);
    }

    #[test]
    fn a_restore_happens_where_the_recovery_point_is() {
        assert_eq!(found(&restore_recovery_point(|_| ())), None);
        let far = restore_recovery_point(|it| it.region = "eu-west-1".into());
        let (subject, fix) = found(&far).expect("a finding");
        assert_eq!(subject, Subject::SourceRecoveryPointArn);
        assert!(
            fix.starts_with("Restore it in us-east-1: set region = \"us-east-1\"."),
            "{fix}"
        );
        let exists = Facts {
            action: Fact::Known(Action::Keep),
            ..far
        };
        assert_eq!(found(&exists), None);
    }

    #[test]
    fn an_unknown_region_is_left_alone() {
        assert_eq!(found(&copy(|it| it.region = Fact::Unknown)), None);
    }
}
