//! Why and when the server ends.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

/// The end of the server, which several things can bring about. The first one counts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stop {
    begun: CancellationToken,
    at_once: CancellationToken,
    reason: Arc<OnceLock<StopReason>>,
}

/// What brought the end about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StopReason {
    /// Terraform is done with us.
    Shutdown,
    /// A signal asks the process to end.
    Signal,
    /// Whoever started us is gone and can take no answer any more.
    ParentGone,
}

impl StopReason {
    /// Whether somebody still takes the answers of calls in flight.
    ///
    /// Only then may their waits be interrupted: an operation that is interrupted counts on Terraform keeping what it
    /// answers, and forgets what it would need to go on. One that is dropped is as good as killed, and leaves that.
    pub(crate) fn takes_answers(self) -> bool {
        match self {
            Self::Signal => true,
            Self::Shutdown | Self::ParentGone => false,
        }
    }
}

impl Stop {
    /// Begins the end. A second signal means that somebody does not want to wait.
    pub(crate) fn now(&self, reason: StopReason) {
        if self.reason.set(reason).is_err() && reason == StopReason::Signal {
            self.at_once.cancel();
        }
        self.begun.cancel();
    }

    /// Cancelled when the end begins.
    pub(crate) fn token(&self) -> &CancellationToken {
        &self.begun
    }

    /// Waits until the end begins, and says why.
    pub(crate) async fn stopped(&self) -> StopReason {
        self.begun.cancelled().await;
        *self
            .reason
            .get()
            .expect("the reason is set before the token is cancelled")
    }

    /// Waits as long as calls in flight may take to end.
    pub(crate) async fn patience(&self, reason: StopReason) {
        let limit = match reason {
            // Terraform calls Shutdown when it waits for nothing else, and kills after two seconds. The reply to
            // Shutdown itself is to go out.
            StopReason::Shutdown => Duration::from_millis(500),
            StopReason::ParentGone => Duration::ZERO,
            // An apply may be under way. Its waits are cancelled, so that it soon answers with the
            // state to keep; what asked us to end usually grants ten seconds.
            StopReason::Signal => Duration::from_secs(8),
        };
        // Either way it is over.
        let _ = tokio::time::timeout(limit, self.at_once.cancelled()).await;
    }
}
