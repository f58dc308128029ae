//! DBK-ARN-016: a vault given by its ARN where its name is needed, or by something else where its ARN is.

use crate::examples::aws_backup::{FAR_VAULT_ARN, copy};
use crate::fact::Fact;
use crate::facts::{Accepts, Facts, Place};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::{ArnError, VaultArn, VaultName};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-ARN-016"),
    name: "vault_in_wrong_form",
    also: &["DBK-CPY-001"],
    area: Area::Arns,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Vault is given in the wrong form",
    why: "A backup goes into a vault of its own account and Region, which is given by its name. A copy goes \
          anywhere, so that its destination is given by the ARN of the vault.",
    aws_error: Some("InvalidParameterValueException"),
    source: "AWS Backup API model, StartBackupJob, StartCopyJob, BackupRule, CopyAction",
    firing: || copy(|it| it.destination_vault_arn = "orders-copies".into()),
    silent: || copy(|it| it.destination_vault_arn = FAR_VAULT_ARN.into()),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    for place in facts.places() {
        match place.accepts {
            Accepts::VaultName if place.text.starts_with("arn:") => arn_for_name(place, report),
            Accepts::VaultArn => match VaultArn::parse(place.text) {
                // A wrong name in it is the business of the rule about names.
                Err(ArnError::Name { .. }) if place.text.contains(":backup-vault:") => {}
                Err(error) => no_arn(facts, place, &error, report),
                Ok(_) => {}
            },
            _ => {}
        }
    }
}

fn arn_for_name(place: Place<'_>, report: &mut Report<'_>) {
    let fix = match VaultArn::parse(place.text) {
        Ok(arn) => format!(
            "Write {:?}. If the vault of account {} in {} is really meant, back up into a vault here and copy \
             from there.",
            arn.vault.as_str(),
            arn.account,
            arn.region
        ),
        Err(_) => "Write the name of the vault, for example \"orders\".".to_owned(),
    };
    report.add(
        place.subject,
        format!(
            "{:?} is an ARN, and the plain name of a vault is needed here: AWS Backup looks it up in the \
             account and the Region of this object.",
            place.text
        ),
        fix,
    );
}

fn no_arn(facts: &Facts, place: Place<'_>, error: &ArnError, report: &mut Report<'_>) {
    let fix = match VaultName::parse(place.text) {
        Ok(name) => format!(
            "Write the ARN of that vault, with its own Region and account, like {:?}.",
            example(facts, &name)
        ),
        Err(_) => format!("Give the ARN of a vault, like {FAR_VAULT_ARN:?}."),
    };
    report.add(
        place.subject,
        format!(
            "{:?} is not the ARN of a vault: {}. The destination of a copy may be in another account or \
             Region, so that a name alone does not tell which vault it is.",
            place.text,
            error.explain()
        ),
        fix,
    );
}

/// The ARN of a vault of this name in the user's own partition, Region and account.
fn example(facts: &Facts, name: &VaultName) -> String {
    let partition = facts.partition();
    let region = facts.region();
    let account = match &facts.caller.account {
        Fact::Known(account) => account.as_str(),
        Fact::Absent | Fact::Unknown => "111122223333",
    };
    format!(
        "arn:{}:backup:{}:{account}:backup-vault:{name}",
        partition.known().map_or("aws", |it| it.as_str()),
        region.known().map_or("us-east-1", |it| it.as_str()),
    )
}

#[cfg(test)]
mod tests {
    use super::{FAR_VAULT_ARN, RULE, copy};
    use crate::examples::aws_backup::{RECOVERY_POINT_ARN, copying_plan, recovery_point, vault};
    use crate::fact::Fact;
    use crate::facts::Facts;
    use crate::finding::Subject;

    fn fix(facts: &Facts) -> Option<(Subject, String)> {
        RULE.findings(facts).pop().map(|it| (it.subject, it.fix))
    }

    #[test]
    fn an_arn_is_no_name() {
        let (subject, text) =
            fix(&recovery_point(|it| it.vault_name = FAR_VAULT_ARN.into())).expect("a finding");
        assert_eq!(subject, Subject::VaultName);
        assert!(text.starts_with("Write \"orders-copies\"."), "{text}");
        assert!(text.contains("account 444455556666 in us-east-1"), "{text}");
        let detail = RULE
            .findings(&recovery_point(|it| it.vault_name = FAR_VAULT_ARN.into()))
            .remove(0)
            .detail;
        assert!(
            detail.contains("is an ARN, and the plain name of a vault is needed here"),
            "{detail}"
        );
        let (_, text) = fix(&vault(|it| it.name = "arn:orders".into())).expect("a finding");
        assert!(text.contains("\"orders\""), "{text}");
        assert_eq!(fix(&recovery_point(|it| it.vault_name = "orders".into())), None);
    }

    #[test]
    fn a_name_is_completed_to_an_arn() {
        let (_, text) = fix(&copy(|it| it.destination_vault_arn = "copies".into())).expect("a finding");
        assert!(
            text.contains("\"arn:aws:backup:us-east-1:111122223333:backup-vault:copies\""),
            "{text}"
        );
        let somewhere = Facts {
            caller: crate::facts::Caller::default(),
            ..copy(|it| it.destination_vault_arn = "copies".into())
        };
        let (_, text) = fix(&somewhere).expect("a finding");
        assert!(
            text.contains("\"arn:aws:backup:us-east-1:111122223333:backup-vault:copies\""),
            "{text}"
        );
        let (subject, text) = fix(&copying_plan(RECOVERY_POINT_ARN, |_| ())).expect("a finding");
        assert_eq!(subject, Subject::CopyDestination("daily".to_owned(), 0));
        assert!(text.contains(FAR_VAULT_ARN), "{text}");
    }

    #[test]
    fn a_wrong_name_inside_has_its_own_rule() {
        let far = FAR_VAULT_ARN.replace("orders-copies", "orders.copies");
        assert_eq!(fix(&copy(|it| it.destination_vault_arn = Fact::Known(far))), None);
        let index = "arn:aws:dynamodb:us-east-1:111122223333:table/ab";
        assert!(fix(&copy(|it| it.destination_vault_arn = index.into())).is_some());
    }
}
