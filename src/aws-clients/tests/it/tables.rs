//! Tables: what is read of them, and what a change sends.

use aws_clients::{
    BillingMode, EncryptionChoice, EncryptionStatus, ErrorKind, IndexStatus, OnDemandThroughput,
    ProjectionType, StreamViewType, TableChange, TableClass, TableStatus, Throughput, WarmThroughput,
};
use serde_json::{Value, json};

use crate::stub::{Reply, Stub, TABLE_ARN, World, at, ok, refuse, table};

#[tokio::test]
async fn a_table_is_read_whole() {
    let described = json!({
        "TableName": "Orders",
        "TableArn": TABLE_ARN,
        "TableId": "table-1",
        "TableStatus": "ACTIVE",
        "CreationDateTime": 1_700_000_000.25,
        "BillingModeSummary": { "BillingMode": "PAY_PER_REQUEST" },
        "ProvisionedThroughput": { "ReadCapacityUnits": 0, "WriteCapacityUnits": 0, "NumberOfDecreasesToday": 0 },
        "OnDemandThroughput": { "MaxReadRequestUnits": -1, "MaxWriteRequestUnits": 40 },
        "KeySchema": [{ "AttributeName": "Id", "KeyType": "HASH" }, { "AttributeName": "At", "KeyType": "RANGE" }],
        "AttributeDefinitions": [{ "AttributeName": "Id", "AttributeType": "S" }],
        "GlobalSecondaryIndexes": [{
            "IndexName": "ByDate",
            "IndexStatus": "CREATING",
            "KeySchema": [{ "AttributeName": "Date", "KeyType": "HASH" }],
            "Projection": { "ProjectionType": "KEYS_ONLY" },
        }],
        "LocalSecondaryIndexes": [{
            "IndexName": "BySum",
            "KeySchema": [{ "AttributeName": "Id", "KeyType": "HASH" }],
            "Projection": { "ProjectionType": "INCLUDE", "NonKeyAttributes": ["Sum"] },
        }],
        "StreamSpecification": { "StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES" },
        "LatestStreamArn": "arn:stream",
        "SSEDescription": { "Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": "arn:key" },
        "TableClassSummary": { "TableClass": "STANDARD_INFREQUENT_ACCESS" },
        "DeletionProtectionEnabled": true,
        "ItemCount": 7,
        "TableSizeBytes": 512,
        "Replicas": [
            { "RegionName": "eu-west-1", "ReplicaStatus": "ACTIVE" },
            { "RegionName": "eu-west-2", "ReplicaStatus": "ACTIVE" },
        ],
        "WarmThroughput": { "ReadUnitsPerSecond": 30_000, "WriteUnitsPerSecond": 4_000, "Status": "ACTIVE" },
        "RestoreSummary": {
            "SourceTableArn": TABLE_ARN, "RestoreDateTime": 1_700_000_001, "RestoreInProgress": true,
        },
    });
    let stub = Stub::script([ok(json!({ "Table": described }))]).await;
    let world = World::new(&stub).await;
    let table = world
        .db()
        .find_table(&world.cx, &"Orders".parse().unwrap())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (table.name.as_str(), table.arn.as_str(), table.id.as_deref()),
        ("Orders", TABLE_ARN, Some("table-1"))
    );
    assert_eq!(
        (table.status, table.billing_mode),
        (TableStatus::Active, BillingMode::PayPerRequest)
    );
    assert_eq!(table.created_at, Some(at("2023-11-14T22:13:20.25Z")));
    assert_eq!(
        table.on_demand,
        OnDemandThroughput {
            max_read: None,
            max_write: Some(40)
        }
    );
    assert_eq!(table.key_schema.len(), 2);
    assert_eq!(table.attributes[0].attribute_type.as_str(), "S");
    assert_eq!(table.global_indexes[0].status, Some(IndexStatus::Creating));
    assert_eq!(
        table.local_indexes[0].projection.projection_type,
        ProjectionType::Include
    );
    assert_eq!(table.local_indexes[0].projection.non_key_attributes, ["Sum"]);
    assert_eq!(table.stream, Some(StreamViewType::NewAndOldImages));
    assert_eq!(table.encryption.status, Some(EncryptionStatus::Enabled));
    assert!(table.encryption.uses_kms() && table.deletion_protection);
    assert_eq!(table.class, TableClass::StandardInfrequentAccess);
    assert_eq!((table.item_count, table.size_bytes), (7, 512));
    // Those in other Regions.
    let replicas: Vec<&str> = table.replicas.iter().map(|it| it.region.as_str()).collect();
    assert_eq!(replicas, ["eu-west-2"]);
    let warm = WarmThroughput {
        read: Some(30_000),
        write: Some(4_000),
    };
    assert_eq!(table.warm_throughput, Some(warm));
    let restore = table.restore.unwrap();
    assert_eq!(
        (restore.in_progress, restore.restore_time),
        (true, Some(at("2023-11-14T22:13:21Z")))
    );
}

