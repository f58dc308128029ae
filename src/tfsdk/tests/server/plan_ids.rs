//! Which plan is which: a replacement is planned in two calls and is one plan, and every other object is another.

use tfsdk::Value;

use crate::provider::terraform;
use crate::values::{object, text, with};

fn named(name: &str) -> Value {
    object([("name", text(name))])
}

#[tokio::test]
async fn objects_that_are_alike_are_two_plans() {
    let (terraform, world) = terraform("ids alike").await;
    for _ in 0..2 {
        terraform
            .resource("test_thing")
            .plan(&named("a"))
            .await
            .expect("the plan works");
    }
    let plans = world.plans();
    assert_eq!(plans.len(), 2);
    assert_ne!(plans[0], plans[1]);
}

#[tokio::test]
async fn both_halves_of_a_replacement_are_one_plan_and_the_apply_is_another() {
    let (terraform, world) = terraform("ids replaced").await;
    let mut thing = terraform.resource("test_thing");
    thing.apply(&named("a")).await.expect("the create works");
    let created = world.plans();
    assert_eq!(created.len(), 2, "plan and apply");
    assert_ne!(created[0], created[1]);

    let plan = thing.plan(&named("b")).await.expect("the plan works");
    let halves = world.plans();
    assert_eq!(halves.len(), 2);
    assert_eq!(halves[0], halves[1]);
    assert!(!created.contains(&halves[0]));

    // The delete, and the create, which is planned once more.
    thing
        .apply_plan(plan, &named("b"))
        .await
        .expect("the apply works");
    let applied = world.plans();
    assert_eq!(applied.len(), 2);
    assert_ne!(applied[0], applied[1]);
    assert!(!applied.contains(&halves[0]));
}

#[tokio::test]
async fn an_id_does_not_stay_with_the_object() {
    let (terraform, world) = terraform("ids kept").await;
    let mut thing = terraform.resource("test_thing");
    thing.apply(&named("a")).await.expect("the create works");
    let changed = with(&named("a"), "mode", text("fast"));
    thing.apply(&changed).await.expect("the update works");
    let mut plans = world.plans();
    thing.taint();
    thing.plan(&changed).await.expect("the plan works");
    plans.extend(world.plans());
    thing.plan_destroy().await.expect("the plan works");
    plans.extend(world.plans());
    let count = plans.len();
    plans.sort();
    plans.dedup();
    assert_eq!((plans.len(), count), (6, 6), "{plans:?}");
}
