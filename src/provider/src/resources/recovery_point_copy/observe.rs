//! What AWS says about both ends of a copy. Decides nothing; a read that is denied leaves a check unmade, and says so.

use aws_clients::{AwsBackup, Clients, Error, ErrorKind, RecoveryPointArn, Region};
use rules::Fact;
use rules::facts::{
    CopyObserved, ObservedAccount, ObservedDestination, ObservedRecoveryPoint, ObservedVault, Organization,
    RecoveryPointStatus, RegionSettings, StorageClass,
};
use rules::syntax::AccountId;
use tfsdk::{Diagnostic, Diagnostics, Path};

use super::model::Model;
use super::reach::{Place, Reach};
use crate::Client;
use crate::config::Validation;
use crate::diagnostics;
use crate::facts;
use crate::resources::policy_document::access_policy;

/// What was seen, and what could not be.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) copy: CopyObserved,
    pub(super) unread: Diagnostics,
    /// That the role of the destination cannot be assumed.
    pub(super) barred: Option<Diagnostic>,
}

/// Reads both ends of a copy that is to be made.
///
/// # Errors
/// A read that fails otherwise than by a denial.
pub(super) async fn both_ends(
    client: &Client,
    aws: &aws_clients::Cx,
    model: &Model,
    region: &Region,
    reach: &Reach,
) -> Result<Seen, Diagnostics> {
    // Without a role of the other account, only this end is seen.
    let crosses = match reach {
        Reach::Unknown => false,
        Reach::Barred(_) => true,
        Reach::Open(place) => place.role.is_some(),
    };
    let (source, destination) = tokio::join!(
        Box::pin(source(client, aws, model, region, crosses)),
        Box::pin(async {
            match reach.place() {
                Some(place) => destination(client.validation, aws, place).await,
                None => Ok(Seen::default()),
            }
        }),
    );
    let (mut seen, there) = (source?, destination?);
    seen.copy.destination = there.copy.destination;
    seen.unread.extend(there.unread);
    seen.barred = there.barred;
    Ok(seen)
}

/// Reads the vault of a copy that exists.
///
/// # Errors
/// A read that fails otherwise than by a denial.
pub(super) async fn vault_of_copy(
    client: &Client,
    aws: &aws_clients::Cx,
    place: &Place,
) -> Result<Seen, Diagnostics> {
    let mut reads = Reads::at_destination(client.validation, place);
    let vault = reads
        .vault(
            aws,
            &place.clients,
            &place.region(),
            place.vault.vault_name(),
            true,
        )
        .await?;
    let mut seen = Seen {
        unread: reads.unread,
        barred: reads.barred,
        ..Seen::default()
    };
    seen.copy.destination.vault = vault;
    Ok(seen)
}

async fn source(
    client: &Client,
    aws: &aws_clients::Cx,
    model: &Model,
    region: &Region,
    crosses: bool,
) -> Result<Seen, Diagnostics> {
    let mut reads = Reads {
        validation: client.validation,
        path: "recovery_point_arn",
        place: None,
        unread: Diagnostics::new(),
        barred: None,
    };
    let backup = client.aws.aws_backup(region);
    let account = ObservedAccount {
        organization: if crosses {
            reads.organization(aws, &client.aws, region).await?
        } else {
            Fact::Unknown
        },
        cross_account_backup: if crosses {
            reads.cross_account_backup(aws, &backup).await?
        } else {
            Fact::Unknown
        },
        settings: reads.settings(aws, &backup).await?,
    };
    let mut copy = CopyObserved {
        account,
        ..CopyObserved::default()
    };
    if let Some(vault) = model.source_vault_name.known() {
        copy.source_vault = reads.vault(aws, &client.aws, region, vault, false).await?;
        let point = model.recovery_point_arn.known();
        if let Some(point) = point.and_then(|arn| arn.parse::<RecoveryPointArn>().ok())
            && copy.source_vault.is_known()
        {
            copy.recovery_point = reads.recovery_point(aws, &backup, vault, &point).await?;
        }
    }
    Ok(Seen {
        copy,
        unread: reads.unread,
        barred: None,
    })
}

async fn destination(
    validation: Validation,
    aws: &aws_clients::Cx,
    place: &Place,
) -> Result<Seen, Diagnostics> {
    let mut reads = Reads::at_destination(validation, place);
    let (clients, region) = (&place.clients, place.region());
    let vault = reads
        .vault(aws, clients, &region, place.vault.vault_name(), true)
        .await?;
    let mut seen = ObservedDestination {
        vault,
        ..ObservedDestination::default()
    };
    if reads.barred.is_none() && place.role.is_some() {
        seen.organization = reads.organization(aws, clients, &region).await?;
        seen.settings = reads.settings(aws, &place.aws_backup()).await?;
    }
    Ok(Seen {
        copy: CopyObserved {
            destination: seen,
            ..CopyObserved::default()
        },
        unread: reads.unread,
        barred: reads.barred,
    })
}

/// The reads of one end.
struct Reads<'a> {
    validation: Validation,
    /// The attribute to which a check that was not made belongs.
    path: &'static str,
    /// The destination, if it is that end.
    place: Option<&'a Place>,
    unread: Diagnostics,
    /// That the role of the destination could not be assumed, which is told once.
    barred: Option<Diagnostic>,
}

impl Seen {
    /// What was not checked, for a plan: until the apply, the role may still be opened.
    pub(super) fn gaps(self, validation: Validation) -> Diagnostics {
        let mut gaps = self.unread;
        gaps.extend(self.barred.map(|told| {
            if validation.unreadable_is_error {
                return told;
            }
            let warning = Diagnostic::warning(told.summary, told.detail);
            warning.at(Path::of("destination").attribute("role_arn"))
        }));
        gaps
    }
}

