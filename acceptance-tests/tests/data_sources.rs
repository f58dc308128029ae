//! The data sources through the real terraform.

use acceptance_tests::{Backend, Workdir, backend};
use serde_json::{Value, json};

/// Reads a data source named `it`, and returns its attributes.
fn read(config: &Workdir, data_source: &str, arguments: &str) -> Value {
    config.configure(&format!("data \"{data_source}\" \"it\" {{\n  {arguments}\n}}\n"));
    config.apply();
    config.state().values(&format!("data.{data_source}.it")).clone()
}

/// Two backups of one table and one of another. Returns the ARNs of the two, oldest first.
fn three_backups(backend: &Backend) -> [String; 2] {
    let aws = backend.aws();
    aws.create_table("orders");
    aws.create_table("invoices");
    aws.create_backup("invoices", "invoices-nightly");
    let first = aws.create_backup("orders", "orders-nightly");
    // Where time stands still for us, DynamoDB's fraction of a second tells them apart.
    if backend.kind() == acceptance_tests::Kind::Simulator {
        backend.simulator().advance(3600);
    }
    let second = aws.create_backup("orders", "orders-release");
    [first, second]
}

#[test]
fn backup_by_arn() {
    let backend = backend!(Backups);
    let [first, _] = three_backups(&backend);
    let config = backend.workdir("");
    let found = read(&config, "dynamodb_backup", &format!("arn = \"{first}\""));
    assert_eq!(found["name"], "orders-nightly");
    assert_eq!(found["status"], "AVAILABLE");
    assert_eq!(found["type"], "USER");
    assert_eq!(found["table_name"], "orders");
    assert_eq!(found["source_table"]["name"], "orders");
    assert_eq!(found["expires_at"], Value::Null);
}

#[test]
fn backup_newest_of_a_table() {
    let backend = backend!(Backups);
    let [first, second] = three_backups(&backend);
    let config = backend.workdir("");
    assert_eq!(
        read(&config, "dynamodb_backup", "table_name = \"orders\"")["arn"],
        json!(second)
    );
    let nightly = "table_name = \"orders\"\n  name_regex = \"nightly$\"";
    assert_eq!(read(&config, "dynamodb_backup", nightly)["arn"], json!(first));
    let by_type = "table_name = \"orders\"\n  type = \"USER\"\n  status = \"AVAILABLE\"\n  max_age = \"24h\"";
    assert_eq!(read(&config, "dynamodb_backup", by_type)["arn"], json!(second));
}

#[test]
fn backup_that_is_not_there() {
    let backend = backend!(Backups);
    three_backups(&backend);
    let config = backend.workdir("");
    let plan = |arguments: &str| {
        config.configure(&format!(
            "data \"dynamodb_backup\" \"it\" {{\n  {arguments}\n}}\n"
        ));
        config.plan_fails()
    };
    plan("table_name = \"orders\"\n  name_regex = \"^weekly\"")
        .says("orders")
        .says("^weekly");
    plan("table_name = \"orders\"\n  name_regex = \"(\"").says("name_regex");
    plan("table_name = \"orders\"\n  max_age = \"yesterday\"").says("max_age");
    plan("").says("arn").says("table_name");
    let gone = format!(
        "arn:aws:dynamodb:us-east-1:{}:table/orders/backup/01700000000000-0a1b2c3d",
        backend.account()
    );
    plan(&format!("arn = \"{gone}\"")).says(&gone);
}

#[test]
fn backup_too_old() {
    let backend = backend!(Backups, Control);
    three_backups(&backend);
    backend.simulator().advance(48 * 3600);
    let config = backend.workdir("");
    config
        .configure("data \"dynamodb_backup\" \"it\" {\n  table_name = \"orders\"\n  max_age = \"24h\"\n}\n");
    config.plan_fails().says("max_age").says("orders-release");
}

