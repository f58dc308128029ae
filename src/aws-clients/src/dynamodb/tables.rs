//! Tables: find, change, delete, wait.

use std::time::Duration;

use aws_sdk_dynamodb::operation::update_table::builders::UpdateTableFluentBuilder as UpdateTable;
use aws_sdk_dynamodb::types;

use super::{DynamoDb, EncryptionChoice, GlobalIndexOverride};
use crate::call::{Call, found, incomplete};
use crate::cx::Cx;
use crate::error::Error;
use crate::names::{TableName, TableRef};
use crate::operation::Operation;
use crate::table::{AttributeDefinition, OnDemandThroughput, Table, Throughput};
use crate::wait::{Gone, Wait, wait};
use crate::words::{BillingMode, EncryptionStatus, IndexStatus, StreamViewType, TableClass, TableStatus};

/// Longest pause between two looks at a table.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Whether AWS has shown the object already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// It was just created, and AWS may not show it for some seconds.
    NotYet,
    /// It was there: if it is not, it has gone.
    Before,
}

/// One change of a table. AWS takes one kind of change at a time.
#[derive(Clone, Debug, PartialEq)]
pub enum TableChange {
    /// How it is paid; `PROVISIONED` needs the throughput of the table and of every global index.
    Billing {
        /// The new mode.
        mode: BillingMode,
        /// Capacity of the table.
        throughput: Option<Throughput>,
        /// Capacity of global indexes, by name.
        indexes: Vec<(String, Throughput)>,
    },
    /// Provisioned capacity.
    Throughput {
        /// Capacity of the table.
        table: Option<Throughput>,
        /// Capacity of global indexes, by name.
        indexes: Vec<(String, Throughput)>,
    },
    /// Limits of a table that is paid per request. A limit of `None` is lifted.
    OnDemandThroughput {
        /// Limits of the table.
        table: Option<OnDemandThroughput>,
        /// Limits of global indexes, by name.
        indexes: Vec<(String, OnDemandThroughput)>,
    },
    /// Stream; `None` switches it off. AWS does not change a stream that is on.
    Stream(Option<StreamViewType>),
    /// Encryption.
    Encryption(EncryptionChoice),
    /// Protection from deletion.
    DeletionProtection(bool),
    /// Storage class.
    Class(TableClass),
    /// Deletes a global index.
    DeleteIndex(String),
    /// Creates a global index, which is then filled from the whole table.
    CreateIndex {
        /// The index.
        index: GlobalIndexOverride,
        /// Types of the attributes in its key.
        attributes: Vec<AttributeDefinition>,
    },
}

impl DynamoDb {
    /// Finds a table.
    ///
    /// # Errors
    /// [`crate::ErrorKind::OtherRegion`] for an ARN of another Region.
    pub async fn find_table(&self, cx: &Cx, table: &TableRef) -> Result<Option<Table>, Error> {
        let doing = format!("describing table {table} in {}", self.region());
        self.check_table_region(&doing, table)?;
        let client = self.client(cx).await?;
        let call = Call::new(Operation::DescribeTable, doing, table.as_str());
        let send = || client.describe_table().table_name(table.as_str()).send();
        let Some(answer) = found(self.call(cx, &call, send).await)? else {
            return Ok(None);
        };
        let table = answer.table.and_then(Table::from_aws);
        table
            .map(Some)
            .ok_or_else(|| incomplete(&call, "the table's name, ARN or status"))
    }

