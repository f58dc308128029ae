//! The rules that Terraform and this SDK set for schemas. Run by the tests of a provider, not at start.

use super::{Attribute, AttributeType, Mode, Nesting, Schema};
use crate::{Path, Type};

/// Root names that Terraform keeps for itself in resources and data sources.
const RESERVED: [&str; 7] = [
    "connection",
    "count",
    "depends_on",
    "for_each",
    "lifecycle",
    "provider",
    "provisioner",
];

/// Lists what is wrong with a schema, each fault with its path. Empty when Terraform will take it.
pub fn check(schema: &Schema) -> Vec<String> {
    let mut faults = Vec::new();
    if schema.version < 0 {
        faults.push(format!("version {} is below zero", schema.version));
    }
    for attribute in &schema.attributes {
        if RESERVED.contains(&attribute.name.as_str()) {
            faults.push(format!("{}: the name is reserved by Terraform", attribute.name));
        }
    }
    check_attributes(&schema.attributes, &Path::root(), Within::default(), &mut faults);
    for block in &schema.blocks {
        let path = Path::of(&block.name);
        check_name(&block.name, &path, &mut faults);
        if schema.attribute(&block.name).is_some() {
            faults.push(format!("{path}: both an attribute and a block"));
        }
        check_attributes(&block.attributes, &path, Within::default(), &mut faults);
    }
    faults
}

/// What the attributes under check are nested in.
#[derive(Debug, Clone, Copy, Default)]
struct Within {
    set: bool,
    computed: bool,
    collection: bool,
}

fn check_attributes(attributes: &[Attribute], parent: &Path, within: Within, faults: &mut Vec<String>) {
    for (place, attribute) in attributes.iter().enumerate() {
        let path = parent.clone().attribute(&attribute.name);
        check_name(&attribute.name, &path, faults);
        if attributes[..place]
            .iter()
            .any(|earlier| earlier.name == attribute.name)
        {
            faults.push(format!("{path}: declared twice"));
        }
        check_attribute(attribute, &path, within, faults);
    }
}

fn check_name(name: &str, path: &Path, faults: &mut Vec<String>) {
    let mut bytes = name.bytes();
    let begins = bytes
        .next()
        .is_some_and(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if !begins || !bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_') {
        faults.push(format!(
            "{path}: not a name of lower-case letters, digits and underscores"
        ));
    }
}

fn check_attribute(attribute: &Attribute, path: &Path, within: Within, faults: &mut Vec<String>) {
    let mut fault = |text: &str| faults.push(format!("{path}: {text}"));
    if attribute.description.trim().is_empty() {
        fault("not documented");
    }
    if attribute.default.is_some() && attribute.mode != Mode::OptionalComputed {
        fault("a default needs an attribute that is optional and computed");
    }
    if within.set && (attribute.default.is_some() || attribute.is_computed()) && !within.computed {
        fault("computed inside a set that the user writes: its elements cannot be told apart");
    }
    if attribute.write_only {
        if attribute.is_computed() {
            fault("write-only and computed");
        }
        if within.set || within.computed {
            fault("write-only inside a set or a computed attribute");
        }
    }
    match &attribute.ty {
        AttributeType::Plain(Type::Dynamic) if within.collection => {
            fault("dynamic inside a collection");
        }
        AttributeType::Plain(Type::Dynamic) => {}
        AttributeType::Plain(ty) if ty.has_dynamic() => fault("dynamic inside a collection"),
        AttributeType::Plain(_) => {}
        AttributeType::Nested(nesting, children) => {
            if children.is_empty() {
                fault("nested without attributes");
            }
            if attribute.write_only && children.iter().any(|child| !child.write_only) {
                fault("write-only with children that are not");
            }
            let inside = Within {
                set: within.set || *nesting == Nesting::Set,
                computed: within.computed || attribute.mode == Mode::Computed,
                collection: within.collection || *nesting != Nesting::Single,
            };
            check_attributes(children, path, inside, faults);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Block, Value};

    fn faults(attributes: impl IntoIterator<Item = Attribute>) -> Vec<String> {
        check(&Schema::new("x").attributes(attributes))
    }

    #[test]
    fn takes_a_good_schema() {
        let schema = Schema::new("x")
            .attributes([
                Attribute::string("name").required().describe("d"),
                Attribute::number("days")
                    .default_value(Value::integer(35))
                    .describe("d"),
                Attribute::nested_map("rules", [Attribute::string("schedule").required().describe("d")])
                    .optional()
                    .describe("d"),
            ])
            .blocks([Block::list("endpoints", [Attribute::string("sts").describe("d")])]);
        assert_eq!(check(&schema), Vec::<String>::new());
    }

    #[test]
    fn names_every_fault() {
        let text = |attribute: Attribute| faults([attribute]).join("; ");
        assert_eq!(
            text(Attribute::string("count").describe("d")),
            "count: the name is reserved by Terraform"
        );
        assert!(text(Attribute::string("Name").describe("d")).contains("lower-case"));
        assert_eq!(text(Attribute::string("a")), "a: not documented");
        assert_eq!(
            text(
                Attribute::string("a")
                    .default_value(Value::string("b"))
                    .required()
                    .describe("d")
            ),
            "a: a default needs an attribute that is optional and computed"
        );
        assert!(text(Attribute::string("a").computed().write_only().describe("d")).contains("write-only"));
        assert!(text(Attribute::of("a", Type::list(Type::Dynamic)).describe("d")).contains("dynamic"));
        assert!(
            text(
                Attribute::nested_list("a", [Attribute::of("b", Type::Dynamic).describe("d")]).describe("d")
            )
            .contains("a.b: dynamic")
        );
        assert!(
            text(Attribute::nested_set("a", [Attribute::string("b").computed().describe("d")]).describe("d"))
                .contains("computed inside a set")
        );
        assert!(
            faults([
                Attribute::string("a").describe("d"),
                Attribute::string("a").describe("d")
            ])
            .contains(&"a: declared twice".to_owned())
        );
    }
}
