//! The schema of the provider block, in the order of its documentation.

use tfsdk::schema::{Attribute, Block, Schema, Validator};
use tfsdk::{Type, Value};

/// The provider block.
pub(crate) fn schema() -> Schema {
    Schema::new(
        "Keeps DynamoDB backups, point-in-time recovery and restored tables as managed objects, and checks the \
         rules of AWS at plan.\n\nThe arguments have the names, types and precedence of the `hashicorp/aws` \
         provider: a `provider \"aws\"` block can be pasted. What is left out comes from the AWS environment \
         variables, the shared configuration and credentials files, the container and the EC2 metadata service, in \
         this order.",
    )
    .attributes(place_and_credentials())
    .attributes(guards())
    .attributes(transport())
    .attributes([validation()])
    .blocks([assume_role(), assume_role_with_web_identity(), default_tags(), ignore_tags(), endpoints()])
}

fn place_and_credentials() -> Vec<Attribute> {
    vec![
        Attribute::string("region").describe(
            "Region of every object that does not name its own. Else `AWS_REGION`, `AWS_DEFAULT_REGION`, or the \
             profile's.",
        ),
        Attribute::string("profile").describe(
            "Profile in the shared configuration and credentials files. Else `AWS_PROFILE`. Given here, it wins \
             over keys in the environment.",
        ),
        Attribute::string("access_key")
            .describe("Access key id; needs `secret_key`. Else `AWS_ACCESS_KEY_ID`. Prefer a profile or a role."),
        Attribute::string("secret_key")
            .sensitive()
            .describe("Secret access key; needs `access_key`. Else `AWS_SECRET_ACCESS_KEY`."),
        Attribute::string("token")
            .sensitive()
            .describe("Session token of temporary keys. Else `AWS_SESSION_TOKEN`."),
        Attribute::of("shared_config_files", Type::list(Type::String))
            .describe("Shared configuration files. Else `AWS_CONFIG_FILE`, else `~/.aws/config`."),
        Attribute::of("shared_credentials_files", Type::list(Type::String)).describe(
            "Shared credentials files. Else `AWS_SHARED_CREDENTIALS_FILE`, else `~/.aws/credentials`.",
        ),
    ]
}

fn guards() -> Vec<Attribute> {
    vec![
        Attribute::of("allowed_account_ids", Type::set(Type::String)).describe(
            "The only accounts that may be touched: with credentials of another account nothing is done. \
             Conflicts with `forbidden_account_ids`.",
        ),
        Attribute::of("forbidden_account_ids", Type::set(Type::String))
            .describe("Accounts that must not be touched. Conflicts with `allowed_account_ids`."),
        Attribute::bool("skip_credentials_validation")
            .describe("Do not ask STS at the start whether the credentials work. For endpoints without STS."),
        Attribute::bool("skip_requesting_account_id").describe(
            "Do not ask STS for the account. It then stays unknown, and checks that compare accounts are not made.",
        ),
        Attribute::bool("skip_region_validation")
            .describe("Accept Region names that no known partition has."),
        Attribute::bool("skip_metadata_api_check").describe(
            "Do not ask the EC2 metadata service for credentials or a Region. Speeds up runs outside EC2 that have \
             no credentials.",
        ),
    ]
}

