//! One piece of knowledge in three states. Does not say where it came from: the field it stands in does.

/// What is known about one value.
///
/// The three states are kept apart because they call for three behaviours: a value is judged, an absence is
/// judged too (some rules demand an argument), and an unknown is left alone. A rule never fires on an unknown
/// and never takes one for a good value: the caller asks again when it has become known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Fact<T> {
    /// The value is this one.
    Known(T),
    /// It is known that there is no value: an argument left out, a table that AWS says does not exist.
    Absent,
    /// Nothing is known: a value that comes later, a read that was not made or was denied.
    #[default]
    Unknown,
}

impl<T> Fact<T> {
    /// Turns an optional value whose absence is certain into a fact.
    pub fn from_option(value: Option<T>) -> Self {
        match value {
            Some(value) => Self::Known(value),
            None => Self::Absent,
        }
    }

    /// Returns the value, if there is one and it is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Absent | Self::Unknown => None,
        }
    }

    /// Returns the value itself, if there is one and it is known.
    pub fn into_known(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Absent | Self::Unknown => None,
        }
    }

    /// Whether a value is there and known.
    pub fn is_known(&self) -> bool {
        matches!(self, Self::Known(_))
    }

    /// Whether a value is there, known, and accepted by `test`.
    pub fn is_known_and(&self, test: impl FnOnce(&T) -> bool) -> bool {
        self.known().is_some_and(test)
    }

    /// Whether it is known that there is no value.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Whether nothing is known.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// Borrows the value.
    pub fn as_ref(&self) -> Fact<&T> {
        match self {
            Self::Known(value) => Fact::Known(value),
            Self::Absent => Fact::Absent,
            Self::Unknown => Fact::Unknown,
        }
    }

    /// Applies `convert` to a known value and keeps the other states.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Fact<U> {
        match self {
            Self::Known(value) => Fact::Known(convert(value)),
            Self::Absent => Fact::Absent,
            Self::Unknown => Fact::Unknown,
        }
    }

    /// Applies `convert`, itself yielding a fact, to a known value and keeps the other states.
    pub fn and_then<U>(self, convert: impl FnOnce(T) -> Fact<U>) -> Fact<U> {
        match self {
            Self::Known(value) => convert(value),
            Self::Absent => Fact::Absent,
            Self::Unknown => Fact::Unknown,
        }
    }

    /// Replaces an absence, but not an unknown, by another fact: the default that holds when an argument is
    /// left out.
    pub fn or(self, default: Fact<T>) -> Fact<T> {
        match self {
            Self::Absent => default,
            Self::Known(_) | Self::Unknown => self,
        }
    }
}

impl<T> From<T> for Fact<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

impl From<&str> for Fact<String> {
    fn from(value: &str) -> Self {
        Self::Known(value.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::Fact;

    #[test]
    fn an_absence_takes_the_default_and_an_unknown_does_not() {
        assert_eq!(Fact::Absent.or(Fact::Known(35)), Fact::Known(35));
        assert_eq!(Fact::Known(7).or(Fact::Known(35)), Fact::Known(7));
        assert_eq!(Fact::Unknown.or(Fact::Known(35)), Fact::Unknown);
    }

    #[test]
    fn only_a_known_value_is_converted_or_tested() {
        assert_eq!(Fact::Known(2).map(|it| it * 2), Fact::Known(4));
        assert_eq!(Fact::<i32>::Absent.map(|it| it * 2), Fact::Absent);
        assert_eq!(
            Fact::<i32>::Unknown.and_then(|it| Fact::Known(it * 2)),
            Fact::Unknown
        );
        assert_eq!(Fact::Known(2).and_then(|_| Fact::<i32>::Absent), Fact::Absent);
        assert!(Fact::Known(2).is_known_and(|it| *it == 2));
        assert!(!Fact::<i32>::Unknown.is_known_and(|_| true));
        assert!(!Fact::<i32>::Absent.is_known_and(|_| true));
    }

    #[test]
    fn nothing_is_known_by_default() {
        assert!(Fact::<i32>::default().is_unknown());
        assert_eq!(Fact::<i32>::from_option(None), Fact::Absent);
        assert_eq!(Fact::from_option(Some(1)), Fact::Known(1));
    }
}
