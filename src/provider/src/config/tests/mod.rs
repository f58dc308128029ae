//! The provider block: what is refused, and what it means for the AWS clients.

mod rules;

use std::time::Duration;

use serde_json::{Value as Json, json};
use tfsdk::{ConfigureRequest, Model as _, Server};

use super::{Config, Validation, attempts_folder, schema};
use crate::testing::{UnderTest, summaries, value};

fn block(given: Json) -> tfsdk::Value {
    let mut whole = json!({
        "assume_role": [], "assume_role_with_web_identity": [], "default_tags": [], "ignore_tags": [], "endpoints": [],
    });
    whole
        .as_object_mut()
        .expect("an object")
        .extend(given.as_object().cloned().expect("an object"));
    value(&schema().ty(), &whole)
}

fn config(given: Json) -> Config {
    Config::from_value(&block(given)).expect("it fits the schema")
}

fn said(given: Json) -> Vec<String> {
    summaries(&Server::<UnderTest>::new().validate_provider(&block(given)))
}

#[test]
fn an_empty_block_is_all_defaults() {
    assert_eq!(said(json!({})), [""; 0]);
    let config = config(json!({}));
    assert_eq!(config.to_aws(), aws_clients::Config::default());
    assert_eq!(
        config.validation(),
        Validation {
            observe: true,
            unreadable_is_error: false
        }
    );
}

#[test]
fn a_whole_block_arrives_whole() {
    let aws = config(json!({
        "region": "eu-west-1", "profile": "work", "access_key": "AKIA", "secret_key": "s3cret", "token": "t0ken",
        "shared_config_files": ["a"], "shared_credentials_files": ["b", "c"],
        "allowed_account_ids": ["111122223333"], "max_retries": 3, "retry_mode": "adaptive",
        "custom_ca_bundle": "ca.pem", "http_proxy": "http://p:1", "https_proxy": "", "no_proxy": "localhost",
        "use_fips_endpoint": true, "use_dualstack_endpoint": false, "insecure": true,
        "skip_credentials_validation": true, "skip_requesting_account_id": true, "skip_region_validation": true,
        "skip_metadata_api_check": true,
        "assume_role": [
            {"role_arn": "arn:aws:iam::111122223333:role/a", "duration": "1h", "external_id": "x",
             "policy": "{}", "policy_arns": ["p"], "session_name": "n", "source_identity": "i",
             "tags": {"k": "v"}, "transitive_tag_keys": ["k"]},
            {"role_arn": "arn:aws:iam::111122223333:role/b"},
        ],
        "assume_role_with_web_identity": [{"role_arn": "r", "web_identity_token_file": "f", "duration": "30m"}],
        "default_tags": [{"tags": {"Team": "orders"}}],
        "ignore_tags": [{"keys": ["Owner"], "key_prefixes": ["k8s/"]}],
        "endpoints": [
            {"dynamodb": "http://d"},
            {"sts": "http://s", "kms": "http://k", "backup": "http://b", "appautoscaling": "http://a"},
            {"organizations": "http://o"},
        ],
    }))
    .to_aws();
    assert_eq!(aws.region.as_deref(), Some("eu-west-1"));
    assert_eq!(
        aws.secret_key.as_ref().map(|it| it.expose().as_str()),
        Some("s3cret")
    );
    assert_eq!(aws.shared_credentials_files, ["b", "c"]);
    assert_eq!(aws.max_retries, Some(3));
    assert_eq!(aws.retry_mode, Some(aws_clients::RetryMode::Adaptive));
    assert_eq!(
        (aws.https_proxy.as_deref(), aws.use_dualstack_endpoint),
        (Some(""), Some(false))
    );
    assert!(aws.insecure && aws.skip_metadata_api_check && aws.skip_requesting_account_id);
    assert_eq!(aws.assume_role.len(), 2);
    assert_eq!(aws.assume_role[0].duration, Some(Duration::from_secs(3600)));
    assert_eq!(aws.assume_role[0].transitive_tag_keys, ["k"]);
    assert_eq!(aws.assume_role[0].tags["k"], "v");
    let web = aws.assume_role_with_web_identity.expect("it was given");
    assert_eq!(
        (web.web_identity_token_file.as_deref(), web.duration),
        (Some("f"), Some(Duration::from_secs(1800)))
    );
    assert_eq!(aws.default_tags["Team"], "orders");
    assert!(aws.ignore_tags.covers("Owner") && aws.ignore_tags.covers("k8s/x"));
    assert_eq!(aws.endpoints.dynamodb.as_deref(), Some("http://d"));
    assert_eq!(aws.endpoints.backup.as_deref(), Some("http://b"));
    assert_eq!(aws.endpoints.appautoscaling.as_deref(), Some("http://a"));
    assert_eq!(aws.endpoints.organizations.as_deref(), Some("http://o"));
}

