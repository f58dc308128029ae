//! DBK-BKP-009: the replacement of a backup that stays in AWS, and that nothing deletes any more.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Action, Facts};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-BKP-009"),
    name: "retained_backup_left_behind",
    also: &[],
    area: Area::Backups,
    severity: Severity::Warning,
    when: When::Static,
    reads: &[],
    title: "Replaced backup stays in AWS, and nothing deletes it",
    why: "DynamoDB keeps any number of on-demand backups, and none of them expires. Where each change of triggers \
          takes a new one and retain_on_destroy keeps the old one, they grow in number and in cost for ever.",
    aws_error: None,
    source: "DynamoDB developer guide, on-demand backups and quotas",
    firing: || replaced(true),
    silent: || {
        let mut facts = replaced(false);
        // Whether the deletion loses anything is another rule's question.
        if let crate::facts::Object::Backup(it) = &mut facts.object {
            it.backup = Fact::Unknown;
        }
        facts
    },
    check,
};

fn replaced(retain_on_destroy: bool) -> Facts {
    Facts {
        action: Fact::Known(Action::Replace),
        ..examples::backup_destroyed(|it| it.retain_on_destroy = Fact::Known(retain_on_destroy))
    }
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(backup) = facts.backup() else { return };
    let stays = backup.retain_on_destroy == Fact::Known(true);
    if facts.action != Fact::Known(Action::Replace) || !stays {
        return;
    }
    let Some(arn) = super::prior_arn(backup) else {
        return;
    };
    report.add(
        Subject::RetainOnDestroy,
        format!(
            "retain_on_destroy is true: {arn} stays in AWS when the new backup is taken, and is no longer in \
             Terraform's state. On-demand backups do not expire, so each replacement leaves one more."
        ),
        format!(
            "If it is to go one day, note its ARN, and then: aws dynamodb delete-backup --backup-arn {arn}"
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::{RULE, replaced};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts};

    #[test]
    fn only_a_replacement_that_keeps_the_old_one_leaves_it_behind() {
        assert_eq!(RULE.findings(&replaced(true)).len(), 1);
        assert!(RULE.findings(&replaced(false)).is_empty());
        for action in [Action::Create, Action::Destroy, Action::Keep, Action::Update] {
            let facts = Facts {
                action: Fact::Known(action),
                ..replaced(true)
            };
            assert!(RULE.findings(&facts).is_empty(), "{action:?}");
        }
    }
}
