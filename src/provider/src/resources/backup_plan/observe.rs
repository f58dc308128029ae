//! What a plan reads of AWS: the vaults that its rules name, the destinations of its copies as far as they can be seen, and
//! the settings of AWS Backup. Decides nothing.

use std::collections::{BTreeMap, BTreeSet};

use aws_clients::{Cx as AwsCx, Error, ErrorKind, Region, Vault, VaultArn};
use rules::Fact;
use rules::facts::{
    Neighbours, ObservedAccount, ObservedDestination, ObservedVault, Organization, PlanObserved,
    PlannedVaultFiller,
};
use rules::syntax::AccountId;
use tfsdk::{Change, Cx, Diagnostics, Path};

use super::model::Model;
use crate::Client;
use crate::diagnostics;
use crate::facts::{self, Planner, known};
use crate::resources::tags::Tags;

/// What a plan knows of AWS.
#[derive(Debug, Default)]
pub(crate) struct Observed {
    pub(super) planner: Planner,
    pub(super) observed: PlanObserved,
    /// What the provider block says about tags.
    pub(super) tags: Option<Tags>,
    /// Checks that were not made.
    pub(super) unread: Diagnostics,
}

pub(super) async fn observe(
    client: &Client,
    change: &Change<Model>,
    cx: &Cx,
) -> Result<Observed, Diagnostics> {
    let mut seen = Observed {
        tags: Some(Tags::of(&client.aws)),
        ..Observed::default()
    };
    let aws = client.cx(cx);
    let (config, place) = match change {
        Change::Create { config, proposed } | Change::Update { config, proposed, .. } => {
            (config, &proposed.region)
        }
        Change::Destroy { prior } => {
            let region = client.region(prior.region.known());
            seen.planner = client.planner(&aws, &region).await?;
            return Ok(seen);
        }
    };
    // A Region that is known only after apply is looked at then.
    if place.is_unknown() && config.region.is_unknown() {
        return Ok(seen);
    }
    let region = client.region(place.known());
    seen.planner = client.planner(&aws, &region).await?;
    seen.planner.neighbours = client.ledger.note(cx.plan_id(), made(config, &region));
    if !client.validation.observe {
        return Ok(seen);
    }
    let look = Look {
        client,
        aws,
        account: seen.planner.account.clone(),
        region,
        unread: Diagnostics::new(),
    };
    let (observed, unread) = Box::pin(look.surroundings(config)).await?;
    seen.observed = observed;
    seen.unread = unread;
    Ok(seen)
}

/// What the other objects of the plan are told: which vaults the rules fill.
fn made(config: &Model, region: &Region) -> Neighbours {
    let fillers = || {
        let plan = super::facts::configured(config);
        let region = rules::syntax::Region::parse(region.as_str()).ok()?;
        let plan_name = plan.name.into_known()?;
        let rules = plan.rules.into_known()?;
        let fillers = rules.into_values().filter_map(|rule| {
            Some(PlannedVaultFiller {
                region: region.clone(),
                vault_name: rule.target_vault_name.into_known()?,
                plan_name: plan_name.clone(),
            })
        });
        Some(fillers.collect())
    };
    Neighbours {
        vault_fillers: fillers().unwrap_or_default(),
        ..Neighbours::default()
    }
}

/// Looks at the surroundings of a plan once more, right before it is made or changed.
pub(super) async fn surroundings(
    client: &Client,
    aws: &AwsCx,
    region: &Region,
    account: Option<String>,
    model: &Model,
) -> Result<PlanObserved, Diagnostics> {
    let look = Look {
        client,
        aws: aws.clone(),
        account,
        region: region.clone(),
        unread: Diagnostics::new(),
    };
    // What could not be read was said by the plan.
    let (observed, _) = Box::pin(look.surroundings(model)).await?;
    Ok(observed)
}

struct Look<'a> {
    client: &'a Client,
    aws: AwsCx,
    account: Option<String>,
    region: Region,
    unread: Diagnostics,
}

