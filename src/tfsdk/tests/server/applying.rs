//! What an apply leaves behind, also when it fails half-way.

use crate::terraform::Action;
use tfsdk::{Diagnostics, Value};

use crate::provider::{terraform, terraform_without_client};
use crate::values::{details, lines, number, object, text, with};

fn named(name: &str) -> Value {
    object([("name", text(name))])
}

fn noted(note: &str) -> Value {
    object([("name", text("a")), ("note", text(note)), ("days", number(7))])
}

/// Without the warning about the deprecated `note`.
fn errors(diagnostics: &Diagnostics) -> Vec<String> {
    let mut lines = lines(diagnostics);
    lines.retain(|line| line.starts_with("Error"));
    lines
}

#[tokio::test]
async fn an_object_lives_from_create_to_destroy() {
    let (terraform, world) = terraform("life").await;
    let mut thing = terraform.resource("test_thing");
    let (action, _) = thing.apply(&named("a")).await.expect("the create works");
    assert_eq!(action, Action::Create);
    let state = thing.state().expect("the thing is there");
    assert_eq!(state.attribute("arn"), &text("arn:a"));
    assert_eq!(state.attribute("revision"), &number(1));

    let (action, _) = thing
        .apply(&with(&named("a"), "mode", text("fast")))
        .await
        .expect("the update works");
    assert_eq!(action, Action::Update);
    assert_eq!(
        thing.state().expect("it is there").attribute("revision"),
        &number(2)
    );

    let (action, _) = thing
        .apply(&with(&named("a"), "mode", text("fast")))
        .await
        .expect("nothing is to be done");
    assert_eq!(action, Action::NoOp);

    thing.destroy().await.expect("the destroy works");
    assert_eq!(thing.state(), None);
    assert_eq!(world.revision("a"), None);
}

#[tokio::test]
async fn write_only_values_reach_the_create_and_nothing_else() {
    let (terraform, world) = terraform("secret_ways").await;
    let mut thing = terraform.resource("test_thing");
    let config = object([
        ("name", text("a")),
        ("password", text("hunter2")),
        (
            "limits",
            object([("read", number(1)), ("token", text("hunter3"))]),
        ),
    ]);
    thing.apply(&config).await.expect("the apply works");
    assert!(world.log().contains(&"password hunter2".to_owned()));
    let state = format!("{:?}", thing.state());
    assert!(!state.contains("hunter"), "{state}");
}

#[tokio::test]
async fn a_create_that_fails_before_a_save_leaves_nothing() {
    let (terraform, world) = terraform("fails_early").await;
    let mut thing = terraform.resource("test_thing");
    let failed = thing.apply(&noted("fail early")).await.expect_err("it fails");
    assert_eq!(errors(&failed), ["Error: Refused"]);
    assert_eq!((thing.state(), world.revision("a")), (None, None));
}

#[tokio::test]
async fn a_create_that_fails_after_a_save_keeps_the_object() {
    for (world, note, error) in [
        ("fails_late", "fail late", "Error: Wait failed"),
        ("panics_late", "panic late", "Error: Provider panicked"),
    ] {
        let (terraform, _) = terraform(world).await;
        let mut thing = terraform.resource("test_thing");
        let failed = thing.apply(&noted(note)).await.expect_err("it fails");
        assert_eq!(errors(&failed), [error]);
        let state = thing.state().expect("the object is kept");
        assert_eq!(state.attribute("arn"), &text("arn:a"));
        assert_eq!(
            state.attribute("revision"),
            &Value::Null,
            "what is unknown is saved as null"
        );
        assert!(thing.is_tainted());
        assert_eq!(thing.private(), br#"{"attempt":1}"#);
        assert!(thing.identity().is_none(), "without a region it has none");
    }
}

#[tokio::test]
async fn an_update_that_fails_keeps_the_prior_object() {
    for (world, note, error, days) in [
        ("update_early", "fail early", "Error: Refused", 35),
        ("update_late", "fail late", "Error: Half-way", 7),
        ("update_panics", "panic", "Error: Provider panicked", 35),
    ] {
        let (terraform, _) = terraform(world).await;
        let mut thing = terraform.resource("test_thing");
        thing.apply(&named("a")).await.expect("the create works");
        let identity = thing.identity().cloned();
        let failed = thing.apply(&noted(note)).await.expect_err("it fails");
        assert_eq!(errors(&failed), [error]);
        let state = thing.state().expect("the object is kept");
        assert_eq!(state.attribute("days"), &number(days), "{world}");
        assert_eq!(state.attribute("note"), &Value::Null);
        assert!(!thing.is_tainted());
        assert_eq!(thing.private(), br#"{"attempt":2}"#);
        assert_eq!(thing.identity().cloned(), identity);
    }
}

#[tokio::test]
async fn a_panic_is_our_bug_and_says_what_to_report() {
    let (terraform, _) = terraform("panic_text").await;
    let failed = terraform
        .resource("test_thing")
        .apply(&noted("panic late"))
        .await
        .expect_err("it panics");
    let text = details(&failed);
    assert!(
        text.contains("while it tried to create the object: lost count."),
        "{text}"
    );
    assert!(
        text.contains("always an error in the provider") && text.contains("TF_LOG_PROVIDER=trace"),
        "{text}"
    );
}

#[tokio::test]
async fn the_server_works_on_after_a_panic() {
    let (terraform, _) = terraform("after_panic").await;
    let failed = terraform.resource("test_thing").apply(&noted("panic late")).await;
    assert!(failed.is_err());
    let (action, _) = terraform
        .resource("test_thing")
        .apply(&named("b"))
        .await
        .expect("the next apply works");
    assert_eq!(action, Action::Create);
}

#[tokio::test]
async fn private_state_is_of_one_object() {
    let (terraform, world) = terraform("private").await;
    let mut thing = terraform.resource("test_thing");
    thing.apply(&named("a")).await.expect("the create works");
    thing
        .apply(&with(&named("a"), "mode", text("fast")))
        .await
        .expect("the update works");
    thing.apply(&named("b")).await.expect("the replacement works");
    assert_eq!(
        world.log(),
        [
            "observe create private=false",
            "observe create private=false",
            "create a private=false",
            "read a private=true",
            "observe update private=true",
            "observe update private=true",
            "update a private=true",
            "read a private=true",
            "observe update private=true",
            "observe create private=false",
            "observe destroy private=true",
            "delete a Replace private=true",
            "observe create private=false",
            "create b private=false",
        ]
    );
}

#[tokio::test]
async fn without_a_client_nothing_is_applied() {
    let terraform = terraform_without_client().await;
    let mut thing = terraform.resource("test_thing");
    let failed = thing.apply(&named("a")).await.expect_err("there is no client");
    assert_eq!(lines(&failed), ["Error: Provider is not configured"]);
    assert!(details(&failed).contains("Cannot apply the change"));
    assert_eq!(thing.state(), None);
}
