//! Identifiers in the forms that AWS uses. They differ between runs, so that state kept from an earlier simulator
//! cannot match a new one's by accident.

use std::hash::{BuildHasher, RandomState};

/// A source of identifiers.
pub(crate) struct Ids {
    state: u64,
}

impl Default for Ids {
    fn default() -> Self {
        Self {
            state: RandomState::new().hash_one("identifiers"),
        }
    }
}

impl Ids {
    /// SplitMix64: well mixed, and no dependency. Nothing here is a secret.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A version 4 UUID, as of a table.
    pub(crate) fn uuid(&mut self) -> String {
        let (high, low) = (self.next(), self.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            0x8000 | (low >> 50),
            low & 0xffff_ffff_ffff
        )
    }

    /// The last eight characters of a backup's ARN; never the zeros that mark a SYSTEM backup.
    pub(crate) fn backup_suffix(&mut self) -> String {
        format!("{:08x}", (self.next() as u32).max(1))
    }

    /// `length` upper-case letters and digits, as of request ids and access keys.
    pub(crate) fn base32(&mut self, length: usize) -> String {
        const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        (0..length)
            .map(|_| char::from(ALPHABET[(self.next() % 32) as usize]))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let mut ids = Ids::default();
        let uuid = ids.uuid();
        let parts: Vec<usize> = uuid.split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12], "{uuid}");
        assert!(
            uuid.split('-')
                .nth(3)
                .is_some_and(|part| "89ab".contains(&part[..1])),
            "{uuid}"
        );
        assert_eq!(ids.backup_suffix().len(), 8);
        assert_eq!(ids.base32(52).len(), 52);
        assert_ne!(ids.uuid(), ids.uuid());
    }
}
