//! The next change that brings a table closer to what is wanted. Pure: it compares the wish with what DynamoDB shows,
//! so that creating, updating and resuming are the same walk, and a walk that was cut off begins where it stopped.

use std::collections::BTreeMap;

use aws_clients::{
    BillingMode, GlobalIndex, OnDemandThroughput, StreamViewType, Table, TableClass, Throughput,
};

use super::settings::{Dropped, Encryption, Wanted, WantedIndex, WantedStream};

/// One change by UpdateTable, which takes one kind of change at a time.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TableChange {
    DeletionProtection(bool),
    DeleteIndex(String),
    /// Switches the billing mode. Each index needs its capacity in the same call.
    Billing {
        mode: BillingMode,
        throughput: Option<Throughput>,
        indexes: BTreeMap<String, Throughput>,
    },
    /// Sets capacities that differ, of the table and of its indexes.
    Throughput {
        table: Option<Throughput>,
        indexes: BTreeMap<String, Throughput>,
    },
    OnDemand(OnDemandThroughput),
    IndexOnDemand {
        name: String,
        maxima: OnDemandThroughput,
    },
    Encryption(Encryption),
    Class(TableClass),
    /// A stream cannot be changed, only switched off and on.
    StreamOff,
    StreamOn(StreamViewType),
    CreateIndex {
        name: String,
        index: WantedIndex,
    },
}

impl TableChange {
    /// What is being done, for people: completes "while …".
    pub(super) fn act(&self) -> String {
        match self {
            Self::DeletionProtection(true) => "switching deletion protection on".to_owned(),
            Self::DeletionProtection(false) => "switching deletion protection off".to_owned(),
            Self::DeleteIndex(name) => format!("deleting index {name}"),
            Self::Billing { mode, .. } => format!("changing the billing mode to {mode}"),
            Self::Throughput { .. } => "changing the provisioned throughput".to_owned(),
            Self::OnDemand(_) => "changing the on-demand throughput".to_owned(),
            Self::IndexOnDemand { name, .. } => format!("changing the on-demand throughput of index {name}"),
            Self::Encryption(_) => "changing the encryption".to_owned(),
            Self::Class(class) => format!("changing the table class to {class}"),
            Self::StreamOff => "switching the stream off".to_owned(),
            Self::StreamOn(view_type) => format!("switching the stream on with {view_type}"),
            Self::CreateIndex { name, .. } => format!("creating index {name}"),
        }
    }
}

impl Wanted {
    /// The next change that DynamoDB is to be asked for, if any is left. `done` are the changes that it has accepted
    /// already: whether a key named by an alias is in use cannot be seen where KMS may not be asked.
    pub(super) fn next_table_change(&self, table: &Table, done: &[TableChange]) -> Option<TableChange> {
        self.deletion_protection_change(table)
            .or_else(|| self.index_to_delete(table))
            .or_else(|| self.billing_change(table))
            .or_else(|| self.throughput_change(table))
            .or_else(|| self.on_demand_change(table))
            .or_else(|| self.encryption_change(table, done))
            .or_else(|| self.class_change(table))
            .or_else(|| self.stream_change(table))
            .or_else(|| self.index_to_create(table))
    }

    fn deletion_protection_change(&self, table: &Table) -> Option<TableChange> {
        self.deletion_protection
            .filter(|on| *on != table.deletion_protection)
            .map(TableChange::DeletionProtection)
    }

    /// Before anything else about capacity, which would have to be given for an index that goes.
    fn index_to_delete(&self, table: &Table) -> Option<TableChange> {
        let goes = |name: &str| match &self.dropped {
            Dropped::Named(names) => names.contains(name),
            Dropped::AllBut(names) => !names.contains(name),
        };
        let index = table.global_indexes.iter().find(|index| goes(&index.name))?;
        Some(TableChange::DeleteIndex(index.name.clone()))
    }

