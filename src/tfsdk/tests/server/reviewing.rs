//! What becomes of the messages of checks, as the provider block says.

use tfsdk::{ConfigureRequest, Server, Value};

use crate::provider::{Test, terraform_that_reviews};
use crate::terraform::complete;
use crate::values::{lines, object, text};

fn too_fast() -> Value {
    object([
        ("name", text("a")),
        ("mode", text("fast")),
        ("place", text("moon")),
    ])
}

fn noted(note: &str) -> Value {
    object([("name", text("a")), ("note", text(note))])
}

fn block(checks: Value) -> Value {
    object([("world", text("reviewed")), ("checks", checks)])
}

/// What the validation of a thing says in the validate walk, and again when the provider is configured.
async fn said(checks: Value) -> [Vec<String>; 2] {
    let server = Server::<Test>::new();
    let thing = complete(&server.schemas().resources["test_thing"].schema, &too_fast());
    let block = complete(&server.schemas().provider, &block(checks));
    assert!(server.validate_provider(&block).is_empty());
    let before = lines(&server.validate_resource("test_thing", &thing, true));
    let request = ConfigureRequest {
        terraform_version: "1.14.0".to_owned(),
    };
    assert!(server.configure(&block, request).await.is_empty());
    let after = lines(&server.validate_resource("test_thing", &thing, true));
    [before, after]
}

#[tokio::test]
async fn a_validation_is_reviewed_in_every_walk() {
    let error = || vec!["Error mode: Too fast for the moon".to_owned()];
    assert_eq!(said(Value::Null).await, [error(), error()]);
    assert_eq!(said(text("off")).await, [[""; 0], [""; 0]]);
    let warning = vec!["Warning: Too fast for the moon".to_owned()];
    assert_eq!(said(text("warning")).await, [warning.clone(), warning]);
    // What is not known yet is not said before it is.
    assert_eq!(said(Value::Unknown).await, [vec![], error()]);
}

#[tokio::test]
async fn a_new_block_is_a_new_review() {
    let server = Server::<Test>::new();
    let thing = complete(&server.schemas().resources["test_thing"].schema, &too_fast());
    let schema = &server.schemas().provider;
    let validated = |checks: Value| {
        server.validate_provider(&complete(schema, &block(checks)));
        server.validate_resource("test_thing", &thing, true).is_empty()
    };
    assert!(validated(text("off")));
    assert!(!validated(Value::Null));
    assert!(validated(text("off")));
    // A block that cannot be read reviews nothing.
    server.validate_provider(&object([("world", Value::Bool(true))]));
    assert!(!server.validate_resource("test_thing", &thing, true).is_empty());
}

#[tokio::test]
async fn a_plan_is_reviewed_before_it_is_refused() {
    let (terraform, world) = terraform_that_reviews("reviewed plan", text("off")).await;
    let mut thing = terraform.resource("test_thing");
    thing.apply(&noted("protected")).await.expect("the create works");
    thing.destroy().await.expect("the check is off");
    assert_eq!(world.revision("a"), None);
}

#[tokio::test]
async fn a_delete_is_reviewed_once_more() {
    let (terraform, world) = terraform_that_reviews("reviewed delete", text("warning")).await;
    let mut thing = terraform.resource("test_thing");
    thing.apply(&noted("precious")).await.expect("the create works");
    let plan = thing.plan_destroy().await.expect("a warning").expect("an object");
    assert_eq!(lines(&plan.warnings), ["Warning: Thing is precious"]);

    // Another block by the time of the apply.
    let strict = object([("world", text("reviewed delete")), ("checks", text("error"))]);
    let strict = complete(&terraform.server().schemas().provider, &strict);
    let request = ConfigureRequest::default();
    assert!(!terraform.server().configure(&strict, request).await.has_error());
    let refused = thing
        .apply_plan(plan, &Value::Null)
        .await
        .expect_err("the warning was raised");
    assert_eq!(lines(&refused), ["Error: Thing is precious"]);
    assert_eq!(world.revision("a"), Some(1));
    let refused = thing.plan_destroy().await.expect_err("the warning was raised");
    assert_eq!(lines(&refused), ["Error: Thing is precious"]);
}
