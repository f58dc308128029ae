//! Waiting for another process. Tests of our own code never wait: their time is injected.

use std::time::{Duration, Instant};

/// Between two questions. AWS describes backups and recovery settings ten times a second, and the simulator no faster.
const PAUSE: Duration = Duration::from_millis(110);

/// Asks again and again until there is an answer.
///
/// # Panics
/// If there is none after `limit`; the message names `what` was awaited.
#[expect(
    clippy::disallowed_methods,
    reason = "another process has no clock that we could move"
)]
pub fn wait_until<T>(what: &str, limit: Duration, mut ask: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(
            Instant::now() < deadline,
            "waited {} s in vain: {what}",
            limit.as_secs()
        );
        std::thread::sleep(PAUSE);
    }
}
