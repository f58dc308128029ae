//! Which backups a data source wants: the arguments that both of them share, and what was there when none matches.

use aws_clients::{BackupFilter, BackupSummary, BackupType, TableRef};
use jiff::{SignedDuration, Timestamp};
use regex::Regex;
use tfsdk::schema::{Attribute, Validator};
use tfsdk::{Attr, Diagnostics, Value, parse_duration};

use crate::diagnostics;
use crate::table_name::table_ref;

/// Types that can be asked for. AWS Backup's are found by ARN only: ListBackups leaves them out.
const TYPES: &[&str] = &["USER", "SYSTEM"];
const STATUSES: &[&str] = &["AVAILABLE", "CREATING"];

/// How many backups an error names.
const NAMED: usize = 5;

/// How wrong the clock of this machine may be before AWS has told the time.
const SKEW: SignedDuration = SignedDuration::from_hours(24);

/// What is asked for.
#[derive(Debug)]
pub(super) struct Filter {
    pub(super) table: Option<TableRef>,
    pub(super) kind: Option<String>,
    pub(super) status: Option<String>,
    pub(super) name: Option<Regex>,
    pub(super) created_from: Option<Timestamp>,
}

/// The arguments as they were written.
pub(super) struct Arguments<'a> {
    pub(super) table_name: &'a Attr<String>,
    pub(super) kind: &'a Attr<String>,
    pub(super) status: &'a Attr<String>,
    pub(super) name_regex: &'a Attr<String>,
    pub(super) max_age: &'a Attr<String>,
}

/// The arguments `type`, `status`, `name_regex` and `max_age`.
pub(super) fn arguments() -> [Attribute; 4] {
    [
        Attribute::string("type").validate(Validator::OneOf(TYPES)).describe(
            "Who made the backup: `USER` for those made on demand, `SYSTEM` for those that DynamoDB makes of deleted \
             tables and keeps for 35 days. Default: both. Those of AWS Backup are not listed by DynamoDB.",
        ),
        Attribute::string("status").validate(Validator::OneOf(STATUSES)).describe("Status of the backup."),
        Attribute::string("name_regex").validate(Validator::Custom(check_regex)).describe(
            "Regular expression that the name matches somewhere, in the syntax of Rust's `regex` crate. Begin it with \
             `^` and end it with `$` to match the whole name.",
        ),
        Attribute::string("max_age").validate(Validator::Duration).describe(
            "How old the backup may be, as a duration like `24h` or `90m`.",
        ),
    ]
}

fn check_regex(value: &Value) -> Result<(), String> {
    let Value::String(text) = value else { return Ok(()) };
    Regex::new(text)
        .map(|_| ())
        .map_err(|err| format!("The value is no regular expression: {err}"))
}

impl Filter {
    /// Reads the arguments. Their syntax was checked with the schema.
    ///
    /// `now` should be AWS's time, so take it after AWS has answered.
    ///
    /// # Errors
    /// The table is neither a name nor an ARN.
    pub(super) fn of(arguments: &Arguments<'_>, now: Timestamp) -> Result<Self, Diagnostics> {
        let table = arguments
            .table_name
            .known()
            .map(|text| table_ref(text))
            .transpose();
        let table =
            table.map_err(|err| diagnostics::aws("Not a table", &err).at(tfsdk::Path::of("table_name")))?;
        let max_age = arguments
            .max_age
            .known()
            .and_then(|text| parse_duration(text).ok());
        let max_age = max_age.and_then(|age| SignedDuration::try_from(age).ok());
        Ok(Self {
            table,
            kind: arguments.kind.known().cloned(),
            status: arguments.status.known().cloned(),
            name: arguments
                .name_regex
                .known()
                .and_then(|text| Regex::new(text).ok()),
            created_from: max_age.and_then(|age| now.checked_sub(age).ok()),
        })
    }

    /// Those that match, the newest first.
    pub(super) fn matching(&self, backups: Vec<BackupSummary>) -> Vec<BackupSummary> {
        let mut matching: Vec<_> = backups
            .into_iter()
            .filter(|it| self.objection(it).is_none())
            .collect();
        newest_first(&mut matching);
        matching
    }

