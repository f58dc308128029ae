//! Rules about the names of tables, backups and indexes, and of what AWS Backup keeps.

pub(crate) mod backup_name_malformed;
pub(crate) mod backup_name_planned_twice;
pub(crate) mod index_name_malformed;
pub(crate) mod plan_name_malformed;
pub(crate) mod plan_rule_name_malformed;
pub(crate) mod selection_name_malformed;
pub(crate) mod table_name_malformed;
pub(crate) mod target_named_like_source;
pub(crate) mod vault_name_malformed;

use crate::syntax::TableName;

/// The nearest valid name of a table, a backup or an index.
fn suggestion(text: &str) -> String {
    TableName::GRAMMAR.nearest(text, "orders")
}

#[cfg(test)]
mod tests {
    use super::suggestion;
    use crate::syntax::TableName;

    #[test]
    fn a_suggestion_is_always_valid_and_near() {
        for (text, expected) in [
            ("orders/restored", "orders-restored"),
            ("a/b", "a-b"),
            ("ab", "ab-orders"),
            ("a_b.c-d", "a_b.c-d"),
            ("", "orders"),
        ] {
            assert_eq!(suggestion(text), expected);
        }
        assert_eq!(suggestion(&"x".repeat(256)).len(), 255);
        for text in ["", "a", "ab", "ü", "größe: 1", &"x".repeat(300)] {
            assert!(TableName::parse(&suggestion(text)).is_ok(), "{text}");
        }
    }
}
