//! AWS at the HTTP line: answers each request as the test says, or cuts, or keeps silent.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_clients::{Clients, Clock as _, Config, Cx, DynamoDb, Endpoints, Environment, Error, JumpingClock};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::io::{
    AsyncBufRead, AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _,
    BufReader,
};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

pub(crate) const START: &str = "2026-03-01T12:00:00Z";
pub(crate) const REGION: &str = "eu-west-1";
pub(crate) const TABLE_ARN: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders";
pub(crate) const BACKUP_ARN: &str =
    "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders/backup/01772366400000-0a1b2c3d";

/// A request as the stub took it.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// Name of the operation, as in `ListBackups`.
    pub(crate) operation: String,
    /// JSON for DynamoDB and KMS; a string for STS.
    pub(crate) body: Value,
    /// Request line and headers, lower case names.
    pub(crate) head: String,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let name = format!("{name}: ");
        self.head
            .lines()
            .find_map(|line| line.strip_prefix(name.as_str()))
    }

    /// The Region that the request is signed for.
    pub(crate) fn region(&self) -> &str {
        let scope = self.header("authorization").unwrap_or_default();
        scope.split('/').nth(2).unwrap_or_default()
    }
}

/// What the stub does with a request.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    Json(u16, Value),
    Xml(u16, String),
    /// As servers answer that are not AWS.
    Html(u16, String),
    /// Closes the connection without an answer.
    Cut,
    /// Promises more than it sends.
    Truncated,
    /// Never answers.
    Silence,
}

pub(crate) fn ok(body: Value) -> Reply {
    Reply::Json(200, body)
}

pub(crate) fn refuse(code: &str, message: &str) -> Reply {
    let status = if code.starts_with("Internal") { 500 } else { 400 };
    let code = format!("com.amazonaws.dynamodb.v20120810#{code}");
    Reply::Json(status, json!({ "__type": code, "message": message }))
}

pub(crate) fn throttle() -> Reply {
    refuse("ThrottlingException", "Rate exceeded")
}

/// A running stub.
#[derive(Clone)]
pub(crate) struct Stub {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<Request>>>,
    date: Arc<Mutex<Option<String>>>,
}

impl Stub {
    /// Starts a stub that answers by this function.
    pub(crate) async fn start(answer: impl FnMut(&Request) -> Reply + Send + 'static) -> Self {
        Self::listen("http", None, answer).await
    }

    /// Starts a stub behind TLS, with a certificate of its own; gives that, too.
    pub(crate) async fn encrypted(replies: impl IntoIterator<Item = Reply>) -> (Self, String) {
        let certified = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
        let config = tokio_rustls::rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certified.cert.der().clone()],
                certified.signing_key.serialize_der().try_into().unwrap(),
            )
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let stub = Self::listen("https", Some(acceptor), in_order(replies)).await;
        (stub, certified.cert.pem())
    }

    async fn listen(
        scheme: &str,
        acceptor: Option<TlsAcceptor>,
        answer: impl FnMut(&Request) -> Reply + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let stub = Self {
            url: format!("{scheme}://{}", listener.local_addr().unwrap()),
            requests: Arc::default(),
            date: Arc::default(),
        };
        let answer = Arc::new(Mutex::new(answer));
        let serving = stub.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (stub, answer, acceptor) = (serving.clone(), Arc::clone(&answer), acceptor.clone());
                tokio::spawn(async move {
                    let decide = move |request: &Request| (answer.lock().unwrap())(request);
                    match acceptor {
                        None => stub.serve(stream, decide).await,
                        Some(acceptor) => stub.serve(acceptor.accept(stream).await?, decide).await,
                    }
                });
            }
        });
        stub
    }

    /// Starts a stub that gives these answers one after the other, the last one for ever.
    pub(crate) async fn script(replies: impl IntoIterator<Item = Reply>) -> Self {
        Self::start(in_order(replies)).await
    }

    /// The requests so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// Names of the operations so far.
    pub(crate) fn operations(&self) -> Vec<String> {
        self.requests()
            .into_iter()
            .map(|request| request.operation)
            .collect()
    }

    /// The `Date` header from now on.
    pub(crate) fn set_date(&self, date: &str) {
        *self.date.lock().unwrap() = Some(date.to_owned());
    }

    async fn serve(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin,
        decide: impl Fn(&Request) -> Reply,
    ) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        loop {
            let Some(request) = read_request(&mut stream).await? else {
                return Ok(());
            };
            self.requests.lock().unwrap().push(request.clone());
            let (status, kind, body, cut) = match decide(&request) {
                Reply::Json(status, body) => (status, "application/x-amz-json-1.0", body.to_string(), 0),
                Reply::Xml(status, body) => (status, "text/xml", body, 0),
                Reply::Html(status, body) => (status, "text/html; charset=utf-8", body, 0),
                Reply::Cut => return Ok(()),
                Reply::Truncated => (
                    200,
                    "application/x-amz-json-1.0",
                    "{\"BackupDetails\":".to_owned(),
                    100,
                ),
                Reply::Silence => std::future::pending().await,
            };
            let date = self.date.lock().unwrap().clone();
            let date = date.map(|date| format!("date: {date}\r\n")).unwrap_or_default();
            let answer = format!(
                "HTTP/1.1 {status} Any\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\
                 x-amzn-requestid: REQUEST-1\r\n{date}\r\n{body}",
                body.len() + cut
            );
            stream.write_all(answer.as_bytes()).await?;
            if cut > 0 {
                return Ok(());
            }
        }
    }
}

