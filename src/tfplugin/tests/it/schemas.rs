//! What the provider says of itself, held against what Terraform checks when it loads a provider.

use crate::support::generated::tfplugin6 as proto;
use crate::support::plugin::Launch;

async fn answered() -> proto::get_provider_schema::Response {
    let plugin = Launch::by_terraform().start();
    let mut client = plugin.client().await;
    client
        .get_provider_schema(proto::get_provider_schema::Request {})
        .await
        .expect("an answer")
        .into_inner()
}

fn attribute<'a>(schema: &'a proto::Schema, name: &str) -> &'a proto::schema::Attribute {
    let block = schema.block.as_ref().expect("a block");
    block
        .attributes
        .iter()
        .find(|attribute| attribute.name == name)
        .expect(name)
}

#[tokio::test]
async fn everything_is_listed() {
    let response = answered().await;
    assert_eq!(response.diagnostics, []);
    assert_eq!(
        response.resource_schemas.keys().collect::<Vec<_>>(),
        ["test_plain", "test_thing"]
    );
    assert_eq!(
        response.data_source_schemas.keys().collect::<Vec<_>>(),
        ["test_lookup"]
    );
    assert_eq!(response.functions.keys().collect::<Vec<_>>(), ["shout"]);
    assert!(response.provider.is_some());
    // Without such a schema Terraform sends no metadata.
    assert_eq!(response.provider_meta, None);
    let capabilities = response.server_capabilities.expect("capabilities");
    assert!(capabilities.plan_destroy && capabilities.get_provider_schema_optional);
    assert!(!capabilities.generate_resource_config);
}

