//! Promises of the protocol, each broken once: the server says so before Terraform does, and loses nothing.

use tfsdk::Value;

use crate::provider::terraform;
use crate::values::{details, lines, map, object, text, with};

const BROKEN: &str = "Provider broke a promise of the protocol";

fn config(act: &str) -> Value {
    object([
        ("act", text(act)),
        ("name", text("a")),
        ("words", Value::Set(vec![text("x")])),
        ("inner", object([("name", text("b"))])),
        ("set", Value::Set(vec![object([("name", text("c"))])])),
    ])
}

/// A plan of a create that goes wrong as `act` says.
async fn check_plan(act: &str, place: &str, detail: &str) {
    let (terraform, _) = terraform(act).await;
    let failed = terraform
        .resource("test_rogue")
        .plan(&config(act))
        .await
        .expect_err("the plan is broken");
    assert_eq!(lines(&failed), [format!("Error{place}: {BROKEN}")], "{act}");
    let text = details(&failed);
    assert!(
        text.contains(detail) && text.contains("always an error in the provider"),
        "{act}: {text}"
    );
}

#[tokio::test]
async fn plans_alter_nothing_that_is_configured() {
    let altered = "the planned value is not the configured one";
    check_plan("plan alters a value", " name", &format!("At name: {altered}.")).await;
    check_plan("plan forgets a value", " name", altered).await;
    check_plan("plan hides a value", " name", altered).await;
    check_plan(
        "plan alters a nested value",
        " inner.name",
        &format!("At inner.name: {altered}."),
    )
    .await;
    check_plan("plan alters a set", " set", altered).await;
    check_plan(
        "plan makes up a value",
        " other",
        "the plan sets a value that only the configuration may set",
    )
    .await;
}

#[tokio::test]
async fn plans_are_whole() {
    check_plan(
        "plan is missing",
        "",
        "At the object: the planned object is missing.",
    )
    .await;
    check_plan(
        "plan lacks an attribute",
        " size",
        "the object lacks the attribute",
    )
    .await;
    check_plan(
        "plan has another attribute",
        " bogus",
        "the type has no such attribute",
    )
    .await;
    check_plan(
        "plan has a wrong type",
        " arn",
        "the type says a string, and the value is a bool",
    )
    .await;
}

#[tokio::test]
async fn panics_of_a_plan_are_told() {
    for (act, doing) in [
        ("plan panics", "plan the change: no plan"),
        ("observe panics", "observe AWS: blind"),
    ] {
        let (terraform, _) = terraform(act).await;
        let failed = terraform.resource("test_rogue").plan(&config(act)).await;
        let failed = failed.expect_err("the plan panics");
        assert_eq!(lines(&failed), ["Error: Provider panicked"]);
        assert!(details(&failed).contains(doing), "{}", details(&failed));
    }
}

#[tokio::test]
async fn plans_give_no_secrets_away() {
    let (terraform, _) = terraform("plan keeps secrets").await;
    let secret = with(&config("plan keeps secrets"), "password", text("hunter2"));
    let secret = with(
        &secret,
        "inner",
        object([("name", text("b")), ("password", text("hunter3"))]),
    );
    let plan = terraform
        .resource("test_rogue")
        .plan(&secret)
        .await
        .expect("the server takes the secrets out");
    assert!(!format!("{plan:?}").contains("hunter"), "{plan:?}");
}

#[tokio::test]
async fn replacements_lead_somewhere() {
    let (terraform, _) = terraform("plan replaces nowhere").await;
    let mut rogue = terraform.resource("test_rogue");
    rogue.apply(&config("")).await.expect("the create works");
    let failed = rogue.plan(&config("plan replaces nowhere")).await;
    assert_eq!(
        lines(&failed.expect_err("it leads nowhere")),
        [format!("Error bogus: {BROKEN}")]
    );
}

/// A create that goes wrong as `act` says, after AWS made the object.
async fn check_create(act: &str, place: &str, detail: &str) {
    let (terraform, _) = terraform(act).await;
    let mut rogue = terraform.resource("test_rogue");
    let failed = rogue.apply(&config(act)).await.expect_err("the answer is broken");
    assert_eq!(lines(&failed), [format!("Error{place}: {BROKEN}")], "{act}");
    let text = details(&failed);
    assert!(
        text.contains(detail) && text.contains("always an error in the provider"),
        "{act}: {text}"
    );
    assert!(
        rogue.state().is_some() && rogue.is_tainted(),
        "{act}: the object must be kept"
    );
}

