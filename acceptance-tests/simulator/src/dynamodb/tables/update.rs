//! UpdateTable: one kind of change at a time, with which the stream and deletion protection may change along.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::design::{
    AttributeDefinition, BillingMode, Design, Encryption, IndexStatus, OnDemandThroughput, Throughput,
};
use super::super::schema::{self, IndexInput, invalid};
use super::super::table::{Phase, Stream, Table};
use super::super::{describe, encryption, missing_resource, table_name};
use super::create::StreamInput;
use super::replicas;
use crate::clock::Moment;
use crate::failure::Failure;
use crate::world::{Context, read};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    table_name: String,
    #[serde(default)]
    attribute_definitions: Vec<AttributeDefinition>,
    billing_mode: Option<BillingMode>,
    provisioned_throughput: Option<Throughput>,
    on_demand_throughput: Option<OnDemandThroughput>,
    warm_throughput: Option<Value>,
    #[serde(default)]
    global_secondary_index_updates: Vec<IndexChange>,
    stream_specification: Option<StreamInput>,
    #[serde(rename = "SSESpecification")]
    sse_specification: Option<encryption::Specification>,
    #[serde(default)]
    replica_updates: Vec<replicas::Change>,
    #[serde(default)]
    global_table_witness_updates: Vec<Value>,
    table_class: Option<String>,
    deletion_protection_enabled: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct IndexChange {
    update: Option<IndexUpdate>,
    create: Option<IndexInput>,
    delete: Option<IndexName>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct IndexUpdate {
    index_name: String,
    provisioned_throughput: Option<Throughput>,
    on_demand_throughput: Option<OnDemandThroughput>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct IndexName {
    index_name: String,
}

impl Input {
    /// The kinds of change that the request asks for and of which AWS makes one at a time.
    fn kinds(&self) -> Vec<&'static str> {
        let indexes = &self.global_secondary_index_updates;
        let capacity = self.billing_mode.is_some()
            || self.provisioned_throughput.is_some()
            || self.on_demand_throughput.is_some()
            || self.warm_throughput.is_some()
            || indexes.iter().any(|change| change.update.is_some());
        let new_index = indexes.iter().any(|change| change.create.is_some());
        let removal = indexes.iter().any(|change| change.delete.is_some());
        [
            ("capacity", capacity),
            ("a new index", new_index),
            ("removal of an index", removal),
            ("SSESpecification", self.sse_specification.is_some()),
            ("TableClass", self.table_class.is_some()),
            ("ReplicaUpdates", !self.replica_updates.is_empty()),
        ]
        .into_iter()
        .filter_map(|(kind, asked)| asked.then_some(kind))
        .collect()
    }

    /// Whether it asks for what may change along with anything else. hashicorp/aws sends both with capacity.
    fn has_companions(&self) -> bool {
        self.stream_specification.is_some() || self.deletion_protection_enabled.is_some()
    }
}

pub(crate) fn serve(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Input = read(input)?;
    let name = table_name(cx, "UpdateTable", &input.table_name)?;
    if !input.global_table_witness_updates.is_empty() {
        return Err(Failure::validation(
            "The simulator does not play witnesses (GlobalTableWitnessUpdates)",
        ));
    }
    match input.kinds().as_slice() {
        [_] => {}
        [] if input.has_companions() => {}
        [] => {
            return Err(Failure::validation(
                "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, \
                 GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required",
            ));
        }
        several => {
            return Err(invalid(format_args!(
                "UpdateTable can perform only one kind of change at a time, not {}",
                several.join(" and ")
            )));
        }
    }
    let found = cx.world.dynamodb.region(cx.place).tables.get(&name);
    let table = found
        .filter(|table| !table.is_creating())
        .ok_or_else(|| missing_resource(&name))?;
    match table.phase {
        Phase::Active => {}
        phase => {
            let doing = if matches!(phase, Phase::Updating { .. }) {
                "updated"
            } else {
                "deleted"
            };
            return Err(Failure::new(
                "ResourceInUseException",
                format!("Attempt to change a resource which is still in use: Table is being {doing}: {name}"),
            ));
        }
    }
    if !input.replica_updates.is_empty() {
        return replicas::add(cx, &name, input.replica_updates);
    }
    let encryption = match &input.sse_specification {
        Some(specification) => Some(encryption::resolve(cx, specification)?),
        None => None,
    };
    let now = cx.now;
    let until = now.plus_millis(cx.world.settings.table_updating_ms);
    let world = &mut *cx.world;
    let region = world.dynamodb.region(cx.place);
    let table = region
        .tables
        .get_mut(&name)
        .ok_or_else(|| missing_resource(&name))?;
    change(table, input, encryption, now)?;
    table.phase = Phase::Updating { until };
    Ok(json!({"TableDescription": describe::table(table, &world.keys)}))
}

/// Makes every change, or none at all when one is refused.
fn change(
    table: &mut Table,
    input: Input,
    encryption: Option<Encryption>,
    now: Moment,
) -> Result<(), Failure> {
    let stream = match &input.stream_specification {
        Some(wanted) => changed_stream(table, wanted, now)?,
        None => table.stream.clone(),
    };
    let protection = input
        .deletion_protection_enabled
        .unwrap_or(table.deletion_protection);
    if let Some(class) = input.table_class {
        table.class_changes.check(now, "TableClass")?;
        table.class_changes.note(now);
        table.table_class = Some(class);
        table.table_class_changed_at = Some(now);
    } else if let Some(encryption) = encryption {
        if table.design.encryption == encryption {
            return Err(invalid("Table is already encrypted by given KMSMasterKeyId"));
        }
        table.design.encryption = encryption;
    } else if input
        .global_secondary_index_updates
        .iter()
        .any(|change| change.update.is_none())
    {
        table.design = change_indexes(&table.design, input)?;
    } else {
        change_capacity(table, input, now)?;
    }
    table.stream = stream;
    table.deletion_protection = protection;
    Ok(())
}

fn changed_stream(table: &Table, wanted: &StreamInput, now: Moment) -> Result<Option<Stream>, Failure> {
    wanted.check()?;
    let refuse = |state: &str| {
        let text = format!("Table already has {state} stream: TableName: {}", table.name);
        Err(Failure::validation(text))
    };
    let is_enabled = table.stream.as_ref().is_some_and(|stream| stream.enabled);
    match (wanted.stream_enabled, is_enabled) {
        (true, true) => refuse("an enabled"),
        (false, false) => refuse("a disabled"),
        (true, false) => Ok(wanted.opened(now)),
        // The closed stream can still be read for a day, so its ARN stays in view.
        (false, true) => Ok(table.stream.clone().map(|stream| Stream {
            enabled: false,
            ..stream
        })),
    }
}

fn change_indexes(design: &Design, input: Input) -> Result<Design, Failure> {
    if input.global_secondary_index_updates.len() > 1 {
        return Err(Failure::new(
            "LimitExceededException",
            "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table",
        ));
    }
    let mut design = design.clone();
    for attribute in input.attribute_definitions {
        match design
            .attributes
            .iter_mut()
            .find(|known| known.attribute_name == attribute.attribute_name)
        {
            Some(known) if known.attribute_type != attribute.attribute_type => {
                return Err(invalid(format_args!(
                    "Cannot redefine attribute {} from type {} to {}",
                    known.attribute_name, known.attribute_type, attribute.attribute_type
                )));
            }
            Some(_) => {}
            None => design.attributes.push(attribute),
        }
    }
    for change in input.global_secondary_index_updates {
        if let Some(index) = change.create {
            if design.index_key_schema(&index.index_name).is_some() {
                return Err(Failure::validation(format!(
                    "Attempting to create an index which already exists: {}",
                    index.index_name
                )));
            }
            schema::check_index_capacity(
                design.billing_mode,
                &index.index_name,
                index.provisioned_throughput,
            )?;
            schema::check_on_demand(design.billing_mode, index.on_demand_throughput)?;
            design.global_indexes.push(index.to_global(IndexStatus::Creating));
            schema::check(&design)?;
        } else if let Some(IndexName { index_name }) = change.delete {
            let found = design
                .global_indexes
                .iter_mut()
                .find(|index| index.name == index_name);
            found.ok_or_else(|| missing_index(&index_name))?.status = IndexStatus::Deleting;
        }
    }
    Ok(design)
}

fn missing_index(name: &str) -> Failure {
    Failure::new(
        "ResourceNotFoundException",
        format!("Requested resource not found: Index: {name} not found"),
    )
}

fn change_capacity(table: &mut Table, input: Input, now: Moment) -> Result<(), Failure> {
    let mut design = table.design.clone();
    let mode = input.billing_mode.unwrap_or(design.billing_mode);
    let to_on_demand = mode == BillingMode::PayPerRequest && design.billing_mode == BillingMode::Provisioned;
    let to_provisioned =
        mode == BillingMode::Provisioned && design.billing_mode == BillingMode::PayPerRequest;
    if to_on_demand {
        table.on_demand_switches.check(now, "BillingMode")?;
    }
    match (mode, input.provisioned_throughput) {
        (BillingMode::PayPerRequest, Some(_)) => {
            schema::check_capacity(mode, input.provisioned_throughput, &[])?;
        }
        (BillingMode::Provisioned, None) if to_provisioned => schema::check_capacity(mode, None, &[])?,
        (BillingMode::Provisioned, Some(wanted)) => {
            if wanted == design.throughput
                && input.global_secondary_index_updates.is_empty()
                && !to_provisioned
            {
                return Err(Failure::validation(format!(
                    "The provisioned throughput for the table will not change. The requested value equals the \
                     current value. Current ReadCapacityUnits provisioned for the table: {read}. Requested \
                     ReadCapacityUnits: {read}. Current WriteCapacityUnits provisioned for the table: {write}. \
                     Requested WriteCapacityUnits: {write}. Refer to the Amazon DynamoDB Developer Guide for \
                     current limits and how to request higher limits.",
                    read = wanted.read_capacity_units,
                    write = wanted.write_capacity_units,
                )));
            }
            design.throughput = wanted;
        }
        _ => {}
    }
    design.billing_mode = mode;
    schema::check_on_demand(mode, input.on_demand_throughput)?;
    if let Some(limits) = input.on_demand_throughput {
        design.on_demand = merged(design.on_demand, limits);
    }
    let mut updated = Vec::new();
    for update in input
        .global_secondary_index_updates
        .into_iter()
        .filter_map(|change| change.update)
    {
        let found = design
            .global_indexes
            .iter_mut()
            .find(|index| index.name == update.index_name);
        let index = found.ok_or_else(|| missing_index(&update.index_name))?;
        if let Some(throughput) = update.provisioned_throughput {
            schema::check_index_capacity(mode, &update.index_name, Some(throughput))?;
            index.throughput = throughput;
        }
        if let Some(limits) = update.on_demand_throughput {
            schema::check_on_demand(mode, Some(limits))?;
            index.on_demand = merged(index.on_demand, limits);
        }
        index.status = IndexStatus::Updating;
        updated.push(update.index_name);
    }
    for index in &mut design.global_indexes {
        if to_provisioned && index.throughput == Throughput::default() {
            schema::check_index_capacity(mode, &index.name, None)?;
        }
        if mode == BillingMode::PayPerRequest {
            index.throughput = Throughput::default();
        }
    }
    if mode == BillingMode::PayPerRequest {
        design.throughput = Throughput::default();
    } else {
        design.on_demand = OnDemandThroughput::default();
    }
    if let Some(warm) = input.warm_throughput {
        table.warm_throughput = Some(warm);
    }
    if to_on_demand {
        table.on_demand_switches.note(now);
        table.on_demand_since = Some(now);
    }
    table.design = design;
    Ok(())
}

/// A member that is not sent keeps its value; -1 takes the limit away.
fn merged(old: OnDemandThroughput, new: OnDemandThroughput) -> OnDemandThroughput {
    OnDemandThroughput {
        max_read_request_units: new.max_read_request_units.or(old.max_read_request_units),
        max_write_request_units: new.max_write_request_units.or(old.max_write_request_units),
    }
}
