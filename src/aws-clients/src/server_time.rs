//! AWS's time of one Region, told by the `Date` header of its answers.
//!
//! Restore windows are checked against it, so that a machine whose clock is wrong does not refuse
//! what AWS would accept.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use aws_smithy_async::time::TimeSource;
use aws_smithy_types::date_time::{DateTime, Format};
use jiff::{SignedDuration, Timestamp};

use crate::clock::Clock;

/// The header has whole seconds, and the answer was some time under way: within this, the two
/// clocks agree.
const TOLERANCE: SignedDuration = SignedDuration::from_secs(2);

/// The time of one Region.
#[derive(Debug)]
pub(crate) struct ServerTime {
    clock: Arc<dyn Clock>,
    skew_millis: AtomicI64,
}

impl ServerTime {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            skew_millis: AtomicI64::new(0),
        }
    }

    /// Takes note of the `Date` header of an answer that has just come in.
    pub(crate) fn observe(&self, header: &str) {
        let Ok(date) = DateTime::from_str(header, Format::HttpDate) else {
            return;
        };
        let Ok(date) = Timestamp::from_second(date.secs()) else {
            return;
        };
        let ahead = date.duration_since(self.clock.now());
        let skew = if ahead.abs() <= TOLERANCE {
            SignedDuration::ZERO
        } else {
            ahead
        };
        self.skew_millis
            .store(i64::try_from(skew.as_millis()).unwrap_or(0), Ordering::Relaxed);
    }

    /// AWS's time now, as far as known.
    pub(crate) fn now(&self) -> Timestamp {
        let now = self.clock.now();
        now.checked_add(self.skew()).unwrap_or(now)
    }

    fn skew(&self) -> SignedDuration {
        SignedDuration::from_millis(self.skew_millis.load(Ordering::Relaxed))
    }
}

/// The machine's clock as the SDK takes it, uncorrected: the SDK itself signs with AWS's time once it
/// has seen that the clock is wrong.
#[derive(Clone, Debug)]
pub(crate) struct SdkTime(pub(crate) Arc<dyn Clock>);

impl TimeSource for SdkTime {
    fn now(&self) -> SystemTime {
        system_time(self.0.now())
    }
}

fn system_time(time: Timestamp) -> SystemTime {
    let since_epoch = Duration::try_from(time.as_duration()).unwrap_or_default();
    SystemTime::UNIX_EPOCH + since_epoch
}

#[cfg(test)]
mod tests {
    use super::ServerTime;
    use crate::clock::JumpingClock;
    use jiff::Timestamp;

    fn at(time: &str) -> Timestamp {
        time.parse().unwrap()
    }

    #[test]
    fn follows_the_date_header_and_ignores_a_second_or_two() {
        let clock = JumpingClock::at(at("2026-01-01T00:00:01.7Z"));
        let time = ServerTime::new(clock.shared());
        time.observe("Thu, 01 Jan 2026 00:00:00 GMT");
        assert_eq!(time.now(), at("2026-01-01T00:00:01.7Z"));
        time.observe("Thu, 01 Jan 2026 00:01:00 GMT");
        assert_eq!(time.now(), at("2026-01-01T00:01:00Z"));
        time.observe("Sun, 01 Feb 2026 00:00:00 GMT");
        assert_eq!(time.now(), at("2026-02-01T00:00:00Z"));
        time.observe("no date");
        assert_eq!(time.now(), at("2026-02-01T00:00:00Z"));
    }
}
