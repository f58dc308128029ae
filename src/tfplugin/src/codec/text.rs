//! What both encodings share about text, numbers and messages.

use bigdecimal::BigDecimal;
use tfsdk::{Number, Type};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Text in normal form C, as cty holds it: two spellings of one character must compare equal.
pub(super) fn normalised(text: &str) -> String {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        text.to_owned()
    } else {
        text.nfc().collect()
    }
}

/// The number that a float stands for, digit by digit, or `None` where it stands for none.
///
/// A float on the wire means exactly its binary fraction; the shortest decimal that reads back as
/// that float is another number.
pub(super) fn exact_number(float: f64) -> Option<Number> {
    BigDecimal::try_from(float).ok()?.to_plain_string().parse().ok()
}

/// What a type asks for, in a word or two: whole object types would drown a message.
pub(super) fn expected(ty: &Type) -> &'static str {
    match ty {
        Type::Bool => "a bool",
        Type::Number => "a number",
        Type::String => "a string",
        Type::Dynamic => "a value with its type",
        Type::List(_) => "a list",
        Type::Set(_) => "a set",
        Type::Map(_) => "a map",
        Type::Object(_) => "an object",
        Type::Tuple(_) => "a tuple",
    }
}

/// A name for a message, however long the one that came.
pub(super) fn shortened(name: &str) -> String {
    name.chars().take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_composed() {
        assert_eq!(normalised("e\u{301}"), "\u{e9}");
        assert_eq!(normalised("plain"), "plain");
        assert_eq!(normalised("\u{e9}t\u{e9}"), "\u{e9}t\u{e9}");
    }

    #[test]
    fn floats_stand_for_their_binary_fraction() {
        let number = |float| exact_number(float).map(|number| number.to_plain_string());
        assert_eq!(number(0.5).as_deref(), Some("0.5"));
        assert_eq!(number(-2.25).as_deref(), Some("-2.25"));
        assert_eq!(
            number(0.1).as_deref(),
            Some("0.1000000000000000055511151231257827021181583404541015625")
        );
        assert!(number(f64::MIN_POSITIVE).is_some());
        assert!(number(5e-324).is_some());
        assert!(number(f64::MAX).is_some());
        assert_eq!(number(f64::NAN), None);
        assert_eq!(number(f64::INFINITY), None);
    }
}
