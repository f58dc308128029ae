//! What a plan knows and says about a copy. Reads AWS in `observe` only.

use aws_clients::{Region, VaultArn};
use rules::facts::{Action, CopyObserved, ObservedVault, RecoveryPointStatus, Stage};
use rules::{Fact, Facts, Subject};
use tfsdk::{Attr, Change, Cx, Diagnostic, Diagnostics, Path, Planned};

use super::model::{Lifecycle, Model};
use super::observe::{self, Seen};
use super::reach::{Reach, misplaced_role};
use super::removal;
use crate::Client;
use crate::diagnostics;
use crate::facts::Planner;

/// What a plan knows of AWS.
#[derive(Debug, Default)]
pub(crate) struct Observed {
    pub(super) planner: Planner,
    /// Both ends of the copy that is made.
    pub(super) copy: CopyObserved,
    /// Where it goes, if that cannot be reached.
    pub(super) barred: Option<VaultArn>,
    /// The vault of the copy that is there.
    pub(super) prior_vault: Fact<ObservedVault>,
    /// That vault, if it cannot be reached.
    pub(super) prior_barred: Option<VaultArn>,
    /// Checks that were not made.
    pub(super) unread: Diagnostics,
}

pub(super) fn validate(config: &Model) -> Diagnostics {
    let found = rules::check(&Facts::about(config.facts()));
    let mut found: Diagnostics = diagnostics::from_findings(found, diagnostics::path_of_subject).collect();
    found.extend(misplaced_role(config));
    found
}

pub(super) async fn observe(
    client: &Client,
    change: &Change<Model>,
    cx: &Cx,
) -> Result<Observed, Diagnostics> {
    let (made, stays) = match change {
        Change::Create { config, proposed } => (Some((config, proposed)), None),
        Change::Update {
            prior,
            config,
            proposed,
        } => {
            let replaces = !replaced(prior, proposed).is_empty();
            let relived = Lifecycle::days(&prior.recovery_point_lifecycle)
                != Lifecycle::days(&proposed.recovery_point_lifecycle);
            let asked = if replaces {
                removal::deletes(prior).then_some(prior)
            } else {
                relived.then_some(proposed)
            };
            (replaces.then_some((config, proposed)), asked)
        }
        Change::Destroy { prior } => (None, removal::deletes(prior).then_some(prior)),
    };
    let mut seen = Observed::default();
    let place = made
        .map(|(_, proposed)| &proposed.region)
        .or(stays.map(|prior| &prior.region));
    let Some(place) = place else { return Ok(seen) };
    let region = client.region(place.known());
    let aws = client.cx(cx);
    seen.planner = client.planner(&aws, &region).await?;
    if let Some(copy) = stays {
        match Reach::of(client, copy).await {
            Reach::Barred(vault) => seen.prior_barred = Some(vault),
            Reach::Open(place) if client.validation.observe => {
                let read = Box::pin(observe::vault_of_copy(client, &aws, &place)).await?;
                seen.prior_vault = read.copy.destination.vault.clone();
                seen.unread.extend(read.gaps(client.validation));
            }
            Reach::Open(_) | Reach::Unknown => {}
        }
    }
    if let Some((config, _)) = made {
        let reach = Reach::of(client, config).await;
        if client.validation.observe {
            let read = Box::pin(observe::both_ends(client, &aws, config, &region, &reach)).await?;
            seen.copy = read.copy.clone();
            seen.unread.extend(read.gaps(client.validation));
        }
        if let Reach::Barred(vault) = reach {
            seen.barred = Some(vault);
        }
    }
    Ok(seen)
}

pub(super) fn plan(change: Change<Model>, seen: Observed) -> Planned<Model> {
    let (mut planned, config, prior) = match change {
        Change::Destroy { prior } => {
            let found = farewell(&prior, Action::Destroy, &seen);
            return Planned::new(prior).with(found).with(seen.unread);
        }
        Change::Create { config, proposed } => (proposed, config, None),
        Change::Update {
            prior,
            config,
            proposed,
        } => (proposed, config, Some(prior)),
    };
    planned.region = seen.planner.region(&planned.region, &config.region);
    let mut found = Diagnostics::new();
    let mut replace = Vec::new();
    match &prior {
        Some(prior) => {
            replace = replaced(prior, &planned);
            if replace.is_empty() {
                found.extend(change_in_place(&mut planned, prior, &seen));
            } else {
                found.extend(farewell(prior, Action::Replace, &seen));
            }
        }
        None => {
            if let (true, Some(account)) = (planned.account_id.known().is_none(), &seen.planner.account) {
                planned.account_id = account.clone().into();
            }
            planned.unfinished = Attr::Unknown;
        }
    }
    if prior.is_none() || !replace.is_empty() {
        let mut object = config.facts();
        object.observed = seen.copy.clone();
        let facts = seen.planner.facts(object, Action::Create);
        found.extend(diagnostics::beyond_config(
            &facts,
            &Facts::about(config.facts()),
            diagnostics::path_of_subject,
        ));
        found.extend(no_original(&config, &seen.copy));
        if let Some(vault) = &seen.barred {
            found.push(out_of_sight(&config, vault));
        }
    }
    found.extend(seen.unread);
    Planned {
        model: planned,
        replace,
        diagnostics: found,
    }
}

