//! What counts as the same source, and as a proof that a table is ours.

use aws_clients::Region;
use serde_json::{Value as Json, json};
use tfsdk::ImportTarget;

use super::super::attempt::{is_from, proves, record};
use super::super::source::Origin;
use super::{BACKUP_ARN, config, model};

const POINT_ARN: &str =
    "arn:aws:backup:eu-west-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45";

fn origin(source: Json) -> Option<Origin> {
    let model = model(&config(json!({"source": source})));
    Origin::of(model.source.known()?, Some(&Region::new("eu-west-1")))
}

fn at(table: Json, time: Json) -> Json {
    let mut point = table;
    point
        .as_object_mut()
        .expect("an object")
        .extend(time.as_object().cloned().expect("an object"));
    json!({"point_in_time": point})
}

#[test]
fn a_source_is_read_when_it_is_whole() {
    let by_name = || json!({"table_name": "orders"});
    let by_arn = || json!({"table_arn": "arn:aws:dynamodb:us-east-1:111122223333:table/orders"});
    let latest = || json!({"latest": true});
    for (source, words) in [
        (
            json!({"backup_arn": BACKUP_ARN}),
            Some(format!("backup {BACKUP_ARN}")),
        ),
        (
            at(by_name(), latest()),
            Some("table orders in eu-west-1, latest".to_owned()),
        ),
        (
            at(by_arn(), latest()),
            Some("table orders in us-east-1, latest".to_owned()),
        ),
        (
            at(by_name(), json!({"time": "2026-11-20T10:00:00.5+01:00"})),
            Some("table orders in eu-west-1 as of 1795165200".to_owned()),
        ),
        (
            at(
                by_name(),
                json!({"time": "2026-11-20T09:00:00Z", "latest": false}),
            ),
            Some("table orders in eu-west-1 as of 1795165200".to_owned()),
        ),
        (at(by_name(), json!({"time": "yesterday"})), None),
        (at(by_name(), json!({"latest": false})), None),
        (
            at(by_name(), json!({"latest": true, "time": "2026-11-20T09:00:00Z"})),
            None,
        ),
        (at(json!({}), latest()), None),
        (json!({"backup_arn": "(unknown)"}), None),
        (
            json!({"backup_arn": "arn:aws:backup:eu-west-1:111122223333:recovery-point:x"}),
            None,
        ),
        (json!({}), None),
        (
            json!({"recovery_point_arn": POINT_ARN, "role_arn": "arn:aws:iam::111122223333:role/backup"}),
            Some(format!("recovery point {POINT_ARN}")),
        ),
        (
            json!({"recovery_point_arn": BACKUP_ARN, "role_arn": "arn:aws:iam::111122223333:role/backup"}),
            Some(format!("recovery point {BACKUP_ARN}")),
        ),
        (json!({"recovery_point_arn": POINT_ARN}), None),
        (
            json!({"recovery_point_arn": POINT_ARN, "role_arn": "(unknown)"}),
            None,
        ),
        (
            json!({"recovery_point_arn": POINT_ARN, "role_arn": "role", "backup_arn": BACKUP_ARN}),
            None,
        ),
    ] {
        assert_eq!(origin(source.clone()).map(|it| it.words()), words, "{source}");
    }
}

#[test]
fn a_record_proves_the_table_that_was_made_when_aws_was_asked() {
    let wanted = origin(json!({"backup_arn": BACKUP_ARN}));
    let started = "2026-11-20T09:00:00Z".parse().expect("a time");
    let mut record = record(
        &Region::new("eu-west-1"),
        "orders-restored",
        wanted.as_ref().map(Origin::words),
        None,
        started,
    );
    let table = |created: &str| {
        super::walks::table(|table| {
            table.created_at = Some(created.parse().expect("a time"));
        })
    };
    // The answer was lost.
    assert!(proves(&record, &table("2026-11-20T09:00:03Z")));
    assert!(proves(&record, &table("2026-11-20T08:59:55Z")), "clocks differ");
    assert!(
        !proves(&record, &table("2026-11-20T08:30:00Z")),
        "it was there before"
    );
    assert!(
        !proves(&record, &table("2026-11-20T09:02:00Z")),
        "somebody has made it since"
    );
    // The answer was recorded: the wait before it may have been long.
    record.arn = Some(super::TABLE_ARN.to_owned());
    assert!(proves(&record, &table("2026-11-20T09:05:00Z")));
    record.table_id = Some("11111111-2222-3333-4444-555555555555".to_owned());
    assert!(proves(&record, &table("2026-11-20T09:00:03Z")));
    record.table_id = Some("another".to_owned());
    assert!(
        !proves(&record, &table("2026-11-20T09:00:03Z")),
        "ours was deleted, and another was made"
    );
    record.table_id = None;
    record.arn = Some("arn:aws:dynamodb:eu-west-1:999999999999:table/orders-restored".to_owned());
    assert!(
        !proves(&record, &table("2026-11-20T09:00:03Z")),
        "it is in another account"
    );

    assert!(is_from(&record, wanted.as_ref()));
    assert!(!is_from(
        &record,
        origin(at(json!({"table_name": "orders"}), json!({"latest": true}))).as_ref()
    ));
}

#[test]
fn an_import_names_a_table() {
    for (id, expected) in [
        ("orders-restored", Some(("orders-restored", None))),
        (
            "orders-restored@eu-west-2",
            Some(("orders-restored", Some("eu-west-2"))),
        ),
        (
            "arn:aws:dynamodb:eu-west-2:111122223333:table/orders-restored",
            Some(("orders-restored", Some("eu-west-2"))),
        ),
        (BACKUP_ARN, None),
        ("orders/restored", None),
    ] {
        let imported = super::super::import(ImportTarget::Id(id.to_owned()));
        let read = imported
            .ok()
            .map(|it| (it.name.into_known(), it.region.into_known()));
        let expected = expected.map(|(name, region)| (Some(name.to_owned()), region.map(str::to_owned)));
        assert_eq!(read, expected, "{id}");
    }
}
