//! Typed models of objects, and the one macro that maps them to values.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Attr, Number, Path, Sensitive, Step, Value};

/// Why a value does not fit a model.
///
/// A value of another type is our own bug, since the schema is checked first. A number that the field
/// cannot hold is the user's, see [`ModelError::is_number`]: Terraform knows only one type of number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at {path}: expected {expected}, got {got}")]
pub struct ModelError {
    path: Path,
    expected: &'static str,
    got: &'static str,
    number: bool,
}

impl ModelError {
    /// A mismatch at the place that is being decoded.
    pub fn new(expected: &'static str, got: &Value) -> Self {
        // The kind only: the value may be a secret.
        Self {
            path: Path::root(),
            expected,
            got: got.kind(),
            number: false,
        }
    }

    /// A number that the field cannot hold.
    pub fn number(expected: &'static str) -> Self {
        Self {
            path: Path::root(),
            expected,
            got: "a number",
            number: true,
        }
    }

    /// Whether the type is right and only the number is not one that the field can hold.
    pub fn is_number(&self) -> bool {
        self.number
    }

    /// What the field holds, for example "a whole number of 64 bits".
    pub fn expected(&self) -> &'static str {
        self.expected
    }

    /// The same, seen from one step further out.
    #[must_use]
    pub fn under(mut self, step: Step) -> Self {
        self.path = Path::from(vec![step]).join(&self.path);
        self
    }

    /// Where the mismatch is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// A type that an [`Attr`] of a model can hold.
pub trait Field: Sized {
    /// Reads a value that is neither null nor unknown.
    ///
    /// # Errors
    /// The value has another type than the schema declares.
    fn decode(value: &Value) -> Result<Self, ModelError>;

    /// Writes the value.
    fn encode(&self) -> Value;
}

/// A struct whose fields are the attributes of an object. Made by [`model!`](crate::model).
pub trait Model: Sized + Send + Sync + Clone + 'static {
    /// Reads an object. Absent attributes are null; a null object is the default model.
    ///
    /// # Errors
    /// A part of the value has another type than the schema declares.
    fn from_value(value: &Value) -> Result<Self, ModelError>;

    /// Writes the object, every attribute present.
    fn to_value(&self) -> Value;
}

impl<T: Field> Attr<T> {
    /// Reads any value: null and unknown stay what they are.
    ///
    /// # Errors
    /// The value has another type than the schema declares.
    pub fn from_value(value: &Value) -> Result<Self, ModelError> {
        match value {
            Value::Null => Ok(Self::Null),
            Value::Unknown => Ok(Self::Unknown),
            known => T::decode(known).map(Self::Known),
        }
    }

    /// Writes the value.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Unknown => Value::Unknown,
            Self::Known(value) => value.encode(),
        }
    }
}

impl Field for String {
    fn decode(value: &Value) -> Result<Self, ModelError> {
        match value {
            Value::String(text) => Ok(text.clone()),
            other => Err(ModelError::new("a string", other)),
        }
    }

    fn encode(&self) -> Value {
        Value::String(self.clone())
    }
}

impl Field for bool {
    fn decode(value: &Value) -> Result<Self, ModelError> {
        match value {
            Value::Bool(flag) => Ok(*flag),
            other => Err(ModelError::new("a bool", other)),
        }
    }

    fn encode(&self) -> Value {
        Value::Bool(*self)
    }
}

impl Field for i64 {
    fn decode(value: &Value) -> Result<Self, ModelError> {
        let Value::Number(number) = value else {
            return Err(ModelError::new("a whole number", value));
        };
        number
            .to_i64()
            .ok_or_else(|| ModelError::number("a whole number of 64 bits"))
    }

    fn encode(&self) -> Value {
        Value::integer(*self)
    }
}

impl Field for Number {
    fn decode(value: &Value) -> Result<Self, ModelError> {
        match value {
            Value::Number(number) => Ok(number.clone()),
            other => Err(ModelError::new("a number", other)),
        }
    }

