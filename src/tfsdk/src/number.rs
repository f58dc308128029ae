//! Numbers of Terraform: exact decimals of any size, never floats.

use std::fmt;
use std::str::FromStr;

use bigdecimal::num_bigint::BigInt;
use bigdecimal::{BigDecimal, ToPrimitive, Zero};

/// An exact decimal number.
///
/// Two numbers are equal when their mathematical values are equal, as in Terraform: `1.0 == 1`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(BigDecimal);

/// Why a text is not a [`Number`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// The text is not a decimal number.
    #[error("not a decimal number")]
    NotDecimal,
    /// The number has more digits than Terraform itself can hold.
    #[error("a number of more than {MAX_DIGITS} digits")]
    TooLong,
}

/// Terraform keeps 512 bits of mantissa, about 154 digits; literals of more than this many digits or
/// places are refused, so that a short text such as `1e999999999` cannot fill the memory.
const MAX_DIGITS: i64 = 4096;

impl Number {
    /// Gives the number as an `i64`, when it is whole and in range.
    pub fn to_i64(&self) -> Option<i64> {
        if self.0.is_integer() {
            self.0.to_i64()
        } else {
            None
        }
    }

    /// Gives the nearest `f64`, or `None` where that would not be the very same number.
    pub fn to_f64_exact(&self) -> Option<f64> {
        let float = self.0.to_f64()?;
        let back = Self::from_f64(float)?;
        // Only an exact binary fraction survives: 0.1 as a float is not 0.1.
        let exact = BigDecimal::try_from(float).ok()?;
        (back == *self && exact == self.0).then_some(float)
    }

    /// Makes a number from a float, by the shortest decimal text that reads back as that float.
    ///
    /// Gives `None` for NaN and the infinities, which Terraform cannot take.
    pub fn from_f64(float: f64) -> Option<Self> {
        if !float.is_finite() {
            return None;
        }
        format!("{float}").parse().ok()
    }

    /// The plain decimal digits, without exponent: `0.00000015`, never `1.5e-7`.
    pub fn to_plain_string(&self) -> String {
        if self.0.is_zero() {
            return "0".to_owned();
        }
        self.0.normalized().to_plain_string()
    }
}

impl FromStr for Number {
    type Err = NumberError;

    /// Reads decimal digits with an optional sign, fraction and exponent.
    ///
    /// # Errors
    /// The text has another form, or the number has more than 4096 significant digits or places.
    fn from_str(text: &str) -> Result<Self, NumberError> {
        // Longer than any number within the bounds below can be written without needless zeros.
        if text.len() as i64 > 3 * MAX_DIGITS {
            return Err(NumberError::TooLong);
        }
        if !text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'))
        {
            return Err(NumberError::NotDecimal);
        }
        let decimal = BigDecimal::from_str(text).map_err(|_| NumberError::NotDecimal)?;
        // The bounds are on the value and not on the spelling, so that every number can be read again
        // from its plain digits.
        let decimal = decimal.normalized();
        let (_, places) = decimal.as_bigint_and_exponent();
        let digits = i64::try_from(decimal.digits()).unwrap_or(i64::MAX);
        if digits > MAX_DIGITS || places.saturating_abs() > MAX_DIGITS {
            return Err(NumberError::TooLong);
        }
        Ok(Self(decimal))
    }
}

impl From<i64> for Number {
    fn from(integer: i64) -> Self {
        Self(BigDecimal::from(integer))
    }
}

impl From<u64> for Number {
    fn from(integer: u64) -> Self {
        Self(BigDecimal::from(BigInt::from(integer)))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.to_plain_string())
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.to_plain_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        text.parse().expect("a number")
    }

    #[test]
    fn prints_plain_digits() {
        for (text, plain) in [
            ("0", "0"),
            ("-0", "0"),
            ("1.50", "1.5"),
            ("1e3", "1000"),
            ("1.5e-7", "0.00000015"),
            ("9223372036854775808", "9223372036854775808"),
            ("-12.25", "-12.25"),
        ] {
            assert_eq!(number(text).to_plain_string(), plain);
        }
        assert_eq!(number("1e100").to_plain_string().len(), 101);
    }

    #[test]
    fn reads_its_own_digits_again_at_the_bounds() {
        for text in ["1e4096", "-1e-4096", "1.5e-4000"] {
            assert_eq!(number(&number(text).to_plain_string()), number(text), "{text}");
        }
        for text in ["1e4097", "1e-4097"] {
            assert_eq!(text.parse::<Number>(), Err(NumberError::TooLong), "{text}");
        }
    }

    #[test]
    fn compares_by_value() {
        assert_eq!(number("1.0"), number("1"));
        assert_eq!(number("1e2"), Number::from(100_i64));
        assert!(number("0.1") < number("0.11"));
    }

    #[test]
    fn knows_what_a_float_holds_exactly() {
        assert_eq!(number("0.5").to_f64_exact(), Some(0.5));
        assert_eq!(number("0.1").to_f64_exact(), None);
        assert_eq!(number("9007199254740993").to_f64_exact(), None);
    }

    #[test]
    fn refuses_what_is_no_number() {
        for text in [
            "", "abc", "NaN", "inf", "1_000", "1e", "0x10", "--1", "+", "-", ".", "e5", "1e+", "1.2.3",
            "1e5.5",
        ] {
            assert_eq!(text.parse::<Number>(), Err(NumberError::NotDecimal), "{text}");
        }
        assert_eq!("1e999999999".parse::<Number>(), Err(NumberError::TooLong));
        assert_eq!("9".repeat(5000).parse::<Number>(), Err(NumberError::TooLong));
        assert_eq!(Number::from_f64(f64::NAN), None);
        assert_eq!(Number::from_f64(f64::INFINITY), None);
    }

    #[test]
    fn gives_whole_numbers_in_range_only() {
        assert_eq!(number("35.0").to_i64(), Some(35));
        assert_eq!(number("35.5").to_i64(), None);
        assert_eq!(number("9223372036854775808").to_i64(), None);
    }
}
