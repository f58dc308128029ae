//! The recovery point that is about to be deleted, whether a job made it or a copy. A rule about deletions asks for it
//! instead of knowing the objects.

use jiff::Timestamp;

use crate::fact::Fact;
use crate::facts::{Facts, Object, ObservedVault, PriorRecoveryPoint};
use crate::syntax::VaultArn;

/// A recovery point that is about to be deleted.
#[derive(Debug, Clone)]
pub(crate) struct Deletion<'a> {
    /// The recovery point, for a message: its ARN if it is known.
    pub(crate) what: &'a str,
    /// When AWS deletes it by itself; absent means never.
    pub(crate) deletes_at: Fact<Timestamp>,
    /// The vault that holds it, for a message: its name if it is known.
    pub(crate) vault_name: String,
    /// That vault; absent when AWS says that there is none.
    pub(crate) vault: &'a Fact<ObservedVault>,
}

impl Facts {
    /// The recovery point that goes with this object. None when it is certainly or possibly to stay.
    pub(crate) fn deletion(&self) -> Option<Deletion<'_>> {
        let (retain, prior, vault, vault_name) = match &self.object {
            Object::RecoveryPoint(it) => (
                it.retain_on_destroy,
                &it.prior,
                &it.observed.vault,
                it.vault_name.known().cloned(),
            ),
            Object::RecoveryPointCopy(it) => (
                it.retain_on_destroy,
                &it.prior,
                &it.observed.destination.vault,
                it.destination_vault_arn
                    .known()
                    .and_then(|it| VaultArn::parse(it).ok())
                    .map(|it| it.vault.to_string()),
            ),
            _ => return None,
        };
        let is_deleted = self.is_destroyed() && matches!(retain, Fact::Known(false) | Fact::Absent);
        let deletes_at = match prior {
            Fact::Known(prior) => prior.deletes_at,
            Fact::Absent | Fact::Unknown => Fact::Unknown,
        };
        is_deleted.then(|| Deletion {
            deletes_at,
            what: match prior {
                Fact::Known(PriorRecoveryPoint {
                    arn: Fact::Known(arn),
                    ..
                }) => arn.as_str(),
                _ => "This recovery point",
            },
            vault_name: vault_name.unwrap_or_else(|| "VAULT".to_owned()),
            vault,
        })
    }
}
