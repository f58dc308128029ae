//! What is in force: the provider block, and the environment where the block says nothing.
//!
//! Precedence as in `hashicorp/aws`: provider block, environment, shared files. The shared files
//! are read later, by the AWS SDK, and only when they are needed.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::config::{
    AssumeRole, AssumeRoleWithWebIdentity, Config, Endpoints, IgnoreTags, RetryMode, UserAgent,
};
use crate::environment::Environment;
use crate::error::{Error, ErrorKind};
use crate::names::Region;
use crate::sensitive::Sensitive;

/// Default of `max_retries`, as in `hashicorp/aws`.
const MAX_RETRIES: u32 = 25;

/// Settings in force. `Debug` shows no more than that of [`Config`].
#[derive(Clone)]
pub(crate) struct Settings {
    /// `None`: ask the shared files, then the metadata service.
    pub(crate) region: Option<Region>,
    pub(crate) profile: Profile,
    pub(crate) keys: Option<Keys>,
    /// The variable that would make a pair of the one that is set.
    pub(crate) missing_half: Option<&'static str>,
    pub(crate) shared_config_files: Vec<PathBuf>,
    pub(crate) shared_credentials_files: Vec<PathBuf>,
    pub(crate) web_identity: Option<WebIdentity>,
    pub(crate) roles: Vec<AssumeRole>,
    pub(crate) accounts: Accounts,
    pub(crate) default_tags: BTreeMap<String, String>,
    pub(crate) ignore_tags: IgnoreTags,
    pub(crate) max_attempts: u32,
    pub(crate) retry_mode: RetryMode,
    pub(crate) endpoints: Endpoints,
    pub(crate) ca_bundle: Option<PathBuf>,
    pub(crate) proxies: Proxies,
    pub(crate) use_fips: Option<bool>,
    pub(crate) use_dualstack: Option<bool>,
    pub(crate) insecure: bool,
    pub(crate) skip_requesting_account_id: bool,
    pub(crate) skip_region_validation: bool,
    pub(crate) skip_metadata_api: bool,
    pub(crate) user_agent: Option<String>,
    pub(crate) attempt_timeout: Duration,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("region", &self.region)
            .field("profile", &self.profile)
            .finish_non_exhaustive()
    }
}

/// Profile of the shared files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Named in the provider block: the only source of credentials.
    Chosen(String),
    /// `AWS_PROFILE`.
    OfEnvironment(String),
    Default,
}

/// Access keys, and where they were found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Keys {
    pub(crate) access_key: String,
    pub(crate) secret_key: Sensitive<String>,
    pub(crate) token: Option<Sensitive<String>>,
    pub(crate) found_in: &'static str,
}

/// A web identity that the provider block asks for, complete.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WebIdentity {
    pub(crate) role_arn: String,
    pub(crate) session_name: Option<String>,
    pub(crate) token: WebIdentityToken,
    pub(crate) duration: Option<Duration>,
    pub(crate) policy: Option<String>,
    pub(crate) policy_arns: Vec<String>,
}

/// Where the token is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum WebIdentityToken {
    Given(Sensitive<String>),
    File(PathBuf),
}

/// Accounts that may be touched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Accounts {
    pub(crate) allowed: Vec<String>,
    pub(crate) forbidden: Vec<String>,
}

/// Proxies per scheme of the endpoint.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Proxies {
    pub(crate) http: Option<String>,
    pub(crate) https: Option<String>,
    pub(crate) no_proxy: Option<String>,
}

impl Accounts {
    pub(crate) fn is_restricted(&self) -> bool {
        !self.allowed.is_empty() || !self.forbidden.is_empty()
    }
}

impl Profile {
    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            Self::Chosen(name) | Self::OfEnvironment(name) => Some(name),
            Self::Default => None,
        }
    }
}

