//! The wire of Terraform plugins: go-plugin handshake, mutual TLS, protobuf and the msgpack codec. The
//! only crate that knows protobuf.
//!
//! It does not know what a provider does: every RPC is turned into native values, given to
//! [`tfsdk::Server`], and the answer turned back. Its front door is [`serve`], and [`serve_debug`] for
//! people who debug a provider. Unix only: it listens on a Unix socket.
//!
//! | module | concern |
//! |---|---|
//! | `serve` | the life of the process, from the environment to the exit code |
//! | `process`, `transport`, `services` | signals and standard output; socket, TLS, connections; go-plugin's services |
//! | `rpc`, `convert` | Terraform's service, one file per RPC; protobuf from and to native types |
//! | [`codec`] | values as msgpack and JSON |
//! | `logging` | the log in the form that Terraform reads, and panics |
#![forbid(unsafe_code)]

pub mod codec;
mod convert;
mod environment;
mod generated;
mod handshake;
mod logging;
mod process;
mod rpc;
mod serve;
mod services;
mod stop;
mod transport;

pub use serve::{Options, serve, serve_debug};

/// An error and its causes, in one line.
fn error_chain(err: &dyn std::error::Error) -> String {
    let mut text = err.to_string();
    let mut cause = err.source();
    while let Some(err) = cause {
        text.push_str(": ");
        text.push_str(&err.to_string());
        cause = err.source();
    }
    text
}
