//! Every copy that is configured, whether a plan makes it again and again or an object makes it once. A rule about
//! copies goes through these instead of knowing the objects.

use crate::fact::Fact;
use crate::facts::{
    BackupPlan, Facts, LifecycleDays, Object, ObservedAccount, ObservedDestination, ObservedVault,
    RecoveryPointCopy, Requester,
};
use crate::finding::Subject;
use crate::syntax::{AccountId, Arn, Partition, Region, RoleArn, VaultArn};

/// A copy that is configured and still to be made.
#[derive(Debug, Clone)]
pub(crate) struct ConfiguredCopy<'a> {
    /// What to point at: its destination.
    pub(crate) subject: Subject,
    /// The destination, as written.
    pub(crate) text: &'a str,
    /// The destination.
    pub(crate) destination: VaultArn,
    /// How long the copy stays.
    pub(crate) lifecycle: Fact<LifecycleDays>,
    /// The object that copies one recovery point once, if it is not a plan.
    pub(crate) single: Option<&'a RecoveryPointCopy>,
    /// The partition of what is copied.
    pub(crate) partition: Fact<Partition>,
    /// The account of what is copied.
    pub(crate) account: Fact<AccountId>,
    /// The Region of what is copied.
    pub(crate) region: Fact<Region>,
    /// The role that copies; unknown for a plan, where each selection has its own.
    pub(crate) role: Fact<RoleArn>,
    /// What AWS says about the account of what is copied.
    pub(crate) at_source: &'a ObservedAccount,
    /// The name of the vault of what is copied.
    pub(crate) source_vault_name: Option<&'a str>,
    /// The vault of what is copied, if it was seen.
    pub(crate) source_vault: Option<&'a ObservedVault>,
    /// What AWS says about the destination, if it was seen.
    pub(crate) at_destination: Option<&'a ObservedDestination>,
}

