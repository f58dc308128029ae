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

/// Nanoseconds of each unit. Go takes both the micro sign and the Greek letter.
const UNITS: [(&str, u128); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("\u{b5}s", 1_000),
    ("\u{3bc}s", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// Longer runs of digits are refused: they are over 292 years in every unit, or places that no unit has.
const MAX_DIGITS: usize = 20;

/// Reads a duration in Go's syntax: one or more decimal numbers, each with a unit of `ns us ms s m h`.
/// Anything finer than a nanosecond is cut off, as in Go.
///
/// # Errors
/// The text has another form, or the duration is negative or too long.
pub fn parse_duration(text: &str) -> Result<Duration, DurationError> {
    let (negative, mut rest) = match text.strip_prefix(['-', '+']) {
        Some(rest) => (text.starts_with('-'), rest),
        None => (false, text),
    };
    if rest == "0" {
        return Ok(Duration::ZERO);
    }
    if rest.is_empty() {
        return Err(DurationError::Syntax);
    }
    let mut nanos: u128 = 0;
    let mut too_long = false;
    while !rest.is_empty() {
        let (whole, tail) = leading_digits(rest);
        let (fraction, tail) = match tail.strip_prefix('.') {
            Some(tail) => leading_digits(tail),
            None => ("", tail),
        };
        if whole.is_empty() && fraction.is_empty() {
            return Err(DurationError::Syntax);
        }
        let end = tail
            .find(|at: char| at.is_ascii_digit() || at == '.')
            .unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(end);
        let (_, unit) = UNITS
            .iter()
            .find(|(name, _)| *name == unit)
            .ok_or(DurationError::Syntax)?;
        match in_nanos(whole, fraction, *unit) {
            Some(part) => nanos = nanos.saturating_add(part),
            None => too_long = true,
        }
        rest = tail;
    }
    match i64::try_from(nanos) {
        Ok(nanos) if !too_long => {
            if negative && nanos > 0 {
                return Err(DurationError::Negative);
            }
            Ok(Duration::from_nanos(nanos.unsigned_abs()))
        }
        _ => Err(DurationError::TooLong),
    }
}

fn leading_digits(text: &str) -> (&str, &str) {
    let end = text.find(|at: char| !at.is_ascii_digit()).unwrap_or(text.len());
    text.split_at(end)
}

/// The nanoseconds of `whole.fraction` units, or `None` where that is beyond all bounds.
fn in_nanos(whole: &str, fraction: &str, unit: u128) -> Option<u128> {
    let whole = whole.trim_start_matches('0');
    if whole.len() > MAX_DIGITS {
        return None;
    }
    let fraction = &fraction[..fraction.len().min(MAX_DIGITS)];
    let number = |digits: &str| {
        digits
            .bytes()
            .fold(0_u128, |sum, digit| sum * 10 + u128::from(digit - b'0'))
    };
    // Both products have fewer than 20 + 13 digits, which 128 bits hold.
    Some(number(whole) * unit + number(fraction) * unit / 10_u128.pow(fraction.len() as u32))
}

/// Writes a duration for people, in the syntax that [`parse_duration`] reads: `1h30m`, `40s`, `1.5s`, `250ms`.
pub fn format_duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let nanos = duration.subsec_nanos();
    if seconds == 0 && nanos > 0 {
        return format!(
            "{}ms",
            decimal(u64::from(nanos / 1_000_000), nanos % 1_000_000, 6)
        );
    }
    let mut text = String::new();
    for (count, unit) in [(seconds / 3600, "h"), (seconds / 60 % 60, "m")] {
        if count > 0 {
            text += &format!("{count}{unit}");
        }
    }
    let rest = seconds % 60;
    if rest > 0 || nanos > 0 || text.is_empty() {
        text += &format!("{}s", decimal(rest, nanos, 9));
    }
    text
}

/// Writes `whole.fraction`, where the fraction counts in units of the last of `places`.
fn decimal(whole: u64, fraction: u32, places: usize) -> String {
    let fraction = format!("{fraction:0places$}");
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() {
        whole.to_string()
    } else {
        format!("{whole}.{fraction}")
    }
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
            ("5.s", 5_000),
            ("0.1s", 100),
            ("2000us", 2),
        ] {
            assert_eq!(parse_duration(text), Ok(Duration::from_millis(millis)), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_none() {
        for text in [
            "", "5", "m", "1d", "1h 30m", "one hour", "1..5s", "--1s", "-+1s", "1e3s", "PT1H", ".", ".s",
            "-", "+", "1h-5m", "\u{661}s",
        ] {
            assert_eq!(parse_duration(text), Err(DurationError::Syntax), "{text}");
        }
        assert_eq!(parse_duration("-5m"), Err(DurationError::Negative));
        for text in ["99999999999h", "9223372036.854775808s", "2562048h"] {
            assert_eq!(parse_duration(text), Err(DurationError::TooLong), "{text}");
        }
        let many = "9".repeat(1000) + "h";
        assert_eq!(parse_duration(&many), Err(DurationError::TooLong));
    }

    #[test]
    fn is_exact_to_the_nanosecond() {
        let longest = Duration::from_nanos(i64::MAX as u64);
        assert_eq!(parse_duration("9223372036.854775807s"), Ok(longest));
        assert_eq!(
            parse_duration("2500000h0m1s"),
            Ok(Duration::from_secs(9_000_000_001))
        );
        // Go cuts off what is finer than a nanosecond.
        assert_eq!(parse_duration("0.0000000019s"), Ok(Duration::from_nanos(1)));
    }

    #[test]
    fn writes_for_people() {
        for (duration, text) in [
            (Duration::ZERO, "0s"),
            (Duration::from_secs(5400), "1h30m"),
            (Duration::from_secs(3601), "1h1s"),
            (Duration::from_secs(40), "40s"),
            (Duration::from_millis(1500), "1.5s"),
            (Duration::from_millis(250), "250ms"),
            (Duration::from_micros(20), "0.02ms"),
        ] {
            assert_eq!(format_duration(duration), text);
        }
    }
}
