//! DBK-NAME-006: a vault name that breaks the grammar of vault names.

use crate::examples::aws_backup::vault;
use crate::facts::{Accepts, Facts, Place};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::{ArnError, NameError, VaultArn, VaultName};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-NAME-006"),
    name: "vault_name_malformed",
    also: &[],
    area: Area::Names,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Vault name is not valid",
    why: "AWS Backup takes vault names of 2 to 50 characters out of letters, digits, underscore and hyphen; \
          unlike in names of tables, there are no dots. Capital letters count: \"Orders\" and \"orders\" are \
          two vaults.",
    aws_error: Some("InvalidParameterValueException"),
    source: "AWS Backup API model, BackupVaultName",
    firing: || vault(|it| it.name = "orders.prod".into()),
    silent: || vault(|it| it.name = "orders_prod-1".into()),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    for place in facts.places() {
        let Some((name, error)) = wrong_name(&place) else {
            continue;
        };
        let where_it_stands = if place.accepts == Accepts::VaultArn {
            format!(" at the end of {:?}", place.text)
        } else {
            String::new()
        };
        report.add(
            place.subject,
            format!(
                "{name:?}{where_it_stands} cannot be the name of a vault: {error}. No account has a vault of \
                 that name."
            ),
            format!(
                "Use a name of that form, for example {:?}.",
                VaultName::GRAMMAR.nearest(&name, "vault")
            ),
        );
    }
}

/// The name that stands in a place for one, alone or inside an ARN, and what is wrong with it.
fn wrong_name(place: &Place<'_>) -> Option<(String, NameError)> {
    match place.accepts {
        // What begins like an ARN is judged as one.
        Accepts::VaultName if !place.text.starts_with("arn:") => {
            let error = VaultName::parse(place.text).err()?;
            Some((place.text.to_owned(), error))
        }
        Accepts::VaultArn => match VaultArn::parse(place.text) {
            Err(ArnError::Name { name, source }) if place.text.contains(":backup-vault:") => {
                Some((name, source))
            }
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, vault};
    use crate::examples::TABLE_ARN;
    use crate::examples::aws_backup::{FAR_VAULT_ARN, copy, named, plan, recovery_point, rule};
    use crate::facts::{Facts, PlanRule};
    use crate::finding::Subject;

    fn subjects(facts: &Facts) -> Vec<Subject> {
        RULE.findings(facts).into_iter().map(|it| it.subject).collect()
    }

    #[test]
    fn a_name_is_judged_wherever_it_stands() {
        assert_eq!(
            subjects(&vault(|it| it.name = "x".into())),
            [Subject::BackupVaultName]
        );
        assert_eq!(
            subjects(&recovery_point(|it| it.vault_name = "a b".into())),
            [Subject::VaultName]
        );
        assert_eq!(
            subjects(&copy(|it| it.source_vault_name = "a.b".into())),
            [Subject::SourceVaultName]
        );
        let rule = PlanRule {
            target_vault_name: "a/b".into(),
            ..rule()
        };
        assert_eq!(
            subjects(&plan(|it| it.rules = named([("daily", rule)]))),
            [Subject::TargetVaultName("daily".to_owned())]
        );
    }

    #[test]
    fn a_name_inside_an_arn_is_judged_too() {
        let far = |name: &str| {
            copy(|it| it.destination_vault_arn = FAR_VAULT_ARN.replace("orders-copies", name).into())
        };
        let finding = RULE.findings(&far("my.vault")).pop().expect("a finding");
        assert_eq!(finding.subject, Subject::DestinationVaultArn);
        assert!(
            finding.detail.starts_with("\"my.vault\" at the end of \"arn:"),
            "{}",
            finding.detail
        );
        assert!(finding.fix.contains("\"my-vault\""), "{}", finding.fix);
        assert_eq!(subjects(&far("my-vault")), []);
        // The name of a table is not that of a vault.
        let table = copy(|it| it.destination_vault_arn = TABLE_ARN.replace("orders", "a").into());
        assert_eq!(subjects(&table), []);
        assert_eq!(subjects(&vault(|it| it.name = FAR_VAULT_ARN.into())), []);
    }
}
