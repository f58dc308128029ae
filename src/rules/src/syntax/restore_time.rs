//! The moment to restore, as people write it: RFC 3339 with a zone, whole seconds.

use std::fmt;

use jiff::Timestamp;

/// A moment to restore, with the granularity that AWS has: whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RestoreTime {
    second: Timestamp,
    had_fraction: bool,
}

/// Why a text is not a moment to restore.
#[derive(Debug, Clone, thiserror::Error)]
pub enum RestoreTimeError {
    /// It does not have the form.
    #[error("it does not have the form 2026-01-31T08:30:00Z")]
    Form,
    /// It has the form but for the zone.
    #[error("it has no time zone")]
    NoZone,
    /// It has the form but no such moment exists.
    #[error("there is no such moment")]
    NoSuchMoment(#[source] jiff::Error),
}

impl RestoreTime {
    /// Reads a date and time of RFC 3339 with `Z` or an offset. A fraction of a second is dropped, as AWS
    /// drops it, and remembered.
    ///
    /// # Errors
    /// When the text has another form, no zone, or names a moment that does not exist.
    pub fn parse(text: &str) -> Result<Self, RestoreTimeError> {
        let (date_and_time, rest) = text.split_at_checked(19).ok_or(RestoreTimeError::Form)?;
        if !has_form(date_and_time, b"dddd-dd-ddTdd:dd:dd") {
            return Err(RestoreTimeError::Form);
        }
        let (fraction, zone) = match rest.strip_prefix('.') {
            Some(rest) => rest.split_at(rest.bytes().take_while(u8::is_ascii_digit).count()),
            None => ("", rest),
        };
        if rest.starts_with('.') && fraction.is_empty() {
            return Err(RestoreTimeError::Form);
        }
        match zone {
            "" => return Err(RestoreTimeError::NoZone),
            "Z" | "z" => {}
            offset if has_form(offset, b"+dd:dd") || has_form(offset, b"-dd:dd") => {}
            _ => return Err(RestoreTimeError::Form),
        }
        let second = format!("{date_and_time}{zone}")
            .parse()
            .map_err(RestoreTimeError::NoSuchMoment)?;
        Ok(Self {
            second,
            had_fraction: fraction.bytes().any(|it| it != b'0'),
        })
    }

    /// The moment, to the second.
    pub fn timestamp(self) -> Timestamp {
        self.second
    }

    /// Whether the text named a fraction of a second other than zero, which is lost.
    pub fn had_fraction(self) -> bool {
        self.had_fraction
    }
}

/// Whether a text has the form of a template in which `d` stands for a digit and other characters for
/// themselves, in either case.
fn has_form(text: &str, template: &[u8]) -> bool {
    text.len() == template.len()
        && text.bytes().zip(template).all(|(byte, form)| match form {
            b'd' => byte.is_ascii_digit(),
            _ => byte.eq_ignore_ascii_case(form),
        })
}

impl fmt::Display for RestoreTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.second)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::{RestoreTime, RestoreTimeError};

    fn parsed(text: &str) -> String {
        RestoreTime::parse(text).expect("a moment").to_string()
    }

    #[test]
    fn a_moment_has_a_zone_and_whole_seconds() {
        assert_eq!(parsed("2025-11-19T09:00:00Z"), "2025-11-19T09:00:00Z");
        assert_eq!(parsed("2025-11-19t10:00:00+01:00"), "2025-11-19T09:00:00Z");
        assert_eq!(parsed("2025-11-18T23:30:00-09:30"), "2025-11-19T09:00:00Z");
        assert_eq!(parsed("2025-11-19T09:00:00.999Z"), "2025-11-19T09:00:00Z");
        let fraction = |text: &str| RestoreTime::parse(text).expect("a moment").had_fraction();
        assert!(fraction("2025-11-19T09:00:00.001Z"));
        assert!(!fraction("2025-11-19T09:00:00.000Z"));
        assert!(!fraction("2025-11-19T09:00:00Z"));
    }

    #[test]
    fn other_texts_say_what_is_wrong() {
        for text in ["2025-11-19T09:00:00", "2025-11-19T09:00:00.5"] {
            assert!(
                matches!(RestoreTime::parse(text), Err(RestoreTimeError::NoZone)),
                "{text}"
            );
        }
        for text in [
            "2025-02-30T09:00:00Z",
            "2025-11-19T25:00:00Z",
            "0000-00-00T00:00:00Z",
        ] {
            assert!(
                matches!(RestoreTime::parse(text), Err(RestoreTimeError::NoSuchMoment(_))),
                "{text}"
            );
        }
        for text in [
            "",
            "yesterday",
            "2025-11-19",
            "2025-11-19 09:00:00Z",
            "2025-11-19T09:00Z",
            "2025-11-19T09:00:00.Z",
            "2025-11-19T09:00:00+01",
            "2025-11-19T09:00:00Z[Europe/Berlin]",
            "2025-11-19T09:00:00 Z",
            "2025-11-19T09:00:00ÄÄ",
        ] {
            assert!(
                matches!(RestoreTime::parse(text), Err(RestoreTimeError::Form)),
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in "\\PC*", digits in "[0-9TZ:+.-]{0,40}") {
            let _ = RestoreTime::parse(&text);
            let _ = RestoreTime::parse(&digits);
        }

        #[test]
        fn what_is_printed_parses(second in 0_i64..4_102_444_800) {
            let text = Timestamp::from_second(second).expect("in range").to_string();
            let time = RestoreTime::parse(&text).expect("a moment");
            prop_assert_eq!(time.timestamp().as_second(), second);
            prop_assert_eq!(time.to_string(), text);
        }
    }
}
