//! Settings that are copied from the live source table, and what of them a backup remembers when the table is gone.

use std::collections::{BTreeMap, BTreeSet};

use aws_clients::{
    Backup, BillingMode, Clients, ContributorInsights, Cx, Error, KinesisDestination, Region,
    ScaledDimension, Scaling, StreamViewType, Table, TableArn, TableClass, TableName, TableRef,
};
use rules::facts::Setting;

use super::autoscaling::by_dimension;
use super::outside::index_names;
use super::resource_policy::for_table;
use super::settings::{Recovery, Wanted, WantedInsights, WantedKinesis, WantedStream, WantedTimeToLive};
use super::source::Origin;

/// What was found to copy. `None` where nothing is to be copied or the source lacks it: off is what a restored table
/// has anyway.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Carried {
    pub(super) tags: Option<BTreeMap<String, String>>,
    pub(super) time_to_live: Option<String>,
    pub(super) stream: Option<StreamViewType>,
    pub(super) recovery_days: Option<i64>,
    pub(super) deletion_protection: bool,
    pub(super) class: Option<TableClass>,
    /// As it is to be on the restored table.
    pub(super) resource_policy: Option<String>,
    pub(super) kinesis_stream: Option<KinesisDestination>,
    pub(super) insights: Option<ContributorInsights>,
    pub(super) scaling: Option<BTreeMap<ScaledDimension, Scaling>>,
    /// Settings that could not be copied because the source table is gone.
    pub(super) lost: BTreeSet<Setting>,
}

impl Carried {
    /// Reads the named settings.
    ///
    /// # Errors
    /// A read failed: the settings must not be dropped in silence.
    pub(super) async fn read(
        aws: &Clients,
        cx: &Cx,
        origin: &Origin,
        settings: &BTreeSet<Setting>,
        target: &Target<'_>,
    ) -> Result<Self, Error> {
        let mut carried = Self::default();
        if settings.is_empty() {
            return Ok(carried);
        }
        let backup = match origin.backup_arn() {
            Some(arn) => aws.dynamodb(&origin.region).find_backup(cx, &arn).await?,
            None => None,
        };
        let Some((source, region)) = origin.find_table_ref(aws, cx).await? else {
            return Ok(Self::remembered(backup.as_ref(), settings));
        };
        let dynamodb = aws.dynamodb(&region);
        let table = dynamodb.find_table(cx, &source).await?;
        let Some(table) = table.filter(|table| is_the_one(table, backup.as_ref())) else {
            return Ok(Self::remembered(backup.as_ref(), settings));
        };
        let named = TableRef::from(table.name.clone());
        for setting in settings {
            match setting {
                Setting::Tags => carried.tags = dynamodb.tags(cx, &table.arn).await?.map(without_aws),
                Setting::TimeToLive => {
                    let found = dynamodb.find_time_to_live(cx, &named).await?;
                    carried.time_to_live = found.filter(is_on).map(|it| it.attribute);
                }
                Setting::Stream => carried.stream.clone_from(&table.stream),
                Setting::PointInTimeRecovery => {
                    let backups = dynamodb.find_continuous_backups(cx, &named).await?;
                    carried.recovery_days =
                        backups.and_then(|it| it.point_in_time_recovery).map(|recovery| {
                            recovery
                                .recovery_period_in_days
                                .map_or(rules::limits::RECOVERY_PERIOD_DAYS_DEFAULT, i64::from)
                        });
                }
                Setting::DeletionProtection => carried.deletion_protection = table.deletion_protection,
                Setting::TableClass => carried.class = Some(table.class.clone()),
                Setting::ResourcePolicy => {
                    let found = dynamodb.find_resource_policy(cx, &table.arn).await?;
                    carried.resource_policy =
                        found.map(|it| for_table(&it.document, table.arn.as_str(), &target.arn(&table.arn)));
                }
                Setting::KinesisStream => {
                    let found = dynamodb.find_kinesis_destinations(cx, &named).await?;
                    carried.kinesis_stream = found.into_iter().flatten().find(KinesisDestination::is_on);
                }
                Setting::ContributorInsights => {
                    let found = dynamodb.find_contributor_insights(cx, &named).await?;
                    carried.insights = found.filter(ContributorInsights::is_on);
                }
                Setting::Autoscaling if table.billing_mode == BillingMode::Provisioned => {
                    let found = aws
                        .autoscaling(&region)
                        .find_scaling(cx, &table.name, &index_names(&table))
                        .await?;
                    carried.scaling = Some(by_dimension(found)).filter(|found| !found.is_empty());
                }
                Setting::Autoscaling => {}
            }
        }
        Ok(carried)
    }

