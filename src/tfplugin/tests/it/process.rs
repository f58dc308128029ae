//! The life of the process: how it ends, and what must not end it.

use std::time::Duration;

use rustix::process::Signal;
use tfsdk::Value;
use tonic::transport::Channel;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse};

use crate::support::generated::plugin::grpc_broker_client::GrpcBrokerClient;
use crate::support::generated::plugin::grpc_controller_client::GrpcControllerClient;
use crate::support::generated::plugin::grpc_stdio_client::GrpcStdioClient;
use crate::support::generated::plugin::{ConnInfo, Empty, StdioData};
use crate::support::generated::tfplugin6 as proto;
use crate::support::generated::tfplugin6::provider_client::ProviderClient;
use crate::support::plugin::{LONG, Launch, Plugin};
use crate::support::values;

/// What Terraform grants a plugin to end, after which it kills it.
const QUICK: Duration = Duration::from_secs(2);

/// The streams that Terraform keeps open all the time.
struct OpenStreams {
    stdio: tonic::Streaming<StdioData>,
    broker: tonic::Streaming<ConnInfo>,
}

impl OpenStreams {
    async fn open(channel: &Channel) -> Self {
        let stdio = GrpcStdioClient::new(channel.clone())
            .stream_stdio(())
            .await
            .expect("a stream");
        // Terraform sends nothing to a provider's broker.
        let silence = tonic::codegen::tokio_stream::pending::<ConnInfo>();
        let broker = GrpcBrokerClient::new(channel.clone())
            .start_stream(silence)
            .await
            .expect("a stream");
        Self {
            stdio: stdio.into_inner(),
            broker: broker.into_inner(),
        }
    }
}

/// A create that does what `behaviour` says.
async fn create(
    client: &mut ProviderClient<Channel>,
    behaviour: &str,
) -> proto::apply_resource_change::Response {
    let known = [
        ("name", Value::string("a")),
        ("size", Value::integer(1)),
        ("behaviour", Value::string(behaviour)),
    ];
    let mut planned = known.to_vec();
    planned.push(("id", Value::Unknown));
    let request = proto::apply_resource_change::Request {
        type_name: "test_thing".to_owned(),
        prior_state: Some(values::no_thing()),
        planned_state: Some(values::thing_message(&planned)),
        config: Some(values::thing_message(&known)),
        ..proto::apply_resource_change::Request::default()
    };
    client
        .apply_resource_change(request)
        .await
        .expect("an answer")
        .into_inner()
}

