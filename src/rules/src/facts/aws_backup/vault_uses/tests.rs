//! Which vaults are named, for what, and what is known of them.

use super::{Retention, VaultRole, VaultUse};
use crate::examples::at;
use crate::examples::aws_backup::{
    FAR_VAULT_ARN, air_gapped_vault, copy, copying_plan, lock, locked_vault, named, observed_vault, plan,
    recovery_point, rule, vault,
};
use crate::fact::Fact;
use crate::facts::{
    Action, Caller, CopyAction, Facts, LifecycleDays, ObservedVault, PlanRule, PlannedVault, VaultType,
};
use crate::finding::Subject;
use crate::syntax::Region;

const SAFE: &str = "arn:aws:backup:us-east-1:111122223333:backup-vault:safe";

fn during(action: Action, facts: Facts) -> Facts {
    Facts {
        action: Fact::Known(action),
        ..facts
    }
}

fn roles(facts: &Facts) -> Vec<(VaultRole, String)> {
    facts
        .vault_uses()
        .into_iter()
        .map(|it| (it.role, it.name))
        .collect()
}

fn planned(name: &str) -> PlannedVault {
    PlannedVault {
        region: Region::parse("us-east-1").expect("a Region"),
        name: name.to_owned(),
        vault_type: Fact::Known(VaultType::Standard),
        lock: Fact::Known(lock(Some(7), Some(30), None)),
        is_destroyed: false,
    }
}

