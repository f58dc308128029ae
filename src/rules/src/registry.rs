//! The list of all rules, sorted by id, and the function that applies them. A new rule is one file and one
//! line here.

use crate::facts::Facts;
use crate::finding::Finding;
use crate::rule::Rule;
use crate::{
    air_gapped_vaults, arns, backup_jobs, backup_settings, backups, capacity, carry_over, copies,
    cross_account, cross_region, deletion, encryption, indexes, lifecycles, names, pitr, plans, quotas,
    recovery_point_tags, restores, schedules, selections, vault_lock, vaults,
};

/// Every rule, sorted by id.
pub static RULES: &[Rule] = &[
    backup_jobs::table_backed_up_twice_at_once::RULE,
    backup_jobs::job_timeout_too_short::RULE,
    encryption::recovery_point_key_given_up::RULE,
    restores::recovery_point_not_restorable::RULE,
    restores::recovery_point_in_cold_storage::RULE,
    backup_settings::opt_in_off::RULE,
    backup_settings::advanced_features_off::RULE,
    backup_settings::settings_planned_twice::RULE,
    arns::table_arn_malformed::RULE,
    arns::other_arn_for_table::RULE,
    arns::backup_arn_malformed::RULE,
    arns::recovery_point_for_backup::RULE,
    arns::backup_of_aws_backup::RULE,
    arns::region_outside_partition::RULE,
    cross_account::resource_of_another_account::RULE,
    arns::table_of_another_region::RULE,
    arns::arn_for_name::RULE,
    arns::backup_deleted_in_another_region::RULE,
    arns::region_unknown::RULE,
    arns::backup_id_out_of_time::RULE,
    arns::vault_in_wrong_form::RULE,
    encryption::key_malformed::RULE,
    arns::key_not_an_arn::RULE,
    arns::role_arn_malformed::RULE,
    cross_account::role_of_another_account::RULE,
    arns::recovery_point_elsewhere::RULE,
    backups::source_table_not_ready::RULE,
    backups::retained_backup_left_behind::RULE,
    backups::aws_backup_deleted_by_dynamodb::RULE,
    backups::system_backup_deleted::RULE,
    backups::backup_deleted::RULE,
    encryption::source_key_unusable::RULE,
    restores::source_table_archived::RULE,
    capacity::billing_mode_unknown::RULE,
    capacity::provisioned_without_throughput::RULE,
    capacity::throughput_without_provisioned::RULE,
    capacity::capacity_incomplete::RULE,
    capacity::throughput_beyond_quota::RULE,
    capacity::on_demand_maximum_without_on_demand::RULE,
    capacity::on_demand_maximum_below_one::RULE,
    capacity::on_demand_maxima_empty::RULE,
    capacity::index_throughput_kept::RULE,
    capacity::capacity_for_recovery_point::RULE,
    capacity::autoscaling_out_of_range::RULE,
    capacity::autoscaling_without_provisioned::RULE,
    carry_over::autoscaling_dropped::RULE,
    carry_over::tags_dropped::RULE,
    carry_over::stream_dropped::RULE,
    carry_over::time_to_live_dropped::RULE,
    carry_over::recovery_dropped::RULE,
    carry_over::deletion_protection_dropped::RULE,
    carry_over::resource_policy_dropped::RULE,
    carry_over::kinesis_stream_dropped::RULE,
    carry_over::contributor_insights_dropped::RULE,
    carry_over::table_class_dropped::RULE,
    carry_over::warm_throughput_dropped::RULE,
    carry_over::replicas_dropped::RULE,
    copies::copy_into_own_vault::RULE,
    copies::copy_destination_given_twice::RULE,
    copies::copy_destination_missing::RULE,
    copies::copy_outside_lock::RULE,
    copies::copy_of_unmanaged_point::RULE,
    copies::copy_expires_at_once::RULE,
    copies::copy_without_own_expiry::RULE,
    copies::copy_destination_key_unusable::RULE,
    deletion::unrecoverable_table_deleted::RULE,
    deletion::protected_table_deleted::RULE,
    carry_over::deletion_protection_not_given::RULE,
    deletion::recovery_history_deleted::RULE,
    indexes::unknown_global_index::RULE,
    indexes::local_index_left_out::RULE,
    indexes::unknown_local_index::RULE,
    indexes::too_many_indexes::RULE,
    indexes::index_throughput_against_billing_mode::RULE,
    indexes::index_choice_for_recovery_point::RULE,
    indexes::index_named_twice::RULE,
    air_gapped_vaults::air_gapped_retention_out_of_range::RULE,
    air_gapped_vaults::air_gapped_without_advanced_features::RULE,
    air_gapped_vaults::region_without_air_gapped_vaults::RULE,
    air_gapped_vaults::air_gapped_target_unsuitable::RULE,
    air_gapped_vaults::copy_under_owned_key::RULE,
    vault_lock::lock_changeable_out_of_range::RULE,
    vault_lock::lock_becomes_final::RULE,
    vault_lock::lock_minimum_out_of_range::RULE,
    vault_lock::lock_maximum_out_of_range::RULE,
    vault_lock::retention_outside_lock::RULE,
    vault_lock::lock_already_final::RULE,
    vault_lock::deletion_in_locked_vault::RULE,
    vault_lock::kept_for_ever_under_lock::RULE,
    vault_lock::governance_called_compliance::RULE,
    lifecycles::delete_after_out_of_range::RULE,
    lifecycles::cold_storage_too_short::RULE,
    lifecycles::cold_storage_after_out_of_range::RULE,
    lifecycles::cold_storage_without_advanced_features::RULE,
    lifecycles::cold_recovery_point_changed::RULE,
    lifecycles::zero_for_never::RULE,
    lifecycles::kept_for_ever::RULE,
    names::table_name_malformed::RULE,
    names::backup_name_malformed::RULE,
    names::index_name_malformed::RULE,
    names::backup_name_planned_twice::RULE,
    names::vault_name_malformed::RULE,
    names::plan_rule_name_malformed::RULE,
    names::selection_name_malformed::RULE,
    names::plan_name_malformed::RULE,
    names::target_named_like_source::RULE,
    pitr::recovery_period_out_of_range::RULE,
    pitr::recovery_period_without_recovery::RULE,
    pitr::recovery_window_shortened::RULE,
    pitr::recovery_window_discarded::RULE,
    pitr::recovery_disabled_on_destroy::RULE,
    pitr::replica_without_recovery::RULE,
    pitr::table_without_key::RULE,
    plans::plan_without_rule::RULE,
    plans::rule_without_vault::RULE,
    plans::retention_changed_for_later_points::RULE,
    plans::plan_without_selection::RULE,
    plans::overlapping_rules::RULE,
    plans::rule_without_schedule::RULE,
    plans::organization_plan_changed::RULE,
    quotas::tags_beyond_limits::RULE,
    quotas::resource_policy_too_large::RULE,
    quotas::plan_beyond_quotas::RULE,
    quotas::plan_tags_beyond_limits::RULE,
    restores::not_exactly_one_time::RULE,
    restores::restore_time_malformed::RULE,
    restores::restore_time_in_future::RULE,
    restores::restore_time_too_old::RULE,
    restores::restore_time_before_configured_period::RULE,
    restores::restore_time_too_recent::RULE,
    restores::restore_time_outside_window::RULE,
    restores::source_recovery_off::RULE,
    restores::restore_time_before_recovery::RULE,
    restores::source_table_missing::RULE,
    restores::not_exactly_one_source::RULE,
    restores::time_for_backup::RULE,
    restores::target_table_exists::RULE,
    restores::target_table_being_restored::RULE,
    restores::target_planned_twice::RULE,
    quotas::too_many_restores::RULE,
    quotas::restores_too_large::RULE,
    restores::create_timeout_too_short::RULE,
    restores::source_edited_after_restore::RULE,
    quotas::too_many_tables::RULE,
    restores::backup_not_available::RULE,
    schedules::schedule_not_cron::RULE,
    schedules::day_fields_not_exclusive::RULE,
    schedules::schedule_as_rate::RULE,
    schedules::schedule_too_often::RULE,
    schedules::schedule_field_malformed::RULE,
    schedules::schedule_never_runs::RULE,
    schedules::timezone_unknown::RULE,
    schedules::hour_step_without_effect::RULE,
    schedules::start_window_out_of_range::RULE,
    schedules::completion_window_too_short::RULE,
    schedules::start_window_short::RULE,
    selections::selection_of_everything::RULE,
    selections::selection_lists_too_long::RULE,
    selections::wildcard_inside_name::RULE,
    selections::selected_entry_no_table::RULE,
    selections::condition_key_malformed::RULE,
    selections::tags_beside_resources::RULE,
    selections::selected_table_elsewhere::RULE,
    encryption::sse_type_unsupported::RULE,
    encryption::key_while_disabled::RULE,
    encryption::key_without_enabled::RULE,
    encryption::default_key_spelled_out::RULE,
    encryption::key_of_another_region::RULE,
    encryption::key_not_symmetric::RULE,
    encryption::key_not_enabled::RULE,
    encryption::key_missing::RULE,
    encryption::aws_managed_key::RULE,
    encryption::key_given_by_alias::RULE,
    cross_region::cross_region_without_encryption::RULE,
    encryption::source_key_given_up::RULE,
    recovery_point_tags::native_recovery_point_tagged::RULE,
    recovery_point_tags::table_tags_left_behind::RULE,
    vaults::vault_missing::RULE,
    vaults::vault_exists::RULE,
    vaults::vault_destroyed_with_recovery_points::RULE,
    vaults::vault_key_unusable::RULE,
    vaults::unencrypted_by_vault_key::RULE,
    vaults::vault_locked_out::RULE,
    vaults::vault_not_available::RULE,
    vaults::vault_type_unsuitable::RULE,
    vaults::target_vault_destroyed::RULE,
    cross_account::copy_to_foreign_organization::RULE,
    cross_account::copy_while_cross_account_off::RULE,
    cross_account::cross_account_set_by_member::RULE,
    cross_account::copy_without_advanced_features::RULE,
    cross_account::destination_vault_closed::RULE,
    cross_account::vault_policy_opens_too_much::RULE,
    cross_account::destination_key_managed_by_aws::RULE,
    cross_account::copied_point_key_unusable::RULE,
    cross_account::cold_recovery_point_copied::RULE,
    cross_account::copy_closed_by_partition::RULE,
    cross_account::deletion_denied_by_vault_policy::RULE,
    cross_account::destination_without_dynamodb::RULE,
    cross_region::source_in_another_partition::RULE,
    cross_region::region_closed_to_restores::RULE,
    cross_region::cross_region_timeout_too_short::RULE,
];

