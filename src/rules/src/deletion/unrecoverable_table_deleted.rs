//! DBK-DEL-001: the deletion of a table of which nothing is left to restore.

use jiff::SignedDuration;

use crate::examples;
use crate::fact::Fact;
use crate::facts::{BackupStatus, Facts, ObservedBackup, RestoredTable};
use crate::finding::{Report, Severity, Subject};
use crate::limits::RECENT_BACKUP_HOURS;
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-DEL-001"),
    name: "unrecoverable_table_deleted",
    also: &[],
    area: Area::Deletion,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["dynamodb:DescribeContinuousBackups", "dynamodb:ListBackups"],
    title: "Table would be deleted for good",
    why: "DeleteTable takes the items along at once. DynamoDB keeps a system backup only of a table with point-in-time \
          recovery; where that is off, and no backup of the last 24 hours is there, what was written since the last \
          backup is lost.",
    aws_error: None,
    source: "DynamoDB developer guide, point-in-time recovery and on-demand backups; the 24 hours are this provider's",
    firing: || with_backup(Fact::Absent),
    silent: || with_backup(Fact::Known(own_backup())),
    check,
};

/// The destruction of a restored table with this backup and without point-in-time recovery.
fn with_backup(newest: Fact<ObservedBackup>) -> Facts {
    examples::restored_destroyed(|it| it.observed.newest_backup = newest)
}

/// A backup of the table, an hour old.
fn own_backup() -> ObservedBackup {
    ObservedBackup {
        arn: examples::OWN_BACKUP_ARN.into(),
        ..examples::observed_backup()
    }
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let (Some(table), Some(going)) = (facts.restored_table(), facts.going_table()) else {
        return;
    };
    let is_off = table
        .observed
        .own_recovery
        .is_known_and(|it| it.enabled == Fact::Known(false));
    if !is_off || facts.neighbours.takes_final_backup_of(&going) {
        return;
    }
    let Some(newest) = newest_backup(facts, table) else {
        return;
    };
    let last = match newest {
        None => "and there is no other backup of it".to_owned(),
        Some((arn, age)) => format!(
            "and the newest backup of it, {arn}, is {} old: what was written since is lost",
            prose::duration(age)
        ),
    };
    let fix = if facts.is_destroyed_for_good() {
        "To have a backup taken right before the table goes, add this and apply it before you destroy: resource \
         \"dynamodb_final_backup\" \"last\" { table_name = dynamodb_restored_table.NAME.arn }. Or take one now with \
         resource \"dynamodb_backup\" and retain_on_destroy = true."
    } else {
        "Take a backup first, in an apply of its own: resource \"dynamodb_backup\" \"last\" { table_name = \
         dynamodb_restored_table.NAME.name }. Set retain_on_destroy = true in it, so that it stays."
    };
    report.add(
        Subject::Object,
        format!(
            "{:?} in {} goes with all its items. Point-in-time recovery is off, so DynamoDB keeps no system backup, \
             {last}. Recovery points in vaults of AWS Backup were not looked for.",
            going.name, going.region
        ),
        fix,
    );
}

/// The newest backup that could be restored, with its age, if it is not recent; `None` inside where there is none at all.
/// Nothing where there is a recent one, or where that is not known.
fn newest_backup<'a>(facts: &Facts, table: &'a RestoredTable) -> Option<Option<(&'a str, SignedDuration)>> {
    let seen = match &table.observed.newest_backup {
        Fact::Known(seen) => seen,
        Fact::Absent => return Some(None),
        Fact::Unknown => return None,
    };
    match &seen.status {
        Fact::Known(BackupStatus::Available) => {}
        Fact::Known(_) => return Some(None),
        Fact::Absent | Fact::Unknown => return None,
    }
    let age = facts.now.known()?.duration_since(*seen.created_at.known()?);
    let is_old = age > SignedDuration::from_hours(RECENT_BACKUP_HOURS);
    is_old.then_some(Some((seen.arn.known()?.as_str(), age)))
}

#[cfg(test)]
mod tests {
    use super::{RULE, own_backup, with_backup};
    use crate::examples::{at, recovery_on};
    use crate::fact::Fact;
    use crate::facts::{
        Action, BackupStatus, Facts, Object, ObservedBackup, ObservedRecovery, PlannedFinalBackup,
    };
    use crate::finding::Finding;
    use crate::syntax::Region;

    fn found(facts: &Facts) -> Option<Finding> {
        RULE.findings(facts).pop()
    }

    fn taken_at(text: &str) -> Facts {
        with_backup(Fact::Known(ObservedBackup {
            created_at: Fact::Known(at(text)),
            ..own_backup()
        }))
    }

    fn recovery(recovery: Fact<ObservedRecovery>) -> Facts {
        let mut facts = with_backup(Fact::Absent);
        if let Object::RestoredTable(it) = &mut facts.object {
            it.observed.own_recovery = recovery;
        }
        facts
    }

    #[test]
    fn a_backup_of_the_last_day_is_recent() {
        // Now is 2025-11-20T09:00:00Z.
        assert!(found(&taken_at("2025-11-19T09:00:00Z")).is_none());
        let old = found(&taken_at("2025-11-19T08:59:59Z")).expect("a finding");
        assert!(old.detail.contains("is 1 day old"), "{}", old.detail);
        assert!(
            old.detail.contains(crate::examples::OWN_BACKUP_ARN),
            "{}",
            old.detail
        );
    }

    #[test]
    fn a_backup_that_cannot_be_restored_is_none() {
        let status = |status: Fact<BackupStatus>| {
            found(&with_backup(Fact::Known(ObservedBackup {
                status,
                ..own_backup()
            })))
        };
        let none = status(Fact::Known(BackupStatus::Deleted)).expect("a finding");
        assert!(
            none.detail.contains("there is no other backup of it"),
            "{}",
            none.detail
        );
        assert!(status(Fact::Unknown).is_none());
    }

    #[test]
    fn what_is_not_known_is_not_held_against_the_table() {
        assert!(found(&with_backup(Fact::Unknown)).is_none());
        let mut facts = taken_at("2025-01-01T00:00:00Z");
        facts.now = Fact::Unknown;
        assert!(found(&facts).is_none());
        assert!(found(&recovery(Fact::Unknown)).is_none());
        assert!(found(&recovery(Fact::Absent)).is_none());
        assert!(found(&recovery(Fact::Known(ObservedRecovery::default()))).is_none());
        assert!(found(&recovery(Fact::Known(recovery_on()))).is_none());
    }

    #[test]
    fn a_final_backup_of_the_same_table_silences() {
        let beside = |table: &str| {
            let mut facts = with_backup(Fact::Absent);
            facts.neighbours.final_backups.push(PlannedFinalBackup {
                region: Region::parse("us-east-1").expect("a Region"),
                table_name: table.to_owned(),
            });
            facts
        };
        assert!(found(&beside("orders-restored")).is_none());
        assert!(found(&beside("orders")).is_some());
    }

    #[test]
    fn a_replacement_wants_a_backup_before_it() {
        let of = |action: Action| {
            found(&Facts {
                action: Fact::Known(action),
                ..with_backup(Fact::Absent)
            })
            .map(|it| it.fix)
        };
        assert!(
            of(Action::Destroy)
                .expect("a finding")
                .contains("dynamodb_final_backup")
        );
        let replaced = of(Action::Replace).expect("a finding");
        assert!(!replaced.contains("dynamodb_final_backup"), "{replaced}");
        for action in [Action::Create, Action::Update, Action::Keep] {
            assert_eq!(of(action), None, "{action:?}");
        }
    }
}
