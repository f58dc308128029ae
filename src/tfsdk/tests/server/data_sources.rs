//! Data sources: what they are given, and what they must give back.

use tfsdk::Value;

use crate::provider::{terraform, terraform_without_client};
use crate::values::{details, lines, list, number, object, text};

#[tokio::test]
async fn a_data_source_is_read_with_its_defaults() {
    let (terraform, world) = terraform("data").await;
    for name in ["ab", "ac", "b"] {
        world.put(name);
    }
    let read = |config| terraform.data_source("test_things", config);
    let found = read(object([("prefix", text("a"))]))
        .await
        .expect("the read works");
    assert_eq!(
        found,
        object([
            ("prefix", text("a")),
            ("limit", number(10)),
            ("act", Value::Null),
            ("names", list([text("ab"), text("ac")])),
        ])
    );
    let found = read(object([("limit", number(1))]))
        .await
        .expect("the read works");
    assert_eq!(found.attribute("names"), &list([text("ab")]));
}

#[tokio::test]
async fn what_goes_wrong_is_told() {
    const BROKEN: &str = "Provider broke a promise of the protocol";
    let (terraform, _) = terraform("data_wrong").await;
    let warning = || "Warning: Read".to_owned();
    for (config, errors) in [
        (
            object([("prefix", text("*"))]),
            vec!["Error prefix: No patterns".to_owned()],
        ),
        (
            object([("names", list([]))]),
            vec!["Error names: Invalid Configuration for Read-Only Attribute".to_owned()],
        ),
        (
            object([("act", text("fail"))]),
            vec![warning(), "Error: No things".to_owned()],
        ),
        (
            object([("act", text("panic"))]),
            vec![warning(), "Error: Provider panicked".to_owned()],
        ),
        (
            object([("act", text("unknown"))]),
            vec![warning(), format!("Error names: {BROKEN}")],
        ),
        (
            object([("act", text("alter")), ("limit", number(5))]),
            vec![warning(), format!("Error limit: {BROKEN}")],
        ),
        (
            object([("act", text("make_up"))]),
            vec![warning(), format!("Error prefix: {BROKEN}")],
        ),
    ] {
        let failed = terraform.data_source("test_things", config.clone()).await;
        assert_eq!(lines(&failed.expect_err("it fails")), errors, "{config:?}");
    }
}

#[tokio::test]
async fn an_altered_value_is_named() {
    let (terraform, _) = terraform("data_altered").await;
    let config = object([("act", text("alter")), ("limit", number(5))]);
    let failed = terraform
        .data_source("test_things", config)
        .await
        .expect_err("it is altered");
    let text = details(&failed);
    assert!(
        text.contains("At limit: the value that was read is not the configured one."),
        "{text}"
    );
}

#[tokio::test]
async fn without_a_client_nothing_is_read() {
    let terraform = terraform_without_client().await;
    let failed = terraform.data_source("test_things", object([])).await;
    assert_eq!(
        lines(&failed.expect_err("there is no client")),
        ["Error: Provider is not configured"]
    );
    let failed = terraform
        .server()
        .read_data_source("test_nothing", object([]))
        .await;
    assert_eq!(
        lines(&failed.expect_err("there is none")),
        ["Error: Data Source Type Not Found"]
    );
}
