//! Imports by id and by identity, and moves, which are refused.

use tfsdk::{ImportTarget, Value};

use crate::provider::{terraform, terraform_without_client};
use crate::values::{details, lines, number, object, text};

fn id(id: &str) -> ImportTarget {
    ImportTarget::Id(id.to_owned())
}

#[tokio::test]
async fn an_object_is_imported_by_id_and_then_read() {
    let (terraform, world) = terraform("import").await;
    world.put("a");
    let mut thing = terraform.resource("test_thing");
    thing.import(id("home/a")).await.expect("the import works");
    let state = thing.state().expect("it is there");
    assert_eq!(
        (state.attribute("arn"), state.attribute("revision")),
        (&text("arn:a"), &number(1))
    );
    assert_eq!(state.attribute("window"), &Value::List(vec![]));
    assert_eq!(
        thing.identity(),
        Some(&object([("name", text("a")), ("region", text("home"))]))
    );
}

#[tokio::test]
async fn an_object_is_imported_by_identity_of_which_parts_may_be_left_out() {
    let (terraform, world) = terraform("import_identity").await;
    world.put("a");
    for region in [text("home"), Value::Null] {
        let mut thing = terraform.resource("test_thing");
        let identity = object([("name", text("a")), ("region", region)]);
        thing
            .import(ImportTarget::Identity(identity))
            .await
            .expect("the import works");
        assert_eq!(
            thing.identity(),
            Some(&object([("name", text("a")), ("region", text("home"))]))
        );
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_imported() {
    let (terraform, _) = terraform("import_nothing").await;
    let mut thing = terraform.resource("test_thing");
    thing
        .import(id("home/nobody"))
        .await
        .expect("it is no error of the provider");
    assert_eq!(thing.state(), None);
}

#[tokio::test]
async fn refusals() {
    let (terraform, _) = terraform("import_refused").await;
    let identity = || ImportTarget::Identity(object([]));
    let bug = |place: &str| format!("Error {place}: Provider broke a promise of the protocol");
    for (type_name, target, error) in [
        ("test_thing", id("a"), "Error: Wrong id".to_owned()),
        ("test_thing", id("panic"), "Error: Provider panicked".to_owned()),
        (
            "test_simple",
            id("a"),
            "Error: Resource Import Not Implemented".to_owned(),
        ),
        (
            "test_simple",
            identity(),
            "Error: Resource has no identity".to_owned(),
        ),
        ("test_rogue", identity(), "Error: Wrong target".to_owned()),
        ("test_rogue", id("unknown"), bug("size")),
        ("test_rogue", id("incomplete"), bug("size")),
    ] {
        let refused = terraform.resource(type_name).import(target.clone()).await;
        assert_eq!(
            lines(&refused.expect_err("it is refused")),
            [error],
            "{type_name} {target:?}"
        );
    }
}

/// The read that follows could not be made, and the state would stay the stub that the import gave.
#[tokio::test]
async fn without_a_client_nothing_is_imported() {
    let terraform = terraform_without_client().await;
    let refused = terraform.resource("test_thing").import(id("home/a")).await;
    assert_eq!(
        lines(&refused.expect_err("there is no client")),
        ["Error: Provider is not configured"]
    );
}

#[tokio::test]
async fn moves_are_refused_with_a_way_that_works() {
    let (terraform, _) = terraform("move").await;
    let refused = terraform
        .server()
        .move_state("aws_dynamodb_table", "test_thing")
        .into();
    assert_eq!(lines(&refused), ["Error: Unable to Move Resource State"]);
    assert!(
        details(&refused).contains("import block"),
        "{}",
        details(&refused)
    );
}
