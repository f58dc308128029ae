//! How Terraform reaches us: a Unix socket in a folder of our own, mutual TLS on it, and the loop
//! that accepts connections.

pub(crate) mod incoming;
pub(crate) mod socket;
pub(crate) mod tls;
