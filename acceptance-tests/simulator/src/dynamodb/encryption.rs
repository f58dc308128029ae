//! Server-side encryption arguments: which combinations AWS takes, and what it says about keys it cannot use.

use serde::Deserialize;

use super::design::Encryption;
use crate::failure::Failure;
use crate::kms::{self, Key, NotFound, State};
use crate::place::Place;
use crate::world::Context;

/// An `SSESpecification`.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Specification {
    #[serde(rename = "Enabled")]
    enabled: Option<bool>,
    #[serde(rename = "SSEType")]
    sse_type: Option<String>,
    #[serde(rename = "KMSMasterKeyId")]
    key: Option<String>,
}

impl Specification {
    /// What can be said without looking at keys.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        let invalid =
            |text: &str| Failure::validation(format!("One or more parameter values were invalid: {text}"));
        let enabled = self.enabled.unwrap_or(false);
        match (enabled, self.sse_type.as_deref(), &self.key) {
            (_, Some("AES256"), _) => Err(invalid("SSEType AES256 is not supported")),
            (true, None, Some(_)) => Err(invalid("SSEType KMS is required if KMSMasterKeyId is specified")),
            (false, _, Some(_)) => Err(invalid("KMSMasterKeyId can only be specified if SSE is enabled")),
            (false, Some(_), _) => Err(invalid("SSEType can only be specified if SSE is enabled")),
            _ => Ok(()),
        }
    }
}

/// The encryption that a specification asks for at the caller's place. The key must be usable.
pub(crate) fn resolve(cx: &mut Context<'_>, specification: &Specification) -> Result<Encryption, Failure> {
    specification.check()?;
    if !specification.enabled.unwrap_or(false) {
        return Ok(Encryption::AwsOwned);
    }
    let reference = specification.key.as_deref().unwrap_or(kms::DYNAMODB_ALIAS);
    if reference.starts_with("alias/aws/") && reference != kms::DYNAMODB_ALIAS {
        return Err(cx.denied(
            "kms:CreateGrant",
            reference,
            "the key is managed by AWS for another service and its key policy does not allow the kms:CreateGrant action",
        ));
    }
    let key = cx
        .world
        .keys
        .resolve(cx.place, reference)
        .map_err(|NotFound(message)| {
            // KMS names a wrong Region by itself; everything else it wraps.
            let text = if message.starts_with("Invalid arn") {
                message
            } else {
                format!("KMS validation error: {message}")
            };
            Failure::validation(text)
        })?;
    usable(cx, &key)?;
    Ok(Encryption::Kms { key_arn: key.arn })
}

/// Refuses a key, recorded at a place, that has become unusable.
pub(crate) fn check_recorded(
    cx: &mut Context<'_>,
    place: &Place,
    encryption: &Encryption,
) -> Result<(), Failure> {
    let Encryption::Kms { key_arn } = encryption else {
        return Ok(());
    };
    let found = cx.world.keys.resolve(place, key_arn);
    let key =
        found.map_err(|NotFound(message)| Failure::validation(format!("KMS validation error: {message}")))?;
    usable(cx, &key)
}

/// DynamoDB uses a key of the customer's in the caller's name, so the caller must be allowed to.
const KEY_ACTIONS: [&str; 5] = [
    "DescribeKey",
    "Encrypt",
    "Decrypt",
    "GenerateDataKey",
    "CreateGrant",
];

fn usable(cx: &Context<'_>, key: &Key) -> Result<(), Failure> {
    if !key.is_managed() {
        for action in KEY_ACTIONS {
            cx.check_allowed(&format!("kms:{action}"), &key.arn)?;
        }
    }
    if key.key_spec != "SYMMETRIC_DEFAULT" || key.key_usage != "ENCRYPT_DECRYPT" {
        // AWS answers its own failure here, and the same one each time.
        return Err(Failure::internal(format!(
            "KMS error: {} key usage is {}, key spec {}, which is not valid for CreateGrant.",
            key.arn, key.key_usage, key.key_spec
        )));
    }
    match key.state {
        State::Enabled => Ok(()),
        State::Disabled => Err(Failure::validation(format!(
            "KMS key disabled error: {} is disabled.",
            key.arn
        ))),
        State::PendingDeletion => Err(Failure::validation(format!(
            "KMS invalid state error: {} is pending deletion.",
            key.arn
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(enabled: Option<bool>, sse_type: Option<&str>, key: Option<&str>) -> String {
        let own = |text: Option<&str>| text.map(str::to_owned);
        let specification = Specification {
            enabled,
            sse_type: own(sse_type),
            key: own(key),
        };
        specification
            .check()
            .err()
            .map(|failure| failure.message)
            .unwrap_or_default()
    }

    #[test]
    fn arguments_that_contradict_each_other() {
        assert_eq!(check(Some(true), None, None), "");
        assert_eq!(check(Some(true), Some("KMS"), Some("alias/x")), "");
        assert_eq!(check(Some(false), None, None), "");
        assert_eq!(check(None, None, None), "");
        assert!(check(Some(true), Some("AES256"), None).contains("AES256"));
        assert!(check(Some(true), None, Some("alias/x")).contains("SSEType KMS is required"));
        assert!(check(Some(false), Some("KMS"), None).contains("SSEType"));
        assert!(check(Some(false), None, Some("alias/x")).contains("KMSMasterKeyId"));
    }
}
