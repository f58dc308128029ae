//! What an operation is given besides its values.

use std::sync::Mutex;

use serde_json::Value as Json;
use tokio_util::sync::CancellationToken;

use crate::{Diagnostic, Diagnostics, PlanId, Private};

/// The context of one operation: whether the user wants it to stop, where to leave warnings, and the
/// private state of the object.
#[derive(Debug)]
pub struct Cx {
    cancel: CancellationToken,
    plan_id: PlanId,
    warnings: Mutex<Diagnostics>,
    private: Mutex<Private>,
}

impl Cx {
    /// A context that stops with `cancel` and starts from this private state.
    pub fn new(cancel: CancellationToken, private: Private) -> Self {
        Self {
            cancel,
            plan_id: PlanId::new(),
            warnings: Mutex::default(),
            private: Mutex::new(private),
        }
    }

    /// The same for a plan that has begun already.
    #[must_use]
    pub(crate) fn of_plan(self, plan_id: PlanId) -> Self {
        Self { plan_id, ..self }
    }

    /// What tells this plan from those of other objects.
    pub fn plan_id(&self) -> &PlanId {
        &self.plan_id
    }

    /// Fires when the user interrupts the run. Waits must end then, leaving saved state behind.
    pub fn cancel(&self) -> &CancellationToken {
        &self.cancel
    }

    /// Leaves a message that does not end the operation.
    pub fn warn(&self, diagnostic: Diagnostic) {
        self.warnings
            .lock()
            .expect("no panic while held")
            .push(diagnostic);
    }

    /// The value of a key of the private state.
    pub fn private(&self, key: &str) -> Option<Json> {
        self.private
            .lock()
            .expect("no panic while held")
            .get(key)
            .cloned()
    }

    /// Keeps a value in the private state, where the operation makes, reads, changes or fails to delete
    /// an object. Plans are made anew at apply, so what is kept while observing for a plan is dropped. Keys
    /// that begin with a dot belong to the SDK and are dropped, too.
    pub fn set_private(&self, key: &str, value: Json) {
        self.private.lock().expect("no panic while held").set(key, value);
    }

    /// Forgets a value of the private state.
    pub fn remove_private(&self, key: &str) {
        self.private.lock().expect("no panic while held").remove(key);
    }

    /// Ends the context: the warnings left and the private state to keep.
    pub(crate) fn finish(&self) -> (Diagnostics, Private) {
        let warnings = std::mem::take(&mut *self.warnings.lock().expect("no panic while held"));
        let private = self.private.lock().expect("no panic while held").clone();
        (warnings, private.of_provider())
    }
}

impl Default for Cx {
    fn default() -> Self {
        Self::new(CancellationToken::new(), Private::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_the_sdk_are_not_kept() {
        let cx = Cx::default();
        cx.set_private("attempt", 1.into());
        cx.set_private(".mark", true.into());
        assert_eq!(cx.private("attempt"), Some(1.into()));
        cx.warn(Diagnostic::warning("Gone", "It is gone."));
        let (warnings, private) = cx.finish();
        assert_eq!(
            (warnings.iter().count(), private.to_bytes()),
            (1, br#"{"attempt":1}"#.to_vec())
        );
        cx.remove_private("attempt");
        assert_eq!(cx.finish(), (Diagnostics::new(), Private::default()));
    }
}
