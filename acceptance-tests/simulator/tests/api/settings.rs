//! Tags, time to live, policies, insights and streaming destinations.

use serde_json::{Value, json};

use crate::client::{Sim, column, table_arn};

#[tokio::test]
async fn tags_are_listed_in_pages() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    let arn = table_arn("Music");
    let tags: Vec<Value> = (0..15)
        .map(|number| json!({"Key": format!("k{number:02}"), "Value": "v"}))
        .collect();
    aws.ok("TagResource", json!({"ResourceArn": arn, "Tags": tags}))
        .await;
    let first = aws.ok("ListTagsOfResource", json!({"ResourceArn": arn})).await;
    assert_eq!(first["Tags"].as_array().map(Vec::len), Some(10));
    let second = aws
        .ok(
            "ListTagsOfResource",
            json!({"ResourceArn": arn, "NextToken": first["NextToken"]}),
        )
        .await;
    assert_eq!(
        column(&second["Tags"], "Key"),
        ["k10", "k11", "k12", "k13", "k14"]
    );
    assert_eq!(second.get("NextToken"), None);
    let keys: Vec<String> = (1..15).map(|number| format!("k{number:02}")).collect();
    aws.ok("UntagResource", json!({"ResourceArn": arn, "TagKeys": keys}))
        .await;
    let left = aws.ok("ListTagsOfResource", json!({"ResourceArn": arn})).await;
    assert_eq!(left["Tags"], json!([{"Key": "k00", "Value": "v"}]));
}

#[tokio::test]
async fn tags_that_are_refused() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    let backup = aws.backup("Music", "one").await;
    let tag = |arn: &str, key: &str| json!({"ResourceArn": arn, "Tags": [{"Key": key, "Value": ""}]});
    let long = "k".repeat(129);
    for (body, expected) in [
        (
            tag(&backup, "k"),
            "ValidationException: Provided Arn is not a DynamoDB resource arn",
        ),
        (
            tag(&table_arn("Gone"), "k"),
            "ResourceNotFoundException: Requested resource not found: ResourcArn: arn:",
        ),
        (
            tag(&table_arn("Music"), "aws:k"),
            "ValidationException: One or more parameter values were invalid",
        ),
        (
            tag(&table_arn("Music"), &long),
            "ValidationException: 1 validation error detected",
        ),
        (
            tag(&table_arn("Music").replace("us-east-1", "eu-west-1"), "k"),
            "ValidationException: Invalid AWS region in",
        ),
        (
            tag(&table_arn("Music").replace("1111", "9999"), "k"),
            "AccessDeniedException",
        ),
    ] {
        aws.refuses("TagResource", body, expected).await;
    }
}

#[tokio::test]
async fn time_to_live_changes_once_an_hour() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    let update = |enabled: bool, name: &str| json!({"TableName": "Music", "TimeToLiveSpecification": {"Enabled": enabled, "AttributeName": name}});
    let status = || async {
        let answer = aws.ok("DescribeTimeToLive", json!({"TableName": "Music"})).await;
        answer["TimeToLiveDescription"]["TimeToLiveStatus"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    aws.refuses(
        "UpdateTimeToLive",
        update(false, "x"),
        "ValidationException: TimeToLive is already disabled",
    )
    .await;
    aws.ok("UpdateTimeToLive", update(true, "x")).await;
    assert_eq!(status().await, "ENABLING");
    sim.advance(60).await;
    assert_eq!(status().await, "ENABLED");
    aws.refuses(
        "UpdateTimeToLive",
        update(true, "x"),
        "ValidationException: TimeToLive is already enabled",
    )
    .await;
    aws.refuses(
        "UpdateTimeToLive",
        update(true, "y"),
        "ValidationException: TimeToLive is active on a different",
    )
    .await;
    let too_soon =
        "ValidationException: Time to live has been modified multiple times within a fixed interval";
    aws.refuses("UpdateTimeToLive", update(false, "x"), too_soon)
        .await;
    sim.advance(3600).await;
    aws.ok("UpdateTimeToLive", update(false, "x")).await;
    assert_eq!(status().await, "DISABLING");
}

#[tokio::test]
async fn a_resource_policy_has_revisions() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    let arn = json!({"ResourceArn": table_arn("Music")});
    let put = |policy: &str, revision: Option<&str>| {
        let mut body = json!({"ResourceArn": table_arn("Music"), "Policy": policy});
        if let Some(revision) = revision {
            body["ExpectedRevisionId"] = json!(revision);
        }
        body
    };
    aws.refuses("GetResourcePolicy", arn.clone(), "PolicyNotFoundException")
        .await;
    aws.refuses(
        "PutResourcePolicy",
        put("{}", Some("1")),
        "PolicyNotFoundException",
    )
    .await;
    aws.refuses("PutResourcePolicy", put("not JSON", None), "ValidationException")
        .await;
    aws.refuses(
        "PutResourcePolicy",
        put(&" ".repeat(21_000), None),
        "LimitExceededException",
    )
    .await;
    let first = aws.ok("PutResourcePolicy", put("{}", Some("NO_POLICY"))).await["RevisionId"].clone();
    aws.refuses("GetResourcePolicy", arn.clone(), "PolicyNotFoundException")
        .await;
    aws.refuses("PutResourcePolicy", put("[]", None), "ValidationException")
        .await;
    aws.refuses(
        "PutResourcePolicy",
        put("{\"a\":1}", None),
        "LimitExceededException",
    )
    .await;
    sim.advance(60).await;
    let same = aws.ok("PutResourcePolicy", put("{}", None)).await["RevisionId"].clone();
    assert_eq!(first, same);
    let second = aws
        .ok("PutResourcePolicy", put("{\"a\":1}", first.as_str()))
        .await["RevisionId"]
        .clone();
    assert_ne!(first, second);
    let before = aws.ok("GetResourcePolicy", arn.clone()).await;
    assert_eq!(before["Policy"], "{}", "a change shows a while later");
    sim.advance(60).await;
    let kept = aws.ok("GetResourcePolicy", arn.clone()).await;
    assert_eq!(kept, json!({"Policy": "{\"a\":1}", "RevisionId": second}));
    aws.ok("DeleteResourcePolicy", arn.clone()).await;
    assert_eq!(aws.ok("DeleteResourcePolicy", arn).await, json!({}));
}

