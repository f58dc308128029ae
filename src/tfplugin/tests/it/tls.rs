//! Mutual TLS: the one client gets in, and nobody else.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

use crate::support::client::{self, Hello, Identity};
use crate::support::generated::tfplugin6 as proto;
use crate::support::generated::tfplugin6::provider_client::ProviderClient;
use crate::support::plugin::{LONG, Launch, Plugin};

const TLS13: &[&rustls::SupportedProtocolVersion] = &[&rustls::version::TLS13];
const TLS12: &[&rustls::SupportedProtocolVersion] = &[&rustls::version::TLS12];

fn started() -> (Plugin, Identity) {
    let mut plugin = Launch::by_terraform().start();
    let identity = plugin.identity.take().expect("TLS");
    (plugin, identity)
}

/// Whether a client gets as far as an answer of the provider.
async fn is_admitted(plugin: &Plugin, hello: &Hello<'_>) -> bool {
    let Ok(mut stream) = hello.connect(&plugin.socket).await else {
        return false;
    };
    // The preface of HTTP/2 and empty settings; an HTTP/2 server answers with its own settings.
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
    if stream.write_all(preface).await.is_err() {
        return false;
    }
    let mut answer = [0; 9];
    match tokio::time::timeout(LONG, stream.read_exact(&mut answer)).await {
        Ok(Ok(_)) => true,
        Ok(Err(_)) => false,
        Err(_) => panic!("neither admitted nor refused"),
    }
}

#[tokio::test]
async fn the_announced_client_is_admitted() {
    let (plugin, identity) = started();
    for versions in [TLS13, TLS12] {
        let hello = Hello {
            versions,
            ..Hello::of_terraform(&plugin.certificate, &identity)
        };
        assert!(is_admitted(&plugin, &hello).await, "{versions:?}");
    }
}

#[tokio::test]
async fn http2_is_agreed_upon() {
    let (plugin, identity) = started();
    for versions in [TLS13, TLS12] {
        let hello = Hello {
            versions,
            ..Hello::of_terraform(&plugin.certificate, &identity)
        };
        let stream = hello.connect(&plugin.socket).await.expect("a connection");
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"h2".as_slice()));
    }
}

#[tokio::test]
async fn a_client_of_another_protocol_is_refused() {
    let (plugin, identity) = started();
    let hello = Hello {
        protocols: &["http/1.1"],
        ..Hello::of_terraform(&plugin.certificate, &identity)
    };
    assert!(!is_admitted(&plugin, &hello).await);
}

#[tokio::test]
async fn a_client_without_a_certificate_is_refused() {
    let (plugin, identity) = started();
    for versions in [TLS13, TLS12] {
        let hello = Hello {
            versions,
            identity: None,
            ..Hello::of_terraform(&plugin.certificate, &identity)
        };
        assert!(!is_admitted(&plugin, &hello).await, "{versions:?}");
    }
}

#[tokio::test]
async fn a_client_with_another_certificate_is_refused() {
    let (plugin, identity) = started();
    let stranger = Identity::of_terraform();
    for versions in [TLS13, TLS12] {
        let hello = Hello {
            versions,
            identity: Some(&stranger),
            ..Hello::of_terraform(&plugin.certificate, &identity)
        };
        assert!(!is_admitted(&plugin, &hello).await, "{versions:?}");
    }
}

#[tokio::test]
async fn the_certificate_without_its_key_is_refused() {
    let (plugin, identity) = started();
    let thief = identity.with_key_of(&Identity::of_terraform());
    for versions in [TLS13, TLS12] {
        let hello = Hello {
            versions,
            identity: Some(&thief),
            ..Hello::of_terraform(&plugin.certificate, &identity)
        };
        assert!(!is_admitted(&plugin, &hello).await, "{versions:?}");
    }
}

#[tokio::test]
async fn a_client_in_the_clear_is_refused() {
    let (plugin, _) = started();
    let mut stream = UnixStream::connect(&plugin.socket).await.expect("a connection");
    stream
        .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0")
        .await
        .expect("a write");
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(LONG, stream.read_to_end(&mut answer))
        .await
        .expect("an end");
    // At most an alert of TLS: type 21.
    assert!(answer.is_empty() || answer[0] == 21, "{answer:?}");
}

#[tokio::test]
async fn clients_that_dawdle_or_leave_do_not_hold_up_others() {
    let (plugin, identity) = started();
    // A probe that leaves at once, as Terraform makes to a provider that runs already, and many that
    // connect and say nothing.
    drop(UnixStream::connect(&plugin.socket).await.expect("a connection"));
    let mut silent = Vec::new();
    for _ in 0..40 {
        silent.push(UnixStream::connect(&plugin.socket).await.expect("a connection"));
    }
    let hello = Hello::of_terraform(&plugin.certificate, &identity);
    let mut client = ProviderClient::new(client::channel(&plugin.socket, Some(hello)).await);
    let answer = tokio::time::timeout(
        Duration::from_secs(5),
        client.get_metadata(proto::get_metadata::Request {}),
    );
    answer.await.expect("in time").expect("an answer");
    drop(silent);
}

#[test]
fn every_process_has_a_certificate_of_its_own() {
    assert_ne!(
        Launch::by_terraform().start().certificate,
        Launch::by_terraform().start().certificate
    );
}