/// Checks all once more, right before the job is started.
pub(super) async fn check(
    client: &Client,
    aws: &aws_clients::Cx,
    model: &Model,
    region: &Region,
    reach: &Reach,
) -> Result<(), Diagnostics> {
    if !client.validation.observe {
        return Ok(());
    }
    let planner = client.planner(aws, region).await?;
    let Seen { copy, barred, .. } = Box::pin(observe::both_ends(client, aws, model, region, reach)).await?;
    // A copy that nobody could look at, change or delete is not made.
    let mut found: Diagnostics = barred.into_iter().chain(no_original(model, &copy)).collect();
    let mut object = model.facts();
    object.observed = copy;
    let facts = Facts {
        stage: Stage::Apply,
        ..planner.facts(object, Action::Create)
    };
    if let Err(refused) = diagnostics::refuse(&client.policy, &facts, diagnostics::path_of_subject) {
        found.extend(refused);
    }
    if found.has_error() { Err(found) } else { Ok(()) }
}

/// The arguments whose change needs a new copy. What the schema says by itself is among them.
fn replaced(prior: &Model, planned: &Model) -> Vec<Path> {
    [
        ("region", prior.region == planned.region),
        (
            "recovery_point_arn",
            prior.recovery_point_arn == planned.recovery_point_arn,
        ),
        (
            "source_vault_name",
            prior.source_vault_name == planned.source_vault_name,
        ),
        (
            "destination_vault_arn",
            prior.destination_vault_arn == planned.destination_vault_arn,
        ),
        ("triggers", prior.triggers == planned.triggers),
    ]
    .into_iter()
    .filter(|(_, same)| !same)
    .map(|(name, _)| Path::of(name))
    .collect()
}

/// Plans what becomes of a copy that stays.
fn change_in_place(planned: &mut Model, prior: &Model, seen: &Observed) -> Diagnostics {
    let mut found = Diagnostics::new();
    let is_relived = Lifecycle::days(&prior.recovery_point_lifecycle)
        != Lifecycle::days(&planned.recovery_point_lifecycle);
    if prior.unfinished == Attr::Known(true) {
        planned.unfinished = Attr::Unknown;
        planned.arn = Attr::Unknown;
        say_unknown(planned);
    } else if prior.destination != planned.destination || is_relived {
        say_unknown(planned);
    }
    if is_relived && prior.unfinished != Attr::Known(true) {
        let at = Path::of("recovery_point_lifecycle");
        if let Some(vault) = &seen.prior_barred {
            found.push(
                Diagnostic::error(
                    "Lifecycle of the copy cannot be changed from here",
                    format!(
                        "The copy is in account {}, and only that account can change how long it stays.\n\nGive a role \
                         of that account that may backup:UpdateRecoveryPointLifecycle, {}, or leave recovery_point_lifecycle as it \
                         was.",
                        vault.account(),
                        role_to_give(vault)
                    ),
                )
                .at(at),
            );
        } else {
            let object = rules::facts::RecoveryPointCopy {
                lifecycle: planned.facts().lifecycle,
                ..existing(prior, seen)
            };
            let facts = seen.planner.facts(object, Action::Update);
            let broken = rules::check(&facts).into_iter();
            let broken = broken.filter(|it| it.subject == Subject::Lifecycle);
            found.extend(diagnostics::from_findings(broken, diagnostics::path_of_subject));
        }
    }
    found
}

/// What is read from the copy, or not, by the new arguments.
fn say_unknown(planned: &mut Model) {
    planned.status = Attr::Unknown;
    planned.visible = Attr::Unknown;
    planned.created_at = Attr::Unknown;
    planned.completed_at = Attr::Unknown;
    planned.size_bytes = Attr::Unknown;
    planned.moves_to_cold_storage_at = Attr::Unknown;
    planned.deletes_at = Attr::Unknown;
}

