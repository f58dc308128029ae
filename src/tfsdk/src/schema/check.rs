//! The rules that Terraform and this SDK set for schemas. Run by the tests of a provider, not at start.

use super::{Attribute, AttributeType, Default, Mode, Modifier, Nesting, Schema, Validator};
use crate::conform::conform;
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
/// Root names that Terraform keeps for itself in provider blocks.
const RESERVED_IN_PROVIDER: [&str; 2] = ["alias", "version"];

/// Lists what is wrong with the schema of a resource or data source, each fault with its path. Empty when
/// Terraform will take it, and plans with it will settle.
pub fn check(schema: &Schema) -> Vec<String> {
    check_block(schema, &RESERVED, Within::default())
}

/// Lists what is wrong with the schema of a provider block. Nothing in it can be computed: Terraform neither
/// plans it nor hands back what the provider makes of it.
pub fn check_provider(schema: &Schema) -> Vec<String> {
    check_block(
        schema,
        &RESERVED_IN_PROVIDER,
        Within {
            users: true,
            ..Within::default()
        },
    )
}

fn check_block(schema: &Schema, reserved: &[&str], within: Within) -> Vec<String> {
    let mut faults = Vec::new();
    if schema.description.trim().is_empty() {
        faults.push("the schema is not documented".to_owned());
    }
    if schema.version < 0 {
        faults.push(format!("version {} is below zero", schema.version));
    }
    let roots = schema.attributes.iter().map(|attribute| &attribute.name);
    let roots = roots.chain(schema.blocks.iter().map(|block| &block.name));
    for name in roots {
        if reserved.contains(&name.as_str()) {
            faults.push(format!("{name}: the name is reserved by Terraform"));
        }
    }
    check_attributes(&schema.attributes, &Path::root(), within, &mut faults);
    for (place, block) in schema.blocks.iter().enumerate() {
        let path = Path::of(&block.name);
        check_name(&block.name, &path, &mut faults);
        if schema.attribute(&block.name).is_some() {
            faults.push(format!("{path}: both an attribute and a block"));
        }
        if schema.blocks[..place]
            .iter()
            .any(|earlier| earlier.name == block.name)
        {
            faults.push(format!("{path}: declared twice"));
        }
        if block.description.trim().is_empty() {
            faults.push(format!("{path}: not documented"));
        }
        if block.max_items < 0 {
            faults.push(format!("{path}: at most {} blocks", block.max_items));
        }
        let inside = Within {
            users: true,
            collection: true,
            ..within
        };
        check_attributes(&block.attributes, &path, inside, &mut faults);
    }
    faults
}

/// What the attributes under check are nested in.
#[derive(Debug, Clone, Copy, std::default::Default)]
struct Within {
    /// A set.
    set: bool,
    /// What only the provider sets.
    computed: bool,
    /// What the provider sets as a whole where the user leaves it out.
    filled: bool,
    /// A list, set or map.
    collection: bool,
    /// A provider block or a nested block: what only the user sets.
    users: bool,
}

fn check_attributes(attributes: &[Attribute], parent: &Path, within: Within, faults: &mut Vec<String>) {
    for (place, attribute) in attributes.iter().enumerate() {
        let path = parent.clone().attribute(&attribute.name);
        check_name(&attribute.name, &path, faults);
        let mut found = Vec::new();
        if attributes[..place]
            .iter()
            .any(|earlier| earlier.name == attribute.name)
        {
            found.push("declared twice");
        }
        check_place(attribute, within, &mut found);
        check_behaviour(attribute, within, &mut found);
        faults.extend(found.into_iter().map(|fault| format!("{path}: {fault}")));
        check_values(attribute, &path, faults);
        check_type(attribute, &path, within, faults);
    }
}

/// A name as Terraform's language takes it.
pub(crate) fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    let begins = bytes
        .next()
        .is_some_and(|byte| byte.is_ascii_lowercase() || byte == b'_');
    begins && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

