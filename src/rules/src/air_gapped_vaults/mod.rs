//! Rules about logically air-gapped vaults.

pub(crate) mod air_gapped_retention_out_of_range;
pub(crate) mod air_gapped_target_unsuitable;
pub(crate) mod air_gapped_without_advanced_features;
pub(crate) mod copy_under_owned_key;
pub(crate) mod region_without_air_gapped_vaults;

use crate::examples::aws_backup::{air_gapped_vault, named, plan, rule};
use crate::fact::Fact;
use crate::facts::{BackupPlan, Facts, PlanRule};

/// A logically air-gapped vault of the account and Region of the examples.
const SAFE_ARN: &str = "arn:aws:backup:us-east-1:111122223333:backup-vault:safe";

/// A plan whose one rule backs up into a logically air-gapped vault at once, for the examples.
fn filling(arn: &str, change: impl FnOnce(&mut BackupPlan)) -> Facts {
    plan(|it| {
        it.rules = named([(
            "daily",
            PlanRule {
                target_logically_air_gapped_vault_arn: arn.into(),
                ..rule()
            },
        )]);
        it.observed
            .vaults
            .insert("safe".to_owned(), Fact::Known(air_gapped_vault()));
        change(it);
    })
}
