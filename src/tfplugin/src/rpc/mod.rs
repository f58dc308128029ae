//! Terraform's service. One file per RPC: decode, call the server, encode.

mod answer;
mod apply_resource_change;
mod call_function;
mod configure_provider;
mod get_functions;
mod get_metadata;
mod get_provider_schema;
mod get_resource_identity_schemas;
mod import_resource_state;
mod lookup;
mod move_resource_state;
mod not_offered;
mod plan_resource_change;
mod read_data_source;
mod read_resource;
mod upgrade_resource_identity;
mod upgrade_resource_state;
mod validate_data_resource_config;
mod validate_provider_config;
mod validate_resource_config;

use std::sync::Arc;

use tfsdk::{Provider, Server};
use tonic::codegen::tokio_stream::{Once, once};
use tonic::{Request, Response, Status, Streaming};

use self::answer::answer;
use crate::generated::tfplugin6 as proto;
use crate::generated::tfplugin6::provider_server;

/// Serves the calls of Terraform, concurrently, from one server.
pub(crate) struct Service<P: Provider> {
    server: Arc<Server<P>>,
}

impl<P: Provider> Service<P> {
    pub(crate) fn new(server: Arc<Server<P>>) -> Self {
        Self { server }
    }
}

/// What is answered beyond the base protocol.
fn capabilities() -> proto::ServerCapabilities {
    proto::ServerCapabilities {
        plan_destroy: true,
        get_provider_schema_optional: true,
        // No move is supported, but our refusal says what to do instead; Terraform's own does not.
        move_resource_state: true,
        generate_resource_config: false,
    }
}

