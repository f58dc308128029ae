//! Plans as data. The lifecycle is in the acceptance tests, with the real terraform and two accounts.

use expect_test::{Expect, expect};
use rules::Fact;
use rules::facts::{ObservedRecoveryPoint, ObservedVault, RecoveryPointStatus};
use serde_json::{Value as Json, json};
use tfsdk::{Attr, Change, ImportTarget, Model as _, Resource as _};

use super::{Model, Observed, RecoveryPointCopy};
use crate::facts::Planner;
use crate::testing::{self, summaries};

const POINT: &str =
    "arn:aws:backup:us-east-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45";
const COPY: &str =
    "arn:aws:backup:eu-west-1:444455556666:recovery-point:2EB3B5E7-9EB0-435A-A80B-108B488B0D45";
const VAULT: &str = "arn:aws:backup:eu-west-1:444455556666:backup-vault:copies";
const ROLE: &str = "arn:aws:iam::444455556666:role/copies";

fn object(more: &Json) -> Model {
    let mut given = json!({
        "recovery_point_arn": POINT, "source_vault_name": "orders", "destination_vault_arn": VAULT,
        "role_arn": "arn:aws:iam::111122223333:role/backup",
    });
    for (name, value) in more.as_object().expect("an object") {
        given[name] = value.clone();
    }
    Model::from_value(&testing::value(&super::schema::schema().ty(), &given)).expect("it fits the schema")
}

fn state(more: &Json) -> Model {
    let mut given = json!({
        "region": "us-east-1", "account_id": "111122223333", "arn": COPY, "copy_job_id": "job", "status": "COMPLETED",
        "visible": true, "unfinished": false, "retain_on_destroy": false, "completed_at": "2026-11-20T09:00:00Z",
    });
    for (name, value) in more.as_object().expect("an object") {
        given[name] = value.clone();
    }
    object(&given)
}

/// A plan from this state with these arguments changed.
fn update(prior: &Model, change: impl FnOnce(&mut Model)) -> Change<Model> {
    let mut proposed = prior.clone();
    change(&mut proposed);
    Change::Update {
        prior: prior.clone(),
        config: proposed.clone(),
        proposed,
    }
}

fn observed() -> Observed {
    Observed {
        planner: Planner {
            now: Fact::Known("2026-11-20T09:30:00Z".parse().expect("a time")),
            region: Some("us-east-1".to_owned()),
            account: Some("111122223333".to_owned()),
            ..Planner::default()
        },
        ..Observed::default()
    }
}

fn barred() -> Observed {
    let vault = Some(VAULT.parse().expect("an ARN"));
    Observed {
        barred: vault.clone(),
        prior_barred: vault,
        ..observed()
    }
}

fn locked(lock_date: Fact<&str>) -> Observed {
    Observed {
        prior_vault: Fact::Known(ObservedVault {
            locked: Fact::Known(true),
            lock_date: lock_date.map(|date| date.parse().expect("a time")),
            ..ObservedVault::default()
        }),
        ..observed()
    }
}

/// What changes, what replaces, and what is said.
fn check(change: Change<Model>, seen: Observed, expected: Expect) {
    let before = change.prior().map(|prior| testing::json(&prior.to_value()));
    let planned = RecoveryPointCopy::plan(change, seen);
    let mut lines = Vec::new();
    for (name, value) in testing::json(&planned.model.to_value())
        .as_object()
        .expect("an object")
    {
        let same = before
            .as_ref()
            .map_or(value.is_null(), |before| before[name] == *value);
        if !same {
            lines.push(format!("{name} = {value}"));
        }
    }
    lines.extend(planned.replace.iter().map(|path| format!("replaces at {path}")));
    lines.extend(summaries(&planned.diagnostics));
    expected.assert_eq(&lines.join("\n"));
}

