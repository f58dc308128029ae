//! DBK-VLT-010: a vault that is not usable, or not yet.

use super::report_mendable;
use crate::examples::aws_backup::{observed_vault, recovery_point};
use crate::fact::Fact;
use crate::facts::{Action, Facts, ObservedVault, Stage};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-VLT-010"),
    name: "vault_not_available",
    also: &[],
    area: Area::Vaults,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["backup:DescribeBackupVault"],
    title: "Backup vault is not AVAILABLE",
    why: "Only a vault in the state AVAILABLE takes recovery points. A logically air-gapped vault is CREATING for \
          one to three minutes; one that is FAILED never becomes usable.",
    aws_error: Some("InvalidRequestException; for a plan, jobs FAILED later"),
    source: "AWS Backup API model, VaultState; developer guide, logically air-gapped vaults",
    firing: || in_state("FAILED"),
    silent: || in_state("AVAILABLE"),
    check,
};

/// A recovery point about to be made in a vault of such a state.
fn in_state(state: &str) -> Facts {
    let facts = recovery_point(|it| {
        it.observed.vault = Fact::Known(ObservedVault {
            state: state.into(),
            ..observed_vault()
        });
    });
    Facts {
        stage: Stage::Apply,
        ..facts
    }
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    for used in facts.vault_uses() {
        let Fact::Known(ObservedVault {
            state: Fact::Known(state),
            ..
        }) = used.seen
        else {
            continue;
        };
        if state == "AVAILABLE" || used.planned.is_some() {
            continue;
        }
        let vault = used.words(&facts.caller.account);
        let fix = match state.as_str() {
            "CREATING" => {
                "Wait a few minutes and plan again, or refer to the dynamodb_backup_vault that makes it: its apply \
                 ends when the vault is AVAILABLE."
                    .to_owned()
            }
            "FAILED" => "Make it anew: terraform apply -replace=dynamodb_backup_vault.NAME, or use another vault.".to_owned(),
            _ => format!(
                "Wait until it is AVAILABLE, and see its state with: aws backup describe-backup-vault \
                 --backup-vault-name {}",
                used.name
            ),
        };
        let detail = format!(
            "{} is in the state {state}, and only one that is AVAILABLE can be used.",
            capitalized(&vault)
        );
        report_mendable(facts, &used, report, &detail, fix);
    }
    own_vault(facts, report);
}

/// A vault that is managed and was never made to the end.
fn own_vault(facts: &Facts, report: &mut Report<'_>) {
    let Some(vault) = facts.backup_vault() else { return };
    let stays = matches!(facts.action, Fact::Known(Action::Keep | Action::Update));
    let (Fact::Known(name), Fact::Known(seen)) = (vault.existing_name(), &vault.observed.vault) else {
        return;
    };
    if stays && seen.state.is_known_and(|it| it == "FAILED") {
        report.add_warning(
            Subject::Object,
            format!("AWS could not make the vault {name:?}: it is in the state FAILED, and stays so."),
            "Make it anew: terraform apply -replace=dynamodb_backup_vault.NAME.",
        );
    }
}

fn capitalized(text: &str) -> String {
    text.replacen('t', "T", 1)
}

#[cfg(test)]
mod tests {
    use super::{Action, RULE, in_state};
    use crate::examples::aws_backup::{air_gapped_vault, copy, plan, recovery_point, vault_changed};
    use crate::fact::Fact;
    use crate::facts::{Facts, ObservedVault, PlannedVault, Stage};
    use crate::finding::{Finding, Severity, Subject};
    use crate::syntax::Region;

    fn finding(facts: &Facts) -> Option<Finding> {
        RULE.findings(facts).pop()
    }

    fn creating() -> Fact<ObservedVault> {
        Fact::Known(ObservedVault {
            state: "CREATING".into(),
            ..air_gapped_vault()
        })
    }

    #[test]
    fn each_state_has_its_way_out() {
        let fix = |state| finding(&in_state(state)).map(|it| it.fix);
        assert_eq!(fix("AVAILABLE"), None);
        assert!(
            fix("CREATING")
                .expect("a finding")
                .starts_with("Wait a few minutes")
        );
        assert!(fix("FAILED").expect("a finding").starts_with("Make it anew"));
        assert!(fix("DELETING").expect("a finding").starts_with("Wait until"));
        let found = finding(&in_state("FAILED")).expect("a finding");
        assert!(
            found
                .detail
                .starts_with("The vault \"orders\" is in the state FAILED"),
            "{}",
            found.detail
        );
    }

    #[test]
    fn what_is_being_made_may_be_ready_in_time() {
        let point = recovery_point(|it| it.observed.vault = creating());
        assert_eq!(finding(&point).expect("a finding").severity, Severity::Warning);
        let starting = Facts {
            stage: Stage::Apply,
            ..point.clone()
        };
        assert_eq!(finding(&starting).expect("a finding").severity, Severity::Error);
        let mut made_here = point;
        made_here.neighbours.vaults = vec![PlannedVault {
            region: Region::parse("us-east-1").expect("a Region"),
            name: "orders".to_owned(),
            vault_type: Fact::Unknown,
            lock: Fact::Unknown,
            is_destroyed: false,
        }];
        assert_eq!(finding(&made_here), None);
        let plan = plan(|it| it.observed.vaults = [("orders".to_owned(), creating())].into());
        assert_eq!(finding(&plan).expect("a finding").severity, Severity::Warning);
    }

    #[test]
    fn destinations_and_sources_of_copies_are_judged() {
        let found = finding(&copy(|it| it.observed.destination.vault = creating())).expect("a finding");
        assert_eq!(found.subject, Subject::DestinationVaultArn);
        assert!(
            found
                .detail
                .starts_with("The vault \"orders-copies\" of account 444455556666 is in"),
            "{}",
            found.detail
        );
        let found = finding(&copy(|it| it.observed.source_vault = creating())).expect("a finding");
        assert_eq!(found.subject, Subject::SourceVaultName);
    }

    #[test]
    fn a_vault_that_failed_is_to_be_made_anew() {
        let failed = |action: Action, state: &str| {
            let facts = vault_changed(|it| {
                if let Fact::Known(vault) = &mut it.observed.vault {
                    vault.state = state.into();
                }
            });
            finding(&Facts {
                action: Fact::Known(action),
                ..facts
            })
            .is_some()
        };
        assert!(failed(Action::Keep, "FAILED") && failed(Action::Update, "FAILED"));
        assert!(!failed(Action::Keep, "CREATING"));
        assert!(!failed(Action::Replace, "FAILED") && !failed(Action::Destroy, "FAILED"));
    }
}
