//! The life of a managed object: validate, plan, apply, read, upgrade, import, destroy.

use tfsdk::Value;
use tonic::transport::Channel;

use crate::support::generated::tfplugin6 as proto;
use crate::support::generated::tfplugin6::provider_client::ProviderClient;
use crate::support::plugin::Launch;
use crate::support::values::{self, identity, identity_type, no_thing, thing, thing_message, thing_type};

const THING: &str = "test_thing";

fn text(text: &str) -> Value {
    Value::string(text)
}

async fn validate(
    client: &mut ProviderClient<Channel>,
    config: proto::DynamicValue,
    write_only_allowed: bool,
) -> Vec<proto::Diagnostic> {
    let request = proto::validate_resource_config::Request {
        type_name: THING.to_owned(),
        config: Some(config),
        client_capabilities: write_only_allowed.then(|| proto::ClientCapabilities {
            write_only_attributes_allowed: true,
            ..Default::default()
        }),
    };
    client
        .validate_resource_config(request)
        .await
        .expect("an answer")
        .into_inner()
        .diagnostics
}

async fn plan(
    client: &mut ProviderClient<Channel>,
    prior: &Value,
    config: &Value,
    proposed: &Value,
) -> proto::plan_resource_change::Response {
    let request = proto::plan_resource_change::Request {
        type_name: THING.to_owned(),
        prior_state: Some(values::message(prior, &thing_type())),
        config: Some(values::message(config, &thing_type())),
        proposed_new_state: Some(values::message(proposed, &thing_type())),
        ..Default::default()
    };
    client
        .plan_resource_change(request)
        .await
        .expect("an answer")
        .into_inner()
}

async fn apply(
    client: &mut ProviderClient<Channel>,
    prior: &Value,
    config: &Value,
    planned: &proto::plan_resource_change::Response,
) -> proto::apply_resource_change::Response {
    let request = proto::apply_resource_change::Request {
        type_name: THING.to_owned(),
        prior_state: Some(values::message(prior, &thing_type())),
        config: Some(values::message(config, &thing_type())),
        planned_state: planned.planned_state.clone(),
        planned_private: planned.planned_private.clone(),
        planned_identity: planned.planned_identity.clone(),
        ..Default::default()
    };
    client
        .apply_resource_change(request)
        .await
        .expect("an answer")
        .into_inner()
}

/// Plans and applies a new object of this configuration.
async fn create(
    client: &mut ProviderClient<Channel>,
    config: &Value,
) -> proto::apply_resource_change::Response {
    let planned = plan(client, &Value::Null, config, config).await;
    assert_eq!(planned.diagnostics, []);
    apply(client, &Value::Null, config, &planned).await
}

fn state_of(message: Option<&proto::DynamicValue>) -> Value {
    values::value(message, &thing_type())
}

