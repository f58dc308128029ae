//! `dynamodb_recovery_point_copy` through the real terraform: two accounts, two Regions. Refusals are in
//! `recovery_point_copy/refusals.rs`, runs that are cut off in `recovery_point_copy/cut_off.rs`.

#[path = "recovery_point_copy/cut_off.rs"]
mod cut_off;
#[path = "recovery_point_copy/refusals.rs"]
mod refusals;
#[path = "recovery_point_copy/world.rs"]
mod world;

use acceptance_tests::{Backend, backend};
use expect_test::expect;
use serde_json::{Value, json};
use world::{ADDRESS, IRELAND, KEY_HERE, THERE, WITH_ROLE, World, copy_into, key_arn};

#[test]
fn basic() {
    let world = World::on(backend!(AssumeRole, Keys, Control));
    let config = world.workdir(WITH_ROLE);
    let plan = config.plan();
    assert_eq!(plan.actions(ADDRESS), ["create"]);
    assert!(!plan.output.contains("Warning: "), "{}", plan.output);

    config.apply();
    config.assert_empty_plan();
    let state = config.state();
    let copies = world.copies();
    assert_eq!(copies.len(), 1, "{copies:?}");
    assert_eq!(state.text(ADDRESS, "arn"), copies[0]["RecoveryPointArn"]);
    assert_eq!(state.text(ADDRESS, "status"), "COMPLETED");
    assert_eq!(state.text(ADDRESS, "region"), Backend::REGION);
    assert_eq!(state.text(ADDRESS, "account_id"), world.backend.account());
    let values = state.values(ADDRESS);
    assert_eq!(values["visible"], json!(true));
    assert_eq!(values["unfinished"], json!(false));
    assert_eq!(values["deletes_at"], Value::Null);
    let jobs = world.jobs();
    assert_eq!(jobs.len(), 1);
    assert_eq!(values["copy_job_id"], jobs[0]["CopyJobId"]);
    // A copy keeps the date of its original.
    let original = world.backend.aws().recovery_point("orders", &world.point);
    assert_eq!(
        copies[0]["CreationDate"],
        original.expect("it is there")["CreationDate"]
    );

    let role = "arn:aws:iam::444455556666:role/copies";
    let job = state.text(ADDRESS, "copy_job_id");
    config.assert_import(ADDRESS, &format!("{job}|{role}"), &[]);
    config.assert_import(ADDRESS, &format!("{job}@{}|{role}", Backend::REGION), &[]);
    let parts = format!(
        "{}|orders|{}|{}|{role}",
        world.point,
        state.text(ADDRESS, "arn"),
        world.vault
    );
    config.assert_import(ADDRESS, &parts, &["copy_job_id"]);
    config.assert_empty_plan();

    config.destroy();
    assert_eq!(world.copies(), Vec::<Value>::new());
    assert_eq!(config.state().addresses(), Vec::<&str>::new());
    assert!(
        world
            .backend
            .aws()
            .recovery_point("orders", &world.point)
            .is_some()
    );
}

#[test]
fn into_another_region_of_the_same_account() {
    let world = World::on(backend!(Keys, Control));
    let ireland = world.backend.aws().in_region(IRELAND);
    let vault = ireland.create_vault_with(
        "near",
        json!({"EncryptionKeyArn": key_arn(world.backend.account(), IRELAND, KEY_HERE)}),
    );
    let config = world.backend.workdir(&copy_into(
        &vault,
        &world.point,
        "recovery_point_lifecycle = { delete_after_days = 35 }",
    ));
    let plan = config.plan();
    assert!(!plan.output.contains("Warning: "), "{}", plan.output);
    config.apply();
    config.assert_empty_plan();
    let state = config.state();
    assert_eq!(state.values(ADDRESS)["visible"], json!(true));
    assert_eq!(state.text(ADDRESS, "deletes_at").get(..10), Some("2040-12-25"));
    assert_eq!(ireland.recovery_points("near").len(), 1);
    config.assert_import(ADDRESS, state.text(ADDRESS, "copy_job_id"), &[]);
    config.destroy();
    assert_eq!(ireland.recovery_points("near"), Vec::<Value>::new());
}

