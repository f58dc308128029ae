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
    also: &["DBK-CAP-009"],
    area: Area::CarryOver,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["application-autoscaling:DescribeScalableTargets"],
    title: "Restored table will lack the auto scaling of its source",
    why: "A restore does not bring scalable targets and scaling policies back. The capacity stays at what the \
          restore sets, which without an override is what auto scaling had set at one moment, often of a quiet \
          night: more load is throttled, and less load costs the same.",
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
        examples::provision(it, examples::throughput(12, 6));
    }
    facts
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(dimensions) = find_dropped(facts, Setting::Autoscaling, |it| it.autoscaling) else {
        return;
    };
    let Some(table) = facts.restored_table() else {
        return;
    };
    // A table on demand scales by itself.
    if table.effective_billing_mode() == Fact::Known(BillingMode::PayPerRequest) {
        return;
    }
    let recorded = table.source_throughput().into_known();
    let recorded = recorded
        .as_ref()
        .filter(|_| table.provisioned_throughput.is_absent());
    let of_one_moment = recorded.and_then(prose::capacity).map_or(String::new(), |units| {
        format!(" ({units}, as auto scaling had them at one moment)")
    });
    report.add(
        Subject::Autoscaling,
        format!(
            "The source has auto scaling of the {}. A restore does not bring it back, so the capacity of the new \
             table stays at what the restore sets{of_one_moment}.",
            prose::list(&dimensions, "and the")
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
    use crate::examples::throughput;
    use crate::fact::Fact;
    use crate::facts::{Facts, Object};

    fn detail(facts: &Facts) -> String {
        let findings = RULE.findings(facts);
        assert_eq!(findings.len(), 1, "{findings:?}");
        findings[0].detail.clone()
    }

    #[test]
    fn the_capacity_of_one_moment_is_told_where_it_is_kept() {
        let mut facts = provisioned(restore_of(on));
        let kept = "(12 read and 6 write capacity units, as auto scaling had them at one moment)";
        assert!(detail(&facts).contains(kept), "{}", detail(&facts));
        if let Object::RestoredTable(it) = &mut facts.object {
            it.provisioned_throughput = Fact::Known(throughput(20, 10));
        }
        assert!(!detail(&facts).contains("moment"), "{}", detail(&facts));
    }

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
        let said = detail(&provisioned(restore_of(on)));
        let expected = "auto scaling of the reads of the table and the writes of the table.";
        assert!(said.contains(expected), "{said}");
    }
}
