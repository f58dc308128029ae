//! Where credentials come from: keys, web identity, profile, container, metadata service, then the
//! roles of `assume_role`, one after the other.

use std::path::Path;

use aws_config::ecs::EcsCredentialsProvider;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::web_identity_token::WebIdentityTokenCredentialsProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_sdk_sts::types::{PolicyDescriptorType, Tag};
use aws_types::SdkConfig;

use crate::config::AssumeRole;
use crate::settings::{Profile, Settings, WebIdentity, WebIdentityToken};

/// Session name where none is given; CloudTrail shows it.
const SESSION_NAME: &str = "terraform-provider-dynamodb";

/// The credentials before any role of `assume_role`.
pub(crate) fn base(settings: &Settings, provider_config: &ProviderConfig) -> SharedCredentialsProvider {
    if let Some(keys) = &settings.keys {
        return SharedCredentialsProvider::new(Credentials::new(
            &keys.access_key,
            keys.secret_key.expose(),
            keys.token.as_ref().map(|token| token.expose().clone()),
            None,
            "keys",
        ));
    }
    let mut profile = ProfileFileCredentialsProvider::builder().configure(provider_config);
    if let Some(name) = settings.profile.name() {
        profile = profile.profile_name(name);
    }
    if let Some(files) = shared_files(settings) {
        profile = profile.profile_files(files);
    }
    let profile = profile.build();
    if matches!(settings.profile, Profile::Chosen(_)) {
        return SharedCredentialsProvider::new(profile);
    }
    let web_identity = WebIdentityTokenCredentialsProvider::builder()
        .configure(provider_config)
        .build();
    let container = EcsCredentialsProvider::builder()
        .configure(provider_config)
        .build();
    let mut chain = CredentialsProviderChain::first_try("web identity", web_identity)
        .or_else("profile", profile)
        .or_else("container", container);
    if !settings.skip_metadata_api {
        let metadata = ImdsCredentialsProvider::builder()
            .configure(provider_config)
            .build();
        chain = chain.or_else("metadata service", metadata);
    }
    SharedCredentialsProvider::new(chain)
}

/// The shared files that the provider block names; `None` for the usual ones.
pub(crate) fn shared_files(settings: &Settings) -> Option<EnvConfigFiles> {
    if settings.shared_config_files.is_empty() && settings.shared_credentials_files.is_empty() {
        return None;
    }
    let mut files = EnvConfigFiles::builder()
        .include_default_config_file(settings.shared_config_files.is_empty())
        .include_default_credentials_file(settings.shared_credentials_files.is_empty());
    for file in &settings.shared_config_files {
        files = files.with_file(EnvConfigFileKind::Config, file);
    }
    for file in &settings.shared_credentials_files {
        files = files.with_file(EnvConfigFileKind::Credentials, file);
    }
    Some(files.build())
}

/// What was tried, in words, for an error that says that there are no credentials.
pub(crate) fn tried(settings: &Settings) -> String {
    let base = match (&settings.keys, &settings.web_identity, &settings.profile) {
        (_, Some(web_identity), _) => {
            format!("assume_role_with_web_identity (role {})", web_identity.role_arn)
        }
        (Some(keys), _, _) => format!("the access key {} of {}", keys.access_key, keys.found_in),
        (None, _, Profile::Chosen(profile)) => format!("the profile {profile:?} of the shared files"),
        (None, _, profile) => {
            let profile = profile.name().unwrap_or("default");
            let metadata = if settings.skip_metadata_api {
                ""
            } else {
                ", then the metadata service of EC2"
            };
            let lacking = settings
                .missing_half
                .map_or_else(String::new, |half| format!(" (where {half} is missing)"));
            format!(
                "AWS_ACCESS_KEY_ID in the environment{lacking}, then AWS_WEB_IDENTITY_TOKEN_FILE, then the \
                 profile {profile:?} of the shared files, then the container's credentials{metadata}"
            )
        }
    };
    let roles: Vec<_> = settings.roles.iter().map(|role| role.role_arn.as_str()).collect();
    match roles.as_slice() {
        [] => base,
        roles => format!("{base}, to assume {}", roles.join(", then ")),
    }
}

/// A role assumed with the credentials in its configuration.
#[derive(Debug)]
pub(crate) struct RoleProvider {
    sts: aws_sdk_sts::Client,
    role: AssumeRole,
}