impl Settings {
    /// Puts provider block and environment together.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] where the provider block contradicts itself.
    pub(crate) fn resolve(config: Config, env: &Environment) -> Result<Self, Error> {
        let keys = keys(&config, env)?;
        let accounts = Accounts {
            allowed: config.allowed_account_ids,
            forbidden: config.forbidden_account_ids,
        };
        if !accounts.allowed.is_empty() && !accounts.forbidden.is_empty() {
            return Err(invalid(
                "allowed_account_ids and forbidden_account_ids exclude each other: give one of them",
            ));
        }
        if accounts.is_restricted() && config.skip_requesting_account_id {
            return Err(invalid(
                "allowed_account_ids and forbidden_account_ids need to know the account: remove skip_requesting_account_id",
            ));
        }
        let home = env.find_first(&["HOME", "USERPROFILE"]).map(PathBuf::from);
        let path = |text: &str| expand_home(text, home.as_ref());
        Ok(Self {
            region: config
                .region
                .as_deref()
                .filter(|region| !region.is_empty())
                .or_else(|| env.find_first(&["AWS_REGION", "AWS_DEFAULT_REGION"]))
                .map(Region::new),
            profile: match (
                config.profile,
                env.find_first(&["AWS_PROFILE", "AWS_DEFAULT_PROFILE"]),
            ) {
                (Some(profile), _) if !profile.is_empty() => Profile::Chosen(profile),
                (_, Some(profile)) => Profile::OfEnvironment(profile.to_owned()),
                _ => Profile::Default,
            },
            keys,
            missing_half: missing_half(env),
            shared_config_files: config.shared_config_files.iter().map(|file| path(file)).collect(),
            shared_credentials_files: config
                .shared_credentials_files
                .iter()
                .map(|file| path(file))
                .collect(),
            web_identity: config
                .assume_role_with_web_identity
                .map(|block| web_identity(block, env, path))
                .transpose()?,
            roles: config.assume_role,
            accounts,
            default_tags: tags_with_defaults(config.default_tags, env),
            ignore_tags: ignore_tags(config.ignore_tags, env),
            max_attempts: max_attempts(config.max_retries, env)?,
            retry_mode: retry_mode(config.retry_mode, env)?,
            endpoints: endpoints(config.endpoints, env)?,
            ca_bundle: config
                .custom_ca_bundle
                .as_deref()
                .filter(|file| !file.is_empty())
                .or_else(|| env.find("AWS_CA_BUNDLE"))
                .map(path),
            proxies: proxies(config.http_proxy, config.https_proxy, config.no_proxy, env),
            use_fips: config
                .use_fips_endpoint
                .or_else(|| flag(env, "AWS_USE_FIPS_ENDPOINT")),
            use_dualstack: config
                .use_dualstack_endpoint
                .or_else(|| flag(env, "AWS_USE_DUALSTACK_ENDPOINT")),
            insecure: config.insecure,
            skip_requesting_account_id: config.skip_requesting_account_id,
            skip_region_validation: config.skip_region_validation,
            skip_metadata_api: config.skip_metadata_api_check
                || flag(env, "AWS_EC2_METADATA_DISABLED") == Some(true),
            user_agent: user_agent(config.user_agent, env),
            attempt_timeout: config.attempt_timeout.0,
        })
    }
}

pub(crate) fn invalid(why: impl Into<String>) -> Error {
    Error::new(ErrorKind::Configuration, "reading the provider's configuration").because(why)
}

