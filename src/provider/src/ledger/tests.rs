//! What is noted of each kind of object, and what the others are told.

use expect_test::{Expect, expect};
use rules::Fact;
use rules::facts::{PlannedBackup, PlannedFinalBackup, PlannedVault, PlannedVaultFiller};
use serde_json::{Value as Json, json};
use tfsdk::{Change, Cx, Model, Resource};

use super::*;
use crate::Client;
use crate::resources::{backup, point_in_time_recovery, restored_table};
use crate::testing::{self, Aws, value};

fn backup(name: &str) -> Neighbours {
    Neighbours {
        backups: vec![PlannedBackup {
            region: Region::parse("eu-west-1").expect("a Region"),
            table_name: "orders".to_owned(),
            name: name.to_owned(),
        }],
        ..Neighbours::default()
    }
}

fn names(neighbours: &Neighbours) -> Vec<&str> {
    neighbours.backups.iter().map(|it| it.name.as_str()).collect()
}

#[test]
fn a_plan_sees_those_before_it_and_never_itself() {
    let ledger = Ledger::default();
    let plans = [PlanId::new(), PlanId::new(), PlanId::new()];
    assert_eq!(names(&ledger.note(&plans[0], backup("a"))), [""; 0]);
    assert_eq!(names(&ledger.note(&plans[1], backup("a"))), ["a"]);
    assert_eq!(names(&ledger.note(&plans[2], backup("c"))), ["a", "a"]);
    // Once more, as the second half of a replacement.
    assert_eq!(names(&ledger.note(&plans[0], backup("d"))), ["a", "c"]);
    assert_eq!(names(&ledger.note(&plans[1], Neighbours::default())), ["c", "d"]);
    assert_eq!(
        names(&ledger.note(&PlanId::new(), Neighbours::default())),
        ["c", "d"]
    );
}

#[test]
fn of_plans_at_the_same_time_one_sees_the_other() {
    let ledger = Ledger::default();
    let seen: Vec<usize> = std::thread::scope(|scope| {
        let plans: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| ledger.note(&PlanId::new(), backup("a")).backups.len()))
            .collect();
        plans
            .into_iter()
            .map(|plan| plan.join().expect("no panic"))
            .collect()
    });
    let mut seen = seen;
    seen.sort_unstable();
    assert_eq!(seen, [0, 1, 2, 3, 4, 5, 6, 7]);
}

#[test]
fn everything_noted_is_told() {
    let ledger = Ledger::default();
    let made = Neighbours {
        final_backups: vec![PlannedFinalBackup {
            region: Region::parse("eu-west-1").expect("a Region"),
            table_name: "orders".to_owned(),
        }],
        vaults: vec![PlannedVault {
            region: Region::parse("eu-west-1").expect("a Region"),
            name: "orders".to_owned(),
            vault_type: Fact::Unknown,
            lock: Fact::Absent,
            is_destroyed: false,
        }],
        vault_fillers: vec![PlannedVaultFiller {
            region: Region::parse("eu-west-1").expect("a Region"),
            vault_name: "orders".to_owned(),
            plan_name: "daily".to_owned(),
        }],
        ..backup("a")
    };
    ledger.note(&PlanId::new(), made.clone());
    assert_eq!(ledger.note(&PlanId::new(), Neighbours::default()), made);
}

#[test]
fn tables_are_named_by_region_and_plain_name() {
    let here = AwsRegion::new("eu-west-1");
    let named =
        |text: &str| named_table(text, &here).map(|(region, name)| format!("{} {name}", region.as_str()));
    assert_eq!(named("orders").as_deref(), Some("eu-west-1 orders"));
    assert_eq!(
        named("arn:aws:dynamodb:us-east-1:111122223333:table/orders").as_deref(),
        Some("us-east-1 orders")
    );
    assert_eq!(named("arn:aws:dynamodb:us-east-1"), None);
    assert_eq!(named_table("orders", &AwsRegion::new("nowhere")), None);
}

/// A walk: a provider that was configured a moment ago, and AWS.
struct Walk {
    aws: Aws,
    client: Client,
}

impl Walk {
    async fn begin() -> Self {
        let aws = Aws::start().await;
        aws.create_table("orders").await;
        let client = testing::client(&aws).await;
        Self { aws, client }
    }

    /// Observes for a plan as the server does before it plans.
    async fn plan<R: Resource<Client = Client>>(&self, cx: &Cx, change: Change<Json>) -> R::Observed {
        let model = |given: Json| R::Model::from_value(&value(&R::schema().ty(), &given)).expect("it fits");
        let change = match change {
            Change::Create { config, proposed } => Change::Create {
                config: model(config),
                proposed: model(proposed),
            },
            Change::Update {
                prior,
                config,
                proposed,
            } => Change::Update {
                prior: model(prior),
                config: model(config),
                proposed: model(proposed),
            },
            Change::Destroy { prior } => Change::Destroy { prior: model(prior) },
        };
        R::observe(&self.client, &change, cx)
            .await
            .expect("it is observed")
    }