    fn encode(&self) -> Value {
        Value::Number(self.clone())
    }
}

impl<T: Field> Field for Sensitive<T> {
    fn decode(value: &Value) -> Result<Self, ModelError> {
        T::decode(value).map(Self::new)
    }

    fn encode(&self) -> Value {
        self.expose().encode()
    }
}

fn decode_items<T: Field>(items: &[Value]) -> Result<Vec<Attr<T>>, ModelError> {
    items
        .iter()
        .enumerate()
        .map(|(index, item)| Attr::from_value(item).map_err(|err| err.under(Step::Index(index as i64))))
        .collect()
}

/// A list attribute or a list of nested blocks.
impl<T: Field> Field for Vec<Attr<T>> {
    fn decode(value: &Value) -> Result<Self, ModelError> {
        match value {
            Value::List(items) => decode_items(items),
            other => Err(ModelError::new("a list", other)),
        }
    }

    fn encode(&self) -> Value {
        Value::List(self.iter().map(Attr::to_value).collect())
    }
}

/// The elements of a set attribute. Two sets are equal when they have the same elements in any order.
#[derive(Debug, Clone, Eq, Default)]
pub struct SetOf<T>(pub Vec<Attr<T>>);

impl<T: PartialEq> PartialEq for SetOf<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0.len() == other.0.len()
            && self.0.iter().all(|item| other.0.contains(item))
            && other.0.iter().all(|item| self.0.contains(item))
    }
}

impl SetOf<String> {
    /// A set of known texts, in order.
    pub fn of_strings<S: Into<String>>(texts: impl IntoIterator<Item = S>) -> Self {
        let sorted: BTreeSet<String> = texts.into_iter().map(Into::into).collect();
        Self(sorted.into_iter().map(Attr::Known).collect())
    }
}

impl<T: Field> Field for SetOf<T> {
    fn decode(value: &Value) -> Result<Self, ModelError> {
        match value {
            // A path cannot step into a set, so that a mismatch inside is told of the set.
            Value::Set(items) => items
                .iter()
                .map(Attr::from_value)
                .collect::<Result<_, _>>()
                .map(Self),
            other => Err(ModelError::new("a set", other)),
        }
    }

    fn encode(&self) -> Value {
        Value::Set(self.0.iter().map(Attr::to_value).collect())
    }
}

impl<T: Field> Field for BTreeMap<String, Attr<T>> {
    fn decode(value: &Value) -> Result<Self, ModelError> {
        let Value::Map(entries) = value else {
            return Err(ModelError::new("a map", value));
        };
        entries
            .iter()
            .map(|(key, item)| {
                let item = Attr::from_value(item).map_err(|err| err.under(Step::Key(key.clone())))?;
                Ok((key.clone(), item))
            })
            .collect()
    }

    fn encode(&self) -> Value {
        Value::Map(
            self.iter()
                .map(|(key, item)| (key.clone(), item.to_value()))
                .collect(),
        )
    }
}

