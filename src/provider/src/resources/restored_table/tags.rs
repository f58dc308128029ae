//! Tags that were copied from the source of a restore.

use rules::facts::Setting;
use tfsdk::Cx;

use super::facts::carried;
use super::model::Model;

/// Under this key of the private state stands that the tags were copied from the source: they are left alone as long as
/// the configuration gives none, also when `carry_over` is gone from it.
pub(super) const COPIED: &str = "tags_copied";

/// Whether the tags of a table are those that were copied, or are going to be.
pub(super) fn are_copied(model: &Model, cx: &Cx) -> bool {
    let were = || cx.private(COPIED).is_some_and(|copied| copied == true);
    model.tags.is_null() && (carried(model).contains(&Setting::Tags) || were())
}
