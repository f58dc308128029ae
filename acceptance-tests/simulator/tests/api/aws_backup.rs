//! AWS Backup over the wire: vaults and locks, plans that run, jobs, copies between accounts and restores of them.

use serde_json::{Value, json};

use crate::client::{ACCOUNT, Caller, REGION, Sim, column, table_arn};

const OTHER: &str = "999988887777";
const DAY: i64 = 86_400;
const KEY: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";

fn role(account: &str) -> String {
    format!("arn:aws:iam::{account}:role/backup")
}

fn vault_arn(account: &str, name: &str) -> String {
    format!("arn:aws:backup:{REGION}:{account}:backup-vault:{name}")
}

/// An ARN as it stands in a path.
fn in_path(arn: &str) -> String {
    arn.replace(':', "%3A").replace('/', "%2F")
}

async fn vault(aws: &Caller<'_>, name: &str) {
    aws.rest_ok("PUT", &format!("/backup-vaults/{name}"), json!({}))
        .await;
}

async fn describe_vault(aws: &Caller<'_>, name: &str) -> Value {
    aws.rest_ok("GET", &format!("/backup-vaults/{name}"), Value::Null)
        .await
}

fn job_of(table: &str, vault: &str) -> Value {
    json!({"BackupVaultName": vault, "ResourceArn": table_arn(table), "IamRoleArn": role(ACCOUNT),
        "IdempotencyToken": format!("{table}-{vault}")})
}

/// A finished recovery point. Answers its ARN.
async fn recovery_point(sim: &Sim, table: &str, vault: &str) -> String {
    let aws = sim.caller();
    let job = aws.rest_ok("PUT", "/backup-jobs", job_of(table, vault)).await;
    sim.advance(120).await;
    let path = format!("/backup-jobs/{}", job["BackupJobId"].as_str().expect("an id"));
    let job = aws.rest_ok("GET", &path, Value::Null).await;
    assert_eq!(job["State"], "COMPLETED", "{job}");
    job["RecoveryPointArn"].as_str().expect("an ARN").to_owned()
}

#[tokio::test]
async fn a_vault_is_made_described_and_deleted_when_it_is_empty() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    sim.control("POST", "kms/keys", json!({"region": REGION, "key_id": KEY}))
        .await;
    let key = format!("arn:aws:kms:{REGION}:{ACCOUNT}:key/{KEY}");
    let body =
        json!({"EncryptionKeyArn": key, "BackupVaultTags": {"team": "data"}, "CreatorRequestId": "one"});
    let made = aws.rest_ok("PUT", "/backup-vaults/nightly", body.clone()).await;
    assert_eq!(made["BackupVaultArn"], vault_arn(ACCOUNT, "nightly"));
    assert_eq!(
        aws.rest_ok("PUT", "/backup-vaults/nightly", body).await,
        made,
        "one request"
    );
    let (_, again) = aws.rest("PUT", "/backup-vaults/nightly", json!({})).await;
    assert_eq!(
        (&again["Code"], &again["Arn"]),
        (&json!("AlreadyExistsException"), &made["BackupVaultArn"])
    );

    let seen = describe_vault(&aws, "nightly").await;
    assert_eq!(
        (&seen["EncryptionKeyArn"], &seen["Locked"]),
        (&json!(key), &json!(false))
    );
    let path = format!("/tags/{}/", in_path(&vault_arn(ACCOUNT, "nightly")));
    let tags = aws.rest_ok("GET", &path, Value::Null).await;
    assert_eq!(tags["Tags"], json!({"team": "data"}));
    let list = aws.rest_ok("GET", "/backup-vaults/", Value::Null).await;
    assert_eq!(column(&list["BackupVaultList"], "BackupVaultName"), ["nightly"]);

    aws.table("Music").await;
    recovery_point(&sim, "Music", "nightly").await;
    let refused = aws
        .rest_refused("DELETE", "/backup-vaults/nightly", Value::Null)
        .await;
    assert!(
        refused.starts_with("InvalidRequestException: Backup vault cannot be deleted"),
        "{refused}"
    );
    let refused = aws
        .rest_refused("PUT", "/backup-vaults/my.vault", json!({}))
        .await;
    assert!(refused.starts_with("InvalidParameterValueException"), "{refused}");
    let missing = aws.rest_refused("GET", "/backup-vaults/other", Value::Null).await;
    assert!(missing.starts_with("ResourceNotFoundException"), "{missing}");
}

