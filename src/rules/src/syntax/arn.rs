//! Amazon Resource Names of every kind that backup and restore speak of. Other kinds are kept as they are, so
//! that a message can say what was given.

use std::fmt;

use crate::limits::ARN_LENGTH_MAX;
use crate::syntax::{
    AccountId, AccountIdError, IndexName, NameError, Partition, Region, RegionError, TableName, VaultName,
};

/// An Amazon Resource Name, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Arn {
    /// The partition.
    pub partition: Partition,
    /// The service: `dynamodb`, `backup`, `kms`, `iam`, and so on.
    pub service: String,
    /// The Region; none for global services.
    pub region: Option<Region>,
    /// The account; none for the few resources that belong to nobody.
    pub account: Option<AccountId>,
    /// What is named.
    pub resource: Resource,
}

/// What an ARN names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Resource {
    /// A table.
    Table(TableName),
    /// A secondary index.
    Index(TableName, IndexName),
    /// A stream, with its label.
    Stream(TableName, String),
    /// A backup that DynamoDB keeps, with its id.
    Backup(TableName, String),
    /// An export to S3, with its id.
    Export(TableName, String),
    /// An import from S3, with its id.
    Import(TableName, String),
    /// A global table of the version of 2017.
    GlobalTable(TableName),
    /// A recovery point that AWS Backup keeps, with its id.
    RecoveryPoint(String),
    /// A backup vault.
    BackupVault(VaultName),
    /// A backup plan, with its id.
    BackupPlan(String),
    /// A KMS key, with its id.
    KmsKey(String),
    /// A KMS alias, `alias/` included.
    KmsAlias(String),
    /// An IAM role, with its path and name.
    Role(String),
    /// Anything else, as it was written.
    Other(String),
}

/// The kind of thing that an ARN names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ArnKind {
    /// A table.
    Table,
    /// A secondary index.
    Index,
    /// A stream.
    Stream,
    /// A backup that DynamoDB keeps.
    Backup,
    /// An export to S3.
    Export,
    /// An import from S3.
    Import,
    /// A global table of the version of 2017.
    GlobalTable,
    /// A recovery point that AWS Backup keeps.
    RecoveryPoint,
    /// A backup vault.
    BackupVault,
    /// A backup plan.
    BackupPlan,
    /// A KMS key.
    KmsKey,
    /// A KMS alias.
    KmsAlias,
    /// An IAM role.
    Role,
    /// Anything else.
    Other,
}