fn check_name(name: &str, path: &Path, faults: &mut Vec<String>) {
    if !is_name(name) {
        faults.push(format!(
            "{path}: not a name of lower-case letters, digits and underscores"
        ));
    }
}

/// What an attribute may be where it stands.
fn check_place(attribute: &Attribute, within: Within, found: &mut Vec<&'static str>) {
    if attribute.description.trim().is_empty() {
        found.push("not documented");
    }
    let provider_sets = attribute.is_computed() || attribute.default.is_some();
    if within.set && provider_sets && !within.computed {
        found.push("computed inside a set that the user writes: its elements cannot be told apart");
    }
    if within.set && !attribute.modifiers.is_empty() {
        found.push("a modifier inside a set: its elements cannot be told apart");
    }
    if within.users && (provider_sets || attribute.write_only || !attribute.modifiers.is_empty()) {
        found.push("computed, write-only or modified inside a block, which is the user's alone");
    }
    if within.computed && attribute.mode != Mode::Computed {
        found.push("not computed, and inside an attribute that is");
    } else if within.filled && !attribute.is_computed() {
        found.push(
            "not computed, and inside an attribute that is optional and computed: Terraform takes a value of \
             the provider's for one of the user's, and plans to remove it",
        );
    }
    if attribute.write_only {
        if attribute.is_computed() {
            found.push("write-only and computed");
        }
        if within.set || within.computed {
            found.push("write-only inside a set or a computed attribute");
        }
    }
}

/// What mode, default and modifiers make of each other.
fn check_behaviour(attribute: &Attribute, within: Within, found: &mut Vec<&'static str>) {
    if attribute.default.is_some() && attribute.mode != Mode::OptionalComputed {
        found.push("a default needs an attribute that is optional and computed");
    }
    let has = |modifier| attribute.modifiers.contains(&modifier);
    let becomes_unknown = attribute.is_computed() && attribute.default.is_none();
    if has(Modifier::KeepPrior) && !becomes_unknown {
        found.push("keeps its prior value, and never becomes unknown");
    }
    if has(Modifier::Replace) && becomes_unknown && !has(Modifier::KeepPrior) && !within.set {
        found.push("replaces, and becomes unknown with every other change: it must keep its prior value");
    }
}

/// Whether the default and the validators go with the type.
fn check_values(attribute: &Attribute, path: &Path, faults: &mut Vec<String>) {
    let ty = attribute.ty();
    for validator in &attribute.validators {
        if !validator.applies_to(&ty) {
            faults.push(format!(
                "{path}: {validator:?} has nothing to check in {}",
                ty.kind()
            ));
        }
        match validator {
            Validator::OneOf([]) => faults.push(format!("{path}: one of nothing")),
            Validator::Between(low, high) if low > high => {
                faults.push(format!("{path}: no number is between {low} and {high}"));
            }
            _ => {}
        }
    }
    let Some(Default::Value(default)) = &attribute.default else {
        return;
    };
    if default.is_null() || !default.is_wholly_known() {
        faults.push(format!("{path}: the default is null or unknown"));
    }
    for misfit in conform(&ty, default.clone()).1 {
        let inside = path.clone().join(&misfit.path);
        faults.push(format!("{inside}: the default does not fit: {}", misfit.text));
    }
    for validator in &attribute.validators {
        if let Err(refusal) = validator.check(default) {
            faults.push(format!("{path}: the default is refused: {refusal}"));
        }
    }
}

