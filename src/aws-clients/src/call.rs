//! One call to AWS, whatever the operation: paced, cancellable, inside its deadline, repeated where
//! that is safe, and its failure told in our words.

use std::error::Error as StdError;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::classify::{Attempt, Failure, Retry, classify};
use crate::clock::Clock;
use crate::cx::Cx;
use crate::error::{Error, ErrorKind, chain, spoken};
use crate::names::Region;
use crate::operation::{Effect, Operation};
use crate::pacing::{Pacer, Stop, cancellable, pause};
use crate::remembered::Remembered;

/// First pause before a repetition; doubles up to [`LONGEST_BACKOFF`].
const FIRST_BACKOFF: Duration = Duration::from_millis(250);

/// The SDKs' own upper bound.
const LONGEST_BACKOFF: Duration = Duration::from_secs(20);

/// Attempts to reach an address where nobody answers; some ten seconds in all.
const ATTEMPTS_TO_REACH: u32 = 6;

/// Attempts to get an answer in time from an address that has answered before, and from one that never has.
const ATTEMPTS_IN_SILENCE: u32 = 3;
const ATTEMPTS_TO_BE_HEARD: u32 = 2;

/// How long the first answer of an address may take. AWS answers within a second.
const FIRST_ANSWER: Duration = Duration::from_secs(10);

/// Attempts with credentials that AWS does not know.
const ATTEMPTS_WITH_UNKNOWN_CREDENTIALS: u32 = 3;

/// What all calls of one Region share.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) pacer: Arc<Pacer>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) region: Region,
    pub(crate) max_attempts: u32,
    pub(crate) credentials_tried: Arc<str>,
    /// Of this service and Region: a Region may be switched off in the account.
    pub(crate) refused_credentials: Remembered,
    /// The first Region where AWS accepted the credentials, whichever service it was. Shared by all Regions.
    pub(crate) accepted_in: Arc<OnceLock<Region>>,
    pub(crate) line: Line,
}

/// The line to one service in one Region.
///
/// An address from which AWS has never been heard is most likely a mistyped endpoint, a proxy or a login page. That is
/// told soon, and not after all the attempts that AWS itself is worth.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line {
    /// Where it leads, unless that is AWS's own address.
    endpoint: Option<Arc<str>>,
    is_heard: Arc<AtomicBool>,
    /// So that not each of five hundred objects tries it again.
    silence: Remembered,
}

impl Line {
    pub(crate) fn to(endpoint: Option<&str>) -> Self {
        Self {
            endpoint: endpoint.map(Arc::from),
            ..Self::default()
        }
    }

    fn is_heard(&self) -> bool {
        self.is_heard.load(Ordering::Relaxed)
    }

    fn listen<T, E: ProvideErrorMetadata>(&self, answer: &Result<T, SdkError<E, HttpResponse>>) {
        if answer.as_ref().err().is_none_or(|error| error.code().is_some()) {
            self.is_heard.store(true, Ordering::Relaxed);
        }
    }
}

/// What is called, for pacing and for the words of an error.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) operation: Operation,
    /// As in "describing table Orders".
    pub(crate) doing: String,
    /// Name or ARN.
    pub(crate) resource: String,
}

impl Call {
    pub(crate) fn new(operation: Operation, doing: impl Into<String>, resource: impl Into<String>) -> Self {
        Self {
            operation,
            doing: doing.into(),
            resource: resource.into(),
        }
    }
}

