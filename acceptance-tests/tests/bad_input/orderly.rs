//! Runs terraform and insists that whatever happens happens in order.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use acceptance_tests::{Run, Workdir, children_named, is_running};

/// Much longer than anything takes; a machine may have other work.
const SOON: Duration = Duration::from_secs(60);

/// `terraform plan` of a configuration.
#[track_caller]
pub(crate) fn plan(config: &Workdir, configuration: &str) -> Run {
    config.configure(configuration);
    run(config, &["plan", "-no-color"])
}

/// A terraform command that succeeds or fails as such, soon, without a sign of a crash, and leaves no process of the
/// provider behind.
#[track_caller]
pub(crate) fn run(config: &Workdir, arguments: &[&str]) -> Run {
    let seen: Arc<Mutex<BTreeSet<u32>>> = Arc::default();
    let watched = Arc::clone(&seen);
    let mut looks = 0_u32;
    let run = config.terraform_watched(arguments, move |terraform| {
        // To look at every process costs something, and what is left behind was there for a while.
        looks += 1;
        if looks % 20 == 1 {
            watched
                .lock()
                .expect("no panic")
                .extend(children_named(terraform, "terraform-provider-"));
        }
    });
    let text = format!("{}{}", run.stdout, run.stderr).to_lowercase();
    for sign in [
        "panic",
        "plugin did not respond",
        "stack trace",
        "backtrace",
        "crash",
        "provider produced",
        "error in the provider",
    ] {
        assert!(!text.contains(sign), "{sign}: {run}");
    }
    assert!(run.took < SOON, "{run}");
    assert!(matches!(run.code, Some(0 | 1)), "{run}");
    let left: Vec<u32> = seen
        .lock()
        .expect("no panic")
        .iter()
        .copied()
        .filter(|pid| is_running(*pid))
        .collect();
    assert!(left.is_empty(), "these providers have not ended: {left:?}\n{run}");
    run
}
