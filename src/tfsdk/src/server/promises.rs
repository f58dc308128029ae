//! The promises of the protocol that Terraform would otherwise hold against us, checked before we answer.
//!
//! Terraform's own words for a broken promise blame the provider without saying where. Ours name the place
//! and say what to report.

use crate::schema::{Attribute, AttributeType, Mode, Schema};
use crate::{Diagnostic, Path, Value};

/// What a value was made by, for the words of a broken promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Plan,
    Read,
}

/// Checks a plan: no configured value altered, nothing made up where only the user may write.
pub(super) fn check_plan(schema: &Schema, prior: &Value, config: &Value, planned: &Value) -> Vec<Diagnostic> {
    check_against_config(Act::Plan, schema, prior, config, planned)
}

/// Checks the result of a data source: configured values as they were, and all of it known.
pub(super) fn check_data(schema: &Schema, config: &Value, state: &Value) -> Vec<Diagnostic> {
    let mut broken = check_known(state, "a value is unknown");
    broken.extend(check_against_config(
        Act::Read,
        schema,
        &Value::Null,
        config,
        state,
    ));
    broken
}

/// Checks an applied object: wholly known, and what was planned as known is as planned.
pub(super) fn check_applied(planned: &Value, applied: &Value) -> Vec<Diagnostic> {
    let mut broken = check_known(applied, "a value is still unknown after apply");
    if let Some(path) = first_difference(planned, applied) {
        broken.push(bug(&path, "the applied value is not the planned one"));
    }
    broken
}

/// Checks that nothing inside is unknown.
pub(super) fn check_known(value: &Value, text: &str) -> Vec<Diagnostic> {
    value
        .first_unknown()
        .map(|path| bug(&path, text))
        .into_iter()
        .collect()
}

/// Checks that each path, the change of which is said to need a new object, leads somewhere.
pub(super) fn check_replacements(paths: &[Path], prior: &Value, planned: &Value) -> Vec<Diagnostic> {
    paths
        .iter()
        .filter(|path| path.is_root() || !(leads_somewhere(prior, path) || leads_somewhere(planned, path)))
        .map(|path| bug(path, "a replacement is planned for a path that is not there"))
        .collect()
}

fn leads_somewhere(value: &Value, path: &Path) -> bool {
    let mut here = Some(value);
    for step in path.steps() {
        // What is unknown may have anything inside.
        if here.is_some_and(Value::is_unknown) {
            return true;
        }
        here = here.and_then(|here| here.inside(step));
    }
    here.is_some()
}

fn check_against_config(
    act: Act,
    schema: &Schema,
    prior: &Value,
    config: &Value,
    result: &Value,
) -> Vec<Diagnostic> {
    if !matches!(result, Value::Object(_)) {
        let text = match act {
            Act::Plan => "the planned object is missing",
            Act::Read => "the object is missing",
        };
        return vec![bug(&Path::root(), text)];
    }
    let mut check = AgainstConfig {
        act,
        broken: Vec::new(),
    };
    check.attributes(&schema.attributes, &Path::root(), prior, config, result);
    for block in &schema.blocks {
        let name = &block.name;
        if !result.attribute(name).same(config.attribute(name)) {
            check.altered(&Path::of(name));
        }
    }
    check.broken
}

struct AgainstConfig {
    act: Act,
    broken: Vec<Diagnostic>,
}

impl AgainstConfig {
    fn altered(&mut self, path: &Path) {
        let text = match self.act {
            Act::Plan => "the planned value is not the configured one",
            Act::Read => "the value that was read is not the configured one",
        };
        self.broken.push(bug(path, text));
    }

    fn made_up(&mut self, path: &Path) {
        let text = match self.act {
            Act::Plan => "the plan sets a value that only the configuration may set",
            Act::Read => "a value was read where only the configuration may set one",
        };
        self.broken.push(bug(path, text));
    }

    fn attributes(
        &mut self,
        attributes: &[Attribute],
        parent: &Path,
        prior: &Value,
        config: &Value,
        result: &Value,
    ) {
        for attribute in attributes {
            let name = &attribute.name;
            let path = parent.clone().attribute(name);
            let (before, wanted, value) = (
                prior.attribute(name),
                config.attribute(name),
                result.attribute(name),
            );
            self.attribute(attribute, &path, before, wanted, value);
        }
    }

