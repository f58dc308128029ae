//! Locks: changed in place, stable when they are imported, final after their date.

use acceptance_tests::{Backend, backend};
use serde_json::{Value, json};

use super::{ADDRESS, DAY, applied, configuration, vault};

fn lock(members: &str) -> String {
    format!("lock = {{ {members} }}")
}

fn put_lock(backend: &Backend, lock: Value) {
    backend
        .aws()
        .aws_backup("PUT", "/backup-vaults/orders/vault-lock", lock);
}

#[test]
fn governance_is_changed_in_place_and_removed() {
    let backend = backend!(Control);
    let config = applied(&backend, &lock("min_retention_days = 7"));
    config.assert_empty_plan();
    let state = config.state();
    assert_eq!(state.text(ADDRESS, "lock_mode"), "GOVERNANCE");
    assert_eq!(state.values(ADDRESS)["lock_date"], Value::Null);
    config.assert_import(ADDRESS, "orders", &[]);

    config.configure(&configuration(&lock(
        "min_retention_days = 8, max_retention_days = 90",
    )));
    assert_eq!(config.plan().actions(ADDRESS), ["update"]);
    config.apply();
    config.assert_empty_plan();
    assert_eq!(vault(&backend)["MaxRetentionDays"], 90);

    config.configure(&configuration(""));
    assert_eq!(config.plan().actions(ADDRESS), ["update"]);
    config.apply();
    config.assert_empty_plan();
    assert_eq!(vault(&backend)["Locked"], false);
}

#[test]
fn in_grace_a_change_of_the_number_puts_the_lock_anew_and_moves_the_date() {
    let backend = backend!(Control);
    let three = lock("min_retention_days = 7, changeable_for_days = 3");
    let config = applied(&backend, &three);
    config.assert_empty_plan();
    let before = config.state().text(ADDRESS, "lock_date").to_owned();
    assert_eq!(config.state().text(ADDRESS, "lock_mode"), "COMPLIANCE");

    config.configure(&configuration(&three.replace("= 3", "= 7")));
    let plan = config.plan();
    assert_eq!(plan.actions(ADDRESS), ["update"]);
    assert_eq!(plan.change(ADDRESS)["after_unknown"]["lock_date"], json!(true));
    config.apply();
    config.assert_empty_plan();
    let after = config.state().text(ADDRESS, "lock_date").to_owned();
    assert!(after > before, "{before} {after}");

    // What leaves the lock alone leaves its date known.
    let tagged = format!("{}\n  tags = {{ a = \"1\" }}", three.replace("= 3", "= 7"));
    config.configure(&configuration(&tagged));
    assert_eq!(config.plan().after(ADDRESS, "lock_date"), &json!(after));
    config.configure(&configuration(""));
    config.apply();
    assert_eq!(vault(&backend)["Locked"], false);
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/46876>
#[test]
fn import_of_a_locked_vault_plans_empty_46876() {
    // Locked as it was made or days later, looked at in grace or past the lock date.
    for (later, then) in [(0, 1), (0, 30), (10, 1), (10, 30)] {
        let backend = backend!(Control);
        backend.aws().create_vault("orders");
        backend.simulator().advance(later * DAY);
        put_lock(
            &backend,
            json!({"MinRetentionDays": 7, "MaxRetentionDays": 365, "ChangeableForDays": 3}),
        );
        backend.simulator().advance(then * DAY);
        let written = "min_retention_days = 7, max_retention_days = 365, changeable_for_days = 3";
        let config = backend.workdir(&configuration(&lock(written)));
        config.terraform(&["import", "-no-color", ADDRESS, "orders"]).ok();
        config.assert_empty_plan();
        // A refresh later, with another number, and with something else that changes.
        config
            .terraform(&["apply", "-refresh-only", "-auto-approve", "-no-color"])
            .ok();
        config.assert_empty_plan();
        config.configure(&configuration(&lock(
            &written.replace("for_days = 3", "for_days = 9"),
        )));
        config.assert_empty_plan();
        config.configure(&configuration(&format!(
            "{}\n  tags = {{ a = \"1\" }}",
            lock(written)
        )));
        config.apply();
        config.assert_empty_plan();
        assert_eq!(
            backend
                .simulator()
                .calls()
                .count("PutBackupVaultLockConfiguration"),
            1,
            "ours is none"
        );
    }
}

#[test]
fn after_the_lock_date_a_change_is_refused_with_the_date() {
    let backend = backend!(Control);
    let written = lock("min_retention_days = 7, changeable_for_days = 3");
    let config = applied(&backend, &written);
    let date = config.state().text(ADDRESS, "lock_date").to_owned();
    backend.simulator().advance(4 * DAY);
    config.assert_empty_plan();
    for changed in [configuration(&written.replace("= 7", "= 8")), configuration("")] {
        config.configure(&changed);
        let run = config.terraform(&["apply", "-auto-approve", "-no-color"]).fails();
        assert!(run.to_string().contains(&date), "{run}");
    }
    let calls = backend.simulator().calls();
    assert_eq!(calls.effective("PutBackupVaultLockConfiguration"), 1);
    assert_eq!(calls.effective("DeleteBackupVaultLockConfiguration"), 0);
    config.configure(&configuration(&written));
    config.assert_empty_plan();
}
