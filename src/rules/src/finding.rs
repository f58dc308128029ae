//! What a rule reports, and the one place where a finding becomes text. Does not decide anything.

use std::fmt;

use crate::facts::ScaledPlace;
use crate::rule::{Rule, RuleId, reference};
use crate::segment::{Segment, Segments};

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
    /// The vault that holds the recovery point to restore, by name.
    SourceRecoveryPointVault,
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
    /// Whether AWS Backup backs up DynamoDB tables in a Region.
    OptIn,
    /// Whether AWS Backup manages the backups of DynamoDB tables wholly, in a Region.
    AdvancedFeatures,
    /// Whether recovery points may be copied between the accounts of the organization.
    CrossAccountBackup,
    /// The name of a backup vault that is made.
    BackupVaultName,
    /// The KMS key of a vault.
    VaultKey,
    /// The access policy of a vault.
    VaultPolicy,
    /// The kind of a vault.
    VaultType,
    /// The lock of a vault, as a whole.
    VaultLock,
    /// The shortest retention that a lock allows.
    LockMinimum,
    /// The longest retention that a lock allows.
    LockMaximum,
    /// For how long a lock can still be changed.
    LockChangeable,
    /// Whether the recovery points in a vault are deleted with it.
    ForceDestroy,
    /// The name of a backup plan.
    PlanName,
    /// The rules of a plan, as a whole.
    PlanRules,
    /// One rule of a plan, by name.
    PlanRule(String),
    /// The vault that a rule of a plan fills, by the name of the rule.
    TargetVaultName(String),
    /// The logically air-gapped vault that a rule of a plan fills, by the name of the rule.
    TargetAirGappedVault(String),
    /// The copy actions of a rule of a plan, as a whole, by the name of the rule.
    CopyActions(String),
    /// The destination of one copy action of a plan: the name of the rule and the position of the action, from zero.
    CopyDestination(String, usize),
    /// The schedule of a rule of a plan, by the name of the rule.
    PlanRuleSchedule(String),
    /// The time zone of the schedule of a rule of a plan, by the name of the rule.
    PlanRuleScheduleTimezone(String),
    /// For how long a job of a rule of a plan may wait to start, by the name of the rule.
    PlanRuleStartWindow(String),
    /// For how long a job of a rule of a plan may run, by the name of the rule.
    PlanRuleCompletionWindow(String),
    /// How long the recovery points of a rule of a plan stay, as a whole, by the name of the rule.
    PlanRuleLifecycle(String),
    /// When they move to cold storage.
    PlanRuleColdStorage(String),
    /// When they are deleted.
    PlanRuleDeleteAfter(String),
    /// One copy action of a plan: the name of the rule and the position of the action, from zero.
    CopyAction(String, usize),
    /// How long the copies of a copy action of a plan stay, as a whole.
    CopyLifecycle(String, usize),
    /// When they move to cold storage.
    CopyColdStorage(String, usize),
    /// When they are deleted.
    CopyDeleteAfter(String, usize),
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
    /// For how long an on-demand job may wait to start.
    StartWindow,
    /// For how long an on-demand job may run.
    CompletionWindow,
    /// How long a recovery point or a copy stays, as a whole. Terraform has a use of its own for the word `lifecycle`.
    Lifecycle,
    /// When it moves to cold storage.
    ColdStorage,
    /// When it is deleted.
    DeleteAfter,
}

