//! Tags of a table. Backups cannot carry any.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types;

use super::DynamoDb;
use crate::call::{Call, found};
use crate::cx::Cx;
use crate::error::{Error, ErrorKind};
use crate::names::TableArn;
use crate::operation::Operation;

impl DynamoDb {
    /// All tags of a table, `aws:` ones too; `None` when there is no table.
    ///
    /// # Errors
    /// [`ErrorKind::OtherRegion`] for an ARN of another Region.
    pub async fn tags(&self, cx: &Cx, table: &TableArn) -> Result<Option<BTreeMap<String, String>>, Error> {
        let doing = format!("listing the tags of {table}");
        self.check_region(&doing, table.as_str(), &table.region())?;
        let client = self.client(cx).await?;
        let call = Call::new(Operation::ListTagsOfResource, doing, table.as_str());
        let mut tags = BTreeMap::new();
        let mut token: Option<String> = None;
        loop {
            let send = || {
                client
                    .list_tags_of_resource()
                    .resource_arn(table.as_str())
                    .set_next_token(token.clone())
                    .send()
            };
            let Some(page) = found(self.call(cx, &call, send).await)? else {
                return Ok(None);
            };
            tags.extend(
                page.tags
                    .unwrap_or_default()
                    .into_iter()
                    .map(|tag| (tag.key, tag.value)),
            );
            match page.next_token.filter(|next| !next.is_empty()) {
                Some(next) if Some(&next) != token.as_ref() => token = Some(next),
                _ => return Ok(Some(tags)),
            }
        }
    }

    /// Sets tags; those not named stay. Safe to repeat.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] while the table is being created or restored.
    pub async fn tag(&self, cx: &Cx, table: &TableArn, tags: &BTreeMap<String, String>) -> Result<(), Error> {
        if tags.is_empty() {
            return Ok(());
        }
        let doing = format!("tagging {table}");
        self.check_region(&doing, table.as_str(), &table.region())?;
        let client = self.client(cx).await?;
        let call = Call::new(Operation::TagResource, doing, table.as_str());
        let tags = tags
            .iter()
            .map(|(key, value)| types::Tag::builder().key(key).value(value).build())
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| Error::new(ErrorKind::Invalid, &*call.doing).with_source(error))?;
        let send = || {
            client
                .tag_resource()
                .resource_arn(table.as_str())
                .set_tags(Some(tags.clone()))
                .send()
        };
        self.call(cx, &call, send).await?;
        Ok(())
    }

    /// Removes tags. Safe to repeat.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is no table.
    pub async fn untag(&self, cx: &Cx, table: &TableArn, keys: &[String]) -> Result<(), Error> {
        if keys.is_empty() {
            return Ok(());
        }
        let doing = format!("removing tags from {table}");
        self.check_region(&doing, table.as_str(), &table.region())?;
        let client = self.client(cx).await?;
        let call = Call::new(Operation::UntagResource, doing, table.as_str());
        let send = || {
            client
                .untag_resource()
                .resource_arn(table.as_str())
                .set_tag_keys(Some(keys.to_vec()))
                .send()
        };
        self.call(cx, &call, send).await?;
        Ok(())
    }
}