#[tokio::test]
async fn a_table_that_is_not_there_is_none_and_an_answer_without_one_is_an_error() {
    let stub = Stub::script([
        refuse(
            "ResourceNotFoundException",
            "Requested resource not found: Table: Orders not found",
        ),
        ok(json!({})),
    ])
    .await;
    let world = World::new(&stub).await;
    let orders = "Orders".parse().unwrap();
    assert_eq!(world.db().find_table(&world.cx, &orders).await.unwrap(), None);
    assert_eq!(
        world
            .db()
            .find_table(&world.cx, &orders)
            .await
            .unwrap_err()
            .kind(),
        ErrorKind::NotAws
    );
}

#[tokio::test]
async fn a_table_arn_of_another_region_is_not_sent() {
    let stub = Stub::script([ok(json!({}))]).await;
    let world = World::new(&stub).await;
    let other = "arn:aws:dynamodb:us-east-1:111122223333:table/Orders"
        .parse()
        .unwrap();
    let error = world.db().find_table(&world.cx, &other).await.unwrap_err();
    assert_eq!((error.kind(), stub.requests().len()), (ErrorKind::OtherRegion, 0));
    let there = world.clients.dynamodb(&aws_clients::Region::new("us-east-1"));
    let _ = there.find_table(&world.cx, &other).await;
    let authorization = stub.requests()[0].header("authorization").unwrap().to_owned();
    assert!(authorization.contains("/us-east-1/dynamodb/"), "{authorization}");
}

#[tokio::test]
async fn each_change_sends_what_it_says() {
    let throughput = Throughput { read: 5, write: 6 };
    let units = json!({ "ReadCapacityUnits": 5, "WriteCapacityUnits": 6 });
    let cases: [(TableChange, Value); 10] = [
        (
            TableChange::Billing {
                mode: BillingMode::Provisioned,
                throughput: Some(throughput),
                indexes: vec![("ByDate".into(), throughput)],
            },
            json!({
                "BillingMode": "PROVISIONED",
                "ProvisionedThroughput": units,
                "GlobalSecondaryIndexUpdates": [
                    { "Update": { "IndexName": "ByDate", "ProvisionedThroughput": units } },
                ],
            }),
        ),
        (
            TableChange::Throughput {
                table: Some(throughput),
                indexes: vec![],
            },
            json!({ "ProvisionedThroughput": units }),
        ),
        (
            TableChange::OnDemandThroughput {
                table: Some(OnDemandThroughput {
                    max_read: Some(9),
                    max_write: None,
                }),
                indexes: vec![],
            },
            json!({ "OnDemandThroughput": { "MaxReadRequestUnits": 9, "MaxWriteRequestUnits": -1 } }),
        ),
        (
            TableChange::Stream(Some(StreamViewType::KeysOnly)),
            json!({ "StreamSpecification": { "StreamEnabled": true, "StreamViewType": "KEYS_ONLY" } }),
        ),
        (
            TableChange::Stream(None),
            json!({ "StreamSpecification": { "StreamEnabled": false } }),
        ),
        (
            TableChange::Encryption(EncryptionChoice::AwsOwned),
            json!({ "SSESpecification": { "Enabled": false } }),
        ),
        (
            TableChange::Encryption(EncryptionChoice::AwsManaged),
            json!({ "SSESpecification": { "Enabled": true, "SSEType": "KMS" } }),
        ),
        (
            TableChange::Encryption(EncryptionChoice::Key("alias/mine".into())),
            json!({ "SSESpecification": { "Enabled": true, "SSEType": "KMS", "KMSMasterKeyId": "alias/mine" } }),
        ),
        (
            TableChange::DeletionProtection(true),
            json!({ "DeletionProtectionEnabled": true }),
        ),
        (
            TableChange::Class(TableClass::Standard),
            json!({ "TableClass": "STANDARD" }),
        ),
    ];
    let stub = Stub::script([ok(json!({ "TableDescription": table("UPDATING") }))]).await;
    let world = World::new(&stub).await;
    for (change, mut sent) in cases {
        let answer = world
            .db()
            .update_table(&world.cx, &"Orders".parse().unwrap(), &change)
            .await
            .unwrap();
        assert_eq!(answer.status, TableStatus::Updating);
        sent["TableName"] = "Orders".into();
        assert_eq!(stub.requests().pop().unwrap().body, sent);
    }
}

