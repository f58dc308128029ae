//! Facts about auto scaling as it is wanted for a restored table: bounds and utilization of each capacity.

use std::collections::BTreeMap;
use std::fmt;

use crate::fact::Fact;
use crate::segment::Segments;

/// Auto scaling of a table and its global secondary indexes, as written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Autoscaling {
    /// The reads of the table.
    pub read: Fact<ScaledCapacity>,
    /// The writes of the table.
    pub write: Fact<ScaledCapacity>,
    /// Global secondary indexes, by name.
    pub indexes: Fact<BTreeMap<String, ScaledIndex>>,
}

/// Auto scaling of a global secondary index, as written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ScaledIndex {
    /// The reads of the index.
    pub read: Fact<ScaledCapacity>,
    /// The writes of the index.
    pub write: Fact<ScaledCapacity>,
}

/// Auto scaling of one capacity, as written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ScaledCapacity {
    /// Least capacity units.
    pub min_capacity: Fact<i64>,
    /// Most capacity units.
    pub max_capacity: Fact<i64>,
    /// Utilization that is aimed at, in percent.
    pub target_utilization: Fact<f64>,
}

/// One capacity that can be scaled. `Display` prints the argument: `autoscaling.read`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScaledPlace {
    /// The global secondary index; `None` means the table itself.
    pub index: Option<String>,
    /// Reads or writes.
    pub capacity: Capacity,
}

/// Reads or writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Capacity {
    /// Read capacity units.
    Read,
    /// Write capacity units.
    Write,
}

impl Capacity {
    /// The argument of this capacity.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

impl ScaledPlace {
    /// The steps to it from the table.
    pub(crate) fn segments(&self) -> Segments<'_> {
        let holder = Segments::of("autoscaling");
        match &self.index {
            Some(index) => holder.then("indexes").key(index),
            None => holder,
        }
        .then(self.capacity.as_str())
    }
}

impl fmt::Display for ScaledPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.segments().fmt(f)
    }
}

impl Autoscaling {
    /// Auto scaling of nothing.
    pub fn unset() -> Self {
        Self {
            read: Fact::Absent,
            write: Fact::Absent,
            indexes: Fact::Absent,
        }
    }

    /// Lists every capacity that is known to be scaled.
    pub fn capacities(&self) -> Vec<(ScaledPlace, &ScaledCapacity)> {
        let of_table = [(Capacity::Read, &self.read), (Capacity::Write, &self.write)]
            .map(|(capacity, scaled)| (None, capacity, scaled));
        let of_indexes = self
            .indexes
            .known()
            .into_iter()
            .flatten()
            .flat_map(|(name, index)| {
                [(Capacity::Read, &index.read), (Capacity::Write, &index.write)]
                    .map(|(capacity, scaled)| (Some(name.clone()), capacity, scaled))
            });
        of_table
            .into_iter()
            .chain(of_indexes)
            .filter_map(|(index, capacity, scaled)| Some((ScaledPlace { index, capacity }, scaled.known()?)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Autoscaling, Capacity, ScaledCapacity, ScaledIndex, ScaledPlace};
    use crate::fact::Fact;

    #[test]
    fn only_what_is_known_to_be_scaled_is_listed() {
        let scaled = Fact::Known(ScaledCapacity::default());
        let index = ScaledIndex {
            read: Fact::Absent,
            write: scaled.clone(),
        };
        let autoscaling = Autoscaling {
            read: scaled,
            write: Fact::Unknown,
            indexes: Fact::Known([("by-date".to_owned(), index)].into()),
        };
        let places: Vec<String> = autoscaling
            .capacities()
            .into_iter()
            .map(|(place, _)| place.to_string())
            .collect();
        assert_eq!(
            places,
            ["autoscaling.read", "autoscaling.indexes[\"by-date\"].write"]
        );
        assert!(Autoscaling::unset().capacities().is_empty());
        let writes = ScaledPlace {
            index: None,
            capacity: Capacity::Write,
        };
        assert_eq!(writes.to_string(), "autoscaling.write");
    }
}
