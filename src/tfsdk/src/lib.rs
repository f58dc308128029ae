//! Native SDK for Terraform providers: values, schemas, plans and the server.
//!
//! A provider is written against this crate only. It knows neither protobuf nor AWS: the wire is
//! `tfplugin`, which turns bytes into [`Value`]s and calls [`Server`], one method per RPC.
//!
//! Read in this order: [`Value`] and [`Type`], [`Schema`], [`Attr`] and [`model!`], [`Resource`],
//! [`Server`].
//!
//! # A resource
//!
//! A schema, a model with a field per attribute, and what happens to the object. Everything else has a
//! default; nothing is derived that cannot be read here.
//!
//! ```
//! use tfsdk::{
//!     Attr, Attribute, Create, Cx, Delete, Diagnostics, Resource, Saved, Schema, Update, Value,
//! };
//!
//! tfsdk::model! {
//!     pub struct Model {
//!         name: String,
//!         days: i64,
//!         arn: String,
//!     }
//! }
//!
//! struct Shelf;
//! # struct Client;
//! # impl Client {
//! #     async fn build(&self, _: &Model) -> Result<String, Diagnostics> { Ok("arn:shelf".to_owned()) }
//! #     async fn wait(&self, _: &Model, _: &Cx) -> Result<(), Diagnostics> { Ok(()) }
//! #     async fn find(&self, _: &Model) -> Result<Option<Model>, Diagnostics> { Ok(None) }
//! #     async fn change(&self, _: &Model) -> Result<(), Diagnostics> { Ok(()) }
//! #     async fn tear_down(&self, _: &Model) -> Result<(), Diagnostics> { Ok(()) }
//! # }
//!
//! impl Resource for Shelf {
//!     const NAME: &'static str = "shelf";
//!     type Model = Model;
//!     type Client = Client;
//!     type Observed = ();
//!
//!     fn schema() -> Schema {
//!         Schema::new("A shelf.").attributes([
//!             Attribute::string("name").required().replaces().describe("Its name."),
//!             Attribute::number("days").default_value(Value::integer(35)).describe("How long it lasts."),
//!             Attribute::string("arn").computed().keeps().describe("Its ARN."),
//!         ])
//!     }
//!
//!     async fn read(client: &Client, state: Model, _: &Cx) -> Result<Option<Model>, Diagnostics> {
//!         client.find(&state).await
//!     }
//!
//!     async fn create(
//!         client: &Client,
//!         create: Create<Model>,
//!         saved: &mut Saved<'_, Model>,
//!         cx: &Cx,
//!     ) -> Result<Model, Diagnostics> {
//!         let mut shelf = create.planned;
//!         shelf.arn = Attr::Known(client.build(&shelf).await?);
//!         // What comes now may fail: Terraform keeps the shelf all the same.
//!         saved.save(&shelf);
//!         client.wait(&shelf, cx).await?;
//!         Ok(shelf)
//!     }
//!
//!     async fn update(
//!         client: &Client,
//!         update: Update<Model>,
//!         _: &mut Saved<'_, Model>,
//!         _: &Cx,
//!     ) -> Result<Model, Diagnostics> {
//!         client.change(&update.planned).await?;
//!         Ok(update.planned)
//!     }
//!
//!     async fn delete(client: &Client, delete: Delete<Model>, _: &Cx) -> Result<(), Diagnostics> {
//!         client.tear_down(&delete.state).await
//!     }
//! }
//!
//! assert_eq!(tfsdk::schema::check(&Shelf::schema()), Vec::<String>::new());
//! ```
//!
//! # How a plan is made
//!
//! [`Server::plan`] takes Terraform's proposal (the configuration, and the prior value where only the
//! provider sets one) and, in this order:
//!
//! 1. puts defaults where the user wrote nothing, also inside nested objects that the user did write;
//! 2. takes out write-only values;
//! 3. if anything differs from the prior object: makes computed attributes unknown, except those that
//!    [keep](schema::Modifier::KeepPrior) what they were, and [observes](Resource::observe);
//! 4. asks the resource to [plan](Resource::plan), which may change what is computed and refuse;
//! 5. checks that nothing the user wrote was altered, and collects what needs a new object.
//!
//! # What is promised
//!
//! Terraform blames a provider that breaks the protocol, without saying where. The server checks every answer
//! before it goes out, says which promise was broken at which path, and answers with as much of the object as
//! there is: a panic, an error, or a model that does not fit its schema costs a message and never the object.
//! [`Server::faults`] finds what can be found without a run.
#![forbid(unsafe_code)]

mod attr;
mod change;
mod conform;
mod context;
mod data_source;
mod diagnostic;
mod duration;
mod function;
mod identity;
mod model;
mod number;
mod path;
mod plan_id;
mod private;
mod provider;
mod resource;
mod review;
pub mod schema;
mod sensitive;
pub mod server;
mod timeouts;
mod ty;
mod value;

pub use attr::Attr;
pub use change::{Change, Create, Delete, Planned, Removal, Saved, Update};
pub use context::Cx;
pub use data_source::{DataSource, DynDataSource, erase_data_source};
pub use diagnostic::{Diagnostic, Diagnostics, Severity};
pub use duration::{DurationError, format_duration, parse_duration};
pub use function::{DynFunction, Function, FunctionError, Parameter, Signature, erase_function};
pub use identity::{IdentityAttribute, IdentitySchema};
pub use model::{Field, Model, ModelError, SetOf};
pub use number::{Number, NumberError};
pub use path::{Path, Step};
pub use plan_id::PlanId;
pub use private::Private;
pub use provider::{ConfigureRequest, Provider};
pub use resource::{DynResource, ImportTarget, Resource, Upgrade, erase};
pub use review::{Review, Walk};
pub use schema::{Attribute, Block, Schema};
pub use sensitive::Sensitive;
pub use server::Server;
pub use timeouts::{Operation, Timeouts, attribute as timeouts_attribute};
pub use ty::Type;
pub use value::Value;
