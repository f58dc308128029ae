//! The settings of AWS Backup for DynamoDB: two switches of an account in a Region and one of its organization. AWS has
//! them everywhere, so nothing is made or deleted.
//!
//! Create and update change only the switches that are given and differ; no other kind of resource is ever named in a
//! call. `previous` holds what each switch was before this object set it: it is not null exactly for those that this
//! object has set, so that destroying, or giving up one switch, can put it back (`on_destroy = "restore"`). Replacing
//! means to take care of another Region.
//!
//! Not done here: the settings of other kinds of resources, and the other settings of the organization.
//!
//! IAM: `backup:DescribeRegionSettings`, `backup:UpdateRegionSettings`; for the switch of the organization
//! `backup:DescribeGlobalSettings`, `backup:UpdateGlobalSettings` and `organizations:DescribeOrganization`, and only its
//! management account may set it.

mod model;
mod plan;
mod schema;
mod setting;
#[cfg(test)]
mod tests;

use aws_clients::{Cx as AwsCx, ErrorKind, Region};
use tfsdk::{
    Attr, Change, Create, Cx, Delete, Diagnostic, Diagnostics, IdentitySchema, ImportTarget, Operation, Path,
    Planned, Resource, Saved, Schema, Timeouts, Update, Value,
};

use crate::Client;
use crate::diagnostics;
pub(crate) use model::Model;
use model::{Previous, Switch};
pub(crate) use plan::Observed;
use setting::{Before, DEFAULT_TIMEOUT, Wanted};

/// See the module.
pub(crate) struct BackupSettings;

/// Leaves the settings as they are on destroy.
const RETAIN: &str = "retain";
/// Puts back what was there before on destroy.
const RESTORE: &str = "restore";

impl Resource for BackupSettings {
    const NAME: &'static str = "backup_settings";
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
        state.region.known()?;
        Some(Value::object([
            ("region", state.region.to_value()),
            ("account_id", state.account_id.to_value()),
        ]))
    }

    fn validate(config: &Model) -> Diagnostics {
        plan::validate(config)
    }

    async fn observe(client: &Client, change: &Change<Model>, cx: &Cx) -> Result<Observed, Diagnostics> {
        plan::observe(client, change, cx).await
    }

    fn plan(change: Change<Model>, seen: Observed) -> Planned<Model> {
        plan::plan(change, seen)
    }

    async fn read(client: &Client, state: Model, cx: &Cx) -> Result<Option<Model>, Diagnostics> {
        let aws = client.cx(cx);
        let account = client
            .account_of(&aws, state.account_id.known().map(String::as_str))
            .await?;
        let region = client.region(state.region.known());
        let backup = client.aws.aws_backup(&region);
        let failed = |err| Diagnostics::from(diagnostics::aws("Settings of AWS Backup cannot be read", &err));
        let is_import = state.on_destroy.known().is_none();
        let settings = backup.find_region_settings(&aws).await.map_err(failed)?;
        let mut state = state.with_defaults();
        state.update_from(settings);
        if is_import || !state.cross_account_backup.is_null() {
            state.cross_account_backup = match backup.find_cross_account_backup(&aws).await {
                Ok(is_on) => is_on.into(),
                // The account is in no organization.
                Err(err) if err.kind() == ErrorKind::Invalid => Attr::Null,
                // Who imports the settings of a Region need not care for the organization.
                Err(err) if err.kind() == ErrorKind::Denied && is_import => Attr::Null,
                Err(err) => return Err(failed(err)),
            };
        }
        state.region = region.to_string().into();
        if let Some(account) = account {
            state.account_id = account.id.into();
        }
        for switch in Switch::ALL {
            if !switch.before(&state).is_null() && !client.in_state.note_first(managed(&region, switch)) {
                cx.warn(managed_twice(switch));
            }
        }
        Ok(Some(state))
    }

    async fn create(
        client: &Client,
        create: Create<Model>,
        saved: &mut Saved<'_, Model>,
        cx: &Cx,
    ) -> Result<Model, Diagnostics> {
        apply(client, None, create.planned, saved, cx, Operation::Create).await
    }

    async fn update(
        client: &Client,
        update: Update<Model>,
        saved: &mut Saved<'_, Model>,
        cx: &Cx,
    ) -> Result<Model, Diagnostics> {
        let Update { prior, planned, .. } = update;
        apply(client, Some(&prior), planned, saved, cx, Operation::Update).await
    }

    async fn delete(client: &Client, delete: Delete<Model>, cx: &Cx) -> Result<(), Diagnostics> {
        put_back(client, &delete.state, cx).await
    }

    const IMPORT: Option<fn(ImportTarget) -> Result<Model, Diagnostics>> = Some(import);
}