    fn attribute(
        &mut self,
        attribute: &Attribute,
        path: &Path,
        prior: &Value,
        config: &Value,
        result: &Value,
    ) {
        // Write-only values are nulled by the server itself. A configured value may give way to the prior one
        // that means the same to AWS.
        let may_be = attribute.write_only
            || attribute.mode == Mode::Computed
            || result.same(config)
            || (!prior.is_null() && !config.is_null() && result.same(prior));
        if may_be {
            return;
        }
        if config.is_null() {
            if !attribute.is_computed() {
                self.made_up(path);
            }
            return;
        }
        let AttributeType::Nested(_, children) = &attribute.ty else {
            self.altered(path);
            return;
        };
        match (config, result) {
            (Value::Object(_), Value::Object(_)) => self.attributes(children, path, prior, config, result),
            (Value::List(wanted), Value::List(items)) if wanted.len() == items.len() => {
                for (index, (wanted, item)) in wanted.iter().zip(items).enumerate() {
                    let index = index as i64;
                    let before = prior.at(&Path::root().index(index)).unwrap_or(&Value::Null);
                    self.element(children, &path.clone().index(index), before, wanted, item);
                }
            }
            (Value::Map(wanted), Value::Map(entries)) if wanted.keys().eq(entries.keys()) => {
                for ((key, wanted), item) in wanted.iter().zip(entries.values()) {
                    let before = prior.at(&Path::root().key(key)).unwrap_or(&Value::Null);
                    self.element(children, &path.clone().key(key), before, wanted, item);
                }
            }
            // Terraform does not look inside sets. We do: nothing in a set of the user's is computed.
            _ => self.altered(path),
        }
    }

    fn element(
        &mut self,
        children: &[Attribute],
        path: &Path,
        prior: &Value,
        config: &Value,
        result: &Value,
    ) {
        match (config, result) {
            (Value::Object(_), Value::Object(_)) => self.attributes(children, path, prior, config, result),
            _ if result.same(config) => {}
            _ => self.altered(path),
        }
    }
}

/// Where `applied` differs from what `planned` promised. An unknown promised nothing.
pub(super) fn first_difference(planned: &Value, applied: &Value) -> Option<Path> {
    difference(planned, applied, &Path::root())
}

fn difference(planned: &Value, applied: &Value, here: &Path) -> Option<Path> {
    let differs = || Some(here.clone());
    match (planned, applied) {
        (Value::Unknown, _) => None,
        (Value::Object(planned), Value::Object(applied)) => {
            if !planned.keys().eq(applied.keys()) {
                return differs();
            }
            planned
                .iter()
                .zip(applied.values())
                .find_map(|((name, planned), applied)| {
                    difference(planned, applied, &here.clone().attribute(name))
                })
        }
        (Value::Map(planned), Value::Map(applied)) => {
            if !planned.keys().eq(applied.keys()) {
                return differs();
            }
            planned
                .iter()
                .zip(applied.values())
                .find_map(|((key, planned), applied)| difference(planned, applied, &here.clone().key(key)))
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
                    difference(planned, applied, &here.clone().index(index as i64))
                })
        }
        (Value::Set(planned), Value::Set(applied)) => {
            let matches = |left: &Value, right: &Value| first_difference(left, right).is_none();
            let covered = planned
                .iter()
                .all(|planned| applied.iter().any(|applied| matches(planned, applied)))
                && applied
                    .iter()
                    .all(|applied| planned.iter().any(|planned| matches(planned, applied)));
            // Unknown elements may turn out equal and become one, but never become more.
            if covered && applied.len() <= planned.len() {
                None
            } else {
                differs()
            }
        }
        (Value::Dynamic(ty, planned), Value::Dynamic(other, applied)) if ty == other => {
            difference(planned, applied, here)
        }
        _ if planned.same(applied) => None,
        _ => differs(),
    }
}

