//! Tables and their states.

use serde_json::{Value, json};

use crate::client::{Sim, column, plain_table, table_arn};

fn key(name: &str, kind: &str) -> Value {
    json!({"AttributeName": name, "KeyType": kind})
}

fn attribute(name: &str) -> Value {
    json!({"AttributeName": name, "AttributeType": "S"})
}

fn index(name: &str, attribute: &str) -> Value {
    json!({"IndexName": name, "KeySchema": [key(attribute, "HASH")], "Projection": {"ProjectionType": "ALL"}})
}

/// The plain table with some members replaced.
fn table_with(change: Value) -> Value {
    let mut table = plain_table("Music");
    for (member, value) in change.as_object().expect("an object") {
        table[member] = value.clone();
    }
    table
}

#[tokio::test]
async fn a_table_lives_through_its_states() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    let music = json!({"TableName": "Music"});
    let created = aws.ok("CreateTable", plain_table("Music")).await["TableDescription"].clone();
    assert_eq!(created["TableStatus"], "CREATING");
    assert_eq!(created["TableArn"], table_arn("Music"));
    aws.refuses(
        "CreateTable",
        plain_table("Music"),
        "ResourceInUseException: Table already exists: Music",
    )
    .await;
    for operation in ["DeleteTable", "UpdateTable"] {
        let mut body = music.clone();
        if operation == "UpdateTable" {
            body["DeletionProtectionEnabled"] = json!(true);
        }
        let expected = if operation == "DeleteTable" {
            "ResourceInUseException"
        } else {
            "ResourceNotFoundException"
        };
        aws.refuses(operation, body, expected).await;
    }
    sim.advance(60).await;
    assert_eq!(aws.status("Music").await, "ACTIVE");

    aws.ok(
        "UpdateTable",
        json!({"TableName": "Music", "DeletionProtectionEnabled": true}),
    )
    .await;
    assert_eq!(aws.status("Music").await, "UPDATING");
    aws.refuses(
        "UpdateTable",
        json!({"TableName": "Music", "TableClass": "STANDARD"}),
        "ResourceInUseException",
    )
    .await;
    sim.advance(60).await;
    aws.refuses(
        "DeleteTable",
        music.clone(),
        "ValidationException: Resource cannot be deleted as it is currently",
    )
    .await;
    aws.ok(
        "UpdateTable",
        json!({"TableName": "Music", "DeletionProtectionEnabled": false}),
    )
    .await;
    sim.advance(60).await;

    let deleted = aws.ok("DeleteTable", music.clone()).await;
    assert_eq!(deleted["TableDescription"]["TableStatus"], "DELETING");
    aws.refuses("CreateTable", plain_table("Music"), "ResourceInUseException")
        .await;
    aws.refuses("DeleteTable", music.clone(), "ResourceInUseException")
        .await;
    sim.advance(60).await;
    let missing = "ResourceNotFoundException: Requested resource not found: Table: Music not found";
    aws.refuses("DescribeTable", music.clone(), missing).await;
    let again = aws.ok("CreateTable", plain_table("Music")).await;
    assert_ne!(again["TableDescription"]["TableId"], created["TableId"]);
}

