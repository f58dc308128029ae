//! The lifecycle against the simulator: create, read, change, delete, import.

use serde_json::{Value as Json, json};
use std::time::Duration;
use tfsdk::ImportTarget;

use super::{Scene, TYPE};
use crate::testing::{Action, Aws, Terraform};

#[tokio::test]
async fn apply_then_nothing_then_destroy() {
    let mut scene = Scene::start().await;
    let config = scene.config(json!({}));
    let outcome = scene.terraform.apply(&config).await;
    assert_eq!((outcome.action, outcome.said()), (Action::Create, Vec::new()));
    let state = scene.terraform.state();
    for (name, value) in [
        ("status", json!("ACTIVE")),
        ("unfinished", json!(false)),
        ("region", json!("eu-west-1")),
        ("arn", json!(super::TABLE_ARN)),
        ("billing_mode", json!("PAY_PER_REQUEST")),
        ("local_secondary_indexes", json!(["by_amount"])),
        ("tags_all", json!({})),
        ("time_to_live", Json::Null),
        ("stream", Json::Null),
        (
            "source",
            json!({
                "backup_arn": scene.backup_arn, "point_in_time": null, "recovery_point_arn": null, "role_arn": null,
                "vault_name": null,
            }),
        ),
    ] {
        assert_eq!(state[name], value, "{name}");
    }
    assert_eq!(state["table_id"], scene.table().await["TableId"]);
    assert!(state["restored_at"].is_string() && state["restore_time"].is_string());
    assert!(state["restore_duration_seconds"].is_u64());
    assert_eq!(scene.terraform.attempts(), 0);

    scene.aws.forget_calls().await;
    assert_eq!(scene.terraform.plan(&config).await.action, Action::Nothing);
    let calls = (
        scene.aws.count("DescribeTable").await,
        scene.aws.count_all().await,
    );
    assert_eq!(calls, (1, 2), "one read, and who we are");

    assert_eq!(
        scene.terraform.destroy().await.said(),
        ["warning: Table would be deleted for good"]
    );
    assert_eq!(scene.restores_and_deletes().await, (0, 1));
    assert!(scene.terraform.object.is_none());
}

#[tokio::test]
async fn everything_is_set_in_the_same_apply() {
    let mut scene = Scene::start().await;
    scene.terraform.provider = json!({"default_tags": [{"tags": {"team": "shop", "stage": "test"}}]});
    let units = json!({"read_capacity_units": 2, "write_capacity_units": 3});
    let config = scene.config(json!({
        "billing_mode": "PROVISIONED", "provisioned_throughput": units,
        "global_secondary_indexes": {"by_day": {"provisioned_throughput": units}},
        "local_secondary_indexes": [], "server_side_encryption": {"enabled": true},
        "tags": {"team": "orders"}, "time_to_live": {"attribute_name": "expires"},
        "stream": {"view_type": "KEYS_ONLY"}, "point_in_time_recovery": {"recovery_period_in_days": 7},
        "deletion_protection_enabled": true, "table_class": "STANDARD_INFREQUENT_ACCESS",
    }));
    scene.terraform.apply(&config).await;
    assert_eq!(scene.terraform.plan(&config).await.action, Action::Nothing);
    let table = scene.table().await;
    assert_eq!(table["ProvisionedThroughput"]["WriteCapacityUnits"], 3);
    assert_eq!(table["GlobalSecondaryIndexes"].as_array().map(Vec::len), Some(1));
    assert_eq!(table["LocalSecondaryIndexes"], Json::Null);
    assert_eq!(table["DeletionProtectionEnabled"], true);
    assert_eq!(
        scene.terraform.state()["tags_all"],
        json!({"team": "orders", "stage": "test"})
    );
    assert_eq!(scene.terraform.state()["stream_arn"], table["LatestStreamArn"]);
    assert_eq!(
        scene.aws.count("UpdateTable").await,
        3,
        "protection, class, stream"
    );

    let refused = scene.terraform.destroy().await;
    assert_eq!(
        refused.said(),
        [
            "error at deletion_protection_enabled: Table is protected from deletion",
            "warning: Restorable history goes with the table"
        ]
    );
    let outcome = scene
        .terraform
        .apply(&super::with(
            config,
            json!({"deletion_protection_enabled": false}),
        ))
        .await;
    assert_eq!(outcome.action, Action::Update);
    scene.terraform.destroy().await;
    assert_eq!(scene.restores_and_deletes().await, (1, 1));
}

