//! AWS Organizations, as far as copies between accounts depend on it.

use std::sync::Arc;

use aws_config::retry::RetryConfig;
use tokio::sync::OnceCell;

use crate::call::{Call, Caller};
use crate::clients::Shared;
use crate::cx::Cx;
use crate::error::Error;
use crate::operation::Operation;

/// AWS Organizations of one partition. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Organizations {
    shared: Arc<Shared>,
    regional: Arc<Regional>,
}

/// What all clones share.
#[derive(Debug)]
pub(crate) struct Regional {
    caller: Caller,
    client: OnceCell<aws_sdk_organizations::Client>,
}

/// An organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Id, as in `o-exampleorgid`.
    pub id: String,
    /// The account that manages it.
    pub management_account: Option<String>,
}

impl Regional {
    pub(crate) fn new(caller: Caller) -> Self {
        Self {
            caller,
            client: OnceCell::new(),
        }
    }
}

impl Organizations {
    pub(crate) fn new(shared: Arc<Shared>, regional: Arc<Regional>) -> Self {
        Self { shared, regional }
    }

    /// Finds the organization of the caller's account; `None` when it is in none.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Denied`] where the caller may not `organizations:DescribeOrganization`.
    pub async fn find_organization(&self, cx: &Cx) -> Result<Option<Organization>, Error> {
        let client = self.client(cx).await?;
        let call = Call::new(
            Operation::DescribeOrganization,
            "describing the organization of the account",
            "*",
        );
        let answer = self
            .regional
            .caller
            .call(cx, &call, || client.describe_organization().send())
            .await;
        match answer {
            Ok(answer) => Ok(answer.organization.and_then(|organization| {
                Some(Organization {
                    id: organization.id?,
                    management_account: organization.master_account_id,
                })
            })),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn client(&self, cx: &Cx) -> Result<&aws_sdk_organizations::Client, Error> {
        let shared = &self.shared;
        let region = &self.regional.caller.region;
        shared.check_region(region)?;
        shared.check_account(cx).await?;
        let client = self.regional.client.get_or_init(|| async {
            let mut builder = aws_sdk_organizations::config::Builder::from(shared.sdk_config().await)
                .region(aws_types::region::Region::new(region.as_str().to_owned()))
                .retry_config(RetryConfig::disabled())
                .interceptor(shared.headers(region));
            if let Some(url) = &shared.settings.endpoints.organizations {
                builder = builder.endpoint_url(url);
            }
            aws_sdk_organizations::Client::from_conf(builder.build())
        });
        Ok(client.await)
    }
}
