//! The data plane.

use serde_json::{Value, json};

use crate::client::{Caller, Sim};

async fn songs(sim: &Sim, aws: Caller<'_>) {
    let key = |name: &str, kind: &str| json!({"AttributeName": name, "KeyType": kind});
    let attribute = |name: &str, kind: &str| json!({"AttributeName": name, "AttributeType": kind});
    aws.ok("CreateTable", json!({
        "TableName": "Songs", "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": [key("artist", "HASH"), key("year", "RANGE")],
        "AttributeDefinitions": [attribute("artist", "S"), attribute("year", "N"), attribute("genre", "S")],
        "GlobalSecondaryIndexes": [{"IndexName": "by_genre", "Projection": {"ProjectionType": "KEYS_ONLY"},
            "KeySchema": [key("genre", "HASH"), key("year", "RANGE")]}],
    }))
    .await;
    sim.advance(60).await;
    for (artist, year, genre) in [
        ("a", 9, Some("x")),
        ("a", 10, Some("x")),
        ("a", 100, None),
        ("b", 1, Some("x")),
    ] {
        let mut item = json!({"artist": {"S": artist}, "year": {"N": year.to_string()}, "plays": {"N": "1"}});
        if let Some(genre) = genre {
            item["genre"] = json!({"S": genre});
        }
        aws.ok("PutItem", json!({"TableName": "Songs", "Item": item}))
            .await;
    }
}

fn years(page: &Value) -> Vec<String> {
    let items = page["Items"].as_array().cloned().unwrap_or_default();
    items
        .iter()
        .map(|item| {
            format!(
                "{}{}",
                item["artist"]["S"].as_str().unwrap_or_default(),
                item["year"]["N"].as_str().unwrap_or_default()
            )
        })
        .collect()
}

fn song(artist: &str, year: i64) -> Value {
    json!({"artist": {"S": artist}, "year": {"N": year.to_string()}})
}

#[tokio::test]
async fn queries_follow_the_sort_key() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    songs(&sim, aws).await;
    let query = |condition: &str, change: Value| {
        let mut body = json!({"TableName": "Songs", "KeyConditionExpression": condition});
        for (member, value) in change.as_object().expect("an object") {
            body[member] = value.clone();
        }
        body
    };
    let values = json!({":a": {"S": "a"}});
    let all = query("artist = :a", json!({"ExpressionAttributeValues": values}));
    assert_eq!(
        years(&aws.ok("Query", all).await),
        ["a9", "a10", "a100"],
        "numbers sort as numbers"
    );
    let ten = json!({":a": {"S": "a"}, ":y": {"N": "10"}});
    let backwards = query(
        "artist = :a AND #y <= :y",
        json!({"ExpressionAttributeValues": ten,
        "ExpressionAttributeNames": {"#y": "year"}, "ScanIndexForward": false}),
    );
    assert_eq!(years(&aws.ok("Query", backwards).await), ["a10", "a9"]);
    let genre = json!({"IndexName": "by_genre", "ExpressionAttributeValues": {":g": {"S": "x"}}, "Limit": 2});
    let first = aws.ok("Query", query("genre = :g", genre.clone())).await;
    assert_eq!(years(&first), ["b1", "a9"]);
    assert_eq!(first["Items"][0].get("plays"), None, "the index holds keys only");
    let mut next = query("genre = :g", genre);
    next["ExclusiveStartKey"] = first["LastEvaluatedKey"].clone();
    assert_eq!(years(&aws.ok("Query", next).await), ["a10"]);
    for (body, expected) in [
        (
            query("genre = :a", json!({"ExpressionAttributeValues": values})),
            "ValidationException: Query condition missed",
        ),
        (
            json!({"TableName": "Songs"}),
            "ValidationException: Either the KeyConditions",
        ),
        (
            query(
                "artist = :a",
                json!({"ExpressionAttributeValues": values, "IndexName": "none"}),
            ),
            "ValidationException: The table does not have the specified index: none",
        ),
        (
            query(
                "artist = :a",
                json!({"ExpressionAttributeValues": values, "ReturnConsumedCapacity": "TOTAL"}),
            ),
            "ValidationException: The simulator does not play ReturnConsumedCapacity",
        ),
    ] {
        aws.refuses("Query", body, expected).await;
    }
}

