//! Values of Terraform. Null, unknown and known are three things.

use std::collections::BTreeMap;

use crate::{Number, Path, Step, Type};

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
                Value::Set(items) => items
                    .iter()
                    .any(|item| !item.is_wholly_known())
                    .then(|| here.clone()),
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
        path.steps().iter().try_fold(self, Self::inside)
    }

    /// The part of this value that is one step away, if it is there.
    pub(crate) fn inside(&self, step: &Step) -> Option<&Value> {
        match (step, self) {
            (step, Self::Dynamic(_, value)) => value.inside(step),
            (Step::Attribute(name), Self::Object(attributes)) => attributes.get(name),
            (Step::Key(key), Self::Map(entries)) => entries.get(key),
            (Step::Index(index), Self::List(items) | Self::Tuple(items)) => {
                usize::try_from(*index).ok().and_then(|index| items.get(index))
            }
            _ => None,
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn set<const N: usize>(items: [Value; N]) -> Value {
        Value::Set(items.into())
    }

    #[test]
    fn sets_are_the_same_in_any_order() {
        let (a, b) = (Value::string("a"), Value::string("b"));
        for (left, right, same) in [
            (set([a.clone(), b.clone()]), set([b.clone(), a.clone()]), true),
            (set([a.clone()]), set([b.clone()]), false),
            (set([a.clone()]), set([a.clone(), b.clone()]), false),
            (
                Value::List(vec![a.clone(), b.clone()]),
                Value::List(vec![b.clone(), a.clone()]),
                false,
            ),
            (
                Value::object([("x", set([a.clone(), b.clone()]))]),
                Value::object([("x", set([b.clone(), a.clone()]))]),
                true,
            ),
            (Value::Null, Value::Unknown, false),
            (
                Value::Map([("x".to_owned(), a.clone())].into()),
                Value::object([("x", a.clone())]),
                false,
            ),
        ] {
            assert_eq!(left.same(&right), same, "{left:?} {right:?}");
        }
    }

    #[test]
    fn a_path_leads_to_a_part() {
        let value = Value::object([
            ("name", Value::string("a")),
            ("list", Value::List(vec![Value::integer(1)])),
            ("map", Value::Map([("k".to_owned(), Value::Unknown)].into())),
            ("set", set([Value::Unknown])),
        ]);
        for (path, expect) in [
            (Path::root(), Some(&value)),
            (Path::of("name"), Some(&Value::string("a"))),
            (Path::of("list").index(0), Some(&Value::integer(1))),
            (Path::of("list").index(1), None),
            (Path::of("list").index(-1), None),
            (Path::of("map").key("k"), Some(&Value::Unknown)),
            (Path::of("map").attribute("k"), None),
            (Path::of("name").attribute("first"), None),
            (Path::of("other"), None),
        ] {
            assert_eq!(value.at(&path), expect, "{path}");
        }
    }

    #[test]
    fn unknown_parts_are_found_at_any_depth() {
        let nested = |value| Value::object([("a", Value::List(vec![Value::Null, value]))]);
        assert_eq!(
            nested(Value::Unknown).first_unknown(),
            Some(Path::of("a").index(1))
        );
        assert_eq!(nested(Value::string("x")).first_unknown(), None);
        // A path ends at a set.
        let in_set = Value::object([("s", set([nested(Value::Unknown)]))]);
        assert_eq!(in_set.first_unknown(), Some(Path::of("s")));
        let dynamic = Value::Dynamic(Type::String, Box::new(Value::Unknown));
        assert!(dynamic.is_unknown() && !dynamic.is_null() && !dynamic.is_wholly_known());
    }
}
