//! DBK-PLN-012: a change or a deletion of a plan that a backup policy of the organization made.

use crate::examples::aws_backup::plan_changed;
use crate::fact::Fact;
use crate::facts::{Action, BackupPlan, Facts};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::{Arn, Resource};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-PLN-012"),
    name: "organization_plan_changed",
    also: &[],
    area: Area::Plans,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Backup plan belongs to the organization",
    why: "Backup policies of AWS Organizations make plans in the member accounts, and keep them as the policy says. \
          Their ARNs have orgs/ before the id. The account itself can neither change nor delete them.",
    aws_error: Some("InvalidRequestException, or AccessDeniedException"),
    source: "AWS Backup developer guide, backup policies",
    // A plan that can only go: what its configuration says does not matter.
    firing: || Facts {
        action: Fact::Known(Action::Destroy),
        ..plan_changed(of_organization)
    },
    silent: || plan_changed(|_| ()),
    check,
};

const PLAN_ARN: &str =
    "arn:aws:backup:us-east-1:111122223333:backup-plan:orgs/e4548665-3dfc-36a2-92ab-9a6477109903";

fn of_organization(plan: &mut BackupPlan) {
    if let Fact::Known(prior) = &mut plan.prior {
        prior.arn = PLAN_ARN.into();
    }
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let verb = match facts.action {
        Fact::Known(Action::Update) => "changed",
        Fact::Known(Action::Destroy | Action::Replace) => "deleted",
        _ => return,
    };
    let prior = facts.backup_plan().and_then(|it| it.prior.known());
    let Some(Fact::Known(text)) = prior.map(|it| &it.arn) else {
        return;
    };
    let is_of_organization = Arn::parse(text)
        .is_ok_and(|it| matches!(it.resource, Resource::BackupPlan(id) if id.starts_with("orgs/")));
    if is_of_organization {
        report.add(
            Subject::Object,
            format!(
                "The plan {text} was made by a backup policy of the organization, and cannot be {verb} in this \
                 account."
            ),
            "Change the policy in the management account, or where backup policies are delegated to. To let go of the \
             plan here: terraform state rm.",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, of_organization, plan_changed};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts};

    fn said(action: Fact<Action>, facts: Facts) -> Option<String> {
        let found = RULE.findings(&Facts { action, ..facts });
        found.into_iter().map(|it| it.detail).next()
    }

    #[test]
    fn nothing_may_be_done_to_it_but_to_look() {
        let of = |action| said(action, plan_changed(of_organization));
        for (action, words) in [
            (Action::Update, "cannot be changed"),
            (Action::Destroy, "cannot be deleted"),
            (Action::Replace, "cannot be deleted"),
        ] {
            let text = of(Fact::Known(action)).expect("a finding");
            assert!(text.contains(words), "{text}");
        }
        assert_eq!(of(Fact::Known(Action::Keep)), None);
        assert_eq!(of(Fact::Known(Action::Create)), None);
        assert_eq!(of(Fact::Unknown), None);
    }

    #[test]
    fn only_the_arn_tells() {
        let with = |arn: Fact<String>| {
            said(
                Fact::Known(Action::Destroy),
                plan_changed(|it| {
                    if let Fact::Known(prior) = &mut it.prior {
                        prior.arn = arn;
                    }
                }),
            )
        };
        assert_eq!(with(Fact::Unknown), None);
        assert_eq!(with("orgs/plan".into()), None);
        assert_eq!(
            with("arn:aws:backup:us-east-1:111122223333:backup-vault:orgs".into()),
            None
        );
        let unrecorded = plan_changed(|it| it.prior = Fact::Unknown);
        assert_eq!(said(Fact::Known(Action::Destroy), unrecorded), None);
    }
}