impl<'a> Reads<'a> {
    fn at_destination(validation: Validation, place: &'a Place) -> Self {
        Self {
            validation,
            path: "destination_vault_arn",
            place: Some(place),
            unread: Diagnostics::new(),
            barred: None,
        }
    }

    /// The answer; nothing where the read was denied, which is told with the check that was not made.
    fn taken<T>(&mut self, answer: Result<T, Error>, check: &str) -> Result<Option<T>, Diagnostics> {
        let err = match answer {
            Ok(answer) => return Ok(Some(answer)),
            Err(err) => err,
        };
        if let Some(place) = self.place.filter(|place| place.is_barred_by(&err)) {
            let told = place.cannot_assume(&err, "The destination was not checked, and nothing was done.");
            self.barred = Some(told);
            return Ok(None);
        }
        match err.kind() {
            ErrorKind::Denied => {
                let unread = diagnostics::unreadable(self.validation, check, &err);
                self.unread.push(unread.at(Path::of(self.path)));
                Ok(None)
            }
            // The rules say it, with the fix.
            ErrorKind::OtherRegion => Ok(None),
            _ => Err(diagnostics::aws("Copy cannot be checked", &err)
                .at(Path::of(self.path))
                .into()),
        }
    }

    async fn organization(
        &mut self,
        aws: &aws_clients::Cx,
        clients: &Clients,
        region: &Region,
    ) -> Result<Fact<Organization>, Diagnostics> {
        let answer = clients.organizations(region).find_organization(aws).await;
        let found = self.taken(answer, "both accounts are in one organization")?;
        Ok(found.map_or(Fact::Unknown, |organization| {
            Fact::from_option(organization.map(|it| {
                Organization {
                    id: Fact::Known(it.id),
                    management_account: facts::known(
                        it.management_account
                            .and_then(|account| AccountId::parse(&account).ok()),
                    ),
                }
            }))
        }))
    }

    async fn cross_account_backup(
        &mut self,
        aws: &aws_clients::Cx,
        backup: &AwsBackup,
    ) -> Result<Fact<bool>, Diagnostics> {
        let answer = match backup.find_cross_account_backup(aws).await {
            // Of an account without an organization, which is told as such.
            Err(err) if err.kind() == ErrorKind::Invalid => return Ok(Fact::Unknown),
            answer => answer,
        };
        let check = "cross-account backup is switched on in the organization";
        Ok(facts::known(self.taken(answer, check)?))
    }

    async fn settings(
        &mut self,
        aws: &aws_clients::Cx,
        backup: &AwsBackup,
    ) -> Result<Fact<RegionSettings>, Diagnostics> {
        let answer = backup.find_region_settings(aws).await;
        let check = "AWS Backup is set up for DynamoDB";
        let found = self.taken(answer, check)?;
        Ok(facts::known(found.map(facts::region_settings)))
    }

    async fn vault(
        &mut self,
        aws: &aws_clients::Cx,
        clients: &Clients,
        region: &Region,
        name: &str,
        with_policy: bool,
    ) -> Result<Fact<ObservedVault>, Diagnostics> {
        let backup = clients.aws_backup(region);
        let check = format!("the vault {name:?} in {region} is fit for the copy");
        let answer = backup.find_vault(aws, name).await;
        let Some(found) = self.taken(answer, &check)? else {
            return Ok(Fact::Unknown);
        };
        let Some(vault) = found else {
            return Ok(Fact::Absent);
        };
        let mut seen = facts::vault(&vault);
        if let Some(key_arn) = &vault.key_arn {
            let answer = clients.kms(region).find_key(aws, key_arn).await;
            let check = format!("the key of the vault {name:?} in {region} can be used");
            if let Some(found) = self.taken(answer, &check)? {
                seen.has_aws_managed_key = facts::known(found.as_ref().map(|key| key.managed_by_aws));
                seen.key = Fact::from_option(found.as_ref().map(facts::key));
            }
        }
        if with_policy {
            let answer = backup.find_vault_policy(aws, name).await;
            let check = format!("the access policy of the vault {name:?} in {region} is in the way");
            if let Some(found) = self.taken(answer, &check)? {
                seen.access_policy = match found {
                    None => Fact::Absent,
                    Some(text) => facts::known(access_policy(&text)),
                };
            }
        }
        Ok(Fact::Known(seen))
    }

    async fn recovery_point(
        &mut self,
        aws: &aws_clients::Cx,
        backup: &AwsBackup,
        vault: &str,
        arn: &RecoveryPointArn,
    ) -> Result<Fact<ObservedRecoveryPoint>, Diagnostics> {
        let answer = backup.find_recovery_point(aws, vault, arn).await;
        let Some(found) = self.taken(answer, "the recovery point can be copied")? else {
            return Ok(Fact::Unknown);
        };
        Ok(Fact::from_option(found.map(|point| ObservedRecoveryPoint {
            status: Fact::Known(RecoveryPointStatus::from_aws(point.status.as_str())),
            storage_class: Fact::Known(StorageClass::from_aws(point.storage_class.as_str())),
            is_fully_managed: Fact::Known(point.arn.is_fully_managed()),
            created_at: facts::known(point.created_at),
            size_bytes: facts::known(point.size_bytes.and_then(|bytes| u64::try_from(bytes).ok())),
            vault_name: Fact::Known(point.vault_name),
            account: AccountId::parse(point.arn.account()).map_or(Fact::Unknown, Fact::Known),
            region:
                rules::syntax::Region::parse(point.arn.region().as_str()).map_or(Fact::Unknown, Fact::Known),
        })))
    }
}
