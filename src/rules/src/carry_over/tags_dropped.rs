//! DBK-CAR-004: tags of the source that the restored table is not given.

use crate::carry_over::dropped::{find_dropped, keep, restore_of, restore_with};
use crate::fact::Fact;
use crate::facts::{Facts, Setting, Settings};
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CAR-004"),
    name: "tags_dropped",
    also: &[],
    area: Area::CarryOver,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["dynamodb:ListTagsOfResource"],
    title: "Restored table will lack the tags of its source",
    why: "A restore does not bring tags back. Cost reports and permissions that depend on tags lose sight \
          of the new table.",
    aws_error: None,
    source: "DynamoDB developer guide, restore",
    firing: || restore_of(on),
    silent: || restore_with(Setting::Tags, on),
    check,
};

fn on(it: &mut Settings) {
    it.tags = Fact::Known(vec!["team".to_owned(), "cost-center".to_owned()]);
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(tags) = find_dropped(facts, Setting::Tags, |it| it.tags) else {
        return;
    };
    let keys = prose::quoted(tags.iter().map(String::as_str), "and");
    let number = i64::try_from(tags.len()).unwrap_or(i64::MAX);
    report.add(
        Subject::Tags,
        format!(
            "The source has {}, {keys}. A restore does not bring tags back: cost reports and permissions \
             that depend on them lose sight of the new table.",
            prose::count(number, "tag")
        ),
        keep(facts, Setting::Tags, "write them out with tags = { … }").replacen("copy it", "copy them", 1),
    );
}
