//! Scan, in key order rather than in the order of AWS's hash.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;

use super::expressions::Placeholders;
use super::key::key_in;
use super::page::{Direction, Page};
use super::{refuse, table};
use crate::failure::Failure;
use crate::world::Context;

pub(crate) fn serve(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    refuse(&input, &["AttributesToGet", "ScanFilter", "ConditionalOperator"])?;
    let table = table(cx, "Scan", input["TableName"].as_str().unwrap_or_default())?;
    let mut placeholders = Placeholders::of(&input)?;
    let page = Page::of(&input, &table.design, &mut placeholders)?;
    placeholders.check_all_used()?;
    let (segment, total) = match (input["Segment"].as_u64(), input["TotalSegments"].as_u64()) {
        (None, None) => (0, 1),
        (Some(segment), Some(total)) if segment < total => (segment, total),
        _ => {
            return Err(Failure::validation(
                "The Segment parameter is zero-based and must be less than parameter TotalSegments",
            ));
        }
    };
    let partition = &table.design.key_schema[..1];
    let candidates: Vec<_> = table
        .items
        .live()
        .filter(|item| {
            let mut hasher = DefaultHasher::new();
            key_in(partition, item).hash(&mut hasher);
            hasher.finish() % total == segment
        })
        .filter_map(|item| Some((page.position(item)?, item)))
        .collect();
    Ok(page.read(candidates, Direction::Forward))
}
