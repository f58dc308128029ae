"""AWS Backup by boto3: a vault, a backup job, a copy to another Region, a restore there."""

import os
import time

import boto3

HERE, THERE = "111122223333", "999988887777"


def client(service, account, region="us-east-1"):
    return boto3.client(
        service,
        endpoint_url=os.environ["AWS_ENDPOINT_URL"],
        region_name=region,
        aws_access_key_id=account,
        aws_secret_access_key="secret",
    )


def wait(describe, member="State"):
    """The description of a job that has ended well."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        job = describe()
        if job[member] == "COMPLETED":
            return job
        assert job[member] in ("CREATED", "PENDING", "RUNNING"), job
        time.sleep(0.05)
    raise AssertionError("the job does not end")


here, there = client("backup", HERE), client("backup", THERE)
tables = client("dynamodb", HERE)
tables.create_table(
    TableName="orders",
    BillingMode="PAY_PER_REQUEST",
    AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
    KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
)
tables.get_waiter("table_exists").wait(TableName="orders", WaiterConfig={"Delay": 1})
tables.put_item(TableName="orders", Item={"pk": {"S": "a"}})
arn = tables.describe_table(TableName="orders")["Table"]["TableArn"]

vault = here.create_backup_vault(BackupVaultName="nightly", BackupVaultTags={"team": "data"})
assert here.list_tags(ResourceArn=vault["BackupVaultArn"])["Tags"] == {"team": "data"}
role = f"arn:aws:iam::{HERE}:role/backup"
job = here.start_backup_job(BackupVaultName="nightly", ResourceArn=arn, IamRoleArn=role)
point = wait(lambda: here.describe_backup_job(BackupJobId=job["BackupJobId"]))["RecoveryPointArn"]
described = here.describe_recovery_point(BackupVaultName="nightly", RecoveryPointArn=point)
assert (described["Status"], described["StorageClass"]) == ("COMPLETED", "WARM"), described
pages = here.get_paginator("list_recovery_points_by_backup_vault").paginate(BackupVaultName="nightly")
assert [it["RecoveryPointArn"] for page in pages for it in page["RecoveryPoints"]] == [point]

try:
    here.describe_global_settings()
    raise AssertionError("an account alone has no global settings")
except here.exceptions.InvalidRequestException:
    pass
settings = here.describe_region_settings()
assert settings["ResourceTypeManagementPreference"]["DynamoDB"] is True

copies = client("backup", HERE, "eu-west-1")
destination = copies.create_backup_vault(BackupVaultName="copies")["BackupVaultArn"]
job = here.start_copy_job(
    RecoveryPointArn=point,
    SourceBackupVaultName="nightly",
    DestinationBackupVaultArn=destination,
    IamRoleArn=role,
    Lifecycle={"DeleteAfterDays": 35},
)
copy = wait(lambda: here.describe_copy_job(CopyJobId=job["CopyJobId"])["CopyJob"])["DestinationRecoveryPointArn"]
restore = copies.start_restore_job(
    RecoveryPointArn=copy, IamRoleArn=role, Metadata={"targetTableName": "orders", "encryptionType": "Default"}
)
done = wait(lambda: copies.describe_restore_job(RestoreJobId=restore["RestoreJobId"]), "Status")
assert done["CreatedResourceArn"].endswith(":table/orders"), done
here.delete_recovery_point(BackupVaultName="nightly", RecoveryPointArn=point)
try:
    there.describe_backup_vault(BackupVaultName="nightly")
    raise AssertionError("vaults of one account are not seen from another")
except there.exceptions.ResourceNotFoundException:
    pass
print("done")