    /// Begins one change of a table; wait for it with [`Self::wait_table_active`].
    ///
    /// # Errors
    /// [`crate::ErrorKind::Conflict`] while another change runs; [`crate::ErrorKind::Ambiguous`]
    /// when the answer was lost: read the table again before repeating.
    pub async fn update_table(
        &self,
        cx: &Cx,
        table: &TableName,
        change: &TableChange,
    ) -> Result<Table, Error> {
        let client = self.client(cx).await?;
        let doing = format!("changing {} of table {table} in {}", change.what(), self.region());
        let call = Call::new(Operation::UpdateTable, doing, table.as_str());
        let request = change
            .apply(client.update_table().table_name(table.as_str()))
            .map_err(|error| Error::new(crate::ErrorKind::Invalid, &*call.doing).with_source(error))?;
        let answer = self.call(cx, &call, || request.clone().send()).await?;
        let table = answer.table_description.and_then(Table::from_aws);
        table.ok_or_else(|| incomplete(&call, "the table's name, ARN or status"))
    }

    /// Begins the deletion of a table; done already when there is none.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Conflict`] while it is being created, changed or restored.
    pub async fn delete_table(&self, cx: &Cx, table: &TableName) -> Result<(), Error> {
        let client = self.client(cx).await?;
        let doing = format!("deleting table {table} in {}", self.region());
        let call = Call::new(Operation::DeleteTable, doing, table.as_str());
        let send = || client.delete_table().table_name(table.as_str()).send();
        found(self.call(cx, &call, send).await)?;
        Ok(())
    }

    /// Waits until a table, its global indexes and its encryption are settled.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] when it has gone: so does a table whose restore failed.
    pub async fn wait_table_active(&self, cx: &Cx, table: &TableName, seen: Seen) -> Result<Table, Error> {
        let doing = format!("waiting for table {table} to become ACTIVE");
        let gone = "the table has gone: it was deleted, or its restore failed, which makes a table disappear";
        let what = Wait {
            doing: &doing,
            pending: &["CREATING", "UPDATING"],
            target: &["ACTIVE"],
            gone: if seen == Seen::Before {
                Gone::Failure(gone)
            } else {
                Gone::FailureOnceSeen(gone)
            },
            longest_pause: LONGEST_PAUSE,
            goes_on: "AWS goes on preparing the table",
        };
        let named = TableRef::from(table.clone());
        let look = || async {
            let table = self.find_table(cx, &named).await?;
            Ok(table.map(|table| (settled_status(&table), table)))
        };
        wait(cx, self.clock(), &what, look)
            .await?
            .ok_or_else(|| Error::new(crate::ErrorKind::NotFound, &*doing).because(gone))
    }

    /// Waits until a table that is being deleted has gone.
    ///
    /// # Errors
    /// [`crate::ErrorKind::UnexpectedStatus`] when it is not being deleted.
    pub async fn wait_table_gone(&self, cx: &Cx, table: &TableName) -> Result<(), Error> {
        let doing = format!("waiting for table {table} to be deleted");
        let what = Wait {
            doing: &doing,
            // DescribeTable may show the old status for a moment after the deletion was accepted.
            pending: &["DELETING", "ACTIVE", "UPDATING", "ARCHIVING", "ARCHIVED"],
            target: &[],
            gone: Gone::Target,
            longest_pause: LONGEST_PAUSE,
            goes_on: "AWS goes on deleting the table",
        };
        let named = TableRef::from(table.clone());
        let look = || async {
            let table = self.find_table(cx, &named).await?;
            Ok(table.map(|table| (table.status.to_string(), ())))
        };
        wait(cx, self.clock(), &what, look).await?;
        Ok(())
    }
}

/// The table's status, or UPDATING while an index or the encryption is being changed.
fn settled_status(table: &Table) -> String {
    let changing_index = table.global_indexes.iter().any(|index| {
        index
            .status
            .as_ref()
            .is_some_and(|status| *status != IndexStatus::Active)
    });
    let changing_key = matches!(
        table.encryption.status,
        Some(EncryptionStatus::Enabling | EncryptionStatus::Disabling | EncryptionStatus::Updating)
    );
    if table.status == TableStatus::Active && (changing_index || changing_key) {
        TableStatus::Updating.to_string()
    } else {
        table.status.to_string()
    }
}

