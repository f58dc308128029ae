//! Rules about backup vaults: their making, keys, policies, states and deletion.

pub(crate) mod target_vault_destroyed;
pub(crate) mod unencrypted_by_vault_key;
pub(crate) mod vault_destroyed_with_recovery_points;
pub(crate) mod vault_exists;
pub(crate) mod vault_key_unusable;
pub(crate) mod vault_locked_out;
pub(crate) mod vault_missing;
pub(crate) mod vault_not_available;
pub(crate) mod vault_type_unsuitable;

use crate::facts::{Facts, Stage, VaultUse};
use crate::finding::Report;

/// Reports what another object, of this configuration or of somebody else's, may still mend: an error when a single job
/// is about to start, a warning before that and for a plan, whose jobs run later.
pub(crate) fn report_mendable(
    facts: &Facts,
    used: &VaultUse<'_>,
    report: &mut Report<'_>,
    detail: &str,
    fix: String,
) {
    let subject = used.subject.clone();
    match (used.repeats, facts.stage) {
        (false, Stage::Apply) => report.add(subject, format!("{detail} The job would fail."), fix),
        (false, Stage::Plan) => report.add_warning(
            subject,
            format!("{detail} Unless that changes before the job starts, it fails."),
            fix,
        ),
        (true, _) => report.add_warning(
            subject,
            format!(
                "{detail} AWS Backup takes the plan all the same, and its jobs fail, each time, until that \
                 changes."
            ),
            fix,
        ),
    }
}
