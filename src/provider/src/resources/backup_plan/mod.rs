//! A backup plan of AWS Backup with its selections.
//!
//! Create is CreateBackupPlan with a token that is recorded before the call, then one CreateBackupSelection for each
//! selection. A change of the rules is one UpdateBackupPlan, in place; what the plan says about other resources than tables
//! is sent back as it is. Selections cannot be changed in AWS: each one that changes is made anew before the old one goes
//! (`selecting`), and no other is touched. Delete removes all selections and then the plan, which AWS refuses for a while
//! after the last selection has gone.
//!
//! A create that came to no end leaves `unfinished = true` in the state, or a record in the journal, or both; the next
//! apply goes on with the same plan (`docs/design/001-interrupted-applies.md`).
//!
//! Not done here: vaults, settings of AWS Backup, and plans of Organizations policies, which are read and never changed.
//!
//! IAM: `backup:CreateBackupPlan`, `GetBackupPlan`, `UpdateBackupPlan`, `DeleteBackupPlan`, `CreateBackupSelection`,
//! `GetBackupSelection`, `ListBackupSelections`, `DeleteBackupSelection`, `ListTags`, `TagResource`, `UntagResource`;
//! `iam:PassRole` on the roles of selections; for checks, see `observe`.
//! Limits: 300 plans per account and Region, 10 rules and 100 selections per plan, 2,000 versions. A refresh takes three
//! calls and one for each selection.

mod creating;
mod document;
mod facts;
mod model;
mod observe;
mod plan;
mod refresh;
mod runs;
mod schema;
mod selecting;
#[cfg(test)]
mod tests;
mod work;

use std::time::Duration;

use tfsdk::{
    Attr, Change, Create, Cx, Delete, Diagnostic, Diagnostics, IdentitySchema, ImportTarget, Operation,
    Planned, Removal, Resource, Saved, Schema, Timeouts, Update, Value,
};

use crate::Client;
use crate::table_name::Place;
pub(crate) use model::Model;
pub(crate) use observe::Observed;

/// See the module.
pub(crate) struct BackupPlan;

const CANNOT_CREATE: &str = "Backup plan cannot be created";
const CANNOT_CHANGE: &str = "Backup plan cannot be changed";
const CANNOT_DELETE: &str = "Backup plan cannot be deleted";

/// A new role takes up to two minutes until AWS Backup can assume it.
const CREATE_TIMEOUT: &str = "10m";
const UPDATE_TIMEOUT: &str = "10m";
/// AWS keeps the selections of a plan for some minutes after they were deleted.
const DELETE_TIMEOUT: &str = "10m";

impl Resource for BackupPlan {
    const NAME: &'static str = "backup_plan";
    type Model = Model;
    type Client = Client;
    type Observed = Observed;

    fn schema() -> Schema {
        schema::schema()
    }

    fn identity_schema() -> Option<IdentitySchema> {
        Some(schema::identity())
    }

    fn identity(state: &Model) -> Option<Value> {
        let (_, region, account) = PlanId::parse(state.arn.known()?)?.of_arn?;
        Some(Value::object([
            ("id", state.id.to_value()),
            ("region", Value::string(region)),
            ("account_id", Value::string(account)),
        ]))
    }

    fn validate(config: &Model) -> Diagnostics {
        plan::validate(config)
    }

    async fn observe(client: &Client, change: &Change<Model>, cx: &Cx) -> Result<Observed, Diagnostics> {
        observe::observe(client, change, cx).await
    }

    fn plan(change: Change<Model>, seen: Observed) -> Planned<Model> {
        plan::plan(change, seen)
    }

    async fn read(client: &Client, state: Model, cx: &Cx) -> Result<Option<Model>, Diagnostics> {
        Box::pin(refresh::read(client, state, cx)).await
    }

    async fn create(
        client: &Client,
        create: Create<Model>,
        saved: &mut Saved<'_, Model>,
        cx: &Cx,
    ) -> Result<Model, Diagnostics> {
        Box::pin(creating::create(client, create.planned, saved, cx)).await
    }

