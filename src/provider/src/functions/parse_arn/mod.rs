//! `parse_arn`: the parts of an ARN of anything that backup and restore speak of. It does not ask whether the thing
//! exists.

use rules::syntax::{AccountId, Arn, ArnError, ArnKind, Region, Regions, Resource};
use tfsdk::{Function, FunctionError, Signature, Type, Value};

use super::arguments::{Argument, parameter, take};

/// The function `parse_arn`.
pub(crate) struct ParseArn;

/// What every result has, and after it what only some kinds have.
const ATTRIBUTES: &[&str] = &[
    "kind",
    "partition",
    "service",
    "region",
    "account_id",
    "resource",
    "table_name",
    "table_arn",
    "index_name",
    "stream_label",
    "backup_id",
    "export_id",
    "import_id",
    "recovery_point_id",
    "backup_vault_name",
    "backup_plan_id",
    "key_id",
    "alias_name",
    "role_name",
];

impl Function for ParseArn {
    const NAME: &'static str = "parse_arn";

    fn signature() -> Signature {
        Signature {
            summary: "Takes an ARN apart and says what it names.",
            description: "Takes the ARN of a table, an index, a stream, a backup, an export, an import, an AWS Backup \
                          recovery point, vault or plan, a KMS key or alias, or an IAM role apart, and says which of \
                          them it names. An ARN that breaks the grammar of its kind, or whose Region belongs to \
                          another partition, is an error. ARNs of other services are taken apart as far as all ARNs \
                          are alike.\n\n\
                          The result has these attributes; what an ARN does not have is null:\n\n\
                          - `kind`: `table`, `index`, `stream`, `backup` (kept by DynamoDB), `export`, `import`, \
                          `global_table`, `recovery_point` (kept by AWS Backup), `backup_vault`, `backup_plan`, \
                          `kms_key`, `kms_alias`, `iam_role` or `other`\n\
                          - `partition`, `service`, `region`, `account_id`, `resource`: the fields of the ARN\n\
                          - `table_name`, `table_arn`: the table, also of an index, a stream, a backup, an export or \
                          an import\n\
                          - `index_name`, `stream_label`, `backup_id`, `export_id`, `import_id`: what belongs to the \
                          table\n\
                          - `recovery_point_id`, `backup_vault_name`, `backup_plan_id`: what belongs to AWS Backup\n\
                          - `key_id`, `alias_name`, `role_name`: without `key/`, `alias/`, `role/` and the path of \
                          the role",
            parameters: vec![parameter("arn", Type::String, "The ARN.")],
            variadic: None,
            result: Type::object(ATTRIBUTES.iter().map(|name| (*name, Type::String))),
        }
    }

    fn call(arguments: Vec<Value>) -> Result<Value, FunctionError> {
        let [argument] = take(arguments)?;
        let text = argument.text()?;
        let arn = Arn::parse(&text).map_err(|error| malformed(&argument, &text, &error))?;
        check_partition(&argument, &text, &arn)?;
        Ok(parts(&arn))
    }
}

fn malformed(argument: &Argument, text: &str, error: &ArnError) -> FunctionError {
    let (rule, form) = nearest_kind(text);
    argument.refuse(
        format!("{text:?} is not an ARN: {}", error.explain()),
        &format!("Give the whole ARN, like {form:?}."),
        Some(rule),
    )
}

