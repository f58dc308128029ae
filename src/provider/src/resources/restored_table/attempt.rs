//! Whose table is it? The attempt journal, the state, and what AWS shows of a running restore say so.
//!
//! A table is taken up only with a proof: a record of our own attempt, Terraform's state, or a running restore from the
//! very source that is wanted. A table that is ACTIVE shows no origin any more: without a record it is somebody else's.

use aws_clients::{Region, Table, TableStatus};
use jiff::{SignedDuration, Timestamp};

use super::model::Model;
use super::source::Origin;
use crate::client::Client;
use crate::journal::{Key, Operation, Record, Stage};

/// By how much a table may be older than the call that made it: the clock of the record is AWS's, but of an answer
/// before.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_secs(10);

/// How long after the last call that is recorded AWS may have made the table, where nobody has seen the answer: the
/// record is a minute old at most. A table that is younger is rather somebody else's.
const ANSWER_TIME: SignedDuration = SignedDuration::from_secs(90);

/// What identifies the attempts of one object: a table's name is its natural key, since AWS never makes a second one.
/// The source stands beside it in the record, so that an attempt with another source is found, too.
pub(super) fn key(region: &Region, name: &str) -> Key {
    Key::of([Some("restored_table"), Some(region.as_str()), Some(name)])
}

/// A record of an attempt that begins now.
pub(super) fn record(
    region: &Region,
    name: &str,
    source: Option<String>,
    account: Option<String>,
    now: Timestamp,
) -> Record {
    Record {
        version: Record::VERSION,
        operation: Operation::RestoreTable,
        key: key(region, name),
        account,
        region: region.to_string(),
        table_name: name.to_owned(),
        table_arn: None,
        table_id: None,
        name: name.to_owned(),
        source,
        token: None,
        started_at: now,
        asked_at: Some(now),
        arn: None,
        stage: Stage::Open,
        run: String::new(),
    }
}

/// Whether a record proves that this table was made by the attempt.
///
/// It does when AWS's answer was recorded, which names the table. Where the answer was lost, the call may also have been
/// refused, and somebody else have made a table of that name since: then it must have been made right after the call.
pub(super) fn proves(record: &Record, table: &Table) -> bool {
    let Some(arn) = &record.arn else {
        return is_made_by_call(record, table);
    };
    let is_same = match (&record.table_id, &table.id) {
        (Some(recorded), Some(id)) => recorded == id,
        _ => table.created_at.is_none_or(|created| created >= earliest(record)),
    };
    is_same && arn == table.arn.as_str()
}

fn is_made_by_call(record: &Record, table: &Table) -> bool {
    let asked = record.asked_at.unwrap_or(record.started_at);
    let latest = asked.checked_add(ANSWER_TIME).unwrap_or(Timestamp::MAX);
    table
        .created_at
        .is_some_and(|created| (earliest(record)..=latest).contains(&created))
}

fn earliest(record: &Record) -> Timestamp {
    record
        .started_at
        .checked_sub(CLOCK_TOLERANCE)
        .unwrap_or(Timestamp::MIN)
}

/// Whether an attempt restored what is wanted. One without a source is a hand-over of a state that knew none.
pub(super) fn is_from(record: &Record, origin: Option<&Origin>) -> bool {
    match (&record.source, origin) {
        (Some(recorded), Some(origin)) => *recorded == origin.words(),
        _ => true,
    }
}

/// Whether a table that stands in the way is ours: to be taken up, or about to make room.
pub(super) fn is_ours(
    client: &Client,
    account: Option<&str>,
    region: &Region,
    table: &Table,
    origin: Option<&Origin>,
) -> bool {
    if client
        .in_state
        .contains(&state_id(table.arn.as_str(), table.id.as_deref()))
    {
        return true;
    }
    let recorded = client
        .journal
        .find(
            Operation::RestoreTable,
            &key(region, table.name.as_str()),
            account,
        )
        .is_some_and(|record| {
            // An object that Terraform holds as tainted makes room, whatever its source was.
            let makes_room = matches!(record.stage, Stage::InState | Stage::HandedOver);
            proves(&record, table) && (makes_room || is_from(&record, origin))
        });
    recorded || is_being_restored_from(table, origin, region)
}

/// Whether AWS shows that the table is being restored from the source that is wanted.
pub(super) fn is_being_restored_from(table: &Table, origin: Option<&Origin>, region: &Region) -> bool {
    table.status == TableStatus::Creating
        && origin.is_some_and(|origin| origin.restore.is_origin_of(table, region))
}

/// Remembers that Terraform's state has this table: a plan of its replacement is not shown it again.
pub(super) fn note_in_state(client: &Client, state: &Model) {
    if let Some(arn) = state.arn.known() {
        client
            .in_state
            .note(state_id(arn, state.table_id.known().map(String::as_str)));
    }
}

fn state_id(arn: &str, table_id: Option<&str>) -> String {
    format!("{arn} {}", table_id.unwrap_or_default())
}
