//! What is not known yet is no fault, and what must not be read is not read.

use acceptance_tests::backend;
use expect_test::expect;

use crate::scene::{LATEST, Scene, restored};

/// A value that comes with the apply.
const LATER: &str = "terraform_data.later.output";

/// A configuration, and the object that the value comes from.
fn later(configuration: &str) -> String {
    format!("resource \"terraform_data\" \"later\" {{\n  input = \"1\"\n}}\n{configuration}")
}

#[test]
fn what_is_not_known_yet_is_no_fault() {
    let scene = Scene::with_orders(backend!(PitrWindow, Backups, Restores, Control));
    let unknown = format!(
        "resource \"terraform_data\" \"later\" {{\n  input = \"orders\"\n}}\n\
         resource \"dynamodb_point_in_time_recovery\" \"orders\" {{\n  table_name = terraform_data.later.output\n}}\n\
         resource \"dynamodb_backup\" \"orders\" {{\n  table_name = terraform_data.later.output\n  \
         name       = \"${{terraform_data.later.output}} backup\"\n}}\n{}",
        restored(
            "{ backup_arn = dynamodb_backup.orders.arn }",
            "  billing_mode           = terraform_data.later.output\n  \
             server_side_encryption = { kms_key_arn = terraform_data.later.output }\n  \
             tags                   = { (terraform_data.later.input) = terraform_data.later.output }\n",
        )
    );
    scene.accepts(&unknown);
}

#[test]
fn nothing_is_known_of_a_backup() {
    let scene = Scene::on(backend!(Backups, Control));
    scene.accepts(&later(&format!(
        "resource \"dynamodb_backup\" \"it\" {{\n  table_name = {LATER}\n  name = {LATER}\n  region = {LATER}\n  \
         triggers = {{ a = {LATER} }}\n  retain_on_destroy = {LATER} == \"1\"\n}}\n"
    )));
}

#[test]
fn nothing_is_known_of_a_recovery() {
    let scene = Scene::on(backend!(PitrWindow, Control));
    scene.accepts(&later(&format!(
        "resource \"dynamodb_point_in_time_recovery\" \"it\" {{\n  table_name = {LATER}\n  region = {LATER}\n  \
         enabled = {LATER} == \"2\"\n  recovery_period_in_days = tonumber({LATER}) + 100\n  on_destroy = {LATER}\n  \
         allow_window_loss = {LATER} == \"2\"\n}}\n"
    )));
}

#[test]
fn nothing_is_known_of_a_restored_table() {
    let scene = Scene::with_orders(backend!(PitrWindow, Restores, RestoreOverrides, Keys, Control));
    let units = format!(
        "{{ read_capacity_units = tonumber({LATER}), write_capacity_units = tonumber({LATER}) - 5 }}"
    );
    let maxima = format!("{{ max_read_request_units = tonumber({LATER}) - 5 }}");
    let arguments = format!(
        "  region = {LATER}\n  billing_mode = {LATER}\n  provisioned_throughput = {units}\n  \
         on_demand_throughput = {maxima}\n  \
         server_side_encryption = {{ enabled = {LATER} == \"2\", kms_key_arn = {LATER} }}\n  \
         global_secondary_indexes = {{ by-date = {{ provisioned_throughput = {units} }} }}\n  \
         local_secondary_indexes = [{LATER}]\n  tags = {{ a = {LATER} }}\n  \
         time_to_live = {{ attribute_name = {LATER} }}\n  stream = {{ view_type = {LATER} }}\n  \
         point_in_time_recovery = {{ recovery_period_in_days = tonumber({LATER}) + 100 }}\n  \
         deletion_protection_enabled = {LATER} == \"2\"\n  table_class = {LATER}\n  carry_over = [{LATER}]\n"
    );
    let named =
        |configuration: String| configuration.replace("name   = \"copy\"", &format!("name = {LATER}"));
    let sources = [
        format!("{{ backup_arn = {LATER} }}"),
        format!("{{ point_in_time = {{ table_name = {LATER}, time = {LATER} }} }}"),
        format!("{{ point_in_time = {{ table_arn = {LATER}, latest = {LATER} == \"1\" }} }}"),
        format!("{LATER} == \"1\" ? {{ backup_arn = {LATER}, point_in_time = null }} : null"),
    ];
    for source in sources {
        scene.accepts(&later(&named(restored(&source, &arguments))));
    }
}

#[test]
fn a_plan_that_must_not_look_asks_aws_nothing() {
    let scene = Scene::with_orders(backend!(PitrWindow, Backups, Restores, Control));
    let blind = format!(
        "provider \"dynamodb\" {{\n  validation = {{ observe = false }}\n}}\n{}\
         resource \"dynamodb_backup\" \"orders\" {{\n  table_name = \"no-such-table\"\n}}\n\
         resource \"dynamodb_point_in_time_recovery\" \"orders\" {{\n  table_name = \"orders\"\n}}\n",
        restored(LATEST, "")
    );
    scene.config.configure(&blind);
    scene.backend.simulator().clear_calls();
    scene.config.terraform(&["plan", "-no-color"]).ok();
    assert_eq!(
        scene.backend.simulator().calls().by_operation(),
        Default::default()
    );
    // The rules that need no look still speak.
    scene.refuses(
        &blind.replace("latest = true", "latest = false"),
        &expect![[r#"
        Error: Restore to a point in time needs exactly one moment

          with dynamodb_restored_table.copy,
          on main.tf line 6, in resource "dynamodb_restored_table" "copy":
           6:   source = { point_in_time = { table_name = "orders", latest = false } }

        point_in_time has latest = false and no time, so it names no moment.

        Write time = "2025-11-19T09:00:00Z" for that very second, or latest = true
        for the latest moment that can be restored, about five minutes before the
        apply.

        Rule DBK-RPT-001 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RPT-001.md
    "#]],
    );
}