/// Starts a create that waits, and comes back when it does.
async fn waiting_create(
    plugin: &Plugin,
    client: &ProviderClient<Channel>,
    behaviour: &'static str,
) -> tokio::task::JoinHandle<proto::apply_resource_change::Response> {
    let mut client = client.clone();
    let create = tokio::spawn(async move { create(&mut client, behaviour).await });
    while !plugin
        .process
        .errors()
        .iter()
        .any(|line| line.contains("\"@message\":\"waiting\""))
    {
        assert!(!create.is_finished(), "it should wait");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    create
}

fn assert_interrupted(response: &proto::apply_resource_change::Response) {
    assert_eq!(response.diagnostics.len(), 1, "{:?}", response.diagnostics);
    assert_eq!(response.diagnostics[0].summary, "Interrupted");
    let state = values::value(response.new_state.as_ref(), &values::thing_type());
    assert_eq!(
        state.attribute("id"),
        &Value::string("thing-a"),
        "the object is not forgotten"
    );
}

#[tokio::test]
async fn shutdown_ends_it_quickly_though_streams_are_open() {
    let mut plugin = Launch::by_terraform().start();
    let channel = plugin.channel().await;
    let mut streams = OpenStreams::open(&channel).await;
    GrpcControllerClient::new(channel.clone())
        .shutdown(Empty {})
        .await
        .expect("a reply");
    let (status, took) = plugin.process.ended().await;
    assert!(status.success(), "{status}");
    assert!(took < QUICK, "{took:?}");
    assert_eq!(
        plugin.process.left_behind(),
        0,
        "the socket and its folder are gone"
    );
    // They ended; nothing was ever sent on them.
    assert!(!matches!(streams.stdio.message().await, Ok(Some(_))));
    assert!(!matches!(streams.broker.message().await, Ok(Some(_))));
}

#[tokio::test]
async fn shutdown_does_not_wait_for_a_call_that_never_ends() {
    let mut plugin = Launch::by_terraform().with("TF_LOG", "TRACE").start();
    let client = plugin.configured().await;
    let channel = plugin.channel().await;
    let mut other = client.clone();
    let call = tokio::spawn(async move {
        let _ = tokio::time::timeout(
            Duration::from_secs(30),
            create_any(&mut other, "sleep without looking"),
        )
        .await;
    });
    apply_began(&plugin).await;
    GrpcControllerClient::new(channel)
        .shutdown(Empty {})
        .await
        .expect("a reply");
    let (status, took) = plugin.process.ended().await;
    assert!(status.success(), "{status}");
    assert!(took < QUICK, "{took:?}");
    assert_eq!(plugin.process.left_behind(), 0);
    call.await.expect("it ended too");
}

/// Waits until an apply is under way.
async fn apply_began(plugin: &Plugin) {
    let began = |line: &String| line.contains("call begins") && line.contains("ApplyResourceChange");
    while !plugin.process.errors().iter().any(began) {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Like `create`, whatever comes back.
async fn create_any(client: &mut ProviderClient<Channel>, behaviour: &str) {
    let request = proto::apply_resource_change::Request {
        type_name: "test_thing".to_owned(),
        prior_state: Some(values::no_thing()),
        planned_state: Some(values::thing_message(&[
            ("name", Value::string("a")),
            ("behaviour", Value::string(behaviour)),
        ])),
        config: Some(values::no_thing()),
        ..proto::apply_resource_change::Request::default()
    };
    let _ = client.apply_resource_change(request).await;
}

#[tokio::test]
async fn it_ends_when_terraform_is_gone() {
    let mut plugin = Launch::by_terraform().start();
    let channel = plugin.channel().await;
    let _streams = OpenStreams::open(&channel).await;
    assert!(plugin.process.is_running());
    // Terraform held the other end of standard output.
    drop(plugin.process.stdout.take());
    let (status, took) = plugin.process.ended().await;
    assert!(status.success(), "{status}");
    assert!(took < QUICK, "{took:?}");
    assert_eq!(plugin.process.left_behind(), 0);
}

/// An interrupted wait counts on Terraform keeping what it answers. With nobody there to take the answer, the wait must
/// not end at all: dropped as by a kill, it leaves what the next run needs to go on.
#[tokio::test]
async fn a_wait_is_not_interrupted_when_nobody_takes_the_answer() {
    let start = || Launch::by_terraform().with("TF_LOG_PROVIDER", "INFO").start();
    let said_interrupted = |plugin: &Plugin| {
        plugin
            .process
            .errors()
            .iter()
            .any(|line| line.contains("interrupted"))
    };

    let mut plugin = start();
    let client = plugin.configured().await;
    let create = waiting_create(&plugin, &client, "wait").await;
    drop(plugin.process.stdout.take());
    let (status, took) = plugin.process.ended().await;
    assert!(status.success() && took < QUICK, "{status} {took:?}");
    assert!(
        !said_interrupted(&plugin),
        "terraform is gone: {:?}",
        plugin.process.errors()
    );
    create.abort();

    let mut plugin = start();
    let client = plugin.configured().await;
    let create = waiting_create(&plugin, &client, "wait").await;
    GrpcControllerClient::new(plugin.channel().await)
        .shutdown(Empty {})
        .await
        .expect("a reply");
    let (status, took) = plugin.process.ended().await;
    assert!(status.success() && took < QUICK, "{status} {took:?}");
    assert!(
        !said_interrupted(&plugin),
        "terraform is done with us: {:?}",
        plugin.process.errors()
    );
    create.abort();
}

#[tokio::test]
async fn it_stays_when_standard_input_ends() {
    // The harness gives it an empty standard input, as a terminal that was closed.
    let mut plugin = Launch::by_terraform().start();
    let mut client = plugin.client().await;
    client
        .get_metadata(proto::get_metadata::Request {})
        .await
        .expect("an answer");
    assert!(plugin.process.is_running());
}

#[tokio::test]
async fn an_interrupt_is_left_to_terraform() {
    let mut plugin = Launch::by_terraform().with("TF_LOG_PROVIDER", "INFO").start();
    // Right after the line already.
    plugin.process.signal(Signal::INT);
    let mut client = plugin.configured().await;
    let create = waiting_create(&plugin, &client, "wait").await;
    for _ in 0..3 {
        plugin.process.signal(Signal::INT);
    }
    client
        .get_metadata(proto::get_metadata::Request {})
        .await
        .expect("it still answers");
    assert!(!create.is_finished(), "and it still waits");

    // What Terraform does next.
    let stopped = client
        .stop_provider(proto::stop_provider::Request {})
        .await
        .expect("an answer");
    assert_eq!(stopped.into_inner().error, "");
    assert_interrupted(&create.await.expect("an answer"));

    // A stop is no shutdown: later calls work, and later waits wait.
    let again = waiting_again(&plugin, &client).await;
    assert!(!again.is_finished());
    client
        .stop_provider(proto::stop_provider::Request {})
        .await
        .expect("an answer");
    assert_interrupted(&again.await.expect("an answer"));
    assert!(plugin.process.is_running());
}

async fn waiting_again(
    plugin: &Plugin,
    client: &ProviderClient<Channel>,
) -> tokio::task::JoinHandle<proto::apply_resource_change::Response> {
    let waits = || {
        plugin
            .process
            .errors()
            .iter()
            .filter(|line| line.contains("waiting"))
            .count()
    };
    let before = waits();
    let mut client = client.clone();
    let create = tokio::spawn(async move { create(&mut client, "wait").await });
    while waits() == before {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    create
}

#[tokio::test]
async fn a_request_to_terminate_ends_it_in_order() {
    let mut plugin = Launch::by_terraform().with("TF_LOG_PROVIDER", "INFO").start();
    let client = plugin.configured().await;
    let channel = plugin.channel().await;
    let _streams = OpenStreams::open(&channel).await;
    let create = waiting_create(&plugin, &client, "wait").await;
    plugin.process.signal(Signal::TERM);
    assert_interrupted(&create.await.expect("the answer still arrives"));
    drop((client, channel));
    let (status, took) = plugin.process.ended().await;
    assert!(status.success(), "{status}");
    assert!(took < QUICK, "{took:?}");
    assert_eq!(plugin.process.left_behind(), 0);
}

#[tokio::test]
async fn a_second_request_to_terminate_is_not_put_off() {
    let mut plugin = Launch::by_terraform().with("TF_LOG", "TRACE").start();
    let mut client = plugin.configured().await;
    let call = tokio::spawn(async move { create_any(&mut client, "sleep without looking").await });
    apply_began(&plugin).await;
    plugin.process.signal(Signal::TERM);
    // The first is noticed when new connections are refused.
    while tokio::net::UnixStream::connect(&plugin.socket).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    assert!(plugin.process.is_running(), "a call is in flight");
    plugin.process.signal(Signal::TERM);
    let (status, took) = plugin.process.ended().await;
    assert!(status.success(), "{status}");
    assert!(took < QUICK, "{took:?}");
    assert_eq!(plugin.process.left_behind(), 0);
    call.await.expect("it ended too");
}

#[tokio::test]
async fn what_is_printed_cannot_block_it() {
    let plugin = Launch::by_terraform().start();
    let mut client = plugin.configured().await;
    // A megabyte, which nobody reads: far more than a pipe holds.
    let response = tokio::time::timeout(LONG, create(&mut client, "print"));
    let response = response.await.expect("it is not blocked");
    assert_eq!(response.diagnostics, []);
}

#[tokio::test]
async fn the_health_service_knows_the_plugin() {
    let plugin = Launch::by_terraform().start();
    let mut health = HealthClient::new(plugin.channel().await);
    let request = HealthCheckRequest {
        service: "plugin".to_owned(),
    };
    let response: HealthCheckResponse = health.check(request).await.expect("an answer").into_inner();
    assert_eq!(response.status(), ServingStatus::Serving);
}

#[tokio::test]
async fn a_call_that_does_not_exist_is_unimplemented() {
    let plugin = Launch::by_terraform().start();
    let channel = plugin.channel().await;
    let mut client = tonic::client::Grpc::new(channel);
    client.ready().await.expect("a connection");
    let codec = tonic_prost::ProstCodec::<(), ()>::default();
    let path = tonic::codegen::http::uri::PathAndQuery::from_static("/tfplugin6.Provider/FromTheFuture");
    let status = client
        .unary(tonic::Request::new(()), path, codec)
        .await
        .expect_err("no such call");
    assert_eq!(status.code(), tonic::Code::Unimplemented);
}
