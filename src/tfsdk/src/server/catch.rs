//! Turns a panic inside an operation into a value, so that it becomes a diagnostic.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;

use crate::Diagnostic;

/// Runs a future; a panic inside ends it with a diagnostic that says it is our bug.
pub(super) async fn catch<T>(act: &str, future: impl Future<Output = T>) -> Result<T, Diagnostic> {
    let mut future = pin!(future);
    // The future is not polled again after a panic, so what it left behind is never seen.
    let outcome = poll_fn(
        |context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(std::task::Poll::Pending) => std::task::Poll::Pending,
            Ok(std::task::Poll::Ready(output)) => std::task::Poll::Ready(Ok(output)),
            Err(panic) => std::task::Poll::Ready(Err(panic)),
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
