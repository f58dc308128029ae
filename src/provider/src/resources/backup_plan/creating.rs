//! Create: one plan, whatever was cut off before or goes wrong now; and what an unfinished one leaves for the next create.

use std::collections::BTreeMap;

use aws_clients::{AwsBackup, Cx as AwsCx, Error, ErrorKind, Plan, Region};
use rules::facts::{Action, Stage};
use rules::{Fact, Facts};
use tfsdk::{Attr, Cx, Diagnostic, Diagnostics, Operation as Timed, Saved};

use super::document::{document, same_rules, selections};
use super::facts::configured;
use super::model::Model;
use super::observe;
use super::refresh::{Found, find_selections};
use super::selecting::{Selecting, new_token};
use super::work::{change_tags, surprised};
use super::{CANNOT_CREATE, CREATE_TIMEOUT, PlanId, account, runs, timeout};
use crate::Client;
use crate::client::Account;
use crate::diagnostics;
use crate::journal::{Attempt, Key, Operation, Record, Stage as Reached};
use crate::resources::tags::Tags;

pub(super) async fn create(
    client: &Client,
    planned: Model,
    saved: &mut Saved<'_, Model>,
    cx: &Cx,
) -> Result<Model, Diagnostics> {
    let aws = client.cx_with_timeout(cx, timeout(&planned, Timed::Create, CREATE_TIMEOUT));
    let account = client.account_of(&aws, None).await?;
    let region = client.region(planned.region.known());
    check(client, &aws, &region, account.as_ref(), &planned).await?;

    let backup = client.aws.aws_backup(&region);
    let work = Creation {
        client,
        backup: &backup,
        aws: &aws,
        region: &region,
        account,
        tags: tags_of(client, &planned),
    };
    let (attempt, plan, is_adopted) = work.accepted(&planned, cx).await?;
    let mut state = Model {
        id: plan.version.id.as_str().into(),
        arn: plan.version.arn.as_str().into(),
        version_id: plan.version.version_id.as_str().into(),
        region: region.to_string().into(),
        selections: Attr::Null,
        selection_ids: Attr::Known(BTreeMap::new()),
        next_runs: Attr::Known(runs::next_runs(&planned.rules, client.now(&region))),
        unfinished: true.into(),
        ..planned.clone()
    };
    saved.save(&state);
    let done = Box::pin(work.rest(&planned, &mut state, saved, &plan, is_adopted)).await;
    if let Err(err) = done {
        return ended(&err, attempt, &planned, state, cx);
    }
    state.selections = planned.selections;
    state.unfinished = false.into();
    attempt.finish();
    Ok(state)
}

/// The tags that a plan is to have.
pub(super) fn tags_of(client: &Client, planned: &Model) -> BTreeMap<String, String> {
    Tags::of(&client.aws).merged(&planned.tags).unwrap_or_default()
}

/// Checks once more right before the work.
pub(super) async fn check(
    client: &Client,
    aws: &AwsCx,
    region: &Region,
    account: Option<&Account>,
    planned: &Model,
) -> Result<(), Diagnostics> {
    let mut object = configured(planned);
    object.region = region.to_string().into();
    if client.validation.observe {
        let account = account.map(|account| account.id.clone());
        object.observed = observe::surroundings(client, aws, region, account, planned).await?;
    }
    let facts = Facts {
        now: Fact::Known(client.now(region)),
        action: Fact::Known(Action::Create),
        stage: Stage::Apply,
        ..Facts::about(object)
    };
    diagnostics::refuse(&client.policy, &facts, diagnostics::path_of_subject)
}

struct Creation<'a> {
    client: &'a Client,
    backup: &'a AwsBackup,
    aws: &'a AwsCx,
    region: &'a Region,
    account: Option<Account>,
    tags: BTreeMap<String, String>,
}

