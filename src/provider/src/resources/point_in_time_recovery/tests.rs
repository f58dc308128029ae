//! Plans as data, and the lifecycle against the simulator.

use std::time::Duration;

use expect_test::{Expect, expect};
use rules::Fact;
use rules::facts::ObservedRecovery;
use serde_json::{Value as Json, json};
use tfsdk::{Change, ImportTarget, Model as _, Resource as _};

use super::{Model, Observed, PointInTimeRecovery};
use crate::facts::Planner;
use crate::testing::{self, Action, Aws, Terraform, summaries};

const TYPE: &str = "dynamodb_point_in_time_recovery";

fn model(given: &Json) -> Model {
    Model::from_value(&testing::value(&super::schema::schema().ty(), given)).expect("it fits the schema")
}

/// A configuration and what the schema's defaults make of it.
fn written(given: &Json) -> (Model, Model) {
    let mut proposed = given.clone();
    for (name, default) in [
        ("enabled", json!(true)),
        ("on_destroy", json!("retain")),
        ("allow_window_loss", json!(false)),
        ("recovery_period_in_days", json!("(unknown)")),
        ("region", json!("(unknown)")),
        ("account_id", json!("(unknown)")),
    ] {
        if given[name].is_null() {
            proposed[name] = default;
        }
    }
    (model(given), model(&proposed))
}

fn seen(days: Option<i64>) -> Observed {
    let at = |text: &str| Fact::Known(text.parse().expect("a time"));
    let recovery = match days {
        None => ObservedRecovery {
            enabled: Fact::Known(false),
            recovery_period_in_days: Fact::Absent,
            earliest: Fact::Absent,
            latest: Fact::Absent,
        },
        Some(days) => ObservedRecovery {
            enabled: Fact::Known(true),
            recovery_period_in_days: Fact::Known(days),
            earliest: at("2026-10-20T00:00:00Z"),
            latest: at("2026-11-20T09:25:00Z"),
        },
    };
    Observed {
        planner: Planner {
            now: at("2026-11-20T09:30:00Z"),
            region: Some("eu-west-1".to_owned()),
            account: Some("111122223333".to_owned()),
            ..Planner::default()
        },
        recovery: Fact::Known(recovery),
        ..Observed::default()
    }
}

fn check(change: Change<Model>, seen: Observed, expected: Expect) {
    let planned = PointInTimeRecovery::plan(change, seen);
    let mut lines = Vec::new();
    for (name, value) in testing::json(&planned.model.to_value())
        .as_object()
        .expect("an object")
    {
        if !value.is_null() {
            lines.push(format!("{name} = {value}"));
        }
    }
    lines.extend(planned.replace.iter().map(|path| format!("replaces at {path}")));
    lines.extend(summaries(&planned.diagnostics));
    expected.assert_eq(&lines.join("\n"));
}

fn create(given: Json) -> Change<Model> {
    let (config, proposed) = written(&given);
    Change::Create { config, proposed }
}

fn update(prior: Json, given: Json) -> Change<Model> {
    let (config, mut proposed) = written(&given);
    let mut complete = json!({"on_destroy": "retain", "allow_window_loss": false, "region": "eu-west-1", "account_id": "111122223333"});
    complete
        .as_object_mut()
        .expect("an object")
        .extend(prior.as_object().cloned().expect("an object"));
    let prior = model(&complete);
    if config.region.is_null() {
        proposed.region = prior.region.clone();
    }
    proposed.account_id = prior.account_id.clone();
    Change::Update {
        prior,
        config,
        proposed,
    }
}

