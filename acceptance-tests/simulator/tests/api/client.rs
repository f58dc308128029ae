//! A raw client: signs nothing, but carries the credential scope that says who calls what and where.

use serde_json::{Value, json};
use simulator::{Settings, Simulator};

/// Every state lasts a minute and the clock stands still until a test moves it, so that a slow machine sees the same
/// states as a fast one.
const MINUTE: i64 = 60_000;

pub(crate) const ACCOUNT: &str = "111122223333";
pub(crate) const REGION: &str = "us-east-1";

/// A simulator of its own for each test, and a caller in one account and Region of it.
pub(crate) struct Sim {
    simulator: Simulator,
    pub(crate) http: reqwest::Client,
}

/// A caller: an access key and a Region.
#[derive(Clone, Copy)]
pub(crate) struct Caller<'a> {
    sim: &'a Sim,
    access_key: &'a str,
    region: &'a str,
}

impl Sim {
    pub(crate) async fn start() -> Self {
        let settings = Settings {
            table_creating_ms: MINUTE,
            table_updating_ms: MINUTE,
            table_deleting_ms: MINUTE,
            backup_creating_ms: MINUTE,
            restore_ms: MINUTE,
            continuous_backups_ready_ms: MINUTE,
            system_backup_ms: MINUTE,
            backup_job_ms: MINUTE,
            air_gapped_vault_ms: MINUTE,
            recovery_point_deleting_ms: MINUTE,
            enforce_rates: false,
            ..Settings::default()
        };
        let address = "127.0.0.1:0".parse().expect("an address");
        let simulator = Simulator::start(address, settings).await.expect("a free port");
        let sim = Self {
            simulator,
            http: reqwest::Client::new(),
        };
        sim.control(
            "POST",
            "clock",
            json!({"set": "2026-01-02T03:04:05Z", "freeze": true}),
        )
        .await;
        sim
    }

    pub(crate) fn url(&self) -> String {
        self.simulator.url()
    }

    /// The usual caller.
    pub(crate) fn caller(&self) -> Caller<'_> {
        Caller {
            sim: self,
            access_key: ACCOUNT,
            region: REGION,
        }
    }

    pub(crate) fn caller_in<'a>(&'a self, region: &'a str) -> Caller<'a> {
        Caller {
            region,
            ..self.caller()
        }
    }

    pub(crate) fn caller_of<'a>(&'a self, access_key: &'a str) -> Caller<'a> {
        Caller {
            access_key,
            ..self.caller()
        }
    }

    /// A call of the control interface that must succeed.
    pub(crate) async fn control(&self, method: &str, path: &str, body: Value) -> Value {
        let (status, value) = self.control_raw(method, path, body).await;
        assert_eq!(status, 200, "{method} {path}: {value}");
        value
    }

    pub(crate) async fn control_raw(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let method = method.parse().expect("a method");
        let request = self
            .http
            .request(method, format!("{}/_simulator/{path}", self.url()));
        let response = request
            .body(body.to_string())
            .send()
            .await
            .expect("the simulator answers");
        (
            response.status().as_u16(),
            response.json().await.expect("control answers JSON"),
        )
    }

    pub(crate) async fn settings(&self, change: Value) {
        self.control("PUT", "settings", change).await;
    }

    pub(crate) async fn advance(&self, seconds: i64) {
        self.control("POST", "clock", json!({"advance_seconds": seconds}))
            .await;
    }

    /// The simulated time in whole seconds since the epoch.
    pub(crate) async fn now(&self) -> i64 {
        let now = self.control("GET", "clock", json!({})).await;
        let text = now["now"].as_str().expect("a time");
        simulator::Moment::parse_rfc3339(text)
            .expect("RFC 3339")
            .as_millis()
            / 1000
    }

    /// The calls of an operation in the log, oldest first.
    pub(crate) async fn calls(&self, operation: &str) -> Vec<Value> {
        let log = self
            .control("GET", &format!("calls?operation={operation}"), json!({}))
            .await;
        log["calls"].as_array().cloned().unwrap_or_default()
    }
}

