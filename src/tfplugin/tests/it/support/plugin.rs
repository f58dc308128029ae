//! The test provider as a process, started as Terraform starts one.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rustix::process::{Pid, Signal, kill_process};
use tonic::transport::Channel;

use super::client::{self, Hello, Identity};
use super::generated::tfplugin6 as proto;
use super::generated::tfplugin6::provider_client::ProviderClient;
use super::values;

pub(crate) const COOKIE: (&str, &str) = (
    "TF_PLUGIN_MAGIC_COOKIE",
    "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
);

/// Longer than anything takes, on a machine that does much else.
pub(crate) const LONG: Duration = Duration::from_secs(20);

const MAX_MESSAGE: usize = 256 << 20;

/// How the process is started.
pub(crate) struct Launch {
    pub(crate) environment: Vec<(&'static str, OsString)>,
    pub(crate) arguments: Vec<&'static str>,
    pub(crate) identity: Option<Identity>,
}

impl Launch {
    /// As Terraform does.
    pub(crate) fn by_terraform() -> Self {
        let identity = Identity::of_terraform();
        Self {
            environment: vec![
                (COOKIE.0, COOKIE.1.into()),
                ("PLUGIN_PROTOCOL_VERSIONS", "6,5".into()),
                ("PLUGIN_MIN_PORT", "10000".into()),
                ("PLUGIN_MAX_PORT", "25000".into()),
                ("PLUGIN_CLIENT_CERT", identity.pem.clone().into()),
            ],
            arguments: Vec::new(),
            identity: Some(identity),
        }
    }

    /// As Terraform does when its TLS is switched off.
    pub(crate) fn without_tls() -> Self {
        let mut launch = Self::by_terraform();
        launch
            .environment
            .retain(|(name, _)| *name != "PLUGIN_CLIENT_CERT");
        launch.identity = None;
        launch
    }

    /// Adds a variable.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.environment.push((name, value.into()));
        self
    }

    /// Starts the process, and nothing else.
    pub(crate) fn spawn(self) -> Process {
        let temporary = tempfile::tempdir().expect("a folder");
        let mut child = Command::new(env!("CARGO_BIN_EXE_tfplugin-test-provider"))
            .args(self.arguments)
            .env_clear()
            .env("TMPDIR", temporary.path())
            .envs(self.environment)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the test provider starts");
        let stdout = child.stdout.take().expect("a pipe");
        let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        let errors: Arc<Mutex<Vec<String>>> = Arc::default();
        let sink = Arc::clone(&errors);
        let (closed, stderr_closed) = mpsc::channel();
        std::thread::spawn(move || {
            let mut line = Vec::new();
            while stderr.read_until(b'\n', &mut line).is_ok_and(|bytes| bytes > 0) {
                let text = String::from_utf8_lossy(&line).trim_end_matches('\n').to_owned();
                sink.lock().expect("no panic").push(text);
                line.clear();
            }
            let _ = closed.send(());
        });
        Process {
            child,
            stdout: Some(stdout),
            errors,
            stderr_closed,
            temporary,
        }
    }

    /// Starts the process and reads its handshake line.
    pub(crate) fn start(mut self) -> Plugin {
        let identity = self.identity.take();
        let mut process = self.spawn();
        let (line, stdout) = process.first_line();
        process.stdout = Some(stdout);
        let fields: Vec<&str> = line.split('|').collect();
        let [core, app, network, address, kind, certificate, ..] = fields.as_slice() else {
            panic!("not a handshake line: {line:?}, {:?}", process.errors());
        };
        assert_eq!(
            (*core, *app, *network, *kind),
            ("1", "6", "unix", "grpc"),
            "{line}"
        );
        let certificate = STANDARD_NO_PAD
            .decode(certificate)
            .expect("base64 without padding");
        Plugin {
            socket: PathBuf::from(address),
            certificate,
            identity,
            line: line.clone(),
            process,
        }
    }
}

/// A running process.
pub(crate) struct Process {
    child: Child,
    /// What was not read yet.
    pub(crate) stdout: Option<ChildStdout>,
    errors: Arc<Mutex<Vec<String>>>,
    stderr_closed: mpsc::Receiver<()>,
    temporary: tempfile::TempDir,
}

impl Process {
    /// The first line on standard output, with its end; and the rest of the output.
    pub(crate) fn first_line(&mut self) -> (String, ChildStdout) {
        let mut stdout = self.stdout.take().expect("nobody reads it");
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            // Byte by byte, so that nothing behind the line is swallowed.
            let mut line = Vec::new();
            let mut byte = [0];
            while line.last() != Some(&b'\n') && stdout.read(&mut byte).is_ok_and(|bytes| bytes == 1) {
                line.push(byte[0]);
            }
            let _ = sender.send((line, stdout));
        });
        let (line, stdout) = receiver.recv_timeout(LONG).expect("a line in time");
        let line = String::from_utf8(line).expect("UTF-8");
        (line.trim_end_matches('\n').to_owned(), stdout)
    }

    /// The lines on standard error so far.
    pub(crate) fn errors(&self) -> Vec<String> {
        self.errors.lock().expect("no panic").clone()
    }

    /// Where the process makes its folder.
    pub(crate) fn temporary(&self) -> &Path {
        self.temporary.path()
    }

    /// How many files are left in there.
    pub(crate) fn left_behind(&self) -> usize {
        std::fs::read_dir(self.temporary.path())
            .expect("the folder")
            .count()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.child.id())
            .ok()
            .and_then(Pid::from_raw)
            .expect("a process id");
        kill_process(pid, signal).expect("the process is there");
    }

    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("our child").is_none()
    }

    /// Waits for the end, and for the rest of its messages. Gives the time it took.
    pub(crate) async fn ended(&mut self) -> (ExitStatus, Duration) {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("our child") {
                let took = begun.elapsed();
                self.stderr_closed
                    .recv_timeout(LONG)
                    .expect("standard error closes");
                return (status, took);
            }
            assert!(
                begun.elapsed() < LONG,
                "the process does not end: {:?}",
                self.errors()
            );
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A process that said where it listens.
pub(crate) struct Plugin {
    pub(crate) socket: PathBuf,
    pub(crate) certificate: Vec<u8>,
    pub(crate) identity: Option<Identity>,
    pub(crate) line: String,
    pub(crate) process: Process,
}

impl Plugin {
    /// A channel, made as Terraform makes it.
    pub(crate) async fn channel(&self) -> Channel {
        let hello = self
            .identity
            .as_ref()
            .map(|identity| Hello::of_terraform(&self.certificate, identity));
        client::channel(&self.socket, hello).await
    }

    /// Terraform's client of the provider.
    pub(crate) async fn client(&self) -> ProviderClient<Channel> {
        ProviderClient::new(self.channel().await)
            .max_decoding_message_size(MAX_MESSAGE)
            .max_encoding_message_size(MAX_MESSAGE)
    }

    /// The client, after the provider was configured with an empty block.
    pub(crate) async fn configured(&self) -> ProviderClient<Channel> {
        let mut client = self.client().await;
        let request = proto::configure_provider::Request {
            terraform_version: "1.11.4".to_owned(),
            config: Some(values::provider(None)),
            client_capabilities: None,
        };
        let response = client
            .configure_provider(request)
            .await
            .expect("an answer")
            .into_inner();
        assert_eq!(response.diagnostics, []);
        client
    }
}
