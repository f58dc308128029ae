//! Names of tables, backups and secondary indexes. The three share one grammar but are not interchangeable.

use std::fmt;

use crate::limits::{NAME_LENGTH_MAX, NAME_LENGTH_MIN};

/// Why a text is not a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Fewer characters than a name has.
    #[error("it has {length} characters, and a name has {NAME_LENGTH_MIN} to {NAME_LENGTH_MAX}")]
    TooShort {
        /// How many it has.
        length: usize,
    },
    /// More characters than a name has.
    #[error("it has {length} characters, and a name has {NAME_LENGTH_MIN} to {NAME_LENGTH_MAX}")]
    TooLong {
        /// How many it has.
        length: usize,
    },
    /// A character that names do not contain.
    #[error(
        "character {position} is {character:?}, and a name consists of 3 to 255 letters (a-z, A-Z), digits, \
         \"_\", \"-\" and \".\""
    )]
    Character {
        /// The first such character.
        character: char,
        /// Its position, counted from one.
        position: usize,
    },
}

/// Judges a text by the grammar that tables, backups and indexes share.
fn check(text: &str) -> Result<(), NameError> {
    let foreign = |it: char| !(it.is_ascii_alphanumeric() || matches!(it, '_' | '-' | '.'));
    if let Some((index, character)) = text.chars().enumerate().find(|(_, it)| foreign(*it)) {
        return Err(NameError::Character {
            character,
            position: index + 1,
        });
    }
    // Only ASCII is left, so bytes are characters.
    match text.len() {
        length if length < NAME_LENGTH_MIN => Err(NameError::TooShort { length }),
        length if length > NAME_LENGTH_MAX => Err(NameError::TooLong { length }),
        _ => Ok(()),
    }
}

/// Declares one kind of name.
macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Reads a name.
            ///
            /// # Errors
            /// When the text is not 3 to 255 characters out of `a-z A-Z 0-9 _ - .`.
            pub fn parse(text: &str) -> Result<Self, NameError> {
                check(text).map(|()| Self(text.to_owned()))
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name! {
    /// The name of a table.
    TableName
}

name! {
    /// The name of a backup. A label, not a key: backups may share it.
    BackupName
}

name! {
    /// The name of a secondary index.
    IndexName
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{NameError, TableName};

    proptest! {
        #[test]
        fn a_name_is_exactly_what_the_grammar_says(text in "[a-zA-Z0-9_.$ -]{0,300}", any in "\\PC*") {
            let fits = |it: char| it.is_ascii_alphanumeric() || "_.-".contains(it);
            for text in [text, any] {
                let expected = (3..=255).contains(&text.chars().count()) && text.chars().all(fits);
                prop_assert_eq!(TableName::parse(&text).is_ok(), expected);
            }
        }
    }

    #[test]
    fn a_name_keeps_to_length_and_alphabet() {
        for text in ["abc", "Music", "a.b-c_D9", &"x".repeat(255)] {
            assert!(TableName::parse(text).is_ok(), "{text}");
        }
        let error = |text: &str| TableName::parse(text).expect_err("not a name");
        assert_eq!(error(""), NameError::TooShort { length: 0 });
        assert_eq!(error("ab"), NameError::TooShort { length: 2 });
        assert_eq!(error(&"x".repeat(256)), NameError::TooLong { length: 256 });
        assert_eq!(
            error("a/b"),
            NameError::Character {
                character: '/',
                position: 2
            }
        );
        assert_eq!(
            error("Größe"),
            NameError::Character {
                character: 'ö',
                position: 3
            }
        );
        assert_eq!(
            error("T$DeletedTableBackup"),
            NameError::Character {
                character: '$',
                position: 2
            }
        );
    }
}
