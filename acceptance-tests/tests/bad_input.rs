//! Input that nobody should write, through the real terraform: an error or a plan, never a panic, never a hang, and no
//! process of the provider left behind. The decoder itself is fuzzed in `tfplugin`.

#[path = "bad_input/credentials.rs"]
mod credentials;
#[path = "bad_input/endpoints.rs"]
mod endpoints;
#[path = "bad_input/orderly.rs"]
mod orderly;
#[path = "bad_input/regions.rs"]
mod regions;
#[path = "bad_input/state.rs"]
mod state;
#[path = "bad_input/values.rs"]
mod values;
