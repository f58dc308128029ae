//! Our proto files against the table of facts of the wire: every message, field, enum and RPC, with
//! names, numbers, types and presence.

use std::collections::BTreeMap;

use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{DescriptorProto, EnumDescriptorProto, FieldDescriptorProto};
use serde_json::{Value as Json, json};

use crate::support::bindings;

/// What one package says, in the form of the table.
#[derive(Debug, Default, PartialEq)]
struct Package {
    messages: BTreeMap<String, Vec<Json>>,
    enums: BTreeMap<String, Json>,
    services: BTreeMap<String, Vec<Json>>,
}

#[test]
fn proto_files_agree_with_the_table() {
    let table: Json = serde_json::from_str(include_str!("wire_table.json")).expect("JSON");
    for (name, messages, fields, rpcs) in [("tfplugin6", 143, 296, 36), ("plugin", 4, 9, 3)] {
        let ours = ours(name);
        let expected = expected(&table[name]);
        for (message, fields) in &expected.messages {
            assert_eq!(
                ours.messages.get(message),
                Some(fields),
                "message {message} of {name}"
            );
        }
        assert_eq!(ours, expected, "package {name}");
        // The table itself is whole.
        assert_eq!(expected.messages.len(), messages, "messages of {name}");
        assert_eq!(
            expected.messages.values().map(Vec::len).sum::<usize>(),
            fields,
            "fields of {name}"
        );
        assert_eq!(
            expected.services.values().map(Vec::len).sum::<usize>(),
            rpcs,
            "RPCs of {name}"
        );
    }
}

fn expected(table: &Json) -> Package {
    let lists = |part: &str| -> BTreeMap<String, Vec<Json>> {
        let part = table[part].as_object().expect("an object");
        part.iter()
            .map(|(name, list)| (name.clone(), sorted(list.as_array().expect("an array").clone())))
            .collect()
    };
    let enums = table["enums"].as_object().expect("an object");
    Package {
        messages: lists("messages"),
        enums: enums
            .iter()
            .map(|(name, values)| (name.clone(), ordered(values)))
            .collect(),
        services: lists("services"),
    }
}

fn ours(package: &str) -> Package {
    let mut found = Package::default();
    for file in bindings::descriptors()
        .file
        .iter()
        .filter(|file| file.package() == package)
    {
        for message in &file.message_type {
            add_message(&mut found, package, "", message);
        }
        for enumeration in &file.enum_type {
            add_enum(&mut found, "", enumeration);
        }
        for service in &file.service {
            let rpcs = service.method.iter().map(|rpc| {
                json!([
                    rpc.name(),
                    relative(package, rpc.input_type()),
                    rpc.client_streaming(),
                    relative(package, rpc.output_type()),
                    rpc.server_streaming(),
                ])
            });
            found
                .services
                .insert(service.name().to_owned(), sorted(rpcs.collect()));
        }
    }
    found
}

fn add_message(found: &mut Package, package: &str, outer: &str, message: &DescriptorProto) {
    // A map is a repeated message that the compiler made up.
    let is_map =
        |nested: &DescriptorProto| nested.options.as_ref().is_some_and(|options| options.map_entry());
    let name = format!("{outer}{}", message.name());
    let inner = format!("{name}.");
    for nested in message.nested_type.iter().filter(|nested| !is_map(nested)) {
        add_message(found, package, &inner, nested);
    }
    for enumeration in &message.enum_type {
        add_enum(found, &inner, enumeration);
    }
    let fields = message.field.iter().map(|field| {
        let entry = message
            .nested_type
            .iter()
            .filter(|nested| is_map(nested))
            .find(|nested| field.type_name() == format!(".{package}.{name}.{}", nested.name()));
        match entry {
            Some(entry) => {
                let of = |at: usize| type_of(package, &entry.field[at]);
                json!([
                    field.number(),
                    field.name(),
                    format!("map<{},{}>", of(0), of(1)),
                    "map",
                    "none",
                    null
                ])
            }
            None => plain_field(package, message, field),
        }
    });
    let fields = sorted(fields.collect());
    found.messages.insert(name, fields);
}

fn plain_field(package: &str, message: &DescriptorProto, field: &FieldDescriptorProto) -> Json {
    let optional = field.proto3_optional();
    let oneof = field.oneof_index.filter(|_| !optional).map(|index| {
        message.oneof_decl[usize::try_from(index).expect("an index")]
            .name()
            .to_owned()
    });
    let repeated = field.label() == Label::Repeated;
    let label = if repeated {
        "repeated"
    } else if optional {
        "optional"
    } else {
        "singular"
    };
    let presence = if repeated {
        "none"
    } else if optional || oneof.is_some() || field.r#type() == Type::Message {
        "explicit"
    } else {
        "implicit"
    };
    json!([
        field.number(),
        field.name(),
        type_of(package, field),
        label,
        presence,
        oneof
    ])
}

fn type_of(package: &str, field: &FieldDescriptorProto) -> String {
    match field.r#type() {
        Type::Message | Type::Enum => relative(package, field.type_name()),
        Type::String => "string".to_owned(),
        Type::Bytes => "bytes".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Int64 => "int64".to_owned(),
        Type::Uint32 => "uint32".to_owned(),
        other => panic!("the wire has no {other:?}"),
    }
}

/// The name as the table writes it: inside the package without the package's name.
fn relative(package: &str, full: &str) -> String {
    let full = full.trim_start_matches('.');
    full.strip_prefix(&format!("{package}."))
        .unwrap_or(full)
        .to_owned()
}

fn add_enum(found: &mut Package, outer: &str, enumeration: &EnumDescriptorProto) {
    let values: serde_json::Map<String, Json> = enumeration
        .value
        .iter()
        .map(|value| (value.name().to_owned(), json!(value.number())))
        .collect();
    found.enums.insert(
        format!("{outer}{}", enumeration.name()),
        ordered(&Json::Object(values)),
    );
}

/// The order in which things are declared is not part of the wire.
fn sorted(mut list: Vec<Json>) -> Vec<Json> {
    list.sort_by_key(Json::to_string);
    list
}

fn ordered(object: &Json) -> Json {
    let values: BTreeMap<_, _> = object.as_object().expect("an object").iter().collect();
    json!(values)
}