/// Why a text is not an ARN, or not one of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArnError {
    /// It does not begin with `arn:`.
    #[error("it does not begin with \"arn:\"")]
    NotAnArn,
    /// It is longer than AWS takes.
    #[error("it has {length} characters, and AWS takes {ARN_LENGTH_MAX} at most")]
    TooLong {
        /// How long it is, in characters.
        length: usize,
    },
    /// It does not have six fields.
    #[error("it has {found} fields separated by colons, and an ARN has six")]
    Fields {
        /// How many it has.
        found: usize,
    },
    /// The partition or the Region does not have the form.
    #[error("the partition or Region is wrong")]
    Region(#[source] RegionError),
    /// The Region is missing.
    #[error("the fourth field, the Region, is empty")]
    NoRegion,
    /// There is a Region where there must be none.
    #[error("the fourth field, the Region, is \"{region}\", and this kind of ARN has none")]
    UnwantedRegion {
        /// The Region.
        region: Region,
    },
    /// The account does not have the form.
    #[error("the account is wrong")]
    Account(#[source] AccountIdError),
    /// The account is missing.
    #[error("the fifth field, the account, is empty")]
    NoAccount,
    /// A name inside does not have the form.
    #[error("the name {name:?} in it is wrong")]
    Name {
        /// The name.
        name: String,
        /// What is wrong with it.
        #[source]
        source: NameError,
    },
    /// The last field names nothing that the service has.
    #[error("the last field, {resource:?}, names nothing that the service {service:?} has")]
    Resource {
        /// The service.
        service: String,
        /// The last field.
        resource: String,
    },
    /// It names something, but not what is wanted.
    #[error("it is the ARN of {given}, not of {wanted}")]
    Kind {
        /// What is wanted.
        wanted: ArnKind,
        /// What it names.
        given: ArnKind,
    },
}

impl ArnError {
    /// The error and its causes in one fragment: "the account is wrong: …".
    pub fn explain(&self) -> String {
        match std::error::Error::source(self) {
            Some(source) => format!("{self}: {source}"),
            None => self.to_string(),
        }
    }
}

impl Arn {
    /// Reads an ARN of any kind. Those of DynamoDB, AWS Backup vaults, plans and recovery points, KMS keys
    /// and aliases and IAM roles are judged by their grammar; others are taken as they are.
    ///
    /// # Errors
    /// When the text is not an ARN, or is one of those and breaks its grammar.
    pub fn parse(text: &str) -> Result<Self, ArnError> {
        let length = text.chars().count();
        if !text.starts_with("arn:") {
            return Err(ArnError::NotAnArn);
        }
        if length > ARN_LENGTH_MAX {
            return Err(ArnError::TooLong { length });
        }
        let fields: Vec<&str> = text.splitn(6, ':').collect();
        let &[_, partition, service, region, account, resource] = fields.as_slice() else {
            return Err(ArnError::Fields { found: fields.len() });
        };
        let partition = Partition::parse(partition).map_err(ArnError::Region)?;
        let region = non_empty(region)
            .map(Region::parse)
            .transpose()
            .map_err(ArnError::Region)?;
        let account = non_empty(account)
            .map(AccountId::parse)
            .transpose()
            .map_err(ArnError::Account)?;
        let parsed = Resource::parse(service, resource)?;
        if parsed.kind().has_region() && region.is_none() {
            return Err(ArnError::NoRegion);
        }
        if let (true, Some(region)) = (parsed.kind().is_global(), &region) {
            let region = region.clone();
            return Err(ArnError::UnwantedRegion { region });
        }
        if parsed.kind() != ArnKind::Other && account.is_none() {
            return Err(ArnError::NoAccount);
        }
        Ok(Self {
            partition,
            service: service.to_owned(),
            region,
            account,
            resource: parsed,
        })
    }

    /// What it names.
    pub fn kind(&self) -> ArnKind {
        self.resource.kind()
    }
}

fn non_empty(text: &str) -> Option<&str> {
    if text.is_empty() { None } else { Some(text) }
}

impl Resource {
    fn parse(service: &str, text: &str) -> Result<Self, ArnError> {
        let wrong = || ArnError::Resource {
            service: service.to_owned(),
            resource: text.to_owned(),
        };
        match service {
            "dynamodb" => Self::parse_dynamodb(text).unwrap_or_else(|| Err(wrong())),
            "backup" => Self::parse_backup(text).unwrap_or_else(|| Err(wrong())),
            "kms" => Self::parse_kms(text).ok_or_else(wrong),
            "iam" => Self::parse_iam(text).ok_or_else(wrong),
            _ => Ok(Self::Other(text.to_owned())),
        }
    }

    fn parse_dynamodb(text: &str) -> Option<Result<Self, ArnError>> {
        let parts: Vec<&str> = text.splitn(4, '/').collect();
        let made = match parts.as_slice() {
            ["table", table] => table_name(table).map(Self::Table),
            ["global-table", table] => table_name(table).map(Self::GlobalTable),
            ["table", table, "index", index] => {
                table_name(table).and_then(|table| Ok(Self::Index(table, index_name(index)?)))
            }
            ["table", table, "stream", id]
                if is_id(id, |it| it.is_ascii_digit() || b"T:.-".contains(&it)) =>
            {
                table_name(table).map(|table| Self::Stream(table, (*id).to_owned()))
            }
            ["table", table, "backup", id] if is_id(id, is_id_byte) => {
                table_name(table).map(|table| Self::Backup(table, (*id).to_owned()))
            }
            ["table", table, "export", id] if is_id(id, is_id_byte) => {
                table_name(table).map(|table| Self::Export(table, (*id).to_owned()))
            }
            ["table", table, "import", id] if is_id(id, is_id_byte) => {
                table_name(table).map(|table| Self::Import(table, (*id).to_owned()))
            }
            _ => return None,
        };
        Some(made)
    }

    fn parse_backup(text: &str) -> Option<Result<Self, ArnError>> {
        let word = |it: u8| it.is_ascii_alphanumeric() || it == b'_' || it == b'-';
        match text.split_once(':') {
            Some(("recovery-point", id)) => {
                let good = is_id(id, word) && id.starts_with(|it: char| it.is_ascii_alphanumeric());
                good.then(|| Ok(Self::RecoveryPoint(id.to_owned())))
            }
            Some(("backup-vault", name)) => Some(vault_name(name).map(Self::BackupVault)),
            Some(("backup-plan", id)) => {
                let uuid = id.strip_prefix("orgs/").unwrap_or(id);
                let good = uuid.len() == 36 && is_id(uuid, |it| it.is_ascii_hexdigit() || it == b'-');
                good.then(|| Ok(Self::BackupPlan(id.to_owned())))
            }
            _ => Some(Ok(Self::Other(text.to_owned()))),
        }
    }

    fn parse_kms(text: &str) -> Option<Self> {
        if let Some(id) = text.strip_prefix("key/") {
            return is_key_id(id).then(|| Self::KmsKey(id.to_owned()));
        }
        is_alias(text).then(|| Self::KmsAlias(text.to_owned()))
    }

    fn parse_iam(text: &str) -> Option<Self> {
        let Some(path_and_name) = text.strip_prefix("role/") else {
            return Some(Self::Other(text.to_owned()));
        };
        let (path, name) = match path_and_name.rsplit_once('/') {
            Some((path, name)) => (Some(path), name),
            None => (None, path_and_name),
        };
        let good_path = path.is_none_or(|it| is_id(it, |it| it.is_ascii_graphic()));
        let good_name =
            name.len() <= 64 && is_id(name, |it| it.is_ascii_alphanumeric() || b"_+=,.@-".contains(&it));
        (good_path && good_name).then(|| Self::Role(path_and_name.to_owned()))
    }

    /// The kind of thing.
    pub fn kind(&self) -> ArnKind {
        match self {
            Self::Table(_) => ArnKind::Table,
            Self::Index(..) => ArnKind::Index,
            Self::Stream(..) => ArnKind::Stream,
            Self::Backup(..) => ArnKind::Backup,
            Self::Export(..) => ArnKind::Export,
            Self::Import(..) => ArnKind::Import,
            Self::GlobalTable(_) => ArnKind::GlobalTable,
            Self::RecoveryPoint(_) => ArnKind::RecoveryPoint,
            Self::BackupVault(_) => ArnKind::BackupVault,
            Self::BackupPlan(_) => ArnKind::BackupPlan,
            Self::KmsKey(_) => ArnKind::KmsKey,
            Self::KmsAlias(_) => ArnKind::KmsAlias,
            Self::Role(_) => ArnKind::Role,
            Self::Other(_) => ArnKind::Other,
        }
    }
}

impl ArnKind {
    /// Whether ARNs of this kind name a Region.
    fn has_region(self) -> bool {
        !(self.is_global() || self == Self::Other)
    }

    /// Whether ARNs of this kind never name a Region.
    fn is_global(self) -> bool {
        matches!(self, Self::GlobalTable | Self::Role)
    }
}

fn table_name(text: &str) -> Result<TableName, ArnError> {
    TableName::parse(text).map_err(|source| ArnError::Name {
        name: text.to_owned(),
        source,
    })
}

fn index_name(text: &str) -> Result<IndexName, ArnError> {
    IndexName::parse(text).map_err(|source| ArnError::Name {
        name: text.to_owned(),
        source,
    })
}

fn vault_name(text: &str) -> Result<VaultName, ArnError> {
    VaultName::parse(text).map_err(|source| ArnError::Name {
        name: text.to_owned(),
        source,
    })
}

fn is_id(text: &str, allowed: impl Fn(u8) -> bool) -> bool {
    !text.is_empty() && text.bytes().all(allowed)
}

fn is_id_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"._-".contains(&byte)
}

