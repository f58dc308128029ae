//! What an import names: the copy job, or all that the job knew.

use aws_clients::{RecoveryPointArn, VaultArn};
use tfsdk::{Diagnostic, Diagnostics, ImportTarget};

use super::model::{Destination, Model};

const FORM: &str = "Give the id of the copy job, as aws backup list-copy-jobs shows it, with the Region of the recovery \
    point behind it where that is not the provider's, as in 1EB3B5E7-9EB0-435A-A80B-108B488B0D45@eu-west-1; or \
    RECOVERY_POINT_ARN|SOURCE_VAULT_NAME|COPY_ARN|DESTINATION_VAULT_ARN. Where the copy is in another account, put |ROLE_ARN \
    behind either, a role of that account.";

pub(super) fn import(target: ImportTarget) -> Result<Model, Diagnostics> {
    let id = match target {
        ImportTarget::Id(id) => id,
        ImportTarget::Identity(_) => return Err(wrong("an identity", "this resource has none")),
    };
    let parts: Vec<&str> = id.split('|').collect();
    let wrong = |why: &str| wrong(&format!("{id:?}"), why);
    let (mut model, role) = match parts.as_slice() {
        [job] => (by_job(job).map_err(wrong)?, None),
        [job, role] => (by_job(job).map_err(wrong)?, Some(*role)),
        [point, source, copy, vault] => (
            by_parts([point, source, copy, vault]).map_err(|it| wrong(&it))?,
            None,
        ),
        [point, source, copy, vault, role] => (
            by_parts([point, source, copy, vault]).map_err(|it| wrong(&it))?,
            Some(*role),
        ),
        _ => return Err(wrong("it has another number of parts")),
    };
    if let Some(role) = role {
        if rules::syntax::RoleArn::parse(role).is_err() {
            return Err(wrong(&format!("{role:?} is not the ARN of a role")));
        }
        model.destination = Destination {
            role_arn: role.to_owned().into(),
            ..Destination::default()
        }
        .into();
    }
    Ok(model)
}

fn by_job(text: &str) -> Result<Model, &'static str> {
    let (job, region) = match text.split_once('@') {
        Some((job, region)) => (job, Some(region)),
        None => (text, None),
    };
    if job.is_empty() || job.contains([':', '/']) {
        return Err("it begins with no id of a copy job");
    }
    if region.is_some_and(|region| rules::syntax::Region::parse(region).is_err()) {
        return Err("what stands behind the @ is not a Region");
    }
    Ok(Model {
        copy_job_id: job.to_owned().into(),
        region: region.map(str::to_owned).into(),
        ..Model::default()
    })
}

fn by_parts([point, source, copy, vault]: [&str; 4]) -> Result<Model, String> {
    let not = |err: aws_clients::Error| err.to_string();
    let point: RecoveryPointArn = point.parse().map_err(not)?;
    let copy: RecoveryPointArn = copy.parse().map_err(not)?;
    let vault: VaultArn = vault.parse().map_err(not)?;
    if (copy.region(), copy.account()) != (vault.region(), vault.account()) {
        return Err(format!("{copy} is not of the account and the Region of {vault}"));
    }
    if source.is_empty() {
        return Err("the name of the source vault is missing".to_owned());
    }
    Ok(Model {
        region: point.region().to_string().into(),
        account_id: point.account().to_owned().into(),
        recovery_point_arn: point.to_string().into(),
        source_vault_name: source.to_owned().into(),
        arn: copy.to_string().into(),
        destination_vault_arn: vault.to_string().into(),
        ..Model::default()
    })
}

/// Tells that a copy in another account can be imported by its job, or with a role.
pub(super) fn out_of_sight(copy: &RecoveryPointArn) -> Diagnostic {
    Diagnostic::error(
        "Copy to import cannot be seen",
        format!(
            "{copy} is in account {}, and without a role of that account nobody knows whether it is there, nor how long it \
             stays. {FORM}",
            copy.account()
        ),
    )
}

fn wrong(id: &str, why: &str) -> Diagnostics {
    Diagnostic::error(
        "Import id has another form",
        format!("The id is {id}; {why}. {FORM}"),
    )
    .into()
}
