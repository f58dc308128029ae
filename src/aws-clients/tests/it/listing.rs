//! Many backups with few calls.

use std::time::Duration;

use aws_clients::BackupArn;
use serde_json::{Value, json};

use crate::stub::{Reply, Request, Stub, World, backup_arn, description, listed, ok, refuse};

/// An account with `tables` tables of `each` backups, listed in pages of a hundred.
fn account(tables: usize, each: usize) -> impl FnMut(&Request) -> Reply + Send + 'static {
    let all: Vec<_> = (0..tables)
        .flat_map(|table| (0..each).map(move |n| (format!("Table{table}"), n)))
        .collect();
    move |request| {
        if request.operation != "ListBackups" {
            return refuse("BackupNotFoundException", "Backup not found");
        }
        let wanted = request.body["TableName"].as_str();
        let mine: Vec<_> = all
            .iter()
            .filter(|(table, _)| wanted.is_none_or(|wanted| wanted == table))
            .collect();
        let from = match request.body["ExclusiveStartBackupArn"].as_str() {
            None => 0,
            Some(arn) => {
                mine.iter()
                    .position(|(table, n)| backup_arn(table, *n) == arn)
                    .unwrap()
                    + 1
            }
        };
        let page: Vec<Value> = mine
            .iter()
            .skip(from)
            .take(100)
            .map(|(table, n)| listed(table, *n))
            .collect();
        let mut answer = json!({ "BackupSummaries": page });
        if from + 100 < mine.len() {
            let (table, n) = mine[from + 99];
            answer["LastEvaluatedBackupArn"] = backup_arn(table, *n).into();
        }
        ok(answer)
    }
}

fn arn(table: usize, n: usize) -> BackupArn {
    backup_arn(&format!("Table{table}"), n).parse().unwrap()
}

#[tokio::test]
async fn backups_of_one_table_cost_one_call_per_hundred() {
    let stub = Stub::start(account(1, 250)).await;
    let world = World::new(&stub).await;
    let mut reads = tokio::task::JoinSet::new();
    for n in 0..250 {
        let (db, cx) = (world.db(), world.cx.clone());
        reads.spawn(async move {
            db.find_backup_listed(&cx, &arn(0, n))
                .await
                .unwrap()
                .unwrap()
                .size_bytes
        });
    }
    let mut sizes = reads.join_all().await;
    sizes.sort_unstable();
    assert_eq!(sizes, (0..250).map(Some).collect::<Vec<_>>());
    assert_eq!(stub.operations(), ["ListBackups"; 3]);
}

#[tokio::test]
async fn a_thousand_backups_of_a_thousand_tables_take_seconds() {
    let stub = Stub::start(account(1000, 1)).await;
    let world = World::new(&stub).await;
    for table in 0..1000 {
        assert!(
            world
                .db()
                .find_backup_listed(&world.cx, &arn(table, 0))
                .await
                .unwrap()
                .is_some()
        );
    }
    // Three tables one by one, then all tables: ten pages.
    assert_eq!(stub.operations(), ["ListBackups"; 13]);
    assert!(world.spent() <= 5.0, "{}", world.spent());
}

#[tokio::test]
async fn a_huge_account_is_not_listed_whole_for_a_few_tables() {
    let stub = Stub::start(account(100, 100)).await;
    let world = World::new(&stub).await;
    for table in (0..100).rev().take(12) {
        assert!(
            world
                .db()
                .find_backup_listed(&world.cx, &arn(table, 99))
                .await
                .unwrap()
                .is_some()
        );
    }
    // Twelve lists of one table, and one try to list all that ended after sixteen pages.
    assert_eq!(stub.requests().len(), 12 + 16);
}

#[tokio::test]
async fn what_no_list_shows_is_asked_for_by_its_arn() {
    let mut answer = account(1, 1);
    let stub = Stub::start(move |request| match request.body["BackupArn"].as_str() {
        Some(wanted) if wanted == backup_arn("Table0", 7) => ok(description("AVAILABLE")),
        _ => answer(request),
    })
    .await;
    let world = World::new(&stub).await;
    assert!(
        world
            .db()
            .find_backup_listed(&world.cx, &arn(0, 7))
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(
        world
            .db()
            .find_backup_listed(&world.cx, &arn(0, 8))
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        stub.operations(),
        ["ListBackups", "DescribeBackup", "DescribeBackup"]
    );
}

#[tokio::test]
async fn a_list_is_forgotten_after_our_own_change_and_after_a_while() {
    let stub = Stub::start(account(1, 2)).await;
    let world = World::new(&stub).await;
    let db = world.db();
    let read = async || db.find_backup_listed(&world.cx, &arn(0, 1)).await.unwrap();
    read().await;
    read().await;
    assert_eq!(stub.requests().len(), 1);
    world.clock.advance(Duration::from_secs(21));
    read().await;
    assert_eq!(stub.requests().len(), 2);
    // CreateBackup is refused here, and counts as a change all the same.
    let table = "Table0".parse().unwrap();
    db.create_backup(&world.cx, &table, "another").await.unwrap_err();
    read().await;
    assert_eq!(
        stub.operations(),
        ["ListBackups", "ListBackups", "CreateBackup", "ListBackups"]
    );
}

#[tokio::test]
async fn a_deleted_backup_is_asked_for_by_its_arn_and_the_list_serves_the_others() {
    let stub = Stub::start(account(1, 2)).await;
    let world = World::new(&stub).await;
    let db = world.db();
    let read = async |n| db.find_backup_listed(&world.cx, &arn(0, n)).await.unwrap();
    assert!(read(0).await.is_some());
    db.delete_backup(&world.cx, &arn(0, 0)).await.unwrap();
    assert!(read(0).await.is_none() && read(1).await.is_some());
    assert_eq!(
        stub.operations(),
        ["ListBackups", "DeleteBackup", "DescribeBackup"]
    );
}

#[tokio::test]
async fn who_may_not_list_reads_one_by_one() {
    let stub = Stub::start(|request| match request.operation.as_str() {
        "ListBackups" => refuse(
            "AccessDeniedException",
            "not authorized to perform: dynamodb:ListBackups",
        ),
        _ => ok(description("AVAILABLE")),
    })
    .await;
    let world = World::new(&stub).await;
    for n in 0..3 {
        assert!(
            world
                .db()
                .find_backup_listed(&world.cx, &arn(0, n))
                .await
                .unwrap()
                .is_some()
        );
    }
    assert_eq!(
        stub.operations(),
        [
            "ListBackups",
            "DescribeBackup",
            "DescribeBackup",
            "DescribeBackup"
        ]
    );
}
