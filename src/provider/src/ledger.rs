//! What the plans of this walk make, as far as they were made: so that each object is told of the others.
//!
//! Terraform asks about one object at a time, up to ten at once, and never says which objects there are. So a plan is
//! told of those that were planned before it, and of two that collide it is the later one that knows. What does not
//! change is not planned, and what is not known yet is not noted: an empty list says nothing. Nothing is kept for
//! another walk, since each configures the provider anew.

use std::sync::{Mutex, PoisonError};

use aws_clients::{Region as AwsRegion, TableRef};
use rules::facts::Neighbours;
use rules::syntax::Region;
use tfsdk::PlanId;

use crate::table_name::table_ref;

/// What each plan makes, in the order in which it was noted.
#[derive(Debug, Default)]
pub(crate) struct Ledger(Mutex<Vec<(PlanId, Neighbours)>>);

impl Ledger {
    /// Notes what a plan makes, in place of what the same plan has noted before, and returns what all others make.
    ///
    /// Both in one step: of two plans that are made at the same time, one sees the other.
    pub(crate) fn note(&self, plan: &PlanId, made: Neighbours) -> Neighbours {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.retain(|(other, _)| other != plan);
        let mut others = Neighbours::default();
        for (_, other) in noted.iter() {
            let Neighbours {
                backups,
                restores,
                recoveries,
                final_backups,
                vaults,
            } = other.clone();
            others.backups.extend(backups);
            others.restores.extend(restores);
            others.recoveries.extend(recoveries);
            others.final_backups.extend(final_backups);
            others.vaults.extend(vaults);
        }
        if made != Neighbours::default() {
            noted.push((plan.clone(), made));
        }
        others
    }
}

/// A table, given by name or ARN, as neighbours name it: by its Region and its plain name. `region` is that of the object,
/// which a name is looked for in. Nothing where one of them cannot be read, which the rules say.
pub(crate) fn named_table(table: &str, region: &AwsRegion) -> Option<(Region, String)> {
    let table = table_ref(table).ok()?;
    let region = match &table {
        TableRef::Name(_) => region.as_str().to_owned(),
        TableRef::Arn(arn) => arn.region().to_string(),
    };
    Some((Region::parse(&region).ok()?, table.table_name().to_string()))
}

#[cfg(test)]
mod tests;
