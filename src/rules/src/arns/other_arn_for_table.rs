//! DBK-ARN-002: a well-formed ARN of something else where a table's belongs.

use crate::examples;
use crate::facts::{Accepts, Facts};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::{Arn, ArnKind, Resource};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-ARN-002"),
    name: "other_arn_for_table",
    also: &[],
    area: Area::Arns,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "ARN does not name a table",
    why: "Indexes, streams, exports, imports and backups have ARNs that begin like their table's. They are \
          neither backed up nor restored on their own, so AWS refuses them where a table is wanted.",
    aws_error: Some("ValidationException"),
    source: "measured on AWS",
    firing: || {
        examples::backup(|it| it.table_name = format!("{}/index/by-customer", examples::TABLE_ARN).into())
    },
    silent: || examples::backup(|it| it.table_name = examples::TABLE_ARN.into()),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    for place in facts.places() {
        if !matches!(place.accepts, Accepts::TableNameOrArn | Accepts::TableArn) {
            continue;
        }
        let Ok(arn) = Arn::parse(place.text) else { continue };
        let kind = arn.kind();
        if kind == ArnKind::Table {
            continue;
        }
        let what = match kind {
            ArnKind::Other => format!("a resource of the service {:?}", arn.service),
            _ => kind.to_string(),
        };
        let fix = match table_of(&arn) {
            Some(table) if kind == ArnKind::Backup => format!(
                "Give the ARN of the table, {table:?}, or, to restore this backup, write source = {{ \
                 backup_arn = {:?} }}.",
                place.text
            ),
            Some(table) => format!("Give the ARN of the table: {table:?}."),
            None => "Give the ARN of a table, like \"arn:aws:dynamodb:us-east-1:111122223333:table/orders\"."
                .to_owned(),
        };
        report.add(
            place.subject,
            format!(
                "{:?} is the ARN of {what}, and the ARN of a table is needed here.",
                place.text
            ),
            fix,
        );
    }
}

/// The ARN of the table to which the named thing belongs.
fn table_of(arn: &Arn) -> Option<String> {
    let table = match &arn.resource {
        Resource::Index(table, _)
        | Resource::Stream(table, _)
        | Resource::Backup(table, _)
        | Resource::Export(table, _)
        | Resource::Import(table, _) => table,
        _ => return None,
    };
    Some(
        Arn {
            resource: Resource::Table(table.clone()),
            ..arn.clone()
        }
        .to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::{BACKUP_ARN, TABLE_ARN, backup};

    fn text(arn: &str) -> Option<String> {
        let facts = backup(|it| it.table_name = arn.into());
        RULE.findings(&facts)
            .pop()
            .map(|it| format!("{} {}", it.detail, it.fix))
    }

    #[test]
    fn it_says_what_was_given_and_names_the_table() {
        let stream = text(&format!("{TABLE_ARN}/stream/2025-11-20T09:00:00.000")).expect("a finding");
        assert!(
            stream.contains("the ARN of a stream") && stream.contains(&format!("{TABLE_ARN:?}")),
            "{stream}"
        );
        let backup = text(BACKUP_ARN).expect("a finding");
        assert!(
            backup.contains("the ARN of a DynamoDB backup") && backup.contains("backup_arn"),
            "{backup}"
        );
        let queue = text("arn:aws:sqs:us-east-1:111122223333:orders").expect("a finding");
        assert!(queue.contains("service \"sqs\""), "{queue}");
    }

    #[test]
    fn tables_names_and_broken_arns_are_not_its_business() {
        assert_eq!(text(TABLE_ARN), None);
        assert_eq!(text("orders"), None);
        assert_eq!(text("arn:aws:dynamodb"), None);
    }
}
