//! Update expressions: SET, REMOVE, ADD and DELETE.

use serde_json::{Value, json};

use super::super::{Item, value};
use super::parser::Parser;
use super::{Path, Placeholders, Step, check_overlap, lookup};
use crate::failure::Failure;

/// The changes of one expression. Every right side is read from the item as it was before.
#[derive(Default)]
pub(crate) struct Update {
    actions: Vec<Action>,
}

enum Action {
    Set(Path, Term),
    Remove(Path),
    Add(Path, Value),
    Delete(Path, Value),
}

enum Term {
    Value(Value),
    Path(Path),
    IfNotExists(Path, Box<Term>),
    ListAppend(Box<Term>, Box<Term>),
    Plus(Box<Term>, Box<Term>),
    Minus(Box<Term>, Box<Term>),
}

const CLAUSES: [&str; 4] = ["SET", "REMOVE", "ADD", "DELETE"];

pub(crate) fn parse(text: &str, placeholders: &mut Placeholders) -> Result<Update, Failure> {
    let mut parser = Parser::new("UpdateExpression", text, placeholders)?;
    let mut seen = Vec::new();
    let mut actions = Vec::new();
    while !parser.is_at_end() {
        let Some(clause) = CLAUSES.into_iter().find(|clause| parser.accept_keyword(clause)) else {
            return Err(parser.unexpected());
        };
        if seen.contains(&clause) {
            return Err(parser.invalid(&format!(
                "The \"{clause}\" section can only be used once in an update expression;"
            )));
        }
        seen.push(clause);
        loop {
            actions.push(action(&mut parser, clause)?);
            if !parser.accept(",") {
                break;
            }
        }
    }
    let paths: Vec<Path> = actions.iter().map(|action| action.path().clone()).collect();
    check_overlap("UpdateExpression", &paths)?;
    Ok(Update { actions })
}

fn action(parser: &mut Parser<'_>, clause: &str) -> Result<Action, Failure> {
    let path = parser.path()?;
    Ok(match clause {
        "SET" => {
            parser.expect("=")?;
            let left = term(parser)?;
            let term = if parser.accept("+") {
                Term::Plus(Box::new(left), Box::new(term(parser)?))
            } else if parser.accept("-") {
                Term::Minus(Box::new(left), Box::new(term(parser)?))
            } else {
                left
            };
            Action::Set(path, term)
        }
        "REMOVE" => Action::Remove(path),
        "ADD" => Action::Add(path, parser.value()?),
        _ => Action::Delete(path, parser.value()?),
    })
}

fn term(parser: &mut Parser<'_>) -> Result<Term, Failure> {
    let operand = if parser.accept("(") {
        let inner = term(parser)?;
        parser.expect(")")?;
        return Ok(inner);
    } else if parser.accept_function("if_not_exists") {
        let path = parser.path()?;
        parser.expect(",")?;
        Term::IfNotExists(path, Box::new(term(parser)?))
    } else if parser.accept_function("list_append") {
        let first = term(parser)?;
        parser.expect(",")?;
        Term::ListAppend(Box::new(first), Box::new(term(parser)?))
    } else {
        return match parser.operand()? {
            super::parser::Operand::Value(value) => Ok(Term::Value(value)),
            super::parser::Operand::Path(path) => Ok(Term::Path(path)),
            super::parser::Operand::Size(_) => {
                Err(parser.invalid("The function is not allowed in an update expression; function: size"))
            }
        };
    };
    parser.expect(")")?;
    Ok(operand)
}

impl Action {
    fn path(&self) -> &Path {
        match self {
            Self::Set(path, _) | Self::Remove(path) | Self::Add(path, _) | Self::Delete(path, _) => path,
        }
    }
}

impl Update {
    /// The top-level attributes that the expression touches.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.actions
            .iter()
            .filter_map(|action| match action.path().first() {
                Some(Step::Name(name)) => Some(name.as_str()),
                _ => None,
            })
    }

    /// The item after the changes.
    pub(crate) fn apply(&self, before: &Item) -> Result<Item, Failure> {
        let mut after = before.clone();
        let mut removals: Vec<&Path> = Vec::new();
        for action in &self.actions {
            match action {
                Action::Set(path, term) => store(&mut after, path, evaluate(term, before)?)?,
                Action::Remove(path) => removals.push(path),
                Action::Add(path, more) => store(&mut after, path, add(lookup(before, path), more)?)?,
                Action::Delete(path, less) => match lookup(before, path) {
                    None => {}
                    Some(old) => match subtract(old, less)? {
                        Some(left) => store(&mut after, path, left)?,
                        None => removals.push(path),
                    },
                },
            }
        }
        // Later list members first, so that earlier removals do not move them.
        removals.sort_by_key(|path| std::cmp::Reverse(indexes(path)));
        for path in removals {
            remove(&mut after, path);
        }
        Ok(after)
    }
}

