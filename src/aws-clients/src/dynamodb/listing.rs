//! Reads many backups with few calls: one ListBackups instead of a DescribeBackup each.
//!
//! Terraform refreshes every object by itself. A plan of a thousand backups would need a hundred
//! seconds at AWS's ten DescribeBackup per second; a page of a list shows a hundred at once.
//! A listing serves all reads of a few seconds, and is dropped when we make or delete a backup.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::OnceCell;

use super::DynamoDb;
use super::backups::BackupFilter;
use crate::backup::BackupSummary;
use crate::cx::Cx;
use crate::error::{Error, ErrorKind};
use crate::names::{BackupArn, TableName};

/// How long a listing serves. A plan of a thousand objects takes some seconds; what others delete
/// meanwhile shows in the next plan.
const LIFETIME: Duration = Duration::from_secs(20);

/// With so many tables asked for, listing all tables at once is tried, then at each fourfold.
const TABLES_BEFORE_ALL: usize = 4;

/// Pages of the list of all tables that each table asked for is worth.
const PAGES_PER_TABLE: usize = 4;

/// The listings of one Region.
#[derive(Debug, Default)]
pub(super) struct Listing {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    tables: HashMap<TableName, Arc<Cached>>,
    all: Option<Arc<Cached>>,
    asked: HashSet<TableName>,
    /// Number of tables at which the list of all tables is tried next; zero: the first time.
    next_try: usize,
    denied: bool,
    /// What we have deleted, or tried to: a list that still shows it is out of date in this one place.
    deleted: HashSet<BackupArn>,
}

/// One listing that several tasks wait for together.
#[derive(Debug)]
struct Cached {
    made_at: Duration,
    /// Pages that it may take.
    pages: usize,
    backups: OnceCell<Page>,
}

#[derive(Debug)]
struct Page {
    backups: HashMap<BackupArn, BackupSummary>,
    complete: bool,
}

impl Cached {
    fn new(now: Duration, pages: usize) -> Arc<Self> {
        Arc::new(Self {
            made_at: now,
            pages,
            backups: OnceCell::new(),
        })
    }

    fn is_fresh(&self, now: Duration) -> bool {
        now.saturating_sub(self.made_at) < LIFETIME
    }
}

impl Listing {
    /// Drops what a change of ours has made stale.
    pub(super) fn forget(&self, table: &TableName) {
        let mut state = self.lock();
        state.tables.remove(table);
        state.all = None;
    }

    /// Notes that a backup is not to be read from a list any more. The lists stay: a destroy of a thousand backups
    /// must not read a thousand lists.
    pub(super) fn deleted(&self, backup: &BackupArn) {
        self.lock().deleted.insert(backup.clone());
    }

    fn is_deleted(&self, backup: &BackupArn) -> bool {
        self.lock().deleted.contains(backup)
    }

    /// The list of all tables, if it is there or worth making.
    fn all(&self, table: &TableName, now: Duration) -> Option<Arc<Cached>> {
        let mut state = self.lock();
        state.asked.insert(table.clone());
        if let Some(all) = state.all.as_ref().filter(|all| all.is_fresh(now)) {
            return Some(Arc::clone(all));
        }
        let asked = state.asked.len();
        if asked < state.next_try.max(TABLES_BEFORE_ALL) {
            return None;
        }
        let all = Cached::new(now, asked * PAGES_PER_TABLE);
        state.all = Some(Arc::clone(&all));
        Some(all)
    }

    fn of_table(&self, table: &TableName, now: Duration) -> Arc<Cached> {
        let mut state = self.lock();
        let cached = state
            .tables
            .get(table)
            .filter(|cached| cached.is_fresh(now))
            .cloned();
        cached.unwrap_or_else(|| {
            let cached = Cached::new(now, usize::MAX);
            state.tables.insert(table.clone(), Arc::clone(&cached));
            cached
        })
    }

    /// The list of all tables was too long: try again when it would pay.
    fn too_long(&self) {
        let mut state = self.lock();
        state.next_try = state.asked.len() * 4;
    }

    fn is_denied(&self) -> bool {
        self.lock().denied
    }

    fn set_denied(&self) {
        self.lock().denied = true;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl DynamoDb {
    /// Finds a backup as lists show it, sharing one list with all other reads of these seconds.
    /// What no list shows is asked for by its ARN.
    ///
    /// # Errors
    /// [`ErrorKind::OtherRegion`] for an ARN of another Region. A caller who may not list backups
    /// gets them one by one instead.
    pub async fn find_backup_listed(
        &self,
        cx: &Cx,
        backup: &BackupArn,
    ) -> Result<Option<BackupSummary>, Error> {
        self.check_region(
            &format!("reading backup {backup}"),
            backup.as_str(),
            &backup.region(),
        )?;
        let listing = &self.regional.listing;
        if !listing.is_denied() && !listing.is_deleted(backup) {
            match self.find_in_lists(cx, backup).await {
                Ok(Some(summary)) => return Ok(Some(summary)),
                Ok(None) => {}
                Err(error) if error.kind() == ErrorKind::Denied => {
                    tracing::debug!(
                        code = error.code(),
                        "listing backups is denied: reading them one by one"
                    );
                    self.regional.listing.set_denied();
                }
                Err(error) => return Err(error),
            }
        }
        Ok(self.find_backup(cx, backup).await?.map(|backup| backup.summary))
    }

    async fn find_in_lists(&self, cx: &Cx, backup: &BackupArn) -> Result<Option<BackupSummary>, Error> {
        let listing = &self.regional.listing;
        let table = backup.table_name();
        let now = self.clock().elapsed();
        if let Some(all) = listing.all(&table, now) {
            let page = self.fill(cx, &all, &BackupFilter::default()).await?;
            if let Some(summary) = page.backups.get(backup) {
                return Ok(Some(summary.clone()));
            }
            if page.complete {
                return Ok(None);
            }
            listing.too_long();
        }
        let cached = listing.of_table(&table, now);
        let filter = BackupFilter {
            table: Some(table.into()),
            ..BackupFilter::default()
        };
        let page = self.fill(cx, &cached, &filter).await?;
        Ok(page.backups.get(backup).cloned())
    }

    async fn fill<'a>(&self, cx: &Cx, cached: &'a Cached, filter: &BackupFilter) -> Result<&'a Page, Error> {
        let list = || async {
            let listed = self.list_pages(cx, filter, cached.pages).await?;
            let backups = listed
                .backups
                .into_iter()
                .map(|backup| (backup.arn.clone(), backup))
                .collect();
            Ok(Page {
                backups,
                complete: listed.complete,
            })
        };
        cached.backups.get_or_try_init(list).await
    }
}
