//! The programs under test, built on demand so that no test runs a stale one.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

use crate::environment;

/// How the programs are built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Quick to build.
    Dev,
    /// As it is shipped.
    Release,
}

/// The programs under test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    /// `terraform-provider-dynamodb`.
    pub provider: PathBuf,
    /// `dynamodb-simulator`.
    pub simulator: PathBuf,
}

impl Binaries {
    /// The programs that the environment names, or else those of this work tree, built once per process.
    ///
    /// # Panics
    /// If they cannot be built.
    pub fn get() -> &'static Self {
        static BINARIES: OnceLock<Binaries> = OnceLock::new();
        BINARIES.get_or_init(|| {
            let named =
                environment::path(environment::PROVIDER).zip(environment::path(environment::SIMULATOR));
            match named {
                Some((provider, simulator)) => Self { provider, simulator },
                None => Self::build(Profile::Dev).unwrap_or_else(|err| panic!("{err}")),
            }
        })
    }

    /// Builds both programs with cargo.
    ///
    /// # Errors
    /// Says that the build failed; the compiler's messages are on standard error.
    pub fn build(profile: Profile) -> Result<Self, String> {
        let mut command = Command::new(environment::path("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(["build", "--message-format", "json-render-diagnostics"]);
        match profile {
            // Cargo unites the features of what it builds at once. With the whole workspace they are those of the tests, so
            // that the AWS SDK is not compiled a second time.
            Profile::Dev => command.args(["--workspace", "--bins"]),
            // As it is shipped, with the features that the programs themselves ask for.
            Profile::Release => command.args([
                "--release",
                "--package",
                "provider",
                "--package",
                "simulator",
                "--bins",
            ]),
        };
        command
            .current_dir(workspace())
            .stderr(std::process::Stdio::inherit());
        let output = command
            .output()
            .map_err(|err| format!("running cargo build: {err}"))?;
        if !output.status.success() {
            return Err(
                "building the provider and the simulator failed; the messages of cargo are above".to_owned(),
            );
        }
        let messages = String::from_utf8_lossy(&output.stdout);
        let executable = |name: &str| {
            messages
                .lines()
                .filter_map(|line| serde_json::from_str::<Value>(line).ok())
                .filter(|message| message["target"]["name"] == name)
                .find_map(|message| message["executable"].as_str().map(PathBuf::from))
                .ok_or_else(|| format!("cargo built no program named {name}"))
        };
        Ok(Self {
            provider: executable("terraform-provider-dynamodb")?,
            simulator: executable("dynamodb-simulator")?,
        })
    }
}

/// The root of the work tree.
pub(crate) fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the crate lies in a folder of the workspace")
}