impl TableChange {
    fn what(&self) -> &'static str {
        match self {
            Self::Billing { .. } => "the billing mode",
            Self::Throughput { .. } => "the provisioned throughput",
            Self::OnDemandThroughput { .. } => "the on-demand throughput",
            Self::Stream(_) => "the stream",
            Self::Encryption(_) => "the encryption",
            Self::DeletionProtection(_) => "the deletion protection",
            Self::Class(_) => "the table class",
            Self::DeleteIndex(_) | Self::CreateIndex { .. } => "the global indexes",
        }
    }

    fn apply(
        &self,
        mut request: UpdateTable,
    ) -> Result<UpdateTable, aws_smithy_types::error::operation::BuildError> {
        Ok(match self {
            Self::Billing {
                mode,
                throughput,
                indexes,
            } => {
                let request = request.billing_mode(types::BillingMode::from(mode.as_str()));
                with_throughput(request, *throughput, indexes)?
            }
            Self::Throughput { table, indexes } => with_throughput(request, *table, indexes)?,
            Self::OnDemandThroughput { table, indexes } => {
                let mut request = request.set_on_demand_throughput(table.map(limits));
                for (name, throughput) in indexes {
                    let update = types::UpdateGlobalSecondaryIndexAction::builder()
                        .index_name(name)
                        .on_demand_throughput(limits(*throughput))
                        .build()?;
                    request = request.global_secondary_index_updates(
                        types::GlobalSecondaryIndexUpdate::builder()
                            .update(update)
                            .build(),
                    );
                }
                request
            }
            Self::Stream(view_type) => request.stream_specification(
                types::StreamSpecification::builder()
                    .stream_enabled(view_type.is_some())
                    .set_stream_view_type(view_type.as_ref().map(|word| word.as_str().into()))
                    .build()?,
            ),
            Self::Encryption(choice) => request.sse_specification(choice.to_aws()),
            Self::DeletionProtection(enabled) => request.deletion_protection_enabled(*enabled),
            Self::Class(class) => request.table_class(types::TableClass::from(class.as_str())),
            Self::DeleteIndex(name) => {
                let delete = types::DeleteGlobalSecondaryIndexAction::builder()
                    .index_name(name)
                    .build()?;
                request.global_secondary_index_updates(
                    types::GlobalSecondaryIndexUpdate::builder()
                        .delete(delete)
                        .build(),
                )
            }
            Self::CreateIndex { index, attributes } => {
                for attribute in attributes {
                    let definition = types::AttributeDefinition::builder()
                        .attribute_name(&attribute.name)
                        .attribute_type(types::ScalarAttributeType::from(
                            attribute.attribute_type.as_str(),
                        ))
                        .build()?;
                    request = request.attribute_definitions(definition);
                }
                let create = types::GlobalSecondaryIndexUpdate::builder()
                    .create(index.to_aws_creation()?)
                    .build();
                request.global_secondary_index_updates(create)
            }
        })
    }
}

fn with_throughput(
    request: UpdateTable,
    table: Option<Throughput>,
    indexes: &[(String, Throughput)],
) -> Result<UpdateTable, aws_smithy_types::error::operation::BuildError> {
    let mut request = request.set_provisioned_throughput(table.map(Throughput::to_aws).transpose()?);
    for (name, throughput) in indexes {
        let update = types::UpdateGlobalSecondaryIndexAction::builder()
            .index_name(name)
            .provisioned_throughput(throughput.to_aws()?)
            .build()?;
        request = request.global_secondary_index_updates(
            types::GlobalSecondaryIndexUpdate::builder()
                .update(update)
                .build(),
        );
    }
    Ok(request)
}

/// UpdateTable lifts a limit by -1; a limit that is left out stays as it is.
fn limits(throughput: OnDemandThroughput) -> types::OnDemandThroughput {
    types::OnDemandThroughput::builder()
        .max_read_request_units(throughput.max_read.unwrap_or(-1))
        .max_write_request_units(throughput.max_write.unwrap_or(-1))
        .build()
}