fn indexes(path: &Path) -> Vec<usize> {
    path.iter()
        .map(|step| if let Step::Index(index) = step { *index } else { 0 })
        .collect()
}

fn evaluate(term: &Term, item: &Item) -> Result<Value, Failure> {
    match term {
        Term::Value(value) => Ok(value.clone()),
        Term::Path(path) => lookup(item, path).cloned().ok_or_else(|| {
            Failure::validation(
                "The provided expression refers to an attribute that does not exist in the item",
            )
        }),
        Term::IfNotExists(path, other) => {
            lookup(item, path).map_or_else(|| evaluate(other, item), |found| Ok(found.clone()))
        }
        Term::ListAppend(one, other) => {
            let (one, other) = (evaluate(one, item)?, evaluate(other, item)?);
            match (&one["L"], &other["L"]) {
                (Value::Array(one), Value::Array(other)) => {
                    Ok(json!({"L": ([one.as_slice(), other].concat())}))
                }
                _ => Err(wrong_type("list_append")),
            }
        }
        Term::Plus(one, other) => arithmetic(&evaluate(one, item)?, &evaluate(other, item)?, "+"),
        Term::Minus(one, other) => arithmetic(&evaluate(one, item)?, &evaluate(other, item)?, "-"),
    }
}

fn wrong_type(operator: &str) -> Failure {
    Failure::validation(format!(
        "Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: {operator}"
    ))
}

fn arithmetic(one: &Value, other: &Value, operator: &str) -> Result<Value, Failure> {
    let (Some(one), Some(other)) = (one["N"].as_str(), other["N"].as_str()) else {
        return Err(wrong_type(operator));
    };
    let (one, other) = (value::number(one)?, value::number(other)?);
    let result = if operator == "+" { one + other } else { one - other };
    Ok(json!({"N": value::write_number(&result)}))
}

/// ADD: to a number, or members to a set.
fn add(old: Option<&Value>, more: &Value) -> Result<Value, Failure> {
    let (kind, members) = value::split(more)?;
    match (kind, members, old) {
        ("N", _, None) => Ok(more.clone()),
        ("N", _, Some(old)) => arithmetic(old, more, "+"),
        ("SS" | "NS" | "BS", _, None) => Ok(more.clone()),
        ("SS" | "NS" | "BS", Value::Array(members), Some(old)) if value::kind(old) == kind => {
            let mut all = old[kind].as_array().cloned().unwrap_or_default();
            all.extend(
                members
                    .iter()
                    .filter(|member| !all.contains(member))
                    .cloned()
                    .collect::<Vec<_>>(),
            );
            Ok(json!({kind: all}))
        }
        _ => Err(wrong_type("ADD")),
    }
}

/// DELETE: members from a set; `None` when none is left.
fn subtract(old: &Value, less: &Value) -> Result<Option<Value>, Failure> {
    match value::split(less)? {
        (kind @ ("SS" | "NS" | "BS"), Value::Array(members)) if value::kind(old) == kind => {
            let left: Vec<Value> = old[kind]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|member| !members.contains(member))
                .cloned()
                .collect();
            Ok((!left.is_empty()).then(|| json!({kind: left})))
        }
        _ => Err(wrong_type("DELETE")),
    }
}

fn invalid_path() -> Failure {
    Failure::validation("The document path provided in the update expression is invalid for update")
}

fn store(item: &mut Item, path: &Path, new: Value) -> Result<(), Failure> {
    let Some((Step::Name(first), rest)) = path.split_first() else {
        return Err(invalid_path());
    };
    let Some((last, between)) = rest.split_last() else {
        item.insert(first.clone(), new);
        return Ok(());
    };
    let mut holder = item.get_mut(first).ok_or_else(invalid_path)?;
    for step in between {
        holder = child(holder, step).ok_or_else(invalid_path)?;
    }
    match last {
        Step::Name(name) => match holder.get_mut("M") {
            Some(Value::Object(members)) => {
                members.insert(name.clone(), new);
            }
            _ => return Err(invalid_path()),
        },
        Step::Index(index) => match holder.get_mut("L") {
            // Beyond the end, a member is appended.
            Some(Value::Array(members)) if *index >= members.len() => members.push(new),
            Some(Value::Array(members)) => members[*index] = new,
            _ => return Err(invalid_path()),
        },
    }
    Ok(())
}

