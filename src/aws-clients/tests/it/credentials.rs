//! Who calls: keys, profiles, roles, web identities; and which account may be touched.

use aws_clients::{AssumeRole, AssumeRoleWithWebIdentity, Config, ErrorKind, Sensitive};
use serde_json::json;

use crate::stub::{Reply, Request, Stub, World, config, ok, refuse, said, table};

fn answer(request: &Request) -> Reply {
    let credentials = |number: &str| {
        format!(
            "<Credentials><AccessKeyId>ASIA{number}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>\
             <SessionToken>token{number}</SessionToken><Expiration>2026-03-01T13:00:00Z</Expiration></Credentials>"
        )
    };
    match request.operation.as_str() {
        "GetCallerIdentity" => Reply::Xml(
            200,
            "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/ci</Arn>\
             <UserId>AIDA</UserId><Account>111122223333</Account></GetCallerIdentityResult>\
             </GetCallerIdentityResponse>"
                .to_owned(),
        ),
        "AssumeRole" => {
            let number = if request.body.as_str().unwrap().contains("second") { "2" } else { "1" };
            Reply::Xml(
                200,
                format!(
                    "<AssumeRoleResponse><AssumeRoleResult>{}</AssumeRoleResult></AssumeRoleResponse>",
                    credentials(number)
                ),
            )
        }
        "AssumeRoleWithWebIdentity" => Reply::Xml(
            200,
            format!(
                "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult>{}\
                 </AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>",
                credentials("W")
            ),
        ),
        "DescribeTable" => ok(json!({ "Table": table("ACTIVE") })),
        _ => refuse("ValidationException", "unexpected"),
    }
}

async fn read_table(world: &World) -> Result<(), aws_clients::Error> {
    world
        .db()
        .find_table(&world.cx, &"Orders".parse().unwrap())
        .await
        .map(drop)
}

fn key_of(request: &Request) -> String {
    let authorization = request.header("authorization").unwrap_or("Credential=none/");
    authorization
        .split_once("Credential=")
        .unwrap()
        .1
        .split('/')
        .next()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn the_identity_is_asked_once_however_many_want_it() {
    let stub = Stub::start(answer).await;
    let world = World::new(&stub).await;
    let (a, b, c) = tokio::join!(
        world.clients.find_identity(&world.cx),
        world.clients.find_identity(&world.cx),
        world.clients.find_identity(&world.cx),
    );
    let identity = a.unwrap().unwrap();
    assert_eq!(
        (identity.account.as_str(), identity.partition.as_str()),
        ("111122223333", "aws")
    );
    assert_eq!((b.unwrap(), c.unwrap()), (Some(identity.clone()), Some(identity)));
    assert_eq!(stub.operations(), ["GetCallerIdentity"]);
}

#[tokio::test]
async fn an_sts_that_fails_is_not_asked_by_every_object() {
    let stub = Stub::script([Reply::Xml(500, "<Error/>".to_owned())]).await;
    let world = World::with(Config {
        max_retries: Some(1),
        ..config(&stub.url)
    })
    .await;
    for _ in 0..5 {
        let error = world.clients.find_identity(&world.cx).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable);
    }
    assert_eq!(stub.requests().len(), 2);
    world.clock.advance(std::time::Duration::from_secs(21));
    world.clients.find_identity(&world.cx).await.unwrap_err();
    assert_eq!(stub.requests().len(), 4);
}

#[tokio::test]
async fn the_identity_is_not_asked_when_it_is_not_needed() {
    let stub = Stub::start(answer).await;
    let world = World::with(Config {
        skip_requesting_account_id: true,
        ..config(&stub.url)
    })
    .await;
    assert_eq!(world.clients.find_identity(&world.cx).await.unwrap(), None);
    read_table(&world).await.unwrap();
    assert_eq!(stub.operations(), ["DescribeTable"]);
}

#[tokio::test]
async fn an_account_that_is_ruled_out_is_not_touched() {
    let stub = Stub::start(answer).await;
    let other = vec!["444455556666".to_owned()];
    let world = World::with(Config {
        allowed_account_ids: other.clone(),
        ..config(&stub.url)
    })
    .await;
    let error = read_table(&world).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Account);
    assert_eq!(stub.operations(), ["GetCallerIdentity"]);
    let world = World::with(Config {
        forbidden_account_ids: other,
        ..config(&stub.url)
    })
    .await;
    read_table(&world).await.unwrap();
    read_table(&world).await.unwrap();
    assert_eq!(
        stub.operations()[1..],
        ["GetCallerIdentity", "DescribeTable", "DescribeTable"]
    );
}