    async fn update(
        client: &Client,
        update: Update<Model>,
        saved: &mut Saved<'_, Model>,
        cx: &Cx,
    ) -> Result<Model, Diagnostics> {
        Box::pin(work::update(client, update, saved, cx)).await
    }

    async fn delete(client: &Client, delete: Delete<Model>, cx: &Cx) -> Result<(), Diagnostics> {
        let Delete { state, reason } = delete;
        let arn = state.arn.known().cloned().unwrap_or_default();
        let unfinished = state.unfinished == Attr::Known(true);
        if unfinished && client.journal.is_taken_over(&arn) {
            // Terraform holds the plan twice: as this object, and as the one that has taken it over.
            tracing::info!(arn, "plan is kept: another object has taken it over");
            return Ok(());
        }
        if unfinished && reason == Removal::Tainted {
            creating::hand_over(client, &state, cx);
            return Ok(());
        }
        Box::pin(work::delete(client, &state, cx)).await
    }

    const IMPORT: Option<fn(ImportTarget) -> Result<Model, Diagnostics>> = Some(import);
}

/// What names a plan: its id, or its ARN.
#[derive(Debug, PartialEq, Eq)]
struct PlanId {
    id: String,
    /// The ARN with its Region and account, where the plan was named by it.
    of_arn: Option<(String, String, String)>,
}

impl PlanId {
    fn parse(text: &str) -> Option<Self> {
        if !text.starts_with("arn:") {
            let is_id = !text.is_empty() && !text.contains([':', ' ', '@']);
            return is_id.then(|| Self {
                id: text.to_owned(),
                of_arn: None,
            });
        }
        let parts: Vec<&str> = text.splitn(7, ':').collect();
        match parts.as_slice() {
            ["arn", _, "backup", region, account, "backup-plan", id]
                if !region.is_empty() && !account.is_empty() && !id.is_empty() =>
            {
                Some(Self {
                    id: (*id).to_owned(),
                    of_arn: Some((text.to_owned(), (*region).to_owned(), (*account).to_owned())),
                })
            }
            _ => None,
        }
    }
}

/// The account of a plan that the state knows.
fn account(state: &Model) -> Option<String> {
    PlanId::parse(state.arn.known()?)?
        .of_arn
        .map(|(_, _, account)| account)
}

/// The last line of defence: rules have said it in the plan.
fn check_is_ours(state: &Model, act: &str) -> Result<(), Diagnostics> {
    let id = state.id.known().map(String::as_str).unwrap_or_default();
    let arn = state.arn.known().map(String::as_str).unwrap_or_default();
    if !id.starts_with("orgs/") && !arn.contains(":backup-plan:orgs/") {
        return Ok(());
    }
    Err(Diagnostic::error(
        act,
        format!(
            "{arn} was made by a backup policy of AWS Organizations, which alone changes and deletes it. Nothing was \
             changed.\n\nChange the policy in the management account; or remove the object from the state (terraform state \
             rm), and read the plan where you need it."
        ),
    )
    .into())
}

fn timeout(state: &Model, operation: Operation, default: &str) -> Duration {
    let default = tfsdk::parse_duration(default).expect("the constant is a duration");
    Timeouts::of(&state.timeouts, operation, default)
}

fn import(target: ImportTarget) -> Result<Model, Diagnostics> {
    let form = "the id of the plan, or its id and Region as in 0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9@eu-west-1, or its ARN";
    let mut named = None;
    let place = Place::of_import(target, "id", form, |text| {
        named = PlanId::parse(text);
        match &named {
            Some(plan) => Ok(plan.of_arn.as_ref().map(|(_, region, _)| region.clone())),
            None => Err(aws_clients::Error::malformed(format!(
                "{text:?} is not the id of a backup plan"
            ))),
        }
    })?;
    let (id, arn) = match named {
        Some(PlanId { id, of_arn }) => (id, of_arn.map(|(arn, _, _)| arn)),
        None => (place.id, None),
    };
    Ok(Model {
        id: id.into(),
        arn: arn.into(),
        region: place.region.into(),
        ..Model::default()
    })
}
