//! Plans as data: no AWS.

use expect_test::{Expect, expect};
use rules::Fact;
use rules::facts::{ObservedBackup, ObservedIndex, ObservedTable, RestoreObserved, Settings, TableStatus};
use serde_json::{Value as Json, json};
use tfsdk::{Change, Resource as _};

use super::super::checks::{SourceIndexes, UpdateObserved};
use super::{Observed, RestoredTable, config, creation, lines, model, state, update};
use crate::facts::Planner;
use crate::resources::tags::Tags;
use crate::testing::summaries;

fn check(change: Change<super::Model>, seen: Observed, expected: Expect) {
    expected.assert_eq(&lines(change, seen).join("\n"));
}

fn seen(observed: RestoreObserved) -> Observed {
    Observed {
        planner: Planner {
            region: Some("eu-west-1".to_owned()),
            ..Planner::default()
        },
        observed,
        tags: Some(Tags::default()),
        ..Observed::default()
    }
}

/// A source with two global indexes and a local one, of which nothing is dropped.
fn source() -> RestoreObserved {
    let index = |name: &str| ObservedIndex {
        name: name.to_owned(),
        provisioned_throughput: Fact::Absent,
    };
    let none = Settings {
        tags: Fact::Absent,
        time_to_live: Fact::Absent,
        stream: Fact::Absent,
        point_in_time_recovery: Fact::Absent,
        deletion_protection: Fact::Absent,
        table_class: Fact::Absent,
        ..Settings::default()
    };
    RestoreObserved {
        target: Fact::Absent,
        backup: Fact::Known(ObservedBackup {
            billing_mode: Fact::Known(rules::facts::BillingMode::PayPerRequest),
            global_indexes: Fact::Known(vec![index("by_day"), index("by_city")]),
            local_indexes: Fact::Known(vec!["by_amount".to_owned()]),
            table_id: "id-1".into(),
            ..ObservedBackup::default()
        }),
        source_table: Fact::Known(ObservedTable {
            status: Fact::Known(TableStatus::Active),
            table_id: "id-1".into(),
            settings: none,
            ..ObservedTable::default()
        }),
        ..RestoreObserved::default()
    }
}

fn unchanged(prior: Json, given: Json) {
    check(update(&prior, &given), Observed::default(), expect![""]);
}

