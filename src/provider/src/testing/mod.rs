//! What lifecycle tests stand on: the simulator, a small Terraform, and a way to ask AWS behind Terraform's back.
//!
//! The small Terraform does what the real one does with a provider: it refreshes, plans, plans again before it applies,
//! replaces in two halves, taints what failed, and uses a new provider process for each command. The real one runs in
//! the acceptance tests.

mod aws;
mod terraform;
mod values;

pub(crate) use aws::Aws;
pub(crate) use terraform::{Action, Outcome, Terraform, UnderTest, client};
pub(crate) use values::{json, summaries, value};
