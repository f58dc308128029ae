//! The objects of AWS Backup as HCL.

use std::collections::BTreeMap;

use super::{Arguments, Hcl, key};
use crate::fact::Fact;
use crate::facts::{
    AccessPolicy, BackupPlan, BackupSettings, BackupVault, CopyAction, LifecycleDays, PlanRule,
    PolicyActions, PolicyEffect, PolicyPrincipals, PolicyStatement, RecoveryPoint, RecoveryPointCopy,
    Selection, VaultLock,
};

pub(super) fn settings(it: &BackupSettings) -> Vec<(String, Hcl)> {
    let mut arguments = Arguments::default();
    arguments.text("region", &it.region);
    arguments.plain("opt_in", &it.opt_in);
    arguments.plain("advanced_features", &it.advanced_features);
    arguments.plain("cross_account_backup", &it.cross_account_backup);
    arguments.0
}

pub(super) fn vault(it: &BackupVault) -> Vec<(String, Hcl)> {
    let mut arguments = Arguments::default();
    arguments.text("region", &it.region);
    arguments.text("name", &it.name);
    arguments.text("vault_type", &it.vault_type);
    arguments.text("kms_key_arn", &it.kms_key_arn);
    arguments.put("policy", &it.policy, policy);
    arguments.put("lock", &it.lock, lock);
    arguments.put("tags", &it.tags, tags);
    arguments.plain("force_destroy", &it.force_destroy);
    arguments.0
}

pub(super) fn plan(it: &BackupPlan) -> Vec<(String, Hcl)> {
    let mut arguments = Arguments::default();
    arguments.text("region", &it.region);
    arguments.text("name", &it.name);
    arguments.put("rules", &it.rules, |rules| map(rules, rule));
    arguments.put("selections", &it.selections, |selections| {
        map(selections, selection)
    });
    arguments.put("tags", &it.tags, tags);
    arguments.0
}

pub(super) fn recovery_point(it: &RecoveryPoint) -> Vec<(String, Hcl)> {
    let mut arguments = Arguments::default();
    arguments.text("region", &it.region);
    arguments.text("table_name", &it.table_name);
    arguments.text("vault_name", &it.vault_name);
    arguments.text("role_arn", &it.role_arn);
    arguments.plain("start_window_minutes", &it.start_window_minutes);
    arguments.plain("completion_window_minutes", &it.completion_window_minutes);
    arguments.put("recovery_point_lifecycle", &it.lifecycle, lifecycle);
    arguments.put("tags", &it.tags, tags);
    arguments.plain("retain_on_destroy", &it.retain_on_destroy);
    arguments.put("timeouts", &it.create_timeout, super::timeouts);
    arguments.0
}

pub(super) fn copy(it: &RecoveryPointCopy) -> Vec<(String, Hcl)> {
    let mut arguments = Arguments::default();
    arguments.text("region", &it.region);
    arguments.text("recovery_point_arn", &it.recovery_point_arn);
    arguments.text("source_vault_name", &it.source_vault_name);
    arguments.text("destination_vault_arn", &it.destination_vault_arn);
    arguments.text("role_arn", &it.role_arn);
    arguments.put("recovery_point_lifecycle", &it.lifecycle, lifecycle);
    arguments.plain("retain_on_destroy", &it.retain_on_destroy);
    arguments.0
}

fn rule(it: &PlanRule) -> Hcl {
    let mut arguments = Arguments::default();
    arguments.text("target_vault_name", &it.target_vault_name);
    arguments.text(
        "target_logically_air_gapped_vault_arn",
        &it.target_logically_air_gapped_vault_arn,
    );
    arguments.text("schedule", &it.schedule);
    arguments.text("schedule_timezone", &it.schedule_timezone);
    arguments.plain("start_window_minutes", &it.start_window_minutes);
    arguments.plain("completion_window_minutes", &it.completion_window_minutes);
    arguments.put("lifecycle", &it.lifecycle, lifecycle);
    arguments.put("copy_actions", &it.copy_actions, |actions| {
        Hcl::List(actions.iter().map(copy_action).collect())
    });
    arguments.put("recovery_point_tags", &it.recovery_point_tags, tags);
    Hcl::Object(arguments.0)
}

