//! Selections of backup plans: what a plan backs up. AWS changes none: another one takes the place of each.

use std::collections::BTreeMap;

use aws_sdk_backup::types;

use super::AwsBackup;
use crate::call::{Call, found, incomplete};
use crate::cx::Cx;
use crate::error::Error;
use crate::operation::Operation;

/// A selection as AWS lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectionSummary {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
}

/// What a selection says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// Name.
    pub name: String,
    /// The role that AWS Backup assumes.
    pub role_arn: String,
    /// What to back up: ARNs, with wildcards.
    pub resources: Vec<String>,
    /// What to leave out: ARNs, with wildcards.
    pub not_resources: Vec<String>,
    /// Tags of which a resource must have one: `ListOfTags`, each with `STRINGEQUALS`. Keys with their values.
    pub tags: Vec<(String, String)>,
    /// Conditions that a resource must meet all.
    pub conditions: Vec<SelectionCondition>,
}

/// A condition of a selection.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SelectionCondition {
    /// `StringEquals`, `StringNotEquals`, `StringLike` or `StringNotLike`.
    pub operator: String,
    /// `aws:ResourceTag/` and the key of a tag.
    pub key: String,
    /// With what it is compared.
    pub value: String,
}

impl AwsBackup {
    /// Lists the selections of a plan; `None` when the plan does not exist.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Denied`] where the caller may not `backup:ListBackupSelections`.
    pub async fn list_selections(
        &self,
        cx: &Cx,
        plan_id: &str,
    ) -> Result<Option<Vec<SelectionSummary>>, Error> {
        let client = self.client(cx).await?;
        let doing = format!(
            "listing the selections of backup plan {plan_id} in {}",
            self.region()
        );
        let call = Call::new(Operation::ListBackupSelections, doing, plan_id);
        let mut listed = Vec::new();
        let mut next: Option<String> = None;
        loop {
            let send = || {
                client
                    .list_backup_selections()
                    .backup_plan_id(plan_id)
                    .set_next_token(next.clone())
                    .send()
            };
            let Some(page) = found(self.call(cx, &call, send).await)? else {
                return Ok(None);
            };
            for member in page.backup_selections_list.unwrap_or_default() {
                let (Some(id), Some(name)) = (member.selection_id, member.selection_name) else {
                    return Err(incomplete(&call, "the id or the name of a selection"));
                };
                listed.push(SelectionSummary { id, name });
            }
            match page.next_token {
                Some(token) if Some(&token) != next.as_ref() => next = Some(token),
                _ => return Ok(Some(listed)),
            }
        }
    }

    /// Finds a selection of a plan.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Denied`] where the caller may not `backup:GetBackupSelection`.
    pub async fn find_selection(
        &self,
        cx: &Cx,
        plan_id: &str,
        selection_id: &str,
    ) -> Result<Option<Selection>, Error> {
        let client = self.client(cx).await?;
        let doing = format!(
            "reading selection {selection_id} of backup plan {plan_id} in {}",
            self.region()
        );
        let call = Call::new(Operation::GetBackupSelection, doing, selection_id);
        let send = || {
            client
                .get_backup_selection()
                .backup_plan_id(plan_id)
                .selection_id(selection_id)
                .send()
        };
        let Some(answer) = found(self.call(cx, &call, send).await)? else {
            return Ok(None);
        };
        answer
            .backup_selection
            .map(|selection| Some(Selection::from_aws(selection)))
            .ok_or_else(|| incomplete(&call, "the selection"))
    }

