//! Attribute values: what is a valid one, how numbers are written, how much room they take.

use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bigdecimal::BigDecimal;
use serde_json::{Value, json};

use super::Item;
use crate::failure::Failure;

/// AWS: an item may have 400 KB, names included.
const MOST_ITEM_BYTES: usize = 400 * 1024;

/// AWS keeps 38 significant digits.
const MOST_DIGITS: u64 = 38;

/// The type and the content of an attribute value. The wire check has let exactly the known types through, but not
/// that there is one.
pub(crate) fn split(value: &Value) -> Result<(&str, &Value), Failure> {
    let mut members = value.as_object().into_iter().flatten();
    match (members.next(), members.next()) {
        (Some((kind, content)), None) => Ok((kind, content)),
        (None, _) => Err(Failure::validation(
            "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
        )),
        (Some(_), Some(_)) => Err(Failure::validation(
            "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported \
             datatypes",
        )),
    }
}

/// The type of a value that is known to be valid.
pub(crate) fn kind(value: &Value) -> &str {
    value
        .as_object()
        .and_then(|members| members.keys().next())
        .map_or("", String::as_str)
}

/// Checks an item and writes its numbers as AWS does.
pub(crate) fn checked(item: &Item) -> Result<Item, Failure> {
    let checked: Item = item
        .iter()
        .map(|(name, value)| Ok((name.clone(), normalized(value)?)))
        .collect::<Result<_, Failure>>()?;
    if item_bytes(&checked) > MOST_ITEM_BYTES {
        return Err(Failure::validation(
            "Item size has exceeded the maximum allowed size",
        ));
    }
    Ok(checked)
}

/// A value with its numbers in canonical form.
pub(crate) fn normalized(value: &Value) -> Result<Value, Failure> {
    let invalid =
        |text: &str| Failure::validation(format!("One or more parameter values were invalid: {text}"));
    let (kind, content) = split(value)?;
    let content = match (kind, content) {
        ("N", Value::String(text)) => Value::from(write_number(&number(text)?)),
        ("B", Value::String(text)) => {
            bytes(text)?;
            content.clone()
        }
        ("NULL", Value::Bool(false)) => {
            return Err(invalid("Null attribute value types must have the value of true"));
        }
        ("SS" | "NS" | "BS", Value::Array(members)) => {
            if members.is_empty() {
                return Err(invalid(&format!("An {kind} set may not be empty")));
            }
            let member_kind = &kind[..1];
            let mut normal = Vec::new();
            for member in members {
                let member = normalized(&json!({member_kind: member}))?[member_kind].take();
                if normal.contains(&member) {
                    return Err(invalid("Input collection contains duplicates."));
                }
                normal.push(member);
            }
            Value::Array(normal)
        }
        ("L", Value::Array(members)) => {
            Value::Array(members.iter().map(normalized).collect::<Result<_, _>>()?)
        }
        ("M", Value::Object(members)) => Value::Object(
            members
                .iter()
                .map(|(name, value)| Ok((name.clone(), normalized(value)?)))
                .collect::<Result<_, Failure>>()?,
        ),
        _ => content.clone(),
    };
    Ok(json!({kind: content}))
}

pub(crate) fn number(text: &str) -> Result<BigDecimal, Failure> {
    let number = BigDecimal::from_str(text).map_err(|_| {
        Failure::validation(format!(
            "The parameter cannot be converted to a numeric value: {text}"
        ))
    })?;
    let number = number.normalized();
    if number.digits() > MOST_DIGITS {
        return Err(Failure::validation(
            "Attempting to store more than 38 significant digits in a Number",
        ));
    }
    // A zero has no magnitude to check.
    let magnitude = number.digits() as i64 - number.fractional_digit_count();
    if number.sign() != bigdecimal::num_bigint::Sign::NoSign && !(-129..=126).contains(&magnitude) {
        return Err(Failure::validation(
            "Number overflow. Attempting to store a number out of the supported range",
        ));
    }
    Ok(number)
}

pub(crate) fn write_number(number: &BigDecimal) -> String {
    number.normalized().to_plain_string()
}

pub(crate) fn bytes(text: &str) -> Result<Vec<u8>, Failure> {
    STANDARD
        .decode(text)
        .map_err(|_| Failure::new("SerializationException", "a binary value is not in Base64"))
}

pub(crate) fn item_bytes(item: &Item) -> usize {
    item.iter()
        .map(|(name, value)| name.len() + value_bytes(value))
        .sum()
}

/// AWS's sizes: text as UTF-8, two digits of a number per byte plus one, three bytes for a list or map plus one each.
fn value_bytes(value: &Value) -> usize {
    let text = |value: &Value| value.as_str().map_or(0, str::len);
    match split(value) {
        Ok(("S", content)) => text(content),
        Ok(("N", content)) => text(content).div_ceil(2) + 1,
        Ok(("B", content)) => text(content) / 4 * 3,
        Ok(("SS", content)) => content.as_array().into_iter().flatten().map(text).sum(),
        Ok(("NS", content)) => content
            .as_array()
            .into_iter()
            .flatten()
            .map(|member| text(member).div_ceil(2) + 1)
            .sum(),
        Ok(("BS", content)) => content
            .as_array()
            .into_iter()
            .flatten()
            .map(|member| text(member) / 4 * 3)
            .sum(),
        Ok(("L", content)) => {
            3 + content
                .as_array()
                .into_iter()
                .flatten()
                .map(|member| value_bytes(member) + 1)
                .sum::<usize>()
        }
        Ok(("M", content)) => {
            let members = content.as_object().into_iter().flatten();
            3 + members
                .map(|(name, value)| name.len() + value_bytes(value) + 1)
                .sum::<usize>()
        }
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_canonically() {
        for (text, canonical) in [
            ("1.0", "1"),
            ("1e3", "1000"),
            ("-0", "0"),
            ("0.10", "0.1"),
            ("00012", "12"),
            ("-1.5E-3", "-0.0015"),
        ] {
            assert_eq!(
                normalized(&json!({"N": text})).unwrap(),
                json!({"N": canonical}),
                "{text}"
            );
        }
    }

    #[test]
    fn values_that_aws_refuses() {
        for value in [
            json!({}),
            json!({"S": "a", "N": "1"}),
            json!({"N": "x"}),
            json!({"N": "123456789012345678901234567890123456789"}),
            json!({"N": "1e127"}),
            json!({"SS": []}),
            json!({"NS": ["1", "1.0"]}),
            json!({"NULL": false}),
            json!({"L": [{}]}),
        ] {
            assert!(normalized(&value).is_err(), "{value}");
        }
    }

    #[test]
    fn sizes() {
        let item = json!({"pk": {"S": "abc"}, "n": {"N": "12"}, "m": {"M": {"x": {"BOOL": true}}}});
        assert_eq!(item_bytes(&Item::of(&item)), 5 + 3 + 1 + 3 + 3);
    }
}
