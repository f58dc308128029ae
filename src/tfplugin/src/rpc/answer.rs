//! Answers every call: what fails is a diagnostic, a panic too, and what happened is logged.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;
use std::time::Instant;

use tfsdk::{Diagnostic, Diagnostics};
use tonic::{Response, Status};
use tracing::Instrument;

use crate::convert::diagnostics;
use crate::generated::tfplugin6 as proto;

/// A response that can carry the reason why there is nothing else in it.
///
/// What is absent from a response leaves things as they were: after an error, Terraform keeps the state
/// from before when no state is answered.
pub(super) trait Answer: Default {
    /// A response of these diagnostics only.
    fn failed(diagnostics: Diagnostics) -> Self;

    /// How many errors it carries.
    fn errors(&self) -> usize;
}

macro_rules! answer_with_diagnostics {
    ($($rpc:ident),+ $(,)?) => {
        $(impl Answer for proto::$rpc::Response {
            fn failed(diagnostics: Diagnostics) -> Self {
                let mut response = Self::default();
                response.diagnostics = diagnostics::to_proto(diagnostics);
                response
            }

            fn errors(&self) -> usize {
                let error = i32::from(proto::diagnostic::Severity::Error);
                self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == error).count()
            }
        })+
    };
}

answer_with_diagnostics!(
    apply_resource_change,
    configure_provider,
    get_functions,
    get_metadata,
    get_provider_schema,
    get_resource_identity_schemas,
    import_resource_state,
    move_resource_state,
    plan_resource_change,
    read_data_source,
    read_resource,
    upgrade_resource_identity,
    upgrade_resource_state,
    validate_data_resource_config,
    validate_provider_config,
    validate_resource_config,
);

/// A function has no diagnostics, but one error.
impl Answer for proto::call_function::Response {
    fn failed(diagnostics: Diagnostics) -> Self {
        let texts: Vec<String> = diagnostics
            .iter()
            .map(|diagnostic| format!("{}: {}", diagnostic.summary, diagnostic.detail))
            .collect();
        let error = proto::FunctionError {
            text: texts.join("\n"),
            function_argument: None,
        };
        Self {
            result: None,
            error: Some(error),
        }
    }

    fn errors(&self) -> usize {
        usize::from(self.error.is_some())
    }
}

/// Does the work of one call and answers, whatever becomes of it.
///
/// `type_name` is the resource type, data source or function that it is about, if it is about one.
pub(super) async fn answer<R: Answer>(
    rpc: &'static str,
    type_name: &str,
    work: impl Future<Output = Result<R, Diagnostics>> + Send,
) -> Result<Response<R>, Status> {
    static CALLS: AtomicU64 = AtomicU64::new(1);
    let call = CALLS.fetch_add(1, Ordering::Relaxed);
    let span = tracing::info_span!(
        "rpc",
        tf_rpc = rpc,
        tf_req_id = call,
        tf_resource_type = type_name
    );
    let answering = async {
        tracing::trace!("call begins");
        let begun = Instant::now();
        let response = match caught(rpc, work).await {
            Ok(Ok(response)) => response,
            Ok(Err(diagnostics)) => R::failed(diagnostics),
            Err(panic) => R::failed(panic.into()),
        };
        tracing::debug!(
            tf_req_duration_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            diagnostic_error_count = response.errors(),
            "call ends",
        );
        Ok(Response::new(response))
    };
    answering.instrument(span).await
}

/// Runs the work; a panic inside becomes a diagnostic. The server catches what operations do; what is
/// caught here went wrong around them.
async fn caught<T>(rpc: &str, work: impl Future<Output = T>) -> Result<T, Diagnostic> {
    let mut work = pin!(work);
    // Nothing of the work is looked at after it panicked.
    poll_fn(
        |cx| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Err(panic) => Poll::Ready(Err(panicked(rpc, &*panic))),
        },
    )
    .await
}

fn panicked(rpc: &str, panic: &(dyn Any + Send)) -> Diagnostic {
    let message = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    Diagnostic::bug(
        "Provider panicked",
        format!("The provider panicked while it answered {rpc}: {message}."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run<R: Answer>(work: impl Future<Output = Result<R, Diagnostics>> + Send) -> R {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        runtime
            .block_on(answer("Test", "t", work))
            .expect("never a status")
            .into_inner()
    }

    #[test]
    fn errors_become_diagnostics() {
        let response: proto::read_resource::Response =
            run(async { Err(Diagnostic::error("summary", "detail").into()) });
        assert_eq!(response.errors(), 1);
        assert_eq!(response.diagnostics[0].summary, "summary");
        assert_eq!(response.new_state, None);
    }

    #[test]
    fn panics_become_diagnostics() {
        let response: proto::apply_resource_change::Response = run(async { panic!("number {}", 5) });
        assert_eq!(response.errors(), 1);
        assert_eq!(response.diagnostics[0].summary, "Provider panicked");
        assert!(
            response.diagnostics[0]
                .detail
                .contains("while it answered Test: number 5.")
        );
        assert_eq!(response.new_state, None, "Terraform keeps what it has");
        let response: proto::call_function::Response = run(async { panic!("oh") });
        assert!(response.error.expect("an error").text.contains("oh"));
    }
}
