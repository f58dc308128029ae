//! What one Terraform operation passes to every call: when to stop, and who may stop it.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::clock::Clock;

/// The context of one operation. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Cx {
    cancel: CancellationToken,
    deadline: Option<Deadline>,
}

/// The end of the time that the user gave an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// On the scale of [`Clock::elapsed`].
    started: Duration,
    timeout: Duration,
}

impl Deadline {
    /// A deadline `timeout` from now.
    pub fn after(clock: &dyn Clock, timeout: Duration) -> Self {
        Self {
            started: clock.elapsed(),
            timeout,
        }
    }

    /// The whole time that was given.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// What is left of it; zero once it has passed.
    pub fn remaining(&self, clock: &dyn Clock) -> Duration {
        self.timeout.saturating_sub(self.spent(clock))
    }

    pub(crate) fn spent(&self, clock: &dyn Clock) -> Duration {
        clock.elapsed().saturating_sub(self.started)
    }
}

impl Cx {
    /// A context that ends when `cancel` is cancelled, and has no deadline.
    pub fn new(cancel: CancellationToken) -> Self {
        Self {
            cancel,
            deadline: None,
        }
    }

    /// The same with a deadline.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Deadline) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// The same with a deadline `timeout` from now.
    #[must_use]
    pub fn with_timeout(self, clock: &dyn Clock, timeout: Duration) -> Self {
        self.with_deadline(Deadline::after(clock, timeout))
    }

    /// The token that stops the operation.
    pub fn cancellation(&self) -> &CancellationToken {
        &self.cancel
    }

    /// The deadline, if there is one.
    pub fn deadline(&self) -> Option<Deadline> {
        self.deadline
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancel.is_cancelled()
    }

    /// What is left until the deadline; `None` without one.
    pub(crate) fn remaining(&self, clock: &dyn Clock) -> Option<Duration> {
        self.deadline.map(|deadline| deadline.remaining(clock))
    }
}
