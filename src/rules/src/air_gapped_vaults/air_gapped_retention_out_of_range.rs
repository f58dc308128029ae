//! DBK-LAG-001: bounds of retention with which no logically air-gapped vault can be made.

use crate::examples::aws_backup::{air_gapped, lock};
use crate::fact::Fact;
use crate::facts::{Facts, VaultLock};
use crate::finding::{Report, Severity, Subject};
use crate::limits::{AIR_GAPPED_RETENTION_DAYS_MIN, LOCK_RETENTION_DAYS_MAX};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-LAG-001"),
    name: "air_gapped_retention_out_of_range",
    also: &[],
    area: Area::AirGappedVaults,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Retention of a logically air-gapped vault is out of range",
    why: "A logically air-gapped vault is made with the shortest and the longest retention that it takes: at least 7 \
          days, at most 36,500, and the longest not below the shortest. Neither can be changed later.",
    aws_error: Some("InvalidParameterValueException or MissingParameterValueException"),
    source: "AWS Backup API reference, CreateLogicallyAirGappedBackupVault",
    firing: || of_at_least(6),
    silent: || of_at_least(7),
    check,
};

/// A logically air-gapped vault, about whose making nothing is decided.
fn of_at_least(days: i64) -> Facts {
    let facts = air_gapped(|it| it.lock = Fact::Known(lock(Some(days), Some(365), None)));
    Facts {
        action: Fact::Unknown,
        ..facts
    }
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(vault) = facts
        .backup_vault()
        .filter(|it| it.is_air_gapped() && !facts.is_destroyed_for_good())
    else {
        return;
    };
    match &vault.lock {
        Fact::Known(lock) => bounds(lock, report),
        Fact::Absent => report.add(
            Subject::VaultLock,
            "A logically air-gapped vault needs the shortest and the longest retention that it takes, and there is no \
             lock.",
            format!("Add lock = {{ min_retention_days = {AIR_GAPPED_RETENTION_DAYS_MIN}, max_retention_days = 365 }}."),
        ),
        Fact::Unknown => {}
    }
}

fn bounds(lock: &VaultLock, report: &mut Report<'_>) {
    let range = AIR_GAPPED_RETENTION_DAYS_MIN..=LOCK_RETENTION_DAYS_MAX;
    for (subject, days, example) in [
        (
            Subject::LockMinimum,
            lock.min_retention_days,
            AIR_GAPPED_RETENTION_DAYS_MIN,
        ),
        (Subject::LockMaximum, lock.max_retention_days, 365),
    ] {
        let name = subject.to_string().replacen("lock.", "", 1);
        match days {
            Fact::Absent => report.add(
                subject,
                format!("{name} is missing, and a logically air-gapped vault cannot be made without it."),
                format!("Add {name} = {example} to lock."),
            ),
            Fact::Known(days) if !range.contains(&days) => {
                let nearest = days.clamp(AIR_GAPPED_RETENTION_DAYS_MIN, LOCK_RETENTION_DAYS_MAX);
                report.add(
                    subject,
                    format!(
                        "{name} is {days}, and a logically air-gapped vault takes {AIR_GAPPED_RETENTION_DAYS_MIN} to \
                         {LOCK_RETENTION_DAYS_MAX} days."
                    ),
                    format!("Write {name} = {nearest}."),
                );
            }
            Fact::Known(_) | Fact::Unknown => {}
        }
    }
    if let (Fact::Known(min), Fact::Known(max)) = (lock.min_retention_days, lock.max_retention_days)
        && range.contains(&min)
        && range.contains(&max)
        && max < min
    {
        report.add(
            Subject::LockMaximum,
            format!(
                "max_retention_days is {max} and min_retention_days is {min}: no retention is both long and short \
                 enough."
            ),
            format!("Write max_retention_days = {min} or more."),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, air_gapped, lock};
    use crate::examples::aws_backup::vault;
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, VaultLock};
    use crate::finding::Subject;

    fn subjects(facts: &Facts) -> Vec<Subject> {
        RULE.findings(facts).into_iter().map(|it| it.subject).collect()
    }

    fn of(min: Option<i64>, max: Option<i64>) -> Vec<Subject> {
        subjects(&air_gapped(|it| it.lock = Fact::Known(lock(min, max, None))))
    }

    #[test]
    fn all_bounds_are_exact() {
        let (min, max) = (|| vec![Subject::LockMinimum], || vec![Subject::LockMaximum]);
        for (shortest, longest, expected) in [
            (Some(7), Some(7), Vec::new()),
            (Some(7), Some(36_500), Vec::new()),
            (Some(6), Some(7), min()),
            (Some(7), Some(36_501), max()),
            (Some(7), Some(6), max()),
            (Some(30), Some(29), max()),
            (Some(30), Some(30), Vec::new()),
            (None, Some(30), min()),
            (Some(30), None, max()),
            (Some(0), Some(0), vec![Subject::LockMinimum, Subject::LockMaximum]),
            (Some(40_000), Some(36_500), min()),
        ] {
            assert_eq!(of(shortest, longest), expected, "{shortest:?} to {longest:?}");
        }
    }

    #[test]
    fn the_fix_is_the_nearest() {
        let fixes = |min, max| {
            let facts = air_gapped(|it| it.lock = Fact::Known(lock(min, max, None)));
            RULE.findings(&facts)
                .into_iter()
                .map(|it| it.fix)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            fixes(Some(1), Some(40_000)),
            [
                "Write min_retention_days = 7.",
                "Write max_retention_days = 36500."
            ]
        );
        assert_eq!(
            fixes(None, None),
            [
                "Add min_retention_days = 7 to lock.",
                "Add max_retention_days = 365 to lock."
            ]
        );
        assert_eq!(
            fixes(Some(30), Some(29)),
            ["Write max_retention_days = 30 or more."]
        );
    }

    #[test]
    fn the_lock_must_be_there_and_what_is_unknown_may_be_right() {
        assert_eq!(
            subjects(&air_gapped(|it| it.lock = Fact::Absent)),
            [Subject::VaultLock]
        );
        assert_eq!(subjects(&air_gapped(|it| it.lock = Fact::Unknown)), []);
        assert_eq!(
            subjects(&air_gapped(|it| it.lock = Fact::Known(VaultLock::default()))),
            []
        );
        // A vault of the ordinary kind needs none.
        assert_eq!(subjects(&vault(|it| it.lock = Fact::Absent)), []);
        let destroyed = Facts {
            action: Fact::Known(Action::Destroy),
            ..air_gapped(|it| it.lock = Fact::Absent)
        };
        assert_eq!(subjects(&destroyed), []);
    }
}
