//! What the tests share: the plugin's process, the client that plays Terraform, and values.

pub(crate) mod bindings;
pub(crate) mod client;
pub(crate) mod generated;
pub(crate) mod plugin;
pub(crate) mod values;
