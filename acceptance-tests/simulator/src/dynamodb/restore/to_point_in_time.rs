//! RestoreTableToPointInTime.
//!
//! AWS looks at one thing after the other: the arguments, point-in-time recovery, the window, the target's name; here
//! the overrides that need the source come last. The restored table has the indexes of the restore time and, as the
//! API reference says, the source's present capacity and encryption. A restore time names a whole second, and the
//! restore brings back what that second left behind: every write with a timestamp inside it is in.

use serde::Deserialize;
use serde_json::Value;

use super::super::missing_table;
use super::super::table::RestoreOrigin;
use super::overrides::Overrides;
use super::{Source, check_cross_region, check_target, start};
use crate::arn::Arn;
use crate::clock::Moment;
use crate::failure::Failure;
use crate::world::{Context, read};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    source_table_name: Option<String>,
    source_table_arn: Option<String>,
    target_table_name: String,
    use_latest_restorable_time: Option<bool>,
    restore_date_time: Option<f64>,
}

/// The restore time that was asked for.
#[derive(Clone, Copy)]
enum Wanted {
    Latest,
    Second(Moment),
}

impl Input {
    fn wanted(&self) -> Result<Wanted, Failure> {
        let latest = self.use_latest_restorable_time.unwrap_or(false);
        match (latest, self.restore_date_time) {
            (true, Some(_)) => Err(Failure::validation(
                "Both RestoreDateTime and UseLatestRestorableTime cannot be set at the same time",
            )),
            (false, None) => Err(Failure::validation(
                "Either one of RestoreDateTime or UseLatestRestorableTime must be specified, but not both",
            )),
            (true, None) => Ok(Wanted::Latest),
            (false, Some(seconds)) => Ok(Wanted::Second(
                Moment::from_epoch_seconds(seconds.floor()).floor_second(),
            )),
        }
    }

    /// The source's Region and name.
    fn source(&self, cx: &Context<'_>) -> Result<(String, String), Failure> {
        match (&self.source_table_name, &self.source_table_arn) {
            (Some(_), Some(_)) => Err(Failure::validation(
                "Must provide exactly one of: sourceTableArn, sourceTableName",
            )),
            (None, None) => Err(Failure::validation("The parameter 'TableName' is required")),
            (Some(name), None) => Ok((cx.place.region.to_string(), name.clone())),
            (None, Some(text)) => {
                let not_valid = || Failure::validation(format!("SourceTableArn: {text} is not a valid ARN"));
                let arn = Arn::parse(text)
                    .filter(|arn| arn.is_dynamodb() && arn.partition == cx.place.partition())
                    .ok_or_else(not_valid)?;
                let name = arn.table().ok_or_else(not_valid)?;
                if arn.account != &*cx.place.account {
                    return Err(Failure::validation(
                        "This action is only supported by accounts that match the resource owner's account",
                    ));
                }
                Ok((arn.region.to_owned(), name.to_owned()))
            }
        }
    }
}

pub(crate) fn serve(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let overrides: Overrides = read(input.clone())?;
    let input: Input = read(input)?;
    let wanted = input.wanted()?;
    let (region, name) = input.source(cx)?;
    overrides.check()?;
    check_cross_region(cx, &region, &overrides)?;
    let place = cx.place.in_region(&region);
    let now = cx.now;
    let found = cx.world.dynamodb.region(&place).tables.get(&name);
    let table = found
        .filter(|table| !table.is_creating() && !table.is_deleting())
        .ok_or_else(|| missing_table(&name))?;
    let Some(window) = table.recovery else {
        return Err(Failure::new(
            "PointInTimeRecoveryUnavailableException",
            format!("Point in time recovery is not enabled for table '{name}'"),
        ));
    };
    let (earliest, latest) = (
        window.earliest(now).floor_second(),
        window.latest(now).floor_second(),
    );
    let at = match wanted {
        Wanted::Latest => latest,
        Wanted::Second(second) if second < earliest || second > latest => {
            return Err(Failure::new(
                "InvalidRestoreTimeException",
                format!(
                    "Restore time {} is not within the restorable window of table '{name}': it must be between {} \
                     and {}",
                    second.to_java_date(),
                    earliest.to_java_date(),
                    latest.to_java_date()
                ),
            ));
        }
        Wanted::Second(second) => second,
    };
    let then = table.design_at(at.end_of_second());
    let mut design = table.design.clone();
    design.attributes.clone_from(&then.attributes);
    design.local_indexes.clone_from(&then.local_indexes);
    design.global_indexes = then
        .global_indexes
        .iter()
        .map(|index| {
            let now_like_it = table
                .design
                .global_indexes
                .iter()
                .find(|now| now.name == index.name);
            let mut index = index.clone();
            if let Some(now) = now_like_it {
                index.throughput = now.throughput;
                index.on_demand = now.on_demand;
            }
            index
        })
        .collect();
    let source = Source {
        design,
        items: table.items.at(at.end_of_second()),
        origin: RestoreOrigin {
            backup_arn: None,
            table_arn: table.arn.clone(),
            at,
        },
    };
    check_target(cx, &input.target_table_name)?;
    start(cx, &input.target_table_name, source, &overrides)
}
