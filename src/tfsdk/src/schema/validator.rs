//! Checks of single values, as plain data. What needs more than one value is a rule.

use crate::{Type, Value, parse_duration};

/// A check of one configured value. It is asked only about values that are known and not null.
#[derive(Debug, Clone)]
pub enum Validator {
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// A whole number in this range, both ends included.
    Between(i64, i64),
    /// A duration in Go's syntax.
    Duration,
    /// Not the empty text, list, set, map or object.
    NotEmpty,
    /// Anything else. The error is a sentence that says what to do.
    Custom(fn(&Value) -> Result<(), String>),
}

impl PartialEq for Validator {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::OneOf(left), Self::OneOf(right)) => left == right,
            (Self::Between(low, high), Self::Between(other_low, other_high)) => {
                (low, high) == (other_low, other_high)
            }
            (Self::Duration, Self::Duration) | (Self::NotEmpty, Self::NotEmpty) => true,
            (Self::Custom(left), Self::Custom(right)) => std::ptr::fn_addr_eq(*left, *right),
            _ => false,
        }
    }
}

impl Validator {
    /// Checks a value that is known and not null.
    ///
    /// # Errors
    /// A sentence for the user: the value, what is allowed, and what to do.
    pub fn check(&self, value: &Value) -> Result<(), String> {
        match (self, value) {
            (Self::Custom(check), value) => check(value),
            _ if self.holds(value) => Ok(()),
            (Self::OneOf(allowed), Value::String(text)) => {
                let near = nearest(text, allowed)
                    .map(|near| format!(" Did you mean {near:?}?"))
                    .unwrap_or_default();
                Err(format!(
                    "The value is {text:?}; it must be {}.{near}",
                    self.requirement()
                ))
            }
            (Self::Between(..), Value::Number(number)) => Err(format!(
                "The value is {number}; it must be {}.",
                self.requirement()
            )),
            (Self::Duration, Value::String(text)) => parse_duration(text).map(|_| ()).map_err(|err| {
                format!(
                    "The value {text:?} is {err}. Write numbers with units, for example \"30m\" or \"1h30m\"."
                )
            }),
            (_, Value::String(_)) => Err(
                "The value is the empty string. Leave the argument out, or set it to null, instead."
                    .to_owned(),
            ),
            _ => Err("The value is empty. Leave the argument out, or set it to null, instead.".to_owned()),
        }
    }

    /// Checks a secret: the same as [`Self::check`], with words that do not repeat the value. Those of
    /// [`Validator::Custom`] are the provider's own, and must not repeat it either.
    pub(crate) fn check_secret(&self, value: &Value) -> Result<(), String> {
        match self {
            Self::Custom(check) => check(value),
            _ if self.holds(value) => Ok(()),
            _ => Err(format!(
                "The value, which is not shown because it is a secret, must be {}.",
                self.requirement()
            )),
        }
    }

    /// Whether one of our own checks accepts the value.
    fn holds(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::OneOf(allowed), Value::String(text)) => allowed.contains(&text.as_str()),
            (Self::Between(low, high), Value::Number(number)) => number
                .to_i64()
                .is_some_and(|integer| (*low..=*high).contains(&integer)),
            (Self::Duration, Value::String(text)) => parse_duration(text).is_ok(),
            (Self::NotEmpty, Value::String(text)) => !text.is_empty(),
            (Self::NotEmpty, Value::List(items) | Value::Set(items)) => !items.is_empty(),
            (Self::NotEmpty, Value::Map(entries)) => !entries.is_empty(),
            _ => true,
        }
    }

    /// What is allowed, to be read after "must be".
    fn requirement(&self) -> String {
        match self {
            Self::OneOf(allowed) => {
                let list: Vec<String> = allowed.iter().map(|text| format!("{text:?}")).collect();
                format!("one of {}", list.join(", "))
            }
            Self::Between(low, high) => format!("a whole number from {low} to {high}"),
            Self::Duration => "a duration like \"30m\" or \"1h30m\"".to_owned(),
            Self::NotEmpty => "left out, or something else than empty".to_owned(),
            Self::Custom(_) => "what the provider asks for".to_owned(),
        }
    }

    /// Whether the validator can say anything about values of this type.
    pub(crate) fn applies_to(&self, ty: &Type) -> bool {
        match self {
            Self::OneOf(_) | Self::Duration => *ty == Type::String,
            Self::Between(..) => *ty == Type::Number,
            Self::NotEmpty => matches!(ty, Type::String | Type::List(_) | Type::Set(_) | Type::Map(_)),
            Self::Custom(_) => true,
        }
    }
}

/// The allowed text that is nearest to what was written, if one is near enough to be meant.
fn nearest<'a>(text: &str, allowed: &[&'a str]) -> Option<&'a str> {
    let lower = text.to_lowercase();
    allowed
        .iter()
        .map(|candidate| (distance(&lower, &candidate.to_lowercase()), *candidate))
        .filter(|(distance, candidate)| *distance <= candidate.len().div_ceil(3))
        .min()
        .map(|(_, candidate)| candidate)
}

/// Levenshtein's edit distance.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (line, from) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, to) in right.iter().enumerate() {
            let substitute = diagonal + usize::from(from != *to);
            diagonal = row[column + 1];
            row[column + 1] = substitute.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proposes_the_value_that_was_meant() {
        let validator = Validator::OneOf(&["retain", "disable"]);
        assert_eq!(validator.check(&Value::string("retain")), Ok(()));
        assert_eq!(
            validator.check(&Value::string("Retian")),
            Err("The value is \"Retian\"; it must be one of \"retain\", \"disable\". Did you mean \"retain\"?"
                .to_owned())
        );
        assert_eq!(
            validator.check(&Value::string("keep")),
            Err("The value is \"keep\"; it must be one of \"retain\", \"disable\".".to_owned())
        );
    }

    #[test]
    fn ranges_take_whole_numbers_only() {
        let validator = Validator::Between(1, 35);
        for (text, ok) in [
            ("1", true),
            ("35", true),
            ("0", false),
            ("36", false),
            ("1.5", false),
            ("1e30", false),
        ] {
            let value = Value::Number(text.parse().expect("a number"));
            assert_eq!(validator.check(&value).is_ok(), ok, "{text}");
        }
    }

    #[test]
    fn nothing_empty_where_something_is_needed() {
        for (value, ok) in [
            (Value::string(""), false),
            (Value::List(vec![]), false),
            (Value::Set(vec![]), false),
            (Value::Map([].into()), false),
            (Value::string(" "), true),
            (Value::List(vec![Value::Null]), true),
        ] {
            assert_eq!(Validator::NotEmpty.check(&value).is_ok(), ok, "{value:?}");
        }
    }

    #[test]
    fn secrets_are_refused_without_being_shown() {
        let secret = Value::string("hunter2");
        for (validator, requirement) in [
            (Validator::OneOf(&["a", "b"]), "one of \"a\", \"b\""),
            (Validator::Duration, "a duration like"),
        ] {
            let err = validator.check_secret(&secret).expect_err("not allowed");
            assert!(err.contains(requirement) && !err.contains("hunter2"), "{err}");
        }
        assert_eq!(Validator::NotEmpty.check_secret(&secret), Ok(()));
    }

    #[test]
    fn durations_say_what_to_write() {
        let err = Validator::Duration
            .check(&Value::string("5 minutes"))
            .expect_err("not Go's syntax");
        assert!(err.contains("\"30m\""), "{err}");
    }
}
