//! What a plan reads of AWS: the target, the source, what a restore drops of it, the key. Decides nothing.
//!
//! A read that AWS denies is no failure: the check that needs it is not made, and a notice says so. Reads go to the
//! Region of the thing that is read, which for the source may be another one than that of the new table.

use std::collections::BTreeSet;

use aws_clients::{
    Backup, BillingMode, ContinuousBackups, ContributorInsights, Cx as AwsCx, Error, ErrorKind, Key,
    KinesisDestination, RecoveryPoint, Region, Table, TableArn, TableRef,
};
use rules::Fact;
use rules::facts::{ObservedBackup, ObservedRecovery, ObservedTable, RestoreObserved, Setting};
use tfsdk::{Attr, Change, Cx, Diagnostics};

use super::attempt;
use super::checks::{SourceIndexes, UpdateObserved, added_indexes};
use super::facts::{carried, object};
use super::going;
use super::job;
use super::model::Model;
use super::outside::index_names;
use super::plan::Observed;
use super::proposal;
use super::recovery_point;
use super::settings::is_spelled_out;
use super::source::Origin;
use super::tags::are_copied;
use crate::client::Client;
use crate::facts::Planner;
use crate::resources::tags::Tags;
use crate::{diagnostics, facts};

pub(super) async fn observe(
    client: &Client,
    change: &Change<Model>,
    cx: &Cx,
) -> Result<Observed, Diagnostics> {
    match change {
        Change::Create { config, .. } => creation(client, config, cx).await,
        Change::Update { prior, config, .. } => {
            attempt::note_in_state(client, prior);
            if proposal::is_replacement(config, prior) {
                replacement(client, config, prior, cx).await
            } else {
                update(client, config, prior, cx).await
            }
        }
        Change::Destroy { prior } => destruction(client, prior, cx).await,
    }
}

/// Collects what cannot be read.
pub(super) struct Look<'a> {
    pub(super) client: &'a Client,
    pub(super) cx: AwsCx,
    notices: Diagnostics,
}

impl<'a> Look<'a> {
    fn new(client: &'a Client, cx: &Cx) -> Self {
        Self {
            client,
            cx: client.cx(cx),
            notices: Diagnostics::new(),
        }
    }

    /// The same about something without which a restore can well be planned, also where nobody answers.
    fn further_fact<T>(
        &mut self,
        check: &str,
        read: Result<Option<T>, Error>,
    ) -> Result<Fact<T>, Diagnostics> {
        match read {
            Err(err) if err.kind() == ErrorKind::Unavailable => {
                self.notices
                    .push(diagnostics::unreadable(self.client.validation, check, &err));
                Ok(Fact::Unknown)
            }
            read => self.fact(check, read),
        }
    }

    /// What a read brought, as a fact. `check` completes "It was not checked whether …".
    pub(super) fn fact<T>(
        &mut self,
        check: &str,
        read: Result<Option<T>, Error>,
    ) -> Result<Fact<T>, Diagnostics> {
        match read {
            Ok(found) => Ok(Fact::from_option(found)),
            Err(err)
                if matches!(
                    err.kind(),
                    ErrorKind::Credentials
                        | ErrorKind::RegionNotEnabled
                        | ErrorKind::Account
                        | ErrorKind::Cancelled
                        | ErrorKind::Certificate
                        | ErrorKind::Configuration
                        | ErrorKind::NotAws
                        | ErrorKind::Unavailable
                ) =>
            {
                Err(diagnostics::aws("Restore cannot be planned", &err).into())
            }
            Err(err) => {
                self.notices
                    .push(diagnostics::unreadable(self.client.validation, check, &err));
                Ok(Fact::Unknown)
            }
        }
    }
}

