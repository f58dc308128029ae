//! Credentials that are not there, have expired, or allow nothing.

use acceptance_tests::{Backend, Workdir, backend, normalise};
use expect_test::{Expect, expect};
use serde_json::json;

use crate::orderly::run;

const CONFIGURATION: &str = "resource \"dynamodb_backup\" \"orders\" {\n  table_name = \"orders\"\n}\n";

#[test]
fn none() {
    let mut config = backend!(Control).workdir(CONFIGURATION);
    without_keys(&mut config);
    says(
        &config,
        &expect![[r#"
            Error: AWS account cannot be determined

              with dynamodb_backup.orders,
              on main.tf line 1, in resource "dynamodb_backup" "orders":
               1: resource "dynamodb_backup" "orders" {

            Authenticating with AWS in us-east-1: asking STS for the caller's account:
            there are no credentials. Tried: AWS_ACCESS_KEY_ID in the environment, then
            AWS_WEB_IDENTITY_TOKEN_FILE, then the profile "default" of the shared files,
            then the container's credentials.

            Give the provider credentials that AWS accepts: set profile in the provider
            block, or AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and
            AWS_SESSION_TOKEN for temporary keys). Sign in again where a session has run
            out (aws sso login), and compare the clock of this machine with the real
            time. `aws sts get-caller-identity` shows whether they work. A Region that
            the account has not enabled refuses them, too.
        "#]],
    );
}

#[test]
fn a_profile_that_is_not_there() {
    let mut config = backend!(Control).workdir(CONFIGURATION);
    without_keys(&mut config);
    config.set_variable("AWS_PROFILE", "production");
    says(
        &config,
        &expect![[r#"
            Error: AWS account cannot be determined

              with dynamodb_backup.orders,
              on main.tf line 1, in resource "dynamodb_backup" "orders":
               1: resource "dynamodb_backup" "orders" {

            Authenticating with AWS in us-east-1: asking STS for the caller's account:
            there are no credentials. Tried: AWS_ACCESS_KEY_ID in the environment, then
            AWS_WEB_IDENTITY_TOKEN_FILE, then the profile "production" of the shared
            files, then the container's credentials.

            Give the provider credentials that AWS accepts: set profile in the provider
            block, or AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and
            AWS_SESSION_TOKEN for temporary keys). Sign in again where a session has run
            out (aws sso login), and compare the clock of this machine with the real
            time. `aws sts get-caller-identity` shows whether they work. A Region that
            the account has not enabled refuses them, too.
        "#]],
    );
}

#[test]
fn a_configuration_file_that_is_none() {
    let mut config = backend!(Control).workdir(CONFIGURATION);
    without_keys(&mut config);
    config.write("aws.ini", "[default\naws_access_key_id = x\n");
    config.set_variable("AWS_CONFIG_FILE", "aws.ini");
    says(
        &config,
        &expect![[r#"
            Error: AWS account cannot be determined

              with dynamodb_backup.orders,
              on main.tf line 1, in resource "dynamodb_backup" "orders":
               1: resource "dynamodb_backup" "orders" {

            Authenticating with AWS in us-east-1: asking STS for the caller's account:
            the credentials provider was not properly configured: ProfileFile provider
            could not be built: invalid profile: could not parse profile file. Tried:
            AWS_ACCESS_KEY_ID in the environment, then AWS_WEB_IDENTITY_TOKEN_FILE, then
            the profile "default" of the shared files, then the container's credentials.

            Give the provider credentials that AWS accepts: set profile in the provider
            block, or AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and
            AWS_SESSION_TOKEN for temporary keys). Sign in again where a session has run
            out (aws sso login), and compare the clock of this machine with the real
            time. `aws sts get-caller-identity` shows whether they work. A Region that
            the account has not enabled refuses them, too.
        "#]],
    );
}

#[test]
fn a_program_that_fails() {
    let mut config = backend!(Control).workdir(CONFIGURATION);
    without_keys(&mut config);
    config.write("aws.ini", "[default]\ncredential_process = false\n");
    config.set_variable("AWS_CONFIG_FILE", "aws.ini");
    says(
        &config,
        &expect![[r#"
            Error: AWS account cannot be determined

              with dynamodb_backup.orders,
              on main.tf line 1, in resource "dynamodb_backup" "orders":
               1: resource "dynamodb_backup" "orders" {

            Authenticating with AWS in us-east-1: asking STS for the caller's account: an
            error occurred while loading credentials: Error retrieving credentials:
            external process exited with code exit status: 1. Stderr: . Tried:
            AWS_ACCESS_KEY_ID in the environment, then AWS_WEB_IDENTITY_TOKEN_FILE, then
            the profile "default" of the shared files, then the container's credentials.

            Give the provider credentials that AWS accepts: set profile in the provider
            block, or AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and
            AWS_SESSION_TOKEN for temporary keys). Sign in again where a session has run
            out (aws sso login), and compare the clock of this machine with the real
            time. `aws sts get-caller-identity` shows whether they work. A Region that
            the account has not enabled refuses them, too.
        "#]],
    );
}

#[test]
fn half_a_pair() {
    let mut config = backend!(Control).workdir(CONFIGURATION);
    config.unset_variable("AWS_SECRET_ACCESS_KEY");
    says(
        &config,
        &expect![[r#"
            Error: AWS account cannot be determined

              with dynamodb_backup.orders,
              on main.tf line 1, in resource "dynamodb_backup" "orders":
               1: resource "dynamodb_backup" "orders" {

            Authenticating with AWS in us-east-1: asking STS for the caller's account:
            there are no credentials. Tried: AWS_ACCESS_KEY_ID in the environment (where
            AWS_SECRET_ACCESS_KEY is missing), then AWS_WEB_IDENTITY_TOKEN_FILE, then the
            profile "default" of the shared files, then the container's credentials.

            Give the provider credentials that AWS accepts: set profile in the provider
            block, or AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and
            AWS_SESSION_TOKEN for temporary keys). Sign in again where a session has run
            out (aws sso login), and compare the clock of this machine with the real
            time. `aws sts get-caller-identity` shows whether they work. A Region that
            the account has not enabled refuses them, too.
        "#]],
    );
}

#[test]
fn expired() {
    let backend = backend!(Control);
    refuse(
        &backend,
        "ExpiredTokenException",
        "The security token included in the request is expired",
    );
    says(
        &backend.workdir(CONFIGURATION),
        &expect![[r#"
            Error: AWS account cannot be determined

              with dynamodb_backup.orders,
              on main.tf line 1, in resource "dynamodb_backup" "orders":
               1: resource "dynamodb_backup" "orders" {

            Authenticating with AWS in us-east-1: asking STS for the caller's account:
            The security token included in the request is expired. Tried: the access key
            111122223333 of the environment.

            Give the provider credentials that AWS accepts: set profile in the provider
            block, or AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and
            AWS_SESSION_TOKEN for temporary keys). Sign in again where a session has run
            out (aws sso login), and compare the clock of this machine with the real
            time. `aws sts get-caller-identity` shows whether they work. A Region that
            the account has not enabled refuses them, too.

            AWS error ExpiredTokenException, request id
            <request id>
        "#]],
    );
}

#[test]
fn unknown_to_aws() {
    let backend = backend!(Control);
    refuse(
        &backend,
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
    );
    says(
        &backend.workdir(CONFIGURATION),
        &expect![[r#"
            Error: AWS account cannot be determined

              with dynamodb_backup.orders,
              on main.tf line 1, in resource "dynamodb_backup" "orders":
               1: resource "dynamodb_backup" "orders" {

            Authenticating with AWS in us-east-1: asking STS for the caller's account:
            The security token included in the request is invalid. Tried: the access key
            111122223333 of the environment.

            Give the provider credentials that AWS accepts: set profile in the provider
            block, or AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and
            AWS_SESSION_TOKEN for temporary keys). Sign in again where a session has run
            out (aws sso login), and compare the clock of this machine with the real
            time. `aws sts get-caller-identity` shows whether they work. A Region that
            the account has not enabled refuses them, too.

            AWS error UnrecognizedClientException, request id
            <request id>
        "#]],
    );
}

#[test]
fn allowed_nothing() {
    let backend = backend!(Backups, Control);
    backend.aws().create_table("orders");
    backend.simulator().deny(&[
        "sts:GetCallerIdentity",
        "dynamodb:DescribeTable",
        "dynamodb:CreateBackup",
        "dynamodb:ListBackups",
        "dynamodb:DescribeBackup",
    ]);
    let config = backend.workdir(CONFIGURATION);
    let run = run(&config, &["apply", "-auto-approve", "-no-color"]).fails();
    expect![[r#"
        Error: Backup cannot be created

          with dynamodb_backup.orders,
          on main.tf line 1, in resource "dynamodb_backup" "orders":
           1: resource "dynamodb_backup" "orders" {

        Creating backup orders-<time> of table orders in us-east-1: User:
        arn:aws:iam::111122223333:user/simulated is not authorized to perform:
        dynamodb:CreateBackup on resource:
        arn:aws:dynamodb:us-east-1:111122223333:table/orders because no
        identity-based policy allows the dynamodb:CreateBackup action.

        Allow dynamodb:CreateBackup on
        arn:aws:dynamodb:us-east-1:111122223333:table/orders for the identity that
        Terraform runs as. Service control policies, permission boundaries and
        session policies must allow it too.

        AWS error AccessDeniedException, request id
        <request id>
    "#]]
    .assert_eq(&normalise(&run.stderr));
}

/// Every call of every service is refused.
fn refuse(backend: &Backend, code: &str, message: &str) {
    for service in ["dynamodb", "sts"] {
        backend.simulator().fault(json!({
            "service": service, "operation": null, "kind": "error", "status": 400, "code": code, "message": message,
            "times": null,
        }));
    }
}

fn without_keys(config: &mut Workdir) {
    config.unset_variable("AWS_ACCESS_KEY_ID");
    config.unset_variable("AWS_SECRET_ACCESS_KEY");
}

#[track_caller]
fn says(config: &Workdir, expected: &Expect) {
    let run = run(config, &["plan", "-no-color"]).fails();
    let home = config.path().display().to_string();
    expected.assert_eq(&normalise(&run.stderr.replace(&home, "<folder>")));
}