fn transport() -> Vec<Attribute> {
    vec![
        Attribute::number("max_retries")
            .validate(Validator::Between(0, 1000))
            .describe("How often a failed call is repeated. Else `AWS_MAX_ATTEMPTS`. Default 25."),
        Attribute::string("retry_mode").validate(Validator::OneOf(&["standard", "adaptive"])).describe(
            "How calls are repeated: `standard`, or `adaptive`, with which one throttled call slows down all calls \
             to the same service. Else `AWS_RETRY_MODE`. Default `standard`.",
        ),
        Attribute::string("custom_ca_bundle").describe(
            "PEM file of certificate authorities to trust besides those of the system. Else `AWS_CA_BUNDLE`.",
        ),
        Attribute::string("http_proxy").describe(
            "Proxy for `http` endpoints, and for `https` endpoints too unless `https_proxy` is given. Else \
             `HTTP_PROXY`.",
        ),
        Attribute::string("https_proxy").describe(
            "Proxy for `https` endpoints. The empty string means none, whatever `http_proxy` says. Else \
             `HTTPS_PROXY`.",
        ),
        Attribute::string("no_proxy")
            .describe("Hosts that are reached without a proxy, separated by commas. Else `NO_PROXY`."),
        Attribute::bool("use_fips_endpoint").describe("Use FIPS endpoints. Else `AWS_USE_FIPS_ENDPOINT`."),
        Attribute::bool("use_dualstack_endpoint")
            .describe("Use dual-stack endpoints. Else `AWS_USE_DUALSTACK_ENDPOINT`."),
        Attribute::bool("insecure").describe(
            "Accept any server certificate. For tests against endpoints of your own; never for AWS.",
        ),
    ]
}

fn validation() -> Attribute {
    Attribute::nested_single(
        "validation",
        [
            Attribute::bool("observe").describe(
                "Whether a plan may read AWS for its checks, beyond refreshing the objects in the state. Without, \
                 only the checks are made that need the configuration alone. Default `true`.",
            ),
            Attribute::string("unreadable").validate(Validator::OneOf(&["warn", "error"])).describe(
                "What it means when AWS denies a read that a check needs: `warn` goes on and says which check was \
                 not made, `error` ends the plan. Default `warn`.",
            ),
            rules(),
        ],
    )
    .describe("How plans are checked. The only argument that `hashicorp/aws` does not have.")
}

fn rules() -> Attribute {
    Attribute::nested_map(
        "rules",
        [
            Attribute::string("severity")
                .required()
                .validate(Validator::OneOf(&["off", "warning", "error"]))
                .describe(
                    "`off` keeps the rule silent, `warning` lets a plan pass, `error` ends it. Of a rule that reports \
                     a lesser case as a warning, `error` makes errors of these, too.",
                ),
            Attribute::string("reason").required().describe(
                "Why. It is printed whenever the provider is configured, where the rule is switched off or lowered, \
                 and with each finding whose severity is changed.",
            ),
        ],
    )
    .describe(
        "Rules of another severity, by the id that their messages show, as in \
         `{ \"DBK-BKP-019\" = { severity = \"error\", reason = \"backups are kept\" } }`. Every rule can be raised, every \
         warning switched off. Errors can be lowered or switched off where the rule is this provider's own (a recovery \
         window that would be lost) or lists what AWS may have changed by now (Regions); not where AWS would refuse the \
         apply all the same. It also holds for `terraform validate`, where a rule whose severity depends on a variable \
         keeps silent: variables have no value there, and the plan asks again.",
    )
}

fn duration_of_session() -> Attribute {
    Attribute::string("duration").validate(Validator::Custom(session_duration)).describe(
        "How long a session lasts, as a duration like `1h`; from 15 minutes to 12 hours. Sessions are renewed as \
         needed. Default: what STS grants, one hour.",
    )
}

fn session_duration(value: &Value) -> Result<(), String> {
    let Value::String(text) = value else { return Ok(()) };
    let seconds = match tfsdk::parse_duration(text) {
        Ok(duration) => duration.as_secs(),
        Err(err) => {
            return Err(format!(
                "The value {text:?} is {err}. Write numbers with units, for example \"1h\" or \"30m\"."
            ));
        }
    };
    if (900..=43_200).contains(&seconds) {
        Ok(())
    } else {
        Err(format!(
            "The value {text:?} is {seconds} seconds; STS gives sessions of 900 to 43200 seconds (15m to 12h)."
        ))
    }
}

