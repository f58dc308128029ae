//! The data plane: items, their history, and the operations that read and write them. Parameters from before
//! expressions existed, transactions and consumed capacity are refused by name rather than ignored.

pub(crate) mod batch;
mod expressions;
pub(crate) mod key;
mod page;
mod projection;
pub(crate) mod query;
pub(crate) mod scan;
pub(crate) mod single;
pub(crate) mod store;
pub(crate) mod value;

use std::ops::{Deref, DerefMut};

use serde::Serialize;
use serde_json::{Map, Value};

pub(crate) use self::key::key_of;
use super::design::Encryption;
use super::table::{Phase, Table};
use super::{find, table_name};
use crate::failure::Failure;
use crate::kms::State;
use crate::world::Context;

/// An item: attribute values by name, each as `{"S": "text"}`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub(crate) struct Item(Map<String, Value>);

impl Item {
    /// The object in a request; the wire check has made sure that it is one.
    fn of(value: &Value) -> Self {
        Self(value.as_object().cloned().unwrap_or_default())
    }
}

impl Deref for Item {
    type Target = Map<String, Value>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Item {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl FromIterator<(String, Value)> for Item {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(attributes: I) -> Self {
        Self(attributes.into_iter().collect())
    }
}

/// A table as the data plane sees it. It answers while ACTIVE and while UPDATING.
fn table<'a>(cx: &'a mut Context<'_>, operation: &str, reference: &str) -> Result<&'a mut Table, Failure> {
    let name = table_name(cx, operation, reference)?;
    let world = &mut *cx.world;
    let table = world.dynamodb.region(cx.place).tables.get(&name);
    if let Some(Encryption::Kms { key_arn }) = table.map(|table| &table.design.encryption)
        && world
            .keys
            .state_of(key_arn)
            .is_some_and(|state| state != State::Enabled)
    {
        return Err(Failure::new(
            "AccessDeniedException",
            format!("KMS key access denied error: {key_arn} is disabled or pending deletion"),
        ));
    }
    let found = find(cx, &name).filter(|table| matches!(table.phase, Phase::Active | Phase::Updating { .. }));
    found.ok_or_else(|| Failure::new("ResourceNotFoundException", "Requested resource not found"))
}

/// Refuses parameters that the simulator does not know how to honour.
fn refuse(input: &Value, unsupported: &[&str]) -> Result<(), Failure> {
    for name in unsupported {
        if input.get(name).is_some_and(|value| !value.is_null()) {
            return Err(not_played(name));
        }
    }
    for (name, harmless) in [
        ("ReturnConsumedCapacity", "NONE"),
        ("ReturnItemCollectionMetrics", "NONE"),
        ("ReturnValuesOnConditionCheckFailure", "NONE"),
    ] {
        if input[name].as_str().is_some_and(|value| value != harmless) {
            return Err(not_played(name));
        }
    }
    Ok(())
}

fn not_played(what: &str) -> Failure {
    Failure::validation(format!("The simulator does not play {what}"))
}
