//! `dynamodb_restored_table` through the real terraform.

use std::time::Duration;

use acceptance_tests::{Backend, Workdir, backend, wait_until};
use serde_json::{Value, json};

const ADDRESS: &str = "dynamodb_restored_table.restored";
/// What AWS forgets about a restore, and what it never knew.
const UNKNOWN_TO_AWS: &[&str] = &[
    "source",
    "triggers",
    "carry_over",
    "timeouts",
    "tags",
    "restored_at",
    "restore_time",
    "restore_duration_seconds",
    "time_to_live",
    "stream",
    "point_in_time_recovery",
    "deletion_protection_enabled",
    "table_class",
    "item_count",
];

/// A source table with a backup, and a configuration that restores it.
struct Scene {
    backend: Backend,
    backup_arn: String,
}

impl Scene {
    fn new(backend: Backend) -> Self {
        Self::with_table(backend, json!({}))
    }

    fn with_table(backend: Backend, table: Value) -> Self {
        backend.aws().create_table_with("orders", table);
        let backup_arn = backend.aws().create_backup("orders", "nightly");
        Self { backend, backup_arn }
    }

    /// The configuration with these arguments besides name and source.
    fn configuration(&self, arguments: &str) -> String {
        format!(
            "resource \"dynamodb_restored_table\" \"restored\" {{\n  name   = \"orders-restored\"\n  source = {{ \
             backup_arn = \"{}\" }}\n  {arguments}\n}}\n",
            self.backup_arn
        )
    }

    fn workdir(&self, arguments: &str) -> Workdir {
        self.backend.workdir(&self.configuration(arguments))
    }

    /// Applies these arguments; the plan must have been `actions`, and the next one empty.
    #[track_caller]
    fn change(&self, config: &Workdir, arguments: &str, actions: &[&str]) {
        config.configure(&self.configuration(arguments));
        let plan = config.plan();
        assert_eq!(plan.actions(ADDRESS), actions, "{}", plan.output);
        config.apply();
        config.assert_empty_plan();
    }

    fn table(&self) -> Value {
        self.backend
            .aws()
            .table("orders-restored")
            .expect("the restored table is there")
    }

    fn tags(&self) -> Vec<String> {
        self.backend
            .aws()
            .tags(self.table()["TableArn"].as_str().expect("a table has an ARN"))
    }
}

#[test]
fn basic() {
    let backend = backend!(Backups, Restores);
    backend.aws().create_table("orders");
    backend.aws().put_items("orders", ["a", "b"]);
    let backup_arn = backend.aws().create_backup("orders", "nightly");
    let scene = Scene { backend, backup_arn };
    let config = scene.workdir("");
    assert_eq!(config.plan().actions(ADDRESS), ["create"]);

    config.apply();
    config.assert_empty_plan();
    assert_eq!(scene.backend.aws().keys("orders-restored"), ["a", "b"]);
    let state = config.state();
    assert_eq!(state.text(ADDRESS, "status"), "ACTIVE");
    assert_eq!(state.values(ADDRESS)["arn"], scene.table()["TableArn"]);
    assert_eq!(state.values(ADDRESS)["unfinished"], json!(false));
    config.assert_import(ADDRESS, "orders-restored", UNKNOWN_TO_AWS);

    config.destroy();
    assert_eq!(scene.backend.aws().table("orders-restored"), None);
    assert!(
        scene.backend.aws().table("orders").is_some(),
        "the source is left alone"
    );
}

#[test]
fn point_in_time_latest() {
    let backend = backend!(PitrSwitch, Restores, Control);
    backend.aws().create_table("orders");
    backend.aws().enable_recovery("orders", 35);
    backend.aws().put_items("orders", ["a"]);
    backend.simulator().advance(3600);
    let config = backend.workdir(&from_table("latest = true"));
    config.apply();
    config.assert_empty_plan();
    assert_eq!(backend.aws().keys("orders-restored"), ["a"]);
    let time = config.state().text(ADDRESS, "restore_time").to_owned();
    assert!(time.parse::<jiff::Timestamp>().is_ok(), "{time}");
    config.destroy();
}

