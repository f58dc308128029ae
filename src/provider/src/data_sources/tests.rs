//! Data sources against the simulator.

use std::time::Duration;

use serde_json::{Value as Json, json};

use crate::testing::{Aws, Terraform, summaries};

async fn read(aws: &Aws, name: &str, config: Json) -> Result<Json, Vec<String>> {
    let read = Terraform::with(aws, &format!("dynamodb_{name}"))
        .read(&config)
        .await;
    read.map_err(|found| {
        found
            .iter()
            .map(|it| it.detail.clone())
            .chain(summaries(&found))
            .collect()
    })
}

async fn back_up(aws: &Aws, table: &str, name: &str) -> String {
    let made = aws
        .dynamodb("CreateBackup", json!({"TableName": table, "BackupName": name}))
        .await;
    made["BackupDetails"]["BackupArn"]
        .as_str()
        .expect("an ARN")
        .to_owned()
}

async fn with_backups() -> (Aws, Vec<String>) {
    let aws = Aws::start().await;
    aws.create_table("orders").await;
    aws.create_table("carts").await;
    let mut arns = Vec::new();
    for name in ["nightly-1", "release", "nightly-2"] {
        arns.push(back_up(&aws, "orders", name).await);
        aws.advance(Duration::from_secs(3600)).await;
    }
    back_up(&aws, "carts", "nightly").await;
    (aws, arns)
}

#[tokio::test]
async fn the_newest_backup_that_matches_is_found() {
    let (aws, arns) = with_backups().await;
    let newest = read(&aws, "backup", json!({"table_name": "orders"}))
        .await
        .expect("a backup");
    assert_eq!(newest["arn"], json!(arns[2]));
    assert_eq!(
        (&newest["status"], &newest["type"]),
        (&json!("AVAILABLE"), &json!("USER"))
    );
    assert_eq!(
        (&newest["region"], &newest["source_table"]["name"]),
        (&json!("eu-west-1"), &json!("orders"))
    );
    let release = json!({"table_name": "orders", "name_regex": "^rel"});
    assert_eq!(
        read(&aws, "backup", release).await.expect("a backup")["arn"],
        json!(arns[1])
    );
    let by_arn = read(&aws, "backup", json!({"arn": arns[0]}))
        .await
        .expect("a backup");
    assert_eq!(
        (&by_arn["name"], &by_arn["table_name"]),
        (&json!("nightly-1"), &json!("orders"))
    );
}

#[tokio::test]
async fn no_match_says_what_was_there() {
    let (aws, arns) = with_backups().await;
    let said = read(&aws, "backup", json!({"table_name": "orders", "max_age": "30m"}))
        .await
        .expect_err("too old");
    assert!(
        said[0].contains("There are 3 backups of table \"orders\"")
            && said[0].contains("nightly-2: it was taken at"),
        "{said:?}"
    );
    assert_eq!(said[1], "error at table_name: No backup matches");
    let said = read(&aws, "backup", json!({"table_name": "invoices"}))
        .await
        .expect_err("no table");
    assert!(
        said[0].contains("no backups of table \"invoices\" in eu-west-1"),
        "{said:?}"
    );
    aws.dynamodb("DeleteBackup", json!({"BackupArn": arns[0]})).await;
    let said = read(&aws, "backup", json!({"arn": arns[0]}))
        .await
        .expect_err("it is gone");
    assert_eq!(said[1], "error at arn: Backup does not exist");
}

#[tokio::test]
async fn a_backup_is_asked_for_in_one_way() {
    let aws = Aws::start().await;
    let arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/backup/01700000000000-0a1b2c3d";
    for (config, said) in [
        (json!({}), "error: Which backup is not said"),
        (
            json!({"arn": arn, "table_name": "orders"}),
            "error at table_name: Conflicting arguments",
        ),
        (
            json!({"arn": arn, "max_age": "1h"}),
            "error at max_age: Conflicting arguments",
        ),
        (json!({"arn": "orders"}), "error at arn: Invalid Attribute Value"),
        (
            json!({"table_name": "orders", "name_regex": "("}),
            "error at name_regex: Invalid Attribute Value",
        ),
        (
            json!({"table_name": "orders", "type": "user"}),
            "error at type: Invalid Attribute Value",
        ),
    ] {
        let found = read(&aws, "backup", config).await.expect_err("a fault");
        assert!(found.contains(&said.to_owned()), "{found:?}");
    }
}

#[tokio::test]
async fn backups_are_listed_newest_first() {
    let (aws, arns) = with_backups().await;
    let all = read(&aws, "backups", json!({})).await.expect("a list");
    assert_eq!(all["arns"].as_array().map(Vec::len), Some(4));
    let config = json!({"table_name": "orders", "type": "USER", "name_regex": "^nightly"});
    let nightly = read(&aws, "backups", config).await.expect("a list");
    assert_eq!(nightly["arns"], json!([arns[2], arns[0]]));
    assert_eq!(nightly["backups"][1]["name"], "nightly-1");
    let recent = read(&aws, "backups", json!({"max_age": "90m"}))
        .await
        .expect("a list");
    assert_eq!(recent["arns"].as_array().map(Vec::len), Some(2));
    let none = read(&aws, "backups", json!({"table_name": "invoices"}))
        .await
        .expect("a list");
    assert_eq!((&none["arns"], &none["backups"]), (&json!([]), &json!([])));
}

#[tokio::test]
async fn a_restore_window_is_read_and_none_is_no_fault() {
    let aws = Aws::start().await;
    aws.create_table("orders").await;
    let config = json!({"table_name": "orders"});
    let off = read(&aws, "restore_window", config.clone())
        .await
        .expect("a window");
    assert_eq!(
        off,
        json!({
            "table_name": "orders", "region": "eu-west-1",
            "table_arn": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders",
            "point_in_time_recovery_enabled": false, "recovery_period_in_days": null,
            "earliest_restorable_time": null, "latest_restorable_time": null,
        })
    );
    let specification = json!({"PointInTimeRecoveryEnabled": true, "RecoveryPeriodInDays": 3});
    let input = json!({"TableName": "orders", "PointInTimeRecoverySpecification": specification});
    aws.dynamodb("UpdateContinuousBackups", input).await;
    aws.advance(Duration::from_secs(86_400)).await;
    let on = read(&aws, "restore_window", config).await.expect("a window");
    assert_eq!(
        (
            &on["point_in_time_recovery_enabled"],
            &on["recovery_period_in_days"]
        ),
        (&json!(true), &json!(3))
    );
    assert!(
        on["earliest_restorable_time"].as_str() < on["latest_restorable_time"].as_str(),
        "{on}"
    );

    let said = read(&aws, "restore_window", json!({"table_name": "invoices"}))
        .await
        .expect_err("no table");
    assert_eq!(said[1], "error at table_name: Table does not exist");
}
