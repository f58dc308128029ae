//! `dynamodb_backup`.

use std::time::Duration;

use acceptance_tests::{Backend, backend, wait_until};
use expect_test::expect;

use crate::scene::{BEFORE, Scene};

const ADDRESS: &str = "dynamodb_backup.orders";

#[test]
fn table() {
    let scene = Scene::with_orders(backend!(Backups, Control));
    let of = |table: &str| backup(&format!("table_name = {table:?}"));
    scene.warns(
        &of("ordrs"),
        &expect![[r#"
        Warning: Table cannot be backed up

          with dynamodb_backup.orders,
          on main.tf line 2, in resource "dynamodb_backup" "orders":
           2:   table_name = "ordrs"

        There is no table "ordrs" in us-east-1 yet. Unless this apply makes it first,
        the backup fails.

        If the table is a resource of this configuration, refer to it (table_name =
        aws_dynamodb_table.NAME.name) so that it is made first. Otherwise correct
        table_name or region.

        Rule DBK-BKP-001 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-BKP-001.md
    "#]],
    );
    scene.refuses(
        &of("arn:aws:dynamodb:us-east-1:444455556666:table/orders"),
        &expect![[r#"
        Error: Resource belongs to another account

          with dynamodb_backup.orders,
          on main.tf line 2, in resource "dynamodb_backup" "orders":
           2:   table_name = "arn:aws:dynamodb:us-east-1:444455556666:table/orders"

        "arn:aws:dynamodb:us-east-1:444455556666:table/orders" belongs to account
        444455556666, and you work in account 111122223333. DynamoDB takes calls for
        backups and point-in-time recovery only from the account that owns the table,
        whatever policies say.

        Manage it with a provider whose credentials belong to account 444455556666:
        add a second provider block with alias = "owner" and assume_role { role_arn =
        "arn:aws:iam::444455556666:role/…" }, and set provider = dynamodb.owner on
        this object. To keep a copy in account 111122223333, use AWS Backup with a
        cross-account copy.

        Rule DBK-ARN-009 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-009.md
    "#]],
    );
    scene.refuses(
        &of("arn:aws:dynamodb:eu-west-1:111122223333:table/orders"),
        &expect![[r#"
        Error: Table is in another Region

          with dynamodb_backup.orders,
          on main.tf line 2, in resource "dynamodb_backup" "orders":
           2:   table_name = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"

        "arn:aws:dynamodb:eu-west-1:111122223333:table/orders" is in eu-west-1, and
        this object is managed in us-east-1. DynamoDB takes such a call only in the
        Region of the table; a replica of a global table has its own settings and
        backups in each Region.

        Add region = "eu-west-1" to this object, or give the table of us-east-1.

        Rule DBK-ARN-010 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-010.md
    "#]],
    );
    scene
        .backend
        .simulator()
        .set(serde_json::json!({"table_deleting_ms": 3_600_000}));
    scene
        .backend
        .aws()
        .call("DeleteTable", serde_json::json!({"TableName": "orders"}));
    scene.refuses(
        &of("orders"),
        &expect![[r#"
        Error: Table cannot be backed up

          with dynamodb_backup.orders,
          on main.tf line 2, in resource "dynamodb_backup" "orders":
           2:   table_name = "orders"

        The table "orders" in us-east-1 is DELETING: it is on its way out, and a
        backup of it cannot be relied on.

        If it had point-in-time recovery, DynamoDB keeps a system backup of it for 35
        days: aws dynamodb list-backups --backup-type SYSTEM. Otherwise remove this
        backup from the configuration.

        Rule DBK-BKP-001 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-BKP-001.md
    "#]],
    );
}

#[test]
fn name() {
    let scene = Scene::with_orders(backend!(Backups, Control));
    let named = |name: &str| backup(&format!("table_name = \"orders\"\n  name       = {name:?}"));
    scene.refuses(
        &named("no"),
        &expect![[r#"
        Error: Backup name is not valid

          with dynamodb_backup.orders,
          on main.tf line 3, in resource "dynamodb_backup" "orders":
           3:   name       = "no"

        "no" cannot be the name of a backup: it has 2 characters, and a name has 3 to
        255. DynamoDB refuses any other.

        Set name = "no-orders", or leave it out to have one made.

        Rule DBK-NAME-002 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-NAME-002.md
    "#]],
    );
    scene.refuses(
        &named("nightly backup"),
        &expect![[r#"
        Error: Backup name is not valid

          with dynamodb_backup.orders,
          on main.tf line 3, in resource "dynamodb_backup" "orders":
           3:   name       = "nightly backup"

        "nightly backup" cannot be the name of a backup: character 8 is ' ', and a
        name consists of 3 to 255 letters (a-z, A-Z), digits, "_", "-" and ".".
        DynamoDB refuses any other.

        Set name = "nightly-backup", or leave it out to have one made.

        Rule DBK-NAME-002 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-NAME-002.md
    "#]],
    );
    scene.refuses(&named(&"x".repeat(256)), &expect![[r#"
        Error: Backup name is not valid

          with dynamodb_backup.orders,
          on main.tf line 3, in resource "dynamodb_backup" "orders":
           3:   name       = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
        cannot be the name of a backup: it has 256 characters, and a name has 3 to
        255. DynamoDB refuses any other.

        Set name =
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        or leave it out to have one made.

        Rule DBK-NAME-002 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-NAME-002.md
    "#]]);
}

#[test]
fn backups_of_others_are_not_deleted() {
    let scene = Scene::on(backend!(Backups, SystemBackups, Control));
    let aws = scene.backend.aws();
    aws.create_table("orders");
    let theirs = scene.backend.simulator().make_backup_of_aws_backup(
        scene.backend.account(),
        Backend::REGION,
        "orders",
        "weekly",
    );
    aws.enable_recovery("orders", 35);
    aws.delete_table("orders");
    let system = wait_until("the system backup", Duration::from_secs(10), || {
        let backups = aws.backups("orders");
        let system = backups.iter().find(|backup| backup["BackupType"] == "SYSTEM")?;
        system["BackupArn"].as_str().map(str::to_owned)
    });
    scene.stop_the_clock();
    scene.config.configure(&backup("table_name = \"orders\""));
    for (arn, expected) in [
        (
            system,
            expect![[r#"
        Error: System backup cannot be deleted

          with dynamodb_backup.orders,
          on main.tf line 1, in resource "dynamodb_backup" "orders":
           1: resource "dynamodb_backup" "orders" {

        arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>
        is a system backup, which DynamoDB made when its table was deleted. Nobody
        can delete it; it costs nothing and goes by itself at 2040-12-14T09:00:00Z.

        Let Terraform forget it: terraform state rm, or a removed block with destroy
        = false.

        Rule DBK-BKP-016 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-BKP-016.md
    "#]],
        ),
        (
            theirs,
            expect![[r#"
        Error: Backup of AWS Backup cannot be deleted through DynamoDB

          with dynamodb_backup.orders,
          on main.tf line 1, in resource "dynamodb_backup" "orders":
           1: resource "dynamodb_backup" "orders" {

        arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>
        has the type AWS_BACKUP: AWS Backup made it and alone may delete it, by the
        lifecycle of its plan or by hand. DynamoDB refuses.

        Let Terraform forget it (terraform state rm, or a removed block with destroy
        = false). To delete it: aws backup delete-recovery-point --backup-vault-name
        VAULT --recovery-point-arn
        arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>

        Rule DBK-BKP-015 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-BKP-015.md
    "#]],
        ),
    ] {
        scene
            .config
            .terraform(&["import", "-no-color", ADDRESS, &arn])
            .ok();
        scene.refused(&["plan", "-destroy", "-no-color"], &expected);
        scene.config.terraform(&["state", "rm", ADDRESS]).ok();
    }
}

#[test]
fn a_backup_that_goes_is_named() {
    let scene = Scene::on(backend!(Backups, Control));
    scene.backend.aws().create_table("orders");
    scene
        .config
        .configure(&backup("table_name = \"orders\"\n  name       = \"nightly\""));
    scene.config.apply();
    scene.stop_the_clock();
    let taken_again = backup("table_name = \"orders\"\n  name       = \"weekly\"");
    scene.warns(
        &taken_again,
        &expect![[r#"
        Warning: Backup will be deleted for good

          with dynamodb_backup.orders,
          on main.tf line 1, in resource "dynamodb_backup" "orders":
           1: resource "dynamodb_backup" "orders" {

        arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>,
        taken at 2040-11-09T09:00:00Z (11 days ago), will be deleted at once, and
        nothing brings it back. The backup that replaces it holds the data of today,
        not those of then.

        To keep it in AWS, set retain_on_destroy = true and apply that first. To rule
        such plans out, add lifecycle { prevent_destroy = true }.

        Rule DBK-BKP-019 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-BKP-019.md
    "#]],
    );
    scene.backend.simulator().set_clock(BEFORE);
    scene.backend.aws().delete_table("orders");
    scene.stop_the_clock();
    scene.warns(
        "",
        &expect![[r#"
        Warning: Backup will be deleted for good

        arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>,
        taken at 2040-11-09T09:00:00Z (11 days ago), will be deleted at once, and
        nothing brings it back. Its table no longer exists, so this may be the last
        copy of the data.

        To keep it in AWS, set retain_on_destroy = true and apply that first. To rule
        such plans out, add lifecycle { prevent_destroy = true }.

        Rule DBK-BKP-019 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-BKP-019.md
    "#]],
    );
}

#[test]
fn a_retained_backup_that_is_replaced() {
    let scene = Scene::on(backend!(Backups, Control));
    scene.backend.aws().create_table("orders");
    let release = |number: &str| {
        backup(&format!(
            "table_name = \"orders\"\n  retain_on_destroy = true\n  triggers = {{ release = {number:?} }}"
        ))
    };
    scene.config.configure(&release("1"));
    scene.config.apply();
    scene.stop_the_clock();
    scene.warns(
        &release("2"),
        &expect![[r#"
        Warning: Replaced backup stays in AWS, and nothing deletes it

          with dynamodb_backup.orders,
          on main.tf line 3, in resource "dynamodb_backup" "orders":
           3:   retain_on_destroy = true

        retain_on_destroy is true:
        arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>
        stays in AWS when the new backup is taken, and is no longer in Terraform's
        state. On-demand backups do not expire, so each replacement leaves one more.

        If it is to go one day, note its ARN, and then: aws dynamodb delete-backup
        --backup-arn
        arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>

        Rule DBK-BKP-009 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-BKP-009.md
    "#]],
    );
}

fn backup(arguments: &str) -> String {
    format!("resource \"dynamodb_backup\" \"orders\" {{\n  {arguments}\n}}\n")
}
