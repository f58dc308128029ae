//! Brings a table that is ACTIVE to what is wanted, in the order in which AWS takes it: tags, the resource policy and
//! point-in-time recovery on their own, then one UpdateTable after the other, then what other services do with the table
//! (`outside`), time to live last because it has a cool-down.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_clients::{
    EncryptionChoice, ErrorKind, GlobalIndexOverride, NOT_FOUND_GRACE, PointInTimeRecoveryChange, Seen,
    Table, Throughput, TimeToLiveStatus, retry_until,
};

use super::settings::{Encryption, Recovery, Wanted, WantedIndex, WantedKey, WantedTimeToLive};
use super::steps::TableChange;
use super::work::{Failure, Work};
use crate::resources::tags::{WantedTags, difference};

/// How long DescribeTable may show an old value after a change was done.
const STALE: Duration = Duration::from_secs(30);

/// How long a table that shows no change may refuse one because of another.
const BUSY: Duration = Duration::from_secs(5 * 60);

/// How long to wait before a table is looked at again.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// How often the answer to an UpdateTable may be lost before that is a failure.
pub(super) const LOST_ANSWERS: u32 = 3;

/// What is on the table before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// It was just restored with the overrides that are wanted: nothing else is on it.
    Restored,
    /// Anything may be on it.
    Anything,
}

/// A table as it was brought to what is wanted.
pub(super) struct Brought {
    pub(super) table: Table,
    /// All its tags, where they were looked at.
    pub(super) tags: Option<BTreeMap<String, String>>,
}