#[tokio::test]
async fn a_compliance_lock_can_be_changed_until_its_date_and_never_after() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    vault(&aws, "safe").await;
    let lock = "/backup-vaults/safe/vault-lock";
    let short = json!({"ChangeableForDays": 2, "MinRetentionDays": 7});
    assert!(
        aws.rest_refused("PUT", lock, short)
            .await
            .contains("ChangeableForDays")
    );
    aws.rest_ok(
        "PUT",
        lock,
        json!({"ChangeableForDays": 3, "MinRetentionDays": 7}),
    )
    .await;
    let seen = describe_vault(&aws, "safe").await;
    let date = seen["LockDate"].as_f64().expect("a date") as i64;
    assert_eq!((date - sim.now().await, &seen["Locked"]), (3 * DAY, &json!(true)));
    aws.rest_ok(
        "PUT",
        lock,
        json!({"ChangeableForDays": 4, "MinRetentionDays": 7, "MaxRetentionDays": 90}),
    )
    .await;
    sim.advance(4 * DAY).await;
    for method in ["PUT", "DELETE"] {
        let refused = aws
            .rest_refused(
                method,
                lock,
                if method == "PUT" { json!({}) } else { Value::Null },
            )
            .await;
        assert!(
            refused.starts_with("InvalidRequestException: The lock of backup vault safe"),
            "{refused}"
        );
    }
    aws.table("Music").await;
    let mut job = job_of("Music", "safe");
    for (days, state) in [(6, "FAILED"), (7, "COMPLETED"), (91, "FAILED")] {
        job["IdempotencyToken"] = json!(days.to_string());
        job["Lifecycle"] = json!({"DeleteAfterDays": days});
        let started = aws.rest_ok("PUT", "/backup-jobs", job.clone()).await;
        sim.advance(120).await;
        let path = format!("/backup-jobs/{}", started["BackupJobId"].as_str().expect("an id"));
        assert_eq!(
            aws.rest_ok("GET", &path, Value::Null).await["State"],
            state,
            "{days}"
        );
    }
    let points = aws
        .rest_ok("GET", "/backup-vaults/safe/recovery-points", Value::Null)
        .await;
    let arn = column(&points["RecoveryPoints"], "RecoveryPointArn").remove(0);
    let path = format!("/backup-vaults/safe/recovery-points/{}", in_path(&arn));
    let refused = aws.rest_refused("DELETE", &path, Value::Null).await;
    assert!(refused.contains("the vault is locked"), "{refused}");
}

#[tokio::test]
async fn a_job_goes_through_its_states_once_per_token() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    aws.put("Music", "a").await;
    vault(&aws, "nightly").await;
    let first = aws
        .rest_ok("PUT", "/backup-jobs", job_of("Music", "nightly"))
        .await;
    let again = aws
        .rest_ok("PUT", "/backup-jobs", job_of("Music", "nightly"))
        .await;
    assert_eq!(first, again);
    let path = format!("/backup-jobs/{}", first["BackupJobId"].as_str().expect("an id"));
    for (state, seconds) in [("CREATED", 60), ("RUNNING", 60), ("COMPLETED", 0)] {
        assert_eq!(aws.rest_ok("GET", &path, Value::Null).await["State"], state);
        sim.advance(seconds).await;
    }
    let jobs = aws
        .rest_ok("GET", "/backup-jobs/?state=COMPLETED", Value::Null)
        .await;
    assert_eq!(jobs["BackupJobs"].as_array().map(Vec::len), Some(1));

    sim.control(
        "POST",
        "backup/fail_next_job",
        json!({"region": REGION, "kind": "backup", "state": "EXPIRED", "message": "too late"}),
    )
    .await;
    let mut other = job_of("Music", "nightly");
    other["IdempotencyToken"] = json!("another");
    let started = aws.rest_ok("PUT", "/backup-jobs", other).await;
    sim.advance(60).await;
    let path = format!("/backup-jobs/{}", started["BackupJobId"].as_str().expect("an id"));
    let job = aws.rest_ok("GET", &path, Value::Null).await;
    assert_eq!(
        (&job["State"], &job["StatusMessage"]),
        (&json!("EXPIRED"), &json!("too late"))
    );
}

