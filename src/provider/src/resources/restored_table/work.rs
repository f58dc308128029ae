//! One operation on one table: its clients, its time, and how it fails.

use std::collections::BTreeSet;
use std::time::Duration;

use aws_clients::{Cx as AwsCx, DynamoDb, Error, ErrorKind, Region, Table, TableArn, TableName, TableRef};
use tfsdk::{Attr, Cx, Diagnostic, Diagnostics, Operation, Timeouts, parse_duration};

use super::model::Model;
use super::schema::{CREATE_TIMEOUT, DELETE_TIMEOUT, UPDATE_TIMEOUT};
use super::source::Origin;
use crate::client::Client;
use crate::diagnostics;
use crate::resources::tags::Tags;

/// What every step of an operation needs.
pub(super) struct Work<'a> {
    pub(super) client: &'a Client,
    /// Ends when the user interrupts, and when the time is over.
    pub(super) cx: AwsCx,
    pub(super) dynamodb: DynamoDb,
    pub(super) name: TableName,
    /// Where the data came from, where that is known.
    pub(super) origin: Option<Origin>,
    pub(super) tags: Tags,
}

/// Why a step failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// A call failed, or the time is over.
    #[error(transparent)]
    Aws(#[from] Error),
    /// The user interrupted between two calls.
    #[error("the run was interrupted")]
    Interrupted,
    /// The time ran out between two calls.
    #[error("the time is over, and AWS said last")]
    TimeIsOver(#[source] Error),
    /// DynamoDB accepted a change and goes on showing the old value.
    #[error("DynamoDB accepted {act}, and the table does not show it")]
    NotTaken {
        /// What was asked for.
        act: String,
    },
    /// Indexes that are wanted and that the source does not define.
    #[error("the source has no definition of {}", names(.0))]
    UnknownIndexes(Vec<String>),
    /// AWS has ended what it had accepted, and there is no table.
    #[error("{}", .0.summary)]
    Nothing(Box<Diagnostic>),
    /// The source cannot be found any more.
    #[error("{0} does not exist")]
    NoSource(String),
    /// Anything that has a diagnostic of its own.
    #[error("{}", .0.summary)]
    Told(Box<Diagnostic>),
}

impl Failure {
    /// Whether the user interrupted.
    pub(super) fn is_interruption(&self) -> bool {
        match self {
            Self::Aws(err) => err.kind() == ErrorKind::Cancelled,
            Self::Interrupted => true,
            _ => false,
        }
    }

    /// Whether nobody knows whether AWS did what was asked.
    pub(super) fn is_ambiguous(&self) -> bool {
        matches!(self, Self::Aws(err) if err.kind() == ErrorKind::Ambiguous)
    }

    /// Whether AWS may have accepted what was asked, or may do so yet where it is asked again in the same words.
    pub(super) fn may_be_accepted(&self) -> bool {
        let is_open = |err: &Error| {
            matches!(
                err.kind(),
                ErrorKind::Ambiguous
                    | ErrorKind::Unavailable
                    | ErrorKind::Throttled
                    | ErrorKind::TimedOut
                    | ErrorKind::Cancelled
            )
        };
        match self {
            Self::Aws(err) => is_open(err),
            Self::Interrupted | Self::TimeIsOver(_) => true,
            _ => false,
        }
    }

    /// Whether the table has gone.
    pub(super) fn is_gone(&self) -> bool {
        matches!(self, Self::Aws(err) if err.is_not_found())
    }

    /// The failure for the user. `act` says what could not be done, `aftermath` what comes next.
    pub(super) fn told(&self, act: &str, aftermath: Option<&str>) -> Diagnostic {
        match (self, aftermath) {
            (Self::Aws(err), None) => diagnostics::aws(act, err),
            (Self::Aws(err), Some(aftermath)) => diagnostics::aws_after(act, err, aftermath),
            (Self::TimeIsOver(err), aftermath) => {
                let over = "It was tried again until the time was over. Give this operation more time in timeouts, for \
                            example timeouts = { create = \"6h\" }, then run terraform apply again.";
                diagnostics::aws_after(act, err, aftermath.unwrap_or(over))
            }
            // It says itself how to go on.
            (Self::Nothing(diagnostic), _) | (Self::Told(diagnostic), None) => (**diagnostic).clone(),
            (Self::Told(diagnostic), Some(aftermath)) => {
                let detail = format!("{}\n\n{aftermath}", diagnostic.detail);
                Diagnostic {
                    detail,
                    ..(**diagnostic).clone()
                }
            }
            (other, aftermath) => {
                let mut said = other.to_string();
                said.replace_range(..1, &said[..1].to_uppercase());
                let detail = match aftermath {
                    Some(aftermath) => format!("{said}.\n\n{aftermath}"),
                    None => format!("{said}."),
                };
                Diagnostic::error(act, detail)
            }
        }
    }
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Told(Box::new(diagnostic))
    }
}

