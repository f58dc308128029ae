//! An object's configuration as HCL, as far as it is known.

mod aws_backup;

use std::fmt;

use jiff::SignedDuration;

use crate::fact::Fact;
use crate::facts::{
    Autoscaling, Backup, Facts, GlobalIndex, Object, OnDemandThroughput, PointInTime, PointInTimeRecovery,
    ProvisionedThroughput, RestoredTable, ScaledCapacity, ScaledIndex, ServerSideEncryption, Setting, Source,
};
use crate::prose;

/// A value of HCL.
enum Hcl {
    /// A text, a number or a word, as it is written.
    Plain(String),
    /// A list.
    List(Vec<Hcl>),
    /// An object.
    Object(Vec<(String, Hcl)>),
}

/// The resource block of the object.
pub(super) fn render(facts: &Facts) -> String {
    let (kind, arguments) = match &facts.object {
        Object::Backup(it) => ("dynamodb_backup", backup(it)),
        Object::PointInTimeRecovery(it) => ("dynamodb_point_in_time_recovery", recovery(it)),
        Object::RestoredTable(it) => ("dynamodb_restored_table", restored_table(it)),
        Object::BackupSettings(it) => ("dynamodb_backup_settings", aws_backup::settings(it)),
        Object::BackupVault(it) => ("dynamodb_backup_vault", aws_backup::vault(it)),
        Object::BackupPlan(it) => ("dynamodb_backup_plan", aws_backup::plan(it)),
        Object::RecoveryPoint(it) => ("dynamodb_recovery_point", aws_backup::recovery_point(it)),
        Object::RecoveryPointCopy(it) => ("dynamodb_recovery_point_copy", aws_backup::copy(it)),
    };
    let lines = block(&arguments, "  ");
    format!("resource \"{kind}\" \"example\" {{\n{lines}}}\n")
}

/// Longest line of an example, in characters, where there is a choice.
const WIDTH: usize = 120;

/// Arguments or entries below each other. As `terraform fmt` has it, the signs of neighbours stand below each other, and
/// what takes several lines has none.
fn block(entries: &[(String, Hcl)], indent: &str) -> String {
    let widest = entries
        .iter()
        .map(|(name, _)| name.len())
        .max()
        .unwrap_or_default();
    let has_room = |value: &Hcl| indent.len() + widest + 3 + value.to_string().chars().count() <= WIDTH;
    let mut text = String::new();
    for group in entries.chunk_by(|(_, one), (_, other)| {
        [one, other]
            .iter()
            .all(|it| has_room(it) || matches!(it, Hcl::Plain(_)))
    }) {
        let width = group.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
        for (name, value) in group {
            let value = if has_room(value) {
                value.to_string()
            } else {
                value.in_lines(indent)
            };
            text.push_str(&format!("{indent}{name:width$} = {value}\n"));
        }
    }
    text
}

fn backup(it: &Backup) -> Vec<(String, Hcl)> {
    let mut arguments = Arguments::default();
    arguments.text("region", &it.region);
    arguments.text("table_name", &it.table_name);
    arguments.text("name", &it.name);
    arguments.plain("retain_on_destroy", &it.retain_on_destroy);
    arguments.0
}

fn recovery(it: &PointInTimeRecovery) -> Vec<(String, Hcl)> {
    let mut arguments = Arguments::default();
    arguments.text("region", &it.region);
    arguments.text("table_name", &it.table_name);
    arguments.plain("enabled", &it.enabled);
    arguments.plain("recovery_period_in_days", &it.recovery_period_in_days);
    arguments.text("on_destroy", &it.on_destroy);
    arguments.plain("allow_window_loss", &it.allow_window_loss);
    arguments.0
}