impl Creation<'_> {
    /// The plan: that of an attempt which came to no end, or a new one.
    async fn accepted(&self, planned: &Model, cx: &Cx) -> Result<(Attempt, Plan, bool), Diagnostics> {
        let wanted = document(planned).unwrap_or_else(|| surprised("rules that are not known"));
        let key = key(self.region, &wanted.name);
        let account = self.account.as_ref().map(|account| account.id.as_str());
        let cannot = |err: &Error| Diagnostics::from(diagnostics::aws(CANNOT_CREATE, err));
        let claimed = self
            .client
            .journal
            .claim(Operation::CreateBackupPlan, &key, account);
        let (mut attempt, is_claimed) = match claimed {
            Some(attempt) => (attempt, true),
            None => (self.client.journal.begin(self.record(&key)), false),
        };
        if let Some(warning) = self.client.journal.warning() {
            cx.warn(warning);
        }
        let known = attempt.record().arn.as_deref().and_then(PlanId::parse);
        if let Some(known) = known {
            match self.backup.find_plan(self.aws, &known.id).await {
                Ok(Some(plan)) => return Ok((attempt, plan, true)),
                Ok(None) => attempt.restart(self.record(&key)),
                Err(err) => return Err(cannot(&err)),
            }
        }
        let token = attempt.record().name.clone();
        attempt.asks(self.client.now(self.region));
        let made = self
            .backup
            .create_plan(self.aws, &token, &wanted, &self.tags)
            .await;
        match made {
            Ok(version) => {
                attempt.made(&version.arn);
                // AWS answers what it did with the token the first time, which may be another document.
                let found = self.backup.find_plan(self.aws, &version.id).await;
                match found {
                    Ok(Some(plan)) => Ok((attempt, plan, is_claimed)),
                    Ok(None) => Ok((attempt, Plan::new(version, wanted), is_claimed)),
                    Err(err) => Err(diagnostics::aws_after(
                        CANNOT_CREATE,
                        &err,
                        &format!(
                            "AWS has made the plan: {}. The next apply goes on with it, and no second one is made.",
                            version.arn
                        ),
                    )
                    .into()),
                }
            }
            Err(err) if err.kind() == ErrorKind::AlreadyExists => {
                attempt.discard();
                Err(twin(&err, &wanted.name, self.region).into())
            }
            // Whether AWS has made it, is not known: the record stays, with its token.
            Err(err)
                if matches!(
                    err.kind(),
                    ErrorKind::Unavailable | ErrorKind::Ambiguous | ErrorKind::NotAws | ErrorKind::Other
                ) =>
            {
                Err(cannot(&err))
            }
            Err(err) => {
                attempt.discard();
                Err(cannot(&err))
            }
        }
    }

    /// What is to be done once there is a plan.
    async fn rest(
        &self,
        planned: &Model,
        state: &mut Model,
        saved: &mut Saved<'_, Model>,
        plan: &Plan,
        is_adopted: bool,
    ) -> Result<(), Error> {
        let mut there = Found::new();
        if is_adopted {
            let wanted = document(planned).unwrap_or_else(|| surprised("rules that are not known"));
            if !same_rules(&wanted, &plan.document) {
                let version = self.backup.update_plan(self.aws, plan, &wanted).await?;
                state.version_id = version.version_id.into();
            }
            let found = find_selections(self.backup, self.aws, &plan.version.id).await?;
            there = found.unwrap_or_default();
            super::refresh::show_selections(state, &there);
            saved.save(state);
            change_tags(self.client, self.backup, self.aws, &plan.version.arn, &self.tags).await?;
        }
        let nothing = BTreeMap::new();
        let selecting = Selecting {
            backup: self.backup,
            aws: self.aws,
            clock: &**self.client.aws.clock(),
            plan_id: &plan.version.id,
            written: planned.selections.known().unwrap_or(&nothing),
            state,
            saved,
        };
        selecting.converge(&selections(planned), &there).await
    }

    fn record(&self, key: &Key) -> Record {
        Record {
            version: Record::VERSION,
            operation: Operation::CreateBackupPlan,
            key: key.clone(),
            account: self.account.as_ref().map(|account| account.id.clone()),
            region: self.region.to_string(),
            table_name: String::new(),
            table_arn: None,
            table_id: None,
            name: new_token(),
            source: None,
            started_at: self.client.now(self.region),
            asked_at: None,
            arn: None,
            job: None,
            stage: Reached::Open,
            run: String::new(),
        }
    }
}

