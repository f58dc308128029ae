//! Asks each backend, over the AWS wire and without our provider, whether it serves what we say it serves, and lacks what we
//! say it lacks. When an emulator learns something, a test here fails, and more acceptance tests can run against it.

use std::time::Duration;

use acceptance_tests::{Backend, Capability, Kind, here, moment, wait_until};
use jiff::{Span, Timestamp};
use serde_json::{Value, json};

/// What a probe finds: `Err` says what the backend does instead.
type Served = Result<(), String>;

#[track_caller]
fn agrees(test: &str, capability: Capability, probe: impl FnOnce(&Backend) -> Served) {
    let backend = Backend::start(test, &[]).expect("no capability is asked for");
    let served = probe(&backend);
    let expected = backend.kind().serves(capability);
    match served {
        Ok(()) => assert!(
            expected,
            "{} serves {capability} now: say so in Kind::serves",
            backend.kind()
        ),
        Err(why) => assert!(!expected, "{} does not serve {capability}: {why}", backend.kind()),
    }
}

/// Turns a probe into a test of the same name.
macro_rules! probe {
    ($name:ident, $capability:ident, $probe:expr) => {
        #[test]
        fn $name() {
            agrees(&here!(), Capability::$capability, $probe);
        }
    };
}

probe!(backups, Backups, |backend| {
    let aws = backend.aws();
    aws.create_table("orders");
    let arn = try_backup(backend, "orders", "first")?;
    let listed = aws.backups("orders");
    is(
        "the list",
        listed[0]["BackupArn"] == arn.as_str() && listed.len() == 1,
        &listed,
    )?;
    aws.delete_backup(&arn);
    is("after the deletion", aws.backup(&arn).is_none(), &arn)
});

probe!(backup_filters, BackupFilters, |backend| {
    let aws = backend.aws();
    aws.create_table("orders");
    try_backup(backend, "orders", "first")?;
    try_backup(backend, "orders", "second")?;
    let page = aws.call("ListBackups", json!({"TableName": "orders", "Limit": 1}));
    let size = page["BackupSummaries"].as_array().map(Vec::len);
    is(
        "a page",
        size == Some(1) && page["LastEvaluatedBackupArn"].is_string(),
        &page,
    )?;
    let system = aws.call(
        "ListBackups",
        json!({"TableName": "orders", "BackupType": "SYSTEM"}),
    );
    is("system backups", system["BackupSummaries"] == json!([]), &system)
});

probe!(transitions, Transitions, |backend| {
    let aws = backend.aws();
    aws.create_table("orders");
    let input = json!({"TableName": "orders", "BackupName": "first"});
    let answer = aws
        .try_call("CreateBackup", input)
        .map_err(|err| err.to_string())?;
    is(
        "a new backup",
        answer["BackupDetails"]["BackupStatus"] == "CREATING",
        &answer,
    )?;
    let arn = answer["BackupDetails"]["BackupArn"]
        .as_str()
        .expect("a backup has an ARN")
        .to_owned();
    wait_until("the backup", Duration::from_secs(10), || {
        let backup = aws.backup(&arn)?;
        (backup["BackupDetails"]["BackupStatus"] == "AVAILABLE").then_some(())
    });
    aws.call(
        "RestoreTableFromBackup",
        json!({"TargetTableName": "copy", "BackupArn": arn}),
    );
    let table = aws.table("copy").expect("a restore makes its table at once");
    is("a restored table", table["TableStatus"] == "CREATING", &table)?;
    is(
        "its RestoreSummary",
        table["RestoreSummary"]["RestoreInProgress"] == true,
        &table,
    )
});

probe!(recovery_switch, PitrSwitch, |backend| {
    let aws = backend.aws();
    aws.create_table("orders");
    aws.enable_recovery("orders", 35);
    let on = aws.recovery("orders");
    is("switched on", on["PointInTimeRecoveryStatus"] == "ENABLED", &on)?;
    aws.disable_recovery("orders");
    let off = aws.recovery("orders");
    is(
        "switched off",
        off["PointInTimeRecoveryStatus"] == "DISABLED",
        &off,
    )
});

probe!(missing_tables, MissingTables, |backend| {
    let answer = backend
        .aws()
        .try_call("DescribeContinuousBackups", json!({"TableName": "nothing"}));
    match answer {
        Err(err) if err.code == "TableNotFoundException" => Ok(()),
        other => Err(format!("recovery of a table that does not exist: {other:?}")),
    }
});

