//! DBK-BKP-016: the deletion of a backup that DynamoDB made when a table was deleted.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{BackupType, Facts, ObservedBackup, PriorBackup};
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-BKP-016"),
    name: "system_backup_deleted",
    also: &[],
    area: Area::Backups,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["dynamodb:DescribeBackup"],
    title: "System backup cannot be deleted",
    why: "When a table with point-in-time recovery is deleted, DynamoDB makes a system backup of it. It \
          costs nothing, nobody can delete it, and it goes by itself after 35 days. Its ARN ends in \
          \"-00000000\".",
    aws_error: Some("ValidationException: User is not allowed to delete the system backup with arn …"),
    source: "measured on AWS",
    firing: || system_backup_destroyed(false),
    silent: || system_backup_destroyed(true),
    check,
};

/// The system backup of the table of the examples, about to be destroyed.
fn system_backup_destroyed(is_retained: bool) -> Facts {
    examples::backup_destroyed(|it| {
        it.retain_on_destroy = Fact::Known(is_retained);
        it.prior = Fact::Known(PriorBackup {
            arn: examples::SYSTEM_BACKUP_ARN.into(),
            table_name: "orders".into(),
            name: "orders$DeletedTableBackup".into(),
        });
        it.backup = Fact::Known(ObservedBackup {
            arn: examples::SYSTEM_BACKUP_ARN.into(),
            backup_type: Fact::Known(BackupType::System),
            expires_at: Fact::Known(examples::at("2025-12-25T08:00:00Z")),
            ..examples::observed_backup()
        });
    })
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(backup) = super::deleted_backup(facts) else {
        return;
    };
    if super::backup_type(backup) != Fact::Known(BackupType::System) {
        return;
    }
    let arn = super::prior_arn(backup).unwrap_or("This backup");
    let end = match backup.backup.as_ref().and_then(|it| it.expires_at) {
        Fact::Known(expiry) => format!("goes by itself at {}", prose::moment(expiry)),
        Fact::Absent | Fact::Unknown => "goes by itself 35 days after the table was deleted".to_owned(),
    };
    report.add(
        Subject::RetainOnDestroy,
        format!(
            "{arn} is a system backup, which DynamoDB made when its table was deleted. Nobody can delete \
             it; it costs nothing and {end}."
        ),
        "Let Terraform forget it: terraform state rm, or a removed block with destroy = false.",
    );
}

#[cfg(test)]
mod tests {
    use super::{PriorBackup, RULE};
    use crate::examples::{BACKUP_ARN, SYSTEM_BACKUP_ARN, backup_destroyed};
    use crate::fact::Fact;

    /// The detail for a backup of which nothing is known but its ARN.
    fn detail(arn: &str) -> Option<String> {
        let facts = backup_destroyed(|it| {
            it.retain_on_destroy = Fact::Known(false);
            it.prior = Fact::Known(PriorBackup {
                arn: arn.into(),
                ..PriorBackup::default()
            });
            it.backup = Fact::Unknown;
        });
        RULE.findings(&facts).pop().map(|it| it.detail)
    }

    #[test]
    fn the_arn_tells_it_where_aws_could_not_be_asked() {
        let said = detail(SYSTEM_BACKUP_ARN).expect("a finding");
        assert!(said.starts_with(SYSTEM_BACKUP_ARN), "{said}");
        assert!(
            said.ends_with("goes by itself 35 days after the table was deleted."),
            "{said}"
        );
        assert_eq!(detail(BACKUP_ARN), None);
        assert_eq!(detail("orders"), None);
    }

    #[test]
    fn its_end_is_said_where_it_is_known() {
        let said = RULE
            .findings(&(RULE.firing)())
            .pop()
            .map(|it| it.detail)
            .expect("a finding");
        assert!(
            said.ends_with("goes by itself at 2025-12-25T08:00:00Z."),
            "{said}"
        );
    }
}