#[tokio::test]
async fn named_settings_are_copied_from_the_source() {
    let mut scene = Scene::start().await;
    let aws = &scene.aws;
    let arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders";
    aws.dynamodb(
        "TagResource",
        json!({"ResourceArn": arn, "Tags": [{"Key": "team", "Value": "shop"}]}),
    )
    .await;
    let ttl = json!({"Enabled": true, "AttributeName": "expires"});
    aws.dynamodb(
        "UpdateTimeToLive",
        json!({"TableName": "orders", "TimeToLiveSpecification": ttl}),
    )
    .await;
    let stream = json!({"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"});
    aws.dynamodb(
        "UpdateTable",
        json!({"TableName": "orders", "StreamSpecification": stream}),
    )
    .await;
    let recovery = json!({"PointInTimeRecoveryEnabled": true, "RecoveryPeriodInDays": 9});
    aws.dynamodb(
        "UpdateContinuousBackups",
        json!({"TableName": "orders", "PointInTimeRecoverySpecification": recovery}),
    )
    .await;
    let config = scene.config(json!({
        "carry_over": ["tags", "time_to_live", "stream", "point_in_time_recovery"],
    }));
    assert_eq!(scene.terraform.apply(&config).await.said(), [""; 0]);
    let state = scene.terraform.state();
    assert_eq!(
        (&state["tags"], &state["tags_all"]),
        (&Json::Null, &json!({"team": "shop"}))
    );
    assert_eq!(
        state["time_to_live"],
        json!({"enabled": true, "attribute_name": "expires"})
    );
    assert_eq!(
        state["stream"],
        json!({"enabled": true, "view_type": "NEW_IMAGE"})
    );
    assert_eq!(state["point_in_time_recovery"]["recovery_period_in_days"], 9);

    // What is copied is left alone afterwards, on both sides, also when carry_over is removed.
    scene
        .aws
        .dynamodb("UntagResource", json!({"ResourceArn": arn, "TagKeys": ["team"]}))
        .await;
    assert_eq!(scene.terraform.plan(&config).await.action, Action::Nothing);
    let config = scene.config(json!({}));
    assert_eq!(scene.terraform.apply(&config).await.action, Action::Update);
    assert_eq!(scene.terraform.plan(&config).await.action, Action::Nothing);
    assert_eq!(scene.terraform.state()["tags_all"], json!({"team": "shop"}));
    // Tags of the provider come on top, and tags that are spelled out take over.
    scene.terraform.provider = json!({"default_tags": [{"tags": {"stage": "test"}}]});
    assert_eq!(scene.terraform.apply(&config).await.action, Action::Update);
    assert_eq!(scene.terraform.plan(&config).await.action, Action::Nothing);
    assert_eq!(
        scene.terraform.state()["tags_all"],
        json!({"team": "shop", "stage": "test"})
    );
    scene
        .terraform
        .apply(&scene.config(json!({"tags": {"a": "1"}})))
        .await;
    assert_eq!(
        scene.terraform.state()["tags_all"],
        json!({"a": "1", "stage": "test"})
    );
    scene.terraform.apply(&config).await;
    assert_eq!(scene.terraform.plan(&config).await.action, Action::Nothing);
    assert_eq!(scene.terraform.state()["tags_all"], json!({"stage": "test"}));
}

