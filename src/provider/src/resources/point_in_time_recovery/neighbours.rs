//! What a point-in-time recovery setting is to the other objects of the same plan.

use aws_clients::Region;
use rules::Fact;
use rules::facts::{Neighbours, ObservedRecovery, PlannedRecovery};
use tfsdk::{Attr, Change};

use super::{DISABLE, Model};
use crate::facts::fact;
use crate::ledger::named_table;

/// The setting as a change leaves it, given what AWS says of the present.
pub(super) fn made(
    change: &Change<Model>,
    recovery: &Fact<ObservedRecovery>,
    region: impl FnOnce(&Model) -> Region,
) -> Neighbours {
    let (written, enabled, period, was_off) = match change {
        Change::Create { config, proposed } => (
            config,
            &proposed.enabled,
            Model::planned_period(config, &proposed.enabled),
            false,
        ),
        Change::Update {
            prior,
            config,
            proposed,
        } => (
            config,
            &proposed.enabled,
            Model::planned_period(config, &proposed.enabled),
            prior.enabled == Attr::Known(false),
        ),
        Change::Destroy { prior } if prior.on_destroy.known().is_some_and(|it| it == DISABLE) => {
            (prior, &Attr::Known(false), Attr::Null, false)
        }
        Change::Destroy { .. } => return Neighbours::default(),
    };
    let (Some(table), false) = (written.table_name.known(), written.region.is_unknown()) else {
        return Neighbours::default();
    };
    let is_off = recovery
        .known()
        .map_or(was_off, |it| it.enabled == Fact::Known(false));
    let recoveries = named_table(table, &region(written)).map(|(region, table_name)| PlannedRecovery {
        region,
        table_name,
        is_switched_on: is_off && *enabled == Attr::Known(true),
        recovery_period_in_days: match enabled {
            Attr::Known(true) => fact(&period),
            Attr::Known(false) => Fact::Absent,
            Attr::Null | Attr::Unknown => Fact::Unknown,
        },
    });
    Neighbours {
        recoveries: Vec::from_iter(recoveries),
        ..Neighbours::default()
    }
}
