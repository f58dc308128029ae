//! cty's JSON encoding, which state files use.
//!
//! Reading is lenient where stored state may be older than the schema: see [`Unexpected`].

use std::collections::BTreeMap;

use serde_json::Value as Json;
use tfsdk::{Number, Type, Value};

use super::depth::{Level, Place};
use super::error::{CodecError, CodecErrorKind};
use super::{text, type_json};

/// What to do with an attribute that the type does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unexpected {
    /// It is an error, as in cty.
    Refuse,
    /// It is passed over: an older provider may have stored what the schema no longer has.
    Ignore,
}

/// Reads a value of type `ty` from JSON text.
///
/// An attribute that is missing is null. A primitive stored as another primitive is converted as cty
/// does (`"true"` for a bool, `5` for a string).
///
/// # Errors
/// When the text is not JSON (or nested deeper than 128 levels), or not of the type.
pub fn decode(json: &[u8], ty: &Type, unexpected: Unexpected) -> Result<Value, CodecError> {
    let mut decoder = Decoder {
        unexpected,
        place: Place::default(),
    };
    let json: Json = serde_json::from_slice(json).map_err(|err| {
        decoder.place.error(CodecErrorKind::BadJson {
            reason: err.to_string(),
        })
    })?;
    decoder.value(json, ty)
}

/// Writes a value of type `ty` as JSON text.
///
/// # Errors
/// When the value is not of the type, or anything in it is unknown.
pub fn encode(value: &Value, ty: &Type) -> Result<Vec<u8>, CodecError> {
    let json = Encoder {
        place: Place::default(),
    }
    .value(value, ty)?;
    Ok(json.to_string().into_bytes())
}

struct Decoder {
    unexpected: Unexpected,
    place: Place,
}

impl Decoder {
    fn value(&mut self, json: Json, ty: &Type) -> Result<Value, CodecError> {
        match (ty, json) {
            (_, Json::Null) => Ok(Value::Null),
            (Type::Bool, Json::Bool(bool)) => Ok(Value::Bool(bool)),
            (Type::Bool, Json::String(word)) => match word.as_str() {
                "true" | "1" => Ok(Value::Bool(true)),
                "false" | "0" => Ok(Value::Bool(false)),
                _ => Err(self.unexpected(ty, "a string that is neither true nor false")),
            },
            // With arbitrary precision, a number of serde_json is its text.
            (Type::Number, Json::Number(number)) => Ok(Value::Number(self.number(&number.to_string())?)),
            (Type::Number, Json::String(digits)) => Ok(Value::Number(self.number(&digits)?)),
            (Type::String, Json::String(string)) => Ok(Value::String(text::normalised(&string))),
            (Type::String, Json::Number(number)) => {
                Ok(Value::String(self.number(&number.to_string())?.to_plain_string()))
            }
            (Type::String, Json::Bool(bool)) => Ok(Value::String(bool.to_string())),
            (Type::List(element), Json::Array(items)) => {
                Ok(Value::List(self.sequence(items, element, true)?))
            }
            (Type::Set(element), Json::Array(items)) => Ok(Value::Set(self.sequence(items, element, false)?)),
            (Type::Map(element), Json::Object(entries)) => {
                let mut values = BTreeMap::new();
                for (key, json) in entries {
                    let key = text::normalised(&key);
                    let value = self.within(Level::key(&key), json, element)?;
                    values.insert(key, value);
                }
                Ok(Value::Map(values))
            }
            (Type::Object(types), Json::Object(attributes)) => self.object(attributes, types),
            (Type::Tuple(types), Json::Array(items)) if types.len() == items.len() => {
                let mut values = Vec::with_capacity(items.len());
                for (at, (json, ty)) in items.into_iter().zip(types).enumerate() {
                    values.push(self.within(Level::index(at), json, ty)?);
                }
                Ok(Value::Tuple(values))
            }
            (Type::Dynamic, Json::Object(mut wrapped)) => {
                let (Some(ty), Some(json)) = (wrapped.remove("type"), wrapped.remove("value")) else {
                    return Err(self.unexpected(ty, "an object without \"type\" and \"value\""));
                };
                let ty = type_json::from_value(&ty)
                    .map_err(|reason| self.place.error(CodecErrorKind::BadType { reason }))?;
                let value = self.within(Level::Dynamic, json, &ty)?;
                Ok(Value::Dynamic(ty, Box::new(value)))
            }
            (ty, json) => Err(self.unexpected(ty, kind(&json))),
        }
    }

    fn number(&self, digits: &str) -> Result<Number, CodecError> {
        digits.parse::<Number>().map_err(|err| {
            self.place.error(CodecErrorKind::BadNumber {
                reason: err.to_string(),
            })
        })
    }

