//! What a rule reports, and the one place where a finding becomes text. Does not decide anything.

use std::fmt;

use crate::facts::ScaledPlace;
use crate::rule::{Rule, RuleId};

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// AWS accepts it, but data, money or time may be lost.
    Warning,
    /// AWS would refuse it, or the result is certainly not what was asked for.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// What a finding points at, in the vocabulary of the objects.
///
/// `Display` prints the argument as it is written in a configuration (`source.point_in_time.time`), so that a
/// program without Terraform has something to show too.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The object as a whole, where no single argument is at fault.
    Object,
    /// The Region of the object.
    Region,
    /// The table that a backup or a point-in-time recovery setting is for: a name or an ARN.
    TableName,
    /// The name of a backup.
    BackupName,
    /// Whether a backup outlives its destruction.
    RetainOnDestroy,
    /// Whether point-in-time recovery is on.
    Enabled,
    /// The recovery period, in days.
    RecoveryPeriod,
    /// What happens to point-in-time recovery when the object is destroyed.
    OnDestroy,
    /// Whether restorable history may be given up.
    AllowWindowLoss,
    /// The name of the table that a restore makes.
    TargetName,
    /// Where a restore takes its data from, as a whole.
    Source,
    /// The backup to restore.
    SourceBackupArn,
    /// The AWS Backup recovery point to restore.
    SourceRecoveryPointArn,
    /// The role that AWS Backup assumes.
    SourceRoleArn,
    /// The point in time to restore, as a whole.
    SourcePointInTime,
    /// The table to restore from, by name.
    SourceTableName,
    /// The table to restore from, by ARN.
    SourceTableArn,
    /// The moment to restore.
    SourceTime,
    /// Whether to restore the latest possible moment.
    SourceLatest,
    /// The billing mode of the restored table.
    BillingMode,
    /// The provisioned throughput of the restored table.
    ProvisionedThroughput,
    /// Its read capacity units.
    ReadCapacity,
    /// Its write capacity units.
    WriteCapacity,
    /// The on-demand maxima of the restored table.
    OnDemandThroughput,
    /// The maximum of read request units.
    MaxReadRequestUnits,
    /// The maximum of write request units.
    MaxWriteRequestUnits,
    /// The encryption of the restored table.
    Encryption,
    /// Whether a KMS key is used.
    EncryptionEnabled,
    /// The kind of encryption.
    EncryptionType,
    /// The KMS key.
    EncryptionKey,
    /// The choice of global secondary indexes, as a whole.
    GlobalIndexes,
    /// One global secondary index, by name.
    GlobalIndex(String),
    /// The provisioned throughput of one global secondary index.
    GlobalIndexThroughput(String),
    /// The choice of local secondary indexes, as a whole.
    LocalIndexes,
    /// One local secondary index, by name.
    LocalIndex(String),
    /// The tags, as a whole.
    Tags,
    /// One tag, by key.
    Tag(String),
    /// The time-to-live setting.
    TimeToLive,
    /// The stream setting.
    Stream,
    /// Point-in-time recovery of the restored table.
    PointInTimeRecovery,
    /// Deletion protection.
    DeletionProtection,
    /// The table class.
    TableClass,
    /// The resource policy.
    ResourcePolicy,
    /// The Kinesis streaming destination.
    KinesisStream,
    /// Contributor Insights.
    ContributorInsights,
    /// Auto scaling, as a whole.
    Autoscaling,
    /// The least capacity of auto scaling.
    AutoscalingMinimum(ScaledPlace),
    /// The most capacity of auto scaling.
    AutoscalingMaximum(ScaledPlace),
    /// The utilization that auto scaling aims at.
    AutoscalingTarget(ScaledPlace),
    /// The settings to copy from the source.
    CarryOver,
    /// How long the creation may take.
    CreateTimeout,
    /// Whether recovery points may be copied between the accounts of the organization.
    CrossAccountBackup,
    /// The name of a backup vault that is made.
    BackupVaultName,
    /// The KMS key of a vault.
    VaultKey,
    /// The access policy of a vault.
    VaultPolicy,
    /// The name of a backup plan.
    PlanName,
    /// The rules of a plan, as a whole.
    PlanRules,
    /// One rule of a plan, by name.
    PlanRule(String),
    /// The vault that a rule of a plan fills, by the name of the rule.
    TargetVaultName(String),
    /// The copy actions of a rule of a plan, as a whole, by the name of the rule.
    CopyActions(String),
    /// The destination of one copy action of a plan: the name of the rule and the position of the action, from zero.
    CopyDestination(String, usize),
    /// The tags that a rule of a plan gives recovery points, by the name of the rule.
    RecoveryPointTags(String),
    /// The selections of a plan, as a whole.
    Selections,
    /// One selection of a plan, by name.
    Selection(String),
    /// The role of a selection of a plan, by the name of the selection.
    SelectionRoleArn(String),
    /// What a selection of a plan names, by the name of the selection.
    SelectionResources(String),
    /// What a selection of a plan leaves out, by the name of the selection.
    SelectionNotResources(String),
    /// The tags by which a selection of a plan chooses, by the name of the selection.
    SelectionTags(String),
    /// The conditions of a selection of a plan, by the name of the selection.
    SelectionConditions(String),
    /// The vault that takes a recovery point, by name.
    VaultName,
    /// The role that AWS Backup assumes.
    RoleArn,
    /// The recovery point to copy.
    RecoveryPointArn,
    /// The vault that holds the recovery point to copy, by name.
    SourceVaultName,
    /// The vault that takes the copy, by ARN.
    DestinationVaultArn,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Object => "(object)",
            Self::Region => "region",
            Self::TableName => "table_name",
            Self::BackupName | Self::TargetName | Self::BackupVaultName | Self::PlanName => "name",
            Self::RetainOnDestroy => "retain_on_destroy",
            Self::Enabled => "enabled",
            Self::RecoveryPeriod => "recovery_period_in_days",
            Self::OnDestroy => "on_destroy",
            Self::AllowWindowLoss => "allow_window_loss",
            Self::Source => "source",
            Self::SourceBackupArn => "source.backup_arn",
            Self::SourceRecoveryPointArn => "source.recovery_point_arn",
            Self::SourceRoleArn => "source.role_arn",
            Self::SourcePointInTime => "source.point_in_time",
            Self::SourceTableName => "source.point_in_time.table_name",
            Self::SourceTableArn => "source.point_in_time.table_arn",
            Self::SourceTime => "source.point_in_time.time",
            Self::SourceLatest => "source.point_in_time.latest",
            Self::BillingMode => "billing_mode",
            Self::ProvisionedThroughput => "provisioned_throughput",
            Self::ReadCapacity => "provisioned_throughput.read_capacity_units",
            Self::WriteCapacity => "provisioned_throughput.write_capacity_units",
            Self::OnDemandThroughput => "on_demand_throughput",
            Self::MaxReadRequestUnits => "on_demand_throughput.max_read_request_units",
            Self::MaxWriteRequestUnits => "on_demand_throughput.max_write_request_units",
            Self::Encryption => "server_side_encryption",
            Self::EncryptionEnabled => "server_side_encryption.enabled",
            Self::EncryptionType => "server_side_encryption.sse_type",
            Self::EncryptionKey => "server_side_encryption.kms_key_arn",
            Self::GlobalIndexes => "global_secondary_indexes",
            Self::GlobalIndex(name) => return write!(f, "global_secondary_indexes[{name:?}]"),
            Self::GlobalIndexThroughput(name) => {
                return write!(f, "global_secondary_indexes[{name:?}].provisioned_throughput");
            }
            Self::LocalIndexes => "local_secondary_indexes",
            Self::LocalIndex(name) => return write!(f, "local_secondary_indexes[{name:?}]"),
            Self::Tags => "tags",
            Self::Tag(key) => return write!(f, "tags[{key:?}]"),
            Self::TimeToLive => "time_to_live",
            Self::Stream => "stream",
            Self::PointInTimeRecovery => "point_in_time_recovery",
            Self::DeletionProtection => "deletion_protection_enabled",
            Self::TableClass => "table_class",
            Self::ResourcePolicy => "resource_policy",
            Self::KinesisStream => "kinesis_stream",
            Self::ContributorInsights => "contributor_insights",
            Self::Autoscaling => "autoscaling",
            Self::AutoscalingMinimum(place) => return write!(f, "{place}.min_capacity"),
            Self::AutoscalingMaximum(place) => return write!(f, "{place}.max_capacity"),
            Self::AutoscalingTarget(place) => return write!(f, "{place}.target_utilization"),
            Self::CarryOver => "carry_over",
            Self::CreateTimeout => "timeouts.create",
            Self::CrossAccountBackup => "cross_account_backup",
            Self::VaultKey => "kms_key_arn",
            Self::VaultPolicy => "policy",
            Self::PlanRules => "rules",
            Self::PlanRule(rule) => return write!(f, "rules[{rule:?}]"),
            Self::TargetVaultName(rule) => return write!(f, "rules[{rule:?}].target_vault_name"),
            Self::CopyActions(rule) => return write!(f, "rules[{rule:?}].copy_actions"),
            Self::CopyDestination(rule, index) => {
                return write!(f, "rules[{rule:?}].copy_actions[{index}].destination_vault_arn");
            }
            Self::RecoveryPointTags(rule) => return write!(f, "rules[{rule:?}].recovery_point_tags"),
            Self::Selections => "selections",
            Self::Selection(name) => return write!(f, "selections[{name:?}]"),
            Self::SelectionRoleArn(name) => return write!(f, "selections[{name:?}].role_arn"),
            Self::SelectionResources(name) => return write!(f, "selections[{name:?}].resources"),
            Self::SelectionNotResources(name) => return write!(f, "selections[{name:?}].not_resources"),
            Self::SelectionTags(name) => return write!(f, "selections[{name:?}].tags"),
            Self::SelectionConditions(name) => return write!(f, "selections[{name:?}].conditions"),
            Self::VaultName => "vault_name",
            Self::RoleArn => "role_arn",
            Self::RecoveryPointArn => "recovery_point_arn",
            Self::SourceVaultName => "source_vault_name",
            Self::DestinationVaultArn => "destination_vault_arn",
        };
        f.write_str(text)
    }
}

