//! What a copy of a resource policy for another table says. Pure.

use serde_json::Value as Json;

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

#[cfg(test)]
mod tests {
    use super::for_table;

    const FROM: &str = "arn:aws:dynamodb:us-east-1:111122223333:table/orders";
    const TO: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/restored";

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
}
