//! What the provider block says: plain data, one field per argument, nothing resolved.
//!
//! Names and meaning are those of `hashicorp/aws`, so that its provider block can be pasted.
//! What the environment and the shared files add is decided in `settings`.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::sensitive::Sensitive;

/// Arguments of the provider block. `None` and empty mean "not given".
///
/// `Debug` shows Region and profile only: proxies, too, may hold a password.
#[derive(Clone, Default, PartialEq)]
pub struct Config {
    /// Region of every object that does not name its own.
    pub region: Option<String>,
    /// Profile of the shared files. Given here, it wins over keys in the environment.
    pub profile: Option<String>,
    /// Access key id; needs `secret_key`.
    pub access_key: Option<String>,
    /// Secret access key; needs `access_key`.
    pub secret_key: Option<Sensitive<String>>,
    /// Session token of temporary keys.
    pub token: Option<Sensitive<String>>,
    /// Shared configuration files instead of `~/.aws/config`.
    pub shared_config_files: Vec<String>,
    /// Shared credentials files instead of `~/.aws/credentials`.
    pub shared_credentials_files: Vec<String>,
    /// Roles to assume, each with the credentials of the one before.
    pub assume_role: Vec<AssumeRole>,
    /// Role to assume with a web identity token, before `assume_role`.
    pub assume_role_with_web_identity: Option<AssumeRoleWithWebIdentity>,
    /// The only accounts that may be touched. Empty: any.
    pub allowed_account_ids: Vec<String>,
    /// Accounts that must not be touched. Excludes `allowed_account_ids`.
    pub forbidden_account_ids: Vec<String>,
    /// Tags for every object that can carry tags.
    pub default_tags: BTreeMap<String, String>,
    /// Tags that are left alone.
    pub ignore_tags: IgnoreTags,
    /// How often a failed call is repeated. Default 25.
    pub max_retries: Option<u32>,
    /// `standard` or `adaptive`; see [`RetryMode`].
    pub retry_mode: Option<RetryMode>,
    /// Service URLs instead of AWS's own.
    pub endpoints: Endpoints,
    /// PEM file with certificate authorities to trust besides the system's.
    pub custom_ca_bundle: Option<String>,
    /// Proxy for `http` endpoints, and for `https` ones too unless `https_proxy` is given.
    pub http_proxy: Option<String>,
    /// Proxy for `https` endpoints. An empty string means: none, whatever `http_proxy` says.
    pub https_proxy: Option<String>,
    /// Comma-separated hosts that are reached without a proxy.
    pub no_proxy: Option<String>,
    /// Use FIPS endpoints.
    pub use_fips_endpoint: Option<bool>,
    /// Use dual-stack endpoints.
    pub use_dualstack_endpoint: Option<bool>,
    /// Accept any server certificate.
    pub insecure: bool,
    /// Do not ask STS whether the credentials work. Taken so that a block can be pasted: there is no
    /// such question, since the first call tells.
    pub skip_credentials_validation: bool,
    /// Do not ask STS for the account, which then stays unknown.
    pub skip_requesting_account_id: bool,
    /// Accept Region names that no known partition has.
    pub skip_region_validation: bool,
    /// Do not ask the EC2 metadata service for credentials or a Region.
    pub skip_metadata_api_check: bool,
    /// Who is calling, for the User-Agent header.
    pub user_agent: UserAgent,
    /// Time limit of one HTTP attempt. Not an argument of the provider block.
    pub attempt_timeout: AttemptTimeout,
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("region", &self.region)
            .field("profile", &self.profile)
            .finish_non_exhaustive()
    }
}

/// One role of the `assume_role` list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AssumeRole {
    /// Role to assume.
    pub role_arn: String,
    /// How long the session lasts; AWS's default is one hour.
    pub duration: Option<Duration>,
    /// External id that the role's trust policy asks for.
    pub external_id: Option<String>,
    /// Inline session policy, JSON.
    pub policy: Option<String>,
    /// Managed session policies.
    pub policy_arns: Vec<String>,
    /// Session name; made up when absent.
    pub session_name: Option<String>,
    /// Source identity recorded in CloudTrail.
    pub source_identity: Option<String>,
    /// Session tags.
    pub tags: BTreeMap<String, String>,
    /// Keys of session tags that pass on to the next role.
    pub transitive_tag_keys: Vec<String>,
}

