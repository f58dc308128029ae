//! ARNs of tables and of the backups that DynamoDB keeps, as types of their own.

use std::fmt;

use jiff::Timestamp;

use crate::syntax::{AccountId, Arn, ArnError, ArnKind, Partition, Region, Resource, TableName};

/// The ARN of a table.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TableArn {
    /// The partition.
    pub partition: Partition,
    /// The Region.
    pub region: Region,
    /// The account.
    pub account: AccountId,
    /// The table.
    pub table: TableName,
}

/// The ARN of a backup that DynamoDB keeps. AWS Backup also makes such backups, when its advanced features
/// are off: the ARN does not tell.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BackupArn {
    /// The table that was backed up.
    pub table_arn: TableArn,
    /// The id of the backup.
    pub id: String,
}

impl TableArn {
    /// Reads the ARN of a table.
    ///
    /// # Errors
    /// When the text is not an ARN or names something else.
    pub fn parse(text: &str) -> Result<Self, ArnError> {
        let arn = Arn::parse(text)?;
        let given = arn.kind();
        match arn {
            Arn {
                partition,
                region: Some(region),
                account: Some(account),
                resource: Resource::Table(table),
                ..
            } => Ok(Self {
                partition,
                region,
                account,
                table,
            }),
            _ => Err(ArnError::Kind {
                wanted: ArnKind::Table,
                given,
            }),
        }
    }
}

impl BackupArn {
    /// Reads the ARN of a backup that DynamoDB keeps.
    ///
    /// # Errors
    /// When the text is not an ARN or names something else.
    pub fn parse(text: &str) -> Result<Self, ArnError> {
        let arn = Arn::parse(text)?;
        let given = arn.kind();
        match arn {
            Arn {
                partition,
                region: Some(region),
                account: Some(account),
                resource: Resource::Backup(table, id),
                ..
            } => Ok(Self {
                table_arn: TableArn {
                    partition,
                    region,
                    account,
                    table,
                },
                id,
            }),
            _ => Err(ArnError::Kind {
                wanted: ArnKind::Backup,
                given,
            }),
        }
    }

    /// Whether the id has the form that AWS gives ids today: the time in milliseconds as 14 digits, a hyphen,
    /// and eight letters or digits. The form is observed, not promised.
    pub fn has_usual_id(&self) -> bool {
        self.id.split_once('-').is_some_and(|(time, suffix)| {
            time.len() == 14
                && time.bytes().all(|it| it.is_ascii_digit())
                && suffix.len() == 8
                && suffix
                    .bytes()
                    .all(|it| it.is_ascii_digit() || it.is_ascii_lowercase())
        })
    }

    /// Whether DynamoDB made the backup when its table was deleted.
    pub fn is_system(&self) -> bool {
        self.has_usual_id() && self.id.ends_with("-00000000")
    }

    /// When the backup was made, as far as its id tells, to the millisecond.
    pub fn created_at(&self) -> Option<Timestamp> {
        if !self.has_usual_id() {
            return None;
        }
        let (time, _) = self.id.split_once('-')?;
        Timestamp::from_millisecond(time.parse().ok()?).ok()
    }
}

impl fmt::Display for TableArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            partition,
            region,
            account,
            table,
        } = self;
        write!(f, "arn:{partition}:dynamodb:{region}:{account}:table/{table}")
    }
}

impl fmt::Display for BackupArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/backup/{}", self.table_arn, self.id)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{BackupArn, TableArn};

    #[test]
    fn backup_ids_tell_who_and_when() {
        let of = |id: &str| {
            BackupArn::parse(&format!(
                "arn:aws:dynamodb:us-east-1:123456789012:table/Music/backup/{id}"
            ))
            .expect("well formed")
        };
        let user = of("01489602797149-73d8d5bc");
        assert!(user.has_usual_id() && !user.is_system());
        assert_eq!(
            user.created_at().expect("a time").as_millisecond(),
            1_489_602_797_149
        );
        assert!(of("01489602797149-00000000").is_system());
        for id in [
            "1489602797149-73d8d5bc",
            "01489602797149-73D8D5BC",
            "01489602797149",
            "latest-00000000",
        ] {
            let backup = of(id);
            assert!(
                !backup.has_usual_id() && !backup.is_system() && backup.created_at().is_none(),
                "{id}"
            );
        }
    }

    #[test]
    fn the_grammar_allows_no_arn_that_is_too_short() {
        let shortest = "arn:aws:dynamodb:cn-n-1:123456789012:table/abc/backup/1";
        assert!(shortest.len() > crate::limits::BACKUP_ARN_LENGTH_MIN);
        assert!(BackupArn::parse(shortest).is_ok());
    }

    proptest! {
        #[test]
        fn printed_backup_arns_parse(
            region in "(us|eu|ap)-(east|central)-[1-9]",
            account in "[0-9]{12}",
            table in "[a-zA-Z0-9_.-]{3,255}",
            id in "[A-Za-z0-9._-]{1,30}",
        ) {
            let text = format!("arn:aws:dynamodb:{region}:{account}:table/{table}/backup/{id}");
            let arn = BackupArn::parse(&text).expect("well formed");
            prop_assert_eq!(arn.to_string(), text);
            prop_assert_eq!(TableArn::parse(&arn.table_arn.to_string()), Ok(arn.table_arn));
        }
    }
}
