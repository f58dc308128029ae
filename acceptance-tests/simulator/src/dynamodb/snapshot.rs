//! What AWS Backup takes of a table and makes a table of: the road of the two services to each other.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Estate;
use super::backups::{Backup, Kind};
use super::design::{Design, Encryption, IndexStatus};
use super::items::{Item, key_of};
use super::table::{NewTable, RestoreOrigin, Table};
use crate::clock::Moment;
use crate::kms::{NotFound, State};
use crate::place::Place;
use crate::world::World;

/// The content and the design of a table at one moment.
pub(crate) struct Snapshot {
    table_name: String,
    table_arn: String,
    design: Design,
    items: Vec<Arc<Item>>,
    tags: BTreeMap<String, String>,
    size_bytes: usize,
}

impl Snapshot {
    pub(crate) fn table_name(&self) -> &str {
        &self.table_name
    }

    pub(crate) fn size_bytes(&self) -> usize {
        self.size_bytes
    }

    pub(crate) fn item_count(&self) -> usize {
        self.items.len()
    }

    /// The tags of the table at that moment.
    pub(crate) fn tags(&self) -> &BTreeMap<String, String> {
        &self.tags
    }

    /// The key of the customer's or of AWS's that encrypts the table; `None` for the one that DynamoDB owns.
    pub(crate) fn key_arn(&self) -> Option<&str> {
        match &self.design.encryption {
            Encryption::Kms { key_arn } => Some(key_arn),
            Encryption::AwsOwned => None,
        }
    }
}

/// A table to make of a snapshot.
pub(crate) struct Target<'a> {
    pub(crate) place: &'a Place,
    pub(crate) name: &'a str,
    /// The KMS key to use; `None` for the one that DynamoDB owns.
    pub(crate) key: Option<&'a str>,
    pub(crate) tags: BTreeMap<String, String>,
}

impl Estate {
    /// Takes a snapshot of an active table, or says why it cannot.
    pub(crate) fn snapshot(&mut self, place: &Place, name: &str) -> Result<Snapshot, String> {
        let table = self.region(place).tables.get(name);
        let table = table.filter(|table| !table.is_deleting() && !table.is_creating());
        let table = table.ok_or_else(|| format!("Table not found: {name}"))?;
        Ok(Snapshot {
            table_name: table.name.clone(),
            table_arn: table.arn.clone(),
            design: table.design.clone(),
            items: table.items.live().cloned().collect(),
            tags: table.tags.clone(),
            size_bytes: table.items.size_bytes(),
        })
    }

    /// Makes the DynamoDB backup in which AWS Backup keeps a recovery point without the advanced features.
    pub(crate) fn keep_for_aws_backup(
        &mut self,
        place: &Place,
        name: &str,
        suffix: String,
        at: Moment,
    ) -> Result<String, String> {
        let region = self.region(place);
        let table = region
            .tables
            .get(name)
            .ok_or_else(|| format!("Table not found: {name}"))?;
        let kind = Kind::AwsBackup {
            name: format!("awsbackup-{suffix}"),
            suffix,
        };
        let backup = Backup::of(table, kind, at);
        let arn = backup.arn.clone();
        region.backups.insert(arn.clone(), backup);
        Ok(arn)
    }

    /// Forgets the DynamoDB backup behind a recovery point that AWS Backup deletes.
    pub(crate) fn forget_backup(&mut self, place: &Place, arn: &str) {
        self.region(place).backups.remove(arn);
    }

    /// The tables of a place that can be backed up, with their tags.
    pub(crate) fn tagged_tables(&mut self, place: &Place) -> Vec<(String, BTreeMap<String, String>)> {
        let tables = self.region(place).tables.values();
        tables
            .filter(|table| !table.is_deleting() && !table.is_creating())
            .map(|table| (table.name.clone(), table.tags.clone()))
            .collect()
    }

    /// Whether a table of this name is there, in whatever state.
    pub(crate) fn has_table(&mut self, place: &Place, name: &str) -> bool {
        self.region(place).tables.contains_key(name)
    }
}

/// Starts to make a table of a snapshot. Answers when it will be ready, or why it cannot be made.
pub(crate) fn restore(
    world: &mut World,
    snapshot: &Snapshot,
    target: Target<'_>,
    at: Moment,
) -> Result<Moment, String> {
    if world.dynamodb.has_table(target.place, target.name) {
        return Err(format!("Table already exists: {}", target.name));
    }
    let mut design = snapshot.design.clone();
    design.encryption = match target.key {
        None => Encryption::AwsOwned,
        Some(reference) => {
            let key = world
                .keys
                .resolve(target.place, reference)
                .map_err(|NotFound(message)| format!("KMS validation error: {message}"))?;
            if key.state != State::Enabled {
                return Err(format!("KMS key disabled error: {} is disabled.", key.arn));
            }
            Encryption::Kms { key_arn: key.arn }
        }
    };
    for index in &mut design.global_indexes {
        index.status = IndexStatus::Creating;
    }
    let ready_at = at.plus_millis(world.settings.restore_ms);
    let new = NewTable {
        name: target.name.to_owned(),
        arn: target.place.table_arn(target.name),
        id: world.ids.uuid(),
        design,
        ready_at,
        continuous_backups_at: ready_at.plus_millis(world.settings.continuous_backups_ready_ms),
    };
    let mut table = Table::new(new, at);
    for item in &snapshot.items {
        let key = key_of(&table.design, item).map_err(|failure| failure.message)?;
        table.items.put(key, item.clone(), at, at);
    }
    table.tags = target.tags;
    table.restore = Some(RestoreOrigin {
        backup_arn: None,
        table_arn: snapshot.table_arn.clone(),
        at,
    });
    world
        .dynamodb
        .region(target.place)
        .tables
        .insert(target.name.to_owned(), table);
    Ok(ready_at)
}
