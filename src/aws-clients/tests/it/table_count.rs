//! How many tables there are, with few calls.

use aws_clients::ErrorKind;
use serde_json::json;

use crate::stub::{Reply, Request, Stub, World, ok, refuse};

/// A Region with so many tables, listed in pages of a hundred.
fn region(tables: usize) -> impl FnMut(&Request) -> Reply + Send + 'static {
    let names: Vec<String> = (0..tables).map(|number| format!("table-{number:05}")).collect();
    move |request| {
        let from = match request.body["ExclusiveStartTableName"].as_str() {
            None => 0,
            Some(last) => names.iter().position(|name| name == last).unwrap() + 1,
        };
        let page: Vec<&String> = names.iter().skip(from).take(100).collect();
        let mut answer = json!({"TableNames": page});
        if from + 100 < names.len() {
            answer["LastEvaluatedTableName"] = names[from + 99].clone().into();
        }
        ok(answer)
    }
}

#[tokio::test]
async fn all_pages_are_counted_once_for_all_callers() {
    let stub = Stub::start(region(250)).await;
    let world = World::new(&stub).await;
    let mut counts = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let (db, cx) = (world.db(), world.cx.clone());
        counts.spawn(async move { db.count_tables(&cx).await.unwrap() });
    }
    assert_eq!(counts.join_all().await, [250; 10]);
    assert_eq!(stub.operations(), ["ListTables"; 3]);
}

#[tokio::test]
async fn no_quota_is_larger_than_what_is_counted() {
    let stub = Stub::start(region(10_300)).await;
    let world = World::new(&stub).await;
    assert_eq!(world.db().count_tables(&world.cx).await.unwrap(), 10_000);
    assert_eq!(stub.operations().len(), 100);
}

#[tokio::test]
async fn a_denial_is_not_asked_for_by_every_object() {
    let stub = Stub::start(|_| refuse("AccessDeniedException", "not authorized")).await;
    let world = World::new(&stub).await;
    for _ in 0..3 {
        let error = world.db().count_tables(&world.cx).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Denied);
        assert_eq!(error.denied_action(), Some("dynamodb:ListTables"));
    }
    assert_eq!(stub.operations(), ["ListTables"]);
}
