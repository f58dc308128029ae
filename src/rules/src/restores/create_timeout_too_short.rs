//! DBK-RST-012: a time limit within which even small restores may not finish.

use jiff::SignedDuration;

use crate::examples;
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};

/// Below this, time limits have been seen to run out, in minutes.
const ADVISED_MINUTES: i64 = 30;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-RST-012"),
    name: "create_timeout_too_short",
    also: &[],
    area: Area::Restores,
    severity: Severity::Warning,
    when: When::Static,
    reads: &[],
    title: "Time limit is short for a restore",
    why: "The duration of a restore does not follow from the size of the data: tables of a few items have \
          taken from one to thirteen minutes, and large ones take hours. When the limit runs out the \
          restore goes on in AWS, cannot be cancelled, and is resumed by the next apply.",
    aws_error: None,
    source: "measured on AWS; developer guide, restore",
    firing: || examples::restore(|it| it.create_timeout = Fact::Known(SignedDuration::from_mins(10))),
    silent: || {
        examples::restore(|it| it.create_timeout = Fact::Known(SignedDuration::from_mins(ADVISED_MINUTES)))
    },
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table().filter(|_| facts.is_made()) else {
        return;
    };
    let Fact::Known(timeout) = table.create_timeout else {
        return;
    };
    // A restore into another Region takes longer, and has a rule of its own.
    if timeout < SignedDuration::from_mins(ADVISED_MINUTES) && facts.far_source().is_none() {
        report.add(
            Subject::CreateTimeout,
            format!(
                "timeouts.create is {}. Restores of a few items have taken up to 13 minutes, and larger \
                 ones take hours. When the limit runs out, the restore goes on in AWS, and the next apply \
                 resumes the wait.",
                prose::duration(timeout)
            ),
            "Set timeouts = { create = \"60m\" } or more.",
        );
    }
}