#[tokio::test]
async fn what_the_backup_remembers_is_carried_over_when_the_table_is_gone() {
    let mut scene = Scene::start().await;
    let stream = json!({"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"});
    scene
        .aws
        .dynamodb(
            "UpdateTable",
            json!({"TableName": "orders", "StreamSpecification": stream}),
        )
        .await;
    let made = scene
        .aws
        .dynamodb(
            "CreateBackup",
            json!({"TableName": "orders", "BackupName": "last"}),
        )
        .await;
    scene.backup_arn = made["BackupDetails"]["BackupArn"]
        .as_str()
        .expect("an ARN")
        .to_owned();
    scene
        .aws
        .dynamodb("DeleteTable", json!({"TableName": "orders"}))
        .await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let refused = scene
        .terraform
        .plan(&scene.config(json!({"carry_over": ["tags", "stream"]})))
        .await;
    assert_eq!(
        refused.said(),
        ["error at carry_over: Setting cannot be carried over"]
    );
    let config = scene.config(json!({"carry_over": ["stream"]}));
    assert_eq!(scene.terraform.apply(&config).await.said(), [""; 0]);
    assert_eq!(scene.terraform.state()["stream"]["view_type"], "NEW_IMAGE");
}

#[tokio::test]
async fn changes_in_place_and_drift() {
    let mut scene = Scene::start().await;
    let base = scene.config(json!({"tags": {"a": "1"}, "stream": {"view_type": "KEYS_ONLY"}}));
    scene.terraform.apply(&base).await;
    let id = scene.table().await["TableId"].clone();
    for more in [
        json!({"tags": {"a": "2", "b": "3"}}),
        json!({"stream": {"view_type": "NEW_IMAGE"}}),
        json!({"stream": {"enabled": false}}),
        json!({"on_demand_throughput": {"max_read_request_units": 9}}),
        json!({"on_demand_throughput": {"max_write_request_units": 9}}),
        json!({"server_side_encryption": {"enabled": true}}),
        json!({"server_side_encryption": {"enabled": false}}),
        json!({"global_secondary_indexes": {"by_city": {}}}),
        json!({"global_secondary_indexes": {"by_city": {}, "by_day": {}}}),
        json!({"global_secondary_indexes": {}}),
        json!({"table_class": "STANDARD_INFREQUENT_ACCESS"}),
        json!({"point_in_time_recovery": {}}),
        json!({"billing_mode": "PROVISIONED", "provisioned_throughput": {"read_capacity_units": 1, "write_capacity_units": 1}}),
    ] {
        let given = scene.config(more.clone());
        let outcome = scene.terraform.apply(&given).await;
        assert_eq!(outcome.action, Action::Update, "{more}");
        assert!(!outcome.diagnostics.has_error(), "{more}: {:?}", outcome.said());
        assert_eq!(
            scene.terraform.plan(&given).await.action,
            Action::Nothing,
            "{more}"
        );
    }
    assert_eq!(scene.table().await["TableId"], id);

    // What others change is shown where it is managed, and put back.
    let given = scene.config(json!({"tags": {"a": "1"}, "deletion_protection_enabled": true}));
    scene.terraform.apply(&given).await;
    scene
        .aws
        .dynamodb(
            "UntagResource",
            json!({"ResourceArn": super::TABLE_ARN, "TagKeys": ["a"]}),
        )
        .await;
    let unprotected = json!({"TableName": "orders-restored", "DeletionProtectionEnabled": false});
    scene.aws.dynamodb("UpdateTable", unprotected).await;
    assert_eq!(scene.terraform.apply(&given).await.action, Action::Update);
    assert_eq!(scene.table().await["DeletionProtectionEnabled"], true);
    assert_eq!(scene.terraform.plan(&given).await.action, Action::Nothing);
}

#[tokio::test]
async fn tags_of_the_provider_that_change_are_set() {
    let mut scene = Scene::start().await;
    let provider = |team: &str| json!({"default_tags": [{"tags": {"team": team}}], "ignore_tags": [{"key_prefixes": ["audit:"]}]});
    scene.terraform.provider = provider("shop");
    let config = scene.config(json!({"tags": {"a": "1"}}));
    scene.terraform.apply(&config).await;
    let audit = json!({"ResourceArn": super::TABLE_ARN, "Tags": [{"Key": "audit:by", "Value": "x"}]});
    scene.aws.dynamodb("TagResource", audit).await;
    assert_eq!(scene.terraform.plan(&config).await.action, Action::Nothing);

    scene.terraform.provider = provider("orders");
    assert_eq!(scene.terraform.apply(&config).await.action, Action::Update);
    assert_eq!(scene.terraform.plan(&config).await.action, Action::Nothing);
    let tags = scene
        .aws
        .dynamodb("ListTagsOfResource", json!({"ResourceArn": super::TABLE_ARN}))
        .await;
    assert_eq!(tags["Tags"].as_array().map(Vec::len), Some(3), "{tags}");
    assert_eq!(
        scene.terraform.state()["tags_all"],
        json!({"a": "1", "team": "orders"})
    );
}

