//! Amazon Resource Names, as far as DynamoDB, KMS and IAM use them here.

use crate::place::partition_of;

/// The six fields of an ARN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Arn<'a> {
    pub(crate) partition: &'a str,
    pub(crate) service: &'a str,
    pub(crate) region: &'a str,
    pub(crate) account: &'a str,
    pub(crate) resource: &'a str,
}

impl<'a> Arn<'a> {
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let mut fields = text.splitn(6, ':');
        let (Some("arn"), Some(partition), Some(service), Some(region), Some(account), Some(resource)) = (
            fields.next(),
            fields.next(),
            fields.next(),
            fields.next(),
            fields.next(),
            fields.next(),
        ) else {
            return None;
        };
        Some(Self {
            partition,
            service,
            region,
            account,
            resource,
        })
    }

    /// Whether this can be the ARN of something that DynamoDB keeps: partition and Region belong together, and the
    /// account has twelve digits.
    pub(crate) fn is_dynamodb(&self) -> bool {
        self.service == "dynamodb"
            && partition_of(self.region) == Some(self.partition)
            && is_account(self.account)
    }

    /// The table's name, when the resource is a table and nothing below it.
    pub(crate) fn table(&self) -> Option<&'a str> {
        self.resource
            .strip_prefix("table/")
            .filter(|name| is_table_name(name))
    }

    /// The table's name and the backup's id, when the resource is a backup.
    pub(crate) fn backup(&self) -> Option<(&'a str, &'a str)> {
        let (table, id) = self.resource.strip_prefix("table/")?.split_once("/backup/")?;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        (is_table_name(table) && !id.is_empty() && id.bytes().all(plain)).then_some((table, id))
    }
}

pub(crate) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text obeys the grammar of table, index and backup names.
pub(crate) fn is_table_name(text: &str) -> bool {
    (3..=255).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Option<&str> {
        Arn::parse(text)
            .filter(Arn::is_dynamodb)
            .and_then(|arn| arn.table())
    }

    #[test]
    fn table_arns() {
        for (arn, expected) in [
            (
                "arn:aws:dynamodb:us-east-1:123456789012:table/Music",
                Some("Music"),
            ),
            (
                "arn:aws-us-gov:dynamodb:us-gov-east-1:123456789012:table/Music",
                Some("Music"),
            ),
            (
                "arn:aws-eusc:dynamodb:eusc-de-east-1:123456789012:table/Music",
                Some("Music"),
            ),
            (
                "arn:aws:dynamodb:us-east-1:123456789012:table/Music/index/ByYear",
                None,
            ),
            ("arn:aws:dynamodb:cn-north-1:123456789012:table/Music", None),
            ("arn:aws:dynamodb:us-east-1:12345678901:table/Music", None),
            ("arn:aws:dynamodb:us-east-1:123456789012:table/ab", None),
            ("arn:aws:dynamodb::123456789012:table/Music", None),
            ("arn:aws:dynamodb:us-east-1:123456789012:Table/Music", None),
        ] {
            assert_eq!(table(arn), expected, "{arn}");
        }
    }

    #[test]
    fn backup_arns() {
        let backup = |text| {
            Arn::parse(text)
                .filter(Arn::is_dynamodb)
                .and_then(|arn| arn.backup())
        };
        let arn = "arn:aws:dynamodb:us-east-1:123456789012:table/Music/backup/01489602797149-73d8d5bc";
        assert_eq!(backup(arn), Some(("Music", "01489602797149-73d8d5bc")));
        assert_eq!(
            backup("arn:aws:dynamodb:us-east-1:123456789012:table/Music/backup/"),
            None
        );
        assert_eq!(
            backup("arn:aws:dynamodb:us-east-1:123456789012:table/Music"),
            None
        );
        assert_eq!(
            backup("arn:aws:backup:us-east-1:123456789012:recovery-point:1EB3B5E7"),
            None
        );
    }
}