impl Look<'_> {
    async fn surroundings(mut self, model: &Model) -> Result<(PlanObserved, Diagnostics), Diagnostics> {
        let backup = self.client.aws.aws_backup(&self.region);
        let mut observed = PlanObserved::default();
        let rules = || model.rules.known().into_iter().flatten();
        let known_rules = || rules().filter_map(|(name, rule)| Some((name, rule.known()?)));
        let copies = || {
            known_rules().flat_map(|(_, rule)| {
                let copies = rule.copy_actions.known().into_iter().flatten();
                copies.filter_map(|copy| copy.known()?.destination_vault_arn.known())
            })
        };
        let destinations: BTreeMap<&String, VaultArn> = copies()
            .filter_map(|text| Some((text, text.parse().ok()?)))
            .collect();
        let names: BTreeSet<&String> = known_rules()
            .filter_map(|(_, rule)| rule.target_vault_name.known())
            .collect();

        let settings = backup.find_region_settings(&self.aws).await.map(Some);
        let settings = self.fact("AWS Backup backs up DynamoDB tables here", Path::root(), settings)?;
        observed.account.settings = settings.map(facts::region_settings);
        for name in names {
            let found = backup.find_vault(&self.aws, name).await;
            let check = format!("backup vault {name} exists and can take the recovery points");
            let vault = self.fact(&check, Path::of("rules"), found)?;
            let copied = !destinations.is_empty();
            let vault = self.vault(vault, &self.region.clone(), copied).await?;
            observed.vaults.insert(name.clone(), vault);
        }
        let of_others = |arn: &VaultArn| {
            self.account
                .as_deref()
                .is_some_and(|account| account != arn.account())
        };
        if destinations.values().any(of_others) {
            observed.account = self.organization(observed.account).await?;
        }
        for (text, arn) in destinations {
            if self.account.as_deref() != Some(arn.account()) {
                // Nothing of another account can be read.
                continue;
            }
            let seen = self.destination(&arn, &observed.account).await?;
            observed.destinations.insert(text.clone(), seen);
        }
        Ok((observed, self.unread))
    }

    /// What AWS Organizations says, on which copies to other accounts depend.
    async fn organization(&mut self, account: ObservedAccount) -> Result<ObservedAccount, Diagnostics> {
        let check = "recovery points may be copied to the other account";
        let organizations = self.client.aws.organizations(&self.region);
        let organization = organizations.find_organization(&self.aws).await;
        let organization = self.fact(check, Path::of("rules"), organization)?;
        let in_organization = organization.known().is_some();
        let mut account = ObservedAccount {
            organization: organization.map(|it| Organization {
                id: it.id.into(),
                management_account: known(it.management_account.and_then(|id| AccountId::parse(&id).ok())),
            }),
            ..account
        };
        if in_organization {
            let backup = self.client.aws.aws_backup(&self.region);
            let enabled = backup.find_cross_account_backup(&self.aws).await.map(Some);
            account.cross_account_backup = self.fact(check, Path::of("rules"), enabled)?;
        }
        Ok(account)
    }

    /// A vault of this account, perhaps in another Region.
    async fn destination(
        &mut self,
        arn: &VaultArn,
        account: &ObservedAccount,
    ) -> Result<ObservedDestination, Diagnostics> {
        let region = arn.region();
        let backup = self.client.aws.aws_backup(&region);
        let check = format!("backup vault {arn} exists and can take copies");
        let found = backup.find_vault(&self.aws, arn.vault_name()).await;
        let vault = self.fact(&check, Path::of("rules"), found)?;
        let settings = if region == self.region {
            account.settings
        } else {
            let settings = backup.find_region_settings(&self.aws).await.map(Some);
            let check = format!("AWS Backup takes copies of DynamoDB tables in {region}");
            self.fact(&check, Path::of("rules"), settings)?
                .map(facts::region_settings)
        };
        Ok(ObservedDestination {
            organization: account.organization.clone(),
            settings,
            vault: self.vault(vault, &region, true).await?,
        })
    }

    /// What the rules are told of a vault; of its key only where a copy depends on it.
    async fn vault(
        &mut self,
        vault: Fact<Vault>,
        region: &Region,
        with_key: bool,
    ) -> Result<Fact<ObservedVault>, Diagnostics> {
        let vault = match vault {
            Fact::Known(vault) => vault,
            Fact::Absent => return Ok(Fact::Absent),
            Fact::Unknown => return Ok(Fact::Unknown),
        };
        let mut observed = facts::vault(&vault);
        if let (true, Some(arn)) = (with_key, &vault.key_arn) {
            let key = self.client.aws.kms(region).find_key(&self.aws, arn).await;
            let check = format!("copies can use the KMS key of backup vault {}", vault.name);
            let key = self.fact(&check, Path::of("rules"), key)?;
            observed.has_aws_managed_key = key
                .known()
                .map_or(Fact::Unknown, |key| Fact::Known(key.managed_by_aws));
            observed.key = key.map(|key| facts::key(&key));
        }
        Ok(Fact::Known(observed))
    }

    /// What a read brought. `check` completes "It was not checked whether …"; a read that is denied leaves it unmade.
    fn fact<T>(
        &mut self,
        check: &str,
        path: Path,
        read: Result<Option<T>, Error>,
    ) -> Result<Fact<T>, Diagnostics> {
        match read {
            Ok(found) => Ok(Fact::from_option(found)),
            Err(err)
                if matches!(
                    err.kind(),
                    ErrorKind::Credentials
                        | ErrorKind::Account
                        | ErrorKind::Cancelled
                        | ErrorKind::TimedOut
                        | ErrorKind::Certificate
                        | ErrorKind::Configuration
                        | ErrorKind::NotAws
                        | ErrorKind::Unavailable
                ) =>
            {
                Err(diagnostics::aws("Backup plan cannot be planned", &err).into())
            }
            Err(err) => {
                let unread = diagnostics::unreadable(self.client.validation, check, &err).at(path);
                // One of each action says enough.
                if !self.unread.iter().any(|it| it.summary == unread.summary) {
                    self.unread.push(unread);
                }
                Ok(Fact::Unknown)
            }
        }
    }
}
