//! The log of the calls that were made, for tests to count and to read.

use std::collections::BTreeMap;

use serde::Serialize;

/// One call, as `/_simulator/calls` lists it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Call {
    pub(crate) seq: u64,
    /// RFC 3339, of the simulated clock.
    pub(crate) at: String,
    pub(crate) service: String,
    pub(crate) operation: String,
    pub(crate) account: String,
    pub(crate) region: String,
    /// The status that was answered; 0 when a fault kept the answer from the client.
    pub(crate) status: u16,
    pub(crate) error: Option<String>,
    /// The message of the error.
    pub(crate) message: Option<String>,
    /// The kind of the fault that hit the call.
    pub(crate) fault: Option<String>,
    pub(crate) user_agent: String,
    /// The table or ARN that the call named.
    pub(crate) target: Option<String>,
}

/// Which calls to list.
#[derive(Default)]
pub(crate) struct Filter {
    pub(crate) service: Option<String>,
    pub(crate) operation: Option<String>,
    pub(crate) region: Option<String>,
    pub(crate) account: Option<String>,
}

#[derive(Default)]
pub(crate) struct Calls {
    made: Vec<Call>,
    last_seq: u64,
}

impl Calls {
    /// The number of the call that begins now.
    pub(crate) fn next_seq(&mut self) -> u64 {
        self.last_seq += 1;
        self.last_seq
    }

    pub(crate) fn record(&mut self, call: Call) {
        self.made.push(call);
    }

    pub(crate) fn clear(&mut self) {
        self.made.clear();
    }

    /// The matching calls in the order in which they were answered.
    pub(crate) fn select(&self, filter: &Filter) -> Vec<&Call> {
        let fits =
            |wanted: &Option<String>, value: &str| wanted.as_deref().is_none_or(|wanted| wanted == value);
        self.made
            .iter()
            .filter(|call| {
                fits(&filter.service, &call.service)
                    && fits(&filter.operation, &call.operation)
                    && fits(&filter.region, &call.region)
                    && fits(&filter.account, &call.account)
            })
            .collect()
    }
}

/// Calls by `service.Operation`.
pub(crate) fn counts(calls: &[&Call]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for call in calls {
        *counts
            .entry(format!("{}.{}", call.service, call.operation))
            .or_insert(0) += 1;
    }
    counts
}

/// How many of the calls were throttled, by a rate or by a fault.
pub(crate) fn throttled(calls: &[&Call]) -> usize {
    let is_throttle = |error: &str| error.starts_with("Throttling");
    calls
        .iter()
        .filter(|call| call.error.as_deref().is_some_and(is_throttle))
        .count()
}
