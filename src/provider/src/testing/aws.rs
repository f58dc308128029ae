//! The simulator, and calls to it that no provider makes.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use serde_json::{Value as Json, json};
use simulator::{Settings, Simulator};

/// The account of the credentials that tests use: the simulator takes it from the access key.
pub(crate) const ACCOUNT: &str = "111122223333";
/// The Region that tests configure.
pub(crate) const REGION: &str = "eu-west-1";

/// AWS, as far as the simulator plays it. Stops when it is dropped.
pub(crate) struct Aws {
    simulator: Simulator,
    http: reqwest::Client,
}

impl Aws {
    /// Starts it, with a pace that suits tests.
    pub(crate) async fn start() -> Self {
        let settings = Settings {
            table_creating_ms: 0,
            backup_creating_ms: 0,
            continuous_backups_ready_ms: 0,
            // Tests ask AWS on their own besides, and start several processes in a second.
            enforce_rates: false,
            ..Settings::default()
        };
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let simulator = Simulator::start(address, settings).await.expect("a free port");
        Self {
            simulator,
            http: reqwest::Client::new(),
        }
    }

    /// Its endpoint.
    pub(crate) fn url(&self) -> String {
        self.simulator.url()
    }

    /// Calls DynamoDB; panics when it refuses.
    pub(crate) async fn dynamodb(&self, operation: &str, input: Json) -> Json {
        self.call("dynamodb", &format!("DynamoDB_20120810.{operation}"), input)
            .await
    }

    /// Calls Application Auto Scaling about DynamoDB; panics when it refuses.
    pub(crate) async fn autoscaling(&self, operation: &str, mut input: Json) -> Json {
        input["ServiceNamespace"] = "dynamodb".into();
        let target = format!("AnyScaleFrontendService.{operation}");
        self.call("application-autoscaling", &target, input).await
    }

    /// Calls AWS Backup by the method and path of its model: `PUT`, `/backup-vaults/nightly`; panics when it refuses.
    pub(crate) async fn aws_backup(&self, method: reqwest::Method, path: &str, input: Json) -> Json {
        let scope = format!("{ACCOUNT}/20260101/{REGION}/backup/aws4_request");
        let mut request = self.http.request(method, format!("{}{path}", self.url())).header(
            "authorization",
            format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"),
        );
        if !input.is_null() {
            request = request
                .header("content-type", "application/json")
                .body(input.to_string());
        }
        let answer = request.send().await.expect("the simulator answers");
        let status = answer.status();
        let text = answer.text().await.expect("the answer has a body");
        assert!(status.is_success(), "{path}: {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    async fn call(&self, service: &str, target: &str, input: Json) -> Json {
        let scope = format!("{ACCOUNT}/20260101/{REGION}/{service}/aws4_request");
        let answer = self
            .http
            .post(self.url())
            .header("x-amz-target", target)
            .header("content-type", "application/x-amz-json-1.0")
            .header(
                "authorization",
                format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"),
            )
            .body(input.to_string())
            .send()
            .await
            .expect("the simulator answers");
        let status = answer.status();
        let text = answer.text().await.expect("the answer has a body");
        assert!(status.is_success(), "{target}: {text}");
        serde_json::from_str(&text).expect("AWS speaks JSON")
    }

    /// Makes a table and waits until it is there.
    pub(crate) async fn create_table(&self, name: &str) {
        let input = json!({
            "TableName": name,
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "BillingMode": "PAY_PER_REQUEST",
        });
        self.dynamodb("CreateTable", input).await;
        let described = self.dynamodb("DescribeTable", json!({"TableName": name})).await;
        assert_eq!(described["Table"]["TableStatus"], "ACTIVE", "{described}");
    }

    /// Uses the simulator's control interface.
    pub(crate) async fn control(&self, method: reqwest::Method, path: &str, body: Json) -> Json {
        let url = format!("{}/_simulator/{path}", self.url());
        let answer = self.http.request(method, url).body(body.to_string()).send().await;
        let answer = answer.expect("the simulator answers");
        let status = answer.status();
        let text = answer.text().await.expect("the answer has a body");
        assert!(status.is_success(), "{path}: {text}");
        serde_json::from_str(&text).expect("the control interface speaks JSON")
    }

    /// The AWS clients of the provider, outside of any provider.
    pub(crate) async fn clients(&self, max_retries: u32) -> aws_clients::Clients {
        let config = aws_clients::Config {
            region: Some(REGION.to_owned()),
            access_key: Some(ACCOUNT.to_owned()),
            secret_key: Some("secret".into()),
            max_retries: Some(max_retries),
            endpoints: aws_clients::Endpoints {
                dynamodb: Some(self.url()),
                sts: Some(self.url()),
                appautoscaling: Some(self.url()),
                backup: Some(self.url()),
                kms: Some(self.url()),
                organizations: Some(self.url()),
            },
            ..aws_clients::Config::default()
        };
        let environment = aws_clients::Environment::from_pairs::<&str, &str>([]);
        aws_clients::Clients::connect(config, &environment, aws_clients::SystemClock::shared())
            .await
            .expect("a good configuration")
    }

    /// Changes settings.
    pub(crate) async fn set(&self, settings: Json) {
        self.control(reqwest::Method::PUT, "settings", settings).await;
    }

    /// Plans a fault.
    pub(crate) async fn fault(&self, fault: Json) {
        self.control(reqwest::Method::POST, "faults", fault).await;
    }

    /// Moves the clock.
    pub(crate) async fn advance(&self, time: Duration) {
        let body = json!({"advance_seconds": time.as_secs()});
        self.control(reqwest::Method::POST, "clock", body).await;
    }

    /// How often an operation was called; no two services have one of the same name.
    pub(crate) async fn count(&self, operation: &str) -> u64 {
        let path = format!("calls?operation={operation}");
        let calls = self.control(reqwest::Method::GET, &path, Json::Null).await;
        calls["counts"]
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(_, count)| count.as_u64())
            .sum()
    }

    /// How many calls there were of any service.
    pub(crate) async fn count_all(&self) -> u64 {
        let calls = self.control(reqwest::Method::GET, "calls", Json::Null).await;
        calls["counts"]
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(_, count)| count.as_u64())
            .sum()
    }

    /// Forgets the calls so far.
    pub(crate) async fn forget_calls(&self) {
        self.control(reqwest::Method::DELETE, "calls", Json::Null).await;
    }

    /// Waits until an operation was called so often.
    pub(crate) async fn until_called(&self, operation: &str, times: u64) {
        while self.count(operation).await < times {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// The names of the backups of a table.
    pub(crate) async fn backups(&self, table: &str) -> Vec<String> {
        let listed = self.dynamodb("ListBackups", json!({"TableName": table})).await;
        let summaries = listed["BackupSummaries"].as_array().cloned().unwrap_or_default();
        summaries
            .iter()
            .filter_map(|it| it["BackupArn"].as_str().map(str::to_owned))
            .collect()
    }
}
