//! Continuous backups: point-in-time recovery of one table.

use std::time::Duration;

use aws_sdk_dynamodb::types;

use super::DynamoDb;
use crate::backup::ContinuousBackups;
use crate::call::{Call, found, incomplete};
use crate::cx::Cx;
use crate::error::{Error, ErrorKind};
use crate::names::TableRef;
use crate::operation::Operation;
use crate::wait::{Gone, Wait, wait};

/// Point-in-time recovery as it is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointInTimeRecoveryChange {
    /// On, with a recovery period of 1 to 35 days. It is always sent: AWS would take 35 for a
    /// period that is left out, and forgets the period when recovery is switched off.
    Enable {
        /// How many days back.
        recovery_period_in_days: i32,
    },
    /// Off; the whole window is lost.
    Disable,
}

impl PointInTimeRecoveryChange {
    /// Whether continuous backups are as this change makes them.
    ///
    /// An answer without a period, as emulators give it, counts as having the wanted one.
    pub fn is_in_force(&self, backups: &ContinuousBackups) -> bool {
        match (self, &backups.point_in_time_recovery) {
            (Self::Disable, None) => true,
            (
                Self::Enable {
                    recovery_period_in_days,
                },
                Some(recovery),
            ) => recovery
                .recovery_period_in_days
                .is_none_or(|days| days == *recovery_period_in_days),
            _ => false,
        }
    }
}

impl DynamoDb {
    /// Finds the continuous backups of a table; `None` when there is no table.
    ///
    /// # Errors
    /// [`ErrorKind::OtherRegion`] for an ARN of another Region.
    pub async fn find_continuous_backups(
        &self,
        cx: &Cx,
        table: &TableRef,
    ) -> Result<Option<ContinuousBackups>, Error> {
        let doing = format!(
            "describing continuous backups of table {table} in {}",
            self.region()
        );
        self.check_table_region(&doing, table)?;
        let client = self.client(cx).await?;
        let call = Call::new(Operation::DescribeContinuousBackups, doing, table.as_str());
        let send = || {
            client
                .describe_continuous_backups()
                .table_name(table.as_str())
                .send()
        };
        let Some(answer) = found(self.call(cx, &call, send).await)? else {
            return Ok(None);
        };
        let backups = answer
            .continuous_backups_description
            .map(ContinuousBackups::from_aws);
        backups
            .map(Some)
            .ok_or_else(|| incomplete(&call, "the continuous backups"))
    }

    /// Switches point-in-time recovery on or off, or changes its period. Safe to repeat.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] for some seconds to minutes after a table was created: repeat with
    /// [`crate::retry_until`].
    pub async fn update_continuous_backups(
        &self,
        cx: &Cx,
        table: &TableRef,
        change: PointInTimeRecoveryChange,
    ) -> Result<ContinuousBackups, Error> {
        let doing = match change {
            PointInTimeRecoveryChange::Enable {
                recovery_period_in_days,
            } => format!(
                "switching on point-in-time recovery of table {table} in {} for {recovery_period_in_days} days",
                self.region()
            ),
            PointInTimeRecoveryChange::Disable => {
                format!(
                    "switching off point-in-time recovery of table {table} in {}",
                    self.region()
                )
            }
        };
        self.check_table_region(&doing, table)?;
        let client = self.client(cx).await?;
        let call = Call::new(Operation::UpdateContinuousBackups, doing, table.as_str());
        let builder = types::PointInTimeRecoverySpecification::builder();
        let specification = match change {
            PointInTimeRecoveryChange::Enable {
                recovery_period_in_days,
            } => builder
                .point_in_time_recovery_enabled(true)
                .recovery_period_in_days(recovery_period_in_days),
            // AWS refuses a period together with "off".
            PointInTimeRecoveryChange::Disable => builder.point_in_time_recovery_enabled(false),
        };
        let specification = specification
            .build()
            .map_err(|error| Error::new(ErrorKind::Invalid, &*call.doing).with_source(error))?;
        let send = || {
            client
                .update_continuous_backups()
                .table_name(table.as_str())
                .point_in_time_recovery_specification(specification.clone())
                .send()
        };
        let answer = self.call(cx, &call, send).await?;
        let backups = answer
            .continuous_backups_description
            .map(ContinuousBackups::from_aws);
        backups.ok_or_else(|| incomplete(&call, "the continuous backups"))
    }

    /// Waits until a change of point-in-time recovery shows.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when the table has gone.
    pub async fn wait_continuous_backups(
        &self,
        cx: &Cx,
        table: &TableRef,
        change: PointInTimeRecoveryChange,
    ) -> Result<ContinuousBackups, Error> {
        let doing = match change {
            PointInTimeRecoveryChange::Enable {
                recovery_period_in_days,
            } => format!(
                "waiting for point-in-time recovery of table {table} to be on for {recovery_period_in_days} days"
            ),
            PointInTimeRecoveryChange::Disable => {
                format!("waiting for point-in-time recovery of table {table} to be off")
            }
        };
        let what = Wait {
            doing: &doing,
            pending: &["CHANGING"],
            target: &["IN FORCE"],
            gone: Gone::Failure("the table has gone"),
            longest_pause: Duration::from_secs(5),
            goes_on: "AWS has taken the change",
        };
        let look = || async {
            let backups = self.find_continuous_backups(cx, table).await?;
            Ok(backups.map(|backups| {
                let status = if change.is_in_force(&backups) {
                    "IN FORCE"
                } else {
                    "CHANGING"
                };
                (status.to_owned(), backups)
            }))
        };
        wait(cx, self.clock(), &what, look)
            .await?
            .ok_or_else(|| Error::new(ErrorKind::NotFound, &*doing).because("the table has gone"))
    }
}
