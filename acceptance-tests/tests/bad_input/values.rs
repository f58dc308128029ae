//! Wrong types, strange texts, endless values and unknown ones.

use acceptance_tests::{Backend, Workdir, backend};

use crate::orderly::{plan, run};

const TEN_MEGABYTES: usize = 10 * 1024 * 1024;

fn workdir() -> (Backend, Workdir) {
    let backend = Backend::start(&acceptance_tests::here!(), &[]).expect("no capability is asked for");
    backend.aws().create_table("orders");
    let config = backend.workdir("");
    (backend, config)
}

#[test]
fn wrong_types() {
    let (_backend, config) = workdir();
    for (resource, arguments) in [
        ("point_in_time_recovery", "table_name = [\"orders\"]"),
        ("point_in_time_recovery", "table_name = null"),
        (
            "point_in_time_recovery",
            "table_name = \"orders\"\n  recovery_period_in_days = \"many\"",
        ),
        (
            "point_in_time_recovery",
            "table_name = \"orders\"\n  recovery_period_in_days = 1.5",
        ),
        (
            "point_in_time_recovery",
            "table_name = \"orders\"\n  recovery_period_in_days = 1e400",
        ),
        (
            "point_in_time_recovery",
            "table_name = \"orders\"\n  recovery_period_in_days = -9223372036854775809",
        ),
        (
            "point_in_time_recovery",
            "table_name = \"orders\"\n  enabled = \"perhaps\"",
        ),
        (
            "point_in_time_recovery",
            "table_name = \"orders\"\n  timeouts = \"5m\"",
        ),
        (
            "point_in_time_recovery",
            "table_name = \"orders\"\n  timeouts = { create = \"soon\" }",
        ),
        ("backup", "table_name = {}"),
        ("backup", "table_name = \"orders\"\n  triggers = { a = [1] }"),
        ("backup", "table_name = \"orders\"\n  triggers = \"a\""),
        ("restored_table", "name = \"x-restored\"\n  source = \"orders\""),
        ("restored_table", "name = \"x-restored\"\n  source = {}"),
        ("restored_table", "name = \"x-restored\"\n  source = null"),
        (
            "restored_table",
            "name = \"x-restored\"\n  source = { point_in_time = {} }",
        ),
        (
            "restored_table",
            "name = \"x-restored\"\n  source = { backup_arn = \"\" }",
        ),
        (
            "restored_table",
            "name = \"x-restored\"\n  source = { backup_arn = \"arn:aws:dynamodb\" }",
        ),
        (
            "restored_table",
            "name = \"x-restored\"\n  source = { backup_arn = 5 }\n  global_secondary_indexes = []",
        ),
    ] {
        let text = format!("resource \"dynamodb_{resource}\" \"it\" {{\n  {arguments}\n}}\n");
        let run = plan(&config, &text);
        assert_eq!(run.code, Some(1), "{text}\n{run}");
        assert!(run.stderr.contains("Error:"), "{text}\n{run}");
    }
}

#[test]
fn strange_texts() {
    let (_backend, config) = workdir();
    let texts = [
        String::new(),
        " ".to_owned(),
        "a\\u0000b".to_owned(),
        "\\u202Eorders".to_owned(),
        "e\\u0301\\U0001F4A5".to_owned(),
        "x".repeat(256),
        "../../etc/passwd".to_owned(),
        "orders\\r\\nX-Injected: 1".to_owned(),
        "%s%n{{}}".to_owned(),
    ];
    for text in texts {
        for argument in [
            "table_name = \"TEXT\"",
            "table_name = \"orders\"\n  name = \"TEXT\"",
            "table_name = \"orders\"\n  region = \"TEXT\"",
        ] {
            let argument = argument.replace("TEXT", &text);
            let run = plan(
                &config,
                &format!("resource \"dynamodb_backup\" \"it\" {{\n  {argument}\n}}\n"),
            );
            assert_eq!(run.code, Some(1), "{argument}: {run}");
        }
    }
}

