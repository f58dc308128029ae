//! DBK-LAG-005: a vault that a rule of a plan cannot fill in the way it is named.

use super::{SAFE_ARN, filling};
use crate::fact::Fact;
use crate::facts::{BackupPlan, Facts, VaultRole, VaultType, VaultUse};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::VaultArn;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-LAG-005"),
    name: "air_gapped_target_unsuitable",
    also: &[],
    area: Area::AirGappedVaults,
    severity: Severity::Error,
    when: When::Identity,
    reads: &[],
    title: "Vault cannot be filled as it is named here",
    why: "target_logically_air_gapped_vault_arn takes a logically air-gapped vault of the account and the Region of the \
          plan; into any other a copy action leads. target_vault_name and vault_name take vaults of the ordinary kind: \
          that one of them names a logically air-gapped vault is a warning.",
    aws_error: Some("InvalidParameterValueException"),
    source: "AWS Backup API reference, BackupRuleInput; developer guide, primary backups to logically air-gapped vaults",
    firing: || filling(&SAFE_ARN.replace("us-east-1", "eu-west-1"), forget),
    silent: || filling(SAFE_ARN, |_| ()),
    check,
};

/// Leaves out what was seen of the vault that is not named.
fn forget(plan: &mut BackupPlan) {
    plan.observed.vaults.remove("safe");
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    for used in facts.vault_uses() {
        match used.role {
            VaultRole::AirGappedTarget => air_gapped(facts, &used, report),
            VaultRole::Target | VaultRole::Bypassed
                if used.vault_type() == Fact::Known(VaultType::LogicallyAirGapped) =>
            {
                by_name(facts, &used, report);
            }
            _ => {}
        }
    }
}

/// A vault that is given as a logically air-gapped one.
fn air_gapped(facts: &Facts, used: &VaultUse<'_>, report: &mut Report<'_>) {
    let caller = facts.caller.account.known();
    let here = facts.region().into_known();
    let (account, region) = (used.account.known(), used.region.known());
    // A Region of another partition is reported as such, and so is an ARN that mixes them.
    let is_of_partition = region.is_some_and(|region| {
        facts
            .partition()
            .known()
            .is_some_and(|it| facts.regions.partition_of(region).as_ref() == Some(it))
    });
    let place = match (account, caller, region, &here) {
        (Some(account), Some(caller), _, _) if account != caller => Some(format!(
            "is of account {account}, and the plan is of account {caller}"
        )),
        (_, _, Some(region), Some(here)) if region != here && is_of_partition => {
            Some(format!("is in {region}, and the plan is in {here}"))
        }
        _ => None,
    };
    let name = &used.name;
    if let Some(place) = place {
        let arn = facts
            .backup_plan()
            .and_then(|it| arn_of(it, used))
            .unwrap_or_else(|| "VAULT_ARN".to_owned());
        report.add(
            used.subject.clone(),
            format!(
                "The vault {name:?} {place}. A rule backs up only into vaults of its own account and Region."
            ),
            format!("Back up here and copy there: copy_actions = [{{ destination_vault_arn = {arn:?} }}]."),
        );
    } else if used.vault_type() == Fact::Known(VaultType::Standard) {
        report.add(
            used.subject.clone(),
            format!(
                "The vault {name:?} is not logically air-gapped: it has the type {}.",
                VaultType::Standard
            ),
            format!(
                "Write target_vault_name = {name:?}, and leave target_logically_air_gapped_vault_arn out."
            ),
        );
    }
}

/// The ARN that a use was read from, as written.
fn arn_of(plan: &BackupPlan, used: &VaultUse<'_>) -> Option<String> {
    let rules = plan.rules.known()?;
    let texts = rules
        .values()
        .filter_map(|rule| rule.target_logically_air_gapped_vault_arn.known());
    texts
        .filter_map(|text| VaultArn::parse(text).ok())
        .find(|arn| {
            arn.vault.as_str() == used.name
                && used.account.is_known_and(|it| *it == arn.account)
                && used.region.is_known_and(|it| *it == arn.region)
        })
        .map(|arn| arn.to_string())
}