#[test]
fn point_in_time_of_a_second() {
    let backend = backend!(PitrSwitch, RestoreTime, Control);
    let arn = backend.aws().create_table("orders");
    backend.aws().enable_recovery("orders", 35);
    backend.aws().put_items("orders", ["kept"]);
    backend.simulator().advance(600);
    let between = jiff::Timestamp::from_second(backend.simulator().now().as_second()).expect("it is now");
    backend.simulator().advance(600);
    backend.aws().delete_item("orders", "kept");
    backend.aws().put_items("orders", ["later"]);
    backend.simulator().advance(600);
    let config = backend.workdir(
        &from_table(&format!("time = \"{between}\""))
            .replace("table_name = \"orders\"", &format!("table_arn = \"{arn}\"")),
    );
    config.apply();
    config.assert_empty_plan();
    assert_eq!(backend.aws().keys("orders-restored"), ["kept"]);
    assert_eq!(config.state().text(ADDRESS, "restore_time"), between.to_string());
}

#[test]
fn disappears() {
    let scene = Scene::new(backend!(Backups, Restores));
    let config = scene.workdir("");
    config.apply();
    scene.backend.aws().delete_table("orders-restored");
    let plan = config.plan();
    assert_eq!(plan.actions(ADDRESS), ["create"]);
    config.apply();
    config.assert_empty_plan();
    assert_eq!(scene.table()["TableStatus"], "ACTIVE");
}

#[test]
fn name_changes_by_replacement() {
    let scene = Scene::new(backend!(Backups, Restores));
    let config = scene.workdir("");
    config.apply();
    config.configure(&scene.configuration("").replace("orders-restored", "orders-again"));
    assert_eq!(config.plan().actions(ADDRESS), ["delete", "create"]);
    config.apply();
    config.assert_empty_plan();
    assert!(scene.backend.aws().table("orders-again").is_some());
    assert_eq!(scene.backend.aws().table("orders-restored"), None);
}

#[test]
fn source_is_provenance() {
    let scene = Scene::new(backend!(Backups, Restores));
    let config = scene.workdir("");
    config.apply();
    let id = scene.table()["TableId"].clone();
    let other = scene.backend.aws().create_backup("orders", "weekly");
    config.configure(&scene.configuration("").replace(&scene.backup_arn, &other));
    let plan = config.plan();
    assert!(!plan.actions(ADDRESS).contains(&"delete"), "{}", plan.output);
    assert!(plan.output.contains("Warning:"), "{}", plan.output);
    config.apply();
    assert_eq!(scene.table()["TableId"], id);

    // The backup may be deleted as well: nobody reads it again.
    scene.backend.aws().delete_backup(&scene.backup_arn);
    config.configure(&scene.configuration(""));
    config.apply();
    assert_eq!(scene.table()["TableId"], id);
}

#[test]
fn triggers_restore_anew() {
    let scene = Scene::new(backend!(Backups, Restores));
    let config = scene.workdir("triggers = { drill = \"1\" }");
    config.apply();
    config.assert_empty_plan();
    scene
        .backend
        .aws()
        .put_items("orders-restored", ["written-later"]);
    scene.change(&config, "triggers = { drill = \"2\" }", &["delete", "create"]);
    assert_eq!(scene.backend.aws().keys("orders-restored"), Vec::<String>::new());
    config.configure(&scene.configuration(""));
    let plan = config.plan();
    assert!(
        !plan.actions(ADDRESS).contains(&"delete"),
        "removing triggers does nothing: {}",
        plan.output
    );
}

#[test]
fn region() {
    let backend = backend!(Backups, CrossRegionRestore);
    let scene = Scene::new(backend);
    let config = scene.workdir("region = \"eu-west-1\"\n  server_side_encryption = { enabled = false }");
    config.apply();
    config.assert_empty_plan();
    let ireland = scene.backend.aws().in_region("eu-west-1");
    assert!(ireland.table("orders-restored").is_some());
    assert!(config.state().text(ADDRESS, "arn").contains(":eu-west-1:"));
    config.assert_import(ADDRESS, "orders-restored@eu-west-1", UNKNOWN_TO_AWS);
    config.destroy();
    assert_eq!(ireland.table("orders-restored"), None);
}

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

