//! A provider: its configuration and what it offers.

use std::future::Future;

use crate::{Cx, Diagnostics, DynDataSource, DynFunction, DynResource, Model, Review, Schema, Walk};

/// What comes with the provider block when Terraform configures the provider.
#[derive(Debug, Clone, Default)]
pub struct ConfigureRequest {
    /// The version of the tool that runs us, for the user agent.
    pub terraform_version: String,
}

/// A provider.
pub trait Provider: Send + Sync + 'static {
    /// The prefix of all type names: `dynamodb`.
    const NAME: &'static str;
    /// The typed provider block.
    type Config: Model;
    /// What configuration yields and every operation is given.
    type Client: Send + Sync + 'static;

    /// The schema of the provider block.
    fn schema() -> Schema;

    /// Static checks of the provider block.
    fn validate(_config: &Self::Config) -> Diagnostics {
        Diagnostics::new()
    }

    /// What becomes of the messages of checks, as the block says: those of `validate` and `plan` of every resource.
    /// Asked with each block that is validated or configured, so values may be unknown; those of variables always are
    /// in [`Walk::Validate`].
    fn review(_config: &Self::Config, _walk: Walk) -> Review {
        Review::default()
    }

    /// Makes the client. Returns `None` while the block has unknown values without which AWS cannot be
    /// called: plans then go without observation.
    fn configure(
        config: Self::Config,
        request: ConfigureRequest,
        cx: &Cx,
    ) -> impl Future<Output = Result<Option<Self::Client>, Diagnostics>> + Send;

    /// Every resource, sorted by name.
    fn resources() -> Vec<Box<dyn DynResource<Self::Client>>>;

    /// Every data source, sorted by name.
    fn data_sources() -> Vec<Box<dyn DynDataSource<Self::Client>>>;

    /// Every function, sorted by name.
    fn functions() -> Vec<Box<dyn DynFunction>>;
}
