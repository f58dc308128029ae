//! `dynamodb_point_in_time_recovery`.

use acceptance_tests::backend;
use expect_test::expect;

use crate::scene::Scene;

#[test]
fn recovery_period() {
    let scene = Scene::with_orders(backend!(PitrWindow, Control));
    scene.refuses(
        &recovery("recovery_period_in_days = 0"),
        &expect![[r#"
        Error: Recovery period is out of range

          with dynamodb_point_in_time_recovery.orders,
          on main.tf line 3, in resource "dynamodb_point_in_time_recovery" "orders":
           3:   recovery_period_in_days = 0

        recovery_period_in_days is 0, and must be between 1 and 35. DynamoDB keeps
        the history of a table for 35 days at most and refuses any other period.

        Set recovery_period_in_days = 1, or leave it out for the default of 35. To
        switch recovery off, write enabled = false instead.

        Rule DBK-PITR-001 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-PITR-001.md
    "#]],
    );
    scene.refuses(
        &recovery("recovery_period_in_days = 36"),
        &expect![[r#"
        Error: Recovery period is out of range

          with dynamodb_point_in_time_recovery.orders,
          on main.tf line 3, in resource "dynamodb_point_in_time_recovery" "orders":
           3:   recovery_period_in_days = 36

        recovery_period_in_days is 36, and must be between 1 and 35. DynamoDB keeps
        the history of a table for 35 days at most and refuses any other period.

        Set recovery_period_in_days = 35, or leave it out: that is the default. To
        keep data for longer, take on-demand backups beside it.

        Rule DBK-PITR-001 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-PITR-001.md
    "#]],
    );
    scene.refuses(
        &recovery("recovery_period_in_days = 3.5"),
        &expect![[r#"
        Error: Invalid Attribute Value

          with dynamodb_point_in_time_recovery.orders,
          on main.tf line 3, in resource "dynamodb_point_in_time_recovery" "orders":
           3:   recovery_period_in_days = 3.5

        The value is 3.5; it must be a whole number from 1 to 35.
    "#]],
    );
    scene.refuses(
        &recovery("enabled                 = false\n  recovery_period_in_days = 7"),
        &expect![[r#"
        Error: Recovery period is given for recovery that is switched off

          with dynamodb_point_in_time_recovery.orders,
          on main.tf line 4, in resource "dynamodb_point_in_time_recovery" "orders":
           4:   recovery_period_in_days = 7

        enabled is false and recovery_period_in_days is 7. DynamoDB refuses a period
        for recovery that is off, and keeps none for later.

        Remove recovery_period_in_days, or set enabled = true to keep 7 days of
        history.

        Rule DBK-PITR-003 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-PITR-003.md
    "#]],
    );
}

#[test]
fn table() {
    let scene = Scene::with_orders(backend!(PitrWindow, Control));
    for_table(
        &scene,
        "or ders",
        &expect![[r#"
        Error: Table name is not valid

          with dynamodb_point_in_time_recovery.orders,
          on main.tf line 2, in resource "dynamodb_point_in_time_recovery" "orders":
           2:   table_name = "or ders"

        "or ders" cannot be the name of a table: character 3 is ' ', and a name
        consists of 3 to 255 letters (a-z, A-Z), digits, "_", "-" and ".". DynamoDB
        has no tables with other names.

        Use a name of that form, for example "or-ders".

        Rule DBK-NAME-001 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-NAME-001.md
    "#]],
    );
    for_table(
        &scene,
        "",
        &expect![[r#"
        Error: Table name is not valid

          with dynamodb_point_in_time_recovery.orders,
          on main.tf line 2, in resource "dynamodb_point_in_time_recovery" "orders":
           2:   table_name = ""

        "" cannot be the name of a table: it has 0 characters, and a name has 3 to
        255. DynamoDB has no tables with other names.

        Use a name of that form, for example "orders".

        Rule DBK-NAME-001 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-NAME-001.md
    "#]],
    );
    for_table(
        &scene,
        "arn:aws:dynamodb:us-east-1:444455556666:table/orders",
        &expect![[r#"
        Error: Resource belongs to another account

          with dynamodb_point_in_time_recovery.orders,
          on main.tf line 2, in resource "dynamodb_point_in_time_recovery" "orders":
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
    for_table(
        &scene,
        "arn:aws:dynamodb:eu-west-1:111122223333:table/orders",
        &expect![[r#"
        Error: Table is in another Region

          with dynamodb_point_in_time_recovery.orders,
          on main.tf line 2, in resource "dynamodb_point_in_time_recovery" "orders":
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
    for_table(
        &scene,
        "arn:aws:dynamodb:us-east-1:111122223333:table/orders/index/by-customer",
        &expect![[r#"
        Error: ARN does not name a table

          with dynamodb_point_in_time_recovery.orders,
          on main.tf line 2, in resource "dynamodb_point_in_time_recovery" "orders":
           2:   table_name = "arn:aws:dynamodb:us-east-1:111122223333:table/orders/index/by-customer"

        "arn:aws:dynamodb:us-east-1:111122223333:table/orders/index/by-customer" is
        the ARN of a secondary index, and the ARN of a table is needed here.

        Give the ARN of the table:
        "arn:aws:dynamodb:us-east-1:111122223333:table/orders".

        Rule DBK-ARN-002 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-002.md
    "#]],
    );
    for_table(
        &scene,
        "arn:aws:dynamodb:us-east-1:11112222333:table/orders",
        &expect![[r#"
        Error: Table ARN is not valid

          with dynamodb_point_in_time_recovery.orders,
          on main.tf line 2, in resource "dynamodb_point_in_time_recovery" "orders":
           2:   table_name = "arn:aws:dynamodb:us-east-1:11112222333:table/orders"

        "arn:aws:dynamodb:us-east-1:11112222333:table/orders" is not the ARN of a
        table: the account is wrong: "11112222333" is not an account id of twelve
        digits. AWS judges the form before it looks for the table.

        Write it like "arn:aws:dynamodb:us-east-1:111122223333:table/orders".

        Rule DBK-ARN-001 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-001.md
    "#]],
    );
    for_table(
        &scene,
        "arn:aws:dynamodb:cn-north-1:111122223333:table/orders",
        &expect![[r#"
        Error: Partition and Region of an ARN do not belong together

          with dynamodb_point_in_time_recovery.orders,
          on main.tf line 2, in resource "dynamodb_point_in_time_recovery" "orders":
           2:   table_name = "arn:aws:dynamodb:cn-north-1:111122223333:table/orders"

        "arn:aws:dynamodb:cn-north-1:111122223333:table/orders" says partition "aws"
        and Region "cn-north-1", but cn-north-1 lies in the partition "aws-cn". No
        resource has such an ARN.

        Copy the ARN anew. If the Region is right, it is
        "arn:aws-cn:dynamodb:cn-north-1:111122223333:table/orders".

        Rule DBK-ARN-006 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-006.md
    "#]],
    );
}

#[test]
fn window_loss() {
    let scene = Scene::with_orders(backend!(PitrWindow, Control));
    scene.config.configure(&recovery("recovery_period_in_days = 35"));
    scene.config.apply();
    scene.refuses(
        &recovery("recovery_period_in_days = 3"),
        &expect![[r#"
        Error: Restorable history would be lost by a shorter recovery period

          with dynamodb_point_in_time_recovery.orders,
          on main.tf line 3, in resource "dynamodb_point_in_time_recovery" "orders":
           3:   recovery_period_in_days = 3

        recovery_period_in_days goes from 35 to 3. DynamoDB would drop every moment
        from 2040-11-10T09:00:00Z to 2040-11-17T09:00:00Z (7 days of history) at
        once; raising the period later does not bring it back. A shorter period costs
        the same.

        Keep recovery_period_in_days = 35. If the history may go, add
        allow_window_loss = true for this apply.

        Rule DBK-PITR-004 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-PITR-004.md
    "#]],
    );
    scene.refuses(
        &recovery("enabled = false"),
        &expect![[r#"
        Error: Restorable history would be lost by switching recovery off

          with dynamodb_point_in_time_recovery.orders,
          on main.tf line 3, in resource "dynamodb_point_in_time_recovery" "orders":
           3:   enabled = false

        enabled goes from true to false. DynamoDB would drop every restorable moment
        from 2040-11-10T09:00:00Z to 2040-11-20T08:55:00Z (9 days 23 hours of
        history) at once. Switched on again later, recovery starts with an empty
        window, and a table deleted in the meantime leaves no system backup.

        Keep enabled = true. If the history may go, add allow_window_loss = true for
        this apply, and consider a backup before it.

        Rule DBK-PITR-008 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-PITR-008.md
    "#]],
    );
    scene.warns(
        &recovery("recovery_period_in_days = 14"),
        &expect![[r#"
        Warning: Restorable history would be lost by a shorter recovery period

          with dynamodb_point_in_time_recovery.orders,
          on main.tf line 3, in resource "dynamodb_point_in_time_recovery" "orders":
           3:   recovery_period_in_days = 14

        recovery_period_in_days goes from 35 to 14. Nothing is lost today, because
        the history of this table begins only at 2040-11-10T09:00:00Z. From now on it
        reaches back 14 days instead of 35 days, at the same price.

        Keep recovery_period_in_days = 35 unless a shorter history is meant.

        Rule DBK-PITR-004 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-PITR-004.md
    "#]],
    );
    scene.warns(
        &recovery("recovery_period_in_days = 3\n  allow_window_loss       = true"),
        &expect![[r#"
        Warning: Restorable history would be lost by a shorter recovery period

          with dynamodb_point_in_time_recovery.orders,
          on main.tf line 3, in resource "dynamodb_point_in_time_recovery" "orders":
           3:   recovery_period_in_days = 3

        recovery_period_in_days goes from 35 to 3. DynamoDB would drop every moment
        from 2040-11-10T09:00:00Z to 2040-11-17T09:00:00Z (7 days of history) at
        once; raising the period later does not bring it back. A shorter period costs
        the same. allow_window_loss = true permits it.

        To keep the history, go back to recovery_period_in_days = 35. Otherwise
        remove allow_window_loss after this apply.

        Rule DBK-PITR-004 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-PITR-004.md
    "#]],
    );
    scene.warns(
        &recovery("on_destroy = \"disable\""),
        &expect![[r#"
        Warning: Destroying this object switches recovery off

          with dynamodb_point_in_time_recovery.orders,
          on main.tf line 3, in resource "dynamodb_point_in_time_recovery" "orders":
           3:   on_destroy = "disable"

        on_destroy is "disable". A later destroy of this object drops the history of
        the table, and where the table is destroyed in the same run, DynamoDB does
        not make the system backup that would otherwise be kept for 35 days.

        Set on_destroy = "retain", or leave it out: that is the default.

        Rule DBK-PITR-009 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-PITR-009.md
    "#]],
    );
}

fn for_table(scene: &Scene, table: &str, expected: &expect_test::Expect) {
    scene.refuses(
        &format!(
            "resource \"dynamodb_point_in_time_recovery\" \"orders\" {{\n  table_name = {table:?}\n}}\n"
        ),
        expected,
    );
}

fn recovery(arguments: &str) -> String {
    format!(
        "resource \"dynamodb_point_in_time_recovery\" \"orders\" {{\n  table_name = \"orders\"\n  {arguments}\n}}\n"
    )
}