impl Subject {
    /// The steps from the object to what is pointed at. None for the object as a whole.
    pub fn segments(&self) -> Vec<Segment<'_>> {
        self.place().into_vec()
    }

    fn place(&self) -> Segments<'_> {
        let path = match self {
            Self::Object => return Segments::default(),
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
            Self::SourceRecoveryPointVault => "source.vault_name",
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
            Self::GlobalIndex(name) => return Segments::of("global_secondary_indexes").key(name),
            Self::GlobalIndexThroughput(name) => {
                return Segments::of("global_secondary_indexes")
                    .key(name)
                    .then("provisioned_throughput");
            }
            Self::LocalIndexes => "local_secondary_indexes",
            Self::LocalIndex(name) => return Segments::of("local_secondary_indexes").key(name),
            Self::Tags => "tags",
            Self::Tag(key) => return Segments::of("tags").key(key),
            Self::TimeToLive => "time_to_live",
            Self::Stream => "stream",
            Self::PointInTimeRecovery => "point_in_time_recovery",
            Self::DeletionProtection => "deletion_protection_enabled",
            Self::TableClass => "table_class",
            Self::ResourcePolicy => "resource_policy",
            Self::KinesisStream => "kinesis_stream",
            Self::ContributorInsights => "contributor_insights",
            Self::Autoscaling => "autoscaling",
            Self::AutoscalingMinimum(place) => return place.segments().then("min_capacity"),
            Self::AutoscalingMaximum(place) => return place.segments().then("max_capacity"),
            Self::AutoscalingTarget(place) => return place.segments().then("target_utilization"),
            Self::CarryOver => "carry_over",
            Self::CreateTimeout => "timeouts.create",
            Self::OptIn => "opt_in",
            Self::AdvancedFeatures => "advanced_features",
            Self::CrossAccountBackup => "cross_account_backup",
            Self::VaultKey => "kms_key_arn",
            Self::VaultPolicy => "policy",
            Self::VaultType => "vault_type",
            Self::VaultLock => "lock",
            Self::LockMinimum => "lock.min_retention_days",
            Self::LockMaximum => "lock.max_retention_days",
            Self::LockChangeable => "lock.changeable_for_days",
            Self::ForceDestroy => "force_destroy",
            Self::PlanRules => "rules",
            Self::PlanRule(rule) => return Segments::of("rules").key(rule),
            Self::TargetVaultName(rule) => return of_rule(rule, "target_vault_name"),
            Self::TargetAirGappedVault(rule) => {
                return of_rule(rule, "target_logically_air_gapped_vault_arn");
            }
            Self::CopyActions(rule) => return of_rule(rule, "copy_actions"),
            Self::CopyDestination(rule, index) => return of_copy(rule, *index, "destination_vault_arn"),
            Self::PlanRuleSchedule(rule) => return of_rule(rule, "schedule"),
            Self::PlanRuleScheduleTimezone(rule) => return of_rule(rule, "schedule_timezone"),
            Self::PlanRuleStartWindow(rule) => return of_rule(rule, "start_window_minutes"),
            Self::PlanRuleCompletionWindow(rule) => return of_rule(rule, "completion_window_minutes"),
            Self::PlanRuleLifecycle(rule) => return of_rule(rule, "lifecycle"),
            Self::PlanRuleColdStorage(rule) => {
                return of_rule(rule, "lifecycle.move_to_cold_storage_after_days");
            }
            Self::PlanRuleDeleteAfter(rule) => return of_rule(rule, "lifecycle.delete_after_days"),
            Self::CopyAction(rule, index) => return of_rule(rule, "copy_actions").index(*index),
            Self::CopyLifecycle(rule, index) => return of_copy(rule, *index, "lifecycle"),
            Self::CopyColdStorage(rule, index) => {
                return of_copy(rule, *index, "lifecycle.move_to_cold_storage_after_days");
            }
            Self::CopyDeleteAfter(rule, index) => {
                return of_copy(rule, *index, "lifecycle.delete_after_days");
            }
            Self::RecoveryPointTags(rule) => return of_rule(rule, "recovery_point_tags"),
            Self::Selections => "selections",
            Self::Selection(name) => return Segments::of("selections").key(name),
            Self::SelectionRoleArn(name) => return Segments::of("selections").key(name).then("role_arn"),
            Self::SelectionResources(name) => {
                return Segments::of("selections").key(name).then("resources");
            }
            Self::SelectionNotResources(name) => {
                return Segments::of("selections").key(name).then("not_resources");
            }
            Self::SelectionTags(name) => return Segments::of("selections").key(name).then("tags"),
            Self::SelectionConditions(name) => {
                return Segments::of("selections").key(name).then("conditions");
            }
            Self::VaultName => "vault_name",
            Self::RoleArn => "role_arn",
            Self::RecoveryPointArn => "recovery_point_arn",
            Self::SourceVaultName => "source_vault_name",
            Self::DestinationVaultArn => "destination_vault_arn",
            Self::StartWindow => "start_window_minutes",
            Self::CompletionWindow => "completion_window_minutes",
            Self::Lifecycle => "recovery_point_lifecycle",
            Self::ColdStorage => "recovery_point_lifecycle.move_to_cold_storage_after_days",
            Self::DeleteAfter => "recovery_point_lifecycle.delete_after_days",
        };
        Segments::of(path)
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object => f.write_str("(object)"),
            argument => argument.place().fmt(f),
        }
    }
}

