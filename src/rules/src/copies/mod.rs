//! Rules about copies of recovery points: by the copy actions of backup plans, and by single copy jobs. What is peculiar
//! to other accounts is in `cross_account`.

pub(crate) mod copy_destination_given_twice;
pub(crate) mod copy_destination_key_unusable;
pub(crate) mod copy_destination_missing;
pub(crate) mod copy_expires_at_once;
pub(crate) mod copy_into_own_vault;
pub(crate) mod copy_of_unmanaged_point;
pub(crate) mod copy_outside_lock;
pub(crate) mod copy_without_own_expiry;