#[tokio::test]
async fn what_terraform_alone_knows_needs_no_call() {
    let mut scene = Scene::start().await;
    let config = scene.config(json!({}));
    scene.terraform.apply(&config).await;
    scene
        .aws
        .dynamodb("DeleteBackup", json!({"BackupArn": scene.backup_arn}))
        .await;
    scene.aws.forget_calls().await;
    let given = super::with(
        config,
        json!({
            "timeouts": {"create": "5h"}, "carry_over": ["tags"],
            "source": {"point_in_time": {"table_name": "orders", "latest": true}},
        }),
    );
    let outcome = scene.terraform.apply(&given).await;
    assert_eq!(
        (outcome.action, outcome.said()),
        (Action::Update, Vec::new()),
        "the warnings belong to the plan"
    );
    assert_eq!(
        scene.aws.count("UpdateTable").await + scene.aws.count("TagResource").await,
        0
    );
    assert_eq!(scene.terraform.state()["source"]["backup_arn"], scene.backup_arn);
    let plan = scene.terraform.plan(&given).await;
    assert_eq!(
        (plan.action, plan.said()),
        (
            Action::Nothing,
            vec!["warning at source: Source of a table that is restored already was edited".to_owned()]
        )
    );
}

#[tokio::test]
async fn an_import_is_finished_by_the_configuration_without_a_call() {
    let mut scene = Scene::start().await;
    let config = scene.config(json!({"tags": {"a": "1"}, "triggers": {"drill": "1"}}));
    scene.terraform.apply(&config).await;
    for id in ["orders-restored", "orders-restored@eu-west-1", super::TABLE_ARN] {
        scene.terraform.object = None;
        let said = scene.terraform.import(ImportTarget::Id(id.to_owned())).await;
        assert!(said.is_empty(), "{said:?}");
        assert_eq!(scene.terraform.state()["source"], Json::Null);
        assert_eq!(scene.terraform.state()["tags"], json!({"a": "1"}));
        scene.aws.forget_calls().await;
        let outcome = scene.terraform.apply(&config).await;
        assert_eq!((outcome.action, outcome.said()), (Action::Update, Vec::new()));
        assert_eq!(scene.restores_and_deletes().await, (0, 0));
        assert_eq!(
            scene.aws.count("TagResource").await + scene.aws.count("UpdateTable").await,
            0
        );
        assert_eq!(scene.terraform.plan(&config).await.action, Action::Nothing);
    }
}

#[tokio::test]
async fn a_table_that_is_gone_is_told_and_restored_anew() {
    let mut scene = Scene::start().await;
    let config = scene.config(json!({}));
    scene.terraform.apply(&config).await;
    scene
        .aws
        .dynamodb("DeleteTable", json!({"TableName": "orders-restored"}))
        .await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let plan = scene.terraform.plan(&config).await;
    assert_eq!(
        (plan.action, plan.said()),
        (
            Action::Create,
            vec!["warning: Restored table was deleted outside Terraform".to_owned()]
        )
    );
}

#[tokio::test]
async fn another_table_that_took_the_name_is_left_alone() {
    let mut scene = Scene::start().await;
    let config = scene.config(json!({}));
    scene.terraform.apply(&config).await;
    let prior = scene.terraform.object.clone();
    scene
        .aws
        .dynamodb("DeleteTable", json!({"TableName": "orders-restored"}))
        .await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    scene.aws.create_table("orders-restored").await;
    let plan = scene.terraform.plan(&config).await;
    assert_eq!(
        plan.said(),
        [
            "warning: Another table has the name of the restored one",
            "error at name: Table to restore into already exists",
        ]
    );
    // Nor is it deleted by a destroy that was planned before.
    scene.terraform.object = prior;
    scene.terraform.destroy_without_refresh().await;
    assert_eq!(scene.table().await["TableStatus"], "ACTIVE");
    assert_eq!(
        scene.restores_and_deletes().await.1,
        1,
        "only the one of this test"
    );
}

