//! Accepts connections, does the TLS handshake of each in a task of its own, and hands the finished
//! streams to the gRPC server.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_util::sync::CancellationToken;
use tonic::transport::server::Connected;

/// A client that takes longer over its TLS handshake is not Terraform.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(10);

/// After a failed accept (out of file descriptors, say) the next is tried this much later.
const ACCEPT_RETRY: Duration = Duration::from_millis(50);

/// The connections that are ready for gRPC.
#[derive(Debug)]
pub(crate) struct Incoming {
    ready: mpsc::Receiver<Connection>,
}

impl Incoming {
    /// Accepts on `listener` until `stop`, with TLS where there is a configuration for it.
    pub(crate) fn accept(
        listener: UnixListener,
        tls: Option<Arc<ServerConfig>>,
        stop: CancellationToken,
    ) -> Self {
        let (sender, ready) = mpsc::channel(8);
        tokio::spawn(async move {
            let accepting = accept(listener, tls.map(TlsAcceptor::from), sender);
            stop.run_until_cancelled(accepting).await;
        });
        Self { ready }
    }
}

async fn accept(listener: UnixListener, tls: Option<TlsAcceptor>, ready: mpsc::Sender<Connection>) {
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(err) => {
                tracing::warn!(error = %err, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_RETRY).await;
                continue;
            }
        };
        let ready = ready.clone();
        let Some(tls) = tls.clone() else {
            // Full or gone: the server is ending, or nobody serves what is accepted.
            let _ = ready.send(Connection::Plain(stream)).await;
            continue;
        };
        tokio::spawn(async move {
            match tokio::time::timeout(HANDSHAKE_LIMIT, tls.accept(stream)).await {
                Ok(Ok(stream)) => {
                    let _ = ready.send(Connection::Tls(Box::new(stream))).await;
                }
                Ok(Err(err)) => tracing::warn!(error = %err, "a client was refused"),
                Err(_) => tracing::warn!("a client did not finish its TLS handshake"),
            }
        });
    }
}

impl futures_core::Stream for Incoming {
    type Item = io::Result<Connection>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.ready.poll_recv(cx).map(|connection| connection.map(Ok))
    }
}

/// One connection, encrypted or not.
#[derive(Debug)]
pub(crate) enum Connection {
    Plain(UnixStream),
    Tls(Box<TlsStream<UnixStream>>),
}

impl Connected for Connection {
    type ConnectInfo = ();

    fn connect_info(&self) -> Self::ConnectInfo {}
}

impl AsyncRead for Connection {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(cx, buffer),
            Self::Tls(stream) => Pin::new(stream).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            Self::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write_vectored(cx, slices),
            Self::Tls(stream) => Pin::new(stream).poll_write_vectored(cx, slices),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Plain(stream) => stream.is_write_vectored(),
            Self::Tls(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Self::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
