//! Restores from one Region into another.

use acceptance_tests::backend;
use expect_test::expect;
use serde_json::json;

use crate::scene::{Scene, restored};

const SOURCE: &str = "{ point_in_time = { table_arn = \"arn:aws:dynamodb:us-east-1:111122223333:table/orders\", latest = true } }";

fn into(region: &str, arguments: &str) -> String {
    restored(
        SOURCE,
        &format!(
            "  region = {region:?}\n  carry_over = [\"point_in_time_recovery\"]\n  server_side_encryption = {{}}\n{arguments}"
        ),
    )
}

#[test]
fn time_limits() {
    let scene = Scene::with_orders(backend!(PitrWindow, CrossRegionRestore, Control));
    let create = |text: &str| format!("  timeouts = {{ create = {text:?} }}\n");
    scene.warns(
        &into("eu-west-1", &create("20m")),
        &expect![[r#"
        Warning: Time limit is short for a restore into another Region

          with dynamodb_restored_table.copy,
          on main.tf line 7, in resource "dynamodb_restored_table" "copy":
           7:   timeouts = { create = "20m" }

        timeouts.create is 20 minutes, and the data come from us-east-1 to eu-west-1.
        Such restores of a few items have taken up to 13 minutes, and larger ones
        take hours. When the limit runs out, the restore goes on in AWS, and the next
        apply resumes the wait.

        Set timeouts = { create = "3h" } or more.

        Rule DBK-XRG-010 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-XRG-010.md
    "#]],
    );
    scene.accepts(&into("eu-west-1", &create("60m")));
    scene.accepts(&into("us-east-1", &create("30m")));
}

/// AWS answers in such a Region as it does to credentials that it has never seen.
#[test]
fn a_region_that_the_account_has_not_enabled() {
    let scene = Scene::with_orders(backend!(PitrWindow, CrossRegionRestore, Control));
    scene.backend.simulator().fault(json!({
        "region": "eu-central-2", "kind": "error", "status": 400, "times": null, "code": "UnrecognizedClientException",
        "message": "The security token included in the request is invalid.",
    }));
    scene.refuses(
        &into("eu-central-2", ""),
        &expect![[r#"
        Error: Restore cannot be planned

          with dynamodb_restored_table.copy,
          on main.tf line 1, in resource "dynamodb_restored_table" "copy":
           1: resource "dynamodb_restored_table" "copy" {

        Authenticating with AWS in eu-central-2: describing table copy in
        eu-central-2: The security token included in the request is invalid. The same
        credentials are accepted in us-east-1.

        Most likely the account has not enabled eu-central-2: AWS opens newer Regions
        only to accounts that ask for them. Enable it (aws account enable-region
        --region-name eu-central-2) and wait until aws account get-region-opt-status
        --region-name eu-central-2 says ENABLED, or take another Region. Where it is
        enabled, temporary credentials of the global endpoint of STS are the reason:
        set AWS_STS_REGIONAL_ENDPOINTS = regional where they are made.

        AWS error UnrecognizedClientException, request id
        <request id>
    "#]],
    );
    scene.accepts(&into("eu-west-1", ""));
}