#[tokio::test]
async fn without_the_advanced_features_a_recovery_point_is_dynamodbs() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    let body = json!({"ResourceTypeManagementPreference": {"DynamoDB": false}});
    aws.rest_ok("PUT", "/account-settings", body).await;
    let settings = aws.rest_ok("GET", "/account-settings", Value::Null).await;
    assert_eq!(
        settings["ResourceTypeManagementPreference"],
        json!({"DynamoDB": false, "EFS": true})
    );
    assert_eq!(settings["ResourceTypeOptInPreference"]["DynamoDB"], true);
    aws.table("Music").await;
    vault(&aws, "nightly").await;
    let arn = recovery_point(&sim, "Music", "nightly").await;
    assert!(
        arn.starts_with(&format!("{}/backup/", table_arn("Music"))),
        "{arn}"
    );
    let backup = aws.ok("DescribeBackup", json!({"BackupArn": arn})).await;
    assert_eq!(
        backup["BackupDescription"]["BackupDetails"]["BackupType"],
        "AWS_BACKUP"
    );
    let path = format!("/backup-vaults/nightly/recovery-points/{}", in_path(&arn));
    aws.rest_ok("DELETE", &path, Value::Null).await;
    sim.advance(60).await;
    assert!(
        aws.rest_refused("GET", &path, Value::Null)
            .await
            .starts_with("ResourceNotFound")
    );
    aws.refuses(
        "DescribeBackup",
        json!({"BackupArn": arn}),
        "BackupNotFoundException",
    )
    .await;
}

/// Everything that a copy into another account needs. Answers the recovery point.
async fn ready_to_copy(sim: &Sim) -> String {
    let (aws, there) = (sim.caller(), sim.caller_of(OTHER));
    sim.control(
        "PUT",
        "organization",
        json!({"management_account": ACCOUNT, "members": [OTHER]}),
    )
    .await;
    aws.rest_ok(
        "PUT",
        "/global-settings",
        json!({"GlobalSettings": {"isCrossAccountBackupEnabled": "true"}}),
    )
    .await;
    aws.table("Music").await;
    aws.put("Music", "a").await;
    vault(&aws, "nightly").await;
    sim.control(
        "POST",
        "kms/keys",
        json!({"account": OTHER, "region": REGION, "key_id": KEY}),
    )
    .await;
    let body = json!({"EncryptionKeyArn": format!("arn:aws:kms:{REGION}:{OTHER}:key/{KEY}")});
    there.rest_ok("PUT", "/backup-vaults/vault", body).await;
    let policy = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
        "Principal": {"AWS": format!("arn:aws:iam::{ACCOUNT}:root")}, "Action": "backup:CopyIntoBackupVault",
        "Resource": "*"}]});
    there
        .rest_ok(
            "PUT",
            "/backup-vaults/vault/access-policy",
            json!({"Policy": policy.to_string()}),
        )
        .await;
    recovery_point(sim, "Music", "nightly").await
}

/// Copies a recovery point to the other account. Answers the finished job.
async fn copied(sim: &Sim, point: &str, destination: &str) -> Value {
    let aws = sim.caller();
    let body = json!({"RecoveryPointArn": point, "SourceBackupVaultName": "nightly",
        "DestinationBackupVaultArn": vault_arn(OTHER, destination), "IamRoleArn": role(ACCOUNT)});
    let job = aws.rest_ok("PUT", "/copy-jobs", body).await;
    sim.advance(120).await;
    let path = format!("/copy-jobs/{}", job["CopyJobId"].as_str().expect("an id"));
    aws.rest_ok("GET", &path, Value::Null).await["CopyJob"].clone()
}

#[tokio::test]
async fn a_table_comes_back_in_another_account() {
    let sim = Sim::start().await;
    let point = ready_to_copy(&sim).await;
    let job = copied(&sim, &point, "vault").await;
    assert_eq!(job["State"], "COMPLETED", "{job}");
    let copy = job["DestinationRecoveryPointArn"].as_str().expect("an ARN");
    assert!(copy.contains(OTHER), "{copy}");
    sim.caller()
        .ok("DeleteTable", json!({"TableName": "Music"}))
        .await;

    let there = sim.caller_of(OTHER);
    let restore = json!({"RecoveryPointArn": copy, "IamRoleArn": role(OTHER), "IdempotencyToken": "one",
        "Metadata": {"targetTableName": "Music"}});
    let started = there.rest_ok("PUT", "/restore-jobs", restore.clone()).await;
    assert_eq!(
        there.rest_ok("PUT", "/restore-jobs", restore.clone()).await,
        started
    );
    let path = format!(
        "/restore-jobs/{}",
        started["RestoreJobId"].as_str().expect("an id")
    );
    for (status, seconds) in [("PENDING", 60), ("RUNNING", 60), ("COMPLETED", 0)] {
        assert_eq!(there.rest_ok("GET", &path, Value::Null).await["Status"], status);
        sim.advance(seconds).await;
    }
    assert_eq!(there.keys("Music").await, ["a"]);
    let mut again = restore;
    again["IdempotencyToken"] = json!("two");
    let started = there.rest_ok("PUT", "/restore-jobs", again).await;
    sim.advance(60).await;
    let path = format!(
        "/restore-jobs/{}",
        started["RestoreJobId"].as_str().expect("an id")
    );
    let job = there.rest_ok("GET", &path, Value::Null).await;
    assert_eq!(
        (&job["Status"], &job["StatusMessage"]),
        (&json!("FAILED"), &json!("Table already exists: Music"))
    );
}

