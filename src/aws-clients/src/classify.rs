//! The only place where AWS's error codes are read: turns an SDK error into a kind and a verdict
//! on repeating the call.

use std::error::Error as StdError;
use std::io;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;

use crate::error::{Answer, Error, ErrorKind, chain};
use crate::operation::{Effect, Operation};

/// A failed attempt.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) error: Error,
    pub(crate) retry: Retry,
}

/// Whether and how to repeat the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retry {
    Never,
    /// AWS or the network failed for a moment.
    Transient,
    /// AWS asked for a slower pace.
    Throttled,
    /// Nobody answers at the address; a mistyped endpoint must not take minutes to tell.
    Unreachable,
    /// The answer did not come in time.
    Silent,
    /// New credentials are not known everywhere yet.
    Credentials,
    /// The clock was wrong.
    Clock,
}

/// What was attempted, for the words of the error.
#[derive(Debug)]
pub(crate) struct Attempt<'a> {
    pub(crate) operation: Operation,
    pub(crate) doing: &'a str,
    pub(crate) resource: &'a str,
}

/// What a failure means, before the effect of the operation is taken into account.
struct Verdict {
    kind: ErrorKind,
    retry: Retry,
    not_now: bool,
    /// AWS refused the call, so that it certainly had no effect.
    refused: bool,
}

impl Verdict {
    const fn refused(kind: ErrorKind) -> Self {
        Self {
            kind,
            retry: Retry::Never,
            not_now: false,
            refused: true,
        }
    }

    const fn not_now(kind: ErrorKind) -> Self {
        Self {
            kind,
            retry: Retry::Never,
            not_now: true,
            refused: true,
        }
    }

    const fn retried(kind: ErrorKind, retry: Retry) -> Self {
        Self {
            kind,
            retry,
            not_now: false,
            refused: true,
        }
    }

    /// The call may have had its effect.
    const fn unsure() -> Self {
        Self {
            kind: ErrorKind::Unavailable,
            retry: Retry::Transient,
            not_now: true,
            refused: false,
        }
    }
}