#[tokio::test]
async fn a_table_of_another_region_is_restored_by_a_call_there() {
    let mut scene = Scene::start().await;
    let refused = scene
        .terraform
        .plan(&scene.config(json!({"region": "us-east-1"})))
        .await;
    assert_eq!(
        refused.said(),
        ["error at server_side_encryption: Restore into another Region needs its encryption spelled out"]
    );
    let config = scene.config(json!({"region": "us-east-1", "server_side_encryption": {"enabled": false}}));
    assert_eq!(scene.terraform.apply(&config).await.said(), [""; 0]);
    let arn = scene.terraform.state()["arn"].as_str().map(str::to_owned);
    assert_eq!(
        arn.as_deref(),
        Some("arn:aws:dynamodb:us-east-1:111122223333:table/orders-restored")
    );
    assert_eq!(scene.terraform.plan(&config).await.action, Action::Nothing);
    scene.terraform.destroy().await;
}

#[tokio::test]
async fn a_plan_goes_without_what_it_may_not_read() {
    let mut scene = Scene::start().await;
    scene
        .aws
        .set(json!({"denied_actions": ["dynamodb:DescribeBackup", "dynamodb:ListTagsOfResource"]}))
        .await;
    let plan = scene.terraform.plan(&scene.config(json!({}))).await;
    assert_eq!(
        (plan.action, plan.said()),
        (
            Action::Create,
            vec![
                "warning: Check was not made: dynamodb:DescribeBackup is denied".to_owned(),
                "warning: Check was not made: dynamodb:ListTagsOfResource is denied".to_owned()
            ],
        )
    );
    assert!(
        plan.details().contains("dynamodb:DescribeBackup"),
        "{}",
        plan.details()
    );
    // Nothing is read at all where the provider block says so.
    scene.terraform.provider = json!({"validation": {"observe": false}});
    scene.aws.forget_calls().await;
    let plan = scene.terraform.plan(&scene.config(json!({}))).await;
    assert_eq!(
        (plan.action, plan.said(), scene.aws.count_all().await),
        (Action::Create, Vec::new(), 0)
    );
}

#[tokio::test]
async fn what_is_left_of_a_table_is_looked_at_when_it_goes() {
    let mut scene = Scene::start().await;
    let config = scene.config(json!({}));
    scene.terraform.apply(&config).await;
    // A backup of another table that had the name is none of this one.
    let backup = json!({"TableName": "orders-restored", "BackupName": "own"});
    scene.aws.dynamodb("CreateBackup", backup).await;
    scene.aws.forget_calls().await;
    let again = scene.config(json!({"triggers": {"again": "1"}}));
    assert_eq!(scene.terraform.plan(&again).await.said(), [""; 0]);
    let calls = (
        scene.aws.count("ListBackups").await,
        scene.aws.count("ListTables").await,
    );
    assert_eq!(calls, (1, 0), "the name makes room for the new table");
    scene
        .aws
        .set(json!({"denied_actions": ["dynamodb:ListBackups"]}))
        .await;
    let plan = scene.terraform.plan(&again).await;
    assert_eq!(
        plan.said(),
        ["warning: Check was not made: dynamodb:ListBackups is denied"]
    );
    assert!(
        plan.details().contains("Allow dynamodb:ListBackups"),
        "{}",
        plan.details()
    );
    scene
        .aws
        .set(json!({"denied_actions": ["dynamodb:DescribeContinuousBackups"]}))
        .await;
    assert_eq!(
        scene.terraform.destroy().await.said(),
        ["warning: Check was not made: dynamodb:DescribeContinuousBackups is denied"]
    );
}

#[tokio::test]
async fn backups_of_a_table_that_had_the_name_before_do_not_count() {
    let mut scene = Scene::start().await;
    let config = scene.config(json!({}));
    scene.terraform.apply(&config).await;
    let backup = json!({"TableName": "orders-restored", "BackupName": "of-the-first"});
    scene.aws.dynamodb("CreateBackup", backup).await;
    assert_eq!(scene.terraform.destroy().await.said(), [""; 0]);
    scene.terraform.apply(&config).await;
    assert_eq!(
        scene.terraform.destroy().await.said(),
        ["warning: Table would be deleted for good"]
    );
}

