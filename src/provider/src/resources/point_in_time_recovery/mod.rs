//! Point-in-time recovery of one table in one Region: a setting that every table has, so nothing is made or deleted.
//!
//! Create and update are one call, UpdateContinuousBackups, which always sends the period: AWS takes 35 days for one
//! that is left out, and forgets the old one when recovery is switched off. Replacing means to take care of another
//! table. Destroying does nothing in AWS unless `on_destroy = "disable"`; a replacement never switches anything off,
//! because the new object may be about the same table.
//!
//! Not done here: restores, and the setting of other replicas of a global table.
//!
//! IAM: `dynamodb:DescribeContinuousBackups`, `dynamodb:UpdateContinuousBackups`, and `dynamodb:DescribeTable` to find
//! replicas and to tell a table that is still being created from one that does not exist.
//! Limits: ten DescribeContinuousBackups per second, account-wide; one per object and refresh, and one per replica in its
//! own Region when the object is made.

mod model;
mod neighbours;
mod observe;
mod schema;
#[cfg(test)]
mod tests;
use std::time::Duration;

use aws_clients::{ErrorKind, PointInTimeRecoveryChange, Region, TableRef};
use rules::facts::Action;
use rules::{Fact, Facts};
use tfsdk::{
    Attr, Change, Create, Cx, Delete, Diagnostic, Diagnostics, IdentitySchema, ImportTarget, Operation, Path,
    Planned, Removal, Resource, Saved, Schema, Timeouts, Update, Value,
};

use super::creating_table;
use crate::Client;
use crate::diagnostics;
use crate::table_name::{Place, is_same_table, table_ref};
pub(crate) use model::Model;
pub(crate) use observe::Observed;

/// See the module.
pub(crate) struct PointInTimeRecovery;

/// Leaves recovery as it is on destroy.
const RETAIN: &str = "retain";
/// Switches recovery off on destroy.
const DISABLE: &str = "disable";

/// Continuous backups of a new table are set up within seconds, and within minutes at the worst (DBK-PITR-012).
const DEFAULT_TIMEOUT: &str = "20m";

/// Key of the private state: whether the last apply left recovery on.
const LEFT_ON: &str = "left_on";

