//! Rules about the names of tables, backups and indexes.

pub(crate) mod backup_name_malformed;
pub(crate) mod backup_name_planned_twice;
pub(crate) mod index_name_malformed;
pub(crate) mod table_name_malformed;
pub(crate) mod target_named_like_source;

/// The nearest valid name: foreign characters become hyphens, and the length is brought within bounds.
fn suggestion(text: &str) -> String {
    let fits = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-' | '.');
    let mut name: String = text.chars().map(|it| if fits(it) { it } else { '-' }).collect();
    name.truncate(crate::limits::NAME_LENGTH_MAX);
    if name.len() < crate::limits::NAME_LENGTH_MIN {
        name = if name.is_empty() {
            "orders".to_owned()
        } else {
            format!("{name}-orders")
        };
    }
    name
}

#[cfg(test)]
mod tests {
    use super::suggestion;
    use crate::syntax::TableName;

    #[test]
    fn a_suggestion_is_always_valid_and_near() {
        assert_eq!(suggestion("orders/restored"), "orders-restored");
        for text in ["", "a", "ab", "ü", "größe: 1", &"x".repeat(300)] {
            assert!(TableName::parse(&suggestion(text)).is_ok(), "{text}");
        }
    }
}
