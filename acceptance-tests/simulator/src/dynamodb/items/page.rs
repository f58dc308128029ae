//! What Query and Scan share: where a page starts and ends, filters, projections and counts.

use std::cmp::Ordering;
use std::sync::Arc;

use serde_json::{Value, json};

use super::super::design::Design;
use super::expressions::Path;
use super::expressions::Placeholders;
use super::expressions::condition::{self, Condition};
use super::key::{Key, key_in};
use super::{Item, projection, value};
use crate::failure::Failure;

/// AWS ends a page at one megabyte of items read.
const PAGE_BYTES: usize = 1024 * 1024;

/// The place of an item in a table or index: the key in the index, then the table's key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    index: Option<Key>,
    primary: Key,
}

/// The direction in which a page is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Forward,
    Backward,
}

impl Direction {
    /// Orders two positions as this direction meets them.
    pub(super) fn compare(self, one: &Position, other: &Position) -> Ordering {
        match self {
            Self::Forward => one.cmp(other),
            Self::Backward => other.cmp(one),
        }
    }
}

/// The parameters of a page.
pub(super) struct Page<'a> {
    design: &'a Design,
    index: Option<&'a str>,
    start: Option<Position>,
    limit: Option<usize>,
    filter: Option<Condition>,
    paths: Option<Vec<Path>>,
    count_only: bool,
    /// Attributes of the key that continues after a page.
    key_names: Vec<&'a str>,
}

impl<'a> Page<'a> {
    pub(super) fn of(
        input: &'a Value,
        design: &'a Design,
        placeholders: &mut Placeholders,
    ) -> Result<Self, Failure> {
        let index = input["IndexName"].as_str();
        if let Some(index) = index
            && design.index_key_schema(index).is_none()
        {
            return Err(Failure::validation(format!(
                "The table does not have the specified index: {index}"
            )));
        }
        let is_global =
            index.is_some_and(|index| design.global_indexes.iter().any(|global| global.name == index));
        if is_global && input["ConsistentRead"].as_bool() == Some(true) {
            return Err(Failure::validation(
                "Consistent reads are not supported on global secondary indexes",
            ));
        }
        let count_only = match input["Select"].as_str() {
            None | Some("ALL_ATTRIBUTES" | "ALL_PROJECTED_ATTRIBUTES" | "SPECIFIC_ATTRIBUTES") => false,
            Some(_) => true,
        };
        let schemas = index
            .and_then(|index| design.index_key_schema(index))
            .into_iter()
            .flatten();
        let mut key_names: Vec<&str> = Vec::new();
        for element in schemas.chain(&design.key_schema) {
            if !key_names.contains(&element.attribute_name.as_str()) {
                key_names.push(&element.attribute_name);
            }
        }
        let mut page = Self {
            design,
            index,
            start: None,
            limit: input["Limit"].as_u64().map(|limit| limit as usize),
            filter: input["FilterExpression"]
                .as_str()
                .map(|text| condition::parse("FilterExpression", text, placeholders))
                .transpose()?,
            paths: projection::parse(input["ProjectionExpression"].as_str(), placeholders)?,
            count_only,
            key_names,
        };
        if input["ExclusiveStartKey"].is_object() {
            let start = Item::of(&input["ExclusiveStartKey"]);
            let fits = start.len() == page.key_names.len();
            let position = page.position(&start).filter(|_| fits);
            page.start = Some(position.ok_or_else(|| {
                Failure::validation("The provided starting key is invalid: it does not match the schema")
            })?);
        }
        Ok(page)
    }

    /// Where an item stands; `None` when it is not in the index.
    pub(super) fn position(&self, item: &Item) -> Option<Position> {
        let primary = key_in(&self.design.key_schema, item)?;
        let index = match self.index.and_then(|index| self.design.index_key_schema(index)) {
            Some(schema) => Some(key_in(schema, item)?),
            None => None,
        };
        Some(Position { index, primary })
    }

    /// Reads a page from candidates, which it puts in order first.
    pub(super) fn read(&self, mut candidates: Vec<(Position, &Arc<Item>)>, direction: Direction) -> Value {
        candidates.sort_by(|(one, _), (other, _)| direction.compare(one, other));
        let (mut items, mut scanned, mut bytes) = (Vec::new(), 0, 0);
        let mut matched = 0;
        let mut last = None;
        for (position, item) in candidates {
            let passed = self
                .start
                .as_ref()
                .is_some_and(|start| direction.compare(&position, start).is_le());
            if passed {
                continue;
            }
            scanned += 1;
            bytes += value::item_bytes(item);
            let held = match self.index {
                Some(index) => projection::of_index(self.design, index, item),
                None => (**item).clone(),
            };
            if self.filter.as_ref().is_none_or(|filter| filter.holds(&held)) {
                matched += 1;
                if !self.count_only {
                    items.push(projection::apply(self.paths.as_deref(), &held));
                }
            }
            if self.limit == Some(scanned) || bytes >= PAGE_BYTES {
                last = Some(item);
                break;
            }
        }
        let mut output = json!({"Count": matched, "ScannedCount": scanned});
        if !self.count_only {
            output["Items"] = json!(items);
        }
        if let Some(item) = last {
            let key: Item = self
                .key_names
                .iter()
                .filter_map(|name| Some(((*name).to_owned(), item.get(*name)?.clone())))
                .collect();
            output["LastEvaluatedKey"] = json!(key);
        }
        output
    }
}