impl Resource for PointInTimeRecovery {
    const NAME: &'static str = "point_in_time_recovery";
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
        let table = table_ref(state.table_name.known()?).ok()?;
        Some(Value::object([
            ("table_name", Value::string(table.table_name().as_str())),
            ("region", state.region.to_value()),
            ("account_id", state.account_id.to_value()),
        ]))
    }

    fn validate(config: &Model) -> Diagnostics {
        let found = rules::check(&Facts::about(config.facts()));
        diagnostics::from_findings(found, diagnostics::path_of_subject).collect()
    }

    async fn observe(client: &Client, change: &Change<Model>, cx: &Cx) -> Result<Observed, Diagnostics> {
        let mut seen = observe::observe(client, change, cx).await?;
        let made = neighbours::made(change, &seen.recovery, |it| client.region(it.region.known()));
        seen.planner.neighbours = client.ledger.note(cx.plan_id(), made);
        Ok(seen)
    }

    fn plan(change: Change<Model>, seen: Observed) -> Planned<Model> {
        let (mut planned, config, prior) = match change {
            Change::Destroy { prior } => {
                let facts = with_prior(&prior, Action::Destroy, &prior, &seen);
                let found = diagnostics::from_findings(rules::check(&facts), diagnostics::path_of_subject);
                return Planned::new(prior.clone()).with(found).with(seen.unread);
            }
            Change::Create { config, proposed } => (proposed, config, None),
            Change::Update {
                prior,
                config,
                proposed,
            } => (proposed, config, Some(prior)),
        };
        planned.region = seen.planner.region(&planned.region, &config.region);
        planned.recovery_period_in_days = Model::planned_period(&config, &planned.enabled);
        if let (Attr::Unknown, Some(account)) = (&planned.account_id, &seen.planner.account) {
            planned.account_id = account.clone().into();
        }

        let mut replace = Vec::new();
        let facts = match &prior {
            None => with_observed(&config, Action::Create, &seen),
            Some(prior) => {
                if !is_same_table(&prior.table_name, &planned.table_name) {
                    replace.push(Path::of("table_name"));
                }
                let replaces = !replace.is_empty() || prior.region != planned.region;
                let action = if replaces { Action::Replace } else { Action::Update };
                with_prior(&config, action, prior, &seen)
            }
        };
        let config_facts = Facts::about(config.facts());
        let mut found = Diagnostics::new();
        found.extend(diagnostics::beyond_config(
            &facts,
            &config_facts,
            diagnostics::path_of_subject,
        ));
        found.extend(switched_off_by_others(prior.as_ref(), &planned, &seen));
        found.extend(seen.unread);
        Planned {
            model: planned,
            replace,
            diagnostics: found,
        }
    }

    async fn read(client: &Client, mut state: Model, cx: &Cx) -> Result<Option<Model>, Diagnostics> {
        let aws = client.cx(cx);
        let account = client
            .account_of(&aws, state.account_id.known().map(String::as_str))
            .await?;
        let region = client.region(state.region.known());
        let table = parse_table(&state)?;
        let found = client
            .aws
            .dynamodb(&region)
            .find_continuous_backups(&aws, &table)
            .await;
        let found = found.map_err(|err| diagnostics::aws("Point-in-time recovery cannot be read", &err))?;
        let Some(backups) = found else { return Ok(None) };
        state.region = region.to_string().into();
        if let Some(account) = account {
            state.account_id = account.id.into();
        }
        state.update_from(&backups);
        Ok(Some(state))
    }

    async fn create(
        client: &Client,
        create: Create<Model>,
        saved: &mut Saved<'_, Model>,
        cx: &Cx,
    ) -> Result<Model, Diagnostics> {
        apply(client, create.planned, saved, cx, Operation::Create).await
    }

    async fn update(
        client: &Client,
        update: Update<Model>,
        saved: &mut Saved<'_, Model>,
        cx: &Cx,
    ) -> Result<Model, Diagnostics> {
        let Update { prior, planned, .. } = update;
        if prior.wanted() == planned.wanted() {
            // Only what Terraform alone knows has changed.
            let mut state = planned;
            state.region = prior.region;
            state.account_id = prior.account_id;
            return Ok(state);
        }
        apply(client, planned, saved, cx, Operation::Update).await
    }

    async fn delete(client: &Client, delete: Delete<Model>, cx: &Cx) -> Result<(), Diagnostics> {
        let Delete { state, reason } = delete;
        if state.on_destroy.known().is_none_or(|it| it != DISABLE) || state.enabled == Attr::Known(false) {
            return Ok(());
        }
        let table = parse_table(&state)?;
        if reason != Removal::Destroy {
            cx.warn(
                Diagnostic::warning(
                    "Point-in-time recovery was left on",
                    format!(
                        "on_destroy is \"{DISABLE}\", but this object is replaced, not destroyed: the new one may be \
                         about the same table, whose history would be lost. Table {} keeps point-in-time \
                         recovery.\n\nTo switch it off: aws dynamodb update-continuous-backups --table-name {} \
                         --point-in-time-recovery-specification PointInTimeRecoveryEnabled=false",
                        table.table_name(),
                        table.table_name(),
                    ),
                )
                .at(Path::of("on_destroy")),
            );
            return Ok(());
        }
        let aws = client.cx_with_timeout(cx, timeout(&state, Operation::Delete));
        client
            .account_of(&aws, state.account_id.known().map(String::as_str))
            .await?;
        let dynamodb = client.aws.dynamodb(&client.region(state.region.known()));
        let doing = format!("switching off point-in-time recovery of table {table}");
        let off = PointInTimeRecoveryChange::Disable;
        let done = aws_clients::retry_until(&aws, &**client.aws.clock(), &doing, || {
            dynamodb.update_continuous_backups(&aws, &table, off)
        });
        match done.await {
            Ok(_) => Ok(()),
            // The table has gone, and its recovery with it.
            Err(err) if err.is_not_found() => Ok(()),
            Err(err) => Err(diagnostics::aws("Point-in-time recovery cannot be switched off", &err).into()),
        }
    }

    const IMPORT: Option<fn(ImportTarget) -> Result<Model, Diagnostics>> = Some(import);
}

