//! The REST-JSON protocol of AWS Backup: the operation is in the method and the path, its input in path, query and body.

use serde_json::{Map, Value};

use super::model::{Kind, Location, Model, Operation, Reference};
use super::query::{Form, decode_path};
use crate::clock::Moment;
use crate::failure::Failure;

/// Finds the operation that a method and a path mean.
pub(crate) fn find_operation<'a>(model: &'a Model, method: &str, path: &str) -> Option<&'a str> {
    let fitting = model.operations.iter().filter(|(_, operation)| {
        operation
            .http
            .as_ref()
            .is_some_and(|http| http.method == method && is_fit(&http.request_uri, path))
    });
    // A literal segment tells more than a placeholder: `template/json` is no plan.
    fitting
        .max_by_key(|(_, operation)| literals(operation))
        .map(|(name, _)| name.as_str())
}

/// Builds the input of an operation, so that it can be checked like a JSON request. Query parameters that belong to no
/// member are kept under their own name: the check then calls them unknown.
///
/// # Errors
/// `SerializationException` when the body is not a JSON object.
pub(crate) fn to_input(
    model: &Model,
    operation: &Operation,
    path: &str,
    query: Form,
    body: &[u8],
) -> Result<Value, Failure> {
    let mut input = body_of(model, operation, body)?;
    let members = operation
        .input
        .as_deref()
        .map(|shape| &model.shape(shape).members);
    let http = operation.http.as_ref();
    let bound = http.map_or_else(Vec::new, |http| {
        segments(&http.request_uri)
            .zip(segments(path))
            .filter_map(|(pattern, segment)| Some((placeholder(pattern)?, decode_path(segment))))
            .collect()
    });
    let mut query = query;
    for (name, member) in members.into_iter().flatten() {
        let wire_name = member.location_name.as_deref().unwrap_or(name);
        let text = match member.location {
            Some(Location::Uri) => bound
                .iter()
                .find(|(placeholder, _)| *placeholder == wire_name)
                .map(|(_, value)| value.clone()),
            Some(Location::Querystring) => query.take(wire_name),
            None => None,
        };
        if let Some(text) = text {
            input.insert(name.clone(), typed(model, member, text));
        }
    }
    input.extend(query.into_pairs().map(|(name, value)| (name, Value::from(value))));
    Ok(Value::Object(input))
}

fn body_of(model: &Model, operation: &Operation, body: &[u8]) -> Result<Map<String, Value>, Failure> {
    if body.is_empty() {
        return Ok(Map::new());
    }
    let parsed: Value = serde_json::from_slice(body)
        .map_err(|error| Failure::new("SerializationException", format!("the body is not JSON: {error}")))?;
    let Value::Object(sent) = parsed else {
        return Err(Failure::new(
            "SerializationException",
            "Unexpected token: the body is not a JSON object",
        ));
    };
    let members = operation
        .input
        .as_deref()
        .map(|shape| &model.shape(shape).members);
    let in_body = |wire_name: &str| {
        members.into_iter().flatten().find_map(|(name, member)| {
            let is_body = member.location.is_none();
            (is_body && member.location_name.as_deref().unwrap_or(name) == wire_name).then(|| name.clone())
        })
    };
    Ok(sent
        .into_iter()
        .map(|(name, value)| (in_body(&name).unwrap_or(name), value))
        .collect())
}

/// Path and query carry text; the shape says what it means. What cannot be read stays text, and the check says so.
fn typed(model: &Model, member: &Reference, text: String) -> Value {
    match model.shape(&member.shape).kind {
        Kind::Boolean => text.parse::<bool>().map_or(Value::from(text), Value::from),
        Kind::Integer | Kind::Long => text.parse::<i64>().map_or(Value::from(text), Value::from),
        Kind::Timestamp => Moment::parse_rfc3339(&text).map_or(Value::from(text), Moment::to_epoch_seconds),
        _ => Value::from(text),
    }
}

fn segments(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

fn placeholder(pattern: &str) -> Option<&str> {
    pattern.strip_prefix('{')?.strip_suffix('}')
}

fn is_fit(pattern: &str, path: &str) -> bool {
    segments(pattern).count() == segments(path).count()
        && segments(pattern)
            .zip(segments(path))
            .all(|(pattern, segment)| placeholder(pattern).is_some() || pattern == segment)
}

fn literals(operation: &Operation) -> usize {
    operation.http.as_ref().map_or(0, |http| {
        segments(&http.request_uri)
            .filter(|segment| placeholder(segment).is_none())
            .count()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::model::backup;
    use super::*;

    fn input(method: &str, path: &str, query: &str, body: &str) -> (String, Value) {
        let name = find_operation(backup(), method, path).expect("an operation");
        let operation = &backup().operations[name];
        let form = Form::parse(query.as_bytes());
        let input = to_input(backup(), operation, path, form, body.as_bytes());
        (name.to_owned(), input.expect("an input"))
    }

    #[test]
    fn path_query_and_body_make_the_input() {
        assert_eq!(
            input(
                "PUT",
                "/backup-vaults/nightly",
                "",
                r#"{"BackupVaultTags": {"a": "b"}}"#
            ),
            (
                "CreateBackupVault".to_owned(),
                json!({"BackupVaultName": "nightly", "BackupVaultTags": {"a": "b"}})
            )
        );
        assert_eq!(
            input(
                "GET",
                "/backup-vaults/nightly/recovery-points/",
                "maxResults=5&createdAfter=2026-01-02T03%3A04%3A05Z",
                ""
            ),
            (
                "ListRecoveryPointsByBackupVault".to_owned(),
                json!({"BackupVaultName": "nightly", "MaxResults": 5, "ByCreatedAfter": 1_767_323_045.0})
            )
        );
    }

    #[test]
    fn an_arn_in_a_path_is_decoded() {
        let (name, input) = input(
            "GET",
            "/backup-vaults/v1/recovery-points/arn%3Aaws%3Adynamodb%3Aus-east-1%3A1%3Atable%2Fa%2Bb",
            "",
            "",
        );
        assert_eq!(name, "DescribeRecoveryPoint");
        assert_eq!(
            input["RecoveryPointArn"],
            "arn:aws:dynamodb:us-east-1:1:table/a+b"
        );
    }

    #[test]
    fn a_literal_path_wins_over_a_placeholder() {
        assert_eq!(
            find_operation(backup(), "GET", "/backup-vaults"),
            Some("ListBackupVaults")
        );
        assert_eq!(
            find_operation(backup(), "POST", "/backup/template/json/toPlan"),
            Some("GetBackupPlanFromJSON")
        );
        assert_eq!(find_operation(backup(), "POST", "/nowhere"), None);
    }

    #[test]
    fn parameters_that_belong_to_no_member_are_kept_for_the_check() {
        let (_, input) = input("GET", "/backup-vaults/v1", "bogus=1", "");
        assert_eq!(input["bogus"], "1");
    }
}
