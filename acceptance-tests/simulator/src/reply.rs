//! A rendered HTTP reply, and the body that carries it: whole, or cut off in the middle.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use hyper::{Response, StatusCode, header};
use serde_json::{Value, json};

use crate::clock::Moment;
use crate::failure::Failure;

/// When a call was served, and under which id.
#[derive(Clone, Copy)]
pub(crate) struct Stamp<'a> {
    pub(crate) now: Moment,
    pub(crate) request_id: &'a str,
}

/// Status, headers and body of a reply.
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Bytes,
}

impl Reply {
    fn new(status: u16, content_type: String, body: Vec<u8>, now: Moment) -> Self {
        let headers = vec![
            ("content-type", content_type),
            ("date", now.to_http_date()),
            ("server", "Server".into()),
        ];
        Self {
            status,
            headers,
            body: body.into(),
        }
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// A reply of one of AWS's JSON protocols. The checksum is what DynamoDB sends, and some clients verify it.
    pub(crate) fn json(status: u16, version: &str, value: &Value, stamp: Stamp<'_>) -> Self {
        let body = value.to_string().into_bytes();
        let checksum = crc32(&body).to_string();
        Self::new(
            status,
            format!("application/x-amz-json-{version}"),
            body,
            stamp.now,
        )
        .with("x-amzn-requestid", stamp.request_id)
        .with("x-amz-crc32", checksum)
    }

    /// An error of one of AWS's JSON protocols, of a service whose own errors live in `namespace`.
    pub(crate) fn json_failure(version: &str, failure: &Failure, namespace: &str, stamp: Stamp<'_>) -> Self {
        let kind = failure.json_type(namespace);
        // The services' own errors say "message", the ones of the framework before them say "Message".
        let key = if kind.starts_with("com.amazon.coral.service") {
            "Message"
        } else {
            "message"
        };
        let body = json!({"__type": kind, key: failure.message});
        Self::json(failure.status, version, &body, stamp)
    }

    /// A reply of the REST-JSON protocol.
    pub(crate) fn rest(status: u16, value: &Value, stamp: Stamp<'_>) -> Self {
        let body = match value {
            Value::Object(members) if members.is_empty() => Vec::new(),
            _ => value.to_string().into_bytes(),
        };
        Self::new(status, "application/json".to_owned(), body, stamp.now)
            .with("x-amzn-requestid", stamp.request_id)
    }

    /// An error of the REST-JSON protocol: the code is in a header, the members of its shape in the body.
    pub(crate) fn rest_failure(failure: &Failure, stamp: Stamp<'_>) -> Self {
        let mut body = json!({"Code": failure.code, "Message": failure.message});
        for (member, value) in &failure.details {
            body[member] = json!(value);
        }
        Self::rest(failure.status, &body, stamp).with("x-amzn-errortype", failure.code.as_ref())
    }

    pub(crate) fn xml(status: u16, xml: String, stamp: Stamp<'_>) -> Self {
        let reply = Self::new(status, "text/xml".to_owned(), xml.into_bytes(), stamp.now);
        reply.with("x-amzn-requestid", stamp.request_id)
    }

    /// A reply of the control interface.
    pub(crate) fn control(status: u16, value: &Value, now: Moment) -> Self {
        Self::new(
            status,
            "application/json".to_owned(),
            value.to_string().into_bytes(),
            now,
        )
    }

    pub(crate) fn whole(self) -> Response<ReplyBody> {
        let body = self.body.clone();
        self.response(ReplyBody {
            next: Some(body),
            end: End::Whole,
        })
    }

    /// Announces the whole body and sends half of it.
    pub(crate) fn truncated(self) -> Response<ReplyBody> {
        let half = self.body.slice(..self.body.len() / 2);
        self.response(ReplyBody {
            next: Some(half),
            end: End::CutAfterFlush,
        })
    }

    fn response(self, body: ReplyBody) -> Response<ReplyBody> {
        let mut response = Response::new(body);
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let length = ("content-length", self.body.len().to_string());
        for (name, value) in self.headers.into_iter().chain([length]) {
            if let Ok(value) = header::HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

/// The bytes of a reply. One that is cut fails after its bytes, on which hyper closes the connection.
pub(crate) struct ReplyBody {
    next: Option<Bytes>,
    end: End,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Whole,
    /// Waits once more, so that hyper sends what it has, and fails then.
    CutAfterFlush,
    Cut,
}

/// The body ended before its announced length, on purpose.
#[derive(Debug)]
pub(crate) struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("the reply is cut off on purpose")
    }
}

impl std::error::Error for Cut {}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        if let Some(bytes) = self.next.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        match self.end {
            End::Whole => Poll::Ready(None),
            End::Cut => Poll::Ready(Some(Err(Cut))),
            End::CutAfterFlush => {
                self.end = End::Cut;
                cx.waker().wake_by_ref();
                Poll::Pending
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.next.is_none() && self.end == End::Whole
    }

    fn size_hint(&self) -> SizeHint {
        match self.end {
            End::Whole => SizeHint::with_exact(self.next.as_ref().map_or(0, |bytes| bytes.len() as u64)),
            End::CutAfterFlush | End::Cut => SizeHint::default(),
        }
    }
}

/// CRC-32 as in IEEE 802.3, bit by bit: replies are small.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_common_one() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn a_truncated_reply_announces_more_than_it_sends() {
        let reply = Reply::control(200, &json!({"ok": true}), Moment::from_millis(0));
        let response = reply.truncated();
        assert_eq!(response.headers()["content-length"], "11");
        assert_eq!(response.body().next.as_ref().map(Bytes::len), Some(5));
    }
}