#[tokio::test]
async fn scans_are_paged_filtered_and_split() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    songs(&sim, aws).await;
    let mut seen = Vec::new();
    let mut body = json!({"TableName": "Songs", "Limit": 3, "ConsistentRead": true});
    loop {
        let page = aws.ok("Scan", body.clone()).await;
        seen.extend(years(&page));
        if page.get("LastEvaluatedKey").is_none() {
            break;
        }
        body["ExclusiveStartKey"] = page["LastEvaluatedKey"].clone();
    }
    assert_eq!(seen, ["a9", "a10", "a100", "b1"]);
    let filter =
        json!({"TableName": "Songs", "FilterExpression": "attribute_not_exists(genre)", "Select": "COUNT"});
    let counted = aws.ok("Scan", filter).await;
    assert_eq!(counted, json!({"Count": 1, "ScannedCount": 4}));
    let mut segments = Vec::new();
    for segment in 0..3 {
        segments.extend(years(
            &aws.ok(
                "Scan",
                json!({"TableName": "Songs", "Segment": segment, "TotalSegments": 3}),
            )
            .await,
        ));
    }
    segments.sort();
    assert_eq!(segments, ["a10", "a100", "a9", "b1"]);
    assert_eq!(
        years(
            &aws.ok("Scan", json!({"TableName": "Songs", "IndexName": "by_genre"}))
                .await
        )
        .len(),
        3
    );
    let table = aws.ok("DescribeTable", json!({"TableName": "Songs"})).await["Table"].clone();
    assert_eq!(
        (
            &table["ItemCount"],
            &table["GlobalSecondaryIndexes"][0]["ItemCount"]
        ),
        (&json!(4), &json!(3))
    );
}

#[tokio::test]
async fn conditions_guard_writes() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    songs(&sim, aws).await;
    let put = json!({"TableName": "Songs", "Item": song("a", 9), "ConditionExpression": "attribute_not_exists(artist)"});
    aws.refuses(
        "PutItem",
        put,
        "ConditionalCheckFailedException: The conditional request failed",
    )
    .await;
    let update = json!({"TableName": "Songs", "Key": song("a", 9), "UpdateExpression": "SET plays = plays + :n REMOVE genre",
        "ConditionExpression": "plays = :n", "ExpressionAttributeValues": {":n": {"N": "1"}}, "ReturnValues": "ALL_NEW"});
    let updated = aws.ok("UpdateItem", update.clone()).await["Attributes"].clone();
    assert_eq!(
        (&updated["plays"], updated.get("genre")),
        (&json!({"N": "2"}), None)
    );
    aws.refuses("UpdateItem", update, "ConditionalCheckFailedException")
        .await;
    let fresh = json!({"TableName": "Songs", "Key": song("c", 1), "UpdateExpression": "SET plays = :n",
        "ExpressionAttributeValues": {":n": {"N": "5"}}, "ReturnValues": "UPDATED_NEW"});
    assert_eq!(
        aws.ok("UpdateItem", fresh).await["Attributes"],
        json!({"plays": {"N": "5"}})
    );
    let key = json!({"TableName": "Songs", "Key": song("c", 1), "UpdateExpression": "SET artist = :n",
        "ExpressionAttributeValues": {":n": {"S": "5"}}});
    aws.refuses(
        "UpdateItem",
        key,
        "ValidationException: One or more parameter values were invalid: Cannot update",
    )
    .await;
    let delete = json!({"TableName": "Songs", "Key": song("c", 1), "ReturnValues": "ALL_OLD"});
    assert_eq!(
        aws.ok("DeleteItem", delete.clone()).await["Attributes"]["plays"],
        json!({"N": "5"})
    );
    assert_eq!(aws.ok("DeleteItem", delete).await, json!({}));
    let get = json!({"TableName": "Songs", "Key": song("a", 9), "ProjectionExpression": "plays, nothing"});
    assert_eq!(
        aws.ok("GetItem", get).await,
        json!({"Item": {"plays": {"N": "2"}}})
    );
    assert_eq!(
        aws.ok("GetItem", json!({"TableName": "Songs", "Key": song("z", 9)}))
            .await,
        json!({})
    );
}

