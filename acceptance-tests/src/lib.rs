//! Harness of the acceptance tests: runs the real terraform with our provider's binary against an AWS backend.
//!
//! Knows nothing of the provider's code: it builds the binary, puts it into a filesystem mirror and lets
//! `terraform init` find it there. Source tables and items are made over the AWS wire, never with our provider.
//! The demo and the bench of `xtask` stand on the same pieces.
//!
//! Read in this order: [`Backend`] (what plays AWS) and [`backend!`], [`Workdir`] (a Terraform configuration in a
//! folder of its own), [`Client`] (the AWS wire), [`Simulator`] (its clock, faults and call log).

mod aws;
mod backend;
mod binaries;
mod capability;
mod clients;
pub mod environment;
mod mirror;
mod moto;
mod normalise;
mod plan;
mod processes;
pub mod report;
mod seeding;
mod seeding_aws_backup;
mod simulator;
mod terraform;
mod waiting;
mod workdir;

pub use aws::{AwsError, Client, Credentials};
pub use backend::{Backend, Kind};
pub use binaries::{Binaries, Profile};
pub use capability::Capability;
pub use clients::{AwsCli, Python, Tool};
pub use mirror::{HASHICORP_AWS_VERSION, Mirrors, hashicorp_aws_mirror, platform};
pub use normalise::{normalise, normalise_ids};
pub use plan::{Plan, State};
pub use processes::{Running, children_named, is_running, memory_peak, terminate};
pub use seeding::moment;
pub use simulator::{Calls, Simulator};
pub use terraform::{MissingTerraform, Terraform};
pub use waiting::wait_until;
pub use workdir::{Run, Workdir};

/// The name of the test that runs, as `file::test`. libtest gives each test a thread of that name; where it runs all of
/// them on the main thread, it is the name of the function that this stands in.
#[macro_export]
macro_rules! here {
    () => {{
        fn here() {}
        let function = ::std::any::type_name_of_val(&here);
        let function = function.strip_suffix("::here").unwrap_or(function);
        let file = function.split("::").next().unwrap_or(function);
        match ::std::thread::current().name() {
            Some(test) if test != "main" => format!("{file}::{test}"),
            _ => function.to_owned(),
        }
    }};
}

/// The backend under test, if it serves every capability named; else reports by name what it lacks, and returns from
/// the test. The report is counted and shown by `cargo xtask test`, so that such a test never looks like one that
/// passed.
#[macro_export]
macro_rules! backend {
    ($($capability:ident),* $(,)?) => {
        match $crate::Backend::start(&$crate::here!(), &[$($crate::Capability::$capability),*]) {
            Some(backend) => backend,
            None => return,
        }
    };
}

/// A tool that a test needs and that need not be there, for example Python; else reports by name that the test was not
/// run and why, and returns from the test. Where `CI=true`, the test fails instead.
#[macro_export]
macro_rules! tool {
    ($found:expr) => {
        match $found {
            Ok(tool) => tool,
            Err(missing) => {
                $crate::report::not_run(&$crate::here!(), &missing);
                return;
            }
        }
    };
}