/// Makes AWS's setting the planned one and waits until it shows.
async fn apply(
    client: &Client,
    planned: Model,
    saved: &mut Saved<'_, Model>,
    cx: &Cx,
    operation: Operation,
) -> Result<Model, Diagnostics> {
    let wanted = planned.wanted();
    let summary = match wanted {
        PointInTimeRecoveryChange::Enable { .. } => "Point-in-time recovery cannot be switched on",
        PointInTimeRecoveryChange::Disable => "Point-in-time recovery cannot be switched off",
    };
    let mut state = planned;
    let table = parse_table(&state)?;
    let aws = client.cx_with_timeout(cx, timeout(&state, operation));
    let account = client
        .account_of(&aws, state.account_id.known().map(String::as_str))
        .await?;
    let region: Region = client.region(state.region.known());
    let dynamodb = client.aws.dynamodb(&region);

    let doing = format!("changing point-in-time recovery of table {table} in {region}");
    let send = || dynamodb.update_continuous_backups(&aws, &table, wanted);
    let accepted = creating_table::retry(client, &dynamodb, &aws, &table, &doing, send).await;
    let accepted = accepted.map_err(|err| match err.kind() {
        ErrorKind::NotFound => {
            let why = creating_table::no_such_table(&table, &dynamodb, account.as_ref());
            diagnostics::aws_after(summary, &err, &why).at(Path::of("table_name"))
        }
        _ => diagnostics::aws(summary, &err),
    })?;

    state.region = region.to_string().into();
    state.account_id = account.map(|account| account.id).into();
    if wanted.is_in_force(&accepted) {
        state.update_from(&accepted);
    }
    saved.save(&state);
    cx.set_private(LEFT_ON, (wanted != PointInTimeRecoveryChange::Disable).into());

    if !wanted.is_in_force(&accepted) {
        match dynamodb.wait_continuous_backups(&aws, &table, wanted).await {
            Ok(backups) => state.update_from(&backups),
            // AWS has taken the change; the next refresh shows whether it holds.
            Err(err) if err.kind() == ErrorKind::Cancelled => {}
            Err(err) => {
                let aftermath =
                    "AWS has accepted the change, and it is safe to send it again: run terraform apply.";
                return Err(diagnostics::aws_after(summary, &err, aftermath).into());
            }
        }
    }
    Ok(state)
}

/// Says that the plan switches on what was on before, when somebody else has switched it off.
fn switched_off_by_others(prior: Option<&Model>, planned: &Model, seen: &Observed) -> Option<Diagnostic> {
    let comes_back = prior?.enabled == Attr::Known(false) && planned.enabled == Attr::Known(true);
    let table = planned.table_name.known()?;
    (comes_back && seen.left_on).then(|| {
        Diagnostic::warning(
            "Point-in-time recovery was switched off outside Terraform",
            format!(
                "The last apply left point-in-time recovery of table {table} on, and it is off. The restorable history \
                 of the time before is gone. This plan switches it on again; the window then begins anew, with the \
                 moment of the apply.\n\nFind out who did it: CloudTrail records UpdateContinuousBackups. If it is \
                 meant to be off, set enabled = false."
            ),
        )
        .at(Path::of("enabled"))
    })
}

fn with_observed(model: &Model, action: Action, seen: &Observed) -> Facts {
    let mut object = model.facts();
    object.observed.table = seen.table.clone();
    object.observed.recovery = seen.recovery;
    seen.planner.facts(object, action)
}

fn with_prior(model: &Model, action: Action, prior: &Model, seen: &Observed) -> Facts {
    let mut object = model.facts();
    object.prior = Fact::Known(prior.prior_facts());
    object.observed.table = seen.table.clone();
    object.observed.recovery = seen.recovery;
    seen.planner.facts(object, action)
}

fn parse_table(model: &Model) -> Result<TableRef, Diagnostics> {
    let text = model.table_name.known().map(String::as_str).unwrap_or_default();
    table_ref(text)
        .map_err(|err| Diagnostics::from(diagnostics::aws("Not a table", &err).at(Path::of("table_name"))))
}

fn timeout(model: &Model, operation: Operation) -> Duration {
    let default = tfsdk::parse_duration(DEFAULT_TIMEOUT).expect("the constant is a duration");
    Timeouts::of(&model.timeouts, operation, default)
}

fn import(target: ImportTarget) -> Result<Model, Diagnostics> {
    let place = Place::of_import_by_table(target)?;
    Ok(Model {
        table_name: place.id.into(),
        region: place.region.into(),
        account_id: place.account.into(),
        ..Model::default()
    })
}
