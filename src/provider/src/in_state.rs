//! Objects that this run has found in Terraform's state.
//!
//! Terraform plans a tainted object, and the second half of a replacement, as if there were none: the provider is not
//! told that the object that stands in the way is the one that makes room. But it was shown to the provider before, in
//! the refresh or in the first half. Nothing here is kept for another run.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// Ids of objects in the state. Each resource makes its own, unlike those of any other.
#[derive(Debug, Default)]
pub(crate) struct InState(Mutex<BTreeSet<String>>);

impl InState {
    /// Remembers an object.
    pub(crate) fn note(&self, id: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
    }

    /// Remembers an object, and says whether it was not remembered yet.
    pub(crate) fn note_first(&self, id: String) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id)
    }

    /// Whether an object was in the state.
    pub(crate) fn contains(&self, id: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(id)
    }
}
