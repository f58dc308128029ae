//! Plays Terraform's part: one resource instance from plan to destroy, with the calls, in their order and with
//! the values, that Terraform makes.
//!
//! It holds answers against Terraform's own rules, which are written down here a second time and apart from
//! the server's checks. A broken rule is a panic: Terraform would blame the provider for it. What a provider
//! reports comes back as diagnostics. There are no graphs, no modules and no files.

mod instance;
mod proposed;
mod rules;

pub(crate) use instance::{Action, Instance};

use tfsdk::server::DecodeState;
use tfsdk::{ConfigureRequest, Diagnostic, Diagnostics, Provider, Schema, Server, Type, Value};

/// Terraform with one configured provider.
pub(crate) struct Terraform<P: Provider> {
    server: Server<P>,
    write_only: bool,
}

impl<P: Provider> Terraform<P> {
    /// Validates the provider block and configures the provider with it. Attributes that are left out are null.
    ///
    /// # Errors
    /// What the provider refuses.
    pub(crate) async fn new(config: Value) -> Result<Self, Diagnostics> {
        let server = Server::new();
        let config = complete(&server.schemas().provider, &config);
        let mut diagnostics = server.validate_provider(&config);
        if !diagnostics.has_error() {
            let request = ConfigureRequest {
                terraform_version: "1.14.0".to_owned(),
            };
            diagnostics.extend(server.configure(&config, request).await);
        }
        if diagnostics.has_error() {
            return Err(diagnostics);
        }
        Ok(Self {
            server,
            write_only: true,
        })
    }

    /// Terraform with a provider that was not configured, as when it validates.
    pub(crate) fn unconfigured() -> Self {
        Self {
            server: Server::new(),
            write_only: true,
        }
    }

    /// An older Terraform, which does not know write-only attributes.
    #[must_use]
    pub(crate) fn without_write_only(mut self) -> Self {
        self.write_only = false;
        self
    }

    /// The server itself, for single calls.
    pub(crate) fn server(&self) -> &Server<P> {
        &self.server
    }

    /// An instance of a resource type, without an object yet. The name is the full one.
    pub(crate) fn resource(&self, type_name: &str) -> Instance<'_, P> {
        Instance::new(self, type_name)
    }

    /// Validates and reads a data source. Attributes that are left out are null.
    ///
    /// # Errors
    /// What the provider refuses or could not read.
    pub(crate) async fn data_source(&self, type_name: &str, config: Value) -> Result<Value, Diagnostics> {
        let schemas = self.server.schemas();
        let schema = schemas
            .data_sources
            .get(type_name)
            .expect("the data source exists");
        let config = complete(schema, &config);
        let diagnostics = self.server.validate_data_source(type_name, &config);
        if diagnostics.has_error() {
            return Err(diagnostics);
        }
        let (state, _) = self.server.read_data_source(type_name, config).await?;
        rules::assert_fits(&schema.ty(), &state);
        rules::assert_known(&state);
        Ok(state)
    }
}

/// Fills in null for every attribute that an object lacks, and no blocks where it lacks them, so that tests
/// write down only what matters.
///
/// # Panics
/// The value does not fit the schema: a test is wrong.
pub(crate) fn complete(schema: &Schema, value: &Value) -> Value {
    let ty = schema.ty();
    let mut value = fill(&ty, value, &|name| panic!("there is no attribute {name:?}"));
    if let Value::Object(attributes) = &mut value {
        for block in &schema.blocks {
            let blocks = attributes.entry(block.name.clone()).or_insert(Value::Null);
            if blocks.is_null() {
                *blocks = Value::List(Vec::new());
            }
        }
    }
    rules::assert_fits(&ty, &value);
    value
}

/// State as Terraform stored it. Decoding leaves out what the type lacks and fills in null.
pub(crate) struct Stored<'a>(pub(crate) &'a Value);

impl DecodeState for Stored<'_> {
    fn decode(&self, ty: &Type) -> Result<Value, Diagnostic> {
        let value = fill(ty, self.0, &|_| {});
        rules::assert_fits(ty, &value);
        Ok(value)
    }
}

fn fill(ty: &Type, value: &Value, superfluous: &dyn Fn(&str)) -> Value {
    let each = |ty: &Type, items: &[Value]| items.iter().map(|item| fill(ty, item, superfluous)).collect();
    match (ty, value) {
        (Type::Object(types), Value::Object(present)) => {
            for name in present.keys().filter(|name| !types.contains_key(*name)) {
                superfluous(name);
            }
            Value::object(
                types
                    .iter()
                    .map(|(name, ty)| (name, fill(ty, value.attribute(name), superfluous))),
            )
        }
        (Type::List(ty), Value::List(items)) => Value::List(each(ty, items)),
        (Type::Set(ty), Value::Set(items)) => Value::Set(each(ty, items)),
        (Type::Map(ty), Value::Map(entries)) => Value::Map(
            entries
                .iter()
                .map(|(key, item)| (key.clone(), fill(ty, item, superfluous)))
                .collect(),
        ),
        _ => value.clone(),
    }
}
