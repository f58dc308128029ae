//! DBK-LFC-006: a recovery point in cold storage of which the move there would change, or that is deleted before its 90
//! days there are over.

use jiff::SignedDuration;

use crate::examples::at;
use crate::examples::aws_backup::{lifecycle, observed_recovery_point, recovery_point_changed};
use crate::fact::Fact;
use crate::facts::{
    Facts, LifecycleDays, ObservedRecoveryPoint, PriorRecoveryPoint, RecoveryPoint, StorageClass,
};
use crate::finding::{Report, Severity, Subject};
use crate::limits::COLD_STORAGE_DAYS_MIN;
use crate::prose::{self, days};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-LFC-006"),
    name: "cold_recovery_point_changed",
    also: &[],
    area: Area::Lifecycles,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["backup:DescribeRecoveryPoint"],
    title: "Recovery point is in cold storage, which cannot be undone",
    why: "Once a recovery point is in cold storage, it stays there until it is deleted, and the number of days before \
          its move cannot be changed any more. It is billed for 90 days there at least: deleting it sooner, which is a \
          warning, saves nothing until they are over.",
    aws_error: Some("InvalidRequestException"),
    source: "AWS Backup API, UpdateRecoveryPointLifecycle, Lifecycle; AWS Backup pricing",
    firing: || cold(lifecycle(60, 365)),
    silent: || cold(lifecycle(30, 365)),
    check,
};

/// A recovery point of June that moved to cold storage after 30 days and gets another lifecycle in November.
fn cold(planned: Fact<LifecycleDays>) -> Facts {
    recovery_point_changed(|it| {
        it.lifecycle = planned;
        it.observed.recovery_point = Fact::Known(ObservedRecoveryPoint {
            storage_class: Fact::Known(StorageClass::Cold),
            created_at: Fact::Known(at("2025-06-01T08:00:00Z")),
            ..observed_recovery_point()
        });
        if let Fact::Known(prior) = &mut it.prior {
            prior.lifecycle = lifecycle(30, 120);
        }
    })
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(object) = facts.recovery_point() else {
        return;
    };
    let (Fact::Known(prior), Fact::Known(seen)) = (&object.prior, &object.observed.recovery_point) else {
        return;
    };
    if seen.storage_class != Fact::Known(StorageClass::Cold) {
        return;
    }
    if facts.is_destroyed() {
        check_deletion(facts, object, prior, seen, report);
    } else {
        check_change(object, prior, report);
    }
}

fn check_change(object: &RecoveryPoint, prior: &PriorRecoveryPoint, report: &mut Report<'_>) {
    let moved = LifecycleDays::of(&prior.lifecycle).cold_storage_after();
    let planned = LifecycleDays::of(&object.lifecycle).cold_storage_after();
    let Fact::Known(moved) = moved else { return };
    let wish = match planned {
        Fact::Known(planned) if planned == moved => return,
        Fact::Known(planned) => format!("is now to move after {}", days(planned)),
        Fact::Absent => "is now not to move at all".to_owned(),
        Fact::Unknown => return,
    };
    report.add(
        Subject::ColdStorage,
        format!(
            "The recovery point moved to cold storage {} after it was made, and {wish}. AWS Backup does not change \
             that any more once the move is over.",
            days(moved)
        ),
        format!(
            "Set move_to_cold_storage_after_days = {moved} again. delete_after_days can still be changed, to {} or \
             more.",
            moved.saturating_add(COLD_STORAGE_DAYS_MIN)
        ),
    );
}

fn check_deletion(
    facts: &Facts,
    object: &RecoveryPoint,
    prior: &PriorRecoveryPoint,
    seen: &ObservedRecoveryPoint,
    report: &mut Report<'_>,
) {
    let moved = LifecycleDays::of(&prior.lifecycle).cold_storage_after();
    let (Fact::Known(moved), Fact::Known(made), Fact::Known(now)) = (moved, seen.created_at, facts.now)
    else {
        return;
    };
    if object.retain_on_destroy.is_unknown() || object.retain_on_destroy == Fact::Known(true) {
        return;
    }
    let hours = moved.saturating_add(COLD_STORAGE_DAYS_MIN).saturating_mul(24);
    let Ok(paid_until) = made.checked_add(SignedDuration::from_secs(hours.saturating_mul(3600))) else {
        return;
    };
    if now >= paid_until {
        return;
    }
    report.add_warning(
        Subject::Object,
        format!(
            "The recovery point was made at {} and moved to cold storage {} later. It is billed there until {} even \
             if it is deleted now.",
            prose::moment(made),
            days(moved),
            prose::moment(paid_until)
        ),
        "Keep it until then where it may still be of use: set retain_on_destroy = true and apply before the \
         destruction.",
    );
}

