//! Writes a value of a given type as msgpack, byte for byte as cty does.

use rmp::encode as write;
use tfsdk::{Number, Type, Value};

use crate::codec::depth::{Level, Place};
use crate::codec::error::{CodecError, CodecErrorKind};
use crate::codec::{text, type_json};

/// Writes `value` as one of type `ty`.
///
/// # Errors
/// When the value is not of the type. The values are ours, so such an error is a bug of the provider.
pub fn encode(value: &Value, ty: &Type) -> Result<Vec<u8>, CodecError> {
    let mut encoder = Encoder {
        out: Vec::new(),
        place: Place::default(),
    };
    encoder.value(value, ty)?;
    Ok(encoder.out)
}

struct Encoder {
    out: Vec<u8>,
    place: Place,
}

impl Encoder {
    fn value(&mut self, value: &Value, ty: &Type) -> Result<(), CodecError> {
        match (ty, value) {
            (_, Value::Null) => self.nil(),
            // A fixed extension of type 0 with one byte of body: unknown, without refinements.
            (_, Value::Unknown) => self.out.extend([0xd4, 0x00, 0x00]),
            (Type::Bool, Value::Bool(bool)) => written(write::write_bool(&mut self.out, *bool)),
            (Type::Number, Value::Number(number)) => self.number(number),
            (Type::String, Value::String(text)) => self.text(text)?,
            (Type::List(element), Value::List(items)) => {
                self.array(items.len())?;
                for (at, item) in items.iter().enumerate() {
                    self.within(Level::index(at), item, element)?;
                }
            }
            (Type::Set(element), Value::Set(items)) => {
                self.array(items.len())?;
                for item in items {
                    self.within(Level::InSet, item, element)?;
                }
            }
            (Type::Map(element), Value::Map(entries)) => {
                self.map(entries.len())?;
                for (key, item) in entries {
                    self.text(key)?;
                    self.within(Level::key(key), item, element)?;
                }
            }
            (Type::Object(types), Value::Object(values)) => {
                if let Some(name) = values.keys().find(|name| !types.contains_key(*name)) {
                    return Err(self
                        .place
                        .error(CodecErrorKind::UnknownAttribute { name: name.clone() }));
                }
                self.map(types.len())?;
                for (name, ty) in types {
                    let Some(item) = values.get(name) else {
                        return Err(self
                            .place
                            .error(CodecErrorKind::MissingAttribute { name: name.clone() }));
                    };
                    self.text(name)?;
                    self.within(Level::attribute(name), item, ty)?;
                }
            }
            (Type::Tuple(types), Value::Tuple(items)) if types.len() == items.len() => {
                self.array(items.len())?;
                for (at, (item, ty)) in items.iter().zip(types).enumerate() {
                    self.within(Level::index(at), item, ty)?;
                }
            }
            (Type::Dynamic, Value::Dynamic(ty, item)) => {
                self.array(2)?;
                let json = type_json::to_json(ty);
                let length = self.length(json.len())?;
                written(write::write_bin_len(&mut self.out, length));
                self.out.extend(json);
                self.within(Level::Dynamic, item, ty)?;
            }
            _ => {
                return Err(self.place.error(CodecErrorKind::Unexpected {
                    expected: text::expected(ty).to_owned(),
                    found: value.kind().to_owned(),
                }));
            }
        }
        Ok(())
    }

    fn nil(&mut self) {
        written(write::write_nil(&mut self.out));
    }

    /// A compact integer where it fits, a float where that is exact, decimal text for all else.
    fn number(&mut self, number: &Number) {
        if let Some(integer) = number.to_i64() {
            written(write::write_sint(&mut self.out, integer));
        } else if let Some(float) = number.to_f64_exact().filter(|float| float.fract() != 0.0) {
            written(write::write_f64(&mut self.out, float));
        } else {
            let digits = number.to_plain_string();
            written(write::write_str(&mut self.out, &digits));
        }
    }

    fn text(&mut self, text: &str) -> Result<(), CodecError> {
        self.length(text.len())?;
        written(write::write_str(&mut self.out, text));
        Ok(())
    }

    fn array(&mut self, length: usize) -> Result<(), CodecError> {
        let length = self.length(length)?;
        written(write::write_array_len(&mut self.out, length));
        Ok(())
    }

    fn map(&mut self, length: usize) -> Result<(), CodecError> {
        let length = self.length(length)?;
        written(write::write_map_len(&mut self.out, length));
        Ok(())
    }

    /// msgpack counts in 32 bits; more is far beyond what a message may hold.
    fn length(&self, length: usize) -> Result<u32, CodecError> {
        u32::try_from(length).map_err(|_| {
            self.place.error(CodecErrorKind::Unexpected {
                expected: format!("no more than {} bytes or elements", u32::MAX),
                found: length.to_string(),
            })
        })
    }

    fn within(&mut self, level: Level, value: &Value, ty: &Type) -> Result<(), CodecError> {
        self.place.enter(level)?;
        self.value(value, ty)?;
        self.place.leave();
        Ok(())
    }
}

/// Writing to memory cannot fail, though the types of `rmp` allow for it.
fn written<T, E: std::fmt::Debug>(outcome: Result<T, E>) {
    outcome.expect("writing to memory cannot fail");
}
