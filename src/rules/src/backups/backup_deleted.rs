//! DBK-BKP-019: the deletion of a backup, which nothing brings back.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Action, BackupStatus, BackupType, Facts};
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-BKP-019"),
    name: "backup_deleted",
    also: &["DBK-NAME-005"],
    area: Area::Backups,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["dynamodb:DescribeBackup", "dynamodb:DescribeTable"],
    title: "Backup will be deleted for good",
    why: "DeleteBackup takes effect at once. There is no grace period and no undelete, and the table itself \
          may be gone already.",
    aws_error: None,
    source: "measured on AWS",
    firing: || examples::backup_destroyed(|it| it.retain_on_destroy = Fact::Absent),
    silent: || examples::backup_destroyed(|it| it.retain_on_destroy = Fact::Known(true)),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(backup) = super::deleted_backup(facts) else {
        return;
    };
    let Fact::Known(seen) = &backup.backup else { return };
    let available = seen.status == Fact::Known(BackupStatus::Available);
    // What only AWS Backup or nobody can delete has rules of its own.
    let deletable = !matches!(
        super::backup_type(backup),
        Fact::Known(BackupType::System | BackupType::AwsBackup)
    );
    if !available || !deletable {
        return;
    }
    let arn = super::prior_arn(backup).unwrap_or("This backup");
    let age = match (&seen.created_at, &facts.now) {
        (Fact::Known(created), Fact::Known(now)) => {
            format!(
                ", taken at {} ({} ago),",
                prose::moment(*created),
                prose::duration(now.duration_since(*created))
            )
        }
        (Fact::Known(created), _) => format!(", taken at {},", prose::moment(*created)),
        _ => String::new(),
    };
    let table = if backup.table.is_absent() {
        " Its table no longer exists, so this may be the last copy of the data."
    } else {
        ""
    };
    let replaced = if facts.action == Fact::Known(Action::Replace) {
        " The backup that replaces it holds the data of today, not those of then."
    } else {
        ""
    };
    report.add(
        Subject::RetainOnDestroy,
        format!("{arn}{age} will be deleted at once, and nothing brings it back.{table}{replaced}"),
        "To keep it in AWS, set retain_on_destroy = true and apply that first. To rule such plans out, add \
         lifecycle { prevent_destroy = true }.",
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::backup_destroyed;
    use crate::fact::Fact;
    use crate::facts::Backup;

    fn detail(change: impl FnOnce(&mut Backup)) -> Option<String> {
        let facts = backup_destroyed(|it| {
            it.retain_on_destroy = Fact::Absent;
            change(it);
        });
        RULE.findings(&facts).pop().map(|it| it.detail)
    }

    #[test]
    fn the_last_copy_is_called_so() {
        assert!(
            detail(|it| it.table = Fact::Absent)
                .expect("a finding")
                .contains("the last copy")
        );
        assert!(
            !detail(|it| it.table = Fact::Unknown)
                .expect("a finding")
                .contains("the last copy")
        );
    }

    #[test]
    fn what_was_not_seen_is_not_reported() {
        assert_eq!(detail(|it| it.backup = Fact::Unknown), None);
        assert_eq!(detail(|it| it.backup = Fact::Absent), None);
    }
}