#[tokio::test]
async fn insights_and_streaming_destinations_switch() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    let music = json!({"TableName": "Music"});
    let status = aws.ok("DescribeContributorInsights", music.clone()).await;
    assert_eq!(status["ContributorInsightsStatus"], "DISABLED");
    let enable = json!({"TableName": "Music", "ContributorInsightsAction": "ENABLE"});
    assert_eq!(
        aws.ok("UpdateContributorInsights", enable).await["ContributorInsightsStatus"],
        "ENABLING"
    );
    sim.advance(60).await;
    let status = aws.ok("DescribeContributorInsights", music.clone()).await;
    assert_eq!(status["ContributorInsightsStatus"], "ENABLED");
    assert!(
        status["ContributorInsightsRuleList"]
            .as_array()
            .is_some_and(|rules| !rules.is_empty())
    );
    let index = json!({"TableName": "Music", "IndexName": "none"});
    aws.refuses("DescribeContributorInsights", index, "ResourceNotFoundException")
        .await;

    let stream = "arn:aws:kinesis:us-east-1:111122223333:stream/changes-of-music";
    let body = json!({"TableName": "Music", "StreamArn": stream});
    assert_eq!(
        aws.ok("EnableKinesisStreamingDestination", body.clone()).await["DestinationStatus"],
        "ENABLING"
    );
    aws.refuses(
        "EnableKinesisStreamingDestination",
        body.clone(),
        "ValidationException",
    )
    .await;
    sim.advance(60).await;
    let shown = aws.ok("DescribeKinesisStreamingDestination", music.clone()).await;
    assert_eq!(
        column(&shown["KinesisDataStreamDestinations"], "DestinationStatus"),
        ["ACTIVE"]
    );
    let precise = json!({"TableName": "Music", "StreamArn": stream,
        "UpdateKinesisStreamingConfiguration": {"ApproximateCreationDateTimePrecision": "MICROSECOND"}});
    let updated = aws.ok("UpdateKinesisStreamingDestination", precise.clone()).await;
    assert_eq!(updated["DestinationStatus"], "UPDATING");
    sim.advance(60).await;
    aws.refuses(
        "UpdateKinesisStreamingDestination",
        precise,
        "ValidationException",
    )
    .await;
    let shown = aws.ok("DescribeKinesisStreamingDestination", music.clone()).await;
    let destination = &shown["KinesisDataStreamDestinations"][0];
    assert_eq!(destination["DestinationStatus"], "ACTIVE");
    assert_eq!(destination["ApproximateCreationDateTimePrecision"], "MICROSECOND");
    aws.ok("DisableKinesisStreamingDestination", body.clone()).await;
    sim.advance(60).await;
    let shown = aws.ok("DescribeKinesisStreamingDestination", music).await;
    assert_eq!(
        column(&shown["KinesisDataStreamDestinations"], "DestinationStatus"),
        ["DISABLED"]
    );
    aws.refuses("DisableKinesisStreamingDestination", body, "ValidationException")
        .await;
}
