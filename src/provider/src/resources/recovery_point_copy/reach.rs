//! How a copy is got at: with the provider's own credentials in the same account, with one more role in another one, or
//! not at all.

use std::error::Error as _;

use aws_clients::{AssumeRole, AwsBackup, Clients, Error, ErrorKind, Region, VaultArn};
use rules::syntax::{Arn, RoleArn};
use tfsdk::{Attr, Diagnostic, Path};

use super::model::{Destination, Model};
use crate::Client;

/// What the vault of a copy can be reached with.
#[derive(Debug)]
pub(super) enum Reach {
    /// Something that decides it is not known yet.
    Unknown,
    /// The vault is in another account, and there is no role in it.
    Barred(VaultArn),
    /// The vault, and clients that act in its account.
    Open(Box<Place>),
}

/// A vault, and clients that act in its account.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) vault: VaultArn,
    pub(super) clients: Clients,
    /// The role that they assume besides, if any.
    pub(super) role: Option<String>,
}

impl Reach {
    /// Finds out how the vault of an object is reached. Assumes no role yet.
    pub(super) async fn of(client: &Client, model: &Model) -> Self {
        let vault = model.destination_vault_arn.known();
        let Some(vault) = vault.and_then(|vault| vault.parse::<VaultArn>().ok()) else {
            return Self::Unknown;
        };
        let (clients, role) = match &model.destination {
            Attr::Unknown => return Self::Unknown,
            Attr::Known(destination) => match role_of(destination) {
                Some(role) => (client.aws.assuming(&role).await, Some(role.role_arn)),
                None => return Self::Unknown,
            },
            Attr::Null => match account_of_source(model) {
                Some(account) if account == vault.account() => (client.aws.clone(), None),
                Some(_) => return Self::Barred(vault),
                None => return Self::Unknown,
            },
        };
        Self::Open(Box::new(Place { vault, clients, role }))
    }

    pub(super) fn place(&self) -> Option<&Place> {
        match self {
            Self::Open(place) => Some(place),
            Self::Unknown | Self::Barred(_) => None,
        }
    }
}

impl Place {
    /// The Region of the vault.
    pub(super) fn region(&self) -> Region {
        self.vault.region()
    }

    /// AWS Backup where the vault is.
    pub(super) fn aws_backup(&self) -> AwsBackup {
        self.clients.aws_backup(&self.region())
    }

    /// Whether a failure is that the role cannot be assumed.
    pub(super) fn is_barred_by(&self, err: &Error) -> bool {
        self.role.is_some() && err.kind() == ErrorKind::Credentials
    }

    /// Tells that the role cannot be assumed, and what follows from that.
    pub(super) fn cannot_assume(&self, err: &Error, aftermath: &str) -> Diagnostic {
        let role = self.role.as_deref().unwrap_or_default();
        let mut causes = err.to_string();
        let mut next = err.source();
        while let Some(cause) = next {
            let text = cause.to_string();
            if !causes.contains(&text) {
                causes += ": ";
                causes += &text;
            }
            next = cause.source();
        }
        Diagnostic::error(
            "Role of the destination cannot be assumed",
            format!(
                "{role} cannot be assumed with the credentials of the provider: {causes}.\n\n{aftermath}\n\nAllow \
                 sts:AssumeRole on the role for the identity that Terraform runs as, and let the trust policy of the \
                 role in account {} name that identity; if the trust policy asks for an external id, give it as \
                 destination.external_id.",
                self.vault.account()
            ),
        )
        .at(Path::of("destination").attribute("role_arn"))
    }
}

/// The account of what is copied. A recovery point is of the account that copies it.
fn account_of_source(model: &Model) -> Option<String> {
    let arn = Arn::parse(model.recovery_point_arn.known()?).ok()?;
    Some(arn.account?.to_string())
}

/// Nothing while a part of it is not known.
fn role_of(destination: &Destination) -> Option<AssumeRole> {
    if destination.external_id.is_unknown() || destination.session_name.is_unknown() {
        return None;
    }
    Some(AssumeRole {
        role_arn: destination.role_arn.known()?.clone(),
        external_id: destination.external_id.known().cloned(),
        session_name: destination.session_name.known().cloned(),
        ..AssumeRole::default()
    })
}

/// What is wrong with the role of the destination, as far as it is written down.
pub(super) fn misplaced_role(model: &Model) -> Option<Diagnostic> {
    let text = model.destination.known()?.role_arn.known()?;
    let wrong = |detail: String| {
        Diagnostic::error("Role of the destination is not one of its account", detail)
            .at(Path::of("destination").attribute("role_arn"))
    };
    let role = match RoleArn::parse(text) {
        Ok(role) => role,
        Err(err) => {
            return Some(wrong(format!(
                "{text:?} is not the ARN of an IAM role: {}.\n\nGive the ARN of a role in the account of the vault, \
                 like \"arn:aws:iam::444455556666:role/copies\".",
                err.explain()
            )));
        }
    };
    let vault: VaultArn = model.destination_vault_arn.known()?.parse().ok()?;
    (role.account.as_str() != vault.account()).then(|| {
        wrong(format!(
            "{text:?} is a role of account {}, and the vault is in account {}. The role reads and deletes the copy \
             where it is.\n\nGive a role of account {}. The role that makes the copy is role_arn.",
            role.account,
            vault.account(),
            vault.account()
        ))
    })
}
