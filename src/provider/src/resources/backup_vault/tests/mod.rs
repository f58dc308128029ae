//! A vault against the simulator: its plans, its lock, what an apply that was cut off leaves, and its end.

mod deletion;
mod interruptions;
mod lifecycle;
mod locks;

use aws_clients::{AwsBackup, BackupJobOrder, Cx, LifecycleDays, LockChoice, NewVault, Region};
use serde_json::{Value as Json, json};

use crate::testing::{Action, Aws, Outcome, Terraform};

const TYPE: &str = "dynamodb_backup_vault";
const ARN: &str = "arn:aws:backup:eu-west-1:111122223333:backup-vault:orders";
const ROLE: &str = "arn:aws:iam::111122223333:role/backup";

/// A vault that gives these arguments besides its name.
fn config(more: &Json) -> Json {
    let mut given = json!({"name": "orders"});
    let members = given.as_object_mut().expect("an object");
    members.extend(more.as_object().cloned().expect("an object"));
    given
}

/// AWS Backup as somebody else uses it.
async fn outside(aws: &Aws) -> AwsBackup {
    aws.clients(0).await.aws_backup(&Region::new("eu-west-1"))
}

/// The vault of the tests, if it is there.
async fn vault(aws: &Aws) -> Option<aws_clients::Vault> {
    let found = outside(aws).await.find_vault(&Cx::default(), "orders").await;
    found.expect("the simulator answers")
}

async fn make_vault(aws: &Aws, request_id: &str) {
    let vault = NewVault {
        name: "orders".to_owned(),
        creator_request_id: request_id.to_owned(),
        key_arn: None,
        tags: [].into(),
        air_gapped: None,
    };
    let made = outside(aws).await.create_vault(&Cx::default(), &vault).await;
    made.expect("there is room for it");
}

async fn put_lock(aws: &Aws, min: i64, changeable_for_days: Option<i64>) {
    let lock = LockChoice {
        min_retention_days: Some(min),
        max_retention_days: None,
        changeable_for_days,
    };
    let put = outside(aws)
        .await
        .put_vault_lock(&Cx::default(), "orders", lock)
        .await;
    put.expect("it can be locked");
}

/// Puts recovery points of a table into the vault. They stay for so many days.
async fn fill(aws: &Aws, table: &str, number: usize, delete_after: Option<i64>) {
    aws.set(json!({"backup_job_ms": 0})).await;
    aws.create_table(table).await;
    let backup = outside(aws).await;
    let cx = Cx::default();
    for place in 0..number {
        let order = BackupJobOrder {
            token: format!("{table}-{place}"),
            table: format!("arn:aws:dynamodb:eu-west-1:111122223333:table/{table}")
                .parse()
                .expect("an ARN"),
            vault_name: "orders".to_owned(),
            role_arn: ROLE.to_owned(),
            start_window_minutes: None,
            completion_window_minutes: None,
            lifecycle: LifecycleDays {
                move_to_cold_storage_after: None,
                delete_after,
            },
            tags: [].into(),
        };
        let job = backup.start_backup_job(&cx, &order).await.expect("it starts");
        backup
            .wait_backup_job_completed(&cx, &job.id)
            .await
            .expect("it completes");
    }
}

/// Panics unless a plan has nothing to do and to say.
async fn assert_empty(terraform: &mut Terraform, config: &Json) {
    let outcome = terraform.plan(config).await;
    let changes = (outcome.action, outcome.said());
    assert_eq!(changes, (Action::Nothing, Vec::new()), "{}", outcome.details());
}

/// Whether an apply did what it should without a word of error.
fn is_done(outcome: &Outcome) -> bool {
    !outcome.diagnostics.has_error()
}
