//! The server in process, driven as Terraform drives it, with a small provider that behaves and one that does not.

mod applying;
mod data_sources;
mod faults;
mod functions;
mod identities;
mod importing;
mod plan_ids;
mod planning;
mod promises;
mod provider;
mod reading;
mod removing;
mod reviewing;
mod stopping;
mod terraform;
mod upgrading;
mod validating;
mod values;
