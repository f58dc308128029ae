//! Update and delete.

use std::collections::BTreeMap;

use aws_clients::{AwsBackup, Cx as AwsCx, Error, ErrorKind};
use tfsdk::{Attr, Cx, Diagnostics, Operation, Saved, Update};

use super::creating::{check, tags_of};
use super::document::{document, same_rules, selections};
use super::model::Model;
use super::refresh::{Found, find_selections};
use super::selecting::Selecting;
use super::{
    CANNOT_CHANGE, CANNOT_DELETE, DELETE_TIMEOUT, UPDATE_TIMEOUT, account, check_is_ours, runs, timeout,
};
use crate::Client;
use crate::diagnostics;
use crate::resources::tags::{Others, Tags, WantedTags, difference};

pub(super) async fn update(
    client: &Client,
    update: Update<Model>,
    saved: &mut Saved<'_, Model>,
    cx: &Cx,
) -> Result<Model, Diagnostics> {
    let Update { prior, planned, .. } = update;
    check_is_ours(&prior, CANNOT_CHANGE)?;
    let aws = client.cx_with_timeout(cx, timeout(&planned, Operation::Update, UPDATE_TIMEOUT));
    let account = client.account_of(&aws, account(&prior).as_deref()).await?;
    let region = client.region(prior.region.known());
    let resumes = prior.unfinished == Attr::Known(true);
    let rules_change = planned.version_id.is_unknown();
    if rules_change {
        check(client, &aws, &region, account.as_ref(), &planned).await?;
    }
    let backup = client.aws.aws_backup(&region);
    // What is done already is in it, and nothing else.
    let mut state = Model {
        timeouts: planned.timeouts.clone(),
        ..prior.clone()
    };
    let doing = Changing {
        client,
        backup: &backup,
        aws: &aws,
        prior: &prior,
        planned: &planned,
    };
    let changed = async {
        if rules_change {
            doing.change_rules(&mut state).await?;
            state.next_runs = Attr::Known(runs::next_runs(&planned.rules, client.now(&region)));
            saved.save(&state);
        }
        let arn = prior.arn.known().map(String::as_str).unwrap_or_default();
        if resumes || planned.tags != prior.tags || planned.tags_all != prior.tags_all {
            change_tags(client, &backup, &aws, arn, &tags_of(client, &planned)).await?;
            state.tags = planned.tags.clone();
            state.tags_all = planned.tags_all.clone();
            saved.save(&state);
        }
        doing.change_selections(&mut state, saved, resumes).await
    };
    Box::pin(changed).await.map_err(|err| failed(&err))?;
    if let Some(arn) = prior.arn.known() {
        client.journal.forget(arn);
    }
    Ok(Model {
        // As they were written.
        selections: planned.selections.clone(),
        rules: planned.rules.clone(),
        tags: planned.tags.clone(),
        unfinished: false.into(),
        ..state
    })
}

fn failed(err: &Error) -> Diagnostics {
    let aftermath = match err.kind() {
        ErrorKind::NotFound => "The plan has gone from AWS. Run terraform apply again: it is planned anew.",
        _ => {
            "What was changed before is in the state, and what was not is in the next plan: no selection that is still \
             wanted was given up. Run terraform apply again to go on."
        }
    };
    diagnostics::aws_after(CANNOT_CHANGE, err, aftermath).into()
}

struct Changing<'a> {
    client: &'a Client,
    backup: &'a AwsBackup,
    aws: &'a AwsCx,
    prior: &'a Model,
    planned: &'a Model,
}

impl Changing<'_> {
    fn id(&self) -> &str {
        self.prior.id.known().map(String::as_str).unwrap_or_default()
    }

    /// One call, and none where AWS has these rules already.
    async fn change_rules(&self, state: &mut Model) -> Result<(), Error> {
        let wanted = document(self.planned).unwrap_or_else(|| surprised("rules that are not known"));
        let id = self.id();
        let Some(plan) = self.backup.find_plan(self.aws, id).await? else {
            return Err(Error::gone(
                format!("changing backup plan {id}"),
                "the plan does not exist",
            ));
        };
        let mut version = plan.version.clone();
        if !same_rules(&wanted, &plan.document) || wanted.name != plan.document.name {
            version = self.backup.update_plan(self.aws, &plan, &wanted).await?;
        }
        state.version_id = version.version_id.into();
        state.name = self.planned.name.clone();
        state.rules = self.planned.rules.clone();
        Ok(())
    }

    async fn change_selections(
        &self,
        state: &mut Model,
        saved: &mut Saved<'_, Model>,
        resumes: bool,
    ) -> Result<(), Error> {
        let there = if resumes {
            let found = find_selections(self.backup, self.aws, self.id()).await?;
            found.unwrap_or_default()
        } else {
            recorded(self.prior)
        };
        let nothing = BTreeMap::new();
        let selecting = Selecting {
            backup: self.backup,
            aws: self.aws,
            clock: &**self.client.aws.clock(),
            plan_id: self.id(),
            written: self.planned.selections.known().unwrap_or(&nothing),
            state,
            saved,
        };
        selecting.converge(&selections(self.planned), &there).await
    }
}

/// The selections that the state knows.
fn recorded(prior: &Model) -> Found {
    let ids = prior.selection_ids.known();
    let id = |name: &String| ids.and_then(|ids| ids.get(name)?.known().cloned());
    selections(prior)
        .into_iter()
        .filter_map(|(name, selection)| Some((name.clone(), (id(&name)?, selection))))
        .collect()
}

/// Makes a plan have these tags, and no others that anybody may look at.
pub(super) async fn change_tags(
    client: &Client,
    backup: &AwsBackup,
    aws: &AwsCx,
    arn: &str,
    wanted: &BTreeMap<String, String>,
) -> Result<(), Error> {
    let actual = backup.find_tags(aws, arn).await?.unwrap_or_default();
    let wanted = WantedTags {
        tags: wanted.clone(),
        others: Others::Go,
    };
    let (set, remove) = difference(&Tags::of(&client.aws).visible(actual), &wanted);
    backup.change_tags(aws, arn, &set, &remove).await
}

pub(super) async fn delete(client: &Client, state: &Model, cx: &Cx) -> Result<(), Diagnostics> {
    check_is_ours(state, CANNOT_DELETE)?;
    let aws = client.cx_with_timeout(cx, timeout(state, Operation::Delete, DELETE_TIMEOUT));
    client.account_of(&aws, account(state).as_deref()).await?;
    let region = client.region(state.region.known());
    let backup = client.aws.aws_backup(&region);
    let id = state.id.known().map(String::as_str).unwrap_or_default();
    let doing = format!("deleting backup plan {id}");
    let deleted = aws_clients::retry_until(&aws, &**client.aws.clock(), &doing, || async {
        // Also those that somebody adds meanwhile.
        let listed = backup.list_selections(&aws, id).await?;
        for selection in listed.iter().flatten() {
            backup.delete_selection(&aws, id, &selection.id).await?;
        }
        backup.delete_plan(&aws, id).await
    });
    Box::pin(deleted).await.map_err(|err| {
        let aftermath = "Recovery points are not touched. The plan stays in the state; run the same command again, and what \
                         is deleted already counts as done.";
        Diagnostics::from(diagnostics::aws_after(CANNOT_DELETE, &err, aftermath))
    })?;
    if let Some(arn) = state.arn.known() {
        client.journal.forget(arn);
    }
    Ok(())
}

/// Terraform applies nothing whose configuration is not known.
pub(super) fn surprised<T>(what: &str) -> T {
    unreachable!("an apply was given {what}")
}
