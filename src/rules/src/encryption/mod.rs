//! Rules about server-side encryption and its keys.

pub(crate) mod aws_managed_key;
pub(crate) mod default_key_spelled_out;
pub(crate) mod key_given_by_alias;
pub(crate) mod key_malformed;
pub(crate) mod key_missing;
pub(crate) mod key_not_enabled;
pub(crate) mod key_not_symmetric;
pub(crate) mod key_of_another_region;
pub(crate) mod key_while_disabled;
pub(crate) mod key_without_enabled;
pub(crate) mod recovery_point_key_given_up;
pub(crate) mod source_key_given_up;
pub(crate) mod source_key_unusable;
pub(crate) mod sse_type_unsupported;

use crate::fact::Fact;
use crate::facts::{Facts, ServerSideEncryption};
use crate::syntax::{Arn, ArnKind};

/// The configured encryption, unless the object is only destroyed.
fn encryption(facts: &Facts) -> Option<&ServerSideEncryption> {
    let encryption = facts.restored_table()?.server_side_encryption.known()?;
    (!facts.is_destroyed_for_good()).then_some(encryption)
}

/// The configured key, unless the encryption contradicts itself.
fn key(facts: &Facts) -> Option<&str> {
    let encryption = encryption(facts)?;
    if encryption.enabled == Fact::Known(false) {
        return None;
    }
    encryption.kms_key.known().map(String::as_str)
}

/// The key that AWS manages for DynamoDB, which is taken where none is given.
const DEFAULT_KEY: &str = "alias/aws/dynamodb";

/// The alias that a text names by itself or as an ARN.
fn alias(text: &str) -> Option<&str> {
    let at = text.find("alias/")?;
    let is_alias = at == 0 || Arn::parse(text).is_ok_and(|it| it.kind() == ArnKind::KmsAlias);
    is_alias.then(|| &text[at..])
}

/// Encryption with this key, for the examples.
fn with_key(key: &str) -> Fact<ServerSideEncryption> {
    Fact::Known(ServerSideEncryption {
        enabled: Fact::Known(true),
        kms_key: key.into(),
        ..ServerSideEncryption::unset()
    })
}
