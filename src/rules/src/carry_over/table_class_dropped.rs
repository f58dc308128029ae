//! DBK-CAR-012: a table class of the source that the restored table is not given.

use crate::carry_over::dropped::{find_dropped, keep, restore_of, restore_with};
use crate::facts::{Facts, Setting, Settings};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CAR-012"),
    name: "table_class_dropped",
    also: &["DBK-CAP-014"],
    area: Area::CarryOver,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["dynamodb:DescribeTable"],
    title: "Restored table will be in the standard table class",
    why: "A restored table is in the class STANDARD, whatever its source was. The class can be changed only \
          twice in thirty days.",
    aws_error: None,
    source: "measured on AWS; DynamoDB developer guide, table classes",
    firing: || restore_of(on),
    silent: || restore_with(Setting::TableClass, on),
    check,
};

fn on(it: &mut Settings) {
    it.table_class = "STANDARD_INFREQUENT_ACCESS".into();
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(class) = find_dropped(facts, Setting::TableClass, |it| it.table_class) else {
        return;
    };
    report.add(
        Subject::TableClass,
        format!(
            "The source is in the table class {class}, and a restored table is in STANDARD, where storage \
             costs more. The class can be changed only twice in 30 days."
        ),
        keep(
            facts,
            Setting::TableClass,
            &format!("write table_class = {class:?}"),
        ),
    );
}
