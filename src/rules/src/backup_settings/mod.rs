//! Rules about the settings of AWS Backup for DynamoDB: the opt-in, the advanced features, and who sets them.

pub(crate) mod advanced_features_off;
pub(crate) mod opt_in_off;
pub(crate) mod settings_planned_twice;

use crate::fact::Fact;
use crate::facts::Facts;

/// Whether an object switches a setting of AWS Backup off that AWS has on. One that is destroyed and puts earlier values
/// back is told by these values, so it is no exception.
fn is_switched_off(wanted: Fact<bool>, seen: Fact<bool>) -> bool {
    wanted == Fact::Known(false) && seen == Fact::Known(true)
}

/// The Region, for a message: ` in us-east-1`.
fn in_region(facts: &Facts) -> String {
    facts
        .region()
        .into_known()
        .map_or(String::new(), |it| format!(" in {it}"))
}
