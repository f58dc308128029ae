//! AWS STS: who one is, and temporary keys of a role, perhaps in another account. Trust policies are not evaluated:
//! every caller may assume every role. Temporary keys do not expire, since the clock moves by weeks in tests.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::arn::{self, Arn};
use crate::credentials;
use crate::failure::Failure;
use crate::place::partition_of;
use crate::world::{Caller, Context};

/// Temporary keys that were handed out.
#[derive(Default)]
pub(crate) struct Sessions {
    by_access_key: BTreeMap<String, Caller>,
}

impl Sessions {
    /// Whom an access key belongs to.
    pub(crate) fn caller(&self, access_key: &str, region: &str) -> Caller {
        if let Some(caller) = self.by_access_key.get(access_key) {
            return caller.clone();
        }
        let account = if credentials::is_account(access_key) {
            access_key
        } else {
            credentials::DEFAULT_ACCOUNT
        };
        let partition = partition_of(region).unwrap_or("aws");
        Caller {
            account: account.to_owned(),
            arn: format!("arn:{partition}:iam::{account}:user/simulated"),
            user_id: format!("AIDASIMULATED{}", &account[..8]),
        }
    }
}

pub(crate) fn serve(cx: &mut Context<'_>, operation: &str, input: Value) -> Result<Value, Failure> {
    match operation {
        "GetCallerIdentity" => Ok(json!({
            "UserId": cx.caller.user_id,
            "Account": cx.caller.account,
            "Arn": cx.caller.arn,
        })),
        "AssumeRole" => assume_role(cx, &input),
        "AssumeRoleWithWebIdentity" => {
            let mut output = assume_role(cx, &input)?;
            output["SubjectFromWebIdentityToken"] = json!("simulated-subject");
            output["Provider"] = json!("simulated-provider");
            output["Audience"] = json!("sts.amazonaws.com");
            Ok(output)
        }
        _ => Err(Failure::new(
            "InvalidAction",
            format!("Could not find operation {operation}"),
        )),
    }
}

fn assume_role(cx: &mut Context<'_>, input: &Value) -> Result<Value, Failure> {
    let role_arn = input["RoleArn"].as_str().unwrap_or_default();
    let session = input["RoleSessionName"].as_str().unwrap_or_default();
    let invalid = || Failure::validation(format!("{role_arn} is invalid"));
    let role = Arn::parse(role_arn)
        .filter(|arn| arn.service == "iam" && arn.region.is_empty() && arn::is_account(arn.account))
        .ok_or_else(invalid)?;
    let path = role.resource.strip_prefix("role/").ok_or_else(invalid)?;
    let name = path
        .rsplit('/')
        .next()
        .filter(|name| !name.is_empty())
        .ok_or_else(invalid)?;
    let seconds = input["DurationSeconds"].as_i64().unwrap_or(3600);
    let access_key = format!("ASIA{}", cx.world.ids.base32(16));
    let caller = Caller {
        account: role.account.to_owned(),
        arn: format!(
            "arn:{}:sts::{}:assumed-role/{name}/{session}",
            role.partition, role.account
        ),
        user_id: format!("AROASIMULATED{}:{session}", &role.account[..8]),
    };
    let output = json!({
        "Credentials": {
            "AccessKeyId": access_key,
            "SecretAccessKey": cx.world.ids.base32(40),
            "SessionToken": cx.world.ids.base32(128),
            "Expiration": cx.now.plus_millis(seconds * 1000).to_epoch_seconds(),
        },
        "AssumedRoleUser": {"AssumedRoleId": caller.user_id, "Arn": caller.arn},
        "PackedPolicySize": 1,
    });
    cx.world.sessions.by_access_key.insert(access_key, caller);
    Ok(output)
}

/// The query protocol has shorter names for the common errors, and 403 for the refusals.
pub(crate) fn as_query_failure(failure: Failure) -> Failure {
    let (status, code) = match failure.code.as_ref() {
        "AccessDeniedException" => (403, "AccessDenied"),
        "IncompleteSignatureException" => (400, "IncompleteSignature"),
        "MissingAuthenticationTokenException" => (403, "MissingAuthenticationToken"),
        "SerializationException" => (400, "MalformedInput"),
        "ThrottlingException" => (400, "Throttling"),
        "UnknownOperationException" => (400, "InvalidAction"),
        "ValidationException" => (400, "ValidationError"),
        _ => return failure,
    };
    Failure {
        status: if failure.status >= 500 {
            failure.status
        } else {
            status
        },
        code: code.into(),
        ..failure
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_twelve_digit_access_key_is_the_account() {
        let sessions = Sessions::default();
        assert_eq!(
            sessions.caller("999988887777", "us-east-1").account,
            "999988887777"
        );
        assert_eq!(
            sessions.caller("AKIAEXAMPLE", "us-east-1").account,
            "111122223333"
        );
        assert_eq!(
            sessions.caller("999988887777", "cn-north-1").arn,
            "arn:aws-cn:iam::999988887777:user/simulated"
        );
    }
}