#[test]
fn a_new_table_shows_what_is_known() {
    let given = config(json!({
        "provisioned_throughput": {"read_capacity_units": 1, "write_capacity_units": 2}, "tags": {"a": "b"},
        "billing_mode": "PROVISIONED", "global_secondary_indexes": {}, "time_to_live": {"attribute_name": "expires"},
        "point_in_time_recovery": {}, "stream": {"view_type": "KEYS_ONLY"},
    }));
    check(
        creation(&given),
        seen(source()),
        expect![[r#"
            arn = "(unknown)"
            billing_mode = "PROVISIONED"
            deletion_protection_enabled = false
            global_secondary_indexes = {}
            item_count = "(unknown)"
            local_secondary_indexes = "(unknown)"
            name = "orders-restored"
            on_demand_throughput = "(unknown)"
            point_in_time_recovery = {"enabled":true,"recovery_period_in_days":35}
            provisioned_throughput = {"read_capacity_units":1,"write_capacity_units":2}
            region = "eu-west-1"
            restore_duration_seconds = "(unknown)"
            restore_time = "(unknown)"
            restored_at = "(unknown)"
            server_side_encryption = "(unknown)"
            source = {"backup_arn":"arn:aws:dynamodb:eu-west-1:111122223333:table/orders/backup/01700000000000-0a1b2c3d","point_in_time":null,"recovery_point_arn":null,"role_arn":null,"vault_name":null}
            status = "(unknown)"
            stream = {"enabled":true,"view_type":"KEYS_ONLY"}
            stream_arn = "(unknown)"
            table_class = "(unknown)"
            table_id = "(unknown)"
            tags = {"a":"b"}
            tags_all = {"a":"b"}
            time_to_live = {"attribute_name":"expires","enabled":true}
            unfinished = "(unknown)""#]],
    );
}

#[test]
fn what_is_carried_over_is_known_after_apply() {
    let given = config(json!({"carry_over": ["tags", "time_to_live", "point_in_time_recovery"]}));
    let lines = lines(creation(&given), seen(source()));
    for attribute in ["tags_all", "time_to_live", "point_in_time_recovery", "stream"] {
        assert!(
            lines.contains(&format!("{attribute} = \"(unknown)\"")),
            "{attribute}: {lines:?}"
        );
    }
}

#[test]
fn what_the_restore_drops_is_said_where_the_source_has_it() {
    let mut observed = source();
    if let Fact::Known(table) = &mut observed.source_table {
        table.settings.tags = Fact::Known(vec!["team".to_owned()]);
        table.settings.stream = "NEW_IMAGE".into();
        table.settings.deletion_protection = Fact::Known(());
    }
    let said = |given: Json, observed: &RestoreObserved| {
        summaries(&RestoredTable::plan(creation(&config(given)), seen(observed.clone())).diagnostics)
    };
    let nothing = json!({"deletion_protection_enabled": null});
    assert_eq!(said(nothing, &observed).len(), 3);
    let kept = json!({
        "tags": {"a": "b"}, "stream": {"enabled": false}, "carry_over": ["deletion_protection_enabled"],
        "deletion_protection_enabled": null,
    });
    assert_eq!(said(kept, &observed), [""; 0]);
}

#[test]
fn a_taken_name_is_an_error_unless_it_is_our_own_attempt() {
    let taken = |own: bool| RestoreObserved {
        target: Fact::Known(ObservedTable {
            status: Fact::Known(TableStatus::Active),
            ..ObservedTable::default()
        }),
        target_is_own_attempt: Fact::Known(own),
        ..source()
    };
    let said =
        |own| summaries(&RestoredTable::plan(creation(&config(json!({}))), seen(taken(own))).diagnostics);
    assert_eq!(
        said(false),
        ["error at name: Table to restore into already exists"]
    );
    assert_eq!(said(true), [""; 0]);
}

#[test]
fn every_fault_is_said_at_once_and_at_its_attribute() {
    let given = config(json!({
        "global_secondary_indexes": {"nope": {}}, "local_secondary_indexes": ["neither"],
        "provisioned_throughput": {"read_capacity_units": 1, "write_capacity_units": 1},
    }));
    let said = summaries(&RestoredTable::plan(creation(&given), seen(source())).diagnostics);
    expect![[r#"
        error at provisioned_throughput: Provisioned throughput is given for a table on demand
        error at global_secondary_indexes["nope"]: Source has no such global secondary index
        error at local_secondary_indexes: Source has no such local secondary index
        warning at local_secondary_indexes: Local secondary index is left out for good"#]]
    .assert_eq(&said.join("\n"));
}

#[test]
fn faults_of_the_arguments_are_said_by_validate() {
    let given = json!({
        "name": "a", "source": {}, "time_to_live": {}, "stream": {}, "carry_over": ["tags"], "tags": {"a": "b"},
        "point_in_time_recovery": {"enabled": false, "recovery_period_in_days": 3},
    });
    expect![[r#"
        error at name: Table name is not valid
        error at time_to_live.attribute_name: Time to live without its attribute
        error at stream.view_type: Stream without its view type
        error at point_in_time_recovery.recovery_period_in_days: Recovery period without point-in-time recovery
        warning at carry_over: Setting is spelled out and carried over"#]].assert_eq(&summaries(&RestoredTable::validate(&model(&given))).join("\n"));
    let unknown = json!({
        "name": "(unknown)", "source": "(unknown)", "time_to_live": {"attribute_name": "(unknown)"},
        "stream": "(unknown)", "carry_over": "(unknown)", "tags": "(unknown)", "billing_mode": "(unknown)",
        "provisioned_throughput": "(unknown)", "global_secondary_indexes": "(unknown)",
        "local_secondary_indexes": "(unknown)", "server_side_encryption": {"kms_key_arn": "(unknown)"},
    });
    assert_eq!(summaries(&RestoredTable::validate(&model(&unknown))), [""; 0]);
}

#[test]
fn what_cannot_be_carried_over_is_an_error_by_name() {
    let given = config(
        json!({"carry_over": ["tags", "table_class", "time_to_live", "stream"], "table_class": "STANDARD"}),
    );
    let said = |source_table| {
        let observed = RestoreObserved {
            source_table,
            ..source()
        };
        let planned = RestoredTable::plan(creation(&given), seen(observed));
        let details: Vec<String> = planned.diagnostics.iter().map(|it| it.detail.clone()).collect();
        (summaries(&planned.diagnostics), details.join("\n"))
    };
    let (summaries, details) = said(Fact::Absent);
    assert_eq!(summaries, ["error at carry_over: Setting cannot be carried over"]);
    assert!(
        details.contains("names \"tags\"") && details.contains("does not exist any more"),
        "{details}"
    );
    let another = ObservedTable {
        table_id: "id-2".into(),
        ..ObservedTable::default()
    };
    let (summaries, details) = said(Fact::Known(another));
    assert_eq!(summaries, ["error at carry_over: Setting cannot be carried over"]);
    assert!(details.contains("is another one now"), "{details}");
}

#[test]
fn what_is_left_out_is_left_alone() {
    unchanged(state(json!({})), config(json!({})));
    let managed = json!({
        "time_to_live": {"enabled": true, "attribute_name": "expires"}, "stream_arn": "arn",
        "stream": {"enabled": true, "view_type": "KEYS_ONLY"}, "deletion_protection_enabled": true,
        "point_in_time_recovery": {"enabled": true, "recovery_period_in_days": 7},
        "on_demand_throughput": {"max_read_request_units": 5},
        "server_side_encryption": {"enabled": true, "kms_key_arn": "alias/orders"},
    });
    unchanged(state(managed.clone()), config(json!({})));
    unchanged(state(managed.clone()), config(managed));
}

#[test]
fn defaults_inside_an_object_are_no_change() {
    let prior = json!({
        "time_to_live": {"enabled": true, "attribute_name": "expires"},
        "stream": {"enabled": true, "view_type": "KEYS_ONLY"},
        "point_in_time_recovery": {"enabled": true, "recovery_period_in_days": 35},
        "server_side_encryption": {"enabled": true, "kms_key_arn": "arn:aws:kms:eu-west-1:111122223333:key/x"},
    });
    let given = json!({
        "time_to_live": {"attribute_name": "expires"}, "stream": {"view_type": "KEYS_ONLY"},
        "point_in_time_recovery": {}, "server_side_encryption": {}, "global_secondary_indexes": {"by_day": {}},
        "local_secondary_indexes": ["by_amount"],
    });
    unchanged(state(prior), config(given));
}

#[test]
fn each_setting_changes_in_place() {
    let units = || json!({"read_capacity_units": 1, "write_capacity_units": 1});
    for (given, expected) in [
        (
            json!({"tags": {"a": "b"}}),
            expect![[r#"
            status = "(unknown)"
            tags = {"a":"b"}
            tags_all = "(unknown)"
            unfinished = "(unknown)""#]],
        ),
        (
            json!({
                "billing_mode": "PROVISIONED", "provisioned_throughput": units(),
                "global_secondary_indexes": {"by_day": {"provisioned_throughput": units()}},
            }),
            expect![[r#"
                billing_mode = "PROVISIONED"
                global_secondary_indexes = {"by_day":{"on_demand_throughput":"(unknown)","provisioned_throughput":{"read_capacity_units":1,"write_capacity_units":1}}}
                on_demand_throughput = "(unknown)"
                provisioned_throughput = {"read_capacity_units":1,"write_capacity_units":1}
                status = "(unknown)"
                unfinished = "(unknown)""#]],
        ),
        (
            json!({"on_demand_throughput": {"max_read_request_units": 7}}),
            expect![[r#"
            on_demand_throughput = {"max_read_request_units":7,"max_write_request_units":null}
            status = "(unknown)"
            unfinished = "(unknown)""#]],
        ),
        (
            json!({"server_side_encryption": {"enabled": true}}),
            expect![[r#"
            server_side_encryption = {"enabled":true,"kms_key_arn":"(unknown)"}
            status = "(unknown)"
            unfinished = "(unknown)""#]],
        ),
        (
            json!({"global_secondary_indexes": {}}),
            expect![[r#"
            global_secondary_indexes = {}
            status = "(unknown)"
            unfinished = "(unknown)""#]],
        ),
        (
            json!({"time_to_live": {"attribute_name": "expires"}}),
            expect![[r#"
            status = "(unknown)"
            time_to_live = {"attribute_name":"expires","enabled":true}
            unfinished = "(unknown)""#]],
        ),
        (
            json!({"stream": {"view_type": "NEW_IMAGE"}}),
            expect![[r#"
            status = "(unknown)"
            stream = {"enabled":true,"view_type":"NEW_IMAGE"}
            stream_arn = "(unknown)"
            unfinished = "(unknown)""#]],
        ),
        (
            json!({"point_in_time_recovery": {"recovery_period_in_days": 7}}),
            expect![[r#"
            point_in_time_recovery = {"enabled":true,"recovery_period_in_days":7}
            status = "(unknown)"
            unfinished = "(unknown)""#]],
        ),
        (
            json!({"deletion_protection_enabled": true}),
            expect![[r#"
            deletion_protection_enabled = true
            status = "(unknown)"
            unfinished = "(unknown)""#]],
        ),
        (
            json!({"table_class": "STANDARD_INFREQUENT_ACCESS"}),
            expect![[r#"
            status = "(unknown)"
            table_class = "STANDARD_INFREQUENT_ACCESS"
            unfinished = "(unknown)""#]],
        ),
    ] {
        check(
            update(&state(json!({})), &config(given)),
            Observed::default(),
            expected,
        );
    }
}

#[test]
fn the_source_is_provenance() {
    let other = json!({"point_in_time": {"table_name": "orders", "latest": true}});
    check(
        update(&state(json!({})), &config(json!({"source": other}))),
        Observed::default(),
        expect!["warning at source: Source of a table that is restored already was edited"],
    );
    // The backup is being replaced in the same plan: its new ARN is not known, and does not matter.
    check(
        update(
            &state(json!({})),
            &config(json!({"source": {"backup_arn": "(unknown)"}})),
        ),
        Observed::default(),
        expect![[""]],
    );
}

#[test]
fn an_imported_table_takes_source_and_triggers_from_the_configuration() {
    let imported = state(json!({"source": null, "restore_time": null, "restore_duration_seconds": null}));
    check(
        update(
            &imported,
            &config(json!({"triggers": {"drill": "1"}, "carry_over": ["tags"]})),
        ),
        Observed::default(),
        expect![[r#"
            carry_over = ["tags"]
            source = {"backup_arn":"arn:aws:dynamodb:eu-west-1:111122223333:table/orders/backup/01700000000000-0a1b2c3d","point_in_time":null,"recovery_point_arn":null,"role_arn":null,"vault_name":null}
            triggers = {"drill":"1"}"#]],
    );
}

#[test]
fn only_name_region_and_triggers_restore_anew() {
    let replaced = |prior: Json, given: Json| {
        let planned = RestoredTable::plan(update(&state(prior), &config(given)), Observed::default());
        (
            planned
                .replace
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>(),
            planned.model.arn.is_unknown(),
        )
    };
    let drill = |text: &str| json!({"triggers": {"drill": text}});
    // The schema marks these two.
    assert_eq!(replaced(json!({}), json!({"name": "another"})), (vec![], true));
    assert_eq!(
        replaced(json!({}), json!({"region": "eu-west-2"})),
        (vec![], true)
    );
    assert_eq!(
        replaced(json!({}), drill("1")),
        (vec!["triggers".to_owned()], true)
    );
    assert_eq!(
        replaced(drill("1"), drill("2")),
        (vec!["triggers".to_owned()], true)
    );
    assert_eq!(replaced(drill("1"), drill("1")), (vec![], false));
    assert_eq!(replaced(drill("1"), json!({})), (vec![], false));
    assert_eq!(
        replaced(json!({}), json!({"region": "eu-west-1"})),
        (vec![], false)
    );
}

#[test]
fn a_replacement_takes_the_new_source_and_needs_an_unprotected_table() {
    let prior = state(json!({"deletion_protection_enabled": true}));
    let given = config(json!({"triggers": {"drill": "1"}, "source": {"backup_arn": "(unknown)"}}));
    let planned = RestoredTable::plan(update(&prior, &given), Observed::default());
    assert_eq!(planned.model.source, model(&given).source);
    assert_eq!(
        summaries(&planned.diagnostics),
        [
            "error at deletion_protection_enabled: Table is protected from deletion",
            "warning at deletion_protection_enabled: Restored table will not be protected from deletion"
        ]
    );
}

#[test]
fn a_protected_table_is_not_planned_away_unless_it_is_unfinished() {
    let said = |unfinished: bool| {
        let prior = model(&state(
            json!({"deletion_protection_enabled": true, "unfinished": unfinished}),
        ));
        summaries(&RestoredTable::plan(Change::Destroy { prior }, Observed::default()).diagnostics)
    };
    assert_eq!(
        said(false),
        ["error at deletion_protection_enabled: Table is protected from deletion"]
    );
    // It may be on its way to the create that goes on with it; the delete itself looks again.
    assert_eq!(said(true), [""; 0]);
}

#[test]
fn an_unfinished_table_is_taken_up_in_place() {
    let prior = state(json!({
        "unfinished": true, "status": "CREATING", "restore_duration_seconds": null, "tags": {"a": "b"},
        "tags_all": {"a": "b"},
    }));
    check(
        update(&prior, &config(json!({"tags": {"a": "b"}}))),
        Observed::default(),
        expect![[r#"
        billing_mode = "(unknown)"
        deletion_protection_enabled = "(unknown)"
        global_secondary_indexes = "(unknown)"
        item_count = "(unknown)"
        local_secondary_indexes = "(unknown)"
        on_demand_throughput = "(unknown)"
        provisioned_throughput = "(unknown)"
        restore_duration_seconds = "(unknown)"
        server_side_encryption = "(unknown)"
        status = "(unknown)"
        stream = "(unknown)"
        stream_arn = "(unknown)"
        table_class = "(unknown)"
        tags_all = "(unknown)"
        unfinished = "(unknown)""#]],
    );
}

#[test]
fn what_dynamodb_cannot_do_later_is_an_error() {
    let mut observed = Observed::default();
    let given = config(json!({
        "local_secondary_indexes": [], "global_secondary_indexes": {"by_day": {}, "by_city": {}, "by_name": {}},
    }));
    let said =
        |seen: Observed| summaries(&RestoredTable::plan(update(&state(json!({})), &given), seen).diagnostics);
    let local = "error at local_secondary_indexes: Local secondary indexes cannot be changed".to_owned();
    let unknown = |name: &str| {
        format!(
            "error at global_secondary_indexes[\"{name}\"]: Definition of a global secondary index is not known"
        )
    };
    assert_eq!(said(Observed::default()), std::slice::from_ref(&local));
    let names = ["by_day".to_owned(), "by_city".to_owned()].into();
    observed.update = UpdateObserved {
        source_indexes: Some(SourceIndexes::Of {
            table: "orders".to_owned(),
            names,
        }),
        ..UpdateObserved::default()
    };
    assert_eq!(said(observed), [local.clone(), unknown("by_name")]);
    let gone = UpdateObserved {
        source_indexes: Some(SourceIndexes::NoTable {
            table: "orders".to_owned(),
        }),
        ..UpdateObserved::default()
    };
    let seen = Observed {
        update: gone,
        ..Observed::default()
    };
    assert_eq!(said(seen), [local, unknown("by_city"), unknown("by_name")]);
}

#[test]
fn a_table_that_becomes_provisioned_needs_the_capacity_of_its_indexes() {
    let units = json!({"read_capacity_units": 1, "write_capacity_units": 1});
    let said = |indexes: Json| {
        let given = config(json!({
            "billing_mode": "PROVISIONED", "provisioned_throughput": units, "global_secondary_indexes": indexes,
        }));
        summaries(&RestoredTable::plan(update(&state(json!({})), &given), Observed::default()).diagnostics)
    };
    let wrong = ["error at global_secondary_indexes: Index has no capacity for its billing mode"];
    assert_eq!(said(Json::Null), wrong);
    assert_eq!(said(json!({"by_day": {}})), wrong);
    assert_eq!(
        said(json!({"by_day": {"provisioned_throughput": units}})),
        [""; 0]
    );
    assert_eq!(said(json!({})), [""; 0]);
}

#[test]
fn what_loses_history_or_takes_long_is_a_warning() {
    let recovery =
        |days: i64| json!({"point_in_time_recovery": {"enabled": true, "recovery_period_in_days": days}});
    let said = |prior: Json, given: Json| {
        summaries(
            &RestoredTable::plan(update(&state(prior), &config(given)), Observed::default()).diagnostics,
        )
    };
    let lost = ["warning at point_in_time_recovery: Restorable history will be lost"];
    assert_eq!(said(recovery(20), recovery(7)), lost);
    assert_eq!(
        said(
            recovery(20),
            json!({"point_in_time_recovery": {"enabled": false}})
        ),
        lost
    );
    assert_eq!(said(recovery(7), recovery(20)), [""; 0]);
    let ttl = |name: &str| json!({"time_to_live": {"enabled": true, "attribute_name": name}});
    assert_eq!(
        said(ttl("a"), ttl("b")),
        ["warning at time_to_live.attribute_name: Another time-to-live attribute takes more than an hour"]
    );
    assert_eq!(
        said(json!({}), json!({"carry_over": ["tags"]})),
        ["warning at carry_over: Settings are carried over only when the table is made"]
    );
    assert_eq!(
        said(json!({"carry_over": ["tags"]}), json!({"carry_over": ["tags"]})),
        [""; 0]
    );
}