fn check_type(attribute: &Attribute, path: &Path, within: Within, faults: &mut Vec<String>) {
    let mut fault = |text: &str| faults.push(format!("{path}: {text}"));
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
                filled: within.filled
                    || (attribute.mode == Mode::OptionalComputed && attribute.default.is_none()),
                collection: within.collection || *nesting != Nesting::Single,
                users: within.users,
            };
            check_attributes(children, path, inside, faults);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Block, Value};

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
            .blocks([Block::list("endpoints", [Attribute::string("sts").describe("d")]).describe("d")]);
        assert_eq!(check(&schema), Vec::<String>::new());
    }

    /// Checks one attribute. What is expected is part of the only fault, or nothing.
    fn check_one(attribute: Attribute, expect: Option<&str>) {
        let found = check(&Schema::new("x").attributes([attribute]));
        match expect {
            None => assert_eq!(found, Vec::<String>::new()),
            Some(expect) => assert!(
                found.len() == 1 && found[0].contains(expect),
                "{found:?} is not {expect:?}"
            ),
        }
    }

    fn string(name: &str) -> Attribute {
        Attribute::string(name).describe("d")
    }

    fn number(name: &str) -> Attribute {
        Attribute::number(name).describe("d")
    }

    fn nested(children: impl IntoIterator<Item = Attribute>) -> Attribute {
        Attribute::nested_single("a", children).describe("d")
    }

    #[test]
    fn names_are_terraforms() {
        check_one(string("count"), Some("count: the name is reserved by Terraform"));
        check_one(string("Name"), Some("lower-case"));
        check_one(string("1st"), Some("lower-case"));
        check_one(string("_1st"), None);
        check_one(nested([string("count")]), None);
        let twice = Schema::new("x").attributes([string("a"), string("a")]);
        assert_eq!(check(&twice), ["a: declared twice"]);
    }

    #[test]
    fn all_is_documented() {
        check_one(Attribute::string("a"), Some("a: not documented"));
        check_one(nested([Attribute::string("b")]), Some("a.b: not documented"));
        assert_eq!(check(&Schema::new(" ")), ["the schema is not documented"]);
    }

    #[test]
    fn defaults_fit() {
        let text = |text: &str| Value::string(text);
        check_one(
            string("a").default_value(text("b")).required(),
            Some("a: a default needs an attribute that is optional and computed"),
        );
        check_one(
            string("a").default_value(Value::Bool(true)),
            Some("a: the default does not fit"),
        );
        check_one(
            string("a").default_value(Value::Null),
            Some("the default is null or unknown"),
        );
        check_one(
            string("a").default_value(Value::Unknown),
            Some("the default is null or unknown"),
        );
        let days = number("a").validate(Validator::Between(1, 35));
        check_one(
            days.clone().default_value(Value::integer(36)),
            Some("the default is refused"),
        );
        check_one(days.default_value(Value::integer(35)), None);
        let object = |name| Value::object([(name, Value::string("x"))]);
        check_one(nested([string("b")]).default_value(object("b")), None);
        assert_eq!(
            check(&Schema::new("x").attributes([nested([string("b")]).default_value(object("c"))])),
            [
                "a.b: the default does not fit: the object lacks the attribute",
                "a.c: the default does not fit: the type has no such attribute"
            ]
        );
    }

    #[test]
    fn validators_have_something_to_check() {
        check_one(
            number("a").validate(Validator::Duration),
            Some("has nothing to check in a number"),
        );
        check_one(
            string("a").validate(Validator::Between(1, 2)),
            Some("has nothing to check in a string"),
        );
        check_one(
            number("a").validate(Validator::Between(2, 1)),
            Some("no number is between 2 and 1"),
        );
        check_one(
            string("a").validate(Validator::OneOf(&[])),
            Some("one of nothing"),
        );
        let words = Attribute::of("a", Type::set(Type::String)).describe("d");
        check_one(words.clone().validate(Validator::NotEmpty), None);
        check_one(
            words.validate(Validator::OneOf(&["b"])),
            Some("has nothing to check in a set"),
        );
    }

    #[test]
    fn modifiers_do_something() {
        check_one(string("a").replaces(), None);
        check_one(string("a").optional_computed().replaces().keeps(), None);
        check_one(
            string("a").optional_computed().replaces(),
            Some("it must keep its prior value"),
        );
        check_one(
            string("a").computed().replaces(),
            Some("it must keep its prior value"),
        );
        check_one(string("a").default_value(Value::string("b")).replaces(), None);
        check_one(string("a").keeps(), Some("never becomes unknown"));
        let set = Attribute::nested_set("a", [string("b").replaces()]).describe("d");
        check_one(set, Some("a.b: a modifier inside a set"));
    }

    #[test]
    fn what_the_provider_fills_in_it_fills_in_whole() {
        check_one(nested([string("b").computed()]).computed(), None);
        check_one(
            nested([string("b")]).computed(),
            Some("a.b: not computed, and inside an attribute that is"),
        );
        check_one(
            nested([string("b").optional_computed()]).computed(),
            Some("not computed"),
        );
        check_one(
            nested([string("b").optional_computed()]).optional_computed(),
            None,
        );
        check_one(
            nested([string("b").required()]).optional_computed(),
            Some("plans to remove it"),
        );
        let default = Value::object([("b", Value::string("x"))]);
        check_one(nested([string("b").required()]).default_value(default), None);
        check_one(
            Attribute::nested_set("a", [string("b").computed()]).describe("d"),
            Some("a.b: computed inside a set"),
        );
        check_one(
            Attribute::nested_set("a", [string("b").computed()])
                .computed()
                .describe("d"),
            None,
        );
    }

    #[test]
    fn write_only_is_kept_nowhere() {
        check_one(string("a").write_only(), None);
        check_one(
            string("a").computed().write_only(),
            Some("write-only and computed"),
        );
        check_one(
            nested([string("b")]).write_only(),
            Some("write-only with children that are not"),
        );
        check_one(nested([string("b").write_only()]).write_only(), None);
        let set = Attribute::nested_set("a", [string("b").write_only()]).describe("d");
        check_one(set, Some("write-only inside a set"));
    }

    #[test]
    fn dynamic_stands_alone() {
        let dynamic = |name| Attribute::of(name, Type::Dynamic).describe("d");
        check_one(dynamic("a"), None);
        check_one(nested([dynamic("b")]), None);
        check_one(
            Attribute::of("a", Type::list(Type::Dynamic)).describe("d"),
            Some("a: dynamic"),
        );
        check_one(
            Attribute::nested_list("a", [dynamic("b")]).describe("d"),
            Some("a.b: dynamic"),
        );
    }

    #[test]
    fn blocks_are_the_users() {
        let check_block = |block: Block, expect: &str| {
            let found = check(&Schema::new("x").attributes([string("a")]).blocks([block]));
            assert!(
                found.len() == 1 && found[0].contains(expect),
                "{found:?} is not {expect:?}"
            );
        };
        check_block(
            Block::list("a", [string("b")]).describe("d"),
            "a: both an attribute and a block",
        );
        check_block(Block::list("B", [string("b")]).describe("d"), "lower-case");
        check_block(Block::list("b", [string("b")]), "b: not documented");
        check_block(
            Block::list("b", [string("b")]).describe("d").at_most(-1),
            "at most -1 blocks",
        );
        check_block(Block::list("lifecycle", [string("b")]).describe("d"), "reserved");
        for child in [
            string("c").computed(),
            string("c").default_value(Value::string("x")),
            string("c").write_only(),
            string("c").replaces(),
        ] {
            check_block(
                Block::list("b", [child]).describe("d"),
                "b.c: computed, write-only or modified",
            );
        }
        let dynamic = Attribute::of("c", Type::Dynamic).describe("d");
        check_block(
            Block::list("b", [dynamic]).describe("d"),
            "b.c: dynamic inside a collection",
        );
    }

    #[test]
    fn a_provider_block_is_the_users() {
        let faults = |attribute| check_provider(&Schema::new("x").attributes([attribute]));
        assert_eq!(faults(string("count")), Vec::<String>::new());
        assert_eq!(
            faults(string("alias")),
            ["alias: the name is reserved by Terraform"]
        );
        assert_eq!(faults(string("a").computed()).len(), 1);
        assert_eq!(
            faults(nested([string("b").default_value(Value::string("x"))])).len(),
            1
        );
    }
}
