//! Turns values into the words of a message: counts with their units, moments, lists. No rule decides
//! anything here.

use jiff::{SignedDuration, Timestamp};

use crate::facts::ProvisionedThroughput;

/// A number with its noun in the right form: "1 day", "7 days".
pub(crate) fn count(number: i64, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}

/// A number of characters.
pub(crate) fn characters(number: usize) -> String {
    count(i64::try_from(number).unwrap_or(i64::MAX), "character")
}

/// Read and write units as a phrase, as far as they are known: "10 read and 5 write capacity units".
pub(crate) fn capacity(throughput: &ProvisionedThroughput) -> Option<String> {
    let read = throughput.read_capacity_units.known()?;
    let write = throughput.write_capacity_units.known()?;
    Some(format!("{read} read and {write} write capacity units"))
}

/// A number of days.
pub(crate) fn days(number: i64) -> String {
    count(number, "day")
}

/// A size in terabytes of 10^12 bytes, to the tenth: "30.5 TB".
pub(crate) fn terabytes(bytes: u64) -> String {
    const TENTH: u64 = 100_000_000_000;
    let tenths = bytes / TENTH + u64::from(bytes % TENTH >= TENTH / 2);
    format!("{}.{} TB", tenths / 10, tenths % 10)
}

/// A moment to the second, in UTC: `2026-01-31T08:30:00Z`.
pub(crate) fn moment(timestamp: Timestamp) -> String {
    Timestamp::from_second(timestamp.as_second())
        .unwrap_or(timestamp)
        .to_string()
}

/// A duration in its two largest units: "27 days 3 hours", "4 minutes", "12 seconds".
pub(crate) fn duration(duration: SignedDuration) -> String {
    let seconds = duration.as_secs().max(0);
    let units = [("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)];
    let mut rest = seconds;
    let mut words = Vec::new();
    for (unit, length) in units {
        let number = rest / length;
        rest %= length;
        if number > 0 {
            words.push(count(number, unit));
        } else if !words.is_empty() {
            break;
        }
        if words.len() == 2 {
            break;
        }
    }
    if words.is_empty() {
        "0 seconds".to_owned()
    } else {
        words.join(" ")
    }
}

/// A list in quotes, joined by commas and a last word: `"a", "b" and "c"`.
pub(crate) fn quoted<'a>(items: impl IntoIterator<Item = &'a str>, last: &str) -> String {
    let items: Vec<String> = items.into_iter().map(|it| format!("{it:?}")).collect();
    list(&items, last)
}

/// The same without quotes: `a, b and c`.
pub(crate) fn list<T: AsRef<str>>(items: &[T], last: &str) -> String {
    let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    match items.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [init @ .., end] => format!("{} {last} {end}", init.join(", ")),
    }
}

/// The candidate that a mistyped word most likely means, if one is near: at most a third of its letters
/// differ.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let bound = (word.chars().count() / 3).max(1);
    let distances = candidates
        .into_iter()
        .map(|it| (distance(&word.to_lowercase(), &it.to_lowercase()), it));
    distances
        .filter(|(distance, _)| *distance <= bound)
        .min()
        .map(|(_, it)| it)
}

/// How many letters must be inserted, removed or replaced to turn one word into the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, letter) in from.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, other) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    #[test]
    fn a_typing_error_finds_its_word_and_a_foreign_word_none() {
        let indexes = ["by-customer", "by-status"];
        assert_eq!(super::nearest("by-custmer", indexes), Some("by-customer"));
        assert_eq!(super::nearest("By-Status", indexes), Some("by-status"));
        assert_eq!(super::nearest("latest", indexes), None);
        // A third of the letters may differ: three of nine, and two of eight.
        assert_eq!(super::nearest("by-cstomr", indexes), Some("by-customer"));
        assert_eq!(super::nearest("by-cstmr", indexes), None);
        assert_eq!(super::distance("kitten", "sitting"), 3);
        assert_eq!(super::distance("abcd", "ad"), 2);
        assert_eq!(super::distance("ad", "abcd"), 2);
        assert_eq!(super::distance("", "abc"), 3);
        assert_eq!(super::distance("abc", ""), 3);
    }

    #[test]
    fn counts_agree_with_their_nouns() {
        assert_eq!(super::days(1), "1 day");
        assert_eq!(super::days(0), "0 days");
        assert_eq!(super::count(35, "tag"), "35 tags");
    }

    #[test]
    fn sizes_are_rounded_to_the_tenth() {
        const TB: u64 = 1_000_000_000_000;
        for (bytes, words) in [
            (0, "0.0 TB"),
            (TB / 20 - 1, "0.0 TB"),
            (TB / 20, "0.1 TB"),
            (30 * TB, "30.0 TB"),
            (30 * TB + TB / 2, "30.5 TB"),
            (50 * TB - 1, "50.0 TB"),
        ] {
            assert_eq!(super::terabytes(bytes), words);
        }
    }

    #[test]
    fn durations_have_two_units_at_most() {
        for (seconds, words) in [
            (0, "0 seconds"),
            (-5, "0 seconds"),
            (12, "12 seconds"),
            (60, "1 minute"),
            (3_661, "1 hour 1 minute"),
            (86_400, "1 day"),
            (86_460, "1 day"),
            (2_346_120, "27 days 3 hours"),
        ] {
            assert_eq!(super::duration(SignedDuration::from_secs(seconds)), words);
        }
    }

    #[test]
    fn lists_read_as_sentences() {
        assert_eq!(super::quoted([], "and"), "");
        assert_eq!(super::quoted(["a"], "and"), "\"a\"");
        assert_eq!(super::quoted(["a", "b", "c"], "or"), "\"a\", \"b\" or \"c\"");
        assert_eq!(super::list::<&str>(&[], "and"), "");
        assert_eq!(super::list(&["a"], "and"), "a");
        assert_eq!(super::list(&["a", "b", "c"], "and"), "a, b and c");
    }
}
