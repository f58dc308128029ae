//! DBK-CAP-016: bounds or a utilization that auto scaling does not take.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Autoscaling, Facts, ScaledCapacity, ScaledPlace};
use crate::finding::{Report, Severity, Subject};
use crate::limits::{TARGET_UTILIZATION_MAX, TARGET_UTILIZATION_MIN, THROUGHPUT_MIN};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CAP-016"),
    name: "autoscaling_out_of_range",
    also: &[],
    area: Area::Capacity,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Auto scaling has a number that AWS does not take",
    why: "Auto scaling moves the capacity between a minimum of at least one unit and a maximum that is not \
          below it, and aims at a utilization of 20 to 90 percent. It is set after a restore, so a refused \
          number would leave a table with fixed capacity.",
    aws_error: Some("ValidationException"),
    source: "Application Auto Scaling API reference, RegisterScalableTarget; DynamoDB developer guide, auto scaling",
    firing: || restore(reads(100, 5)),
    silent: || restore(reads(5, 100)),
    check,
};

fn restore(autoscaling: Fact<Autoscaling>) -> Facts {
    examples::restore(|it| {
        examples::provision(it, examples::throughput(12, 6));
        it.autoscaling = autoscaling;
    })
}

fn reads(least: i64, most: i64) -> Fact<Autoscaling> {
    Fact::Known(Autoscaling {
        read: Fact::Known(examples::scaled(least, most)),
        ..Autoscaling::unset()
    })
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(Fact::Known(autoscaling)) = facts.restored_table().map(|it| &it.autoscaling) else {
        return;
    };
    if facts.is_destroyed_for_good() {
        return;
    }
    for (place, scaled) in autoscaling.capacities() {
        judge(report, &place, scaled);
    }
}

fn judge(report: &mut Report<'_>, place: &ScaledPlace, scaled: &ScaledCapacity) {
    if let Fact::Known(least) = scaled.min_capacity
        && least < THROUGHPUT_MIN
    {
        report.add(
            Subject::AutoscalingMinimum(place.clone()),
            format!("{place}.min_capacity is {least}, and the least capacity is {THROUGHPUT_MIN} unit."),
            format!("Set min_capacity = {THROUGHPUT_MIN} or more."),
        );
    } else if let (Fact::Known(least), Fact::Known(most)) = (scaled.min_capacity, scaled.max_capacity)
        && most < least
    {
        report.add(
            Subject::AutoscalingMaximum(place.clone()),
            format!(
                "{place}.max_capacity is {most}, which is below min_capacity = {least}: no capacity lies between \
                 the two."
            ),
            format!("Set max_capacity = {least} or more, or lower min_capacity to {most}."),
        );
    }
    if let Fact::Known(percent) = scaled.target_utilization
        && !(TARGET_UTILIZATION_MIN..=TARGET_UTILIZATION_MAX).contains(&percent)
    {
        let nearest = percent.clamp(TARGET_UTILIZATION_MIN, TARGET_UTILIZATION_MAX);
        report.add(
            Subject::AutoscalingTarget(place.clone()),
            format!(
                "{place}.target_utilization is {percent} percent, and DynamoDB takes {TARGET_UTILIZATION_MIN} to \
                 {TARGET_UTILIZATION_MAX}."
            ),
            format!("Set target_utilization = {nearest}, or leave it out for 70."),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, reads, restore};
    use crate::examples;
    use crate::fact::Fact;
    use crate::facts::{Autoscaling, ScaledCapacity, ScaledIndex};
    use crate::finding::Subject;

    fn subjects(autoscaling: Fact<Autoscaling>) -> Vec<String> {
        RULE.findings(&restore(autoscaling))
            .into_iter()
            .map(|it| it.subject.to_string())
            .collect()
    }

    fn aiming(percent: f64) -> Fact<Autoscaling> {
        Fact::Known(Autoscaling {
            write: Fact::Known(ScaledCapacity {
                target_utilization: Fact::Known(percent),
                ..examples::scaled(5, 100)
            }),
            ..Autoscaling::unset()
        })
    }

    #[test]
    fn each_bound_is_exact() {
        assert_eq!(subjects(reads(1, 1)), [""; 0]);
        assert_eq!(subjects(reads(0, 1)), ["autoscaling.read.min_capacity"]);
        assert_eq!(subjects(reads(2, 1)), ["autoscaling.read.max_capacity"]);
        assert_eq!(
            subjects(reads(0, -1)),
            ["autoscaling.read.min_capacity"],
            "said once"
        );
        for percent in [20.0, 72.5, 90.0] {
            assert_eq!(subjects(aiming(percent)), [""; 0], "{percent}");
        }
        for percent in [19.9, 90.1, f64::NAN] {
            assert_eq!(
                subjects(aiming(percent)),
                ["autoscaling.write.target_utilization"],
                "{percent}"
            );
        }
    }

    #[test]
    fn indexes_are_judged_like_the_table_and_unknown_numbers_are_not() {
        let index = ScaledIndex {
            read: Fact::Known(examples::scaled(9, 8)),
            write: Fact::Known(ScaledCapacity::default()),
        };
        let autoscaling = Autoscaling {
            indexes: Fact::Known([("by-date".to_owned(), index)].into()),
            ..Autoscaling::unset()
        };
        let found = subjects(Fact::Known(autoscaling));
        assert_eq!(found, ["autoscaling.indexes[\"by-date\"].read.max_capacity"]);
    }

    #[test]
    fn a_table_that_goes_needs_no_bounds() {
        let mut facts = restore(reads(2, 1));
        facts.action = Fact::Known(crate::facts::Action::Destroy);
        assert!(RULE.findings(&facts).is_empty());
        let fix = &RULE.findings(&(RULE.firing)())[0];
        assert!(matches!(fix.subject, Subject::AutoscalingMaximum(_)), "{fix:?}");
    }
}
