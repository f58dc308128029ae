//! Values of Terraform from JSON and back, for tests.

use serde_json::Value as Json;
use tfsdk::{Diagnostics, Type, Value};

/// A value of this type. What is left out is null; the text `(unknown)` stands for an unknown value.
pub(crate) fn value(ty: &Type, json: &Json) -> Value {
    match (ty, json) {
        (_, Json::Null) => Value::Null,
        (_, Json::String(text)) if text == "(unknown)" => Value::Unknown,
        (Type::Bool, Json::Bool(flag)) => Value::Bool(*flag),
        (Type::Number, Json::Number(number)) => {
            Value::Number(number.to_string().parse().expect("JSON numbers are numbers"))
        }
        (Type::String, Json::String(text)) => Value::string(text.as_str()),
        (Type::List(element), Json::Array(items)) => {
            Value::List(items.iter().map(|item| value(element, item)).collect())
        }
        (Type::Set(element), Json::Array(items)) => {
            Value::Set(items.iter().map(|item| value(element, item)).collect())
        }
        (Type::Map(element), Json::Object(entries)) => Value::Map(
            entries
                .iter()
                .map(|(key, item)| (key.clone(), value(element, item)))
                .collect(),
        ),
        (Type::Object(attributes), Json::Object(given)) => {
            if let Some(stray) = given.keys().find(|name| !attributes.contains_key(*name)) {
                panic!("no attribute {stray:?}; there are {:?}", attributes.keys());
            }
            Value::object(
                attributes
                    .iter()
                    .map(|(name, ty)| (name.clone(), value(ty, given.get(name).unwrap_or(&Json::Null)))),
            )
        }
        _ => panic!("{json} is no {ty}"),
    }
}

/// The JSON of a value; `(unknown)` for an unknown one.
pub(crate) fn json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Unknown => Json::from("(unknown)"),
        Value::Bool(flag) => Json::from(*flag),
        Value::Number(number) => number.to_plain_string().parse().expect("plain digits are JSON"),
        Value::String(text) => Json::from(text.as_str()),
        Value::List(items) | Value::Set(items) | Value::Tuple(items) => items.iter().map(json).collect(),
        Value::Map(entries) | Value::Object(entries) => Json::Object(
            entries
                .iter()
                .map(|(key, item)| (key.clone(), json(item)))
                .collect(),
        ),
        Value::Dynamic(_, inner) => json(inner),
    }
}

/// One line for each message: severity, path, summary.
pub(crate) fn summaries(diagnostics: &Diagnostics) -> Vec<String> {
    diagnostics
        .iter()
        .map(|it| {
            let severity = if it.is_error() { "error" } else { "warning" };
            let path = it
                .path
                .as_ref()
                .map(|path| format!(" at {path}"))
                .unwrap_or_default();
            format!("{severity}{path}: {}", it.summary)
        })
        .collect()
}
