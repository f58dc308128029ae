//! DBK-CAP-003: provisioned throughput for a table on demand.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{BillingMode, Facts};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CAP-003"),
    name: "throughput_without_provisioned",
    also: &[],
    area: Area::Capacity,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["dynamodb:DescribeBackup", "dynamodb:DescribeTable"],
    title: "Provisioned throughput is given for a table on demand",
    why: "Capacity units exist only in the billing mode PROVISIONED. Without an override the restored table \
          has the mode of its source.",
    aws_error: Some(
        "ValidationException: Cannot override ProvisionedThroughput unless BillingMode is PROVISIONED",
    ),
    source: "measured on AWS",
    firing: || examples::restore(|it| it.provisioned_throughput = Fact::Known(examples::throughput(10, 5))),
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
    let is_decided = table.billing_mode.is_known() || facts.is_made();
    let is_on_demand = table.effective_billing_mode() == Fact::Known(BillingMode::PayPerRequest);
    if facts.is_destroyed_for_good()
        || !table.provisioned_throughput.is_known()
        || !(is_decided && is_on_demand)
    {
        return;
    }
    let reason = if table.billing_mode.is_known() {
        "billing_mode is \"PAY_PER_REQUEST\""
    } else {
        "billing_mode is not set, and the source is PAY_PER_REQUEST"
    };
    report.add(
        Subject::ProvisionedThroughput,
        format!("provisioned_throughput is given, but {reason}. A table on demand has no capacity units."),
        "Set billing_mode = \"PROVISIONED\", or remove provisioned_throughput.",
    );
}
