//! What a plan knows and says about a recovery point. Reads AWS in `observe` only.

use aws_clients::{Error, ErrorKind, Region, TableRef};
use jiff::Timestamp;
use rules::facts::{
    Action, Neighbours, ObservedRecoveryPoint, ObservedVault, PlannedRecoveryPoint, PriorRecoveryPoint,
    RecoveryPoint, RecoveryPointObserved, RecoveryPointStatus, Stage, StorageClass,
};
use rules::syntax::AccountId;
use rules::{Fact, Facts};
use tfsdk::{Attr, Change, Cx, Diagnostic, Diagnostics, Operation, Path, Planned, Timeouts};

use super::model::{Lifecycle, Model};
use super::{Client, tags};
use crate::diagnostics;
use crate::facts::{self, Planner, fact, known};
use crate::ledger::named_table;
use crate::resources::tags::Tags;
use crate::table_name::{is_same_table, table_ref};

/// What a plan knows of AWS.
#[derive(Debug, Default)]
pub(crate) struct Observed {
    pub(super) planner: Planner,
    /// What the provider block says about tags. Not known where nothing was observed.
    pub(super) tags: Option<Tags>,
    /// Around the recovery point that is made.
    pub(super) made: RecoveryPointObserved,
    /// The vault of the one that is changed or goes.
    pub(super) prior_vault: Fact<ObservedVault>,
    /// Checks that were not made.
    pub(super) unread: Diagnostics,
}

/// What a change does.
struct Doing<'a> {
    /// The configuration of the recovery point that is made.
    makes: Option<&'a Model>,
    /// The recovery point that is deleted.
    deletes: Option<&'a Model>,
    /// The recovery point of which the lifecycle is changed.
    changes: Option<&'a Model>,
    /// The object that names the Region.
    place: Option<&'a Model>,
}

impl<'a> Doing<'a> {
    fn of(change: &'a Change<Model>) -> Self {
        let (makes, goes, changes, place) = match change {
            Change::Create { config, proposed } => (Some(config), None, None, Some(proposed)),
            Change::Update {
                prior,
                config,
                proposed,
            } if !replaced(prior, proposed).is_empty() => (Some(config), Some(prior), None, Some(proposed)),
            Change::Update { prior, proposed, .. } => {
                let changes =
                    (prior.recovery_point_lifecycle != proposed.recovery_point_lifecycle).then_some(prior);
                (None, None, changes, Some(prior))
            }
            Change::Destroy { prior } => (None, Some(prior), None, Some(prior)),
        };
        Self {
            makes,
            // One that stays is not lost.
            deletes: goes.filter(|prior| prior.retain_on_destroy != Attr::Known(true)),
            changes,
            place,
        }
    }
}

pub(super) fn validate(config: &Model) -> Diagnostics {
    let found = rules::check(&Facts::about(config_facts(config)));
    diagnostics::from_findings(found, diagnostics::path_of_subject).collect()
}

pub(super) async fn observe(
    client: &Client,
    change: &Change<Model>,
    cx: &Cx,
) -> Result<Observed, Diagnostics> {
    let doing = Doing::of(change);
    let mut seen = Observed {
        tags: Some(Tags::of(&client.aws)),
        ..Observed::default()
    };
    let Some(place) = doing.place else { return Ok(seen) };
    let region = client.region(place.region.known());
    let aws = client.cx(cx);
    seen.planner = client.planner(&aws, &region).await?;
    let noted = doing
        .makes
        .map(|config| made(config, &region))
        .unwrap_or_default();
    seen.planner.neighbours = client.ledger.note(cx.plan_id(), noted);
    if !client.validation.observe {
        return Ok(seen);
    }
    let mut look = Look {
        client,
        aws: &aws,
        unread: Diagnostics::new(),
    };
    if let Some(config) = doing.makes {
        seen.made = look.around(config, &region).await?;
    }
    if let Some(prior) = doing.deletes.or(doing.changes) {
        let region = client.region(prior.region.known());
        let check = "the vault is locked";
        seen.prior_vault = look.vault(prior, &region, check).await?;
    }
    seen.unread = look.unread;
    Ok(seen)
}

