//! Every configured text that has a grammar, with the kind of text that belongs there. A rule about names or
//! ARNs goes through the places instead of knowing the objects, so a new object only has to list its own.

use crate::fact::Fact;
use crate::facts::{BackupPlan, Facts, Object};
use crate::finding::Subject;
use crate::syntax::{AccountId, Arn, ArnKind, Partition, Region, Regions};

/// The kind of text that belongs in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Accepts {
    /// The name of a table, never an ARN.
    TableName,
    /// The name of a table, or its ARN.
    TableNameOrArn,
    /// The ARN of a table.
    TableArn,
    /// The name of a backup.
    BackupName,
    /// The name of a secondary index.
    IndexName,
    /// The ARN of a backup that DynamoDB keeps.
    BackupArn,
    /// The ARN of a recovery point that AWS Backup keeps.
    RecoveryPointArn,
    /// The ARN of an IAM role.
    RoleArn,
    /// A KMS key: id, ARN, alias or alias ARN.
    KmsKey,
    /// The ARN of a KMS key.
    KmsKeyArn,
    /// The name of a backup vault.
    VaultName,
    /// The ARN of a backup vault.
    VaultArn,
    /// The name of a backup plan.
    PlanName,
    /// The name of a rule of a backup plan.
    PlanRuleName,
    /// The name of a selection of a backup plan.
    SelectionName,
}

/// A configured text and what belongs in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place<'a> {
    /// What to point at.
    pub subject: Subject,
    /// What belongs there.
    pub accepts: Accepts,
    /// What stands there.
    pub text: &'a str,
}

impl Facts {
    /// Lists every known text that has a grammar. Empty when the object is only destroyed: what its
    /// configuration says has no effect any more.
    pub fn places(&self) -> Vec<Place<'_>> {
        if self.is_destroyed_for_good() {
            return Vec::new();
        }
        let mut list = List(Vec::new());
        match &self.object {
            Object::Backup(it) => {
                list.add(Subject::TableName, Accepts::TableNameOrArn, &it.table_name);
                list.add(Subject::BackupName, Accepts::BackupName, &it.name);
            }
            Object::PointInTimeRecovery(it) => {
                list.add(Subject::TableName, Accepts::TableNameOrArn, &it.table_name);
            }
            Object::RestoredTable(it) => {
                list.add(Subject::TargetName, Accepts::TableName, &it.name);
                if let Fact::Known(source) = &it.source {
                    list.add(Subject::SourceBackupArn, Accepts::BackupArn, &source.backup_arn);
                    list.add(
                        Subject::SourceRecoveryPointArn,
                        Accepts::RecoveryPointArn,
                        &source.recovery_point_arn,
                    );
                    list.add(Subject::SourceRoleArn, Accepts::RoleArn, &source.role_arn);
                    list.add(
                        Subject::SourceRecoveryPointVault,
                        Accepts::VaultName,
                        &source.vault_name,
                    );
                    if let Fact::Known(point) = &source.point_in_time {
                        list.add(Subject::SourceTableName, Accepts::TableName, &point.table_name);
                        list.add(Subject::SourceTableArn, Accepts::TableArn, &point.table_arn);
                    }
                }
                if let Fact::Known(encryption) = &it.server_side_encryption {
                    list.add(Subject::EncryptionKey, Accepts::KmsKey, &encryption.kms_key);
                }
                if let Fact::Known(indexes) = &it.global_secondary_indexes {
                    for name in indexes.keys() {
                        list.0.push(Place {
                            subject: Subject::GlobalIndex(name.clone()),
                            accepts: Accepts::IndexName,
                            text: name,
                        });
                    }
                }
                if let Fact::Known(names) = &it.local_secondary_indexes {
                    for name in names.iter().filter_map(Fact::known) {
                        list.0.push(Place {
                            subject: Subject::LocalIndex(name.clone()),
                            accepts: Accepts::IndexName,
                            text: name,
                        });
                    }
                }
            }
            Object::BackupSettings(_) => {}
            Object::BackupVault(it) => {
                list.add(Subject::BackupVaultName, Accepts::VaultName, &it.name);
                list.add(Subject::VaultKey, Accepts::KmsKeyArn, &it.kms_key_arn);
            }
            Object::BackupPlan(it) => list.add_plan(it),
            Object::RecoveryPoint(it) => {
                list.add(Subject::TableName, Accepts::TableNameOrArn, &it.table_name);
                list.add(Subject::VaultName, Accepts::VaultName, &it.vault_name);
                list.add(Subject::RoleArn, Accepts::RoleArn, &it.role_arn);
            }
            Object::RecoveryPointCopy(it) => {
                list.add(
                    Subject::RecoveryPointArn,
                    Accepts::RecoveryPointArn,
                    &it.recovery_point_arn,
                );
                list.add(
                    Subject::SourceVaultName,
                    Accepts::VaultName,
                    &it.source_vault_name,
                );
                list.add(
                    Subject::DestinationVaultArn,
                    Accepts::VaultArn,
                    &it.destination_vault_arn,
                );
                list.add(Subject::RoleArn, Accepts::RoleArn, &it.role_arn);
            }
        }
        list.0
    }
}

