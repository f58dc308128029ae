//! A simulator whose clock stands still and a configuration that is planned again and again.

use acceptance_tests::{Backend, Run, Workdir, normalise_ids};
use expect_test::Expect;
use regex::Regex;
use serde_json::{Value, json};

/// When everything is made, unless it is said when. In the future, so that the age of the machine does not matter.
pub(crate) const BEFORE: &str = "2040-11-09T09:00:00Z";
/// What time it is in every plan: a few seconds past the full minute, so that a few more make no other minute.
const NOW: &str = "2040-11-20T09:00:05Z";

/// A backend with its clock stopped, and a folder to plan in.
pub(crate) struct Scene {
    pub(crate) backend: Backend,
    pub(crate) config: Workdir,
}

impl Scene {
    /// Begins on a backend where nothing is. [`stop_the_clock`](Self::stop_the_clock) when all is made.
    pub(crate) fn on(backend: Backend) -> Self {
        backend.simulator().set_clock(BEFORE);
        let config = backend.workdir("");
        Self { backend, config }
    }

    /// The same with the table `orders`, which has been recoverable for ten days, and the clock stopped.
    pub(crate) fn with_orders(backend: Backend) -> Self {
        let scene = Self::on(backend);
        scene.backend.aws().create_table("orders");
        scene.enable_recovery_at("2040-11-10T09:00:00Z", 35);
        scene.stop_the_clock();
        scene
    }

    /// Switches point-in-time recovery of `orders` on at a given moment.
    pub(crate) fn enable_recovery_at(&self, moment: &str, days: u8) {
        self.backend.simulator().freeze(moment);
        self.backend.aws().enable_recovery("orders", days);
    }

    /// From now on it is [`NOW`].
    pub(crate) fn stop_the_clock(&self) {
        self.backend.simulator().freeze(NOW);
    }

    /// Insists that the plan of a configuration is refused with this text on standard error, and that it changed
    /// nothing.
    #[track_caller]
    pub(crate) fn refuses(&self, configuration: &str, expected: &Expect) {
        self.config.configure(configuration);
        self.refused(&["plan", "-no-color"], expected);
    }

    /// The same for another command.
    #[track_caller]
    pub(crate) fn refused(&self, arguments: &[&str], expected: &Expect) {
        self.backend.simulator().clear_calls();
        let run = self.config.terraform(arguments).fails();
        expected.assert_eq(&readable(&run.stderr));
        self.changed_nothing(&run);
    }

    /// Insists that the plan of a configuration succeeds, that it warns in these words, and that it changed nothing.
    #[track_caller]
    pub(crate) fn warns(&self, configuration: &str, expected: &Expect) {
        self.config.configure(configuration);
        self.warned(&["plan", "-no-color"], expected);
    }

    /// The same for another command.
    #[track_caller]
    pub(crate) fn warned(&self, arguments: &[&str], expected: &Expect) {
        self.backend.simulator().clear_calls();
        let run = self.config.terraform(arguments).ok();
        self.warned_of(&run, expected);
    }

    /// Insists that the plan of a configuration is refused, and that it warns in these words besides.
    #[track_caller]
    pub(crate) fn warns_and_refuses(&self, configuration: &str, expected: &Expect) {
        self.config.configure(configuration);
        self.backend.simulator().clear_calls();
        let run = self.config.terraform(&["plan", "-no-color"]).fails();
        self.warned_of(&run, expected);
    }

    #[track_caller]
    fn warned_of(&self, run: &Run, expected: &Expect) {
        let (_, warnings) = run
            .stdout
            .split_once("\nWarning: ")
            .unwrap_or_else(|| panic!("nothing is warned of:\n{run}"));
        // Terraform draws a line below what it says.
        let warnings = warnings.split('─').next().unwrap_or_default();
        expected.assert_eq(&readable(&format!("Warning: {warnings}")));
        self.changed_nothing(run);
    }

    /// Insists that the plan of a configuration succeeds without a warning.
    #[track_caller]
    pub(crate) fn accepts(&self, configuration: &str) {
        self.config.configure(configuration);
        let run = self.config.terraform(&["plan", "-no-color"]).ok();
        assert!(!run.stdout.contains("Warning: "), "{run}");
    }

    #[track_caller]
    fn changed_nothing(&self, run: &Run) {
        let calls = self.backend.simulator().calls();
        let reads = |call: &&Value| {
            let operation = call["operation"].as_str().unwrap_or_default();
            ["Describe", "List", "Get"]
                .iter()
                .any(|verb| operation.starts_with(verb))
        };
        let others: Vec<&Value> = calls.all().filter(|call| !reads(call)).collect();
        assert!(others.is_empty(), "a plan only reads: {others:?}\n{run}");
    }

    /// Makes the table `orders` with two global and one local secondary index, without point-in-time recovery.
    pub(crate) fn create_orders_with_indexes(&self) {
        let key = |name: &str, kind: &str| json!({"AttributeName": name, "KeyType": kind});
        let index = |name: &str, keys: Value| json!({"IndexName": name, "KeySchema": keys, "Projection": {"ProjectionType": "ALL"}});
        let attributes = ["pk", "sk", "customer", "status", "date"]
            .map(|name| json!({"AttributeName": name, "AttributeType": "S"}));
        self.backend.aws().create_table_with(
            "orders",
            json!({
                "AttributeDefinitions": attributes,
                "KeySchema": [key("pk", "HASH"), key("sk", "RANGE")],
                "GlobalSecondaryIndexes": [
                    index("by-customer", json!([key("customer", "HASH")])),
                    index("by-status", json!([key("status", "HASH")])),
                ],
                "LocalSecondaryIndexes": [index("by-date", json!([key("pk", "HASH"), key("date", "RANGE")]))],
            }),
        );
    }
}

/// A restored table `copy`, with `source` as it is written and further arguments. Where these say nothing of deletion
/// protection, which has a warning of its own, it is off.
pub(crate) fn restored(source: &str, arguments: &str) -> String {
    let protection = if arguments.contains("deletion_protection_enabled") {
        ""
    } else {
        "  deletion_protection_enabled = false\n"
    };
    format!(
        "resource \"dynamodb_restored_table\" \"copy\" {{\n  name   = \"copy\"\n  source = \
         {source}\n{arguments}{protection}}}\n"
    )
}

/// The latest moment of `orders`.
pub(crate) const LATEST: &str = "{ point_in_time = { table_name = \"orders\", latest = true } }";

/// Without ids and ports. While the clock of AWS stands still, the provider's goes on from what AWS said: the seconds
/// since are cut off.
fn readable(text: &str) -> String {
    let seconds = Regex::new(r":0\d(\.\d+)?Z").expect("the pattern is right");
    // Which of two equal objects is planned second is chance.
    let text = normalise_ids(text).replace("[1],\n", "[0],\n");
    seconds.replace_all(&text, ":00Z").into_owned()
}