/// Keys of the provider block; else, unless a profile was chosen there, those of the environment.
fn keys(config: &Config, env: &Environment) -> Result<Option<Keys>, Error> {
    let given = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
    let secret = |value: &Option<Sensitive<String>>| value.clone().filter(|value| !value.expose().is_empty());
    match (
        given(&config.access_key),
        secret(&config.secret_key),
        secret(&config.token),
    ) {
        (Some(access_key), Some(secret_key), token) => {
            return Ok(Some(Keys {
                access_key,
                secret_key,
                token,
                found_in: "the provider block",
            }));
        }
        (Some(_), None, _) => {
            return Err(invalid(
                "access_key is given without secret_key: give both or none",
            ));
        }
        (None, Some(_), _) => {
            return Err(invalid(
                "secret_key is given without access_key: give both or none",
            ));
        }
        (None, None, Some(_)) => {
            return Err(invalid(
                "token is given without access_key and secret_key: give all three or none",
            ));
        }
        (None, None, None) => {}
    }
    if given(&config.profile).is_some() {
        return Ok(None);
    }
    let access_key = env.find_first(&["AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY"]);
    let secret_key = env.find_first(&["AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY"]);
    Ok(access_key.zip(secret_key).map(|(access_key, secret_key)| Keys {
        access_key: access_key.to_owned(),
        secret_key: secret_key.into(),
        token: env.find("AWS_SESSION_TOKEN").map(Sensitive::from),
        found_in: "the environment",
    }))
}

/// A half of a pair of keys is of no use, and nobody sets one on purpose: worth a word when there are no credentials.
fn missing_half(env: &Environment) -> Option<&'static str> {
    let access_key = env.find_first(&["AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY"]);
    let secret_key = env.find_first(&["AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY"]);
    match (access_key, secret_key) {
        (Some(_), None) => Some("AWS_SECRET_ACCESS_KEY"),
        (None, Some(_)) => Some("AWS_ACCESS_KEY_ID"),
        _ => None,
    }
}

fn web_identity(
    block: AssumeRoleWithWebIdentity,
    env: &Environment,
    path: impl Fn(&str) -> PathBuf,
) -> Result<WebIdentity, Error> {
    let lacks = |what: &str, variable: &str| {
        invalid(format!(
            "assume_role_with_web_identity lacks {what}: give it there or in {variable}"
        ))
    };
    let or_env = |value: Option<String>, variable| {
        value
            .filter(|value| !value.is_empty())
            .or_else(|| env.find(variable).map(str::to_owned))
    };
    let token = match block.web_identity_token {
        Some(token) if !token.expose().is_empty() => WebIdentityToken::Given(token),
        _ => WebIdentityToken::File(
            or_env(block.web_identity_token_file, "AWS_WEB_IDENTITY_TOKEN_FILE")
                .map(|file| path(&file))
                .ok_or_else(|| {
                    lacks(
                        "web_identity_token and web_identity_token_file",
                        "AWS_WEB_IDENTITY_TOKEN_FILE",
                    )
                })?,
        ),
    };
    Ok(WebIdentity {
        role_arn: or_env(block.role_arn, "AWS_ROLE_ARN").ok_or_else(|| lacks("role_arn", "AWS_ROLE_ARN"))?,
        session_name: or_env(block.session_name, "AWS_ROLE_SESSION_NAME"),
        token,
        duration: block.duration,
        policy: block.policy,
        policy_arns: block.policy_arns,
    })
}

fn tags_with_defaults(given: BTreeMap<String, String>, env: &Environment) -> BTreeMap<String, String> {
    let mut tags: BTreeMap<_, _> = env
        .with_prefix("TF_AWS_DEFAULT_TAGS_")
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
    tags.extend(given);
    tags
}

fn ignore_tags(mut given: IgnoreTags, env: &Environment) -> IgnoreTags {
    let listed = |variable| {
        env.find(variable)
            .into_iter()
            .flat_map(|list| list.split(','))
            .map(|key| key.trim().to_owned())
            .filter(|key| !key.is_empty())
    };
    given.keys.extend(listed("TF_AWS_IGNORE_TAGS_KEYS"));
    given
        .key_prefixes
        .extend(listed("TF_AWS_IGNORE_TAGS_KEY_PREFIXES"));
    given
}

fn max_attempts(max_retries: Option<u32>, env: &Environment) -> Result<u32, Error> {
    match (max_retries, env.find("AWS_MAX_ATTEMPTS")) {
        (Some(retries), _) => Ok(retries.saturating_add(1)),
        (None, None) => Ok(MAX_RETRIES + 1),
        (None, Some(text)) => text
            .trim()
            .parse()
            .ok()
            .filter(|attempts| *attempts >= 1)
            .ok_or_else(|| {
                invalid(format!(
                    "AWS_MAX_ATTEMPTS is {text:?}, which is not a number of 1 or more"
                ))
            }),
    }
}

