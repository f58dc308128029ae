//! Brings what other services do with the table to what is wanted: who may use it, where its changes are streamed, what
//! CloudWatch follows, what scales it. Each looks first, so that a walk that was cut off begins where it stopped.

use std::collections::BTreeMap;

use aws_clients::{
    ContributorInsightsMode, KinesisChange, KinesisDestination, KinesisStatus, ScaledDimension, Scaling,
    Table,
};

use super::converge::{Before, LOST_ANSWERS};
use super::settings::{WantedInsights, WantedKinesis};
use super::work::{Failure, Work};
use crate::resources::policy_document::is_same;

impl Work<'_> {
    pub(super) async fn set_resource_policy(
        &self,
        table: &Table,
        wanted: &str,
        before: Before,
    ) -> Result<(), Failure> {
        let there = match before {
            Before::Restored => None,
            Before::Anything => self.dynamodb.find_resource_policy(&self.cx, &table.arn).await?,
        };
        let revision = match there {
            None if wanted.is_empty() => return Ok(()),
            Some(there) if is_same(&there.document, wanted) => return Ok(()),
            Some(_) if wanted.is_empty() => {
                self.insist("detaching the resource policy", || {
                    self.dynamodb.delete_resource_policy(&self.cx, &table.arn)
                })
                .await?;
                None
            }
            _ => Some(
                self.insist("attaching the resource policy", || {
                    self.dynamodb.put_resource_policy(&self.cx, &table.arn, wanted)
                })
                .await?,
            ),
        };
        // An answer without a revision tells nothing that could be waited for.
        if revision.as_ref().is_none_or(|revision| !revision.is_empty()) {
            self.dynamodb
                .wait_resource_policy(&self.cx, &table.arn, revision.as_deref())
                .await?;
        }
        Ok(())
    }

    /// A table streams to one Kinesis data stream at a time.
    pub(super) async fn set_kinesis_stream(
        &self,
        wanted: &WantedKinesis,
        before: Before,
    ) -> Result<(), Failure> {
        let table = self.table_ref();
        let mut lost = 0;
        let mut asked = false;
        let mut look = before == Before::Anything;
        loop {
            let there = match look {
                true => self.dynamodb.wait_kinesis_destinations(&self.cx, &table).await?,
                false => Vec::new(),
            };
            let Some((stream_arn, change)) = next_kinesis_change(wanted, &there) else {
                return Ok(());
            };
            let has_failed = there
                .iter()
                .any(|it| it.stream_arn == stream_arn && it.status == KinesisStatus::EnableFailed);
            if asked && has_failed {
                return Err(Failure::NotTaken {
                    act: format!("the Kinesis stream {stream_arn} (its status is ENABLE_FAILED)"),
                });
            }
            let ask = || {
                self.dynamodb
                    .change_kinesis_destination(&self.cx, &table, &stream_arn, &change)
            };
            match self.insist("setting the Kinesis stream", ask).await {
                Ok(()) => asked |= matches!(change, KinesisChange::Enable(_)),
                Err(failure) if failure.is_ambiguous() && lost < LOST_ANSWERS => lost += 1,
                Err(failure) => return Err(failure),
            }
            look = true;
        }
    }

    pub(super) async fn set_insights(&self, wanted: &WantedInsights, before: Before) -> Result<(), Failure> {
        let table = self.table_ref();
        let there = match before {
            Before::Restored => None,
            Before::Anything => self.dynamodb.find_contributor_insights(&self.cx, &table).await?,
        };
        let on = there.filter(|it| it.is_on());
        let mode: Option<&ContributorInsightsMode> = match wanted {
            WantedInsights::Off => None,
            WantedInsights::On(mode) => Some(mode),
        };
        let is_so = on.as_ref().map(|it| it.mode()).as_ref() == mode;
        if !is_so {
            self.insist("setting Contributor Insights", || {
                self.dynamodb.update_contributor_insights(&self.cx, &table, mode)
            })
            .await?;
        } else if mode.is_none() {
            return Ok(());
        }
        self.dynamodb
            .wait_contributor_insights(&self.cx, &table, mode)
            .await?;
        Ok(())
    }

    /// Ends the auto scaling of what is not to be scaled: before anything else is done to the capacity. Targets may be
    /// left of a table that had the name before.
    pub(super) async fn end_scaling(
        &self,
        table: &Table,
        wanted: &BTreeMap<ScaledDimension, Scaling>,
    ) -> Result<(), Failure> {
        let scaler = self.client.aws.autoscaling(self.region());
        let found = scaler
            .find_scaled_dimensions(&self.cx, &self.name, &index_names(table))
            .await?;
        for dimension in found.iter().filter(|it| !wanted.contains_key(it)) {
            self.insist("ending auto scaling", || {
                scaler.unscale(&self.cx, &self.name, dimension)
            })
            .await?;
        }
        Ok(())
    }

    pub(super) async fn set_scaling(
        &self,
        table: &Table,
        wanted: &BTreeMap<ScaledDimension, Scaling>,
    ) -> Result<(), Failure> {
        if wanted.is_empty() {
            return Ok(());
        }
        let scaler = self.client.aws.autoscaling(self.region());
        let found = scaler
            .find_scaling(&self.cx, &self.name, &index_names(table))
            .await?;
        for (dimension, scaling) in wanted {
            let there = found.iter().find(|it| it.dimension == *dimension);
            if there.is_some_and(|there| there.scaling == *scaling) {
                continue;
            }
            let policy = there.and_then(|there| there.policy.as_deref());
            self.insist("setting auto scaling", || {
                scaler.scale(&self.cx, &self.name, dimension, *scaling, policy)
            })
            .await?;
        }
        Ok(())
    }
}

