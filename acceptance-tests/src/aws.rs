//! A small client of the AWS wire, for seeding and for looking at what the provider did. Signs nothing: emulators read
//! only the credential scope.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use crate::wait_until;

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The access key id. Twelve digits select the account in most emulators.
    pub access_key_id: String,
    /// The secret access key.
    pub secret_access_key: String,
    /// The session token of temporary credentials.
    pub session_token: Option<String>,
    /// The account that these credentials belong to.
    pub account: String,
}

impl Credentials {
    /// Credentials whose access key id is the account.
    pub fn of_account(account: &str) -> Self {
        Self {
            access_key_id: account.to_owned(),
            secret_access_key: "test".to_owned(),
            session_token: None,
            account: account.to_owned(),
        }
    }

    /// The environment variables that give them to the AWS SDKs.
    pub fn variables(&self) -> Vec<(String, String)> {
        let mut variables = vec![
            ("AWS_ACCESS_KEY_ID".to_owned(), self.access_key_id.clone()),
            ("AWS_SECRET_ACCESS_KEY".to_owned(), self.secret_access_key.clone()),
        ];
        variables.extend(
            self.session_token
                .clone()
                .map(|token| ("AWS_SESSION_TOKEN".to_owned(), token)),
        );
        variables
    }
}

/// An error that AWS answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwsError {
    /// HTTP status.
    pub status: u16,
    /// Code: `TableNotFoundException`.
    pub code: String,
    /// Message.
    pub message: String,
}

impl fmt::Display for AwsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.status, self.code, self.message)
    }
}

impl std::error::Error for AwsError {}

/// A client of one account in one Region.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::blocking::Client,
    endpoint: String,
    region: String,
    credentials: Credentials,
}