fn retry_mode(given: Option<RetryMode>, env: &Environment) -> Result<RetryMode, Error> {
    match (
        given,
        env.find("AWS_RETRY_MODE").map(str::to_ascii_lowercase).as_deref(),
    ) {
        (Some(mode), _) => Ok(mode),
        (None, None | Some("standard" | "legacy")) => Ok(RetryMode::Standard),
        (None, Some("adaptive")) => Ok(RetryMode::Adaptive),
        (None, Some(other)) => Err(invalid(format!(
            "AWS_RETRY_MODE is {other:?}; it can be \"standard\" or \"adaptive\""
        ))),
    }
}

fn endpoints(given: Endpoints, env: &Environment) -> Result<Endpoints, Error> {
    let ignored = flag(env, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") == Some(true);
    let endpoint = |given: Option<String>, service: &str, variable: &'static str| {
        let found = match given.filter(|url| !url.is_empty()) {
            Some(url) => Some((url, format!("endpoints.{service}"))),
            None if ignored => None,
            None => [variable, "AWS_ENDPOINT_URL"]
                .iter()
                .find_map(|name| Some((env.find(name)?.to_owned(), (*name).to_owned()))),
        };
        found.map(|(url, from)| checked_url(url, &from)).transpose()
    };
    Ok(Endpoints {
        dynamodb: endpoint(given.dynamodb, "dynamodb", "AWS_ENDPOINT_URL_DYNAMODB")?,
        sts: endpoint(given.sts, "sts", "AWS_ENDPOINT_URL_STS")?,
        kms: endpoint(given.kms, "kms", "AWS_ENDPOINT_URL_KMS")?,
        backup: endpoint(given.backup, "backup", "AWS_ENDPOINT_URL_BACKUP")?,
        appautoscaling: endpoint(
            given.appautoscaling,
            "appautoscaling",
            "AWS_ENDPOINT_URL_APPLICATION_AUTO_SCALING",
        )?,

        organizations: endpoint(
            given.organizations,
            "organizations",
            "AWS_ENDPOINT_URL_ORGANIZATIONS",
        )?,
    })
}

/// The SDK would say "failed to construct request" only at the first call, and not which URL.
fn checked_url(url: String, from: &str) -> Result<String, Error> {
    let host = url
        .strip_prefix("http://")
        .or_else(|| url.strip_prefix("https://"));
    match host {
        Some(host)
            if !host.is_empty() && !host.starts_with(['/', ':']) && !url.contains(char::is_whitespace) =>
        {
            Ok(url)
        }
        _ => Err(invalid(format!(
            "{from} is {url:?}, which is not a URL such as http://localhost:8000 or https://dynamodb.eu-west-1.amazonaws.com"
        ))),
    }
}

/// `http_proxy` of the provider block serves `https` endpoints as well, unless `https_proxy` is
/// given, be it empty: what `hashicorp/aws` does.
fn proxies(
    http: Option<String>,
    https: Option<String>,
    no_proxy: Option<String>,
    env: &Environment,
) -> Proxies {
    let of_env = |names: [&str; 2]| env.find_first(&names).map(str::to_owned);
    let not_empty = |value: Option<String>| value.filter(|value| !value.is_empty());
    let https = match (https, &http) {
        (Some(https), _) => not_empty(Some(https)),
        (None, Some(http)) => {
            of_env(["HTTPS_PROXY", "https_proxy"]).or_else(|| not_empty(Some(http.clone())))
        }
        (None, None) => of_env(["HTTPS_PROXY", "https_proxy"]),
    };
    let http = match http {
        Some(http) => not_empty(Some(http)),
        None => of_env(["HTTP_PROXY", "http_proxy"]),
    };
    Proxies {
        http,
        https,
        no_proxy: not_empty(no_proxy).or_else(|| of_env(["NO_PROXY", "no_proxy"])),
    }
}