/// A new table.
async fn creation(client: &Client, config: &Model, cx: &Cx) -> Result<Observed, Diagnostics> {
    let mut look = Look::new(client, cx);
    let region = region_of(client, config);
    let mut seen = about(&look, region.as_ref()).await?;
    if !client.validation.observe {
        return Ok(seen);
    }
    let origin = config
        .source
        .known()
        .and_then(|source| Origin::of(source, region.as_ref()));
    // A source of another account or partition cannot be read, and the rules say so with better words.
    let is_of_account = |owner: &str| {
        let account = seen.planner.account.as_deref();
        account.is_none_or(|account| account == owner)
    };
    let is_of_caller = |origin: &&Origin| {
        origin.account().is_none_or(is_of_account)
            && origin.region.partition() == client.aws.region().partition()
    };
    let readable = origin.as_ref().filter(is_of_caller);

    let (target, source, key) = tokio::join!(
        find_target(client, &look.cx, config, region.as_ref()),
        Box::pin(read_source(client, &look.cx, config, readable, &is_of_account)),
        find_key(client, &look.cx, config, region.as_ref()),
    );
    seen.foreign_table = source.foreign_table.clone();
    let observed = &mut seen.observed;
    if let Some(target) = target {
        let target = look.fact("the name of the new table is free", target)?;
        if let (Fact::Known(table), Some(region)) = (&target, &region) {
            let account = seen.planner.account.as_deref();
            let is_ours = attempt::is_ours(client, account, region, table, origin.as_ref());
            let is_ours = match (is_ours, &origin) {
                (false, Some(origin)) => {
                    let made = job::is_ours(client, &look.cx, account, region, table, origin).await;
                    look.fact(
                        "the table of that name comes from an earlier apply",
                        made.map(Some),
                    )?
                }
                (is_ours, _) => Fact::Known(is_ours),
            };
            observed.target_is_own_attempt = is_ours;
        }
        observed.target = target.map(|table| facts::table(&table));
    }
    source.into_facts(&mut look, observed)?;
    if let Some(key) = key {
        observed.kms_key = look
            .fact("the KMS key exists and can be used", key)?
            .map(|key| facts::key(&key));
    }
    let (source_key, tables) = tokio::join!(
        find_source_key(client, &look.cx, config, region.as_ref(), observed),
        count_tables(client, &look.cx, region.as_ref(), observed),
    );
    if let Some(key) = source_key {
        observed.source_key = look
            .fact("the KMS key of the source exists and can be used", key)?
            .map(|key| facts::key(&key));
    }
    if let Some(tables) = tables {
        let tables = look.fact("the Region has room for another table", tables.map(Some))?;
        observed.tables_in_region = tables.map(|number| number as u64);
    }
    // The clock is AWS's: it shows in the answers that were just read.
    seen.planner.now = match (&region, readable) {
        (Some(region), _) if !observed.target.is_unknown() => Fact::Known(client.now(region)),
        (_, Some(origin)) => Fact::Known(client.now(&origin.region)),
        _ => Fact::Unknown,
    };
    seen.notices = look.notices;
    Ok(seen)
}

/// A table that goes. One that is unfinished may be on its way to the create that goes on with it.
async fn destruction(client: &Client, prior: &Model, cx: &Cx) -> Result<Observed, Diagnostics> {
    let mut look = Look::new(client, cx);
    let region = prior.region.known().map(Region::new);
    let mut seen = about(&look, region.as_ref()).await?;
    if client.validation.observe && prior.unfinished != Attr::Known(true) {
        seen.planner.now = going::observe(&mut look, prior, &mut seen.observed).await?;
    }
    seen.notices = look.notices;
    Ok(seen)
}

/// The first half of a replacement, which alone may warn: all that is read for the new table, and what goes with the old
/// one.
async fn replacement(
    client: &Client,
    config: &Model,
    prior: &Model,
    cx: &Cx,
) -> Result<Observed, Diagnostics> {
    let mut seen = Box::pin(creation(client, config, cx)).await?;
    if !client.validation.observe {
        return Ok(seen);
    }
    let region = region_of(client, config);
    let moves = config.name != prior.name
        || region.as_ref().map(Region::as_str) != prior.region.known().map(String::as_str);
    if !moves {
        // The name is free once the old table is gone.
        seen.observed.target = Fact::Unknown;
        seen.observed.target_is_own_attempt = Fact::Unknown;
    }
    let mut look = Look::new(client, cx);
    if prior.unfinished != Attr::Known(true) {
        let now = going::observe(&mut look, prior, &mut seen.observed).await?;
        if now.is_known() {
            seen.planner.now = now;
        }
    }
    seen.notices.extend(look.notices);
    Ok(seen)
}

