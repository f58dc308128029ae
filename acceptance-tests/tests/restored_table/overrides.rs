//! What a restore can override: billing, throughput, encryption, indexes; and how each is changed later.

use acceptance_tests::{Backend, backend};
use serde_json::{Value, json};

use super::Scene;

#[test]
fn billing_mode_and_provisioned_throughput() {
    let scene = Scene::new(backend!(Backups, RestoreOverrides));
    let provisioned = |read: u8| {
        format!(
            "billing_mode = \"PROVISIONED\"\n  provisioned_throughput = {{\n    read_capacity_units  = {read}\n    \
             write_capacity_units = 6\n  }}"
        )
    };
    let config = scene.workdir(&provisioned(5));
    config.apply();
    config.assert_empty_plan();
    assert_eq!(scene.table()["ProvisionedThroughput"]["ReadCapacityUnits"], 5);

    scene.change(&config, &provisioned(7), &["update"]);
    assert_eq!(scene.table()["ProvisionedThroughput"]["ReadCapacityUnits"], 7);
    scene.change(&config, "", &["no-op"]);
    scene.change(&config, "billing_mode = \"PAY_PER_REQUEST\"", &["update"]);
    assert_eq!(
        scene.table()["BillingModeSummary"]["BillingMode"],
        "PAY_PER_REQUEST"
    );
}

#[test]
fn on_demand_throughput() {
    let scene = Scene::new(backend!(Backups, RestoreOverrides));
    let maximum = |read: u32| format!("on_demand_throughput = {{ max_read_request_units = {read} }}");
    let config = scene.workdir(&maximum(50));
    config.apply();
    config.assert_empty_plan();
    assert_eq!(scene.table()["OnDemandThroughput"]["MaxReadRequestUnits"], 50);
    scene.change(&config, &maximum(80), &["update"]);
    assert_eq!(scene.table()["OnDemandThroughput"]["MaxReadRequestUnits"], 80);
    scene.change(&config, "", &["no-op"]);
}

#[test]
fn server_side_encryption() {
    let backend = backend!(Backups, RestoreOverrides, Keys, Control);
    backend.simulator().make_key(json!({
        "account": backend.account(), "region": Backend::REGION,
        "key_id": "0a1b2c3d-0000-4000-8000-000000000001", "aliases": ["alias/orders"],
    }));
    let scene = Scene::new(backend);
    let key = "server_side_encryption = { kms_key_arn = \"alias/orders\" }";
    let config = scene.workdir(key);
    config.apply();
    config.assert_empty_plan();
    let description = scene.table()["SSEDescription"].clone();
    assert_eq!(description["Status"], "ENABLED");
    let arn = description["KMSMasterKeyArn"]
        .as_str()
        .expect("a key has an ARN")
        .to_owned();
    assert!(arn.ends_with("key/0a1b2c3d-0000-4000-8000-000000000001"), "{arn}");

    scene.change(&config, "server_side_encryption = { enabled = true }", &["no-op"]);
    scene.change(
        &config,
        "server_side_encryption = { kms_key_arn = \"alias/aws/dynamodb\" }",
        &["update"],
    );
    assert_ne!(scene.table()["SSEDescription"]["KMSMasterKeyArn"], arn.as_str());
    scene.change(
        &config,
        "server_side_encryption = { enabled = false }",
        &["update"],
    );
    assert_ne!(scene.table()["SSEDescription"]["Status"], "ENABLED");
    scene.change(&config, "", &["no-op"]);
}