#[tokio::test]
async fn the_key_of_the_source_is_asked_for_where_there_is_one() {
    let mut scene = Scene::start().await;
    let key = |state: &str| {
        json!({
            "account": "111122223333", "region": "eu-west-1", "state": state,
            "key_id": "1234abcd-12ab-34cd-56ef-1234567890ab",
        })
    };
    let put = reqwest::Method::POST;
    scene.aws.control(put.clone(), "kms/keys", key("Enabled")).await;
    let input = json!({
        "TableName": "secret", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "SSESpecification": {
            "Enabled": true, "SSEType": "KMS", "KMSMasterKeyId": "1234abcd-12ab-34cd-56ef-1234567890ab",
        },
    });
    scene.aws.dynamodb("CreateTable", input).await;
    let backup = json!({"TableName": "secret", "BackupName": "nightly"});
    let made = scene.aws.dynamodb("CreateBackup", backup).await;
    let of_key = scene.config(json!({"source": {"backup_arn": made["BackupDetails"]["BackupArn"]}}));

    assert_eq!(scene.terraform.plan(&of_key).await.said(), [""; 0]);
    scene.aws.control(put, "kms/keys", key("Disabled")).await;
    assert_eq!(
        scene.terraform.plan(&of_key).await.said(),
        ["error at source.backup_arn: KMS key of the data to restore cannot be used"]
    );
    scene
        .aws
        .set(json!({"denied_actions": ["kms:DescribeKey"]}))
        .await;
    let denied = scene.terraform.plan(&of_key).await;
    assert_eq!(
        denied.said(),
        ["warning: Check was not made: kms:DescribeKey is denied"]
    );
    assert!(
        denied.details().contains("Allow kms:DescribeKey"),
        "{}",
        denied.details()
    );
    // A key that AWS owns is nobody's to look at.
    let owned = scene.terraform.plan(&scene.config(json!({}))).await;
    assert_eq!(owned.said(), [""; 0]);
}

#[tokio::test]
async fn a_region_without_room_is_told_and_a_denied_count_is_one_warning() {
    let mut scene = Scene::start().await;
    let config = scene.config(json!({}));
    scene
        .aws
        .set(json!({"denied_actions": ["dynamodb:ListTables"]}))
        .await;
    let denied = scene.terraform.plan(&config).await;
    assert_eq!(
        denied.said(),
        ["warning: Check was not made: dynamodb:ListTables is denied"]
    );
    assert!(
        denied.details().contains("Allow dynamodb:ListTables"),
        "{}",
        denied.details()
    );
    scene
        .aws
        .set(json!({"denied_actions": [], "max_tables": 2500}))
        .await;
    for number in 1..2500 {
        scene.aws.create_table(&format!("table-{number}")).await;
    }
    let full = scene.terraform.plan(&config).await;
    assert_eq!(full.said(), ["warning at name: Region is at its quota of tables"]);
    assert!(full.details().contains("has 2500 tables"), "{}", full.details());
}

#[tokio::test]
async fn what_may_not_be_copied_is_said_before_anything_is_made() {
    let aws = Aws::start().await;
    aws.create_table("orders").await;
    let made = aws
        .dynamodb(
            "CreateBackup",
            json!({"TableName": "orders", "BackupName": "nightly"}),
        )
        .await;
    let mut terraform = Terraform::with(&aws, TYPE);
    aws.set(json!({"denied_actions": ["dynamodb:ListTagsOfResource"]}))
        .await;
    let config = json!({
        "name": "orders-restored", "source": {"backup_arn": made["BackupDetails"]["BackupArn"]},
        "carry_over": ["tags"],
    });
    let outcome = terraform.apply(&config).await;
    assert_eq!(outcome.said(), ["error: Table was not restored"]);
    assert!(
        outcome.details().contains("Allow dynamodb:ListTagsOfResource"),
        "{}",
        outcome.details()
    );
    assert_eq!(
        (aws.count("RestoreTableFromBackup").await, terraform.attempts()),
        (0, 0)
    );
    assert!(terraform.object.is_none());
}
