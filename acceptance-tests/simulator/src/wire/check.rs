//! Holds a JSON value against a shape of the service model.

use serde_json::Value;

use super::model::{Kind, Model, Shape};
use crate::failure::Failure;

/// What is wrong with a value, sorted by how AWS tells it.
#[derive(Default)]
struct Complaints {
    /// Values of the wrong JSON type: AWS answers a SerializationException for the first.
    types: Vec<String>,
    /// Broken constraints of the model: AWS answers them together in one ValidationException.
    constraints: Vec<String>,
    /// Members that the model does not know.
    unknown: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Request,
    Reply,
}

struct Walk<'a> {
    model: &'a Model,
    side: Side,
    found: Complaints,
}

/// Checks the request of an operation.
///
/// # Errors
/// `SerializationException` for a value of the wrong type, and `ValidationException` for broken constraints, both in
/// AWS's words. Unknown members are refused too, which AWS does not do: it ignores them, and a test would never see
/// the client's mistake.
pub(crate) fn check_request(model: &Model, operation: &str, input: &Value) -> Result<(), Failure> {
    let Some(shape) = model
        .operations
        .get(operation)
        .and_then(|operation| operation.input.as_deref())
    else {
        return Ok(());
    };
    let found = walk(model, Side::Request, shape, input);
    if let Some(first) = found.types.into_iter().next() {
        return Err(Failure::new("SerializationException", first));
    }
    if !found.constraints.is_empty() {
        let count = found.constraints.len();
        let noun = if count == 1 { "error" } else { "errors" };
        let list = found.constraints.join("; ");
        return Err(Failure::validation(format!(
            "{count} validation {noun} detected: {list}"
        )));
    }
    if !found.unknown.is_empty() {
        return Err(Failure::validation(format!(
            "The simulator refuses members that the service model of {operation} does not know (AWS would ignore \
             them): {}",
            found.unknown.join(", ")
        )));
    }
    Ok(())
}

/// Lets an outcome through that AWS could have answered. Any other is the simulator's own mistake, and says so.
///
/// # Errors
/// The service's error as it is, or `SimulatorReplyInvalid`.
pub(crate) fn conforming(
    model: &Model,
    operation: &str,
    outcome: Result<Value, Failure>,
) -> Result<Value, Failure> {
    match outcome {
        Ok(output) => {
            let problems = check_reply(model, operation, &output);
            if problems.is_empty() {
                return Ok(output);
            }
            Err(Failure::simulator(format!(
                "the reply of {operation} departs from the service model: {}",
                problems.join("; ")
            )))
        }
        Err(failure) if failure.is_common() => Err(failure),
        Err(failure) => {
            let errors = model
                .operations
                .get(operation)
                .map(|operation| operation.errors.as_slice());
            if errors
                .unwrap_or_default()
                .iter()
                .any(|code| *code == failure.code)
            {
                return Err(failure);
            }
            Err(Failure::simulator(format!(
                "by its service model {operation} does not answer {} ({})",
                failure.code, failure.message
            )))
        }
    }
}

/// Answers everything in which a reply departs from the service model. Lengths, ranges and patterns are left out:
/// AWS's own replies break them (a SYSTEM backup's name has a `$`, an on-demand table reports zero capacity units).
fn check_reply(model: &Model, operation: &str, output: &Value) -> Vec<String> {
    let Some(shape) = model
        .operations
        .get(operation)
        .and_then(|operation| operation.output.as_deref())
    else {
        return Vec::new();
    };
    let found = walk(model, Side::Reply, shape, output);
    [found.types, found.constraints, found.unknown].concat()
}

fn walk(model: &Model, side: Side, shape: &str, value: &Value) -> Complaints {
    let mut walk = Walk {
        model,
        side,
        found: Complaints::default(),
    };
    walk.value(shape, value, "");
    walk.found
}