#[tokio::test]
async fn an_object_lives() {
    let plugin = Launch::by_terraform().start();
    let mut client = plugin.configured().await;
    let config = thing(&[
        ("name", text("a")),
        ("secret", text("hush")),
        ("tags", Value::Map([].into())),
    ]);

    // Create: what is not known yet is planned as unknown, defaults are filled in, secrets left out.
    let planned = plan(&mut client, &Value::Null, &config, &config).await;
    assert_eq!(planned.diagnostics, []);
    let plan_state = state_of(planned.planned_state.as_ref());
    assert_eq!(plan_state.attribute("id"), &Value::Unknown);
    assert_eq!(plan_state.attribute("size"), &Value::integer(1));
    assert_eq!(plan_state.attribute("secret"), &Value::Null);
    assert!(!planned.legacy_type_system);
    assert_eq!((planned.requires_replace.len(), &planned.deferred), (0, &None));

    let applied = apply(&mut client, &Value::Null, &config, &planned).await;
    assert_eq!(applied.diagnostics, []);
    assert!(!applied.legacy_type_system);
    let state = state_of(applied.new_state.as_ref());
    assert_eq!(state.attribute("id"), &text("thing-a"));
    assert_eq!(state.attribute("secret"), &Value::Null);
    assert!(state.is_wholly_known());
    assert_eq!(applied.new_identity, Some(identity("thing-a")));
    let private: serde_json::Value = serde_json::from_slice(&applied.private).expect("JSON");
    assert_eq!(private["made_with"], true, "the secret was there to be used");

    // Read: nothing changed, and nothing is lost.
    let request = proto::read_resource::Request {
        type_name: THING.to_owned(),
        current_state: applied.new_state.clone(),
        private: applied.private.clone(),
        current_identity: applied.new_identity.clone(),
        ..Default::default()
    };
    let read = client
        .read_resource(request)
        .await
        .expect("an answer")
        .into_inner();
    assert_eq!(read.diagnostics, []);
    assert_eq!(read.new_state, applied.new_state, "the very same bytes");
    assert_eq!(read.private, applied.private);
    assert_eq!(read.new_identity, applied.new_identity);

    // No change.
    let mut proposed = state.clone();
    set(&mut proposed, "secret", text("hush"));
    let planned = plan(&mut client, &state, &config, &proposed).await;
    assert_eq!(planned.diagnostics, []);
    assert_eq!(planned.planned_state, applied.new_state);

    // A change of the name replaces, and says by which attribute.
    let renamed = thing(&[("name", text("b")), ("tags", Value::Map([].into()))]);
    let mut proposed = renamed.clone();
    set(&mut proposed, "id", text("thing-a"));
    set(&mut proposed, "size", Value::integer(1));
    let planned = plan(&mut client, &state, &renamed, &proposed).await;
    let [path] = planned.requires_replace.as_slice() else {
        panic!("one path: {:?}", planned.requires_replace)
    };
    let step = path.steps[0].selector.as_ref().expect("a step");
    assert_eq!(
        step,
        &proto::attribute_path::step::Selector::AttributeName("name".to_owned())
    );

    // Destroy: null stays null, and the state goes.
    let planned = plan(&mut client, &state, &Value::Null, &Value::Null).await;
    assert_eq!(planned.diagnostics, []);
    assert_eq!(state_of(planned.planned_state.as_ref()), Value::Null);
    let gone = apply(&mut client, &state, &Value::Null, &planned).await;
    assert_eq!(gone.diagnostics, []);
    assert_eq!(state_of(gone.new_state.as_ref()), Value::Null);
    assert_eq!((gone.private, gone.new_identity), (vec![], None));
}

fn set(object: &mut Value, name: &str, value: Value) {
    let Value::Object(attributes) = object else {
        panic!("an object")
    };
    attributes.insert(name.to_owned(), value);
}

#[tokio::test]
async fn configuration_is_checked_with_paths() {
    let plugin = Launch::by_terraform().start();
    let mut client = plugin.client().await;
    assert_eq!(
        validate(&mut client, thing_message(&[("name", text("a"))]), false).await,
        []
    );

    let found = validate(
        &mut client,
        thing_message(&[("name", text("a")), ("size", Value::integer(-1))]),
        false,
    )
    .await;
    let [diagnostic] = found.as_slice() else {
        panic!("one: {found:?}")
    };
    assert_eq!(diagnostic.summary, "Size Is Negative");
    assert_eq!(diagnostic.severity(), proto::diagnostic::Severity::Error);

    // All at once, and a label deep inside is named by its path.
    let part = Value::object([("label", Value::Null)]);
    let found = validate(
        &mut client,
        thing_message(&[("id", text("x")), ("parts", Value::List(vec![part]))]),
        false,
    )
    .await;
    assert_eq!(found.len(), 3, "{found:?}");
    let deep = found
        .iter()
        .filter_map(|diagnostic| diagnostic.attribute.as_ref())
        .find(|path| path.steps.len() == 3);
    let steps: Vec<_> = deep
        .expect("a path")
        .steps
        .iter()
        .filter_map(|step| step.selector.clone())
        .collect();
    use proto::attribute_path::step::Selector;
    assert_eq!(
        steps,
        [
            Selector::AttributeName("parts".to_owned()),
            Selector::ElementKeyInt(0),
            Selector::AttributeName("label".to_owned()),
        ]
    );
}

#[tokio::test]
async fn unknown_values_are_not_faulted() {
    let plugin = Launch::by_terraform().start();
    let mut client = plugin.client().await;
    let config = thing_message(&[
        ("name", Value::Unknown),
        ("size", Value::Unknown),
        ("parts", Value::Unknown),
    ]);
    assert_eq!(validate(&mut client, config, false).await, []);
}

#[tokio::test]
async fn deprecation_is_a_warning() {
    let plugin = Launch::by_terraform().start();
    let mut client = plugin.client().await;
    let found = validate(
        &mut client,
        thing_message(&[("name", text("a")), ("tags", Value::Map([].into()))]),
        false,
    )
    .await;
    let [diagnostic] = found.as_slice() else {
        panic!("one: {found:?}")
    };
    assert_eq!(diagnostic.severity(), proto::diagnostic::Severity::Warning);
}

