//! Who calls, of which service, in which Region: read from the `Authorization` header. Signatures are not verified.

use crate::failure::Failure;

/// The credential scope of a signed request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scope {
    pub(crate) access_key: String,
    pub(crate) region: String,
    pub(crate) service: String,
}

/// The account of every access key that is neither twelve digits nor made by AssumeRole.
pub(crate) const DEFAULT_ACCOUNT: &str = "111122223333";

/// Reads the scope from an `Authorization` header.
///
/// # Errors
/// `IncompleteSignatureException` when the header is not of the form that Signature Version 4 has.
pub(crate) fn parse(header: &str) -> Result<Scope, Failure> {
    let incomplete = || {
        Failure::new(
            "IncompleteSignatureException",
            format!(
                "Authorization header requires 'Credential' parameter of the form \
                 AccessKeyId/Date/Region/Service/aws4_request. Authorization={header}"
            ),
        )
    };
    let fields = header.strip_prefix("AWS4-HMAC-SHA256").ok_or_else(incomplete)?;
    let credential = fields
        .split(',')
        .find_map(|field| field.trim().strip_prefix("Credential="))
        .ok_or_else(incomplete)?;
    // An access key may hold a slash only in tests, but the four fields after it never do.
    let mut parts = credential.rsplitn(5, '/');
    let (Some("aws4_request"), Some(service), Some(region), Some(_date), Some(access_key)) = (
        parts.next(),
        parts.next(),
        parts.next(),
        parts.next(),
        parts.next(),
    ) else {
        return Err(incomplete());
    };
    if access_key.is_empty() || service.is_empty() || region.is_empty() {
        return Err(incomplete());
    }
    Ok(Scope {
        access_key: access_key.into(),
        region: region.into(),
        service: service.into(),
    })
}

/// Whether an access key names its account.
pub(crate) fn is_account(access_key: &str) -> bool {
    access_key.len() == 12 && access_key.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scope_names_service_and_region() {
        let header = "AWS4-HMAC-SHA256 Credential=AKIA/20260102/eu-west-1/dynamodb/aws4_request, \
                      SignedHeaders=host, Signature=00";
        let scope = parse(header).unwrap();
        assert_eq!(scope.access_key, "AKIA");
        assert_eq!(scope.region, "eu-west-1");
        assert_eq!(scope.service, "dynamodb");
    }

    #[test]
    fn other_headers_are_incomplete() {
        for header in [
            "Bearer x",
            "AWS4-HMAC-SHA256 Credential=AKIA/eu-west-1/dynamodb",
            "AWS4-HMAC-SHA256",
        ] {
            assert_eq!(
                parse(header).unwrap_err().code,
                "IncompleteSignatureException",
                "{header}"
            );
        }
    }
}
