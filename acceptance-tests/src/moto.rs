//! What is odd about moto: its access keys do not select the account, but its roles do.

use crate::{Client, Credentials};

/// Credentials of a fresh account, by assuming a role in it.
///
/// # Panics
/// If moto refuses.
pub(crate) fn fresh_account(endpoint: &str, account: &str) -> Credentials {
    let anyone = Client::new(endpoint, "us-east-1", Credentials::of_account("123456789012"));
    anyone
        .assume_role(&format!("arn:aws:iam::{account}:role/acceptance"))
        .unwrap_or_else(|err| panic!("an account of its own at {endpoint}: {err}"))
}
