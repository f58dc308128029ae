//! moto's server, pinned, from PyPI.

use std::process::Command;

use super::{Server, StartError, free_port, python};
use crate::workspace;

const REQUIREMENTS: &[&str] = &["moto[server,dynamodb]==5.2.5"];

pub(super) fn start() -> Result<Server, StartError> {
    let folder = workspace::target().join("moto");
    let python = python::environment(&folder, REQUIREMENTS, &[])?;
    let port = free_port()?;
    let mut command = Command::new(python.with_file_name("moto_server"));
    command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
    Server::start(
        command,
        format!("http://127.0.0.1:{port}"),
        "/moto-api/data.json",
        &folder.join("server.log"),
    )
}
