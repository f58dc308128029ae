//! Private state: what a provider keeps beside an object, unseen by the user.

use std::collections::BTreeMap;

use serde_json::Value as Json;

/// JSON values by key. Keys that begin with a dot belong to the SDK.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Private(BTreeMap<String, Json>);

impl Private {
    /// Reads the bytes that Terraform kept. Bytes that we did not write read as empty: private data of
    /// another provider must not stop a move.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(serde_json::from_slice(bytes).unwrap_or_default())
    }

    /// Writes the bytes for Terraform to keep. Nothing kept is no bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        if self.0.is_empty() {
            return Vec::new();
        }
        serde_json::to_vec(&self.0).expect("maps of JSON values always serialise")
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Json> {
        self.0.get(key)
    }

    /// Sets the value of a key.
    pub fn set(&mut self, key: impl Into<String>, value: Json) {
        self.0.insert(key.into(), value);
    }

    /// Forgets a key.
    pub fn remove(&mut self, key: &str) {
        self.0.remove(key);
    }
}