/// A change in place.
async fn update(client: &Client, config: &Model, prior: &Model, cx: &Cx) -> Result<Observed, Diagnostics> {
    let planned = proposal::for_update(config, prior);
    let mut look = Look::new(client, cx);
    let region = region_of(client, &planned);
    let mut seen = about(&look, region.as_ref()).await?;
    seen.tags_copied = are_copied(prior, cx);
    if !client.validation.observe || !proposal::changes_table(prior, &planned) {
        return Ok(seen);
    }
    let mut found = UpdateObserved::default();
    if !added_indexes(prior, &planned).is_empty() {
        found.source_indexes = source_indexes(&mut look, &planned, region.as_ref()).await?;
    }
    if let (Some(region), Some(table)) = (&region, table_ref(prior))
        && !prior.point_in_time_recovery.is_null()
        && planned.point_in_time_recovery != prior.point_in_time_recovery
    {
        let backups = client
            .aws
            .dynamodb(region)
            .find_continuous_backups(&look.cx, &table)
            .await;
        let backups = look.fact("restorable history is lost", backups)?;
        found.earliest_restorable = backups
            .into_known()
            .and_then(|backups| backups.point_in_time_recovery)
            .and_then(|recovery| recovery.earliest_restorable_time);
        found.now = Some(client.now(region));
    }
    if planned.server_side_encryption != prior.server_side_encryption
        && let Some(key) = find_key(client, &look.cx, config, region.as_ref()).await
    {
        seen.observed.kms_key = look
            .fact("the KMS key exists and can be used", key)?
            .map(|key| facts::key(&key));
    }
    seen.update = found;
    seen.notices = look.notices;
    Ok(seen)
}

/// Who plans, where and when.
async fn about(look: &Look<'_>, region: Option<&Region>) -> Result<Observed, Diagnostics> {
    let aws = &look.client.aws;
    let planner = look
        .client
        .planner(&look.cx, region.unwrap_or(aws.region()))
        .await?;
    // The clock of this machine is not AWS's: the time is taken from the answers that are read.
    let planner = Planner {
        now: Fact::Unknown,
        ..planner
    };
    Ok(Observed {
        planner,
        tags: Some(Tags::of(aws)),
        ..Observed::default()
    })
}

pub(super) fn region_of(client: &Client, config: &Model) -> Option<Region> {
    match &config.region {
        Attr::Known(own) => Some(Region::new(own)),
        Attr::Null => Some(client.aws.region().clone()),
        Attr::Unknown => None,
    }
}

fn table_ref(model: &Model) -> Option<TableRef> {
    model.name.known()?.parse().ok().map(TableRef::Name)
}

async fn find_target(
    client: &Client,
    cx: &AwsCx,
    config: &Model,
    region: Option<&Region>,
) -> Option<Result<Option<Table>, Error>> {
    let table = table_ref(config)?;
    Some(client.aws.dynamodb(region?).find_table(cx, &table).await)
}

/// What was read about the source. `None`: not asked.
#[derive(Default)]
struct SourceRead {
    point: Option<Result<Option<RecoveryPoint>, Error>>,
    /// The table, where it is in another account and cannot be read from here.
    foreign_table: Option<TableArn>,
    backup: Option<Result<Option<Backup>, Error>>,
    table: Option<Result<Option<Table>, Error>>,
    recovery: Option<Result<Option<ContinuousBackups>, Error>>,
    tags: Option<Result<Option<Vec<String>>, Error>>,
    time_to_live: Option<Result<Option<String>, Error>>,
    resource_policy: Option<Result<Option<()>, Error>>,
    kinesis_stream: Option<Result<Option<String>, Error>>,
    insights: Option<Result<Option<()>, Error>>,
    scaling: Option<Result<Option<Vec<String>>, Error>>,
}