pub(super) fn plan(change: Change<Model>, seen: Observed) -> Planned<Model> {
    let (mut planned, config, prior) = match change {
        Change::Destroy { prior } => {
            let facts = seen.planner.facts(prior_facts(&prior, &seen), Action::Destroy);
            let found = diagnostics::from_findings(rules::check(&facts), diagnostics::path_of_subject);
            let stays = stays(&prior);
            return Planned::new(prior.clone())
                .with(found)
                .with(stays)
                .with(seen.unread);
        }
        Change::Create { config, proposed } => (proposed, config, None),
        Change::Update {
            prior,
            config,
            proposed,
        } => (proposed, config, Some(prior)),
    };
    planned.region = seen.planner.region(&planned.region, &config.region);
    let mut found = Diagnostics::new();
    let mut replace = Vec::new();
    match &prior {
        None => {
            planned.unfinished = Attr::Unknown;
            planned.tags_all = match &seen.tags {
                Some(tags) => tags::planned(tags, &planned, None),
                None => Attr::Unknown,
            };
        }
        Some(prior) => {
            replace = replaced(prior, &planned);
            if replace.is_empty() {
                change_in_place(&mut planned, prior, seen.tags.as_ref());
                let action = if planned == *prior {
                    Action::Keep
                } else {
                    Action::Update
                };
                let facts = seen.planner.facts(changed_facts(&planned, prior, &seen), action);
                let config_facts = Facts::about(config_facts(&config));
                found.extend(diagnostics::beyond_config(
                    &facts,
                    &config_facts,
                    diagnostics::path_of_subject,
                ));
            } else {
                let facts = seen.planner.facts(prior_facts(prior, &seen), Action::Replace);
                found.extend(diagnostics::from_findings(
                    rules::check(&facts),
                    diagnostics::path_of_subject,
                ));
                found.extend(stays(prior));
            }
        }
    }
    if prior.is_none() || !replace.is_empty() {
        let object = RecoveryPoint {
            observed: seen.made.clone(),
            ..config_facts(&config)
        };
        let facts = seen.planner.facts(object, Action::Create);
        let config_facts = Facts::about(config_facts(&config));
        found.extend(diagnostics::beyond_config(
            &facts,
            &config_facts,
            diagnostics::path_of_subject,
        ));
    }
    found.extend(seen.unread);
    Planned {
        model: planned,
        replace,
        diagnostics: found,
    }
}

/// Looks once more, right before the job is started, at what the plan may not have seen, such as a vault that the same
/// apply has made.
pub(super) async fn check_again(
    client: &Client,
    aws: &aws_clients::Cx,
    planned: &Model,
    region: &Region,
) -> Result<(), Diagnostics> {
    if !client.validation.observe {
        return Ok(());
    }
    let mut look = Look {
        client,
        aws,
        // What may not be read was said by the plan.
        unread: Diagnostics::new(),
    };
    let object = RecoveryPoint {
        region: region.to_string().into(),
        observed: look.around(planned, region).await?,
        ..config_facts(planned)
    };
    let planner = client.planner(aws, region).await?;
    let facts = Facts {
        stage: Stage::Apply,
        ..planner.facts(object, Action::Create)
    };
    diagnostics::refuse(&client.policy, &facts, diagnostics::path_of_subject)
}

/// The arguments whose change needs a new recovery point. What the schema says by itself is among them.
fn replaced(prior: &Model, planned: &Model) -> Vec<Path> {
    let mut paths = Vec::new();
    if !is_same_table(&prior.table_name, &planned.table_name) {
        paths.push(Path::of("table_name"));
    }
    for (name, same) in [
        ("vault_name", prior.vault_name == planned.vault_name),
        ("region", prior.region == planned.region),
        ("triggers", prior.triggers == planned.triggers),
    ] {
        if !same {
            paths.push(Path::of(name));
        }
    }
    paths
}

/// Plans what AWS is going to answer to a change, or to the end of an unfinished create.
fn change_in_place(planned: &mut Model, prior: &Model, tags: Option<&Tags>) {
    planned.tags_all = match tags {
        Some(tags) => tags::planned(tags, planned, prior.is_fully_managed()),
        // A read leaves `tags_all` null where the provider's tags are not all there.
        None if planned.tags == prior.tags && !prior.tags_all.is_null() => prior.tags_all.clone(),
        None => Attr::Unknown,
    };
    if prior.recovery_point_lifecycle != planned.recovery_point_lifecycle {
        planned.moves_to_cold_storage_at = Attr::Unknown;
        planned.deletes_at = Attr::Unknown;
    }
    if !prior.is_unfinished() {
        return;
    }
    planned.unfinished = Attr::Unknown;
    planned.status = Attr::Unknown;
    planned.size_bytes = Attr::Unknown;
    planned.completed_at = Attr::Unknown;
    planned.storage_class = Attr::Unknown;
    planned.moves_to_cold_storage_at = Attr::Unknown;
    planned.deletes_at = Attr::Unknown;
    planned.vault_arn = Attr::Unknown;
    if prior.arn.is_null() {
        planned.arn = Attr::Unknown;
    }
    if !planned.tags_all.known().is_some_and(|tags| tags.is_empty()) {
        planned.tags_all = Attr::Unknown;
    }
    // The descriptions of job and recovery point may differ in it.
    planned.created_at = Attr::Unknown;
    planned.table_arn = Attr::Unknown;
}

