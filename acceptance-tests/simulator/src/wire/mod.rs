//! The wire, held against the service models that botocore ships: requests are refused as AWS refuses them, and a
//! reply of our own that AWS could not have sent is reported. Knows shapes and protocols, no behaviour of a service.

mod check;
mod model;
pub(crate) mod query;
pub(crate) mod rest;

pub(crate) use check::{check_request, conforming};
pub(crate) use model::{Model, Protocol, knows_operation, model_of};
