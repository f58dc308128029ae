//! Values of Terraform. Null, unknown and known are three things.

use std::collections::BTreeMap;

use crate::{Number, Path, Type};

/// A value that Terraform sent or that we answer with.
///
/// A value does not carry its type: the schema does. Refinements of unknown values are not kept,
/// and unknown values are always sent back without any, which every Terraform accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Not set.
    Null,
    /// Not known before apply.
    Unknown,
    /// True or false.
    Bool(bool),
    /// An exact number.
    Number(Number),
    /// Text, normalised to NFC where it came over the wire.
    String(String),
    /// An ordered sequence.
    List(Vec<Value>),
    /// A collection whose order means nothing; compare with [`Value::same`].
    Set(Vec<Value>),
    /// Values by key.
    Map(BTreeMap<String, Value>),
    /// Every attribute of the object, set or not.
    Object(BTreeMap<String, Value>),
    /// A fixed sequence.
    Tuple(Vec<Value>),
    /// A value where the schema says dynamic, with the type that it brought along.
    Dynamic(Type, Box<Value>),
}

impl Value {
    /// A text value.
    pub fn string(text: impl Into<String>) -> Self {
        Self::String(text.into())
    }

    /// A whole number.
    pub fn integer(integer: i64) -> Self {
        Self::Number(Number::from(integer))
    }

    /// An object with these attributes.
    pub fn object<N: Into<String>>(attributes: impl IntoIterator<Item = (N, Value)>) -> Self {
        Self::Object(
            attributes
                .into_iter()
                .map(|(name, value)| (name.into(), value))
                .collect(),
        )
    }

    /// Whether this is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null) || matches!(self, Self::Dynamic(_, value) if value.is_null())
    }

    /// Whether the value as a whole is unknown (parts of a known value may still be).
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown) || matches!(self, Self::Dynamic(_, value) if value.is_unknown())
    }

    /// Whether nothing inside is unknown.
    pub fn is_wholly_known(&self) -> bool {
        self.first_unknown().is_none()
    }

    /// The path of some unknown part, if there is one.
    pub fn first_unknown(&self) -> Option<Path> {
        fn look(value: &Value, here: &Path) -> Option<Path> {
            match value {
                Value::Unknown => Some(here.clone()),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
                Value::List(items) | Value::Tuple(items) => items
                    .iter()
                    .enumerate()
                    .find_map(|(index, item)| look(item, &here.clone().index(index as i64))),
                // A path cannot step into a set.
                Value::Set(items) => items.iter().find_map(|item| look(item, here)),
                Value::Map(entries) => entries
                    .iter()
                    .find_map(|(key, item)| look(item, &here.clone().key(key))),
                Value::Object(attributes) => attributes
                    .iter()
                    .find_map(|(name, item)| look(item, &here.clone().attribute(name))),
                Value::Dynamic(_, inner) => look(inner, here),
            }
        }
        look(self, &Path::root())
    }

    /// Whether two values mean the same: like `==`, but sets compare without order.
    pub fn same(&self, other: &Value) -> bool {
        match (self, other) {
            (Self::List(left), Self::List(right)) | (Self::Tuple(left), Self::Tuple(right)) => {
                left.len() == right.len() && left.iter().zip(right).all(|(left, right)| left.same(right))
            }
            (Self::Set(left), Self::Set(right)) => {
                left.len() == right.len()
                    && left.iter().all(|item| right.iter().any(|other| item.same(other)))
                    && right.iter().all(|item| left.iter().any(|other| item.same(other)))
            }
            (Self::Map(left), Self::Map(right)) | (Self::Object(left), Self::Object(right)) => {
                left.len() == right.len()
                    && left
                        .iter()
                        .zip(right)
                        .all(|((name, left), (other, right))| name == other && left.same(right))
            }
            (Self::Dynamic(ty, left), Self::Dynamic(other, right)) => ty == other && left.same(right),
            _ => self == other,
        }
    }

    /// The attribute of an object, or null where there is none.
    pub fn attribute(&self, name: &str) -> &Value {
        match self {
            Self::Object(attributes) => attributes.get(name).unwrap_or(&Value::Null),
            _ => &Value::Null,
        }
    }

    /// The part of this value that `path` names, if it is there.
    pub fn at(&self, path: &Path) -> Option<&Value> {
        path.steps()
            .iter()
            .try_fold(self, |value, step| match (step, value) {
                (crate::Step::Attribute(name), Self::Object(attributes)) => attributes.get(name),
                (crate::Step::Key(key), Self::Map(entries)) => entries.get(key),
                (crate::Step::Index(index), Self::List(items) | Self::Tuple(items)) => {
                    usize::try_from(*index).ok().and_then(|index| items.get(index))
                }
                _ => None,
            })
    }

    /// A word for what this is, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Unknown => "an unknown value",
            Self::Bool(_) => "a bool",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::List(_) => "a list",
            Self::Set(_) => "a set",
            Self::Map(_) => "a map",
            Self::Object(_) => "an object",
            Self::Tuple(_) => "a tuple",
            Self::Dynamic(..) => "a dynamic value",
        }
    }
}
