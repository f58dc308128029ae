//! What means the same stays as it was written, what a plan shows, and imports. The lifecycle runs through the real
//! terraform in `acceptance-tests/tests/backup_plan.rs`.

use serde_json::{Value as Json, json};
use tfsdk::{Attr, Change, ImportTarget, Model as _, Resource as _};

use super::document::{document, same_rules, same_selection, show_rules, show_selection, to_selection};
use super::model::{Model, Selection};
use super::{BackupPlan, Observed, PlanId, check_is_ours, import};
use crate::testing;

const ARN: &str = "arn:aws:backup:eu-west-1:111122223333:backup-plan:plan-1";

fn model(given: Json) -> Model {
    let mut whole = json!({
        "name": "orders", "region": "eu-west-1", "arn": ARN, "id": "plan-1", "version_id": "v1", "unfinished": false,
        "rules": {"daily": {"target_vault_name": "orders"}}, "tags_all": {}, "selection_ids": {"a": "id-a", "b": "id-b"},
        "next_runs": {"daily": ["2026-11-21T05:00:00Z"]},
        "selections": {"a": {"role_arn": "r", "resources": ["x"]}, "b": {"role_arn": "r", "resources": ["y"]}},
    });
    let members = whole.as_object_mut().expect("an object");
    members.extend(given.as_object().cloned().expect("an object"));
    Model::from_value(&testing::value(&super::schema::schema().ty(), &whole)).expect("it fits the schema")
}

fn rules(rule: Json) -> Model {
    model(json!({"rules": {"daily": rule}}))
}

#[test]
fn rules_that_mean_the_same_are_the_same() {
    let plain = document(&rules(json!({"target_vault_name": "orders"}))).expect("known");
    for same in [
        json!({"target_vault_name": "orders", "schedule": "cron(0 5 ? * * *)", "schedule_timezone": "UTC"}),
        json!({"target_vault_name": "orders", "schedule_timezone": "Etc/UTC", "start_window_minutes": 480}),
        json!({"target_vault_name": "orders", "completion_window_minutes": 10_080, "lifecycle": {}}),
        json!({"target_vault_name": "orders", "lifecycle": {"delete_after_days": -1}}),
        json!({"target_vault_name": "orders", "copy_actions": [], "recovery_point_tags": {}}),
    ] {
        let written = rules(same.clone());
        let other = document(&written).expect("known");
        assert!(same_rules(&plain, &other), "{same}");
        // And is shown as it was written.
        let shown = Model {
            rules: Attr::Known(show_rules(&plain, &written.rules)),
            ..written
        };
        assert!(same_rules(&document(&shown).expect("known"), &plain), "{same}");
        let shown = testing::json(&shown.to_value());
        let lifecycle = &shown["rules"]["daily"]["lifecycle"];
        assert_eq!(lifecycle.is_null(), same["lifecycle"].is_null(), "{same}");
    }
    for other in [
        json!({"target_vault_name": "other"}),
        json!({"target_vault_name": "orders", "schedule": "cron(0 6 ? * * *)"}),
        json!({"target_vault_name": "orders", "schedule_timezone": "Europe/Berlin"}),
        json!({"target_vault_name": "orders", "start_window_minutes": 60}),
        json!({"target_vault_name": "orders", "completion_window_minutes": 600}),
        json!({"target_vault_name": "orders", "lifecycle": {"delete_after_days": 0}}),
        json!({"target_vault_name": "orders", "lifecycle": {"move_to_cold_storage_after_days": 1}}),
        json!({"target_vault_name": "orders", "recovery_point_tags": {"a": "b"}}),
        json!({"target_vault_name": "orders", "copy_actions": [{"destination_vault_arn": "x"}]}),
    ] {
        let other_document = document(&rules(other.clone())).expect("known");
        assert!(!same_rules(&plain, &other_document), "{other}");
        let shown = show_rules(
            &other_document,
            &rules(json!({"target_vault_name": "orders"})).rules,
        );
        let shown = document(&Model {
            rules: Attr::Known(shown),
            ..model(json!({}))
        })
        .expect("known");
        assert!(same_rules(&shown, &other_document), "{other}");
    }
}

fn selection(given: Json) -> Selection {
    let whole = model(json!({"selections": {"a": given}}));
    let selections = whole.selections.known().expect("selections");
    selections["a"].known().expect("a selection").clone()
}

