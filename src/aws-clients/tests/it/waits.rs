//! Waits: they end at the target, at a failure, at the deadline exactly, or when asked to stop.

use std::time::Duration;

use aws_clients::{Cx, ErrorKind, Seen, TableStatus, retry_until};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::stub::{BACKUP_ARN, Reply, Stub, World, description, ok, refuse, said, table, throttle};

fn shown(status: &str) -> Reply {
    ok(json!({ "Table": table(status) }))
}

fn not_found() -> Reply {
    refuse("ResourceNotFoundException", "not found")
}

#[tokio::test]
async fn a_table_becomes_active_and_the_looks_grow_rarer() {
    let mut replies = vec![shown("CREATING"); 12];
    replies.push(shown("ACTIVE"));
    let stub = Stub::script(replies).await;
    let world = World::new(&stub).await;
    let orders = "Orders".parse().unwrap();
    let table = world
        .db()
        .wait_table_active(&world.seconds(3600), &orders, Seen::NotYet)
        .await
        .unwrap();
    assert_eq!((table.status, stub.requests().len()), (TableStatus::Active, 13));
    // 0.5, 0.75, 1.125, ... up to ten seconds.
    assert!((60.0..70.0).contains(&world.spent()), "{}", world.spent());
}

#[tokio::test]
async fn indexes_and_encryption_count_as_well() {
    let mut index = table("ACTIVE");
    index["GlobalSecondaryIndexes"] = json!([{ "IndexName": "ByDate", "IndexStatus": "UPDATING" }]);
    let mut key = table("ACTIVE");
    key["SSEDescription"] = json!({ "Status": "UPDATING" });
    let replies = [index, key].map(|table| ok(json!({ "Table": table })));
    let stub = Stub::script(replies.into_iter().chain([shown("ACTIVE")])).await;
    let world = World::new(&stub).await;
    world
        .db()
        .wait_table_active(&world.cx, &"Orders".parse().unwrap(), Seen::Before)
        .await
        .unwrap();
    assert_eq!(stub.requests().len(), 3);
}

#[tokio::test]
async fn the_wait_ends_at_the_deadline_exactly_and_says_so() {
    let stub = Stub::script([shown("CREATING")]).await;
    let world = World::new(&stub).await;
    let orders = "Orders".parse().unwrap();
    let error = world
        .db()
        .wait_table_active(&world.seconds(90), &orders, Seen::Before)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
    assert_eq!(world.spent(), 90.0);
    assert_eq!(
        said(&error),
        "waiting for table Orders to become ACTIVE was not finished after 1 m 30 s of 1 m 30 s: the last status was \
         CREATING; AWS goes on preparing the table, and the next apply resumes the wait; a longer time can be \
         set in `timeouts`"
    );
}

#[tokio::test]
async fn there_is_a_last_look_just_before_the_deadline() {
    // Looks at 0, 0.5, 1.25, 2.375, 4.06, 6.59, 10.4, 16.1, 24.6 and then every ten seconds: the
    // one after 24.6 would come at 34.6.
    let mut replies = vec![shown("CREATING"); 9];
    replies.push(shown("ACTIVE"));
    let stub = Stub::script(replies).await;
    let world = World::new(&stub).await;
    let orders = "Orders".parse().unwrap();
    world
        .db()
        .wait_table_active(&world.seconds(32), &orders, Seen::Before)
        .await
        .unwrap();
    assert!((30.9..31.1).contains(&world.spent()), "{}", world.spent());
}

#[tokio::test]
async fn cancelling_ends_the_wait_and_says_what_goes_on() {
    let cancel = CancellationToken::new();
    let stopper = cancel.clone();
    let mut looks = 0;
    let stub = Stub::start(move |_| {
        looks += 1;
        if looks == 3 {
            stopper.cancel();
        }
        shown("CREATING")
    })
    .await;
    let world = World::new(&stub).await;
    let orders = "Orders".parse().unwrap();
    let error = world
        .db()
        .wait_table_active(&Cx::new(cancel), &orders, Seen::Before)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    let said = said(&error);
    assert!(
        said.contains("was cancelled") && said.contains("AWS goes on") && said.contains("next apply"),
        "{said}"
    );
}

#[tokio::test]
async fn an_unknown_status_ends_the_wait_and_is_named() {
    for status in ["INACCESSIBLE_ENCRYPTION_CREDENTIALS", "DELETING", "DREAMING"] {
        let stub = Stub::script([shown("CREATING"), shown(status)]).await;
        let world = World::new(&stub).await;
        let orders = "Orders".parse().unwrap();
        let error = world
            .db()
            .wait_table_active(&world.cx, &orders, Seen::Before)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedStatus);
        assert!(said(&error).contains(status), "{}", said(&error));
    }
}

