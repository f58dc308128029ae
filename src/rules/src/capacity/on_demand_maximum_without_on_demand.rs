//! DBK-CAP-006: on-demand maxima for a table with provisioned capacity.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{BillingMode, Facts, ObservedBackup, OnDemandThroughput};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CAP-006"),
    name: "on_demand_maximum_without_on_demand",
    also: &[],
    area: Area::Capacity,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["dynamodb:DescribeBackup", "dynamodb:DescribeTable"],
    title: "On-demand maximum is given for a table with provisioned capacity",
    why: "Maxima of request units limit a table on demand. Without an override the restored table has the \
          billing mode of its source.",
    aws_error: Some(
        "ValidationException: Cannot override MaxReadRequestUnits for OnDemandThroughput unless \
         BillingModeOverride is PAY_PER_REQUEST",
    ),
    source: "measured on AWS; DynamoDB API model, OnDemandThroughputOverride",
    firing: || {
        examples::restore(|it| {
            it.on_demand_throughput = Fact::Known(maximum());
            it.observed.backup = Fact::Known(ObservedBackup {
                billing_mode: Fact::Known(BillingMode::Provisioned),
                ..examples::observed_backup()
            });
        })
    },
    silent: || {
        examples::restore(|it| {
            it.billing_mode = "PAY_PER_REQUEST".into();
            it.on_demand_throughput = Fact::Known(maximum());
        })
    },
    check,
};

fn maximum() -> OnDemandThroughput {
    OnDemandThroughput {
        max_read_request_units: Fact::Known(1000),
        max_write_request_units: Fact::Absent,
    }
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table() else {
        return;
    };
    let is_decided = table.billing_mode.is_known() || facts.is_made();
    let is_provisioned = table.effective_billing_mode() == Fact::Known(BillingMode::Provisioned);
    if facts.is_destroyed_for_good()
        || !table.on_demand_throughput.is_known()
        || !(is_decided && is_provisioned)
    {
        return;
    }
    let reason = if table.billing_mode.is_known() {
        "billing_mode is \"PROVISIONED\""
    } else {
        "billing_mode is not set, and the source is PROVISIONED"
    };
    report.add(
        Subject::OnDemandThroughput,
        format!(
            "on_demand_throughput is given, but {reason}. Only a table on demand has maxima of request units."
        ),
        "Set billing_mode = \"PAY_PER_REQUEST\", or remove on_demand_throughput.",
    );
}