#[test]
fn selections_that_choose_the_same_are_the_same_in_any_order() {
    let condition = |key: &str| json!({"operator": "StringEquals", "key": key, "value": "v"});
    let written = selection(json!({
        "role_arn": "r", "not_resources": [], "conditions": [condition("b"), condition("a")],
        "tags": [{"key": "k", "value": "2"}, {"key": "k", "value": "1"}],
    }));
    let other = selection(json!({
        "role_arn": "r", "conditions": [condition("a"), condition("b")],
        "tags": [{"key": "k", "value": "1"}, {"key": "k", "value": "2"}],
    }));
    let told = |it: &Selection| to_selection("a", it).expect("known");
    assert!(same_selection(&told(&written), &told(&other)));
    assert_eq!(show_selection(&told(&other), Some(&written)), written);
    assert_eq!(show_selection(&told(&written), None), other);
    for (name, value) in [
        ("role_arn", json!("s")),
        ("resources", json!(["x"])),
        ("not_resources", json!(["x"])),
        ("tags", json!([{"key": "k", "value": "1"}])),
        ("conditions", json!([condition("a")])),
    ] {
        let mut given = json!({
            "role_arn": "r", "conditions": [condition("a"), condition("b")],
            "tags": [{"key": "k", "value": "1"}, {"key": "k", "value": "2"}],
        });
        given[name] = value;
        let changed = selection(given);
        assert!(!same_selection(&told(&written), &told(&changed)), "{name}");
        assert_eq!(
            show_selection(&told(&changed), Some(&written)).role_arn,
            changed.role_arn
        );
        assert!(
            same_selection(
                &told(&show_selection(&told(&changed), Some(&written))),
                &told(&changed)
            ),
            "{name}"
        );
    }
    let unknown = selection(json!({"role_arn": "r", "resources": ["(unknown)"]}));
    assert_eq!(to_selection("a", &unknown), None);
}

fn planned(given: Json) -> Json {
    let prior = model(json!({}));
    let proposed = Model {
        version_id: Attr::Unknown,
        ..model(given)
    };
    let change = Change::Update {
        prior,
        config: proposed.clone(),
        proposed,
    };
    testing::json(&BackupPlan::plan(change, Observed::default()).model.to_value())
}

#[test]
fn only_what_changes_is_unknown() {
    let unknown = json!("(unknown)");
    let changed = planned(
        json!({"selections": {"a": {"role_arn": "r", "resources": ["x"]}, "c": {"role_arn": "r", "resources": ["z"]}}}),
    );
    assert_eq!(changed["selection_ids"], json!({"a": "id-a", "c": unknown}));
    assert_eq!(changed["version_id"], "v1");
    assert_eq!(changed["next_runs"], json!({"daily": ["2026-11-21T05:00:00Z"]}));
    assert_eq!(changed["tags_all"], json!({}));

    let changed = planned(
        json!({"rules": {"daily": {"target_vault_name": "other"}, "more": {"target_vault_name": "orders"}}}),
    );
    assert_eq!(changed["selection_ids"], json!({"a": "id-a", "b": "id-b"}));
    assert_eq!(changed["version_id"], unknown);
    assert_eq!(changed["next_runs"], json!({"daily": unknown, "more": unknown}));

    let changed = planned(json!({"rules": {"daily": {"target_vault_name": "(unknown)"}}}));
    assert_eq!(changed["version_id"], unknown);
    assert_eq!(planned(json!({"tags": {"a": "b"}}))["tags_all"], unknown);
    assert_eq!(planned(json!({"name": "renamed"}))["version_id"], unknown);
}

#[test]
fn an_unfinished_plan_is_taken_up() {
    let prior = model(json!({"unfinished": true}));
    let proposed = prior.clone();
    let change = Change::Update {
        prior,
        config: proposed.clone(),
        proposed,
    };
    let planned = testing::json(&BackupPlan::plan(change, Observed::default()).model.to_value());
    assert_eq!(planned["unfinished"], "(unknown)");
    assert_eq!(
        planned["selection_ids"],
        json!({"a": "(unknown)", "b": "(unknown)"})
    );
}

#[test]
fn imports_are_by_id_or_arn() {
    let by = |id: &str| import(ImportTarget::Id(id.to_owned())).map(|it| (it.id, it.region, it.arn));
    assert_eq!(by("plan-1"), Ok(("plan-1".into(), Attr::Null, Attr::Null)));
    assert_eq!(
        by("plan-1@eu-west-1"),
        Ok(("plan-1".into(), "eu-west-1".into(), Attr::Null))
    );
    assert_eq!(by(ARN), Ok(("plan-1".into(), "eu-west-1".into(), ARN.into())));
    assert_eq!(
        by("orgs/plan-1"),
        Ok(("orgs/plan-1".into(), Attr::Null, Attr::Null))
    );
    for wrong in [
        "",
        "a b",
        "arn:aws:backup:eu-west-1:111122223333:backup-vault:orders",
        &format!("{ARN}@eu-west-2"),
    ] {
        assert!(by(wrong).is_err(), "{wrong}");
    }
    assert_eq!(PlanId::parse("arn:aws:backup::111122223333:backup-plan:a"), None);
}

#[test]
fn a_plan_of_an_organizations_policy_is_not_ours() {
    assert_eq!(check_is_ours(&model(json!({})), "x"), Ok(()));
    for theirs in [
        json!({"id": "orgs/1"}),
        json!({"arn": ARN.replace("plan-1", "orgs/1")}),
    ] {
        assert!(check_is_ours(&model(theirs), "x").is_err());
    }
}