async fn read_source(
    client: &Client,
    cx: &AwsCx,
    config: &Model,
    origin: Option<&Origin>,
    is_of_account: &(dyn Fn(&str) -> bool + Sync),
) -> SourceRead {
    let Some(origin) = origin else {
        return SourceRead::default();
    };
    let mut read = SourceRead::default();
    let mut home = origin.table();
    if let Some(point) = origin.recovery_point()
        && point.vault_name.is_some()
    {
        let found = point.find(&client.aws, cx).await;
        if let Ok(Some(point)) = &found
            && let Some(arn) = &point.table_arn
        {
            home = Some(recovery_point::at_home(arn.clone()));
        }
        read.point = Some(found);
    }
    if let Some((TableRef::Arn(arn), _)) = &home
        && !is_of_account(arn.account())
    {
        read.foreign_table = Some(arn.clone());
        return read;
    }
    let backup = async {
        match origin.backup_arn() {
            Some(arn) => Some(client.aws.dynamodb(&origin.region).find_backup(cx, &arn).await),
            None => None,
        }
    };
    let Some((source, region)) = home else {
        read.backup = backup.await;
        return read;
    };
    let dynamodb = client.aws.dynamodb(&region);
    let (backup, table) = tokio::join!(backup, dynamodb.find_table(cx, &source));
    read.backup = backup;
    if let Ok(Some(table)) = &table {
        // Only what would be lost in silence is worth a call.
        let dropped = |setting: Setting| {
            !is_spelled_out(config, setting)
                && !carried(config).contains(&setting)
                && !config.carry_over.is_unknown()
        };
        let from_backup = read.backup.is_some();
        let from_point = origin.recovery_point().is_some();
        let named = TableRef::from(table.name.clone());
        let (recovery, tags, time_to_live, resource_policy, kinesis_stream, insights, scaling) = tokio::join!(
            async {
                if (from_backup || from_point) && !dropped(Setting::PointInTimeRecovery) {
                    return None;
                }
                Some(dynamodb.find_continuous_backups(cx, &named).await)
            },
            async {
                if !dropped(Setting::Tags) {
                    return None;
                }
                Some(dynamodb.tags(cx, &table.arn).await)
            },
            async {
                // A backup has recorded its table's time to live.
                if from_backup || !dropped(Setting::TimeToLive) {
                    return None;
                }
                Some(dynamodb.find_time_to_live(cx, &named).await)
            },
            async {
                if !dropped(Setting::ResourcePolicy) {
                    return None;
                }
                let found = dynamodb.find_resource_policy(cx, &table.arn).await;
                Some(found.map(|found| found.map(|_| ())))
            },
            async {
                // One that is to be copied must be of the new table's Region.
                if !dropped(Setting::KinesisStream) && !carried(config).contains(&Setting::KinesisStream) {
                    return None;
                }
                let found = dynamodb.find_kinesis_destinations(cx, &named).await;
                Some(found.map(|found| {
                    let on = found.into_iter().flatten().find(KinesisDestination::is_on);
                    on.map(|it| it.stream_arn)
                }))
            },
            async {
                if !dropped(Setting::ContributorInsights) {
                    return None;
                }
                let found = dynamodb.find_contributor_insights(cx, &named).await;
                Some(found.map(|found| found.filter(ContributorInsights::is_on).map(|_| ())))
            },
            async {
                // A table on demand has nothing to scale.
                if !dropped(Setting::Autoscaling) || table.billing_mode != BillingMode::Provisioned {
                    return None;
                }
                let found = client
                    .aws
                    .autoscaling(&region)
                    .find_scaled_dimensions(cx, &table.name, &index_names(table))
                    .await;
                Some(found.map(|found| {
                    let words: Vec<String> = found.iter().map(ToString::to_string).collect();
                    Some(words).filter(|words| !words.is_empty())
                }))
            },
        );
        read.resource_policy = resource_policy;
        read.kinesis_stream = kinesis_stream;
        read.insights = insights;
        read.scaling = scaling;
        read.recovery = recovery;
        read.tags = tags.map(|tags| {
            Ok(tags?.map(|tags| tags.into_keys().filter(|key| !key.starts_with("aws:")).collect()))
        });
        read.time_to_live = time_to_live.map(|found| Ok(found?.map(|it| it.attribute)));
    }
    read.table = Some(table);
    read
}

