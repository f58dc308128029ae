//! What plays AWS in a test: our simulator, a third-party emulator, or an endpoint that somebody names.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::{Capability, Client, Credentials, Mirrors, Simulator, Workdir, environment, moto, report};

/// Which backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Our simulator, one process per test.
    Simulator,
    /// moto's server, shared by all tests, an account for each.
    Moto,
    /// LocalStack, shared by all tests, an account for each.
    Localstack,
    /// Any other endpoint that keeps accounts apart by access key id and is expected to do all that AWS does.
    Endpoint,
}

impl Kind {
    /// The word by which `--against` and `ACCEPTANCE_BACKEND` name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Simulator => "simulator",
            Self::Moto => "moto",
            Self::Localstack => "localstack",
            Self::Endpoint => "endpoint",
        }
    }

    /// Whether it serves a capability. `tests/emulators.rs` asks the backend itself whether this is still true.
    pub fn serves(self, capability: Capability) -> bool {
        use Capability as C;
        match self {
            Self::Simulator => true,
            Self::Moto => matches!(
                capability,
                C::Backups
                    | C::PitrSwitch
                    | C::MissingTables
                    | C::TableArns
                    | C::RecoveryPeriod
                    | C::Restores
                    | C::Tags
                    | C::TimeToLive
                    | C::Streams
                    | C::DeletionProtection
                    | C::ResourcePolicies
                    | C::AutoScaling
                    | C::Keys
                    | C::AssumeRole
            ),
            Self::Localstack => matches!(
                capability,
                C::PitrSwitch
                    | C::Tags
                    | C::TagChanges
                    | C::TimeToLive
                    | C::Streams
                    | C::TableClass
                    | C::DeletionProtection
                    | C::Keys
                    | C::AssumeRole
            ),
            // A restore to a moment needs a clock that can be moved: AWS's window ends five minutes ago.
            Self::Endpoint => !matches!(capability, C::Control | C::RestoreTime),
        }
    }

    /// The backend that the environment names.
    ///
    /// # Panics
    /// If it names one that we do not know.
    pub fn from_environment() -> Self {
        match environment::text(environment::BACKEND).as_deref() {
            None | Some("simulator") => Self::Simulator,
            Some("moto") => Self::Moto,
            Some("localstack") => Self::Localstack,
            Some("endpoint") => Self::Endpoint,
            Some(other) => {
                panic!(
                    "{} is {other:?}, not simulator, moto, localstack or endpoint",
                    environment::BACKEND
                )
            }
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A backend that a test has to itself: a simulator of its own, or an account of its own elsewhere.
#[derive(Debug)]
pub struct Backend {
    kind: Kind,
    endpoint: String,
    aws: Client,
    simulator: Option<Simulator>,
}

impl Backend {
    /// The Region in which tests work unless they say otherwise.
    pub const REGION: &str = "us-east-1";

    /// The backend under test, or none, reported, if it lacks one of the capabilities. Tests call
    /// [`backend!`](crate::backend) instead.
    ///
    /// # Panics
    /// If the backend is not up.
    pub fn start(test: &str, needs: &[Capability]) -> Option<Self> {
        let kind = Kind::from_environment();
        for capability in needs {
            if !kind.serves(*capability) {
                report::not_served(test, kind.name(), *capability);
                return None;
            }
        }
        Some(match kind {
            Kind::Simulator => Self::of_simulator(Simulator::start()),
            Kind::Moto => {
                let endpoint = endpoint();
                let credentials = moto::fresh_account(&endpoint, &random_account());
                Self::shared(kind, endpoint, credentials)
            }
            Kind::Localstack | Kind::Endpoint => {
                Self::shared(kind, endpoint(), Credentials::of_account(&random_account()))
            }
        })
    }

    /// A backend on this simulator.
    pub fn of_simulator(simulator: Simulator) -> Self {
        let endpoint = simulator.url().to_owned();
        let aws = Client::new(&endpoint, Self::REGION, Credentials::of_account("111122223333"));
        Self {
            kind: Kind::Simulator,
            endpoint,
            aws,
            simulator: Some(simulator),
        }
    }

    /// The AWS wire and the simulator, for whoever started it.
    ///
    /// # Panics
    /// If this is no simulator.
    pub fn into_parts(self) -> (Client, Simulator) {
        (
            self.aws,
            self.simulator
                .expect("only a backend on a simulator is taken apart"),
        )
    }

    fn shared(kind: Kind, endpoint: String, credentials: Credentials) -> Self {
        let aws = Client::new(&endpoint, Self::REGION, credentials);
        Self {
            kind,
            endpoint,
            aws,
            simulator: None,
        }
    }

    /// Which backend it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Its URL.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The AWS wire, in this test's account and [`REGION`](Self::REGION).
    pub fn aws(&self) -> &Client {
        &self.aws
    }

    /// This test's account.
    pub fn account(&self) -> &str {
        &self.aws.credentials().account
    }

    /// The simulator's control interface.
    ///
    /// # Panics
    /// If the test forgot to ask for [`Capability::Control`].
    pub fn simulator(&self) -> &Simulator {
        self.simulator
            .as_ref()
            .expect("a test that commands the simulator asks for Capability::Control")
    }

    /// A folder with this configuration, initialised, with AWS's environment variables pointing here.
    pub fn workdir(&self, configuration: &str) -> Workdir {
        let workdir = Workdir::new(&Mirrors::ours(), self.variables());
        workdir.write("main.tf", configuration);
        workdir.init();
        workdir
    }

    /// The environment variables for programs that must not look for credentials and call nobody.
    pub fn credentials_only() -> Vec<(String, String)> {
        Credentials::of_account("111122223333").variables()
    }

    /// The environment variables that point the AWS SDKs here.
    pub fn variables(&self) -> Vec<(String, String)> {
        let mut variables = self.aws.credentials().variables();
        variables.push(("AWS_REGION".to_owned(), Self::REGION.to_owned()));
        variables.push(("AWS_ENDPOINT_URL".to_owned(), self.endpoint.clone()));
        variables
    }
}

fn endpoint() -> String {
    let url = environment::text(environment::ENDPOINT).unwrap_or_else(|| {
        panic!(
            "{} must say where the backend listens; `cargo xtask test --against ..` sees to it",
            environment::ENDPOINT
        )
    });
    url.trim_end_matches('/').to_owned()
}

/// An account that no other test has: emulators make accounts as they are named.
#[expect(
    clippy::disallowed_methods,
    reason = "any number will do that no other test has"
)]
fn random_account() -> String {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let nanos = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| time.as_nanos() as u64);
    let place = COUNTER.fetch_add(1, Ordering::Relaxed);
    let mixed = (nanos ^ u64::from(std::process::id()) << 20)
        .wrapping_add(place.wrapping_mul(0x9E37_79B9_7F4A_7C15))
        .wrapping_mul(0x9E37_79B9_7F4A_7C15);
    format!("{}", 100_000_000_000 + mixed % 899_999_999_999)
}