/// Judges a failed attempt.
pub(crate) fn classify<E>(attempt: &Attempt<'_>, error: SdkError<E, HttpResponse>) -> Failure
where
    E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
{
    let answer = Answer {
        code: error.code().map(str::to_owned),
        message: error.message().map(str::to_owned),
        request_id: error.request_id().map(str::to_owned),
    };
    let verdict = match &error {
        SdkError::ServiceError(service) => {
            let verdict = judge_answer(
                answer.code.as_deref().unwrap_or_default(),
                answer.message.as_deref().unwrap_or_default(),
                service.raw().status().as_u16(),
            );
            match answer.code {
                None if is_page_of_failure(service.raw()) => Verdict {
                    retry: Retry::Silent,
                    ..verdict
                },
                _ => verdict,
            }
        }
        other => judge_silence(other, is_in_chain::<CredentialsError>(other)),
    };
    let once = attempt.operation.effect() == Effect::Once && !verdict.refused;
    let kind = if once { ErrorKind::Ambiguous } else { verdict.kind };
    let retry = if once { Retry::Never } else { verdict.retry };

    let denied = (kind == ErrorKind::Denied).then(|| Denied::from_message(answer.message.as_deref()));
    let resource = denied.as_ref().and_then(|denied| denied.resource.clone());
    let mut judged = Error::new(kind, attempt.doing)
        .with_not_now(verdict.not_now && !once)
        .with_resource(resource.unwrap_or_else(|| attempt.resource.to_owned()));
    if let Some(denied) = denied {
        judged = judged.with_denied_action(
            denied
                .action
                .unwrap_or_else(|| attempt.operation.action().to_owned()),
        );
    }
    let judged = match &error {
        SdkError::ServiceError(service) => judged.because(said(&answer, service.raw())),
        _ => judged.because(without_wrappers(&chain(&error)).to_owned()),
    };
    Failure {
        error: judged.with_answer(answer),
        retry,
    }
}

fn judge_answer(code: &str, message: &str, status: u16) -> Verdict {
    match code {
        "ThrottlingException"
        | "Throttling"
        | "ThrottledException"
        | "RequestThrottled"
        | "RequestThrottledException"
        | "RequestLimitExceeded"
        | "TooManyRequestsException"
        | "ProvisionedThroughputExceededException"
        | "SlowDown" => Verdict::retried(ErrorKind::Throttled, Retry::Throttled),
        "LimitExceededException" | "SubscriberLimitExceededException" => judge_limit(message),
        // An asymmetric key makes RestoreTable answer this, deterministically, with a KMS text.
        "InternalServerError" | "InternalServerErrorException" | "InternalFailure"
            if is_about_kms(message) =>
        {
            Verdict::refused(ErrorKind::Invalid)
        }
        "ContinuousBackupsUnavailableException"
        | "BackupInUseException"
        | "TableInUseException"
        | "ResourceInUseException"
        | "ConflictException"
        | "ConcurrentUpdateException"
        | "InvalidResourceStateException" => Verdict::not_now(ErrorKind::Conflict),
        // AWS Backup: a service that it depends on failed, the call had no effect.
        "DependencyFailureException" => Verdict::retried(ErrorKind::Unavailable, Retry::Transient),
        "TableAlreadyExistsException" | "AlreadyExistsException" => {
            Verdict::refused(ErrorKind::AlreadyExists)
        }
        "TableNotFoundException"
        | "BackupNotFoundException"
        | "ResourceNotFoundException"
        | "PolicyNotFoundException"
        | "ObjectNotFoundException"
        | "AWSOrganizationsNotInUseException"
        | "NotFoundException" => Verdict::refused(ErrorKind::NotFound),
        "InvalidRestoreTimeException" => Verdict::refused(ErrorKind::RestoreTimeOutsideWindow),
        "PointInTimeRecoveryUnavailableException" => Verdict::refused(ErrorKind::PointInTimeRecoveryOff),
        "AccessDeniedException" | "AccessDenied" | "UnauthorizedOperation" => {
            Verdict::refused(ErrorKind::Denied)
        }
        // Documented as retryable: a new key is not known at once in every place.
        "UnrecognizedClientException" | "InvalidClientTokenId" => {
            Verdict::retried(ErrorKind::Credentials, Retry::Credentials)
        }
        // The answer carried AWS's time, by which the next attempt is signed.
        "RequestTimeTooSkewed" | "RequestExpired" | "RequestInTheFuture" => {
            Verdict::retried(ErrorKind::Credentials, Retry::Clock)
        }
        "InvalidSignatureException" | "SignatureDoesNotMatch"
            if message.contains("Signature expired") || message.contains("Signature not yet current") =>
        {
            Verdict::retried(ErrorKind::Credentials, Retry::Clock)
        }
        "InvalidSignatureException"
        | "SignatureDoesNotMatch"
        | "IncompleteSignature"
        | "IncompleteSignatureException"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException"
        | "ExpiredToken"
        | "ExpiredTokenException"
        | "InvalidAccessKeyId"
        | "AuthFailure"
        | "OptInRequired"
        | "SubscriptionRequiredException" => Verdict::refused(ErrorKind::Credentials),
        // A new role is not known to AWS Backup at once, nor is what it may do.
        "InvalidParameterValueException"
            if message.contains("cannot be assumed by AWS Backup")
                || message.contains("is not authorized to call tag:GetResources") =>
        {
            Verdict::not_now(ErrorKind::Invalid)
        }
        // A plan keeps its selections for some minutes after they were deleted.
        "InvalidRequestException" if message.contains("selections must be deleted prior to backup plan") => {
            Verdict::not_now(ErrorKind::Conflict)
        }
        // AWS takes one change of time to live in about an hour.
        "ValidationException" if message.contains("modified multiple times within a fixed interval") => {
            Verdict::not_now(ErrorKind::Conflict)
        }
        // The operation does not exist there; it will not a moment later either.
        _ if status == 501 => Verdict::refused(ErrorKind::Invalid),
        _ if status == 429 => Verdict::retried(ErrorKind::Throttled, Retry::Throttled),
        _ if status >= 500 || status == 408 => Verdict::unsure(),
        // AWS's refusals have a code.
        "" => Verdict {
            refused: (400..500).contains(&status),
            ..Verdict::refused(ErrorKind::NotAws)
        },
        _ if (400..500).contains(&status) => Verdict::refused(ErrorKind::Invalid),
        // A "success" that the SDK could not take as one.
        _ => Verdict {
            refused: false,
            ..Verdict::refused(ErrorKind::Other)
        },
    }
}

/// AWS uses one code for rates, for too much at once, and for quotas that only a person can raise.
fn judge_limit(message: &str) -> Verdict {
    const FINAL: [&str; 11] = [
        "tables per",
        "limit of tables",
        "number of tables",
        "table limit",
        "maximum number of tables",
        "24 hour",
        "24-hour",
        "per day",
        "30 day",
        "times within",
        "once in",
    ];
    let message = message.to_ascii_lowercase();
    if message.contains("rate exceeded") || message.contains("rate of") {
        Verdict::retried(ErrorKind::Throttled, Retry::Throttled)
    } else if FINAL.iter().any(|text| message.contains(text)) {
        Verdict::refused(ErrorKind::Limit)
    } else {
        Verdict::not_now(ErrorKind::Limit)
    }
}

fn judge_silence<E>(error: &SdkError<E, HttpResponse>, no_credentials: bool) -> Verdict
where
    E: StdError + Send + Sync + 'static,
{
    if no_credentials {
        return Verdict::refused(ErrorKind::Credentials);
    }
    match error {
        SdkError::ConstructionFailure(_) => Verdict::refused(ErrorKind::Configuration),
        SdkError::DispatchFailure(failure) if failure.is_user() => Verdict::refused(ErrorKind::Configuration),
        // Trying again does not make a certificate good.
        SdkError::DispatchFailure(_) if says(error, &["invalid peer certificate"]) => {
            Verdict::refused(ErrorKind::Certificate)
        }
        SdkError::DispatchFailure(_) if never_connected(error) => Verdict {
            not_now: true,
            ..Verdict::retried(ErrorKind::Unavailable, Retry::Unreachable)
        },
        SdkError::TimeoutError(_) => Verdict {
            retry: Retry::Silent,
            ..Verdict::unsure()
        },
        _ => Verdict::unsure(),
    }
}

/// Whether the connection was never made, so that nothing can have been sent.
fn never_connected(error: &(dyn StdError + 'static)) -> bool {
    // Hyper and the SDK say it in words only; their error types are private.
    says(error, &["client error (Connect)", "HTTP connect timeout"])
        || causes(error)
            .filter_map(|cause| cause.downcast_ref::<io::Error>())
            .any(|error| {
                matches!(
                    error.kind(),
                    io::ErrorKind::ConnectionRefused | io::ErrorKind::HostUnreachable
                )
            })
}

fn says(error: &(dyn StdError + 'static), signs: &[&str]) -> bool {
    causes(error).any(|cause| {
        let text = cause.to_string();
        signs.iter().any(|sign| text.contains(sign))
    })
}

fn is_in_chain<T: StdError + 'static>(error: &(dyn StdError + 'static)) -> bool {
    causes(error).any(|cause| cause.is::<T>())
}

fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let cause = next?;
        next = cause.source();
        Some(cause)
    })
}

