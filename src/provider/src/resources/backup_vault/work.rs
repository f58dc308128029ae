//! One operation on one vault: its client and its time.

use std::time::Duration;

use aws_clients::{AwsBackup, Cx as AwsCx, Region, Vault, VaultArn};
use jiff::{SignedDuration, Timestamp};
use tfsdk::{Cx, Diagnostic, Diagnostics, Operation, Path, Timeouts};

use super::model::Model;
use super::{CREATE_TIMEOUT, DELETE_TIMEOUT, UPDATE_TIMEOUT};
use crate::Client;
use crate::resources::tags::Tags;

/// What every step of an operation needs.
pub(super) struct Work<'a> {
    pub(super) client: &'a Client,
    /// Ends when the user interrupts, and when the time is over.
    pub(super) cx: AwsCx,
    pub(super) backup: AwsBackup,
    pub(super) name: String,
    pub(super) tags: Tags,
    /// The account, where it is known.
    pub(super) account: Option<String>,
}

impl<'a> Work<'a> {
    /// Begins an operation on the vault of `model`, without a limit of its own for a refresh.
    ///
    /// # Errors
    /// The vault belongs to another account, or the account cannot be found out.
    pub(super) async fn on(
        client: &'a Client,
        model: &Model,
        cx: &Cx,
        operation: Option<Operation>,
    ) -> Result<Self, Diagnostics> {
        let aws = match operation {
            Some(operation) => client.cx_with_timeout(cx, timeout(model, operation)),
            None => client.cx(cx),
        };
        let arn = model.vault_arn();
        let account = client
            .account_of(&aws, arn.as_ref().map(VaultArn::account))
            .await?;
        Ok(Self {
            client,
            backup: client.aws.aws_backup(&client.region(model.region.known())),
            cx: aws,
            name: model.name().to_owned(),
            tags: Tags::of(&client.aws),
            account: account.map(|account| account.id),
        })
    }

    /// The Region of the vault.
    pub(super) fn region(&self) -> &Region {
        self.backup.region()
    }

    /// Refuses to touch the lock when AWS would: with the date, which a plan that did not read AWS may not know.
    pub(super) fn check_lock_changeable(&self, vault: &Vault) -> Result<(), Diagnostic> {
        let date = vault.lock.and_then(|lock| lock.lock_date);
        match date.filter(|date| *date <= self.backup.now()) {
            None => Ok(()),
            Some(date) => Err(Diagnostic::error(
                "Lock of the backup vault is final",
                format!(
                    "The lock of vault {:?} in {} is in compliance mode, and its lock date, {}, has passed: nobody can \
                     change or remove it, AWS included. The lock was not touched.\n\nWrite the lock as it is: {}.",
                    self.name,
                    self.region(),
                    seconds(date),
                    written(vault),
                ),
            )
            .at(Path::of("lock"))),
        }
    }
}

/// A lock as a configuration gives it. What AWS does not tell is left to the user.
fn written(vault: &Vault) -> String {
    let lock = vault.lock;
    let given = |name: &str, days: Option<i64>| days.map(|days| format!("{name} = {days}"));
    let members = [
        given("min_retention_days", lock.and_then(|it| it.min_retention_days)),
        given("max_retention_days", lock.and_then(|it| it.max_retention_days)),
        Some("changeable_for_days = NUMBER, as it was".to_owned()),
    ];
    format!(
        "lock = {{ {} }}",
        members.into_iter().flatten().collect::<Vec<_>>().join(", ")
    )
}

/// A time for people.
pub(super) fn seconds(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Whether a vault is the recorded one, and not another that was made under its name since.
pub(super) fn is_recorded(state: &Model, vault: &Vault) -> bool {
    let recorded = state
        .created_at
        .known()
        .and_then(|it| it.parse::<Timestamp>().ok());
    match (recorded, vault.created_at) {
        // Times in the state are whole seconds.
        (Some(recorded), Some(created)) => {
            created.duration_since(recorded).abs() <= SignedDuration::from_secs(1)
        }
        _ => true,
    }
}

fn timeout(model: &Model, operation: Operation) -> Duration {
    let default = match operation {
        Operation::Create => CREATE_TIMEOUT,
        Operation::Update => UPDATE_TIMEOUT,
        Operation::Delete => DELETE_TIMEOUT,
    };
    let default = tfsdk::parse_duration(default).expect("the constants are durations");
    Timeouts::of(&model.timeouts, operation, default)
}
