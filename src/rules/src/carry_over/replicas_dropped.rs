//! DBK-CAR-014: replicas of the source that the restored table does not have.

use crate::carry_over::dropped::restore_of_table;
use crate::fact::Fact;
use crate::facts::{Facts, ObservedReplica, ObservedTable};
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::Region;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CAR-014"),
    name: "replicas_dropped",
    also: &["DBK-GTB-002"],
    area: Area::CarryOver,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["dynamodb:DescribeTable"],
    title: "Restored table will have no replicas",
    why: "Restoring a table of a global table makes an independent table in one Region. The replicas of the source neither \
          see the restored data nor become replicas of the new table.",
    aws_error: None,
    source: "DynamoDB developer guide, restore and global tables",
    firing: || {
        restore_of_table(|it| {
            it.replicas = replicas(&[
                ("eu-west-1", Fact::Known(true)),
                ("ap-northeast-1", Fact::Known(false)),
            ]);
        })
    },
    silent: || restore_of_table(|it| it.replicas = Fact::Known(Vec::new())),
    check,
};

fn replicas(regions: &[(&str, Fact<bool>)]) -> Fact<Vec<ObservedReplica>> {
    let replica = |(region, recovery_enabled): &(&str, Fact<bool>)| {
        Some(ObservedReplica {
            region: Region::parse(region).ok()?,
            recovery_enabled: *recovery_enabled,
        })
    };
    Fact::Known(regions.iter().filter_map(replica).collect())
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let table = facts.restored_table().filter(|_| facts.is_made());
    let source = table.and_then(|it| it.live_source());
    let Some(ObservedTable {
        replicas: Fact::Known(replicas),
        ..
    }) = source
    else {
        return;
    };
    if replicas.is_empty() {
        return;
    }
    let regions = |chosen: &dyn Fn(&ObservedReplica) -> bool| {
        let regions: Vec<&str> = replicas
            .iter()
            .filter(|it| chosen(it))
            .map(|it| it.region.as_str())
            .collect();
        prose::list(&regions, "and")
    };
    let here = facts
        .region()
        .into_known()
        .map_or("one Region".to_owned(), |it| format!("{it} alone"));
    let recoverable = regions(&|it| it.recovery_enabled == Fact::Known(true));
    let recovery = if recoverable.is_empty() {
        "Point-in-time recovery is switched on in each Region separately.".to_owned()
    } else {
        format!(
            "Point-in-time recovery, which is on in {recoverable}, is switched on in each Region separately: set \
             point_in_time_recovery = true there."
        )
    };
    report.add(
        Subject::Object,
        format!(
            "The source is a global table with replicas in {}. A restore makes a table in {here}: the replicas keep the \
             data that they have, and none of them belongs to the new table.",
            regions(&|_| true)
        ),
        format!(
            "When the new table is right, add replicas to it with the resource aws_dynamodb_table_replica, one in each \
             Region; for that it needs stream = {{ view_type = \"NEW_AND_OLD_IMAGES\" }}. {recovery}"
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::{RULE, replicas};
    use crate::carry_over::dropped::restore_of_table;
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, ObservedReplica, ObservedTable};

    fn texts(facts: &Facts) -> Vec<String> {
        let found = RULE.findings(facts);
        found
            .into_iter()
            .map(|it| format!("{} {}", it.detail, it.fix))
            .collect()
    }

    fn source(replicas: Fact<Vec<ObservedReplica>>) -> Facts {
        restore_of_table(|it| it.replicas = replicas)
    }

    #[test]
    fn the_regions_are_named_and_those_with_recovery_apart() {
        let known = texts(&source(replicas(&[
            ("eu-west-1", Fact::Known(true)),
            ("eu-west-2", Fact::Known(false)),
            ("eu-west-3", Fact::Unknown),
        ])))
        .join("");
        assert!(
            known.contains("replicas in eu-west-1, eu-west-2 and eu-west-3. A restore"),
            "{known}"
        );
        assert!(known.contains("in us-east-1 alone"), "{known}");
        assert!(known.contains("which is on in eu-west-1, is"), "{known}");
        let off = texts(&source(replicas(&[("eu-west-1", Fact::Unknown)]))).join("");
        assert!(
            off.contains("Point-in-time recovery is switched on in each Region"),
            "{off}"
        );
        let nowhere = Facts {
            caller: crate::facts::Caller::default(),
            ..source(replicas(&[("eu-west-1", Fact::Unknown)]))
        };
        assert!(texts(&nowhere).join("").contains("a table in one Region:"));
    }

    #[test]
    fn only_a_source_that_certainly_has_replicas_is_told() {
        assert_eq!(texts(&source(Fact::Known(Vec::new()))), [""; 0]);
        assert_eq!(texts(&source(Fact::Absent)), [""; 0]);
        assert_eq!(texts(&source(Fact::Unknown)), [""; 0]);
        let some = || replicas(&[("eu-west-1", Fact::Unknown)]);
        assert_eq!(texts(&source(some())).len(), 1);
        let another = restore_of_table(|it| {
            *it = ObservedTable {
                table_id: "another".into(),
                replicas: some(),
                ..it.clone()
            };
        });
        assert_eq!(texts(&another), [""; 0]);
        let changed = Facts {
            action: Fact::Known(Action::Update),
            ..source(some())
        };
        assert_eq!(texts(&changed), [""; 0]);
    }
}
