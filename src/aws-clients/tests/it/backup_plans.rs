//! Backup plans and their selections: tokens, what is sent back, and what AWS takes only later.

use std::collections::BTreeMap;

use aws_clients::{
    AwsBackup, ErrorKind, LifecycleDays, PlanDocument, PlanRule, Selection, SelectionCondition, retry_until,
};
use serde_json::{Value, json};

use crate::stub::{Reply, Request, Stub, World, ok, refuse};

const PLAN_ARN: &str = "arn:aws:backup:eu-west-1:111122223333:backup-plan:plan-1";

fn backup(world: &World) -> AwsBackup {
    world.clients.aws_backup(world.clients.region())
}

/// Method and path of a request, and of a query nothing.
fn line(request: &Request) -> String {
    let line = request.head.lines().next().unwrap_or_default();
    let line = line.rsplit_once(' ').map_or(line, |(line, _)| line);
    line.split('?').next().unwrap_or_default().to_owned()
}

fn document() -> PlanDocument {
    PlanDocument {
        name: "orders".to_owned(),
        rules: vec![PlanRule {
            name: "daily".to_owned(),
            target_vault_name: "vault".to_owned(),
            target_logically_air_gapped_vault_arn: None,
            schedule: Some("cron(0 5 ? * * *)".to_owned()),
            schedule_timezone: None,
            start_window_minutes: None,
            completion_window_minutes: None,
            lifecycle: LifecycleDays {
                move_to_cold_storage_after: None,
                delete_after: Some(35),
            },
            copy_actions: Vec::new(),
            recovery_point_tags: BTreeMap::new(),
        }],
    }
}

fn acknowledged() -> Value {
    json!({"BackupPlanId": "plan-1", "BackupPlanArn": PLAN_ARN, "VersionId": "v1"})
}

fn described(more: Value) -> Value {
    let mut answer = acknowledged();
    answer["BackupPlan"] = json!({"BackupPlanName": "orders", "Rules": [{
        "RuleName": "daily", "TargetBackupVaultName": "vault", "EnableContinuousBackup": true,
        "Lifecycle": {"DeleteAfterDays": 35, "OptInToArchiveForSupportedResources": true},
        "ScanActions": [{"MalwareScanner": "GUARDDUTY", "ScanMode": "FULL_SCAN"}],
    }], "AdvancedBackupSettings": [{"ResourceType": "EC2", "BackupOptions": {"WindowsVSS": "enabled"}}]});
    for (key, value) in more.as_object().unwrap() {
        answer[key] = value.clone();
    }
    answer
}

#[tokio::test]
async fn a_repeated_create_sends_the_same_token() {
    let stub = Stub::script([Reply::Cut, Reply::Cut, ok(acknowledged())]).await;
    let world = World::new(&stub).await;
    let tags = BTreeMap::from([("team".to_owned(), "orders".to_owned())]);
    let made = backup(&world)
        .create_plan(&world.cx, "token-1", &document(), &tags)
        .await
        .unwrap();
    assert_eq!(
        (made.id.as_str(), made.arn.as_str(), made.version_id.as_str()),
        ("plan-1", PLAN_ARN, "v1")
    );
    let requests = stub.requests();
    assert_eq!(requests.len(), 3);
    for request in requests {
        assert_eq!(line(&request), "PUT /backup/plans");
        assert_eq!(request.body["CreatorRequestId"], "token-1");
        assert_eq!(request.body["BackupPlanTags"], json!({"team": "orders"}));
        assert_eq!(
            request.body["BackupPlan"]["Rules"],
            json!([{
                "RuleName": "daily", "TargetBackupVaultName": "vault", "ScheduleExpression": "cron(0 5 ? * * *)",
                "Lifecycle": {"DeleteAfterDays": 35},
            }])
        );
    }
}

#[tokio::test]
async fn only_a_plan_of_our_own_token_is_taken_for_ours() {
    for (creator, is_ours) in [("token-1", true), ("somebody", false)] {
        let stub = Stub::start(move |request| {
            if line(request).starts_with("GET") {
                return ok(described(json!({})));
            }
            let Reply::Json(status, mut body) =
                refuse("AlreadyExistsException", "Backup plan already exists")
            else {
                panic!("a refusal is JSON")
            };
            body["CreatorRequestId"] = creator.into();
            body["Arn"] = PLAN_ARN.into();
            Reply::Json(status, body)
        })
        .await;
        let world = World::new(&stub).await;
        let made = backup(&world)
            .create_plan(&world.cx, "token-1", &document(), &BTreeMap::new())
            .await;
        match made {
            Ok(version) => assert!(is_ours && version.id == "plan-1", "{creator}"),
            Err(error) => {
                assert!(!is_ours, "{creator}");
                assert_eq!(error.kind(), ErrorKind::AlreadyExists);
                assert_eq!(stub.requests().len(), 1);
            }
        }
    }
}

