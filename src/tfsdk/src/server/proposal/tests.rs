//! Proposals, case by case and for all cases.

use proptest::prelude::*;

use super::*;
use crate::Type;

const NULL: Value = Value::Null;
const UNKNOWN: Value = Value::Unknown;

fn text(text: &str) -> Value {
    Value::string(text)
}

fn one(name: &str, value: Value) -> Value {
    Value::object([(name, value)])
}

fn children() -> [Attribute; 4] {
    [
        Attribute::string("name"),
        Attribute::string("kind").default_value(text("plain")),
        Attribute::string("id").computed().keeps(),
        Attribute::string("token").write_only(),
    ]
}

fn schema() -> Schema {
    Schema::new("x").attributes([
        Attribute::string("name"),
        Attribute::string("kind").default_value(text("plain")),
        Attribute::string("either").optional_computed(),
        Attribute::string("kept").optional_computed().keeps(),
        Attribute::string("status").computed(),
        Attribute::string("arn").computed().keeps(),
        Attribute::string("secret").write_only(),
        Attribute::of("tags", Type::map(Type::String)),
        Attribute::nested_single("one", children()),
        Attribute::nested_list("list", children()),
        Attribute::nested_map("map", children()),
        Attribute::nested_set("set", [Attribute::string("name")]),
        Attribute::nested_single(
            "filled",
            [
                Attribute::string("kind").default_value(text("plain")),
                Attribute::string("id").computed(),
            ],
        )
        .optional_computed()
        .keeps(),
        Attribute::nested_single("given", [Attribute::string("kind").optional_computed()])
            .default_value(one("kind", text("given"))),
    ])
}

/// An object of the schema, or of its children, with everything null that is not given.
fn complete(attributes: &[Attribute], given: &Value) -> Value {
    Value::object(
        attributes
            .iter()
            .map(|attribute| (&attribute.name, given.attribute(&attribute.name).clone())),
    )
}

fn child(given: Value) -> Value {
    complete(&children(), &given)
}

/// What Terraform proposes: the configuration, and the prior value where only the provider sets one.
fn merged(attributes: &[Attribute], prior: &Value, config: &Value) -> Value {
    Value::object(attributes.iter().map(|attribute| {
        let (before, wanted) = (
            prior.attribute(&attribute.name),
            config.attribute(&attribute.name),
        );
        let inside = |before: &Value, wanted: &Value| match wanted {
            Value::Object(_) => merged(attribute.nested_attributes(), before, wanted),
            _ => wanted.clone(),
        };
        let nested = !attribute.nested_attributes().is_empty();
        let value = match wanted {
            Value::Null if attribute.is_computed() => before.clone(),
            Value::Object(_) => inside(before, wanted),
            Value::List(items) if nested => {
                let before = |index| before.at(&Path::root().index(index as i64)).unwrap_or(&NULL);
                let items = items.iter().enumerate();
                Value::List(items.map(|(index, item)| inside(before(index), item)).collect())
            }
            Value::Map(entries) if nested => {
                let before = |key| before.at(&Path::root().key(key)).unwrap_or(&NULL);
                let entries = entries.iter();
                Value::Map(
                    entries
                        .map(|(key, item)| (key.clone(), inside(before(key), item)))
                        .collect(),
                )
            }
            _ => wanted.clone(),
        };
        (&attribute.name, value)
    }))
}

fn proposal(prior: &Value, config: &Value) -> Value {
    let schema = schema();
    propose(&schema, prior, config, &merged(&schema.attributes, prior, config))
}

/// Proposes from what is given, and looks at one attribute. A prior of null is a create.
fn check(prior: Value, config: Value, name: &str, expect: Value) {
    let attributes = schema().attributes;
    let prior = match prior {
        Value::Null => NULL,
        prior => complete(&attributes, &prior),
    };
    let proposal = proposal(&prior, &complete(&attributes, &config));
    assert_eq!(proposal.attribute(name), &expect, "{prior:?} {config:?}");
}

fn state() -> Value {
    Value::object([
        ("name", text("a")),
        ("kind", text("plain")),
        ("either", text("e")),
        ("kept", text("k")),
        ("status", text("on")),
        ("arn", text("arn")),
    ])
}

#[test]
fn defaults_stand_where_nothing_is_written() {
    check(NULL, one("kind", NULL), "kind", text("plain"));
    check(NULL, one("kind", text("mine")), "kind", text("mine"));
    check(NULL, one("kind", UNKNOWN), "kind", UNKNOWN);
    check(
        one("kind", text("mine")),
        one("name", text("b")),
        "kind",
        text("plain"),
    );
    check(NULL, one("name", NULL), "given", one("kind", text("given")));
    check(
        NULL,
        one("given", one("kind", NULL)),
        "given",
        one("kind", UNKNOWN),
    );
}

