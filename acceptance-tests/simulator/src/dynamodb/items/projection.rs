//! Projection expressions, and what an index projects.

use serde_json::{Value, json};

use super::super::design::{Design, Projection};
use super::Item;
use super::expressions::{Path, Placeholders, Step, parse_paths};
use crate::failure::Failure;

/// Reads a projection expression; `None` projects everything.
pub(super) fn parse(text: Option<&str>, names: &mut Placeholders) -> Result<Option<Vec<Path>>, Failure> {
    text.map(|text| parse_paths("ProjectionExpression", text, names))
        .transpose()
}

/// The part of an item that the paths name. Gaps in lists close up, as on AWS.
pub(super) fn apply(paths: Option<&[Path]>, item: &Item) -> Item {
    let Some(paths) = paths else { return item.clone() };
    let mut kept = Item::default();
    for path in paths {
        let (Some(Step::Name(name)), Some(value)) = (path.first(), super::expressions::lookup(item, path))
        else {
            continue;
        };
        let nested = nest(&path[1..], value.clone());
        match kept.get_mut(name) {
            Some(known) => merge(known, nested),
            None => {
                kept.insert(name.clone(), nested);
            }
        }
    }
    kept
}

fn nest(path: &[Step], value: Value) -> Value {
    match path.split_first() {
        None => value,
        Some((Step::Name(name), rest)) => json!({"M": {name: nest(rest, value)}}),
        Some((Step::Index(_), rest)) => json!({"L": [nest(rest, value)]}),
    }
}

fn merge(known: &mut Value, more: Value) {
    match (known, more) {
        (Value::Object(known), Value::Object(more)) => {
            for (name, value) in more {
                match known.get_mut(&name) {
                    Some(known) => merge(known, value),
                    None => {
                        known.insert(name, value);
                    }
                }
            }
        }
        (Value::Array(known), Value::Array(more)) => known.extend(more),
        _ => {}
    }
}

/// The part of an item that an index holds.
pub(super) fn of_index(design: &Design, index: &str, item: &Item) -> Item {
    let global = design.global_indexes.iter().find(|global| global.name == index);
    let local = design.local_indexes.iter().find(|local| local.name == index);
    let Projection {
        projection_type,
        non_key_attributes,
    } = global
        .map(|global| &global.projection)
        .or_else(|| local.map(|local| &local.projection))
        .cloned()
        .unwrap_or_default();
    if projection_type.as_deref() == Some("ALL") {
        return item.clone();
    }
    let keys = design
        .key_schema
        .iter()
        .chain(design.index_key_schema(index).into_iter().flatten());
    let mut names: Vec<&str> = keys.map(|element| &*element.attribute_name).collect();
    let included = non_key_attributes.unwrap_or_default();
    names.extend(included.iter().map(String::as_str));
    item.iter()
        .filter(|(name, _)| names.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}