    /// What a plan that makes nothing is told.
    fn check(&self, expected: Expect) {
        let others = self.client.ledger.note(&PlanId::new(), Neighbours::default());
        let mut lines = Vec::new();
        lines.extend(others.backups.iter().map(|it| {
            let PlannedBackup {
                region,
                table_name,
                name,
            } = it;
            format!("backup {name:?} of {table_name} in {region}")
        }));
        lines.extend(others.restores.iter().map(|it| {
            format!(
                "restore of {:?} bytes into {} in {}",
                it.size_bytes, it.name, it.region
            )
        }));
        lines.extend(others.recoveries.iter().map(|it| {
            let switched_on = if it.is_switched_on { ", switched on" } else { "" };
            format!(
                "recovery of {} in {}: {:?} days{switched_on}",
                it.table_name, it.region, it.recovery_period_in_days
            )
        }));
        assert_eq!(others.final_backups, []);
        expected.assert_eq(&lines.join("\n"));
    }
}

/// A create of this configuration. The proposal has the default that matters here.
fn create(config: Json) -> Change<Json> {
    Change::Create {
        proposed: with_default(&config),
        config,
    }
}

fn update(prior: Json, config: Json) -> Change<Json> {
    Change::Update {
        proposed: with_default(&config),
        prior,
        config,
    }
}

fn with_default(config: &Json) -> Json {
    let mut proposed = config.clone();
    if config["source"].is_null() && config["name"].is_null() && config["enabled"].is_null() {
        proposed["enabled"] = json!(true);
    }
    proposed
}

