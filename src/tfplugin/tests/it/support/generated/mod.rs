//! The client half of the bindings, with messages of its own: the crate shows none of its own.
#![expect(
    clippy::allow_attributes_without_reason,
    unreachable_pub,
    reason = "the generator's choice"
)]

#[rustfmt::skip]
pub(crate) mod plugin;
#[rustfmt::skip]
pub(crate) mod tfplugin6;
