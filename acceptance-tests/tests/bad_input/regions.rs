//! Names that no Region has.

use acceptance_tests::{backend, normalise};
use expect_test::expect;

use crate::orderly::plan;

#[test]
fn of_the_provider() {
    let backend = backend!(Control);
    backend.aws().create_table("orders");
    let config = backend.workdir("");
    let mut texts = String::new();
    for region in [
        "mars-1",
        "US-EAST-1",
        " us-east-1",
        "us-east-1a",
        "https://dynamodb.us-east-1.amazonaws.com",
    ] {
        let run = plan(
            &config,
            &format!(
                "provider \"dynamodb\" {{\n  region = {region:?}\n}}\n\n\
                 resource \"dynamodb_point_in_time_recovery\" \"orders\" {{\n  table_name = \"orders\"\n}}\n"
            ),
        )
        .fails();
        texts += &normalise(&run.stderr);
        texts += "\n";
    }
    expect![[r#"
        Error: Provider cannot be configured

          with provider["registry.terraform.io/dynamodb-backup/dynamodb"],
          on main.tf line 1, in provider "dynamodb":
           1: provider "dynamodb" {

        Reading the provider's configuration: "mars-1" is not the name of an AWS
        Region, such as "eu-west-1"; for one that this provider does not know, give
        skip_region_validation = true in the provider block.

        Error: Provider cannot be configured

          with provider["registry.terraform.io/dynamodb-backup/dynamodb"],
          on main.tf line 1, in provider "dynamodb":
           1: provider "dynamodb" {

        Reading the provider's configuration: "US-EAST-1" is not the name of an AWS
        Region, such as "eu-west-1"; for one that this provider does not know, give
        skip_region_validation = true in the provider block.

        Error: Provider cannot be configured

          with provider["registry.terraform.io/dynamodb-backup/dynamodb"],
          on main.tf line 1, in provider "dynamodb":
           1: provider "dynamodb" {

        Reading the provider's configuration: " us-east-1" is not the name of an AWS
        Region, such as "eu-west-1"; for one that this provider does not know, give
        skip_region_validation = true in the provider block.

        Error: Provider cannot be configured

          with provider["registry.terraform.io/dynamodb-backup/dynamodb"],
          on main.tf line 1, in provider "dynamodb":
           1: provider "dynamodb" {

        Reading the provider's configuration: "us-east-1a" is not the name of an AWS
        Region, such as "eu-west-1"; for one that this provider does not know, give
        skip_region_validation = true in the provider block.

        Error: Provider cannot be configured

          with provider["registry.terraform.io/dynamodb-backup/dynamodb"],
          on main.tf line 1, in provider "dynamodb":
           1: provider "dynamodb" {

        Reading the provider's configuration:
        "https://dynamodb.us-east-1.amazonaws.com" is not the name of an AWS Region,
        such as "eu-west-1"; for one that this provider does not know, give
        skip_region_validation = true in the provider block.

    "#]]
    .assert_eq(&texts);
}

#[test]
fn of_an_object() {
    let backend = backend!(Control);
    backend.aws().create_table("orders");
    let config = backend.workdir("");
    let mut texts = String::new();
    for region in ["mars-1", "US-EAST-1", "", "us-east-1a"] {
        let run = plan(
            &config,
            &format!(
                "resource \"dynamodb_point_in_time_recovery\" \"orders\" {{\n  table_name = \"orders\"\n  region     = \
                 {region:?}\n}}\n"
            ),
        )
        .fails();
        texts += &normalise(&run.stderr);
        texts += "\n";
    }
    expect![[r#"
        Error: Point-in-time recovery cannot be read

          with dynamodb_point_in_time_recovery.orders,
          on main.tf line 1, in resource "dynamodb_point_in_time_recovery" "orders":
           1: resource "dynamodb_point_in_time_recovery" "orders" {

        Choosing the Region of an object: "mars-1" is not the name of an AWS Region,
        such as "eu-west-1"; for one that this provider does not know, give
        skip_region_validation = true in the provider block.

        Error: Point-in-time recovery cannot be read

          with dynamodb_point_in_time_recovery.orders,
          on main.tf line 1, in resource "dynamodb_point_in_time_recovery" "orders":
           1: resource "dynamodb_point_in_time_recovery" "orders" {

        Choosing the Region of an object: "US-EAST-1" is not the name of an AWS
        Region, such as "eu-west-1"; for one that this provider does not know, give
        skip_region_validation = true in the provider block.

        Error: Invalid Attribute Value

          with dynamodb_point_in_time_recovery.orders,
          on main.tf line 3, in resource "dynamodb_point_in_time_recovery" "orders":
           3:   region     = ""

        The value is the empty string. Leave the argument out, or set it to null,
        instead.

        Error: Point-in-time recovery cannot be read

          with dynamodb_point_in_time_recovery.orders,
          on main.tf line 1, in resource "dynamodb_point_in_time_recovery" "orders":
           1: resource "dynamodb_point_in_time_recovery" "orders" {

        Choosing the Region of an object: "us-east-1a" is not the name of an AWS
        Region, such as "eu-west-1"; for one that this provider does not know, give
        skip_region_validation = true in the provider block.

    "#]]
    .assert_eq(&texts);
}
