//! The attempt journal: what was asked of AWS and not yet handed to Terraform.
//!
//! CreateBackup has no idempotency token, and a restore cannot be told from somebody else's once it is over. When the
//! provider dies between AWS's answer and Terraform's state, nobody knows about the object any more: nobody but this
//! journal. An attempt is recorded before AWS is called, and the record goes when the finished object is handed back.
//! The next apply finds the record of an attempt that came to no end, and goes on with the same object.
//!
//! A record is a small JSON file below Terraform's data folder. Whoever works on it holds a lock on a file beside it,
//! which the operating system releases when the process dies: a record without a lock is one that nobody works on, and
//! of two alike resources only one can take it over. Nothing here calls AWS.

mod disk;
mod key;
mod record;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use tfsdk::Diagnostic;

use disk::{Entry, Folder};
pub(crate) use key::Key;
pub(crate) use record::{Operation, Record, Stage};

/// The journal of one run. Clones are the same journal.
#[derive(Debug, Clone)]
pub(crate) struct Journal {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    folder: Folder,
    /// Tells the records that this run left behind from those of runs before.
    run: String,
    memory: Mutex<Memory>,
}

#[derive(Debug, Default)]
struct Memory {
    /// ARNs of objects that this run works on: it made them, took them over or resumed them.
    held: BTreeSet<String>,
    /// ARNs of objects that this run took over from a record.
    adopted: BTreeSet<String>,
    /// Records that could not be written, and the locks on them.
    unwritten: Vec<Unwritten>,
    /// Why the folder cannot be written, until somebody has told the user.
    trouble: Option<String>,
    told: bool,
}

#[derive(Debug)]
struct Unwritten {
    id: String,
    record: Record,
    locked: bool,
}

/// An attempt that is being worked on. Nobody else can take it over until this is dropped.
#[derive(Debug)]
pub(crate) struct Attempt {
    journal: Journal,
    id: String,
    record: Record,
    /// `None` when the record could only be kept in memory.
    entry: Option<Entry>,
}

/// Whether an object may be worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hold {
    /// Nobody else in this run does.
    Granted,
    /// Another resource of this run has taken the object over.
    Taken,
}