impl RoleProvider {
    /// `config` carries the credentials that assume the role.
    pub(crate) fn new(config: &SdkConfig, sts_url: Option<&str>, role: AssumeRole) -> Self {
        Self {
            sts: sts(config, sts_url),
            role,
        }
    }

    async fn assume(&self) -> Result<Credentials, CredentialsError> {
        let role = &self.role;
        let session_name = role.session_name.as_deref().filter(|name| !name.is_empty());
        let tags = role
            .tags
            .iter()
            .map(|(key, value)| Tag::builder().key(key).value(value).build())
            .collect::<Result<Vec<_>, _>>()
            .map_err(CredentialsError::invalid_configuration)?;
        let answer = self
            .sts
            .assume_role()
            .role_arn(&role.role_arn)
            .role_session_name(session_name.unwrap_or(SESSION_NAME))
            .set_duration_seconds(role.duration.map(seconds))
            .set_external_id(role.external_id.clone())
            .set_policy(role.policy.clone())
            .set_policy_arns(policies(&role.policy_arns))
            .set_source_identity(role.source_identity.clone())
            .set_tags((!tags.is_empty()).then_some(tags))
            .set_transitive_tag_keys(
                (!role.transitive_tag_keys.is_empty()).then(|| role.transitive_tag_keys.clone()),
            )
            .send()
            .await
            .map_err(CredentialsError::provider_error)?;
        credentials(answer.credentials, "assume_role")
    }
}

impl ProvideCredentials for RoleProvider {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.assume())
    }
}

/// A role assumed with a web identity token.
#[derive(Debug)]
pub(crate) struct WebIdentityProvider {
    sts: aws_sdk_sts::Client,
    identity: WebIdentity,
}

impl WebIdentityProvider {
    pub(crate) fn new(config: &SdkConfig, sts_url: Option<&str>, identity: WebIdentity) -> Self {
        Self {
            sts: sts(config, sts_url),
            identity,
        }
    }

    async fn assume(&self) -> Result<Credentials, CredentialsError> {
        let identity = &self.identity;
        let token = match &identity.token {
            WebIdentityToken::Given(token) => token.expose().clone(),
            WebIdentityToken::File(path) => read_token(path).await?,
        };
        let answer = self
            .sts
            .assume_role_with_web_identity()
            .role_arn(&identity.role_arn)
            .role_session_name(identity.session_name.as_deref().unwrap_or(SESSION_NAME))
            .web_identity_token(token)
            .set_duration_seconds(identity.duration.map(seconds))
            .set_policy(identity.policy.clone())
            .set_policy_arns(policies(&identity.policy_arns))
            .send()
            .await
            .map_err(CredentialsError::provider_error)?;
        credentials(answer.credentials, "assume_role_with_web_identity")
    }
}

impl ProvideCredentials for WebIdentityProvider {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.assume())
    }
}

async fn read_token(path: &Path) -> Result<String, CredentialsError> {
    let path = path.to_owned();
    let read = tokio::task::spawn_blocking(move || {
        std::fs::read_to_string(&path).map_err(|error| format!("reading the token file {path:?}: {error}"))
    });
    match read.await {
        Ok(Ok(token)) => Ok(token.trim().to_owned()),
        Ok(Err(why)) => Err(CredentialsError::invalid_configuration(why)),
        Err(error) => Err(CredentialsError::unhandled(error)),
    }
}

fn sts(config: &SdkConfig, url: Option<&str>) -> aws_sdk_sts::Client {
    let mut builder = aws_sdk_sts::config::Builder::from(config);
    if let Some(url) = url {
        builder = builder.endpoint_url(url);
    }
    aws_sdk_sts::Client::from_conf(builder.build())
}

fn seconds(duration: std::time::Duration) -> i32 {
    i32::try_from(duration.as_secs()).unwrap_or(i32::MAX)
}

fn policies(arns: &[String]) -> Option<Vec<PolicyDescriptorType>> {
    (!arns.is_empty()).then(|| {
        arns.iter()
            .map(|arn| PolicyDescriptorType::builder().arn(arn).build())
            .collect()
    })
}

fn credentials(
    answer: Option<aws_sdk_sts::types::Credentials>,
    provider: &'static str,
) -> Result<Credentials, CredentialsError> {
    let given = answer.ok_or_else(|| CredentialsError::unhandled("STS answered without credentials"))?;
    let expires = given.expiration.try_into().map_err(CredentialsError::unhandled)?;
    Ok(Credentials::new(
        given.access_key_id,
        given.secret_access_key,
        Some(given.session_token),
        Some(expires),
        provider,
    ))
}
