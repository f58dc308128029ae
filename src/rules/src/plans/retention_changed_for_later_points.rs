//! DBK-PLN-005: another retention in a rule of a plan, which recovery points that exist do not get.

use crate::examples::aws_backup::{deleted_after, named, plan_changed, rule};
use crate::fact::Fact;
use crate::facts::{Action, Facts, LifecycleDays, PlanRule};
use crate::finding::{Report, Severity, Subject};
use crate::prose::days;
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-PLN-005"),
    name: "retention_changed_for_later_points",
    also: &[],
    area: Area::Plans,
    severity: Severity::Warning,
    when: When::Static,
    reads: &[],
    title: "Recovery points that exist keep their retention",
    why: "A plan gives its lifecycle to each recovery point when it makes it. A change applies to those that are made \
          afterwards: the others are deleted when they were to be, sooner or later than the plan now says.",
    aws_error: None,
    source: "AWS Backup developer guide, updating a backup plan",
    firing: || changed(deleted_after(365)),
    silent: || changed(deleted_after(35)),
    check,
};

/// A plan whose rule has kept recovery points for 35 days, and is to keep them differently.
fn changed(lifecycle: Fact<LifecycleDays>) -> Facts {
    plan_changed(|it| it.rules = named([("daily", PlanRule { lifecycle, ..rule() })]))
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    if facts.action != Fact::Known(Action::Update) {
        return;
    }
    let prior = facts.backup_plan().and_then(|it| it.prior.known());
    let Some(Fact::Known(before)) = prior.map(|it| &it.rules) else {
        return;
    };
    for (name, rule) in facts.plan_rules() {
        let Some(old) = before.get(name) else { continue };
        let kept = LifecycleDays::of(&old.lifecycle).delete_after();
        let keeps = LifecycleDays::of(&rule.lifecycle).delete_after();
        let (Some(then), Some(now)) = (in_words(kept), in_words(keeps)) else {
            continue;
        };
        if kept != keeps {
            report.add(
                Subject::PlanRuleDeleteAfter(name.clone()),
                format!(
                    "The rule {name:?} will keep recovery points {now}. Those that it has made were to be kept {then}, \
                     and that stays: the plan changes only what it makes from now on."
                ),
                "Change the lifecycle of the others one by one where it matters: aws backup \
                 update-recovery-point-lifecycle --backup-vault-name ... --recovery-point-arn ... --lifecycle ...",
            );
        }
    }
}

fn in_words(retention: Fact<i64>) -> Option<String> {
    match retention {
        Fact::Known(number) => Some(format!("for {}", days(number))),
        Fact::Absent => Some("for ever".to_owned()),
        Fact::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{PlanRule, RULE, changed, deleted_after, named, plan_changed, rule};
    use crate::examples::aws_backup::lifecycle;
    use crate::fact::Fact;
    use crate::facts::{Action, Facts};

    fn said(facts: &Facts) -> Vec<String> {
        RULE.findings(facts).into_iter().map(|it| it.detail).collect()
    }

    #[test]
    fn another_day_of_deletion_is_spoken_of_and_nothing_else() {
        let [text] = &said(&changed(deleted_after(7)))[..] else {
            panic!("not one finding")
        };
        assert!(
            text.contains(
                "keep recovery points for 7 days. Those that it has made were to be kept for 35 days"
            ),
            "{text}"
        );
        assert!(said(&changed(Fact::Absent))[0].contains("will keep recovery points for ever"));
        assert!(said(&changed(deleted_after(-1)))[0].contains("will keep recovery points for ever"));
        for same in [deleted_after(35), lifecycle(-1, 35), Fact::Unknown] {
            assert_eq!(said(&changed(same)), [""; 0], "{same:?}");
        }
    }

    #[test]
    fn only_rules_that_were_there_have_made_anything() {
        let renamed = plan_changed(|it| {
            let weekly = PlanRule {
                lifecycle: deleted_after(7),
                ..rule()
            };
            it.rules = named([("weekly", weekly)]);
        });
        assert_eq!(said(&renamed), [""; 0]);
        let forgotten = plan_changed(|it| {
            it.rules = named([("daily", PlanRule::unset())]);
            if let Fact::Known(prior) = &mut it.prior {
                prior.rules = Fact::Unknown;
            }
        });
        assert_eq!(said(&forgotten), [""; 0]);
        for action in [Action::Keep, Action::Create, Action::Replace, Action::Destroy] {
            let facts = Facts {
                action: Fact::Known(action),
                ..changed(deleted_after(7))
            };
            assert_eq!(said(&facts), [""; 0], "{action:?}");
        }
    }

    #[test]
    fn from_for_ever_to_some_days_is_a_change_too() {
        let facts = plan_changed(|it| {
            if let Fact::Known(prior) = &mut it.prior {
                let kept = PlanRule {
                    lifecycle: Fact::Absent,
                    ..rule()
                };
                prior.rules = named([("daily", kept)]);
            }
        });
        assert!(said(&facts)[0].contains("were to be kept for ever"));
    }
}
