//! AWS Organizations: DescribeOrganization alone, which tells members of an organization from lone accounts. Who is a
//! member is set by the control interface.

use serde_json::{Value, json};

use crate::failure::Failure;
use crate::world::Context;

pub(crate) fn serve(cx: &mut Context<'_>, operation: &str) -> Result<Value, Failure> {
    match operation {
        "DescribeOrganization" => describe(cx),
        _ => Err(Failure::new("UnknownOperationException", "")),
    }
}

fn describe(cx: &mut Context<'_>) -> Result<Value, Failure> {
    let organization = &cx.world.backup.organization;
    if !organization.has(&cx.place.account) {
        return Err(Failure::new(
            "AWSOrganizationsNotInUseException",
            "Your account is not a member of an organization.",
        ));
    }
    let management = organization.management_account();
    let prefix = format!("arn:aws:organizations::{management}");
    let id = organization.id();
    Ok(json!({"Organization": {
        "Id": id,
        "Arn": format!("{prefix}:organization/{id}"),
        "FeatureSet": "ALL",
        "MasterAccountArn": format!("{prefix}:account/{id}/{management}"),
        "MasterAccountId": management,
        "MasterAccountEmail": "management@example.com",
        "AvailablePolicyTypes": [],
    }}))
}
