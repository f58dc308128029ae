//! One call: what its failure means, when it is repeated, when it stops.

use std::time::Duration;

use aws_clients::{AttemptTimeout, Config, Cx, Error, ErrorKind, PointInTimeRecoveryChange, UserAgent};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::stub::{Reply, Request, Stub, World, at, config, ok, refuse, said, table, throttle};

async fn switch_on(world: &World, cx: &Cx) -> Result<(), Error> {
    let change = PointInTimeRecoveryChange::Enable {
        recovery_period_in_days: 7,
    };
    world
        .db()
        .update_continuous_backups(cx, &"Orders".parse().unwrap(), change)
        .await
        .map(drop)
}

/// The error that one answer of AWS to a repeatable call comes to, and how often it was sent.
async fn error_of(reply: Reply) -> (Error, usize) {
    let stub = Stub::script([reply]).await;
    let world = World::with(Config {
        max_retries: Some(2),
        ..config(&stub.url)
    })
    .await;
    let error = switch_on(&world, &world.cx).await.unwrap_err();
    (error, stub.requests().len())
}

#[tokio::test]
async fn every_code_has_its_kind() {
    use ErrorKind::*;
    let cases = [
        (
            "TableNotFoundException",
            "Table not found: Orders",
            NotFound,
            1,
            false,
        ),
        ("BackupNotFoundException", "Backup not found", NotFound, 1, false),
        (
            "ResourceNotFoundException",
            "Requested resource not found",
            NotFound,
            1,
            false,
        ),
        ("PolicyNotFoundException", "Policy not found", NotFound, 1, false),
        (
            "ObjectNotFoundException",
            "No scalable target registered",
            NotFound,
            1,
            false,
        ),
        (
            "ConcurrentUpdateException",
            "Concurrent updates caused an exception",
            Conflict,
            1,
            true,
        ),
        (
            "TableAlreadyExistsException",
            "Table already exists: Orders",
            AlreadyExists,
            1,
            false,
        ),
        (
            "ContinuousBackupsUnavailableException",
            "Backups are being enabled",
            Conflict,
            1,
            true,
        ),
        (
            "BackupInUseException",
            "Backup is being used to restore another table",
            Conflict,
            1,
            true,
        ),
        (
            "TableInUseException",
            "Table: Orders is already being restored",
            Conflict,
            1,
            true,
        ),
        (
            "ResourceInUseException",
            "Attempt to change a resource which is still in use",
            Conflict,
            1,
            true,
        ),
        (
            "LimitExceededException",
            "Only 50 restore operations can run at once",
            Limit,
            1,
            true,
        ),
        (
            "LimitExceededException",
            "Subscriber limit exceeded: 2500 tables per region",
            Limit,
            1,
            false,
        ),
        (
            "LimitExceededException",
            "at most 4 times in a 24 hour period",
            Limit,
            1,
            false,
        ),
        ("LimitExceededException", "Rate exceeded", Throttled, 3, false),
        ("ThrottlingException", "Rate exceeded", Throttled, 3, false),
        ("RequestLimitExceeded", "Too many requests", Throttled, 3, false),
        (
            "InvalidRestoreTimeException",
            "not a valid restore time",
            RestoreTimeOutsideWindow,
            1,
            false,
        ),
        (
            "PointInTimeRecoveryUnavailableException",
            "is not enabled",
            PointInTimeRecoveryOff,
            1,
            false,
        ),
        ("AccessDeniedException", "no", Denied, 1, false),
        (
            "ValidationException",
            "1 validation error detected",
            Invalid,
            1,
            false,
        ),
        ("SomethingNewException", "who knows", Invalid, 1, false),
        (
            "UnrecognizedClientException",
            "The security token is invalid",
            Credentials,
            3,
            false,
        ),
        (
            "ExpiredTokenException",
            "The security token has expired",
            Credentials,
            1,
            false,
        ),
        (
            "InvalidSignatureException",
            "The signature does not match",
            Credentials,
            1,
            false,
        ),
        (
            "InternalServerError",
            "Internal server error",
            Unavailable,
            3,
            true,
        ),
        ("InternalServerError", "KMS key is asymmetric", Invalid, 1, false),
        ("InternalFailure", "kms:GenerateDataKey failed", Invalid, 1, false),
    ];
    for (code, message, kind, sent, not_now) in cases {
        let (error, requests) = error_of(refuse(code, message)).await;
        assert_eq!(
            (error.kind(), requests, error.is_not_now()),
            (kind, sent, not_now),
            "{code}: {message}"
        );
        assert_eq!((error.code(), error.message()), (Some(code), Some(message)));
        assert_eq!(error.request_id(), Some("REQUEST-1"));
        assert!(said(&error).contains(message), "{}", said(&error));
    }
}