fn copy_action(it: &CopyAction) -> Hcl {
    let mut arguments = Arguments::default();
    arguments.text("destination_vault_arn", &it.destination_vault_arn);
    arguments.put("lifecycle", &it.lifecycle, lifecycle);
    Hcl::Object(arguments.0)
}

fn selection(it: &Selection) -> Hcl {
    let mut arguments = Arguments::default();
    arguments.text("role_arn", &it.role_arn);
    arguments.put("resources", &it.resources, |texts| list(texts));
    arguments.put("not_resources", &it.not_resources, |texts| list(texts));
    arguments.put("tags", &it.tags, |tags| {
        let tag = |tag: &crate::facts::SelectionTag| {
            let mut arguments = Arguments::default();
            arguments.text("key", &tag.key);
            arguments.text("value", &tag.value);
            Hcl::Object(arguments.0)
        };
        Hcl::List(tags.iter().map(tag).collect())
    });
    arguments.put("conditions", &it.conditions, |conditions| {
        let condition = |condition: &crate::facts::SelectionCondition| {
            let mut arguments = Arguments::default();
            arguments.text("operator", &condition.operator);
            arguments.text("key", &condition.key);
            arguments.text("value", &condition.value);
            Hcl::Object(arguments.0)
        };
        Hcl::List(conditions.iter().map(condition).collect())
    });
    Hcl::Object(arguments.0)
}

fn lifecycle(it: &LifecycleDays) -> Hcl {
    let mut arguments = Arguments::default();
    arguments.plain(
        "move_to_cold_storage_after_days",
        &it.move_to_cold_storage_after_days,
    );
    arguments.plain("delete_after_days", &it.delete_after_days);
    Hcl::Object(arguments.0)
}

fn lock(it: &VaultLock) -> Hcl {
    let mut arguments = Arguments::default();
    arguments.plain("min_retention_days", &it.min_retention_days);
    arguments.plain("max_retention_days", &it.max_retention_days);
    arguments.plain("changeable_for_days", &it.changeable_for_days);
    Hcl::Object(arguments.0)
}

fn policy(it: &AccessPolicy) -> Hcl {
    let statements = Hcl::List(it.statements.iter().map(statement).collect());
    let version = ("Version".to_owned(), Hcl::text("2012-10-17"));
    let document = Hcl::Object(vec![version, ("Statement".to_owned(), statements)]);
    Hcl::Plain(format!("jsonencode({document})"))
}

fn statement(it: &PolicyStatement) -> Hcl {
    let aws = |principals: &[String]| Hcl::Object(vec![("AWS".to_owned(), texts(principals))]);
    let effect = match it.effect {
        PolicyEffect::Allow => "Allow",
        PolicyEffect::Deny => "Deny",
    };
    let principals = match &it.principals {
        PolicyPrincipals::Everyone => ("Principal", Hcl::text("*")),
        PolicyPrincipals::Only(principals) => ("Principal", aws(principals)),
        PolicyPrincipals::Except(principals) => ("NotPrincipal", aws(principals)),
    };
    let actions = match &it.actions {
        PolicyActions::Only(actions) => ("Action", texts(actions)),
        PolicyActions::Except(actions) => ("NotAction", texts(actions)),
    };
    let mut entries = vec![("Effect", Hcl::text(effect)), principals, actions];
    if !it.is_narrowed {
        entries.push(("Resource", Hcl::text("*")));
    }
    if !it.organization_ids.is_empty() {
        let ids = Hcl::Object(vec![(key("aws:PrincipalOrgID"), texts(&it.organization_ids))]);
        entries.push(("Condition", Hcl::Object(vec![("StringEquals".to_owned(), ids)])));
    }
    Hcl::Object(
        entries
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    )
}