    fn sequence(
        &mut self,
        items: Vec<Json>,
        element: &Type,
        has_index: bool,
    ) -> Result<Vec<Value>, CodecError> {
        let mut values = Vec::with_capacity(items.len());
        for (at, json) in items.into_iter().enumerate() {
            let level = if has_index { Level::index(at) } else { Level::InSet };
            values.push(self.within(level, json, element)?);
        }
        Ok(values)
    }

    fn object(
        &mut self,
        mut attributes: serde_json::Map<String, Json>,
        types: &BTreeMap<String, Type>,
    ) -> Result<Value, CodecError> {
        let mut values = BTreeMap::new();
        for (name, ty) in types {
            let json = attributes.remove(name).unwrap_or(Json::Null);
            values.insert(name.clone(), self.within(Level::attribute(name), json, ty)?);
        }
        match attributes.keys().next() {
            Some(name) if self.unexpected == Unexpected::Refuse => {
                Err(self.place.error(CodecErrorKind::UnknownAttribute {
                    name: text::shortened(name),
                }))
            }
            _ => Ok(Value::Object(values)),
        }
    }

    fn within(&mut self, level: Level, json: Json, ty: &Type) -> Result<Value, CodecError> {
        self.place.enter(level)?;
        let value = self.value(json, ty)?;
        self.place.leave();
        Ok(value)
    }

    fn unexpected(&self, ty: &Type, found: &str) -> CodecError {
        self.place.error(CodecErrorKind::Unexpected {
            expected: text::expected(ty).to_owned(),
            found: found.to_owned(),
        })
    }
}

struct Encoder {
    place: Place,
}

impl Encoder {
    fn value(&mut self, value: &Value, ty: &Type) -> Result<Json, CodecError> {
        Ok(match (ty, value) {
            (_, Value::Null) => Json::Null,
            (_, Value::Unknown) => return Err(self.place.error(CodecErrorKind::UnknownInJson)),
            (Type::Bool, Value::Bool(bool)) => Json::Bool(*bool),
            (Type::Number, Value::Number(number)) => {
                let digits = number.to_plain_string();
                Json::Number(serde_json::from_str(&digits).map_err(|err| {
                    self.place.error(CodecErrorKind::BadNumber {
                        reason: err.to_string(),
                    })
                })?)
            }
            (Type::String, Value::String(text)) => Json::String(text.clone()),
            (Type::List(element), Value::List(items)) => self.sequence(items, element, true)?,
            (Type::Set(element), Value::Set(items)) => self.sequence(items, element, false)?,
            (Type::Map(element), Value::Map(entries)) => {
                let mut object = serde_json::Map::new();
                for (key, item) in entries {
                    object.insert(key.clone(), self.within(Level::key(key), item, element)?);
                }
                Json::Object(object)
            }
            (Type::Object(types), Value::Object(values)) => {
                if let Some(name) = values.keys().find(|name| !types.contains_key(*name)) {
                    return Err(self
                        .place
                        .error(CodecErrorKind::UnknownAttribute { name: name.clone() }));
                }
                let mut object = serde_json::Map::new();
                for (name, ty) in types {
                    let Some(item) = values.get(name) else {
                        return Err(self
                            .place
                            .error(CodecErrorKind::MissingAttribute { name: name.clone() }));
                    };
                    object.insert(name.clone(), self.within(Level::attribute(name), item, ty)?);
                }
                Json::Object(object)
            }
            (Type::Tuple(types), Value::Tuple(items)) if types.len() == items.len() => {
                let mut array = Vec::with_capacity(items.len());
                for (at, (item, ty)) in items.iter().zip(types).enumerate() {
                    array.push(self.within(Level::index(at), item, ty)?);
                }
                Json::Array(array)
            }
            (Type::Dynamic, Value::Dynamic(ty, item)) => {
                let mut wrapped = serde_json::Map::new();
                wrapped.insert("value".to_owned(), self.within(Level::Dynamic, item, ty)?);
                wrapped.insert("type".to_owned(), type_json::to_value(ty));
                Json::Object(wrapped)
            }
            _ => {
                return Err(self.place.error(CodecErrorKind::Unexpected {
                    expected: text::expected(ty).to_owned(),
                    found: value.kind().to_owned(),
                }));
            }
        })
    }

    fn sequence(&mut self, items: &[Value], element: &Type, has_index: bool) -> Result<Json, CodecError> {
        let mut array = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            let level = if has_index { Level::index(at) } else { Level::InSet };
            array.push(self.within(level, item, element)?);
        }
        Ok(Json::Array(array))
    }

    fn within(&mut self, level: Level, value: &Value, ty: &Type) -> Result<Json, CodecError> {
        self.place.enter(level)?;
        let json = self.value(value, ty)?;
        self.place.leave();
        Ok(json)
    }
}

