//! How a plugin introduces itself.

use std::os::unix::fs::PermissionsExt;

use crate::support::plugin::{COOKIE, Launch};

#[test]
fn the_line_is_what_terraform_reads() {
    let plugin = Launch::by_terraform().start();
    let fields: Vec<&str> = plugin.line.split('|').collect();
    assert_eq!(fields.len(), 6, "{}", plugin.line);
    assert!(
        fields[5].len() > 50,
        "Terraform looks at nothing shorter: {}",
        fields[5]
    );
    assert!(!fields[5].contains('='), "Go refuses padding: {}", fields[5]);
    assert!(plugin.socket.is_absolute());
    assert!(plugin.socket.exists(), "it listens before it says so");
}

#[test]
fn the_socket_is_in_a_folder_of_its_own() {
    let plugin = Launch::by_terraform().start();
    let folder = plugin.socket.parent().expect("a folder");
    assert_eq!(folder.parent(), Some(plugin.process.temporary()));
    assert_eq!(
        std::fs::metadata(folder)
            .expect("the folder")
            .permissions()
            .mode()
            & 0o777,
        0o700
    );
}

#[test]
fn the_folder_can_be_named() {
    let other = tempfile::tempdir().expect("a folder");
    let plugin = Launch::by_terraform()
        .with("PLUGIN_UNIX_SOCKET_DIR", other.path())
        .start();
    assert!(
        plugin.socket.starts_with(other.path()),
        "{}",
        plugin.socket.display()
    );
}

#[test]
fn without_tls_the_certificate_is_empty() {
    let plugin = Launch::without_tls().start();
    assert!(plugin.line.ends_with("|grpc|"), "{}", plugin.line);
}

#[test]
fn multiplexing_is_declined() {
    let plugin = Launch::by_terraform()
        .with("PLUGIN_MULTIPLEX_GRPC", "true")
        .start();
    let fields: Vec<&str> = plugin.line.split('|').collect();
    assert_eq!(fields.len(), 7, "{}", plugin.line);
    assert_eq!(fields[6], "false");
}

#[test]
fn whatever_versions_are_offered_the_answer_is_six() {
    // Terraform compares, and explains it when it does not fit.
    for offered in ["5,6", "6,5", "6", "5", "7", ""] {
        let plugin = Launch::by_terraform()
            .with("PLUGIN_PROTOCOL_VERSIONS", offered)
            .start();
        assert!(plugin.line.starts_with("1|6|unix|"), "{offered}: {}", plugin.line);
    }
}

#[tokio::test]
async fn started_by_hand_it_explains_itself() {
    for cookie in [None, Some("something else")] {
        let mut launch = Launch::by_terraform();
        launch.environment.retain(|(name, _)| *name != COOKIE.0);
        if let Some(cookie) = cookie {
            launch = launch.with(COOKIE.0, cookie);
        }
        let mut process = launch.spawn();
        let (line, _) = process.first_line();
        assert_eq!(line, "", "nothing on standard output");
        let (status, _) = process.ended().await;
        assert_eq!(status.code(), Some(1));
        let text = process.errors().join("\n");
        assert!(
            text.contains("This is a Terraform provider (registry.terraform.io/testing/test)"),
            "{text}"
        );
        assert!(
            text.contains("terraform init") && text.contains("--debug"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_certificate_that_is_none_ends_it_with_a_reason() {
    let mut process = Launch::without_tls()
        .with("PLUGIN_CLIENT_CERT", "not a certificate")
        .spawn();
    let (status, _) = process.ended().await;
    assert_eq!(status.code(), Some(1));
    let text = process.errors().join("\n");
    assert!(
        text.contains("[ERROR] the provider cannot serve: reading the certificate in PLUGIN_CLIENT_CERT"),
        "{text}"
    );
    assert_eq!(process.left_behind(), 0);
}
