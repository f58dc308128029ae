//! DBK-PITR-013: recovery of one replica of a global table while others have none.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, NamedTable, ObservedReplica, PointInTimeRecovery};
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::Region;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-PITR-013"),
    name: "replica_without_recovery",
    also: &["DBK-GTB-001"],
    area: Area::PointInTimeRecovery,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["dynamodb:DescribeTable", "dynamodb:DescribeContinuousBackups"],
    title: "Replicas of the table have no point-in-time recovery",
    why: "Point-in-time recovery is a setting of each replica of a global table: switched on in one Region, it does \
          nothing for the others. A replica that is deleted while it is off leaves no system backup, and one Region's \
          history holds only what had arrived there.",
    aws_error: None,
    source: "DynamoDB developer guide, global tables; measured on AWS",
    firing: || examples::recovery(|it| with_replica(it, false)),
    silent: || examples::recovery(|it| with_replica(it, true)),
    check,
};

/// Gives the table a replica in Ireland, with or without recovery.
fn with_replica(it: &mut PointInTimeRecovery, recovery_enabled: bool) {
    if let (Fact::Known(table), Ok(region)) = (&mut it.observed.table, Region::parse("eu-west-1")) {
        table.replicas = Fact::Known(vec![ObservedReplica {
            region,
            recovery_enabled: Fact::Known(recovery_enabled),
        }]);
    }
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(recovery) = facts.point_in_time_recovery().filter(|_| facts.is_made()) else {
        return;
    };
    let (Some(here), Fact::Known(table)) = (facts.protected_table(), &recovery.observed.table) else {
        return;
    };
    let (Fact::Known(true), Fact::Known(replicas)) = (recovery.planned_enabled(), &table.replicas) else {
        return;
    };
    // Where the same plan has a setting for the replica, whatever it is, somebody has thought of it.
    let is_forgotten = |it: &&ObservedReplica| {
        let replica = NamedTable {
            region: it.region.clone(),
            name: here.name.clone(),
        };
        replica != here
            && it.recovery_enabled == Fact::Known(false)
            && facts.neighbours.recovery_of(&replica).is_none()
    };
    let regions: Vec<&str> = replicas
        .iter()
        .filter(is_forgotten)
        .map(|it| it.region.as_str())
        .collect();
    let Some(first) = regions.first() else { return };
    report.add(
        Subject::TableName,
        format!(
            "{:?} is a global table, and point-in-time recovery is off for its replicas in {}. This object switches \
             it on in {} alone.",
            here.name,
            prose::quoted(regions.iter().copied(), "and"),
            here.region
        ),
        format!(
            "Add an object for each of these Regions: resource \"dynamodb_point_in_time_recovery\" with table_name = {:?} \
             and region = \"{first}\".",
            here.name
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::{RULE, with_replica};
    use crate::examples::{recovery, recovery_changed};
    use crate::fact::Fact;
    use crate::facts::{Facts, Object, ObservedReplica, PlannedRecovery, PointInTimeRecovery};
    use crate::syntax::Region;

    fn fires(facts: &Facts) -> bool {
        !RULE.findings(facts).is_empty()
    }

    fn changed(change: impl FnOnce(&mut PointInTimeRecovery)) -> Facts {
        recovery(|it| {
            with_replica(it, false);
            change(it);
        })
    }

    fn region(name: &str) -> Region {
        Region::parse(name).expect("a Region")
    }

    fn replicas(regions: &[(&str, Fact<bool>)]) -> Facts {
        recovery(|it| {
            if let Fact::Known(table) = &mut it.observed.table {
                let of = |(name, recovery_enabled): &(&str, Fact<bool>)| ObservedReplica {
                    region: region(name),
                    recovery_enabled: *recovery_enabled,
                };
                table.replicas = Fact::Known(regions.iter().map(of).collect());
            }
        })
    }

    #[test]
    fn only_replicas_elsewhere_that_are_known_to_be_off_count() {
        let (off, on) = (Fact::Known(false), Fact::Known(true));
        let facts = replicas(&[
            ("us-east-1", off),
            ("eu-west-1", on),
            ("eu-west-2", off),
            ("eu-west-3", Fact::Unknown),
            ("eu-north-1", off),
        ]);
        let detail = RULE.findings(&facts).pop().expect("a finding").detail;
        assert!(
            detail.contains("in \"eu-west-2\" and \"eu-north-1\"."),
            "{detail}"
        );
        assert!(!fires(&replicas(&[
            ("us-east-1", off),
            ("eu-west-3", Fact::Unknown)
        ])));
        assert!(!fires(&replicas(&[])));
    }

    #[test]
    fn a_setting_of_the_same_plan_for_the_replica_silences() {
        let beside = |table: &str, place: &str| {
            let mut facts = changed(|_| ());
            facts.neighbours.recoveries.push(PlannedRecovery {
                region: region(place),
                table_name: table.to_owned(),
                is_switched_on: true,
                recovery_period_in_days: Fact::Known(35),
            });
            facts
        };
        assert!(!fires(&beside("orders", "eu-west-1")));
        assert!(fires(&beside("orders", "eu-west-2")));
        assert!(fires(&beside("others", "eu-west-1")));
    }

    #[test]
    fn it_is_said_once_and_only_where_recovery_is_wanted() {
        assert!(fires(&changed(|_| ())));
        assert!(fires(&changed(|it| it.enabled = Fact::Known(true))));
        assert!(!fires(&changed(|it| it.enabled = Fact::Known(false))));
        assert!(!fires(&changed(|it| it.enabled = Fact::Unknown)));
        assert!(!fires(&recovery_changed(|it| with_replica(it, false))));
        let mut kept = changed(|_| ());
        if let Object::PointInTimeRecovery(it) = &mut kept.object {
            it.observed.table = Fact::Absent;
        }
        assert!(!fires(&kept));
    }
}