impl SourceRead {
    fn into_facts(self, look: &mut Look<'_>, observed: &mut RestoreObserved) -> Result<(), Diagnostics> {
        if let Some(point) = self.point {
            let point = look.fact("the recovery point exists and can be restored", point)?;
            observed.recovery_point = point.map(|point| recovery_point::observed(&point));
        }
        if let Some(backup) = self.backup {
            let backup: Fact<Backup> = look.fact("the backup exists and can be restored", backup)?;
            observed.backup = backup.map(|backup| -> ObservedBackup { facts::backup(&backup) });
        }
        let Some(table) = self.table else { return Ok(()) };
        let table = look.fact(
            "the source table exists, and which of its settings a restore drops",
            table,
        )?;
        let mut table: Fact<ObservedTable> = table.map(|table| facts::table(&table));
        if let Some(recovery) = self.recovery {
            let recovery = look.fact("the source table can be restored to that time", recovery)?;
            let recovery: Fact<ObservedRecovery> = recovery.map(|backups| facts::recovery(&backups));
            observed.source_recovery = recovery;
        }
        if let Fact::Known(table) = &mut table {
            let settings = &mut table.settings;
            if let Fact::Known(recovery) = &observed.source_recovery {
                settings.point_in_time_recovery = recovery.recovery_period_in_days;
            }
            if let Some(tags) = self.tags {
                let keys = look.fact("the source table has tags, which a restore drops", tags)?;
                settings.tags =
                    keys.and_then(|keys| Fact::from_option(Some(keys).filter(|keys| !keys.is_empty())));
            }
            if let Some(found) = self.resource_policy {
                let check = "the source table has a resource policy, which a restore drops";
                settings.resource_policy = look.further_fact(check, found)?;
            }
            if let Some(found) = self.kinesis_stream {
                let check = "the source table streams to Kinesis, which a restore drops";
                settings.kinesis_stream = look.further_fact(check, found)?;
            }
            if let Some(found) = self.insights {
                let check = "the source table has Contributor Insights, which a restore drops";
                settings.contributor_insights = look.further_fact(check, found)?;
            }
            if let Some(found) = self.scaling {
                let check = "the source table has auto scaling, which a restore drops";
                settings.autoscaling = look.further_fact(check, found)?;
            }
            if let Some(found) = self.time_to_live {
                settings.time_to_live = look.fact(
                    "the source table has a time to live, which a restore drops",
                    found,
                )?;
            }
        }
        observed.source_table = table;
        Ok(())
    }
}

/// The key that the configuration names. A key of another Region is the business of a rule.
async fn find_key(
    client: &Client,
    cx: &AwsCx,
    config: &Model,
    region: Option<&Region>,
) -> Option<Result<Option<Key>, Error>> {
    let text = config.server_side_encryption.known()?.kms_key_arn.known()?;
    let region = region?;
    let elsewhere = text.starts_with("arn:") && text.split(':').nth(3) != Some(region.as_str());
    if elsewhere {
        return None;
    }
    Some(client.aws.kms(region).find_key(cx, text).await)
}

/// The key without which the source cannot be restored, asked for where it is: that of a backup, or that of a live table
/// of the same Region.
async fn find_source_key(
    client: &Client,
    cx: &AwsCx,
    config: &Model,
    region: Option<&Region>,
    observed: &RestoreObserved,
) -> Option<Result<Option<Key>, Error>> {
    let arn = object(config, None, observed.clone())
        .source_key_arn()
        .into_known()?;
    let home = Region::new(arn.split(':').nth(3)?);
    let source = config.source.known()?;
    let is_backup = source
        .backup_arn
        .known()
        .or(source.recovery_point_arn.known())
        .is_some();
    if !is_backup && region != Some(&home) {
        return None;
    }
    Some(client.aws.kms(&home).find_key(cx, &arn).await)
}

/// How many tables there are where one more is to be made. Where the name is taken, none is.
async fn count_tables(
    client: &Client,
    cx: &AwsCx,
    region: Option<&Region>,
    observed: &RestoreObserved,
) -> Option<Result<usize, Error>> {
    let region = region.filter(|_| !observed.target.is_known())?;
    Some(client.aws.dynamodb(region).count_tables(cx).await)
}

/// The indexes that the source table has now, for one that is to be added.
async fn source_indexes(
    look: &mut Look<'_>,
    planned: &Model,
    region: Option<&Region>,
) -> Result<Option<SourceIndexes>, Diagnostics> {
    let source = match &planned.source {
        Attr::Known(source) => source,
        Attr::Null => return Ok(Some(SourceIndexes::NoSource)),
        Attr::Unknown => return Ok(None),
    };
    let Some(origin) = Origin::of(source, region) else {
        return Ok(None);
    };
    const CHECK: &str = "the source table has the index that is to be added";
    let aws = &look.client.aws;
    let home = origin.find_table_ref(aws, &look.cx).await;
    let (source, region) = match look.fact(CHECK, home)? {
        Fact::Known(home) => home,
        Fact::Absent => return Ok(Some(SourceIndexes::NoSource)),
        Fact::Unknown => return Ok(None),
    };
    let found = aws.dynamodb(&region).find_table(&look.cx, &source).await;
    let found = look.fact(CHECK, found)?;
    let table = source.table_name().to_string();
    Ok(match found {
        Fact::Known(it) => {
            let names: BTreeSet<String> = it.global_indexes.into_iter().map(|index| index.name).collect();
            Some(SourceIndexes::Of { table, names })
        }
        Fact::Absent => Some(SourceIndexes::NoTable { table }),
        Fact::Unknown => None,
    })
}
