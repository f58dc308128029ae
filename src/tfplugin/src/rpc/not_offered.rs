//! What this provider kit does not offer: ephemeral resources, list resources, state stores, actions,
//! generated configuration. Terraform never asks, because nothing of it is in the schemas; whoever asks
//! all the same is told so, in the form that the call has for errors.

use tfsdk::Diagnostic;

use crate::convert::diagnostics;
use crate::generated::tfplugin6 as proto;

/// A chunk size that Terraform accepts. It follows the capabilities even of a store that failed.
const CHUNK_SIZE: i64 = 8 << 20;

fn error(what: &str, name: &str) -> Vec<proto::Diagnostic> {
    let diagnostic = Diagnostic::error(
        format!("{what} Not Found"),
        format!("The provider has no {} {name:?}.", what.to_lowercase()),
    );
    diagnostics::to_proto(diagnostic.into())
}

macro_rules! not_offered {
    ($($rpc:ident: $what:literal),+ $(,)?) => {
        $(pub(super) fn $rpc(name: &str) -> proto::$rpc::Response {
            let mut response = proto::$rpc::Response::default();
            response.diagnostics = error($what, name);
            response
        })+
    };
}

not_offered!(
    validate_ephemeral_resource_config: "Ephemeral Resource Type",
    open_ephemeral_resource: "Ephemeral Resource Type",
    renew_ephemeral_resource: "Ephemeral Resource Type",
    close_ephemeral_resource: "Ephemeral Resource Type",
    validate_list_resource_config: "List Resource Type",
    validate_state_store: "State Store Type",
    read_state_bytes: "State Store Type",
    write_state_bytes: "State Store Type",
    lock_state: "State Store Type",
    unlock_state: "State Store Type",
    get_states: "State Store Type",
    delete_state: "State Store Type",
    plan_action: "Action Type",
    validate_action_config: "Action Type",
);

pub(super) fn configure_state_store(name: &str) -> proto::configure_state_store::Response {
    proto::configure_state_store::Response {
        diagnostics: error("State Store Type", name),
        // Terraform follows it unchecked.
        capabilities: Some(proto::StateStoreServerCapabilities {
            chunk_size: CHUNK_SIZE,
        }),
    }
}

pub(super) fn list_resource(name: &str) -> proto::list_resource::Event {
    proto::list_resource::Event {
        diagnostic: error("List Resource Type", name),
        ..proto::list_resource::Event::default()
    }
}

pub(super) fn invoke_action(name: &str) -> proto::invoke_action::Event {
    use proto::invoke_action::event::{Completed, Type};
    // An event of no type at all crashes Terraform.
    proto::invoke_action::Event {
        r#type: Some(Type::Completed(Completed {
            diagnostics: error("Action Type", name),
        })),
    }
}

pub(super) fn generate_resource_config(name: &str) -> proto::generate_resource_config::Response {
    let diagnostic = Diagnostic::error(
        "Configuration Is Not Generated",
        format!(
            "The provider does not generate configuration for {name:?}. It says so in its capabilities, upon \
             which Terraform generates it by itself."
        ),
    );
    proto::generate_resource_config::Response {
        config: None,
        diagnostics: diagnostics::to_proto(diagnostic.into()),
    }
}