#[tokio::test]
async fn applies_do_what_was_planned() {
    let altered = "the applied value is not the planned one";
    check_create("create alters a value", " name", &format!("At name: {altered}.")).await;
    check_create("create sets what was planned as null", " other", altered).await;
    check_create("create adds to a set", " words", altered).await;
    check_create(
        "create leaves something unknown",
        " arn",
        "a value is still unknown after apply",
    )
    .await;
    check_create(
        "create lacks an attribute",
        " size",
        "the object lacks the attribute",
    )
    .await;
}

#[tokio::test]
async fn updates_do_what_was_planned() {
    let (terraform, _) = terraform("update alters a value").await;
    let mut rogue = terraform.resource("test_rogue");
    rogue.apply(&config("")).await.expect("the create works");
    let failed = rogue.apply(&config("update alters a value")).await;
    assert_eq!(
        lines(&failed.expect_err("the answer is broken")),
        [format!("Error name: {BROKEN}")]
    );
    assert!(!rogue.is_tainted());
}

#[tokio::test]
async fn an_apply_returns_an_object() {
    for (act, kept) in [
        ("create returns nothing", false),
        ("create returns nothing after a save", true),
    ] {
        let (terraform, _) = terraform(act).await;
        let mut rogue = terraform.resource("test_rogue");
        let failed = rogue.apply(&config(act)).await.expect_err("nothing is returned");
        assert_eq!(lines(&failed), ["Error: Missing Resource State After Apply"]);
        assert_eq!(rogue.state().is_some(), kept, "{act}");
    }
    let (terraform, _) = terraform("update returns nothing").await;
    let mut rogue = terraform.resource("test_rogue");
    rogue.apply(&config("")).await.expect("the create works");
    let before = rogue.state().cloned();
    rogue
        .apply(&config("update returns nothing"))
        .await
        .expect_err("nothing is returned");
    assert_eq!(rogue.state().cloned(), before);
}

#[tokio::test]
async fn a_saved_object_is_kept_as_far_as_it_fits() {
    let (terraform, _) = terraform("create saves a wrong type").await;
    let mut rogue = terraform.resource("test_rogue");
    let failed = rogue.apply(&config("create saves a wrong type")).await;
    assert_eq!(
        lines(&failed.expect_err("the wait fails")),
        ["Error: Wait failed".to_owned(), format!("Error size: {BROKEN}")]
    );
    let state = rogue.state().expect("the object is kept");
    assert_eq!(
        (state.attribute("arn"), state.attribute("size")),
        (&text("arn"), &Value::Null)
    );
}

#[tokio::test]
async fn a_panic_loses_only_what_was_not_saved() {
    for (act, kept) in [
        ("create panics at once", false),
        ("create panics after a save", true),
    ] {
        let (terraform, _) = terraform(act).await;
        let mut rogue = terraform.resource("test_rogue");
        let failed = rogue.apply(&config(act)).await.expect_err("it panics");
        assert_eq!(lines(&failed), ["Error: Provider panicked"]);
        assert_eq!(rogue.state().is_some(), kept, "{act}");
    }
}

#[tokio::test]
async fn applies_give_no_secrets_away() {
    let (terraform, _) = terraform("create keeps secrets").await;
    let mut rogue = terraform.resource("test_rogue");
    let secret = with(&config("create keeps secrets"), "password", text("hunter2"));
    rogue
        .apply(&secret)
        .await
        .expect("the server takes the secret out");
    assert!(!format!("{rogue:?}").contains("hunter2"), "{rogue:?}");
}

#[tokio::test]
async fn text_comes_back_as_terraform_reads_it() {
    let (terraform, _) = terraform("nfc").await;
    let mut thing = terraform.resource("test_thing");
    // The codec gives NFC to the provider; AWS may answer in another form, which means the same.
    let config = object([
        ("name", text("caf\u{e9}")),
        ("tags", map([("k\u{e9}y", text("v"))])),
    ]);
    thing.apply(&config).await.expect("the create works");
    let state = thing.state().expect("it is there");
    assert_eq!(state.attribute("arn"), &text("arn:caf\u{e9}"));
}