#[test]
fn defaults_stand_inside_what_is_written_only() {
    let plain = child(Value::object([("kind", text("plain")), ("id", UNKNOWN)]));
    let empty = child(one("name", NULL));
    check(NULL, one("one", NULL), "one", NULL);
    check(NULL, one("one", UNKNOWN), "one", UNKNOWN);
    check(NULL, one("one", empty.clone()), "one", plain.clone());
    let list = |item: &Value| Value::List(vec![item.clone(), NULL, UNKNOWN]);
    check(NULL, one("list", list(&empty)), "list", list(&plain));
    let map = |item: &Value| Value::Map([("k".to_owned(), item.clone())].into());
    check(NULL, one("map", map(&empty)), "map", map(&plain));
}

/// The provider's own object is not broken up by the defaults of what the user may write.
#[test]
fn an_object_that_the_provider_filled_is_taken_whole() {
    let filled = Value::object([("kind", text("odd")), ("id", text("1"))]);
    let prior = Value::object([
        ("filled", filled.clone()),
        ("kind", text("plain")),
        ("given", one("kind", text("given"))),
    ]);
    check(prior.clone(), one("name", NULL), "filled", filled.clone());
    check(prior, one("name", text("b")), "filled", filled);
}

#[test]
fn nothing_becomes_unknown_when_nothing_changes() {
    let settled = Value::object([("given", one("kind", text("given")))]);
    let Value::Object(mut prior) = state() else {
        panic!("an object is an object");
    };
    if let Value::Object(settled) = settled {
        prior.extend(settled);
    }
    for name in ["either", "kept", "status", "arn"] {
        let prior = Value::Object(prior.clone());
        check(
            prior.clone(),
            one("name", text("a")),
            name,
            prior.attribute(name).clone(),
        );
    }
}

#[test]
fn what_is_computed_becomes_unknown_when_something_changes() {
    for (name, expect) in [
        ("either", UNKNOWN),
        ("kept", text("k")),
        ("status", UNKNOWN),
        ("arn", text("arn")),
        ("secret", NULL),
        ("tags", NULL),
    ] {
        check(state(), one("name", text("b")), name, expect);
    }
    for name in ["either", "kept", "status", "arn"] {
        check(NULL, one("name", text("b")), name, UNKNOWN);
    }
}

#[test]
fn a_prior_null_is_kept_as_well() {
    check(one("name", text("a")), one("name", text("b")), "kept", NULL);
    check(one("name", text("a")), one("kept", UNKNOWN), "kept", UNKNOWN);
}

#[test]
fn elements_keep_their_values_by_key() {
    let item = |name: &str, id: Value| {
        child(Value::object([
            ("name", text(name)),
            ("kind", text("plain")),
            ("id", id),
        ]))
    };
    let map = |entries: &[(&str, Value)]| {
        let entries = entries
            .iter()
            .map(|(key, item)| ((*key).to_owned(), item.clone()));
        one("map", Value::Map(entries.collect()))
    };
    let proposed = map(&[("a", item("changed", text("1"))), ("b", item("new", UNKNOWN))]);
    check(
        map(&[("a", item("old", text("1"))), ("gone", item("old", text("2")))]),
        map(&[("a", item("changed", NULL)), ("b", item("new", NULL))]),
        "map",
        proposed.attribute("map").clone(),
    );
}

#[test]
fn elements_keep_their_values_by_index_while_they_are_the_same() {
    let item = |name: &str, id: Value| {
        child(Value::object([
            ("name", text(name)),
            ("kind", text("plain")),
            ("id", id),
        ]))
    };
    let list = |items: &[Value]| one("list", Value::List(items.to_vec()));
    let prior = || list(&[item("a", text("1")), item("b", text("2"))]);
    for (config, expect) in [
        (["a", "b", "c"], [text("1"), text("2"), UNKNOWN]),
        (["b", "a", "c"], [UNKNOWN, UNKNOWN, UNKNOWN]),
        (["a", "x", "b"], [text("1"), UNKNOWN, UNKNOWN]),
    ] {
        let wanted = list(&config.map(|name| item(name, NULL)));
        let [first, second, third] = expect;
        let proposed = list(&[
            item(config[0], first),
            item(config[1], second),
            item(config[2], third),
        ]);
        check(prior(), wanted, "list", proposed.attribute("list").clone());
    }
}

#[test]
fn write_only_values_are_taken_out_everywhere() {
    let secret = || child(one("token", text("hunter2")));
    let value = complete(
        &schema().attributes,
        &Value::object([
            ("secret", text("hunter2")),
            ("one", secret()),
            ("list", Value::List(vec![secret()])),
            ("map", Value::Map([("k".to_owned(), secret())].into())),
        ]),
    );
    let clean = without_write_only(&schema(), &value);
    assert!(!format!("{clean:?}").contains("hunter2"), "{clean:?}");
    assert_eq!(clean.at(&Path::of("one").attribute("name")), Some(&NULL));
    let proposed = proposal(&NULL, &value);
    assert!(!format!("{proposed:?}").contains("hunter2"), "{proposed:?}");
}

