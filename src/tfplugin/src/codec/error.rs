//! Why bytes are not a value of a type, or a value cannot be written, and where in the value.

use std::fmt;

use tfsdk::Path;

/// A value that cannot be read or written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodecError {
    path: Path,
    kind: CodecErrorKind,
}

/// What is wrong at the place of a [`CodecError`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CodecErrorKind {
    /// Another kind of value than the type asks for.
    Unexpected {
        /// What the type asks for.
        expected: String,
        /// What is there.
        found: String,
    },
    /// The input ends in the middle of a value.
    Truncated,
    /// Bytes are left over behind the value.
    Trailing {
        /// How many bytes.
        bytes: usize,
    },
    /// Text that is not UTF-8.
    NotUtf8,
    /// Something that claims to be a number and is none that can be held.
    BadNumber {
        /// Why not.
        reason: String,
    },
    /// An object without one of its attributes.
    MissingAttribute {
        /// Its name.
        name: String,
    },
    /// An object with an attribute that its type does not have.
    UnknownAttribute {
        /// Its name.
        name: String,
    },
    /// A type that came along with a value cannot be understood.
    BadType {
        /// Why not.
        reason: String,
    },
    /// Text that is not JSON.
    BadJson {
        /// The parser's message.
        reason: String,
    },
    /// Nested deeper than 256 levels.
    TooDeep,
    /// JSON has no way to write an unknown value.
    UnknownInJson,
}

impl CodecError {
    pub(super) fn new(path: Path, kind: CodecErrorKind) -> Self {
        Self { path, kind }
    }

    /// Where in the value. An element of a set has no path of its own: the path ends at the set.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is wrong there.
    pub fn kind(&self) -> &CodecErrorKind {
        &self.kind
    }
}

impl fmt::Display for CodecError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_root() {
            write!(out, "{}: ", self.path)?;
        }
        write!(out, "{}", self.kind)
    }
}

impl fmt::Display for CodecErrorKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unexpected { expected, found } => write!(out, "expected {expected}, found {found}"),
            Self::Truncated => out.write_str("the input ends in the middle of a value"),
            Self::Trailing { bytes } => write!(out, "{bytes} bytes left over behind the value"),
            Self::NotUtf8 => out.write_str("text that is not UTF-8"),
            Self::BadNumber { reason } => write!(out, "not a number that can be held: {reason}"),
            Self::MissingAttribute { name } => write!(out, "attribute {name:?} is missing"),
            Self::UnknownAttribute { name } => write!(out, "attribute {name:?} is not in the schema"),
            Self::BadType { reason } => write!(out, "not a type: {reason}"),
            Self::BadJson { reason } => write!(out, "not JSON: {reason}"),
            Self::TooDeep => write!(out, "nested deeper than {} levels", super::depth::MAX_DEPTH),
            Self::UnknownInJson => out.write_str("an unknown value cannot be written as JSON"),
        }
    }
}

impl std::error::Error for CodecError {}
