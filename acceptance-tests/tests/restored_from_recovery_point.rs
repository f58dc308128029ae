//! `dynamodb_restored_table` from a recovery point of AWS Backup, through the real terraform.

use std::time::Duration;

use acceptance_tests::{Backend, Client, Credentials, Run, Running, Workdir, backend};
use serde_json::{Value, json};

const ADDRESS: &str = "dynamodb_restored_table.restored";
/// So long that no wait ends by itself; the clock of the simulator is moved instead.
const FOR_EVER: u64 = 3_600_000;
const LIMIT: Duration = Duration::from_secs(60);
/// An account of the same organization.
const OTHER: &str = "444455556666";

/// A table with two items and two indexes, and a recovery point of it.
struct Scene {
    backend: Backend,
    point_arn: String,
}

impl Scene {
    fn new(backend: Backend) -> Self {
        let attribute = |name: &str| json!({"AttributeName": name, "AttributeType": "S"});
        let index = |name: &str, key: &str| {
            json!({
                "IndexName": name, "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            })
        };
        backend.aws().create_table_with(
            "orders",
            json!({
                "AttributeDefinitions": [attribute("pk"), attribute("day"), attribute("city")],
                "GlobalSecondaryIndexes": [index("by_day", "day"), index("by_city", "city")],
            }),
        );
        backend.aws().put_items("orders", ["a", "b"]);
        backend.aws().create_vault("nightly");
        let point_arn = backend.aws().make_recovery_point("orders", "nightly");
        // What comes later is not in the recovery point.
        backend.aws().put_items("orders", ["later"]);
        backend.simulator().clear_calls();
        Self { backend, point_arn }
    }

    /// The source, with these arguments besides.
    fn source(&self, more: &str) -> String {
        format!(
            "{{ recovery_point_arn = \"{}\", role_arn = \"{}\" {more} }}",
            self.point_arn,
            self.backend.aws().backup_role()
        )
    }

    fn configuration(&self, arguments: &str) -> String {
        table(
            "restored",
            "orders-restored",
            &self.source(", vault_name = \"nightly\""),
            arguments,
        )
    }

    fn workdir(&self, arguments: &str) -> Workdir {
        self.backend.workdir(&self.configuration(arguments))
    }

    fn table(&self) -> Value {
        self.backend
            .aws()
            .table("orders-restored")
            .expect("the restored table is there")
    }

    /// The restore jobs of the account, as AWS Backup lists them.
    fn jobs(&self) -> Vec<Value> {
        jobs(self.backend.aws())
    }

    /// The table is finished, and it is that of the one job.
    #[track_caller]
    fn assert_finished_by_one_job(&self, config: &Workdir) {
        config.assert_empty_plan();
        let [job] = self.jobs().try_into().expect("one job");
        let state = config.state();
        assert_eq!(state.values(ADDRESS)["restore_job_id"], job["RestoreJobId"]);
        assert_eq!(state.values(ADDRESS)["unfinished"], json!(false));
        assert_eq!(state.values(ADDRESS)["table_id"], self.table()["TableId"]);
        assert_eq!(self.backend.aws().keys("orders-restored"), ["a", "b"]);
        assert_eq!(self.backend.simulator().calls().count("DeleteTable"), 0);
    }
}

fn jobs(aws: &Client) -> Vec<Value> {
    let page = aws.aws_backup("GET", "/restore-jobs/", Value::Null);
    page["RestoreJobs"].as_array().cloned().unwrap_or_default()
}

fn table(address: &str, name: &str, source: &str, arguments: &str) -> String {
    format!(
        "resource \"dynamodb_restored_table\" \"{address}\" {{\n  name   = \"{name}\"\n  source = {source}\n  \
         deletion_protection_enabled = false\n  {arguments}\n}}\n"
    )
}

fn start_apply(config: &Workdir) -> Running {
    config.start(&["apply", "-auto-approve", "-no-color"])
}

#[test]
fn basic() {
    let scene = Scene::new(backend!(Restores, Control));
    let settings = "tags = { team = \"shop\" }\n  global_secondary_indexes = { by_day = {} }\n  \
                    time_to_live = { attribute_name = \"expires\" }\n  table_class = \"STANDARD_INFREQUENT_ACCESS\"\n  \
                    on_demand_throughput = { max_read_request_units = 100 }";
    let config = scene.workdir(settings);
    let plan = config.plan();
    assert_eq!(plan.actions(ADDRESS), ["create"]);
    for warning in [
        "Capacity is changed only after AWS Backup has restored",
        "Indexes cannot be chosen when AWS Backup restores",
    ] {
        assert!(plan.output.contains(warning), "{}", plan.output);
    }
    config.apply();
    scene.assert_finished_by_one_job(&config);

    let seen = scene.table();
    let indexes: Vec<&str> = seen["GlobalSecondaryIndexes"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|index| index["IndexName"].as_str())
        .collect();
    assert_eq!(indexes, ["by_day"], "what is not named is deleted afterwards");
    assert_eq!(
        seen["TableClassSummary"]["TableClass"],
        "STANDARD_INFREQUENT_ACCESS"
    );
    assert_eq!(seen["OnDemandThroughput"]["MaxReadRequestUnits"], 100);
    let arn = seen["TableArn"].as_str().expect("a table has an ARN");
    assert_eq!(scene.backend.aws().tags(arn), ["team=shop"]);
    assert_eq!(
        scene.backend.aws().time_to_live("orders-restored"),
        ("ENABLED".to_owned(), Some("expires".to_owned()))
    );
    let state = config.state();
    let made = scene
        .backend
        .aws()
        .recovery_point("nightly", &scene.point_arn)
        .expect("it is there")["CreationDate"]
        .as_f64()
        .expect("it has a date");
    let restored: jiff::Timestamp = state.text(ADDRESS, "restore_time").parse().expect("a time");
    assert_eq!(
        restored.as_second(),
        made as i64,
        "the data are those of the recovery point"
    );
    assert!(state.values(ADDRESS)["restore_duration_seconds"].is_u64());

    // A change in place, and an edit of where the data came from.
    let edited = scene
        .configuration(&settings.replace("shop", "store"))
        .replace("role/backup", "role/other");
    config.configure(&edited);
    let plan = config.plan();
    assert_eq!(plan.actions(ADDRESS), ["update"], "{}", plan.output);
    config.apply();
    config.assert_empty_plan();
    config.configure(&table("restored", "orders-restored", "{ backup_arn = \"arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/01700000000000-0a1b2c3d\" }", &settings.replace("shop", "store")));
    let plan = config.plan();
    assert_eq!(plan.actions(ADDRESS), ["no-op"], "{}", plan.output);
    assert!(plan.output.contains("source was edited"), "{}", plan.output);
    config.configure(&edited);

    config.assert_import(
        ADDRESS,
        "orders-restored",
        &[
            "source",
            "timeouts",
            "tags",
            "restored_at",
            "restore_time",
            "restore_duration_seconds",
            "restore_job_id",
            "time_to_live",
            "table_class",
            "on_demand_throughput",
            "global_secondary_indexes",
            "deletion_protection_enabled",
            "item_count",
        ],
    );
    config.apply();
    config.assert_empty_plan();
    config.destroy();
    assert_eq!(scene.backend.aws().table("orders-restored"), None);
    assert_eq!(scene.jobs().len(), 1);
}

/// One that was made without the advanced features has an ARN of DynamoDB's: AWS Backup restores it, and so does
/// DynamoDB. The plan says what only DynamoDB can.
#[test]
fn a_recovery_point_that_dynamodb_keeps() {
    let backend = backend!(Restores, Control);
    backend.aws().set_backup_settings(true, false);
    let scene = Scene::new(backend);
    assert!(
        scene.point_arn.contains(":table/orders/backup/"),
        "{}",
        scene.point_arn
    );
    let by_job = table(
        "by_job",
        "orders-by-job",
        &scene.source(""),
        "carry_over = [\"table_class\"]",
    );
    let by_dynamodb = table(
        "by_dynamodb",
        "orders-by-dynamodb",
        &format!("{{ backup_arn = \"{}\" }}", scene.point_arn),
        "global_secondary_indexes = {}",
    );
    let config = scene.backend.workdir(&format!("{by_job}{by_dynamodb}"));
    config.apply();
    config.assert_empty_plan();
    for table in ["orders-by-job", "orders-by-dynamodb"] {
        assert_eq!(scene.backend.aws().keys(table), ["a", "b"]);
    }
    assert_eq!(scene.jobs().len(), 1);
    let state = config.state();
    assert!(state.values("dynamodb_restored_table.by_job")["restore_job_id"].is_string());
    assert!(state.values("dynamodb_restored_table.by_dynamodb")["restore_job_id"].is_null());

    config.configure(&table(
        "chosen",
        "orders-chosen",
        &scene.source(""),
        "local_secondary_indexes = []",
    ));
    config
        .plan_fails()
        .says("Indexes cannot be chosen when AWS Backup restores")
        .says(&format!("backup_arn = \"{}\"", scene.point_arn));
}

#[test]
fn refusals_at_plan() {
    let scene = Scene::new(backend!(Restores, Control));
    let aws = scene.backend.aws();
    aws.create_table("taken");
    let expired = aws.make_recovery_point("orders", "nightly");
    scene
        .backend
        .simulator()
        .expire_recovery_point(scene.backend.account(), Backend::REGION, &expired);
    scene.backend.simulator().clear_calls();
    let role = aws.backup_role();
    let of = |arn: &str| {
        format!("{{ recovery_point_arn = \"{arn}\", role_arn = \"{role}\", vault_name = \"nightly\" }}")
    };
    let whole = of(&scene.point_arn);
    let refused = |config: &Workdir, text: &str, said: &[&str]| -> Run {
        config.configure(text);
        said.iter().fold(config.plan_fails(), |run, text| run.says(text))
    };
    let config = scene.backend.workdir("");

    // All at once.
    let faults = [
        table("a", "taken", &whole, ""),
        table("b", "orders-b", &of(&expired), ""),
        table(
            "c",
            "orders-c",
            &of(&scene.point_arn.replace("us-east-1", "eu-west-1")),
            "",
        ),
        table(
            "d",
            "orders-d",
            &of(&scene.point_arn.replace("111122223333", OTHER)),
            "",
        ),
        table("f", "orders-f", &scene.source(""), "carry_over = [\"tags\"]"),
        table("g", "orders-g", &whole.replace("nightly", "weekly"), ""),
    ];
    refused(
        &config,
        &faults.concat(),
        &[
            "Table to restore into already exists",
            "Recovery point cannot be restored",
            "is EXPIRED",
            "No recovery point of this Region has this ARN",
            "copy the recovery",
            OTHER,
            "Setting cannot be carried over",
            "vault_name =",
            "in vault \"weekly\"",
        ],
    );
    // What needs no look at AWS.
    let pointless = "{ backup_arn = \"arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/01700000000000-0a1b2c3d\", \
                     role_arn = \"arn:aws:iam::111122223333:role/backup\" }";
    let faults = [
        table(
            "a",
            "orders-a",
            &format!("{{ recovery_point_arn = \"{}\" }}", scene.point_arn),
            "",
        ),
        table("b", "orders-b", pointless, ""),
        table(
            "c",
            "orders-c",
            &format!("{{ backup_arn = \"{}\" }}", scene.point_arn),
            "",
        ),
        table("d", "orders-d", &whole, "local_secondary_indexes = []"),
    ];
    refused(
        &config,
        &faults.concat(),
        &[
            "Restore by AWS Backup without a role",
            "Argument belongs to a recovery point",
            "Recovery point of AWS Backup given as a DynamoDB backup",
            "recovery_point_arn = ",
            "Indexes cannot be chosen when AWS Backup restores",
        ],
    );
    assert_eq!(scene.backend.simulator().calls().count("StartRestoreJob"), 0);

    // A denied look is no obstacle.
    scene.backend.simulator().deny(&["backup:DescribeRecoveryPoint"]);
    config.configure(&scene.configuration(""));
    let plan = config.plan();
    assert_eq!(plan.actions(ADDRESS), ["create"]);
    assert!(
        plan.output.contains("backup:DescribeRecoveryPoint"),
        "{}",
        plan.output
    );
}

#[test]
fn a_job_that_fails_says_why_and_leaves_nothing_behind() {
    let scene = Scene::new(backend!(Restores, Control));
    scene.backend.simulator().fail_next_job(
        scene.backend.account(),
        Backend::REGION,
        json!({"kind": "restore", "state": "FAILED", "message": "The role may not use the key of vault nightly"}),
    );
    let config = scene.workdir("");
    let run = config
        .try_apply()
        .fails()
        .says("Restore job failed in AWS Backup")
        .says("The role may not use the key of vault nightly.")
        .says("AWSBackupServiceRolePolicyForRestores");
    assert!(config.state().find(ADDRESS).is_none(), "{run}");
    assert_eq!(scene.backend.aws().table("orders-restored"), None);

    // The next apply asks anew, and is not answered with the job that failed.
    assert_eq!(config.plan().actions(ADDRESS), ["create"]);
    config.apply();
    config.assert_empty_plan();
    assert_eq!(scene.jobs().len(), 2);
    assert_eq!(scene.backend.aws().keys("orders-restored"), ["a", "b"]);
}

#[test]
fn ctrl_c_while_the_job_is_pending() {
    let scene = Scene::new(backend!(Restores, Control));
    scene.backend.simulator().set(json!({"backup_job_ms": FOR_EVER}));
    let config = scene.workdir("tags = { team = \"shop\" }");
    let running = start_apply(&config);
    scene.backend.simulator().wait_for_calls("DescribeRestoreJob", 1);
    running.interrupt();
    running.finish(LIMIT).says("Restore goes on in AWS");
    let state = config.state();
    assert_eq!(state.values(ADDRESS)["unfinished"], json!(true));
    assert!(!state.is_tainted(ADDRESS));

    // There is no table yet, and the object stays all the same; a table of somebody else would not be taken for it.
    assert_eq!(scene.backend.aws().table("orders-restored"), None);
    assert_eq!(config.plan().actions(ADDRESS), ["update"]);
    scene.backend.simulator().set(json!({"backup_job_ms": 100}));
    scene.backend.simulator().advance(7200);
    config.apply();
    scene.assert_finished_by_one_job(&config);
    let arn = scene.table()["TableArn"]
        .as_str()
        .map(str::to_owned)
        .expect("an ARN");
    assert_eq!(scene.backend.aws().tags(&arn), ["team=shop"]);
}

#[test]
fn a_wait_that_times_out_is_taken_up() {
    let scene = Scene::new(backend!(Restores, Control));
    scene.backend.simulator().set(json!({"backup_job_ms": FOR_EVER}));
    let config = scene.workdir("timeouts = { create = \"2s\" }");
    config
        .try_apply()
        .fails()
        .says("does not start another job")
        .says("PENDING");
    assert!(config.state().is_tainted(ADDRESS));
    scene.backend.simulator().set(json!({"backup_job_ms": 100}));
    scene.backend.simulator().advance(7200);
    config.configure(&scene.configuration(""));
    config.apply();
    scene.assert_finished_by_one_job(&config);
}

#[test]
fn provider_killed_while_the_job_runs() {
    let scene = Scene::new(backend!(Restores, Control));
    scene.backend.simulator().set(json!({"backup_job_ms": FOR_EVER}));
    let config = scene.workdir("");
    let running = start_apply(&config);
    scene.backend.simulator().wait_for_calls("DescribeRestoreJob", 1);
    running.kill_provider();
    running.finish(LIMIT).fails();
    assert!(
        config.state().find(ADDRESS).is_none(),
        "terraform was told nothing"
    );

    // The job ends without us: its table stands in the way, and is ours.
    scene.backend.simulator().set(json!({"backup_job_ms": 100}));
    scene.backend.simulator().advance(7200);
    let _ = scene.jobs();
    scene.backend.aws().wait_for_table("orders-restored");
    assert_eq!(config.plan().actions(ADDRESS), ["create"]);
    config.apply().says("Restore of an earlier apply was taken up");
    scene.assert_finished_by_one_job(&config);
}

#[test]
fn provider_killed_while_the_answer_hangs() {
    let scene = Scene::new(backend!(Restores, Control));
    scene
        .backend
        .simulator()
        .fault(json!({"service": "backup", "operation": "StartRestoreJob", "kind": "hang"}));
    let config = scene.workdir("");
    let running = start_apply(&config);
    scene.backend.simulator().wait_for_calls("StartRestoreJob", 1);
    running.kill_provider();
    running.finish(LIMIT).fails();
    scene.backend.aws().wait_for_table("orders-restored");
    config.apply().says("Restore of an earlier apply was taken up");
    scene.assert_finished_by_one_job(&config);
}

#[test]
fn a_table_of_somebody_else_is_never_taken_up() {
    let scene = Scene::new(backend!(Restores, Control));
    scene.backend.simulator().set(json!({"backup_job_ms": FOR_EVER}));
    let config = scene.workdir("");
    let running = start_apply(&config);
    scene.backend.simulator().wait_for_calls("DescribeRestoreJob", 1);
    running.interrupt();
    running.finish(LIMIT).says("Restore goes on in AWS");
    // Somebody makes a table of that name before the job begins, which then fails.
    scene.backend.aws().create_table("orders-restored");
    scene.backend.aws().put_items("orders-restored", ["theirs"]);
    assert_eq!(
        config.plan().actions(ADDRESS),
        ["update"],
        "the job is still waited for"
    );
    scene.backend.simulator().set(json!({"backup_job_ms": 100}));
    scene.backend.simulator().advance(7200);
    let run = config.plan_fails().says("Restore job failed in AWS Backup");
    let run = run.says("Table to restore into already exists");
    assert_eq!(scene.backend.aws().keys("orders-restored"), ["theirs"], "{run}");
}

#[test]
fn destroying_an_unfinished_restore_waits_for_its_job() {
    let scene = Scene::new(backend!(Restores, Control));
    scene.backend.simulator().set(json!({"backup_job_ms": FOR_EVER}));
    let config = scene.workdir("");
    let running = start_apply(&config);
    scene.backend.simulator().wait_for_calls("DescribeRestoreJob", 1);
    running.interrupt();
    running.finish(LIMIT);
    scene.backend.simulator().set(json!({"backup_job_ms": 100}));
    scene.backend.simulator().advance(7200);
    config.destroy();
    assert_eq!(scene.backend.aws().table("orders-restored"), None);
    assert_eq!(scene.jobs()[0]["Status"], "COMPLETED");
    assert!(config.state().find(ADDRESS).is_none());
}

/// The only road into another account: a copy of the recovery point there, and a restore of the copy.
#[test]
fn a_copy_is_restored_in_a_second_account() {
    let scene = Scene::new(backend!(Restores, Control));
    let simulator = scene.backend.simulator();
    let here = scene.backend.aws();
    let there = here.with_credentials(Credentials::of_account(OTHER));
    simulator.organize(scene.backend.account(), &[OTHER]);
    here.set_cross_account_backup(true);
    let key = "1234abcd-12ab-34cd-56ef-1234567890ab";
    let vault = |aws: &Client, name: &str| {
        let account = &aws.credentials().account;
        simulator.make_key(json!({"region": Backend::REGION, "account": account, "key_id": key}));
        let key = format!("arn:aws:kms:{}:{account}:key/{key}", Backend::REGION);
        aws.create_vault_with(name, json!({"EncryptionKeyArn": key}))
    };
    vault(here, "shared");
    let destination = vault(&there, "copies");
    let policy = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow", "Principal": {"AWS": format!("arn:aws:iam::{}:root", scene.backend.account())},
            "Action": "backup:CopyIntoBackupVault", "Resource": "*",
        }],
    });
    there.aws_backup(
        "PUT",
        "/backup-vaults/copies/access-policy",
        json!({"Policy": policy.to_string()}),
    );
    here.delete_item("orders", "later");
    let point = here.make_recovery_point("orders", "shared");
    let copied = here.aws_backup(
        "PUT",
        "/copy-jobs",
        json!({
            "RecoveryPointArn": point, "SourceBackupVaultName": "shared", "DestinationBackupVaultArn": destination,
            "IamRoleArn": here.backup_role(),
        }),
    );
    let id = copied["CopyJobId"].as_str().expect("a job has an id");
    let copy = acceptance_tests::wait_until("the copy", LIMIT, || {
        let job = here.aws_backup("GET", &format!("/copy-jobs/{id}"), Value::Null);
        assert_ne!(job["CopyJob"]["State"], "FAILED", "{job}");
        job["CopyJob"]["DestinationRecoveryPointArn"]
            .as_str()
            .filter(|_| job["CopyJob"]["State"] == "COMPLETED")
            .map(str::to_owned)
    });

    let source = format!(
        "{{ recovery_point_arn = \"{copy}\", role_arn = \"{}\", vault_name = \"copies\" }}",
        there.backup_role()
    );
    let mut config = scene.backend.workdir(&table(
        "restored",
        "orders-restored",
        &source,
        "carry_over = [\"tags\"]",
    ));
    for (name, value) in there.credentials().variables() {
        config.set_variable(&name, &value);
    }
    config
        .plan_fails()
        .says("Setting cannot be carried over")
        .says("out of reach of this one");
    config.configure(&table("restored", "orders-restored", &source, ""));
    config.apply();
    config.assert_empty_plan();
    assert_eq!(there.keys("orders-restored"), ["a", "b"]);
    assert!(config.state().text(ADDRESS, "arn").contains(OTHER));
    assert_eq!(jobs(&there).len(), 1);
    assert!(here.table("orders-restored").is_none());
    config.destroy();
}