#[test]
fn ten_megabytes() {
    let (_backend, config) = workdir();
    config.write("big.txt", &"x".repeat(TEN_MEGABYTES));
    let run = plan(
        &config,
        "resource \"dynamodb_backup\" \"it\" {\n  table_name = \"orders\"\n  triggers   = { big = file(\"big.txt\") }\n}\n\
         output \"size\" {\n  value = length(dynamodb_backup.it.triggers[\"big\"])\n}\n",
    );
    assert_eq!(
        run.code,
        Some(0),
        "it is a trigger like any other: {}",
        &run.stderr
    );
    for argument in [
        "table_name = file(\"big.txt\")",
        "table_name = \"orders\"\n  name = file(\"big.txt\")",
    ] {
        let run = plan(
            &config,
            &format!("resource \"dynamodb_backup\" \"it\" {{\n  {argument}\n}}\n"),
        );
        assert_eq!(run.code, Some(1));
        assert!(
            run.stderr.len() < 100_000,
            "an error does not repeat ten megabytes: {} bytes",
            run.stderr.len()
        );
    }
}

#[test]
fn ten_thousand_elements() {
    let (_backend, config) = workdir();
    let run = plan(
        &config,
        "resource \"dynamodb_backup\" \"it\" {\n  table_name = \"orders\"\n  triggers   = { for pair in setproduct(range(100), range(100)) \
         : \"key-${pair[0]}-${pair[1]}\" => \"value\" }\n}\n",
    );
    assert_eq!(run.code, Some(0), "{run}");
}

#[test]
fn unknowns_everywhere() {
    let (_backend, config) = workdir();
    let value = "terraform_data.later.output";
    let run = plan(
        &config,
        &format!(
            r#"
resource "terraform_data" "later" {{
  input = timestamp()
}}

resource "dynamodb_point_in_time_recovery" "it" {{
  table_name              = {value}
  region                  = {value}
  enabled                 = {value} == ""
  recovery_period_in_days = length({value})
  on_destroy              = {value}
  allow_window_loss       = {value} == ""
  timeouts                = {{ create = {value}, update = {value} }}
}}

resource "dynamodb_backup" "it" {{
  table_name        = {value}
  name              = {value}
  region            = {value}
  retain_on_destroy = {value} == ""
  triggers          = {{ known = "a", unknown = {value} }}
}}

resource "dynamodb_backup" "all_triggers" {{
  table_name = "orders"
  triggers   = {{ for key in [{value}] : key => key }}
}}

resource "dynamodb_restored_table" "it" {{
  name                        = {value}
  region                      = {value}
  source                      = {{ backup_arn = {value} }}
  billing_mode                = {value}
  provisioned_throughput      = {{ read_capacity_units = length({value}), write_capacity_units = length({value}) }}
  server_side_encryption      = {{ enabled = {value} == "", kms_key_arn = {value} }}
  global_secondary_indexes    = {{ by_day = {{ provisioned_throughput = {{ read_capacity_units = length({value}), write_capacity_units = 1 }} }} }}
  local_secondary_indexes     = [{value}]
  tags                        = {{ team = {value} }}
  time_to_live                = {{ attribute_name = {value} }}
  stream                      = {{ view_type = {value} }}
  point_in_time_recovery      = {{ recovery_period_in_days = length({value}) }}
  deletion_protection_enabled = {value} == ""
  table_class                 = {value}
  carry_over                  = [{value}]
}}

resource "dynamodb_restored_table" "point_in_time" {{
  name   = {value}
  source = {{ point_in_time = {{ table_name = {value}, time = {value} }} }}
}}

data "dynamodb_backup" "it" {{
  table_name = {value}
  name_regex = {value}
  max_age    = {value}
}}

data "dynamodb_backups" "it" {{
  table_name = {value}
}}

data "dynamodb_restore_window" "it" {{
  table_name = {value}
}}
"#
        ),
    );
    assert_eq!(run.code, Some(0), "what is not known yet is not refused: {run}");
}

#[test]
fn whole_objects_unknown() {
    let (_backend, config) = workdir();
    let run = plan(
        &config,
        r#"
locals {
  later = timestamp() == ""
}

resource "dynamodb_restored_table" "it" {
  name                     = "orders-restored"
  source                   = local.later ? { backup_arn = "a" } : { backup_arn = "b" }
  stream                   = local.later ? { view_type = "KEYS_ONLY" } : null
  server_side_encryption   = local.later ? { enabled = true } : null
  provisioned_throughput   = local.later ? { read_capacity_units = 1, write_capacity_units = 1 } : null
  point_in_time_recovery   = local.later ? { enabled = true } : null
  time_to_live             = local.later ? { attribute_name = "expires" } : null
  global_secondary_indexes = local.later ? { by_day = {} } : null
  local_secondary_indexes  = local.later ? toset(["by_day"]) : null
  tags                     = local.later ? { team = "shop" } : null
  carry_over               = local.later ? toset(["tags"]) : null
  triggers                 = local.later ? { release = "1" } : null
  timeouts                 = local.later ? { create = "1h" } : null
}

resource "dynamodb_backup" "it" {
  table_name = "orders"
  triggers   = local.later ? { release = "1" } : null
  timeouts   = local.later ? { create = "1h" } : null
}
"#,
    );
    assert_eq!(run.code, Some(0), "{run}");
}

