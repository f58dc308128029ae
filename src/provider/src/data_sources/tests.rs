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

/// Two recovery points an hour apart, each in a vault of its own, the older one first.
async fn with_recovery_points() -> (Aws, Vec<String>) {
    let aws = Aws::start().await;
    aws.set(json!({"backup_job_ms": 0})).await;
    aws.create_table("orders").await;
    let mut arns = Vec::new();
    for vault in ["nightly", "weekly"] {
        let path = format!("/backup-vaults/{vault}");
        aws.aws_backup(reqwest::Method::PUT, &path, json!({})).await;
        let job = aws
            .aws_backup(
                reqwest::Method::PUT,
                "/backup-jobs",
                json!({
                    "BackupVaultName": vault, "ResourceArn": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders",
                    "IamRoleArn": "arn:aws:iam::111122223333:role/backup", "Lifecycle": {"DeleteAfterDays": 30},
                }),
            )
            .await;
        arns.push(job["RecoveryPointArn"].as_str().expect("an ARN").to_owned());
        aws.advance(Duration::from_secs(3600)).await;
    }
    (aws, arns)
}

#[tokio::test]
async fn recovery_points_are_listed_newest_first_by_table_vault_and_time() {
    let (aws, arns) = with_recovery_points().await;
    let read = async |config: Json| read(&aws, "recovery_points", config).await.expect("a list");
    aws.forget_calls().await;
    let all = read(json!({"table_name": "orders"})).await;
    assert_eq!(all["arns"], json!([arns[1], arns[0]]));
    let newest = &all["newest"];
    assert_eq!(newest, &all["recovery_points"][0]);
    assert_eq!(
        (&newest["vault_name"], &newest["fully_managed"]),
        (&json!("weekly"), &json!(true))
    );
    assert_eq!(
        newest["deletes_at"],
        Json::Null,
        "the list of a resource does not say"
    );
    assert_eq!(
        (
            aws.count("ListRecoveryPointsByResource").await,
            aws.count("DescribeRecoveryPoint").await
        ),
        (1, 0)
    );
    let nightly = read(json!({"table_name": "orders", "vault_name": "nightly"})).await;
    assert_eq!(nightly["arns"], json!([arns[0]]));
    assert!(nightly["newest"]["deletes_at"].is_string(), "{nightly}");

    let between = all["newest"]["created_at"].clone();
    for (more, expected) in [
        (json!({"created_after": between}), vec![&arns[1]]),
        (json!({"created_before": between}), vec![&arns[0]]),
        (json!({"status": "EXPIRED"}), vec![]),
        (json!({"status": "COMPLETED"}), vec![&arns[1], &arns[0]]),
    ] {
        let mut config = more.clone();
        config["table_name"] = "orders".into();
        let listed = read(config).await;
        assert_eq!(listed["arns"], json!(expected), "{more}");
        assert_eq!(listed["newest"].is_null(), expected.is_empty());
    }
    let of_other = json!({"table_name": "carts", "vault_name": "nightly"});
    assert_eq!(read(of_other).await["recovery_points"], json!([]));
}

#[tokio::test]
async fn recovery_points_need_a_table_or_a_vault_and_times_that_can_be_read() {
    let aws = Aws::start().await;
    for (config, why) in [
        (json!({}), "Neither table_name nor vault_name"),
        (
            json!({"table_name": "orders", "created_after": "yesterday"}),
            "no time of RFC 3339",
        ),
    ] {
        let said = read(&aws, "recovery_points", config).await.expect_err("refused");
        assert!(said.iter().any(|it| it.contains(why)), "{said:?}");
    }
}

#[tokio::test]
async fn a_backup_job_is_found_by_id_or_as_the_newest_of_a_table() {
    let (aws, arns) = with_recovery_points().await;
    let newest = read(&aws, "backup_job", json!({"table_name": "orders"}))
        .await
        .expect("a job");
    for (name, value) in [
        ("state", json!("COMPLETED")),
        ("percent_done", json!(100)),
        ("vault_name", json!("weekly")),
        ("recovery_point_arn", json!(arns[1])),
        ("backup_plan_arn", Json::Null),
    ] {
        assert_eq!(newest[name], value, "{name}");
    }
    let nightly = json!({"table_name": "orders", "vault_name": "nightly"});
    let nightly = read(&aws, "backup_job", nightly).await.expect("a job");
    assert_eq!(nightly["recovery_point_arn"], json!(arns[0]));
    let by_id = json!({"backup_job_id": nightly["backup_job_id"]});
    let by_id = read(&aws, "backup_job", by_id).await.expect("a job");
    assert_eq!(
        (&by_id["table_name"], &by_id["recovery_point_arn"]),
        (&json!("orders"), &json!(arns[0]))
    );
    for (config, why) in [
        (json!({}), "Neither backup_job_id nor table_name"),
        (json!({"backup_job_id": "a", "table_name": "b"}), "are both set"),
        (
            json!({"backup_job_id": "a", "vault_name": "b"}),
            "remove vault_name",
        ),
        (json!({"backup_job_id": "a"}), "There is no backup job a"),
        (
            json!({"table_name": "carts"}),
            "has had no job that backs up table",
        ),
    ] {
        let said = read(&aws, "backup_job", config).await.expect_err("refused");
        assert!(said.iter().any(|it| it.contains(why)), "{why}: {said:?}");
    }
}
