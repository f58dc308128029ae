//! Every environment variable that the harness reads, in one place.

use std::ffi::OsString;
use std::path::PathBuf;

/// `simulator` (default), `moto`, `localstack` or `endpoint`: what plays AWS.
pub const BACKEND: &str = "ACCEPTANCE_BACKEND";
/// The URL of a backend that is already up. Needed for every backend but the simulator.
pub const ENDPOINT: &str = "ACCEPTANCE_ENDPOINT";
/// A file to which tests append what was not served or not run, one JSON object per line.
pub const REPORT: &str = "ACCEPTANCE_REPORT";
/// If set, the folders of Terraform configurations are kept for a look.
pub const KEEP: &str = "ACCEPTANCE_KEEP";
/// The provider's binary, instead of one that is built on demand.
pub const PROVIDER: &str = "ACCEPTANCE_PROVIDER";
/// The simulator's binary, instead of one that is built on demand.
pub const SIMULATOR: &str = "ACCEPTANCE_SIMULATOR";
/// A Python that has boto3, and beside it an AWS CLI.
pub const PYTHON: &str = "ACCEPTANCE_PYTHON";
/// A filesystem mirror that holds `hashicorp/aws`.
pub const PLUGIN_MIRROR: &str = "TF_PLUGIN_MIRROR";

/// The text of a variable, unless it is unset or empty.
pub fn text(name: &str) -> Option<String> {
    os(name).and_then(|value| value.into_string().ok())
}

/// The path in a variable, unless it is unset or empty.
pub fn path(name: &str) -> Option<PathBuf> {
    os(name).map(PathBuf::from)
}

/// Whether this runs on a CI machine, where nothing may be left out for want of a tool.
pub fn is_ci() -> bool {
    text("CI").is_some_and(|value| value == "true" || value == "1")
}

/// The variables that every program we start is given; nothing else of our own environment reaches it, so that a
/// developer's AWS profile or Terraform settings cannot change a test.
pub fn inherited() -> Vec<(OsString, OsString)> {
    ["PATH", "TMPDIR", "LANG", "LD_LIBRARY_PATH"]
        .into_iter()
        .filter_map(|name| Some((OsString::from(name), os(name)?)))
        .collect()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place of this crate that reads the environment"
)]
fn os(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}
