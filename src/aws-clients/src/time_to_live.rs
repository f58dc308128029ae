//! The time-to-live setting of a table.

use aws_sdk_dynamodb::types;

use crate::words::TimeToLiveStatus;

/// Time to live that is on, or on its way on or off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeToLive {
    /// The attribute that holds the moment of expiry.
    pub attribute: String,
    /// How far it is.
    pub status: TimeToLiveStatus,
}

impl TimeToLive {
    /// `None` when it is off.
    pub(crate) fn from_aws(description: types::TimeToLiveDescription) -> Option<Self> {
        let status: TimeToLiveStatus = description.time_to_live_status?.as_str().into();
        (status != TimeToLiveStatus::Disabled).then_some(Self {
            attribute: description.attribute_name.unwrap_or_default(),
            status,
        })
    }
}
