//! Partitions and Regions, and which belong together. The list is data that a caller can extend, because AWS
//! opens new Regions; a Region that no partition claims is not an error.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A partition of AWS: `aws`, `aws-cn`, `aws-us-gov`, and so on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Partition(String);

/// A Region of AWS: `eu-west-1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(String);

/// Why a text is not a partition or a Region.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegionError {
    /// Not the form of a partition.
    #[error("{0:?} does not have the form of a partition such as \"aws\" or \"aws-cn\"")]
    Partition(String),
    /// Not the form of a Region.
    #[error("{0:?} does not have the form of a Region such as \"eu-west-1\"")]
    Region(String),
}

impl Partition {
    /// Reads a partition by its form, known or not.
    ///
    /// # Errors
    /// When the text is not `aws`, alone or followed by up to three words of lower-case letters joined by
    /// hyphens.
    pub fn parse(text: &str) -> Result<Self, RegionError> {
        let mut words = text.split('-');
        let good = words.next() == Some("aws") && words.clone().count() <= 3 && words.all(is_lower_word);
        if good {
            Ok(Self(text.to_owned()))
        } else {
            Err(RegionError::Partition(text.to_owned()))
        }
    }

    /// The partition as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Region {
    /// Reads a Region by its form, known or not.
    ///
    /// # Errors
    /// When the text is not two to four lower-case letters, one or two lower-case words and a number of one
    /// or two digits, joined by hyphens.
    pub fn parse(text: &str) -> Result<Self, RegionError> {
        let words: Vec<&str> = text.split('-').collect();
        let good = match words.as_slice() {
            [head, middle @ .., number] => {
                (2..=4).contains(&head.len())
                    && is_lower_word(head)
                    && (1..=2).contains(&middle.len())
                    && middle.iter().all(|it| is_lower_word(it))
                    && (1..=2).contains(&number.len())
                    && number.bytes().all(|it| it.is_ascii_digit())
            }
            _ => false,
        };
        if good {
            Ok(Self(text.to_owned()))
        } else {
            Err(RegionError::Region(text.to_owned()))
        }
    }

    /// The Region as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the last two words: `us` of `us-east-1`, `us-gov` of `us-gov-west-1`. It decides
    /// the partition.
    fn head(&self) -> &str {
        self.0.rsplitn(3, '-').nth(2).unwrap_or_default()
    }
}

/// Whether a text is one or more lower-case letters.
fn is_lower_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_lowercase())
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which Regions belong to which partition, and which take no part in restores across Regions.
///
/// The default is what AWS had documented in 2026 (partitions of the SDKs; developer guide on restores).
/// Lists of this kind age: extend them with [`Regions::with_region`] and
/// [`Regions::with_cross_region_restore`], [`Regions::with_cross_account_copy`],
/// [`Regions::with_cross_region_copy`] and [`Regions::with_air_gapped_vaults`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regions {
    /// First words of Region names, each with its partition.
    heads: BTreeMap<String, Partition>,
    /// Regions that AWS documents as closed to restores across Regions.
    without_cross_region_restore: BTreeSet<Region>,
    /// Partitions in which AWS Backup copies nothing to another account.
    without_cross_account_copy: BTreeSet<Partition>,
    /// Partitions in which AWS Backup copies nothing to another Region.
    without_cross_region_copy: BTreeSet<Partition>,
    /// Partitions in which AWS Backup has no logically air-gapped vaults.
    partitions_without_air_gapped_vaults: BTreeSet<Partition>,
    /// Regions of other partitions in which AWS Backup has no logically air-gapped vaults.
    without_air_gapped_vaults: BTreeSet<Region>,
    /// Regions of those partitions in which it has them after all.
    with_air_gapped_vaults: BTreeSet<Region>,
}

