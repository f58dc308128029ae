//! Backup plans: find, create with a token, change, delete.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use aws_sdk_backup::operation::create_backup_plan::CreateBackupPlanError;
use aws_sdk_backup::operation::get_backup_plan::GetBackupPlanOutput;
use aws_sdk_backup::types;
use aws_smithy_runtime_api::client::result::SdkError;

use super::{AwsBackup, LifecycleDays};
use crate::call::{Call, found, incomplete};
use crate::cx::Cx;
use crate::error::{Error, ErrorKind};
use crate::operation::Operation;

/// A backup plan as AWS keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Where it is and which version this is.
    pub version: PlanVersion,
    /// What it says.
    pub document: PlanDocument,
    /// What its creator sent to tell it from others; `None` for plans of the console.
    pub creator_request_id: Option<String>,
    unmanaged: Unmanaged,
}

/// One version of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanVersion {
    /// Id: a UUID, or `orgs/…` for a plan of an Organizations policy.
    pub id: String,
    /// ARN.
    pub arn: String,
    /// Id of the version, which each change makes anew.
    pub version_id: String,
}

/// What a plan says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanDocument {
    /// Name, which AWS keeps for ever.
    pub name: String,
    /// Rules, in AWS's order.
    pub rules: Vec<PlanRule>,
}

/// One rule of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanRule {
    /// Name, unique in the plan.
    pub name: String,
    /// The vault that takes the recovery points.
    pub target_vault_name: String,
    /// The logically air-gapped vault that takes them at once.
    pub target_logically_air_gapped_vault_arn: Option<String>,
    /// When it runs; `None` for AWS's default.
    pub schedule: Option<String>,
    /// In which time zone the schedule is read; `None` for AWS's default.
    pub schedule_timezone: Option<String>,
    /// Minutes within which a job must start; `None` for AWS's default.
    pub start_window_minutes: Option<i64>,
    /// Minutes within which a job must end; `None` for AWS's default.
    pub completion_window_minutes: Option<i64>,
    /// How long recovery points stay.
    pub lifecycle: LifecycleDays,
    /// Where they are copied.
    pub copy_actions: Vec<PlanCopy>,
    /// Tags that they get.
    pub recovery_point_tags: BTreeMap<String, String>,
}

/// One copy of each recovery point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanCopy {
    /// ARN of the vault that takes it.
    pub destination_vault_arn: String,
    /// How long the copy stays.
    pub lifecycle: LifecycleDays,
}

/// What a plan says about resources that are no tables. A change of the plan must send it back, or AWS drops it.
#[derive(Clone, Debug, Default, PartialEq)]
struct Unmanaged {
    advanced_backup_settings: Option<Vec<types::AdvancedBackupSetting>>,
    scan_settings: Option<Vec<types::ScanSetting>>,
    /// By the name of the rule.
    rules: BTreeMap<String, types::BackupRule>,
}

impl AwsBackup {
    /// Finds a plan by id.
    ///
    /// # Errors
    /// [`ErrorKind::Denied`] where the caller may not `backup:GetBackupPlan`.
    pub async fn find_plan(&self, cx: &Cx, id: &str) -> Result<Option<Plan>, Error> {
        let client = self.client(cx).await?;
        let doing = format!("reading backup plan {id} in {}", self.region());
        let call = Call::new(Operation::GetBackupPlan, doing, id);
        let send = || client.get_backup_plan().backup_plan_id(id).send();
        let Some(answer) = found(self.call(cx, &call, send).await)? else {
            return Ok(None);
        };
        // A plan that was deleted can still be read for a while.
        if answer.deletion_date.is_some() {
            return Ok(None);
        }
        Plan::from_aws(answer)
            .map(Some)
            .ok_or_else(|| incomplete(&call, "the plan's document, id, ARN or version"))
    }

