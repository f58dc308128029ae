//! GRPCController: how Terraform ends a plugin. It waits for the reply and then gives the process two
//! seconds.

use tonic::{Request, Response, Status};

use crate::generated::plugin::Empty;
use crate::generated::plugin::grpc_controller_server::GrpcController;
use crate::stop::{Stop, StopReason};

/// Starts the end of the server. The reply still goes out: a graceful stop finishes what is in flight.
#[derive(Debug)]
pub(crate) struct Controller {
    pub(crate) stop: Stop,
}

#[tonic::async_trait]
impl GrpcController for Controller {
    async fn shutdown(&self, _request: Request<Empty>) -> Result<Response<Empty>, Status> {
        self.stop.now(StopReason::Shutdown);
        Ok(Response::new(Empty {}))
    }
}