/// A logically air-gapped vault that is given by name.
fn by_name(facts: &Facts, used: &VaultUse<'_>, report: &mut Report<'_>) {
    let name = &used.name;
    let fix = if used.repeats {
        let arn = match (facts.partition(), facts.region(), &facts.caller.account) {
            (Fact::Known(partition), Fact::Known(region), Fact::Known(account)) => {
                format!("arn:{partition}:backup:{region}:{account}:backup-vault:{name}")
            }
            _ => "VAULT_ARN".to_owned(),
        };
        format!(
            "Give it by its ARN, target_logically_air_gapped_vault_arn = {arn:?}, and name a vault of the ordinary kind \
             besides, which is used where it cannot be."
        )
    } else {
        "Back up into a vault of the ordinary kind, and copy from there with a dynamodb_recovery_point_copy."
            .to_owned()
    };
    report.add_warning(
        used.subject.clone(),
        format!(
            "The vault {name:?} is logically air-gapped, and AWS Backup documents this argument for vaults of the \
             ordinary kind."
        ),
        fix,
    );
}

#[cfg(test)]
mod tests {
    use super::{RULE, SAFE_ARN, filling, forget};
    use crate::examples::aws_backup::{air_gapped_vault, observed_vault, plan, recovery_point};
    use crate::fact::Fact;
    use crate::facts::{Caller, Facts};
    use crate::finding::{Finding, Severity, Subject};

    fn finding(facts: &Facts) -> Option<Finding> {
        RULE.findings(facts).pop()
    }

    #[test]
    fn it_is_of_the_account_and_the_region_of_the_plan() {
        let with = |from: &str, to: &str| finding(&filling(&SAFE_ARN.replace(from, to), forget));
        let found = with("us-east-1", "eu-west-1").expect("a finding");
        assert_eq!(
            (found.severity, found.subject),
            (Severity::Error, Subject::TargetAirGappedVault("daily".to_owned()))
        );
        assert!(
            found
                .detail
                .contains("is in eu-west-1, and the plan is in us-east-1"),
            "{}",
            found.detail
        );
        assert!(
            found.fix.contains(
                "destination_vault_arn = \"arn:aws:backup:eu-west-1:111122223333:backup-vault:safe\""
            ),
            "{}",
            found.fix
        );
        let found = with("111122223333", "444455556666").expect("a finding");
        assert!(
            found.detail.contains("is of account 444455556666"),
            "{}",
            found.detail
        );
        assert_eq!(with("safe", "safer"), None);
        // Malformed and mixed ARNs have rules of their own.
        assert_eq!(with("us-east-1", "cn-north-1"), None);
        assert_eq!(with("backup-vault", "vault"), None);
        let stranger = Facts {
            caller: Caller::default(),
            ..filling(&SAFE_ARN.replace("us-east-1", "eu-west-1"), forget)
        };
        assert_eq!(finding(&stranger), None);
    }

    #[test]
    fn an_ordinary_vault_is_given_by_its_name() {
        let facts = filling(SAFE_ARN, |it| {
            it.observed
                .vaults
                .insert("safe".to_owned(), Fact::Known(observed_vault()));
        });
        let found = finding(&facts).expect("a finding");
        assert!(
            found.fix.starts_with("Write target_vault_name = \"safe\""),
            "{}",
            found.fix
        );
        assert_eq!(finding(&filling(SAFE_ARN, |_| ())), None);
        assert_eq!(finding(&filling(SAFE_ARN, forget)), None);
    }

    #[test]
    fn a_logically_air_gapped_vault_is_given_by_its_arn() {
        let facts = plan(|it| {
            it.observed.vaults = [("orders".to_owned(), Fact::Known(air_gapped_vault()))].into();
        });
        let found = finding(&facts).expect("a finding");
        assert_eq!(found.severity, Severity::Warning);
        assert!(
            found
                .fix
                .contains("\"arn:aws:backup:us-east-1:111122223333:backup-vault:orders\""),
            "{}",
            found.fix
        );
        let stranger = Facts {
            caller: Caller::default(),
            ..facts
        };
        assert!(
            finding(&stranger)
                .expect("a finding")
                .fix
                .contains("\"VAULT_ARN\"")
        );
        let point = recovery_point(|it| it.observed.vault = Fact::Known(air_gapped_vault()));
        assert!(
            finding(&point)
                .expect("a finding")
                .fix
                .starts_with("Back up into")
        );
        let besides = filling(SAFE_ARN, |it| {
            it.observed
                .vaults
                .insert("orders".to_owned(), Fact::Known(air_gapped_vault()));
        });
        assert_eq!(
            finding(&besides).expect("a finding").subject,
            Subject::TargetVaultName("daily".to_owned())
        );
    }
}
