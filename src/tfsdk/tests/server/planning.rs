//! What a plan makes of a change: defaults, computed values, values kept, replacements.

use crate::terraform::{Action, complete};
use tfsdk::server::PlanRequest;
use tfsdk::{Path, Value};

use crate::provider::{terraform, terraform_without_client};
use crate::values::{lines, list, map, number, object, text, with};

fn rule(schedule: &str) -> Value {
    object([("schedule", text(schedule))])
}

fn step(action: &str) -> Value {
    object([("action", text(action))])
}

/// A configuration with something everywhere.
fn rich() -> Value {
    object([
        ("name", text("orders")),
        ("mode", text("slow")),
        ("tags", map([("team", text("shop"))])),
        ("zones", Value::Set(vec![text("a"), text("b")])),
        ("limits", object([("read", number(1)), ("token", text("hush"))])),
        ("rules", map([("nightly", rule("0 3 * * *"))])),
        ("steps", list([step("make"), step("check")])),
        (
            "peers",
            Value::Set(vec![object([("name", text("x")), ("weight", Value::Null)])]),
        ),
        ("window", list([object([("until", text("noon"))])])),
        ("password", text("hunter2")),
    ])
}

/// Applies one configuration, plans another, and looks at parts of the plan.
async fn check(world: &str, before: &Value, after: &Value, action: Action, expect: &[(&str, Value)]) {
    let (terraform, _) = terraform(world).await;
    let mut thing = terraform.resource("test_thing");
    thing.apply(before).await.expect("the first apply works");
    let plan = thing.plan(after).await.expect("the plan works");
    assert_eq!(plan.action, action);
    for (path, value) in expect {
        assert_eq!(plan.planned.at(&parse(path)), Some(value), "{path}");
    }
}

/// `rules.nightly.id`, where numbers are indexes and what stands behind `rules` is a key.
fn parse(path: &str) -> Path {
    let mut parsed = Path::root();
    let mut in_map = false;
    for part in path.split('.') {
        parsed = match part.parse() {
            Ok(index) => parsed.index(index),
            Err(_) if in_map => parsed.key(part),
            Err(_) => parsed.attribute(part),
        };
        in_map = part == "rules";
    }
    parsed
}

#[tokio::test]
async fn a_create_has_defaults_and_leaves_the_rest_to_the_provider() {
    let (terraform, _) = terraform("create_plan").await;
    let plan = terraform
        .resource("test_thing")
        .plan(&rich())
        .await
        .expect("the plan works");
    assert_eq!(plan.action, Action::Create);
    for (path, value) in [
        ("days", number(35)),
        ("limits.write", number(5)),
        ("limits.token", Value::Null),
        ("password", Value::Null),
        ("rules.nightly.keep", number(7)),
        ("rules.nightly.id", Value::Unknown),
        ("steps.0.id", Value::Unknown),
        ("region", Value::Unknown),
        ("origin", Value::Unknown),
        ("arn", Value::Unknown),
        ("note", Value::Null),
        ("timeouts", Value::Null),
        ("window.0.until", text("noon")),
    ] {
        assert_eq!(plan.planned.at(&parse(path)), Some(&value), "{path}");
    }
}

#[tokio::test]
async fn a_nested_attribute_that_is_left_out_gets_no_defaults_inside() {
    check(
        "nested_left_out",
        &object([("name", text("a"))]),
        &object([("name", text("a")), ("mode", text("fast"))]),
        Action::Update,
        &[("limits", Value::Null), ("rules", Value::Null)],
    )
    .await;
}

#[tokio::test]
async fn the_second_plan_is_empty_and_does_not_look_at_aws() {
    let (terraform, world) = terraform("second_plan").await;
    let mut thing = terraform.resource("test_thing");
    thing.apply(&rich()).await.expect("the apply works");
    world.log();
    let plan = thing.plan(&rich()).await.expect("the plan works");
    assert_eq!(plan.action, Action::NoOp);
    assert_eq!(Some(&plan.planned), thing.state());
    assert_eq!(world.log(), ["read orders private=true"]);
}

#[tokio::test]
async fn a_change_makes_unknown_what_only_the_provider_can_say() {
    check(
        "change",
        &rich(),
        &with(&rich(), "mode", text("fast")),
        Action::Update,
        &[
            ("mode", text("fast")),
            ("revision", Value::Unknown),
            ("arn", text("arn:orders")),
            ("region", text("home")),
            ("origin", object([("table", text("source")), ("size", number(3))])),
            ("rules.nightly.id", text("rule-nightly")),
            ("steps.0.id", text("step-make")),
        ],
    )
    .await;
}

