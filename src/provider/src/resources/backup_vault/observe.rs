//! What a plan reads of AWS: the vault, the key, the settings of the Region. Decides nothing.

use aws_clients::{AwsBackup, Error, ErrorKind, RecoveryPointFilter, Region, Vault};
use jiff::Timestamp;
use rules::Fact;
use rules::facts::{Neighbours, ObservedVault, PlannedVault, VaultObserved, VaultType};
use tfsdk::{Attr, Change, Cx, Diagnostics, Path};

use super::model::Model;
use super::{grace, making, plan};
use crate::Client;
use crate::diagnostics;
use crate::facts::{self, Planner};
use crate::resources::tags::Tags;

/// What a plan knows of AWS. The default: nothing was asked.
#[derive(Debug, Default)]
pub(crate) struct Observed {
    /// Who plans, where and when.
    pub(super) planner: Planner,
    /// For the rules.
    pub(super) observed: VaultObserved,
    /// What the provider block says about tags.
    pub(super) tags: Option<Tags>,
    /// Whether `changeable_for_days` of the state is inferred.
    pub(super) is_grace_inferred: bool,
    /// Checks that were not made.
    pub(super) unread: Diagnostics,
}

pub(super) async fn observe(
    client: &Client,
    change: &Change<Model>,
    cx: &Cx,
) -> Result<Observed, Diagnostics> {
    let place = match change {
        Change::Create { proposed, .. } | Change::Update { proposed, .. } => &proposed.region,
        Change::Destroy { prior } => &prior.region,
    };
    let region = client.region(place.known());
    let mut look = Look {
        client,
        aws: client.cx(cx),
        region,
        unread: Diagnostics::new(),
    };
    let mut seen = Observed {
        planner: client.planner(&look.aws, &look.region).await?,
        tags: Some(Tags::of(&client.aws)),
        is_grace_inferred: grace::is_inferred(cx),
        ..Observed::default()
    };
    let made = made(change, &look.region);
    seen.planner.neighbours = client.ledger.note(cx.plan_id(), made);
    if let Some(prior) = change.prior() {
        note_in_state(client, prior);
    }
    if !client.validation.observe {
        return Ok(seen);
    }
    let account = seen.planner.account.clone();
    match change {
        Change::Create { config, .. } => {
            seen.observed = look.surroundings(config).await?;
            seen.observed.vault = look.rival(config, account.as_deref()).await?;
        }
        Change::Update {
            prior,
            config,
            proposed,
        } => {
            let planned_lock = grace::planned(&proposed.lock, &prior.lock, seen.is_grace_inferred);
            if !plan::replaced(prior, proposed).is_empty() {
                seen.observed = look.surroundings(config).await?;
                seen.observed.vault = look.existing(prior).await?;
            } else if planned_lock != prior.lock {
                seen.observed.vault = look.existing(prior).await?;
            }
        }
        // One that is unfinished may be on its way to the create that goes on with it.
        Change::Destroy { prior } if prior.unfinished == Attr::Known(true) => {}
        Change::Destroy { prior } => seen.observed.vault = look.existing(prior).await?,
    }
    // The clock is AWS's: it shows in the answers that were just read.
    seen.planner.now = Fact::Known(client.now(&look.region));
    seen.unread = look.unread;
    Ok(seen)
}

/// What the other objects of the plan are told of the vault.
fn made(change: &Change<Model>, region: &Region) -> Neighbours {
    let (vault, is_destroyed) = match change {
        Change::Create { proposed, .. } | Change::Update { proposed, .. } => (proposed, false),
        Change::Destroy { prior } => (prior, true),
    };
    let planned = || {
        let facts = vault.facts();
        Some(PlannedVault {
            region: rules::syntax::Region::parse(region.as_str()).ok()?,
            name: facts.name.into_known()?,
            vault_type: facts.vault_type.map(|it| VaultType::from_aws(&it)),
            lock: facts.lock,
            is_destroyed,
        })
    };
    Neighbours {
        vaults: planned().into_iter().collect(),
        ..Neighbours::default()
    }
}

/// Remembers that Terraform's state has this vault: a plan of its replacement is not shown it again.
pub(super) fn note_in_state(client: &Client, state: &Model) {
    if let Some(arn) = state.arn.known() {
        client.in_state.note(arn.clone());
    }
}

/// Reads for one plan, and collects what cannot be read.
struct Look<'a> {
    client: &'a Client,
    aws: aws_clients::Cx,
    region: Region,
    unread: Diagnostics,
}

