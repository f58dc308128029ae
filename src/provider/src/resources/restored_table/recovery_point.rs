//! A recovery point as a source: how it is read, and what the rules are told of it. Judges nothing.

use aws_clients::{Clients, Cx, Error, RecoveryPoint, Region, TableArn, TableRef};
use rules::Fact;
use rules::facts::{ObservedRecoveryPoint, RecoveryPointStatus, StorageClass};
use rules::syntax::AccountId;

use super::source::RecoveryPointSource;

impl RecoveryPointSource {
    /// Looks at the recovery point. `None` where its vault is not given, or there is none in it.
    pub(super) async fn find(&self, aws: &Clients, cx: &Cx) -> Result<Option<RecoveryPoint>, Error> {
        let Some(vault_name) = &self.vault_name else {
            return Ok(None);
        };
        aws.aws_backup(&self.arn.region())
            .find_recovery_point(cx, vault_name, &self.arn)
            .await
    }
}

/// A table that is named by its ARN, by name in its own Region.
pub(super) fn at_home(arn: TableArn) -> (TableRef, Region) {
    let region = arn.region();
    (TableRef::Arn(arn), region)
}

/// What AWS Backup says of a recovery point.
pub(super) fn observed(point: &RecoveryPoint) -> ObservedRecoveryPoint {
    ObservedRecoveryPoint {
        status: Fact::Known(RecoveryPointStatus::from_aws(point.status.as_str())),
        storage_class: Fact::Known(StorageClass::from_aws(point.storage_class.as_str())),
        is_fully_managed: Fact::Known(point.arn.is_fully_managed()),
        created_at: point.created_at.map_or(Fact::Unknown, Fact::Known),
        size_bytes: point
            .size_bytes
            .and_then(|bytes| u64::try_from(bytes).ok())
            .map_or(Fact::Unknown, Fact::Known),
        vault_name: point.vault_name.as_str().into(),
        account: AccountId::parse(point.arn.account()).map_or(Fact::Unknown, Fact::Known),
        region: rules::syntax::Region::parse(point.arn.region().as_str()).map_or(Fact::Unknown, Fact::Known),
    }
}
