//! Types as JSON: `"string"`, `["list","number"]`, `["object",{"a":"bool"}]`.
//!
//! Capsule types never cross the wire and are not known here.

use serde_json::Value as Json;
use tfsdk::{Path, Type};

use super::error::{CodecError, CodecErrorKind};

/// Writes a type, attributes in the order of their names, without spaces.
pub fn to_json(ty: &Type) -> Vec<u8> {
    to_value(ty).to_string().into_bytes()
}

/// Reads a type.
///
/// # Errors
/// When the text is not JSON, not a type, or nested deeper than 128 levels.
pub fn from_json(text: &[u8]) -> Result<Type, CodecError> {
    let json = serde_json::from_slice(text).map_err(|err| {
        CodecError::new(
            Path::root(),
            CodecErrorKind::BadType {
                reason: err.to_string(),
            },
        )
    })?;
    from_value(&json).map_err(|reason| CodecError::new(Path::root(), CodecErrorKind::BadType { reason }))
}

/// A type as a JSON value.
pub(super) fn to_value(ty: &Type) -> Json {
    match ty {
        Type::Bool => Json::from("bool"),
        Type::Number => Json::from("number"),
        Type::String => Json::from("string"),
        Type::Dynamic => Json::from("dynamic"),
        Type::List(element) => Json::from(vec![Json::from("list"), to_value(element)]),
        Type::Set(element) => Json::from(vec![Json::from("set"), to_value(element)]),
        Type::Map(element) => Json::from(vec![Json::from("map"), to_value(element)]),
        Type::Object(attributes) => {
            let attributes = attributes
                .iter()
                .map(|(name, ty)| (name.clone(), to_value(ty)))
                .collect();
            Json::from(vec![Json::from("object"), Json::Object(attributes)])
        }
        Type::Tuple(places) => Json::from(vec![
            Json::from("tuple"),
            Json::Array(places.iter().map(to_value).collect()),
        ]),
    }
}

/// Reads a type from a JSON value. Recursion is bounded, because serde_json's own parser is.
pub(super) fn from_value(json: &Json) -> Result<Type, String> {
    match json {
        Json::String(name) => match name.as_str() {
            "bool" => Ok(Type::Bool),
            "number" => Ok(Type::Number),
            "string" => Ok(Type::String),
            "dynamic" => Ok(Type::Dynamic),
            _ => Err(format!("there is no type {name:?}")),
        },
        Json::Array(parts) => match parts.as_slice() {
            [Json::String(kind), inner] => compound(kind, inner),
            // cty writes the names of optional attributes as a third part. They do not change how a
            // value is encoded.
            [Json::String(kind), inner, Json::Array(_)] if kind == "object" => compound(kind, inner),
            _ => Err("an array that is not a kind and what is inside".to_owned()),
        },
        _ => Err("neither a name nor an array".to_owned()),
    }
}

fn compound(kind: &str, inner: &Json) -> Result<Type, String> {
    match (kind, inner) {
        ("list", element) => Ok(Type::list(from_value(element)?)),
        ("set", element) => Ok(Type::set(from_value(element)?)),
        ("map", element) => Ok(Type::map(from_value(element)?)),
        ("object", Json::Object(attributes)) => {
            let attributes = attributes
                .iter()
                .map(|(name, ty)| Ok::<_, String>((name.clone(), from_value(ty)?)));
            Ok(Type::Object(attributes.collect::<Result<_, _>>()?))
        }
        ("tuple", Json::Array(places)) => Ok(Type::Tuple(
            places.iter().map(from_value).collect::<Result<_, _>>()?,
        )),
        ("object", _) => Err("the attributes of an object are not a JSON object".to_owned()),
        ("tuple", _) => Err("the places of a tuple are not a JSON array".to_owned()),
        _ => Err(format!("there is no kind of type {kind:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ty: &Type, text: &str) {
        assert_eq!(String::from_utf8(to_json(ty)).expect("JSON is UTF-8"), text);
        assert_eq!(from_json(text.as_bytes()).expect(text), *ty);
    }

    #[test]
    fn types_are_written_as_cty_does() {
        check(&Type::String, r#""string""#);
        check(&Type::Number, r#""number""#);
        check(&Type::Bool, r#""bool""#);
        check(&Type::Dynamic, r#""dynamic""#);
        check(&Type::list(Type::String), r#"["list","string"]"#);
        check(&Type::set(Type::Number), r#"["set","number"]"#);
        check(&Type::map(Type::list(Type::Bool)), r#"["map",["list","bool"]]"#);
        check(
            &Type::object([("b", Type::Number), ("a", Type::String)]),
            r#"["object",{"a":"string","b":"number"}]"#,
        );
        check(
            &Type::Tuple(vec![Type::String, Type::Dynamic]),
            r#"["tuple",["string","dynamic"]]"#,
        );
        check(&Type::Tuple(vec![]), r#"["tuple",[]]"#);
    }

    #[test]
    fn names_of_optional_attributes_are_passed_over() {
        let ty = from_json(br#"["object",{"a":"string"},["a"]]"#).expect("a type");
        assert_eq!(ty, Type::object([("a", Type::String)]));
    }

    #[test]
    fn what_is_no_type_is_an_error() {
        let deep = format!("{}\"string\"{}", r#"["list","#.repeat(10_000), "]".repeat(10_000));
        for text in [
            "",
            "1",
            "null",
            r#""text""#,
            r#"["list"]"#,
            r#"["list","string","x"]"#,
            r#"["object",[]]"#,
            r#"["tuple",{}]"#,
            r#"["bag","string"]"#,
            r#"["list","string"#,
            &deep,
        ] {
            assert!(
                from_json(text.as_bytes()).is_err(),
                "{}",
                &text[..text.len().min(40)]
            );
        }
    }
}