impl<'a> Work<'a> {
    /// Begins an operation on the table of `model`, in its Region or the provider's.
    pub(super) fn on(client: &'a Client, model: &Model, cx: &Cx, timeout: Duration) -> Result<Self, Failure> {
        let region = client.region(model.region.known());
        let name: TableName = model
            .name
            .known()
            .map(String::as_str)
            .unwrap_or_default()
            .parse()?;
        Ok(Self {
            client,
            cx: client.cx_with_timeout(cx, timeout),
            dynamodb: client.aws.dynamodb(&region),
            name,
            origin: model
                .source
                .known()
                .and_then(|source| Origin::of(source, Some(&region))),
            tags: Tags::of(&client.aws),
        })
    }

    /// Refuses to touch a table of another account than the state's: one of the same name is another one.
    pub(super) async fn check_account(&self, state: &Model) -> Result<(), Diagnostics> {
        let arn: Option<TableArn> = state.arn.known().and_then(|arn| arn.parse().ok());
        self.client
            .account_of(&self.cx, arn.as_ref().map(TableArn::account))
            .await?;
        Ok(())
    }

    /// The Region of the table.
    pub(super) fn region(&self) -> &Region {
        self.dynamodb.region()
    }

    /// Looks at the table.
    pub(super) async fn find(&self) -> Result<Option<Table>, Failure> {
        Ok(self.dynamodb.find_table(&self.cx, &self.table_ref()).await?)
    }

    pub(super) fn table_ref(&self) -> TableRef {
        self.name.clone().into()
    }

    /// Waits before something is tried again. `last` is why it must be.
    pub(super) async fn pause(&self, pause: Duration, last: Option<Error>) -> Result<(), Failure> {
        let clock = self.client.aws.clock();
        let remaining = self.cx.deadline().map(|deadline| deadline.remaining(&**clock));
        if let (Some(Duration::ZERO), Some(err)) = (remaining, last) {
            return Err(Failure::TimeIsOver(err));
        }
        let pause = remaining.map_or(pause, |remaining| pause.min(remaining));
        tokio::select! {
            () = self.cx.cancellation().cancelled() => Err(Failure::Interrupted),
            () = clock.sleep(pause) => Ok(()),
        }
    }
}

/// How long an operation may take: what the user wrote, or the default.
pub(super) fn timeout(timeouts: &Attr<Timeouts>, operation: Operation) -> Duration {
    let default = match operation {
        Operation::Create => CREATE_TIMEOUT,
        Operation::Update => UPDATE_TIMEOUT,
        Operation::Delete => DELETE_TIMEOUT,
    };
    Timeouts::of(
        timeouts,
        operation,
        parse_duration(default).expect("the defaults are durations"),
    )
}

fn names(names: &[String]) -> String {
    let quoted: BTreeSet<String> = names.iter().map(|name| format!("index {name:?}")).collect();
    quoted.into_iter().collect::<Vec<_>>().join(" and ")
}
