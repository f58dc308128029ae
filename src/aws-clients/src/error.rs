//! The one error type of the crate: what was being done, to what, and what a caller may do about it.
//!
//! AWS's error codes are turned into kinds in `classify`; callers act on [`Error::kind`] alone.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

/// Why an operation failed.
///
/// `Display` says what was being done, to what, in one line; [`source`](StdError::source) says
/// what AWS or the network answered.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    doing: String,
    not_now: bool,
    code: Option<String>,
    message: Option<String>,
    request_id: Option<String>,
    resource: Option<String>,
    denied_action: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What kind of failure it was, as far as a caller acts differently on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The object does not exist.
    NotFound,
    /// An object of that name exists already.
    AlreadyExists,
    /// Something else is being done to the object; the same call may succeed later.
    Conflict,
    /// A quota or a concurrency limit of the account is reached; see [`Error::is_not_now`].
    Limit,
    /// The caller may not do this; see [`Error::denied_action`].
    Denied,
    /// AWS refused because of the request rate, also after retries.
    Throttled,
    /// AWS refused the request as wrong.
    Invalid,
    /// Point-in-time recovery is off for the source table.
    PointInTimeRecoveryOff,
    /// The time lies outside the restore window.
    RestoreTimeOutsideWindow,
    /// The ARN names another Region than the one the call would go to.
    OtherRegion,
    /// AWS or the network failed, also after retries; nothing has been done.
    Unavailable,
    /// Something answered that is not AWS: another server, a proxy, a login page.
    NotAws,
    /// The call may or may not have taken effect, and is not safe to repeat.
    Ambiguous,
    /// Terraform asked to stop.
    Cancelled,
    /// The time that the user gave is over.
    TimedOut,
    /// There are no credentials, or AWS does not accept them.
    Credentials,
    /// AWS accepts the credentials in another Region and does not know them in this one, which
    /// [`Error::resource`] names: the account has not enabled it.
    RegionNotEnabled,
    /// The server's certificate is not one that is trusted; `custom_ca_bundle` can name its authority.
    Certificate,
    /// The account is not one that may be touched.
    Account,
    /// The provider's configuration cannot be used.
    Configuration,
    /// The object came into a state from which the wanted one cannot be reached.
    UnexpectedStatus,
    /// A job of AWS Backup has ended without success, and does not go on; the cause says why, in AWS's words.
    JobFailed,
    /// None of the others.
    Other,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, doing: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            doing: doing.into(),
            not_now: kind == ErrorKind::Conflict,
            code: None,
            message: None,
            request_id: None,
            resource: None,
            denied_action: None,
            source: None,
        }))
    }

    /// An object that a caller needs and that does not exist.
    pub fn gone(doing: impl Into<String>, why: impl Into<String>) -> Self {
        Self::new(ErrorKind::NotFound, doing).because(why)
    }

    /// A text that names no object of its kind.
    pub fn malformed(what: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid, what)
    }

    pub(crate) fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Adds a sentence of our own as the cause.
    pub(crate) fn because(self, why: impl Into<String>) -> Self {
        self.with_source(Reason(why.into()))
    }

    pub(crate) fn with_answer(mut self, answer: Answer) -> Self {
        self.0.code = answer.code;
        self.0.message = answer.message;
        self.0.request_id = answer.request_id;
        self
    }

    pub(crate) fn with_resource(mut self, resource: impl Into<String>) -> Self {
        self.0.resource = Some(resource.into());
        self
    }

    pub(crate) fn with_denied_action(mut self, action: impl Into<String>) -> Self {
        self.0.denied_action = Some(action.into());
        self
    }

    pub(crate) fn with_not_now(mut self, not_now: bool) -> Self {
        self.0.not_now = not_now;
        self
    }

    /// Makes `self` the cause of another error, which keeps AWS's code, message and request id.
    pub(crate) fn wrap(self, kind: ErrorKind, doing: impl Into<String>) -> Self {
        let mut outer = Self::new(kind, doing);
        outer.0.code = self.0.code.clone();
        outer.0.message = self.0.message.clone();
        outer.0.request_id = self.0.request_id.clone();
        outer.0.resource = self.0.resource.clone();
        outer.0.denied_action = self.0.denied_action.clone();
        outer.with_source(self)
    }

    /// The same failure, told as part of a larger undertaking.
    pub(crate) fn wrap_as(self, doing: impl Into<String>) -> Self {
        let (kind, not_now) = (self.kind(), self.is_not_now());
        self.wrap(kind, doing).with_not_now(not_now)
    }

    /// The same failure, which leaves open whether the call took effect.
    pub(crate) fn into_ambiguous(mut self) -> Self {
        self.0.kind = ErrorKind::Ambiguous;
        self.0.not_now = false;
        self
    }

    /// The same failure once more, for another object that met it. Its causes become one line.
    pub(crate) fn repeated(&self) -> Self {
        let inner = &*self.0;
        Self(Box::new(Inner {
            doing: inner.doing.clone(),
            code: inner.code.clone(),
            message: inner.message.clone(),
            request_id: inner.request_id.clone(),
            resource: inner.resource.clone(),
            denied_action: inner.denied_action.clone(),
            source: inner
                .source
                .as_ref()
                .map(|source| Reason(chain(&**source)).into()),
            ..*inner
        }))
    }

    /// What kind of failure it was.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether the same call may succeed later without anything being changed by the user.
    pub fn is_not_now(&self) -> bool {
        self.0.not_now
    }

    /// AWS's error code, as in `BackupInUseException`. For people, not for decisions.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// AWS's own words.
    pub fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// The id under which AWS knows the failed request.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// What the call was about: an ARN, or a name.
    pub fn resource(&self) -> Option<&str> {
        self.0.resource.as_deref()
    }

    /// The IAM action that is missing, as in `dynamodb:DescribeTable`, when the kind is
    /// [`ErrorKind::Denied`]. AWS's message decides; else it is the action of the call itself.
    pub fn denied_action(&self) -> Option<&str> {
        self.0.denied_action.as_deref()
    }

    /// Whether the object does not exist.
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.doing)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("doing", &self.0.doing)
            .field("code", &self.0.code)
            .field("request_id", &self.0.request_id)
            .field("source", &self.0.source.as_ref().map(|source| chain(&**source)))
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0
            .source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}

