//! What a restored table is to the other objects of the same plan: a restore, and where it says so, a table with a
//! recovery window of its own.

use rules::Fact;
use rules::facts::{Neighbours, PlannedRecovery, PlannedRestore, RestoredTable};
use rules::syntax::Region;
use tfsdk::{Attr, Change};

use super::model::{Model, PointInTimeRecovery};
use super::proposal;
use crate::facts::fact;

/// The restore that a change makes, and point-in-time recovery of its table where the change sets it. A replacement ends
/// in a create, and says it there. `region` is that of the object, if it is known; `table` is what its plan was told.
pub(super) fn made(
    change: &Change<Model>,
    region: Option<&aws_clients::Region>,
    table: &RestoredTable,
) -> Neighbours {
    let (planned, before) = match change {
        Change::Create { config, .. } => (proposal::for_create(config), None),
        Change::Update { prior, config, .. } if !proposal::is_replacement(config, prior) => {
            (proposal::for_update(config, prior), Some(prior))
        }
        Change::Update { .. } | Change::Destroy { .. } => return Neighbours::default(),
    };
    let region = region.and_then(|it| Region::parse(it.as_str()).ok());
    let (Some(region), Some(name)) = (region, planned.name.known().cloned()) else {
        return Neighbours::default();
    };
    let setting = before.map(|prior| &prior.point_in_time_recovery);
    let recovery = planned
        .point_in_time_recovery
        .known()
        .filter(|_| setting != Some(&planned.point_in_time_recovery))
        .map(|it| PlannedRecovery {
            region: region.clone(),
            table_name: name.clone(),
            is_switched_on: it.enabled == Attr::Known(true) && setting.is_none_or(is_off),
            recovery_period_in_days: match it.enabled {
                Attr::Known(true) => fact(&it.recovery_period_in_days),
                Attr::Known(false) => Fact::Absent,
                Attr::Null | Attr::Unknown => Fact::Unknown,
            },
        });
    let restore = PlannedRestore {
        region,
        name,
        size_bytes: table.source_size_bytes(),
        is_from_recovery_point: table.is_from_recovery_point(),
    };
    Neighbours {
        restores: Vec::from_iter(before.is_none().then_some(restore)),
        recoveries: Vec::from_iter(recovery),
        ..Neighbours::default()
    }
}

fn is_off(setting: &Attr<PointInTimeRecovery>) -> bool {
    matches!(
        setting,
        Attr::Known(PointInTimeRecovery {
            enabled: Attr::Known(false),
            ..
        })
    )
}
