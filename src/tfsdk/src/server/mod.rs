//! The server: every RPC in native types, and the promises of the protocol enforced on the way out.
//!
//! One file per RPC. The wire (`tfplugin`) decodes, calls one method here, and encodes.

mod apply;
mod catch;
mod configure;
mod data_source;
mod faults;
mod function;
mod identity;
mod import;
mod marks;
mod outgoing;
mod plan;
mod promises;
mod proposal;
mod read;
mod replacement;
mod schemas;
mod upgrade;
mod validate;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, RwLock};

use tokio_util::sync::CancellationToken;

pub use apply::{ApplyRequest, ApplyResponse};
pub use import::{ImportRequest, Imported};
pub use plan::{PlanRequest, PlanResponse};
pub use read::{ReadRequest, ReadResponse};
pub use schemas::{ResourceSchemas, Schemas};
pub use upgrade::{DecodeState, UpgradeRequest};

use crate::{Diagnostic, DynDataSource, DynFunction, DynResource, Model, Provider, Review, Value, Walk};

/// Serves one provider. Shared by all RPCs of the process.
pub struct Server<P: Provider> {
    schemas: Schemas,
    resources: BTreeMap<String, Box<dyn DynResource<P::Client>>>,
    data_sources: BTreeMap<String, Box<dyn DynDataSource<P::Client>>>,
    functions: BTreeMap<String, Box<dyn DynFunction>>,
    /// Replaced by each configure: in debug mode one process serves many runs.
    client: RwLock<Option<Arc<P::Client>>>,
    /// Replaced whenever a provider block is validated or configured.
    review: RwLock<Review>,
    /// Replaced by each stop, so that later calls still work.
    cancel: Mutex<CancellationToken>,
}

impl<P: Provider> Default for Server<P> {
    fn default() -> Self {
        Self::new()
    }
}

impl<P: Provider> Server<P> {
    /// Builds the tables that every RPC looks up.
    pub fn new() -> Self {
        let full_name = |name: &str| format!("{}_{name}", P::NAME);
        let resources: BTreeMap<_, _> = P::resources()
            .into_iter()
            .map(|resource| (full_name(resource.name()), resource))
            .collect();
        let data_sources: BTreeMap<_, _> = P::data_sources()
            .into_iter()
            .map(|source| (full_name(source.name()), source))
            .collect();
        let functions: BTreeMap<_, _> = P::functions()
            .into_iter()
            .map(|function| (function.name().to_owned(), function))
            .collect();
        let schemas = Schemas {
            provider: P::schema(),
            resources: resources
                .iter()
                .map(|(name, resource)| {
                    let schemas = ResourceSchemas {
                        schema: resource.schema(),
                        identity: resource.identity_schema(),
                    };
                    (name.clone(), schemas)
                })
                .collect(),
            data_sources: data_sources
                .iter()
                .map(|(name, source)| (name.clone(), source.schema()))
                .collect(),
            functions: functions
                .iter()
                .map(|(name, function)| (name.clone(), function.signature()))
                .collect(),
        };
        Self {
            schemas,
            resources,
            data_sources,
            functions,
            client: RwLock::new(None),
            review: RwLock::default(),
            cancel: Mutex::new(CancellationToken::new()),
        }
    }

    /// Every schema, as declared.
    pub fn schemas(&self) -> &Schemas {
        &self.schemas
    }

    /// Asks every operation in flight to end soon. Operations that begin later are not affected.
    pub fn stop(&self) {
        let mut cancel = self.cancel.lock().expect("no panic while held");
        std::mem::take(&mut *cancel).cancel();
    }

    fn cancel(&self) -> CancellationToken {
        self.cancel.lock().expect("no panic while held").child_token()
    }

    fn client(&self) -> Option<Arc<P::Client>> {
        self.client.read().expect("no panic while held").clone()
    }

    fn review(&self) -> Review {
        self.review.read().expect("no panic while held").clone()
    }

    /// From now on messages are reviewed as this provider block says. What is wrong with the block is said elsewhere.
    fn review_as(&self, config: &Value, walk: Walk) {
        let review = catch::catch_pure("read the provider block", || {
            P::Config::from_value(config)
                .map_or_else(|_| Review::default(), |config| P::review(&config, walk))
        });
        *self.review.write().expect("no panic while held") = review.unwrap_or_default();
    }

    fn resource(
        &self,
        type_name: &str,
    ) -> Result<(&dyn DynResource<P::Client>, &ResourceSchemas), Diagnostic> {
        self.resources
            .get(type_name)
            .map(|resource| &**resource)
            .zip(self.schemas.resources.get(type_name))
            .ok_or_else(|| {
                Diagnostic::error(
                    "Resource Type Not Found",
                    format!("The provider has no resource type {type_name:?}."),
                )
            })
    }
}

/// The provider has no client: its block was not configured, or not fully known.
fn not_configured(act: &str) -> Diagnostic {
    Diagnostic::error(
        "Provider is not configured",
        format!(
            "Cannot {act}: the provider's configuration depends on values that are known only after apply. \
             Set region, credentials and endpoints from known values, or apply what they depend on first \
             (terraform apply -target)."
        ),
    )
}
