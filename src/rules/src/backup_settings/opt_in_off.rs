//! DBK-ABS-001: DynamoDB opted out of AWS Backup, so that tables are skipped without a word.

use super::{in_region, is_switched_off};
use crate::examples::aws_backup::{named, plan, region_settings, selection};
use crate::fact::Fact;
use crate::facts::{BackupPlan, Facts, PlannedBackupSettings, RegionSettings, Selection, SelectionTag};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-ABS-001"),
    name: "opt_in_off",
    also: &["DBK-SEL-012"],
    area: Area::BackupSettings,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["backup:DescribeRegionSettings"],
    title: "AWS Backup would skip DynamoDB tables",
    why: "Each account opts kinds of resources in, Region by Region. What a selection finds by tag, by condition \
          or by a wildcard for all kinds of resources is backed up only if its kind is opted in, and otherwise \
          left out: no job, no error, no backup. A selection that names tables of DynamoDB by ARN, with or \
          without wildcards, is not held up by that.",
    aws_error: None,
    source: "AWS Backup API reference, UpdateRegionSettings; developer guide, service opt-in",
    firing: || selecting_by_tag(Fact::Known(false)),
    silent: || selecting_by_tag(Fact::Known(true)),
    check,
};

/// A plan that selects by tag, where DynamoDB is opted in or out.
fn selecting_by_tag(opt_in: Fact<bool>) -> Facts {
    let tag = SelectionTag {
        key: "backup".into(),
        value: "nightly".into(),
    };
    selecting(
        opt_in,
        Selection {
            resources: Fact::Absent,
            tags: Fact::Known(vec![tag]),
            ..selection()
        },
    )
}

/// A plan with one selection, where DynamoDB is opted in or out.
fn selecting(opt_in: Fact<bool>, selection: Selection) -> Facts {
    plan(|it| {
        it.selections = named([("nightly", selection)]);
        it.observed.account.settings = Fact::Known(RegionSettings {
            opt_in,
            ..region_settings()
        });
    })
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    if let Some(plan) = facts.backup_plan().filter(|_| !facts.is_destroyed_for_good()) {
        check_plan(plan, facts, report);
    }
    let Some(settings) = facts.backup_settings() else {
        return;
    };
    let seen = settings
        .observed
        .settings
        .known()
        .map_or(Fact::Unknown, |it| it.opt_in);
    if is_switched_off(settings.opt_in, seen) {
        report.add(
            Subject::OptIn,
            format!(
                "DynamoDB is opted in{place} and is about to be opted out. Backup plans that select tables by tag or \
                 by a wildcard for all kinds of resources then skip them{place} without an error, those of other \
                 configurations, too.",
                place = in_region(facts)
            ),
            "Set opt_in = true, or leave opt_in out, unless no backup plan of the account selects tables in that way.",
        );
    }
}

fn check_plan(plan: &BackupPlan, facts: &Facts, report: &mut Report<'_>) {
    let is_off = plan
        .observed
        .account
        .settings
        .is_known_and(|it| it.opt_in == Fact::Known(false));
    if !is_off || facts.region_switched_on_beside(|it: &PlannedBackupSettings| it.opt_in) {
        return;
    }
    for (name, selection) in plan.selections.known().into_iter().flatten() {
        let Some(how) = how_skipped(selection) else {
            continue;
        };
        report.add(
            Subject::Selection(name.clone()),
            format!(
                "The selection {name:?} finds tables {how}, and DynamoDB is not opted in to AWS Backup{}. AWS takes \
                 the plan all the same and backs up none of them.",
                in_region(facts)
            ),
            format!(
                "Set opt_in = true in a dynamodb_backup_settings of this Region, and have this plan depend on it. Or \
                 select DynamoDB by name, for which the opt-in does not matter: resources = \
                 [\"arn:{}:dynamodb:*:*:table/*\"], with the tags as conditions. By hand: aws backup \
                 update-region-settings{} --resource-type-opt-in-preference DynamoDB=true",
                facts.partition().known().map_or("aws", |it| it.as_str()),
                facts
                    .region()
                    .into_known()
                    .map_or(String::new(), |it| format!(" --region {it}"))
            ),
        );
    }
}

