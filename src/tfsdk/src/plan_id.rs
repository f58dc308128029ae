//! Tells the plans of one walk apart. Terraform does not say which object of a configuration it asks about.

use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// One plan of one object, or one delete. Both halves of a replacement, which Terraform plans in two calls, have the
/// same; two objects never have, however alike they are.
///
/// It holds for one walk: the apply plans anew, with other ids.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlanId(String);

impl PlanId {
    /// One that was never there before, in this process or another.
    #[expect(
        clippy::new_without_default,
        reason = "defaults are equal to each other, and no two of these are"
    )]
    pub fn new() -> Self {
        static PROCESS: OnceLock<u64> = OnceLock::new();
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let process = PROCESS.get_or_init(|| RandomState::new().hash_one(std::process::id()));
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Self(format!("{process:016x}-{number}"))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn from_text(text: &str) -> Self {
        Self(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_are_the_same_and_text_brings_one_back() {
        let (one, two) = (PlanId::new(), PlanId::new());
        assert_ne!(one, two);
        assert_eq!(PlanId::from_text(one.as_str()), one);
    }
}
