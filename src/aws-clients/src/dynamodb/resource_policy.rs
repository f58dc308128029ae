//! Resource-based policies of tables: found, attached, detached.
//!
//! AWS applies a change a few seconds after it has accepted it, and takes one change per table in fifteen seconds.

use std::time::Duration;

use super::DynamoDb;
use crate::call::{Call, found};
use crate::cx::Cx;
use crate::error::Error;
use crate::names::TableArn;
use crate::operation::Operation;
use crate::resource_policy::ResourcePolicy;
use crate::wait::{Gone, Wait, wait};

impl DynamoDb {
    /// Finds the policy of a table; `None` when it has none or there is no table.
    ///
    /// # Errors
    /// [`crate::ErrorKind::OtherRegion`] for a table of another Region.
    pub async fn find_resource_policy(
        &self,
        cx: &Cx,
        table: &TableArn,
    ) -> Result<Option<ResourcePolicy>, Error> {
        let doing = format!("reading the resource policy of {table}");
        self.check_region(&doing, table.as_str(), &table.region())?;
        let client = self.client(cx).await?;
        let call = Call::new(Operation::GetResourcePolicy, doing, table.as_str());
        let send = || client.get_resource_policy().resource_arn(table.as_str()).send();
        let answer = found(self.call(cx, &call, send).await)?;
        Ok(answer.and_then(|answer| {
            Some(ResourcePolicy {
                document: answer.policy?,
                revision: answer.revision_id.unwrap_or_default(),
            })
        }))
    }

    /// Attaches a policy in place of the one that is there. Safe to repeat: the same document keeps its revision.
    ///
    /// Gives the revision, for [`Self::wait_resource_policy`].
    ///
    /// # Errors
    /// [`crate::ErrorKind::Limit`] within fifteen seconds after another change: repeat with
    /// [`crate::retry_until`]. [`crate::ErrorKind::NotFound`] while the table is being created or restored.
    pub async fn put_resource_policy(
        &self,
        cx: &Cx,
        table: &TableArn,
        document: &str,
    ) -> Result<String, Error> {
        let doing = format!("attaching a resource policy to {table}");
        self.check_region(&doing, table.as_str(), &table.region())?;
        let client = self.client(cx).await?;
        let call = Call::new(Operation::PutResourcePolicy, doing, table.as_str());
        let send = || {
            client
                .put_resource_policy()
                .resource_arn(table.as_str())
                .policy(document)
                .send()
        };
        let answer = self.call(cx, &call, send).await?;
        Ok(answer.revision_id.unwrap_or_default())
    }

    /// Detaches the policy; there may be none. Safe to repeat.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Limit`] within fifteen seconds after another change: repeat with
    /// [`crate::retry_until`].
    pub async fn delete_resource_policy(&self, cx: &Cx, table: &TableArn) -> Result<(), Error> {
        let doing = format!("detaching the resource policy of {table}");
        self.check_region(&doing, table.as_str(), &table.region())?;
        let client = self.client(cx).await?;
        let call = Call::new(Operation::DeleteResourcePolicy, doing, table.as_str());
        let send = || {
            client
                .delete_resource_policy()
                .resource_arn(table.as_str())
                .send()
        };
        found(self.call(cx, &call, send).await)?;
        Ok(())
    }

    /// Waits until the policy shows in this revision, or shows no more where that is `None`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::TimedOut`] at the context's deadline.
    pub async fn wait_resource_policy(
        &self,
        cx: &Cx,
        table: &TableArn,
        revision: Option<&str>,
    ) -> Result<(), Error> {
        let doing = format!("waiting for the resource policy of {table} to be in force");
        let what = Wait {
            doing: &doing,
            pending: &["CHANGING"],
            target: &["IN FORCE"],
            gone: Gone::Failure("the policy has gone"),
            longest_pause: Duration::from_secs(5),
            goes_on: "AWS has taken the change",
        };
        let look = || async {
            let policy = self.find_resource_policy(cx, table).await?;
            let shown = policy.map(|policy| policy.revision);
            let status = if shown.as_deref() == revision {
                "IN FORCE"
            } else {
                "CHANGING"
            };
            Ok(Some((status.to_owned(), ())))
        };
        wait(cx, self.clock(), &what, look).await?;
        Ok(())
    }
}
