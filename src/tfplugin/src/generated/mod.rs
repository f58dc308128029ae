//! Bindings generated from `proto/`, checked in so that building needs no protobuf compiler. Written by
//! `cargo run -p tfplugin --example generate_bindings`; a test compares them.
#![expect(
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    unreachable_pub,
    reason = "the generator's choice"
)]

#[rustfmt::skip]
pub(crate) mod plugin;
#[rustfmt::skip]
pub(crate) mod tfplugin6;
