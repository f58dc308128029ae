//! AWS Backup in one Region: finds, changes, jobs and waits.

mod backup_jobs;
mod copy_jobs;
mod jobs;
mod plans;
mod recovery_points;
mod restore_jobs;
mod selections;
mod settings;
mod tags;
mod vaults;

use std::error::Error as StdError;
use std::sync::Arc;

use aws_config::retry::RetryConfig;
use aws_sdk_backup::Client;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use jiff::Timestamp;
use tokio::sync::OnceCell;

pub use backup_jobs::{BackupJob, BackupJobFilter, BackupJobOrder, StartedBackupJob};
pub use copy_jobs::{Copy, CopyJob};
pub use plans::{Plan, PlanCopy, PlanDocument, PlanRule, PlanVersion};
pub use recovery_points::{LifecycleDays, ListedRecoveryPoint, RecoveryPoint, RecoveryPointFilter};
pub use restore_jobs::{RecoveryPointRestore, RestoreJob};
pub use selections::{Selection, SelectionCondition, SelectionSummary};
pub use settings::{GlobalSettings, RegionPreferences, RegionSettings, RegionSettingsChange};
pub use vaults::{LockChoice, NewVault, RetentionDays, Vault, VaultLock};

use crate::call::{Call, Caller};
use crate::clients::Shared;
use crate::clock::Clock;
use crate::cx::Cx;
use crate::error::{Error, ErrorKind};
use crate::names::Region;

/// AWS Backup in one Region. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AwsBackup {
    shared: Arc<Shared>,
    regional: Arc<Regional>,
}

/// What all clones of a Region's client share.
#[derive(Debug)]
pub(crate) struct Regional {
    caller: Caller,
    client: OnceCell<Client>,
}

impl Regional {
    pub(crate) fn new(caller: Caller) -> Self {
        Self {
            caller,
            client: OnceCell::new(),
        }
    }
}

impl AwsBackup {
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
            let mut builder = aws_sdk_backup::config::Builder::from(self.shared.sdk_config().await)
                .region(aws_types::region::Region::new(region.as_str().to_owned()))
                // Repeating is `call`'s business: it paces every attempt and knows what is safe.
                .retry_config(RetryConfig::disabled())
                .interceptor(self.shared.headers(region));
            if let Some(url) = &self.shared.settings.endpoints.backup {
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

    /// Refuses an ARN of another Region, of which AWS would say that it does not exist.
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
}
