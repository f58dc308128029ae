//! What is written reads back the same, for values of any type; and it says what is not.

use std::collections::BTreeMap;

use proptest::prelude::*;
use tfplugin::codec::{json, msgpack, type_json};
use tfsdk::{Number, Type, Value};

/// Any type, a few levels deep.
fn types() -> impl Strategy<Value = Type> {
    let leaf = prop_oneof![
        Just(Type::Bool),
        Just(Type::Number),
        Just(Type::String),
        Just(Type::Dynamic),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(Type::list),
            inner.clone().prop_map(Type::set),
            inner.clone().prop_map(Type::map),
            prop::collection::btree_map(names(), inner.clone(), 0..4).prop_map(Type::Object),
            prop::collection::vec(inner, 0..4).prop_map(Type::Tuple),
        ]
    })
}

fn names() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z_]{1,8}", "[a-zé\" ]{0,40}"]
}

fn numbers() -> impl Strategy<Value = Number> {
    let parse = |text: String| text.parse::<Number>().expect("a number");
    prop_oneof![
        any::<i64>().prop_map(Number::from),
        any::<u64>().prop_map(Number::from),
        (-200_i64..200).prop_map(Number::from),
        any::<f64>().prop_filter_map("finite", Number::from_f64),
        "-?[1-9][0-9]{0,80}".prop_map(parse),
        "-?[0-9]{1,30}\\.[0-9]{1,60}".prop_map(parse),
    ]
}

/// Any value of a type. Unknown parts only where they can be written.
fn values(ty: &Type, unknown: bool) -> BoxedStrategy<Value> {
    let known: BoxedStrategy<Value> = match ty {
        Type::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Type::Number => numbers().prop_map(Value::Number).boxed(),
        // In normal form C, in which text is read.
        Type::String => "[ -~éß漢🦀\\n]{0,300}".prop_map(Value::String).boxed(),
        Type::Dynamic => {
            let leaf = prop_oneof![
                Just(Type::Bool),
                Just(Type::Number),
                Just(Type::list(Type::String))
            ];
            leaf.prop_flat_map(move |ty| {
                values(&ty, unknown).prop_map(move |value| Value::Dynamic(ty.clone(), Box::new(value)))
            })
            .boxed()
        }
        Type::List(element) => prop::collection::vec(values(element, unknown), 0..20)
            .prop_map(Value::List)
            .boxed(),
        Type::Set(element) => prop::collection::vec(values(element, unknown), 0..20)
            .prop_map(Value::Set)
            .boxed(),
        Type::Map(element) => prop::collection::btree_map(names(), values(element, unknown), 0..20)
            .prop_map(Value::Map)
            .boxed(),
        Type::Object(attributes) => attributes
            .iter()
            .fold(Just(BTreeMap::new()).boxed(), |object, (name, ty)| {
                let name = name.clone();
                (object, values(ty, unknown))
                    .prop_map(move |(mut object, value)| {
                        object.insert(name.clone(), value);
                        object
                    })
                    .boxed()
            })
            .prop_map(Value::Object)
            .boxed(),
        Type::Tuple(places) => {
            let places: Vec<_> = places.iter().map(|ty| values(ty, unknown)).collect();
            places.prop_map(Value::Tuple).boxed()
        }
    };
    if unknown {
        prop_oneof![8 => known, 1 => Just(Value::Null), 1 => Just(Value::Unknown)].boxed()
    } else {
        prop_oneof![8 => known, 1 => Just(Value::Null)].boxed()
    }
}

fn typed(unknown: bool) -> impl Strategy<Value = (Type, Value)> {
    types().prop_flat_map(move |ty| values(&ty, unknown).prop_map(move |value| (ty.clone(), value)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn types_survive_json(ty in types()) {
        prop_assert_eq!(type_json::from_json(&type_json::to_json(&ty)), Ok(ty));
    }

    #[test]
    fn values_survive_msgpack((ty, value) in typed(true)) {
        let bytes = msgpack::encode(&value, &ty).expect("it fits");
        prop_assert_eq!(msgpack::decode(&bytes, &ty), Ok(value));
    }

    #[test]
    fn values_survive_json((ty, value) in typed(false)) {
        let bytes = json::encode(&value, &ty).expect("it fits");
        prop_assert_eq!(json::decode(&bytes, &ty, json::Unexpected::Refuse), Ok(value));
    }

    #[test]
    fn no_end_can_be_missing((ty, value) in typed(true), end in any::<prop::sample::Index>()) {
        let bytes = msgpack::encode(&value, &ty).expect("it fits");
        prop_assert!(msgpack::decode(&bytes[..end.index(bytes.len())], &ty).is_err());
    }

    #[test]
    fn floats_are_exact(float in any::<f64>()) {
        prop_assume!(float.is_finite());
        let mut bytes = vec![0xcb];
        bytes.extend(float.to_be_bytes());
        let Ok(Value::Number(number)) = msgpack::decode(&bytes, &Type::Number) else {
            return Err(TestCaseError::fail("a number"));
        };
        // Its decimal digits read back as the very same float.
        prop_assert_eq!(number.to_plain_string().parse::<f64>(), Ok(float));
        let again = msgpack::encode(&Value::Number(number.clone()), &Type::Number).expect("it fits");
        prop_assert_eq!(msgpack::decode(&again, &Type::Number), Ok(Value::Number(number)));
    }
}