impl Facts {
    /// Lists every copy that is still to be made and of which the destination is well formed. A destination of which
    /// partition and Region do not belong together is left to the rule about that.
    pub(crate) fn copies(&self) -> Vec<ConfiguredCopy<'_>> {
        let copies = match &self.object {
            Object::BackupPlan(plan) if !self.is_destroyed_for_good() => self.copies_of_plan(plan),
            Object::RecoveryPointCopy(copy) if self.source_matters() => {
                self.single_copy(copy).into_iter().collect()
            }
            _ => Vec::new(),
        };
        let belongs = |it: &ConfiguredCopy<'_>| {
            let partition = self.regions.partition_of(&it.destination.region);
            partition.is_none_or(|partition| partition == it.destination.partition)
        };
        copies.into_iter().filter(belongs).collect()
    }

    /// Lists the copies that certainly go to another account of the same partition.
    pub(crate) fn cross_account_copies(&self) -> Vec<ConfiguredCopy<'_>> {
        let crosses = |it: &ConfiguredCopy<'_>| {
            it.account
                .is_known_and(|account| *account != it.destination.account)
                && it
                    .partition
                    .is_known_and(|partition| *partition == it.destination.partition)
        };
        self.copies().into_iter().filter(crosses).collect()
    }

    /// Lists the copies that certainly stay in their account.
    pub(crate) fn copies_within_account(&self) -> Vec<ConfiguredCopy<'_>> {
        let stays = |it: &ConfiguredCopy<'_>| {
            it.account
                .is_known_and(|account| *account == it.destination.account)
        };
        self.copies().into_iter().filter(stays).collect()
    }

    fn copies_of_plan<'a>(&'a self, plan: &'a BackupPlan) -> Vec<ConfiguredCopy<'a>> {
        let mut copies = Vec::new();
        for (name, rule) in plan.rules.known().into_iter().flatten() {
            // What goes to a logically air-gapped vault at once is copied out of that one.
            let source_vault_name = match &rule.target_logically_air_gapped_vault_arn {
                Fact::Known(arn) => VaultArn::parse(arn).ok().and_then(|_| arn.rsplit(':').next()),
                Fact::Absent => rule.target_vault_name.known().map(String::as_str),
                Fact::Unknown => None,
            };
            for (index, action) in rule.copy_actions.known().into_iter().flatten().enumerate() {
                let Fact::Known(text) = &action.destination_vault_arn else {
                    continue;
                };
                let Ok(destination) = VaultArn::parse(text) else {
                    continue;
                };
                copies.push(ConfiguredCopy {
                    subject: Subject::CopyDestination(name.clone(), index),
                    text,
                    destination,
                    lifecycle: action.lifecycle,
                    single: None,
                    partition: self.partition(),
                    account: self.caller.account.clone(),
                    region: self.region(),
                    role: Fact::Unknown,
                    at_source: &plan.observed.account,
                    source_vault_name,
                    source_vault: source_vault_name
                        .and_then(|name| plan.observed.vaults.get(name))
                        .and_then(Fact::known),
                    at_destination: plan.observed.destinations.get(text),
                });
            }
        }
        copies
    }

    fn single_copy<'a>(&'a self, copy: &'a RecoveryPointCopy) -> Option<ConfiguredCopy<'a>> {
        let text = copy.destination_vault_arn.known()?;
        let destination = VaultArn::parse(text).ok()?;
        let source = copy.recovery_point_arn.known().and_then(|it| Arn::parse(it).ok());
        let of_source = |value: Option<AccountId>| value.map(Fact::Known);
        Some(ConfiguredCopy {
            subject: Subject::DestinationVaultArn,
            text,
            destination,
            lifecycle: copy.lifecycle,
            single: Some(copy),
            partition: source
                .as_ref()
                .map_or_else(|| self.partition(), |it| Fact::Known(it.partition.clone())),
            account: of_source(source.as_ref().and_then(|it| it.account.clone()))
                .unwrap_or_else(|| self.caller.account.clone()),
            region: source
                .and_then(|it| it.region)
                .map_or_else(|| self.region(), Fact::Known),
            role: copy
                .role_arn
                .known()
                .and_then(|it| RoleArn::parse(it).ok())
                .map_or(Fact::Unknown, Fact::Known),
            at_source: &copy.observed.account,
            source_vault_name: copy.source_vault_name.known().map(String::as_str),
            source_vault: copy.observed.source_vault.known(),
            at_destination: Some(&copy.observed.destination),
        })
    }
}

