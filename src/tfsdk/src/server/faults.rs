//! What is wrong with a whole provider, before Terraform says so. Run by the provider's tests, not at start.

use std::collections::BTreeSet;

use super::Server;
use crate::schema::{check, check_provider, is_name};
use crate::{IdentitySchema, Provider, Schema, Signature, Type, Upgrade};

impl<P: Provider> Server<P> {
    /// Lists what Terraform or this SDK would refuse: schemas, identities, functions, upgrades, and names that
    /// are there twice. Empty for a provider that is fit to be served.
    pub fn faults() -> Vec<String> {
        let mut faults = Faults::default();
        faults.under("provider", check_provider(&P::schema()));

        let resources = P::resources();
        faults.names("resources", resources.iter().map(|resource| resource.name()));
        for resource in &resources {
            let place = format!("resource {}", resource.name());
            let schema = resource.schema();
            faults.under(&place, check(&schema));
            faults.under(&place, check_upgrades(&schema, resource.upgrades()));
            if let Some(identity) = resource.identity_schema() {
                faults.under(&place, check_identity(&identity));
            }
        }

        let data_sources = P::data_sources();
        faults.names("data sources", data_sources.iter().map(|source| source.name()));
        for source in &data_sources {
            let place = format!("data source {}", source.name());
            let schema = source.schema();
            faults.under(&place, check(&schema));
            faults.under(&place, check_data_source(&schema));
        }

        let functions = P::functions();
        faults.names("functions", functions.iter().map(|function| function.name()));
        for function in &functions {
            faults.under(
                &format!("function {}", function.name()),
                check_signature(&function.signature()),
            );
        }
        faults.0
    }
}

#[derive(Default)]
struct Faults(Vec<String>);

impl Faults {
    fn under(&mut self, place: &str, faults: Vec<String>) {
        self.0
            .extend(faults.into_iter().map(|fault| format!("{place}: {fault}")));
    }

    fn names<'a>(&mut self, of: &str, names: impl Iterator<Item = &'a str>) {
        let mut faults = Vec::new();
        let mut last = "";
        for name in names {
            if !is_name(name) {
                faults.push(format!(
                    "{name:?} is not a name of lower-case letters, digits and underscores"
                ));
            }
            if name == last {
                faults.push(format!("{name} is there twice"));
            } else if name < last {
                faults.push(format!("{name} is not sorted: it comes after {last}"));
            }
            last = name;
        }
        self.under(of, faults);
    }
}

fn check_upgrades(schema: &Schema, upgrades: &[Upgrade]) -> Vec<String> {
    let from: Vec<i64> = upgrades.iter().map(|upgrade| upgrade.from).collect();
    let expect: Vec<i64> = (0..schema.version).collect();
    if from == expect {
        return Vec::new();
    }
    vec![format!(
        "the schema has version {}, so it needs upgrades from {expect:?}, and has them from {from:?}",
        schema.version
    )]
}

fn check_identity(identity: &IdentitySchema) -> Vec<String> {
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    if identity.version < 0 {
        faults.push(format!("identity: version {} is below zero", identity.version));
    }
    if !identity
        .attributes
        .iter()
        .any(|attribute| attribute.required_for_import)
    {
        faults.push("identity: an import needs no attribute, so it would name no object".to_owned());
    }
    for attribute in &identity.attributes {
        let name = attribute.name;
        let mut fault = |text: &str| faults.push(format!("identity {name}: {text}"));
        if !is_name(name) {
            fault("not a name of lower-case letters, digits and underscores");
        }
        if !seen.insert(name) {
            fault("declared twice");
        }
        if attribute.description.trim().is_empty() {
            fault("not documented");
        }
        let element = match &attribute.ty {
            Type::List(element) => element,
            ty => ty,
        };
        if !matches!(element, Type::Bool | Type::Number | Type::String) {
            fault("neither a bool, number or string nor a list of them");
        }
    }
    faults
}

fn check_data_source(schema: &Schema) -> Vec<String> {
    let mut faults = Vec::new();
    if schema.version != 0 {
        faults.push("a data source has no state to upgrade, so its version is 0".to_owned());
    }
    let mut attributes: Vec<_> = schema.attributes.iter().collect();
    while let Some(attribute) = attributes.pop() {
        if attribute.write_only || !attribute.modifiers.is_empty() {
            faults.push(format!(
                "{}: a data source has no plan, so nothing in it is write-only or modified",
                attribute.name
            ));
        }
        attributes.extend(attribute.nested_attributes());
    }
    faults
}

fn check_signature(signature: &Signature) -> Vec<String> {
    let mut faults = Vec::new();
    if signature.summary.trim().is_empty() || signature.description.trim().is_empty() {
        faults.push("not documented".to_owned());
    }
    let mut seen = BTreeSet::new();
    for parameter in signature.parameters.iter().chain(&signature.variadic) {
        let name = parameter.name;
        if !is_name(name) {
            faults.push(format!(
                "{name:?} is not a name of lower-case letters, digits and underscores"
            ));
        }
        if !seen.insert(name) {
            faults.push(format!("{name}: declared twice"));
        }
        if parameter.description.trim().is_empty() {
            faults.push(format!("{name}: not documented"));
        }
    }
    faults
}
