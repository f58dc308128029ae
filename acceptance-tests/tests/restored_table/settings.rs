//! What a restore drops, put on in the same apply and changed in place later.

use std::time::Duration;

use acceptance_tests::{backend, wait_until};
use serde_json::json;

use super::{ADDRESS, Scene};

#[test]
fn tags() {
    let scene = Scene::new(backend!(Backups, Restores, TagChanges));
    let config = scene.workdir("tags = { team = \"shop\", cost = \"1\" }");
    config.apply();
    config.assert_empty_plan();
    assert_eq!(scene.tags(), ["cost=1", "team=shop"]);
    scene.change(&config, "tags = { team = \"store\" }", &["update"]);
    assert_eq!(scene.tags(), ["team=store"]);
    scene.change(&config, "", &["update"]);
    assert_eq!(scene.tags(), Vec::<String>::new());
}

#[test]
fn default_tags_and_ignored_tags() {
    let scene = Scene::new(backend!(Backups, Restores, Tags));
    let provider = |team: &str| {
        format!(
            "provider \"dynamodb\" {{\n  default_tags {{\n    tags = {{ team = \"{team}\", stage = \"test\" }}\n  }}\n  \
             ignore_tags {{\n    key_prefixes = [\"audit:\"]\n  }}\n}}\n"
        )
    };
    let resource = scene.configuration("tags = { team = \"shop\" }");
    let config = scene.backend.workdir(&(provider("platform") + &resource));
    config.apply();
    config.assert_empty_plan();
    assert_eq!(scene.tags(), ["stage=test", "team=shop"]);
    assert_eq!(
        config.state().values(ADDRESS)["tags_all"],
        json!({"stage": "test", "team": "shop"})
    );

    let arn = scene.table()["TableArn"].clone();
    let audit = json!([{"Key": "audit:seen", "Value": "yes"}]);
    scene
        .backend
        .aws()
        .call("TagResource", json!({"ResourceArn": arn, "Tags": audit}));
    config.assert_empty_plan();
}

#[test]
fn time_to_live() {
    let scene = Scene::new(backend!(Backups, Restores, TimeToLive, Control));
    let config = scene.workdir("time_to_live = { attribute_name = \"expires\" }");
    config.apply();
    config.assert_empty_plan();
    let enabled = ("ENABLED".to_owned(), Some("expires".to_owned()));
    assert_eq!(scene.backend.aws().time_to_live("orders-restored"), enabled);
    // AWS allows one change in about an hour.
    scene.backend.simulator().advance(2 * 3600);
    scene.change(&config, "time_to_live = { enabled = false }", &["update"]);
    assert_eq!(scene.backend.aws().time_to_live("orders-restored").0, "DISABLED");
    scene.change(&config, "", &["no-op"]);
}

#[test]
fn stream() {
    let scene = Scene::new(backend!(Backups, Restores, StreamChanges));
    let config = scene.workdir("stream = { view_type = \"KEYS_ONLY\" }");
    config.apply();
    config.assert_empty_plan();
    assert_eq!(
        scene.table()["StreamSpecification"]["StreamViewType"],
        "KEYS_ONLY"
    );
    assert_eq!(
        config.state().values(ADDRESS)["stream_arn"],
        scene.table()["LatestStreamArn"]
    );
    scene.change(&config, "stream = { view_type = \"NEW_IMAGE\" }", &["update"]);
    assert_eq!(
        scene.table()["StreamSpecification"]["StreamViewType"],
        "NEW_IMAGE"
    );
    scene.change(&config, "stream = { enabled = false }", &["update"]);
    assert_ne!(scene.table()["StreamSpecification"]["StreamEnabled"], true);
    scene.change(&config, "", &["no-op"]);
}

#[test]
fn point_in_time_recovery() {
    let scene = Scene::new(backend!(Backups, Restores, PitrSwitch, RecoveryPeriod));
    let recovery = |scene: &Scene| scene.backend.aws().recovery("orders-restored");
    let config = scene.workdir("point_in_time_recovery = { recovery_period_in_days = 7 }");
    config.apply();
    config.assert_empty_plan();
    assert_eq!(recovery(&scene)["RecoveryPeriodInDays"], 7);
    scene.change(
        &config,
        "point_in_time_recovery = { recovery_period_in_days = 14 }",
        &["update"],
    );
    assert_eq!(recovery(&scene)["RecoveryPeriodInDays"], 14);
    scene.change(&config, "", &["no-op"]);
    assert_eq!(recovery(&scene)["PointInTimeRecoveryStatus"], "ENABLED");
}

