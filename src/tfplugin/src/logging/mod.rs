//! The log, on standard error, in the form that Terraform reads: one JSON object per line.
//!
//! What Terraform would throw away is not written: without one of its log variables, nothing is. A
//! panic is printed whatever they say, in the form that Terraform shows to the user.

mod layer;
mod level;
mod line;
mod panic_hook;

pub(crate) use layer::HclogLayer;
pub(crate) use level::Levels;
pub(crate) use panic_hook::install as install_panic_hook;

use std::io::Write;

use tracing_subscriber::layer::SubscriberExt;

/// Sends what is logged to standard error, from now on.
pub(crate) fn install(levels: Levels) {
    if levels.is_off() {
        // Without a subscriber an event costs one comparison.
        return;
    }
    let subscriber = tracing_subscriber::registry().with(HclogLayer::new(levels, |line: &[u8]| {
        // Who reads our standard error may be gone. There is no one to tell then.
        let _ = std::io::stderr().lock().write_all(line);
    }));
    // Fails when the program has a subscriber of its own, which is then the one it wants.
    let _ = tracing::subscriber::set_global_default(subscriber);
}