/// Whether a text names a KMS key otherwise than by an ARN: by its id or an alias.
pub(crate) fn is_key_reference(text: &str) -> bool {
    is_key_id(text) || is_alias(text)
}

/// Whether a text is the id of a KMS key: a UUID in lower case, or `mrk-` and 32 hexadecimal digits.
fn is_key_id(text: &str) -> bool {
    let hex = |text: &str, length: usize| {
        text.len() == length
            && text
                .bytes()
                .all(|it| it.is_ascii_digit() || (b'a'..=b'f').contains(&it))
    };
    if let Some(id) = text.strip_prefix("mrk-") {
        return hex(id, 32);
    }
    let groups: Vec<&str> = text.split('-').collect();
    groups.len() == 5
        && groups
            .iter()
            .zip([8, 4, 4, 4, 12])
            .all(|(group, length)| hex(group, length))
}

/// Whether a text is a KMS alias, `alias/` included.
fn is_alias(text: &str) -> bool {
    text.len() <= 256
        && text
            .strip_prefix("alias/")
            .is_some_and(|name| is_id(name, |it| it.is_ascii_alphanumeric() || b"/_-".contains(&it)))
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let region = self.region.as_ref().map_or("", Region::as_str);
        let account = self.account.as_ref().map_or("", AccountId::as_str);
        write!(
            f,
            "arn:{}:{}:{region}:{account}:{}",
            self.partition, self.service, self.resource
        )
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table(table) => write!(f, "table/{table}"),
            Self::Index(table, index) => write!(f, "table/{table}/index/{index}"),
            Self::Stream(table, label) => write!(f, "table/{table}/stream/{label}"),
            Self::Backup(table, id) => write!(f, "table/{table}/backup/{id}"),
            Self::Export(table, id) => write!(f, "table/{table}/export/{id}"),
            Self::Import(table, id) => write!(f, "table/{table}/import/{id}"),
            Self::GlobalTable(table) => write!(f, "global-table/{table}"),
            Self::RecoveryPoint(id) => write!(f, "recovery-point:{id}"),
            Self::BackupVault(name) => write!(f, "backup-vault:{name}"),
            Self::BackupPlan(id) => write!(f, "backup-plan:{id}"),
            Self::KmsKey(id) => write!(f, "key/{id}"),
            Self::Role(path_and_name) => write!(f, "role/{path_and_name}"),
            Self::KmsAlias(text) | Self::Other(text) => f.write_str(text),
        }
    }
}

