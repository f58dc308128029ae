//! Point-in-time recovery: what is read, what is sent, when a change is in force.

use aws_clients::{PointInTimeRecoveryChange, retry_until};
use serde_json::{Value, json};

use crate::stub::{Stub, World, at, ok, refuse};

fn on(days: i32) -> Value {
    json!({ "ContinuousBackupsDescription": {
        "ContinuousBackupsStatus": "ENABLED",
        "PointInTimeRecoveryDescription": {
            "PointInTimeRecoveryStatus": "ENABLED",
            "RecoveryPeriodInDays": days,
            "EarliestRestorableDateTime": 1_772_000_000.0,
            "LatestRestorableDateTime": 1_772_366_100.0,
        },
    }})
}

fn off() -> Value {
    json!({ "ContinuousBackupsDescription": {
        "ContinuousBackupsStatus": "ENABLED",
        "PointInTimeRecoveryDescription": { "PointInTimeRecoveryStatus": "DISABLED" },
    }})
}

#[tokio::test]
async fn the_window_is_read_and_off_is_none_although_continuous_backups_are_enabled() {
    let missing = refuse("TableNotFoundException", "Table not found: Orders");
    let stub = Stub::script([ok(on(7)), ok(off()), missing]).await;
    let world = World::new(&stub).await;
    let (db, orders) = (world.db(), "Orders".parse().unwrap());
    let backups = db
        .find_continuous_backups(&world.cx, &orders)
        .await
        .unwrap()
        .unwrap();
    let recovery = backups.point_in_time_recovery.unwrap();
    assert_eq!(recovery.recovery_period_in_days, Some(7));
    assert_eq!(
        recovery.earliest_restorable_time,
        Some(at("2026-02-25T06:13:20Z"))
    );
    assert_eq!(recovery.latest_restorable_time, Some(at("2026-03-01T11:55:00Z")));
    let backups = db
        .find_continuous_backups(&world.cx, &orders)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(backups.point_in_time_recovery, None);
    assert_eq!(
        db.find_continuous_backups(&world.cx, &orders).await.unwrap(),
        None
    );
}

#[tokio::test]
async fn the_period_is_sent_with_on_and_never_with_off() {
    let stub = Stub::script([ok(on(7)), ok(off())]).await;
    let world = World::new(&stub).await;
    let (db, orders) = (world.db(), "Orders".parse().unwrap());
    let enable = PointInTimeRecoveryChange::Enable {
        recovery_period_in_days: 7,
    };
    let backups = db
        .update_continuous_backups(&world.cx, &orders, enable)
        .await
        .unwrap();
    assert!(enable.is_in_force(&backups) && !PointInTimeRecoveryChange::Disable.is_in_force(&backups));
    db.update_continuous_backups(&world.cx, &orders, PointInTimeRecoveryChange::Disable)
        .await
        .unwrap();
    let sent: Vec<_> = stub
        .requests()
        .into_iter()
        .map(|request| request.body["PointInTimeRecoverySpecification"].clone())
        .collect();
    assert_eq!(
        sent,
        [
            json!({ "PointInTimeRecoveryEnabled": true, "RecoveryPeriodInDays": 7 }),
            json!({ "PointInTimeRecoveryEnabled": false }),
        ]
    );
}

#[tokio::test]
async fn a_new_table_is_waited_for_until_its_continuous_backups_are_set_up() {
    let busy = refuse(
        "ContinuousBackupsUnavailableException",
        "Backups are being enabled for the table: Orders",
    );
    let stub = Stub::script([busy.clone(), busy.clone(), busy, ok(on(35))]).await;
    let world = World::new(&stub).await;
    let (db, orders) = (world.db(), "Orders".parse().unwrap());
    let enable = PointInTimeRecoveryChange::Enable {
        recovery_period_in_days: 35,
    };
    let cx = world.seconds(1200);
    let call = || db.update_continuous_backups(&cx, &orders, enable);
    retry_until(&cx, &world.clock, "switching on point-in-time recovery", call)
        .await
        .unwrap();
    assert_eq!(stub.requests().len(), 4);
    assert!((2.0..10.0).contains(&world.spent()), "{}", world.spent());
}

#[tokio::test]
async fn a_change_is_waited_for() {
    let stub = Stub::script([ok(off()), ok(on(35)), ok(on(7))]).await;
    let world = World::new(&stub).await;
    let enable = PointInTimeRecoveryChange::Enable {
        recovery_period_in_days: 7,
    };
    let orders = "Orders".parse().unwrap();
    let backups = world
        .db()
        .wait_continuous_backups(&world.seconds(60), &orders, enable)
        .await
        .unwrap();
    assert_eq!(
        backups.point_in_time_recovery.unwrap().recovery_period_in_days,
        Some(7)
    );
    assert_eq!(stub.requests().len(), 3);
}
