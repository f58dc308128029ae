//! Records as files: one JSON file each, replaced atomically, with a lock file beside it that is never replaced.
//!
//! A record goes before its lock file goes, so that a lock on a file whose record exists is always the one lock.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::{Key, Record};

/// The folder of the records.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
}

/// A record on disk that we hold the lock of. Dropping it releases the lock.
#[derive(Debug)]
pub(super) struct Entry {
    record: PathBuf,
    lock_path: PathBuf,
    /// Held open for its lock.
    lock: File,
}

impl Folder {
    pub(super) fn at(path: PathBuf) -> Self {
        Self { path }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a new record and locks it.
    pub(super) fn create(&self, id: &str, record: &Record) -> io::Result<Entry> {
        fs::create_dir_all(&self.path)?;
        let entry = self.lock(id)?.ok_or(io::ErrorKind::AlreadyExists)?;
        entry.write(record)?;
        Ok(entry)
    }

    /// Ids of the records with this key, sorted.
    pub(super) fn ids(&self, key: &Key) -> Vec<String> {
        let prefix = format!("{key}-");
        self.all_ids()
            .into_iter()
            .filter(|id| id.starts_with(&prefix))
            .collect()
    }

    /// Ids of all records, sorted. A folder that cannot be read has none.
    pub(super) fn all_ids(&self) -> Vec<String> {
        let Ok(files) = fs::read_dir(&self.path) else {
            return Vec::new();
        };
        let mut ids: Vec<String> = files
            .filter_map(|file| file.ok()?.file_name().into_string().ok())
            .filter_map(|name| name.strip_suffix(".json").map(str::to_owned))
            .collect();
        ids.sort();
        ids
    }

    /// Reads a record without locking it.
    pub(super) fn peek(&self, id: &str) -> Option<Record> {
        let path = self.record_path(id);
        let text = fs::read(&path).ok()?;
        match serde_json::from_slice::<Record>(&text) {
            Ok(record) if record.version <= Record::VERSION => Some(record),
            Ok(_) => None,
            Err(err) => {
                tracing::warn!(file = %path.display(), error = %err, "record of an attempt cannot be read");
                None
            }
        }
    }

    /// Locks a record that nobody works on and reads it.
    pub(super) fn take(&self, id: &str) -> Option<(Entry, Record)> {
        let entry = self.lock(id).ok()??;
        match self.peek(id) {
            Some(record) => Some((entry, record)),
            None => {
                // Whoever held it has just finished, and we have made the lock file anew.
                if !entry.record.exists() {
                    entry.remove();
                }
                None
            }
        }
    }

    /// Locks, unless somebody else has.
    fn lock(&self, id: &str) -> io::Result<Option<Entry>> {
        let lock_path = self.path.join(format!("{id}.lock"));
        let lock = OpenOptions::new().create(true).append(true).open(&lock_path)?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Entry {
                record: self.record_path(id),
                lock_path,
                lock,
            })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(err)) => Err(err),
        }
    }

    fn record_path(&self, id: &str) -> PathBuf {
        self.path.join(format!("{id}.json"))
    }
}

impl Entry {
    /// The file of the record.
    pub(super) fn file(&self) -> &Path {
        &self.record
    }

    /// Replaces the record: after a crash either the old one or the new one is there, whole.
    pub(super) fn write(&self, record: &Record) -> io::Result<()> {
        let mut text = serde_json::to_vec_pretty(record).map_err(io::Error::other)?;
        text.push(b'\n');
        let half_written = self.half_written();
        let mut file = File::create(&half_written)?;
        file.write_all(&text)?;
        file.sync_all()?;
        drop(file);
        fs::rename(&half_written, &self.record)?;
        sync_folder(&self.record);
        Ok(())
    }

    /// What a crash in the middle of a write leaves behind.
    fn half_written(&self) -> PathBuf {
        self.record.with_extension("new")
    }

    /// Removes the record, then its lock.
    pub(super) fn remove(self) {
        for path in [&self.half_written(), &self.record, &self.lock_path] {
            match fs::remove_file(path) {
                Err(err) if err.kind() != io::ErrorKind::NotFound => {
                    tracing::warn!(file = %path.display(), error = %err, "record of an attempt cannot be removed");
                }
                _ => {}
            }
        }
        sync_folder(&self.record);
        drop(self.lock);
    }
}

/// Makes a rename or removal last through a power failure, where the file system offers that.
fn sync_folder(file: &Path) {
    if let Some(folder) = file.parent().and_then(|folder| File::open(folder).ok())
        && let Err(err) = folder.sync_all()
    {
        tracing::debug!(error = %err, "folder cannot be synchronised");
    }
}
