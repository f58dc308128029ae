//! Hostile input: whatever the bytes, reading ends soon, with a value or an error.
//!
//! Deterministic: a fixed generator, for a bounded time.

use std::time::{Duration, Instant};

use tfplugin::codec::{CodecErrorKind, json, msgpack, type_json};
use tfsdk::{Type, Value};

/// How long each of the open-ended tests tries.
const BUDGET: Duration = Duration::from_secs(3);

/// No single input may take longer, on a machine that does much else.
const EACH: Duration = Duration::from_secs(20);

/// A small generator (xorshift), so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.roll() % u64::try_from(limit.max(1)).expect("small")).expect("small")
    }

    fn byte(&mut self) -> u8 {
        self.roll().to_be_bytes()[0]
    }
}

/// Types with everything in them.
fn types() -> Vec<Type> {
    let object = Type::object([
        ("name", Type::String),
        ("size", Type::Number),
        ("on", Type::Bool),
        ("any", Type::Dynamic),
        ("list", Type::list(Type::Number)),
        ("set", Type::set(Type::String)),
        ("map", Type::map(Type::list(Type::String))),
        ("tuple", Type::Tuple(vec![Type::Bool, Type::String])),
    ]);
    vec![
        Type::list(object.clone()),
        Type::map(object.clone()),
        object,
        Type::Dynamic,
        Type::Number,
        Type::set(Type::Dynamic),
    ]
}

/// A value with everything in it, of the object type above.
fn value() -> Value {
    let any = Value::Dynamic(
        Type::Tuple(vec![Type::String, Type::Dynamic]),
        Box::new(Value::Tuple(vec![
            Value::string("x"),
            Value::Dynamic(Type::Bool, Box::new(Value::Unknown)),
        ])),
    );
    let number = |text: &str| Value::Number(text.parse().expect("a number"));
    Value::object([
        ("name", Value::string("orders")),
        ("size", number("0.1")),
        ("on", Value::Bool(true)),
        ("any", any),
        (
            "list",
            Value::List(vec![number("1"), number("-70000"), number("0.5"), Value::Unknown]),
        ),
        ("set", Value::Set(vec![Value::string("a"), Value::Null])),
        (
            "map",
            Value::Map([("k".to_owned(), Value::List(vec![Value::string("v")]))].into()),
        ),
        (
            "tuple",
            Value::Tuple(vec![Value::Bool(false), Value::string("t")]),
        ),
    ])
}

/// Reads the bytes as everything; none of it may panic or take long.
fn read(bytes: &[u8], types: &[Type]) {
    let begun = Instant::now();
    for ty in types {
        if let Ok(value) = msgpack::decode(bytes, ty) {
            let again = msgpack::encode(&value, ty).expect("what was read can be written");
            assert_eq!(msgpack::decode(&again, ty).as_ref(), Ok(&value), "and read again");
        }
        for unexpected in [json::Unexpected::Ignore, json::Unexpected::Refuse] {
            let _ = json::decode(bytes, ty, unexpected);
        }
    }
    let _ = type_json::from_json(bytes);
    assert!(
        begun.elapsed() < EACH,
        "{:?} for {} bytes",
        begun.elapsed(),
        bytes.len()
    );
}

/// Changes some bytes, as a careless or a malicious sender might.
fn mutate(bytes: &mut Vec<u8>, dice: &mut Dice) {
    // Markers and lengths that matter to the decoder come up more often than chance has it.
    const TELLING: [u8; 16] = [
        0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xc0, 0xc1, 0xc4, 0xc7, 0xcb, 0xd4, 0xd9, 0xdb, 0xdd, 0xdf, 0xff,
    ];
    for _ in 0..=dice.below(6) {
        let at = dice.below(bytes.len());
        match dice.below(6) {
            0 => bytes[at] = dice.byte(),
            1 => bytes[at] = TELLING[dice.below(TELLING.len())],
            2 => bytes.truncate(at + 1),
            3 => bytes.insert(at, dice.byte()),
            4 => bytes[at] ^= 1 << dice.below(8),
            _ => {
                let end = (at + 1 + dice.below(20)).min(bytes.len());
                let copy = bytes[at..end].to_vec();
                let to = dice.below(bytes.len());
                bytes.splice(to..to, copy);
            }
        }
    }
}

#[test]
fn changed_messages() {
    let types = types();
    let object = &types[2];
    let seeds = [
        msgpack::encode(&value(), object).expect("it fits"),
        msgpack::encode(&Value::List(vec![value(), value()]), &types[0]).expect("it fits"),
        br#"{"name":"a","size":1.5,"any":{"type":["list","string"],"value":["x"]},"map":{"k":[]}}"#.to_vec(),
        type_json::to_json(object),
    ];
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let begun = Instant::now();
    let mut tried = 0;
    while begun.elapsed() < BUDGET {
        let mut bytes = seeds[dice.below(seeds.len())].clone();
        mutate(&mut bytes, &mut dice);
        read(&bytes, &types);
        tried += 1;
    }
    assert!(tried > 1000, "only {tried} in {BUDGET:?}");
}

#[test]
fn arbitrary_bytes() {
    let types = types();
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let begun = Instant::now();
    let mut tried = 0;
    while begun.elapsed() < BUDGET {
        let bytes: Vec<u8> = (0..dice.below(200)).map(|_| dice.byte()).collect();
        read(&bytes, &types);
        tried += 1;
    }
    assert!(tried > 1000, "only {tried} in {BUDGET:?}");
}

