//! The life of a plugin's process: from the environment to the exit code.
//!
//! Everything up to the handshake line is kept short, because Terraform starts a process several times
//! in one run: the runtime and the provider's tables are built only after it.

use std::io::{self, Write};
use std::os::unix::net::UnixListener;
use std::process::ExitCode;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use tfsdk::{Provider, Server};
use tonic::transport::Server as GrpcServer;
use tonic_health::ServingStatus;

use crate::environment::Environment;
use crate::generated::plugin::grpc_broker_server::GrpcBrokerServer;
use crate::generated::plugin::grpc_controller_server::GrpcControllerServer;
use crate::generated::plugin::grpc_stdio_server::GrpcStdioServer;
use crate::generated::tfplugin6::provider_server::ProviderServer;
use crate::handshake::{HandshakeLine, PROTOCOL_VERSION};
use crate::process::signals;
use crate::process::stdout::Stdout;
use crate::rpc::Service;
use crate::services::{Broker, Controller, Stdio};
use crate::stop::{Stop, StopReason};
use crate::transport::incoming::Incoming;
use crate::transport::socket::{Socket, SocketError};
use crate::transport::tls::{Tls, TlsError};
use crate::{error_chain, logging};

/// What a provider's program says about itself.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The source address, in full: `registry.terraform.io/NAMESPACE/NAME`.
    pub address: &'static str,
    /// The crates that make up the program. Their log is written at the level that the user asks for;
    /// of all other crates, warnings and errors only.
    pub log_targets: &'static [&'static str],
}

/// The largest message, as in Go's SDK. Terraform itself takes more.
const MAX_MESSAGE: usize = 256 << 20;

/// Operations wait for the network most of the time; more threads would only cost memory.
const MAX_THREADS: usize = 4;

/// Serves the provider to the Terraform that started this process, until it says to end.
///
/// Started by hand it explains itself on standard error and gives exit code 1.
pub fn serve<P: Provider>(options: &Options) -> ExitCode {
    logging::install_panic_hook();
    let environment = Environment::of_process(options.name());
    if !environment.started_by_terraform {
        complain(&options.started_by_hand());
        return ExitCode::FAILURE;
    }
    logging::install(options.levels(&environment));
    finish(plugin::<P>(&environment))
}

/// Serves the provider to any Terraform that is pointed at it, until Ctrl-C.
///
/// Prints the variable that points Terraform at this process. There is no TLS: the folder of the socket
/// admits only the user who started it.
pub fn serve_debug<P: Provider>(options: &Options) -> ExitCode {
    logging::install_panic_hook();
    let environment = Environment::of_process(options.name());
    logging::install(options.levels(&environment));
    finish(debug::<P>(options, &environment))
}

impl Options {
    /// The last part of the address.
    fn name(&self) -> &'static str {
        self.address
            .rsplit_once('/')
            .map_or(self.address, |(_, name)| name)
    }

    fn levels(&self, environment: &Environment) -> logging::Levels {
        logging::Levels::new(&environment.log_levels, self.log_targets)
    }

    fn started_by_hand(&self) -> String {
        let Self { address, .. } = self;
        format!(
            "This is a Terraform provider ({address}). Terraform starts it; it does nothing when it is started \
             by hand.\n\n\
             To use it, name it in the required_providers block of a configuration and run terraform init.\n\
             To debug it, start it with --debug."
        )
    }
}