#[tokio::test]
async fn statuses_without_a_code_and_broken_answers_have_kinds_too() {
    use ErrorKind::*;
    for (reply, kind, sent) in [
        (Reply::Json(503, json!({})), Unavailable, 3),
        (
            // A page about a failure seldom goes away by asking again.
            Reply::Html(500, "<html>Internal Server Error</html>".to_owned()),
            Unavailable,
            2,
        ),
        (
            Reply::Html(502, "<html>Bad gateway</html>".to_owned()),
            Unavailable,
            3,
        ),
        (
            // The operation does not exist there.
            Reply::Json(
                501,
                json!({"__type": "InternalFailure", "message": "not implemented"}),
            ),
            Invalid,
            1,
        ),
        (
            Reply::Xml(502, "<html>Bad gateway</html>".to_owned()),
            Unavailable,
            3,
        ),
        (Reply::Json(429, json!({})), Throttled, 3),
        (Reply::Json(400, json!({})), NotAws, 1),
        (Reply::Xml(404, "<html>Not found</html>".to_owned()), NotAws, 1),
        (Reply::Xml(200, "<html>Welcome</html>".to_owned()), NotAws, 1),
        (Reply::Truncated, Unavailable, 3),
        (Reply::Cut, Unavailable, 3),
    ] {
        let what = format!("{reply:?}");
        let (error, requests) = error_of(reply).await;
        assert_eq!((error.kind(), requests), (kind, sent), "{what}: {}", said(&error));
    }
}

#[tokio::test]
async fn the_error_says_what_was_being_done_and_the_source_says_why() {
    let (error, _) = error_of(refuse("ValidationException", "Member must be 35 or less")).await;
    assert_eq!(
        error.to_string(),
        "switching on point-in-time recovery of table Orders in eu-west-1 for 7 days"
    );
    assert_eq!(
        std::error::Error::source(&error).unwrap().to_string(),
        "Member must be 35 or less"
    );
    assert_eq!(error.resource(), Some("Orders"));
}

#[tokio::test]
async fn a_throttle_is_waited_out_and_the_answer_comes_through() {
    let done = ok(json!({ "ContinuousBackupsDescription": { "ContinuousBackupsStatus": "ENABLED" } }));
    let stub = Stub::script([
        throttle(),
        throttle(),
        refuse("InternalServerError", "oops"),
        done,
    ])
    .await;
    let world = World::new(&stub).await;
    switch_on(&world, &world.cx).await.unwrap();
    assert_eq!(stub.requests().len(), 4);
    assert!(world.spent() > 0.5, "{}", world.spent());
}

#[tokio::test]
async fn without_retries_a_call_is_sent_once() {
    let stub = Stub::script([throttle()]).await;
    let world = World::with(Config {
        max_retries: Some(0),
        ..config(&stub.url)
    })
    .await;
    assert_eq!(
        switch_on(&world, &world.cx).await.unwrap_err().kind(),
        ErrorKind::Throttled
    );
    assert_eq!(stub.requests().len(), 1);
}

