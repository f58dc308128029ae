//! Resource policies as texts: when two say the same, and what a copy for another table says. Pure.

use serde_json::Value as Json;
use tfsdk::Value;

/// Whether two documents differ in white space and the order of keys at most. AWS keeps the text; whoever reads it back
/// may have written it differently.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    one == other
        || matches!(
            (serde_json::from_str::<Json>(one), serde_json::from_str::<Json>(other)),
            (Ok(one), Ok(other)) if one == other
        )
}

/// The policy of one table as another needs it: AWS takes only statements about the table that has the policy. A
/// document that names the first table nowhere stays as it is, to the letter.
pub(super) fn for_table(document: &str, from: &str, to: &str) -> String {
    let Ok(mut policy) = serde_json::from_str::<Json>(document) else {
        return document.to_owned();
    };
    let statements = match policy.get_mut("Statement") {
        Some(Json::Array(statements)) => statements.iter_mut().collect(),
        Some(statement) => vec![statement],
        None => Vec::new(),
    };
    let mut renamed = false;
    for statement in statements {
        for key in ["Resource", "NotResource"] {
            let names = match statement.get_mut(key) {
                Some(Json::Array(names)) => names.iter_mut().collect(),
                Some(name) => vec![name],
                None => Vec::new(),
            };
            for name in names {
                let Json::String(arn) = name else { continue };
                let rest = arn
                    .strip_prefix(from)
                    .filter(|rest| rest.is_empty() || rest.starts_with('/'));
                if let Some(rest) = rest {
                    *arn = format!("{to}{rest}");
                    renamed = true;
                }
            }
        }
    }
    if renamed {
        policy.to_string()
    } else {
        document.to_owned()
    }
}

/// Accepts an object of JSON, and the empty text, which means no policy.
pub(super) fn document(value: &Value) -> Result<(), String> {
    let Value::String(text) = value else { return Ok(()) };
    if text.is_empty() {
        return Ok(());
    }
    match serde_json::from_str::<Json>(text) {
        Ok(Json::Object(_)) => Ok(()),
        Ok(_) => {
            Err("The value is no JSON object; give a policy made by jsonencode, or \"\" for none.".to_owned())
        }
        Err(err) => Err(format!(
            "The value is not JSON ({err}); give a policy made by jsonencode, or \"\" for none."
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::{document, for_table, is_same};
    use tfsdk::Value;

    const FROM: &str = "arn:aws:dynamodb:us-east-1:111122223333:table/orders";
    const TO: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/restored";

    #[test]
    fn white_space_and_the_order_of_keys_are_no_difference() {
        assert!(is_same(r#"{"a": 1, "b": [1, 2]}"#, r#"{"b":[1,2],"a":1}"#));
        assert!(!is_same(r#"{"b": [2, 1]}"#, r#"{"b":[1,2]}"#));
        assert!(is_same("", "") && !is_same("", "{}") && !is_same("{", "}"));
    }

    #[test]
    fn a_copy_names_the_new_table_with_its_indexes_and_no_other() {
        let policy = |table: &str, index: &str| {
            format!(
                r#"{{"Version":"2012-10-17","Statement":[{{"Resource":"{table}","Condition":{{"x":"{FROM}"}}}},{{"NotResource":["{index}","{FROM}2","*"]}}]}}"#
            )
        };
        let of = |table: &str| policy(table, &format!("{table}/index/by-date"));
        assert_eq!(for_table(&of(FROM), FROM, TO), of(TO));
        let single = |table: &str| format!(r#"{{"Statement":{{"Resource":"{table}"}}}}"#);
        assert_eq!(for_table(&single(FROM), FROM, TO), single(TO));
        for untouched in [
            "{ \"Statement\": [] }",
            "{\"Statement\": {\"Resource\": \"*\"}}",
            "no JSON",
        ] {
            assert_eq!(for_table(untouched, FROM, TO), untouched);
        }
    }

    #[test]
    fn only_an_object_is_a_policy() {
        let check = |text: &str| document(&Value::string(text)).is_ok();
        assert!(check("{}") && check(""));
        assert!(!check("[]") && !check("{") && !check("1"));
    }
}