    /// Adds a selection to a plan, and gives its id. Repeated with the same token it is the same selection.
    ///
    /// # Errors
    /// [`crate::ErrorKind::AlreadyExists`] where the plan has one of that name;
    /// [`Error::is_not_now`] while AWS Backup cannot assume the role yet (SEL-010): repeat with
    /// [`crate::retry_until`].
    pub async fn create_selection(
        &self,
        cx: &Cx,
        plan_id: &str,
        token: &str,
        selection: &Selection,
    ) -> Result<String, Error> {
        let client = self.client(cx).await?;
        let doing = format!(
            "adding selection {} to backup plan {plan_id} in {}",
            selection.name,
            self.region()
        );
        let call = Call::new(Operation::CreateBackupSelection, doing, plan_id);
        let input = selection.to_aws();
        let send = || {
            client
                .create_backup_selection()
                .backup_plan_id(plan_id)
                .creator_request_id(token)
                .backup_selection(input.clone())
                .send()
        };
        let answer = self.call(cx, &call, send).await?;
        answer
            .selection_id
            .ok_or_else(|| incomplete(&call, "the id of the selection"))
    }

    /// Removes a selection from a plan; done already when there is none.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Denied`] where the caller may not `backup:DeleteBackupSelection`.
    pub async fn delete_selection(&self, cx: &Cx, plan_id: &str, selection_id: &str) -> Result<(), Error> {
        let client = self.client(cx).await?;
        let doing = format!(
            "deleting selection {selection_id} of backup plan {plan_id} in {}",
            self.region()
        );
        let call = Call::new(Operation::DeleteBackupSelection, doing, selection_id);
        let send = || {
            client
                .delete_backup_selection()
                .backup_plan_id(plan_id)
                .selection_id(selection_id)
                .send()
        };
        found(self.call(cx, &call, send).await)?;
        Ok(())
    }
}

impl Selection {
    fn from_aws(selection: types::BackupSelection) -> Self {
        let given = |(operator, list): (&str, Option<Vec<types::ConditionParameter>>)| {
            let operator = operator.to_owned();
            list.into_iter().flatten().map(move |it| SelectionCondition {
                operator: operator.clone(),
                key: it.condition_key.unwrap_or_default(),
                value: it.condition_value.unwrap_or_default(),
            })
        };
        let conditions = selection.conditions.into_iter().flat_map(|it| {
            [
                ("StringEquals", it.string_equals),
                ("StringNotEquals", it.string_not_equals),
                ("StringLike", it.string_like),
                ("StringNotLike", it.string_not_like),
            ]
        });
        Self {
            name: selection.selection_name,
            role_arn: selection.iam_role_arn,
            resources: selection.resources.unwrap_or_default(),
            not_resources: selection.not_resources.unwrap_or_default(),
            tags: selection
                .list_of_tags
                .unwrap_or_default()
                .into_iter()
                .map(|tag| (tag.condition_key, tag.condition_value))
                .collect(),
            conditions: conditions.flat_map(given).collect(),
        }
    }

    fn to_aws(&self) -> types::BackupSelection {
        let tags = self.tags.iter().map(|(key, value)| {
            types::Condition::builder()
                .condition_type(types::ConditionType::Stringequals)
                .condition_key(key)
                .condition_value(value)
                .build()
                .expect("type, key and value are given")
        });
        // Conditions of one operator stand together in one list, and none takes the place of another.
        let mut by_operator: BTreeMap<&str, Vec<types::ConditionParameter>> = BTreeMap::new();
        for it in &self.conditions {
            let parameter = types::ConditionParameter::builder()
                .condition_key(&it.key)
                .condition_value(&it.value)
                .build();
            by_operator.entry(&it.operator).or_default().push(parameter);
        }
        let conditions = types::Conditions::builder()
            .set_string_equals(by_operator.remove("StringEquals"))
            .set_string_not_equals(by_operator.remove("StringNotEquals"))
            .set_string_like(by_operator.remove("StringLike"))
            .set_string_not_like(by_operator.remove("StringNotLike"))
            .build();
        let list = |texts: &[String]| (!texts.is_empty()).then(|| texts.to_vec());
        types::BackupSelection::builder()
            .selection_name(&self.name)
            .iam_role_arn(&self.role_arn)
            .set_resources(list(&self.resources))
            .set_not_resources(list(&self.not_resources))
            .set_list_of_tags(Some(tags.collect()).filter(|_| !self.tags.is_empty()))
            .set_conditions(Some(conditions).filter(|_| !self.conditions.is_empty()))
            .build()
            .expect("name and role are given")
    }
}
