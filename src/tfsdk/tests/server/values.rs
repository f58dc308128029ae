//! Short ways to write values and to look at diagnostics.

use tfsdk::{Diagnostics, Value};

/// An object.
pub(crate) fn object<const N: usize>(attributes: [(&str, Value); N]) -> Value {
    Value::object(attributes)
}

/// A map.
pub(crate) fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Map(entries.map(|(key, value)| (key.to_owned(), value)).into())
}

/// A list.
pub(crate) fn list<const N: usize>(items: [Value; N]) -> Value {
    Value::List(items.into())
}

/// A text.
pub(crate) fn text(text: &str) -> Value {
    Value::string(text)
}

/// A whole number.
pub(crate) fn number(number: i64) -> Value {
    Value::integer(number)
}

/// This object with one attribute set.
pub(crate) fn with(object: &Value, name: &str, value: Value) -> Value {
    let Value::Object(attributes) = object else {
        panic!("not an object: {object:?}");
    };
    let mut attributes = attributes.clone();
    attributes.insert(name.to_owned(), value);
    Value::Object(attributes)
}

/// Every diagnostic in one line: severity, place and summary.
pub(crate) fn lines(diagnostics: &Diagnostics) -> Vec<String> {
    diagnostics
        .iter()
        .map(|diagnostic| {
            let place = diagnostic
                .path
                .as_ref()
                .map(|path| format!(" {path}"))
                .unwrap_or_default();
            format!("{:?}{place}: {}", diagnostic.severity, diagnostic.summary)
        })
        .collect()
}

/// The details of all diagnostics.
pub(crate) fn details(diagnostics: &Diagnostics) -> String {
    let details: Vec<&str> = diagnostics
        .iter()
        .map(|diagnostic| diagnostic.detail.as_str())
        .collect();
    details.join("\n")
}
