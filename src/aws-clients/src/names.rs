//! Names and ARNs as types, parsed as far as the calls need it.
//!
//! Whether a name obeys AWS's rules is decided in the `rules` crate, with better words; here only
//! what would send a call to the wrong place is refused.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind};

/// A Region, as in `eu-west-1`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Region(Box<str>);

/// The plain name of a table, never an ARN.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TableName(Box<str>);

/// The ARN of a table.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct TableArn(Arn);

/// The ARN of a native backup: a table ARN and `/backup/ID`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct BackupArn(Arn);

/// The ARN of a backup vault.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VaultArn(BackupServiceArn);

/// The ARN of a recovery point: AWS Backup's own form, or that of a DynamoDB backup for one that was made without the
/// advanced features.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecoveryPointArn(BackupServiceArn);

/// `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE` of an object of AWS Backup.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct BackupServiceArn(Box<str>);

/// A table given by name or by ARN, as most calls accept it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum TableRef {
    /// In the Region of the call.
    Name(TableName),
    /// Must be of the Region of the call, too.
    Arn(TableArn),
}

/// `arn:PARTITION:dynamodb:REGION:ACCOUNT:table/NAME[/backup/ID]`, with the places of its parts.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Arn {
    text: Box<str>,
    partition: (usize, usize),
    region: (usize, usize),
    account: (usize, usize),
    table: (usize, usize),
}

impl Region {
    /// Takes a Region's name as it is; whether it exists is checked with the provider's settings.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into().into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The partition that Regions of this name belong to, as in `aws`.
    ///
    /// By the prefixes of botocore's `partitions.json`; everything else is `aws`.
    pub fn partition(&self) -> &'static str {
        const PREFIXES: [(&str, &str); 7] = [
            ("cn-", "aws-cn"),
            ("us-gov-", "aws-us-gov"),
            ("us-isob-", "aws-iso-b"),
            ("us-isof-", "aws-iso-f"),
            ("eu-isoe-", "aws-iso-e"),
            ("us-iso-", "aws-iso"),
            ("eusc-", "aws-eusc"),
        ];
        PREFIXES
            .iter()
            .find(|(prefix, _)| self.0.starts_with(prefix))
            .map_or("aws", |(_, partition)| partition)
    }
}

impl TableName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TableName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if text.is_empty() || text.contains([':', '/']) {
            return Err(
                Error::new(ErrorKind::Invalid, format!("{text:?} is not the name of a table"))
                    .because("a name has neither ':' nor '/' and is not empty; an ARN cannot stand here"),
            );
        }
        Ok(Self(text.into()))
    }
}

impl TableArn {
    /// The whole ARN.
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// The partition, as in `aws`.
    pub fn partition(&self) -> &str {
        self.0.part(self.0.partition)
    }

    /// The Region of the table.
    pub fn region(&self) -> Region {
        Region::new(self.0.part(self.0.region))
    }

    /// The account that owns the table.
    pub fn account(&self) -> &str {
        self.0.part(self.0.account)
    }

    /// The name of the table.
    pub fn table_name(&self) -> TableName {
        TableName(self.0.part(self.0.table).into())
    }
}

impl FromStr for TableArn {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match Arn::parse(text) {
            Some((arn, "")) if !arn.part(arn.table).contains(':') => Ok(Self(arn)),
            _ => Err(
                Error::new(ErrorKind::Invalid, format!("{text:?} is not the ARN of a table"))
                    .because("it must look like arn:aws:dynamodb:REGION:ACCOUNT:table/NAME"),
            ),
        }
    }
}

impl BackupArn {
    /// The whole ARN.
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// The partition, as in `aws`.
    pub fn partition(&self) -> &str {
        self.0.part(self.0.partition)
    }

    /// The Region that the backup is kept in.
    pub fn region(&self) -> Region {
        Region::new(self.0.part(self.0.region))
    }

    /// The account that owns the backup.
    pub fn account(&self) -> &str {
        self.0.part(self.0.account)
    }

    /// The name of the table that was backed up.
    pub fn table_name(&self) -> TableName {
        TableName(self.0.part(self.0.table).into())
    }
}

impl FromStr for BackupArn {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match Arn::parse(text) {
            Some((arn, rest))
                if rest
                    .strip_prefix("/backup/")
                    .is_some_and(|id| !id.is_empty() && !id.contains(['/', ':'])) =>
            {
                Ok(Self(arn))
            }
            _ => Err(Error::new(
                ErrorKind::Invalid,
                format!("{text:?} is not the ARN of a DynamoDB backup"),
            )
            .because("it must look like arn:aws:dynamodb:REGION:ACCOUNT:table/NAME/backup/ID")),
        }
    }
}