#[tokio::test]
async fn what_is_not_managed_is_sent_back() {
    let stub = Stub::script([ok(described(json!({}))), ok(acknowledged())]).await;
    let world = World::new(&stub).await;
    let backup = backup(&world);
    let plan = backup.find_plan(&world.cx, "plan-1").await.unwrap().unwrap();
    assert_eq!(plan.document.rules[0].lifecycle.delete_after, Some(35));
    let mut wanted = document();
    wanted.rules[0].lifecycle = LifecycleDays::default();
    wanted.rules.push(PlanRule {
        name: "new".to_owned(),
        ..wanted.rules[0].clone()
    });
    backup.update_plan(&world.cx, &plan, &wanted).await.unwrap();
    let sent = &stub.requests()[1];
    assert_eq!(line(sent), "POST /backup/plans/plan-1");
    let [kept, new] = &sent.body["BackupPlan"]["Rules"].as_array().unwrap()[..] else {
        panic!("not two rules")
    };
    assert_eq!(kept["EnableContinuousBackup"], true);
    assert_eq!(kept["ScanActions"][0]["MalwareScanner"], "GUARDDUTY");
    assert_eq!(
        kept["Lifecycle"],
        json!({"OptInToArchiveForSupportedResources": true})
    );
    for member in ["EnableContinuousBackup", "ScanActions", "Lifecycle"] {
        assert_eq!(new[member], Value::Null, "{member}");
    }
    assert_eq!(
        sent.body["BackupPlan"]["AdvancedBackupSettings"][0]["ResourceType"],
        "EC2"
    );
}

#[tokio::test]
async fn a_deleted_plan_that_can_still_be_read_is_gone() {
    let stub = Stub::script([
        ok(described(json!({"DeletionDate": 1_772_366_400}))),
        refuse("ResourceNotFoundException", "no"),
    ])
    .await;
    let world = World::new(&stub).await;
    for _ in 0..2 {
        assert_eq!(backup(&world).find_plan(&world.cx, "plan-1").await.unwrap(), None);
    }
}

