//! The AWS operations that are called, each with its IAM action, its documented rate and whether
//! it is safe to repeat.

/// One operation of one service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Operation {
    CreateBackup,
    DeleteBackup,
    DeleteTable,
    DescribeBackup,
    DescribeContinuousBackups,
    DescribeKey,
    DescribeTable,
    DescribeTimeToLive,
    GetCallerIdentity,
    ListBackups,
    ListTables,
    ListTagsOfResource,
    RestoreTableFromBackup,
    RestoreTableToPointInTime,
    TagResource,
    UntagResource,
    UpdateContinuousBackups,
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
            Self::DeleteTable => "dynamodb:DeleteTable",
            Self::DescribeBackup => "dynamodb:DescribeBackup",
            Self::DescribeContinuousBackups => "dynamodb:DescribeContinuousBackups",
            Self::DescribeKey => "kms:DescribeKey",
            Self::DescribeTable => "dynamodb:DescribeTable",
            Self::DescribeTimeToLive => "dynamodb:DescribeTimeToLive",
            Self::GetCallerIdentity => "sts:GetCallerIdentity",
            Self::ListBackups => "dynamodb:ListBackups",
            Self::ListTables => "dynamodb:ListTables",
            Self::ListTagsOfResource => "dynamodb:ListTagsOfResource",
            Self::RestoreTableFromBackup => "dynamodb:RestoreTableFromBackup",
            Self::RestoreTableToPointInTime => "dynamodb:RestoreTableToPointInTime",
            Self::TagResource => "dynamodb:TagResource",
            Self::UntagResource => "dynamodb:UntagResource",
            Self::UpdateContinuousBackups => "dynamodb:UpdateContinuousBackups",
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
            | Self::DescribeKey
            | Self::DescribeTable
            | Self::DescribeTimeToLive
            | Self::GetCallerIdentity
            | Self::ListBackups
            | Self::ListTables
            | Self::ListTagsOfResource => Effect::Read,
            Self::DeleteBackup
            | Self::DeleteTable
            | Self::TagResource
            | Self::UntagResource
            | Self::UpdateContinuousBackups => Effect::Repeatable,
            // CreateBackup has neither token nor unique name. A repeated restore is refused
            // because of the first one, and a repeated UpdateTable or UpdateTimeToLive may be.
            Self::CreateBackup
            | Self::RestoreTableFromBackup
            | Self::RestoreTableToPointInTime
            | Self::UpdateTable
            | Self::UpdateTimeToLive => Effect::Once,
        }
    }
}