#[tokio::test]
async fn items_that_are_refused() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    songs(&sim, aws).await;
    let invalid = "ValidationException: One or more parameter values were invalid: ";
    let with = |name: &str, value: Value| {
        let mut item = song("a", 1);
        item[name] = value;
        item
    };
    for (item, expected) in [
        (
            json!({"artist": {"S": "a"}}),
            format!("{invalid}Missing the key year in the item"),
        ),
        (
            with("year", json!({"S": "1"})),
            format!("{invalid}Type mismatch for key year expected: N actual: S"),
        ),
        (
            with("artist", json!({"S": ""})),
            "ValidationException: One or more parameter values are not valid.".to_owned(),
        ),
        (
            with("genre", json!({"N": "1"})),
            format!("{invalid}Type mismatch for Index Key genre Expected: S Actual: N"),
        ),
        (
            with("x", json!({})),
            "ValidationException: Supplied AttributeValue is empty".to_owned(),
        ),
        (
            with("x", json!({"S": "a".repeat(400 * 1024)})),
            "ValidationException: Item size has exceeded".to_owned(),
        ),
        (
            with("x", json!({"S": 1})),
            "SerializationException: NUMBER_VALUE cannot be converted to String".to_owned(),
        ),
    ] {
        aws.refuses("PutItem", json!({"TableName": "Songs", "Item": item}), &expected)
            .await;
    }
    let schema = "ValidationException: The provided key element does not match the schema";
    aws.refuses(
        "GetItem",
        json!({"TableName": "Songs", "Key": {"artist": {"S": "a"}}}),
        schema,
    )
    .await;
    let legacy = json!({"TableName": "Songs", "Item": song("a", 1), "Expected": {}});
    aws.refuses(
        "PutItem",
        legacy,
        "ValidationException: The simulator does not play Expected",
    )
    .await;
}

#[tokio::test]
async fn batches_write_and_read() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    songs(&sim, aws).await;
    let put = |artist: &str, year: i64| json!({"PutRequest": {"Item": song(artist, year)}});
    let delete = |artist: &str, year: i64| json!({"DeleteRequest": {"Key": song(artist, year)}});
    let written = aws
        .ok(
            "BatchWriteItem",
            json!({"RequestItems": {"Songs": [put("d", 1), put("d", 2), delete("b", 1)]}}),
        )
        .await;
    assert_eq!(written, json!({"UnprocessedItems": {}}));
    let keys = [song("d", 1), song("d", 2), song("b", 1)];
    let read = aws
        .ok("BatchGetItem", json!({"RequestItems": {"Songs": {"Keys": keys}}}))
        .await;
    assert_eq!(read["Responses"]["Songs"].as_array().map(Vec::len), Some(2));
    let twice = json!({"RequestItems": {"Songs": [put("d", 1), delete("d", 1)]}});
    aws.refuses(
        "BatchWriteItem",
        twice,
        "ValidationException: Provided list of item keys contains duplicates",
    )
    .await;
    let many: Vec<Value> = (0..26).map(|year| put("e", year)).collect();
    aws.refuses(
        "BatchWriteItem",
        json!({"RequestItems": {"Songs": many}}),
        "ValidationException",
    )
    .await;
    let missing = json!({"RequestItems": {"Songs": [put("f", 1)], "Gone": [put("f", 1)]}});
    aws.refuses("BatchWriteItem", missing, "ResourceNotFoundException")
        .await;
    assert_eq!(
        aws.ok("GetItem", json!({"TableName": "Songs", "Key": song("f", 1)}))
            .await,
        json!({}),
        "all or nothing"
    );
}
