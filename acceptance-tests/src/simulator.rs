//! The simulator as a process of its own, and its control interface: clock, settings, faults, call log.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{Binaries, wait_until};

/// A running simulator. It ends with this value, and also when our process is killed.
#[derive(Debug)]
pub struct Simulator {
    process: Child,
    url: String,
    http: reqwest::blocking::Client,
}

/// The calls that the simulator was asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Calls {
    answer: Value,
}

impl Simulator {
    /// Starts the simulator under test on a free port.
    ///
    /// # Panics
    /// If it does not start.
    pub fn start() -> Self {
        Self::start_program(&Binaries::get().simulator).unwrap_or_else(|err| panic!("{err}"))
    }

    /// Starts `program` on a free port.
    ///
    /// # Errors
    /// If it does not say where it listens.
    pub fn start_program(program: &Path) -> Result<Self, String> {
        let mut process = Command::new(program)
            .args(["--listen", "127.0.0.1:0", "--exit-with-stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|err| format!("starting the simulator {}: {err}", program.display()))?;
        let stdout = process.stdout.take().expect("it was piped");
        let mut line = String::new();
        let read = BufReader::new(stdout).read_line(&mut line);
        let Some(url) = line.trim().strip_prefix("listening on ").filter(|_| read.is_ok()) else {
            let _ = process.kill();
            let _ = process.wait();
            return Err(format!("the simulator said {line:?} instead of where it listens"));
        };
        let http = reqwest::blocking::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(30))
            .build()
            .map_err(|err| format!("making an HTTP client: {err}"))?;
        Ok(Self {
            url: url.to_owned(),
            process,
            http,
        })
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Everything that it holds: `tables`, `backups`, `vaults`, of every account and Region.
    pub fn state(&self) -> Value {
        self.control(reqwest::Method::GET, "state", None)
    }

    /// What time it is there.
    pub fn now(&self) -> Timestamp {
        let answer = self.control(reqwest::Method::GET, "clock", None);
        let now = answer["now"].as_str().expect("the clock tells the time");
        now.parse()
            .unwrap_or_else(|err| panic!("the simulator's clock says {now:?}: {err}"))
    }

    /// Moves its clock on.
    pub fn advance(&self, seconds: u64) {
        self.control(
            reqwest::Method::POST,
            "clock",
            Some(json!({"advance_seconds": seconds})),
        );
    }

    /// Sets its clock, which goes on from there.
    pub fn set_clock(&self, to: &str) {
        self.control(
            reqwest::Method::POST,
            "clock",
            Some(json!({"set": to, "freeze": false})),
        );
    }

    /// Sets its clock and stops it, so that every time in a message is the same in every run.
    pub fn freeze(&self, at: &str) {
        self.control(
            reqwest::Method::POST,
            "clock",
            Some(json!({"set": at, "freeze": true})),
        );
    }

    /// Changes the settings that are given.
    pub fn set(&self, settings: Value) {
        self.control(reqwest::Method::PUT, "settings", Some(settings));
    }

    /// Arms a fault; `service` is DynamoDB unless it says otherwise.
    pub fn fault(&self, mut fault: Value) {
        if fault.get("service").is_none() {
            fault["service"] = "dynamodb".into();
        }
        self.control(reqwest::Method::POST, "faults", Some(fault));
    }

    /// Disarms all faults.
    pub fn clear_faults(&self) {
        self.control(reqwest::Method::DELETE, "faults", None);
    }

    /// Denies these actions to everyone: `dynamodb:DescribeTable`.
    pub fn deny(&self, actions: &[&str]) {
        self.set(json!({"denied_actions": actions}));
    }

    /// The calls since the log was cleared.
    pub fn calls(&self) -> Calls {
        Calls {
            answer: self.control(reqwest::Method::GET, "calls", None),
        }
    }

    /// Puts accounts into one organization, which the first one manages.
    pub fn organize(&self, management_account: &str, members: &[&str]) {
        self.control(
            reqwest::Method::PUT,
            "organization",
            Some(json!({"management_account": management_account, "members": members})),
        );
    }

    /// Lets the next job of AWS Backup in that place end badly. `failure` holds its `kind` (`backup`, `copy`, `restore`),
    /// and the `state` and the `message` with which it ends.
    pub fn fail_next_job(&self, account: &str, region: &str, mut failure: Value) {
        failure["account"] = account.into();
        failure["region"] = region.into();
        self.control(reqwest::Method::POST, "backup/fail_next_job", Some(failure));
    }

    /// Makes a recovery point EXPIRED, as one that AWS Backup could not delete.
    pub fn expire_recovery_point(&self, account: &str, region: &str, arn: &str) {
        self.control(
            reqwest::Method::POST,
            "backup/expire",
            Some(json!({"account": account, "region": region, "recovery_point_arn": arn})),
        );
    }

    /// Waits until an operation was called so often since the log was cleared, whatever became of the calls.
    ///
    /// # Panics
    /// If that takes longer than a minute.
    pub fn wait_for_calls(&self, operation: &str, times: usize) {
        wait_until(
            &format!("{operation} to be called {times} times"),
            Duration::from_secs(60),
            || (self.calls().count(operation) >= times).then_some(()),
        );
    }

    /// Clears the call log.
    pub fn clear_calls(&self) {
        self.control(reqwest::Method::DELETE, "calls", None);
    }

    /// Makes the restore of this table fail.
    pub fn fail_restore(&self, account: &str, region: &str, table: &str) {
        let request = json!({"account": account, "region": region, "table": table});
        self.control(reqwest::Method::POST, "tables/fail_restore", Some(request));
    }

    /// Makes a backup of this table as AWS Backup makes one, with an ARN of DynamoDB's. Returns the ARN.
    pub fn make_backup_of_aws_backup(&self, account: &str, region: &str, table: &str, name: &str) -> String {
        let request = json!({"account": account, "region": region, "table": table, "name": name});
        let answer = self.control(reqwest::Method::POST, "backups", Some(request));
        answer["backup_arn"]
            .as_str()
            .expect("the backup has an ARN")
            .to_owned()
    }

    /// Makes a KMS key; `key` has the members of the control interface.
    pub fn make_key(&self, key: Value) {
        self.control(reqwest::Method::POST, "kms/keys", Some(key));
    }

    fn control(&self, method: reqwest::Method, path: &str, body: Option<Value>) -> Value {
        let url = format!("{}/_simulator/{path}", self.url);
        let mut request = self.http.request(method.clone(), &url);
        if let Some(body) = &body {
            request = request
                .header("Content-Type", "application/json")
                .body(body.to_string());
        }
        let response = request
            .send()
            .unwrap_or_else(|err| panic!("{method} {url}: {err}"));
        let status = response.status();
        let text = response.text().unwrap_or_default();
        assert!(status.is_success(), "{method} {url} {body:?}: {status}: {text}");
        if text.is_empty() {
            return Value::Null;
        }
        serde_json::from_str(&text).unwrap_or_else(|err| panic!("{method} {url}: {text}: {err}"))
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Calls {
    /// How often an operation was called, answered or not: `CreateBackup`.
    pub fn count(&self, operation: &str) -> usize {
        self.all().filter(|call| call["operation"] == operation).count()
    }

    /// How often an operation was called and did what it was asked, whether or not the caller was told: refused calls
    /// do not count, and those whose answer was lost do.
    pub fn effective(&self, operation: &str) -> usize {
        let took_effect = |call: &&Value| call["error"].is_null() || call["fault"] == "error_after";
        self.all()
            .filter(|call| call["operation"] == operation)
            .filter(took_effect)
            .count()
    }

    /// How many calls there were in all.
    pub fn total(&self) -> usize {
        self.all().count()
    }

    /// How many calls were throttled.
    pub fn throttled(&self) -> usize {
        self.all()
            .filter(|call| {
                call["error"]
                    .as_str()
                    .is_some_and(|code| code.starts_with("Throttling"))
            })
            .count()
    }

    /// How often each operation was called.
    pub fn by_operation(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for operation in self.all().filter_map(|call| call["operation"].as_str()) {
            *counts.entry(operation.to_owned()).or_insert(0) += 1;
        }
        counts
    }

    /// The user agents of the callers, without duplicates.
    pub fn user_agents(&self) -> Vec<String> {
        let mut agents: Vec<String> = self
            .all()
            .filter_map(|call| call["user_agent"].as_str().map(str::to_owned))
            .collect();
        agents.sort();
        agents.dedup();
        agents
    }

    /// Every call, in order.
    pub fn all(&self) -> impl Iterator<Item = &Value> {
        self.answer["calls"].as_array().into_iter().flatten()
    }
}