/// Makes AWS's settings the planned ones, and records what they were.
async fn apply(
    client: &Client,
    prior: Option<&Model>,
    planned: Model,
    saved: &mut Saved<'_, Model>,
    cx: &Cx,
    operation: Operation,
) -> Result<Model, Diagnostics> {
    let mut state = planned;
    let aws = client.cx_with_timeout(cx, timeout(&state, operation));
    let account = client
        .account_of(&aws, state.account_id.known().map(String::as_str))
        .await?;
    let region: Region = client.region(state.region.known());
    state.region = region.to_string().into();
    state.account_id = account.map(|account| account.id).into();

    let mut wanted = Wanted::default();
    for switch in Switch::ALL {
        if let Attr::Known(value) = switch.of(&state)
            && prior.is_none_or(|prior| switch.of(prior) != switch.of(&state))
        {
            wanted.set(switch, *value);
        }
    }
    if prior.is_some() && wanted.is_empty() {
        // Only what Terraform alone knows has changed.
        return Ok(state);
    }
    let backup = client.aws.aws_backup(&region);
    let before = Before::read(&backup, &aws, wanted).await?;
    let mut previous = Previous::default();
    for switch in Switch::ALL {
        *switch.before_mut(&mut previous) = match switch.before(&state) {
            Attr::Unknown if switch.of(&state).is_unknown() => Attr::Null,
            Attr::Unknown => before.of(switch).into(),
            settled => settled,
        };
    }
    state.previous = previous.into();
    let here = before.region.dynamodb();
    for (switch, value) in [
        (Switch::OptIn, here.opt_in),
        (Switch::AdvancedFeatures, here.advanced_features),
    ] {
        let shown = switch.of_mut(&mut state);
        if shown.is_unknown() {
            *shown = value.into();
        }
    }
    setting::change(&backup, &aws, cx, &before, wanted, || saved.save(&state)).await?;
    for switch in Switch::ALL {
        if !switch.before(&state).is_null() {
            client.in_state.note(taken(&region, switch));
        }
    }
    Ok(state)
}

/// Puts back what was there before, where it is wanted and no other object of this run has set it since.
async fn put_back(client: &Client, state: &Model, cx: &Cx) -> Result<(), Diagnostics> {
    let mut wanted = Wanted::default();
    let region = client.region(state.region.known());
    if state.restores() {
        for switch in Switch::ALL {
            let Attr::Known(before) = switch.before(state) else {
                continue;
            };
            if client.in_state.contains(&taken(&region, switch)) {
                cx.warn(left_as_set(switch, before));
            } else {
                wanted.set(switch, before);
            }
        }
    }
    if wanted.is_empty() {
        return Ok(());
    }
    let aws: AwsCx = client.cx_with_timeout(cx, timeout(state, Operation::Delete));
    client
        .account_of(&aws, state.account_id.known().map(String::as_str))
        .await?;
    let backup = client.aws.aws_backup(&region);
    let before = Before::read(&backup, &aws, wanted).await?;
    setting::change(&backup, &aws, cx, &before, wanted, || ()).await
}

/// What marks a setting as set by an object that this run has applied.
fn taken(region: &Region, switch: Switch) -> String {
    format!("backup_settings set {}", place(region, switch))
}

/// What marks a setting as set by an object that is in the state.
fn managed(region: &Region, switch: Switch) -> String {
    format!("backup_settings manages {}", place(region, switch))
}

/// A setting with the place of which there is only one.
fn place(region: &Region, switch: Switch) -> String {
    match switch {
        Switch::OptIn | Switch::AdvancedFeatures => format!("{} of {region}", switch.name()),
        Switch::CrossAccountBackup => switch.name().to_owned(),
    }
}

/// Two objects of one state that set the same setting: only one of them shows drift in each plan, so that no plan sees
/// both.
fn managed_twice(switch: Switch) -> Diagnostic {
    let name = switch.name();
    Diagnostic::warning(
        "Setting of AWS Backup is managed twice",
        format!(
            "Another dynamodb_backup_settings in this state sets {name} as well. When they differ, each apply undoes the \
             other's, in turns.\n\nSet {name} in one of the two objects, and leave it out of the other.",
        ),
    )
    .at(Path::of(name))
    .coded("DBK-ABS-005")
}

/// With create_before_destroy, or when an object moves to another address, the new one comes first.
fn left_as_set(switch: Switch, before: bool) -> Diagnostic {
    let name = switch.name();
    Diagnostic::warning(
        "Setting of AWS Backup was not put back",
        format!(
            "on_destroy is \"{RESTORE}\", and {name} was {before} before the object that is destroyed set it. But \
             another dynamodb_backup_settings has set {name} in this apply, and putting it back would undo that. {name} \
             stays as it was set, and the previous value of the other object is what it found. When an object only \
             moves to another address, use a moved block: then nothing is destroyed."
        ),
    )
    .at(Path::of(name))
}

fn timeout(model: &Model, operation: Operation) -> std::time::Duration {
    Timeouts::of(&model.timeouts, operation, setting::default_timeout())
}

fn import(target: ImportTarget) -> Result<Model, Diagnostics> {
    let (region, account) = match &target {
        ImportTarget::Id(id) => (id.clone(), Attr::Null),
        ImportTarget::Identity(identity) => {
            let text = |name: &str| match identity.attribute(name) {
                Value::String(text) => Some(text.clone()),
                _ => None,
            };
            (text("region").unwrap_or_default(), text("account_id").into())
        }
    };
    if rules::syntax::Region::parse(&region).is_err() {
        return Err(Diagnostic::error(
            "Import id has another form",
            format!("The id is {region:?}, which is not a Region. Give the Region of the settings, as in eu-west-1."),
        )
        .into());
    }
    Ok(Model {
        region: region.into(),
        account_id: account,
        ..Model::default()
    })
}
