//! Calls for things that are not offered: each is answered with a diagnostic, none with a status, and
//! none in a way that would crash Terraform.

use tonic::Streaming;

use crate::support::generated::tfplugin6 as proto;
use crate::support::plugin::Launch;

/// The one item of a stream.
async fn only<T>(mut stream: Streaming<T>) -> T {
    let item = stream.message().await.expect("no status").expect("an item");
    assert!(stream.message().await.expect("no status").is_none(), "only one");
    item
}

fn assert_refused(diagnostics: &[proto::Diagnostic]) {
    let [diagnostic] = diagnostics else {
        panic!("one diagnostic: {diagnostics:?}")
    };
    assert_eq!(diagnostic.severity(), proto::diagnostic::Severity::Error);
    assert!(diagnostic.detail.contains("\"test_x\""), "{}", diagnostic.detail);
}

macro_rules! assert_each_refused {
    ($client:ident, $name:ident: $($rpc:ident($message:ident)),+ $(,)?) => {
        $({
            let request = proto::$message::Request { $name: "test_x".to_owned(), ..Default::default() };
            let response = $client.$rpc(request).await.expect(stringify!($rpc)).into_inner();
            assert_refused(&response.diagnostics);
        })+
    };
}

#[tokio::test]
async fn each_is_answered() {
    let plugin = Launch::by_terraform().start();
    let mut client = plugin.client().await;
    assert_each_refused!(client, type_name:
        generate_resource_config(generate_resource_config),
        validate_ephemeral_resource_config(validate_ephemeral_resource_config),
        open_ephemeral_resource(open_ephemeral_resource),
        renew_ephemeral_resource(renew_ephemeral_resource),
        close_ephemeral_resource(close_ephemeral_resource),
        validate_list_resource_config(validate_list_resource_config),
        validate_state_store_config(validate_state_store),
        lock_state(lock_state),
        unlock_state(unlock_state),
        delete_state(delete_state),
        validate_action_config(validate_action_config),
        upgrade_resource_identity(upgrade_resource_identity),
        upgrade_resource_state(upgrade_resource_state),
        validate_resource_config(validate_resource_config),
        validate_data_resource_config(validate_data_resource_config),
        read_resource(read_resource),
        plan_resource_change(plan_resource_change),
        apply_resource_change(apply_resource_change),
        import_resource_state(import_resource_state),
        read_data_source(read_data_source),
    );
    assert_each_refused!(client, action_type: plan_action(plan_action));

    let request = proto::get_states::Request {
        type_name: "test_x".to_owned(),
    };
    assert_refused(
        &client
            .get_states(request)
            .await
            .expect("an answer")
            .into_inner()
            .diagnostics,
    );
}

#[tokio::test]
async fn streams_have_one_item_that_says_so() {
    let plugin = Launch::by_terraform().start();
    let mut client = plugin.client().await;

    let request = proto::list_resource::Request {
        type_name: "test_x".to_owned(),
        ..Default::default()
    };
    assert_refused(
        &only(
            client
                .list_resource(request)
                .await
                .expect("a stream")
                .into_inner(),
        )
        .await
        .diagnostic,
    );

    let request = proto::read_state_bytes::Request {
        type_name: "test_x".to_owned(),
        ..Default::default()
    };
    assert_refused(
        &only(
            client
                .read_state_bytes(request)
                .await
                .expect("a stream")
                .into_inner(),
        )
        .await
        .diagnostics,
    );

    let request = proto::invoke_action::Request {
        action_type: "test_x".to_owned(),
        ..Default::default()
    };
    let event = only(
        client
            .invoke_action(request)
            .await
            .expect("a stream")
            .into_inner(),
    )
    .await;
    let Some(proto::invoke_action::event::Type::Completed(completed)) = event.r#type else {
        panic!("an event without a type crashes Terraform: {event:?}");
    };
    assert_refused(&completed.diagnostics);

    let chunk = proto::write_state_bytes::RequestChunk {
        meta: Some(proto::RequestChunkMeta {
            type_name: "test_x".to_owned(),
            state_id: "s".to_owned(),
        }),
        bytes: vec![0; 1 << 20],
        ..Default::default()
    };
    let chunks = tonic::codegen::tokio_stream::iter(vec![chunk.clone(), chunk]);
    assert_refused(
        &client
            .write_state_bytes(chunks)
            .await
            .expect("an answer")
            .into_inner()
            .diagnostics,
    );
}

#[tokio::test]
async fn what_terraform_follows_unchecked_is_there() {
    let plugin = Launch::by_terraform().start();
    let mut client = plugin.client().await;
    let request = proto::configure_state_store::Request {
        type_name: "test_x".to_owned(),
        ..Default::default()
    };
    let response = client
        .configure_state_store(request)
        .await
        .expect("an answer")
        .into_inner();
    assert_refused(&response.diagnostics);
    let size = response.capabilities.expect("nil crashes Terraform").chunk_size;
    assert!((1..=128 << 20).contains(&size), "{size}");
}

#[tokio::test]
async fn a_move_is_refused_with_a_way_out() {
    let plugin = Launch::by_terraform().start();
    let mut client = plugin.client().await;
    let request = proto::move_resource_state::Request {
        source_provider_address: "registry.terraform.io/hashicorp/aws".to_owned(),
        source_type_name: "aws_thing".to_owned(),
        target_type_name: "test_thing".to_owned(),
        ..Default::default()
    };
    let response = client
        .move_resource_state(request)
        .await
        .expect("an answer")
        .into_inner();
    assert_eq!(response.diagnostics.len(), 1);
    let detail = &response.diagnostics[0].detail;
    assert!(
        detail.contains("aws_thing") && detail.contains("import"),
        "{detail}"
    );
    assert_eq!((response.target_state, response.target_identity), (None, None));
}