impl VaultArn {
    /// The whole ARN.
    pub fn as_str(&self) -> &str {
        &self.0.0
    }

    /// The partition, as in `aws`.
    pub fn partition(&self) -> &str {
        self.0.part(1)
    }

    /// The Region of the vault.
    pub fn region(&self) -> Region {
        Region::new(self.0.part(3))
    }

    /// The account that owns the vault.
    pub fn account(&self) -> &str {
        self.0.part(4)
    }

    /// The name of the vault.
    pub fn vault_name(&self) -> &str {
        self.0.part(6)
    }
}

impl FromStr for VaultArn {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match BackupServiceArn::parse(text) {
            Some(arn)
                if arn.part(2) == "backup"
                    && arn.part(5) == "backup-vault"
                    && !arn.part(6).is_empty()
                    && !arn.part(6).contains([':', '/']) =>
            {
                Ok(Self(arn))
            }
            _ => Err(Error::new(
                ErrorKind::Invalid,
                format!("{text:?} is not the ARN of a backup vault"),
            )
            .because("it must look like arn:aws:backup:REGION:ACCOUNT:backup-vault:NAME")),
        }
    }
}

impl RecoveryPointArn {
    /// The whole ARN.
    pub fn as_str(&self) -> &str {
        &self.0.0
    }

    /// The partition, as in `aws`.
    pub fn partition(&self) -> &str {
        self.0.part(1)
    }

    /// The Region that the recovery point is kept in.
    pub fn region(&self) -> Region {
        Region::new(self.0.part(3))
    }

    /// The account that owns the recovery point.
    pub fn account(&self) -> &str {
        self.0.part(4)
    }

    /// Whether AWS Backup manages it wholly: whether it was made with the advanced features (ABS-003).
    pub fn is_fully_managed(&self) -> bool {
        self.0.part(2) == "backup"
    }
}

impl FromStr for RecoveryPointArn {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let arn = BackupServiceArn::parse(text).filter(|arn| match arn.part(2) {
            "backup" => arn.part(5) == "recovery-point" && !arn.part(6).is_empty(),
            "dynamodb" => text.parse::<BackupArn>().is_ok(),
            _ => false,
        });
        arn.map(Self).ok_or_else(|| {
            Error::new(
                ErrorKind::Invalid,
                format!("{text:?} is not the ARN of a recovery point"),
            )
            .because(
                "it must look like arn:aws:backup:REGION:ACCOUNT:recovery-point:ID, or like \
                 arn:aws:dynamodb:REGION:ACCOUNT:table/NAME/backup/ID",
            )
        })
    }
}

impl BackupServiceArn {
    /// Takes an ARN of which the first five parts are there.
    fn parse(text: &str) -> Option<Self> {
        let arn = Self(text.into());
        let is_whole = arn.part(0) == "arn" && (1..=4).all(|index| !arn.part(index).is_empty());
        is_whole.then_some(arn)
    }

    /// One of its seven parts; the last one takes the rest.
    fn part(&self, index: usize) -> &str {
        self.0.splitn(7, ':').nth(index).unwrap_or_default()
    }
}

impl TableRef {
    /// The name of the table.
    pub fn table_name(&self) -> TableName {
        match self {
            Self::Name(name) => name.clone(),
            Self::Arn(arn) => arn.table_name(),
        }
    }

    /// The name or the ARN, whichever was given.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Name(name) => name.as_str(),
            Self::Arn(arn) => arn.as_str(),
        }
    }
}

impl FromStr for TableRef {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if text.starts_with("arn:") {
            text.parse().map(Self::Arn)
        } else {
            text.parse().map(Self::Name)
        }
    }
}

impl From<TableName> for TableRef {
    fn from(name: TableName) -> Self {
        Self::Name(name)
    }
}

impl From<TableArn> for TableRef {
    fn from(arn: TableArn) -> Self {
        Self::Arn(arn)
    }
}

impl Arn {
    /// The ARN and what stands behind the table's name in it.
    fn parse(text: &str) -> Option<(Self, &str)> {
        let mut at = "arn:".len();
        let mut rest = text.strip_prefix("arn:")?;
        let mut field = || {
            let length = rest.find(':').filter(|length| *length > 0)?;
            let place = (at, at + length);
            rest = &rest[length + 1..];
            at += length + 1;
            Some(place)
        };
        let (partition, service, region, account) = (field()?, field()?, field()?, field()?);
        let name_and_rest = text[account.1 + 1..].strip_prefix("table/")?;
        let start = text.len() - name_and_rest.len();
        let length = name_and_rest.find('/').unwrap_or(name_and_rest.len());
        if &text[service.0..service.1] != "dynamodb" || length == 0 {
            return None;
        }
        let table = (start, start + length);
        Some((
            Self {
                text: text.into(),
                partition,
                region,
                account,
                table,
            },
            &text[start + length..],
        ))
    }