impl Journal {
    /// Opens the journal in `folder`, which is made when the first record is written. `now` makes the run's name.
    pub(crate) fn open(folder: impl Into<PathBuf>, now: Timestamp) -> Self {
        let run = format!("{}-{}", now.as_millisecond(), std::process::id());
        Self {
            shared: Arc::new(Shared {
                folder: Folder::at(folder.into()),
                run,
                memory: Mutex::default(),
            }),
        }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.shared.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records an attempt. Call AWS in the next statement.
    pub(crate) fn begin(&self, mut record: Record) -> Attempt {
        record.run.clone_from(&self.shared.run);
        let id = self.new_id(&record.key);
        let entry = match self.shared.folder.create(&id, &record) {
            Ok(entry) => Some(entry),
            Err(err) => {
                self.keep_in_memory(&err, &id, &record, true);
                None
            }
        };
        if let Some(arn) = &record.arn {
            self.memory().held.insert(arn.clone());
        }
        Attempt {
            journal: self.clone(),
            id,
            record,
            entry,
        }
    }

    /// Takes over an attempt of this kind and key that came to no end, the oldest first.
    ///
    /// Those that this very run has left behind are passed over, unless they were handed over since: their object is
    /// still in the state of another resource. Those of another account are, too.
    pub(crate) fn claim(&self, operation: Operation, key: &Key, account: Option<&str>) -> Option<Attempt> {
        let wanted = |record: &Record| {
            record.operation == operation
                && record.key == *key
                && record.is_of_account(account)
                && match record.stage {
                    Stage::Open | Stage::InState => record.run != self.shared.run,
                    Stage::HandedOver => true,
                    Stage::Adopted => false,
                }
        };
        let free = |memory: &Memory, record: &Record| {
            record.arn.as_ref().is_none_or(|arn| !memory.held.contains(arn))
        };
        let mut found = None;
        for id in self.shared.folder.ids(key) {
            let Some((entry, record)) = self.shared.folder.take(&id) else {
                continue;
            };
            if wanted(&record) && free(&self.memory(), &record) {
                found = Some((id, Some(entry), record));
                break;
            }
        }
        let mut memory = self.memory();
        let (id, entry, record) = match found {
            Some(found) => found,
            None => {
                let place = memory
                    .unwritten
                    .iter()
                    .position(|it| !it.locked && wanted(&it.record) && free(&memory, &it.record))?;
                let unwritten = &mut memory.unwritten[place];
                unwritten.locked = true;
                (unwritten.id.clone(), None, unwritten.record.clone())
            }
        };
        if let Some(arn) = &record.arn {
            memory.held.insert(arn.clone());
            memory.adopted.insert(arn.clone());
        }
        drop(memory);
        Some(Attempt {
            journal: self.clone(),
            id,
            record,
            entry,
        })
    }

    /// Looks for an attempt of this kind and key that came to no end, without taking it over: for plans.
    pub(crate) fn find(&self, operation: Operation, key: &Key, account: Option<&str>) -> Option<Record> {
        let wanted = |record: &Record| {
            record.operation == operation
                && record.key == *key
                && record.is_of_account(account)
                && record.stage != Stage::Adopted
        };
        let written = || {
            self.shared
                .folder
                .ids(key)
                .iter()
                .find_map(|id| self.shared.folder.peek(id).filter(&wanted))
        };
        let memory = self.memory();
        let unwritten = memory
            .unwritten
            .iter()
            .map(|it| &it.record)
            .find(|record| wanted(record));
        unwritten.cloned().or_else(written)
    }

    /// Records an unfinished object that Terraform wants deleted because it is tainted, for the create that follows.
    ///
    /// Does nothing, and says so with `false`, when another resource has taken the object over already.
    pub(crate) fn hand_over(&self, mut record: Record) -> bool {
        let Some(arn) = record.arn.clone() else {
            return false;
        };
        if self.is_taken_over(&arn) {
            return false;
        }
        self.forget(&arn);
        record.stage = Stage::HandedOver;
        drop(self.begin(record));
        self.memory().held.remove(&arn);
        true
    }

    /// Whether another resource has taken an object over, without using up the mark of an earlier run.
    pub(crate) fn is_known_as_taken_over(&self, arn: &str) -> bool {
        let is_mark = |record: &Record| record.stage == Stage::Adopted && record.arn.as_deref() == Some(arn);
        let marked = || {
            self.shared
                .folder
                .all_ids()
                .iter()
                .any(|id| self.shared.folder.peek(id).is_some_and(|it| is_mark(&it)))
        };
        self.memory().adopted.contains(arn) || marked()
    }

    /// Whether an object must not be deleted, because another resource has taken it over: in this run, or in an
    /// earlier one. The mark of an earlier run is used up by the question.
    pub(crate) fn is_taken_over(&self, arn: &str) -> bool {
        let marked = self.drop_adopted_mark(arn);
        marked || self.memory().adopted.contains(arn)
    }

    /// Reserves an object whose wait is to be resumed.
    pub(crate) fn hold(&self, arn: &str) -> Hold {
        let mut memory = self.memory();
        if memory.adopted.contains(arn) {
            return Hold::Taken;
        }
        memory.held.insert(arn.to_owned());
        Hold::Granted
    }

    /// Removes every record about an object that nobody works on: it is in the state for good, or it is gone.
    pub(crate) fn forget(&self, arn: &str) {
        for id in self.shared.folder.all_ids() {
            let Some(record) = self.shared.folder.peek(&id) else {
                continue;
            };
            if record.arn.as_deref() != Some(arn) {
                continue;
            }
            if let Some((entry, _)) = self.shared.folder.take(&id) {
                entry.remove();
            }
        }
        self.memory()
            .unwritten
            .retain(|it| it.locked || it.record.arn.as_deref() != Some(arn));
    }

    /// What to tell the user when records cannot be written: once per run.
    pub(crate) fn warning(&self) -> Option<Diagnostic> {
        let mut memory = self.memory();
        if memory.told {
            return None;
        }
        let trouble = memory.trouble.clone()?;
        memory.told = true;
        Some(Diagnostic::warning(
            "Attempts cannot be recorded",
            format!(
                "The provider records each backup and restore that it starts, so that an apply that is cut off can go \
                 on with the same object. It cannot write to {folder}: {trouble}. This run goes on without; if the \
                 provider is killed while AWS works, look for the object in AWS before you apply again, or a second \
                 one is made.\n\nMake the folder writable, or point TF_DATA_DIR to one that is.",
                folder = self.shared.folder.path().display(),
            ),
        ))
    }

    fn drop_adopted_mark(&self, arn: &str) -> bool {
        for id in self.shared.folder.all_ids() {
            let is_mark =
                |record: &Record| record.stage == Stage::Adopted && record.arn.as_deref() == Some(arn);
            if !self
                .shared
                .folder
                .peek(&id)
                .is_some_and(|record| is_mark(&record))
            {
                continue;
            }
            if let Some((entry, record)) = self.shared.folder.take(&id)
                && is_mark(&record)
            {
                entry.remove();
                return true;
            }
        }
        false
    }

    fn new_id(&self, key: &Key) -> String {
        static COUNT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
        let number = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        format!("{key}-{}-{number}", self.shared.run)
    }

    fn keep_in_memory(&self, err: &std::io::Error, id: &str, record: &Record, locked: bool) {
        tracing::warn!(folder = %self.shared.folder.path().display(), error = %err, "attempt cannot be recorded");
        let mut memory = self.memory();
        memory.trouble.get_or_insert_with(|| err.to_string());
        match memory.unwritten.iter_mut().find(|it| it.id == id) {
            Some(unwritten) => unwritten.record = record.clone(),
            None => {
                let unwritten = Unwritten {
                    id: id.to_owned(),
                    record: record.clone(),
                    locked,
                };
                memory.unwritten.push(unwritten);
            }
        }
    }
}

impl Attempt {
    /// What is recorded.
    pub(crate) fn record(&self) -> &Record {
        &self.record
    }

