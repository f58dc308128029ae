//! Rules about the tags of recovery points.

pub(crate) mod native_recovery_point_tagged;
pub(crate) mod table_tags_left_behind;

use crate::fact::Fact;
use crate::facts::RegionSettings;

/// Whether the advanced features are certainly off.
fn is_off(settings: &Fact<RegionSettings>) -> bool {
    settings.is_known_and(|it| it.advanced_features == Fact::Known(false))
}

/// Settings with the advanced features off, for the examples.
fn off() -> Fact<RegionSettings> {
    Fact::Known(RegionSettings {
        advanced_features: Fact::Known(false),
        ..crate::examples::aws_backup::region_settings()
    })
}
