//! DBK-VLT-003: a vault about to be made under a name that is taken.

use crate::examples::aws_backup::{observed_vault, vault};
use crate::fact::Fact;
use crate::facts::{Action, Facts, PlannedVault};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-VLT-003"),
    name: "vault_exists",
    also: &[],
    area: Area::Vaults,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["backup:DescribeBackupVault"],
    title: "Backup vault exists already",
    why: "The name of a vault is unique in its account and Region. A vault that exists is never taken over \
          silently, because a destroy of this object would take the recovery points of somebody else with it.",
    aws_error: Some("AlreadyExistsException"),
    source: "AWS Backup API model, CreateBackupVault",
    firing: || vault(|it| it.observed.vault = Fact::Known(observed_vault())),
    silent: || vault(|it| it.observed.vault = Fact::Absent),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(vault) = facts.backup_vault() else { return };
    let (Fact::Known(name), Fact::Known(seen)) = (&vault.name, &vault.observed.vault) else {
        return;
    };
    if facts.action != Fact::Known(Action::Create) || makes_room(facts, name) {
        return;
    }
    let place = facts
        .region()
        .into_known()
        .map_or(String::new(), |it| format!(" in {it}"));
    let holds = match seen.recovery_points {
        Fact::Known(1..) => ", with recovery points in it",
        _ => "",
    };
    report.add(
        Subject::BackupVaultName,
        format!("There is a vault {name:?}{place} already{holds}. Another one cannot have that name."),
        format!(
            "Choose another name, for example name = \"{name}-2\". To put the vault that exists under this \
             configuration instead: terraform import."
        ),
    );
}

/// Whether the same plan destroys the vault that has the name.
fn makes_room(facts: &Facts, name: &str) -> bool {
    let here = facts.region();
    let goes = |it: &&PlannedVault| it.is_destroyed && it.name == name;
    let mut going = facts.neighbours.vaults.iter().filter(goes);
    going.any(|it| here.is_known_and(|here| *here == it.region))
}

#[cfg(test)]
mod tests {
    use super::{RULE, observed_vault, vault};
    use crate::examples::aws_backup::vault_changed;
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, ObservedVault, PlannedVault};
    use crate::syntax::Region;

    fn taken(facts: &Facts) -> bool {
        !RULE.findings(facts).is_empty()
    }

    #[test]
    fn only_a_vault_that_is_made_needs_a_free_name() {
        assert!(taken(&vault(
            |it| it.observed.vault = Fact::Known(observed_vault())
        )));
        assert!(!taken(&vault(|it| it.observed.vault = Fact::Unknown)));
        for action in [Action::Update, Action::Keep, Action::Destroy, Action::Replace] {
            let facts = Facts {
                action: Fact::Known(action),
                ..vault_changed(|_| ())
            };
            assert!(!taken(&facts), "{action:?}");
        }
        let undecided = Facts {
            action: Fact::Unknown,
            ..vault(|it| it.observed.vault = Fact::Known(observed_vault()))
        };
        assert!(!taken(&undecided));
    }

    #[test]
    fn a_vault_that_goes_makes_room() {
        let with = |region: &str, name: &str, is_destroyed: bool| {
            let mut facts = vault(|it| it.observed.vault = Fact::Known(observed_vault()));
            facts.neighbours.vaults = vec![PlannedVault {
                region: Region::parse(region).expect("a Region"),
                name: name.to_owned(),
                vault_type: Fact::Absent,
                lock: Fact::Absent,
                is_destroyed,
            }];
            taken(&facts)
        };
        assert!(!with("us-east-1", "orders", true));
        assert!(with("us-east-1", "orders", false));
        assert!(with("us-east-1", "others", true));
        assert!(with("eu-west-1", "orders", true));
    }

    #[test]
    fn it_says_whether_there_is_anything_in_it() {
        let detail = |recovery_points: Fact<i64>| {
            let facts = vault(|it| {
                it.observed.vault = Fact::Known(ObservedVault {
                    recovery_points,
                    ..observed_vault()
                });
            });
            RULE.findings(&facts).pop().expect("a finding").detail
        };
        assert!(detail(Fact::Known(1)).contains("with recovery points"));
        assert!(!detail(Fact::Known(0)).contains("with recovery points"));
        assert!(!detail(Fact::Unknown).contains("with recovery points"));
    }
}
