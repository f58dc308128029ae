//! The provider block: its schema, its typed form, and what it means for the AWS clients.
//!
//! Names, types and precedence are those of `hashicorp/aws`, because people paste their block. What the
//! environment and the shared AWS files add is decided in `aws-clients`; the variables of Terraform itself are
//! read here and nowhere else in the crate.

mod environment;
mod model;
mod rules;
mod schema;
#[cfg(test)]
mod tests;

pub(crate) use environment::attempts_folder;
pub use model::Config;
pub(crate) use model::Validation;
pub(crate) use schema::schema;
