//! DBK-LAG-004: a logically air-gapped vault where AWS Backup has none.

use crate::examples::aws_backup::air_gapped;
use crate::fact::Fact;
use crate::facts::{Action, Facts};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-LAG-004"),
    name: "region_without_air_gapped_vaults",
    also: &[],
    area: Area::AirGappedVaults,
    severity: Severity::Error,
    when: When::Identity,
    reads: &[],
    title: "Region has no logically air-gapped vaults",
    why: "AWS documents that it has no logically air-gapped vaults in China, in GovCloud, and in Taipei, New Zealand, \
          Malaysia, Thailand, Calgary and Mexico. Such lists age, so a caller can open a Region.",
    aws_error: Some("InvalidRequestException, or the operation is not known"),
    source: "AWS Backup developer guide, feature availability by Region",
    firing: || made_in("ca-west-1"),
    silent: || made_in("ca-central-1"),
    check,
};

/// A logically air-gapped vault in a Region, about whose making nothing is decided.
fn made_in(region: &str) -> Facts {
    let facts = air_gapped(|it| {
        it.region = region.into();
        it.kms_key_arn = Fact::Absent;
    });
    Facts {
        action: Fact::Unknown,
        ..facts
    }
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let is_new =
        facts.action.is_unknown() || matches!(facts.action, Fact::Known(Action::Create | Action::Replace));
    let (Some(vault), Fact::Known(here)) = (facts.backup_vault().filter(|_| is_new), facts.region()) else {
        return;
    };
    if !vault.is_air_gapped() || facts.regions.allows_air_gapped_vaults(&here) {
        return;
    }
    report.add(
        Subject::VaultType,
        format!("AWS Backup has no logically air-gapped vaults in {here}."),
        "Make it in another Region and copy recovery points there, or make a vault of the type BACKUP_VAULT with a lock \
         here: lock = { min_retention_days = 7, changeable_for_days = 3 } is for ever as well.",
    );
}

#[cfg(test)]
mod tests {
    use super::{RULE, made_in};
    use crate::examples::aws_backup::vault;
    use crate::fact::Fact;
    use crate::facts::{Action, Caller, Facts};
    use crate::syntax::Region;

    fn is_refused(facts: &Facts) -> bool {
        !RULE.findings(facts).is_empty()
    }

    #[test]
    fn the_region_of_the_vault_decides() {
        for (region, refused) in [
            ("us-east-1", false),
            ("ca-west-1", true),
            ("cn-north-1", true),
            ("us-gov-east-1", true),
        ] {
            assert_eq!(is_refused(&made_in(region)), refused, "{region}");
        }
        let mut opened = made_in("ca-west-1");
        let calgary = Region::parse("ca-west-1").expect("a Region");
        opened.regions = opened.regions.with_air_gapped_vaults(&calgary);
        assert!(!is_refused(&opened));
        let mut nowhere = made_in("ca-west-1");
        nowhere.caller = Caller::default();
        if let crate::facts::Object::BackupVault(vault) = &mut nowhere.object {
            vault.region = Fact::Absent;
        }
        assert!(!is_refused(&nowhere));
    }

    #[test]
    fn other_vaults_and_those_that_exist_are_not_judged() {
        assert!(!is_refused(&vault(|it| it.region = "ca-west-1".into())));
        for (action, refused) in [
            (Action::Create, true),
            (Action::Replace, true),
            (Action::Update, false),
            (Action::Keep, false),
            (Action::Destroy, false),
        ] {
            let facts = Facts {
                action: Fact::Known(action),
                ..made_in("ca-west-1")
            };
            assert_eq!(is_refused(&facts), refused, "{action:?}");
        }
    }
}