/// Why a plugin cannot serve.
#[derive(Debug, thiserror::Error)]
enum ServeError {
    #[error(transparent)]
    Socket(#[from] SocketError),
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error("{act}")]
    Process {
        act: &'static str,
        #[source]
        source: io::Error,
    },
    #[error("serving connections")]
    Grpc(#[from] tonic::transport::Error),
}

/// Names what failed for an I/O error.
fn during(act: &'static str) -> impl FnOnce(io::Error) -> ServeError {
    move |source| ServeError::Process { act, source }
}

fn plugin<P: Provider>(environment: &Environment) -> Result<(), ServeError> {
    // Before the line: from then on Terraform relies on it.
    signals::ignore_interrupt().map_err(during("ignoring Ctrl-C"))?;
    let crypto = Arc::new(aws_lc_rs::default_provider());
    let tls = match &environment.client_certificate {
        Some(pem) => Some(Tls::new(pem, &crypto)?),
        None => None,
    };
    let (socket, listener) = Socket::bind(environment.socket_folder.as_deref(), crypto.secure_random)?;
    let line = HandshakeLine {
        socket: socket.path(),
        certificate: tls.as_ref().map(|tls| tls.certificate.as_ref()),
        asks_for_multiplexing: environment.asks_for_multiplexing,
    };
    let stdout =
        Stdout::hand_over(&line.to_string()).map_err(during("telling Terraform where to connect"))?;

    let stop = Stop::default();
    stdout
        .stop_when_abandoned(stop.clone())
        .map_err(during("watching for the end of Terraform"))?;
    run::<P>(listener, tls.map(|tls| tls.config), &stop, || {
        signals::stop_on_terminate(&stop)
    })
}

fn debug<P: Provider>(options: &Options, environment: &Environment) -> Result<(), ServeError> {
    let crypto = aws_lc_rs::default_provider();
    let (socket, listener) = Socket::bind(environment.socket_folder.as_deref(), crypto.secure_random)?;
    let reattach = serde_json::json!({
        options.address: {
            "Protocol": "grpc",
            "ProtocolVersion": PROTOCOL_VERSION,
            "Pid": std::process::id(),
            // With false, Terraform would take us for an older protocol, and would end us besides.
            "Test": true,
            "Addr": { "Network": "unix", "String": socket.path().to_string_lossy() },
        }
    });
    // Quoted for a shell: the JSON itself has double quotes only, but a path may have anything.
    let quoted = reattach.to_string().replace('\'', r"'\''");
    let notice = format!(
        "The provider is running. Set this variable where you run terraform:\n\n\
         TF_REATTACH_PROVIDERS='{quoted}'\n\n\
         Press Ctrl-C to end it.\n"
    );
    let mut out = io::stdout().lock();
    out.write_all(notice.as_bytes())
        .and_then(|()| out.flush())
        .map_err(during("printing how to connect"))?;
    drop(out);

    let stop = Stop::default();
    run::<P>(listener, None, &stop, || {
        signals::stop_on_interrupt(&stop)?;
        signals::stop_on_terminate(&stop)
    })
}

/// Serves until `stop`, on a runtime that lives no longer.
fn run<P: Provider>(
    listener: UnixListener,
    tls: Option<Arc<ServerConfig>>,
    stop: &Stop,
    handle_signals: impl FnOnce() -> io::Result<()>,
) -> Result<(), ServeError> {
    let threads = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(MAX_THREADS);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .thread_name("provider")
        .enable_all()
        .build()
        .map_err(during("starting the runtime"))?;
    let outcome = runtime.block_on(async {
        handle_signals().map_err(during("handling signals"))?;
        let listener = tokio::net::UnixListener::from_std(listener).map_err(during("listening"))?;
        accept_until_stopped::<P>(listener, tls, stop).await
    });
    // Whatever still runs has had its time.
    runtime.shutdown_background();
    outcome
}

async fn accept_until_stopped<P: Provider>(
    listener: tokio::net::UnixListener,
    tls: Option<Arc<ServerConfig>>,
    stop: &Stop,
) -> Result<(), ServeError> {
    let incoming = Incoming::accept(listener, tls, stop.token().clone());
    let server = Arc::new(Server::<P>::new());
    let provider = ProviderServer::new(Service::new(Arc::clone(&server)))
        .max_decoding_message_size(MAX_MESSAGE)
        .max_encoding_message_size(MAX_MESSAGE);
    let (health, health_service) = tonic_health::server::health_reporter();
    // The name under which go-plugin registers every plugin.
    health.set_service_status("plugin", ServingStatus::Serving).await;
    let serving = GrpcServer::builder()
        .add_service(provider)
        .add_service(GrpcControllerServer::new(Controller { stop: stop.clone() }))
        .add_service(GrpcStdioServer::new(Stdio {
            stop: stop.token().clone(),
        }))
        .add_service(GrpcBrokerServer::new(Broker {
            stop: stop.token().clone(),
        }))
        .add_service(health_service)
        .serve_with_incoming_shutdown(incoming, stop.token().clone().cancelled_owned());
    let mut serving = std::pin::pin!(serving);

    tokio::select! {
        outcome = &mut serving => return Ok(outcome?),
        reason = stop.stopped() => {
            tracing::debug!(?reason, "ending");
            if reason == StopReason::ParentGone {
                // As after a kill: what is under way is dropped where it stands.
                return Ok(());
            }
            if reason.takes_answers() {
                // What waits for AWS ends soon, and what it has made is answered as state.
                server.stop();
            }
            let patience = stop.patience(reason);
            tokio::select! {
                outcome = &mut serving => outcome?,
                () = patience => tracing::warn!(?reason, "ending although calls are in flight"),
            }
        }
    }
    Ok(())
}

fn finish(outcome: Result<(), ServeError>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => {
            complain(&format!(
                "[ERROR] the provider cannot serve: {}",
                error_chain(&err)
            ));
            ExitCode::FAILURE
        }
    }
}

/// Says something on standard error; Terraform puts it into its log.
fn complain(text: &str) {
    // Nobody is left to be told when this fails.
    let _ = writeln!(io::stderr().lock(), "{text}");
}
