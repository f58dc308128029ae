//! Managed resources, typed and erased.

use std::any::Any;
use std::future::Future;
use std::marker::PhantomData;

use crate::data_source::{Boxed, mismatch};
use crate::{
    Change, Create, Cx, Delete, Diagnostics, IdentitySchema, Model, Planned, Removal, Saved, Schema, Type,
    Update, Value,
};

/// A managed object.
///
/// Purity is in the signature: `validate` and `plan` get no client and are not async.
pub trait Resource: Send + Sync + 'static {
    /// The type name without the provider's: `backup`.
    const NAME: &'static str;
    /// The typed object.
    type Model: Model + PartialEq;
    /// What provider configuration yields.
    type Client: Send + Sync + 'static;
    /// What a plan must know about AWS; `()` for most. The default means: not observed.
    type Observed: Default + Send + 'static;

    /// The schema.
    fn schema() -> Schema;

    /// The identity of an object, on Terraform 1.12 and newer. It must not change as long as the object lives.
    fn identity_schema() -> Option<IdentitySchema> {
        None
    }

    /// The identity of this object. `None` while it is not wholly known.
    fn identity(_state: &Self::Model) -> Option<Value> {
        None
    }

    /// Static checks of the configuration. Unknown attributes are never faulted.
    fn validate(_config: &Self::Model) -> Diagnostics {
        Diagnostics::new()
    }

    /// Reads what a plan must know. Not called when nothing changes or the provider is not configured, and
    /// called once more right before a delete. What it keeps in the private state is dropped.
    /// A read that AWS denies is no failure: say so in `Observed`.
    fn observe(
        _client: &Self::Client,
        _change: &Change<Self::Model>,
        _cx: &Cx,
    ) -> impl Future<Output = Result<Self::Observed, Diagnostics>> + Send {
        async { Ok(Self::Observed::default()) }
    }

    /// Plans the change. Pure, and the same for the same input: Terraform calls it up to three times.
    ///
    /// The plan may change what is computed and not configured, and may put the prior value in the place of a
    /// configured one that means the same. A destroy is asked about once more right before the delete, where
    /// only errors count: the delete half of a replacement has no plan of its own.
    fn plan(change: Change<Self::Model>, _seen: Self::Observed) -> Planned<Self::Model> {
        match change {
            Change::Create { proposed, .. } | Change::Update { proposed, .. } => Planned::new(proposed),
            Change::Destroy { prior } => Planned::new(prior),
        }
    }

    /// Reads the object again. `None` means gone. Right after an import only what the import gave is set.
    fn read(
        client: &Self::Client,
        state: Self::Model,
        cx: &Cx,
    ) -> impl Future<Output = Result<Option<Self::Model>, Diagnostics>> + Send;

    /// Makes the object. Save in the statement after the call that AWS accepted, then wait.
    ///
    /// An error after a save makes Terraform keep the object and taint it.
    fn create(
        client: &Self::Client,
        create: Create<Self::Model>,
        saved: &mut Saved<'_, Self::Model>,
        cx: &Cx,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send;

    /// Changes the object in place. An error keeps the last saved state, or the prior one.
    fn update(
        client: &Self::Client,
        update: Update<Self::Model>,
        saved: &mut Saved<'_, Self::Model>,
        cx: &Cx,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send;

    /// Deletes the object. Gone already is done. An error keeps the state.
    fn delete(
        client: &Self::Client,
        delete: Delete<Self::Model>,
        cx: &Cx,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;

    /// Turns what the user gave to `terraform import` into a state for `read` to fill.
    #[expect(
        clippy::type_complexity,
        reason = "a named type would hide that it is a plain function"
    )]
    const IMPORT: Option<fn(ImportTarget) -> Result<Self::Model, Diagnostics>> = None;

    /// Upgrades of older schema versions, one from each, sorted by version.
    const UPGRADES: &'static [Upgrade] = &[];
}

