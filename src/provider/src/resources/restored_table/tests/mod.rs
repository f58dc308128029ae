//! Plans as data, and the lifecycle against the simulator: above all that one wish makes one table.

mod interruptions;
mod lifecycle;
mod origins;
mod outside;
mod plans;
mod recovery_points;
mod walks;

use serde_json::{Value as Json, json};
use tfsdk::{Change, Model as _, Resource as _};

use super::{Model, Observed, RestoredTable};
use crate::testing::{self, Aws, Terraform, summaries};

const TYPE: &str = "dynamodb_restored_table";
const TABLE_ARN: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders-restored";
const BACKUP_ARN: &str =
    "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/backup/01700000000000-0a1b2c3d";

/// A model of these attributes; all others are null.
fn model(given: &Json) -> Model {
    Model::from_value(&testing::value(&super::schema::schema().ty(), given)).expect("it fits the schema")
}

fn with(mut object: Json, more: Json) -> Json {
    object
        .as_object_mut()
        .expect("an object")
        .extend(more.as_object().cloned().expect("an object"));
    object
}

/// A configuration with these arguments besides name and source.
fn config(more: Json) -> Json {
    with(
        json!({"name": "orders-restored", "source": {"backup_arn": BACKUP_ARN}}),
        more,
    )
}

/// A finished table as the state has it.
fn state(more: Json) -> Json {
    let finished = json!({
        "name": "orders-restored", "region": "eu-west-1", "source": {"backup_arn": BACKUP_ARN},
        "billing_mode": "PAY_PER_REQUEST", "server_side_encryption": {"enabled": false},
        "global_secondary_indexes": {"by_day": {}}, "local_secondary_indexes": ["by_amount"], "tags_all": {},
        "deletion_protection_enabled": false, "table_class": "STANDARD", "arn": TABLE_ARN,
        "table_id": "11111111-2222-3333-4444-555555555555", "status": "ACTIVE", "item_count": 3,
        "restored_at": "2026-11-20T09:00:00Z", "restore_time": "2026-11-20T08:00:00Z",
        "restore_duration_seconds": 60, "unfinished": false,
    });
    with(finished, more)
}

/// A new table. Deletion protection is off where nothing is said of it: not to speak of it has a warning of its own.
fn creation(given: &Json) -> Change<Model> {
    let config = model(&with(
        json!({"deletion_protection_enabled": false}),
        given.clone(),
    ));
    Change::Create {
        proposed: config.clone(),
        config,
    }
}

fn update(prior: &Json, given: &Json) -> Change<Model> {
    let config = model(given);
    Change::Update {
        prior: model(prior),
        proposed: config.clone(),
        config,
    }
}

/// What a plan changes, what it replaces and what it says: one line each.
fn lines(change: Change<Model>, seen: Observed) -> Vec<String> {
    let before = change.prior().map(|prior| testing::json(&prior.to_value()));
    let planned = RestoredTable::plan(change, seen);
    let after = testing::json(&planned.model.to_value());
    let mut lines: Vec<String> = after
        .as_object()
        .expect("an object")
        .iter()
        .filter(|(name, value)| {
            before
                .as_ref()
                .map_or(!value.is_null(), |before| before[*name] != **value)
        })
        .map(|(name, value)| format!("{name} = {value}"))
        .collect();
    lines.extend(planned.replace.iter().map(|path| format!("replaces at {path}")));
    lines.extend(summaries(&planned.diagnostics));
    lines
}

/// AWS with a source table and a backup of it, and a configuration that restores it.
struct Scene {
    aws: Aws,
    terraform: Terraform,
    backup_arn: String,
}

impl Scene {
    async fn start() -> Self {
        let aws = Aws::start().await;
        aws.set(json!({
            "restore_ms": 100, "table_updating_ms": 0, "table_deleting_ms": 50, "table_creating_ms": 0,
        }))
        .await;
        let attribute = |name: &str| json!({"AttributeName": name, "AttributeType": "S"});
        let global = |name: &str, key: &str| {
            json!({
                "IndexName": name, "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            })
        };
        let sorted = |key: &str| json!([{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": key, "KeyType": "RANGE"}]);
        let attributes: Vec<Json> = ["id", "at", "day", "city", "amount"].map(attribute).into();
        let input = json!({
            "TableName": "orders",
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": attributes,
            "KeySchema": sorted("at"),
            "GlobalSecondaryIndexes": [global("by_day", "day"), global("by_city", "city")],
            "LocalSecondaryIndexes": [{
                "IndexName": "by_amount", "KeySchema": sorted("amount"), "Projection": {"ProjectionType": "KEYS_ONLY"},
            }],
        });
        aws.dynamodb("CreateTable", input).await;
        let made = aws
            .dynamodb(
                "CreateBackup",
                json!({"TableName": "orders", "BackupName": "nightly"}),
            )
            .await;
        let backup_arn = made["BackupDetails"]["BackupArn"]
            .as_str()
            .expect("a backup has an ARN")
            .to_owned();
        let terraform = Terraform::with(&aws, TYPE);
        aws.forget_calls().await;
        Self {
            aws,
            terraform,
            backup_arn,
        }
    }

    /// A configuration that restores the backup, with these arguments besides.
    fn config(&self, more: Json) -> Json {
        with(
            json!({
                "name": "orders-restored", "source": {"backup_arn": self.backup_arn},
                "deletion_protection_enabled": false,
            }),
            more,
        )
    }

    async fn table(&self) -> Json {
        self.aws
            .dynamodb("DescribeTable", json!({"TableName": "orders-restored"}))
            .await["Table"]
            .clone()
    }

    /// How often a restore and a deletion were asked for.
    async fn restores_and_deletes(&self) -> (u64, u64) {
        let restores = self.aws.count("RestoreTableFromBackup").await
            + self.aws.count("RestoreTableToPointInTime").await;
        (restores, self.aws.count("DeleteTable").await)
    }

    /// Kills the apply of a configuration when an operation was called.
    async fn kill_when_called(&mut self, config: &Json, operation: &str) {
        let before = self.aws.count(operation).await;
        tokio::select! {
            outcome = self.terraform.apply(config) => panic!("it was to be killed: {outcome:?}"),
            () = self.aws.until_called(operation, before + 1) => {}
        }
    }
}
