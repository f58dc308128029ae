//! Names of tables, backups, secondary indexes, and of what AWS Backup keeps. Several share one grammar, but none is
//! interchangeable with another.

use std::fmt;

use crate::limits::{
    BACKUP_PLAN_NAME_LENGTH_MAX, BACKUP_RULE_NAME_LENGTH_MAX, NAME_LENGTH_MAX, NAME_LENGTH_MIN,
    VAULT_NAME_LENGTH_MAX, VAULT_NAME_LENGTH_MIN,
};

/// The grammar of one kind of name: how many characters it has, and which besides ASCII letters and digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameGrammar {
    min: usize,
    max: usize,
    marks: &'static [char],
}

/// What tables, backups and indexes are called.
const DYNAMODB: NameGrammar = NameGrammar {
    min: NAME_LENGTH_MIN,
    max: NAME_LENGTH_MAX,
    marks: &['_', '-', '.'],
};

/// What vaults are called: no dots.
const VAULT: NameGrammar = NameGrammar {
    min: VAULT_NAME_LENGTH_MIN,
    max: VAULT_NAME_LENGTH_MAX,
    marks: &['_', '-'],
};

/// What the rules and the selections of a backup plan are called.
const PLAN_PART: NameGrammar = NameGrammar {
    min: 1,
    max: BACKUP_RULE_NAME_LENGTH_MAX,
    marks: &['_', '-', '.'],
};

/// What backup plans are called.
const PLAN: NameGrammar = NameGrammar {
    min: 1,
    max: BACKUP_PLAN_NAME_LENGTH_MAX,
    marks: &['_', '-', '.'],
};

/// Why a text is not a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Fewer characters than a name has.
    #[error("it has {}, and a name has {} to {}", crate::prose::characters(*.length), .grammar.min, .grammar.max)]
    TooShort {
        /// How many it has.
        length: usize,
        /// What such names are like.
        grammar: NameGrammar,
    },
    /// More characters than a name has.
    #[error("it has {}, and a name has {} to {}", crate::prose::characters(*.length), .grammar.min, .grammar.max)]
    TooLong {
        /// How many it has.
        length: usize,
        /// What such names are like.
        grammar: NameGrammar,
    },
    /// A character that names do not contain.
    #[error("character {position} is {character:?}, and a name consists of {grammar}")]
    Character {
        /// The first such character.
        character: char,
        /// Its position, counted from one.
        position: usize,
        /// What such names are like.
        grammar: NameGrammar,
    },
}

impl NameGrammar {
    /// Judges a text.
    fn check(self, text: &str) -> Result<(), NameError> {
        if let Some((index, character)) = text.chars().enumerate().find(|(_, it)| !self.allows(*it)) {
            return Err(NameError::Character {
                character,
                position: index + 1,
                grammar: self,
            });
        }
        // Only ASCII is left, so bytes are characters.
        let (length, grammar) = (text.len(), self);
        match length {
            _ if length < self.min => Err(NameError::TooShort { length, grammar }),
            _ if length > self.max => Err(NameError::TooLong { length, grammar }),
            _ => Ok(()),
        }
    }

    /// Whether such names contain this character.
    fn allows(self, character: char) -> bool {
        character.is_ascii_alphanumeric() || self.marks.contains(&character)
    }

    /// The nearest valid name: each run of foreign characters becomes a hyphen, and the length is brought within bounds with the
    /// help of a word that is itself such a name.
    pub(crate) fn nearest(self, text: &str, word: &str) -> String {
        let mut name = String::new();
        let mut is_gap = false;
        for character in text.chars() {
            if self.allows(character) {
                name.push(character);
            } else if !is_gap {
                name.push('-');
            }
            is_gap = !self.allows(character);
        }
        name.truncate(self.max);
        if name.is_empty() {
            word.clone_into(&mut name);
        } else if name.len() < self.min {
            name = format!("{name}-{word}");
        }
        name
    }
}

impl fmt::Display for NameGrammar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {} letters (a-z, A-Z), digits", self.min, self.max)?;
        for (index, mark) in self.marks.iter().enumerate() {
            let joint = if index + 1 == self.marks.len() {
                " and"
            } else {
                ","
            };
            write!(f, "{joint} \"{mark}\"")?;
        }
        Ok(())
    }
}