/// A configured ARN of a table, a backup or a recovery point, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataArn<'a> {
    /// What to point at.
    pub subject: Subject,
    /// What stands there.
    pub text: &'a str,
    /// What it names.
    pub kind: ArnKind,
    /// Its partition.
    pub partition: Partition,
    /// Its Region.
    pub region: Region,
    /// Its account.
    pub account: AccountId,
}

impl Facts {
    /// Lists every configured ARN of a table, a backup or a recovery point that still has an effect and of
    /// which partition and Region belong together. Malformed ones are left to the rules about their form.
    pub fn data_arns(&self) -> Vec<DataArn<'_>> {
        if !self.source_matters() {
            return Vec::new();
        }
        self.places()
            .into_iter()
            .filter_map(|place| data_arn(place, &self.regions))
            .collect()
    }

    /// The source of a restore that crosses Regions within the partition. A restore by AWS Backup never does:
    /// it runs where the recovery point is.
    pub fn far_source(&self) -> Option<DataArn<'_>> {
        let (Fact::Known(here), Fact::Known(partition)) = (self.region(), self.partition()) else {
            return None;
        };
        self.restored_table()?;
        let is_far = |it: &DataArn<'_>| {
            it.subject != Subject::SourceRecoveryPointArn && it.region != here && it.partition == partition
        };
        self.data_arns().into_iter().find(is_far)
    }
}

fn data_arn<'a>(place: Place<'a>, regions: &Regions) -> Option<DataArn<'a>> {
    let Place {
        subject,
        accepts,
        text,
    } = place;
    let arn = Arn::parse(text).ok()?;
    let kind = arn.kind();
    let wanted = match accepts {
        Accepts::TableNameOrArn | Accepts::TableArn => kind == ArnKind::Table,
        Accepts::BackupArn => kind == ArnKind::Backup,
        Accepts::RecoveryPointArn => matches!(kind, ArnKind::Backup | ArnKind::RecoveryPoint),
        _ => false,
    };
    let (partition, region, account) = (arn.partition, arn.region?, arn.account?);
    let belongs = regions.partition_of(&region).is_none_or(|it| it == partition);
    (wanted && belongs).then_some(DataArn {
        subject,
        text,
        kind,
        partition,
        region,
        account,
    })
}

/// Collects places of which the text is known.
struct List<'a>(Vec<Place<'a>>);

impl<'a> List<'a> {
    fn add(&mut self, subject: Subject, accepts: Accepts, text: &'a Fact<String>) {
        if let Fact::Known(text) = text {
            self.0.push(Place {
                subject,
                accepts,
                text,
            });
        }
    }

