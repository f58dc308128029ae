//! What is planned for each setting, and what a plan reads of AWS for the rules.

use aws_clients::{Error, ErrorKind};
use rules::facts::{
    Action, Neighbours, ObservedAccount, Organization, PlannedBackupSettings, RegionSettings,
};
use rules::syntax::{AccountId, Region};
use rules::{Fact, Facts};
use tfsdk::{Attr, Change, Cx, Diagnostic, Diagnostics, Path, Planned};

use super::model::{Model, Previous, Switch};
use crate::Client;
use crate::diagnostics;
use crate::facts::{Planner, fact, known};

/// What a plan knows of AWS.
#[derive(Debug, Default)]
pub(crate) struct Observed {
    pub(super) planner: Planner,
    /// The organization always, the settings only for a new object: those of an old one were just refreshed.
    pub(super) account: ObservedAccount,
    /// Checks that were not made.
    pub(super) unread: Diagnostics,
}

pub(super) fn validate(config: &Model) -> Diagnostics {
    let found = rules::check(&Facts::about(config.facts()));
    let mut found: Diagnostics = diagnostics::from_findings(found, diagnostics::path_of_subject).collect();
    if Switch::ALL.iter().all(|it| it.of(config).is_null()) {
        found.push(Diagnostic::error(
            "No setting is given",
            "None of opt_in, advanced_features and cross_account_backup is given, so that there is nothing to set: what \
             is left out is left alone.\n\nGive at least one, for example advanced_features = true.",
        ));
    }
    found
}

pub(super) async fn observe(
    client: &Client,
    change: &Change<Model>,
    cx: &Cx,
) -> Result<Observed, Diagnostics> {
    let mut seen = Observed::default();
    let (written, region) = match change {
        Change::Create { config, proposed } | Change::Update { config, proposed, .. } => {
            (Some(config), &proposed.region)
        }
        Change::Destroy { prior } if prior.restores() => (None, &prior.region),
        Change::Destroy { .. } => {
            client.ledger.note(cx.plan_id(), Neighbours::default());
            return Ok(seen);
        }
    };
    let aws = client.cx(cx);
    let home = client.region(region.known());
    seen.planner = client.planner(&aws, &home).await?;
    let made = written.map_or_else(Neighbours::default, |written| made(written, &home));
    seen.planner.neighbours = client.ledger.note(cx.plan_id(), made);
    let (Some(written), true) = (written, client.validation.observe) else {
        return Ok(seen);
    };
    if written.cross_account_backup.known().is_some() {
        let found = client.aws.organizations(&home).find_organization(&aws).await;
        match found {
            Ok(found) => {
                seen.account.organization = Fact::from_option(found.map(|found| Organization {
                    id: Fact::Known(found.id),
                    management_account: known(
                        found.management_account.and_then(|it| AccountId::parse(&it).ok()),
                    ),
                }));
            }
            Err(err) => {
                let check = "this account manages the organization, as cross_account_backup needs";
                let at = Path::of(Switch::CrossAccountBackup.name());
                read_failed(
                    client,
                    &err,
                    check,
                    "Organization cannot be read",
                    at,
                    &mut seen.unread,
                )?;
            }
        }
    }
    if matches!(change, Change::Create { .. }) && !written.region.is_unknown() {
        match client.aws.aws_backup(&home).find_region_settings(&aws).await {
            Ok(settings) => {
                seen.account.settings = Fact::Known(RegionSettings {
                    opt_in: Fact::from_option(settings.opt_in),
                    advanced_features: Fact::from_option(settings.advanced_features),
                    advanced_features_since: Fact::Unknown,
                });
            }
            Err(err) => {
                let check = "this change switches something off in AWS Backup that is on";
                let at = Path::root();
                read_failed(
                    client,
                    &err,
                    check,
                    "Settings of AWS Backup cannot be read",
                    at,
                    &mut seen.unread,
                )?;
            }
        }
    }
    Ok(seen)
}

/// What these settings are to the other objects of the same plan.
fn made(written: &Model, home: &aws_clients::Region) -> Neighbours {
    let region = Region::parse(home.as_str())
        .ok()
        .filter(|_| !written.region.is_unknown());
    let settings = region.map(|region| PlannedBackupSettings {
        region,
        opt_in: fact(&written.opt_in),
        advanced_features: fact(&written.advanced_features),
        cross_account_backup: fact(&written.cross_account_backup),
    });
    Neighbours {
        settings: Vec::from_iter(settings),
        ..Neighbours::default()
    }
}

