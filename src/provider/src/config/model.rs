//! The provider block as typed values, its static checks, and the one mapping to the AWS clients' configuration.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_clients::{AssumeRole as AwsAssumeRole, AssumeRoleWithWebIdentity as AwsWebIdentity};
use rules::syntax::AccountId;
use tfsdk::{Attr, Diagnostic, Diagnostics, Model as _, Path, Sensitive, SetOf, parse_duration};

tfsdk::model! {
    /// The provider block.
    pub struct Config {
        /// Region of every object that does not name its own.
        region: String,
        /// Profile of the shared files.
        profile: String,
        /// Access key id.
        access_key: String,
        /// Secret access key.
        secret_key: Sensitive<String>,
        /// Session token.
        token: Sensitive<String>,
        /// Shared configuration files.
        shared_config_files: Vec<Attr<String>>,
        /// Shared credentials files.
        shared_credentials_files: Vec<Attr<String>>,
        /// The only accounts that may be touched.
        allowed_account_ids: SetOf<String>,
        /// Accounts that must not be touched.
        forbidden_account_ids: SetOf<String>,
        /// Do not ask STS whether the credentials work.
        skip_credentials_validation: bool,
        /// Do not ask STS for the account.
        skip_requesting_account_id: bool,
        /// Accept any Region name.
        skip_region_validation: bool,
        /// Do not ask the EC2 metadata service.
        skip_metadata_api_check: bool,
        /// How often a failed call is repeated.
        max_retries: i64,
        /// How calls are repeated.
        retry_mode: String,
        /// Further certificate authorities.
        custom_ca_bundle: String,
        /// Proxy.
        http_proxy: String,
        /// Proxy for TLS.
        https_proxy: String,
        /// Hosts without a proxy.
        no_proxy: String,
        /// Use FIPS endpoints.
        use_fips_endpoint: bool,
        /// Use dual-stack endpoints.
        use_dualstack_endpoint: bool,
        /// Accept any server certificate.
        insecure: bool,
        /// How plans are checked.
        validation: ValidationBlock,
        /// Roles to assume, one after the other.
        assume_role: Vec<Attr<AssumeRole>>,
        /// Role to assume with a token.
        assume_role_with_web_identity: Vec<Attr<AssumeRoleWithWebIdentity>>,
        /// Tags for every object.
        default_tags: Vec<Attr<DefaultTags>>,
        /// Tags that are left alone.
        ignore_tags: Vec<Attr<IgnoreTags>>,
        /// Service URLs.
        endpoints: Vec<Attr<Endpoints>>,
    }
}

tfsdk::model! {
    /// The `validation` attribute.
    pub struct ValidationBlock {
        /// Whether a plan may read AWS for its checks.
        observe: bool,
        /// What a denied read means.
        unreadable: String,
        /// Rules of another severity, by id.
        rules: BTreeMap<String, Attr<RuleSetting>>,
    }
}

tfsdk::model! {
    /// One entry of `validation.rules`.
    pub struct RuleSetting {
        /// `off`, `warning` or `error`.
        severity: String,
        /// Why.
        reason: String,
    }
}

tfsdk::model! {
    /// An `assume_role` block.
    pub struct AssumeRole {
        /// The role.
        role_arn: String,
        /// How long a session lasts.
        duration: String,
        /// External id.
        external_id: String,
        /// Session policy.
        policy: String,
        /// Managed session policies.
        policy_arns: SetOf<String>,
        /// Session name.
        session_name: String,
        /// Source identity.
        source_identity: String,
        /// Session tags.
        tags: BTreeMap<String, Attr<String>>,
        /// Keys that pass on.
        transitive_tag_keys: SetOf<String>,
    }
}

tfsdk::model! {
    /// The `assume_role_with_web_identity` block.
    pub struct AssumeRoleWithWebIdentity {
        /// The role.
        role_arn: String,
        /// How long a session lasts.
        duration: String,
        /// Session policy.
        policy: String,
        /// Managed session policies.
        policy_arns: SetOf<String>,
        /// Session name.
        session_name: String,
        /// The token.
        web_identity_token: Sensitive<String>,
        /// File that holds the token.
        web_identity_token_file: String,
    }
}

tfsdk::model! {
    /// The `default_tags` block.
    pub struct DefaultTags {
        /// The tags.
        tags: BTreeMap<String, Attr<String>>,
    }
}

tfsdk::model! {
    /// The `ignore_tags` block.
    pub struct IgnoreTags {
        /// Whole keys.
        keys: SetOf<String>,
        /// Beginnings of keys.
        key_prefixes: SetOf<String>,
    }
}

