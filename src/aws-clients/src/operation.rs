//! The AWS operations that are called, each with its IAM action, its documented rate and whether
//! it is safe to repeat.

/// One operation of one service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Operation {
    CreateBackup,
    DeleteBackup,
    DeleteResourcePolicy,
    DeleteTable,
    DeregisterScalableTarget,
    DescribeBackup,
    DescribeContinuousBackups,
    DescribeContributorInsights,
    DescribeKey,
    DescribeKinesisStreamingDestination,
    DescribeScalableTargets,
    DescribeScalingPolicies,
    DescribeTable,
    DescribeTimeToLive,
    DisableKinesisStreamingDestination,
    EnableKinesisStreamingDestination,
    GetCallerIdentity,
    GetResourcePolicy,
    ListBackups,
    ListTables,
    ListTagsOfResource,
    PutResourcePolicy,
    PutScalingPolicy,
    RegisterScalableTarget,
    RestoreTableFromBackup,
    RestoreTableToPointInTime,
    TagResource,
    UntagResource,
    UpdateContinuousBackups,
    UpdateContributorInsights,
    UpdateKinesisStreamingDestination,
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
            Self::DeleteBackup => "dynamodb:DeleteBackup",
            Self::DeleteResourcePolicy => "dynamodb:DeleteResourcePolicy",
            Self::DeleteTable => "dynamodb:DeleteTable",
            Self::DeregisterScalableTarget => "application-autoscaling:DeregisterScalableTarget",
            Self::DescribeBackup => "dynamodb:DescribeBackup",
            Self::DescribeContinuousBackups => "dynamodb:DescribeContinuousBackups",
            Self::DescribeContributorInsights => "dynamodb:DescribeContributorInsights",
            Self::DescribeKey => "kms:DescribeKey",
            Self::DescribeKinesisStreamingDestination => "dynamodb:DescribeKinesisStreamingDestination",
            Self::DescribeScalableTargets => "application-autoscaling:DescribeScalableTargets",
            Self::DescribeScalingPolicies => "application-autoscaling:DescribeScalingPolicies",
            Self::DescribeTable => "dynamodb:DescribeTable",
            Self::DescribeTimeToLive => "dynamodb:DescribeTimeToLive",
            Self::DisableKinesisStreamingDestination => "dynamodb:DisableKinesisStreamingDestination",
            Self::EnableKinesisStreamingDestination => "dynamodb:EnableKinesisStreamingDestination",
            Self::GetCallerIdentity => "sts:GetCallerIdentity",
            Self::GetResourcePolicy => "dynamodb:GetResourcePolicy",
            Self::ListBackups => "dynamodb:ListBackups",
            Self::ListTables => "dynamodb:ListTables",
            Self::ListTagsOfResource => "dynamodb:ListTagsOfResource",
            Self::PutResourcePolicy => "dynamodb:PutResourcePolicy",
            Self::PutScalingPolicy => "application-autoscaling:PutScalingPolicy",
            Self::RegisterScalableTarget => "application-autoscaling:RegisterScalableTarget",
            Self::RestoreTableFromBackup => "dynamodb:RestoreTableFromBackup",
            Self::RestoreTableToPointInTime => "dynamodb:RestoreTableToPointInTime",
            Self::TagResource => "dynamodb:TagResource",
            Self::UntagResource => "dynamodb:UntagResource",
            Self::UpdateContinuousBackups => "dynamodb:UpdateContinuousBackups",
            Self::UpdateContributorInsights => "dynamodb:UpdateContributorInsights",
            Self::UpdateKinesisStreamingDestination => "dynamodb:UpdateKinesisStreamingDestination",
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
            | Self::DescribeContinuousBackups
            | Self::DescribeContributorInsights
            | Self::DescribeKey
            | Self::DescribeKinesisStreamingDestination
            | Self::DescribeScalableTargets
            | Self::DescribeScalingPolicies
            | Self::DescribeTable
            | Self::DescribeTimeToLive
            | Self::GetCallerIdentity
            | Self::GetResourcePolicy
            | Self::ListBackups
            | Self::ListTables
            | Self::ListTagsOfResource => Effect::Read,
            Self::DeleteBackup
            | Self::DeleteResourcePolicy
            | Self::DeleteTable
            | Self::DeregisterScalableTarget
            | Self::PutResourcePolicy
            | Self::PutScalingPolicy
            | Self::RegisterScalableTarget
            | Self::TagResource
            | Self::UntagResource
            | Self::UpdateContinuousBackups
            | Self::UpdateContributorInsights => Effect::Repeatable,
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