/// What the one vault of a recovery point is used for, once its facts are changed.
fn used(change: impl FnOnce(&mut Facts), then: impl FnOnce(VaultUse<'_>)) {
    let mut facts = recovery_point(|_| ());
    change(&mut facts);
    let mut uses = facts.vault_uses();
    assert_eq!(uses.len(), 1);
    then(uses.remove(0));
}

#[test]
fn a_plan_uses_its_vaults_until_it_goes() {
    let rules = named([(
        "daily",
        PlanRule {
            target_logically_air_gapped_vault_arn: SAFE.into(),
            copy_actions: Fact::Known(vec![CopyAction::to(Fact::Unknown), CopyAction::to(FAR_VAULT_ARN)]),
            ..rule()
        },
    )]);
    let facts = plan(|it| it.rules = rules);
    let expected = [
        (VaultRole::Bypassed, "orders".to_owned()),
        (VaultRole::AirGappedTarget, "safe".to_owned()),
        (VaultRole::Destination, "orders-copies".to_owned()),
    ];
    assert_eq!(roles(&facts), expected);
    assert_eq!(roles(&during(Action::Keep, facts.clone())), expected);
    let uses = facts.vault_uses();
    assert!(uses.iter().all(|it| it.repeats));
    assert_eq!(uses[2].subject, Subject::CopyDestination("daily".to_owned(), 1));
    assert_eq!(
        uses[2].retention_subject,
        Subject::CopyDeleteAfter("daily".to_owned(), 1)
    );
    assert_eq!(roles(&during(Action::Destroy, facts.clone())), []);
    assert_eq!(roles(&plan(|_| ())), [(VaultRole::Target, "orders".to_owned())]);
}

#[test]
fn what_a_rule_may_still_name_does_not_make_the_vault_a_target() {
    let facts = plan(|it| {
        it.rules = named([(
            "daily",
            PlanRule {
                target_logically_air_gapped_vault_arn: Fact::Unknown,
                ..rule()
            },
        )]);
    });
    assert_eq!(roles(&facts), [(VaultRole::Bypassed, "orders".to_owned())]);
}

#[test]
fn single_jobs_use_their_vaults_once() {
    let point = [(VaultRole::Target, "orders".to_owned())];
    let copied = [
        (VaultRole::Source, "orders".to_owned()),
        (VaultRole::Destination, "orders-copies".to_owned()),
    ];
    for (action, is_due) in [
        (Action::Create, true),
        (Action::Replace, true),
        (Action::Update, false),
        (Action::Keep, false),
        (Action::Destroy, false),
    ] {
        let found = roles(&during(action, recovery_point(|_| ())));
        assert_eq!(found == point, is_due, "{action:?}");
        assert_eq!(found.is_empty(), !is_due, "{action:?}");
        let found = roles(&during(action, copy(|_| ())));
        assert_eq!(found == copied, is_due, "{action:?}");
        assert_eq!(found.is_empty(), !is_due, "{action:?}");
    }
    let undecided = Facts {
        action: Fact::Unknown,
        ..copy(|_| ())
    };
    assert_eq!(roles(&undecided), copied);
    assert!(undecided.vault_uses().iter().all(|it| !it.repeats));
    assert_eq!(roles(&vault(|_| ())), []);
}

#[test]
fn what_was_seen_belongs_to_the_vault_that_is_named() {
    let rules = |arn: &str| {
        named([(
            "daily",
            PlanRule {
                target_logically_air_gapped_vault_arn: arn.into(),
                ..rule()
            },
        )])
    };
    let seen = |arn: &str| {
        let facts = plan(|it| {
            it.rules = rules(arn);
            it.observed
                .vaults
                .insert("safe".to_owned(), Fact::Known(air_gapped_vault()));
        });
        facts.vault_uses()[1].seen.is_known()
    };
    assert!(seen(SAFE));
    // Another vault of that name, elsewhere.
    assert!(!seen(&SAFE.replace("us-east-1", "eu-west-1")));
    assert!(!seen(&SAFE.replace("111122223333", "444455556666")));
    let facts = copying_plan(FAR_VAULT_ARN, |_| ());
    assert!(facts.vault_uses()[1].seen.is_known());
    let unseen = copying_plan(FAR_VAULT_ARN, |it| it.observed.destinations.clear());
    assert!(unseen.vault_uses()[1].seen.is_unknown());
}

#[test]
fn the_same_plan_tells_of_vaults_of_this_account_and_region() {
    for (name, region, found) in [
        ("orders", "us-east-1", true),
        ("others", "us-east-1", false),
        ("orders", "eu-west-1", false),
    ] {
        used(
            |facts| {
                facts.neighbours.vaults = vec![PlannedVault {
                    region: Region::parse(region).expect("a Region"),
                    ..planned(name)
                }];
            },
            |it| assert_eq!(it.planned.is_some(), found, "{name} in {region}"),
        );
    }
    let of_copy = |arn: String, caller: Option<Caller>| {
        let mut facts = copy(|it| it.destination_vault_arn = Fact::Known(arn));
        facts.neighbours.vaults = vec![planned("orders-copies")];
        if let Some(caller) = caller {
            facts.caller = caller;
        }
        facts.vault_uses()[1].planned.is_some()
    };
    let near = FAR_VAULT_ARN.replace("444455556666", "111122223333");
    assert!(of_copy(near.clone(), None));
    assert!(!of_copy(FAR_VAULT_ARN.to_owned(), None));
    assert!(!of_copy(near, Some(Caller::default())));
}

#[test]
fn the_kind_is_what_the_same_plan_makes_or_else_what_was_seen() {
    used(
        |_| (),
        |it| assert_eq!(it.vault_type(), Fact::Known(VaultType::Standard)),
    );
    let with = |vault_type: Fact<VaultType>, expected: VaultType| {
        used(
            |facts| {
                facts.neighbours.vaults = vec![PlannedVault {
                    vault_type,
                    ..planned("orders")
                }];
            },
            |it| assert_eq!(it.vault_type(), Fact::Known(expected)),
        );
    };
    with(
        Fact::Known(VaultType::LogicallyAirGapped),
        VaultType::LogicallyAirGapped,
    );
    with(Fact::Unknown, VaultType::Standard);
    let unseen = recovery_point(|it| it.observed.vault = Fact::Absent);
    assert!(unseen.vault_uses()[0].vault_type().is_unknown());
}

#[test]
fn bounds_are_those_of_a_lock_that_is_there() {
    let of = |seen: ObservedVault| {
        let facts = recovery_point(|it| it.observed.vault = Fact::Known(seen));
        facts.vault_uses()[0].bounds()
    };
    assert_eq!(of(observed_vault()), None);
    let governance = of(locked_vault(Some(7), None)).expect("bounds");
    assert_eq!((governance.min, governance.max), (Fact::Known(7), Fact::Absent));
    assert!(!governance.is_compliance && !governance.is_planned);
    let compliance = of(ObservedVault {
        lock_date: Fact::Known(at("2030-01-01T00:00:00Z")),
        ..locked_vault(None, Some(9))
    });
    assert!(compliance.expect("bounds").is_compliance);
    let air_gapped = of(ObservedVault {
        lock_date: Fact::Unknown,
        ..air_gapped_vault()
    });
    assert!(air_gapped.expect("bounds").is_compliance);
}

#[test]
fn bounds_of_the_same_plan_count_instead() {
    let of = |change: fn(&mut PlannedVault)| {
        let mut facts = recovery_point(|it| it.observed.vault = Fact::Known(locked_vault(Some(1), Some(2))));
        let mut it = planned("orders");
        change(&mut it);
        facts.neighbours.vaults = vec![it];
        facts.vault_uses()[0].bounds()
    };
    let bounds = of(|_| ()).expect("bounds");
    assert_eq!((bounds.min, bounds.max), (Fact::Known(7), Fact::Known(30)));
    assert!(bounds.is_planned && !bounds.is_compliance);
    assert!(
        of(|it| it.lock = Fact::Known(lock(Some(7), None, Some(3))))
            .expect("bounds")
            .is_compliance
    );
    assert!(
        of(|it| it.vault_type = Fact::Known(VaultType::LogicallyAirGapped))
            .expect("bounds")
            .is_compliance
    );
    assert_eq!(of(|it| it.lock = Fact::Absent), None);
    assert_eq!(of(|it| it.lock = Fact::Unknown), None);
    assert_eq!(of(|it| it.is_destroyed = true), None);
}

#[test]
fn a_retention_is_a_number_of_days_or_for_ever() {
    let of = |lifecycle: Fact<LifecycleDays>| {
        let facts = recovery_point(|it| it.lifecycle = lifecycle);
        facts.vault_uses()[0].retention
    };
    let days = |days: Fact<i64>| {
        of(Fact::Known(LifecycleDays {
            move_to_cold_storage_after_days: Fact::Absent,
            delete_after_days: days,
        }))
    };
    assert_eq!(of(Fact::Absent), Fact::Known(Retention::Forever));
    assert_eq!(of(Fact::Unknown), Fact::Unknown);
    assert_eq!(days(Fact::Absent), Fact::Known(Retention::Forever));
    assert_eq!(days(Fact::Known(-1)), Fact::Known(Retention::Forever));
    assert_eq!(days(Fact::Unknown), Fact::Unknown);
    for taken in [1, 36_500] {
        assert_eq!(days(Fact::Known(taken)), Fact::Known(Retention::Days(taken)));
    }
    for refused in [-2, 0, 36_501] {
        assert_eq!(days(Fact::Known(refused)), Fact::Unknown, "{refused}");
    }
}
