//! A limit to nesting, so that no input can overflow the stack, and the path for errors.

use tfsdk::{Path, Step};

use super::error::{CodecError, CodecErrorKind};

/// Deeper than any schema; far less than a thread's stack holds.
pub(super) const MAX_DEPTH: usize = 256;

/// How a value inside another is reached.
#[derive(Debug)]
pub(super) enum Level {
    /// By a step of its own.
    Step(Step),
    /// It is an element of a set, which a path cannot name: the path ends at the set.
    InSet,
    /// It is what a dynamic value holds, which has the path of the dynamic value.
    Dynamic,
}

impl Level {
    /// An element of a sequence.
    pub(super) fn index(place: usize) -> Self {
        Self::Step(Step::Index(i64::try_from(place).unwrap_or(i64::MAX)))
    }

    /// An element of a map.
    pub(super) fn key(key: &str) -> Self {
        Self::Step(Step::Key(key.to_owned()))
    }

    /// An attribute of an object.
    pub(super) fn attribute(name: &str) -> Self {
        Self::Step(Step::Attribute(name.to_owned()))
    }
}

/// Where a reader or writer stands.
///
/// After an error the place is not used again, so nobody need leave on that way out.
#[derive(Debug, Default)]
pub(super) struct Place {
    levels: Vec<Level>,
}

impl Place {
    /// Goes one level deeper.
    pub(super) fn enter(&mut self, level: Level) -> Result<(), CodecError> {
        self.levels.push(level);
        if self.levels.len() > MAX_DEPTH {
            return Err(self.error(CodecErrorKind::TooDeep));
        }
        Ok(())
    }

    /// Goes back to the level above.
    pub(super) fn leave(&mut self) {
        self.levels.pop();
    }

    /// An error at this place.
    pub(super) fn error(&self, kind: CodecErrorKind) -> CodecError {
        let mut path = Vec::new();
        for level in &self.levels {
            match level {
                Level::Step(step) => path.push(step.clone()),
                Level::Dynamic => {}
                Level::InSet => break,
            }
        }
        CodecError::new(Path::from(path), kind)
    }
}
