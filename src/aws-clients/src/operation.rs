//! The AWS operations that are called, each with its IAM action, its documented rate and whether
//! it is safe to repeat.

/// One operation of one service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Operation {
    CreateBackup,
    CreateBackupPlan,
    CreateBackupSelection,
    CreateBackupVault,
    CreateLogicallyAirGappedBackupVault,
    DeleteBackup,
    DeleteBackupPlan,
    DeleteBackupSelection,
    DeleteBackupVault,
    DeleteBackupVaultAccessPolicy,
    DeleteBackupVaultLockConfiguration,
    DeleteRecoveryPoint,
    DeleteResourcePolicy,
    DeleteTable,
    DeregisterScalableTarget,
    DescribeBackup,
    DescribeBackupJob,
    DescribeBackupVault,
    DescribeContinuousBackups,
    DescribeContributorInsights,
    DescribeCopyJob,
    DescribeGlobalSettings,
    DescribeKey,
    DescribeKinesisStreamingDestination,
    DescribeOrganization,
    DescribeRecoveryPoint,
    DescribeRegionSettings,
    DescribeRestoreJob,
    DescribeScalableTargets,
    DescribeScalingPolicies,
    DescribeTable,
    DescribeTimeToLive,
    DisableKinesisStreamingDestination,
    EnableKinesisStreamingDestination,
    GetBackupPlan,
    GetBackupSelection,
    GetBackupVaultAccessPolicy,
    GetCallerIdentity,
    GetResourcePolicy,
    ListBackupJobs,
    ListBackupSelections,
    ListBackupTags,
    ListBackups,
    ListRecoveryPointsByBackupVault,
    ListRecoveryPointsByResource,
    ListRestoreJobs,
    ListTables,
    ListTagsOfResource,
    PutBackupVaultAccessPolicy,
    PutBackupVaultLockConfiguration,
    PutResourcePolicy,
    PutScalingPolicy,
    RegisterScalableTarget,
    RestoreTableFromBackup,
    RestoreTableToPointInTime,
    StartBackupJob,
    StartCopyJob,
    StartRestoreJob,
    StopBackupJob,
    TagBackup,
    TagResource,
    UntagBackup,
    UntagResource,
    UpdateBackupPlan,
    UpdateContinuousBackups,
    UpdateContributorInsights,
    UpdateGlobalSettings,
    UpdateKinesisStreamingDestination,
    UpdateRecoveryPointLifecycle,
    UpdateRegionSettings,
    UpdateTable,
    UpdateTimeToLive,
}

/// What a second call of the same kind would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Nothing: it only reads.
    Read,
    /// Nothing more than the first one did.
    Repeatable,
    /// Something again, or be refused because of the first one.
    Once,
}

