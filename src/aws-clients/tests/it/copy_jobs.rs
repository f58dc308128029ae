//! Copy jobs, the ends of copies, and one more role in the chain.

use aws_clients::{
    AssumeRole, AwsBackup, Config, Copy, CopyJobState, ErrorKind, LifecycleDays, RecoveryPointArn, VaultArn,
};
use serde_json::{Value, json};

use crate::stub::{Reply, Request, Stub, World, config, ok, refuse, said};

const POINT: &str = "arn:aws:backup:eu-west-1:111122223333:recovery-point:1EB3B5E7";
const VAULT: &str = "arn:aws:backup:eu-west-1:444455556666:backup-vault:copies";

fn point() -> RecoveryPointArn {
    POINT.parse().unwrap()
}

fn backup(world: &World) -> AwsBackup {
    world.clients.aws_backup(world.clients.region())
}

async fn start(world: &World, lifecycle: Option<LifecycleDays>) -> Result<String, aws_clients::Error> {
    let vault: VaultArn = VAULT.parse().unwrap();
    let copy = Copy {
        recovery_point: &point(),
        source_vault_name: "orders",
        destination_vault: &vault,
        role_arn: "arn:aws:iam::111122223333:role/backup",
        lifecycle,
        token: "token-1",
    };
    backup(world).start_copy_job(&world.cx, &copy).await
}

fn started() -> Reply {
    ok(json!({"CopyJobId": "job-1"}))
}

fn job(state: &str) -> Reply {
    ok(json!({"CopyJob": {
        "CopyJobId": "job-1", "State": state, "StatusMessage": "because", "SourceRecoveryPointArn": POINT,
        "DestinationBackupVaultArn": VAULT, "CreationDate": 1_772_366_400.5,
    }}))
}

fn described(status: &str) -> Reply {
    ok(json!({"RecoveryPointArn": POINT, "BackupVaultName": "copies", "Status": status}))
}

#[tokio::test]
async fn a_job_is_started_with_its_token_also_when_answers_are_lost() {
    let stub = Stub::script([Reply::Cut, started()]).await;
    let world = World::new(&stub).await;
    let lifecycle = LifecycleDays {
        move_to_cold_storage_after: None,
        delete_after: Some(35),
    };
    assert_eq!(start(&world, Some(lifecycle)).await.unwrap(), "job-1");
    let bodies: Vec<Value> = stub.requests().into_iter().map(|it| it.body).collect();
    assert_eq!(bodies.len(), 2);
    for body in bodies {
        assert_eq!(body["IdempotencyToken"], "token-1");
        assert_eq!(body["Lifecycle"], json!({"DeleteAfterDays": 35}));
        assert_eq!(body["DestinationBackupVaultArn"], VAULT);
    }
    let stub = Stub::script([started()]).await;
    start(&World::new(&stub).await, None).await.unwrap();
    assert_eq!(stub.requests()[0].body["Lifecycle"], Value::Null);
}

