//! What a plan reads of AWS: the recovery that there is, the table, and for a first apply the recovery of its replicas.
//! Decides nothing.

use aws_clients::{Cx as AwsCx, Error, ErrorKind, Region, TableRef};
use rules::Fact;
use rules::facts::{ObservedRecovery, ObservedReplica, ObservedTable};
use tfsdk::{Attr, Change, Cx, Diagnostics, Path};

use super::{DISABLE, LEFT_ON, Model};
use crate::Client;
use crate::diagnostics;
use crate::facts::{self, Planner};
use crate::table_name::table_ref;

/// What a plan knows of AWS.
#[derive(Debug, Default)]
pub(crate) struct Observed {
    pub(super) planner: Planner,
    /// The table, looked at where recovery is made or changed.
    pub(super) table: Fact<ObservedTable>,
    pub(super) recovery: Fact<ObservedRecovery>,
    /// The last apply left recovery on, whatever the state says now.
    pub(super) left_on: bool,
    /// Checks that were not made.
    pub(super) unread: Diagnostics,
}

pub(super) async fn observe(
    client: &Client,
    change: &Change<Model>,
    cx: &Cx,
) -> Result<Observed, Diagnostics> {
    let (wanted, region) = match change {
        Change::Create { config, proposed } | Change::Update { config, proposed, .. } => {
            (config, &proposed.region)
        }
        Change::Destroy { prior } => (prior, &prior.region),
    };
    let region = client.region(region.known());
    let aws = client.cx(cx);
    let mut seen = Observed {
        left_on: cx.private(LEFT_ON).is_some_and(|left_on| left_on == true),
        ..Observed::default()
    };
    let destroys_nothing = matches!(change, Change::Destroy { prior } if prior.on_destroy.known().is_none_or(|it| it != DISABLE));
    if destroys_nothing {
        return Ok(seen);
    }
    seen.planner = client.planner(&aws, &region).await?;
    let table = wanted.table_name.known().and_then(|table| table_ref(table).ok());
    let (true, Some(table)) = (client.validation.observe, table) else {
        return Ok(seen);
    };
    let dynamodb = client.aws.dynamodb(&region);
    let (recovery, described) = tokio::join!(dynamodb.find_continuous_backups(&aws, &table), async {
        match change {
            Change::Destroy { .. } => Ok(None),
            Change::Create { .. } | Change::Update { .. } => dynamodb.find_table(&aws, &table).await,
        }
    });
    match recovery {
        Ok(Some(backups)) => seen.recovery = Fact::Known(facts::recovery(&backups)),
        // The same plan may be about to make the table.
        Ok(None) => {}
        Err(err) => {
            let check = "this change would lose restorable history";
            read_failed(
                client,
                &err,
                check,
                "Point-in-time recovery cannot be read",
                &mut seen.unread,
            )?;
        }
    }
    match described {
        Ok(Some(described)) => seen.table = Fact::Known(facts::table(&described)),
        Ok(None) => {}
        Err(err) => {
            let check = "the table can use its KMS key, and has replicas without point-in-time recovery";
            read_failed(client, &err, check, "Table cannot be read", &mut seen.unread)?;
        }
    }
    if matches!(change, Change::Create { .. }) && wanted.enabled != Attr::Known(false) {
        observe_replicas(client, &aws, &table, &mut seen).await?;
    }
    Ok(seen)
}

/// Asks each Region that has a replica of the table whether recovery is on there.
async fn observe_replicas(
    client: &Client,
    aws: &AwsCx,
    table: &TableRef,
    seen: &mut Observed,
) -> Result<(), Diagnostics> {
    let Fact::Known(ObservedTable {
        replicas: Fact::Known(replicas),
        ..
    }) = &mut seen.table
    else {
        return Ok(());
    };
    let named = TableRef::Name(table.table_name());
    for ObservedReplica {
        region,
        recovery_enabled,
    } in replicas
    {
        let there = client.aws.dynamodb(&Region::new(region.as_str()));
        match there.find_continuous_backups(aws, &named).await {
            Ok(found) => {
                let on = found.map(|backups| backups.point_in_time_recovery.is_some());
                *recovery_enabled = facts::known(on);
            }
            Err(err)
                if matches!(
                    err.kind(),
                    ErrorKind::Credentials | ErrorKind::Account | ErrorKind::Cancelled
                ) =>
            {
                return Err(diagnostics::aws("Point-in-time recovery cannot be read", &err).into());
            }
            // What is denied in one Region, or cannot be reached, is told once.
            Err(err) => {
                let check = "the replicas of the table have point-in-time recovery";
                let notice = diagnostics::unreadable(client.validation, check, &err);
                seen.unread.push(notice.at(Path::of("table_name")));
                break;
            }
        }
    }
    Ok(())
}

/// A read that AWS denies leaves a check unmade; one that fails ends the plan.
fn read_failed(
    client: &Client,
    err: &Error,
    check: &str,
    act: &str,
    unread: &mut Diagnostics,
) -> Result<(), Diagnostics> {
    match err.kind() {
        // The rules say it, with the fix.
        ErrorKind::OtherRegion => Ok(()),
        ErrorKind::Denied => {
            unread.push(diagnostics::unreadable(client.validation, check, err).at(Path::of("table_name")));
            Ok(())
        }
        _ => Err(diagnostics::aws(act, err).into()),
    }
}
