//! DBK-CAP-017: auto scaling of a table on demand.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Autoscaling, BillingMode, Facts};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CAP-017"),
    name: "autoscaling_without_provisioned",
    also: &[],
    area: Area::Capacity,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["dynamodb:DescribeBackup", "dynamodb:DescribeTable"],
    title: "Auto scaling is given for a table on demand",
    why: "Auto scaling changes capacity units, which exist only in the billing mode PROVISIONED; a table on \
          demand scales by itself. Without an override the restored table has the mode of its source.",
    aws_error: Some("ValidationException"),
    source: "DynamoDB developer guide, auto scaling",
    firing: || examples::restore(|it| it.autoscaling = writes()),
    silent: || examples::restore(|it| it.autoscaling = Fact::Known(Autoscaling::unset())),
    check,
};

fn writes() -> Fact<Autoscaling> {
    Fact::Known(Autoscaling {
        write: Fact::Known(examples::scaled(5, 100)),
        ..Autoscaling::unset()
    })
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table() else {
        return;
    };
    let is_decided = table.billing_mode.is_known() || facts.is_made();
    let is_on_demand = table.effective_billing_mode() == Fact::Known(BillingMode::PayPerRequest);
    let is_scaled = table.autoscaling.is_known_and(|it| !it.capacities().is_empty());
    if facts.is_destroyed_for_good() || !is_scaled || !(is_decided && is_on_demand) {
        return;
    }
    let reason = if table.billing_mode.is_known() {
        "billing_mode is \"PAY_PER_REQUEST\""
    } else {
        "billing_mode is not set, and the source is PAY_PER_REQUEST"
    };
    report.add(
        Subject::Autoscaling,
        format!(
            "autoscaling is given, but {reason}. A table on demand has no capacity units that could be scaled."
        ),
        "Remove autoscaling, or set billing_mode = \"PROVISIONED\" and provisioned_throughput for the beginning.",
    );
}

#[cfg(test)]
mod tests {
    use super::{RULE, writes};
    use crate::examples;
    use crate::fact::Fact;
    use crate::facts::{Action, RestoredTable};

    fn count(action: Action, change: impl FnOnce(&mut RestoredTable)) -> usize {
        let mut facts = examples::restore(|it| {
            it.autoscaling = writes();
            change(it);
        });
        facts.action = Fact::Known(action);
        RULE.findings(&facts).len()
    }

    #[test]
    fn the_mode_decides_where_it_is_decided() {
        assert_eq!(count(Action::Create, |_| ()), 1);
        assert_eq!(
            count(Action::Create, |it| it.billing_mode = "PROVISIONED".into()),
            0
        );
        assert_eq!(count(Action::Create, |it| it.billing_mode = Fact::Unknown), 0);
        assert_eq!(count(Action::Create, |it| it.observed.backup = Fact::Unknown), 0);
        // What the source has says nothing about a table that is there.
        assert_eq!(count(Action::Update, |_| ()), 0);
        let on_demand = |it: &mut RestoredTable| it.billing_mode = "PAY_PER_REQUEST".into();
        assert_eq!(count(Action::Update, on_demand), 1);
        assert_eq!(count(Action::Destroy, on_demand), 0);
    }

    #[test]
    fn the_reason_is_the_one_that_holds() {
        let given = RULE.findings(&examples::restore(|it| {
            it.autoscaling = writes();
            it.billing_mode = "PAY_PER_REQUEST".into();
        }));
        assert!(
            given[0].detail.contains("billing_mode is \"PAY_PER_REQUEST\""),
            "{given:?}"
        );
        let inherited = RULE.findings(&(RULE.firing)());
        assert!(inherited[0].detail.contains("is not set"), "{inherited:?}");
    }
}
