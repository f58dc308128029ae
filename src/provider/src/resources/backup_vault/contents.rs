//! What lies in a vault that is to go, for people. Pure.

use std::collections::BTreeSet;

use aws_clients::{ListedRecoveryPoint, Vault};

use super::work::seconds;

/// How many tables are named.
const NAMED: usize = 5;

/// How many recovery points a vault holds, of which tables, how old they are and until when they stay: sentences, and
/// nothing for an empty vault.
pub(super) fn told(vault: &Vault, points: &[ListedRecoveryPoint]) -> Option<String> {
    let listed = i64::try_from(points.len()).unwrap_or(i64::MAX);
    let number = vault.recovery_points.max(listed);
    if number == 0 {
        return None;
    }
    let tables: BTreeSet<String> = points
        .iter()
        .filter_map(|point| point.table_arn.as_ref())
        .map(|arn| arn.table_name().to_string())
        .collect();
    let mut text = format!("It holds {}", count(number, "recovery point"));
    if !tables.is_empty() {
        text += &format!(" of {}", names(&tables));
    }
    let made = || points.iter().filter_map(|point| point.created_at);
    match (made().min(), made().max()) {
        (Some(oldest), Some(newest)) if oldest == newest => {
            text += &format!(", made at {}.", seconds(oldest))
        }
        (Some(oldest), Some(newest)) => {
            text += &format!(
                ", the oldest of {} and the newest of {}.",
                seconds(oldest),
                seconds(newest)
            );
        }
        _ => text.push('.'),
    }
    let for_ever = points.iter().filter(|point| point.deletes_at.is_none()).count();
    let last = points.iter().filter_map(|point| point.deletes_at).max();
    match (for_ever, last) {
        _ if points.is_empty() => {}
        (0, Some(last)) => {
            text += &format!(
                " By their lifecycles AWS deletes the last of them at {}.",
                seconds(last)
            )
        }
        (_, None) => text += " They have no end: each stays until somebody deletes it.",
        (kept, Some(last)) => {
            text += &format!(
                " {kept} of them have no end and stay until somebody deletes them; of the others AWS deletes the last at \
                 {}.",
                seconds(last)
            );
        }
    }
    if number > listed {
        text += &format!(
            " AWS counts {} more than it lists as recovery points that can be deleted here.",
            number - listed
        );
    }
    Some(text)
}

fn names(tables: &BTreeSet<String>) -> String {
    let named: Vec<&str> = tables.iter().take(NAMED).map(String::as_str).collect();
    match (named.as_slice(), tables.len() - named.len()) {
        ([single], 0) => format!("table {single}"),
        ([first @ .., last], 0) => format!("tables {} and {last}", first.join(", ")),
        (named, more) => format!("tables {} and {more} more", named.join(", ")),
    }
}

/// A number with its noun.
pub(super) fn count(number: i64, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
