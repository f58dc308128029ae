//! Rules about the selections of backup plans.

pub(crate) mod condition_key_malformed;
mod entries;
pub(crate) mod selected_entry_no_table;
pub(crate) mod selected_table_elsewhere;
pub(crate) mod selection_lists_too_long;
pub(crate) mod selection_of_everything;
pub(crate) mod tags_beside_resources;
pub(crate) mod wildcard_inside_name;
