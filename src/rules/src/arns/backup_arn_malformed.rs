//! DBK-ARN-003: a text where a backup's ARN belongs that does not name a DynamoDB backup.

use crate::examples;
use crate::facts::{Accepts, Facts};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::{ArnError, ArnKind, BackupArn};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-ARN-003"),
    name: "backup_arn_malformed",
    also: &[],
    area: Area::Arns,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Backup ARN is not valid",
    why: "The ARN of a DynamoDB backup is that of its table, then \"/backup/\" and the id of the backup. \
          AWS judges the form before it looks for the backup. An id of a form that AWS has not used so far \
          is only a warning.",
    aws_error: Some("ValidationException: Invalid Backup ARN"),
    source: "DynamoDB API model, BackupArn; measured on AWS",
    firing: || examples::restore(|it| it.source = source(examples::TABLE_ARN)),
    silent: || examples::restore(|it| it.source = source(examples::BACKUP_ARN)),
    check,
};

fn source(arn: &str) -> crate::Fact<crate::facts::Source> {
    crate::Fact::Known(crate::facts::Source::backup(arn))
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    const FORM: &str = "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/01763625600000-a1b2c3d4";
    for place in facts
        .places()
        .into_iter()
        .filter(|it| it.accepts == Accepts::BackupArn)
    {
        let error = match BackupArn::parse(place.text) {
            Ok(arn) if arn.has_usual_id() => continue,
            Ok(arn) => {
                report.add_warning(
                    place.subject,
                    format!(
                        "The id {:?} at the end of {:?} is unusual: every backup id seen so far is 14 \
                         digits, a hyphen and 8 letters or digits. Part of it may be missing.",
                        arn.id, place.text
                    ),
                    format!(
                        "Compare it with the output of: aws dynamodb list-backups --table-name {}",
                        arn.table_arn.table
                    ),
                );
                continue;
            }
            // Recovery points have a rule of their own, which says where they go.
            Err(ArnError::Kind {
                given: ArnKind::RecoveryPoint,
                ..
            }) => continue,
            Err(error) => error,
        };
        let fix = match error {
            ArnError::Kind {
                given: ArnKind::Table,
                ..
            } => format!(
                "To restore that table to a moment, write source = {{ point_in_time = {{ table_arn = {:?}, \
                 latest = true }} }}. To restore a backup, give its ARN, like {FORM:?}.",
                place.text
            ),
            _ => format!("Give the ARN of a backup, like {FORM:?}."),
        };
        report.add(
            place.subject,
            format!(
                "{:?} is not the ARN of a DynamoDB backup: {}.",
                place.text,
                error.explain()
            ),
            fix,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, source};
    use crate::examples::{BACKUP_ARN, restore};
    use crate::finding::Severity;

    fn severities(arn: &str) -> Vec<Severity> {
        RULE.findings(&restore(|it| it.source = source(arn)))
            .into_iter()
            .map(|it| it.severity)
            .collect()
    }

    #[test]
    fn an_unusual_id_is_a_warning_and_another_form_an_error() {
        assert_eq!(severities(BACKUP_ARN), []);
        assert_eq!(
            severities(&BACKUP_ARN.replace("-a1b2c3d4", "-a1b2c3")),
            [Severity::Warning]
        );
        assert_eq!(
            severities(&BACKUP_ARN.replace("01763625600000-a1b2c3d4", "")),
            [Severity::Error]
        );
        assert_eq!(severities("orders-before-migration"), [Severity::Error]);
    }

    #[test]
    fn a_recovery_point_is_left_to_its_own_rule() {
        assert_eq!(
            severities("arn:aws:backup:us-east-1:111122223333:recovery-point:1EB3B5E7"),
            []
        );
    }
}
