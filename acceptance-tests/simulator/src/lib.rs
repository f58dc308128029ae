//! Plays the AWS side for tests and the demo: DynamoDB with its backups, point-in-time recovery and restores, its auto
//! scaling, AWS Backup, STS, and the parts of KMS and Organizations that their callers read. State machines with a clock
//! that tests move, AWS's rules, error
//! texts and rate limits, many accounts and Regions, faults on demand, and a check of every request and reply against
//! the service models of botocore. The control interface lives under `/_simulator/` (module `control`).
//!
//! It shares no code with the provider, so that it cannot share its mistakes, and it is never linked into it. It does
//! not verify signatures, keeps nothing on disk, and bills nobody.

mod arn;
mod autoscaling;
mod backup;
mod calls;
mod clock;
mod control;
mod credentials;
mod dynamodb;
mod failure;
mod faults;
mod gateway;
mod ids;
mod kms;
mod naming;
mod organizations;
mod place;
mod rates;
mod reply;
mod server;
mod settings;
mod sts;
mod wire;
mod world;

pub use clock::{Clock, Moment};
pub use server::Simulator;
pub use settings::Settings;