impl Client {
    /// A client of the AWS at `endpoint`.
    ///
    /// # Panics
    /// If no HTTP client can be made.
    pub fn new(endpoint: &str, region: &str, credentials: Credentials) -> Self {
        let http = reqwest::blocking::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(30))
            .build()
            .expect("an HTTP client without TLS needs nothing of the system");
        Self {
            http,
            endpoint: endpoint.to_owned(),
            region: region.to_owned(),
            credentials,
        }
    }

    /// The same in another Region.
    #[must_use]
    pub fn in_region(&self, region: &str) -> Self {
        Self {
            region: region.to_owned(),
            ..self.clone()
        }
    }

    /// The same with other credentials.
    #[must_use]
    pub fn with_credentials(&self, credentials: Credentials) -> Self {
        Self {
            credentials,
            ..self.clone()
        }
    }

    /// Its Region.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// Its credentials.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Calls an operation of DynamoDB.
    ///
    /// # Errors
    /// What AWS answered.
    ///
    /// # Panics
    /// If there is no answer at all.
    pub fn try_call(&self, operation: &str, input: Value) -> Result<Value, AwsError> {
        self.json(
            "dynamodb",
            &format!("DynamoDB_20120810.{operation}"),
            "1.0",
            &input,
        )
    }

    /// Calls an operation of KMS.
    ///
    /// # Errors
    /// What AWS answered.
    pub fn try_kms(&self, operation: &str, input: Value) -> Result<Value, AwsError> {
        self.json("kms", &format!("TrentService.{operation}"), "1.1", &input)
    }

    /// Calls an operation of Application Auto Scaling about DynamoDB.
    ///
    /// # Errors
    /// What AWS answered.
    pub fn try_autoscaling(&self, operation: &str, mut input: Value) -> Result<Value, AwsError> {
        input["ServiceNamespace"] = "dynamodb".into();
        let target = format!("AnyScaleFrontendService.{operation}");
        self.json("application-autoscaling", &target, "1.1", &input)
    }

    /// Calls an operation of AWS Backup by the method and path of its model: `PUT`, `/backup-vaults/nightly`.
    ///
    /// # Errors
    /// What AWS answered.
    ///
    /// # Panics
    /// If there is no answer at all.
    pub fn try_aws_backup(&self, method: &str, path: &str, input: &Value) -> Result<Value, AwsError> {
        let method: reqwest::Method = method.parse().expect("a method of HTTP");
        let mut request = self.request_of("backup", method, path);
        if !input.is_null() {
            request = request
                .header("Content-Type", "application/json")
                .body(input.to_string());
        }
        let response = request
            .send()
            .unwrap_or_else(|err| panic!("{path} at {}: {err}", self.endpoint));
        let code = response
            .headers()
            .get("x-amzn-ErrorType")
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        answer_of(response, code)
    }

    /// Calls an operation of AWS Backup that must succeed.
    ///
    /// # Panics
    /// With what AWS answered instead.
    pub fn aws_backup(&self, method: &str, path: &str, input: Value) -> Value {
        self.try_aws_backup(method, path, &input)
            .unwrap_or_else(|err| panic!("{method} {path} {input}: {err}"))
    }

    /// Calls an operation of DynamoDB that must succeed.
    ///
    /// # Panics
    /// With what AWS answered instead.
    pub fn call(&self, operation: &str, input: Value) -> Value {
        self.try_call(operation, input.clone())
            .unwrap_or_else(|err| panic!("{operation} {input}: {err}"))
    }

    /// Assumes a role and returns its credentials.
    ///
    /// # Errors
    /// What AWS answered, shortened.
    pub fn assume_role(&self, role_arn: &str) -> Result<Credentials, String> {
        let form = format!(
            "Action=AssumeRole&Version=2011-06-15&RoleSessionName=acceptance&RoleArn={}",
            role_arn.replace(':', "%3A").replace('/', "%2F")
        );
        let request = self
            .request("sts")
            .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
            .body(form);
        let response = request.send().map_err(|err| format!("AssumeRole: {err}"))?;
        let text = response.text().map_err(|err| format!("AssumeRole: {err}"))?;
        let element = |name: &str| {
            let (_, rest) = text.split_once(&format!("<{name}>"))?;
            rest.split_once('<').map(|(value, _)| value.trim().to_owned())
        };
        let account = role_arn.split(':').nth(4).unwrap_or_default().to_owned();
        (|| {
            Some(Credentials {
                access_key_id: element("AccessKeyId")?,
                secret_access_key: element("SecretAccessKey")?,
                session_token: Some(element("SessionToken")?),
                account,
            })
        })()
        .ok_or_else(|| {
            format!(
                "AssumeRole of {role_arn}: {}",
                text.chars().take(300).collect::<String>()
            )
        })
    }

    /// Asks again while it is throttled, as every client of AWS does.
    fn json(&self, service: &str, target: &str, version: &str, input: &Value) -> Result<Value, AwsError> {
        wait_until(
            &format!("{target} not to be throttled"),
            Duration::from_secs(30),
            || match self.json_once(service, target, version, input) {
                Err(err) if err.code == "ThrottlingException" => None,
                outcome => Some(outcome),
            },
        )
    }

    fn json_once(
        &self,
        service: &str,
        target: &str,
        version: &str,
        input: &Value,
    ) -> Result<Value, AwsError> {
        let response = self
            .request(service)
            .header("X-Amz-Target", target)
            .header("Content-Type", format!("application/x-amz-json-{version}"))
            .body(input.to_string())
            .send()
            .unwrap_or_else(|err| panic!("{target} at {}: {err}", self.endpoint));
        answer_of(response, None)
    }

    fn request(&self, service: &str) -> reqwest::blocking::RequestBuilder {
        self.request_of(service, reqwest::Method::POST, "/")
    }

    #[expect(clippy::disallowed_methods, reason = "a request says when it was made")]
    fn request_of(
        &self,
        service: &str,
        method: reqwest::Method,
        path: &str,
    ) -> reqwest::blocking::RequestBuilder {
        let now = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
        let (date, _) = now.split_once('T').expect("the format has a T");
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={}/{date}/{}/{service}/aws4_request, SignedHeaders=host, Signature={:064x}",
            self.credentials.access_key_id, self.region, 0
        );
        let request = self
            .http
            .request(method, format!("{}{path}", self.endpoint))
            .header("Authorization", authorization)
            .header("X-Amz-Date", now.clone());
        match &self.credentials.session_token {
            Some(token) => request.header("X-Amz-Security-Token", token),
            None => request,
        }
    }
}

/// The answer as JSON, or the error that it tells; its code may stand in a header.
fn answer_of(response: reqwest::blocking::Response, code: Option<String>) -> Result<Value, AwsError> {
    let status = response.status();
    let text = response
        .text()
        .unwrap_or_else(|err| panic!("reading an answer: {err}"));
    let answer: Option<Value> = if text.is_empty() {
        Some(Value::Null)
    } else {
        serde_json::from_str(&text).ok()
    };
    match answer {
        Some(answer) if status.is_success() => Ok(answer),
        Some(answer) => {
            let code = code.unwrap_or_else(|| {
                let code = answer["__type"].as_str().or(answer["Code"].as_str());
                code.unwrap_or("(no code)").to_owned()
            });
            let message = answer["message"]
                .as_str()
                .or(answer["Message"].as_str())
                .unwrap_or_default();
            let code = code.rsplit('#').next().unwrap_or(&code);
            Err(AwsError {
                status: status.as_u16(),
                code: code.split(':').next().unwrap_or(code).to_owned(),
                message: message.to_owned(),
            })
        }
        // Emulators answer HTML where they do not know an operation.
        None => Err(AwsError {
            status: status.as_u16(),
            code: "(not JSON)".to_owned(),
            message: text.chars().take(200).collect(),
        }),
    }
}