#[cfg(test)]
mod tests {
    use super::{RULE, at, cold, lifecycle};
    use crate::examples::aws_backup::deleted_after;
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, LifecycleDays, Object, RecoveryPoint, StorageClass};
    use crate::finding::{Severity, Subject};

    fn changed(facts: Facts, change: impl FnOnce(&mut RecoveryPoint)) -> Facts {
        let mut facts = facts;
        if let Object::RecoveryPoint(it) = &mut facts.object {
            change(it);
        }
        facts
    }

    fn found(facts: &Facts) -> Vec<(Severity, Subject, String)> {
        RULE.findings(facts)
            .into_iter()
            .map(|it| (it.severity, it.subject, format!("{} {}", it.detail, it.fix)))
            .collect()
    }

    #[test]
    fn the_day_of_the_move_stays() {
        for planned in [
            lifecycle(31, 365),
            lifecycle(-1, 365),
            deleted_after(365),
            Fact::Absent,
        ] {
            let [(Severity::Error, Subject::ColdStorage, text)] = &found(&cold(planned))[..] else {
                panic!("{planned:?}")
            };
            assert!(
                text.contains("Set move_to_cold_storage_after_days = 30 again"),
                "{text}"
            );
            assert!(text.contains("to 120 or more"), "{text}");
        }
        let unknown = Fact::Known(LifecycleDays {
            delete_after_days: Fact::Known(365),
            ..LifecycleDays::default()
        });
        for planned in [lifecycle(30, -1), lifecycle(30, 120), Fact::Unknown, unknown] {
            assert_eq!(found(&cold(planned)), [], "{planned:?}");
        }
    }

    #[test]
    fn only_what_is_known_to_be_cold_is_fixed() {
        for class in [Fact::Known(StorageClass::Warm), Fact::Unknown] {
            let facts = changed(cold(Fact::Absent), |it| {
                if let Fact::Known(seen) = &mut it.observed.recovery_point {
                    seen.storage_class = class.clone();
                }
            });
            assert_eq!(found(&facts), []);
        }
        let forgotten = changed(cold(Fact::Absent), |it| {
            if let Fact::Known(prior) = &mut it.prior {
                prior.lifecycle = Fact::Unknown;
            }
        });
        assert_eq!(found(&forgotten), []);
        assert_eq!(
            found(&changed(cold(Fact::Absent), |it| it.prior = Fact::Absent)),
            []
        );
    }

    /// Made on 1 June at 08:00 and moved after 30 days: paid for until 29 September at 08:00.
    fn deleted(action: Action, now: &str, retain: Fact<bool>) -> Vec<(Severity, Subject, String)> {
        let facts = Facts {
            action: Fact::Known(action),
            now: Fact::Known(at(now)),
            ..changed(cold(lifecycle(30, 120)), |it| it.retain_on_destroy = retain)
        };
        found(&facts)
    }

    #[test]
    fn ninety_days_in_cold_storage_are_paid_for() {
        for action in [Action::Destroy, Action::Replace] {
            let early = deleted(action, "2025-09-29T07:59:59Z", Fact::Absent);
            let [(Severity::Warning, Subject::Object, text)] = &early[..] else {
                panic!("{early:?}")
            };
            assert!(text.contains("until 2025-09-29T08:00:00Z even if"), "{text}");
        }
        let silent = |now, retain| deleted(Action::Destroy, now, retain);
        assert_eq!(silent("2025-09-29T08:00:00Z", Fact::Absent), []);
        assert_eq!(silent("2025-08-01T08:00:00Z", Fact::Known(true)), []);
        assert_eq!(silent("2025-08-01T08:00:00Z", Fact::Unknown), []);
        assert_eq!(silent("2025-08-01T08:00:00Z", Fact::Known(false)).len(), 1);
    }
}