    fn add_plan(&mut self, plan: &'a BackupPlan) {
        self.add(Subject::PlanName, Accepts::PlanName, &plan.name);
        for (name, rule) in plan.rules.known().into_iter().flatten() {
            self.0.push(Place {
                subject: Subject::PlanRule(name.clone()),
                accepts: Accepts::PlanRuleName,
                text: name,
            });
            self.add(
                Subject::TargetVaultName(name.clone()),
                Accepts::VaultName,
                &rule.target_vault_name,
            );
            self.add(
                Subject::TargetAirGappedVault(name.clone()),
                Accepts::VaultArn,
                &rule.target_logically_air_gapped_vault_arn,
            );
            for (index, action) in rule.copy_actions.known().into_iter().flatten().enumerate() {
                self.add(
                    Subject::CopyDestination(name.clone(), index),
                    Accepts::VaultArn,
                    &action.destination_vault_arn,
                );
            }
        }
        for (name, selection) in plan.selections.known().into_iter().flatten() {
            self.0.push(Place {
                subject: Subject::Selection(name.clone()),
                accepts: Accepts::SelectionName,
                text: name,
            });
            self.add(
                Subject::SelectionRoleArn(name.clone()),
                Accepts::RoleArn,
                &selection.role_arn,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::examples::{BACKUP_ARN, TABLE_ARN, backup, restore, restore_to};
    use crate::fact::Fact;
    use crate::facts::{Facts, Source};
    use crate::finding::Subject;
    use crate::syntax::ArnKind;

    fn kinds(facts: &Facts) -> Vec<ArnKind> {
        facts.data_arns().into_iter().map(|it| it.kind).collect()
    }

    fn recovery_point(arn: &str) -> Facts {
        restore(|it| {
            it.source = Fact::Known(Source {
                recovery_point_arn: arn.into(),
                ..Source::unset()
            });
        })
    }

    #[test]
    fn data_arns_are_those_of_the_kind_that_belongs_there() {
        let point = "arn:aws:backup:eu-west-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A";
        assert_eq!(kinds(&recovery_point(point)), [ArnKind::RecoveryPoint]);
        assert_eq!(kinds(&recovery_point(BACKUP_ARN)), [ArnKind::Backup]);
        assert_eq!(kinds(&recovery_point(TABLE_ARN)), []);
        assert_eq!(kinds(&restore(|_| ())), [ArnKind::Backup]);
        assert_eq!(
            kinds(&restore(|it| it.source = Fact::Known(Source::backup(TABLE_ARN)))),
            []
        );
        assert_eq!(
            kinds(&restore(|it| it.source = Fact::Known(Source::backup(point)))),
            []
        );
        assert_eq!(
            kinds(&backup(|it| it.table_name = TABLE_ARN.into())),
            [ArnKind::Table]
        );
        assert_eq!(kinds(&backup(|it| it.table_name = BACKUP_ARN.into())), []);
        let by_arn = restore_to(|_, point| {
            point.table_name = Fact::Absent;
            point.table_arn = TABLE_ARN.into();
        });
        assert_eq!(kinds(&by_arn), [ArnKind::Table]);
    }

    #[test]
    fn an_arn_whose_region_is_of_another_partition_is_left_to_its_rule() {
        let mixed = TABLE_ARN.replace("us-east-1", "cn-north-1");
        assert_eq!(kinds(&backup(|it| it.table_name = mixed.into())), []);
        // A Region that no partition claims may be a new one.
        let new = TABLE_ARN.replace("us-east-1", "xx-east-1");
        assert_eq!(kinds(&backup(|it| it.table_name = new.into())), [ArnKind::Table]);
    }

    #[test]
    fn a_source_is_far_in_another_region_of_the_same_partition() {
        let from = |arn: String| restore(|it| it.source = Fact::Known(Source::backup(arn)));
        assert!(from(BACKUP_ARN.to_owned()).far_source().is_none());
        let far = from(BACKUP_ARN.replace("us-east-1", "eu-west-1"));
        assert_eq!(
            far.far_source().map(|it| it.subject),
            Some(Subject::SourceBackupArn)
        );
        let foreign = from(BACKUP_ARN.replace("aws:dynamodb:us-east-1", "aws-cn:dynamodb:cn-north-1"));
        assert!(foreign.far_source().is_none());
        // AWS Backup restores where the recovery point is.
        let point = recovery_point("arn:aws:backup:eu-west-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A");
        assert_eq!(point.data_arns().len(), 1);
        assert!(point.far_source().is_none());
        // Another object has no source.
        let elsewhere = TABLE_ARN.replace("us-east-1", "eu-west-1");
        assert!(
            backup(|it| it.table_name = elsewhere.into())
                .far_source()
                .is_none()
        );
    }
}