    fn part(&self, (start, end): (usize, usize)) -> &str {
        &self.text[start..end]
    }
}

macro_rules! shown_as_text {
    ($($name:ident),+) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(self.as_str(), f)
            }
        }
    )+};
}

shown_as_text!(
    Region,
    TableName,
    TableArn,
    BackupArn,
    VaultArn,
    RecoveryPointArn,
    TableRef
);

#[cfg(test)]
mod tests {
    use super::{BackupArn, RecoveryPointArn, Region, TableArn, TableName, TableRef, VaultArn};

    const BACKUP: &str =
        "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders/backup/01700000000000-0a1b2c3d";

    #[test]
    fn a_backup_arn_comes_apart() {
        let arn: BackupArn = BACKUP.parse().unwrap();
        assert_eq!(arn.to_string(), BACKUP);
        assert_eq!(
            (
                arn.partition(),
                arn.region().as_str(),
                arn.account(),
                arn.table_name().as_str()
            ),
            ("aws", "eu-west-1", "111122223333", "Orders")
        );
    }

    #[test]
    fn what_is_not_a_backup_arn_is_refused() {
        for text in [
            "",
            "arn:",
            "Orders",
            "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders",
            "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders/backup/",
            "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders/backup/a/b",
            "arn:aws:dynamodb:eu-west-1:111122223333:table//backup/a",
            "arn:aws:dynamodb::111122223333:table/Orders/backup/a",
            "arn:aws:backup:eu-west-1:111122223333:recovery-point:0a1b",
            "arn:aws:s3:eu-west-1:111122223333:table/Orders/backup/a",
        ] {
            assert!(text.parse::<BackupArn>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_arns_of_aws_backup_come_apart() {
        let vault: VaultArn = "arn:aws-cn:backup:cn-north-1:111122223333:backup-vault:orders"
            .parse()
            .unwrap();
        assert_eq!(
            (
                vault.partition(),
                vault.region().as_str(),
                vault.account(),
                vault.vault_name()
            ),
            ("aws-cn", "cn-north-1", "111122223333", "orders")
        );
        let own = "arn:aws:backup:eu-west-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45";
        for (text, is_fully_managed) in [(own, true), (BACKUP, false)] {
            let arn: RecoveryPointArn = text.parse().unwrap();
            assert_eq!(
                (arn.to_string().as_str(), arn.is_fully_managed()),
                (text, is_fully_managed)
            );
            assert_eq!(
                (arn.region().as_str(), arn.account()),
                ("eu-west-1", "111122223333")
            );
        }
    }

    #[test]
    fn what_is_no_arn_of_aws_backup_is_refused() {
        for text in [
            "",
            "orders",
            "arn:aws:backup:eu-west-1:111122223333:backup-vault",
            "arn:aws:backup:eu-west-1:111122223333:backup-vault:",
            "arn:aws:backup:eu-west-1:111122223333:backup-vault:a:b",
            "arn:aws:backup::111122223333:backup-vault:orders",
            "arn:aws:backup:eu-west-1:111122223333:recovery-point:",
            "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders",
            "arn:aws:ec2:eu-west-1:111122223333:recovery-point:a",
        ] {
            assert!(text.parse::<VaultArn>().is_err(), "{text}");
            assert!(text.parse::<RecoveryPointArn>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_table_is_a_name_or_an_arn() {
        let arn: TableRef = "arn:aws-cn:dynamodb:cn-north-1:111122223333:table/Orders"
            .parse()
            .unwrap();
        assert!(matches!(&arn, TableRef::Arn(arn) if arn.partition() == "aws-cn"));
        assert_eq!(arn.table_name().as_str(), "Orders");
        assert!(matches!("Orders".parse().unwrap(), TableRef::Name(_)));
        for text in [
            "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders/index/ByDate",
            "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders/stream/2024-01-01T00:00:00.000",
            BACKUP,
        ] {
            assert!(text.parse::<TableArn>().is_err(), "{text}");
        }
        assert!("a/b".parse::<TableName>().is_err() && "".parse::<TableName>().is_err());
    }

    #[test]
    fn regions_know_their_partition() {
        for (region, partition) in [
            ("eu-west-1", "aws"),
            ("cn-north-1", "aws-cn"),
            ("us-gov-west-1", "aws-us-gov"),
            ("us-iso-east-1", "aws-iso"),
            ("us-isob-east-1", "aws-iso-b"),
            ("eusc-de-east-1", "aws-eusc"),
        ] {
            assert_eq!(Region::new(region).partition(), partition);
        }
    }
}
