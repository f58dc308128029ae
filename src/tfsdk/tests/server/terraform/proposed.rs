//! The value that Terraform proposes: what the user wrote, and the prior value where only the provider sets one.

use tfsdk::schema::{Attribute, AttributeType, Mode, Nesting, Schema};
use tfsdk::{Path, Value};

/// The proposal for an object. `prior` is null for a create.
pub(super) fn proposed(schema: &Schema, prior: &Value, config: &Value) -> Value {
    let attributes = schema
        .attributes
        .iter()
        .map(|attribute| propose_in(attribute, prior, config));
    // Nothing in a block is computed in this SDK.
    let blocks = schema
        .blocks
        .iter()
        .map(|block| (&block.name, config.attribute(&block.name).clone()));
    Value::object(attributes.chain(blocks))
}

fn propose_in<'a>(attribute: &'a Attribute, prior: &Value, config: &Value) -> (&'a String, Value) {
    let name = &attribute.name;
    (
        name,
        propose(attribute, prior.attribute(name), config.attribute(name)),
    )
}

fn propose(attribute: &Attribute, prior: &Value, config: &Value) -> Value {
    if attribute.is_computed() && config.is_null() {
        let users = attribute.mode == Mode::OptionalComputed
            && attribute
                .nested_attributes()
                .iter()
                .any(|child| users_value(child, prior));
        return if users { Value::Null } else { prior.clone() };
    }
    let AttributeType::Nested(nesting, children) = &attribute.ty else {
        return config.clone();
    };
    let object = |prior: &Value, config: &Value| match config {
        Value::Object(_) => Value::object(children.iter().map(|child| propose_in(child, prior, config))),
        _ => config.clone(),
    };
    match (nesting, config) {
        (Nesting::Single, _) => object(prior, config),
        (Nesting::List, Value::List(items)) => Value::List(
            items
                .iter()
                .enumerate()
                .map(|(index, item)| {
                    let before = prior
                        .at(&Path::root().index(index as i64))
                        .unwrap_or(&Value::Null);
                    object(before, item)
                })
                .collect(),
        ),
        (Nesting::Map, Value::Map(entries)) => Value::Map(
            entries
                .iter()
                .map(|(key, item)| {
                    let before = prior.at(&Path::root().key(key)).unwrap_or(&Value::Null);
                    (key.clone(), object(before, item))
                })
                .collect(),
        ),
        _ => config.clone(),
    }
}

/// Whether a value inside an optional and computed attribute can only have been written by the user.
fn users_value(child: &Attribute, parent: &Value) -> bool {
    match parent {
        Value::Object(_) => {
            let value = parent.attribute(&child.name);
            let deeper = child.nested_attributes().iter();
            !value.is_null()
                && (!child.is_computed() || deeper.into_iter().any(|child| users_value(child, value)))
        }
        Value::List(items) | Value::Set(items) => items.iter().any(|item| users_value(child, item)),
        Value::Map(entries) => entries.values().any(|item| users_value(child, item)),
        _ => false,
    }
}