/// What makes two attempts one: a plan of that name. What it says may have been edited since.
fn key(region: &Region, name: &str) -> Key {
    Key::of(["backup_plan", region.as_str(), name].map(Some))
}

/// A create that has made the plan and not all of its selections: with an unfinished object when the user interrupted,
/// otherwise with an error, after which Terraform taints the object.
fn ended(
    err: &Error,
    attempt: Attempt,
    planned: &Model,
    state: Model,
    cx: &Cx,
) -> Result<Model, Diagnostics> {
    let arn = state.arn.known().map(String::as_str).unwrap_or_default();
    let made: Vec<String> = state
        .selection_ids
        .known()
        .into_iter()
        .flatten()
        .map(|(name, _)| format!("{name:?}"))
        .collect();
    let made = if made.is_empty() {
        "none of its selections".to_owned()
    } else {
        format!("of its selections {}", made.join(", "))
    };
    if err.kind() == ErrorKind::Cancelled {
        attempt.discard();
        cx.warn(Diagnostic::warning(
            "Backup plan is not finished yet",
            format!(
                "The run was interrupted. AWS has the plan {arn}, and {made}. It is in the state with unfinished = true, \
                 and the next apply goes on with it."
            ),
        ));
        return Ok(as_planned(planned, state));
    }
    attempt.leave();
    let aftermath = format!(
        "AWS has made the plan {arn}, and {made}. It is kept, and Terraform has it in its state. The next apply goes on \
         with this same plan, although it will show a replacement: nothing is deleted, and no second plan is made."
    );
    Err(diagnostics::aws_after("Backup plan is not finished", err, &aftermath).into())
}

/// What was planned, where it was not made, too: Terraform takes nothing else as a success. The next refresh shows what
/// there is.
fn as_planned(planned: &Model, mut state: Model) -> Model {
    let made = state.selection_ids.known().cloned().unwrap_or_default();
    let wanted = planned.selections.known().into_iter().flatten();
    let ids = wanted.map(|(name, _)| (name.clone(), made.get(name).cloned().unwrap_or(Attr::Null)));
    state.selection_ids = Attr::Known(ids.collect());
    state.selections = planned.selections.clone();
    state
}

fn twin(err: &Error, name: &str, region: &Region) -> Diagnostic {
    diagnostics::aws_after(
        "Backup plan exists already",
        err,
        &format!(
            "Another plan in {region} has the same name and the same rules, and AWS Backup takes no two that say the \
             same. Nothing was made.\n\nTo manage that plan here: terraform import dynamodb_backup_plan.NAME ID, with \
             the id that aws backup list-backup-plans --region {region} shows. Otherwise give this one another name than \
             {name:?}."
        ),
    )
}

/// Keeps an unfinished plan for the create that follows.
pub(super) fn hand_over(client: &Client, state: &Model, cx: &Cx) {
    let region = client.region(state.region.known());
    let name = state.name.known().cloned().unwrap_or_default();
    let arn = state.arn.known().cloned().unwrap_or_default();
    let record = Record {
        version: Record::VERSION,
        operation: Operation::CreateBackupPlan,
        key: key(&region, &name),
        account: account(state),
        region: region.to_string(),
        table_name: String::new(),
        table_arn: None,
        table_id: None,
        name: String::new(),
        source: None,
        started_at: client.now(&region),
        asked_at: None,
        arn: Some(arn.clone()),
        job: None,
        stage: Reached::HandedOver,
        run: String::new(),
    };
    if client.journal.hand_over(record) {
        cx.warn(Diagnostic::warning(
            "Unfinished backup plan is kept for the new object",
            format!(
                "{arn} was not finished when an earlier apply ended. It is not deleted: the object that replaces this one \
                 takes it over. If the replacement has another name, it gets a plan of its own, and this one stays in AWS; \
                 delete it then in the console of AWS Backup."
            ),
        ));
    }
    if let Some(warning) = client.journal.warning() {
        cx.warn(warning);
    }
}
