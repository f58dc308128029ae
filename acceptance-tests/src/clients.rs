//! AWS clients of other people, run as programs: they show that the simulator is not shaped to our provider.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::{Backend, environment};

/// Something that is installed or not: the error is a fragment that says what is missing.
pub type Tool<T> = Result<T, String>;

/// A Python that has boto3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Python {
    path: PathBuf,
}

impl Python {
    /// Finds one: the interpreter that the environment names, or else the one on the search path.
    ///
    /// # Errors
    /// If there is none, or it lacks boto3.
    pub fn with_boto3() -> Tool<Self> {
        let path = environment::path(environment::PYTHON).unwrap_or_else(|| "python3".into());
        let has_boto3 = Command::new(&path).args(["-c", "import boto3"]).output();
        match has_boto3 {
            Ok(output) if output.status.success() => Ok(Self { path }),
            Ok(_) => Err(format!("{} has no boto3 (pip install boto3)", path.display())),
            Err(_) => Err(format!("{} not found", path.display())),
        }
    }

    /// Runs a script against the backend. Returns what it printed.
    ///
    /// # Panics
    /// If it fails, with all that it printed.
    pub fn run(&self, script: &Path, backend: &Backend) -> String {
        let mut command = Command::new(&self.path);
        command.arg("-B").arg(script);
        succeed(in_environment_of(&mut command, backend))
    }
}

/// The AWS CLI, version 1 or 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwsCli {
    path: PathBuf,
}

impl AwsCli {
    /// Finds it beside the Python that the environment names, or else on the search path.
    ///
    /// # Errors
    /// If there is none.
    pub fn find() -> Tool<Self> {
        let beside = environment::path(environment::PYTHON).map(|python| python.with_file_name("aws"));
        let path = beside
            .filter(|path| path.is_file())
            .unwrap_or_else(|| "aws".into());
        match Command::new(&path).arg("--version").output() {
            Ok(output) if output.status.success() => Ok(Self { path }),
            _ => Err("the AWS CLI (aws) not found".to_owned()),
        }
    }

    /// Runs `aws dynamodb` with these arguments. Returns what it answered.
    ///
    /// # Panics
    /// If it fails, with all that it printed.
    pub fn dynamodb(&self, backend: &Backend, arguments: &[&str]) -> serde_json::Value {
        let mut command = Command::new(&self.path);
        command
            .args([
                "--output",
                "json",
                "--endpoint-url",
                backend.endpoint(),
                "dynamodb",
            ])
            .args(arguments);
        let text = succeed(in_environment_of(&mut command, backend));
        if text.trim().is_empty() {
            return serde_json::Value::Null;
        }
        serde_json::from_str(&text).unwrap_or_else(|err| panic!("aws dynamodb {arguments:?}: {err}: {text}"))
    }
}

fn in_environment_of<'a>(command: &'a mut Command, backend: &Backend) -> &'a mut Command {
    command
        .env_clear()
        .envs(environment::inherited())
        .envs(backend.variables());
    command
        .env("AWS_DEFAULT_REGION", Backend::REGION)
        .env("AWS_EC2_METADATA_DISABLED", "true");
    command
        .env("NO_PROXY", "127.0.0.1,localhost")
        .env("AWS_PAGER", "")
}

fn succeed(command: &mut Command) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = command
        .output()
        .unwrap_or_else(|err| panic!("starting {command:?}: {err}"));
    let (stdout, stderr) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(
        status.success(),
        "{:?} ended with {status}\n{stdout}\n{stderr}",
        command.get_program()
    );
    stdout.into_owned()
}