#[tokio::test]
async fn backups_that_are_made_under_a_name() {
    let walk = Walk::begin().await;
    for config in [
        json!({"table_name": "orders", "name": "before"}),
        json!({"table_name": "arn:aws:dynamodb:us-east-1:111122223333:table/others", "name": "before"}),
        json!({"table_name": "orders", "name": "(unknown)"}),
        json!({"table_name": "(unknown)", "name": "before"}),
        json!({"table_name": "orders", "name": "before", "region": "(unknown)"}),
        json!({"table_name": "orders", "name": "before", "region": "us-east-1"}),
    ] {
        walk.plan::<backup::Backup>(&Cx::default(), create(config)).await;
    }
    let prior = json!({"table_name": "orders", "name": "kept", "region": "eu-west-1", "unfinished": false});
    walk.plan::<backup::Backup>(&Cx::default(), Change::Destroy { prior: prior.clone() })
        .await;
    walk.plan::<backup::Backup>(&Cx::default(), update(prior.clone(), prior))
        .await;
    walk.check(expect![[r#"
        backup "before" of orders in eu-west-1
        backup "before" of others in us-east-1
        backup "before" of orders in us-east-1"#]]);
}

#[tokio::test]
async fn a_replacement_is_one_object() {
    let walk = Walk::begin().await;
    let config = json!({"table_name": "orders", "name": "after"});
    let prior = json!({"table_name": "orders", "name": "before", "region": "eu-west-1", "unfinished": false});
    let cx = Cx::default();
    walk.plan::<backup::Backup>(&cx, update(prior, config.clone()))
        .await;
    walk.plan::<backup::Backup>(&cx, create(config.clone())).await;
    // Another one that is just like it.
    walk.plan::<backup::Backup>(&Cx::default(), create(config)).await;
    walk.check(expect![[r#"
        backup "after" of orders in eu-west-1
        backup "after" of orders in eu-west-1"#]]);
}

#[tokio::test]
async fn recovery_as_it_will_be() {
    type Recovery = point_in_time_recovery::PointInTimeRecovery;
    let walk = Walk::begin().await;
    for config in [
        json!({"table_name": "orders"}),
        json!({"table_name": "orders", "recovery_period_in_days": 7}),
        json!({"table_name": "orders", "enabled": false}),
        json!({"table_name": "orders", "enabled": "(unknown)"}),
        json!({"table_name": "orders", "recovery_period_in_days": "(unknown)"}),
        // A table that is not there yet, and nothing is known of.
        json!({"table_name": "others"}),
        json!({"table_name": "(unknown)"}),
        json!({"table_name": "orders", "region": "(unknown)"}),
    ] {
        walk.plan::<Recovery>(&Cx::default(), create(config)).await;
    }
    walk.check(expect![[r#"
        recovery of orders in eu-west-1: Known(35) days, switched on
        recovery of orders in eu-west-1: Known(7) days, switched on
        recovery of orders in eu-west-1: Absent days
        recovery of orders in eu-west-1: Unknown days
        recovery of orders in eu-west-1: Unknown days, switched on
        recovery of others in eu-west-1: Known(35) days"#]]);
}

#[tokio::test]
async fn recovery_that_is_changed_or_given_up() {
    type Recovery = point_in_time_recovery::PointInTimeRecovery;
    let walk = Walk::begin().await;
    let specification = json!({"PointInTimeRecoveryEnabled": true});
    let input = json!({"TableName": "orders", "PointInTimeRecoverySpecification": specification});
    walk.aws.dynamodb("UpdateContinuousBackups", input).await;
    let state = |enabled: bool, on_destroy: &str| {
        json!({
            "table_name": "orders", "enabled": enabled, "region": "eu-west-1", "account_id": "111122223333",
            "on_destroy": on_destroy, "allow_window_loss": false,
        })
    };
    let config = json!({"table_name": "orders", "recovery_period_in_days": 7});
    for change in [
        update(state(true, "retain"), config.clone()),
        // The state is older than what AWS says.
        update(state(false, "retain"), config),
        Change::Destroy {
            prior: state(true, "retain"),
        },
        Change::Destroy {
            prior: state(true, "disable"),
        },
    ] {
        walk.plan::<Recovery>(&Cx::default(), change).await;
    }
    // Without a look at AWS, the state says whether recovery is off.
    let others = json!({"table_name": "others", "recovery_period_in_days": 7});
    let mut prior = state(false, "retain");
    prior["table_name"] = json!("others");
    walk.plan::<Recovery>(&Cx::default(), update(prior, others)).await;
    walk.check(expect![[r#"
        recovery of orders in eu-west-1: Known(7) days
        recovery of orders in eu-west-1: Known(7) days
        recovery of orders in eu-west-1: Absent days
        recovery of others in eu-west-1: Known(7) days, switched on"#]]);
}

#[tokio::test]
async fn restores_with_their_size_and_their_recovery() {
    let walk = Walk::begin().await;
    let made = walk
        .aws
        .dynamodb(
            "CreateBackup",
            json!({"TableName": "orders", "BackupName": "nightly"}),
        )
        .await;
    let backup = json!({"backup_arn": made["BackupDetails"]["BackupArn"]});
    let point = |table: &str| json!({"point_in_time": {"table_name": table, "latest": true}});
    let on = json!({"enabled": "(unknown)", "recovery_period_in_days": 3});
    for config in [
        json!({"name": "copy", "source": backup}),
        json!({"name": "copy", "source": point("orders"), "point_in_time_recovery": {}}),
        json!({"name": "other", "source": point("others"), "point_in_time_recovery": {"recovery_period_in_days": 7}}),
        json!({"name": "off", "source": point("others"), "point_in_time_recovery": {"enabled": false}}),
        json!({"name": "later", "source": point("others"), "point_in_time_recovery": on}),
        json!({"name": "(unknown)", "source": point("orders")}),
        json!({"name": "far", "source": point("orders"), "region": "(unknown)"}),
        json!({"name": "far", "source": "(unknown)", "region": "us-east-1"}),
    ] {
        walk.plan::<restored_table::RestoredTable>(&Cx::default(), create(config))
            .await;
    }
    walk.check(expect![[r#"
        restore of Known(0) bytes into copy in eu-west-1
        restore of Known(0) bytes into copy in eu-west-1
        restore of Unknown bytes into other in eu-west-1
        restore of Unknown bytes into off in eu-west-1
        restore of Unknown bytes into later in eu-west-1
        restore of Unknown bytes into far in us-east-1
        recovery of copy in eu-west-1: Known(35) days, switched on
        recovery of other in eu-west-1: Known(7) days, switched on
        recovery of off in eu-west-1: Absent days
        recovery of later in eu-west-1: Unknown days"#]]);
}

#[tokio::test]
async fn a_restored_table_that_stays_is_no_restore() {
    type Table = restored_table::RestoredTable;
    let walk = Walk::begin().await;
    let state = |more: Json| {
        let mut state = json!({
            "name": "copy", "region": "eu-west-1", "arn": "arn:aws:dynamodb:eu-west-1:111122223333:table/copy",
            "billing_mode": "PAY_PER_REQUEST", "status": "ACTIVE", "unfinished": false,
        });
        for (name, given) in more.as_object().expect("an object") {
            state[name] = given.clone();
        }
        state
    };
    let off = json!({"point_in_time_recovery": {"enabled": false}});
    let on = json!({"point_in_time_recovery": {"enabled": true, "recovery_period_in_days": 35}});
    let wanted = |recovery: Json| json!({"name": "copy", "point_in_time_recovery": recovery, "deletion_protection_enabled": true});
    for change in [
        update(state(off), wanted(json!({}))),
        update(state(on.clone()), wanted(json!({"recovery_period_in_days": 7}))),
        update(state(on.clone()), wanted(json!({}))),
        update(state(json!({})), wanted(json!({}))),
        // Another name is another table: the first half of a replacement.
        update(state(on.clone()), json!({"name": "second"})),
        Change::Destroy { prior: state(on) },
    ] {
        walk.plan::<Table>(&Cx::default(), change).await;
    }
    walk.check(expect![[r#"
        recovery of copy in eu-west-1: Known(35) days, switched on
        recovery of copy in eu-west-1: Known(7) days
        recovery of copy in eu-west-1: Known(35) days"#]]);
}

#[tokio::test]
async fn another_walk_knows_nothing_of_this_one() {
    let walk = Walk::begin().await;
    let config = json!({"table_name": "orders", "name": "before"});
    walk.plan::<backup::Backup>(&Cx::default(), create(config)).await;
    let again = testing::client(&walk.aws).await;
    let others = again.ledger.note(&PlanId::new(), Neighbours::default());
    assert_eq!(others, Neighbours::default());
}
