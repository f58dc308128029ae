//! On-demand backups: made once, found again, deleted in the right Region.

use std::time::Duration;

use aws_clients::{
    AttemptTimeout, BackupAttempt, BackupFilter, BackupStatus, BackupType, BillingMode, Config, ErrorKind,
    StreamViewType, Throughput, retry_until,
};
use serde_json::json;

use crate::stub::{
    BACKUP_ARN, Reply, Stub, World, at, backup_arn, config, description, details, listed, ok, refuse, said,
    throttle,
};

fn created() -> Reply {
    ok(json!({ "BackupDetails": details(BACKUP_ARN, "CREATING") }))
}

#[tokio::test]
async fn a_backup_is_made_with_one_call() {
    let stub = Stub::script([created()]).await;
    let world = World::new(&stub).await;
    let backup = world
        .db()
        .create_backup(&world.cx, &"Orders".parse().unwrap(), "nightly")
        .await
        .unwrap();
    assert_eq!(
        (backup.arn.as_str(), backup.status),
        (BACKUP_ARN, BackupStatus::Creating)
    );
    assert_eq!(
        stub.requests()[0].body,
        json!({ "TableName": "Orders", "BackupName": "nightly" })
    );
}

#[tokio::test]
async fn a_lost_answer_is_ambiguous_and_never_repeated() {
    let lost = [
        Reply::Cut,
        Reply::Truncated,
        Reply::Silence,
        Reply::Json(200, json!({})),
        Reply::Json(500, json!({ "__type": "InternalServerError", "message": "oops" })),
        Reply::Json(503, json!({ "__type": "ServiceUnavailable", "message": "busy" })),
    ];
    for reply in lost {
        let what = format!("{reply:?}");
        let silent = matches!(reply, Reply::Silence);
        let stub = Stub::script([reply]).await;
        let attempt_timeout = if silent {
            AttemptTimeout(Duration::from_secs(1))
        } else {
            AttemptTimeout::default()
        };
        let world = World::with(Config {
            attempt_timeout,
            ..config(&stub.url)
        })
        .await;
        let result = world
            .db()
            .create_backup(&world.cx, &"Orders".parse().unwrap(), "nightly")
            .await;
        let error = result.unwrap_err();
        assert_eq!(
            (error.kind(), error.is_not_now()),
            (ErrorKind::Ambiguous, false),
            "{what}: {}",
            said(&error)
        );
        assert_eq!(stub.requests().len(), 1, "{what}");
    }
}

#[tokio::test]
async fn what_certainly_did_not_happen_is_repeated() {
    let stub = Stub::script([throttle(), throttle(), created()]).await;
    let world = World::new(&stub).await;
    world
        .db()
        .create_backup(&world.cx, &"Orders".parse().unwrap(), "nightly")
        .await
        .unwrap();
    assert_eq!(stub.requests().len(), 3);
    // Nobody listens: nothing can have been sent.
    let world = World::with(config("http://127.0.0.1:1")).await;
    let error = world
        .db()
        .create_backup(&world.cx, &"Orders".parse().unwrap(), "n")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
}

#[tokio::test]
async fn not_now_is_left_to_retry_until() {
    let busy = refuse("BackupInUseException", "another backup is being made");
    let stub = Stub::script([busy.clone(), busy, created()]).await;
    let world = World::new(&stub).await;
    let (db, orders, cx) = (world.db(), "Orders".parse().unwrap(), world.seconds(600));
    let backup = retry_until(&cx, &world.clock, "creating the backup", || {
        db.create_backup(&cx, &orders, "n")
    });
    assert_eq!(backup.await.unwrap().arn.as_str(), BACKUP_ARN);
    assert_eq!(stub.requests().len(), 3);
}

fn attempt() -> BackupAttempt {
    BackupAttempt {
        table: "Orders".parse().unwrap(),
        table_id: Some("Orders-id".into()),
        name: "nightly".into(),
        since: at("2026-03-01T12:00:00Z"),
        until: Some(at("2026-03-01T12:10:00Z")),
    }
}

#[tokio::test]
async fn a_lost_backup_is_found_by_name_table_and_time() {
    let mut other_name = listed("Orders", 30);
    other_name["BackupName"] = "weekly".into();
    let mut other_table = listed("Orders", 20);
    other_table["TableId"] = "an older table of that name".into();
    let mut too_old = listed("Orders", 0);
    too_old["BackupCreationDateTime"] = 1_772_360_000.into();
    let too_new = listed("Orders", 900);
    let page = json!({ "BackupSummaries": [
        too_old, listed("Orders", 1), listed("Orders", 2), other_table, other_name, too_new,
    ]});
    let stub = Stub::script([ok(page)]).await;
    let world = World::new(&stub).await;
    let found = world
        .db()
        .find_backup_made_by_attempt(&world.cx, &attempt())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.arn.as_str(), backup_arn("Orders", 2));
    let asked = &stub.requests()[0].body;
    assert_eq!(asked["BackupType"], "USER");
    assert_eq!(asked["TableName"], "Orders");
    // Two minutes before the call, should the clocks differ.
    assert_eq!(asked["TimeRangeLowerBound"].as_f64(), Some(1_772_366_280.0));
    assert_eq!(asked["TimeRangeUpperBound"].as_f64(), Some(1_772_367_000.0));
}

