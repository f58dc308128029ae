//! DBK-ARN-020: a role of another account than that in which AWS Backup works.

use crate::examples::aws_backup::{ROLE_ARN, recovery_point};
use crate::fact::Fact;
use crate::facts::{Accepts, Facts};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::RoleArn;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-ARN-020"),
    name: "role_of_another_account",
    also: &[],
    area: Area::CrossAccount,
    severity: Severity::Error,
    when: When::Identity,
    reads: &[],
    title: "Role belongs to another account",
    why: "AWS Backup assumes the role in the account in which the job runs, which is that of the vault. A \
          service cannot borrow the role of another account, also not for a copy into that account.",
    aws_error: Some("InvalidParameterValueException: IAM Role … cannot be assumed by AWS Backup"),
    source: "AWS Backup developer guide, IAM service roles; reported by users",
    firing: || recovery_point(|it| it.role_arn = "arn:aws:iam::444455556666:role/backup".into()),
    silent: || recovery_point(|it| it.role_arn = ROLE_ARN.into()),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let (Fact::Known(caller), true) = (&facts.caller.account, facts.source_matters()) else {
        return;
    };
    for place in facts
        .places()
        .into_iter()
        .filter(|it| it.accepts == Accepts::RoleArn)
    {
        let Ok(role) = RoleArn::parse(place.text) else {
            continue;
        };
        if role.account == *caller {
            continue;
        }
        let own = RoleArn {
            account: caller.clone(),
            partition: facts
                .partition()
                .into_known()
                .unwrap_or_else(|| role.partition.clone()),
            path_and_name: role.path_and_name.clone(),
        };
        report.add(
            place.subject,
            format!(
                "{:?} belongs to account {}, and the job runs in account {caller}. AWS Backup assumes only \
                 roles of the account in which it works.",
                place.text, role.account
            ),
            format!(
                "Give a role of account {caller}, for example {:?}, if there is one of that name.",
                own.to_string()
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{ROLE_ARN, RULE, recovery_point};
    use crate::examples::aws_backup::restore_recovery_point;
    use crate::fact::Fact;
    use crate::facts::{Action, Caller, Facts};

    #[test]
    fn only_a_known_caller_is_compared() {
        let facts =
            recovery_point(|it| it.role_arn = ROLE_ARN.replace("111122223333", "444455556666").into());
        let finding = RULE.findings(&facts).pop().expect("a finding");
        assert!(finding.fix.contains(ROLE_ARN), "{}", finding.fix);
        let unknown = Facts {
            caller: Caller {
                account: Fact::Unknown,
                ..facts.caller.clone()
            },
            ..facts
        };
        assert_eq!(RULE.findings(&unknown), []);
        assert_eq!(
            RULE.findings(&recovery_point(|it| it.role_arn = "backup".into())),
            []
        );
    }

    #[test]
    fn the_role_of_a_restore_that_is_done_is_only_a_record() {
        let facts = restore_recovery_point(|it| {
            if let Fact::Known(source) = &mut it.source {
                source.role_arn = "arn:aws:iam::444455556666:role/backup".into();
            }
        });
        assert_eq!(RULE.findings(&facts).len(), 1);
        let done = Facts {
            action: Fact::Known(Action::Keep),
            ..facts
        };
        assert_eq!(RULE.findings(&done), []);
    }
}
