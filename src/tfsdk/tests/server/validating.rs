//! What is refused before anything is planned.

use crate::terraform::Terraform;
use tfsdk::{ConfigureRequest, Number, Value};

use crate::provider::{Test, terraform};
use crate::values::{details, lines, list, map, number, object, text};

/// Validates a thing; what is expected are lines of severity, place and summary.
fn check(config: &Value, expect: &[&str]) {
    let terraform = Terraform::<Test>::unconfigured();
    let found = terraform.resource("test_thing").validate(config);
    assert_eq!(lines(&found), expect, "{config:?}");
}

fn named<const N: usize>(attributes: [(&str, Value); N]) -> Value {
    let Value::Object(mut all) = object(attributes) else {
        panic!("an object is an object");
    };
    all.insert("name".to_owned(), text("a"));
    Value::Object(all)
}

#[test]
fn what_is_right_passes() {
    check(&named([]), &[]);
    check(
        &named([
            ("days", number(35)),
            ("mode", text("slow")),
            ("password", text("x")),
            ("limits", object([("read", number(1))])),
            ("timeouts", object([("create", text("1h30m"))])),
        ]),
        &[],
    );
}

#[test]
fn required_arguments_are_set_at_every_depth() {
    const MISSING: &str = "Missing Configuration for Required Attribute";
    check(&object([]), &[&format!("Error name: {MISSING}")]);
    check(
        &named([("limits", object([]))]),
        &[&format!("Error limits.read: {MISSING}")],
    );
    check(
        &named([("rules", map([("b", object([])), ("c", Value::Null)]))]),
        &[&format!("Error rules[\"b\"].schedule: {MISSING}")],
    );
    check(
        &named([("steps", list([object([])]))]),
        &[&format!("Error steps[0].action: {MISSING}")],
    );
    check(
        &named([("peers", Value::Set(vec![object([])]))]),
        &[&format!("Error peers: {MISSING}")],
    );
    check(
        &named([("window", list([object([])]))]),
        &[&format!("Error window[0].until: {MISSING}")],
    );
}

#[test]
fn what_the_provider_sets_is_not_for_the_user() {
    const READ_ONLY: &str = "Invalid Configuration for Read-Only Attribute";
    check(
        &named([("arn", text("arn:mine"))]),
        &[&format!("Error arn: {READ_ONLY}")],
    );
    check(
        &named([("arn", Value::Unknown)]),
        &[&format!("Error arn: {READ_ONLY}")],
    );
    check(
        &named([(
            "rules",
            map([("a", object([("schedule", text("s")), ("id", text("mine"))]))]),
        )]),
        &[&format!("Error rules[\"a\"].id: {READ_ONLY}")],
    );
}

#[test]
fn validators_see_values_that_are_known_and_set() {
    const INVALID: &str = "Invalid Attribute Value";
    check(
        &named([("days", number(36))]),
        &[&format!("Error days: {INVALID}")],
    );
    check(&named([("days", Value::Unknown), ("mode", Value::Null)]), &[]);
    check(
        &named([("mode", text("fsat"))]),
        &[&format!("Error mode: {INVALID}")],
    );
    check(
        &named([(
            "peers",
            Value::Set(vec![object([("name", text("x")), ("weight", number(10))])]),
        )]),
        &[&format!("Error peers: {INVALID}")],
    );
    check(
        &named([(
            "timeouts",
            object([("create", text("soon")), ("delete", text("1h"))]),
        )]),
        &[
            &format!("Error timeouts.create: {INVALID}"),
            &format!("Error timeouts.delete: {INVALID}"),
        ],
    );
    check(
        &named([
            ("days", number(0)),
            ("mode", text("")),
            ("limits", Value::Unknown),
        ]),
        &[
            &format!("Error days: {INVALID}"),
            &format!("Error mode: {INVALID}"),
        ],
    );
}

#[test]
fn a_number_that_is_not_whole_is_the_users_and_told_once() {
    const INVALID: &str = "Invalid Attribute Value";
    let half = || Value::Number("1.5".parse::<Number>().expect("a number"));
    // The schema knows the bounds of this one, and only the model knows that the other is whole.
    check(&named([("days", half())]), &[&format!("Error days: {INVALID}")]);
    check(
        &named([("limits", object([("read", half())]))]),
        &[&format!("Error limits.read: {INVALID}")],
    );
}