#[test]
fn backups() {
    let backend = backend!(Backups);
    let [first, second] = three_backups(&backend);
    let config = backend.workdir("");
    let of_orders = read(&config, "dynamodb_backups", "table_name = \"orders\"");
    assert_eq!(of_orders["arns"], json!([second, first]), "the newest first");
    assert_eq!(of_orders["backups"][0]["name"], "orders-release");
    assert_eq!(of_orders["backups"][0]["table_name"], "orders");
    let all = read(&config, "dynamodb_backups", "");
    assert_eq!(all["arns"].as_array().map(Vec::len), Some(3));
    let nightly = read(&config, "dynamodb_backups", "name_regex = \"nightly$\"");
    assert_eq!(nightly["arns"].as_array().map(Vec::len), Some(2));
    let none = read(
        &config,
        "dynamodb_backups",
        "table_name = \"nothing-of-that-name\"",
    );
    assert_eq!(
        (&none["arns"], &none["backups"]),
        (&json!([]), &json!([])),
        "no match is an empty list"
    );
}

#[test]
fn backups_of_more_than_a_page() {
    let backend = backend!(Backups, BackupFilters, Control);
    backend
        .simulator()
        .set(json!({"enforce_rates": false, "backup_creating_ms": 0}));
    backend.aws().create_table("orders");
    for index in 0..120 {
        let name = format!("backup-{index}");
        backend
            .aws()
            .call("CreateBackup", json!({"TableName": "orders", "BackupName": name}));
    }
    let config = backend.workdir("");
    let found = read(&config, "dynamodb_backups", "table_name = \"orders\"");
    assert_eq!(found["arns"].as_array().map(Vec::len), Some(120));
}

#[test]
fn backups_of_a_deleted_table() {
    let backend = backend!(Backups, BackupFilters, SystemBackups);
    backend.aws().create_table("carts");
    backend.aws().enable_recovery("carts", 35);
    backend.aws().delete_table("carts");
    acceptance_tests::wait_until("the system backup", std::time::Duration::from_secs(10), || {
        (!backend.aws().backups("carts").is_empty()).then_some(())
    });
    let config = backend.workdir("");
    let found = read(
        &config,
        "dynamodb_backup",
        "table_name = \"carts\"\n  type = \"SYSTEM\"",
    );
    assert_eq!(found["type"], "SYSTEM");
    assert!(found["expires_at"].is_string(), "{found}");
    let user = read(
        &config,
        "dynamodb_backups",
        "table_name = \"carts\"\n  type = \"USER\"",
    );
    assert_eq!(user["arns"], json!([]));
}

#[test]
fn backups_of_another_region() {
    let backend = backend!(Backups);
    let ireland = backend.aws().in_region("eu-west-1");
    ireland.create_table("orders");
    let arn = ireland.create_backup("orders", "nightly");
    let config = backend.workdir("");
    let found = read(&config, "dynamodb_backups", "region = \"eu-west-1\"");
    assert_eq!(found["arns"], json!([arn]));
    // An ARN says its Region itself.
    let found = read(&config, "dynamodb_backup", &format!("arn = \"{arn}\""));
    assert_eq!(found["region"], "eu-west-1");
}

#[test]
fn restore_window() {
    let backend = backend!(PitrSwitch, PitrWindow, Control);
    let arn = backend.aws().create_table("orders");
    let config = backend.workdir("");
    let off = read(&config, "dynamodb_restore_window", "table_name = \"orders\"");
    assert_eq!(off["point_in_time_recovery_enabled"], json!(false));
    assert_eq!(
        (&off["earliest_restorable_time"], &off["recovery_period_in_days"]),
        (&Value::Null, &Value::Null)
    );

    backend.aws().enable_recovery("orders", 7);
    backend.simulator().advance(3 * 24 * 3600);
    let on = read(
        &config,
        "dynamodb_restore_window",
        &format!("table_name = \"{arn}\""),
    );
    assert_eq!(on["point_in_time_recovery_enabled"], json!(true));
    assert_eq!(on["recovery_period_in_days"], json!(7));
    assert_eq!(on["table_arn"], json!(arn));
    let time = |attribute: &str| -> jiff::Timestamp {
        on[attribute]
            .as_str()
            .and_then(|text| text.parse().ok())
            .unwrap_or_else(|| panic!("{attribute}: {on}"))
    };
    let (earliest, latest) = (time("earliest_restorable_time"), time("latest_restorable_time"));
    assert!(earliest < latest, "{earliest} {latest}");
    assert!(latest < backend.simulator().now());
}

#[test]
fn restore_window_of_no_table() {
    let backend = backend!(PitrSwitch, PitrWindow);
    let config = backend.workdir("");
    config.configure("data \"dynamodb_restore_window\" \"it\" {\n  table_name = \"nothing\"\n}\n");
    config.plan_fails().says("nothing");
}
