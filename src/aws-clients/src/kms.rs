//! KMS keys, as far as a restore or a backup depends on them.

use std::sync::Arc;

use aws_config::retry::RetryConfig;
use aws_sdk_kms::types;
use tokio::sync::OnceCell;

use crate::call::{Call, Caller};
use crate::clients::Shared;
use crate::cx::Cx;
use crate::error::Error;
use crate::names::Region;
use crate::operation::Operation;
use crate::words::KeyState;

/// KMS in one Region. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Kms {
    shared: Arc<Shared>,
    regional: Arc<Regional>,
}

/// What all clones of a Region's client share.
#[derive(Debug)]
pub(crate) struct Regional {
    caller: Caller,
    client: OnceCell<aws_sdk_kms::Client>,
}

impl Regional {
    pub(crate) fn new(caller: Caller) -> Self {
        Self {
            caller,
            client: OnceCell::new(),
        }
    }
}

/// A KMS key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// ARN, also when it was asked for by id or alias.
    pub arn: String,
    /// State.
    pub state: KeyState,
    /// Whether it is symmetric and made for encryption, as DynamoDB needs it.
    pub encrypts_symmetrically: bool,
    /// What it is made of, as in `SYMMETRIC_DEFAULT`.
    pub spec: String,
    /// Whether AWS manages it, as `alias/aws/dynamodb`.
    pub managed_by_aws: bool,
    /// Whether replicas of it exist in other Regions.
    pub multi_region: bool,
}

impl Kms {
    pub(crate) fn new(shared: Arc<Shared>, regional: Arc<Regional>) -> Self {
        Self { shared, regional }
    }

    /// The Region that is asked.
    pub fn region(&self) -> &Region {
        &self.regional.caller.region
    }

    /// Finds a key by id, ARN or alias.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Denied`] where the caller may not `kms:DescribeKey`.
    pub async fn find_key(&self, cx: &Cx, key: &str) -> Result<Option<Key>, Error> {
        let client = self.client(cx).await?;
        let call = Call::new(Operation::DescribeKey, format!("describing KMS key {key}"), key);
        let answer = self
            .regional
            .caller
            .call(cx, &call, || client.describe_key().key_id(key).send())
            .await;
        match answer {
            Ok(answer) => Ok(answer.key_metadata.and_then(Key::from_aws)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn client(&self, cx: &Cx) -> Result<&aws_sdk_kms::Client, Error> {
        let shared = &self.shared;
        shared.check_region(self.region())?;
        shared.check_account(cx).await?;
        let client = self.regional.client.get_or_init(|| async {
            let region = self.region();
            let mut builder = aws_sdk_kms::config::Builder::from(shared.sdk_config().await)
                .region(aws_types::region::Region::new(region.as_str().to_owned()))
                .retry_config(RetryConfig::disabled())
                .interceptor(shared.headers(region));
            if let Some(url) = &shared.settings.endpoints.kms {
                builder = builder.endpoint_url(url);
            }
            aws_sdk_kms::Client::from_conf(builder.build())
        });
        Ok(client.await)
    }
}

impl Key {
    fn from_aws(key: types::KeyMetadata) -> Option<Self> {
        let spec = key
            .key_spec
            .as_ref()
            .map_or_else(String::new, |spec| spec.as_str().to_owned());
        let encrypts = key.key_usage == Some(types::KeyUsageType::EncryptDecrypt);
        Some(Self {
            arn: key.arn?,
            state: key.key_state?.as_str().into(),
            encrypts_symmetrically: encrypts && spec == "SYMMETRIC_DEFAULT",
            spec,
            managed_by_aws: key.key_manager == Some(types::KeyManagerType::Aws),
            multi_region: key.multi_region.unwrap_or(false),
        })
    }
}
