//! What arrives on standard error, as Terraform reads it.

use serde_json::Value as Json;
use tfsdk::Value;

use crate::support::generated::tfplugin6 as proto;
use crate::support::plugin::{Launch, Plugin};
use crate::support::values;

async fn create(plugin: &Plugin, behaviour: &str) -> proto::apply_resource_change::Response {
    let mut client = plugin.configured().await;
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

/// All that was logged until the end of the process.
async fn logged(mut plugin: Plugin) -> Vec<String> {
    drop(plugin.process.stdout.take());
    plugin.process.ended().await;
    plugin.process.errors()
}

#[tokio::test]
async fn every_line_is_one_that_terraform_can_take() {
    let plugin = Launch::by_terraform().with("TF_LOG", "TRACE").start();
    create(&plugin, "log").await;
    let lines = logged(plugin).await;
    assert!(lines.len() > 3, "{lines:?}");
    let mut huge = 0;
    for line in &lines {
        assert!(line.len() < 64 * 1024, "{} bytes", line.len());
        let json: Json = serde_json::from_str(line).unwrap_or_else(|err| panic!("{err}: {line}"));
        assert!(
            json["@message"].is_string() && json["@level"].is_string(),
            "{line}"
        );
        let time = json["@timestamp"].as_str().expect("a time");
        assert_eq!(
            (time.len(), time.rfind('.'), time.ends_with('Z')),
            (27, Some(19), true),
            "{time}"
        );
        huge += usize::from(
            json["@message"]
                .as_str()
                .is_some_and(|text| text.starts_with("xxx")),
        );
    }
    assert_eq!(huge, 1, "the huge message is there, cut");
    let ends: Vec<Json> = lines
        .iter()
        .filter_map(|line| serde_json::from_str(line).ok())
        .filter(|json: &Json| json["@message"] == "call ends" && json["tf_rpc"] == "ApplyResourceChange")
        .collect();
    let [end] = ends.as_slice() else {
        panic!("one end: {ends:?}")
    };
    assert_eq!(end["tf_resource_type"], "test_thing");
    assert!(
        end["tf_req_duration_ms"].is_u64() && end["tf_req_id"].is_u64(),
        "{end}"
    );
    assert_eq!(end["diagnostic_error_count"], 0);
}

#[tokio::test]
async fn without_a_log_variable_nothing_is_written() {
    let plugin = Launch::by_terraform().start();
    create(&plugin, "log").await;
    assert_eq!(logged(plugin).await, [] as [&str; 0]);
}

#[tokio::test]
async fn the_variable_of_this_provider_comes_first() {
    let launch = Launch::by_terraform()
        .with("TF_LOG", "TRACE")
        .with("TF_LOG_PROVIDER_TEST", "OFF");
    let plugin = launch.start();
    create(&plugin, "log").await;
    assert_eq!(logged(plugin).await, [] as [&str; 0]);
}

#[tokio::test]
async fn a_panic_is_printed_as_terraform_looks_for_it() {
    let plugin = Launch::by_terraform().start();
    let response = create(&plugin, "panic").await;
    assert_eq!(response.diagnostics.len(), 1);
    let lines = logged(plugin).await;
    let [first, rest @ ..] = lines.as_slice() else {
        panic!("lines")
    };
    assert!(
        first.starts_with("panic: the a fell over and broke at "),
        "{first}"
    );
    assert!(first.contains("test_provider.rs:"), "{first}");
    assert!(
        !rest.is_empty() && rest.len() < 100,
        "a backtrace of {} lines",
        rest.len()
    );
    assert!(rest.iter().all(|line| !line.starts_with('{')), "plain lines");
}