impl Walk<'_> {
    fn value(&mut self, shape: &str, value: &Value, path: &str) {
        let shape = self.model.shape(shape);
        let before = self.found.types.len();
        match shape.kind {
            Kind::Structure => self.structure(shape, value, path),
            Kind::List => self.list(shape, value, path),
            Kind::Map => self.map(shape, value, path),
            Kind::String => self.expect(value.is_string(), value, "String", path),
            Kind::Blob => self.expect(value.is_string(), value, "ByteBuffer", path),
            Kind::Boolean => self.expect(value.is_boolean(), value, "Boolean", path),
            Kind::Integer => self.expect(is_whole(value), value, "Integer", path),
            Kind::Long => self.expect(is_whole(value), value, "Long", path),
            Kind::Double => self.expect(value.is_number(), value, "Double", path),
            Kind::Timestamp => self.expect(value.is_number(), value, "Date", path),
        }
        if self.found.types.len() == before {
            self.constraints(shape, value, path);
        }
    }

    fn structure(&mut self, shape: &Shape, value: &Value, path: &str) {
        let Some(object) = value.as_object() else {
            return self.expect(false, value, "structure", path);
        };
        for name in &shape.required {
            if object.get(name).is_none_or(Value::is_null) {
                self.constraint("null", &join(path, name), "Member must not be null");
            }
        }
        for (name, child) in object {
            match shape.members.get(name) {
                None => self.found.unknown.push(join(path, name)),
                // A client may send null for an absent member; AWS itself never answers null.
                Some(_) if child.is_null() && self.side == Side::Request => {}
                Some(member) => self.value(&member.shape, child, &join(path, name)),
            }
        }
    }

    fn list(&mut self, shape: &Shape, value: &Value, path: &str) {
        let Some(list) = value.as_array() else {
            return self.expect(false, value, "list", path);
        };
        let Some(member) = &shape.member else { return };
        for (index, child) in list.iter().enumerate() {
            self.value(&member.shape, child, &format!("{path}.{}.member", index + 1));
        }
    }

    fn map(&mut self, shape: &Shape, value: &Value, path: &str) {
        let Some(object) = value.as_object() else {
            return self.expect(false, value, "map", path);
        };
        let (Some(keys), Some(values)) = (&shape.key, &shape.value) else {
            return;
        };
        for (key, child) in object {
            self.value(&keys.shape, &Value::from(key.as_str()), path);
            self.value(&values.shape, child, &format!("{path}.{key}.member"));
        }
    }

    fn expect(&mut self, fits: bool, value: &Value, wanted: &str, path: &str) {
        if fits {
            return;
        }
        let complaint = match (self.side, value, wanted) {
            (Side::Reply, ..) => format!("{path}: {value} is not a {wanted}"),
            (_, Value::Object(_) | Value::Array(_), _) => {
                "Start of structure or map found where not expected.".to_owned()
            }
            (_, _, "structure" | "map") => "Unexpected field type".to_owned(),
            (_, _, "list") => "Unexpected value type in payload".to_owned(),
            (_, Value::Number(_), _) if wanted != "Integer" && wanted != "Long" => {
                format!("NUMBER_VALUE cannot be converted to {wanted}")
            }
            (_, Value::Number(_), _) => format!("DECIMAL_VALUE cannot be converted to {wanted}"),
            (_, Value::Bool(true), _) => format!("TRUE_VALUE cannot be converted to {wanted}"),
            (_, Value::Bool(false), _) => format!("FALSE_VALUE cannot be converted to {wanted}"),
            (_, Value::Null, _) => format!("NULL_VALUE cannot be converted to {wanted}"),
            (_, Value::String(_), _) => format!("STRING_VALUE cannot be converted to {wanted}"),
        };
        self.found.types.push(complaint);
    }

    fn constraints(&mut self, shape: &Shape, value: &Value, path: &str) {
        let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        if let (false, Some(text)) = (shape.values.is_empty(), value.as_str())
            && !shape.values.iter().any(|known| known == text)
        {
            let set = shape.values.join(", ");
            self.constraint(
                &shown_text(&shown),
                path,
                &format!("Member must satisfy enum value set: [{set}]"),
            );
        }
        if self.side == Side::Reply {
            return;
        }
        let (size, measure) = match value {
            Value::String(text) => (text.chars().count() as i64, "length"),
            Value::Array(list) => (list.len() as i64, "length"),
            Value::Object(map) if shape.kind == Kind::Map => (map.len() as i64, "length"),
            Value::Number(number) => (number.as_i64().unwrap_or(i64::MAX), "value"),
            _ => return,
        };
        if let Some(max) = shape.max.filter(|max| size > *max) {
            let rule = format!("Member must have {measure} less than or equal to {max}");
            self.constraint(&shown_text(&shown), path, &rule);
        }
        if let Some(min) = shape.min.filter(|min| size < *min) {
            let rule = format!("Member must have {measure} greater than or equal to {min}");
            self.constraint(&shown_text(&shown), path, &rule);
        }
        if let (Some(pattern), Some(text)) = (&shape.pattern, value.as_str())
            && !pattern.regex.is_match(text)
        {
            let rule = format!("Member must satisfy regular expression pattern: {}", pattern.text);
            self.constraint(&shown_text(&shown), path, &rule);
        }
    }

    fn constraint(&mut self, shown: &str, path: &str, rule: &str) {
        self.found.constraints.push(format!(
            "Value {shown} at '{path}' failed to satisfy constraint: {rule}"
        ));
    }
}

fn shown_text(value: &str) -> String {
    format!("'{value}'")
}

fn is_whole(value: &Value) -> bool {
    value.as_i64().is_some()
        || value
            .as_f64()
            .is_some_and(|number| number.fract() == 0.0 && number.abs() < 9e15)
}