#[tokio::test]
async fn retries_end_at_the_deadline_and_keep_the_last_answer() {
    let stub = Stub::script([throttle()]).await;
    let world = World::new(&stub).await;
    let error = switch_on(&world, &world.seconds(5)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
    assert!(
        said(&error).contains("was not finished after 5 s of 5 s"),
        "{}",
        said(&error)
    );
    assert!(said(&error).contains("Rate exceeded"), "{}", said(&error));
    assert_eq!(world.spent(), 5.0);
}

#[tokio::test]
async fn nothing_is_sent_once_cancelled() {
    let stub = Stub::script([ok(json!({}))]).await;
    let world = World::new(&stub).await;
    let cancel = CancellationToken::new();
    cancel.cancel();
    let error = switch_on(&world, &Cx::new(cancel)).await.unwrap_err();
    assert_eq!((error.kind(), stub.requests().len()), (ErrorKind::Cancelled, 0));
}

#[tokio::test]
async fn cancelling_ends_a_read_at_once() {
    let stub = Stub::script([Reply::Silence]).await;
    let world = World::new(&stub).await;
    let cancel = CancellationToken::new();
    let cx = Cx::new(cancel.clone());
    let (db, orders) = (world.db(), "Orders".parse().unwrap());
    let (result, ()) = tokio::join!(db.find_table(&cx, &orders), async {
        while stub.requests().is_empty() {
            tokio::task::yield_now().await;
        }
        cancel.cancel();
    });
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Cancelled);
}

#[tokio::test]
async fn a_change_that_was_sent_is_not_dropped_by_cancelling() {
    let cancel = CancellationToken::new();
    let stopper = cancel.clone();
    let stub = Stub::start(move |_| {
        stopper.cancel();
        ok(json!({ "ContinuousBackupsDescription": { "ContinuousBackupsStatus": "ENABLED" } }))
    })
    .await;
    let world = World::new(&stub).await;
    switch_on(&world, &Cx::new(cancel.clone())).await.unwrap();
    assert!(cancel.is_cancelled());
}

#[tokio::test]
async fn silence_ends_with_the_attempt() {
    let stub = Stub::script([Reply::Silence, ok(json!({ "Table": table("ACTIVE") }))]).await;
    let attempt_timeout = AttemptTimeout(Duration::from_secs(1));
    let world = World::with(Config {
        attempt_timeout,
        ..config(&stub.url)
    })
    .await;
    let table = world
        .db()
        .find_table(&world.cx, &"Orders".parse().unwrap())
        .await
        .unwrap();
    assert!(table.is_some());
    assert_eq!(stub.requests().len(), 2);
}

#[tokio::test]
async fn an_address_where_nobody_answers_is_told_soon() {
    // Port 1 of this machine: reserved, and nobody listens there.
    let world = World::with(config("http://127.0.0.1:1")).await;
    let error = switch_on(&world, &world.cx).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(said(&error).contains("refused"), "{}", said(&error));
    assert!(world.spent() < 15.0, "{}", world.spent());
}

#[tokio::test]
async fn an_answer_of_something_else_is_shown_with_where_it_came_from() {
    let page = "<html>\n<body>Welcome to nginx!</body>\n</html>".to_owned();
    let stub = Stub::script([Reply::Xml(200, page)]).await;
    let world = World::new(&stub).await;
    let error = switch_on(&world, &world.cx).await.unwrap_err();
    let expected = format!(
        "the answer, HTTP 200 with text/xml, is not one of AWS: it says \"<html> <body>Welcome to nginx!</body> \
         </html>\" (asked at {})",
        stub.url
    );
    assert!(said(&error).contains(&expected), "{}", said(&error));
    // The other objects of the plan do not ask there again.
    let again = switch_on(&world, &world.cx).await.unwrap_err();
    assert_eq!((again.kind(), stub.requests().len()), (ErrorKind::NotAws, 1));
}

#[tokio::test]
async fn an_address_that_never_was_aws_is_not_worth_all_attempts() {
    for reply in [Reply::Cut, Reply::Xml(502, "<html>Bad gateway</html>".to_owned())] {
        let what = format!("{reply:?}");
        let stub = Stub::script(vec![reply; 30]).await;
        let patient = || Config {
            max_retries: Some(25),
            ..config(&stub.url)
        };
        let world = World::with(patient()).await;
        let error = switch_on(&world, &world.cx).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable, "{what}");
        assert!(said(&error).contains(&stub.url), "{what}: {}", said(&error));
        assert!(world.spent() < 15.0, "{what}: {}", world.spent());
    }
}

#[tokio::test]
async fn once_aws_has_answered_a_failure_of_the_network_is_waited_out() {
    let mut replies = vec![refuse("ResourceNotFoundException", "no such table")];
    replies.extend(vec![Reply::Cut; 10]);
    replies.push(ok(json!({ "Table": table("ACTIVE") })));
    let stub = Stub::script(replies).await;
    let world = World::with(Config {
        max_retries: Some(25),
        ..config(&stub.url)
    })
    .await;
    let orders = "Orders".parse().unwrap();
    assert!(world.db().find_table(&world.cx, &orders).await.unwrap().is_none());
    assert!(world.db().find_table(&world.cx, &orders).await.unwrap().is_some());
}

