//! Conditions: of writes, of filters, and of a query's keys.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::{Value, json};

use super::super::key::Scalar;
use super::super::{Item, value};
use super::parser::{Operand, Parser};
use super::{Path, Placeholders, Step, lookup};
use crate::failure::Failure;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Condition {
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
    Not(Box<Condition>),
    Compare(Operand, Comparison, Operand),
    Between(Operand, Operand, Operand),
    In(Operand, Vec<Operand>),
    Exists(Path),
    NotExists(Path),
    Type(Path, String),
    BeginsWith(Path, Operand),
    Contains(Path, Operand),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

const COMPARISONS: [(&str, Comparison); 6] = [
    ("=", Comparison::Equal),
    ("<>", Comparison::NotEqual),
    ("<=", Comparison::LessOrEqual),
    ("<", Comparison::Less),
    (">=", Comparison::GreaterOrEqual),
    (">", Comparison::Greater),
];

/// Reads a condition. `kind` is the parameter's name, for the messages.
pub(crate) fn parse(
    kind: &'static str,
    text: &str,
    placeholders: &mut Placeholders,
) -> Result<Condition, Failure> {
    let mut parser = Parser::new(kind, text, placeholders)?;
    let condition = disjunction(&mut parser)?;
    parser.end()?;
    Ok(condition)
}

fn disjunction(parser: &mut Parser<'_>) -> Result<Condition, Failure> {
    let mut condition = conjunction(parser)?;
    while parser.accept_keyword("OR") {
        condition = Condition::Or(Box::new(condition), Box::new(conjunction(parser)?));
    }
    Ok(condition)
}

fn conjunction(parser: &mut Parser<'_>) -> Result<Condition, Failure> {
    let mut condition = negation(parser)?;
    while parser.accept_keyword("AND") {
        condition = Condition::And(Box::new(condition), Box::new(negation(parser)?));
    }
    Ok(condition)
}

fn negation(parser: &mut Parser<'_>) -> Result<Condition, Failure> {
    if parser.accept_keyword("NOT") {
        return Ok(Condition::Not(Box::new(negation(parser)?)));
    }
    primary(parser)
}

fn primary(parser: &mut Parser<'_>) -> Result<Condition, Failure> {
    if parser.accept("(") {
        let condition = disjunction(parser)?;
        parser.expect(")")?;
        return Ok(condition);
    }
    if parser.accept_function("attribute_exists") {
        return closed(parser, |parser| parser.path().map(Condition::Exists));
    }
    if parser.accept_function("attribute_not_exists") {
        return closed(parser, |parser| parser.path().map(Condition::NotExists));
    }
    if parser.accept_function("attribute_type") {
        return closed(parser, |parser| {
            let path = parser.path()?;
            parser.expect(",")?;
            let wanted = parser.value()?;
            let wanted = wanted["S"].as_str().map(str::to_owned);
            Ok(Condition::Type(path, wanted.ok_or_else(|| parser.invalid("Incorrect operand type for operator or function; operator or function: attribute_type"))?))
        });
    }
    if parser.accept_function("begins_with") {
        return closed(parser, |parser| {
            pair(parser).map(|(path, operand)| Condition::BeginsWith(path, operand))
        });
    }
    if parser.accept_function("contains") {
        return closed(parser, |parser| {
            pair(parser).map(|(path, operand)| Condition::Contains(path, operand))
        });
    }
    comparison(parser)
}

fn closed(
    parser: &mut Parser<'_>,
    inner: impl FnOnce(&mut Parser<'_>) -> Result<Condition, Failure>,
) -> Result<Condition, Failure> {
    let condition = inner(parser)?;
    parser.expect(")")?;
    Ok(condition)
}

fn pair(parser: &mut Parser<'_>) -> Result<(Path, Operand), Failure> {
    let path = parser.path()?;
    parser.expect(",")?;
    Ok((path, parser.operand()?))
}

fn comparison(parser: &mut Parser<'_>) -> Result<Condition, Failure> {
    let left = parser.operand()?;
    if parser.accept_keyword("BETWEEN") {
        let low = parser.operand()?;
        if !parser.accept_keyword("AND") {
            return Err(parser.unexpected());
        }
        return Ok(Condition::Between(left, low, parser.operand()?));
    }
    if parser.accept_keyword("IN") {
        parser.expect("(")?;
        let mut list = vec![parser.operand()?];
        while parser.accept(",") {
            list.push(parser.operand()?);
        }
        parser.expect(")")?;
        return Ok(Condition::In(left, list));
    }
    for (symbol, comparison) in COMPARISONS {
        if parser.accept(symbol) {
            return Ok(Condition::Compare(left, comparison, parser.operand()?));
        }
    }
    Err(parser.unexpected())
}

impl Condition {
    /// Whether the condition is true of an item.
    pub(crate) fn holds(&self, item: &Item) -> bool {
        match self {
            Self::And(one, other) => one.holds(item) && other.holds(item),
            Self::Or(one, other) => one.holds(item) || other.holds(item),
            Self::Not(inner) => !inner.holds(item),
            Self::Compare(left, comparison, right) => compare(
                resolve(left, item).as_deref(),
                *comparison,
                resolve(right, item).as_deref(),
            ),
            Self::Between(operand, low, high) => {
                let value = resolve(operand, item);
                compare(
                    value.as_deref(),
                    Comparison::GreaterOrEqual,
                    resolve(low, item).as_deref(),
                ) && compare(
                    value.as_deref(),
                    Comparison::LessOrEqual,
                    resolve(high, item).as_deref(),
                )
            }
            Self::In(operand, list) => {
                let value = resolve(operand, item);
                list.iter()
                    .any(|one| compare(value.as_deref(), Comparison::Equal, resolve(one, item).as_deref()))
            }
            Self::Exists(path) => lookup(item, path).is_some(),
            Self::NotExists(path) => lookup(item, path).is_none(),
            Self::Type(path, wanted) => lookup(item, path).is_some_and(|found| value::kind(found) == wanted),
            Self::BeginsWith(path, operand) => {
                let (found, prefix) = (lookup(item, path), resolve(operand, item));
                found
                    .zip(prefix.as_deref())
                    .is_some_and(|(found, prefix)| begins_with(found, prefix))
            }
            Self::Contains(path, operand) => {
                let (found, part) = (lookup(item, path), resolve(operand, item));
                found
                    .zip(part.as_deref())
                    .is_some_and(|(found, part)| contains(found, part))
            }
        }
    }

    /// Checks that this is a query's key condition: every partition attribute equal to a value, sort attributes in
    /// order from the left, and only the last of them compared otherwise.
    pub(crate) fn check_key_condition(&self, hashes: &[&str], ranges: &[&str]) -> Result<(), Failure> {
        let refuse = |text: String| Err(Failure::validation(text));
        let mut parts = Vec::new();
        self.split_and(&mut parts);
        let mut named = Vec::new();
        for part in parts {
            let Some((name, is_equality)) = part.key_part() else {
                return refuse("Invalid operator used in KeyConditionExpression".to_owned());
            };
            if named.iter().any(|(known, _)| *known == name) {
                return refuse(
                    "Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key"
                        .to_owned(),
                );
            }
            named.push((name, is_equality));
        }
        for hash in hashes {
            match named.iter().find(|(name, _)| name == hash) {
                None => return refuse(format!("Query condition missed key schema element: {hash}")),
                Some((_, false)) => return refuse("Query key condition not supported".to_owned()),
                Some((_, true)) => {}
            }
        }
        let mut open = true;
        for range in ranges {
            match named.iter().find(|(name, _)| name == range) {
                Some(_) if !open => return refuse("Query key condition not supported".to_owned()),
                Some((_, true)) => {}
                Some((_, false)) | None => open = false,
            }
        }
        let foreign = named
            .iter()
            .find(|(name, _)| !hashes.contains(name) && !ranges.contains(name));
        match (foreign, ranges.first()) {
            (Some(_), Some(range)) => refuse(format!("Query condition missed key schema element: {range}")),
            (Some(_), None) => refuse("Query key condition not supported".to_owned()),
            (None, _) => Ok(()),
        }
    }

    fn split_and<'a>(&'a self, parts: &mut Vec<&'a Self>) {
        match self {
            Self::And(one, other) => {
                one.split_and(parts);
                other.split_and(parts);
            }
            part => parts.push(part),
        }
    }

    /// The attribute that a part of a key condition is about, and whether it asks for equality.
    fn key_part(&self) -> Option<(&str, bool)> {
        let name = |path: &'_ Path| -> Option<usize> { (path.len() == 1).then_some(0) };
        let (path, is_equality) = match self {
            Self::Compare(Operand::Path(path), Comparison::Equal, Operand::Value(_)) => (path, true),
            Self::Compare(_, Comparison::NotEqual, _) => return None,
            Self::Compare(Operand::Path(path), _, Operand::Value(_))
            | Self::Between(Operand::Path(path), Operand::Value(_), Operand::Value(_))
            | Self::BeginsWith(path, Operand::Value(_)) => (path, false),
            _ => return None,
        };
        name(path)?;
        match &path[0] {
            Step::Name(name) => Some((name, is_equality)),
            Step::Index(_) => None,
        }
    }
}

fn resolve<'a>(operand: &'a Operand, item: &'a Item) -> Option<Cow<'a, Value>> {
    match operand {
        Operand::Value(value) => Some(Cow::Borrowed(value)),
        Operand::Path(path) => lookup(item, path).map(Cow::Borrowed),
        Operand::Size(path) => {
            size(lookup(item, path)?).map(|size| Cow::Owned(json!({"N": size.to_string()})))
        }
    }
}

/// What `size` answers: characters, bytes, or members. Other types have none.
fn size(found: &Value) -> Option<usize> {
    match value::split(found).ok()? {
        ("S", Value::String(text)) => Some(text.chars().count()),
        ("B", Value::String(text)) => value::bytes(text).ok().map(|bytes| bytes.len()),
        (_, Value::Array(members)) => Some(members.len()),
        ("M", Value::Object(members)) => Some(members.len()),
        _ => None,
    }
}

/// An absent side makes every comparison false, except inequality.
fn compare(left: Option<&Value>, comparison: Comparison, right: Option<&Value>) -> bool {
    let (Some(left), Some(right)) = (left, right) else {
        return comparison == Comparison::NotEqual;
    };
    match comparison {
        Comparison::Equal => is_equal(left, right),
        Comparison::NotEqual => !is_equal(left, right),
        _ => {
            let same_kind = value::kind(left) == value::kind(right);
            let (Ok(left), Ok(right), true) = (Scalar::of(left), Scalar::of(right), same_kind) else {
                return false;
            };
            match left.cmp(&right) {
                Ordering::Less => matches!(comparison, Comparison::Less | Comparison::LessOrEqual),
                Ordering::Equal => matches!(comparison, Comparison::LessOrEqual | Comparison::GreaterOrEqual),
                Ordering::Greater => matches!(comparison, Comparison::Greater | Comparison::GreaterOrEqual),
            }
        }
    }
}

/// Values are in canonical form, so only sets need care: their members have no order.
fn is_equal(left: &Value, right: &Value) -> bool {
    match (value::split(left), value::split(right)) {
        (Ok((one, Value::Array(left))), Ok((other, Value::Array(right))))
            if one == other && one.ends_with('S') =>
        {
            left.len() == right.len() && left.iter().all(|member| right.contains(member))
        }
        _ => left == right,
    }
}

fn begins_with(found: &Value, prefix: &Value) -> bool {
    match (value::split(found), value::split(prefix)) {
        (Ok(("S", Value::String(found))), Ok(("S", Value::String(prefix)))) => {
            found.starts_with(prefix.as_str())
        }
        (Ok(("B", Value::String(found))), Ok(("B", Value::String(prefix)))) => value::bytes(found)
            .ok()
            .zip(value::bytes(prefix).ok())
            .is_some_and(|(found, prefix)| found.starts_with(&prefix)),
        _ => false,
    }
}

fn contains(found: &Value, part: &Value) -> bool {
    match (value::split(found), value::split(part)) {
        (Ok(("S", Value::String(found))), Ok(("S", Value::String(part)))) => found.contains(part.as_str()),
        (Ok(("L", Value::Array(members))), Ok(_)) => members.iter().any(|member| is_equal(member, part)),
        (Ok((set @ ("SS" | "NS" | "BS"), Value::Array(members))), Ok((kind, part))) => {
            set.starts_with(kind) && members.contains(part)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item() -> Item {
        Item::of(
            &json!({"pk": {"S": "a#1"}, "n": {"N": "10"}, "tags": {"SS": ["x", "y"]},
            "doc": {"M": {"list": {"L": [{"S": "zero"}, {"N": "1"}]}}}}),
        )
    }

    fn placeholders() -> Placeholders {
        Placeholders::of(&json!({
            "ExpressionAttributeNames": {"#n": "n"},
            "ExpressionAttributeValues": {":a": {"S": "a#"}, ":ten": {"N": "10.0"}, ":nine": {"N": "9"},
                ":x": {"S": "x"}, ":sets": {"SS": ["y", "x"]}, ":zero": {"S": "zero"}, ":type": {"S": "SS"}},
        }))
        .unwrap()
    }

    fn holds(text: &str) -> Result<bool, String> {
        parse("ConditionExpression", text, &mut placeholders())
            .map(|condition| condition.holds(&item()))
            .map_err(|failure| failure.message)
    }

    #[test]
    fn conditions_that_hold() {
        for text in [
            "#n = :ten",
            "n > :nine and n >= :ten AND NOT n < :nine",
            "#n BETWEEN :nine AND :ten",
            "#n IN (:nine, :ten)",
            "begins_with(pk, :a) and contains(tags, :x)",
            "attribute_exists(doc.list[1]) and attribute_not_exists(doc.list[2])",
            "contains(doc.list, :zero) AND doc.list[0] = :zero",
            "attribute_type(tags, :type) AND tags = :sets",
            "size(tags) < :nine OR missing = :x",
            "missing <> :x",
        ] {
            assert_eq!(holds(text), Ok(true), "{text}");
        }
    }

    #[test]
    fn conditions_that_do_not_hold() {
        for text in [
            "n = :nine",
            "missing = :x",
            "pk > :nine",
            "NOT (n = :ten OR n = :nine)",
            "size(n) = :nine",
        ] {
            assert_eq!(holds(text), Ok(false), "{text}");
        }
    }

    #[test]
    fn expressions_that_are_not_understood_are_refused() {
        for text in [
            "",
            "n =",
            "n = 5",
            "n LIKE :x",
            "size(n)",
            "n = :ten)",
            "n = :undefined",
            "#u = :x",
            "n ! :x",
        ] {
            assert!(holds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn key_conditions() {
        let check = |text: &str| {
            let condition = parse("KeyConditionExpression", text, &mut placeholders()).unwrap();
            condition
                .check_key_condition(&["pk"], &["n"])
                .map_err(|failure| failure.message)
        };
        for text in [
            "pk = :a",
            "pk = :a AND n > :nine",
            "n BETWEEN :nine AND :ten AND pk = :a",
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
        for text in [
            "n = :ten",
            "pk > :a",
            "pk = :a OR n = :ten",
            "pk = :a AND n <> :ten",
            "pk = :a AND other = :x",
            "pk = :a AND pk = :x",
            "pk = :a AND attribute_exists(n)",
        ] {
            assert!(check(text).is_err(), "{text}");
        }
    }

    #[test]
    fn placeholders_that_are_not_used_are_refused() {
        let mut placeholders = placeholders();
        parse("ConditionExpression", "#n = :ten", &mut placeholders).unwrap();
        let refused = placeholders.check_all_used().unwrap_err().message;
        assert!(
            refused.starts_with("Value provided in ExpressionAttributeValues unused"),
            "{refused}"
        );
    }
}