/// Says that a recovery point stays in its vault when its object goes, and until when.
fn stays(prior: &Model) -> Option<Diagnostic> {
    let arn = prior.arn.known()?;
    if prior.retain_on_destroy != Attr::Known(true) {
        return None;
    }
    let vault = prior.vault_name.known().map(String::as_str).unwrap_or_default();
    let region = prior.region.known().map(String::as_str).unwrap_or_default();
    let until = match prior.deletes_at.known() {
        Some(at) => format!("until AWS Backup deletes it at {at}"),
        None => "for ever, since its lifecycle has no end".to_owned(),
    };
    Some(
        Diagnostic::warning(
            "Recovery point stays in its vault",
            format!(
                "retain_on_destroy is true: {arn} stays in backup vault {vault}, {until}, is paid for, and is no longer in \
                 Terraform's state.\n\nTo delete it later: aws backup delete-recovery-point --backup-vault-name {vault} \
                 --recovery-point-arn {arn} --region {region}"
            ),
        )
        .at(Path::of("retain_on_destroy")),
    )
}

/// The recovery point that a plan makes, for the others of the same plan.
fn made(config: &Model, region: &Region) -> Neighbours {
    let table = config.table_name.known().filter(|_| !config.region.is_unknown());
    let planned = table
        .and_then(|table| named_table(table, region))
        .map(|(region, table_name)| PlannedRecoveryPoint { region, table_name });
    Neighbours {
        recovery_points: Vec::from_iter(planned),
        ..Neighbours::default()
    }
}

/// Reads what the rules need; what may not be read stays unknown and is said.
struct Look<'a> {
    client: &'a Client,
    aws: &'a aws_clients::Cx,
    unread: Diagnostics,
}

impl Look<'_> {
    async fn around(
        &mut self,
        config: &Model,
        region: &Region,
    ) -> Result<RecoveryPointObserved, Diagnostics> {
        let backup = self.client.aws.aws_backup(region);
        let table = config.table_name.known().and_then(|table| table_ref(table).ok());
        let table = match table {
            Some(table) => self.table(&table, region).await?,
            None => Fact::Unknown,
        };
        let vault = self
            .vault(config, region, "the vault can take a recovery point")
            .await?;
        let settings = backup.find_region_settings(self.aws).await;
        let check = "AWS Backup is switched on for DynamoDB";
        let settings = self.fact(check, "role_arn", settings.map(Some))?;
        Ok(RecoveryPointObserved {
            table,
            settings: settings.map(facts::region_settings),
            vault,
            recovery_point: Fact::Unknown,
        })
    }

    async fn table(
        &mut self,
        table: &TableRef,
        region: &Region,
    ) -> Result<Fact<rules::facts::ObservedTable>, Diagnostics> {
        let found = self.client.aws.dynamodb(region).find_table(self.aws, table).await;
        let found = self.fact("the table can be backed up", "table_name", found)?;
        Ok(found.map(|table| facts::table(&table)))
    }

    async fn vault(
        &mut self,
        model: &Model,
        region: &Region,
        check: &str,
    ) -> Result<Fact<ObservedVault>, Diagnostics> {
        // What is no name of a vault is not asked for: rules say it.
        let name = model
            .vault_name
            .known()
            .filter(|name| rules::syntax::VaultName::parse(name).is_ok());
        let Some(name) = name else {
            return Ok(Fact::Unknown);
        };
        let found = self
            .client
            .aws
            .aws_backup(region)
            .find_vault(self.aws, name)
            .await;
        let found = self.fact(check, "vault_name", found)?;
        Ok(found.map(|vault| facts::vault(&vault)))
    }

    /// A denied read leaves a check unmade; one that fails ends the plan.
    fn fact<T>(
        &mut self,
        check: &str,
        argument: &str,
        found: Result<Option<T>, Error>,
    ) -> Result<Fact<T>, Diagnostics> {
        match found {
            Ok(found) => Ok(Fact::from_option(found)),
            Err(err) if err.kind() == ErrorKind::Denied => {
                let unread = diagnostics::unreadable(self.client.validation, check, &err);
                self.unread.push(unread.at(Path::of(argument)));
                Ok(Fact::Unknown)
            }
            // The rules say it, with the fix.
            Err(err) if err.kind() == ErrorKind::OtherRegion => Ok(Fact::Unknown),
            Err(err) => Err(diagnostics::aws("Recovery point cannot be planned", &err)
                .at(Path::of(argument))
                .into()),
        }
    }
}