impl Look<'_> {
    /// The key, and the settings that decide whether it is used and whether anything gets into an air-gapped vault.
    async fn surroundings(&mut self, config: &Model) -> Result<VaultObserved, Diagnostics> {
        let mut observed = VaultObserved::default();
        let key = config.kms_key_arn.known();
        // A key of another Region cannot be read here, and the rules say so.
        if let Some(key) = key.filter(|key| is_of_region(key, &self.region)) {
            let found = self.client.aws.kms(&self.region).find_key(&self.aws, key).await;
            let check = "the KMS key exists and can be used";
            observed.kms_key = self
                .fact(check, "kms_key_arn", found)?
                .map(|key| facts::key(&key));
        }
        if key.is_some() || config.is_air_gapped() {
            let backup = self.client.aws.aws_backup(&self.region);
            let found = backup.find_region_settings(&self.aws).await;
            let check = "AWS Backup manages backups of DynamoDB wholly (the advanced features)";
            let argument = if key.is_some() {
                "kms_key_arn"
            } else {
                "vault_type"
            };
            let found = self.fact(check, argument, found.map(Some))?;
            observed.settings = found.map(facts::region_settings);
        }
        Ok(observed)
    }

    /// A vault that has the name already, unless it is ours: of an earlier attempt, or about to make room.
    async fn rival(
        &mut self,
        config: &Model,
        account: Option<&str>,
    ) -> Result<Fact<ObservedVault>, Diagnostics> {
        let Some(name) = config.name.known() else {
            return Ok(Fact::Unknown);
        };
        let backup = self.client.aws.aws_backup(&self.region);
        let found = backup.find_vault(&self.aws, name).await;
        let found = self.fact("the name of the vault is free", "name", found)?;
        let is_ours = |vault: &Vault| {
            self.client.in_state.contains(vault.arn.as_str())
                || making::is_of_attempt(self.client, &self.region, vault, account)
        };
        Ok(match found {
            Fact::Known(vault) if is_ours(&vault) => Fact::Unknown,
            found => found.map(|vault| facts::vault(&vault)),
        })
    }

    /// The vault that the state knows.
    async fn existing(&mut self, prior: &Model) -> Result<Fact<ObservedVault>, Diagnostics> {
        let backup = self
            .client
            .aws
            .aws_backup(&self.client.region(prior.region.known()));
        let found = backup.find_vault(&self.aws, prior.name()).await;
        let found = self.fact("the vault is empty and its lock can be changed", "name", found)?;
        let mut seen = found.map(|vault| facts::vault(&vault));
        if let Fact::Known(vault) = &mut seen
            && vault.locked == Fact::Known(true)
            && matches!(vault.recovery_points, Fact::Known(1..))
        {
            vault.emptied_at = self.emptied_at(&backup, prior.name()).await?;
        }
        Ok(seen)
    }

    /// When the recovery points of a vault are all gone.
    async fn emptied_at(&mut self, backup: &AwsBackup, name: &str) -> Result<Fact<Timestamp>, Diagnostics> {
        let filter = RecoveryPointFilter::of_vault(name);
        let found = backup.list_recovery_points(&self.aws, &filter).await.map(Some);
        let check = "until when the recovery points in the vault stay";
        let points = self.fact(check, "name", found)?;
        Ok(match points {
            Fact::Known(points) if points.is_empty() => Fact::Unknown,
            Fact::Known(points) if points.iter().any(|point| point.deletes_at.is_none()) => Fact::Absent,
            Fact::Known(points) => {
                Fact::from_option(points.iter().filter_map(|point| point.deletes_at).max())
            }
            Fact::Absent | Fact::Unknown => Fact::Unknown,
        })
    }

    /// A read that AWS denies leaves a check unmade; one that fails ends the plan.
    fn fact<T>(
        &mut self,
        check: &str,
        argument: &str,
        read: Result<Option<T>, Error>,
    ) -> Result<Fact<T>, Diagnostics> {
        match read {
            Ok(found) => Ok(Fact::from_option(found)),
            Err(err) if matches!(err.kind(), ErrorKind::Denied | ErrorKind::Invalid) => {
                let notice = diagnostics::unreadable(self.client.validation, check, &err);
                self.unread.push(notice.at(Path::of(argument)));
                Ok(Fact::Unknown)
            }
            Err(err) => Err(diagnostics::aws("Backup vault cannot be planned", &err).into()),
        }
    }
}

/// Whether a key, by ARN, is in a Region. Other forms are found in the Region where they are asked for.
fn is_of_region(key: &str, region: &Region) -> bool {
    match key.strip_prefix("arn:") {
        Some(rest) => rest.split(':').nth(2) == Some(region.as_str()),
        None => true,
    }
}
