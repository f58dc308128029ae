//! DBK-NAME-002: a backup name that breaks the grammar of backup names.

use crate::examples;
use crate::facts::{Accepts, Facts};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::BackupName;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-NAME-002"),
    name: "backup_name_malformed",
    also: &[],
    area: Area::Names,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Backup name is not valid",
    why: "DynamoDB takes backup names of the same form as table names: 3 to 255 characters out of letters, \
          digits, underscore, hyphen and dot. A colon, as in a time, is not among them.",
    aws_error: Some("ValidationException: … at 'backupName' failed to satisfy constraint"),
    source: "DynamoDB API model, BackupName",
    firing: || examples::backup(|it| it.name = "orders 2025-11-20T09:00".into()),
    silent: || examples::backup(|it| it.name = "orders-2025-11-20T09-00".into()),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    for place in facts
        .places()
        .into_iter()
        .filter(|it| it.accepts == Accepts::BackupName)
    {
        if let Err(error) = BackupName::parse(place.text) {
            report.add(
                place.subject,
                format!(
                    "{:?} cannot be the name of a backup: {error}. DynamoDB refuses any other.",
                    place.text
                ),
                format!(
                    "Set name = {:?}, or leave it out to have one made.",
                    super::suggestion(place.text)
                ),
            );
        }
    }
}