/// What to import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportTarget {
    /// The text given on the command line or as `id` of an import block.
    Id(String),
    /// The `identity` of an import block.
    Identity(Value),
}

/// An upgrade from one older schema version straight to the current one.
#[derive(Debug, Clone, Copy)]
pub struct Upgrade {
    /// The version it reads.
    pub from: i64,
    /// The type of that version's state.
    pub ty: fn() -> Type,
    /// The upgrade.
    pub upgrade: fn(Value) -> Result<Value, Diagnostics>,
}

/// A resource without its types. Made by [`erase`]. Models travel as [`Value`]s that fit the schema.
pub trait DynResource<C>: Send + Sync {
    /// See [`Resource::NAME`].
    fn name(&self) -> &'static str;
    /// See [`Resource::schema`].
    fn schema(&self) -> Schema;
    /// See [`Resource::identity_schema`].
    fn identity_schema(&self) -> Option<IdentitySchema>;
    /// See [`Resource::UPGRADES`].
    fn upgrades(&self) -> &'static [Upgrade];
    /// See [`Resource::identity`].
    fn identity(&self, state: &Value) -> Option<Value>;
    /// See [`Resource::validate`].
    fn validate(&self, config: &Value) -> Diagnostics;
    /// See [`Resource::observe`].
    fn observe<'a>(
        &'a self,
        client: &'a C,
        change: &'a Change<Value>,
        cx: &'a Cx,
    ) -> Boxed<'a, Result<Seen, Diagnostics>>;
    /// See [`Resource::plan`].
    fn plan(&self, change: Change<Value>, seen: Seen) -> Planned<Value>;
    /// See [`Resource::read`].
    fn read<'a>(
        &'a self,
        client: &'a C,
        state: Value,
        cx: &'a Cx,
    ) -> Boxed<'a, Result<Option<Value>, Diagnostics>>;
    /// See [`Resource::create`].
    fn create<'a>(
        &'a self,
        client: &'a C,
        create: Create<Value>,
        saved: &'a mut Option<Value>,
        cx: &'a Cx,
    ) -> Boxed<'a, Result<Value, Diagnostics>>;
    /// See [`Resource::update`].
    fn update<'a>(
        &'a self,
        client: &'a C,
        update: Update<Value>,
        saved: &'a mut Option<Value>,
        cx: &'a Cx,
    ) -> Boxed<'a, Result<Value, Diagnostics>>;
    /// See [`Resource::delete`].
    fn delete<'a>(
        &'a self,
        client: &'a C,
        state: Value,
        reason: Removal,
        cx: &'a Cx,
    ) -> Boxed<'a, Result<(), Diagnostics>>;
    /// See [`Resource::IMPORT`]. `None` where the resource cannot be imported.
    fn import(&self, target: ImportTarget) -> Option<Result<Value, Diagnostics>>;
}

/// What was observed, without its type. The default stands for: not observed.
#[derive(Default)]
pub struct Seen(Option<Box<dyn Any + Send>>);

impl std::fmt::Debug for Seen {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(if self.0.is_some() {
            "Seen(..)"
        } else {
            "Seen(nothing)"
        })
    }
}

struct Erased<R>(PhantomData<fn() -> R>);

/// Takes the types off a resource, for the registry.
pub fn erase<R: Resource>() -> Box<dyn DynResource<R::Client>> {
    Box::new(Erased::<R>(PhantomData))
}

fn typed<M: Model>(value: &Value) -> Result<M, Diagnostics> {
    M::from_value(value).map_err(|err| mismatch(&err).into())
}

fn typed_change<M: Model>(change: &Change<Value>) -> Result<Change<M>, Diagnostics> {
    Ok(match change {
        Change::Create { config, proposed } => Change::Create {
            config: typed(config)?,
            proposed: typed(proposed)?,
        },
        Change::Update {
            prior,
            config,
            proposed,
        } => Change::Update {
            prior: typed(prior)?,
            config: typed(config)?,
            proposed: typed(proposed)?,
        },
        Change::Destroy { prior } => Change::Destroy { prior: typed(prior)? },
    })
}

