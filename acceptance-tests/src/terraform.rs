//! The real terraform binary.

use std::fmt;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::environment;

/// A terraform that is installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terraform {
    path: PathBuf,
    version: String,
}

/// No terraform is on the search path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MissingTerraform;

impl fmt::Display for MissingTerraform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "Terraform is not installed, or not on the PATH: get it from \
             https://developer.hashicorp.com/terraform/install and run this again.",
        )
    }
}

impl std::error::Error for MissingTerraform {}

impl Terraform {
    /// Finds terraform on the search path.
    ///
    /// # Errors
    /// If there is none, or it does not tell its version.
    pub fn find() -> Result<Self, MissingTerraform> {
        let paths = environment::path("PATH").unwrap_or_default();
        let path = std::env::split_paths(&paths)
            .map(|folder| folder.join(format!("terraform{}", std::env::consts::EXE_SUFFIX)))
            .find(|candidate| candidate.is_file())
            .ok_or(MissingTerraform)?;
        let mut command = Command::new(&path);
        command
            .args(["version", "-json"])
            .env_clear()
            .envs(environment::inherited())
            .env("CHECKPOINT_DISABLE", "1");
        let output = command.output().map_err(|_| MissingTerraform)?;
        let answer: Value = serde_json::from_slice(&output.stdout).map_err(|_| MissingTerraform)?;
        let version = answer["terraform_version"]
            .as_str()
            .ok_or(MissingTerraform)?
            .to_owned();
        Ok(Self { path, version })
    }

    /// Its version: `1.11.4`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// A command of it with nothing but what it must have in its environment.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        command.env_clear().envs(environment::inherited());
        command
    }
}