impl Work<'_> {
    /// Brings an ACTIVE table to what is wanted.
    pub(super) async fn bring_to(
        &self,
        table: Table,
        wanted: &Wanted,
        before: Before,
    ) -> Result<Brought, Failure> {
        let tags = match &wanted.tags {
            Some(tags) => Some(self.set_tags(&table, tags, before).await?),
            None => None,
        };
        if let Some(policy) = &wanted.resource_policy {
            self.set_resource_policy(&table, policy, before).await?;
        }
        if let Some(recovery) = wanted.recovery {
            self.set_recovery(recovery, before).await?;
        }
        if let Some(scaling) = &wanted.autoscaling {
            self.end_scaling(&table, scaling).await?;
        }
        let table = self.change_table(table, wanted, before).await?;
        if let Some(kinesis_stream) = &wanted.kinesis_stream {
            self.set_kinesis_stream(kinesis_stream, before).await?;
        }
        if let Some(insights) = &wanted.insights {
            self.set_insights(insights, before).await?;
        }
        if let Some(scaling) = &wanted.autoscaling {
            self.set_scaling(&table, scaling).await?;
        }
        if let Some(time_to_live) = &wanted.time_to_live {
            self.set_time_to_live(time_to_live, before).await?;
        }
        Ok(Brought { table, tags })
    }

    /// Sets tags; the tags that the table has then.
    async fn set_tags(
        &self,
        table: &Table,
        wanted: &WantedTags,
        before: Before,
    ) -> Result<BTreeMap<String, String>, Failure> {
        let mut tags = match before {
            Before::Restored => BTreeMap::new(),
            Before::Anything => {
                let actual = self.dynamodb.tags(&self.cx, &table.arn).await?;
                self.tags.visible(actual.unwrap_or_default())
            }
        };
        let (set, remove) = difference(&tags, wanted);
        self.insist("setting tags", || self.dynamodb.tag(&self.cx, &table.arn, &set))
            .await?;
        self.insist("removing tags", || {
            self.dynamodb.untag(&self.cx, &table.arn, &remove)
        })
        .await?;
        tags.retain(|key, _| !remove.contains(key));
        tags.extend(set);
        Ok(tags)
    }

    async fn set_recovery(&self, wanted: Recovery, before: Before) -> Result<(), Failure> {
        let change = match wanted {
            Recovery::Off if before == Before::Restored => return Ok(()),
            Recovery::Off => PointInTimeRecoveryChange::Disable,
            Recovery::On { days } => PointInTimeRecoveryChange::Enable {
                recovery_period_in_days: i32::try_from(days).unwrap_or(i32::MAX),
            },
        };
        let table = self.table_ref();
        let set = || self.dynamodb.update_continuous_backups(&self.cx, &table, change);
        self.insist("setting point-in-time recovery", set).await?;
        self.dynamodb
            .wait_continuous_backups(&self.cx, &table, change)
            .await?;
        Ok(())
    }

    async fn change_table(
        &self,
        mut table: Table,
        wanted: &Wanted,
        before: Before,
    ) -> Result<Table, Failure> {
        let mut wanted = wanted.clone();
        let mut done = Vec::new();
        match (before, &wanted.encryption) {
            // The restore was asked for this key.
            (Before::Restored, Some(encryption)) => done.push(TableChange::Encryption(encryption.clone())),
            (Before::Anything, Some(Encryption::Kms { key: Some(key) })) => {
                let arn = self.key_arn(key).await;
                wanted.encryption = Some(Encryption::Kms {
                    key: Some(WantedKey { arn, ..key.clone() }),
                });
            }
            _ => {}
        }
        let clock = self.client.aws.clock();
        let lasts = |since: &mut Option<Duration>| {
            let now = clock.elapsed();
            now.saturating_sub(*since.get_or_insert(now))
        };
        let (mut lost, mut stale_since, mut busy_since) = (0, None, None);
        while let Some(change) = wanted.next_table_change(&table, &done) {
            if done.contains(&change) {
                if lasts(&mut stale_since) > STALE {
                    return Err(Failure::NotTaken { act: change.act() });
                }
                self.pause(LOOK_AGAIN, None).await?;
            } else {
                tracing::info!(table = %self.name, change = change.act(), "changing the restored table");
                match self.order(&table, &change).await {
                    Ok(()) => {
                        done.push(change);
                        (stale_since, busy_since) = (None, None);
                    }
                    // The next look shows whether it was done.
                    Err(failure) if failure.is_ambiguous() && lost < LOST_ANSWERS => lost += 1,
                    // Something else is being done to the table; but one that shows nothing of it refuses for good.
                    Err(Failure::Aws(err))
                        if err.kind() == ErrorKind::Conflict && lasts(&mut busy_since) < BUSY =>
                    {
                        self.pause(LOOK_AGAIN, Some(err)).await?;
                    }
                    Err(Failure::Aws(err)) if err.kind() != ErrorKind::Conflict && err.is_not_now() => {
                        self.pause(LOOK_AGAIN, Some(err)).await?;
                    }
                    Err(failure) => return Err(failure),
                }
            }
            table = self
                .dynamodb
                .wait_table_active(&self.cx, &self.name, Seen::Before)
                .await?;
        }
        Ok(table)
    }

    /// Asks for one change.
    async fn order(&self, table: &Table, change: &TableChange) -> Result<(), Failure> {
        let change = match change {
            TableChange::DeletionProtection(on) => aws_clients::TableChange::DeletionProtection(*on),
            TableChange::DeleteIndex(name) => aws_clients::TableChange::DeleteIndex(name.clone()),
            TableChange::Billing {
                mode,
                throughput,
                indexes,
            } => aws_clients::TableChange::Billing {
                mode: mode.clone(),
                throughput: *throughput,
                indexes: listed(indexes),
            },
            TableChange::Throughput { table, indexes } => aws_clients::TableChange::Throughput {
                table: *table,
                indexes: listed(indexes),
            },
            TableChange::OnDemand(maxima) => aws_clients::TableChange::OnDemandThroughput {
                table: Some(*maxima),
                indexes: Vec::new(),
            },
            TableChange::IndexOnDemand { name, maxima } => aws_clients::TableChange::OnDemandThroughput {
                table: None,
                indexes: vec![(name.clone(), *maxima)],
            },
            TableChange::Encryption(encryption) => aws_clients::TableChange::Encryption(choice(encryption)),
            TableChange::Class(class) => aws_clients::TableChange::Class(class.clone()),
            TableChange::StreamOff => aws_clients::TableChange::Stream(None),
            TableChange::StreamOn(view_type) => aws_clients::TableChange::Stream(Some(view_type.clone())),
            TableChange::CreateIndex { name, index } => self.creation(table, name, index).await?,
        };
        self.dynamodb.update_table(&self.cx, &self.name, &change).await?;
        Ok(())
    }

    /// A further index, as the source table defines it now.
    async fn creation(
        &self,
        table: &Table,
        name: &str,
        index: &WantedIndex,
    ) -> Result<aws_clients::TableChange, Failure> {
        let unknown = || Failure::UnknownIndexes(vec![name.to_owned()]);
        let origin = self.origin.as_ref().ok_or_else(unknown)?;
        let aws = &self.client.aws;
        let found = origin.find_table_ref(aws, &self.cx).await?;
        let (source_table, region) = found.ok_or_else(unknown)?;
        let source = aws.dynamodb(&region).find_table(&self.cx, &source_table).await?;
        let source = source.ok_or_else(|| Failure::NoSource(format!("source table {source_table}")))?;
        let definition = source
            .global_indexes
            .iter()
            .find(|it| it.name == name)
            .ok_or_else(unknown)?;
        let in_key = |attribute: &str| definition.key_schema.iter().any(|key| key.attribute == attribute);
        let provisioned = table.billing_mode == aws_clients::BillingMode::Provisioned;
        let recorded = Some(definition.throughput).filter(|it| *it != Throughput::default());
        Ok(aws_clients::TableChange::CreateIndex {
            attributes: source
                .attributes
                .iter()
                .filter(|it| in_key(&it.name))
                .cloned()
                .collect(),
            index: GlobalIndexOverride {
                name: name.to_owned(),
                key_schema: definition.key_schema.clone(),
                projection: definition.projection.clone(),
                throughput: index
                    .throughput
                    .or(recorded)
                    .or(Some(table.throughput))
                    .filter(|_| provisioned),
                on_demand: index
                    .on_demand
                    .or(Some(definition.on_demand))
                    .filter(|it| !provisioned && !it.is_empty()),
            },
        })
    }

    async fn set_time_to_live(&self, wanted: &WantedTimeToLive, before: Before) -> Result<(), Failure> {
        let table = self.table_ref();
        let mut lost = 0;
        let mut look = before == Before::Anything;
        loop {
            let on = match look {
                true => self.dynamodb.find_time_to_live(&self.cx, &table).await?,
                false => None,
            };
            let on = on
                .filter(|it| matches!(it.status, TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling))
                .map(|it| it.attribute);
            let (attribute, enabled) = match (wanted, on) {
                (WantedTimeToLive::Off, None) => return Ok(()),
                (WantedTimeToLive::Off, Some(attribute)) => (attribute, false),
                (WantedTimeToLive::On { attribute }, None) => (attribute.clone(), true),
                (WantedTimeToLive::On { attribute }, Some(on)) if *attribute == on => return Ok(()),
                (WantedTimeToLive::On { .. }, Some(on)) => (on, false),
            };
            let ask = || {
                self.dynamodb
                    .update_time_to_live(&self.cx, &table, &attribute, enabled)
            };
            match self.insist("setting time to live", ask).await {
                Ok(()) => {
                    let is_done = match wanted {
                        WantedTimeToLive::Off => !enabled,
                        WantedTimeToLive::On { .. } => enabled,
                    };
                    if is_done {
                        return Ok(());
                    }
                }
                Err(failure) if failure.is_ambiguous() && lost < LOST_ANSWERS => lost += 1,
                Err(failure) => return Err(failure),
            }
            look = true;
        }
    }

    /// Repeats a call while AWS says "not now", up to the end of the time; and for some seconds while AWS does not know
    /// everywhere yet that the table is there.
    pub(super) async fn insist<T, F>(&self, doing: &str, mut call: impl FnMut() -> F) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, aws_clients::Error>>,
    {
        let doing = format!("{doing} of table {}", self.name);
        let clock = self.client.aws.clock();
        let started = clock.elapsed();
        loop {
            match retry_until(&self.cx, &**clock, &doing, &mut call).await {
                Err(err)
                    if err.is_not_found() && clock.elapsed().saturating_sub(started) < NOT_FOUND_GRACE =>
                {
                    self.pause(Duration::from_secs(2), Some(err)).await?;
                }
                other => return Ok(other?),
            }
        }
    }

    /// The ARN that a key's id or alias stands for. `None` where KMS does not tell.
    pub(super) async fn key_arn(&self, key: &WantedKey) -> Option<String> {
        if is_key_arn(&key.text) {
            return Some(key.text.clone());
        }
        match self
            .client
            .aws
            .kms(self.region())
            .find_key(&self.cx, &key.text)
            .await
        {
            Ok(found) => found.map(|found| found.arn),
            Err(err) => {
                tracing::debug!(error = ?err, "the key that an alias stands for is not known");
                None
            }
        }
    }
}

/// Whether a text names a key itself, and nothing that stands for one.
pub(super) fn is_key_arn(text: &str) -> bool {
    text.starts_with("arn:") && text.contains(":key/")
}

/// The choice of a key for a call.
pub(super) fn choice(encryption: &Encryption) -> EncryptionChoice {
    match encryption {
        Encryption::AwsOwned => EncryptionChoice::AwsOwned,
        Encryption::Kms { key: None } => EncryptionChoice::AwsManaged,
        Encryption::Kms { key: Some(key) } => EncryptionChoice::Key(key.text.clone()),
    }
}

fn listed(indexes: &BTreeMap<String, Throughput>) -> Vec<(String, Throughput)> {
    indexes
        .iter()
        .map(|(name, units)| (name.clone(), *units))
        .collect()
}
