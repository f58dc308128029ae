//! Identities: only where declared, wholly known, and the same as long as the object lives.

use crate::terraform::Stored;
use tfsdk::Value;
use tfsdk::server::UpgradeRequest;

use crate::provider::terraform;
use crate::values::{lines, object, text, with};

fn acting(act: &str) -> Value {
    object([("act", text(act)), ("name", text("a"))])
}

#[tokio::test]
async fn an_object_has_its_identity_from_create_on() {
    let (terraform, _) = terraform("identity").await;
    let mut thing = terraform.resource("test_thing");
    let config = object([("name", text("a"))]);
    thing.apply(&config).await.expect("the create works");
    let identity = object([("name", text("a")), ("region", text("home"))]);
    assert_eq!(thing.identity(), Some(&identity));
    thing
        .apply(&with(&config, "mode", text("fast")))
        .await
        .expect("the update works");
    assert_eq!(thing.identity(), Some(&identity));
    thing.refresh().await.expect("the read works");
    assert_eq!(thing.identity(), Some(&identity));
}

#[tokio::test]
async fn a_type_without_identities_answers_none() {
    let (terraform, _) = terraform("no_identity").await;
    let mut simple = terraform.resource("test_simple");
    simple
        .apply(&object([("name", text("a"))]))
        .await
        .expect("the create works");
    simple.refresh().await.expect("the read works");
    assert_eq!(simple.identity(), None);
}

#[tokio::test]
async fn an_identity_is_wholly_known() {
    for (act, error) in [
        ("identity missing", "Error: Missing Resource Identity"),
        ("identity unknown", "Error: Missing Resource Identity"),
        (
            "identity of another type",
            "Error arn: Provider broke a promise of the protocol",
        ),
        ("identity panics", "Error: Provider panicked"),
    ] {
        let (terraform, _) = terraform(act).await;
        let mut rogue = terraform.resource("test_rogue");
        let failed = rogue
            .apply(&acting(act))
            .await
            .expect_err("the identity is broken");
        assert_eq!(lines(&failed), [error], "{act}");
        assert!(rogue.state().is_some(), "{act}: the object must be kept");
    }
}

#[tokio::test]
async fn an_identity_does_not_change() {
    let (terraform, _) = terraform("identity_changes").await;
    let mut rogue = terraform.resource("test_rogue");
    rogue.apply(&acting("")).await.expect("the create works");
    let failed = rogue.apply(&acting("identity changes")).await;
    assert_eq!(
        lines(&failed.expect_err("the identity changed in the update")),
        ["Error: Unexpected Identity Change"]
    );
    // The update did happen, and the state says so. The identity is the old one, so that a read sees it, too.
    assert_eq!(rogue.identity(), Some(&object([("arn", text("arn"))])));
    let failed = rogue.refresh().await;
    assert_eq!(
        lines(&failed.expect_err("the identity changed since")),
        ["Error: Unexpected Identity Change"]
    );
}

#[tokio::test]
async fn stored_identities_of_another_version_are_refused() {
    let (terraform, _) = terraform("identity_version").await;
    let stored = object([
        ("name", text("a")),
        ("region", text("home")),
        ("extra", text("x")),
    ]);
    let upgrade = |type_name, version| {
        terraform.server().upgrade_identity(&UpgradeRequest {
            type_name,
            version,
            state: &Stored(&stored),
        })
    };
    let expect = object([("name", text("a")), ("region", text("home"))]);
    assert_eq!(upgrade("test_thing", 1), Ok(expect));
    let error = |outcome: Result<Value, tfsdk::Diagnostics>| lines(&outcome.expect_err("it is refused"));
    assert_eq!(
        error(upgrade("test_thing", 0)),
        ["Error: Unable to Upgrade Resource Identity"]
    );
    assert_eq!(
        error(upgrade("test_simple", 0)),
        ["Error: Resource has no identity"]
    );
}
