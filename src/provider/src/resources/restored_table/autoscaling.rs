//! Auto scaling: what is planned, and the way between the typed object and the terms of the AWS clients. Pure.
//!
//! Given, the argument says everything: what it leaves out is not scaled. So `autoscaling = {}` means none at all.

use std::collections::BTreeMap;

use aws_clients::{Capacity, FoundScaling, ScaledDimension, Scaling};
use tfsdk::{Attr, Number};

use super::model::{Autoscaling, Model, ProvisionedThroughput, ScaledCapacity, ScaledIndex};

/// Everything that is to be scaled. `None` while a number is not known.
pub(super) fn wanted(autoscaling: &Autoscaling) -> Option<BTreeMap<ScaledDimension, Scaling>> {
    let of_table = [
        (None, Capacity::Read, &autoscaling.read),
        (None, Capacity::Write, &autoscaling.write),
    ];
    let indexes = match &autoscaling.indexes {
        Attr::Unknown => return None,
        Attr::Null => None,
        Attr::Known(indexes) => Some(indexes),
    };
    let mut places = of_table.to_vec();
    for (name, index) in indexes.into_iter().flatten() {
        match index {
            Attr::Unknown => return None,
            Attr::Null => {}
            Attr::Known(index) => {
                places.push((Some(name.clone()), Capacity::Read, &index.read));
                places.push((Some(name.clone()), Capacity::Write, &index.write));
            }
        }
    }
    let mut wanted = BTreeMap::new();
    for (index, capacity, scaled) in places {
        match scaled {
            Attr::Unknown => return None,
            Attr::Null => {}
            Attr::Known(scaled) => {
                wanted.insert(ScaledDimension { index, capacity }, scaling(scaled)?);
            }
        }
    }
    Some(wanted)
}

fn scaling(scaled: &ScaledCapacity) -> Option<Scaling> {
    Some(Scaling {
        min_capacity: *scaled.min_capacity.known()?,
        max_capacity: *scaled.max_capacity.known()?,
        target_utilization: match &scaled.target_utilization {
            Attr::Unknown => return None,
            Attr::Null => None,
            Attr::Known(percent) => float(percent),
        },
    })
}

/// The nearest float: AWS takes a percentage as one.
pub(super) fn float(number: &Number) -> Option<f64> {
    number.to_plain_string().parse().ok()
}

/// Shows what is scaled over what was known of it. Null where nothing is scaled and nobody asked for that.
pub(super) fn shown(
    known: &Attr<Autoscaling>,
    found: &BTreeMap<ScaledDimension, Scaling>,
) -> Attr<Autoscaling> {
    if found.is_empty() && known.known().is_none() {
        return Attr::Null;
    }
    let written = known.known().and_then(|known| known.indexes.known());
    let capacity = |index: Option<&str>, capacity| {
        let dimension = ScaledDimension {
            index: index.map(str::to_owned),
            capacity,
        };
        found.get(&dimension).map(|scaling| ScaledCapacity {
            min_capacity: scaling.min_capacity.into(),
            max_capacity: scaling.max_capacity.into(),
            target_utilization: scaling.target_utilization.and_then(Number::from_f64).into(),
        })
    };
    let names = found.keys().filter_map(|dimension| dimension.index.as_ref());
    let mut indexes: BTreeMap<String, Attr<ScaledIndex>> = BTreeMap::new();
    for name in written.into_iter().flat_map(BTreeMap::keys).chain(names) {
        let index = ScaledIndex {
            read: capacity(Some(name), Capacity::Read).into(),
            write: capacity(Some(name), Capacity::Write).into(),
        };
        indexes.insert(name.clone(), Attr::Known(index));
    }
    Attr::Known(Autoscaling {
        read: capacity(None, Capacity::Read).into(),
        write: capacity(None, Capacity::Write).into(),
        indexes: Some(indexes)
            .filter(|indexes| !indexes.is_empty() || written.is_some())
            .into(),
    })
}

/// What is planned for the argument as it is written: AWS has no default for the utilization.
pub(super) fn planned(config: &Autoscaling) -> Autoscaling {
    let index = |it: &Attr<ScaledIndex>| match it {
        Attr::Known(it) => Attr::Known(ScaledIndex {
            read: scaled(&it.read),
            write: scaled(&it.write),
        }),
        Attr::Null | Attr::Unknown => it.clone(),
    };
    Autoscaling {
        read: scaled(&config.read),
        write: scaled(&config.write),
        indexes: match &config.indexes {
            Attr::Known(indexes) => Attr::Known(
                indexes
                    .iter()
                    .map(|(name, it)| (name.clone(), index(it)))
                    .collect(),
            ),
            Attr::Null | Attr::Unknown => config.indexes.clone(),
        },
    }
}