/// One broken rule, ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule that was broken.
    pub rule: RuleId,
    /// How grave it is here. A rule may report a lesser case as a warning.
    pub severity: Severity,
    /// What to point at.
    pub subject: Subject,
    /// The fault in general words, without values: the same for every occurrence.
    pub summary: &'static str,
    /// The fault in particular: the values, the computed bound, and one sentence of why.
    pub detail: String,
    /// What to do, as an imperative sentence with something to paste.
    pub fix: String,
    /// What it was before a [`Policy`](crate::Policy) changed its severity.
    pub regraded: Option<Regraded>,
}

/// A severity that was changed on purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regraded {
    /// What the rule itself says.
    pub from: Severity,
    /// Why it is another one here.
    pub reason: String,
}

impl Regraded {
    /// The paragraph that says so. `to` is the severity that holds.
    pub fn text(&self, to: Severity) -> String {
        let Self { from, reason } = self;
        let verb = if to > *from { "Raised" } else { "Lowered" };
        format!(
            "{verb} from {from} to {to}. The reason given: {}",
            bounded(reason.clone())
        )
    }
}

impl Finding {
    /// Renders all that follows the summary: detail, fix, the line that names the rule and its page, and why its severity
    /// is another one than the rule's.
    pub fn text(&self) -> String {
        let text = format!(
            "{}\n\n{}\n\nRule {} · {}",
            self.detail,
            self.fix,
            self.rule,
            self.rule.docs_url()
        );
        match &self.regraded {
            Some(regraded) => format!("{text}\n\n{}", regraded.text(self.severity)),
            None => text,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}\n  at {}\n\n{}",
            self.severity,
            self.summary,
            self.subject,
            self.text()
        )
    }
}