#[test]
fn deletion_protection_enabled() {
    let scene = Scene::new(backend!(Backups, Restores, DeletionProtection));
    let config = scene.workdir("deletion_protection_enabled = true");
    config.apply();
    config.assert_empty_plan();
    assert_eq!(scene.table()["DeletionProtectionEnabled"], true);
    config
        .terraform(&["destroy", "-auto-approve", "-no-color"])
        .fails()
        .says("deletion_protection_enabled = false");
    assert!(scene.backend.aws().table("orders-restored").is_some());
    scene.change(&config, "", &["no-op"]);
    scene.change(&config, "deletion_protection_enabled = false", &["update"]);
    config.destroy();
    assert_eq!(scene.backend.aws().table("orders-restored"), None);
}

#[test]
fn table_class() {
    let scene = Scene::new(backend!(Backups, Restores, TableClass));
    let class = |scene: &Scene| scene.table()["TableClassSummary"]["TableClass"].clone();
    let config = scene.workdir("table_class = \"STANDARD_INFREQUENT_ACCESS\"");
    config.apply();
    config.assert_empty_plan();
    assert_eq!(class(&scene), "STANDARD_INFREQUENT_ACCESS");
    scene.change(&config, "table_class = \"STANDARD\"", &["update"]);
    assert_ne!(class(&scene), "STANDARD_INFREQUENT_ACCESS");
    scene.change(&config, "", &["no-op"]);
}

#[test]
fn carry_over() {
    let backend = backend!(
        Backups, Restores, Tags, TimeToLive, Streams, PitrSwitch, TableClass, Control
    );
    let arn = backend.aws().create_table_with(
        "orders",
        json!({
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"},
            "TableClass": "STANDARD_INFREQUENT_ACCESS",
            "DeletionProtectionEnabled": true,
            "Tags": [{"Key": "team", "Value": "shop"}],
        }),
    );
    let ttl = json!({"Enabled": true, "AttributeName": "expires"});
    backend.aws().call(
        "UpdateTimeToLive",
        json!({"TableName": "orders", "TimeToLiveSpecification": ttl}),
    );
    backend.aws().enable_recovery("orders", 9);
    let limit = Duration::from_secs(20);
    wait_until("time to live", limit, || {
        (backend.aws().time_to_live("orders").0 == "ENABLED").then_some(())
    });
    let backup_arn = backend.aws().create_backup("orders", "nightly");
    let scene = Scene { backend, backup_arn };
    let config = scene.workdir(
        "carry_over = [\"tags\", \"time_to_live\", \"stream\", \"point_in_time_recovery\", \
         \"deletion_protection_enabled\", \"table_class\"]",
    );
    config.apply();
    config.assert_empty_plan();
    let table = scene.table();
    assert_eq!(scene.tags(), ["team=shop"]);
    assert_eq!(table["StreamSpecification"]["StreamViewType"], "KEYS_ONLY");
    assert_eq!(
        table["TableClassSummary"]["TableClass"],
        "STANDARD_INFREQUENT_ACCESS"
    );
    assert_eq!(table["DeletionProtectionEnabled"], true);
    assert_eq!(
        scene.backend.aws().recovery("orders-restored")["RecoveryPeriodInDays"],
        9
    );
    assert_eq!(
        scene.backend.aws().time_to_live("orders-restored").1.as_deref(),
        Some("expires")
    );

    // Once the table is made, the source may change as it likes.
    scene
        .backend
        .aws()
        .call("UntagResource", json!({"ResourceArn": arn, "TagKeys": ["team"]}));
    config.assert_empty_plan();
    scene.change(&config, "deletion_protection_enabled = false", &["update"]);
}

#[test]
fn timeouts_are_terraforms_own_business() {
    let scene = Scene::new(backend!(Backups, Restores, Control));
    let config = scene.workdir("timeouts = { create = \"2h\" }");
    config.apply();
    config.assert_empty_plan();
    scene.backend.simulator().clear_calls();
    scene.change(
        &config,
        "timeouts = { create = \"4h\", delete = \"10m\" }",
        &["update"],
    );
    assert_eq!(scene.backend.simulator().calls().count("UpdateTable"), 0);
}
