//! What a rule is: its identity, its documentation, its two examples and its check. The rules themselves live
//! in one file each, in the module of their area.

use std::fmt;

use crate::facts::Facts;
use crate::finding::{Finding, Report, Severity};

/// The folder that holds the page of each rule, named after its id.
const DOCS: &str = "https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules";

/// The stable identity of a rule, `DBK-AREA-nnn`. Ids are never renumbered or used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(&'static str);

impl RuleId {
    pub(crate) const fn new(id: &'static str) -> Self {
        Self(id)
    }

    /// The id as text.
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// The page that explains the rule.
    pub fn docs_url(self) -> String {
        docs_url(self.0)
    }
}

/// The line that names a rule and its page, as every message about a broken rule has it. For the ids that an error of
/// [`syntax`](crate::syntax) tells.
pub fn reference(id: &str) -> String {
    format!("Rule {id} · {}", docs_url(id))
}

fn docs_url(id: &str) -> String {
    format!("{DOCS}/{id}.md")
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// The earliest moment at which a rule can be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum When {
    /// From the configuration alone, sometimes with the time.
    Static,
    /// With the caller's account, partition and Region.
    Identity,
    /// With a read of AWS; `Rule::reads` names it.
    Observed,
    /// By AWS alone, while it does the work.
    Apply,
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Static => "static",
            Self::Identity => "identity",
            Self::Observed => "observed",
            Self::Apply => "apply",
        })
    }
}

/// What a rule is about; the module that holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Area {
    /// Names of tables, backups, indexes, vaults, plans.
    Names,
    /// Amazon Resource Names.
    Arns,
    /// Point-in-time recovery settings.
    PointInTimeRecovery,
    /// On-demand backups.
    Backups,
    /// Restores from a backup or to a point in time.
    Restores,
    /// Secondary indexes of a restored table.
    Indexes,
    /// Billing mode and throughput.
    Capacity,
    /// Server-side encryption and its keys.
    Encryption,
    /// Restores into another Region.
    CrossRegion,
    /// Anything across accounts.
    CrossAccount,
    /// Copies of recovery points.
    Copies,
    /// Settings that a restore drops.
    CarryOver,
    /// Tables that are deleted.
    Deletion,
    /// Quotas.
    Quotas,
    /// Settings of AWS Backup for DynamoDB.
    BackupSettings,
    /// Backup plans and their rules.
    Plans,
    /// Schedules and windows of AWS Backup.
    Schedules,
    /// How long recovery points stay, and where.
    Lifecycles,
    /// Backup vaults: their making, keys, policies, states and deletion.
    Vaults,
    /// The locks of vaults.
    VaultLock,
    /// Logically air-gapped vaults.
    AirGappedVaults,
    /// The tags of recovery points.
    RecoveryPointTags,
    /// Backup jobs of AWS Backup that are started on demand.
    BackupJobs,
    /// Selections of backup plans.
    Selections,
}

/// One rule of AWS, or one way to lose data that AWS permits.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its stable id.
    pub id: RuleId,
    /// Its name, which states the fault and reads after "allow": `recovery_period_out_of_range`. Also its
    /// file name.
    pub name: &'static str,
    /// Further catalogue ids for which this rule speaks, because they describe the same fault.
    pub also: &'static [&'static str],
    /// What it is about.
    pub area: Area,
    /// How grave a breach is; a lesser case may be reported as a warning.
    pub severity: Severity,
    /// When it can be decided.
    pub when: When,
    /// The IAM actions of the reads on which the decision depends. Empty unless `when` is `Observed`.
    pub reads: &'static [&'static str],
    /// The fault in general words; the summary of every finding.
    pub title: &'static str,
    /// Why AWS has this rule, or what is lost where AWS has none.
    pub why: &'static str,
    /// What AWS would say instead, where it says anything.
    pub aws_error: Option<&'static str>,
    /// Where the rule is known from.
    pub source: &'static str,
    /// Facts on which this rule, and no other, fires.
    pub firing: fn() -> Facts,
    /// Facts close to those, on which no rule fires.
    pub silent: fn() -> Facts,
    /// Decides the rule.
    pub check: fn(&Facts, &mut Report<'_>),
}

impl Rule {
    /// Applies this rule alone.
    pub fn findings(&'static self, facts: &Facts) -> Vec<Finding> {
        let mut findings = Vec::new();
        (self.check)(facts, &mut Report::new(self, &mut findings));
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::{RuleId, When};

    #[test]
    fn moments_have_words() {
        let words = [When::Static, When::Identity, When::Observed, When::Apply].map(|it| it.to_string());
        assert_eq!(words, ["static", "identity", "observed", "apply"]);
    }

    #[test]
    fn the_page_of_a_rule_bears_its_id() {
        let id = RuleId::new("DBK-PITR-001");
        assert_eq!(id.to_string(), "DBK-PITR-001");
        assert!(
            id.docs_url().ends_with("/docs/rules/DBK-PITR-001.md"),
            "{}",
            id.docs_url()
        );
    }
}
