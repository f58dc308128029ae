//! How many tables there are in a Region, counted once per process: a plan of a hundred restores must not read a hundred
//! lists.

use tokio::sync::OnceCell;

use super::DynamoDb;
use crate::call::Call;
use crate::cx::Cx;
use crate::error::Error;
use crate::operation::Operation;
use crate::remembered::Remembered;

/// What is counted up to: DynamoDB has no quota beyond it.
const MOST: usize = 10_000;

/// AWS's page size and its maximum.
const PAGE: i32 = 100;

/// The count of one Region, or why there is none.
#[derive(Debug, Default)]
pub(super) struct TableCount {
    count: OnceCell<usize>,
    failure: Remembered,
}

impl DynamoDb {
    /// Counts the tables of the caller's account in this Region, up to ten thousand, by the names that ListTables shows.
    ///
    /// The first count serves the whole process, and tables that are made meanwhile do not show in it.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Denied`] where the caller may not `dynamodb:ListTables`; for some seconds without a new call.
    pub async fn count_tables(&self, cx: &Cx) -> Result<usize, Error> {
        let TableCount { count, failure } = &self.regional.table_count;
        let counted = count.get_or_try_init(|| async {
            if let Some(failure) = failure.find(self.clock().elapsed()) {
                return Err(failure);
            }
            let listed = self.list_tables(cx).await;
            if let Err(error) = &listed
                && error.kind() == crate::ErrorKind::Denied
            {
                failure.set(self.clock().elapsed(), error);
            }
            listed
        });
        counted.await.copied()
    }

    async fn list_tables(&self, cx: &Cx) -> Result<usize, Error> {
        let client = self.client(cx).await?;
        let doing = format!("counting the tables in {}", self.region());
        let call = Call::new(Operation::ListTables, doing, "*");
        let mut count = 0;
        let mut start: Option<String> = None;
        loop {
            let send = || {
                client
                    .list_tables()
                    .set_exclusive_start_table_name(start.clone())
                    .limit(PAGE)
                    .send()
            };
            let page = self.call(cx, &call, send).await?;
            count += page.table_names.unwrap_or_default().len();
            start = page.last_evaluated_table_name;
            if start.is_none() || count >= MOST {
                return Ok(count);
            }
        }
    }
}
