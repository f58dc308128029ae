//! DBK-CAP-002: provisioned capacity without saying how much.

use crate::examples;
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CAP-002"),
    name: "provisioned_without_throughput",
    also: &[],
    area: Area::Capacity,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Provisioned billing mode is given without throughput",
    why: "A restore that sets the billing mode to PROVISIONED must say how much capacity the table gets, \
          even where the source was provisioned as well.",
    aws_error: Some(
        "ValidationException: Must override ProvisionedThroughput if BillingMode is overridden to \
         PROVISIONED",
    ),
    source: "measured on AWS",
    firing: || examples::restore(|it| it.billing_mode = "PROVISIONED".into()),
    silent: || {
        examples::restore(|it| {
            it.billing_mode = "PROVISIONED".into();
            it.provisioned_throughput = Fact::Known(examples::throughput(10, 5));
        })
    },
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table() else {
        return;
    };
    let is_provisioned = table.billing_mode.is_known_and(|it| it == "PROVISIONED");
    if facts.is_destroyed_for_good() || !is_provisioned || !table.provisioned_throughput.is_absent() {
        return;
    }
    report.add(
        Subject::BillingMode,
        "billing_mode is \"PROVISIONED\", and provisioned_throughput is missing. DynamoDB does not take the \
         capacity over from the source when the billing mode is set.",
        "Add provisioned_throughput = { read_capacity_units = 5, write_capacity_units = 5 } with numbers \
         that fit, or remove billing_mode to keep the source's mode and capacity.",
    );
}
