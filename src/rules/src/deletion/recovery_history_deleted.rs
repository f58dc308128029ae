//! DBK-DEL-006: the deletion of a table with point-in-time recovery, whose history goes along.

use jiff::SignedDuration;

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, ObservedRecovery};
use crate::finding::{Report, Severity, Subject};
use crate::limits::SYSTEM_BACKUP_RETENTION_DAYS;
use crate::pitr::recovery_window_discarded::history;
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-DEL-006"),
    name: "recovery_history_deleted",
    also: &["DBK-DEL-002"],
    area: Area::Deletion,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["dynamodb:DescribeContinuousBackups"],
    title: "Restorable history goes with the table",
    why: "When a table with point-in-time recovery is deleted, DynamoDB keeps a system backup of its last state for 35 \
          days, free of charge. Its history is gone: no earlier moment can be restored any more. The table that takes \
          its place begins with an empty window.",
    aws_error: None,
    source: "DynamoDB developer guide, point-in-time recovery; measured on AWS",
    firing: || with_recovery(examples::recovery_on()),
    silent: || with_recovery(examples::recovery_off()),
    check,
};

/// The destruction of a restored table with this recovery.
fn with_recovery(recovery: ObservedRecovery) -> Facts {
    examples::restored_destroyed(|it| it.observed.own_recovery = Fact::Known(recovery))
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let (Some(table), Some(going)) = (facts.restored_table(), facts.going_table()) else {
        return;
    };
    let recovery = &table.observed.own_recovery;
    if !recovery.is_known_and(|it| it.enabled == Fact::Known(true)) {
        return;
    }
    let kept = SignedDuration::from_hours(SYSTEM_BACKUP_RETENTION_DAYS * 24);
    let until = match facts.now.known().and_then(|now| now.checked_add(kept).ok()) {
        Some(end) => format!(", until {} if it goes now", prose::moment(end)),
        None => String::new(),
    };
    let anew = if facts.is_destroyed_for_good() {
        ""
    } else {
        " The table that takes its place begins with an empty window."
    };
    report.add(
        Subject::Object,
        format!(
            "{:?} in {} goes with its history: {}. What DynamoDB keeps is one system backup of its last state, for \
             {}{until}.{anew}",
            going.name,
            going.region,
            history(recovery),
            prose::days(SYSTEM_BACKUP_RETENTION_DAYS)
        ),
        format!(
            "Go on if the last state is enough; the system backup then shows in: aws dynamodb list-backups --region {} \
             --table-name {} --backup-type SYSTEM",
            going.region, going.name
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::{RULE, with_recovery};
    use crate::examples::{recovery_off, recovery_on};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, ObservedRecovery};

    fn detail(facts: &Facts) -> Option<String> {
        RULE.findings(facts).pop().map(|it| it.detail)
    }

    #[test]
    fn it_says_how_long_the_last_state_is_kept() {
        let whole = detail(&with_recovery(recovery_on())).expect("a finding");
        assert!(whole.contains("until 2025-12-25T09:00:00Z"), "{whole}");
        assert!(
            whole.contains("2025-10-16T09:00:00Z to 2025-11-20T08:55:00Z"),
            "{whole}"
        );
        assert!(!whole.contains("empty window"), "{whole}");
        let without_a_clock = Facts {
            now: Fact::Unknown,
            ..with_recovery(recovery_on())
        };
        let bare = detail(&without_a_clock).expect("a finding");
        assert!(bare.ends_with("for 35 days."), "{bare}");
    }

    #[test]
    fn a_replacement_begins_anew() {
        let replaced = Facts {
            action: Fact::Known(Action::Replace),
            ..with_recovery(recovery_on())
        };
        assert!(detail(&replaced).expect("a finding").contains("empty window"));
    }

    #[test]
    fn only_a_history_that_is_there_can_go() {
        assert_eq!(detail(&with_recovery(recovery_off())), None);
        assert_eq!(detail(&with_recovery(ObservedRecovery::default())), None);
        for action in [Action::Create, Action::Update, Action::Keep] {
            let facts = Facts {
                action: Fact::Known(action),
                ..with_recovery(recovery_on())
            };
            assert_eq!(detail(&facts), None, "{action:?}");
        }
    }
}
