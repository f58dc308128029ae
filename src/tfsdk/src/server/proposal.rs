//! From Terraform's proposal to ours: defaults, write-only values, computed values, modifiers.

use crate::schema::{Attribute, AttributeType, Default, Mode, Modifier, Nesting, Schema};
use crate::{Path, Step, Value};

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

/// Nulls write-only values at any depth.
pub(super) fn without_write_only(schema: &Schema, value: &Value) -> Value {
    each(&schema.attributes, value, value, &|attribute, _, _| {
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

/// The paths that need a new object, by the schema's modifiers: sorted, no doubles.
pub(super) fn replacements(schema: &Schema, prior: &Value, config: &Value, planned: &Value) -> Vec<Path> {
    let mut paths = Vec::new();
    find_replacements(
        &schema.attributes,
        &Path::root(),
        prior,
        config,
        planned,
        &mut paths,
    );
    paths.sort();
    paths.dedup();
    paths
}

fn find_replacements(
    attributes: &[Attribute],
    parent: &Path,
    prior: &Value,
    config: &Value,
    planned: &Value,
    paths: &mut Vec<Path>,
) {
    for attribute in attributes {
        let name = &attribute.name;
        let (before, wanted, after) = (
            prior.attribute(name),
            config.attribute(name),
            planned.attribute(name),
        );
        if before.same(after) {
            continue;
        }
        let path = parent.clone().attribute(name);
        let replaces = attribute.modifiers.iter().any(|modifier| match modifier {
            Modifier::Replace => true,
            Modifier::ReplaceIfConfigured => !wanted.is_null(),
            Modifier::KeepPrior => false,
        });
        if replaces {
            paths.push(path.clone());
        }
        match &attribute.ty {
            AttributeType::Nested(Nesting::Single, children)
                if matches!((before, after), (Value::Object(_), Value::Object(_))) =>
            {
                find_replacements(children, &path, before, wanted, after, paths);
            }
            AttributeType::Nested(Nesting::Map, children) => {
                if let (Value::Map(before), Value::Map(after)) = (before, after) {
                    for (key, after) in after {
                        let Some(before) = before.get(key) else { continue };
                        let wanted = wanted
                            .at(&Path::from(vec![Step::Key(key.clone())]))
                            .unwrap_or(&Value::Null);
                        let path = path.clone().key(key);
                        find_replacements(children, &path, before, wanted, after, paths);
                    }
                }
            }
            _ => {}
        }
    }
}

/// What to do about one attribute: `Some` decides it, `None` goes on inside.
type Decide<'a> = &'a dyn Fn(&Attribute, &Value, &Value) -> Option<Value>;

/// Applies `decide` to every attribute at any depth. `config` tells what the user wrote there.
fn each(attributes: &[Attribute], config: &Value, value: &Value, decide: Decide<'_>) -> Value {
    let Value::Object(present) = value else {
        return value.clone();
    };
    let mut result = present.clone();
    for attribute in attributes {
        let name = &attribute.name;
        let here = value.attribute(name);
        let wanted = config.attribute(name);
        let new = decide(attribute, wanted, here).unwrap_or_else(|| inside(attribute, wanted, here, decide));
        result.insert(name.clone(), new);
    }
    Value::Object(result)
}

fn inside(attribute: &Attribute, config: &Value, value: &Value, decide: Decide<'_>) -> Value {
    let AttributeType::Nested(_, children) = &attribute.ty else {
        return value.clone();
    };
    match (value, config) {
        (Value::Object(_), _) => each(children, config, value, decide),
        (Value::List(items), _) => Value::List(
            items
                .iter()
                .enumerate()
                .map(|(index, item)| {
                    let wanted = config
                        .at(&Path::root().index(index as i64))
                        .unwrap_or(&Value::Null);
                    each(children, wanted, item, decide)
                })
                .collect(),
        ),
        (Value::Map(entries), _) => Value::Map(
            entries
                .iter()
                .map(|(key, item)| {
                    let wanted = config.at(&Path::root().key(key)).unwrap_or(&Value::Null);
                    (key.clone(), each(children, wanted, item, decide))
                })
                .collect(),
        ),
        // Nothing in a set of the user's is computed (the schema check sees to it).
        _ => value.clone(),
    }
}

/// Defaults where the user wrote nothing; null for write-only.
fn settle(attribute: &Attribute, config: &Value, _value: &Value) -> Option<Value> {
    if attribute.write_only {
        return Some(Value::Null);
    }
    match &attribute.default {
        Some(Default::Value(default)) if config.is_null() => Some(default.clone()),
        _ => None,
    }
}

/// Unknown where only the provider can say.
fn mark_unknown(attribute: &Attribute, config: &Value, _value: &Value) -> Option<Value> {
    let open = attribute.is_computed() && attribute.default.is_none() && config.is_null();
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
            AttributeType::Nested(Nesting::Single, children) if attribute.mode != Mode::Computed => {
                keep_prior(children, before, wanted, here)
            }
            AttributeType::Nested(Nesting::Map, children) => {
                keep_prior_in_map(children, before, wanted, here)
            }
            _ => continue,
        };
        result.insert(name.clone(), new);
    }
    Value::Object(result)
}

fn keep_prior_in_map(children: &[Attribute], prior: &Value, config: &Value, value: &Value) -> Value {
    let (Value::Map(prior), Value::Map(entries)) = (prior, value) else {
        return value.clone();
    };
    let kept = entries.iter().map(|(key, item)| {
        let before = prior.get(key).unwrap_or(&Value::Null);
        let wanted = config.at(&Path::root().key(key)).unwrap_or(&Value::Null);
        (key.clone(), keep_prior(children, before, wanted, item))
    });
    Value::Map(kept.collect())
}

/// The configuration of a data source with its defaults.
pub(super) fn with_defaults(schema: &Schema, config: &Value) -> Value {
    each(&schema.attributes, config, config, &settle)
}