impl Operation {
    /// `service:Name`, which is also the IAM action.
    pub(crate) const fn action(self) -> &'static str {
        match self {
            Self::CreateBackup => "dynamodb:CreateBackup",
            Self::CreateBackupPlan => "backup:CreateBackupPlan",
            Self::CreateBackupSelection => "backup:CreateBackupSelection",
            Self::CreateBackupVault => "backup:CreateBackupVault",
            Self::CreateLogicallyAirGappedBackupVault => "backup:CreateLogicallyAirGappedBackupVault",
            Self::DeleteBackup => "dynamodb:DeleteBackup",
            Self::DeleteBackupPlan => "backup:DeleteBackupPlan",
            Self::DeleteBackupSelection => "backup:DeleteBackupSelection",
            Self::DeleteBackupVault => "backup:DeleteBackupVault",
            Self::DeleteBackupVaultAccessPolicy => "backup:DeleteBackupVaultAccessPolicy",
            Self::DeleteBackupVaultLockConfiguration => "backup:DeleteBackupVaultLockConfiguration",
            Self::DeleteRecoveryPoint => "backup:DeleteRecoveryPoint",
            Self::DeleteResourcePolicy => "dynamodb:DeleteResourcePolicy",
            Self::DeleteTable => "dynamodb:DeleteTable",
            Self::DeregisterScalableTarget => "application-autoscaling:DeregisterScalableTarget",
            Self::DescribeBackup => "dynamodb:DescribeBackup",
            Self::DescribeBackupJob => "backup:DescribeBackupJob",
            Self::DescribeBackupVault => "backup:DescribeBackupVault",
            Self::DescribeContinuousBackups => "dynamodb:DescribeContinuousBackups",
            Self::DescribeContributorInsights => "dynamodb:DescribeContributorInsights",
            Self::DescribeCopyJob => "backup:DescribeCopyJob",
            Self::DescribeGlobalSettings => "backup:DescribeGlobalSettings",
            Self::DescribeKey => "kms:DescribeKey",
            Self::DescribeKinesisStreamingDestination => "dynamodb:DescribeKinesisStreamingDestination",
            Self::DescribeOrganization => "organizations:DescribeOrganization",
            Self::DescribeRecoveryPoint => "backup:DescribeRecoveryPoint",
            Self::DescribeRegionSettings => "backup:DescribeRegionSettings",
            Self::DescribeRestoreJob => "backup:DescribeRestoreJob",
            Self::DescribeScalableTargets => "application-autoscaling:DescribeScalableTargets",
            Self::DescribeScalingPolicies => "application-autoscaling:DescribeScalingPolicies",
            Self::DescribeTable => "dynamodb:DescribeTable",
            Self::DescribeTimeToLive => "dynamodb:DescribeTimeToLive",
            Self::DisableKinesisStreamingDestination => "dynamodb:DisableKinesisStreamingDestination",
            Self::EnableKinesisStreamingDestination => "dynamodb:EnableKinesisStreamingDestination",
            Self::GetBackupPlan => "backup:GetBackupPlan",
            Self::GetBackupSelection => "backup:GetBackupSelection",
            Self::GetBackupVaultAccessPolicy => "backup:GetBackupVaultAccessPolicy",
            Self::GetCallerIdentity => "sts:GetCallerIdentity",
            Self::GetResourcePolicy => "dynamodb:GetResourcePolicy",
            Self::ListBackupJobs => "backup:ListBackupJobs",
            Self::ListBackupSelections => "backup:ListBackupSelections",
            Self::ListBackupTags => "backup:ListTags",
            Self::ListBackups => "dynamodb:ListBackups",
            Self::ListRecoveryPointsByBackupVault => "backup:ListRecoveryPointsByBackupVault",
            Self::ListRecoveryPointsByResource => "backup:ListRecoveryPointsByResource",
            Self::ListRestoreJobs => "backup:ListRestoreJobs",
            Self::ListTables => "dynamodb:ListTables",
            Self::ListTagsOfResource => "dynamodb:ListTagsOfResource",
            Self::PutBackupVaultAccessPolicy => "backup:PutBackupVaultAccessPolicy",
            Self::PutBackupVaultLockConfiguration => "backup:PutBackupVaultLockConfiguration",
            Self::PutResourcePolicy => "dynamodb:PutResourcePolicy",
            Self::PutScalingPolicy => "application-autoscaling:PutScalingPolicy",
            Self::RegisterScalableTarget => "application-autoscaling:RegisterScalableTarget",
            Self::RestoreTableFromBackup => "dynamodb:RestoreTableFromBackup",
            Self::RestoreTableToPointInTime => "dynamodb:RestoreTableToPointInTime",
            Self::StartBackupJob => "backup:StartBackupJob",
            Self::StartCopyJob => "backup:StartCopyJob",
            Self::StartRestoreJob => "backup:StartRestoreJob",
            Self::StopBackupJob => "backup:StopBackupJob",
            Self::TagBackup => "backup:TagResource",
            Self::TagResource => "dynamodb:TagResource",
            Self::UntagBackup => "backup:UntagResource",
            Self::UntagResource => "dynamodb:UntagResource",
            Self::UpdateBackupPlan => "backup:UpdateBackupPlan",
            Self::UpdateContinuousBackups => "dynamodb:UpdateContinuousBackups",
            Self::UpdateContributorInsights => "dynamodb:UpdateContributorInsights",
            Self::UpdateGlobalSettings => "backup:UpdateGlobalSettings",
            Self::UpdateKinesisStreamingDestination => "dynamodb:UpdateKinesisStreamingDestination",
            Self::UpdateRecoveryPointLifecycle => "backup:UpdateRecoveryPointLifecycle",
            Self::UpdateRegionSettings => "backup:UpdateRegionSettings",
            Self::UpdateTable => "dynamodb:UpdateTable",
            Self::UpdateTimeToLive => "dynamodb:UpdateTimeToLive",
        }
    }

    pub(crate) fn service(self) -> &'static str {
        self.action().split(':').next().unwrap_or_default()
    }

    /// Calls per second that AWS documents, in the API reference of each operation.
    ///
    /// `None`: the general control-plane rate of 2,500 per second, which nobody reaches.
    /// RestoreTableToPointInTime has the rate of its sibling.
    pub(crate) const fn documented_rate(self) -> Option<u32> {
        match self {
            Self::CreateBackup => Some(50),
            Self::DeleteBackup
            | Self::DescribeBackup
            | Self::DescribeContinuousBackups
            | Self::RestoreTableFromBackup
            | Self::RestoreTableToPointInTime => Some(10),
            Self::ListBackups => Some(5),
            _ => None,
        }
    }

    pub(crate) const fn effect(self) -> Effect {
        match self {
            Self::DescribeBackup
            | Self::DescribeBackupJob
            | Self::DescribeBackupVault
            | Self::DescribeContinuousBackups
            | Self::DescribeContributorInsights
            | Self::DescribeCopyJob
            | Self::DescribeGlobalSettings
            | Self::DescribeKey
            | Self::DescribeKinesisStreamingDestination
            | Self::DescribeOrganization
            | Self::DescribeRecoveryPoint
            | Self::DescribeRegionSettings
            | Self::DescribeRestoreJob
            | Self::DescribeScalableTargets
            | Self::DescribeScalingPolicies
            | Self::DescribeTable
            | Self::DescribeTimeToLive
            | Self::GetBackupPlan
            | Self::GetBackupSelection
            | Self::GetBackupVaultAccessPolicy
            | Self::GetCallerIdentity
            | Self::GetResourcePolicy
            | Self::ListBackupJobs
            | Self::ListBackupSelections
            | Self::ListBackupTags
            | Self::ListBackups
            | Self::ListRecoveryPointsByBackupVault
            | Self::ListRecoveryPointsByResource
            | Self::ListRestoreJobs
            | Self::ListTables
            | Self::ListTagsOfResource => Effect::Read,
            Self::CreateBackupPlan
            | Self::CreateBackupSelection
            | Self::CreateBackupVault
            | Self::CreateLogicallyAirGappedBackupVault
            | Self::DeleteBackup
            | Self::DeleteBackupPlan
            | Self::DeleteBackupSelection
            | Self::DeleteBackupVault
            | Self::DeleteBackupVaultAccessPolicy
            | Self::DeleteBackupVaultLockConfiguration
            | Self::DeleteRecoveryPoint
            | Self::DeleteResourcePolicy
            | Self::DeleteTable
            | Self::DeregisterScalableTarget
            | Self::PutBackupVaultAccessPolicy
            | Self::PutBackupVaultLockConfiguration
            | Self::PutResourcePolicy
            | Self::PutScalingPolicy
            | Self::RegisterScalableTarget
            | Self::StartBackupJob
            | Self::StartCopyJob
            | Self::StartRestoreJob
            | Self::StopBackupJob
            | Self::TagBackup
            | Self::TagResource
            | Self::UntagBackup
            | Self::UntagResource
            | Self::UpdateBackupPlan
            | Self::UpdateContinuousBackups
            | Self::UpdateContributorInsights
            | Self::UpdateGlobalSettings
            | Self::UpdateRecoveryPointLifecycle
            | Self::UpdateRegionSettings => Effect::Repeatable,
            // CreateBackup has neither token nor unique name. A repeated restore is refused
            // because of the first one, and a repeated UpdateTable or UpdateTimeToLive may be,
            // and so may a repeated change of a Kinesis streaming destination.
            Self::CreateBackup
            | Self::DisableKinesisStreamingDestination
            | Self::EnableKinesisStreamingDestination
            | Self::RestoreTableFromBackup
            | Self::RestoreTableToPointInTime
            | Self::UpdateKinesisStreamingDestination
            | Self::UpdateTable
            | Self::UpdateTimeToLive => Effect::Once,
        }
    }
}
