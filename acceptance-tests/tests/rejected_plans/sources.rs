//! What a restore takes its data from.

use acceptance_tests::backend;
use expect_test::expect;
use serde_json::json;

use crate::scene::{LATEST, Scene, restored};

const BACKUP_OF: &str = "table/orders/backup/01763625600000-a1b2c3d4";

#[test]
fn number_of_sources() {
    let scene = Scene::with_orders(backend!(PitrWindow, Restores, Control));
    scene.refuses(
        &restored("{}", ""),
        &expect![[r#"
            Error: Restore needs exactly one source

              with dynamodb_restored_table.copy,
              on main.tf line 3, in resource "dynamodb_restored_table" "copy":
               3:   source = {}

            source names neither a backup nor a table nor a recovery point to restore
            from, so there is nothing to make the new table of.

            Write source = { backup_arn = "arn:…" }, source = { point_in_time = {
            table_name = "orders", time = "2025-11-19T09:00:00Z" } } or source = {
            recovery_point_arn = "arn:…", role_arn = "arn:…" }.

            Rule DBK-RST-001 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RST-001.md
        "#]],
    );
    scene.refuses(
        &restored(
            &format!(
                "{{\n    backup_arn    = \"arn:aws:dynamodb:us-east-1:111122223333:{BACKUP_OF}\"\n    \
                 point_in_time = {{ table_name = \"orders\", latest = true }}\n  }}"
            ),
            "",
        ),
        &expect![[r#"
            Error: Restore needs exactly one source

              with dynamodb_restored_table.copy,
              on main.tf line 3, in resource "dynamodb_restored_table" "copy":
               3:   source = {
               4:     backup_arn    = "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>"
               5:     point_in_time = { table_name = "orders", latest = true }
               6:   }

            source has "backup_arn" and "point_in_time". Each alone says where the data
            come from; together they contradict each other.

            Keep the one that is meant: source = { backup_arn = "arn:…" }, source = {
            point_in_time = { table_name = "orders", time = "2025-11-19T09:00:00Z" } } or
            source = { recovery_point_arn = "arn:…", role_arn = "arn:…" }.

            Rule DBK-RST-001 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RST-001.md
        "#]],
    );
    scene.refuses(
        &restored(
            &format!(
                "{{\n    backup_arn    = \"arn:aws:dynamodb:us-east-1:111122223333:{BACKUP_OF}\"\n    \
                 point_in_time = {{ time = \"2040-11-19T09:00:00Z\" }}\n  }}"
            ),
            "",
        ),
        &expect![[r#"
            Error: Moment to restore is given for a backup

              with dynamodb_restored_table.copy,
              on main.tf line 5, in resource "dynamodb_restored_table" "copy":
               5:     point_in_time = { time = "2040-11-19T09:00:00Z" }

            source has a backup and the time "2040-11-19T09:00:00Z". A backup holds one
            state of the table, that of its creation; no other moment can be taken from
            it.

            Remove point_in_time to restore the backup. To restore the moment, remove the
            backup and add table_name to point_in_time.

            Rule DBK-RST-002 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RST-002.md
        "#]],
    );
    scene.refuses(
        &restored("{ point_in_time = { latest = true } }", ""),
        &expect![[r#"
        Error: Restore needs exactly one source

          with dynamodb_restored_table.copy,
          on main.tf line 3, in resource "dynamodb_restored_table" "copy":
           3:   source = { point_in_time = { latest = true } }

        point_in_time says when, but not which table: it has neither table_name nor
        table_arn.

        Add table_name = "orders", or table_arn = "arn:…" for a table in another
        Region.

        Rule DBK-RST-001 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RST-001.md
    "#]],
    );
    scene.refuses(
        &restored(
            "{\n    point_in_time = {\n      table_name = \"orders\"\n      \
             table_arn  = \"arn:aws:dynamodb:us-east-1:111122223333:table/orders\"\n      latest     = true\n    }\n  }",
            "",
        ),
        &expect![[r#"
            Error: Restore needs exactly one source

              with dynamodb_restored_table.copy,
              on main.tf line 4, in resource "dynamodb_restored_table" "copy":
               4:     point_in_time = {

            point_in_time names its table twice: table_name is "orders" and table_arn is
            "arn:aws:dynamodb:us-east-1:111122223333:table/orders".

            Keep table_name for a table in the Region of the restore, or table_arn for
            one in another Region, and remove the other.

            Rule DBK-RST-001 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RST-001.md
        "#]],
    );
}

#[test]
fn backup() {
    let scene = Scene::with_orders(backend!(PitrWindow, Restores, Control));
    let from = |arn: &str| restored(&format!("{{ backup_arn = {arn:?} }}"), "");
    scene.refuses(&from(&format!("arn:aws:dynamodb:us-east-1:111122223333:{BACKUP_OF}")), &expect![[r#"
        Error: Backup to restore from is not available

          with dynamodb_restored_table.copy,
          on main.tf line 3, in resource "dynamodb_restored_table" "copy":
           3:   source = { backup_arn = "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>" }

        There is no backup
        "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>":
        it was deleted, it has expired, or the ARN is wrong.

        Choose one that exists: aws dynamodb list-backups --region us-east-1
        --table-name orders --backup-type ALL

        Rule DBK-RST-021 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RST-021.md
    "#]]);
    scene.refuses(&from(&format!("arn:aws:dynamodb:us-east-1:444455556666:{BACKUP_OF}")), &expect![[r#"
        Error: Resource belongs to another account

          with dynamodb_restored_table.copy,
          on main.tf line 3, in resource "dynamodb_restored_table" "copy":
           3:   source = { backup_arn = "arn:aws:dynamodb:us-east-1:444455556666:table/orders/backup/<backup id>" }

        "arn:aws:dynamodb:us-east-1:444455556666:table/orders/backup/<backup id>"
        belongs to account 444455556666, and you work in account 111122223333.
        DynamoDB restores only within one account, whatever policies say, and a
        DynamoDB backup cannot be copied to another.

        Let AWS Backup carry it across. In account 444455556666: switch on AWS
        Backup's advanced features for DynamoDB, back the table up to a vault with a
        KMS key of your own, and copy that recovery point (aws backup start-copy-job)
        to a vault of account 111122223333. Then restore it there. Both accounts must
        be in one organization that has cross-account backup switched on. A backup
        that exists already cannot be moved.

        Rule DBK-ARN-009 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-009.md
    "#]]);
    scene.refuses(&from(&format!("arn:aws:dynamodb:eu-west-1:111122223333:{BACKUP_OF}")), &expect![[r#"
        Error: Restore into another Region needs its encryption spelled out

          with dynamodb_restored_table.copy,
          on main.tf line 1, in resource "dynamodb_restored_table" "copy":
           1: resource "dynamodb_restored_table" "copy" {

        The source is in eu-west-1, and the table is restored in us-east-1. Keys
        belong to a Region, so AWS wants to be told how the new table is encrypted,
        and does not take the source's encryption over.

        Add server_side_encryption = { enabled = true, kms_key_arn =
        "arn:aws:kms:us-east-1:…:key/…" } for a key of your own in us-east-1, {
        enabled = true } for the one that AWS manages, or { enabled = false } for the
        one that AWS owns.

        Rule DBK-SSE-012 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SSE-012.md

        Error: Backup to restore from is not available

          with dynamodb_restored_table.copy,
          on main.tf line 3, in resource "dynamodb_restored_table" "copy":
           3:   source = { backup_arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/backup/<backup id>" }

        There is no backup
        "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/backup/<backup id>":
        it was deleted, it has expired, or the ARN is wrong.

        Choose one that exists: aws dynamodb list-backups --region eu-west-1
        --table-name orders --backup-type ALL

        Rule DBK-RST-021 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RST-021.md
    "#]]);
    scene.refuses(
        &from("arn:aws:backup:us-east-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45"),
        &expect![[r#"
            Error: Recovery point of AWS Backup given as a DynamoDB backup

              with dynamodb_restored_table.copy,
              on main.tf line 3, in resource "dynamodb_restored_table" "copy":
               3:   source = { backup_arn = "arn:aws:backup:us-east-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45" }

            "arn:aws:backup:us-east-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45"
            is a recovery point that AWS Backup keeps in a vault. Only a restore job of
            AWS Backup can read it; backup_arn takes backups that DynamoDB keeps, whose
            ARNs end in "table/NAME/backup/ID".

            Let AWS Backup restore it: source = { recovery_point_arn =
            "arn:aws:backup:us-east-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45",
            vault_name = "…", role_arn = "arn:…" }, with the name of its vault and a role
            that AWS Backup may assume.

            Rule DBK-ARN-004 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-004.md
        "#]],
    );
    scene.refuses(
        &from("arn:aws:dynamodb:us-east-1:111122223333:table/orders"),
        &expect![[r#"
        Error: Backup ARN is not valid

          with dynamodb_restored_table.copy,
          on main.tf line 3, in resource "dynamodb_restored_table" "copy":
           3:   source = { backup_arn = "arn:aws:dynamodb:us-east-1:111122223333:table/orders" }

        "arn:aws:dynamodb:us-east-1:111122223333:table/orders" is not the ARN of a
        DynamoDB backup: it is the ARN of a table, not of a DynamoDB backup.

        To restore that table to a moment, write source = { point_in_time = {
        table_arn = "arn:aws:dynamodb:us-east-1:111122223333:table/orders", latest =
        true } }. To restore a backup, give its ARN, like
        "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>".

        Rule DBK-ARN-003 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-003.md
    "#]],
    );
    scene.refuses(
        &from("nightly"),
        &expect![[r#"
        Error: Backup ARN is not valid

          with dynamodb_restored_table.copy,
          on main.tf line 3, in resource "dynamodb_restored_table" "copy":
           3:   source = { backup_arn = "nightly" }

        "nightly" is not the ARN of a DynamoDB backup: it does not begin with "arn:".

        Give the ARN of a backup, like
        "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>".

        Rule DBK-ARN-003 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-003.md
    "#]],
    );
    scene.refuses(&from(&format!("arn:aws-cn:dynamodb:cn-north-1:111122223333:{BACKUP_OF}")), &expect![[r#"
        Error: Resource is in another partition of AWS

          with dynamodb_restored_table.copy,
          on main.tf line 3, in resource "dynamodb_restored_table" "copy":
           3:   source = { backup_arn = "arn:aws-cn:dynamodb:cn-north-1:111122223333:table/orders/backup/<backup id>" }

        "arn:aws-cn:dynamodb:cn-north-1:111122223333:table/orders/backup/<backup id>"
        is in the AWS partition aws-cn, and you work in the partition aws. The
        partitions are separate: no call reaches from one into the other.

        Work with credentials and a Region of aws-cn, or move the data yourself:
        export the table to S3, copy the files, and import them here.

        Rule DBK-XRG-002 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-XRG-002.md
    "#]]);
}

#[test]
fn backup_in_the_making() {
    let scene = Scene::on(backend!(Restores, Control));
    scene.backend.aws().create_table("orders");
    scene
        .backend
        .simulator()
        .set(json!({"backup_creating_ms": 3_600_000}));
    let made = scene.backend.aws().call(
        "CreateBackup",
        json!({"TableName": "orders", "BackupName": "nightly"}),
    );
    let arn = made["BackupDetails"]["BackupArn"]
        .as_str()
        .expect("a backup has an ARN");
    scene.warns(&restored(&format!("{{ backup_arn = {arn:?} }}"), ""), &expect![[r#"
        Warning: Backup to restore from is not available

          with dynamodb_restored_table.copy,
          on main.tf line 3, in resource "dynamodb_restored_table" "copy":
           3:   source = { backup_arn = "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>" }

        The backup
        "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>"
        is CREATING, and only an AVAILABLE one can be restored.

        Apply when it is AVAILABLE, which usually takes seconds, at most minutes.

        Rule DBK-RST-021 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RST-021.md
    "#]]);
}

#[test]
fn table() {
    let scene = Scene::with_orders(backend!(PitrWindow, Restores, Control));
    let named = |table: &str| {
        restored(
            &format!("{{ point_in_time = {{ table_name = {table:?}, latest = true }} }}"),
            "",
        )
    };
    let with_arn = |arn: &str| {
        restored(
            &format!("{{ point_in_time = {{ table_arn = {arn:?}, latest = true }} }}"),
            "",
        )
    };
    scene.refuses(
        &named("ordrs"),
        &expect![[r#"
        Error: Table to restore from does not exist

          with dynamodb_restored_table.copy,
          on main.tf line 3, in resource "dynamodb_restored_table" "copy":
           3:   source = { point_in_time = { table_name = "ordrs", latest = true } }

        There is no table "ordrs" in us-east-1. The history of a table goes with it:
        a deleted table can only be restored from a backup, such as the one that
        DynamoDB makes of its last state if point-in-time recovery was on.

        If it was deleted in the last 35 days, find that backup (aws dynamodb
        list-backups --region us-east-1 --table-name ordrs --backup-type ALL) and
        write source = { backup_arn = "arn:…" }. Otherwise correct the name. If the
        table is in another Region, write table_arn = "arn:…" instead of table_name.

        Rule DBK-RPT-010 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RPT-010.md
    "#]],
    );
    scene.refuses(&named("arn:aws:dynamodb:us-east-1:111122223333:table/orders"), &expect![[r#"
        Error: ARN given where a plain table name is needed

          with dynamodb_restored_table.copy,
          on main.tf line 3, in resource "dynamodb_restored_table" "copy":
           3:   source = { point_in_time = { table_name = "arn:aws:dynamodb:us-east-1:111122223333:table/orders", latest = true } }

        table_name is "arn:aws:dynamodb:us-east-1:111122223333:table/orders". It
        takes a plain name, which DynamoDB looks up in the Region of the restore; an
        ARN, also of a table in another Region, goes into table_arn.

        Write table_arn = "arn:aws:dynamodb:us-east-1:111122223333:table/orders"
        instead of table_name, or table_name = "orders".

        Rule DBK-ARN-011 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-011.md
    "#]]);
    scene.refuses(
        &with_arn("orders"),
        &expect![[r#"
        Error: Table ARN is not valid

          with dynamodb_restored_table.copy,
          on main.tf line 3, in resource "dynamodb_restored_table" "copy":
           3:   source = { point_in_time = { table_arn = "orders", latest = true } }

        "orders" is not the ARN of a table: it does not begin with "arn:". AWS judges
        the form before it looks for the table.

        Write "arn:aws:dynamodb:us-east-1:111122223333:table/orders", or give the
        name alone as table_name.

        Rule DBK-ARN-001 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-001.md
    "#]],
    );
    scene.refuses(&with_arn("arn:aws:dynamodb:us-east-1:444455556666:table/orders"), &expect![[r#"
        Error: Resource belongs to another account

          with dynamodb_restored_table.copy,
          on main.tf line 3, in resource "dynamodb_restored_table" "copy":
           3:   source = { point_in_time = { table_arn = "arn:aws:dynamodb:us-east-1:444455556666:table/orders", latest = true } }

        "arn:aws:dynamodb:us-east-1:444455556666:table/orders" belongs to account
        444455556666, and you work in account 111122223333. DynamoDB restores only
        within one account, whatever policies say.

        Let AWS Backup carry it across. In account 444455556666: switch on AWS
        Backup's advanced features for DynamoDB, back the table up to a vault with a
        KMS key of your own, and copy that recovery point (aws backup start-copy-job)
        to a vault of account 111122223333. Then restore it there. Both accounts must
        be in one organization that has cross-account backup switched on.

        Rule DBK-ARN-009 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-009.md
    "#]]);
    scene.backend.aws().disable_recovery("orders");
    scene.refuses(
        &restored(LATEST, ""),
        &expect![[r#"
        Error: Point-in-time recovery of the source table is off

          with dynamodb_restored_table.copy,
          on main.tf line 3, in resource "dynamodb_restored_table" "copy":
           3:   source = { point_in_time = { table_name = "orders", latest = true } }

        The table "orders" has point-in-time recovery switched off, so DynamoDB keeps
        no history of it. Switching it on now opens a window that begins now: no
        earlier moment can be restored.

        Restore a backup instead: source = { backup_arn = "arn:…" }; to see what
        there is: aws dynamodb list-backups --table-name orders --backup-type ALL. To
        copy the table as it is today, switch recovery on, apply, and then plan this
        restore with latest = true.

        Rule DBK-RPT-008 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RPT-008.md
    "#]],
    );
}