    /// The file of the record, where it could be written.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.entry.as_ref().map(Entry::file)
    }

    /// Records that AWS is asked, to be called before each call: where its answer is lost, only the time tells the
    /// object from one that somebody else has made since.
    pub(crate) fn asks(&mut self, now: Timestamp) {
        const RECENT: SignedDuration = SignedDuration::from_mins(1);
        if self
            .record
            .asked_at
            .is_none_or(|asked| now.duration_since(asked) > RECENT)
        {
            self.record.asked_at = Some(now);
            self.write();
        }
    }

    /// Notes the id of the table that the attempt makes; written with the next [`made`](Self::made) or
    /// [`found`](Self::found).
    pub(crate) fn identify(&mut self, table_id: Option<&str>) {
        self.record.table_id = table_id.map(str::to_owned);
    }

    /// Records the job that AWS Backup has accepted. To be called in the statement after AWS answered.
    pub(crate) fn accepted(&mut self, job: &str) {
        self.record.job = Some(job.to_owned());
        self.write();
    }

    /// Records the object that AWS made. To be called in the statement after AWS answered.
    pub(crate) fn made(&mut self, arn: &str) {
        self.record.arn = Some(arn.to_owned());
        self.write();
        self.journal.memory().held.insert(arn.to_owned());
    }

    /// Records the object that a look-up found, and that this run takes over. Refused when another resource of this
    /// run works on it: then it is not the object of this attempt.
    pub(crate) fn found(&mut self, arn: &str) -> Hold {
        {
            let mut memory = self.journal.memory();
            if !memory.held.insert(arn.to_owned()) {
                return Hold::Taken;
            }
            memory.adopted.insert(arn.to_owned());
        }
        self.record.arn = Some(arn.to_owned());
        self.write();
        Hold::Granted
    }

    /// Begins anew under the same record, because AWS never did what was recorded.
    pub(crate) fn restart(&mut self, mut record: Record) {
        record.run.clone_from(&self.journal.shared.run);
        self.record = record;
        self.write();
    }

    /// Ends the attempt: the finished object is handed back in the next statement.
    pub(crate) fn finish(mut self) {
        // Terraform may hold the same object a second time, as one that is still to be deleted (when the new object is
        // made before the old one is destroyed). The mark keeps that delete from hurting the object, also in a later
        // run.
        let in_another_state =
            self.record.stage == Stage::InState && self.record.run != self.journal.shared.run;
        if in_another_state {
            self.record.stage = Stage::Adopted;
            self.write();
        } else {
            self.discard();
        }
    }

    /// Ends the attempt because Terraform has the unfinished object in its state, or there is none.
    pub(crate) fn discard(mut self) {
        match self.entry.take() {
            Some(entry) => entry.remove(),
            None => {
                let id = &self.id;
                self.journal.memory().unwritten.retain(|it| it.id != *id);
            }
        }
    }

    /// Leaves the attempt for the next apply: the wait has failed and Terraform will taint the object.
    pub(crate) fn leave(mut self) {
        self.record.stage = Stage::InState;
        self.record.run.clone_from(&self.journal.shared.run);
        self.write();
    }

    fn write(&mut self) {
        let written = match &self.entry {
            Some(entry) => entry.write(&self.record),
            None => {
                if let Some(unwritten) = self
                    .journal
                    .memory()
                    .unwritten
                    .iter_mut()
                    .find(|it| it.id == self.id)
                {
                    unwritten.record = self.record.clone();
                }
                return;
            }
        };
        if let Err(err) = written {
            self.journal.keep_in_memory(&err, &self.id, &self.record, true);
        }
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        let id = &self.id;
        if let Some(unwritten) = self.journal.memory().unwritten.iter_mut().find(|it| it.id == *id) {
            unwritten.locked = false;
        }
    }
}