/// A broken promise, as our bug.
pub(super) fn bug(path: &Path, what: &str) -> Diagnostic {
    let place = if path.is_root() {
        "the object".to_owned()
    } else {
        path.to_string()
    };
    Diagnostic::bug(
        "Provider broke a promise of the protocol",
        format!("At {place}: {what}."),
    )
    .at(path.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Type;

    fn schema() -> Schema {
        let children = || {
            [
                Attribute::string("name").required(),
                Attribute::string("id").computed(),
            ]
        };
        Schema::new("x").attributes([
            Attribute::string("free"),
            Attribute::string("either").optional_computed(),
            Attribute::string("theirs").computed(),
            Attribute::string("secret").write_only(),
            Attribute::nested_single("one", children()),
            Attribute::nested_list("list", children()),
            Attribute::nested_map("map", children()),
            Attribute::nested_set("set", [Attribute::string("name")]),
            Attribute::nested_single("made", children()).optional_computed(),
        ])
    }

    fn text(text: &str) -> Value {
        Value::string(text)
    }

    fn child(name: &str, id: Value) -> Value {
        Value::object([("name", text(name)), ("id", id)])
    }

    fn list<const N: usize>(items: [Value; N]) -> Value {
        Value::List(items.into())
    }

    fn set<const N: usize>(items: [Value; N]) -> Value {
        Value::Set(items.into())
    }

    fn map(entries: &[(&str, Value)]) -> Value {
        Value::Map(
            entries
                .iter()
                .map(|(key, item)| ((*key).to_owned(), item.clone()))
                .collect(),
        )
    }

    /// Plans one attribute. What is expected are the paths of broken promises.
    fn check(name: &str, prior: &Value, config: &Value, planned: &Value, expect: &[&str]) {
        let [prior, config, planned] =
            [prior, config, planned].map(|value| Value::object([(name, value.clone())]));
        let found: Vec<String> = check_plan(&schema(), &prior, &config, &planned)
            .into_iter()
            .map(|broken| broken.path.unwrap_or_default().to_string())
            .collect();
        assert_eq!(found, expect, "{prior:?} {config:?} {planned:?}");
    }

    const NULL: Value = Value::Null;
    const UNKNOWN: Value = Value::Unknown;

    #[test]
    fn configured_values_stay_or_give_way_to_the_prior_one() {
        let (a, b, c) = (text("a"), text("b"), text("c"));
        check("free", &NULL, &a, &a, &[]);
        check("free", &b, &a, &b, &[]);
        check("free", &b, &a, &c, &["free"]);
        check("free", &NULL, &a, &NULL, &["free"]);
        check("free", &b, &a, &UNKNOWN, &["free"]);
        check("free", &NULL, &UNKNOWN, &UNKNOWN, &[]);
        check("free", &b, &UNKNOWN, &b, &[]);
        check("free", &b, &UNKNOWN, &c, &["free"]);
        // A null that the user wrote is no value that means the same as the prior one.
        check("free", &b, &NULL, &b, &["free"]);
        check("either", &b, &a, &c, &["either"]);
    }

    #[test]
    fn the_provider_sets_what_is_computed_and_left_out() {
        let (a, b) = (text("a"), text("b"));
        check("free", &NULL, &NULL, &a, &["free"]);
        check("free", &NULL, &NULL, &UNKNOWN, &["free"]);
        check("either", &NULL, &NULL, &a, &[]);
        check("either", &b, &NULL, &UNKNOWN, &[]);
        check("theirs", &b, &NULL, &a, &[]);
        // `ignore_changes` copies prior values into the configuration.
        check("theirs", &b, &b, &UNKNOWN, &[]);
        check("secret", &NULL, &a, &NULL, &[]);
        check("made", &NULL, &NULL, &child("a", NULL), &[]);
    }

    #[test]
    fn nested_objects_are_checked_inside() {
        let (wanted, good, bad) = (child("a", NULL), child("a", text("1")), child("b", NULL));
        check("one", &NULL, &wanted, &good, &[]);
        check("one", &NULL, &wanted, &bad, &["one.name"]);
        check("one", &NULL, &wanted, &UNKNOWN, &["one"]);
        check("made", &NULL, &wanted, &bad, &["made.name"]);
        check("list", &NULL, &list([wanted.clone()]), &list([good.clone()]), &[]);
        check(
            "list",
            &NULL,
            &list([wanted.clone()]),
            &list([bad.clone()]),
            &["list[0].name"],
        );
        check("list", &NULL, &list([wanted.clone()]), &list([]), &["list"]);
        check("list", &NULL, &list([UNKNOWN]), &list([UNKNOWN]), &[]);
        check(
            "list",
            &NULL,
            &list([UNKNOWN, wanted.clone()]),
            &list([good.clone(), good.clone()]),
            &["list[0]"],
        );
        check(
            "map",
            &NULL,
            &map(&[("k", wanted.clone())]),
            &map(&[("k", good.clone())]),
            &[],
        );
        check(
            "map",
            &NULL,
            &map(&[("k", wanted.clone())]),
            &map(&[("k", bad.clone())]),
            &["map[\"k\"].name"],
        );
        check(
            "map",
            &NULL,
            &map(&[("k", wanted.clone())]),
            &map(&[("other", good)]),
            &["map"],
        );
        check(
            "map",
            &map(&[("k", bad.clone())]),
            &map(&[("k", wanted.clone()), ("l", wanted.clone())]),
            &map(&[("k", bad), ("l", wanted)]),
            &[],
        );
    }

    #[test]
    fn sets_are_the_users() {
        let set = |names: &[&str]| {
            Value::Set(
                names
                    .iter()
                    .map(|name| Value::object([("name", text(name))]))
                    .collect(),
            )
        };
        check("set", &NULL, &set(&["a", "b"]), &set(&["b", "a"]), &[]);
        check("set", &NULL, &set(&["a", "b"]), &set(&["a", "c"]), &["set"]);
    }

    #[test]
    fn what_was_planned_as_known_is_so_in_the_end() {
        let (a, b) = (text("a"), text("b"));
        let typed = |value: &Value| Value::Dynamic(Type::String, Box::new(value.clone()));
        for (planned, applied, kept) in [
            (a.clone(), a.clone(), true),
            (a.clone(), b.clone(), false),
            (a.clone(), NULL, false),
            (NULL, a.clone(), false),
            (NULL, NULL, true),
            (UNKNOWN, a.clone(), true),
            (UNKNOWN, NULL, true),
            (list([a.clone(), UNKNOWN]), list([a.clone(), b.clone()]), true),
            (list([a.clone()]), list([a.clone(), b.clone()]), false),
            (map(&[("k", UNKNOWN)]), map(&[("k", a.clone())]), true),
            (map(&[("k", UNKNOWN)]), map(&[("l", a.clone())]), false),
            (set([a.clone(), b.clone()]), set([b.clone(), a.clone()]), true),
            (set([a.clone(), UNKNOWN]), set([b.clone(), a.clone()]), true),
            (set([a.clone(), UNKNOWN]), set([a.clone()]), true),
            (set([UNKNOWN]), set([a.clone(), b.clone()]), false),
            (set([a.clone(), UNKNOWN]), set([b.clone()]), false),
            (typed(&UNKNOWN), typed(&a), true),
            (typed(&a), typed(&b), false),
            (UNKNOWN, typed(&a), true),
        ] {
            let difference = first_difference(&planned, &applied);
            assert_eq!(difference.is_none(), kept, "{planned:?} {applied:?}");
        }
    }

    #[test]
    fn a_difference_is_named_where_it_is() {
        let object = |name| Value::object([("list", list([child(name, UNKNOWN)]))]);
        let found = first_difference(&object("a"), &object("b"));
        assert_eq!(
            found.map(|path| path.to_string()).as_deref(),
            Some("list[0].name")
        );
    }

    #[test]
    fn replacements_lead_to_what_is_there_before_or_after() {
        let prior = Value::object([("map", map(&[("old", text("x"))])), ("one", NULL)]);
        let planned = Value::object([("map", map(&[("new", text("x"))])), ("one", UNKNOWN)]);
        for (path, there) in [
            (Path::of("map"), true),
            (Path::of("map").key("old"), true),
            (Path::of("map").key("new"), true),
            (Path::of("map").key("other"), false),
            (Path::of("one").attribute("id"), true),
            (Path::of("other"), false),
            (Path::root(), false),
        ] {
            let broken = check_replacements(std::slice::from_ref(&path), &prior, &planned);
            assert_eq!(broken.is_empty(), there, "{path}");
        }
    }
}