fn in_order(replies: impl IntoIterator<Item = Reply>) -> impl FnMut(&Request) -> Reply + Send + 'static {
    let mut replies: Vec<_> = replies.into_iter().collect();
    replies.reverse();
    move |_| {
        if replies.len() > 1 {
            replies.pop().unwrap()
        } else {
            replies[0].clone()
        }
    }
}

async fn read_request(stream: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<Option<Request>> {
    let mut head = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        if line == "\r\n" {
            break;
        }
        match line.split_once(": ") {
            Some((name, value)) => head.push_str(&format!("{}: {}\n", name.to_lowercase(), value.trim_end())),
            None => head.push_str(&format!("{}\n", line.trim_end())),
        }
    }
    let mut request = Request {
        operation: String::new(),
        body: Value::Null,
        head,
    };
    let length = request
        .header("content-length")
        .map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    let body = String::from_utf8(body).unwrap();
    request.operation = match request.header("x-amz-target") {
        Some(target) => target.rsplit('.').next().unwrap().to_owned(),
        None => {
            let action = body.split('&').find_map(|pair| pair.strip_prefix("Action="));
            action.unwrap_or_default().to_owned()
        }
    };
    request.body = serde_json::from_str(&body).unwrap_or(Value::String(body));
    Ok(Some(request))
}

/// The clients under test.
pub(crate) struct World {
    pub(crate) clients: Clients,
    pub(crate) clock: JumpingClock,
    pub(crate) cx: Cx,
}

/// A configuration that goes to the stub for everything.
pub(crate) fn config(url: &str) -> Config {
    let url = Some(url.to_owned());
    Config {
        region: Some(REGION.to_owned()),
        access_key: Some("AKIAEXAMPLE".to_owned()),
        secret_key: Some("hunter2-secret".into()),
        endpoints: Endpoints {
            dynamodb: url.clone(),
            sts: url.clone(),
            kms: url.clone(),
            backup: url.clone(),
            appautoscaling: url.clone(),
            organizations: url,
        },
        skip_metadata_api_check: true,
        ..Config::default()
    }
}

impl World {
    pub(crate) async fn new(stub: &Stub) -> Self {
        Self::with(config(&stub.url)).await
    }

    pub(crate) async fn with(config: Config) -> Self {
        let clock = JumpingClock::at(START.parse().unwrap());
        let clients = Clients::connect(config, &Environment::default(), clock.shared())
            .await
            .unwrap();
        Self {
            clients,
            clock,
            cx: Cx::default(),
        }
    }

    pub(crate) fn db(&self) -> DynamoDb {
        self.clients.dynamodb(self.clients.region())
    }

    /// A context that ends after this many seconds of the test's clock.
    pub(crate) fn seconds(&self, seconds: u64) -> Cx {
        self.cx
            .clone()
            .with_timeout(&self.clock, Duration::from_secs(seconds))
    }

    /// Seconds that have passed on the test's clock.
    pub(crate) fn spent(&self) -> f64 {
        self.clock.elapsed().as_secs_f64()
    }
}

/// The error and its causes in one line.
pub(crate) fn said(error: &Error) -> String {
    let mut line = error.to_string();
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        line.push_str(": ");
        line.push_str(&cause.to_string());
        next = cause.source();
    }
    line
}

pub(crate) fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

pub(crate) fn table(status: &str) -> Value {
    json!({ "TableName": "Orders", "TableArn": TABLE_ARN, "TableId": "table-1", "TableStatus": status })
}

pub(crate) fn details(arn: &str, status: &str) -> Value {
    json!({
        "BackupArn": arn,
        "BackupName": "nightly",
        "BackupStatus": status,
        "BackupType": "USER",
        "BackupCreationDateTime": 1_772_366_400.5,
    })
}

pub(crate) fn description(status: &str) -> Value {
    json!({ "BackupDescription": {
        "BackupDetails": details(BACKUP_ARN, status),
        "SourceTableDetails": {
            "TableName": "Orders",
            "TableId": "table-1",
            "KeySchema": [{ "AttributeName": "Id", "KeyType": "HASH" }],
            "TableCreationDateTime": 1_700_000_000.0,
            "ProvisionedThroughput": { "ReadCapacityUnits": 5, "WriteCapacityUnits": 6 },
            "BillingMode": "PROVISIONED",
            "ItemCount": 7,
        },
        "SourceTableFeatureDetails": {
            "GlobalSecondaryIndexes": [{
                "IndexName": "ByDate",
                "KeySchema": [{ "AttributeName": "Date", "KeyType": "HASH" }],
                "Projection": { "ProjectionType": "INCLUDE", "NonKeyAttributes": ["Sum"] },
                "ProvisionedThroughput": { "ReadCapacityUnits": 1, "WriteCapacityUnits": 2 },
            }],
            "StreamDescription": { "StreamEnabled": true, "StreamViewType": "NEW_IMAGE" },
            "TimeToLiveDescription": { "TimeToLiveStatus": "ENABLED", "AttributeName": "Expires" },
            "SSEDescription": { "Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": "arn:aws:kms:key" },
        },
    }})
}

/// An entry of a list of backups.
pub(crate) fn listed(table: &str, number: usize) -> Value {
    json!({
        "TableName": table,
        "TableId": format!("{table}-id"),
        "BackupArn": backup_arn(table, number),
        "BackupName": "nightly",
        "BackupStatus": "AVAILABLE",
        "BackupType": "USER",
        "BackupCreationDateTime": 1_772_366_400 + number,
        "BackupSizeBytes": number,
    })
}

pub(crate) fn backup_arn(table: &str, number: usize) -> String {
    format!("arn:aws:dynamodb:eu-west-1:111122223333:table/{table}/backup/0177236640{number:04}-0a1b2c3d")
}
