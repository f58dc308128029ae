//! Kinesis streaming destinations of a table: found, switched on and off, and awaited.

use std::time::Duration;

use aws_sdk_dynamodb::types;

use super::DynamoDb;
use crate::call::{Call, found};
use crate::cx::Cx;
use crate::error::Error;
use crate::kinesis_stream::KinesisDestination;
use crate::names::TableRef;
use crate::operation::Operation;
use crate::wait::{Gone, Wait, wait};
use crate::words::KinesisPrecision;

/// A change of a Kinesis streaming destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KinesisChange {
    /// Switches it on; `None` leaves the precision to AWS, which takes `MILLISECOND`.
    Enable(Option<KinesisPrecision>),
    /// Changes the precision of one that is on.
    Update(KinesisPrecision),
    /// Switches it off.
    Disable,
}

impl DynamoDb {
    /// Finds the streaming destinations of a table that are not off; `None` when there is no table.
    ///
    /// # Errors
    /// [`crate::ErrorKind::OtherRegion`] for an ARN of another Region.
    pub async fn find_kinesis_destinations(
        &self,
        cx: &Cx,
        table: &TableRef,
    ) -> Result<Option<Vec<KinesisDestination>>, Error> {
        let doing = format!(
            "describing the Kinesis streaming destination of table {table} in {}",
            self.region()
        );
        self.check_table_region(&doing, table)?;
        let client = self.client(cx).await?;
        let call = Call::new(
            Operation::DescribeKinesisStreamingDestination,
            doing,
            table.as_str(),
        );
        let send = || {
            client
                .describe_kinesis_streaming_destination()
                .table_name(table.as_str())
                .send()
        };
        let answer = found(self.call(cx, &call, send).await)?;
        Ok(answer.map(|answer| {
            answer
                .kinesis_data_stream_destinations
                .unwrap_or_default()
                .into_iter()
                .filter_map(KinesisDestination::from_aws)
                .collect()
        }))
    }

    /// Asks for a change of one destination. AWS goes on with it by itself.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Ambiguous`] when the answer was lost: a repetition would be refused because of the first
    /// call, so read it again first. [`crate::ErrorKind::Conflict`] while the table is being changed.
    pub async fn change_kinesis_destination(
        &self,
        cx: &Cx,
        table: &TableRef,
        stream_arn: &str,
        change: &KinesisChange,
    ) -> Result<(), Error> {
        let (operation, act) = match change {
            KinesisChange::Enable(_) => (Operation::EnableKinesisStreamingDestination, "switching on"),
            KinesisChange::Update(_) => (Operation::UpdateKinesisStreamingDestination, "changing"),
            KinesisChange::Disable => (Operation::DisableKinesisStreamingDestination, "switching off"),
        };
        let doing = format!(
            "{act} the Kinesis streaming destination {stream_arn} of table {table} in {}",
            self.region()
        );
        self.check_table_region(&doing, table)?;
        let client = self.client(cx).await?;
        let call = Call::new(operation, doing, table.as_str());
        let precision = |precision: &KinesisPrecision| {
            types::ApproximateCreationDateTimePrecision::from(precision.as_str())
        };
        match change {
            KinesisChange::Enable(wanted) => {
                let configuration = wanted.as_ref().map(|wanted| {
                    types::EnableKinesisStreamingConfiguration::builder()
                        .approximate_creation_date_time_precision(precision(wanted))
                        .build()
                });
                let send = || {
                    client
                        .enable_kinesis_streaming_destination()
                        .table_name(table.as_str())
                        .stream_arn(stream_arn)
                        .set_enable_kinesis_streaming_configuration(configuration.clone())
                        .send()
                };
                self.call(cx, &call, send).await?;
            }
            KinesisChange::Update(wanted) => {
                let configuration = types::UpdateKinesisStreamingConfiguration::builder()
                    .approximate_creation_date_time_precision(precision(wanted))
                    .build();
                let send = || {
                    client
                        .update_kinesis_streaming_destination()
                        .table_name(table.as_str())
                        .stream_arn(stream_arn)
                        .update_kinesis_streaming_configuration(configuration.clone())
                        .send()
                };
                self.call(cx, &call, send).await?;
            }
            KinesisChange::Disable => {
                let send = || {
                    client
                        .disable_kinesis_streaming_destination()
                        .table_name(table.as_str())
                        .stream_arn(stream_arn)
                        .send()
                };
                self.call(cx, &call, send).await?;
            }
        }
        Ok(())
    }

    /// Waits until every destination of the table is settled: active, off and not listed, or `ENABLE_FAILED`, as AWS
    /// says where it may not write to the stream.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] when the table has gone.
    pub async fn wait_kinesis_destinations(
        &self,
        cx: &Cx,
        table: &TableRef,
    ) -> Result<Vec<KinesisDestination>, Error> {
        let doing = format!("waiting for the Kinesis streaming destination of table {table} to be settled");
        let what = Wait {
            doing: &doing,
            pending: &["ENABLING", "DISABLING", "UPDATING"],
            target: &["SETTLED"],
            gone: Gone::Failure("the table has gone"),
            longest_pause: Duration::from_secs(5),
            goes_on: "AWS goes on with the change",
        };
        let look = || async {
            let found = self.find_kinesis_destinations(cx, table).await?;
            Ok(found.map(|destinations| {
                let moving = destinations
                    .iter()
                    .map(|it| it.status.as_str())
                    .find(|status| !matches!(*status, "ACTIVE" | "ENABLE_FAILED"));
                (moving.unwrap_or("SETTLED").to_owned(), destinations)
            }))
        };
        Ok(wait(cx, self.clock(), &what, look).await?.unwrap_or_default())
    }
}
