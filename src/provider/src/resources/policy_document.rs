//! Policies as texts: when two say the same, and what the rules are told of one. Pure.

use rules::facts::{AccessPolicy, PolicyActions, PolicyEffect, PolicyPrincipals, PolicyStatement};
use serde_json::{Map, Value as Json};
use tfsdk::Value;

/// The members of a statement that hold one text or several, whose order says nothing.
const LISTS: [&str; 4] = ["Action", "NotAction", "Resource", "NotResource"];

/// Whether two documents say the same. AWS keeps the meaning, not the text: it changes white space and the order of keys
/// and lists, writes one text for a list of one, and the ARN of an account's root for its number.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    one == other
        || matches!(
            (serde_json::from_str::<Json>(one), serde_json::from_str::<Json>(other)),
            (Ok(one), Ok(other)) if normal(one.clone()) == normal(other.clone())
        )
}

/// Accepts an object of JSON, and the empty text, which means no policy.
pub(crate) fn document(value: &Value) -> Result<(), String> {
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

/// What the rules are told of a policy. `None` for a text that is none.
pub(crate) fn access_policy(text: &str) -> Option<AccessPolicy> {
    let document: Json = serde_json::from_str(text).ok()?;
    let statements = match document.get("Statement")? {
        Json::Array(statements) => statements.iter().map(statement).collect::<Option<_>>()?,
        single => vec![statement(single)?],
    };
    Some(AccessPolicy { statements })
}

/// One way to write what can be written in several.
fn normal(mut document: Json) -> Json {
    let Some(statements) = document.get_mut("Statement") else {
        return document;
    };
    if statements.is_object() {
        *statements = Json::Array(vec![statements.take()]);
    }
    for statement in statements.as_array_mut().into_iter().flatten() {
        let Some(members) = statement.as_object_mut() else {
            continue;
        };
        for name in LISTS {
            if let Some(value) = members.get_mut(name) {
                // The names of actions have no case.
                let is_action = name.ends_with("Action");
                *value = list(value, |it| {
                    if is_action {
                        it.to_lowercase()
                    } else {
                        it.to_owned()
                    }
                });
            }
        }
        for name in ["Principal", "NotPrincipal"] {
            let Some(value) = members.get_mut(name) else {
                continue;
            };
            if value.is_string() {
                *value = Json::Object(Map::from_iter([("AWS".to_owned(), value.take())]));
            }
            for texts in value.as_object_mut().into_iter().flat_map(Map::values_mut) {
                *texts = list(texts, |it| account_of_root(it).unwrap_or(it).to_owned());
            }
        }
        if let Some(condition) = members.get_mut("Condition") {
            let operators = condition.as_object_mut().into_iter().flat_map(Map::values_mut);
            for keys in operators.filter_map(Json::as_object_mut) {
                // The names of keys have no case.
                *keys = std::mem::take(keys)
                    .into_iter()
                    .map(|(key, value)| (key.to_lowercase(), list(&value, str::to_owned)))
                    .collect();
            }
        }
    }
    document
}

/// One text or several as a sorted list, each changed; numbers and truth values are texts, too.
fn list(value: &Json, change: impl Fn(&str) -> String) -> Json {
    let one = |value: &Json| match value {
        Json::String(text) => change(text),
        other => change(&other.to_string()),
    };
    let mut texts: Vec<String> = match value {
        Json::Array(values) => values.iter().map(one).collect(),
        value => vec![one(value)],
    };
    texts.sort();
    texts.into_iter().map(Json::String).collect()
}

/// The account of which an ARN names the root.
fn account_of_root(principal: &str) -> Option<&str> {
    let (partition, account) = principal.strip_suffix(":root")?.split_once(":iam::")?;
    partition.strip_prefix("arn:")?;
    Some(account)
}

fn statement(statement: &Json) -> Option<PolicyStatement> {
    let effect = match statement.get("Effect")?.as_str()? {
        "Allow" => PolicyEffect::Allow,
        "Deny" => PolicyEffect::Deny,
        _ => return None,
    };
    let actions = match (texts(statement.get("Action")), texts(statement.get("NotAction"))) {
        (Some(actions), None) => PolicyActions::Only(actions),
        (None, Some(actions)) => PolicyActions::Except(actions),
        _ => return None,
    };
    let principals = match (statement.get("Principal"), statement.get("NotPrincipal")) {
        (Some(named), None) => only(all_texts(named)),
        (None, Some(named)) => PolicyPrincipals::Except(all_texts(named)),
        _ => return None,
    };
    let resources = texts(statement.get("Resource"));
    let conditions = conditions(statement.get("Condition"));
    let is_everything = resources.is_some_and(|it| it.iter().any(|it| it == "*"));
    let is_organization = |(operator, key): (&str, &str)| {
        operator == "StringEquals" && key.eq_ignore_ascii_case("aws:PrincipalOrgID")
    };
    let organizations = conditions.iter().filter(|(name, _)| is_organization(*name));
    Some(PolicyStatement {
        effect,
        principals,
        actions,
        organization_ids: organizations.flat_map(|(_, ids)| ids.clone()).collect(),
        is_narrowed: !is_everything || conditions.iter().any(|(name, _)| !is_organization(*name)),
    })
}

/// What is asked for, by operator and key.
fn conditions(condition: Option<&Json>) -> Vec<((&str, &str), Vec<String>)> {
    let operators = condition.and_then(Json::as_object).into_iter().flatten();
    let keys = operators.flat_map(|(operator, keys)| {
        let keys = keys.as_object().into_iter().flatten();
        keys.map(move |(key, value)| ((operator.as_str(), key.as_str()), value))
    });
    keys.map(|(name, value)| (name, texts(Some(value)).unwrap_or_default()))
        .collect()
}

fn only(principals: Vec<String>) -> PolicyPrincipals {
    if principals.iter().any(|it| it == "*") {
        PolicyPrincipals::Everyone
    } else {
        PolicyPrincipals::Only(principals)
    }
}

/// One text, or those of a list.
fn texts(value: Option<&Json>) -> Option<Vec<String>> {
    match value? {
        Json::String(text) => Some(vec![text.clone()]),
        Json::Array(values) => Some(
            values
                .iter()
                .filter_map(Json::as_str)
                .map(str::to_owned)
                .collect(),
        ),
        _ => None,
    }
}

/// All principals of a statement: accounts and roles, services, identity providers.
fn all_texts(named: &Json) -> Vec<String> {
    match named {
        Json::Object(kinds) => kinds
            .values()
            .filter_map(|it| texts(Some(it)))
            .flatten()
            .collect(),
        named => texts(Some(named)).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use rules::facts::{AccessPolicy, PolicyActions, PolicyEffect, PolicyPrincipals};
    use serde_json::{Value as Json, json};
    use tfsdk::Value;

    use super::{access_policy, document, is_same};

    #[test]
    fn white_space_and_the_order_of_keys_are_no_difference() {
        assert!(is_same(r#"{"a": 1, "b": [1, 2]}"#, r#"{"b":[1,2],"a":1}"#));
        assert!(!is_same(r#"{"b": [2, 1]}"#, r#"{"b":[1,2]}"#));
        assert!(is_same("", "") && !is_same("", "{}") && !is_same("{", "}"));
    }

    #[test]
    fn what_aws_writes_differently_is_no_difference() {
        let policy = |statement: &Json| json!({"Version": "2012-10-17", "Statement": statement}).to_string();
        let written = policy(&json!({
            "Effect": "Allow", "Principal": {"AWS": ["444455556666", "arn:aws:iam::111122223333:role/b"]},
            "Action": "backup:CopyIntoBackupVault", "Resource": "*",
            "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}, "Bool": {"aws:SecureTransport": true}},
        }));
        let answered = json!([{
            "Resource": ["*"], "Action": ["backup:copyintobackupvault"], "Effect": "Allow",
            "Principal": {"AWS": ["arn:aws:iam::111122223333:role/b", "arn:aws:iam::444455556666:root"]},
            "Condition": {"StringEquals": {"aws:principalorgid": ["o-1"]}, "Bool": {"aws:SecureTransport": "true"}},
        }]);
        assert!(is_same(&written, &policy(&answered)));
        for (member, other) in [
            ("Effect", json!("Deny")),
            ("Resource", json!("arn:aws:backup:*")),
            ("Action", json!(["backup:CopyIntoBackupVault", "backup:*"])),
            ("Principal", json!("*")),
            ("Principal", json!({"AWS": "444455556667"})),
            (
                "Condition",
                json!({"StringEquals": {"aws:PrincipalOrgID": "o-2"}}),
            ),
        ] {
            let mut changed = answered.clone();
            changed[0][member] = other;
            assert!(!is_same(&written, &policy(&changed)), "{member}");
        }
        let with = |principal: Json| {
            policy(&json!({"Effect": "Deny", "Principal": principal, "Action": "*", "Resource": "*"}))
        };
        assert!(is_same(&with(json!("*")), &with(json!({"AWS": ["*"]}))));
    }

    #[test]
    fn only_an_object_is_a_policy() {
        let check = |text: &str| document(&Value::string(text)).is_ok();
        assert!(check("{}") && check(""));
        assert!(!check("[]") && !check("{") && !check("1"));
    }

    fn parsed(statement: &Json) -> Option<AccessPolicy> {
        access_policy(&json!({"Statement": statement}).to_string())
    }

    #[test]
    fn the_rules_are_told_whom_a_statement_concerns_and_what() {
        let policy = parsed(&json!([
            {"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "backup:*", "Resource": "*",
             "Condition": {"StringEquals": {"aws:PrincipalOrgID": ["o-1", "o-2"]}}},
            {"Effect": "Deny", "Principal": "*", "NotAction": ["backup:List*"], "Resource": ["*"]},
            {"Effect": "Deny", "NotPrincipal": {"AWS": ["arn:aws:iam::111122223333:role/a"]}, "Action": "*",
             "Resource": "arn:aws:backup:*:*:recovery-point:*"},
            {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "*", "Resource": "*",
             "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}, "Bool": {"aws:SecureTransport": "true"}}},
        ]));
        let statements = policy.expect("a policy").statements;
        let only = |texts: &[&str]| texts.iter().map(|it| (*it).to_owned()).collect::<Vec<String>>();
        let [by_organization, denial, exempt, narrowed] = &statements[..] else {
            panic!("{statements:?}")
        };
        assert_eq!(by_organization.effect, PolicyEffect::Allow);
        assert_eq!(
            by_organization.principals,
            PolicyPrincipals::Only(only(&["444455556666"]))
        );
        assert_eq!(by_organization.actions, PolicyActions::Only(only(&["backup:*"])));
        assert_eq!(by_organization.organization_ids, ["o-1", "o-2"]);
        assert!(!by_organization.is_narrowed);
        assert_eq!(denial.effect, PolicyEffect::Deny);
        assert_eq!(denial.principals, PolicyPrincipals::Everyone);
        assert_eq!(denial.actions, PolicyActions::Except(only(&["backup:List*"])));
        assert!(!denial.is_narrowed && denial.organization_ids.is_empty());
        let role = only(&["arn:aws:iam::111122223333:role/a"]);
        assert_eq!(exempt.principals, PolicyPrincipals::Except(role));
        assert!(exempt.is_narrowed, "it concerns some recovery points only");
        assert_eq!(
            narrowed.principals,
            PolicyPrincipals::Only(only(&["backup.amazonaws.com"]))
        );
        assert!(narrowed.is_narrowed, "it has another condition");
    }

    #[test]
    fn what_is_no_policy_is_not_guessed_at() {
        let good = json!({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"});
        assert!(parsed(&good).is_some());
        for member in ["Effect", "Principal", "Action"] {
            let mut lacking = good.clone();
            lacking.as_object_mut().expect("an object").remove(member);
            assert_eq!(parsed(&lacking), None, "{member}");
        }
        assert_eq!(access_policy("{}"), None);
        assert_eq!(access_policy("no JSON"), None);
    }
}
