//! AWS KMS, the part that callers of DynamoDB need: DescribeKey, ListAliases, and the resolution of a key reference
//! that DynamoDB itself makes. Keys come from the control interface; `alias/aws/dynamodb` is always there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::arn::Arn;
use crate::clock::Moment;
use crate::failure::Failure;
use crate::place::Place;
use crate::world::Context;

/// The alias of the key that AWS manages for DynamoDB.
pub(crate) const DYNAMODB_ALIAS: &str = "alias/aws/dynamodb";
/// The alias of the key that AWS manages for AWS Backup.
pub(crate) const BACKUP_ALIAS: &str = "alias/aws/backup";

/// A key, as `/_simulator/kms/keys` takes it and lists it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Key {
    #[serde(default = "default_account")]
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) key_id: String,
    #[serde(default)]
    pub(crate) state: State,
    #[serde(default = "symmetric")]
    pub(crate) key_spec: String,
    #[serde(default = "encrypt_decrypt")]
    pub(crate) key_usage: String,
    #[serde(default)]
    pub(crate) aliases: Vec<String>,
    #[serde(default, skip_deserializing)]
    pub(crate) arn: String,
    #[serde(skip)]
    created_at: Option<Moment>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum State {
    #[default]
    Enabled,
    Disabled,
    PendingDeletion,
}

fn default_account() -> String {
    crate::credentials::DEFAULT_ACCOUNT.to_owned()
}

fn symmetric() -> String {
    "SYMMETRIC_DEFAULT".to_owned()
}

fn encrypt_decrypt() -> String {
    "ENCRYPT_DECRYPT".to_owned()
}

impl Key {
    /// Whether AWS manages the key for a service.
    pub(crate) fn is_managed(&self) -> bool {
        self.aliases.iter().any(|alias| alias.starts_with("alias/aws/"))
    }
}

/// Why a reference leads to no key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NotFound(pub(crate) String);

#[derive(Default)]
pub(crate) struct Keys {
    by_place: BTreeMap<Place, BTreeMap<String, Key>>,
}

impl Keys {
    /// Adds a key or replaces the one with the same id.
    pub(crate) fn put(&mut self, mut key: Key, now: Moment) {
        let place = Place::new(&key.account, &key.region);
        key.arn = key_arn(&place, &key.key_id);
        key.created_at = Some(now);
        self.at(&place).insert(key.key_id.clone(), key);
    }

    pub(crate) fn list(&self) -> Vec<&Key> {
        self.by_place.values().flat_map(BTreeMap::values).collect()
    }

    fn at(&mut self, place: &Place) -> &mut BTreeMap<String, Key> {
        self.by_place.entry(place.clone()).or_insert_with(|| {
            let managed = |alias: &str| {
                let key_id = managed_key_id(place, alias);
                let key = Key {
                    account: place.account.to_string(),
                    region: place.region.to_string(),
                    arn: key_arn(place, &key_id),
                    key_id: key_id.clone(),
                    state: State::Enabled,
                    key_spec: symmetric(),
                    key_usage: encrypt_decrypt(),
                    aliases: vec![alias.to_owned()],
                    created_at: None,
                };
                (key_id, key)
            };
            BTreeMap::from([managed(DYNAMODB_ALIAS), managed(BACKUP_ALIAS)])
        })
    }

    /// Finds the key that an id, a key ARN, an alias or an alias ARN means at a place.
    pub(crate) fn resolve(&mut self, place: &Place, reference: &str) -> Result<Key, NotFound> {
        let mut name = reference;
        if reference.starts_with("arn:") {
            let arn = Arn::parse(reference).filter(|arn| arn.service == "kms");
            let arn = arn.ok_or_else(|| NotFound(format!("Invalid arn {reference}")))?;
            if arn.region != &*place.region || arn.partition != place.partition() {
                return Err(NotFound(format!("Invalid arn {}", arn.region)));
            }
            if arn.account != &*place.account {
                return Err(NotFound(format!("Key '{reference}' does not exist")));
            }
            name = arn.resource.strip_prefix("key/").unwrap_or(arn.resource);
        }
        let keys = self.at(place);
        if name.starts_with("alias/") {
            let missing = || {
                let Place { account, region } = place;
                NotFound(format!(
                    "Alias arn:{}:kms:{region}:{account}:{name} is not found.",
                    place.partition()
                ))
            };
            let named = |key: &&Key| key.aliases.iter().any(|alias| alias == name);
            return keys.values().find(named).cloned().ok_or_else(missing);
        }
        let missing = || NotFound(format!("Key '{}' does not exist", key_arn(place, name)));
        keys.get(name).cloned().ok_or_else(missing)
    }

    /// The state of the key with this ARN; a key that is not known counts as gone for good.
    pub(crate) fn state_of(&self, arn: &str) -> Option<State> {
        self.by_place
            .values()
            .flat_map(BTreeMap::values)
            .find(|key| key.arn == arn)
            .map(|key| key.state)
    }
}

fn key_arn(place: &Place, key_id: &str) -> String {
    format!(
        "arn:{}:kms:{}:{}:key/{key_id}",
        place.partition(),
        place.region,
        place.account
    )
}

