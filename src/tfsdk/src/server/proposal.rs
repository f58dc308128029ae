//! From Terraform's proposal to ours: defaults, write-only values, computed values, values kept.
//!
//! What the user wrote is never altered here, known or not, and nested blocks are the user's alone.

use super::promises::first_difference;
use crate::schema::{Attribute, AttributeType, Default, Mode, Modifier, Schema};
use crate::{Path, Value};

/// Makes the proposal that a resource plans from.
///
/// `prior` is null for a create. Computed attributes become unknown only when something changes, so
/// that nothing to do stays nothing to do.
pub(super) fn propose(schema: &Schema, prior: &Value, config: &Value, proposed: &Value) -> Value {
    let proposed = each(&schema.attributes, config, proposed, &settle);
    if proposed.same(prior) {
        return proposed;
    }
    let proposed = each(&schema.attributes, config, &proposed, &mark_unknown);
    keep_prior(&schema.attributes, prior, config, &proposed)
}

/// The configuration of a data source with its defaults.
pub(super) fn with_defaults(schema: &Schema, config: &Value) -> Value {
    each(&schema.attributes, config, config, &settle)
}

/// Nulls write-only values at any depth.
pub(super) fn without_write_only(schema: &Schema, value: &Value) -> Value {
    each(&schema.attributes, value, value, &|attribute, _| {
        attribute.write_only.then_some(Value::Null)
    })
}

/// Replaces unknown parts by null, for state that is saved half-way.
pub(super) fn without_unknown(value: Value) -> Value {
    match value {
        Value::Unknown => Value::Null,
        Value::List(items) => Value::List(items.into_iter().map(without_unknown).collect()),
        Value::Set(items) => Value::Set(items.into_iter().map(without_unknown).collect()),
        Value::Tuple(items) => Value::Tuple(items.into_iter().map(without_unknown).collect()),
        Value::Map(entries) => Value::Map(
            entries
                .into_iter()
                .map(|(key, item)| (key, without_unknown(item)))
                .collect(),
        ),
        Value::Object(attributes) => Value::Object(
            attributes
                .into_iter()
                .map(|(name, item)| (name, without_unknown(item)))
                .collect(),
        ),
        Value::Dynamic(ty, value) => Value::Dynamic(ty, Box::new(without_unknown(*value))),
        other => other,
    }
}

/// What to do about one attribute, given what the user wrote there: `Some` decides it, `None` goes on inside.
type Decide<'a> = &'a dyn Fn(&Attribute, &Value) -> Option<Value>;

/// Applies `decide` to every attribute at any depth of what the user wrote.
fn each(attributes: &[Attribute], config: &Value, value: &Value, decide: Decide<'_>) -> Value {
    let Value::Object(present) = value else {
        return value.clone();
    };
    let mut result = present.clone();
    for attribute in attributes {
        let wanted = config.attribute(&attribute.name);
        let new = decide(attribute, wanted)
            .unwrap_or_else(|| inside(attribute, wanted, value.attribute(&attribute.name), decide));
        result.insert(attribute.name.clone(), new);
    }
    Value::Object(result)
}

fn inside(attribute: &Attribute, config: &Value, value: &Value, decide: Decide<'_>) -> Value {
    let AttributeType::Nested(_, children) = &attribute.ty else {
        return value.clone();
    };
    match (config, value) {
        (Value::Object(_), Value::Object(_)) => each(children, config, value, decide),
        (Value::List(wanted), Value::List(items)) => Value::List(
            items
                .iter()
                .enumerate()
                .map(|(index, item)| each(children, wanted.get(index).unwrap_or(&Value::Null), item, decide))
                .collect(),
        ),
        (Value::Map(wanted), Value::Map(entries)) => Value::Map(
            entries
                .iter()
                .map(|(key, item)| {
                    let wanted = wanted.get(key).unwrap_or(&Value::Null);
                    (key.clone(), each(children, wanted, item, decide))
                })
                .collect(),
        ),
        // A nested value that the user left out is the provider's as a whole: it comes from the prior state
        // or from a default, and defaults of its children must not break it up. Nothing in a set of the
        // user's is computed (the schema check sees to it), so that a set is taken as it is, too.
        _ => value.clone(),
    }
}

/// Defaults where the user wrote nothing; null for write-only.
fn settle(attribute: &Attribute, config: &Value) -> Option<Value> {
    if attribute.write_only {
        return Some(Value::Null);
    }
    match &attribute.default {
        Some(Default::Value(default)) if config.is_null() => Some(default.clone()),
        _ => None,
    }
}

/// Unknown where only the provider can say. A value that only the provider sets can still stand in the
/// configuration: `ignore_changes` copies it there from the state.
fn mark_unknown(attribute: &Attribute, config: &Value) -> Option<Value> {
    let open = match attribute.mode {
        Mode::Computed => true,
        Mode::OptionalComputed => attribute.default.is_none() && config.is_null(),
        Mode::Required | Mode::Optional => false,
    };
    open.then_some(Value::Unknown)
}

/// The modifier [`Modifier::KeepPrior`], parents before children.
fn keep_prior(attributes: &[Attribute], prior: &Value, config: &Value, value: &Value) -> Value {
    let (Value::Object(_), Value::Object(present)) = (prior, value) else {
        return value.clone();
    };
    let mut result = present.clone();
    for attribute in attributes {
        let name = &attribute.name;
        let (before, wanted, here) = (
            prior.attribute(name),
            config.attribute(name),
            value.attribute(name),
        );
        let keeps = attribute.modifiers.contains(&Modifier::KeepPrior);
        let new = match &attribute.ty {
            _ if keeps && here.is_unknown() && !wanted.is_unknown() => before.clone(),
            AttributeType::Nested(_, children) => keep_prior_inside(children, before, wanted, here),
            AttributeType::Plain(_) => continue,
        };
        result.insert(name.clone(), new);
    }
    Value::Object(result)
}

fn keep_prior_inside(children: &[Attribute], prior: &Value, config: &Value, value: &Value) -> Value {
    match (prior, value) {
        (Value::Object(_), Value::Object(_)) => keep_prior(children, prior, config, value),
        (Value::Map(prior), Value::Map(entries)) => Value::Map(
            entries
                .iter()
                .map(|(key, item)| {
                    let before = prior.get(key).unwrap_or(&Value::Null);
                    let wanted = config.at(&Path::root().key(key)).unwrap_or(&Value::Null);
                    (key.clone(), keep_prior(children, before, wanted, item))
                })
                .collect(),
        ),
        (Value::List(prior), Value::List(items)) => Value::List(
            items
                .iter()
                .enumerate()
                .map(|(index, item)| {
                    let wanted = config
                        .at(&Path::root().index(index as i64))
                        .unwrap_or(&Value::Null);
                    match prior.get(index) {
                        // An index does not say that it is still the same element. Only one of which
                        // nothing known changed is taken for the same.
                        Some(before) if first_difference(item, before).is_none() => {
                            keep_prior(children, before, wanted, item)
                        }
                        _ => item.clone(),
                    }
                })
                .collect(),
        ),
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests;
