//! Tokens for the jobs of AWS Backup, by which a repeated start finds the same job.

use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;

use crate::journal::Key;

/// A token for one attempt to start a job of this configuration.
///
/// Two objects of one configuration have two jobs, and an object that is made anew has another one than before: so a
/// token is not of the configuration alone, and is kept in the record of its attempt.
pub(crate) fn token(key: &Key, now: Timestamp) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{key}-{}-{}-{number}", now.as_millisecond(), std::process::id())
}

#[cfg(test)]
mod tests {
    use super::token;
    use crate::journal::Key;

    #[test]
    fn no_two_attempts_share_a_token() {
        let key = Key::of([Some("orders")]);
        let now = "2026-11-20T09:30:00Z".parse().expect("a time");
        let (one, other) = (token(&key, now), token(&key, now));
        assert_ne!(one, other);
        assert!(one.starts_with(&key.to_string()), "{one}");
    }
}