#[test]
fn without_a_role_in_the_other_account() {
    let world = World::on(backend!(Keys, Control));
    world.stop_the_clock();
    let config = world.workdir("");
    let run = config.terraform(&["plan", "-no-color"]).ok();
    world.warned(
        &run,
        &expect![[r#"
        Warning: Copy goes where this provider cannot look

          with dynamodb_recovery_point_copy.orders,
          on main.tf line 4, in resource "dynamodb_recovery_point_copy" "orders":
           4:   destination_vault_arn = "arn:aws:backup:eu-west-1:444455556666:backup-vault:copies"

        The vault is in account 444455556666, and no role is given with which it can
        be reached:
        - It was not checked whether account 444455556666 is in the same
        organization, and whether the vault "copies" exists, lets copies of this
        account in, has a key of the account's own that can be used, and a lock that
        allows the lifecycle. If not, the copy job fails, and its message says why.
        - The copy is not seen: visible stays false, and nobody tells when it is
        deleted or expires.
        - Its lifecycle can be given once and not changed.
        - A destroy cannot delete it: it leaves the state and stays in AWS.

        Give destination = { role_arn = "arn:aws:iam::444455556666:role/NAME" }, a
        role of that account that may backup:DescribeBackupVault,
        backup:GetBackupVaultAccessPolicy, backup:DescribeRecoveryPoint,
        backup:UpdateRecoveryPointLifecycle, backup:DeleteRecoveryPoint,
        backup:DescribeRegionSettings, organizations:DescribeOrganization and
        kms:DescribeKey.
    "#]],
    );
    world.backend.simulator().set_clock("2040-11-20T09:00:05Z");
    config.apply();
    config.assert_empty_plan();
    let state = config.state();
    assert_eq!(state.values(ADDRESS)["visible"], json!(false));
    assert_eq!(state.text(ADDRESS, "status"), "COMPLETED");
    let copies = world.copies();
    assert_eq!(copies[0]["RecoveryPointArn"], state.text(ADDRESS, "arn"));
    let job = state.text(ADDRESS, "copy_job_id").to_owned();
    config.assert_import(ADDRESS, &job, &[]);
    let parts = format!(
        "{}|orders|{}|{}",
        world.point,
        state.text(ADDRESS, "arn"),
        world.vault
    );
    config.terraform(&["state", "rm", ADDRESS]).ok();
    config
        .terraform(&["import", "-no-color", ADDRESS, &parts])
        .fails()
        .says("Copy to import cannot be seen");
    config.terraform(&["import", "-no-color", ADDRESS, &job]).ok();

    let run = config.terraform(&["plan", "-destroy", "-no-color"]).ok();
    world.warned(
        &run,
        &expect![[r#"
            Warning: Copy stays in the other account

              with dynamodb_recovery_point_copy.orders,
              on main.tf line 1, in resource "dynamodb_recovery_point_copy" "orders":
               1: resource "dynamodb_recovery_point_copy" "orders" {

            arn:aws:backup:eu-west-1:444455556666:recovery-point:<uuid>
            is in the vault "copies" of account 444455556666 in eu-west-1, which cannot
            be reached from here: this object leaves the state, and the copy stays;
            nothing expires it, and AWS bills it until somebody deletes it.

            To have it deleted, give destination = { role_arn =
            "arn:aws:iam::444455556666:role/NAME" } and apply before you destroy. By
            hand, in account 444455556666: aws backup delete-recovery-point --region
            eu-west-1 --backup-vault-name copies --recovery-point-arn
            arn:aws:backup:eu-west-1:444455556666:recovery-point:<uuid>
        "#]],
    );
    config
        .destroy()
        .says("Copy stays in the other account")
        .says("aws backup delete-recovery-point");
    assert_eq!(world.copies(), copies, "it stays");
    assert_eq!(config.state().addresses(), Vec::<&str>::new());
}

#[test]
fn a_role_that_comes_later_opens_the_other_account() {
    let world = World::on(backend!(AssumeRole, Keys, Control));
    let config = world.workdir("");
    config.apply();
    config.configure(&world.copy(WITH_ROLE));
    assert_eq!(config.plan().actions(ADDRESS), ["update"]);
    config.apply();
    config.assert_empty_plan();
    assert_eq!(config.state().values(ADDRESS)["visible"], json!(true));
    config.destroy();
    assert_eq!(world.copies(), Vec::<Value>::new());
    assert_eq!(world.backend.simulator().calls().count("StartCopyJob"), 1);
}

#[test]
fn recovery_point_lifecycle() {
    let world = World::on(backend!(AssumeRole, Keys, Control));
    let with = |days: &str| world.copy(&format!("{WITH_ROLE}\n  recovery_point_lifecycle = {{ {days} }}"));
    let config = world.backend.workdir(&with("delete_after_days = 35"));
    config.apply();
    config.assert_empty_plan();
    assert_eq!(world.copies()[0]["Lifecycle"], json!({"DeleteAfterDays": 35}));
    config.configure(&with(
        "move_to_cold_storage_after_days = 10, delete_after_days = 100",
    ));
    assert_eq!(config.plan().actions(ADDRESS), ["update"]);
    config.apply();
    config.assert_empty_plan();
    let state = config.state();
    assert_eq!(
        state.text(ADDRESS, "moves_to_cold_storage_at").get(..10),
        Some("2040-11-30")
    );
    assert_eq!(state.text(ADDRESS, "deletes_at").get(..10), Some("2041-02-28"));
    // Behind Terraform's back.
    let arn = state.text(ADDRESS, "arn").replace(':', "%3A");
    world.there().aws_backup(
        "POST",
        &format!("/backup-vaults/copies/recovery-points/{arn}"),
        json!({"Lifecycle": {"DeleteAfterDays": 50}}),
    );
    assert_eq!(config.plan().actions(ADDRESS), ["update"]);
    config.configure(&world.copy(WITH_ROLE));
    config.apply();
    config.assert_empty_plan();
    assert_eq!(config.state().values(ADDRESS)["deletes_at"], Value::Null);
    assert_eq!(world.backend.simulator().calls().count("StartCopyJob"), 1);

    config.configure(&world.copy("recovery_point_lifecycle = { delete_after_days = 7 }"));
    config
        .plan_fails()
        .says("Lifecycle of the copy cannot be changed from here")
        .says("destination = { role_arn = \"arn:aws:iam::444455556666:role/NAME\" }");
}

#[test]
fn retain_on_destroy_and_triggers() {
    let world = World::on(backend!(AssumeRole, Keys, Control));
    let with = |more: &str| world.copy(&format!("{WITH_ROLE}\n  {more}"));
    let config = world
        .backend
        .workdir(&with("retain_on_destroy = true\n  triggers = { month = \"11\" }"));
    config.apply();
    config.configure(&with("retain_on_destroy = true\n  triggers = { month = \"12\" }"));
    assert_eq!(config.plan().actions(ADDRESS), ["delete", "create"]);
    config.apply();
    assert_eq!(world.copies().len(), 2);
    config.configure(&with("triggers = { month = \"12\" }"));
    assert_eq!(config.plan().actions(ADDRESS), ["update"]);
    config.apply();
    config.assert_empty_plan();
    config.destroy();
    assert_eq!(world.copies().len(), 1, "the first one was retained");
}

#[test]
fn disappears() {
    let world = World::on(backend!(AssumeRole, Keys, Control));
    let config = world.workdir(WITH_ROLE);
    config.apply();
    let first = config.state().text(ADDRESS, "arn").to_owned();
    world.there().delete_recovery_point("copies", &first);
    acceptance_tests::wait_until("the copy to go", std::time::Duration::from_secs(30), || {
        world.copies().is_empty().then_some(())
    });
    let plan = config.plan();
    assert_eq!(plan.actions(ADDRESS), ["create"]);
    assert!(
        plan.output
            .contains("Warning: Copy was deleted outside Terraform"),
        "{}",
        plan.output
    );
    config.apply();
    assert_ne!(config.state().text(ADDRESS, "arn"), first);

    // A denial is no absence.
    world.backend.simulator().deny(&["backup:DescribeRecoveryPoint"]);
    config
        .plan_fails()
        .says("Copy cannot be read")
        .says("Allow backup:DescribeRecoveryPoint");
    assert!(config.state().find(ADDRESS).is_some());
}

#[test]
fn a_vault_and_a_copy_of_the_same_plan() {
    let world = World::on(backend!(Keys, Control));
    let config = world.backend.workdir(&format!(
        "resource \"terraform_data\" \"vault\" {{\n  input = \"{}\"\n}}\n{}",
        world.vault,
        world
            .copy(WITH_ROLE)
            .replace(&format!("\"{}\"", world.vault), "terraform_data.vault.output")
    ));
    let plan = config.plan();
    assert!(!plan.output.contains("Warning: "), "{}", plan.output);
    config.apply();
    config.assert_empty_plan();
    assert_eq!(world.copies().len(), 1);
}

#[test]
fn a_copy_that_fails_says_why_and_is_made_anew() {
    let world = World::on(backend!(AssumeRole, Keys, Control));
    let config = world.workdir(WITH_ROLE);
    world.backend.simulator().fail_next_job(
        world.backend.account(),
        Backend::REGION,
        json!({"kind": "copy", "state": "FAILED", "message": "The KMS key of the vault said no"}),
    );
    config
        .try_apply()
        .fails()
        .says("Copy job failed")
        .says("The KMS key of the vault said no")
        .says("kms:CreateGrant");
    assert_eq!(config.plan().actions(ADDRESS), ["create"]);
    config.apply();
    config.assert_empty_plan();
    assert_eq!(world.jobs().len(), 2);
    assert_eq!(world.copies().len(), 1);
}

#[test]
fn the_account_of_the_credentials_is_guarded() {
    let world = World::on(backend!(AssumeRole, Keys, Control));
    let mut config = world.workdir(WITH_ROLE);
    config.apply();
    config.set_variable("AWS_ACCESS_KEY_ID", THERE);
    config.plan_fails().says("Object belongs to another account");
}
