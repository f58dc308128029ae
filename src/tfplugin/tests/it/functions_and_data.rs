//! Functions, data sources and the provider's own configuration.

use tfsdk::{Type, Value};

use crate::support::generated::tfplugin6 as proto;
use crate::support::plugin::Launch;
use crate::support::values;

fn text(text: &str) -> proto::DynamicValue {
    values::message(&Value::string(text), &Type::String)
}

/// Calls the function in a process that was never configured.
async fn shout(arguments: Vec<proto::DynamicValue>) -> proto::call_function::Response {
    let plugin = Launch::by_terraform().start();
    let mut client = plugin.client().await;
    let request = proto::call_function::Request {
        name: "shout".to_owned(),
        arguments,
    };
    client
        .call_function(request)
        .await
        .expect("an answer")
        .into_inner()
}

#[tokio::test]
async fn a_function_is_called() {
    let response = shout(vec![text("-"), text("a"), text("b")]).await;
    assert_eq!(response.error, None);
    assert_eq!(
        values::value(response.result.as_ref(), &Type::String),
        Value::string("A-B")
    );
}

#[tokio::test]
async fn an_empty_argument_is_null() {
    // OpenTofu's way to send null.
    let response = shout(vec![proto::DynamicValue::default(), text("a"), text("b")]).await;
    assert_eq!(
        values::value(response.result.as_ref(), &Type::String),
        Value::string("AB")
    );
}

#[tokio::test]
async fn errors_name_the_argument() {
    let response = shout(vec![text("-"), text("a"), text("")]).await;
    let error = response.error.expect("an error");
    assert_eq!(
        (error.text.as_str(), error.function_argument),
        ("a text is empty", Some(2))
    );
    assert_eq!(response.result, None);

    let number = values::message(&Value::integer(5), &Type::Number);
    let error = shout(vec![number, text("a")]).await.error.expect("an error");
    assert_eq!(error.function_argument, Some(0));
    assert!(
        error.text.contains("expected a string, found a number"),
        "{}",
        error.text
    );
}

#[tokio::test]
async fn errors_of_the_whole_call_name_none() {
    let error = shout(vec![]).await.error.expect("an error");
    assert_eq!(
        error.text,
        "The function takes at least 1 arguments, and was given 0."
    );
    assert_eq!(error.function_argument, None);

    let error = shout(vec![text("panic")]).await.error.expect("an error");
    assert!(error.text.contains("the function panics"), "{}", error.text);

    let plugin = Launch::by_terraform().start();
    let request = proto::call_function::Request {
        name: "whisper".to_owned(),
        arguments: vec![],
    };
    let response = plugin
        .client()
        .await
        .call_function(request)
        .await
        .expect("an answer")
        .into_inner();
    assert!(response.error.expect("an error").text.contains("\"whisper\""));
}

fn lookup_type() -> Type {
    Type::object([
        ("key", Type::String),
        ("value", Type::String),
        ("version", Type::String),
    ])
}

fn lookup(key: Value) -> proto::DynamicValue {
    let value = Value::object([("key", key), ("value", Value::Null), ("version", Value::Null)]);
    values::message(&value, &lookup_type())
}

#[tokio::test]
async fn a_data_source_is_read() {
    let plugin = Launch::by_terraform().start();
    let mut client = plugin.configured().await;
    let request = proto::read_data_source::Request {
        type_name: "test_lookup".to_owned(),
        config: Some(lookup(Value::string("abc"))),
        ..Default::default()
    };
    let response = client
        .read_data_source(request)
        .await
        .expect("an answer")
        .into_inner();
    assert_eq!(response.diagnostics, []);
    let state = values::value(response.state.as_ref(), &lookup_type());
    assert_eq!(state.attribute("value"), &Value::string("cba"));
    assert_eq!(state.attribute("version"), &Value::string("1.11.4"));
}

#[tokio::test]
async fn a_data_source_is_validated() {
    let plugin = Launch::by_terraform().start();
    let mut client = plugin.client().await;
    for (key, errors) in [(Value::Null, 1), (Value::Unknown, 0), (Value::string("k"), 0)] {
        let request = proto::validate_data_resource_config::Request {
            type_name: "test_lookup".to_owned(),
            config: Some(lookup(key)),
        };
        let response = client
            .validate_data_resource_config(request)
            .await
            .expect("an answer")
            .into_inner();
        assert_eq!(response.diagnostics.len(), errors, "{:?}", response.diagnostics);
    }
}

#[tokio::test]
async fn a_data_source_needs_a_configured_provider() {
    let plugin = Launch::by_terraform().start();
    let request = proto::read_data_source::Request {
        type_name: "test_lookup".to_owned(),
        config: Some(lookup(Value::string("abc"))),
        ..Default::default()
    };
    let response = plugin
        .client()
        .await
        .read_data_source(request)
        .await
        .expect("an answer")
        .into_inner();
    assert_eq!(response.diagnostics.len(), 1);
    assert_eq!(
        response.diagnostics[0].severity(),
        proto::diagnostic::Severity::Error
    );
    assert_eq!(response.state, None);
}

#[tokio::test]
async fn the_provider_may_refuse_its_configuration() {
    let plugin = Launch::by_terraform().start();
    let mut client = plugin.client().await;
    let request = proto::validate_provider_config::Request {
        config: Some(values::provider(Some("no"))),
    };
    let response = client
        .validate_provider_config(request)
        .await
        .expect("an answer")
        .into_inner();
    assert_eq!(response.diagnostics, []);
    let request = proto::configure_provider::Request {
        config: Some(values::provider(Some("not today"))),
        ..Default::default()
    };
    let response = client
        .configure_provider(request)
        .await
        .expect("an answer")
        .into_inner();
    let [diagnostic] = response.diagnostics.as_slice() else {
        panic!("one")
    };
    assert_eq!(
        (diagnostic.summary.as_str(), diagnostic.detail.as_str()),
        ("Refused", "not today")
    );
    assert_eq!(diagnostic.attribute.as_ref().expect("a path").steps.len(), 1);
}