#[test]
fn secrets_are_not_repeated() {
    let terraform = Terraform::<Test>::unconfigured();
    let found = terraform
        .resource("test_thing")
        .validate(&named([("secret", text("hunter2"))]));
    assert_eq!(lines(&found), ["Error secret: Invalid Attribute Value"]);
    let text = details(&found);
    assert!(text.contains("\"hush\"") && !text.contains("hunter2"), "{text}");
}

#[test]
fn what_is_deprecated_is_warned_of_when_it_is_used() {
    check(
        &named([("note", text("x"))]),
        &["Warning note: Attribute Deprecated"],
    );
    check(&named([("note", Value::Unknown)]), &[]);
}

#[test]
fn write_only_needs_a_terraform_that_knows_it() {
    const NOT_ALLOWED: &str = "WriteOnly Attribute Not Allowed";
    let terraform = Terraform::<Test>::unconfigured().without_write_only();
    let validate = |config| lines(&terraform.resource("test_thing").validate(&config));
    assert_eq!(validate(named([])), Vec::<String>::new());
    assert_eq!(
        validate(named([("password", text("x"))])),
        [format!("Error password: {NOT_ALLOWED}")]
    );
    assert_eq!(
        validate(named([("password", Value::Unknown)])),
        [format!("Error password: {NOT_ALLOWED}")]
    );
    assert_eq!(
        validate(named([(
            "limits",
            object([("read", number(1)), ("token", text("x"))])
        )])),
        [format!("Error limits.token: {NOT_ALLOWED}")]
    );
}

#[test]
fn what_the_resource_refuses_is_told_with_what_the_schema_refuses() {
    check(
        &named([
            ("mode", text("fast")),
            ("place", text("moon")),
            ("days", number(0)),
        ]),
        &[
            "Error days: Invalid Attribute Value",
            "Error mode: Too fast for the moon",
        ],
    );
}

#[test]
fn panics_and_unknown_types_are_errors() {
    let terraform = Terraform::<Test>::unconfigured();
    let found = terraform
        .resource("test_rogue")
        .validate(&object([("act", text("validate panics"))]));
    assert_eq!(lines(&found), ["Error: Provider panicked"]);
    let found = terraform
        .server()
        .validate_resource("test_nothing", &object([]), true);
    assert_eq!(lines(&found), ["Error: Resource Type Not Found"]);
    let found = terraform
        .server()
        .validate_data_source("test_nothing", &object([]));
    assert_eq!(lines(&found), ["Error: Data Source Type Not Found"]);
}

#[test]
fn the_provider_block_is_checked() {
    let terraform = Terraform::<Test>::unconfigured();
    for (world, expect) in [
        (text("fine"), vec![]),
        (Value::Unknown, vec![]),
        (
            Value::Null,
            vec!["Error world: Missing Configuration for Required Attribute"],
        ),
        (text(""), vec!["Error world: No world"]),
        (text("panic"), vec!["Error: Provider panicked"]),
    ] {
        let found = terraform
            .server()
            .validate_provider(&object([("world", world.clone())]));
        assert_eq!(lines(&found), expect, "{world:?}");
    }
}

#[tokio::test]
async fn a_configuration_that_fails_takes_the_place_of_the_earlier_one() {
    let (terraform, _) = terraform("reconfigured").await;
    let mut thing = terraform.resource("test_thing");
    for (world, expect) in [
        (Value::Null, "Error: No world"),
        (text("beyond"), "Error: Provider panicked"),
        (
            Value::Bool(true),
            "Error world: Value does not fit the provider's model",
        ),
    ] {
        let working = object([("world", text("reconfigured"))]);
        let request = ConfigureRequest {
            terraform_version: "1.11.4".to_owned(),
        };
        let found = terraform.server().configure(&working, request.clone()).await;
        assert_eq!(lines(&found), Vec::<String>::new());
        thing.apply(&named([])).await.expect("the provider is configured");

        let found = terraform
            .server()
            .configure(&object([("world", world)]), request)
            .await;
        assert_eq!(lines(&found), [expect]);
        let failed = thing.apply(&named([("mode", text("slow"))])).await;
        assert_eq!(
            lines(&failed.expect_err("the earlier configuration is gone")),
            ["Error: Provider is not configured"]
        );
    }
}

#[tokio::test]
async fn a_configuration_can_warn() {
    let terraform = Terraform::<Test>::unconfigured();
    let config = object([("world", text("warned"))]);
    let found = terraform
        .server()
        .configure(&config, ConfigureRequest::default())
        .await;
    assert_eq!(lines(&found), ["Warning: Old Terraform"]);
}