    /// Says that nothing matches, and what was there instead.
    pub(super) fn nothing(&self, mut backups: Vec<BackupSummary>, place: &str) -> String {
        let of = self
            .table
            .as_ref()
            .map(|table| format!(" of table \"{}\"", table.table_name()));
        let of = of.unwrap_or_default();
        if backups.is_empty() {
            return format!(
                "There are no backups{of} in {place}, neither on demand nor of a deleted table. Take one \
                 (resource \"dynamodb_backup\"), or correct table_name or region. Backups that AWS Backup made are not \
                 listed by DynamoDB; name such a one by arn."
            );
        }
        newest_first(&mut backups);
        let lines: Vec<String> = backups
            .iter()
            .take(NAMED)
            .map(|it| {
                let why = self.objection(it).unwrap_or_default();
                format!("  - {}: {why}", it.name)
            })
            .collect();
        let rest = match backups.len().saturating_sub(NAMED) {
            0 => String::new(),
            rest => format!("\n  and {rest} older"),
        };
        format!(
            "There are {} backups{of} in {place}, and none matches:\n{}{rest}\n\nLoosen the argument that is named, or take \
             a new backup.",
            backups.len(),
            lines.join("\n")
        )
    }

    /// Why a backup does not match.
    fn objection(&self, backup: &BackupSummary) -> Option<String> {
        if let Some(kind) = self
            .kind
            .as_ref()
            .filter(|kind| **kind != backup.backup_type.as_str())
        {
            return Some(format!("its type is {}, wanted is {kind}", backup.backup_type));
        }
        if let Some(status) = self
            .status
            .as_ref()
            .filter(|status| **status != backup.status.as_str())
        {
            return Some(format!("its status is {}, wanted is {status}", backup.status));
        }
        if let Some(name) = self.name.as_ref().filter(|name| !name.is_match(&backup.name)) {
            return Some(format!("its name does not match name_regex {:?}", name.as_str()));
        }
        match (self.created_from, backup.created_at) {
            (Some(from), Some(at)) if at < from => Some(format!(
                "it was taken at {}, and max_age reaches back to {}",
                at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                from.strftime("%Y-%m-%dT%H:%M:%SZ"),
            )),
            _ => None,
        }
    }
}

/// What AWS is asked so that an error can say what was there: all backups of the table.
///
/// # Errors
/// The table is neither a name nor an ARN.
pub(super) fn broad(arguments: &Arguments<'_>) -> Result<BackupFilter, Diagnostics> {
    Ok(BackupFilter {
        table: table(arguments)?,
        ..BackupFilter::default()
    })
}

/// What AWS is asked where nothing needs to be explained. `now` may be the time of this machine: what AWS answers too
/// much is left out later.
///
/// # Errors
/// The table is neither a name nor an ARN.
pub(super) fn narrow(arguments: &Arguments<'_>, now: Timestamp) -> Result<BackupFilter, Diagnostics> {
    Ok(BackupFilter {
        table: table(arguments)?,
        backup_type: arguments.kind.known().map(|kind| BackupType::from(kind.as_str())),
        created_from: created_from(arguments, now).and_then(|from| from.checked_sub(SKEW).ok()),
        created_before: None,
    })
}

fn table(arguments: &Arguments<'_>) -> Result<Option<TableRef>, Diagnostics> {
    let table = arguments
        .table_name
        .known()
        .map(|text| table_ref(text))
        .transpose();
    table.map_err(|err| {
        diagnostics::aws("Not a table", &err)
            .at(tfsdk::Path::of("table_name"))
            .into()
    })
}

fn created_from(arguments: &Arguments<'_>, now: Timestamp) -> Option<Timestamp> {
    let max_age = parse_duration(arguments.max_age.known()?).ok()?;
    now.checked_sub(SignedDuration::try_from(max_age).ok()?).ok()
}

fn newest_first(backups: &mut [BackupSummary]) {
    backups.sort_by(|one, other| {
        other
            .created_at
            .cmp(&one.created_at)
            .then_with(|| one.arn.as_str().cmp(other.arn.as_str()))
    });
}

