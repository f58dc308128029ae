//! Data sources, typed and erased.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

use crate::{Cx, Diagnostic, Diagnostics, Model, Schema, Value};

/// Something to read.
pub trait DataSource: Send + Sync + 'static {
    /// The type name without the provider's: `backup`.
    const NAME: &'static str;
    /// The typed object.
    type Model: Model;
    /// What provider configuration yields.
    type Client: Send + Sync + 'static;

    /// The schema.
    fn schema() -> Schema;

    /// Static checks of the configuration.
    fn validate(_config: &Self::Model) -> Diagnostics {
        Diagnostics::new()
    }

    /// Reads it. The configuration is wholly known and has its defaults; it must come back as it was, and
    /// nothing may come back unknown.
    fn read(
        client: &Self::Client,
        config: Self::Model,
        cx: &Cx,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send;
}

/// A future on the heap.
pub(crate) type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A data source without its types. Made by [`erase_data_source`].
pub trait DynDataSource<C>: Send + Sync {
    /// See [`DataSource::NAME`].
    fn name(&self) -> &'static str;
    /// See [`DataSource::schema`].
    fn schema(&self) -> Schema;
    /// See [`DataSource::validate`].
    fn validate(&self, config: &Value) -> Diagnostics;
    /// See [`DataSource::read`].
    fn read<'a>(&'a self, client: &'a C, config: Value, cx: &'a Cx) -> Boxed<'a, Result<Value, Diagnostics>>;
}

struct Erased<D>(PhantomData<fn() -> D>);

/// Takes the types off a data source, for the registry.
pub fn erase_data_source<D: DataSource>() -> Box<dyn DynDataSource<D::Client>> {
    Box::new(Erased::<D>(PhantomData))
}

impl<D: DataSource> DynDataSource<D::Client> for Erased<D> {
    fn name(&self) -> &'static str {
        D::NAME
    }

    fn schema(&self) -> Schema {
        D::schema()
    }

    fn validate(&self, config: &Value) -> Diagnostics {
        match D::Model::from_value(config) {
            Ok(config) => D::validate(&config),
            Err(err) => mismatch(&err).into(),
        }
    }

    fn read<'a>(
        &'a self,
        client: &'a D::Client,
        config: Value,
        cx: &'a Cx,
    ) -> Boxed<'a, Result<Value, Diagnostics>> {
        Box::pin(async move {
            let config = D::Model::from_value(&config).map_err(|err| mismatch(&err))?;
            Ok(D::read(client, config, cx).await?.to_value())
        })
    }
}

/// The summary of every refusal of a single value.
pub(crate) const INVALID_VALUE: &str = "Invalid Attribute Value";

/// A value that does not fit its model: the user's number, or our bug.
pub(crate) fn mismatch(err: &crate::ModelError) -> Diagnostic {
    if err.is_number() {
        return Diagnostic::error(INVALID_VALUE, format!("The value must be {}.", err.expected()))
            .at(err.path().clone());
    }
    Diagnostic::bug("Value does not fit the provider's model", err).at(err.path().clone())
}
