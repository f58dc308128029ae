//! A test over all rules: what is forgotten is never held against anybody. Each fact of each example is made unknown, one
//! at a time, and no new error may appear.

use std::collections::BTreeSet;

use crate::fact::Fact;
use crate::facts::{Facts, Object, PointInTime, RestoredTable, Source};
use crate::registry::{RULES, check};
use crate::{RuleId, Severity};

/// Makes one fact unknown, where the object has it.
type Forget = fn(&mut Facts);

macro_rules! forget {
    ($($object:ident: $($field:ident).+;)*) => {
        &[$((stringify!($object $($field).+), |facts| {
            if let Object::$object(it) = &mut facts.object {
                it.$($field).+ = Fact::Unknown;
            }
        })),*]
    };
}

const FACTS: &[(&str, Forget)] = &[
    ("account", |facts| facts.caller.account = Fact::Unknown),
    ("caller region", |facts| facts.caller.region = Fact::Unknown),
    ("now", |facts| facts.now = Fact::Unknown),
    ("action", |facts| facts.action = Fact::Unknown),
    ("backup_arn", |facts| {
        source(facts, |it| it.backup_arn = Fact::Unknown)
    }),
    ("recovery_point_arn", |facts| {
        source(facts, |it| it.recovery_point_arn = Fact::Unknown)
    }),
    ("point_in_time", |facts| {
        source(facts, |it| it.point_in_time = Fact::Unknown)
    }),
    ("point table_name", |facts| {
        point(facts, |it| it.table_name = Fact::Unknown)
    }),
    ("point table_arn", |facts| {
        point(facts, |it| it.table_arn = Fact::Unknown)
    }),
    ("point time", |facts| point(facts, |it| it.time = Fact::Unknown)),
    ("point latest", |facts| {
        point(facts, |it| it.latest = Fact::Unknown)
    }),
];

/// All but `observed.target_is_own_attempt`, which excuses only when it is shown to be true.
const FIELDS: &[(&str, Forget)] = forget![
    Backup: region;
    Backup: table_name;
    Backup: name;
    Backup: retain_on_destroy;
    Backup: prior;
    Backup: table;
    Backup: backup;
    PointInTimeRecovery: region;
    PointInTimeRecovery: table_name;
    PointInTimeRecovery: enabled;
    PointInTimeRecovery: recovery_period_in_days;
    PointInTimeRecovery: on_destroy;
    PointInTimeRecovery: allow_window_loss;
    PointInTimeRecovery: prior;
    PointInTimeRecovery: observed.table;
    PointInTimeRecovery: observed.recovery;
    RestoredTable: region;
    RestoredTable: name;
    RestoredTable: source;
    RestoredTable: source_recovery_period_in_days;
    RestoredTable: billing_mode;
    RestoredTable: provisioned_throughput;
    RestoredTable: on_demand_throughput;
    RestoredTable: server_side_encryption;
    RestoredTable: global_secondary_indexes;
    RestoredTable: local_secondary_indexes;
    RestoredTable: carry_over;
    RestoredTable: tags;
    RestoredTable: resource_policy;
    RestoredTable: autoscaling;
    RestoredTable: create_timeout;
    RestoredTable: prior;
    RestoredTable: observed.target;
    RestoredTable: observed.backup;
    RestoredTable: observed.source_table;
    RestoredTable: observed.source_recovery;
    RestoredTable: observed.kms_key;
];

fn restored(facts: &mut Facts, change: impl FnOnce(&mut RestoredTable)) {
    if let Object::RestoredTable(it) = &mut facts.object {
        change(it);
    }
}

fn source(facts: &mut Facts, change: impl FnOnce(&mut Source)) {
    restored(facts, |it| {
        if let Fact::Known(source) = &mut it.source {
            change(source);
        }
    });
}

fn point(facts: &mut Facts, change: impl FnOnce(&mut PointInTime)) {
    source(facts, |it| {
        if let Fact::Known(point) = &mut it.point_in_time {
            change(point);
        }
    });
}

fn errors(facts: &Facts) -> BTreeSet<RuleId> {
    check(facts)
        .into_iter()
        .filter(|it| it.severity == Severity::Error)
        .map(|it| it.rule)
        .collect()
}

#[test]
fn forgetting_a_fact_never_makes_an_error() {
    for rule in RULES {
        for facts in [(rule.firing)(), (rule.silent)()] {
            let before = errors(&facts);
            for (name, forget) in FACTS.iter().chain(FIELDS) {
                let mut facts = facts.clone();
                forget(&mut facts);
                let after = errors(&facts);
                assert!(
                    after.is_subset(&before),
                    "{}: without {name} there are {after:?}",
                    rule.id
                );
            }
        }
    }
}
