//! The steps from an object to one of its arguments. They are how a subject is told to a program that has paths of its
//! own, and what its text is written from.

use std::fmt;

/// One step from an object to one of its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment<'a> {
    /// Into an argument of an object.
    Attribute(&'static str),
    /// Into an entry of a map.
    Key(&'a str),
    /// Into an entry of a list, counted from zero.
    Index(usize),
}

/// Steps in their order, to be built from the outside in. `Display` writes them as a configuration does:
/// `rules["daily"].lifecycle.delete_after_days`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Segments<'a>(Vec<Segment<'a>>);

impl<'a> Segments<'a> {
    /// Begins with a path of arguments, joined by points.
    pub(crate) fn of(path: &'static str) -> Self {
        Self::default().then(path)
    }

    /// Steps on along a path of arguments, joined by points.
    #[must_use]
    pub(crate) fn then(mut self, path: &'static str) -> Self {
        self.0.extend(path.split('.').map(Segment::Attribute));
        self
    }

    /// Steps into an entry of a map.
    #[must_use]
    pub(crate) fn key(mut self, key: &'a str) -> Self {
        self.0.push(Segment::Key(key));
        self
    }

    /// Steps into an entry of a list.
    #[must_use]
    pub(crate) fn index(mut self, index: usize) -> Self {
        self.0.push(Segment::Index(index));
        self
    }

    /// The steps.
    pub(crate) fn into_vec(self) -> Vec<Segment<'a>> {
        self.0
    }
}

impl fmt::Display for Segments<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Attribute(name) if position == 0 => f.write_str(name)?,
                Segment::Attribute(name) => write!(f, ".{name}")?,
                Segment::Key(key) => write!(f, "[{key:?}]")?,
                Segment::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Segment, Segments};

    #[test]
    fn steps_are_written_as_in_a_configuration() {
        let steps = Segments::of("rules")
            .key("a \"b\".c")
            .then("copy_actions")
            .index(2)
            .then("lifecycle.delete_after_days");
        assert_eq!(
            steps.to_string(),
            "rules[\"a \\\"b\\\".c\"].copy_actions[2].lifecycle.delete_after_days"
        );
        let expected = [
            Segment::Attribute("rules"),
            Segment::Key("a \"b\".c"),
            Segment::Attribute("copy_actions"),
            Segment::Index(2),
            Segment::Attribute("lifecycle"),
            Segment::Attribute("delete_after_days"),
        ];
        assert_eq!(steps.into_vec(), expected);
        assert_eq!(Segments::default().to_string(), "");
    }
}
