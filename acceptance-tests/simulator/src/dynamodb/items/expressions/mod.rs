//! DynamoDB's expression language: conditions, filters, key conditions, projections and updates. Reserved words are
//! not refused as bare attribute names; otherwise an expression that is not understood is an error, never ignored.

pub(crate) mod condition;
mod lexer;
mod parser;
pub(crate) mod update;

use std::collections::BTreeSet;
use std::ops::Deref;

use serde_json::Value;

use self::parser::Parser;
use super::{Item, value};
use crate::failure::Failure;

/// One step of a document path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Name(String),
    Index(usize),
}

/// A document path; its first step is always a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path(Vec<Step>);

impl Deref for Path {
    type Target = [Step];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// The value at a path in an item.
pub(crate) fn lookup<'a>(item: &'a Item, path: &[Step]) -> Option<&'a Value> {
    let (Step::Name(first), rest) = path.split_first()? else {
        return None;
    };
    rest.iter().try_fold(item.get(first)?, |value, step| match step {
        Step::Name(name) => value.get("M")?.get(name),
        Step::Index(index) => value.get("L")?.get(index),
    })
}

/// `ExpressionAttributeNames` and `ExpressionAttributeValues`, and which of them were used.
pub(crate) struct Placeholders {
    names: Item,
    values: Item,
    used: BTreeSet<String>,
}

impl Placeholders {
    pub(crate) fn of(input: &Value) -> Result<Self, Failure> {
        let names = Item::of(&input["ExpressionAttributeNames"]);
        let given = Item::of(&input["ExpressionAttributeValues"]);
        let values = given
            .iter()
            .map(|(name, value)| Ok((name.clone(), value::normalized(value)?)));
        let values = values.collect::<Result<Item, Failure>>()?;
        Ok(Self {
            names,
            values,
            used: BTreeSet::new(),
        })
    }

    fn name(&mut self, kind: &str, placeholder: &str) -> Result<String, Failure> {
        self.used.insert(placeholder.to_owned());
        self.names.get(placeholder).and_then(Value::as_str).map(str::to_owned).ok_or_else(|| {
            Failure::validation(format!(
                "Invalid {kind}: An expression attribute name used in the document path is not defined; attribute \
                 name: {placeholder}"
            ))
        })
    }

    fn value(&mut self, kind: &str, placeholder: &str) -> Result<Value, Failure> {
        self.used.insert(placeholder.to_owned());
        self.values.get(placeholder).cloned().ok_or_else(|| {
            Failure::validation(format!(
                "Invalid {kind}: An expression attribute value used in expression is not defined; attribute value: \
                 {placeholder}"
            ))
        })
    }

    /// Refuses placeholders that no expression uses.
    pub(crate) fn check_all_used(&self) -> Result<(), Failure> {
        for (member, given) in [
            ("ExpressionAttributeNames", &self.names),
            ("ExpressionAttributeValues", &self.values),
        ] {
            let unused: Vec<&str> = given
                .keys()
                .filter(|name| !self.used.contains(*name))
                .map(String::as_str)
                .collect();
            if !unused.is_empty() {
                return Err(Failure::validation(format!(
                    "Value provided in {member} unused in expressions: keys: {{{}}}",
                    unused.join(", ")
                )));
            }
        }
        Ok(())
    }
}

/// Reads a list of paths, as of a projection.
pub(crate) fn parse_paths(
    kind: &'static str,
    text: &str,
    placeholders: &mut Placeholders,
) -> Result<Vec<Path>, Failure> {
    let mut parser = Parser::new(kind, text, placeholders)?;
    let mut paths = vec![parser.path()?];
    while parser.accept(",") {
        paths.push(parser.path()?);
    }
    parser.end()?;
    check_overlap(kind, &paths)?;
    Ok(paths)
}

/// Refuses paths of which one leads through another.
fn check_overlap(kind: &str, paths: &[Path]) -> Result<(), Failure> {
    for (position, one) in paths.iter().enumerate() {
        for other in &paths[position + 1..] {
            let shared = one.len().min(other.len());
            if one[..shared] == other[..shared] {
                return Err(Failure::validation(format!(
                    "Invalid {kind}: Two document paths overlap with each other; must remove or rewrite one of these \
                     paths"
                )));
            }
        }
    }
    Ok(())
}