#[tokio::test]
async fn roles_are_assumed_one_with_the_other() {
    let stub = Stub::start(answer).await;
    let first = AssumeRole {
        role_arn: "arn:aws:iam::111122223333:role/first".into(),
        duration: Some(std::time::Duration::from_secs(900)),
        external_id: Some("partner".into()),
        source_identity: Some("jane".into()),
        session_name: Some("deploy".into()),
        policy_arns: vec!["arn:aws:iam::aws:policy/ReadOnlyAccess".into()],
        tags: [("team".to_owned(), "data".to_owned())].into(),
        transitive_tag_keys: vec!["team".into()],
        ..AssumeRole::default()
    };
    let second = AssumeRole {
        role_arn: "arn:aws:iam::111122223333:role/second".into(),
        ..AssumeRole::default()
    };
    let world = World::with(Config {
        assume_role: vec![first, second],
        ..config(&stub.url)
    })
    .await;
    read_table(&world).await.unwrap();
    read_table(&world).await.unwrap();
    assert_eq!(
        stub.operations(),
        ["AssumeRole", "AssumeRole", "DescribeTable", "DescribeTable"]
    );
    let requests = stub.requests();
    let keys: Vec<_> = requests.iter().map(key_of).collect();
    assert_eq!(keys, ["AKIAEXAMPLE", "ASIA1", "ASIA2", "ASIA2"]);
    let sent = requests[0].body.as_str().unwrap();
    for pair in [
        "RoleSessionName=deploy",
        "DurationSeconds=900",
        "ExternalId=partner",
        "SourceIdentity=jane",
        "Tags.member.1.Key=team",
        "TransitiveTagKeys.member.1=team",
        "PolicyArns.member.1.arn=arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2FReadOnlyAccess",
    ] {
        assert!(sent.contains(pair), "{pair} in {sent}");
    }
}

#[tokio::test]
async fn a_web_identity_token_is_read_from_its_file_or_given() {
    let stub = Stub::start(answer).await;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "token-of-file\n").unwrap();
    let block = AssumeRoleWithWebIdentity {
        role_arn: Some("arn:aws:iam::111122223333:role/ci".into()),
        web_identity_token_file: Some(file.path().to_str().unwrap().into()),
        ..AssumeRoleWithWebIdentity::default()
    };
    let given = AssumeRoleWithWebIdentity {
        web_identity_token: Some(Sensitive::from("token-given")),
        ..block.clone()
    };
    for (block, token) in [(block, "token-of-file"), (given, "token-given")] {
        let config = Config {
            access_key: None,
            secret_key: None,
            assume_role_with_web_identity: Some(block),
            ..config(&stub.url)
        };
        read_table(&World::with(config).await).await.unwrap();
        let requests = stub.requests();
        let [.., assume, read] = requests.as_slice() else {
            panic!("two requests")
        };
        let sent = assume.body.as_str().unwrap();
        assert!(
            sent.split('&')
                .any(|pair| pair == format!("WebIdentityToken={token}")),
            "{sent}"
        );
        assert_eq!(
            (assume.header("authorization"), key_of(read).as_str()),
            (None, "ASIAW")
        );
    }
}

#[tokio::test]
async fn a_role_that_may_not_be_assumed_is_told_with_its_name() {
    let stub = Stub::start(|_| {
        Reply::Xml(
            403,
            "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User ci is not authorized \
             to perform: sts:AssumeRole</Message></Error></ErrorResponse>"
                .to_owned(),
        )
    })
    .await;
    let role = AssumeRole {
        role_arn: "arn:aws:iam::111122223333:role/ci".into(),
        ..AssumeRole::default()
    };
    let world = World::with(Config {
        assume_role: vec![role],
        ..config(&stub.url)
    })
    .await;
    let error = read_table(&world).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials, "{}", said(&error));
    let said = said(&error);
    assert!(
        said.contains("to assume arn:aws:iam::111122223333:role/ci"),
        "{said}"
    );
    assert!(
        said.contains("not authorized to perform: sts:AssumeRole"),
        "{said}"
    );
}

#[tokio::test]
async fn a_profile_gives_keys_region_and_a_missing_one_is_named() {
    let stub = Stub::start(answer).await;
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let profile = |name: &str| Config {
        profile: Some(name.to_owned()),
        region: None,
        access_key: None,
        secret_key: None,
        shared_config_files: vec![write("config", "[profile work]\nregion = eu-central-1\n")],
        shared_credentials_files: vec![write(
            "credentials",
            "[work]\naws_access_key_id = AKIAWORK\naws_secret_access_key = secret\n",
        )],
        ..config(&stub.url)
    };
    let world = World::with(profile("work")).await;
    assert_eq!(world.clients.region().as_str(), "eu-central-1");
    read_table(&world).await.unwrap();
    let request = stub.requests().pop().unwrap();
    assert_eq!(key_of(&request), "AKIAWORK");
    assert!(
        request
            .header("authorization")
            .unwrap()
            .contains("/eu-central-1/dynamodb/")
    );

    let nobody = Config {
        region: Some("eu-west-1".into()),
        ..profile("nobody")
    };
    let error = read_table(&World::with(nobody).await).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials, "{}", said(&error));
    assert!(
        said(&error).contains("the profile \"nobody\" of the shared files"),
        "{}",
        said(&error)
    );
}
