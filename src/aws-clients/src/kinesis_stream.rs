//! The Kinesis data stream that a table sends its changes to.

use aws_sdk_dynamodb::types;

use crate::words::{KinesisPrecision, KinesisStatus};

/// A streaming destination that is on, or on its way on or off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KinesisDestination {
    /// ARN of the Kinesis data stream.
    pub stream_arn: String,
    /// How far it is.
    pub status: KinesisStatus,
    /// How exact the times in the records are; `None` where the answer has none.
    pub precision: Option<KinesisPrecision>,
}

impl KinesisDestination {
    /// `None` when it is off: AWS goes on listing destinations of the past for a day.
    pub(crate) fn from_aws(destination: types::KinesisDataStreamDestination) -> Option<Self> {
        let status: KinesisStatus = destination.destination_status?.as_str().into();
        (status != KinesisStatus::Disabled).then_some(Self {
            stream_arn: destination.stream_arn?,
            status,
            precision: destination
                .approximate_creation_date_time_precision
                .map(|precision| precision.as_str().into()),
        })
    }

    /// Whether it is there to stay.
    pub fn is_on(&self) -> bool {
        use KinesisStatus::{Active, Enabling, Updating};
        matches!(self.status, Enabling | Active | Updating)
    }
}
