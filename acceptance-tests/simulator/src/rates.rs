//! Token buckets: how many calls of an operation an account may make per second in a Region. They run on real,
//! monotonic time, since a moved clock must not hand out calls.

use std::collections::HashMap;
use std::time::Instant;

use crate::place::Place;

#[derive(Clone, Copy)]
struct Bucket {
    tokens: f64,
    filled: Instant,
}

/// The buckets of every operation, account and Region that was called.
#[derive(Default)]
pub(crate) struct Rates {
    buckets: HashMap<(Place, String), Bucket>,
}

impl Rates {
    /// Takes one token; answers whether there was one. A bucket holds one second's worth, so that a client which
    /// paces itself at the documented rate is never throttled and one that bursts twice the rate is.
    pub(crate) fn take(&mut self, place: &Place, operation: &str, per_second: f64, now: Instant) -> bool {
        let capacity = per_second.max(1.0);
        let key = (place.clone(), operation.to_owned());
        let bucket = self.buckets.entry(key).or_insert(Bucket {
            tokens: capacity,
            filled: now,
        });
        let refill = now.saturating_duration_since(bucket.filled).as_secs_f64() * per_second;
        bucket.tokens = (bucket.tokens + refill).min(capacity);
        bucket.filled = now;
        let taken = bucket.tokens >= 1.0;
        if taken {
            bucket.tokens -= 1.0;
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn place(region: &str) -> Place {
        Place::new("111122223333", region)
    }

    #[test]
    fn a_bucket_holds_one_seconds_worth_and_refills() {
        let mut rates = Rates::default();
        let start = Instant::now();
        let taken = (0..12)
            .filter(|_| rates.take(&place("us-east-1"), "DescribeBackup", 10.0, start))
            .count();
        assert_eq!(taken, 10);
        let later = start + Duration::from_millis(250);
        let taken = (0..12)
            .filter(|_| rates.take(&place("us-east-1"), "DescribeBackup", 10.0, later))
            .count();
        assert_eq!(taken, 2);
    }

    #[test]
    fn regions_and_operations_do_not_share_a_bucket() {
        let mut rates = Rates::default();
        let now = Instant::now();
        assert!(rates.take(&place("us-east-1"), "A", 1.0, now));
        assert!(!rates.take(&place("us-east-1"), "A", 1.0, now));
        assert!(rates.take(&place("eu-west-1"), "A", 1.0, now));
        assert!(rates.take(&place("us-east-1"), "B", 1.0, now));
    }
}