impl Default for Regions {
    fn default() -> Self {
        const HEADS: &[(&str, &[&str])] = &[
            ("aws", &["us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"]),
            ("aws-cn", &["cn"]),
            ("aws-us-gov", &["us-gov"]),
            ("aws-iso", &["us-iso"]),
            ("aws-iso-b", &["us-isob"]),
            ("aws-iso-e", &["eu-isoe"]),
            ("aws-iso-f", &["us-isof"]),
            ("aws-eusc", &["eusc-de"]),
        ];
        let heads = HEADS.iter().flat_map(|(partition, heads)| {
            heads
                .iter()
                .map(|head| ((*head).to_owned(), Partition((*partition).to_owned())))
        });
        // Hong Kong and Bahrain.
        let closed = ["ap-east-1", "me-south-1"].map(|it| Region(it.to_owned()));
        Self {
            heads: heads.collect(),
            without_cross_region_restore: closed.into(),
            // AWS Backup developer guide, feature availability by Region.
            without_cross_account_copy: ["aws-cn", "aws-eusc"].map(|it| Partition(it.to_owned())).into(),
            without_cross_region_copy: ["aws-eusc"].map(|it| Partition(it.to_owned())).into(),
            // The same page, in 2026: China and GovCloud; Taipei, New Zealand, Malaysia, Thailand, Calgary and Mexico.
            partitions_without_air_gapped_vaults: ["aws-cn", "aws-us-gov"]
                .map(|it| Partition(it.to_owned()))
                .into(),
            without_air_gapped_vaults: [
                "ap-east-2",
                "ap-southeast-5",
                "ap-southeast-6",
                "ap-southeast-7",
                "ca-west-1",
                "mx-central-1",
            ]
            .map(|it| Region(it.to_owned()))
            .into(),
            with_air_gapped_vaults: BTreeSet::new(),
        }
    }
}

impl Regions {
    /// Adds a Region, and those named like it, to a partition.
    #[must_use]
    pub fn with_region(mut self, partition: Partition, region: &Region) -> Self {
        self.heads.insert(region.head().to_owned(), partition);
        self
    }

    /// Opens a Region to restores across Regions.
    #[must_use]
    pub fn with_cross_region_restore(mut self, region: &Region) -> Self {
        self.without_cross_region_restore.remove(region);
        self
    }

    /// Opens a partition to copies of AWS Backup into another account.
    #[must_use]
    pub fn with_cross_account_copy(mut self, partition: &Partition) -> Self {
        self.without_cross_account_copy.remove(partition);
        self
    }

    /// Opens a partition to copies of AWS Backup into another Region.
    #[must_use]
    pub fn with_cross_region_copy(mut self, partition: &Partition) -> Self {
        self.without_cross_region_copy.remove(partition);
        self
    }

    /// Opens a Region to logically air-gapped vaults.
    #[must_use]
    pub fn with_air_gapped_vaults(mut self, region: &Region) -> Self {
        self.without_air_gapped_vaults.remove(region);
        self.with_air_gapped_vaults.insert(region.clone());
        self
    }

    /// Whether AWS Backup has logically air-gapped vaults in a Region.
    pub fn allows_air_gapped_vaults(&self, region: &Region) -> bool {
        let is_partition_closed = self
            .partition_of(region)
            .is_some_and(|it| self.partitions_without_air_gapped_vaults.contains(&it));
        let is_closed = is_partition_closed || self.without_air_gapped_vaults.contains(region);
        !is_closed || self.with_air_gapped_vaults.contains(region)
    }

    /// Whether AWS Backup copies recovery points between the accounts of a partition.
    pub fn allows_cross_account_copy(&self, partition: &Partition) -> bool {
        !self.without_cross_account_copy.contains(partition)
    }

    /// Whether AWS Backup copies recovery points between the Regions of a partition.
    pub fn allows_cross_region_copy(&self, partition: &Partition) -> bool {
        !self.without_cross_region_copy.contains(partition)
    }

    /// The partition of a Region, if one is known to claim it.
    pub fn partition_of(&self, region: &Region) -> Option<Partition> {
        self.heads.get(region.head()).cloned()
    }

    /// Whether AWS takes the Region as one end of a restore across Regions.
    pub fn allows_cross_region_restore(&self, region: &Region) -> bool {
        !self.without_cross_region_restore.contains(region)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Partition, Region, Regions};

    proptest! {
        #[test]
        fn what_parses_prints_as_it_was_and_nothing_panics(
            text in "\\PC*",
            near in "[a-z]{1,5}(-[a-z]{0,4}){0,3}-[0-9]{0,3}",
        ) {
            for text in [text, near] {
                if let Ok(region) = Region::parse(&text) {
                    let _ = Regions::default().partition_of(&region);
                    prop_assert_eq!(region.to_string(), text.clone());
                }
                if let Ok(partition) = Partition::parse(&text) {
                    prop_assert_eq!(partition.to_string(), text);
                }
            }
        }
    }

