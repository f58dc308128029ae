//! What the test provider manages: a store of objects and a log of what was done to them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock, Mutex};

use tfsdk::PlanId;
use tokio::sync::Notify;

static WORLDS: LazyLock<Mutex<BTreeMap<String, Arc<World>>>> = LazyLock::new(Mutex::default);

/// One world. Tests and provider find the same one by its name.
#[derive(Default)]
pub(crate) struct World {
    things: Mutex<BTreeMap<String, i64>>,
    log: Mutex<Vec<String>>,
    in_state: Mutex<BTreeSet<String>>,
    plans: Mutex<Vec<PlanId>>,
    /// Told when an operation waits.
    pub(crate) waiting: Notify,
}

impl World {
    /// The world of that name.
    pub(crate) fn named(name: &str) -> Arc<Self> {
        let mut worlds = WORLDS.lock().expect("no panic while held");
        worlds.entry(name.to_owned()).or_default().clone()
    }

    /// Writes down what was done.
    pub(crate) fn note(&self, act: impl Into<String>) {
        self.log.lock().expect("no panic while held").push(act.into());
    }

    /// What was done since the last look.
    pub(crate) fn log(&self) -> Vec<String> {
        std::mem::take(&mut *self.log.lock().expect("no panic while held"))
    }

    /// Writes down which plan looks.
    pub(crate) fn plan_of(&self, id: &PlanId) {
        self.plans.lock().expect("no panic while held").push(id.clone());
    }

    /// Which plans looked since the last look.
    pub(crate) fn plans(&self) -> Vec<PlanId> {
        std::mem::take(&mut *self.plans.lock().expect("no panic while held"))
    }

    /// Makes or changes a thing. The number is how often that was done.
    pub(crate) fn put(&self, name: &str) -> i64 {
        let mut things = self.things.lock().expect("no panic while held");
        let revision = things.entry(name.to_owned()).or_default();
        *revision += 1;
        *revision
    }

    /// How often a thing was made or changed, if it is there.
    pub(crate) fn revision(&self, name: &str) -> Option<i64> {
        self.things
            .lock()
            .expect("no panic while held")
            .get(name)
            .copied()
    }

    /// Remembers that Terraform knows a thing: one that is planned as new may be to take its place.
    pub(crate) fn seen_in_state(&self, name: &str) {
        self.in_state
            .lock()
            .expect("no panic while held")
            .insert(name.to_owned());
    }

    /// Whether a name is taken by a thing that Terraform does not know.
    pub(crate) fn is_taken(&self, name: &str) -> bool {
        let known = self.in_state.lock().expect("no panic while held").contains(name);
        !known && self.revision(name).is_some()
    }

    /// Takes a thing away.
    pub(crate) fn remove(&self, name: &str) -> bool {
        self.things
            .lock()
            .expect("no panic while held")
            .remove(name)
            .is_some()
    }

    /// The names that begin like that.
    pub(crate) fn names(&self, prefix: &str) -> Vec<String> {
        let things = self.things.lock().expect("no panic while held");
        things
            .keys()
            .filter(|name| name.starts_with(prefix))
            .cloned()
            .collect()
    }
}