#[tokio::test]
async fn an_answer_without_end_is_not_read_to_its_end() {
    let endless = "x".repeat(9 << 20);
    let stub = Stub::script(vec![Reply::Json(200, json!({ "Table": endless })); 6]).await;
    let world = World::new(&stub).await;
    let found = world.db().find_table(&world.cx, &"Orders".parse().unwrap()).await;
    let error = found.unwrap_err();
    assert!(said(&error).contains("length limit exceeded"), "{}", said(&error));
}

#[tokio::test]
async fn a_denial_names_the_missing_action_and_its_resource() {
    let message = "User: arn:aws:iam::111122223333:user/ci is not authorized to perform: kms:CreateGrant on \
                   resource: arn:aws:kms:eu-west-1:111122223333:key/1 because no policy allows it.";
    let (error, _) = error_of(refuse("AccessDeniedException", message)).await;
    assert_eq!(error.denied_action(), Some("kms:CreateGrant"));
    assert_eq!(error.resource(), Some("arn:aws:kms:eu-west-1:111122223333:key/1"));
    let (error, _) = error_of(refuse("AccessDeniedException", "Access denied")).await;
    assert_eq!(error.denied_action(), Some("dynamodb:UpdateContinuousBackups"));
    assert_eq!(error.resource(), Some("Orders"));
    let (error, _) = error_of(refuse("ValidationException", "no")).await;
    assert_eq!(error.denied_action(), None);
}

#[tokio::test]
async fn refused_credentials_are_named_without_their_secret() {
    let (error, _) = error_of(refuse(
        "UnrecognizedClientException",
        "The security token is invalid.",
    ))
    .await;
    let said = said(&error);
    assert!(said.contains("AKIAEXAMPLE of the provider block"), "{said}");
    assert!(
        !said.contains("hunter2") && !format!("{error:?}").contains("hunter2"),
        "{said}"
    );
}

#[tokio::test]
async fn a_region_that_refuses_what_another_accepts_is_not_enabled() {
    let unknown = |request: &Request| match request.region() {
        "eu-central-2" => refuse(
            "UnrecognizedClientException",
            "The security token included in the request is invalid.",
        ),
        _ => ok(json!({ "Table": table("ACTIVE") })),
    };
    let stub = Stub::start(unknown).await;
    let world = World::new(&stub).await;
    let orders = "Orders".parse().unwrap();
    let closed = world.clients.dynamodb(&aws_clients::Region::new("eu-central-2"));
    // Before anybody has accepted the credentials, they may be at fault.
    let error = closed.find_table(&world.cx, &orders).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(said(&error).contains("Tried: "), "{}", said(&error));

    world.db().find_table(&world.cx, &orders).await.unwrap();
    world.clock.advance(Duration::from_secs(21));
    let sent = stub.requests().len();
    for _ in 0..2 {
        let error = closed.find_table(&world.cx, &orders).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RegionNotEnabled);
        assert_eq!(error.resource(), Some("eu-central-2"));
        assert_eq!(
            said(&error),
            "authenticating with AWS in eu-central-2: describing table Orders in eu-central-2: The security token \
             included in the request is invalid. The same credentials are accepted in eu-west-1"
        );
    }
    assert_eq!(stub.requests().len(), sent + 3);
}

#[tokio::test]
async fn credentials_that_have_run_out_or_been_revoked_are_no_matter_of_regions() {
    // Where they were accepted a moment ago, and where only the clock is wrong.
    for (code, message, region) in [
        ("UnrecognizedClientException", "invalid", "eu-west-1"),
        ("ExpiredTokenException", "expired", "eu-central-2"),
        ("InvalidSignatureException", "Signature expired", "eu-central-2"),
    ] {
        let stub = Stub::script([ok(json!({ "Table": table("ACTIVE") })), refuse(code, message)]).await;
        let world = World::new(&stub).await;
        let orders = "Orders".parse().unwrap();
        world.db().find_table(&world.cx, &orders).await.unwrap();
        let there = world.clients.dynamodb(&aws_clients::Region::new(region));
        let error = there.find_table(&world.cx, &orders).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials, "{code}");
    }
}

