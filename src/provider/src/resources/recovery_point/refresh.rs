//! Read and import: what became of a recovery point, or of the job that makes it.

use aws_clients::{Error, JobState, RecoveryPointArn};
use jiff::Timestamp;
use tfsdk::{Attr, Cx, Diagnostic, Diagnostics, ImportTarget};

use super::model::Model;
use super::{tags, taking};
use crate::Client;
use crate::diagnostics;
use crate::resources::tags::Tags;

const CANNOT_READ: &str = "Recovery point cannot be read";

pub(super) async fn read(client: &Client, mut state: Model, cx: &Cx) -> Result<Option<Model>, Diagnostics> {
    let aws = client.cx(cx);
    client.account_of(&aws, state.account().as_deref()).await?;
    let region = client.region(state.region.known());
    let backup = client.aws.aws_backup(&region);
    let cannot_read = |err: Error| Diagnostics::from(diagnostics::aws(CANNOT_READ, &err));
    if state.is_unfinished()
        && let Some(id) = state.backup_job_id.known()
    {
        let found = backup.find_backup_job(&aws, id).await.map_err(cannot_read)?;
        match found {
            Some(job) if job.is_on_its_way() || job.state == JobState::Completed => {
                if let Some(arn) = &job.recovery_point {
                    state.arn = arn.to_string().into();
                }
                if job.is_on_its_way() {
                    return Ok(Some(state));
                }
            }
            Some(job) => {
                let next = "Mend what it names. The plan starts a new job.";
                cx.warn(taking::came_to_nothing(&job, next));
                return Ok(None);
            }
            // AWS forgets old jobs; the recovery point tells by itself where its ARN is known.
            None if state.point().is_none() => {
                cx.warn(job_forgotten(id));
                return Ok(None);
            }
            None => {}
        }
    }
    let Some(arn) = state.point() else {
        return Err(Diagnostic::error(
            CANNOT_READ,
            "The state has neither the ARN of a recovery point nor the id of a job that makes one.\n\nRemove the object from \
             the state (terraform state rm) and import it.",
        )
        .into());
    };
    let is_imported = state.status.known().is_none();
    let vault = state.vault_name.known().cloned().unwrap_or_default();
    let found = backup.find_recovery_point(&aws, &vault, &arn).await;
    let Some(point) = found.map_err(cannot_read)? else {
        return Ok(gone(&state, &arn, backup.now(), cx));
    };
    let Some(table) = &point.table_arn else {
        return Err(Diagnostic::error(
            CANNOT_READ,
            format!(
                "{arn} is not the recovery point of a DynamoDB table, and this provider manages no others."
            ),
        )
        .into());
    };
    state.update_from_point(&point);
    let of_provider = Tags::of(&client.aws);
    if !arn.is_fully_managed() {
        state.tags_all = Attr::Known(Default::default());
    } else if is_imported {
        let actual = backup.find_tags(&aws, arn.as_str()).await.map_err(cannot_read)?;
        let of_table = tags::of_table(client, &aws, table).await;
        tags::show_imported(&of_provider, &mut state, &actual.unwrap_or_default(), &of_table);
    } else if sets_tags(&state, &of_provider) {
        let actual = backup.find_tags(&aws, arn.as_str()).await.map_err(cannot_read)?;
        tags::show(&of_provider, &mut state, &actual.unwrap_or_default());
    }
    Ok(Some(state))
}

/// Whether the object has or wants tags: only then is the call for them made.
fn sets_tags(state: &Model, tags: &Tags) -> bool {
    let has = |tags: &tags::WrittenTags| tags.known().is_some_and(|tags| !tags.is_empty());
    has(&state.tags) || has(&state.tags_all) || !tags.over_defaults(Default::default()).is_empty()
}

/// Warns that the recovery point has gone, which the plan that follows must not make up for in silence.
fn gone(state: &Model, arn: &RecoveryPointArn, now: Timestamp, cx: &Cx) -> Option<Model> {
    // Nobody has seen an object that is being imported.
    state.status.known()?;
    let taken = state
        .created_at
        .known()
        .map(|at| format!(", taken at {at},"))
        .unwrap_or_default();
    let deletes_at = state.deletes_at.known();
    let is_over = |text: &&String| text.parse::<Timestamp>().is_ok_and(|at| at <= now);
    match deletes_at.filter(is_over) {
        Some(at) => cx.warn(Diagnostic::warning(
            "Recovery point has reached the end of its lifecycle",
            format!(
                "{arn}{taken} was to be deleted at {at}, and AWS Backup has deleted it. If this object is still in the \
                 configuration, the plan takes a new recovery point: it will hold the data of today, not those of \
                 then.\n\nIf no new one is wanted, remove the object from the configuration. For backups that come again \
                 and again, use a backup plan."
            ),
        )),
        None => cx.warn(Diagnostic::warning(
            "Recovery point was deleted outside Terraform",
            format!(
                "{arn}{taken} is gone, and nothing brings it back. If this object is still in the configuration, the plan \
                 takes a new recovery point: it will hold the data of today, not those of then.\n\nFind out who deleted it: \
                 CloudTrail records DeleteRecoveryPoint. If no new one is wanted, remove the object from the configuration."
            ),
        )),
    }
    None
}

fn job_forgotten(id: &str) -> Diagnostic {
    Diagnostic::warning(
        "Backup job of an earlier apply is not known any more",
        format!(
            "AWS Backup does not know job {id} any more, and the ARN of what it made was never told. If there is a recovery \
             point of it, it stays in its vault. The plan starts a new job."
        ),
    )
}

/// Reads `VAULT_NAME,RECOVERY_POINT_ARN`.
pub(super) fn import(target: ImportTarget) -> Result<Model, Diagnostics> {
    const FORM: &str = "the name of the vault and the ARN of the recovery point with a comma between, as in \
                        nightly,arn:aws:backup:eu-west-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45";
    let wrong = |id: &str, why: String| {
        Diagnostics::from(Diagnostic::error(
            "Import id has another form",
            format!("The id is {id:?}; {why}. Give {FORM}."),
        ))
    };
    let ImportTarget::Id(id) = target else {
        return Err(wrong("", "this resource has no identity".to_owned()));
    };
    let Some((vault, arn)) = id.split_once(',') else {
        return Err(wrong(&id, "it has no comma".to_owned()));
    };
    let (vault, arn) = (vault.trim(), arn.trim());
    if vault.is_empty() || vault.contains(':') {
        return Err(wrong(&id, format!("{vault:?} is not the name of a vault")));
    }
    let arn: RecoveryPointArn = arn.parse().map_err(|err: Error| wrong(&id, err.to_string()))?;
    Ok(Model {
        vault_name: vault.into(),
        region: arn.region().to_string().into(),
        arn: arn.to_string().into(),
        ..Model::default()
    })
}
