//! What the user reads: errors and warnings, pointed at an attribute.

use crate::Path;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The operation goes on.
    Warning,
    /// The operation ends.
    Error,
}

/// One message for the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// The fault in general, one line, no values.
    pub summary: String,
    /// Values, bound, reason, fix, in paragraphs.
    pub detail: String,
    /// The attribute it is about.
    pub path: Option<Path>,
    /// The check that found it, by which a provider may [review](crate::Provider::review) it. Not shown.
    pub code: Option<&'static str>,
}

impl Diagnostic {
    /// An error about the whole object.
    pub fn error(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            summary: summary.into(),
            detail: detail.into(),
            path: None,
            code: None,
        }
    }

    /// A warning about the whole object.
    pub fn warning(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(summary, detail)
        }
    }

    /// An error of our own making: says so and what to report.
    pub fn bug(summary: impl Into<String>, detail: impl std::fmt::Display) -> Self {
        Self::error(
            summary,
            format!(
                "{detail}\n\nThis is always an error in the provider. Please report it to the \
                 provider's developers, with this message, the configuration of the resource and the \
                 log of a run with TF_LOG_PROVIDER=trace."
            ),
        )
    }

    /// Points it at an attribute.
    #[must_use]
    pub fn at(mut self, path: Path) -> Self {
        self.path = if path.is_root() { None } else { Some(path) };
        self
    }

    /// Names the check that found it.
    #[must_use]
    pub fn coded(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    /// Whether it is an error.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Messages in the order in which they were found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one, unless the very same is there already.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if !self.0.contains(&diagnostic) {
            self.0.push(diagnostic);
        }
    }

    /// Whether one of them is an error.
    pub fn has_error(&self) -> bool {
        self.0.iter().any(Diagnostic::is_error)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Looks at each.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, diagnostics: I) {
        for diagnostic in diagnostics {
            self.push(diagnostic);
        }
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(diagnostics: I) -> Self {
        let mut all = Self::new();
        all.extend(diagnostics);
        all
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_told_once() {
        let gone = || Diagnostic::warning("Gone", "It is gone.").at(Path::of("name"));
        let mut all = Diagnostics::from(gone());
        all.push(gone());
        all.extend([gone(), Diagnostic::warning("Gone", "It is gone.")]);
        assert_eq!(all.iter().count(), 2);
        assert!(!all.has_error());
        all.push(Diagnostic::error("Gone", "It is gone."));
        assert!(all.has_error());
    }

    #[test]
    fn the_root_is_no_place() {
        assert_eq!(Diagnostic::error("a", "b").at(Path::root()).path, None);
    }
}