/// The rule for ARNs of the kind that a malformed one is most like, and one of that kind.
fn nearest_kind(text: &str) -> (&'static str, &'static str) {
    let fields: Vec<&str> = text.splitn(6, ':').collect();
    match fields.as_slice() {
        [_, _, "dynamodb", _, _, resource] if resource.contains("/backup/") => (
            "DBK-ARN-003",
            "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/01763625600000-a1b2c3d4",
        ),
        [_, _, "backup", _, _, resource] if resource.starts_with("recovery-point:") => (
            "DBK-ARN-004",
            "arn:aws:backup:us-east-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45",
        ),
        [_, _, "backup", _, _, resource] if resource.starts_with("backup-vault:") => (
            "DBK-ARN-016",
            "arn:aws:backup:us-east-1:111122223333:backup-vault:nightly",
        ),
        [_, _, "kms", ..] => (
            "DBK-ARN-017",
            "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        ),
        [_, _, "iam", ..] => ("DBK-ARN-019", "arn:aws:iam::111122223333:role/backup"),
        _ => (
            "DBK-ARN-001",
            "arn:aws:dynamodb:us-east-1:111122223333:table/orders",
        ),
    }
}

/// Refuses a Region that is known to belong to another partition. Of one that nobody knows nothing is said: AWS opens
/// new ones.
fn check_partition(argument: &Argument, text: &str, arn: &Arn) -> Result<(), FunctionError> {
    let Some(region) = &arn.region else {
        return Ok(());
    };
    match Regions::default().partition_of(region) {
        Some(partition) if partition != arn.partition => Err(argument.refuse(
            format!(
                "{text:?} names nothing: its partition is {}, and the Region {region} belongs to the partition \
                 {partition}",
                arn.partition
            ),
            &format!("Begin it with \"arn:{partition}:\", or name a Region of {}.", arn.partition),
            Some("DBK-ARN-006"),
        )),
        _ => Ok(()),
    }
}

fn parts(arn: &Arn) -> Value {
    let mut parts: Vec<(&str, String)> = vec![
        ("kind", kind(arn.kind()).to_owned()),
        ("partition", arn.partition.to_string()),
        ("service", arn.service.clone()),
        ("resource", arn.resource.to_string()),
    ];
    parts.extend(
        arn.region
            .as_ref()
            .map(Region::to_string)
            .map(|it| ("region", it)),
    );
    parts.extend(
        arn.account
            .as_ref()
            .map(AccountId::to_string)
            .map(|it| ("account_id", it)),
    );
    let table = match &arn.resource {
        Resource::Table(table) | Resource::GlobalTable(table) => Some(table),
        Resource::Index(table, index) => {
            parts.push(("index_name", index.to_string()));
            Some(table)
        }
        Resource::Stream(table, label) => {
            parts.push(("stream_label", label.clone()));
            Some(table)
        }
        Resource::Backup(table, id) => {
            parts.push(("backup_id", id.clone()));
            Some(table)
        }
        Resource::Export(table, id) => {
            parts.push(("export_id", id.clone()));
            Some(table)
        }
        Resource::Import(table, id) => {
            parts.push(("import_id", id.clone()));
            Some(table)
        }
        Resource::RecoveryPoint(id) => {
            parts.push(("recovery_point_id", id.clone()));
            None
        }
        Resource::BackupVault(name) => {
            parts.push(("backup_vault_name", name.to_string()));
            None
        }
        Resource::BackupPlan(id) => {
            parts.push(("backup_plan_id", id.clone()));
            None
        }
        Resource::KmsKey(id) => {
            parts.push(("key_id", id.clone()));
            None
        }
        Resource::KmsAlias(alias) => {
            let name = alias.strip_prefix("alias/").unwrap_or(alias);
            parts.push(("alias_name", name.to_owned()));
            None
        }
        Resource::Role(path_and_name) => {
            let name = path_and_name.rsplit('/').next().unwrap_or(path_and_name);
            parts.push(("role_name", name.to_owned()));
            None
        }
        Resource::Other(_) => None,
    };
    if let Some(table) = table {
        parts.push(("table_name", table.to_string()));
        // A global table is in no Region, so that no table's ARN follows from its ARN.
        if arn.region.is_some() {
            let table_arn = Arn {
                resource: Resource::Table(table.clone()),
                ..arn.clone()
            };
            parts.push(("table_arn", table_arn.to_string()));
        }
    }
    let unset = ATTRIBUTES.iter().map(|name| (*name, Value::Null));
    Value::object(unset.chain(parts.into_iter().map(|(name, text)| (name, Value::string(text)))))
}

fn kind(kind: ArnKind) -> &'static str {
    match kind {
        ArnKind::Table => "table",
        ArnKind::Index => "index",
        ArnKind::Stream => "stream",
        ArnKind::Backup => "backup",
        ArnKind::Export => "export",
        ArnKind::Import => "import",
        ArnKind::GlobalTable => "global_table",
        ArnKind::RecoveryPoint => "recovery_point",
        ArnKind::BackupVault => "backup_vault",
        ArnKind::BackupPlan => "backup_plan",
        ArnKind::KmsKey => "kms_key",
        ArnKind::KmsAlias => "kms_alias",
        ArnKind::Role => "iam_role",
        ArnKind::Other => "other",
    }
}
