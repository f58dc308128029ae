//! Vault Lock: bounds of retention, and from the lock date on nobody who could take them away.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::{invalid, refused};
use super::{Kind, Named, find};
use crate::clock::Moment;
use crate::failure::Failure;
use crate::world::{Context, read};

/// The lock of a vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lock {
    pub(in crate::backup) least_days: Option<i64>,
    pub(in crate::backup) most_days: Option<i64>,
    /// From when on it cannot be changed; `None` in governance mode.
    pub(in crate::backup) date: Option<Moment>,
}

impl Lock {
    /// Adds its members to the description of the vault.
    pub(super) fn describe(&self, description: &mut Value) {
        if let Some(days) = self.least_days {
            description["MinRetentionDays"] = json!(days);
        }
        if let Some(days) = self.most_days {
            description["MaxRetentionDays"] = json!(days);
        }
        if let Some(date) = self.date {
            description["LockDate"] = date.to_epoch_seconds();
        }
    }

    fn is_final(&self, now: Moment) -> bool {
        self.date.is_some_and(|date| date <= now)
    }

    /// Why a retention does not fit; `None` days are kept for ever.
    pub(in crate::backup) fn refusal(&self, days: Option<i64>) -> Option<String> {
        let shown = days.map_or_else(|| "indefinite".to_owned(), |days| format!("{days} days"));
        let is_short = matches!((days, self.least_days), (Some(days), Some(least)) if days < least);
        let is_long = match (days, self.most_days) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(days), Some(most)) => days > most,
        };
        (is_short || is_long).then(|| {
            format!(
                "Retention of {shown} is not within the range of the vault lock: minimum {}, maximum {}",
                self.least_days
                    .map_or_else(|| "none".to_owned(), |days| days.to_string()),
                self.most_days
                    .map_or_else(|| "none".to_owned(), |days| days.to_string()),
            )
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Put {
    backup_vault_name: String,
    min_retention_days: Option<i64>,
    max_retention_days: Option<i64>,
    changeable_for_days: Option<i64>,
}

pub(in crate::backup) fn put(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Put = read(input)?;
    let now = cx.now;
    let vault = find(cx, &input.backup_vault_name)?;
    check_changeable(vault.lock.as_ref(), now, &input.backup_vault_name)?;
    if vault.kind == Kind::AirGapped {
        return Err(refused("A logically air-gapped vault has a lock of its own."));
    }
    let (least, most) = (input.min_retention_days, input.max_retention_days);
    if least.is_some_and(|days| days < 1) || least.is_some_and(|days| days > 36_500) {
        return Err(invalid("MinRetentionDays must be at least 1 and at most 36500."));
    }
    if most.is_some_and(|days| days > 36_500 || days < least.unwrap_or(1)) {
        return Err(invalid(
            "MaxRetentionDays must be at least MinRetentionDays and at most 36500.",
        ));
    }
    if input
        .changeable_for_days
        .is_some_and(|days| !(3..=36_500).contains(&days))
    {
        return Err(invalid("ChangeableForDays must be at least 3 and at most 36500."));
    }
    vault.lock = Some(Lock {
        least_days: least,
        most_days: most,
        date: input.changeable_for_days.map(|days| now.plus_days(days)),
    });
    Ok(json!({}))
}

pub(in crate::backup) fn delete(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Named = read(input)?;
    let now = cx.now;
    let vault = find(cx, &input.backup_vault_name)?;
    check_changeable(vault.lock.as_ref(), now, &input.backup_vault_name)?;
    vault.lock = None;
    Ok(json!({}))
}

fn check_changeable(lock: Option<&Lock>, now: Moment, name: &str) -> Result<(), Failure> {
    match lock.filter(|lock| lock.is_final(now)) {
        None => Ok(()),
        Some(lock) => Err(refused(format!(
            "The lock of backup vault {name} cannot be changed or deleted since {}.",
            lock.date.map(Moment::to_rfc3339).unwrap_or_default()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retention_lies_between_the_bounds() {
        let lock = Lock {
            least_days: Some(30),
            most_days: Some(365),
            date: None,
        };
        for (days, fits) in [
            (Some(29), false),
            (Some(30), true),
            (Some(365), true),
            (Some(366), false),
            (None, false),
        ] {
            assert_eq!(lock.refusal(days).is_none(), fits, "{days:?}");
        }
        let open = Lock {
            most_days: None,
            ..lock
        };
        assert_eq!(open.refusal(None), None);
    }
}
