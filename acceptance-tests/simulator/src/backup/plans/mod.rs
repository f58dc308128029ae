//! Backup plans: what they say, their versions, and the runs that come due as the clock moves.

mod schedule;
pub(super) mod selections;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use self::schedule::Schedule;
use self::selections::Selection;
use super::jobs::backup::{CopyAction, Order, accept, check_windows};
use super::lifecycle::Lifecycle;
use super::vaults;
use super::{invalid, listed, missing, page, refused};
use crate::clock::Moment;
use crate::failure::Failure;
use crate::place::Place;
use crate::world::{Context, World, read};

pub(super) struct Plan {
    id: String,
    arn: String,
    version: String,
    created_at: Moment,
    creator_request_id: Option<String>,
    pub(super) tags: BTreeMap<String, String>,
    name: String,
    rules: Vec<Rule>,
    advanced_settings: Option<Value>,
    /// By id.
    selections: BTreeMap<String, Selection>,
    last_run_at: Option<Moment>,
    /// Up to when the runs have been started.
    run_until: Moment,
}

/// One rule: what was sent, and the parts of it that are acted on.
struct Rule {
    id: String,
    sent: Value,
    read: RuleInput,
    schedule: Schedule,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RuleInput {
    rule_name: String,
    target_backup_vault_name: String,
    schedule_expression: Option<String>,
    schedule_expression_timezone: Option<String>,
    start_window_minutes: Option<i64>,
    completion_window_minutes: Option<i64>,
    #[serde(default)]
    lifecycle: Lifecycle,
    #[serde(default)]
    recovery_point_tags: BTreeMap<String, String>,
    #[serde(default)]
    copy_actions: Vec<CopyAction>,
    #[serde(default)]
    enable_continuous_backup: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PlanInput {
    backup_plan_name: String,
    rules: Vec<Value>,
    advanced_backup_settings: Option<Value>,
}

/// When a rule runs that names no schedule.
const DEFAULT_SCHEDULE: &str = "cron(0 5 ? * * *)";

/// Runs are not made up for longer than this when the clock jumps.
const MOST_RUNS: usize = 400;

impl Rule {
    fn read(id: String, sent: Value) -> Result<Self, Failure> {
        let input: RuleInput = read(sent.clone())?;
        let prefix = format!("Error in rule {} : ", input.rule_name);
        if input.enable_continuous_backup {
            check_continuous(&input.lifecycle, &prefix)?;
        }
        input.lifecycle.check(&prefix)?;
        check_windows(
            input.start_window_minutes,
            input.completion_window_minutes,
            &prefix,
        )?;
        if input.copy_actions.len() > 5 {
            return Err(Failure::new(
                "LimitExceededException",
                format!("{prefix}A rule has at most 5 copy actions."),
            ));
        }
        for action in &input.copy_actions {
            vaults::of_arn(&action.destination_backup_vault_arn)?;
            action.lifecycle.check(&prefix)?;
        }
        if input.recovery_point_tags.len() > 10 {
            return Err(Failure::new(
                "LimitExceededException",
                format!("{prefix}A rule puts at most 10 tags on recovery points."),
            ));
        }
        let expression = input.schedule_expression.as_deref().unwrap_or(DEFAULT_SCHEDULE);
        let zone = input.schedule_expression_timezone.as_deref().unwrap_or("Etc/UTC");
        let schedule = Schedule::parse(expression, zone)
            .map_err(|why| invalid(format!("{prefix}Invalid schedule expression: {why}")))?;
        Ok(Self {
            id,
            sent,
            read: input,
            schedule,
        })
    }

    fn description(&self) -> Value {
        let mut description = self.sent.clone();
        description["RuleId"] = json!(self.id);
        let mut default = |member: &str, value: Value| {
            if description[member].is_null() {
                description[member] = value;
            }
        };
        default("ScheduleExpression", json!(DEFAULT_SCHEDULE));
        default("ScheduleExpressionTimezone", json!("Etc/UTC"));
        default("StartWindowMinutes", json!(480));
        default("CompletionWindowMinutes", json!(10_080));
        default("EnableContinuousBackup", json!(false));
        description
    }
}

/// A rule for continuous backups keeps what it makes for at most 35 days, and warm.
fn check_continuous(lifecycle: &Lifecycle, prefix: &str) -> Result<(), Failure> {
    if lifecycle.move_to_cold_storage_after_days.is_some() {
        return Err(invalid(format!(
            "{prefix}MoveToColdStorageAfterDays is unavailable for continuous backups"
        )));
    }
    match lifecycle.delete_after_days {
        Some(1..=35) => Ok(()),
        _ => Err(invalid(format!(
            "{prefix}Lifecycle must be specified for backup rule enabled continuous backup"
        ))),
    }
}

/// The rules of a plan, of which those with the name of a rule before keep its id.
fn read_rules(
    cx: &mut Context<'_>,
    sent: Vec<Value>,
    before: &[(String, String)],
) -> Result<Vec<Rule>, Failure> {
    if sent.is_empty() {
        return Err(Failure::new(
            "MissingParameterValueException",
            "A backup plan has at least one rule.",
        ));
    }
    if sent.len() > 10 {
        return Err(Failure::new(
            "LimitExceededException",
            "A backup plan has at most 10 rules.",
        ));
    }
    let mut rules: Vec<Rule> = Vec::new();
    for rule in sent {
        let name = rule["RuleName"].as_str().unwrap_or_default().to_owned();
        if rules.iter().any(|it| it.read.rule_name == name) {
            return Err(invalid(format!("Backup rule names must be unique: {name}")));
        }
        let known = before.iter().find(|(known, _)| *known == name);
        let id = known.map_or_else(|| cx.world.ids.uuid(), |(_, id)| id.clone());
        rules.push(Rule::read(id, rule)?);
    }
    for rule in &rules {
        let vault = &rule.read.target_backup_vault_name;
        if cx.world.backup.vault(cx.place, vault).is_none() {
            return Err(invalid(format!("Backup vault {vault} does not exist.")));
        }
    }
    Ok(rules)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Create {
    backup_plan: PlanInput,
    #[serde(default)]
    backup_plan_tags: BTreeMap<String, String>,
    creator_request_id: Option<String>,
}

pub(super) fn create(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Create = read(input)?;
    let PlanInput {
        backup_plan_name: name,
        rules,
        advanced_backup_settings,
    } = input.backup_plan;
    let plans = &cx.world.backup.region(cx.place).plans;
    let same_request = plans.values().find(|plan| {
        plan.creator_request_id.is_some() && plan.creator_request_id == input.creator_request_id
    });
    if let Some(plan) = same_request {
        return Ok(plan.acknowledgement());
    }
    let twin = plans
        .values()
        .find(|plan| plan.name == name && plan.rules.iter().map(|rule| &rule.sent).eq(rules.iter()));
    if let Some(twin) = twin {
        return Err(Failure::new(
            "AlreadyExistsException",
            format!(
                "Backup plan with the same plan document already exists: {}",
                twin.id
            ),
        )
        .with("Arn", twin.arn.clone()));
    }
    let rules = read_rules(cx, rules, &[])?;
    let id = cx.world.ids.uuid();
    let plan = Plan {
        arn: format!(
            "arn:{}:backup:{}:{}:backup-plan:{id}",
            cx.place.partition(),
            cx.place.region,
            cx.place.account
        ),
        version: cx.world.ids.base32(48),
        created_at: cx.now,
        creator_request_id: input.creator_request_id,
        tags: input.backup_plan_tags,
        name,
        rules,
        advanced_settings: advanced_backup_settings,
        selections: BTreeMap::new(),
        last_run_at: None,
        run_until: cx.now,
        id: id.clone(),
    };
    let output = plan.acknowledgement();
    cx.world.backup.region(cx.place).plans.insert(id, plan);
    Ok(output)
}

impl Plan {
    fn acknowledgement(&self) -> Value {
        json!({
            "BackupPlanId": self.id,
            "BackupPlanArn": self.arn,
            "CreationDate": self.created_at.to_epoch_seconds(),
            "VersionId": self.version,
        })
    }

    fn document(&self) -> Value {
        let rules: Vec<Value> = self.rules.iter().map(Rule::description).collect();
        let mut document = json!({"BackupPlanName": self.name, "Rules": rules});
        if let Some(settings) = &self.advanced_settings {
            document["AdvancedBackupSettings"] = settings.clone();
        }
        document
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Named {
    backup_plan_id: String,
    max_scheduled_runs_preview: Option<usize>,
}

fn find<'a>(cx: &'a mut Context<'_>, id: &str) -> Result<&'a mut Plan, Failure> {
    cx.world
        .backup
        .region(cx.place)
        .plans
        .get_mut(id)
        .ok_or_else(|| missing(format!("Cannot find Backup plan with ID {id}")))
}

pub(super) fn get(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Named = read(input)?;
    let now = cx.now;
    let plan = find(cx, &input.backup_plan_id)?;
    let mut output = plan.acknowledgement();
    output["BackupPlan"] = plan.document();
    if let Some(id) = &plan.creator_request_id {
        output["CreatorRequestId"] = json!(id);
    }
    if let Some(at) = plan.last_run_at {
        output["LastExecutionDate"] = at.to_epoch_seconds();
    }
    let most = input.max_scheduled_runs_preview.unwrap_or(0);
    if most > 0 {
        let mut runs: Vec<(Moment, &str)> = plan
            .rules
            .iter()
            .flat_map(|rule| {
                rule.schedule
                    .after(now)
                    .take(most)
                    .map(|at| (at, rule.id.as_str()))
            })
            .collect();
        runs.sort();
        let runs = runs.into_iter().take(most).map(|(at, id)| {
            json!({"ExecutionTime": at.to_epoch_seconds(), "RuleId": id, "RuleExecutionType": "SNAPSHOTS"})
        });
        output["ScheduledRunsPreview"] = runs.collect();
    }
    Ok(output)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Update {
    backup_plan_id: String,
    backup_plan: PlanInput,
}

pub(super) fn update(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Update = read(input)?;
    let plan = find(cx, &input.backup_plan_id)?;
    if plan.name != input.backup_plan.backup_plan_name {
        return Err(invalid(format!(
            "The name of a backup plan cannot be changed: {} to {}",
            plan.name, input.backup_plan.backup_plan_name
        )));
    }
    let before: Vec<(String, String)> = plan
        .rules
        .iter()
        .map(|rule| (rule.read.rule_name.clone(), rule.id.clone()))
        .collect();
    let rules = read_rules(cx, input.backup_plan.rules, &before)?;
    let version = cx.world.ids.base32(48);
    let plan = find(cx, &input.backup_plan_id)?;
    plan.rules = rules;
    plan.advanced_settings = input.backup_plan.advanced_backup_settings;
    plan.version = version;
    Ok(plan.acknowledgement())
}

pub(super) fn delete(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Named = read(input)?;
    let now = cx.now;
    let plan = find(cx, &input.backup_plan_id)?;
    if !plan.selections.is_empty() {
        return Err(refused(
            "Related backup plan selections must be deleted prior to backup plan deletion.",
        ));
    }
    let output = json!({
        "BackupPlanId": plan.id,
        "BackupPlanArn": plan.arn,
        "DeletionDate": now.to_epoch_seconds(),
        "VersionId": plan.version,
    });
    cx.world
        .backup
        .region(cx.place)
        .plans
        .remove(&input.backup_plan_id);
    Ok(output)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct List {
    next_token: Option<String>,
    max_results: Option<i64>,
}

pub(super) fn list(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: List = read(input)?;
    let plans = &cx.world.backup.region(cx.place).plans;
    let all = plans
        .values()
        .map(|plan| {
            let mut it = plan.acknowledgement();
            it["BackupPlanName"] = json!(plan.name);
            it
        })
        .collect();
    let page = page(all, input.next_token.as_deref(), input.max_results)?;
    Ok(listed("BackupPlansList", page))
}

/// Reads a plan's document and answers it, without making anything.
pub(super) fn from_json(input: Value) -> Result<Value, Failure> {
    let text = input["BackupPlanTemplateJson"].as_str().unwrap_or_default();
    let document: Value =
        serde_json::from_str(text).map_err(|error| invalid(format!("The plan is not JSON: {error}")))?;
    let plan: PlanInput = serde_json::from_value(document)
        .map_err(|error| invalid(format!("The plan is not a backup plan: {error}")))?;
    let mut rules = Vec::new();
    for rule in plan.rules {
        let rule = Rule::read(String::new(), rule)?;
        let mut description = rule.description();
        if let Some(members) = description.as_object_mut() {
            members.remove("RuleId");
        }
        rules.push(description);
    }
    Ok(json!({"BackupPlan": {"BackupPlanName": plan.backup_plan_name, "Rules": rules}}))
}

/// Starts the backups whose time has come.
pub(super) fn run_due(world: &mut World, place: &Place, now: Moment) {
    let mut orders = Vec::new();
    let is_opted_in = world.backup.region(place).settings.is_opted_in();
    let tables = world.dynamodb.tagged_tables(place);
    for plan in world.backup.region(place).plans.values_mut() {
        let since = plan.run_until;
        plan.run_until = now;
        for rule in &plan.rules {
            let due = rule
                .schedule
                .after(since)
                .take(MOST_RUNS)
                .take_while(|at| *at <= now);
            for at in due {
                plan.last_run_at = plan.last_run_at.max(Some(at));
                for selection in plan.selections.values() {
                    for table in selection.tables(place, &tables, is_opted_in) {
                        orders.push((at, plan_order(plan, rule, selection, table)));
                    }
                }
            }
        }
    }
    orders.sort_by_key(|(at, _)| *at);
    for (at, order) in orders {
        accept(world, place, order, at);
    }
}

fn plan_order(plan: &Plan, rule: &Rule, selection: &Selection, table: &str) -> Order {
    let RuleInput {
        rule_name,
        target_backup_vault_name,
        start_window_minutes,
        lifecycle,
        recovery_point_tags,
        copy_actions,
        ..
    } = rule.read.clone();
    Order {
        token: None,
        vault_name: target_backup_vault_name,
        table_name: table.to_owned(),
        role_arn: selection.role_arn().to_owned(),
        lifecycle,
        tags: recovery_point_tags,
        created_by: Some(json!({
            "BackupPlanId": plan.id,
            "BackupPlanArn": plan.arn,
            "BackupPlanName": plan.name,
            "BackupPlanVersion": plan.version,
            "BackupRuleId": rule.id,
            "BackupRuleName": rule_name,
        })),
        copies: copy_actions,
        start_window_minutes: start_window_minutes.unwrap_or(480),
    }
}
