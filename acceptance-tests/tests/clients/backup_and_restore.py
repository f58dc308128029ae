"""Backs a table up and restores it with boto3, in ways of its own: waiters, paginators, exceptions."""

import datetime
import time

import boto3

dynamodb = boto3.client("dynamodb")


def wait(what, condition):
    for _ in range(200):
        if condition():
            return
        time.sleep(0.12)
    raise AssertionError(f"{what} did not happen")


def active(table):
    return dynamodb.describe_table(TableName=table)["Table"]["TableStatus"] == "ACTIVE"


def continuous(table):
    description = dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    return description["ContinuousBackupsStatus"] == "ENABLED"


def keys(table):
    pages = dynamodb.get_paginator("scan").paginate(TableName=table)
    return sorted(item["pk"]["S"] for page in pages for item in page["Items"])


dynamodb.create_table(
    TableName="orders",
    BillingMode="PAY_PER_REQUEST",
    AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
    KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
)
dynamodb.get_waiter("table_exists").wait(TableName="orders", WaiterConfig={"Delay": 1})
wait("continuous backups", lambda: continuous("orders"))
dynamodb.batch_write_item(
    RequestItems={"orders": [{"PutRequest": {"Item": {"pk": {"S": key}, "n": {"N": "1.5"}}}} for key in "ab"]}
)

backup = dynamodb.create_backup(TableName="orders", BackupName="nightly")["BackupDetails"]
assert backup["BackupType"] == "USER", backup
assert isinstance(backup["BackupCreationDateTime"], datetime.datetime), backup
arn = backup["BackupArn"]


def description():
    return dynamodb.describe_backup(BackupArn=arn)["BackupDescription"]


wait("the backup", lambda: description()["BackupDetails"]["BackupStatus"] == "AVAILABLE")
assert description()["SourceTableDetails"]["TableName"] == "orders", description()

pages = dynamodb.get_paginator("list_backups").paginate(TableName="orders")
listed = [summary["BackupArn"] for page in pages for summary in page["BackupSummaries"]]
assert listed == [arn], listed

restored = dynamodb.restore_table_from_backup(TargetTableName="orders-restored", BackupArn=arn)["TableDescription"]
assert restored["TableStatus"] == "CREATING", restored
assert restored["RestoreSummary"]["SourceBackupArn"] == arn, restored
wait("the restore", lambda: active("orders-restored"))
assert keys("orders-restored") == ["a", "b"], keys("orders-restored")

try:
    dynamodb.restore_table_from_backup(TargetTableName="orders-restored", BackupArn=arn)
    raise AssertionError("a restore onto a table that exists was accepted")
except dynamodb.exceptions.TableAlreadyExistsException as error:
    assert "orders-restored" in str(error), error

dynamodb.update_continuous_backups(
    TableName="orders",
    PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 7},
)
try:
    dynamodb.restore_table_to_point_in_time(
        SourceTableName="orders",
        TargetTableName="too-early",
        RestoreDateTime=datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc),
    )
    raise AssertionError("a restore to a moment before the window was accepted")
except dynamodb.exceptions.InvalidRestoreTimeException:
    pass

dynamodb.delete_backup(BackupArn=arn)
try:
    dynamodb.describe_backup(BackupArn=arn)
    raise AssertionError("a deleted backup was described")
except dynamodb.exceptions.BackupNotFoundException:
    pass

for table in ["orders", "orders-restored"]:
    dynamodb.delete_table(TableName=table)
    dynamodb.get_waiter("table_not_exists").wait(TableName=table, WaiterConfig={"Delay": 1})
print("done")
