//! DBK-XRG-003: a restore across Regions with one end in a Region that AWS excludes.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, ServerSideEncryption};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-XRG-003"),
    name: "region_closed_to_restores",
    also: &[],
    area: Area::CrossRegion,
    severity: Severity::Error,
    when: When::Identity,
    reads: &[],
    title: "Region takes no part in restores across Regions",
    why: "AWS documents Hong Kong (ap-east-1) and Bahrain (me-south-1) as excluded from restores across \
          Regions, at either end. Such lists age, so a caller can open a Region again.",
    aws_error: Some("ValidationException"),
    source: "DynamoDB developer guide, point-in-time recovery and CreateBackup",
    firing: || restored_in("me-south-1"),
    silent: || restored_in("me-central-1"),
    check,
};

fn restored_in(region: &str) -> Facts {
    examples::restore(|it| {
        it.region = region.into();
        it.server_side_encryption = Fact::Known(ServerSideEncryption {
            enabled: Fact::Known(false),
            ..ServerSideEncryption::unset()
        });
    })
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let (Some(source), Fact::Known(here)) = (facts.far_source(), facts.region()) else {
        return;
    };
    let ends = [&source.region, &here];
    let Some(closed) = ends
        .into_iter()
        .find(|it| !facts.regions.allows_cross_region_restore(it))
    else {
        return;
    };
    report.add(
        source.subject.clone(),
        format!(
            "The source is in {}, the table is to be restored in {here}, and AWS excludes {closed} from \
             restores across Regions.",
            source.region
        ),
        format!(
            "Restore in {}, where the source is, and export the table from there, or copy a recovery point \
             of AWS Backup to {here}.",
            source.region
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::{BACKUP_ARN, restore};
    use crate::fact::Fact;
    use crate::facts::{Facts, Source};
    use crate::syntax::Region;

    fn from(region: &str, into: &str) -> Facts {
        restore(|it| {
            it.region = into.into();
            it.source = Fact::Known(Source::backup(BACKUP_ARN.replace("us-east-1", region)));
        })
    }

    #[test]
    fn both_ends_count_and_a_restore_at_home_does_not() {
        assert_eq!(RULE.findings(&from("ap-east-1", "us-east-1")).len(), 1);
        assert_eq!(RULE.findings(&from("us-east-1", "ap-east-1")).len(), 1);
        assert_eq!(RULE.findings(&from("ap-east-1", "ap-east-1")).len(), 0);
        assert_eq!(RULE.findings(&from("us-east-1", "eu-west-1")).len(), 0);
    }

    #[test]
    fn a_region_can_be_opened() {
        let mut facts = from("ap-east-1", "us-east-1");
        facts.regions = facts
            .regions
            .with_cross_region_restore(&Region::parse("ap-east-1").expect("a Region"));
        assert_eq!(RULE.findings(&facts).len(), 0);
    }
}
