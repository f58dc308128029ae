//! Sets of the values that one field of a schedule can have. Small and of fixed size, however long the text.

use std::ops::RangeInclusive;

/// A set of whole numbers from a range of at most 256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Values {
    least: i16,
    bits: [u64; 4],
}

impl Values {
    /// The empty set of values from this range.
    pub(super) fn none_of(range: &RangeInclusive<i16>) -> Self {
        Self {
            least: *range.start(),
            bits: [0; 4],
        }
    }

    /// The word and the bit of a value, if it is in the range.
    fn place(&self, value: i16) -> Option<(usize, u64)> {
        let at = usize::try_from(value.checked_sub(self.least)?).ok()?;
        (at / 64 < self.bits.len()).then_some((at / 64, 1 << (at % 64)))
    }

    /// Adds a value.
    pub(super) fn insert(&mut self, value: i16) {
        if let Some((word, bit)) = self.place(value) {
            self.bits[word] |= bit;
        }
    }

    /// Whether the value is in the set.
    pub(super) fn contains(&self, value: i16) -> bool {
        self.place(value)
            .is_some_and(|(word, bit)| self.bits[word] & bit != 0)
    }

    /// How many values are in the set.
    pub(super) fn count(&self) -> usize {
        self.iter().count()
    }

    /// The values in ascending order.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = i16> + '_ {
        (self.least..=self.least.saturating_add(255)).filter(|it| self.contains(*it))
    }
}

#[cfg(test)]
mod tests {
    use super::Values;

    #[test]
    fn a_set_holds_what_was_put_in_and_nothing_else() {
        let mut years = Values::none_of(&(1970..=2199));
        assert_eq!(years.count(), 0);
        for year in [2199, 1970, 2033, 2034, 2033] {
            years.insert(year);
        }
        years.insert(1969);
        years.insert(1970 + 256);
        years.insert(i16::MIN);
        assert_eq!(years.iter().collect::<Vec<_>>(), [1970, 2033, 2034, 2199]);
        assert_eq!(years.iter().next_back(), Some(2199));
        for (year, is_in) in [
            (1970, true),
            (2034, true),
            (1969, false),
            (1971, false),
            (2226, false),
        ] {
            assert_eq!(years.contains(year), is_in, "{year}");
        }
    }
}