/// How a selection finds tables that the opt-in decides about; nothing where it names tables of DynamoDB, names only
/// other resources, or is not wholly known.
fn how_skipped(selection: &Selection) -> Option<&'static str> {
    let resources = match &selection.resources {
        Fact::Known(resources) => resources.as_slice(),
        Fact::Absent => &[],
        Fact::Unknown => return None,
    };
    if resources.is_empty() {
        return Some("by tags and conditions alone");
    }
    let services: Option<Vec<&str>> = resources
        .iter()
        .map(|it| it.known().map(|arn| service_of(arn)))
        .collect();
    let services = services?;
    let names_tables = services.contains(&"dynamodb");
    (!names_tables && services.contains(&"*")).then_some("by a wildcard for all kinds of resources")
}

/// The service that an ARN or a pattern of one names; `*` for a pattern that ends before it.
fn service_of(pattern: &str) -> &str {
    match pattern.split(':').nth(2) {
        Some(service) => service,
        None if pattern.ends_with('*') => "*",
        None => "",
    }
}

#[cfg(test)]
mod tests {
    use super::{
        BackupPlan, Fact, Facts, PlannedBackupSettings, RULE, Selection, SelectionTag, Subject, named, plan,
        region_settings, selecting, selecting_by_tag, selection,
    };
    use crate::examples::TABLE_ARN;
    use crate::examples::aws_backup::settings;
    use crate::facts::{Action, Object, RegionSettings};
    use crate::syntax::{Partition, Region};

    fn count(facts: &Facts) -> usize {
        RULE.findings(facts).len()
    }

    fn of_resources(resources: &[&str]) -> usize {
        let resources = resources.iter().map(|it| (*it).into()).collect();
        count(&selecting(
            Fact::Known(false),
            Selection {
                resources: Fact::Known(resources),
                ..selection()
            },
        ))
    }

    #[test]
    fn only_selections_that_leave_the_kind_open_are_skipped() {
        assert_eq!(of_resources(&[TABLE_ARN]), 0);
        assert_eq!(of_resources(&["arn:aws:dynamodb:*:*:table/*"]), 0);
        assert_eq!(of_resources(&["*", TABLE_ARN]), 0);
        assert_eq!(of_resources(&["arn:aws:ec2:*:*:volume/*"]), 0);
        assert_eq!(of_resources(&["arn:aws:ec2:*:*:volume/*", "*"]), 1);
        assert_eq!(of_resources(&["arn:aws:*:*:*:*"]), 1);
        assert_eq!(of_resources(&["arn:*"]), 1);
        assert_eq!(of_resources(&["orders"]), 0);
        assert_eq!(of_resources(&[]), 1);
        let of = |resources| {
            count(&selecting(
                Fact::Known(false),
                Selection {
                    resources,
                    ..selection()
                },
            ))
        };
        assert_eq!(of(Fact::Absent), 1);
        assert_eq!(of(Fact::Unknown), 0);
        assert_eq!(of(Fact::Known(vec!["*".into(), Fact::Unknown])), 0);
    }

    #[test]
    fn an_opt_in_that_is_on_or_not_seen_skips_nothing() {
        for opt_in in [Fact::Known(true), Fact::Absent, Fact::Unknown] {
            assert_eq!(count(&selecting_by_tag(opt_in)), 0);
        }
        let unseen = plan(|it| {
            it.selections = named([(
                "nightly",
                Selection {
                    resources: Fact::Absent,
                    ..selection()
                },
            )]);
            it.observed.account.settings = Fact::Unknown;
        });
        assert_eq!(count(&unseen), 0);
    }

