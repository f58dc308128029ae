//! Access policies of vaults, and the two questions that are asked of them: may another account copy into the vault, and
//! may a recovery point be deleted.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::{Organization, invalid, missing};
use super::{Named, find};
use crate::failure::Failure;
use crate::world::{Context, read};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Put {
    backup_vault_name: String,
    policy: Option<String>,
}

pub(in crate::backup) fn put(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Put = read(input)?;
    let policy = input.policy.unwrap_or_default();
    let is_policy = serde_json::from_str::<Value>(&policy).is_ok_and(|it| it["Statement"].is_array());
    if !is_policy {
        return Err(invalid(
            "Invalid vault access policy: it is not a policy document.",
        ));
    }
    find(cx, &input.backup_vault_name)?.policy = Some(policy);
    Ok(json!({}))
}

pub(in crate::backup) fn get(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Named = read(input)?;
    let vault = find(cx, &input.backup_vault_name)?;
    let policy = vault.policy.as_ref().ok_or_else(|| {
        missing(format!(
            "Backup vault {} has no access policy.",
            input.backup_vault_name
        ))
    })?;
    Ok(json!({"BackupVaultName": vault.name, "BackupVaultArn": vault.arn, "Policy": policy}))
}

pub(in crate::backup) fn delete(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Named = read(input)?;
    find(cx, &input.backup_vault_name)?.policy = None;
    Ok(json!({}))
}

/// Whether a policy lets an account copy recovery points into the vault.
pub(in crate::backup) fn allows_copy_from(policy: &str, account: &str, organization: &Organization) -> bool {
    let action = "backup:CopyIntoBackupVault";
    let applies = |statement: &Value| {
        names_action(statement, action)
            && names_principal(statement, account)
            && is_condition_met(statement, account, organization)
    };
    let has = |effect: &str| {
        statements(policy)
            .iter()
            .any(|it| it["Effect"] == effect && applies(it))
    };
    has("Allow") && !has("Deny")
}

/// Whether a policy denies an action to everybody in the vault's own account, as one that guards recovery points does.
pub(in crate::backup) fn denies(policy: &str, action: &str, account: &str) -> bool {
    statements(policy).iter().any(|it| {
        it["Effect"] == "Deny"
            && names_action(it, action)
            && names_principal(it, account)
            && it["Condition"].is_null()
    })
}

fn statements(policy: &str) -> Vec<Value> {
    let document: Value = serde_json::from_str(policy).unwrap_or_default();
    document["Statement"].as_array().cloned().unwrap_or_default()
}

/// The texts of a member that may be one text or a list of them.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn names_action(statement: &Value, action: &str) -> bool {
    texts(&statement["Action"]).iter().any(|pattern| {
        pattern.eq_ignore_ascii_case(action)
            || pattern
                .strip_suffix('*')
                .is_some_and(|start| action.to_lowercase().starts_with(&start.to_lowercase()))
    })
}

fn names_principal(statement: &Value, account: &str) -> bool {
    let principal = &statement["Principal"];
    let given = if principal.is_object() {
        texts(&principal["AWS"])
    } else {
        texts(principal)
    };
    given.iter().any(|it| {
        *it == "*" || *it == account || it.split(':').nth(4).is_some_and(|of_arn| of_arn == account)
    })
}

fn is_condition_met(statement: &Value, account: &str, organization: &Organization) -> bool {
    let Some(operators) = statement["Condition"].as_object() else {
        return true;
    };
    operators.values().all(|keys| {
        keys.as_object().into_iter().flatten().all(|(key, wanted)| {
            let wanted = texts(wanted);
            match key.to_lowercase().as_str() {
                "aws:principalorgid" => organization.has(account) && wanted.contains(&organization.id()),
                "aws:principalaccount" => wanted.contains(&account),
                _ => false,
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn organization() -> Organization {
        serde_json::from_value(json!({"management_account": "1", "members": ["2"]})).unwrap()
    }

    fn policy(statement: &Value) -> String {
        json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()
    }

    #[test]
    fn an_account_is_let_in_by_its_number_its_root_or_its_organization() {
        let with = |principal: Value, condition: Value| {
            let mut statement = json!({"Effect": "Allow", "Principal": principal,
                "Action": "backup:CopyIntoBackupVault", "Resource": "*"});
            if !condition.is_null() {
                statement["Condition"] = condition;
            }
            policy(&statement)
        };
        let none = Value::Null;
        let org = json!({"StringEquals": {"aws:PrincipalOrgID": ["o-simulated0"]}});
        for (policy, lets) in [
            (with(json!({"AWS": "2"}), none.clone()), true),
            (with(json!({"AWS": ["arn:aws:iam::2:root"]}), none.clone()), true),
            (with(json!("*"), org.clone()), true),
            (with(json!({"AWS": "3"}), none), false),
            (
                with(
                    json!("*"),
                    json!({"StringEquals": {"aws:PrincipalOrgID": "o-other"}}),
                ),
                false,
            ),
        ] {
            assert_eq!(allows_copy_from(&policy, "2", &organization()), lets, "{policy}");
        }
        assert!(!allows_copy_from(&with(json!("*"), org), "9", &organization()));
    }

    #[test]
    fn a_guard_denies_deletion() {
        let guard = policy(&json!({"Effect": "Deny", "Principal": {"AWS": "*"},
            "Action": ["backup:DeleteRecoveryPoint"], "Resource": "*"}));
        assert!(denies(&guard, "backup:DeleteRecoveryPoint", "1"));
        assert!(!denies(&guard, "backup:DeleteBackupVault", "1"));
    }
}
