//! Time as something that is passed in: the machine's clock, or one that tests move.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

/// Where the crate takes the time from, and how it waits.
pub trait Clock: fmt::Debug + Send + Sync {
    /// The wall clock of this machine, uncorrected.
    fn now(&self) -> Timestamp;

    /// Time since some fixed moment; never goes back.
    fn elapsed(&self) -> Duration;

    /// Completes when `duration` has passed.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

/// The machine's clock and Tokio's timer.
#[derive(Debug)]
pub struct SystemClock {
    start: Instant,
}

impl SystemClock {
    /// Makes the clock that a real process uses.
    pub fn shared() -> Arc<dyn Clock> {
        Arc::new(Self {
            start: Instant::now(),
        })
    }
}

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the clock that is injected elsewhere"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// A clock for tests: whoever sleeps moves it, so that nothing waits. Clones show the same time.
///
/// Two sleepers that began at the same moment do not add up: each moves the clock at least to
/// the moment it waits for.
#[derive(Clone, Debug)]
pub struct JumpingClock {
    start: Timestamp,
    elapsed: Arc<Mutex<Duration>>,
}

impl JumpingClock {
    /// Makes a clock that stands at `start`.
    pub fn at(start: Timestamp) -> Self {
        Self {
            start,
            elapsed: Arc::default(),
        }
    }

    /// The clock as the crate takes it.
    pub fn shared(&self) -> Arc<dyn Clock> {
        Arc::new(self.clone())
    }

    /// Moves the clock forward.
    pub fn advance(&self, duration: Duration) {
        *self.elapsed.lock().unwrap_or_else(PoisonError::into_inner) += duration;
    }

    fn advance_to(&self, moment: Duration) {
        let mut elapsed = self.elapsed.lock().unwrap_or_else(PoisonError::into_inner);
        *elapsed = moment.max(*elapsed);
    }
}

impl Clock for JumpingClock {
    fn now(&self) -> Timestamp {
        let elapsed = SignedDuration::try_from(self.elapsed()).unwrap_or(SignedDuration::MAX);
        self.start.saturating_add(elapsed).unwrap_or(Timestamp::MAX)
    }

    fn elapsed(&self) -> Duration {
        *self.elapsed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let clock = self.clone();
        let until = self.elapsed() + duration;
        Box::pin(async move {
            tokio::task::yield_now().await;
            clock.advance_to(until);
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Clock, JumpingClock};
    use jiff::Timestamp;
    use std::time::Duration;

    #[tokio::test]
    async fn sleepers_from_one_moment_do_not_add_up() {
        let clock = JumpingClock::at(Timestamp::UNIX_EPOCH);
        tokio::join!(
            clock.sleep(Duration::from_secs(5)),
            clock.sleep(Duration::from_secs(3))
        );
        assert_eq!(clock.elapsed(), Duration::from_secs(5));
        assert_eq!(clock.now().as_second(), 5);
    }
}
