//! Tests of the wire from outside: a real process, a real socket, real TLS, and a gRPC client that
//! plays Terraform. And of the codec, with generated and with hostile input.

mod bindings_are_current;
mod codec_fuzz;
mod codec_roundtrip;
mod debug_mode;
mod functions_and_data;
mod handshake;
mod lifecycle;
mod logging;
mod not_offered;
mod process;
mod schemas;
mod support;
mod tls;
mod wire_table;
