//! StopProvider: what is under way ends and keeps its object, and what comes later works.

use crate::provider::terraform;
use crate::values::{lines, object, text};

#[tokio::test]
async fn a_stop_ends_the_wait_and_keeps_the_object() {
    let (terraform, world) = terraform("stop").await;
    let mut thing = terraform.resource("test_thing");
    let config = object([("name", text("a")), ("note", text("wait"))]);
    let (failed, ()) = tokio::join!(thing.apply(&config), async {
        world.waiting.notified().await;
        terraform.server().stop();
    });
    let errors = lines(&failed.expect_err("it was interrupted"));
    assert!(errors.contains(&"Error: Interrupted".to_owned()), "{errors:?}");
    assert_eq!(
        thing.state().expect("the object is kept").attribute("arn"),
        &text("arn:a")
    );
    assert!(thing.is_tainted());

    // Terraform goes on to call the provider after the stop, for what else is to be done.
    let mut other = terraform.resource("test_thing");
    let config = object([("name", text("b"))]);
    other
        .apply(&config)
        .await
        .expect("later operations are not stopped");
}

#[tokio::test]
async fn an_operation_that_begins_after_a_stop_waits_for_the_next_one() {
    let (terraform, world) = terraform("stop_twice").await;
    terraform.server().stop();
    let mut thing = terraform.resource("test_thing");
    let config = object([("name", text("a")), ("note", text("wait"))]);
    let mut apply = std::pin::pin!(thing.apply(&config));
    tokio::select! {
        biased;
        ended = &mut apply => panic!("the stop was before it began: {ended:?}"),
        () = world.waiting.notified() => {}
    }
    terraform.server().stop();
    apply.await.expect_err("it was interrupted");
}

#[tokio::test]
async fn a_stop_reaches_every_operation_under_way() {
    let (terraform, world) = terraform("stop_all").await;
    let config = |name| object([("name", text(name)), ("note", text("wait"))]);
    let (first, second) = (config("a"), config("b"));
    let (mut one, mut other) = (terraform.resource("test_thing"), terraform.resource("test_thing"));
    let (one, other, ()) = tokio::join!(one.apply(&first), other.apply(&second), async {
        world.waiting.notified().await;
        while world.revision("b").is_none() {
            tokio::task::yield_now().await;
        }
        terraform.server().stop();
    });
    assert!(one.is_err() && other.is_err());
}

#[tokio::test]
async fn a_stop_with_nothing_under_way_does_no_harm() {
    let (terraform, _) = terraform("stop_nothing").await;
    terraform.server().stop();
    let config = object([("name", text("a"))]);
    let mut thing = terraform.resource("test_thing");
    thing
        .apply(&config)
        .await
        .expect("later operations are not stopped");
}
