//! The provider block: where credentials, Region and endpoints come from, and which reads a plan may make.

use acceptance_tests::{Backend, Workdir, backend};
use serde_json::json;

const ADDRESS: &str = "dynamodb_point_in_time_recovery.orders";
const RESOURCE: &str =
    "resource \"dynamodb_point_in_time_recovery\" \"orders\" {\n  table_name = \"orders\"\n}\n";

/// A configuration with this provider block, and nothing of AWS in the environment.
fn with_block(backend: &Backend, arguments: &str) -> Workdir {
    let text = format!("provider \"dynamodb\" {{\n{arguments}\n}}\n\n{RESOURCE}");
    let mut config = backend.workdir(&text);
    for (name, _) in backend.variables() {
        config.unset_variable(&name);
    }
    config
}

fn keys_and_endpoints(backend: &Backend) -> String {
    let credentials = backend.aws().credentials();
    let url = backend.endpoint();
    let token = credentials
        .session_token
        .as_ref()
        .map(|token| format!("  token = \"{token}\"\n"))
        .unwrap_or_default();
    format!(
        "  access_key = \"{}\"\n  secret_key = \"{}\"\n{token}  endpoints {{\n    dynamodb = \"{url}\"\n    sts = \
         \"{url}\"\n    kms = \"{url}\"\n  }}\n",
        credentials.access_key_id, credentials.secret_access_key
    )
}

fn is_on(backend: &Backend) -> bool {
    backend.aws().recovery("orders")["PointInTimeRecoveryStatus"] == "ENABLED"
}

#[test]
fn everything_in_the_block() {
    let backend = backend!(PitrSwitch);
    backend.aws().create_table("orders");
    let config = with_block(
        &backend,
        &format!("  region = \"us-east-1\"\n{}", keys_and_endpoints(&backend)),
    );
    config.apply();
    config.assert_empty_plan();
    assert!(is_on(&backend));
}

#[test]
fn everything_in_the_environment() {
    let backend = backend!(PitrSwitch);
    backend.aws().create_table("orders");
    let config = backend.workdir(RESOURCE);
    config.apply();
    assert!(is_on(&backend));
}