/// The `assume_role_with_web_identity` block.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AssumeRoleWithWebIdentity {
    /// Role to assume; else `AWS_ROLE_ARN`.
    pub role_arn: Option<String>,
    /// How long the session lasts.
    pub duration: Option<Duration>,
    /// Inline session policy, JSON.
    pub policy: Option<String>,
    /// Managed session policies.
    pub policy_arns: Vec<String>,
    /// Session name; else `AWS_ROLE_SESSION_NAME`; else made up.
    pub session_name: Option<String>,
    /// The token itself.
    pub web_identity_token: Option<Sensitive<String>>,
    /// File that holds the token; else `AWS_WEB_IDENTITY_TOKEN_FILE`. Read anew for every session.
    pub web_identity_token_file: Option<String>,
}

/// Tags that other tools put on objects, and that we neither show nor remove.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IgnoreTags {
    /// Whole keys.
    pub keys: Vec<String>,
    /// Beginnings of keys.
    pub key_prefixes: Vec<String>,
}

impl IgnoreTags {
    /// Whether a tag with this key is left alone. AWS's own `aws:` tags always are.
    pub fn covers(&self, key: &str) -> bool {
        key.starts_with("aws:")
            || self.keys.iter().any(|ignored| ignored == key)
            || self
                .key_prefixes
                .iter()
                .any(|prefix| key.starts_with(prefix.as_str()))
    }
}

/// URLs per service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Endpoints {
    /// DynamoDB.
    pub dynamodb: Option<String>,
    /// STS.
    pub sts: Option<String>,
    /// KMS.
    pub kms: Option<String>,
    /// AWS Backup.
    pub backup: Option<String>,
    /// Application Auto Scaling.
    pub appautoscaling: Option<String>,
    /// AWS Organizations.
    pub organizations: Option<String>,
}

/// How calls are repeated.
///
/// Calls are paced per operation and slow down after a throttle in either mode; `adaptive` also
/// slows down the other operations of the same service and Region, as the AWS SDK's mode does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RetryMode {
    /// Exponential backoff with jitter.
    #[default]
    Standard,
    /// The same, and one throttle slows the whole service down.
    Adaptive,
}

/// What the User-Agent header says besides the SDK's own words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserAgent {
    /// Version of Terraform, as its handshake told.
    pub terraform_version: Option<String>,
    /// Version of this provider.
    pub provider_version: Option<String>,
    /// More products, each `name/version`.
    pub products: Vec<String>,
}

/// Time limit of one HTTP attempt, connecting included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttemptTimeout(pub Duration);

impl Default for AttemptTimeout {
    fn default() -> Self {
        // Control-plane calls answer within a second; a minute of silence is a dead connection.
        Self(Duration::from_secs(60))
    }
}

#[cfg(test)]
mod tests {
    use super::{Config, IgnoreTags};

    #[test]
    fn debug_shows_no_secret() {
        let config = Config {
            access_key: Some("AKIAEXAMPLE".into()),
            secret_key: Some("hunter2".into()),
            token: Some("hunter3".into()),
            https_proxy: Some("http://me:hunter4@proxy:3128".into()),
            ..Config::default()
        };
        let shown = format!("{config:?}");
        assert!(!shown.contains("hunter"), "{shown}");
    }

    #[test]
    fn ignore_tags_knows_keys_prefixes_and_aws() {
        let ignore = IgnoreTags {
            keys: vec!["Owner".into()],
            key_prefixes: vec!["kubernetes.io/".into()],
        };
        assert!(ignore.covers("Owner") && ignore.covers("kubernetes.io/x") && ignore.covers("aws:x"));
        assert!(!ignore.covers("owner") && !ignore.covers("Owner2"));
    }
}
