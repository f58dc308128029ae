//! The walk from what a table has to what is wanted: no AWS.

use std::collections::BTreeMap;

use aws_clients::{
    BillingMode, Encryption as Shown, EncryptionStatus, GlobalIndex, OnDemandThroughput, Projection,
    ProjectionType, StreamViewType, Table, TableClass, TableStatus, Throughput,
};
use expect_test::{Expect, expect};
use serde_json::{Value as Json, json};

use super::super::carry::Carried;
use super::super::settings::Wanted;
use super::super::steps::TableChange;
use super::{TABLE_ARN, model, state};
use crate::resources::tags::{Others, WantedTags};

const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000001";

/// An ACTIVE table that is paid per request, with one index.
pub(super) fn table(change: impl FnOnce(&mut Table)) -> Table {
    let mut table = Table {
        name: "orders-restored".parse().expect("a name"),
        arn: TABLE_ARN.parse().expect("an ARN"),
        id: Some("11111111-2222-3333-4444-555555555555".to_owned()),
        status: TableStatus::Active,
        created_at: None,
        billing_mode: BillingMode::PayPerRequest,
        throughput: Throughput::default(),
        on_demand: OnDemandThroughput::default(),
        key_schema: Vec::new(),
        attributes: Vec::new(),
        global_indexes: vec![index("by_day")],
        local_indexes: Vec::new(),
        stream: None,
        latest_stream_arn: None,
        encryption: Shown::default(),
        class: TableClass::Standard,
        deletion_protection: false,
        item_count: 0,
        size_bytes: 0,
        restore: None,
        replicas: Vec::new(),
        warm_throughput: None,
        archival_backup_arn: None,
    };
    change(&mut table);
    table
}

fn index(name: &str) -> GlobalIndex {
    GlobalIndex {
        name: name.to_owned(),
        key_schema: Vec::new(),
        projection: Projection {
            projection_type: ProjectionType::All,
            non_key_attributes: Vec::new(),
        },
        status: None,
        throughput: Throughput::default(),
        on_demand: OnDemandThroughput::default(),
    }
}

/// Does to the description of a table what DynamoDB does.
fn carry_out(table: &mut Table, change: &TableChange) {
    match change {
        TableChange::DeletionProtection(on) => table.deletion_protection = *on,
        TableChange::DeleteIndex(name) => table.global_indexes.retain(|index| index.name != *name),
        TableChange::Billing {
            mode,
            throughput,
            indexes,
        } => {
            table.billing_mode = mode.clone();
            table.throughput = throughput.unwrap_or_default();
            table.on_demand = OnDemandThroughput::default();
            for index in &mut table.global_indexes {
                index.throughput = indexes.get(&index.name).copied().unwrap_or_default();
            }
        }
        TableChange::Throughput {
            table: units,
            indexes,
        } => {
            table.throughput = units.unwrap_or(table.throughput);
            for index in &mut table.global_indexes {
                index.throughput = indexes.get(&index.name).copied().unwrap_or(index.throughput);
            }
        }
        TableChange::OnDemand(maxima) => table.on_demand = *maxima,
        TableChange::IndexOnDemand { name, maxima } => {
            for index in table
                .global_indexes
                .iter_mut()
                .filter(|index| index.name == *name)
            {
                index.on_demand = *maxima;
            }
        }
        TableChange::Encryption(super::super::settings::Encryption::AwsOwned) => {
            table.encryption = Shown::default()
        }
        TableChange::Encryption(super::super::settings::Encryption::Kms { key }) => {
            let named = key.as_ref().and_then(|key| key.arn.clone());
            table.encryption = Shown {
                status: Some(EncryptionStatus::Enabled),
                kms_key_arn: Some(named.unwrap_or_else(|| KEY.to_owned())),
            };
        }
        TableChange::Class(class) => table.class = class.clone(),
        TableChange::StreamOff => table.stream = None,
        TableChange::StreamOn(view_type) => table.stream = Some(view_type.clone()),
        TableChange::CreateIndex { name, .. } => table.global_indexes.push(self::index(name)),
    }
}

/// The walk from this table: one line per change, and it comes to an end.
fn walk(mut table: Table, wanted: &Wanted, expected: Expect) {
    let mut done = Vec::new();
    while let Some(change) = wanted.next_table_change(&table, &done) {
        assert!(!done.contains(&change), "{} comes again", change.act());
        carry_out(&mut table, &change);
        done.push(change);
    }
    expected.assert_eq(&done.iter().map(TableChange::act).collect::<Vec<_>>().join("\n"));
}

fn no_tags() -> WantedTags {
    WantedTags {
        tags: BTreeMap::new(),
        others: Others::Go,
    }
}

/// What changes from this state to this plan.
fn changes(prior: Json, planned: Json) -> Wanted {
    Wanted::changes(&model(&state(prior)), &model(&state(planned)), no_tags())
}

fn everything(planned: Json) -> Wanted {
    Wanted::all(&model(&planned), no_tags(), &Carried::default())
}

#[test]
fn nothing_wanted_is_nothing_done() {
    walk(table(|_| ()), &changes(json!({}), json!({})), expect![""]);
    walk(table(|_| ()), &everything(json!({})), expect![""]);
}

