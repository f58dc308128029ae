//! Turns a panic inside an operation into a value, so that it becomes a diagnostic.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use crate::Diagnostic;

/// Runs an operation; a panic inside ends it with a diagnostic that says it is our bug.
///
/// The operation is given as a function, so that what it does before its first await is caught as well.
pub(super) async fn catch<T, F: Future<Output = T>>(
    act: &str,
    operation: impl FnOnce() -> F,
) -> Result<T, Diagnostic> {
    let mut future = pin!(catch_pure(act, operation)?);
    // The future is not polled again after a panic, so what it left behind is never seen.
    let outcome = poll_fn(
        |context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Err(panic) => Poll::Ready(Err(panic)),
        },
    )
    .await;
    outcome.map_err(|panic| panicked(act, &*panic))
}

/// Runs a function; a panic inside becomes a diagnostic.
pub(super) fn catch_pure<T>(act: &str, function: impl FnOnce() -> T) -> Result<T, Diagnostic> {
    catch_unwind(AssertUnwindSafe(function)).map_err(|panic| panicked(act, &*panic))
}

fn panicked(act: &str, panic: &(dyn Any + Send)) -> Diagnostic {
    let message = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned());
    Diagnostic::bug(
        "Provider panicked",
        format!("The provider panicked while it tried to {act}: {message}."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs a future that never waits.
    fn run<T>(future: impl Future<Output = T>) -> T {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match pin!(future).poll(&mut context) {
            Poll::Ready(output) => output,
            Poll::Pending => panic!("the future waits"),
        }
    }

    fn check(outcome: Result<u8, Diagnostic>, message: &str) {
        let diagnostic = outcome.expect_err("it panicked");
        assert_eq!(diagnostic.summary, "Provider panicked");
        let expect = format!("The provider panicked while it tried to count: {message}.");
        assert!(diagnostic.detail.starts_with(&expect), "{}", diagnostic.detail);
        assert!(diagnostic.detail.contains("report"), "{}", diagnostic.detail);
    }

    #[test]
    fn results_pass() {
        assert_eq!(run(catch("count", || async { 7 })), Ok(7));
        assert_eq!(catch_pure("count", || 7), Ok(7));
    }

    #[test]
    fn panics_become_diagnostics() {
        check(catch_pure("count", || panic!("at {}", 3)), "at 3");
        check(run(catch("count", || async { panic!("inside") })), "inside");
        check(
            run(catch("count", || -> std::future::Ready<u8> { panic!("before") })),
            "before",
        );
        check(catch_pure("count", || std::panic::panic_any(5_u8)), "no message");
    }
}
