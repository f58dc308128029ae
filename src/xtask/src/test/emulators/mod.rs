//! Backends for the acceptance tests: starts them, and ends them with the value.

mod localstack;
mod moto;
mod python;

use std::fmt;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::str::FromStr;
use std::time::{Duration, Instant};

use acceptance_tests::environment;

/// What to run against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// Our simulator; each test starts its own.
    Simulator,
    /// moto, installed from PyPI and started here.
    Moto,
    /// LocalStack: what AWS_ENDPOINT_URL says, or installed and started here.
    Localstack,
    /// Anything else that speaks AWS.
    Endpoint(String),
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "simulator" => Ok(Self::Simulator),
            "moto" => Ok(Self::Moto),
            "localstack" => Ok(Self::Localstack),
            url if url.starts_with("http://") => Ok(Self::Endpoint(url.to_owned())),
            other => Err(format!(
                "{other:?} is not simulator, moto, localstack, or a URL with http://"
            )),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Simulator => "simulator",
            Self::Moto => "moto",
            Self::Localstack => "localstack",
            Self::Endpoint(url) => url,
        })
    }
}

/// Why a backend could not be started.
#[derive(Debug)]
pub(crate) struct StartError {
    /// Whether something is not installed, in contrast to something that went wrong.
    pub(crate) is_a_missing_tool: bool,
    message: String,
}

impl StartError {
    fn missing(message: impl Into<String>) -> Self {
        Self {
            is_a_missing_tool: true,
            message: message.into(),
        }
    }

    fn failed(message: impl Into<String>) -> Self {
        Self {
            is_a_missing_tool: false,
            message: message.into(),
        }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for StartError {}

/// A backend that is up.
pub(crate) struct Started {
    /// What it is.
    pub(crate) target: Target,
    /// Where it listens; none where each test starts its own.
    pub(crate) endpoint: Option<String>,
    /// A Python with boto3, where there is one.
    pub(crate) python: Option<PathBuf>,
    /// Ended with this value.
    _server: Option<Server>,
}

impl Started {
    /// The word that the tests know it by.
    pub(crate) fn kind(&self) -> &'static str {
        match self.target {
            Target::Simulator => "simulator",
            Target::Moto => "moto",
            Target::Localstack => "localstack",
            Target::Endpoint(_) => "endpoint",
        }
    }
}

/// Starts what is needed to test against a target.
pub(crate) fn start(target: &Target) -> Result<Started, StartError> {
    let (endpoint, server) = match target {
        Target::Simulator => (None, None),
        Target::Endpoint(url) => (Some(url.clone()), None),
        Target::Moto => {
            let server = moto::start()?;
            (Some(server.url.clone()), Some(server))
        }
        Target::Localstack => match environment::text("AWS_ENDPOINT_URL") {
            Some(url) => (Some(url), None),
            None => {
                let server = localstack::start()?;
                (Some(server.url.clone()), Some(server))
            }
        },
    };
    // The tests with AWS clients of other people run where the simulator plays AWS; without Python they say so.
    let python = match target {
        Target::Simulator => python::with_aws_clients().ok(),
        _ => None,
    };
    Ok(Started {
        target: target.clone(),
        endpoint,
        python,
        _server: server,
    })
}

/// A server that we started. It ends with this value.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    /// Starts a program that will listen at `url`, and waits until `path` answers there.
    #[expect(
        clippy::disallowed_methods,
        reason = "another process has no clock that we could move"
    )]
    fn start(
        mut command: Command,
        url: String,
        path: &str,
        log: &std::path::Path,
    ) -> Result<Self, StartError> {
        let failed = |err: &dyn fmt::Display| StartError::failed(format!("starting {command:?}: {err}"));
        let file = std::fs::File::create(log).map_err(|err| failed(&err))?;
        let copy = file.try_clone().map_err(|err| failed(&err))?;
        let spawned = command.stdin(Stdio::null()).stdout(file).stderr(copy).spawn();
        let process = spawned.map_err(|err| StartError::failed(format!("starting {command:?}: {err}")))?;
        let mut server = Self { process, url };
        let deadline = Instant::now() + Duration::from_secs(120);
        while !answers(&format!("{}{path}", server.url)) {
            let ended = matches!(server.process.try_wait(), Ok(Some(_)));
            if ended || Instant::now() > deadline {
                let log = std::fs::read_to_string(log).unwrap_or_default();
                let tail: Vec<&str> = log.lines().rev().take(20).collect();
                let tail: Vec<&str> = tail.into_iter().rev().collect();
                return Err(StartError::failed(format!(
                    "{command:?} does not answer:\n{}",
                    tail.join("\n")
                )));
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        acceptance_tests::terminate(&mut self.process);
    }
}

/// Whether a GET is answered at all.
fn answers(url: &str) -> bool {
    use std::io::{Read, Write};
    let Some((host, path)) = url.strip_prefix("http://").and_then(|rest| rest.split_once('/')) else {
        return false;
    };
    let Ok(mut stream) = std::net::TcpStream::connect(host) else {
        return false;
    };
    let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
    let request = format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    let mut start = [0; 12];
    stream.write_all(request.as_bytes()).is_ok()
        && stream.read_exact(&mut start).is_ok()
        && start.ends_with(b"200")
}

/// A port that is free right now.
fn free_port() -> Result<u16, StartError> {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|err| StartError::failed(format!("looking for a free port: {err}")))
}

/// Runs a command of an installation to its end, quietly unless it fails.
fn install(command: &mut Command) -> Result<(), StartError> {
    let output = command.stdin(Stdio::null()).output().map_err(|err| {
        StartError::missing(format!("{} not found ({err})", command.get_program().display()))
    })?;
    if output.status.success() {
        return Ok(());
    }
    let text =
        String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    let tail = text
        .lines()
        .rev()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default()
        .trim()
        .to_owned();
    Err(StartError::missing(format!("{command:?} failed: {tail}")))
}