#[cfg(test)]
mod tests {
    use super::{Arguments, Filter};
    use aws_clients::BackupSummary;
    use expect_test::{Expect, expect};
    use jiff::Timestamp;
    use tfsdk::Attr;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    fn backup(name: &str, kind: &str, status: &str, created_at: &str) -> BackupSummary {
        let arn = format!("arn:aws:dynamodb:eu-west-1:111122223333:table/orders/backup/{name}");
        BackupSummary {
            arn: arn.parse().expect("an ARN"),
            name: name.to_owned(),
            status: status.into(),
            backup_type: kind.into(),
            created_at: Some(at(created_at)),
            expires_at: None,
            size_bytes: None,
            table_name: "orders".parse().expect("a name"),
            table_id: None,
            table_arn: None,
        }
    }

    fn backups() -> Vec<BackupSummary> {
        vec![
            backup("nightly-1", "USER", "AVAILABLE", "2026-11-18T02:00:00Z"),
            backup("nightly-2", "USER", "AVAILABLE", "2026-11-19T02:00:00Z"),
            backup("release", "USER", "CREATING", "2026-11-20T09:29:00Z"),
            backup(
                "orders$DeletedTableBackup",
                "SYSTEM",
                "AVAILABLE",
                "2026-11-01T00:00:00Z",
            ),
        ]
    }

    fn filter(kind: &str, status: &str, name_regex: &str, max_age: &str) -> Filter {
        let attr = |text: &str| {
            if text.is_empty() {
                Attr::Null
            } else {
                Attr::from(text)
            }
        };
        let arguments = Arguments {
            table_name: &"orders".into(),
            kind: &attr(kind),
            status: &attr(status),
            name_regex: &attr(name_regex),
            max_age: &attr(max_age),
        };
        Filter::of(&arguments, at("2026-11-20T09:30:00Z")).expect("a filter")
    }

    fn check(filter: &Filter, expected: &[&str]) {
        let names: Vec<_> = filter.matching(backups()).into_iter().map(|it| it.name).collect();
        assert_eq!(names, expected);
    }

    fn check_nothing(filter: &Filter, expected: Expect) {
        assert!(filter.matching(backups()).is_empty());
        expected.assert_eq(&filter.nothing(backups(), "eu-west-1"));
    }

    #[test]
    fn matches_come_newest_first() {
        check(
            &filter("", "", "", ""),
            &["release", "nightly-2", "nightly-1", "orders$DeletedTableBackup"],
        );
        check(&filter("SYSTEM", "", "", ""), &["orders$DeletedTableBackup"]);
        check(
            &filter("", "AVAILABLE", "^nightly", ""),
            &["nightly-2", "nightly-1"],
        );
        check(&filter("", "", "", "48h"), &["release", "nightly-2"]);
    }

    #[test]
    fn nothing_says_what_was_there_and_why_not() {
        check_nothing(
            &filter("USER", "AVAILABLE", "", "24h"),
            expect![[r#"
            There are 4 backups of table "orders" in eu-west-1, and none matches:
              - release: its status is CREATING, wanted is AVAILABLE
              - nightly-2: it was taken at 2026-11-19T02:00:00Z, and max_age reaches back to 2026-11-19T09:30:00Z
              - nightly-1: it was taken at 2026-11-18T02:00:00Z, and max_age reaches back to 2026-11-19T09:30:00Z
              - orders$DeletedTableBackup: its type is SYSTEM, wanted is USER

            Loosen the argument that is named, or take a new backup."#]],
        );
        check_nothing(
            &filter("", "", "^weekly", ""),
            expect![[r#"
            There are 4 backups of table "orders" in eu-west-1, and none matches:
              - release: its name does not match name_regex "^weekly"
              - nightly-2: its name does not match name_regex "^weekly"
              - nightly-1: its name does not match name_regex "^weekly"
              - orders$DeletedTableBackup: its name does not match name_regex "^weekly"

            Loosen the argument that is named, or take a new backup."#]],
        );
        expect![[r#"There are no backups of table "orders" in eu-west-1, neither on demand nor of a deleted table. Take one (resource "dynamodb_backup"), or correct table_name or region. Backups that AWS Backup made are not listed by DynamoDB; name such a one by arn."#]]
            .assert_eq(&filter("", "", "", "").nothing(Vec::new(), "eu-west-1"));
    }
}
