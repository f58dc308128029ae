//! Reads a value of a given type from msgpack.

use std::collections::BTreeMap;

use tfsdk::{Number, Type, Value};

use super::input::{Input, Token};
use crate::codec::depth::{Level, Place};
use crate::codec::error::{CodecError, CodecErrorKind};
use crate::codec::{text, type_json};

/// Reads one value of type `ty`, which must be all that `bytes` holds.
///
/// Text comes back in Unicode's normal form C, numbers exact, every unknown value without its
/// refinements.
///
/// # Errors
/// When the bytes are not msgpack or not of the type; the error says where in the value.
pub fn decode(bytes: &[u8], ty: &Type) -> Result<Value, CodecError> {
    let mut decoder = Decoder {
        input: Input::new(bytes),
        place: Place::default(),
    };
    let value = decoder.value(ty)?;
    match decoder.input.left() {
        0 => Ok(value),
        bytes => Err(decoder.place.error(CodecErrorKind::Trailing { bytes })),
    }
}

/// No collection reserves room for more elements than this before it has seen them.
const MAX_RESERVED: usize = 1024;

struct Decoder<'a> {
    input: Input<'a>,
    place: Place,
}

impl<'a> Decoder<'a> {
    fn value(&mut self, ty: &Type) -> Result<Value, CodecError> {
        let token = self.token()?;
        match (ty, token) {
            (_, Token::Nil) => Ok(Value::Null),
            (_, Token::Extension) => Ok(Value::Unknown),
            (Type::Bool, Token::Bool(value)) => Ok(Value::Bool(value)),
            (Type::Number, Token::Signed(value)) => Ok(Value::Number(Number::from(value))),
            (Type::Number, Token::Unsigned(value)) => Ok(Value::Number(Number::from(value))),
            (Type::Number, Token::Float(value)) => self.float(value),
            (Type::Number, Token::Text(bytes) | Token::Binary(bytes)) => {
                let digits = self.utf8(bytes)?;
                digits
                    .parse()
                    .map(Value::Number)
                    .map_err(|err: tfsdk::NumberError| {
                        self.place.error(CodecErrorKind::BadNumber {
                            reason: err.to_string(),
                        })
                    })
            }
            (Type::String, Token::Text(bytes) | Token::Binary(bytes)) => {
                Ok(Value::String(text::normalised(self.utf8(bytes)?)))
            }
            (Type::List(element), Token::Array(length)) => Ok(Value::List(self.list(element, length)?)),
            (Type::Set(element), Token::Array(length)) => Ok(Value::Set(self.set(element, length)?)),
            (Type::Map(element), Token::Map(length)) => Ok(Value::Map(self.map(element, length)?)),
            (Type::Object(attributes), Token::Map(length)) => self.object(attributes, length),
            (Type::Tuple(places), Token::Array(length)) => self.tuple(places, length),
            (Type::Dynamic, Token::Array(2)) => self.dynamic(),
            (_, other) => Err(self.place.error(CodecErrorKind::Unexpected {
                expected: text::expected(ty).to_owned(),
                found: other.kind().to_owned(),
            })),
        }
    }

    fn float(&self, float: f64) -> Result<Value, CodecError> {
        text::exact_number(float).map(Value::Number).ok_or_else(|| {
            self.place.error(CodecErrorKind::BadNumber {
                reason: format!("{float} is not finite"),
            })
        })
    }

    fn list(&mut self, element: &Type, length: usize) -> Result<Vec<Value>, CodecError> {
        let mut items = Vec::with_capacity(self.reserve(length));
        for at in 0..length {
            items.push(self.within(Level::index(at), element)?);
        }
        Ok(items)
    }

    fn set(&mut self, element: &Type, length: usize) -> Result<Vec<Value>, CodecError> {
        let mut items = Vec::with_capacity(self.reserve(length));
        for _ in 0..length {
            items.push(self.within(Level::InSet, element)?);
        }
        Ok(items)
    }

    fn tuple(&mut self, places: &[Type], length: usize) -> Result<Value, CodecError> {
        if length != places.len() {
            return Err(self.place.error(CodecErrorKind::Unexpected {
                expected: format!("{} elements", places.len()),
                found: length.to_string(),
            }));
        }
        let mut items = Vec::with_capacity(places.len());
        for (at, ty) in places.iter().enumerate() {
            items.push(self.within(Level::index(at), ty)?);
        }
        Ok(Value::Tuple(items))
    }

    fn map(&mut self, element: &Type, length: usize) -> Result<BTreeMap<String, Value>, CodecError> {
        let mut entries = BTreeMap::new();
        for _ in 0..length {
            let key = text::normalised(self.key()?);
            let value = self.within(Level::key(&key), element)?;
            entries.insert(key, value);
        }
        Ok(entries)
    }

    fn object(&mut self, attributes: &BTreeMap<String, Type>, length: usize) -> Result<Value, CodecError> {
        let mut values = BTreeMap::new();
        for _ in 0..length {
            let name = self.key()?;
            let Some((name, ty)) = attributes.get_key_value(name) else {
                let name = text::shortened(name);
                return Err(self.place.error(CodecErrorKind::UnknownAttribute { name }));
            };
            let value = self.within(Level::attribute(name), ty)?;
            values.insert(name.clone(), value);
        }
        if let Some(name) = attributes.keys().find(|name| !values.contains_key(*name)) {
            return Err(self
                .place
                .error(CodecErrorKind::MissingAttribute { name: name.clone() }));
        }
        Ok(Value::Object(values))
    }

    fn dynamic(&mut self) -> Result<Value, CodecError> {
        let token = self.token()?;
        let (Token::Binary(json) | Token::Text(json)) = token else {
            return Err(self.place.error(CodecErrorKind::Unexpected {
                expected: "the type of a dynamic value".to_owned(),
                found: token.kind().to_owned(),
            }));
        };
        let ty = type_json::from_json(json).map_err(|err| self.place.error(err.kind().clone()))?;
        let value = self.within(Level::Dynamic, &ty)?;
        Ok(Value::Dynamic(ty, Box::new(value)))
    }

    fn key(&mut self) -> Result<&'a str, CodecError> {
        match self.token()? {
            Token::Text(bytes) | Token::Binary(bytes) => self.utf8(bytes),
            other => Err(self.place.error(CodecErrorKind::Unexpected {
                expected: "a string as key".to_owned(),
                found: other.kind().to_owned(),
            })),
        }
    }

    fn within(&mut self, level: Level, ty: &Type) -> Result<Value, CodecError> {
        self.place.enter(level)?;
        let value = self.value(ty)?;
        self.place.leave();
        Ok(value)
    }

    fn token(&mut self) -> Result<Token<'a>, CodecError> {
        self.input.token().map_err(|kind| self.place.error(kind))
    }

    fn utf8(&self, bytes: &'a [u8]) -> Result<&'a str, CodecError> {
        std::str::from_utf8(bytes).map_err(|_| self.place.error(CodecErrorKind::NotUtf8))
    }

    /// How much room to make for `length` elements: each needs a byte at least.
    fn reserve(&self, length: usize) -> usize {
        length.min(self.input.left()).min(MAX_RESERVED)
    }
}
