//! What every operation is given: the AWS clients, how plans are checked, and the attempt journal.

use std::pin::Pin;
use std::time::Duration;

use aws_clients::{Clients, Environment, ErrorKind, Region, SystemClock, UserAgent};
use jiff::Timestamp;
use rules::facts::{Caller, Neighbours};
use rules::syntax::{AccountId, Partition};
use rules::{Fact, Policy};
use tfsdk::{ConfigureRequest, Cx, Diagnostic, Diagnostics};

use crate::config::{self, Config, Validation};
use crate::diagnostics;
use crate::facts::Planner;
use crate::in_state::InState;
use crate::journal::Journal;
use crate::ledger::Ledger;

/// What provider configuration yields.
#[derive(Debug)]
pub struct Client {
    /// The AWS clients.
    pub(crate) aws: Clients,
    /// How plans are checked.
    pub(crate) validation: Validation,
    /// Which rules are raised, lowered or switched off. The server applies it to every plan.
    pub(crate) policy: Policy,
    /// What was asked of AWS and not yet handed to Terraform.
    pub(crate) journal: Journal,
    /// What this run has found in Terraform's state.
    pub(crate) in_state: InState,
    /// What this walk has planned so far.
    pub(crate) ledger: Ledger,
}

/// Who we are to AWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    /// Twelve digits.
    pub(crate) id: String,
    /// As in `aws`.
    pub(crate) partition: String,
}

/// Makes the client. `None` while something in the provider block is known only after apply.
pub(crate) async fn connect(
    config: &Config,
    request: &ConfigureRequest,
) -> Result<Option<Client>, Diagnostics> {
    connect_in(config, request, &Environment::of_process()).await
}

/// The same, in another environment than that of the process.
pub(crate) async fn connect_in(
    config: &Config,
    request: &ConfigureRequest,
    environment: &Environment,
) -> Result<Option<Client>, Diagnostics> {
    if !config.is_known() {
        return Ok(None);
    }
    let user_agent = UserAgent {
        terraform_version: Some(request.terraform_version.clone()).filter(|version| !version.is_empty()),
        provider_version: Some(crate::VERSION.to_owned()),
        products: Vec::new(),
    };
    let aws_config = aws_clients::Config {
        user_agent,
        ..config.to_aws()
    };
    let clock = SystemClock::shared();
    let now = clock.now();
    // On the heap: the futures of the AWS SDK nest deeper than the compiler likes.
    let connecting: Pin<Box<dyn Future<Output = _> + Send>> =
        Box::pin(Clients::connect(aws_config, environment, clock));
    let aws = connecting
        .await
        .map_err(|err| diagnostics::aws("Provider cannot be configured", &err))?;
    Ok(Some(Client {
        aws,
        validation: config.validation(),
        policy: config.policy(),
        journal: Journal::open(config::attempts_folder(environment), now),
        in_state: InState::default(),
        ledger: Ledger::default(),
    }))
}

impl Client {
    /// The Region of an object: its own, or the provider's.
    pub(crate) fn region(&self, own: Option<&String>) -> Region {
        own.map_or_else(|| self.aws.region().clone(), Region::new)
    }

    /// AWS's time in a Region.
    pub(crate) fn now(&self, region: &Region) -> Timestamp {
        self.aws.now(region)
    }

    /// The context of the calls of one operation, which end when the user interrupts it.
    pub(crate) fn cx(&self, cx: &Cx) -> aws_clients::Cx {
        aws_clients::Cx::new(cx.cancel().clone())
    }

    /// The same, which end also when `timeout` has passed.
    pub(crate) fn cx_with_timeout(&self, cx: &Cx, timeout: Duration) -> aws_clients::Cx {
        self.cx(cx).with_timeout(&**self.aws.clock(), timeout)
    }

    /// The account, or `None` where the provider block says not to ask or STS cannot be asked.
    ///
    /// # Errors
    /// There are no usable credentials, the account must not be touched, or the user interrupted.
    pub(crate) async fn account(&self, cx: &aws_clients::Cx) -> Result<Option<Account>, aws_clients::Error> {
        match self.aws.find_identity(cx).await {
            Ok(identity) => Ok(identity.map(|identity| Account {
                id: identity.account,
                partition: identity.partition,
            })),
            Err(err)
                if matches!(
                    err.kind(),
                    ErrorKind::Credentials | ErrorKind::Account | ErrorKind::Cancelled | ErrorKind::TimedOut
                ) =>
            {
                Err(err)
            }
            // Endpoints of emulators have no STS at times, and nothing depends on the account alone.
            Err(err) => {
                tracing::warn!(error = ?err, "account is not known");
                Ok(None)
            }
        }
    }

    /// The account, which must be the one that the state names: in another one, an object of the same name is another
    /// object, and one that is not there says nothing.
    ///
    /// # Errors
    /// The accounts differ, and what [`Client::account`] fails with.
    pub(crate) async fn account_of(
        &self,
        cx: &aws_clients::Cx,
        recorded: Option<&str>,
    ) -> Result<Option<Account>, Diagnostics> {
        let account = self
            .account(cx)
            .await
            .map_err(|err| diagnostics::aws("AWS account cannot be determined", &err))?;
        match (recorded, &account) {
            (Some(recorded), Some(account)) if recorded != account.id => Err(Diagnostic::error(
                "Object belongs to another account",
                format!(
                    "The state says that the object is in account {recorded}, and the credentials are of account {}. \
                     Nothing was read or changed: an object of the same name in another account is another \
                     object.\n\nUse credentials of account {recorded}. If the object has moved on purpose, remove it \
                     from the state (terraform state rm) and import the other one.",
                    account.id
                ),
            )
            .into()),
            _ => Ok(account),
        }
    }

    /// Who plans, where and when. Asks STS, unless plans must not read AWS.
    ///
    /// # Errors
    /// What [`Client::account`] fails with.
    pub(crate) async fn planner(
        &self,
        cx: &aws_clients::Cx,
        region: &Region,
    ) -> Result<Planner, Diagnostics> {
        let account = if self.validation.observe {
            self.account(cx)
                .await
                .map_err(|err| diagnostics::aws("AWS account cannot be determined", &err))?
        } else {
            None
        };
        Ok(Planner {
            caller: self.caller(account.as_ref()),
            now: Fact::Known(self.now(region)),
            region: Some(self.aws.region().to_string()),
            account: account.map(|account| account.id),
            neighbours: Neighbours::default(),
        })
    }

    fn caller(&self, account: Option<&Account>) -> Caller {
        Caller {
            account: account
                .and_then(|it| AccountId::parse(&it.id).ok())
                .map_or(Fact::Unknown, Fact::Known),
            partition: account
                .and_then(|it| Partition::parse(&it.partition).ok())
                .map_or(Fact::Unknown, Fact::Known),
            region: rules::syntax::Region::parse(self.aws.region().as_str())
                .map_or(Fact::Unknown, Fact::Known),
        }
    }
}