#[tokio::test]
async fn designs_that_are_refused() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    let invalid = "ValidationException: One or more parameter values were invalid: ";
    let units = json!({"ReadCapacityUnits": 1, "WriteCapacityUnits": 1});
    for (change, expected) in [
        (
            json!({"TableName": "a b"}),
            "ValidationException: 1 validation error detected: Value 'a b' at 'tableName'",
        ),
        (
            json!({"TableName": "ab"}),
            "ValidationException: 1 validation error detected: Value 'ab' at 'tableName'",
        ),
        (
            json!({"TableName": "x:y"}),
            "ValidationException: ARNs must start with 'arn:'",
        ),
        (
            json!({"KeySchema": [key("pk", "RANGE")]}),
            "ValidationException: Invalid KeySchema: The first",
        ),
        (
            json!({"KeySchema": [key("pk", "HASH"), key("pk", "RANGE")]}),
            &format!("{invalid}Both the Hash Key and the Range Key"),
        ),
        (
            json!({"AttributeDefinitions": [attribute("x")]}),
            &format!("{invalid}Some key attributes are not defined"),
        ),
        (
            json!({"AttributeDefinitions": [attribute("pk"), attribute("x")]}),
            &format!("{invalid}Number of attributes in KeySchema does not exactly match"),
        ),
        (
            json!({"ProvisionedThroughput": units}),
            &format!("{invalid}Neither ReadCapacityUnits nor"),
        ),
        (
            json!({"BillingMode": "PROVISIONED"}),
            &format!("{invalid}ReadCapacityUnits and WriteCapacityUnits must"),
        ),
        (
            json!({"BillingMode": "FREE"}),
            "ValidationException: 1 validation error detected: Value 'FREE'",
        ),
        (
            json!({"GlobalSecondaryIndexes": [index("by_x", "x")]}),
            &format!("{invalid}Some index key attributes are not defined"),
        ),
        (
            json!({"GlobalSecondaryIndexes": [index("by_pk", "pk"), index("by_pk", "pk")]}),
            &format!("{invalid}Duplicate index name: by_pk"),
        ),
        (
            json!({"LocalSecondaryIndexes": [index("by_pk", "pk")]}),
            &format!("{invalid}Table KeySchema does not have a range key"),
        ),
        (
            json!({"OnDemandThroughput": {"MaxReadRequestUnits": 0}}),
            &format!("{invalid}MaxReadRequestUnits 0 is outside of valid range"),
        ),
        (
            json!({"StreamSpecification": {"StreamEnabled": true}}),
            &format!("{invalid}StreamViewType"),
        ),
        (
            json!({"SSESpecification": {"Enabled": true, "SSEType": "AES256"}}),
            &format!("{invalid}SSEType AES256"),
        ),
        (
            json!({"Tags": [{"Key": "aws:x", "Value": ""}]}),
            &format!("{invalid}Tag key aws:x"),
        ),
        (
            json!({"Bogus": 1}),
            "ValidationException: The simulator refuses members",
        ),
    ] {
        aws.refuses("CreateTable", table_with(change), expected).await;
    }
    assert_eq!(aws.ok("ListTables", json!({})).await["TableNames"], json!([]));
}