fn assume_role() -> Block {
    Block::list(
        "assume_role",
        [
            Attribute::string("role_arn").required().describe("ARN of the role."),
            duration_of_session(),
            Attribute::string("external_id").describe("External id that the role's trust policy asks for."),
            Attribute::string("policy")
                .describe("Session policy in JSON, which narrows what the session may do."),
            Attribute::of("policy_arns", Type::set(Type::String))
                .describe("Managed policies that narrow what the session may do."),
            Attribute::string("session_name").describe("Name of the session, as CloudTrail shows it."),
            Attribute::string("source_identity").describe("Source identity, as CloudTrail shows it."),
            Attribute::of("tags", Type::map(Type::String)).describe("Session tags."),
            Attribute::of("transitive_tag_keys", Type::set(Type::String))
                .describe("Keys of the session tags that pass on to the next role."),
        ],
    )
    .describe(
        "A role to assume. Several blocks make a chain, each role assumed with the credentials of the one before.",
    )
}

fn assume_role_with_web_identity() -> Block {
    Block::list(
        "assume_role_with_web_identity",
        [
            Attribute::string("role_arn").describe("ARN of the role. Else `AWS_ROLE_ARN`."),
            duration_of_session(),
            Attribute::string("policy")
                .describe("Session policy in JSON, which narrows what the session may do."),
            Attribute::of("policy_arns", Type::set(Type::String))
                .describe("Managed policies that narrow what the session may do."),
            Attribute::string("session_name")
                .describe("Name of the session, as CloudTrail shows it. Else `AWS_ROLE_SESSION_NAME`."),
            Attribute::string("web_identity_token")
                .sensitive()
                .describe("The token. Conflicts with `web_identity_token_file`."),
            Attribute::string("web_identity_token_file").describe(
                "File that holds the token, read anew for each session. Else `AWS_WEB_IDENTITY_TOKEN_FILE`.",
            ),
        ],
    )
    .at_most(1)
    .describe("A role to assume with a token of an identity provider, as CI systems give it.")
}

fn default_tags() -> Block {
    Block::list(
        "default_tags",
        [Attribute::of("tags", Type::map(Type::String))
            .describe("The tags. A tag of the same key on an object wins.")],
    )
    .at_most(1)
    .describe(
        "Tags for every object that can carry tags. DynamoDB's own backups cannot, so this concerns restored \
         tables only.",
    )
}

fn ignore_tags() -> Block {
    Block::list(
        "ignore_tags",
        [
            Attribute::of("keys", Type::set(Type::String)).describe("Whole keys."),
            Attribute::of("key_prefixes", Type::set(Type::String)).describe("Beginnings of keys."),
        ],
    )
    .at_most(1)
    .describe("Tags that others put on objects: neither shown nor removed.")
}

fn endpoints() -> Block {
    Block::list(
        "endpoints",
        [
            Attribute::string("dynamodb")
                .describe("URL of DynamoDB. Else `AWS_ENDPOINT_URL_DYNAMODB`, else `AWS_ENDPOINT_URL`."),
            Attribute::string("sts")
                .describe("URL of STS. Else `AWS_ENDPOINT_URL_STS`, else `AWS_ENDPOINT_URL`."),
            Attribute::string("kms")
                .describe("URL of KMS. Else `AWS_ENDPOINT_URL_KMS`, else `AWS_ENDPOINT_URL`."),
            Attribute::string("backup")
                .describe("URL of AWS Backup. Else `AWS_ENDPOINT_URL_BACKUP`, else `AWS_ENDPOINT_URL`."),
            Attribute::string("appautoscaling").describe(
                "URL of Application Auto Scaling. Else `AWS_ENDPOINT_URL_APPLICATION_AUTO_SCALING`, else \
                 `AWS_ENDPOINT_URL`.",
            ),
            Attribute::string("organizations").describe(
                "URL of AWS Organizations. Else `AWS_ENDPOINT_URL_ORGANIZATIONS`, else `AWS_ENDPOINT_URL`.",
            ),
        ],
    )
    .describe("Service URLs instead of AWS's own, for emulators and private endpoints.")
}
