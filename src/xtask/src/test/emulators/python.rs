//! Virtual environments of Python below `target/`, made once per set of requirements.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{StartError, install};
use crate::{say, workspace};

/// The AWS clients of other people that the acceptance tests run, pinned.
const AWS_CLIENTS: &[&str] = &["boto3==1.43.11", "awscli==1.45.11"];

/// The interpreter of an environment with boto3 and the AWS CLI.
pub(super) fn with_aws_clients() -> Result<PathBuf, StartError> {
    let folder = workspace::target().join("aws-clients");
    environment(&folder, AWS_CLIENTS, &[])
}

/// The interpreter of a virtual environment at `folder` in which `requirements` are installed, below `constraints`.
pub(super) fn environment(
    folder: &Path,
    requirements: &[&str],
    constraints: &[&str],
) -> Result<PathBuf, StartError> {
    let python = folder.join("venv/bin/python");
    // Written last, so that an installation that was cut off is made again.
    let mark = folder.join("installed.txt");
    let wanted = [requirements.join("\n"), constraints.join("\n")].join("\n--\n");
    if fs::read_to_string(&mark).is_ok_and(|installed| installed == wanted) && python.is_file() {
        return Ok(python);
    }
    say::line(format!(
        "installing {} from PyPI below {}",
        requirements.join(", "),
        folder.display()
    ));
    let failed =
        |err: std::io::Error| StartError::failed(format!("writing below {}: {err}", folder.display()));
    fs::create_dir_all(folder).map_err(failed)?;
    let limits = folder.join("constraints.txt");
    fs::write(&limits, constraints.join("\n") + "\n").map_err(failed)?;
    let system = acceptance_tests::environment::text("PYTHON").unwrap_or_else(|| "python3".to_owned());
    install(
        Command::new(system)
            .args(["-m", "venv", "--clear"])
            .arg(folder.join("venv")),
    )?;
    install(
        Command::new(&python)
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--constraint",
            ])
            .arg(&limits)
            .args(requirements),
    )?;
    fs::write(&mark, wanted).map_err(failed)?;
    Ok(python)
}