impl<R: Resource> DynResource<R::Client> for Erased<R> {
    fn name(&self) -> &'static str {
        R::NAME
    }

    fn schema(&self) -> Schema {
        R::schema()
    }

    fn identity_schema(&self) -> Option<IdentitySchema> {
        R::identity_schema()
    }

    fn upgrades(&self) -> &'static [Upgrade] {
        R::UPGRADES
    }

    fn identity(&self, state: &Value) -> Option<Value> {
        R::identity(&R::Model::from_value(state).ok()?).filter(Value::is_wholly_known)
    }

    fn validate(&self, config: &Value) -> Diagnostics {
        match typed(config) {
            Ok(config) => R::validate(&config),
            Err(diagnostics) => diagnostics,
        }
    }

    fn observe<'a>(
        &'a self,
        client: &'a R::Client,
        change: &'a Change<Value>,
        cx: &'a Cx,
    ) -> Boxed<'a, Result<Seen, Diagnostics>> {
        Box::pin(async move {
            let change = typed_change(change)?;
            let observed = R::observe(client, &change, cx).await?;
            Ok(Seen(Some(Box::new(observed))))
        })
    }

    fn plan(&self, change: Change<Value>, seen: Seen) -> Planned<Value> {
        let fallback = match &change {
            Change::Create { proposed, .. } | Change::Update { proposed, .. } => proposed.clone(),
            Change::Destroy { prior } => prior.clone(),
        };
        let change = match typed_change(&change) {
            Ok(change) => change,
            Err(diagnostics) => return Planned::new(fallback).with(diagnostics),
        };
        let observed = seen
            .0
            .and_then(|seen| seen.downcast::<R::Observed>().ok())
            .map(|seen| *seen)
            .unwrap_or_default();
        let planned = R::plan(change, observed);
        Planned {
            model: planned.model.to_value(),
            replace: planned.replace,
            diagnostics: planned.diagnostics,
        }
    }

    fn read<'a>(
        &'a self,
        client: &'a R::Client,
        state: Value,
        cx: &'a Cx,
    ) -> Boxed<'a, Result<Option<Value>, Diagnostics>> {
        Box::pin(async move {
            let read = R::read(client, typed(&state)?, cx).await?;
            Ok(read.map(|model| model.to_value()))
        })
    }

    fn create<'a>(
        &'a self,
        client: &'a R::Client,
        create: Create<Value>,
        saved: &'a mut Option<Value>,
        cx: &'a Cx,
    ) -> Boxed<'a, Result<Value, Diagnostics>> {
        Box::pin(async move {
            let create = Create {
                config: typed(&create.config)?,
                planned: typed(&create.planned)?,
            };
            Ok(R::create(client, create, &mut Saved::new(saved), cx)
                .await?
                .to_value())
        })
    }

    fn update<'a>(
        &'a self,
        client: &'a R::Client,
        update: Update<Value>,
        saved: &'a mut Option<Value>,
        cx: &'a Cx,
    ) -> Boxed<'a, Result<Value, Diagnostics>> {
        Box::pin(async move {
            let update = Update {
                prior: typed(&update.prior)?,
                config: typed(&update.config)?,
                planned: typed(&update.planned)?,
            };
            Ok(R::update(client, update, &mut Saved::new(saved), cx)
                .await?
                .to_value())
        })
    }

    fn delete<'a>(
        &'a self,
        client: &'a R::Client,
        state: Value,
        reason: Removal,
        cx: &'a Cx,
    ) -> Boxed<'a, Result<(), Diagnostics>> {
        Box::pin(async move {
            R::delete(
                client,
                Delete {
                    state: typed(&state)?,
                    reason,
                },
                cx,
            )
            .await
        })
    }

    fn import(&self, target: ImportTarget) -> Option<Result<Value, Diagnostics>> {
        R::IMPORT.map(|import| import(target).map(|model| model.to_value()))
    }
}
