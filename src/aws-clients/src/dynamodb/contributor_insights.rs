//! CloudWatch Contributor Insights of a table, not of its indexes: found, switched on and off, and awaited.

use std::time::Duration;

use aws_sdk_dynamodb::types;

use super::DynamoDb;
use crate::call::{Call, found};
use crate::contributor_insights::ContributorInsights;
use crate::cx::Cx;
use crate::error::Error;
use crate::names::TableRef;
use crate::operation::Operation;
use crate::wait::{Gone, Wait, wait};
use crate::words::{ContributorInsightsMode, ContributorInsightsStatus};

impl DynamoDb {
    /// Finds the Contributor Insights of a table; `None` when they are off or there is no table.
    ///
    /// # Errors
    /// [`crate::ErrorKind::OtherRegion`] for an ARN of another Region.
    pub async fn find_contributor_insights(
        &self,
        cx: &Cx,
        table: &TableRef,
    ) -> Result<Option<ContributorInsights>, Error> {
        let doing = format!(
            "describing Contributor Insights of table {table} in {}",
            self.region()
        );
        self.check_table_region(&doing, table)?;
        let client = self.client(cx).await?;
        let call = Call::new(Operation::DescribeContributorInsights, doing, table.as_str());
        let send = || {
            client
                .describe_contributor_insights()
                .table_name(table.as_str())
                .send()
        };
        let answer = found(self.call(cx, &call, send).await)?;
        Ok(answer.and_then(|answer| {
            let status: ContributorInsightsStatus = answer.contributor_insights_status?.as_str().into();
            (status != ContributorInsightsStatus::Disabled).then_some(ContributorInsights {
                status,
                mode: answer.contributor_insights_mode.map(|mode| mode.as_str().into()),
            })
        }))
    }

    /// Switches Contributor Insights on with a mode, or off with `None`. AWS goes on with it by itself. Safe to repeat.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] while the table is being created or restored.
    pub async fn update_contributor_insights(
        &self,
        cx: &Cx,
        table: &TableRef,
        mode: Option<&ContributorInsightsMode>,
    ) -> Result<(), Error> {
        let switching = if mode.is_some() { "on" } else { "off" };
        let doing = format!(
            "switching {switching} Contributor Insights of table {table} in {}",
            self.region()
        );
        self.check_table_region(&doing, table)?;
        let client = self.client(cx).await?;
        let call = Call::new(Operation::UpdateContributorInsights, doing, table.as_str());
        let action = match mode {
            Some(_) => types::ContributorInsightsAction::Enable,
            None => types::ContributorInsightsAction::Disable,
        };
        let send = || {
            client
                .update_contributor_insights()
                .table_name(table.as_str())
                .contributor_insights_action(action.clone())
                .set_contributor_insights_mode(
                    mode.map(|mode| types::ContributorInsightsMode::from(mode.as_str())),
                )
                .send()
        };
        self.call(cx, &call, send).await?;
        Ok(())
    }

    /// Waits until Contributor Insights are on in a mode, or off where that is `None`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::UnexpectedStatus`] for `FAILED`, as where CloudWatch has no more room for rules.
    pub async fn wait_contributor_insights(
        &self,
        cx: &Cx,
        table: &TableRef,
        mode: Option<&ContributorInsightsMode>,
    ) -> Result<(), Error> {
        let on_or_off = if mode.is_some() { "on" } else { "off" };
        let doing = format!("waiting for Contributor Insights of table {table} to be {on_or_off}");
        let what = Wait {
            doing: &doing,
            pending: &["CHANGING"],
            target: &["IN FORCE"],
            gone: Gone::Target,
            longest_pause: Duration::from_secs(5),
            goes_on: "AWS goes on with the change",
        };
        let look = || async {
            let found = self.find_contributor_insights(cx, table).await?;
            let status = match (&found, mode) {
                (None, None) => "IN FORCE",
                (Some(it), Some(mode))
                    if it.status == ContributorInsightsStatus::Enabled && it.mode() == *mode =>
                {
                    "IN FORCE"
                }
                (Some(it), _) if it.status == ContributorInsightsStatus::Failed => it.status.as_str(),
                _ => "CHANGING",
            };
            Ok(Some((status.to_owned(), ())))
        };
        wait(cx, self.clock(), &what, look).await?;
        Ok(())
    }
}
