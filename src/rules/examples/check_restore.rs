//! Checks a restore before anybody asks AWS for it, as a runbook or a chat command would: no Terraform, no AWS SDK.
//!
//! ```text
//! cargo run -p rules --example check_restore -- orders orders-restored 2025-11-20T06:00:00+01:00
//! ```
//!
//! Reading AWS is the program's own business. Here a few answers are written down, as DescribeTable and
//! DescribeContinuousBackups give them; leave out what you do not know, and the rules that need it keep silent.

#![expect(
    clippy::disallowed_methods,
    reason = "the library does no I/O; a program that uses it reads its arguments and prints"
)]

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

use rules::facts::{
    Action, BillingMode, Caller, ObservedRecovery, ObservedTable, PointInTime, RestoredTable, Setting,
    Source, TableStatus,
};
use rules::syntax::{AccountId, Region};
use rules::{Fact, Facts, Finding, Severity};

/// What somebody wants: this table as it was at that moment, under a new name.
struct Wish {
    table: String,
    target: String,
    time: String,
}

/// What AWS has told about the account, as far as somebody has asked.
struct Answers {
    caller: Caller,
    /// The time of the answers, from their `Date` header.
    now: jiff::Timestamp,
    source: Fact<ObservedTable>,
    recovery: Fact<ObservedRecovery>,
    target: Fact<ObservedTable>,
}

/// All that can be said against the wish before AWS is asked to fulfil it.
fn check(wish: Wish, answers: Answers) -> Vec<Finding> {
    let mut restore = RestoredTable {
        name: wish.target.into(),
        source: Fact::Known(Source::point_in_time(PointInTime {
            table_name: wish.table.into(),
            time: wish.time.into(),
            ..PointInTime::unset()
        })),
        ..RestoredTable::unset()
    };
    // The new table is to have deletion protection, whatever the source has.
    restore.given.insert(Setting::DeletionProtection, Fact::Known(()));
    restore.observed.source_table = answers.source;
    restore.observed.source_recovery = answers.recovery;
    restore.observed.target = answers.target;
    rules::check(&Facts {
        caller: answers.caller,
        now: Fact::Known(answers.now),
        action: Fact::Known(Action::Create),
        ..Facts::about(restore)
    })
}

/// The answers of an account with one table, "orders", whose point-in-time recovery was switched on yesterday.
fn answers(target: &str) -> Result<Answers, Box<dyn Error>> {
    let mut orders = ObservedTable {
        status: Fact::Known(TableStatus::Active),
        billing_mode: Fact::Known(BillingMode::PayPerRequest),
        ..ObservedTable::default()
    };
    orders.settings.time_to_live = "expires_at".into();
    Ok(Answers {
        caller: Caller {
            account: Fact::Known(AccountId::parse("111122223333")?),
            region: Fact::Known(Region::parse("eu-west-1")?),
            ..Caller::default()
        },
        now: "2025-11-20T09:00:00Z".parse()?,
        // "There is no such table" is an answer, too. That nobody has asked would be `Fact::Unknown`.
        target: if target == "orders" {
            Fact::Known(orders.clone())
        } else {
            Fact::Absent
        },
        source: Fact::Known(orders),
        recovery: Fact::Known(ObservedRecovery {
            enabled: Fact::Known(true),
            recovery_period_in_days: Fact::Known(35),
            earliest: Fact::Known("2025-11-19T15:30:00Z".parse()?),
            latest: Fact::Known("2025-11-20T08:55:00Z".parse()?),
        }),
    })
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = |default: &str| arguments.next().unwrap_or_else(|| default.to_owned());
    let wish = Wish {
        table: next("orders"),
        target: next("orders-restored"),
        time: next("2025-11-19T06:00:00+01:00"),
    };
    let answers = answers(&wish.target)?;
    let findings = check(wish, answers);
    let mut out = std::io::stdout().lock();
    for finding in &findings {
        writeln!(out, "{finding}\n")?;
    }
    let is_refused = findings.iter().any(|it| it.severity == Severity::Error);
    Ok(if is_refused {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

#[cfg(test)]
mod tests {
    use super::{Wish, answers, check};

    fn ids(table: &str, target: &str, time: &str) -> Vec<&'static str> {
        let wish = Wish {
            table: table.to_owned(),
            target: target.to_owned(),
            time: time.to_owned(),
        };
        let findings = check(wish, answers(target).expect("the answers are well formed"));
        findings.into_iter().map(|it| it.rule.as_str()).collect()
    }

    #[test]
    fn a_moment_before_the_window_is_refused_and_the_lost_setting_told() {
        let found = ids("orders", "orders-restored", "2025-11-19T06:00:00+01:00");
        assert_eq!(found, ["DBK-RPT-007", "DBK-CAR-006"]);
    }

    #[test]
    fn a_moment_inside_costs_only_the_setting() {
        let found = ids("orders", "orders-restored", "2025-11-19T18:00:00+01:00");
        assert_eq!(found, ["DBK-CAR-006"]);
    }

    #[test]
    fn a_table_is_never_restored_onto_itself() {
        let found = ids("orders", "orders", "2025-11-19T18:00:00+01:00");
        assert_eq!(found, ["DBK-RST-003", "DBK-CAR-006"]);
    }
}