#[tokio::test]
async fn write_only_needs_a_terraform_that_knows_it() {
    let plugin = Launch::by_terraform().start();
    let mut client = plugin.client().await;
    let config = thing_message(&[("name", text("a")), ("secret", text("hush"))]);
    assert_eq!(validate(&mut client, config.clone(), true).await, []);
    let found = validate(&mut client, config, false).await;
    let [diagnostic] = found.as_slice() else {
        panic!("one: {found:?}")
    };
    assert!(diagnostic.detail.contains("1.11"), "{}", diagnostic.detail);
    assert!(!diagnostic.detail.contains("hush"));
}

#[tokio::test]
async fn a_value_that_does_not_fit_is_named() {
    let plugin = Launch::by_terraform().start();
    let mut client = plugin.client().await;
    let json =
        br#"{"id":null,"name":["x"],"size":1,"behaviour":null,"secret":null,"tags":null,"parts":null}"#;
    let config = proto::DynamicValue {
        msgpack: vec![],
        json: json.to_vec(),
    };
    let found = validate(&mut client, config, false).await;
    let [diagnostic] = found.as_slice() else {
        panic!("one: {found:?}")
    };
    assert!(
        diagnostic
            .detail
            .contains("name: expected a string, found an array"),
        "{}",
        diagnostic.detail
    );
    assert_eq!(diagnostic.attribute.as_ref().expect("a path").steps.len(), 1);

    for garbage in [
        vec![0xc1],
        vec![0xdf, 0xff, 0xff, 0xff, 0xff],
        vec![0x87],
        b"hello".to_vec(),
    ] {
        let config = proto::DynamicValue {
            msgpack: garbage,
            json: vec![],
        };
        let found = validate(&mut client, config, false).await;
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].summary, "Value Conversion Error");
    }
}

#[tokio::test]
async fn a_panic_is_a_diagnostic_and_the_process_goes_on() {
    let plugin = Launch::by_terraform().start();
    let mut client = plugin.configured().await;

    let config = thing(&[("name", text("a")), ("behaviour", text("panic"))]);
    let applied = create(&mut client, &config).await;
    let [diagnostic] = applied.diagnostics.as_slice() else {
        panic!("one: {:?}", applied.diagnostics)
    };
    assert_eq!(diagnostic.severity(), proto::diagnostic::Severity::Error);
    assert!(
        diagnostic.detail.contains("the a fell over") && diagnostic.detail.contains("report"),
        "{}",
        diagnostic.detail
    );
    assert_eq!(
        state_of(applied.new_state.as_ref()),
        Value::Null,
        "nothing was made"
    );

    // After a save the object is kept.
    let config = thing(&[("name", text("a")), ("behaviour", text("panic after save"))]);
    let applied = create(&mut client, &config).await;
    assert_eq!(applied.diagnostics.len(), 1);
    assert_eq!(
        state_of(applied.new_state.as_ref()).attribute("id"),
        &text("thing-a")
    );

    let config = thing(&[("name", text("a")), ("behaviour", text("panic in plan"))]);
    let planned = plan(&mut client, &Value::Null, &config, &config).await;
    assert_eq!(planned.diagnostics.len(), 1);

    let config = thing(&[("name", text("a"))]);
    assert_eq!(create(&mut client, &config).await.diagnostics, []);
}

#[tokio::test]
async fn a_failed_delete_keeps_the_state() {
    let plugin = Launch::by_terraform().start();
    let mut client = plugin.configured().await;
    let config = thing(&[("name", text("a")), ("behaviour", text("keep"))]);
    let made = create(&mut client, &config).await;
    let state = state_of(made.new_state.as_ref());
    let planned = plan(&mut client, &state, &Value::Null, &Value::Null).await;
    let applied = apply(&mut client, &state, &Value::Null, &planned).await;
    assert_eq!(applied.diagnostics.len(), 1);
    assert_eq!(applied.new_state, made.new_state);
}

#[tokio::test]
async fn a_warning_does_not_fail_an_apply() {
    let plugin = Launch::by_terraform().start();
    let mut client = plugin.configured().await;
    let config = thing(&[("name", text("a")), ("behaviour", text("warn"))]);
    let applied = create(&mut client, &config).await;
    let [diagnostic] = applied.diagnostics.as_slice() else {
        panic!("one")
    };
    assert_eq!(diagnostic.severity(), proto::diagnostic::Severity::Warning);
    let steps = &diagnostic.attribute.as_ref().expect("a path").steps;
    assert_eq!(
        steps[1].selector,
        Some(proto::attribute_path::step::Selector::ElementKeyString(
            "a".to_owned()
        ))
    );
    assert!(state_of(applied.new_state.as_ref()).is_wholly_known());
}