#[tokio::test]
async fn a_thing_is_described() {
    let response = answered().await;
    let thing = &response.resource_schemas["test_thing"];
    assert_eq!(thing.version, 2);
    let name = attribute(thing, "name");
    assert_eq!(
        (name.required, name.optional, name.computed),
        (true, false, false)
    );
    assert_eq!(name.r#type, br#""string""#);
    assert_eq!(
        (name.description.as_str(), name.description_kind()),
        ("Its name.", proto::StringKind::Markdown)
    );
    let id = attribute(thing, "id");
    assert_eq!((id.required, id.optional, id.computed), (false, false, true));
    let size = attribute(thing, "size");
    assert_eq!((size.required, size.optional, size.computed), (false, true, true));
    let secret = attribute(thing, "secret");
    assert!(secret.sensitive && secret.write_only);
    let tags = attribute(thing, "tags");
    assert_eq!(tags.r#type, br#"["map","string"]"#);
    assert_eq!(
        (tags.deprecated, tags.deprecation_message.as_str()),
        (true, "Use parts.")
    );
    let parts = attribute(thing, "parts").nested_type.as_ref().expect("nested");
    assert_eq!(parts.nesting(), proto::schema::object::NestingMode::List);
    assert_eq!(parts.attributes[0].name, "label");
}

#[tokio::test]
async fn the_provider_has_a_block_inside() {
    let response = answered().await;
    let block = response.provider.expect("a provider").block.expect("a block");
    let [endpoints] = block.block_types.as_slice() else {
        panic!("one block")
    };
    assert_eq!(
        (endpoints.type_name.as_str(), endpoints.nesting()),
        ("endpoints", proto::schema::nested_block::NestingMode::List)
    );
    assert_eq!((endpoints.min_items, endpoints.max_items), (0, 1));
    assert_eq!(
        endpoints.block.as_ref().expect("a block").attributes[0].name,
        "url"
    );
}

#[tokio::test]
async fn terraform_accepts_the_schemas() {
    let response = answered().await;
    let all = response
        .resource_schemas
        .values()
        .chain(response.data_source_schemas.values())
        .chain(&response.provider);
    for schema in all {
        check_block(schema.block.as_ref().expect("nil crashes Terraform"));
    }
    for function in response.functions.values() {
        let result = function.r#return.as_ref().expect("nil crashes Terraform");
        tfplugin::codec::type_json::from_json(&result.r#type).expect("a type");
        for parameter in function.parameters.iter().chain(&function.variadic_parameter) {
            tfplugin::codec::type_json::from_json(&parameter.r#type).expect("a type");
        }
    }
}

fn check_block(block: &proto::schema::Block) {
    check_attributes(&block.attributes);
    for nested in &block.block_types {
        assert_ne!(
            nested.nesting(),
            proto::schema::nested_block::NestingMode::Invalid
        );
        check_block(nested.block.as_ref().expect("nil crashes Terraform"));
    }
}

fn check_attributes(attributes: &[proto::schema::Attribute]) {
    for attribute in attributes {
        let name = &attribute.name;
        assert!(
            attribute.required || attribute.optional || attribute.computed,
            "{name}"
        );
        assert!(
            !(attribute.required && (attribute.optional || attribute.computed)),
            "{name}"
        );
        assert_ne!(
            attribute.r#type.is_empty(),
            attribute.nested_type.is_none(),
            "{name}: exactly one of the two"
        );
        assert!(
            attribute.deprecated || attribute.deprecation_message.is_empty(),
            "{name}"
        );
        if let Some(nested) = &attribute.nested_type {
            assert_ne!(
                nested.nesting(),
                proto::schema::object::NestingMode::Invalid,
                "{name}"
            );
            check_attributes(&nested.attributes);
        } else {
            tfplugin::codec::type_json::from_json(&attribute.r#type)
                .expect("unreadable types crash Terraform");
        }
    }
}

#[tokio::test]
async fn only_declared_identities_are_described() {
    let plugin = Launch::by_terraform().start();
    let mut client = plugin.client().await;
    let request = proto::get_resource_identity_schemas::Request {};
    let response = client
        .get_resource_identity_schemas(request)
        .await
        .expect("an answer")
        .into_inner();
    assert_eq!(response.diagnostics, []);
    assert_eq!(
        response.identity_schemas.keys().collect::<Vec<_>>(),
        ["test_thing"]
    );
    let schema = &response.identity_schemas["test_thing"];
    assert_eq!(schema.version, 1);
    let [id] = schema.identity_attributes.as_slice() else {
        panic!("one attribute")
    };
    assert_eq!(
        (id.name.as_str(), id.r#type.as_slice()),
        ("id", br#""string""#.as_slice())
    );
    assert!(
        id.required_for_import && !id.optional_for_import,
        "exactly one of the two"
    );
}

#[tokio::test]
async fn metadata_and_functions_agree_with_the_schemas() {
    let plugin = Launch::by_terraform().start();
    let mut client = plugin.client().await;
    let schemas = client
        .get_provider_schema(proto::get_provider_schema::Request {})
        .await
        .expect("an answer")
        .into_inner();
    let metadata = client
        .get_metadata(proto::get_metadata::Request {})
        .await
        .expect("an answer")
        .into_inner();
    let names: Vec<&String> = metadata
        .resources
        .iter()
        .map(|resource| &resource.type_name)
        .collect();
    assert_eq!(names, schemas.resource_schemas.keys().collect::<Vec<_>>());
    let names: Vec<&String> = metadata
        .data_sources
        .iter()
        .map(|source| &source.type_name)
        .collect();
    assert_eq!(names, schemas.data_source_schemas.keys().collect::<Vec<_>>());
    let names: Vec<&String> = metadata.functions.iter().map(|function| &function.name).collect();
    assert_eq!(names, schemas.functions.keys().collect::<Vec<_>>());
    assert_eq!(metadata.server_capabilities, schemas.server_capabilities);
    let functions = client
        .get_functions(proto::get_functions::Request {})
        .await
        .expect("an answer")
        .into_inner();
    assert_eq!(functions.functions, schemas.functions);
}
