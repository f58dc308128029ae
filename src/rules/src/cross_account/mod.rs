//! Rules about resources of another account.

pub(crate) mod resource_of_another_account;