#[test]
fn the_endpoint_of_a_service_wins_over_the_one_for_all() {
    let backend = backend!(PitrSwitch);
    backend.aws().create_table("orders");
    let mut config = backend.workdir(RESOURCE);
    config.set_variable("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
    for service in ["DYNAMODB", "STS", "KMS"] {
        config.set_variable(&format!("AWS_ENDPOINT_URL_{service}"), backend.endpoint());
    }
    config.apply();
    assert!(is_on(&backend));
}

#[test]
fn a_profile_of_the_shared_files() {
    let backend = backend!(PitrSwitch);
    backend.aws().create_table("orders");
    let config = with_block(
        &backend,
        &format!(
            "  profile                  = \"shop\"\n  shared_config_files      = [\"config\"]\n  \
             shared_credentials_files = [\"credentials\"]\n  endpoints {{\n    dynamodb = \"{url}\"\n    sts = \"{url}\"\n  }}",
            url = backend.endpoint()
        ),
    );
    let credentials = backend.aws().credentials();
    config.write("config", "[profile shop]\nregion = us-east-1\n");
    let token = credentials
        .session_token
        .as_ref()
        .map(|token| format!("aws_session_token = {token}\n"))
        .unwrap_or_default();
    config.write(
        "credentials",
        &format!(
            "[shop]\naws_access_key_id = {}\naws_secret_access_key = {}\n{token}",
            credentials.access_key_id, credentials.secret_access_key
        ),
    );
    config.apply();
    assert!(is_on(&backend));
}

#[test]
fn a_role_of_another_account() {
    let backend = backend!(PitrSwitch, AssumeRole);
    let role = "arn:aws:iam::999988887777:role/operator";
    let there = backend.aws().assume_role(role).expect("the backend lets us");
    let there = backend.aws().with_credentials(there);
    there.create_table("orders");
    let config = with_block(
        &backend,
        &format!(
            "  region = \"us-east-1\"\n{}  assume_role {{\n    role_arn = \"{role}\"\n  }}\n",
            keys_and_endpoints(&backend)
        ),
    );
    config.apply();
    config.assert_empty_plan();
    assert_eq!(there.recovery("orders")["PointInTimeRecoveryStatus"], "ENABLED");
    assert_eq!(config.state().text(ADDRESS, "account_id"), "999988887777");
}

#[test]
fn accounts_that_may_not_be_touched() {
    let backend = backend!(PitrSwitch);
    backend.aws().create_table("orders");
    let common = format!("  region = \"us-east-1\"\n{}", keys_and_endpoints(&backend));
    let config = with_block(
        &backend,
        &format!("{common}  allowed_account_ids = [\"444455556666\"]\n"),
    );
    config.plan_fails().says(backend.account()).says("444455556666");
    let text = format!(
        "provider \"dynamodb\" {{\n{common}  forbidden_account_ids = [\"{}\"]\n}}\n{RESOURCE}",
        backend.account()
    );
    config.configure(&text);
    config.plan_fails().says(backend.account());
    let text = format!(
        "provider \"dynamodb\" {{\n{common}  allowed_account_ids = [\"{}\"]\n}}\n{RESOURCE}",
        backend.account()
    );
    config.configure(&text);
    config.apply();
    assert!(is_on(&backend));
}

#[test]
fn a_missing_region_says_where_to_set_it() {
    let backend = backend!(PitrSwitch);
    backend.aws().create_table("orders");
    let config = with_block(&backend, &keys_and_endpoints(&backend));
    config.plan_fails().says("region").says("AWS_REGION");
}

#[test]
fn missing_credentials_say_where_they_were_looked_for() {
    let backend = backend!(PitrSwitch);
    let config = with_block(
        &backend,
        &format!(
            "  region = \"us-east-1\"\n  endpoints {{\n    dynamodb = \"{0}\"\n    sts = \"{0}\"\n  }}",
            backend.endpoint()
        ),
    );
    config.plan_fails().says("credentials");
}

#[test]
fn a_block_that_is_known_only_after_apply() {
    let backend = backend!(PitrSwitch);
    backend.aws().create_table("orders");
    let config = with_block(
        &backend,
        &format!(
            "  region = terraform_data.region.output\n{}",
            keys_and_endpoints(&backend)
        ),
    );
    config.write(
        "region.tf",
        "resource \"terraform_data\" \"region\" {\n  input = \"us-east-1\"\n}\n",
    );
    let plan = config.plan();
    assert_eq!(plan.actions(ADDRESS), ["create"]);
    config.apply();
    config.assert_empty_plan();
    assert!(is_on(&backend));
}

#[test]
fn two_configurations_side_by_side() {
    let backend = backend!(PitrSwitch);
    backend.aws().create_table("orders");
    let ireland = backend.aws().in_region("eu-west-1");
    ireland.create_table("orders");
    let config = backend.workdir(&format!(
        "provider \"dynamodb\" {{\n  alias  = \"ireland\"\n  region = \"eu-west-1\"\n}}\n{RESOURCE}resource \
         \"dynamodb_point_in_time_recovery\" \"ireland\" {{\n  provider   = dynamodb.ireland\n  table_name = \
         \"orders\"\n}}\n"
    ));
    config.apply();
    config.assert_empty_plan();
    assert!(is_on(&backend));
    assert_eq!(ireland.recovery("orders")["PointInTimeRecoveryStatus"], "ENABLED");
}

#[test]
fn a_plan_that_may_not_observe_asks_nothing_for_its_checks() {
    let backend = backend!(PitrSwitch, Control);
    backend.aws().create_table("orders");
    backend.simulator().clear_calls();
    let text = format!("provider \"dynamodb\" {{\n  validation = {{ observe = false }}\n}}\n{RESOURCE}");
    let config = backend.workdir(&text);
    config.plan();
    let calls = backend.simulator().calls();
    assert!(
        calls.all().all(|call| call["service"] != "dynamodb"),
        "{:?}",
        calls.by_operation()
    );
    config.apply();
    assert!(is_on(&backend));
}

#[test]
fn a_denied_read_names_the_check_and_the_action() {
    let backend = backend!(Backups, Restores, Control);
    backend.aws().create_table("orders");
    let backup = backend.aws().create_backup("orders", "nightly");
    backend.simulator().deny(&["dynamodb:DescribeBackup"]);
    let resource = format!(
        "resource \"dynamodb_restored_table\" \"restored\" {{\n  name   = \"orders-restored\"\n  source = {{ backup_arn \
         = \"{backup}\" }}\n}}\n"
    );
    let config = backend.workdir(&resource);
    let plan = config.plan();
    assert!(plan.output.contains("Warning:"), "{}", plan.output);
    assert!(plan.output.contains("dynamodb:DescribeBackup"), "{}", plan.output);

    let strict = "provider \"dynamodb\" {\n  validation = { unreadable = \"error\" }\n}\n";
    config.configure(&format!("{strict}{resource}"));
    config.plan_fails().says("dynamodb:DescribeBackup");
}

#[test]
fn calls_say_who_makes_them() {
    let backend = backend!(PitrSwitch, Control);
    backend.aws().create_table("orders");
    backend.simulator().clear_calls();
    let mut config = backend.workdir(RESOURCE);
    config.set_variable("TF_APPEND_USER_AGENT", "pipeline/42");
    config.apply();
    let agents = backend.simulator().calls().user_agents();
    assert!(!agents.is_empty());
    for agent in agents {
        for part in ["Terraform/", "terraform-provider-dynamodb", "pipeline/42"] {
            assert!(agent.contains(part), "{part} is missing in {agent:?}");
        }
    }
}

#[test]
fn secrets_never_appear() {
    let backend = backend!(PitrSwitch, Control);
    backend.aws().create_table("orders");
    let secret = "correct-horse-battery-staple";
    let block =
        keys_and_endpoints(&backend).replace("secret_key = \"test\"", &format!("secret_key = \"{secret}\""));
    let mut config = with_block(&backend, &format!("  region = \"us-east-1\"\n{block}"));
    config.set_variable("TF_LOG", "TRACE");
    config.set_variable("TF_LOG_PROVIDER_DYNAMODB", "TRACE");
    backend.simulator().fault(json!({
        "operation": "UpdateContinuousBackups", "kind": "error", "code": "AccessDeniedException",
        "message": "not authorized", "times": null,
    }));
    let run = config.try_apply().fails();
    assert!(
        run.stderr.contains("UpdateContinuousBackups"),
        "the log is there: {run}"
    );
    assert!(!run.stdout.contains(secret), "{}", run.stdout);
    // Terraform itself logs nothing of the block either.
    assert!(!run.stderr.contains(secret), "a secret is in the log");
}
