//! Makes a value fit a type: what does not fit becomes null and is told, each with its path.
//!
//! Text becomes NFC, as Terraform will read it, and sets lose their duplicates.

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::{Path, Type, Value};

/// Where a value does not fit its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Misfit {
    pub(crate) path: Path,
    pub(crate) text: String,
}

/// Makes a value fit a type.
pub(crate) fn conform(ty: &Type, value: Value) -> (Value, Vec<Misfit>) {
    let mut fitting = Fitting { misfits: Vec::new() };
    let value = fitting.fit(ty, value, &Path::root());
    (value, fitting.misfits)
}

struct Fitting {
    misfits: Vec<Misfit>,
}

impl Fitting {
    fn misfit(&mut self, here: &Path, text: impl Into<String>) -> Value {
        self.misfits.push(Misfit {
            path: here.clone(),
            text: text.into(),
        });
        Value::Null
    }

    fn fit(&mut self, ty: &Type, value: Value, here: &Path) -> Value {
        match (ty, value) {
            (_, Value::Null) => Value::Null,
            (_, Value::Unknown) => Value::Unknown,
            (Type::Dynamic, Value::Dynamic(ty, value)) => {
                let value = self.fit(&ty, *value, here);
                Value::Dynamic(ty, Box::new(value))
            }
            (Type::Bool, value @ Value::Bool(_)) | (Type::Number, value @ Value::Number(_)) => value,
            (Type::String, Value::String(text)) => Value::String(nfc(text)),
            (Type::List(element), Value::List(items)) => Value::List(
                items
                    .into_iter()
                    .enumerate()
                    .map(|(index, item)| self.fit(element, item, &here.clone().index(index as i64)))
                    .collect(),
            ),
            (Type::Set(element), Value::Set(items)) => {
                let mut kept: Vec<Value> = Vec::with_capacity(items.len());
                for item in items {
                    // A path cannot step into a set.
                    let item = self.fit(element, item, here);
                    if !item.is_wholly_known() || !kept.iter().any(|earlier| earlier.same(&item)) {
                        kept.push(item);
                    }
                }
                Value::Set(kept)
            }
            (Type::Map(element), Value::Map(entries)) => Value::Map(
                entries
                    .into_iter()
                    .map(|(key, item)| {
                        let item = self.fit(element, item, &here.clone().key(&key));
                        (nfc(key), item)
                    })
                    .collect(),
            ),
            (Type::Object(types), Value::Object(mut present)) => {
                let fitted = types
                    .iter()
                    .map(|(name, ty)| {
                        let path = here.clone().attribute(name);
                        let value = match present.remove(name) {
                            Some(value) => self.fit(ty, value, &path),
                            None => self.misfit(&path, "the object lacks the attribute"),
                        };
                        (name.clone(), value)
                    })
                    .collect();
                for name in present.keys() {
                    self.misfit(&here.clone().attribute(name), "the type has no such attribute");
                }
                Value::Object(fitted)
            }
            (Type::Tuple(types), Value::Tuple(items)) if types.len() == items.len() => Value::Tuple(
                types
                    .iter()
                    .zip(items)
                    .enumerate()
                    .map(|(index, (ty, item))| self.fit(ty, item, &here.clone().index(index as i64)))
                    .collect(),
            ),
            (ty, value) => self.misfit(
                here,
                format!("the type says {}, and the value is {}", ty.kind(), value.kind()),
            ),
        }
    }
}

fn nfc(text: String) -> String {
    if is_nfc(&text) {
        return text;
    }
    text.nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ty: &Type, value: Value, expect: Value, misfits: &[&str]) {
        let (fitted, found) = conform(ty, value);
        assert_eq!(fitted, expect);
        let paths: Vec<String> = found.iter().map(|misfit| misfit.path.to_string()).collect();
        assert_eq!(paths, misfits);
    }

    #[test]
    fn what_fits_stays() {
        let ty = Type::object([("a", Type::list(Type::String)), ("b", Type::Dynamic)]);
        let value = Value::object([
            (
                "a",
                Value::List(vec![Value::string("x"), Value::Null, Value::Unknown]),
            ),
            ("b", Value::Dynamic(Type::Bool, Box::new(Value::Bool(true)))),
        ]);
        check(&ty, value.clone(), value, &[]);
    }

    #[test]
    fn objects_have_exactly_their_attributes() {
        let ty = Type::object([("a", Type::String), ("b", Type::String)]);
        check(
            &ty,
            Value::object([("a", Value::string("x")), ("c", Value::Null)]),
            Value::object([("a", Value::string("x")), ("b", Value::Null)]),
            &["b", "c"],
        );
    }

    #[test]
    fn what_does_not_fit_is_null_and_told() {
        let ty = Type::object([("a", Type::map(Type::Number))]);
        let map = |value| Value::object([("a", Value::Map([("k".to_owned(), value)].into()))]);
        check(&ty, map(Value::string("5")), map(Value::Null), &["a[\"k\"]"]);
        check(&Type::list(Type::Bool), Value::Set(vec![]), Value::Null, &[""]);
        check(
            &Type::String,
            Value::Dynamic(Type::String, Box::new(Value::string("x"))),
            Value::Null,
            &[""],
        );
        check(&Type::Dynamic, Value::string("x"), Value::Null, &[""]);
        check(
            &Type::Tuple(vec![Type::Bool]),
            Value::Tuple(vec![]),
            Value::Null,
            &[""],
        );
    }

    #[test]
    fn sets_lose_their_duplicates_but_not_their_unknowns() {
        let (x, y) = (Value::string("x"), Value::string("y"));
        check(
            &Type::set(Type::String),
            Value::Set(vec![
                x.clone(),
                y.clone(),
                Value::Unknown,
                x.clone(),
                Value::Unknown,
            ]),
            Value::Set(vec![x, y, Value::Unknown, Value::Unknown]),
            &[],
        );
    }

    #[test]
    fn text_is_normalised_as_terraform_will_read_it() {
        check(
            &Type::map(Type::String),
            Value::Map([("e\u{301}".to_owned(), Value::string("u\u{308}"))].into()),
            Value::Map([("\u{e9}".to_owned(), Value::string("\u{fc}"))].into()),
            &[],
        );
    }
}
