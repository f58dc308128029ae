//! Each prerequisite of a copy taken away in turn: what the plan says, whole, and that no job is ever asked for.
//!
//! What the same apply may still mend is a warning in the plan, and an error right before the job.

use acceptance_tests::{Backend, backend};
use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::world::{KEY_THERE, MANAGER, THERE, WITH_ROLE, World, copy_into, make_key};

/// Insists that the plan is refused in these words, and that nothing was asked for.
#[track_caller]
fn refused_by_plan(world: &World, more: &str, expected: &Expect) {
    world.stop_the_clock();
    world.backend.simulator().clear_calls();
    let config = world.workdir(more);
    let run = config.plan_fails();
    world.refused(&run, expected);
    config.try_apply().fails();
    world.started_nothing();
}

/// Insists that the plan warns in these words, and that the apply fails before the job.
#[track_caller]
fn refused_by_apply(world: &World, more: &str, warning: &Expect, error: &str) {
    world.stop_the_clock();
    world.backend.simulator().clear_calls();
    let config = world.workdir(more);
    let run = config.terraform(&["plan", "-no-color"]).ok();
    world.warned(&run, warning);
    config
        .try_apply()
        .fails()
        .says(error)
        .says("The copy would fail.");
    world.started_nothing();
}

#[test]
fn organization() {
    let world = World::on(backend!(AssumeRole, Keys, Control));
    world
        .backend
        .simulator()
        .organize(MANAGER, &[world.backend.account()]);
    refused_by_plan(
        &world,
        WITH_ROLE,
        &expect![[r#"
        Error: Accounts of a copy are not in one organization

          with dynamodb_recovery_point_copy.orders,
          on main.tf line 4, in resource "dynamodb_recovery_point_copy" "orders":
           4:   destination_vault_arn = "arn:aws:backup:eu-west-1:444455556666:backup-vault:copies"

        The copy goes from account 111122223333 to account 444455556666, and account
        444455556666 is in no organization. AWS Backup copies only within one
        organization.

        Copy to a vault of an account of the same organization, or invite the account
        that is missing, from the management account: aws organizations
        invite-account-to-organization --target Id=444455556666,Type=ACCOUNT

        Rule DBK-XAC-003 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-XAC-003.md
    "#]],
    );
}

#[test]
fn switch() {
    let world = World::on(backend!(AssumeRole, Keys, Control));
    world.manager().set_cross_account_backup(false);
    refused_by_apply(
        &world,
        WITH_ROLE,
        &expect![[r#"
        Warning: Cross-account backup is switched off in the organization

          with dynamodb_recovery_point_copy.orders,
          on main.tf line 4, in resource "dynamodb_recovery_point_copy" "orders":
           4:   destination_vault_arn = "arn:aws:backup:eu-west-1:444455556666:backup-vault:copies"

        The copy goes from account 111122223333 to account 444455556666, and the
        organization has cross-account backup switched off. Unless that changes
        before the copy starts, it fails.

        Switch it on in the management account, 999988887777: aws backup
        update-global-settings --global-settings isCrossAccountBackupEnabled=true

        Rule DBK-XAC-004 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-XAC-004.md
    "#]],
        "DBK-XAC-004",
    );
}

#[test]
fn advanced_features_when_the_recovery_point_was_made() {
    let backend = backend!(AssumeRole, Keys, Control);
    let mut world = World::on(backend);
    let aws = world.backend.aws();
    aws.set_backup_settings(true, false);
    let old = aws.make_recovery_point("orders", "orders");
    // Switched on too late for that one.
    aws.set_backup_settings(true, true);
    world.point = old;
    refused_by_plan(
        &world,
        WITH_ROLE,
        &expect![[r#"
        Error: Backup was not made with the advanced features, and cannot be copied

          with dynamodb_recovery_point_copy.orders,
          on main.tf line 2, in resource "dynamodb_recovery_point_copy" "orders":
           2:   recovery_point_arn    = "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>"

        "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>"
        is a backup that DynamoDB keeps, made without the advanced features of AWS
        Backup. Such a backup cannot be copied to account 444455556666, nor to any
        other.

        Switch the advanced features on (aws backup update-region-settings --region
        us-east-1 --resource-type-management-preference DynamoDB=true), make a new
        recovery point of the table with AWS Backup, and copy that one.

        Rule DBK-XAC-006 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-XAC-006.md
    "#]],
    );
}

#[test]
fn advanced_features_within_the_account() {
    let world = World::on(backend!(Keys, Control));
    let aws = world.backend.aws();
    aws.set_backup_settings(true, false);
    let old = aws.make_recovery_point("orders", "orders");
    let near = aws.in_region("eu-west-1").create_vault("near");
    world.stop_the_clock();
    let config = world.backend.workdir(&copy_into(&near, &old, ""));
    world.refused(&config.plan_fails(), &expect![[r#"
        Error: Backup was not made with the advanced features, and stays in its Region

          with dynamodb_recovery_point_copy.orders,
          on main.tf line 2, in resource "dynamodb_recovery_point_copy" "orders":
           2:   recovery_point_arn    = "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>"

        "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>"
        is a backup that DynamoDB keeps, made without the advanced features of AWS
        Backup. It cannot be copied into the vault "near" in eu-west-1, nor into any
        other.

        Switch the advanced features on (advanced_features = true in a
        dynamodb_backup_settings, or aws backup update-region-settings --region
        us-east-1 --resource-type-management-preference DynamoDB=true), make a new
        recovery point of the table with AWS Backup, and copy that one.

        Rule DBK-CPY-007 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CPY-007.md
    "#]]);
    world.started_nothing();
}

#[test]
fn vault() {
    let mut world = World::on(backend!(AssumeRole, Keys, Control));
    world.vault = world.vault.replace(":copies", ":none");
    refused_by_apply(
        &world,
        WITH_ROLE,
        &expect![[r#"
        Warning: Destination vault does not take copies from this account

          with dynamodb_recovery_point_copy.orders,
          on main.tf line 4, in resource "dynamodb_recovery_point_copy" "orders":
           4:   destination_vault_arn = "arn:aws:backup:eu-west-1:444455556666:backup-vault:none"

        There is no vault "none" in account 444455556666 in eu-west-1. Unless that
        changes before the copy starts, it fails.

        Correct the ARN, or make the vault in account 444455556666, with a KMS key of
        that account's own: aws backup create-backup-vault --region eu-west-1
        --backup-vault-name none --encryption-key-arn KEY_ARN

        Rule DBK-XAC-007 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-XAC-007.md
    "#]],
        "DBK-XAC-007",
    );
}

#[test]
fn vault_within_the_account() {
    let world = World::on(backend!(Keys, Control));
    let near = format!(
        "arn:aws:backup:eu-west-1:{}:backup-vault:near",
        world.backend.account()
    );
    world.stop_the_clock();
    let config = world.backend.workdir(&copy_into(&near, &world.point, ""));
    let run = config.terraform(&["plan", "-no-color"]).ok();
    world.warned(
        &run,
        &expect![[r#"
        Warning: Destination vault does not exist

          with dynamodb_recovery_point_copy.orders,
          on main.tf line 4, in resource "dynamodb_recovery_point_copy" "orders":
           4:   destination_vault_arn = "arn:aws:backup:eu-west-1:111122223333:backup-vault:near"

        There is no vault "near" in eu-west-1. Unless that changes before the copy
        starts, it fails.

        Correct the ARN, or make the vault: a dynamodb_backup_vault with name =
        "near" and region = "eu-west-1". Refer to it here, so that it is made first.

        Rule DBK-CPY-005 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CPY-005.md
    "#]],
    );
    config.try_apply().fails().says("DBK-CPY-005");
    world.started_nothing();
}

#[test]
fn policy() {
    let world = World::on(backend!(AssumeRole, Keys, Control));
    world.set_policy("copies", &json!({"AWS": "arn:aws:iam::777788889999:root"}));
    refused_by_apply(
        &world,
        WITH_ROLE,
        &expect![[r#"
        Warning: Destination vault does not take copies from this account

          with dynamodb_recovery_point_copy.orders,
          on main.tf line 4, in resource "dynamodb_recovery_point_copy" "orders":
           4:   destination_vault_arn = "arn:aws:backup:eu-west-1:444455556666:backup-vault:copies"

        The vault "copies" of account 444455556666 in eu-west-1 has an access policy
        that does not allow that account to copy into it, and the copy comes from
        account 111122223333. Unless that changes before the copy starts, it fails.

        In account 444455556666, set policy in the dynamodb_backup_vault, or run
        this, which replaces a policy that is there: aws backup
        put-backup-vault-access-policy --region eu-west-1 --backup-vault-name copies
        --policy
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"backup:CopyIntoBackupVault","Resource":"*"}]}'

        Rule DBK-XAC-007 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-XAC-007.md
    "#]],
        "DBK-XAC-007",
    );
}

#[test]
fn default_vault() {
    let mut world = World::on(backend!(AssumeRole, Keys, Control));
    world.there().create_vault("Default");
    world.open("Default");
    world.vault = world.vault.replace(":copies", ":Default");
    refused_by_plan(
        &world,
        WITH_ROLE,
        &expect![[r#"
        Error: Destination vault of another account has a key that AWS manages

          with dynamodb_recovery_point_copy.orders,
          on main.tf line 4, in resource "dynamodb_recovery_point_copy" "orders":
           4:   destination_vault_arn = "arn:aws:backup:eu-west-1:444455556666:backup-vault:Default"

        The vault "Default" of account 444455556666 is the one that the console
        makes, with the key that AWS manages, aws/backup. That key cannot be shared,
        so that nothing from account 111122223333 can be copied into the vault.

        Copy into a vault with a KMS key of the account's own. To make one in account
        444455556666: aws backup create-backup-vault --region eu-west-1
        --backup-vault-name copies --encryption-key-arn KEY_ARN

        Rule DBK-XAC-009 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-XAC-009.md
    "#]],
    );
}

#[test]
fn key_of_aws() {
    let mut world = World::on(backend!(AssumeRole, Keys, Control));
    world.there().create_vault("managed");
    world.open("managed");
    world.vault = world.vault.replace(":copies", ":managed");
    refused_by_plan(
        &world,
        WITH_ROLE,
        &expect![[r#"
        Error: Destination vault of another account has a key that AWS manages

          with dynamodb_recovery_point_copy.orders,
          on main.tf line 4, in resource "dynamodb_recovery_point_copy" "orders":
           4:   destination_vault_arn = "arn:aws:backup:eu-west-1:444455556666:backup-vault:managed"

        The vault "managed" of account 444455556666 is encrypted by the key that AWS
        manages, aws/backup. That key cannot be shared, so that nothing from account
        111122223333 can be copied into the vault.

        Copy into a vault with a KMS key of the account's own. To make one in account
        444455556666: aws backup create-backup-vault --region eu-west-1
        --backup-vault-name copies --encryption-key-arn KEY_ARN

        Rule DBK-XAC-009 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-XAC-009.md
    "#]],
    );
}

#[test]
fn key_that_is_disabled() {
    let world = World::on(backend!(AssumeRole, Keys, Control));
    make_key(&world.backend, THERE, "eu-west-1", KEY_THERE, "Disabled");
    refused_by_plan(
        &world,
        WITH_ROLE,
        &expect![[r#"
        Error: Key of the destination vault cannot encrypt the copy

          with dynamodb_recovery_point_copy.orders,
          on main.tf line 4, in resource "dynamodb_recovery_point_copy" "orders":
           4:   destination_vault_arn = "arn:aws:backup:eu-west-1:444455556666:backup-vault:copies"

        The key
        arn:aws:kms:eu-west-1:444455556666:key/<uuid>
        of the vault "copies", which takes the copy, is Disabled. Nothing can be
        encrypted with it.

        Enable the key, in account 444455556666: aws kms enable-key --region
        eu-west-1 --key-id
        arn:aws:kms:eu-west-1:444455556666:key/<uuid>.
        Or copy into another vault: the key of a vault cannot be changed.

        Rule DBK-CPY-016 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CPY-016.md
    "#]],
    );
}

#[test]
fn cold_storage() {
    let world = World::on(backend!(AssumeRole, Keys, Control));
    let arn = world.point.replace(':', "%3A");
    world.backend.aws().aws_backup(
        "POST",
        &format!("/backup-vaults/orders/recovery-points/{arn}"),
        json!({"Lifecycle": {"MoveToColdStorageAfterDays": 1, "DeleteAfterDays": 1000}}),
    );
    world.backend.simulator().freeze("2040-12-20T09:00:05Z");
    let config = world.workdir(WITH_ROLE);
    world.refused(
        &config.plan_fails(),
        &expect![[r#"
        Error: Recovery point is in cold storage, and cannot leave its account

          with dynamodb_recovery_point_copy.orders,
          on main.tf line 2, in resource "dynamodb_recovery_point_copy" "orders":
           2:   recovery_point_arn    = "arn:aws:backup:us-east-1:111122223333:recovery-point:<uuid>"

        "arn:aws:backup:us-east-1:111122223333:recovery-point:<uuid>"
        is in cold storage, and account 444455556666 is another account. AWS Backup
        copies only warm recovery points there.

        Copy a recovery point that is still warm. To have each one copied in time,
        give the rule of the backup plan a copy action, which copies as soon as the
        backup is made.

        Rule DBK-XAC-011 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-XAC-011.md
    "#]],
    );
    world.started_nothing();
}

#[test]
fn lock() {
    let world = World::on(backend!(AssumeRole, Keys, Control));
    world.lock(json!({"MinRetentionDays": 30, "MaxRetentionDays": 365}));
    let more = format!("{WITH_ROLE}\n  recovery_point_lifecycle = {{ delete_after_days = 7 }}");
    refused_by_plan(
        &world,
        &more,
        &expect![[r#"
        Error: Copy does not stay as long as the lock of the destination vault demands

          with dynamodb_recovery_point_copy.orders,
          on main.tf line 7, in resource "dynamodb_recovery_point_copy" "orders":
           7:   recovery_point_lifecycle = { delete_after_days = 7 }

        The copy stays for 7 days, and the lock of the vault "copies" of account
        444455556666 in eu-west-1 demands 30 days at least. The copy job would fail.

        Set delete_after_days = 30 in the lifecycle of the copy, or copy into another
        vault.

        Rule DBK-CPY-006 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CPY-006.md
    "#]],
    );
    // Never is beyond every maximum.
    world
        .workdir(WITH_ROLE)
        .plan_fails()
        .says("The copy is never deleted");
    world.started_nothing();
}

#[test]
fn expiry_at_once() {
    let world = World::on(backend!(AssumeRole, Keys, Control));
    world.backend.simulator().freeze("2040-12-20T09:00:05Z");
    let config = world.workdir(&format!(
        "{WITH_ROLE}\n  recovery_point_lifecycle = {{ delete_after_days = 7 }}"
    ));
    let run = config.terraform(&["plan", "-no-color"]).ok();
    world.warned(
        &run,
        &expect![[r#"
        Warning: Copy expires as soon as it is made

          with dynamodb_recovery_point_copy.orders,
          on main.tf line 7, in resource "dynamodb_recovery_point_copy" "orders":
           7:   recovery_point_lifecycle = { delete_after_days = 7 }

        The recovery point was made at 2040-11-20T08:00:00Z, and delete_after_days =
        7 counts from then: the copy would have to go at 2040-11-27T08:00:00Z, and it
        is 2040-12-20T09:00:00Z now.

        Count the 30 days that have passed: to keep the copy for 7 days from now, set
        delete_after_days = 37.

        Rule DBK-CPY-009 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CPY-009.md
    "#]],
    );
    world.started_nothing();
}

#[test]
fn original() {
    let mut world = World::on(backend!(AssumeRole, Keys, Control));
    world.point = format!(
        "arn:aws:backup:{}:{}:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45",
        Backend::REGION,
        world.backend.account()
    );
    refused_by_plan(
        &world,
        WITH_ROLE,
        &expect![[r#"
        Error: There is nothing to copy

          with dynamodb_recovery_point_copy.orders,
          on main.tf line 2, in resource "dynamodb_recovery_point_copy" "orders":
           2:   recovery_point_arn    = "arn:aws:backup:us-east-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45"

        There is no recovery point
        arn:aws:backup:us-east-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45
        in the vault "orders": it may have expired, or be in another vault.

        Give the ARN of a recovery point of the vault, as this command lists them:
        aws backup list-recovery-points-by-backup-vault --backup-vault-name orders
        --query 'RecoveryPoints[].RecoveryPointArn'
    "#]],
    );
}

#[test]
fn role_of_the_destination() {
    let world = World::on(backend!(AssumeRole, Keys, Control));
    let wrong = "destination = { role_arn = \"arn:aws:iam::111122223333:role/copies\" }";
    refused_by_plan(
        &world,
        wrong,
        &expect![[r#"
        Error: Role of the destination is not one of its account

          with dynamodb_recovery_point_copy.orders,
          on main.tf line 6, in resource "dynamodb_recovery_point_copy" "orders":
           6:   destination = { role_arn = "arn:aws:iam::111122223333:role/copies" }

        "arn:aws:iam::111122223333:role/copies" is a role of account 111122223333,
        and the vault is in account 444455556666. The role reads and deletes the copy
        where it is.

        Give a role of account 444455556666. The role that makes the copy is
        role_arn.
    "#]],
    );
    world.backend.simulator().deny(&["sts:AssumeRole"]);
    let config = world.workdir(WITH_ROLE);
    config
        .terraform(&["plan", "-no-color"])
        .ok()
        .says("Warning: Role of the destination cannot be assumed")
        .says("Allow sts:AssumeRole on the role");
    config
        .try_apply()
        .fails()
        .says("Role of the destination cannot be assumed");
    world.started_nothing();
}

#[test]
fn reads_that_are_denied() {
    let world = World::on(backend!(AssumeRole, Keys, Control));
    let config = world.workdir(WITH_ROLE);
    for action in [
        "organizations:DescribeOrganization",
        "backup:DescribeGlobalSettings",
        "backup:DescribeRegionSettings",
        "backup:DescribeBackupVault",
        "backup:GetBackupVaultAccessPolicy",
        "backup:DescribeRecoveryPoint",
        "kms:DescribeKey",
    ] {
        world.backend.simulator().deny(&[action]);
        config
            .terraform(&["plan", "-no-color"])
            .ok()
            .says(&format!("Check was not made: {action} is denied"));
    }
}

#[test]
fn destroy_of_a_copy_in_a_locked_vault() {
    let world = World::on(backend!(AssumeRole, Keys, Control));
    let config = world.workdir(&format!(
        "{WITH_ROLE}\n  recovery_point_lifecycle = {{ delete_after_days = 60 }}"
    ));
    config.apply();
    let copies = world.copies();
    world.lock(json!({"MinRetentionDays": 30, "MaxRetentionDays": 365, "ChangeableForDays": 10}));
    world.stop_the_clock();
    let run = config.terraform(&["plan", "-destroy", "-no-color"]).fails();
    world.refused(
        &run,
        &expect![[r#"
            Error: Lock of the vault protects the recovery point

              with dynamodb_recovery_point_copy.orders,
              on main.tf line 1, in resource "dynamodb_recovery_point_copy" "orders":
               1: resource "dynamodb_recovery_point_copy" "orders" {

            arn:aws:backup:eu-west-1:444455556666:recovery-point:<uuid>
            is to be deleted, and its vault, "copies", is locked. The destroy fails and
            changes nothing: AWS Backup deletes it from 2041-01-19T08:00:00Z on.

            To leave it in AWS until its retention ends, set retain_on_destroy = true and
            apply that first. Until 2040-11-30T09:00:00Z the lock can be removed: aws
            backup delete-backup-vault-lock-configuration --backup-vault-name copies

            Rule DBK-LCK-007 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-LCK-007.md
        "#]],
    );
    config
        .terraform(&["destroy", "-auto-approve", "-no-color"])
        .fails()
        .says("Lock of the vault protects the recovery point");
    assert_eq!(world.copies(), copies);
    config.configure(&world.copy(&format!(
        "{WITH_ROLE}\n  recovery_point_lifecycle = {{ delete_after_days = 90 }}"
    )));
    config
        .plan_fails()
        .says("The lifecycle of the recovery point is to change, and its vault");
    assert_eq!(
        world.backend.simulator().calls().count("DeleteRecoveryPoint"),
        0,
        "AWS was not even asked"
    );
    assert_ne!(copies, Vec::<Value>::new());
}
