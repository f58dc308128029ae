//! GRPCBroker: Terraform opens it and sends nothing to a provider. Nothing is ever answered; an echo
//! would be taken for a connection that waits.

use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status, Streaming};

use super::pending::Pending;
use crate::generated::plugin::ConnInfo;
use crate::generated::plugin::grpc_broker_server::GrpcBroker;

/// Keeps the stream open until the server stops.
#[derive(Debug)]
pub(crate) struct Broker {
    pub(crate) stop: CancellationToken,
}

#[tonic::async_trait]
impl GrpcBroker for Broker {
    type StartStreamStream = Pending<ConnInfo>;

    async fn start_stream(
        &self,
        _request: Request<Streaming<ConnInfo>>,
    ) -> Result<Response<Self::StartStreamStream>, Status> {
        Ok(Response::new(Pending::until(&self.stop)))
    }
}