#[test]
fn global_secondary_indexes() {
    let scene = Scene::with_table(backend!(Backups, RestoreOverrides), indexed());
    let names = |scene: &Scene| index_names(&scene.table()["GlobalSecondaryIndexes"]);
    let config = scene.workdir("global_secondary_indexes = { by_day = {} }");
    config.apply();
    config.assert_empty_plan();
    assert_eq!(names(&scene), ["by_day"]);

    // The definition of what is added comes from the source, which is still there.
    scene.change(
        &config,
        "global_secondary_indexes = { by_day = {}, by_city = {} }",
        &["update"],
    );
    assert_eq!(names(&scene), ["by_city", "by_day"]);
    scene.change(
        &config,
        "global_secondary_indexes = { by_city = {} }",
        &["update"],
    );
    assert_eq!(names(&scene), ["by_city"]);
    scene.change(&config, "", &["no-op"]);
    scene.change(&config, "global_secondary_indexes = {}", &["update"]);
    assert_eq!(names(&scene), Vec::<String>::new());
}

#[test]
fn all_global_secondary_indexes_by_default() {
    let scene = Scene::with_table(backend!(Backups, Restores), indexed());
    let config = scene.workdir("");
    config.apply();
    config.assert_empty_plan();
    assert_eq!(
        index_names(&scene.table()["GlobalSecondaryIndexes"]),
        ["by_city", "by_day"]
    );
    assert_eq!(
        index_names(&scene.table()["LocalSecondaryIndexes"]),
        ["by_amount"]
    );
}

#[test]
fn throughput_of_an_index() {
    let mut table = indexed();
    table["BillingMode"] = "PROVISIONED".into();
    let throughput = json!({"ReadCapacityUnits": 2, "WriteCapacityUnits": 2});
    table["ProvisionedThroughput"] = throughput.clone();
    for index in 0..2 {
        table["GlobalSecondaryIndexes"][index]["ProvisionedThroughput"] = throughput.clone();
    }
    let scene = Scene::with_table(backend!(Backups, RestoreOverrides), table);
    let by_day = |read: u8| {
        format!(
            "global_secondary_indexes = {{\n    by_day = {{\n      provisioned_throughput = {{ read_capacity_units = {read}, \
             write_capacity_units = 3 }}\n    }}\n  }}"
        )
    };
    let read = |scene: &Scene| {
        scene.table()["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"]["ReadCapacityUnits"].clone()
    };
    let config = scene.workdir(&by_day(4));
    config.apply();
    config.assert_empty_plan();
    assert_eq!(read(&scene), json!(4));
    scene.change(&config, &by_day(5), &["update"]);
    assert_eq!(read(&scene), json!(5));
}

#[test]
fn local_secondary_indexes() {
    let scene = Scene::with_table(backend!(Backups, RestoreOverrides), indexed());
    let config = scene.workdir("local_secondary_indexes = []\n  global_secondary_indexes = {}");
    config.apply();
    config.assert_empty_plan();
    assert_eq!(
        index_names(&scene.table()["LocalSecondaryIndexes"]),
        Vec::<String>::new()
    );
    scene.change(&config, "global_secondary_indexes = {}", &["no-op"]);
    config.configure(
        &scene.configuration("local_secondary_indexes = [\"by_amount\"]\n  global_secondary_indexes = {}"),
    );
    config.plan_fails().says("local_secondary_indexes");
}

/// A table with two global indexes and a local one.
fn indexed() -> Value {
    let global = |name: &str, key: &str| {
        json!({
            "IndexName": name, "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
        })
    };
    let attribute = |name: &str| json!({"AttributeName": name, "AttributeType": "S"});
    json!({
        "AttributeDefinitions": [
            attribute("pk"), attribute("sk"), attribute("day"), attribute("city"), attribute("amount"),
        ],
        "KeySchema": [
            {"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        "GlobalSecondaryIndexes": [global("by_day", "day"), global("by_city", "city")],
        "LocalSecondaryIndexes": [{
            "IndexName": "by_amount", "Projection": {"ProjectionType": "KEYS_ONLY"},
            "KeySchema": [
                {"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "amount", "KeyType": "RANGE"},
            ],
        }],
    })
}

fn index_names(indexes: &Value) -> Vec<String> {
    let names = indexes
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|index| index["IndexName"].as_str());
    let mut names: Vec<String> = names.map(str::to_owned).collect();
    names.sort();
    names
}
