//! Terraform's rules for answers. Each is a panic, in words near to Terraform's own.

use tfsdk::schema::{Attribute, AttributeType, Mode, Schema};
use tfsdk::{Type, Value};

/// Every value has the type that the schema says, and objects have exactly their attributes.
pub(super) fn assert_fits(ty: &Type, value: &Value) {
    match (ty, value) {
        (_, Value::Null | Value::Unknown)
        | (Type::Bool, Value::Bool(_))
        | (Type::Number, Value::Number(_))
        | (Type::String, Value::String(_)) => {}
        (Type::Dynamic, Value::Dynamic(ty, value)) => assert_fits(ty, value),
        (Type::List(ty), Value::List(items)) | (Type::Set(ty), Value::Set(items)) => {
            items.iter().for_each(|item| assert_fits(ty, item));
        }
        (Type::Map(ty), Value::Map(entries)) => entries.values().for_each(|item| assert_fits(ty, item)),
        (Type::Object(types), Value::Object(attributes)) => {
            let (expected, got): (Vec<_>, Vec<_>) = (types.keys().collect(), attributes.keys().collect());
            assert_eq!(
                expected, got,
                "an object must have exactly the attributes of its type"
            );
            for (name, ty) in types {
                assert_fits(ty, &attributes[name]);
            }
        }
        (Type::Tuple(types), Value::Tuple(items)) if types.len() == items.len() => {
            types
                .iter()
                .zip(items)
                .for_each(|(ty, item)| assert_fits(ty, item));
        }
        _ => panic!("{value:?} is not of the type {ty}"),
    }
}

pub(super) fn assert_known(value: &Value) {
    let unknown = value.first_unknown();
    assert_eq!(unknown, None, "a value must be known here");
}

/// Write-only values reach neither plan nor state.
pub(super) fn assert_no_write_only(attributes: &[Attribute], value: &Value) {
    match value {
        Value::Object(_) => {
            for attribute in attributes {
                let inside = value.attribute(&attribute.name);
                assert!(
                    !attribute.write_only || inside.is_null(),
                    "the write-only attribute {} must be null",
                    attribute.name
                );
                assert_no_write_only(attribute.nested_attributes(), inside);
            }
        }
        Value::List(items) | Value::Set(items) => {
            items
                .iter()
                .for_each(|item| assert_no_write_only(attributes, item));
        }
        Value::Map(entries) => entries
            .values()
            .for_each(|item| assert_no_write_only(attributes, item)),
        _ => {}
    }
}

/// The plan takes the configuration as it is.
pub(super) fn assert_plan_valid(schema: &Schema, prior: &Value, config: &Value, planned: &Value) {
    assert!(
        matches!(planned, Value::Object(_)),
        "planned for absence but config wants existence"
    );
    for attribute in &schema.attributes {
        plan_valid_in(attribute, "", prior, config, planned);
    }
    for block in &schema.blocks {
        let (planned, config) = (planned.attribute(&block.name), config.attribute(&block.name));
        assert!(
            !planned.is_null(),
            "blocks {} must be empty instead of null",
            block.name
        );
        assert!(
            planned.same(config),
            "blocks {} in the plan disagree with config",
            block.name
        );
    }
}

fn plan_valid_in(attribute: &Attribute, parent: &str, prior: &Value, config: &Value, planned: &Value) {
    let name = &attribute.name;
    plan_valid(
        attribute,
        &format!("{parent}.{name}"),
        prior.attribute(name),
        config.attribute(name),
        planned.attribute(name),
    );
}

