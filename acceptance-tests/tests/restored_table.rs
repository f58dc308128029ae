//! `dynamodb_restored_table` through the real terraform.

#[path = "restored_table/cut_short.rs"]
mod cut_short;
#[path = "restored_table/overrides.rs"]
mod overrides;
#[path = "restored_table/services.rs"]
mod services;
#[path = "restored_table/settings.rs"]
mod settings;

use acceptance_tests::{Backend, Workdir, backend};
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

fn from_table(moment: &str) -> String {
    format!(
        "resource \"dynamodb_restored_table\" \"restored\" {{\n  name = \"orders-restored\"\n  source = {{\n    \
         point_in_time = {{\n      table_name = \"orders\"\n      {moment}\n    }}\n  }}\n}}\n"
    )
}