#[tokio::test]
async fn a_change_whose_answer_was_lost_is_not_repeated() {
    let stub = Stub::script([Reply::Cut, ok(json!({ "TableDescription": table("UPDATING") }))]).await;
    let world = World::new(&stub).await;
    let change = TableChange::DeletionProtection(true);
    let error = world
        .db()
        .update_table(&world.cx, &"Orders".parse().unwrap(), &change)
        .await
        .unwrap_err();
    assert_eq!((error.kind(), stub.requests().len()), (ErrorKind::Ambiguous, 1));
}

#[tokio::test]
async fn deleting_what_is_not_there_is_done() {
    let stub = Stub::script([refuse("ResourceNotFoundException", "not found")]).await;
    let world = World::new(&stub).await;
    world
        .db()
        .delete_table(&world.cx, &"Orders".parse().unwrap())
        .await
        .unwrap();
    let stub = Stub::script([Reply::Cut, ok(json!({ "TableDescription": table("DELETING") }))]).await;
    let world = World::new(&stub).await;
    world
        .db()
        .delete_table(&world.cx, &"Orders".parse().unwrap())
        .await
        .unwrap();
    assert_eq!(stub.requests().len(), 2);
}

#[tokio::test]
async fn tags_are_read_to_the_last_page_and_written_by_key() {
    let stub = Stub::start(|request| match request.operation.as_str() {
        "ListTagsOfResource" if request.body.get("NextToken").is_none() => {
            ok(json!({ "Tags": [{ "Key": "a", "Value": "1" }], "NextToken": "more" }))
        }
        "ListTagsOfResource" => ok(json!({ "Tags": [{ "Key": "b", "Value": "2" }] })),
        _ => ok(json!({})),
    })
    .await;
    let world = World::new(&stub).await;
    let (db, arn) = (world.db(), TABLE_ARN.parse().unwrap());
    let tags = db.tags(&world.cx, &arn).await.unwrap().unwrap();
    assert_eq!(
        tags,
        [("a".to_owned(), "1".to_owned()), ("b".to_owned(), "2".to_owned())].into()
    );
    db.tag(&world.cx, &arn, &tags).await.unwrap();
    db.untag(&world.cx, &arn, &["a".to_owned()]).await.unwrap();
    db.tag(&world.cx, &arn, &[].into()).await.unwrap();
    db.untag(&world.cx, &arn, &[]).await.unwrap();
    assert_eq!(
        stub.operations(),
        [
            "ListTagsOfResource",
            "ListTagsOfResource",
            "TagResource",
            "UntagResource"
        ]
    );
    assert_eq!(
        stub.requests()[3].body,
        json!({ "ResourceArn": TABLE_ARN, "TagKeys": ["a"] })
    );
}

#[tokio::test]
async fn time_to_live_is_read_and_switched() {
    let on =
        json!({ "TimeToLiveDescription": { "TimeToLiveStatus": "ENABLED", "AttributeName": "Expires" } });
    let off = json!({ "TimeToLiveDescription": { "TimeToLiveStatus": "DISABLED" } });
    let stub = Stub::script([ok(on), ok(off), ok(json!({}))]).await;
    let world = World::new(&stub).await;
    let (db, orders) = (world.db(), "Orders".parse().unwrap());
    assert_eq!(
        db.find_time_to_live(&world.cx, &orders)
            .await
            .unwrap()
            .unwrap()
            .attribute,
        "Expires"
    );
    assert_eq!(db.find_time_to_live(&world.cx, &orders).await.unwrap(), None);
    db.update_time_to_live(&world.cx, &orders, "Expires", true)
        .await
        .unwrap();
    assert_eq!(
        stub.requests()[2].body,
        json!({
            "TableName": "Orders",
            "TimeToLiveSpecification": { "AttributeName": "Expires", "Enabled": true },
        })
    );
}
