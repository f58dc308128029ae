//! An error that AWS answers, and how each service writes it on the wire.

use std::borrow::Cow;

/// An error of a service: HTTP status, code and message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) status: u16,
    pub(crate) code: Cow<'static, str>,
    pub(crate) message: String,
    /// Further members of the error's shape, as AWS Backup has them.
    pub(crate) details: Vec<(&'static str, String)>,
}

/// The code under which a reply of the simulator itself that AWS could not have sent is counted.
pub(crate) const REPLY_INVALID: &str = "SimulatorReplyInvalid";

impl Failure {
    /// An error of the caller, HTTP 400.
    pub(crate) fn new(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self {
            status: 400,
            code: code.into(),
            message: message.into(),
            details: Vec::new(),
        }
    }

    /// The same error with a further member.
    pub(crate) fn with(mut self, member: &'static str, value: impl Into<String>) -> Self {
        self.details.push((member, value.into()));
        self
    }

    pub(crate) fn validation(message: impl Into<String>) -> Self {
        Self::new("ValidationException", message)
    }

    /// The service's own fault, HTTP 500.
    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self {
            status: 500,
            ..Self::new("InternalServerError", message)
        }
    }

    /// A mistake of the simulator. It fails the test that met it, since it is counted in the calls.
    pub(crate) fn simulator(message: impl Into<String>) -> Self {
        Self {
            status: 500,
            ..Self::new(REPLY_INVALID, message)
        }
    }

    /// The `__type` of the JSON protocols, with the namespace in which AWS keeps the code.
    pub(crate) fn json_type(&self, service_namespace: &str) -> String {
        let namespace = match self.code.as_ref() {
            "ValidationException" => "com.amazon.coral.validate",
            "ThrottlingException" => "com.amazon.coral.availability",
            "AccessDeniedException"
            | "IncompleteSignatureException"
            | "MissingAuthenticationTokenException"
            | "SerializationException"
            | "ServiceUnavailableException"
            | "UnknownOperationException"
            | "UnrecognizedClientException" => "com.amazon.coral.service",
            _ => service_namespace,
        };
        format!("{namespace}#{}", self.code)
    }

    /// Whether any operation may answer this code, whatever its service model lists.
    pub(crate) fn is_common(&self) -> bool {
        matches!(
            self.code.as_ref(),
            "ValidationException"
                | "ValidationError"
                | "AccessDenied"
                | "AccessDeniedException"
                | "Throttling"
                | "ThrottlingException"
                | "IncompleteSignature"
                | "IncompleteSignatureException"
                | "MissingAuthenticationToken"
                | "MissingAuthenticationTokenException"
                | "MissingAction"
                | "InvalidAction"
                | "SerializationException"
                | "UnknownOperationException"
                | "UnrecognizedClientException"
                | REPLY_INVALID
        )
    }
}