#[test]
fn strange_import_ids() {
    let backend = backend!(MissingTables);
    let config = backend.workdir("");
    for (address, configuration) in [
        (
            "dynamodb_backup.it",
            "resource \"dynamodb_backup\" \"it\" {\n  table_name = \"orders\"\n}\n",
        ),
        (
            "dynamodb_point_in_time_recovery.it",
            "resource \"dynamodb_point_in_time_recovery\" \"it\" {\n  table_name = \"orders\"\n}\n",
        ),
        (
            "dynamodb_restored_table.it",
            "resource \"dynamodb_restored_table\" \"it\" {\n  name   = \"x-restored\"\n  source = { backup_arn = \
             \"arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/01700000000000-0a1b2c3d\" }\n}\n",
        ),
    ] {
        config.configure(configuration);
        for id in [
            " ",
            "@",
            "orders@",
            "@eu-west-1",
            "a b",
            "arn:aws:s3:::bucket",
            "no-such-thing",
            "x@y@z",
        ] {
            let run = run(&config, &["import", "-no-color", address, id]);
            assert_eq!(run.code, Some(1), "{address} {id:?}: {run}");
        }
    }
}

#[test]
fn deeply_nested_values() {
    let (_backend, config) = workdir();
    let nested = format!("{}1{}", "[".repeat(500), "]".repeat(500));
    for argument in [
        format!("table_name = {nested}"),
        format!("table_name = \"orders\"\n  triggers = {{ deep = {nested} }}"),
        "table_name = jsondecode(file(\"deep.json\"))".to_owned(),
    ] {
        config.write(
            "deep.json",
            &format!("{}{}", "[".repeat(10_000), "]".repeat(10_000)),
        );
        let run = plan(
            &config,
            &format!("resource \"dynamodb_backup\" \"it\" {{\n  {argument}\n}}\n"),
        );
        assert_eq!(run.code, Some(1), "{run}");
        assert!(run.stderr.len() < 100_000, "{} bytes", run.stderr.len());
    }
}

/// What becomes known in the apply is checked there, before anything is done.
#[test]
fn unknowns_that_turn_out_to_be_wrong() {
    let backend = backend!(PitrSwitch, Backups, Control);
    backend.aws().create_table("orders");
    let config = backend.workdir("");
    for (input, object, says) in [
        (
            "99",
            "resource \"dynamodb_point_in_time_recovery\" \"it\" {\n  table_name = \"orders\"\n  \
             recovery_period_in_days = terraform_data.later.output\n}\n",
            "must be between 1 and 35",
        ),
        (
            "\"no such\"",
            "resource \"dynamodb_backup\" \"it\" {\n  table_name = terraform_data.later.output\n}\n",
            "cannot be the name of a table",
        ),
        (
            "\"soon\"",
            "resource \"dynamodb_backup\" \"it\" {\n  table_name = \"orders\"\n  \
             timeouts = { create = terraform_data.later.output }\n}\n",
            "duration",
        ),
        (
            "\"arn:aws:dynamodb:us-east-1:111122223333:table/orders\"",
            "resource \"dynamodb_restored_table\" \"it\" {\n  name = \"copy\"\n  \
             source = { backup_arn = terraform_data.later.output }\n}\n",
            "it is the ARN of a table",
        ),
    ] {
        config.configure(&format!(
            "resource \"terraform_data\" \"later\" {{\n  input = {input}\n}}\n\n{object}"
        ));
        backend.simulator().clear_calls();
        run(&config, &["apply", "-auto-approve", "-no-color"])
            .fails()
            .says(says);
        let calls = backend.simulator().calls();
        for change in [
            "CreateBackup",
            "UpdateContinuousBackups",
            "RestoreTableFromBackup",
        ] {
            assert_eq!(calls.count(change), 0, "{input}");
        }
        config.terraform(&["state", "rm", "terraform_data.later"]).ok();
    }
}