#[test]
fn one_change_at_a_time_and_protection_first() {
    let planned = json!({
        "billing_mode": "PROVISIONED", "provisioned_throughput": {"read_capacity_units": 1, "write_capacity_units": 2},
        "global_secondary_indexes": {"by_city": {"provisioned_throughput": {"read_capacity_units": 1, "write_capacity_units": 1}}},
        "server_side_encryption": {"enabled": true}, "table_class": "STANDARD_INFREQUENT_ACCESS",
        "stream": {"enabled": true, "view_type": "KEYS_ONLY"}, "deletion_protection_enabled": true,
    });
    let expected = expect![[r#"
        switching deletion protection on
        deleting index by_day
        changing the billing mode to PROVISIONED
        changing the encryption
        changing the table class to STANDARD_INFREQUENT_ACCESS
        switching the stream on with KEYS_ONLY
        creating index by_city
        changing the provisioned throughput"#]];
    walk(table(|_| ()), &everything(planned), expected);
}

#[test]
fn a_walk_that_was_cut_off_begins_where_it_stopped() {
    let planned = json!({
        "table_class": "STANDARD_INFREQUENT_ACCESS", "deletion_protection_enabled": true,
        "stream": {"enabled": true, "view_type": "KEYS_ONLY"},
    });
    let half = table(|table| {
        table.deletion_protection = true;
        table.class = TableClass::StandardInfrequentAccess;
    });
    walk(
        half,
        &everything(planned),
        expect!["switching the stream on with KEYS_ONLY"],
    );
}

#[test]
fn a_stream_is_switched_off_before_it_is_another() {
    let other = json!({"stream": {"enabled": true, "view_type": "KEYS_ONLY"}});
    let off = json!({"stream": {"enabled": false}});
    let streaming = || table(|table| table.stream = Some(StreamViewType::NewImage));
    walk(
        streaming(),
        &changes(json!({}), other),
        expect![[r#"
        switching the stream off
        switching the stream on with KEYS_ONLY"#]],
    );
    walk(
        streaming(),
        &changes(json!({}), off),
        expect!["switching the stream off"],
    );
}

#[test]
fn what_somebody_else_has_changed_is_left_alone() {
    // The state says 5, an auto scaler has made it 50, and only the class is to change.
    let units = |units: i64| json!({"billing_mode": "PROVISIONED", "provisioned_throughput": {"read_capacity_units": units, "write_capacity_units": units}});
    let mut classy = units(5);
    classy["table_class"] = "STANDARD_INFREQUENT_ACCESS".into();
    let scaled = || {
        table(|table| {
            table.billing_mode = BillingMode::Provisioned;
            table.throughput = Throughput { read: 50, write: 50 };
            table.global_indexes.push(index("made_since"));
        })
    };
    walk(
        scaled(),
        &changes(units(5), classy),
        expect!["changing the table class to STANDARD_INFREQUENT_ACCESS"],
    );
    walk(
        scaled(),
        &changes(units(5), units(6)),
        expect!["changing the provisioned throughput"],
    );
    // An index that the plan did not know stays, too.
    walk(
        scaled(),
        &changes(
            units(5),
            super::with(units(5), json!({"global_secondary_indexes": {}})),
        ),
        expect!["deleting index by_day"],
    );
}

#[test]
fn maxima_are_lifted_where_they_are_left_out() {
    let maxima = |read: Option<i64>, write: Option<i64>| json!({"on_demand_throughput": {"max_read_request_units": read, "max_write_request_units": write}});
    let limited = table(|table| {
        table.on_demand = OnDemandThroughput {
            max_read: Some(5),
            max_write: None,
        }
    });
    walk(
        limited.clone(),
        &changes(maxima(Some(5), None), maxima(None, Some(9))),
        expect!["changing the on-demand throughput"],
    );
    walk(
        limited,
        &changes(maxima(Some(5), None), maxima(Some(5), None)),
        expect![""],
    );
}

#[test]
fn a_key_that_cannot_be_resolved_is_set_once() {
    let alias = |name: &str| json!({"server_side_encryption": {"enabled": true, "kms_key_arn": name}});
    let encrypted = table(|table| {
        table.encryption = Shown {
            status: Some(EncryptionStatus::Enabled),
            kms_key_arn: Some(KEY.to_owned()),
        };
    });
    walk(
        encrypted.clone(),
        &changes(alias("alias/a"), alias("alias/b")),
        expect!["changing the encryption"],
    );
    walk(
        encrypted,
        &changes(alias("alias/a"), alias("alias/a")),
        expect![""],
    );
}

#[test]
fn what_is_spelled_out_wins_over_what_is_carried_over() {
    let carried = Carried {
        stream: Some(StreamViewType::NewImage),
        class: Some(TableClass::StandardInfrequentAccess),
        deletion_protection: true,
        recovery_days: Some(9),
        time_to_live: Some("expires".to_owned()),
        ..Carried::default()
    };
    let planned = model(&json!({"stream": {"enabled": false}, "table_class": "(unknown)"}));
    let wanted = Wanted::all(&planned, no_tags(), &carried);
    walk(
        table(|_| ()),
        &wanted,
        expect![[r#"
        switching deletion protection on
        changing the table class to STANDARD_INFREQUENT_ACCESS"#]],
    );
    assert_eq!(
        wanted.recovery,
        Some(super::super::settings::Recovery::On { days: 9 })
    );
}