    /// The table is gone, or another one has its name. A backup remembers its stream and its time to live.
    fn remembered(backup: Option<&Backup>, settings: &BTreeSet<Setting>) -> Self {
        let mut carried = Self::default();
        for setting in settings {
            match (setting, backup) {
                (Setting::TimeToLive, Some(backup)) => {
                    let found = backup.table.time_to_live.clone();
                    carried.time_to_live = found.filter(is_on).map(|it| it.attribute);
                }
                (Setting::Stream, Some(backup)) => carried.stream.clone_from(&backup.table.stream),
                (setting, _) => {
                    carried.lost.insert(*setting);
                }
            }
        }
        carried
    }

    /// What of it a restored table can have: only provisioned capacity is scaled, and only that of indexes which were
    /// restored.
    pub(super) fn fitting(&self, table: &Table) -> Self {
        let has = |dimension: &ScaledDimension| match &dimension.index {
            Some(name) => table.global_indexes.iter().any(|index| index.name == *name),
            None => true,
        };
        let mut fitting = self.clone();
        fitting.scaling = fitting
            .scaling
            .filter(|_| table.billing_mode == BillingMode::Provisioned)
            .map(|scaling| {
                scaling
                    .into_iter()
                    .filter(|(dimension, _)| has(dimension))
                    .collect()
            });
        fitting
    }

    /// What is to be set on the restored table, without tags.
    pub(super) fn wanted(&self) -> Wanted {
        Wanted {
            recovery: self.recovery_days.map(|days| Recovery::On { days }),
            deletion_protection: self.deletion_protection.then_some(true),
            class: self.class.clone(),
            stream: self.stream.clone().map(WantedStream::On),
            resource_policy: self.resource_policy.clone(),
            kinesis_stream: self.kinesis_stream.as_ref().map(|it| WantedKinesis::On {
                stream_arn: it.stream_arn.clone(),
                precision: it.precision.clone(),
            }),
            insights: self.insights.as_ref().map(|it| WantedInsights::On(it.mode())),
            autoscaling: self.scaling.clone(),
            time_to_live: self
                .time_to_live
                .clone()
                .map(|attribute| WantedTimeToLive::On { attribute }),
            ..Wanted::default()
        }
    }
}

/// The table that the settings are for.
pub(super) struct Target<'a> {
    pub(super) region: &'a Region,
    pub(super) name: &'a TableName,
}

impl Target<'_> {
    /// Its ARN, which is in the account and partition of the source.
    fn arn(&self, source: &TableArn) -> String {
        let (partition, account) = (source.partition(), source.account());
        let Self { region, name } = self;
        format!("arn:{partition}:dynamodb:{region}:{account}:table/{name}")
    }
}

/// Whether a table is the one that was backed up, and not another one that took its name.
fn is_the_one(table: &Table, backup: Option<&Backup>) -> bool {
    let recorded = backup.and_then(|backup| backup.summary.table_id.as_ref());
    recorded
        .zip(table.id.as_ref())
        .is_none_or(|(recorded, id)| recorded == id)
}

/// Tags that AWS itself has put on the table cannot be set by anyone else.
fn without_aws(tags: BTreeMap<String, String>) -> BTreeMap<String, String> {
    tags.into_iter()
        .filter(|(key, _)| !key.starts_with("aws:"))
        .collect()
}

fn is_on(it: &aws_clients::TimeToLive) -> bool {
    use aws_clients::TimeToLiveStatus::{Enabled, Enabling};
    matches!(it.status, Enabled | Enabling)
}
