"""Cuts the service models that botocore ships down to what the simulator serves.

Keeps the operations named below, the shapes that they reach, and of each shape only what the wire checks read.
Documentation strings are dropped. Run it with an interpreter that has botocore installed:

    python3 model/trim.py            writes the files beside this script
    python3 model/trim.py --check    exits with 1 when a file is not current
"""

import gzip
import json
import pathlib
import sys

import botocore

HERE = pathlib.Path(__file__).resolve().parent
DATA = pathlib.Path(botocore.__file__).resolve().parent / "data"

SERVICES = {
    "application-autoscaling": (
        "application-autoscaling/2016-02-06",
        """
        DeleteScalingPolicy DeregisterScalableTarget DescribeScalableTargets DescribeScalingPolicies PutScalingPolicy
        RegisterScalableTarget
        """,
    ),
    "backup": (
        "backup/2018-11-15",
        """
        CreateBackupPlan CreateBackupSelection CreateBackupVault CreateLogicallyAirGappedBackupVault DeleteBackupPlan
        DeleteBackupSelection DeleteBackupVault DeleteBackupVaultAccessPolicy DeleteBackupVaultLockConfiguration
        DeleteRecoveryPoint DescribeBackupJob DescribeBackupVault DescribeCopyJob DescribeGlobalSettings
        DescribeRecoveryPoint DescribeRegionSettings DescribeRestoreJob GetBackupPlan GetBackupPlanFromJSON
        GetBackupSelection GetBackupVaultAccessPolicy GetRecoveryPointRestoreMetadata ListBackupJobs ListBackupPlans
        ListBackupSelections ListBackupVaults ListCopyJobs ListRecoveryPointsByBackupVault
        ListRecoveryPointsByResource ListRestoreJobs ListTags PutBackupVaultAccessPolicy
        PutBackupVaultLockConfiguration StartBackupJob StartCopyJob StartRestoreJob StopBackupJob TagResource
        UntagResource UpdateBackupPlan UpdateGlobalSettings UpdateRecoveryPointLifecycle UpdateRegionSettings
        """,
    ),
    "dynamodb": (
        "dynamodb/2012-08-10",
        """
        BatchGetItem BatchWriteItem CreateBackup CreateTable DeleteBackup DeleteItem DeleteResourcePolicy DeleteTable
        DescribeBackup DescribeContinuousBackups DescribeContributorInsights DescribeEndpoints
        DescribeKinesisStreamingDestination DescribeLimits DescribeTable DescribeTimeToLive
        DisableKinesisStreamingDestination EnableKinesisStreamingDestination GetItem GetResourcePolicy ListBackups
        ListTables ListTagsOfResource PutItem PutResourcePolicy Query RestoreTableFromBackup
        RestoreTableToPointInTime Scan TagResource UntagResource UpdateContinuousBackups UpdateContributorInsights
        UpdateItem UpdateKinesisStreamingDestination UpdateTable UpdateTimeToLive
        """,
    ),
    "kms": ("kms/2014-11-01", "DescribeKey ListAliases"),
    "organizations": ("organizations/2016-11-28", "DescribeOrganization"),
    "sts": ("sts/2011-06-15", "AssumeRole AssumeRoleWithWebIdentity GetCallerIdentity"),
}

METADATA = ["apiVersion", "protocol", "jsonVersion", "targetPrefix", "serviceId", "xmlNamespace"]
FACETS = ["type", "required", "min", "max", "pattern", "enum", "union", "flattened"]


def load(folder):
    path = DATA / folder / "service-2.json"
    packed = path.with_suffix(".json.gz")
    text = gzip.decompress(packed.read_bytes()) if packed.exists() else path.read_bytes()
    return json.loads(text)


def reference(member):
    return {key: member[key] for key in ("shape", "location", "locationName") if key in member}


def trim_shape(shape):
    kept = {facet: shape[facet] for facet in FACETS if shape.get(facet) not in (None, [], False)}
    if "members" in shape:
        kept["members"] = {name: reference(member) for name, member in shape["members"].items()}
    for child in ("member", "key", "value"):
        if child in shape:
            kept[child] = reference(shape[child])
    return kept


def children(shape):
    yield from (member["shape"] for member in shape.get("members", {}).values())
    yield from (shape[child]["shape"] for child in ("member", "key", "value") if child in shape)


def trim(model, names):
    operations, shapes = {}, {}
    waiting = []
    for name in names:
        operation = model["operations"][name]
        kept = {}
        if model["metadata"]["protocol"] == "rest-json":
            kept["http"] = {key: operation["http"][key] for key in ("method", "requestUri")}
        for side in ("input", "output"):
            if side in operation:
                kept[side] = operation[side]["shape"]
                waiting.append(operation[side]["shape"])
        if "resultWrapper" in operation.get("output", {}):
            kept["resultWrapper"] = operation["output"]["resultWrapper"]
        # The code on the wire may differ from the shape's name ("MalformedPolicyDocument").
        kept["errors"] = sorted(
            model["shapes"][error["shape"]].get("error", {}).get("code", error["shape"])
            for error in operation.get("errors", [])
        )
        operations[name] = kept
    while waiting:
        name = waiting.pop()
        if name not in shapes:
            shapes[name] = trim_shape(model["shapes"][name])
            waiting.extend(children(model["shapes"][name]))
    return {
        "source": f"botocore {botocore.__version__}, trimmed by trim.py; see README.md",
        "metadata": {key: model["metadata"][key] for key in METADATA if key in model["metadata"]},
        "operations": dict(sorted(operations.items())),
        "shapes": dict(sorted(shapes.items())),
    }


def main():
    check = sys.argv[1:] == ["--check"]
    stale = []
    for service, (folder, names) in SERVICES.items():
        text = json.dumps(trim(load(folder), names.split()), indent=1) + "\n"
        path = HERE / f"{service}.json"
        if check:
            if not path.exists() or path.read_text() != text:
                stale.append(path.name)
        else:
            path.write_text(text)
    if stale:
        sys.exit("not current: " + ", ".join(stale) + "; run trim.py without --check")


main()