/// An argument of a rule of a plan.
fn of_rule<'a>(rule: &'a str, path: &'static str) -> Segments<'a> {
    Segments::of("rules").key(rule).then(path)
}

/// An argument of a copy action of a plan.
fn of_copy<'a>(rule: &'a str, index: usize, path: &'static str) -> Segments<'a> {
    of_rule(rule, "copy_actions").index(index).then(path)
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
            "{}\n\n{}\n\n{}",
            self.detail,
            self.fix,
            reference(self.rule.as_str())
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
    fn a_subject_is_written_as_in_a_configuration() {
        let rule = || "daily".to_owned();
        let place = |index: Option<&str>| ScaledPlace {
            index: index.map(str::to_owned),
            capacity: crate::facts::Capacity::Read,
        };
        for (subject, text) in [
            (Subject::Object, "(object)"),
            (Subject::CreateTimeout, "timeouts.create"),
            (Subject::SourceTime, "source.point_in_time.time"),
            (Subject::Tag("a.b".to_owned()), "tags[\"a.b\"]"),
            (
                Subject::AutoscalingMinimum(place(None)),
                "autoscaling.read.min_capacity",
            ),
            (
                Subject::AutoscalingMaximum(place(Some("by-date"))),
                "autoscaling.indexes[\"by-date\"].read.max_capacity",
            ),
            (
                Subject::GlobalIndexThroughput("by-date".to_owned()),
                "global_secondary_indexes[\"by-date\"].provisioned_throughput",
            ),
            (Subject::PlanRule(rule()), "rules[\"daily\"]"),
            (Subject::PlanRuleSchedule(rule()), "rules[\"daily\"].schedule"),
            (
                Subject::PlanRuleDeleteAfter(rule()),
                "rules[\"daily\"].lifecycle.delete_after_days",
            ),
            (Subject::CopyAction(rule(), 1), "rules[\"daily\"].copy_actions[1]"),
            (
                Subject::CopyColdStorage(rule(), 0),
                "rules[\"daily\"].copy_actions[0].lifecycle.move_to_cold_storage_after_days",
            ),
            (
                Subject::SelectionTags("orders".to_owned()),
                "selections[\"orders\"].tags",
            ),
            (Subject::DeleteAfter, "recovery_point_lifecycle.delete_after_days"),
        ] {
            assert_eq!(subject.to_string(), text);
        }
    }

    #[test]
    fn a_subject_tells_the_steps_to_it() {
        assert_eq!(Subject::Object.segments(), []);
        assert_eq!(Subject::Region.segments(), [Segment::Attribute("region")]);
        assert_eq!(
            Subject::CopyDestination("daily".to_owned(), 1).segments(),
            [
                Segment::Attribute("rules"),
                Segment::Key("daily"),
                Segment::Attribute("copy_actions"),
                Segment::Index(1),
                Segment::Attribute("destination_vault_arn"),
            ]
        );
    }

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
