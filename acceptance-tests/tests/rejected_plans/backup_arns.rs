//! Backups to restore whose ARNs, or whose makers, promise trouble.

use acceptance_tests::{Backend, backend};
use expect_test::expect;

use crate::scene::{Scene, restored};

#[test]
fn a_backup_of_aws_backup() {
    let scene = Scene::on(backend!(Backups, Restores, Control));
    scene.backend.aws().create_table("orders");
    let arn = scene.backend.simulator().make_backup_of_aws_backup(
        scene.backend.account(),
        Backend::REGION,
        "orders",
        "weekly",
    );
    scene.stop_the_clock();
    scene.warns(
        &restored(&format!("{{ backup_arn = {arn:?} }}"), ""),
        &expect![[r#"
            Warning: Backup to restore belongs to AWS Backup

              with dynamodb_restored_table.copy,
              on main.tf line 3, in resource "dynamodb_restored_table" "copy":
               3:   source = { backup_arn = "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>" }

            "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>"
            has the type AWS_BACKUP: AWS Backup made it and may delete it by the
            lifecycle of its plan. After that, this table cannot be restored from it
            again.

            Go on if this restore is all it is needed for. For a source that stays, take
            a backup of DynamoDB's own: resource "dynamodb_backup".

            Rule DBK-ARN-005 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-005.md
        "#]],
    );
}

#[test]
fn a_backup_that_cannot_be() {
    let scene = Scene::on(backend!(Backups, Restores, Control));
    scene.backend.aws().create_table("orders");
    scene.stop_the_clock();
    let source = |region: &str, id: &str| {
        format!("{{ backup_arn = \"arn:aws:dynamodb:{region}:111122223333:table/orders/backup/{id}\" }}")
    };
    // 2040-12-20, and the system backup of a table that was deleted on 2040-10-03.
    scene.backend.simulator().deny(&["dynamodb:DescribeBackup"]);
    scene.warns(
        &restored(&source("us-east-1", "02239603200000-a1b2c3d4"), ""),
        &expect![[r#"
            Warning: Check was not made: dynamodb:DescribeBackup is denied

              with dynamodb_restored_table.copy,
              on main.tf line 1, in resource "dynamodb_restored_table" "copy":
               1: resource "dynamodb_restored_table" "copy" {

            It was not checked whether the backup exists and can be restored.

            Describing backup
            arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>:
            User: arn:aws:iam::111122223333:user/simulated is not authorized to perform:
            dynamodb:DescribeBackup on resource:
            arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>
            because no identity-based policy allows the dynamodb:DescribeBackup action.

            Allow dynamodb:DescribeBackup for the identity that Terraform runs as, and
            the check is made; or set validation = { observe = false } in the provider
            block to plan without reading AWS.

            AWS error AccessDeniedException, request id
            <request id>

            Warning: Backup cannot exist, by the time in its ARN

              with dynamodb_restored_table.copy,
              on main.tf line 3, in resource "dynamodb_restored_table" "copy":
               3:   source = { backup_arn = "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>" }

            The id "02239603200000-a1b2c3d4" says that the backup was made at
            2040-12-20T08:00:00Z, and it is 2040-11-20T09:00:00Z now.

            Compare it with the output of: aws dynamodb list-backups --region us-east-1
            --table-name orders --backup-type ALL

            Rule DBK-ARN-015 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-015.md
        "#]],
    );
    scene.backend.simulator().deny(&[]);
    scene.warns_and_refuses(
        &restored(&source("us-east-1", "02232835200000-00000000"), ""),
        &expect![[r#"
            Warning: Backup cannot exist, by the time in its ARN

              with dynamodb_restored_table.copy,
              on main.tf line 3, in resource "dynamodb_restored_table" "copy":
               3:   source = { backup_arn = "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>" }

            "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>"
            is the system backup of a table that was deleted at 2040-10-03T00:00:00Z, 48
            days 9 hours ago. DynamoDB keeps such a backup for 35 days, so it has gone.

            Restore another backup, if there is one: aws dynamodb list-backups --region
            us-east-1 --table-name orders --backup-type ALL

            Rule DBK-ARN-015 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-015.md
        "#]],
    );
    scene
        .config
        .configure(&restored(&source("euw-west-1", "02232835200000-a1b2c3d4"), ""));
    let run = scene.config.terraform(&["validate", "-no-color"]).ok();
    assert!(run.stdout.contains("Region of an ARN is not known"), "{run}");
}
