//! Signals. Ctrl-C reaches a plugin too, being in the process group of Terraform, and must not end it:
//! Terraform then asks us to stop and waits for the state that is to be kept.
//!
//! SIGHUP is left as it was found: under `nohup` it is ignored, and a handler would undo that.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tokio::signal::unix::{SignalKind, signal};

use crate::stop::{Stop, StopReason};

/// Lets SIGINT pass without effect, from now on.
///
/// A handler is installed and the signal not set to "ignore", because programs that we might start
/// would inherit the latter.
pub(crate) fn ignore_interrupt() -> io::Result<()> {
    signal_hook::flag::register(signal_hook::consts::SIGINT, Arc::new(AtomicBool::new(false)))?;
    Ok(())
}

/// Ends the server when the process is asked to terminate. Needs a runtime.
pub(crate) fn stop_on_terminate(stop: &Stop) -> io::Result<()> {
    stop_on(SignalKind::terminate(), stop)
}

/// Ends the server on Ctrl-C, for a person who runs it by hand. Needs a runtime.
pub(crate) fn stop_on_interrupt(stop: &Stop) -> io::Result<()> {
    stop_on(SignalKind::interrupt(), stop)
}

fn stop_on(kind: SignalKind, stop: &Stop) -> io::Result<()> {
    let mut signals = signal(kind)?;
    let stop = stop.clone();
    tokio::spawn(async move {
        while signals.recv().await.is_some() {
            stop.now(StopReason::Signal);
        }
    });
    Ok(())
}