fn flag(env: &Environment, name: &str) -> Option<bool> {
    match env.find(name)?.trim() {
        value if value.eq_ignore_ascii_case("true") => Some(true),
        value if value.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn user_agent(given: UserAgent, env: &Environment) -> Option<String> {
    let mut products = Vec::new();
    if let Some(version) = given.terraform_version {
        products.push(format!("Terraform/{version} (+https://www.terraform.io)"));
    }
    if let Some(version) = given.provider_version {
        products.push(format!("terraform-provider-dynamodb/{version}"));
    }
    products.extend(given.products);
    products.extend(
        env.find("TF_APPEND_USER_AGENT")
            .map(|text| text.trim().to_owned()),
    );
    // A header value takes visible ASCII only.
    products.retain(|product| product.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
    (!products.is_empty()).then(|| products.join(" "))
}

fn expand_home(text: &str, home: Option<&PathBuf>) -> PathBuf {
    match (text.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(text),
    }
}

#[cfg(test)]
mod tests {
    use super::{Profile, Settings, WebIdentityToken};
    use crate::config::{AssumeRoleWithWebIdentity, Config, Endpoints, IgnoreTags, RetryMode, UserAgent};
    use crate::environment::Environment;
    use crate::error::{ErrorKind, chain};
    use std::path::Path;

    fn resolve<const N: usize>(config: Config, env: [(&str, &str); N]) -> Settings {
        Settings::resolve(config, &Environment::from_pairs(env)).unwrap()
    }

    fn refusal<const N: usize>(config: Config, env: [(&str, &str); N]) -> String {
        let error = Settings::resolve(config, &Environment::from_pairs(env)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        chain(&error)
    }

    fn given(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn region_comes_from_the_block_then_aws_region_then_aws_default_region() {
        let env = [("AWS_REGION", "eu-west-2"), ("AWS_DEFAULT_REGION", "eu-west-3")];
        let region = |settings: Settings| settings.region.map(|region| region.to_string());
        let config = Config {
            region: given("eu-west-1"),
            ..Config::default()
        };
        assert_eq!(region(resolve(config, env)).as_deref(), Some("eu-west-1"));
        assert_eq!(
            region(resolve(Config::default(), env)).as_deref(),
            Some("eu-west-2")
        );
        assert_eq!(
            region(resolve(Config::default(), [env[1]])).as_deref(),
            Some("eu-west-3")
        );
        assert_eq!(region(resolve(Config::default(), [])), None);
    }

    #[test]
    fn keys_come_from_the_block_then_the_environment_and_a_chosen_profile_beats_the_latter() {
        let env = [
            ("AWS_ACCESS_KEY_ID", "AKIAENV"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("AWS_SESSION_TOKEN", "token"),
            ("AWS_PROFILE", "work"),
        ];
        let block = Config {
            access_key: given("AKIABLOCK"),
            secret_key: Some("s".into()),
            ..Config::default()
        };
        let keys = resolve(block, env).keys.unwrap();
        assert_eq!(
            (keys.access_key.as_str(), keys.token, keys.found_in),
            ("AKIABLOCK", None, "the provider block")
        );
        let settings = resolve(Config::default(), env);
        assert_eq!(settings.keys.unwrap().access_key, "AKIAENV");
        assert_eq!(settings.profile, Profile::OfEnvironment("work".into()));
        let chosen = resolve(
            Config {
                profile: given("home"),
                ..Config::default()
            },
            env,
        );
        assert_eq!(
            (chosen.keys, chosen.profile),
            (None, Profile::Chosen("home".into()))
        );
    }

    #[test]
    fn half_a_pair_of_keys_is_refused() {
        let said = refusal(
            Config {
                access_key: given("AKIA"),
                ..Config::default()
            },
            [],
        );
        assert!(said.contains("access_key is given without secret_key"), "{said}");
        let said = refusal(
            Config {
                secret_key: Some("hunter2".into()),
                ..Config::default()
            },
            [],
        );
        assert!(
            said.contains("secret_key is given without access_key") && !said.contains("hunter2"),
            "{said}"
        );
        let said = refusal(
            Config {
                token: Some("hunter2".into()),
                ..Config::default()
            },
            [],
        );
        assert!(said.contains("token is given without"), "{said}");
    }

    #[test]
    fn accounts_cannot_be_allowed_and_forbidden_nor_checked_when_unknown() {
        let ids = vec!["111122223333".to_owned()];
        let both = Config {
            allowed_account_ids: ids.clone(),
            forbidden_account_ids: ids.clone(),
            ..Config::default()
        };
        assert!(refusal(both, []).contains("exclude each other"));
        let unknown = Config {
            allowed_account_ids: ids,
            skip_requesting_account_id: true,
            ..Config::default()
        };
        assert!(refusal(unknown, []).contains("skip_requesting_account_id"));
    }

    #[test]
    fn endpoints_come_from_the_block_then_the_service_then_all_services() {
        let env = [
            ("AWS_ENDPOINT_URL", "http://all:1"),
            ("AWS_ENDPOINT_URL_DYNAMODB", "http://dynamodb:2"),
            ("AWS_ENDPOINT_URL_STS", "http://sts:3"),
            ("AWS_ENDPOINT_URL_APPLICATION_AUTO_SCALING", "http://scaling:5"),
        ];
        let block = Config {
            endpoints: Endpoints {
                sts: given("http://block:4"),
                ..Endpoints::default()
            },
            ..Config::default()
        };
        let endpoints = resolve(block.clone(), env).endpoints;
        assert_eq!(endpoints.dynamodb.as_deref(), Some("http://dynamodb:2"));
        assert_eq!(endpoints.sts.as_deref(), Some("http://block:4"));
        assert_eq!(endpoints.kms.as_deref(), Some("http://all:1"));
        assert_eq!(endpoints.appautoscaling.as_deref(), Some("http://scaling:5"));
        let [a, b, c, d] = env;
        let ignored = resolve(
            block,
            [a, b, c, d, ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")],
        )
        .endpoints;
        assert_eq!(
            (ignored.dynamodb, ignored.sts.as_deref()),
            (None, Some("http://block:4"))
        );
    }

    #[test]
    fn a_mistyped_endpoint_is_named() {
        let said = refusal(
            Config::default(),
            [("AWS_ENDPOINT_URL_DYNAMODB", "localhost:8000")],
        );
        assert!(
            said.contains("AWS_ENDPOINT_URL_DYNAMODB is \"localhost:8000\""),
            "{said}"
        );
        let block = Config {
            endpoints: Endpoints {
                kms: given("http://"),
                ..Endpoints::default()
            },
            ..Config::default()
        };
        assert!(refusal(block, []).contains("endpoints.kms is \"http://\""));
    }

    #[test]
    fn an_empty_https_proxy_switches_it_off_and_http_proxy_serves_both() {
        let proxies = |http: Option<&str>, https: Option<&str>, env: [(&str, &str); 2]| {
            let config = Config {
                http_proxy: http.map(str::to_owned),
                https_proxy: https.map(str::to_owned),
                ..Config::default()
            };
            let proxies = resolve(config, env).proxies;
            (
                proxies.http.unwrap_or_default(),
                proxies.https.unwrap_or_default(),
            )
        };
        let pair = |http: &str, https: &str| (http.to_owned(), https.to_owned());
        let env = [("http_proxy", "http://e:1"), ("HTTPS_PROXY", "http://e:2")];
        let none = [("A", ""), ("B", "")];
        assert_eq!(proxies(None, None, env), pair("http://e:1", "http://e:2"));
        assert_eq!(
            proxies(Some("http://b:1"), None, none),
            pair("http://b:1", "http://b:1")
        );
        assert_eq!(
            proxies(Some("http://b:1"), None, env),
            pair("http://b:1", "http://e:2")
        );
        assert_eq!(proxies(Some("http://b:1"), Some(""), env), pair("http://b:1", ""));
        assert_eq!(proxies(None, Some("http://b:2"), none), pair("", "http://b:2"));
    }

    #[test]
    fn retries_count_from_zero_and_attempts_from_one() {
        let attempts = |max_retries, env| {
            resolve(
                Config {
                    max_retries,
                    ..Config::default()
                },
                env,
            )
            .max_attempts
        };
        assert_eq!(attempts(None, [("A", "")]), 26);
        assert_eq!(attempts(Some(0), [("AWS_MAX_ATTEMPTS", "5")]), 1);
        assert_eq!(attempts(None, [("AWS_MAX_ATTEMPTS", "5")]), 5);
        assert!(
            refusal(Config::default(), [("AWS_MAX_ATTEMPTS", "0")]).contains("AWS_MAX_ATTEMPTS is \"0\"")
        );
        let mode = |env| resolve(Config::default(), env).retry_mode;
        assert_eq!(mode([("AWS_RETRY_MODE", "ADAPTIVE")]), RetryMode::Adaptive);
        assert!(refusal(Config::default(), [("AWS_RETRY_MODE", "fast")]).contains("\"fast\""));
    }

    #[test]
    fn a_web_identity_is_completed_from_the_environment() {
        let env = [
            ("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/ci"),
            ("AWS_WEB_IDENTITY_TOKEN_FILE", "~/token"),
            ("HOME", "/home/me"),
        ];
        let block = || Config {
            assume_role_with_web_identity: Some(AssumeRoleWithWebIdentity::default()),
            ..Config::default()
        };
        let identity = resolve(block(), env).web_identity.unwrap();
        assert_eq!(identity.token, WebIdentityToken::File("/home/me/token".into()));
        assert!(identity.role_arn.ends_with("role/ci"));
        assert!(refusal(block(), []).contains("AWS_WEB_IDENTITY_TOKEN_FILE"));
    }

    #[test]
    fn files_flags_tags_and_user_agent() {
        let config = Config {
            shared_config_files: vec!["~/c".into()],
            custom_ca_bundle: given("~/ca.pem"),
            default_tags: [("Team".to_owned(), "block".to_owned())].into(),
            ignore_tags: IgnoreTags {
                keys: vec!["Owner".into()],
                ..IgnoreTags::default()
            },
            user_agent: UserAgent {
                terraform_version: given("1.11.4"),
                provider_version: given("0.1.0"),
                products: vec!["über/1".into()],
            },
            ..Config::default()
        };
        let settings = resolve(
            config,
            [
                ("HOME", "/home/me"),
                ("AWS_USE_FIPS_ENDPOINT", "true"),
                ("AWS_EC2_METADATA_DISABLED", "true"),
                ("TF_AWS_DEFAULT_TAGS_Team", "env"),
                ("TF_AWS_DEFAULT_TAGS_Stage", "env"),
                ("TF_AWS_IGNORE_TAGS_KEYS", "a, b"),
                ("TF_APPEND_USER_AGENT", "ci/1"),
            ],
        );
        assert_eq!(settings.shared_config_files, [Path::new("/home/me/c")]);
        assert_eq!(settings.ca_bundle.as_deref(), Some(Path::new("/home/me/ca.pem")));
        assert_eq!(
            (
                settings.use_fips,
                settings.use_dualstack,
                settings.skip_metadata_api
            ),
            (Some(true), None, true)
        );
        assert_eq!(settings.default_tags["Team"], "block");
        assert_eq!(settings.default_tags["Stage"], "env");
        assert!(settings.ignore_tags.covers("b") && settings.ignore_tags.covers("Owner"));
        assert_eq!(
            settings.user_agent.as_deref(),
            Some("Terraform/1.11.4 (+https://www.terraform.io) terraform-provider-dynamodb/0.1.0 ci/1")
        );
    }
}