type Answered<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl<P: Provider> provider_server::Provider for Service<P> {
    async fn get_metadata(
        &self,
        _: Request<proto::get_metadata::Request>,
    ) -> Answered<proto::get_metadata::Response> {
        answer("GetMetadata", "", async { get_metadata::handle(&self.server) }).await
    }

    async fn get_provider_schema(
        &self,
        _: Request<proto::get_provider_schema::Request>,
    ) -> Answered<proto::get_provider_schema::Response> {
        answer("GetProviderSchema", "", async {
            get_provider_schema::handle(&self.server)
        })
        .await
    }

    async fn validate_provider_config(
        &self,
        request: Request<proto::validate_provider_config::Request>,
    ) -> Answered<proto::validate_provider_config::Response> {
        let request = request.into_inner();
        answer("ValidateProviderConfig", "", async {
            validate_provider_config::handle(&self.server, request)
        })
        .await
    }

    async fn validate_resource_config(
        &self,
        request: Request<proto::validate_resource_config::Request>,
    ) -> Answered<proto::validate_resource_config::Response> {
        let request = request.into_inner();
        let name = request.type_name.clone();
        answer("ValidateResourceConfig", &name, async {
            validate_resource_config::handle(&self.server, request)
        })
        .await
    }

    async fn validate_data_resource_config(
        &self,
        request: Request<proto::validate_data_resource_config::Request>,
    ) -> Answered<proto::validate_data_resource_config::Response> {
        let request = request.into_inner();
        let name = request.type_name.clone();
        answer("ValidateDataResourceConfig", &name, async {
            validate_data_resource_config::handle(&self.server, request)
        })
        .await
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<proto::upgrade_resource_state::Request>,
    ) -> Answered<proto::upgrade_resource_state::Response> {
        let request = request.into_inner();
        let name = request.type_name.clone();
        answer("UpgradeResourceState", &name, async {
            upgrade_resource_state::handle(&self.server, request)
        })
        .await
    }

    async fn get_resource_identity_schemas(
        &self,
        _: Request<proto::get_resource_identity_schemas::Request>,
    ) -> Answered<proto::get_resource_identity_schemas::Response> {
        answer("GetResourceIdentitySchemas", "", async {
            get_resource_identity_schemas::handle(&self.server)
        })
        .await
    }

    async fn upgrade_resource_identity(
        &self,
        request: Request<proto::upgrade_resource_identity::Request>,
    ) -> Answered<proto::upgrade_resource_identity::Response> {
        let request = request.into_inner();
        let name = request.type_name.clone();
        answer("UpgradeResourceIdentity", &name, async {
            upgrade_resource_identity::handle(&self.server, request)
        })
        .await
    }

    async fn configure_provider(
        &self,
        request: Request<proto::configure_provider::Request>,
    ) -> Answered<proto::configure_provider::Response> {
        let request = request.into_inner();
        answer(
            "ConfigureProvider",
            "",
            configure_provider::handle(&self.server, request),
        )
        .await
    }

    async fn read_resource(
        &self,
        request: Request<proto::read_resource::Request>,
    ) -> Answered<proto::read_resource::Response> {
        let request = request.into_inner();
        let name = request.type_name.clone();
        answer(
            "ReadResource",
            &name,
            read_resource::handle(&self.server, request),
        )
        .await
    }

    async fn plan_resource_change(
        &self,
        request: Request<proto::plan_resource_change::Request>,
    ) -> Answered<proto::plan_resource_change::Response> {
        let request = request.into_inner();
        let name = request.type_name.clone();
        answer(
            "PlanResourceChange",
            &name,
            plan_resource_change::handle(&self.server, request),
        )
        .await
    }

    async fn apply_resource_change(
        &self,
        request: Request<proto::apply_resource_change::Request>,
    ) -> Answered<proto::apply_resource_change::Response> {
        let request = request.into_inner();
        let name = request.type_name.clone();
        answer(
            "ApplyResourceChange",
            &name,
            apply_resource_change::handle(&self.server, request),
        )
        .await
    }

    async fn import_resource_state(
        &self,
        request: Request<proto::import_resource_state::Request>,
    ) -> Answered<proto::import_resource_state::Response> {
        let request = request.into_inner();
        let name = request.type_name.clone();
        answer("ImportResourceState", &name, async {
            import_resource_state::handle(&self.server, request)
        })
        .await
    }

    async fn move_resource_state(
        &self,
        request: Request<proto::move_resource_state::Request>,
    ) -> Answered<proto::move_resource_state::Response> {
        let request = request.into_inner();
        let name = request.target_type_name.clone();
        answer("MoveResourceState", &name, async {
            move_resource_state::handle(&self.server, &request)
        })
        .await
    }

    async fn read_data_source(
        &self,
        request: Request<proto::read_data_source::Request>,
    ) -> Answered<proto::read_data_source::Response> {
        let request = request.into_inner();
        let name = request.type_name.clone();
        answer(
            "ReadDataSource",
            &name,
            read_data_source::handle(&self.server, request),
        )
        .await
    }

    async fn get_functions(
        &self,
        _: Request<proto::get_functions::Request>,
    ) -> Answered<proto::get_functions::Response> {
        answer("GetFunctions", "", async { get_functions::handle(&self.server) }).await
    }

    async fn call_function(
        &self,
        request: Request<proto::call_function::Request>,
    ) -> Answered<proto::call_function::Response> {
        let request = request.into_inner();
        let name = request.name.clone();
        answer("CallFunction", &name, async {
            call_function::handle(&self.server, request)
        })
        .await
    }

    /// Asks what is in flight to end soon. The server goes on: later calls are answered as ever.
    async fn stop_provider(
        &self,
        _: Request<proto::stop_provider::Request>,
    ) -> Answered<proto::stop_provider::Response> {
        tracing::debug!(tf_rpc = "StopProvider", "ending what is in flight");
        self.server.stop();
        Ok(Response::new(proto::stop_provider::Response::default()))
    }

    async fn generate_resource_config(
        &self,
        request: Request<proto::generate_resource_config::Request>,
    ) -> Answered<proto::generate_resource_config::Response> {
        Ok(Response::new(not_offered::generate_resource_config(
            &request.get_ref().type_name,
        )))
    }

    async fn validate_ephemeral_resource_config(
        &self,
        request: Request<proto::validate_ephemeral_resource_config::Request>,
    ) -> Answered<proto::validate_ephemeral_resource_config::Response> {
        Ok(Response::new(not_offered::validate_ephemeral_resource_config(
            &request.get_ref().type_name,
        )))
    }

    async fn open_ephemeral_resource(
        &self,
        request: Request<proto::open_ephemeral_resource::Request>,
    ) -> Answered<proto::open_ephemeral_resource::Response> {
        Ok(Response::new(not_offered::open_ephemeral_resource(
            &request.get_ref().type_name,
        )))
    }

    async fn renew_ephemeral_resource(
        &self,
        request: Request<proto::renew_ephemeral_resource::Request>,
    ) -> Answered<proto::renew_ephemeral_resource::Response> {
        Ok(Response::new(not_offered::renew_ephemeral_resource(
            &request.get_ref().type_name,
        )))
    }

    async fn close_ephemeral_resource(
        &self,
        request: Request<proto::close_ephemeral_resource::Request>,
    ) -> Answered<proto::close_ephemeral_resource::Response> {
        Ok(Response::new(not_offered::close_ephemeral_resource(
            &request.get_ref().type_name,
        )))
    }

    type ListResourceStream = Once<Result<proto::list_resource::Event, Status>>;

    async fn list_resource(
        &self,
        request: Request<proto::list_resource::Request>,
    ) -> Answered<Self::ListResourceStream> {
        Ok(Response::new(once(Ok(not_offered::list_resource(
            &request.get_ref().type_name,
        )))))
    }

    async fn validate_list_resource_config(
        &self,
        request: Request<proto::validate_list_resource_config::Request>,
    ) -> Answered<proto::validate_list_resource_config::Response> {
        Ok(Response::new(not_offered::validate_list_resource_config(
            &request.get_ref().type_name,
        )))
    }

    async fn validate_state_store_config(
        &self,
        request: Request<proto::validate_state_store::Request>,
    ) -> Answered<proto::validate_state_store::Response> {
        Ok(Response::new(not_offered::validate_state_store(
            &request.get_ref().type_name,
        )))
    }

    async fn configure_state_store(
        &self,
        request: Request<proto::configure_state_store::Request>,
    ) -> Answered<proto::configure_state_store::Response> {
        Ok(Response::new(not_offered::configure_state_store(
            &request.get_ref().type_name,
        )))
    }

    type ReadStateBytesStream = Once<Result<proto::read_state_bytes::Response, Status>>;

    async fn read_state_bytes(
        &self,
        request: Request<proto::read_state_bytes::Request>,
    ) -> Answered<Self::ReadStateBytesStream> {
        Ok(Response::new(once(Ok(not_offered::read_state_bytes(
            &request.get_ref().type_name,
        )))))
    }

    async fn write_state_bytes(
        &self,
        request: Request<Streaming<proto::write_state_bytes::RequestChunk>>,
    ) -> Answered<proto::write_state_bytes::Response> {
        // The first chunk names the store.
        let first = request.into_inner().message().await?;
        let name = first
            .and_then(|chunk| chunk.meta)
            .map(|meta| meta.type_name)
            .unwrap_or_default();
        Ok(Response::new(not_offered::write_state_bytes(&name)))
    }

    async fn lock_state(
        &self,
        request: Request<proto::lock_state::Request>,
    ) -> Answered<proto::lock_state::Response> {
        Ok(Response::new(not_offered::lock_state(
            &request.get_ref().type_name,
        )))
    }

    async fn unlock_state(
        &self,
        request: Request<proto::unlock_state::Request>,
    ) -> Answered<proto::unlock_state::Response> {
        Ok(Response::new(not_offered::unlock_state(
            &request.get_ref().type_name,
        )))
    }

    async fn get_states(
        &self,
        request: Request<proto::get_states::Request>,
    ) -> Answered<proto::get_states::Response> {
        Ok(Response::new(not_offered::get_states(
            &request.get_ref().type_name,
        )))
    }

    async fn delete_state(
        &self,
        request: Request<proto::delete_state::Request>,
    ) -> Answered<proto::delete_state::Response> {
        Ok(Response::new(not_offered::delete_state(
            &request.get_ref().type_name,
        )))
    }

    async fn plan_action(
        &self,
        request: Request<proto::plan_action::Request>,
    ) -> Answered<proto::plan_action::Response> {
        Ok(Response::new(not_offered::plan_action(
            &request.get_ref().action_type,
        )))
    }

    type InvokeActionStream = Once<Result<proto::invoke_action::Event, Status>>;

    async fn invoke_action(
        &self,
        request: Request<proto::invoke_action::Request>,
    ) -> Answered<Self::InvokeActionStream> {
        Ok(Response::new(once(Ok(not_offered::invoke_action(
            &request.get_ref().action_type,
        )))))
    }

    async fn validate_action_config(
        &self,
        request: Request<proto::validate_action_config::Request>,
    ) -> Answered<proto::validate_action_config::Response> {
        Ok(Response::new(not_offered::validate_action_config(
            &request.get_ref().type_name,
        )))
    }
}