fn map<T>(entries: &BTreeMap<String, T>, render: impl Fn(&T) -> Hcl) -> Hcl {
    Hcl::Object(
        entries
            .iter()
            .map(|(name, value)| (key(name), render(value)))
            .collect(),
    )
}

fn tags(tags: &BTreeMap<String, Fact<String>>) -> Hcl {
    let known = tags
        .iter()
        .filter_map(|(name, value)| Some((key(name), Hcl::text(value.known()?))));
    Hcl::Object(known.collect())
}

fn list(items: &[Fact<String>]) -> Hcl {
    let known = items.iter().filter_map(Fact::known);
    Hcl::List(known.map(|it| Hcl::text(it)).collect())
}

fn texts(items: &[String]) -> Hcl {
    Hcl::List(items.iter().map(|it| Hcl::text(it)).collect())
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::examples::aws_backup::{
        FAR_VAULT_ARN, ROLE_ARN, copy, copy_policy, named, plan, recovery_point, rule, settings, statement,
        vault,
    };
    use crate::fact::Fact;
    use crate::facts::{
        CopyAction, Facts, LifecycleDays, PlanRule, PolicyActions, PolicyEffect, PolicyPrincipals,
        PolicyStatement, Selection, SelectionCondition, SelectionTag, VaultLock,
    };

    fn check(facts: &Facts, expected: &Expect) {
        expected.assert_eq(&super::super::render(facts));
    }

    fn lifecycle() -> Fact<LifecycleDays> {
        Fact::Known(LifecycleDays {
            move_to_cold_storage_after_days: Fact::Known(30),
            delete_after_days: Fact::Known(120),
        })
    }

    #[test]
    fn settings_show_what_is_given() {
        let facts = settings(|it| {
            it.region = "eu-west-1".into();
            it.advanced_features = Fact::Unknown;
            it.cross_account_backup = Fact::Known(false);
        });
        check(
            &facts,
            &expect![[r#"
            resource "dynamodb_backup_settings" "example" {
              region               = "eu-west-1"
              opt_in               = true
              cross_account_backup = false
            }
        "#]],
        );
    }

    #[test]
    fn a_vault_shows_its_policy_and_its_lock() {
        let facts = vault(|it| {
            let mut policy = copy_policy();
            policy.statements.push(PolicyStatement {
                principals: PolicyPrincipals::Except(vec![ROLE_ARN.to_owned()]),
                actions: PolicyActions::Except(vec!["backup:List*".to_owned()]),
                is_narrowed: true,
                ..statement(PolicyEffect::Deny, "")
            });
            policy.statements.push(PolicyStatement {
                principals: PolicyPrincipals::Only(vec!["444455556666".to_owned()]),
                ..statement(PolicyEffect::Allow, "backup:*")
            });
            it.policy = Fact::Known(policy);
            it.lock = Fact::Known(VaultLock {
                min_retention_days: Fact::Known(7),
                max_retention_days: Fact::Known(365),
                changeable_for_days: Fact::Known(3),
            });
        });
        check(
            &facts,
            &expect![[r#"
            resource "dynamodb_backup_vault" "example" {
              name        = "orders"
              kms_key_arn = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
              policy      = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = "*", Action = ["backup:CopyIntoBackupVault"], Resource = "*", Condition = { StringEquals = { "aws:PrincipalOrgID" = ["o-exampleorgid"] } } }, { Effect = "Deny", NotPrincipal = { AWS = ["arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole"] }, NotAction = ["backup:List*"] }, { Effect = "Allow", Principal = { AWS = ["444455556666"] }, Action = ["backup:*"], Resource = "*" }] })
              lock        = { min_retention_days = 7, max_retention_days = 365, changeable_for_days = 3 }
            }
        "#]],
        );
    }

    #[test]
    fn a_plan_shows_its_rules_and_selections() {
        let facts = plan(|it| {
            let rule = PlanRule {
                schedule_timezone: "Europe/Berlin".into(),
                lifecycle: lifecycle(),
                copy_actions: Fact::Known(vec![
                    CopyAction {
                        lifecycle: lifecycle(),
                        ..CopyAction::to(FAR_VAULT_ARN)
                    },
                    CopyAction::to(Fact::Unknown),
                ]),
                recovery_point_tags: named([("team", Fact::from("orders")), ("at", Fact::Unknown)]),
                ..rule()
            };
            it.rules = named([("every day", rule)]);
            let selection = Selection {
                role_arn: ROLE_ARN.into(),
                resources: Fact::Known(vec!["arn:aws:dynamodb:*:*:table/*".into(), Fact::Unknown]),
                not_resources: Fact::Known(vec!["arn:aws:dynamodb:*:*:table/tmp*".into()]),
                tags: Fact::Known(vec![SelectionTag {
                    key: "backup".into(),
                    value: "daily".into(),
                }]),
                conditions: Fact::Known(vec![SelectionCondition {
                    operator: "StringLike".into(),
                    key: "aws:ResourceTag/team".into(),
                    value: "orders*".into(),
                }]),
            };
            it.selections = named([("tables", selection)]);
        });
        check(
            &facts,
            &expect![[r#"
                resource "dynamodb_backup_plan" "example" {
                  name = "orders"
                  rules = {
                    "every day" = {
                      target_vault_name = "orders"
                      schedule          = "cron(0 5 ? * * *)"
                      schedule_timezone = "Europe/Berlin"
                      lifecycle         = { move_to_cold_storage_after_days = 30, delete_after_days = 120 }
                      copy_actions = [
                        {
                          destination_vault_arn = "arn:aws:backup:us-east-1:444455556666:backup-vault:orders-copies"
                          lifecycle             = { move_to_cold_storage_after_days = 30, delete_after_days = 120 }
                        },
                        {},
                      ]
                      recovery_point_tags = { team = "orders" }
                    }
                  }
                  selections = {
                    tables = {
                      role_arn      = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole"
                      resources     = ["arn:aws:dynamodb:*:*:table/*"]
                      not_resources = ["arn:aws:dynamodb:*:*:table/tmp*"]
                      tags          = [{ key = "backup", value = "daily" }]
                      conditions    = [{ operator = "StringLike", key = "aws:ResourceTag/team", value = "orders*" }]
                    }
                  }
                }
            "#]],
        );
    }

    #[test]
    fn recovery_points_and_copies_show_all_arguments() {
        let made = recovery_point(|it| {
            it.region = "us-east-1".into();
            it.lifecycle = lifecycle();
            it.tags = named([("team", "orders".into())]);
            it.retain_on_destroy = Fact::Known(true);
        });
        check(
            &made,
            &expect![[r#"
                resource "dynamodb_recovery_point" "example" {
                  region                   = "us-east-1"
                  table_name               = "orders"
                  vault_name               = "orders"
                  role_arn                 = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole"
                  recovery_point_lifecycle = { move_to_cold_storage_after_days = 30, delete_after_days = 120 }
                  tags                     = { team = "orders" }
                  retain_on_destroy        = true
                }
            "#]],
        );
        let copied = copy(|it| {
            it.region = "us-east-1".into();
            it.lifecycle = lifecycle();
            it.retain_on_destroy = Fact::Known(false);
        });
        check(
            &copied,
            &expect![[r#"
                resource "dynamodb_recovery_point_copy" "example" {
                  region                   = "us-east-1"
                  recovery_point_arn       = "arn:aws:backup:us-east-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45"
                  source_vault_name        = "orders"
                  destination_vault_arn    = "arn:aws:backup:us-east-1:444455556666:backup-vault:orders-copies"
                  role_arn                 = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole"
                  recovery_point_lifecycle = { move_to_cold_storage_after_days = 30, delete_after_days = 120 }
                  retain_on_destroy        = false
                }
            "#]],
        );
    }
}
