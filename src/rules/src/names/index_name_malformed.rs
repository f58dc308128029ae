//! DBK-NAME-003: an index name that breaks the grammar of index names.

use crate::examples;
use crate::facts::{Accepts, Facts};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::IndexName;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-NAME-003"),
    name: "index_name_malformed",
    also: &[],
    area: Area::Names,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Index name is not valid",
    why: "Secondary indexes are named like tables: 3 to 255 characters out of letters, digits, underscore, \
          hyphen and dot. No source has an index with any other name, so it cannot be restored.",
    aws_error: Some("ValidationException: … at 'indexName' failed to satisfy constraint"),
    source: "DynamoDB API model, IndexName",
    // The indexes of the source are left unknown, or the name would also be missing among them.
    firing: || {
        examples::restore(|it| {
            it.global_secondary_indexes = examples::global_indexes(["by customer"]);
            it.observed.backup = crate::Fact::Unknown;
        })
    },
    silent: || {
        examples::restore(|it| it.global_secondary_indexes = examples::global_indexes(["by-customer"]))
    },
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    for place in facts
        .places()
        .into_iter()
        .filter(|it| it.accepts == Accepts::IndexName)
    {
        if let Err(error) = IndexName::parse(place.text) {
            report.add(
                place.subject,
                format!(
                    "{:?} cannot be the name of a secondary index: {error}. No table has an index of that \
                     name, so none can be restored.",
                    place.text
                ),
                format!(
                    "Write the name as the source table has it, for example {:?}.",
                    super::suggestion(place.text)
                ),
            );
        }
    }
}