#[test]
fn a_new_object_is_on_for_35_days_in_the_providers_region() {
    check(
        create(json!({"table_name": "orders"})),
        seen(None),
        expect![[r#"
        account_id = "111122223333"
        allow_window_loss = false
        enabled = true
        on_destroy = "retain"
        recovery_period_in_days = 35
        region = "eu-west-1"
        table_name = "orders""#]],
    );
}

#[test]
fn without_a_look_at_aws_region_and_account_stay_open() {
    check(
        create(json!({"table_name": "orders", "recovery_period_in_days": 7})),
        Observed::default(),
        expect![[r#"
        account_id = "(unknown)"
        allow_window_loss = false
        enabled = true
        on_destroy = "retain"
        recovery_period_in_days = 7
        region = "(unknown)"
        table_name = "orders""#]],
    );
}

#[test]
fn taking_over_a_table_with_a_longer_window_shortens_it() {
    check(
        create(json!({"table_name": "orders", "recovery_period_in_days": 7})),
        seen(Some(35)),
        expect![[r#"
        account_id = "111122223333"
        allow_window_loss = false
        enabled = true
        on_destroy = "retain"
        recovery_period_in_days = 7
        region = "eu-west-1"
        table_name = "orders"
        error at recovery_period_in_days: Restorable history would be lost by a shorter recovery period"#]],
    );
}

#[test]
fn shortening_needs_permission() {
    let prior = json!({"table_name": "orders", "enabled": true, "recovery_period_in_days": 35});
    let shorter = json!({"table_name": "orders", "recovery_period_in_days": 7});
    check(
        update(prior.clone(), shorter.clone()),
        seen(Some(35)),
        expect![[r#"
        account_id = "111122223333"
        allow_window_loss = false
        enabled = true
        on_destroy = "retain"
        recovery_period_in_days = 7
        region = "eu-west-1"
        table_name = "orders"
        error at recovery_period_in_days: Restorable history would be lost by a shorter recovery period"#]],
    );
    let mut allowed = shorter;
    allowed["allow_window_loss"] = json!(true);
    check(
        update(prior, allowed),
        seen(Some(35)),
        expect![[r#"
        account_id = "111122223333"
        allow_window_loss = true
        enabled = true
        on_destroy = "retain"
        recovery_period_in_days = 7
        region = "eu-west-1"
        table_name = "orders"
        warning at recovery_period_in_days: Restorable history would be lost by a shorter recovery period"#]],
    );
}

#[test]
fn switching_off_needs_permission_and_leaves_no_period() {
    let prior = json!({"table_name": "orders", "enabled": true, "recovery_period_in_days": 35});
    check(
        update(prior, json!({"table_name": "orders", "enabled": false})),
        seen(Some(35)),
        expect![[r#"
        account_id = "111122223333"
        allow_window_loss = false
        enabled = false
        on_destroy = "retain"
        region = "eu-west-1"
        table_name = "orders"
        error at enabled: Restorable history would be lost by switching recovery off"#]],
    );
}

#[test]
fn a_period_that_is_left_out_goes_back_to_35_days() {
    let prior = json!({"table_name": "orders", "enabled": true, "recovery_period_in_days": 7});
    check(
        update(prior, json!({"table_name": "orders"})),
        Observed::default(),
        expect![[r#"
        account_id = "111122223333"
        allow_window_loss = false
        enabled = true
        on_destroy = "retain"
        recovery_period_in_days = 35
        region = "eu-west-1"
        table_name = "orders""#]],
    );
}

#[test]
fn what_is_not_known_yet_is_not_judged() {
    let given = json!({"table_name": "(unknown)", "enabled": "(unknown)", "region": "(unknown)"});
    check(
        create(given),
        seen(Some(35)),
        expect![[r#"
        account_id = "111122223333"
        allow_window_loss = false
        enabled = "(unknown)"
        on_destroy = "retain"
        recovery_period_in_days = "(unknown)"
        region = "(unknown)"
        table_name = "(unknown)""#]],
    );
}

#[test]
fn another_table_is_another_object_and_an_arn_of_the_same_is_not() {
    let prior = json!({"table_name": "orders", "enabled": true, "recovery_period_in_days": 35});
    let arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders";
    check(
        update(prior.clone(), json!({"table_name": arn})),
        seen(Some(35)),
        expect![[r#"
        account_id = "111122223333"
        allow_window_loss = false
        enabled = true
        on_destroy = "retain"
        recovery_period_in_days = 35
        region = "eu-west-1"
        table_name = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders""#]],
    );
    check(
        update(prior, json!({"table_name": "invoices"})),
        seen(None),
        expect![[r#"
        account_id = "111122223333"
        allow_window_loss = false
        enabled = true
        on_destroy = "retain"
        recovery_period_in_days = 35
        region = "eu-west-1"
        table_name = "invoices"
        replaces at table_name"#]],
    );
}

#[test]
fn what_others_switched_off_is_told() {
    let prior = json!({"table_name": "orders", "enabled": false});
    let on = Observed {
        left_on: true,
        ..seen(None)
    };
    check(
        update(prior.clone(), json!({"table_name": "orders"})),
        on,
        expect![[r#"
        account_id = "111122223333"
        allow_window_loss = false
        enabled = true
        on_destroy = "retain"
        recovery_period_in_days = 35
        region = "eu-west-1"
        table_name = "orders"
        warning at enabled: Point-in-time recovery was switched off outside Terraform"#]],
    );
    // Whoever had it off until now knows that nothing is there.
    check(
        update(prior, json!({"table_name": "orders"})),
        seen(None),
        expect![[r#"
        account_id = "111122223333"
        allow_window_loss = false
        enabled = true
        on_destroy = "retain"
        recovery_period_in_days = 35
        region = "eu-west-1"
        table_name = "orders""#]],
    );
}

#[test]
fn destroying_warns_where_it_drops_the_history() {
    let prior = |on_destroy: &str| {
        let given = json!({
            "table_name": "orders", "enabled": true, "recovery_period_in_days": 35, "region": "eu-west-1",
            "on_destroy": on_destroy,
        });
        Change::Destroy { prior: model(&given) }
    };
    let said = |change| summaries(&PointInTimeRecovery::plan(change, seen(Some(35))).diagnostics);
    assert_eq!(said(prior("retain")), [""; 0]);
    assert_eq!(
        said(prior("disable")),
        ["warning at on_destroy: Destroying this object switches recovery off"]
    );
}

#[tokio::test]
async fn faults_of_the_arguments_come_all_at_once_with_their_paths() {
    let aws = Aws::start().await;
    let terraform = Terraform::with(&aws, TYPE);
    let found = terraform.validate(&json!({"table_name": "a/b", "recovery_period_in_days": 40}));
    assert_eq!(
        summaries(&found),
        [
            "error at table_name: Table name is not valid",
            "error at recovery_period_in_days: Recovery period is out of range",
        ]
    );
    let found =
        terraform.validate(&json!({"table_name": "orders", "enabled": false, "recovery_period_in_days": 7}));
    assert_eq!(
        summaries(&found),
        ["error at recovery_period_in_days: Recovery period is given for recovery that is switched off"]
    );
    let found = terraform.validate(&json!({"table_name": "orders", "recovery_period_in_days": 7.5}));
    assert_eq!(
        summaries(&found),
        ["error at recovery_period_in_days: Invalid Attribute Value"]
    );
}

#[tokio::test]
async fn apply_then_nothing_then_destroy_leaves_recovery_on() {
    let aws = Aws::start().await;
    aws.create_table("orders").await;
    let mut terraform = Terraform::with(&aws, TYPE);
    let config = json!({"table_name": "orders", "recovery_period_in_days": 7});
    let outcome = terraform.apply(&config).await;
    assert_eq!(outcome.said(), [""; 0]);
    assert_eq!(outcome.action, Action::Create);
    assert_eq!(
        terraform.state(),
        json!({
            "table_name": "orders", "enabled": true, "recovery_period_in_days": 7, "on_destroy": "retain",
            "allow_window_loss": false, "region": "eu-west-1", "account_id": "111122223333", "timeouts": null,
        })
    );

    aws.forget_calls().await;
    assert_eq!(terraform.plan(&config).await.action, Action::Nothing);
    assert_eq!(aws.count("DescribeContinuousBackups").await, 1, "one per object");
    assert_eq!(aws.count_all().await, 2, "and the caller's account");

    aws.forget_calls().await;
    let outcome = terraform.destroy().await;
    assert_eq!(outcome.said(), [""; 0]);
    assert!(terraform.object.is_none());
    assert_eq!(aws.count("UpdateContinuousBackups").await, 0);
    assert_eq!(period(&aws).await, json!(7));
}

#[tokio::test]
async fn periods_and_the_switch_change_in_place() {
    let aws = Aws::start().await;
    aws.create_table("orders").await;
    let mut terraform = Terraform::with(&aws, TYPE);
    terraform
        .apply(&json!({"table_name": "orders", "recovery_period_in_days": 7}))
        .await;
    let outcome = terraform.apply(&json!({"table_name": "orders"})).await;
    assert_eq!((outcome.action, period(&aws).await), (Action::Update, json!(35)));

    // Half an hour clear of a whole hour: the simulator's clock also goes on by itself.
    aws.advance(Duration::from_secs(20 * 86_400 + 30 * 60)).await;
    let shorter = json!({"table_name": "orders", "recovery_period_in_days": 7});
    let refused = terraform.plan(&shorter).await;
    assert!(
        refused.diagnostics.has_error() && refused.details().contains("13 days of history"),
        "{}",
        refused.details()
    );
    let allowed = json!({"table_name": "orders", "recovery_period_in_days": 7, "allow_window_loss": true});
    assert_eq!(terraform.apply(&allowed).await.action, Action::Update);
    assert_eq!(period(&aws).await, json!(7));

    let off = json!({"table_name": "orders", "enabled": false, "allow_window_loss": true});
    assert_eq!(terraform.apply(&off).await.action, Action::Update);
    assert_eq!(period(&aws).await, Json::Null);
    assert_eq!(terraform.plan(&off).await.action, Action::Nothing);

    // What only Terraform knows needs no call.
    aws.forget_calls().await;
    let kept = json!({"table_name": "orders", "enabled": false});
    assert_eq!(terraform.apply(&kept).await.action, Action::Update);
    assert_eq!(aws.count("UpdateContinuousBackups").await, 0);
}

#[tokio::test]
async fn a_switch_off_by_others_is_drift_and_is_told() {
    let aws = Aws::start().await;
    aws.create_table("orders").await;
    let mut terraform = Terraform::with(&aws, TYPE);
    let config = json!({"table_name": "orders"});
    terraform.apply(&config).await;
    let specification = json!({"PointInTimeRecoveryEnabled": false});
    let input = json!({"TableName": "orders", "PointInTimeRecoverySpecification": specification});
    aws.dynamodb("UpdateContinuousBackups", input).await;
    let plan = terraform.plan(&config).await;
    assert_eq!(plan.action, Action::Update);
    assert_eq!(
        plan.said(),
        ["warning at enabled: Point-in-time recovery was switched off outside Terraform"]
    );
    terraform.apply(&config).await;
    assert_eq!(period(&aws).await, json!(35));
}

#[tokio::test]
async fn a_table_that_has_gone_takes_the_object_with_it() {
    let aws = Aws::start().await;
    aws.create_table("orders").await;
    let mut terraform = Terraform::with(&aws, TYPE);
    let config = json!({"table_name": "orders", "on_destroy": "disable"});
    terraform.apply(&config).await;
    let state = terraform.object.clone();
    aws.set(json!({"table_deleting_ms": 0})).await;
    aws.dynamodb("DeleteTable", json!({"TableName": "orders"})).await;
    assert!(terraform.refresh().await.is_empty());
    assert!(terraform.object.is_none());
    // A destroy that did not refresh finds nothing to do.
    terraform.object = state;
    let outcome = terraform.destroy_without_refresh().await;
    assert!(!outcome.diagnostics.has_error(), "{:?}", outcome.said());
    assert!(terraform.object.is_none());
}

#[tokio::test]
async fn destroying_with_disable_switches_off_and_replacing_does_not() {
    let aws = Aws::start().await;
    aws.create_table("orders").await;
    let mut terraform = Terraform::with(&aws, TYPE);
    let config = json!({"table_name": "orders", "on_destroy": "disable"});
    terraform.apply(&config).await;
    terraform.taint();
    let outcome = terraform.apply(&config).await;
    assert_eq!(outcome.action, Action::Replace);
    assert!(
        outcome
            .said()
            .contains(&"warning at on_destroy: Point-in-time recovery was left on".to_owned()),
        "{:?}",
        outcome.said()
    );
    assert_eq!(
        aws.count("UpdateContinuousBackups").await,
        2,
        "switched on twice, never off"
    );
    terraform.destroy().await;
    assert_eq!(period(&aws).await, Json::Null);
}

#[tokio::test]
async fn a_table_that_is_being_created_is_waited_for() {
    let aws = Aws::start().await;
    aws.set(json!({"table_creating_ms": 700, "continuous_backups_ready_ms": 300}))
        .await;
    let input = json!({
        "TableName": "orders",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
    });
    aws.dynamodb("CreateTable", input).await;
    let mut terraform = Terraform::with(&aws, TYPE);
    let outcome = terraform.apply(&json!({"table_name": "orders"})).await;
    assert_eq!(outcome.said(), [""; 0]);
    assert_eq!(period(&aws).await, json!(35));
}

#[tokio::test]
async fn a_table_that_is_not_there_is_named_with_place_and_fix() {
    let aws = Aws::start().await;
    let mut terraform = Terraform::with(&aws, TYPE);
    let outcome = terraform.apply(&json!({"table_name": "orders"})).await;
    assert_eq!(
        outcome.said(),
        ["error at table_name: Point-in-time recovery cannot be switched on"]
    );
    let details = outcome.details();
    assert!(
        details.contains("no table \"orders\" in eu-west-1 of account 111122223333"),
        "{details}"
    );
    assert!(details.contains("TableNotFoundException"), "{details}");
    assert!(terraform.object.is_none());
}

#[tokio::test]
async fn a_denied_read_is_a_warning_or_an_error_as_the_provider_block_says() {
    let aws = Aws::start().await;
    aws.create_table("orders").await;
    aws.set(json!({"denied_actions": ["dynamodb:DescribeContinuousBackups"]}))
        .await;
    let mut terraform = Terraform::with(&aws, TYPE);
    let config = json!({"table_name": "orders"});
    let plan = terraform.plan(&config).await;
    assert_eq!(
        plan.said(),
        ["warning at table_name: Check was not made: dynamodb:DescribeContinuousBackups is denied"]
    );
    assert!(
        plan.details()
            .contains("Allow dynamodb:DescribeContinuousBackups"),
        "{}",
        plan.details()
    );
    terraform.provider = json!({"validation": {"unreadable": "error"}});
    assert_eq!(
        terraform.plan(&config).await.said(),
        ["error at table_name: Check was not made: dynamodb:DescribeContinuousBackups is denied"]
    );
    terraform.provider = json!({"validation": {"observe": false}});
    aws.forget_calls().await;
    assert_eq!(terraform.plan(&config).await.said(), [""; 0]);
    assert_eq!(
        aws.count_all().await,
        0,
        "a plan that must not observe asks nobody"
    );
}

/// Makes "orders" with a replica in Frankfurt, without point-in-time recovery in either Region.
async fn with_replica(aws: &Aws) {
    let input = json!({
        "TableName": "orders",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
        "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    });
    aws.dynamodb("CreateTable", input).await;
    let create = json!([{"Create": {"RegionName": "eu-central-1"}}]);
    aws.dynamodb(
        "UpdateTable",
        json!({"TableName": "orders", "ReplicaUpdates": create}),
    )
    .await;
    aws.forget_calls().await;
}

#[tokio::test]
async fn replicas_are_asked_for_their_recovery_once_when_the_object_is_made() {
    let aws = Aws::start().await;
    with_replica(&aws).await;
    let mut terraform = Terraform::with(&aws, TYPE);
    let config = json!({"table_name": "orders"});
    let plan = terraform.plan(&config).await;
    assert_eq!(
        plan.said(),
        ["warning at table_name: Replicas of the table have no point-in-time recovery"]
    );
    assert!(plan.details().contains("eu-central-1"), "{}", plan.details());
    let calls = (
        aws.count("DescribeTable").await,
        aws.count("DescribeContinuousBackups").await,
    );
    assert_eq!(calls, (1, 2), "the table, and recovery here and there");
    let off = json!({"table_name": "orders", "enabled": false});
    aws.forget_calls().await;
    assert_eq!(terraform.plan(&off).await.said(), [""; 0]);
    assert_eq!(aws.count("DescribeContinuousBackups").await, 1);

    terraform.apply(&config).await;
    aws.forget_calls().await;
    let changed = json!({"table_name": "orders", "on_destroy": "retain", "recovery_period_in_days": 35});
    assert_eq!(terraform.plan(&changed).await.action, Action::Nothing);
    assert_eq!(
        aws.count("DescribeTable").await,
        0,
        "where nothing changes, nothing more is read"
    );
}

#[tokio::test]
async fn a_table_that_may_not_be_described_is_one_warning() {
    let aws = Aws::start().await;
    with_replica(&aws).await;
    aws.set(json!({"denied_actions": ["dynamodb:DescribeTable"]}))
        .await;
    let mut terraform = Terraform::with(&aws, TYPE);
    let plan = terraform.plan(&json!({"table_name": "orders"})).await;
    assert_eq!(
        plan.said(),
        ["warning at table_name: Check was not made: dynamodb:DescribeTable is denied"]
    );
    assert!(
        plan.details().contains("Allow dynamodb:DescribeTable"),
        "{}",
        plan.details()
    );
}

#[tokio::test]
async fn an_imported_table_needs_no_change() {
    let aws = Aws::start().await;
    aws.create_table("orders").await;
    let config = json!({"table_name": "orders", "recovery_period_in_days": 7});
    Terraform::with(&aws, TYPE).apply(&config).await;
    for id in ["orders", "orders@eu-west-1"] {
        let mut terraform = Terraform::with(&aws, TYPE);
        assert_eq!(
            summaries(&terraform.import(ImportTarget::Id(id.to_owned())).await),
            [""; 0]
        );
        let plan = terraform.plan(&config).await;
        assert_eq!(
            (plan.action, plan.said()),
            (Action::Nothing, Vec::new()),
            "{id}: {}",
            terraform.state()
        );
    }
}

#[tokio::test]
async fn the_state_of_another_account_is_left_alone() {
    let aws = Aws::start().await;
    aws.create_table("orders").await;
    let mut terraform = Terraform::with(&aws, TYPE);
    terraform.apply(&json!({"table_name": "orders"})).await;
    terraform.provider = json!({"access_key": "444455556666"});
    let found = terraform.refresh().await;
    assert_eq!(summaries(&found), ["error: Object belongs to another account"]);
    assert!(
        terraform.object.is_some(),
        "a table that is missing in another account says nothing"
    );
}

async fn period(aws: &Aws) -> Json {
    let described = aws
        .dynamodb("DescribeContinuousBackups", json!({"TableName": "orders"}))
        .await;
    let recovery = &described["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"];
    match recovery["PointInTimeRecoveryStatus"].as_str() {
        Some("ENABLED") => recovery["RecoveryPeriodInDays"].clone(),
        _ => Json::Null,
    }
}
