//! Reads that are not allowed: each leaves one check unmade, and is told once, with the IAM action that would allow it.

use acceptance_tests::{Backend, backend};
use expect_test::expect;
use serde_json::{Value, json};

use crate::scene::{LATEST, Scene, restored};

#[test]
fn a_read_that_is_denied_is_said_once() {
    let scene = Scene::with_orders(backend!(PitrWindow, Restores, Control));
    scene
        .backend
        .simulator()
        .deny(&["dynamodb:DescribeContinuousBackups"]);
    let config = restored(LATEST, "");
    scene.warns(
        &config,
        &expect![[r#"
            Warning: Check was not made: dynamodb:DescribeContinuousBackups is denied

              with dynamodb_restored_table.copy,
              on main.tf line 1, in resource "dynamodb_restored_table" "copy":
               1: resource "dynamodb_restored_table" "copy" {

            It was not checked whether the source table can be restored to that time.

            Describing continuous backups of table orders in us-east-1: User:
            arn:aws:iam::111122223333:user/simulated is not authorized to perform:
            dynamodb:DescribeContinuousBackups on resource:
            arn:aws:dynamodb:us-east-1:111122223333:table/orders because no
            identity-based policy allows the dynamodb:DescribeContinuousBackups action.

            Allow dynamodb:DescribeContinuousBackups for the identity that Terraform runs
            as, and the check is made; or set validation = { observe = false } in the
            provider block to plan without reading AWS.

            AWS error AccessDeniedException, request id
            <request id>
        "#]],
    );
    let strict =
        format!("provider \"dynamodb\" {{\n  validation = {{ unreadable = \"error\" }}\n}}\n{config}");
    scene.refuses(
        &strict,
        &expect![[r#"
            Error: Check was not made: dynamodb:DescribeContinuousBackups is denied

              with dynamodb_restored_table.copy,
              on main.tf line 4, in resource "dynamodb_restored_table" "copy":
               4: resource "dynamodb_restored_table" "copy" {

            It was not checked whether the source table can be restored to that time.

            Describing continuous backups of table orders in us-east-1: User:
            arn:aws:iam::111122223333:user/simulated is not authorized to perform:
            dynamodb:DescribeContinuousBackups on resource:
            arn:aws:dynamodb:us-east-1:111122223333:table/orders because no
            identity-based policy allows the dynamodb:DescribeContinuousBackups action.

            Allow dynamodb:DescribeContinuousBackups for the identity that Terraform runs
            as, and the check is made; or set validation = { observe = false } in the
            provider block to plan without reading AWS.

            AWS error AccessDeniedException, request id
            <request id>
        "#]],
    );
}

/// The summaries of the warnings of a plan, in order. Not in the words for people, where Terraform puts those of the same
/// summary together.
fn warned(scene: &Scene, arguments: &[&str]) -> Vec<String> {
    let run = scene.config.terraform(arguments).ok();
    let messages = run
        .stdout
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    messages
        .filter(|it| it["type"] == "diagnostic" && it["@level"] == "warn")
        .map(|it| {
            let detail = it["diagnostic"]["detail"].as_str().unwrap_or_default();
            let summary = it["diagnostic"]["summary"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            let action = summary
                .split(' ')
                .find(|word| word.contains(':') && !word.ends_with(':'));
            if let Some(action) = action {
                assert!(detail.contains(&format!("Allow {action} for")), "{detail}");
            }
            summary
        })
        .collect()
}

fn unmade(action: &str) -> String {
    format!("Check was not made: {action} is denied")
}

#[test]
fn each_read_of_a_restore() {
    let scene = Scene::on(backend!(
        PitrWindow,
        Restores,
        RestoreOverrides,
        Keys,
        Tags,
        TimeToLive,
        Control
    ));
    let aws = scene.backend.aws();
    aws.create_table("orders");
    let backup = aws.create_backup("orders", "nightly");
    scene.enable_recovery_at("2040-11-10T09:00:00Z", 35);
    let key = "1234abcd-12ab-34cd-56ef-1234567890ab";
    scene.backend.simulator().make_key(json!({
        "account": scene.backend.account(), "region": Backend::REGION, "key_id": key, "state": "Enabled",
        "key_spec": "SYMMETRIC_DEFAULT", "key_usage": "ENCRYPT_DECRYPT", "aliases": [],
    }));
    scene.stop_the_clock();
    let recoverable = "  point_in_time_recovery = {}\n";
    let under_key = format!("{recoverable}  server_side_encryption = {{ kms_key_arn = {key:?} }}\n");
    let from_backup = format!("{{ backup_arn = {backup:?} }}");
    for (source, arguments, action) in [
        (LATEST, recoverable, "dynamodb:DescribeContinuousBackups"),
        (LATEST, recoverable, "dynamodb:ListTagsOfResource"),
        (LATEST, recoverable, "dynamodb:DescribeTimeToLive"),
        (LATEST, &under_key, "kms:DescribeKey"),
        (&from_backup, recoverable, "dynamodb:DescribeBackup"),
    ] {
        scene.config.configure(&restored(source, arguments));
        scene.backend.simulator().deny(&[action]);
        assert_eq!(warned(&scene, &["plan", "-json"]), [unmade(action)], "{action}");
    }
    // Two tables are described: the one that may stand in the way, and the source.
    let action = "dynamodb:DescribeTable";
    scene.config.configure(&restored(LATEST, recoverable));
    scene.backend.simulator().deny(&[action]);
    assert_eq!(
        warned(&scene, &["plan", "-json"]),
        [unmade(action), unmade(action)]
    );
}

#[test]
fn each_read_of_a_backup() {
    let scene = Scene::on(backend!(Backups, Control));
    scene.backend.aws().create_table("orders");
    let backup = "resource \"dynamodb_backup\" \"orders\" {\n  table_name = \"orders\"\n}\n";
    scene.config.configure(backup);
    let plan = ["plan", "-json"];
    scene.backend.simulator().deny(&["dynamodb:DescribeTable"]);
    assert_eq!(warned(&scene, &plan), [unmade("dynamodb:DescribeTable")]);
    scene.backend.simulator().deny(&[]);
    scene.config.apply();

    let destroy = ["plan", "-destroy", "-refresh=false", "-json"];
    let lost = "Backup will be deleted for good".to_owned();
    scene.backend.simulator().deny(&["dynamodb:DescribeTable"]);
    assert_eq!(
        warned(&scene, &destroy),
        [lost.clone(), unmade("dynamodb:DescribeTable")]
    );
    // Without the list, backups are read one by one.
    scene.backend.simulator().deny(&["dynamodb:ListBackups"]);
    assert_eq!(warned(&scene, &destroy), [lost]);
    scene
        .backend
        .simulator()
        .deny(&["dynamodb:ListBackups", "dynamodb:DescribeBackup"]);
    assert_eq!(warned(&scene, &destroy), [unmade("dynamodb:DescribeBackup")]);
}

#[test]
fn the_read_of_a_recovery() {
    let scene = Scene::with_orders(backend!(PitrWindow, Control));
    let recovery = |days: u8| {
        format!(
            "resource \"dynamodb_point_in_time_recovery\" \"orders\" {{\n  table_name = \"orders\"\n  \
             recovery_period_in_days = {days}\n}}\n"
        )
    };
    let action = "dynamodb:DescribeContinuousBackups";
    scene.config.configure(&recovery(35));
    scene.backend.simulator().deny(&[action]);
    assert_eq!(warned(&scene, &["plan", "-json"]), [unmade(action)]);
    scene.backend.simulator().deny(&[]);
    scene.config.apply();

    // What was recorded is known all the same.
    scene.config.configure(&recovery(3));
    scene.backend.simulator().deny(&[action]);
    let run = scene
        .config
        .terraform(&["plan", "-refresh=false", "-no-color"])
        .fails();
    let run = run.says("DBK-PITR-004");
    assert!(format!("{run}").contains(&unmade(action)), "{run}");
}