/// What AWS answered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer {
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
}

/// A cause in plain words.
#[derive(Debug)]
struct Reason(String);

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for Reason {}

/// The whole chain of causes in one line, without the repetitions that wrappers make.
pub(crate) fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut line = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        if !line.contains(&text) {
            line.push_str(": ");
            line.push_str(&text);
        }
        next = cause.source();
    }
    line
}

/// A duration as people say it: `40 s`, `5 m`, `1 m 30 s`, `2 h`.
pub(crate) fn spoken(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes, rest) {
        (0, 0, s) => format!("{s} s"),
        (0, m, 0) => format!("{m} m"),
        (0, m, s) => format!("{m} m {s} s"),
        (h, 0, 0) => format!("{h} h"),
        (h, m, 0) => format!("{h} h {m} m"),
        (h, m, s) => format!("{h} h {m} m {s} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, ErrorKind, chain, spoken};
    use std::error::Error as _;
    use std::time::Duration;

    #[test]
    fn display_is_one_level_and_the_cause_is_the_source() {
        let error = Error::new(ErrorKind::Other, "reading table Orders").because("the line was cut");
        assert_eq!(error.to_string(), "reading table Orders");
        assert_eq!(
            error.source().map(ToString::to_string).as_deref(),
            Some("the line was cut")
        );
        assert_eq!(chain(&error), "reading table Orders: the line was cut");
    }

    #[test]
    fn durations_are_spoken() {
        let said = [0, 40, 60, 90, 3600, 5400, 7261].map(|s| spoken(Duration::from_secs(s)));
        assert_eq!(
            said,
            ["0 s", "40 s", "1 m", "1 m 30 s", "1 h", "1 h 30 m", "2 h 1 m 1 s"]
        );
    }
}