#[tokio::test]
async fn what_is_gone_is_null() {
    let plugin = Launch::by_terraform().start();
    let mut client = plugin.configured().await;
    let request = proto::read_resource::Request {
        type_name: THING.to_owned(),
        current_state: Some(thing_message(&[("id", text("gone")), ("name", text("a"))])),
        private: b"{\"k\":1}".to_vec(),
        current_identity: Some(identity("gone")),
        ..Default::default()
    };
    let read = client
        .read_resource(request)
        .await
        .expect("an answer")
        .into_inner();
    assert_eq!(read.diagnostics, []);
    assert_eq!(state_of(read.new_state.as_ref()), Value::Null);
    assert_eq!(read.new_identity, None);
}

#[tokio::test]
async fn stored_state_is_read_leniently() {
    let plugin = Launch::by_terraform().start();
    let mut client = plugin.client().await;
    let json = br#"
        { "id": "thing-a", "name": "a", "size": 123456789012345678901234567890.5, "dropped_long_ago": {"x": [1]} }
    "#;
    let request = proto::upgrade_resource_state::Request {
        type_name: THING.to_owned(),
        version: 2,
        raw_state: Some(proto::RawState {
            json: json.to_vec(),
            flatmap: [].into(),
        }),
    };
    let response = client
        .upgrade_resource_state(request.clone())
        .await
        .expect("an answer")
        .into_inner();
    assert_eq!(response.diagnostics, []);
    let state = state_of(response.upgraded_state.as_ref());
    let size = "123456789012345678901234567890.5".parse().expect("a number");
    assert_eq!(
        state,
        thing(&[
            ("id", text("thing-a")),
            ("name", text("a")),
            ("size", Value::Number(size))
        ])
    );

    // A version nobody can read, and state of Terraform 0.11.
    for request in [
        proto::upgrade_resource_state::Request {
            version: 1,
            ..request.clone()
        },
        proto::upgrade_resource_state::Request {
            raw_state: Some(proto::RawState {
                json: vec![],
                flatmap: [("id".to_owned(), "x".to_owned())].into(),
            }),
            ..request
        },
    ] {
        let response = client
            .upgrade_resource_state(request)
            .await
            .expect("an answer")
            .into_inner();
        assert_eq!(response.diagnostics.len(), 1);
        assert_eq!(response.upgraded_state, None);
    }
}

#[tokio::test]
async fn objects_are_imported_by_id_and_by_identity() {
    let plugin = Launch::by_terraform().start();
    let mut client = plugin.configured().await;
    let by_id = proto::import_resource_state::Request {
        type_name: THING.to_owned(),
        id: "thing-z".to_owned(),
        ..Default::default()
    };
    let by_identity = proto::import_resource_state::Request {
        type_name: THING.to_owned(),
        identity: Some(identity("thing-z")),
        ..Default::default()
    };
    for (request, has_identity) in [(by_id, false), (by_identity, true)] {
        let response = client
            .import_resource_state(request)
            .await
            .expect("an answer")
            .into_inner();
        assert_eq!(response.diagnostics, []);
        let [imported] = response.imported_resources.as_slice() else {
            panic!("exactly one")
        };
        assert_eq!(imported.type_name, THING);
        assert_eq!(imported.identity.is_some(), has_identity);
        assert_eq!(
            state_of(imported.state.as_ref()),
            thing(&[("id", text("thing-z"))])
        );

        // The read that follows fills it in.
        let request = proto::read_resource::Request {
            type_name: THING.to_owned(),
            current_state: imported.state.clone(),
            private: imported.private.clone(),
            ..Default::default()
        };
        let read = client
            .read_resource(request)
            .await
            .expect("an answer")
            .into_inner();
        assert_eq!(read.diagnostics, []);
        assert_eq!(state_of(read.new_state.as_ref()).attribute("name"), &text("z"));
        let identity = read.new_identity.and_then(|identity| identity.identity_data);
        let identity = values::value(identity.as_ref(), &identity_type());
        assert_eq!(identity.attribute("id"), &text("thing-z"));
    }
}