fn restored_table(it: &RestoredTable) -> Vec<(String, Hcl)> {
    let mut arguments = Arguments::default();
    arguments.text("region", &it.region);
    arguments.text("name", &it.name);
    arguments.put("source", &it.source, source);
    arguments.text("billing_mode", &it.billing_mode);
    arguments.put("provisioned_throughput", &it.provisioned_throughput, provisioned);
    arguments.put("on_demand_throughput", &it.on_demand_throughput, on_demand);
    arguments.put("server_side_encryption", &it.server_side_encryption, encryption);
    arguments.put(
        "global_secondary_indexes",
        &it.global_secondary_indexes,
        |indexes| {
            Hcl::Object(
                indexes
                    .iter()
                    .map(|(name, index)| (key(name), global_index(index)))
                    .collect(),
            )
        },
    );
    arguments.put("local_secondary_indexes", &it.local_secondary_indexes, |names| {
        Hcl::List(
            names
                .iter()
                .filter_map(Fact::known)
                .map(|it| Hcl::text(it))
                .collect(),
        )
    });
    // Of a setting only whether it is spelled out is known, and this is the one that every restore should spell out.
    let is_given = it
        .given
        .get(&Setting::DeletionProtection)
        .is_some_and(Fact::is_known);
    if is_given {
        arguments.plain("deletion_protection_enabled", &Fact::Known(true));
    }
    arguments.put("carry_over", &it.carry_over, |settings| {
        Hcl::List(settings.iter().map(|it| Hcl::text(it.as_str())).collect())
    });
    arguments.put("tags", &it.tags, |tags| {
        let known = tags
            .iter()
            .filter_map(|(name, value)| Some((key(name), Hcl::text(value.known()?))));
        Hcl::Object(known.collect())
    });
    // The document itself would bury everything else.
    arguments.put("resource_policy", &it.resource_policy, |_| {
        Hcl::Plain("file(\"policy.json\")".to_owned())
    });
    arguments.put("autoscaling", &it.autoscaling, autoscaling);
    arguments.put("timeouts", &it.create_timeout, timeouts);
    arguments.0
}

fn timeouts(create: &SignedDuration) -> Hcl {
    Hcl::Object(vec![(
        "create".to_owned(),
        Hcl::text(&format!("{}m", create.as_mins())),
    )])
}

fn source(it: &Source) -> Hcl {
    let mut arguments = Arguments::default();
    arguments.text("backup_arn", &it.backup_arn);
    arguments.text("recovery_point_arn", &it.recovery_point_arn);
    arguments.text("role_arn", &it.role_arn);
    arguments.text("vault_name", &it.vault_name);
    arguments.put("point_in_time", &it.point_in_time, point_in_time);
    Hcl::Object(arguments.0)
}

fn point_in_time(it: &PointInTime) -> Hcl {
    let mut arguments = Arguments::default();
    arguments.text("table_name", &it.table_name);
    arguments.text("table_arn", &it.table_arn);
    arguments.text("time", &it.time);
    arguments.plain("latest", &it.latest);
    Hcl::Object(arguments.0)
}

fn provisioned(it: &ProvisionedThroughput) -> Hcl {
    let mut arguments = Arguments::default();
    arguments.plain("read_capacity_units", &it.read_capacity_units);
    arguments.plain("write_capacity_units", &it.write_capacity_units);
    Hcl::Object(arguments.0)
}

fn on_demand(it: &OnDemandThroughput) -> Hcl {
    let mut arguments = Arguments::default();
    arguments.plain("max_read_request_units", &it.max_read_request_units);
    arguments.plain("max_write_request_units", &it.max_write_request_units);
    Hcl::Object(arguments.0)
}

fn encryption(it: &ServerSideEncryption) -> Hcl {
    let mut arguments = Arguments::default();
    arguments.plain("enabled", &it.enabled);
    arguments.text("sse_type", &it.sse_type);
    arguments.text("kms_key_arn", &it.kms_key);
    Hcl::Object(arguments.0)
}

fn global_index(it: &GlobalIndex) -> Hcl {
    let mut arguments = Arguments::default();
    arguments.put("provisioned_throughput", &it.provisioned_throughput, provisioned);
    arguments.put("on_demand_throughput", &it.on_demand_throughput, on_demand);
    Hcl::Object(arguments.0)
}

fn autoscaling(it: &Autoscaling) -> Hcl {
    let mut arguments = Arguments::default();
    arguments.put("read", &it.read, scaled);
    arguments.put("write", &it.write, scaled);
    arguments.put("indexes", &it.indexes, |indexes| {
        Hcl::Object(
            indexes
                .iter()
                .map(|(name, index)| (key(name), scaled_index(index)))
                .collect(),
        )
    });
    Hcl::Object(arguments.0)
}

fn scaled_index(it: &ScaledIndex) -> Hcl {
    let mut arguments = Arguments::default();
    arguments.put("read", &it.read, scaled);
    arguments.put("write", &it.write, scaled);
    Hcl::Object(arguments.0)
}

