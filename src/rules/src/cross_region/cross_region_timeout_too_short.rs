//! DBK-XRG-010: a time limit within which even a small restore into another Region may not finish.

use jiff::SignedDuration;

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, ServerSideEncryption};
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};

/// Below this, time limits may run out, in minutes.
const ADVISED_MINUTES: i64 = 60;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-XRG-010"),
    name: "cross_region_timeout_too_short",
    also: &[],
    area: Area::CrossRegion,
    severity: Severity::Warning,
    when: When::Identity,
    reads: &[],
    title: "Time limit is short for a restore into another Region",
    why: "A restore into another Region takes longer than one at home: tables of a few items have taken from four to \
          thirteen minutes, and the data of large ones must be copied across first. When the limit runs out the restore \
          goes on in AWS, cannot be cancelled, and is resumed by the next apply.",
    aws_error: None,
    source: "measured on AWS",
    firing: || abroad(SignedDuration::from_mins(ADVISED_MINUTES - 15)),
    silent: || abroad(SignedDuration::from_mins(ADVISED_MINUTES)),
    check,
};

fn abroad(timeout: SignedDuration) -> Facts {
    examples::restore(|it| {
        it.region = "eu-west-1".into();
        it.server_side_encryption = Fact::Known(ServerSideEncryption {
            enabled: Fact::Known(false),
            ..ServerSideEncryption::unset()
        });
        it.create_timeout = Fact::Known(timeout);
    })
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table().filter(|_| facts.is_made()) else {
        return;
    };
    let (Fact::Known(timeout), Fact::Known(here), Some(source)) =
        (table.create_timeout, facts.region(), facts.far_source())
    else {
        return;
    };
    if timeout < SignedDuration::from_mins(ADVISED_MINUTES) {
        report.add(
            Subject::CreateTimeout,
            format!(
                "timeouts.create is {}, and the data come from {} to {here}. Such restores of a few items have taken up to \
                 13 minutes, and larger ones take hours. When the limit runs out, the restore goes on in AWS, and the next \
                 apply resumes the wait.",
                prose::duration(timeout),
                source.region
            ),
            "Set timeouts = { create = \"3h\" } or more.",
        );
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::{RULE, abroad};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, Object};
    use crate::registry::check;

    fn ids(facts: &Facts) -> Vec<&'static str> {
        check(facts).into_iter().map(|it| it.rule.as_str()).collect()
    }

    #[test]
    fn each_time_limit_is_said_to_be_short_once() {
        assert_eq!(ids(&abroad(SignedDuration::from_mins(10))), ["DBK-XRG-010"]);
        assert_eq!(ids(&abroad(SignedDuration::from_secs(3_599))), ["DBK-XRG-010"]);
        assert_eq!(ids(&abroad(SignedDuration::from_secs(3_600))), [""; 0]);
        let mut at_home = abroad(SignedDuration::from_mins(10));
        if let Object::RestoredTable(it) = &mut at_home.object {
            it.region = Fact::Absent;
        }
        assert_eq!(ids(&at_home), ["DBK-RST-012"]);
    }

    #[test]
    fn only_a_table_that_is_made_is_told() {
        let facts = Facts {
            action: Fact::Known(Action::Update),
            ..abroad(SignedDuration::from_mins(10))
        };
        assert_eq!(RULE.findings(&facts), []);
        let mut not_known = abroad(SignedDuration::ZERO);
        if let Object::RestoredTable(it) = &mut not_known.object {
            it.create_timeout = Fact::Unknown;
        }
        assert_eq!(RULE.findings(&not_known), []);
    }
}