#[tokio::test]
async fn identity_is_never_sent_where_none_is_declared() {
    let plugin = Launch::by_terraform().start();
    let mut client = plugin.configured().await;
    let ty = tfsdk::Type::object([("text", tfsdk::Type::String)]);
    let state = values::message(&Value::object([("text", text("t"))]), &ty);
    let null = values::message(&Value::Null, &ty);

    let request = proto::read_resource::Request {
        type_name: "test_plain".to_owned(),
        current_state: Some(state.clone()),
        // Nobody should send one; it must not come back.
        current_identity: Some(identity("x")),
        ..Default::default()
    };
    let read = client
        .read_resource(request)
        .await
        .expect("an answer")
        .into_inner();
    assert_eq!((read.diagnostics, read.new_identity), (vec![], None));

    let request = proto::plan_resource_change::Request {
        type_name: "test_plain".to_owned(),
        prior_state: Some(state.clone()),
        config: Some(state.clone()),
        proposed_new_state: Some(state.clone()),
        prior_identity: Some(identity("x")),
        ..Default::default()
    };
    let planned = client
        .plan_resource_change(request)
        .await
        .expect("an answer")
        .into_inner();
    assert_eq!((planned.diagnostics, planned.planned_identity), (vec![], None));

    for (prior, planned) in [(null.clone(), state.clone()), (state.clone(), null)] {
        let request = proto::apply_resource_change::Request {
            type_name: "test_plain".to_owned(),
            prior_state: Some(prior),
            config: Some(planned.clone()),
            planned_state: Some(planned),
            planned_identity: Some(identity("x")),
            ..Default::default()
        };
        let applied = client
            .apply_resource_change(request)
            .await
            .expect("an answer")
            .into_inner();
        assert_eq!((applied.diagnostics, applied.new_identity), (vec![], None));
    }

    // And it cannot be imported at all.
    let request = proto::import_resource_state::Request {
        type_name: "test_plain".to_owned(),
        id: "x".to_owned(),
        ..Default::default()
    };
    let response = client
        .import_resource_state(request)
        .await
        .expect("an answer")
        .into_inner();
    assert_eq!(
        (response.diagnostics.len(), response.imported_resources.len()),
        (1, 0)
    );
}

#[tokio::test]
async fn identities_of_other_versions_are_refused_and_equal_ones_read() {
    let plugin = Launch::by_terraform().start();
    let mut client = plugin.client().await;
    let raw = proto::RawState {
        json: br#"{"id":"thing-a"}"#.to_vec(),
        flatmap: [].into(),
    };
    let request = proto::upgrade_resource_identity::Request {
        type_name: THING.to_owned(),
        version: 1,
        raw_identity: Some(raw),
    };
    let response = client
        .upgrade_resource_identity(request.clone())
        .await
        .expect("an answer")
        .into_inner();
    assert_eq!(response.upgraded_identity, Some(identity("thing-a")));
    let request = proto::upgrade_resource_identity::Request {
        version: 0,
        ..request
    };
    let response = client
        .upgrade_resource_identity(request)
        .await
        .expect("an answer")
        .into_inner();
    assert_eq!(
        (response.diagnostics.len(), response.upgraded_identity),
        (1, None)
    );
}

#[tokio::test]
async fn large_values_pass_in_both_directions() {
    let plugin = Launch::by_terraform().start();
    let mut client = plugin.configured().await;
    let name = "x".repeat(5 << 20);
    let config = thing(&[("name", text(&name))]);
    assert_eq!(
        validate(&mut client, values::message(&config, &thing_type()), false).await,
        []
    );
    let applied = create(&mut client, &config).await;
    assert_eq!(applied.diagnostics, []);
    assert_eq!(
        state_of(applied.new_state.as_ref()).attribute("name"),
        &text(&name)
    );
}

#[tokio::test]
async fn objects_are_made_side_by_side() {
    let plugin = Launch::by_terraform().start();
    let client = plugin.configured().await;
    let mut tasks = Vec::new();
    for number in 0..50 {
        let mut client = client.clone();
        tasks.push(tokio::spawn(async move {
            let config = thing(&[("name", text(&number.to_string()))]);
            state_of(create(&mut client, &config).await.new_state.as_ref())
        }));
    }
    for (number, task) in tasks.into_iter().enumerate() {
        assert_eq!(
            task.await.expect("no panic").attribute("id"),
            &text(&format!("thing-{number}"))
        );
    }
}

#[tokio::test]
async fn an_object_is_not_refreshed_by_an_unconfigured_provider() {
    let plugin = Launch::by_terraform().start();
    let mut client = plugin.client().await;
    let state = thing_message(&[("id", text("thing-a")), ("name", text("a"))]);
    let request = proto::apply_resource_change::Request {
        type_name: THING.to_owned(),
        prior_state: Some(state.clone()),
        planned_state: Some(no_thing()),
        config: Some(no_thing()),
        ..Default::default()
    };
    let applied = client
        .apply_resource_change(request)
        .await
        .expect("an answer")
        .into_inner();
    assert_eq!(applied.diagnostics.len(), 1);
    assert_eq!(applied.new_state, Some(state), "what is there stays known");
}
