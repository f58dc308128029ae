//! DBK-ARN-015: a backup that cannot be there, by the time in its ARN.

use jiff::SignedDuration;

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, Source};
use crate::finding::{Report, Severity, Subject};
use crate::limits::{CLOCK_TOLERANCE_SECONDS, SYSTEM_BACKUP_RETENTION_DAYS};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-ARN-015"),
    name: "backup_id_out_of_time",
    also: &[],
    area: Area::Arns,
    severity: Severity::Warning,
    when: When::Static,
    reads: &[],
    title: "Backup cannot exist, by the time in its ARN",
    why: "The id at the end of a backup's ARN begins with the time at which the backup was made, in milliseconds \
          since 1970. One that is later than now was mistyped. One that ends in \"-00000000\" is the system backup \
          of a deleted table, which DynamoDB keeps for 35 days. The form of the id is observed, not promised by \
          AWS.",
    aws_error: Some("BackupNotFoundException: Backup not found: …"),
    source: "measured on AWS; developer guide, point-in-time recovery",
    // 2025-11-30, ten days ahead.
    firing: || from("01764489600000-a1b2c3d4"),
    silent: || from("01763625600000-a1b2c3d4"),
    check,
};

/// A restore from a backup with this id, which nobody has looked for.
fn from(id: &str) -> Facts {
    examples::restore(|it| {
        let arn = format!("{}/backup/{id}", examples::TABLE_ARN);
        it.source = Fact::Known(Source::backup(arn));
        it.observed.backup = Fact::Unknown;
    })
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table().filter(|_| facts.source_matters()) else {
        return;
    };
    // What AWS shows exists, whatever its id says.
    if table.observed.backup.is_known() {
        return;
    }
    let (Some(arn), Some(now)) = (table.backup_arn(), facts.now.known()) else {
        return;
    };
    let Some(made_at) = arn.created_at() else { return };
    let age = now.duration_since(made_at);
    let tolerance = SignedDuration::from_secs(CLOCK_TOLERANCE_SECONDS);
    let kept = SignedDuration::from_hours(SYSTEM_BACKUP_RETENTION_DAYS * 24);
    let list = format!(
        "aws dynamodb list-backups --region {} --table-name {} --backup-type ALL",
        arn.table_arn.region, arn.table_arn.table
    );
    if age < -tolerance {
        report.add(
            Subject::SourceBackupArn,
            format!(
                "The id {:?} says that the backup was made at {}, and it is {} now.",
                arn.id,
                prose::moment(made_at),
                prose::moment(*now)
            ),
            format!("Compare it with the output of: {list}"),
        );
    } else if arn.is_system() && age > kept + tolerance {
        report.add(
            Subject::SourceBackupArn,
            format!(
                "{:?} is the system backup of a table that was deleted at {}, {} ago. DynamoDB keeps such a backup \
                 for {}, so it has gone.",
                arn.to_string(),
                prose::moment(made_at),
                prose::duration(age),
                prose::days(SYSTEM_BACKUP_RETENTION_DAYS)
            ),
            format!("Restore another backup, if there is one: {list}"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, from};
    use crate::examples::{at, observed_backup};
    use crate::fact::Fact;
    use crate::facts::{Facts, Object};

    fn fires(made_at: &str, suffix: &str) -> bool {
        let id = format!("{:014}-{suffix}", at(made_at).as_millisecond());
        !RULE.findings(&from(&id)).is_empty()
    }

    #[test]
    fn the_clocks_may_differ_by_a_minute() {
        // Now is 2025-11-20T09:00:00Z; 35 days before is 2025-10-16T09:00:00Z.
        assert!(!fires("2025-11-20T09:01:00Z", "a1b2c3d4"));
        assert!(fires("2025-11-20T09:01:01Z", "a1b2c3d4"));
        assert!(fires("2025-11-20T09:01:01Z", "00000000"));
        assert!(!fires("2025-10-16T08:59:00Z", "00000000"));
        assert!(fires("2025-10-16T08:58:59Z", "00000000"));
    }

    #[test]
    fn a_backup_of_a_user_stays_for_ever() {
        assert!(!fires("2020-01-01T00:00:00Z", "a1b2c3d4"));
    }

    #[test]
    fn each_case_says_its_own() {
        let text = |id: &str| RULE.findings(&from(id)).pop().expect("a finding").detail;
        assert!(text("01764489600000-a1b2c3d4").contains("it is 2025-11-20T09:00:00Z now"));
        let gone = text("01500000000000-00000000");
        assert!(gone.contains("keeps such a backup for 35 days"), "{gone}");
    }

    #[test]
    fn what_aws_shows_is_there_and_what_it_denies_may_be_explained() {
        let seen = |backup: Fact<crate::facts::ObservedBackup>| {
            let mut facts = from("01764489600000-a1b2c3d4");
            if let Object::RestoredTable(it) = &mut facts.object {
                it.observed.backup = backup;
            }
            RULE.findings(&facts).len()
        };
        assert_eq!(seen(Fact::Known(observed_backup())), 0);
        assert_eq!(seen(Fact::Absent), 1);
    }

    #[test]
    fn without_a_clock_or_a_time_it_is_silent() {
        let facts = Facts {
            now: Fact::Unknown,
            ..from("01764489600000-a1b2c3d4")
        };
        assert!(RULE.findings(&facts).is_empty());
        assert!(RULE.findings(&from("imported")).is_empty());
    }
}