    /// Creates a plan. Repeated with the same token it is the same plan, with what was said the first time.
    ///
    /// # Errors
    /// [`ErrorKind::AlreadyExists`] where another plan says the same (PLN-003).
    pub async fn create_plan(
        &self,
        cx: &Cx,
        token: &str,
        document: &PlanDocument,
        tags: &BTreeMap<String, String>,
    ) -> Result<PlanVersion, Error> {
        let client = self.client(cx).await?;
        let doing = format!("creating backup plan {} in {}", document.name, self.region());
        let call = Call::new(Operation::CreateBackupPlan, doing, &*document.name);
        let input = document.to_aws(&Unmanaged::default());
        // AWS names the plan that exists in the error alone.
        let ours: Mutex<Option<String>> = Mutex::default();
        let send = || async {
            let answer = client
                .create_backup_plan()
                .creator_request_id(token)
                .backup_plan(input.clone())
                .set_backup_plan_tags(Some(tags.clone().into_iter().collect()).filter(|_| !tags.is_empty()))
                .send()
                .await;
            if let Err(SdkError::ServiceError(refusal)) = &answer
                && let CreateBackupPlanError::AlreadyExistsException(there) = refusal.err()
                && there.creator_request_id.as_deref() == Some(token)
            {
                *ours.lock().unwrap_or_else(PoisonError::into_inner) = there.arn.clone();
            }
            answer
        };
        let answer = self.call(cx, &call, send).await;
        let ours = ours.into_inner().unwrap_or_else(PoisonError::into_inner);
        match (answer, ours) {
            (Ok(answer), _) => {
                PlanVersion::of(answer.backup_plan_id, answer.backup_plan_arn, answer.version_id)
                    .ok_or_else(|| incomplete(&call, "the plan's id, ARN or version"))
            }
            (Err(error), Some(arn)) if error.kind() == ErrorKind::AlreadyExists => {
                let id = arn.rsplit(':').next().unwrap_or_default();
                let plan = self.find_plan(cx, id).await?;
                plan.map(|plan| plan.version).ok_or(error)
            }
            (Err(error), _) => Err(error),
        }
    }

    /// Makes a plan say something else, all of it at once. What it says about resources that are no tables stays.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] for another name.
    pub async fn update_plan(
        &self,
        cx: &Cx,
        plan: &Plan,
        document: &PlanDocument,
    ) -> Result<PlanVersion, Error> {
        let client = self.client(cx).await?;
        let id = &plan.version.id;
        let doing = format!(
            "changing backup plan {} ({id}) in {}",
            plan.document.name,
            self.region()
        );
        let call = Call::new(Operation::UpdateBackupPlan, doing, &**id);
        let input = document.to_aws(&plan.unmanaged);
        let send = || {
            client
                .update_backup_plan()
                .backup_plan_id(id)
                .backup_plan(input.clone())
                .send()
        };
        let answer = self.call(cx, &call, send).await?;
        PlanVersion::of(answer.backup_plan_id, answer.backup_plan_arn, answer.version_id)
            .ok_or_else(|| incomplete(&call, "the plan's id, ARN or version"))
    }

    /// Deletes a plan; done already when there is none.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] as long as it has selections, which is a while longer than they are listed (PLN-004):
    /// repeat with [`crate::retry_until`].
    pub async fn delete_plan(&self, cx: &Cx, id: &str) -> Result<(), Error> {
        let client = self.client(cx).await?;
        let doing = format!("deleting backup plan {id} in {}", self.region());
        let call = Call::new(Operation::DeleteBackupPlan, doing, id);
        let send = || client.delete_backup_plan().backup_plan_id(id).send();
        found(self.call(cx, &call, send).await)?;
        Ok(())
    }
}

impl Plan {
    /// A plan that was just made and cannot be read yet.
    pub fn new(version: PlanVersion, document: PlanDocument) -> Self {
        Self {
            version,
            document,
            creator_request_id: None,
            unmanaged: Unmanaged::default(),
        }
    }

    fn from_aws(answer: GetBackupPlanOutput) -> Option<Self> {
        let plan = answer.backup_plan?;
        let rules: Vec<PlanRule> = plan.rules.iter().map(PlanRule::from_aws).collect();
        Some(Self {
            version: PlanVersion::of(answer.backup_plan_id, answer.backup_plan_arn, answer.version_id)?,
            document: PlanDocument {
                name: plan.backup_plan_name,
                rules,
            },
            creator_request_id: answer.creator_request_id,
            unmanaged: Unmanaged {
                advanced_backup_settings: plan.advanced_backup_settings,
                scan_settings: plan.scan_settings,
                rules: plan
                    .rules
                    .into_iter()
                    .map(|rule| (rule.rule_name.clone(), rule))
                    .collect(),
            },
        })
    }
}