impl Caller<'_> {
    pub(crate) fn request(&self, service: &str, target: &str, body: &Value) -> reqwest::RequestBuilder {
        let scope = format!(
            "{}/20260102/{}/{service}/aws4_request",
            self.access_key, self.region
        );
        let authorization =
            format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host;x-amz-date, Signature=00");
        self.sim
            .http
            .post(self.sim.url())
            .header("authorization", authorization)
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-target", target)
            .header("user-agent", "raw-client/1")
            .body(body.to_string())
    }

    pub(crate) async fn raw(&self, operation: &str, body: Value) -> (u16, Value) {
        let request = self.request("dynamodb", &format!("DynamoDB_20120810.{operation}"), &body);
        let response = request.send().await.expect("the simulator answers");
        (
            response.status().as_u16(),
            response.json().await.expect("DynamoDB answers JSON"),
        )
    }

    /// A call that must succeed.
    pub(crate) async fn ok(&self, operation: &str, body: Value) -> Value {
        let (status, value) = self.raw(operation, body.clone()).await;
        assert_eq!(status, 200, "{operation} {body}: {value}");
        value
    }

    /// A call that must be refused. Answers `Code: message`.
    pub(crate) async fn refused(&self, operation: &str, body: Value) -> String {
        let (status, value) = self.raw(operation, body.clone()).await;
        assert_eq!(status, 400, "{operation} {body}: {value}");
        let code = value["__type"]
            .as_str()
            .unwrap_or_default()
            .rsplit('#')
            .next()
            .unwrap_or_default();
        let message = value["message"]
            .as_str()
            .or(value["Message"].as_str())
            .unwrap_or_default();
        format!("{code}: {message}")
    }

    /// Asserts that a call is refused with a text that begins, after the code, as expected.
    pub(crate) async fn refuses(&self, operation: &str, body: Value, expected: &str) {
        let refused = self.refused(operation, body.clone()).await;
        assert!(
            refused.starts_with(expected),
            "{operation} {body}\nexpected {expected}\nanswered {refused}"
        );
    }

    /// A call of AWS Backup, by method and path.
    pub(crate) async fn rest(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let scope = format!("{}/20260102/{}/backup/aws4_request", self.access_key, self.region);
        let authorization =
            format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host;x-amz-date, Signature=00");
        let method = method.parse().expect("a method");
        let mut request = self
            .sim
            .http
            .request(method, format!("{}{path}", self.sim.url()))
            .header("authorization", authorization);
        if !body.is_null() {
            request = request.body(body.to_string());
        }
        let response = request.send().await.expect("the simulator answers");
        let status = response.status().as_u16();
        let code = response.headers().get("x-amzn-errortype").cloned();
        let text = response.text().await.expect("a body");
        let mut value: Value = serde_json::from_str(&text).unwrap_or_else(|_| json!({}));
        if let Some(code) = code {
            value["Code"] = json!(code.to_str().expect("a code"));
        }
        (status, value)
    }

    /// A call of AWS Backup that must succeed.
    pub(crate) async fn rest_ok(&self, method: &str, path: &str, body: Value) -> Value {
        let (status, value) = self.rest(method, path, body.clone()).await;
        assert_eq!(status, 200, "{method} {path} {body}: {value}");
        value
    }

    /// A call of AWS Backup that must be refused. Answers `Code: message`.
    pub(crate) async fn rest_refused(&self, method: &str, path: &str, body: Value) -> String {
        let (status, value) = self.rest(method, path, body.clone()).await;
        assert_eq!(status, 400, "{method} {path} {body}: {value}");
        let text = |member: &str| value[member].as_str().unwrap_or_default().to_owned();
        format!("{}: {}", text("Code"), text("Message"))
    }

    /// An on-demand table with the string key `pk`, ACTIVE and with continuous backups ready.
    pub(crate) async fn table(&self, name: &str) -> Value {
        self.ok("CreateTable", plain_table(name)).await;
        self.sim.advance(120).await;
        self.ok("DescribeTable", json!({"TableName": name})).await["Table"].clone()
    }

    pub(crate) async fn put(&self, table: &str, pk: &str) {
        self.ok("PutItem", json!({"TableName": table, "Item": {"pk": {"S": pk}}}))
            .await;
    }

    /// The keys of a table's items, in order.
    pub(crate) async fn keys(&self, table: &str) -> Vec<String> {
        let page = self.ok("Scan", json!({"TableName": table})).await;
        let items = page["Items"].as_array().cloned().unwrap_or_default();
        items
            .iter()
            .filter_map(|item| item["pk"]["S"].as_str().map(str::to_owned))
            .collect()
    }

    pub(crate) async fn status(&self, table: &str) -> String {
        let table = self.ok("DescribeTable", json!({"TableName": table})).await;
        table["Table"]["TableStatus"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// An AVAILABLE backup of a table. Answers its ARN.
    pub(crate) async fn backup(&self, table: &str, name: &str) -> String {
        let made = self
            .ok("CreateBackup", json!({"TableName": table, "BackupName": name}))
            .await;
        self.sim.advance(60).await;
        made["BackupDetails"]["BackupArn"]
            .as_str()
            .expect("an ARN")
            .to_owned()
    }

    /// Switches point-in-time recovery on.
    pub(crate) async fn recovery(&self, table: &str, days: i64) {
        let specification = json!({"PointInTimeRecoveryEnabled": true, "RecoveryPeriodInDays": days});
        let body = json!({"TableName": table, "PointInTimeRecoverySpecification": specification});
        self.ok("UpdateContinuousBackups", body).await;
    }

    /// The answer's PointInTimeRecoveryDescription.
    pub(crate) async fn window(&self, table: &str) -> Value {
        let answer = self
            .ok("DescribeContinuousBackups", json!({"TableName": table}))
            .await;
        answer["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"].clone()
    }
}

pub(crate) fn plain_table(name: &str) -> Value {
    json!({
        "TableName": name,
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
    })
}

pub(crate) fn table_arn(name: &str) -> String {
    format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}")
}

/// A list of one member's values, as text.
pub(crate) fn column(list: &Value, member: &str) -> Vec<String> {
    let list = list.as_array().cloned().unwrap_or_default();
    list.iter()
        .map(|entry| entry[member].as_str().unwrap_or_default().to_owned())
        .collect()
}
