//! Paths to a part of a value, relative to the resource, data source or provider block.

use std::fmt;

/// One step of a [`Path`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Into an attribute or nested block of an object.
    Attribute(String),
    /// Into an element of a map.
    Key(String),
    /// Into an element of a list or tuple, counted from zero.
    Index(i64),
}

/// Where a value stands. There is no step into a set: a path ends at the set itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(Vec<Step>);

impl Path {
    /// The whole object.
    pub fn root() -> Self {
        Self::default()
    }

    /// A top-level attribute.
    pub fn of(name: impl Into<String>) -> Self {
        Self::root().attribute(name)
    }

    /// Steps into an attribute.
    #[must_use]
    pub fn attribute(mut self, name: impl Into<String>) -> Self {
        self.0.push(Step::Attribute(name.into()));
        self
    }

    /// Steps into a map.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.0.push(Step::Key(key.into()));
        self
    }

    /// Steps into a list.
    #[must_use]
    pub fn index(mut self, index: i64) -> Self {
        self.0.push(Step::Index(index));
        self
    }

    /// The steps from the root.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Whether this is the root.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// This path with `rest` behind it.
    #[must_use]
    pub fn join(mut self, rest: &Path) -> Self {
        self.0.extend(rest.0.iter().cloned());
        self
    }
}

impl From<Vec<Step>> for Path {
    fn from(steps: Vec<Step>) -> Self {
        Self(steps)
    }
}

/// Writes the path as Terraform's language does: `rules["nightly"].schedule`.
impl fmt::Display for Path {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, step) in self.0.iter().enumerate() {
            match step {
                Step::Attribute(name) if place == 0 => out.write_str(name)?,
                Step::Attribute(name) => write!(out, ".{name}")?,
                Step::Key(key) => write!(out, "[{key:?}]")?,
                Step::Index(index) => write!(out, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_like_terraforms_language() {
        for (path, text) in [
            (Path::root(), ""),
            (Path::of("name"), "name"),
            (
                Path::of("rules").key("nightly").attribute("schedule"),
                "rules[\"nightly\"].schedule",
            ),
            (Path::of("steps").index(2).attribute("id"), "steps[2].id"),
            (Path::of("tags").key("a \"b\""), "tags[\"a \\\"b\\\"\"]"),
        ] {
            assert_eq!(path.to_string(), text);
        }
    }

    #[test]
    fn joins() {
        let inside = Path::root().index(0).attribute("id");
        assert_eq!(Path::of("steps").join(&inside).to_string(), "steps[0].id");
        assert_eq!(Path::root().join(&Path::root()), Path::root());
    }
}
