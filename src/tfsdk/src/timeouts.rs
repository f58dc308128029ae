//! The `timeouts` attribute: how long an operation may wait.

use std::time::Duration;

use crate::schema::{Attribute, Validator};
use crate::{Attr, parse_duration};

/// An operation that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Making the object.
    Create,
    /// Changing it in place.
    Update,
    /// Deleting it.
    Delete,
}

impl Operation {
    /// The name of the attribute.
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

crate::model! {
    /// The timeouts of one object, as the user wrote them. An attribute that the schema lacks stays null.
    pub struct Timeouts {
        /// For [`Operation::Create`].
        create: String,
        /// For [`Operation::Update`].
        update: String,
        /// For [`Operation::Delete`].
        delete: String,
    }
}

impl Timeouts {
    /// The timeout of an operation: what the user wrote, or the default.
    pub fn of(timeouts: &Attr<Timeouts>, operation: Operation, default: Duration) -> Duration {
        let Attr::Known(timeouts) = timeouts else {
            return default;
        };
        let text = match operation {
            Operation::Create => &timeouts.create,
            Operation::Update => &timeouts.update,
            Operation::Delete => &timeouts.delete,
        };
        // The schema has checked the syntax.
        text.known()
            .and_then(|text| parse_duration(text).ok())
            .unwrap_or(default)
    }
}

/// Declares `timeouts` with all three operations, each with its default for the documentation.
/// An operation that does not wait is left out of `defaults`, and naming it is then an error.
pub fn attribute(defaults: &[(Operation, &'static str)]) -> Attribute {
    Attribute::nested_single(
        "timeouts",
        [Operation::Create, Operation::Update, Operation::Delete].map(|operation| {
            let default = defaults
                .iter()
                .find(|(with_default, _)| *with_default == operation);
            let attribute = Attribute::string(operation.name()).optional();
            match default {
                Some((_, default)) => attribute
                    .describe(format!(
                        "How long {} may take, as a duration like `30m` or `1h30m`. Default `{default}`.",
                        operation.name()
                    ))
                    .validate(Validator::Duration),
                None => attribute
                    .describe(format!(
                        "Not used: {} does not wait. Leave it out.",
                        operation.name()
                    ))
                    .validate(Validator::Custom(|_| {
                        Err("This resource does not wait for that operation. Remove the argument.".to_owned())
                    })),
            }
        }),
    )
    .optional()
    .describe("How long operations may wait for AWS.")
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFAULT: Duration = Duration::from_secs(60);

    #[test]
    fn the_user_comes_before_the_default() {
        let written = Attr::Known(Timeouts {
            create: Attr::from("1h30m"),
            ..Timeouts::default()
        });
        for (timeouts, operation, expect) in [
            (&written, Operation::Create, Duration::from_secs(5400)),
            (&written, Operation::Delete, DEFAULT),
            (&Attr::Null, Operation::Create, DEFAULT),
            (&Attr::Unknown, Operation::Create, DEFAULT),
        ] {
            assert_eq!(Timeouts::of(timeouts, operation, DEFAULT), expect);
        }
    }

    #[test]
    fn an_operation_that_does_not_wait_has_no_timeout() {
        let attribute = attribute(&[(Operation::Create, "30m")]);
        let refused: Vec<&str> = attribute
            .nested_attributes()
            .iter()
            .filter(|operation| {
                operation.validators[0]
                    .check(&crate::Value::string("1h"))
                    .is_err()
            })
            .map(|operation| operation.name.as_str())
            .collect();
        assert_eq!(refused, ["update", "delete"]);
    }
}
