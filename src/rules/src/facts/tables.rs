//! Which tables an object is about, by Region and plain name, so that it can be compared with its neighbours.

use crate::fact::Fact;
use crate::facts::{Facts, Neighbours, Object, PlannedRecovery};
use crate::syntax::{Region, TableArn, TableName};

/// A table by its Region and its plain name, which is how neighbours are named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedTable {
    /// Its Region.
    pub region: Region,
    /// Its name.
    pub name: String,
}

impl Facts {
    /// The table that a backup, a point-in-time recovery setting or a recovery point is for.
    pub fn protected_table(&self) -> Option<NamedTable> {
        let text = match &self.object {
            Object::Backup(it) => &it.table_name,
            Object::PointInTimeRecovery(it) => &it.table_name,
            Object::RecoveryPoint(it) => &it.table_name,
            Object::RestoredTable(_)
            | Object::BackupSettings(_)
            | Object::BackupVault(_)
            | Object::BackupPlan(_)
            | Object::RecoveryPointCopy(_) => return None,
        };
        self.named(text.known()?)
    }

    /// The table that a restore makes.
    pub fn target_table(&self) -> Option<NamedTable> {
        self.here(self.restored_table()?.name.known()?)
    }

    /// The table whose history is restored to a point in time.
    pub fn point_in_time_table(&self) -> Option<NamedTable> {
        let point = self.restored_table()?.point_in_time()?;
        match (&point.table_name, &point.table_arn) {
            (Fact::Known(name), Fact::Absent) => self.here(name),
            (Fact::Absent, Fact::Known(arn)) => self.named(arn),
            _ => None,
        }
    }

    /// The restored table that is about to go, as it is recorded.
    pub fn going_table(&self) -> Option<NamedTable> {
        let table = self.restored_table().filter(|_| self.is_destroyed())?;
        let prior = table.prior.known()?;
        Some(NamedTable {
            region: Region::parse(prior.region.known()?).ok()?,
            name: prior.name.known()?.clone(),
        })
    }

    /// A table by name or ARN.
    fn named(&self, text: &str) -> Option<NamedTable> {
        match TableArn::parse(text) {
            Ok(arn) => Some(NamedTable {
                region: arn.region,
                name: arn.table.to_string(),
            }),
            Err(_) => self.here(text),
        }
    }

    /// A table by name, in the Region of the object.
    fn here(&self, name: &str) -> Option<NamedTable> {
        TableName::parse(name).ok()?;
        Some(NamedTable {
            region: self.region().into_known()?,
            name: name.to_owned(),
        })
    }
}

impl Neighbours {
    /// The point-in-time recovery setting that the same plan has for a table.
    pub fn recovery_of(&self, table: &NamedTable) -> Option<&PlannedRecovery> {
        self.recoveries
            .iter()
            .rev()
            .find(|it| it.region == table.region && it.table_name == table.name)
    }

    /// Whether a final backup of a table is about to be taken.
    pub fn takes_final_backup_of(&self, table: &NamedTable) -> bool {
        self.final_backups
            .iter()
            .any(|it| it.region == table.region && it.table_name == table.name)
    }
}

#[cfg(test)]
mod tests {
    use super::NamedTable;
    use crate::examples::{TABLE_ARN, backup, recovery, restore, restore_to, restored_destroyed};
    use crate::fact::Fact;
    use crate::facts::{Neighbours, PlannedFinalBackup, PlannedRecovery};
    use crate::syntax::Region;

    fn named(region: &str, name: &str) -> NamedTable {
        NamedTable {
            region: Region::parse(region).expect("a Region"),
            name: name.to_owned(),
        }
    }

    #[test]
    fn names_are_of_the_objects_region_and_arns_of_their_own() {
        let home = Some(named("us-east-1", "orders"));
        assert_eq!(backup(|_| ()).protected_table(), home);
        assert_eq!(
            recovery(|it| it.table_name = TABLE_ARN.into()).protected_table(),
            home
        );
        let elsewhere = recovery(|it| it.region = "eu-west-1".into());
        assert_eq!(elsewhere.protected_table(), Some(named("eu-west-1", "orders")));
        assert_eq!(
            recovery(|it| it.table_name = "a b".into()).protected_table(),
            None
        );
        assert_eq!(
            recovery(|it| it.table_name = Fact::Unknown).protected_table(),
            None
        );
        assert_eq!(restore(|_| ()).protected_table(), None);
    }

    #[test]
    fn a_restore_has_a_target_and_perhaps_a_source_table() {
        let target = Some(named("us-east-1", "orders-restored"));
        assert_eq!(restore(|_| ()).target_table(), target);
        assert_eq!(backup(|_| ()).target_table(), None);
        assert_eq!(restore(|_| ()).point_in_time_table(), None);
        let by_name = restore_to(|_, _| ());
        assert_eq!(by_name.point_in_time_table(), Some(named("us-east-1", "orders")));
        let by_arn = restore_to(|_, point| {
            point.table_name = Fact::Absent;
            point.table_arn = TABLE_ARN.replace("us-east-1", "eu-west-1").into();
        });
        assert_eq!(by_arn.point_in_time_table(), Some(named("eu-west-1", "orders")));
        let not_known_which = restore_to(|_, point| point.table_arn = Fact::Unknown);
        assert_eq!(not_known_which.point_in_time_table(), None);
    }

    #[test]
    fn only_a_table_that_goes_is_going() {
        let going = Some(named("us-east-1", "orders-restored"));
        assert_eq!(restored_destroyed(|_| ()).going_table(), going);
        let kept = crate::examples::restored_changed(|_| ());
        assert_eq!(kept.going_table(), None);
    }

    #[test]
    fn neighbours_are_found_by_region_and_name() {
        let region = Region::parse("us-east-1").expect("a Region");
        let recovery = |days: i64| PlannedRecovery {
            region: region.clone(),
            table_name: "orders".to_owned(),
            is_switched_on: false,
            recovery_period_in_days: Fact::Known(days),
        };
        let neighbours = Neighbours {
            recoveries: vec![recovery(7), recovery(14)],
            final_backups: vec![PlannedFinalBackup {
                region: region.clone(),
                table_name: "orders".to_owned(),
            }],
            ..Neighbours::default()
        };
        let (here, elsewhere, another) = (
            named("us-east-1", "orders"),
            named("eu-west-1", "orders"),
            named("us-east-1", "others"),
        );
        // The last one that was seen counts.
        assert_eq!(neighbours.recovery_of(&here), Some(&recovery(14)));
        assert_eq!(neighbours.recovery_of(&elsewhere), None);
        assert_eq!(neighbours.recovery_of(&another), None);
        assert!(neighbours.takes_final_backup_of(&here));
        assert!(!neighbours.takes_final_backup_of(&elsewhere));
        assert!(!neighbours.takes_final_backup_of(&another));
    }
}