#[tokio::test]
async fn each_missing_prerequisite_of_a_copy_fails_the_job_with_its_reason() {
    let sim = Sim::start().await;
    let point = ready_to_copy(&sim).await;
    let (aws, there) = (sim.caller(), sim.caller_of(OTHER));
    let failed = |job: Value| {
        assert_eq!(job["State"], "FAILED", "{job}");
        job["StatusMessage"].as_str().unwrap_or_default().to_owned()
    };
    assert!(failed(copied(&sim, &point, "nowhere").await).contains("Access Denied"));

    there.rest_ok("PUT", "/backup-vaults/managed", json!({})).await;
    let policy = there
        .rest_ok("GET", "/backup-vaults/vault/access-policy", Value::Null)
        .await["Policy"]
        .clone();
    there
        .rest_ok(
            "PUT",
            "/backup-vaults/managed/access-policy",
            json!({"Policy": policy}),
        )
        .await;
    assert!(failed(copied(&sim, &point, "managed").await).contains("default Backup service managed key"));

    there
        .rest_ok("DELETE", "/backup-vaults/vault/access-policy", Value::Null)
        .await;
    assert!(failed(copied(&sim, &point, "vault").await).contains("Access Denied"));
    there
        .rest_ok(
            "PUT",
            "/backup-vaults/vault/access-policy",
            json!({"Policy": policy}),
        )
        .await;
    there
        .rest_ok(
            "PUT",
            "/backup-vaults/vault/vault-lock",
            json!({"MaxRetentionDays": 30}),
        )
        .await;
    assert!(failed(copied(&sim, &point, "vault").await).contains("Retention of indefinite"));
    there
        .rest_ok("DELETE", "/backup-vaults/vault/vault-lock", Value::Null)
        .await;

    let switch = |on: &str| json!({"GlobalSettings": {"isCrossAccountBackupEnabled": on}});
    aws.rest_ok("PUT", "/global-settings", switch("false")).await;
    assert!(failed(copied(&sim, &point, "vault").await).contains("not enabled"));
    aws.rest_ok("PUT", "/global-settings", switch("true")).await;
    let refused = there
        .rest_refused("PUT", "/global-settings", switch("true"))
        .await;
    assert!(refused.contains("management account"), "{refused}");

    sim.control("PUT", "organization", json!({"management_account": ACCOUNT}))
        .await;
    assert!(failed(copied(&sim, &point, "vault").await).contains("same organization"));
    sim.control(
        "PUT",
        "organization",
        json!({"management_account": ACCOUNT, "members": [OTHER]}),
    )
    .await;
    assert_eq!(copied(&sim, &point, "vault").await["State"], "COMPLETED");
}