#[tokio::test]
async fn a_lost_backup_may_take_seconds_to_show() {
    let none = ok(json!({ "BackupSummaries": [] }));
    let stub = Stub::script([
        none.clone(),
        none.clone(),
        ok(json!({ "BackupSummaries": [listed("Orders", 1)] })),
    ])
    .await;
    let world = World::new(&stub).await;
    assert!(
        world
            .db()
            .find_backup_made_by_attempt(&world.cx, &attempt())
            .await
            .unwrap()
            .is_some()
    );
    let stub = Stub::script([none]).await;
    let world = World::new(&stub).await;
    assert_eq!(
        world
            .db()
            .find_backup_made_by_attempt(&world.cx, &attempt())
            .await
            .unwrap(),
        None
    );
    assert!((15.0..30.0).contains(&world.spent()), "{}", world.spent());
}

#[tokio::test]
async fn a_backup_is_read_with_its_table() {
    let stub = Stub::script([
        ok(description("AVAILABLE")),
        refuse("BackupNotFoundException", "gone"),
    ])
    .await;
    let world = World::new(&stub).await;
    let arn = BACKUP_ARN.parse().unwrap();
    let backup = world.db().find_backup(&world.cx, &arn).await.unwrap().unwrap();
    assert_eq!(backup.summary.created_at, Some(at("2026-03-01T12:00:00.5Z")));
    assert_eq!(
        (backup.summary.backup_type, backup.summary.table_id.as_deref()),
        (BackupType::User, Some("table-1"))
    );
    let table = backup.table;
    assert_eq!(
        (table.billing_mode, table.throughput),
        (BillingMode::Provisioned, Throughput { read: 5, write: 6 })
    );
    assert_eq!(
        table.global_indexes[0].throughput,
        Throughput { read: 1, write: 2 }
    );
    assert_eq!(
        (table.stream, table.time_to_live.unwrap().attribute.as_str()),
        (Some(StreamViewType::NewImage), "Expires")
    );
    assert!(table.encryption.uses_kms());
    assert_eq!(world.db().find_backup(&world.cx, &arn).await.unwrap(), None);
}

#[tokio::test]
async fn an_arn_of_another_region_is_neither_read_nor_deleted() {
    let stub = Stub::script([ok(json!({}))]).await;
    let world = World::new(&stub).await;
    let other = BACKUP_ARN.replace("eu-west-1", "eu-west-2").parse().unwrap();
    for error in [
        world.db().delete_backup(&world.cx, &other).await.unwrap_err(),
        world.db().find_backup(&world.cx, &other).await.unwrap_err(),
        world
            .db()
            .find_backup_listed(&world.cx, &other)
            .await
            .unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::OtherRegion);
        assert!(
            said(&error).contains("is of Region eu-west-2, and the call would go to eu-west-1"),
            "{}",
            said(&error)
        );
    }
    assert_eq!(stub.requests().len(), 0);
}

#[tokio::test]
async fn deleting_a_backup_that_is_gone_is_done_and_a_lost_answer_is_repeated() {
    let stub = Stub::script([Reply::Cut, refuse("BackupNotFoundException", "Backup not found")]).await;
    let world = World::new(&stub).await;
    world
        .db()
        .delete_backup(&world.cx, &BACKUP_ARN.parse().unwrap())
        .await
        .unwrap();
    assert_eq!(stub.operations(), ["DeleteBackup", "DeleteBackup"]);
}

#[tokio::test]
async fn a_list_is_read_to_its_last_page() {
    let stub = Stub::start(|request| {
        let from = match request.body["ExclusiveStartBackupArn"].as_str() {
            None => 0,
            Some(arn) => (0..250).find(|n| backup_arn("Orders", *n) == arn).unwrap() + 1,
        };
        let to = (from + 100).min(250);
        let mut page =
            json!({ "BackupSummaries": (from..to).map(|n| listed("Orders", n)).collect::<Vec<_>>() });
        if to < 250 {
            page["LastEvaluatedBackupArn"] = backup_arn("Orders", to - 1).into();
        }
        ok(page)
    })
    .await;
    let world = World::new(&stub).await;
    let backups = world
        .db()
        .list_backups(&world.cx, &BackupFilter::default())
        .await
        .unwrap();
    assert_eq!((backups.len(), stub.requests().len()), (250, 3));
    let asked = &stub.requests()[0].body;
    assert_eq!(
        (&asked["BackupType"], &asked["Limit"]),
        (&json!("ALL"), &json!(100))
    );
}

#[tokio::test]
async fn a_filter_holds_even_where_the_server_ignores_it() {
    let mut system = listed("Orders", 1);
    system["BackupType"] = "SYSTEM".into();
    let page =
        json!({ "BackupSummaries": [system, listed("Orders", 2), listed("Users", 3), listed("Orders", 9)] });
    let stub = Stub::script([ok(page)]).await;
    let world = World::new(&stub).await;
    let filter = BackupFilter {
        table: Some("Orders".parse().unwrap()),
        backup_type: Some(BackupType::User),
        created_from: Some(at("2026-03-01T12:00:02Z")),
        created_before: Some(at("2026-03-01T12:00:09Z")),
    };
    let backups = world.db().list_backups(&world.cx, &filter).await.unwrap();
    let arns: Vec<_> = backups.iter().map(|backup| backup.arn.as_str()).collect();
    assert_eq!(arns, [backup_arn("Orders", 2)]);
}

#[tokio::test]
async fn a_cursor_that_does_not_move_ends_the_list() {
    let stuck = json!({ "BackupSummaries": [listed("Orders", 1)], "LastEvaluatedBackupArn": backup_arn("Orders", 1) });
    let stub = Stub::script([ok(stuck)]).await;
    let world = World::new(&stub).await;
    world
        .db()
        .list_backups(&world.cx, &BackupFilter::default())
        .await
        .unwrap();
    assert_eq!(stub.requests().len(), 2);
}
