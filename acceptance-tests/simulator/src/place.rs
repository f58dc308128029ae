//! Where a resource lives: an account and a Region; and the partition that follows from the Region.

use std::fmt;
use std::sync::Arc;

/// An account and a Region.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place {
    pub(crate) account: Arc<str>,
    pub(crate) region: Arc<str>,
}

impl Place {
    pub(crate) fn new(account: &str, region: &str) -> Self {
        Self {
            account: account.into(),
            region: region.into(),
        }
    }

    /// The same account in another Region.
    pub(crate) fn in_region(&self, region: &str) -> Self {
        Self {
            account: self.account.clone(),
            region: region.into(),
        }
    }

    pub(crate) fn partition(&self) -> &'static str {
        partition_of(&self.region).unwrap_or("aws")
    }

    pub(crate) fn table_arn(&self, table: &str) -> String {
        format!(
            "arn:{}:dynamodb:{}:{}:table/{table}",
            self.partition(),
            self.region,
            self.account
        )
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} in {}", self.account, self.region)
    }
}

/// The Region prefixes of each partition, from botocore's partitions.json.
const PARTITIONS: [(&str, &[&str]); 8] = [
    ("aws", &["us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"]),
    ("aws-cn", &["cn"]),
    ("aws-us-gov", &["us-gov"]),
    ("aws-iso", &["us-iso"]),
    ("aws-iso-b", &["us-isob"]),
    ("aws-iso-e", &["eu-isoe"]),
    ("aws-iso-f", &["us-isof"]),
    ("aws-eusc", &["eusc-de"]),
];

/// The partition of a Region, or `None` when no partition could have one of that name.
pub(crate) fn partition_of(region: &str) -> Option<&'static str> {
    let (rest, number) = region.rsplit_once('-')?;
    let (prefix, direction) = rest.rsplit_once('-')?;
    let word = !direction.is_empty() && direction.bytes().all(|byte| byte.is_ascii_lowercase());
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    if !word || !digits {
        return None;
    }
    PARTITIONS
        .iter()
        .find(|(_, prefixes)| prefixes.contains(&prefix))
        .map(|(partition, _)| *partition)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_partition_follows_from_the_region() {
        for (region, partition) in [
            ("us-east-1", Some("aws")),
            ("ap-southeast-7", Some("aws")),
            ("cn-north-1", Some("aws-cn")),
            ("us-gov-east-1", Some("aws-us-gov")),
            ("us-isob-east-1", Some("aws-iso-b")),
            ("eusc-de-east-1", Some("aws-eusc")),
            ("us-mars-east-1", None),
            ("xx-east-1", None),
            ("us-east", None),
            ("", None),
        ] {
            assert_eq!(partition_of(region), partition, "{region}");
        }
    }
}
