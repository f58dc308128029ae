//! Schemas, to protobuf.

use tfsdk::schema::{AttributeType, Mode, Nesting};
use tfsdk::{Attribute, Block, Schema};

use crate::codec::type_json;
use crate::generated::tfplugin6 as proto;

/// The schema of a resource, data source or provider.
pub(crate) fn schema(schema: &Schema) -> proto::Schema {
    proto::Schema {
        version: schema.version,
        // Terraform follows it unchecked, so it is there even when it is empty.
        block: Some(proto::schema::Block {
            attributes: attributes(&schema.attributes),
            block_types: schema.blocks.iter().map(nested_block).collect(),
            ..block(&schema.description)
        }),
    }
}

/// A provider block's counterpart where there is nothing to say.
fn block(description: &str) -> proto::schema::Block {
    proto::schema::Block {
        description: description.to_owned(),
        description_kind: proto::StringKind::Markdown.into(),
        ..proto::schema::Block::default()
    }
}

fn nested_block(nested: &Block) -> proto::schema::NestedBlock {
    proto::schema::NestedBlock {
        type_name: nested.name.clone(),
        block: Some(proto::schema::Block {
            attributes: attributes(&nested.attributes),
            ..block(&nested.description)
        }),
        nesting: proto::schema::nested_block::NestingMode::List.into(),
        min_items: 0,
        max_items: nested.max_items,
    }
}

fn attributes(attributes: &[Attribute]) -> Vec<proto::schema::Attribute> {
    attributes.iter().map(attribute).collect()
}

fn attribute(attribute: &Attribute) -> proto::schema::Attribute {
    // Exactly one of the two is set, or Terraform refuses the whole provider.
    let (ty, nested_type) = match &attribute.ty {
        AttributeType::Plain(ty) => (type_json::to_json(ty), None),
        AttributeType::Nested(nesting, nested) => (Vec::new(), Some(object(*nesting, nested))),
    };
    let (required, optional, computed) = match attribute.mode {
        Mode::Required => (true, false, false),
        Mode::Optional => (false, true, false),
        Mode::OptionalComputed => (false, true, true),
        Mode::Computed => (false, false, true),
    };
    proto::schema::Attribute {
        name: attribute.name.clone(),
        r#type: ty,
        description: attribute.description.clone(),
        required,
        optional,
        computed,
        sensitive: attribute.sensitive,
        description_kind: proto::StringKind::Markdown.into(),
        deprecated: attribute.deprecated.is_some(),
        nested_type,
        write_only: attribute.write_only,
        deprecation_message: attribute.deprecated.clone().unwrap_or_default(),
    }
}

fn object(nesting: Nesting, nested: &[Attribute]) -> proto::schema::Object {
    use proto::schema::object::NestingMode;
    let nesting = match nesting {
        Nesting::Single => NestingMode::Single,
        Nesting::List => NestingMode::List,
        Nesting::Set => NestingMode::Set,
        Nesting::Map => NestingMode::Map,
    };
    proto::schema::Object {
        attributes: attributes(nested),
        nesting: nesting.into(),
        ..proto::schema::Object::default()
    }
}
