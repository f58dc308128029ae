//! Attributes of a schema.

use super::Validator;
use crate::{Type, Value};

/// One attribute.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// Name.
    pub name: String,
    /// What it holds.
    pub ty: AttributeType,
    /// Who sets it.
    pub mode: Mode,
    /// Markdown.
    pub description: String,
    /// Whether Terraform hides it in its output.
    pub sensitive: bool,
    /// Whether it is never stored in plan or state.
    pub write_only: bool,
    /// Why not to use it any more.
    pub deprecated: Option<String>,
    /// What it is when the user does not set it. Only with [`Mode::OptionalComputed`]. The default of a
    /// nested attribute is taken whole: those of its children are for the objects that the user writes.
    pub default: Option<Default>,
    /// What a plan does with it.
    pub modifiers: Vec<Modifier>,
    /// Checks of its configured value, once known.
    pub validators: Vec<Validator>,
}

/// What an attribute holds.
#[derive(Debug, Clone, PartialEq)]
pub enum AttributeType {
    /// A plain type.
    Plain(Type),
    /// Objects with attributes of their own.
    Nested(Nesting, Vec<Attribute>),
}

/// How nested objects are collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nesting {
    /// One object.
    Single,
    /// A list of objects.
    List,
    /// A set of objects. Paths cannot point into it: prefer a map.
    Set,
    /// A map of objects.
    Map,
}

/// Who sets an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The user must.
    Required,
    /// The user may.
    Optional,
    /// The user may; else the provider does.
    OptionalComputed,
    /// The provider does.
    Computed,
}

/// What an attribute is when the user does not set it.
#[derive(Debug, Clone, PartialEq)]
pub enum Default {
    /// Always the same.
    Value(Value),
}

/// What a plan does with an attribute.
///
/// Modifiers look inside nested objects that are there before and after: a single one, those of a map by
/// key, those of a list by index. They have no meaning inside sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Modifier {
    /// A change needs a new object. Where the provider sets the attribute, it needs [`Modifier::KeepPrior`]
    /// as well: otherwise it becomes unknown with any other change, and that is a change, too.
    Replace,
    /// A change to something that the user wrote needs a new object; leaving the attribute out does not.
    ReplaceIfConfigured,
    /// Stays as it was in an update, null included, instead of becoming unknown. In the elements of a list
    /// only while nothing known changed in the element, since an index does not tell elements apart.
    KeepPrior,
}

impl Attribute {
    /// An optional attribute of a plain type; refine with the methods below.
    pub fn of(name: impl Into<String>, ty: Type) -> Self {
        Self::new(name, AttributeType::Plain(ty))
    }

    /// A text.
    pub fn string(name: impl Into<String>) -> Self {
        Self::of(name, Type::String)
    }

    /// A number.
    pub fn number(name: impl Into<String>) -> Self {
        Self::of(name, Type::Number)
    }

    /// A bool.
    pub fn bool(name: impl Into<String>) -> Self {
        Self::of(name, Type::Bool)
    }

    /// One nested object.
    pub fn nested_single(name: impl Into<String>, attributes: impl IntoIterator<Item = Attribute>) -> Self {
        Self::nested(name, Nesting::Single, attributes)
    }

    /// A list of nested objects.
    pub fn nested_list(name: impl Into<String>, attributes: impl IntoIterator<Item = Attribute>) -> Self {
        Self::nested(name, Nesting::List, attributes)
    }

    /// A map of nested objects.
    pub fn nested_map(name: impl Into<String>, attributes: impl IntoIterator<Item = Attribute>) -> Self {
        Self::nested(name, Nesting::Map, attributes)
    }

    /// A set of nested objects.
    pub fn nested_set(name: impl Into<String>, attributes: impl IntoIterator<Item = Attribute>) -> Self {
        Self::nested(name, Nesting::Set, attributes)
    }

    fn nested(
        name: impl Into<String>,
        nesting: Nesting,
        attributes: impl IntoIterator<Item = Attribute>,
    ) -> Self {
        Self::new(
            name,
            AttributeType::Nested(nesting, attributes.into_iter().collect()),
        )
    }

    fn new(name: impl Into<String>, ty: AttributeType) -> Self {
        Self {
            name: name.into(),
            ty,
            mode: Mode::Optional,
            description: String::new(),
            sensitive: false,
            write_only: false,
            deprecated: None,
            default: None,
            modifiers: Vec::new(),
            validators: Vec::new(),
        }
    }

    /// The user must set it.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.mode = Mode::Required;
        self
    }

    /// The user may set it.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.mode = Mode::Optional;
        self
    }

    /// The user may set it, else the provider does.
    #[must_use]
    pub fn optional_computed(mut self) -> Self {
        self.mode = Mode::OptionalComputed;
        self
    }

    /// The provider sets it.
    #[must_use]
    pub fn computed(mut self) -> Self {
        self.mode = Mode::Computed;
        self
    }

    /// Gives it a default, which makes it optional and computed.
    #[must_use]
    pub fn default_value(mut self, value: Value) -> Self {
        self.mode = Mode::OptionalComputed;
        self.default = Some(Default::Value(value));
        self
    }

    /// Documents it.
    #[must_use]
    pub fn describe(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// Hides it in Terraform's output.
    #[must_use]
    pub fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// Keeps it out of plan and state.
    #[must_use]
    pub fn write_only(mut self) -> Self {
        self.write_only = true;
        self
    }

    /// Discourages it.
    #[must_use]
    pub fn deprecated(mut self, reason: impl Into<String>) -> Self {
        self.deprecated = Some(reason.into());
        self
    }

    /// A change needs a new object.
    #[must_use]
    pub fn replaces(self) -> Self {
        self.modify(Modifier::Replace)
    }

    /// Stays as it was in an update.
    #[must_use]
    pub fn keeps(self) -> Self {
        self.modify(Modifier::KeepPrior)
    }

    /// Adds a modifier.
    #[must_use]
    pub fn modify(mut self, modifier: Modifier) -> Self {
        self.modifiers.push(modifier);
        self
    }

    /// Adds a check.
    #[must_use]
    pub fn validate(mut self, validator: Validator) -> Self {
        self.validators.push(validator);
        self
    }

    /// The type on the wire.
    pub fn ty(&self) -> Type {
        match &self.ty {
            AttributeType::Plain(ty) => ty.clone(),
            AttributeType::Nested(nesting, attributes) => {
                let object = Type::object(
                    attributes
                        .iter()
                        .map(|attribute| (attribute.name.clone(), attribute.ty())),
                );
                match nesting {
                    Nesting::Single => object,
                    Nesting::List => Type::list(object),
                    Nesting::Set => Type::set(object),
                    Nesting::Map => Type::map(object),
                }
            }
        }
    }

    /// Whether the provider may set it.
    pub fn is_computed(&self) -> bool {
        matches!(self.mode, Mode::Computed | Mode::OptionalComputed)
    }

    /// The nested attributes, if it has some.
    pub fn nested_attributes(&self) -> &[Attribute] {
        match &self.ty {
            AttributeType::Plain(_) => &[],
            AttributeType::Nested(_, attributes) => attributes,
        }
    }
}
