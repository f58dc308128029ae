//! Arguments of functions as Rust values, and what is said of one that is wrong.

use jiff::Timestamp;
use rules::syntax::{RestoreTime, RestoreTimeError};
use tfsdk::{Field, FunctionError, Parameter, Type, Value};

/// A parameter that takes neither null nor unknown values.
pub(super) fn parameter(name: &'static str, ty: Type, description: &'static str) -> Parameter {
    Parameter {
        name,
        ty,
        allow_null: false,
        allow_unknown: false,
        description,
    }
}

/// A parameter that takes null.
pub(super) fn nullable(name: &'static str, ty: Type, description: &'static str) -> Parameter {
    Parameter {
        allow_null: true,
        ..parameter(name, ty, description)
    }
}

/// One argument of a call.
pub(super) struct Argument {
    place: usize,
    value: Value,
}

/// The arguments of a call, as many as the function has parameters.
///
/// # Errors
/// There are more or fewer, which the server does not let happen.
pub(super) fn take<const N: usize>(arguments: Vec<Value>) -> Result<[Argument; N], FunctionError> {
    let arguments: Vec<Argument> = arguments
        .into_iter()
        .enumerate()
        .map(|(place, value)| Argument { place, value })
        .collect();
    arguments
        .try_into()
        .map_err(|arguments: Vec<Argument>| FunctionError {
            text: format!("{} arguments came where {N} belong", arguments.len()),
            argument: None,
        })
}

impl Argument {
    /// The argument, unless it is null.
    pub(super) fn unless_null(&self) -> Option<&Self> {
        (!self.value.is_null()).then_some(self)
    }

    /// A text.
    ///
    /// # Errors
    /// It is none, which Terraform does not let happen.
    pub(super) fn text(&self) -> Result<String, FunctionError> {
        String::decode(&self.value).map_err(|err| self.fault(err.to_string()))
    }

    /// A whole number; `what` says of what.
    ///
    /// # Errors
    /// It is a fraction, or beyond 64 bits.
    pub(super) fn whole_number(&self, what: &str) -> Result<i64, FunctionError> {
        match &self.value {
            Value::Number(number) => number.to_i64().ok_or_else(|| {
                let number = number.to_plain_string();
                let fault = format!("{number} is not a whole number of {what}");
                self.refuse(
                    fault,
                    &format!("Give a whole number of {what}, without a fraction."),
                    None,
                )
            }),
            other => Err(self.fault(format!("expected a number, got {}", other.kind()))),
        }
    }

    /// A date and time of RFC 3339. A fraction of a second is dropped.
    ///
    /// # Errors
    /// It has another form, or no zone, or there is no such moment.
    pub(super) fn moment(&self) -> Result<Timestamp, FunctionError> {
        let text = self.text()?;
        let fix = |error: &RestoreTimeError| {
            match error {
            RestoreTimeError::NoZone => format!("Write \"{text}Z\" if it is meant in UTC."),
            _ => {
                "Write a date and time of RFC 3339, like \"2026-01-31T08:30:00Z\" or \"2026-01-31T09:30:00+01:00\"."
                    .to_owned()
            }
        }
        };
        match RestoreTime::parse(&text) {
            Ok(time) => Ok(time.timestamp()),
            Err(error) => Err(self.refuse(format!("{text:?} is not a moment: {error}"), &fix(&error), None)),
        }
    }

    /// An error about this argument: the fault as a fragment, the fix as a sentence, and the rule of AWS that is broken,
    /// if it is one of AWS's.
    pub(super) fn refuse(&self, fault: String, fix: &str, rule: Option<&str>) -> FunctionError {
        // Terraform sets a full stop behind the text.
        let end = match rule {
            Some(id) => format!("{fix}\n\n{}", rules::reference(id)),
            None => fix.trim_end_matches('.').to_owned(),
        };
        self.fault(format!("{fault}.\n\n{end}"))
    }

    fn fault(&self, text: String) -> FunctionError {
        FunctionError {
            text,
            argument: Some(self.place),
        }
    }
}