impl Caller {
    /// Calls AWS until it answers, or until repeating makes no sense.
    ///
    /// A call that changes something is not dropped once it is sent: cancellation and deadline are
    /// looked at before and after, so that its outcome is known.
    ///
    /// # Errors
    /// [`ErrorKind::Cancelled`] and [`ErrorKind::TimedOut`] from the context; all others from AWS.
    pub(crate) async fn call<T, E, F>(
        &self,
        cx: &Cx,
        call: &Call,
        mut send: impl FnMut() -> F,
    ) -> Result<T, Error>
    where
        E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        if let Some(refusal) = self.refused_credentials.find(self.clock.elapsed()) {
            return Err(refusal);
        }
        if !self.line.is_heard()
            && let Some(silence) = self.line.silence.find(self.clock.elapsed())
        {
            return Err(silence);
        }
        let mut attempt = 1;
        loop {
            let failure = match self.attempt(cx, call, &mut send).await? {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            if failure.retry == Retry::Throttled {
                self.pacer.throttled(call.operation, &self.region);
            }
            if attempt >= self.attempts(failure.retry) {
                return Err(self.final_error(failure));
            }
            let backoff = backoff(attempt);
            tracing::debug!(
                action = call.operation.action(),
                resource = %call.resource,
                attempt,
                backoff_ms = backoff.as_millis(),
                error = %chain(&failure.error),
                "repeating the call"
            );
            if let Err(stop) = pause(cx, &*self.clock, backoff).await {
                return Err(self.stopped(cx, call, stop).with_source(failure.error));
            }
            attempt += 1;
        }
    }

    async fn attempt<T, E, F>(
        &self,
        cx: &Cx,
        call: &Call,
        send: &mut impl FnMut() -> F,
    ) -> Result<Result<T, Failure>, Error>
    where
        E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        let permit = self.pacer.admit(cx, call.operation, &self.region).await;
        let _permit = permit.map_err(|stop| self.stopped(cx, call, stop))?;
        // The SDK's futures are some kilobytes each: kept inside of ours, a plan of many reads would overflow a stack.
        let sending = Box::pin(send());
        let sent = if call.operation.effect() == Effect::Read {
            // The deadline bounds a read by the real clock: a socket does not know another.
            let remaining = cx.remaining(&*self.clock).unwrap_or(Duration::MAX);
            let first = if self.line.is_heard() {
                Duration::MAX
            } else {
                FIRST_ANSWER
            };
            let sent = cancellable(cx, tokio::time::timeout(remaining.min(first), sending)).await;
            match sent.map_err(|stop| self.stopped(cx, call, stop))? {
                Ok(sent) => sent,
                Err(_) if remaining <= first => return Err(self.stopped(cx, call, Stop::TimedOut)),
                Err(_) => {
                    let why = format!("no answer came within {}", spoken(first));
                    let error = Error::new(ErrorKind::Unavailable, &*call.doing)
                        .with_not_now(true)
                        .with_resource(&*call.resource)
                        .because(why);
                    return Ok(Err(Failure {
                        error,
                        retry: Retry::Silent,
                    }));
                }
            }
        } else {
            sending.await
        };
        self.line.listen(&sent);
        if sent.is_ok() {
            self.accepted_in.get_or_init(|| self.region.clone());
        }
        let attempt = Attempt {
            operation: call.operation,
            doing: &call.doing,
            resource: &call.resource,
        };
        Ok(sent.map_err(|error| classify(&attempt, error)))
    }

    fn attempts(&self, retry: Retry) -> u32 {
        let most = match retry {
            Retry::Never => 1,
            Retry::Transient if !self.line.is_heard() => ATTEMPTS_TO_REACH,
            Retry::Transient | Retry::Throttled => self.max_attempts,
            Retry::Unreachable => ATTEMPTS_TO_REACH,
            Retry::Silent if self.line.is_heard() => ATTEMPTS_IN_SILENCE,
            Retry::Silent => ATTEMPTS_TO_BE_HEARD,
            Retry::Credentials | Retry::Clock => ATTEMPTS_WITH_UNKNOWN_CREDENTIALS,
        };
        self.max_attempts.min(most)
    }

    /// Adds to a refusal of credentials which ones were used, or where they are accepted, and to a strange answer or none
    /// from an address that is not AWS's own which one that is.
    fn final_error(&self, failure: Failure) -> Error {
        let Failure { error, retry } = failure;
        let is_strange = matches!(
            error.kind(),
            ErrorKind::Unavailable | ErrorKind::NotAws | ErrorKind::Ambiguous
        );
        if is_strange && !self.line.is_heard() {
            let error = match &self.line.endpoint {
                Some(endpoint) => {
                    let cause = error.source().map_or_else(String::new, chain);
                    error.because(format!("{} (asked at {endpoint})", cause.trim_end_matches('.')))
                }
                None => error,
            };
            if error.kind() != ErrorKind::Ambiguous {
                self.line.silence.set(self.clock.elapsed(), &error);
            }
            return error;
        }
        if error.kind() != ErrorKind::Credentials {
            return error;
        }
        let cause = error.source().map_or_else(String::new, chain);
        // The SDK lists every provider that was "not enabled"; what was tried is said below in the user's words.
        let cause = match cause.split_once("no credentials found in chain") {
            Some(_) => "there are no credentials",
            None => cause.trim_end_matches('.'),
        };
        let doing = format!("authenticating with AWS in {}", self.region);
        let elsewhere = self.accepted_in.get().filter(|region| **region != self.region);
        let error = match elsewhere {
            // What a Region answers in which the account does not exist.
            Some(elsewhere) if retry == Retry::Credentials => {
                let why = format!("{error}: {cause}. The same credentials are accepted in {elsewhere}");
                error
                    .wrap(ErrorKind::RegionNotEnabled, doing)
                    .with_resource(self.region.as_str())
                    .because(why)
            }
            _ => {
                let why = format!("{error}: {cause}. Tried: {}", self.credentials_tried);
                error.wrap(ErrorKind::Credentials, doing).because(why)
            }
        };
        self.refused_credentials.set(self.clock.elapsed(), &error);
        error
    }

    fn stopped(&self, cx: &Cx, call: &Call, stop: Stop) -> Error {
        stopped(cx, &*self.clock, &call.doing, stop).with_resource(call.resource.clone())
    }
}

