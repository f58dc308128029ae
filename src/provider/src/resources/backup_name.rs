//! Names of backups that the user does not name.

use jiff::Timestamp;

use rules::limits::NAME_LENGTH_MAX;

/// As in `20261120T093000Z`.
const STAMP: &str = "%Y%m%dT%H%M%SZ";
const STAMP_LENGTH: usize = 16;

/// The table's name and the time, cut to what AWS takes.
pub(crate) fn generate(table: &str, now: Timestamp) -> String {
    format!("{}-{}", cut(table), now.strftime(STAMP))
}

/// Whether a backup of this table has a name that [`generate`] makes, at whatever time.
pub(crate) fn is_generated(name: &str, table: &str) -> bool {
    let stamp = name
        .strip_prefix(cut(table))
        .and_then(|rest| rest.strip_prefix('-'));
    stamp.is_some_and(|stamp| {
        stamp.len() == STAMP_LENGTH && jiff::civil::DateTime::strptime(STAMP, stamp).is_ok()
    })
}

fn cut(table: &str) -> &str {
    // Table names are ASCII; anything else is refused before it comes here.
    table.get(..NAME_LENGTH_MAX - 1 - STAMP_LENGTH).unwrap_or(table)
}

#[cfg(test)]
mod tests {
    use super::{generate, is_generated};

    fn at(text: &str) -> jiff::Timestamp {
        text.parse().expect("a time")
    }

    #[test]
    fn a_name_says_table_and_time() {
        let name = generate("orders", at("2026-11-20T09:30:00.75Z"));
        assert_eq!(name, "orders-20261120T093000Z");
        assert!(is_generated(&name, "orders"));
    }

    #[test]
    fn a_long_name_is_cut_to_what_aws_takes() {
        let table = "t".repeat(255);
        let name = generate(&table, at("2026-11-20T09:30:00Z"));
        assert_eq!(name.len(), 255);
        assert!(is_generated(&name, &table));
    }

    #[test]
    fn names_that_people_give_are_told_apart() {
        for name in [
            "orders",
            "orders-",
            "orders-before-release",
            "orders-20261120",
            "orders-20261320T093000Z",
            "x",
        ] {
            assert!(!is_generated(name, "orders"), "{name}");
        }
        assert!(!is_generated("orders-20261120T093000Z", "order"));
    }
}
