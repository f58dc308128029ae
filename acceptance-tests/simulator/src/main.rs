//! The simulator as a program. Prints one line, `listening on http://127.0.0.1:PORT`, and serves until it is told to
//! stop: by SIGTERM, SIGINT, or with `--exit-with-stdin` by the end of its standard input.

use std::error::Error;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Parser;
use simulator::{Settings, Simulator};
use tokio::io::AsyncReadExt;
use tokio::signal::unix::{SignalKind, signal};

/// Plays DynamoDB, STS and KMS on one port.
#[derive(Parser)]
struct Arguments {
    /// Address and port; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// JSON file with settings that differ from the defaults.
    #[arg(long)]
    settings: Option<PathBuf>,
    /// Stop when standard input ends, so that the simulator never outlives the program that started it.
    #[arg(long)]
    exit_with_stdin: bool,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let mut settings = Settings::default();
    if let Some(path) = &arguments.settings {
        let context =
            |error: &dyn std::fmt::Display| format!("reading the settings in {}: {error}", path.display());
        let text = std::fs::read_to_string(path).map_err(|error| context(&error))?;
        let change = serde_json::from_str(&text).map_err(|error| context(&error))?;
        settings = settings.merged(&change).map_err(|error| context(&error))?;
    }
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    let simulator = Simulator::start(arguments.listen, settings).await?;
    // The one line that starters wait for; flushed, since standard output is usually a pipe.
    let mut out = std::io::stdout().lock();
    writeln!(out, "listening on {}", simulator.url())?;
    out.flush()?;
    drop(out);
    tokio::select! {
        _ = terminated.recv() => {}
        _ = interrupted.recv() => {}
        () = end_of_stdin(), if arguments.exit_with_stdin => {}
    }
    // A read of standard input may still block a thread of the runtime: leave without waiting for it.
    std::process::exit(0)
}

async fn end_of_stdin() {
    let mut input = tokio::io::stdin();
    let mut buffer = [0; 1024];
    while input.read(&mut buffer).await.is_ok_and(|count| count > 0) {}
}
