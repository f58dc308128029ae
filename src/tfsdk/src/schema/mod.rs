//! Schemas: what a block may contain, documented, with defaults, modifiers and validators as plain data.

mod attribute;
mod check;
mod validator;

pub use attribute::{Attribute, AttributeType, Default, Mode, Modifier, Nesting};
pub(crate) use check::is_name;
pub use check::{check, check_provider};
pub use validator::Validator;

use crate::Type;

/// The schema of a resource, data source or provider block.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Schema {
    /// Counts up when state of an older version needs an upgrade.
    pub version: i64,
    /// Markdown. The first sentence stands alone as the summary of the page.
    pub description: String,
    /// In documentation order.
    pub attributes: Vec<Attribute>,
    /// Nested blocks, in documentation order. Only the provider block has some, since people paste
    /// the block of `hashicorp/aws`; elsewhere nested attributes serve better. What is inside a block is the
    /// user's alone: nothing computed, no defaults, no modifiers, nothing write-only.
    pub blocks: Vec<Block>,
}

/// A nested block, which may stand any number of times.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Name.
    pub name: String,
    /// Markdown.
    pub description: String,
    /// What one block contains.
    pub attributes: Vec<Attribute>,
    /// How often it may stand: 0 for any number.
    pub max_items: i64,
}

impl Schema {
    /// An empty schema of version 0.
    pub fn new(description: impl Into<String>) -> Self {
        Self {
            description: description.into(),
            ..Self::default()
        }
    }

    /// Adds attributes.
    #[must_use]
    pub fn attributes(mut self, attributes: impl IntoIterator<Item = Attribute>) -> Self {
        self.attributes.extend(attributes);
        self
    }

    /// Adds nested blocks.
    #[must_use]
    pub fn blocks(mut self, blocks: impl IntoIterator<Item = Block>) -> Self {
        self.blocks.extend(blocks);
        self
    }

    /// The object type that Terraform and we exchange.
    pub fn ty(&self) -> Type {
        let attributes = self
            .attributes
            .iter()
            .map(|attribute| (attribute.name.clone(), attribute.ty()));
        let blocks = self.blocks.iter().map(|block| (block.name.clone(), block.ty()));
        Type::Object(attributes.chain(blocks).collect())
    }

    /// The attribute of that name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }
}

impl Block {
    /// A list block with these attributes.
    pub fn list(name: impl Into<String>, attributes: impl IntoIterator<Item = Attribute>) -> Self {
        Self {
            name: name.into(),
            description: String::new(),
            attributes: attributes.into_iter().collect(),
            max_items: 0,
        }
    }

    /// Documents it.
    #[must_use]
    pub fn describe(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// Limits how often it may stand.
    #[must_use]
    pub fn at_most(mut self, max_items: i64) -> Self {
        self.max_items = max_items;
        self
    }

    /// The type of the whole block attribute.
    pub fn ty(&self) -> Type {
        Type::list(Type::object(
            self.attributes
                .iter()
                .map(|attribute| (attribute.name.clone(), attribute.ty())),
        ))
    }
}