probe!(table_arns, TableArns, |backend| {
    let arn = backend.aws().create_table("orders");
    backend.aws().enable_recovery(&arn, 35);
    let recovery = backend.aws().recovery("orders");
    is(
        "the table of that name",
        recovery["PointInTimeRecoveryStatus"] == "ENABLED",
        &recovery,
    )
});

probe!(recovery_period, RecoveryPeriod, |backend| {
    let aws = backend.aws();
    aws.create_table("orders");
    aws.enable_recovery("orders", 7);
    let recovery = aws.recovery("orders");
    is("the period", recovery["RecoveryPeriodInDays"] == 7, &recovery)
});

probe!(recovery_window, PitrWindow, |backend| {
    let aws = backend.aws();
    aws.create_table("orders");
    aws.enable_recovery("orders", 35);
    let recovery = aws.recovery("orders");
    let earliest = &recovery["EarliestRestorableDateTime"];
    is("the earliest moment", !earliest.is_null(), &recovery)?;
    let before = moment(earliest)
        .checked_sub(Span::new().hours(1))
        .expect("not at the beginning of time");
    let input = json!({
        "SourceTableName": "orders", "TargetTableName": "copy", "RestoreDateTime": before.as_second(),
    });
    match aws.try_call("RestoreTableToPointInTime", input) {
        Err(err) if err.code == "InvalidRestoreTimeException" => Ok(()),
        other => Err(format!("a restore to a moment before the window: {other:?}")),
    }
});

probe!(restores, Restores, |backend| {
    let aws = backend.aws();
    aws.create_table("orders");
    aws.put_items("orders", ["a", "b"]);
    let backup = try_backup(backend, "orders", "first")?;
    aws.call(
        "RestoreTableFromBackup",
        json!({"TargetTableName": "copy", "BackupArn": backup}),
    );
    aws.wait_for_table("copy");
    let keys = aws.keys("copy");
    is("the items of a backup", keys == ["a", "b"], &keys)?;
    aws.enable_recovery("orders", 35);
    let input =
        json!({"SourceTableName": "orders", "TargetTableName": "latest", "UseLatestRestorableTime": true});
    aws.call("RestoreTableToPointInTime", input);
    aws.wait_for_table("latest");
    Ok(())
});

probe!(restore_overrides, RestoreOverrides, |backend| {
    let aws = backend.aws();
    aws.create_table("orders");
    let backup = try_backup(backend, "orders", "first")?;
    let throughput = json!({"ReadCapacityUnits": 5, "WriteCapacityUnits": 6});
    let input = json!({
        "TargetTableName": "copy", "BackupArn": backup, "BillingModeOverride": "PROVISIONED",
        "ProvisionedThroughputOverride": throughput,
    });
    aws.call("RestoreTableFromBackup", input);
    aws.wait_for_table("copy");
    let table = aws.table("copy").expect("it was just there");
    is(
        "the throughput",
        table["ProvisionedThroughput"]["ReadCapacityUnits"] == 5,
        &table["ProvisionedThroughput"],
    )
});

probe!(restore_time, RestoreTime, |backend| {
    let aws = backend.aws();
    aws.create_table("orders");
    aws.enable_recovery("orders", 35);
    aws.put_items("orders", ["before"]);
    let between = later(backend, 2);
    aws.put_items("orders", ["after"]);
    later(backend, 600);
    let input = json!({
        "SourceTableName": "orders", "TargetTableName": "copy", "RestoreDateTime": between.as_second(),
    });
    aws.try_call("RestoreTableToPointInTime", input)
        .map_err(|err| err.to_string())?;
    aws.wait_for_table("copy");
    let keys = aws.keys("copy");
    is("the items of that moment", keys == ["before"], &keys)
});

probe!(cross_region_restore, CrossRegionRestore, |backend| {
    let aws = backend.aws();
    aws.create_table("orders");
    let backup = try_backup(backend, "orders", "first")?;
    let there = aws.in_region("eu-west-1");
    let input = json!({
        "TargetTableName": "copy", "BackupArn": backup, "SSESpecificationOverride": {"Enabled": false},
    });
    there
        .try_call("RestoreTableFromBackup", input)
        .map_err(|err| err.to_string())?;
    let arn = there.wait_for_table("copy");
    is("the Region", arn.contains(":eu-west-1:"), &arn)
});

