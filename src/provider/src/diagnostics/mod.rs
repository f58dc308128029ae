//! The one place where a broken rule or a failed call becomes what the user reads.
//!
//! Rules and the AWS clients say what is wrong; which attribute that is, and what to do about it in Terraform's terms,
//! is said here.

mod aws;
mod findings;
#[cfg(test)]
mod tests;

pub(crate) use aws::{aws, aws_after, unreadable};
pub(crate) use findings::{beyond_config, from_findings, path_of_subject, refuse};
