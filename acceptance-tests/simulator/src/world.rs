//! Everything the simulator remembers, and the context in which one call is served.

use serde_json::Value;

use crate::autoscaling::Targets;
use crate::backup;
use crate::calls::Calls;
use crate::clock::{Clock, Moment};
use crate::dynamodb::Estate;
use crate::failure::Failure;
use crate::faults::Faults;
use crate::ids::Ids;
use crate::kms::Keys;
use crate::place::Place;
use crate::rates::Rates;
use crate::settings::Settings;
use crate::sts::Sessions;

/// The simulated world.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) settings: Settings,
    pub(crate) faults: Faults,
    pub(crate) calls: Calls,
    pub(crate) rates: Rates,
    pub(crate) ids: Ids,
    pub(crate) backup: backup::Estate,
    pub(crate) dynamodb: Estate,
    pub(crate) keys: Keys,
    pub(crate) scaling: Targets,
    pub(crate) sessions: Sessions,
}

impl World {
    /// Brings every state machine up to the present and answers the present.
    pub(crate) fn settle(&mut self) -> Moment {
        let now = self.clock.now();
        backup::settle(self, now);
        self.dynamodb.settle(&self.keys, &mut self.ids, now);
        now
    }
}

/// Who makes a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) account: String,
    pub(crate) arn: String,
    pub(crate) user_id: String,
}

/// One call being served.
pub(crate) struct Context<'a> {
    pub(crate) world: &'a mut World,
    pub(crate) caller: &'a Caller,
    pub(crate) place: &'a Place,
    pub(crate) now: Moment,
    /// The host and port that the client addressed.
    pub(crate) host: &'a str,
}

impl Context<'_> {
    /// Refuses an action that the settings deny.
    pub(crate) fn check_allowed(&self, action: &str, resource: &str) -> Result<(), Failure> {
        if self
            .world
            .settings
            .denied_actions
            .iter()
            .all(|denied| denied != action)
        {
            return Ok(());
        }
        Err(self.denied(
            action,
            resource,
            &format!("no identity-based policy allows the {action} action"),
        ))
    }

    /// The refusal of an action, in the words of IAM.
    pub(crate) fn denied(&self, action: &str, resource: &str, because: &str) -> Failure {
        Failure::new(
            "AccessDeniedException",
            format!(
                "User: {} is not authorized to perform: {action} on resource: {resource} because {because}",
                self.caller.arn
            ),
        )
    }
}

/// Reads the input of an operation into its own type. The wire check has passed, so a misfit is our mistake.
pub(crate) fn read<T: serde::de::DeserializeOwned>(input: Value) -> Result<T, Failure> {
    serde_json::from_value(input)
        .map_err(|error| Failure::simulator(format!("a checked request was not understood: {error}")))
}