/// Declares a model: a struct of which each field is the attribute of the same name.
///
/// `model! { pub(crate) struct Model { table_name: String, tags: BTreeMap<String, Attr<String>> } }` makes
/// a struct with `table_name: Attr<String>` and so on, which is also a [`Field`], so that models nest.
/// An attribute named like a Rust keyword is written raw: `r#type: String`.
#[macro_export]
macro_rules! model {
    (
        $(#[$meta:meta])*
        $visibility:vis struct $name:ident {
            $( $(#[$field_meta:meta])* $field:ident : $type:ty ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Default)]
        $visibility struct $name {
            $( $(#[$field_meta])* $visibility $field: $crate::Attr<$type>, )*
        }

        impl $crate::Model for $name {
            fn from_value(value: &$crate::Value) -> ::std::result::Result<Self, $crate::ModelError> {
                match value {
                    $crate::Value::Null => Ok(Self::default()),
                    $crate::Value::Object(_) => <Self as $crate::Field>::decode(value),
                    other => Err($crate::ModelError::new("an object", other)),
                }
            }

            fn to_value(&self) -> $crate::Value {
                $crate::Field::encode(self)
            }
        }

        impl $crate::Field for $name {
            fn decode(value: &$crate::Value) -> ::std::result::Result<Self, $crate::ModelError> {
                let $crate::Value::Object(_) = value else {
                    return Err($crate::ModelError::new("an object", value));
                };
                Ok(Self {
                    $(
                        $field: {
                            let name = stringify!($field).trim_start_matches("r#");
                            $crate::Attr::from_value(value.attribute(name))
                                .map_err(|err| err.under($crate::Step::Attribute(name.to_owned())))?
                        },
                    )*
                })
            }

            fn encode(&self) -> $crate::Value {
                $crate::Value::object::<&str>([
                    $( (stringify!($field).trim_start_matches("r#"), self.$field.to_value()), )*
                ])
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    model! {
        /// A model of everything.
        struct Everything {
            name: String,
            r#type: String,
            days: i64,
            tags: BTreeMap<String, Attr<String>>,
            zones: SetOf<String>,
            inner: Inner,
            inners: Vec<Attr<Inner>>,
            secret: Sensitive<String>,
        }
    }

    model! {
        struct Inner {
            on: bool,
        }
    }

    #[test]
    fn encodes_what_it_decodes() {
        let value = Value::object([
            ("name", Value::string("orders")),
            ("type", Value::Unknown),
            ("days", Value::integer(7)),
            ("tags", Value::Map([("a".to_owned(), Value::string("b"))].into())),
            ("zones", Value::Set(vec![Value::string("x")])),
            ("inner", Value::object([("on", Value::Bool(true))])),
            ("inners", Value::List(vec![Value::object([("on", Value::Null)])])),
            ("secret", Value::string("s3cret")),
        ]);
        let model = Everything::from_value(&value).expect("it fits");
        assert_eq!(model.r#type, Attr::Unknown);
        assert_eq!(model.to_value(), value);
        assert!(!format!("{model:?}").contains("s3cret"));
    }

    #[test]
    fn names_the_place_of_a_mismatch_and_not_the_value() {
        let value = Value::object([(
            "inners",
            Value::List(vec![Value::object([("on", Value::string("hush"))])]),
        )]);
        let err = Everything::from_value(&value).expect_err("it does not fit");
        assert_eq!(err.to_string(), "at inners[0].on: expected a bool, got a string");
    }

    #[test]
    fn tells_a_wrong_number_from_a_wrong_type() {
        for (value, is_number) in [
            (Value::Number("1.5".parse().expect("a number")), true),
            (
                Value::Number("9223372036854775808".parse().expect("a number")),
                true,
            ),
            (Value::string("5"), false),
        ] {
            let err = i64::decode(&value).expect_err("not a whole number of 64 bits");
            assert_eq!(err.is_number(), is_number, "{value:?}");
        }
    }

    #[test]
    fn a_path_ends_at_a_set() {
        let value = Value::object([("zones", Value::Set(vec![Value::Bool(true)]))]);
        let err = Everything::from_value(&value).expect_err("it does not fit");
        assert_eq!(err.path(), &Path::of("zones"));
    }

    #[test]
    fn sets_are_equal_in_any_order() {
        let set = |texts: &[&str]| SetOf(texts.iter().map(|text| Attr::Known((*text).to_owned())).collect());
        assert_eq!(set(&["a", "b"]), set(&["b", "a"]));
        assert_ne!(set(&["a", "b"]), set(&["a", "c"]));
        assert_ne!(set(&["a"]), set(&["a", "b"]));
    }

    #[test]
    fn a_null_object_is_the_default() {
        assert_eq!(
            Inner::from_value(&Value::Null).expect("null is fine"),
            Inner::default()
        );
    }
}
