//! How often AWS lets one setting of a table change within a time.

use crate::clock::Moment;
use crate::failure::Failure;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// The changes of one setting, and how many of them fit into a time.
#[derive(Clone, Debug)]
pub(crate) struct ChangeLimit {
    most: usize,
    within_millis: i64,
    changes: Vec<Moment>,
}

impl ChangeLimit {
    /// "No more than two table class updates in a trailing 30-day period."
    pub(crate) const fn table_class() -> Self {
        Self {
            most: 2,
            within_millis: 30 * DAY_MILLIS,
            changes: Vec::new(),
        }
    }

    /// Tables switch from provisioned to on-demand up to four times in 24 hours.
    pub(crate) const fn to_on_demand() -> Self {
        Self {
            most: 4,
            within_millis: DAY_MILLIS,
            changes: Vec::new(),
        }
    }

    pub(crate) fn check(&self, now: Moment, what: &str) -> Result<(), Failure> {
        let recent = self
            .changes
            .iter()
            .filter(|at| at.plus_millis(self.within_millis) > now)
            .count();
        if recent < self.most {
            return Ok(());
        }
        Err(Failure::new(
            "LimitExceededException",
            format!(
                "Subscriber limit exceeded: {what} can be changed {} times within {} hours",
                self.most,
                self.within_millis / 3_600_000
            ),
        ))
    }

    pub(crate) fn note(&mut self, now: Moment) {
        self.changes.push(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_third_change_waits_until_the_first_is_old() {
        let mut limit = ChangeLimit::table_class();
        let day = |days: i64| Moment::from_millis(0).plus_days(days);
        for at in [day(0), day(1)] {
            assert!(limit.check(at, "TableClass").is_ok());
            limit.note(at);
        }
        assert!(limit.check(day(29), "TableClass").is_err());
        assert!(limit.check(day(30), "TableClass").is_ok());
    }
}