fn plan_valid(attribute: &Attribute, place: &str, prior: &Value, config: &Value, planned: &Value) {
    if planned.same(config) || (planned.same(prior) && !prior.is_null() && !config.is_null()) {
        return;
    }
    if attribute.write_only || attribute.mode == Mode::Computed {
        return;
    }
    if config.is_null() {
        assert!(
            attribute.is_computed(),
            "{place}: planned value {planned:?} for a non-computed attribute"
        );
        return;
    }
    let AttributeType::Nested(_, children) = &attribute.ty else {
        panic!("{place}: planned value {planned:?} matches neither config {config:?} nor prior {prior:?}");
    };
    let object = |place: &str, prior: &Value, config: &Value, planned: &Value| match (config, planned) {
        (Value::Object(_), Value::Object(_)) => {
            for child in children {
                plan_valid_in(child, place, prior, config, planned);
            }
        }
        _ => assert!(
            planned.same(config),
            "{place}: planned {planned:?} where config has {config:?}"
        ),
    };
    match (config, planned) {
        (Value::List(wanted), Value::List(items)) => {
            assert_eq!(
                wanted.len(),
                items.len(),
                "{place}: count in plan disagrees with count in config"
            );
            let prior = match prior {
                Value::List(prior) => prior.as_slice(),
                _ => &[],
            };
            for (index, (wanted, item)) in wanted.iter().zip(items).enumerate() {
                object(
                    &format!("{place}[{index}]"),
                    prior.get(index).unwrap_or(&Value::Null),
                    wanted,
                    item,
                );
            }
        }
        (Value::Map(wanted), Value::Map(entries)) => {
            let keys = (
                wanted.keys().collect::<Vec<_>>(),
                entries.keys().collect::<Vec<_>>(),
            );
            assert_eq!(
                keys.0, keys.1,
                "{place}: keys in plan disagree with keys in config"
            );
            for (key, wanted) in wanted {
                let prior = match prior {
                    Value::Map(prior) => prior.get(key).unwrap_or(&Value::Null),
                    _ => &Value::Null,
                };
                object(&format!("{place}[{key:?}]"), prior, wanted, &entries[key]);
            }
        }
        (Value::Set(wanted), Value::Set(items)) => {
            assert_eq!(
                wanted.len(),
                items.len(),
                "{place}: count in plan disagrees with count in config"
            );
        }
        _ => object(place, prior, config, planned),
    }
}

/// What was planned as known is so in the end. `act` is the complaint.
pub(super) fn assert_compatible(act: &str, planned: &Value, actual: &Value) {
    if let Err(fault) = compatible(planned, actual) {
        panic!("{act}: {fault}\nplanned {planned:?}\nactual {actual:?}");
    }
}

fn compatible(planned: &Value, actual: &Value) -> Result<(), String> {
    match (planned, actual) {
        (Value::Unknown, _) => Ok(()),
        (Value::Dynamic(_, planned), Value::Dynamic(_, actual)) => compatible(planned, actual),
        (Value::List(planned), Value::List(actual)) | (Value::Tuple(planned), Value::Tuple(actual)) => {
            if planned.len() != actual.len() {
                return Err(format!(
                    "length changed from {} to {}",
                    planned.len(),
                    actual.len()
                ));
            }
            planned
                .iter()
                .zip(actual)
                .try_for_each(|(planned, actual)| compatible(planned, actual))
        }
        (Value::Map(planned), Value::Map(actual)) | (Value::Object(planned), Value::Object(actual)) => {
            if let Some(name) = actual.keys().find(|name| !planned.contains_key(*name)) {
                return Err(format!("new element {name:?} has appeared"));
            }
            planned
                .iter()
                .try_for_each(|(name, planned)| match actual.get(name) {
                    Some(actual) => compatible(planned, actual).map_err(|fault| format!("{name}: {fault}")),
                    None => Err(format!("element {name:?} has vanished")),
                })
        }
        (Value::Set(planned), Value::Set(actual)) => {
            let pair = |planned: &Value, actual: &Value| compatible(planned, actual).is_ok();
            let all_kept = planned
                .iter()
                .all(|planned| actual.iter().any(|actual| pair(planned, actual)));
            let all_planned = actual
                .iter()
                .all(|actual| planned.iter().any(|planned| pair(planned, actual)));
            if all_kept && all_planned && actual.len() <= planned.len() {
                return Ok(());
            }
            Err("set elements do not correlate".to_owned())
        }
        _ if planned == actual => Ok(()),
        _ => Err(format!("was {planned:?}, but now {actual:?}")),
    }
}
