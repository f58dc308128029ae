//! DynamoDB's control plane in one Region: finds, changes and waits.
//!
//! Items are never read or written.

mod backups;
mod continuous_backups;
mod contributor_insights;
mod kinesis_stream;
mod listing;
mod resource_policy;
mod restores;
mod table_count;
mod tables;
mod tags;
mod time_to_live;

use std::error::Error as StdError;
use std::sync::Arc;

use aws_config::retry::RetryConfig;
use aws_sdk_dynamodb::Client;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use jiff::Timestamp;
use tokio::sync::OnceCell;

pub use backups::{BackupAttempt, BackupFilter};
pub use continuous_backups::PointInTimeRecoveryChange;
pub use kinesis_stream::KinesisChange;
pub use restores::{
    EncryptionChoice, GlobalIndexOverride, PointInTime, Restore, RestoreOverrides, RestoreSource,
};
pub use tables::{Seen, TableChange};

use crate::call::{Call, Caller};
use crate::clients::Shared;
use crate::clock::Clock;
use crate::cx::Cx;
use crate::error::{Error, ErrorKind};
use crate::names::{Region, TableRef};
use listing::Listing;
use table_count::TableCount;

/// DynamoDB in one Region. Cheap to clone.
#[derive(Clone, Debug)]
pub struct DynamoDb {
    shared: Arc<Shared>,
    regional: Arc<Regional>,
}

/// What all clones of a Region's client share.
#[derive(Debug)]
pub(crate) struct Regional {
    caller: Caller,
    client: OnceCell<Client>,
    listing: Listing,
    table_count: TableCount,
}

impl Regional {
    pub(crate) fn new(caller: Caller) -> Self {
        Self {
            caller,
            client: OnceCell::new(),
            listing: Listing::default(),
            table_count: TableCount::default(),
        }
    }
}

impl DynamoDb {
    pub(crate) fn new(shared: Arc<Shared>, regional: Arc<Regional>) -> Self {
        Self { shared, regional }
    }

    /// The Region that is asked.
    pub fn region(&self) -> &Region {
        &self.regional.caller.region
    }

    /// AWS's time in this Region.
    pub fn now(&self) -> Timestamp {
        self.shared.server_time(self.region()).now()
    }

    fn clock(&self) -> &dyn Clock {
        &*self.shared.clock
    }

    /// The client of the SDK; made at the first call.
    async fn client(&self, cx: &Cx) -> Result<&Client, Error> {
        self.shared.check_region(self.region())?;
        self.shared.check_account(cx).await?;
        let client = self.regional.client.get_or_init(|| async {
            let region = self.region();
            let mut builder = aws_sdk_dynamodb::config::Builder::from(self.shared.sdk_config().await)
                .region(aws_types::region::Region::new(region.as_str().to_owned()))
                // Repeating is `call`'s business: it paces every attempt and knows what is safe.
                .retry_config(RetryConfig::disabled())
                .interceptor(self.shared.headers(region));
            if let Some(url) = &self.shared.settings.endpoints.dynamodb {
                builder = builder.endpoint_url(url);
            }
            Client::from_conf(builder.build())
        });
        Ok(client.await)
    }

    async fn call<T, E, F>(&self, cx: &Cx, call: &Call, send: impl FnMut() -> F) -> Result<T, Error>
    where
        E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        self.regional.caller.call(cx, call, send).await
    }

    /// Refuses an ARN of another Region: AWS would answer "Invalid AWS region", or, for a backup,
    /// act on the object of this Region instead.
    fn check_region(&self, doing: &str, arn: &str, region: &Region) -> Result<(), Error> {
        if region == self.region() {
            return Ok(());
        }
        Err(Error::new(ErrorKind::OtherRegion, doing)
            .because(format!(
                "{arn} is of Region {region}, and the call would go to {}",
                self.region()
            ))
            .with_resource(arn))
    }

    fn check_table_region(&self, doing: &str, table: &TableRef) -> Result<(), Error> {
        match table {
            TableRef::Name(_) => Ok(()),
            TableRef::Arn(arn) => self.check_region(doing, arn.as_str(), &arn.region()),
        }
    }
}