fn scaled(config: &Attr<ScaledCapacity>) -> Attr<ScaledCapacity> {
    let default = Number::from_f64(rules::limits::TARGET_UTILIZATION_DEFAULT);
    match config {
        Attr::Known(it) => Attr::Known(ScaledCapacity {
            target_utilization: match &it.target_utilization {
                Attr::Null => default.into(),
                given => given.clone(),
            },
            ..it.clone()
        }),
        Attr::Null | Attr::Unknown => config.clone(),
    }
}

/// A capacity that is scaled stays where the scaling has put it: a throughput beside it is that of the beginning.
pub(super) fn leave_to_scaling(prior: &Model, planned: &mut Model) {
    let Attr::Known(scaling) = &planned.autoscaling else {
        return;
    };
    fn leave(
        (read, write): (&Attr<ScaledCapacity>, &Attr<ScaledCapacity>),
        before: &Attr<ProvisionedThroughput>,
        planned: &mut Attr<ProvisionedThroughput>,
    ) {
        let (Attr::Known(before), Attr::Known(planned)) = (before, planned) else {
            return;
        };
        if !read.is_null() {
            planned.read_capacity_units = before.read_capacity_units.clone();
        }
        if !write.is_null() {
            planned.write_capacity_units = before.write_capacity_units.clone();
        }
    }
    leave(
        (&scaling.read, &scaling.write),
        &prior.provisioned_throughput,
        &mut planned.provisioned_throughput,
    );
    let (Attr::Known(before), Attr::Known(indexes), Attr::Known(scaled)) = (
        &prior.global_secondary_indexes,
        &mut planned.global_secondary_indexes,
        &scaling.indexes,
    ) else {
        return;
    };
    for (name, index) in indexes {
        if let (Some(Attr::Known(before)), Attr::Known(index), Some(Attr::Known(scaled))) =
            (before.get(name), index, scaled.get(name))
        {
            leave(
                (&scaled.read, &scaled.write),
                &before.provisioned_throughput,
                &mut index.provisioned_throughput,
            );
        }
    }
}

/// What was found, by dimension.
pub(super) fn by_dimension(found: Vec<FoundScaling>) -> BTreeMap<ScaledDimension, Scaling> {
    found.into_iter().map(|it| (it.dimension, it.scaling)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scaled(least: i64, percent: &str) -> Attr<ScaledCapacity> {
        Attr::Known(ScaledCapacity {
            min_capacity: least.into(),
            max_capacity: 100.into(),
            target_utilization: Attr::Known(percent.parse().unwrap()),
        })
    }

    #[test]
    fn what_is_wanted_is_shown_again() {
        let index = ScaledIndex {
            read: Attr::Null,
            write: scaled(7, "72.5"),
        };
        let autoscaling = Autoscaling {
            read: scaled(5, "70"),
            write: Attr::Null,
            indexes: Attr::Known([("by-date".to_owned(), Attr::Known(index))].into()),
        };
        let wanted = wanted(&autoscaling).unwrap();
        assert_eq!(wanted.len(), 2);
        assert!(wanted.values().any(|it| it.target_utilization == Some(72.5)));
        assert_eq!(
            shown(&Attr::Known(autoscaling), &wanted),
            shown(&Attr::Null, &wanted)
        );
    }

    #[test]
    fn nothing_is_null_unless_it_was_asked_for() {
        let nothing = BTreeMap::new();
        assert_eq!(shown(&Attr::Null, &nothing), Attr::Null);
        let none = Attr::Known(Autoscaling::default());
        assert_eq!(shown(&none, &nothing), none);
        let empty = Attr::Known(Autoscaling {
            indexes: Attr::Known(BTreeMap::new()),
            ..Autoscaling::default()
        });
        assert_eq!(shown(&empty, &nothing), empty);
        assert_eq!(wanted(&Autoscaling::default()), Some(nothing));
    }

    #[test]
    fn an_unknown_number_is_not_left_out() {
        let unknown = Autoscaling {
            read: Attr::Known(ScaledCapacity {
                max_capacity: Attr::Unknown,
                min_capacity: 1.into(),
                target_utilization: Attr::Null,
            }),
            ..Autoscaling::default()
        };
        assert_eq!(wanted(&unknown), None);
        let unknown = Autoscaling {
            write: Attr::Unknown,
            ..Autoscaling::default()
        };
        assert_eq!(wanted(&unknown), None);
    }
}