#[test]
fn a_new_copy_into_another_account_says_what_is_not_seen() {
    let config = object(&json!({}));
    let proposed = Model {
        region: Attr::Unknown,
        account_id: Attr::Unknown,
        ..config.clone()
    };
    let said = RecoveryPointCopy::plan(Change::Create { config, proposed }, barred());
    assert_eq!(
        summaries(&said.diagnostics),
        ["warning at destination_vault_arn: Copy goes where this provider cannot look"]
    );
    assert_eq!(said.model.region, "us-east-1".into());
    assert_eq!(said.model.unfinished, Attr::Unknown);
    let retained = object(&json!({"retain_on_destroy": true}));
    let kept = RecoveryPointCopy::plan(
        Change::Create {
            config: retained.clone(),
            proposed: retained,
        },
        barred(),
    );
    let details = |it: &tfsdk::Planned<Model>| {
        it.diagnostics
            .iter()
            .map(|it| it.detail.clone())
            .collect::<String>()
    };
    assert!(details(&said).contains("A destroy cannot delete it"));
    assert!(!details(&kept).contains("A destroy cannot delete it"));
}

#[test]
fn only_another_source_or_place_is_another_copy() {
    let prior = state(&json!({}));
    check(
        update(&prior, |it| it.recovery_point_arn = Attr::Unknown),
        observed(),
        expect![[r#"
            recovery_point_arn = "(unknown)"
            replaces at recovery_point_arn"#]],
    );
    check(
        update(&prior, |it| {
            it.role_arn = "arn:aws:iam::111122223333:role/other".into()
        }),
        Observed::default(),
        expect![[r#"role_arn = "arn:aws:iam::111122223333:role/other""#]],
    );
}

#[test]
fn a_lifecycle_changes_where_the_copy_can_be_reached_and_is_not_locked() {
    let prior = state(&json!({"recovery_point_lifecycle": {"delete_after_days": 35}}));
    let forever = |it: &mut Model| it.recovery_point_lifecycle = Attr::Null;
    check(
        update(&prior, forever),
        observed(),
        expect![[r#"
            completed_at = "(unknown)"
            created_at = "(unknown)"
            deletes_at = "(unknown)"
            moves_to_cold_storage_at = "(unknown)"
            recovery_point_lifecycle = null
            size_bytes = "(unknown)"
            status = "(unknown)"
            visible = "(unknown)""#]],
    );
    let refused = |seen| summaries(&RecoveryPointCopy::plan(update(&prior, forever), seen).diagnostics);
    assert_eq!(
        refused(barred()),
        ["error at recovery_point_lifecycle: Lifecycle of the copy cannot be changed from here"]
    );
    assert_eq!(
        refused(locked(Fact::Absent)),
        ["error at recovery_point_lifecycle: Lock of the vault protects the recovery point"]
    );
    // The same in other words is no change.
    let prior = state(&json!({}));
    let same = |it: &mut Model| {
        it.recovery_point_lifecycle =
            object(&json!({"recovery_point_lifecycle": {"delete_after_days": -1}})).recovery_point_lifecycle;
    };
    let planned = RecoveryPointCopy::plan(update(&prior, same), barred());
    assert_eq!(summaries(&planned.diagnostics), [""; 0]);
    assert_eq!(planned.model.deletes_at, Attr::Null);
}

#[test]
fn an_unfinished_copy_is_taken_up() {
    let prior = state(&json!({"unfinished": true, "arn": null, "status": "RUNNING", "visible": false}));
    let planned = RecoveryPointCopy::plan(update(&prior, |_| ()), observed());
    assert_eq!(
        (planned.model.arn, planned.model.unfinished),
        (Attr::Unknown, Attr::Unknown)
    );
    assert_eq!(planned.replace, []);
}

#[test]
fn a_destroy_says_what_becomes_of_the_copy() {
    let said = |more: Json, seen: Observed| {
        let prior = state(&more);
        summaries(&RecoveryPointCopy::plan(Change::Destroy { prior }, seen).diagnostics)
    };
    assert_eq!(said(json!({}), observed()), [""; 0]);
    assert_eq!(
        said(json!({}), barred()),
        ["warning: Copy stays in the other account"]
    );
    assert_eq!(said(json!({"retain_on_destroy": true}), barred()), [""; 0]);
    assert_eq!(said(json!({"arn": null}), barred()), [""; 0]);
    assert_eq!(
        said(json!({"arn": null, "unfinished": true}), barred()),
        ["warning: Copy stays in the other account"]
    );
    assert_eq!(
        said(json!({}), locked(Fact::Known("2026-12-01T00:00:00Z"))),
        ["error at retain_on_destroy: Lock of the vault protects the recovery point"]
    );
    assert_eq!(
        said(json!({"retain_on_destroy": true}), locked(Fact::Absent)),
        [""; 0]
    );
}

#[test]
fn a_replacement_says_what_becomes_of_the_copy_before() {
    let prior = state(&json!({}));
    let other = |it: &mut Model| it.source_vault_name = "others".into();
    let seen = Observed {
        barred: None,
        ..barred()
    };
    check(
        update(&prior, other),
        seen,
        expect![[r#"
            source_vault_name = "others"
            replaces at source_vault_name
            warning: Copy stays in the other account"#]],
    );
}

#[test]
fn there_must_be_something_to_copy() {
    let said = |vault: Fact<ObservedVault>, point: Fact<ObservedRecoveryPoint>| {
        let config = object(&json!({}));
        let mut seen = observed();
        seen.copy.source_vault = vault;
        seen.copy.recovery_point = point;
        let change = Change::Create {
            config: config.clone(),
            proposed: config,
        };
        summaries(&RecoveryPointCopy::plan(change, seen).diagnostics)
    };
    let there = || Fact::Known(ObservedVault::default());
    let with = |status| {
        Fact::Known(ObservedRecoveryPoint {
            status: Fact::Known(status),
            ..ObservedRecoveryPoint::default()
        })
    };
    assert_eq!(
        said(Fact::Absent, Fact::Unknown),
        ["error at source_vault_name: There is nothing to copy"]
    );
    let nothing = ["error at recovery_point_arn: There is nothing to copy"];
    assert_eq!(said(there(), Fact::Absent), nothing);
    assert_eq!(said(there(), with(RecoveryPointStatus::Deleting)), nothing);
    assert_eq!(said(there(), with(RecoveryPointStatus::Completed)), [""; 0]);
    assert_eq!(said(Fact::Unknown, Fact::Unknown), [""; 0]);
}

#[test]
fn what_the_configuration_shows_is_said_at_once() {
    let said = |more: Json| summaries(&RecoveryPointCopy::validate(&object(&more)));
    assert_eq!(said(json!({"destination": {"role_arn": ROLE}})), [""; 0]);
    assert_eq!(
        said(json!({"destination": {"role_arn": "arn:aws:iam::111122223333:role/copies"}})),
        ["error at destination.role_arn: Role of the destination is not one of its account"]
    );
    assert_eq!(
        said(json!({"destination": {"role_arn": "copies"}})),
        ["error at destination.role_arn: Role of the destination is not one of its account"]
    );
    assert_eq!(said(json!({"destination": {"role_arn": "(unknown)"}})), [""; 0]);
    assert_eq!(
        said(json!({"destination_vault_arn": "copies"})),
        ["error at destination_vault_arn: Vault is given in the wrong form"]
    );
}

#[test]
fn an_import_names_the_job_or_all_that_it_knew() {
    let import = |id: &str| super::import::import(ImportTarget::Id(id.to_owned()));
    let by_job = import("1EB3B5E7@eu-west-1").expect("the right form");
    assert_eq!(
        (by_job.copy_job_id, by_job.region),
        ("1EB3B5E7".into(), "eu-west-1".into())
    );
    let with_role = import(&format!("1EB3B5E7|{ROLE}")).expect("the right form");
    assert_eq!(
        with_role.destination.known().expect("a role").role_arn,
        ROLE.into()
    );
    assert_eq!(with_role.region, Attr::Null);
    let by_parts = import(&format!("{POINT}|orders|{COPY}|{VAULT}|{ROLE}")).expect("the right form");
    assert_eq!(
        (by_parts.arn, by_parts.region, by_parts.account_id),
        (COPY.into(), "us-east-1".into(), "111122223333".into())
    );
    for (id, why) in [
        ("", "it begins with no id"),
        (POINT, "it begins with no id"),
        ("job@here", "is not a Region"),
        ("job|role", "is not the ARN of a role"),
        ("a|b|c", "another number of parts"),
        (
            &format!("{POINT}|orders|{POINT}|{VAULT}"),
            "is not of the account",
        ),
        (&format!("{POINT}||{COPY}|{VAULT}"), "is missing"),
    ] {
        let said = import(id).expect_err("another form");
        let said: String = said.iter().map(|it| it.detail.clone()).collect();
        assert!(
            said.contains(why) && said.contains("Give the id of the copy job"),
            "{id}: {said}"
        );
    }
}