/// Applies every rule to the facts and returns all that is broken: errors first, then in the order of the
/// rules.
///
/// One call serves every moment of a plan, because a rule whose facts are unknown keeps silent: with nothing
/// but a configuration only the static rules can speak, with the caller's identity those about accounts and
/// Regions as well, with observations all of them. Call it again whenever more is known, at the latest as the
/// first step of the work, with [`Stage::Apply`](crate::facts::Stage).
///
/// # Caveats
/// Silence is not approval. A read that AWS denied leaves its facts unknown, and the rules that need them
/// keep silent; no rule reports that, because it is no fault of the configuration. Whoever made the read must
/// say which checks were not made and which IAM action would allow them; [`rules_reading`] lists the rules.
pub fn check(facts: &Facts) -> Vec<Finding> {
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| rule.findings(facts)).collect();
    findings.sort_by_key(|it| std::cmp::Reverse(it.severity));
    findings
}

/// Finds a rule by its id, or by an id for which it also speaks.
pub fn find_rule(id: &str) -> Option<&'static Rule> {
    let by_id = RULES.iter().find(|it| it.id.as_str() == id);
    by_id.or_else(|| RULES.iter().find(|it| it.also.contains(&id)))
}

/// Lists the rules that cannot be decided when this IAM action (`dynamodb:DescribeTable`) is denied.
pub fn rules_reading(action: &str) -> impl Iterator<Item = &'static Rule> {
    RULES.iter().filter(move |it| it.reads.contains(&action))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{RULES, check, find_rule, rules_reading};
    use crate::examples::aws_backup;
    use crate::fact::Fact;
    use crate::facts::{
        Backup, BackupPlan, BackupSettings, BackupVault, Facts, PointInTimeRecovery, RecoveryPoint,
        RecoveryPointCopy, RestoredTable,
    };
    use crate::finding::Severity;
    use crate::rule::When;
    use crate::{catalogue, examples};

    fn ids(facts: &Facts) -> Vec<&'static str> {
        check(facts).into_iter().map(|it| it.rule.as_str()).collect()
    }

    #[test]
    fn ids_are_sorted_unique_and_of_the_catalogue() {
        let ids: Vec<&str> = RULES.iter().map(|it| it.id.as_str()).collect();
        assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
        for id in RULES
            .iter()
            .flat_map(|it| it.also.iter().copied().chain([it.id.as_str()]))
        {
            assert!(catalogue::contains(id), "{id}");
        }
    }

    #[test]
    fn no_rule_speaks_for_the_id_of_another() {
        for rule in RULES {
            assert!(
                rule.also.is_sorted_by(|a, b| a < b),
                "{}: {:?}",
                rule.id,
                rule.also
            );
            for id in rule.also {
                assert!(
                    RULES.iter().all(|it| it.id.as_str() != *id),
                    "{id} has a rule of its own"
                );
            }
        }
    }

    #[test]
    fn names_are_unique_and_titles_too() {
        let names: BTreeSet<_> = RULES.iter().map(|it| it.name).collect();
        let titles: BTreeSet<_> = RULES.iter().map(|it| it.title).collect();
        assert_eq!((names.len(), titles.len()), (RULES.len(), RULES.len()));
    }

    #[test]
    fn every_rule_is_documented() {
        for rule in RULES {
            let is_snake = rule.name.bytes().all(|it| it.is_ascii_lowercase() || it == b'_');
            assert!(is_snake, "{}: {:?}", rule.id, rule.name);
            assert!(rule.title.len() <= 80, "{}: {:?}", rule.id, rule.title);
            assert!(!rule.title.ends_with('.'), "{}: {:?}", rule.id, rule.title);
            assert!(
                rule.why.len() > 40 && rule.why.ends_with('.'),
                "{}: {:?}",
                rule.id,
                rule.why
            );
            assert!(!rule.source.is_empty(), "{}", rule.id);
            for text in [
                rule.title,
                rule.why,
                rule.source,
                rule.aws_error.unwrap_or_default(),
            ] {
                assert!(
                    !text.contains("  ") && !text.contains('\n'),
                    "{}: {text:?}",
                    rule.id
                );
            }
            assert_eq!(
                rule.reads.is_empty(),
                rule.when != When::Observed,
                "{}: {:?}",
                rule.id,
                rule.reads
            );
        }
    }

    #[test]
    fn the_firing_example_of_each_rule_breaks_that_rule_alone() {
        let mut faults = Vec::new();
        for rule in RULES {
            let findings = check(&(rule.firing)());
            let broken: Vec<_> = findings.iter().map(|it| (it.rule, it.severity)).collect();
            if broken != [(rule.id, rule.severity)] {
                faults.push(format!("{}: {broken:?}", rule.id));
            }
        }
        assert_eq!(faults, [""; 0]);
    }

    #[test]
    fn the_silent_example_of_each_rule_breaks_none() {
        let speaks = |rule: &&crate::Rule| !ids(&(rule.silent)()).is_empty();
        let faults: Vec<_> = RULES
            .iter()
            .filter(speaks)
            .map(|rule| (rule.id, ids(&(rule.silent)())))
            .collect();
        assert_eq!(faults, []);
    }

    #[test]
    fn the_backup_that_an_example_destroys_is_the_one_that_aws_describes() {
        for facts in RULES.iter().flat_map(|rule| [(rule.firing)(), (rule.silent)()]) {
            let Some(backup) = facts.backup() else { continue };
            if let (Some(prior), Some(seen)) = (backup.prior.known(), backup.backup.known()) {
                assert!(prior.arn.is_known() && prior.arn == seen.arn, "{facts:?}");
            }
        }
    }

    /// What a configuration says has no effect on an object that is only destroyed.
    #[test]
    fn an_object_that_goes_is_not_judged_by_its_configuration() {
        for rule in RULES {
            let facts = (rule.firing)();
            if facts.is_destroyed() {
                continue;
            }
            let destroyed = Facts {
                action: Fact::Known(crate::facts::Action::Destroy),
                ..facts
            };
            let found: Vec<_> = rule
                .findings(&destroyed)
                .into_iter()
                .map(|it| it.detail)
                .collect();
            assert_eq!(found, [""; 0], "{}", rule.id);
        }
    }

    #[test]
    fn the_faultless_examples_are_faultless() {
        for facts in [
            examples::backup(|_| ()),
            examples::backup_destroyed(|_| ()),
            examples::recovery(|_| ()),
            examples::recovery_changed(|_| ()),
            examples::restore(|_| ()),
            examples::restore_to(|_, _| ()),
            examples::restored_changed(|_| ()),
            aws_backup::settings(|_| ()),
            aws_backup::vault(|_| ()),
            aws_backup::vault_changed(|_| ()),
            aws_backup::vault_destroyed(|_| ()),
            aws_backup::plan(|_| ()),
            aws_backup::copying_plan(aws_backup::FAR_VAULT_ARN, |_| ()),
            aws_backup::plan_changed(|_| ()),
            aws_backup::recovery_point(|_| ()),
            aws_backup::recovery_point_destroyed(|_| ()),
            aws_backup::copy(|_| ()),
            aws_backup::restore_recovery_point(|_| ()),
            examples::restored_destroyed(|_| ()),
        ] {
            assert_eq!(ids(&facts), [""; 0], "{facts:?}");
        }
    }

    #[test]
    fn where_nothing_is_known_nothing_is_reported() {
        for facts in [
            Facts::about(Backup::default()),
            Facts::about(PointInTimeRecovery::default()),
            Facts::about(RestoredTable::default()),
            Facts::about(BackupSettings::default()),
            Facts::about(BackupVault::default()),
            Facts::about(BackupPlan::default()),
            Facts::about(RecoveryPoint::default()),
            Facts::about(RecoveryPointCopy::default()),
        ] {
            for action in [
                None,
                Some(crate::facts::Action::Create),
                Some(crate::facts::Action::Destroy),
            ] {
                let facts = Facts {
                    action: action.map_or(Fact::Unknown, Fact::Known),
                    ..facts.clone()
                };
                assert_eq!(ids(&facts), [""; 0], "{facts:?}");
            }
        }
    }

    #[test]
    fn errors_come_first() {
        let facts = examples::restore(|it| {
            it.observed.target = Fact::Known(examples::table());
            it.create_timeout = Fact::Known(jiff::SignedDuration::from_mins(1));
            it.billing_mode = "FREE".into();
        });
        let severities: Vec<Severity> = check(&facts).into_iter().map(|it| it.severity).collect();
        assert_eq!(severities, [Severity::Error, Severity::Error, Severity::Warning]);
    }

    #[test]
    fn rules_are_found_by_their_ids_and_by_what_they_read() {
        assert_eq!(
            find_rule("DBK-PITR-001").expect("a rule").name,
            "recovery_period_out_of_range"
        );
        assert_eq!(
            find_rule("DBK-XRG-006").expect("a rule").name,
            "cross_region_without_encryption"
        );
        assert!(find_rule("DBK-PITR-999").is_none());
        let reading: Vec<&str> = rules_reading("kms:DescribeKey")
            .map(|it| it.id.as_str())
            .collect();
        assert_eq!(
            reading,
            [
                "DBK-BKP-020",
                "DBK-CPY-016",
                "DBK-LAG-008",
                "DBK-SSE-006",
                "DBK-SSE-007",
                "DBK-SSE-008",
                "DBK-VLT-005",
                "DBK-XAC-009",
                "DBK-XAC-010"
            ]
        );
    }
}