/// The same id for the same place each time, as the real managed key never changes.
fn managed_key_id(place: &Place, alias: &str) -> String {
    // FNV-1a: stable between runs, which the standard hashers are not.
    let seed = place
        .region
        .bytes()
        .chain(place.account.bytes())
        .chain(alias.bytes());
    let hash = seed.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{:08x}-0000-4000-8000-{:012x}", hash >> 32, hash & 0xffff_ffff)
}

pub(crate) fn serve(cx: &mut Context<'_>, operation: &str, input: Value) -> Result<Value, Failure> {
    match operation {
        "DescribeKey" => describe_key(cx, &input),
        "ListAliases" => list_aliases(cx, &input),
        _ => Err(Failure::new("UnknownOperationException", "")),
    }
}

fn describe_key(cx: &mut Context<'_>, input: &Value) -> Result<Value, Failure> {
    let reference = input["KeyId"].as_str().unwrap_or_default();
    let key = cx
        .world
        .keys
        .resolve(cx.place, reference)
        .map_err(|NotFound(message)| Failure::new("NotFoundException", message))?;
    let managed = key.is_managed();
    let description = match key.aliases.first().map(String::as_str) {
        Some(DYNAMODB_ALIAS) => "Default key that protects my DynamoDB data when no other key is defined",
        Some(BACKUP_ALIAS) => "Default key that protects my Backup data when no other key is defined",
        _ => "",
    };
    let mut metadata = json!({
        "AWSAccountId": key.account,
        "KeyId": key.key_id,
        "Arn": key.arn,
        "CreationDate": key.created_at.unwrap_or(Moment::from_millis(1_600_000_000_000)).to_epoch_seconds(),
        "Enabled": key.state == State::Enabled,
        "Description": description,
        "KeyUsage": key.key_usage,
        "KeyState": key.state,
        "Origin": "AWS_KMS",
        "KeyManager": if managed { "AWS" } else { "CUSTOMER" },
        "CustomerMasterKeySpec": key.key_spec,
        "KeySpec": key.key_spec,
        "MultiRegion": key.key_id.starts_with("mrk-"),
    });
    if key.key_spec == "SYMMETRIC_DEFAULT" {
        metadata["EncryptionAlgorithms"] = json!(["SYMMETRIC_DEFAULT"]);
    }
    if key.state == State::PendingDeletion {
        metadata["DeletionDate"] = cx.now.plus_days(30).to_epoch_seconds();
    }
    Ok(json!({"KeyMetadata": metadata}))
}

fn list_aliases(cx: &mut Context<'_>, input: &Value) -> Result<Value, Failure> {
    let wanted = match input["KeyId"].as_str() {
        Some(reference) => {
            let found = cx.world.keys.resolve(cx.place, reference);
            Some(
                found
                    .map_err(|NotFound(message)| Failure::new("NotFoundException", message))?
                    .key_id,
            )
        }
        None => None,
    };
    let prefix = format!(
        "arn:{}:kms:{}:{}",
        cx.place.partition(),
        cx.place.region,
        cx.place.account
    );
    let keys = cx.world.keys.at(cx.place).values();
    let aliases: Vec<Value> = keys
        .filter(|key| wanted.as_ref().is_none_or(|wanted| *wanted == key.key_id))
        .flat_map(|key| key.aliases.iter().map(|alias| (alias, &key.key_id)))
        .map(|(alias, key_id)| {
            json!({"AliasName": alias, "AliasArn": format!("{prefix}:{alias}"), "TargetKeyId": key_id})
        })
        .collect();
    Ok(json!({"Aliases": aliases, "Truncated": false}))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";

    fn keys() -> (Keys, Place) {
        let mut keys = Keys::default();
        let key = json!({"region": "us-east-1", "key_id": ID, "aliases": ["alias/x"], "state": "Disabled"});
        keys.put(serde_json::from_value(key).unwrap(), Moment::from_millis(0));
        (keys, Place::new("111122223333", "us-east-1"))
    }

    #[test]
    fn a_key_is_found_by_each_kind_of_reference() {
        let (mut keys, place) = keys();
        let arn = format!("arn:aws:kms:us-east-1:111122223333:key/{ID}");
        for reference in [ID, &arn, "alias/x", "arn:aws:kms:us-east-1:111122223333:alias/x"] {
            assert_eq!(keys.resolve(&place, reference).unwrap().arn, arn, "{reference}");
        }
        assert_eq!(keys.state_of(&arn), Some(State::Disabled));
        assert!(keys.resolve(&place, DYNAMODB_ALIAS).is_ok());
    }

    #[test]
    fn a_reference_that_leads_nowhere_is_explained() {
        let (mut keys, place) = keys();
        let refused = |keys: &mut Keys, reference: &str| keys.resolve(&place, reference).unwrap_err().0;
        assert_eq!(
            refused(&mut keys, "arn:aws:kms:eu-west-1:111122223333:alias/x"),
            "Invalid arn eu-west-1"
        );
        assert!(refused(&mut keys, "alias/y").ends_with("alias/y is not found."));
        assert!(refused(&mut keys, "nokey").ends_with(":key/nokey' does not exist"));
    }
}
