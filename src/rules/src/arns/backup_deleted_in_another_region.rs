//! DBK-ARN-012: the deletion of a backup through the endpoint of another Region.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, PriorBackup};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::BackupArn;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-ARN-012"),
    name: "backup_deleted_in_another_region",
    also: &[],
    area: Area::Arns,
    severity: Severity::Error,
    when: When::Identity,
    reads: &[],
    title: "Backup would be deleted in another Region than its own",
    why: "DeleteBackup does not look at the Region inside the ARN: it deletes the backup with that id in \
          the Region of the endpoint. With a wrong Region in the ARN or in the configuration, the wrong \
          backup is gone for good.",
    aws_error: None,
    source: "measured on AWS",
    firing: || {
        examples::backup_destroyed(|it| {
            it.retain_on_destroy = Fact::Known(false);
            it.region = "eu-west-1".into();
            // What AWS says is left unknown, or the deletion itself would also be reported.
            it.backup = Fact::Unknown;
        })
    },
    silent: || examples::backup_destroyed(|it| it.region = "us-east-1".into()),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(backup) = facts.backup() else { return };
    let deletes =
        facts.is_destroyed() && matches!(backup.retain_on_destroy, Fact::Known(false) | Fact::Absent);
    let (
        true,
        Fact::Known(PriorBackup {
            arn: Fact::Known(text),
            ..
        }),
    ) = (deletes, &backup.prior)
    else {
        return;
    };
    let (Ok(arn), Fact::Known(here)) = (BackupArn::parse(text), facts.region()) else {
        return;
    };
    let there = &arn.table_arn.region;
    if *there != here {
        report.add(
            Subject::Region,
            format!(
                "The backup {text:?} is in {there}, and the deletion would be sent to {here}. DynamoDB does \
                 not compare the two: it deletes whatever backup has this id in {here}, at once and for \
                 good.",
            ),
            format!(
                "Set region = \"{there}\" on this object, or keep the backup with retain_on_destroy = \
                     true."
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::backup_destroyed;
    use crate::fact::Fact;
    use crate::facts::{Action, Facts};

    #[test]
    fn only_a_deletion_is_dangerous() {
        let of = |retain: Fact<bool>, action: Action| {
            let facts = backup_destroyed(|it| {
                it.region = "eu-west-1".into();
                it.retain_on_destroy = retain;
            });
            RULE.findings(&Facts {
                action: Fact::Known(action),
                ..facts
            })
            .len()
        };
        assert_eq!(of(Fact::Known(false), Action::Destroy), 1);
        assert_eq!(of(Fact::Absent, Action::Replace), 1);
        assert_eq!(of(Fact::Known(true), Action::Destroy), 0);
        assert_eq!(of(Fact::Known(false), Action::Keep), 0);
    }
}
