//! Types of Terraform values.

use std::collections::BTreeMap;
use std::fmt;

/// The type of a [`Value`](crate::Value), as a schema declares it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Type {
    /// True or false.
    Bool,
    /// An exact decimal number.
    Number,
    /// Text.
    String,
    /// A type that is known only with the value.
    Dynamic,
    /// An ordered sequence.
    List(Box<Type>),
    /// A collection without order or duplicates.
    Set(Box<Type>),
    /// Values by text key.
    Map(Box<Type>),
    /// Named attributes, each with a type of its own.
    Object(BTreeMap<String, Type>),
    /// A fixed sequence, each place with a type of its own.
    Tuple(Vec<Type>),
}

impl Type {
    /// A list of `element`.
    pub fn list(element: Type) -> Self {
        Self::List(Box::new(element))
    }

    /// A set of `element`.
    pub fn set(element: Type) -> Self {
        Self::Set(Box::new(element))
    }

    /// A map of `element`.
    pub fn map(element: Type) -> Self {
        Self::Map(Box::new(element))
    }

    /// An object with these attributes.
    pub fn object<N: Into<String>>(attributes: impl IntoIterator<Item = (N, Type)>) -> Self {
        Self::Object(
            attributes
                .into_iter()
                .map(|(name, ty)| (name.into(), ty))
                .collect(),
        )
    }

    /// A word for what this is, for messages: the words of [`Value::kind`](crate::Value::kind).
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Bool => "a bool",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Dynamic => "a dynamic value",
            Self::List(_) => "a list",
            Self::Set(_) => "a set",
            Self::Map(_) => "a map",
            Self::Object(_) => "an object",
            Self::Tuple(_) => "a tuple",
        }
    }

    /// Whether a dynamic type is anywhere inside.
    pub fn has_dynamic(&self) -> bool {
        match self {
            Self::Dynamic => true,
            Self::Bool | Self::Number | Self::String => false,
            Self::List(element) | Self::Set(element) | Self::Map(element) => element.has_dynamic(),
            Self::Object(attributes) => attributes.values().any(Type::has_dynamic),
            Self::Tuple(places) => places.iter().any(Type::has_dynamic),
        }
    }
}

/// Writes the type as Terraform's language does: `list(string)`.
impl fmt::Display for Type {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => out.write_str("bool"),
            Self::Number => out.write_str("number"),
            Self::String => out.write_str("string"),
            Self::Dynamic => out.write_str("dynamic"),
            Self::List(element) => write!(out, "list({element})"),
            Self::Set(element) => write!(out, "set({element})"),
            Self::Map(element) => write!(out, "map({element})"),
            Self::Object(attributes) => {
                out.write_str("object({")?;
                for (place, (name, ty)) in attributes.iter().enumerate() {
                    let comma = if place == 0 { "" } else { ", " };
                    write!(out, "{comma}{name} = {ty}")?;
                }
                out.write_str("})")
            }
            Self::Tuple(places) => {
                out.write_str("tuple([")?;
                for (place, ty) in places.iter().enumerate() {
                    let comma = if place == 0 { "" } else { ", " };
                    write!(out, "{comma}{ty}")?;
                }
                out.write_str("])")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_like_terraforms_language() {
        for (ty, text, has_dynamic) in [
            (Type::String, "string", false),
            (Type::list(Type::set(Type::Number)), "list(set(number))", false),
            (Type::map(Type::Dynamic), "map(dynamic)", true),
            (
                Type::object([
                    ("b", Type::Bool),
                    ("a", Type::Tuple(vec![Type::String, Type::Dynamic])),
                ]),
                "object({a = tuple([string, dynamic]), b = bool})",
                true,
            ),
        ] {
            assert_eq!((ty.to_string().as_str(), ty.has_dynamic()), (text, has_dynamic));
        }
    }
}