#[tokio::test]
async fn conditions_of_one_operator_stand_together() {
    let stub = Stub::start(|request| {
        if line(request).starts_with("GET") {
            return ok(json!({"BackupSelection": {
                "SelectionName": "orders", "IamRoleArn": "role", "Resources": [], "NotResources": [], "ListOfTags": [],
                "Conditions": {
                    "StringEquals": [{"ConditionKey": "a", "ConditionValue": "1"}, {"ConditionKey": "b", "ConditionValue": "2"}],
                    "StringNotEquals": [], "StringLike": [], "StringNotLike": [],
                },
            }}));
        }
        ok(json!({"SelectionId": "selection-1"}))
    })
    .await;
    let world = World::new(&stub).await;
    let condition = |operator: &str, key: &str| SelectionCondition {
        operator: operator.to_owned(),
        key: key.to_owned(),
        value: "x".to_owned(),
    };
    let selection = Selection {
        name: "orders".to_owned(),
        role_arn: "role".to_owned(),
        resources: Vec::new(),
        not_resources: vec!["c".to_owned()],
        tags: vec![("k".to_owned(), "v".to_owned())],
        conditions: vec![
            condition("StringEquals", "a"),
            condition("StringNotLike", "b"),
            condition("StringEquals", "c"),
            condition("StringLike", "d"),
            condition("StringNotEquals", "e"),
        ],
    };
    let id = backup(&world)
        .create_selection(&world.cx, "plan-1", "token", &selection)
        .await
        .unwrap();
    assert_eq!(id, "selection-1");
    let body = stub.requests()[0].body.clone();
    assert_eq!(body["CreatorRequestId"], "token");
    let sent = &body["BackupSelection"];
    assert_eq!(
        (&sent["Resources"], &sent["NotResources"]),
        (&Value::Null, &json!(["c"]))
    );
    assert_eq!(
        sent["ListOfTags"],
        json!([{"ConditionType": "STRINGEQUALS", "ConditionKey": "k", "ConditionValue": "v"}])
    );
    let keys = |operator: &str| -> Vec<String> {
        let list = sent["Conditions"][operator].as_array().unwrap();
        list.iter()
            .map(|it| it["ConditionKey"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(keys("StringEquals"), ["a", "c"]);
    assert_eq!(keys("StringNotLike"), ["b"]);
    assert_eq!(keys("StringLike"), ["d"]);
    assert_eq!(keys("StringNotEquals"), ["e"]);

    let found = backup(&world)
        .find_selection(&world.cx, "plan-1", "selection-1")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (found.resources.len(), found.tags.len(), found.conditions.len()),
        (0, 0, 2)
    );
    assert_eq!(found.conditions[1].operator, "StringEquals");
}

#[tokio::test]
async fn all_pages_of_selections_are_listed() {
    let mut pages = 0;
    let stub = Stub::start(move |_| {
        pages += 1;
        let mut page = json!({"BackupSelectionsList": [{"SelectionId": format!("s{pages}"), "SelectionName": "orders"}]});
        if pages == 1 {
            page["NextToken"] = "more".into();
        }
        ok(page)
    })
    .await;
    let world = World::new(&stub).await;
    let listed = backup(&world)
        .list_selections(&world.cx, "plan-1")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        listed.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(),
        ["s1", "s2"]
    );
}

#[tokio::test]
async fn a_denied_read_is_an_error_and_not_gone() {
    let stub = Stub::start(|_| refuse("AccessDeniedException", "not authorized")).await;
    let world = World::new(&stub).await;
    let backup = backup(&world);
    for (error, action) in [
        (
            backup.find_plan(&world.cx, "p").await.unwrap_err(),
            "backup:GetBackupPlan",
        ),
        (
            backup.list_selections(&world.cx, "p").await.unwrap_err(),
            "backup:ListBackupSelections",
        ),
        (
            backup.find_selection(&world.cx, "p", "s").await.unwrap_err(),
            "backup:GetBackupSelection",
        ),
        (
            backup.delete_selection(&world.cx, "p", "s").await.unwrap_err(),
            "backup:DeleteBackupSelection",
        ),
        (
            backup.delete_plan(&world.cx, "p").await.unwrap_err(),
            "backup:DeleteBackupPlan",
        ),
    ] {
        assert_eq!(
            (error.kind(), error.denied_action()),
            (ErrorKind::Denied, Some(action))
        );
    }
}

#[tokio::test]
async fn what_aws_takes_only_later_is_tried_again_and_nothing_else() {
    for (code, message, times) in [
        (
            "InvalidParameterValueException",
            "IAM Role arn:x cannot be assumed by AWS Backup",
            3,
        ),
        (
            "InvalidParameterValueException",
            "arn:x is not authorized to call tag:GetResources",
            3,
        ),
        ("InvalidParameterValueException", "Invalid role ARN", 1),
    ] {
        let mut asked = 0;
        let stub = Stub::start(move |_| {
            asked += 1;
            if asked < 3 {
                refuse(code, message)
            } else {
                ok(json!({"SelectionId": "s1"}))
            }
        })
        .await;
        let world = World::new(&stub).await;
        let selection = Selection {
            name: "orders".to_owned(),
            role_arn: "arn:x".to_owned(),
            resources: vec!["*".to_owned()],
            not_resources: Vec::new(),
            tags: Vec::new(),
            conditions: Vec::new(),
        };
        let backup = backup(&world);
        let cx = world.seconds(60);
        let made = retry_until(&cx, &world.clock, "adding", || {
            backup.create_selection(&cx, "p", "t", &selection)
        })
        .await;
        assert_eq!(made.is_ok(), times == 3, "{message}");
        assert_eq!(stub.requests().len(), times, "{message}");
    }
}

#[tokio::test]
async fn a_plan_is_deleted_when_its_selections_are_forgotten() {
    let refusal = refuse(
        "InvalidRequestException",
        "Related backup plan selections must be deleted prior to backup plan deletion.",
    );
    let stub = Stub::script([refusal.clone(), refusal, ok(json!({}))]).await;
    let world = World::new(&stub).await;
    let (backup, cx) = (backup(&world), world.seconds(600));
    retry_until(&cx, &world.clock, "deleting", || backup.delete_plan(&cx, "p"))
        .await
        .unwrap();
    assert_eq!(stub.requests().len(), 3);

    let stub = Stub::start(|_| refuse("InvalidRequestException", "Something else")).await;
    let world = World::new(&stub).await;
    let error = world
        .clients
        .aws_backup(world.clients.region())
        .delete_plan(&world.cx, "p")
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.is_not_now()), (ErrorKind::Invalid, false));
    let stub = Stub::start(|_| refuse("ResourceNotFoundException", "no")).await;
    let world = World::new(&stub).await;
    world
        .clients
        .aws_backup(world.clients.region())
        .delete_plan(&world.cx, "p")
        .await
        .unwrap();
}
