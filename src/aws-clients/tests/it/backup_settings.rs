//! The settings of AWS Backup: what is sent, what is left out, and the wait until it shows.

use aws_clients::{AwsBackup, ErrorKind, RegionSettingsChange};
use serde_json::{Value, json};

use crate::stub::{Reply, Request, Stub, World, ok};

/// The method and path of a request, as in `PUT /account-settings`.
fn line(request: &Request) -> String {
    let line = request.head.lines().next().unwrap_or_default();
    line.trim_end_matches(" HTTP/1.1").to_owned()
}

fn backup(world: &World) -> AwsBackup {
    world.clients.aws_backup(world.clients.region())
}

fn settings(opt_in: &Value, management: &Value) -> Reply {
    ok(json!({"ResourceTypeOptInPreference": opt_in, "ResourceTypeManagementPreference": management}))
}

fn lines(stub: &Stub) -> Vec<String> {
    stub.requests().iter().map(line).collect()
}

#[tokio::test]
async fn nothing_but_the_switches_of_dynamodb_is_sent() {
    for (opt_in, advanced_features, expected) in [
        (
            Some(true),
            Some(false),
            json!({
                "ResourceTypeOptInPreference": {"DynamoDB": true},
                "ResourceTypeManagementPreference": {"DynamoDB": false},
            }),
        ),
        (
            Some(false),
            None,
            json!({"ResourceTypeOptInPreference": {"DynamoDB": false}}),
        ),
        (
            None,
            Some(true),
            json!({"ResourceTypeManagementPreference": {"DynamoDB": true}}),
        ),
    ] {
        let stub = Stub::script([ok(Value::Null)]).await;
        let world = World::new(&stub).await;
        let change = RegionSettingsChange {
            opt_in,
            advanced_features,
        };
        backup(&world)
            .update_region_settings(&world.cx, change)
            .await
            .unwrap();
        assert_eq!(lines(&stub), ["PUT /account-settings"]);
        assert_eq!(stub.requests()[0].body, expected);
    }
}

#[tokio::test]
async fn what_aws_does_not_name_is_not_made_up() {
    let stub = Stub::script([
        settings(&json!({"EBS": true}), &json!({"DynamoDB": false})),
        ok(json!({})),
    ])
    .await;
    let world = World::new(&stub).await;
    let found = backup(&world).find_region_settings(&world.cx).await.unwrap();
    assert_eq!((found.opt_in, found.advanced_features), (None, Some(false)));
    let found = backup(&world).find_region_settings(&world.cx).await.unwrap();
    assert_eq!((found.opt_in, found.advanced_features), (None, None));
}

#[tokio::test]
async fn a_change_is_waited_for_until_it_shows_and_no_longer_than_asked() {
    let stale = settings(&json!({"DynamoDB": true, "EBS": true}), &json!({}));
    let fresh = settings(&json!({"DynamoDB": false, "EBS": true}), &json!({}));
    let change = RegionSettingsChange {
        opt_in: Some(false),
        advanced_features: None,
    };
    let stub = Stub::script([stale.clone(), stale.clone(), fresh]).await;
    let world = World::new(&stub).await;
    let found = backup(&world)
        .wait_region_settings(&world.cx, change)
        .await
        .unwrap();
    assert_eq!(found.dynamodb().opt_in, Some(false));
    assert_eq!(lines(&stub), ["GET /account-settings"; 3]);

    let stub = Stub::script([stale]).await;
    let world = World::new(&stub).await;
    let error = backup(&world)
        .wait_region_settings(&world.seconds(60), change)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
    assert_eq!(world.spent(), 60.0);
}

#[tokio::test]
async fn the_switch_of_the_organization_is_sent_alone_and_waited_for() {
    let answer = |is_on: &str| {
        ok(json!({"GlobalSettings": {"isCrossAccountBackupEnabled": is_on, "isMpaEnabled": "true"}}))
    };
    let stub = Stub::script([ok(Value::Null), answer("false"), answer("true")]).await;
    let world = World::new(&stub).await;
    backup(&world)
        .update_cross_account_backup(&world.cx, true)
        .await
        .unwrap();
    let found = backup(&world)
        .wait_cross_account_backup(&world.cx, true)
        .await
        .unwrap();
    assert!(found.cross_account_backup());
    assert_eq!(
        lines(&stub),
        [
            "PUT /global-settings",
            "GET /global-settings",
            "GET /global-settings"
        ]
    );
    assert_eq!(
        stub.requests()[0].body,
        json!({"GlobalSettings": {"isCrossAccountBackupEnabled": "true"}})
    );

    let stub = Stub::script([ok(Value::Null), answer("false")]).await;
    let world = World::new(&stub).await;
    backup(&world)
        .update_cross_account_backup(&world.cx, false)
        .await
        .unwrap();
    assert_eq!(
        stub.requests()[0].body,
        json!({"GlobalSettings": {"isCrossAccountBackupEnabled": "false"}})
    );
    assert!(!backup(&world).find_cross_account_backup(&world.cx).await.unwrap());
}

#[tokio::test]
async fn an_account_without_an_organization_and_a_denied_one_are_told_apart() {
    for (code, kind) in [
        ("InvalidRequestException", ErrorKind::Invalid),
        ("AccessDeniedException", ErrorKind::Denied),
    ] {
        let stub = Stub::start(move |_| {
            Reply::Json(
                if code.starts_with("Access") { 403 } else { 400 },
                json!({"__type": code, "message": "Your account is not a member of an organization."}),
            )
        })
        .await;
        let world = World::new(&stub).await;
        let error = backup(&world).find_global_settings(&world.cx).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{code}");
    }
}