#[tokio::test]
async fn refused_credentials_are_not_tried_by_every_object() {
    let stub = Stub::script([refuse(
        "UnrecognizedClientException",
        "The security token is invalid.",
    )])
    .await;
    let world = World::new(&stub).await;
    for table in ["Orders", "Users", "Carts"] {
        let error = world
            .db()
            .find_table(&world.cx, &table.parse().unwrap())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials);
        assert_eq!(error.to_string(), "authenticating with AWS in eu-west-1");
        assert!(
            said(&error)
                .contains("describing table Orders in eu-west-1: The security token is invalid. Tried")
        );
    }
    assert_eq!(stub.requests().len(), 3);
    world.clock.advance(Duration::from_secs(21));
    world
        .db()
        .find_table(&world.cx, &"Orders".parse().unwrap())
        .await
        .unwrap_err();
    assert_eq!(stub.requests().len(), 6);
}

#[tokio::test]
async fn now_is_what_aws_says_it_is() {
    let stub = Stub::script([ok(json!({ "Table": table("ACTIVE") }))]).await;
    let world = World::new(&stub).await;
    let db = world.db();
    assert_eq!(db.now(), at("2026-03-01T12:00:00Z"));
    stub.set_date("Sun, 01 Mar 2026 13:30:00 GMT");
    db.find_table(&world.cx, &"Orders".parse().unwrap())
        .await
        .unwrap();
    assert_eq!(db.now(), at("2026-03-01T13:30:00Z"));
    world.clock.advance(Duration::from_secs(60));
    assert_eq!(world.clients.now(db.region()), at("2026-03-01T13:31:00Z"));
    assert_eq!(
        world.clients.now(&aws_clients::Region::new("eu-west-2")),
        at("2026-03-01T12:01:00Z")
    );
    // A clock an hour and a half off would have every request refused: the next one is signed
    // with AWS's time.
    db.find_table(&world.cx, &"Orders".parse().unwrap())
        .await
        .unwrap();
    let dates: Vec<_> = stub
        .requests()
        .iter()
        .map(|request| request.header("x-amz-date").unwrap().to_owned())
        .collect();
    assert_eq!(dates, ["20260301T120000Z", "20260301T133100Z"]);
}

#[tokio::test]
async fn a_request_signed_too_late_is_repeated_with_the_time_of_the_answer() {
    let expired = refuse(
        "InvalidSignatureException",
        "Signature expired: 20260301T120000Z is now earlier than",
    );
    let stub = Stub::script([expired, ok(json!({ "Table": table("ACTIVE") }))]).await;
    stub.set_date("Sun, 01 Mar 2026 14:00:00 GMT");
    let world = World::new(&stub).await;
    assert!(
        world
            .db()
            .find_table(&world.cx, &"Orders".parse().unwrap())
            .await
            .unwrap()
            .is_some()
    );
    let second = stub.requests()[1].header("x-amz-date").unwrap().to_owned();
    assert!(second.starts_with("20260301T1400"), "{second}");
}

#[tokio::test]
async fn the_user_agent_says_who_calls() {
    let stub = Stub::script([ok(json!({ "Table": table("ACTIVE") }))]).await;
    let user_agent = UserAgent {
        terraform_version: Some("1.11.4".into()),
        provider_version: Some("0.1.0".into()),
        products: vec!["module/2".into()],
    };
    let world = World::with(Config {
        user_agent,
        ..config(&stub.url)
    })
    .await;
    world
        .db()
        .find_table(&world.cx, &"Orders".parse().unwrap())
        .await
        .unwrap();
    let request = &stub.requests()[0];
    let agent = request.header("user-agent").unwrap();
    assert!(agent.starts_with("Terraform/1.11.4 (+https://www.terraform.io) terraform-provider-dynamodb/0.1.0 module/2 aws-sdk-rust/"), "{agent}");
    assert!(
        request
            .header("authorization")
            .unwrap()
            .contains("/eu-west-1/dynamodb/aws4_request")
    );
}
