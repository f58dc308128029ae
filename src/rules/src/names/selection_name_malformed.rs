//! DBK-NAME-008: a name of a selection of a backup plan that breaks the grammar of such names.

use crate::examples::aws_backup::{named, plan, selection};
use crate::facts::{Accepts, Facts};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::SelectionName;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-NAME-008"),
    name: "selection_name_malformed",
    also: &[],
    area: Area::Names,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Name of a backup selection is not valid",
    why: "AWS Backup takes names of selections of 1 to 50 characters out of letters, digits, underscore, \
          hyphen and dot.",
    aws_error: Some("InvalidParameterValueException"),
    source: "AWS Backup API model, BackupSelectionName",
    firing: || plan(|it| it.selections = named([("orders & customers", selection())])),
    silent: || plan(|it| it.selections = named([("orders_and.customers", selection())])),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    for place in facts
        .places()
        .into_iter()
        .filter(|it| it.accepts == Accepts::SelectionName)
    {
        if let Err(error) = SelectionName::parse(place.text) {
            report.add(
                place.subject,
                format!(
                    "{:?} cannot be the name of a selection of a backup plan: {error}.",
                    place.text
                ),
                format!(
                    "Use a name of that form, for example {:?}.",
                    SelectionName::GRAMMAR.nearest(place.text, "tables")
                ),
            );
        }
    }
}