#[tokio::test]
async fn elements_are_told_apart_by_key_and_not_by_place() {
    let rules = map([("nightly", rule("0 3 * * *")), ("weekly", rule("0 3 * * 0"))]);
    let steps = list([step("check"), step("make"), step("tidy")]);
    check(
        "elements",
        &rich(),
        &with(&with(&rich(), "rules", rules), "steps", steps),
        Action::Update,
        &[
            ("rules.nightly.id", text("rule-nightly")),
            ("rules.weekly.id", Value::Unknown),
            ("rules.weekly.keep", number(7)),
            ("steps.0.id", Value::Unknown),
            ("steps.1.id", Value::Unknown),
            ("steps.2.id", Value::Unknown),
        ],
    )
    .await;
}

#[tokio::test]
async fn what_the_user_takes_away_is_null_again() {
    let before = with(&rich(), "days", number(7));
    check(
        "taken_away",
        &before,
        &object([("name", text("orders"))]),
        Action::Update,
        &[
            ("days", number(35)),
            ("mode", Value::Null),
            ("tags", Value::Null),
            ("limits", Value::Null),
            ("rules", Value::Null),
            ("peers", Value::Null),
            ("window", list([])),
            ("region", text("home")),
        ],
    )
    .await;
}

#[tokio::test]
async fn what_is_unknown_stays_unknown() {
    let unknown = object([
        ("name", Value::Unknown),
        ("days", Value::Unknown),
        ("region", Value::Unknown),
        ("password", Value::Unknown),
        (
            "limits",
            object([("read", Value::Unknown), ("write", Value::Unknown)]),
        ),
        (
            "rules",
            map([("nightly", Value::Unknown), ("weekly", rule("0 3 * * 0"))]),
        ),
        ("steps", Value::Unknown),
        ("peers", Value::Set(vec![Value::Unknown])),
        ("window", Value::Unknown),
    ]);
    check(
        "unknown",
        &rich(),
        &unknown,
        Action::Replace,
        &[
            ("name", Value::Unknown),
            ("days", Value::Unknown),
            ("region", Value::Unknown),
            ("password", Value::Null),
            ("limits.read", Value::Unknown),
            ("limits.write", Value::Unknown),
            ("rules.nightly", Value::Unknown),
            ("rules.weekly.keep", number(7)),
            ("steps", Value::Unknown),
            ("peers", Value::Set(vec![Value::Unknown])),
            ("window", Value::Unknown),
        ],
    )
    .await;
}

#[tokio::test]
async fn unknowns_become_known_in_the_apply() {
    let (terraform, _) = terraform("becomes_known").await;
    let mut thing = terraform.resource("test_thing");
    let config = object([
        ("name", text("a")),
        ("note", Value::Unknown),
        ("days", Value::Unknown),
    ]);
    let plan = thing.plan(&config).await.expect("the plan works");
    let config = object([("name", text("a")), ("note", text("now")), ("days", Value::Null)]);
    thing.apply_plan(plan, &config).await.expect("the apply works");
    let state = thing.state().expect("the thing is there");
    assert_eq!(
        (state.attribute("note"), state.attribute("days")),
        (&text("now"), &number(35))
    );
}

#[tokio::test]
async fn only_what_is_marked_replaces() {
    let base = with(&rich(), "place", text("attic"));
    for (world, after, replace) in [
        ("replace_name", with(&base, "name", text("bills")), vec!["name"]),
        (
            "replace_region",
            with(&base, "region", text("away")),
            vec!["region"],
        ),
        (
            "replace_place",
            with(&base, "place", text("cellar")),
            vec!["place"],
        ),
        ("no_place", with(&base, "place", Value::Null), vec![]),
        (
            "replace_schedule",
            with(&base, "rules", map([("nightly", rule("never"))])),
            vec!["rules[\"nightly\"].schedule"],
        ),
        (
            "new_rule",
            with(&base, "rules", map([("weekly", rule("never"))])),
            vec![],
        ),
        ("no_rules", with(&base, "rules", Value::Null), vec![]),
        ("replace_by_plan", with(&base, "days", number(1)), vec!["days"]),
        (
            "write_only",
            with(&with(&base, "password", text("other")), "mode", text("fast")),
            vec![],
        ),
    ] {
        let (terraform, _) = terraform(world).await;
        let mut thing = terraform.resource("test_thing");
        thing.apply(&base).await.expect("the first apply works");
        let plan = thing.plan(&after).await.expect("the plan works");
        let expect = if replace.is_empty() {
            Action::Update
        } else {
            Action::Replace
        };
        let found: Vec<String> = plan.replace.iter().map(Path::to_string).collect();
        assert_eq!(
            (plan.action, found),
            (expect, replace.iter().map(ToString::to_string).collect()),
            "{world}"
        );
    }
}