#[test]
fn wait_fails_keeps_state() {
    let scene = Scene::new(backend!(Backups, Restores, Control));
    scene.backend.simulator().set(json!({"restore_ms": 3_600_000}));
    let config = scene.workdir("timeouts = { create = \"2s\" }\n  tags = { team = \"shop\" }");
    let run = config.try_apply().fails();
    assert!(
        run.took < Duration::from_secs(30),
        "the user's timeout holds: {run}"
    );
    assert!(config.state().find(ADDRESS).is_some(), "{run}");
    let id = scene.table()["TableId"].clone();

    scene.backend.simulator().advance(3600);
    config.apply();
    config.assert_empty_plan();
    assert_eq!(
        scene.table()["TableId"],
        id,
        "the next apply takes up the same table"
    );
    assert_eq!(scene.tags(), ["team=shop"]);
    assert_eq!(
        scene
            .backend
            .simulator()
            .calls()
            .effective("RestoreTableFromBackup"),
        1
    );
}

#[test]
fn a_restore_that_fails_in_aws_says_so() {
    let scene = Scene::new(backend!(Backups, Restores, Control));
    scene.backend.simulator().set(json!({"restore_ms": 3_600_000}));
    let config = scene.workdir("");
    let running = config.start(&["apply", "-auto-approve", "-no-color"]);
    wait_until("the restore", Duration::from_secs(60), || {
        scene.backend.aws().table("orders-restored")
    });
    scene
        .backend
        .simulator()
        .fail_restore(scene.backend.account(), Backend::REGION, "orders-restored");
    running
        .finish(Duration::from_secs(90))
        .fails()
        .says("orders-restored");
    scene.backend.simulator().set(json!({"restore_ms": 500}));
    config.apply();
    assert_eq!(scene.table()["TableStatus"], "ACTIVE");
}

#[test]
fn a_setting_that_fails_is_finished_by_the_next_apply() {
    let scene = Scene::new(backend!(Backups, Restores, Tags, Control));
    scene.backend.simulator().deny(&["dynamodb:TagResource"]);
    let config = scene.workdir("tags = { team = \"shop\" }");
    config.try_apply().fails().says("dynamodb:TagResource");
    let id = scene.table()["TableId"].clone();
    scene.backend.simulator().deny(&[]);
    config.apply();
    config.assert_empty_plan();
    assert_eq!(scene.table()["TableId"], id);
    assert_eq!(scene.tags(), ["team=shop"]);
}

/// Whatever happens to the answer, one table is restored and no more.
mod lost_answers {
    use super::*;

    #[test]
    fn reset_before() {
        one_table(Scene::new(backend!(Backups, Restores, Control)), "reset_before");
    }

    #[test]
    fn reset_after() {
        one_table(Scene::new(backend!(Backups, Restores, Control)), "reset_after");
    }

    #[test]
    fn error() {
        one_table(Scene::new(backend!(Backups, Restores, Control)), "error");
    }

    #[test]
    fn error_after() {
        one_table(Scene::new(backend!(Backups, Restores, Control)), "error_after");
    }

    #[test]
    fn truncate() {
        one_table(Scene::new(backend!(Backups, Restores, Control)), "truncate");
    }

    fn one_table(scene: Scene, kind: &str) {
        scene.backend.simulator().fault(json!({
            "operation": "RestoreTableFromBackup", "kind": kind, "status": 500, "code": "InternalServerError",
        }));
        let config = scene.workdir("");
        let run = config.try_apply();
        if run.code != Some(0) {
            config.apply();
        }
        config.assert_empty_plan();
        assert_eq!(scene.table()["TableStatus"], "ACTIVE", "{run}");
        let calls = scene.backend.simulator().calls();
        assert!(
            calls.count("RestoreTableFromBackup") <= 2,
            "{:?}",
            calls.by_operation()
        );
    }
}

#[test]
fn someone_elses_table_is_never_adopted() {
    let scene = Scene::new(backend!(Backups, Restores, Control));
    let config = scene.workdir("");
    // Between plan and apply, somebody makes a table of that name.
    config.terraform(&["plan", "-no-color", "-out=saved"]).ok();
    scene.backend.aws().create_table("orders-restored");
    config
        .terraform(&["apply", "-no-color", "saved"])
        .fails()
        .says("orders-restored");
    assert_eq!(config.state().find(ADDRESS), None);
}

fn from_table(moment: &str) -> String {
    format!(
        "resource \"dynamodb_restored_table\" \"restored\" {{\n  name = \"orders-restored\"\n  source = {{\n    \
         point_in_time = {{\n      table_name = \"orders\"\n      {moment}\n    }}\n  }}\n}}\n"
    )
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
