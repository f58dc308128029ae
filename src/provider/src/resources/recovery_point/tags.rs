//! Tags of a recovery point: those of the object and of the provider, beside those that AWS Backup copies from the
//! table, which are left alone.

use std::collections::BTreeMap;

use aws_clients::{AwsBackup, Error, RecoveryPointArn, TableArn};
use tfsdk::Attr;

use super::model::Model;
use crate::Client;
use crate::resources::tags::{Tags, attrs};

/// Tags as attributes.
pub(super) type WrittenTags = Attr<BTreeMap<String, Attr<String>>>;

/// What `tags_all` will be. Unknown while it is not known whether the recovery point can have tags.
pub(super) fn planned(tags: &Tags, model: &Model, is_fully_managed: Option<bool>) -> WrittenTags {
    match (tags.merged(&model.tags), is_fully_managed) {
        (Some(merged), _) if merged.is_empty() => Attr::Known(BTreeMap::new()),
        (_, Some(false)) => Attr::Known(BTreeMap::new()),
        (Some(merged), Some(true)) => Attr::Known(attrs(merged)),
        _ => Attr::Unknown,
    }
}

/// Shows what became of the tags that this object sets, in a model that says which those are.
pub(super) fn show(tags: &Tags, model: &mut Model, actual: &BTreeMap<String, String>) {
    let said = model.tags.known().cloned().unwrap_or_default();
    let defaults = tags.over_defaults(BTreeMap::new());
    let is_ours = |key: &String| said.contains_key(key) || defaults.contains_key(key);
    // Nothing else would tell the plan that the provider's tags have changed, or are not there.
    let is_missing = defaults
        .iter()
        .any(|(key, value)| !said.contains_key(key) && actual.get(key) != Some(value));
    let ours: BTreeMap<String, String> = tags
        .visible(actual.clone())
        .into_iter()
        .filter(|(key, _)| is_ours(key))
        .collect();
    if model.tags.known().is_some() {
        // A key that was written with null is no tag, and stays as it was written.
        let kept = said.into_iter().filter_map(|(key, value)| match ours.get(&key) {
            Some(actual) => Some((key, Attr::Known(actual.clone()))),
            None => value.is_null().then_some((key, value)),
        });
        model.tags = Attr::Known(kept.collect());
    }
    model.tags_all = if is_missing {
        Attr::Null
    } else {
        Attr::Known(attrs(ours))
    };
}

/// Shows the tags of a recovery point that is being imported: all but the provider's and those of its table, which AWS
/// Backup has copied.
pub(super) fn show_imported(
    tags: &Tags,
    model: &mut Model,
    actual: &BTreeMap<String, String>,
    of_table: &BTreeMap<String, String>,
) {
    let is_own =
        |key: &str, value: &String| tags.defaults.get(key) != Some(value) && of_table.get(key) != Some(value);
    let own: BTreeMap<String, String> = tags
        .visible(actual.clone())
        .into_iter()
        .filter(|(key, value)| is_own(key, value))
        .collect();
    model.tags = if own.is_empty() {
        Attr::Null
    } else {
        Attr::Known(attrs(own))
    };
    show(tags, model, actual);
}

/// The tags of a table that has been backed up, as far as they can be read.
pub(super) async fn of_table(
    client: &Client,
    aws: &aws_clients::Cx,
    table: &TableArn,
) -> BTreeMap<String, String> {
    let dynamodb = client.aws.dynamodb(&table.region());
    match dynamodb.tags(aws, table).await {
        Ok(found) => found.unwrap_or_default(),
        Err(err) => {
            tracing::warn!(error = ?err, "tags of the table are not known, those of its recovery point count as its own");
            BTreeMap::new()
        }
    }
}

/// Sets the tags of the object, and takes those away that it has set before and does not want any more.
///
/// # Errors
/// What AWS refuses.
pub(super) async fn change(
    backup: &AwsBackup,
    aws: &aws_clients::Cx,
    arn: &RecoveryPointArn,
    wanted: &BTreeMap<String, String>,
    before: &WrittenTags,
) -> Result<(), Error> {
    let actual = backup.find_tags(aws, arn.as_str()).await?.unwrap_or_default();
    let set: BTreeMap<String, String> = wanted
        .iter()
        .filter(|(key, value)| actual.get(*key) != Some(*value))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let set_before = before.known().into_iter().flat_map(BTreeMap::keys);
    let remove: Vec<String> = set_before
        .filter(|key| !wanted.contains_key(*key) && actual.contains_key(*key))
        .cloned()
        .collect();
    backup.change_tags(aws, arn.as_str(), &set, &remove).await
}
