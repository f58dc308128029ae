//! The promises of the protocol that Terraform would otherwise hold against us, checked before we answer.

use crate::schema::{Attribute, AttributeType, Nesting, Schema};
use crate::{Diagnostic, Path, Value};

/// Checks a plan: no configured value altered, nothing made up where only the user may write,
/// write-only values absent.
pub(super) fn check_plan(schema: &Schema, prior: &Value, config: &Value, planned: &Value) -> Vec<Diagnostic> {
    let mut broken = Vec::new();
    if !matches!(planned, Value::Object(_)) {
        broken.push(bug(&Path::root(), "the planned object is missing"));
        return broken;
    }
    check_planned(
        &schema.attributes,
        &Path::root(),
        prior,
        config,
        planned,
        &mut broken,
    );
    for block in &schema.blocks {
        let name = &block.name;
        if !planned.attribute(name).same(config.attribute(name)) {
            broken.push(bug(&Path::of(name), "the plan changes a nested block"));
        }
    }
    broken
}

fn check_planned(
    attributes: &[Attribute],
    parent: &Path,
    prior: &Value,
    config: &Value,
    planned: &Value,
    broken: &mut Vec<Diagnostic>,
) {
    for attribute in attributes {
        let name = &attribute.name;
        let path = parent.clone().attribute(name);
        let (before, wanted, plan) = (
            prior.attribute(name),
            config.attribute(name),
            planned.attribute(name),
        );
        if attribute.write_only {
            if !plan.is_null() {
                broken.push(bug(&path, "the plan keeps a write-only value"));
            }
            continue;
        }
        if plan.same(wanted) || (!before.is_null() && !wanted.is_null() && plan.same(before)) {
            continue;
        }
        if attribute.is_computed() && wanted.is_null() {
            continue;
        }
        if wanted.is_null() {
            broken.push(bug(
                &path,
                "the plan sets a value that only the configuration may set",
            ));
            continue;
        }
        let AttributeType::Nested(nesting, children) = &attribute.ty else {
            broken.push(bug(&path, "the planned value is not the configured one"));
            continue;
        };
        match (nesting, wanted, plan) {
            (Nesting::Single, Value::Object(_), Value::Object(_)) => {
                check_planned(children, &path, before, wanted, plan, broken);
            }
            (Nesting::List, Value::List(wanted), Value::List(plan)) if wanted.len() == plan.len() => {
                for (index, (wanted, plan)) in wanted.iter().zip(plan).enumerate() {
                    let before = before
                        .at(&Path::root().index(index as i64))
                        .unwrap_or(&Value::Null);
                    check_planned(
                        children,
                        &path.clone().index(index as i64),
                        before,
                        wanted,
                        plan,
                        broken,
                    );
                }
            }
            (Nesting::Map, Value::Map(wanted), Value::Map(plan)) if wanted.keys().eq(plan.keys()) => {
                for (key, wanted) in wanted {
                    let before = before.at(&Path::root().key(key)).unwrap_or(&Value::Null);
                    check_planned(
                        children,
                        &path.clone().key(key),
                        before,
                        wanted,
                        &plan[key],
                        broken,
                    );
                }
            }
            // Terraform itself does not look inside sets, but their size must be right.
            (Nesting::Set, Value::Set(wanted), Value::Set(plan)) if wanted.len() == plan.len() => {}
            _ => broken.push(bug(&path, "the planned value is not the configured one")),
        }
    }
}

/// Checks an applied object: wholly known, and what was planned as known is as planned.
pub(super) fn check_applied(planned: &Value, applied: &Value) -> Vec<Diagnostic> {
    let mut broken = Vec::new();
    if let Some(path) = applied.first_unknown() {
        broken.push(bug(&path, "a value is still unknown after apply"));
    }
    if let Some(path) = first_difference(planned, applied, &Path::root()) {
        broken.push(bug(&path, "the applied value is not the planned one"));
    }
    broken
}

/// Where `applied` differs from what `planned` promised. An unknown promised nothing.
fn first_difference(planned: &Value, applied: &Value, here: &Path) -> Option<Path> {
    let differs = || Some(here.clone());
    match (planned, applied) {
        (Value::Unknown, _) => None,
        (Value::Object(planned), Value::Object(applied)) => {
            if !planned.keys().eq(applied.keys()) {
                return differs();
            }
            planned.iter().find_map(|(name, planned)| {
                first_difference(planned, &applied[name], &here.clone().attribute(name))
            })
        }
        (Value::Map(planned), Value::Map(applied)) => {
            if !planned.keys().eq(applied.keys()) {
                return differs();
            }
            planned
                .iter()
                .find_map(|(key, planned)| first_difference(planned, &applied[key], &here.clone().key(key)))
        }
        (Value::List(planned), Value::List(applied)) | (Value::Tuple(planned), Value::Tuple(applied)) => {
            if planned.len() != applied.len() {
                return differs();
            }
            planned
                .iter()
                .zip(applied)
                .enumerate()
                .find_map(|(index, (planned, applied))| {
                    first_difference(planned, applied, &here.clone().index(index as i64))
                })
        }
        (Value::Set(planned), Value::Set(applied)) => {
            let matches = |left: &Value, right: &Value| first_difference(left, right, here).is_none();
            let covered = planned
                .iter()
                .all(|planned| applied.iter().any(|applied| matches(planned, applied)))
                && applied
                    .iter()
                    .all(|applied| planned.iter().any(|planned| matches(planned, applied)));
            if covered && applied.len() <= planned.len() {
                None
            } else {
                differs()
            }
        }
        (Value::Dynamic(ty, planned), Value::Dynamic(other, applied)) if ty == other => {
            first_difference(planned, applied, here)
        }
        (planned, applied) if planned == applied => None,
        _ => differs(),
    }
}

fn bug(path: &Path, what: &str) -> Diagnostic {
    let place = if path.is_root() {
        "the object".to_owned()
    } else {
        path.to_string()
    };
    Diagnostic::bug(
        "Provider broke a promise of the protocol",
        format!("At {place}: {what}. Terraform would refuse the result."),
    )
    .at(path.clone())
}
