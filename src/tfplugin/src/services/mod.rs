//! go-plugin's own services, beside the provider's.

mod broker;
mod controller;
mod pending;
mod stdio;

pub(crate) use broker::Broker;
pub(crate) use controller::Controller;
pub(crate) use stdio::Stdio;
