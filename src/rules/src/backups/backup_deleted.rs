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
    use crate::examples::{backup_destroyed, observed_backup};
    use crate::fact::Fact;
    use crate::facts::{Action, Backup, BackupStatus, BackupType, ObservedBackup};

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
    fn its_age_is_said_as_far_as_it_is_known() {
        let said = |detail: Option<String>| detail.expect("a finding");
        let when = ", taken at 2025-11-20T08:00:00Z (1 hour ago), will be deleted";
        assert!(said(detail(|_| ())).contains(when));
        let mut facts = backup_destroyed(|it| it.retain_on_destroy = Fact::Absent);
        facts.now = Fact::Unknown;
        let text = RULE.findings(&facts).pop().map(|it| it.detail);
        assert!(said(text).contains(", taken at 2025-11-20T08:00:00Z, will be deleted"));
        let no_age = said(detail(|it| {
            it.backup = Fact::Known(ObservedBackup {
                created_at: Fact::Unknown,
                ..observed_backup()
            });
        }));
        assert!(no_age.contains("a1b2c3d4 will be deleted at once"), "{no_age}");
    }

    #[test]
    fn a_replacement_says_what_the_new_backup_holds() {
        let mut facts = backup_destroyed(|it| it.retain_on_destroy = Fact::Absent);
        facts.action = Fact::Known(Action::Replace);
        let text = RULE
            .findings(&facts)
            .pop()
            .map(|it| it.detail)
            .expect("a finding");
        assert!(
            text.ends_with("holds the data of today, not those of then."),
            "{text}"
        );
        assert!(!detail(|_| ()).expect("a finding").contains("data of today"));
    }

    #[test]
    fn only_what_is_there_and_can_be_deleted_is_lost() {
        let seen = |change: fn(&mut ObservedBackup)| {
            detail(|it| {
                let mut backup = observed_backup();
                change(&mut backup);
                it.backup = Fact::Known(backup);
            })
        };
        assert!(seen(|_| ()).is_some());
        assert_eq!(seen(|it| it.status = Fact::Known(BackupStatus::Creating)), None);
        assert_eq!(seen(|it| it.status = Fact::Unknown), None);
        assert_eq!(seen(|it| it.backup_type = Fact::Known(BackupType::System)), None);
        assert_eq!(
            seen(|it| it.backup_type = Fact::Known(BackupType::AwsBackup)),
            None
        );
        assert!(seen(|it| it.backup_type = Fact::Unknown).is_some());
        assert!(detail(|it| it.retain_on_destroy = Fact::Known(false)).is_some());
        assert_eq!(detail(|it| it.retain_on_destroy = Fact::Unknown), None);
    }

    #[test]
    fn what_was_not_seen_is_not_reported() {
        assert_eq!(detail(|it| it.backup = Fact::Unknown), None);
        assert_eq!(detail(|it| it.backup = Fact::Absent), None);
    }
}
