//! Values, from and to the messages that carry them.

use tfsdk::server::DecodeState;
use tfsdk::{Diagnostic, Diagnostics, Type, Value};

use crate::codec::{CodecError, CodecErrorKind, json, msgpack};
use crate::generated::tfplugin6::{DynamicValue, RawState};

/// Reads a value. `what` names it in the error: "the planned state".
pub(crate) fn decode(value: Option<DynamicValue>, ty: &Type, what: &str) -> Result<Value, Diagnostic> {
    let outcome = match value {
        Some(value) if !value.msgpack.is_empty() => msgpack::decode(&value.msgpack, ty),
        Some(value) if !value.json.is_empty() => json::decode(&value.json, ty, json::Unexpected::Refuse),
        // An empty message is null too: OpenTofu sends one for a null argument of a function.
        _ => Ok(Value::Null),
    };
    outcome.map_err(|err| unreadable(&err, what))
}

/// Writes a value. `what` names it in the error, which is a bug of the provider.
pub(crate) fn encode(value: &Value, ty: &Type, what: &str) -> Result<DynamicValue, Diagnostic> {
    match msgpack::encode(value, ty) {
        Ok(msgpack) => Ok(DynamicValue {
            msgpack,
            json: Vec::new(),
        }),
        Err(err) => Err(unwritable(&err, what)),
    }
}

/// Writes as much of an object as can be written: an attribute that does not fit the schema is null,
/// and an error says so. For a state that must not be lost over a bug of the provider.
pub(crate) fn encode_salvaging(value: &Value, ty: &Type, what: &str) -> (Option<DynamicValue>, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let err = match encode(value, ty, what) {
        Ok(encoded) => return (Some(encoded), diagnostics),
        Err(err) => err,
    };
    diagnostics.push(err);
    let (Type::Object(types), Value::Object(values)) = (ty, value) else {
        return (None, diagnostics);
    };
    let fitting = types.iter().map(|(name, ty)| {
        let value = values
            .get(name)
            .filter(|value| msgpack::encode(value, ty).is_ok());
        (name.clone(), value.cloned().unwrap_or(Value::Null))
    });
    (
        encode(&Value::Object(fitting.collect()), ty, what).ok(),
        diagnostics,
    )
}

/// State or identity as it was stored, to be read once it is known by which type.
pub(crate) struct Stored<'a> {
    raw: &'a RawState,
    what: &'a str,
}

impl<'a> Stored<'a> {
    /// `what` names it in errors: "the stored state".
    pub(crate) fn new(raw: &'a RawState, what: &'a str) -> Self {
        Self { raw, what }
    }
}

impl DecodeState for Stored<'_> {
    fn decode(&self, ty: &Type) -> Result<Value, Diagnostic> {
        if self.raw.json.is_empty() && !self.raw.flatmap.is_empty() {
            return Err(Diagnostic::error(
                "Unable to Read Previously Saved State",
                format!(
                    "{} was written by Terraform 0.11 or older, in a form that this provider cannot read. Remove \
                     the object from state (terraform state rm) and import it again.",
                    capitalised(self.what)
                ),
            ));
        }
        // What is stored may have attributes that a newer schema has not.
        json::decode(&self.raw.json, ty, json::Unexpected::Ignore).map_err(|err| {
            let unreadable = match err.kind() {
                CodecErrorKind::BadJson { .. } => "is not readable",
                _ => "does not fit the schema of this provider",
            };
            // We write what fits, so most likely a person or a program has edited it.
            Diagnostic::error(
                "Unable to Read Previously Saved State",
                format!(
                    "{} {unreadable}: {err}.\n\nIf it was edited, undo that (terraform state pull shows it, terraform \
                     state push puts it back). Otherwise remove the object from the state (terraform state rm), import \
                     it again, and report this to the provider's developers.",
                    capitalised(self.what)
                ),
            )
            .at(err.path().clone())
        })
    }
}

