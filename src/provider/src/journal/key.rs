//! The hash that tells whether two attempts come from the same configuration.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Identifies a configuration, without giving it away: it may hold secrets, and the record is a plain file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Key(String);

impl Key {
    /// Hashes the parts that identify a configuration, in order. `None` and the empty text differ.
    pub(crate) fn of<'a>(parts: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        // FNV-1a of 128 bits: the same for ever and everywhere, which the standard library's hasher does not promise.
        const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
        const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
        let mut hash = BASIS;
        let mut eat = |byte: u8| hash = (hash ^ u128::from(byte)).wrapping_mul(PRIME);
        for part in parts {
            // No UTF-8 text holds these bytes, so parts cannot run into each other.
            match part {
                Some(text) => {
                    text.bytes().for_each(&mut eat);
                    eat(0xff);
                }
                None => eat(0xfe),
            }
        }
        Self(format!("{hash:032x}"))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Key;

    #[test]
    fn parts_do_not_run_into_each_other() {
        let keys = [
            Key::of([Some("a"), Some("b")]),
            Key::of([Some("ab")]),
            Key::of([Some("ab"), None]),
            Key::of([Some("ab"), Some("")]),
            Key::of([Some("b"), Some("a")]),
            Key::of([]),
        ];
        for (place, key) in keys.iter().enumerate() {
            assert!(!keys[place + 1..].contains(key), "{place}");
        }
    }

    #[test]
    fn the_hash_is_the_same_for_ever() {
        // Records that an older version wrote must be found. The first value is FNV's published basis.
        assert_eq!(Key::of([]).to_string(), "6c62272e07bb014262b821756295c58d");
        assert_eq!(Key::of([Some("orders")]), Key::of([Some("orders")]));
    }
}
