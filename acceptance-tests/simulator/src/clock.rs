//! The simulator's clock: real time plus an offset that tests move. Every state machine reads this clock;
//! only the rate limits (`rates`) run on the machine's own monotonic time.

use jiff::Timestamp;
use jiff::fmt::strtime;
use serde_json::Value;

const MILLIS_PER_DAY: i64 = 24 * 60 * 60 * 1000;

/// A point in simulated time, in milliseconds since the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

impl Moment {
    /// The moment that lies `millis` milliseconds after the epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Parses an RFC 3339 date and time.
    ///
    /// # Errors
    /// Answers the parser's complaint when the text is not RFC 3339.
    pub fn parse_rfc3339(text: &str) -> Result<Self, jiff::Error> {
        text.parse::<Timestamp>()
            .map(|timestamp| Self(timestamp.as_millisecond()))
    }

    /// Reads a timestamp of an AWS JSON request: seconds since the epoch, perhaps with a fraction.
    pub(crate) fn from_epoch_seconds(seconds: f64) -> Self {
        Self((seconds * 1000.0).round() as i64)
    }

    /// Writes a timestamp as AWS's JSON protocols do: seconds since the epoch with a fraction.
    pub(crate) fn to_epoch_seconds(self) -> Value {
        Value::from(self.0 as f64 / 1000.0)
    }

    pub(crate) const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    pub(crate) const fn plus_days(self, days: i64) -> Self {
        self.plus_millis(days.saturating_mul(MILLIS_PER_DAY))
    }

    /// The whole second in which this moment lies.
    pub(crate) const fn floor_second(self) -> Self {
        Self(self.0 - self.0.rem_euclid(1000))
    }

    /// The last millisecond of the second in which this moment lies.
    pub(crate) const fn end_of_second(self) -> Self {
        Self(self.floor_second().0 + 999)
    }

    fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// RFC 3339 in UTC.
    pub fn to_rfc3339(self) -> String {
        self.timestamp().to_string()
    }

    /// The form of the HTTP `Date` header, as in `Tue, 15 Nov 1994 08:12:31 GMT`.
    pub(crate) fn to_http_date(self) -> String {
        self.format("%a, %d %b %Y %H:%M:%S GMT")
    }

    /// The form that AWS's error messages use, as in `Tue Nov 15 08:12:31 UTC 1994`.
    pub(crate) fn to_java_date(self) -> String {
        self.format("%a %b %d %H:%M:%S UTC %Y")
    }

    /// The label of a DynamoDB stream, as in `2026-01-02T03:04:05.678`.
    pub(crate) fn to_stream_label(self) -> String {
        self.format("%Y-%m-%dT%H:%M:%S.%3f")
    }

    fn format(self, format: &str) -> String {
        let civil = self.timestamp().to_zoned(jiff::tz::TimeZone::UTC);
        strtime::format(format, &civil).unwrap_or_else(|_| self.to_rfc3339())
    }
}

/// Real time plus an offset, or standing still.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    offset_millis: i64,
    frozen_at: Option<Moment>,
}

impl Clock {
    /// The moment it is in the simulated world.
    pub fn now(self) -> Moment {
        self.frozen_at
            .unwrap_or_else(|| Moment(real_millis()).plus_millis(self.offset_millis))
    }

    /// Moves the clock by `millis`, forward or back.
    pub fn advance(&mut self, millis: i64) {
        self.set(self.now().plus_millis(millis));
    }

    /// Makes it `moment` now; a clock that runs goes on from there.
    pub fn set(&mut self, moment: Moment) {
        self.offset_millis = moment.0.saturating_sub(real_millis());
        self.frozen_at = self.frozen_at.map(|_| moment);
    }

    /// Stops the clock. It can still be moved.
    pub fn freeze(&mut self) {
        self.frozen_at = Some(self.now());
    }

    /// Lets the clock run on from where it stands.
    pub fn thaw(&mut self) {
        let now = self.now();
        self.frozen_at = None;
        self.set(now);
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the clock that everything else is given"
)]
fn real_millis() -> i64 {
    Timestamp::now().as_millisecond()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_those_of_aws() {
        let moment = Moment::parse_rfc3339("2026-01-02T03:04:05.678Z").unwrap();
        assert_eq!(moment.to_http_date(), "Fri, 02 Jan 2026 03:04:05 GMT");
        assert_eq!(moment.to_java_date(), "Fri Jan 02 03:04:05 UTC 2026");
        assert_eq!(moment.to_stream_label(), "2026-01-02T03:04:05.678");
        assert_eq!(moment.to_rfc3339(), "2026-01-02T03:04:05.678Z");
        assert_eq!(moment.to_epoch_seconds().to_string(), "1767323045.678");
        assert_eq!(Moment::from_epoch_seconds(1_767_323_045.678), moment);
    }

    #[test]
    fn a_second_has_a_first_and_a_last_millisecond() {
        let moment = Moment::from_millis(12_345);
        assert_eq!(moment.floor_second().as_millis(), 12_000);
        assert_eq!(moment.end_of_second().as_millis(), 12_999);
        assert_eq!(Moment::from_millis(-1).floor_second().as_millis(), -1_000);
    }

    #[test]
    fn the_clock_runs_from_where_it_was_set() {
        let mut clock = Clock::default();
        clock.set(Moment::from_millis(1_000_000));
        let first = clock.now();
        clock.advance(3_600_000);
        assert!(first.as_millis() >= 1_000_000 && first.as_millis() < 1_060_000);
        assert!(clock.now() >= first.plus_millis(3_600_000));
    }

    #[test]
    fn a_frozen_clock_moves_only_when_it_is_moved() {
        let mut clock = Clock::default();
        clock.freeze();
        clock.set(Moment::from_millis(5_000));
        clock.advance(7);
        assert_eq!(clock.now(), Moment::from_millis(5_007));
        clock.thaw();
        let later = clock.now();
        assert!(later >= Moment::from_millis(5_007) && later < Moment::from_millis(65_007));
    }
}
