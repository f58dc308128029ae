//! The query protocol of STS: form parameters in, XML out, both by the service model.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::model::{Kind, Model, Operation};
use crate::clock::Moment;
use crate::failure::Failure;

/// The parameters of a form, or of an address, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Form(BTreeMap<String, String>);

impl Form {
    /// Splits an `application/x-www-form-urlencoded` text.
    pub(crate) fn parse(text: &[u8]) -> Self {
        let text = String::from_utf8_lossy(text);
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        Self(
            pairs
                .map(|pair| {
                    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                    (decode(name), decode(value))
                })
                .collect(),
        )
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    pub(super) fn into_pairs(self) -> impl Iterator<Item = (String, String)> {
        self.0.into_iter()
    }
}

/// Decodes a segment of a path, where a plus sign is itself.
pub(super) fn decode_path(text: &str) -> String {
    decode(&text.replace('+', "%2B"))
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(if bytes[at] == b'+' { b' ' } else { bytes[at] });
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Builds the operation's input from form parameters, so that it can be checked like a JSON request. Parameters that
/// belong to no member are kept under their own name: the check then calls them unknown.
pub(crate) fn to_input(model: &Model, operation: &Operation, form: &Form) -> Result<Value, Failure> {
    let mut left: Form = form.clone();
    left.take("Action");
    left.take("Version");
    let mut input = match &operation.input {
        Some(shape) => structure(model, shape, "", &mut left)?.unwrap_or_default(),
        None => Map::new(),
    };
    input.extend(left.0.into_iter().map(|(name, value)| (name, Value::from(value))));
    Ok(Value::Object(input))
}

fn structure(
    model: &Model,
    shape: &str,
    prefix: &str,
    left: &mut Form,
) -> Result<Option<Map<String, Value>>, Failure> {
    let mut object = Map::new();
    for (name, member) in &model.shape(shape).members {
        let path = if prefix.is_empty() {
            name.clone()
        } else {
            format!("{prefix}.{name}")
        };
        if let Some(value) = read(model, &member.shape, &path, left)? {
            object.insert(name.clone(), value);
        }
    }
    Ok((!object.is_empty()).then_some(object))
}

fn read(model: &Model, name: &str, path: &str, left: &mut Form) -> Result<Option<Value>, Failure> {
    let shape = model.shape(name);
    let malformed =
        |text: &str| Failure::new("MalformedInput", format!("{text} is not a valid value of {path}"));
    match (shape.kind, &shape.member) {
        (Kind::Structure, _) => Ok(structure(model, name, path, left)?.map(Value::Object)),
        (Kind::List, Some(member)) => {
            let mut list = Vec::new();
            while let Some(value) = read(
                model,
                &member.shape,
                &format!("{path}.member.{}", list.len() + 1),
                left,
            )? {
                list.push(value);
            }
            Ok((!list.is_empty()).then_some(Value::Array(list)))
        }
        (Kind::Integer | Kind::Long, _) => left
            .take(path)
            .map(|text| text.parse::<i64>().map(Value::from).map_err(|_| malformed(&text)))
            .transpose(),
        (Kind::Boolean, _) => left
            .take(path)
            .map(|text| {
                text.parse::<bool>()
                    .map(Value::from)
                    .map_err(|_| malformed(&text))
            })
            .transpose(),
        _ => Ok(left.take(path).map(Value::from)),
    }
}

/// Renders the reply of an operation that the model has.
pub(crate) fn reply_xml(model: &Model, operation: &str, output: &Value, request_id: &str) -> String {
    let namespace = &model.metadata.xml_namespace;
    let served = model.operations.get(operation);
    let wrapper = served
        .and_then(|served| served.result_wrapper.as_deref())
        .unwrap_or("Result");
    let mut xml = format!("<{operation}Response xmlns=\"{namespace}\">\n  <{wrapper}>\n");
    if let Some(shape) = served.and_then(|served| served.output.as_deref()) {
        contents(&mut xml, model, shape, output);
    }
    let _ = write!(
        xml,
        "  </{wrapper}>\n  <ResponseMetadata>\n    <RequestId>{request_id}</RequestId>\n  </ResponseMetadata>\n\
         </{operation}Response>\n"
    );
    xml
}

/// Renders an error.
pub(crate) fn error_xml(namespace: &str, failure: &Failure, request_id: &str) -> String {
    let side = if failure.status < 500 {
        "Sender"
    } else {
        "Receiver"
    };
    format!(
        "<ErrorResponse xmlns=\"{namespace}\">\n  <Error>\n    <Type>{side}</Type>\n    <Code>{}</Code>\n    \
         <Message>{}</Message>\n  </Error>\n  <RequestId>{request_id}</RequestId>\n</ErrorResponse>\n",
        escape(&failure.code),
        escape(&failure.message)
    )
}

/// Writes what stands inside an element. A value whose shape is unknown has failed the check before.
fn contents(xml: &mut String, model: &Model, name: &str, value: &Value) {
    let shape = model.shape(name);
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let Some(member) = shape.members.get(name) else {
                    continue;
                };
                element(xml, model, name, &member.shape, value);
            }
        }
        Value::Array(list) => {
            let Some(member) = &shape.member else { return };
            list.iter()
                .for_each(|value| element(xml, model, "member", &member.shape, value));
        }
        Value::String(text) => xml.push_str(&escape(text)),
        Value::Number(seconds) if shape.kind == Kind::Timestamp => {
            let moment = Moment::from_epoch_seconds(seconds.as_f64().unwrap_or_default());
            xml.push_str(&moment.floor_second().to_rfc3339());
        }
        other => xml.push_str(&other.to_string()),
    }
}

fn element(xml: &mut String, model: &Model, name: &str, shape: &str, value: &Value) {
    let _ = write!(xml, "<{name}>");
    contents(xml, model, shape, value);
    let _ = writeln!(xml, "</{name}>");
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::model::sts;
    use super::*;

    #[test]
    fn form_parameters_become_the_input_of_the_operation() {
        let form = Form::parse(
            b"Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fx&\
              RoleSessionName=a+b&DurationSeconds=900&Tags.member.1.Key=k&Tags.member.1.Value=v",
        );
        let input = to_input(sts(), &sts().operations["AssumeRole"], &form).unwrap();
        assert_eq!(
            input,
            json!({"DurationSeconds": 900, "RoleArn": "arn:aws:iam::123456789012:role/x",
                "RoleSessionName": "a b", "Tags": [{"Key": "k", "Value": "v"}]})
        );
    }

    #[test]
    fn a_parameter_without_a_member_is_kept_for_the_check() {
        let form = Form::parse(b"Action=GetCallerIdentity&Bogus=1");
        let input = to_input(sts(), &sts().operations["GetCallerIdentity"], &form).unwrap();
        assert_eq!(input, json!({"Bogus": "1"}));
    }

    #[test]
    fn replies_are_escaped() {
        let xml = reply_xml(sts(), "GetCallerIdentity", &json!({"Account": "1<2"}), "id");
        assert!(
            xml.contains("<GetCallerIdentityResult>") && xml.contains("<Account>1&lt;2</Account>"),
            "{xml}"
        );
    }
}
