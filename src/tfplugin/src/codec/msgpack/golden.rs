//! Bytes that Terraform was seen to send, or that go-cty writes, read and written back.

use tfsdk::{Number, Type, Value};

use super::{decode, encode};
use crate::codec::CodecErrorKind;

/// `hex` reads as `value`, and `value` is written as exactly these bytes again.
fn check(hex: &str, ty: &Type, value: &Value) {
    let bytes = bytes(hex);
    assert_eq!(decode(&bytes, ty).expect(hex), *value, "{hex}");
    assert_eq!(encode(value, ty).expect(hex), bytes, "{hex}: {value:?}");
}

/// `hex` reads as `value`, though we would write it otherwise.
fn check_read(hex: &str, ty: &Type, value: &Value) {
    assert_eq!(decode(&bytes(hex), ty).expect(hex), *value, "{hex}");
}

/// `hex` is refused, with this message.
fn check_refused(hex: &str, ty: &Type, message: &str) {
    let err = decode(&bytes(hex), ty).expect_err(hex);
    assert_eq!(err.to_string(), message, "{hex}");
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .map(|byte| (byte as char).to_digit(16).expect("hex") as u8)
        .collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn number(text: &str) -> Value {
    Value::Number(text.parse::<Number>().expect("a number"))
}

#[test]
fn null_bool_and_text() {
    for ty in [
        Type::String,
        Type::Bool,
        Type::Number,
        Type::Dynamic,
        Type::list(Type::String),
    ] {
        check("c0", &ty, &Value::Null);
    }
    check("c3", &Type::Bool, &Value::Bool(true));
    check("c2", &Type::Bool, &Value::Bool(false));
    check("a0", &Type::String, &Value::string(""));
    check("a568656c6c6f", &Type::String, &Value::string("hello"));
    check(
        &format!("d928{}", "61".repeat(40)),
        &Type::String,
        &Value::string("a".repeat(40)),
    );
    check_read(
        &format!("c405{}", hex("hello")),
        &Type::String,
        &Value::string("hello"),
    );
    // "e" and a combining accent come back composed.
    check_read("a3 65cc81", &Type::String, &Value::string("\u{e9}"));
}

#[test]
fn numbers_are_exact() {
    for (hex, text) in [
        ("00", "0"),
        ("05", "5"),
        ("7f", "127"),
        ("ff", "-1"),
        ("e0", "-32"),
        ("cc80", "128"),
        ("cd0100", "256"),
        ("ce00010000", "65536"),
        ("d0df", "-33"),
        ("d1ff7f", "-129"),
        ("d38000000000000000", "-9223372036854775808"),
        ("cf7fffffffffffffff", "9223372036854775807"),
        ("cb3fe0000000000000", "0.5"),
        ("cbc002000000000000", "-2.25"),
    ] {
        check(hex, &Type::Number, &number(text));
    }
    for text in ["0.1", "9223372036854775808", "0.00000015", "-0.3"] {
        check(
            &format!("{:02x}{}", 0xa0 + text.len(), hex(text)),
            &Type::Number,
            &number(text),
        );
    }
    let googol = format!("1{}", "0".repeat(100));
    check(&format!("d965{}", hex(&googol)), &Type::Number, &number("1e100"));
}

#[test]
fn numbers_are_read_in_every_form() {
    check_read(
        "cfffffffffffffffff",
        &Type::Number,
        &number("18446744073709551615"),
    );
    check_read("cb4000000000000000", &Type::Number, &number("2"));
    check_read("ca3f000000", &Type::Number, &number("0.5"));
    check_read(&format!("a5{}", hex("1.5e3")), &Type::Number, &number("1500"));
    check_refused(
        &format!("a3{}", hex("abc")),
        &Type::Number,
        "not a number that can be held: not a decimal number",
    );
    check_refused(
        &format!("ab{}", hex("1e999999999")),
        &Type::Number,
        "not a number that can be held: a number of more than 4096 digits",
    );
    check_refused(
        "cb7ff8000000000000",
        &Type::Number,
        "not a number that can be held: NaN is not finite",
    );
    check_refused(
        "cb7ff0000000000000",
        &Type::Number,
        "not a number that can be held: inf is not finite",
    );
}

#[test]
fn unknown_values_of_every_form() {
    for ty in [Type::String, Type::Number, Type::map(Type::String), Type::Dynamic] {
        check("d40000", &ty, &Value::Unknown);
        for refined in [
            // "prefix-${unknown}", length(unknown), an unknown map that is not null: as seen.
            "c70c0c 82 01c2 02a7 7072656669782d",
            "c7070c 82 01c2 03 9200c3",
            "c7030c 8101c2",
            // The other extension forms, and a type nobody has defined.
            "d50c 8000",
            "d60c 80000000",
            "d700 0000000000000000",
            "d800 00000000000000000000000000000000",
            "c8 0003 0c 8101c2",
            "c9 00000003 0c 8101c2",
            "d4 63 00",
        ] {
            check_read(refined, &ty, &Value::Unknown);
        }
    }
    check_refused(
        "c7ff0c 82",
        &Type::String,
        "the input ends in the middle of a value",
    );
    check_refused(
        "c9ffffffff0c 82",
        &Type::String,
        "the input ends in the middle of a value",
    );
}

#[test]
fn collections() {
    let names = Value::List(vec![Value::string("a"), Value::Null, Value::Unknown]);
    check("93 a161 c0 d40000", &Type::list(Type::String), &names);
    check("90", &Type::set(Type::String), &Value::Set(vec![]));
    check(
        "92 01 02",
        &Type::set(Type::Number),
        &Value::Set(vec![number("1"), number("2")]),
    );
    check("80", &Type::map(Type::Bool), &Value::Map([].into()));
    let map = Value::Map([("a".to_owned(), Value::Bool(true)), ("b".to_owned(), Value::Null)].into());
    check("82 a161 c3 a162 c0", &Type::map(Type::Bool), &map);
    check(
        "92 a161 07",
        &Type::Tuple(vec![Type::String, Type::Number]),
        &Value::Tuple(vec![Value::string("a"), number("7")]),
    );
    check_refused(
        "91 a161",
        &Type::Tuple(vec![Type::String, Type::Number]),
        "expected 2 elements, found 1",
    );
}

#[test]
fn objects_have_every_attribute() {
    let ty = Type::object([("name", Type::String), ("size", Type::Number)]);
    check(
        "82 a46e616d65 a161 a473697a65 01",
        &ty,
        &Value::object([("name", Value::string("a")), ("size", number("1"))]),
    );
    // In another order, as a hand-made client might.
    check_read(
        "82 a473697a65 01 a46e616d65 a161",
        &ty,
        &Value::object([("name", Value::string("a")), ("size", number("1"))]),
    );
    check_refused("81 a46e616d65 a161", &ty, "attribute \"size\" is missing");
    check_refused("80", &ty, "attribute \"name\" is missing");
    check_refused("81 a178 01", &ty, "attribute \"x\" is not in the schema");
    check_refused(
        "82 a46e616d65 01 a473697a65 01",
        &ty,
        "name: expected a string, found a number",
    );
    check("80", &Type::Object([].into()), &Value::Object([].into()));
}

#[test]
fn dynamic_values_bring_their_type() {
    let number_type = hex("\"number\"");
    check(
        &format!("92 c408{number_type} 05"),
        &Type::Dynamic,
        &Value::Dynamic(Type::Number, Box::new(number("5"))),
    );
    check(
        &format!("92 c408{number_type} c0"),
        &Type::Dynamic,
        &Value::Dynamic(Type::Number, Box::new(Value::Null)),
    );
    check(
        &format!("92 c408{number_type} d40000"),
        &Type::Dynamic,
        &Value::Dynamic(Type::Number, Box::new(Value::Unknown)),
    );
    // A list block with a dynamic attribute is a tuple on the wire, as seen.
    let json = r#"["tuple",[["object",{"d":"number","k":"string"}]]]"#;
    let ty = Type::Tuple(vec![Type::object([("d", Type::Number), ("k", Type::String)])]);
    let value = Value::Tuple(vec![Value::object([
        ("d", number("5")),
        ("k", Value::string("b1")),
    ])]);
    check(
        &format!("92 c4{:02x}{} 91 82 a164 05 a16b a26231", json.len(), hex(json)),
        &Type::Dynamic,
        &Value::Dynamic(ty, Box::new(value)),
    );
    check_refused(
        "92 c403 6e6f70 05",
        &Type::Dynamic,
        "not a type: expected ident at line 1 column 2",
    );
    check_refused(
        "91 05",
        &Type::Dynamic,
        "expected a value with its type, found an array",
    );
}

#[test]
fn errors_say_where() {
    let block = Type::object([(
        "rules",
        Type::map(Type::list(Type::object([("at", Type::String)]))),
    )]);
    check_refused(
        "81 a5 72756c6573 81 a1 6e 92 81 a26174 a178 81 a26174 07",
        &block,
        "rules[\"n\"][1].at: expected a string, found a number",
    );
    // Nothing inside a set has a path.
    let ty = Type::object([("tags", Type::set(Type::object([("k", Type::String)])))]);
    check_refused(
        "81 a4 74616773 91 81 a16b 01",
        &ty,
        "tags: expected a string, found a number",
    );
    // A dynamic value has the path of what holds it.
    let ty = Type::object([("any", Type::Dynamic)]);
    let json = r#"["list","string"]"#;
    check_refused(
        &format!("81 a3 616e79 92 c4{:02x}{} 91 01", json.len(), hex(json)),
        &ty,
        "any[0]: expected a string, found a number",
    );
}

#[test]
fn lengths_that_lie_cost_nothing() {
    for hex in [
        "ddffffffff",
        "dfffffffff",
        "dbffffffff",
        "c6ffffffff",
        "dd7fffffff 01 02",
    ] {
        for ty in [
            Type::list(Type::Number),
            Type::map(Type::Number),
            Type::String,
            Type::set(Type::Dynamic),
        ] {
            assert!(decode(&bytes(hex), &ty).is_err(), "{hex}");
        }
    }
}

#[test]
fn nesting_has_a_limit() {
    let mut ty = Type::String;
    for _ in 0..200 {
        ty = Type::list(ty);
    }
    let mut nested = vec![0x91; 200];
    nested.push(0xc0);
    let value = decode(&nested, &ty).expect("200 levels are read");
    assert_eq!(encode(&value, &ty).expect("and written"), nested);

    // Dynamic in dynamic needs no deep type.
    let mut nested = Vec::new();
    for _ in 0..10_000 {
        nested.extend([0x92, 0xc4, 9]);
        nested.extend(b"\"dynamic\"");
    }
    nested.push(0xc0);
    let err = decode(&nested, &Type::Dynamic).expect_err("10,000 levels are refused");
    assert_eq!(*err.kind(), CodecErrorKind::TooDeep);
}

#[test]
fn leftovers_and_reserved_bytes_are_refused() {
    check_refused("01 02", &Type::Number, "1 bytes left over behind the value");
    check_refused("", &Type::Number, "the input ends in the middle of a value");
    check_refused(
        "c1",
        &Type::Number,
        "expected a msgpack item, found the reserved byte 0xc1",
    );
    check_refused("a1 ff", &Type::String, "text that is not UTF-8");
    check_refused(
        "81 01 01",
        &Type::map(Type::Number),
        "expected a string as key, found a number",
    );
}

#[test]
fn values_of_another_type_are_not_written() {
    let ty = Type::object([("a", Type::String)]);
    for (value, message) in [
        (
            Value::object([("a", Value::Bool(true))]),
            "a: expected a string, found a bool",
        ),
        (Value::Object([].into()), "attribute \"a\" is missing"),
        (
            Value::object([("a", Value::Null), ("b", Value::Null)]),
            "attribute \"b\" is not in the schema",
        ),
        (Value::List(vec![]), "expected an object, found a list"),
    ] {
        assert_eq!(encode(&value, &ty).expect_err("refused").to_string(), message);
    }
    assert!(encode(&Value::string("x"), &Type::Dynamic).is_err());
    assert!(encode(&Value::Set(vec![]), &Type::list(Type::String)).is_err());
}
