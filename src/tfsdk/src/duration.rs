//! Durations as Terraform's users write them: Go's syntax, `1h30m`.

use std::time::Duration;

/// Why a text is not a duration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DurationError {
    /// The text does not read as numbers with units.
    #[error("not a duration like \"30m\", \"1h30m\" or \"90s\"")]
    Syntax,
    /// The duration is below zero.
    #[error("a duration below zero")]
    Negative,
    /// The duration is longer than about 292 years, the most that Go's type holds.
    #[error("a duration of more than 292 years")]
    TooLong,
}

const UNITS: [(&str, f64); 8] = [
    ("ns", 1e-9),
    ("us", 1e-6),
    ("\u{b5}s", 1e-6),
    ("\u{3bc}s", 1e-6),
    ("ms", 1e-3),
    ("s", 1.0),
    ("m", 60.0),
    ("h", 3600.0),
];

/// Reads a duration in Go's syntax: one or more decimal numbers, each with a unit of `ns us ms s m h`.
///
/// # Errors
/// The text has another form, or the duration is negative or too long.
pub fn parse_duration(text: &str) -> Result<Duration, DurationError> {
    let mut rest = match text.strip_prefix('-') {
        Some(rest) if rest.starts_with(['+', '-']) => return Err(DurationError::Syntax),
        Some(rest) if parse_duration(rest)?.is_zero() => return Ok(Duration::ZERO),
        Some(_) => return Err(DurationError::Negative),
        None => text.strip_prefix('+').unwrap_or(text),
    };
    if rest == "0" {
        return Ok(Duration::ZERO);
    }
    if rest.is_empty() || rest.starts_with(['+', '-']) {
        return Err(DurationError::Syntax);
    }
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let digits = rest
            .find(|at: char| !at.is_ascii_digit() && at != '.')
            .ok_or(DurationError::Syntax)?;
        let (number, tail) = rest.split_at(digits);
        let number: f64 = number.parse().map_err(|_| DurationError::Syntax)?;
        let end = tail
            .find(|at: char| at.is_ascii_digit() || at == '.')
            .unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(end);
        let (_, factor) = UNITS
            .iter()
            .find(|(name, _)| *name == unit)
            .ok_or(DurationError::Syntax)?;
        seconds += number * factor;
        rest = tail;
    }
    if seconds > i64::MAX as f64 / 1e9 {
        return Err(DurationError::TooLong);
    }
    // Whole nanoseconds, so that 0.1s is 100 ms and not a float beside it.
    Ok(Duration::from_nanos((seconds * 1e9).round() as u64))
}

/// Writes a duration for people: `1h30m`, `40s`, `250ms`.
pub fn format_duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds == 0 {
        let millis = duration.as_millis();
        return if millis == 0 {
            "0s".to_owned()
        } else {
            format!("{millis}ms")
        };
    }
    let mut text = String::new();
    for (count, unit) in [
        (seconds / 3600, "h"),
        (seconds / 60 % 60, "m"),
        (seconds % 60, "s"),
    ] {
        if count > 0 {
            text += &format!("{count}{unit}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_go_durations() {
        for (text, millis) in [
            ("0", 0),
            ("0s", 0),
            ("-0s", 0),
            ("300ms", 300),
            ("1.5h", 5_400_000),
            ("1h30m", 5_400_000),
            ("+90s", 90_000),
            ("1m0.5s", 60_500),
            (".5s", 500),
            ("2000us", 2),
        ] {
            assert_eq!(parse_duration(text), Ok(Duration::from_millis(millis)), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_none() {
        for text in [
            "", "5", "m", "1d", "1h 30m", "one hour", "1..5s", "--1s", "-+1s", "1e3s", "PT1H",
        ] {
            assert_eq!(parse_duration(text), Err(DurationError::Syntax), "{text}");
        }
        assert_eq!(parse_duration("-5m"), Err(DurationError::Negative));
        assert_eq!(parse_duration("99999999999h"), Err(DurationError::TooLong));
    }

    #[test]
    fn prints_what_it_reads() {
        for text in ["1h30m", "40s", "250ms", "60h", "1h0m1s"] {
            let duration = parse_duration(text).expect("a duration");
            assert_eq!(parse_duration(&format_duration(duration)), Ok(duration));
        }
        assert_eq!(format_duration(Duration::from_secs(5400)), "1h30m");
        assert_eq!(format_duration(Duration::ZERO), "0s");
    }
}