/// A read that AWS denies leaves a check unmade; one that fails ends the plan.
fn read_failed(
    client: &Client,
    err: &Error,
    check: &str,
    act: &str,
    at: Path,
    unread: &mut Diagnostics,
) -> Result<(), Diagnostics> {
    if err.kind() != ErrorKind::Denied {
        return Err(diagnostics::aws(act, err).into());
    }
    let notice = diagnostics::unreadable(client.validation, check, err);
    unread.push(if at.is_root() { notice } else { notice.at(at) });
    Ok(())
}

pub(super) fn plan(change: Change<Model>, seen: Observed) -> Planned<Model> {
    let (mut planned, config, prior) = match change {
        Change::Destroy { prior } => {
            let mut object = prior.facts_of_destroy();
            object.observed.settings = Fact::Known(prior.observed());
            let facts = seen.planner.facts(object, Action::Destroy);
            let found = diagnostics::from_findings(rules::check(&facts), diagnostics::path_of_subject);
            return Planned::new(prior).with(found).with(seen.unread);
        }
        Change::Create { config, proposed } => (proposed, config, None),
        Change::Update {
            prior,
            config,
            proposed,
        } => (proposed, config, Some(prior)),
    };
    planned.region = seen.planner.region(&planned.region, &config.region);
    if let (Attr::Unknown, Some(account)) = (&planned.account_id, &seen.planner.account) {
        planned.account_id = account.clone().into();
    }
    // In another Region there is another past.
    let past = prior.as_ref().filter(|prior| prior.region == planned.region);
    let mut previous = Previous::default();
    for switch in Switch::ALL {
        let (value, before) = plan_switch(switch, switch.of(&config), past, planned.restores());
        *switch.of_mut(&mut planned) = value;
        *switch.before_mut(&mut previous) = before;
    }
    planned.previous = previous.into();

    let action = match (&prior, past) {
        (None, _) => Action::Create,
        (Some(_), None) => Action::Replace,
        (Some(prior), Some(_)) if *prior == planned => Action::Keep,
        (Some(_), Some(_)) => Action::Update,
    };
    // What is put back because it is not given any more counts like what is given.
    let mut object = config.facts();
    if let Some(past) = past {
        for (switch, told) in [
            (Switch::OptIn, &mut object.opt_in),
            (Switch::AdvancedFeatures, &mut object.advanced_features),
            (Switch::CrossAccountBackup, &mut object.cross_account_backup),
        ] {
            if told.is_absent() && switch.of(&planned) != switch.of(past) {
                *told = fact(switch.of(&planned));
            }
        }
    }
    object.observed = seen.account;
    if let (Fact::Unknown, Some(past)) = (&object.observed.settings, past) {
        object.observed.settings = Fact::Known(past.observed());
    }
    let facts = seen.planner.facts(object, action);
    let config_facts = Facts::about(config.facts());
    let mut found = Diagnostics::new();
    found.extend(diagnostics::beyond_config(
        &facts,
        &config_facts,
        diagnostics::path_of_subject,
    ));
    found.extend(seen.unread);
    Planned::new(planned).with(found)
}

/// What a setting will be, and what is recorded of the time before.
fn plan_switch(
    switch: Switch,
    written: &Attr<bool>,
    past: Option<&Model>,
    restores: bool,
) -> (Attr<bool>, Attr<bool>) {
    let Some(past) = past else {
        let open = match (switch, written) {
            // The organization is looked at only where it matters: it takes rights that members may not have.
            (Switch::CrossAccountBackup, Attr::Null) => Attr::Null,
            (_, Attr::Null) => Attr::Unknown,
            (_, given) => given.clone(),
        };
        let before = if written.is_null() {
            Attr::Null
        } else {
            Attr::Unknown
        };
        return (open, before);
    };
    let (now, before) = (switch.of(past), switch.before(past));
    match (written, &before) {
        // It is given up, or was never taken.
        (Attr::Null, Attr::Known(_)) if restores => (before, Attr::Null),
        (Attr::Null, _) => (now.clone(), Attr::Null),
        (given, Attr::Known(_)) => (given.clone(), before),
        // It is so already, as after an import: nothing is changed, so there is nothing to put back.
        (given, _) if given == now => (given.clone(), Attr::Null),
        (given, _) => (given.clone(), Attr::Unknown),
    }
}
