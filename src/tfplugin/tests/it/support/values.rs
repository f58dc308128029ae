//! Values of the test provider, as Terraform would send them.

use tfplugin::codec::msgpack;
use tfsdk::{Type, Value};

use super::generated::tfplugin6 as proto;

/// A value in a message.
pub(crate) fn message(value: &Value, ty: &Type) -> proto::DynamicValue {
    proto::DynamicValue {
        msgpack: msgpack::encode(value, ty).expect("it fits"),
        json: Vec::new(),
    }
}

/// What a message holds.
pub(crate) fn value(message: Option<&proto::DynamicValue>, ty: &Type) -> Value {
    msgpack::decode(&message.expect("a value").msgpack, ty).expect("it fits")
}

/// The provider block, refusing with a text or not.
pub(crate) fn provider(refuse: Option<&str>) -> proto::DynamicValue {
    let endpoints = Type::list(Type::object([("url", Type::String)]));
    let ty = Type::object([("refuse", Type::String), ("endpoints", endpoints)]);
    let refuse = refuse.map_or(Value::Null, Value::string);
    message(
        &Value::object([("refuse", refuse), ("endpoints", Value::List(vec![]))]),
        &ty,
    )
}

/// The type of `test_thing`.
pub(crate) fn thing_type() -> Type {
    Type::object([
        ("id", Type::String),
        ("name", Type::String),
        ("size", Type::Number),
        ("behaviour", Type::String),
        ("secret", Type::String),
        ("tags", Type::map(Type::String)),
        ("parts", Type::list(Type::object([("label", Type::String)]))),
    ])
}

/// A `test_thing` with these attributes set.
pub(crate) fn thing(attributes: &[(&str, Value)]) -> Value {
    let Type::Object(types) = thing_type() else {
        panic!("an object type")
    };
    let value = |name: &str| {
        attributes
            .iter()
            .find(|(set, _)| *set == name)
            .map(|(_, value)| value.clone())
    };
    Value::object(
        types
            .keys()
            .map(|name| (name.clone(), value(name).unwrap_or(Value::Null))),
    )
}

/// A `test_thing` in a message.
pub(crate) fn thing_message(attributes: &[(&str, Value)]) -> proto::DynamicValue {
    message(&thing(attributes), &thing_type())
}

/// No `test_thing`.
pub(crate) fn no_thing() -> proto::DynamicValue {
    message(&Value::Null, &thing_type())
}

/// The identity of a `test_thing`.
pub(crate) fn identity(id: &str) -> proto::ResourceIdentityData {
    let value = Value::object([("id", Value::string(id))]);
    proto::ResourceIdentityData {
        identity_data: Some(message(&value, &identity_type())),
    }
}

/// The type of the identity of a `test_thing`.
pub(crate) fn identity_type() -> Type {
    Type::object([("id", Type::String)])
}
