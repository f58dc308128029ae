//! Selections: which tables a plan backs up, judged when it runs.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::{check_role, invalid, listed, missing, page};
use super::find as find_plan;
use crate::clock::Moment;
use crate::failure::Failure;
use crate::place::Place;
use crate::world::{Context, read};

pub(in crate::backup) struct Selection {
    id: String,
    created_at: Moment,
    creator_request_id: Option<String>,
    sent: Value,
    read: SelectionInput,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SelectionInput {
    selection_name: String,
    iam_role_arn: String,
    #[serde(default)]
    resources: Vec<String>,
    #[serde(default)]
    not_resources: Vec<String>,
    #[serde(default)]
    list_of_tags: Vec<TagCondition>,
    #[serde(default)]
    conditions: BTreeMap<String, Vec<KeyValue>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TagCondition {
    condition_key: String,
    condition_value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct KeyValue {
    condition_key: String,
    condition_value: String,
}

/// A table and its tags.
type TaggedTable = (String, BTreeMap<String, String>);

impl Selection {
    pub(super) fn role_arn(&self) -> &str {
        &self.read.iam_role_arn
    }

    /// The names of the tables that it selects. Named resources or any of the tags bring a table in, every condition
    /// must hold, and what is excluded stays out. Tags and wildcards for all kinds of resources heed the opt-in; what
    /// names DynamoDB does not, be it the ARN of a table or a pattern of such ARNs.
    pub(super) fn tables<'a>(
        &self,
        place: &Place,
        tables: &'a [TaggedTable],
        is_opted_in: bool,
    ) -> Vec<&'a str> {
        let SelectionInput {
            resources,
            not_resources,
            list_of_tags,
            conditions,
            ..
        } = &self.read;
        let selected = tables.iter().filter(|(name, tags)| {
            let arn = place.table_arn(name);
            let mut matching = resources
                .iter()
                .filter(|pattern| is_like(pattern, &arn))
                .peekable();
            let is_matched = matching.peek().is_some();
            let is_named = matching.any(|pattern| pattern.split(':').nth(2) == Some("dynamodb"));
            let is_tagged = list_of_tags
                .iter()
                .any(|it| tags.get(&it.condition_key) == Some(&it.condition_value));
            let is_everything = resources.is_empty() && list_of_tags.is_empty();
            let is_in = is_named || (is_opted_in && (is_matched || is_tagged || is_everything));
            is_in
                && !not_resources.iter().any(|pattern| is_like(pattern, &arn))
                && conditions
                    .iter()
                    .all(|(operator, wanted)| wanted.iter().all(|it| is_met(operator, it, tags)))
        });
        selected.map(|(name, _)| name.as_str()).collect()
    }

    fn description(&self, plan_id: &str) -> Value {
        let mut description = json!({
            "SelectionId": self.id,
            "BackupPlanId": plan_id,
            "CreationDate": self.created_at.to_epoch_seconds(),
        });
        if let Some(id) = &self.creator_request_id {
            description["CreatorRequestId"] = json!(id);
        }
        description
    }
}

/// Whether a text fits a pattern with `*` for any run of characters.
fn is_like(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|start| text.strip_prefix(start)) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

fn is_met(operator: &str, wanted: &KeyValue, tags: &BTreeMap<String, String>) -> bool {
    let key = wanted.condition_key.strip_prefix("aws:ResourceTag/");
    let value = key.and_then(|key| tags.get(key));
    match operator {
        "StringEquals" => value == Some(&wanted.condition_value),
        "StringNotEquals" => value != Some(&wanted.condition_value),
        "StringLike" => value.is_some_and(|value| is_like(&wanted.condition_value, value)),
        "StringNotLike" => !value.is_some_and(|value| is_like(&wanted.condition_value, value)),
        _ => false,
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Create {
    backup_plan_id: String,
    backup_selection: Value,
    creator_request_id: Option<String>,
}

pub(in crate::backup) fn create(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Create = read(input)?;
    let selection: SelectionInput = read(input.backup_selection.clone())?;
    check_role(cx, &selection.iam_role_arn)?;
    for list in [&selection.resources, &selection.not_resources] {
        let wild = list.iter().filter(|arn| arn.contains('*')).count();
        if list.len() > 500 || wild > 30 {
            return Err(invalid(
                "A selection names at most 500 resources, of which at most 30 with wildcards.",
            ));
        }
    }
    if selection.list_of_tags.len() > 30 || selection.conditions.values().map(Vec::len).sum::<usize>() > 30 {
        return Err(invalid("A selection has at most 30 tags and 30 conditions."));
    }
    let conditions = selection.conditions.values().flatten();
    if let Some(wrong) = conditions
        .map(|it| &it.condition_key)
        .find(|key| !key.starts_with("aws:ResourceTag/"))
    {
        return Err(invalid(format!(
            "Invalid condition key {wrong}: it has to begin with aws:ResourceTag/"
        )));
    }
    let now = cx.now;
    let id = cx.world.ids.uuid();
    let plan = find_plan(cx, &input.backup_plan_id).map_err(|failure| invalid(failure.message))?;
    let there = plan.selections.values().find(|it| {
        let same_request =
            it.creator_request_id.is_some() && it.creator_request_id == input.creator_request_id;
        same_request || it.read.selection_name == selection.selection_name
    });
    if let Some(there) = there {
        if there.creator_request_id.is_some() && there.creator_request_id == input.creator_request_id {
            return Ok(created(there, &input.backup_plan_id));
        }
        return Err(Failure::new(
            "AlreadyExistsException",
            format!(
                "Backup selection {} already exists in the plan.",
                selection.selection_name
            ),
        ));
    }
    let selection = Selection {
        id: id.clone(),
        created_at: now,
        creator_request_id: input.creator_request_id,
        sent: input.backup_selection,
        read: selection,
    };
    let output = created(&selection, &input.backup_plan_id);
    plan.selections.insert(id, selection);
    Ok(output)
}

fn created(selection: &Selection, plan_id: &str) -> Value {
    json!({
        "SelectionId": selection.id,
        "BackupPlanId": plan_id,
        "CreationDate": selection.created_at.to_epoch_seconds(),
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Named {
    backup_plan_id: String,
    selection_id: String,
}

fn not_found(id: &str) -> Failure {
    missing(format!("Cannot find Backup selection with ID {id}"))
}

pub(in crate::backup) fn get(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Named = read(input)?;
    let plan = find_plan(cx, &input.backup_plan_id)?;
    let selection = plan
        .selections
        .get(&input.selection_id)
        .ok_or_else(|| not_found(&input.selection_id))?;
    let mut output = selection.description(&input.backup_plan_id);
    let mut sent = selection.sent.clone();
    // AWS answers the lists that were not given as empty ones.
    for member in ["Resources", "NotResources", "ListOfTags"] {
        if sent[member].is_null() {
            sent[member] = json!([]);
        }
    }
    if sent["Conditions"].is_null() {
        sent["Conditions"] = json!({});
    }
    for operator in ["StringEquals", "StringNotEquals", "StringLike", "StringNotLike"] {
        if sent["Conditions"][operator].is_null() {
            sent["Conditions"][operator] = json!([]);
        }
    }
    output["BackupSelection"] = sent;
    Ok(output)
}

pub(in crate::backup) fn delete(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Named = read(input)?;
    find_plan(cx, &input.backup_plan_id)?
        .selections
        .remove(&input.selection_id)
        .ok_or_else(|| not_found(&input.selection_id))?;
    Ok(json!({}))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct List {
    backup_plan_id: String,
    next_token: Option<String>,
    max_results: Option<i64>,
}

pub(in crate::backup) fn list(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: List = read(input)?;
    let plan = find_plan(cx, &input.backup_plan_id)?;
    let all = plan
        .selections
        .values()
        .map(|selection| {
            let mut it = selection.description(&input.backup_plan_id);
            it["SelectionName"] = json!(selection.read.selection_name);
            it["IamRoleArn"] = json!(selection.read.iam_role_arn);
            it
        })
        .collect();
    let page = page(all, input.next_token.as_deref(), input.max_results)?;
    Ok(listed("BackupSelectionsList", page))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selected(sent: Value, is_opted_in: bool) -> Vec<String> {
        let mut sent = sent;
        sent["SelectionName"] = json!("all");
        sent["IamRoleArn"] = json!("arn:aws:iam::111122223333:role/backup");
        let selection = Selection {
            id: String::new(),
            created_at: Moment::from_millis(0),
            creator_request_id: None,
            read: serde_json::from_value(sent.clone()).unwrap(),
            sent,
        };
        let tags = |pairs: &[(&str, &str)]| {
            pairs
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect::<BTreeMap<_, _>>()
        };
        let tables = [
            (
                "orders".to_owned(),
                tags(&[("backup", "nightly"), ("stage", "prod")]),
            ),
            ("carts".to_owned(), tags(&[("backup", "nightly")])),
            ("logs".to_owned(), tags(&[])),
        ];
        let place = Place::new("111122223333", "us-east-1");
        let names = selection.tables(&place, &tables, is_opted_in);
        names.into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn tags_widen_and_conditions_narrow() {
        let nightly =
            json!([{"ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": "nightly"}]);
        let orders = "arn:aws:dynamodb:us-east-1:111122223333:table/orders";
        let prod =
            json!({"StringEquals": [{"ConditionKey": "aws:ResourceTag/stage", "ConditionValue": "prod"}]});
        assert_eq!(
            selected(json!({"ListOfTags": nightly}), true),
            ["orders", "carts"]
        );
        assert_eq!(
            selected(json!({"ListOfTags": nightly, "Conditions": prod}), true),
            ["orders"]
        );
        assert_eq!(selected(json!({"Resources": [orders]}), true), ["orders"]);
        assert_eq!(
            selected(json!({"Resources": ["arn:aws:dynamodb:*:*:table/*"]}), true),
            ["orders", "carts", "logs"]
        );
        assert_eq!(
            selected(json!({"NotResources": [orders]}), true),
            ["carts", "logs"]
        );
    }

    #[test]
    fn without_the_opt_in_only_what_names_dynamodb_is_selected() {
        let orders = "arn:aws:dynamodb:us-east-1:111122223333:table/orders";
        assert_eq!(selected(json!({"Resources": [orders]}), false), ["orders"]);
        assert_eq!(
            selected(json!({"Resources": ["arn:aws:dynamodb:*:*:table/*"]}), false),
            ["orders", "carts", "logs"]
        );
        let nightly =
            json!([{"ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": "nightly"}]);
        assert_eq!(selected(json!({"ListOfTags": nightly}), false), [""; 0]);
        assert_eq!(selected(json!({"Resources": ["*"]}), false), [""; 0]);
        assert_eq!(
            selected(json!({"Resources": ["arn:aws:*:*:*:*"]}), false),
            [""; 0]
        );
        assert_eq!(
            selected(json!({"Resources": ["*"]}), true),
            ["orders", "carts", "logs"]
        );
        assert_eq!(selected(json!({}), false), [""; 0]);
    }

    #[test]
    fn wildcards_stand_for_anything() {
        assert!(is_like("a*c", "abc") && is_like("a*", "a") && is_like("*", "x") && is_like("abc", "abc"));
        assert!(is_like("a*b*c", "a1b2c") && !is_like("a*b*c", "a1c") && !is_like("ab", "abc"));
    }
}
