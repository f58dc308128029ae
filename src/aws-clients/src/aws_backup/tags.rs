//! Tags of the objects of AWS Backup: vaults, plans and fully managed recovery points.

use std::collections::BTreeMap;

use super::AwsBackup;
use crate::call::{Call, found};
use crate::cx::Cx;
use crate::error::Error;
use crate::operation::Operation;

impl AwsBackup {
    /// Lists the tags of an object; `None` when it does not exist.
    ///
    /// Recovery points of which the ARN is DynamoDB's own have none: AWS refuses the call (TAG-003).
    ///
    /// # Errors
    /// [`crate::ErrorKind::Denied`] where the caller may not `backup:ListTags`.
    pub async fn find_tags(&self, cx: &Cx, arn: &str) -> Result<Option<BTreeMap<String, String>>, Error> {
        let client = self.client(cx).await?;
        let call = Call::new(
            Operation::ListBackupTags,
            format!("listing the tags of {arn}"),
            arn,
        );
        let mut tags = BTreeMap::new();
        let mut next: Option<String> = None;
        loop {
            let send = || {
                client
                    .list_tags()
                    .resource_arn(arn)
                    .set_next_token(next.clone())
                    .send()
            };
            let Some(page) = found(self.call(cx, &call, send).await)? else {
                return Ok(None);
            };
            tags.extend(page.tags.unwrap_or_default());
            match page.next_token {
                Some(token) if Some(&token) != next.as_ref() => next = Some(token),
                _ => return Ok(Some(tags)),
            }
        }
    }

    /// Sets tags of an object, and takes others away.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Denied`] where the caller may not `backup:TagResource` or `backup:UntagResource`.
    pub async fn change_tags(
        &self,
        cx: &Cx,
        arn: &str,
        set: &BTreeMap<String, String>,
        remove: &[String],
    ) -> Result<(), Error> {
        let client = self.client(cx).await?;
        if !remove.is_empty() {
            let call = Call::new(Operation::UntagBackup, format!("removing tags of {arn}"), arn);
            let send = || {
                client
                    .untag_resource()
                    .resource_arn(arn)
                    .set_tag_key_list(Some(remove.to_vec()))
                    .send()
            };
            self.call(cx, &call, send).await?;
        }
        if !set.is_empty() {
            let call = Call::new(Operation::TagBackup, format!("tagging {arn}"), arn);
            let send = || {
                client
                    .tag_resource()
                    .resource_arn(arn)
                    .set_tags(Some(set.clone().into_iter().collect()))
                    .send()
            };
            self.call(cx, &call, send).await?;
        }
        Ok(())
    }
}
