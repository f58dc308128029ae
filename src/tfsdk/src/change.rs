//! What is planned and applied: the change, its plan, and state that is saved half-way.

use crate::{Diagnostic, Diagnostics, Model, Path, Value};

/// A change to be planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change<M> {
    /// There is no object yet (or it is to be replaced, or is tainted).
    Create {
        /// What the user wrote.
        config: M,
        /// Config with defaults; computed attributes unknown.
        proposed: M,
    },
    /// There is an object.
    Update {
        /// The object as last read.
        prior: M,
        /// What the user wrote.
        config: M,
        /// Config with defaults; computed attributes as planned so far.
        proposed: M,
    },
    /// The object is to go.
    Destroy {
        /// The object as last read.
        prior: M,
    },
}

impl<M: PartialEq> Change<M> {
    /// What the user wrote, unless it is a destroy.
    pub fn config(&self) -> Option<&M> {
        match self {
            Self::Create { config, .. } | Self::Update { config, .. } => Some(config),
            Self::Destroy { .. } => None,
        }
    }

    /// The object as last read, unless it is a create.
    pub fn prior(&self) -> Option<&M> {
        match self {
            Self::Update { prior, .. } | Self::Destroy { prior } => Some(prior),
            Self::Create { .. } => None,
        }
    }
}

/// The plan of a resource for one change.
#[derive(Debug, Clone)]
pub struct Planned<M> {
    /// The planned object. Ignored for a destroy.
    pub model: M,
    /// Attributes whose change needs a new object, besides those that the schema marks.
    pub replace: Vec<Path>,
    /// Everything that was found, all at once.
    pub diagnostics: Diagnostics,
}

impl<M> Planned<M> {
    /// A plan with nothing to say.
    pub fn new(model: M) -> Self {
        Self {
            model,
            replace: Vec::new(),
            diagnostics: Diagnostics::new(),
        }
    }

    /// Adds a message.
    #[must_use]
    pub fn with(mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) -> Self {
        self.diagnostics.extend(diagnostics);
        self
    }
}

/// A create to carry out.
#[derive(Debug, Clone)]
pub struct Create<M> {
    /// What the user wrote; the only place of write-only values.
    pub config: M,
    /// The plan; unknown attributes are to be filled in.
    pub planned: M,
}

/// An update to carry out.
#[derive(Debug, Clone)]
pub struct Update<M> {
    /// The object before.
    pub prior: M,
    /// What the user wrote; the only place of write-only values.
    pub config: M,
    /// The plan; unknown attributes are to be filled in.
    pub planned: M,
}

/// A delete to carry out.
#[derive(Debug, Clone)]
pub struct Delete<M> {
    /// The object as last known.
    pub state: M,
    /// Why it is to go.
    pub reason: Removal,
}

/// Why an object is deleted. Terraform does not say it; the server works it out from the private data
/// that travels from the plan to the apply (it needs `plan_destroy`, so Terraform 1.3 or newer).
///
/// With `create_before_destroy`, Terraform sets the old object aside and destroys it in a plan of its own
/// once the new one is there: the reason is then [`Removal::Destroy`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// The user destroys it, or removed it from the configuration.
    Destroy,
    /// A changed attribute needs a new object.
    Replace,
    /// Its create or a provisioner failed, or the user tainted it; a new one is to take its place.
    /// Terraform hands over no private state then.
    Tainted,
}

/// State that survives a create or update that fails later on.
///
/// Save in the statement after the call that AWS accepted; what comes next may fail, be interrupted
/// or panic, and the saved object still reaches Terraform.
#[derive(Debug)]
pub struct Saved<'a, M> {
    slot: &'a mut Option<Value>,
    model: std::marker::PhantomData<M>,
}

impl<'a, M: Model> Saved<'a, M> {
    /// Saves into `slot`. Tests make one; in operation the server does.
    pub fn new(slot: &'a mut Option<Value>) -> Self {
        Self {
            slot,
            model: std::marker::PhantomData,
        }
    }

    /// Remembers the object as it is now. Unknown attributes are saved as null.
    pub fn save(&mut self, state: &M) {
        *self.slot = Some(state.to_value());
    }

    /// Forgets what was saved, because the object has come to nothing: AWS itself has ended what it had accepted.
    pub fn forget(&mut self) {
        *self.slot = None;
    }
}
