//! How long a provider takes from its start to the line that says where it listens, with a client certificate as
//! Terraform gives it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair, PKCS_ECDSA_P521_SHA512};

use crate::bench::Measured;

/// The value by which a provider knows that Terraform started it.
const COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/// A certificate as Terraform makes one for each start: self-signed, of an ECDSA key on P-521.
pub(super) fn client_certificate() -> Measured<String> {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P521_SHA512)?;
    let mut params = CertificateParams::new(vec!["localhost".to_owned()])?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    Ok(params.self_signed(&key)?.pem())
}

/// The time from the start of the program to its handshake line.
pub(super) fn time(program: &Path, certificate: &str) -> Measured<Duration> {
    let started = Instant::now();
    let mut process = Command::new(program)
        .env("TF_PLUGIN_MAGIC_COOKIE", COOKIE)
        .env("PLUGIN_PROTOCOL_VERSIONS", "5,6")
        .env("PLUGIN_CLIENT_CERT", certificate)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut line = String::new();
    let read = BufReader::new(process.stdout.take().expect("it was piped")).read_line(&mut line);
    let took = started.elapsed();
    process.kill()?;
    process.wait()?;
    read?;
    if line.split('|').count() < 6 {
        return Err(format!("{} said {line:?} instead of a handshake", program.display()).into());
    }
    Ok(took)
}
