//! Failed calls as diagnostics: the act, the chain of causes, what to do, and AWS's code and request id last.

use std::error::Error as _;

use aws_clients::{Error, ErrorKind};
use tfsdk::Diagnostic;

use crate::config::Validation;

/// Turns a failed call into an error. `act` is the summary: what could not be done, without values.
pub(crate) fn aws(act: &str, err: &Error) -> Diagnostic {
    Diagnostic::error(act, detail(err, None))
}

/// The same, with a paragraph about what has happened already and what comes next, which replaces the general advice
/// where the object is safe and another apply goes on.
pub(crate) fn aws_after(act: &str, err: &Error, aftermath: &str) -> Diagnostic {
    Diagnostic::error(act, detail(err, Some(aftermath)))
}

/// Says that a plan could not read what a check needs. `check` completes "It was not checked whether …". The summary names
/// the action that is denied.
pub(crate) fn unreadable(validation: Validation, check: &str, err: &Error) -> Diagnostic {
    let permission = match denied_action(err) {
        Some(action) => format!(
            "Allow {action} for the identity that Terraform runs as, and the check is made; or set validation = {{ \
             observe = false }} in the provider block to plan without reading AWS."
        ),
        None => "AWS will check it at apply.".to_owned(),
    };
    let text = format!(
        "It was not checked whether {check}.\n\n{}\n\n{permission}{}",
        said(err),
        reference(err)
    );
    // Terraform shows only the first of several warnings with the same summary.
    let summary = match denied_action(err) {
        Some(action) => format!("Check was not made: {action} is denied"),
        None => "Check was not made".to_owned(),
    };
    if validation.unreadable_is_error {
        Diagnostic::error(summary, text)
    } else {
        Diagnostic::warning(summary, text)
    }
}

fn detail(err: &Error, aftermath: Option<&str>) -> String {
    let mut text = said(err);
    if let Some(aftermath) = aftermath {
        text += &format!("\n\n{aftermath}");
    }
    if let Some(hint) = hint(err, aftermath.is_some()) {
        text += &format!("\n\n{hint}");
    }
    text + &reference(err)
}

/// The chain of causes as one sentence, without the repetitions that wrappers make.
fn said(err: &Error) -> String {
    let mut line = err.to_string();
    let mut next = err.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        if !line.contains(&text) {
            line += ": ";
            line += &text;
        }
        next = cause.source();
    }
    let mut letters = line.chars();
    let mut sentence: String = match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => return "AWS gave no reason.".to_owned(),
    };
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

/// What to do. General advice is left out where the caller has said already how it goes on.
fn hint(err: &Error, goes_on: bool) -> Option<String> {
    let hint = match err.kind() {
        ErrorKind::Denied => {
            let on = err.resource().map(|resource| format!(" on {resource}")).unwrap_or_default();
            match denied_action(err) {
                Some(action) => format!(
                    "Allow {action}{on} for the identity that Terraform runs as. Service control policies, permission \
                     boundaries and session policies must allow it too."
                ),
                None => format!("Allow the call{on} for the identity that Terraform runs as."),
            }
        }
        ErrorKind::Credentials => "Give the provider credentials that AWS accepts: set profile in the provider block, \
             or AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN for temporary \
             keys). Sign in again where a session has run out (aws sso login), and compare the clock of this machine \
             with the real time. `aws sts get-caller-identity` shows whether they work. A Region that the account \
             has not enabled refuses them, too."
            .to_owned(),
        ErrorKind::RegionNotEnabled => {
            let region = err.resource().unwrap_or("the Region");
            format!(
                "Most likely the account has not enabled {region}: AWS opens newer Regions only to accounts that ask for \
                 them. Enable it (aws account enable-region --region-name {region}) and wait until aws account \
                 get-region-opt-status --region-name {region} says ENABLED, or take another Region. Where it is enabled, \
                 temporary credentials of the global endpoint of STS are the reason: set AWS_STS_REGIONAL_ENDPOINTS = \
                 regional where they are made."
            )
        }
        ErrorKind::Account => {
            "Use credentials of the right account, or change allowed_account_ids or forbidden_account_ids in the \
             provider block."
                .to_owned()
        }
        ErrorKind::OtherRegion => {
            "Set region on this object, or on the provider, to the Region that the ARN names.".to_owned()
        }
        ErrorKind::Throttled if !goes_on => {
            "The limit is shared by all who use the account. Run terraform apply again; where it happens often, lower \
             -parallelism."
                .to_owned()
        }
        ErrorKind::Conflict if !goes_on => {
            "Something else is being done to the same object. Run terraform apply again when it is over, or give this \
             operation more time in timeouts."
                .to_owned()
        }
        ErrorKind::Limit => "Wait until other operations are over, or ask AWS to raise the quota (Service Quotas, \
             Amazon DynamoDB). Then run terraform apply again."
            .to_owned(),
        ErrorKind::Unavailable if !goes_on => {
            "AWS, or the way to it, failed also after retries. Check endpoints and proxy settings if this goes on, \
             then run terraform apply again."
                .to_owned()
        }
        ErrorKind::NotAws => "Something other than AWS answers there. Check the endpoints in the provider block, \
             AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_DYNAMODB, _STS and _KMS, and the proxy settings."
            .to_owned(),
        ErrorKind::Ambiguous if !goes_on => {
            "The connection broke before AWS answered, so nobody knows yet whether it was done. Run terraform apply \
             again: it looks before it acts."
                .to_owned()
        }
        ErrorKind::TimedOut if !goes_on => {
            "Give this operation more time in timeouts, then run terraform apply again.".to_owned()
        }
        ErrorKind::Cancelled if !goes_on => "The run was interrupted. Run terraform apply again.".to_owned(),
        _ => return None,
    };
    Some(hint)
}

fn denied_action(err: &Error) -> Option<&str> {
    err.denied_action()
}

/// AWS's code and request id, for whoever asks AWS's support.
fn reference(err: &Error) -> String {
    match (err.code(), err.request_id()) {
        (None, None) => String::new(),
        (Some(code), None) => format!("\n\nAWS error {code}"),
        (None, Some(id)) => format!("\n\nRequest id {id}"),
        (Some(code), Some(id)) => format!("\n\nAWS error {code}, request id {id}"),
    }
}
