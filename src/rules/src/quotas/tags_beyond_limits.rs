//! DBK-QTA-006: tags that are too many, too long, or reserved, of tables and of the objects of AWS Backup.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, Object};
use crate::finding::{Report, Severity, Subject};
use crate::limits::{TAG_KEY_LENGTH_MAX, TAG_VALUE_LENGTH_MAX, TAGS_MAX};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-QTA-006"),
    name: "tags_beyond_limits",
    also: &["DBK-TAG-001"],
    area: Area::Quotas,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Tag is not valid",
    why: "A resource has at most 50 tags, with keys of 1 to 128 characters and values of at most 256. Keys \
          that begin with \"aws:\" are reserved for AWS. Tags are set after a restore, so a refused one \
          would leave a table without tags; a refused one of a backup plan's rule fails its jobs.",
    aws_error: Some("ValidationException, InvalidParameterValueException or LimitExceededException"),
    source: "DynamoDB API model, Tag; AWS Backup API reference, TagResource; developer guides, quotas",
    firing: || examples::restore(|it| it.tags = tags("aws:team")),
    silent: || examples::restore(|it| it.tags = tags("team")),
    check,
};

fn tags(key: &str) -> Fact<std::collections::BTreeMap<String, Fact<String>>> {
    Fact::Known([(key.to_owned(), Fact::from("orders"))].into())
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    if facts.is_destroyed_for_good() {
        return;
    }
    let (what, tags) = match &facts.object {
        Object::RestoredTable(it) => ("table", &it.tags),
        Object::BackupVault(it) => ("backup vault", &it.tags),
        Object::BackupPlan(it) => {
            for (name, rule) in it.rules.known().into_iter().flatten() {
                // How many a rule may give is less, and has a rule of its own.
                if let Fact::Known(tags) = &rule.recovery_point_tags {
                    let subject = |_: &str| Subject::RecoveryPointTags(name.clone());
                    tags.iter()
                        .for_each(|(key, value)| judge(subject, key, value, report));
                }
            }
            ("backup plan", &it.tags)
        }
        Object::RecoveryPoint(it) => ("recovery point", &it.tags),
        Object::Backup(_)
        | Object::PointInTimeRecovery(_)
        | Object::BackupSettings(_)
        | Object::RecoveryPointCopy(_) => return,
    };
    let Fact::Known(tags) = tags else { return };
    if tags.len() > TAGS_MAX {
        report.add(
            Subject::Tags,
            format!(
                "tags has {} keys, and a {what} takes {TAGS_MAX} at most.",
                tags.len()
            ),
            format!("Remove {} of them.", tags.len() - TAGS_MAX),
        );
    }
    for (key, value) in tags {
        judge(|key| Subject::Tag(key.to_owned()), key, value, report);
    }
}