    fn partition_of(region: &str) -> Option<String> {
        let region = Region::parse(region).expect("a Region");
        Regions::default().partition_of(&region).map(|it| it.to_string())
    }

    #[test]
    fn each_region_has_its_partition() {
        for (region, partition) in [
            ("us-east-1", "aws"),
            ("ap-southeast-7", "aws"),
            ("mx-central-1", "aws"),
            ("cn-north-1", "aws-cn"),
            ("us-gov-east-1", "aws-us-gov"),
            ("us-iso-west-1", "aws-iso"),
            ("us-isob-east-1", "aws-iso-b"),
            ("eu-isoe-west-1", "aws-iso-e"),
            ("us-isof-south-1", "aws-iso-f"),
            ("eusc-de-east-1", "aws-eusc"),
        ] {
            assert_eq!(partition_of(region).as_deref(), Some(partition), "{region}");
        }
    }

    #[test]
    fn a_region_that_nobody_claims_is_unknown_until_somebody_adds_it() {
        assert_eq!(partition_of("nz-north-1"), None);
        let aws = Partition::parse("aws").expect("a partition");
        let new = Region::parse("nz-north-1").expect("a Region");
        let regions = Regions::default().with_region(aws.clone(), &new);
        assert_eq!(regions.partition_of(&new), Some(aws));
    }

    #[test]
    fn the_list_of_closed_regions_can_be_corrected() {
        let bahrain = Region::parse("me-south-1").expect("a Region");
        assert!(!Regions::default().allows_cross_region_restore(&bahrain));
        assert!(
            Regions::default()
                .with_cross_region_restore(&bahrain)
                .allows_cross_region_restore(&bahrain)
        );
    }

    #[test]
    fn partitions_differ_in_what_aws_backup_copies_there() {
        let allowed = |name: &str| {
            let partition = Partition::parse(name).expect("a partition");
            let regions = Regions::default();
            (
                regions.allows_cross_account_copy(&partition),
                regions.allows_cross_region_copy(&partition),
            )
        };
        assert_eq!(allowed("aws"), (true, true));
        assert_eq!(allowed("aws-us-gov"), (true, true));
        assert_eq!(allowed("aws-cn"), (false, true));
        assert_eq!(allowed("aws-eusc"), (false, false));
        let eusc = Partition::parse("aws-eusc").expect("a partition");
        let opened = Regions::default()
            .with_cross_account_copy(&eusc)
            .with_cross_region_copy(&eusc);
        assert!(opened.allows_cross_account_copy(&eusc) && opened.allows_cross_region_copy(&eusc));
    }

    #[test]
    fn air_gapped_vaults_are_not_everywhere() {
        let region = |name: &str| Region::parse(name).expect("a Region");
        let regions = Regions::default();
        for (name, allowed) in [
            ("us-east-1", true),
            ("eu-west-1", true),
            ("eusc-de-east-1", true),
            ("xx-new-1", true),
            ("cn-north-1", false),
            ("us-gov-west-1", false),
            ("ap-east-1", true),
            ("ap-east-2", false),
            ("ap-southeast-4", true),
            ("ap-southeast-5", false),
            ("ap-southeast-6", false),
            ("ap-southeast-7", false),
            ("ca-central-1", true),
            ("ca-west-1", false),
            ("mx-central-1", false),
        ] {
            assert_eq!(regions.allows_air_gapped_vaults(&region(name)), allowed, "{name}");
            let opened = Regions::default().with_air_gapped_vaults(&region(name));
            assert!(opened.allows_air_gapped_vaults(&region(name)), "{name}");
        }
        let beijing = Regions::default().with_air_gapped_vaults(&region("cn-north-1"));
        assert!(!beijing.allows_air_gapped_vaults(&region("cn-northwest-1")));
    }

    #[test]
    fn other_texts_are_neither_regions_nor_partitions() {
        for text in [
            "",
            "us",
            "us-east",
            "us-east-",
            "us-east-123",
            "US-east-1",
            "useast-east-1",
            "us-a-b-c-1",
            "-east-1",
        ] {
            assert!(Region::parse(text).is_err(), "{text}");
        }
        for text in ["", "awss", "AWS", "aws-", "aws-a-b-c-d", "aws-1"] {
            assert!(Partition::parse(text).is_err(), "{text}");
        }
    }
}