#[tokio::test]
async fn not_found_is_borne_for_thirty_seconds_just_after_a_create() {
    let stub = Stub::script([not_found(), not_found(), shown("CREATING"), shown("ACTIVE")]).await;
    let world = World::new(&stub).await;
    let orders = "Orders".parse().unwrap();
    world
        .db()
        .wait_table_active(&world.cx, &orders, Seen::NotYet)
        .await
        .unwrap();
    let stub = Stub::script([not_found()]).await;
    let world = World::new(&stub).await;
    let error = world
        .db()
        .wait_table_active(&world.cx, &orders, Seen::NotYet)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!((30.0..45.0).contains(&world.spent()), "{}", world.spent());
}

#[tokio::test]
async fn a_table_that_was_seen_and_has_gone_is_a_failed_restore() {
    for (replies, seen) in [
        (vec![shown("CREATING"), not_found()], Seen::NotYet),
        (vec![not_found()], Seen::Before),
    ] {
        let stub = Stub::script(replies).await;
        let world = World::new(&stub).await;
        let error = world
            .db()
            .wait_table_active(&world.cx, &"Orders".parse().unwrap(), seen)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
        assert!(said(&error).contains("its restore failed"), "{}", said(&error));
        assert!(world.spent() < 1.0, "{}", world.spent());
    }
}

#[tokio::test]
async fn an_outage_does_not_end_a_wait() {
    let mut replies = vec![shown("CREATING")];
    replies.extend(vec![refuse("InternalServerError", "oops"); 30]);
    replies.extend(vec![throttle(); 30]);
    replies.push(shown("ACTIVE"));
    let stub = Stub::script(replies).await;
    let world = World::new(&stub).await;
    world
        .db()
        .wait_table_active(&world.seconds(7200), &"Orders".parse().unwrap(), Seen::Before)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_denied_look_ends_the_wait() {
    let stub = Stub::script([shown("CREATING"), refuse("AccessDeniedException", "no")]).await;
    let world = World::new(&stub).await;
    let orders = "Orders".parse().unwrap();
    let error = world
        .db()
        .wait_table_active(&world.cx, &orders, Seen::Before)
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.denied_action()),
        (ErrorKind::Denied, Some("dynamodb:DescribeTable"))
    );
    assert_eq!(error.to_string(), "waiting for table Orders to become ACTIVE");
}

#[tokio::test]
async fn a_table_goes() {
    let stub = Stub::script([shown("ACTIVE"), shown("DELETING"), not_found()]).await;
    let world = World::new(&stub).await;
    world
        .db()
        .wait_table_gone(&world.cx, &"Orders".parse().unwrap())
        .await
        .unwrap();
    assert_eq!(stub.requests().len(), 3);
}

#[tokio::test]
async fn a_backup_becomes_available_or_goes() {
    let arn = BACKUP_ARN.parse().unwrap();
    let stub = Stub::script([ok(description("CREATING")), ok(description("AVAILABLE"))]).await;
    let world = World::new(&stub).await;
    let backup = world.db().wait_backup_available(&world.cx, &arn).await.unwrap();
    assert_eq!(backup.summary.status.as_str(), "AVAILABLE");
    let stub = Stub::script([
        ok(description("CREATING")),
        refuse("BackupNotFoundException", "gone"),
    ])
    .await;
    let world = World::new(&stub).await;
    let error = world
        .db()
        .wait_backup_available(&world.cx, &arn)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn not_now_is_repeated_up_to_the_deadline_and_its_words_are_kept() {
    let busy = refuse(
        "BackupInUseException",
        "Backup is being used to restore another table",
    );
    let stub = Stub::script([busy]).await;
    let world = World::new(&stub).await;
    let (db, cx, arn) = (world.db(), world.seconds(60), BACKUP_ARN.parse().unwrap());
    let error = retry_until(&cx, &world.clock, "deleting the backup", || {
        db.delete_backup(&cx, &arn)
    })
    .await
    .unwrap_err();
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::TimedOut, Some("BackupInUseException"))
    );
    assert!(
        said(&error).contains("Backup is being used to restore another table"),
        "{}",
        said(&error)
    );
    assert_eq!(world.spent(), 60.0);
    assert!(stub.requests().len() < 20);
}

#[tokio::test]
async fn a_final_refusal_is_not_repeated() {
    let stub = Stub::script([refuse(
        "ValidationException",
        "the system backup cannot be deleted",
    )])
    .await;
    let world = World::new(&stub).await;
    let (db, cx, arn) = (world.db(), world.seconds(60), BACKUP_ARN.parse().unwrap());
    let error = retry_until(&cx, &world.clock, "deleting the backup", || {
        db.delete_backup(&cx, &arn)
    })
    .await
    .unwrap_err();
    assert_eq!((error.kind(), stub.requests().len()), (ErrorKind::Invalid, 1));
    world.clock.advance(Duration::from_secs(1));
}