probe!(system_backups, SystemBackups, |backend| {
    let aws = backend.aws();
    aws.create_table("orders");
    aws.enable_recovery("orders", 35);
    aws.delete_table("orders");
    if backend.kind() == Kind::Localstack {
        // It has no ListBackups that could show one.
        return aws
            .try_call("ListBackups", json!({}))
            .map(|_| ())
            .map_err(|err| err.to_string());
    }
    wait_for(Duration::from_secs(8), || {
        aws.backups("orders")
            .iter()
            .any(|backup| backup["BackupType"] == "SYSTEM")
    })
});

probe!(tags, Tags, |backend| {
    let arn = backend.aws().create_table("orders");
    let tags = json!([{"Key": "team", "Value": "shop"}]);
    backend
        .aws()
        .call("TagResource", json!({"ResourceArn": arn, "Tags": tags}));
    let tags = backend.aws().tags(&arn);
    is("the tags", tags == ["team=shop"], &tags)
});

probe!(tag_changes, TagChanges, |backend| {
    let arn = backend.aws().create_table("orders");
    for value in ["shop", "store"] {
        let tags = json!([{"Key": "team", "Value": value}]);
        backend
            .aws()
            .call("TagResource", json!({"ResourceArn": arn, "Tags": tags}));
    }
    let tags = backend.aws().tags(&arn);
    is("the tags", tags == ["team=store"], &tags)
});

probe!(time_to_live, TimeToLive, |backend| {
    let aws = backend.aws();
    aws.create_table("orders");
    let specification = json!({"Enabled": true, "AttributeName": "expires"});
    aws.call(
        "UpdateTimeToLive",
        json!({"TableName": "orders", "TimeToLiveSpecification": specification}),
    );
    wait_for(Duration::from_secs(8), || {
        aws.time_to_live("orders").0 == "ENABLED"
    })
});

probe!(streams, Streams, |backend| {
    let specification = json!({"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"});
    let table = updated(backend, json!({"StreamSpecification": specification}));
    is("the stream", table["LatestStreamArn"].is_string(), &table)
});

probe!(stream_changes, StreamChanges, |backend| {
    let on = |view: &str| json!({"StreamEnabled": true, "StreamViewType": view});
    updated(backend, json!({"StreamSpecification": on("KEYS_ONLY")}));
    for specification in [json!({"StreamEnabled": false}), on("NEW_IMAGE")] {
        let input = json!({"TableName": "orders", "StreamSpecification": specification});
        backend
            .aws()
            .try_call("UpdateTable", input)
            .map_err(|err| err.to_string())?;
        backend.aws().wait_for_table("orders");
    }
    let table = backend.aws().table("orders").expect("an update does not delete");
    let view = &table["StreamSpecification"]["StreamViewType"];
    is("the stream", view == "NEW_IMAGE", &table["StreamSpecification"])
});

probe!(table_class, TableClass, |backend| {
    let table = updated(backend, json!({"TableClass": "STANDARD_INFREQUENT_ACCESS"}));
    let class = &table["TableClassSummary"]["TableClass"];
    is(
        "the class",
        class == "STANDARD_INFREQUENT_ACCESS",
        &table["TableClassSummary"],
    )
});

probe!(deletion_protection, DeletionProtection, |backend| {
    updated(backend, json!({"DeletionProtectionEnabled": true}));
    match backend
        .aws()
        .try_call("DeleteTable", json!({"TableName": "orders"}))
    {
        Err(_) => Ok(()),
        Ok(answer) => Err(format!("the protected table was deleted: {answer}")),
    }
});

probe!(resource_policies, ResourcePolicies, |backend| {
    let arn = backend.aws().create_table("orders");
    let policy = "{\"Version\": \"2012-10-17\", \"Statement\": []}";
    let input = json!({"ResourceArn": arn, "Policy": policy});
    backend
        .aws()
        .try_call("PutResourcePolicy", input)
        .map_err(|err| err.to_string())?;
    wait_for(Duration::from_secs(8), || {
        let found = backend
            .aws()
            .try_call("GetResourcePolicy", json!({"ResourceArn": arn}));
        found.is_ok_and(|found| found["Policy"] == policy)
    })
});

probe!(kinesis_streams, KinesisStreams, |backend| {
    backend.aws().create_table("orders");
    let stream = "arn:aws:kinesis:us-east-1:111122223333:stream/changes";
    for (operation, input) in [
        (
            "EnableKinesisStreamingDestination",
            json!({"TableName": "orders", "StreamArn": stream}),
        ),
        (
            "DescribeKinesisStreamingDestination",
            json!({"TableName": "orders"}),
        ),
    ] {
        backend
            .aws()
            .try_call(operation, input)
            .map_err(|err| err.to_string())?;
    }
    Ok(())
});

