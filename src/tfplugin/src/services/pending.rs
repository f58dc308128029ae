//! A stream that never yields anything and ends when the server does.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tonic::Status;

/// Stays open until the server stops. Without that end, a graceful stop would wait for it for ever.
pub(crate) struct Pending<T> {
    stopped: Pin<Box<WaitForCancellationFutureOwned>>,
    item: PhantomData<fn() -> T>,
}

impl<T> Pending<T> {
    pub(super) fn until(stop: &CancellationToken) -> Self {
        Self {
            stopped: Box::pin(stop.clone().cancelled_owned()),
            item: PhantomData,
        }
    }
}

impl<T> futures_core::Stream for Pending<T> {
    type Item = Result<T, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.stopped.as_mut().poll(cx).map(|()| None)
    }
}