fn scaled(it: &ScaledCapacity) -> Hcl {
    let mut arguments = Arguments::default();
    arguments.plain("min_capacity", &it.min_capacity);
    arguments.plain("max_capacity", &it.max_capacity);
    arguments.plain("target_utilization", &it.target_utilization);
    Hcl::Object(arguments.0)
}

/// The arguments of a block or an object, in order.
#[derive(Default)]
struct Arguments(Vec<(String, Hcl)>);

impl Arguments {
    fn text(&mut self, name: &str, fact: &Fact<String>) {
        self.put(name, fact, |it| Hcl::text(it));
    }

    fn plain<T: fmt::Display>(&mut self, name: &str, fact: &Fact<T>) {
        self.put(name, fact, |it| Hcl::Plain(it.to_string()));
    }

    fn put<T>(&mut self, name: &str, fact: &Fact<T>, render: impl FnOnce(&T) -> Hcl) {
        if let Fact::Known(value) = fact {
            self.0.push((name.to_owned(), render(value)));
        }
    }
}

/// A key of a map: a word as it is, anything else in quotes.
fn key(text: &str) -> String {
    let is_word = text.starts_with(|it: char| it.is_ascii_alphabetic())
        && text
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || it == '_' || it == '-');
    if is_word {
        text.to_owned()
    } else {
        prose::quoted([text], "")
    }
}

impl Hcl {
    fn text(text: &str) -> Self {
        Self::Plain(prose::quoted([text], ""))
    }

    /// It over several lines, where it has several parts.
    fn in_lines(&self, indent: &str) -> String {
        let inner = format!("{indent}  ");
        match self {
            Self::List(items) => {
                let items: String = items
                    .iter()
                    .map(|it| {
                        let item = it.to_string();
                        let is_short = inner.len() + item.chars().count() < WIDTH;
                        let item = if is_short { item } else { it.in_lines(&inner) };
                        format!("{inner}{item},\n")
                    })
                    .collect();
                format!("[\n{items}{indent}]")
            }
            Self::Object(entries) => format!("{{\n{}{indent}}}", block(entries, &inner)),
            Self::Plain(text) => text.clone(),
        }
    }
}

/// It on one line.
impl fmt::Display for Hcl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(text) => f.write_str(text),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(Self::to_string).collect();
                write!(f, "[{}]", items.join(", "))
            }
            Self::Object(entries) if entries.is_empty() => f.write_str("{}"),
            Self::Object(entries) => {
                let entries: Vec<String> = entries
                    .iter()
                    .map(|(name, value)| format!("{name} = {value}"))
                    .collect();
                write!(f, "{{ {} }}", entries.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Hcl, block, key};

    #[test]
    fn what_is_too_long_for_a_line_is_broken_into_its_parts() {
        let text = |length: usize| Hcl::Plain("x".repeat(length));
        let object = |length| Hcl::Object(vec![("a".to_owned(), text(length)), ("long".to_owned(), text(1))]);
        // Two of indentation, one of the name, three of the sign, and 18 of the object around its text.
        let of = |length| block(&[("n".to_owned(), object(length))], "  ");
        let fits = of(120 - 6 - 18);
        assert_eq!(fits, format!("  n = {{ a = {}, long = x }}\n", "x".repeat(96)));
        assert_eq!(fits.trim_end().chars().count(), 120);
        let broken = format!("  n = {{\n    a    = {}\n    long = x\n  }}\n", "x".repeat(97));
        assert_eq!(of(97), broken);
        let list = Hcl::List(vec![object(99), object(100)]);
        let entries = [
            ("first".to_owned(), text(1)),
            ("n".to_owned(), text(1)),
            ("items".to_owned(), list),
            ("m".to_owned(), text(200)),
            ("mm".to_owned(), text(1)),
        ];
        let (fits, breaks, plain) = ("x".repeat(99), "x".repeat(100), "x".repeat(200));
        let expected = format!(
            "first = x\nn     = x\nitems = [\n  {{ a = {fits}, long = x }},\n  {{\n    a    = {breaks}\n    \
             long = x\n  }},\n]\nm  = {plain}\nmm = x\n"
        );
        assert_eq!(block(&entries, ""), expected);
    }

    #[test]
    fn a_key_that_is_no_word_stands_in_quotes() {
        for word in ["team", "by-date", "by_date", "a1"] {
            assert_eq!(key(word), word);
        }
        for other in ["1a", "-a", "_a", "a.b", "a b", "a:b", ""] {
            assert_eq!(key(other), format!("{other:?}"));
        }
    }
}
