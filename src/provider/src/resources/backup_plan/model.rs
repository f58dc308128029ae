//! The typed object: a plan as configuration, plan and state show it. Calls nothing.

use std::collections::BTreeMap;

use tfsdk::{Attr, SetOf, Timeouts, model};

model! {
    /// A backup plan with its selections.
    pub(crate) struct Model {
        /// The name of the plan.
        name: String,
        /// The Region that the plan acts in.
        region: String,
        /// By name.
        rules: BTreeMap<String, Attr<Rule>>,
        /// By name.
        selections: BTreeMap<String, Attr<Selection>>,
        /// The tags that the resource block gives.
        tags: BTreeMap<String, Attr<String>>,
        /// The tags of the plan, as far as they are not ignored.
        tags_all: BTreeMap<String, Attr<String>>,
        /// How long operations may wait.
        timeouts: Timeouts,
        /// ARN.
        arn: String,
        /// AWS's id.
        id: String,
        /// AWS's id of the version.
        version_id: String,
        /// AWS's ids of the selections, by name.
        selection_ids: BTreeMap<String, Attr<String>>,
        /// When each rule runs next, RFC 3339, as it was at the last change of the rules.
        next_runs: BTreeMap<String, Attr<Vec<Attr<String>>>>,
        /// Whether selections may still be to be made.
        unfinished: bool,
    }
}

model! {
    /// A rule of a plan.
    pub(crate) struct Rule {
        /// The vault that takes the recovery points.
        target_vault_name: String,
        /// The logically air-gapped vault that takes them at once.
        target_logically_air_gapped_vault_arn: String,
        /// AWS Backup's cron.
        schedule: String,
        /// IANA name.
        schedule_timezone: String,
        /// Minutes.
        start_window_minutes: i64,
        /// Minutes.
        completion_window_minutes: i64,
        /// Null for ever.
        lifecycle: Lifecycle,
        /// Where recovery points are copied.
        copy_actions: Vec<Attr<CopyAction>>,
        /// Tags of the recovery points.
        recovery_point_tags: BTreeMap<String, Attr<String>>,
    }
}

model! {
    /// How long recovery points stay.
    pub(crate) struct Lifecycle {
        /// Days; null for never.
        move_to_cold_storage_after_days: i64,
        /// Days; null for never.
        delete_after_days: i64,
    }
}

model! {
    /// A copy of each recovery point.
    pub(crate) struct CopyAction {
        /// The vault that takes the copy.
        destination_vault_arn: String,
        /// Null for ever.
        lifecycle: Lifecycle,
    }
}

model! {
    /// What the plan backs up.
    pub(crate) struct Selection {
        /// The role that AWS Backup assumes.
        role_arn: String,
        /// ARNs, with wildcards.
        resources: SetOf<String>,
        /// ARNs, with wildcards.
        not_resources: SetOf<String>,
        /// Tags of which one is enough.
        tags: Vec<Attr<SelectionTag>>,
        /// Conditions that must all be met.
        conditions: Vec<Attr<SelectionCondition>>,
    }
}

model! {
    /// A tag by which a selection chooses.
    pub(crate) struct SelectionTag {
        /// The key.
        key: String,
        /// The value.
        value: String,
    }
}

model! {
    /// A condition of a selection.
    pub(crate) struct SelectionCondition {
        /// How to compare.
        operator: String,
        /// `aws:ResourceTag/` and the key of a tag.
        key: String,
        /// With what to compare.
        value: String,
    }
}
