//! Read: the plan, its selections and its tags as AWS has them. What means the same is shown as it was written.

use std::collections::BTreeMap;

use aws_clients::{AwsBackup, Cx as AwsCx, Error, Plan, Selection as AwsSelection};
use tfsdk::{Attr, Cx, Diagnostics};

use super::document;
use super::model::Model;
use super::{account, runs};
use crate::Client;
use crate::diagnostics;
use crate::resources::tags::Tags;

const CANNOT_READ: &str = "Backup plan cannot be read";

/// The selections of a plan with their ids, by the name that they are shown under.
pub(super) type Found = BTreeMap<String, (String, AwsSelection)>;

pub(super) async fn read(client: &Client, mut state: Model, cx: &Cx) -> Result<Option<Model>, Diagnostics> {
    // Whatever AWS refuses to tell is an error: what is not told is not gone.
    let cannot_read = |err: Error| Diagnostics::from(diagnostics::aws(CANNOT_READ, &err));
    let id = state.id.known().cloned().unwrap_or_default();
    let aws = client.cx(cx);
    client.account_of(&aws, account(&state).as_deref()).await?;
    let region = client.region(state.region.known());
    let backup = client.aws.aws_backup(&region);
    let Some(plan) = backup.find_plan(&aws, &id).await.map_err(cannot_read)? else {
        return Ok(None);
    };
    let Some(found) = find_selections(&backup, &aws, &id).await.map_err(cannot_read)? else {
        return Ok(None);
    };
    let Some(tags) = backup
        .find_tags(&aws, &plan.version.arn)
        .await
        .map_err(cannot_read)?
    else {
        return Ok(None);
    };
    state.region = region.to_string().into();
    let before = state.rules.clone();
    show_plan(&mut state, &plan);
    state.next_runs = Attr::Known(runs::refreshed(
        &before,
        &state.next_runs,
        &state.rules,
        client.now(&region),
    ));
    show_selections(&mut state, &found);
    let of_provider = Tags::of(&client.aws);
    state.tags_all = of_provider.shown_all(&state.tags, &tags);
    state.tags = of_provider.shown_own(&state.tags, tags);
    if state.unfinished.known().is_none() {
        state.unfinished = false.into();
    }
    Ok(Some(state))
}

/// Finds the selections of a plan; `None` when there is no such plan.
pub(super) async fn find_selections(
    backup: &AwsBackup,
    aws: &AwsCx,
    plan_id: &str,
) -> Result<Option<Found>, Error> {
    let Some(listed) = backup.list_selections(aws, plan_id).await? else {
        return Ok(None);
    };
    let mut found = Found::new();
    for summary in listed {
        // One that has gone since it was listed is gone.
        let Some(selection) = backup.find_selection(aws, plan_id, &summary.id).await? else {
            continue;
        };
        // Should two have one name, both are shown, so that none is forgotten.
        let name = if found.contains_key(&summary.name) {
            format!("{} ({})", summary.name, summary.id)
        } else {
            summary.name
        };
        found.insert(name, (summary.id, selection));
    }
    Ok(Some(found))
}

/// Shows what the plan itself says.
pub(super) fn show_plan(state: &mut Model, plan: &Plan) {
    state.id = plan.version.id.as_str().into();
    state.arn = plan.version.arn.as_str().into();
    state.version_id = plan.version.version_id.as_str().into();
    state.name = plan.document.name.as_str().into();
    state.rules = Attr::Known(document::show_rules(&plan.document, &state.rules));
}

/// Shows which selections there are.
pub(super) fn show_selections(state: &mut Model, found: &Found) {
    let said = state.selections.known();
    let shown = found.iter().map(|(name, (_, selection))| {
        let before = said.and_then(|said| said.get(name)?.known());
        (
            name.clone(),
            Attr::Known(document::show_selection(selection, before)),
        )
    });
    let shown: BTreeMap<_, _> = shown.collect();
    state.selections = if shown.is_empty() && said.is_none_or(|said| !said.is_empty()) {
        Attr::Null
    } else {
        Attr::Known(shown)
    };
    let ids = found
        .iter()
        .map(|(name, (id, _))| (name.clone(), Attr::Known(id.clone())));
    state.selection_ids = Attr::Known(ids.collect());
}