/// AWS's messages name members by the getters of its Java model: the first letter is small, the rest as it is.
fn join(path: &str, member: &str) -> String {
    let mut chars = member.chars();
    let name = chars
        .next()
        .map(|first| first.to_lowercase().chain(chars).collect::<String>())
        .unwrap_or_default();
    if path.is_empty() {
        name
    } else {
        format!("{path}.{name}")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::model::dynamodb;
    use super::*;

    fn refused(operation: &str, input: Value) -> String {
        let failure = check_request(dynamodb(), operation, &input).unwrap_err();
        format!("{}: {}", failure.code, failure.message)
    }

    #[test]
    fn a_fitting_request_passes() {
        let input = json!({"TableName": "Music", "BackupName": "b-1.x_y"});
        assert!(check_request(dynamodb(), "CreateBackup", &input).is_ok());
        let input = json!({"TableName": "Music", "Limit": null});
        assert!(check_request(dynamodb(), "ListBackups", &input).is_ok());
    }

    #[test]
    fn ranges_are_told_in_the_words_of_aws() {
        let input = |days: i64| {
            json!({"TableName": "Music", "PointInTimeRecoverySpecification":
                {"PointInTimeRecoveryEnabled": true, "RecoveryPeriodInDays": days}})
        };
        assert_eq!(
            refused("UpdateContinuousBackups", input(36)),
            "ValidationException: 1 validation error detected: Value '36' at \
             'pointInTimeRecoverySpecification.recoveryPeriodInDays' failed to satisfy constraint: Member must have \
             value less than or equal to 35"
        );
        assert!(refused("UpdateContinuousBackups", input(0)).ends_with("greater than or equal to 1"));
        assert!(check_request(dynamodb(), "UpdateContinuousBackups", &input(35)).is_ok());
    }

    #[test]
    fn several_constraints_come_together() {
        assert_eq!(
            refused("CreateBackup", json!({"BackupName": "a b"})),
            "ValidationException: 2 validation errors detected: Value null at 'tableName' failed to satisfy \
             constraint: Member must not be null; Value 'a b' at 'backupName' failed to satisfy constraint: Member \
             must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
        );
    }

    #[test]
    fn enums_and_nested_members_are_named() {
        let input = json!({"TargetTableName": "Copy", "BackupArn": "arn:aws:dynamodb:us-east-1:123456789012:table/x",
            "BillingModeOverride": "FREE",
            "GlobalSecondaryIndexOverride": [{"IndexName": "i", "KeySchema": [], "Projection": {}}]});
        let text = refused("RestoreTableFromBackup", input);
        assert!(text.contains("Value 'FREE' at 'billingModeOverride'"), "{text}");
        assert!(
            text.contains("enum value set: [PROVISIONED, PAY_PER_REQUEST]"),
            "{text}"
        );
        assert!(
            text.contains("at 'globalSecondaryIndexOverride.1.member.indexName'"),
            "{text}"
        );
    }

    #[test]
    fn wrong_types_are_serialization_errors() {
        assert_eq!(
            refused("DescribeTable", json!({"TableName": 7})),
            "SerializationException: NUMBER_VALUE cannot be converted to String"
        );
        assert_eq!(
            refused("ListBackups", json!({"Limit": "7"})),
            "SerializationException: STRING_VALUE cannot be converted to Integer"
        );
        assert_eq!(
            refused("CreateTable", json!({"TableName": {}})),
            "SerializationException: Start of structure or map found where not expected."
        );
    }

    #[test]
    fn members_that_the_model_does_not_know_are_refused() {
        assert!(refused("DescribeTable", json!({"TableName": "Music", "Bogus": 1})).contains("bogus"));
    }

    #[test]
    fn an_outcome_that_aws_could_not_answer_is_our_mistake() {
        let model = dynamodb();
        let code = |outcome| {
            conforming(model, "DescribeTable", outcome)
                .err()
                .map(|failure| failure.code)
        };
        assert_eq!(code(Ok(json!({"Table": {"TableName": "Music"}}))), None);
        assert_eq!(
            code(Ok(json!({"Tabel": {}}))).as_deref(),
            Some("SimulatorReplyInvalid")
        );
        for (answered, passed_on) in [
            ("ResourceNotFoundException", "ResourceNotFoundException"),
            ("ThrottlingException", "ThrottlingException"),
            ("TableNotFoundException", "SimulatorReplyInvalid"),
        ] {
            assert_eq!(code(Err(Failure::new(answered, ""))).as_deref(), Some(passed_on));
        }
    }

    #[test]
    fn a_reply_is_held_against_the_model() {
        let good = json!({"BackupDetails": {"BackupArn": "x", "BackupName": "T$DeletedTableBackup",
            "BackupStatus": "AVAILABLE", "BackupType": "SYSTEM", "BackupCreationDateTime": 1.5}});
        assert_eq!(
            check_reply(dynamodb(), "CreateBackup", &good),
            Vec::<String>::new()
        );
        let bad = json!({"BackupDetails": {"BackupArn": null, "BackupName": 1, "BackupStatus": "READY",
            "BackupType": "SYSTEM", "Extra": true}});
        let found = check_reply(dynamodb(), "CreateBackup", &bad);
        assert_eq!(found.len(), 6, "{found:#?}");
    }
}