#[tokio::test]
async fn one_kind_of_change_at_a_time() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    let update = |change: Value| {
        let mut body = json!({"TableName": "Music"});
        for (member, value) in change.as_object().expect("an object") {
            body[member] = value.clone();
        }
        body
    };
    aws.refuses(
        "UpdateTable",
        update(json!({})),
        "ValidationException: At least one of",
    )
    .await;
    let both = update(json!({"TableClass": "STANDARD", "SSESpecification": {"Enabled": true}}));
    aws.refuses(
        "UpdateTable",
        both,
        "ValidationException: One or more parameter values were invalid",
    )
    .await;

    let stream = json!({"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"});
    let create = json!({"AttributeDefinitions": [attribute("a")],
        "GlobalSecondaryIndexUpdates": [{"Create": index("by_a", "a")}]});
    let units = json!({"ReadCapacityUnits": 3, "WriteCapacityUnits": 4});
    for change in [
        json!({"StreamSpecification": stream}),
        json!({"SSESpecification": {"Enabled": true}}),
        json!({"OnDemandThroughput": {"MaxReadRequestUnits": 9}}),
        create,
    ] {
        aws.ok("UpdateTable", update(change)).await;
        sim.advance(60).await;
    }
    let table = aws.ok("DescribeTable", json!({"TableName": "Music"})).await["Table"].clone();
    assert_eq!(table["StreamSpecification"], stream);
    assert!(
        table["LatestStreamArn"]
            .as_str()
            .is_some_and(|arn| arn.contains(":table/Music/stream/20"))
    );
    assert_eq!(table["SSEDescription"]["SSEType"], "KMS");
    assert_eq!(
        table["OnDemandThroughput"],
        json!({"MaxReadRequestUnits": 9, "MaxWriteRequestUnits": -1})
    );
    assert_eq!(
        column(&table["GlobalSecondaryIndexes"], "IndexStatus"),
        ["ACTIVE"]
    );

    let again = update(json!({"StreamSpecification": stream}));
    aws.refuses(
        "UpdateTable",
        again,
        "ValidationException: Table already has an enabled stream",
    )
    .await;
    let provisioned = json!({"BillingMode": "PROVISIONED", "ProvisionedThroughput": units});
    let bare = "ValidationException: One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits \
                must both be specified for index: by_a";
    aws.refuses("UpdateTable", update(provisioned.clone()), bare)
        .await;
    let mut whole = provisioned;
    whole["GlobalSecondaryIndexUpdates"] =
        json!([{"Update": {"IndexName": "by_a", "ProvisionedThroughput": units}}]);
    let table = aws.ok("UpdateTable", update(whole)).await["TableDescription"].clone();
    assert_eq!(table["ProvisionedThroughput"]["WriteCapacityUnits"], 4);
    assert_eq!(table.get("OnDemandThroughput"), None);
    sim.advance(60).await;
    let same = update(json!({"ProvisionedThroughput": units}));
    aws.refuses(
        "UpdateTable",
        same,
        "ValidationException: The provisioned throughput for the table will not",
    )
    .await;

    aws.ok(
        "UpdateTable",
        update(json!({"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "by_a"}}]})),
    )
    .await;
    let table = aws.ok("DescribeTable", json!({"TableName": "Music"})).await["Table"].clone();
    assert_eq!(
        column(&table["GlobalSecondaryIndexes"], "IndexStatus"),
        ["DELETING"]
    );
    sim.advance(60).await;
    let table = aws.ok("DescribeTable", json!({"TableName": "Music"})).await["Table"].clone();
    assert_eq!(table.get("GlobalSecondaryIndexes"), None);
    assert_eq!(
        column(&table["AttributeDefinitions"], "AttributeName"),
        ["pk"],
        "unused definitions go along"
    );

    let along = json!({"ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
        "DeletionProtectionEnabled": true, "StreamSpecification": {"StreamEnabled": false}});
    let table = aws.ok("UpdateTable", update(along)).await["TableDescription"].clone();
    assert_eq!(table["DeletionProtectionEnabled"], true);
    assert_eq!(table.get("StreamSpecification"), None);
    assert_eq!(table["ProvisionedThroughput"]["ReadCapacityUnits"], 1);
}

#[tokio::test]
async fn changes_that_aws_counts() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    for class in ["STANDARD_INFREQUENT_ACCESS", "STANDARD"] {
        aws.ok("UpdateTable", json!({"TableName": "Music", "TableClass": class}))
            .await;
        sim.advance(60).await;
    }
    let third = json!({"TableName": "Music", "TableClass": "STANDARD_INFREQUENT_ACCESS"});
    aws.refuses("UpdateTable", third.clone(), "LimitExceededException")
        .await;
    sim.advance(30 * 86_400).await;
    aws.ok("UpdateTable", third).await;
    sim.settings(json!({"max_tables": 1})).await;
    aws.refuses("CreateTable", plain_table("Second"), "LimitExceededException")
        .await;
}

#[tokio::test]
async fn tables_are_listed_in_pages() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    for name in ["bbb", "aaa", "ccc"] {
        aws.ok("CreateTable", plain_table(name)).await;
    }
    sim.caller_in("eu-west-1")
        .ok("CreateTable", plain_table("elsewhere"))
        .await;
    let first = aws.ok("ListTables", json!({"Limit": 2})).await;
    assert_eq!(
        first,
        json!({"TableNames": ["aaa", "bbb"], "LastEvaluatedTableName": "bbb"})
    );
    let second = aws
        .ok(
            "ListTables",
            json!({"Limit": 2, "ExclusiveStartTableName": "bbb"}),
        )
        .await;
    assert_eq!(second, json!({"TableNames": ["ccc"]}));
}

#[tokio::test]
async fn a_table_may_be_named_by_its_arn_where_it_lives() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    let by = |reference: &str| json!({"TableName": reference});
    let arn = table_arn("Music");
    for operation in [
        "DescribeTable",
        "DescribeContinuousBackups",
        "DescribeTimeToLive",
        "ListBackups",
    ] {
        aws.ok(operation, by(&arn)).await;
        let elsewhere = format!("ValidationException: Invalid AWS region in '{arn}'");
        sim.caller_in("eu-west-1")
            .refuses(operation, by(&arn), &elsewhere)
            .await;
        let foreign = format!(
            "AccessDeniedException: User: arn:aws:iam::999988887777:user/simulated is not authorized to perform: \
             dynamodb:{operation} on resource: {arn} because no resource-based policy"
        );
        sim.caller_of("999988887777")
            .refuses(operation, by(&arn), &foreign)
            .await;
        for broken in [
            "arn:aws:dynamodb:cn-north-1:111122223333:table/Music",
            &format!("{arn}/index/by_a"),
        ] {
            aws.refuses(operation, by(broken), "ValidationException: Invalid table ARN")
                .await;
        }
    }
}
