//! What the log says, and what it never says.

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};

use aws_clients::{AssumeRole, Config, Seen};
use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::stub::{Reply, Stub, World, config, ok, table, throttle};

/// Takes down every event and span, of every crate, at every level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {}={value:?}", field.name()).unwrap();
    }
}

impl Log {
    fn note(&self, metadata: &Metadata<'_>, record: impl FnOnce(&mut Line)) {
        let mut line = Line(format!("{} {}", metadata.level(), metadata.target()));
        record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }

    fn lines(&self, wanted: &str) -> Vec<String> {
        self.0
            .lock()
            .unwrap()
            .iter()
            .filter(|line| line.contains(wanted))
            .cloned()
            .collect()
    }
}

impl Subscriber for Log {
    fn enabled(&self, _metadata: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.note(span.metadata(), |line| span.record(line));
        Id::from_u64(1)
    }

    fn record(&self, _span: &Id, values: &Record<'_>) {
        let mut line = Line(String::new());
        values.record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn event(&self, event: &Event<'_>) {
        self.note(event.metadata(), |line| event.record(line));
    }

    fn enter(&self, _span: &Id) {}

    fn exit(&self, _span: &Id) {}
}

#[tokio::test]
async fn a_long_wait_says_every_ten_seconds_that_it_goes_on() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let mut replies = vec![ok(json!({ "Table": table("CREATING") })); 12];
    replies.push(ok(json!({ "Table": table("ACTIVE") })));
    let stub = Stub::script(replies).await;
    let world = World::new(&stub).await;
    let orders = "Orders".parse().unwrap();
    world
        .db()
        .wait_table_active(&world.seconds(3600), &orders, Seen::NotYet)
        .await
        .unwrap();
    let said = log.lines("INFO aws_clients");
    let first = "still waiting for table Orders to become ACTIVE status=\"CREATING\" spent=10 s of 1 h";
    assert!(said[0].contains(first), "{said:?}");
    assert_eq!(said.len(), 5, "{said:?}");
}

#[tokio::test]
async fn retries_are_logged_and_secrets_never_are() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let stub = Stub::start({
        let mut calls = 0;
        move |request| match request.operation.as_str() {
            "AssumeRole" => Reply::Xml(
                200,
                "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId>\
                 <SecretAccessKey>hunter2-role</SecretAccessKey><SessionToken>hunter2-token</SessionToken>\
                 <Expiration>2026-03-01T13:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
                    .to_owned(),
            ),
            _ => {
                calls += 1;
                if calls == 1 { throttle() } else { ok(json!({ "Table": table("ACTIVE") })) }
            }
        }
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
    world
        .db()
        .find_table(&world.cx, &"Orders".parse().unwrap())
        .await
        .unwrap();
    let repeated = log.lines("repeating the call");
    assert_eq!(repeated.len(), 1, "{repeated:?}");
    assert!(
        repeated[0].contains("action=\"dynamodb:DescribeTable\"") && repeated[0].contains("Rate exceeded")
    );
    // Our own words and those of the log levels that the provider lets through.
    let leaks: Vec<_> = log
        .lines("hunter2")
        .into_iter()
        .filter(|line| {
            line.contains("aws_clients") || !(line.starts_with("TRACE") || line.starts_with("DEBUG"))
        })
        .collect();
    assert_eq!(leaks, Vec::<String>::new());
    assert!(!log.lines("aws_clients").is_empty());
}
