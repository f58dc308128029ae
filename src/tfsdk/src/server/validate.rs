//! ValidateProviderConfig, ValidateResourceConfig, ValidateDataResourceConfig.

use super::Server;
use super::catch::catch_pure;
use crate::data_source::mismatch;
use crate::schema::{Attribute, AttributeType, Mode, Schema};
use crate::{Diagnostic, Diagnostics, Model, Path, Provider, Value};

impl<P: Provider> Server<P> {
    /// Checks the provider block.
    pub fn validate_provider(&self, config: &Value) -> Diagnostics {
        let mut diagnostics = check(&self.schemas.provider, config, true);
        if diagnostics.has_error() {
            return diagnostics;
        }
        match P::Config::from_value(config) {
            Ok(config) => match catch_pure("validate the provider block", || P::validate(&config)) {
                Ok(found) => diagnostics.extend(found),
                Err(panic) => diagnostics.push(panic),
            },
            Err(err) => diagnostics.push(mismatch(&err)),
        }
        diagnostics
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
        let mut diagnostics = check(&schemas.schema, config, write_only_allowed);
        match catch_pure("validate the configuration", || resource.validate(config)) {
            Ok(found) => diagnostics.extend(found),
            Err(panic) => diagnostics.push(panic),
        }
        diagnostics
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
        let mut diagnostics = check(schema, config, true);
        match catch_pure("validate the configuration", || source.validate(config)) {
            Ok(found) => diagnostics.extend(found),
            Err(panic) => diagnostics.push(panic),
        }
        diagnostics
    }
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
        let Value::Object(_) = config else { return };
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
                    "{path} is write-only, which Terraform understands from version 1.11 on. An older one would \
                     store the value in its state. Upgrade Terraform, or remove the argument."
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
        for validator in &attribute.validators {
            if let Err(detail) = validator.check(value) {
                self.error(path, "Invalid Attribute Value", detail);
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
                    for item in items {
                        let mut inside = Checker {
                            write_only_allowed: self.write_only_allowed,
                            found: Diagnostics::new(),
                        };
                        inside.attributes(children, path, item);
                        self.found.extend(
                            inside
                                .found
                                .into_iter()
                                .map(|diagnostic| diagnostic.at(path.clone())),
                        );
                    }
                }
                _ => {}
            }
        }
    }
}
