//! Makes objects ready to be written on the wire, so that a slip in a model costs a message and never the object.
//!
//! A value that does not fit its type cannot be written, and an answer that cannot be written loses what AWS
//! has made. So what does not fit goes out as null, beside the message that it did not fit.

use super::promises::bug;
use crate::conform::conform;
use crate::{Diagnostic, Schema, Type, Value};

/// Makes an object fit its schema: every attribute there, none besides, and no null where nested blocks belong.
pub(super) fn fit_schema(schema: &Schema, value: Value) -> (Value, Vec<Diagnostic>) {
    let mut value = value;
    if let Value::Object(attributes) = &mut value {
        for block in &schema.blocks {
            let blocks = attributes.entry(block.name.clone()).or_insert(Value::Null);
            if blocks.is_null() {
                *blocks = Value::List(Vec::new());
            }
        }
    }
    fit_type(&schema.ty(), value)
}

/// Makes a value fit its type. Each message is about a bug of the provider.
pub(super) fn fit_type(ty: &Type, value: Value) -> (Value, Vec<Diagnostic>) {
    let (value, misfits) = conform(ty, value);
    let broken = misfits
        .iter()
        .map(|misfit| bug(&misfit.path, &misfit.text))
        .collect();
    (value, broken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Attribute, Block, Path};

    #[test]
    fn misfits_are_bugs_at_their_place() {
        let schema = Schema::new("x").attributes([Attribute::string("a")]);
        let (fitted, broken) = fit_schema(&schema, Value::object([("a", Value::Bool(true))]));
        assert_eq!(fitted, Value::object([("a", Value::Null)]));
        assert_eq!(broken.len(), 1);
        assert_eq!(broken[0].path, Some(Path::of("a")));
        let expect = "At a: the type says a string, and the value is a bool.";
        assert!(broken[0].detail.starts_with(expect), "{}", broken[0].detail);
    }

    #[test]
    fn blocks_are_never_null() {
        let schema = Schema::new("x").blocks([Block::list("rule", [Attribute::string("a")])]);
        for value in [
            Value::object([("rule", Value::Null)]),
            Value::object([("rule", Value::List(vec![]))]),
        ] {
            let (fitted, broken) = fit_schema(&schema, value);
            assert_eq!(fitted, Value::object([("rule", Value::List(vec![]))]));
            assert_eq!(broken, vec![]);
        }
        assert_eq!(fit_schema(&schema, Value::Null).0, Value::Null);
    }
}
