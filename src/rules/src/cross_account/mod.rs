//! Rules about resources of another account, and about copies into one.

pub(crate) mod cold_recovery_point_copied;
pub(crate) mod copied_point_key_unusable;
pub(crate) mod copy_closed_by_partition;
pub(crate) mod copy_to_foreign_organization;
pub(crate) mod copy_while_cross_account_off;
pub(crate) mod copy_without_advanced_features;
pub(crate) mod cross_account_set_by_member;
pub(crate) mod deletion_denied_by_vault_policy;
pub(crate) mod destination_key_managed_by_aws;
pub(crate) mod destination_vault_closed;
pub(crate) mod destination_without_dynamodb;
pub(crate) mod resource_of_another_account;
pub(crate) mod role_of_another_account;
pub(crate) mod vault_policy_opens_too_much;

use crate::facts::{ConfiguredCopy, Facts, Stage};
use crate::finding::Report;

/// Reports what another object, of this configuration or of the other account's, may still mend: an error when a
/// single copy is about to start, a warning before that and for a plan, whose jobs run later.
pub(crate) fn report_mendable(
    facts: &Facts,
    copy: &ConfiguredCopy<'_>,
    report: &mut Report<'_>,
    detail: &str,
    fix: String,
) {
    match (copy.single, facts.stage) {
        (Some(_), Stage::Apply) => {
            report.add(
                copy.subject.clone(),
                format!("{detail} The copy would fail."),
                fix,
            );
        }
        (Some(_), Stage::Plan) => report.add_warning(
            copy.subject.clone(),
            format!("{detail} Unless that changes before the copy starts, it fails."),
            fix,
        ),
        (None, _) => report.add_warning(
            copy.subject.clone(),
            format!(
                "{detail} AWS Backup takes the plan all the same, and its copy jobs fail, each time, until \
                 that changes; the backups themselves are made."
            ),
            fix,
        ),
    }
}

/// A copy that is about to start, for the examples.
pub(crate) fn about_to_start(facts: Facts) -> Facts {
    Facts {
        stage: Stage::Apply,
        ..facts
    }
}