probe!(contributor_insights, ContributorInsights, |backend| {
    backend.aws().create_table("orders");
    let input = json!({"TableName": "orders", "ContributorInsightsAction": "ENABLE"});
    backend
        .aws()
        .try_call("UpdateContributorInsights", input)
        .map_err(|err| err.to_string())?;
    wait_for(Duration::from_secs(8), || {
        let input = json!({"TableName": "orders"});
        let found = backend.aws().try_call("DescribeContributorInsights", input);
        found.is_ok_and(|found| found["ContributorInsightsStatus"] == "ENABLED")
    })
});

probe!(auto_scaling, AutoScaling, |backend| {
    let units = json!({"ReadCapacityUnits": 5, "WriteCapacityUnits": 5});
    let provisioned = json!({"BillingMode": "PROVISIONED", "ProvisionedThroughput": units});
    backend.aws().create_table_with("orders", provisioned);
    let target = json!({
        "ResourceId": "table/orders", "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
        "MinCapacity": 5, "MaxCapacity": 50,
    });
    let call = |operation, input| backend.aws().try_autoscaling(operation, input);
    call("RegisterScalableTarget", target).map_err(|err| err.to_string())?;
    let found = call(
        "DescribeScalableTargets",
        json!({"ResourceIds": ["table/orders"]}),
    );
    let found = found.map_err(|err| err.to_string())?;
    is(
        "the bound",
        found["ScalableTargets"][0]["MaxCapacity"] == 50,
        &found,
    )
});

probe!(keys, Keys, |backend| {
    let answer = backend
        .aws()
        .try_kms("DescribeKey", json!({"KeyId": "alias/aws/dynamodb"}));
    answer.map(|_| ()).map_err(|err| err.to_string())
});

probe!(assume_role, AssumeRole, |backend| {
    let there = backend
        .aws()
        .assume_role("arn:aws:iam::999988887777:role/operator")?;
    let arn = backend.aws().with_credentials(there).create_table("elsewhere");
    is("the account", arn.contains(":999988887777:"), &arn)?;
    is("from here", backend.aws().table("elsewhere").is_none(), &arn)
});

probe!(control, Control, |backend| {
    is(
        "the control interface",
        backend.kind() == Kind::Simulator,
        &backend.kind(),
    )
});

fn is(what: &str, holds: bool, seen: &dyn std::fmt::Debug) -> Served {
    if holds {
        Ok(())
    } else {
        Err(format!("{what}: {seen:?}"))
    }
}

fn try_backup(backend: &Backend, table: &str, name: &str) -> Result<String, String> {
    let input = json!({"TableName": table, "BackupName": name});
    let answer = backend
        .aws()
        .try_call("CreateBackup", input)
        .map_err(|err| err.to_string())?;
    let arn = answer["BackupDetails"]["BackupArn"]
        .as_str()
        .ok_or(answer.to_string())?
        .to_owned();
    wait_for(Duration::from_secs(10), || {
        let backup = backend.aws().backup(&arn);
        backup.is_some_and(|backup| backup["BackupDetails"]["BackupStatus"] == "AVAILABLE")
    })?;
    Ok(arn)
}

/// A table that was updated, once the update is through.
fn updated(backend: &Backend, mut change: Value) -> Value {
    let aws = backend.aws();
    aws.create_table("orders");
    change["TableName"] = "orders".into();
    aws.call("UpdateTable", change);
    aws.wait_for_table("orders");
    aws.table("orders").expect("an update does not delete")
}

/// Lets time pass, and tells the moment in between: on the simulator's clock, or else for as long as can be waited for.
fn later(backend: &Backend, seconds: u64) -> Timestamp {
    if backend.kind() == Kind::Simulator {
        backend.simulator().advance(seconds);
        let now = backend.simulator().now();
        backend.simulator().advance(seconds);
        return now;
    }
    // Emulators without a window know neither five minutes of delay nor fractions of a second.
    let table = backend.aws().table("orders").expect("the probe has made it");
    moment(&table["CreationDateTime"])
}

fn wait_for(limit: Duration, holds: impl Fn() -> bool) -> Served {
    let waited = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        wait_until("what the probe asks for", limit, || holds().then_some(()));
    }));
    waited.map_err(|_| "it did not happen in time".to_owned())
}