fn unreadable(err: &CodecError, what: &str) -> Diagnostic {
    Diagnostic::bug(
        "Value Conversion Error",
        format!("The provider cannot read {what} that Terraform sent: {err}."),
    )
    .at(err.path().clone())
}

fn unwritable(err: &CodecError, what: &str) -> Diagnostic {
    Diagnostic::bug(
        "Value Conversion Error",
        format!("The provider made {what} that does not fit its schema: {err}."),
    )
    .at(err.path().clone())
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters
        .next()
        .map(|first| first.to_uppercase().chain(characters).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use tfsdk::Path;

    use super::*;

    fn ty() -> Type {
        Type::object([("name", Type::String), ("size", Type::Number)])
    }

    #[test]
    fn empty_messages_are_null() {
        assert_eq!(decode(None, &ty(), "it"), Ok(Value::Null));
        assert_eq!(
            decode(Some(DynamicValue::default()), &ty(), "it"),
            Ok(Value::Null)
        );
    }

    #[test]
    fn either_encoding_is_read() {
        let expected = Value::object([("name", Value::string("a")), ("size", Value::integer(1))]);
        let json = br#"{"name":"a","size":1}"#.to_vec();
        let value = DynamicValue {
            json,
            msgpack: vec![],
        };
        assert_eq!(decode(Some(value), &ty(), "it"), Ok(expected.clone()));
        let value = encode(&expected, &ty(), "it").expect("it fits");
        assert_eq!(decode(Some(value), &ty(), "it"), Ok(expected));
    }

    #[test]
    fn errors_point_at_the_attribute() {
        let value = DynamicValue {
            json: br#"{"name":[],"size":1}"#.to_vec(),
            msgpack: vec![],
        };
        let err = decode(Some(value), &ty(), "the configuration").expect_err("not a string");
        assert_eq!(err.path, Some(Path::of("name")));
        assert!(err.detail.starts_with(
            "The provider cannot read the configuration that Terraform sent: name: expected a string, found an array."
        ));
    }

    #[test]
    fn what_fits_is_salvaged() {
        let value = Value::object([
            ("name", Value::string("arn")),
            ("size", Value::Bool(true)),
            ("odd", Value::Null),
        ]);
        let (encoded, diagnostics) = encode_salvaging(&value, &ty(), "a new state");
        assert!(diagnostics.has_error());
        let back = decode(encoded, &ty(), "it").expect("readable");
        assert_eq!(
            back,
            Value::object([("name", Value::string("arn")), ("size", Value::Null)])
        );
        let (encoded, diagnostics) = encode_salvaging(&Value::List(vec![]), &ty(), "a new state");
        assert_eq!(encoded, None);
        assert!(diagnostics.has_error());
    }

    #[test]
    fn state_that_was_edited_is_not_called_our_error() {
        let raw = RawState {
            json: br#"{"name":[],"size":1}"#.to_vec(),
            flatmap: [].into(),
        };
        let err = Stored::new(&raw, "the stored state")
            .decode(&ty())
            .expect_err("not a string");
        assert_eq!(err.path, Some(Path::of("name")));
        assert!(
            err.detail.starts_with(
                "The stored state does not fit the schema of this provider: name: expected a string"
            ),
            "{}",
            err.detail
        );
        assert!(err.detail.contains("terraform state push"), "{}", err.detail);
    }

    #[test]
    fn state_of_ancient_versions_is_refused() {
        let raw = RawState {
            json: vec![],
            flatmap: [("id".to_owned(), "x".to_owned())].into(),
        };
        let err = Stored::new(&raw, "the stored state")
            .decode(&ty())
            .expect_err("flatmap");
        assert!(
            err.detail
                .starts_with("The stored state was written by Terraform 0.11"),
            "{}",
            err.detail
        );
        let raw = RawState {
            json: b"{".to_vec(),
            flatmap: [].into(),
        };
        let err = Stored::new(&raw, "the stored state")
            .decode(&ty())
            .expect_err("not JSON");
        assert!(
            err.detail
                .starts_with("The stored state is not readable: not JSON"),
            "{}",
            err.detail
        );
    }
}
