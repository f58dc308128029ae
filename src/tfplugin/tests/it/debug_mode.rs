//! The mode for people who debug a provider.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use rustix::process::Signal;
use serde_json::Value as Json;
use tokio::net::UnixStream;

use crate::support::client;
use crate::support::generated::tfplugin6 as proto;
use crate::support::generated::tfplugin6::provider_client::ProviderClient;
use crate::support::plugin::Launch;
use crate::support::values;

#[tokio::test]
async fn it_serves_several_runs_until_ctrl_c() {
    let mut launch = Launch::without_tls();
    launch.environment.clear();
    launch.arguments = vec!["--debug"];
    let mut process = launch.spawn();
    let mut stdout = BufReader::new(process.stdout.take().expect("a pipe"));
    let variable = loop {
        let mut line = String::new();
        assert!(
            stdout.read_line(&mut line).expect("a line") > 0,
            "no variable: {:?}",
            process.errors()
        );
        if let Some(quoted) = line.trim().strip_prefix("TF_REATTACH_PROVIDERS=") {
            break quoted.trim_matches('\'').to_owned();
        }
    };
    let json: Json = serde_json::from_str(&variable).expect("JSON");
    let reattach = &json["registry.terraform.io/testing/test"];
    assert_eq!(reattach["Protocol"], "grpc");
    assert_eq!(reattach["ProtocolVersion"], 6);
    assert_eq!(reattach["Test"], true, "or Terraform takes it for protocol 5");
    assert!(reattach["Pid"].is_u64());
    assert_eq!(reattach["Addr"]["Network"], "unix");
    let socket = PathBuf::from(reattach["Addr"]["String"].as_str().expect("a path"));

    // Terraform looks whether somebody is there first.
    drop(UnixStream::connect(&socket).await.expect("a connection"));
    // Two runs at once, with different configurations.
    let mut clients = [
        ProviderClient::new(client::channel(&socket, None).await),
        ProviderClient::new(client::channel(&socket, None).await),
    ];
    for (run, refuse) in [(0, None), (1, Some("no")), (0, None)] {
        let request = proto::configure_provider::Request {
            config: Some(values::provider(refuse)),
            ..proto::configure_provider::Request::default()
        };
        let response = clients[run]
            .configure_provider(request)
            .await
            .expect("an answer")
            .into_inner();
        assert_eq!(response.diagnostics.len(), usize::from(refuse.is_some()));
    }

    process.signal(Signal::INT);
    let (status, _) = process.ended().await;
    assert!(status.success(), "{status}");
    assert_eq!(process.left_behind(), 0);
}
