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

    /// The keys that belong to the provider, without those of the SDK.
    pub(crate) fn of_provider(mut self) -> Self {
        self.0.retain(|key, _| !key.starts_with('.'));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_wrote() {
        let mut private = Private::default();
        assert_eq!(private.to_bytes(), b"");
        private.set("attempt", serde_json::json!({"name": "nightly", "count": 3}));
        assert_eq!(Private::from_bytes(&private.to_bytes()), private);
        private.remove("attempt");
        assert_eq!(private, Private::default());
    }

    #[test]
    fn takes_bytes_of_others_for_nothing() {
        for bytes in [&b""[..], b"null", b"[1]", b"\xff\x00", b"not json"] {
            assert_eq!(Private::from_bytes(bytes), Private::default(), "{bytes:?}");
        }
    }

    #[test]
    fn tells_the_keys_of_the_sdk() {
        let private = Private::from_bytes(br#"{".mark": true, "attempt": 1}"#);
        assert_eq!(private.of_provider().to_bytes(), br#"{"attempt":1}"#);
    }
}
