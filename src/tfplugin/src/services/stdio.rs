//! GRPCStdio: what a plugin prints would go here. We print nothing, so the stream stays empty.

use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};

use super::pending::Pending;
use crate::generated::plugin::StdioData;
use crate::generated::plugin::grpc_stdio_server::GrpcStdio;

/// Keeps the stream open until the server stops.
#[derive(Debug)]
pub(crate) struct Stdio {
    pub(crate) stop: CancellationToken,
}

#[tonic::async_trait]
impl GrpcStdio for Stdio {
    type StreamStdioStream = Pending<StdioData>;

    async fn stream_stdio(&self, _request: Request<()>) -> Result<Response<Self::StreamStdioStream>, Status> {
        Ok(Response::new(Pending::until(&self.stop)))
    }
}
