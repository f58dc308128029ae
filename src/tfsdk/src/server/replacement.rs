//! Which planned changes need a new object, by the schema's modifiers.

use crate::schema::{Attribute, AttributeType, Modifier, Schema};
use crate::{Path, Value};

/// The paths that need a new object: sorted, no doubles.
pub(super) fn replacements(schema: &Schema, prior: &Value, config: &Value, planned: &Value) -> Vec<Path> {
    let mut search = Search { paths: Vec::new() };
    search.attributes(&schema.attributes, &Path::root(), prior, config, planned);
    search.paths.sort();
    search.paths.dedup();
    search.paths
}

struct Search {
    paths: Vec<Path>,
}

impl Search {
    fn attributes(
        &mut self,
        attributes: &[Attribute],
        parent: &Path,
        prior: &Value,
        config: &Value,
        planned: &Value,
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
                self.paths.push(path.clone());
            }
            if let AttributeType::Nested(_, children) = &attribute.ty {
                self.inside(children, &path, before, wanted, after);
            }
        }
    }

    /// Looks into the nested objects that are there before and after. One that is new or gone is a change
    /// of the attribute that holds it, and of nothing inside.
    fn inside(
        &mut self,
        children: &[Attribute],
        path: &Path,
        prior: &Value,
        config: &Value,
        planned: &Value,
    ) {
        match (prior, planned) {
            (Value::Object(_), Value::Object(_)) => self.attributes(children, path, prior, config, planned),
            (Value::Map(before), Value::Map(after)) => {
                for (key, after) in after {
                    if let Some(before) = before.get(key) {
                        let wanted = config.at(&Path::root().key(key)).unwrap_or(&Value::Null);
                        self.inside(children, &path.clone().key(key), before, wanted, after);
                    }
                }
            }
            (Value::List(before), Value::List(after)) => {
                for (index, (before, after)) in before.iter().zip(after).enumerate() {
                    let index = index as i64;
                    let wanted = config.at(&Path::root().index(index)).unwrap_or(&Value::Null);
                    self.inside(children, &path.clone().index(index), before, wanted, after);
                }
            }
            // A path cannot step into a set: the schema check refuses modifiers there.
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema() -> Schema {
        let children = || [Attribute::string("fixed").replaces(), Attribute::string("free")];
        Schema::new("x").attributes([
            Attribute::string("name").replaces(),
            Attribute::string("region").modify(Modifier::ReplaceIfConfigured),
            Attribute::string("note"),
            Attribute::nested_single("one", children()),
            Attribute::nested_list("some", children()),
            Attribute::nested_map("many", children()),
            Attribute::nested_single("whole", children()).replaces(),
        ])
    }

    fn item(fixed: &str, free: &str) -> Value {
        Value::object([("fixed", Value::string(fixed)), ("free", Value::string(free))])
    }

    fn map(key: &str, item: Value) -> Value {
        Value::Map([(key.to_owned(), item)].into())
    }

    /// Changes one attribute from `before` to `after`, which the user wrote like that.
    fn check(name: &str, before: Value, after: Value, expect: &[&str]) {
        let [prior, planned] = [before, after].map(|value| Value::object([(name, value)]));
        let found: Vec<String> = replacements(&schema(), &prior, &planned, &planned)
            .iter()
            .map(Path::to_string)
            .collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn a_marked_attribute_that_changes_replaces() {
        check("name", Value::string("a"), Value::string("b"), &["name"]);
        check("name", Value::string("a"), Value::Null, &["name"]);
        check("name", Value::string("a"), Value::Unknown, &["name"]);
        check("name", Value::string("a"), Value::string("a"), &[]);
        check("note", Value::string("a"), Value::string("b"), &[]);
    }

    #[test]
    fn leaving_it_out_does_not_replace_if_only_configured_values_do() {
        check("region", Value::string("a"), Value::string("b"), &["region"]);
        check("region", Value::string("a"), Value::Null, &[]);
    }

    #[test]
    fn looks_inside_objects_that_stay() {
        check("one", item("a", "b"), item("x", "b"), &["one.fixed"]);
        check("one", item("a", "b"), item("a", "x"), &[]);
        check("one", Value::Null, item("a", "b"), &[]);
        check("whole", item("a", "b"), item("x", "b"), &["whole", "whole.fixed"]);
        check(
            "many",
            map("k", item("a", "b")),
            map("k", item("x", "b")),
            &["many[\"k\"].fixed"],
        );
        check(
            "many",
            map("k", item("a", "b")),
            map("other", item("x", "b")),
            &[],
        );
        let list = |items: &[Value]| Value::List(items.to_vec());
        check(
            "some",
            list(&[item("a", "b"), item("c", "d")]),
            list(&[item("a", "x"), item("y", "d"), item("z", "z")]),
            &["some[1].fixed"],
        );
    }

    #[test]
    fn nothing_replaces_an_object_that_becomes_unknown_unless_it_is_marked() {
        check("one", item("a", "b"), Value::Unknown, &[]);
        check("whole", item("a", "b"), Value::Unknown, &["whole"]);
    }
}
