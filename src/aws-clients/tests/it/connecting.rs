//! What is refused before anything is called, and how the network is reached.

use aws_clients::{Clients, Config, Environment, ErrorKind, JumpingClock, KeyState, Region};
use serde_json::json;

use crate::stub::{START, Stub, World, config, ok, refuse, said, table};

async fn refusal(config: Config) -> String {
    let clock = JumpingClock::at(START.parse().unwrap());
    let error = Clients::connect(config, &Environment::default(), clock.shared())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    said(&error)
}

#[tokio::test]
async fn connecting_asks_nobody() {
    let stub = Stub::script([ok(json!({}))]).await;
    World::new(&stub).await;
    assert_eq!(stub.requests().len(), 0);
}

#[tokio::test]
async fn an_object_in_a_region_that_none_is_asks_nobody() {
    let stub = Stub::script([ok(json!({ "Table": table("ACTIVE") }))]).await;
    let world = World::new(&stub).await;
    let (mars, orders) = (Region::new("mars-1"), "Orders".parse().unwrap());
    let error = world
        .clients
        .dynamodb(&mars)
        .find_table(&world.cx, &orders)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(
        said(&error).contains("\"mars-1\" is not the name of an AWS Region"),
        "{}",
        said(&error)
    );
    let error = world
        .clients
        .kms(&mars)
        .find_key(&world.cx, "alias/orders")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert_eq!(stub.requests().len(), 0);
}

#[tokio::test]
async fn a_region_is_needed_and_has_a_form() {
    let files = tempfile::tempdir().unwrap();
    let empty = files.path().join("empty");
    std::fs::write(&empty, "").unwrap();
    let empty = empty.to_str().unwrap().to_owned();
    let none = Config {
        region: None,
        shared_config_files: vec![empty.clone()],
        shared_credentials_files: vec![empty],
        ..config("http://127.0.0.1:1")
    };
    let said = refusal(none).await;
    assert!(
        said.contains("no AWS Region is configured") && said.contains("AWS_REGION"),
        "{said}"
    );
    for name in ["EU-WEST-1", "eu_west_1", "Ireland", "eu-west", "xx-west-1"] {
        let wrong = Config {
            region: Some(name.into()),
            ..config("http://127.0.0.1:1")
        };
        assert!(
            refusal(wrong.clone()).await.contains("skip_region_validation"),
            "{name}"
        );
        let clock = JumpingClock::at(START.parse().unwrap());
        let skipped = Config {
            skip_region_validation: true,
            ..wrong
        };
        Clients::connect(skipped, &Environment::default(), clock.shared())
            .await
            .unwrap();
    }
    for name in [
        "eu-west-1",
        "us-gov-west-1",
        "us-isob-east-1",
        "eusc-de-east-1",
        "mx-central-1",
        "ap-southeast-7",
    ] {
        World::with(Config {
            region: Some(name.into()),
            ..config("http://127.0.0.1:1")
        })
        .await;
    }
}

#[tokio::test]
async fn a_certificate_file_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ca.pem");
    let with_bundle = || Config {
        custom_ca_bundle: Some(path.to_str().unwrap().into()),
        ..config("http://127.0.0.1:1")
    };
    assert!(refusal(with_bundle()).await.contains("No such file"));
    std::fs::write(&path, "no certificate").unwrap();
    assert!(
        refusal(with_bundle())
            .await
            .contains("no certificate in PEM form")
    );
    std::fs::write(
        &path,
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    )
    .unwrap();
    assert!(refusal(with_bundle()).await.contains("cannot be used"));
}

#[tokio::test]
async fn calls_go_through_the_proxy_unless_the_host_is_excepted() {
    let proxy = Stub::script([ok(json!({ "Table": table("ACTIVE") }))]).await;
    let behind = config("http://dynamodb.example.com:8000");
    let config = Config {
        http_proxy: Some(proxy.url.clone()),
        ..behind
    };
    let orders = "Orders".parse().unwrap();
    let world = World::with(config.clone()).await;
    world.db().find_table(&world.cx, &orders).await.unwrap();
    let head = proxy.requests()[0].head.clone();
    assert!(
        head.starts_with("POST http://dynamodb.example.com:8000/"),
        "{head}"
    );

    let direct = Stub::script([ok(json!({ "Table": table("ACTIVE") }))]).await;
    let excepted = Config {
        no_proxy: Some("127.0.0.1".into()),
        endpoints: crate::stub::config(&direct.url).endpoints,
        ..config
    };
    let world = World::with(excepted).await;
    world.db().find_table(&world.cx, &orders).await.unwrap();
    assert_eq!((proxy.requests().len(), direct.requests().len()), (1, 1));
}

#[tokio::test]
async fn a_proxy_that_is_no_url_is_refused_without_its_password() {
    let wrong = Config {
        http_proxy: Some("user:hunter2@proxy".into()),
        ..config("http://127.0.0.1:1")
    };
    let said = refusal(wrong).await;
    assert!(
        said.contains("http_proxy is not the URL of a proxy") && !said.contains("hunter2"),
        "{said}"
    );
}

#[tokio::test]
async fn a_certificate_is_verified_unless_the_block_says_otherwise() {
    let (stub, pem) = Stub::encrypted([ok(json!({ "Table": table("ACTIVE") }))]).await;
    let orders = "Orders".parse().unwrap();
    let read = async |config: Config| {
        let world = World::with(config).await;
        let found = world.db().find_table(&world.cx, &orders).await;
        (
            found
                .map(|table| table.is_some())
                .map_err(|error| (error.kind(), said(&error))),
            world.spent(),
        )
    };
    let (refused, spent) = read(config(&stub.url)).await;
    let (kind, said) = refused.unwrap_err();
    assert_eq!((kind, spent), (ErrorKind::Certificate, 0.0), "{said}");
    assert!(said.contains("invalid peer certificate"), "{said}");
    assert_eq!(stub.requests().len(), 0);

    let insecure = Config {
        insecure: true,
        ..config(&stub.url)
    };
    assert_eq!(read(insecure.clone()).await.0, Ok(true));
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pem).unwrap();
    let bundle = Config {
        custom_ca_bundle: Some(file.path().to_str().unwrap().into()),
        ..config(&stub.url)
    };
    assert_eq!(read(bundle).await.0, Ok(true));
    let proxied = Config {
        https_proxy: Some("http://proxy:3128".into()),
        ..insecure
    };
    assert!(
        refusal(proxied)
            .await
            .contains("does not go together with a proxy")
    );
}

#[tokio::test]
async fn a_key_is_described() {
    let key = json!({ "KeyMetadata": {
        "KeyId": "1", "Arn": "arn:aws:kms:eu-west-1:111122223333:key/1", "KeyState": "PendingDeletion",
        "KeySpec": "RSA_2048", "KeyUsage": "ENCRYPT_DECRYPT", "KeyManager": "CUSTOMER", "MultiRegion": true,
    }});
    let stub = Stub::script([ok(key), refuse("NotFoundException", "Key 'x' does not exist")]).await;
    let world = World::new(&stub).await;
    let kms = world.clients.kms(world.clients.region());
    let key = kms.find_key(&world.cx, "alias/mine").await.unwrap().unwrap();
    assert_eq!(
        (key.state, key.encrypts_symmetrically, key.multi_region),
        (KeyState::PendingDeletion, false, true)
    );
    assert_eq!(kms.find_key(&world.cx, "x").await.unwrap(), None);
}
