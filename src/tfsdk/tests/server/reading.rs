//! Refreshes: drift, objects that are gone, failures that change nothing.

use tfsdk::Value;
use tfsdk::server::ReadRequest;

use crate::provider::{terraform, terraform_without_client};
use crate::values::{details, lines, number, object, text};

fn named(name: &str) -> Value {
    object([("name", text(name))])
}

fn acting(act: &str) -> Value {
    object([("act", text(act)), ("name", text("a"))])
}

#[tokio::test]
async fn drift_is_read() {
    let (terraform, world) = terraform("drift").await;
    let mut thing = terraform.resource("test_thing");
    thing.apply(&named("a")).await.expect("the create works");
    world.put("a");
    thing.refresh().await.expect("the read works");
    assert_eq!(
        thing.state().expect("it is there").attribute("revision"),
        &number(2)
    );
    assert_eq!(thing.private(), br#"{"attempt":1}"#);
}

#[tokio::test]
async fn an_object_that_is_gone_is_made_again() {
    let (terraform, world) = terraform("gone").await;
    let mut thing = terraform.resource("test_thing");
    thing.apply(&named("a")).await.expect("the create works");
    world.remove("a");
    let warnings = thing.refresh().await.expect("the read works");
    assert_eq!(lines(&warnings), ["Warning: Thing is gone"]);
    assert_eq!(
        (thing.state(), thing.private(), thing.identity()),
        (None, &b""[..], None)
    );
    thing.apply(&named("a")).await.expect("it is made again");
    assert_eq!(world.revision("a"), Some(1));
}

/// Applies an object that misbehaves when it is read.
async fn check(world: &str, act: &str, error: &str, detail: &str) {
    let (terraform, _) = terraform(world).await;
    let mut rogue = terraform.resource("test_rogue");
    rogue.apply(&acting(act)).await.expect("the create works");
    let before = rogue.state().cloned();
    let failed = rogue.refresh().await.expect_err("the read fails");
    assert_eq!(lines(&failed), [error]);
    assert!(details(&failed).contains(detail), "{}", details(&failed));
    assert_eq!(rogue.state().cloned(), before);
}

#[tokio::test]
async fn a_read_that_fails_changes_nothing() {
    check("read_fails", "read fails", "Error: Throttled", "Try again.").await;
    check(
        "read_panics",
        "read panics",
        "Error: Provider panicked",
        "while it tried to read the object: illegible.",
    )
    .await;
    check(
        "read_unknown",
        "read leaves something unknown",
        "Error size: Provider broke a promise of the protocol",
        "At size: a value is unknown after it was read.",
    )
    .await;
    check(
        "read_lacks",
        "read lacks an attribute",
        "Error size: Provider broke a promise of the protocol",
        "At size: the object lacks the attribute.",
    )
    .await;
}

#[tokio::test]
async fn a_read_gives_no_secrets_away() {
    let (terraform, _) = terraform("read_secret").await;
    let mut rogue = terraform.resource("test_rogue");
    rogue
        .apply(&acting("read keeps secrets"))
        .await
        .expect("the create works");
    rogue.refresh().await.expect("the read works");
    assert_eq!(
        rogue.state().expect("it is there").attribute("password"),
        &Value::Null
    );
}

#[tokio::test]
async fn the_answer_fits_the_schema_even_when_the_read_breaks_a_promise() {
    let (terraform, _) = terraform("read_fits").await;
    let mut rogue = terraform.resource("test_rogue");
    rogue
        .apply(&acting("read lacks an attribute"))
        .await
        .expect("the create works");
    let response = terraform
        .server()
        .read(ReadRequest {
            type_name: "test_rogue".to_owned(),
            state: rogue.state().expect("it is there").clone(),
            private: Vec::new(),
            identity: None,
        })
        .await;
    assert!(response.diagnostics.has_error());
    let Value::Object(attributes) = &response.state else {
        panic!("not an object: {:?}", response.state);
    };
    assert_eq!(attributes.get("size"), Some(&Value::Null));
}

#[tokio::test]
async fn without_a_client_the_state_stays_and_the_user_is_told() {
    let terraform = terraform_without_client().await;
    let schema = &terraform.server().schemas().resources["test_thing"].schema;
    let mut thing = terraform.resource("test_thing");
    thing.put_state(2, crate::terraform::complete(schema, &named("a")));
    let warnings = thing.refresh().await.expect("it is no error");
    assert_eq!(lines(&warnings), ["Warning: Object was not refreshed"]);
    assert_eq!(thing.state().expect("it is there").attribute("name"), &text("a"));
}
