//! What Terraform says to a plugin by environment variables. The only module that reads them.
//!
//! The range of TCP ports (`PLUGIN_MIN_PORT`, `PLUGIN_MAX_PORT`) is not read, because a Unix socket
//! is used everywhere. Neither are the protocol versions that the caller offers
//! (`PLUGIN_PROTOCOL_VERSIONS`): there is only one to answer with, and Terraform explains best what
//! happens when it is none of its own. `PLUGIN_UNIX_SOCKET_GROUP`, which Terraform never sets, is not
//! honoured: the socket is for the same user only.

use std::env;
use std::path::PathBuf;

/// The variable by which a program knows that Terraform started it, and its value. It protects from
/// nothing; it tells a person who starts the program by hand from Terraform.
const COOKIE: (&str, &str) = (
    "TF_PLUGIN_MAGIC_COOKIE",
    "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
);

/// The variables that matter to a plugin.
#[derive(Debug, Clone, Default)]
pub(crate) struct Environment {
    /// Terraform started this process.
    pub(crate) started_by_terraform: bool,
    /// The certificate, in PEM, that the one client will present. Without it there is no TLS.
    pub(crate) client_certificate: Option<Vec<u8>>,
    /// Where the socket's folder shall be made.
    pub(crate) socket_folder: Option<PathBuf>,
    /// The caller expects an answer about multiplexing in the handshake line.
    pub(crate) asks_for_multiplexing: bool,
    /// What Terraform's log variables say, the most specific first.
    pub(crate) log_levels: Vec<String>,
}

impl Environment {
    /// Reads the variables of this process. `name` is the last part of the provider's address.
    pub(crate) fn of_process(name: &str) -> Self {
        let log_variables = [
            format!("TF_LOG_PROVIDER_{}", name.replace('-', "_").to_uppercase()),
            "TF_LOG_PROVIDER".to_owned(),
            "TF_LOG".to_owned(),
        ];
        Self {
            started_by_terraform: non_empty(COOKIE.0).is_some_and(|value| value == COOKIE.1),
            client_certificate: non_empty("PLUGIN_CLIENT_CERT")
                .map(std::os::unix::ffi::OsStringExt::into_vec),
            socket_folder: non_empty("PLUGIN_UNIX_SOCKET_DIR").map(PathBuf::from),
            asks_for_multiplexing: non_empty("PLUGIN_MULTIPLEX_GRPC").is_some(),
            log_levels: log_variables
                .iter()
                .filter_map(non_empty)
                .map(|value| value.to_string_lossy().into_owned())
                .collect(),
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the module that reads the environment"
)]
fn non_empty(name: impl AsRef<std::ffi::OsStr>) -> Option<std::ffi::OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}
