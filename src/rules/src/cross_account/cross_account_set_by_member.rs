//! DBK-XAC-005: cross-account backup switched by an account that does not manage the organization.

use crate::examples::aws_backup::{organization, settings};
use crate::fact::Fact;
use crate::facts::{BackupSettings, Facts, Organization};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-XAC-005"),
    name: "cross_account_set_by_member",
    also: &[],
    area: Area::CrossAccount,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["organizations:DescribeOrganization"],
    title: "Cross-account backup is set outside the management account",
    why: "Cross-account backup is one switch for the whole organization, and only the management account may \
          touch it. An account without an organization cannot even read it.",
    aws_error: Some("InvalidRequestException"),
    source: "AWS Backup API reference, UpdateGlobalSettings",
    firing: || settings(|it| it.cross_account_backup = Fact::Known(true)),
    silent: || {
        settings(|it| {
            it.cross_account_backup = Fact::Known(true);
            manage(it);
        })
    },
    check,
};

/// Lets the account of the examples manage the organization.
fn manage(it: &mut BackupSettings) {
    let account = crate::syntax::AccountId::parse("111122223333");
    it.observed.organization = Fact::Known(Organization {
        management_account: account.map_or(Fact::Unknown, Fact::Known),
        ..organization()
    });
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(settings) = facts.backup_settings().filter(|_| !facts.is_destroyed_for_good()) else {
        return;
    };
    let Fact::Known(wanted) = settings.cross_account_backup else {
        return;
    };
    let (reason, fix) = match (&settings.observed.organization, &facts.caller.account) {
        (Fact::Absent, _) => (
            "this account is in no organization, so that there are no other accounts to copy to".to_owned(),
            "Remove cross_account_backup, or let the account join an organization first.".to_owned(),
        ),
        (Fact::Known(organization), Fact::Known(caller)) => match &organization.management_account {
            Fact::Known(manager) if manager != caller => (
                format!(
                    "you work in account {caller}, and only the management account {manager} may touch that \
                     switch of the organization"
                ),
                format!(
                    "Remove cross_account_backup here, and give it in a dynamodb_backup_settings of account \
                     {manager}, or run there: aws backup update-global-settings --global-settings \
                     isCrossAccountBackupEnabled={wanted}"
                ),
            ),
            _ => return,
        },
        _ => return,
    };
    report.add(
        Subject::CrossAccountBackup,
        format!("cross_account_backup is given, but {reason}."),
        fix,
    );
}

#[cfg(test)]
mod tests {
    use super::{RULE, manage, organization, settings};
    use crate::fact::Fact;
    use crate::facts::{Action, BackupSettings, Caller, Facts, Organization};

    fn given(change: impl FnOnce(&mut BackupSettings)) -> Facts {
        settings(|it| {
            it.cross_account_backup = Fact::Known(false);
            change(it);
        })
    }

    fn count(facts: &Facts) -> usize {
        RULE.findings(facts).len()
    }

    #[test]
    fn only_the_management_account_may() {
        assert_eq!(count(&given(|_| ())), 1);
        assert!(RULE.findings(&given(|_| ()))[0].fix.ends_with("Enabled=false"));
        assert_eq!(count(&given(manage)), 0);
        assert_eq!(count(&given(|it| it.observed.organization = Fact::Absent)), 1);
        assert_eq!(count(&given(|it| it.observed.organization = Fact::Unknown)), 0);
        let unknown = Organization {
            management_account: Fact::Unknown,
            ..organization()
        };
        assert_eq!(
            count(&given(|it| it.observed.organization = Fact::Known(unknown))),
            0
        );
    }

    #[test]
    fn what_is_not_given_or_not_known_is_left_alone() {
        assert_eq!(count(&given(|it| it.cross_account_backup = Fact::Absent)), 0);
        assert_eq!(count(&given(|it| it.cross_account_backup = Fact::Unknown)), 0);
        let facts = given(|_| ());
        let stranger = Facts {
            caller: Caller::default(),
            ..facts.clone()
        };
        assert_eq!(count(&stranger), 0);
        let destroyed = Facts {
            action: Fact::Known(Action::Destroy),
            ..facts
        };
        assert_eq!(count(&destroyed), 0);
    }
}