#[tokio::test]
async fn a_role_that_is_not_known_yet_is_tried_for_two_minutes() {
    let unknown = || {
        refuse(
            "InvalidParameterValueException",
            "IAM Role arn:aws:iam::111122223333:role/backup cannot be assumed by AWS Backup",
        )
    };
    let stub = Stub::script([unknown(), unknown(), started()]).await;
    let world = World::new(&stub).await;
    start(&world, None).await.unwrap();
    assert_eq!(world.spent(), 10.0);

    let stub = Stub::script([unknown()]).await;
    let world = World::new(&stub).await;
    let error = start(&world, None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert_eq!(world.spent(), 120.0);

    let stub = Stub::script([refuse(
        "InvalidParameterValueException",
        "Invalid backup vault ARN",
    )])
    .await;
    let world = World::new(&stub).await;
    start(&world, None).await.unwrap_err();
    assert_eq!(stub.requests().len(), 1);
}

#[tokio::test]
async fn a_point_of_another_region_is_not_sent() {
    let stub = Stub::script([started()]).await;
    let world = World::with(Config {
        region: Some("us-east-1".to_owned()),
        ..config(&stub.url)
    })
    .await;
    assert_eq!(
        start(&world, None).await.unwrap_err().kind(),
        ErrorKind::OtherRegion
    );
    assert_eq!(stub.requests().len(), 0);
}

#[tokio::test]
async fn a_wait_ends_with_the_job_whatever_came_of_it() {
    for (end, state) in [
        ("COMPLETED", CopyJobState::Completed),
        ("PARTIAL", CopyJobState::Partial),
        ("FAILED", CopyJobState::Failed),
    ] {
        let stub = Stub::script([job("CREATED"), job("RUNNING"), job(end)]).await;
        let world = World::new(&stub).await;
        let ended = backup(&world).wait_copy_job(&world.cx, "job-1").await.unwrap();
        assert_eq!(ended.state, state);
        assert_eq!(ended.status_message.as_deref(), Some("because"));
        assert_eq!(ended.source, Some(point()));
    }
    let stub = Stub::script([refuse("ResourceNotFoundException", "no job")]).await;
    let world = World::new(&stub).await;
    assert_eq!(
        backup(&world).find_copy_job(&world.cx, "job-1").await.unwrap(),
        None
    );
    let error = backup(&world)
        .wait_copy_job(&world.cx, "job-1")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn never_is_sent_as_minus_one() {
    let stub = Stub::script([ok(json!({}))]).await;
    let world = World::new(&stub).await;
    for (lifecycle, cold, delete) in [
        (LifecycleDays::default(), -1, -1),
        (
            LifecycleDays {
                move_to_cold_storage_after: Some(10),
                delete_after: Some(100),
            },
            10,
            100,
        ),
    ] {
        backup(&world)
            .set_copy_lifecycle(&world.cx, "copies", &point(), lifecycle)
            .await
            .unwrap();
        let sent = stub.requests().pop().unwrap().body;
        assert_eq!(
            sent["Lifecycle"],
            json!({"MoveToColdStorageAfterDays": cold, "DeleteAfterDays": delete})
        );
    }
}

#[tokio::test]
async fn a_deletion_is_done_when_the_copy_is_gone() {
    let gone = || refuse("ResourceNotFoundException", "none");
    let stub = Stub::script([ok(json!({})), described("DELETING"), gone()]).await;
    let world = World::new(&stub).await;
    let delete = async |world: &World| backup(world).delete_copy(&world.cx, "copies", &point()).await;
    delete(&world).await.unwrap();
    assert_eq!(stub.requests().len(), 3);

    let stub = Stub::script([gone()]).await;
    let world = World::new(&stub).await;
    delete(&world).await.unwrap();
    assert_eq!(stub.requests().len(), 1);

    // AWS said yes, and could not.
    let stub = Stub::script([ok(json!({})), described("EXPIRED")]).await;
    let world = World::new(&stub).await;
    let error = delete(&world).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedStatus);
    assert!(said(&error).contains("EXPIRED"), "{}", said(&error));
}

fn sts(request: &Request) -> Reply {
    match request.operation.as_str() {
        "AssumeRole" => Reply::Xml(
            200,
            "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIATHERE</AccessKeyId>\
             <SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>\
             <Expiration>2026-03-01T13:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
                .to_owned(),
        ),
        "GetCallerIdentity" => Reply::Xml(
            200,
            "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::444455556666:assumed-role/copies/s</Arn>\
             <UserId>AROA</UserId><Account>444455556666</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
                .to_owned(),
        ),
        _ => job("RUNNING"),
    }
}

fn role() -> AssumeRole {
    AssumeRole {
        role_arn: "arn:aws:iam::444455556666:role/copies".to_owned(),
        external_id: Some("shared-secret".to_owned()),
        ..AssumeRole::default()
    }
}

#[tokio::test]
async fn one_more_role_is_assumed_once_with_the_credentials_before_it() {
    let stub = Stub::start(sts).await;
    let world = World::new(&stub).await;
    for _ in 0..2 {
        let clients = world.clients.assuming(&role()).await;
        let there = clients.aws_backup(clients.region());
        there.find_copy_job(&world.cx, "job-1").await.unwrap();
    }
    backup(&world).find_copy_job(&world.cx, "job-1").await.unwrap();
    let keys: Vec<String> = stub
        .requests()
        .iter()
        .map(|request| {
            let authorization = request.header("authorization").unwrap().to_owned();
            let (_, rest) = authorization.split_once("Credential=").unwrap();
            rest.split('/').next().unwrap().to_owned()
        })
        .collect();
    assert_eq!(keys, ["AKIAEXAMPLE", "ASIATHERE", "ASIATHERE", "AKIAEXAMPLE"]);
    let assumed = stub.requests()[0].body.as_str().unwrap().to_owned();
    assert!(assumed.contains("ExternalId=shared-secret"), "{assumed}");
}

#[tokio::test]
async fn the_accounts_that_are_allowed_do_not_bind_a_role_that_is_named_and_those_that_are_forbidden_do() {
    let stub = Stub::start(sts).await;
    let world = World::with(Config {
        allowed_account_ids: vec!["111122223333".to_owned()],
        ..config(&stub.url)
    })
    .await;
    let there = world
        .clients
        .assuming(&role())
        .await
        .aws_backup(world.clients.region());
    there.find_copy_job(&world.cx, "job-1").await.unwrap();
    let world = World::with(Config {
        forbidden_account_ids: vec!["444455556666".to_owned()],
        ..config(&stub.url)
    })
    .await;
    let there = world
        .clients
        .assuming(&role())
        .await
        .aws_backup(world.clients.region());
    let error = there.find_copy_job(&world.cx, "job-1").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Account);
}

#[tokio::test]
async fn a_role_that_cannot_be_assumed_is_named() {
    let stub = Stub::script([Reply::Xml(
        403,
        "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not authorized to perform: \
         sts:AssumeRole</Message></Error></ErrorResponse>"
            .to_owned(),
    )])
    .await;
    let world = World::new(&stub).await;
    let there = world
        .clients
        .assuming(&role())
        .await
        .aws_backup(world.clients.region());
    let error = there.find_copy_job(&world.cx, "job-1").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    let said = said(&error);
    assert!(
        said.contains("sts:AssumeRole") && said.contains("to assume arn:aws:iam::444455556666:role/copies"),
        "{said}"
    );
}
