//! The access policy of a vault as the rules take it. What this reading does not understand, it calls narrowed, and then
//! the rules decide nothing.

use rules::facts::{AccessPolicy, PolicyActions, PolicyEffect, PolicyPrincipals, PolicyStatement};
use serde_json::Value;

/// Reads a policy; nothing where it is none.
pub(super) fn parse(text: &str) -> Option<AccessPolicy> {
    let policy: Value = serde_json::from_str(text).ok()?;
    let statements = match policy.get("Statement")? {
        Value::Array(statements) => statements.iter().map(statement).collect::<Option<_>>()?,
        single => vec![statement(single)?],
    };
    Some(AccessPolicy { statements })
}

fn statement(it: &Value) -> Option<PolicyStatement> {
    let effect = match it.get("Effect")?.as_str()? {
        "Allow" => PolicyEffect::Allow,
        "Deny" => PolicyEffect::Deny,
        _ => return None,
    };
    let principals = match (it.get("Principal"), it.get("NotPrincipal")) {
        (Some(principal), None) => match principals(principal)? {
            all if all.iter().any(|it| it == "*") => PolicyPrincipals::Everyone,
            some => PolicyPrincipals::Only(some),
        },
        (None, Some(principal)) => PolicyPrincipals::Except(principals(principal)?),
        _ => return None,
    };
    let actions = match (it.get("Action"), it.get("NotAction")) {
        (Some(actions), None) => PolicyActions::Only(texts(actions)?),
        (None, Some(actions)) => PolicyActions::Except(texts(actions)?),
        _ => return None,
    };
    let (organization_ids, has_other_conditions) = match it.get("Condition") {
        None => (Vec::new(), false),
        Some(condition) => match organizations(condition) {
            Some(ids) => (ids, false),
            None => (Vec::new(), true),
        },
    };
    let is_about_all = it
        .get("Resource")
        .and_then(texts)
        .is_some_and(|resources| resources.iter().any(|it| it == "*"));
    Some(PolicyStatement {
        effect,
        principals,
        actions,
        organization_ids,
        is_narrowed: has_other_conditions || !is_about_all,
    })
}

/// Every principal, of whichever kind.
fn principals(it: &Value) -> Option<Vec<String>> {
    match it {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Object(kinds) => {
            let each: Option<Vec<_>> = kinds.values().map(texts).collect();
            Some(each?.into_iter().flatten().collect())
        }
        _ => None,
    }
}

/// The organizations of a condition that asks for nothing else.
fn organizations(condition: &Value) -> Option<Vec<String>> {
    let operators = condition.as_object()?;
    let [(operator, keys)] = operators.iter().collect::<Vec<_>>()[..] else {
        return None;
    };
    let [(key, ids)] = keys.as_object()?.iter().collect::<Vec<_>>()[..] else {
        return None;
    };
    let compares = ["StringEquals", "ForAnyValue:StringEquals"].contains(&operator.as_str());
    (compares && key.eq_ignore_ascii_case("aws:PrincipalOrgID"))
        .then(|| texts(ids))
        .flatten()
}

/// A text or a list of texts.
fn texts(it: &Value) -> Option<Vec<String>> {
    match it {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Array(items) => items
            .iter()
            .map(|item| item.as_str().map(str::to_owned))
            .collect(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rules::facts::{PolicyActions, PolicyEffect, PolicyPrincipals, PolicyStatement};
    use serde_json::{Value, json};

    use super::parse;

    fn only(statement: Value) -> Option<PolicyStatement> {
        let policy = json!({"Version": "2012-10-17", "Statement": statement});
        parse(&policy.to_string())?.statements.pop()
    }

    fn with(more: Value) -> Option<PolicyStatement> {
        let mut statement = json!({
            "Effect": "Allow", "Principal": "*", "Action": "backup:CopyIntoBackupVault", "Resource": "*",
        });
        for (name, value) in more.as_object().expect("an object") {
            statement[name] = value.clone();
        }
        only(statement)
    }

    #[test]
    fn a_statement_is_read() {
        let read = with(json!({})).expect("a statement");
        assert_eq!(read.effect, PolicyEffect::Allow);
        assert_eq!(read.principals, PolicyPrincipals::Everyone);
        assert_eq!(
            read.actions,
            PolicyActions::Only(vec!["backup:CopyIntoBackupVault".to_owned()])
        );
        assert!(!read.is_narrowed && read.organization_ids.is_empty());
        let many = only(json!([{
            "Effect": "Deny",
            "Principal": {"AWS": ["111122223333", "arn:aws:iam::444455556666:root"], "Service": "backup.amazonaws.com"},
            "NotAction": ["backup:DescribeBackupVault"],
            "Resource": ["*"],
        }]))
        .expect("a statement");
        assert_eq!(many.effect, PolicyEffect::Deny);
        let PolicyPrincipals::Only(principals) = &many.principals else {
            panic!("{many:?}")
        };
        assert_eq!(principals.len(), 3);
        assert_eq!(
            many.actions,
            PolicyActions::Except(vec!["backup:DescribeBackupVault".to_owned()])
        );
    }

    #[test]
    fn an_organization_is_understood_and_any_other_condition_narrows() {
        let org = with(json!({"Condition": {"StringEquals": {"aws:PrincipalOrgID": ["o-a", "o-b"]}}}));
        let org = org.expect("a statement");
        assert_eq!((org.organization_ids.len(), org.is_narrowed), (2, false));
        for condition in [
            json!({"StringNotEquals": {"aws:PrincipalOrgID": "o-a"}}),
            json!({"StringEquals": {"aws:PrincipalAccount": "111122223333"}}),
            json!({"StringEquals": {"aws:PrincipalOrgID": "o-a", "aws:SourceVpc": "vpc-1"}}),
            json!({"StringEquals": {"aws:PrincipalOrgID": "o-a"}, "Bool": {"aws:SecureTransport": "true"}}),
        ] {
            let read = with(json!({"Condition": condition})).expect("a statement");
            assert!(
                read.is_narrowed && read.organization_ids.is_empty(),
                "{condition}"
            );
        }
        let elsewhere = with(json!({"Resource": "arn:aws:backup:us-east-1:111122223333:recovery-point:x"}));
        assert!(elsewhere.expect("a statement").is_narrowed);
    }

    #[test]
    fn not_principal_and_aws_star() {
        let except = only(json!({
            "Effect": "Deny", "NotPrincipal": {"AWS": "111122223333"}, "Action": "*", "Resource": "*",
        }));
        assert_eq!(
            except.expect("a statement").principals,
            PolicyPrincipals::Except(vec!["111122223333".to_owned()])
        );
        let star = with(json!({"Principal": {"AWS": "*"}})).expect("a statement");
        assert_eq!(star.principals, PolicyPrincipals::Everyone);
    }

    #[test]
    fn what_is_no_policy_says_nothing() {
        for text in [
            "",
            "{}",
            r#"{"Statement": [{}]}"#,
            r#"{"Statement": [{"Effect": "Maybe", "Principal": "*", "Action": "*", "Resource": "*"}]}"#,
            r#"{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"#,
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
