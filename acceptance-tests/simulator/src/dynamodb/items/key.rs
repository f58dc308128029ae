//! Primary keys and index keys: how they are read from items, and how they sort.

use bigdecimal::BigDecimal;
use serde_json::Value;

use super::super::design::{Design, KeyElement, KeyType};
use super::{Item, value};
use crate::failure::Failure;

/// One key attribute. Strings sort by their bytes, numbers by their value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Scalar {
    Text(String),
    Number(BigDecimal),
    Bytes(Vec<u8>),
}

impl Scalar {
    pub(crate) fn of(value: &Value) -> Result<Self, Failure> {
        match value::split(value)? {
            ("S", Value::String(text)) => Ok(Self::Text(text.clone())),
            ("N", Value::String(text)) => value::number(text).map(Self::Number),
            ("B", Value::String(text)) => value::bytes(text).map(Self::Bytes),
            (kind, _) => Err(Failure::validation(format!(
                "A key attribute cannot have the type {kind}"
            ))),
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::Bytes(bytes) => bytes.is_empty(),
            Self::Number(_) => false,
        }
    }
}

/// The attributes of a key in the order of its schema.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key(Vec<Scalar>);

impl FromIterator<Scalar> for Key {
    fn from_iter<I: IntoIterator<Item = Scalar>>(attributes: I) -> Self {
        Self(attributes.into_iter().collect())
    }
}

/// The primary key of an item, or why it has none.
pub(crate) fn key_of(design: &Design, item: &Item) -> Result<Key, Failure> {
    let mut key = Vec::new();
    for KeyElement {
        attribute_name: name, ..
    } in &design.key_schema
    {
        let invalid =
            |text: String| Failure::validation(format!("One or more parameter values were invalid: {text}"));
        let value = item
            .get(name)
            .ok_or_else(|| invalid(format!("Missing the key {name} in the item")))?;
        let (expected, actual) = (
            design.attribute_type(name).unwrap_or_default(),
            value::split(value)?.0,
        );
        if expected != actual {
            return Err(invalid(format!(
                "Type mismatch for key {name} expected: {expected} actual: {actual}"
            )));
        }
        key.push(non_empty(name, Scalar::of(value)?)?);
    }
    Ok(Key(key))
}

fn non_empty(name: &str, scalar: Scalar) -> Result<Scalar, Failure> {
    if !scalar.is_empty() {
        return Ok(scalar);
    }
    let kind = if matches!(scalar, Scalar::Text(_)) {
        "string"
    } else {
        "binary"
    };
    Err(Failure::validation(format!(
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty \
         {kind} value. Key: {name}"
    )))
}

/// The key that a `Key` parameter names: the key attributes of the table and nothing else.
pub(crate) fn exact_key(design: &Design, given: &Item) -> Result<Key, Failure> {
    let mismatch = || Failure::validation("The provided key element does not match the schema");
    let fits = given.len() == design.key_schema.len()
        && design.key_schema.iter().all(|element| {
            let value = given.get(&element.attribute_name);
            let kind = value
                .and_then(|value| value::split(value).ok())
                .map(|(kind, _)| kind);
            kind.is_some() && kind == design.attribute_type(&element.attribute_name)
        });
    if fits {
        key_of(design, given)
    } else {
        Err(mismatch())
    }
}

/// Refuses an item whose attribute has another type than an index's key wants. An absent one only leaves the item out
/// of the index.
pub(crate) fn check_index_keys(design: &Design, item: &Item) -> Result<(), Failure> {
    let global = design
        .global_indexes
        .iter()
        .map(|index| (&index.name, &index.key_schema));
    let local = design
        .local_indexes
        .iter()
        .map(|index| (&index.name, &index.key_schema));
    for (index, schema) in global.chain(local) {
        for KeyElement {
            attribute_name: name, ..
        } in schema
        {
            let Some(value) = item.get(name) else { continue };
            let (expected, actual) = (
                design.attribute_type(name).unwrap_or_default(),
                value::split(value)?.0,
            );
            if expected != actual {
                return Err(Failure::validation(format!(
                    "One or more parameter values were invalid: Type mismatch for Index Key {name} Expected: \
                     {expected} Actual: {actual} IndexName: {index}"
                )));
            }
            non_empty(name, Scalar::of(value)?)?;
        }
    }
    Ok(())
}

/// The key of an item in an index, or `None` when it is not in there.
pub(crate) fn key_in(schema: &[KeyElement], item: &Item) -> Option<Key> {
    schema
        .iter()
        .map(|element| Scalar::of(item.get(&element.attribute_name)?).ok())
        .collect()
}

pub(crate) fn hash_names(schema: &[KeyElement]) -> impl Iterator<Item = &str> {
    schema
        .iter()
        .filter(|element| element.key_type == KeyType::Hash)
        .map(|element| &*element.attribute_name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_sort_by_value_and_text_by_bytes() {
        let scalar = |value: Value| Scalar::of(&value).unwrap();
        assert!(scalar(json!({"N": "9"})) < scalar(json!({"N": "10"})));
        assert!(scalar(json!({"N": "-1"})) < scalar(json!({"N": "-0.5"})));
        assert_eq!(scalar(json!({"N": "1.0"})), scalar(json!({"N": "1"})));
        assert!(scalar(json!({"S": "9"})) > scalar(json!({"S": "10"})));
        assert!(scalar(json!({"S": "Z"})) < scalar(json!({"S": "a"})));
        assert!(Scalar::of(&json!({"BOOL": true})).is_err());
    }
}
