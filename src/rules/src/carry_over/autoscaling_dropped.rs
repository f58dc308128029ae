//! DBK-CAR-001: auto scaling of the source that the restored table is not given.

use crate::carry_over::dropped::{find_dropped, keep, restore_of, restore_with};
use crate::examples;
use crate::fact::Fact;
use crate::facts::{BillingMode, Facts, Object, Setting, Settings};
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CAR-001"),
    name: "autoscaling_dropped",
    also: &[],
    area: Area::CarryOver,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["application-autoscaling:DescribeScalableTargets"],
    title: "Restored table will lack the auto scaling of its source",
    why: "A restore does not bring scalable targets and scaling policies back. The capacity stays at what the \
          restore sets: more load is throttled, and less load costs the same.",
    aws_error: None,
    source: "DynamoDB developer guide, restore; Application Auto Scaling API reference",
    firing: || provisioned(restore_of(on)),
    silent: || provisioned(restore_with(Setting::Autoscaling, on)),
    check,
};

fn on(it: &mut Settings) {
    it.autoscaling = Fact::Known(vec![
        "reads of the table".to_owned(),
        "writes of the table".to_owned(),
    ]);
}

/// The same with a source that has provisioned capacity.
fn provisioned(mut facts: Facts) -> Facts {
    if let Object::RestoredTable(it) = &mut facts.object {
        examples::provision_source(it);
    }
    facts
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(dimensions) = find_dropped(facts, Setting::Autoscaling, |it| it.autoscaling) else {
        return;
    };
    // A table on demand scales by itself.
    let is_on_demand = facts
        .restored_table()
        .is_some_and(|it| it.effective_billing_mode() == Fact::Known(BillingMode::PayPerRequest));
    if is_on_demand {
        return;
    }
    report.add(
        Subject::Autoscaling,
        format!(
            "The source has auto scaling of the {}. A restore does not bring it back, so the capacity of the new \
             table stays at what the restore sets.",
            prose::listed(dimensions.iter().map(String::as_str), "and the")
        ),
        keep(
            facts,
            Setting::Autoscaling,
            "write autoscaling = { read = { min_capacity = 5, max_capacity = 100 } } with your own numbers",
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::{RULE, on, provisioned};
    use crate::carry_over::dropped::restore_of;
    use crate::facts::Object;

    #[test]
    fn a_table_on_demand_loses_nothing() {
        assert!(RULE.findings(&restore_of(on)).is_empty());
        let mut facts = provisioned(restore_of(on));
        assert_eq!(RULE.findings(&facts).len(), 1);
        if let Object::RestoredTable(it) = &mut facts.object {
            it.billing_mode = "PAY_PER_REQUEST".into();
        }
        assert!(RULE.findings(&facts).is_empty());
    }

    #[test]
    fn every_dimension_is_named() {
        let findings = RULE.findings(&provisioned(restore_of(on)));
        let expected = "auto scaling of the reads of the table and the writes of the table.";
        assert!(findings[0].detail.contains(expected), "{findings:?}");
    }
}
