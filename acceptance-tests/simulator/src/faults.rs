//! Faults on demand: what a test wants to go wrong with the next calls of an operation.

use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::wire;

/// One fault, as `/_simulator/faults` takes it and lists it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    /// `backup`, `dynamodb`, `kms`, `organizations` or `sts`; null for any.
    #[serde(default)]
    service: Option<String>,
    /// Null for any.
    #[serde(default)]
    operation: Option<String>,
    #[serde(default)]
    account: Option<String>,
    #[serde(default)]
    region: Option<String>,
    /// Matching calls that pass unharmed first.
    #[serde(default)]
    skip: u32,
    /// Calls that are hit after that; null for all of them.
    #[serde(default = "once")]
    times: Option<u32>,
    kind: Kind,
    #[serde(default = "bad_request")]
    status: u16,
    #[serde(default = "throttling")]
    code: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    delay_ms: u64,
}

fn once() -> Option<u32> {
    Some(1)
}

fn bad_request() -> u16 {
    400
}

fn throttling() -> String {
    "ThrottlingException".to_owned()
}

/// What happens to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// The error is answered and nothing is done.
    Error,
    /// The connection is reset and nothing is done.
    ResetBefore,
    /// The call takes effect, then the connection is reset.
    ResetAfter,
    /// The call takes effect, then the error is answered.
    ErrorAfter,
    /// The call is made after a delay.
    Delay,
    /// The call takes effect, half of the answer is sent, then the connection is closed.
    Truncate,
    /// The call takes effect and is never answered.
    Hang,
}

/// A call that a fault may hit.
pub(crate) struct Candidate<'a> {
    pub(crate) service: &'a str,
    pub(crate) operation: &'a str,
    pub(crate) account: &'a str,
    pub(crate) region: &'a str,
}

/// A fault that hits the call at hand.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    pub(crate) kind: Kind,
    pub(crate) failure: Failure,
    pub(crate) delay_ms: u64,
}

#[derive(Default)]
pub(crate) struct Faults {
    armed: Vec<Fault>,
}

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.armed.push(fault);
    }

    pub(crate) fn clear(&mut self) {
        self.armed.clear();
    }

    /// The faults that still have hits left, with `skip` and `times` counted down.
    pub(crate) fn list(&self) -> &[Fault] {
        &self.armed
    }

    /// The first fault that hits this call. Every matching fault before it has its `skip` counted down.
    pub(crate) fn strike(&mut self, call: &Candidate<'_>) -> Option<Hit> {
        let mut hit = None;
        for fault in self.armed.iter_mut().filter(|fault| fault.matches(call)) {
            if fault.skip > 0 {
                fault.skip -= 1;
                continue;
            }
            if let Some(times) = &mut fault.times {
                *times -= 1;
            }
            let failure = Failure {
                status: fault.status,
                ..Failure::new(fault.code.clone(), fault.message.clone())
            };
            hit = Some(Hit {
                kind: fault.kind,
                failure,
                delay_ms: fault.delay_ms,
            });
            break;
        }
        self.armed.retain(|fault| fault.times != Some(0));
        hit
    }
}

impl Fault {
    /// Refuses a fault that could never hit, or that has no error to answer.
    pub(crate) fn validate(&self) -> Result<(), String> {
        if let Some(operation) = &self.operation
            && !wire::knows_operation(self.service.as_deref(), operation)
        {
            return Err(format!(
                "no service of the simulator has an operation {operation}: the fault would never hit"
            ));
        }
        if self.times == Some(0) {
            return Err("times is 0: the fault would never hit".to_owned());
        }
        if !(400..=599).contains(&self.status) {
            return Err(format!(
                "status {} is not an HTTP error (400 to 599)",
                self.status
            ));
        }
        Ok(())
    }

    fn matches(&self, call: &Candidate<'_>) -> bool {
        let fits =
            |wanted: &Option<String>, value: &str| wanted.as_deref().is_none_or(|wanted| wanted == value);
        fits(&self.service, call.service)
            && fits(&self.operation, call.operation)
            && fits(&self.account, call.account)
            && fits(&self.region, call.region)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const CALL: Candidate<'_> = Candidate {
        service: "dynamodb",
        operation: "CreateBackup",
        account: "1",
        region: "us-east-1",
    };

    fn armed(fault: serde_json::Value) -> Faults {
        let mut faults = Faults::default();
        faults.add(serde_json::from_value(fault).unwrap());
        faults
    }

    #[test]
    fn skip_and_times_are_counted() {
        let mut faults = armed(json!({"operation": "CreateBackup", "skip": 1, "times": 2, "kind": "hang"}));
        let hits: Vec<bool> = (0..5).map(|_| faults.strike(&CALL).is_some()).collect();
        assert_eq!(hits, [false, true, true, false, false]);
        assert!(faults.list().is_empty());
    }

    #[test]
    fn without_times_it_hits_for_ever_and_once_by_default() {
        let mut faults = armed(json!({"times": null, "kind": "delay", "delay_ms": 3}));
        assert!((0..9).all(|_| faults.strike(&CALL).is_some()));
        let mut faults = armed(json!({"kind": "error"}));
        assert!(faults.strike(&CALL).is_some());
        assert!(faults.strike(&CALL).is_none());
    }

    #[test]
    fn other_calls_are_spared() {
        for other in [
            json!({"service": "kms", "kind": "error"}),
            json!({"operation": "DeleteBackup", "kind": "error"}),
            json!({"account": "2", "kind": "error"}),
            json!({"region": "eu-west-1", "kind": "error"}),
        ] {
            assert!(armed(other.clone()).strike(&CALL).is_none(), "{other}");
        }
    }
}