impl PlanVersion {
    fn of(id: Option<String>, arn: Option<String>, version_id: Option<String>) -> Option<Self> {
        Some(Self {
            id: id?,
            arn: arn?,
            version_id: version_id?,
        })
    }
}

impl PlanDocument {
    fn to_aws(&self, unmanaged: &Unmanaged) -> types::BackupPlanInput {
        let rules = self.rules.iter();
        let built = types::BackupPlanInput::builder()
            .backup_plan_name(&self.name)
            .set_rules(Some(
                rules
                    .map(|rule| rule.to_aws(unmanaged.rules.get(&rule.name)))
                    .collect(),
            ))
            .set_advanced_backup_settings(unmanaged.advanced_backup_settings.clone())
            .set_scan_settings(unmanaged.scan_settings.clone())
            .build();
        built.expect("name and rules are given")
    }
}

impl PlanRule {
    fn from_aws(rule: &types::BackupRule) -> Self {
        Self {
            name: rule.rule_name.clone(),
            target_vault_name: rule.target_backup_vault_name.clone(),
            target_logically_air_gapped_vault_arn: rule.target_logically_air_gapped_backup_vault_arn.clone(),
            schedule: rule.schedule_expression.clone(),
            schedule_timezone: rule.schedule_expression_timezone.clone(),
            start_window_minutes: rule.start_window_minutes,
            completion_window_minutes: rule.completion_window_minutes,
            lifecycle: LifecycleDays::from_aws(rule.lifecycle.clone()),
            copy_actions: rule
                .copy_actions
                .iter()
                .flatten()
                .map(|copy| PlanCopy {
                    destination_vault_arn: copy.destination_backup_vault_arn.clone(),
                    lifecycle: LifecycleDays::from_aws(copy.lifecycle.clone()),
                })
                .collect(),
            recovery_point_tags: rule.recovery_point_tags.clone().into_iter().flatten().collect(),
        }
    }

    /// What is to be sent. `before` is the rule of that name which it takes the place of.
    fn to_aws(&self, before: Option<&types::BackupRule>) -> types::BackupRuleInput {
        let copies = self.copy_actions.iter().map(|copy| {
            types::CopyAction::builder()
                .destination_backup_vault_arn(&copy.destination_vault_arn)
                .set_lifecycle(copy.lifecycle.changing(None))
                .build()
                .expect("the destination is given")
        });
        let tags = self.recovery_point_tags.clone();
        let built = types::BackupRuleInput::builder()
            .rule_name(&self.name)
            .target_backup_vault_name(&self.target_vault_name)
            .set_target_logically_air_gapped_backup_vault_arn(
                self.target_logically_air_gapped_vault_arn.clone(),
            )
            .set_schedule_expression(self.schedule.clone())
            .set_schedule_expression_timezone(self.schedule_timezone.clone())
            .set_start_window_minutes(self.start_window_minutes)
            .set_completion_window_minutes(self.completion_window_minutes)
            .set_lifecycle(
                self.lifecycle
                    .changing(before.and_then(|rule| rule.lifecycle.as_ref())),
            )
            .set_copy_actions(Some(copies.collect()).filter(|_| !self.copy_actions.is_empty()))
            .set_recovery_point_tags(
                Some(tags.into_iter().collect()).filter(|_| !self.recovery_point_tags.is_empty()),
            )
            .set_enable_continuous_backup(before.and_then(|rule| rule.enable_continuous_backup))
            .set_index_actions(before.and_then(|rule| rule.index_actions.clone()))
            .set_scan_actions(before.and_then(|rule| rule.scan_actions.clone()))
            .build();
        built.expect("name and vault are given")
    }
}

impl LifecycleDays {
    /// What is to be sent; what is not said means never. `before` is the lifecycle that it takes the place of.
    fn changing(self, before: Option<&types::Lifecycle>) -> Option<types::Lifecycle> {
        let archives = before.and_then(|it| it.opt_in_to_archive_for_supported_resources);
        if self == Self::default() && archives.is_none() {
            return None;
        }
        Some(
            types::Lifecycle::builder()
                .set_move_to_cold_storage_after_days(self.move_to_cold_storage_after)
                .set_delete_after_days(self.delete_after)
                .set_opt_in_to_archive_for_supported_resources(archives)
                .build(),
        )
    }
}