#[test]
fn secrets_do_not_show() {
    let config = config(json!({"access_key": "AKIA", "secret_key": "hunter2", "token": "hunter3"}));
    assert!(!format!("{config:?} {:?}", config.to_aws()).contains("hunter"));
}

#[test]
fn what_contradicts_itself_is_refused_at_its_place() {
    assert_eq!(
        said(json!({"access_key": "AKIA"})),
        ["error at access_key: Half of a pair of access keys"]
    );
    assert_eq!(
        said(json!({"secret_key": "s"})),
        ["error at secret_key: Half of a pair of access keys"]
    );
    assert_eq!(
        said(json!({"allowed_account_ids": ["111122223333"], "forbidden_account_ids": ["444455556666"]})),
        ["error at forbidden_account_ids: Conflicting arguments"]
    );
    // A typing error must not open what was to be forbidden.
    for name in ["allowed_account_ids", "forbidden_account_ids"] {
        assert_eq!(
            said(json!({name: ["012345678901", "11112222333", "(unknown)"]})),
            [format!("error at {name}: Account id has another form")]
        );
    }
    let both = json!([{"web_identity_token": "t", "web_identity_token_file": "f"}]);
    assert_eq!(
        said(json!({"assume_role_with_web_identity": both})),
        ["error at assume_role_with_web_identity[0].web_identity_token: Conflicting arguments"]
    );
    for (given, path) in [
        (json!({"retry_mode": "fast"}), "retry_mode"),
        (json!({"max_retries": -1}), "max_retries"),
        (
            json!({"validation": {"unreadable": "ignore"}}),
            "validation.unreadable",
        ),
        (
            json!({"assume_role": [{"role_arn": "r", "duration": "5m"}]}),
            "assume_role[0].duration",
        ),
        (
            json!({"assume_role": [{"role_arn": "r", "duration": "1 hour"}]}),
            "assume_role[0].duration",
        ),
    ] {
        assert_eq!(said(given), [format!("error at {path}: Invalid Attribute Value")]);
    }
}

#[test]
fn a_value_that_comes_later_is_no_half_of_a_pair() {
    assert_eq!(
        said(json!({"access_key": "AKIA", "secret_key": "(unknown)"})),
        [""; 0]
    );
    assert!(!config(json!({"region": "(unknown)"})).is_known());
    assert!(!config(json!({"default_tags": [{"tags": {"a": "(unknown)"}}]})).is_known());
}

#[tokio::test]
async fn a_block_that_is_not_known_yet_makes_no_client_and_no_fault() {
    let server = Server::<UnderTest>::new();
    let configured = server
        .configure(
            &block(json!({"region": "(unknown)"})),
            ConfigureRequest::default(),
        )
        .await;
    assert!(configured.is_empty(), "{configured:?}");
    let schema = &server.schemas().data_sources["dynamodb_restore_window"];
    let config = value(&schema.ty(), &json!({"table_name": "orders"}));
    let found = server
        .read_data_source("dynamodb_restore_window", config)
        .await
        .expect_err("nobody to ask");
    assert_eq!(summaries(&found), ["error: Provider is not configured"]);
}

#[tokio::test]
async fn a_block_that_cannot_be_used_says_why() {
    let server = Server::<UnderTest>::new();
    let given = json!({"region": "eu-west-1", "endpoints": [{"dynamodb": "localhost:8000"}]});
    let found = server.configure(&block(given), ConfigureRequest::default()).await;
    assert_eq!(summaries(&found), ["error: Provider cannot be configured"]);
    assert!(
        format!("{found:?}").contains("endpoints.dynamodb is"),
        "{found:?}"
    );
}

#[test]
fn attempts_are_kept_below_terraforms_data_folder() {
    let folder = |pairs: &[(&str, &str)]| {
        attempts_folder(&aws_clients::Environment::from_pairs(pairs.iter().copied()))
            .display()
            .to_string()
    };
    assert_eq!(folder(&[]), ".terraform/dynamodb/attempts");
    assert_eq!(
        folder(&[("TF_DATA_DIR", "/data/tf")]),
        "/data/tf/dynamodb/attempts"
    );
}