fn kind(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "a bool",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "an array",
        Json::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(digits: &str) -> Value {
        Value::Number(digits.parse().expect("a number"))
    }

    fn check(json: &str, ty: &Type, value: &Value) {
        assert_eq!(
            decode(json.as_bytes(), ty, Unexpected::Refuse).expect(json),
            *value
        );
        assert_eq!(
            String::from_utf8(encode(value, ty).expect(json)).expect("JSON is UTF-8"),
            json
        );
    }

    fn check_read(json: &str, ty: &Type, value: &Value) {
        assert_eq!(
            decode(json.as_bytes(), ty, Unexpected::Refuse).expect(json),
            *value
        );
    }

    fn check_refused(json: &str, ty: &Type, message: &str) {
        let err = decode(json.as_bytes(), ty, Unexpected::Refuse).expect_err(json);
        assert_eq!(err.to_string(), message);
    }

    #[test]
    fn values_are_read_and_written() {
        check("null", &Type::Number, &Value::Null);
        check("true", &Type::Bool, &Value::Bool(true));
        check("\"a\\\"b\"", &Type::String, &Value::string("a\"b"));
        check(
            "[1,null]",
            &Type::list(Type::Number),
            &Value::List(vec![number("1"), Value::Null]),
        );
        check(
            "[\"x\"]",
            &Type::set(Type::String),
            &Value::Set(vec![Value::string("x")]),
        );
        check(
            "{\"k\":false}",
            &Type::map(Type::Bool),
            &Value::Map([("k".to_owned(), Value::Bool(false))].into()),
        );
        check(
            "{\"a\":1,\"b\":null}",
            &Type::object([("a", Type::Number), ("b", Type::String)]),
            &Value::object([("a", number("1")), ("b", Value::Null)]),
        );
        check(
            "[1,\"x\"]",
            &Type::Tuple(vec![Type::Number, Type::String]),
            &Value::Tuple(vec![number("1"), Value::string("x")]),
        );
        check(
            "{\"value\":[5],\"type\":[\"list\",\"number\"]}",
            &Type::Dynamic,
            &Value::Dynamic(Type::list(Type::Number), Box::new(Value::List(vec![number("5")]))),
        );
    }

    #[test]
    fn numbers_keep_every_digit() {
        for digits in [
            "0.1",
            "9223372036854775808",
            "123456789012345678901234567890.123456789",
            "-0.00000015",
        ] {
            check(digits, &Type::Number, &number(digits));
        }
        check_read("1e100", &Type::Number, &number("1e100"));
        check_read("1.50", &Type::Number, &number("1.5"));
    }

    #[test]
    fn other_primitives_are_converted() {
        check_read("\"1\"", &Type::Bool, &Value::Bool(true));
        check_read("\"false\"", &Type::Bool, &Value::Bool(false));
        check_read("\"5.5\"", &Type::Number, &number("5.5"));
        check_read("5.50", &Type::String, &Value::string("5.5"));
        check_read("true", &Type::String, &Value::string("true"));
        check_refused(
            "\"yes\"",
            &Type::Bool,
            "expected a bool, found a string that is neither true nor false",
        );
    }

    #[test]
    fn stored_objects_may_be_older_than_the_schema() {
        let ty = Type::object([("new", Type::String), ("kept", Type::Number)]);
        let json = br#"{"kept": 1, "dropped": {"x": []}}"#;
        let value = decode(json, &ty, Unexpected::Ignore).expect("lenient");
        assert_eq!(
            value,
            Value::object([("new", Value::Null), ("kept", number("1"))])
        );
        let err = decode(json, &ty, Unexpected::Refuse).expect_err("strict");
        assert_eq!(err.to_string(), "attribute \"dropped\" is not in the schema");
    }

    #[test]
    fn errors_say_where() {
        let ty = Type::object([("rules", Type::map(Type::list(Type::Number)))]);
        check_refused(
            r#"{"rules":{"n":[1,"x"]}}"#,
            &ty,
            "rules[\"n\"][1]: not a number that can be held: not a decimal number",
        );
        check_refused(r#"{"rules":[]}"#, &ty, "rules: expected a map, found an array");
        check_refused(
            "{",
            &ty,
            "not JSON: EOF while parsing an object at line 1 column 1",
        );
        check_refused(
            r#"{"a":1}"#,
            &Type::Dynamic,
            "expected a value with its type, found an object without \"type\" and \"value\"",
        );
    }

    #[test]
    fn deep_text_is_refused() {
        let json = "[".repeat(10_000);
        assert!(decode(json.as_bytes(), &Type::list(Type::String), Unexpected::Ignore).is_err());
    }

    #[test]
    fn unknown_has_no_json() {
        let value = Value::List(vec![Value::Unknown]);
        let err = encode(&value, &Type::list(Type::String)).expect_err("unknown");
        assert_eq!(err.to_string(), "[0]: an unknown value cannot be written as JSON");
    }
}
