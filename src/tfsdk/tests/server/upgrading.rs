//! State that older releases wrote.

use tfsdk::Value;

use crate::provider::terraform;
use crate::values::{lines, number, object, text};

async fn check(world: &str, version: i64, stored: Value, expect: Result<(&str, i64), &str>) {
    let (terraform, provider) = terraform(world).await;
    provider.put("a");
    let mut thing = terraform.resource("test_thing");
    thing.put_state(version, stored);
    match (thing.refresh().await, expect) {
        (Ok(_), Ok((name, days))) => {
            let state = thing.state().expect("it is there");
            assert_eq!(
                (state.attribute("name"), state.attribute("days")),
                (&text(name), &number(days))
            );
        }
        (Err(found), Err(error)) => assert_eq!(lines(&found), [error], "{world}"),
        (found, expect) => panic!("{world}: {found:?} instead of {expect:?}"),
    }
}

#[tokio::test]
async fn older_state_is_upgraded() {
    check("from_0", 0, object([("id", text("a"))]), Ok(("a", 35))).await;
    let stored = object([("name", text("a")), ("days", text("7"))]);
    check("from_1", 1, stored, Ok(("a", 7))).await;
}

#[tokio::test]
async fn state_of_the_same_version_is_read_with_tolerance() {
    let stored = object([
        ("name", text("a")),
        ("days", number(7)),
        ("of_a_newer_release", text("x")),
    ]);
    check("from_2", 2, stored, Ok(("a", 7))).await;
}

#[tokio::test]
async fn what_cannot_be_upgraded_is_refused() {
    let id = |id| object([("id", text(id))]);
    check(
        "from_9",
        9,
        id("a"),
        Err("Error: Unable to Upgrade Resource State"),
    )
    .await;
    check("from_bad", 0, id("bad"), Err("Error: Bad state")).await;
    check("from_panic", 0, id("panic"), Err("Error: Provider panicked")).await;
    check(
        "from_unknown",
        0,
        id("unknown"),
        Err("Error: Missing Upgraded Resource State"),
    )
    .await;
}
