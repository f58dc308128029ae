//! What becomes of the messages of checks before the user reads them. Checks know nothing of it.

use std::fmt;
use std::sync::Arc;

use crate::{Diagnostic, Diagnostics};

/// In which walk of Terraform a check is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Walk {
    /// `terraform validate`, and the same walk at the beginning of every plan. No variable has a value yet, nothing is
    /// configured, and in a plan every check of this walk is made once more by a configured provider.
    Validate,
    /// Plan and apply, by a configured provider.
    Plan,
}

/// Withholds or changes messages that carry a [code](Diagnostic::code). The default lets all pass as they are.
#[derive(Clone, Default)]
pub struct Review(Option<Arc<Judge>>);

type Judge = dyn Fn(Diagnostic) -> Option<Diagnostic> + Send + Sync;

impl Review {
    /// A review by this function, which returns `None` to withhold a message.
    pub fn new(judge: impl Fn(Diagnostic) -> Option<Diagnostic> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(judge)))
    }

    /// What is left of these messages, and what they have become. The server asks.
    pub fn of(&self, diagnostics: Diagnostics) -> Diagnostics {
        let Some(judge) = &self.0 else {
            return diagnostics;
        };
        diagnostics
            .into_iter()
            .filter_map(|diagnostic| match diagnostic.code {
                Some(_) => judge(diagnostic),
                None => Some(diagnostic),
            })
            .collect()
    }
}

impl fmt::Debug for Review {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() {
            "Review(..)"
        } else {
            "Review(nothing)"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_messages_with_a_code_are_reviewed() {
        let all = || {
            Diagnostics::from_iter([
                Diagnostic::error("a", "b"),
                Diagnostic::error("a", "b").coded("A-1"),
                Diagnostic::error("a", "b").coded("A-2"),
            ])
        };
        assert_eq!(Review::default().of(all()), all());
        let review = Review::new(|it| (it.code != Some("A-1")).then(|| Diagnostic::warning("c", it.detail)));
        let reviewed = review.of(all());
        assert_eq!(
            reviewed,
            Diagnostics::from_iter([Diagnostic::error("a", "b"), Diagnostic::warning("c", "b")])
        );
    }
}