tfsdk::model! {
    /// An `endpoints` block.
    pub struct Endpoints {
        /// DynamoDB.
        dynamodb: String,
        /// STS.
        sts: String,
        /// KMS.
        kms: String,
        /// AWS Backup.
        backup: String,
        /// Application Auto Scaling.
        appautoscaling: String,
        /// AWS Organizations.
        organizations: String,
    }
}

/// How plans are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Validation {
    /// Whether a plan may read AWS for its checks.
    pub(crate) observe: bool,
    /// Whether a read that AWS denies ends the plan.
    pub(crate) unreadable_is_error: bool,
}

impl Default for Validation {
    fn default() -> Self {
        Self {
            observe: true,
            unreadable_is_error: false,
        }
    }
}

impl Config {
    /// Finds what no AWS client could be made of, before anything is known that comes later.
    pub(crate) fn validate(&self) -> Diagnostics {
        let mut found = Diagnostics::new();
        for (given, missing, present) in [
            (
                "access_key",
                "secret_key",
                !self.access_key.is_null() && self.secret_key.is_null(),
            ),
            (
                "secret_key",
                "access_key",
                !self.secret_key.is_null() && self.access_key.is_null(),
            ),
        ] {
            if present {
                found.push(
                    Diagnostic::error(
                        "Half of a pair of access keys",
                        format!(
                            "{given} is set and {missing} is not; one is of no use without the other. Set both, or \
                             remove {given} and let the environment or a profile give the credentials."
                        ),
                    )
                    .at(Path::of(given)),
                );
            }
        }
        if !self.allowed_account_ids.is_null() && !self.forbidden_account_ids.is_null() {
            found.push(
                Diagnostic::error(
                    "Conflicting arguments",
                    "allowed_account_ids and forbidden_account_ids are both set. A list of allowed accounts forbids \
                     all others already: remove forbidden_account_ids.",
                )
                .at(Path::of("forbidden_account_ids")),
            );
        }
        for (name, ids) in [
            ("allowed_account_ids", &self.allowed_account_ids),
            ("forbidden_account_ids", &self.forbidden_account_ids),
        ] {
            let wrong = members(ids)
                .into_iter()
                .filter_map(|id| AccountId::parse(&id).err());
            found.extend(wrong.map(|err| {
                Diagnostic::error(
                    "Account id has another form",
                    format!(
                        "{name}: {err}, so it is never the account of the credentials.\n\nWrite all twelve digits, in \
                         quotes so that leading zeros stay: {name} = [\"012345678901\"]. `aws sts \
                         get-caller-identity` shows your own."
                    ),
                )
                .at(Path::of(name))
            }));
        }
        for (index, block) in blocks(&self.assume_role_with_web_identity).enumerate() {
            if !block.web_identity_token.is_null() && !block.web_identity_token_file.is_null() {
                found.push(
                    Diagnostic::error(
                        "Conflicting arguments",
                        "web_identity_token and web_identity_token_file are both set. Keep the file, from which \
                         each new session takes a fresh token, or the token itself.",
                    )
                    .at(Path::of("assume_role_with_web_identity")
                        .index(i64::try_from(index).unwrap_or(i64::MAX))
                        .attribute("web_identity_token")),
                );
            }
        }
        found.extend(self.faulty_rules());
        found
    }

    /// Whether nothing in the block waits for another object, but for the severity of rules, without which AWS can be
    /// asked.
    pub(crate) fn is_known(&self) -> bool {
        let mut config = self.clone();
        if let Attr::Known(validation) = &mut config.validation {
            validation.rules = Attr::Null;
        }
        config.to_value().is_wholly_known()
    }

    /// How plans are to be checked.
    pub(crate) fn validation(&self) -> Validation {
        let Attr::Known(block) = &self.validation else {
            return Validation::default();
        };
        Validation {
            observe: block.observe.known().copied().unwrap_or(true),
            unreadable_is_error: block.unreadable.known().is_some_and(|word| word == "error"),
        }
    }

