//! Jobs: backups, copies and restores. Each is accepted at once, runs after a while and ends after another; what it
//! does, it does by the simulated clock.

pub(super) mod backup;
pub(super) mod copy;
pub(super) mod restore;

use serde::{Deserialize, Serialize};

use self::backup::BackupJob;
use self::copy::CopyJob;
use self::restore::RestoreJob;
use super::plans;
use crate::clock::Moment;
use crate::failure::Failure;
use crate::place::Place;
use crate::world::World;

/// The jobs of one account in one Region, oldest first.
#[derive(Default)]
pub(super) struct Jobs {
    backups: Vec<BackupJob>,
    copies: Vec<CopyJob>,
    restores: Vec<RestoreJob>,
    /// What the next jobs come to, by order of a test.
    ordered: Vec<OrderedFailure>,
}

/// Which kind of job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum JobKind {
    Backup,
    Copy,
    Restore,
}

/// The end that a test orders for the next job of a kind.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct OrderedFailure {
    pub(crate) kind: JobKind,
    /// `FAILED`, `EXPIRED`, `ABORTED`.
    pub(crate) state: String,
    pub(crate) message: String,
}

/// Where a job is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Progress {
    /// Accepted.
    Waiting,
    Running,
    /// Over, with its state and, after a failure, why.
    Ended {
        state: String,
        message: Option<String>,
        at: Moment,
    },
}

impl Progress {
    fn completed(at: Moment) -> Self {
        Self::Ended {
            state: "COMPLETED".to_owned(),
            message: None,
            at,
        }
    }

    fn failed(message: impl Into<String>, at: Moment) -> Self {
        Self::Ended {
            state: "FAILED".to_owned(),
            message: Some(message.into()),
            at,
        }
    }

    /// The word of the API; jobs of different kinds wait under different ones.
    fn state<'a>(&'a self, waiting: &'static str) -> &'a str {
        match self {
            Self::Waiting => waiting,
            Self::Running => "RUNNING",
            Self::Ended { state, .. } => state,
        }
    }

    fn is_over(&self) -> bool {
        matches!(self, Self::Ended { .. })
    }

    fn ended_at(&self) -> Option<Moment> {
        match self {
            Self::Ended { at, .. } => Some(*at),
            _ => None,
        }
    }

    fn message(&self) -> Option<&str> {
        match self {
            Self::Ended { message, .. } => message.as_deref(),
            _ => None,
        }
    }

    fn percent(&self) -> &'static str {
        match self {
            Self::Waiting => "0.0",
            Self::Running => "50.0",
            Self::Ended { state, .. } if state == "COMPLETED" => "100.0",
            Self::Ended { .. } => "0.0",
        }
    }
}

impl Jobs {
    /// Orders the end of the next job of a kind.
    pub(super) fn order(&mut self, failure: OrderedFailure) {
        self.ordered.push(failure);
    }

    /// The end that was ordered for a job that now begins to run.
    fn take_order(&mut self, kind: JobKind, at: Moment) -> Option<Progress> {
        let position = self.ordered.iter().position(|order| order.kind == kind)?;
        let OrderedFailure { state, message, .. } = self.ordered.remove(position);
        Some(Progress::Ended {
            state,
            message: Some(message),
            at,
        })
    }
}

/// Brings every job up to the present. Plans start backups, and backups start copies.
pub(super) fn settle(world: &mut World, now: Moment) {
    let places: Vec<Place> = world.backup.regions.keys().cloned().collect();
    for place in &places {
        plans::run_due(world, place, now);
    }
    for place in &places {
        backup::settle(world, place, now);
    }
    for place in &places {
        copy::settle(world, place, now);
        restore::settle(world, place, now);
    }
}

fn job_missing(id: &str) -> Failure {
    super::missing(format!("Cannot find job with id {id}"))
}

/// A job that the caller starts twice under the same token is one job.
fn same_token(known: Option<&String>, given: Option<&String>) -> bool {
    known.is_some() && known == given
}