/// The names by which the indexes of a table are scaled.
pub(super) fn index_names(table: &Table) -> Vec<String> {
    table
        .global_indexes
        .iter()
        .map(|index| index.name.clone())
        .collect()
}

/// The next change that brings the destinations closer to what is wanted.
fn next_kinesis_change(
    wanted: &WantedKinesis,
    there: &[KinesisDestination],
) -> Option<(String, KinesisChange)> {
    let on = |it: &&KinesisDestination| it.is_on();
    match wanted {
        WantedKinesis::Off => {
            let it = there.iter().find(on)?;
            Some((it.stream_arn.clone(), KinesisChange::Disable))
        }
        WantedKinesis::On {
            stream_arn,
            precision,
        } => {
            if let Some(other) = there.iter().filter(on).find(|it| it.stream_arn != *stream_arn) {
                return Some((other.stream_arn.clone(), KinesisChange::Disable));
            }
            let Some(it) = there.iter().find(on) else {
                return Some((stream_arn.clone(), KinesisChange::Enable(precision.clone())));
            };
            match (precision, &it.precision) {
                (Some(wanted), Some(is)) if wanted != is => {
                    Some((stream_arn.clone(), KinesisChange::Update(wanted.clone())))
                }
                _ => None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use aws_clients::{KinesisDestination, KinesisPrecision, KinesisStatus};

    use super::{WantedKinesis, next_kinesis_change};

    fn there(arn: &str, status: KinesisStatus, precision: Option<KinesisPrecision>) -> KinesisDestination {
        KinesisDestination {
            stream_arn: arn.to_owned(),
            status,
            precision,
        }
    }

    #[test]
    fn one_stream_at_a_time() {
        use KinesisPrecision::{Microsecond, Millisecond};
        use KinesisStatus::{Active, EnableFailed};
        let on = |precision| WantedKinesis::On {
            stream_arn: "a".to_owned(),
            precision,
        };
        let next = |wanted: &WantedKinesis, there: &[KinesisDestination]| {
            next_kinesis_change(wanted, there)
                .map(|(arn, change)| format!("{arn} {change:?}"))
                .unwrap_or_default()
        };
        assert_eq!(next(&WantedKinesis::Off, &[]), "");
        let is = |precision| there("a", Active, precision);
        assert_eq!(next(&WantedKinesis::Off, &[is(None)]), "a Disable");
        assert_eq!(next(&on(None), &[]), "a Enable(None)");
        assert_eq!(next(&on(None), &[is(Some(Microsecond))]), "");
        assert_eq!(
            next(&on(Some(Microsecond)), &[is(None)]),
            "",
            "what is not shown is not changed"
        );
        assert_eq!(
            next(&on(Some(Microsecond)), &[is(Some(Millisecond))]),
            "a Update(Microsecond)"
        );
        let other = there("b", Active, None);
        assert_eq!(next(&on(None), &[is(None), other.clone()]), "b Disable");
        assert_eq!(next(&on(None), &[other]), "b Disable");
        let failed = there("a", EnableFailed, None);
        assert_eq!(next(&on(None), std::slice::from_ref(&failed)), "a Enable(None)");
        assert_eq!(next(&WantedKinesis::Off, &[failed]), "");
    }
}