/// Judges one tag.
fn judge(subject: impl Fn(&str) -> Subject, key: &str, value: &Fact<String>, report: &mut Report<'_>) {
    let subject = subject(key);
    let length = key.chars().count();
    if length == 0 {
        report.add(
            subject.clone(),
            "A tag has an empty key.",
            "Give it a key of 1 to 128 characters.",
        );
    } else if length > TAG_KEY_LENGTH_MAX {
        report.add(
            subject.clone(),
            format!("The key {key:?} has {length} characters, and AWS takes {TAG_KEY_LENGTH_MAX} at most."),
            format!("Shorten it by {}.", length - TAG_KEY_LENGTH_MAX),
        );
    } else if key.get(..4).is_some_and(|it| it.eq_ignore_ascii_case("aws:")) {
        report.add(
            subject.clone(),
            format!("The key {key:?} begins with \"aws:\", which is reserved for AWS."),
            format!(
                "Use another key, for example {:?}.",
                key.get(4..).filter(|it| !it.is_empty()).unwrap_or("team")
            ),
        );
    }
    let Fact::Known(value) = value else { return };
    let length = value.chars().count();
    if length > TAG_VALUE_LENGTH_MAX {
        report.add(
            subject,
            format!(
                "The value of {key:?} has {length} characters, and AWS takes {TAG_VALUE_LENGTH_MAX} at most."
            ),
            format!("Shorten it by {}.", length - TAG_VALUE_LENGTH_MAX),
        );
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::RULE;
    use crate::examples::aws_backup::{named, plan, recovery_point, rule, vault};
    use crate::examples::{backup, restore};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, PlanRule};
    use crate::finding::Subject;

    fn count(tags: BTreeMap<String, Fact<String>>) -> usize {
        RULE.findings(&restore(|it| it.tags = Fact::Known(tags))).len()
    }

    fn one(key: &str, value: &str) -> usize {
        count([(key.to_owned(), value.into())].into())
    }

    #[test]
    fn each_limit_is_exact() {
        let many = |number: usize| (0..number).map(|it| (it.to_string(), Fact::Unknown)).collect();
        assert_eq!((count(many(50)), count(many(51))), (0, 1));
        assert_eq!((one(&"ä".repeat(128), ""), one(&"ä".repeat(129), "")), (0, 1));
        assert_eq!((one("k", &"ä".repeat(256)), one("k", &"ä".repeat(257))), (0, 1));
        assert_eq!(
            (
                one("", "v"),
                one("aws", "v"),
                one("AWS:x", "v"),
                one("ääaws:", "v")
            ),
            (1, 0, 1, 0)
        );
    }

    #[test]
    fn the_fix_says_by_how_much() {
        let fix = |tags: BTreeMap<String, Fact<String>>| {
            let findings = RULE.findings(&restore(|it| it.tags = Fact::Known(tags)));
            findings.into_iter().map(|it| it.fix).collect::<Vec<_>>()
        };
        let one = |key: &str, value: &str| fix([(key.to_owned(), value.into())].into());
        assert_eq!(
            fix((0..53).map(|it| (it.to_string(), Fact::Unknown)).collect()),
            ["Remove 3 of them."]
        );
        assert_eq!(one(&"k".repeat(130), ""), ["Shorten it by 2."]);
        assert_eq!(one("k", &"v".repeat(260)), ["Shorten it by 4."]);
        assert_eq!(one("aws:team", "v"), ["Use another key, for example \"team\"."]);
        assert_eq!(one("aws:", "v"), ["Use another key, for example \"team\"."]);
        assert_eq!(one("aws:cost", "v"), ["Use another key, for example \"cost\"."]);
        // Both halves of a tag may be at fault.
        assert_eq!(one("aws:x", &"v".repeat(257)).len(), 2);
    }

    #[test]
    fn the_objects_of_aws_backup_have_the_same_limits() {
        let many = || Fact::Known((0..51).map(|it| (it.to_string(), Fact::Unknown)).collect());
        for (facts, what) in [
            (vault(|it| it.tags = many()), "a backup vault takes 50"),
            (plan(|it| it.tags = many()), "a backup plan takes 50"),
            (recovery_point(|it| it.tags = many()), "a recovery point takes 50"),
        ] {
            let findings = RULE.findings(&facts);
            assert!(findings[0].detail.contains(what), "{}", findings[0].detail);
            let destroyed = Facts {
                action: Fact::Known(Action::Destroy),
                ..facts
            };
            assert_eq!(RULE.findings(&destroyed).len(), 0);
        }
        assert_eq!(RULE.findings(&backup(|_| ())).len(), 0);
    }

    #[test]
    fn the_tags_that_a_rule_gives_are_judged_one_by_one() {
        let facts = plan(|it| {
            it.rules = named([(
                "daily",
                PlanRule {
                    recovery_point_tags: named([
                        ("aws:team", Fact::from("orders")),
                        ("team", "orders".into()),
                    ]),
                    ..rule()
                },
            )]);
        });
        let findings = RULE.findings(&facts);
        assert_eq!(findings.len(), 1);
        assert_eq!(
            findings[0].subject,
            Subject::RecoveryPointTags("daily".to_owned())
        );
    }
}
