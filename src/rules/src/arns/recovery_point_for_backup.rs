//! DBK-ARN-004: a recovery point of AWS Backup where a DynamoDB backup belongs.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Accepts, Facts, Source};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::{Arn, ArnKind};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-ARN-004"),
    name: "recovery_point_for_backup",
    also: &[],
    area: Area::Arns,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Recovery point of AWS Backup given as a DynamoDB backup",
    why: "Recovery points that AWS Backup takes with its advanced DynamoDB features live in a vault of AWS \
          Backup and are restored by a job of AWS Backup. DynamoDB's own restore does not know them.",
    aws_error: Some("ValidationException: Invalid Backup ARN"),
    source: "AWS Backup developer guide, fully managed resources; the error text is inferred",
    firing: || {
        examples::restore(|it| {
            it.source = Fact::Known(Source::backup(
                "arn:aws:backup:us-east-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45",
            ));
        })
    },
    silent: || examples::restore(|it| it.source = Fact::Known(Source::backup(examples::BACKUP_ARN))),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    for place in facts
        .places()
        .into_iter()
        .filter(|it| it.accepts == Accepts::BackupArn)
    {
        if !Arn::parse(place.text).is_ok_and(|arn| arn.kind() == ArnKind::RecoveryPoint) {
            continue;
        }
        report.add(
            place.subject,
            format!(
                "{:?} is a recovery point that AWS Backup keeps in a vault. Only a restore job of AWS \
                 Backup can read it; backup_arn takes backups that DynamoDB keeps, whose ARNs end in \
                 \"table/NAME/backup/ID\".",
                place.text
            ),
            format!(
                "Let AWS Backup restore it: source = {{ recovery_point_arn = {:?}, vault_name = \"…\", role_arn = \
                 \"arn:…\" }}, with the name of its vault and a role that AWS Backup may assume.",
                place.text
            ),
        );
    }
}
