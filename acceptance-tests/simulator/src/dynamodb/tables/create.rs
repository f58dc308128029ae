//! CreateTable.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::design::{
    AttributeDefinition, BillingMode, Design, Encryption, IndexStatus, KeyElement, OnDemandThroughput,
    Throughput,
};
use super::super::schema::{self, IndexInput};
use super::super::settings::resource_policy::{Attached, Policy};
use super::super::settings::tags::{self, Tag};
use super::super::table::{NewTable, Stream, Table};
use super::super::{describe, encryption, table_name};
use super::check_quota;
use crate::failure::Failure;
use crate::world::{Context, read};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    table_name: String,
    #[serde(default)]
    attribute_definitions: Vec<AttributeDefinition>,
    #[serde(default)]
    key_schema: Vec<KeyElement>,
    #[serde(default)]
    local_secondary_indexes: Vec<IndexInput>,
    #[serde(default)]
    global_secondary_indexes: Vec<IndexInput>,
    billing_mode: Option<BillingMode>,
    provisioned_throughput: Option<Throughput>,
    on_demand_throughput: Option<OnDemandThroughput>,
    warm_throughput: Option<Value>,
    stream_specification: Option<StreamInput>,
    #[serde(rename = "SSESpecification")]
    sse_specification: Option<encryption::Specification>,
    #[serde(default)]
    tags: Vec<Tag>,
    table_class: Option<String>,
    #[serde(default)]
    deletion_protection_enabled: bool,
    resource_policy: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct StreamInput {
    pub(super) stream_enabled: bool,
    pub(super) stream_view_type: Option<String>,
}

impl StreamInput {
    pub(super) fn check(&self) -> Result<(), Failure> {
        match (self.stream_enabled, &self.stream_view_type) {
            (true, None) => Err(schema::invalid(
                "StreamViewType must be specified when StreamEnabled is true",
            )),
            (false, Some(_)) => Err(schema::invalid(
                "StreamViewType cannot be specified when StreamEnabled is false",
            )),
            _ => Ok(()),
        }
    }

    pub(super) fn opened(&self, now: crate::clock::Moment) -> Option<Stream> {
        let view_type = self.stream_view_type.clone().filter(|_| self.stream_enabled)?;
        Some(Stream {
            view_type,
            enabled: true,
            label: now.to_stream_label(),
        })
    }
}

pub(crate) fn serve(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Input = read(input)?;
    let name = table_name(cx, "CreateTable", &input.table_name)?;
    let billing_mode = input.billing_mode.unwrap_or(BillingMode::Provisioned);
    schema::check_capacity(
        billing_mode,
        input.provisioned_throughput,
        &input.global_secondary_indexes,
    )?;
    schema::check_on_demand(billing_mode, input.on_demand_throughput)?;
    for index in &input.global_secondary_indexes {
        schema::check_on_demand(billing_mode, index.on_demand_throughput)?;
    }
    let mut design = Design {
        attributes: input.attribute_definitions,
        key_schema: input.key_schema,
        global_indexes: input
            .global_secondary_indexes
            .iter()
            .map(|index| index.to_global(IndexStatus::Creating))
            .collect(),
        local_indexes: input
            .local_secondary_indexes
            .iter()
            .map(IndexInput::to_local)
            .collect(),
        billing_mode,
        throughput: input.provisioned_throughput.unwrap_or_default(),
        on_demand: input.on_demand_throughput.unwrap_or_default(),
        encryption: Encryption::AwsOwned,
    };
    schema::check(&design)?;
    let tags = tags::checked(&input.tags, &std::collections::BTreeMap::new())?;
    let stream = match &input.stream_specification {
        Some(stream) => {
            stream.check()?;
            stream.opened(cx.now)
        }
        None => None,
    };
    if let Some(specification) = &input.sse_specification {
        design.encryption = encryption::resolve(cx, specification)?;
    }
    let policy = input
        .resource_policy
        .map(|document| Policy::new(&mut cx.world.ids, document))
        .transpose()?;
    if cx.world.dynamodb.region(cx.place).tables.contains_key(&name) {
        return Err(Failure::new(
            "ResourceInUseException",
            format!("Table already exists: {name}"),
        ));
    }
    check_quota(cx)?;
    let ready_at = cx.now.plus_millis(cx.world.settings.table_creating_ms);
    let new = NewTable {
        arn: cx.place.table_arn(&name),
        id: cx.world.ids.uuid(),
        design,
        ready_at,
        continuous_backups_at: ready_at.plus_millis(cx.world.settings.continuous_backups_ready_ms),
        name: name.clone(),
    };
    let mut table = Table::new(new, cx.now);
    table.tags = tags;
    table.stream = stream;
    table.table_class = input.table_class;
    table.deletion_protection = input.deletion_protection_enabled;
    table.warm_throughput = input.warm_throughput;
    table.policy = Attached::from_the_beginning(policy);
    let output = json!({"TableDescription": describe::table(&table, &cx.world.keys)});
    cx.world.dynamodb.region(cx.place).tables.insert(name, table);
    Ok(output)
}