impl fmt::Display for ArnKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Table => "a table",
            Self::Index => "a secondary index",
            Self::Stream => "a stream",
            Self::Backup => "a DynamoDB backup",
            Self::Export => "an export to S3",
            Self::Import => "an import from S3",
            Self::GlobalTable => "a global table",
            Self::RecoveryPoint => "an AWS Backup recovery point",
            Self::BackupVault => "a backup vault",
            Self::BackupPlan => "a backup plan",
            Self::KmsKey => "a KMS key",
            Self::KmsAlias => "a KMS alias",
            Self::Role => "an IAM role",
            Self::Other => "something else",
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Arn, ArnError, ArnKind};
    use crate::syntax::{BackupArn, TableArn};

    fn kind(text: &str) -> Option<ArnKind> {
        Arn::parse(text).ok().map(|it| it.kind())
    }

    /// The vectors of the catalogue are in `tests/vectors.rs`; these are the kinds that it has none of.
    #[test]
    fn each_kind_is_told_by_its_form() {
        for (text, expected) in [
            (
                "arn:aws:dynamodb:us-east-1:123456789012:table/Music/export/01489602797149-73d8d5bc",
                ArnKind::Export,
            ),
            (
                "arn:aws:dynamodb:us-east-1:123456789012:table/Music/import/01489602797149-73d8d5bc",
                ArnKind::Import,
            ),
            (
                "arn:aws:kms:eu-west-1:123456789012:alias/aws/dynamodb",
                ArnKind::KmsAlias,
            ),
            (
                "arn:aws:iam::123456789012:role/service-role/backup",
                ArnKind::Role,
            ),
            ("arn:aws:iam::123456789012:user/somebody", ArnKind::Other),
            ("arn:aws:s3:::bucket/key:with:colons", ArnKind::Other),
            (
                "arn:aws:dynamodb::123456789012:global-table/Music",
                ArnKind::GlobalTable,
            ),
        ] {
            assert_eq!(kind(text), Some(expected), "{text}");
        }
        for text in [
            "arn:aws:dynamodb:us-east-1::table/Music",
            "arn:aws:dynamodb:us-east-1:123456789012",
            "arn:aws:kms:us-east-1:123456789012:key/1234ABCD-12ab-34cd-56ef-1234567890ab",
            "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef",
            "arn:aws:iam::123456789012:role/",
            "arn:aws:iam:us-east-1:123456789012:role/backup",
            "arn:aws:dynamodb:us-east-1:123456789012:global-table/Music",
            "arn:aws:backup:us-east-1:123456789012:recovery-point:",
            "arn:aws:backup:us-east-1:123456789012:recovery-point:-1",
            "arn:aws:backup:us-east-1:123456789012:backup-vault:x",
            "arn:aws:backup:us-east-1:123456789012:backup-plan:e4548665",
            "Music",
            "",
        ] {
            assert_eq!(kind(text), None, "{text}");
        }
    }

    #[test]
    fn each_part_keeps_to_its_alphabet_and_length() {
        let dynamodb = |tail: &str| kind(&format!("arn:aws:dynamodb:us-east-1:123456789012:{tail}"));
        let backup = |tail: &str| kind(&format!("arn:aws:backup:us-east-1:123456789012:{tail}"));
        let kms = |tail: &str| kind(&format!("arn:aws:kms:us-east-1:123456789012:{tail}"));
        let role = |tail: &str| kind(&format!("arn:aws:iam::123456789012:role/{tail}"));

        assert_eq!(
            dynamodb("table/Music/stream/2026-01-02T03:04:05.678"),
            Some(ArnKind::Stream)
        );
        for tail in ["2026-01-02t03:04", "2026/01", "latest", ""] {
            assert_eq!(dynamodb(&format!("table/Music/stream/{tail}")), None, "{tail}");
        }
        for what in ["backup", "export", "import"] {
            assert!(
                dynamodb(&format!("table/Music/{what}/a.b_c-9")).is_some(),
                "{what}"
            );
            for id in ["a b", "a:b", "a/b", "ä", ""] {
                assert_eq!(dynamodb(&format!("table/Music/{what}/{id}")), None, "{what} {id}");
            }
        }
        assert_eq!(dynamodb("table/Music/index/ab"), None);
        assert_eq!(dynamodb("global-table/ab"), None);

        assert_eq!(backup("recovery-point:a_b-9"), Some(ArnKind::RecoveryPoint));
        for id in ["-a", "_a", "a.b", "a:b", ""] {
            assert_eq!(backup(&format!("recovery-point:{id}")), None, "{id}");
        }
        for (length, expected) in [
            (1, None),
            (2, Some(ArnKind::BackupVault)),
            (50, Some(ArnKind::BackupVault)),
            (51, None),
        ] {
            assert_eq!(
                backup(&format!("backup-vault:{}", "v".repeat(length))),
                expected,
                "{length}"
            );
        }
        let plan = "e4548665-3dfc-36a2-92ab-9a6477109903";
        assert_eq!(backup(&format!("backup-plan:{plan}")), Some(ArnKind::BackupPlan));
        assert_eq!(
            backup(&format!("backup-plan:orgs/{plan}")),
            Some(ArnKind::BackupPlan)
        );
        assert_eq!(backup(&format!("backup-plan:{plan}0")), None);
        assert_eq!(backup(&format!("backup-plan:{}", plan.replace('e', "g"))), None);
        assert_eq!(backup("framework:mine"), Some(ArnKind::Other));

        let alias = |length| kms(&format!("alias/{}", "a".repeat(length)));
        assert_eq!((alias(250), alias(251)), (Some(ArnKind::KmsAlias), None));
        assert_eq!(kms("alias/a.b"), None);
        assert_eq!(kms("key/mrk-1234abcd12ab34cd56ef1234567890a"), None);
        assert_eq!(kms("key/mrk-1234abcd12ab34cd56ef1234567890ag"), None);
        assert_eq!(kms("key/1234abcd-12ab-34cd-56ef-1234567890ab-12"), None);

        assert_eq!(
            (role(&"r".repeat(64)), role(&"r".repeat(65))),
            (Some(ArnKind::Role), None)
        );
        assert_eq!(role("path/to/a+b=c,d.e@f-g_h"), Some(ArnKind::Role));
        for tail in ["a b", "a!b", "p q/r", "/r"] {
            assert_eq!(role(tail), None, "{tail}");
        }
    }

    #[test]
    fn the_longest_arn_is_as_long_as_aws_takes() {
        let of = |length: usize| {
            let head = "arn:aws:s3:::";
            Arn::parse(&format!("{head}{}", "x".repeat(length - head.len())))
        };
        assert!(of(1024).is_ok());
        assert_eq!(of(1025), Err(ArnError::TooLong { length: 1025 }));
    }

    #[test]
    fn kinds_are_spoken_of_in_the_words_of_aws() {
        let error = |tail: &str| {
            let text = format!("arn:aws:dynamodb:us-east-1:123456789012:{tail}");
            BackupArn::parse(&text).expect_err("no backup").explain()
        };
        assert_eq!(
            error("table/Music"),
            "it is the ARN of a table, not of a DynamoDB backup"
        );
        assert_eq!(
            error("table/Music/stream/2026"),
            "it is the ARN of a stream, not of a DynamoDB backup"
        );
    }

    #[test]
    fn an_error_says_what_is_wrong() {
        let error = |text: &str| TableArn::parse(text).expect_err("not a table").explain();
        assert_eq!(error("Music"), "it does not begin with \"arn:\"");
        assert_eq!(
            error("arn:aws:dynamodb:us-east-1:11112222333:table/orders"),
            "the account is wrong: \"11112222333\" is not an account id of twelve digits"
        );
        assert_eq!(
            error("arn:aws:dynamodb:us-east-1:111122223333:table/orders/index/by-date"),
            "it is the ARN of a secondary index, not of a table"
        );
        let long = format!(
            "arn:aws:dynamodb:us-east-1:111122223333:table/{}",
            "x".repeat(2000)
        );
        assert_eq!(TableArn::parse(&long), Err(ArnError::TooLong { length: 2046 }));
        let name = "arn:aws:dynamodb:us-east-1:111122223333:table/ab";
        assert_eq!(
            error(name),
            "the name \"ab\" in it is wrong: it has 2 characters, and a name has 3 to 255"
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in "\\PC*") {
            let _ = Arn::parse(&text);
            let _ = Arn::parse(&format!("arn:{text}"));
            let _ = BackupArn::parse(&format!("arn:aws:dynamodb:us-east-1:123456789012:{text}"));
        }

        #[test]
        fn what_parses_prints_as_it_was(
            head in "arn:aws(-cn|-us-gov)?:(dynamodb|backup|kms|iam|sqs):((us|eu|cn)-[a-z]{1,5}-[0-9])?:([0-9]{12})?",
            tail in prop_oneof![
                "table/[a-z.]{2,9}(/(index|backup|stream|export|import)/[0-9a-z-]{2,9})?",
                "key/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
                "(alias|role)/[a-z/]{1,9}",
                "backup-vault:[a-z.]{1,9}",
                "recovery-point:[A-F0-9-]{1,9}",
                "[a-z:/]{0,9}",
            ],
        ) {
            let text = format!("{head}:{tail}");
            if let Ok(arn) = Arn::parse(&text) {
                prop_assert_eq!(arn.to_string(), text);
            }
        }
    }
}