    #[test]
    fn each_selection_is_pointed_at_and_told_how() {
        let mut facts = selecting_by_tag(Fact::Known(false));
        let Object::BackupPlan(plan) = &mut facts.object else {
            panic!("a plan")
        };
        let BackupPlan { selections, .. } = &mut **plan;
        *selections = named([
            (
                "all",
                Selection {
                    resources: Fact::Known(vec!["*".into()]),
                    ..selection()
                },
            ),
            ("named", selection()),
            (
                "tagged",
                Selection {
                    resources: Fact::Absent,
                    tags: Fact::Known(vec![SelectionTag::default()]),
                    ..selection()
                },
            ),
        ]);
        let found = RULE.findings(&facts);
        let subjects: Vec<_> = found.iter().map(|it| it.subject.clone()).collect();
        assert_eq!(
            subjects,
            ["all", "tagged"].map(|it| Subject::Selection(it.to_owned()))
        );
        assert!(found[0].detail.contains("by a wildcard"), "{}", found[0].detail);
        assert!(found[1].detail.contains("by tags"), "{}", found[1].detail);
        assert!(found[1].detail.contains(" in us-east-1."), "{}", found[1].detail);
        assert!(found[1].fix.contains("--region us-east-1 "), "{}", found[1].fix);
        let fix_in = |partition: Fact<Partition>| {
            let mut facts = facts.clone();
            facts.caller.partition = partition;
            RULE.findings(&facts)[0].fix.clone()
        };
        let china = fix_in(Partition::parse("aws-cn").map_or(Fact::Unknown, Fact::Known));
        assert!(china.contains("\"arn:aws-cn:dynamodb:"), "{china}");
        assert!(found[1].fix.contains("\"arn:aws:dynamodb:"), "{}", found[1].fix);
        facts.action = Fact::Known(Action::Destroy);
        assert_eq!(count(&facts), 0);
    }

    #[test]
    fn what_the_same_plan_opts_in_is_not_skipped() {
        let beside = |region: &str, opt_in, advanced_features| {
            let mut facts = selecting_by_tag(Fact::Known(false));
            facts.neighbours.settings.push(PlannedBackupSettings {
                region: Region::parse(region).expect("a Region"),
                opt_in,
                advanced_features,
                cross_account_backup: Fact::Absent,
            });
            count(&facts)
        };
        assert_eq!(beside("us-east-1", Fact::Known(true), Fact::Absent), 0);
        assert_eq!(beside("us-east-1", Fact::Unknown, Fact::Absent), 0);
        assert_eq!(beside("us-east-1", Fact::Known(false), Fact::Absent), 1);
        assert_eq!(beside("us-east-1", Fact::Absent, Fact::Known(true)), 1);
        assert_eq!(beside("eu-west-1", Fact::Known(true), Fact::Absent), 1);
    }

    #[test]
    fn switching_off_what_is_on_is_told() {
        let of = |wanted: Fact<bool>, seen: Fact<bool>| {
            count(&settings(|it| {
                it.opt_in = wanted;
                it.observed.settings = Fact::Known(RegionSettings {
                    opt_in: seen,
                    ..region_settings()
                });
            }))
        };
        let (on, off) = (Fact::Known(true), Fact::Known(false));
        assert_eq!(of(off, on), 1);
        for (wanted, seen) in [
            (off, off),
            (on, on),
            (on, off),
            (off, Fact::Unknown),
            (off, Fact::Absent),
            (Fact::Absent, on),
            (Fact::Unknown, on),
        ] {
            assert_eq!(of(wanted, seen), 0, "{wanted:?} {seen:?}");
        }
        let unseen = settings(|it| {
            it.opt_in = Fact::Known(false);
            it.observed.settings = Fact::Unknown;
        });
        assert_eq!(count(&unseen), 0);
        // What is put back on destroy counts like what is set.
        let put_back = Facts {
            action: Fact::Known(Action::Destroy),
            ..settings(|it| it.opt_in = Fact::Known(false))
        };
        assert_eq!(count(&put_back), 1);
    }
}