    fn billing_change(&self, table: &Table) -> Option<TableChange> {
        let mode = self
            .billing_mode
            .clone()
            .filter(|mode| *mode != table.billing_mode)?;
        let provisioned = mode == BillingMode::Provisioned;
        let indexes = self
            .indexes_of(table)
            .filter_map(|(index, wanted)| Some((index.name.clone(), wanted?.throughput?)));
        Some(TableChange::Billing {
            throughput: self.throughput.filter(|_| provisioned),
            indexes: if provisioned {
                indexes.collect()
            } else {
                BTreeMap::new()
            },
            mode,
        })
    }

    fn throughput_change(&self, table: &Table) -> Option<TableChange> {
        if table.billing_mode != BillingMode::Provisioned {
            return None;
        }
        let of_table = self.throughput.filter(|wanted| *wanted != table.throughput);
        let of_indexes: BTreeMap<_, _> = self
            .indexes_of(table)
            .filter_map(|(index, wanted)| Some((index, wanted?.throughput?)))
            .filter(|(index, wanted)| *wanted != index.throughput)
            .map(|(index, wanted)| (index.name.clone(), wanted))
            .collect();
        (of_table.is_some() || !of_indexes.is_empty()).then_some(TableChange::Throughput {
            table: of_table,
            indexes: of_indexes,
        })
    }

    fn on_demand_change(&self, table: &Table) -> Option<TableChange> {
        if table.billing_mode != BillingMode::PayPerRequest {
            return None;
        }
        if let Some(maxima) = self.on_demand.filter(|wanted| *wanted != table.on_demand) {
            return Some(TableChange::OnDemand(maxima));
        }
        self.indexes_of(table)
            .filter_map(|(index, wanted)| Some((index, wanted?.on_demand?)))
            .find(|(index, wanted)| *wanted != index.on_demand)
            .map(|(index, maxima)| TableChange::IndexOnDemand {
                name: index.name.clone(),
                maxima,
            })
    }

    fn encryption_change(&self, table: &Table, done: &[TableChange]) -> Option<TableChange> {
        let wanted = self.encryption.clone()?;
        let change = TableChange::Encryption(wanted.clone());
        let is_so = match &wanted {
            Encryption::AwsOwned => !table.encryption.uses_kms(),
            Encryption::Kms { key: None } => table.encryption.uses_kms(),
            Encryption::Kms { key: Some(key) } => {
                table.encryption.uses_kms()
                    && match &key.arn {
                        Some(arn) => table.encryption.kms_key_arn.as_ref() == Some(arn),
                        None => done.contains(&change),
                    }
            }
        };
        (!is_so).then_some(change)
    }

    fn class_change(&self, table: &Table) -> Option<TableChange> {
        self.class
            .clone()
            .filter(|class| *class != table.class)
            .map(TableChange::Class)
    }

    fn stream_change(&self, table: &Table) -> Option<TableChange> {
        match (self.stream.as_ref()?, &table.stream) {
            (WantedStream::Off, None) => None,
            (WantedStream::Off, Some(_)) => Some(TableChange::StreamOff),
            (WantedStream::On(view_type), None) => Some(TableChange::StreamOn(view_type.clone())),
            (WantedStream::On(view_type), Some(there)) if view_type == there => None,
            (WantedStream::On(_), Some(_)) => Some(TableChange::StreamOff),
        }
    }

    fn index_to_create(&self, table: &Table) -> Option<TableChange> {
        let there = |name: &str| table.global_indexes.iter().any(|index| index.name == name);
        let name = self.added.iter().find(|name| !there(name))?;
        let index = self.indexes.get(name).cloned().unwrap_or_default();
        Some(TableChange::CreateIndex {
            name: name.clone(),
            index,
        })
    }

    fn indexes_of<'a>(
        &'a self,
        table: &'a Table,
    ) -> impl Iterator<Item = (&'a GlobalIndex, Option<&'a WantedIndex>)> {
        table.global_indexes.iter().map(|index| {
            let wanted = self.indexes.get(&index.name);
            (index, wanted)
        })
    }
}