impl ConfiguredCopy<'_> {
    /// The account of what is copied, for a message.
    pub(crate) fn source_account(&self) -> &str {
        self.account.known().map_or("of the source", AccountId::as_str)
    }

    /// What to point at where the time of the copy is at fault.
    pub(crate) fn delete_after(&self) -> Subject {
        match &self.subject {
            Subject::CopyDestination(rule, index) => Subject::CopyDeleteAfter(rule.clone(), *index),
            _ => Subject::DeleteAfter,
        }
    }

    /// Who asks the destination to take the copy.
    pub(crate) fn requester(&self) -> Option<Requester> {
        let organization_id = match &self.at_source.organization {
            Fact::Known(organization) => organization.id.clone(),
            Fact::Absent => Fact::Absent,
            Fact::Unknown => Fact::Unknown,
        };
        Some(Requester {
            account: self.account.known()?.clone(),
            role: self.role.clone(),
            organization_id,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::examples::aws_backup::{FAR_VAULT_ARN, RECOVERY_POINT_ARN, copy, copying_plan, vault};
    use crate::fact::Fact;
    use crate::facts::{Action, Caller, CopyAction, Facts, Object};
    use crate::finding::Subject;

    fn subjects(facts: &Facts) -> Vec<Subject> {
        facts.copies().into_iter().map(|it| it.subject).collect()
    }

    fn during(action: Action, facts: Facts) -> Facts {
        Facts {
            action: Fact::Known(action),
            ..facts
        }
    }

    #[test]
    fn a_plan_copies_until_it_goes() {
        let plan = copying_plan(FAR_VAULT_ARN, |_| ());
        let expected = [Subject::CopyDestination("daily".to_owned(), 0)];
        assert_eq!(subjects(&plan), expected);
        assert_eq!(subjects(&during(Action::Keep, plan.clone())), expected);
        assert_eq!(subjects(&during(Action::Destroy, plan)), []);
    }

    #[test]
    fn a_single_copy_is_made_once() {
        assert_eq!(subjects(&copy(|_| ())), [Subject::DestinationVaultArn]);
        for action in [Action::Keep, Action::Update, Action::Destroy] {
            assert_eq!(subjects(&during(action, copy(|_| ()))), [], "{action:?}");
        }
        let undecided = Facts {
            action: Fact::Unknown,
            ..copy(|_| ())
        };
        assert_eq!(subjects(&undecided), [Subject::DestinationVaultArn]);
        assert_eq!(subjects(&vault(|_| ())), []);
    }

    #[test]
    fn destinations_that_say_nothing_are_left_out_and_positions_stay() {
        let mut facts = copying_plan(FAR_VAULT_ARN, |_| ());
        let Object::BackupPlan(plan) = &mut facts.object else {
            panic!("not a plan")
        };
        for rule in plan.rules.clone().into_known().expect("rules").values() {
            let mut rule = rule.clone();
            rule.copy_actions = Fact::Known(vec![
                CopyAction::to(Fact::Unknown),
                CopyAction::to("orders"),
                CopyAction::to(FAR_VAULT_ARN.replace("us-east-1", "cn-north-1").as_str()),
                CopyAction::to(FAR_VAULT_ARN),
            ]);
            plan.rules = crate::examples::aws_backup::named([("daily", rule)]);
        }
        assert_eq!(
            subjects(&facts),
            [Subject::CopyDestination("daily".to_owned(), 3)]
        );
    }

    #[test]
    fn the_recovery_point_tells_where_a_copy_starts_or_else_the_caller() {
        let far = RECOVERY_POINT_ARN
            .replace("us-east-1", "eu-west-1")
            .replace("111122223333", "777788889999");
        let facts = copy(|it| it.recovery_point_arn = Fact::Known(far));
        let copies = facts.cross_account_copies();
        assert_eq!(copies.len(), 1);
        assert_eq!(copies[0].source_account(), "777788889999");
        assert!(copies[0].region.is_known_and(|it| it.as_str() == "eu-west-1"));
        let facts = copy(|it| it.recovery_point_arn = Fact::Unknown);
        let copies = facts.cross_account_copies();
        assert_eq!(copies[0].source_account(), "111122223333");
        assert!(copies[0].region.is_known_and(|it| it.as_str() == "us-east-1"));
        assert!(copies[0].partition.is_known_and(|it| it.as_str() == "aws"));
        let stranger = Facts {
            caller: Caller::default(),
            ..copy(|it| it.recovery_point_arn = Fact::Unknown)
        };
        assert_eq!(stranger.cross_account_copies().len(), 0);
    }

    #[test]
    fn another_partition_is_no_other_account() {
        let gov = "arn:aws-us-gov:backup:us-gov-west-1:444455556666:backup-vault:copies";
        let facts = copy(|it| it.destination_vault_arn = gov.into());
        assert_eq!((facts.copies().len(), facts.cross_account_copies().len()), (1, 0));
    }

    #[test]
    fn who_asks_is_the_account_with_its_role_and_organization() {
        let of = |facts: &Facts| facts.copies()[0].requester().expect("a requester");
        let requester = of(&copy(|_| ()));
        assert_eq!(requester.account.as_str(), "111122223333");
        assert!(requester.role.is_known());
        assert_eq!(requester.organization_id, Fact::from("o-exampleorgid"));
        let alone = of(&copy(|it| {
            it.role_arn = "backup".into();
            it.observed.account.organization = Fact::Absent;
        }));
        assert!(alone.role.is_unknown() && alone.organization_id.is_absent());
        let unseen = of(&copy(|it| it.observed.account.organization = Fact::Unknown));
        assert!(unseen.organization_id.is_unknown());
    }
}