/// Where a rule puts its findings. It knows the rule, so that a check cannot report under a foreign id.
#[derive(Debug)]
pub struct Report<'a> {
    rule: &'static Rule,
    findings: &'a mut Vec<Finding>,
}

impl<'a> Report<'a> {
    pub(crate) fn new(rule: &'static Rule, findings: &'a mut Vec<Finding>) -> Self {
        Self { rule, findings }
    }

    /// Reports the fault with the rule's own severity.
    pub fn add(&mut self, subject: Subject, detail: impl Into<String>, fix: impl Into<String>) {
        self.push(self.rule.severity, subject, detail.into(), fix.into());
    }

    /// Reports a lesser case of the fault as a warning.
    pub fn add_warning(&mut self, subject: Subject, detail: impl Into<String>, fix: impl Into<String>) {
        self.push(Severity::Warning, subject, detail.into(), fix.into());
    }

    fn push(&mut self, severity: Severity, subject: Subject, detail: String, fix: String) {
        let Rule {
            id, title: summary, ..
        } = *self.rule;
        self.findings.push(Finding {
            rule: id,
            severity,
            subject,
            summary,
            detail: bounded(detail),
            fix: bounded(fix),
            regraded: None,
        });
    }
}

/// Takes the middle out of a text that repeats an endless value: nobody reads ten megabytes in a terminal.
fn bounded(text: String) -> String {
    const HEAD: usize = 2000;
    const TAIL: usize = 1000;
    let length = text.chars().count();
    if length <= HEAD + TAIL {
        return text;
    }
    let head: String = text.chars().take(HEAD).collect();
    let tail: String = text.chars().skip(length - TAIL).collect();
    format!("{head}… ({} characters left out) …{tail}", length - HEAD - TAIL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endless_value_is_cut_in_the_middle() {
        assert_eq!(bounded("short".to_owned()), "short");
        let text = bounded(format!("\"{}\" is no name", "é".repeat(10_000)));
        assert!(text.starts_with("\"éé"), "{text}");
        assert!(text.ends_with("éé\" is no name"), "{text}");
        let cut = "… (7013 characters left out) …";
        assert!(text.contains(cut), "{text}");
        assert_eq!(text.chars().count(), 3000 + cut.chars().count());
        for (length, is_cut) in [(2999, false), (3000, false), (3001, true)] {
            let text = bounded("x".repeat(length));
            assert_eq!(text.contains('…'), is_cut, "{length}");
        }
    }
}
