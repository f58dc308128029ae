//! A failure that the next callers get at once, instead of each waiting for it again.
//!
//! Terraform goes on with the other objects after an error: five hundred objects must not each look
//! for credentials, or for STS, in vain.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::error::Error;

/// Long enough for one plan, short enough for somebody who logs in meanwhile.
const LIFETIME: Duration = Duration::from_secs(20);

/// The last failure of one kind, and when it was.
#[derive(Clone, Debug, Default)]
pub(crate) struct Remembered(Arc<Mutex<Option<(Duration, Error)>>>);

impl Remembered {
    /// The failure, while it is fresh. `now` is on the scale of [`crate::Clock::elapsed`].
    pub(crate) fn find(&self, now: Duration) -> Option<Error> {
        let failure = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, error) = failure.as_ref()?;
        (now.saturating_sub(*since) < LIFETIME).then(|| error.repeated())
    }

    pub(crate) fn set(&self, now: Duration, error: &Error) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, error.repeated()));
    }
}
