//! Calls about a table that may still be in the making: DynamoDB answers for it as if there were none.

use aws_clients::{Cx, DynamoDb, Error, Seen, TableRef, TableStatus};

use crate::client::{Account, Client};

/// Repeats a call while AWS says "not now", and while the table is still being created, up to the context's deadline.
///
/// # Errors
/// As `aws_clients::retry_until`; `NotFound` when there is no table.
pub(crate) async fn retry<T, F>(
    client: &Client,
    dynamodb: &DynamoDb,
    cx: &Cx,
    table: &TableRef,
    doing: &str,
    mut call: impl FnMut() -> F,
) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    loop {
        let err = match aws_clients::retry_until(cx, &**client.aws.clock(), doing, &mut call).await {
            Err(err) if err.is_not_found() => err,
            other => return other,
        };
        // Whoever may not describe the table gets AWS's own answer.
        let found = dynamodb.find_table(cx, table).await.ok().flatten();
        if found.is_none_or(|table| table.status != TableStatus::Creating) {
            return Err(err);
        }
        tracing::info!(table = %table, "waiting for the table to be created");
        dynamodb
            .wait_table_active(cx, &table.table_name(), Seen::Before)
            .await?;
    }
}

/// What to say when there is no table.
pub(crate) fn no_such_table(table: &TableRef, dynamodb: &DynamoDb, account: Option<&Account>) -> String {
    let account = account
        .map(|account| format!(" of account {}", account.id))
        .unwrap_or_default();
    format!(
        "There is no table \"{}\" in {}{account}. Correct table_name or region. If another resource of this \
         configuration makes the table, refer to that resource (table_name = aws_dynamodb_table.NAME.arn), so that the \
         table is made first.",
        table.table_name(),
        dynamodb.region()
    )
}