    /// What the block means for the AWS clients. Who is calling is added by the caller.
    pub(crate) fn to_aws(&self) -> aws_clients::Config {
        let endpoint = |of: fn(&Endpoints) -> &Attr<String>| {
            blocks(&self.endpoints)
                .find_map(|block| text(of(block)))
                .filter(|url| !url.is_empty())
        };
        aws_clients::Config {
            region: text(&self.region),
            profile: text(&self.profile),
            access_key: text(&self.access_key),
            secret_key: secret(&self.secret_key),
            token: secret(&self.token),
            shared_config_files: texts(self.shared_config_files.known().map(Vec::as_slice)),
            shared_credentials_files: texts(self.shared_credentials_files.known().map(Vec::as_slice)),
            assume_role: blocks(&self.assume_role).map(AssumeRole::to_aws).collect(),
            assume_role_with_web_identity: blocks(&self.assume_role_with_web_identity)
                .next()
                .map(AssumeRoleWithWebIdentity::to_aws),
            allowed_account_ids: members(&self.allowed_account_ids),
            forbidden_account_ids: members(&self.forbidden_account_ids),
            default_tags: blocks(&self.default_tags)
                .flat_map(|block| entries(&block.tags))
                .collect(),
            ignore_tags: aws_clients::IgnoreTags {
                keys: blocks(&self.ignore_tags)
                    .flat_map(|block| members(&block.keys))
                    .collect(),
                key_prefixes: blocks(&self.ignore_tags)
                    .flat_map(|block| members(&block.key_prefixes))
                    .collect(),
            },
            max_retries: self
                .max_retries
                .known()
                .and_then(|count| u32::try_from(*count).ok()),
            retry_mode: self.retry_mode.known().map(|mode| match mode.as_str() {
                "adaptive" => aws_clients::RetryMode::Adaptive,
                _ => aws_clients::RetryMode::Standard,
            }),
            endpoints: aws_clients::Endpoints {
                dynamodb: endpoint(|block| &block.dynamodb),
                sts: endpoint(|block| &block.sts),
                kms: endpoint(|block| &block.kms),
                backup: endpoint(|block| &block.backup),
                appautoscaling: endpoint(|block| &block.appautoscaling),
                organizations: endpoint(|block| &block.organizations),
            },
            custom_ca_bundle: text(&self.custom_ca_bundle),
            http_proxy: text(&self.http_proxy),
            https_proxy: text(&self.https_proxy),
            no_proxy: text(&self.no_proxy),
            use_fips_endpoint: self.use_fips_endpoint.known().copied(),
            use_dualstack_endpoint: self.use_dualstack_endpoint.known().copied(),
            insecure: is_true(&self.insecure),
            skip_credentials_validation: is_true(&self.skip_credentials_validation),
            skip_requesting_account_id: is_true(&self.skip_requesting_account_id),
            skip_region_validation: is_true(&self.skip_region_validation),
            skip_metadata_api_check: is_true(&self.skip_metadata_api_check),
            ..aws_clients::Config::default()
        }
    }
}

impl AssumeRole {
    fn to_aws(&self) -> AwsAssumeRole {
        AwsAssumeRole {
            role_arn: text(&self.role_arn).unwrap_or_default(),
            duration: duration(&self.duration),
            external_id: text(&self.external_id),
            policy: text(&self.policy),
            policy_arns: members(&self.policy_arns),
            session_name: text(&self.session_name),
            source_identity: text(&self.source_identity),
            tags: entries(&self.tags),
            transitive_tag_keys: members(&self.transitive_tag_keys),
        }
    }
}

impl AssumeRoleWithWebIdentity {
    fn to_aws(&self) -> AwsWebIdentity {
        AwsWebIdentity {
            role_arn: text(&self.role_arn),
            duration: duration(&self.duration),
            policy: text(&self.policy),
            policy_arns: members(&self.policy_arns),
            session_name: text(&self.session_name),
            web_identity_token: secret(&self.web_identity_token),
            web_identity_token_file: text(&self.web_identity_token_file),
        }
    }
}

fn blocks<T>(list: &Attr<Vec<Attr<T>>>) -> impl Iterator<Item = &T> {
    list.known().into_iter().flatten().filter_map(Attr::known)
}

fn text(attr: &Attr<String>) -> Option<String> {
    attr.known().cloned()
}

fn secret(attr: &Attr<Sensitive<String>>) -> Option<aws_clients::Sensitive<String>> {
    attr.known()
        .map(|secret| aws_clients::Sensitive::new(secret.expose().clone()))
}

fn texts(list: Option<&[Attr<String>]>) -> Vec<String> {
    list.into_iter().flatten().filter_map(text).collect()
}

fn members(set: &Attr<SetOf<String>>) -> Vec<String> {
    texts(set.known().map(|set| set.0.as_slice()))
}

fn entries(map: &Attr<BTreeMap<String, Attr<String>>>) -> BTreeMap<String, String> {
    map.known()
        .into_iter()
        .flatten()
        .filter_map(|(key, value)| Some((key.clone(), text(value)?)))
        .collect()
}

/// The syntax was checked with the schema.
fn duration(attr: &Attr<String>) -> Option<Duration> {
    attr.known().and_then(|text| parse_duration(text).ok())
}

fn is_true(attr: &Attr<bool>) -> bool {
    attr.known().copied().unwrap_or(false)
}
