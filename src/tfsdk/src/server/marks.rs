//! Marks in the private data that travels from plan to apply: they tell the apply why an object goes.
//!
//! Terraform gives a delete nothing but the old object. What it does give are the bytes that the plan of
//! the same change left: the destroy's own plan, or the plan of the replacement. A tainted object is
//! planned as if there were none, so that its plan leaves no mark at all.

use crate::{PlanId, Private, Removal};

/// The plan had an object before it.
const HAD_PRIOR: &str = ".had_prior";
/// The plan was one of a destroy.
const DESTROY: &str = ".destroy";
/// Which plan it was.
const PLAN: &str = ".plan";

/// What the plan of a change left for its apply.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Marks {
    /// The plan had an object before it.
    pub(super) had_prior: bool,
    /// The plan was one of a destroy.
    pub(super) destroy: bool,
}

impl Marks {
    /// Why an object goes when its delete carries these marks.
    pub(super) fn removal(self) -> Removal {
        match self {
            Self { destroy: true, .. } => Removal::Destroy,
            Self { had_prior: true, .. } => Removal::Replace,
            Self { .. } => Removal::Tainted,
        }
    }
}

/// Takes private data apart into the provider's keys and ours.
pub(super) fn split(bytes: &[u8]) -> (Private, Marks) {
    let private = Private::from_bytes(bytes);
    let marks = Marks {
        had_prior: private.get(HAD_PRIOR).is_some(),
        destroy: private.get(DESTROY).is_some(),
    };
    (private.of_provider(), marks)
}

/// Puts the provider's keys and ours together.
pub(super) fn join(mut private: Private, marks: Marks) -> Vec<u8> {
    for (set, key) in [(marks.had_prior, HAD_PRIOR), (marks.destroy, DESTROY)] {
        if set {
            private.set(key, true.into());
        }
    }
    private.to_bytes()
}

/// Notes which plan leaves this private data.
pub(super) fn note_plan(bytes: &[u8], plan_id: &PlanId) -> Vec<u8> {
    let mut private = Private::from_bytes(bytes);
    private.set(PLAN, plan_id.as_str().into());
    private.to_bytes()
}

/// The plan that left this private data.
pub(super) fn find_plan(bytes: &[u8]) -> Option<PlanId> {
    let private = Private::from_bytes(bytes);
    private.get(PLAN)?.as_str().map(PlanId::from_text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_survive_and_stay_hidden() {
        let mut private = Private::default();
        private.set("attempt", 1.into());
        for (had_prior, destroy, removal) in [
            (false, false, Removal::Tainted),
            (true, false, Removal::Replace),
            (false, true, Removal::Destroy),
            (true, true, Removal::Destroy),
        ] {
            let marks = Marks { had_prior, destroy };
            let (back, found) = split(&join(private.clone(), marks));
            assert_eq!((back, found), (private.clone(), marks));
            assert_eq!(found.removal(), removal);
        }
    }

    #[test]
    fn a_plan_is_known_again_and_stays_hidden() {
        let mut private = Private::default();
        private.set("attempt", 1.into());
        let bytes = private.to_bytes();
        assert_eq!(find_plan(&bytes), None);
        let plan_id = PlanId::new();
        let noted = note_plan(&bytes, &plan_id);
        assert_eq!(find_plan(&noted), Some(plan_id));
        assert_eq!(split(&noted), (private, Marks::default()));
    }
}
