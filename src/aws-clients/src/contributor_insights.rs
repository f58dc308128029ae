//! CloudWatch Contributor Insights of a table.

use crate::words::{ContributorInsightsMode, ContributorInsightsStatus};

/// Contributor Insights that are on, or on their way on or off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContributorInsights {
    /// How far they are.
    pub status: ContributorInsightsStatus,
    /// Which keys they follow; `None` where the answer has none, which means all that are accessed.
    pub mode: Option<ContributorInsightsMode>,
}

impl ContributorInsights {
    /// Whether they are there to stay.
    pub fn is_on(&self) -> bool {
        use ContributorInsightsStatus::{Enabled, Enabling};
        matches!(self.status, Enabling | Enabled)
    }

    /// Which keys they follow.
    pub fn mode(&self) -> ContributorInsightsMode {
        self.mode
            .clone()
            .unwrap_or(ContributorInsightsMode::AccessedAndThrottledKeys)
    }
}
