//! ValidateProviderConfig, ValidateResourceConfig, ValidateDataResourceConfig.

use super::Server;
use super::catch::catch_pure;
use crate::data_source::{INVALID_VALUE, mismatch};
use crate::schema::{Attribute, AttributeType, Mode, Schema};
use crate::{Diagnostic, Diagnostics, Model, Path, Provider, Value, Walk};

impl<P: Provider> Server<P> {
    /// Checks the provider block. Resources that are checked after it are checked as it says.
    pub fn validate_provider(&self, config: &Value) -> Diagnostics {
        self.review_as(config, Walk::Validate);
        let found = catch_pure("validate the provider block", || {
            match P::Config::from_value(config) {
                Ok(config) => P::validate(&config),
                Err(err) => mismatch(&err).into(),
            }
        });
        together(check(&self.schemas.provider, config, true), found)
    }

    /// Checks the configuration of a resource. `write_only_allowed` is the client's capability.
    pub fn validate_resource(
        &self,
        type_name: &str,
        config: &Value,
        write_only_allowed: bool,
    ) -> Diagnostics {
        let (resource, schemas) = match self.resource(type_name) {
            Ok(found) => found,
            Err(diagnostic) => return diagnostic.into(),
        };
        let review = self.review();
        let found = catch_pure("validate the configuration", || {
            review.of(resource.validate(config))
        });
        together(check(&schemas.schema, config, write_only_allowed), found)
    }

    /// Checks the configuration of a data source.
    pub fn validate_data_source(&self, type_name: &str, config: &Value) -> Diagnostics {
        let found = self
            .data_sources
            .get(type_name)
            .zip(self.schemas.data_sources.get(type_name));
        let Some((source, schema)) = found else {
            return Diagnostic::error(
                "Data Source Type Not Found",
                format!("The provider has no data source {type_name:?}."),
            )
            .into();
        };
        let review = self.review();
        let found = catch_pure("validate the configuration", || {
            review.of(source.validate(config))
        });
        together(check(schema, config, true), found)
    }
}

/// What the schema told, then what the provider told. A value that both refuse is told once, by the schema,
/// which knows the bounds.
fn together(mut by_schema: Diagnostics, by_provider: Result<Diagnostics, Diagnostic>) -> Diagnostics {
    let by_provider = by_provider.unwrap_or_else(Diagnostics::from);
    let refused: Vec<_> = by_schema
        .iter()
        .filter(|diagnostic| diagnostic.is_error())
        .map(|diagnostic| diagnostic.path.clone())
        .collect();
    by_schema.extend(
        by_provider
            .into_iter()
            .filter(|diagnostic| diagnostic.summary != INVALID_VALUE || !refused.contains(&diagnostic.path)),
    );
    by_schema
}

/// Checks what the schema alone can tell.
fn check(schema: &Schema, config: &Value, write_only_allowed: bool) -> Diagnostics {
    let mut checker = Checker {
        write_only_allowed,
        found: Diagnostics::new(),
    };
    checker.attributes(&schema.attributes, &Path::root(), config);
    for block in &schema.blocks {
        let path = Path::of(&block.name);
        if let Value::List(items) = config.attribute(&block.name) {
            for (index, item) in items.iter().enumerate() {
                checker.attributes(&block.attributes, &path.clone().index(index as i64), item);
            }
        }
    }
    checker.found
}

struct Checker {
    write_only_allowed: bool,
    found: Diagnostics,
}

impl Checker {
    fn error(&mut self, path: &Path, summary: &str, detail: impl Into<String>) {
        self.found
            .push(Diagnostic::error(summary, detail).at(path.clone()));
    }

    fn attributes(&mut self, attributes: &[Attribute], parent: &Path, config: &Value) {
        // Null and unknown objects have nothing inside to check.
        let Value::Object(_) = config else {
            return;
        };
        for attribute in attributes {
            let path = parent.clone().attribute(&attribute.name);
            self.attribute(attribute, &path, config.attribute(&attribute.name));
        }
    }

    fn attribute(&mut self, attribute: &Attribute, path: &Path, value: &Value) {
        if value.is_null() {
            if attribute.mode == Mode::Required {
                self.error(
                    path,
                    "Missing Configuration for Required Attribute",
                    format!("Set {path}: it is required, and null counts as not set."),
                );
            }
            return;
        }
        if attribute.mode == Mode::Computed {
            self.error(
                path,
                "Invalid Configuration for Read-Only Attribute",
                format!("{path} is set by the provider. Remove it from the configuration."),
            );
            return;
        }
        if attribute.write_only && !self.write_only_allowed {
            self.error(
                path,
                "WriteOnly Attribute Not Allowed",
                format!(
                    "{path} is write-only, which Terraform and OpenTofu understand from version 1.11 on. An older \
                     one would store the value in its state. Upgrade it, or remove the argument."
                ),
            );
        }
        if value.is_unknown() {
            return;
        }
        if let Some(reason) = &attribute.deprecated {
            let detail = reason.clone();
            self.found
                .push(Diagnostic::warning("Attribute Deprecated", detail).at(path.clone()));
        }
        let secret = attribute.sensitive || attribute.write_only;
        for validator in &attribute.validators {
            let checked = if secret {
                validator.check_secret(value)
            } else {
                validator.check(value)
            };
            if let Err(detail) = checked {
                self.error(path, INVALID_VALUE, detail);
            }
        }
        if let AttributeType::Nested(_, children) = &attribute.ty {
            match value {
                Value::Object(_) => self.attributes(children, path, value),
                Value::List(items) => {
                    for (index, item) in items.iter().enumerate() {
                        self.attributes(children, &path.clone().index(index as i64), item);
                    }
                }
                Value::Map(entries) => {
                    for (key, item) in entries {
                        self.attributes(children, &path.clone().key(key), item);
                    }
                }
                // A path cannot step into a set: the faults inside point at the set.
                Value::Set(items) => {
                    let mut inside = Self {
                        write_only_allowed: self.write_only_allowed,
                        found: Diagnostics::new(),
                    };
                    for item in items {
                        inside.attributes(children, path, item);
                    }
                    let found = inside.found.into_iter();
                    self.found
                        .extend(found.map(|diagnostic| diagnostic.at(path.clone())));
                }
                _ => {}
            }
        }
    }
}
