//! Records of attempts: who may take them over, when they go, and what a crash leaves behind.

use std::fs;
use std::path::Path;

use jiff::Timestamp;

use super::{Hold, Journal, Key, Operation, Record, Stage};

const ARN: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/backup/01700000000000-0a1b2c3d";

fn key() -> Key {
    Key::of([Some("eu-west-1"), Some("orders")])
}

fn record(arn: Option<&str>) -> Record {
    Record {
        version: Record::VERSION,
        operation: Operation::CreateBackup,
        key: key(),
        account: Some("111122223333".into()),
        region: "eu-west-1".into(),
        table_name: "orders".into(),
        table_arn: None,
        table_id: None,
        name: "orders-20261120T093000Z".into(),
        source: None,
        started_at: at(0),
        asked_at: None,
        token: None,
        arn: arn.map(str::to_owned),
        stage: Stage::Open,
        run: String::new(),
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + second).unwrap()
}

/// A run of the provider. Its name comes from the time, since all tests share one process id.
fn run(folder: &Path, number: i64) -> Journal {
    Journal::open(folder, at(number))
}

fn claim(journal: &Journal) -> Option<super::Attempt> {
    journal.claim(Operation::CreateBackup, &key(), Some("111122223333"))
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .map(|files| {
            files
                .map(|file| file.unwrap().file_name().into_string().unwrap())
                .collect()
        })
        .unwrap_or_default();
    names.sort();
    names
}

#[test]
fn a_finished_attempt_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let journal = run(folder.path(), 1);
    let mut attempt = journal.begin(record(None));
    attempt.made(ARN);
    attempt.finish();
    assert_eq!(files(folder.path()), [""; 0]);
    assert!(claim(&run(folder.path(), 2)).is_none());
}

#[test]
fn an_attempt_that_was_cut_off_is_taken_over_once_with_its_arn() {
    let folder = tempfile::tempdir().unwrap();
    let mut attempt = run(folder.path(), 1).begin(record(None));
    attempt.made(ARN);
    drop(attempt);
    let next = run(folder.path(), 2);
    let taken = claim(&next).unwrap();
    assert_eq!(taken.record().arn.as_deref(), Some(ARN));
    assert!(claim(&next).is_none());
    assert!(next.is_taken_over(ARN));
    taken.finish();
    assert_eq!(files(folder.path()), [""; 0]);
}

#[test]
fn an_attempt_that_is_worked_on_is_left_alone_by_other_processes() {
    let folder = tempfile::tempdir().unwrap();
    let attempt = run(folder.path(), 1).begin(record(Some(ARN)));
    assert!(claim(&run(folder.path(), 2)).is_none());
    drop(attempt);
    assert!(claim(&run(folder.path(), 3)).is_some());
}

#[test]
fn two_alike_resources_take_over_two_attempts() {
    let folder = tempfile::tempdir().unwrap();
    let first = run(folder.path(), 1);
    drop((first.begin(record(None)), first.begin(record(None))));
    let next = run(folder.path(), 2);
    let (one, other) = (claim(&next), claim(&next));
    assert!(one.is_some() && other.is_some() && claim(&next).is_none());
}

#[test]
fn other_keys_operations_and_accounts_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    drop(run(folder.path(), 1).begin(record(None)));
    let next = run(folder.path(), 2);
    let other = Key::of([Some("eu-west-1"), Some("invoices")]);
    assert!(
        next.claim(Operation::CreateBackup, &other, Some("111122223333"))
            .is_none()
    );
    assert!(
        next.claim(Operation::RestoreTable, &key(), Some("111122223333"))
            .is_none()
    );
    assert!(
        next.claim(Operation::CreateBackup, &key(), Some("444455556666"))
            .is_none()
    );
    assert!(next.claim(Operation::CreateBackup, &key(), None).is_some());
}

#[test]
fn a_failed_wait_is_for_the_next_run_and_not_for_an_alike_resource_of_this_one() {
    let folder = tempfile::tempdir().unwrap();
    let journal = run(folder.path(), 1);
    journal.begin(record(Some(ARN))).leave();
    assert!(claim(&journal).is_none());
    assert!(claim(&run(folder.path(), 2)).is_some());
}

#[test]
fn a_tainted_object_is_handed_over_to_the_create_that_follows() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), 1).begin(record(Some(ARN))).leave();
    let next = run(folder.path(), 2);
    assert!(next.hand_over(record(Some(ARN))));
    assert_eq!(
        files(folder.path())
            .iter()
            .filter(|name| name.ends_with(".json"))
            .count(),
        1
    );
    let taken = claim(&next).unwrap();
    assert_eq!(taken.record().stage, Stage::HandedOver);
    taken.finish();
    assert_eq!(files(folder.path()), [""; 0]);
}

