//! Native SDK for Terraform providers: values, schemas, plans and the server.
//!
//! A provider is written against this crate only. It knows neither protobuf nor AWS: the wire is
//! `tfplugin`, which turns bytes into [`Value`]s and calls [`Server`], one method per RPC.
//!
//! Read in this order: [`Value`] and [`Type`], [`Schema`], [`Attr`] and [`model!`], [`Resource`],
//! [`Server`].
#![forbid(unsafe_code)]

mod attr;
mod change;
mod context;
mod data_source;
mod diagnostic;
mod duration;
mod function;
mod identity;
mod model;
mod number;
mod path;
mod private;
mod provider;
mod resource;
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
pub use private::Private;
pub use provider::{ConfigureRequest, Provider};
pub use resource::{DynResource, ImportTarget, Resource, Upgrade, erase};
pub use schema::{Attribute, Block, Schema};
pub use sensitive::Sensitive;
pub use server::Server;
pub use timeouts::{Operation, Timeouts, attribute as timeouts_attribute};
pub use ty::Type;
pub use value::Value;