#[test]
fn what_is_saved_half_way_has_null_for_unknown() {
    let nested = |value: Value| {
        Value::object([
            ("a", Value::List(vec![value.clone()])),
            ("b", Value::Set(vec![value.clone()])),
            ("c", Value::Map([("k".to_owned(), value.clone())].into())),
            ("d", Value::Dynamic(Type::String, Box::new(value.clone()))),
            ("e", Value::Tuple(vec![value])),
        ])
    };
    assert_eq!(without_unknown(nested(UNKNOWN)), nested(NULL));
    assert_eq!(without_unknown(nested(text("x"))), nested(text("x")));
}

/// A value that an attribute may have in a configuration.
fn written(attribute: &Attribute) -> BoxedStrategy<Value> {
    if attribute.mode == Mode::Computed {
        return Just(NULL).boxed();
    }
    let some = of_type(attribute, &written);
    prop_oneof![2 => Just(NULL), 1 => Just(UNKNOWN), 4 => some].boxed()
}

/// A value that an attribute may have in a state.
fn stored(attribute: &Attribute) -> BoxedStrategy<Value> {
    if attribute.write_only {
        return Just(NULL).boxed();
    }
    let some = of_type(attribute, &stored);
    prop_oneof![1 => Just(NULL), 4 => some].boxed()
}

fn of_type(
    attribute: &Attribute,
    inside: &dyn Fn(&Attribute) -> BoxedStrategy<Value>,
) -> BoxedStrategy<Value> {
    use crate::schema::Nesting;
    let word = || prop_oneof![Just(text("a")), Just(text("b")), Just(text("plain"))];
    let AttributeType::Nested(nesting, children) = &attribute.ty else {
        return match attribute.ty() {
            Type::Map(_) => prop::collection::btree_map("[ab]", word(), 0..2)
                .prop_map(Value::Map)
                .boxed(),
            _ => word().boxed(),
        };
    };
    let object = object_of(children, inside);
    match nesting {
        Nesting::Single => object,
        Nesting::List => prop::collection::vec(object, 0..3).prop_map(Value::List).boxed(),
        Nesting::Set => prop::collection::vec(object, 0..2).prop_map(Value::Set).boxed(),
        Nesting::Map => prop::collection::btree_map("[ab]", object, 0..3)
            .prop_map(Value::Map)
            .boxed(),
    }
}

fn object_of(
    attributes: &[Attribute],
    inside: &dyn Fn(&Attribute) -> BoxedStrategy<Value>,
) -> BoxedStrategy<Value> {
    let (names, values): (Vec<String>, Vec<_>) = attributes
        .iter()
        .map(|attribute| (attribute.name.clone(), inside(attribute)))
        .unzip();
    values
        .prop_map(move |values| Value::object(names.iter().cloned().zip(values)))
        .boxed()
}

fn config() -> BoxedStrategy<Value> {
    object_of(&schema().attributes, &written)
}

fn prior() -> BoxedStrategy<Value> {
    prop_oneof![1 => Just(NULL), 4 => object_of(&schema().attributes, &stored)].boxed()
}

proptest! {
    #[test]
    fn a_proposal_alters_nothing_that_is_configured(prior in prior(), config in config()) {
        let proposed = proposal(&prior, &config);
        let broken = crate::server::promises::check_plan(&schema(), &prior, &config, &proposed);
        prop_assert_eq!(broken, vec![]);
        // Even what may give way to the prior value does not.
        let broken = crate::server::promises::check_plan(&schema(), &NULL, &config, &proposed);
        prop_assert_eq!(broken, vec![]);
    }

    #[test]
    fn a_proposal_of_a_proposal_is_the_same(prior in prior(), config in config()) {
        let once = proposal(&prior, &config);
        let twice = propose(&schema(), &prior, &config, &once);
        prop_assert_eq!(once, twice);
    }

    #[test]
    fn what_was_applied_as_proposed_needs_no_change(prior in prior(), config in config()) {
        let known = without_unknown(config);
        let applied = without_unknown(proposal(&prior, &known));
        prop_assert_eq!(&proposal(&applied, &known), &applied);
    }

    #[test]
    fn a_proposal_has_the_type_of_its_schema(prior in prior(), config in config()) {
        let (_, misfits) = crate::conform::conform(&schema().ty(), proposal(&prior, &config));
        prop_assert_eq!(misfits, vec![]);
    }
}