#[test]
fn with_create_before_destroy_the_object_survives_the_delete_that_follows_even_in_a_later_run() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), 1).begin(record(Some(ARN))).leave();
    let second = run(folder.path(), 2);
    claim(&second).unwrap().finish();
    // The run is cut off before that delete.
    let third = run(folder.path(), 3);
    assert!(claim(&third).is_none(), "a mark is no attempt");
    assert!(third.is_taken_over(ARN));
    assert!(!run(folder.path(), 4).is_taken_over(ARN), "the mark is used up");
    assert_eq!(files(folder.path()), [""; 0]);
}

#[test]
fn the_delete_that_follows_in_the_same_run_uses_the_mark_up() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), 1).begin(record(Some(ARN))).leave();
    let second = run(folder.path(), 2);
    claim(&second).unwrap().finish();
    assert!(!second.hand_over(record(Some(ARN))), "the new object has it");
    assert!(second.is_taken_over(ARN));
    assert_eq!(files(folder.path()), [""; 0]);
}

#[test]
fn an_object_whose_wait_is_resumed_is_not_taken_over_and_the_other_way_round() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), 1).begin(record(Some(ARN))).leave();
    let resuming = run(folder.path(), 2);
    assert_eq!(resuming.hold(ARN), Hold::Granted);
    assert!(claim(&resuming).is_none());
    resuming.forget(ARN);
    assert_eq!(files(folder.path()), [""; 0]);

    run(folder.path(), 3).begin(record(Some(ARN))).leave();
    let taking = run(folder.path(), 4);
    let _taken = claim(&taking).unwrap();
    assert_eq!(taking.hold(ARN), Hold::Taken);
}

#[test]
fn a_look_up_does_not_give_one_object_to_two_attempts() {
    let folder = tempfile::tempdir().unwrap();
    let first = run(folder.path(), 1);
    drop((first.begin(record(None)), first.begin(record(None))));
    let next = run(folder.path(), 2);
    let (mut one, mut other) = (claim(&next).unwrap(), claim(&next).unwrap());
    assert_eq!(one.found(ARN), Hold::Granted);
    assert_eq!(other.found(ARN), Hold::Taken);
    assert_eq!(other.record().arn, None);
}

#[test]
fn what_was_never_done_is_begun_anew_under_the_same_record() {
    let folder = tempfile::tempdir().unwrap();
    drop(run(folder.path(), 1).begin(record(None)));
    let mut attempt = claim(&run(folder.path(), 2)).unwrap();
    attempt.restart(Record {
        name: "orders-20261121T000000Z".into(),
        ..record(None)
    });
    drop(attempt);
    let again = claim(&run(folder.path(), 3)).unwrap();
    assert_eq!(again.record().name, "orders-20261121T000000Z");
    assert_eq!(files(folder.path()).len(), 2, "one record and its lock");
}

#[test]
fn a_record_that_cannot_be_read_is_left_and_does_not_stop_anything() {
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join(format!("{}-1-1.json", key()));
    fs::write(&broken, "{").unwrap();
    let newer = folder.path().join(format!("{}-1-2.json", key()));
    let record = Record {
        version: Record::VERSION + 1,
        ..record(None)
    };
    fs::write(&newer, serde_json::to_vec(&record).unwrap()).unwrap();
    let journal = run(folder.path(), 1);
    assert!(claim(&journal).is_none());
    journal.forget(ARN);
    assert!(broken.exists() && newer.exists());
}

#[test]
fn where_nothing_can_be_written_memory_serves_and_the_user_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let not_a_folder = folder.path().join("file");
    fs::write(&not_a_folder, "").unwrap();
    let journal = run(&not_a_folder.join("attempts"), 1);
    assert_eq!(journal.warning(), None);
    let attempt = journal.begin(record(Some(ARN)));
    assert!(claim(&journal).is_none());
    attempt.leave();
    assert!(journal.hand_over(record(Some(ARN))));
    let taken = claim(&journal).unwrap();
    assert!(claim(&journal).is_none());
    taken.finish();
    assert!(claim(&journal).is_none());
    let warning = journal.warning().unwrap();
    assert!(
        !warning.is_error() && warning.detail.contains("TF_DATA_DIR"),
        "{}",
        warning.detail
    );
    assert_eq!(journal.warning(), None);
}

#[test]
fn a_half_written_record_is_not_a_record() {
    let folder = tempfile::tempdir().unwrap();
    let attempt = run(folder.path(), 1).begin(record(None));
    drop(attempt);
    let json = files(folder.path())
        .into_iter()
        .find(|name| name.ends_with(".json"))
        .unwrap();
    fs::write(folder.path().join(json.replace(".json", ".new")), "{").unwrap();
    claim(&run(folder.path(), 2)).unwrap().finish();
    assert_eq!(files(folder.path()), [""; 0]);
}

#[test]
fn a_record_shows_nothing_of_the_triggers() {
    let folder = tempfile::tempdir().unwrap();
    let secret = "hunter2";
    let record = Record {
        key: Key::of([Some(secret)]),
        ..record(Some(ARN))
    };
    let _attempt = run(folder.path(), 1).begin(record);
    for file in files(folder.path()) {
        assert!(!file.contains(secret));
        assert!(
            !fs::read_to_string(folder.path().join(file))
                .unwrap()
                .contains(secret)
        );
    }
}