/// The words of the SDK and of Hyper for "it failed" say nothing to people.
fn without_wrappers(text: &str) -> &str {
    let wrappers = [
        "dispatch failure: ",
        "other: ",
        "io error: ",
        "timeout: ",
        "response error: ",
    ];
    let hyper = ["client error (SendRequest): ", "client error (Connect): "];
    wrappers
        .into_iter()
        .chain(hyper)
        .fold(text, |text, wrapper| text.strip_prefix(wrapper).unwrap_or(text))
}

/// Whether a server that is not AWS's own shows a page about its failure: AWS answers HTTP 500 in the form of the
/// service, with a code. Such a page seldom goes away by asking again.
fn is_page_of_failure(raw: &HttpResponse) -> bool {
    let kind = raw.headers().get("content-type").unwrap_or_default();
    raw.status().as_u16() == 500 && kind.starts_with("text/html")
}

fn is_about_kms(message: &str) -> bool {
    message.contains("KMS") || message.contains("kms:")
}

fn said(answer: &Answer, raw: &HttpResponse) -> String {
    match (&answer.message, &answer.code) {
        (Some(message), _) if !message.is_empty() => message.clone(),
        (_, Some(code)) => code.clone(),
        _ => foreign(raw),
    }
}

/// An answer without AWS's code, shown as far as it helps to see who gave it.
fn foreign(raw: &HttpResponse) -> String {
    const SHOWN: usize = 80;
    let status = raw.status().as_u16();
    let kind = raw.headers().get("content-type").unwrap_or("no content type");
    let body = String::from_utf8_lossy(raw.body().bytes().unwrap_or_default()).into_owned();
    let words: Vec<&str> = body.split_whitespace().collect();
    let text: String = words
        .join(" ")
        .chars()
        .filter(|it| !it.is_control())
        .take(SHOWN)
        .collect();
    let text = if text.is_empty() {
        "nothing".to_owned()
    } else {
        format!("{text:?}")
    };
    format!("the answer, HTTP {status} with {kind}, is not one of AWS: it says {text}")
}

/// What a refusal says about the missing permission: "... is not authorized to perform:
/// dynamodb:DescribeTable on resource: arn:... because ...".
#[derive(Debug, Default, PartialEq)]
struct Denied {
    action: Option<String>,
    resource: Option<String>,
}

impl Denied {
    fn from_message(message: Option<&str>) -> Self {
        let word_after = |marker: &str| {
            let (_, rest) = message?.split_once(marker)?;
            let word = rest.split_whitespace().next()?;
            Some(word.trim_end_matches(['.', ',']).to_owned())
        };
        Self {
            action: word_after("not authorized to perform: ").filter(|action| action.contains(':')),
            resource: word_after("on resource: ").filter(|resource| resource.starts_with("arn:")),
        }
    }
}