fn config_facts(model: &Model) -> RecoveryPoint {
    RecoveryPoint {
        region: fact(&model.region),
        table_name: fact(&model.table_name),
        vault_name: fact(&model.vault_name),
        role_arn: fact(&model.role_arn),
        start_window_minutes: fact(&model.start_window_minutes),
        completion_window_minutes: fact(&model.completion_window_minutes),
        lifecycle: lifecycle_fact(&model.recovery_point_lifecycle),
        tags: fact(&model.tags).map(|tags| {
            tags.iter()
                .map(|(key, value)| (key.clone(), fact(value)))
                .collect()
        }),
        retain_on_destroy: fact(&model.retain_on_destroy),
        create_timeout: create_timeout(model),
        ..RecoveryPoint::unset()
    }
}

fn lifecycle_fact(lifecycle: &Attr<Lifecycle>) -> Fact<rules::facts::LifecycleDays> {
    fact(lifecycle).map(|it| rules::facts::LifecycleDays {
        move_to_cold_storage_after_days: fact(&it.move_to_cold_storage_after_days),
        delete_after_days: fact(&it.delete_after_days),
    })
}

/// How long the create may take, where the user says so.
fn create_timeout(model: &Model) -> Fact<jiff::SignedDuration> {
    match &model.timeouts {
        Attr::Unknown => Fact::Unknown,
        Attr::Null => Fact::Absent,
        Attr::Known(_) => {
            let given = Timeouts::of(&model.timeouts, Operation::Create, std::time::Duration::ZERO);
            match jiff::SignedDuration::try_from(given) {
                Ok(given) if !given.is_zero() => Fact::Known(given),
                _ => Fact::Absent,
            }
        }
    }
}

/// An object that goes.
fn prior_facts(prior: &Model, seen: &Observed) -> RecoveryPoint {
    RecoveryPoint {
        prior: Fact::Known(PriorRecoveryPoint {
            arn: fact(&prior.arn),
            lifecycle: lifecycle_fact(&prior.recovery_point_lifecycle),
            deletes_at: facts::moment(&prior.deletes_at),
        }),
        observed: RecoveryPointObserved {
            vault: seen.prior_vault.clone(),
            recovery_point: recorded(prior),
            ..RecoveryPointObserved::default()
        },
        ..config_facts(prior)
    }
}

/// An object that is changed in place.
fn changed_facts(planned: &Model, prior: &Model, seen: &Observed) -> RecoveryPoint {
    RecoveryPoint {
        prior: Fact::Known(PriorRecoveryPoint {
            arn: fact(&prior.arn),
            lifecycle: lifecycle_fact(&prior.recovery_point_lifecycle),
            deletes_at: facts::moment(&prior.deletes_at),
        }),
        observed: RecoveryPointObserved {
            vault: seen.prior_vault.clone(),
            recovery_point: recorded(prior),
            ..RecoveryPointObserved::default()
        },
        // What stays as it is, is not set again.
        tags: if planned.tags == prior.tags {
            Fact::Absent
        } else {
            config_facts(planned).tags
        },
        ..config_facts(planned)
    }
}

/// The recovery point as the refresh of this very plan has read it.
fn recorded(prior: &Model) -> Fact<ObservedRecoveryPoint> {
    let Some(arn) = prior.point() else {
        return Fact::Unknown;
    };
    let time = |text: &Attr<String>| known(text.known().and_then(|text| text.parse::<Timestamp>().ok()));
    Fact::Known(ObservedRecoveryPoint {
        status: known(
            prior
                .status
                .known()
                .map(|word| RecoveryPointStatus::from_aws(word)),
        ),
        storage_class: known(
            prior
                .storage_class
                .known()
                .map(|word| StorageClass::from_aws(word)),
        ),
        is_fully_managed: Fact::Known(arn.is_fully_managed()),
        created_at: time(&prior.created_at),
        size_bytes: Fact::Unknown,
        vault_name: fact(&prior.vault_name),
        account: known(AccountId::parse(arn.account()).ok()),
        region: known(rules::syntax::Region::parse(arn.region().as_str()).ok()),
    })
}