/// AWS said yes, and left out what it promises to send.
pub(crate) fn incomplete(call: &Call, what: &str) -> Error {
    Error::new(ErrorKind::NotAws, &*call.doing)
        .because(format!("AWS answered without {what}"))
        .with_resource(&*call.resource)
}

/// Turns "not found" into `None`.
pub(crate) fn found<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

/// The error for an operation that was stopped from outside.
pub(crate) fn stopped(cx: &Cx, clock: &dyn Clock, doing: &str, stop: Stop) -> Error {
    match (stop, cx.deadline()) {
        (Stop::Cancelled, _) => Error::new(ErrorKind::Cancelled, format!("{doing} was cancelled")),
        (Stop::TimedOut, Some(deadline)) => Error::new(
            ErrorKind::TimedOut,
            format!(
                "{doing} was not finished after {} of {}",
                spoken(deadline.spent(clock)),
                spoken(deadline.timeout())
            ),
        ),
        (Stop::TimedOut, None) => Error::new(ErrorKind::TimedOut, format!("{doing} took too long")),
    }
}

/// Doubling pause with half of it at random, so that many callers do not come back together.
fn backoff(attempt: u32) -> Duration {
    let whole = FIRST_BACKOFF
        .saturating_mul(1 << attempt.clamp(1, 10).saturating_sub(1))
        .min(LONGEST_BACKOFF);
    // The standard library's hasher is seeded at random: enough for jitter.
    let random = RandomState::new().hash_one(attempt) % 1024;
    whole / 2 + (whole / 2).mul_f64(random as f64 / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_BACKOFF, backoff};
    use std::time::Duration;

    #[test]
    fn backoff_doubles_up_to_its_bound() {
        for (attempt, most) in [(1, 250), (2, 500), (3, 1000), (5, 4000)] {
            let most = Duration::from_millis(most);
            let pause = backoff(attempt);
            assert!(pause >= most / 2 && pause <= most, "{attempt}: {pause:?}");
        }
        assert!((1..1000).all(|attempt| backoff(attempt) <= LONGEST_BACKOFF));
    }
}
