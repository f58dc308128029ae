//! Deletes, why they happen, and what is left when they fail.

use crate::terraform::Action;
use tfsdk::Value;

use crate::provider::terraform;
use crate::values::{lines, object, text, with};

fn named(name: &str) -> Value {
    object([("name", text(name))])
}

fn noted(note: &str) -> Value {
    object([("name", text("a")), ("note", text(note))])
}

/// The deletes in a log, with their reasons.
fn deletes(log: &[String]) -> Vec<&str> {
    log.iter()
        .filter(|act| act.starts_with("delete"))
        .map(|act| act.split(" private").next().unwrap_or_default())
        .collect()
}

#[tokio::test]
async fn a_destroy_is_a_destroy() {
    let (terraform, world) = terraform("destroy").await;
    let mut thing = terraform.resource("test_thing");
    thing.apply(&named("a")).await.expect("the create works");
    thing
        .apply(&with(&named("a"), "mode", text("fast")))
        .await
        .expect("the update works");
    thing.destroy().await.expect("the destroy works");
    assert_eq!(deletes(&world.log()), ["delete a Destroy"]);
}

#[tokio::test]
async fn a_changed_attribute_is_a_replacement() {
    let (terraform, world) = terraform("replace").await;
    let mut thing = terraform.resource("test_thing");
    thing.apply(&named("a")).await.expect("the create works");
    let (action, _) = thing.apply(&named("b")).await.expect("the replacement works");
    assert_eq!(
        (action, deletes(&world.log())),
        (Action::Replace, vec!["delete a Replace"])
    );

    // The marks of the replacement do not stay behind.
    thing.destroy().await.expect("the destroy works");
    assert_eq!(deletes(&world.log()), ["delete b Destroy"]);
}

#[tokio::test]
async fn a_tainted_object_makes_way() {
    let (terraform, world) = terraform("taint").await;
    let mut thing = terraform.resource("test_thing");
    thing
        .apply(&noted("fail late"))
        .await
        .expect_err("the create fails late");
    world.log();
    let (action, _) = thing.apply(&named("b")).await.expect("the replacement works");
    assert_eq!(
        (action, deletes(&world.log())),
        (Action::Replace, vec!["delete a Tainted"])
    );

    thing.taint();
    thing.apply(&named("c")).await.expect("the replacement works");
    assert_eq!(deletes(&world.log()), ["delete b Tainted"]);

    thing.taint();
    thing.destroy().await.expect("the destroy works");
    assert_eq!(deletes(&world.log()), ["delete c Destroy"]);
}

/// Terraform plans the destroy of the old object by itself, so that no mark tells it from any other destroy.
#[tokio::test]
async fn the_old_object_of_create_before_destroy_is_destroyed() {
    let (terraform, world) = terraform("create_first").await;
    let mut thing = terraform.resource("test_thing").create_before_destroy();
    thing.apply(&named("a")).await.expect("the create works");
    world.log();
    thing.apply(&named("b")).await.expect("the replacement works");
    let log = world.log();
    assert_eq!(deletes(&log), ["delete a Destroy"]);
    let place = |act: &str| log.iter().position(|line| line.starts_with(act));
    assert!(place("create b") < place("delete a"), "{log:?}");
    assert_eq!(
        thing.state().expect("the new one is there").attribute("name"),
        &text("b")
    );
}

#[tokio::test]
async fn a_delete_that_fails_keeps_the_object() {
    for (world, note, error) in [
        ("undeletable", "undeletable", "Error: Delete failed"),
        ("panics_on_delete", "panic on delete", "Error: Provider panicked"),
    ] {
        let (terraform, _) = terraform(world).await;
        let mut thing = terraform.resource("test_thing");
        thing.apply(&noted(note)).await.expect("the create works");
        let (before, identity) = (thing.state().cloned(), thing.identity().cloned());
        let failed = thing.destroy().await.expect_err("it fails");
        assert_eq!(lines(&failed), [error]);
        assert_eq!(
            (thing.state().cloned(), thing.identity().cloned()),
            (before, identity)
        );
        assert!(identity_is_there(&thing));
    }
}

fn identity_is_there(thing: &crate::terraform::Instance<'_, crate::provider::Test>) -> bool {
    thing
        .identity()
        .is_some_and(|identity| identity.attribute("name") == &text("a"))
}

#[tokio::test]
async fn a_delete_that_fails_keeps_what_it_noted() {
    let (terraform, _) = terraform("noted_delete").await;
    let mut thing = terraform.resource("test_thing");
    thing
        .apply(&noted("undeletable"))
        .await
        .expect("the create works");
    thing.destroy().await.expect_err("it fails");
    assert_eq!(thing.private(), br#"{"attempt":"to delete"}"#);
}

#[tokio::test]
async fn the_failed_delete_of_a_replacement_keeps_the_old_object() {
    let (terraform, world) = terraform("failed_replacement").await;
    let mut thing = terraform.resource("test_thing");
    thing
        .apply(&noted("undeletable"))
        .await
        .expect("the create works");
    thing.apply(&named("b")).await.expect_err("the delete fails");
    assert_eq!(thing.state().expect("it is kept").attribute("name"), &text("a"));
    assert!(identity_is_there(&thing));
    assert_eq!((world.revision("a"), world.revision("b")), (Some(1), None));
}

#[tokio::test]
async fn what_a_destroy_must_not_do_is_checked_at_plan_and_again_at_apply() {
    let (terraform, world) = terraform("protected").await;
    let mut thing = terraform.resource("test_thing");
    thing.apply(&noted("protected")).await.expect("the create works");
    let refused = thing.destroy().await.expect_err("it is protected");
    assert_eq!(lines(&refused), ["Error: Thing is protected"]);

    // The delete half of a replacement has no plan of its own, so that only the apply can refuse it.
    world.log();
    let refused = thing.apply(&named("b")).await.expect_err("it is protected");
    assert_eq!(lines(&refused), ["Error: Thing is protected"]);
    assert_eq!(deletes(&world.log()), Vec::<&str>::new());
    assert!(thing.state().is_some());
}

#[tokio::test]
async fn a_destroy_can_warn() {
    let (terraform, _) = terraform("precious").await;
    let mut thing = terraform.resource("test_thing");
    thing.apply(&noted("precious")).await.expect("the create works");
    let plan = thing
        .plan_destroy()
        .await
        .expect("it may go")
        .expect("there is an object");
    assert_eq!(
        (plan.action, lines(&plan.warnings)),
        (Action::Delete, vec!["Warning: Thing is precious".to_owned()])
    );
}

#[tokio::test]
async fn nothing_is_deleted_twice() {
    let (terraform, world) = terraform("gone_already").await;
    let mut thing = terraform.resource("test_thing");
    thing.apply(&named("a")).await.expect("the create works");
    world.remove("a");
    world.log();
    thing.destroy().await.expect("there is nothing to do");
    assert_eq!(deletes(&world.log()), Vec::<&str>::new());
}