/// Declares one kind of name.
macro_rules! name {
    ($(#[$doc:meta])* $name:ident: $grammar:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// What such names are like.
            pub const GRAMMAR: NameGrammar = $grammar;

            /// Reads a name.
            ///
            /// # Errors
            /// When the text breaks the grammar of such names.
            pub fn parse(text: &str) -> Result<Self, NameError> {
                Self::GRAMMAR.check(text).map(|()| Self(text.to_owned()))
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
    /// The name of a table: 3 to 255 characters out of `a-z A-Z 0-9 _ - .`.
    TableName: DYNAMODB
}

name! {
    /// The name of a backup: 3 to 255 characters out of `a-z A-Z 0-9 _ - .`. A label, not a key: backups may share it.
    BackupName: DYNAMODB
}

name! {
    /// The name of a secondary index: 3 to 255 characters out of `a-z A-Z 0-9 _ - .`.
    IndexName: DYNAMODB
}

name! {
    /// The name of a backup vault: 2 to 50 characters out of `a-z A-Z 0-9 _ -`. Case counts.
    VaultName: VAULT
}

name! {
    /// The name of a backup plan: 1 to 200 characters out of `a-z A-Z 0-9 _ - .`. The console takes 50 at most.
    PlanName: PLAN
}

name! {
    /// The name of a rule of a backup plan: 1 to 50 characters out of `a-z A-Z 0-9 _ - .`.
    PlanRuleName: PLAN_PART
}

name! {
    /// The name of a selection of a backup plan: 1 to 50 characters out of `a-z A-Z 0-9 _ - .`.
    SelectionName: PLAN_PART
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        DYNAMODB, NameError, NameGrammar, PLAN_PART, PlanName, PlanRuleName, SelectionName, TableName, VAULT,
        VaultName,
    };

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
        assert_eq!(
            error(""),
            NameError::TooShort {
                length: 0,
                grammar: DYNAMODB
            }
        );
        assert_eq!(
            error("ab"),
            NameError::TooShort {
                length: 2,
                grammar: DYNAMODB
            }
        );
        assert_eq!(
            error(&"x".repeat(256)),
            NameError::TooLong {
                length: 256,
                grammar: DYNAMODB
            }
        );
        assert_eq!(
            error("a/b"),
            NameError::Character {
                character: '/',
                position: 2,
                grammar: DYNAMODB
            }
        );
        assert_eq!(
            error("Größe"),
            NameError::Character {
                character: 'ö',
                position: 3,
                grammar: DYNAMODB
            }
        );
        assert_eq!(
            error("T$DeletedTableBackup"),
            NameError::Character {
                character: '$',
                position: 2,
                grammar: DYNAMODB
            }
        );
    }

    #[test]
    fn the_names_of_aws_backup_have_grammars_of_their_own() {
        for text in ["ab", "my_vault-1", "Default", &"x".repeat(50)] {
            assert!(VaultName::parse(text).is_ok(), "{text}");
        }
        assert_eq!(
            VaultName::parse("x").expect_err("too short").to_string(),
            "it has 1 character, and a name has 2 to 50"
        );
        assert_eq!(
            VaultName::parse(&"x".repeat(51)),
            Err(NameError::TooLong {
                length: 51,
                grammar: VAULT
            })
        );
        assert_eq!(
            VaultName::parse("my.vault").expect_err("a dot").to_string(),
            "character 3 is '.', and a name consists of 2 to 50 letters (a-z, A-Z), digits, \"_\" and \"-\""
        );
        for text in ["x", "a.b-c_D9", &"x".repeat(50)] {
            assert!(PlanRuleName::parse(text).is_ok(), "{text}");
            assert!(SelectionName::parse(text).is_ok(), "{text}");
        }
        for text in ["", "a b", &"x".repeat(51)] {
            assert!(PlanRuleName::parse(text).is_err(), "{text}");
            assert!(SelectionName::parse(text).is_err(), "{text}");
        }
        for (length, is_name) in [(0, false), (1, true), (50, true), (200, true), (201, false)] {
            assert_eq!(PlanName::parse(&"x".repeat(length)).is_ok(), is_name, "{length}");
        }
        assert!(PlanName::parse("a/b").is_err());
    }

    #[test]
    fn an_error_says_what_names_are_like() {
        assert_eq!(
            TableName::parse("ab").expect_err("too short").to_string(),
            "it has 2 characters, and a name has 3 to 255"
        );
        assert_eq!(
            TableName::parse("a/b").expect_err("a slash").to_string(),
            "character 2 is '/', and a name consists of 3 to 255 letters (a-z, A-Z), digits, \"_\", \"-\" and \".\""
        );
    }

    #[test]
    fn the_nearest_name_is_always_valid() {
        let grammars: [(NameGrammar, &str); 3] =
            [(DYNAMODB, "orders"), (VAULT, "vault"), (PLAN_PART, "daily")];
        for (grammar, word) in grammars {
            for text in ["", "a", "ab", "ü", "größe: 1", "a.b/c", &"x".repeat(300)] {
                let nearest = grammar.nearest(text, word);
                assert_eq!(grammar.check(&nearest), Ok(()), "{text}: {nearest}");
            }
        }
        assert_eq!(VAULT.nearest("my.vault", "vault"), "my-vault");
        assert_eq!(VAULT.nearest("my . vault--1", "vault"), "my-vault--1");
        assert_eq!(VAULT.nearest("x", "vault"), "x-vault");
        assert_eq!(VAULT.nearest("", "vault"), "vault");
        assert_eq!(VAULT.nearest("ab", "vault"), "ab");
        assert_eq!(VAULT.nearest(&"x".repeat(60), "vault").len(), 50);
    }
}
