//! Time to live of a table.

use aws_sdk_dynamodb::types;

use super::DynamoDb;
use crate::call::{Call, found};
use crate::cx::Cx;
use crate::error::{Error, ErrorKind};
use crate::names::TableRef;
use crate::operation::Operation;
use crate::time_to_live::TimeToLive;

impl DynamoDb {
    /// Finds the time to live of a table; `None` when it is off or there is no table.
    ///
    /// # Errors
    /// [`ErrorKind::OtherRegion`] for an ARN of another Region.
    pub async fn find_time_to_live(&self, cx: &Cx, table: &TableRef) -> Result<Option<TimeToLive>, Error> {
        let doing = format!("describing time to live of table {table} in {}", self.region());
        self.check_table_region(&doing, table)?;
        let client = self.client(cx).await?;
        let call = Call::new(Operation::DescribeTimeToLive, doing, table.as_str());
        let send = || client.describe_time_to_live().table_name(table.as_str()).send();
        let answer = found(self.call(cx, &call, send).await)?;
        Ok(answer
            .and_then(|answer| answer.time_to_live_description)
            .and_then(TimeToLive::from_aws))
    }

    /// Switches time to live on or off. AWS takes one change per table in about an hour.
    ///
    /// To switch it off, AWS wants to hear the attribute that it is on for.
    ///
    /// # Errors
    /// [`ErrorKind::Ambiguous`] when the answer was lost: a repetition might be refused because of
    /// the first call, so read it again first.
    pub async fn update_time_to_live(
        &self,
        cx: &Cx,
        table: &TableRef,
        attribute: &str,
        enabled: bool,
    ) -> Result<(), Error> {
        let switching = if enabled { "on" } else { "off" };
        let doing = format!(
            "switching {switching} time to live of table {table} in {}",
            self.region()
        );
        self.check_table_region(&doing, table)?;
        let client = self.client(cx).await?;
        let call = Call::new(Operation::UpdateTimeToLive, doing, table.as_str());
        let specification = types::TimeToLiveSpecification::builder()
            .attribute_name(attribute)
            .enabled(enabled)
            .build()
            .map_err(|error| Error::new(ErrorKind::Invalid, &*call.doing).with_source(error))?;
        let send = || {
            client
                .update_time_to_live()
                .table_name(table.as_str())
                .time_to_live_specification(specification.clone())
                .send()
        };
        self.call(cx, &call, send).await?;
        Ok(())
    }
}
