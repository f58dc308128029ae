//! The trimmed service models, parsed once. Their files and their licence are described in `model/README.md`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

/// One service's operations and the shapes they reach.
#[derive(Debug, Deserialize)]
pub(crate) struct Model {
    pub(crate) metadata: Metadata,
    pub(crate) operations: BTreeMap<String, Operation>,
    pub(crate) shapes: BTreeMap<String, Shape>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Metadata {
    pub(crate) protocol: Protocol,
    #[serde(default)]
    pub(crate) json_version: String,
    #[serde(default)]
    pub(crate) target_prefix: String,
    #[serde(default)]
    pub(crate) xml_namespace: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Protocol {
    Json,
    Query,
    RestJson,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Operation {
    pub(crate) input: Option<String>,
    pub(crate) output: Option<String>,
    pub(crate) result_wrapper: Option<String>,
    pub(crate) errors: Vec<String>,
    /// Of the REST protocols alone.
    pub(crate) http: Option<Http>,
}

/// Where an operation of a REST protocol is found.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Http {
    pub(crate) method: String,
    pub(crate) request_uri: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Shape {
    #[serde(rename = "type")]
    pub(crate) kind: Kind,
    #[serde(default)]
    pub(crate) members: BTreeMap<String, Reference>,
    pub(crate) member: Option<Reference>,
    pub(crate) key: Option<Reference>,
    pub(crate) value: Option<Reference>,
    #[serde(default)]
    pub(crate) required: Vec<String>,
    #[serde(rename = "enum", default)]
    pub(crate) values: Vec<String>,
    pub(crate) min: Option<i64>,
    pub(crate) max: Option<i64>,
    pub(crate) pattern: Option<Pattern>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Reference {
    pub(crate) shape: String,
    /// Where a member travels that is not in the body.
    pub(crate) location: Option<Location>,
    /// Its name on the wire, where that is another.
    pub(crate) location_name: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Location {
    Querystring,
    Uri,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Blob,
    Boolean,
    Double,
    Integer,
    List,
    Long,
    Map,
    String,
    Structure,
    Timestamp,
}

/// A pattern of the model, which AWS applies to the whole value.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Pattern {
    pub(crate) text: String,
    pub(crate) regex: Regex,
}

impl TryFrom<String> for Pattern {
    type Error = regex::Error;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        // Java writes the characters beyond the first plane as pairs of surrogates, and has a class of its own for
        // what ASCII can print.
        let translated = text
            .replace(r"\uD800\uDC00-\uDBFF\uDFFF", r"\x{10000}-\x{10FFFF}")
            .replace(r"\p{Print}", "[ -~]");
        let regex = Regex::new(&format!("^(?:{translated})$"))?;
        Ok(Self { text, regex })
    }
}

impl Model {
    fn parse(text: &str) -> Self {
        serde_json::from_str(text).expect("the checked-in service models parse, as a test shows")
    }

    pub(crate) fn shape(&self, name: &str) -> &Shape {
        self.shapes
            .get(name)
            .expect("a trimmed model holds every shape that it reaches, as a test shows")
    }
}

/// Application Auto Scaling, 2016-02-06.
pub(super) fn autoscaling() -> &'static Model {
    static MODEL: LazyLock<Model> =
        LazyLock::new(|| Model::parse(include_str!("../../model/application-autoscaling.json")));
    &MODEL
}

/// AWS Backup, 2018-11-15.
pub(super) fn backup() -> &'static Model {
    static MODEL: LazyLock<Model> = LazyLock::new(|| Model::parse(include_str!("../../model/backup.json")));
    &MODEL
}

/// Amazon DynamoDB, 2012-08-10.
pub(super) fn dynamodb() -> &'static Model {
    static MODEL: LazyLock<Model> = LazyLock::new(|| Model::parse(include_str!("../../model/dynamodb.json")));
    &MODEL
}

/// AWS Key Management Service, 2014-11-01.
pub(super) fn kms() -> &'static Model {
    static MODEL: LazyLock<Model> = LazyLock::new(|| Model::parse(include_str!("../../model/kms.json")));
    &MODEL
}

/// AWS Organizations, 2016-11-28.
pub(super) fn organizations() -> &'static Model {
    static MODEL: LazyLock<Model> =
        LazyLock::new(|| Model::parse(include_str!("../../model/organizations.json")));
    &MODEL
}

/// AWS Security Token Service, 2011-06-15.
pub(super) fn sts() -> &'static Model {
    static MODEL: LazyLock<Model> = LazyLock::new(|| Model::parse(include_str!("../../model/sts.json")));
    &MODEL
}

fn all() -> [&'static Model; 6] {
    [autoscaling(), backup(), dynamodb(), kms(), organizations(), sts()]
}

/// The model of the service that a credential scope names, when the simulator plays it.
pub(crate) fn model_of(service: &str) -> Option<&'static Model> {
    match service {
        "application-autoscaling" => Some(autoscaling()),
        "backup" => Some(backup()),
        "dynamodb" => Some(dynamodb()),
        "kms" => Some(kms()),
        "organizations" => Some(organizations()),
        "sts" => Some(sts()),
        _ => None,
    }
}

/// Whether a service, or any when none is named, has an operation of this name.
pub(crate) fn knows_operation(service: Option<&str>, operation: &str) -> bool {
    let models: Vec<_> = match service {
        Some(service) => model_of(service).into_iter().collect(),
        None => all().into(),
    };
    models
        .iter()
        .any(|model| model.operations.contains_key(operation))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_model_parses_and_is_closed() {
        for model in all() {
            let sides = model
                .operations
                .values()
                .flat_map(|operation| [&operation.input, &operation.output]);
            for name in sides.flatten() {
                model.shape(name);
            }
            for shape in model.shapes.values() {
                let single = [&shape.member, &shape.key, &shape.value].into_iter().flatten();
                for reference in shape.members.values().chain(single) {
                    model.shape(&reference.shape);
                }
            }
        }
    }
}