#[test]
fn long_text() {
    let text = "x".repeat(10 << 20);
    let bytes = msgpack::encode(&Value::string(text.as_str()), &Type::String).expect("it fits");
    assert_eq!(
        msgpack::decode(&bytes, &Type::String),
        Ok(Value::string(text.as_str()))
    );
    read(&bytes, &types());
    // Text that must be composed, ten megabytes of it.
    let decomposed = "e\u{301}".repeat(3 << 20);
    let bytes = msgpack::encode(&Value::string(decomposed.as_str()), &Type::String).expect("it fits");
    let Ok(Value::String(composed)) = msgpack::decode(&bytes, &Type::String) else {
        panic!("a string")
    };
    assert_eq!(composed, "\u{e9}".repeat(3 << 20));
    // And as digits.
    let digits = "9".repeat(10 << 20);
    let bytes = msgpack::encode(&Value::string(digits.as_str()), &Type::String).expect("it fits");
    assert!(msgpack::decode(&bytes, &Type::Number).is_err());
    assert!(json::decode(digits.as_bytes(), &Type::Number, json::Unexpected::Refuse).is_err());
}

#[test]
fn numbers_that_would_fill_the_memory() {
    for digits in [
        "1e2147483647",
        "1e-2147483648",
        "1e99999999999999999999",
        "-0e9999",
        "1e4097",
        "0.0e-5000",
    ] {
        let mut bytes = vec![0xa0 + u8::try_from(digits.len()).expect("short")];
        bytes.extend(digits.bytes());
        read(&bytes, &[Type::Number]);
        read(digits.as_bytes(), &[Type::Number, Type::String, Type::Dynamic]);
    }
}

#[test]
fn deep_nesting() {
    const DEPTH: usize = 10_000;
    let types = types();
    for opener in [
        vec![0x91],
        vec![0x81, 0xa1, b'k'],
        [vec![0x92, 0xc4, 9], b"\"dynamic\"".to_vec()].concat(),
    ] {
        let mut bytes = opener.repeat(DEPTH);
        bytes.push(0xc0);
        read(&bytes, &types);
    }
    let dynamic = [vec![0x92, 0xc4, 9], b"\"dynamic\"".to_vec()]
        .concat()
        .repeat(DEPTH);
    let err = msgpack::decode(&dynamic, &Type::Dynamic).expect_err("too deep");
    assert_eq!(*err.kind(), CodecErrorKind::TooDeep);
    // A dynamic value that brings a type as deep as a type can be, and fits it.
    let ty = (0..100).fold(Type::String, |ty, _| Type::list(ty));
    let value = (0..100).fold(Value::Null, |value, _| Value::List(vec![value]));
    let value = Value::Dynamic(ty, Box::new(value));
    let bytes = msgpack::encode(&value, &Type::Dynamic).expect("it fits");
    assert_eq!(msgpack::decode(&bytes, &Type::Dynamic), Ok(value));
    for text in ["[", "{\"value\":", "{\"type\":[\"list\",", "[\"list\","] {
        read(text.repeat(DEPTH).as_bytes(), &types);
    }
    // What we would write ourselves has the same limit.
    let ty = (0..DEPTH).fold(Type::String, |ty, _| Type::list(ty));
    let value = (0..300).fold(Value::Null, |value, _| Value::List(vec![value]));
    let err = msgpack::encode(&value, &ty).expect_err("too deep");
    assert_eq!(*err.kind(), CodecErrorKind::TooDeep);
    let err = json::encode(&value, &ty).expect_err("too deep");
    assert_eq!(*err.kind(), CodecErrorKind::TooDeep);
    // Only the type is this deep, and no input can make one; it is not dropped, because dropping is
    // recursive.
    std::mem::forget(ty);
}

#[test]
fn many_elements() {
    let mut bytes = vec![0xdd];
    bytes.extend(1_000_000_u32.to_be_bytes());
    bytes.extend(vec![0xc0; 1_000_000]);
    let ty = Type::list(Type::String);
    let Ok(Value::List(items)) = msgpack::decode(&bytes, &ty) else {
        panic!("a list")
    };
    assert_eq!(items.len(), 1_000_000);
}

#[test]
fn unknown_values_everywhere() {
    // Every form of extension, at every place of a message.
    let forms: [&[u8]; 9] = [
        &[0xd4, 0, 0],
        &[0xd4, 12, 0x80],
        &[0xd5, 12, 0x80, 0],
        &[0xd6, 12, 0, 0, 0, 0],
        &[0xd7, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        &[0xd8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        &[0xc7, 3, 12, 0x81, 1, 0xc2],
        &[0xc8, 0, 3, 12, 0x81, 1, 0xc2],
        &[0xc9, 0, 0, 0, 3, 12, 0x81, 1, 0xc2],
    ];
    let types = types();
    for ty in &types {
        for form in forms {
            assert_eq!(msgpack::decode(form, ty), Ok(Value::Unknown), "{form:?} as {ty}");
        }
    }
    for form in forms {
        let mut bytes = vec![0x93];
        bytes.extend([form, &[0xc0], form].concat());
        assert_eq!(
            msgpack::decode(&bytes, &Type::list(Type::String)),
            Ok(Value::List(vec![Value::Unknown, Value::Null, Value::Unknown]))
        );
    }
}
