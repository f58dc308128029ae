//! Messages of protobuf from and to native types. Says nothing about when they are sent.

pub(crate) mod diagnostics;
pub(crate) mod functions;
pub(crate) mod identity;
pub(crate) mod schemas;
pub(crate) mod values;
