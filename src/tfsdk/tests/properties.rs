//! Properties of values, numbers and durations that must hold for all of them.

use std::time::Duration;

use proptest::prelude::*;
use tfsdk::{Number, Type, Value, format_duration, parse_duration};

/// Values from so few that equal ones are common.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        Just(Value::Unknown),
        any::<bool>().prop_map(Value::Bool),
        (0_i64..3).prop_map(Value::integer),
        "[ab]{0,1}".prop_map(Value::string),
    ];
    leaf.prop_recursive(3, 24, 3, |inner| {
        let items = || prop::collection::vec(inner.clone(), 0..3);
        let named = prop::collection::btree_map("[ab]", inner.clone(), 0..3);
        prop_oneof![
            items().prop_map(Value::List),
            items().prop_map(Value::Set),
            items().prop_map(Value::Tuple),
            named.clone().prop_map(Value::Map),
            named.prop_map(Value::Object),
            inner
                .clone()
                .prop_map(|value| Value::Dynamic(Type::String, Box::new(value))),
        ]
    })
}

/// The same value with all its sets turned round.
fn turned(value: &Value) -> Value {
    match value {
        Value::Set(items) => Value::Set(items.iter().rev().map(turned).collect()),
        Value::List(items) => Value::List(items.iter().map(turned).collect()),
        Value::Tuple(items) => Value::Tuple(items.iter().map(turned).collect()),
        Value::Map(entries) => Value::Map(
            entries
                .iter()
                .map(|(key, item)| (key.clone(), turned(item)))
                .collect(),
        ),
        Value::Object(attributes) => {
            Value::object(attributes.iter().map(|(name, item)| (name, turned(item))))
        }
        Value::Dynamic(ty, value) => Value::Dynamic(ty.clone(), Box::new(turned(value))),
        other => other.clone(),
    }
}

/// Decimal texts of all sizes, in all spellings.
fn decimal() -> impl Strategy<Value = String> {
    ("-?", "[0-9]{1,40}", "(\\.[0-9]{1,40})?", "([eE][+-]?[0-9]{1,3})?")
        .prop_map(|(sign, whole, fraction, exponent)| format!("{sign}{whole}{fraction}{exponent}"))
}

proptest! {
    #[test]
    fn a_value_is_the_same_as_itself_in_any_order(value in value()) {
        prop_assert!(value.same(&value));
        prop_assert!(value.same(&turned(&value)));
    }

    #[test]
    fn being_the_same_works_both_ways(left in value(), right in value()) {
        prop_assert_eq!(left.same(&right), right.same(&left));
        // What is equal is the same.
        prop_assert!(left != right || left.same(&right));
    }

    #[test]
    fn being_the_same_carries_over(first in value(), second in value(), third in value()) {
        if first.same(&second) && second.same(&third) {
            prop_assert!(first.same(&third));
        }
        // Random values are rarely the same: a second pair is.
        let other = turned(&first);
        prop_assert_eq!(first.same(&third), other.same(&third));
    }

    #[test]
    fn an_unknown_part_is_where_its_path_says(value in value()) {
        match value.first_unknown() {
            None => prop_assert!(value.is_wholly_known()),
            Some(path) => {
                prop_assert!(!value.is_wholly_known());
                // The path of an unknown inside a set or dynamic value ends there.
                let found = value.at(&path).expect("the path leads somewhere");
                prop_assert!(!found.is_wholly_known());
            }
        }
    }

    #[test]
    fn numbers_read_back_from_their_digits(text in decimal()) {
        let number: Number = text.parse().expect("a number");
        let plain = number.to_plain_string();
        prop_assert!(!plain.contains(['e', 'E', '+']), "{}", plain);
        prop_assert_eq!(plain.parse::<Number>().expect("its own digits"), number);
    }

    #[test]
    fn numbers_do_not_depend_on_their_spelling(digits in -999_999_i64..1_000_000, places in 0_u32..6) {
        let number: Number = format!("{digits}e-{places}").parse().expect("a number");
        let longer: Number = format!("{digits}000e-{}", places + 3).parse().expect("a number");
        prop_assert_eq!(&number, &longer);
        prop_assert_eq!(number.to_plain_string(), longer.to_plain_string());
    }

    #[test]
    fn whole_numbers_are_exact(integer in any::<i64>()) {
        let number = Number::from(integer);
        prop_assert_eq!(number.to_i64(), Some(integer));
        prop_assert_eq!(number.to_plain_string(), integer.to_string());
    }

    #[test]
    fn floats_come_back(float in any::<f64>()) {
        match Number::from_f64(float) {
            // Terraform has no negative zero.
            Some(number) => prop_assert_eq!(number.to_plain_string().parse::<f64>().expect("digits"), float + 0.0),
            None => prop_assert!(!float.is_finite()),
        }
    }

    #[test]
    fn no_text_makes_the_parsers_panic(text in "[-+0-9.eEinfNa_hmsuµn ]{0,24}") {
        let _ = (text.parse::<Number>(), parse_duration(&text));
    }

    #[test]
    fn durations_read_back_as_written(nanos in 0..=i64::MAX as u64) {
        let duration = Duration::from_nanos(nanos);
        prop_assert_eq!(parse_duration(&format_duration(duration)), Ok(duration));
    }

    #[test]
    fn short_durations_read_back_as_written(nanos in 0..5_000_000_000_u64) {
        let duration = Duration::from_nanos(nanos);
        prop_assert_eq!(parse_duration(&format_duration(duration)), Ok(duration));
    }
}