#[tokio::test]
async fn a_recovery_point_turns_cold_and_goes() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    vault(&aws, "nightly").await;
    let arn = recovery_point(&sim, "Music", "nightly").await;
    let path = format!("/backup-vaults/nightly/recovery-points/{}", in_path(&arn));
    let wrong = json!({"Lifecycle": {"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 60}});
    let refused = aws.rest_refused("POST", &path, wrong).await;
    assert!(refused.contains("cannot be less than 90 days apart"), "{refused}");
    aws.rest_ok(
        "POST",
        &path,
        json!({"Lifecycle": {"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 120}}),
    )
    .await;
    for (days, class) in [(29, "WARM"), (2, "COLD")] {
        sim.advance(days * DAY).await;
        assert_eq!(
            aws.rest_ok("GET", &path, Value::Null).await["StorageClass"],
            class
        );
    }
    sim.advance(90 * DAY).await;
    assert!(
        aws.rest_refused("GET", &path, Value::Null)
            .await
            .starts_with("ResourceNotFound")
    );
}

#[tokio::test]
async fn a_plan_runs_when_its_time_comes() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    aws.table("Music").await;
    vault(&aws, "nightly").await;
    let plan = json!({"BackupPlan": {"BackupPlanName": "nightly", "Rules": [{
        "RuleName": "daily", "TargetBackupVaultName": "nightly", "ScheduleExpression": "cron(0 5 ? * * *)",
        "Lifecycle": {"DeleteAfterDays": 35}}]}});
    let made = aws.rest_ok("PUT", "/backup/plans/", plan.clone()).await;
    let twin = aws.rest_refused("PUT", "/backup/plans/", plan.clone()).await;
    assert!(twin.starts_with("AlreadyExistsException"), "{twin}");
    let id = made["BackupPlanId"].as_str().expect("an id");
    let selection = json!({"BackupSelection": {"SelectionName": "all", "IamRoleArn": role(ACCOUNT),
        "Resources": ["arn:aws:dynamodb:*:*:table/*"]}});
    let path = format!("/backup/plans/{id}/selections/");
    let selected = aws.rest_ok("PUT", &path, selection).await;
    let seen = aws
        .rest_ok(
            "GET",
            &format!("/backup/plans/{id}/?MaxScheduledRunsPreview=2"),
            Value::Null,
        )
        .await;
    assert_eq!(seen["BackupPlan"]["Rules"][0]["StartWindowMinutes"], 480);
    let runs: Vec<i64> = seen["ScheduledRunsPreview"]
        .as_array()
        .expect("runs")
        .iter()
        .map(|run| run["ExecutionTime"].as_f64().expect("a time") as i64)
        .collect();
    assert_eq!(
        runs,
        [1_767_330_000, 1_767_330_000 + DAY],
        "5 o'clock of 2 and 3 January 2026"
    );

    sim.advance(2 * DAY).await;
    let points = aws
        .rest_ok("GET", "/backup-vaults/nightly/recovery-points/", Value::Null)
        .await;
    let points = points["RecoveryPoints"].as_array().expect("a list").clone();
    assert_eq!(points.len(), 2, "{points:?}");
    assert_eq!(points[0]["CreatedBy"]["BackupPlanId"], id);

    let refused = aws
        .rest_refused("DELETE", &format!("/backup/plans/{id}"), Value::Null)
        .await;
    assert!(refused.contains("selections must be deleted prior"), "{refused}");
    let selection_id = selected["SelectionId"].as_str().expect("an id");
    aws.rest_ok(
        "DELETE",
        &format!("/backup/plans/{id}/selections/{selection_id}"),
        Value::Null,
    )
    .await;
    aws.rest_ok("DELETE", &format!("/backup/plans/{id}"), Value::Null)
        .await;
}

#[tokio::test]
async fn a_plan_that_aws_refuses() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    vault(&aws, "nightly").await;
    let refused = async |change: Value| {
        let mut rule = json!({"RuleName": "daily", "TargetBackupVaultName": "nightly"});
        for (member, value) in change.as_object().expect("members") {
            rule[member] = value.clone();
        }
        let plan = json!({"BackupPlan": {"BackupPlanName": "p", "Rules": [rule]}});
        aws.rest_refused("PUT", "/backup/plans/", plan).await
    };
    for (change, expected) in [
        (
            json!({"ScheduleExpression": "rate(1 day)"}),
            "Invalid schedule expression",
        ),
        (
            json!({"ScheduleExpressionTimezone": "CET+1"}),
            "is not a time zone",
        ),
        (
            json!({"Lifecycle": {"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 60}}),
            "Error in rule daily : Invalid lifecycle",
        ),
        (json!({"StartWindowMinutes": 59}), "at least 60 minutes"),
        (
            json!({"StartWindowMinutes": 60, "CompletionWindowMinutes": 119}),
            "60 minutes greater than backup start window",
        ),
        (json!({"TargetBackupVaultName": "other"}), "does not exist"),
    ] {
        let text = refused(change.clone()).await;
        assert!(text.contains(expected), "{change}: {text}");
    }
}

#[tokio::test]
async fn an_organization_is_described_to_its_members() {
    let sim = Sim::start().await;
    let aws = sim.caller();
    let ask = async |aws: &Caller<'_>| {
        let target = "AWSOrganizationsV20161128.DescribeOrganization";
        let response = aws.request("organizations", target, &json!({})).send().await;
        response.expect("an answer").json::<Value>().await.expect("JSON")
    };
    let none = ask(&aws).await;
    assert!(
        none["__type"]
            .as_str()
            .is_some_and(|code| code.ends_with("AWSOrganizationsNotInUseException")),
        "{none}"
    );
    sim.control(
        "PUT",
        "organization",
        json!({"management_account": OTHER, "members": [ACCOUNT]}),
    )
    .await;
    assert_eq!(ask(&aws).await["Organization"]["MasterAccountId"], OTHER);
}