/// The copy that exists, and the vault that holds it.
fn existing(prior: &Model, seen: &Observed) -> rules::facts::RecoveryPointCopy {
    let mut object = prior.existing_facts();
    object.observed.destination.vault = seen.prior_vault.clone();
    object
}

/// What the destruction of this object means, whether or not another one takes its place.
fn farewell(prior: &Model, action: Action, seen: &Observed) -> Diagnostics {
    let facts = seen.planner.facts(existing(prior, seen), action);
    // Of a replacement, the copy that is made is judged by itself.
    let about_the_end = |it: &rules::Finding| it.subject == Subject::RetainOnDestroy;
    let found = rules::check(&facts).into_iter().filter(about_the_end);
    let mut found: Diagnostics = diagnostics::from_findings(found, diagnostics::path_of_subject).collect();
    if !removal::deletes(prior) {
        return found;
    }
    if let Some(vault) = &seen.prior_barred {
        found.push(removal::stays(prior, vault));
    }
    found
}

/// Tells that there is nothing to copy.
fn no_original(model: &Model, seen: &CopyObserved) -> Option<Diagnostic> {
    let (Some(arn), Some(vault)) = (model.recovery_point_arn.known(), model.source_vault_name.known()) else {
        return None;
    };
    let list = format!(
        "Give the ARN of a recovery point of the vault, as this command lists them: aws backup \
         list-recovery-points-by-backup-vault --backup-vault-name {vault} --query 'RecoveryPoints[].RecoveryPointArn'"
    );
    let told = |path: &str, detail: String| {
        Some(Diagnostic::error("There is nothing to copy", detail).at(Path::of(path)))
    };
    match (&seen.source_vault, &seen.recovery_point) {
        (Fact::Absent, _) => told(
            "source_vault_name",
            format!(
                "There is no vault {vault:?} in the account and the Region of the recovery point {arn}.\n\nGive the name \
                 of the vault that holds it: aws backup list-backup-vaults --query 'BackupVaultList[].BackupVaultName'"
            ),
        ),
        (_, Fact::Absent) => told(
            "recovery_point_arn",
            format!(
                "There is no recovery point {arn} in the vault {vault:?}: it may have expired, or be in another \
                 vault.\n\n{list}"
            ),
        ),
        (_, Fact::Known(point)) if point.status == Fact::Known(RecoveryPointStatus::Deleting) => told(
            "recovery_point_arn",
            format!("The recovery point {arn} in the vault {vault:?} is being deleted.\n\n{list}"),
        ),
        _ => None,
    }
}

/// Tells of a copy into another account all that is not done there without a role.
fn out_of_sight(config: &Model, vault: &VaultArn) -> Diagnostic {
    let account = vault.account();
    let mut gaps = vec![
        format!(
            "It was not checked whether account {account} is in the same organization, and whether the vault {:?} \
             exists, lets copies of this account in, has a key of the account's own that can be used, and a lock that \
             allows the lifecycle. If not, the copy job fails, and its message says why.",
            vault.vault_name()
        ),
        "The copy is not seen: visible stays false, and nobody tells when it is deleted or expires."
            .to_owned(),
        "Its lifecycle can be given once and not changed.".to_owned(),
    ];
    if config.retain_on_destroy != Attr::Known(true) {
        gaps.push("A destroy cannot delete it: it leaves the state and stays in AWS.".to_owned());
    }
    let gaps: String = gaps.iter().map(|gap| format!("\n- {gap}")).collect();
    Diagnostic::warning(
        "Copy goes where this provider cannot look",
        format!(
            "The vault is in account {account}, and no role is given with which it can be reached:{gaps}\n\nGive {}, a role \
             of that account that may backup:DescribeBackupVault, backup:GetBackupVaultAccessPolicy, \
             backup:DescribeRecoveryPoint, backup:UpdateRecoveryPointLifecycle, backup:DeleteRecoveryPoint, \
             backup:DescribeRegionSettings, organizations:DescribeOrganization and kms:DescribeKey.",
            role_to_give(vault)
        ),
    )
    .at(Path::of("destination_vault_arn"))
}

/// The argument that opens an account, to paste.
pub(super) fn role_to_give(vault: &VaultArn) -> String {
    format!(
        "destination = {{ role_arn = \"arn:{}:iam::{}:role/NAME\" }}",
        vault.partition(),
        vault.account()
    )
}