#[tokio::test]
async fn a_replacement_keeps_nothing_of_the_old_object() {
    check(
        "fresh",
        &rich(),
        &with(&rich(), "name", text("bills")),
        Action::Replace,
        &[
            ("arn", Value::Unknown),
            ("region", Value::Unknown),
            ("origin", Value::Unknown),
            ("rules.nightly.id", Value::Unknown),
            ("steps.0.id", Value::Unknown),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_write_only_value_alone_changes_nothing() {
    check(
        "write_only_alone",
        &rich(),
        &with(&rich(), "password", text("other")),
        Action::NoOp,
        &[],
    )
    .await;
}

#[tokio::test]
async fn what_the_plan_refuses_is_told() {
    let (terraform, world) = terraform("refused").await;
    world.put("orders");
    let refused = terraform.resource("test_thing").plan(&rich()).await;
    assert_eq!(
        lines(&refused.expect_err("the name is taken")),
        ["Error name: Name is taken"]
    );
}

#[tokio::test]
async fn an_observation_that_fails_ends_the_plan_and_keeps_its_warnings() {
    let (terraform, _) = terraform("unobservable").await;
    let config = object([("name", text("a")), ("note", text("unobservable"))]);
    let failed = terraform.resource("test_thing").plan(&config).await;
    assert_eq!(
        lines(&failed.expect_err("it cannot be observed")),
        ["Warning: Looked", "Error: Cannot observe"]
    );
}

#[tokio::test]
async fn without_a_client_a_plan_is_made_without_looking() {
    let terraform = terraform_without_client().await;
    let plan = terraform
        .resource("test_thing")
        .plan(&rich())
        .await
        .expect("the plan works");
    assert_eq!(plan.action, Action::Create);
}

#[tokio::test]
async fn a_plan_is_the_same_each_time() {
    let (terraform, _) = terraform("same").await;
    let mut thing = terraform.resource("test_thing");
    let first = thing.plan(&rich()).await.expect("the plan works");
    let second = thing.plan(&rich()).await.expect("the plan works");
    assert_eq!(format!("{first:?}"), format!("{second:?}"));
}

/// With `ignore_changes`, Terraform copies prior values into the configuration, also those that only the
/// provider sets.
#[tokio::test]
async fn a_computed_value_in_the_configuration_is_still_the_providers() {
    let (terraform, _) = terraform("ignore_changes").await;
    let mut thing = terraform.resource("test_thing");
    thing.apply(&rich()).await.expect("the apply works");
    let prior = thing.state().expect("the thing is there").clone();
    let schema = &terraform.server().schemas().resources["test_thing"].schema;
    let config = complete(schema, &with(&rich(), "days", number(30)));
    let config = with(&config, "revision", prior.attribute("revision").clone());
    let proposed = with(&prior, "days", number(30));
    let response = terraform
        .server()
        .plan(PlanRequest {
            type_name: "test_thing".to_owned(),
            prior,
            config,
            proposed,
            prior_private: Vec::new(),
            prior_identity: None,
        })
        .await;
    assert_eq!(lines(&response.diagnostics), Vec::<String>::new());
    assert_eq!(response.planned.attribute("revision"), &Value::Unknown);
}

#[tokio::test]
async fn an_unknown_type_is_an_error() {
    let (terraform, _) = terraform("no_type").await;
    let response = terraform
        .server()
        .plan(PlanRequest {
            type_name: "test_nothing".to_owned(),
            prior: Value::Null,
            config: object([]),
            proposed: object([]),
            prior_private: Vec::new(),
            prior_identity: None,
        })
        .await;
    assert_eq!(lines(&response.diagnostics), ["Error: Resource Type Not Found"]);
}