fn child<'a>(holder: &'a mut Value, step: &Step) -> Option<&'a mut Value> {
    match step {
        Step::Name(name) => holder.get_mut("M")?.get_mut(name),
        Step::Index(index) => holder.get_mut("L")?.get_mut(index),
    }
}

/// Removing what is not there changes nothing.
fn remove(item: &mut Item, path: &Path) {
    let Some((Step::Name(first), rest)) = path.split_first() else {
        return;
    };
    let Some((last, between)) = rest.split_last() else {
        item.shift_remove(first);
        return;
    };
    let holder = item
        .get_mut(first)
        .and_then(|holder| between.iter().try_fold(holder, child));
    match (holder, last) {
        (Some(holder), Step::Name(name)) => {
            if let Some(Value::Object(members)) = holder.get_mut("M") {
                members.shift_remove(name);
            }
        }
        (Some(holder), Step::Index(index)) => {
            if let Some(Value::Array(members)) = holder.get_mut("L")
                && *index < members.len()
            {
                members.remove(*index);
            }
        }
        (None, _) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn updated(text: &str) -> Result<Value, String> {
        let before = json!({"pk": {"S": "a"}, "n": {"N": "1"}, "l": {"L": [{"S": "x"}, {"S": "y"}, {"S": "z"}]},
            "m": {"M": {"k": {"N": "5"}}}, "s": {"NS": ["1", "2"]}});
        let mut placeholders = Placeholders::of(&json!({
            "ExpressionAttributeValues": {":one": {"N": "1"}, ":text": {"S": "t"}, ":list": {"L": [{"S": "w"}]},
                ":set": {"NS": ["2", "3"]}, ":all": {"NS": ["1", "2"]}},
        }))
        .unwrap();
        let update = parse(text, &mut placeholders).map_err(|failure| failure.message)?;
        let after = update
            .apply(&Item::of(&before))
            .map_err(|failure| failure.message)?;
        let changed: Item = after
            .iter()
            .filter(|(name, value)| before.get(*name) != Some(*value))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let gone = before
            .as_object()
            .unwrap()
            .keys()
            .filter(|name| !after.contains_key(*name));
        let gone: Vec<&String> = gone.collect();
        Ok(if gone.is_empty() {
            json!(changed)
        } else {
            json!([changed, gone])
        })
    }

    #[test]
    fn changes() {
        for (text, expected) in [
            ("SET n = n + :one", json!({"n": {"N": "2"}})),
            (
                "SET a = if_not_exists(n, :text), b = if_not_exists(x, :text)",
                json!({"a": {"N": "1"}, "b": {"S": "t"}}),
            ),
            (
                "set m.k = :text, m.j = m.k - :one",
                json!({"m": {"M": {"k": {"S": "t"}, "j": {"N": "4"}}}}),
            ),
            (
                "SET l[9] = :text",
                json!({"l": {"L": [{"S": "x"}, {"S": "y"}, {"S": "z"}, {"S": "t"}]}}),
            ),
            (
                "SET l2 = list_append(:list, :list)",
                json!({"l2": {"L": [{"S": "w"}, {"S": "w"}]}}),
            ),
            ("REMOVE l[0], l[1]", json!({"l": {"L": [{"S": "z"}]}})),
            ("REMOVE n", json!([{}, ["n"]])),
            ("REMOVE nothing", json!({})),
            (
                "ADD n :one, fresh :one",
                json!({"n": {"N": "2"}, "fresh": {"N": "1"}}),
            ),
            ("ADD s :set", json!({"s": {"NS": ["1", "2", "3"]}})),
            ("DELETE s :set", json!({"s": {"NS": ["1"]}})),
            ("DELETE s :all", json!([{}, ["s"]])),
        ] {
            assert_eq!(updated(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn refusals() {
        for text in [
            "SET n = :text + :one",
            "SET a = missing",
            "SET missing.k = :one",
            "SET n = :one SET pk = :text",
            "SET m = :one, m.k = :one",
            "ADD pk :one",
            "DELETE n :one",
            "SET n = size(l)",
            "FOO n",
        ] {
            assert!(updated(text).is_err(), "{text}");
        }
    }
}
